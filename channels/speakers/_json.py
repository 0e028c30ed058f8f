"""Reads what a platform sent: bounded before it is parsed, and strict about types, whatever fields it has beside."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from hmac import compare_digest
from typing import Any

from channels._depth import too_deep
from channels.speakers import Refused

HALF = re.compile(rb"\\u[dD][89a-fA-F]")
"""Half a letter as JSON writes it; mostly there is the other half behind it."""


def parsed(raw: bytes) -> dict[str, Any]:
    """The JSON object in these bytes. Refused (400) for anything else."""
    if too_deep(raw):
        raise wrong("it is nested too deeply")
    try:
        body = json.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise wrong("it is no JSON") from None
    if not isinstance(body, dict):
        raise wrong("it is no object")
    return _whole(body) if HALF.search(raw) else body


def _whole(value: Any) -> Any:
    """Halves of letters, as they are left where a text was cut within an emoji, are the letter for what can't be read:
    nothing can be written with them."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_whole(one) for one in value]
    if isinstance(value, dict):
        return {_whole(key): _whole(one) for key, one in value.items()}
    return value


def wrong(why: str) -> Refused:
    return Refused(400, {"error": "bad_request", "message": "The request can't be read."}, why)


def table(body: Mapping[str, Any], *path: str) -> Mapping[str, Any]:
    """The object at this place; empty where there is none. Some platforms write an empty one as []."""
    found: Any = body
    for key in path:
        found = found.get(key)
        if found is None or found == []:
            return {}
        if not isinstance(found, Mapping):
            raise wrong(f"{'.'.join(path)} is no object")
    return found  # type: ignore[no-any-return]


def text(body: Mapping[str, Any], *path: str) -> str:
    """The text at this place; "" where there is none."""
    found = table(body, *path[:-1]).get(path[-1])
    if found is None:
        return ""
    if not isinstance(found, str):
        raise wrong(f"{'.'.join(path)} is no text")
    return found


def flag(body: Mapping[str, Any], *path: str) -> bool:
    found = table(body, *path[:-1]).get(path[-1])
    if found is None:
        return False
    if not isinstance(found, bool):
        raise wrong(f"{'.'.join(path)} is neither true nor false")
    return found


def rows(body: Mapping[str, Any], *path: str) -> list[Mapping[str, Any]]:
    """The list of objects at this place; empty where there is none."""
    found = table(body, *path[:-1]).get(path[-1])
    if found is None:
        return []
    if not isinstance(found, list) or not all(isinstance(one, Mapping) for one in found):
        raise wrong(f"{'.'.join(path)} is no list of objects")
    return found


def name(body: Mapping[str, Any], *path: str) -> str:
    """An id that may be written as a text or as a whole number."""
    found = table(body, *path[:-1]).get(path[-1])
    if isinstance(found, int) and not isinstance(found, bool):
        return str(found)
    return text(body, *path)


def same(given: str, wanted: str) -> bool:
    """Whether a secret was given; how long it took tells nothing."""
    return compare_digest(*(one.encode("utf-8", "surrogateescape") for one in (given, wanted)))


def lacking(settings: Mapping[str, Any], *keys: str) -> str:
    """Which of these keys have no value, as a sentence begins ("secret, app_ids are missing"); "" where all have."""
    missing = [key for key in keys if not settings.get(key)]
    return f"{', '.join(missing)} {'are' if len(missing) > 1 else 'is'} missing" if missing else ""


def listed(settings: Mapping[str, Any], key: str) -> tuple[str, ...]:
    """A setting that is a list: in the file as one, in a variable with commas between."""
    found = settings.get(key) or ()
    return tuple(one.strip() for one in found.split(",") if one.strip()) if isinstance(found, str) else tuple(found)

"""What the language files hold for speakers: a few sentences (`[say.speaker]`), and what people say by intent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, cast

from models import languages


@cache
def words(language: str) -> Mapping[str, str]:
    """The host's own sentences; a language that has none borrows another's."""
    return cast("Mapping[str, str]", _table(language, "say", "speaker"))


@cache
def samples(language: str) -> Mapping[str, Sequence[str]]:
    """Intent -> what people say for it. `{slot}` stands for what a slot holds."""
    return cast("Mapping[str, Sequence[str]]", _table(language, "speaker"))


def _table(language: str, *path: str) -> Mapping[str, Any]:
    known = languages.available()
    for tag in (language, language.split("-")[0], *known):
        found: Any = languages.load(tag).tables if tag in known else {}
        for key in path:
            found = found.get(key, {})
        if found:
            return cast("Mapping[str, Any]", found)
    return {}

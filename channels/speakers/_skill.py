"""What Alexa and its likes have in common: the envelope of a request, slots, and a reply cut to size."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from assistant.turns import Act, Doubt, Reply, View
from channels.speakers._intents import BUILT_IN, Slot, Slots, said, understood
from channels.speakers._json import rows, table, text

MATCHED = "ER_SUCCESS_MATCH"
MOST_ROWS = 40
"""Rows of a list on a screen."""


def snake(intent: str) -> str:
    """AddItemIntent -> add_item."""
    plain = intent.removesuffix("Intent") or intent
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", plain).lower()


def camel(intent: str) -> str:
    """add_item -> AddItemIntent."""
    return "".join(one.capitalize() for one in intent.split("_")) + "Intent"


def slots_of(intent: Mapping[str, Any]) -> Slots:
    """The slots of an intent that were filled, by name."""
    found = {}
    for key in table(intent, "slots"):
        slot = _slot(key, table(intent, "slots", key))
        if slot.raw or slot.several:
            found[key] = slot
    return found


def _slot(name: str, body: Mapping[str, Any]) -> Slot:
    several = tuple(_slot(name, one) for one in rows(body, "slotValue", "values"))
    if len(several) == 1:
        return several[0]
    return Slot(name, text(body, "value"), _ids(body), several)


def _ids(body: Mapping[str, Any]) -> tuple[str, ...]:
    """Every id that was found for a slot, those of the talk's own entities first."""
    found: list[tuple[bool, str]] = []
    for one in rows(body, "resolutions", "resolutionsPerAuthority"):
        if text(one, "status", "code") == MATCHED:
            static = ".echo-sdk.dynamic." not in text(one, "authority")
            found += [(static, text(value, "value", "id")) for value in rows(one, "values")]
    return tuple(dict.fromkeys(name for _, name in sorted(found, key=lambda one: one[0]) if name))


def asked_by(name: str, slots: Slots, language: str) -> tuple[str, tuple[Act, ...], tuple[Doubt, ...]]:
    """An intent that came without a transcript: its words, and its acts where it is certain."""
    does = understood(name, slots)
    words = said(name, slots, language)
    if does is not None:
        return words, *does
    if not words:
        return "", (Act("none", value="unclear"),), ()
    return words, (), ()


def built_in(name: str) -> Act | None:
    return BUILT_IN.get(name)


# -- a reply -----------------------------------------------------------------------------------------------------


def cut(words: str, most: int) -> str:
    """At most so many characters; what is too long ends with a sentence."""
    if len(words) <= most:
        return words
    kept = words[: most - 1]
    end = max(kept.rfind(one) for one in (". ", "。", "? ", "？", "! ", "！", "\n"))
    return kept[: end + 1].rstrip() if end > most // 2 else kept + "…"


def lines_of(reply: Reply) -> list[str]:
    """What the reply shows beside its words, a line each: choices by number, or the rows of its last view."""
    if reply.choices:
        return [f"{number}. {one.text}" for number, one in enumerate(reply.choices, 1)][:MOST_ROWS]
    for view in reversed(reply.views):
        if found := _rows(view):
            return found[:MOST_ROWS]
    return []


def _rows(view: View) -> list[str]:
    data = view.data.get("order") if isinstance(view.data.get("order"), dict) else view.data
    lines = data.get("lines") if isinstance(data, dict) else None
    if not isinstance(lines, list | tuple):
        return []
    return [f"{one['quantity']} × {one['name']}" for one in lines if isinstance(one, dict) and "name" in one]


def written(reply: Reply) -> str:
    """What a card shows: the reply's text, and its choices by number."""
    choices = [f"{number}. {one.text}" for number, one in enumerate(reply.choices, 1)]
    return "\n".join([reply.text, *choices])

"""Whether words may stand where something that sounds like them was heard, and what that costs. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

LEAST = {"counted": 0.66, "wished": 0.74, "": 0.84}
"""How like goods a stretch must be at least, by what is due where it stands."""
VAGUE = 0.84
"""The same for words that could be anywhere: those of the language, and names that several goods share."""
SHORT_MORE = 0.09
"""Few sounds must be so much more alike."""

_COUNT = frozenset({"num", "measure", "article", "another", "some", "multiple"})
_BREATH = frozenset({"start", "end", "stop", "pause", "polite", "and"})
_CORRECTED = frozenset({"item", "choice", "partial", "category", "num", "measure", "method", "fulfilment"})
"""What may be taken back: nothing else is followed by a misheard "no, wait"."""


class Place(Struct, frozen=True):
    """What stands around a stretch, and what the talk is about."""

    left: frozenset[str]
    right: frozenset[str]
    slot: str
    """Whether goods are due here: counted, wished, or "" where nothing says so."""
    short: bool
    """So few sounds that one of them makes another word of it."""
    about: frozenset[str]
    """Goods of the basket."""
    pays: bool
    """It is said, or was asked, how to pay."""
    items: frozenset[str]
    """Goods of the utterance and of the basket."""
    share: float
    """How much of what was said the stretch is."""
    shares: bool = False
    """Some of what is counted is told apart by its options: 一份不辣，一份 …"""


def misfit(has: Mapping[str, Any], alike: float, place: Place) -> float | None:
    """What it costs that such words stand in such a place; None where they can't."""
    left, right = place.left, place.right
    if "item" in has:
        slot = "wished" if not place.slot and not place.about.isdisjoint(has["item"]) else place.slot
        if alike < LEAST[slot] + (SHORT_MORE if place.short else 0.0):
            return None
        if left & {"amount"} and "choice" not in has and not left & _COUNT | {"verb", "again"}:
            return 1.5
        return 0.0
    if "choice" in has:
        if not any(item in has["choice"] for item in place.items):
            return None
        if left & {"amount"}:
            return -0.3
        if alike < LEAST["wished"]:
            return None
        if place.shares and left & {"num", "measure"}:
            return 0.0
        if left & {"article", "num", "measure", "another"} and not right & {"item", "choice", "partial", "category"}:
            return 2.5 if left & {"num", "article"} else 1.5
        return 0.5
    if alike < VAGUE or (place.short and not has.keys() & {"num", "measure"}):
        return None
    if "method" in has:
        return 0.5 if place.pays else None
    if "fulfilment" in has:
        # Where nothing else is said in the same breath: 给我生碗米饭 orders rice.
        return 0.5 if left & _BREATH and right & _BREATH else None
    if has.keys() & {"partial", "category", "goods"}:
        return 1.5 if place.slot else None
    if "correct" in has and not left & _CORRECTED:
        return None
    if "act" in has and not has.keys() & {"amount", "verb", "correct"}:
        return 1.0 if place.share > 0.5 and alike > 0.86 else None
    if "measure" in has or "num" in has:
        return 1.0 if ("measure" in has and "num" in left) or ("num" in has and right & {"measure", "item"}) else None
    return 1.0

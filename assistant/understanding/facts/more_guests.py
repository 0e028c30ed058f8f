"""Guests who come besides those of a booking: "one more guest", 多一个人, 한 명 더요. They are no more rooms."""

from __future__ import annotations

from assistant.turns import Act
from assistant.understanding.facts.days import number_of
from assistant.understanding.words.spans import Span
from assistant.understanding.words.utterance import Utterance

_MORE = frozenset({"another", "more", "again"})
_WHO = frozenset({"adult", "child"})
_BESIDE = _MORE | _WHO | frozenset("num article measure person people verb amount filler wish and too act".split())
_BESIDE |= frozenset("polite particle pause stop hesitation".split())


def read(u: Utterance) -> bool:
    """Takes guests who come besides, where nothing else is said and rooms are in the basket, or booked."""
    if not u.context.booking or not u.context.basket or u.kinds.isdisjoint(_WHO) or "item" in u.kinds:
        return False
    if not any(map(_besides, u.spans)) or not all(span.has.keys() & _BESIDE for span in u.spans):
        return False
    who = [i for i, span in enumerate(u.spans) if span.has.keys() & _WHO]
    numbers = [number for i, span in enumerate(u.spans) if (number := number_of(span)) is not None]
    if len(numbers) > 1:
        return False
    kind = "children" if any("child" in u.spans[i].has for i in who) else "adults"
    u.add(
        who[0], Act("give_guests", value={kind: numbers[0] if numbers else 1, "more": True}), set(range(len(u.spans)))
    )
    return True


def _besides(span: Span) -> bool:
    return bool(span.has.keys() & _MORE) or span.has.get("amount", ("",))[0] == "extra"

"""What takes the place of what: "sub avocado for the onion", and "swap the onion for avocado" of goods that are ordered
in the same breath.

A swap names what goes first, who substitutes what comes; but some who substitute say it the other way round too. Then
what is there, or is named as there ("the fries"), is what goes.
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant.turns import LineSaid
from assistant.understanding.ordering.drafts import NEGATIVE, Option, included, is_so
from assistant.understanding.words.spans import Span
from assistant.understanding.words.utterance import Utterance


def substituted(u: Utterance, kept: Sequence[Span]) -> None:
    """Reads it as "with avocado instead of the onion", or "without onion, with avocado"."""
    for at, span in enumerate(kept):
        if span.has.get("verb", ("",))[0] != "swap":
            continue
        link = next((i for i in range(at + 1, len(kept) - 1) if "in_place" in kept[i].has), None)
        first, second = (_named(kept[at + 1 : link]), _named(kept[link + 1 : link + 4])) if link else (None, None)
        if link is None or first is None or second is None:
            continue
        stays, goes = _there(u, kept, first), _there(u, kept, second)
        if "substitutes" in span.has and ("the" in kept[link + 1].has or (goes and not stays)):
            span.has = {"amount": ("with", "before")}
            kept[link].has = {"instead_of": ("instead", "of")}
        elif (stays or "item" not in first.has) and not goes and any("item" in one.has for one in kept[:at]):
            span.has = {"amount": (NEGATIVE, "before")}
            kept[link].has = {"amount": ("with", "before")}


def taken_for(u: Utterance, kept: Sequence[Span]) -> None:
    """빵은 빼고 버터로 바꿔 주세요: what is left out and then changed into something else is given for that. 빵 다 빼고
    takes all of it off."""
    if not u.grammar.verbs_last:
        return
    owned = {line.item for line in u.context.basket}
    for at in range(1, len(kept)):
        if kept[at].has.get("amount", ("",))[0] != NEGATIVE:
            continue
        every = "each" in kept[at - 1].has
        goods = kept[at - 2 if every and at > 1 else at - 1]
        if owned.isdisjoint(goods.has.get("item", ())):
            continue
        other, into, swaps = (*(span.has for span in kept[at + 1 : at + 4]), {}, {}, {})[:3]
        if "item" in other and "as" in into and swaps.get("verb", ("",))[0] == "swap":
            kept[at].has = {"instead_after": True}
        elif every and (not other or "item" in other):
            kept[at].has = {"verb": ("remove", "after")}


def _named(spans: Sequence[Span]) -> Span | None:
    return next((span for span in spans if span.has.keys() & {"choice", "item"}), None)


def _there(u: Utterance, kept: Sequence[Span], named: Span) -> bool:
    """Whether goods of the sentence or of the basket come with it, or have it."""
    places = named.has.get("choice", {})
    lines = [*u.context.basket, *(LineSaid(one) for span in kept for one in span.has.get("item", ()))]
    about = [line for line in lines if line.item in places]
    had = any(included(u.lexicon, places, line.item or "") for line in about)
    return had or any(is_so(line, (Option(places, named),), u.lexicon) for line in about)

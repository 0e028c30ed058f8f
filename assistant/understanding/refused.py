"""Goods that are named first and then refused: "the coke, take it off", 可乐太贵了，不要了, 薯条就算了."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.turns import Act, LineSaid
from assistant.understanding.spans import Span
from assistant.understanding.utterance import Utterance

_REFUSING = frozenset({"verb", "correct"})
"""Without a word of these nothing is refused."""
_BESIDE = frozenset("the and each particle topical filler hesitation pause stop".split())
"""What may stand beside the goods."""
_BEHIND = _BESIDE | {"it", "polite", "request"}
"""What may stand beside the refusal."""
_DEAR = {("ask_item", "bill"), ("ask_item", "promotions")}
"""Why they are refused: "too expensive" alone asks about the price."""
_NO = ("deny", None)


def read(u: Utterance) -> bool:
    """Whether that is all that is said. Only of goods that are there: else 可乐，不要了 may be a coke and no more."""
    if u.kinds.isdisjoint({"item", "partial"}) or u.kinds.isdisjoint(_REFUSING):
        return False
    at = next((i for i, span in enumerate(u.spans) if _refuses(span)), 0)
    named, behind = u.spans[:at], u.spans[at:]
    goods = [span for span in named if _goods(span)]
    if not goods or not all(_goods(one) or _dear(one) or one.has.keys() & _BESIDE for one in named):
        return False
    if not all(_refuses(one) or one.has.keys() & _BEHIND for one in behind):
        return False
    basket = {line.item for line in u.context.basket}
    there = [basket.intersection(_goods(span)) for span in goods]
    if not all(len(one) == 1 for one in there):
        return False
    u.add(at, Act("remove", tuple(LineSaid(item) for one in there for item in one)), range(len(u.spans)))
    return True


def reasons(u: Utterance) -> None:
    """비싸네요 그냥 포장할게요, "that's too expensive, cancel it": that it is dear is only the reason for what follows,
    and asks nothing."""
    owned = {line.item for line in u.context.basket}
    named = {item for span in u.spans for item in _goods(span)}
    if named and owned.isdisjoint(named):
        return  # of goods that aren't there nothing is called off: they were only asked about
    for at in [i for i in u.acting if _dear(u.spans[i])]:
        asked = any("?" in span.text or "？" in span.text for span in u.spans)
        if not asked and any(map(_turns_away, u.spans[at + 1 :])):
            u.spans[at].has = {"filler": True}
            u.acting.remove(at)


def _turns_away(span: Span) -> bool:
    """Whether a word chooses another way to get the goods, or calls them off."""
    off = span.has.get("verb", ("",))[0] == "remove" or ("cancel", None) in span.has.get("act", ())
    return off or "fulfilment" in span.has


def _goods(span: Span) -> Sequence[str]:
    """The goods that a word names, by a part of their name too."""
    named: Sequence[str] = span.has.get("item") or span.has.get("partial", ())
    return named


def _refuses(span: Span) -> bool:
    has = span.has
    return bool(has.get("verb", ("",))[0] == "remove" or ("correct" in has and _NO in has.get("act", ())))


def _dear(span: Span) -> bool:
    return any(act in _DEAR for act in span.has.get("act", ()))

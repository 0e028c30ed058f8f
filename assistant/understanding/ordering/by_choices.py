"""Goods that are called by nothing but their choices, behind others that can't have those: "a taco and a large cola",
where cola is a flavour of the sodas."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.understanding.words.spans import Span
from assistant.understanding.words.utterance import Utterance

_COUNTS = frozenset({"num", "article", "another"})
_PARTS = frozenset({"and", "pause", "stop"})
_BEHIND = _PARTS | {"polite", "amount", "but", "hesitation", "filler"}


def named(u: Utterance, kept: Sequence[Span]) -> Sequence[Span]:
    """The words with the goods behind each such group of choices that only they can have."""
    if u.grammar.script != "spaced" or u.grammar.verbs_last or not {"item", "choice"} <= u.kinds:
        return kept
    made: list[Span] = []
    latest: tuple[str, ...] = ()
    for at, span in enumerate(kept):
        made.append(span)
        latest = span.has.get("item", latest)
        ends = at + 1 == len(kept) or kept[at + 1].has.keys() & _BEHIND
        if latest and ends and "choice" in span.has and "item" not in span.has:
            item = _goods_of(kept, at, latest)
            if item is not None:
                made.append(Span(span.end, span.end, {"item": (item,)}, span.text))
                latest = (item,)
    return made


def _goods_of(kept: Sequence[Span], last: int, latest: Sequence[str]) -> str | None:
    """The only goods that can have all choices of the group which ends at `last`, where something tells that more is
    wanted: a count, and a choice that the goods named last can't have; or two choices, of which they can have none."""
    begin = last
    while begin and "choice" in kept[begin - 1].has and kept[begin - 1].has.keys().isdisjoint({"item", "amount"}):
        begin -= 1
    choices = [span.has["choice"] for span in kept[begin : last + 1]]
    counted = begin > 0 and bool(kept[begin - 1].has.keys() & _COUNTS)
    parted = kept[begin - 1 - counted].has if begin > counted else {}
    if not parted.keys() & _PARTS or parted.keys() & {"amount", "verb"}:
        return None
    of_latest = [any(item in places for item in latest) for places in choices]
    if all(of_latest) or (any(of_latest) and not counted):
        return None
    goods = set(choices[0]).intersection(*choices[1:])
    paths = {path for places in choices for item in goods for path, _ in places[item]}
    return goods.pop() if len(goods) == 1 and (counted or len(paths) > 1) else None

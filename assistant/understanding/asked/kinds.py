"""Kinds of goods that are named and not counted: they ask to see what there is of the kind."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.turns import Act
from assistant.understanding.words.spans import Span
from assistant.understanding.words.utterance import Utterance


def alone(u: Utterance) -> bool:
    """Kinds of goods with nothing but politeness beside them, or a wish for some, ask to see them: "drinks please",
    饮料, "burgers", "I'd like something to drink", 과일 좀 주세요."""
    kinds = []
    for i, span in enumerate(u.spans):
        if (kind := u.kind_at(i)) is not None:
            kinds.append(kind)
        elif i in u.used or not (_beside(span) or _wishes(span)):
            return False
    if kinds:
        u.add(0, Act("ask_menu", items=tuple(dict.fromkeys(kinds))), set(range(len(u.spans))))
    return bool(kinds)


def listed(u: Utterance, ordered: Sequence[Act]) -> tuple[str, ...]:
    """The kinds that are listed among goods that are `ordered`, as ids with #, where none of them is said: "a coke and
    some burgers", 可乐和汉堡. (A kind that is counted is asked about as goods are.)"""
    if "category" not in u.kinds or not ordered or u.acts or u.doubts or any(act.act != "add" for act in ordered):
        return ()
    goods = u.lexicon.catalogue.items
    had = {f"#{goods[line.item].category}" for act in ordered for line in act.lines if line.item and line.item in goods}
    free = (at for at in range(len(u.spans)) if at not in u.used and _stands_alone(u.spans, at))
    return tuple(dict.fromkeys(kind for at in free if (kind := u.kind_at(at)) is not None and kind not in had))


def _stands_alone(spans: Sequence[Span], at: int) -> bool:
    """Whether what stands at `at` is a thing of a list by itself: nothing but "some" and a link on either side."""
    before, behind = at - 1, at + 1
    while before >= 0 and not spans[before].has.keys().isdisjoint({"some", "filler", "hesitation"}):
        before -= 1
    while behind < len(spans) and not spans[behind].has.keys().isdisjoint({"polite", "particle", "hesitation"}):
        behind += 1
    first = before < 0 or not spans[before].has.keys().isdisjoint(_LINKS) or _wishes(spans[before])
    return first and (behind == len(spans) or not spans[behind].has.keys().isdisjoint(_LINKS))


_LINKS = frozenset({"and", "pause", "stop"})


def _beside(span: Span) -> bool:
    return "num" not in span.has and not span.has.keys().isdisjoint(_BESIDE_KINDS)


def _wishes(span: Span) -> bool:
    return span.has.get("verb", ("",))[0] == "add" and span.has.keys().isdisjoint({"num", "fulfilment"})


_BESIDE_KINDS = frozenset("filler polite hesitation particle topical the and or pause stop only some".split())

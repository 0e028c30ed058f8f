"""Whose each of some goods is, where only what follows is wished of one of them: "one of the burgers is mine, the other
is for my son, no onions", 一个汉堡是我的，另一个给我儿子，不要洋葱; 来四杯可乐，其中一杯是给孩子的，去冰."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.understanding.words.spans import Span
from assistant.understanding.words.utterance import Utterance

_TELLS = frozenset("is_it it it_is the hands_to filler hesitation wish particle topical pause and".split())
"""What may say whose they are."""
_TELLS_WHOM = frozenset("for_whom is_it it_is hands_to on child filler wish particle whose".split())
"""What may say for whom some of them are."""
_HEAD = frozenset("item category short measure the of_them piece".split())


def read(u: Utterance) -> None:
    """What tells whose goods are, or for whom some of them are, orders nothing."""
    _some_for(u)
    _each_whose(u)


def _some_for(u: Utterance) -> None:
    """So many of what was just counted are for somebody: 苹果派来三个，其中一个送人 wants no other number of them, and
    where something is wished of those, 一杯给我老婆，去冰, only that is said."""
    if u.grammar.script != "unspaced":
        return
    spans = u.spans
    for at in (i for i, span in enumerate(spans) if "num" in span.has and _some_of_those(spans, i)):
        told = _past(spans, at + 1, {"measure"})
        end = _past(spans, told, _TELLS_WHOM)
        if end > told and any(span.has.keys() & {"for_whom", "hands_to", "whose"} for span in spans[told:end]):
            _leave_out(u, at, told, end)
    for span in spans:
        if "for_whom" in span.has:
            span.has = {"filler": True}


def _leave_out(u: Utterance, at: int, told: int, end: int) -> None:
    """Without the words for whom they are, and without their number where nothing else is said of them."""
    spans = u.spans
    if end < len(spans) and "pause" not in spans[end].has:
        return
    follower = spans[end + 1].has if end + 1 < len(spans) else {}
    wished = bool(follower.keys() & {"choice", "amount"}) and "item" not in follower
    for i in range(told if wished else at, end + 1 if wished else end):
        spans[i].has = {"filler": True}
    u.acting = [i for i in u.acting if not at <= i < end]
    u.kinds = set().union(*[span.has for span in spans])


def _some_of_those(spans: Sequence[Span], at: int) -> bool:
    """Whether a count can be of some of the goods that are named and counted before it."""
    before = [i for i in range(at) if "num" in spans[i].has]
    named = any("item" in span.has for span in spans[:at])
    return named and bool(before) and spans[at].has["num"][0] < spans[before[0]].has["num"][0]


def _past(spans: Sequence[Span], at: int, kinds: set[str] | frozenset[str]) -> int:
    while at < len(spans) and spans[at].has.keys() & kinds:
        at += 1
    return at


def _each_whose(u: Utterance) -> None:
    """Whose they are is chatter then, and what follows is said of one of those that there are."""
    other = next((i for i, span in enumerate(u.spans) if "other" in span.has), 0)
    begin = next((i for i, span in enumerate(u.spans[:other]) if span.has.get("num", (0,))[0] == 1), other)
    goods = begin + 1
    while goods < other and u.spans[goods].has.keys() & _HEAD and not _is(u.spans[goods]):
        goods += 1
    wished = (i for i in range(other + 1, len(u.spans)) if u.spans[i].has.keys() & {"amount", "choice", "verb"})
    end = next(wished, 0)
    between = [*u.spans[goods:other], *u.spans[other + 1 : end]]
    if not (begin < goods < other < end) or not _only_tells(between) or not _there(u, u.spans[begin:goods]):
        return
    for i in range(goods, end):
        u.spans[i].has = {"filler": True}
    u.acting = [i for i in u.acting if not goods <= i < end]
    if not any("of_them" in span.has for span in u.spans[begin:goods]):
        _of_them(u, begin, goods)
    u.kinds = set().union(*[span.has for span in u.spans])


def _of_them(u: Utterance, begin: int, goods: int) -> None:
    """A count that stands before the goods is one of those: 汉堡其中一个."""
    named = next(i for i in range(begin, goods) if u.spans[i].has.keys() & {"item", "category"})
    u.spans[goods].has = {"of_them": True}
    u.spans[begin : goods + 1] = [*u.spans[named : goods + 1], *u.spans[begin:named]]


def _is(span: Span) -> bool:
    return "is_it" in span.has or "hands_to" in span.has


def _only_tells(between: Sequence[Span]) -> bool:
    return any(map(_is, between)) and all(span.has.keys() & _TELLS for span in between)


def _there(u: Utterance, head: Sequence[Span]) -> bool:
    """Whether there are several of the goods that are named, and of no others of their kind."""
    named = {item for span in head for item in u.there(span)}
    meant = [line for line in u.context.basket if line.item in named]
    return len(meant) == 1 and (meant[0].quantity or 1) > 1

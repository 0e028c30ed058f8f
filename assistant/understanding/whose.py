"""Whose each of some goods is, where only what follows is wished of one of them: "one of the burgers is mine, the other
is for my son, no onions", 一个汉堡是我的，另一个给我儿子，不要洋葱."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.understanding.spans import Span
from assistant.understanding.utterance import Utterance

_TELLS = frozenset("is_it it it_is the hands_to filler hesitation wish particle topical pause and".split())
"""What may say whose they are."""
_HEAD = frozenset("item category short measure the of_them piece".split())


def read(u: Utterance) -> None:
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

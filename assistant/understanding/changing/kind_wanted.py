"""Which of a kind goods are to be, said behind them: 牛奶要燕麦的, 可乐要零度的. Of goods that are there, the other
kind takes their place; of goods that are ordered, it is what comes."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from assistant.turns import Act
from assistant.understanding.ordering.drafts import akin, valid
from assistant.understanding.words.spans import Span
from assistant.understanding.words.utterance import Utterance

_COUNTING = frozenset({"num", "measure"})
_ENDS = frozenset({"pause", "stop", "polite"})
_ALSO = frozenset({"again", "another", "too", "more", "and"})


class _Wanted(Struct):
    """Goods, which of their kind they are to be, and where that is said."""

    at: int
    wish: int
    end: int
    old: str
    new: str
    count: int | None


def read(u: Utterance) -> None:
    """Settles it where the goods are there; else only names what is ordered."""
    if u.kinds.isdisjoint({"item", "category"}) or u.question_mark:
        return
    for at in range(len(u.spans)):
        said = _wanted(u, at)
        if said is None:
            continue
        if any(line.item == said.old for line in u.context.basket) and not _ordered(u, at):
            if said.new == said.old:
                u.add(at, Act("show_basket"))
                u.silence(range(at, said.end))
                continue
            u.silence(range(said.wish + 2, said.end))
            u.spans[at].has = {"item": (said.old,)}
            u.spans[said.wish].has = {"verb": ("swap", "both")}
            u.spans[said.wish + 1].has = {"item": (said.new,)}
            u.acting = [i for i in u.acting if i != said.wish]
            continue
        if said.count is not None and _counted(u, at):  # 两杯可乐一杯要零度的: one of them
            u.spans[said.wish + 1].has = {"item": (said.new,)}
            u.silence([said.wish])
            count = next(i for i in range(at + 1, said.wish) if "num" in u.spans[i].has)
            start = u.spans[count].start
            u.spans.insert(count, Span(start, start, {"of_them": True}, ""))
            u.acting = [i for i, span in enumerate(u.spans) if "act" in span.has]
            u.kinds.add("of_them")
            return
        u.spans[at].has = {"item": (said.new,)}
        u.silence(range(said.wish, said.end))


def _counted(u: Utterance, at: int) -> bool:
    return any("num" in span.has for span in u.spans[max(at - 2, 0) : at])


def _ordered(u: Utterance, at: int) -> bool:
    """Whether the goods are asked for: 再来一盒牛奶要燕麦的 is one more."""
    while at and u.spans[at - 1].has.keys() & _COUNTING:
        at -= 1
    led = u.spans[at - 1].has if at else {}
    return bool(led.keys() & _ALSO) or led.get("verb", ("",))[0] == "add"


def _wanted(u: Utterance, at: int) -> _Wanted | None:
    wish = at + 1
    while wish < len(u.spans) and u.spans[wish].has.keys() & (_COUNTING | {"pause"}) and not _wishes(u, wish):
        wish += 1
    if wish + 1 >= len(u.spans) or not _wishes(u, wish):
        return None
    named, end = u.spans[wish + 1].has, wish + 2
    ended = end < len(u.spans) and "whose" in u.spans[end].has
    end += ended
    if end < len(u.spans) and u.spans[end].has.keys().isdisjoint(_ENDS):
        return None
    if _of_whole(u, at):
        return None
    old = _goods(u, at)
    if any("pause" in one.has for one in u.spans[at:wish]) and not (ended and "partial" in named):
        return None
    if old is None or valid(named.get("choice", {}), (old,)) or (not ended and "item" not in named):
        return None
    new = _other(u, named, old)
    count = next((u.spans[i].has["num"][0] for i in range(at + 1, wish) if "num" in u.spans[i].has), None)
    return _Wanted(at, wish, end, old, new, count) if new is not None else None


def _of_whole(u: Utterance, at: int) -> bool:
    """套餐一份，凉菜要拍黄瓜: whether what is named is chosen for goods that are spoken of, and is none besides."""
    named = u.spans[at].has.get("option", {})
    spoken = [item for span in u.spans[:at] for item in span.has.get("item", ())]
    return not named.keys().isdisjoint(spoken or [line.item for line in u.context.basket])


def _wishes(u: Utterance, at: int) -> bool:
    has = u.spans[at].has
    if has.get("verb", ("",))[0] == "swap":
        return bool(u.context.basket)
    return has.get("verb", ("",))[0] == "add" and has.get("amount", ("",))[0] == "with" and "again" not in has


def _goods(u: Utterance, at: int) -> str | None:
    """The goods that are named at a place: those of their kind that are there, where one is."""
    named: Sequence[str] = u.spans[at].has.get("item", ())
    if len(named) == 1:
        return named[0]
    kind = u.lexicon.categories.get(str(u.kind_at(at))[1:], ())
    there = [one for one in u.there(u.spans[at]) if one in kind] or list(kind[:1])
    return there[0] if len(there) == 1 else None


def _other(u: Utterance, named: dict[str, Sequence[str]], old: str) -> str | None:
    """The one of the same category that a part of its name tells, or that is called like the goods before."""
    goods = u.lexicon.catalogue.items
    if old not in goods:
        return None
    alike = [one for one in named.get("item") or named.get("partial") or () if one in goods]
    alike = [one for one in alike if goods[one].category == goods[old].category]
    if "item" in named and not any(akin(goods[one], goods[old]) for one in alike):
        return None
    return alike[0] if len(alike) == 1 else None

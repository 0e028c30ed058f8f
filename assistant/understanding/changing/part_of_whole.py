"""A part of goods that are there, named behind them: 套餐的薯条要大份, 芝士汉堡套餐里的可乐换成雪碧. It is changed
within them; no goods of its name are ordered, and no more of those."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from assistant.understanding.ordering.parts import parts_had
from assistant.understanding.words.utterance import Utterance

_BETWEEN = frozenset({"whose", "particle", "behind", "on"})


def read(u: Utterance) -> None:
    """Writes the part as what it is of the goods: their drink, their side."""
    if u.question_mark:
        return
    for at in range(len(u.spans) - 1):
        if "amount" in u.spans[at].has:
            continue  # 一半夏威夷, of a pizza of two halves
        part = at + 1
        while part < len(u.spans) and u.spans[part].has.keys() & _BETWEEN and "item" not in u.spans[part].has:
            part += 1
        if part == len(u.spans) or not {"item", "choice"} <= u.spans[part].has.keys():
            continue
        ordered = _ordered(u, at, part)
        wholes = ordered or _wholes(u, at, part)
        if not wholes or (part == at + 1 and not _told_of(u, at)):
            continue
        choices = u.spans[part].has["choice"]
        paths = {item: tuple(path for path, _ in choices[item]) for item in wholes}
        behind = u.spans[part + 1 :]
        if not any(_says_how(span.has, paths) for span in behind):
            continue
        u.spans[at].has = {"filler": True} if ordered else {"item": tuple(wholes)}
        u.spans[part].has = {"option": paths}
        for span in u.spans[at + 1 : part]:
            span.has = {"filler": True}
        for span in behind:
            if "item" in span.has and _says_how(span.has, paths):
                span.has = {key: value for key, value in span.has.items() if key not in ("item", "category")}
        u.kinds = set().union(*[span.has for span in u.spans])
        return


def _wholes(u: Utterance, at: int, part: int) -> list[str]:
    """The goods of the basket that are named at a place and may have the part: those that do, where any does."""
    had = u.spans[part].has["choice"]
    able = [item for item in u.there(u.spans[at]) if item in had]
    lines = [line for line in u.context.basket if line.item in able and parts_had(line, had)]
    return list(dict.fromkeys(line.item for line in lines if line.item)) or able


def _ordered(u: Utterance, at: int, part: int) -> list[str]:
    """Goods that were ordered in the same breath, and are called by their kind: 一份芝士汉堡套餐，套餐的薯条要大份."""
    kind = u.lexicon.categories.get(str(u.kind_at(at))[1:], ())
    before = [item for span in u.spans[:at] for item in span.has.get("item", ())]
    return [item for item in dict.fromkeys(before) if item in kind and item in u.spans[part].has["choice"]]


def _told_of(u: Utterance, at: int) -> bool:
    """Whether 套餐薯条要大份 only tells of what is there: nothing is counted or asked for before."""
    return not any(span.has.keys() & {"num", "again", "verb", "pause"} for span in u.spans[:at]) and not any(
        "pause" in span.has or "num" in span.has for span in u.spans[at:]
    )


def _says_how(has: Mapping[str, Any], paths: Mapping[str, Sequence[str]]) -> bool:
    """Whether a word says what the part is to be, or how it is to be."""
    for item, mine in paths.items():
        said = [path for path, _ in has.get("choice", {}).get(item, ())]
        within = [path.rpartition("/")[0] for path in (*said, *has.get("option", {}).get(item, ()))]
        if not set(mine).isdisjoint((*said, *within)):
            return True
    return False

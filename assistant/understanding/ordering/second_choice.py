"""What is wanted only where there is none of something else: 薯条没有的话就要洋葱圈, 没有就全脂的吧, 치킨버거 없으면
햄버거로 주세요."""

from __future__ import annotations

from assistant.turns import Act
from assistant.understanding.words.utterance import Utterance

_ENDS = frozenset({"pause", "stop"})


def read(u: Utterance) -> bool:
    """Takes out what is only the second choice, behind goods that are ordered: whether there are any of those is told
    when they are put in. Said by itself it orders goods that aren't there yet, and else it changes nothing. True where
    nothing else was said."""
    at = next(i for i, span in enumerate(u.spans) if "if_none" in span.has)
    first = any(span.has.keys() & {"item", "partial", "choice"} for span in u.spans[:at])
    if u.grammar.verbs_last and (strange := _strange(u, at)):
        u.leftover.append(u.said(strange[0], strange[-1] + 1))
        u.used.update((*strange, at))
        return False
    end = next((i for i in range(at, len(u.spans)) if _ends(u, at, i)), len(u.spans))
    second = range(at + 1, end)
    if first:
        u.used.update((at, *second))
        return False
    u.used.add(at)
    named = [i for i in second if "item" in u.spans[i].has]
    if len(named) == 2:  # 要是没有香辣鸡腿堡就来鸡腿堡
        u.used.update(range(named[0] + 1, end))
        return False
    if not u.context.basket or not all(span.has.keys() & _ENDS for span in u.spans[end:]):
        return False
    owned = {line.item for line in u.context.basket}
    goods = [item for i in second for kind in ("item", "partial") for item in u.spans[i].has.get(kind, ())]
    if goods and owned.isdisjoint(goods):
        return False
    u.add(at, Act("none"), range(len(u.spans)))
    return True


def _strange(u: Utterance, at: int) -> range:
    """Where goods that aren't had here are named before `at`, 새우버거 없으면 치킨버거로: the second is wanted."""
    begin = at
    while begin and not u.spans[begin - 1].has.keys() & _ENDS and "and" not in u.spans[begin - 1].has:
        begin -= 1
    named = [i for i in range(begin, at) if u.spans[i].has.keys() & {"unknown", "item", "partial", "category"}]
    return range(begin, at) if named and "unknown" in u.spans[named[0]].has else range(0)


def _ends(u: Utterance, at: int, end: int) -> bool:
    """Whether the second choice, which begins at `at`, ends before `end`: 없으면 사이다로 주시고 | 결제할게요."""
    if u.spans[end].has.keys() & _ENDS:
        return True
    before = u.spans[end - 1].has if end - 1 > at else {}
    goods = any("item" in span.has for span in u.spans[at + 1 : end])
    return u.grammar.verbs_last and goods and ("verb" in before or "and" in u.spans[end].has)

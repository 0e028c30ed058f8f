"""What is wanted only where there is none of something else: 薯条没有的话就要洋葱圈, 没有就全脂的吧."""

from __future__ import annotations

from assistant.turns import Act
from assistant.understanding.utterance import Utterance

_ENDS = frozenset({"pause", "stop"})


def read(u: Utterance) -> bool:
    """Takes out what is only the second choice, behind goods that are ordered: whether there are any of those is told
    when they are put in. Said by itself it orders goods that aren't there yet, and else it changes nothing. True where
    nothing else was said."""
    if "if_none" not in u.kinds:
        return False
    at = next(i for i, span in enumerate(u.spans) if "if_none" in span.has)
    first = any(span.has.keys() & {"item", "partial"} for span in u.spans[:at])
    end = next((i for i in range(at, len(u.spans)) if u.spans[i].has.keys() & _ENDS), len(u.spans))
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

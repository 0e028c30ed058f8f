"""What is only remarked of goods that are in the basket: "the milk is good", 可乐就行. Nothing is ordered by it."""

from __future__ import annotations

from assistant.turns import Act
from assistant.understanding.words.utterance import Utterance

_BESIDE = frozenset("praises the filler topical particle hesitation stop pause polite it".split())


def read(u: Utterance) -> bool:
    """Shows the basket to whoever says nothing but that goods of it are fine. Where they are on offer, or something
    is chosen, that takes them."""
    if u.question_mark or u.context.expects in ("options", "choose"):
        return False
    goods = [span for span in u.spans if "item" in span.has]
    if len(goods) != 1 or not all(span is goods[0] or span.has.keys() & _BESIDE for span in u.spans):
        return False
    item = goods[0].has["item"][0]
    there = any(line.item == item for line in u.context.basket)
    if not there or (u.context.pointing and item in u.context.listed):
        return False
    u.add(0, Act("show_basket"), set(range(len(u.spans))))
    return True

"""How many there are to be of goods that are there once: 쌀은 두 개요, and where an order is read back
네 치즈버거 두 개요, 要两个芝士汉堡. That many are wanted, and not so many more."""

from __future__ import annotations

from assistant.turns import Act, LineSaid
from assistant.understanding.spans import Span, may_be
from assistant.understanding.utterance import Utterance

_BESIDE = frozenset("num measure item particle topical only filler hesitation polite pause stop makes piece".split())
"""What may stand beside the goods and their count."""


def read(u: Utterance) -> bool:
    """Whether that is all that is said. In English a count at the read-back is asked about elsewhere."""
    if u.grammar.script == "spaced" or not {"num", "item"} <= u.kinds or u.question_mark:
        return False
    goods = [i for i, span in enumerate(u.spans) if "item" in span.has]
    counts = [i for i, span in enumerate(u.spans) if "num" in span.has and i not in goods]
    confirming = u.context.expects == "confirm"
    told = u.grammar.verbs_last and any(span.has.keys() & {"topical", "only"} for span in u.spans)
    if (
        len(goods) != 1
        or len(counts) != 1
        or not (told or confirming)
        or u.kinds & {"again", "more", "too", "and", "so"}
    ):
        return False
    if u.grammar.verbs_last and counts[0] < goods[0]:
        return False
    leads = u.spans[: goods[0]] if confirming else ()
    if not all(span.has.keys() & _BESIDE or (span in leads and (_yes(span) or _wants(u, span))) for span in u.spans):
        return False
    number, there = u.spans[counts[0]].has["num"][0], u.there(u.spans[goods[0]])
    if number < 1 or len(there) != 1 or u.place_of(there[0]):
        return False
    u.add(goods[0], Act("change", (LineSaid(there[0], number),)), set(range(len(u.spans))))
    return True


def _yes(span: Span) -> bool:
    return may_be(span.has, "confirm")


def _wants(u: Utterance, span: Span) -> bool:
    """Whether a word wishes goods, where that stands before them: 要两个芝士汉堡."""
    return u.grammar.script == "unspaced" and span.has.get("verb", ("",))[0] == "add"

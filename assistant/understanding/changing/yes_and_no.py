"""Yes to some goods of the basket and no to others: "cheeseburger yes, coke no", "yes to the burger, no to the coke",
汉堡要，可乐不要, 치즈버거는 네, 콜라는 아니요."""

from __future__ import annotations

from itertools import groupby

from assistant.turns import Act, LineSaid
from assistant.understanding.words.spans import Span
from assistant.understanding.words.utterance import Utterance

_BESIDE = frozenset("the on clock topical particle pause and but polite filler hesitation stop it_is keeps".split())
"""What may stand beside goods and answers."""


def read(u: Utterance) -> bool:
    """Whether that is all that is said: what has a no is taken off, and what has a yes stays as it is."""
    if not u.context.basket or len(u.spans) < 4:
        return False
    answers = [_answer(span) for span in u.spans]
    if not {True, False} <= {*answers}:
        return False
    said: list[str | bool] = []
    for span, answer in zip(u.spans, answers, strict=True):
        if answer is not None:
            said.append(answer)
        elif span.has.keys() & {"item", "category", "short", "partial"}:
            there = u.there(span)
            if len(there) != 1:
                return False
            said.append(there[0])
        elif span.has.keys().isdisjoint(_BESIDE):
            return False
    runs = [list(run) for _, run in groupby(said, key=lambda one: isinstance(one, bool))]
    if len(runs) % 2 or any({True, False} <= {*run} for run in runs):
        return False
    off: list[str] = []
    for first, second in zip(runs[::2], runs[1::2], strict=True):
        answered, goods = (first, second) if isinstance(first[0], bool) else (second, first)
        off += [] if answered[0] else [one for one in goods if isinstance(one, str)]
    lines = tuple(LineSaid(item, None, (), "all" if u.place_of(item) else None) for item in dict.fromkeys(off))
    u.add(0, Act("remove", lines), set(range(len(u.spans))))
    return True


def _answer(span: Span) -> bool | None:
    """Whether a word says yes, or no; None where it is neither."""
    acts = {name for name, _ in span.has.get("act", ())}
    if span.has.keys() & {"item", "category"}:
        return None
    if "deny" in acts:
        return False
    return True if "confirm" in acts else None

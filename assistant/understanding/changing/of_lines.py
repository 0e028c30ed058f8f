"""Which of several like lines is meant, told by a part that only one of them has: the Sprite of two meals."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from itertools import pairwise

from assistant.turns import LineSaid
from assistant.understanding.ordering.drafts import Draft
from assistant.understanding.ordering.parts import parts_had
from assistant.understanding.words.lexicon import Places


def of_lines(draft: Draft, basket: Sequence[LineSaid]) -> list[Draft]:
    """A change without goods of its own, as one for each line of which it names a part: "no ice in the Sprite, less in
    the coke". Where a part only gives way to others, the first tells the line: "the Sprite to a coke"."""
    if draft.head or draft.items or draft.reference or draft.which is not None or draft.mode == "remove":
        return [draft]
    named = ((at, option) for at, option in enumerate(draft.options) if option.goods and option.amount is None)
    told = [(at, place) for at, option in named if (place := line_of(option.places, basket))]
    if not told:
        return [draft]
    # Parts are said before what they are to be like (雪碧去冰), or all behind it.
    behind = 0 if told[0][0] == 0 else 1
    bounds = [0, *(at + behind for at, _ in (told[:-1] if behind else told[1:])), len(draft.options)]
    parts = [draft.options[begin:end] for begin, end in pairwise(bounds)]
    if any(len(part) < 2 for part in parts) or len({place for _, place in told}) < len(told):
        told, parts = told[:1], [draft.options]
    made = []
    for (_, place), options in zip(told, parts, strict=True):
        one = copy.copy(draft)
        one.options, one.which, one.reference, one.mode = options, place, True, "change"
        made.append(one)
    return made


def line_of(goods: Places, basket: Sequence[LineSaid]) -> int:
    """The last line that has these goods as a part, counted from 1, where another line of its kind hasn't; else 0."""
    having = [place for place, line in enumerate(basket, 1) if parts_had(line, goods)]
    lacking = [line.item for line in basket if line.item in goods and not parts_had(line, goods)]
    return next((place for place in reversed(having) if basket[place - 1].item in lacking), 0)

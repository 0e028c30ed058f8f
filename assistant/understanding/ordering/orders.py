"""Which goods, how many, with what: spans become drafts of lines, drafts become add, remove and change.

The goods named are the heads. What stands left of a head up to the one before (count, size, options) is its left
group; the rest of the gap belongs to the head before. A count without a head of its own ("one without onions") splits
the line before it. Everything that a later word corrects is overwritten here, before any act is made.
"""

from __future__ import annotations

from assistant.understanding.ordering.afterwards import finish
from assistant.understanding.ordering.between import step
from assistant.understanding.ordering.heads import heads_of
from assistant.understanding.ordering.left_groups import group
from assistant.understanding.ordering.placing import Parsed, Reading
from assistant.understanding.ordering.reach import group_starts


def read(r: Reading) -> Parsed:
    """Reads one sentence from left to right into drafts."""
    spans = r.spans
    heads = heads_of(spans, r.lexicon, r.basket, r.before, r.lines, r.last)
    starts = group_starts(spans, heads, r.grammar)
    at = 0
    while at < len(spans):
        if at in starts:
            head = starts[at]
            group(r, at, head, heads[head])
            at = head + 1
        else:
            at = step(r, at)
    finish(r)
    return r.parsed

"""What belongs to the house and isn't sold, a pool, parking, pets: only its people know. And what only they can do:
mend what is broken, look for what was lost, clean a room."""

from __future__ import annotations

from assistant.turns import Act
from assistant.understanding.asked import complaints
from assistant.understanding.asked.gifts import clause_of
from assistant.understanding.words.spans import UNKNOWN
from assistant.understanding.words.utterance import Utterance

FACILITY = "facility"
"""A topic: something that belongs to the house."""
MATTER = "matter"
"""What a person of the house is asked for: something to be done, and not only to be talked to."""

_FREE_WORDS = frozenset({"address", "note"})
"""What is asked where any words are an answer."""
_OTHERWISE = frozenset({"item", "method", "fulfilment", "weekday", "day", "code"})
_NAMED = frozenset({"item", "choice", "option", "partial"})
"""What is sold after all, parking that comes with a room, is no question about the house."""
_TIMES = frozenset({"clock", "daypart", "day", "weekday", "time"})
_PEOPLE = frozenset({"num", "adult", "child", "person", "people"})
_SOLD = frozenset({"item", "category", "partial"})


def for_staff(u: Utterance) -> bool:
    """Something that a person of the house is to do, "the wifi is broken". A card or a day that doesn't work is none,
    and fault that is found with what was paid for is about that order."""
    if u.context.expects in _FREE_WORDS or not u.kinds.isdisjoint(_OTHERWISE) or complaints.told(u):
        return False
    if any(act in ("refund", "cancel") for i in u.acting for act, _ in u.acts_at(i)):
        return False
    u.add(0, Act("person", value=MATTER), range(len(u.spans)))
    return True


def asked(u: Utterance) -> None:
    """Whatever is said of what the house has asks about it: "what time does the pool close", "we have a dog"."""
    named = u.context.expects == "contact" and "asking" not in u.kinds and not u.question_mark
    if u.context.expects in _FREE_WORDS or named:
        return
    for at, span in enumerate(u.spans):
        if u.free(at, "topic") and span.has.keys().isdisjoint(_NAMED):
            _wonder(u, at)


def _wonder(u: Utterance, at: int) -> None:
    """An act of it; a word that isn't known where it is wished beside goods: "a room with a sauna"."""
    clause = clause_of(u, at)
    kinds = {kind for i in clause for kind in u.spans[i].has}
    if kinds.isdisjoint(_SOLD):
        topic = u.spans[at].has["topic"]
        u.add(at, Act("ask_item", value=topic), clause if topic == FACILITY else _beside(u, at, clause))
    elif "asking" not in kinds:
        u.spans[at].has = dict(UNKNOWN)


def _beside(u: Utterance, at: int, clause: range) -> set[int]:
    """What belongs to it: when and for how many people is told all the same, "a table for four tonight at eight"."""
    end = next((i for i in clause if i > at and not u.spans[i].has.keys().isdisjoint(_TIMES)), clause.stop)
    told = _TIMES | _PEOPLE if u.context.booking else _TIMES
    return {i for i in range(clause.start, end) if u.spans[i].has.keys().isdisjoint(told)}

"""What is looked for in a whole utterance before its facts, its questions and its goods are read, in this order."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from assistant.understanding import idle
from assistant.understanding.asked import kinds, of_the_house, priced, which_asked
from assistant.understanding.changing import (
    alike_but,
    all_but,
    allergen_off,
    called_off,
    doubled,
    into_kinds,
    kind_wanted,
    kind_wished,
    lessened,
    line_with,
    made_into,
    overcounted,
    part_of_whole,
    refused,
    remarks,
    restated,
    some_of,
    taken_out_again,
    whose,
    withheld,
    yes_and_no,
)
from assistant.understanding.facts import for_each_room, more_guests, numbers_meant, other_room
from assistant.understanding.ordering import (
    each_alike,
    not_served,
    packs,
    parts_shared,
    second_choice,
    split_up,
    unsaid,
)
from assistant.understanding.words.utterance import Utterance


class _Step(NamedTuple):
    read: Callable[[Utterance], bool | None]
    """Changes what words say, or makes acts of them; True where nothing is left to be read."""
    words: frozenset[str]
    """The kinds of words without which there is no such thing."""
    script: str
    """How the languages are written that say it; "" for all of them."""


def _step(read: Callable[[Utterance], bool | None], words: str = "", script: str = "") -> _Step:
    return _Step(read, frozenset(words.split()), script)


STEPS = (
    _step(which_asked.read, script="unspaced"),
    _step(not_served.read, "item choice measure", "unspaced"),
    _step(packs.pieces, "item num piece"),
    _step(not_served.named_strangely, "item choice unknown", "spaced"),
    _step(idle.addressed, "unknown", "spaced"),
    _step(of_the_house.for_staff, "for_staff"),
    _step(of_the_house.asked, "topic"),
    _step(numbers_meant.of_people, "num"),
    _step(numbers_meant.of_choice, script="spaced"),
    _step(kind_wished.read, script="unspaced"),
    _step(withheld.read),
    _step(taken_out_again.off_goods, "the", "spaced"),
    _step(taken_out_again.called_by_choice, "choice verb", "spaced"),
    _step(unsaid.instead_of_that, script="spaced"),
    _step(called_off.of_goods, "act"),
    _step(alike_but.of_kind),
    _step(refused.reason_behind),
    _step(refused.never_mind, "lets_go", "unspaced"),
    _step(part_of_whole.read, "item", "unspaced"),
    _step(withheld.spared),
    _step(made_into.read),
    _step(kinds.alone, "category"),
    _step(idle.for_others, "for_others"),
    _step(priced.read, "at_most"),
    _step(priced.read, "at_least"),
    _step(priced.between, "num"),
    _step(yes_and_no.read),
    _step(line_with.taken_off, "choice"),
    _step(line_with.counted, "num"),
    _step(called_off.read, "calls_off"),
    _step(idle.tale, "item"),
    _step(lessened.read),
    _step(refused.read),
    _step(restated.within, "num item hesitation"),
    _step(refused.so_many_do, "only", "unspaced"),
    _step(refused.after_all, script="unspaced"),
    _step(restated.read),
    _step(remarks.read, "praises"),
    _step(overcounted.read),
    _step(each_alike.read, "num"),
    _step(doubled.read, "fold"),
    _step(alike_but.read, "but item"),
    _step(into_kinds.read, "item verb", "unspaced"),
    _step(more_guests.read),
    _step(for_each_room.read, "num choice", "unspaced"),
    _step(numbers_meant.shifted, "clock"),
    _step(taken_out_again.left_off, "leaves_out"),
    _step(unsaid.leaves_out, "leaves_out"),
    _step(allergen_off.read),
    _step(refused.reasons),
    _step(whose.read),
    _step(some_of.read, "of_them"),
    _step(split_up.read, "num item topical as"),
    _step(second_choice.read, "if_none"),
    _step(all_but.stay_there, "keeps"),
    _step(other_room.beds, "bed"),
    _step(parts_shared.read, "option num", "unspaced"),
    _step(kind_wanted.read, script="unspaced"),
    _step(into_kinds.verbs_within, "item num verb choice", "unspaced"),
    _step(into_kinds.one_more, "amount choice", "unspaced"),
)


def settle(u: Utterance) -> bool:
    """Takes the steps one after the other; True where one of them reads all that is said."""
    script = u.grammar.script
    return any(one.script in ("", script) and one.words <= u.kinds and one.read(u) for one in STEPS)

"""Checks a table of moves: every state known, reached from the start, and on a way to an end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set

from assistant.commerce.order import ORDER_ENDS, ORDER_MOVES
from assistant.commerce.payment import ATTEMPT_ENDS, ATTEMPT_MOVES, REFUND_ENDS, REFUND_MOVES
from assistant.errors import Bug

TABLES = (
    ("order", ORDER_MOVES, "open", ORDER_ENDS),
    ("attempt", ATTEMPT_MOVES, "created", ATTEMPT_ENDS),
    ("refund", REFUND_MOVES, "asked", REFUND_ENDS),
)


def check_tables() -> None:
    """Raises Bug when one of our three tables has an unknown, unreachable or dead-end state."""
    for name, moves, start, ends in TABLES:
        wrong = problems(moves, start, ends)
        if wrong:
            raise Bug(f"moves of an {name}: {'; '.join(wrong)}")


def problems(moves: Mapping[str, Set[str]], start: str, ends: Iterable[str]) -> list[str]:
    """What is wrong with a table, in words; empty when nothing is."""
    states, targets = set(moves), {after for afters in moves.values() for after in afters}
    wrong = [f"'{one}' is unknown" for one in sorted((targets | {start} | set(ends)) - states)]
    if wrong:
        return wrong
    reached = _closure(moves, {start})
    back: dict[str, set[str]] = {one: set() for one in states}
    for before, afters in moves.items():
        for after in afters:
            back[after].add(before)
    ending = _closure(back, set(ends))
    wrong += [f"'{one}' can't be reached" for one in sorted(states - reached)]
    return wrong + [f"'{one}' is a dead end" for one in sorted(states - ending)]


def _closure(moves: Mapping[str, Set[str]], found: set[str]) -> set[str]:
    todo = list(found)
    while todo:
        new = moves[todo.pop()] - found
        found = found | new
        todo += new
    return found

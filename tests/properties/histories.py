"""Random histories from a seed, and the count of all that happened in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from random import Random

from assistant.commerce.order import ORDER_MOVES
from assistant.commerce.payment import ATTEMPT_MOVES, REFUND_MOVES
from assistant.turns import ACTS
from tests.properties.bank import FATES, FAULTS, REFUND_FATES
from tests.properties.deeds import BEHAVIOURS, DEEDS, NOTIFICATIONS, do, quiesce
from tests.properties.shops import open_shop
from tests.properties.wordings import SAID, WORDED
from tests.properties.world import World

STEPS = 36
ENOUGH = 20
AT_ONCE = 5
"""About how many wordings a history needs; the next one begins with the next."""
CANNOT = {
    ("order", "placed", "done"): "no trade of ours leaves out the stage of preparing",
    ("refund", "failed", "asked"): "a refund that failed goes to a person, who makes a new one",
}
"""Moves that the tables allow and nothing makes."""
MET = (
    *dict.fromkeys(f"sandbox {one.partition(':')[0]}" for one in BEHAVIOURS),
    *(f"bank {one}" for one in (*FATES, *FAULTS)),
    *(f"bank refund {one}" for one in REFUND_FATES),
    *(f"notification {one}" for one in dict.fromkeys(NOTIFICATIONS)),
    "buyer approves",
    "buyer declines",
    "money after the end",
    "killed before commit",
    "killed after commit",
    "killed before claim",
    "killed after claim",
    "killed before send",
    "killed after send",
    "frozen",
    "slow",
    "disk full",
    "restart",
    "two processes",
    "two turns at once",
    "the same turn again",
    "an id used again",
    "the shop's clock",
    "another catalogue",
    "a card number",
)
"""Everything that may go wrong or come twice."""
MOVES = tuple(
    (what, one, other)
    for what, moves in (("order", ORDER_MOVES), ("attempt", ATTEMPT_MOVES), ("refund", REFUND_MOVES))
    for one, others in moves.items()
    for other in sorted(others)
)


@dataclass
class Counts:
    histories: int = 0
    moves: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    met: Counter[str] = field(default_factory=Counter)
    acts: Counter[str] = field(default_factory=Counter)
    said: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, world: World) -> None:
        self.histories += 1
        self.moves.update(world.moves)
        self.met.update(world.met)
        self.met["a card number"] += world.cards
        self.acts.update(world.acts)
        self.said.update(world.said)

    def rows(self) -> Iterator[tuple[str, int]]:
        """Everything that there is, with how often it was."""
        yield from ((f"{what}: {one} -> {other}", self.moves[what, one, other]) for what, one, other in MOVES)
        yield from ((one, self.met[one]) for one in MET)
        yield from ((f"act {one}", self.acts[one]) for one in sorted(ACTS))
        yield from ((f"{one} in {tag}", self.said[one, tag]) for one in sorted(SAID) for tag in SAID[one])

    def table(self) -> str:
        return f"{self.histories} histories\n" + "\n".join(f"{count:8}  {name}" for name, count in self.rows())

    def rare(self) -> Mapping[str, int]:
        """What happened too seldom to say anything about it."""
        never = {f"{what}: {one} -> {other}" for what, one, other in CANNOT}
        return {name: count for name, count in self.rows() if count < ENOUGH and name not in never}


def history(seed: int, *, on_disk: bool, counts: Counts | None = None) -> list[str]:
    """One random history; what was wrong in it, with the way there."""
    chance = Random(seed)
    shop, catalogue = open_shop(chance)
    world = World(shop, catalogue, on_disk=on_disk)
    first = seed * AT_ONCE % len(WORDED)
    world.deck = [*WORDED[first:], *WORDED[:first]][AT_ONCE::-1]
    done: list[str] = []
    try:
        for deed in [*chance.choices(list(DEEDS), list(DEEDS.values()), k=STEPS), None]:
            done.append(deed.__name__ if deed else "the end")
            found: list[str] = world.loop.run(do(world, deed, chance) if deed else quiesce(world, chance))
            if found:
                return [f"history {seed}{' on disk' if on_disk else ''}, after {', '.join(done)}:", *found]
        if counts is not None:
            counts.add(world)
        return []
    finally:
        world.close()

"""Whatever people say, far ends do and processes suffer: one charge or none or a charge and its full refund, no money
without a yes to what was heard, no stock lost, nothing acknowledged forgotten.

A history that fails names its seed: `history(SEED, on_disk=…)` in a shell does it again, step by step.
"""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from tests.properties.deeds import DEEDS, Deed, do, quiesce
from tests.properties.histories import Counts, history
from tests.properties.shops import open_shop
from tests.properties.world import World

SHORT = 700
"""Histories of every run: enough for each thing to happen twenty times."""
LONG, PARTS = 10_000, 4
"""Of the long run (a tenth of a second of work each): in so many tests, which may run beside each other."""
CHANCE = st.randoms(use_true_random=False)


def run(seeds: range, on_disk: int, capsys: pytest.CaptureFixture[str]) -> None:
    """Histories, each `on_disk`-th over SQLite."""
    counts = Counts()
    for seed in seeds:
        wrong = history(seed, on_disk=seed % on_disk == 0, counts=counts)
        assert not wrong, "\n".join(wrong)
    with capsys.disabled():
        print(f"\n{counts.table()}")
    assert not counts.rare()


def test_random_histories(capsys: pytest.CaptureFixture[str]) -> None:
    run(range(SHORT), 10, capsys)


@pytest.mark.long
@pytest.mark.parametrize("part", range(PARTS))
def test_ten_thousand_random_histories(part: int, capsys: pytest.CaptureFixture[str]) -> None:
    size = LONG // PARTS
    run(range(1_000_000 + part * size, 1_000_000 + (part + 1) * size), 20, capsys)


class Money(RuleBasedStateMachine):
    """The same deeds in an order that Hypothesis looks for, and makes as short as it can when it finds a fault."""

    world: World | None = None

    @initialize(chance=CHANCE, on_disk=st.booleans())
    def open(self, chance: Random, on_disk: bool) -> None:
        self.world = World(*open_shop(chance), on_disk=on_disk)
        self.chance = Random(0)

    def teardown(self) -> None:
        if self.world is not None:
            try:
                self.found(self.world.loop.run(quiesce(self.world, self.chance)))
            finally:
                self.world.close()

    def found(self, wrong: list[str]) -> None:
        assert not wrong, "\n".join(wrong)


def _rule(deed: Deed) -> Any:
    def does(self: Money, chance: Random) -> None:
        assert self.world is not None
        self.found(self.world.loop.run(do(self.world, deed, chance)))

    does.__name__ = deed.__name__
    return rule(chance=CHANCE)(does)


for _deed, _often in DEEDS.items():
    for _copy in range(max(1, _often // 5)):
        setattr(Money, f"{_deed.__name__}_{_copy}", _rule(_deed))

QUICK = settings(
    max_examples=60,
    stateful_step_count=30,
    deadline=None,
    derandomize=True,
    database=None,
    print_blob=False,
    suppress_health_check=list(HealthCheck),
)


def test_what_hypothesis_finds() -> None:
    run_state_machine_as_test(Money, settings=QUICK)


@pytest.mark.long
def test_what_hypothesis_finds_in_longer() -> None:
    """Another search each time; a fault is shown as the shortest way to it, as lines of Python."""
    run_state_machine_as_test(Money, settings=settings(QUICK, max_examples=1_000, derandomize=False))

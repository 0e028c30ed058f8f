"""Random commits, good and bad, over the store on a disk and the one in memory: the same answers, and the same told."""

from __future__ import annotations

import asyncio
import os
from collections import Counter
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.storage import Change, Committed, Conflict, Store
from assistant.storage.batch import ordinary
from assistant.storage.memory import MemoryStore
from tests.storage.changes import (
    ATTEMPTS,
    GOODS,
    KEYS,
    NUMBERS,
    ORDERS,
    REFUNDS,
    SESSIONS,
    TURNS,
    any_change,
    spoilt,
)
from tests.storage.made import SHOP, Engine, dump

HISTORIES, GROUPS = 60, 14
"""Of every run, and in each so many groups of commits that wait together."""


async def told(store: Store) -> dict[str, Any]:
    """All that a store tells of what the changes are about."""
    return {
        "sessions": [await store.session(SHOP, one) for one in SESSIONS],
        "turns": [await store.turn("terminal", session, one) for session in SESSIONS for one in TURNS],
        "orders": [await store.order(one) for one in ORDERS],
        "found": await store.orders(SHOP),
        "numbers": [await store.order_by_number(SHOP, one) for one in NUMBERS],
        "payments": [await store.payment(one) for one in ORDERS],
        "standing": [await store.standing(one) for one in ORDERS],
        "attempts": [await store.attempt(one) for one in ATTEMPTS],
        "refunds": [await store.refund(one) for one in REFUNDS],
        "owed": await store.owed(),
        "entries": [await store.entries(one) for one in (None, *ORDERS)],
        "events": await store.events(),
        "free": [await store.free(SHOP, list(GOODS), one) for one in (None, *ORDERS)],
        "records": [await store.record(SHOP, "code", one) for one in KEYS],
        "aliases": await store.aliases(SHOP),
    }


async def answer(store: Store, change: Change) -> Committed | Conflict | tuple[str, str]:
    try:
        return await store.commit(change)
    except Exception as error:
        return type(error).__name__, str(error)


async def history(random: Random, folder: Path, counts: Counter[str]) -> None:
    """The same commits over both stores, which must tell the same after each group of them."""
    disk = Engine("sqlite", folder)
    plain = Engine("memory", folder)
    store, memory = stores = disk.open(), plain.open()
    assert isinstance(memory, MemoryStore)
    try:
        for one in stores:
            await one.seed_stock(SHOP, GOODS)
        for _ in range(GROUPS):
            changes = [any_change(random, memory.tables) for _ in range(random.choice((1, 1, 2, 4)))]
            if random.randrange(100) < 6:
                before = dump(folder)
                assert not isinstance(await answer(store, spoilt(random, changes[0])), Committed)
                assert dump(folder) == before
                counts["spoilt"] += 1
                continue
            counts.update(part for one in changes for part in Change.__struct_fields__ if getattr(one, part))
            # The store takes ordinary turns last.
            changes.sort(key=lambda one: ordinary(one, disk.clock()) is not None)
            answers = await asyncio.gather(*(answer(store, one) for one in changes))
            assert [await answer(memory, one) for one in changes] == answers, changes
            counts.update(
                _kind(said) for one, said in zip(changes, answers, strict=True) if ordinary(one, disk.clock()) is None
            )
            if random.randrange(4) == 0:
                now = disk.clock()
                for engine in (disk, plain):
                    engine.clock.pass_(seconds=1)
                claimed = [await one.claim(now, lease=2, limit=2) for one in stores]
                assert claimed[0] == claimed[1]
                for one in stores:
                    if claimed[0]:
                        await one.release(claimed[0][0].id, now)
            assert await told(store) == await told(memory), changes
    finally:
        for one in stores:
            await one.close()


def _kind(said: Committed | Conflict | tuple[str, str]) -> str:
    return said.why if isinstance(said, Conflict) else said[0] if isinstance(said, tuple) else "committed"


def run(random: Random, counts: Counter[str]) -> None:
    # In memory where that can be: what a disk adds is another test's.
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with TemporaryDirectory(dir=memory) as folder:
        asyncio.run(history(random, Path(folder), counts))


def test_the_same_answers_on_a_disk_and_in_memory() -> None:
    """A history that fails is done again with its number as the seed."""
    counts: Counter[str] = Counter()
    for seed in range(HISTORIES):
        run(Random(seed), counts)
    assert all(counts[part] for part in Change.__struct_fields__), counts
    for each in ("committed", "version", "turn", "attempt", "consent", "seen", "Bug", "ValueError", "spoilt"):
        assert counts[each] > 3, (each, counts)


@pytest.mark.long
def test_the_same_answers_in_many_more() -> None:
    """Another search each time; a fault is shown as the shortest way to it."""

    @settings(max_examples=1_000, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(st.randoms(use_true_random=False))
    def search(random: Random) -> None:
        run(random, Counter())

    search()

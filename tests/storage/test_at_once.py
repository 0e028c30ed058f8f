"""A commit in two statements is what it is step by step and in memory: the same answers, the same rows, or nothing."""

from __future__ import annotations

import asyncio
import itertools
import os
import sqlite3
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from assistant.errors import StoreError
from assistant.storage import Change, Committed, Conflict, Store, at_once
from assistant.storage.batch import ordinary
from assistant.storage.memory import MemoryStore
from assistant.storage.sqlite import FILE, SqliteStore
from assistant.storage.tables import Tables
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
from tests.storage.made import PAYING, SHOP, Engine, attempt, done, dump, effect, event, order, session, turn

ROOT = Path(__file__).parents[2]

HISTORIES, GROUPS = 60, 14
"""Of every run, and in each so many groups of commits that wait together."""


class Rows:
    """A look at all rows of a store; which process holds a lease is `ours`."""

    def __init__(self, folder: Path, process: str) -> None:
        self._plain = sqlite3.connect(folder / FILE)
        self._process = process
        named = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%sqlite%' ORDER BY name"
        self._tables = [name for (name,) in self._plain.execute(named)]

    def all(self) -> dict[str, list[tuple[Any, ...]]]:
        return {
            table: [
                tuple("ours" if cell == self._process else cell for cell in row)
                for row in self._plain.execute(f"SELECT * FROM {table}")
            ]
            for table in self._tables
        }

    def close(self) -> None:
        self._plain.close()


async def told(store: Store) -> dict[str, Any]:
    """All that a store tells of what the changes are about."""
    return {
        "sessions": [await store.session(SHOP, one) for one in SESSIONS],
        "turns": [await store.turn("terminal", session, one) for session in SESSIONS for one in TURNS],
        "orders": [await store.order(one) for one in ORDERS],
        "found": await store.orders(SHOP),
        "numbers": [await store.order_by_number(SHOP, one) for one in NUMBERS],
        "payments": [await store.payment(one) for one in ORDERS],
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


async def history(random: Random, folder: Path, monkeypatch: pytest.MonkeyPatch, counts: Counter[str]) -> None:
    """The same commits over three stores, which must tell the same after each group of them."""
    can_be = at_once.can_be
    engines = [
        Engine("sqlite", folder / "at once"),
        Engine("sqlite", folder / "step by step"),
        Engine("memory", folder),
    ]
    fast, slow, memory = stores = [one.open() for one in engines]
    assert isinstance(memory, MemoryStore) and isinstance(fast, SqliteStore) and isinstance(slow, SqliteStore)
    rows = [Rows(engine.folder, one.process) for engine, one in zip(engines, (fast, slow), strict=False)]
    try:
        for store in stores:
            await store.seed_stock(SHOP, GOODS)
        for _ in range(GROUPS):
            changes = [any_change(random, memory.tables) for _ in range(random.choice((1, 1, 2, 4)))]
            broken = random.randrange(100) < 6
            if broken:
                changes = [spoilt(random, changes[0])]
            counts.update(part for one in changes for part in Change.__struct_fields__ if getattr(one, part))
            # The store takes ordinary turns first.
            changes.sort(key=lambda one: ordinary(one, engines[0].clock()) is None)
            monkeypatch.setattr(at_once, "can_be", can_be)
            at_first = await asyncio.gather(*(answer(fast, one) for one in changes))
            monkeypatch.setattr(at_once, "can_be", lambda change: False)
            assert await asyncio.gather(*(answer(slow, one) for one in changes)) == at_first, changes
            assert rows[0].all() == rows[1].all(), changes
            if broken:
                assert not isinstance(at_first[0], Committed)
                continue
            assert [await answer(memory, one) for one in changes] == at_first, changes
            counts.update(
                _kind(said)
                for one, said in zip(changes, at_first, strict=True)
                if can_be(one) and ordinary(one, engines[0].clock()) is None
            )
            if random.randrange(4) == 0:
                now = engines[0].clock()
                for engine in engines:
                    engine.clock.pass_(seconds=1)
                claimed = [await store.claim(now, lease=2, limit=2) for store in stores]
                assert claimed[0] == claimed[1] == claimed[2]
                for store in stores:
                    if claimed[0]:
                        await store.release(claimed[0][0].id, now)
                assert rows[0].all() == rows[1].all()
            assert await told(fast) == await told(memory), changes
    finally:
        monkeypatch.setattr(at_once, "can_be", can_be)
        for look in rows:
            look.close()
        for store in stores:
            await store.close()


def _kind(said: Committed | Conflict | tuple[str, str]) -> str:
    return said.why if isinstance(said, Conflict) else said[0] if isinstance(said, tuple) else "committed"


def run(random: Random, counts: Counter[str]) -> None:
    write = at_once.write_at_once

    def counted(tables: Tables, change: Change) -> bool:
        written = write(tables, change)
        counts["at once" if written else "not at once"] += 1
        return written

    # In memory where that can be: what a disk adds is another test's.
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with pytest.MonkeyPatch.context() as monkeypatch, TemporaryDirectory(dir=memory) as folder:
        monkeypatch.setattr(at_once, "write_at_once", counted)
        asyncio.run(history(random, Path(folder), monkeypatch, counts))


def test_the_same_answers_and_rows_whichever_way() -> None:
    """A history that fails is done again with its number as the seed."""
    counts: Counter[str] = Counter()
    for seed in range(HISTORIES):
        run(Random(seed), counts)
    assert counts["at once"] > counts["committed"] / 2, counts
    assert all(counts[part] for part in Change.__struct_fields__), counts
    for each in ("committed", "version", "turn", "attempt", "consent", "seen", "Bug", "ValueError"):
        assert counts[each] > 3, (each, counts)


@pytest.mark.long
def test_the_same_answers_and_rows_in_many_more() -> None:
    """Another search each time; a fault is shown as the shortest way to it."""

    @settings(max_examples=1_000, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(st.randoms(use_true_random=False))
    def search(random: Random) -> None:
        run(random, Counter())

    search()


async def test_what_is_written_at_once_is_what_is_written_step_by_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert all(at_once.can_be(Change(**change)) for change in PAYING)
    kept: list[str] = []
    for step_by_step in (False, True):
        if step_by_step:
            monkeypatch.setattr(at_once, "can_be", lambda change: False)
        engine = Engine("sqlite", tmp_path / str(step_by_step))
        store = engine.open()
        for change in PAYING:
            await done(store, **change)
        await store.close()
        kept.append(dump(engine.folder))
    assert kept[0] == kept[1]
    assert 'a \\"yes\\"' in kept[0]


@pytest.mark.parametrize("step", range(len(PAYING)))
async def test_a_commit_of_a_payment_that_comes_twice_changes_nothing(sqlite: Engine, step: int) -> None:
    store = sqlite.open()
    for change in PAYING[: step + 1]:
        await done(store, **change)
    before = dump(sqlite.folder)
    assert not isinstance(await store.commit(Change(**PAYING[step])), Committed)
    assert dump(sqlite.folder) == before


class Watched:
    """Calls `act` when the writer comes to its Nth statement from now on; the steps inside of one count as well."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, act: Callable[[sqlite3.Connection], None]) -> None:
        self.left = 0
        connect = sqlite3.connect

        def watched(*where: Any, **how: Any) -> sqlite3.Connection:
            connection = connect(*where, **how)

            def count(statement: str) -> None:
                if self.left and threading.current_thread().name == "store-writer":
                    self.left -= 1
                    if not self.left:
                        act(connection)

            connection.set_trace_callback(count)
            return connection

        monkeypatch.setattr(sqlite3, "connect", watched)


async def test_a_group_that_fails_at_any_statement_is_not_written_and_can_be_once_more(
    sqlite: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Undone by SQLite itself in the middle of a statement, as where a disk fails or is full."""
    watched = Watched(monkeypatch, lambda connection: connection.interrupt())
    store = sqlite.open()
    failed = 0
    for number in itertools.count(1):
        talk, basket = f"s{number}", f"o{number}"
        await done(store, turn=turn("t1", talk), session=session(talk, order=basket), orders=(order(basket),))
        made = attempt(f"a{number}", order=basket)
        group = (
            Change(turn=turn(f"plain{number}"), session=session("s0", version=number - 1), events=(event(),)),
            Change(
                turn=turn("t2", talk, final=False),
                session=session(talk, order=basket, version=1),
                orders=(order(basket, version=1),),
                attempts=(made,),
                effects=(effect(f"charge:{made.id}", order=basket, ref=made.id),),
                events=(event(session=talk, order=basket),),
            ),
            Change(attempts=(replace(made, id="second"),)),
        )
        expected = [Committed(), Committed(), Conflict("attempt", "this consent has had its attempt")]
        before = dump(sqlite.folder)
        watched.left = number
        answers = await asyncio.gather(*(store.commit(change) for change in group), return_exceptions=True)
        passed, watched.left = watched.left > 0, 0
        if answers != expected:
            assert all(isinstance(one, StoreError) for one in answers), answers
            assert dump(sqlite.folder) == before
            failed += 1
            assert await asyncio.gather(*(store.commit(change) for change in group)) == expected
        if passed:
            break
    assert failed > 20


def test_a_payment_that_is_killed_at_any_statement_stands_as_it_was_acknowledged(tmp_path: Path) -> None:
    async def stands() -> list[str]:
        """All rows, before the first commit and after each."""
        store = (engine := Engine("sqlite", tmp_path / "whole")).open()
        found = [dump(engine.folder)]
        for change in PAYING:
            await done(store, **change)
            found.append(dump(engine.folder))
        await store.close()
        return found

    whole = asyncio.run(stands())
    command = [sys.executable, "-m", "tests.storage.dying", str(tmp_path)]
    ran = subprocess.run(command, cwd=ROOT, text=True, capture_output=True, check=True)
    deaths = [(name, int(acknowledged)) for name, acknowledged in map(str.split, ran.stdout.splitlines())]
    assert len(deaths) > 60 and {acknowledged for _, acknowledged in deaths} == set(range(len(PAYING)))
    for name, acknowledged in deaths:
        assert dump(tmp_path / name) == whole[acknowledged], name

"""A payment's commits that come twice, fail or are killed, at any of their statements: all of a commit, or nothing."""

from __future__ import annotations

import asyncio
import itertools
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from assistant.errors import StoreError
from assistant.storage import Change, Committed, Conflict
from tests.storage.made import PAYING, Engine, attempt, done, dump, effect, event, order, session, turn

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("step", range(len(PAYING)))
async def test_a_commit_of_a_payment_that_comes_twice_changes_nothing(sqlite: Engine, step: int) -> None:
    store = sqlite.open()
    for change in PAYING[: step + 1]:
        await done(store, **change)
    before = dump(sqlite.folder)
    assert not isinstance(await store.commit(Change(**PAYING[step])), Committed)
    assert dump(sqlite.folder) == before


class Watched:
    """Calls `act` at the store's Nth statement from now on; the steps inside of one count as well."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, act: Callable[[sqlite3.Connection], None]) -> None:
        self.left = 0
        connect = sqlite3.connect

        def watched(*where: Any, **how: Any) -> sqlite3.Connection:
            connection = connect(*where, **how)

            def count(statement: str) -> None:
                if self.left:
                    self.left -= 1
                    if not self.left:
                        act(connection)

            connection.set_trace_callback(count)
            return connection

        monkeypatch.setattr(sqlite3, "connect", watched)


@pytest.mark.parametrize("alone", [False, True])
async def test_what_fails_at_any_statement_is_not_written_and_can_be_once_more(
    sqlite: Engine, monkeypatch: pytest.MonkeyPatch, alone: bool
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
        expected: list[Committed | Conflict] = [Committed(), Committed()]
        expected.append(Conflict("attempt", "this consent has had its attempt"))
        if alone:
            group, expected = group[1:2], expected[1:2]
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
    assert failed > (10 if alone else 20)


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
    assert len(deaths) > 50 and {acknowledged for _, acknowledged in deaths} == set(range(len(PAYING)))
    for name, acknowledged in deaths:
        assert dump(tmp_path / name) == whole[acknowledged], name

"""What only a disk can show: kill -9, a full disk, a locked file, an old or broken file, and the schema's own keys."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from msgspec.structs import replace

from assistant.commerce import ledger
from assistant.dialogue.state import Attended
from assistant.errors import SetupError, StoreError
from assistant.storage import Change, Committed, schema
from assistant.storage.sqlite import FILE
from tests.storage.made import (
    AT,
    SHOP,
    Engine,
    attempt,
    begun,
    done,
    effect,
    event,
    order,
    paid,
    refund,
    reply,
    session,
    turn,
)

ROOT = Path(__file__).parents[2]


def talker(folder: Path, what: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.storage.talker", str(folder), what], cwd=ROOT, text=True, stdout=subprocess.PIPE
    )


def ended(child: subprocess.Popen[str]) -> list[str]:
    """All that it said."""
    said, _ = child.communicate(timeout=60)
    assert child.returncode == 0
    return said.splitlines()


def kill(child: subprocess.Popen[str]) -> str:
    """What it had still said."""
    os.kill(child.pid, signal.SIGKILL)
    assert child.stdout is not None
    with child.stdout:
        said = child.stdout.read()
    child.wait()
    return said


@pytest.mark.parametrize("lines", [1, 9, 60, 61, 150, 333])
async def test_nothing_acknowledged_is_lost_when_the_process_is_killed(sqlite: Engine, lines: int) -> None:
    child = talker(sqlite.folder, "talk")
    assert child.stdout is not None
    said = "".join(child.stdout.readline() for _ in range(lines)) + kill(child)
    last = {name: int(n) for name, n in (line.split() for line in said.splitlines())}
    store = sqlite.open()
    held = 0
    for conversation in range(8):
        name = f"s{conversation}"
        state, basket, _ = await store.state(SHOP, name)
        told = last.get(name, -1)
        turns = basket.facts["turns"] if basket else 0
        assert turns in (told + 1, told + 2), "all that was acknowledged, and at most the one under way"
        assert (state.version, state.misses) == (turns, turns - 1) if state else turns == 0
        assert [one.turn for one in await store.events(session=name)] == [f"t{n}" for n in range(turns)]
        for n in range(turns):
            assert await store.turn("terminal", name, f"t{n}") is not None
        assert await store.turn("terminal", name, f"t{turns}") is None
        held += (turns - 1) % 3 + 1 if conversation % 2 and turns else 0
    assert await store.free(SHOP, [("cola", "")], None) == {("cola", ""): 1000 - held}


async def test_of_processes_that_pay_one_order_no_commit_is_lost_or_half(sqlite: Engine) -> None:
    store = sqlite.open()
    await begun(store)
    children = [talker(sqlite.folder, "pay") for _ in range(2)]
    written = [
        line for said in await asyncio.gather(*(asyncio.to_thread(ended, one) for one in children)) for line in said
    ]
    basket, payment, booked = await store.order("o1"), await store.payment("o1"), await store.entries("o1")
    assert basket is not None and basket.version == 1 + len(written) == 1 + len(await store.events())
    assert {one.id: one.version for one in payment.attempts} == Counter(written)
    assert payment.charges and not ledger.mismatches(payment, booked)
    assert [one.ref for one in await store.owed()] == ([payment.live.id] if payment.live else [])
    assert len({name.split("-")[0] for name in written}) == 2


async def test_what_a_killed_process_had_claimed_is_free_at_once(sqlite: Engine) -> None:
    store = sqlite.open()
    await done(store, effects=(effect(),))
    child = talker(sqlite.folder, "claim")
    assert child.stdout is not None and child.stdout.readline() == "1\n"
    assert await store.claim(AT, lease=30) == []
    kill(child)
    assert await store.claim(AT, lease=30) == [effect()]


async def test_a_process_that_ends_leaves_no_file_behind(sqlite: Engine) -> None:
    store = sqlite.open()
    await done(store, turn=turn())
    await store.close()
    assert list((sqlite.folder / "processes").iterdir()) == []


async def test_a_locked_file_is_told_and_the_store_goes_on(sqlite: Engine) -> None:
    store = sqlite.open(busy_seconds=0.1)
    await done(store, turn=turn("before"))
    other = sqlite3.connect(sqlite.folder / FILE, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    answers = await asyncio.gather(
        *(store.commit(Change(turn=turn(f"t{n}"))) for n in range(5)), return_exceptions=True
    )
    assert all(isinstance(answer, StoreError) for answer in answers)
    assert "locked by another program" in str(answers[0])
    with pytest.raises(StoreError):
        await store.number(SHOP)
    assert await store.turn("terminal", "s1", "before") is not None
    other.execute("ROLLBACK")
    other.close()
    assert await store.turn("terminal", "s1", "t0") is None
    await done(store, turn=turn("t0"))


async def test_what_can_not_be_written_spoils_nobody_elses(sqlite: Engine) -> None:
    store = sqlite.open()
    broken = [turn(session="\udce4"), turn("x", shop=None), turn("y", body=object())]
    answers = await asyncio.gather(
        *(store.commit(Change(turn=one, session=session(one.session))) for one in (*broken, turn(session="fine"))),
        return_exceptions=True,
    )
    assert [type(answer) is Committed for answer in answers] == [False, False, False, True]
    assert await store.turn("terminal", "fine", "t1") is not None


async def test_a_full_disk_is_told_and_nothing_of_the_turn_is_written(sqlite: Engine, monkeypatch: Any) -> None:
    plain = sqlite3.connect
    room = {"pages": ""}

    def small(*args: Any, **how: Any) -> sqlite3.Connection:
        connection: sqlite3.Connection = plain(*args, **how)
        connection.execute(f"PRAGMA max_page_count = {room['pages'] or 10**9}")
        return connection

    monkeypatch.setattr(sqlite3, "connect", small)
    first = sqlite.open()
    await done(first, turn=turn("before"), session=session(), orders=(order(),))
    await first.close()
    with plain(sqlite.folder / FILE) as look:
        (pages,) = look.execute("PRAGMA page_count").fetchone()
    room["pages"] = str(pages + 3)
    store = sqlite.open()
    long = reply("x" * 40_000)
    with pytest.raises(StoreError, match="no room"):
        await store.commit(
            Change(
                turn=turn("t1", reply=long),
                session=session(version=1, misses=1, last=long),
                orders=(order(version=1, discounts=("SAVE",)),),
                events=(event(),),
            )
        )
    with pytest.raises(StoreError, match="no room"):
        await store.commit(Change(orders=(order(version=1),), attempts=(attempt(request=b"x" * 40_000),)))
    state, basket, payment = await store.state(SHOP, "s1")
    assert state is None or state.misses == 0
    kept = await store.order("o1")
    assert kept is not None and kept.version == 1 and kept.discounts == () and basket is None
    assert payment.attempts == () and await store.events() == []
    assert await store.turn("terminal", "s1", "t1") is None
    await done(store, session=session(version=1, misses=7))


LIMITED = """
import asyncio, datetime as dt, resource, sys
from pathlib import Path
from types import SimpleNamespace
from assistant.errors import StoreError
from assistant.storage import Change, Committed
from assistant.storage.sqlite import SqliteStore
from tests.storage.made import reply, turn

async def main():
    store = SqliteStore.open(Path(sys.argv[1]), real_clock=lambda: dt.datetime.now(dt.UTC))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    wal = Path(sys.argv[1]) / "voicetill.db-wal"
    written, failed = [], []
    resource.setrlimit(resource.RLIMIT_FSIZE, (wal.stat().st_size + 200_000 if wal.exists() else 400_000, hard))
    for n in range(60):
        try:
            assert await store.commit(Change(turn=turn(f"t{n}", reply=reply("x" * 20_000)))) == Committed()
            written.append(n)
        except StoreError as error:
            failed.append((n, str(error)))
            if len(failed) == 3:
                resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    for n, _ in failed:
        assert await store.turn("terminal", "s1", f"t{n}") is None, n
    for n in written:
        assert await store.turn("terminal", "s1", f"t{n}") is not None, n
    await store.close()
    print(len(written), len(failed), failed[0][1])

asyncio.run(main())
"""


async def test_talks_in_which_a_person_is_wanted_are_found_in_an_older_file(
    sqlite: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    sqlite.folder.mkdir()
    older = {name: one for name, one in schema.MIGRATIONS.items() if name <= "m005_moves"}
    with monkeypatch.context() as then:
        then.setattr(schema, "MIGRATIONS", older)
        schema.migrate(sqlite.folder / FILE)
    rows = [("a", session("a", version=1, attended=Attended("asked", AT))), ("b", session("b", version=1))]
    with contextlib.closing(sqlite3.connect(sqlite.folder / FILE)) as file, file:
        file.executemany(
            "INSERT INTO sessions (shop, id, version, body) VALUES (?, ?, 1, ?)",
            [(SHOP, name, schema.plain_json(talk)) for name, talk in rows],
        )
    store = sqlite.open()
    assert await store.attended(SHOP) == [rows[0][1]]
    await done(store, turn=turn("t1", "a"), session=replace(rows[0][1], attended=None))
    await done(store, turn=turn("t1", "b"), session=replace(rows[1][1], attended=Attended("asked", AT)))
    assert [one.id for one in await store.attended(SHOP)] == ["b"]


def test_a_file_that_may_not_grow_is_told_and_the_store_goes_on_when_it_may(tmp_path: Path) -> None:
    ran = subprocess.run([sys.executable, "-c", LIMITED, str(tmp_path)], cwd=ROOT, text=True, capture_output=True)
    assert ran.returncode == 0, ran.stderr
    written, failed, told = ran.stdout.split(maxsplit=2)
    assert (written, failed) == ("57", "3") and "nothing was saved" in told


@pytest.mark.parametrize("spoilt", ["a file in its place", "another format", "a newer program's"])
def test_a_data_folder_that_can_not_be_used_is_one_clear_sentence(sqlite: Engine, spoilt: str) -> None:
    if spoilt == "a file in its place":
        sqlite.folder.write_text("mine")
    else:
        sqlite.folder.mkdir()
    if spoilt == "another format":
        (sqlite.folder / FILE).write_bytes(b"not a database, but long enough to be looked at " * 100)
    if spoilt == "a newer program's":
        sqlite.open()
        with sqlite3.connect(sqlite.folder / FILE) as db:
            db.execute(
                "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('voicetill', 'm999', '')"
            )
    with pytest.raises(SetupError, match=str(sqlite.folder)) as told:
        sqlite.open()
    assert "\n" not in str(told.value) and "--data" in str(told.value)


@pytest.mark.parametrize("code", [sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_SHMSIZE])
async def test_nobody_is_told_to_move_a_sound_store_away(sqlite: Engine, monkeypatch: Any, code: int) -> None:
    """A full disk: what is stored is whole, and needs room and nothing else."""
    await sqlite.open().close()

    def full(*args: Any, **how: Any) -> sqlite3.Connection:
        error = sqlite3.OperationalError("disk I/O error")
        error.sqlite_errorcode = code
        raise error

    monkeypatch.setattr(sqlite3, "connect", full)
    monkeypatch.setattr("shutil.disk_usage", lambda folder: SimpleNamespace(free=0))
    with pytest.raises(SetupError, match=r"no room left for .*; free some space on its disk and try again") as told:
        sqlite.open()
    assert "move it away" not in str(told.value)


async def test_a_store_is_opened_again_with_all_that_was_written(sqlite: Engine) -> None:
    store = sqlite.open()
    await begun(store)
    await paid(store)
    await done(store, session=session(order="o1"))
    number = await store.number(SHOP)
    await store.close()
    again = sqlite.open()
    _, basket, payment = await again.state(SHOP, "s1")
    assert basket is not None and payment.captured == 900
    assert await again.number(SHOP) != number


async def test_many_processes_may_open_a_new_folder_at_once(sqlite: Engine) -> None:
    stores = await asyncio.gather(*(asyncio.to_thread(sqlite.open) for _ in range(8)))
    answers = await asyncio.gather(*(store.commit(Change(turn=turn(f"t{n}"))) for n, store in enumerate(stores)))
    assert answers == [Committed()] * 8


async def test_commits_that_wait_share_a_transaction(sqlite: Engine) -> None:
    store = sqlite.open()
    await done(store, turn=turn())
    other = sqlite3.connect(sqlite.folder / FILE, isolation_level=None)
    looking = sqlite3.connect(sqlite.folder / FILE)
    seen: Counter[int] = Counter()
    other.execute("BEGIN IMMEDIATE")
    burst = asyncio.gather(*(store.commit(Change(turn=turn(f"b{n}"), session=session(f"b{n}"))) for n in range(600)))
    await asyncio.sleep(0.05)
    other.execute("ROLLBACK")
    while not burst.done():
        await asyncio.sleep(0)
        seen[looking.execute("PRAGMA data_version").fetchone()[0]] += 1
    assert await burst == [Committed()] * 600
    assert len(seen) <= 5
    other.close()
    looking.close()


@pytest.mark.parametrize(
    "statement",
    ["UPDATE ledger SET amount = 1", "DELETE FROM ledger", "UPDATE events SET kind = 'x'", "DELETE FROM events"],
)
async def test_the_ledger_and_the_events_only_grow(sqlite: Engine, statement: str) -> None:
    store = sqlite.open()
    await begun(store)
    entries = ledger.paid(await paid(store))
    await done(store, entries=entries, events=(event(),))
    with sqlite3.connect(sqlite.folder / FILE) as db, pytest.raises(sqlite3.IntegrityError, match="append-only"):
        db.execute(statement)
    assert tuple(await store.entries()) == entries and await store.events() == [event()]


@pytest.mark.parametrize("table", ["turns", "sessions", "orders", "attempts", "refunds", "ledger", "inbox", "effects"])
async def test_the_schema_itself_keeps_keys_unique(sqlite: Engine, table: str) -> None:
    store = sqlite.open()
    await done(store, turn=turn(), session=session(), orders=(order(number="A1"),), effects=(effect(),))
    await paid(store)
    await done(store, refunds=(refund(),), entries=ledger.paid(attempt()))
    with sqlite3.connect(sqlite.folder / FILE) as db:
        db.execute("INSERT INTO inbox (provider, event_id, body) VALUES ('sandbox', 'e1', '{}')")
        with pytest.raises(sqlite3.IntegrityError, match="UNIQUE"):
            db.execute(f"INSERT INTO {table} SELECT * FROM {table}")


async def test_the_schema_itself_keeps_one_live_attempt_an_order_and_numbers_apart(sqlite: Engine) -> None:
    store = sqlite.open()
    await done(store, orders=(order(number="A1"), order("o2")))
    await paid(store)
    await done(store, attempts=(attempt("a2"),))
    with sqlite3.connect(sqlite.folder / FILE) as db:
        with pytest.raises(sqlite3.IntegrityError, match="UNIQUE"):
            db.execute("UPDATE attempts SET state = 'sent' WHERE id = 'a1'")
        with pytest.raises(sqlite3.IntegrityError, match="UNIQUE"):
            db.execute("UPDATE orders SET number = 'A1'")
        db.execute("INSERT INTO stock VALUES ('burger-bar', 'cola', '', 2, 1)")
        for broken in ("held = 3", "on_hand = 0", "held = -1"):
            with pytest.raises(sqlite3.IntegrityError, match="CHECK"):
                db.execute(f"UPDATE stock SET {broken}")

"""The store on SQLite: one file, and one synced transaction at a time for all the commits that wait.

Commits gather while the disk syncs the ones before them, so a sync is shared by every conversation that waits. A
thread does what takes long without needing Python: the one statement of all ordinary turns, and the sync. What takes
many statements (a payment's commits) the event loop does itself before it hands the transaction to that thread: at
every statement the two would hand the interpreter to one another, which costs more than the statement. Each commit is
undone by itself, by being one statement or by a savepoint, so that one conflict does not spoil the others. Reads go
through a connection of their own. The turn path is plain sqlite3 with prepared text; sqlite-utils makes the schema and
may serve reports.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import fcntl
import os
import shutil
import sqlite3
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from typing import Any, NamedTuple, TypeVar

from assistant.commerce.order import Order
from assistant.commerce.payment import Attempt, Entry, Payment, Refund
from assistant.dialogue.state import OrderState, Session, StockKey
from assistant.errors import Bug, SetupError, StoreError
from assistant.storage import (
    Change,
    Committed,
    Conflict,
    EffectRow,
    EventRow,
    Learned,
    Record,
    Standing,
    State,
    TurnRow,
    rules,
)
from assistant.storage.batch import OF_THE_COMMIT, ROWS, SETUP, Row, ordinary, write_together
from assistant.storage.schema import migrate
from assistant.storage.tables import Tables, keep
from assistant.turns import Alias

FILE = "voicetill.db"
LIVES = "processes"
NEEDS = (3, 38)
"""The first SQLite with all that the schema and the statements use."""
LEAST_SPACE = 1 << 20
"""Bytes that a disk must have free: the file beside a database that its readers share alone takes 32 KiB."""
HANDFUL = 16
"""Most commits that gather before the writer is woken: to wake it for each costs more than the commit, and to gather
all would leave the disk idle meanwhile."""

TURNS = 4
"""So many of a session's last turns are known to be taken without a look at the file: a channel's retries."""

T = TypeVar("T")
Work = Callable[[Tables], Any]


class Job(NamedTuple):
    """Something that is written for somebody who waits for it."""

    work: Work
    future: asyncio.Future[Any]
    row: Row | None = None
    """Of an ordinary turn, which is written with others."""
    single: bool = False
    """`work` is one statement, which undoes itself."""
    long: bool = False
    """It may take longer than the event loop may stand still."""


class Bounds(NamedTuple):
    """Of what stands or falls together: the statements before it, and behind it where it is kept or undone."""

    begin: str
    keep: tuple[str, ...]
    undo: tuple[str, ...]


ALONE = Bounds("BEGIN IMMEDIATE", keep=("COMMIT",), undo=("ROLLBACK",))
AMONG_OTHERS = Bounds("SAVEPOINT one", keep=("RELEASE one",), undo=("ROLLBACK TO one", "RELEASE one"))

Answer = tuple["asyncio.Future[Any]", Any, BaseException | None]


class Group(NamedTuple):
    """What is one transaction, for the writer's thread to write or to end."""

    jobs: Sequence[Job]
    write: Callable[[], Sequence[Answer]]


_NO_MONEY = Payment()


class Ours(NamedTuple):
    """A session as this process last wrote or read it, whose order has no payment: what `begin` may answer unread.

    Whoever else writes it gives it another version, and whoever makes its first payment gives the order one, so that a
    decision on this is a Conflict then."""

    session: Session
    order: Order | None
    turns: tuple[tuple[str, str], ...]
    """(channel, id) of its last turns."""


class SqliteStore:
    """The Store contract. Made with `open`, in the thread whose event loop will use it."""

    def __init__(
        self, file: Path, process: str, life: int, real_clock: Callable[[], dt.datetime], busy_seconds: float
    ) -> None:
        self.file = file
        self.process = process
        self._life = life
        self._now = real_clock
        self._busy = busy_seconds
        self._reading: Tables | None = None
        self._ours: dict[tuple[str, str], Ours] = {}
        self._gathered: list[Job] = []
        self._tables: Tables | None = None
        """The connection that writes: the event loop's, but the writer's thread's while that is `_writing`."""
        self._writing = False
        self._queue: SimpleQueue[Group | None] = SimpleQueue()
        self._sweep_at = real_clock()
        self._open = True
        self._writer = threading.Thread(target=self._write, name="store-writer", daemon=True)
        self._writer.start()

    @classmethod
    def open(cls, folder: Path, *, real_clock: Callable[[], dt.datetime], busy_seconds: float = 5.0) -> SqliteStore:
        """Make or open the store in a data folder. `busy_seconds`: how long another process's lock is waited for."""
        if sqlite3.sqlite_version_info < NEEDS:
            raise SetupError(
                f"this Python has SQLite {sqlite3.sqlite_version}, and the store needs"
                f" {'.'.join(map(str, NEEDS))} or newer; use a newer Python"
            )
        file = folder / FILE
        process = uuid.uuid4().hex
        try:
            (folder / LIVES).mkdir(parents=True, exist_ok=True)
            life = _lock(_life(file, process))
            setup = _lock(folder / "setup.lock", wait=True)
            try:
                _bury(folder / LIVES)
                migrate(file)
            finally:
                os.close(setup)
        except OSError as error:
            raise SetupError(
                f"the data folder {folder} can't be used ({error}); make it writable or choose another with --data"
            ) from error
        except sqlite3.Error as error:
            trouble = _passing(file, error)
            raise SetupError(
                "; ".join(trouble)
                if trouble is not None  # to take what is stored away would lose it for nothing
                else f"{file} can't be used as the store ({error}); move it away or choose another folder with --data"
            ) from error
        return cls(file, process, life, real_clock, busy_seconds)

    # Reading, in the event loop's thread.

    @contextlib.contextmanager
    def _read(self) -> Iterator[Tables]:
        try:
            if self._reading is None:
                self._reading = self._connect(("PRAGMA query_only = ON",))
            yield self._reading
        except sqlite3.Error as error:
            raise _failure(self.file, error) from error

    async def turn(self, channel: str, session: str, turn: str) -> TurnRow | None:
        with self._read() as tables:
            return tables.turn(channel, session, turn)

    async def session(self, shop: str, session: str) -> Session | None:
        with self._read() as tables:
            return tables.session(shop, session)

    async def order(self, order: str) -> Order | None:
        with self._read() as tables:
            return tables.order(order)

    async def payment(self, order: str) -> Payment:
        with self._read() as tables:
            return tables.payments((order,))[order]

    async def standing(self, order: str) -> Standing | None:
        with self._read() as tables:
            return tables.standing(order)

    async def state(self, shop: str, session: str) -> State:
        with self._read() as tables:
            return tables.state(shop, session)

    async def at_hand(self, shop: str, session: str) -> State:
        ours = self._ours.get((shop, session))
        return await self.state(shop, session) if ours is None else (ours.session, ours.order, _NO_MONEY)

    async def begin(self, channel: str, shop: str, session: str, turn: str) -> TurnRow | State:
        ours = self._ours.get((shop, session))
        if ours is not None and (channel, turn) not in ours.turns:
            return ours.session, ours.order, _NO_MONEY
        with self._read() as tables:
            found = tables.begin(channel, shop, session, turn)
        if not isinstance(found, TurnRow) and found[0] is not None and found[2] == _NO_MONEY:
            self._remember(Ours(found[0], found[1], ()))
        return found

    async def orders(
        self,
        shop: str,
        *,
        session: str | None = None,
        person: str | None = None,
        stages: Sequence[str] = (),
        limit: int = 20,
    ) -> list[OrderState]:
        with self._read() as tables:
            return tables.orders(shop, session, person, stages, limit)

    async def order_by_number(self, shop: str, number: str) -> OrderState | None:
        with self._read() as tables:
            return tables.order_by_number(shop, number)

    async def free(self, shop: str, keys: Sequence[StockKey], order: str | None) -> dict[StockKey, int | None]:
        if not keys:
            return {}
        with self._read() as tables:
            return tables.free(shop, keys, order)

    async def attempt(self, attempt: str) -> Attempt | None:
        with self._read() as tables:
            return tables.attempt(attempt)

    async def refund(self, refund: str) -> Refund | None:
        with self._read() as tables:
            return tables.refund(refund)

    async def owed(self, orders: Sequence[str] = ()) -> list[EffectRow]:
        with self._read() as tables:
            return tables.owed(orders)

    async def events(
        self, *, order: str | None = None, session: str | None = None, limit: int = 1000
    ) -> list[EventRow]:
        with self._read() as tables:
            return tables.events(order, session, limit)

    async def entries(self, order: str | None = None) -> list[Entry]:
        with self._read() as tables:
            return tables.entries(order)

    async def attended(self, shop: str) -> list[Session]:
        with self._read() as tables:
            return tables.attended(shop)

    async def record(self, shop: str, kind: str, key: str) -> Record | None:
        with self._read() as tables:
            return tables.record(shop, kind, key)

    async def records(self, shop: str, kind: str, owner: str | None = None) -> list[Record]:
        with self._read() as tables:
            return tables.records(shop, kind, owner)

    async def moves(self, shop: str, since: int | None) -> tuple[int, list[Record]]:
        with self._read() as tables:
            return tables.moves(shop, since)

    async def aliases(self, shop: str) -> list[Learned]:
        with self._read() as tables:
            return tables.aliases(shop)

    # Writing.

    async def commit(self, change: Change) -> Committed | Conflict:
        plain = ordinary(change, self._now())
        ours = self._forget(change)
        done = await self._do(lambda tables: rules.write(tables, change), row=plain.row if plain else None)
        if not isinstance(done, Committed):
            return done
        if plain:
            self._keep(plain.session, plain.order)
            if change.turn is not None and (ours is not None or plain.session.version == 1):
                turns = (*(ours.turns if ours else ()), (change.turn.channel, change.turn.id))[-TURNS:]
                same = ours.order if ours and plain.session.order else None
                self._remember(Ours(plain.session, plain.order or same, turns))
            return done
        talk = rules.next_session(change.session) if change.session is not None else None
        self._keep(talk, *map(rules.next_order, change.orders))
        return done

    def _keep(self, session: Session | None, *orders: Order | None) -> None:
        if self._reading is not None:
            self._reading.keep(session, *orders)

    def _remember(self, ours: Ours) -> None:
        key = (ours.session.shop, ours.session.id)
        if ours.session.order != (ours.order.id if ours.order else None):
            self._ours.pop(key, None)
        else:
            keep(self._ours, key, ours)

    def _forget(self, change: Change) -> Ours | None:
        """Nothing that a commit touches is handed out unread before it is written; what was known of its session."""
        session = change.session
        ours = self._ours.pop((session.shop, session.id), None) if session is not None else None
        for order in change.orders:
            self._ours.pop((order.shop, order.session), None)
        for row in change.effects:
            self._ours.pop((row.shop, row.session), None)
        return ours

    async def seed_stock(self, shop: str, rows: Mapping[StockKey, int]) -> None:
        known = await self.free(shop, list(rows), None)
        new = {key: rows[key] for key, free in known.items() if free is None}
        if new:
            await self._do(lambda tables: rules.seed(tables, shop, new), long=True)

    async def number(self, shop: str) -> str:
        return rules.number_name(await self._do(lambda tables: tables.next_number(shop), single=True))

    async def claim(
        self, now: dt.datetime, *, orders: Sequence[str] = (), lease: float, limit: int = 20
    ) -> list[EffectRow]:
        with self._read() as reading:
            owners = reading.owners(now, orders)
        if not owners:
            return []
        dead = [one for one in owners if one not in (None, self.process) and _dead(_life(self.file, one))]
        return await self._do(lambda tables: tables.claim(now, orders, dead, self.process, lease, limit), single=True)

    async def release(self, effect: str, due_at: dt.datetime) -> None:
        await self._do(lambda tables: tables.free_effect(effect, due_at, self.process), single=True)

    async def lapse(self, now: dt.datetime) -> list[str]:
        with self._read() as reading:
            if not reading.lapsed(now):
                return []
        return await self._do(lambda tables: rules.lapse(tables, now), long=True)

    async def judge(self, shop: str, alias: Alias, state: str) -> bool:
        return await self._do(lambda tables: tables.judge(shop, alias, state), single=True)

    async def erase(self, shop: str, aliases: Sequence[Alias]) -> None:
        await self._do(lambda tables: tables.erase(shop, aliases), long=True)

    async def close(self) -> None:
        """Write what is waiting, then give everything back. The store can't be used any more."""
        if not self._open:
            return
        self._open = False
        while self._gathered:
            jobs = self._next()
            self._queue.put(Group(jobs, partial(self._whole, jobs)))
        self._queue.put(None)
        await asyncio.to_thread(self._writer.join)
        if self._reading is not None:
            self._reading.connection.close()
        with contextlib.suppress(OSError):
            _life(self.file, self.process).unlink()
        os.close(self._life)

    async def _do(
        self, work: Callable[[Tables], T], *, row: Row | None = None, single: bool = False, long: bool = False
    ) -> T:
        """Have it written; what it gives, or a Conflict that undid it. Raises what it raises, and StoreError."""
        if not self._open:
            raise Bug("the store is closed")
        loop = asyncio.get_running_loop()
        future = loop.create_future()
        self._gathered.append(Job(work, future, row, single, long))
        if len(self._gathered) < HANDFUL:
            loop.call_soon(self._hand_over)
        else:
            self._hand_over()
        result: T = await future
        return result

    def _hand_over(self) -> None:
        """Write what has gathered, unless the group before it still is being written: then it is the next."""
        if self._writing or not self._gathered:
            return
        jobs = self._next()
        self._writing = True
        self._queue.put(Group(jobs, self._begun(jobs) or partial(self._whole, jobs)))

    def _next(self) -> Sequence[Job]:
        """As many of those that wait as one transaction takes."""
        jobs, self._gathered = self._gathered[:ROWS], self._gathered[ROWS:]
        return jobs

    def _begun(self, jobs: Sequence[Job]) -> Callable[[], Sequence[Answer]] | None:
        """What is left of a transaction that was begun, and has what takes many statements. None: nothing is begun."""
        tables = self._tables
        plain = [job for job in jobs if job.row is not None]
        if tables is None or len(plain) == len(jobs) or any([job.long for job in jobs]):
            return None
        try:
            if not self._begin_at_once(tables):
                return None
            answers = [(job.future, *_done(tables, job, AMONG_OTHERS)) for job in jobs if job.row is None]
        except Exception as error:
            failed = self._failed(jobs, error)
            return lambda: failed
        return partial(self._rest, tables, plain, answers)

    def _begin_at_once(self, tables: Tables) -> bool:
        """Whether a transaction is begun: not where another process writes, for which the thread can wait."""
        tables.run("PRAGMA busy_timeout = 0")
        try:
            tables.run("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
            return False
        finally:
            tables.run(f"PRAGMA busy_timeout = {round(self._busy * 1000)}")
        return True

    def _whole(self, jobs: Sequence[Job]) -> list[Answer]:
        """All of them in one synced transaction; a conflict or a bug undoes only its own."""
        tables = self._tables = self._tables or self._connect(SETUP)
        self._sweep(tables)
        rows = [job.row for job in jobs if job.row is not None]
        if len(rows) == len(jobs) and write_together(tables, rows):
            return [(job.future, Committed(), None) for job in jobs]
        if len(jobs) == 1:
            return [(jobs[0].future, *_done(tables, jobs[0], ALONE))]
        tables.run("BEGIN IMMEDIATE")
        return _end(tables, jobs)

    def _rest(self, tables: Tables, jobs: Sequence[Job], answers: Sequence[Answer]) -> list[Answer]:
        """The end of a transaction of which these are done."""
        self._sweep(tables)
        return [*answers, *_end(tables, jobs)]

    def _sweep(self, tables: Tables) -> None:
        """Throw away what is over, now and then."""
        now = self._now()
        if now >= self._sweep_at:
            tables.drop_records(now)
            dropped = tables.drop_turns(now - rules.KEEP_TURNS, rules.SWEEP)
            self._sweep_at = now + (dt.timedelta(0) if dropped == rules.SWEEP else rules.SWEEP_EVERY)

    def _write(self) -> None:
        """The writer's thread."""
        while (group := self._queue.get()) is not None:
            try:
                answers = group.write()
            except Exception as error:  # whatever it is, the writer goes on
                answers = self._failed(group.jobs, error)
            self._writing = False
            loops: dict[asyncio.AbstractEventLoop, list[Answer]] = {}
            for answer in answers:
                loops.setdefault(answer[0].get_loop(), []).append(answer)
            for loop, its in loops.items():
                with contextlib.suppress(RuntimeError):  # that loop has ended: nobody waits there any more
                    loop.call_soon_threadsafe(self._answer, its)
        _drop(self._tables)

    def _failed(self, jobs: Sequence[Job], error: Exception) -> list[Answer]:
        """Nothing of them is written. The connection may be past use (a disk that failed under it)."""
        _drop(self._tables)
        self._tables = None
        return [(job.future, None, _failure(self.file, error)) for job in jobs]

    def _answer(self, answers: Sequence[Answer]) -> None:
        self._hand_over()
        for future, result, error in answers:
            if future.done():
                continue
            if error is not None:
                future.set_exception(error)
            else:
                future.set_result(result)

    def _connect(self, setup: Sequence[str]) -> Tables:
        connection = sqlite3.connect(self.file, timeout=self._busy, isolation_level=None, check_same_thread=False)
        for statement in ("PRAGMA synchronous = FULL", "PRAGMA foreign_keys = ON", *setup):
            connection.execute(statement)
        return Tables(connection, self._now)


def _end(tables: Tables, jobs: Sequence[Job]) -> list[Answer]:
    """Write these, the ordinary turns last, and sync the transaction that they are in."""
    answers = [(job.future, *_done(tables, job, AMONG_OTHERS)) for job in jobs if job.row is None]
    plain = [job for job in jobs if job.row is not None]
    if plain and write_together(tables, [job.row for job in plain if job.row is not None]):
        answers += [(job.future, Committed(), None) for job in plain]
    else:
        answers += [(job.future, *_done(tables, job, AMONG_OTHERS)) for job in plain]
    tables.run("COMMIT")
    return answers


def _done(tables: Tables, job: Job, bounds: Bounds) -> tuple[Any, BaseException | None]:
    """What came of it. Within its bounds it is written whole or not at all."""
    if job.single:
        return _tried(job.work, tables)
    tables.run(bounds.begin)
    result, error = _tried(job.work, tables)
    for statement in bounds.keep if error is None and not isinstance(result, Conflict) else bounds.undo:
        tables.run(statement)
    return result, error


def _tried(work: Work, tables: Tables) -> tuple[Any, BaseException | None]:
    try:
        return work(tables), None
    except OF_THE_COMMIT as broken:
        return None, Bug(f"a commit broke the schema's own rules: {broken}")
    except (sqlite3.Error, MemoryError):
        raise
    except Exception as other:  # whatever it is, it belongs to this commit's caller and to nobody else
        return None, other


def _drop(tables: Tables | None) -> None:
    if tables is not None:
        with contextlib.suppress(sqlite3.Error):
            tables.connection.close()


def _failure(file: Path, error: Exception) -> StoreError:
    trouble = _passing(file, error)
    if trouble is not None:
        return StoreError(", so nothing was saved; ".join(trouble), can_retry=True)
    return StoreError(
        f"{file} can't be used ({error}), so nothing was saved; check that its disk has room and works"
        " and that it may be written",
        can_retry=True,
    )


def _passing(file: Path, error: Exception) -> tuple[str, str] | None:
    """(what is wrong, its remedy) where the file is sound and the trouble passes; None where it may be damaged."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return f"{file} is locked by another program", "close that program and try again"
    # Beside a database that is read a full disk is an I/O error: there is no room for what its readers share.
    if code == sqlite3.SQLITE_FULL or (code == sqlite3.SQLITE_IOERR and is_full(file.parent)):
        return f"there is no room left for {file}", "free some space on its disk and try again"
    return None


def is_full(folder: Path) -> bool:
    """Whether the folder's disk has no room for what any database needs beside it."""
    try:
        return shutil.disk_usage(folder).free < LEAST_SPACE
    except OSError:
        return False


def _life(file: Path, process: str) -> Path:
    return file.parent / LIVES / f"{process}.lock"


def _lock(file: Path, *, wait: bool = False) -> int:
    """The open file, locked until it is closed or its process ends. Raises BlockingIOError when somebody has it."""
    handle = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except OSError:
        os.close(handle)
        raise
    return handle


def _dead(life: Path) -> bool:
    """Whether the process that holds this file is gone. A file that is gone was given back by its process."""
    if not life.exists():
        return True
    try:
        os.close(_lock(life))
    except BlockingIOError:
        return False
    return True


def _bury(lives: Path) -> None:
    """Drop the files of dead processes. A younger file may belong to one that is about to lock it."""
    for life in lives.glob("*.lock"):
        with contextlib.suppress(OSError):
            if time.time() - life.stat().st_mtime > 60 and _dead(life):
                life.unlink()

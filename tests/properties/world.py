"""A shop with everything around it: processes that die, freeze and share a folder, far ends, people who talk.

Nothing in here decides what happens (`deeds` does) or what is right (`truths` does); it only makes it happen, and
remembers what was committed, heard and said.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import logging
import os
import shutil
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path
from random import Random
from typing import Any
from unittest import mock

import msgspec

import assistant.interpreter
import assistant.premises
from assistant.app import Assistant
from assistant.commerce.catalogue import Catalogue
from assistant.commerce.order import Order
from assistant.commerce.shop import Shop
from assistant.dialogue.state import OrderState, ReadBack, Session
from assistant.discovery import discover, find
from assistant.errors import StoreError
from assistant.payments import sandbox
from assistant.storage import Change, Committed
from assistant.storage.memory import MemoryStore
from assistant.storage.sqlite import FILE, SqliteStore
from assistant.turns import Act, Hypothesis, Reply, Turn
from assistant.understanding import Lexicon, build_lexicon
from tests.properties.bank import Bank, BrokenError
from tests.properties.fast import FastLoop

WRITES = frozenset({"commit", "claim", "number", "seed_stock", "release", "lapse"})
READS = frozenset(
    {"turn", "session", "order", "payment", "state", "orders", "order_by_number", "free", "attempt", "refund", "owed"}
    | {"events", "entries"}
)
CALLS = frozenset({"send", "query"})
parts = cache(discover)
VARIABLES = ("VOICETILL_SANDBOX", "VOICETILL_SANDBOX_DELAY", "VOICETILL_EXTENSIONS")
LONGEST = 150.0
"""Seconds a person listens for an answer; one of a process that is frozen never comes."""
EVERYTHING = 10_000

Stock = dict[tuple[str, str], tuple[int, int]]
Holds = dict[tuple[str, str, str], tuple[int, int]]


class Process:
    """One process over the data: it may be slow, freeze, find the disk full, or die at a point that was named."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.dead = False
        self.doom: int | str | None = None
        """It dies after so many points more, or at the next of this name."""
        self.slow = 0.0
        self.full = 0
        """So many commits find no room."""
        self.thawed = asyncio.Event()
        self.thawed.set()
        self.store: Any = world.new_store()
        self.house: Assistant

    @property
    def frozen(self) -> bool:
        return not self.thawed.is_set()

    async def open(self, *, recover: bool = True) -> Process:
        world = self.world
        with (
            mock.patch.object(assistant.premises, "find", self._find),
            mock.patch.multiple(assistant.interpreter, discover=parts, build_lexicon=world.lexicon),
        ):
            self.house = await Assistant.open(
                world.shop,
                world.catalogue,
                store=Gate(self.store, self, WRITES, READS),  # type: ignore[arg-type]
                data=world.data,
                languages=world.shop.languages,
                clock=world.clock,
                real_clock=world.loop.real,
                recover=recover,
            )
        return self

    def _find(self, kind: str, name: str) -> Any:
        if kind != "provider":
            return find(kind, name)
        far_end = {"transfer": self.world.bank, "sandbox": self.world.sandbox}.get(name) or find(kind, name)
        return Opening(far_end, self)

    async def point(self, name: str, doomed: bool = True) -> None:
        if self.dead:
            raise asyncio.CancelledError
        if doomed and self.doom is not None:
            if isinstance(self.doom, int):
                self.doom -= 1
            if self.doom in (0, name):
                self.world.met[f"killed {name}"] += 1
                self.world.met["killed"] += 1
                await self.die()
                raise asyncio.CancelledError
        if not self.thawed.is_set():
            await self.thawed.wait()
        if doomed and self.slow and not self.dead:
            await asyncio.sleep(self.slow)
        if self.dead:
            raise asyncio.CancelledError

    async def die(self) -> None:
        """As by kill -9: what it did is done, and it does nothing any more."""
        if not self.dead:
            self.dead = True
            self.thawed.set()
            await self.store.close()

    async def close(self) -> None:
        if not self.dead:
            self.doom, self.slow, self.full = None, 0.0, 0
            self.thawed.set()
            await self.house.close()
            self.dead = True
            await self.store.close()


class Gate:
    """A store or provider whose calls go by the points at which its process may stop."""

    def __init__(self, real: Any, process: Process, calls: frozenset[str], quiet: frozenset[str] = frozenset()) -> None:
        self._real, self._process, self._calls, self._quiet = real, process, calls, quiet

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._real, name)
        if name in self._quiet:
            return self._reading(found)
        return self._called(name, found) if name in self._calls else found

    def _reading(self, found: Callable[..., Any]) -> Callable[..., Any]:
        async def read(*given: Any, **named: Any) -> Any:
            await self._process.point("", doomed=False)
            return await found(*given, **named)

        return read

    def _called(self, name: str, found: Callable[..., Any]) -> Callable[..., Any]:
        process, world = self._process, self._process.world

        async def called(*given: Any, **named: Any) -> Any:
            await process.point(f"before {name}")
            if name == "commit" and process.full:
                process.full -= 1
                world.met["disk full"] += 1
                raise StoreError("there is no room left", can_retry=True)
            if name in WRITES:
                async with world.loop.writing(process) if world.on_disk else contextlib.nullcontext():
                    if process.dead:  # while it waited for its turn
                        raise asyncio.CancelledError
                    before = await process.store.session(*_session_of(given[0])) if _session_of(given) else None
                    result = await found(*given, **named)
                if name == "commit" and isinstance(result, Committed):
                    await world.committed(given[0], before, process)
            else:
                result = await found(*given, **named)
            await process.point(f"after {name}")
            return result

        return called


def _session_of(given: Any) -> tuple[str, str] | None:
    change = given[0] if isinstance(given, tuple) and given else given
    if isinstance(change, Change) and change.session is not None:
        return change.session.shop, change.session.id
    return None


class Opening:
    """A provider as discovery finds it; what it opens goes by the gate."""

    def __init__(self, part: Any, process: Process) -> None:
        self._part, self._process = part, process

    def open(self, setup: Any) -> Gate:
        return Gate(self._part.open(setup), self._process, CALLS)


class Yes(msgspec.Struct, frozen=True):
    """An attempt as it was made, with what its buyer had heard and said before it."""

    attempt: Any
    order: Order
    read_back: ReadBack | None
    heard: Order | None
    """The order as it stood when it was read back."""
    text: str
    """What was shown then."""
    acts: tuple[str, ...]
    session: str
    at: dt.datetime
    spoken: bool


class Problems(logging.Handler):
    """Whatever the assistant logs with a traceback, but what was broken on purpose."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.found: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.exc_info and not isinstance(record.exc_info[1], BrokenError | StoreError):
            self.found.append(logging.Formatter().format(record))


class World:
    def __init__(self, shop: Shop, catalogue: Catalogue, *, on_disk: bool) -> None:
        self.loop = FastLoop()
        asyncio.set_event_loop(self.loop)
        self.shop, self.catalogue, self.on_disk = shop, catalogue, on_disk
        self.data = Path(tempfile.mkdtemp(prefix="voicetill-", dir=_room()))
        self.memory = MemoryStore(real_clock=self.loop.real)
        self.ahead = dt.timedelta()
        """By how much the shop's clock is before the real one."""
        self.bank = Bank()
        self.sandbox = sandbox.Sandbox(clock=self.loop.real)
        self.met: Counter[str] = self.bank.met
        """Faults, by name."""
        self.acts: Counter[str] = Counter()
        """Acts as the core was given them."""
        self.said: Counter[tuple[str, str]] = Counter()
        """(act, language) that was put into words."""
        self.moves: Counter[tuple[str, str, str]] = Counter()
        """(what, from, to)"""
        self.states: dict[tuple[str, str], dict[int, str]] = {}
        """(what, id) -> version -> state, as committed."""
        self.heard: dict[tuple[str, str], tuple[Order | None, str]] = {}
        """(session, turn) of a read-back -> the order then, and what was shown."""
        self.agreed: dict[str, Yes] = {}
        """By attempt."""
        self.deck: list[tuple[str, str]] = []
        """(act, language) to be put into words first, the last one next."""
        self.turns: dict[str, tuple[Turn, Reply]] = {}
        """Turns that got a reply, with the last that they got; by id."""
        self.new: list[Reply] = []
        """Replies that nobody has looked at yet."""
        self.start: dict[tuple[str, str], int] = {}
        """First number of each stock row."""
        self.wrong: list[str] = []
        self.problems = Problems()
        logger = logging.getLogger("assistant")
        self._silent = (logger.propagate, logger.level)
        logger.propagate = False
        logger.addHandler(self.problems)
        self._kept = {name: os.environ.pop(name, None) for name in VARIABLES}
        self._time = mock.patch.object(sandbox, "_now", self.loop.real)
        self._time.start()
        self.reader: Any = self.new_store()
        """Shows what is committed, whoever lives."""
        self._lexicons: dict[str, Lexicon] = {}
        self.processes: list[Process] = []
        self.tasks: set[asyncio.Task[Any]] = set()
        self.count = 0
        self.cards = False
        """A card number was said."""

    # -- time and data -------------------------------------------------------------------------------------------

    def clock(self) -> dt.datetime:
        return self.loop.real() + self.ahead

    def lexicon(self, *given: Any) -> Lexicon:
        """Of the catalogue as it is now; made once, as only the merchant changes it."""
        version = self.catalogue.version
        if version not in self._lexicons:
            self._lexicons[version] = build_lexicon(*given)
        return self._lexicons[version]

    def new_store(self) -> Any:
        if self.on_disk:
            return SqliteStore.open(self.data, real_clock=self.loop.real)
        return MemoryStore(real_clock=self.loop.real, beside=self.memory)

    @property
    def live(self) -> list[Process]:
        return [one for one in self.processes if not one.dead]

    async def process(self, chance: Random | None = None) -> Process:
        """One that runs; a new one where none does."""
        awake = [one for one in self.live if not one.frozen]
        if not awake:
            awake = [await self.another()]
        return chance.choice(awake) if chance else awake[0]

    async def another(self, *, recover: bool = True) -> Process:
        self.processes = self.live
        made = Process(self)
        await made.open(recover=recover)
        self.processes.append(made)
        return made

    async def everything(self) -> list[OrderState]:
        return list(await self.reader.orders(self.shop.id, limit=EVERYTHING))

    async def entries(self) -> list[Any]:
        return list(await self.reader.entries(None))

    async def owed(self) -> list[Any]:
        return list(await self.reader.owed())

    async def session(self, name: str) -> Session | None:
        found: Session | None = await self.reader.session(self.shop.id, name)
        return found

    async def stored(self, turn: Turn) -> Any:
        return await self.reader.turn(turn.channel, turn.session, turn.id)

    def stock(self) -> tuple[Stock, Holds]:
        """(sku, bucket) -> on hand, held; and (order, sku, bucket) -> held, sold."""
        if not self.on_disk:
            tables = self.memory.tables
            return (
                {(sku, bucket): row for (_shop, sku, bucket), row in tables.counts.items()},
                {
                    (order, one.sku, one.bucket): (one.held, one.sold)
                    for order, holds in tables.all_holds.items()
                    for one in holds.values()
                },
            )
        with contextlib.closing(sqlite3.connect(self.data / FILE)) as db:
            rows = db.execute("SELECT sku, bucket, on_hand, held FROM stock").fetchall()
            holds = db.execute("SELECT order_id, sku, bucket, held, sold FROM holds").fetchall()
        return ({(s, b): (n, h) for s, b, n, h in rows}, {(o, s, b): (h, n) for o, s, b, h, n in holds})

    async def snapshot(self, store: Any) -> Any:
        """Everything that a restart must find again."""
        sessions = [await store.session(self.shop.id, name) for name in ("a", "b", "c")]
        orders = sorted(await store.orders(self.shop.id, limit=EVERYTHING), key=lambda one: one.order.id)
        return msgspec.json.encode((sessions, orders, sorted(await store.entries(None), key=str))), self.stock()

    def kept(self) -> bytes:
        """All that lies in storage, as bytes."""
        if self.on_disk:
            files = [path for path in self.data.rglob("*") if path.is_file()]
        else:
            files = [path for path in self.data.rglob("*") if path.is_file()]
        raw = b"".join(path.read_bytes() for path in files)
        if not self.on_disk:
            tables = self.memory.tables
            raw += repr((tables.turns, tables.sessions, tables.all_orders, tables.events, tables.all_attempts)).encode()
        return raw

    # -- what people do ------------------------------------------------------------------------------------------

    def turn(self, session: str, *acts: Act, text: str | None = None, **fields: Any) -> Turn:
        self.count += 1
        fields.setdefault("source", "tapped" if text is None else "typed")
        return Turn(
            id=f"t{self.count}",
            channel="c",
            shop=self.shop.id,
            session=session,
            person=None if session == "c" else "ana",
            at=self.clock(),
            acts=acts,
            hypotheses=() if text is None else (Hypothesis(text),),
            can=frozenset({"screen", "links", "private"}),
            **fields,
        )

    async def take(self, turn: Turn, process: Process | None = None) -> Reply | None:
        """The reply; None of a process that died or froze over it."""
        process = process or await self.process()
        task: asyncio.Task[Reply] = asyncio.create_task(process.house.take(turn))
        self.tasks.add(task)
        done, _late = await asyncio.wait({task}, timeout=LONGEST)
        if not done:
            self.met["no answer to a person"] += 1
            return None
        self.tasks.discard(task)
        if task.cancelled():
            return None
        reply = task.result()
        self.turns[turn.id] = (turn, reply)
        self.new.append(reply)
        return reply

    # -- what was committed --------------------------------------------------------------------------------------

    async def committed(self, change: Change, before: Session | None, process: Process) -> None:
        """Remembers a commit: moves, read-backs, and what stood behind each new attempt."""
        for what, rows, field in (
            ("order", change.orders, "stage"),
            ("attempt", change.attempts, "state"),
            ("refund", change.refunds, "state"),
        ):
            for one in rows:
                self._moved(what, one.id, one.version + 1, getattr(one, field))
        acts: tuple[str, ...] = ()
        for event in change.events:
            if event.kind == "turn":
                acts = tuple(one["act"] for one in event.data["acts"])
                self.acts.update(acts)
        turn, session = change.turn, change.session
        back = session.read_back if session else None
        if turn is not None and session is not None and back is not None and back.turn == turn.id and back.fingerprint:
            order = next((one for one in change.orders if one.id == session.order), None)
            order = order or (await process.store.order(session.order) if session.order else None)
            self.heard[session.id, turn.id] = (order, turn.reply.text)
        for attempt in change.attempts:
            if attempt.version == 0:
                order = next(one for one in change.orders if one.id == attempt.order)
                read_back = before.read_back if before else None
                said_in = (turn.session, read_back.turn) if turn and read_back else ("", "")
                heard, text = self.heard.get(said_in, (None, ""))
                self.agreed[attempt.id] = Yes(
                    attempt,
                    order,
                    read_back,
                    heard,
                    text,
                    acts,
                    turn.session if turn else "",
                    turn.at if turn else self.clock(),
                    any(event.data.get("source") in ("speech", "platform") for event in change.events),
                )

    def _moved(self, what: str, name: str, version: int, state: str) -> None:
        states = self.states.setdefault((what, name), {})
        states[version] = state
        for one, other in ((version - 1, version), (version, version + 1)):
            if one in states and other in states and states[one] != states[other]:
                self.moves[what, states[one], states[other]] += 1

    # -- the end -------------------------------------------------------------------------------------------------

    def close(self) -> None:
        try:
            for one in self.live:
                with contextlib.suppress(Exception):
                    self.loop.run(one.die())
            self.loop.run(self.reader.close())
            self.loop.shutdown()
        finally:
            self._time.stop()
            for name, value in self._kept.items():
                os.environ.pop(name, None)
                if value is not None:
                    os.environ[name] = value
            logger = logging.getLogger("assistant")
            logger.removeHandler(self.problems)
            logger.propagate = self._silent[0]
            asyncio.set_event_loop(None)
            shutil.rmtree(self.data, ignore_errors=True)


def _room() -> str | None:
    """Where syncing costs nothing, if there is such a place: what is tested here is not the disk."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None

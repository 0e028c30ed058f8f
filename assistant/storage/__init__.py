"""The Store contract: one transaction a turn, committed and synced before anything is said or sent.

Engines are files beside this one (`sqlite`, `memory`); one contract test suite runs over all of them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from msgspec import Struct

from assistant.commerce.order import Order
from assistant.commerce.payment import Attempt, Entry, Facts, Payment, Refund
from assistant.dialogue.state import OrderState, Session, StockKey, StockMove
from assistant.turns import Alias, Reply


class TurnRow(Struct, frozen=True, kw_only=True):
    """A turn as it is kept, 30 days."""

    channel: str
    session: str
    id: str
    shop: str
    body: str
    """Hash of what was said: the same id with another body is refused."""
    at: dt.datetime
    reply: Reply
    final: bool
    """False while effects of this turn are under way."""


class EventRow(Struct, frozen=True, kw_only=True):
    """Something that happened in a talk or to an order. Only ever added."""

    at: dt.datetime
    shop: str
    session: str
    order: str | None
    turn: str | None
    channel: str
    language: str
    kind: str
    data: dict[str, Any]
    version: int = 1


class EffectRow(Struct, frozen=True, kw_only=True):
    """One call to a far end that is owed. Claimed by a lease before its first call."""

    id: str
    """charge:ATTEMPT, close:ATTEMPT, refund:REFUND — unique."""
    kind: str
    order: str
    shop: str
    ref: str
    """Attempt or refund id."""
    session: str
    channel: str
    turn: str
    due_at: dt.datetime
    """Real time of the next try or query."""
    tries: int = 0
    then: str = "nothing"


class Heard(Struct, frozen=True):
    """Somebody said what a doubtful name means."""

    shop: str
    alias: Alias
    voice: str
    """The same for all turns of one person, or of one talk of somebody unknown."""
    at: dt.datetime


class Learned(Struct, frozen=True):
    """What was counted of one alias, and what the merchant said to it."""

    alias: Alias
    state: str
    """open | accepted | rejected"""
    times: int
    voices: int
    at: dt.datetime
    """When it was heard last."""


class Record(Struct, frozen=True, kw_only=True):
    """Something small that is kept by its key: a code, which talk a device is at, a person, a token."""

    shop: str
    kind: str
    key: str
    body: str = ""
    """JSON; what is secret in it is hashed or sealed. Empty: the record is dropped."""
    owner: str = ""
    """Whose it is, to find all of somebody's."""
    until: dt.datetime | None = None
    """Real time after which it may be thrown away."""
    version: int = 0


class Change(Struct, frozen=True, kw_only=True):
    """Everything that one commit writes, all of it or nothing.

    `session.version` and each `orders[i].version` are the versions that were read (0: new); the store writes
    version + 1.
    """

    turn: TurnRow | None = None
    """A new turn; one that is stored already is Conflict("turn")."""
    replaces: bool = False
    """True (the second commit): `turn` is stored already and gets this reply."""
    session: Session | None = None
    orders: tuple[Order, ...] = ()
    seen: tuple[str, int] | None = None
    """(order id, version) of an order that was looked at and isn't written: it must still stand so."""
    stock: tuple[tuple[str, StockMove], ...] = ()
    attempts: tuple[Attempt, ...] = ()
    """New (version 0) or moved on (version read)."""
    refunds: tuple[Refund, ...] = ()
    effects: tuple[EffectRow, ...] = ()
    """New or put off (same id replaces)."""
    effects_done: tuple[str, ...] = ()
    """Ids of effects that are owed no more."""
    entries: tuple[Entry, ...] = ()
    inbox: Facts | None = None
    """Remembered with its event id when it has one; a repeated event id is Conflict("seen")."""
    events: tuple[EventRow, ...] = ()
    review: tuple[str, ...] = ()
    """Orders whose money a person must look at."""
    learned: tuple[Heard, ...] = ()
    records: tuple[Record, ...] = ()
    """`version` is the one that was read (0: new); where another is stored it is Conflict("record")."""
    check: Callable[[Mapping[str, Order]], bool] | None = None
    """Called in the transaction with the orders as they will stand; False: Conflict("consent"). It computes the
    fingerprint again where an attempt is created."""


State = tuple[Session | None, Order | None, Payment]
"""A session, its current order and that order's payment."""


class Standing(Struct, frozen=True):
    """An order, its payment, and what is still owed to far ends about it."""

    order: Order
    payment: Payment
    owed: tuple[EffectRow, ...]


class Committed(Struct, frozen=True):
    """Written and synced."""


class Conflict(Struct, frozen=True):
    """Nothing was written. why: version | turn | stock | attempt | consent | refund | seen | record"""

    why: str
    detail: str = ""


class Store(Protocol):
    """Reads see committed data. Commits raise StoreError when the disk or the lock fails."""

    async def turn(self, channel: str, session: str, turn: str) -> TurnRow | None: ...
    async def session(self, shop: str, session: str) -> Session | None: ...
    async def order(self, order: str) -> Order | None: ...
    async def payment(self, order: str) -> Payment: ...

    async def standing(self, order: str) -> Standing | None:
        """All that a far end's answer about an order is judged by, in one read."""
        ...

    async def state(self, shop: str, session: str) -> State:
        """The session, its current order and that order's payment, in one read."""
        ...

    async def at_hand(self, shop: str, session: str) -> State:
        """The same as this process last wrote or read it, where it remembers: another may have gone on since."""
        ...

    async def begin(self, channel: str, shop: str, session: str, turn: str) -> TurnRow | State:
        """The turn where it was taken before, else the state it finds: all that a turn begins with, in one read.

        What this process wrote last may be handed out unread. Where another has gone on from there, or has taken this
        turn, the commit is a Conflict; `state` and `turn` then read."""
        ...

    async def orders(
        self,
        shop: str,
        *,
        session: str | None = None,
        person: str | None = None,
        stages: Sequence[str] = (),
        limit: int = 20,
    ) -> list[OrderState]:
        """Newest first. A person's orders, or a session's, or (neither given) all of the shop's."""
        ...

    async def order_by_number(self, shop: str, number: str) -> OrderState | None: ...

    async def free(self, shop: str, keys: Sequence[StockKey], order: str | None) -> dict[StockKey, int | None]:
        """on_hand - held, with what `order` itself holds counted as free; a key without a row is None (unlimited)."""
        ...

    async def seed_stock(self, shop: str, rows: Mapping[StockKey, int]) -> None:
        """Rows that are not there yet get this on_hand; rows that are stay as they are."""
        ...

    async def attempt(self, attempt: str) -> Attempt | None: ...
    async def refund(self, refund: str) -> Refund | None: ...
    async def number(self, shop: str) -> str:
        """The next order number, A1 … A99, B1 …; never the same twice; gaps are allowed."""
        ...

    async def commit(self, change: Change) -> Committed | Conflict: ...

    async def claim(
        self, now: dt.datetime, *, orders: Sequence[str] = (), lease: float, limit: int = 20
    ) -> list[EffectRow]:
        """Due effects (of these orders, or of any) that nobody alive holds, now leased to this process.

        A lease ends after `lease` seconds of real time, or with its process (each process holds a locked file in the
        data folder; a free lock means dead). Committed before it returns."""
        ...

    async def release(self, effect: str, due_at: dt.datetime) -> None:
        """Give a claimed effect back; it is due again at `due_at`."""
        ...

    async def owed(self, orders: Sequence[str] = ()) -> list[EffectRow]:
        """Effects not yet done, claimed or not."""
        ...

    async def lapse(self, now: dt.datetime) -> list[str]:
        """Give back holds whose time is over (orders without a live attempt only); the order ids."""
        ...

    async def events(
        self, *, order: str | None = None, session: str | None = None, limit: int = 1000
    ) -> list[EventRow]:
        """The last `limit`, oldest first."""
        ...

    async def entries(self, order: str | None = None) -> list[Entry]: ...

    async def attended(self, shop: str) -> list[Session]:
        """The talks in which a person of the shop is wanted or answers."""
        ...

    async def record(self, shop: str, kind: str, key: str) -> Record | None: ...

    async def records(self, shop: str, kind: str, owner: str | None = None) -> list[Record]:
        """All of a kind, or those of one owner, by key."""
        ...

    async def moves(self, shop: str, since: int | None) -> tuple[int, list[Record]]:
        """How far the records `joined` and `linked` of all processes have come, and at least those that were written
        since it was `since` (None: without any); it forgets how far beyond ten thousand. Costs next to nothing where
        there are none."""
        ...

    async def aliases(self, shop: str) -> list[Learned]:
        """All that were ever counted, those heard last first. (Only the 5,000 newest open ones are kept.)"""
        ...

    async def judge(self, shop: str, alias: Alias, state: str) -> bool:
        """accepted | rejected: it stays so, however often it is heard. False where it was never counted."""
        ...

    async def erase(self, shop: str, aliases: Sequence[Alias]) -> None:
        """As if they had never been heard."""
        ...

    async def close(self) -> None: ...

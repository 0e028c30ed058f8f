"""Sample values, and what a store is opened with."""

from __future__ import annotations

import datetime as dt
import sqlite3
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from assistant.commerce import ledger
from assistant.commerce.order import Line, Order
from assistant.commerce.payment import Attempt, Refund
from assistant.dialogue.state import Session, StockMove
from assistant.storage import Change, Committed, Conflict, EffectRow, EventRow, Store, TurnRow
from assistant.storage.memory import MemoryStore
from assistant.storage.sqlite import FILE, SqliteStore
from assistant.turns import Reply

AT = dt.datetime(2026, 5, 4, 12, 0, tzinfo=dt.UTC)
SHOP = "burger-bar"


def dump(folder: Path) -> str:
    """All rows of a store."""
    with sqlite3.connect(folder / FILE) as plain:
        return "\n".join(line for line in plain.iterdump() if "_sqlite_migrations" not in line)


class Clock:
    def __init__(self) -> None:
        self.now = AT

    def __call__(self) -> dt.datetime:
        return self.now

    def pass_(self, **span: float) -> dt.datetime:
        self.now += dt.timedelta(**span)
        return self.now


class Engine:
    """Opens stores on one set of data; each is to the others what another process is."""

    def __init__(self, kind: str, folder: Path) -> None:
        self.kind, self.folder, self.clock = kind, folder, Clock()
        self.opened: list[Store] = []

    def open(self, **how: Any) -> Store:
        store: Store
        if self.kind == "sqlite":
            store = SqliteStore.open(self.folder, real_clock=self.clock, **how)
        else:
            first = next((one for one in self.opened if isinstance(one, MemoryStore)), None)
            store = MemoryStore(real_clock=self.clock, beside=first)
        self.opened.append(store)
        return store


def reply(text: str = "Anything else?", **more: Any) -> Reply:
    return Reply(speech=text, text=text, **more)


def turn(name: str = "t1", session: str = "s1", **more: Any) -> TurnRow:
    known: dict[str, Any] = {
        "channel": "terminal",
        "session": session,
        "id": name,
        "shop": SHOP,
        "body": "body",
        "at": AT,
        "reply": reply(),
        "final": True,
    }
    return TurnRow(**(known | more))


def session(name: str = "s1", **more: Any) -> Session:
    return Session(id=name, shop=SHOP, **more)


def order(name: str = "o1", **more: Any) -> Order:
    line = Line(id=1, item="cola", quantity=2, names={"en": "cola", "zh": "可乐"}, unit_price=450)
    known: dict[str, Any] = {
        "id": name,
        "shop": SHOP,
        "trade": "takeaway",
        "currency": "CNY",
        "session": "s1",
        "created_at": AT,
        "lines": (line,),
        "facts": {"address": {"text": "12 High Street"}},
    }
    return Order(**(known | more))


def attempt(name: str = "a1", **more: Any) -> Attempt:
    known: dict[str, Any] = {
        "id": name,
        "order": "o1",
        "shop": SHOP,
        "method": "card",
        "provider": "sandbox",
        "amount": 900,
        "currency": "CNY",
        "fingerprint": "f",
        "consent_turn": f"s1/{name}",
        "request": b"\x00pay 900\xff",
        "created_at": AT,
        "expires_at": AT + dt.timedelta(minutes=15),
    }
    return Attempt(**(known | more))


def refund(name: str = "r1", **more: Any) -> Refund:
    known: dict[str, Any] = {
        "id": name,
        "order": "o1",
        "attempt": "a1",
        "amount": 900,
        "currency": "CNY",
        "request": b"back",
        "lines": ((1, 2),),
        "created_at": AT,
    }
    return Refund(**(known | more))


def effect(name: str = "charge:a1", **more: Any) -> EffectRow:
    known: dict[str, Any] = {
        "id": name,
        "kind": "charge",
        "order": "o1",
        "shop": SHOP,
        "ref": "a1",
        "session": "s1",
        "channel": "terminal",
        "turn": "t1",
        "due_at": AT,
    }
    return EffectRow(**(known | more))


def event(**more: Any) -> EventRow:
    known: dict[str, Any] = {
        "at": AT,
        "shop": SHOP,
        "session": "s1",
        "order": "o1",
        "turn": "t1",
        "channel": "terminal",
        "language": "en",
        "kind": "turn",
        "data": {"heard": ["two colas"], "n": 1},
    }
    return EventRow(**(known | more))


def hold(*keys: tuple[str, str, int], minutes: float = 20) -> StockMove:
    return StockMove("hold", keys, AT + dt.timedelta(minutes=minutes))


PAYING: tuple[dict[str, Any], ...] = (
    {"turn": turn(), "session": session(order="o1"), "orders": (order(),), "events": (event(),)},
    {
        "turn": turn("t2", final=False),
        "session": session(order="o1", version=1),
        "orders": (order(version=1),),
        "attempts": (attempt(),),
        "effects": (effect(turn="t2"),),
        "events": (event(turn="t2"), event(turn="t2", kind="payment", data={"amount": 900, "said": 'a "yes"'})),
        "check": lambda orders: orders["o1"].version == 2,
    },
    {"attempts": (attempt(version=1, state="sent"),)},
    {"attempts": (attempt(version=2, state="unknown"),), "effects": (effect(turn="t2", tries=1, then="nothing"),)},
    {
        "turn": turn("t2", reply=reply("Paid, thank you.")),
        "replaces": True,
        "session": session(order="o1", version=2, person="ana"),
        "orders": (order(version=2, stage="placed", number="A1"),),
        "attempts": (attempt(version=3, state="paid", remote_id="r-1", pays_later=True),),
        "entries": ledger.paid(attempt(state="paid")),
        "effects_done": ("charge:a1",),
        "events": (event(turn="t2", kind="paid"),),
        "review": ("o1",),
    },
)
"""The commits of a payment, one after the other."""


async def done(store: Store, **change: Any) -> None:
    answer = await store.commit(Change(**change))
    assert isinstance(answer, Committed), answer


async def why(store: Store, **change: Any) -> str:
    answer = await store.commit(Change(**change))
    assert isinstance(answer, Conflict), "it was written"
    return answer.why


async def begun(store: Store, name: str = "o1", **more: Any) -> Order:
    """An order that is stored."""
    made = order(name, **more)
    await done(store, orders=(made,))
    return replace(made, version=1)


async def moved(store: Store, name: str, *states: str) -> Attempt:
    """An attempt after these moves, one commit each."""
    for state in states:
        stored = await store.attempt(name)
        assert stored is not None
        await done(store, attempts=(replace(stored, state=state),))
    stored = await store.attempt(name)
    assert stored is not None
    return stored


async def paid(store: Store, name: str = "a1", **more: Any) -> Attempt:
    await done(store, attempts=(attempt(name, **more),))
    return await moved(store, name, "sent", "paid")

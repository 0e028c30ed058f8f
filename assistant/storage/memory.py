"""The store without a disk, for tests and measurements: the same rules and the same conflicts, and nothing survives."""

from __future__ import annotations

import asyncio
import datetime as dt
import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from msgspec.structs import replace

from assistant.commerce.order import Order
from assistant.commerce.payment import Attempt, Entry, Facts, Payment, Refund
from assistant.dialogue.state import OrderState, Session, StockKey
from assistant.errors import Bug
from assistant.storage import (
    Change,
    Committed,
    Conflict,
    EffectRow,
    EventRow,
    Heard,
    Learned,
    Record,
    Standing,
    State,
    TurnRow,
    rules,
)
from assistant.storage.rules import Hold
from assistant.turns import Alias

T = TypeVar("T")

_NOTHING: Any = object()


class Tables:
    """Dictionaries that remember how to undo what was put since the last `keep`: the Rows that the rules work on."""

    def __init__(self, now: Callable[[], dt.datetime]) -> None:
        self.now = now
        self.alive: set[str] = set()
        self.turns: dict[tuple[str, str, str], tuple[TurnRow, dt.datetime]] = {}
        self.sessions: dict[tuple[str, str], Session] = {}
        self.all_orders: dict[str, Order] = {}
        self.orders_of: dict[str, tuple[str, ...]] = {}
        """By session."""
        self.names: dict[tuple[str, str], str] = {}
        self.numbers: dict[str, int] = {}
        self.review: dict[str, bool] = {}
        self.all_attempts: dict[str, Attempt] = {}
        self.attempts_of: dict[str, tuple[str, ...]] = {}
        self.all_refunds: dict[str, Refund] = {}
        self.refunds_of: dict[str, tuple[str, ...]] = {}
        self.ledger: dict[tuple[str, str], tuple[Entry, str | None]] = {}
        self.inbox: dict[int, tuple[str, Facts]] = {}
        self.inbox_ids: dict[tuple[str, str], bool] = {}
        self.effects: dict[str, tuple[EffectRow, str | None, dt.datetime | None]] = {}
        self.events: dict[int, EventRow] = {}
        self.counts: dict[tuple[str, str, str], tuple[int, int]] = {}
        self.all_holds: dict[str, dict[tuple[str, str], Hold]] = {}
        self.learned: dict[tuple[str, Alias], tuple[Learned, frozenset[str]]] = {}
        self.kept: dict[tuple[str, str, str], Record] = {}
        self._undo: list[tuple[dict[Any, Any], Any, Any]] = []

    def put(self, table: dict[Any, Any], key: Any, value: Any) -> None:
        self._undo.append((table, key, table.get(key, _NOTHING)))
        if value is _NOTHING:
            table.pop(key, None)
        else:
            table[key] = value

    def keep(self) -> None:
        self._undo.clear()

    def undo(self) -> None:
        while self._undo:
            table, key, value = self._undo.pop()
            if value is _NOTHING:
                table.pop(key, None)
            else:
                table[key] = value

    def turn_body(self, channel: str, session: str, turn: str) -> str | None:
        found = self.turns.get((channel, session, turn))
        return found[0].body if found else None

    def put_turn(self, row: TurnRow) -> None:
        self.put(self.turns, (row.channel, row.session, row.id), (row, self.now()))

    def drop_turns(self, before: dt.datetime, most: int) -> int:
        old = [key for key, (_, stored_at) in list(self.turns.items())[:most] if stored_at < before]
        for key in old:
            self.put(self.turns, key, _NOTHING)
        return len(old)

    def put_session(self, session: Session) -> bool:
        stored = self.sessions.get((session.shop, session.id))
        if (stored.version if stored else 0) != session.version - 1:
            return False
        self.put(self.sessions, (session.shop, session.id), session)
        return True

    def order_head(self, order: str) -> tuple[int, str] | None:
        stored = self.all_orders.get(order)
        return (stored.version, stored.stage) if stored else None

    def order(self, order: str) -> Order | None:
        return self.all_orders.get(order)

    def put_order(self, order: Order) -> None:
        old = self.all_orders.get(order.id)
        if old is None:
            self.put(self.orders_of, order.session, (*self.orders_of.get(order.session, ()), order.id))
        elif old.number is not None:
            self.put(self.names, (old.shop, old.number), _NOTHING)
        self.put(self.all_orders, order.id, order)
        if order.number is not None:
            self.put(self.names, (order.shop, order.number), order.id)

    def number_taken(self, shop: str, number: str, order: str) -> bool:
        return self.names.get((shop, number), order) != order

    def next_number(self, shop: str) -> int:
        self.put(self.numbers, shop, self.numbers.get(shop, 0) + 1)
        return self.numbers[shop]

    def mark_review(self, order: str) -> None:
        self.put(self.review, order, True)

    def attempt(self, attempt: str) -> Attempt | None:
        return self.all_attempts.get(attempt)

    def attempts(self, order: str) -> Sequence[Attempt]:
        return [self.all_attempts[one] for one in self.attempts_of.get(order, ())]

    def put_attempt(self, attempt: Attempt) -> None:
        if attempt.id not in self.all_attempts:
            self.put(self.attempts_of, attempt.order, (*self.attempts_of.get(attempt.order, ()), attempt.id))
        self.put(self.all_attempts, attempt.id, attempt)

    def refund(self, refund: str) -> Refund | None:
        return self.all_refunds.get(refund)

    def refunds(self, order: str) -> Sequence[Refund]:
        return [self.all_refunds[one] for one in self.refunds_of.get(order, ())]

    def put_refund(self, refund: Refund) -> None:
        if refund.id not in self.all_refunds:
            self.put(self.refunds_of, refund.order, (*self.refunds_of.get(refund.order, ()), refund.id))
        self.put(self.all_refunds, refund.id, refund)

    def payment(self, order: str) -> Payment:
        if order not in self.attempts_of and order not in self.review:
            return Payment()
        return Payment(tuple(self.attempts(order)), tuple(self.refunds(order)), order in self.review)

    def has_entry(self, entry: Entry) -> bool:
        return (entry.ref, entry.account) in self.ledger

    def add_entry(self, entry: Entry, order: str | None) -> None:
        self.put(self.ledger, (entry.ref, entry.account), (entry, order))

    def seen(self, provider: str, event: str) -> bool:
        return (provider, event) in self.inbox_ids

    def add_inbox(self, provider: str, facts: Facts) -> None:
        self.put(self.inbox, len(self.inbox), (provider, facts))
        if facts.event_id is not None:
            self.put(self.inbox_ids, (provider, facts.event_id), True)

    def put_effect(self, effect: EffectRow) -> None:
        self.put(self.effects, effect.id, (effect, None, None))

    def drop_effect(self, effect: str) -> None:
        self.put(self.effects, effect, _NOTHING)

    def add_events(self, events: Sequence[EventRow]) -> None:
        for event in events:
            self.put(self.events, len(self.events), event)

    def stock(self, shop: str, sku: str, bucket: str) -> tuple[int, int] | None:
        return self.counts.get((shop, sku, bucket))

    def put_stock(self, shop: str, sku: str, bucket: str, on_hand: int, held: int) -> None:
        self.put(self.counts, (shop, sku, bucket), (on_hand, held))

    def holds(self, order: str) -> Sequence[Hold]:
        return list(self.all_holds.get(order, {}).values())

    def put_hold(self, order: str, hold: Hold) -> None:
        holds = dict(self.all_holds.get(order, {}))
        holds[hold.sku, hold.bucket] = hold
        self.put(self.all_holds, order, {key: one for key, one in holds.items() if one.held or one.sold})

    def count_alias(self, heard: Heard) -> bool:
        key = (heard.shop, heard.alias)
        known, voices = self.learned.get(key, (Learned(heard.alias, "open", 0, 0, heard.at), frozenset()))
        voices |= {heard.voice}
        self.put(self.learned, key, _NOTHING)  # the ones heard last stand last
        row = replace(known, times=known.times + 1, voices=len(voices), at=heard.at)
        self.put(self.learned, key, (row, voices))
        return known.times == 0

    def drop_aliases(self, shop: str, most: int) -> None:
        openly = [key for key, (one, _) in self.learned.items() if key[0] == shop and one.state == "open"]
        for key in openly[: max(0, len(openly) - most)]:
            self.put(self.learned, key, _NOTHING)

    def judge(self, shop: str, alias: Alias, state: str) -> bool:
        known = self.learned.get((shop, alias))
        if known is not None:
            self.put(self.learned, (shop, alias), (replace(known[0], state=state), known[1]))
        return known is not None

    def erase(self, shop: str, aliases: Sequence[Alias]) -> None:
        for alias in aliases:
            self.put(self.learned, (shop, alias), _NOTHING)

    def record(self, shop: str, kind: str, key: str) -> Record | None:
        return self.kept.get((shop, kind, key))

    def put_record(self, record: Record) -> None:
        self.put(self.kept, (record.shop, record.kind, record.key), record)

    def drop_record(self, record: Record) -> None:
        self.put(self.kept, (record.shop, record.kind, record.key), _NOTHING)

    def drop_records(self, now: dt.datetime) -> None:
        for one in [one for one in self.kept.values() if one.until is not None and one.until < now]:
            self.drop_record(one)

    def lapsed(self, now: dt.datetime) -> Sequence[str]:
        return [
            order
            for order, holds in self.all_holds.items()
            if any(one.held and one.until is not None and one.until <= now for one in holds.values())
        ]


class MemoryStore:
    """The Store contract. `beside` shares another store's tables, as a second process on one data folder would."""

    def __init__(self, *, real_clock: Callable[[], dt.datetime], beside: MemoryStore | None = None) -> None:
        self.tables: Tables = beside.tables if beside else Tables(real_clock)
        self.process = uuid.uuid4().hex
        self.tables.alive.add(self.process)
        self._sweep_at = real_clock()

    async def turn(self, channel: str, session: str, turn: str) -> TurnRow | None:
        found = self.tables.turns.get((channel, session, turn))
        return found[0] if found else None

    async def session(self, shop: str, session: str) -> Session | None:
        return self.tables.sessions.get((shop, session))

    async def order(self, order: str) -> Order | None:
        return self.tables.order(order)

    async def payment(self, order: str) -> Payment:
        return self.tables.payment(order)

    async def standing(self, order: str) -> Standing | None:
        stored = self.tables.order(order)
        return Standing(stored, self.tables.payment(order), tuple(await self.owed((order,)))) if stored else None

    async def state(self, shop: str, session: str) -> State:
        found = self.tables.sessions.get((shop, session))
        if found is None or found.order is None:
            return found, None, Payment()
        return found, self.tables.order(found.order), self.tables.payment(found.order)

    async def at_hand(self, shop: str, session: str) -> State:
        return await self.state(shop, session)

    async def begin(self, channel: str, shop: str, session: str, turn: str) -> TurnRow | State:
        return await self.turn(channel, session, turn) or await self.state(shop, session)

    async def orders(
        self,
        shop: str,
        *,
        session: str | None = None,
        person: str | None = None,
        stages: Sequence[str] = (),
        limit: int = 20,
    ) -> list[OrderState]:
        tables = self.tables
        names = tables.all_orders if session is None else tables.orders_of.get(session, ())
        found = [
            one
            for one in map(tables.all_orders.__getitem__, reversed(names))
            if one.shop == shop and person in (None, one.person) and (not stages or one.stage in stages)
        ]
        found.sort(key=lambda one: one.created_at, reverse=True)
        return [OrderState(one, self.tables.payment(one.id)) for one in found[:limit]]

    async def order_by_number(self, shop: str, number: str) -> OrderState | None:
        order = self.tables.names.get((shop, number))
        return OrderState(self.tables.all_orders[order], self.tables.payment(order)) if order else None

    async def free(self, shop: str, keys: Sequence[StockKey], order: str | None) -> dict[StockKey, int | None]:
        own = self.tables.all_holds.get(order, {}) if order else {}
        found: dict[StockKey, int | None] = {}
        for key in keys:
            row = self.tables.stock(shop, *key)
            found[key] = row[0] - row[1] + (own[key].held if key in own else 0) if row else None
        return found

    async def seed_stock(self, shop: str, rows: Mapping[StockKey, int]) -> None:
        self._do(lambda tables: rules.seed(tables, shop, rows))

    async def attempt(self, attempt: str) -> Attempt | None:
        return self.tables.attempt(attempt)

    async def refund(self, refund: str) -> Refund | None:
        return self.tables.refund(refund)

    async def number(self, shop: str) -> str:
        return rules.number_name(self._do(lambda tables: tables.next_number(shop)))

    async def commit(self, change: Change) -> Committed | Conflict:
        done = self._do(lambda tables: rules.write(tables, change))
        await asyncio.sleep(0)  # as with a disk, other conversations go on meanwhile
        return done

    async def claim(
        self, now: dt.datetime, *, orders: Sequence[str] = (), lease: float, limit: int = 20
    ) -> list[EffectRow]:
        real = self.tables.now()
        found = [
            effect
            for effect, owner, until in self.tables.effects.values()
            if effect.due_at <= now
            and (not orders or effect.order in orders)
            and (owner not in self.tables.alive or (until is not None and until <= real))
        ]
        found = sorted(found, key=lambda one: one.due_at)[:limit]
        for effect in found:
            self.tables.effects[effect.id] = (effect, self.process, real + dt.timedelta(seconds=lease))
        return found

    async def release(self, effect: str, due_at: dt.datetime) -> None:
        stored, owner, _ = self.tables.effects.get(effect, (None, None, None))
        if stored is not None and owner == self.process:
            self.tables.effects[effect] = (replace(stored, due_at=due_at), None, None)

    async def owed(self, orders: Sequence[str] = ()) -> list[EffectRow]:
        found = [effect for effect, _, _ in self.tables.effects.values() if not orders or effect.order in orders]
        return sorted(found, key=lambda one: one.due_at)

    async def lapse(self, now: dt.datetime) -> list[str]:
        return self._do(lambda tables: rules.lapse(tables, now))

    async def events(
        self, *, order: str | None = None, session: str | None = None, limit: int = 1000
    ) -> list[EventRow]:
        found = [
            one for one in self.tables.events.values() if order in (None, one.order) and session in (None, one.session)
        ]
        return found[-limit:]

    async def entries(self, order: str | None = None) -> list[Entry]:
        return [entry for entry, its in self.tables.ledger.values() if order in (None, its)]

    async def attended(self, shop: str) -> list[Session]:
        return [one for (its, _), one in self.tables.sessions.items() if its == shop and one.attended is not None]

    async def record(self, shop: str, kind: str, key: str) -> Record | None:
        return self.tables.record(shop, kind, key)

    async def records(self, shop: str, kind: str, owner: str | None = None) -> list[Record]:
        found = [
            one
            for one in self.tables.kept.values()
            if (one.shop, one.kind) == (shop, kind) and owner in (None, one.owner)
        ]
        return sorted(found, key=lambda one: one.key)

    async def moves(self, shop: str, since: int | None) -> tuple[int, list[Record]]:
        return 0, [] if since is None else [*await self.records(shop, "joined"), *await self.records(shop, "linked")]

    async def aliases(self, shop: str) -> list[Learned]:
        found = [one for (its, _), (one, _) in reversed(self.tables.learned.items()) if its == shop]
        return sorted(found, key=lambda one: one.at, reverse=True)

    async def judge(self, shop: str, alias: Alias, state: str) -> bool:
        return self._do(lambda tables: tables.judge(shop, alias, state))

    async def erase(self, shop: str, aliases: Sequence[Alias]) -> None:
        self._do(lambda tables: tables.erase(shop, aliases))

    async def close(self) -> None:
        self.tables.alive.discard(self.process)

    def _do(self, work: Callable[[Tables], T]) -> T:
        """Run as one transaction."""
        if self.process not in self.tables.alive:
            raise Bug("the store is closed")
        now = self.tables.now()
        if now >= self._sweep_at:
            self.tables.drop_records(now)
            dropped = self.tables.drop_turns(now - rules.KEEP_TURNS, rules.SWEEP)
            self._sweep_at = now + (dt.timedelta(0) if dropped == rules.SWEEP else rules.SWEEP_EVERY)
        self.tables.keep()
        try:
            result = work(self.tables)
        except BaseException:
            self.tables.undo()
            raise
        if isinstance(result, Conflict):
            self.tables.undo()
        return result

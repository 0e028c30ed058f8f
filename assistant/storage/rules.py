"""What every engine's commit must hold to, written once: versions, moves, consent, refunds, stock, the ledger.

`write` runs inside an engine's exclusive transaction, over `Rows`: the few things that an engine can do with its
tables. When it answers Conflict or raises, the engine undoes whatever was put since it was called.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Protocol

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from assistant.commerce.ledger import unbalanced
from assistant.commerce.order import ORDER_MOVES, Order
from assistant.commerce.payment import (
    ATTEMPT_MOVES,
    LIVE,
    REFUND_MOVES,
    Attempt,
    Entry,
    Facts,
    Payment,
    Refund,
    units_left,
)
from assistant.dialogue.state import Session, StockMove
from assistant.errors import Bug
from assistant.storage import Change, Committed, Conflict, EffectRow, EventRow, Heard, Record, TurnRow
from assistant.turns import Reply

KEEP_TURNS = dt.timedelta(days=30)
"""How long the same turn id gets its stored reply."""
SWEEP = 500
"""Old turns dropped at a time, so that no commit waits long for the broom."""

MOST_ALIASES = 5000
"""Open ones that a shop keeps: nobody's chatter fills the disk."""

SWEEP_EVERY = dt.timedelta(hours=1)

ORDER_STARTS = frozenset({"open", "placed", "cancelled"})
"""Several moves in one turn are one write: "a coke, no, cancel that" begins an order that is off already."""
ATTEMPT_STARTS = frozenset({"created", "sent"})
REFUND_STARTS = frozenset({"asked", "sent"})

_ATTEMPT_FIXED = ("order", "shop", "method", "provider", "amount", "currency", "fingerprint", "consent_turn", "request")
_REFUND_FIXED = ("order", "attempt", "amount", "currency", "request")


class Hold(Struct, frozen=True):
    """What one order has of one stock key."""

    sku: str
    bucket: str
    held: int
    sold: int
    until: dt.datetime | None


class Rows(Protocol):
    """An engine's tables inside one exclusive transaction. `put` writes a row whether it is there or not."""

    def turn_body(self, channel: str, session: str, turn: str) -> str | None: ...
    def put_turn(self, row: TurnRow) -> None: ...

    def put_session(self, session: Session) -> bool:
        """Write over version - 1 (1: where there is none); False when another version is stored."""
        ...

    def order_head(self, order: str) -> tuple[int, str] | None:
        """(version, stage)"""
        ...

    def order(self, order: str) -> Order | None: ...
    def put_order(self, order: Order) -> None: ...
    def number_taken(self, shop: str, number: str, order: str) -> bool:
        """Whether an order other than `order` has it."""
        ...

    def mark_review(self, order: str) -> None: ...
    def attempt(self, attempt: str) -> Attempt | None: ...
    def attempts(self, order: str) -> Sequence[Attempt]: ...
    def put_attempt(self, attempt: Attempt) -> None: ...
    def refund(self, refund: str) -> Refund | None: ...
    def refunds(self, order: str) -> Sequence[Refund]: ...
    def put_refund(self, refund: Refund) -> None: ...
    def has_entry(self, entry: Entry) -> bool: ...
    def add_entry(self, entry: Entry, order: str | None) -> None: ...
    def seen(self, provider: str, event: str) -> bool: ...
    def add_inbox(self, provider: str, facts: Facts) -> None: ...
    def put_effect(self, effect: EffectRow) -> None:
        """Free again, whoever had claimed it."""
        ...

    def drop_effect(self, effect: str) -> None: ...
    def add_events(self, events: Sequence[EventRow]) -> None: ...
    def stock(self, shop: str, sku: str, bucket: str) -> tuple[int, int] | None:
        """(on_hand, held)"""
        ...

    def put_stock(self, shop: str, sku: str, bucket: str, on_hand: int, held: int) -> None: ...
    def holds(self, order: str) -> Sequence[Hold]: ...
    def put_hold(self, order: str, hold: Hold) -> None:
        """One with nothing held and nothing sold is dropped."""
        ...

    def lapsed(self, now: dt.datetime) -> Sequence[str]:
        """Orders with a hold whose time is over."""
        ...

    def count_alias(self, heard: Heard) -> bool:
        """One more time, and its voice where that is new; True where it was never counted before."""
        ...

    def drop_aliases(self, shop: str, most: int) -> None:
        """The open ones that were heard longest ago, down to `most`."""
        ...

    def record(self, shop: str, kind: str, key: str) -> Record | None: ...
    def put_record(self, record: Record) -> None: ...
    def drop_record(self, record: Record) -> None: ...
    def next_number(self, shop: str) -> int: ...
    def drop_turns(self, before: dt.datetime, most: int) -> int: ...
    def drop_records(self, now: dt.datetime) -> None:
        """Those whose time is over."""
        ...


def write(rows: Rows, change: Change) -> Committed | Conflict:
    """Everything in `change`, or the first reason why not."""
    conflict = (
        _turn(rows, change)
        or _inbox(rows, change)
        or _session(rows, change)
        or _orders(rows, change)
        or _seen(rows, change)
        or (_money(rows, change) if change.attempts or change.refunds or change.entries or change.check else None)
        or (_stock(rows, change) if change.stock else None)
        or (_records(rows, change) if change.records else None)
    )
    if conflict:
        return conflict
    for effect in change.effects_done:
        rows.drop_effect(effect)
    for row in change.effects:
        rows.put_effect(row)
    if change.events:
        rows.add_events(change.events)
    for order in change.review:
        rows.mark_review(order)
    for heard in change.learned:
        if rows.count_alias(heard):
            rows.drop_aliases(heard.shop, MOST_ALIASES)
    return Committed()


def public(reply: Reply) -> Reply:
    """Links and codes are never stored: they are rebuilt from the attempt."""
    return replace(reply, private=()) if reply.private else reply


def next_session(session: Session) -> Session:
    """As it is written."""
    last = public(session.last) if session.last else None
    news = tuple(map(public, session.news)) if session.news else ()
    return replace(session, version=session.version + 1, last=last, news=news)


def next_order(order: Order) -> Order:
    """As it is written."""
    return replace(order, version=order.version + 1)


def _turn(rows: Rows, change: Change) -> Conflict | None:
    row = change.turn
    if row is None:
        return None
    body = rows.turn_body(row.channel, row.session, row.id)
    if change.replaces:
        if body != row.body:
            raise Bug(f"the reply of turn {row.id!r} can't be replaced: it is not stored with this body")
    elif body is not None:
        return Conflict("turn", f"turn {row.id!r} is stored already")
    rows.put_turn(replace(row, reply=public(row.reply)))
    return None


def _records(rows: Rows, change: Change) -> Conflict | None:
    for record in change.records:
        stored = rows.record(record.shop, record.kind, record.key)
        if (stored.version if stored else 0) != record.version:
            return Conflict("record", f"{record.kind} {record.key!r}")
        if record.body:
            rows.put_record(replace(record, version=record.version + 1))
        else:
            rows.drop_record(record)
    return None


def _seen(rows: Rows, change: Change) -> Conflict | None:
    if change.seen is None:
        return None
    order, version = change.seen
    head = rows.order_head(order)
    return None if head is not None and head[0] == version else Conflict("version", f"order {order}")


def _inbox(rows: Rows, change: Change) -> Conflict | None:
    facts = change.inbox
    if facts is None:
        return None
    provider = _provider(rows, change, facts)
    if facts.event_id is not None and rows.seen(provider, facts.event_id):
        return Conflict("seen", facts.event_id)
    rows.add_inbox(provider, facts)
    return None


def _provider(rows: Rows, change: Change, facts: Facts) -> str:
    """Whose event id this is: ids are unique for one provider only."""
    ref = facts.ref
    if facts.kind == "refund":
        refund = next((one for one in change.refunds if one.id == ref), None) or rows.refund(ref)
        ref = refund.attempt if refund else ""
    attempt = next((one for one in change.attempts if one.id == ref), None) or rows.attempt(ref)
    return attempt.provider if attempt else ""


def _session(rows: Rows, change: Change) -> Conflict | None:
    session = change.session
    if session is None:
        return None
    return None if rows.put_session(next_session(session)) else Conflict("version", f"session {session.id!r}")


def _orders(rows: Rows, change: Change) -> Conflict | None:
    for order in change.orders:
        version, stage = rows.order_head(order.id) or (0, None)
        if version != order.version:
            return Conflict("version", f"order {order.id!r}")
        _move("order", order.id, ORDER_MOVES, ORDER_STARTS, stage, order.stage)
        if order.number is not None and rows.number_taken(order.shop, order.number, order.id):
            return Conflict("version", f"number {order.number!r} is taken")
        rows.put_order(next_order(order))
    return None


def _money(rows: Rows, change: Change) -> Conflict | None:
    if change.check is not None and not change.check(_as_they_will_stand(rows, change)):
        return Conflict("consent")
    # Those that move first: a new attempt may take the place of one that ends in the same commit.
    for attempt in sorted(change.attempts, key=lambda one: one.version == 0):
        if conflict := _attempt(rows, attempt):
            return conflict
    for refund in change.refunds:
        if conflict := _refund(rows, refund):
            return conflict
    if refs := unbalanced(change.entries):
        raise Bug(f"ledger entries do not balance: {', '.join(refs)}")
    order = next(iter(_paid_orders(change)), None)
    for entry in change.entries:
        if rows.has_entry(entry):
            return Conflict("seen", f"{entry.ref} is in the ledger already")
        rows.add_entry(entry, order)
    return None


def _as_they_will_stand(rows: Rows, change: Change) -> Mapping[str, Order]:
    known = {order.id: next_order(order) for order in change.orders}
    for order in _paid_orders(change):
        if order not in known and (stored := rows.order(order)):
            known[order] = stored
    return known


def _paid_orders(change: Change) -> list[str]:
    return [one.order for one in change.attempts] + [one.order for one in change.refunds]


def _attempt(rows: Rows, attempt: Attempt) -> Conflict | None:
    stored = rows.attempt(attempt.id)
    if (stored.version if stored else 0) != attempt.version:
        return Conflict("version" if attempt.version else "attempt", f"attempt {attempt.id!r}")
    if stored is None:
        if rows.order_head(attempt.order) is None:
            raise Bug(f"attempt {attempt.id!r} names an order that is not stored: {attempt.order!r}")
        others = rows.attempts(attempt.order)
        if any(one.consent_turn == attempt.consent_turn for one in others):
            return Conflict("attempt", "this consent has had its attempt")
        if any(one.state in LIVE for one in others):
            return Conflict("attempt", "another attempt of this order is live")
    else:
        _unchanged("attempt", stored, attempt, _ATTEMPT_FIXED)
    _move("attempt", attempt.id, ATTEMPT_MOVES, ATTEMPT_STARTS, stored.state if stored else None, attempt.state)
    rows.put_attempt(replace(attempt, version=attempt.version + 1))
    return None


def _refund(rows: Rows, refund: Refund) -> Conflict | None:
    stored = rows.refund(refund.id)
    if (stored.version if stored else 0) != refund.version:
        return Conflict("version" if refund.version else "refund", f"refund {refund.id!r}")
    _move("refund", refund.id, REFUND_MOVES, REFUND_STARTS, stored.state if stored else None, refund.state)
    if stored is not None:
        _unchanged("refund", stored, refund, _REFUND_FIXED)
    if stored is None or stored.state == "failed":
        attempt = rows.attempt(refund.attempt)
        if attempt is None or attempt.order != refund.order or attempt.currency != refund.currency or refund.amount < 1:
            raise Bug(f"refund {refund.id!r} does not fit attempt {refund.attempt!r}")
        others = (one for one in rows.refunds(refund.order) if one.attempt == attempt.id and one.id != refund.id)
        left = Payment((attempt,), tuple(others)).refundable
        if left < refund.amount:
            return Conflict("refund", f"only {left} of attempt {attempt.id!r} can still be paid back")
        if refund.lines and (twice := _units_twice(rows, refund)):
            return Conflict("refund", f"line {twice} is paid back already")
    rows.put_refund(replace(refund, version=refund.version + 1))
    return None


def _units_twice(rows: Rows, refund: Refund) -> int | None:
    """A line of which more units would be paid back than were bought."""
    order = rows.order(refund.order)
    others = Payment((), tuple(one for one in rows.refunds(refund.order) if one.id != refund.id))
    left = units_left(order, others) if order is not None else {}
    return next((line for line, count in refund.lines if count > left.get(line, 0)), None)


def _move(
    what: str, name: str, moves: Mapping[str, frozenset[str]], starts: frozenset[str], old: str | None, new: str
) -> None:
    if new != old and new not in (moves[old] if old is not None else starts):
        raise Bug(f"{what} {name!r} can't move from {old or 'nothing'} to {new}")


def _unchanged(what: str, stored: Struct, new: Struct, fields: Sequence[str]) -> None:
    for field in fields:
        if getattr(stored, field) != getattr(new, field):
            raise Bug(f"{what}'s {field} can't change after it is stored")


def _stock(rows: Rows, change: Change) -> Conflict | None:
    shops = {order.id: order.shop for order in change.orders}
    for order, move in change.stock:
        if order not in shops:
            stored = rows.order(order)
            if stored is None:
                raise Bug(f"stock is moved for an order that is not stored: {order!r}")
            shops[order] = stored.shop
        if missing := move_stock(rows, shops[order], order, move):
            return Conflict("stock", msgspec.json.encode(missing).decode())
    return None


def move_stock(rows: Rows, shop: str, order: str, move: StockMove) -> list[tuple[str, str, int]]:
    """Do it, or answer (sku, bucket, free) of each key that can't be had whole; the caller then undoes the rest.

    sell takes what is held and not named as well; restock without keys means all that this order has been sold.
    """
    mine = {(one.sku, one.bucket): one for one in rows.holds(order)}
    asked: Counter[tuple[str, str]] = Counter()
    for sku, bucket, quantity in move.keys:
        if quantity < 1:
            raise Bug(f"stock of {sku!r} is moved by {quantity}")
        asked[sku, bucket] += quantity
    if move.kind == "sell":
        # What is held is sold, whether the merchant's file still has it or not.
        asked.update({key: one.held for key, one in mine.items() if one.held and key not in asked})
    if not move.keys and move.kind == "restock":
        asked.update({key: one.sold for key, one in mine.items() if one.sold})
    missing: list[tuple[str, str, int]] = []
    for sku, bucket in sorted(asked.keys() | mine.keys()):
        row = rows.stock(shop, sku, bucket)
        if row is None:
            raise Bug(f"stock of {sku!r} {bucket!r} is moved but not counted in shop {shop!r}")
        on_hand, all_held = row
        old = mine.get((sku, bucket), Hold(sku, bucket, 0, 0, None))
        wanted = asked[sku, bucket]
        free = on_hand - all_held + old.held
        held, sold, until = old.held, old.sold, old.until
        match move.kind:
            case "hold":
                held, until = wanted, move.until
            case "release":
                held, until = 0, None
            case "sell":
                held, sold, until = 0, old.sold + wanted, None
            case "restock":
                sold = max(0, old.sold - wanted)
        if move.kind in ("hold", "sell") and wanted > free:
            missing.append((sku, bucket, free))
        elif not missing:
            rows.put_stock(shop, sku, bucket, on_hand - (sold - old.sold), all_held - (old.held - held))
            rows.put_hold(order, Hold(sku, bucket, held, sold, until))
    return missing


def lapse(rows: Rows, now: dt.datetime) -> list[str]:
    """Give back the holds whose time is over, except of orders whose payment is under way; the order ids."""
    lapsed = []
    for name in rows.lapsed(now):
        order = rows.order(name)
        if order is not None and not any(one.state in LIVE for one in rows.attempts(name)):
            move_stock(rows, order.shop, name, StockMove("release"))
            lapsed.append(name)
    return lapsed


def seed(rows: Rows, shop: str, counts: Mapping[tuple[str, str], int]) -> None:
    for (sku, bucket), on_hand in counts.items():
        if rows.stock(shop, sku, bucket) is None:
            rows.put_stock(shop, sku, bucket, on_hand, 0)


def number_name(count: int) -> str:
    """1 is A1, 99 is A99, 100 is B1; after Z99 comes AA1."""
    letters, digits = divmod(count - 1, 99)
    name = ""
    letters += 1
    while letters:
        letters, letter = divmod(letters - 1, 26)
        name = chr(ord("A") + letter) + name
    return f"{name}{digits + 1}"

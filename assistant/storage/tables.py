"""The SQLite store's statements: one connection's view of the file, for reading and for the rules to write through."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Callable, Sequence
from typing import Any, TypeVar, cast

import msgspec

from assistant.commerce.order import Order
from assistant.commerce.payment import Attempt, Entry, Facts, Payment, Refund
from assistant.dialogue.state import OrderState, Session, StockKey
from assistant.storage import EffectRow, EventRow, Heard, Learned, Record, Standing, State, TurnRow
from assistant.storage.rules import Hold
from assistant.storage.schema import cells, columns, moment, plain_json, value
from assistant.turns import Alias, Reply

KNOWN = 1024
"""Most sessions, and most orders, that are kept at hand: those that were touched last."""

K = TypeVar("K")
V = TypeVar("V")

_SESSION = msgspec.json.Decoder(Session)
_ORDER = msgspec.json.Decoder(Order)
_REPLY = msgspec.json.Decoder(Reply)


def _select(kind: type[msgspec.Struct], table: str) -> str:
    return f"SELECT {', '.join(columns(kind))} FROM {table}"


def _insert(kind: type[msgspec.Struct], table: str) -> str:
    names = columns(kind)
    return f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"


def _or_move(*moving: str) -> str:
    return " ON CONFLICT (id) DO UPDATE SET " + ", ".join(f"{one} = excluded.{one}" for one in moving)


PUT_ATTEMPT = _insert(Attempt, "attempts") + _or_move(
    "state", "pays_later", "link", "remote_id", "reason", "expires_at", "version"
)
PUT_REFUND = _insert(Refund, "refunds") + _or_move("state", "reason", "version")
PUT_EFFECT = (
    _insert(EffectRow, "effects")
    + _or_move("session", "channel", "turn", "due_at", "tries", '"then"')
    + ", owner = NULL, lease_until = NULL"
)
ADD_EVENTS = (
    f"INSERT INTO events ({', '.join(columns(EventRow))})"
    " SELECT strftime('%Y-%m-%dT%H:%M:%f000+00:00', value ->> 'at'), "
    + ", ".join(f"value ->> '{field}'" for field in EventRow.__struct_fields__[1:])
    + " FROM json_each({events})"
)
SELECT_ATTEMPT = _select(Attempt, "attempts")
SELECT_REFUND = _select(Refund, "refunds")
SELECT_EFFECT = _select(EffectRow, "effects")
SELECT_EVENT = _select(EventRow, "events")
SELECT_RECORD = _select(Record, "records")
PUT_RECORD = _insert(Record, "records").replace("INSERT", "INSERT OR REPLACE")
MONEY = "o.review OR EXISTS (SELECT 1 FROM attempts WHERE order_id = o.id)"
"""Whether there is anything to tell of an order's payment: most have nothing, and are then not asked for it."""
STANDING = (
    "SELECT o.version, o.review, EXISTS (SELECT 1 FROM refunds WHERE order_id = o.id), "
    + ", ".join(f"a.{name}" for name in columns(Attempt))
    + " FROM orders o LEFT JOIN attempts a ON a.order_id = o.id WHERE o.id = ? ORDER BY a.rowid"
)
THIS_ALIAS = "shop = ? AND said = ? AND language = ? AND kind = ? AND meant = ?"
IN_LIST = "IN (SELECT value FROM json_each(?))"


class Tables:
    """One connection's view of the file; inside a transaction it is the Rows that the rules work on."""

    def __init__(self, connection: sqlite3.Connection, now: Callable[[], dt.datetime]) -> None:
        self.connection = connection
        self.run = connection.execute
        self.now = now
        self.sessions: dict[tuple[str, str], Session] = {}
        self.baskets: dict[str, Order] = {}

    def turn_body(self, channel: str, session: str, turn: str) -> str | None:
        row = self.run(
            "SELECT body FROM turns WHERE channel = ? AND session = ? AND id = ?", (channel, session, turn)
        ).fetchone()
        return row[0] if row else None

    def put_turn(self, row: TurnRow) -> None:
        self.run(
            "INSERT INTO turns (channel, session, id, shop, body, at, stored_at, final, reply)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (channel, session, id)"
            " DO UPDATE SET final = excluded.final, reply = excluded.reply",
            (
                row.channel,
                row.session,
                row.id,
                row.shop,
                row.body,
                moment(row.at),
                moment(self.now()),
                row.final,
                plain_json(row.reply),
            ),
        )

    def turn(self, channel: str, session: str, turn: str) -> TurnRow | None:
        row = self.run(
            "SELECT shop, body, at, reply, final FROM turns WHERE channel = ? AND session = ? AND id = ?",
            (channel, session, turn),
        ).fetchone()
        if row is None:
            return None
        shop, body, at, reply, final = row
        return TurnRow(
            channel=channel,
            session=session,
            id=turn,
            shop=shop,
            body=body,
            at=dt.datetime.fromisoformat(at),
            reply=_REPLY.decode(reply),
            final=bool(final),
        )

    def drop_turns(self, before: dt.datetime, most: int) -> int:
        return self.run(
            "DELETE FROM turns WHERE rowid IN (SELECT rowid FROM turns ORDER BY rowid LIMIT ?) AND stored_at < ?",
            (most, moment(before)),
        ).rowcount

    def session(self, shop: str, session: str) -> Session | None:
        known = self.sessions.get((shop, session))
        if known is not None:
            head = self.run("SELECT version FROM sessions WHERE shop = ? AND id = ?", (shop, session)).fetchone()
            if head is not None and head[0] == known.version:
                return known
        row = self.run("SELECT body FROM sessions WHERE shop = ? AND id = ?", (shop, session)).fetchone()
        return _SESSION.decode(row[0]) if row else None

    def attended(self, shop: str) -> list[Session]:
        found = self.run("SELECT body FROM sessions WHERE shop = ? AND attended", (shop,))
        return [_SESSION.decode(body) for (body,) in found]

    def put_session(self, session: Session) -> bool:
        body, attended = plain_json(session), session.attended is not None
        if session.version == 1:
            return (
                self.run(
                    "INSERT INTO sessions (shop, id, version, person, order_id, attended, body)"
                    " VALUES (?, ?, 1, ?, ?, ?, ?) ON CONFLICT (shop, id) DO NOTHING",
                    (session.shop, session.id, session.person, session.order, attended, body),
                ).rowcount
                == 1
            )
        return (
            self.run(
                "UPDATE sessions SET version = ?, person = ?, order_id = ?, attended = ?, body = ?"
                " WHERE shop = ? AND id = ? AND version = ?",
                (
                    session.version,
                    session.person,
                    session.order,
                    attended,
                    body,
                    session.shop,
                    session.id,
                    session.version - 1,
                ),
            ).rowcount
            == 1
        )

    def begin(self, channel: str, shop: str, session: str, turn: str) -> TurnRow | State:
        taken, *head = self.run(
            "SELECT EXISTS (SELECT 1 FROM turns WHERE channel = ? AND session = ? AND id = ?),"
            f" s.version, o.id, o.version, {MONEY} FROM (SELECT 1) LEFT JOIN sessions s ON s.shop = ? AND s.id = ?"
            " LEFT JOIN orders o ON o.id = s.order_id",
            (channel, session, turn, shop, session),
        ).fetchone()
        return (self.turn(channel, session, turn) if taken else None) or self._at(shop, session, *head)

    def state(self, shop: str, session: str) -> State:
        head = self.run(
            f"SELECT s.version, o.id, o.version, {MONEY} FROM sessions s"
            " LEFT JOIN orders o ON o.id = s.order_id WHERE s.shop = ? AND s.id = ?",
            (shop, session),
        ).fetchone()
        return self._at(shop, session, *head or (None,) * 4)

    def _at(
        self,
        shop: str,
        session: str,
        version: int | None,
        order: str | None,
        order_version: int | None,
        money: int | None,
    ) -> State:
        if version is None:
            return None, None, Payment()
        known, basket = self.sessions.get((shop, session)), self.baskets.get(order) if order else None
        # A version is written once: what is at hand of it is what the file has.
        if known is None or known.version != version or (basket.version if basket else None) != order_version:
            known, basket, order = self._state(shop, session)
            self.keep(known, basket)
        return known, basket, self.payments((order,))[order] if order and money else Payment()

    def _state(self, shop: str, session: str) -> tuple[Session, Order | None, str | None]:
        session_body, order_body, order = self.run(
            "SELECT s.body, o.body, o.id FROM sessions s LEFT JOIN orders o ON o.id = s.order_id"
            " WHERE s.shop = ? AND s.id = ?",
            (shop, session),
        ).fetchone()
        return _SESSION.decode(session_body), _ORDER.decode(order_body) if order_body else None, order

    def keep(self, session: Session | None, *orders: Order | None) -> None:
        """As they now stand in the file. Each is used only while the file has this version of it."""
        if session is not None:
            keep(self.sessions, (session.shop, session.id), session)
        for order in orders:
            if order is not None:
                keep(self.baskets, order.id, order)

    def standing(self, name: str) -> Standing | None:
        rows = self.run(STANDING, (name,)).fetchall()
        if not rows:
            return None
        version, review, paid_back = rows[0][:3]
        attempts = tuple(value(Attempt, row[3:]) for row in rows if row[3] is not None)
        payment = Payment(attempts, tuple(self.refunds(name)) if paid_back else (), bool(review))
        return Standing(self._basket(name, version), payment, tuple(self.owed((name,))))

    def order_head(self, order: str) -> tuple[int, str] | None:
        row = self.run("SELECT version, stage FROM orders WHERE id = ?", (order,)).fetchone()
        return cast("tuple[int, str] | None", row)

    def order(self, order: str) -> Order | None:
        row = self.run("SELECT body FROM orders WHERE id = ?", (order,)).fetchone()
        return _ORDER.decode(row[0]) if row else None

    def put_order(self, order: Order) -> None:
        if order.version == 1:
            self.run(
                "INSERT INTO orders (id, shop, version, stage, number, session, person, created_at, body)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    order.id,
                    order.shop,
                    order.version,
                    order.stage,
                    order.number,
                    order.session,
                    order.person,
                    moment(order.created_at),
                    plain_json(order),
                ),
            )
        else:
            self.run(
                "UPDATE orders SET version = ?, stage = ?, number = ?, person = ?, body = ? WHERE id = ?",
                (order.version, order.stage, order.number, order.person, plain_json(order), order.id),
            )

    def orders(
        self, shop: str, session: str | None, person: str | None, stages: Sequence[str], limit: int
    ) -> list[OrderState]:
        where, values = ["shop = ?"], [shop]
        if session is not None:
            where.append("session = ?")
            values.append(session)
        if person is not None:
            where.append("person = ?")
            values.append(person)
        if stages:
            where.append(f"stage {IN_LIST}")
            values.append(plain_json(tuple(stages)))
        return self._states(
            f"SELECT id, version, {MONEY} FROM orders o WHERE {' AND '.join(where)}"
            " ORDER BY created_at DESC, rowid DESC LIMIT ?",
            (*values, limit),
        )

    def order_by_number(self, shop: str, number: str) -> OrderState | None:
        found = self._states(f"SELECT id, version, {MONEY} FROM orders o WHERE shop = ? AND number = ?", (shop, number))
        return found[0] if found else None

    def _states(self, statement: str, values: Sequence[Any]) -> list[OrderState]:
        rows = self.run(statement, values).fetchall()
        moved = [order for order, _, money in rows if money]
        payments = self.payments(moved) if moved else {}
        found = []
        for name, version, _ in rows:
            found.append(OrderState(self._basket(name, version), payments.get(name, Payment())))
        return found

    def _basket(self, name: str, version: int) -> Order:
        order = self.baskets.get(name)
        if order is None or order.version != version:
            order = self.order(name)
        assert order is not None, "orders are never removed"
        return order

    def payments(self, orders: Sequence[str]) -> dict[str, Payment]:
        """Attempts and refunds of each, oldest first."""
        listed = (plain_json(tuple(orders)),)
        attempts: dict[str, list[Attempt]] = {order: [] for order in orders}
        refunds: dict[str, list[Refund]] = {order: [] for order in orders}
        for row in self.run(f"{SELECT_ATTEMPT} WHERE order_id {IN_LIST} ORDER BY rowid", listed):
            attempt = value(Attempt, row)
            attempts[attempt.order].append(attempt)
        for row in self.run(f"{SELECT_REFUND} WHERE order_id {IN_LIST} ORDER BY rowid", listed):
            refund = value(Refund, row)
            refunds[refund.order].append(refund)
        review = {order for (order,) in self.run(f"SELECT id FROM orders WHERE review AND id {IN_LIST}", listed)}
        return {order: Payment(tuple(attempts[order]), tuple(refunds[order]), order in review) for order in orders}

    def number_taken(self, shop: str, number: str, order: str) -> bool:
        return (
            self.run("SELECT 1 FROM orders WHERE shop = ? AND number = ? AND id <> ?", (shop, number, order)).fetchone()
            is not None
        )

    def next_number(self, shop: str) -> int:
        row = self.run(
            "INSERT INTO numbers (shop, last) VALUES (?, 1)"
            " ON CONFLICT (shop) DO UPDATE SET last = last + 1 RETURNING last",
            (shop,),
        ).fetchall()
        return int(row[0][0])

    def mark_review(self, order: str) -> None:
        self.run("UPDATE orders SET review = 1 WHERE id = ?", (order,))

    def attempt(self, attempt: str) -> Attempt | None:
        row = self.run(f"{SELECT_ATTEMPT} WHERE id = ?", (attempt,)).fetchone()
        return value(Attempt, row) if row else None

    def attempts(self, order: str) -> Sequence[Attempt]:
        rows = self.run(f"{SELECT_ATTEMPT} WHERE order_id = ? ORDER BY rowid", (order,))
        return [value(Attempt, row) for row in rows]

    def put_attempt(self, attempt: Attempt) -> None:
        self.run(PUT_ATTEMPT, cells(attempt))

    def refund(self, refund: str) -> Refund | None:
        row = self.run(f"{SELECT_REFUND} WHERE id = ?", (refund,)).fetchone()
        return value(Refund, row) if row else None

    def refunds(self, order: str) -> Sequence[Refund]:
        rows = self.run(f"{SELECT_REFUND} WHERE order_id = ? ORDER BY rowid", (order,))
        return [value(Refund, row) for row in rows]

    def put_refund(self, refund: Refund) -> None:
        self.run(PUT_REFUND, cells(refund))

    def has_entry(self, entry: Entry) -> bool:
        return (
            self.run("SELECT 1 FROM ledger WHERE ref = ? AND account = ?", (entry.ref, entry.account)).fetchone()
            is not None
        )

    def add_entry(self, entry: Entry, order: str | None) -> None:
        self.run(
            "INSERT INTO ledger (ref, account, amount, currency, order_id) VALUES (?, ?, ?, ?, ?)",
            (*cells(entry), order),
        )

    def entries(self, order: str | None) -> list[Entry]:
        where, values = ("WHERE order_id = ?", (order,)) if order is not None else ("", ())
        return [Entry(*row) for row in self.run(f"{_select(Entry, 'ledger')} {where} ORDER BY rowid", values)]

    def seen(self, provider: str, event: str) -> bool:
        row = self.run("SELECT 1 FROM inbox WHERE provider = ? AND event_id = ?", (provider, event)).fetchone()
        return row is not None

    def add_inbox(self, provider: str, facts: Facts) -> None:
        self.run(
            "INSERT INTO inbox (provider, event_id, body) VALUES (?, ?, ?)",
            (provider, facts.event_id, plain_json(facts)),
        )

    def put_effect(self, effect: EffectRow) -> None:
        self.run(PUT_EFFECT, cells(effect))

    def drop_effect(self, effect: str) -> None:
        self.run("DELETE FROM effects WHERE id = ?", (effect,))

    def free_effect(self, effect: str, due_at: dt.datetime, owner: str) -> None:
        self.run(
            "UPDATE effects SET owner = NULL, lease_until = NULL, due_at = ? WHERE id = ? AND owner = ?",
            (moment(due_at), effect, owner),
        )

    def owed(self, orders: Sequence[str]) -> list[EffectRow]:
        where, values = (f"WHERE order_id {IN_LIST}", (plain_json(tuple(orders)),)) if orders else ("", ())
        return [value(EffectRow, row) for row in self.run(f"{SELECT_EFFECT} {where} ORDER BY due_at, rowid", values)]

    def owners(self, now: dt.datetime, orders: Sequence[str]) -> list[str | None]:
        """Who holds what is due (of these orders, or of any); None where nobody does."""
        listed, values = (f" AND order_id {IN_LIST}", (plain_json(tuple(orders)),)) if orders else ("", ())
        found = self.run(f"SELECT DISTINCT owner FROM effects WHERE due_at <= ?{listed}", (moment(now), *values))
        return [owner for (owner,) in found]

    def claim(
        self, now: dt.datetime, orders: Sequence[str], dead: Sequence[str], owner: str, lease: float, limit: int
    ) -> list[EffectRow]:
        listed, values = (f" AND order_id {IN_LIST}", (plain_json(tuple(orders)),)) if orders else ("", ())
        real = self.now()
        until = moment(real + dt.timedelta(seconds=lease))
        found = self.run(
            "UPDATE effects SET owner = ?, lease_until = ? WHERE rowid IN (SELECT rowid FROM effects"
            f" WHERE due_at <= ? AND (owner IS NULL OR lease_until <= ? OR owner {IN_LIST}){listed}"
            f" ORDER BY due_at, rowid LIMIT ?) RETURNING rowid, {', '.join(columns(EffectRow))}",
            (owner, until, moment(now), moment(real), plain_json(tuple(dead)), *values, limit),
        ).fetchall()
        claimed = [(value(EffectRow, tuple(row)), place) for place, *row in found]
        return [row for row, _ in sorted(claimed, key=lambda one: (one[0].due_at, one[1]))]

    def add_events(self, events: Sequence[EventRow]) -> None:
        self.run(ADD_EVENTS.format(events="?"), (plain_json(events),))

    def events(self, order: str | None, session: str | None, limit: int) -> list[EventRow]:
        where = [f"{name} = ?" for name, one in (("order_id", order), ("session", session)) if one is not None]
        values = [one for one in (order, session) if one is not None]
        text = f"{SELECT_EVENT} {'WHERE ' + ' AND '.join(where) if where else ''} ORDER BY rowid DESC LIMIT ?"
        return [value(EventRow, row) for row in self.run(text, (*values, limit))][::-1]

    def count_alias(self, heard: Heard) -> bool:
        known = (heard.shop, *cells(heard.alias))
        number, times = self.run(
            "INSERT INTO aliases (shop, said, language, kind, meant, state, times, at)"
            " VALUES (?, ?, ?, ?, ?, 'open', 1, ?)"
            " ON CONFLICT (shop, said, language, kind, meant) DO UPDATE SET times = times + 1, at = excluded.at"
            " RETURNING id, times",
            (*known, moment(heard.at)),
        ).fetchall()[0]
        self.run("INSERT OR IGNORE INTO alias_voices (alias, voice) VALUES (?, ?)", (number, heard.voice))
        return bool(times == 1)

    def drop_aliases(self, shop: str, most: int) -> None:
        self.run(
            "DELETE FROM aliases WHERE id IN (SELECT id FROM aliases WHERE shop = ? AND state = 'open'"
            " ORDER BY at DESC, id DESC LIMIT -1 OFFSET ?)",
            (shop, most),
        )

    def aliases(self, shop: str) -> list[Learned]:
        return [
            Learned(Alias(*alias), state, times, voices, dt.datetime.fromisoformat(at))
            for *alias, state, times, at, voices in self.run(
                "SELECT said, language, kind, meant, state, times, at,"
                " (SELECT count(*) FROM alias_voices WHERE alias = aliases.id)"
                " FROM aliases WHERE shop = ? ORDER BY at DESC, id DESC",
                (shop,),
            )
        ]

    def judge(self, shop: str, alias: Alias, state: str) -> bool:
        done = self.run(f"UPDATE aliases SET state = ? WHERE {THIS_ALIAS}", (state, shop, *cells(alias)))
        return done.rowcount == 1

    def erase(self, shop: str, aliases: Sequence[Alias]) -> None:
        for alias in aliases:
            self.run(f"DELETE FROM aliases WHERE {THIS_ALIAS}", (shop, *cells(alias)))

    def record(self, shop: str, kind: str, key: str) -> Record | None:
        row = self.run(f"{SELECT_RECORD} WHERE shop = ? AND kind = ? AND key = ?", (shop, kind, key)).fetchone()
        return value(Record, row) if row else None

    def records(self, shop: str, kind: str, owner: str | None) -> list[Record]:
        of, values = ("AND owner = ?", (owner,)) if owner is not None else ("", ())
        rows = self.run(f"{SELECT_RECORD} WHERE shop = ? AND kind = ? {of} ORDER BY key", (shop, kind, *values))
        return [value(Record, row) for row in rows]

    def moves(self, shop: str, since: int | None) -> tuple[int, list[Record]]:
        (latest,) = next(iter(self.run("SELECT coalesce(max(id), 0) FROM moves")))
        if since is None or latest == since:
            return latest, []
        rows = self.run(
            f"{SELECT_RECORD} WHERE shop = ? AND (kind, key) IN (SELECT kind, key FROM moves WHERE id > ?)",
            (shop, since),
        )
        return latest, [value(Record, row) for row in rows]

    def put_record(self, record: Record) -> None:
        self.run(PUT_RECORD, cells(record))

    def drop_record(self, record: Record) -> None:
        self.run("DELETE FROM records WHERE shop = ? AND kind = ? AND key = ?", (record.shop, record.kind, record.key))

    def drop_records(self, now: dt.datetime) -> None:
        self.run("DELETE FROM records WHERE until < ?", (moment(now),))

    def stock(self, shop: str, sku: str, bucket: str) -> tuple[int, int] | None:
        row = self.run(
            "SELECT on_hand, held FROM stock WHERE shop = ? AND sku = ? AND bucket = ?", (shop, sku, bucket)
        ).fetchone()
        return cast("tuple[int, int] | None", row)

    def put_stock(self, shop: str, sku: str, bucket: str, on_hand: int, held: int) -> None:
        self.run(
            "INSERT INTO stock (shop, sku, bucket, on_hand, held) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT (shop, sku, bucket) DO UPDATE SET on_hand = excluded.on_hand, held = excluded.held",
            (shop, sku, bucket, on_hand, held),
        )

    def free(self, shop: str, keys: Sequence[StockKey], order: str | None) -> dict[StockKey, int | None]:
        found: dict[StockKey, int | None] = dict.fromkeys(keys)
        for sku, bucket, free in self.run(
            "SELECT s.sku, s.bucket, s.on_hand - s.held + coalesce(h.held, 0) FROM json_each(?) k"
            " CROSS JOIN stock s ON s.shop = ? AND s.sku = k.value ->> 0 AND s.bucket = k.value ->> 1"
            " LEFT JOIN holds h ON h.order_id = ? AND h.sku = s.sku AND h.bucket = s.bucket",
            (plain_json(tuple(keys)), shop, order),
        ):
            found[sku, bucket] = free
        return found

    def holds(self, order: str) -> Sequence[Hold]:
        rows = self.run(f"{_select(Hold, 'holds')} WHERE order_id = ?", (order,)).fetchall()
        return [value(Hold, row) for row in rows]

    def put_hold(self, order: str, hold: Hold) -> None:
        if hold.held or hold.sold:
            self.run(
                "INSERT INTO holds (sku, bucket, held, sold, until, order_id) VALUES (?, ?, ?, ?, ?, ?)"
                " ON CONFLICT (order_id, sku, bucket)"
                " DO UPDATE SET held = excluded.held, sold = excluded.sold, until = excluded.until",
                (*cells(hold), order),
            )
        else:
            self.run("DELETE FROM holds WHERE order_id = ? AND sku = ? AND bucket = ?", (order, hold.sku, hold.bucket))

    def lapsed(self, now: dt.datetime) -> Sequence[str]:
        return [
            order
            for (order,) in self.run(
                "SELECT DISTINCT order_id FROM holds WHERE held > 0 AND until <= ?", (moment(now),)
            ).fetchall()
        ]


def keep(known: dict[K, V], key: K, value: V) -> None:
    """Put it at hand as the last one touched; the one touched longest ago goes."""
    known.pop(key, None)
    known[key] = value
    if len(known) > KNOWN:
        del known[next(iter(known))]

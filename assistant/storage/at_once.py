"""One commit that moves money in two statements: one reads all that the rules will ask, one writes all that they put.

At every statement the writer's thread and the event loop hand the interpreter to one another, which costs more than
the statement: a payment's commits had some forty. The rules (`rules.write`) are the same. What they are told here
leaves out what the schema and the trigger see for themselves: a number or a ledger entry that is taken, a turn that is
stored, a session that moved on. So nothing is refused here: what the rules object to, or what undoes the statement, is
written step by step, which finds the first reason why not.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any

from msgspec.structs import replace

from assistant.commerce.order import Order
from assistant.commerce.payment import Attempt, Entry
from assistant.dialogue.state import Session
from assistant.storage import Change, Conflict, EffectRow, EventRow, TurnRow, rules
from assistant.storage.batch import OF_THE_COMMIT
from assistant.storage.rules import Hold
from assistant.storage.schema import cells, columns, moment, plain_json, value
from assistant.storage.tables import ADD_EVENTS, ATTEMPT_MOVING, OR_FREE_EFFECT, Tables

_ATTEMPT, _EFFECT, _ENTRY = columns(Attempt), columns(EffectRow), columns(Entry)

_COLUMNS = (
    "channel",
    "session",
    "id",
    "shop",
    "said",
    "at",
    "stored_at",
    "final",
    "reply",
    "replaces",
    "talk_shop",
    "talk",
    "talk_version",
    "talk_person",
    "talk_order",
    "talk_body",
    "order_id",
    "order_shop",
    "order_version",
    "order_stage",
    "order_number",
    "order_session",
    "order_person",
    "order_created_at",
    "order_body",
    "attempts",
    "request",
    "moved",
    "done",
    "effects",
    "entries",
    "events",
    "review",
)


def _of(names: Sequence[str], list_: str) -> str:
    """The rows of a list of lists, as columns of these names."""
    taken = ", ".join(f"value ->> {place} AS {name}" for place, name in enumerate(names))
    return f"SELECT {taken} FROM json_each(NEW.{list_})"


SETUP = (
    f"CREATE TEMP VIEW at_once AS SELECT {', '.join(f'NULL AS {name}' for name in _COLUMNS)}",
    f"""CREATE TEMP TRIGGER written_at_once INSTEAD OF INSERT ON at_once BEGIN
        INSERT INTO turns (channel, session, id, shop, body, at, stored_at, final, reply)
            SELECT NEW.channel, NEW.session, NEW.id, NEW.shop, NEW.said, NEW.at, NEW.stored_at, NEW.final, NEW.reply
            WHERE NEW.id IS NOT NULL AND NOT NEW.replaces;
        UPDATE turns SET final = NEW.final, reply = NEW.reply
            WHERE NEW.replaces AND channel = NEW.channel AND session = NEW.session AND id = NEW.id AND body = NEW.said;
        SELECT RAISE(ABORT, 'turn') WHERE NEW.replaces AND changes() <> 1;
        UPDATE sessions SET version = NEW.talk_version, person = NEW.talk_person, order_id = NEW.talk_order,
            body = NEW.talk_body WHERE shop = NEW.talk_shop AND id = NEW.talk AND version = NEW.talk_version - 1;
        SELECT RAISE(ABORT, 'session') WHERE NEW.talk_version <> 1 AND changes() <> 1;
        INSERT INTO sessions (shop, id, version, person, order_id, body)
            SELECT NEW.talk_shop, NEW.talk, 1, NEW.talk_person, NEW.talk_order, NEW.talk_body
            WHERE NEW.talk_version = 1;
        UPDATE orders SET version = NEW.order_version, stage = NEW.order_stage, number = NEW.order_number,
            person = NEW.order_person, body = NEW.order_body
            WHERE id = NEW.order_id AND version = NEW.order_version - 1;
        SELECT RAISE(ABORT, 'order') WHERE NEW.order_version <> 1 AND changes() <> 1;
        INSERT INTO orders (id, shop, version, stage, number, session, person, created_at, body)
            SELECT NEW.order_id, NEW.order_shop, 1, NEW.order_stage, NEW.order_number, NEW.order_session,
            NEW.order_person, NEW.order_created_at, NEW.order_body WHERE NEW.order_version = 1;
        UPDATE attempts SET {", ".join(f"{name} = moved.{name}" for name in ATTEMPT_MOVING)}
            FROM ({_of(("id", *ATTEMPT_MOVING), "moved")}) AS moved
            WHERE attempts.id = moved.id AND attempts.version = moved.version - 1;
        SELECT RAISE(ABORT, 'attempt') WHERE changes() <> json_array_length(NEW.moved);
        INSERT INTO attempts ({", ".join(_ATTEMPT)})
            SELECT {", ".join("NEW.request" if name == "request" else name for name in _ATTEMPT)}
            FROM ({_of(_ATTEMPT, "attempts")});
        DELETE FROM effects WHERE id IN (SELECT value FROM json_each(NEW.done));
        INSERT INTO effects ({", ".join(_EFFECT)}) {_of(_EFFECT, "effects")} WHERE true {OR_FREE_EFFECT};
        INSERT INTO ledger ({", ".join(_ENTRY)}, order_id) {_of((*_ENTRY, "order_id"), "entries")};
        {ADD_EVENTS.format(events="NEW.events")};
        UPDATE orders SET review = 1 WHERE id IN (SELECT value FROM json_each(NEW.review));
    END""",
)
"""What the writer's connection needs first."""

_WRITE = f"INSERT INTO at_once VALUES ({', '.join('?' * len(_COLUMNS))})"
_READ = (
    f"SELECT k.value, o.version, o.stage, EXISTS (SELECT 1 FROM holds WHERE order_id = o.id), a.id IS NOT NULL,"
    f" {', '.join(f'a.{name}' for name in _ATTEMPT)} FROM json_each(?) k LEFT JOIN orders o ON o.id = k.value"
    " LEFT JOIN attempts a ON a.order_id = o.id ORDER BY a.rowid"
)


def can_be(change: Change) -> bool:
    """Whether a change has nothing but what is written here; the rest is rarer, and written step by step."""
    return not (
        change.refunds
        or change.inbox
        or change.learned
        or change.records
        or len(change.orders) > 1
        or sum(not one.version for one in change.attempts) > 1
        or any(move.keys or not change.orders or order != change.orders[0].id for order, move in change.stock)
    )


def write_at_once(tables: Tables, change: Change) -> bool:
    """All of it; or nothing, and why not is found step by step."""
    try:
        rows = AtOnce(tables, change)
        if not rows.known or isinstance(rules.write(rows, change), Conflict):
            return False
        tables.run(_WRITE, rows.cells())
    except OF_THE_COMMIT:
        return False
    except (sqlite3.Error, MemoryError):
        raise
    except Exception:  # a Bug that the rules found, or values that can't be written: step by step comes to it again
        return False
    return True


class AtOnce(Tables):
    """The Rows of one change."""

    def __init__(self, tables: Tables, change: Change) -> None:
        super().__init__(tables.connection, tables.now)
        self._change = change
        self._turn: TurnRow | None = None
        self._talk: Session | None = None
        self._order: Order | None = None
        self._put: dict[str, Attempt] = {}
        self._effects: list[EffectRow] = []
        self._entries: list[tuple[Any, ...]] = []
        self._events: Sequence[EventRow] = ()
        self._review: list[str] = []
        self._heads: dict[str, tuple[int, str]] = {}
        self._known: dict[str, Attempt] = {}
        stocked = False
        orders = {one.id for one in change.orders} | {one.order for one in change.attempts}
        if change.seen is not None:
            orders.add(change.seen[0])
        for order, version, stage, goods, has, *attempt in self.run(_READ, (plain_json(tuple(orders)),)):
            if version is not None:
                self._heads[order] = version, stage
            stocked |= bool(goods)
            if has:
                one = value(Attempt, tuple(attempt))
                self._known[one.id] = one
        self.known = not (change.stock and stocked) and all(
            one.id in self._known for one in change.attempts if one.version
        )
        """Whether that was all: no goods are held or sold, and each attempt belongs to the order that it names."""

    def cells(self) -> tuple[Any, ...]:
        """Everything that was put, as the row of the view."""
        turn, talk, order = self._turn, self._talk, self._order
        new = [one for one in self._put.values() if one.version == 1]
        moved = [one for one in self._put.values() if one.version > 1]
        said: tuple[Any, ...] = (None,) * 9
        if turn is not None:
            said = (turn.channel, turn.session, turn.id, turn.shop, turn.body, moment(turn.at), moment(self.now()))
            said = (*said, turn.final, plain_json(turn.reply))
        session: tuple[Any, ...] = (None,) * 6
        if talk is not None:
            session = (talk.shop, talk.id, talk.version, talk.person, talk.order, plain_json(talk))
        stands: tuple[Any, ...] = (None,) * 9
        if order is not None:
            stands = (order.id, order.shop, order.version, order.stage, order.number, order.session, order.person)
            stands = (*stands, moment(order.created_at), plain_json(order))
        # The request may be any bytes, which JSON can't carry: it has a column of its own.
        attempts = _list(cells(replace(attempt, request=b"")) for attempt in new)
        request = new[0].request if new else None
        effects = (_list(self._change.effects_done), _list(cells(one) for one in self._effects))
        return (
            *said,
            self._change.replaces,
            *session,
            *stands,
            attempts,
            request,
            _list(_moved(one) for one in moved),
            *effects,
            _list(self._entries),
            plain_json(self._events),
            _list(self._review),
        )

    def turn_body(self, channel: str, session: str, turn: str) -> str | None:
        return self._change.turn.body if self._change.turn is not None and self._change.replaces else None

    def put_turn(self, row: TurnRow) -> None:
        self._turn = row

    def put_session(self, session: Session) -> bool:
        self._talk = session
        return True

    def order_head(self, order: str) -> tuple[int, str] | None:
        return self._heads.get(order)

    def put_order(self, order: Order) -> None:
        self._order = order
        self._heads[order.id] = order.version, order.stage

    def number_taken(self, shop: str, number: str, order: str) -> bool:
        return False

    def mark_review(self, order: str) -> None:
        self._review.append(order)

    def attempt(self, attempt: str) -> Attempt | None:
        return self._known.get(attempt)

    def attempts(self, order: str) -> Sequence[Attempt]:
        return [one for one in self._known.values() if one.order == order]

    def put_attempt(self, attempt: Attempt) -> None:
        self._known[attempt.id] = self._put[attempt.id] = attempt

    def has_entry(self, entry: Entry) -> bool:
        return False

    def add_entry(self, entry: Entry, order: str | None) -> None:
        self._entries.append((*cells(entry), order))

    def put_effect(self, effect: EffectRow) -> None:
        self._effects.append(effect)

    def drop_effect(self, effect: str) -> None:
        """All of them are dropped before any is put."""

    def add_events(self, events: Sequence[EventRow]) -> None:
        self._events = events

    def holds(self, order: str) -> Sequence[Hold]:
        return ()


def _list(rows: Iterable[Any]) -> str:
    """As JSON. ValueError for a NUL in one of its texts, which SQLite would take for the text's end."""
    text = plain_json(tuple(rows))
    if "\\u0000" in text:
        raise ValueError("a list that SQLite reads can't have a NUL in it")
    return text


def _moved(attempt: Attempt) -> list[Any]:
    row = dict(zip(_ATTEMPT, cells(attempt), strict=True))
    return [row[name] for name in ("id", *ATTEMPT_MOVING)]

"""The ordinary turns of a group in one statement, whatever their number.

Most turns write the same four things: the turn, its session, an order that stays open, and events. One at a time they
cost some ten statements each, and at every statement the writer's thread and the event loop hand the interpreter to
one another, which costs more than the statement. As rows of a temporary view whose trigger does the writing they are
one statement, which alone is a whole transaction: the event loop runs on from its beginning until it is synced.

This decides nothing: what is not plainly in order undoes the statement, and then the rules look at each one.
"""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple, cast

from msgspec import Raw
from msgspec.structs import replace

from assistant.commerce.order import Order
from assistant.dialogue.state import Session
from assistant.storage import Change
from assistant.storage.rules import next_order, next_session, public
from assistant.storage.schema import moment, plain_json
from assistant.storage.tables import ADD_EVENTS, Tables

ROWS = 256
"""Most rows of one statement."""

OF_THE_COMMIT = (sqlite3.IntegrityError, sqlite3.ProgrammingError, sqlite3.InterfaceError, sqlite3.DataError)
"""What SQLite says of a commit that can't be written; anything else it says is about the file."""

Row = tuple[Any, ...]

_COLUMNS = (
    "channel",
    "shop",
    "session",
    "id",
    "said",
    "at",
    "stored_at",
    "final",
    "reply",
    "session_version",
    "session_person",
    "session_attended",
    "session_body",
    "order_id",
    "order_version",
    "order_seen",
    "order_session",
    "order_person",
    "order_created_at",
    "order_body",
    "events",
)

SETUP = (
    "PRAGMA temp_store = MEMORY",
    f"CREATE TEMP VIEW ordinary AS SELECT {', '.join(f'NULL AS {name}' for name in _COLUMNS)}",
    f"""CREATE TEMP TRIGGER ordinary_turn INSTEAD OF INSERT ON ordinary WHEN NEW.id IS NOT NULL BEGIN
        INSERT INTO turns (channel, session, id, shop, body, at, stored_at, final, reply) VALUES
            (NEW.channel, NEW.session, NEW.id, NEW.shop, NEW.said, NEW.at, NEW.stored_at, NEW.final, NEW.reply);
        UPDATE sessions SET version = NEW.session_version, person = NEW.session_person, order_id = NEW.order_id,
            attended = NEW.session_attended, body = NEW.session_body
            WHERE shop = NEW.shop AND id = NEW.session AND version = NEW.session_version - 1;
        SELECT RAISE(ABORT, 'session') WHERE NEW.session_version <> 1 AND changes() <> 1;
        INSERT INTO sessions (shop, id, version, person, order_id, attended, body)
            SELECT NEW.shop, NEW.session, 1, NEW.session_person, NEW.order_id, NEW.session_attended, NEW.session_body
            WHERE NEW.session_version = 1;
        UPDATE orders SET version = NEW.order_version, person = NEW.order_person, body = NEW.order_body
            WHERE id = NEW.order_id AND version = NEW.order_version - 1 AND stage = 'open' AND number IS NULL;
        SELECT RAISE(ABORT, 'order') WHERE NEW.order_version <> 1 AND changes() <> 1;
        SELECT RAISE(ABORT, 'seen') WHERE NEW.order_seen IS NOT NULL
            AND NOT EXISTS (SELECT 1 FROM orders WHERE id = NEW.order_id AND version = NEW.order_seen);
        INSERT INTO orders (id, shop, version, stage, session, person, created_at, body)
            SELECT NEW.order_id, NEW.shop, 1, 'open', NEW.order_session, NEW.order_person, NEW.order_created_at,
            NEW.order_body WHERE NEW.order_version = 1;
        {ADD_EVENTS.format(events="NEW.events")};
    END""",
)
"""What the writer's connection needs first."""


class Ordinary(NamedTuple):
    """A change that no rule needs to look at beyond its versions."""

    row: Row
    session: Session
    order: Order | None
    """Both as they are written."""


def ordinary(change: Change, now: dt.datetime) -> Ordinary | None:
    """None for any other change."""
    turn, session = change.turn, change.session
    if (
        turn is None
        or session is None
        or change.replaces
        or change.stock
        or change.attempts
        or change.refunds
        or change.effects
        or change.effects_done
        or change.entries
        or change.inbox
        or change.review
        or change.check
        or change.learned
        or change.records
        or len(change.orders) > 1
        or turn.session != session.id
        or turn.shop != session.shop
    ):
        return None
    seen = change.seen
    if seen is not None and (change.orders or seen[0] != session.order):
        return None
    said: Row = (session.order, None, seen[1] if seen else None, None, None, None, None)
    order = change.orders[0] if change.orders else None
    if order is not None:
        if order.stage != "open" or order.number is not None or order.id != session.order or order.shop != turn.shop:
            return None
        order = next_order(order)
        said = (order.id, order.version, None, order.session, order.person, moment(order.created_at), plain_json(order))
    repeated, session = session.last is turn.reply, next_session(session)
    reply = plain_json(public(turn.reply))
    # The last reply is most of a session, and mostly this turn's: it is written as JSON once.
    body = replace(session, last=cast("Any", Raw(reply))) if repeated else session
    row = (
        turn.channel,
        turn.shop,
        turn.session,
        turn.id,
        turn.body,
        moment(turn.at),
        moment(now),
        turn.final,
        reply,
        session.version,
        session.person,
        session.attended is not None,
        plain_json(body),
        *said,
        plain_json(change.events),
    )
    return Ordinary(row, session, order)


def write_together(tables: Tables, rows: Sequence[Row]) -> bool:
    """Write all of them (ROWS at most), or nothing where any is not as it was read."""
    size = 1 << (len(rows) - 1).bit_length()
    cells = [cell for row in rows for cell in row]
    try:
        tables.run(_statement(size), cells + [None] * (size * len(_COLUMNS) - len(cells)))
    except (*OF_THE_COMMIT, ValueError, OverflowError):  # the last two: text or numbers that SQLite can't take
        return False
    return True


@cache
def _statement(size: int) -> str:
    """For 1, 2, 4 … rows, so that few statements are ever prepared; what is not needed stays empty."""
    row = f"({', '.join('?' * len(_COLUMNS))})"
    return f"INSERT INTO ordinary VALUES {', '.join([row] * size)}"

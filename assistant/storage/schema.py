"""The tables of the SQLite store and their migrations, and how rows and values turn into one another.

A migration that has been released is never edited: add the next one at the end of MIGRATIONS. sqlite-utils is
imported only when there is something to migrate, since a conversation should start at once.
"""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from assistant.commerce.payment import LIVE
from assistant.errors import SetupError

if TYPE_CHECKING:
    from sqlite_utils import Database

T = TypeVar("T", bound=msgspec.Struct)
SET = "voicetill"

_LIVE = ", ".join(f"'{state}'" for state in sorted(LIVE))


def m001_first(db: Database) -> None:
    """Conversations, orders, money, stock, effects and events. Times are UTC text that sorts; bodies are JSON."""
    for statement in f"""
        CREATE TABLE turns (
            channel TEXT NOT NULL, session TEXT NOT NULL, id TEXT NOT NULL, shop TEXT NOT NULL, body TEXT NOT NULL,
            at TEXT NOT NULL, stored_at TEXT NOT NULL, final INTEGER NOT NULL, reply TEXT NOT NULL,
            UNIQUE (channel, session, id)) STRICT;
        CREATE TABLE sessions (
            shop TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL, person TEXT, order_id TEXT,
            body TEXT NOT NULL, UNIQUE (shop, id)) STRICT;
        CREATE TABLE orders (
            id TEXT NOT NULL UNIQUE, shop TEXT NOT NULL, version INTEGER NOT NULL, stage TEXT NOT NULL, number TEXT,
            session TEXT NOT NULL, person TEXT, created_at TEXT NOT NULL, review INTEGER NOT NULL DEFAULT 0,
            body TEXT NOT NULL) STRICT;
        CREATE INDEX orders_session ON orders (shop, session, created_at);
        CREATE INDEX orders_created ON orders (shop, created_at);
        CREATE INDEX orders_person ON orders (shop, person, created_at) WHERE person IS NOT NULL;
        CREATE UNIQUE INDEX orders_number ON orders (shop, number) WHERE number IS NOT NULL;
        CREATE TABLE numbers (shop TEXT PRIMARY KEY, last INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE attempts (
            id TEXT NOT NULL UNIQUE, order_id TEXT NOT NULL, shop TEXT NOT NULL, method TEXT NOT NULL,
            provider TEXT NOT NULL, amount INTEGER NOT NULL, currency TEXT NOT NULL, fingerprint TEXT NOT NULL,
            consent_turn TEXT NOT NULL, request BLOB NOT NULL, state TEXT NOT NULL, pays_later INTEGER NOT NULL,
            link TEXT, remote_id TEXT, reason TEXT, created_at TEXT NOT NULL, expires_at TEXT NOT NULL,
            version INTEGER NOT NULL, UNIQUE (order_id, consent_turn)) STRICT;
        CREATE UNIQUE INDEX attempts_one_live ON attempts (order_id) WHERE state IN ({_LIVE});
        CREATE TABLE refunds (
            id TEXT NOT NULL UNIQUE, order_id TEXT NOT NULL, attempt TEXT NOT NULL REFERENCES attempts (id),
            amount INTEGER NOT NULL CHECK (amount > 0), currency TEXT NOT NULL, request BLOB NOT NULL,
            state TEXT NOT NULL, reason TEXT NOT NULL, lines TEXT NOT NULL, created_at TEXT NOT NULL,
            version INTEGER NOT NULL) STRICT;
        CREATE INDEX refunds_order ON refunds (order_id);
        CREATE TABLE ledger (
            ref TEXT NOT NULL, account TEXT NOT NULL, amount INTEGER NOT NULL, currency TEXT NOT NULL, order_id TEXT,
            UNIQUE (ref, account)) STRICT;
        CREATE INDEX ledger_order ON ledger (order_id);
        CREATE TRIGGER ledger_keeps BEFORE UPDATE ON ledger
            BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
        CREATE TRIGGER ledger_stays BEFORE DELETE ON ledger
            BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
        CREATE TABLE inbox (provider TEXT NOT NULL, event_id TEXT, body TEXT NOT NULL,
            UNIQUE (provider, event_id)) STRICT;
        CREATE TABLE effects (
            id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, order_id TEXT NOT NULL, shop TEXT NOT NULL, ref TEXT NOT NULL,
            session TEXT NOT NULL, channel TEXT NOT NULL, turn TEXT NOT NULL, due_at TEXT NOT NULL,
            tries INTEGER NOT NULL, "then" TEXT NOT NULL, owner TEXT, lease_until TEXT) STRICT;
        CREATE INDEX effects_due ON effects (due_at);
        CREATE INDEX effects_order ON effects (order_id);
        CREATE TABLE events (
            at TEXT NOT NULL, shop TEXT NOT NULL, session TEXT NOT NULL, order_id TEXT, turn TEXT,
            channel TEXT NOT NULL, language TEXT NOT NULL, kind TEXT NOT NULL, data TEXT NOT NULL,
            version INTEGER NOT NULL) STRICT;
        CREATE INDEX events_session ON events (session);
        CREATE INDEX events_order ON events (order_id) WHERE order_id IS NOT NULL;
        CREATE TRIGGER events_keep BEFORE UPDATE ON events
            BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;
        CREATE TRIGGER events_stay BEFORE DELETE ON events
            BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;
        CREATE TABLE stock (
            shop TEXT NOT NULL, sku TEXT NOT NULL, bucket TEXT NOT NULL, on_hand INTEGER NOT NULL CHECK (on_hand >= 0),
            held INTEGER NOT NULL CHECK (held >= 0 AND held <= on_hand), PRIMARY KEY (shop, sku, bucket))
            STRICT, WITHOUT ROWID;
        CREATE TABLE holds (
            order_id TEXT NOT NULL, sku TEXT NOT NULL, bucket TEXT NOT NULL, held INTEGER NOT NULL CHECK (held >= 0),
            sold INTEGER NOT NULL CHECK (sold >= 0), until TEXT, PRIMARY KEY (order_id, sku, bucket))
            STRICT, WITHOUT ROWID;
        CREATE INDEX holds_until ON holds (until) WHERE held > 0;
    """.strip().split(";\n"):
        db.execute(statement)


def m002_aliases(db: Database) -> None:
    """Names that people use, how often and by how many voices they were meant."""
    for statement in """
        CREATE TABLE aliases (
            id INTEGER PRIMARY KEY, shop TEXT NOT NULL, said TEXT NOT NULL, language TEXT NOT NULL, kind TEXT NOT NULL,
            meant TEXT NOT NULL, state TEXT NOT NULL, times INTEGER NOT NULL, at TEXT NOT NULL,
            UNIQUE (shop, said, language, kind, meant)) STRICT;
        CREATE TABLE alias_voices (
            alias INTEGER NOT NULL REFERENCES aliases (id) ON DELETE CASCADE, voice TEXT NOT NULL,
            PRIMARY KEY (alias, voice)) STRICT, WITHOUT ROWID;
    """.strip().split(";\n"):
        db.execute(statement)


def m003_records(db: Database) -> None:
    """Codes, which talk a device is at, persons, tokens."""
    for statement in """
        CREATE TABLE records (
            shop TEXT NOT NULL, kind TEXT NOT NULL, key TEXT NOT NULL, body TEXT NOT NULL, owner TEXT NOT NULL,
            until TEXT, version INTEGER NOT NULL, PRIMARY KEY (shop, kind, key)) STRICT, WITHOUT ROWID;
        CREATE INDEX records_owner ON records (shop, kind, owner) WHERE owner <> '';
        CREATE INDEX records_until ON records (until) WHERE until IS NOT NULL;
    """.strip().split(";\n"):
        db.execute(statement)


def m004_attended(db: Database) -> None:
    """Talks in which a person is wanted are found without reading all. (Quotes that people say are escaped there.)"""
    db.execute("CREATE INDEX sessions_attended ON sessions (shop) WHERE instr(body, '\"attended\":') > 0")


def m005_moves(db: Database) -> None:
    """Which devices came to a talk or to a person, in that order: what is new to another process is found at once."""
    db.execute(
        "CREATE TABLE moves (id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, key TEXT NOT NULL) STRICT"
    )
    db.execute(
        "CREATE TRIGGER records_move AFTER INSERT ON records WHEN new.kind IN ('joined', 'linked') BEGIN"
        " INSERT INTO moves (kind, key) VALUES (new.kind, new.key);"
        " DELETE FROM moves WHERE id <= last_insert_rowid() - 10000; END"
    )


def m006_attended_column(db: Database) -> None:
    """Whether a person is wanted in a talk as a column of its own: to look for it in the body cost each turn more than
    the rest of writing its session."""
    for statement in (
        "ALTER TABLE sessions ADD COLUMN attended INTEGER NOT NULL DEFAULT 0",
        "UPDATE sessions SET attended = 1 WHERE instr(body, '\"attended\":') > 0",
        "DROP INDEX sessions_attended",
        "CREATE INDEX sessions_attended ON sessions (shop) WHERE attended",
    ):
        db.execute(statement)


MIGRATIONS: Mapping[str, Callable[[Database], None]] = {
    "m001_first": m001_first,
    "m002_aliases": m002_aliases,
    "m003_records": m003_records,
    "m004_attended": m004_attended,
    "m005_moves": m005_moves,
    "m006_attended_column": m006_attended_column,
}


def migrate(file: Path) -> None:
    """Make the store, or bring it up to date. Raises SetupError for a file of a newer program. Called under a lock."""
    plain = sqlite3.connect(file)
    try:
        known = plain.execute("SELECT 1 FROM sqlite_master WHERE name = '_sqlite_migrations'").fetchone()
        applied = (
            plain.execute("SELECT name FROM _sqlite_migrations WHERE migration_set = ?", (SET,)).fetchall()
            if known
            else []
        )
        done = {name for (name,) in applied}
        if newer := done.difference(MIGRATIONS):
            raise SetupError(
                f"{file} was written by a newer version ({', '.join(sorted(newer))});"
                " update this program or choose another --data folder"
            )
        if done.issuperset(MIGRATIONS):
            return
        plain.execute("PRAGMA journal_mode = WAL")
    finally:
        plain.close()
    from sqlite_utils import Database
    from sqlite_utils.migrations import Migrations

    migrations = Migrations(SET)
    for name, one in MIGRATIONS.items():
        migrations(name=name)(one)
    db = Database(file, execute_plugins=False)
    try:
        migrations.apply(db)
    finally:
        db.close()


def moment(at: dt.datetime) -> str:
    """A time as text that sorts."""
    return (at if at.tzinfo is dt.UTC else at.astimezone(dt.UTC)).isoformat(timespec="microseconds")


def columns(kind: type[msgspec.Struct]) -> tuple[str, ...]:
    """A flat value's columns: its fields, `order` under a name that SQL allows."""
    return tuple({"order": "order_id", "then": '"then"'}.get(field, field) for field in kind.__struct_fields__)


def cells(value: msgspec.Struct) -> tuple[Any, ...]:
    """A flat value as a row."""
    return tuple(_cell(one) for one in msgspec.structs.astuple(value))


def value(kind: type[T], row: tuple[Any, ...]) -> T:
    """A row as the flat value that it was."""
    fields = {
        field: msgspec.json.decode(cell) if field in ("lines", "data") else cell
        for field, cell in zip(kind.__struct_fields__, row, strict=True)
    }
    return msgspec.convert(fields, kind, strict=False)


def _cell(one: Any) -> Any:
    if isinstance(one, dt.datetime):
        return moment(one)
    return plain_json(one) if isinstance(one, tuple | dict) else one


def plain_json(one: Any) -> str:
    return _ENCODER.encode(one).decode()


def _mapping(one: Any) -> Any:
    if isinstance(one, Mapping):
        return dict(one)
    raise TypeError(f"{type(one).__name__} can't be stored")


_ENCODER = msgspec.json.Encoder(enc_hook=_mapping)

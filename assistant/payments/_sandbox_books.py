"""The sandbox's own books: its charges and refunds, in a file of the data folder, each change with a synced commit."""

from __future__ import annotations

import contextlib
import datetime as dt
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct
from msgspec.structs import replace

PATIENCE = 10.0
"""Seconds that another process' transaction is waited for."""

_TABLES = (
    "CREATE TABLE IF NOT EXISTS charges (attempt TEXT PRIMARY KEY, shop TEXT NOT NULL, order_id TEXT NOT NULL,"
    " amount INTEGER NOT NULL, currency TEXT NOT NULL, state TEXT NOT NULL, link TEXT, reason TEXT,"
    " request BLOB NOT NULL, place INTEGER NOT NULL, pays_at TEXT, expires_at TEXT NOT NULL) STRICT",
    "CREATE TABLE IF NOT EXISTS refunds (ref TEXT PRIMARY KEY, attempt TEXT NOT NULL REFERENCES charges (attempt),"
    " amount INTEGER NOT NULL CHECK (amount > 0), currency TEXT NOT NULL) STRICT",
    "CREATE TABLE IF NOT EXISTS arrivals (shop TEXT PRIMARY KEY, charges INTEGER NOT NULL) STRICT",
    "CREATE TABLE IF NOT EXISTS lost (kind TEXT NOT NULL, ref TEXT NOT NULL, PRIMARY KEY (kind, ref)) STRICT",
)

_turn = threading.Lock()
"""This process' threads come one at a time: SQLite lets a waiting one sleep long past the other's end."""

State = Literal["waiting", "paid", "declined", "expired", "closed"]


class SandboxCharge(Struct, frozen=True, kw_only=True):
    """One charge in the sandbox's own ledger."""

    attempt: str
    shop: str
    order: str
    amount: int
    currency: str
    state: State
    link: str | None
    reason: str | None
    request: bytes
    place: int
    """The how-manieth new charge of its shop it is, counted from 0."""
    pays_at: dt.datetime | None
    """When a late one will be paid."""
    expires_at: dt.datetime
    refunded: int

    @property
    def net(self) -> int:
        return self.amount - self.refunded if self.state == "paid" else 0


class Books:
    """One file of them. Opened when it is first used, and again when another file lies there."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._open: tuple[sqlite3.Connection, int] | None = None
        """The connection and the inode of its file."""

    @contextlib.contextmanager
    def change(self) -> Iterator[sqlite3.Connection]:
        """One transaction, synced at its end; nothing is written when it raises. From any thread. Raises OSError and
        sqlite3.Error where the file can't be used."""
        with _turn:
            db = self._connected()
            try:
                db.execute("BEGIN IMMEDIATE")
                yield db
                db.execute("COMMIT")
            except sqlite3.Error:
                self._drop()  # it may be past use; with it goes what was begun
                raise
            except BaseException:
                db.execute("ROLLBACK")
                raise

    def close(self) -> None:
        with _turn:
            self._drop()

    def _connected(self) -> sqlite3.Connection:
        if self._open is not None and (not self._file.exists() or self._file.stat().st_ino != self._open[1]):
            self._drop()
        if self._open is None:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            db = sqlite3.connect(self._file, timeout=PATIENCE, isolation_level=None, check_same_thread=False)
            try:
                for statement in ("PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL", *_TABLES):
                    db.execute(statement)
            except BaseException:
                db.close()
                raise
            self._open = db, self._file.stat().st_ino
        return self._open[0]

    def _drop(self) -> None:
        if self._open is not None:
            with contextlib.suppress(sqlite3.Error):
                self._open[0].close()
            self._open = None


def standing(db: sqlite3.Connection, attempt: str, now: dt.datetime) -> SandboxCharge | None:
    """As it stands now: what was late may be paid by now, and what waited too long has expired."""
    row = db.execute(
        "SELECT attempt, shop, order_id, amount, currency, state, link, reason, request, place, pays_at, expires_at,"
        " (SELECT coalesce(sum(amount), 0) FROM refunds WHERE refunds.attempt = charges.attempt)"
        " FROM charges WHERE attempt = ?",
        (attempt,),
    ).fetchone()
    if row is None:
        return None
    charge = msgspec.convert(dict(zip(SandboxCharge.__struct_fields__, row, strict=True)), SandboxCharge)
    if charge.state == "waiting" and charge.pays_at is not None and charge.pays_at <= now:
        put_state(db, attempt, "paid", None)
        return replace(charge, state="paid")
    if charge.state == "waiting" and charge.expires_at <= now and charge.pays_at is None:
        put_state(db, attempt, "expired", "expired")
        return replace(charge, state="expired", reason="expired")
    return charge


def add(db: sqlite3.Connection, charge: SandboxCharge) -> None:
    db.execute(
        "INSERT INTO charges (attempt, shop, order_id, amount, currency, state, link, reason, request, place,"
        " pays_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            charge.attempt,
            charge.shop,
            charge.order,
            charge.amount,
            charge.currency,
            charge.state,
            charge.link,
            charge.reason,
            charge.request,
            charge.place,
            charge.pays_at.isoformat() if charge.pays_at else None,
            charge.expires_at.isoformat(),
        ),
    )


def put_state(db: sqlite3.Connection, attempt: str, state: State, reason: str | None) -> None:
    db.execute("UPDATE charges SET state = ?, reason = ? WHERE attempt = ?", (state, reason, attempt))


def first_loss(db: sqlite3.Connection, kind: str, ref: str) -> bool:
    """Whether this request was not lost before. Kept here, not by the far end: it never saw it."""
    return db.execute("INSERT INTO lost (kind, ref) VALUES (?, ?) ON CONFLICT DO NOTHING", (kind, ref)).rowcount == 1

"""Attempts, refunds and the ledger: what moved, what may move, and the status that follows from it."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Mapping
from typing import Literal

from msgspec import Struct

from assistant.commerce.order import Order

ATTEMPT_MOVES: Mapping[str, frozenset[str]] = {
    "created": frozenset({"sent", "closed"}),
    "sent": frozenset({"waiting", "paid", "declined", "expired", "closed", "unknown"}),
    "waiting": frozenset({"paid", "declined", "expired", "closed", "unknown"}),
    "unknown": frozenset({"waiting", "paid", "declined", "expired", "closed"}),
    "declined": frozenset({"paid"}),
    "expired": frozenset({"paid"}),
    "closed": frozenset({"paid"}),
    "paid": frozenset(),
}
ATTEMPT_ENDS = frozenset({"paid", "declined", "expired", "closed"})
LIVE = frozenset({"created", "sent", "waiting", "unknown"})

ATTEMPT_MINUTES = 15
"""How long a buyer has to approve a payment."""

REFUND_MOVES: Mapping[str, frozenset[str]] = {
    "asked": frozenset({"sent"}),
    "sent": frozenset({"done", "failed", "unknown"}),
    "unknown": frozenset({"done", "failed"}),
    "failed": frozenset({"asked"}),
    "done": frozenset(),
}
REFUND_ENDS = frozenset({"done"})


class Attempt(Struct, frozen=True, kw_only=True):
    """One try to collect one consented total. Request bytes and key never change after it is stored."""

    id: str
    order: str
    shop: str
    method: str
    provider: str
    amount: int
    currency: str
    fingerprint: str
    consent_turn: str
    """`session/turn` of the yes; unique: one attempt a consent."""
    request: bytes
    state: str = "created"
    pays_later: bool = False
    """Agreed to be paid at the door: `waiting` is then a settled state and the order is placed."""
    link: str | None = None
    remote_id: str | None = None
    reason: str | None = None
    created_at: dt.datetime
    expires_at: dt.datetime
    version: int = 0


class Refund(Struct, frozen=True, kw_only=True):
    """Paying back some or all of a captured attempt, in minor units. Request bytes never change after it is stored."""

    id: str
    order: str
    attempt: str
    amount: int
    currency: str
    request: bytes
    state: str = "asked"
    reason: str = ""
    lines: tuple[tuple[int, int], ...] = ()
    """(line id, quantity) that it pays back."""
    created_at: dt.datetime
    version: int = 0


def refund_id(order: str, attempt: str, asked: str) -> str:
    """Of a refund that somebody named: the same for the same."""
    return hashlib.sha256(f"{order}/{attempt}/{asked}".encode()).hexdigest()[:32]


class Entry(Struct, frozen=True):
    """One leg of a movement; the legs of one `ref` sum to zero per currency."""

    ref: str
    """attempt:ID:paid, refund:ID:done"""
    account: str
    """gateway:PROVIDER, sales, refunds, …"""
    amount: int
    currency: str


class Facts(Struct, frozen=True, kw_only=True):
    """What the far end says of one attempt or refund, whichever way we learned it."""

    kind: Literal["charge", "close", "refund"]
    ref: str
    """Attempt or refund id."""
    state: str
    """An attempt's or refund's state."""
    amount: int
    currency: str
    remote_id: str | None = None
    link: str | None = None
    reason: str | None = None
    """A decline's reason: an id with words (insufficient_funds, declined, expired, …)."""
    event_id: str | None = None
    expires_at: dt.datetime | None = None


class Done(Struct, frozen=True):
    """The far end answered, and this is so by now."""

    facts: Facts


class Refused(Struct, frozen=True):
    """The far end will not do it, and has not."""

    reason: str


class Unknown(Struct, frozen=True):
    """No answer that can be trusted: to be queried, never to be sent as something new."""

    why: str


class NotFound(Struct, frozen=True):
    """The far end never saw it."""


class Payment(Struct, frozen=True):
    """All attempts and refunds of one order, oldest first."""

    attempts: tuple[Attempt, ...] = ()
    refunds: tuple[Refund, ...] = ()
    review: bool = False

    @property
    def live(self) -> Attempt | None:
        return next((one for one in reversed(self.attempts) if one.state in LIVE), None)

    @property
    def captured(self) -> int:
        return sum(one.amount for one in self.attempts if one.state == "paid")

    @property
    def refunded(self) -> int:
        return sum(one.amount for one in self.refunds if one.state == "done")

    @property
    def refunding(self) -> int:
        """Asked for and not yet done or failed."""
        return sum(one.amount for one in self.refunds if one.state in ("asked", "sent", "unknown"))

    @property
    def refundable(self) -> int:
        return self.captured - self.refunded - self.refunding

    @property
    def net(self) -> int:
        return self.captured - self.refunded

    @property
    def charges(self) -> int:
        return sum(one.state == "paid" for one in self.attempts)

    @property
    def status(self) -> str:
        """none | due | charging | unknown | paid | partly_refunded | refunded | review"""
        if self.review:
            return "review"
        if self.charges:
            if not self.refunded:
                return "paid"
            return "refunded" if self.refunded >= self.captured else "partly_refunded"
        live = self.live
        if live is None:
            return "due" if self.attempts else "none"
        if live.pays_later and live.state == "waiting":
            return "due"
        return "unknown" if live.state == "unknown" else "charging"


def units_back(payment: Payment) -> Counter[int]:
    """Units by line id that were, or are being, paid back."""
    gone: Counter[int] = Counter()
    for one in payment.refunds:
        if one.state != "failed":
            for line, count in one.lines:
                gone[line] += count
    return gone


def units_left(order: Order, payment: Payment) -> dict[int, int]:
    """Units by line id that can still be paid back."""
    gone = units_back(payment)
    return {one.id: one.quantity - gone[one.id] for one in order.lines if one.quantity > gone[one.id]}

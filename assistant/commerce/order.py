"""An order: what is bought, the facts of its checkout, the buyer's consent, and the moves it may make."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from msgspec import Struct

ORDER_MOVES: Mapping[str, frozenset[str]] = {
    "open": frozenset({"placed", "cancelled"}),
    "placed": frozenset({"preparing", "done", "cancelled"}),
    "preparing": frozenset({"on_the_way", "ready", "done", "cancelled"}),
    "on_the_way": frozenset({"done", "cancelled"}),
    "ready": frozenset({"done", "cancelled"}),
    "done": frozenset(),
    "cancelled": frozenset(),
}
ORDER_ENDS = frozenset({"done", "cancelled"})
ORDER_PAST = tuple(stage for stage in ORDER_MOVES if stage != "open")
"""Stages of an order that is no basket any more."""


class LineOption(Struct, frozen=True, omit_defaults=True):
    """What was chosen of one option."""

    option: str
    choice: str
    amount: str | int | None = None
    """None where one is chosen."""
    part: str | None = None
    """whole, left or right, where each half may have its own."""


class When(Struct, frozen=True):
    """What a booking books: ISO dates, `end` is the day of leaving."""

    start: str
    end: str


class Party(Struct, frozen=True):
    """Who stays in a room, or comes."""

    adults: int = 1
    children: int = 0


class Line(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """Some units of one item with the same options, priced when it was added and again at each read-back."""

    id: int
    """Unique in its order, never used again."""
    item: str
    quantity: int
    names: Mapping[str, str]
    """Name to say by language, copied when it was added."""
    options: tuple[LineOption, ...] = ()
    """What was chosen, defaults filled in; what is included and untouched is not listed."""
    unit_price: int
    """Minor units; for a room, one room for all nights."""
    version: str = ""
    """The catalogue's when it was priced."""
    when: When | None = None
    party: Party | None = None
    nights: tuple[tuple[str, int], ...] = ()
    """(ISO date, price) of each night."""

    @property
    def total(self) -> int:
        return self.unit_price * self.quantity


class Consent(Struct, frozen=True, kw_only=True):
    """The buyer's yes to exactly one read-back."""

    fingerprint: str
    session: str
    person: str | None
    turn: str
    read_back_turn: str
    at: dt.datetime
    total: int
    bill: Mapping[str, Any] = {}
    """The totals as they were agreed to: a later change of prices, rules or clock doesn't touch them."""


class Order(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One sale, from the first thing in the basket to its end. Totals, problems and position are derived."""

    id: str
    shop: str
    trade: str
    currency: str
    lines: tuple[Line, ...] = ()
    facts: Mapping[str, Any] = {}
    """By step name; never changed in place. method: id, fulfilment: id, address: {"text"}, time: {"asap"} | {"at"},
    contact: {"name", "phone"}, basket: "done"."""
    discounts: tuple[str, ...] = ()
    """Coupon codes as given."""
    consent: Consent | None = None
    stage: str = "open"
    version: int = 0
    number: str | None = None
    """What people call it, such as A17; given when it is placed."""
    session: str
    """The session that began it."""
    person: str | None = None
    language: str = ""
    channel: str = ""
    created_at: dt.datetime
    placed_at: dt.datetime | None = None
    expected_at: dt.datetime | None = None
    """When it should be handed over (or the stay begins)."""

    def line(self, line_id: int) -> Line | None:
        return next((one for one in self.lines if one.id == line_id), None)

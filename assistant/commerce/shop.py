"""A shop's rules as the merchant wrote them in shop.toml. Immutable; read by `assistant.shops`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import cached_property
from typing import Any, Literal
from zoneinfo import ZoneInfo

from msgspec import Struct

from assistant.commerce.catalogue import Names

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
DELIVERY = "delivery"
"""The way that brings goods to the person, which every language has names for."""


class Fulfilment(Struct, frozen=True, kw_only=True):
    id: str
    """delivery, pickup, dine_in, stay, … """
    names: Names = {}
    fee: int = 0
    """Minor units."""
    free_from: int | None = None
    """The fee is dropped from this discounted subtotal on."""
    minimum: int | None = None
    """The discounted subtotal must reach this."""
    needs: tuple[str, ...] = ()
    """Of address, name, phone, time: what must be known."""
    minutes: int = 30
    """Usual time from order to hand-over."""


class Method(Struct, frozen=True, kw_only=True):
    """A way to pay."""

    id: str
    names: Names = {}
    """Empty: the language file's names for this id."""
    provider: str = "sandbox"


class Promotion(Struct, frozen=True, kw_only=True):
    """One rule that takes money off.

    percent   `percent` (decimal text) off the lines it covers, or the order
    amount    `amount` off the order (or the covered lines)
    buy_get   of each `buy`+`get` covered units the `get` cheapest are free
    bundle    one of each of `items` together for `price`
    """

    id: str
    kind: Literal["percent", "amount", "buy_get", "bundle"]
    names: Names = {}
    percent: str = "0"
    amount: int = 0
    buy: int = 0
    get: int = 0
    price: int = 0
    items: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    """Items or categories covered; both empty: everything (an order promotion for percent and amount)."""
    minimum: int = 0
    """Minimum spend: subtotal before discounts."""
    code: str | None = None
    """A coupon: applies only when the buyer gave this code (compared without case, spaces, dashes)."""
    first_order: bool = False
    start: str | None = None
    end: str | None = None
    """ISO dates, inclusive, shop's time."""
    hours: tuple[str, ...] = ()
    """`HH:MM-HH:MM` windows."""
    days: tuple[str, ...] = ()
    most: int | None = None
    """Most it takes off, minor units."""
    stacks: bool = True
    """False: never together with another promotion; the better one for the buyer wins."""


class Term(Struct, frozen=True, kw_only=True):
    """Something that must be heard before the yes."""

    id: str
    text: Mapping[str, str]
    items: tuple[str, ...] = ()
    must_ack: bool = False


class Cancellation(Struct, frozen=True, kw_only=True):
    """What cancelling a stay pays back: all of it until `free_hours` before `time` on the first day, then
    `percent_after` percent of it."""

    free_hours: int = 24
    time: str = "18:00"
    percent_after: int = 0


class Limits(Struct, frozen=True, kw_only=True):
    """What is asked once more, what is too much, and how long what was said holds."""

    unusual: int = 20
    """More of one item is asked about once."""
    most: int = 99
    """More of one item is refused."""
    unusual_total: int | None = None
    """Minor units; a larger total is asked about once."""
    most_total: int | None = None
    """Minor units; a larger total is refused."""
    quote_minutes_typed: int = 15
    """How long a yes to a read-back counts."""
    quote_minutes_spoken: int = 2
    hold_minutes: int = 20
    """How long stock is held for an order that waits for its payment."""


class Learning(Struct, frozen=True, kw_only=True):
    """When a doubtful name that people confirm is suggested to the merchant."""

    times: int = 3
    """Confirmed or corrected at least so often,"""
    voices: int = 2
    """by at least so many persons (or talks of unknown ones)."""


class Shop(Struct, frozen=True, kw_only=True, dict=True):
    """A merchant's `shop.toml`, read and checked. Amounts are minor units of `currency`."""

    id: str
    """The folder's name."""
    folder: str
    name: str
    names: Names = {}
    trade: str
    currency: str
    time_zone: str
    languages: tuple[str, ...]
    hours: Mapping[str, tuple[str, ...]] = {}
    """Day -> `HH:MM-HH:MM` windows; an end before its start runs past midnight. A missing day is closed; no hours at
    all: always open."""
    tax_rate: str = "0"
    """Decimal text: 0.06 is six percent."""
    tax_included: bool = True
    """Prices have the tax in them."""
    tax_on_fulfilment: bool = False
    service_fee: int = 0
    service_percent: str = "0"
    """Decimal text, of the discounted subtotal; comes on top of `service_fee`."""
    tips: tuple[int, ...] = ()
    """Percentages that may be offered; empty: no tips."""
    fulfilments: Mapping[str, Fulfilment] = {}
    methods: Mapping[str, Method] = {}
    promotions: Mapping[str, Promotion] = {}
    terms: Mapping[str, Term] = {}
    cancellation: Cancellation = Cancellation()
    limits: Limits = Limits()
    learning: Learning = Learning()
    providers: Mapping[str, Mapping[str, Any]] = {}
    check_in: str = "15:00"
    check_out: str = "12:00"
    address: Mapping[str, str] = {}
    phone: str = ""
    person: Mapping[str, str] = {}
    """How to reach a person of the shop, by language."""

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @cached_property
    def deliveries(self) -> tuple[Fulfilment, ...]:
        """The ways that bring goods to the person: `delivery`, and others that need an address, such as zones."""
        return tuple(way for way in self.fulfilments.values() if way.id == DELIVERY or "address" in way.needs)

    @cached_property
    def asks_where(self) -> bool:
        """Whether there is a way that needs an address."""
        return any("address" in way.needs for way in self.fulfilments.values())

    @cached_property
    def first_order_codes(self) -> frozenset[str | None]:
        """The codes of the promotions that are for a first order alone; None for one that has no code."""
        return frozenset(one.code for one in self.promotions.values() if one.first_order)

    def kind_of_way(self, way: str | None) -> str:
        """What sort of way it is, by whose name stages and sentences go: `delivery` for all that is brought."""
        return DELIVERY if any(one.id == way for one in self.deliveries) else way or ""

    def reach(self, language: str) -> str:
        """How to reach a person of the shop, as the shop says it, as a clause; "" where it doesn't."""
        known = self.person.get(language) or next(iter(self.person.values()), "")
        return known.rstrip(".。 ")

    def local(self, at: dt.datetime) -> dt.datetime:
        return at.astimezone(self.zone)

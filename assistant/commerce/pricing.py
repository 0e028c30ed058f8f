"""Line prices, totals and the fingerprint that a consent is for. Pure, exact, half up to a minor unit.

Totals: line prices, line promotions, order promotions (spread over lines by largest remainder), fulfilment fee,
service fee, tax per rate on discounted lines, tip. How promotions are worked out lies in `promotions`.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any, Literal

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from assistant.commerce.catalogue import Catalogue, Item, Rate
from assistant.commerce.money import spread
from assistant.commerce.options import fill_options, find_choice, options_price, unit_price
from assistant.commerce.order import Line, LineOption, Order, When
from assistant.commerce.promotions import Applied, RejectedCode, discounts
from assistant.commerce.shop import DAYS, Shop


class PriceChange(Struct, frozen=True, kw_only=True):
    """What a look into today's catalogue changed."""

    line: int
    item: str
    kind: Literal["price", "gone", "option_gone"]
    names: Mapping[str, str] = {}
    old: int
    new: int | None = None
    """Unit price; None when the item is sold no more."""
    options: tuple[LineOption, ...] = ()
    """option_gone: those that can't be had any more."""


class LineTotal(Struct, frozen=True):
    """What one line costs, in minor units."""

    line: int
    item: str
    quantity: int
    unit_price: int
    subtotal: int
    discount: int
    total: int
    """subtotal − discount"""
    tax: int
    """This line's part of the tax: on top of `total`, or inside it where the shop's prices include tax."""


class Totals(Struct, frozen=True, kw_only=True):
    """total = subtotal − discount + fulfilment + fee + (0 if tax_included else tax)"""

    lines: tuple[LineTotal, ...]
    subtotal: int
    discount: int
    fulfilment: int
    fee: int
    """Service fee and tip."""
    tip: int
    tax: int
    tax_included: bool
    total: int
    currency: str
    applied: tuple[Applied, ...] = ()
    rejected: tuple[RejectedCode, ...] = ()


def room_price(item: Item, when: When, at: dt.datetime) -> tuple[int, tuple[tuple[str, int], ...]]:
    """One room for all nights, and each night's price. `at` is the shop's local time, for rates from today."""
    today = at.date()
    day, end = dt.date.fromisoformat(when.start), dt.date.fromisoformat(when.end)
    nights = []
    while day < end:
        rate = next((one for one in item.rates if _covers(one, day, today)), None)
        nights.append((day.isoformat(), item.price if rate is None else rate.price))
        day += dt.timedelta(days=1)
    return sum(price for _, price in nights), tuple(nights)


def _covers(rate: Rate, day: dt.date, today: dt.date) -> bool:
    if rate.days and DAYS[day.weekday()] not in rate.days:
        return False
    start, end = rate.start, rate.end
    if start is None and end is None:
        return True
    bound = start or end or ""
    if bound.startswith("+"):
        off = (day - today).days
        return (start is None or off >= int(start)) and (end is None or off <= int(end))
    text = day.isoformat()[-len(bound) :]
    after, before = start is None or text >= start, end is None or text <= end
    if start is not None and end is not None and len(bound) == 5 and end < start:
        return after or before  # over New Year
    return after and before


def line_price(
    item: Item, options: Iterable[LineOption], when: When | None, at: dt.datetime
) -> tuple[int, tuple[tuple[str, int], ...]]:
    """The unit price of a line, and its nights. A room's options are paid for each night."""
    if when is None:
        return unit_price(item, options), ()
    price, nights = room_price(item, when, at)
    return price + options_price(item, options) * len(nights), nights


def reprice(order: Order, catalogue: Catalogue, at: dt.datetime) -> tuple[Order, tuple[PriceChange, ...]]:
    """The order at today's catalogue. Lines whose item is sold no more are taken out; every change is told.

    `at` is the shop's local time, as for `room_price`."""
    if all(line.version == catalogue.version and line.when is None for line in order.lines):
        return order, ()
    lines: list[Line] = []
    changes: list[PriceChange] = []
    for line in order.lines:
        item = catalogue.item(line.item)
        if item is None:
            gone_line = PriceChange(line=line.id, item=line.item, kind="gone", names=line.names, old=line.unit_price)
            changes.append(gone_line)
            continue
        kept = fill_options(item, (), line.options).options
        price, nights = line_price(item, kept, line.when, at)
        gone = tuple(one for one in line.options if find_choice(item, one, line.options)[1] is None)
        if gone or price != line.unit_price:
            changes.append(
                PriceChange(
                    line=line.id,
                    item=line.item,
                    kind="option_gone" if gone else "price",
                    names=line.names,
                    old=line.unit_price,
                    new=price,
                    options=gone,
                )
            )
        names = {tag: one[0] for tag, one in item.names.items() if one}
        today = replace(line, names=names, options=kept, unit_price=price, nights=nights, version=catalogue.version)
        lines.append(today)
    return replace(order, lines=tuple(lines)), tuple(changes)


# --- totals ----------------------------------------------------------------------------------------------------------


def priced(order: Order) -> tuple[object, ...]:
    """All of an order that `totals` looks at."""
    facts = order.facts
    return order.lines, order.discounts, order.currency, facts.get("fulfilment"), facts.get("tip")


def totals(order: Order, shop: Shop, catalogue: Catalogue, *, at: dt.datetime, first_order: bool = False) -> Totals:
    """What the order costs now. An empty basket costs nothing, whatever else is known."""
    lines = order.lines
    subtotal = sum([line.unit_price * line.quantity for line in lines])
    off, applied, rejected = discounts(order, shop, catalogue, at=at, first_order=first_order)
    discount = sum(off)
    goods = subtotal - discount
    fulfilment = _fulfilment_fee(order, shop, goods)
    fee = tip = 0
    if lines:
        fee = shop.service_fee
        if shop.service_percent != "0":
            fee += share(goods, shop.service_percent, 100)
        tip = _tip(order.facts.get("tip"), goods)
        fee += tip
    tax, line_tax = _tax(order, shop, catalogue, off, fulfilment)
    return Totals(
        lines=tuple(
            [
                LineTotal(
                    line.id,
                    line.item,
                    line.quantity,
                    line.unit_price,
                    line.unit_price * line.quantity,
                    off[n],
                    line.unit_price * line.quantity - off[n],
                    line_tax[n],
                )
                for n, line in enumerate(lines)
            ]
        ),
        subtotal=subtotal,
        discount=discount,
        fulfilment=fulfilment,
        fee=fee,
        tip=tip,
        tax=tax,
        tax_included=shop.tax_included,
        total=goods + fulfilment + fee + (0 if shop.tax_included else tax),
        currency=order.currency,
        applied=applied,
        rejected=rejected,
    )


def share(amount: int, rate: str, of: int = 1) -> int:
    """`amount` × rate / of, half up; `amount` is never negative."""
    over, under = _fraction(rate)
    under *= of
    return (2 * amount * over + under) // (2 * under)


@lru_cache(maxsize=256)
def _fraction(rate: str) -> tuple[int, int]:
    return Decimal(rate).as_integer_ratio()


def _fulfilment_fee(order: Order, shop: Shop, goods: int) -> int:
    chosen = shop.fulfilments.get(order.facts.get("fulfilment", ""))
    if chosen is None or not order.lines or (chosen.free_from is not None and goods >= chosen.free_from):
        return 0
    return chosen.fee


def _tip(said: Any, goods: int) -> int:
    if not isinstance(said, Mapping):
        return 0
    if "percent" in said:
        return share(goods, str(said["percent"]), 100)
    return max(0, int(said.get("amount", 0)))


def _tax(order: Order, shop: Shop, catalogue: Catalogue, off: list[int], fulfilment: int) -> tuple[int, list[int]]:
    """The tax, half up once a rate, and each line's part of it."""
    bases: dict[str, int] = {}
    rates: list[str] = []
    for n, line in enumerate(order.lines):
        item = catalogue.items.get(line.item)
        rate = shop.tax_rate if item is None or item.tax_rate is None else item.tax_rate
        rates.append(rate)
        bases[rate] = bases.get(rate, 0) + line.unit_price * line.quantity - off[n]
    fee = fulfilment if shop.tax_on_fulfilment else 0
    if fee:
        bases[shop.tax_rate] = bases.get(shop.tax_rate, 0) + fee
    parts = [0] * len(rates)
    whole = 0
    for rate, base in bases.items():
        over, under = _fraction(rate)
        if not over or not base:
            continue
        if shop.tax_included:
            under += over
        tax = (2 * base * over + under) // (2 * under)
        whole += tax
        lines = [n for n, one in enumerate(rates) if one == rate]
        weights = [order.lines[n].unit_price * order.lines[n].quantity - off[n] for n in lines]
        if fee and rate == shop.tax_rate:
            weights.append(fee)
        for n, part in zip(lines, spread(tax, weights), strict=False):
            parts[n] = part
    return whole, parts


def refund_of(sums: Totals, lines: Iterable[tuple[int, int]]) -> int:
    """What (line id, quantity) cost, discounts and tax counted: what is paid back for them. Fees stay."""
    by_id = {one.line: one for one in sums.lines}
    amount = 0
    for line_id, quantity in lines:
        one = by_id.get(line_id)
        if one is not None and one.quantity > 0:
            paid = one.total + (0 if sums.tax_included else one.tax)
            amount += paid * min(quantity, one.quantity) // one.quantity
    return amount


def fingerprint(order: Order, sums: Totals) -> str:
    """What a yes is for: all that the read-back says. Another basket, price, address or method is another one."""
    lines = sorted(
        msgspec.json.encode((one.item, one.quantity, one.options, one.unit_price, one.when, one.party, one.nights))
        for one in order.lines
    )
    covered = (
        order.id,
        order.shop,
        order.currency,
        [one.decode() for one in lines],
        order.facts,
        sums.applied,
        (sums.subtotal, sums.discount, sums.fulfilment, sums.fee, sums.tip, sums.tax, sums.tax_included, sums.total),
    )
    return hashlib.sha256(msgspec.json.encode(covered, order="deterministic")).hexdigest()

"""When a shop is open, when an order can be handed over, and what cancelling a stay pays back. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Literal

from msgspec import Struct

from assistant.commerce.hours import in_windows, minutes
from assistant.commerce.order import Order
from assistant.commerce.shop import DAYS, Shop

AHEAD = 14
"""Days that are searched for the next opening."""


class TimeCheck(Struct, frozen=True):
    """Whether an order can be handed over at a wanted time."""

    kind: Literal["ok", "closed", "past", "too_soon"]
    at: dt.datetime | None = None
    """ok: when; closed: the next opening; too_soon: the earliest time. None: the shop opens no more."""


def is_open(shop: Shop, at: dt.datetime) -> bool:
    if not shop.hours:
        return True
    local = shop.local(at)
    near = (DAYS[local.weekday()], DAYS[local.weekday() - 1])  # yesterday's may run past midnight
    return any(in_windows(windows, (day,), local) for day in near if (windows := shop.hours.get(day)))


def openings(shop: Shop, at: dt.datetime) -> Iterator[tuple[dt.datetime, dt.datetime]]:
    """(opens, closes) of the windows that end after `at`, soonest first."""
    local = shop.local(at)
    for ahead in range(-1, AHEAD + 1):
        day = local.date() + dt.timedelta(days=ahead)
        midnight = dt.datetime.combine(day, dt.time(), shop.zone)
        windows = shop.hours.get(DAYS[day.weekday()], ()) if shop.hours else ("00:00-24:00",)
        for start, end in sorted(minutes(one) for one in windows):
            # Wall-clock arithmetic: 22:00 stays 22:00 on the day the clocks change.
            opens, closes = midnight + dt.timedelta(minutes=start), midnight + dt.timedelta(minutes=end)
            if closes > at:
                yield opens, closes


def next_opening(shop: Shop, at: dt.datetime) -> dt.datetime | None:
    """`at` itself while it is open, else the next time it opens; None when it opens no more."""
    if is_open(shop, at):
        return shop.local(at)
    return next((opens for opens, _ in openings(shop, at) if opens > at), None)


def closes_at(shop: Shop, at: dt.datetime) -> dt.datetime | None:
    """When it closes next, while it is open; None when it is closed or never closes."""
    if not shop.hours or not is_open(shop, at):
        return None
    end = shop.local(at)
    for opens, closes in openings(shop, at):
        if opens <= end < closes:
            end = closes
    return end if end - at < dt.timedelta(days=7) else None


def earliest(shop: Shop, fulfilment: str | None, at: dt.datetime) -> dt.datetime | None:
    """When an order placed now can be handed over."""
    start = next_opening(shop, at)
    return None if start is None else start + _usual_time(shop, fulfilment)


def check_time(shop: Shop, fulfilment: str | None, wanted: dt.datetime | None, at: dt.datetime) -> TimeCheck:
    """Whether `wanted` (None: as soon as possible) can be done. Goods are handed over while the shop is open."""
    soonest = earliest(shop, fulfilment, at)
    if wanted is None:
        if soonest is None:
            return TimeCheck("closed")
        return TimeCheck("ok", soonest) if is_open(shop, at) else TimeCheck("closed", next_opening(shop, at))
    if wanted < at:
        return TimeCheck("past")
    # The closing minute counts: who orders "for ten" from a shop that closes at ten means that.
    if not is_open(shop, wanted) and not is_open(shop, wanted - dt.timedelta(minutes=1)):
        return TimeCheck("closed", next_opening(shop, wanted))
    if soonest is None or wanted < soonest:
        return TimeCheck("too_soon", soonest)
    return TimeCheck("ok", shop.local(wanted))


def slots(
    shop: Shop, fulfilment: str | None, day: dt.date, at: dt.datetime, every: int = 30
) -> tuple[dt.datetime, ...]:
    """The times of a day that can be offered, at the full and half hour."""
    midnight = dt.datetime.combine(day, dt.time(), shop.zone)
    times = (midnight + dt.timedelta(minutes=n) for n in range(0, 24 * 60, every))
    return tuple(one for one in times if check_time(shop, fulfilment, one, at).kind == "ok")


def expected_at(order: Order, shop: Shop, at: dt.datetime) -> dt.datetime | None:
    """When an order placed now should be handed over, or its stay begins."""
    stays = [line.when.start for line in order.lines if line.when is not None]
    if stays:
        first = min(stays)
        if "T" in first:
            return _aware(shop, first)
        return dt.datetime.combine(dt.date.fromisoformat(first), dt.time.fromisoformat(shop.check_in), shop.zone)
    wanted = order.facts.get("time")
    if isinstance(wanted, Mapping) and wanted.get("at"):
        return _aware(shop, str(wanted["at"]))
    return earliest(shop, order.facts.get("fulfilment"), at)


def free_until(order: Order, shop: Shop) -> dt.datetime | None:
    """Until when a booking can be cancelled for nothing; None for what isn't booked."""
    stays = [line.when.start for line in order.lines if line.when is not None]
    if not stays:
        return None
    first = min(stays)
    rule = shop.cancellation
    start = (
        _aware(shop, first)
        if "T" in first
        else dt.datetime.combine(dt.date.fromisoformat(first), dt.time.fromisoformat(rule.time), shop.zone)
    )
    return start - dt.timedelta(hours=rule.free_hours)


def cancellation_refund(order: Order, shop: Shop, at: dt.datetime, captured: int) -> int:
    """What cancelling pays back: all of it in time (and for what isn't booked), later the share the shop grants."""
    until = free_until(order, shop)
    if until is None or at <= until:
        return captured
    return (captured * shop.cancellation.percent_after * 2 + 100) // 200


def _usual_time(shop: Shop, fulfilment: str | None) -> dt.timedelta:
    chosen = shop.fulfilments.get(fulfilment or "")
    return dt.timedelta(minutes=chosen.minutes if chosen else 0)


def _aware(shop: Shop, text: str) -> dt.datetime:
    when = dt.datetime.fromisoformat(text)
    return when if when.tzinfo else when.replace(tzinfo=shop.zone)

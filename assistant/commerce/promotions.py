"""Works out what promotions take off, which ones apply, and why a coupon doesn't. Pure.

Line promotions come before order promotions. Each takes off what the ones before it left, so that no line goes below
nothing. One that doesn't stack stands alone: of all that could be had together and each of those, the best for the
buyer is taken.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from msgspec import Struct

from assistant.commerce.catalogue import Catalogue
from assistant.commerce.hours import in_windows
from assistant.commerce.money import spread
from assistant.commerce.order import Line, Order
from assistant.commerce.shop import Promotion, Shop

Reason = Literal["unknown", "ended", "not_yet", "wrong_time", "minimum", "not_first", "no_items", "not_with_others"]


class Applied(Struct, frozen=True):
    """A promotion that took something off."""

    promotion: str
    code: str | None
    amount: int


class RejectedCode(Struct, frozen=True):
    """A coupon code that takes nothing off, and why."""

    code: str
    reason: Reason
    value: int | None = None
    """minimum: what is missing."""


@lru_cache(maxsize=1024)
def plain_code(code: str) -> str:
    """A coupon code as it is compared: without case, spaces and dashes."""
    return "".join(one for one in code.casefold() if one not in " -–—_")


def discounts(
    order: Order, shop: Shop, catalogue: Catalogue, *, at: dt.datetime, first_order: bool
) -> tuple[list[int], tuple[Applied, ...], tuple[RejectedCode, ...]]:
    """What is taken off each line, by which promotions, and which codes were refused."""
    nothing = [0] * len(order.lines)
    if not shop.promotions and not order.discounts:
        return nothing, (), ()
    given = {plain_code(code): code for code in reversed(order.discounts)}
    subtotal = sum([line.unit_price * line.quantity for line in order.lines])
    fitting: list[Promotion] = []
    rejected: dict[str, RejectedCode] = {}
    known: set[str] = set()
    for one in shop.promotions.values():
        code = None
        if one.code is not None:
            plain = plain_code(one.code)
            if plain not in given:
                continue
            known.add(plain)
            code = given[plain]
        elif one.minimum > subtotal or not _within_reach(one, order.lines, catalogue):
            continue
        reason, value = _refusal(one, shop, subtotal, at, first_order)
        if reason is None:
            fitting.append(one)
        elif code is not None:
            rejected[code] = RejectedCode(code, reason, value)
    off, applied = _best(fitting, order, catalogue, given) if fitting else (nothing, ())
    took = {one.promotion for one in applied}
    for one in fitting:
        if one.code is not None and one.id not in took:
            alone = _take([one], order, catalogue, given)[1]
            code = given[plain_code(one.code)]
            rejected[code] = RejectedCode(code, "not_with_others" if alone else "no_items")
    for plain, code in given.items():
        if plain not in known:
            rejected[code] = RejectedCode(code, "unknown")
    return off, applied, tuple(rejected[code] for code in order.discounts if code in rejected)


def _refusal(
    one: Promotion, shop: Shop, subtotal: int, at: dt.datetime, first_order: bool
) -> tuple[Reason | None, int | None]:
    if one.start or one.end or one.hours or one.days:
        local = shop.local(at)
        today = local.date().isoformat()
        if one.end is not None and today > one.end:
            return "ended", None
        if one.start is not None and today < one.start:
            return "not_yet", None
        if not in_windows(one.hours, one.days, local):
            return "wrong_time", None
    if one.first_order and not first_order:
        return "not_first", None
    if subtotal < one.minimum:
        return "minimum", one.minimum - subtotal
    return None, None


def _best(
    fitting: Sequence[Promotion], order: Order, catalogue: Catalogue, given: dict[str, str]
) -> tuple[list[int], tuple[Applied, ...]]:
    together = [one for one in fitting if one.stacks]
    sets = [together] if together else []
    sets += [[one] for one in fitting if not one.stacks]
    return max((_take(one, order, catalogue, given) for one in sets), key=lambda found: sum(found[0]))


def _take(
    promotions: Iterable[Promotion], order: Order, catalogue: Catalogue, given: dict[str, str]
) -> tuple[list[int], tuple[Applied, ...]]:
    """All of these, line promotions first."""
    lines = order.lines
    # Worked out in an order of their own, so that the order in which things were said changes no minor unit.
    order_of = sorted(range(len(lines)), key=lambda n: _rank(lines[n]))
    ranked = [lines[n] for n in order_of]
    left = [line.unit_price * line.quantity for line in ranked]
    applied: list[Applied] = []
    promotions = list(promotions)
    for stage in (True, False):
        for one in promotions:
            if _for_lines(one) is not stage:
                continue
            off = KINDS[one.kind](one, ranked, left, catalogue)
            amount = sum(off)
            if one.most is not None and amount > one.most:
                off, amount = spread(one.most, off), one.most
            if amount > 0:
                left = [have - gone for have, gone in zip(left, off, strict=True)]
                applied.append(Applied(one.id, given[plain_code(one.code)] if one.code else None, amount))
    result = [0] * len(lines)
    for n, line, rest in zip(order_of, ranked, left, strict=True):
        result[n] = line.unit_price * line.quantity - rest
    return result, tuple(applied)


def _rank(line: Line) -> tuple[str, int, int]:
    return line.item, line.unit_price, line.quantity


def _for_lines(one: Promotion) -> bool:
    return bool(one.items or one.categories) or one.kind in ("buy_get", "bundle")


def _within_reach(one: Promotion, lines: Sequence[Line], catalogue: Catalogue) -> bool:
    """False where it can't take anything off, whatever the prices: the goods it is for aren't there."""
    if one.kind == "bundle":
        there = {line.item for line in lines}
        return all(item in there for item in one.items)
    if not one.items and not one.categories:
        return True
    return any(_covered(one, lines, catalogue))


def _covered(one: Promotion, lines: Sequence[Line], catalogue: Catalogue) -> list[bool]:
    if not one.items and not one.categories:
        return [True] * len(lines)
    found = []
    for line in lines:
        item = catalogue.items.get(line.item)
        found.append(line.item in one.items or (item is not None and item.category in one.categories))
    return found


def _percent(one: Promotion, lines: Sequence[Line], left: list[int], catalogue: Catalogue) -> list[int]:
    base = [have if on else 0 for have, on in zip(left, _covered(one, lines, catalogue), strict=True)]
    over, under = Decimal(one.percent).as_integer_ratio()
    under *= 100
    return spread((2 * sum(base) * over + under) // (2 * under), base)


def _amount(one: Promotion, lines: Sequence[Line], left: list[int], catalogue: Catalogue) -> list[int]:
    base = [have if on else 0 for have, on in zip(left, _covered(one, lines, catalogue), strict=True)]
    return spread(min(one.amount, sum(base)), base)


def _buy_get(one: Promotion, lines: Sequence[Line], left: list[int], catalogue: Catalogue) -> list[int]:
    """Units from dear to cheap in groups of buy + get; the cheapest of each full group are free."""
    group = one.buy + one.get
    covered = _covered(one, lines, catalogue)
    units = [(line.unit_price, n, line.quantity) for n, line in enumerate(lines) if covered[n]]
    units.sort(key=lambda unit: (-unit[0], unit[1]))
    off = [0] * len(lines)
    full = sum(quantity for _, _, quantity in units) // group * group
    at = 0
    for price, n, quantity in units:
        last = min(at + quantity, full)
        if last > at:
            free = _free_before(last, one.buy, group) - _free_before(at, one.buy, group)
            off[n] = min(left[n], price * free)
        at += quantity
    return off


def _free_before(position: int, buy: int, group: int) -> int:
    """How many of the first `position` units are free."""
    return position // group * (group - buy) + max(0, position % group - buy)


def _bundle(one: Promotion, lines: Sequence[Line], left: list[int], catalogue: Catalogue) -> list[int]:
    """As many whole bundles as the basket has. The price is for the goods as they are; options are paid on top."""
    need = {item: one.items.count(item) for item in one.items}
    have = dict.fromkeys(need, 0)
    for line in lines:
        if line.item in need:
            have[line.item] += line.quantity
    count = min(have[item] // number for item, number in need.items())
    if not count:
        return [0] * len(lines)
    taken = {item: number * count for item, number in need.items()}
    base = [0] * len(lines)
    for n, line in sorted(enumerate(lines), key=lambda pair: -pair[1].unit_price):
        if taken.get(line.item):
            item = catalogue.items.get(line.item)
            units = min(taken[line.item], line.quantity)
            taken[line.item] -= units
            plain = line.unit_price if item is None or line.when is not None else min(line.unit_price, item.price)
            base[n] = min(left[n], units * plain)
    return spread(max(0, sum(base) - one.price * count), base)


KINDS: dict[str, Callable[[Promotion, Sequence[Line], list[int], Catalogue], list[int]]] = {
    "percent": _percent,
    "amount": _amount,
    "buy_get": _buy_get,
    "bundle": _bundle,
}

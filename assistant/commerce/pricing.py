"""Options, line prices, totals and the fingerprint that a consent is for. Pure, exact, half up to a minor unit.

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

from assistant.commerce.catalogue import Catalogue, Item, ItemOption, OptionChoice, Rate
from assistant.commerce.money import portion, spread
from assistant.commerce.order import Line, LineOption, Order, When
from assistant.commerce.promotions import Applied, RejectedCode, discounts
from assistant.commerce.shop import DAYS, Shop
from assistant.turns import OptionSaid

FREE_IF_INCLUDED = frozenset({None, "no", "light", "side", "normal", 1})
HALVES = ("left", "right")
Amount = str | int | None
SAME: Mapping[Amount, Amount] = {"not_light": "normal", "not_extra": "normal", 0: "no", 1: "normal", None: "normal"}
"""Amounts that are kept under one name."""
On = dict[tuple[str, str], Amount]
"""What is on of an option: (choice, part) -> amount."""


class OptionProblem(Struct, frozen=True, kw_only=True):
    """Something said of an option that the item can't have. Nothing of it was done."""

    kind: Literal[
        "option_not_for_item",
        "amount_not_allowed",
        "too_many",
        "too_many_each",
        "needs_parent",
        "no_halves",
        "sold_out",
    ]
    option: str
    choice: str | None = None
    amount: str | int | None = None
    most: int | None = None
    """too_many: choices of this option; too_many_each: of this choice."""
    can: tuple[str, ...] = ()
    """What could be said instead: choices (option_not_for_item, needs_parent) or amounts (amount_not_allowed)."""


class Filled(Struct, frozen=True):
    """A line's options as they will stand, in the catalogue's order, defaults filled in."""

    options: tuple[LineOption, ...]
    problems: tuple[OptionProblem, ...] = ()
    missing: tuple[str, ...] = ()
    """Options (as paths) that must be chosen and have no default."""


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


# --- options ---------------------------------------------------------------------------------------------------------


def fill_options(item: Item, said: Iterable[OptionSaid], existing: Iterable[LineOption] = ()) -> Filled:
    """`said` done on `existing`, defaults filled in. What says nothing (included and untouched, `no` for what isn't on)
    is left out, so that equal wishes give equal options."""
    said = tuple(said)
    paths = _paths(item)
    on: dict[str, On] = {}
    """Option path -> (choice, part) -> amount."""
    for one in existing:
        on.setdefault(one.option, {})[one.choice, one.part or "whole"] = one.amount
    problems: list[OptionProblem] = []
    for wish in sorted(said, key=lambda one: one.option.count("/")):  # a drink before the size of the drink
        problem = _apply(wish, paths, on)
        if problem is not None:
            problems.append(problem)
    options: list[LineOption] = []
    missing: list[str] = []
    reached: dict[str, ItemOption] = {}
    _settle(item.options, on, options, problems, missing, reached)
    for wish in said:
        here = reached.get(wish.option)
        if wish.choice and wish.amount not in ("no", 0) and (here is None or not here.choice(wish.choice)):
            problem = _without_parent(item, wish)
            if problem is not None:
                problems.append(problem)
    return Filled(tuple(options), tuple(problems), tuple(missing))


def _paths(item: Item) -> dict[str, list[ItemOption]]:
    """All options by path; choices of one option may have options of the same path (the size of a cola, of a tea)."""
    found: dict[str, list[ItemOption]] = {}
    for one in item.all_options():
        found.setdefault(one.id, []).append(one)
    return found


def _apply(wish: OptionSaid, paths: dict[str, list[ItemOption]], on: dict[str, On]) -> OptionProblem | None:
    """Does one wish in `on`, or says why not."""
    known = paths.get(wish.option, [])
    options = [one for one in known if wish.choice is None or one.choice(wish.choice)]
    if not options:
        can = tuple(dict.fromkeys(one.id for option in known for one in option.choices))
        return OptionProblem(kind="option_not_for_item", option=wish.option, choice=wish.choice, can=can)
    option = options[0]
    chosen = on.setdefault(wish.option, {})
    part = wish.part or "whole"
    if part != "whole" and not option.halves:
        return OptionProblem(kind="no_halves", option=option.id, choice=wish.choice)
    if wish.choice is None:
        _take_off(chosen, None, part)
        return None
    choice = option.choice(wish.choice)
    assert choice is not None
    amount = _amount(option, choice, wish.amount, (choice.id, "whole") in chosen or (choice.id, part) in chosen)
    if isinstance(amount, OptionProblem):
        return amount
    if amount == "no":
        _take_off(chosen, choice.id, part)
        if choice.included:
            chosen[choice.id, part] = "no"
    elif choice.stock == 0:
        return OptionProblem(kind="sold_out", option=option.id, choice=choice.id)
    elif amount != "":
        _take_off(chosen, None if option.choose == "one" else choice.id, part)
        chosen[choice.id, part] = amount
    return None


def _amount(option: ItemOption, choice: OptionChoice, said: Amount, is_on: bool) -> str | int | OptionProblem | None:
    """The amount as it is kept; "" leaves the choice as it is."""
    words = option.amounts or ("no", "normal")
    counts = range(1, option.most_each + 1)
    amount = SAME.get(said, said)
    if said == "not_extra" and not is_on and not choice.included:
        return ""  # "no extra cheese" on what has no cheese asks for none
    if amount == 2 and 2 not in counts and "double" in words:
        amount = "double"
    elif amount == "double" and "double" not in words and 2 in counts:
        amount = 2
    if option.choose == "one":
        if amount in ("normal", "no"):
            return None if amount == "normal" else "no"
    elif isinstance(amount, int):
        if amount in counts:
            return amount
        if amount > 0:
            kind: Literal["too_many_each"] = "too_many_each"
            return OptionProblem(kind=kind, option=option.id, choice=choice.id, amount=said, most=option.most_each)
    elif amount == "extra" and amount not in words and "normal" in words and not (is_on or choice.included):
        return "normal"  # "add a cot", of what is there or isn't
    elif amount == "normal" or amount in words or (amount == "no" and not choice.included):
        return amount
    return OptionProblem(
        kind="amount_not_allowed",
        option=option.id,
        choice=choice.id,
        amount=said,
        can=() if option.choose == "one" else words,
    )


def _take_off(chosen: On, choice: str | None, part: str) -> None:
    """Takes one choice (None: all) off a part. The other half of a whole keeps what it had."""
    for (name, where), amount in list(chosen.items()):
        if choice is not None and name != choice:
            continue
        if part == "whole" or where == part:
            del chosen[name, where]
        elif where == "whole":
            del chosen[name, where]
            chosen[name, HALVES[part == "left"]] = amount


def _settle(
    options: Iterable[ItemOption],
    on: dict[str, On],
    found: list[LineOption],
    problems: list[OptionProblem],
    missing: list[str],
    reached: dict[str, ItemOption],
) -> None:
    """Writes what is on in the catalogue's order, with defaults, limits, and the options of what is on."""
    for option in options:
        reached[option.id] = option
        chosen = {key: amount for key, amount in on.get(option.id, {}).items() if option.choice(key[0])}
        _join_halves(chosen)
        if option.choose == "one":
            for part in _open_parts(chosen) if option.default is not None or option.required else ():
                if option.default is not None:
                    chosen[option.default, part] = None
                else:
                    missing.append(option.id)
            _join_halves(chosen)
        else:
            _keep_most(option, chosen, problems)
            if option.required and not chosen and not any(one.included for one in option.choices):
                missing.append(option.id)
        for part in () if not chosen else ("whole", *HALVES) if option.halves else ("whole",):
            for choice in option.choices:
                amount = chosen.get((choice.id, part), "")
                if amount != "" and not (choice.included and amount == "normal"):
                    found.append(LineOption(option.id, choice.id, amount, part if option.halves else None))
        below = [one for choice in option.choices if choice.options for one in choice.options if _is_on(choice, chosen)]
        if below:
            _settle(below, on, found, problems, missing, reached)


def _open_parts(chosen: On) -> tuple[str, ...]:
    """The parts for which nothing is chosen yet."""
    parts = {part for _, part in chosen}
    if not parts:
        return ("whole",)
    return () if "whole" in parts else tuple(one for one in HALVES if one not in parts)


def _is_on(choice: OptionChoice, chosen: On) -> bool:
    amounts = [amount for (name, _), amount in chosen.items() if name == choice.id]
    return any(one != "no" for one in amounts) or (choice.included and not amounts)


def _join_halves(chosen: On) -> None:
    """The same on both halves is the whole."""
    for name in {name for name, part in chosen if part == "left"}:
        if (name, "right") in chosen and chosen[name, "left"] == chosen[name, "right"]:
            chosen[name, "whole"] = chosen.pop((name, "left"))
            del chosen[name, "right"]


def _keep_most(option: ItemOption, chosen: On, problems: list[OptionProblem]) -> None:
    """Takes off what was added last where there are more than the option's `most`; what is included doesn't count."""
    if option.most is None:
        return
    included = {one.id for one in option.choices if one.included}
    for half in HALVES:
        here = [key for key, amount in chosen.items() if key[1] in ("whole", half) and amount != "no"]
        added = [key for key in here if key[0] not in included]
        for name, part in added[option.most :]:
            del chosen[name, part]
            problems.append(OptionProblem(kind="too_many", option=option.id, choice=name, most=option.most))


def _without_parent(item: Item, wish: OptionSaid) -> OptionProblem | None:
    """Something was wished of a choice that isn't on. What the item can't have at all was said before."""
    above = wish.option.rpartition("/")[0]
    parents = [
        choice.id
        for option in item.all_options()
        if option.id == above
        for choice in option.choices
        if any(one.id == wish.option and one.choice(wish.choice) for one in choice.options)
    ]
    if not parents:
        return None
    return OptionProblem(
        kind="needs_parent", option=wish.option, choice=wish.choice, amount=wish.amount, can=tuple(parents)
    )


def allergens_of(item: Item, options: Iterable[LineOption]) -> tuple[str, ...]:
    """What an item with these options contains: its own and those of what was chosen, each once. What is left off
    changes nothing: a knife or a grill may have touched it."""
    chosen = tuple(options)
    added = (_find_choice(item, one, chosen)[1] for one in chosen if one.amount != "no")
    more = (name for one in added if one is not None for name in one.allergens)
    return tuple(dict.fromkeys((*item.allergens, *more)))


# --- prices of lines -------------------------------------------------------------------------------------------------


def unit_price(item: Item, options: Iterable[LineOption]) -> int:
    """One unit with these options. Of two halves the dearer one sets the price."""
    return item.price + options_price(item, options)


def options_price(item: Item, options: Iterable[LineOption]) -> int:
    whole, halves = 0, {"left": 0, "right": 0}
    chosen = tuple(options)
    for one in chosen:
        option, choice = _find_choice(item, one, chosen)
        if option is None or choice is None:
            continue
        price = choice_price(option, choice, one.amount)
        if one.part in halves:
            halves[one.part] += price
        else:
            whole += price
    return whole + max(halves.values())


def choice_price(option: ItemOption, choice: OptionChoice, amount: str | int | None) -> int:
    """What a choice at an amount adds to the unit price."""
    if amount == "no":
        return 0
    price = _times(choice.price, option.amount_prices, amount)
    if not choice.included:
        return price
    if amount in FREE_IF_INCLUDED:
        return 0
    if isinstance(amount, int) or str(amount) in option.amount_prices:
        return max(0, price - _times(choice.price, option.amount_prices, "normal"))
    return choice.price


def _times(price: int, amount_prices: Mapping[str, float], amount: str | int | None) -> int:
    factor = amount_prices.get("normal" if amount is None else str(amount))
    if factor is None:
        return price * amount if isinstance(amount, int) else price
    return portion(price, Decimal(str(factor)))


def _find_choice(
    item: Item, one: LineOption, chosen: tuple[LineOption, ...]
) -> tuple[ItemOption | None, OptionChoice | None]:
    """The choice that a line option means; for an option of a choice, the one of the choice that is on."""
    above, _, _ = one.option.rpartition("/")
    if not above:
        options: Iterable[ItemOption] = item.options
    else:
        options = (
            option
            for other in chosen
            if other.option == above and other.amount != "no"
            for option in getattr(_find_choice(item, other, chosen)[1], "options", ())
        )
        options = (
            *options,
            *(
                x
                for parent in item.all_options()
                if parent.id == above and parent.choose == "many"
                for choice in parent.choices
                if choice.included
                for x in choice.options
            ),
        )
    for option in options:
        if option.id == one.option and (choice := option.choice(one.choice)) is not None:
            return option, choice
    return None, None


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
        gone = tuple(one for one in line.options if _find_choice(item, one, line.options)[1] is None)
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

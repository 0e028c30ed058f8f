"""Which stock an order takes, what is free, and what comes nearest to what isn't. Pure.

Stock is counted by (sku, bucket). The sku is the item's id, or `item/option/choice` for a choice that is counted; the
bucket is "" for goods, the ISO night for a room, the ISO time for a slot.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from assistant.commerce.catalogue import Catalogue, Item
from assistant.commerce.order import Line, LineOption, Order, Party, When

StockKey = tuple[str, str]


def buckets(when: When | None) -> tuple[str, ...]:
    """What a line books: every night of a stay, or the slot that begins then; goods have one bucket."""
    if when is None:
        return ("",)
    if "T" in when.start:
        return (when.start,)
    day, end = dt.date.fromisoformat(when.start), dt.date.fromisoformat(when.end)
    return tuple((day + dt.timedelta(days=n)).isoformat() for n in range((end - day).days))


def stock_keys(order: Order, catalogue: Catalogue) -> tuple[tuple[str, str, int], ...]:
    """(sku, bucket, quantity) of everything that is counted, each key once, in order."""
    found: dict[StockKey, int] = {}
    for line in order.lines:
        if line.item not in catalogue.counted:
            continue
        item = catalogue.items.get(line.item)
        if item is None or (item.adults and line.when is None):
            continue  # not sold any more; or a room that takes no night yet
        for sku in counted(item, line.options):
            for bucket in buckets(line.when):
                found[sku, bucket] = found.get((sku, bucket), 0) + line.quantity
    return tuple((sku, bucket, quantity) for (sku, bucket), quantity in sorted(found.items())) if found else ()


def counted(item: Item, options: Iterable[LineOption] = ()) -> tuple[str, ...]:
    """The skus of an item with these options whose stock is finite."""
    skus = [] if item.stock is None else [item.id]
    for one in options:
        if one.amount != "no" and (one.option, one.choice) in item.choice_stock:
            skus.append(_sku(item, one.option, one.choice))
    return tuple(dict.fromkeys(skus))


def keys_of(item: Item) -> tuple[StockKey, ...]:
    """Everything that must be known to say whether an item that takes no night can be had, whatever is chosen of it."""
    skus = [] if item.stock is None else [item.id]
    return tuple((sku, "") for sku in (*skus, *(_sku(item, *choice) for choice in item.choice_stock)))


def _sku(item: Item, option: str, choice: str) -> str:
    return f"{item.id}/{option}/{choice}"


def choice_of(sku: str) -> tuple[str, str] | None:
    """(option, choice) of the sku of a choice that is counted, None for goods themselves."""
    option, _, choice = sku.partition("/")[2].rpartition("/")
    return (option, choice) if choice else None


def can_be_chosen(item: Item, option: str, choice: str, order: Order, stock: Mapping[StockKey, int | None]) -> bool:
    """Whether at least one more of an item can be had with this choice, beside what the order has."""
    if (option, choice) not in item.choice_stock:
        return True
    sku = _sku(item, option, choice)
    known = stock.get((sku, ""))
    there = item.choice_stock[option, choice] if known is None else known
    return there > sum(line.quantity for line in holding(order, sku))


def holding(order: Order, sku: str) -> tuple[Line, ...]:
    """The lines that take some of one sku."""
    choice = choice_of(sku)
    return tuple(
        line
        for line in order.lines
        if line.item == sku.partition("/")[0]
        and (choice is None or any((one.option, one.choice) == choice and one.amount != "no" for one in line.options))
    )


def short_of(
    order: Order, catalogue: Catalogue, stock: Mapping[StockKey, int | None]
) -> tuple[tuple[str, str, int], ...]:
    """(sku, bucket, free) of what an order takes more of than there is."""
    return tuple(
        (sku, bucket, free)
        for sku, bucket, wanted in stock_keys(order, catalogue)
        if (free := stock.get((sku, bucket))) is not None and free < wanted
    )


def on_hand(catalogue: Catalogue, keys: Iterable[StockKey]) -> dict[StockKey, int]:
    """What the merchant's file says there is: the first number of a stock row. A room's is the same every night."""
    found = {}
    for sku, bucket in keys:
        item = catalogue.items.get(sku.partition("/")[0])
        if item is not None:
            choice = choice_of(sku)
            stock = item.choice_stock.get(choice) if choice else item.stock
            if stock is not None:
                found[sku, bucket] = stock
    return found


def free(item: Item, stock: Mapping[StockKey, int | None], when: When | None = None) -> int | None:
    """How many of an item can still be had (every night of a stay); None is unlimited. A key that wasn't loaded counts
    as the file says."""
    if item.stock is None:
        return None
    known = [stock.get((item.id, bucket)) for bucket in buckets(when)]
    return min((item.stock if one is None else one for one in known), default=0)


def rooms_free(item: Item, when: When, stock: Mapping[StockKey, int | None]) -> int | None:
    """Rooms of this type that are free on every night; None is unlimited."""
    return free(item, stock, when)


def sleeps(item: Item, party: Party, rooms: int = 1) -> bool:
    """Whether these guests fit; a child may take an adult's place, not the other way round."""
    places = (item.adults + item.children) * rooms
    return party.adults <= item.adults * rooms and party.adults + party.children <= places


def substitutes(
    item: Item,
    catalogue: Catalogue,
    stock: Mapping[StockKey, int | None] | None = None,
    *,
    when: When | None = None,
    party: Party | None = None,
    most: int = 3,
) -> tuple[Item, ...]:
    """What comes nearest to an item that can't be had: of its category, in stock, fit for the guests; nearest price
    first, then what shares most tags."""
    found = [
        one
        for one in catalogue.items.values()
        if one.id != item.id
        and one.category == item.category
        and free(one, stock or {}, when) != 0
        and (party is None or not one.adults or sleeps(one, party))
    ]
    found.sort(key=lambda one: (abs(one.price - item.price), -len(set(one.tags) & set(item.tags))))
    return tuple(found[:most])

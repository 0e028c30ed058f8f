"""Shops, goods and orders for these tests, in as few words as can be."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from msgspec.structs import replace

from assistant.commerce.catalogue import Catalogue, Item, ItemOption, OptionChoice
from assistant.commerce.options import unit_price
from assistant.commerce.order import Line, LineOption, Order, Party, When
from assistant.commerce.payment import Attempt
from assistant.commerce.pricing import Totals, totals
from assistant.commerce.shop import Fulfilment, Promotion, Shop

NOON = dt.datetime(2026, 3, 4, 12, 0, tzinfo=dt.UTC)
"""A Wednesday."""


def shop(*promotions: Promotion, fulfilments: Iterable[Fulfilment] = (), **rules: Any) -> Shop:
    rules.setdefault("currency", "CNY")
    rules.setdefault("time_zone", "UTC")
    return Shop(
        id="here",
        folder="",
        name="Here",
        trade="takeaway",
        languages=("en",),
        promotions={one.id: one for one in promotions},
        fulfilments={one.id: one for one in fulfilments},
        **rules,
    )


def item(name: str, price: int, *options: ItemOption, category: str = "things", **more: Any) -> Item:
    return Item(id=name, names={"en": (name,)}, category=category, price=price, options=options, **more)


def catalogue(*items: Item) -> Catalogue:
    return Catalogue(items={one.id: one for one in items}, categories={}, version="1")


def choice(name: str, price: int = 0, **more: Any) -> OptionChoice:
    return OptionChoice(id=name, names={"en": (name,)}, price=price, **more)


def one_of(name: str, *choices: OptionChoice, **more: Any) -> ItemOption:
    return ItemOption(id=name, names={"en": (name,)}, choices=choices, **more)


def many_of(name: str, *choices: OptionChoice, **more: Any) -> ItemOption:
    more.setdefault("amounts", ("no", "light", "normal", "extra", "double"))
    return ItemOption(id=name, names={"en": (name,)}, choose="many", choices=choices, **more)


def attempt(state: str = "created", amount: int = 666, **more: Any) -> Attempt:
    made = Attempt(
        id=f"{state}-{amount}",
        order="order",
        shop="here",
        method="card",
        provider="sandbox",
        amount=amount,
        currency="CNY",
        fingerprint="",
        consent_turn="s/t",
        request=b"",
        state=state,
        created_at=NOON,
        expires_at=NOON,
    )
    return replace(made, **more)


def line(
    goods: Item,
    quantity: int = 1,
    options: tuple[LineOption, ...] = (),
    *,
    when: When | None = None,
    party: Party | None = None,
    price: int | None = None,
    line_id: int = 0,
) -> Line:
    return Line(
        id=line_id,
        item=goods.id,
        quantity=quantity,
        names={"en": goods.id},
        options=options,
        when=when,
        party=party,
        unit_price=unit_price(goods, options) if price is None else price,
        version="1",
    )


def order(
    *lines: Line, codes: Iterable[str] = (), facts: Mapping[str, Any] | None = None, currency: str = "CNY"
) -> Order:
    numbered = tuple(replace(one, id=one.id or n) for n, one in enumerate(lines, 1))
    return Order(
        id="order",
        shop="here",
        trade="takeaway",
        currency=currency,
        lines=numbered,
        facts=facts or {},
        discounts=tuple(codes),
        session="s",
        created_at=NOON,
    )


def sums(bought: Order, rules: Shop, goods: Catalogue, at: dt.datetime = NOON, first_order: bool = False) -> Totals:
    return totals(bought, rules, goods, at=at, first_order=first_order)

"""The shops that come with Voicetill: clean, complete in three languages, and plain for plain orders."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from assistant.commerce.catalogue import Catalogue
from assistant.commerce.fulfilment import is_open
from assistant.commerce.options import fill_options
from assistant.commerce.order import Line, Order, When
from assistant.commerce.pricing import Totals, line_price, totals
from assistant.commerce.shop import Shop
from assistant.shops import demo_shops, load_shop
from assistant.shops.check import check
from assistant.turns import OptionSaid as Said

EVENING = dt.datetime(2026, 3, 8, 18, 35, tzinfo=dt.timezone(dt.timedelta(hours=8)))
"""A Sunday in Shanghai."""
SIZES = {"burger-bar": ("takeaway", "CNY", 40), "corner-shop": ("shop", "USD", 25), "lake-hotel": ("hotel", "CNY", 5)}


def bought(
    name: str,
    *lines: tuple[str, int, list[Said]],
    codes: tuple[str, ...] = (),
    when: When | None = None,
    at: dt.datetime = EVENING,
    first_order: bool = False,
    **facts: Any,
) -> Totals:
    shop, goods = load_shop(name)
    made = []
    for n, (item_id, quantity, said) in enumerate(lines, 1):
        item = goods.items[item_id]
        filled = fill_options(item, said)
        assert not filled.problems and not filled.missing
        price, nights = line_price(item, filled.options, when, shop.local(at))
        made.append(
            Line(
                id=n,
                item=item_id,
                quantity=quantity,
                names={},
                options=filled.options,
                unit_price=price,
                when=when,
                nights=nights,
            )
        )
    order = Order(
        id="o",
        shop=name,
        trade=shop.trade,
        currency=shop.currency,
        lines=tuple(made),
        facts=facts,
        discounts=codes,
        session="s",
        created_at=at,
    )
    return totals(order, shop, goods, at=at, first_order=first_order)


def test_there_are_three() -> None:
    assert demo_shops() == list(SIZES)


@pytest.mark.parametrize("name", SIZES)
def test_a_demo_shop_is_clean_and_whole(name: str) -> None:
    assert check(name) == []
    shop, goods = load_shop(name)
    assert (shop.trade, shop.currency, len(goods.items)) == SIZES[name]
    assert shop.languages == ("en", "zh", "ko")
    assert all(is_open(shop, EVENING + dt.timedelta(minutes=37 * n)) for n in range(300))
    assert not any(item.must_ack for item in goods.items.values()) and not any(
        term.must_ack for term in shop.terms.values()
    )
    for item in goods.items.values():
        assert set(item.names) >= set(shop.languages) <= set(item.descriptions)
        for option in item.all_options():
            assert set(option.names) >= set(shop.languages)
            assert all(set(choice.names) >= set(shop.languages) for choice in option.choices)


@pytest.mark.parametrize("name", SIZES)
def test_what_is_said_without_options_can_be_ordered(name: str) -> None:
    goods = load_shop(name)[1]
    asks = {item.id for item in goods.items.values() if fill_options(item, ()).missing}
    assert asks <= {"half_and_half_pizza"}  # only its halves have to be asked for


def test_every_kind_of_promotion_occurs() -> None:
    shops: list[tuple[Shop, Catalogue]] = [load_shop(name) for name in SIZES]
    rules = [one for shop, _ in shops for one in shop.promotions.values()]
    assert {one.kind for one in rules} == {"percent", "amount", "buy_get", "bundle"}
    assert (
        any(one.minimum for one in rules) and any(one.hours for one in rules) and any(one.first_order for one in rules)
    )
    assert any(one.code for one in rules) and any(not one.stacks for one in rules)


def test_two_cheeseburgers_and_two_large_cokes_delivered_are_104_yuan() -> None:
    lines: tuple[tuple[str, int, list[Said]], ...] = (
        ("cheeseburger", 1, []),
        ("cheeseburger", 1, [Said("extras", "onion", "no")]),
        ("coke", 2, [Said("size", "large")]),
    )
    found = bought("burger-bar", *lines, fulfilment="delivery")
    assert (found.subtotal, found.discount, found.fulfilment, found.total) == (9800, 0, 600, 10400)
    assert bought("burger-bar", *lines, fulfilment="pickup", codes=("save 10",)).total == 8820


def test_two_nights_by_the_lake_are_1300_yuan() -> None:
    found = bought("lake-hotel", ("lake_king", 1, []), when=When("2026-03-09", "2026-03-11"))
    assert (found.total, found.applied) == (68000 + 62000, ())


def test_food_is_not_taxed_at_the_corner_but_an_umbrella_is() -> None:
    found = bought("corner-shop", ("umbrella", 1, []), ("milk", 2, []), at=EVENING)
    assert (found.tax, found.total) == (120, 1499 + 758 + 120)  # 1499 × 0.08 = 119.92


def test_the_shops_own_promotions() -> None:
    assert bought("burger-bar", ("margherita", 1, []), ("pepperoni_pizza", 1, [])).total == 9900
    assert bought("burger-bar", ("brownie", 3, []), ("apple_pie", 1, [])).discount == 1200
    lunch = EVENING.replace(day=9, hour=12)
    assert bought("burger-bar", ("kids_meal", 1, []), at=lunch).discount == 390
    assert bought("burger-bar", ("kids_meal", 1, [])).discount == 0
    welcome = bought("burger-bar", ("cheeseburger", 2, []), codes=("WELCOME",), first_order=True)
    assert (welcome.discount, welcome.rejected) == (1500, ())
    assert [one.reason for one in bought("burger-bar", ("cheeseburger", 2, []), codes=("WELCOME",)).rejected] == [
        "not_first"
    ]
    assert bought("corner-shop", ("spaghetti", 1, []), ("pasta_sauce", 1, [])).total == 549
    assert bought("corner-shop", ("potato_chips", 2, []), ("chocolate", 1, [])).discount == 299


def test_a_half_and_half_pizza_costs_its_dearer_half() -> None:
    halves = [Said("kind", "pepperoni_half", part="left"), Said("kind", "hawaiian_half", part="right")]
    assert bought("burger-bar", ("half_and_half_pizza", 1, halves)).total == 5200 + 700


def test_a_meal_with_a_large_drink_pays_for_the_size() -> None:
    said = [Said("drink", "sprite"), Said("drink/size", "large"), Said("side/size", "large")]
    assert bought("burger-bar", ("cheeseburger_meal", 1, said)).total == 5400 + 200 + 400

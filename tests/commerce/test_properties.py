"""What holds for any basket, any promotions, any taxes."""

from __future__ import annotations

import datetime as dt
import random

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from assistant.commerce.catalogue import Catalogue
from assistant.commerce.order import Order
from assistant.commerce.pricing import fingerprint, refund_of
from assistant.commerce.shop import Fulfilment, Promotion, Shop
from tests.commerce.goods import catalogue, item, line, order, shop, sums

NAMES = ("a", "b", "c", "d", "e")
RATES = st.sampled_from(["0", "0.06", "0.075", "0.2", "0.0825"])


@st.composite
def goods(draw: st.DrawFn) -> Catalogue:
    return catalogue(
        *(
            item(
                name, draw(st.integers(0, 5000)), category=draw(st.sampled_from("xy")), tax_rate=draw(st.none() | RATES)
            )
            for name in NAMES
        )
    )


@st.composite
def promotion(draw: st.DrawFn, name: str) -> Promotion:
    kind = draw(st.sampled_from(["percent", "amount", "buy_get", "bundle"]))
    items = draw(st.lists(st.sampled_from(NAMES), max_size=3, unique=True))
    if kind == "bundle" and len(items) < 2:
        items = ["a", "b"]
    return Promotion(
        id=name,
        kind=kind,  # type: ignore[arg-type]
        items=tuple(items),
        percent=str(draw(st.integers(1, 100))),
        amount=draw(st.integers(1, 9000)),
        buy=draw(st.integers(1, 3)),
        get=draw(st.integers(1, 2)),
        price=draw(st.integers(0, 3000)),
        minimum=draw(st.sampled_from([0, 0, 3000])),
        code=draw(st.sampled_from([None, None, name])),
        most=draw(st.none() | st.integers(0, 2000)),
        stacks=draw(st.booleans()),
        first_order=draw(st.booleans()),
        hours=draw(st.sampled_from([(), ("11:00-13:00",), ("18:00-19:00",)])),
    )


@st.composite
def shops(draw: st.DrawFn) -> Shop:
    promotions = [draw(promotion(f"p{n}")) for n in range(draw(st.integers(0, 4)))]
    return shop(
        *promotions,
        fulfilments=[
            Fulfilment(id="delivery", fee=draw(st.integers(0, 900)), free_from=draw(st.none() | st.integers(0, 9000)))
        ],
        tax_rate=draw(RATES),
        tax_included=draw(st.booleans()),
        tax_on_fulfilment=draw(st.booleans()),
        service_fee=draw(st.integers(0, 200)),
        service_percent=draw(st.sampled_from(["0", "5", "12.5"])),
    )


@st.composite
def orders(draw: st.DrawFn, of: Catalogue) -> Order:
    lines = [
        line(of.items[name], draw(st.integers(1, 12)))
        for name in draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=6))
    ]
    codes = draw(st.lists(st.sampled_from(["p0", "P1", "p-2", "nothing"]), max_size=3))
    return order(
        *lines,
        codes=codes,
        facts={
            "fulfilment": draw(st.sampled_from(["delivery", "pickup"])),
            "tip": {"amount": draw(st.integers(0, 500))},
        },
    )


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_totals_add_up_and_a_discount_never_exceeds_what_it_is_for(data: st.DataObject) -> None:
    things, rules = data.draw(goods()), data.draw(shops())
    bought = data.draw(orders(things))
    found = sums(bought, rules, things, first_order=data.draw(st.booleans()))
    assert found.total == found.subtotal - found.discount + found.fulfilment + found.fee + (
        0 if found.tax_included else found.tax
    )
    assert sum(one.total for one in found.lines) == found.subtotal - found.discount
    assert sum(one.amount for one in found.applied) == sum(one.discount for one in found.lines) == found.discount
    assert all(0 <= one.discount <= one.subtotal for one in found.lines)
    assert found.total >= 0 and found.tax >= 0
    assert all(
        isinstance(value, int)
        for value in (found.subtotal, found.discount, found.fulfilment, found.fee, found.tax, found.total)
    )
    stacking = {one.id for one in rules.promotions.values() if not one.stacks}
    assert len(found.applied) < 2 or not stacking & {one.promotion for one in found.applied}
    assert refund_of(found, [(one.line, one.quantity) for one in found.lines]) <= found.total


@settings(max_examples=100, deadline=None)
@given(st.data(), st.randoms(use_true_random=False))
def test_the_order_in_which_things_were_said_changes_no_minor_unit(data: st.DataObject, chance: random.Random) -> None:
    things, rules = data.draw(goods()), data.draw(shops())
    bought = data.draw(orders(things))
    lines = list(bought.lines)
    chance.shuffle(lines)
    one, other = sums(bought, rules, things), sums(replace(bought, lines=tuple(lines)), rules, things)
    assert (one.total, one.discount, one.tax, one.applied) == (other.total, other.discount, other.tax, other.applied)
    assert fingerprint(bought, one) == fingerprint(replace(bought, lines=tuple(lines)), other)


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_a_code_never_makes_an_order_dearer(data: st.DataObject) -> None:
    things, rules = data.draw(goods()), data.draw(shops())
    bought = replace(data.draw(orders(things)), discounts=())
    with_code = replace(bought, discounts=("p0", "p1"))
    assert sums(with_code, rules, things).discount >= sums(bought, rules, things).discount


@settings(max_examples=60, deadline=None)
@given(st.data(), st.integers(1, 99))
def test_whatever_is_agreed_to_is_in_the_fingerprint(data: st.DataObject, quantity: int) -> None:
    things, rules = data.draw(goods()), data.draw(shops())
    bought = data.draw(orders(things))
    first = fingerprint(bought, sums(bought, rules, things))
    line_changed = replace(bought.lines[0], quantity=bought.lines[0].quantity + quantity)
    for other in (
        replace(bought, lines=(line_changed, *bought.lines[1:])),
        replace(bought, facts={**bought.facts, "contact": {"name": "Ana"}}),
        replace(bought, facts={**bought.facts, "method": "card"}),
    ):
        assert fingerprint(other, sums(other, rules, things)) != first
    found = sums(bought, rules, things)
    assert fingerprint(bought, replace(found, total=found.total + 1)) != first
    assert (
        sums(bought, rules, things, at=dt.datetime(2026, 3, 4, 12, 0, 59, tzinfo=dt.UTC)) == found
    )  # nothing moves by itself

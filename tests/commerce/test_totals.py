"""Totals worked out by hand."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from assistant.commerce.money import spread
from assistant.commerce.order import LineOption, Party, When
from assistant.commerce.pricing import fingerprint, refund_of, share
from assistant.commerce.shop import Fulfilment, Promotion
from tests.commerce.goods import catalogue, item, line, order, shop, sums

TEA, PIE, POT = item("tea", 333), item("pie", 500), item("pot", 1999, tax_rate="0.20")
GOODS = catalogue(TEA, PIE, POT)
DELIVERY = Fulfilment(id="delivery", fee=600, free_from=1000)


def test_prices_that_include_tax_name_the_tax_inside_them() -> None:
    found = sums(order(line(PIE, 2)), shop(tax_rate="0.06"), GOODS)
    assert (found.subtotal, found.total, found.tax, found.tax_included) == (1000, 1000, 57, True)  # 1000 × 6/106 = 56.6


def test_prices_without_tax_get_it_on_top_half_up_once_a_rate() -> None:
    # 333 + 333 at 0.075 is 49.95 → 50; a line each would give 25 + 25 = 50, three lines 75 instead of 74.925
    rules = shop(tax_rate="0.075", tax_included=False)
    found = sums(order(line(TEA), line(TEA), line(TEA)), rules, GOODS)
    assert (found.tax, found.total) == (75, 1074)
    assert sum(one.tax for one in found.lines) == 75


def test_half_a_cent_is_rounded_up() -> None:
    assert sums(order(line(item("pen", 50))), shop(tax_rate="0.05", tax_included=False), GOODS).tax == 3  # 2.5
    assert [share(150, "0.03"), share(149, "0.03"), share(5, "10", 100)] == [5, 4, 1]  # 4.5, 4.47, 0.5


def test_each_tax_rate_is_rounded_by_itself() -> None:
    rules = shop(tax_rate="0.08", tax_included=False)
    found = sums(order(line(PIE), line(POT)), rules, GOODS)
    assert found.tax == 40 + 400  # 500 × 0.08, 1999 × 0.20 = 399.8
    assert [one.tax for one in found.lines] == [40, 400]


def test_the_fulfilment_fee_is_taxed_only_where_the_shop_says_so() -> None:
    bought = order(line(PIE), facts={"fulfilment": "delivery"})
    rules = shop(fulfilments=[DELIVERY], tax_rate="0.10", tax_included=False)
    assert sums(bought, rules, GOODS).tax == 50
    assert sums(bought, replace(rules, tax_on_fulfilment=True), GOODS).tax == 110


def test_the_fee_is_dropped_by_the_discounted_subtotal() -> None:
    rules = shop(Promotion(id="p", kind="amount", amount=1, code="one"), fulfilments=[DELIVERY])
    bought = order(line(PIE, 2), facts={"fulfilment": "delivery"})
    assert sums(bought, rules, GOODS).fulfilment == 0
    less = sums(replace(bought, discounts=("one",)), rules, GOODS)
    assert (less.fulfilment, less.total) == (600, 999 + 600)


def test_service_fee_and_tip_are_the_fee_and_are_not_taxed() -> None:
    rules = shop(service_fee=100, service_percent="2.5", tax_rate="0.10", tax_included=False)
    bought = order(line(PIE), facts={"tip": {"percent": 10}})
    found = sums(bought, rules, GOODS)
    assert (found.fee, found.tip, found.tax) == (100 + 13 + 50, 50, 50)  # 2.5 % of 500 is 12.5
    assert found.total == 500 + 163 + 50
    assert sums(replace(bought, facts={"tip": {"amount": 300}}), rules, GOODS).tip == 300


def test_a_percentage_is_of_the_goods_as_they_are_paid() -> None:
    """A discount makes the service and a tip in percent less, too."""
    rules = shop(Promotion(id="p", kind="percent", percent="50"), service_percent="10")
    found = sums(order(line(PIE, 2), facts={"tip": {"percent": 20}}), rules, GOODS)
    assert (found.tip, found.fee, found.total) == (100, 50 + 100, 500 + 150)


def test_a_discount_is_spread_over_lines_by_largest_remainder() -> None:
    three = [item("a", 100), item("b", 100), item("c", 100)]
    rules = shop(Promotion(id="p", kind="amount", amount=100))
    found = sums(order(*(line(one) for one in three)), rules, catalogue(*three))
    assert sorted(one.discount for one in found.lines) == [33, 33, 34]
    assert found.total == 200


def test_tax_is_for_what_is_paid_after_the_discount() -> None:
    rules = shop(Promotion(id="p", kind="percent", percent="50"), tax_rate="0.10", tax_included=False)
    assert sums(order(line(PIE, 2)), rules, GOODS).tax == 50


@pytest.mark.parametrize(
    ("amount", "weights", "parts"),
    [(1, [1, 2], [0, 1]), (10, [3, 3, 3], [4, 3, 3]), (5, [50, 25, 25], [3, 1, 1]), (7, [0, 0], [0, 0])],
)
def test_the_unit_that_is_left_goes_to_whom_most_was_cut_off(amount: int, weights: list[int], parts: list[int]) -> None:
    assert spread(amount, weights) == parts


def test_an_empty_basket_costs_nothing() -> None:
    rules = shop(fulfilments=[DELIVERY], service_fee=100)
    assert sums(order(facts={"fulfilment": "delivery", "tip": {"amount": 5}}), rules, GOODS).total == 0


@pytest.mark.parametrize(("included", "back"), [(True, 500), (False, 550)])
def test_a_line_paid_back_gives_what_it_cost(included: bool, back: int) -> None:
    rules = shop(fulfilments=[DELIVERY], tax_rate="0.10", tax_included=included)
    found = sums(order(line(TEA, 3), line(PIE, 2), facts={"fulfilment": "delivery"}), rules, GOODS)
    assert refund_of(found, [(2, 1)]) == back
    assert refund_of(found, [(2, 9)]) == 2 * back  # never more than was bought
    assert refund_of(found, [(7, 1)]) == 0


def test_units_paid_back_are_rounded_down_and_the_last_one_makes_up_for_it() -> None:
    rules = shop(Promotion(id="p", kind="amount", amount=1))
    found = sums(order(line(TEA, 3)), rules, GOODS)  # 998
    assert [refund_of(found, [(1, count)]) for count in (1, 2, 3)] == [332, 665, 998]


def test_all_lines_paid_back_and_the_fees_are_the_total() -> None:
    rules = shop(
        Promotion(id="p", kind="amount", amount=77), fulfilments=[DELIVERY], tax_rate="0.075", tax_included=False
    )
    found = sums(order(line(TEA, 1), line(POT, 1), facts={"fulfilment": "delivery"}), rules, GOODS)
    assert refund_of(found, [(1, 1), (2, 1)]) + found.fulfilment + found.fee == found.total


def test_a_yes_is_for_exactly_what_was_read_back() -> None:
    rules = shop(Promotion(id="p", kind="amount", amount=10, code="ten"), fulfilments=[DELIVERY])
    bought = order(line(TEA), line(PIE), facts={"fulfilment": "delivery", "address": {"text": "12 High Street"}})

    def seen(one: object) -> str:
        return fingerprint(one, sums(one, rules, GOODS))  # type: ignore[arg-type]

    first = seen(bought)
    assert first == seen(replace(bought, stage="placed", version=9, language="zh", number="A1"))
    others = [
        replace(bought, lines=bought.lines[:1]),
        replace(bought, lines=(replace(bought.lines[0], quantity=2), bought.lines[1])),
        replace(bought, lines=(replace(bought.lines[0], unit_price=334), bought.lines[1])),
        replace(bought, discounts=("ten",)),
        replace(bought, facts={**bought.facts, "address": {"text": "13 High Street"}}),
        replace(bought, facts={**bought.facts, "method": "card"}),
        replace(bought, facts={**bought.facts, "time": {"at": "2026-03-04T19:00"}}),
        replace(bought, currency="USD"),
        replace(bought, id="another"),
        *(
            replace(bought, lines=(replace(bought.lines[0], **change), bought.lines[1]))
            for change in (
                {"options": (LineOption("size", "large"),)},
                {"when": When("2026-03-05", "2026-03-07")},
                {"party": Party(2, 0)},
                {"nights": (("2026-03-05", 333),)},
            )
        ),
    ]
    assert len({first, *(seen(one) for one in others)}) == len(others) + 1


def test_a_yes_is_for_each_part_of_the_bill() -> None:
    """The same goods and the same total, made up in another way, are another read-back."""
    rules = shop(Promotion(id="p", kind="amount", amount=10), fulfilments=[DELIVERY], tax_rate="0.10")
    bought = order(line(TEA), facts={"fulfilment": "delivery"})
    bill = sums(bought, rules, GOODS)
    others = [
        replace(bill, applied=()),
        replace(bill, subtotal=bill.subtotal - 10, discount=bill.discount - 10),
        replace(bill, fulfilment=bill.fulfilment - 1, fee=bill.fee + 1),
        replace(bill, tip=1),
        replace(bill, tax=bill.tax + 1),
        replace(bill, tax_included=not bill.tax_included),
    ]
    assert len({fingerprint(bought, one) for one in (bill, *others)}) == len(others) + 1

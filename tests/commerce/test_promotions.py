"""What promotions take off, which come together, and why a code is refused; by hand."""

from __future__ import annotations

import datetime as dt

import pytest

from assistant.commerce.catalogue import Item
from assistant.commerce.order import LineOption
from assistant.commerce.pricing import Totals
from assistant.commerce.shop import Promotion
from tests.commerce.goods import catalogue, choice, item, line, one_of, order, shop, sums

CAKE, BUN, TEA = (
    item("cake", 1000, category="sweet"),
    item("bun", 333, category="sweet"),
    item("tea", 250, category="drinks"),
)
GOODS = catalogue(CAKE, BUN, TEA)


def rule(name: str, kind: str, **more: object) -> Promotion:
    return Promotion(id=name, kind=kind, **more)  # type: ignore[arg-type]


def bought(
    *goods: tuple[Item, int],
    rules: list[Promotion],
    codes: tuple[str, ...] = (),
    at: dt.datetime | None = None,
    first_order: bool = False,
) -> Totals:
    made = order(*(line(one, many) for one, many in goods), codes=codes)
    return sums(made, shop(*rules), GOODS, first_order=first_order, **({"at": at} if at else {}))


def test_percent_of_a_category_is_rounded_once() -> None:
    found = bought((CAKE, 1), (BUN, 2), (TEA, 1), rules=[rule("p", "percent", percent="15", categories=("sweet",))])
    assert found.discount == 250  # 1666 × 0.15 = 249.9
    assert [one.discount for one in found.lines] == [150, 100, 0]


def test_amount_never_takes_more_than_there_is() -> None:
    assert bought((TEA, 1), rules=[rule("p", "amount", amount=9999)]).total == 0
    assert bought((TEA, 1), (CAKE, 1), rules=[rule("p", "amount", amount=9999, items=("tea",))]).total == 1000


def test_of_three_the_cheapest_is_free() -> None:
    rules = [rule("p", "buy_get", buy=2, get=1, categories=("sweet",))]
    assert bought((CAKE, 1), (BUN, 1), rules=rules).discount == 0
    assert bought((CAKE, 1), (BUN, 2), rules=rules).discount == 333
    assert bought((CAKE, 3), (BUN, 3), rules=rules).discount == 1000 + 333
    assert bought((CAKE, 7), rules=rules).discount == 2000
    assert bought((CAKE, 2), (TEA, 5), rules=rules).discount == 0


def test_a_bundle_is_had_as_often_as_it_is_whole() -> None:
    rules = [rule("p", "bundle", items=("cake", "tea"), price=1100)]
    assert bought((CAKE, 1), rules=rules).discount == 0
    assert bought((CAKE, 1), (TEA, 1), rules=rules).total == 1100
    assert bought((CAKE, 3), (TEA, 2), rules=rules).total == 2 * 1100 + 1000
    assert (
        bought((CAKE, 2), (TEA, 2), rules=[rule("p", "bundle", items=("cake", "cake", "tea"), price=2000)]).total
        == 2250
    )


def test_options_are_paid_on_top_of_a_bundle() -> None:
    big = item("tea", 250, one_of("size", choice("big", 100)))
    goods = catalogue(CAKE, big)
    made = order(line(CAKE), line(big, options=(LineOption("size", "big"),)))
    assert sums(made, shop(rule("p", "bundle", items=("cake", "tea"), price=1100)), goods).total == 1200


def test_a_bundle_that_saves_nothing_takes_nothing_off() -> None:
    assert bought((CAKE, 1), (TEA, 1), rules=[rule("p", "bundle", items=("cake", "tea"), price=1300)]).discount == 0


def test_order_promotions_come_after_line_promotions() -> None:
    rules = [rule("order", "percent", percent="10"), rule("cake", "percent", percent="50", items=("cake",))]
    found = bought((CAKE, 1), (TEA, 2), rules=rules)
    assert [(one.promotion, one.amount) for one in found.applied] == [("cake", 500), ("order", 100)]


def test_one_that_does_not_stack_wins_or_loses_as_a_whole() -> None:
    rules = [
        rule("a", "percent", percent="10", code="TEN"),
        rule("b", "amount", amount=60),
        rule("c", "amount", amount=150, code="ALONE", stacks=False),
    ]
    found = bought((CAKE, 1), rules=rules, codes=("TEN", "ALONE"))
    assert [one.promotion for one in found.applied] == ["a", "b"]  # 100 + 60 beats 150
    assert [(one.code, one.reason) for one in found.rejected] == [("ALONE", "not_with_others")]
    alone = bought((TEA, 4), rules=[*rules[:1], rules[2]], codes=("TEN", "ALONE"))
    assert [(one.promotion, one.code) for one in alone.applied] == [("c", "ALONE")]
    assert [(one.code, one.reason) for one in alone.rejected] == [("TEN", "not_with_others")]


def test_most_caps_what_is_taken_off() -> None:
    assert bought((CAKE, 5), (BUN, 1), rules=[rule("p", "percent", percent="50", most=700)]).discount == 700


def test_a_code_counts_however_it_is_written() -> None:
    rules = [rule("p", "amount", amount=100, code="SAVE-10")]
    for code in ("save10", "SAVE 10", "S A V E 1 0", "Save-10"):
        assert bought((CAKE, 1), rules=rules, codes=(code,)).total == 900
    twice = bought((CAKE, 1), rules=rules, codes=("save10", "SAVE 10"))
    assert (twice.total, twice.rejected) == (900, ())
    assert bought((CAKE, 1), rules=rules).total == 1000


@pytest.mark.parametrize(
    ("more", "reason", "value"),
    [
        ({"end": "2026-03-03"}, "ended", None),
        ({"start": "2026-03-05"}, "not_yet", None),
        ({"hours": ("17:00-19:00",)}, "wrong_time", None),
        ({"days": ("saturday",)}, "wrong_time", None),
        ({"minimum": 1500}, "minimum", 500),
        ({"first_order": True}, "not_first", None),
        ({"items": ("tea",)}, "no_items", None),
    ],
)
def test_a_refused_code_says_why(more: dict[str, object], reason: str, value: int | None) -> None:
    found = bought((CAKE, 1), rules=[rule("p", "amount", amount=100, code="X", **more)], codes=("x",))
    assert (found.discount, found.applied) == (0, ())
    assert [(one.code, one.reason, one.value) for one in found.rejected] == [("x", reason, value)]


def test_an_unknown_code_is_refused_even_where_nothing_is_ever_cheaper() -> None:
    assert [one.reason for one in bought((CAKE, 1), rules=[], codes=("hello",)).rejected] == ["unknown"]


def test_dates_count_in_the_shop_s_zone_and_include_both_ends() -> None:
    rules = [rule("p", "amount", amount=100, start="2026-03-05", end="2026-03-05")]
    late = dt.datetime(2026, 3, 4, 17, 0, tzinfo=dt.UTC)  # the 5th in Shanghai
    made = order(line(CAKE))
    assert sums(made, shop(*rules, time_zone="Asia/Shanghai"), GOODS, late).discount == 100
    assert sums(made, shop(*rules), GOODS, late).discount == 0


def test_a_window_past_midnight_belongs_to_the_day_on_which_it_began() -> None:
    rules = [rule("p", "amount", amount=100, hours=("22:00-02:00",), days=("friday",))]
    for day, hour, off in [(6, 23, 100), (7, 1, 100), (7, 2, 0), (7, 23, 0), (6, 1, 0)]:  # the 6th is a Friday
        assert bought((CAKE, 1), rules=rules, at=dt.datetime(2026, 3, day, hour, tzinfo=dt.UTC)).discount == off


def test_a_minimum_that_is_just_reached_is_enough() -> None:
    for code in (None, "X"):
        rules = [rule("p", "amount", amount=100, minimum=1000, code=code)]
        assert bought((CAKE, 1), rules=rules, codes=("x",)).discount == 100


def test_first_order_only() -> None:
    rules = [rule("p", "percent", percent="10", first_order=True)]
    assert bought((CAKE, 1), rules=rules, first_order=True).discount == 100
    assert bought((CAKE, 1), rules=rules).discount == 0

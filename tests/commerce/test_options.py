"""What options do to a line and its price, by hand."""

from __future__ import annotations

import pytest

from assistant.commerce.options import Filled, allergens_of, fill_options, unit_price
from assistant.commerce.order import LineOption
from assistant.turns import OptionSaid as Said
from tests.commerce.goods import choice, item, many_of, one_of

SIZE = one_of("size", choice("small", -200), choice("regular"), choice("large", 150), required=True, default="regular")
EXTRAS = many_of(
    "extras",
    choice("onion", 80, included=True),
    choice("cheese", 101, included=True),
    choice("bacon", 120),
    choice("egg", 90),
    choice("chilli", 30),
    amount_prices={"extra": 1.5, "light": 0.5},
    most=2,
)
BURGER = item("burger", 899, SIZE, EXTRAS)
DRINK = one_of(
    "drink",
    choice("cola", options=(one_of("drink/size", choice("regular"), choice("large", 200), default="regular"),)),
    choice(
        "tea",
        100,
        options=(
            one_of("drink/size", choice("regular"), choice("large", 300), default="regular"),
            one_of("drink/sugar", choice("full"), choice("none"), default="full"),
        ),
    ),
    choice("water"),
    required=True,
    default="cola",
)
MEAL = item("meal", 2000, DRINK)
SHOTS = item("coffee", 500, many_of("shots", choice("shot", 60), amounts=(), most_each=3))
PIZZA = item(
    "pizza",
    5000,
    one_of(
        "kind", choice("plain"), choice("ham", 700), choice("shrimp", 1200), required=True, default="plain", halves=True
    ),
    many_of(
        "toppings", choice("cheese", 800, included=True), choice("olive", 500), choice("mushroom", 400), halves=True
    ),
)


def plain(found: Filled) -> list[tuple[str, str, object]]:
    return [(one.option, one.choice, one.amount) for one in found.options]


def parts(found: Filled) -> list[tuple[str, object, str | None]]:
    return [(one.choice, one.amount, one.part) for one in found.options]


def test_defaults_are_filled_in_and_what_is_untouched_is_not_listed() -> None:
    assert plain(fill_options(BURGER, ())) == [("size", "regular", None)]
    assert plain(fill_options(BURGER, [Said("extras", "onion", "normal"), Said("extras", "bacon", "no")])) == [
        ("size", "regular", None)
    ]


def test_options_come_in_the_order_of_the_catalogue_however_they_were_said() -> None:
    said = [Said("extras", "egg"), Said("extras", "onion", "no"), Said("size", "large")]
    found = [("size", "large", None), ("extras", "onion", "no"), ("extras", "egg", "normal")]
    assert plain(fill_options(BURGER, said)) == plain(fill_options(BURGER, reversed(said))) == found


def test_an_edit_changes_only_what_was_said() -> None:
    line = fill_options(BURGER, [Said("size", "large"), Said("extras", "bacon", "extra")]).options
    assert plain(fill_options(BURGER, [Said("extras", "bacon", "not_extra")], line)) == [
        ("size", "large", None),
        ("extras", "bacon", "normal"),
    ]
    assert plain(fill_options(BURGER, [Said("extras", "bacon", "no")], line)) == [("size", "large", None)]
    assert plain(fill_options(BURGER, [Said("size", None)], line)) == [
        ("size", "regular", None),
        ("extras", "bacon", "extra"),
    ]
    assert plain(fill_options(BURGER, [Said("extras", None)], line)) == [("size", "large", None)]


def test_no_extra_of_what_is_not_on_adds_nothing() -> None:
    assert plain(fill_options(BURGER, [Said("extras", "bacon", "not_extra")])) == [("size", "regular", None)]
    assert plain(fill_options(BURGER, [Said("extras", "cheese", "not_light")])) == [("size", "regular", None)]


@pytest.mark.parametrize(
    ("said", "price"),
    [
        ((), 899),
        ([Said("size", "large")], 1049),
        ([Said("size", "small")], 699),
        ([Said("extras", "onion", "no")], 899),  # nothing is taken off for leaving it out
        ([Said("extras", "onion", "light")], 899),
        ([Said("extras", "bacon")], 1019),
        ([Said("extras", "bacon", "light")], 959),
        ([Said("extras", "bacon", "extra")], 899 + 180),
        ([Said("extras", "cheese", "extra")], 899 + 152 - 101),  # 151.5 rounds up, less what is included
        ([Said("extras", "cheese", "double")], 899 + 101),  # no price is named for double: once the price
        ([Said("extras", "chilli", "extra"), Said("extras", "egg")], 899 + 45 + 90),
    ],
)
def test_the_price_of_a_line(said: list[Said], price: int) -> None:
    found = fill_options(BURGER, said)
    assert not found.problems
    assert unit_price(BURGER, found.options) == price


def test_what_is_left_out_costs_nothing_though_it_is_included_no_more() -> None:
    """A basket that was filled before the merchant began to charge for the onion."""
    without = (LineOption("size", "regular"), LineOption("extras", "bacon", "no"))
    assert unit_price(BURGER, without) == 899


def test_less_of_what_is_included_is_free_whatever_is_said_of_its_price() -> None:
    sauces = many_of("sauce", choice("soy", 100, included=True), amounts=("no", "light", "side", "normal"))
    for amount in ("light", "side", "no"):
        assert unit_price(item("rice", 300, sauces), (LineOption("sauce", "soy", amount),)) == 300


def test_more_of_what_is_included_is_never_cheaper_than_none() -> None:
    sauces = many_of("sauce", choice("soy", 100, included=True), amount_prices={"extra": 0.5})
    assert unit_price(item("rice", 300, sauces), (LineOption("sauce", "soy", "extra"),)) == 300


def test_counts_multiply_and_one_is_normal() -> None:
    two = fill_options(SHOTS, [Said("shots", "shot", 2)])
    assert unit_price(SHOTS, two.options) == 620
    assert plain(fill_options(SHOTS, [Said("shots", "shot", 1)])) == [("shots", "shot", "normal")]
    assert plain(fill_options(SHOTS, [Said("shots", "shot", "double")])) == [("shots", "shot", 2)]
    assert plain(fill_options(BURGER, [Said("extras", "bacon", 2)]))[1] == ("extras", "bacon", "double")
    assert fill_options(SHOTS, [Said("shots", "shot", 0)], two.options).options == ()


def test_included_counts_pay_for_those_above_one() -> None:
    jam = item("toast", 100, many_of("jams", choice("jam", 40, included=True), most_each=4))
    assert unit_price(jam, fill_options(jam, [Said("jams", "jam", 3)]).options) == 100 + 80


def test_a_meal_has_the_options_of_what_was_chosen() -> None:
    assert plain(fill_options(MEAL, ())) == [("drink", "cola", None), ("drink/size", "regular", None)]
    large = fill_options(MEAL, [Said("drink/size", "large")])
    assert unit_price(MEAL, large.options) == 2200
    tea = fill_options(MEAL, [Said("drink", "tea")], large.options)
    assert plain(tea) == [("drink", "tea", None), ("drink/size", "large", None), ("drink/sugar", "full", None)]
    assert unit_price(MEAL, tea.options) == 2000 + 100 + 300  # the size costs what it costs for tea
    assert plain(fill_options(MEAL, [Said("drink", "water")], tea.options)) == [("drink", "water", None)]


def test_an_option_of_something_that_is_not_on_says_what_it_belongs_to() -> None:
    found = fill_options(MEAL, [Said("drink/sugar", "none")])
    assert [(one.kind, one.option, one.choice, one.can) for one in found.problems] == [
        ("needs_parent", "drink/sugar", "none", ("tea",))
    ]
    assert not fill_options(MEAL, [Said("drink/sugar", "none"), Said("drink", "tea")]).problems


def test_the_dearer_half_sets_the_price() -> None:
    found = fill_options(PIZZA, [Said("kind", "ham", part="left"), Said("kind", "shrimp", part="right")])
    assert parts(found) == [("ham", None, "left"), ("shrimp", None, "right")]
    assert unit_price(PIZZA, found.options) == 6200
    one = fill_options(PIZZA, [Said("kind", "ham", part="left")])
    assert parts(one) == [("ham", None, "left"), ("plain", None, "right")]
    olives = fill_options(PIZZA, [Said("toppings", "olive", part="left"), Said("toppings", "mushroom", part="right")])
    assert unit_price(PIZZA, olives.options) == 5500
    both = fill_options(PIZZA, [Said("toppings", "olive", part="left"), Said("toppings", "olive", part="right")])
    assert parts(both) == [("plain", None, "whole"), ("olive", "normal", "whole")]
    half_off = fill_options(PIZZA, [Said("toppings", "olive", "no", "left")], both.options)
    assert parts(half_off) == [("plain", None, "whole"), ("olive", "normal", "right")]
    assert parts(fill_options(PIZZA, [Said("toppings", "cheese", "no", "left")])) == [
        ("plain", None, "whole"),
        ("cheese", "no", "left"),
    ]


def test_what_must_be_chosen_and_has_no_default_is_missing() -> None:
    kind = one_of("kind", choice("a"), choice("b"), required=True, halves=True)
    goods = item("thing", 1, kind, many_of("sauce", choice("red"), required=True))
    assert fill_options(goods, ()).missing == ("kind", "sauce")
    assert fill_options(goods, [Said("kind", "a", part="left"), Said("sauce", "red")]).missing == ("kind",)
    assert fill_options(goods, [Said("kind", "a"), Said("sauce", "red")]).missing == ()


@pytest.mark.parametrize(
    ("goods", "said", "kind", "most", "can"),
    [
        (BURGER, Said("ice", "no_ice"), "option_not_for_item", None, ()),
        (BURGER, Said("size", "huge"), "option_not_for_item", None, ("small", "regular", "large")),
        (
            BURGER,
            Said("extras", "bacon", "side"),
            "amount_not_allowed",
            None,
            ("no", "light", "normal", "extra", "double"),
        ),
        (BURGER, Said("size", "large", "extra"), "amount_not_allowed", None, ()),
        (BURGER, Said("extras", "bacon", 7), "too_many_each", 1, ()),
        (SHOTS, Said("shots", "shot", 4), "too_many_each", 3, ()),
        (SHOTS, Said("shots", "shot", -1), "amount_not_allowed", None, ("no", "normal")),
        (BURGER, Said("extras", "bacon", None, "left"), "no_halves", None, ()),
        (item("x", 1, many_of("extras", choice("gone", stock=0))), Said("extras", "gone"), "sold_out", None, ()),
    ],
)
def test_what_an_item_cannot_have_is_named_and_not_done(
    goods: object, said: Said, kind: str, most: int | None, can: tuple[str, ...]
) -> None:
    found = fill_options(goods, [said])  # type: ignore[arg-type]
    assert [(one.kind, one.most, one.can) for one in found.problems] == [(kind, most, can)]
    assert found.options == fill_options(goods, ()).options  # type: ignore[arg-type]


def test_too_many_of_an_option_keeps_those_said_first() -> None:
    found = fill_options(
        BURGER,
        [Said("extras", "chilli"), Said("extras", "egg"), Said("extras", "bacon"), Said("extras", "onion", "extra")],
    )
    assert [(one.kind, one.choice, one.most) for one in found.problems] == [("too_many", "bacon", 2)]
    assert [one.choice for one in found.options] == ["regular", "onion", "egg", "chilli"]  # included ones don't count


def test_what_is_chosen_adds_its_allergens() -> None:
    milk, oats = choice("milk", allergens=("milk",)), choice("oats", allergens=("gluten",))
    coffee = item(
        "coffee",
        5,
        one_of("milk", milk, oats),
        many_of("extras", choice("egg", allergens=("egg",))),
        allergens=("soy",),
    )
    assert allergens_of(coffee, fill_options(coffee, [Said("milk", "oats")]).options) == ("soy", "gluten")
    assert allergens_of(coffee, fill_options(coffee, [Said("milk", "milk"), Said("extras", "egg")]).options) == (
        "soy",
        "milk",
        "egg",
    )
    assert allergens_of(coffee, [LineOption("extras", "egg", "no")]) == ("soy",)


def test_filling_twice_changes_nothing() -> None:
    for goods, said in [
        (BURGER, [Said("extras", "onion", "no")]),
        (PIZZA, [Said("kind", "ham", part="left")]),
        (MEAL, [Said("drink", "tea")]),
    ]:
        once = fill_options(goods, said)
        assert fill_options(goods, (), once.options) == once


def test_an_option_the_item_no_longer_has_costs_nothing() -> None:
    assert unit_price(BURGER, [LineOption("extras", "truffle", "normal"), LineOption("crust", "thin")]) == 899

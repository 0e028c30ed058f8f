"""At a taco bar and a chemist: choices that are called like other goods, goods that are called by their choices alone,
numbers that stand in the name of a choice, and names said in part."""

from __future__ import annotations

import pytest

from assistant.turns import LineSaid, OptionSaid
from tests.understanding.support import good, meaning_of, pick, table, understood, write_shop

TOPPINGS = pick("toppings", "cheese, guacamole, hot sauce", many=True)
PROTEIN = pick("protein", "chicken, steak", required=True)
SALSA = pick("salsa", "mild salsa, large salsa, corn salsa", many=True)
SIZE = pick("size", "small, large", required=True)
GOODS = [
    good("burrito", PROTEIN, TOPPINGS, category="mains"),
    good("bowl", PROTEIN, TOPPINGS, SALSA, category="mains"),
    good("chicken taco", TOPPINGS, category="tacos"),
    good("fish taco", TOPPINGS, category="tacos"),
    good("soda", SIZE, pick("flavour", "cola, orange", required=True), category="drinks"),
    good("flan", category="desserts"),
    good("ibuprofen", pick("strength", "200 mg, 400 mg", required=True), category="chemist"),
    good("sun cream", pick("factor", "SPF 30, SPF 50", required=True), category="chemist"),
    good("vitamin D", category="chemist"),
    good("Nivea shampoo", category="care"),
    good("Dove shampoo", category="care"),
    good("Colgate toothpaste", category="care"),
    good("toilet paper 9 pack", category="care"),
]


@pytest.fixture(scope="module")
def bar(tmp_path_factory: pytest.TempPathFactory) -> str:
    return write_shop(tmp_path_factory.mktemp("bar"), GOODS)


ORDERS = """
2 chicken burritos and a flan => add: 2 burrito chicken, 1 flan
a chicken bowl and two fish tacos => add: 1 bowl chicken, 2 fish_taco
a fish taco and a large cola => add: 1 fish_taco, 1 soda large cola
a steak burrito with cheese, large orange and a flan => add: 1 burrito steak cheese, soda large orange, 1 flan
a chicken taco, a small cola and a large orange => add: 1 chicken_taco, 1 soda small cola, 1 soda large orange
a chicken burrito and a steak => add: 1 burrito chicken, 1 burrito steak
a chicken bowl with large and corn salsa => add: 1 bowl chicken large_salsa corn_salsa
ibuprofen 200 and ibuprofen 400 => add: ibuprofen 200_mg, ibuprofen 400_mg
two ibuprofen 400 and a vitamin d => add: 2 ibuprofen 400_mg, 1 vitamin_D
sun cream 50 please => add: sun_cream spf_50
toilet paper => add: toilet_paper_9_pack
and some toilet paper please => add: toilet_paper_9_pack
a flan and colgate => add: 1 flan, Colgate_toothpaste
"""


@pytest.mark.parametrize(("text", "acts"), table(ORDERS))
def test_orders(text: str, acts: str, bar: str) -> None:
    assert understood(text, bar).lower() == acts.lower()


@pytest.mark.parametrize("text", ["shampoo", "shampoo please", "I need shampoo"])
def test_a_word_of_several_names_alone_asks_which(text: str, bar: str) -> None:
    meaning = meaning_of(text, bar)
    assert not meaning.acts
    assert not meaning.leftover
    assert len(meaning.ask[0].candidates) == 2


@pytest.mark.parametrize("text", ["change it to 400", "make it 400 please"])
def test_what_is_there_may_be_made_another_strength(text: str, bar: str) -> None:
    basket = (LineSaid("ibuprofen", 1, (OptionSaid("strength", "200_mg"),)),)
    said = understood(text, bar, basket=basket, last="ibuprofen", line=1)
    assert said == "change: it 400_mg"


@pytest.mark.parametrize(
    ("text", "number"), [("400", 2), ("the 400 please", 2), ("four hundred", 2), ("200", 1), ("2", 2)]
)
def test_a_choice_is_taken_by_the_number_in_its_name(text: str, number: int, bar: str) -> None:
    act = meaning_of(text, bar, expects="options", choices=(("200 mg",), ("400 mg",)), basket=("ibuprofen",)).acts[0]
    assert (act.act, act.number) == ("choose", number)


CHICKEN, STEAK = (
    LineSaid("burrito", 1, (OptionSaid("protein", one), OptionSaid("toppings", "guacamole", "normal")))
    for one in ("chicken", "steak")
)
GUACAMOLE = OptionSaid("toppings", "guacamole", "normal")
OFF = """
leave it off => change: it guacamole:no @1, it guacamole:no @2
remove it from the steak burrito => change: it guacamole:no @2
take it off the chicken one => change: it guacamole:no @1
take that off the second one => change: it guacamole:no @2
"""


@pytest.mark.parametrize(("text", "acts"), table(OFF))
def test_what_was_just_put_on_goods_is_taken_off_again(text: str, acts: str, bar: str) -> None:
    put_on = ((1, GUACAMOLE), (2, GUACAMOLE))
    assert understood(text, bar, basket=(CHICKEN, STEAK), last="burrito", line=2, put_on=put_on) == acts


def test_of_what_was_there_already_only_the_extra_is_taken_off(bar: str) -> None:
    put_on = ((1, OptionSaid("toppings", "guacamole", "extra")),)
    said = understood("leave it off", bar, basket=(CHICKEN,), last="burrito", line=1, put_on=put_on)
    assert said == "change: it guacamole:not_extra @1"


def test_what_nobody_put_on_goods_takes_none_of_them_off(bar: str) -> None:
    basket = (CHICKEN, LineSaid("burrito", 1, (OptionSaid("protein", "steak"),)))
    meaning = meaning_of("remove it from the steak burrito", bar, basket=basket, last="burrito", line=2)
    assert not meaning.acts
    assert meaning.leftover


def test_the_only_thing_that_is_on_goods_may_be_taken_off(bar: str) -> None:
    said = understood("take it off the steak burrito", bar, basket=(CHICKEN, STEAK), last="burrito", line=1)
    assert said == "change: it guacamole:no @2"


COLA, ORANGE = (
    LineSaid("soda", 1, (OptionSaid("size", size), OptionSaid("flavour", flavour)))
    for size, flavour in (("small", "cola"), ("large", "orange"))
)


def test_what_cannot_be_without_a_choice_is_called_by_it(bar: str) -> None:
    assert understood("cancel the orange", bar, basket=(COLA, ORANGE), last="soda", line=2) == "remove: it @2"
    assert understood("remove the cola", bar, basket=(COLA, ORANGE), last="soda", line=2) == "remove: it @1"


@pytest.mark.parametrize(
    ("text", "acts"),
    [
        ("and two large colas", "add: 2 soda large cola"),
        ("and a small orange", "add: soda small orange"),
        ("a large orange please", "add: soda large orange"),
    ],
)
def test_goods_that_are_called_by_their_choices_come_to_others(text: str, acts: str, bar: str) -> None:
    basket = (LineSaid("bowl", 2, (OptionSaid("protein", "chicken"),)),)
    assert understood(text, bar, basket=basket, last="bowl", line=1) == acts


def test_more_of_goods_that_are_there_may_be_called_by_all_their_choices(bar: str) -> None:
    assert understood("and a small orange", bar, basket=(COLA,), last="soda", line=1) == "add: 1 soda small orange"
    assert understood("make it a small orange", bar, basket=(COLA,), last="soda", line=1) == "change: it small orange"


def test_goods_themselves_are_left_off_where_nothing_was_put_on_them(bar: str) -> None:
    assert understood("leave it off", bar, basket=("flan",), last="flan", line=1) == "remove: it"


@pytest.mark.parametrize(
    ("text", "acts"),
    [
        ("yes please with a flan", ["confirm", "add"]),
        ("ok with a flan", ["confirm", "add"]),
        ("I'll take it with a flan", ["confirm", "add"]),
    ],
)
def test_a_yes_with_more_goods_takes_what_was_offered(text: str, acts: list[str], bar: str) -> None:
    context = {"expects": "choose", "pointing": True, "offered": "bowl", "listed": ("bowl",)}
    assert [act.act for act in meaning_of(text, bar, **context).acts] == acts


@pytest.mark.parametrize("text", ["what colours does it come in", "what strengths does ibuprofen come in"])
def test_what_goods_come_in_asks_for_their_options(text: str, bar: str) -> None:
    act = meaning_of(text, bar, basket=("ibuprofen",), last="ibuprofen").acts[0]
    assert (act.act, act.value) == ("ask_item", "options")


@pytest.mark.parametrize("text", ["room for two tonight", "a room for two tonight please"])
def test_for_so_many_right_before_the_day_is_no_hour(text: str) -> None:
    acts = {act.act: act.value for act in meaning_of(text, "lake-hotel", "en").acts}
    assert acts["give_guests"] == {"adults": 2}
    assert "give_time" not in acts
    assert "give_dates" in acts

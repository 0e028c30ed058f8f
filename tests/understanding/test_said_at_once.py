"""What is said in haste: goods that are named before what they become, that are restated, waved off, or picked and put
right in one breath; numbers that are no counts; words that are typed or written down by ear."""

from __future__ import annotations

import datetime as dt

import pytest

from assistant.turns import LineSaid
from tests.understanding.support import NOW, act_text, meaning_of, table, understood

BASKET = (LineSaid("veggie_burger", 1), LineSaid("fries", 1), LineSaid("coke", 2))
SHELF = (LineSaid("milk", 1), LineSaid("bread", 1), LineSaid("apples", 1))

NAMED_FIRST = """
the veggie burger make it a fish burger => change: 1 fish_burger <- veggie_burger
actually the veggie burger, change it to a fish burger => change: 1 fish_burger <- veggie_burger
one of the cokes make it a sprite => change: 1 sprite <- 1 coke
the fries make them onion rings => change: onion_rings <- fries
the fries, make it two => change: 2 fries
the coke make it large => change: coke large
hang on is that two fries => ask_item: fries
wait, is it three cokes? => ask_item: coke
could you make it 20 minutes later => back: time
give me 10 more minutes => back: time
I'll be 20 minutes late => back: time
can I change the pickup time to 7 => give_time: 19:00
can you change the delivery time to 8 => give_time: 20:00
I'd like to cancel the fries => remove: fries
I want to cancel just the fries => remove: fries
cancel only the fries => remove: fries
I'd like to cancel it => cancel
I want to cancel my order => cancel
leave them out then => remove: it
add one back => undo: 1 it
"""


@pytest.mark.parametrize(("text", "acts"), table(NAMED_FIRST))
def test_what_is_said_of_goods_that_are_there(text: str, acts: str) -> None:
    assert understood(text, basket=BASKET, last="coke", line=3) == acts


RESTATED = """
my order is: two milks, bread and a dozen eggs => change: 2 milk + change: 1 bread + add: 1 eggs
I ordered two milks and a bread => change: 2 milk + change: 1 bread
two breads then => change: 2 bread
two more breads then => add: 2 bread
two eggs and a butter then => add: 1 butter
two of the milk => change: 2 milk
four of the eggs please => -
not the apples, the bread => remove: apples
not the apples, the eggs => change: eggs <- apples
swap the first and the last for bananas => change: bananas <- milk + remove: apples
swap the first and the last one for bananas => change: bananas <- milk + remove: apples
swap the first and the fifth for bananas => -
how many eggs in a pack => ask_item: eggs
how many batteries come in a pack => ask_item: batteries
how many in a box of eggs => ask_item: eggs
what is each => ask_price: each
how much does each one cost => ask_price: each
"""


@pytest.mark.parametrize(("text", "acts"), table(RESTATED))
def test_how_many_there_are_to_be(text: str, acts: str) -> None:
    assert understood(text, "corner-shop", "en", basket=SHELF, last="bread", line=2) == acts


WAVED_OFF = """
scratch that, two sprites => undo + add: 2 sprite
actually forget that, just a milkshake => undo + add: 1 milkshake
never mind that, two sprites => undo + add: 2 sprite
scratch that, three cokes => change: 3 coke
scratch that => undo
forget that fries => remove: fries
"""


@pytest.mark.parametrize(("text", "acts"), table(WAVED_OFF))
def test_what_was_just_ordered_is_waved_off(text: str, acts: str) -> None:
    basket = (LineSaid("fries", 1), LineSaid("coke", 2))
    assert understood(text, basket=basket, last="coke", line=2, added=("coke",)) == acts


def test_of_several_that_were_ordered_the_one_of_its_kind_is_waved_off() -> None:
    basket, added = (LineSaid("fries", 1), LineSaid("coke", 2)), ("fries", "coke")
    said = understood("scratch that, two sprites", basket=basket, last="coke", line=2, added=added)
    assert said == "remove: coke + add: 2 sprite"


PICKED = """
the cheese one, actually the bacon one => choose: 4
um the cheese one no wait make that bacon => choose: 4
the first one, no the second one => choose: 2
the double cheese => choose: 3
can I get a number two => choose: 2
number 3 and a coke => choose: 3 + add: 1 coke
I'll go with the double cheese, and chips => choose: 3 + add: fries
the bacon and a coke => choose: 4 + add: 1 coke
"""


@pytest.mark.parametrize(("text", "acts"), table(PICKED))
def test_one_of_what_was_offered(text: str, acts: str) -> None:
    choices = tuple((f"a {one}",) for one in ("hamburger", "cheeseburger", "double cheeseburger", "bacon burger"))
    assert understood(text, expects="choose", choices=choices, pointing=True) == acts


NO_COUNTS = """
a cheeseburger meal, make the coke large => add: 1 cheeseburger_meal coke large
a cheeseburger meal with a sprite and make the fries large => add: 1 cheeseburger_meal sprite fries large
two cheeseburgers one w/o pickles => add: 1 cheeseburger, 1 cheeseburger pickles:no
too hamburgers one for me with out onion one four my wife with out pickles => add: 1 hamburger onion:no, 1 hamburger pickles:no
a coke 4 me => add: 1 coke
thats all 4 now => checkout
do u have onion rings => ask_stock: onion_rings
can u add a coke n a lg fries pls => add: 1 coke, 1 fries large
sparkling water, for of them => add: 4 sparkling_water
n => deny
what meals do you have => ask_menu: #meals
what dishes do you have => ask_menu
a cheeseburger and the cheapest drink => add: 1 cheeseburger + ask_menu: #drinks {'tags': ['cheap']}
a cheeseburger and whatever drink is cheapest => add: 1 cheeseburger + ask_menu: #drinks {'tags': ['cheap']}
is that it so far => show_basket
I'd like to order for my family => -
"""  # noqa: E501


@pytest.mark.parametrize(("text", "acts"), table(NO_COUNTS))
def test_words_as_they_are_meant(text: str, acts: str) -> None:
    assert understood(text, language="en") == acts


def test_a_numbered_dish_is_no_count() -> None:
    meaning = meaning_of("can I get a number two", basket=BASKET, last="coke", line=3)
    assert not meaning.acts
    assert meaning.leftover == ("number two",)


def test_which_of_those_that_are_called_so_is_asked() -> None:
    meaning = meaning_of("for my wife the veggie one")
    assert [act_text(act) for act in meaning.ask[0].candidates] == [
        "add: 1 veggie_burger",
        "add: 1 garden_pizza",
        "add: 1 veggie_burger_meal",
    ]


def test_the_same_with_another_part() -> None:
    basket = (LineSaid("cheeseburger_meal", 1),)
    for text in ("the same but with a coke", "my son's having the same but with a coke"):
        assert understood(text, basket=basket, last="cheeseburger_meal", line=1) == "add: 1 it coke"


LATER = """
make it 20 minutes later => give_time: 2026-11-23T18:20
could you make it half an hour later => give_time: 2026-11-23T18:30
2 hours earlier please => give_time: 2026-11-23T16:00
"""


@pytest.mark.parametrize(("text", "acts"), table(LATER))
def test_so_much_later_than_the_time_that_is_known(text: str, acts: str) -> None:
    at = NOW + dt.timedelta(hours=3)
    assert understood(text, basket=BASKET, last="coke", line=3, at=at) == acts


ROOMS = (LineSaid("garden_twin", 1), LineSaid("family_suite", 1))
STAY = """
breakfast for everyone => change: it two_breakfasts @all
no breakfast for anyone => change: it no_breakfast @all
seven, two couples and three kids => give_guests: {'adults': 4, 'children': 3}
is that four nights => show_basket
make it four nights => give_dates: {'nights': 4}
"""


@pytest.mark.parametrize(("text", "acts"), table(STAY))
def test_of_a_stay(text: str, acts: str) -> None:
    stays = tuple((str(one.item), NOW.date(), 3) for one in ROOMS)
    known = {"stays": stays, "nights": 3, "dated": True, "expects": "contact"}
    assert understood(text, "lake-hotel", "en", basket=ROOMS, last="family_suite", line=2, **known) == acts


def test_rooms_that_are_taken_come() -> None:
    meaning = meaning_of("take one king and a garden twin", "lake-hotel", "en")
    assert [act_text(act) for act in meaning.acts] == ["add: 1 lake_king, 1 garden_twin"]


FRIES = (LineSaid("fries", 1), LineSaid("sprite", 1))
TOO = """
make the sprite large too => change: sprite large
nah make the fries large too => change: fries large
make the fries too => change: 2 fries
"""


@pytest.mark.parametrize(("text", "acts"), table(TOO))
def test_too_is_two_where_nothing_else_can_be_meant(text: str, acts: str) -> None:
    assert understood(text, basket=FRIES, last="sprite", line=2) == acts


PIZZAS = (LineSaid("pepperoni_pizza", 2), LineSaid("hawaiian_pizza", 1))
CALLED = """
change one pepperoni to margherita => change: 1 margherita <- 1 pepperoni_pizza
change one of the pepperonis to a margherita => change: 1 margherita <- 1 pepperoni_pizza
swap a pepperoni for a margherita => change: 1 margherita <- 1 pepperoni_pizza
"""


@pytest.mark.parametrize(("text", "acts"), table(CALLED))
def test_goods_by_the_first_word_of_their_name(text: str, acts: str) -> None:
    assert understood(text, basket=PIZZAS, last="hawaiian_pizza", line=2) == acts


def test_which_one_takes_nothing_that_is_offered() -> None:
    assert understood("which one", "lake-hotel", "en", expects="choose", offered="lake_king", pointing=True) == "-"


def test_packs_answer_how_many() -> None:
    assert understood("one pack please", "corner-shop", "en", expects="choose") == "change: 1 it"


def test_with_just_me_others_may_come() -> None:
    said = "it's just me and my son, he's 7"
    assert understood(said, "lake-hotel", "en", expects="stay") == "give_guests: {'adults': 1, 'children': 1}"


WAY = """
cancel the delivery => back: fulfilment
I'd like to cancel the delivery => back: fulfilment
I want to cancel the delivery and pick it up => choose_fulfilment: pickup
"""


@pytest.mark.parametrize(("text", "acts"), table(WAY))
def test_a_way_that_is_called_off_is_not_chosen(text: str, acts: str) -> None:
    assert understood(text, "corner-shop", "en", basket=SHELF, last="bread", line=2) == acts


def test_whose_delivery_is_called_off_calls_off_what_was_placed() -> None:
    said = understood("cancel the delivery", "corner-shop", "en", basket=SHELF, orders=("A17",))
    assert said == "cancel"

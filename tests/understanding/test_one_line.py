"""Which of several like lines is meant: by its place, by "the other one", by a part that only it has."""

from __future__ import annotations

import pytest

from assistant.turns import LineSaid, OptionSaid
from tests.understanding.support import table, understood


def meal(drink: str) -> LineSaid:
    chosen = {"side": "fries", "side/size": "regular", "drink": drink, "drink/size": "regular"}
    return LineSaid("cheeseburger_meal", 1, tuple(OptionSaid(*pair) for pair in chosen.items()))


MEALS = (meal("sprite"), meal("coke"))

OF_A_PART = """
    # a part that is told to have something, or not, is that of the line that has it
    no ice in the sprite => change: it no_ice sprite @1
    less ice in the coke => change: it less_ice coke @2
    make the sprite large => change: it sprite large @1
    change the sprite to an orange juice => change: it orange_juice @1
    change the sprite to a coke => change: it coke @1
    make the coke a sprite => change: it sprite @2
    雪碧去冰 => change: it sprite no_ice @1
    雪碧换成橙汁 => change: it orange_juice @1
    사이다는 얼음 빼고 주세요 => change: it no_ice @1
    사이다는 오렌지 주스로 바꿔 주세요 => change: it orange_juice @1
    # two parts are two lines
    no ice in the sprite and less ice in the coke => change: it no_ice sprite @1, it less_ice coke @2
    make the sprite large and the coke small => change: it sprite large @1, it coke small @2
    雪碧去冰，可乐少冰 => change: it sprite no_ice @1, it coke less_ice @2
    사이다는 얼음 빼고 콜라는 얼음 적게 주세요 => change: it no_ice @1, it coke less_ice @2
    # who asks for a drink gets one
    a sprite without ice => add: 1 sprite no_ice
    来杯雪碧去冰 => add: sprite no_ice
    사이다 하나 얼음 빼고 주세요 => add: 1 sprite no_ice
"""

OF_ONE_LINE = """
    # what is said of a line's parts changes that line, wherever its place is said
    onion rings in the second one => change: it onion_rings @2
    swap the fries for onion rings in the first one => change: it onion_rings @1
    the second one should have onion rings => change: it onion_rings @2
    can I have onion rings with the first one => change: it onion_rings @1
    make the fries large in the second one => change: it fries large @2
    the first one with a side salad => change: it side_salad @1
    onion rings instead of fries in the first meal => change: it onion_rings @1
    第二个套餐配洋葱圈 => change: it onion_rings @2
    첫 번째는 어니언링으로 바꿔 주세요 => change: it onion_rings @1
    두 번째 거는 어니언링으로 => change: it onion_rings @2
    # a line may be called by what it has
    onion rings in the one with sprite => change: it onion_rings @1
    make the fries large in the coke one => change: it fries large @2
    swap the fries for onion rings in the coke meal => change: it onion_rings @2
    the coke one without ice => change: it no_ice @2
    雪碧那份的薯条换成洋葱圈 => change: it onion_rings @1
    配可乐的那份薯条换大份 => change: it fries large @2
    可乐那份不要冰 => change: it no_ice @2
    사이다 세트는 감자튀김을 어니언링으로 => change: it onion_rings @1
    콜라 있는 세트는 어니언링으로 바꿔 주세요 => change: it onion_rings @2
    # other goods beside it are other goods
    the first one and a large coke => add: 1 coke large
    remove the second one => remove: it @2
"""


@pytest.mark.parametrize(("text", "acts"), table(OF_A_PART))
def test_a_part_tells_which_of_several_lines_is_meant(text: str, acts: str) -> None:
    assert understood(text, basket=MEALS, last="cheeseburger_meal", line=2) == acts


@pytest.mark.parametrize(("text", "acts"), table(OF_ONE_LINE))
def test_a_sentence_about_one_line_changes_its_parts(text: str, acts: str) -> None:
    assert understood(text, basket=MEALS, last="cheeseburger_meal", line=2) == acts


OTHER = """
    the other one without onions => change: it onion:no @1
    make the other one a large => change: it large @1
    no onions on the other one => change: it onion:no @1
    remove the other one => remove: it @1
    另一个不要洋葱 => change: it onion:no @1
    다른 하나는 양파 빼 주세요 => change: it onion:no @1
"""


@pytest.mark.parametrize(("text", "acts"), table(OTHER))
def test_the_other_one_is_the_one_that_was_not_spoken_of(text: str, acts: str) -> None:
    without = LineSaid("cheeseburger", 1, (OptionSaid("extras", "pickles", "no"),))
    basket = (LineSaid("cheeseburger", 1), without, "fries")
    assert understood(text, basket=basket, last="cheeseburger", line=2) == acts


def test_of_more_than_two_no_other_one_is_guessed() -> None:
    basket = ("cheeseburger", LineSaid("cheeseburger", 1, (OptionSaid("size", "large"),)), "cheeseburger")
    assert "@" not in understood("the other one without onions", basket=basket, last="cheeseburger", line=2)


@pytest.mark.parametrize("text", ["I'll take the coke", "let's do the coke then", "can I get the coke"])
def test_goods_that_are_there_already_are_said_to_be(text: str) -> None:
    assert understood(text, basket=("coke", "fries"), last="coke", line=1) == "change: coke"
    assert understood("the coke was nice", basket=("coke",)) == "-"


MORE = """
    one dozen more eggs => add: 1 eggs
    two dozen eggs => add: 2 eggs
    a couple more chocolate bars => add: 2 chocolate
    half a dozen more tonic waters => -
    一支牙膏和一盒止痛药 => add: 1 toothpaste
    牙膏和止痛药各一个 => add: 1 toothpaste
"""


@pytest.mark.parametrize(("text", "acts"), table(MORE))
def test_more_of_them_by_the_dozen_and_what_is_known_beside_what_is_not(text: str, acts: str) -> None:
    assert understood(text, shop="corner-shop", language=None, basket=("eggs", "chocolate")) == acts


EXCHANGED = """
    swap the olives for onions => change: it olive:no onion
    replace the onions with mushrooms => change: it onion:no mushroom
    change the olives to mushrooms => change: it olive:no mushroom
    橄榄换成蘑菇 => change: it olive:no mushroom
    올리브를 버섯으로 바꿔 주세요 => change: it olive:no mushroom
    add olives and mushrooms => change: it olive mushroom
"""


@pytest.mark.parametrize(("text", "acts"), table(EXCHANGED))
def test_what_is_swapped_goes_whether_or_not_it_was_chosen(text: str, acts: str) -> None:
    """A topping that comes with the goods is not among the options that were said."""
    assert understood(text, language=None, basket=("margherita",), last="margherita", line=1) == acts


NOTES = """
    call me when it arrives => answer: note call me when it arrives
    text me once my order is ready => answer: note text me once my order is ready
    到了给我打个电话 => answer: note 到了给我打个电话
    다 되면 불러 주세요 => answer: note 다 되면 불러 주세요
    call me Tom => give_contact: {'name': 'Tom'}
"""


@pytest.mark.parametrize(("text", "acts"), table(NOTES))
def test_when_to_call_is_a_note_and_no_name(text: str, acts: str) -> None:
    assert understood(text, language=None, basket=("coke",)) == acts


@pytest.mark.parametrize(
    ("text", "number"), [("the one without onions", 2), ("the one with bacon", 3), ("without onion", 2)]
)
def test_an_answer_on_offer_is_named_by_what_it_has_or_lacks(text: str, number: int) -> None:
    choices = (("a cheeseburger",), ("a cheeseburger without onion",), ("a cheeseburger with bacon",))
    basket = ("cheeseburger", "cheeseburger", "cheeseburger")
    said = understood(text, language="en", expects="choose", choices=choices, basket=basket)
    assert said == f"choose: {number}"


SO_MANY = """
    the first two => choose: [1, 2]
    the last two please => choose: [2, 3]
    all three => choose: [1, 2, 3]
    the last one => choose: -1
    前两个都要 => choose: [1, 2]
    最后两个 => choose: [2, 3]
    처음 두 개요 => choose: [1, 2]
    앞에 두 개 다 주세요 => choose: [1, 2]
    both => -
"""


@pytest.mark.parametrize(("text", "acts"), table(SO_MANY))
def test_several_of_what_is_offered_are_chosen_by_how_many_they_are(text: str, acts: str) -> None:
    choices = (("fries",), ("onion rings",), ("nuggets",))
    assert understood(text, language=None, expects="choose", choices=choices, basket=("coke", "water")) == acts


def test_both_are_two() -> None:
    choices = (("fries",), ("onion rings",))
    assert understood("both of them please", expects="choose", choices=choices, basket=("coke",)) == "choose: [1, 2]"


SO_LINES = """
    热的加一份浓缩 => change: it espresso_shot @1
    热的那杯加一份浓缩 => change: it espresso_shot @1
    冰的要燕麦奶 => change: it oat_milk @2
    뜨거운 건 샷 추가요 => change: it espresso_shot @1
    the hot one with an extra shot => change: it espresso_shot @1
"""


@pytest.mark.parametrize(("text", "acts"), table(SO_LINES))
def test_the_line_that_is_so_gets_what_is_said_of_it(text: str, acts: str) -> None:
    lattes = tuple(LineSaid("latte", 1, (OptionSaid("temperature", one),)) for one in ("hot", "iced"))
    assert understood(text, language=None, basket=lattes, last="latte", line=2) == acts


CALLED = """
    a kids meal with apple juice => add: 1 kids_meal
    a kids meal with juice => add: 1 kids_meal orange_juice
    어린이 세트 하나 추가요 음료는 사과 주스로요 => add: 1 kids_meal
    사과주스요 => -
    콜라 사 개 => add: 4 coke
"""


@pytest.mark.parametrize(("text", "acts"), table(CALLED))
def test_what_is_called_otherwise_is_not_taken_for_what_is_had(text: str, acts: str) -> None:
    """사 is four, and 과 is "and": 사과 is an apple."""
    assert understood(text, language=None) == acts


def test_goods_in_a_list_are_no_parts_of_those_before() -> None:
    """Two meals, one juice and one coke may be shared out; what "and" links is a list of things."""
    said = "two chicken burger meals and one orange juice and one coke"
    assert understood(said) == "add: 2 chicken_burger_meal, 1 orange_juice, 1 coke"
    shared = "add: 1 chicken_burger_meal orange_juice, 1 chicken_burger_meal coke"
    assert understood("two chicken burger meals, one orange juice, one coke") == shared


OF_ALL = """
    # what is said of parts that all have is said of all of them
    make both fries large => change: it fries large @all
    large fries in both => change: it large fries @all
    onion rings in both => change: it onion_rings @all
    make the fries large in both meals => change: it fries large @all
    薯条都换大份 => change: it fries large @all
    两份薯条都换大份 => change: it fries large @all
    都换成橙汁 => change: it orange_juice @all
    감자튀김은 둘 다 라지로요 => change: it fries large @all
    # and of those alone that have it
    可乐都去冰 => change: it coke no_ice @2
    콜라는 둘 다 얼음 빼 주세요 => change: it no_ice @2
    # so many more may be wanted, too
    来两份大薯条 => add: 2 fries large
"""


@pytest.mark.parametrize(("text", "acts"), table(OF_ALL))
def test_what_is_said_of_a_part_of_every_line(text: str, acts: str) -> None:
    assert understood(text, basket=MEALS, last="cheeseburger_meal", line=2) == acts


BECOME = """
    make both coke zero => change: coke_zero @all <- it
    change both to sprite => change: sprite <- it
    둘 다 스프라이트로 해 주세요 => change: sprite @all <- coke
    콜라 하나는 제로로 => change: 1 coke_zero <- 1 coke
    콜라 하나만 스프라이트로 해 주세요 => change: 1 sprite <- 1 coke
    # who asks for goods gets them
    스프라이트로 하나 주세요 => add: 1 sprite
"""


@pytest.mark.parametrize(("text", "acts"), table(BECOME))
def test_what_all_of_some_goods_or_one_of_them_are_to_become(text: str, acts: str) -> None:
    assert understood(text, basket=(LineSaid("coke", 2),), last="coke", line=1) == acts


@pytest.mark.parametrize(
    ("language", "text", "acts"),
    [
        ("en", "a large fry, medium coke and a small coffee", "add: 1 fries large, coke regular, 1 americano small"),
        ("en", "fries and large coke", "add: fries, coke large"),
        ("en", "fries and coke large", "add: fries + change: coke large"),
        ("en", "the large coke and fries", "change: coke large + add: fries"),
        ("en", "large coke", "change: coke large"),
        ("zh", "再来份薯条，大杯可乐", "add: fries, coke large"),
        ("zh", "薯条一份，可乐大杯", "add: 1 fries + change: coke large"),
        ("ko", "감자튀김 하나랑 큰 콜라 주세요", "add: 1 fries, coke large"),
    ],
)
def test_one_of_a_size_in_a_list_is_ordered_though_there_is_one(language: str, text: str, acts: str) -> None:
    there = {"basket": ("coke", "hamburger"), "last": "hamburger", "line": 2}
    assert understood(text, language=language, **there) == acts

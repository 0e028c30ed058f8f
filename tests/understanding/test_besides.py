"""One more of what is there, but otherwise; and counts of what is put on goods, which are no counts of the goods."""

from __future__ import annotations

import pytest

from assistant.turns import LineSaid, OptionSaid
from tests.understanding.support import acts_text, meaning_of, table, understood

WITH_BACON = LineSaid("cheeseburger", 1, (OptionSaid("size", "regular"), OptionSaid("extras", "bacon", "normal")))

ONE_MORE = """
    and one without onions => add: 1 it onion:no
    and one without bacon => add: 1 it bacon:no
    and one without => add: 1 it bacon:no
    another one without => add: 1 it bacon:no
    plus a large one => add: 1 it large
    a large one too => add: 1 it large
    one with avocado as well => add: 1 it avocado
    还有一个不加培根 => add: 1 it bacon:no
    再来一个不加培根 => add: 1 it bacon:no
    再来一个不加的 => add: 1 it bacon:no
    再来个大的 => add: 1 it large
    大的也来一个 => add: 1 it large
    그리고 큰 걸로 하나 => add: 1 it large
    큰 것도 하나 주세요 => add: 1 it large
    베이컨 없는 걸로 하나 더 => add: 1 it bacon:no
    피클 뺀 거 하나 더요 => add: 1 it pickles:no
    # what is only said of the one that is there changes it
    one without onions => change: it onion:no
    and no onions => change: it onion:no
    with avocado too => change: it avocado
    extra cheese as well => change: it cheese:extra
    也加牛油果 => change: it avocado
    아보카도도 추가해 주세요 => change: it avocado
    피클 뺀 걸로 바꿔 주세요 => change: it pickles:no
    피클 넣은 걸로 주세요 => change: it pickles
    # so many of it
    two of those => change: 2 it
    three of them please => change: 3 it
"""


@pytest.mark.parametrize(("text", "acts"), table(ONE_MORE))
def test_one_more_is_told_from_a_change(text: str, acts: str) -> None:
    assert understood(text, basket=(WITH_BACON,), last="cheeseburger", line=1) == acts


@pytest.mark.parametrize(
    ("text", "acts"),
    [
        ("and one without onions", "change: it onion:no"),  # of the two
        ("and one without bacon", "add: 1 it bacon:no"),  # they were said to have it
        ("two with avocado", "change: it avocado"),
    ],
)
def test_of_several_units_one_is_told_apart_unless_it_is_said_to_be_otherwise(text: str, acts: str) -> None:
    two = LineSaid("cheeseburger", 2, WITH_BACON.options)
    assert understood(text, basket=(two,), last="cheeseburger", line=1) == acts


PUT_ON = """
    베이컨 하나 추가요 => change: it bacon
    치즈 두 장 추가해 주세요 => change: it cheese:double
    그리고 버섯 하나 추가 => change: it mushroom
    양파 하나 빼 주세요 => change: it onion:no
    버섯 하나 더요 => change: it mushroom
    라지 하나 더요 => add: 1 it large
    培根一份 => change: it bacon
    加两份蘑菇 => change: it mushroom:double
    add two mushrooms => change: it mushroom:double
    two avocado please => change: it avocado:double
    two with mushrooms => change: 2 it mushroom
"""


@pytest.mark.parametrize(("text", "acts"), table(PUT_ON))
def test_a_count_of_what_is_put_on_goods_is_none_of_the_goods(text: str, acts: str) -> None:
    assert understood(text, basket=("cheeseburger",), last="cheeseburger", line=1) == acts


def test_a_count_of_what_is_short_for_goods_is_asked_about() -> None:
    meaning = meaning_of("two pepperoni please", basket=("margherita",), last="margherita", line=1)
    assert not meaning.acts
    assert [acts_text([one]) for one in meaning.ask[0].candidates] == [
        "add: 2 pepperoni_pizza",
        "change: it pepperoni:extra",
    ]


IN_ONE_BREATH = """
    两个芝士汉堡加培根，再来一个不加的 => add: 2 cheeseburger bacon, 1 it bacon:no
    치즈버거 두 개 베이컨 추가하고 베이컨 없는 걸로 하나 더 => add: 2 cheeseburger bacon, 1 it bacon:no
    라떼 두 잔 주시고 큰 걸로 하나 더요 => add: 2 latte, 1 it large
    햄버거 하나 피클 뺀 걸로 주세요 => add: 1 hamburger pickles:no
    햄버거 피클 뺀 걸로 하나랑 콜라 하나요 => add: 1 hamburger pickles:no, 1 coke
    치즈버거 하나 베이컨 하나 추가요 => add: 1 cheeseburger bacon
    # one of two
    치즈버거 두 개 베이컨 추가하고 하나는 빼 주세요 => add: 1 cheeseburger bacon, 1 cheeseburger bacon:no
    치즈버거 두 개 하나는 베이컨 추가하고 하나는 빼 주세요 => add: 1 cheeseburger bacon, 1 cheeseburger bacon:no
    치즈버거 두 개인데 하나만 베이컨 추가해 주세요 => add: 1 cheeseburger, 1 cheeseburger bacon
    햄버거 두 개 중 하나는 피클 빼고 주세요 => add: 1 hamburger, 1 hamburger pickles:no
    # what isn't in the goods is not understood; they are wanted
    라떼 두 잔 얼음 빼 주세요 => add: 2 latte
"""


@pytest.mark.parametrize(("text", "acts"), table(IN_ONE_BREATH))
def test_one_more_and_one_of_two_in_one_breath(text: str, acts: str) -> None:
    assert understood(text) == acts


ONE_OF_TWO = """
    one with cheese and one without => change: it cheese
    一个加芝士一个不加 => change: it cheese
    하나는 치즈 추가하고 하나는 빼고요 => change: it cheese
    one with pickles and one without => change: it pickles, it pickles:no
    # of what isn't understood nothing is done to the count either
    其中一个不要花椒 => -
    one of them without truffles => -
"""


@pytest.mark.parametrize(("text", "acts"), table(ONE_OF_TWO))
def test_one_of_two_that_are_there(text: str, acts: str) -> None:
    assert understood(text, basket=(LineSaid("hamburger", 2),), last="hamburger", line=1) == acts


OF_A_KIND = """
    # one sauce comes with it: that is the one
    a chicken burger with no sauce => add: 1 chicken_burger mayo:no
    a chicken burger, light sauce => add: 1 chicken_burger mayo:light
    鸡肉汉堡少放酱 => add: chicken_burger mayo:light
    치킨버거 하나 소스 빼고 => add: 1 chicken_burger mayo:no
    # what always comes with goods can't be left off; that is told
    a cheeseburger meal with no drink => add: 1 cheeseburger_meal coke:no
    라떼 하나 우유 빼고요 => add: 1 latte whole_milk:no
    # several toppings come with it, and "no extras" may mean none besides: it is said back
    a cheeseburger with no extras => add: 1 cheeseburger
"""


@pytest.mark.parametrize(("text", "acts"), table(OF_A_KIND))
def test_what_comes_with_goods_is_meant_by_its_kind(text: str, acts: str) -> None:
    assert understood(text) == acts


@pytest.mark.parametrize("text", ["no sauce", "no sauce on it", "不要酱", "소스 빼 주세요"])
def test_no_sauce_is_said_of_what_is_there_and_ends_no_order(text: str) -> None:
    assert understood(text, basket=("chicken_burger",), last="chicken_burger", line=1) == "change: it mayo:no"


def test_what_cannot_be_left_off_by_its_kind_is_said_back() -> None:
    assert meaning_of("a cheeseburger with no extras").leftover == ("with no extras",)
    assert meaning_of("a hamburger with no toppings").leftover == ("with no toppings",)


@pytest.mark.parametrize(
    ("text", "acts"),
    [
        ("大杯薯条", "add: fries large"),
        ("大号可乐", "add: coke large"),
        ("来个中份的玛格丽特", "add: margherita medium"),
        ("中号薯条", "add: fries regular"),
    ],
)
def test_a_size_is_meant_with_any_word_that_measures(text: str, acts: str) -> None:
    assert understood(text) == acts


@pytest.mark.parametrize(
    "text",
    [
        "I'd like to order",
        "can I order please",
        "I want to place an order",
        "I'd like to order some food",
        "hi, I'm hungry",
        "我要点餐",
        "我想点单",
        "주문하고 싶어요",
        "음식 주문하고 싶어요",
    ],
)
def test_who_says_only_that_they_will_order_is_understood(text: str) -> None:
    meaning = meaning_of(text)
    assert [(act.act, act.value) for act in meaning.acts] == [("none", "begin")]
    assert not meaning.leftover

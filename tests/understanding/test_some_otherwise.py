"""Goods that are there, or are being ordered, and of which some, or all, are to be otherwise: none come besides, and
none is lost."""

from __future__ import annotations

import pytest

from assistant.turns import LineSaid
from tests.understanding.support import meaning_of, table, understood

THREE_COKES = """
可乐换成两杯大的，另一杯雪碧 => change: 1 sprite <- 1 coke + change: coke large
可乐两杯要大的，一杯换成雪碧 => change: 1 sprite <- 1 coke + change: coke large
三杯可乐换成两杯雪碧一杯橙汁 => change: 2 sprite <- 2 coke + change: 1 orange_juice <- 1 coke
两杯可乐换成雪碧，另一杯要大的 => change: 2 sprite <- 2 coke + change: coke large
可乐要一杯大的两杯小的 => change: coke large, coke small
可乐换成雪碧，再来一杯橙汁 => change: sprite <- coke + add: 1 orange_juice
可乐再加一杯大的 => add: 1 coke large
可乐再来一杯大的一杯小的 => add: 1 coke large, 1 coke small
"""
FRESH = """
鸡肉汉堡一个加芝士两个加蛋 => add: 1 chicken_burger cheese, 2 chicken_burger egg
可乐要一杯大的两杯小的 => add: 1 coke large, 2 coke small
拿铁来一杯热的两杯冰的 => add: 1 latte hot, 2 latte iced
两杯可乐一杯要零度的 => add: 1 coke, 1 coke_zero
来两个汉堡，要鸡肉的 => add: 2 chicken_burger
来个汉堡要牛肉的 => add: hamburger
两杯可乐，一杯大可乐，一份薯条 => add: 2 coke, 1 coke large, 1 fries
two cokes, one large coke, one fries => add: 2 coke, 1 coke large, 1 fries
"""
OF_A_KIND = """
汉堡要鸡肉的 => change: chicken_burger <- hamburger
可乐要零度的 => change: coke_zero <- coke
薯条要红薯的 => change: sweet_potato_fries <- fries
汉堡要牛肉的 => show_basket
汉堡加培根 => change: hamburger bacon
burger with bacon => change: hamburger bacon
薯条再加一份大的 => add: 1 fries large
再来一个汉堡要鸡肉的 => add: 1 chicken_burger
可乐算了，来杯雪碧 => remove: coke + add: sprite
那个可乐还是算了 换雪碧 => change: sprite <- coke
薯条算了 我减肥 => remove: fries
可乐算了，薯条要大份 => remove: coke + change: fries large
"""
OF_MEALS = """
芝士汉堡套餐的可乐换成雪碧 => change: cheeseburger_meal sprite
鸡肉汉堡套餐里的薯条要大份 => change: chicken_burger_meal large
套餐的薯条要大份 => -
"""


@pytest.mark.parametrize(("text", "acts"), table(THREE_COKES))
def test_of_three(text: str, acts: str) -> None:
    assert understood(text, basket=(LineSaid("coke", 3), LineSaid("fries", 1)), last="coke", line=1) == acts


def test_how_many_of_three() -> None:
    made = meaning_of("可乐换成两杯大的，另一杯雪碧", basket=(LineSaid("coke", 3),)).acts
    assert made[1].lines[0].of == 2


@pytest.mark.parametrize(("text", "acts"), table(FRESH))
def test_ordered(text: str, acts: str) -> None:
    meaning = meaning_of(text)
    assert (understood(text), meaning.ask, meaning.leftover) == (acts, (), ())


@pytest.mark.parametrize(("text", "acts"), table(OF_A_KIND))
def test_of_what_is_there(text: str, acts: str) -> None:
    meaning = meaning_of(text, basket=("coke", "fries", "hamburger"))
    assert (understood(text, basket=("coke", "fries", "hamburger")), meaning.ask) == (acts, ())


@pytest.mark.parametrize(("text", "acts"), table(OF_MEALS))
def test_a_part_of_meals_that_are_there(text: str, acts: str) -> None:
    meals = ("cheeseburger_meal", "chicken_burger_meal")
    assert understood(text, basket=meals) == acts
    assert len(meaning_of(text, basket=meals).ask) == (acts == "-")


def test_a_part_of_a_meal_ordered_in_the_same_breath() -> None:
    assert understood("一份芝士汉堡套餐，套餐的薯条要大份") == "add: 1 cheeseburger_meal large"


def test_other_milk() -> None:
    basket = (LineSaid("milk", 2), LineSaid("umbrella", 1))
    shop = {"shop": "corner-shop", "basket": basket}
    assert understood("牛奶要燕麦的", **shop) == "change: oat_milk <- milk"
    assert understood("牛奶换成燕麦的", **shop) == "change: oat_milk <- milk"
    assert understood("雨伞算了 外面不下雨了", **shop) == "remove: umbrella"
    assert understood("雨伞算了，结账", **shop) == "remove: umbrella + checkout"


@pytest.mark.parametrize(
    ("text", "acts"),
    [
        ("来瓶儿水", "add: water"),
        ("薯条儿一份", "add: 1 fries"),
        ("来份属条", "add: fries"),
        ("来个牛肉堡，说错了，是鸡肉堡", "add: chicken_burger"),
        ("芝士汉堡包两个", "add: 2 cheeseburger"),
    ],
)
def test_as_it_is_said_and_typed(text: str, acts: str) -> None:
    meaning = meaning_of(text)
    assert (understood(text), meaning.ask, meaning.leftover) == (acts, (), ())

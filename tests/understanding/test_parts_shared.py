"""Parts of meals counted out behind their name, or said of all of them: none come besides, and none of them is lost."""

from __future__ import annotations

import pytest

from assistant.turns import LineSaid
from tests.understanding.support import meaning_of, understood

MEALS = ("cheeseburger_meal", "chicken_burger_meal")
OF_TWO = [
    ("饮料一个要雪碧一个要橙汁", "change: cheeseburger_meal sprite, cheeseburger_meal orange_juice"),
    ("儿童套餐的饮料一个苹果汁一个橙汁", "-"),
]
IN_ONE_BREATH = [
    ("三份芝士汉堡套餐，饮料两杯可乐一杯雪碧", "add: 2 cheeseburger_meal coke, 1 cheeseburger_meal sprite"),
    (
        "三份套餐 两份芝士的 一份鸡肉的 饮料两杯可乐一杯雪碧",
        "add: 2 cheeseburger_meal coke, 1 chicken_burger_meal sprite",
    ),
    ("来两份儿童套餐，饮料一个苹果汁一个橙汁", "add: 2 kids_meal"),
    ("两份芝士汉堡套餐 饮料三杯可乐一杯雪碧", "add: 2 cheeseburger_meal"),
    ("两个牛肉汉堡 饮料两杯可乐一杯雪碧", "add: 2 hamburger, 2 coke, 1 sprite"),
    ("饮料来两杯可乐一杯雪碧", "add: 2 coke, 1 sprite"),
    ("汉堡两个芝士的一个鸡肉的", "add: 2 cheeseburger, 1 chicken_burger"),
    ("饮料两杯可乐一杯雪碧一杯", "add: 1 coke, 1 sprite"),
]
OF_ALL = [
    ("都配雪碧", "change: it sprite @all"),
    ("不对 都要雪碧", "change: it sprite @all"),
    ("都换成雪碧", "change: it sprite @all"),
    ("薯条都换成洋葱圈", "change: it onion_rings @all"),
    ("可乐都要去冰", "change: it coke no_ice @all"),
    ("薯条都换成洋葱圈，饮料都要橙汁", "change: it onion_rings @all, it orange_juice @all"),
    ("可乐薯条都要", "add: coke, fries"),
]


@pytest.mark.parametrize(("text", "acts"), OF_TWO)
def test_of_meals_that_are_there(text: str, acts: str) -> None:
    assert understood(text, basket=(LineSaid("cheeseburger_meal" if acts != "-" else "kids_meal", 2),)) == acts


@pytest.mark.parametrize(("text", "acts"), IN_ONE_BREATH)
def test_in_one_breath(text: str, acts: str) -> None:
    assert understood(text) == acts


def test_what_does_not_come_to_as_many_is_said_back() -> None:
    assert meaning_of("两份芝士汉堡套餐 饮料三杯可乐一杯雪碧").leftover == ("饮料三杯可乐一杯雪碧",)


@pytest.mark.parametrize(("text", "acts"), OF_ALL)
def test_of_all_meals(text: str, acts: str) -> None:
    assert understood(text, basket=MEALS) == acts


def test_one_of_those_that_are_there() -> None:
    basket = (LineSaid("cheeseburger", 3), LineSaid("coke", 1))
    made = meaning_of("汉堡一个不要洋葱", basket=basket, last="coke", line=2).acts[0]
    assert (made.act, made.lines[0].item, made.lines[0].of) == ("change", "cheeseburger", 1)
    both = meaning_of("芝士汉堡一个不要洋葱一个不要酸黄瓜", basket=basket, last="coke", line=2).acts[0]
    assert [(line.quantity, line.of) for line in both.lines] == [(None, 1), (None, 1)]

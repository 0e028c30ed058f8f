"""Goods that are counted over again: a total and its goods, the same said twice, twice as many, just the one."""

from __future__ import annotations

import pytest

from assistant.turns import LineSaid
from tests.understanding.support import acts_text, meaning_of, table

TOTALS = """
# What a total is made of is told behind it, and the total is no goods of its own.
en | two drinks, coke and sprite => add: coke, sprite
en | two drinks a coke and a sprite and fries => add: 1 coke, 1 sprite, fries
en | three coffees, two lattes and an americano => add: 2 latte, 1 americano
en | two burgers, one chicken one fish => add: 1 chicken_burger, 1 fish_burger
en | two large drinks, a coke and a sprite => add: 1 coke large, 1 sprite large
en | two burgers, one chicken without mayo, one fish with cheese => add: 1 chicken_burger mayo:no, 1 fish_burger cheese
zh | 两杯饮料，可乐和雪碧 => add: coke, sprite
zh | 饮料要两杯，可乐和雪碧 => add: coke, sprite
zh | 三个汉堡，两个牛肉一个鸡肉 => add: 2 hamburger, 1 chicken_burger
zh | 咖啡两杯，一杯拿铁一杯美式 => add: 1 latte, 1 americano
ko | 음료 두 개, 콜라 하나 사이다 하나 => add: 1 coke, 1 sprite
ko | 치킨버거 세트 두 세트, 어린이 세트 두 세트 => add: 2 chicken_burger_meal, 2 kids_meal
ko | 커피 두 잔, 라떼 하나 아메리카노 하나 => add: 1 latte, 1 americano
# Where it comes to another number, that is said.
en | four drinks, two cokes and a sprite => add: 2 coke, 1 sprite ? four drinks
# Goods of another kind are none of it.
en | two coffees, a coke and a sprite => add: 2 americano, 1 coke, 1 sprite
en | two coffees, two lattes => add: 2 americano, 2 latte
# The same said twice in a list is two of it; a mere stutter is one.
en | coke, coke and sprite => add: 2 coke, sprite
en | coke, coke please => add: coke
en | coke coke please => add: coke
zh | 可乐，可乐和雪碧 => add: 2 coke, sprite
ko | 콜라, 콜라, 사이다 주세요 => add: 2 coke, sprite
"""


@pytest.mark.parametrize(("row", "expected"), table(TOTALS))
def test_nothing_is_counted_twice(row: str, expected: str) -> None:
    language, _, text = row.partition(" | ")
    meaning = meaning_of(text, language=language)
    assert " ? ".join([acts_text(meaning.acts), *meaning.leftover]) == expected
    assert not meaning.ask


AGAIN = """
# As many times the line spoken of last, or what is called so in the shop.
en fries,coke*2 | double it => change: 4 it
en fries,coke*2 | make that a triple => change: 6 it
en fries,cheeseburger | make it a double => change: 1 double_cheeseburger <- it
en fries,cheeseburger | double it => change: 2 it
zh fries,coke*2 | 翻倍 => change: 4 it
ko fries,coke*2 | 두 배로 해 주세요 => change: 4 it
# Just the one of it.
en fries,coke*2 | sorry just the one => change: 1 it
en fries,coke*2 | just the one please => change: 1 it
en fries,coke*2 | one only please => change: 1 it
en fries,coke*2 | the one => -
zh fries,coke*2 | 就一个 => change: 1 it
ko fries,coke*2 | 하나만요 => change: 1 it
"""


@pytest.mark.parametrize(("row", "expected"), table(AGAIN))
def test_as_many_as_are_said_of_the_last_line(row: str, expected: str) -> None:
    where, _, text = row.partition(" | ")
    language, goods = where.split()
    basket = tuple(LineSaid(one, int(many or 1)) for one, _, many in (it.partition("*") for it in goods.split(",")))
    meaning = meaning_of(text, language=language, basket=basket, last=basket[-1].item, line=len(basket))
    assert acts_text(meaning.acts) == expected


def test_what_a_total_is_made_of_may_not_be_had() -> None:
    meaning = meaning_of("four coffees, two lattes and two cappuccinos", language="en")
    assert (acts_text(meaning.acts), meaning.leftover) == ("add: 2 latte", ("cappuccinos",))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a coke and a burger, the chicken one", "add: 1 coke, 1 chicken_burger"),
        ("a hamburger, no wait, cheeseburger, yeah a cheeseburger with bacon", "add: 1 cheeseburger bacon"),
        ("two cheeseburgers, one plain, one with bacon", "add: 1 cheeseburger, 1 cheeseburger bacon"),
    ],
)
def test_goods_that_are_told_more_closely_are_no_more_of_them(text: str, expected: str) -> None:
    meaning = meaning_of(text, language="en")
    assert acts_text(meaning.acts) == expected
    assert not meaning.ask


SUMS = """
# The count of all that was named orders nothing more.
en | a coke, a sprite and a water, so three drinks in total => add: 1 coke, 1 sprite, 1 water
en | two cokes and a sprite, that makes three => add: 2 coke, 1 sprite
en | two cokes and a sprite, that's three drinks => add: 2 coke, 1 sprite
en | two cheeseburgers and a hamburger, four burgers in all => add: 2 cheeseburger, 1 hamburger ? four burgers in all
en | three cokes in total => add: 3 coke
zh | 来一份薯条，再来一份，一共两份 => add: 1 fries, 1 it
zh | 两杯可乐一杯雪碧，一共三杯 => add: 2 coke, 1 sprite
ko | 콜라 두 잔 사이다 한 잔, 총 세 잔이요 => add: 2 coke, 1 sprite
# Goods that are named again with a smaller count are some of them.
ko | 치즈버거 두 개랑 콜라 두 잔, 콜라 하나는 얼음 빼고요 => add: 2 cheeseburger, 1 coke, 1 coke no_ice
ko | 햄버거 하나 더 베이컨 추가해서 주세요 => add: 1 hamburger bacon
"""


@pytest.mark.parametrize(("row", "expected"), table(SUMS))
def test_what_all_of_it_comes_to_is_no_order(row: str, expected: str) -> None:
    language, _, text = row.partition(" | ")
    meaning = meaning_of(text, language=language)
    assert " ? ".join([acts_text(meaning.acts), *meaning.leftover]) == expected
    assert not meaning.ask

"""What Chinese customers answer and tell at a counter or a desk: which of several, how many in a box, for each room,
their names and where they live."""

from __future__ import annotations

import pytest

from assistant.turns import LineSaid
from tests.understanding.support import meaning_of, table, understood

BURGERS = ("hamburger", "cheeseburger", "double_cheeseburger", "bacon_burger", "chicken_burger", "spicy_chicken_burger")
WHICH = """
两个都要牛肉的 => add: hamburger
都要芝士的 => add: cheeseburger
一个牛肉的一个鸡腿的 => add: 1 hamburger, 1 spicy_chicken_burger
两个牛肉一个鸡肉 => add: 2 hamburger, 1 chicken_burger
那就鸡肉的吧 加芝士 => add: chicken_burger cheese
"""
SHOP = """
鸡蛋一盒几个？来两盒 => ask_item: eggs + add: 2 eggs
鸡蛋一盒有几个，来两盒 => ask_item: eggs + add: 2 eggs
电池一板几节?要八节 => ask_item: batteries
"""
MILK = """
来杯牛奶 => -
来一个芝士汉堡，来杯牛奶 => add: 1 cheeseburger
一杯拿铁加牛奶 => add: 1 latte whole_milk
来杯草莓的 => add: milkshake strawberry
"""
NAMES = """
王女士 尾号5678 => give_contact: {'name': '王女士'}
小张 13711112222 半小时后来拿 => give_contact: {'name': '小张', 'phone': '13711112222'} + give_time: 15:30 + \
choose_fulfilment: pickup
我姓周 叫周杰 手机号 13800138000 => give_contact: {'name': '周杰', 'phone': '13800138000'}
"""
BREAKFASTS = """
四份早餐 => change: it two_breakfasts
五份早餐 => ask_item: garden_twin {'option': ['breakfast']}
早餐要三份 => ask_item: garden_twin {'option': ['breakfast']}
"""


@pytest.mark.parametrize(("text", "acts"), table(WHICH))
def test_which_burgers(text: str, acts: str) -> None:
    asked = {"asked_goods": BURGERS, "listed": BURGERS, "expects": "choose", "counted": 2}
    assert (understood(text, **asked), meaning_of(text, **asked).ask) == (acts, ())


@pytest.mark.parametrize(("text", "acts"), table(SHOP))
def test_how_many_there_are_in_one(text: str, acts: str) -> None:
    assert understood(text, shop="corner-shop") == acts


def test_pieces_of_what_was_offered() -> None:
    asked = {"shop": "corner-shop", "listed": ("batteries",), "offered": "batteries", "expects": "choose"}
    assert [doubt.why for doubt in meaning_of("要八节", pointing=True, **asked).ask] == ["pack"]
    assert understood("要两包", pointing=True, **asked) == "change: 2 it"


@pytest.mark.parametrize(("text", "acts"), table(MILK))
def test_what_is_only_had_in_something(text: str, acts: str) -> None:
    assert understood(text) == acts
    assert len(meaning_of(text).ask) == (acts == "-")


@pytest.mark.parametrize(("text", "acts"), table(NAMES))
def test_names_and_phones(text: str, acts: str) -> None:
    meaning = meaning_of(text, expects="contact", missing=("name",), basket=("coke",))
    assert (understood(text, expects="contact", missing=("name",), basket=("coke",)), meaning.leftover) == (acts, ())


@pytest.mark.parametrize(("text", "acts"), table(BREAKFASTS))
def test_for_each_of_two_rooms(text: str, acts: str) -> None:
    assert understood(text, shop="lake-hotel", basket=(LineSaid("garden_twin", 2),), dated=True) == acts


def test_ages_count_nobody() -> None:
    said = {"shop": "lake-hotel", "basket": ("family_suite",), "dated": True}
    text = "两个大人两个小孩 小孩一个五岁一个八岁"
    assert understood(text, **said) == "give_guests: {'adults': 2, 'children': 2}"


def test_another_house_of_the_road() -> None:
    known = {"basket": ("coke",), "address": "中山路86号3栋502"}
    assert understood("地址写错了，是中山路88号", **known) == "give_address: 中山路88号3栋502"
    assert understood("地址写错了，是淮海路88号", **known) == "give_address: 淮海路88号"
    assert understood("地址写错了，是中山路88号2栋101", **known) == "give_address: 中山路88号2栋101"


def test_the_same_again() -> None:
    assert understood("一样的再来一份", basket=("cheeseburger", "coke")) == "add: it"

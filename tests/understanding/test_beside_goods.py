"""What stands beside goods: others of their kind, or what is put on them; and the same with others in their place."""

from __future__ import annotations

import pytest

from assistant.turns import LineSaid, OptionSaid
from tests.understanding.support import act_text, acts_text, meaning_of, table

BESIDE = """
# Goods by a short name behind "and" are goods of their own; where they may be a topping it is asked.
en | margherita and pepperoni => ? add: margherita, pepperoni_pizza ? add: margherita pepperoni
en | two margheritas and pepperoni => ? add: 2 margherita, pepperoni_pizza ? add: 2 margherita pepperoni
en | hawaiian and veggie => add: hawaiian_pizza, garden_pizza
en | a margherita and a pepperoni => add: 1 margherita, 1 pepperoni_pizza
en | margherita, pepperoni and hawaiian => add: margherita, pepperoni_pizza, hawaiian_pizza
en | two large pizzas, margherita and pepperoni => add: margherita large, pepperoni_pizza large
en | margherita with pepperoni => add: margherita pepperoni
en | margherita and ham => add: margherita ham
zh | 玛格丽特和香肠 => ? add: margherita, pepperoni_pizza ? add: margherita pepperoni
ko | 마르게리타랑 하와이안 주세요 => add: margherita, hawaiian_pizza
# What is said before a half is on all of it.
en | a pepperoni pizza with extra cheese and half mushrooms => add: 1 pepperoni_pizza mozzarella:extra mushroom/left
en | a margherita with extra cheese half mushrooms half olives => \
add: 1 margherita mozzarella:extra mushroom/left olive/right
en | margherita mushrooms half olives half => add: margherita mushroom/left olive/right
zh | 玛格丽特披萨多加芝士，一半加蘑菇 => add: margherita mozzarella:extra mushroom/left
ko | 마르게리타 치즈 추가하고 반은 버섯 => add: margherita mozzarella:extra mushroom/left
ko | 하와이안 반 페퍼로니 반 => add: half_and_half_pizza hawaiian_half/left pepperoni_half/right
"""


@pytest.mark.parametrize(("row", "expected"), table(BESIDE.replace("\\\n", "")))
def test_beside_goods(row: str, expected: str) -> None:
    language, _, text = row.partition(" | ")
    meaning = meaning_of(text, language=language)
    asked = [f"? {act_text(act)}" for doubt in meaning.ask for act in doubt.candidates]
    assert " ".join(asked or [acts_text(meaning.acts)]) == expected


ALIKE = """
# The same once more, with other goods in the place of those of their kind.
en | the same but make mine a chicken burger => add: 1 chicken_burger large
en | same for me but with a chicken burger => add: 1 chicken_burger large
en | the same but with a coke => add: it, coke
zh | 一样的，不过我的换成鸡肉汉堡 => add: 1 chicken_burger large
zh | 再来一份一样的，但是换成鸡肉汉堡 => add: 1 chicken_burger large
ko | 같은 걸로 하나 더, 근데 제 건 치킨버거로요 => add: 1 chicken_burger large
"""


@pytest.mark.parametrize(("row", "expected"), table(ALIKE))
def test_the_same_with_other_goods(row: str, expected: str) -> None:
    language, _, text = row.partition(" | ")
    basket = (LineSaid("cheeseburger", 1, (OptionSaid("size", "large"),)),)
    meaning = meaning_of(text, language=language, basket=basket, last="cheeseburger", line=1)
    assert acts_text(meaning.acts) == expected
    assert not meaning.ask


def test_in_whose_place_they_come_is_asked() -> None:
    basket = (LineSaid("cheeseburger", 1), LineSaid("fries", 1))
    said = {"basket": basket, "last": "fries", "line": 2, "added": ("cheeseburger", "fries")}
    meaning = meaning_of("the same but make it a coke", language="en", **said)
    assert [act_text(act) for act in meaning.ask[0].candidates] == [
        "add: 1 coke, 1 fries",
        "add: 1 cheeseburger, 1 coke",
    ]
    whole = meaning_of("the same but make mine a chicken burger", language="en", **said)
    assert acts_text(whole.acts) == "add: 1 chicken_burger, 1 fries"


UNSAID = """
# Goods that were just named and are wanted no more: what was said of them goes with them.
en | a brownie and an ice cream, actually no brownie => add: 1 ice_cream
en | a coke and fries, no wait no coke => add: fries
en | a coke and fries, cancel the coke and add a sprite => add: fries, 1 sprite
en | a coke no ice and fries, actually no coke, a sprite => add: fries, 1 sprite
en | a coke and fries. Actually no coke. => add: fries
en | a coke, actually no sprite => add: 1 sprite
en | a cheeseburger meal with coke, no coke => add: 1 cheeseburger_meal coke:no
zh | 可乐和薯条，可乐还是不要了 => add: fries
zh | 可乐和薯条，可乐还是算了 => add: fries
ko | 콜라랑 감자튀김 주세요, 아니 콜라는 빼 주세요 => add: fries
ko | 콜라 하나랑 감튀 하나요, 아 콜라는 빼 주세요 => add: 1 fries
ko | 콜라 하나 얼음 빼고 감튀 하나요 => add: 1 coke no_ice, 1 fries
# So many of the goods, and so many of others.
en | two of the cheeseburgers and one of the fish burgers please => add: 2 cheeseburger, 1 fish_burger
en | two cokes, one of them a coke zero => add: 1 coke, 1 coke_zero
"""


@pytest.mark.parametrize(("row", "expected"), table(UNSAID))
def test_what_is_taken_back_is_not_ordered(row: str, expected: str) -> None:
    language, _, text = row.partition(" | ")
    assert acts_text(meaning_of(text, language=language).acts) == expected


EDITS = """
# All but what is named goes, however that is said.
en | take off everything except the fries => remove: cheeseburger @all, coke @all
en | drop everything apart from the fries => remove: cheeseburger @all, coke @all
en | delete everything other than the coke => remove: cheeseburger @all, fries @all
# A line that is pointed at becomes something else.
en | make the first one a hamburger => change: 1 hamburger <- it @1
en | make the second one a sprite => change: 1 sprite <- it @2
en | the first one large => change: it large @1
# What is named stays, and what is denied beside it goes.
en | sorry I meant sprite not coke => change: sprite <- coke
en | remove the coke, not the fries => remove: coke
en | add a sprite and no coke => add: 1 sprite + remove: coke
en | make everything large please => change: it large @all
zh | 是雪碧不是可乐 => change: sprite <- coke
ko | 사이다요 콜라 말고 => change: sprite <- coke
"""


@pytest.mark.parametrize(("row", "expected"), table(EDITS))
def test_what_stays_and_what_goes(row: str, expected: str) -> None:
    language, _, text = row.partition(" | ")
    basket = (LineSaid("cheeseburger", 1), LineSaid("coke", 2), LineSaid("fries", 1))
    meaning = meaning_of(text, language=language, basket=basket, last="fries", line=3)
    assert acts_text(meaning.acts) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("add a milk, two milks actually", "add: 2 milk"),
        ("a milk and bread, two milks sorry", "add: 2 milk, bread"),
        ("no milk, I mean oat milk", "add: oat_milk"),
    ],
)
def test_a_correction_may_stand_behind(text: str, expected: str) -> None:
    assert acts_text(meaning_of(text, "corner-shop", "en").acts) == expected


@pytest.mark.parametrize(
    ("language", "text", "item"),
    [
        ("en", "give me like three or four cokes", "coke"),
        ("en", "three or four more cokes", "coke"),
        ("zh", "三四杯可乐", "coke"),
        ("zh", "来两三份薯条", "fries"),
        ("ko", "콜라 서너 잔 주세요", "coke"),
    ],
)
def test_how_many_is_asked_where_two_numbers_are_said(language: str, text: str, item: str) -> None:
    meaning = meaning_of(text, language=language)
    assert [(doubt.why, acts_text(doubt.candidates)) for doubt in meaning.ask] == [
        ("pack", f"add: {item} {{'pack': '', 'size': 0}}")
    ]
    assert not meaning.acts


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "mum wants a latte, dad wants a coke and I'd like a milkshake",
            "add: 1 latte, 1 coke, 1 milkshake",
        ),
        ("one of us wants a coke and the other wants a sprite", "add: 1 coke, 1 sprite"),
        ("a veggie burger, swap the mayo for ketchup", "add: 1 veggie_burger mayo:no ketchup"),
    ],
)
def test_who_wants_what(text: str, expected: str) -> None:
    meaning = meaning_of(text, language="en")
    assert (acts_text(meaning.acts), meaning.leftover, meaning.ask) == (expected, (), ())


AT_ONCE = """
# What is said of goods of the same breath is said of those, and of no line of the basket.
en | a hamburger and a cheeseburger, the first with bacon => add: 1 hamburger bacon, 1 cheeseburger
en | a coke and fries, make the coke large => add: 1 coke large, fries
en | a coke and fries, make the coke a sprite => add: 1 sprite, fries
en | two cokes and fries, swap the cokes for waters => add: 2 water, fries
en | add a cheeseburger and make the coke large => add: 1 cheeseburger + change: coke large
# The kind that leads to what is wanted of it is no order.
en | wait I forgot the drinks, two waters => add: 2 water
en | nothing to drink, just two cheeseburgers => add: 2 cheeseburger
# Goods that are ordered as a meal.
en | a cheeseburger, make it a meal => add: 1 cheeseburger_meal
en | two cheeseburgers as meals with sprite => add: 2 cheeseburger_meal sprite
zh | 来一个芝士汉堡，要套餐 => add: 1 cheeseburger_meal
ko | 치즈버거 하나 세트로 주세요 => add: 1 cheeseburger_meal
"""


@pytest.mark.parametrize(("row", "expected"), table(AT_ONCE))
def test_in_one_breath(row: str, expected: str) -> None:
    language, _, text = row.partition(" | ")
    basket = (LineSaid("coke", 2), LineSaid("fries", 1))
    meaning = meaning_of(text, language=language, basket=basket, last="fries", line=2)
    assert (acts_text(meaning.acts), meaning.leftover, meaning.ask) == (expected, (), ())

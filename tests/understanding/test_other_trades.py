"""What people say at a taqueria, a butcher's and a stationer's: some of several, what is given up, the same for me."""

from __future__ import annotations

from typing import Any

import pytest

from assistant.turns import LineSaid
from tests.understanding.support import acts_text, meaning_of, table, write_shop
from tests.understanding.test_fresh_shops import item
from tests.understanding.test_in_one_breath import one_of, some_of
from tests.understanding.test_levels import TAGS, choice

FILLING = one_of(
    "filling",
    ("filling", "馅料", "속재료"),
    None,
    choice("pork", "al pastor|pork", "猪肉", "돼지고기"),
    choice("chicken", "chicken", "鸡肉", "치킨"),
    choice("fish", "fish", "鱼肉|鱼", "생선"),
    choice("beans", "veggie|beans", "素菜", "야채"),
)
HEAT = one_of(
    "heat",
    ("heat", "辣度", "맵기"),
    "mild",
    choice("mild", "mild", "微辣", "순한맛"),
    choice("medium_hot", "medium", "中辣", "중간맛"),
    choice("hot", "hot|spicy", "特辣", "매운맛|맵게"),
)
SIZE = one_of(
    "size",
    ("size", "份量", "크기"),
    "medium",
    choice("medium", "medium", "中份", "중간"),
    choice("large", "large", "大份", "큰 거|큰"),
)
EXTRAS: dict[str, Any] = some_of(
    "extras",
    ("extras", "配料", "추가"),
    {**choice("onion", "onions", "洋葱", "양파"), "included": True},
    {**choice("guac", "guacamole", "牛油果酱", "과카몰리"), "included": False},
)
CUT = one_of(
    "cut",
    ("cut", "切法", "손질"),
    "whole",
    choice("whole", "whole", "整块", "통째"),
    choice("sliced", "sliced", "切片", "썰어서"),
    choice("diced", "diced", "切丁", "깍둑썰기"),
)
COLOUR = one_of(
    "colour",
    ("colour", "颜色", "색깔|색"),
    "blue",
    choice("blue", "blue", "蓝色|蓝的", "파랑|파란색"),
    choice("black", "black", "黑色|黑的", "검정"),
    choice("red", "red", "红色|红的", "빨강|빨간색"),
)
GOODS = [
    item("taco", "taco", "塔可", "타코", options=(FILLING, EXTRAS), category="mexican"),
    item("burrito", "burrito", "卷饼", "부리토", options=(FILLING, HEAT, EXTRAS), category="mexican"),
    item("stew", "stew", "炖锅", "스튜", options=(SIZE, HEAT), category="mexican"),
    item("gimbap", "gimbap", "紫菜包饭", "김밥", category="korean"),
    item("beer", "beer", "啤酒", "맥주", category="drinks"),
    item("cola", "cola", "可乐", "콜라", category="drinks"),
    item("breast", "chicken breast", "鸡胸肉", "닭가슴살", options=(CUT,), category="meat"),
    item("ham", "ham", "火腿", "햄", options=(CUT,), category="meat"),
    item("pen", "ballpoint|pen", "圆珠笔", "볼펜", options=(COLOUR,), category="pens"),
]

ORDERS = """
# Counts behind the kinds that they are of.
zh: 黑色圆珠笔十支红色的五支 => add: 10 pen black, 5 pen red
ko: 검정 볼펜 열 자루 빨강 다섯 자루 => add: 10 pen black, 5 pen red
zh: 圆珠笔黑的蓝的红的各来一支 => add: 1 pen black, 1 pen blue, 1 pen red
ko: 볼펜 검정 파랑 빨강 하나씩 => add: 1 pen black, 1 pen blue, 1 pen red
en: pens one in each colour => add: 1 pen blue, 1 pen black, 1 pen red
# What is said of all of them behind what is said of some.
en: three tacos two pork one fish all with no onions => add: 2 taco onion:no pork, 1 taco onion:no fish
ko: 타코 세 개요 두 개는 돼지고기 하나는 생선 다 양파 빼고요 => add: 2 taco onion:no pork, 1 taco onion:no fish
# What is given up, and what is refused.
en: I was gonna get a burrito but I'll just have a veggie taco => add: 1 taco beans
en: we were thinking of getting two burritos but give us a fish taco => add: 1 taco fish
zh: 本来想吃卷饼的算了来个素菜塔可吧 => add: taco beans
zh: 我本来想要卷饼但还是来个鱼肉塔可 => add: taco fish
ko: 부리토 먹으려다가 그냥 야채 타코 하나 할게요 => add: 1 taco beans
ko: 야채 타코 하나 콜라는 괜찮아요 => add: 1 taco beans
# Who it is for, and the same for somebody else.
en: my daughter wants a chicken taco and I'll have the same but fish => add: 1 taco chicken, 1 taco fish
zh: 我闺女要个鸡肉卷饼微辣我也一样但要特辣 => add: burrito chicken mild, 1 burrito chicken hot
ko: 제 딸은 치킨 타코 하나 저도 같은 걸로 => add: 1 taco chicken, 1 taco chicken
# A word for choices of two options is of the one that is free.
en: a large medium stew => add: 1 stew large medium_hot
# What is to be done to goods chooses what comes of it.
en: can you slice the ham for me => add: ham sliced
"""

BASKETS: dict[str, tuple[LineSaid, ...]] = {
    "rolls": (LineSaid("gimbap", 3), LineSaid("cola", 1)),
    "tacos": (LineSaid("taco", 2), LineSaid("beer", 2)),
    "meat": (LineSaid("breast", 2), LineSaid("ham", 1)),
    "pens": (LineSaid("pen", 5), LineSaid("beer", 1)),
}
CHANGES = """
# One less of this, one more of that, in any order.
en rolls: one gimbap less and one more cola => remove: 1 gimbap + add: 1 cola
zh rolls: 紫菜包饭少一个 可乐多一瓶 => remove: 1 gimbap + add: 1 cola
ko rolls: 김밥 하나 빼고 콜라 하나 추가 => remove: 1 gimbap + add: 1 cola
# As many as there are, and as many more.
en tacos: another round of beers => add: 2 beer
en tacos: double the beers => change: 4 beer
zh tacos: 啤酒翻倍 => change: 4 beer
ko tacos: 타코 두 개 다 과카몰리 추가요 => change: 2 taco guac
# Some of those that are there.
zh pens: 圆珠笔里两支要红的 => change: pen red
en meat: could you dice one of the chicken breasts => change: breast diced
# How many are to stay.
en pens: I don't need that many pens three is fine => change: 3 pen
en pens: that's too many pens make it three => change: 3 pen
zh pens: 圆珠笔不用那么多 三支就够了 => change: 3 pen
ko pens: 볼펜 그렇게 많이 필요 없고 세 개면 돼요 => change: 3 pen
"""


@pytest.fixture(scope="module")
def street(tmp_path_factory: pytest.TempPathFactory) -> str:
    return write_shop(tmp_path_factory.mktemp("trades"), GOODS, TAGS)


@pytest.mark.parametrize(("text", "acts"), table(ORDERS))
def test_orders(text: str, acts: str, street: str) -> None:
    language, _, said = text.partition(": ")
    meaning = meaning_of(said, street, language)
    assert acts_text(meaning.acts) == acts
    assert not meaning.ask


@pytest.mark.parametrize(("text", "acts"), table(CHANGES))
def test_changes(text: str, acts: str, street: str) -> None:
    told, _, said = text.partition(": ")
    language, _, name = told.partition(" ")
    basket = BASKETS[name]
    meaning = meaning_of(said, street, language, basket=basket, last=basket[-1].item)
    assert acts_text(meaning.acts) == acts
    assert not meaning.ask


@pytest.mark.parametrize(
    ("language", "text", "gone"),
    [
        ("en", "I only want the beer", "gimbap"),
        ("en", "just the beer please", "gimbap"),
        ("zh", "只要啤酒", "gimbap"),
        ("ko", "맥주만 주세요", "gimbap"),
    ],
)
def test_what_alone_is_wanted_is_asked_about(language: str, text: str, gone: str, street: str) -> None:
    basket = (LineSaid("gimbap", 1), LineSaid("beer", 1))
    meaning = meaning_of(text, street, language, basket=basket, last="beer")
    assert not meaning.acts
    assert [act.lines for act in meaning.ask[0].candidates] == [(LineSaid(gone, None, (), "all"),)]


@pytest.mark.parametrize(
    ("language", "text", "asked"),
    [
        ("en", "two colas no", "add: 2 cola"),  # and what is wanted instead isn't said
        ("ko", "부리토 맵게 스튜 하나", "add: 1 stew hot"),  # the burrito, or the stew
    ],
)
def test_what_may_be_either_is_asked(language: str, text: str, asked: str, street: str) -> None:
    meaning = meaning_of(text, street, language)
    assert [acts_text(doubt.candidates) for doubt in meaning.ask] == [asked]


def test_some_of_which_nothing_is_understood_stay_as_they_are(street: str) -> None:
    basket = (LineSaid("cola", 2), LineSaid("gimbap", 1))
    meaning = meaning_of("콜라 하나는 쁍쁍으로요", street, "ko", basket=basket, last="gimbap")
    assert not [act for act in meaning.acts if act.act in ("change", "add", "remove")]
    assert meaning.leftover


def test_the_drink_behind_a_meal_is_the_meals_own() -> None:
    meaning = meaning_of("芝士汉堡套餐，可乐去冰", "burger-bar", "zh")
    assert [line.item for act in meaning.acts for line in act.lines] == ["cheeseburger_meal"]


def test_a_size_up_is_asked_for_by_a_verb() -> None:
    meaning = meaning_of("upgrade the fries", "burger-bar", "en", basket=("fries", "coke"), last="coke")
    assert acts_text(meaning.acts) == "change: fries large"

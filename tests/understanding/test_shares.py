"""Which of the goods something is said of: kinds that are counted, halves, all but one, and lines that are there."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from assistant.turns import LineSaid, OptionSaid
from assistant.understanding.changing.explicit import explicit
from assistant.understanding.lines import run_lines
from tests.understanding.support import NOW, acts_text, heard, lexicon_of, meaning_of, table, understood, write_shop
from tests.understanding.test_levels import TAGS, choice, named

SIZE = {
    "id": "size",
    "names": named("size", "杯型", "사이즈"),
    "choices": [
        choice("small", "small", "小杯|小杯的", "스몰"),
        choice("medium", "medium", "中杯|中杯的", "미디엄"),
        choice("large", "large", "大杯|大杯的", "라지|곱빼기"),
    ],
}
EXTRAS = {
    "id": "extras",
    "names": named("extras", "加料", "추가"),
    "choose": "many",
    "amounts": ["no", "light", "normal", "extra"],
    "most_each": 4,
    "choices": [
        choice("vanilla", "vanilla", "香草", "바닐라"),
        choice("hazelnut", "hazelnut", "榛果", "헤이즐넛"),
        choice("cream", "cream", "奶油", "크림"),
        choice("sugar", "sugar", "糖", "설탕"),
    ],
}
MILK = {
    "id": "milk",
    "names": named("milk", "奶", "우유"),
    "choices": [choice("soy", "soy milk|soy", "豆奶", "두유"), choice("oat", "oat milk", "燕麦奶", "오트 우유")],
}
COLOUR = {
    "id": "colour",
    "names": named("colour", "颜色", "색"),
    "choices": [
        choice("red", "red", "红色", "빨간색"),
        choice("blue", "blue", "蓝色", "파란색"),
        choice("black", "black", "黑色", "검은색"),
    ],
}
CRUST = {
    "id": "crust",
    "names": named("crust", "饼底", "도우"),
    "choices": [choice("rice", "gluten free crust", "米饼底", "쌀 도우")],
}


def item(id_: str, *names: str, options: tuple[Any, ...] = (), category: str = "coffee") -> dict[str, Any]:
    return {"id": id_, "names": named(*names), "category": category, "price": 500, "options": list(options)}


GOODS = [
    item("latte", "latte", "拿铁", "라떼", options=(SIZE, MILK, EXTRAS)),
    item("mocha", "mocha", "摩卡", "모카", options=(SIZE, MILK, EXTRAS)),
    item("coffee", "coffee", "咖啡", "커피", options=(SIZE, EXTRAS)),
    item("muffin", "muffin", "松饼", "머핀", category="bakery"),
    item("tofu", "tofu", "豆腐", "두부", category="food"),
    item("frozen_tofu", "frozen tofu", "冻豆腐", "언두부", category="food"),
    item("pizza", "pizza", "披萨", "피자", options=(CRUST,), category="food"),
    item("pen", "pen", "圆珠笔", "볼펜", options=(COLOUR,), category="desk"),
]


@pytest.fixture(scope="module")
def corner(tmp_path_factory: pytest.TempPathFactory) -> str:
    return write_shop(tmp_path_factory.mktemp("corner") / "corner", GOODS, TAGS)


ORDERS = """
# Goods named once are counted by their kinds.
en: i want pens, three in blue, one in black => add: 3 pen blue, 1 pen black
en: pens, ten red, five blue => add: 10 pen red, 5 pen blue
zh: 圆珠笔红色两支，蓝色一支 => add: 2 pen red, 1 pen blue
zh: 拿铁大杯的一杯，中杯的两杯 => add: 1 latte large, 2 latte medium
# Choices of which each has but one are of as many of the goods.
en: three pens: red, blue and black => add: 1 pen red, 1 pen blue, 1 pen black
en: three lattes, a small, a medium and a large => add: 1 latte small, 1 latte medium, 1 latte large
en: three pens, one of each colour => add: 1 pen red, 1 pen blue, 1 pen black
zh: 三杯拿铁，香草、榛果、奶油各一杯 => add: 1 latte vanilla, 1 latte hazelnut, 1 latte cream
# The goods may come last, or not at all twice.
en: one small one medium and one large latte => add: 1 latte small, 1 latte medium, 1 latte large
en: two small lattes, one large one, and a muffin => add: 2 latte small, 1 latte large, 1 muffin
en: three lattes one with vanilla, one with cream and one plain => add: 1 latte vanilla, 1 latte cream, 1 latte
zh: 拿铁大杯一杯，拿铁中杯两杯 => add: 1 latte large, 2 latte medium
ko: 라떼에 바닐라 넣어서 하나, 그냥 라떼 하나 => add: 1 latte vanilla, 1 latte
# Half of what was counted, or all but one.
en: six pens half of them blue and half black => add: 3 pen blue, 3 pen black
zh: 四杯拿铁，一半大杯，一半中杯 => add: 2 latte large, 2 latte medium
en: four lattes, all but one large => add: 1 latte, 3 latte large
# What was said last is said of both, and no more than that.
en: a latte with soy and a mocha with cream, no sugar on either => add: 1 latte soy sugar:no, 1 mocha cream sugar:no
# A count behind what is refused is that of what is wanted.
zh: 我要豆腐不要冻豆腐，两份 => add: 2 tofu
# A size may be a word for much, too.
ko: 라떼 곱빼기 두 개 주세요 => add: 2 latte large
# Two equal counts are not one line and its parts.
ko: 머핀 세 개랑 아 세 잔 => add: 3 muffin
# Changed as it is ordered.
ko: 라떼 한 잔 두유로 바꿔 주세요 => add: 1 latte soy
en: i'd rather have a latte than mocha => change: 1 latte <- mocha
en: i guess i'll do a latte => add: 1 latte
# A word for a diet is a choice that is called so.
en: two gluten free pizzas => add: 2 pizza rice
"""


@pytest.mark.parametrize(("text", "acts"), table(ORDERS))
def test_what_is_ordered(text: str, acts: str, corner: str) -> None:
    language, _, said = text.partition(": ")
    assert understood(said, corner, language) == acts


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "four pens, red and blue"),  # two of each, or one of them and more?
        ("en", "four pens, one of each colour"),
        ("zh", "圆珠笔两支，嗯三支吧"),
    ],
)
def test_counts_that_do_not_agree_are_asked_about(language: str, text: str, corner: str) -> None:
    meaning = meaning_of(text, corner, language)
    assert not meaning.acts
    assert meaning.ask


def test_what_is_not_had_so_is_said_back(corner: str) -> None:
    assert "sugar free" in meaning_of("a sugar free muffin", corner, "en").leftover


def line(item_id: str, quantity: int, *options: str) -> LineSaid:
    kinds = dict.fromkeys(("small", "medium", "large"), "size") | {"soy": "milk", "oat": "milk"}
    said = [OptionSaid(kinds.get(one, "extras"), one, None if one in kinds else "normal") for one in options]
    return LineSaid(item_id, quantity, tuple(said))


BASKET = (line("latte", 1, "large", "vanilla"), line("mocha", 2), line("coffee", 1))

CHANGES = """
# What is put in or on goods that are there is theirs, whatever was spoken of last.
en: no sugar in the coffee => change: coffee sugar:no
en: cream in the mocha => change: mocha cream
en: soy milk in the latte and the mocha please => change: latte soy, mocha soy
en: sugar in the coffee and soy in the latte => change: coffee sugar, latte soy
en: take the vanilla out of the latte => change: latte vanilla:no
# What is to be taken off is on one of them only.
en: remove the vanilla => change: it vanilla:no @1
en: change the vanilla to hazelnut => change: it vanilla:no hazelnut @1
zh: 香草换成榛果 => change: it vanilla:no hazelnut @1
ko: 바닐라 빼 주세요 => change: it vanilla:no @1
# Counted anew.
en: actually three mochas => change: 3 mocha
en: actually just one => change: 1 it
zh: 摩卡少一杯 => remove: 1 mocha
en: three sugars in the coffee instead of two => change: coffee sugar:3
# Told apart by how it is.
en: add cream to the large one => change: it cream @1
en: the large one should be a mocha => change: 1 mocha <- latte
en: can i get the latte in a small instead => change: latte small
"""


@pytest.mark.parametrize(("text", "acts"), table(CHANGES))
def test_what_is_changed(text: str, acts: str, corner: str) -> None:
    language, _, said = text.partition(": ")
    made = understood(said, corner, language, basket=BASKET, last="coffee")
    assert made == acts


FOR_OTHERS = """
en: remind me to buy coffee tomorrow
en: set an alarm for seven so i can bake the muffins
en: put coffee on my shopping list
en: i had a latte yesterday
en: do you like coffee
zh: 提醒我下午三点喝咖啡
zh: 给我讲个咖啡的笑话
zh: 我昨天喝了三杯拿铁
ko: 커피 끓이는 법 알려 주세요
"""


@pytest.mark.parametrize("row", FOR_OTHERS.strip().splitlines())
def test_goods_in_what_is_asked_of_others_are_not_ordered(row: str, corner: str) -> None:
    language, _, said = row.partition(": ")
    assert not [act for act in meaning_of(said, corner, language).acts if act.lines]


def test_what_is_only_nearly_like_a_longer_name_leaves_the_name_as_it_is(corner: str) -> None:
    assert understood("one latte toasted please", corner, "en") == "add: 1 latte"


def test_a_count_before_misheard_goods_is_asked_about(corner: str) -> None:
    meaning = heard("a latte and to mokas", shop=corner, language="en")
    assert "2 mocha" in " ".join(acts_text(doubt.candidates) for doubt in meaning.ask)


def test_a_no_that_was_heard_as_another_word(corner: str) -> None:
    assert acts_text(heard("a latte with know sugar", shop=corner, language="en").acts) == "add: 1 latte sugar:no"


def outside(text: str, shop: str, *basket: Mapping[str, Any], last: str) -> str:
    """What `voicetill understand` says of a sentence about a basket."""
    written: list[str] = []
    row = {"id": 1, "text": text, "context": {"basket": list(basket), "last": last}}
    run_lines([json.dumps(row)], written.append, lexicon_of(shop), now=NOW, language="en")
    acts = json.loads(written[0])["acts"]
    return " + ".join(
        act["act"]
        + "".join(
            f" {sign}{one['quantity'] or ''}{one['item']}"
            + "".join(f" {o['choice']}{':no' if o['amount'] == 'no' else ''}" for o in one["options"])
            for sign, key in (("", "lines"), ("<-", "instead_of"))
            for one in act.get(key, ())
        )
        for act in acts
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("make the first one large", "change mocha large"),
        ("take off the first one", "remove mocha"),
        ("make one of those large", "change 1latte vanilla large <-1latte vanilla"),
        ("all but one large", "change 2latte vanilla large <-2latte vanilla"),
        ("another one with no vanilla", "add 1latte"),
        ("make them all large", "change mocha large + change latte large"),
        ("a muffin", "add 1muffin"),
    ],
)
def test_others_are_told_which_line_is_meant(text: str, expected: str, corner: str) -> None:
    vanilla = {"option": "extras", "choice": "vanilla", "amount": "normal"}
    lines = ({"item": "mocha", "quantity": 1}, {"item": "latte", "quantity": 3, "options": [vanilla]})
    assert outside(text, corner, *lines, last="latte") == expected


def test_acts_without_a_basket_stay_as_they_are(corner: str) -> None:
    acts = meaning_of("make the second one large", corner, "en", basket=BASKET).acts
    assert explicit(acts, (), None, lexicon_of(corner)) == acts

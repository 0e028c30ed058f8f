"""How much of something, however a menu writes it; and sizes in names, said in words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.understanding.support import meaning_of, table, understood, write_shop

TAGS = ("en", "zh", "ko")


def named(en: str, zh: str, ko: str) -> dict[str, list[str]]:
    return dict(zip(TAGS, (en.split("|"), zh.split("|"), ko.split("|")), strict=True))


def choice(id_: str, *names: str) -> dict[str, Any]:
    return {"id": id_, "names": named(*names), "price": 0}


SUGAR = {
    "id": "sugar",
    "names": named("sugar level", "甜度", "당도"),
    "default": "full",
    "choices": [
        choice("full", "full sugar", "全糖", "당도 100"),
        choice("seven", "70% sugar|less sugar", "七分糖|少糖", "당도 70"),
        choice("half", "half sugar|50% sugar", "半糖|五分糖", "당도 50|반당"),
        choice("three", "30% sugar", "三分糖|微糖", "당도 30"),
        choice("none", "no sugar", "无糖", "당도 0|무당"),
    ],
}
ICE = {
    "id": "ice",
    "names": named("ice", "冰量", "얼음"),
    "default": "normal_ice",
    "choices": [
        choice("normal_ice", "normal ice", "正常冰", "얼음 보통"),
        choice("no_ice", "no ice", "去冰", "얼음 없이"),
    ],
}
TEA = {
    "id": "tea",
    "names": named("milk tea", "奶茶", "밀크티"),
    "category": "drinks",
    "price": 400,
    "measures": {"zh": "杯", "ko": "잔"},
    "options": [SUGAR, ICE],
}
PLAIN = {"id": "juice", "names": named("orange juice", "橙汁", "오렌지 주스"), "category": "drinks", "price": 300}


@pytest.fixture(scope="module")
def tea_house(tmp_path_factory: pytest.TempPathFactory) -> str:
    return write_shop(tmp_path_factory.mktemp("tea") / "house", [TEA], TAGS)


LEVELS = """
zh: 奶茶三分甜 => add: tea three
zh: 两杯奶茶五分甜 => add: 2 tea half
zh: 奶茶甜度三十 => add: tea three
zh: 奶茶百分之七十糖 => add: tea seven
zh: 奶茶半甜 => add: tea half
zh: 奶茶不要糖 => add: tea none
zh: 奶茶少甜 => add: tea seven
zh: 两杯奶茶，一杯全糖，一杯三分甜 => add: 1 tea full, 1 tea three
en: a milk tea 30 percent sweet => add: 1 tea three
en: a milk tea with thirty percent sugar => add: 1 tea three
en: milk tea, half sweet => add: tea half
en: milk tea, sugar level 70 => add: tea seven
en: a milk tea less sweet => add: 1 tea seven
en: a milk tea without sugar => add: 1 tea none
ko: 밀크티 당도 삼십으로 두 잔 => add: 2 tea three
ko: 밀크티 당도 30퍼센트 => add: tea three
ko: 밀크티 당도 70 얼음 빼고 => add: tea seven no_ice
"""


@pytest.mark.parametrize(("text", "acts"), table(LEVELS))
def test_a_level_is_the_choice_of_the_menu(text: str, acts: str, tea_house: str) -> None:
    language, _, said = text.partition(": ")
    assert understood(said, tea_house, language) == acts


@pytest.mark.parametrize("text", ["zh: 奶茶八分甜", "en: a milk tea with 80 percent sugar", "ko: 밀크티 당도 80"])
def test_a_level_that_the_menu_has_not_is_asked_about(text: str, tea_house: str) -> None:
    language, _, said = text.partition(": ")
    meaning = meaning_of(said, tea_house, language)
    assert not meaning.acts
    choices = [act.lines[0].options[0].choice for act in meaning.ask[0].candidates]
    assert choices == ["full", "seven", "half", "three", "none"]


def test_a_level_counts_nothing_where_there_are_no_levels(tmp_path: Path) -> None:
    shop = write_shop(tmp_path / "bar", [PLAIN], TAGS)
    meaning = meaning_of("橙汁三分甜", shop, "zh")
    assert not [line for act in meaning.acts for line in act.lines if line.quantity]
    assert meaning.leftover == ("三分甜",)


BULBS = [
    {"id": f"bulb_{watt}", "names": named(f"{watt} watt bulb", f"{watt}瓦灯泡", f"{watt}와트 전구"), "price": 500}
    for watt in (60, 100, 120)
]


@pytest.mark.parametrize(
    ("text", "acts"),
    table(
        """
en: two sixty watt bulbs => add: 2 bulb_60
en: a hundred watt bulb => add: 1 bulb_100
en: a one twenty watt bulb => add: 1 bulb_120
zh: 六十瓦灯泡两个 => add: 2 bulb_60
zh: 一百瓦灯泡 => add: bulb_100
zh: 一百二十瓦灯泡一个 => add: 1 bulb_120
ko: 육십 와트 전구 두 개 => add: 2 bulb_60
ko: 백이십 와트 전구 하나 => add: 1 bulb_120
"""
    ),
)
def test_a_number_in_a_name_may_be_said_in_words(text: str, acts: str, tmp_path: Path) -> None:
    language, _, said = text.partition(": ")
    shop = write_shop(tmp_path / "shop", BULBS, TAGS)
    assert understood(said, shop, language) == acts


CUP = {
    "id": "size",
    "names": named("size", "杯型", "사이즈"),
    "default": "medium",
    "choices": [choice("medium", "medium", "中杯", "미디엄"), choice("large", "large", "大杯", "라지")],
}
WARMTH = {
    "id": "ice",
    "names": named("ice", "冰量", "얼음"),
    "default": "usual",
    "choices": [
        choice("usual", "regular ice", "正常冰", "보통 얼음"),
        choice("without", "no ice", "去冰", "얼음 없이"),
        choice("hot", "hot", "热", "뜨겁게"),
    ],
}
HEAT = {
    "id": "heat",
    "names": named("spiciness", "辣度", "맵기"),
    "default": "two",
    "choices": [
        choice("zero", "not spicy", "不辣", "안 매운맛"),
        choice("one", "mild", "微辣", "순한맛"),
        choice("two", "medium", "中辣", "보통맛"),
        choice("three", "extra hot", "特辣", "아주 매운맛"),
    ],
}
COUNTER = [
    {**TEA, "options": [CUP, SUGAR, WARMTH]},
    {"id": "noodles", "names": named("noodles", "担担面", "탄탄면"), "price": 500, "options": [HEAT]},
]
OTHERWISE = """
en: a big milk tea => add: 1 tea large
en: a milk tea but cold => add: 1 tea usual
en: an iced milk tea => add: 1 tea usual
en: less spicy noodles => add: noodles one
en: noodles, a little spicy => add: noodles one
en: really spicy noodles => add: noodles three
zh: 来一杯大的奶茶 => add: 1 tea large
zh: 一杯冰的奶茶 => add: 1 tea usual
zh: 担担面稍微辣一点 => add: noodles one
zh: 一碗不太辣的担担面 => add: 1 noodles one
zh: 来碗超辣的担担面 => add: noodles three
zh: 担担面不要辣 => add: noodles zero
ko: 큰 밀크티 하나 => add: 1 tea large
ko: 아이스 밀크티 하나 => add: 1 tea usual
ko: 밀크티 안 달게 하나 => add: 1 tea none
ko: 탄탄면 덜 맵게 하나 => add: 1 noodles one
ko: 탄탄면 너무 맵지 않게 하나 => add: 1 noodles one
ko: 탄탄면 아주 맵게 하나 => add: 1 noodles three
"""


@pytest.fixture(scope="module")
def counter(tmp_path_factory: pytest.TempPathFactory) -> str:
    return write_shop(tmp_path_factory.mktemp("counter") / "house", COUNTER, TAGS)


@pytest.mark.parametrize(("text", "acts"), table(OTHERWISE))
def test_what_is_chosen_may_be_said_in_other_words_than_the_menu_s(text: str, acts: str, counter: str) -> None:
    language, _, said = text.partition(": ")
    assert understood(said, counter, language) == acts


@pytest.mark.parametrize("text", ["zh: 奶茶甜一点", "ko: 밀크티 달게 해주세요", "ko: 밀크티 덜 달게 하나"])
def test_a_level_that_the_menu_calls_by_no_such_word_is_asked_about(text: str, counter: str) -> None:
    language, _, said = text.partition(": ")
    meaning = meaning_of(said, counter, language)
    assert not meaning.acts
    assert len(meaning.ask[0].candidates) == len(SUGAR["choices"])


@pytest.mark.parametrize("text", ["zh: 有什么不太甜的推荐", "en: anything not too sweet", "ko: 안 단 디저트 있어요"])
def test_what_is_not_to_be_too_much_so_is_not_wanted_so(text: str) -> None:
    language, _, said = text.partition(": ")
    assert "{'not': ['sweet']}" in understood(said, "burger-bar", language)


@pytest.mark.parametrize("text", ["extra hot", "really spicy"])
def test_a_level_answers_the_question_for_it(text: str, counter: str) -> None:
    said = understood(text, counter, expects="options", basket=("noodles",), last="noodles", line=1)
    assert said in ("change: it three", "change: noodles three")


def test_a_level_that_is_asked_about_names_a_kind_of_goods(counter: str) -> None:
    assert understood("有没有特别辣的", counter, "zh") == "ask_menu: {'tags': ['spicy']}"

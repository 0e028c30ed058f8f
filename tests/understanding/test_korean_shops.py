"""Korean at shops that aren't like the demo shops: a snack bar, a stationer's, a guest house."""

from __future__ import annotations

from typing import Any

import pytest

from assistant.turns import LineSaid, OptionSaid
from tests.understanding.support import meaning_of, table, understood, write_shop


def choice(id_: str, name: str, **more: Any) -> dict[str, Any]:
    return {"id": id_, "names": {"ko": [name]}, "price": 0, **more}


def option(id_: str, name: str, *choices: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"id": id_, "names": {"ko": [name]}, "choices": list(choices), **more}


def item(id_: str, name: str, *options: dict[str, Any], category: str = "food", **more: Any) -> dict[str, Any]:
    return {"id": id_, "names": {"ko": [name]}, "category": category, "price": 500, "options": list(options), **more}


BONE = option("bone", "뼈 선택", choice("bone_in", "뼈"), choice("boneless", "순살"), required=True)
TOPPINGS = option("toppings", "토핑", choice("cheese", "치즈"), choice("egg", "삶은 계란"), choose="many", most_each=3)
INTO_NOODLES = option("into", "추가", choice("egg", "계란"), choice("cake", "떡"), choose="many", most_each=2)
FLAVOURS = option(
    "flavours", "맛", choice("fried", "후라이드"), choice("sweet", "양념"), choose="many", halves=True, most=2
)
DRINK = option("drink", "음료", choice("cola", "콜라"), choice("cider", "사이다"), required=True)
SIZE = option("size", "크기", choice("regular", "레귤러"), choice("large", "라지"), default="regular")
GLASS = option("glass", "잔", choice("half", "500cc"), choice("whole", "1000cc"), default="half")
SNACKS = [
    item("tteok", "떡볶이", TOPPINGS),
    item("noodles", "라면", INTO_NOODLES),
    item("fried", "후라이드치킨", BONE, category="치킨"),
    item("sweet", "양념치킨", BONE, category="치킨"),
    item("halves", "반반치킨", BONE, FLAVOURS, category="치킨"),
    item("set", "치킨세트", BONE, DRINK),
    item("fries", "감자튀김", SIZE),
    item("beer", "생맥주", GLASS, category="drinks"),
    item("cider", "사이다", category="drinks"),
    item("pen", "볼펜", option("colour", "색", choice("black", "검정"), choice("blue", "파랑"), required=True)),
]
ROOMS = [
    item(
        "family",
        "가족룸",
        option("breakfast", "조식", choice("breakfast", "조식"), choose="many", most_each=6),
        option("barbecue", "바비큐", choice("grill", "바비큐 그릴"), choose="many", amounts=["no", "normal"]),
        sleeps={"adults": 4, "children": 2},
    )
]


@pytest.fixture(scope="module")
def bar(tmp_path_factory: pytest.TempPathFactory) -> str:
    return write_shop(tmp_path_factory.mktemp("bar") / "bar", SNACKS, ("ko",))


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> str:
    return write_shop(tmp_path_factory.mktemp("house") / "house", ROOMS, ("ko",))


ORDERS = """
# A count is that of the choice before it, not of the one behind it.
라면 하나 계란 두개 떡 추가 => add: 1 noodles egg:2 cake
# A choice is that of the goods before it, where its name ends so, and no other goods that have one called so.
떡볶이 하나 치즈 추가 계란 두 개 추가 => add: 1 tteok cheese egg:2
# A word that is short for goods names them, where those before it can't be chosen so.
생맥주 500 두 잔 후라이드 하나 뼈로 => add: 2 beer half, 1 fried bone_in
# The drink of a set, told behind its count.
치킨세트 순살로 하나 음료는 사이다요 => add: 1 set boneless cider
# Half is no half past one where one is counted behind it.
양념반 후라이드반 한 마리 순살 => add: 1 halves sweet/left fried/right boneless
# What typists add says nothing.
떡볶이ㄱㄱ => add: tteok
"""


@pytest.mark.parametrize(("text", "acts"), table(ORDERS))
def test_an_order(text: str, acts: str, bar: str) -> None:
    assert understood(text, bar, "ko") == acts


def test_words_around_an_order_are_not_said_back(bar: str) -> None:
    assert not meaning_of("떡볶이 하나 라면 하나 이렇게 해서 주세요", bar, "ko").leftover


BLACK = LineSaid("pen", 2, (OptionSaid("colour", "black"),))
REGULAR = LineSaid("fries", 1, (OptionSaid("size", "regular"),))


@pytest.mark.parametrize(
    ("text", "line", "acts"),
    [
        ("파란색도 한 자루 추가해주세요", BLACK, "add: 1 it blue"),
        ("파란색 열 자루", BLACK, "add: 10 it blue"),
        ("라지도 하나 추가요", REGULAR, "add: 1 it large"),
        ("라지 하나 추가요", REGULAR, "add: 1 it large"),
        ("검정은 세 자루로 바꿔주세요", BLACK, "change: 3 it @1"),
        ("검정 세 자루로 해주세요", BLACK, "change: 3 it @1"),
        ("파란색으로 바꿔 주세요", BLACK, "change: it blue"),
        ("라지로 해 주세요", REGULAR, "change: it large"),
    ],
)
def test_more_of_another_kind_changes_none(text: str, line: LineSaid, acts: str, bar: str) -> None:
    assert understood(text, bar, "ko", basket=(line,), last=line.item, expects="basket") == acts


def test_a_room_with_breakfast_in_one_breath(house: str) -> None:
    said = understood("12월 19일부터 21일까지 가족룸 두 명이요 조식 포함해서요", house, "ko", booking=True)
    assert "add: family breakfast" in said
    assert "give_guests: {'adults': 2}" in said


def breakfasts(number: int) -> LineSaid:
    return LineSaid("family", 1, (OptionSaid("breakfast", "breakfast", number),))


@pytest.mark.parametrize(
    ("text", "line", "acts"),
    [
        ("조식 네 명", LineSaid("family", 1), "change: it breakfast:4"),
        ("조식 2인 추가", LineSaid("family", 1), "change: it breakfast:2"),
        ("조식은 하나 빼 주세요", breakfasts(4), "change: it breakfast:3"),
        ("조식 두 개 빼주세요", breakfasts(3), "change: it breakfast:1"),
        ("조식은 하나 빼 주세요", breakfasts(1), "change: it breakfast:no"),
        ("조식은 3인으로 해주세요", breakfasts(4), "change: it breakfast:3"),
        ("조식은 세 개로 바꿔 주세요", breakfasts(2), "change: it breakfast:3"),
        ("바비큐도 추가해주세요", LineSaid("family", 1), "change: it grill"),
        ("바베큐랑 조식 4인 추가해 주세요", LineSaid("family", 1), "change: it grill breakfast:4"),
    ],
)
def test_what_can_be_had_with_a_room_is_counted_and_no_guests(text: str, line: LineSaid, acts: str, house: str) -> None:
    said = understood(text, house, "ko", booking=True, basket=(line,), last="family", expects="contact")
    assert said == acts


@pytest.mark.parametrize(
    ("text", "acts"),
    [
        (
            "배달이요 마포구 연남동 12-3 2층 010-2345-6789 카드로 할게요",
            ["give_address: 마포구 연남동 12-3 2층", "give_contact: {'phone': '010-2345-6789'}", "choose_method: card"],
        ),
        (
            "배달이요 마포구 연남로 12 010-2345-6789",
            ["give_address: 마포구 연남로 12", "give_contact: {'phone': '010-2345-6789'}"],
        ),
        ("배달해주세요 마포구 연남로 12 카드로 할게요", ["give_address: 마포구 연남로 12", "choose_method: card"]),
        ("배달 수원시 영통구 광교로 107 302호요", ["give_address: 수원시 영통구 광교로 107 302호"]),
    ],
)
def test_what_fills_in_a_step_in_one_breath(text: str, acts: list[str]) -> None:
    assert understood(text, "burger-bar", "ko") == " + ".join(["choose_fulfilment: delivery", *acts])


@pytest.mark.parametrize(
    ("text", "acts"),
    [
        ("이름은 오세훈 카드로요", "give_contact: {'name': '오세훈'} + choose_method: card"),
        ("매장에서 찾을게요", "choose_fulfilment: pickup"),
    ],
)
def test_what_fills_in_a_step(text: str, acts: str) -> None:
    assert understood(text, "burger-bar", "ko") == acts


def test_a_town_whose_first_letters_mean_something_is_told_whole() -> None:
    said = understood("수원시 영통구 광교로 107 302호요", "burger-bar", "ko", missing=("address",))
    assert said == "give_address: 수원시 영통구 광교로 107 302호"


@pytest.mark.parametrize(
    ("text", "acts"),
    [
        ("됐습니다", "checkout"),
        ("이제 됐습니다", "checkout"),
        ("얼마였죠", "ask_price"),
        ("아직 멀었나요", "order_status"),
    ],
)
def test_what_is_said_of_the_order(text: str, acts: str) -> None:
    said = understood(text, "burger-bar", "ko", basket=("coke",), last="coke", expects="basket")
    assert said.startswith(acts)

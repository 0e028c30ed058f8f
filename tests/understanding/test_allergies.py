"""What somebody is allergic to is a question for what contains it; an option that is no allergen is left off."""

from __future__ import annotations

import pytest

from tests.understanding.support import understood

BASKET = ("cheeseburger", "coke")


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "I'm allergic to eggs and milk", ["egg", "milk"]),
        ("en", "I have a peanut allergy", ["peanuts"]),
        ("en", "I'm lactose intolerant", ["milk"]),
        ("en", "my son is allergic to shrimp", ["crustaceans"]),
        ("en", "I can't eat gluten", ["gluten"]),
        ("en", "I'm allergic to kiwi", ["kiwi"]),
        ("zh", "我对花生过敏", ["peanuts"]),
        ("zh", "我對牛奶和雞蛋過敏", ["milk", "egg"]),
        ("zh", "我不能吃鸡蛋", ["egg"]),
        ("zh", "我对猕猴桃过敏", ["猕猴桃"]),
        ("ko", "땅콩 알레르기가 있어요", ["peanuts"]),
        ("ko", "저는 새우를 못 먹어요", ["crustaceans"]),
        ("ko", "계란이랑 우유 알레르기 있어요", ["egg", "milk"]),
    ],
)
@pytest.mark.parametrize("expects", [None, "address", "confirm"])
def test_an_allergy_asks_what_contains_it(language: str, text: str, expected: list[str], expects: str | None) -> None:
    said = understood(text, language=language, basket=BASKET, last="cheeseburger", expects=expects)
    assert said == f"ask_item: {{'allergic': {expected}}}"


@pytest.mark.parametrize(
    ("language", "text", "allergens"),
    [
        ("en", "I'm not allergic to milk after all", ["milk"]),
        ("en", "he isn't allergic to nuts", ["nuts"]),
        ("en", "forget my allergy", []),
        ("en", "I'm not allergic to anything", []),
        ("en", "I'm not allergic but no nuts please", []),
        ("zh", "我不对牛奶过敏", ["milk"]),
        ("zh", "我对牛奶不过敏", ["milk"]),
        ("zh", "我没有过敏", []),
        ("ko", "우유 알레르기 없어요", ["milk"]),
        ("ko", "알레르기 아니에요", []),
    ],
)
def test_an_allergy_can_be_taken_back(language: str, text: str, allergens: list[str]) -> None:
    assert understood(text, language=language) == f"ask_item: {{'not_allergic': {allergens}}}"


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "no nuts I'm allergic", "ask_item: {'allergic': ['nuts']}"),
        ("en", "I'm not allergic, a latte please", "ask_item: {'not_allergic': []} + add: 1 latte"),
        ("zh", "不要花生我过敏", "ask_item: {'allergic': ['peanuts']}"),
        ("zh", "不对牛奶过敏", "ask_item: {'allergic': ['milk']}"),
        (
            "zh",
            "我不对牛奶过敏，花生过敏",
            "ask_item: {'not_allergic': ['milk']} + ask_item: {'allergic': ['peanuts']}",
        ),
        ("zh", "我不过敏，来一杯拿铁", "ask_item: {'not_allergic': []} + add: 1 latte"),
    ],
)
def test_in_doubt_an_allergy_stays_one(language: str, text: str, expected: str) -> None:
    assert understood(text, language=language) == expected


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "I'm allergic to onions"),
        ("en", "I can't eat onions"),
        ("zh", "我对洋葱过敏"),
        ("zh", "我不能吃洋葱"),
        ("ko", "양파 알레르기가 있어요"),
        ("ko", "양파를 못 먹어요"),
    ],
)
def test_an_option_that_somebody_cannot_have_is_left_off_and_never_put_on(language: str, text: str) -> None:
    said = understood(text, language=language, basket=("cheeseburger",), last="cheeseburger")
    assert said == "change: it onion:no"


def test_what_is_ordered_beside_an_allergy_is_ordered() -> None:
    said = understood("a latte with oat milk, I'm allergic to milk", language="en")
    assert said == "add: 1 latte oat_milk + ask_item: {'allergic': ['milk']}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a cheeseburger with no cheese, I'm allergic", "add: 1 cheeseburger cheese:no"),
        ("a cheeseburger, I'm allergic to cheese", "add: 1 cheeseburger cheese:no + ask_item: {'allergic': ['milk']}"),
    ],
)
def test_what_is_on_the_goods_is_left_off_as_well(text: str, expected: str) -> None:
    assert understood(text, language="en") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a dairy free latte", "add: 1 latte + ask_item: {'allergic': ['milk']}"),
        ("a latte, no dairy please", "add: 1 latte + ask_item: {'allergic': ['milk']}"),
        ("a nut free brownie", "add: 1 brownie + ask_item: {'allergic': ['nuts']}"),
        ("无麸质的芝士汉堡", "add: cheeseburger + ask_item: {'allergic': ['gluten']}"),
        ("一个布朗尼不要坚果", "add: 1 brownie + ask_item: {'allergic': ['nuts']}"),
        ("유제품 없는 라떼 하나", "add: 1 latte + ask_item: {'allergic': ['milk']}"),
        ("견과류 빼고 브라우니 하나", "add: 1 brownie + ask_item: {'allergic': ['nuts']}"),
        # what is an option of theirs is left off
        ("a cheeseburger without cheese", "add: 1 cheeseburger cheese:no"),
        ("a latte with no milk", "add: 1 latte whole_milk:no"),
        ("拿铁不要奶", "add: latte whole_milk:no"),
        # a question stays one
        ("do you have a dairy free latte", "ask_item: latte {'tags': ['dairy_free']}"),
    ],
)
def test_what_must_not_be_in_goods_that_are_ordered_is_told_of(text: str, expected: str) -> None:
    assert understood(text) == expected


@pytest.mark.parametrize(("text", "allergens"), [("no dairy please", ["milk"]), ("不要坚果", ["nuts"])])
def test_what_must_not_be_in_the_basket_is_told_of(text: str, allergens: list[str]) -> None:
    assert understood(text, basket=("latte",), last="latte", line=1) == f"ask_item: {{'allergic': {allergens}}}"

"""Goods that are counted before they are named, 하나는 치킨버거 하나는 치즈버거, and what each of those that are there
becomes: as many as were said, and none besides."""

from __future__ import annotations

import pytest

from assistant.turns import LineSaid, OptionSaid
from tests.understanding.support import table, understood

ORDERED = """
하나는 치즈버거로 하나는 치킨버거로 주세요 => add: 1 cheeseburger, 1 chicken_burger
버거 두 개요 하나는 치킨버거로 하나는 치즈버거로 주세요 => add: 1 chicken_burger, 1 cheeseburger
버거 세 개 하나는 치킨버거 나머지는 치즈버거요 => add: 1 chicken_burger, 2 cheeseburger
음료 세 잔, 두 잔은 라지 콜라로 한 잔은 사이다로 주세요 => add: 2 coke large, 1 sprite
콜라 네 잔 두 잔은 제로로 두 잔은 사이다로 주세요 => add: 2 coke_zero, 2 sprite
커피 두 잔 하나는 라떼로 하나는 아메리카노로 => add: 1 latte, 1 americano
치킨버거 세트 두개 하나는 콜라로 하나는 사이다로요 => add: 1 chicken_burger_meal coke, 1 chicken_burger_meal sprite
치킨버거 세트 두개 음료는 하나는 콜라 하나는 사이다 => add: 1 chicken_burger_meal coke, 1 chicken_burger_meal sprite
치킨버거 세트 두 개 음료는 콜라 하나 사이다 하나요 => add: 1 chicken_burger_meal coke, 1 chicken_burger_meal sprite
치킨버거 세트 두 개 하나는 사이다로요 => add: 1 chicken_burger_meal, 1 chicken_burger_meal sprite
치즈버거 두 개 하나는 세트로 하나는 단품으로 => add: 1 cheeseburger_meal, 1 cheeseburger
치즈버거 두 개 하나만 세트로 => add: 1 cheeseburger, 1 cheeseburger_meal
치즈버거 두 개 다 세트로 주세요 => add: 2 cheeseburger_meal
치즈버거 단품 하나 => add: 1 cheeseburger
페퍼로니 한 판 하와이안 한 판 => add: 1 pepperoni_pizza, 1 hawaiian_pizza
하와이안 한 판 페퍼로니 한 판 => add: 1 hawaiian_pizza, 1 pepperoni_pizza
콜라 하나 하와이안 하나 => add: 1 coke, 1 hawaiian_pizza
"""


@pytest.mark.parametrize(("text", "acts"), table(ORDERED))
def test_ordered(text: str, acts: str) -> None:
    assert understood(text) == acts


OF_FOUR = """
두 잔은 제로 두 잔은 사이다로 바꿔주세요 => change: 2 coke_zero <- 2 coke + change: 2 sprite <- 2 coke
두 잔은 제로로 두 잔은 사이다로요 => change: 2 coke_zero <- 2 coke + change: 2 sprite <- 2 coke
한 잔은 제로 나머지는 사이다로요 => change: 1 coke_zero <- 1 coke + change: 3 sprite <- 3 coke
"""


@pytest.mark.parametrize(("text", "acts"), table(OF_FOUR))
def test_of_those_that_are_there(text: str, acts: str) -> None:
    assert understood(text, basket=(LineSaid("coke", 4),), last="coke", line=1) == acts


OF_MEALS = """
하나는 콜라 하나는 사이다 하나는 제로로 주세요 => coke, sprite, coke_zero
음료는 하나는 콜라 둘은 사이다로요 => coke, sprite
음료는 콜라 하나 사이다 둘로 주세요 => coke, sprite
"""


@pytest.mark.parametrize(("text", "drinks"), table(OF_MEALS))
def test_what_each_meal_has(text: str, drinks: str) -> None:
    basket = (LineSaid("cheeseburger_meal", 3),)
    lines = ", ".join(f"cheeseburger_meal {one}" for one in drinks.split(", "))
    assert understood(text, basket=basket, last="cheeseburger_meal", line=1) == f"change: {lines}"


SOME_AS_MEALS = """
하나는 세트로 => change: 1 cheeseburger_meal <- 1 it @1
하나만 세트로 해주세요 => change: 1 cheeseburger_meal <- 1 it @1
하나는 세트로 하나는 단품으로 => change: 1 cheeseburger_meal <- 1 it @1
치즈버거 두 개는 세트로 바꿔주세요 => change: 2 cheeseburger_meal <- 2 it @1
두 개만 세트로 바꿔주세요 => change: 2 cheeseburger_meal <- 2 it @1
다 세트로요 => change: 2 cheeseburger_meal <- it @1 + change: 1 chicken_burger_meal <- it @2
"""


@pytest.mark.parametrize(("text", "acts"), table(SOME_AS_MEALS))
def test_some_become_meals(text: str, acts: str) -> None:
    basket = (LineSaid("cheeseburger", 2), LineSaid("chicken_burger", 1))
    last = 2 if "다 " in text or "두 개만" in text else 1
    assert understood(text, basket=basket, last=basket[last - 1].item, line=last) == acts


HOT_AND_ICED = """
뜨거운 건 그냥 보통으로 => change: it regular @2
뜨거운 것은 그냥 라지로 => change: it large @2
아이스는 보통으로 => change: it regular @1
"""


@pytest.mark.parametrize(("text", "acts"), table(HOT_AND_ICED))
def test_the_line_that_is_so(text: str, acts: str) -> None:
    iced, hot = (OptionSaid("temperature", one) for one in ("iced", "hot"))
    basket = (LineSaid("americano", 1, (iced,)), LineSaid("americano", 1, (hot,)))
    assert understood(text, basket=basket, last="americano", line=1) == acts


TAKEN_OFF = """
빵 다 빼고 쌀 하나 => remove: bread + add: 1 rice
빵은 다 빼고 쌀 하나 => remove: bread + add: 1 rice
우유랑 버터 빼고 주세요 => remove: milk, butter
우유 하나랑 버터 빼고 주세요 => remove: 1 milk, butter
우유, 빵 빼고 쌀 두 개 => remove: milk, bread + add: 2 rice
쌀 하나 버터 빼고 주세요 => add: 1 rice + remove: butter
바나나도 하나 빼고 => remove: 1 bananas
빵은 두 개로 늘려줘 => change: 2 bread
"""


@pytest.mark.parametrize(("text", "acts"), table(TAKEN_OFF))
def test_what_goes(text: str, acts: str) -> None:
    basket = (LineSaid("milk", 2), LineSaid("bread", 1), LineSaid("butter", 1), LineSaid("bananas", 2))
    assert understood(text, "corner-shop", "ko", basket=basket, last="milk", line=1) == acts


SECOND_CHOICE = """
치킨버거 없으면 햄버거로 주세요 => add: chicken_burger
콜라 하나 없으면 사이다 주시고 결제할게요 => add: 1 coke + checkout
콜라 하나 없으면 사이다로 그리고 감튀 하나 => add: 1 coke, 1 fries
치즈버거 없으면 말고요 => add: cheeseburger
새우버거 없으면 치킨버거로 => add: chicken_burger
콜라 하나랑 새우버거 없으면 치킨버거 하나 주세요 => add: 1 coke, 1 chicken_burger
"""


@pytest.mark.parametrize(("text", "acts"), table(SECOND_CHOICE))
def test_wanted_only_where_there_is_none_of_the_first(text: str, acts: str) -> None:
    assert understood(text) == acts


SAID_ANEW = """
아니다 치킨버거로 => change: chicken_burger <- cheeseburger
아니다 그냥 치킨버거 주세요 => change: chicken_burger <- cheeseburger
아니 콜라도 하나 주세요 => add: 1 coke
"""


@pytest.mark.parametrize(("text", "acts"), table(SAID_ANEW))
def test_said_anew(text: str, acts: str) -> None:
    assert understood(text, basket=("cheeseburger",), last="cheeseburger", line=1, added=("cheeseburger",)) == acts


PICKED = """
두 번째 거 두 잔 => add: 2 coke_zero
2번 두 개요 => add: 2 coke_zero
1번 하나 3번 두 개 => add: 1 coke, 2 sprite
1번이랑 3번 주세요 => add: 1 coke, 1 sprite
2번이요 => choose: 2
"""


@pytest.mark.parametrize(("text", "acts"), table(PICKED))
def test_picked_by_number(text: str, acts: str) -> None:
    choices = (("콜라 (8위안)", "콜라"), ("제로 콜라 (8위안)", "제로 콜라"), ("스프라이트 (8위안)", "스프라이트"))
    listed = ("coke", "coke_zero", "sprite")
    assert understood(text, expects="choose", choices=choices, listed=listed, pointing=True) == acts


@pytest.mark.parametrize(
    ("text", "acts"),
    [("two of the second", "add: 2 coke_zero"), ("number 1 and two of number 3", "add: 1 coke, 2 sprite")],
)
def test_picked_by_number_in_english(text: str, acts: str) -> None:
    choices = (("Coke", "coke"), ("Coke Zero", "coke zero"), ("Sprite", "sprite"))
    listed = ("coke", "coke_zero", "sprite")
    assert understood(text, language="en", expects="choose", choices=choices, listed=listed, pointing=True) == acts


TWO_MEALS = """
치킨버거 세트는 감튀 라지로 => change: it fries large @2
치킨버거 세트 감튀는 라지로 => change: it fries large @2
치킨버거 세트는 콜라 라지로 해주세요 => change: it coke large @2
둘 다 사이다로 => change: it sprite @all
"""


@pytest.mark.parametrize(("text", "acts"), table(TWO_MEALS))
def test_a_part_of_one_meal_or_of_both(text: str, acts: str) -> None:
    basket = ("cheeseburger_meal", "chicken_burger_meal")
    assert understood(text, basket=basket, last="chicken_burger_meal", line=2) == acts

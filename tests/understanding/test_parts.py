"""Goods named as a part of others: halves, a meal's drink, names that share their end; words that are no goods."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.turns import LineSaid
from tests.understanding.support import good, meaning_of, pick, table, understood, write_shop

PARTS = """
# Two halves are one pizza, however they and their count are put.
ko: 페퍼로니 반 마르게리타 반 피자 하나 => add: 1 half_and_half_pizza pepperoni_half/left margherita_half/right
ko: 페퍼로니 반 마르게리타 반 피자 한 판 주세요 => add: 1 half_and_half_pizza pepperoni_half/left margherita_half/right
ko: 페퍼로니 반 마르게리타 반이요 => add: half_and_half_pizza pepperoni_half/left margherita_half/right
# What is in a meal gives way within it.
ko: 치즈버거 세트 하나 주세요 콜라는 스프라이트로 => add: 1 cheeseburger_meal sprite
ko: 치즈버거 세트 하나, 감자튀김은 어니언링으로 => add: 1 cheeseburger_meal onion_rings
ko: 치즈버거 세트 콜라 대신 스프라이트로 하나 => add: 1 cheeseburger_meal sprite
ko: 치즈버거 세트 하나 음료는 스프라이트로 => add: 1 cheeseburger_meal sprite
zh: 一个芝士汉堡套餐，可乐要雪碧 => add: 1 cheeseburger_meal sprite
en: a cheeseburger meal and make the coke a sprite => add: 1 cheeseburger_meal sprite
en: a cheeseburger meal with the coke as a sprite => add: 1 cheeseburger_meal sprite
# What isn't there can't give way: it is but the topic.
ko: 커피는 라떼로 주세요 => add: latte
ko: 콜라 둘, 아니 콜라는 사이다로 => add: 2 sprite
# For how many people is no count of goods.
en: a fruit cup for two => add: 1 fruit_cup
"""


@pytest.mark.parametrize(("text", "acts"), table(PARTS))
def test_parts(text: str, acts: str) -> None:
    language, _, said = text.partition(": ")
    assert understood(said, language=language) == acts


MEAL = (LineSaid("coke", 1), LineSaid("cheeseburger_meal", 1))


@pytest.mark.parametrize(
    ("text", "acts"),
    table(
        """
# Its kind says whose coke it is.
세트 콜라는 스프라이트로 => change: it sprite
콜라는 스프라이트로 => change: sprite <- coke
"""
    ),
)
def test_what_a_korean_topic_gives_way_to(text: str, acts: str) -> None:
    assert understood(text, language="ko", basket=MEAL, last="cheeseburger_meal") == acts


def test_names_share_their_end(tmp_path: Path) -> None:
    goods = [good("salmon nigiri"), good("tuna nigiri"), good("tuna roll"), good("salmon roll")]
    shop = write_shop(tmp_path / "bar", goods)
    assert understood("salmon and tuna nigiri", shop, "en") == "add: salmon_nigiri, tuna_nigiri"


def test_a_choice_is_said_double(tmp_path: Path) -> None:
    extras = pick("extras", "pearls, jelly", many=True, amounts=["no", "normal", "extra", "double"])
    shop = write_shop(tmp_path / "bar", [good("milk tea", extras)])
    assert understood("a milk tea with double pearls", shop, "en") == "add: 1 milk_tea pearls:double"


def test_an_option_beside_goods_that_have_none_orders_nothing_else(tmp_path: Path) -> None:
    shop = write_shop(
        tmp_path / "store", [good("white wall paint|paint"), good("tape", pick("colour", "white, black"))]
    )
    assert understood("white paint", shop, "en") == "add: white_wall_paint"
    meaning = meaning_of("black paint", shop, "en")
    assert meaning.leftover == ("black",) and len(meaning.acts) == 1


@pytest.mark.parametrize("text", ["来一份小笼包", "一笼小笼包", "小笼包一份"])
def test_letters_that_measure_nothing_are_a_name(text: str) -> None:
    meaning = meaning_of(text, language="zh")
    assert not [act for act in meaning.acts if act.lines]
    assert meaning.leftover == ("小笼包",)


def test_a_no_with_a_day_gives_the_day() -> None:
    for language, text in (
        ("en", "wait, make it Wednesday"),
        ("zh", "等等，改成周三"),
        ("ko", "잠깐만요, 수요일로 바꿔 주세요"),
    ):
        assert understood(text, language=language, expects="choose") == "give_time: 2026-11-25"


@pytest.mark.parametrize(
    ("language", "text"), [("en", "the end of the month"), ("zh", "月底"), ("ko", "월말이요"), ("zh", "11月底")]
)
def test_the_end_of_the_month_is_asked_about(language: str, text: str) -> None:
    meaning = meaning_of(text, "lake-hotel", language, basket=("garden_twin",), expects="stay")
    assert not meaning.acts
    assert [act.value for doubt in meaning.ask for act in doubt.candidates] == [{"from": "2026-11-30"}]


def test_more_rooms_are_asked_about_as_those_before() -> None:
    listed = ("lake_king", "lake_twin")
    assert understood("and the garden twin", "lake-hotel", "en", listed=listed) == "ask_price: garden_twin"
    assert understood("the garden twin", "lake-hotel", "en", listed=listed) == "add: garden_twin"


@pytest.mark.parametrize("text", ["我要订房", "我想订一间房", "有房吗"])
def test_a_room_may_be_asked_for_in_one_letter(text: str) -> None:
    assert understood(text, "lake-hotel", "zh") == "ask_menu"


def test_one_of_several_rooms_is_not_all_of_them() -> None:
    assert understood("我要取消其中一间", "lake-hotel", "zh") == "remove: 1 it"

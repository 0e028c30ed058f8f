"""Codes, notes, tips and addresses said on their own or at the read-back."""

from __future__ import annotations

import pytest

from tests.understanding.support import meaning_of, table, understood

BASKET = ("cheeseburger", "coke")

ANYWHERE = """
SAVE10 => give_coupon: SAVE10
and SAVE10 please => give_coupon: SAVE10
coupon HELLO5 => give_coupon: HELLO5
쿠폰 SAVE10 쓸게요 => give_coupon: SAVE10
쿠폰 HELLO5 적용해 주세요 => give_coupon: HELLO5
add 10% tip => answer: tip 10
10 percent tip => answer: tip 10
no tip => answer: tip no tip
给百分之十的小费 => answer: tip 10
不要小费 => answer: tip 不要小费
팁 10퍼센트 => answer: tip 10
팁은 없어요 => answer: tip 팁은 없어요
leave it at the door please => answer: note leave it at the door
please ring the bell twice => answer: note ring the bell twice
放门口就行 => answer: note 放门口就行
别按门铃 => answer: note 别按门铃
문 앞에 놔 주세요 => answer: note 문 앞에 놔 주세요
"""

ADDRESSES = """
can you bring it to 14 High Street instead => choose_fulfilment: delivery + give_address: 14 High Street
테헤란로 12로 배달해 주세요 => choose_fulfilment: delivery + give_address: 테헤란로 12
마포구 양화로 45, 3층으로 배달해 주세요 => choose_fulfilment: delivery + give_address: 마포구 양화로 45, 3층
콜라 두 잔 서초대로 5로 배달해 주세요 => add: 2 coke + choose_fulfilment: delivery + give_address: 서초대로 5
콜라 두 잔 배달해 주세요 => add: 2 coke + choose_fulfilment: delivery
內用 => choose_fulfilment: dine_in
to eat in => choose_fulfilment: dine_in
two brownies to take away => add: 2 brownie + choose_fulfilment: pickup
"""


@pytest.mark.parametrize(("text", "acts"), table(ANYWHERE))
@pytest.mark.parametrize("step", [None, "confirm"])
def test_codes_tips_and_notes(text: str, acts: str, step: str | None) -> None:
    assert understood(text, basket=BASKET, expects=step) == acts
    assert not meaning_of(text, basket=BASKET, expects=step).leftover


@pytest.mark.parametrize(("text", "acts"), table(ADDRESSES))
def test_where_to(text: str, acts: str) -> None:
    assert understood(text) == acts


@pytest.mark.parametrize(("step", "act"), [(None, "checkout"), ("basket", "checkout"), ("confirm", "confirm")])
@pytest.mark.parametrize("text", ["주문할게요", "주문해 주세요"])
def test_ordering_ends_the_choice_and_is_a_yes_only_when_asked(text: str, step: str | None, act: str) -> None:
    assert understood(text, basket=BASKET, expects=step) == act


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "tip twelve and a half percent", "12.5"),
        ("en", "a seven and a quarter percent tip", "7.25"),
        ("en", "add a tip of twelve point five percent", "12.5"),
        ("en", "tip two and a half dollars", "2.5 dollars"),
        ("zh", "小费百分之十二点五", "12.5"),
        ("zh", "百分之十二点五的小费", "12.5"),
        ("ko", "팁 십이 점 오 퍼센트", "12.5"),
        ("ko", "십이 쩜 오 퍼센트 팁", "12.5"),
    ],
)
def test_a_share_that_is_no_whole_number_is_not_cut(language: str, text: str, expected: str) -> None:
    assert understood(text, shop="corner-shop", language=language) == f"answer: tip {expected}"


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "two cokes 10 percent tip"), ("zh", "两杯可乐10%小费"), ("ko", "콜라 두 잔 10퍼센트 팁")],
)
def test_goods_before_a_tip_are_no_part_of_it(language: str, text: str) -> None:
    assert understood(text, language=language) == "add: 2 coke + answer: tip 10"

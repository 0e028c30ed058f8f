"""What didn't come of a paid order, or came wrong, leads to its refund; of a basket nothing is paid back."""

from __future__ import annotations

import pytest

from tests.understanding.support import understood

SAID = [
    ("en", "I never got the coke, refund it", "refund: coke"),
    ("en", "the coke was missing", "refund: coke"),
    ("en", "one coke is missing from my order", "refund: 1 coke"),
    ("en", "you forgot the fries", "refund: fries"),
    ("en", "the fries were cold", "refund: fries"),
    ("en", "my order never arrived", "order_status"),
    ("zh", "少送了一份薯条，退钱", "refund: 1 fries"),
    ("zh", "薯条没送到", "refund: fries"),
    ("zh", "薯条是凉的", "refund: fries"),
    ("zh", "我的订单还没到", "order_status"),
    ("ko", "콜라가 안 왔어요 환불해 주세요", "refund: coke"),
    ("ko", "콜라가 빠졌어요", "refund: coke"),
    ("ko", "아직 안 왔어요", "order_status"),
]


@pytest.mark.parametrize(("language", "text", "expected"), SAID)
def test_what_did_not_come_of_an_order_is_to_be_paid_back(language: str, text: str, expected: str) -> None:
    basket = ("cheeseburger", "coke", "fries")
    assert understood(text, language=language, basket=basket, orders=("A1",)) == expected


@pytest.mark.parametrize("text", ["the coke was missing", "a coke is missing", "my order never arrived"])
def test_nothing_is_paid_back_of_what_was_not_ordered_yet(text: str) -> None:
    assert "refund" not in understood(text, language="en", basket=("cheeseburger",))


def test_cold_goods_are_ordered_after_an_order() -> None:
    assert understood("a cold latte please", language="en", orders=("A1",)).startswith("add: 1 latte")

"""What didn't come of a paid order, or came wrong, leads to its refund; of a basket nothing is paid back."""

from __future__ import annotations

import pytest

from tests.understanding.support import understood

FAULT = " {'failed': True}"
"""That fault is found, which the buyer hears is regretted."""

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
    ("en", "there was a broken coke", "refund: coke"),
    ("en", "my coke was flat", "refund: coke"),
    ("en", "you gave me a sprite instead of a coke", "refund: 1 coke"),
    ("en", "there was a hair in my cheeseburger", "refund: cheeseburger"),
    ("en", "where are my fries", "order_status"),
    ("en", "is the coke cold", "ask_item: coke {'tags': ['cold']}"),
    ("zh", "有一个可乐破了", "refund: 1 coke"),
    ("zh", "可乐不凉", "refund: coke"),
    ("zh", "薯条软了", "refund: fries"),
    ("zh", "我点的是可乐，送来的是雪碧", "refund: coke"),
    ("zh", "可乐是凉的吗", "ask_item: coke"),
    ("ko", "콜라 대신 사이다가 왔어요", "refund: coke"),
    ("ko", "감자튀김이 없어요", "refund: fries"),
    ("ko", "감자튀김이 눅눅해요", "refund: fries"),
    ("ko", "콜라에 벌레가 들어있어요", "refund: coke"),
    ("ko", "왜 아직 안 와요", "order_status"),
]


@pytest.mark.parametrize(("language", "text", "expected"), SAID)
def test_what_did_not_come_of_an_order_is_to_be_paid_back(language: str, text: str, expected: str) -> None:
    basket = ("cheeseburger", "coke", "fries")
    assert understood(text, language=language, basket=basket, orders=("A1",)).replace(FAULT, "") == expected


SOME_BACK = [
    ("en", "refund everything except the coke", "refund: cheeseburger, fries"),
    ("en", "refund only the fries", "refund: fries"),
    ("en", "cancel everything except the fries", "remove: cheeseburger @all, coke @all"),
    ("zh", "除了可乐都退了", "refund: cheeseburger, fries"),
    ("zh", "只退薯条", "refund: fries"),
    ("ko", "콜라 빼고 다 환불해 주세요", "refund: cheeseburger, fries"),
    ("ko", "감자튀김만 환불해 주세요", "refund: fries"),
]


@pytest.mark.parametrize(("language", "text", "expected"), SOME_BACK)
def test_what_is_left_out_is_not_paid_back(language: str, text: str, expected: str) -> None:
    basket = ("cheeseburger", "coke", "fries")
    assert understood(text, language=language, basket=basket, orders=("A1",)) == expected


OF_THOSE_ASKED = [
    ("en", "only the coke", "refund: coke {}"),
    ("en", "actually just the coke", "refund: coke {}"),
    ("en", "not the cheeseburger", "deny: cheeseburger stays"),
    ("zh", "只退可乐", "refund: coke {}"),
    ("zh", "不要芝士汉堡", "deny: cheeseburger stays"),
    ("ko", "아니 콜라만요", "refund: coke {}"),
    ("ko", "치즈버거는 빼고", "deny: cheeseburger stays"),
    ("en", "yes, refund it", "confirm"),
    ("zh", "好的，退款吧", "confirm"),
    ("ko", "네 환불해 주세요", "confirm"),
    ("ko", "환불해 주세요", "confirm"),
    ("ko", "네 취소해 주세요", "confirm"),
    ("ko", "취소해 주세요", "cancel"),
    ("en", "refund it all", "refund"),
    ("zh", "全部退款", "refund"),
    ("ko", "전부 환불해 주세요", "refund"),
]


@pytest.mark.parametrize(("language", "text", "expected"), OF_THOSE_ASKED)
def test_goods_alone_or_but_some_are_meant_where_money_back_is_asked(language: str, text: str, expected: str) -> None:
    basket = ("cheeseburger", "coke")
    assert understood(text, language=language, basket=basket, orders=("A1",), refunding=True) == expected


WITHOUT_GOODS = [
    ("en", "something is missing"),
    ("en", "everything was cold"),
    ("zh", "送错了"),
    ("zh", "少东西了"),
    ("ko", "주문한 거랑 달라요"),
    ("ko", "빠진 게 있어요"),
]


@pytest.mark.parametrize(("language", "text"), WITHOUT_GOODS)
def test_a_fault_without_goods_asks_which(language: str, text: str) -> None:
    assert understood(text, language=language, basket=("coke", "fries"), orders=("A1",)) == f"refund:{FAULT}"


@pytest.mark.parametrize("text", ["the coke was missing", "a coke is missing", "my order never arrived"])
def test_nothing_is_paid_back_of_what_was_not_ordered_yet(text: str) -> None:
    assert "refund" not in understood(text, language="en", basket=("cheeseburger",))


def test_cold_goods_are_ordered_after_an_order() -> None:
    assert understood("a cold latte please", language="en", orders=("A1",)).startswith("add: 1 latte")

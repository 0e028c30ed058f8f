"""Numbers of orders: as they are written, as they are said, and what only looks like one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.understanding.support import good, heard, meaning_of, table, understood, write_shop

BASKET = ("cheeseburger", "coke")

NUMBERED = """
cancel order A17 => cancel: A17
cancel order A 17, please => cancel: A17
cancel order a seventeen => cancel: A17
cancel A17 => cancel: A17
could you cancel order b twenty three please => cancel: B23
delete order A17 => cancel: A17
please cancel my order number a one seven => cancel: A17
cancel order AA3 => cancel: AA3
cancel booking A17 => cancel: A17
cancel order number A17 and add two cokes => cancel: A17 + add: 2 coke
cancel order number seventeen => cancel: 17
where is order A one oh four => order_status: A104
where's my order A17? => order_status: A17
has order A17 been sent => order_status: A17
order no. A17 => order_status: A17
order bee twelve => order_status: B12
my order number is A17 => order_status: A17
is order A17 ready => order_status: A17
refund order A17 => refund: A17
refund the coke of order A17 => refund: coke A17
refund half of order A17 => refund: {'percent': 50, 'order': 'A17'}
order A17 again => reorder: A17
can i cancel order A17 => ask_item: cancellation
取消订单A17 => cancel: A17
取消A17号订单 => cancel: A17
帮我把订单A十七取消 => cancel: A17
取消诶十七 => cancel: A17
订单A一零四到哪了 => order_status: A104
A17号订单到哪了 => order_status: A17
订单号是A17 => order_status: A17
我要退款，订单A17 => refund: A17
订单A17里的可乐退款 => refund: coke A17
再点一次订单A17 => reorder: A17
주문 A17 취소해 주세요 => cancel: A17
에이 십칠 주문 취소해 주세요 => cancel: A17
에이 일 주문 취소해 주세요 => cancel: A1
주문 비 이 언제 와요 => order_status: B2
订单A一到哪了 => order_status: A1
cancel order a one => cancel: A1
주문에이십칠취소해주세요 => cancel: A17
A17번 주문 환불해 주세요 => refund: A17
주문 콜라 환불해 주세요 => refund: coke
주문 A17 콜라 환불해 주세요 => refund: coke A17
주문 A17 어디까지 왔어요? => order_status: A17
주문번호는 A17이에요 => order_status: A17
주문번호 에이 일공사 어떻게 됐어요 => order_status: A104
비 십이 주문 언제 와요 => order_status: B12
주문 A17 다시 주문할게요 => reorder: A17
"""

NO_NUMBER = """
an order of fries => add: 1 fries
two orders of fries => add: 2 fries
my order should be 2 cheeseburgers => change: 2 cheeseburger
cancel my order 2 cheeseburgers please => cancel + add: 2 cheeseburger
coke x2 => add: 2 coke
where's my order, a 12 inch pizza => order_status
A17 => -
B12 please => -
订单两个芝士汉堡 => add: 2 cheeseburger
주문 콜라 2개요 => add: 2 coke
A17 주세요 => -
"""


@pytest.mark.parametrize(("text", "acts"), table(NUMBERED))
def test_the_number_of_an_order_is_never_a_count(text: str, acts: str) -> None:
    assert understood(text, basket=BASKET) == acts


@pytest.mark.parametrize(("text", "acts"), table(NO_NUMBER))
def test_what_only_looks_like_the_number_of_an_order(text: str, acts: str) -> None:
    assert understood(text, basket=BASKET) == acts


def test_as_recognisers_write_it() -> None:
    for text in ("cancel order a17", "cancel order A 17", "cancel order a seventeen"):
        assert [(act.act, act.value) for act in heard(text, basket=BASKET).acts] == [("cancel", "A17")]


def test_alone_it_is_an_order_that_the_talk_is_about() -> None:
    for text in ("A17", "a seventeen", "A十七", "에이 십칠"):
        assert understood(text, basket=BASKET, orders=("A17",)) == "order_status: A17"
    assert "order_status" not in understood("A18", basket=BASKET, orders=("A17",))
    assert "order_status" not in understood("A17", basket=BASKET, orders=("A17",), expects="contact")


def test_at_any_step() -> None:
    for step in ("confirm", "choose", "contact", "address", "note", "method"):
        assert understood("cancel order A17", basket=BASKET, expects=step) == "cancel: A17"
    assert understood("Flat A17, 12 High Street", expects="address") == "give_address: Flat A17, 12 High Street"


def test_the_number_of_an_order_is_no_yes() -> None:
    for text in ("order A17", "yes, order A17", "订单A17", "好的，订单A17", "주문 A17", "A17 주문", "네, 주문 A17"):
        for step in ("confirm", "pay", "choose", None):
            said = understood(text, basket=BASKET, expects=step, orders=("A17",))
            assert "confirm" not in said
            assert "buy_now" not in said


def test_what_it_is_said_of_otherwise_is_told_as_not_understood() -> None:
    meaning = meaning_of("add a coke to order A17", basket=BASKET)
    assert [act.act for act in meaning.acts] == ["add"]
    assert meaning.leftover == ("order A17",)


def test_a_name_of_the_shop_wins(tmp_path: Path) -> None:
    shop = write_shop(tmp_path / "kiosk", [good("7 up|7up|seven up"), good("A1 burger"), good("A4 paper"), good("B12")])
    for text, acts in table("""
        two A1 burgers => add: 2 A1_burger
        order a 7up => add: 1 7_up
        order a seven up => add: 1 7_up
        order A4 paper => add: A4_paper
        order B12 => add: B12
        cancel the A4 paper => remove: A4_paper
        cancel order A17 => cancel: A17
    """):
        assert understood(text, shop) == acts

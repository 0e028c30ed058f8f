"""Goods asked for by what is in them; coupons without a code; how it goes on after the sale, and how it is had."""

from __future__ import annotations

import pytest

from assistant.turns import Act, LineSaid
from tests.understanding.support import meaning_of, table, understood

HOLDING = """
what desserts have nuts in them => ask_item: #desserts {'contains': ['nuts']}
which desserts have milk => ask_item: #desserts {'contains': ['milk']}
which desserts have no nuts => ask_menu: #desserts {'without': ['nuts']}
有坚果的甜点有哪些 => ask_item: #desserts {'contains': ['nuts']}
견과류 들어간 디저트 뭐예요 => ask_item: #desserts {'contains': ['nuts']}
우유 들어간 디저트 있어요 => ask_item: #desserts {'contains': ['milk']}
디저트 중에 견과류 들어간 게 뭐예요 => ask_item: #desserts {'contains': ['nuts']}
견과류 없는 디저트 뭐 있어요 => ask_menu: #desserts {'without': ['nuts']}
"""


@pytest.mark.parametrize(("text", "acts"), table(HOLDING))
def test_what_has_it(text: str, acts: str) -> None:
    assert understood(text) == acts


@pytest.mark.parametrize("text", ["견과류 들어간 거 뭐예요", "견과류 들어 있는 거 있어요"])
def test_of_all_goods(text: str) -> None:
    act = meaning_of(text).acts[0]
    assert (act.act, act.value) == ("ask_item", {"contains": ["nuts"]})
    assert "#burgers" in act.items and "#desserts" in act.items


@pytest.mark.parametrize(
    "text",
    [
        "I have a coupon",
        "我有优惠券",
        "쿠폰 있어요",
        "쿠폰도 있는데요",
        "쿠폰 있는데 쓸 수 있어요",
        "쿠폰 쓸게요",
        "할인 쿠폰 있어요",
    ],
)
def test_a_coupon_without_its_code(text: str) -> None:
    assert meaning_of(text, basket=("coke",)).acts == (Act("give_coupon", value=""),)


def test_a_coupon_with_its_code() -> None:
    assert understood("쿠폰 있는데 HELLO 예요") == understood("I have a coupon HELLO") == "give_coupon: HELLO"


HAD = """
바로 주세요 => give_time: asap
빨리 가져다주세요 => give_time: asap
여기서 먹고 갈게 => choose_fulfilment: dine_in
여기서 먹고 가려고요 => choose_fulfilment: dine_in
가져갈게 => choose_fulfilment: pickup
싸주세요 => choose_fulfilment: pickup
전체 얼마야 => ask_price: total
주문 상태 알려주세요 => order_status
몇 시에 찾으러 가면 돼요 => order_status
주소 바꿀 수 있어요? => back: address
전화번호 변경 가능해요? => back: contact
나머지는 그대로요 => deny: keep
"""


@pytest.mark.parametrize(("text", "acts"), table(HAD))
def test_how_and_when(text: str, acts: str) -> None:
    assert understood(text, basket=("coke",), expects="fulfilment", missing=("fulfilment", "name")) == acts


@pytest.mark.parametrize("text", ["네 추가해 주세요", "추가해 주세요"])
def test_more_of_what_was_asked_about(text: str) -> None:
    basket = (LineSaid("chocolate", 3),)
    assert understood(text, "corner-shop", "ko", basket=basket, listed=("chocolate",)) == "add: chocolate"


def test_friday_and_saturday() -> None:
    said = understood("다음주 금토 2박 성인 2명", "lake-hotel")
    assert said == "give_dates: {'from': '2026-12-04', 'to': '2026-12-06'} + give_guests: {'adults': 2}"

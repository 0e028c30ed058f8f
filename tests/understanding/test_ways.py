"""Which of several ways to pay and to get the goods is meant, and what is said of how they are brought."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.understanding.support import table, understood

PAYING = """
cash no wait card => choose_method: card
not cash, card => choose_method: card
instead of cash card => choose_method: card
card instead of cash => choose_method: card
cash, actually card => choose_method: card
not cash => deny
half cash and half card => choose_method: split
can we pay separately => choose_method: split
split the bill => choose_method: split
不是现金，刷卡 => choose_method: card
现金不是，微信 => choose_method: wechat
不刷卡，现金 => choose_method: cash
算了用现金 => deny + choose_method: cash
不想用微信 => deny
不用微信用现金 => choose_method: cash
微信吧，不对，支付宝 => choose_method: alipay
能一半现金一半刷卡吗 => choose_method: split
可以分开付吗 => choose_method: split
카드 말고 현금이요 => choose_method: cash
현금 아니고 카드요 => choose_method: card
카드요 아니 현금이요 => choose_method: cash
카드 아니에요 현금이에요 => choose_method: cash
반은 카드 반은 현금 => choose_method: split
더치페이 돼요? => choose_method: split
"""

GETTING = """
not delivery, pickup => choose_fulfilment: pickup
delivery no wait pickup => choose_fulfilment: pickup
pickup instead of delivery => choose_fulfilment: pickup
no delivery, I will pick it up => choose_fulfilment: pickup
delivery, actually pickup => choose_fulfilment: pickup
not delivery => deny
不要外卖，自取 => choose_fulfilment: pickup
外卖，不对，自取 => choose_fulfilment: pickup
算了还是自取吧 => deny + choose_fulfilment: pickup
别送了，我自取 => choose_fulfilment: pickup
배달 말고 포장이요 => choose_fulfilment: pickup
포장 아니고 배달이요 => choose_fulfilment: delivery
배달 대신 포장할게요 => choose_fulfilment: pickup
"""

ROADS = """
人民路88号3栋502 => give_address: 人民路88号3栋502
中山路5号 => give_address: 中山路5号
和平路7号 => give_address: 和平路7号
牛奶路3号 => give_address: 牛奶路3号
我在中山路5号 => give_address: 中山路5号
可乐，人民路8号 => add: coke + give_address: 人民路8号
9 Apple Street => give_address: 9 Apple Street
two cokes, 9 Large Street => add: 2 coke + give_address: 9 Large Street
44 Oak Lane the address is => give_address: 44 Oak Lane
12 High Street, that's my address => give_address: 12 High Street
12 High Street is where I live => give_address: 12 High Street
한강로 12가 제 주소예요 => give_address: 한강로 12
"""

SHIFTS = """
can I move it by a day => give_dates: {'from': '2026-11-29'}
postpone it by two days => give_dates: {'from': '2026-11-30'}
bring it forward by a day => give_dates: {'from': '2026-11-27'}
move my booking to Wednesday => give_dates: {'from': '2026-11-25'}
move it to three nights => give_dates: {'nights': 3}
改成三天 => give_dates: {'nights': 3}
能改晚一天吗 => give_dates: {'from': '2026-11-29'}
하루 미룰 수 있어요? => give_dates: {'from': '2026-11-29'}
하루만 연기해 주세요 => give_dates: {'from': '2026-11-29'}
"""


@pytest.mark.parametrize(("text", "acts"), table(PAYING))
def test_how_it_is_paid(text: str, acts: str) -> None:
    assert understood(text, basket=("coke",), expects="method") == acts


@pytest.mark.parametrize(("text", "acts"), table(GETTING))
def test_how_it_is_got(text: str, acts: str) -> None:
    assert understood(text, basket=("coke",), expects="fulfilment") == acts


@pytest.mark.parametrize(("text", "acts"), table(ROADS))
def test_an_address_that_nobody_asked_for_keeps_the_name_of_its_road(text: str, acts: str) -> None:
    assert understood(text, basket=("coke",), expects="basket", missing=("fulfilment", "address", "name")) == acts


@pytest.mark.parametrize(("text", "acts"), table(SHIFTS))
def test_a_stay_that_is_moved_keeps_its_nights(text: str, acts: str) -> None:
    known = {"nights": 2, "dated": True, "arrival": dt.date(2026, 11, 28), "expects": "contact"}
    assert understood(text, shop="lake-hotel", basket=("garden_twin",), **known) == acts


@pytest.mark.parametrize(
    ("language", "text", "address"),
    [
        ("zh", "人民路12号", "人民路12号"),
        ("zh", "人民大道88号3楼", "人民大道88号3楼"),
        ("zh", "外滩18号", "外滩18号"),
        ("zh", "我在外滩18号", "外滩18号"),
        ("zh", "好望路3号", "好望路3号"),
        ("zh", "地址是人民路12号", "人民路12号"),
        ("zh", "嗯灯笼路12号吧", "灯笼路12号"),
        ("ko", "반포대로 5", "반포대로 5"),
        ("ko", "주소는 반포대로 5예요", "반포대로 5"),
        ("ko", "우리은행로 3", "우리은행로 3"),
        ("en", "4 Seven Sisters Road", "4 Seven Sisters Road"),
        ("en", "my address is 4 Elm St", "4 Elm St"),
        ("en", "twelve high street", "12 high street"),
    ],
)
def test_an_address_keeps_every_letter_of_its_name(language: str, text: str, address: str) -> None:
    assert understood(text, language=language, expects="address") == f"give_address: {address}"


STEPS = """
method: I don't have cash => deny
method: I have no cash, card => choose_method: card
method: I'll pay the driver => choose_method: cash
method: contactless => choose_method: card
fulfilment: I'll swing by => choose_fulfilment: pickup
fulfilment: we'll eat there => choose_fulfilment: dine_in
fulfilment: drop it off at my place => choose_fulfilment: delivery
time: soon as you can => give_time: asap
"""


@pytest.mark.parametrize(("text", "acts"), table(STEPS))
def test_the_usual_answers_at_each_step(text: str, acts: str) -> None:
    step, _, said = text.partition(": ")
    assert understood(said, expects=step, basket=("coke",)) == acts

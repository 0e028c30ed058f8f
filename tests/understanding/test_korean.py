"""What Korean sentences are understood as, over the demo shops."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.turns import LineSaid, OptionSaid
from tests.understanding.support import table, understood, write_shop
from tests.understanding.test_levels import TAGS, choice, named

BASKET = ("cheeseburger", "cheeseburger", "coke")

ORDERS = """
치즈버거 두 개 주세요 => add: 2 cheeseburger
치즈버거 두 개랑 콜라 하나 주세요 => add: 2 cheeseburger, 1 coke
치즈버거 두 개 하나는 양파 빼고 콜라 큰 거 한 잔 주세요 => add: 1 cheeseburger, 1 cheeseburger onion:no, 1 coke large
양파 뺀 치즈버거 하나 => add: 1 cheeseburger onion:no
콜라 한 잔 얼음 없이 주세요 => add: 1 coke no_ice
콜라 하나하고 양파 뺀 치즈버거 하나 주세요 => add: 1 coke, 1 cheeseburger onion:no
치즈버거 한 개 아니 두 개 주세요 => add: 2 cheeseburger
콜라 세 잔이랑 물 만팔천 병 주세요 => add: 3 coke, 18000 water
반은 페퍼로니 반은 하와이안 피자 하나 => add: 1 half_and_half_pizza pepperoni_half/left hawaiian_half/right
치즈버거 두 개 주시고 카드로 할게요 => add: 2 cheeseburger + choose_method: card
"""

CHANGES = """
콜라 두 잔으로 바꿔 주세요 => change: 2 coke
콜라를 사이다로 바꿔 주세요 => change: sprite <- coke
콜라 말고 사이다 주세요 => change: sprite <- coke
콜라 빼 주세요 => remove: coke
두 번째 거 빼 주세요 => remove: it @2
양파 빼 주세요 => change: it onion:no
콜라 하나 더 주세요 => add: 1 coke
하나 더 주세요 => add: 1 it
장바구니 비워 주세요 => start_over
되돌려 주세요 => undo
장바구니 보여 주세요 => show_basket
됐어요 이대로 주세요 => checkout
네 그럼 그냥 이대로 할게요 => checkout
아니요 그냥 이대로 결제해 주세요 => checkout
그냥 이걸로 할게요 => checkout
그냥 그대로 주세요 => checkout
이렇게만 주세요 => checkout
"""

TALK = """
치즈버거 얼마예요 => ask_price: cheeseburger
음료 뭐 있어요? => ask_menu: #drinks
안 매운 거 있어요? => ask_menu: {'not': ['spicy']}
얼마나 걸려요? => ask_item: wait
추천해 주세요 => recommend
늘 먹던 걸로 주세요 => reorder
주문 어디까지 왔어요? => order_status
주문 취소할게요 => cancel
환불해 주세요 => refund
상담원 연결해 주세요 => person
사람과 얘기하고 싶어요 => person
직원하고 통화하고 싶은데요 => person
도와주세요 => help
다시 말해 주세요 => repeat
천천히 말해 주세요 => repeat: slower
영어로 말해 주세요 => change_language: en
쿠폰 SAVE10 => give_coupon: SAVE10
카드 되죠? => ask_item: payment
배달 가능한가요? => ask_item: delivery
할인 행사 있나요? => ask_item: promotions
장바구니 좀 보여주세요 => show_basket
배달로 바꿀 수 있어요? => choose_fulfilment: delivery
비싸네요 그냥 포장할게요 => choose_fulfilment: pickup
결제할게요 => checkout
그게 다예요 => checkout
포장이요 => choose_fulfilment: pickup
배달 서울시 강남구 테헤란로 12로 해 주세요 => choose_fulfilment: delivery + give_address: 서울시 강남구 테헤란로 12
저녁 여섯 시 반 => give_time: 18:30
여섯 시 이후에 배달해 주세요 => give_time: 18:00 + choose_fulfilment: delivery
오후 6시 반 이후에요 => give_time: 18:30
내일 낮 열두 시 => give_time: 2026-11-24T12:00
최대한 빨리요 => give_time: asap
김철수 010-1234-5678 => give_contact: {'name': '김철수', 'phone': '010-1234-5678'}
45위안 결제할게요 => give_amount: 4500
오늘 날씨 어때 => -
"""

CONFIRM = """
네 => confirm
네 맞아요 => confirm
네 주문해 주세요 => confirm
아니요 => deny
아직이요 => deny
네 그런데 양파는 빼 주세요 => change: it onion:no
음 => -
맞아요? => -
아마도 => -
글쎄요 => -
네, 됐어요 => checkout
네, 더 없어요 => confirm
"""


@pytest.mark.parametrize(("text", "acts"), table(ORDERS))
def test_an_order(text: str, acts: str) -> None:
    assert understood(text, language="ko") == acts


@pytest.mark.parametrize(("text", "acts"), table(CHANGES))
def test_a_change_of_the_basket(text: str, acts: str) -> None:
    assert understood(text, language="ko", basket=BASKET, last="coke") == acts


@pytest.mark.parametrize(("text", "acts"), table(TALK))
def test_questions_commands_and_answers(text: str, acts: str) -> None:
    assert understood(text, language="ko") == acts


@pytest.mark.parametrize(("text", "acts"), table(CONFIRM))
def test_yes_and_no(text: str, acts: str) -> None:
    assert understood(text, language="ko", basket=BASKET, expects="confirm") == acts


STAYS = """
내일 체크인 모레 체크아웃 => give_dates: {'from': '2026-11-24', 'to': '2026-11-25'}
내일부터 2박 => give_dates: {'from': '2026-11-24', 'to': '2026-11-26'}
금요일부터 일요일까지 => give_dates: {'from': '2026-11-27', 'to': '2026-11-29'}
어른 두 명 아이 한 명 => give_guests: {'adults': 2, 'children': 1}
싱글룸 하나 예약할게요 => add: 1 single_room
"""


@pytest.mark.parametrize(("text", "acts"), table(STAYS))
def test_a_stay(text: str, acts: str) -> None:
    assert understood(text, shop="lake-hotel", language="ko") == acts


GOOD_BUT = """
좋은데 콜라 빼 주세요 => remove: coke
다 맞는데 콜라 하나만 더요 => add: 1 coke
맞는데 주소가 틀렸어요 => back: address
"""


@pytest.mark.parametrize(("text", "acts"), table(GOOD_BUT))
def test_what_is_good_but_is_no_yes(text: str, acts: str) -> None:
    there = {"basket": ("cheeseburger", "coke"), "last": "coke", "line": 2, "expects": "confirm"}
    assert understood(text, language="ko", **there) == acts


SAID_AGAIN = """
사과는 한 봉지 빼주세요 => remove: 1 apples
사과 한 봉지는 빼주세요 => remove: 1 apples
빵 하나 더 우유 하나 더 => add: 1 bread, 1 milk
빵 두 개 맞죠? => show_basket
빵 두 개 맞지? => show_basket
우유 두 팩 맞죠? => add: 2 milk
빵 하나 더, 아니 하나 빼고요 => remove: 1 bread
반대로요, 사과 두 봉지 빵 하나 => change: 2 apples, 1 bread
쌀 하나 주시고요 아 쌀은 두 개요 => add: 2 rice
쌀 하나요 아 두 개요 => add: 2 rice
빵은 빼고 버터로 바꿔 주세요 => change: butter <- bread
그냥 다 빼고 쌀 하나 주세요 => start_over + add: 1 rice
빵은 뺄래 => remove: bread
팁은 안 낼게요 => answer: tip 팁은 안 낼게요
됐어 그게 다야 => checkout
이대로 배달해 주세요 서초구 반포대로 45 => choose_fulfilment: delivery + give_address: 서초구 반포대로 45
"""


@pytest.mark.parametrize(("text", "acts"), table(SAID_AGAIN))
def test_what_is_said_of_the_basket_adds_nothing(text: str, acts: str) -> None:
    basket = (LineSaid("apples", 3), LineSaid("bread", 2))
    assert understood(text, shop="corner-shop", language="ko", basket=basket, last="bread", line=2) == acts


SOME_OF_THEM = """
콜라 네 잔 중에 두 잔은 제로로요 => add: 2 coke, 2 coke_zero
콜라 세 잔 주세요 하나는 제로로요 => add: 2 coke, 1 coke_zero
치킨버거 하나는 세트로 바꿔 주세요 => change: 1 chicken_burger_meal <- 1 it @1
전부 라지로 해 주세요 => change: it large @all
언제 나와? => ask_item: wait
"""


@pytest.mark.parametrize(("text", "acts"), table(SOME_OF_THEM))
def test_some_of_them_are_others(text: str, acts: str) -> None:
    basket = (LineSaid("chicken_burger", 2), LineSaid("sprite", 1))
    assert understood(text, language="ko", basket=basket, last="sprite", line=2) == acts


BY_WHAT_THEY_HAVE = """
뜨거운 걸 두 잔으로 하고 아이스는 한 잔으로 바꿔 주세요 => change: 2 latte @1, 1 latte @2
아니 반대로요 딸기 하나 초코 둘 => change: 1 milkshake @3, 2 milkshake @4
우유도 못 먹는데 괜찮아요? => ask_item: {'allergic': ['milk']}
"""


@pytest.mark.parametrize(("text", "acts"), table(BY_WHAT_THEY_HAVE))
def test_lines_are_told_by_what_they_have(text: str, acts: str) -> None:
    basket = (
        LineSaid("latte", 1, (OptionSaid("temperature", "hot"),)),
        LineSaid("latte", 2, (OptionSaid("temperature", "iced"),)),
        LineSaid("milkshake", 2, (OptionSaid("flavour", "strawberry"),)),
        LineSaid("milkshake", 1, (OptionSaid("flavour", "chocolate"),)),
    )
    assert understood(text, language="ko", basket=basket, last="milkshake", line=4) == acts


@pytest.mark.parametrize("colour", ["빨간", "빨간색", "빨강"])
def test_a_colour_is_known_in_all_its_forms(colour: str, tmp_path: Path) -> None:
    options = [
        {"id": "colour", "names": named("colour", "颜色", "색"), "choices": [choice("red", "red", "红色", "빨간색")]}
    ]
    goods = [{"id": "roses", "names": named("roses", "玫瑰", "장미"), "price": 900, "options": options}]
    shop = write_shop(tmp_path / "flowers", goods, TAGS)
    assert understood(f"{colour} 장미 두 다발 주세요", shop, "ko") == "add: 2 roses red"

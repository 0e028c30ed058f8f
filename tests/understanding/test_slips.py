"""What must not slip into a basket, an address or a payment: discounts, codes, likenesses, other numbers."""

from __future__ import annotations

import pytest

from assistant.turns import Act, LineSaid
from tests.understanding.support import act_text, heard, meaning_of, table, understood

BASKET = ("ice_cream",)

DISCOUNTS = """
give me 30 % off => ask_item: promotions
could I have forty percent off => ask_item: promotions
knock 6 yuan off => ask_item: promotions
half price please => ask_item: promotions
两个芝士汉堡打七折 => add: 2 cheeseburger + ask_item: promotions
给我打五折 => ask_item: promotions
能打个八八折吗 => ask_item: promotions
便宜点吧 => ask_item: promotions
30퍼센트 깎아 주세요 => ask_item: promotions
할인이 얼마예요 => ask_item: promotions
来两杯雪碧，便宜点 => add: 2 sprite + ask_item: promotions
来一打雪碧 => add: 12 sprite
"""


@pytest.mark.parametrize(("text", "acts"), table(DISCOUNTS))
def test_a_discount_that_is_wished_for_counts_no_goods(text: str, acts: str) -> None:
    assert understood(text, basket=BASKET) == acts
    assert act_text(Act("add", (LineSaid("ice_cream", 12),))) not in understood(text, basket=BASKET)


@pytest.mark.parametrize("text", ["I have SHEIK20", "use FREIS15", "apply PIZA7"])
def test_a_code_is_never_respelt(text: str) -> None:
    for meaning in (meaning_of(text, basket=BASKET, expects="basket"), heard(text, basket=BASKET, expects="basket")):
        assert not any(act.act in ("add", "change") for act in meaning.acts)
        assert not meaning.ask or not meaning.ask[0].candidates


def test_a_code_may_stand_before_its_word() -> None:
    assert understood("SHEIK20 coupon", expects="basket") == "give_coupon: SHEIK20"
    assert understood("coupon SHEIK20", expects="basket") == "give_coupon: SHEIK20"


@pytest.mark.parametrize("text", ["yes and a chese burger", "a cheezburger too please"])
def test_nothing_is_added_to_what_was_read_back_for_being_like_something(text: str) -> None:
    for meaning in (
        meaning_of(text, basket=("coke",), expects="confirm"),
        heard(text, basket=("coke",), expects="confirm"),
    ):
        assert meaning.acts == ()
        assert [act.lines[0].item for doubt in meaning.ask for act in doubt.candidates] == ["cheeseburger"]


def test_thanks_to_a_friend_orders_nothing() -> None:
    for meaning in (
        meaning_of("yes please, thanks a lot my friend", basket=("hamburger",), expects="confirm"),
        heard("yes please, thanks a lot my friend", basket=("hamburger",), expects="confirm"),
    ):
        assert not any(
            act.act in ("add", "change") for act in (*meaning.acts, *(a for d in meaning.ask for a in d.candidates))
        )


ADDRESSES = """
改成送货上门到中华路15号 => choose_fulfilment: delivery + give_address: 中华路15号
外送到上杭路6号302室 => choose_fulfilment: delivery + give_address: 上杭路6号302室
"""


@pytest.mark.parametrize(("text", "acts"), table(ADDRESSES))
def test_an_address_keeps_its_first_letter(text: str, acts: str) -> None:
    assert understood(text, language="zh", basket=BASKET) == acts


def test_an_address_that_was_asked_for_keeps_its_first_letter() -> None:
    assert understood("里仁巷3号", language="zh", basket=BASKET, expects="address") == "give_address: 里仁巷3号"


@pytest.mark.parametrize("nights", [400, 900])
def test_very_many_nights_are_no_rooms(nights: int) -> None:
    acts = meaning_of(f"a single room for {nights} nights from tomorrow", shop="lake-hotel").acts
    assert [line.quantity for act in acts for line in act.lines] == [1]
    assert any(act.act == "give_dates" for act in acts)


METHODS = """
zh | 用危险支付 => wechat
zh | 用吱付宝 => alipay
zh | 支付包 => alipay
ko | 위첸페이 => wechat
ko | 알니페이 => alipay
en | a lee pay => alipay
en | vee chad => wechat
"""


@pytest.mark.parametrize(("text", "method"), table(METHODS))
def test_how_to_pay_is_asked_by_its_sound_where_only_that_can_be_meant(text: str, method: str) -> None:
    language, _, said = text.partition(" | ")
    meaning = meaning_of(said, language=language, basket=BASKET, expects="method")
    offered = [*meaning.acts, *(act for doubt in meaning.ask for act in doubt.candidates)]
    assert Act("choose_method", value=method) in offered
    assert not meaning.leftover


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "my uncle's horse"), ("zh", "我再想想看"), ("ko", "아직 잘 모르겠어요"), ("en", "hang on a moment")],
)
def test_not_everything_is_a_way_to_pay(language: str, text: str) -> None:
    meaning = meaning_of(text, language=language, basket=BASKET, expects="method")
    assert not any(
        act.act == "choose_method" for act in (*meaning.acts, *(a for d in meaning.ask for a in d.candidates))
    )


def test_a_counted_word_that_sounds_fairly_like_one_name_is_asked_about() -> None:
    meaning = meaning_of("来一份知识汉堡加五个可论", language="zh", expects="basket")
    assert [act_text(act) for act in meaning.acts] == ["add: 1 cheeseburger"]
    assert [act_text(act) for doubt in meaning.ask for act in doubt.candidates] == ["add: 5 coke"]
    assert not meaning.leftover


@pytest.mark.parametrize(
    ("language", "text"), [("en", "three zebras"), ("zh", "来两个火箭"), ("ko", "기린 세 개 주세요")]
)
def test_a_counted_word_that_is_like_nothing_is_not_asked_about(language: str, text: str) -> None:
    assert not any(doubt.candidates for doubt in meaning_of(text, language=language, expects="basket").ask)


ACTS = """
what is your name => person
who am I talking to => person
你叫什么名字 => person
이름이 뭐예요 => person
where is my refund => order_status
has my refund arrived yet => order_status
where's my money => order_status
I want my money back => refund
我的退款什么时候到账 => order_status
钱退了吗 => order_status
我要退款 => refund
환불 언제 돼요 => order_status
환불해 주세요 => refund
refund half => refund: {'percent': 50}
전부 빼 줘 => start_over
햄버거 전부 빼 줘 => remove: hamburger
장바구니에 뭐가 있어 => show_basket
주먹밥 하나랑 콜라 두 잔 주세요 => add: 2 coke
떡볶이 하나 콜라 두 잔 주세요 => add: 2 coke
치즈버그 하나랑 콜라 두 잔 주세요 => add: 1 cheeseburger, 2 coke
order that again => reorder
a large margherita with ham on one half => add: 1 margherita large ham/left
a margherita with ham on one half and mushrooms on the other half => add: 1 margherita ham/left mushroom/right
a margherita with ham and olives on the left half => add: 1 margherita ham/left olive/left
a margherita with ham on the left half and olives on the right half => add: 1 margherita ham/left olive/right
the cheapest drink => ask_menu: #drinks {'tags': ['cheap']}
最便宜的 => ask_menu: {'tags': ['cheap']}
제일 싼 걸로 주세요 => ask_menu: {'tags': ['cheap']}
mhm => none
"""


@pytest.mark.parametrize(("text", "acts"), table(ACTS))
def test_what_people_ask_beside_their_order(text: str, acts: str) -> None:
    assert " + ".join(map(act_text, meaning_of(text, basket=BASKET).acts)) == acts


@pytest.mark.parametrize("text", ["person please", "operator", "a human please", "agent"])
def test_a_person_is_understood_where_a_name_is_asked(text: str) -> None:
    assert understood(text, basket=BASKET, expects="contact") == "person"


def test_one_person_is_a_guest() -> None:
    assert understood("one person please", shop="lake-hotel", expects="stay") == "give_guests: {'adults': 1}"


def test_a_quiet_room_ends_no_talk() -> None:
    couple = understood("something quiet for a couple", shop="lake-hotel")
    assert couple == "ask_menu: {'tags': ['quiet']} + give_guests: {'adults': 2}"
    assert understood("quiet please", shop="lake-hotel") == "stop"


def test_so_many_nights_in_korean_book_the_room() -> None:
    acts = understood("모레부터 사흘 동안 싱글룸 어른 두 명", shop="lake-hotel")
    assert "add: single_room" in acts and "remove" not in acts
    assert "'from': '2026-11-25', 'to': '2026-11-28'" in acts


def test_a_choice_behind_a_price_is_a_question() -> None:
    assert understood("and the large?", basket=("coke",), listed=("cheeseburger",)) == "ask_price: cheeseburger"
    assert understood("and the large", basket=("coke",), listed=("cheeseburger",)) != "ask_price: cheeseburger"

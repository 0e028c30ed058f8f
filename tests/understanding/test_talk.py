"""What is said before it is asked, in the middle of a talk: addresses, names, times, more nights."""

from __future__ import annotations

import pytest

from tests.understanding.support import NOW, acts_text, meaning_of, understood

OPEN = {"basket": ("cheeseburger",), "missing": ("fulfilment", "contact", "name"), "last": "cheeseburger"}


@pytest.mark.parametrize(
    ("language", "text", "expects", "expected"),
    [
        ("en", "27 Mill Lane, flat 2", "basket", "give_address: 27 Mill Lane, flat 2"),
        ("en", "er 9 Orchard Road", "method", "give_address: 9 Orchard Road"),
        ("en", "27 nuggets", "basket", "add: 27 chicken_nuggets"),
        ("zh", "学院路15号", "basket", "give_address: 学院路15号"),
        ("ko", "마포구 양화로 45", "basket", "give_address: 마포구 양화로 45"),
        ("en", "I'm Nora", "basket", "give_contact: {'name': 'Nora'}"),
        ("en", "Nora", "method", "give_contact: {'name': 'Nora'}"),
        ("en", "Nora Hill, card", "method", "give_contact: {'name': 'Nora Hill'} + choose_method: card"),
        ("en", "I'm starving", "basket", "-"),
        ("en", "Lasagne", "basket", "-"),
        ("zh", "我是李雷", "basket", "give_contact: {'name': '李雷'}"),
        ("zh", "李雷", "method", "give_contact: {'name': '李雷'}"),
        ("ko", "저는 박지훈이에요", "basket", "give_contact: {'name': '박지훈'}"),
        ("ko", "박지훈", "method", "give_contact: {'name': '박지훈'}"),
    ],
)
def test_what_is_missing_may_be_told_before_it_is_asked(language: str, text: str, expects: str, expected: str) -> None:
    assert understood(text, language=language, expects=expects, **OPEN) == expected


def test_where_to_is_told_again_with_its_word() -> None:
    known = {"basket": ("cheeseburger",), "expects": "confirm"}
    assert understood("to 27 Mill Lane", **known) == "give_address: 27 Mill Lane"


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "deliver in 40 minutes", "choose_fulfilment: delivery + give_time: 15:40"),
        ("en", "deliver it to 27 Mill Lane in 40 minutes", "choose_fulfilment: delivery + give_address: 27 Mill Lane"
         " + give_time: 15:40"),
        ("zh", "40分钟后送到", "give_time: 15:40 + choose_fulfilment: delivery"),
        ("ko", "40분 뒤에 배달해 주세요", "give_time: 15:40 + choose_fulfilment: delivery"),
        ("en", "deliver at 26:00", "choose_fulfilment: delivery + give_time: 26:00"),
        ("en", "deliver it yesterday", "choose_fulfilment: delivery + give_time: 2026-11-22"),
        ("zh", "昨天送", "give_time: 2026-11-22 + choose_fulfilment: delivery"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("expects", [None, "address"])
def test_a_time_is_no_address_and_an_impossible_one_is_not_lost(
    language: str, text: str, expected: str, expects: str | None
) -> None:
    assert understood(text, language=language, expects=expects, basket=("cheeseburger",)) == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "another night", 4),
        ("en", "two nights longer", 5),
        ("en", "can we stay two more nights", 5),
        ("en", "one night less", 2),
        ("zh", "多住两晚", 5),
        ("zh", "再住一晚", 4),
        ("zh", "少住一晚", 2),
        ("ko", "이틀 더요", 5),
        ("ko", "1박 추가할게요", 4),
        ("en", "make it two nights", 2),
    ],
)
def test_nights_more_are_on_top_of_those_booked(language: str, text: str, expected: int) -> None:
    said = understood(text, "lake-hotel", language, basket=("lake_king",), last="lake_king", dated=True, nights=3)
    assert said == f"give_dates: {{'nights': {expected}}}"


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "from Feb 31 to Mar 3", "{'from': '02-31'}"),
        ("zh", "2月31号入住", "{'from': '02-31'}"),
        ("ko", "2월 31일 체크인", "{'from': '02-31'}"),
        ("en", "checking in yesterday for two nights", "{'from': '2026-11-22', 'to': '2026-11-24'}"),
        ("zh", "昨天入住", "{'from': '2026-11-22'}"),
        ("ko", "어제 체크인", "{'from': '2026-11-22'}"),
        ("en", "from Dec 20 to Dec 18", "{'from': '2026-12-20', 'to': '2026-12-18'}"),
    ],
)
def test_days_that_cannot_be_are_given_as_said(language: str, text: str, expected: str) -> None:
    assert understood(text, "lake-hotel", language) == f"give_dates: {expected}"


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "two lattes for tomorrow", "add: 2 latte + give_time: 2026-11-24"),
        ("en", "a brownie for pickup on Friday", "add: 1 brownie + choose_fulfilment: pickup + give_time: 2026-11-27"),
        ("en", "a brownie for pickup tomorrow at 10", "add: 1 brownie + choose_fulfilment: pickup"
         " + give_time: 2026-11-24T10:00"),
        ("zh", "两杯拿铁，周五要", "add: 2 latte + give_time: 2026-11-27"),
        ("zh", "后天自取", "give_time: 2026-11-25 + choose_fulfilment: pickup"),
        ("ko", "라떼 두 잔 내일 포장이요", "add: 2 latte + give_time: 2026-11-24 + choose_fulfilment: pickup"),
        ("en", "two lattes for tomorrow evening", "add: 2 latte + give_time: 2026-11-24 pm"),
        ("zh", "明天晚上要两杯拿铁", "give_time: 2026-11-24 pm + add: 2 latte"),
        ("ko", "내일 저녁에 라떼 두 잔 주세요", "give_time: 2026-11-24 pm + add: 2 latte"),
        ("en", "are you open tomorrow", "ask_item: hours"),
        ("en", "two lattes today", "add: 2 latte"),
    ],
)  # fmt: skip
def test_a_later_day_without_an_hour_is_not_lost(language: str, text: str, expected: str) -> None:
    assert understood(text, language=language) == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "deliver it to 27 Mill Lane tomorrow", "give_address: 27 Mill Lane + give_time: 2026-11-24"),
        ("en", "deliver it to 27 Mill Lane, flat 2b tomorrow at half past seven", "give_address: 27 Mill Lane, flat 2b"
         " + give_time: 2026-11-24T19:30"),
        ("en", "delivery to 27 Mill Lane for Nora, 555 0134", "give_address: 27 Mill Lane"
         " + give_contact: {'name': 'Nora', 'phone': '555 0134'}"),
        ("zh", "送到学院路15号，明天晚上七点", "give_address: 学院路15号 + give_time: 2026-11-24T19:00"),
        ("zh", "送到明天广场3号", "give_address: 明天广场3号"),
        ("zh", "送到学院路15号，小费十块", "give_address: 学院路15号 + answer: tip 10 块"),
        ("zh", "送到学院路15号3栋2单元，李雷，13800138000，明天下午三点", "give_address: 学院路15号3栋2单元"
         " + give_contact: {'name': '李雷', 'phone': '13800138000'} + give_time: 2026-11-24T15:00"),
    ],
)  # fmt: skip
def test_an_address_ends_where_something_else_is_said(language: str, text: str, expected: str) -> None:
    said = understood(text, language=language, basket=("latte",))
    assert said == f"choose_fulfilment: delivery + {expected}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("내일 저녁 일곱 시 반에 양화로 45번지로 배달해 주세요", "give_time: 2026-11-24T19:30"
         " + choose_fulfilment: delivery + give_address: 양화로 45번지"),
        ("양화로 45번지로 배달해 주시고 브라우니 하나 추가요", "choose_fulfilment: delivery"
         " + give_address: 양화로 45번지 + add: 1 brownie"),
    ],
)  # fmt: skip
def test_an_address_before_its_verb_has_no_part_of_what_else_is_said(text: str, expected: str) -> None:
    assert understood(text, language="ko", basket=("latte",)) == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("zh", "晚上八点两个芝士汉堡", "give_time: 20:00 + add: 2 cheeseburger"),
        ("zh", "今晚八点四个人堂食", "give_time: 2026-11-23T20:00 + choose_fulfilment: dine_in"),
        ("zh", "晚上八点二十分自取", "give_time: 20:20 + choose_fulfilment: pickup"),
        ("ko", "저녁 일곱 시 두 개 브라우니", "give_time: 19:00 + add: 2 brownie"),
    ],
)
def test_what_is_counted_behind_an_hour_is_no_minute(language: str, text: str, expected: str) -> None:
    assert understood(text, language=language) == expected


def test_an_hour_is_one_of_the_later_day_that_is_known() -> None:
    assert understood("at ten", expects="time", basket=("latte",)) == "give_time: 22:00"
    assert understood("at ten", expects="time", basket=("latte",), later=True) == "give_time: 10:00"


@pytest.mark.parametrize("hour", [7, 10])
@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "tonight at 8", "2026-11-23T20:00"),
        ("en", "tomorrow evening at 8", "2026-11-24T20:00"),
        ("en", "at 8 tomorrow evening", "2026-11-24T20:00"),
        ("en", "tomorrow morning at 8", "2026-11-24T08:00"),
        ("en", "Friday evening at 8", "2026-11-27T20:00"),
        ("zh", "今晚八点", "2026-11-23T20:00"),
        ("zh", "明晚八点", "2026-11-24T20:00"),
        ("zh", "明早八点", "2026-11-24T08:00"),
        ("zh", "后天晚上九点", "2026-11-25T21:00"),
        ("ko", "오늘 저녁 여덟 시", "2026-11-23T20:00"),
        ("ko", "내일 저녁 여덟 시", "2026-11-24T20:00"),
        ("ko", "내일밤 아홉 시", "2026-11-24T21:00"),
        ("ko", "내일 아침 여덟 시", "2026-11-24T08:00"),
    ],
)
def test_the_part_of_a_day_is_that_of_its_hour(language: str, text: str, expected: str, hour: int) -> None:
    """Whatever o'clock it is when that is said."""
    said = understood(text, language=language, expects="time", basket=("latte",), now=NOW.replace(hour=hour))
    assert said == f"give_time: {expected}"


def test_who_comes_is_no_hour() -> None:
    said = understood("a table for four tonight at 8", language="en")
    assert said == "ask_item: unlisted + give_time: 2026-11-23T20:00"


def test_what_a_name_is_announced_by_may_lead_up_to_anything_else() -> None:
    assert understood("this is ridiculous", language="en") == "-"
    assert understood("it's for my mom", language="en") == "-"
    assert understood("this is Nora", language="en") == "give_contact: {'name': 'Nora'}"
    assert understood("this is nora", language="en", expects="contact") == "give_contact: {'name': 'nora'}"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "bitcoin"),
        ("en", "do you take bitcoin"),
        ("en", "can I pay with crypto"),
        ("zh", "用比特币付"),
        ("ko", "비트코인 되나요"),
        ("ko", "비트코인으로 결제할게요"),
    ],
)
@pytest.mark.parametrize("expects", [None, "method", "contact"])
def test_a_way_to_pay_that_is_not_taken_is_none_that_sounds_like_it(
    language: str, text: str, expects: str | None
) -> None:
    meaning = meaning_of(text, language=language, basket=("cheeseburger",), expects=expects)
    assert (acts_text(meaning.acts), meaning.ask) == ("choose_method: crypto", ())


@pytest.mark.parametrize(
    ("language", "known", "text", "expected"),
    [
        ("en", "12 High Street", "actually the address is 14, not 12", "give_address: 14 High Street"),
        ("en", "12 High Street", "it's 14 not 12", "give_address: 14 High Street"),
        ("en", "12 High Street", "sorry not 12, 14", "give_address: 14 High Street"),
        ("en", "12 High Street, flat 3", "flat 4, not 3", "give_address: 12 High Street, flat 4"),
        ("en", "12 High Street", "the house number is 20", "give_address: 20 High Street"),
        ("en", "12 High Street", "the address is 14 Low Lane, not 12", "give_address: 14 Low Lane"),
        ("en", "12 High Street", "two cokes, not three", "add: 2 coke"),
        ("zh", "人民路88号302室", "门牌号是90号不是88号", "give_address: 人民路90号302室"),
        ("zh", "人民路88号302室", "不是302，是402室", "give_address: 人民路88号402室"),
        ("ko", "강남대로 12", "주소 12 아니고 14예요", "give_address: 강남대로 14"),
        ("ko", "강남대로 12", "12번지가 아니라 14번지예요", "give_address: 강남대로 14"),
    ],
)
def test_another_number_is_put_into_the_address_that_is_known(
    language: str, known: str, text: str, expected: str
) -> None:
    assert understood(text, language=language, address=known, basket=("cheeseburger",), expects="basket") == expected


@pytest.mark.parametrize("expects", ["contact", "basket"])
def test_a_note_for_the_courier_is_nobodys_name(expects: str) -> None:
    assert understood("please ring twice", expects=expects, **OPEN) == "answer: note ring twice"


@pytest.mark.parametrize(
    ("text", "expected"),
    [("six thirty", "give_time: 18:30"), ("9 then", "give_time: 21:00"), ("9 cokes then", "add: 9 coke")],
)
def test_behind_a_time_numbers_alone_are_another_one(text: str, expected: str) -> None:
    assert understood(text, timed=True, basket=("cheeseburger",), expects="basket") == expected


PLACE = {"basket": ("cheeseburger",), "expects": "basket", "missing": ("address", "contact", "name")}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("deliver at 7pm tomorrow to 10 Downing Street, London SW1A 2AA", "choose_fulfilment: delivery"
         " + give_address: 10 Downing Street, London SW1A 2AA + give_time: 2026-11-24T19:00"),
        ("deliver it tomorrow to 12 Downing Street", "choose_fulfilment: delivery + give_address: 12 Downing Street"
         " + give_time: 2026-11-24"),
        ("name's Zoë, phone 555-0199", "give_contact: {'name': 'Zoë', 'phone': '555-0199'}"),
    ],
)  # fmt: skip
def test_when_is_no_part_of_where_and_a_word_for_a_name_none_of_it(text: str, expected: str) -> None:
    assert understood(text, **PLACE) == expected


def test_a_family_name_is_told_without_its_word() -> None:
    expected = "give_contact: {'name': '李', 'phone': '2125550188'}"
    assert understood("姓李，电话2125550188", "corner-shop", basket=("milk",)) == expected


def test_a_name_alone_is_asked_about_where_goods_are_waited_for() -> None:
    known = {"basket": ("cheeseburger",), "expects": "basket", "missing": ("contact", "name")}
    for text, language in (("Anna", "en"), ("김민수", "ko"), ("张三丰", "zh")):
        meaning = meaning_of(text, language=language, **known)
        assert acts_text(meaning.acts) == "-"
        assert [acts_text(one.candidates) for one in meaning.ask] == [f"give_contact: {{'name': '{text}'}}"]
    unknown_way = {**known, "missing": ("fulfilment", "contact", "name")}
    assert meaning_of("Lasagne", **unknown_way).ask == ()


@pytest.mark.parametrize(
    ("at", "text", "expected"),
    [
        ("19:00", "no, 8", "20:00"),
        ("09:00", "no, 8", "08:00"),
        ("19:00", "8 am", "08:00"),
        ("19:00", "9 then", "21:00"),
    ],
)
def test_another_hour_is_of_the_same_half_of_the_day(at: str, text: str, expected: str) -> None:
    wanted = NOW.replace(day=24, hour=int(at[:2]))
    said = understood(text, timed=True, later=True, at=wanted, basket=("cheeseburger",), expects="basket")
    assert said.removeprefix("give_time: ")[-5:] == expected


def test_so_many_are_wanted_of_goods_that_are_there_or_so_many_more() -> None:
    known = {"shop": "corner-shop", "basket": ("milk",), "expects": "basket"}
    assert understood("牛奶要三盒", **known) == "change: 3 milk"
    assert understood("牛奶要三盒，不对，两盒", **known) == "change: 2 milk"
    assert understood("牛奶再来三盒", **known) == "add: 3 milk"


def test_a_phone_is_no_count() -> None:
    said = understood("5550134", basket=("cheeseburger",), expects="choose", missing=("contact",))
    assert said == "give_contact: {'phone': '5550134'}"


@pytest.mark.parametrize(("language", "text"), [("en", "two of each"), ("zh", "每样两个"), ("ko", "각각 두 개씩이요")])
def test_so_many_of_each_are_those_that_were_just_ordered(language: str, text: str) -> None:
    just = {"basket": ("butter", "milk", "eggs"), "added": ("milk", "eggs"), "expects": "basket"}
    assert understood(text, "corner-shop", language, **just) == "change: 2 it @2, 2 it @3"


@pytest.mark.parametrize(
    ("text", "expects", "expected"),
    [
        ("this is for Mrs. O'Hara-Lee", "basket", {"name": "Mrs. O'Hara-Lee"}),
        ("Mrs. O'Hara-Lee", "contact", {"name": "Mrs. O'Hara-Lee"}),
        ("St. John, 555 0134", "contact", {"name": "St. John", "phone": "555 0134"}),
        ("my name is Jun, 010 1234 5678", "basket", {"name": "Jun", "phone": "010 1234 5678"}),
    ],
)
def test_titles_and_names_of_months_are_names(text: str, expects: str, expected: dict[str, str]) -> None:
    said = understood(text, basket=("cheeseburger",), expects=expects, missing=("contact", "name"))
    assert said == f"give_contact: {expected}"


def test_a_title_ends_no_sentence_and_a_name_does() -> None:
    said = understood("my name is Tom. I live at 5 Elm Road", **OPEN)
    assert said == "give_contact: {'name': 'Tom'} + give_address: 5 Elm Road"


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [("en", "switch back to english please", "en"), ("zh", "中文可以吗", "zh"), ("zh", "韩语行吗", "ko")],
)
def test_a_language_is_asked_for_and_nothing_is_taken_back(language: str, text: str, expected: str) -> None:
    assert understood(text, language=language, basket=("cheeseburger",)) == f"change_language: {expected}"

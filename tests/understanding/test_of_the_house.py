"""What belongs to a house and isn't sold, and what only its people can do."""

from __future__ import annotations

import pytest

from tests.understanding.support import meaning_of, table, understood

HOUSE = """
en: what time does the pool close? => ask_item: facility
en: what is your pet policy => ask_item: facility
en: we'll be coming with two dogs => ask_item: facility
en: how much is a full body massage => ask_item: facility
en: where can I leave my car => ask_item: facility
zh: 健身房几点开门 => ask_item: facility
zh: 按摩多少钱 => ask_item: facility
zh: 我们带了一只猫 => ask_item: facility
ko: 수영장 어디에 있어요 => ask_item: facility
ko: 고양이 한 마리 데려가요 => ask_item: facility
en: the wifi is broken => person: matter
en: I've lost my room key => person: matter
en: can I get two more towels => person: matter
en: can someone clean my room please => person: matter
zh: 房卡丢了 => person: matter
zh: 再送两条毛巾 => person: matter
zh: 空调不制冷 => person: matter
ko: 방에 휴대폰을 두고 왔어요 => person: matter
ko: 에어컨이 안 돼요 => person: matter
en: speak to someone about room service => person
en: get me your manager on the line => person
zh: 我要跟前台说话 => person
ko: 매니저 불러 주세요 => person
en: I have an existing booking => order_status
zh: 我有一个预订 => order_status
ko: 이미 예약했는데요 => order_status
en: I want to modify the number of rooms => back: any
en: can I change the start date of my booking => back: dates
zh: 修改入住人数 => back: any
ko: 객실 수를 변경하고 싶어요 => back: any
en: when do I need to check out? => ask_item: stay
zh: 房间什么时候能准备好 => ask_item: stay
ko: 방은 언제 준비돼요 => ask_item: stay
"""


@pytest.mark.parametrize(("text", "acts"), table(HOUSE))
def test_what_is_said_of_a_house_books_nothing(text: str, acts: str) -> None:
    language, _, said = text.partition(": ")
    assert understood(said, "lake-hotel", language) == acts


def test_what_is_said_of_a_day_or_a_card_is_no_matter_of_the_house() -> None:
    for said in ("my card isn't working", "Friday doesn't work for me"):
        assert "person" not in understood(said, "lake-hotel")


@pytest.mark.parametrize(("language", "said", "word"), [
    ("en", "a room with a sauna for tomorrow", "sauna"),
    ("zh", "要一间带泳池的房间", "泳池"),
    ("ko", "수영장 있는 방 주세요", "수영장"),
])  # fmt: skip
def test_what_is_wished_with_a_room_and_not_known_is_said_back(language: str, said: str, word: str) -> None:
    assert word in meaning_of(said, "lake-hotel", language).leftover


def test_days_beside_a_question_of_the_house_are_kept() -> None:
    said = understood("we arrive on Friday for two nights, is there parking?", "lake-hotel")
    assert "ask_item: facility" in said
    assert "give_dates" in said


def test_where_any_words_are_an_answer_they_are_one() -> None:
    assert "facility" not in understood("next to the swimming pool, gate 2", "burger-bar", "en", expects="address")

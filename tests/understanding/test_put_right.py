"""What was told right before is put right by a bare number, which counts no goods."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tests.understanding.support import NOW, acts_text, meaning_of, table, understood

BASKET = ("cheeseburger", "coke")


def at_last(text: str, **context: Any) -> str:
    language = "ko" if any("가" <= one <= "힣" for one in text) else "en" if text.isascii() else "zh"
    return understood(text, language=language, basket=BASKET, last="coke", line=2, **context)


@pytest.mark.parametrize(
    ("text", "acts"),
    table(
        """
        at six thirty, no, seven                 => give_time: 19:00
        六点半,不,七点                           => give_time: 19:00
        여섯 시 반 아니 일곱 시                  => give_time: 19:00
        二十分钟后,不,三十                       => give_time: 15:30
        pickup at six, no wait, seven            => choose_fulfilment: pickup + give_time: 19:00
        Ann 555 0134, no 0135                    => give_contact: {'name': 'Ann', 'phone': '555 0135'}
        010-1234-5678 아니 5679                  => give_contact: {'phone': '010-1234-5679'}
        六点半不是七点                           => give_time: 18:30
        不是四楼                                 => -
        two cokes, no, three                     => add: 3 coke
        """
    ),
)
def test_what_is_put_right_in_the_same_breath(text: str, acts: str) -> None:
    assert at_last(text, expects="contact") == acts


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("12 Park Road, flat 4, no, flat 15", "12 Park Road, flat 15"),
        ("人民路12号3楼，不对，是14楼", "人民路12号14楼"),
        ("마포로 12 3층, 아니 14층이요", "마포로 12 14층"),
    ],
)
def test_a_part_of_an_address_in_the_same_breath(text: str, address: str) -> None:
    assert at_last(text, expects="address") == f"give_address: {address}"


@pytest.mark.parametrize(
    ("text", "told", "acts"),
    [
        ("no, flat 5", "address", "give_address: 12 Park Road, flat 5"),
        ("no, floor 5", "address", "back: address"),
        ("no, 14", "address", "back: address"),
        ("no wait, 555 0135", "contact", "give_contact: {'phone': '555 0135'}"),
        ("my number ends in 0135", "way", "give_contact: {'phone': '555 0135'}"),
        ("尾号是0135", "way", "give_contact: {'phone': '555 0135'}"),
        ("번호 끝자리 0135예요", "way", "give_contact: {'phone': '555 0135'}"),
        ("改成8002", "contact", "give_contact: {'phone': '555 8002'}"),
        ("make it 8", "time", "give_time: 20:00"),
        ("no, 8", "time", "give_time: 20:00"),
        ("아니 네 명", "way", "-"),
        ("no, 1000", "", "-"),
        ("make it two", "way", "change: 2 it"),
        ("no, two", "", "change: 2 it"),
    ],
)
def test_what_the_turn_before_told_is_put_right(text: str, told: str, acts: str) -> None:
    context: dict[str, Any] = {"address": "12 Park Road, flat 4", "phone": "555 0134", "timed": told == "time"}
    at = NOW.replace(hour=19) if told == "time" else None
    assert at_last(text, told=told, at=at, expects="method", **context) == acts


@pytest.mark.parametrize("text", ["no, four", "不对,四个", "아니 네 개"])
def test_behind_what_was_not_understood_a_count_is_asked_about(text: str) -> None:
    meaning = meaning_of(text, basket=BASKET, last="coke", line=2, told="unclear", expects="method")
    assert not meaning.acts
    assert [acts_text(doubt.candidates) for doubt in meaning.ask] == ["change: 4 it"]


@pytest.mark.parametrize("text", ["that should be 50", "应该是50"])
def test_a_sum_that_was_read_back_counts_no_goods(text: str) -> None:
    meaning = meaning_of(text, basket=BASKET, last="coke", line=2, expects="confirm")
    assert not meaning.acts
    assert [acts_text(doubt.candidates) for doubt in meaning.ask] == ["change: 50 it"]


@pytest.mark.parametrize("text", ["make it 8", "at 8", "还是八点吧", "여덟 시로"])
def test_another_hour_of_today_is_of_the_same_half_of_the_day(text: str) -> None:
    now = NOW.replace(hour=1)
    known = now + dt.timedelta(hours=18)
    assert at_last(text, now=now, at=known, told="time", timed=True, expects="contact") == "give_time: 20:00"


@pytest.mark.parametrize(
    ("text", "acts"),
    table(
        """
        it's two cheeseburgers, isn't it         => repeat
        that's a large coke, right               => repeat
        am I paying cash                         => repeat
        that's delivery, right                   => repeat
        是送货吧                                 => repeat
        可乐是大杯的吧                           => repeat
        배달이죠?                                => repeat
        치즈버거 두 개 맞죠?                     => repeat
        I'll have two cokes, right?              => add: 2 coke
        make it two cokes, right?                => change: 2 coke
        来两杯可乐，对吧                         => add: 2 coke
        现金吧                                   => choose_method: cash
        改成现金吧                               => choose_method: cash
        카드로 하죠                              => choose_method: card
        """
    ),
)
def test_what_is_only_asked_at_the_read_back_is_read_again(text: str, acts: str) -> None:
    assert at_last(text, expects="confirm") == acts


@pytest.mark.parametrize(
    "text",
    [
        "is that for three nights",
        "isn't it 4 nights",
        "that's until the 13th, right",
        "two rooms, isn't it",
        "with breakfast, right?",
        "yes, that's only two nights right",
        "是三晚吧",
        "3박이죠?",
    ],
)
def test_what_is_only_asked_of_a_stay_is_read_again(text: str) -> None:
    assert understood(text, shop="lake-hotel", basket=("lake_twin",), last="lake_twin", expects="confirm") == "repeat"


def test_what_a_step_asks_for_may_end_so() -> None:
    assert at_last("배달이죠?", expects="fulfilment") == "choose_fulfilment: delivery"
    assert at_last("that's delivery, right", expects="method") == "show_basket"

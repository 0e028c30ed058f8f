"""A mere number is an hour where its word says so, and a count or the number of a house elsewhere."""

from __future__ import annotations

import pytest

from tests.understanding.support import acts_text, meaning_of, table, understood

HOURS = """
I need it by 6 => give_time: 18:00
pick it up at 7 => choose_fulfilment: pickup + give_time: 19:00
can I collect it at eight please => choose_fulfilment: pickup + give_time: 20:00
we'll be there around 7 => give_time: 19:00
have it ready for 6 => give_time: 18:00
can you have it here by 6 => give_time: 18:00
no later than 8 => give_time: 20:00
two cokes by 6 => add: 2 coke + give_time: 18:00
before seven and two fries => give_time: 19:00 + add: 2 fries
move it to 7 => give_time: 19:00
at 7, by card => give_time: 19:00 + choose_method: card
at 7 tomorrow => give_time: 2026-11-24T19:00
deliver to 12 High Street by 7 => choose_fulfilment: delivery + give_address: 12 High Street + give_time: 19:00
deliver it at 6 to 12 High Street => choose_fulfilment: delivery + give_address: 12 High Street + give_time: 18:00
around half six => give_time: 18:30
"""

OTHERS = """
I'm at 7 Mill Lane => give_address: 7 Mill Lane
deliver it to 7 Mill Lane => choose_fulfilment: delivery + give_address: 7 Mill Lane
about six cokes => add: 6 coke
add about 6 => add: 6 it
increase the coke by 2 => change: 2 coke
make it 6 => change: 6 it
two cokes at 3 dollars => add: 2 coke
"""
BASKET = ("cheeseburger", "coke")


@pytest.mark.parametrize(("text", "acts"), [*table(HOURS), *table(OTHERS)])
def test_a_number_is_an_hour_where_it_is_said_so(text: str, acts: str) -> None:
    assert understood(text, language="en", basket=BASKET, last="coke") == acts


@pytest.mark.parametrize(
    ("language", "text", "acts"),
    [
        ("zh", "六点来拿", "give_time: 18:00 + choose_fulfilment: pickup"),
        ("zh", "七点前要", "give_time: 19:00"),
        ("ko", "여섯 시에 찾으러 갈게요", "give_time: 18:00 + choose_fulfilment: pickup"),
        ("ko", "7시까지 필요해요", "give_time: 19:00"),
    ],
)
def test_an_hour_is_when_it_is_wanted_in_every_language(language: str, text: str, acts: str) -> None:
    assert understood(text, language=language, basket=BASKET) == acts


@pytest.mark.parametrize("text", ["pickup for 6", "pick up for six please"])
def test_an_hour_that_may_count_people_is_asked_about(text: str) -> None:
    meaning = meaning_of(text, language="en", basket=BASKET)
    assert acts_text(meaning.acts) == "choose_fulfilment: pickup"
    assert [acts_text(doubt.candidates) for doubt in meaning.ask] == ["give_time: 18:00"]


@pytest.mark.parametrize(
    ("text", "acts"),
    [
        ("between 5 and 6 pm", "give_time: 17:00"),
        ("sometime between 5 and 6", "give_time: 17:00"),
        ("from 5 to 6", "give_time: 17:00"),
        ("five to six", "give_time: 17:55"),
        ("between 5:30 and 6:30", "give_time: 17:30"),
        ("between five and six tomorrow evening", "give_time: 2026-11-24T17:00"),
        ("deliver between 5 and 6 pm tomorrow", "choose_fulfilment: delivery + give_time: 2026-11-24T17:00"),
        (
            "deliver it to 12 High Street between 6 and 7",
            "choose_fulfilment: delivery + give_address: 12 High Street + give_time: 18:00",
        ),
        ("下午5点到6点之间送", "give_time: 17:00 + choose_fulfilment: delivery"),
        ("明天上午9点到10点送", "give_time: 2026-11-24T09:00 + choose_fulfilment: delivery"),
        ("오후 5시에서 6시 사이에 배달해 주세요", "give_time: 17:00 + choose_fulfilment: delivery"),
    ],
)
def test_between_two_hours_is_the_first_of_them(text: str, acts: str) -> None:
    meaning = meaning_of(text, basket=("coke",))
    assert (acts_text(meaning.acts), meaning.leftover) == (acts, ())

"""Nights and guests as people say them, asked for or not; hours of the day; "tomorrow" in the small hours."""

from __future__ import annotations

import pytest

from tests.understanding.support import NOW, act_text, meaning_of, table, understood

SAID = """
tomorrow night => give_dates: {'from': '2026-11-24', 'to': '2026-11-25'}
this Friday => give_dates: {'from': '2026-11-27'}
make it three nights => give_dates: {'nights': 3}
a single room for two adults on Saturday night => add: 1 single_room + give_guests: {'adults': 2} + give_dates: {'from': '2026-11-28', 'to': '2026-11-29'}
a garden twin for two from Friday to Sunday => add: 1 garden_twin + give_guests: {'adults': 2} + give_dates: {'from': '2026-11-27', 'to': '2026-11-29'}
from the 24th to the 26th of November => give_dates: {'from': '2026-11-24', 'to': '2026-11-26'}
for two nights from tomorrow => give_dates: {'from': '2026-11-24', 'to': '2026-11-26'}
明天住两晚 => give_dates: {'from': '2026-11-24', 'to': '2026-11-26'}
明天上午十一点到 => give_dates: {'from': '2026-11-24'} + give_time: 2026-11-24T11:00
两大一小 => give_guests: {'adults': 2, 'children': 1}
내일부터 세 밤 => give_dates: {'from': '2026-11-24', 'to': '2026-11-27'}
어른 넷 아이 둘이요 => give_guests: {'adults': 4, 'children': 2}
"""  # noqa: E501

ASKED = """
two => give_dates: {'nights': 2}
three nights => give_dates: {'nights': 3}
两晚 => give_dates: {'nights': 2}
세 밤 => give_dates: {'nights': 3}
tomorrow night => give_dates: {'from': '2026-11-24', 'to': '2026-11-25'}
for two => give_guests: {'adults': 2}
one adult => give_guests: {'adults': 1}
with breakfast for two => change: it two_breakfasts
Tom Lee 555 0188 => give_contact: {'name': 'Tom Lee', 'phone': '555 0188'}
pay at the hotel => choose_method: room
a single room for two adults tomorrow => add: 1 single_room + give_guests: {'adults': 2} + give_dates: {'from': '2026-11-24'}
"""  # noqa: E501

HOURS = """
明天上午十一点 => give_time: 2026-11-24T11:00
上午十二点 => give_time: 12:00
明天下午一点 => give_time: 2026-11-24T13:00
晚上十一点半 => give_time: 23:30
오전 열한 시 => give_time: 11:00
tomorrow night at eight => give_time: 2026-11-24T20:00
"""


@pytest.mark.parametrize(("text", "acts"), table(SAID))
def test_nights_and_guests(text: str, acts: str) -> None:
    assert understood(text, shop="lake-hotel") == acts


@pytest.mark.parametrize(("text", "acts"), table(ASKED))
def test_whatever_is_said_while_the_stay_is_asked_for(text: str, acts: str) -> None:
    assert understood(text, shop="lake-hotel", expects="stay") == acts


def test_a_bare_number_is_the_guests_once_the_nights_are_known() -> None:
    assert understood("two", shop="lake-hotel", expects="stay", dated=True) == "give_guests: {'adults': 2}"


@pytest.mark.parametrize(("text", "acts"), table(HOURS))
def test_hours_of_the_day(text: str, acts: str) -> None:
    assert understood(text, basket=("coke",), expects="time") == acts


@pytest.mark.parametrize(
    ("text", "shop", "step", "days"),
    [
        ("tomorrow for two nights", "lake-hotel", None, ["2026-11-23", "2026-11-24"]),
        ("明天住两晚", "lake-hotel", "stay", ["2026-11-23", "2026-11-24"]),
        ("내일 저녁 여섯 시", "burger-bar", "time", ["2026-11-23T18:00", "2026-11-24T18:00"]),
    ],
)
def test_before_four_tomorrow_may_be_the_day_that_has_begun(
    text: str, shop: str, step: str | None, days: list[str]
) -> None:
    meaning = meaning_of(text, shop, expects=step, now=NOW.replace(hour=2))
    assert not meaning.acts
    assert len(meaning.ask) == 1
    assert all(day in act_text(act) for day, act in zip(days, meaning.ask[0].candidates, strict=True))

"""Where nights are booked: another room in place of the one there is, one room's nights, beds that are counted."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.understanding.support import table, understood

KNOWN = {"dated": True, "nights": 2, "arrival": dt.date(2026, 12, 8), "now": dt.datetime(2026, 11, 30, 10)}

INSTEAD = """
switch to the lakeside twin => change: lake_twin <- lake_king
move us to the suite => change: family_suite <- lake_king
then change to a family suite => change: family_suite <- lake_king
go back to the suite => change: family_suite <- lake_king
and a single room => add: 1 single_room
actually a single too => add: 1 single_room
move us to Friday => give_dates: {'from': '2026-12-11'}
还是双床房吧 => change: garden_twin <- lake_king
아니 다시 트윈룸으로요 => change: garden_twin <- lake_king
둘이 가요, 트윈룸으로 바꿔 주세요 => give_guests: {'adults': 2} + change: garden_twin <- lake_king
can I get two beds instead? => ask_stock: #rooms
可以给我们两张床吗 => ask_stock: #rooms
침대 두 개로 바꿔 주세요 => ask_stock: #rooms
"""

WHOSE = """
the king for one more night => give_dates: lake_king {'nights': 3}
extend the king by a night => give_dates: lake_king {'nights': 3}
extend my stay by two nights => give_dates: {'nights': 4}
another king room for three nights => add: 1 lake_king + give_dates: {'nights': 3}
大床房延长一天 => give_dates: lake_king {'nights': 3}
大床房住三晚 => give_dates: lake_king {'nights': 3}
킹룸은 하루 더요 => give_dates: lake_king {'nights': 3}
"""

OF_THEIR_OWN = """
a king room from the 8th to the 10th and a garden twin from the 9th to the 10th => add: 1 lake_king, 1 garden_twin + give_dates: {'from': '2026-12-08', 'to': '2026-12-10'} + ask_item: each_room
一间大床房住两晚，一间双床房住三晚 => add: 1 lake_king, 1 garden_twin + give_dates: {'nights': 3} + ask_item: each_room
from the 8th to the 10th, a king room and a single => give_dates: {'from': '2026-12-08', 'to': '2026-12-10'} + add: 1 lake_king, 1 single_room
"""  # noqa: E501


@pytest.mark.parametrize(("text", "acts"), table(INSTEAD + WHOSE))
def test_another_room_comes_instead_and_nights_are_those_of_the_room_that_is_named(text: str, acts: str) -> None:
    assert understood(text, "lake-hotel", None, basket=("lake_king",), expects="contact", **KNOWN) == acts


@pytest.mark.parametrize(("text", "acts"), table(OF_THEIR_OWN))
def test_rooms_with_nights_of_their_own_are_told_of(text: str, acts: str) -> None:
    assert understood(text, "lake-hotel", None, now=KNOWN["now"]) == acts

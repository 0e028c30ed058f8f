"""Where nights are booked: another room in place of the one there is, one room's nights, beds that are counted."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.understanding.support import meaning_of, table, understood

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

CALLED_OFF = """
I don't want to book anymore => cancel
先不订了 => cancel
那不要了 => cancel
예약 안 할게요 => cancel
大床房不要了 => remove: lake_king
Two of them are kids, 6 and 9 => give_guests: {'among': 1, 'children': 2}
one of us is 12, does that count as a child? => ask_item: unlisted
"""

FIGURES = """
king room 5/12 to 7/12 => add: lake_king + give_dates: {'from': '2026-12-05', 'to': '2026-12-07'}
king room 12/5-12/7 => add: lake_king + give_dates: {'from': '2026-12-05', 'to': '2026-12-07'}
king room 13/12 to 15/12 => add: lake_king + give_dates: {'from': '2026-12-13', 'to': '2026-12-15'}
大床房12/5到12/7 => add: lake_king + give_dates: {'from': '2026-12-05', 'to': '2026-12-07'}
킹룸 12/5~12/7 => add: lake_king + give_dates: {'from': '2026-12-05', 'to': '2026-12-07'}
a king room from Dec 8 to 10 for one person => add: 1 lake_king + give_dates: {'from': '2026-12-08', 'to': '2026-12-10'} + give_guests: {'adults': 1}
a king room for two Dec 8 to 10 => add: 1 lake_king + give_guests: {'adults': 2} + give_dates: {'from': '2026-12-08', 'to': '2026-12-10'}
"""  # noqa: E501

OF_THEIR_OWN = """
king room for two or three nights => add: lake_king
大床房两三天 => add: lake_king
a room with two beds for Friday => ask_stock: #rooms + give_dates: {'from': '2026-12-04'}
a king room from the 8th to the 10th and a garden twin from the 9th to the 10th => add: 1 lake_king, 1 garden_twin + give_dates: {'from': '2026-12-08', 'to': '2026-12-10'} + ask_item: each_room
一间大床房住两晚，一间双床房住三晚 => add: 1 lake_king, 1 garden_twin + give_dates: {'nights': 3} + ask_item: each_room
from the 8th to the 10th, a king room and a single => give_dates: {'from': '2026-12-08', 'to': '2026-12-10'} + add: 1 lake_king, 1 single_room
"""  # noqa: E501


@pytest.mark.parametrize(("text", "acts"), table(INSTEAD + WHOSE + CALLED_OFF))
def test_another_room_comes_instead_and_nights_are_those_of_the_room_that_is_named(text: str, acts: str) -> None:
    assert understood(text, "lake-hotel", None, basket=("lake_king",), expects="contact", **KNOWN) == acts


@pytest.mark.parametrize(("text", "acts"), table(OF_THEIR_OWN + FIGURES))
def test_rooms_with_nights_of_their_own_are_told_of_and_figures_with_a_slash_are_days(text: str, acts: str) -> None:
    assert understood(text, "lake-hotel", None, now=KNOWN["now"]) == acts


def test_a_day_in_figures_that_may_be_either_is_asked_about() -> None:
    said = meaning_of("king room 5/12", "lake-hotel", now=KNOWN["now"])
    assert [one.value for one in said.ask[0].candidates] == [{"from": "2027-05-12"}, {"from": "2026-12-05"}]


@pytest.mark.parametrize("text", ["I'll take it, John Smith 13800138000, just me", "要了，李雷13800138000，就我一个人"])
def test_what_is_offered_is_taken_with_name_and_guests_beside(text: str) -> None:
    said = meaning_of(text, "lake-hotel", None, expects="choose", pointing=True, listed=("lake_king",), **KNOWN)
    assert {act.act for act in said.acts} == {"confirm", "give_contact", "give_guests"}

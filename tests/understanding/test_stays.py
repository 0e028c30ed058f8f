"""Nights and guests as people say them, asked for or not; hours of the day; "tomorrow" in the small hours."""

from __future__ import annotations

import datetime as dt

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

DAYS = """
next Friday => give_dates: {'from': '2026-12-04'}
this Friday => give_dates: {'from': '2026-11-27'}
Wednesday next week => give_dates: {'from': '2026-12-02'}
Friday next week until the following Monday => give_dates: {'from': '2026-12-04', 'to': '2026-12-07'}
the 3rd of March for two nights => give_dates: {'from': '2027-03-03', 'to': '2027-03-05'}
5 December 2027 => give_dates: {'from': '2027-12-05'}
from the 5th to the 8th => give_dates: {'from': '2026-12-05', 'to': '2026-12-08'}
from 5 to 8 December => give_dates: {'from': '2026-12-05', 'to': '2026-12-08'}
from the twenty-eighth to the thirtieth => give_dates: {'from': '2026-11-28', 'to': '2026-11-30'}
Tuesday the 2nd => give_dates: {'from': '2027-02-02'}
out on the 27th, checking in on the 24th of December => give_dates: {'from': '2026-12-24', 'to': '2026-12-27'}
a week from tomorrow => give_dates: {'from': '2026-12-01'}
for a week from tomorrow => give_dates: {'from': '2026-11-24', 'to': '2026-12-01'}
in ten days for one night => give_dates: {'from': '2026-12-03', 'to': '2026-12-04'}
next weekend => give_dates: {'from': '2026-12-05'}
Saturday and Sunday night => give_dates: {'from': '2026-11-28', 'to': '2026-11-30'}
from Christmas Eve until New Year's Day => give_dates: {'from': '2026-12-24', 'to': '2027-01-01'}
a fortnight from the 1st of December => give_dates: {'from': '2026-12-01', 'to': '2026-12-15'}
Monday to Wednesday, I mean Thursday => give_dates: {'from': '2026-11-30', 'to': '2026-12-03'}
move my arrival to Saturday => give_dates: {'from': '2026-11-28'}
two nights, no, three => give_dates: {'nights': 3}
until Sunday => give_dates: {'to': '2026-11-29'}
two or three nights => -
I lost my key yesterday => -
is there a room for next Friday? => ask_menu: #rooms + give_dates: {'from': '2026-12-04'}
how much is a twin from Thursday to Sunday? => ask_price: garden_twin lake_twin + give_dates: {'from': '2026-11-26', 'to': '2026-11-29'}
12月5号到8号 => give_dates: {'from': '2026-12-05', 'to': '2026-12-08'}
下周五住两晚 => give_dates: {'from': '2026-12-04', 'to': '2026-12-06'}
下下周一入住 => give_dates: {'from': '2026-12-07'}
大后天 => give_dates: {'from': '2026-11-26'}
明天入住周日退房 => give_dates: {'from': '2026-11-24', 'to': '2026-11-29'}
这个月三十号到下个月二号 => give_dates: {'from': '2026-11-30', 'to': '2026-12-02'}
三天后住两晚 => give_dates: {'from': '2026-11-26', 'to': '2026-11-28'}
周五周六两晚 => give_dates: {'from': '2026-11-27', 'to': '2026-11-29'}
住三天两晚 => give_dates: {'nights': 2}
两晚，不对，三晚 => give_dates: {'nights': 3}
元旦住两天 => give_dates: {'from': '2027-01-01', 'to': '2027-01-03'}
两三天 => -
다음 주 금요일부터 이틀 => give_dates: {'from': '2026-12-04', 'to': '2026-12-06'}
12월 5일에서 8일까지 => give_dates: {'from': '2026-12-05', 'to': '2026-12-08'}
다음 달 5일부터 3박 => give_dates: {'from': '2026-12-05', 'to': '2026-12-08'}
12월 24일 체크인 26일 체크아웃 => give_dates: {'from': '2026-12-24', 'to': '2026-12-26'}
모레 체크인해서 이틀 묵을게요 => give_dates: {'from': '2026-11-25', 'to': '2026-11-27'}
사흘 뒤에 체크인 => give_dates: {'from': '2026-11-26'}
2박 3일 => give_dates: {'nights': 2}
일요일까지요 => give_dates: {'to': '2026-11-29'}
다음 주 금요일에 방 있어요? => give_dates: {'from': '2026-12-04'}
for a couple of nights from December 7 => give_dates: {'from': '2026-12-07', 'to': '2026-12-09'}
over Christmas, 24th to 27th => give_dates: {'from': '2026-12-24', 'to': '2026-12-27'}
for New Year, December 30 to January 2 => give_dates: {'from': '2026-12-30', 'to': '2027-01-02'}
New Year's Eve from the 30th to the 2nd => give_dates: {'from': '2026-12-30', 'to': '2027-01-02'}
next weekend, Friday to Sunday => give_dates: {'from': '2026-12-04', 'to': '2026-12-06'}
Friday to Sunday next week => give_dates: {'from': '2026-12-04', 'to': '2026-12-06'}
the week after next, Tuesday, one night => give_dates: {'from': '2026-12-08', 'to': '2026-12-09'}
Saturday week, one night => give_dates: {'from': '2026-12-05', 'to': '2026-12-06'}
the first Saturday of January, one night => give_dates: {'from': '2027-01-02', 'to': '2027-01-03'}
for the nights of the 11th and 12th => give_dates: {'from': '2026-12-11', 'to': '2026-12-13'}
Friday the 11th and Saturday the 12th => give_dates: {'from': '2026-12-11', 'to': '2026-12-13'}
下个周末，周五到周日 => give_dates: {'from': '2026-12-04', 'to': '2026-12-06'}
12月7号开始住四天 => give_dates: {'from': '2026-12-07', 'to': '2026-12-11'}
12月10号开始住一周 => give_dates: {'from': '2026-12-10', 'to': '2026-12-17'}
下个月第一个周五，一晚 => give_dates: {'from': '2026-12-04', 'to': '2026-12-05'}
12월 24일 2박 => give_dates: {'from': '2026-12-24', 'to': '2026-12-26'}
12월 20일 2박이요 => give_dates: {'from': '2026-12-20', 'to': '2026-12-22'}
1월 10일 2박 3일 => give_dates: {'from': '2027-01-10', 'to': '2027-01-12'}
다음 주말 금요일부터 일요일까지 => give_dates: {'from': '2026-12-04', 'to': '2026-12-06'}
다음 달 둘째 주 토요일 1박 => give_dates: {'from': '2026-12-12', 'to': '2026-12-13'}
그글피 1박 => give_dates: {'from': '2026-11-27', 'to': '2026-11-28'}
"""  # noqa: E501

PARTY = """
two adults and a kid => give_guests: {'adults': 2, 'children': 1}
two adults and a 5 year old => give_guests: {'adults': 2, 'children': 1}
my wife and I and our seven year old => give_guests: {'adults': 2, 'children': 1}
2 adults, one 5 year old and a baby => give_guests: {'adults': 2, 'children': 2}
for four => give_guests: {'adults': 4}
a family of five => give_guests: {'adults': 5}
we're three => give_guests: {'adults': 3}
it's just me => give_guests: {'adults': 1}
my husband and I and our two daughters => give_guests: {'adults': 2, 'children': 2}
my wife and I will need a room => give_guests: {'adults': 2}
a room for my mum => give_guests: {'adults': 1}
I'm coming with my dad on Thursday => give_guests: {'adults': 2} + give_dates: {'from': '2026-11-26'}
six people, two of them children => give_guests: {'adults': 4, 'children': 2}
two adults and no children => give_guests: {'adults': 2, 'children': 0}
two adults, sorry, three adults => give_guests: {'adults': 3}
our daughter forgot her hat in the lobby => person: matter
我们一家三口 => give_guests: {'adults': 2, 'children': 1}
我和老婆，还有两个孩子 => give_guests: {'adults': 2, 'children': 2}
爸妈和我三个人 => give_guests: {'adults': 3}
我们俩 => give_guests: {'adults': 2}
就我一个人 => give_guests: {'adults': 1}
不带孩子 => give_guests: {'children': 0}
我妈特别爱吃这个 => -
人均大概一百 => -
두 명이요 => give_guests: {'adults': 2}
성인 둘 아이 하나 => give_guests: {'adults': 2, 'children': 1}
아내랑 저랑 아이 둘 => give_guests: {'adults': 2, 'children': 2}
저 혼자요 => give_guests: {'adults': 1}
어른 둘이고 아이는 없어요 => give_guests: {'adults': 2, 'children': 0}
"""

COMING = """
arriving on the 27th at half past six => give_dates: {'from': '2026-11-27'} + give_time: 2026-11-27T18:30
we'll check in at 5 => give_time: 17:00
around 7ish => give_time: 19:00
at 6:15 a.m. => give_time: 06:15
twenty to seven p.m. => give_time: 18:40
晚上七点半到 => give_time: 19:30
我大概六点半到 => give_time: 18:30
저녁 7시 반에 도착해요 => give_time: 19:30
여섯 시 반쯤 => give_time: 18:30
"""

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


@pytest.mark.parametrize(("text", "acts"), table(DAYS + PARTY + COMING))
def test_days_people_and_hours_as_they_are_said(text: str, acts: str) -> None:
    assert understood(text, shop="lake-hotel") == acts


def test_a_date_that_is_not_on_the_weekday_said_with_it_is_asked_about() -> None:
    meaning = meaning_of("Tuesday the 3rd of March", "lake-hotel")  # a Wednesday
    assert not meaning.acts
    assert [one.value for one in meaning.ask[0].candidates] == [{"from": "2027-03-03"}, {"from": "2027-03-02"}]


def test_days_and_nights_that_contradict_each_other_are_asked_about() -> None:
    meaning = meaning_of("from Friday to Sunday for three nights", "lake-hotel")
    assert not meaning.acts
    assert [one.value["to"] for one in meaning.ask[0].candidates] == ["2026-11-29", "2026-11-30"]


@pytest.mark.parametrize("text", ["until Sunday", "住到周日", "일요일까지요"])
def test_until_a_weekday_is_behind_the_day_of_arriving_that_is_known(text: str) -> None:
    arrival = dt.date(2026, 12, 10)
    assert understood(text, shop="lake-hotel", arrival=arrival) == "give_dates: {'to': '2026-12-13'}"


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


ANOTHER_DAY = """
not today => deny
not Friday, Saturday => give_dates: {'from': '2026-12-12'}
不是周五，是周六 => give_dates: {'from': '2026-12-12'}
금요일 말고 토요일로요 => give_dates: {'from': '2026-12-12'}
오늘은 말고요 => deny
leave on the 12th => give_dates: {'to': '2026-12-12'}
12号走 => give_dates: {'to': '2026-12-12'}
leave on the 2nd => give_dates: {'to': '2026-12-02'}
"""


@pytest.mark.parametrize(("text", "acts"), table(ANOTHER_DAY))
def test_a_day_that_is_refused_is_none_that_is_wanted_and_a_day_of_leaving_skips_no_month(text: str, acts: str) -> None:
    stay = {"dated": True, "nights": 2, "arrival": dt.date(2026, 12, 15), "now": dt.datetime(2026, 12, 7, 10)}
    assert understood(text, shop="lake-hotel", language=None, basket=("lake_king",), expects="contact", **stay) == acts


@pytest.mark.parametrize("text", ["no wait, Saturday", "不对，周六", "아니, 토요일이요"])
def test_behind_a_day_of_leaving_another_one_is_it_instead(text: str) -> None:
    stay = {"dated": True, "nights": 5, "arrival": dt.date(2026, 12, 8), "leaving": True}
    said = meaning_of(text, "lake-hotel", None, basket=("lake_king",), **stay)
    assert [act.value for act in said.acts if act.act == "give_dates"] == [{"to": "2026-12-12"}]


REMARKS = [
    "they come too",
    "sounds expensive",
    "non-smoking please",
    "我再考虑一下",
    "无烟的",
    "要高楼层",
    "如果住三晚呢",
]


@pytest.mark.parametrize(
    "text", [*REMARKS, "九折码LAKE10", "하루 더 있을게요", "높은 층으로", "금연실로요", "창가로요"]
)
def test_a_remark_while_the_name_is_asked_for_is_no_name(text: str) -> None:
    stay = {"dated": True, "nights": 2, "arrival": dt.date(2026, 12, 8), "expects": "contact"}
    said = meaning_of(text, "lake-hotel", None, basket=("lake_king",), **stay)
    assert "give_contact" not in {act.act for act in said.acts}


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "one more guest", "give_guests: {'adults': 1, 'more': True}"),
        ("en", "two more people", "give_guests: {'adults': 2, 'more': True}"),
        ("zh", "多一个人", "give_guests: {'adults': 1, 'more': True}"),
        ("ko", "한 명 더요", "give_guests: {'adults': 1, 'more': True}"),
    ],
)
def test_one_more_guest_is_no_more_rooms(language: str, text: str, expected: str) -> None:
    said = understood(text, shop="lake-hotel", language=language, basket=("garden_twin",), booking=True, dated=True)
    assert said == expected

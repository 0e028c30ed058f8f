"""Days as people say them. The language file names the words; the order in which they come is looked at here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from assistant.commerce.shop import DAYS
from assistant.understanding.words.spans import Span


class Found(Struct, frozen=True):
    """Something with a place in the utterance."""

    start: int
    end: int
    """Spans `start` to `end`."""
    value: Any
    how: str = ""
    """How much of a day was said: `weekday`, `number` (of a month that wasn't named), `month` (and its day, of a year
    that wasn't named); "" where it can be but this one."""
    other: dt.date | None = None
    """The day that may be meant as well, where a date is not on the weekday that was said with it."""


NOT_HOURS = frozenset("night adult child currency measure item unit choice multiple period".split())
"""What follows a number that is no hour, no guest and no day."""
OF_WEEK = "of_week"
"""How much of a day was said where its week stands behind it, "Sunday next week": of both ends of a stay."""
OFFSETS = {"yesterday": -1, "today": 0, "tomorrow": 1, "after_tomorrow": 2, "in_three_days": 3, "in_four_days": 4}
_DATED = frozenset({*OFFSETS, "day_of_month", "weekend"})
_UNITS = {"days": 1, "weeks": 7, "fortnights": 14}
_WEEKS = {"this_week": 0, "next_week": 1, "week_after_next": 2}
_MONTHS = {"this_month": 0, "next_month": 1}
_YEARS = {"this_year": 0, "next_year": 1}
_COUNTED = frozenset("unknown road item choice category one child adult night".split())
"""What follows an ordinal that is no day: "the 2nd room"."""
_BEGINNING = frozenset("day weekday month feast days period num digits ordinal article multiple clock".split())
"""One of these has every word that a day begins with."""
_FAR = 14
"""Months that are looked through for a day of the month that falls on a weekday."""


def number_of(span: Span) -> int | None:
    number = span.has.get("num")
    return number[0] if number is not None else None


def said_day(spans: Sequence[Span], at: int) -> str | None:
    return spans[at].has.get("day") if 0 <= at < len(spans) else None


def date_at(spans: Sequence[Span], at: int, now: dt.datetime, booking: bool = False) -> Found | None:
    """A day that begins at span `at`: a date, or `MM-DD` as text where there is no such day. `booking`: days are what
    is talked of here, so that "the 24th" is one, and a weekday is not today's."""
    if spans[at].has.keys().isdisjoint(_BEGINNING):
        return None
    return _Reader(spans, now.date(), booking).day(at)


class _Reader:
    """Reads the days of one utterance."""

    def __init__(self, spans: Sequence[Span], today: dt.date, booking: bool) -> None:
        self.spans = spans
        self.today = today
        self.booking = booking

    def has(self, at: int) -> dict[str, Any]:
        return self.spans[at].has if 0 <= at < len(self.spans) else {}

    def said(self, at: int) -> str | None:
        return self.has(at).get("day")

    def skip(self, at: int, *kinds: str) -> int:
        while at < len(self.spans) and self.spans[at].has.keys() & set(kinds) and "num" not in self.spans[at].has:
            at += 1
        return at

    def day(self, at: int) -> Found | None:
        for read in (self.nth, self.hence, self.named, self.of_week, self.of_month, self.alone):
            found = read(at)
            if found is not None:
                return found
        return None

    # -- relative to today, feasts --

    def named(self, at: int) -> Found | None:
        """Today, tomorrow; the weekend, next weekend; feasts."""
        name = self.said(at)
        if name in OFFSETS:
            return Found(at, at + 1, self.today + dt.timedelta(days=OFFSETS[name]))
        if name == "last_of_month":
            return Found(at, at + 1, self.today.replace(day=_length(self.today.year, self.today.month)))
        if name == "end_of_month":
            return self._end_of_month(at)
        week = 1 if name in ("next", "next_week") else 2 if name == "week_after_next" else 0
        weekend = at + 1 if week or name in ("this", "this_week") else at
        if self.said(weekend) == "weekend" and not self.has(at - 1).keys() & {"article", "num", "night"}:
            day = self.today + dt.timedelta(days=(5 - self.today.weekday()) % 7 if self.today.weekday() < 6 else 6)
            inner = self.day(self.skip(weekend + 1, "of", "of_them", "particle", "the", "on"))
            if inner is not None and self.has(weekend + 1).keys() & {"of", "of_them", "particle", "on"}:
                return Found(at, inner.end, inner.value, inner.how)
            after = self.said(weekend + 1) == "after_next"
            return Found(at, weekend + 1 + after, day + dt.timedelta(days=14 if after else 7 * week))
        now = self.has(at).get("clock") == "asap" and self.said(at - 1) == "from"
        if self.booking and (now or (name == "hence" and self.said(at + 1) == "until")):  # "from now until Tuesday"
            return Found(at, at + 1, self.today)
        feast = self.has(at).get("feast")
        if feast is not None and self.said(at + 1) != "ago":
            year, end = self.year(at + 1)
            month, day = feast.split("-")
            return self.dated(int(month), int(day), year, at, end)
        return None

    def _end_of_month(self, at: int) -> Found:
        """월말, of this month or one that is named right before it: no certain day, so its last one is asked about."""
        month = self.has(at - 1).get("num", (0,))[0] if self.has(at - 1).get("num") else 0
        named = 1 <= month <= 12
        year = self.today.year + (named and month < self.today.month)
        month = month if named else self.today.month
        return Found(at - named, at + 1, dt.date(year, month, _length(year, month)), "vague")

    def hence(self, at: int) -> Found | None:
        """So many days or weeks from today or another day: "in 3 days", 两周后, "a week from tomorrow"."""
        begin = at
        before = self.has(at).get("clock") == "in"
        arriving = self.said(at - 1) == "arrive" and not self.dated_before(at)  # "check in 2 days"
        counted = self.period(at + before)
        if counted is None:
            return None
        days, end, unit = counted
        behind = self.has(end).get("clock") == "later" or self.said(end) == "hence"
        if before or behind or arriving:
            end += behind
            return Found(begin, end, self.later(days, unit))
        if unit == "days" or self.stays(begin):
            return None
        of = end
        if self.said(end) in ("from", "after") or "on" in self.has(end):
            of += 1
        day = self.day(of)
        if day is None or not isinstance(day.value, dt.date) or (of == end and self.said(of) not in OFFSETS):
            return None
        return Found(begin, day.end, self.later(days, unit, day.value))

    def dated_before(self, at: int) -> bool:
        nearby = map(self.has, range(max(at - 12, 0), at))
        return any(has.keys() & {"weekday", "month", "feast"} or has.get("day") in _DATED for has in nearby)

    def later(self, count: int, unit: str, start: dt.date | None = None) -> dt.date:
        day = start or self.today
        if unit == "months":
            month = day.month - 1 + count
            year, month = day.year + month // 12, month % 12 + 1
            return dt.date(year, month, min(day.day, _length(year, month)))
        return day + dt.timedelta(days=count)

    def stays(self, at: int) -> bool:
        """Whether what begins at `at` is how long somebody stays: "for a week"."""
        return any(self.has(i).keys() & {"party", "stays"} for i in (at - 1, at - 2))

    def period(self, at: int) -> tuple[int, int, str] | None:
        """(days, or months; where it ends; its unit) of "three days", "a week", 两个星期, 사흘."""
        return period_at(self.spans, at)

    # -- weekdays --

    def of_week(self, at: int) -> Found | None:
        """A weekday, of this week or a later one, with the day of the month where that is said, too."""
        name, begin = self.said(at), at
        week: int | None = None
        if name in ("this", "next", "that") or name in _WEEKS:
            week = 1 if name == "next" else _WEEKS.get(name or "", 0)
            at = self.skip(at + 1, "particle", "on", *(("pause",) if name in _WEEKS else ()))
        weekday = self.has(at).get("weekday")
        if weekday is None:
            return None
        end = at + 1
        behind = self.skip(end, "of", "on", "particle")
        if any(self.said(i) in ("until", "from") for i in range(end, behind)):
            behind = end  # 从周五到下周五: the week is said of the other end
        if week is None and (late := self.said(behind)) in ("next_week", "week_after_next"):
            week, end = _WEEKS[late or ""], behind + 1
        elif (
            week is None and late in ("this", "this_week") and self.has(behind + 1).keys().isdisjoint({"num", "month"})
        ):
            week, end = 0, behind + 1
        elif week is None and late == "after_next":
            week, end = 2, behind + 1
        elif week is None and late == "week_on" and behind == end:  # "Saturday week"
            return Found(begin, end + 1, self.today + dt.timedelta(days=7 + self.ahead(weekday)))
        if name == "that":
            week = None
        date = self.of_month(self.skip(end, "the", "pause", "on", "particle")) or self.counted(
            self.skip(end, "the", "pause", "on", "particle")
        )
        if date is not None and isinstance(date.value, dt.date):
            day = self.on_weekday(date, weekday)
            off = (DAYS.index(weekday) - day.weekday() + 3) % 7 - 3
            return Found(begin, date.end, day, date.how, day + dt.timedelta(days=off) if off else None)
        ahead = self.ahead(weekday)
        if week:
            monday = self.today - dt.timedelta(days=self.today.weekday())
            how = OF_WEEK if begin + 1 < end and "weekday" in self.has(begin) else ""
            return Found(begin, end, monday + dt.timedelta(days=7 * week + DAYS.index(weekday)), how)
        if week is None and self.booking and not ahead:
            ahead = 7
        return Found(begin, end, self.today + dt.timedelta(days=ahead), "weekday" if week is None else "")

    def ahead(self, weekday: str) -> int:
        """Days until the next such weekday, 0 where it is today."""
        return (DAYS.index(weekday) - self.today.weekday()) % 7

    def nth(self, at: int) -> Found | None:
        """A weekday counted in its month: "the first Saturday of January", 다음 달 둘째 주 토요일, 下个月第一个周五."""
        begin, month = at, self.month_at(at)
        if month is not None:
            at = self.skip(month[2], "particle", "of", "the")
        count, weekday = self.has(at).get("ordinal"), self.skip(at + 1, "measure", "period", "particle")
        name = self.has(weekday).get("weekday")
        if not isinstance(count, int) or not 0 < count < 6 or name is None:
            return None
        end = weekday + 1
        if month is None:
            month = self.month_at(self.skip(end, "of", "of_them", "the"))
            if month is None:
                return None
            end = month[2]
        first = dt.date(month[0], month[1], 1)
        day = first + dt.timedelta(days=(DAYS.index(name) - first.weekday()) % 7 + 7 * (count - 1))
        return Found(begin, end, day) if day.month == month[1] else None

    def month_at(self, at: int) -> tuple[int, int, int] | None:
        """(year, month, where it ends) of a month that is named at `at` without a day."""
        name, has = self.said(at), self.has(at)
        if name in _MONTHS:
            first = self.later(_MONTHS[name or ""], "months", self.today.replace(day=1))
            return first.year, first.month, at + 1
        number, end = has.get("month"), at + 1
        if number is None and self.said(at + 1) == "month":
            number, end = number_of(self.spans[at]), at + 2
        if number is None or not 1 <= number <= 12:
            return None
        return self.today.year + (number < self.today.month), number, end

    def on_weekday(self, date: Found, weekday: str) -> dt.date:
        """The day of a month, in the first month in which it falls on the weekday that was said."""
        day: dt.date = date.value
        if date.how != "number" or day.weekday() == DAYS.index(weekday):
            return day
        for ahead in range(_FAR):
            month = day.month - 1 + ahead
            year, month = day.year + month // 12, month % 12 + 1
            if day.day <= _length(year, month) and dt.date(year, month, day.day).weekday() == DAYS.index(weekday):
                return dt.date(year, month, day.day)
        return day

    # -- days of a month --

    def number(self, at: int) -> tuple[int, int, bool] | None:
        """(day of a month, where it ends, whether it was said as an ordinal)."""
        has = self.has(at)
        ordinal, number = has.get("ordinal"), number_of(self.spans[at]) if at < len(self.spans) else None
        if isinstance(ordinal, int) and 0 < ordinal <= 99:
            return ordinal, at + 1, True
        if number in (20, 30) and 0 < (ones := self.has(at + 1).get("ordinal", 0)) < 10:
            return number + ones, at + 2, True
        return (number, at + 1, False) if number is not None and 0 < number < 100 else None

    def year(self, at: int) -> tuple[int | None, int]:
        """A year that is said at `at`, and where it ends."""
        behind = self.skip(at, "pause", "of", "particle")
        name = self.said(behind)
        if name in _YEARS:
            return self.today.year + _YEARS[name], behind + 1
        year = self.written_year(behind)
        return (year, behind + 1) if year is not None else (None, at)

    def written_year(self, at: int) -> int | None:
        has = self.has(at)
        year = (
            number_of(self.spans[at]) if "num" in has else int(has["digits"]) if len(has.get("digits", "")) == 4 else 0
        )
        follower = self.has(at + 1)
        counted = follower.keys() & {"adult", "child", "night", "period", "currency", "measure"}
        return year if year and 1900 <= year <= 2200 and not counted else None

    def of_month(self, at: int) -> Found | None:
        """A day with its month, in any order, with or without a year."""
        begin, year = at, None
        if self.said(at) in _YEARS:
            year, at = self.today.year + _YEARS[self.said(at) or ""], self.skip(at + 1, "particle")
        elif (written := self.written_year(at)) is not None:
            if self.said(at + 1) == "year":
                year, at = written, self.skip(at + 2, "particle")
            elif (month := self.number(at + 1)) and (day := self.number(at + 2)) and month[0] <= 12:
                return self.dated(month[0], day[0], written, begin, at + 3)  # 2026-11-24
        if self.said(at) in _MONTHS:
            month_number = (self.today.month - 1 + _MONTHS[self.said(at) or ""]) % 12 + 1
            first = self.later(_MONTHS[self.said(at) or ""], "months", self.today.replace(day=1))
            day = self.number(self.skip(at + 1, "particle", "the"))
            if day is not None:
                return self.dated(month_number, day[0], first.year, begin, self.unit(day[1]))
            return None
        if "month" in self.has(at):
            day = self.number(self.skip(at + 1, "the", "of", "particle"))
            if day is None or self.counts(day):
                return None
            after, end = self.year(self.unit(day[1]))
            return self.dated(self.has(at)["month"], day[0], year or after, begin, end)
        first_number = self.number(at)
        if first_number is None:
            return None
        number, end, _ = first_number
        if self.said(end) == "month":
            day = self.number(self.skip(end + 1, "particle"))
            follower = self.said(day[1]) if day is not None else None
            if day is None or number > 12 or follower not in ("day_of_month", "until"):
                return None
            return self.dated(number, day[0], year, begin, self.unit(day[1]))
        end = self.unit(end)
        of = self.skip(end, "of", "particle", "the")
        if "month" in self.has(of):
            if "party" in self.has(begin - 1) and not first_number[2] and self.number(of + 1):
                return None  # "for four Dec 8 to 10"
            after, end = self.year(of + 1)
            return self.dated(self.has(of)["month"], number, after, begin, end)
        if (of > end or first_number[2]) and self.said(of) in _MONTHS:
            first = self.later(_MONTHS[self.said(of) or ""], "months", self.today.replace(day=1))
            return self.dated(first.month, number, first.year, begin, of + 1)
        return None

    def unit(self, at: int) -> int:
        while self.said(at) == "day_of_month":
            at += 1
        return at

    def counts(self, number: tuple[int, int, bool]) -> bool:
        """Whether a number behind the name of a month counts something else: "July, 2 adults"."""
        return not number[2] and bool(self.has(number[1]).keys() & {"adult", "child", "night", "period", "measure"})

    def dated(self, month: int, day: int, year: int | None, start: int, end: int) -> Found | None:
        for one in (year,) if year is not None else (self.today.year, self.today.year + 1):
            try:
                date = dt.date(one, month, day)
            except ValueError:
                continue
            if date >= self.today or year is not None:
                return Found(start, end, date, "" if year is not None else "month")
        if (month, day) == (2, 29):
            leap = next(one for one in range(self.today.year, self.today.year + 9) if _length(one, 2) == 29)
            return Found(start, end, dt.date(leap, 2, 29), "month")
        return Found(start, end, f"{month:02d}-{day:02d}") if 1 <= month <= 12 and 1 <= day < 100 else None

    # -- a number of no month --

    def alone(self, at: int) -> Found | None:
        """A day of the month whose month isn't said: 8号; "the 24th" where days are talked of; "from 5 to 8 March"."""
        found = self.number(at)
        if found is None or not 1 <= found[0] <= 31:
            return None
        number, end, ordinal = found
        if "night" in self.has(at - 1) and at > 1 and number_of(self.spans[at - 2]) == number - 1:  # 2박 3일
            return None
        if self.said(end) == "day_of_month" and self.has(end + 1).get("clock") != "later":
            return Found(at, self.unit(end), self.next_day(number), "number")
        if ordinal:
            return self.counted(at)
        ranged = self.booking and self.said(at - 1) in ("from", "arrive") and self.ends_range(end)
        ranged = ranged or self.goes_on(at, end)
        return Found(at, end, self.next_day(number), "number") if ranged or self.starts(at, end) else None

    def goes_on(self, at: int, end: int) -> bool:
        """Whether a number ends a stay whose first day has just been said with its month: "January 5 to 7"."""
        behind = self.has(end)
        if not self.booking or self.said(at - 1) != "until" or behind.keys() & (_COUNTED | {"period"}):
            return False
        if "clock" in behind and "party" not in behind:  # "to 10 for two people"
            return False
        written = ("month" in self.has(at - 3) and self.number(at - 2)) or (
            "month" in self.has(at - 2) and self.number(at - 3)
        )
        return bool(written)

    def counted(self, at: int) -> Found | None:
        """An ordinal that is a day: where days are talked of, or at an end of a stay, and it counts nothing else."""
        found = self.number(at)
        if found is None or not found[2] or not 1 <= found[0] <= 31:
            return None
        number, end, _ = found
        before = at - 1
        while before >= 0 and "the" in self.has(before):
            before -= 1
        marked = self.said(before) in ("from", "until", "arrive", "leave") or "weekday" in self.has(before)
        written = self.spans[at].text[:1].isdigit()
        marked = marked or (written and before < at - 1 and self.wished(before) and not self.names(end))
        if not marked and not (self.booking and (written or end - at == 2 or number > 9)):
            return None
        if self.has(end).keys() & _COUNTED and self.said(end) is None and self.has(end).get("clock") is None:
            return None
        of = self.skip(end, "of", "of_them", "the")
        if of > end and "month" in self.has(of):
            return None
        if of > end and self.said(of) not in ("of_month", *_MONTHS) and "unknown" in self.has(of):
            return None
        return Found(at, of + 1 if self.said(of) == "of_month" else end, self.next_day(number), "number")

    def wished(self, at: int) -> bool:
        """Whether a word stands there behind which it is said when something is wanted: for the 5th, on the 5th."""
        has = self.has(at).keys()
        return bool(has & {"on", "or"}) or {"clock", "wish"} <= has

    def names(self, at: int) -> bool:
        """Whether what an ordinal counts stands there: the 2nd burger, the 5th floor, the 2nd one."""
        behind = self.has(at).keys()
        return bool(behind) and not behind & {"stop", "pause", "polite", "clock", "and", "or", "fulfilment", "daypart"}

    def ends_range(self, at: int) -> bool:
        """Whether the other end of a stay follows: "from 5 **to 23 January**"."""
        return self.starts(at, at, ("until", "and", "pause"))

    def starts(self, at: int, end: int, links: Sequence[str] = ("until", "pause")) -> bool:
        """Whether a number is the first end of a range whose other end has its month: "17 - 19 July", "5到8号"."""
        other = end
        while other < len(self.spans) and (self.said(other) == "until" or self.has(other).keys() & {*links, "the"}):
            other += 1
        if other == end and not (at < end and "num" in self.has(other)):
            return False
        number = self.number(other)
        if number is None or (at < end and (first := self.number(at)) and first[0] >= number[0] and other == end):
            return False
        if other == end and self.said(number[1]) == "month":
            return False  # 하나 12월 20일
        if self.said(number[1]) == "day_of_month" and other > end:
            return True
        whole = self.of_month(other)
        return whole is not None and whole.how in ("month", "") and isinstance(whole.value, dt.date)

    def next_day(self, number: int) -> dt.date:
        """The next day with a number, today counted, in the first month that has it."""
        for ahead in range(3):
            month = self.today.month - 1 + ahead
            year, month = self.today.year + month // 12, month % 12 + 1
            if number <= _length(year, month) and (day := dt.date(year, month, number)) >= self.today:
                return day
        return self.today  # never: every number up to 31 is in one of three months


def period_at(spans: Sequence[Span], at: int) -> tuple[int, int, str] | None:
    """(days, or months; where it ends; its unit) of "three days", "a week", 两个星期, 사흘."""
    if at >= len(spans):
        return None
    has = spans[at].has
    if "days" in has:
        return has["days"], at + 1, "weeks" if has["days"] % 7 == 0 else "days"
    number, end = number_of(spans[at]), at + 1
    if number is None and "article" in has:
        number = 1
        if end < len(spans) and spans[end].has.get("multiple") == 2:
            number, end = 2, end + 1
    elif number is None and "multiple" in has:
        number = has["multiple"]
    while (
        end < len(spans) and ("measure" in spans[end].has or "of" in spans[end].has) and "period" not in spans[end].has
    ):
        end += 1
    unit = spans[end].has.get("period") if end < len(spans) else None
    if number is None and unit == "fortnights" and at + 1 <= len(spans) and has.get("period") == unit:
        number, end = 1, at
    if number is None or unit is None or not 0 < number < 400:
        return None
    return number * _UNITS.get(unit, 1), end + 1, unit


def _length(year: int, month: int) -> int:
    return (dt.date(year + month // 12, month % 12 + 1, 1) - dt.timedelta(days=1)).day

"""Times, dates, stays and guests. The language file names the words; the order in which they come is looked at here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from assistant.commerce.shop import DAYS
from assistant.understanding.spans import Span


class Found(Struct, frozen=True):
    """Something with a place in the utterance."""

    start: int
    end: int
    """Spans `start` to `end`."""
    value: Any


def _clock(span: Span) -> str | None:
    return span.has.get("clock")


def _number(span: Span) -> int | None:
    number = span.has.get("num")
    return number[0] if number is not None else None


def _half(hour: int, half: str | None, late: bool) -> int:
    """An hour of twelve as one of twenty-four; without a word for the half, the one that people mean."""
    if half == "pm":
        return hour + 12 if hour < 12 else hour
    if half == "am":
        return 0 if hour == 12 else hour
    if half == "morning":  # 上午十二点 is noon
        return hour
    if half == "night":
        return hour + 12 if 6 <= hour < 12 else 0 if hour == 12 else hour
    if late and 1 <= hour < 12:
        return hour + 12
    return hour


def time_at(spans: Sequence[Span], at: int, now: dt.datetime, loose: bool) -> Found | None:
    """A time of day that begins at span `at`: `HH:MM`, `asap`, or None. `loose`: a time was asked for."""
    span = spans[at]
    clock = _clock(span)
    if clock == "asap":
        return Found(at, at + 1, "asap")
    if clock in ("noon", "midnight"):
        return Found(at, at + 1, "12:00" if clock == "noon" else "00:00")
    begin, half, marked = at, None, loose
    if clock in ("at", "in") or "particle" in span.has:
        marked = marked or clock == "at"
        at += 1
        if at >= len(spans):
            return None
        if clock == "in":
            return _delay(spans, begin, at, now)
        inner = _clock(spans[at])
        if inner in ("noon", "midnight", "asap"):
            return Found(begin, at + 1, {"noon": "12:00", "midnight": "00:00", "asap": "asap"}[inner])
    delay = _delay(spans, begin, at, now, behind=True)
    if delay is not None:
        return delay
    if at < len(spans) and "daypart" in spans[at].has and _part(spans[at]) is not None:
        half = _part(spans[at])
        at += 1
        while at < len(spans) and (
            "particle" in spans[at].has or "pause" in spans[at].has or _clock(spans[at]) == "at"
        ):
            at += 1
    if at >= len(spans):
        return None
    span = spans[at]
    clock = _clock(span)
    hour: int | None = None
    minute = 0
    told = False
    """A word that only a clock has was there."""
    if "time" in span.has:
        hour, minute = map(int, span.has["time"].split(":"))
        at, told = at + 1, True
        if hour >= 13 or span.text.startswith("0"):
            half = half or "exact"
    elif clock in ("half_past", "quarter_past", "quarter_to") and at + 1 < len(spans):
        hour = _number(spans[at + 1])
        if hour is None:
            return None
        minute = {"half_past": 30, "quarter_past": 15, "quarter_to": 45}[clock]
        hour -= clock == "quarter_to"
        at, told = at + 2, True
    elif (number := _number(span)) is not None:
        follower = _clock(spans[at + 1]) if at + 1 < len(spans) else None
        other = _number(spans[at + 2]) if at + 2 < len(spans) else None
        if follower in ("past", "to") and other is not None and number < 60:
            hour, minute = (other, number) if follower == "past" else (other - 1, 60 - number)
            at, told = at + 3, True
        elif at + 1 < len(spans) and spans[at + 1].has.keys() & _NO_HOUR and follower is None:
            return None
        elif follower in ("oclock", "am", "pm") or loose or (marked and half):
            hour = number
            at += 1
            told = follower is not None or half is not None
            if follower == "oclock":
                at += 1
            nxt = _number(spans[at]) if at < len(spans) else None
            end_clock = _clock(spans[at]) if at < len(spans) else None
            if nxt is not None and 0 <= nxt < 60 and (follower == "oclock" or nxt >= 10):
                minute = nxt
                at += 1
                if at < len(spans) and _clock(spans[at]) == "minute":
                    at += 1
            elif end_clock in ("half_past", "half"):
                minute = 30
                at += 1
            elif end_clock in ("quarter_past", "quarter"):
                minute = 15
                at += 1
        elif (
            at + 1 < len(spans) and (nxt := _number(spans[at + 1])) is not None and 10 <= nxt < 60 and 1 <= number <= 24
        ):
            third = _clock(spans[at + 2]) if at + 2 < len(spans) else None
            if not (loose or third in ("am", "pm")):
                return None
            hour, minute, told = number, nxt, True
            at += 2
        else:
            return None
    else:
        return None
    while at < len(spans):
        clock = _clock(spans[at])
        if clock in ("am", "pm"):
            half = clock
        elif clock == "oclock":
            pass
        elif "daypart" in spans[at].has and _part(spans[at]) is not None:
            half = _part(spans[at])
        elif (
            "filler" in spans[at].has
            and at + 1 < len(spans)
            and ("daypart" in spans[at + 1].has or _clock(spans[at + 1]) in ("am", "pm"))
        ):
            pass
        else:
            break
        told = True
        at += 1
    if hour is None or not (told or loose):
        return None
    if not (0 <= hour <= 24 and 0 <= minute < 60):
        return Found(begin, at, span.text) if "time" in span.has else None  # no clock shows 25:00: said so, not lost
    if half == "exact":
        hour %= 24
    else:
        hour = _half(hour, half, late=hour < 8 or (hour < 12 and now.hour >= hour)) % 24
    return Found(begin, at, f"{hour:02d}:{minute:02d}")


def _part(span: Span) -> str | None:
    return _PARTS.get(span.has["daypart"])


_PARTS = {
    "am": "am",
    "morning": "morning",
    "noon": "pm",
    "afternoon": "pm",
    "evening": "pm",
    "night": "night",
    "dawn": "am",
}


def _delay(spans: Sequence[Span], begin: int, at: int, now: dt.datetime, behind: bool = False) -> Found | None:
    """ "in half an hour", 半小时后: the time that is."""
    minutes = 0.0
    end = at
    while end < len(spans):
        clock = _clock(spans[end])
        number = _number(spans[end])
        if clock == "half_hour":
            minutes += 30
            end += 1
        elif clock == "quarter_hour":
            minutes += 15
            end += 1
        elif clock == "hour" and "an" in spans[end].text:
            minutes += 60
            end += 1
        elif (
            (number is not None or "article" in spans[end].has)
            and end + 1 < len(spans)
            and _clock(spans[end + 1]) in ("minute", "hour")
        ):
            count = 1 if number is None else number
            if not 0 <= count <= 2000:
                return None
            minutes += count * (60 if _clock(spans[end + 1]) == "hour" else 1)
            end += 2
        else:
            break
    if not minutes:
        return None
    if behind:
        if end >= len(spans) or _clock(spans[end]) != "later":
            return None
        end += 1
    then = now + dt.timedelta(minutes=minutes)
    return Found(begin, end, then.strftime("%H:%M" if then.date() == now.date() else "%Y-%m-%dT%H:%M"))


def date_at(spans: Sequence[Span], at: int, now: dt.datetime) -> Found | None:
    """A day that begins at span `at`: a date, or as text where there is no such day."""
    today = now.date()
    has = spans[at].has
    day = has.get("day")
    offsets = {"yesterday": -1, "today": 0, "tomorrow": 1, "after_tomorrow": 2, "in_three_days": 3}
    if day in offsets:
        return Found(at, at + 1, today + dt.timedelta(days=offsets[day]))
    if day == "weekend":
        return Found(at, at + 1, today + dt.timedelta(days=(5 - today.weekday()) % 7))
    if "weekday" in has:
        return Found(at, at + 1, _weekday(today, has["weekday"], 0))
    if day in ("next", "next_week", "this_week") and at + 1 < len(spans) and "weekday" in spans[at + 1].has:
        name = spans[at + 1].has["weekday"]
        if day == "next_week":
            monday = today - dt.timedelta(days=today.weekday()) + dt.timedelta(days=7)
            return Found(at, at + 2, monday + dt.timedelta(days=DAYS.index(name)))
        return Found(at, at + 2, _weekday(today, name, 1 if day == "next" and spans[at].text == "next" else 0))
    if "month" in has and at + 1 < len(spans):
        number = _ordinal(spans[at + 1])
        if number is not None:
            end = at + 2
            while end < len(spans) and spans[end].has.get("day") == "day_of_month":
                end += 1
            return _dated(today, has["month"], number, at, end)
    number = _ordinal(spans[at])
    if number is not None:
        if "ordinal" in has and 1 <= number <= 31 and (month := _month_of(spans, at, today)) is not None:
            return _dated(today, month, number, at, at + 1)
        if at + 1 < len(spans) and "month" in spans[at + 1].has:
            return _dated(today, spans[at + 1].has["month"], number, at, at + 2)
        if at + 2 < len(spans) and "of" in spans[at + 1].has and "month" in spans[at + 2].has:
            return _dated(today, spans[at + 2].has["month"], number, at, at + 3)
        follower = spans[at + 1].has.get("day") if at + 1 < len(spans) else None
        if follower == "month" and at + 3 < len(spans) and spans[at + 3].has.get("day") == "day_of_month":
            inner = _number(spans[at + 2])
            if inner is not None:
                return _dated(today, number, inner, at, at + 4)
        if follower == "day_of_month" and 1 <= number <= 31:
            month = today.month if number >= today.day else today.month % 12 + 1
            return _dated(today, month, number, at, at + 2)
    return None


def _month_of(spans: Sequence[Span], at: int, today: dt.date) -> int | None:
    """The month of "the 24th" where none stands beside it: that of the other end of the stay, or the next to come."""
    number = spans[at].has["ordinal"]
    if at + 1 < len(spans) and spans[at + 1].has.keys() & {"month", "of"}:
        return None
    after = at + 1
    if after < len(spans) and spans[after].has.get("day") == "until":
        after += 1
        while after < len(spans) and "the" in spans[after].has:
            after += 1
        for month in spans[after + 1 : after + 3]:
            if "month" in month.has and after < len(spans) and "ordinal" in spans[after].has:
                return int(month.has["month"])
    before = at - 1
    while before >= 0 and "the" in spans[before].has:
        before -= 1
    if before < 0 or spans[before].has.get("day") not in ("from", "until"):
        return None
    return today.month if number >= today.day else today.month % 12 + 1


def _ordinal(span: Span) -> int | None:
    number = span.has.get("ordinal")
    return number if isinstance(number, int) and number > 0 else _number(span)


def _weekday(today: dt.date, name: str, least: int) -> dt.date:
    ahead = (DAYS.index(name) - today.weekday()) % 7
    return today + dt.timedelta(days=ahead if ahead >= least else ahead + 7)


def _dated(today: dt.date, month: int, day: int, start: int, end: int) -> Found | None:
    for year in (today.year, today.year + 1):
        try:
            date = dt.date(year, month, day)
        except ValueError:
            continue
        if date >= today:
            return Found(start, end, date)
    return Found(start, end, f"{month:02d}-{day:02d}") if 1 <= month <= 12 and 1 <= day < 100 else None


def moments(spans: Sequence[Span], now: dt.datetime, loose: bool) -> list[Found]:
    """All times, dates and days with a time, in order: `HH:MM`, `asap`, ISO date with time, or a date."""
    found: list[Found] = []
    at = 0
    while at < len(spans):
        date = date_at(spans, at, now)
        if date is not None:
            end = date.end
            while end < len(spans) and (
                "particle" in spans[end].has
                or ("clock" in spans[end].has and _clock(spans[end]) == "at" and end + 1 < len(spans))
            ):
                end += 1
            time = time_at(spans, end, now, loose or _said_at(spans, end)) if end < len(spans) else None
            if time is not None and _of_day(time) and isinstance(date.value, dt.date):
                found.append(Found(date.start, time.end, f"{date.value.isoformat()}T{time.value}"))
                at = time.end
            else:
                found.append(date)
                at = date.end
            continue
        time = time_at(spans, at, now, loose)
        if time is not None:
            end = time.end
            after = (
                end + 1
                if end < len(spans)
                and (_clock(spans[end]) == "at" or "on" in spans[end].has or "pause" in spans[end].has)
                else end
            )
            date = date_at(spans, after, now) if after < len(spans) else None
            if date is not None and _of_day(time) and isinstance(date.value, dt.date):
                found.append(Found(time.start, date.end, f"{date.value.isoformat()}T{time.value}"))
                at = date.end
            else:
                found.append(time)
                at = time.end
            continue
        at += 1
    return found


def _of_day(time: Found) -> bool:
    """Whether it is a time of some day, which a clock shows."""
    hour, _, minute = time.value.partition(":")
    return bool(minute) and "T" not in time.value and int(hour) < 24 and int(minute) < 60


def days_of(found: Sequence[Found]) -> list[Found]:
    """Where nights are booked a day with an hour is the day of arriving."""
    return [
        Found(one.start, one.end, dt.date.fromisoformat(one.value[:10]))
        if isinstance(one.value, str) and "T" in one.value
        else one
        for one in found
    ]


def _said_at(spans: Sequence[Span], at: int) -> bool:
    """Whether a time was announced: "tomorrow at six"."""
    return _clock(spans[at]) == "at" and at + 1 < len(spans) and "num" in spans[at + 1].has


_NO_HOUR = frozenset({"night", "adult", "child", "currency", "measure", "item", "unit", "choice", "multiple"})


def stay(
    spans: Sequence[Span], found: Sequence[Found], now: dt.datetime, booked: int = 0
) -> tuple[dict[str, str], set[int]] | None:
    """Check-in and check-out from the days and the number of nights that were said. `booked`: the nights of the stay
    that is known, for "one more night"."""
    used: set[int] = set()
    nights: int | None = None
    sign = 0
    for index, span in enumerate(spans):
        if "nights" in span.has:
            nights = span.has["nights"]
            used.add(index)
            sign = sign or _longer(spans, index, index + 1, used)
            continue
        number = _number(span)
        if number is None and span.has.keys() & {"article", "another"}:
            number = 1
        night = index + 1
        while night < len(spans) and _lengthens(spans[night]) and "night" not in spans[night].has:
            night += 1
        if number is not None and night < len(spans) and "night" in spans[night].has and 0 < number < 400:
            nights = number
            used.update((index, night))
            sign = sign or _longer(spans, index, night + 1, used)
            if index + 3 < len(spans) and _number(spans[index + 2]) == number + 1 and "day" in spans[index + 3].has:
                used.update((index + 2, index + 3))
    wrong = next((one for one in found if isinstance(one.value, str) and one.value[2:3] == "-"), None)
    if wrong is not None:
        return {"from": wrong.value}, {i for one in found for i in range(one.start, one.end)}
    dates = [one for one in found if isinstance(one.value, dt.date) and one.start not in used]
    if nights is not None and sign and booked and not dates:
        nights = max(booked + sign * nights, 1)
    if nights is None and len(dates) == 1 and _by_night(spans, dates[0]):
        nights = 1
    start: dt.date | None = None
    end: dt.date | None = None
    named = False
    """The day of leaving was said with its month."""
    for one in dates:
        month = any(
            spans[i].has.keys() & {"month"} or spans[i].has.get("day") == "month" for i in range(one.start, one.end)
        )
        used.update(range(one.start, one.end))
        before = spans[one.start - 1].has.get("day") if one.start else None
        after = spans[one.end].has.get("day") if one.end < len(spans) else None
        leaving = after == "leave" or (before == "until" and after != "arrive")
        if leaving and end is None and (start is not None or before == "until" or after == "leave"):
            end, named = one.value, month
        elif start is None:
            start = one.value
        elif end is None:
            end, named = one.value, month
    if start is None and end is None and nights is None:
        return None
    said: dict[str, str] = {}
    if start is not None:
        said["from"] = start.isoformat()
        if end is not None and end <= start and not named:
            end = _after(start, end)
        if end is None and nights is not None:
            end = start + dt.timedelta(days=nights)
    if end is not None:
        said["to"] = end.isoformat()
    if nights is not None and "to" not in said:
        return {**said, "nights": str(nights)}, used
    return said, used


def _lengthens(span: Span) -> bool:
    """Whether a word says that nights come on top of those that are booked."""
    return bool(span.has.keys() & {"more", "again", "another"}) or span.has.get("amount", ("",))[0] == "extra"


def _longer(spans: Sequence[Span], start: int, end: int, used: set[int]) -> int:
    """1 for nights at `start` to `end` that are said to be more, -1 for fewer, 0 for so many in all."""
    around = [i for i in (start - 1, *range(start, end), end) if 0 <= i < len(spans)]
    for index in around:
        if _lengthens(spans[index]) or (index < start and "and" in spans[index].has and "verb" in spans[index].has):
            used.add(index)
            return 1
        if spans[index].has.get("amount", ("",))[0] == "light":
            used.add(index)
            return -1
    return 0


def _by_night(spans: Sequence[Span], date: Found) -> bool:
    """Whether a day was said as its night, "Saturday night": that night and no more."""
    after = date.end
    if any(spans[i].has.get("day") in ("arrive", "leave", "from", "until") for i in (date.start - 1,) if i >= 0):
        return False
    said = spans[date.end - 1].has.get("daypart") in ("evening", "night")
    if after < len(spans) and spans[after].has.get("daypart") in ("evening", "night"):
        said, after = True, after + 1
    return said and not (after < len(spans) and spans[after].has.get("day") in ("arrive", "leave", "from", "until"))


def _after(start: dt.date, end: dt.date) -> dt.date | None:
    """A day of leaving that came out before the day of arriving: the same weekday later, or the day of the month."""
    if (start - end).days < 7:
        return end + dt.timedelta(days=7)
    month = start.replace(day=1) + dt.timedelta(days=32 if end.day <= start.day else 0)
    try:
        return month.replace(day=end.day)
    except ValueError:
        return None


def guests(spans: Sequence[Span]) -> tuple[dict[str, int], set[int]] | None:
    """Adults and children, where they were counted."""
    said: dict[str, int] = {}
    used: set[int] = set()
    for index, span in enumerate(spans):
        kind = (
            "children"
            if "child" in span.has
            else "adults"
            if "adult" in span.has and "person" not in span.has
            else None
        )
        follower = _number(spans[index + 1]) if index + 1 < len(spans) else None
        free = not index or index - 1 in used or _number(spans[index - 1]) is None
        if kind is not None and follower is not None and free:
            said[kind] = said.get(kind, 0) + follower
            used.update((index, index + 1))
            if index + 2 < len(spans) and spans[index + 2].has.keys() & {"measure", "person"}:
                used.add(index + 2)
    for index, span in enumerate(spans):
        if index in used:
            continue
        number = _number(span)
        if number is None and "article" in span.has:
            number = 1
        if number is None or not 0 <= number <= 200:
            continue
        both = [spans[i].has.keys() for i in range(index + 1, min(index + 4, len(spans)))]
        if len(both) == 3 and "grown" in both[0] and "num" in both[1] and "little" in both[2]:  # 两大一小
            said["adults"], said["children"] = number, spans[index + 2].has["num"][0]
            used.update(range(index, index + 4))
            continue
        if index and "party" in spans[index - 1].has and "adults" not in said and not _goes_on(spans, index + 1):
            said["adults"] = number
            used.update((index - 1, index))
            continue
        after = index + 1
        while (
            after < len(spans) and "measure" in spans[after].has and not (spans[after].has.keys() & {"adult", "child"})
        ):
            after += 1
        if after < len(spans):
            for kind, key in (("adult", "adults"), ("child", "children")):
                if kind in spans[after].has:
                    said[key] = said.get(key, 0) + number
                    used.update(range(index, after + 1))
    return (said, used) if said else None


def _goes_on(spans: Sequence[Span], at: int) -> bool:
    """Whether something that is counted follows: "for two nights", unlike "a room for two"."""
    return at < len(spans) and bool(
        spans[at].has.keys() & (_NO_HOUR | {"unknown", "clock", "num", "category", "partial", "month"})
    )

"""The nights of a booking: from the days and periods that were said."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence

from msgspec import Struct

from assistant.understanding.facts.days import OF_WEEK, Found, number_of, period_at, said_day
from assistant.understanding.words.spans import Span

_SMALL = frozenset({"the", "on", "particle", "filler", "hesitation", "wish", "it", "polite", "topical"})
_MARKS = frozenset({"from", "until", "arrive", "leave", "since", "till"})
_MOST_NIGHTS = 10_000
"""A number of nights as great as that is a slip of the ear; below it, the dialogue asks."""
_LONG = 120
"""Days of a stay over the new year; a longer one is rather a slip, "from Dec 20 to Dec 18"."""


_ROLLED = 14
"""Nights of a stay into the month that follows; of more, the day was rather meant of the month one arrives in."""


def _marks(spans: Sequence[Span]) -> set[str | None]:
    return {said_day(spans, i) for i in range(len(spans))}


def not_that_day(spans: Sequence[Span], date: Found) -> set[int]:
    """The words that refuse a day: "not Friday", 不是周五, 금요일 말고; none where it is wanted."""
    before, after = date.start - 1, date.end
    while before >= 0 and (_small(spans[before]) or said_day(spans, before) == "from") and not _no(spans[before]):
        before -= 1
    if before >= 0 and _no(spans[before]) and ("act" not in spans[before].has or "takes_back" in spans[before].has):
        return {before}
    while after < len(spans) and "particle" in spans[after].has and "instead_after" not in spans[after].has:
        after += 1
    if after >= len(spans):
        return set()
    denied = after > date.end and after == len(spans) - 1 and ("deny", None) in spans[after].has.get("act", ())
    if denied or "instead_after" in spans[after].has:  # 오늘은 아니에요
        return {after}
    stays = after + 1 < len(spans) and "stays" in spans[after + 1].has
    return {after, after + 1} if _no(spans[after]) and stays else set()


def _no(span: Span) -> bool:
    return "instead_after" not in span.has and span.has.get("amount", ("",))[0] == "no"


def _small(span: Span) -> bool:
    return bool(span.has.keys() & _SMALL) and not span.has.keys() & {"num", "correct"}


def days_of(found: Sequence[Found]) -> list[Found]:
    """Where nights are booked a day with an hour is the day of arriving."""
    return [
        Found(one.start, one.end, dt.date.fromisoformat(one.value[:10]), one.how, one.other)
        if isinstance(one.value, str) and "T" in one.value
        else one
        for one in found
    ]


# -- nights ------------------------------------------------------------------------------------------------------


class _Nights(Struct):
    count: int | None = None
    sign: int = 0
    """1 and -1 where they are said to be more or fewer than those that are booked."""
    used: set[int] = set()
    vague: set[int] = set()
    """Spans of numbers that can't be told: "two or three nights"."""


def vague(spans: Sequence[Span]) -> set[int]:
    """The words of nights of which it isn't said how many they are; they count nothing else."""
    return _nights(spans, set()).vague


def _nights(spans: Sequence[Span], taken: set[int]) -> _Nights:
    """How many nights were said; of several numbers the last one. `taken`: spans that are a day or an hour."""
    made = _Nights()
    by_day: tuple[int, int, int] | None = None
    at = 0
    while at < len(spans):
        span = spans[at]
        if at in taken:
            at += 1
            continue
        if "nights" in span.has and not any("unknown" in one.has for one in spans):
            made.count = span.has["nights"]
            made.used.add(at)
            made.sign = made.sign or _longer(spans, at, at + 1, made.used)
        number, night = _number_at(spans, at)
        while night < len(spans) and _lengthens(spans[night]) and "night" not in spans[night].has:
            night += 1
        if number is not None and night < len(spans) and "night" in spans[night].has and 0 < number < _MOST_NIGHTS:
            if _vague(spans, at, number, taken):
                made.vague.update(range(_before_or(spans, at), night + 1))
                at = night + 1
                continue
            made.used.update(range(at, night + 1))
            if said_day(spans, night + 2) == "day_of_month" and number_of(spans[night + 1]) == number + 1:
                made.used.update((night + 1, night + 2))  # 2박 3일
            made.sign = made.sign or _longer(spans, at, night + 1, made.used)
            made.count, at = corrected(spans, night + 1, number, made.used, _counted)
            continue
        counted = period_at(spans, at)
        if counted is not None and (counted[2] == "months" or _vague(spans, at, number or 0, taken)):
            if counted[2] != "months":
                made.vague.update(range(_before_or(spans, at), counted[1]))
            at = counted[1]
            continue
        if counted is not None and not _elsewhere(spans, at, counted[1]):
            by_day = (at, counted[1], counted[0])
            at = counted[1]
            continue
        at += 1
    if by_day is not None:
        begin, end, days = by_day
        made.used.update(range(begin, end))
        if made.count is None:
            made.sign = _longer(spans, begin, end, made.used)
            made.count = corrected(spans, end, days, made.used, _counted)[0]
    return made


def _number_at(spans: Sequence[Span], at: int) -> tuple[int | None, int]:
    """How many are counted at span `at`, and where that ends: "two", "a", "a couple of"."""
    has = spans[at].has
    number = number_of(spans[at])
    if number is None and has.keys() & {"article", "another"}:
        behind = spans[at + 1].has.get("multiple") if at + 1 < len(spans) and "article" in has else None
        return (behind, at + 2) if isinstance(behind, int) else (1, at + 1)
    return number, at + 1


def _vague(spans: Sequence[Span], at: int, number: int, taken: set[int]) -> bool:
    """Whether it is one number or the next: 两三天, "two or three nights". Then nothing is known. A day before it is no
    such number: 24일 2박."""
    before = _before_or(spans, at)
    return (
        before >= 0
        and before not in taken
        and said_day(spans, before) != "day_of_month"
        and number_of(spans[before]) == number - 1 > 0
        and not _counted(spans[before])
    )


def _before_or(spans: Sequence[Span], at: int) -> int:
    """Where the other one of two numbers stands, before the word between them."""
    before = at - 1
    while before >= 0 and ("or" in spans[before].has or said_day(spans, before) == "until"):
        before -= 1
    return before


def _elsewhere(spans: Sequence[Span], start: int, end: int) -> bool:
    """Whether so many days are no stay: "3 days ago", "in 3 days", or part of a longer word."""
    before = spans[start - 1].has if start else {}
    after = spans[end] if end < len(spans) else None
    if before.get("clock") == "in" or before.get("day") in ("within", "hence"):
        return True
    if after is None:
        return False
    return (
        after.has.get("clock") == "later"
        or after.has.get("day") in ("ago", "hence", "within")
        or (after.glued and "unknown" in after.has)
    )


def _counted(span: Span) -> bool:
    return bool(span.has.keys() & {"night", "period"})


_BETWEEN = frozenset({"pause", "stop", "correct", "hesitation", "filler", "makes", "verb"})


def corrected(
    spans: Sequence[Span], at: int, count: int, used: set[int], noun: Callable[[Span], bool]
) -> tuple[int, int]:
    """The number that takes back the one before span `at`, "for two nights, no, three", and where it ends."""
    end, back = at, False
    while end < len(spans) and spans[end].has.keys() & _BETWEEN:
        if "num" in spans[end].has:
            break
        back = back or "correct" in spans[end].has
        end += 1
    number = number_of(spans[end]) if end < len(spans) else None
    if not back or number is None or not 0 < number < _MOST_NIGHTS:
        return count, at
    after = end + 1
    while after < len(spans) and "measure" in spans[after].has and not noun(spans[after]):
        after += 1
    if after < len(spans) and noun(spans[after]):
        after += 1
    elif after < len(spans) and not spans[after].has.keys() & {"pause", "stop", "polite", "particle", "filler", "and"}:
        return count, at
    used.update(range(at, after))
    return number, after


def _lengthens(span: Span) -> bool:
    """Whether a word says that nights come on top of those that are booked."""
    return bool(span.has.keys() & {"more", "again", "another"}) or span.has.get("amount", ("",))[0] == "extra"


def _longer(spans: Sequence[Span], start: int, end: int, used: set[int]) -> int:
    """1 for nights at `start` to `end` that are said to be more, -1 for fewer, 0 for so many in all."""
    if any("extends" in span.has for span in spans[:start]):  # "extend my stay by two nights"
        used.update(i for i in range(start) if "extends" in spans[i].has)
        return 1
    around = [i for i in (start - 1, *range(start, end), end) if 0 <= i < len(spans)]
    for index in around:
        if _lengthens(spans[index]) or (index < start and "and" in spans[index].has and "verb" in spans[index].has):
            used.add(index)
            return 1
        if spans[index].has.get("amount", ("",))[0] == "light":
            used.add(index)
            return -1
    return 0


# -- arriving and leaving ----------------------------------------------------------------------------------------


def _roles(spans: Sequence[Span], dates: Sequence[Found], behind: bool) -> list[str]:
    """What each day is, `arrive` or `leave`, by the words beside it; "" where they don't say. `behind`: in this
    language they rather follow the day."""
    roles: list[str] = []
    taken: set[int] = set()
    for place, date in enumerate(dates):
        first = dates[place - 1].end if place else 0
        last = dates[place + 1].start if place + 1 < len(dates) else len(spans)
        after = date.end
        while (
            after < last
            and (_small(spans[after]) or "clock" in spans[after].has or "time" in spans[after].has)
            and (said_day(spans, after) not in _MARKS)
        ):
            after += 1
        follower = said_day(spans, after) if after < last else None
        nearest = _mark_before(spans, first, date.start, taken)
        if follower in ("since", "till"):
            roles.append("arrive" if follower == "since" else "leave")
        elif (
            follower in ("arrive", "leave") and (behind or nearest is None) and _ends(spans, after, last, place, dates)
        ):
            taken.add(after)
            roles.append(follower or "")
        else:
            roles.append({"from": "arrive", "until": "leave"}.get(nearest or "", nearest or ""))
    return roles


_FAR = 5
"""Spans between a word for arriving or leaving and its day: "change the check-out date to the 5th"."""


def _mark_before(spans: Sequence[Span], first: int, start: int, taken: set[int]) -> str | None:
    """The word that says what the day at `start` is: "from" and "to" right before it, arriving or leaving near it."""
    at, beside = start - 1, None
    while (
        at >= first
        and (_small(spans[at]) or spans[at].has.keys() & {"article", "pause"})
        and (said_day(spans, at) not in _MARKS)
    ):
        at -= 1
    if at >= first and at not in taken and said_day(spans, at) in ("from", "until"):
        beside = said_day(spans, at)
    doing = (i for i in range(start - 1, max(first, start - 1 - _FAR) - 1, -1) if i not in taken)
    near = next((said_day(spans, i) for i in doing if said_day(spans, i) in ("arrive", "leave")), None)
    return near or beside


def _ends(spans: Sequence[Span], mark: int, last: int, place: int, dates: Sequence[Found]) -> bool:
    """Whether a word for arriving or leaving belongs to the day before it rather than to the next one."""
    if place + 1 == len(dates):
        return True
    return any(
        spans[i].has.keys() & {"pause", "stop", "and"} or said_day(spans, i) in _MARKS for i in range(mark + 1, last)
    )


def taken_back(spans: Sequence[Span], start: int, end: int) -> bool:
    return any("correct" in spans[i].has for i in range(start, end))


def _ends_of(spans: Sequence[Span], dates: Sequence[Found], behind: bool) -> tuple[Found | None, Found | None, bool]:
    """The days of arriving and leaving, and whether the latter was marked as such."""
    ends: dict[str, Found] = {}
    marked = False
    roles = _roles(spans, dates, behind)
    if roles[:2] == ["leave", "leave"] and not taken_back(spans, dates[0].end, dates[1].start):
        roles[0] = "arrive"  # "change it to the 5th to the 7th"
    last = ""
    for place, (date, role) in enumerate(zip(dates, roles, strict=True)):
        instead = place > 0 and taken_back(spans, dates[place - 1].end, date.start)
        if not role:
            if instead:
                role = last
            elif "arrive" not in ends and "arrive" not in roles[place + 1 :]:
                role = "arrive"
            elif "leave" not in ends and "leave" not in roles[place + 1 :]:
                role = "leave"
            else:
                continue
        elif role == "leave" and role not in ends:
            marked = True
        if role not in ends or instead:
            ends[role] = date
        last = role
    return ends.get("arrive"), ends.get("leave"), marked


def _after(start: dt.date, end: Found) -> dt.date:
    """The day of leaving behind the day of arriving: of the weekday, day of a month or date that was said."""
    day: dt.date = end.value
    if end.how == "weekday":
        return start + dt.timedelta(days=(day - start).days % 7 or 7)
    if end.how == "number":
        month = start.replace(day=1)
        for _ in range(3):
            try:
                if (one := month.replace(day=day.day)) > start:
                    return one
            except ValueError:
                pass
            month = (month + dt.timedelta(days=32)).replace(day=1)
    if end.how == "month" and day <= start:
        for year in range(start.year, start.year + 9):
            try:
                if start < (one := day.replace(year=year)) <= start + dt.timedelta(days=_LONG):
                    return one
            except ValueError:
                continue
    return day


def _in_month_of(start: Found, end: Found, today: dt.date) -> tuple[dt.date, Found]:
    """ "From the 5th to the 8th of March": the day of arriving is in the month of the day of leaving."""
    first: dt.date = start.value
    last: dt.date = end.value
    month = last.replace(day=1)
    if first.day >= last.day:
        month = (month - dt.timedelta(days=1)).replace(day=1)
    try:
        first = month.replace(day=first.day)
        if first < today and end.how == "month":
            first, last = first.replace(year=first.year + 1), last.replace(year=last.year + 1)
    except ValueError:
        pass
    return first, Found(end.start, end.end, last, "")


def stay(
    spans: Sequence[Span],
    found: Sequence[Found],
    now: dt.datetime,
    booked: int = 0,
    arrival: dt.date | None = None,
    behind: bool = False,
    leaving: bool = False,
) -> tuple[list[dict[str, str]], set[int]] | None:
    """The days of arriving and leaving or the number of nights that were said; two readings where they contradict each
    other. `booked`: the nights of the stay that is known, for "one more night"; `arrival`: its first day, for "until
    Sunday"; `behind`: words for arriving and leaving follow their day; `leaving`: a day alone is that of leaving."""
    wrong = next((one for one in found if isinstance(one.value, str) and one.value[2:3] == "-"), None)
    if wrong is not None:
        return [{"from": wrong.value}], {i for one in found for i in range(one.start, one.end)}
    dates = [one for one in found if isinstance(one.value, dt.date) and not _told(spans, one, now.date())]
    nights = _nights(spans, {i for one in found for i in range(one.start, one.end)})
    count, used = nights.count, nights.used
    dates = _within(spans, dates, count is not None, now.date(), used)
    if count is not None and nights.sign and booked and not dates:
        count = max(booked + nights.sign * count, 1)
    first, last, marked = _ends_of(spans, dates, behind)
    if leaving and first is not None and last is None and not {"from", "arrive", "since"} & _marks(spans):
        first, last = None, first
    moved = last is not None and first is None and marked and _moved(spans, last.start)
    if moved and last is not None and (arrival is None or any("moves" in one.has for one in spans[: last.start])):
        first, last, marked = last, None, False  # "move my booking to Friday"
    for one in dates:
        used.update(range(one.start, one.end))
    start: dt.date | None = first.value if first is not None else None
    end: dt.date | None = last.value if last is not None else None
    if first is not None and last is not None:
        start, end = _between(spans, first, last, marked, dates, now.date())
    elif last is not None and arrival is not None:
        end = _after(arrival, last)
        if last.how == "number" and end - arrival > dt.timedelta(days=_ROLLED) and end.month != arrival.month:
            end = arrival.replace(day=last.value.day)  # before one arrives: it is asked about
    elif first is not None and count is None and (_by_night(spans, first) or _only(spans, first)):
        count = 1
    if start is None and end is None and count is None:
        return None
    if start is not None and count is not None:
        by_nights = start + dt.timedelta(days=count)
        if end is not None and end != by_nights and marked:
            return [_days(start, one) for one in (end, by_nights)], used
        end = by_nights
    if first is not None and first.other is not None and last is None:
        days = [(day, day + dt.timedelta(days=count) if count else None) for day in (first.value, first.other)]
        return [_days(*one) for one in days], used
    if count is not None and start is None and end is None:
        return [{"nights": str(count)}], used
    return [_days(start, end)], used


def _within(spans: Sequence[Span], dates: list[Found], counted: bool, today: dt.date, used: set[int]) -> list[Found]:
    """The days of a stay without the feast or weekend that only tells where they are: "over Christmas, 24th to 27th",
    "next weekend, Friday to Sunday". Days of the week or month are those nearest to it."""
    frames = [one for one in dates if _frame(spans, one)]
    rest = [one for one in dates if one not in frames]
    if len(frames) != 1 or len(rest) != (1 if counted else 2):
        return dates
    frame = frames[0]
    if _mark_before(spans, 0, frame.start, set()) in _MARKS or said_day(spans, frame.end) in ("since", "till", "until"):
        return dates
    used.update(range(frame.start, frame.end))
    return [_near(one, frame.value, today) if place == 0 else one for place, one in enumerate(rest)]


def _frame(spans: Sequence[Span], date: Found) -> bool:
    return any("feast" in spans[i].has or said_day(spans, i) == "weekend" for i in range(date.start, date.end))


def _near(date: Found, frame: dt.date, today: dt.date) -> Found:
    """The weekday or day of a month that was said, as near as can be to `frame`."""
    day: dt.date = date.value
    if date.how == "weekday":
        day = frame + dt.timedelta(days=(day.weekday() - frame.weekday() + 3) % 7 - 3)
    elif date.how == "number":
        days = (frame + dt.timedelta(days=off) for off in range(-15, 16))
        day = min((one for one in days if one.day == day.day), key=lambda one: abs(one - frame), default=day)
    return Found(date.start, date.end, day, date.how, date.other) if day >= today else date


def _between(
    spans: Sequence[Span], first: Found, last: Found, marked: bool, dates: Sequence[Found], today: dt.date
) -> tuple[dt.date, dt.date]:
    """The day of arriving and that of leaving, where two days are said."""
    start: dt.date = first.value
    month = any(spans[i].has.keys() & {"month"} or said_day(spans, i) == "month" for i in range(last.start, last.end))
    if month and first.how == "number" and last.how in ("month", ""):
        start, last = _in_month_of(first, last, today)
    if first.how == "weekday" and last.how == OF_WEEK:  # "Friday to Sunday next week"
        start = last.value - dt.timedelta(days=(last.value - start).days % 7 or 7)
    end: dt.date = _after(start, last) if last.how or last.value > start else last.value
    nightly = [one for one in dates if _by_night(spans, one)]
    joined = any("and" in spans[i].has for i in range(first.end, last.start))
    if marked:
        return start, end
    if last in nightly and (first in nightly or joined):
        end += dt.timedelta(days=1)  # "Friday and Saturday night"
    elif joined and end == start + dt.timedelta(days=1) and _mark_before(spans, 0, first.start, set()) is None:
        end += dt.timedelta(days=1)  # "the nights of the 11th and 12th": each of them
    return start, end


def _days(start: dt.date | None, end: dt.date | None) -> dict[str, str]:
    return {key: day.isoformat() for key, day in (("from", start), ("to", end)) if day is not None}


def shifted(spans: Sequence[Span], arrival: dt.date, booked: int) -> tuple[dict[str, str], set[int]] | None:
    """A known stay moved by so many days, "one day later", 提前两天: a new first day, or the nights where it is said of
    leaving. `booked`: its nights."""
    for at in range(len(spans)):
        counted = period_at(spans, at)
        if counted is None or counted[2] == "months":
            continue
        days, end, unit = counted
        moved = _moved_by(spans, at, unit)
        if end < len(spans) - 1 and "particle" in spans[end].has and "postpone" not in spans[end].has:
            end += 1  # 하루만 미뤄 주세요
        for beside in (end, at - 1, *moved):
            if not 0 <= beside < len(spans) or (beside < at and beside and number_of(spans[beside - 1]) is not None):
                continue  # 两晚三天
            # Put off is what is moved by some days without saying which way.
            later = "postpone" in spans[beside].has or beside in moved
            sign = -1 if "advance" in spans[beside].has else 1 if later else 0
            if not sign:
                continue
            used = {*range(at, end), beside}
            said = {said_day(spans, i) for i in range(len(spans))}
            if "leave" in said and "arrive" not in said:
                return ({"nights": str(max(booked + sign * days, 1))}, used) if booked else None
            return {"from": (arrival + dt.timedelta(days=sign * days)).isoformat()}, used
    return None


def _moved_by(spans: Sequence[Span], at: int, unit: str) -> tuple[int, ...]:
    """Where the verb stands that moves a stay by the period at `at`: "move it by a day", "postpone my stay one day"."""
    if unit == "nights":
        return ()
    before = at - 1
    while before >= 0 and spans[before].has.keys() & _BEFORE_HOW_LONG and "moves" not in spans[before].has:
        before -= 1
    moves = 0 <= before < at - 1 and spans[before].has.keys() & {"moves", "postpone", "advance"}
    return (before,) if moves else ()


_BEFORE_HOW_LONG = frozenset({"it", "the", "announces", "category", "filler"})


def _told(spans: Sequence[Span], date: Found, today: dt.date) -> bool:
    """Whether a day that is past belongs to what is told, "I lost my key yesterday", rather than to a stay."""
    if date.value >= today or not date.value >= today - dt.timedelta(days=2):
        return False
    return any("unknown" in one.has for one in spans) and not any(
        one.has.get("day") in _MARKS or "night" in one.has for one in spans
    )


def _moved(spans: Sequence[Span], end: int) -> bool:
    """Whether what is said before span `end` moves a booking to another day, and names no leaving."""
    before = spans[:end]
    moves = any("moves" in one.has or one.has.get("verb", ("",))[0] in ("change", "swap") for one in before)
    return moves and not any(one.has.get("day") == "leave" for one in before)


def _only(spans: Sequence[Span], date: Found) -> bool:
    """Whether a day is all that is wanted: "on Friday only", 只住周五."""
    before = date.start - 1
    while before >= 0 and (_small(spans[before]) or spans[before].has.keys() & {"verb", "stays", "party"}):
        if "only" in spans[before].has:
            break
        before -= 1
    return any(0 <= i < len(spans) and "only" in spans[i].has for i in (before, date.end)) and not any(
        said_day(spans, i) in _MARKS for i in (date.start - 1, date.end)
    )


def _by_night(spans: Sequence[Span], date: Found) -> bool:
    """Whether a day was said as its night, "Saturday night", "the night of the 5th": that night and no more."""
    after, before = date.end, date.start - 1
    if any(said_day(spans, i) in _MARKS for i in (before, after)):
        return False
    hour = any(spans[i].has.keys() & {"time", "num"} and i > date.start for i in range(date.end - 2, date.end))
    said = not hour and spans[date.end - 1].has.get("daypart") in ("evening", "night")
    while before >= 0 and spans[before].has.keys() & {"of", "of_them", "the", "particle"}:
        before -= 1
    if before >= 0 and "night" in spans[before].has and before < date.start - 1:
        said = not (before and "num" in spans[before - 1].has)
    if after < len(spans) and spans[after].has.get("daypart") in ("evening", "night"):
        said, after = True, after + 1
    return said and said_day(spans, after) not in _MARKS

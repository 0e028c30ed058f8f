"""Times of day and moments. The language file names the words; the order in which they come is looked at here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from assistant.understanding.facts.days import NOT_HOURS, Found, date_at
from assistant.understanding.facts.days import number_of as _number
from assistant.understanding.facts.windows import Windows, first_of
from assistant.understanding.words.spans import Span, halves


def _clock(span: Span) -> str | None:
    return span.has.get("clock")


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


def time_at(
    spans: Sequence[Span],
    at: int,
    now: dt.datetime,
    loose: bool,
    another_day: bool = False,
    part: str | None = None,
) -> Found | None:
    """A time of day that begins at span `at`: `HH:MM`, `asap`, or None. `loose`: a time was asked for. `another_day`:
    it is one of a later day, of which no hour is over yet. `part`: the part of the day that was said with the day."""
    if spans[at].has.keys().isdisjoint(_BEGINNING):
        return None
    begin, lead = at, _clock(spans[at])
    if lead in _FIXED:
        return Found(at, at + 1, _FIXED[lead])
    marked = loose
    if lead in ("at", "in") or "particle" in spans[at].has or _leads(spans[at]):
        marked = marked or lead == "at" or _leads(spans[at])
        at += 1
        if at >= len(spans):
            return None
        if lead == "in":
            return _delay(spans, begin, at, now)
        if (inner := _clock(spans[at])) in _FIXED:
            return Found(begin, at + 1, _FIXED[inner])
    delay = _delay(spans, begin, at, now, behind=True)
    if delay is not None:
        return delay
    said = _TimeOfDay(spans, begin, at, part, loose, marked)
    said.read_part()
    if not said.read_hour():
        return None
    said.read_rest()
    return said.found(now, another_day)


_BEGINNING = frozenset({"clock", "time", "num", "fraction", "article", "daypart", "particle", "act"})
"""One of these has every word that a time of day begins with."""
_FIXED: Mapping[str | None, str] = {"noon": "12:00", "midnight": "00:00", "asap": "asap"}
_MINUTES = {"half_past": 30, "half": 30, "quarter_past": 15, "quarter": 15, "quarter_to": 45}


class _TimeOfDay:
    """A time of day while it is read: "half past seven in the evening", 晚上八点半."""

    def __init__(self, spans: Sequence[Span], begin: int, at: int, part: str | None, loose: bool, marked: bool) -> None:
        """`begin`: the word that leads to it; `at`: the one behind that. `marked`: a word tells that it is a time."""
        self.spans, self.begin, self.at, self.loose, self.marked = spans, begin, at, loose, marked
        self.part = part
        """The part of the day that was said with it; "exact" for an hour of twenty-four."""
        self.hour = self.minute = 0
        self.bare = False
        """It is a mere number, but for a word of the part of the day."""
        self.told = False
        """A word that only a clock has was there."""
        self.written = ""
        """As it is written, 7:30."""

    def _clock_at(self, at: int) -> str | None:
        return _clock(self.spans[at]) if at < len(self.spans) else None

    def _number_at(self, at: int) -> int | None:
        return _number(self.spans[at]) if at < len(self.spans) else None

    def _has(self, at: int, kind: str) -> bool:
        return at < len(self.spans) and kind in self.spans[at].has

    def read_part(self) -> None:
        """The part of the day before the hour: 晚上八点, "this evening at eight"."""
        said = _part(self.spans[self.at])
        if said is None:
            return
        self.part = said
        self.at += 1
        while self._has(self.at, "particle") or self._has(self.at, "pause") or self._clock_at(self.at) == "at":
            self.marked = self.marked or self._clock_at(self.at) == "at"
            self.at += 1

    def read_hour(self) -> bool:
        """Hour and minute, in whichever form they are said. False: it is no time."""
        if self.at >= len(self.spans):
            return False
        span, clock = self.spans[self.at], self._clock_at(self.at)
        if "time" in span.has:
            self.hour, self.minute = map(int, span.has["time"].split(":"))
            self.at, self.told, self.written = self.at + 1, True, span.text
            if self.hour >= 13 or span.text.startswith("0"):
                self.part = self.part or "exact"
            return True
        if (written := _written(self.spans, self.at, self.loose or self.marked)) is not None:
            self.hour, self.minute = written
            self.at, self.told = self.at + 1, True
            return True
        if clock in ("half_past", "quarter_past", "quarter_to"):
            hour = self._number_at(self.at + 1)
            if hour is None:
                return False
            self.hour, self.minute = hour - (clock == "quarter_to"), _MINUTES[clock]
            self.at, self.told = self.at + 2, True
            return True
        number = self._number_at(self.at)
        return number is not None and self._read_number(number)

    def _read_number(self, number: int) -> bool:
        """A number, and what makes an hour of it."""
        at, spans = self.at, self.spans
        follower, other = self._clock_at(at + 1), self._number_at(at + 2)
        if follower in ("past", "to") and other is not None and self._minutes(number):
            self.hour, self.minute = (other, number) if follower == "past" else (other - 1, 60 - number)
            self.at, self.told = at + 3, True
            return True
        if follower is None and at + 1 < len(spans) and spans[at + 1].has.keys() & NOT_HOURS:
            return False
        announced = _announced(spans, self.begin, at)
        ends = self.part is not None and 0 < number <= 12 and self._ends(at + 1)  # "in the evening 6"
        if follower in ("oclock", "am", "pm") or self.loose or (self.marked and self.part) or announced or ends:
            self.hour, self.bare = number, follower != "oclock"
            self.told = follower is not None or self.part is not None or announced
            self.at += 2 if follower == "oclock" else 1
            self._read_minute(follower == "oclock")
            return True
        return self._read_pair(number)

    def _ends(self, at: int) -> bool:
        """Whether nothing more is said that a number could count."""
        return at >= len(self.spans) or not self.spans[at].has.keys().isdisjoint({"stop", "pause", "polite"})

    def _minutes(self, number: int) -> bool:
        """Whether a number is of minutes: "ten past seven"."""
        if number >= 60 or not (number % 5 == 0 or self.marked):  # "change this one to three" tells no time
            return False
        return not (self._has(self.at + 3, "unknown") or self._has(self.at + 3, "road"))  # "at 6 to 12 Mill Lane"

    def _read_minute(self, oclock: bool) -> None:
        """The minute behind an hour: 八点二十, "seven thirty", 여덟 시 반."""
        number, clock = self._number_at(self.at), self._clock_at(self.at)
        if number is not None and clock is None and self.at + 1 < len(self.spans) and _counts(self.spans, self.at + 1):
            return  # 八点四个人, 여덟 시 두 개: what is counted is no minute
        if number is not None and 0 <= number < 60 and (oclock or self._two_digits(number)):
            self.minute = number
            self.at += 2 if self._clock_at(self.at + 1) == "minute" else 1
        elif clock in ("half_past", "half", "quarter_past", "quarter"):
            self.minute = _MINUTES[clock]
            self.at += 1

    def _two_digits(self, number: int) -> bool:
        """Whether the number here is one of two digits, as minutes are: "oh five" and "05", but not "five"."""
        return number >= 10 or self.spans[self.at].text[:1] == "0"

    def _read_pair(self, hour: int) -> bool:
        """Two numbers, "six thirty", 17 30, where something tells that they are hour and minute."""
        minute, behind = self._number_at(self.at + 1), self.at + 2
        if minute is None or not (0 <= hour <= 24 and 0 <= minute < 60):
            return False
        if minute < 10 and self.spans[self.at + 1].text[:1] != "0":
            return False
        told = self.loose or self._has(behind, "daypart") or self._clock_at(behind) in ("am", "pm")
        if not told and not (self.marked and self.begin + 1 == self.at and _two_parts(self.spans, self.at)):
            return False
        self.hour, self.minute, self.told, self.at = hour, minute, True, behind
        return True

    def read_rest(self) -> None:
        """The part of the day behind the hour: "in the evening", "p.m."."""
        while self.at < len(self.spans):
            span, clock = self.spans[self.at], self._clock_at(self.at)
            if clock in ("am", "pm"):
                self.part = clock
            elif clock != "oclock" and "daypart" in span.has and (part := _part(span)) is not None:
                self.part, self.told = part, True
                if span.has.get("day") not in (None, "today"):
                    return  # "at eight tomorrow evening": the day is still to be read
            elif clock != "oclock" and not self._leads_to_part():
                return
            self.told = True
            self.at += 1

    def _leads_to_part(self) -> bool:
        """Whether a mere "in the" stands before a part of the day."""
        if not self._has(self.at, "filler"):
            return False
        return self._has(self.at + 1, "daypart") or self._clock_at(self.at + 1) in ("am", "pm")

    def found(self, now: dt.datetime, another_day: bool) -> Found | None:
        """What was read, if it is a time."""
        hour, minute = self.hour, self.minute
        if not (self.told or self.loose):
            return None
        if self.bare and self.at + 1 < len(self.spans) and _said_at(self.spans, self.at):
            return None  # "for four tonight at eight": it counts who comes, and the hour is what follows
        if not (0 <= hour <= 24 and 0 <= minute < 60):  # no clock shows 25:00: said so, not lost
            return Found(self.begin, self.at, self.written) if self.written else None
        if self.part != "exact":
            late = hour < 8 or (hour < 12 and now.hour >= hour and not another_day)
            hour = _half(hour, self.part, late)
        return Found(self.begin, self.at, f"{hour % 24:02d}:{minute:02d}")


def _announced(spans: Sequence[Span], begin: int, at: int) -> bool:
    """Whether a mere number at `at` is an hour by the word at `begin`, right before it, and by what follows: "by six",
    "at 7 please", but not "at 7 Mill Lane" or "about six cokes". What is raised or lowered "by two" is a count."""
    if not ("announces" in spans[begin].has or _leads(spans[begin])) or at != begin + 1 or at >= len(spans):
        return False
    if begin and "roughly" in spans[begin].has and "verb" in spans[begin - 1].has:
        return False  # "add about six"
    number = _number(spans[at])
    if number is None or not 0 < number < 24 or spans[at].has.keys() & {"measure", "ordinal", "digits", "item"}:
        return False
    behind = spans[at + 1].has if at + 1 < len(spans) else {}
    if behind and not ("unknown" not in behind and behind.keys() & _BEHIND_HOURS and not behind.keys() & NOT_HOURS):
        return False
    first = next((i for i in range(begin - 1, -1, -1) if "stop" in spans[i].has), -1) + 1
    clause = [span.has for span in spans[first:begin]]
    fetched = any("fulfilment" in has for has in (*clause, behind))
    return fetched or _leads(spans[begin]) or all(has.get("verb", ("",))[0] != "change" for has in clause)


def hour_for(spans: Sequence[Span], now: dt.datetime) -> Found | None:
    """The hour that may be meant behind a way to get the goods by a word that counts people as well: "pickup for 6"."""
    for at, span in enumerate(spans):
        fetched = at and spans[at - 1].has.get("fulfilment") not in (None, "dine_in")
        if (
            not fetched
            or "party" not in span.has
            or at + 1 == len(spans)
            or not 0 < (_number(spans[at + 1]) or 0) <= 12
        ):
            continue
        if all(one.has.keys() & {"polite", "stop", "filler"} for one in spans[at + 2 :]):
            return time_at(spans, at, now, True)
    return None


def _leads(span: Span) -> bool:
    """Whether a phrase says that what follows is the hour: "have it ready by"."""
    return ("give_time", "lead") in span.has.get("act", ())


def other_hour(spans: Sequence[Span], found: Found) -> Found | None:
    """The other hour of two, of which one has no word that says it is one: "at 6 or 7", "6 or 7 pm"."""
    hour = str(found.value)[-5:-3]
    for border, at in ((found.end, found.end + 1), (found.start - 1, found.start - 2)):
        if not (0 <= at < len(spans) and "or" in spans[border].has):
            continue
        number = _number(spans[at])
        behind = spans[at + 1].has if at + 1 < len(spans) else {"stop": True}
        if number is None or not 0 < number <= 12 or not behind.keys() & _BEHIND_HOURS:
            continue
        number += 12 if int(hour) >= 12 and number < 12 else 0
        return Found(min(at, found.start), max(at + 1, found.end), f"{str(found.value)[:-5]}{number:02d}:00")
    return None


_BEHIND_HOURS = frozenset(
    "stop pause and or but polite instead filler hesitation day daypart weekday fulfilment on pay verb act".split()
)


def _written(spans: Sequence[Span], at: int, marked: bool) -> tuple[int, int] | None:
    """Hour and minute as recognisers write them, 6.15, where the words around it tell that it is an hour. `marked`:
    those before it do."""
    hour, _, minute = str(spans[at].has.get("fraction", "")).partition(".")
    after = spans[at + 1] if at + 1 < len(spans) else None
    if not (hour.isdigit() and minute.isdigit() and len(minute) == 2 and int(hour) <= 24 and int(minute) < 60):
        return None
    if after is not None and (part := "daypart" in after.has or _clock(after) in ("am", "pm")):
        return (int(hour), int(minute)) if part else None
    counts = after is not None and not after.has.keys().isdisjoint(NOT_HOURS | {"unknown"})
    return (int(hour), int(minute)) if marked and not counts else None


def _counts(spans: Sequence[Span], behind: int) -> bool:
    """Whether the number before `behind` counts goods or guests by the word behind it."""
    has = spans[behind].has
    return bool(has.keys() & NOT_HOURS) and "clock" not in has


def _two_parts(spans: Sequence[Span], at: int) -> bool:
    """Whether two numbers are hour and minute: as they are written, "17 30", with nothing that is counted behind them,
    or said, "six thirty", with nothing at all."""
    follower = spans[at + 2].has if at + 2 < len(spans) else {}
    if not spans[at].text.isdigit() and not spans[at + 1].text.isdigit():
        ends = not follower or not follower.keys().isdisjoint({"stop", "pause", "polite"})
        ends = ends and not any("unknown" in span.has for span in spans)  # "set an alarm for five thirty"
        return ends and 0 < (_number(spans[at]) or 0) <= 12 and (_number(spans[at + 1]) or 1) % 5 == 0
    return spans[at].text.isdigit() and len(spans[at + 1].text) == 2 and not follower.keys() & (NOT_HOURS | {"unknown"})


def _part(span: Span) -> str | None:
    """The part of the day that a word says: a key of `_PARTS` or one of its values."""
    if "daypart" in span.has:
        return _PARTS.get(span.has["daypart"])
    clock = _clock(span)
    return clock if clock in ("am", "pm") and "num" not in span.has else None


def _part_within(spans: Sequence[Span]) -> str | None:
    """The part of the day that is said in the words for a day: "tomorrow evening", 明晚, 오늘밤."""
    return next((part for span in reversed(spans) if (part := _part(span)) is not None), None)


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
            end = _and_half(spans, end + 1)
            minutes += 30 * (end > 0 and halves(spans[end - 1]))
        elif (
            (number is not None or "article" in spans[end].has)
            and end + 1 < len(spans)
            and _clock(spans[end + 1]) in ("minute", "hour")
        ):
            count = 1 if number is None else number
            if not 0 <= count <= 2000:
                return None
            unit = 60 if _clock(spans[end + 1]) == "hour" else 1
            minutes += count * unit
            end = _and_half(spans, end + 2)
            minutes += unit / 2 * halves(spans[end - 1])
        elif number is not None and _whole_and_half(spans, end):
            minutes += number * 60 + 30
            end += 3
        elif number is not None and (half := _and_half(spans, end + 1)) > end + 1 and _unit(spans, half):
            minutes += (number + 0.5) * 60  # "two and a half hours"
            end = half + 1
        elif end > at and "and" in spans[end].has and _minutes_follow(spans, end + 1):
            end += 1
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


def _and_half(spans: Sequence[Span], at: int) -> int:
    """Where "and a half", 반, ends that begins at `at`; `at`, where it doesn't stand there."""
    end = at
    while end < len(spans) and spans[end].has.keys() & {"and", "article"}:
        end += 1
    follower = spans[end + 1].has if end + 1 < len(spans) else {}
    if end < len(spans) and halves(spans[end]) and "num" not in follower:
        return end + 1
    return at


def _minutes_follow(spans: Sequence[Span], at: int) -> bool:
    return at + 1 < len(spans) and _number(spans[at]) is not None and _clock(spans[at + 1]) == "minute"


def _whole_and_half(spans: Sequence[Span], at: int) -> bool:
    """一个半小时: a count with its measure word before half an hour."""
    return at + 2 < len(spans) and "measure" in spans[at + 1].has and _clock(spans[at + 2]) == "half_hour"


def _unit(spans: Sequence[Span], at: int) -> bool:
    return at < len(spans) and _clock(spans[at]) == "hour"


_TELLING = frozenset(
    "between clock time daypart day weekday month feast period days night ordinal digits fraction".split()
)


def _tells(spans: Sequence[Span]) -> bool:
    """Whether any word is of days or hours, or three numbers may be a date: most sentences needn't be searched."""
    kinds: set[str] = set().union(*[span.has for span in spans])
    if not kinds.isdisjoint(_TELLING) or ("act" in kinds and any([_leads(span) for span in spans])):
        return True
    return "num" in kinds and sum(["num" in span.has for span in spans]) > 2


def says_when(spans: Sequence[Span]) -> bool:
    """Whether one of these words tells a day or an hour wherever it stands; a number of a day, 5号, is one of a house,
    too, unless its month stands before it."""
    for span in spans:
        if span.has.keys() & {"weekday", "clock", "daypart", "time", "period", "month", "feast", "between"}:
            return True
        if span.has.get("day") not in (None, "day_of_month"):
            return True
    return False


def half_said(spans: Sequence[Span]) -> str | None:
    """`am` or `pm`, where the words for a day say the part of it: "tomorrow evening", 明天晚上."""
    part = _part_within(spans)
    return None if part is None else "am" if part in ("am", "morning") else "pm"


def moments(
    spans: Sequence[Span], now: dt.datetime, loose: bool, booking: bool = False, another_day: bool = False
) -> list[Found]:
    """All times, dates and days with a time, in order: `HH:MM`, `asap`, ISO date with time, or a date. `another_day`:
    times without a day are of a later one."""
    if not loose and not _tells(spans):
        return []
    if booking or not any(span.has.keys() & _BETWEEN for span in spans):
        return _moments(spans, now, loose, booking, another_day)
    windows = first_of(spans)
    if not windows.whole:
        return _moments(spans, now, loose, booking, another_day)
    return [_placed(one, windows) for one in _moments(windows.spans, now, loose, booking, another_day)]


_BETWEEN = frozenset({"between", "day"})


def _placed(found: Found, windows: Windows) -> Found:
    """What was found, where it stands among all words, with all of the windows that it is in."""
    start, end = windows.places[found.start], windows.places[found.end - 1] + 1
    inside = [one for one in windows.whole if start < one.stop and one.start < end]
    ends = [end, *(one.stop for one in inside)]
    return replace(found, start=min([start, *(one.start for one in inside)]), end=max(ends))


def _for_so_many(spans: Sequence[Span], at: int) -> bool:
    """Whether it is said for how many people, right before the day: "a room for two tonight" is for nobody at 2 PM."""
    behind = [span.has for span in spans[at + 1 : at + 3]]
    if "party" not in spans[at].has or len(behind) < 2 or _number(spans[at + 1]) is None:
        return False
    return behind[1].get("day") == "today" and "time" not in behind[0]


def _moments(spans: Sequence[Span], now: dt.datetime, loose: bool, booking: bool, another_day: bool) -> list[Found]:
    found: list[Found] = []
    at = 0
    while at < len(spans):
        date = date_at(spans, at, now, booking)
        if date is not None:
            end = date.end
            while end < len(spans) and (
                "particle" in spans[end].has
                or ("clock" in spans[end].has and _clock(spans[end]) == "at" and end + 1 < len(spans))
            ):
                end += 1
            later = isinstance(date.value, dt.date) and date.value > now.date()
            time = None
            if end < len(spans):
                part = _part_within(spans[date.start : date.end])
                time = time_at(spans, end, now, loose or _said_at(spans, end - 1), later, part)
            if time is not None and _of_day(time) and isinstance(date.value, dt.date):
                found.append(_both(date, time, date.start, time.end))
                at = time.end
            else:
                found.append(date)
                at = date.end
            continue
        if booking and _for_so_many(spans, at):
            at += 2
            continue
        comes = booking and _clock(spans[at]) == "at" and at > 0 and spans[at - 1].has.get("day") in ("arrive", "leave")
        time = time_at(spans, at, now, loose or comes, another_day)
        if time is not None:
            end = time.end
            after = (
                end + 1
                if end < len(spans)
                and (_clock(spans[end]) == "at" or "on" in spans[end].has or "pause" in spans[end].has)
                else end
            )
            date = date_at(spans, after, now, booking) if after < len(spans) else None
            if date is not None and _of_day(time) and isinstance(date.value, dt.date):
                if date.value > now.date():
                    time = time_at(spans, at, now, loose or comes, True) or time
                found.append(_both(date, time, time.start, date.end))
                at = date.end
            else:
                found.append(time)
                at = time.end
            continue
        at += 1
    return found


def _both(date: Found, time: Found, start: int, end: int) -> Found:
    return Found(start, end, f"{date.value.isoformat()}T{time.value}", date.how, date.other)


def _of_day(time: Found) -> bool:
    """Whether it is a time of some day, which a clock shows."""
    hour, _, minute = time.value.partition(":")
    return bool(minute) and "T" not in time.value and int(hour) < 24 and int(minute) < 60


def _said_at(spans: Sequence[Span], at: int) -> bool:
    """Whether a time was announced: "tomorrow at six"."""
    return _clock(spans[at]) == "at" and at + 1 < len(spans) and "num" in spans[at + 1].has

"""Between two hours, read as the first of them: "between 5 and 6 pm", 下午五点到六点之间, 5시에서 6시 사이에."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from assistant.understanding.words.spans import Span

_CLOCKS = frozenset({"oclock", "am", "pm", "half", "half_past"})
_TO = ("until", "since", "from")
_COUNTED = frozenset({"item", "category", "measure", "unit", "choice", "partial", "currency", "month"})


class Windows(NamedTuple):
    """The words of an utterance without those that only say until when."""

    spans: Sequence[Span]
    places: Sequence[int]
    """Where each of them stands."""
    whole: Sequence[range]
    """Where the windows stand."""


def first_of(spans: Sequence[Span]) -> Windows:
    """The words with each window as its first hour."""
    made: list[Span] = []
    places: list[int] = []
    whole: list[range] = []
    at = 0
    while at < len(spans):
        window = _led(spans, at) or _hours(spans, at)
        if window is None:
            made.append(spans[at])
            places.append(at)
            at += 1
            continue
        hour, end = window
        made += hour
        places += [at, *([end - 1] * (len(hour) - 1))]
        whole.append(range(at, end))
        at = end
    return Windows(made, places, whole)


def _led(spans: Sequence[Span], at: int) -> tuple[list[Span], int] | None:
    """ "Between 5 and 6 pm", "from 5 to 6": what stands behind the second hour is said of both. What is read instead,
    and where it ends."""
    between = "between" in spans[at].has
    if not between and spans[at].has.get("day") != "from":
        return None
    parted = _end(spans, at + 1)
    if (
        parted is None
        or parted >= len(spans)
        or not (_until(spans[parted]) or (between and "and" in spans[parted].has))
    ):
        return None
    end = _end(spans, parted + 1)
    if end is None or (end < len(spans) and not _COUNTED.isdisjoint(spans[end].has)):
        return None  # so many, or a day of a month
    first, halves = [_told(spans[at + 1]), *spans[at + 2 : parted]], list(spans[parted + 2 : end])
    return [*first, *(halves if len(first) == 1 else ())], end


def _hours(spans: Sequence[Span], at: int) -> tuple[list[Span], int] | None:
    """5点到6点之间, 5시에서 6시 사이에."""
    first = _end(spans, at)
    if first is None or first - at < 2 or first >= len(spans) or spans[first].has.get("day") not in _TO:
        return None
    end = _end(spans, first + 1)
    if end is None or end - first < 3:
        return None
    if end < len(spans) and "between" in spans[end].has:
        end += 1
        end += end < len(spans) and "particle" in spans[end].has
    return list(spans[at:first]), end


def _told(span: Span) -> Span:
    """A number as the hour that it is."""
    number = span.has.get("num", (25,))[0]
    if "time" in span.has or not 0 <= number < 25:
        return span
    return Span(span.start, span.end, {"time": f"{number}:00"}, span.text, glued=span.glued)


def _end(spans: Sequence[Span], at: int) -> int | None:
    """Behind an hour that is said at a place: "5", "5:30", "5 pm", 五点, 5시; None where none is."""
    if at >= len(spans) or not spans[at].has.keys() & {"num", "time"}:
        return None
    end = at + 1
    while end < len(spans) and spans[end].has.get("clock") in _CLOCKS:
        end += 1
    return end


def _until(span: Span) -> bool:
    return span.has.get("day") == "until" or span.has.get("clock") == "to"

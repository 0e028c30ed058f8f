"""Windows of time as a merchant writes them: `HH:MM-HH:MM`, an end at or before its start runs past midnight. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from functools import lru_cache

from assistant.commerce.shop import DAYS

DAY = 24 * 60


@lru_cache(maxsize=512)
def minutes(window: str) -> tuple[int, int]:
    """(from, to) in minutes of the day on which it begins. An end of 23:59 means midnight."""
    start, end = (int(one[:2]) * 60 + int(one[3:]) for one in window.split("-"))
    if end == DAY - 1:
        end = DAY
    return start, end if end > start else end + DAY


def in_windows(windows: Sequence[str], days: Iterable[str], local: dt.datetime) -> bool:
    """Whether a local time lies in one of these windows on one of these days; no windows or days: always.

    What begins on Friday at 22:00 and runs past midnight belongs to Friday."""
    days = tuple(days)
    now = local.hour * 60 + local.minute
    today = local.weekday()
    for window in windows or ("00:00-24:00",):
        start, end = minutes(window)
        if start <= now < end and (not days or DAYS[today] in days):
            return True
        if start <= now + DAY < end and (not days or DAYS[today - 1] in days):
            return True
    return False

"""Dates in figures, "12/5 to 12/7": the month comes first; where it may come last as well, that is asked about."""

from __future__ import annotations

from assistant.understanding.words.utterance import Utterance

Pair = tuple[int, int, int]
"""The span of a first figure, and both figures."""


def dates(u: Utterance) -> tuple[Pair, ...]:
    """Figures with a slash between them that may be a month and a day."""
    found: list[Pair] = []
    at = 0
    while at < len(u.spans) - 1:
        first, second = _figure(u, at), _figure(u, at + 1)
        if first and second and _between(u, at) == "/" and min(first, second) <= 12:
            found.append((at, first, second))
            at += 1
        at += 1
    return tuple(found)


def put(u: Utterance, pairs: tuple[Pair, ...], month_last: bool) -> None:
    """Makes a month and a day of each pair: its first figure is the month unless it is `month_last`, or can't be."""
    for at, first, second in pairs:
        last = second <= 12 and (month_last or first > 12)
        month, day = (second, first) if last else (first, second)
        places = (at + 1, at) if last else (at, at + 1)
        u.spans[places[0]].has = {"month": month}
        u.spans[places[1]].has = {"ordinal": day}


def unsure(u: Utterance, pairs: tuple[Pair, ...]) -> bool:
    """Whether the month may as well come last: where an alphabet is written people do either."""
    return u.grammar.script == "spaced" and any(
        first <= 12 and second <= 12 and first != second for _at, first, second in pairs
    )


def _figure(u: Utterance, at: int) -> int:
    """A day or a month in figures; 0 where there is none."""
    text = u.spans[at].text
    return int(text) if text.isdecimal() and len(text) <= 2 and int(text) <= 31 else 0


def _between(u: Utterance, at: int) -> str:
    here, after = u.spans[at], u.spans[at + 1]
    return u.shown[u.offsets[here.end - 1][1] : u.offsets[after.start][0]].strip()

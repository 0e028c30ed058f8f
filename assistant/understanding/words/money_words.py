"""Amounts of money and percentages that aren't whole: "two and a half dollars", "twelve point five percent"; and where
words of one letter say numbers, all amounts: 三点五美元, 百分之十二点五, 팔 점 구 위안, 六块三毛, 付六块.

They become a written number before their currency, so that neither the time ("three o'clock"), nor goods that are
counted by the same word ("six pieces") take their words. Elsewhere such words are left as they are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from msgspec import Struct

from assistant.understanding.words.numbers import ENGINES, Engine
from assistant.understanding.words.text import Token, words_of
from models.languages import Language

Words = tuple[str, ...]


class Amounts(Struct, frozen=True, eq=False):
    """How one language says amounts."""

    points: frozenset[str]
    numbers: Mapping[str, int]
    """Number word of one token -> its value; where words are written apart, only for what is said of parts."""
    parts: tuple[tuple[Words, int], ...]
    """What is said behind a whole number: and a half -> 50 hundredths."""
    apart: bool
    """Words are written apart, so that a whole number is told from its neighbours without help."""
    percents: tuple[Words, ...]
    percent_first: tuple[Words, ...]
    """Words for hundredths, and those of them that stand before the number: 百分之."""
    counting: frozenset[str]
    """Number words that stand behind no point: 两."""
    engine: Engine
    currencies: tuple[Words, ...]
    """Of money alone."""
    pieces: tuple[Words, ...]
    """Of money, and of things: 块."""
    tenths: tuple[Words, ...]
    hundredths: tuple[Words, ...]
    pays: tuple[Words, ...]
    """What is said right before an amount: 付."""
    signs: frozenset[str]
    """Words without one of which nothing is such an amount."""


@cache
def amounts_of(language: Language) -> Amounts | None:
    """None where the language has no word for the point between an amount's parts."""
    tables = language.tables
    numbers: Mapping[str, Any] = tables.get("numbers", {})
    points = numbers.get("point", ())
    if not points:
        return None
    apart = tables["script"] == "spaced"
    percents = tables.get("words", {}).get("percent", ())
    money = tables.get("currency", {})
    counts = set(tables.get("words", {}).get("measure", ()))
    major = money.get("major", ())
    points = frozenset([points] if isinstance(points, str) else points)
    parts = tuple((words_of(said), int(value)) for said, value in numbers.get("parts", {}).items())
    currencies, pieces = (
        _keys([one for one in major if one not in counts]),
        _keys([one for one in major if one in counts]),
    )
    named = () if apart else (*currencies, *pieces)
    return Amounts(
        points=points,
        numbers={word: value for word, value in numbers.get("words", {}).items() if apart or len(word) == 1},
        parts=parts,
        apart=apart,
        percents=_keys(percents),
        percent_first=_keys(numbers.get("percent_first", ())),
        counting=frozenset(numbers.get("only_counting", ())),
        engine=ENGINES[numbers.get("system", "tens")],
        currencies=currencies,
        pieces=pieces,
        tenths=_keys(money.get("tenth", ())),
        hundredths=_keys(money.get("minor", ())),
        pays=_keys(tables.get("phrases", {}).get("give_amount", ())),
        signs=points.union([key[0] for key, _ in parts], [key[0] for key in named]),
    )


def _keys(phrases: Sequence[str]) -> tuple[Words, ...]:
    """The longest first."""
    return tuple(sorted({words_of(one) for one in phrases} - {()}, key=len, reverse=True))


def joined(tokens: list[Token], language: Language) -> list[Token]:
    """The tokens, with each such amount as a written number before its currency: "3.5"."""
    known = amounts_of(language)
    if known is None or known.signs.isdisjoint(texts := [one.text for one in tokens]):
        return tokens
    if not known.apart and known.numbers.keys().isdisjoint(texts):
        return tokens
    made: list[Token] = []
    at = 0
    while at < len(tokens):
        read = _amount(tokens, at, known)
        made += read[1] if read else [tokens[at]]
        at = read[0] if read else at + 1
    return made


def _amount(tokens: Sequence[Token], at: int, known: Amounts) -> tuple[int, list[Token]] | None:
    """The amount that begins at a token: where it ends, and the tokens that say it now."""
    begin = at
    values = []
    while at < len(tokens) and tokens[at].text in known.numbers:
        values.append(known.numbers[tokens[at].text])
        at += 1
    if not values and known.apart and tokens[at].kind == "number" and tokens[at].text.isdecimal():
        values, at = [int(tokens[at].text)], at + 1
    if not values or at >= len(tokens):
        return None
    whole, size = known.engine(values, 0)
    if size != len(values):
        return None
    part, end = _part(tokens, at, known)
    if part:
        before = any(
            tuple([one.text for one in tokens[max(0, begin - len(key)) : begin]]) == key for key in known.percent_first
        )
        if not before and not _one_of(known.currencies, tokens, end) and not _one_of(known.percents, tokens, end):
            return None
        return end, [_number(f"{whole}.{part}", tokens[begin], tokens[end - 1].end)]
    if known.apart:
        return None
    unit = _one_of(known.pieces, tokens, at) or _one_of(known.currencies, tokens, at)
    if not unit:
        return None
    end = at + unit
    hundredths, last = _parts(tokens, end, known)
    if hundredths:
        number = _number(f"{whole}.{hundredths:02}", tokens[begin], tokens[at - 1].end)
        named = [*tokens[at : end - 1], _until(tokens[end - 1], tokens[last - 1].end)]
        return last, [number, *named]
    if any(tuple([one.text for one in tokens[max(0, begin - len(key)) : begin]]) == key for key in known.pays):
        # Written so that it is a part of no name: a choice of six pieces may be called "6块".
        return end, [_number(f"{whole}.0", tokens[begin], tokens[at - 1].end), *tokens[at:end]]
    return None


def _part(tokens: Sequence[Token], at: int, known: Amounts) -> tuple[str, int]:
    """What makes a number no whole one, as decimals, and where it ends: "point five", "and a half"."""
    if tokens[at].text in known.points:
        return _digits(tokens, at + 1, known)
    for key, hundredths in known.parts:
        if tuple([one.text for one in tokens[at : at + len(key)]]) == key:
            return f"{hundredths:02}".rstrip("0"), at + len(key)
    return "", at


def _parts(tokens: Sequence[Token], at: int, known: Amounts) -> tuple[int, int]:
    """What follows the currency: 三毛, 三毛三, 三毛三分, 零五分: (hundredths, where it ends); 0 for nothing."""
    values = [known.numbers.get(one.text, -1) for one in tokens[at : at + 2]] + [-1, -1]
    if values[0] == 0 and 0 < values[1] < 10 and (unit := _one_of(known.hundredths, tokens, at + 2)):
        return values[1], at + 2 + unit
    unit = _one_of(known.tenths, tokens, at + 1) if 0 < values[0] < 10 else 0
    if not unit:
        return 0, at
    end = at + 1 + unit
    more = known.numbers.get(tokens[end].text, 0) if end < len(tokens) else 0
    if not 0 < more < 10:
        return values[0] * 10, end
    return values[0] * 10 + more, end + 1 + _one_of(known.hundredths, tokens, end + 1)


def _digits(tokens: Sequence[Token], at: int, known: Amounts) -> tuple[str, int]:
    said = ""
    while at < len(tokens) and 0 <= known.numbers.get(tokens[at].text, -1) < 10:
        if tokens[at].text in known.counting:
            break
        said += str(known.numbers[tokens[at].text])
        at += 1
    return said, at


def _one_of(phrases: Sequence[Words], tokens: Sequence[Token], at: int) -> int:
    """How many tokens the first of the phrases has that stands there; 0 for none."""
    for phrase in phrases:
        if tuple([one.text for one in tokens[at : at + len(phrase)]]) == phrase:
            return len(phrase)
    return 0


def _number(text: str, first: Token, end: int) -> Token:
    return Token(text, first.start, end, "number", first.glued)


def _until(token: Token, end: int) -> Token:
    return Token(token.text, token.start, end, token.kind, token.glued)

"""How much of something: 三分甜, 당도 30, "30 percent sweet" are the choice of the menu, however it writes it.

A level that the menu hasn't is a word for all that it has of the kind, so that it is asked which; where it has no
levels at all, nobody is to take its number for a count.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct

from assistant.understanding.words.language_words import Grammar, Key
from assistant.understanding.words.lexicon import Lexicon, Places, Trie
from assistant.understanding.words.names import meaning_of, plain
from assistant.understanding.words.numbers import ENGINES
from assistant.understanding.words.spans import Mended, Span, said_as
from assistant.understanding.words.text import Token

COST = 0.9
"""Less than a known phrase costs: the parts of a level are words, too."""
_ASKS = frozenset({"asking", "question", "offers"})
_BETWEEN = frozenset({"particle", "on", "filler", "of"})


class Level(Struct, frozen=True):
    """A level as it was said, by the tokens that say it."""

    start: int
    end: int
    percent: int


class _Menu(Struct, frozen=True):
    """The levels of one kind that a shop has."""

    by_percent: Mapping[int, Places]
    every: Places


def levels(tokens: list[Token], spans: Sequence[Span], lexicon: Lexicon, grammar: Grammar) -> dict[int, list[Mended]]:
    """Readings of stretches that say a level, by where they begin. `spans`: the tokens as they stand."""
    texts = [token.text for token in tokens]
    words = lexicon.words[grammar.tag]
    goods = {at for span in spans if "item" in span.has for at in range(span.start, span.end)}
    asking = any(map(_asks, spans))  # "anything not too spicy?" is about a kind of goods
    made: dict[int, list[Mended]] = {}
    for kind, stems in enumerate(grammar.levels):
        for at, end in _stems(texts, stems):
            if at in goods:
                continue  # sugar that is sold, or a part of a name
            if not asking and (name := _renamed(texts, at, end, spans, lexicon, stems)) is not None:
                made.setdefault(at, []).append(Mended(end, *name, COST, 1.0, "exact"))
            for begin, until, has in _meant(texts, at, end, lexicon, grammar, words, kind):
                made.setdefault(begin, []).append(Mended(until, has, said_as(tokens, begin, until), COST, 1.0, "exact"))
    for begin, until, places in () if asking else _degrees(texts, goods, lexicon, grammar):
        has = {**meaning_of(words, texts[begin:until]), "choice": places, "kinds": places}
        made.setdefault(begin, []).append(Mended(until, has, said_as(tokens, begin, until), COST, 1.0, "exact"))
    return made


def _asks(span: Span) -> bool:
    acts = [name for name, _ in span.has.get("act", ())]
    return not span.has.keys().isdisjoint(_ASKS) or any(name.startswith("ask_") for name in acts)


def _degrees(
    texts: Sequence[str], goods: Container[int], lexicon: Lexicon, grammar: Grammar
) -> Iterator[tuple[int, int, Places]]:
    """Levels that are said in other words, with what the menu has for them: "a bit spicy", 덜 달게, 稍微辣一点. It may
    call a level by another of its phrases, or by an amount and the word for it."""
    for kind, amount, phrases in grammar.degrees:
        for begin, until in _stems(texts, phrases):
            if tuple(texts[begin:until]) in lexicon.choices or any(at in goods for at in range(begin, until)):
                continue
            every = _menu(lexicon, grammar, kind).every
            wanted = [lexicon.choices.get(phrase, {}) for phrase in phrases if amount != "which"]
            wanted += [lexicon.composed.get((amount, stem), {}) for stem in grammar.levels[kind]]
            places = {item: next((one[item] for one in wanted if item in one), pairs) for item, pairs in every.items()}
            if places:
                yield begin, until, places


def _renamed(
    texts: Sequence[str], at: int, end: int, spans: Sequence[Span], lexicon: Lexicon, stems: Sequence[Key]
) -> tuple[dict[str, Any], str] | None:
    """What a stem means behind an amount, where only another word of its kind is the menu's: "not too sweet", where
    there is less sugar."""
    amount = any(span.end == at and "amount" in span.has for span in spans)
    if not amount or "option" in meaning_of(lexicon.names.others, texts[at:end]):
        return None
    names = ((meaning_of(lexicon.names.others, stem), plain(stem)) for stem in stems)
    return next((({"option": has["option"]}, name) for has, name in names if "option" in has), None)


def _meant(
    texts: Sequence[str], at: int, end: int, lexicon: Lexicon, grammar: Grammar, words: Trie, kind: int
) -> Iterator[tuple[int, int, dict[str, Any]]]:
    """What the level of the stem from `at` to `end` means, with its place."""
    for size in range(1, min(at, 3) + 1):  # 半甜 for 半糖, "half sweet"
        before = tuple(texts[at - size : at])
        if (*before, *texts[at:end]) in lexicon.choices:
            continue
        for stem in grammar.levels[kind]:
            if places := lexicon.choices.get((*before, *stem)):
                yield at - size, end, {"choice": places}
    menu = _menu(lexicon, grammar, kind)
    for level in (_before(texts, at, end, grammar, words), _behind(texts, at, end, grammar, words)):
        if level is None:
            continue
        exact = menu.by_percent.get(level.percent, {})
        if not menu.every:
            yield level.start, level.end, {"unknown": True}
            continue
        places = {item: exact.get(item, pairs) for item, pairs in menu.every.items()}
        yield level.start, level.end, {"choice": places, "kinds": places}


def _stems(texts: Sequence[str], stems: Sequence[Key]) -> Iterator[tuple[int, int]]:
    at = 0
    while at < len(texts):
        size = max((len(stem) for stem in stems if tuple(texts[at : at + len(stem)]) == stem), default=0)
        if size:
            yield at, at + size
        at += size or 1


def _before(texts: Sequence[str], at: int, end: int, grammar: Grammar, words: Trie) -> Level | None:
    """The share that stands before a stem: 三分糖, "30 percent sugar"."""
    until = at
    while until > 1 and not _OF.isdisjoint(meaning_of(words, (texts[until - 1],))):
        until -= 1
    unit, begin = _unit_before(texts, until, grammar)
    number_at = begin
    while number_at and _number(texts[number_at - 1], words) is not None:
        number_at -= 1
        if texts[number_at].isdigit():
            break  # "one 0% sugar": a count, and the level
    if number_at == begin:
        return None
    number, _ = _read(texts[number_at:begin], grammar, words)
    lead = next((len(one) for one in grammar.percents if tuple(texts[number_at - len(one) : number_at]) == one), 0)
    if not unit and not lead:
        return None
    return Level(number_at - lead, end, number * 10 if unit == "tenth" else number)


_OF = frozenset({"of", "particle"})


def _behind(texts: Sequence[str], at: int, end: int, grammar: Grammar, words: Trie) -> Level | None:
    """The share that stands behind a stem: 甜度30%, 당도 삼십. A mere number is enough where nothing counts behind it
    and the stem asks for one."""
    begin = end
    if begin < len(texts) and not _BETWEEN.isdisjoint(meaning_of(words, (texts[begin],))):
        begin += 1
    lead = next((len(one) for one in grammar.percents if tuple(texts[begin : begin + len(one)]) == one), 0)
    begin += lead
    until = begin
    while until < len(texts) and _number(texts[until], words) is not None:
        until += 1
    if until == begin:
        return None
    number, used = _read(texts[begin:until], grammar, words)
    unit, after = _unit_behind(texts, begin + used, grammar)
    if not (unit or lead) and tuple(texts[at:end]) not in grammar.measured:
        return None
    tenths = unit == "tenth" or (not unit and not lead and 0 < number <= 10)
    return Level(at, after, number * 10 if tenths else number)


def _read(texts: Sequence[str], grammar: Grammar, words: Trie) -> tuple[int, int]:
    """The number that begins here, and of how many words it is."""
    if texts[0].isdigit():
        return int(texts[0]), 1
    values = []
    for text in texts:
        if text.isdigit():
            break
        values.append(_number(text, words) or 0)
    return ENGINES[grammar.number_systems["words"]](values, 0)


def _number(text: str, words: Trie) -> int | None:
    if text.isdigit():
        return int(text)
    has = meaning_of(words, (text,))
    return has["num"][0] if "num" in has else None


def _unit_before(texts: Sequence[str], end: int, grammar: Grammar) -> tuple[str, int]:
    """The unit of a share that ends at `end`, and where it begins."""
    for unit, phrases in (("percent", grammar.percents), ("tenth", grammar.tenths)):
        for one in phrases:
            if len(one) <= end and tuple(texts[end - len(one) : end]) == one:
                return unit, end - len(one)
    return "", end


def _unit_behind(texts: Sequence[str], at: int, grammar: Grammar) -> tuple[str, int]:
    for unit, phrases in (("percent", grammar.percents), ("tenth", grammar.tenths)):
        for one in phrases:
            if tuple(texts[at : at + len(one)]) == one:
                return unit, at + len(one)
    return "", at


def _menu(lexicon: Lexicon, grammar: Grammar, kind: int) -> _Menu:
    """Worked out when somebody first says such a level, then kept with the lexicon."""
    key = f"{grammar.tag} levels"
    if key not in lexicon.nears:
        lexicon.nears[key] = {}
    known: dict[int, _Menu] = lexicon.nears[key]
    if kind not in known:
        known[kind] = _menu_of(lexicon, grammar, kind)
    return known[kind]


def _menu_of(lexicon: Lexicon, grammar: Grammar, kind: int) -> _Menu:
    words = lexicon.words[grammar.tag]
    by_percent: dict[int, dict[str, tuple[tuple[str, str], ...]]] = {}
    every: Places = {}
    for key, places in lexicon.choices.items():
        for at, end in _stems(key, grammar.levels[kind]):
            for level in (_before(key, at, end, grammar, words), _behind(key, at, end, grammar, words)):
                if level is None or (level.start, level.end) != (0, len(key)):
                    continue
                for item, pairs in places.items():
                    by_percent.setdefault(level.percent, {}).setdefault(item, pairs[:1])
                    _have_levels(every, lexicon, item, pairs[0][0])
    for stem in grammar.levels[kind]:
        for item, paths in meaning_of(lexicon.names.others, stem).get("option", {}).items():
            for path in paths[:1]:
                _have_levels(every, lexicon, item, path)
    return _Menu(by_percent, every)


def _have_levels(every: Places, lexicon: Lexicon, item: str, path: str) -> None:
    """Notes all levels of an item, where an option has several."""
    option = lexicon.catalogue.items[item].option(path)
    if option is not None and option.choose == "one" and item not in every:
        every[item] = tuple((path, one.id) for one in option.choices)

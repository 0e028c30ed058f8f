"""What a language file says, as phrases of tokens with what each may mean."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from sys import intern
from typing import Any

from msgspec import Struct

from assistant.understanding.words.numbers import Engine
from assistant.understanding.words.text import words_of
from models.languages import Language

Key = tuple[str, ...]


class Reading(Struct, frozen=True, gc=False):
    """One thing that a phrase may mean."""

    kind: str
    value: Any
    """True where the kind says it all, as of a filler."""


class Grammar(Struct, frozen=True, eq=False):
    """How a language puts words together: the switches that the stages look at."""

    tag: str
    script: str
    number_systems: Mapping[str, str]
    """Group of number words -> engine."""
    connectors: frozenset[str]
    verbs_last: bool
    """Verbs follow what they are about, and counts follow the goods."""
    surnames: frozenset[str]
    """Family names, most of one letter, by which a name is known whose letters are words, too."""
    name_endings: Mapping[str, Mapping[str, str]]
    """What may be glued to a name: `always` (no name ends so) or `behind` (only behind a whole name) -> ending ->
    what it follows: an open or a closed syllable, or any."""
    modals: frozenset[str]
    """Verbs such as "will" that say nothing alone, and may be a name then."""
    levels: tuple[tuple[Key, ...], ...]
    """What there may be more or less of, by kind: the words for it, as 糖 and 甜."""
    level_words: frozenset[str]
    """The first words of these, and those of `degrees`: without one of them no level is said."""
    degrees: tuple[tuple[int, str, tuple[Key, ...]], ...]
    """Levels that are said in other words: their kind, the amount they are ("which" where it must be asked) and the
    phrases, as "a bit spicy"."""
    measured: frozenset[Key]
    """Those of these words behind which a mere number says how much: 당도 30."""
    percents: frozenset[Key]
    tenths: frozenset[Key]
    """Words for hundredths and for tenths."""
    allergens: Mapping[Key, str]
    """What may be said of an allergen -> its name in the catalogue."""
    allergen_sizes: Mapping[str, int]
    """First word of these -> words of the longest that begins so."""
    begins: frozenset[Key]
    """What one says before anything is wanted by name: "place an order"."""
    insists: frozenset[Key]
    """What may stand behind a yes and only says it once more: "yes, I do"."""
    kinds_of: Mapping[Key, tuple[Key, ...]]
    """What may be the name of one thing, and stands for a kind of goods as well -> words in the names of those."""
    typed: Mapping[str, str]
    """Words as they are typed in haste -> as they are meant."""


_GROUP = re.compile(r"\(([^()\[\]]*)\)|\[([^()\[\]]*)\]")


@lru_cache(maxsize=20_000)
def expand(phrase: str) -> tuple[str, ...]:
    """`(can|may) i [please] pay` -> every phrase that it stands for."""
    match = _GROUP.search(phrase)
    if match is None:
        return (phrase,)
    options = match[1].split("|") if match[1] is not None else [*match[2].split("|"), ""]
    before, after = phrase[: match.start()], phrase[match.end() :]
    return tuple(dict.fromkeys(one for option in options for one in expand(before + option + after)))


def keys_in(value: Any) -> Iterator[Key]:
    for phrase in [value] if isinstance(value, str) else value:
        for one in expand(phrase):
            key = tuple(map(intern, words_of(one)))  # a few thousand words, in a hundred thousand phrases
            if key:
                yield key
                if "'" in one and (len(key) > 1 or "n't" in one):
                    yield words_of(one.replace("'", ""))  # as it is typed in haste: "id like", "dont"


def act_of(said: Any) -> tuple[str, Any]:
    """`act` or `act.value`, as the keys of [phrases] and the values of `hear` are written."""
    if isinstance(said, Mapping):
        return str(said.get("act", "none")), said.get("value")
    name, _, value = str(said).replace(":", ".", 1).partition(".")
    return name, value or None


@cache
def language_readings(language: Language) -> tuple[tuple[Key, Reading], ...]:
    """Every phrase of a language file with what it means."""
    entries = [(key, reading) for said, reading in _entries(language.tables) for key in keys_in(said)]
    words = [
        (key, Reading(kind, True)) for kind, said in language.tables.get("words", {}).items() for key in keys_in(said)
    ]
    return (*entries, *words)


def _entries(tables: Mapping[str, Any]) -> Iterator[tuple[Any, Reading]]:
    """What is said (a phrase, or several), and what it means."""
    numbers = tables.get("numbers", {})
    for group in ("words", "counting"):
        for word, value in numbers.get(group, {}).items():
            yield word, Reading("num", (value, group))
    for table, kind in (("multiples", "multiple"), ("ordinals", "ordinal"), ("nights", "nights"), ("folds", "fold")):
        for word, value in numbers.get(table, {}).items():
            yield word, Reading(kind, value)
    yield numbers.get("minus", ()), Reading("minus", True)
    for word, value in tables.get("months", {}).items():
        yield word, Reading("month", value)
    for name, said in tables.get("phrases", {}).items():
        yield said, Reading("act", act_of(name))
    for table, kind, sides in (
        ("verbs", "verb", ("before", "both", "after")),
        ("amounts", "amount", ("before", "after", "link")),
    ):
        for side in sides:
            for name, said in tables.get(table, {}).get(side, {}).items():
                yield said, Reading(kind, (name, side))
    for kind in (
        "fulfilment", "method", "topic", "tag", "free", "category", "part", "language", "weekday", "daypart", "day",
        "clock", "currency",
    ):  # fmt: skip
        for name, said in tables.get(kind, {}).items():
            yield said, Reading(kind, name)


@cache
def booking_readings(language: Language) -> tuple[tuple[Key, Reading], ...]:
    """The phrases of `[booking]`, which are read where nights are booked: periods, people, feasts, what a house has,
    and more words for what the other tables have."""
    tables = language.tables.get("booking", {})
    made = [
        (key, Reading(table, name))
        for table in ("day", "clock", "period", "people", "feast", "tag", "topic")
        for name, value in tables.get(table, {}).items()
        for key in keys_in(value)
    ]
    words = [(key, Reading(kind, True)) for kind, value in tables.get("words", {}).items() for key in keys_in(value)]
    acts = [
        (key, Reading("act", act_of(name)))
        for name, value in tables.get("phrases", {}).items()
        for key in keys_in(value)
    ]
    days = [(key, Reading("days", count)) for word, count in tables.get("days", {}).items() for key in keys_in(word)]
    return (*made, *words, *acts, *days)


@cache
def selling_readings(language: Language) -> tuple[tuple[Key, Reading], ...]:
    """The words of `[selling]`, which are read where no nights are booked: whom goods are for says nothing there."""
    words = language.tables.get("selling", {}).get("words", {})
    return tuple((key, Reading(kind, True)) for kind, value in words.items() for key in keys_in(value))


def grammar_of(language: Language) -> Grammar:
    tables = language.tables
    numbers, levels = tables.get("numbers", {}), tables.get("levels", {})
    stems = tuple(tuple(keys_in(kind)) for kind in levels.get("of", ()))
    degrees = [
        (kind, amount, tuple(keys_in(said)))
        for table in levels.get("degrees", ())
        for kind in (next(at for at, several in enumerate(stems) if words_of(table["about"]) in several),)
        for amount, said in table.items()
        if amount not in ("about", "by")
    ]
    by = {word for table in levels.get("degrees", ()) for key in keys_in(table["by"]) for word in key}
    allergens = {key: name for name, value in tables.get("allergen", {}).items() for key in keys_in(value)}
    return Grammar(
        tag=language.tag,
        script=tables["script"],
        number_systems={"words": numbers.get("system", "tens"), "counting": "tens"},
        connectors=frozenset(numbers.get("connectors", ())),
        verbs_last=bool(tables.get("verbs", {}).get("last", tables["script"] == "particles")),
        surnames=frozenset(tables.get("surnames", "")) | frozenset(tables.get("long_surnames", ())),
        name_endings=tables.get("name_endings", {}),
        modals=frozenset(tables.get("modals", ())),
        levels=stems,
        level_words=frozenset(stem[0] for kind in stems for stem in kind) | by,
        degrees=tuple(degrees),
        measured=frozenset(keys_in(levels.get("measured", ()))),
        percents=frozenset(keys_in(tables.get("words", {}).get("percent", ()))),
        tenths=frozenset(keys_in(levels.get("tenths", ()))),
        allergens=allergens,
        allergen_sizes=_sizes(allergens),
        begins=frozenset(keys_in(tables.get("idle", {}).get("begins", ()))),
        insists=frozenset(keys_in(tables.get("idle", {}).get("insists", ()))),
        kinds_of={
            key: tuple(keys_in(said)) for kind, said in tables.get("kinds_of", {}).items() for key in keys_in(kind)
        },
        typed=tables.get("typed", {}),
    )


def _sizes(keys: Iterable[Key]) -> dict[str, int]:
    """How many words the longest phrase has that begins with a word."""
    sizes: dict[str, int] = {}
    for key in keys:
        sizes[key[0]] = max(len(key), sizes.get(key[0], 0))
    return sizes


def number_words(table: Mapping[str, int]) -> Iterator[tuple[Key, int]]:
    for word, value in table.items():
        for key in keys_in(word):
            yield key, value


def figures_of(table: Mapping[str, int]) -> Iterator[list[Key]]:
    """A number in a name is written either way: four cheese pizza, 4 cheese pizza. (One is rather "a" or "it".)"""
    for key, value in number_words(table):
        if value > 1:
            yield [key, (str(value),)]


def leading_number(key: Key, engine: Engine, values: Mapping[Key, int]) -> tuple[int, int]:
    """The number that a name begins with and how many of its words say it."""
    said, size = [], 0
    while size < len(key):
        step = next((n for n in (3, 2, 1) if key[size : size + n] in values), 0)
        if not step:
            break
        said.append(values[key[size : size + step]])
        size += step
    if not said:
        return 0, 0
    number, end = engine(said, 0)
    return (number, size) if end == len(said) else (0, 0)

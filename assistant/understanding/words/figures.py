"""Numbers in names, and how they are said: ibuprofen 200 is "two hundred", 60瓦 六十瓦."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from assistant.commerce.catalogue import Catalogue

Key = tuple[str, ...]
_FIGURE = re.compile(r"(?<![\d.])(?!1(?!\d))[1-9]\d{0,3}(?![\d.])")
"""A whole number up to 9999, but no 1: that is rather "a" or "it"."""
MOST = 500
"""More different numbers in a shop's names than this are no sizes that somebody says in words."""


def in_names(
    catalogue: Catalogue,
    tables: Sequence[Mapping[str, Any]],
    number_words: Callable[[Mapping[str, int]], Iterable[tuple[Key, int]]],
) -> Iterator[list[Key]]:
    """Groups of what is said for one number. `tables`: each language's numbers; `number_words`: the words of such a
    table with their values."""
    names = [item.names for item in catalogue.items.values()]
    names += [choice.names for item in catalogue.items.values() for option in item.options for choice in option.choices]
    said = {number for one in names for tag in one.values() for name in tag for number in _FIGURE.findall(name)}
    ways: dict[str, list[Key]] = {number: [(number,)] for number in said if len(said) <= MOST}
    for table in tables if ways else ():
        words: dict[int, list[str]] = {}
        for key, value in number_words(table.get("words", {})):
            if len(key) == 1:
                words.setdefault(value, []).append(key[0])
        for number, group in ways.items():
            group += map(tuple, spelled(int(number), words, table.get("system", "tens")))
    return (group for group in ways.values() if len(group) > 1)


def spelled(number: int, words: Mapping[int, Sequence[str]], system: str) -> list[list[str]]:
    """How a number from 2 to 9999 may be said, each way as its words. `words`: number -> the words for it."""
    if system != "tens":
        ways = _by_units(number, words, system)
        twos = [words[2][0], *words[2][1:2]] if 2 in words else []
        return [*ways, *([twos[1], *way[1:]] for way in ways if len(way) > 1 and way[0] == twos[0] and len(twos) > 1)]
    rests = _tens(number % 100, words)
    made = [[*head, *rest] for head in _tens(number // 100, words, hundreds=True) for rest in rests]
    if number >= 100 and number % 100 >= 10:  # one twenty, two forty
        made += [[*head, *rest] for head in _tens(number // 100, words) for rest in rests]
    return made if number < 1000 else []


def _tens(number: int, words: Mapping[int, Sequence[str]], *, hundreds: bool = False) -> list[list[str]]:
    if not number:
        return [[]]
    if hundreds:
        ones = [[*one, hundred] for one in _tens(number, words) for hundred in words.get(100, ())]
        return ones if number > 1 else [*ones, *([hundred] for hundred in words.get(100, ()))]
    if number in words:
        return [[word] for word in words[number][:1]]
    if number < 100 and number - number % 10 in words and number % 10 in words:
        return [[words[number - number % 10][0], words[number % 10][0]]]
    return []


def _by_units(number: int, words: Mapping[int, Sequence[str]], system: str) -> list[list[str]]:
    said: list[str] = []
    rest = number
    for unit in (1000, 100, 10):
        digit, rest = divmod(rest, unit)
        if digit and (digit not in words or unit not in words):
            return []
        if digit and not (digit == 1 and (system == "exact" or (unit == 10 and number < 20))):
            said.append(words[digit][0])
        if digit:
            said.append(words[unit][0])
        elif said and rest and system == "myriad" and said[-1] != words[0][0]:
            said.append(words[0][0])
    if rest:
        said.append(words[rest][0])
    return [said]

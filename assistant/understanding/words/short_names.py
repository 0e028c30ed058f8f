"""Choices by a part of their names: "caramel" for caramel syrup, "syrup" for any of them."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, MutableMapping

from assistant.understanding.words.language_words import Key, Reading
from assistant.understanding.words.names import Names
from assistant.understanding.words.synonyms import Places


def short_choices(
    choices: Mapping[Key, Places], goods: Names, names: Iterable[tuple[Key, Reading]], common: set[str]
) -> list[tuple[Key, Reading]]:
    """First or last words of names of choices, where they mean but one choice on any goods ("caramel" syrup)."""
    taken = {key for key, _ in names}
    found: dict[Key, dict[str, set[tuple[str, str]]]] = {}
    ends: dict[str, set[str]] = {}
    """Last word -> the first words of the choices that end with it."""
    for key in choices:
        if len(key) == 2:
            ends.setdefault(key[1], set()).add(key[0])
    for key, places in choices.items():
        if len(key) < 2 or not key[0].isascii():
            continue
        for part in (*(key[:cut] for cut in range(1, len(key))), key[-1:]):
            least = 3 if part[0] == key[0] and len(ends.get(key[-1], ())) > 1 else 4  # oat and soy, of milk
            if part in taken or part[-1] in common or part[0] in common or len(part[0]) < least or goods.items(part):
                continue
            mine = found.setdefault(part, {})
            for item, pairs in places.items():
                mine.setdefault(item, set()).update(pairs)
    made = []
    for part, where in found.items():
        sure: Places = {item: tuple(pairs) for item, pairs in where.items() if len(pairs) == 1}
        if sure and len(sure) == len(where):
            made.append((part, Reading("short", sure)))
    return made


def without_own_kind(choices: MutableMapping[Key, Places], kinds: Mapping[Key, Mapping[str, Iterable[str]]]) -> None:
    """A choice that has its option's name behind it is called without that, too, where other goods have a choice of
    that name: "medium" is medium salsa on a bowl, though sodas come in medium. Only where words are parted. `kinds`:
    what options are called."""
    made: dict[Key, Places] = {}
    for key, places in choices.items():
        for item, paths in kinds.get(key[-1:], {}).items() if len(key) > 1 and key[0].isascii() else ():
            mine = tuple(pair for pair in places.get(item, ()) if pair[0] in set(paths))
            if mine and key[:-1] in choices and item not in choices[key[:-1]]:
                made.setdefault(key[:-1], {})[item] = mine
    for key, places in made.items():
        choices[key] = {**choices[key], **places}


def without_kind(
    choices: Mapping[Key, Places],
    kinds: Mapping[Key, Mapping[str, Iterable[str]]],
    goods: Names,
    names: Iterable[tuple[Key, Reading]],
    common: set[str],
    phrases: Container[Key],
) -> list[tuple[Key, Reading]]:
    """Names of choices without that of their option, where words aren't parted: 오일 식초 is 오일 식초 드레싱.
    `kinds`: what options are called; `phrases`: what means something in the languages, 正常."""
    taken = {key for key, _ in names} | {(word,) for word in common}
    found: dict[Key, Places] = {}
    for key, places in choices.items():
        if key[0].isascii():
            continue
        for cut in range(_LEAST, len(key)):
            mine = {
                item: kept
                for item, paths in kinds.get(key[cut:], {}).items()
                if (kept := tuple(pair for pair in places.get(item, ()) if pair[0] in set(paths)))
            }
            if mine and key[:cut] not in taken and not goods.items(key[:cut]):
                found[key[:cut]] = {**found.get(key[:cut], {}), **mine}
    for key, mine in _without_last(choices):
        known = key in taken or key in phrases
        if not known and not goods.items(key) and not any((letter,) in taken for letter in key):
            found[key] = {**found.get(key, {}), **mine}
    return [(key, Reading("short", places)) for key, places in found.items()]


def parts_of_choices(
    choices: Mapping[Key, Places],
    several: Container[tuple[str, str]],
    goods: Names,
    names: Iterable[tuple[Key, Reading]],
    phrases: Container[Key],
    counting: Container[Key],
    cut: set[Key],
) -> list[tuple[Key, Reading]]:
    """First or last letters of names of choices in Chinese: 葱 for 葱花, 停车 for 停车位; where they are of several,
    but their kind, 蛋 of 煎蛋 and 卤蛋. A single letter is but of what may be put on, which are `several`: item and
    option; it is the last, or the first before one that tells how it is `cut`. 十包 is none of 十包装: words that are
    `counting` have no part in it."""
    taken = {key for key, _ in names}
    found: dict[Key, dict[str, dict[tuple[str, str], None]]] = {}
    for key, places in choices.items():
        if len(key) < 2 or not all(_HAN <= letter <= _LAST for letter in key):
            continue
        first = 1 if len(key) == 2 and key[1:] in cut else 2
        for part in {*(key[:end] for end in range(first, len(key))), *(key[at:] for at in range(1, len(key)))} - cut:
            if part in taken or part in phrases or any((letter,) in counting for letter in part):
                continue
            if goods.items(part) or (len(part) > 1 and goods.has_part(part)):
                continue
            for item, pairs in places.items():
                able = [pair for pair in pairs if len(part) > 1 or (item, pair[0]) in several]
                if able:
                    found.setdefault(part, {}).setdefault(item, {}).update(dict.fromkeys(able))
    made = []
    for part, where in found.items():
        kept: Places = {item: tuple(pairs) for item, pairs in where.items()}
        if all(len(pairs) == 1 for pairs in kept.values()):
            made.append((part, Reading("short", kept)))
        elif all((item, path) in several for item, pairs in kept.items() for path, _ in pairs):
            made.append((part, Reading("kinds", kept)))
    return made


_HAN, _LAST = "㐀", "鿿"


def _without_last(choices: Mapping[Key, Places]) -> Iterator[tuple[Key, Places]]:
    """Names of choices without the letter that others of their option end with, too: 燕麦 for 燕麦奶."""
    ends: dict[tuple[str, str, str], set[str]] = {}
    for key, places in choices.items():
        for item, pairs in places.items():
            for path, choice in pairs:
                ends.setdefault((item, path, key[-1]), set()).add(choice)
    for key, places in choices.items():
        if len(key) > 2 and all(_HAN <= letter <= _LAST for letter in key):
            mine = {
                item: kept
                for item, pairs in places.items()
                if (kept := tuple((path, one) for path, one in pairs if len(ends[item, path, key[-1]]) > 1))
            }
            if mine:
                yield key[:-1], mine


_LEAST = 4
"""Letters of such a name: fewer may be a word of the language, 不加."""


def kinds_of_choices(
    choices: Mapping[Key, Places], goods: Names, names: Iterable[tuple[Key, Reading]], common: set[str]
) -> list[tuple[Key, Reading]]:
    """Last words of names of several choices on the same goods, that are no name themselves: "syrup"."""
    taken = {key for key, _ in names} | {(word,) for word in common}
    found: dict[Key, dict[str, dict[tuple[str, str], None]]] = {}
    for key, places in choices.items():
        if len(key) > 1 and key[-1].isascii() and key[-1:] not in taken and len(key[-1]) > 2:
            for item, pairs in places.items():
                found.setdefault(key[-1:], {}).setdefault(item, {}).update(dict.fromkeys(pairs))
    several = {key: where for key, where in found.items() if any(len(pairs) > 1 for pairs in where.values())}
    return [
        (key, Reading("kinds", {item: tuple(pairs) for item, pairs in where.items()}))
        for key, where in several.items()
        if not goods.items(key)
    ]

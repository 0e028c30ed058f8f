"""Names as they are said: other words for the same goods (mayo for mayonnaise), another order of a name's words."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, MutableMapping, Sequence, Set

from assistant.commerce.catalogue import Catalogue, Item
from assistant.understanding.words.language_words import Reading
from assistant.understanding.words.names import Inflection
from assistant.understanding.words.text import words_of

Key = tuple[str, ...]
Places = dict[str, tuple[tuple[str, str], ...]]
Table = dict[Key, Places]
Groups = Mapping[str, Sequence[tuple[Key, Sequence[Key]]]]
"""First word -> (words, what else is said for them), the longest first."""


def same_words(groups: Iterable[Iterable[Key]]) -> Groups:
    """Groups of words that mean the same, by the first word of each."""
    made: dict[str, list[tuple[Key, list[Key]]]] = {}
    for group in groups:
        keys = list(dict.fromkeys(group))
        for key in keys:
            made.setdefault(key[0], []).append((key, [other for other in keys if other != key]))
    return {word: sorted(found, key=lambda one: -len(one[0])) for word, found in made.items()}


def said_otherwise(key: Key, groups: Groups) -> Iterator[Key]:
    """A name with some of its words said in another way."""
    at = 0
    while at < len(key):
        found = next(((words, others) for words, others in groups.get(key[at], ()) if _at(key, at, words)), None)
        if found is None:
            at += 1
            continue
        words, others = found
        for other in others:
            yield (*key[:at], *other, *key[at + len(words) :])
        at += len(words)


def _at(key: Key, at: int, words: Key) -> bool:
    return key[at : at + len(words)] == words


def turned(key: Key, common: Container[str]) -> Key | None:
    """The words of a short name in another order: "southwest chipotle"."""
    plain = len(key) == 2 and all(word.isascii() and word.isalpha() and word not in common for word in key)
    return key[::-1] if plain else None


def relinked(key: Key, links: Container[str]) -> Iterator[Key]:
    """A name that links its words, linked elsewhere or not at all: "chicken, bacon and ranch", "salt vinegar"."""
    words = tuple(word for word in key if word not in links)
    if 2 <= len(words) < len(key) and words[0].isascii():
        link = next(word for word in key if word in links)
        yield words
        yield from ((*words[:at], link, *words[at:]) for at in range(1, len(words)))


def other_names(same: Iterable[Iterable[Key]], links: Container[str]) -> Callable[[Key], Iterator[Key]]:
    """A function from a name to what else it is called. `same`: groups of words that mean the same."""
    groups = same_words(same)

    def others(key: Key) -> Iterator[Key]:
        if any(word in groups for word in key):
            yield from said_otherwise(key, groups)
        if any(word in links for word in key):
            yield from relinked(key, links)

    return others


def called_whole(
    others: Callable[[Key], Iterable[Key]], groups: Iterable[Iterable[Key]]
) -> Callable[[Key], Iterator[Key]]:
    """`others`, and what a choice is called whose whole name is one of a group: a large one is a big one, though "large
    eggs" aren't "big eggs"."""
    whole: dict[Key, list[Key]] = {}
    for group in groups:
        keys = list(dict.fromkeys(group))
        for key in keys:
            whole.setdefault(key, []).extend(one for one in keys if one != key)

    def names(key: Key) -> Iterator[Key]:
        yield from others(key)
        yield from whole.get(key, ())

    return names


def cold_unless_hot(
    choices: MutableMapping[Key, Places], catalogue: Catalogue, hot: Mapping[str, Set[Key]], cold: Sequence[Key]
) -> None:
    """What may be had hot, and isn't unless that is said, is cold: "a cold lemon tea" is the usual one. Not where a
    choice of the same goods is called so. `hot`: what that is called, by language."""
    made: Table = {}
    for key in dict.fromkeys(key for keys in hot.values() for key in sorted(keys)):
        for item, pairs in choices.get(key, {}).items():
            usual = tuple(_usual(catalogue.items[item], pairs, hot))
            if usual and not any(item in choices.get(one, {}) for one in cold):
                for one in cold:
                    made.setdefault(one, {})[item] = usual
    for key, places in made.items():
        choices[key] = {**places, **choices.get(key, {})}


def _usual(item: Item, pairs: Iterable[tuple[str, str]], hot: Mapping[str, Set[Key]]) -> Iterator[tuple[str, str]]:
    """What goods are unless they are chosen hot. A sauce that is hot in one language only, or may be mild, is spicy."""
    for path, place in pairs:
        option = item.option(path)
        choice = option.choice(place) if option is not None else None
        if option is None or choice is None or option.default in (None, place):
            continue
        called = [not hot[tag].isdisjoint(map(words_of, names)) for tag, names in choice.names.items() if tag in hot]
        if all(called) and not any(
            one.id == "mild" or any("mild" in names for names in one.names.values()) for one in option.choices
        ):
            yield path, str(option.default)


def otherwise(
    choices: MutableMapping[Key, Places],
    written: Container[Key],
    others: Callable[[Key], Iterable[Key]],
    forms: Callable[[Key], Iterable[Key]],
    goods: Callable[[Key], bool],
    called: Callable[[Key], Sequence[str]],
    common: Container[str],
) -> Table:
    """Adds what else choices are called, made of their names as they are `written`; returns them by their words in
    another order. A name of somebody's own, of `goods` too, is never taken for another's; that of the goods that are
    `called` like the choice (감튀, of 감자튀김) is its own. `common`: words of the language."""
    options: Table = {}
    back: Table = {}
    for key, places in choices.items():
        if key not in written:
            continue
        for form in (form for other in others(key) for form in forms(other)):
            if not goods(form) or set(called(form)) <= set(called(key)):
                _add(options, form, places, choices.get(form, {}))
        if (other_way := turned(key, common)) is not None and not goods(other_way) and other_way not in choices:
            _add(back, other_way, places, {})
    for key, places in options.items():
        choices[key] = {**choices.get(key, {}), **places}
    return back


def like_goods(
    choices: MutableMapping[Key, Places],
    written: Iterable[Key],
    called: Callable[[Key], Sequence[str]],
    names: Callable[[str], Iterable[Key]],
) -> None:
    """A choice that is called like goods is called whatever those are, too: 제로 is the zero coke of a meal as well."""
    made: Table = {}
    for key in written:
        if key in choices and len(found := called(key)) == 1:
            for form in names(found[0]):
                if form != key:
                    _add(made, form, choices[key], choices.get(form, {}))
    for key, places in made.items():
        choices[key] = {**places, **choices.get(key, {})}


def to_be_done(
    choices: Mapping[Key, Places],
    written: Container[Key],
    inflections: Iterable[Inflection],
    goods: Callable[[Key], bool],
    common: Container[str],
) -> Iterator[tuple[Key, Reading]]:
    """Choices by what is asked to be done to the goods: "could you slice it", where they may be sliced. Other
    arguments as of `otherwise`."""
    for inflection in inflections:
        for key, places in choices.items():
            if len(key) == 1 and key in written:
                for base in inflection.bases(key[0]):
                    if len(base) > 3 and base not in common and (base,) not in choices and not goods((base,)):
                        yield (base,), Reading("choice", places)


def _add(table: Table, key: Key, places: Places, mine: Container[str]) -> None:
    known = table.setdefault(key, {})
    for item, pairs in places.items():
        if item not in mine:
            known[item] = (*known.get(item, ()), *(one for one in pairs if one not in known.get(item, ())))

"""The names of a shop's goods, so kept that a hundred thousand of them are small and are found at once.

A name is kept once, as one string of its words; its other forms (plurals, words written as one) are no entries but are
worked back to it when they are heard. What a part of a name may mean is looked up in the sorted names when it is asked.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, cached_property
from itertools import pairwise
from typing import Any

from assistant.commerce.catalogue import Catalogue
from assistant.understanding.words.text import fold, words_of
from models.languages import Language

Key = tuple[str, ...]
Found = dict[int, tuple[int, ...]]
"""Where a name ends -> the goods (by their place in the catalogue) that are called so."""

KEPT = 4096
"""So many parts of names, and so many words that may be two, are remembered."""
_WIDE = "\u3000"
"""Letters from here on are written without spaces: Han, Hangul, kana."""


def plain(key: Sequence[str]) -> str:
    """One string of a phrase's words: spaces between words, none beside Han and Hangul letters."""
    if not key:
        return ""
    parts = [key[0]]
    for before, word in pairwise(key):
        parts.append(word if before >= _WIDE or word >= _WIDE else " " + word)
    return "".join(parts)


def parted(text: str) -> Key:
    """The words of a string that `plain` made."""
    if text.isascii():
        return tuple(text.split(" "))
    return tuple(text) if _SYLLABLES.fullmatch(text) else words_of(text)


class Inflection:
    """Plural and singular forms of the last word of a name, by a language's rules."""

    def __init__(self, tables: Mapping[str, Any]) -> None:
        rules = tables.get("inflect", {})
        self.rules = [
            [(re.compile(pattern), put) for pattern, put in rules.get(form, ())] for form in ("plural", "singular")
        ]
        self.base = [(re.compile(pattern), put) for pattern, put in rules.get("base", ())]
        self.joins = bool(rules.get("joins"))
        self.known: dict[str, tuple[str, ...]] = {}

    def word(self, word: str) -> tuple[str, ...]:
        if word not in self.known:
            found = [word]
            for rules in self.rules:
                for pattern, put in rules:
                    if pattern.search(word):
                        found.append(pattern.sub(put, word))
                        break
            self.known[word] = tuple(dict.fromkeys(one for one in found if one))
        return self.known[word]

    def singular(self, word: str) -> str:
        """One of what a word says many of."""
        for pattern, put in self.rules[1]:
            if pattern.search(word):
                return str(pattern.sub(put, word))
        return word

    def bases(self, word: str) -> tuple[str, ...]:
        """What may be asked to be done where this is what comes of it: "slice" where it is sliced."""
        return tuple(dict.fromkeys(pattern.sub(put, word) for pattern, put in self.base if pattern.search(word)))

    def endings(self, key: Key) -> Iterator[Key]:
        """`key` itself first, then as one of it or many are called."""
        yield key
        if key and self.rules[0] and key[-1].isascii():
            for last in self.word(key[-1])[1:]:
                yield (*key[:-1], last)

    def forms(self, key: Key) -> Iterator[Key]:
        """`key` itself first, then its other forms."""
        yield from self.endings(key)
        if self.joins and key and self.rules[0] and key[-1].isascii():
            for index in range(len(key) - 1):
                if _joinable(key[index], key[index + 1]):
                    joined = key[index] + key[index + 1]
                    for last in self.word(joined) if index == len(key) - 2 else (joined,):
                        yield (*key[:index], last, *key[index + 2 :])


@cache
def inflection_of(language: Language) -> Inflection:
    return Inflection(language.tables)


def _joinable(one: str, other: str) -> bool:
    return len(one) > 2 and one.isalpha() and other.isalpha()


class Group:
    """Names that are inflected in one way, and that all begin with an ASCII letter or all with none."""

    def __init__(self, inflection: Inflection, ascii_: bool) -> None:
        self.ascii = ascii_
        self.inflection = inflection if inflection.rules[0] else None
        self.joins = inflection.joins and self.inflection is not None
        self.items: dict[str, int | tuple[int, ...]] = {}
        """Name -> its goods."""
        self.starts: dict[str, int] = {}
        """First word -> bit n is set where a name of n words begins with it."""
        self.lasts: dict[str, int] = {}
        """Last word -> the same of names that end with it."""
        self.words: set[str] = set()
        """All words, where two of them may be written as one."""
        self.forms: dict[str, tuple[str, ...]] = {}
        """Another form of a last word -> the last words themselves."""
        self.longest = 0
        self.mixed = False
        """Whether there is a name with letters of both kinds, ASCII and others."""
        self._sorted: list[str] | None = None
        self._by_end = array("I")
        self._parts: dict[str, tuple[int, ...]] = {}
        self._splits: dict[str, tuple[tuple[str, str], ...]] = {}

    def add(self, text: str, key: Sequence[str], item: int) -> None:
        has = self.items.get(text)
        if has is None:
            self.items[text] = item
            size = len(key)
            first, last = key[0], key[-1]
            self.starts[first] = self.starts.get(first, 0) | 1 << size
            self.lasts[last] = self.lasts.get(last, 0) | 1 << size
            if size > self.longest:
                self.longest = size
            if self.joins:
                self.words.update(key)
            if not self.mixed and (not text.isascii() if self.ascii else _NARROW.search(text) is not None):
                self.mixed = True
        elif isinstance(has, int):
            if has != item:
                self.items[text] = (has, item)
        elif has[-1] != item:
            self.items[text] = (*has, item)

    def close(self) -> None:
        """All names are in: works out which words are forms of which."""
        if self.inflection is not None:
            forms: dict[str, list[str]] = {}
            for last, sizes in self.lasts.items():
                if last.isascii():
                    for form in self.inflection.word(last)[1:]:
                        forms.setdefault(form, []).append(last)
                        self.starts[form] = self.starts.get(form, 0) | sizes & 0b10
            self.forms = {form: tuple(lasts) for form, lasts in forms.items()}

    # -------------------------------------------------------------------------------------------- whole names

    def find(self, words: Sequence[str], into: list[Found | None]) -> None:
        """Adds the names that stand in a sentence to what was found at each word."""
        starts, items, forms, count = self.starts, self.items, self.forms, len(words)
        for at, word in enumerate(words):
            if word not in starts:
                continue
            mask = starts[word] >> 1
            text, end = word, at + 1
            while True:
                if mask & 1:
                    has = items.get(text)
                    if has is not None:
                        _add(into, at, end, has)
                    if word in forms:
                        head = text[: len(text) - len(word)]
                        for last in forms[word]:
                            if (has := items.get(head + last)) is not None:
                                _add(into, at, end, has)
                mask >>= 1
                if not mask or end == count:
                    break
                before, word = word, words[end]
                text += word if word >= _WIDE or before >= _WIDE else " " + word
                end += 1
        if self.joins:
            known = self._splits
            for at, word in enumerate(words):
                for one, other in known[word] if word in known else self.splits(word):
                    self._find_parted(words, at, one, other, into)

    def _find_parted(self, words: Sequence[str], at: int, one: str, other: str, into: list[Found | None]) -> None:
        """Names two words of which were written as the one at `at`."""
        for begin in range(max(0, at - self.longest), at + 1):
            head = [*words[begin:at], one]
            mask = self.starts.get(head[0], 0)
            for end in range(at + 1, min(len(words), begin + self.longest) + 1):
                if not mask >> (end - begin + 1) & 1:
                    continue
                for key in self._parted(head, other, words[at + 1 : end], words[at]):
                    if (has := self.items.get(plain(key))) is not None:
                        _add(into, begin, end, has)

    def _parted(self, head: Sequence[str], other: str, tail: Sequence[str], joined: str) -> Iterator[list[str]]:
        yield [*head, other, *tail]
        if not tail and self.inflection is not None:
            for last in self.forms.get(other, ()):
                if joined in self.inflection.word(head[-1] + last):
                    yield [*head, last]

    def splits(self, word: str) -> tuple[tuple[str, str], ...]:
        """The pairs of words that may have been written as this one."""
        known = self._splits.get(word)
        if known is None:
            found = []
            if len(word) > 3 and word.isalpha() and word.isascii():
                for cut in range(3, len(word)):
                    one, other = word[:cut], word[cut:]
                    if one in self.words and (other in self.words or other in self.forms):
                        found.append((one, other))
            if len(self._splits) >= KEPT:
                self._splits.clear()
            known = self._splits[word] = tuple(found)
        return known

    def spelt(self) -> Iterator[str]:
        """The words of all names, with their other forms, in the order of the names."""
        if not self.ascii and not self.mixed:
            return
        done: set[tuple[str, str]] = set()
        for text in self.items:
            key: Sequence[str] = words_of(text) if self.mixed else text.split(" ")
            yield from key
            if self.inflection is None or not key[-1].isascii():
                continue
            yield from self.inflection.word(key[-1])
            for pair in pairwise(key) if self.joins else ():
                if pair not in done and _joinable(*pair):
                    done.add(pair)
                    joined = "".join(pair)
                    yield from self.inflection.word(joined) if pair[1] == key[-1] else (joined,)

    # ------------------------------------------------------------------------------------------ parts of names

    def may_be_part(self, words: Sequence[str]) -> bool:
        """Whether it is worth looking: some longer name begins or ends with such a word."""
        size = len(words) + 1
        first, last = words[0], words[-1]
        if self.starts.get(first, 0) >> size or self.lasts.get(last, 0) >> size:
            return True
        if last in self.forms and any(self.lasts[one] >> size for one in self.forms[last]):
            return True
        return self.joins and self.parted(words)

    def parted(self, words: Sequence[str]) -> bool:
        """Whether one of the words may be two."""
        return any(map(self.splits, words))

    def has_part(self, words: Sequence[str]) -> bool:
        return next(self._with_part(list(words), plain(words)), None) is not None

    def part(self, words: Sequence[str]) -> tuple[int, ...]:
        """The goods whose names are longer and begin or end with these words; in the catalogue's order."""
        text = plain(words)
        known = self._parts.get(text)
        if known is None:
            found: set[int] = set()
            for name in self._with_part(list(words), text):
                has = self.items[name]
                found.update((has,) if isinstance(has, int) else has)
            if len(self._parts) >= KEPT:
                self._parts.clear()
            known = self._parts[text] = tuple(sorted(found))
        return known

    def _with_part(self, words: list[str], text: str) -> Iterator[str]:
        last, longer = words[-1], len(words) + 1
        if self.starts.get(words[0], 0) >> longer:
            yield from self._beginning(text)
        if self.lasts.get(last, 0) >> longer:
            yield from self._ending(text)
        for one in self.forms.get(last, ()):
            yield from self._ending(text[: len(text) - len(last)] + one)
        if self.joins:
            for at, word in enumerate(words):
                for one, other in self.splits(word):
                    head, tail = [*words[:at], one], words[at + 1 :]
                    for number, key in enumerate(self._parted(head, other, tail, word)):
                        if number == 0:
                            yield from self._beginning(plain(key))
                        yield from self._ending(plain(key))

    def _order(self) -> list[str]:
        """All names, sorted; and the order of their ends. Made when the first part of a name is heard."""
        if self._sorted is None:
            self._sorted = sorted(self.items)
            turned = [text[::-1] for text in self._sorted]
            self._by_end = array("I", sorted(range(len(turned)), key=turned.__getitem__))
        return self._sorted

    def _beginning(self, text: str) -> Iterator[str]:
        names, start = self._order(), text + self._border(text[-1])
        for at in range(bisect_left(names, start), len(names)):
            name = names[at]
            if not name.startswith(start):
                return
            if len(name) > len(text) and _parts(name, len(text)):
                yield name

    def _ending(self, text: str) -> Iterator[str]:
        names, order, end = self._order(), self._by_end, self._border(text[0]) + text
        for at in range(bisect_left(order, end[::-1], key=lambda index: names[index][::-1]), len(order)):
            name = names[order[at]]
            if not name.endswith(end):
                return
            if len(name) > len(text) and _parts(name, len(name) - len(text)):
                yield name

    def _border(self, letter: str) -> str:
        """What parts a word that begins or ends with this letter from its neighbour, where that is always the same."""
        return " " if letter < _WIDE and self.ascii and not self.mixed else ""


class Names:
    """Everything that is called something in one shop: its goods, and all other phrases of its own."""

    def __init__(
        self,
        catalogue: Catalogue,
        inflections: Mapping[str, Inflection],
        others: Callable[[Key], Iterable[Key]] = lambda key: (),
    ) -> None:
        """`others`: what else a name is called; never what goods of the shop are called themselves."""
        self.goods = tuple(catalogue.items)
        self.others: dict[Any, Any] = {}
        """A trie of the phrases that aren't goods: word -> the next node; None -> what it means, by kind."""
        self.common: frozenset[str] = frozenset()
        """Words of the languages: no part of a name by themselves."""
        groups: dict[tuple[int, bool], Group] = {}
        none = Inflection({})
        more: dict[str, list[tuple[Group, Key, int]]] = {}
        for index, item in enumerate(catalogue.items.values()):
            for tag, said in item.names.items():
                inflection = inflections.get(tag, none)
                if not inflection.rules[0]:
                    inflection = none
                for name in said:
                    text, key = normal(name)
                    if text:
                        place = (id(inflection), key[0].isascii())
                        group = groups.get(place)
                        if group is None:
                            group = groups[place] = Group(inflection, place[1])
                        group.add(text, key, index)
                        for other in others(tuple(key)):
                            more.setdefault(plain(other), []).append((group, other, index))
        self.groups = tuple(groups.values())
        taken = {text for text in more if any(text in group.items for group in self.groups)}
        for text, called in more.items():
            for group, other, index in called if text not in taken else ():
                group.add(text, other, index)
        for group in self.groups:
            group.close()

    def ids(self, found: Iterable[int]) -> tuple[str, ...]:
        return tuple([self.goods[index] for index in found])

    def find(self, words: Sequence[str]) -> list[Found | None]:
        """For each word of a sentence, the goods whose names begin there, by where the name ends."""
        found: list[Found | None] = [None] * len(words)
        for group in self.groups:
            group.find(words, found)
        return found

    def items(self, key: Sequence[str]) -> tuple[str, ...]:
        """The goods that are called so."""
        found = self.find(key)[0] if key else None
        return self.ids(found.get(len(key), ())) if found is not None else ()

    def has(self, key: Sequence[str]) -> bool:
        """Whether goods have this very name, not only another form of it."""
        return any(plain(key) in group.items for group in self.groups)

    def beginning(self, firsts: Iterable[str]) -> Iterator[str]:
        """All names that begin with one of these words."""
        wanted = set(firsts)
        for group in self.groups:
            if not wanted.isdisjoint(group.starts):
                yield from (text for text in group.items if normal(text)[1][0] in wanted)

    def words(self) -> Iterator[str]:
        """The words of all names, in all forms; some come more than once."""
        for group in self.groups:
            yield from group.spelt()

    def meaning(self, key: Sequence[str]) -> dict[str, Any]:
        """What a phrase may mean, by kind; nothing where it is none."""
        items = self.items(key)
        other = meaning_of(self.others, key)
        return {"item": items, **other} if items else dict(other)

    @cached_property
    def _join(self) -> list[Group]:
        return [group for group in self.groups if group.joins]

    @cached_property
    def borders(self) -> frozenset[str]:
        """The words that longer names begin or end with."""
        found: set[str] = set()
        for group in self.groups:
            found.update(word for sizes in (group.starts, group.lasts) for word, size in sizes.items() if size >> 2)
            found.update(form for form, lasts in group.forms.items() if any(group.lasts[one] >> 2 for one in lasts))
        return frozenset(found)

    @cached_property
    def whole(self) -> frozenset[str]:
        """The single words that are the name of goods or of a choice."""
        found = {word for word, node in self.others.items() if "choice" in node.get(None, ())}
        for group in self.groups:
            for word in (*group.lasts, *group.forms):
                if group.starts.get(word, 0) & 0b10 and self.items((word,)):
                    found.add(word)
        return frozenset(found)

    def texts(self) -> Iterator[str]:
        """Every name of goods in its normal form."""
        for group in self.groups:
            yield from group.items

    # ------------------------------------------------------------------------------------------ parts of names

    def may_be_two(self, word: str) -> bool:
        """Whether two words of names may have been written as this one."""
        return any([group.splits(word) for group in self._join])

    def has_part(self, words: Sequence[str]) -> bool:
        """Whether longer names begin or end with these words, which are no name of goods themselves."""
        borders = self.borders
        if (
            words[0] not in borders
            and words[-1] not in borders
            and not any(group.parted(words) for group in self._join)
        ):
            return False
        for group in self.groups:
            if group.may_be_part(words) and self._is_part_of(group, words) and group.has_part(words):
                return True
        return False

    def part(self, words: Sequence[str]) -> tuple[str, ...]:
        """The goods whose names begin or end with these words, in the catalogue's order."""
        found = [group.part(words) for group in self.groups if self._is_part_of(group, words)]
        return self.ids(
            sorted({one for each in found for one in each}) if len(found) > 1 else found[0] if found else ()
        )

    def _is_part_of(self, group: Group, words: Sequence[str]) -> bool:
        """Whether such words can stand for names of this group: no single letters, no words of the language."""
        first, last = words[0], words[-1]
        if first.isascii() and not first.isalpha():
            return False
        return first not in self.common and last not in self.common if group.ascii else len(words) > 1


def meaning_of(trie: Mapping[Any, Any], key: Sequence[str]) -> Mapping[str, Any]:
    """What a phrase of a trie may mean, by kind; nothing where it is no phrase."""
    node: Mapping[Any, Any] | None = trie
    for word in key:
        node = node.get(word) if node is not None else None
    return (node.get(None) or {}) if node is not None else {}


_NARROW = re.compile("[a-z0-9]")
_SYLLABLES = re.compile("[㐀-鿿가-힣]+")
_HAN = re.compile("[一-鿿]+")
_LETTERS = re.compile("[a-z]+(?: [a-z]+)*")
_HANGUL = re.compile("[가-힣]+(?: [가-힣]+)*")


def normal(name: str) -> tuple[str, Sequence[str]]:
    """A name in its normal form, as one string and by its words."""
    if _LETTERS.fullmatch(name):
        return name, name.split(" ")
    if _HANGUL.fullmatch(name):
        name = name.replace(" ", "")
        return name, name
    if _HAN.fullmatch(name):
        folded = fold(name)
        return (name, name) if folded == name else (folded, folded)
    key = words_of(name)
    return plain(key), key


def _parts(name: str, at: int) -> bool:
    """Whether a word ends and another begins at this letter of a name."""
    before, after = name[at - 1], name[at]
    return before == " " or after == " " or before >= _WIDE or after >= _WIDE


def _add(into: list[Found | None], at: int, end: int, has: int | tuple[int, ...]) -> None:
    more = (has,) if isinstance(has, int) else has
    found = into[at]
    if found is None:
        into[at] = {end: more}
    elif end not in found:
        found[end] = more
    elif found[end] != more:
        found[end] = tuple(sorted({*found[end], *more}))

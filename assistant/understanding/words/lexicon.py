"""All words that matter in one shop, as tries of tokens: the catalogue's names and the languages' own words.

Built once a catalogue; looking up costs the same however long the catalogue is.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any, NamedTuple, TypeVar, cast

from msgspec import Struct

from assistant.commerce.catalogue import Catalogue, Item, ItemOption
from assistant.commerce.money import exponent
from assistant.commerce.shop import Shop
from assistant.understanding.words.figures import in_names
from assistant.understanding.words.language_words import (
    Grammar,
    Key,
    Reading,
    act_of,
    booking_readings,
    figures_of,
    grammar_of,
    keys_in,
    language_readings,
    leading_number,
    number_words,
    selling_readings,
)
from assistant.understanding.words.names import Inflection, Names, normal, plain
from assistant.understanding.words.numbers import ENGINES
from assistant.understanding.words.short_names import (
    kinds_of_choices,
    parts_of_choices,
    short_choices,
    without_kind,
    without_own_kind,
)
from assistant.understanding.words.synonyms import (
    called_whole,
    cold_unless_hot,
    like_goods,
    other_names,
    otherwise,
    to_be_done,
)
from assistant.understanding.words.text import words_of
from models.languages import Language

Places = dict[str, tuple[tuple[str, str], ...]]
"""Item id -> (option, choice) pairs that a word may mean on that item."""
Said = tuple[tuple[str, tuple[str, ...]], ...]
"""Names as the merchant wrote them: what many goods' options have in common."""
T = TypeVar("T")
Trie = dict[Any, Any]
"""Token -> the next node; None -> what the phrase so far may mean, by kind."""


class Root(Trie):
    """The words of one language, the same in every shop, with what was worked out from them (see `kept_with`)."""

    __slots__ = ("kept",)

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[str, Any] = {}

    def __reduce__(self) -> tuple[Any, ...]:
        return Root, (), None, None, iter(self.items())


class Lexicon(Struct, frozen=True, eq=False):
    shop: Shop
    catalogue: Catalogue
    languages: tuple[Language, ...]
    tongues: Mapping[str, Language]
    """The same by their tags."""
    grammars: Mapping[str, Grammar]
    names: Names
    """The shop's own words, in all its languages."""
    words: Mapping[str, Root]
    """The languages' words, for each language: its own come before those of the others."""
    choices: Mapping[Key, Places]
    """Name of a choice -> where it may be chosen."""
    composed: Mapping[tuple[str, Key], Places]
    """(amount, rest of a choice's name) -> where: "light ice" finds "less ice"."""
    categories: Mapping[str, tuple[str, ...]]
    """Category -> its items."""
    markers: Mapping[str, frozenset[str]]
    """Language -> its common words, to tell the language by."""
    minor: int
    nears: dict[str, Any]
    """Language -> its index of names by likeness, once somebody has needed it: see `near.near_of`."""
    aliases: Trie = {}
    """Names that were learned (`with_aliases`)."""


# ------------------------------------------------------------------------------------------- names of the shop


def _own_names(names: Mapping[str, Sequence[str]], inflections: Mapping[str, Inflection]) -> Iterator[Key]:
    plain = Inflection({})
    for tag, said in names.items():
        inflection = inflections.get(tag, plain)
        for name in said:
            key = words_of(name)
            if key:
                yield from inflection.forms(key)


def _measured_otherwise(choices: dict[Key, Places], measures: Collection[str]) -> None:
    """A choice that is called by its first letter is meant with any word that measures: where pizzas come 中号 and
    fries 中份, a pizza may be had 中份."""
    for key, places in choices.items():
        if len(key) == 2 and key[1] in measures and not key[0].isascii() and (others := choices.get(key[:1])):
            choices[key] = {**places, **{item: pairs for item, pairs in others.items() if item not in places}}


def _written_first(
    choices: dict[Key, Places], catalogue: Catalogue, names: Mapping[Said, tuple[Sequence[Key], Sequence[Key]]]
) -> None:
    """Where a word is the name of a choice as it is written and another's plural, the first comes first. `names`: of
    each choice as they are written, and all their forms."""
    exact = {key for written, _ in names.values() for key in written}
    forms = {key for written, keys in names.values() for key in keys if key not in written}
    for key in exact & forms:
        table: Places = {}
        for item, pairs in choices[key].items():
            about = catalogue.items[item]

            def plainly(pair: tuple[str, str], about: Item = about, key: Key = key) -> bool:
                option = about.option(pair[0])
                choice = option.choice(pair[1]) if option is not None else None
                return choice is None or key not in names[tuple(choice.names.items())][0]

            table[item] = tuple(sorted(pairs, key=plainly))
        choices[key] = table


def _link_words(languages: Iterable[Language]) -> set[str]:
    return {key[0] for one in languages for key in keys_in(one.tables.get("words", {}).get("and", ())) if len(key) == 1}


def _plurals(key: Key, inflections: Mapping[str, Inflection]) -> Iterator[Key]:
    yield key
    for one in inflections.values():
        yield from ((*key[:-1], last) for last in one.word(key[-1]) if last != key[-1] and key[-1].isascii())


def _options(item: Item) -> Iterator[tuple[ItemOption, str]]:
    """Options with the path they are said by."""
    todo = [(option, option.id) for option in item.options]
    while todo:
        option, path = todo.pop(0)
        yield option, path
        for choice in option.choices:
            todo.extend((inner, inner.id) for inner in choice.options)


def _insert(trie: Trie, key: Key, reading: Reading) -> None:
    """One more meaning of a phrase: its node keeps {kind: value}; the first of a kind stays, but all acts are kept."""
    node = trie
    for word in key:
        node = node.setdefault(word, {})
    has = node.setdefault(None, {})
    if reading.kind == "act":
        if reading.value not in has.get("act", ()):
            has["act"] = (*has.get("act", ()), reading.value)
    elif reading.kind in ("amount", "verb") and has.get(reading.kind, reading.value)[0] == reading.value[0]:
        before = has.get(reading.kind, reading.value)
        has[reading.kind] = before if before[1] == reading.value[1] else (before[0], "both")
    else:
        has.setdefault(reading.kind, reading.value)


@cache
def _words(languages: tuple[Language, ...], booking: bool) -> Mapping[str, Root]:
    """For each language the words of all of a shop's; where one phrase is in several, that language says what it means.

    Most first words are of one language alone: what may follow them is kept once for all. And so is what is alike
    ("can i …" and "may i …" go on with the same words), else the words would be most of the program's memory.
    """
    trade = booking_readings if booking else selling_readings
    said = {one.tag: (*trade(one), *language_readings(one)) for one in languages}
    begun: dict[str, dict[str, list[tuple[Key, Reading]]]] = {}
    for tag, readings in said.items():
        for key, reading in readings:
            begun.setdefault(key[0], {}).setdefault(tag, []).append((key[1:], reading))
    alike: dict[Any, Trie] = {}
    after: dict[tuple[str, tuple[str, ...]], Trie] = {}
    tries: dict[str, Root] = {}
    for own in said:
        order = (own, *(tag for tag in said if tag != own))
        trie = tries[own] = Root()
        for word in dict.fromkeys(key[0] for tag in order for key, _ in said[tag]):
            theirs = tuple(tag for tag in order if tag in begun[word])
            if (word, theirs) not in after:
                after[word, theirs] = _once(_joined(begun[word][tag] for tag in theirs), alike)
            trie[word] = after[word, theirs]
    return tries


def _joined(several: Iterable[Sequence[tuple[Key, Reading]]]) -> Trie:
    """A phrase that is in several means what the first of them says."""
    trie: Trie = {}
    taken: set[Key] = set()
    for readings in several:
        mine = [pair for pair in readings if pair[0] not in taken]
        for key, reading in mine:
            _insert(trie, key, reading)
        taken.update(key for key, _ in mine)
    return trie


def _once(node: Trie, alike: dict[Any, Trie]) -> Trie:
    """The same, its nodes and meanings those that are known where these are equal. Nothing writes to them later."""
    for word, inner in node.items():
        node[word] = _once(inner, alike) if word is not None else alike.setdefault(pickle.dumps(inner), inner)
    return alike.setdefault(tuple((word, id(inner)) for word, inner in node.items()), node)


@cache
def _alone_in(language: Language) -> frozenset[str]:
    """The words of a language that mean something by themselves."""
    return frozenset(key[0] for key, _ in language_readings(language) if len(key) == 1)


_MEASURES = frozenset({"measure", "piece", "unit"})


@cache
def _mere(language: Language, only: frozenset[str]) -> frozenset[str]:
    """The words of a language that are nothing else by themselves."""
    kinds: dict[Key, set[str]] = {}
    for key, reading in language_readings(language):
        kinds.setdefault(key, set()).add(reading.kind)
    return frozenset(key[0] for key, mine in kinds.items() if len(key) == 1 and mine <= only)


def _amount_words(languages: Iterable[Language]) -> dict[str, list[Key]]:
    found: dict[str, list[Key]] = {}
    for language in languages:
        for side in ("before", "after"):
            for name, value in language.tables.get("amounts", {}).get(side, {}).items():
                found.setdefault(name, []).extend(keys_in(value))
    return found


_IDS = {
    "no": ("none", "no", "zero", "without", "off"),
    "light": ("less", "light", "mild", "low", "little", "few"),
    "extra": ("extra", "more", "hot", "double", "high"),
    "half": ("half",),
    "normal": ("normal", "regular", "full", "standard"),
}
"""What a merchant usually calls the choice that an amount of a whole option means ("no ice")."""


def build_lexicon(
    shop: Shop,
    catalogue: Catalogue,
    languages: Sequence[Language],
    parts: Mapping[str, Mapping[str, Mapping[str, Any]]],
) -> Lexicon:
    """Everything that can be heard in this shop. The caller keeps it as long as the catalogue stays the same."""
    forms = _Forms({one.tag: Inflection(one.tables) for one in languages})
    same = list(in_names(catalogue, [one.tables.get("numbers", {}) for one in languages], number_words))
    same += [list(keys_in(group)) for one in languages for group in _called(one, "same")]
    same += [group for one in languages for group in figures_of(one.tables.get("numbers", {}).get("words", {}))]
    others = other_names(same, _link_words(languages))
    goods = Names(catalogue, forms.inflections, others)
    alone = {one.tag: _alone_in(one) for one in languages}
    common = set().union(*alone.values())
    offered = _offered(catalogue, languages, forms, goods)
    turned = otherwise(  # which adds to the choices
        offered.choices,
        offered.written,
        called_whole(others, (keys_in(group) for one in languages for group in _called(one, "choices"))),
        lambda key: _plurals(key, forms.inflections),
        goods.has,
        goods.items,
        common,
    )
    if offered.choices:
        like_goods(
            offered.choices,
            sorted(offered.written),
            goods.items,
            lambda item: _own_names(catalogue.items[item].names, forms.inflections),
        )

    hot = {one.tag: {*keys_in(_called(one, "hot"))} for one in languages}
    cold_unless_hot(
        offered.choices, catalogue, hot, [key for one in languages for key in keys_in(_called(one, "cold"))]
    )
    sized = {one for language in languages for one in language.tables.get("levels", {}).get("sized", ())}
    _measured_otherwise(offered.choices, sized.union(*(_mere(one, _MEASURES) for one in languages)))

    without_own_kind(offered.choices, offered.options)

    names: list[tuple[Key, Reading]] = []
    names += [(key, Reading("choice", places)) for key, places in offered.choices.items()]
    names += [(key, Reading("option", places)) for key, places in offered.options.items()]
    names += [(key, Reading("num", (number, "words"))) for key, number in _counts(offered.choices, languages)]
    if offered.choices:
        for called, ids in _goods_called(catalogue, forms):
            names += [(key, Reading("goods", ids)) for key in forms.every(called) if key in offered.choices]
    names += [(key, Reading("none_of", ids)) for key, ids in _none_of(goods, languages, forms.inflections)]
    names += _kinds(catalogue, languages, forms.inflections, goods)
    names += _ways(shop, parts)
    for part, wording in parts.items():
        for words in wording.values():
            for phrase, act in (words.get("hear") or {}).items():
                names += _heard(part.rpartition(".")[2], str(phrase), act)
    spoken = common.difference(*(_mere(one, _MEASURES | {"tag"}) for one in languages))  # "warm it up"
    names += to_be_done(offered.choices, offered.written, forms.inflections.values(), goods.has, spoken)
    names += short_choices(offered.choices, goods, names, common)
    phrases = {key for language in languages for key, _ in language_readings(language)}
    names += without_kind(offered.choices, offered.options, goods, names, common, phrases)
    names += kinds_of_choices(offered.choices, goods, names, common)
    names += [(key, Reading("choice", places)) for key, places in turned.items()]
    for key, reading in names:
        if key:
            _insert(goods.others, key, reading)
    goods.common = frozenset(common)
    several = {
        (item.id, option.id) for item in catalogue.items.values() for option in item.options if option.choose == "many"
    }
    counting = {
        key for one in languages for key, reading in language_readings(one) if reading.kind in ("num", "measure")
    }
    written = {key: places for key, places in offered.choices.items() if key in offered.written}
    cut = {key for one in languages for key in keys_in(_called(one, "cut"))}
    for key, reading in parts_of_choices(written, several, goods, names, phrases, counting, cut):
        _insert(goods.others, key, reading)

    categories: dict[str, list[str]] = {}
    for item in catalogue.items.values():
        categories.setdefault(item.category, []).append(item.id)
    booking = any(item.adults for item in catalogue.items.values())
    return Lexicon(
        shop=shop,
        catalogue=catalogue,
        languages=tuple(languages),
        tongues={one.tag: one for one in languages},
        grammars={one.tag: grammar_of(one) for one in languages},
        names=goods,
        words=_words(tuple(languages), booking),
        choices=offered.choices,
        composed=offered.composed,
        categories={category: tuple(ids) for category, ids in categories.items()},
        markers=alone,
        minor=10 ** exponent(shop.currency),
        nears={},
    )


def _called(language: Language, kind: str) -> Sequence[Any]:
    """What a language says of names."""
    said: Sequence[Any] = language.tables.get("names", {}).get(kind, ())
    return said


class _Forms:
    """Names as a merchant wrote them -> every form of each, as tokens; worked out once for the same names."""

    def __init__(self, inflections: Mapping[str, Inflection]) -> None:
        self.inflections = inflections
        self._known: dict[Said, list[Key]] = {}

    def __call__(self, names: Mapping[str, Sequence[str]]) -> list[Key]:
        said = _said(names)
        made = self._known.get(said)
        if made is None:
            made = self._known[said] = list(dict.fromkeys(_own_names(names, self.inflections)))
        return made

    def every(self, key: Key) -> set[Key]:
        """Every form of a name in any of the languages."""
        return {form for one in self.inflections.values() for form in one.forms(key)}


class _Offered(NamedTuple):
    """The options of all goods and what may be chosen of them, by what they are called."""

    choices: dict[Key, Places]
    options: dict[Key, dict[str, Any]]
    composed: dict[tuple[str, Key], Places]
    written: set[Key]
    """The names of choices as the merchant wrote them."""


def _means_its_choice(option: ItemOption, forms: _Forms) -> list[Key]:
    """Names of an option that mean its only choice, whose name begins with them: barbecue, of a barbecue grill."""
    if len(option.choices) != 1:
        return []
    longer = list(forms(option.choices[0].names))
    return [key for key in forms(option.names) if any(one[: len(key)] == key != one for one in longer)]


def _offered(catalogue: Catalogue, languages: Sequence[Language], forms: _Forms, goods: Names) -> _Offered:
    everything = [option for item in catalogue.items.values() for option, _ in _options(item)]
    offered = {_said(option.names): option.names for option in everything}
    chosen = {_said(choice.names): choice.names for option in everything for choice in option.choices}
    options, having = _shared({said: forms(names) for said, names in offered.items()})
    choices, placed = _shared({said: forms(names) for said, names in chosen.items()})
    composed: dict[tuple[str, Key], Places] = {}
    strip = _stripper(_amount_words(languages))
    rests = {
        said: [
            composed.setdefault(rest, {}) for rest in dict.fromkeys(one for key in forms(names) for one in strip(key))
        ]
        for said, names in chosen.items()
    }
    for item in catalogue.items.values():
        for option, path in _options(item):
            for paths in having[_said(option.names)]:
                paths[item.id] = (*paths[item.id], path) if item.id in paths else _alone(path)
            for amount, fitting in _meant_by_amounts(option):
                for key in forms(option.names):
                    _place(composed.setdefault((amount, key), {}), item.id, path, fitting)
            for choice in option.choices:
                for places in placed[_said(choice.names)]:
                    _place(places, item.id, path, choice.id)
                for places in rests[_said(choice.names)]:
                    _place(places, item.id, path, choice.id, first=True)

    for (amount, key), places in composed.items():  # a choice without sugar makes 糖 the name of what it is about
        longer = any((amount, key[at:]) in composed for at in range(1, len(key)))  # 不 + 要冰, which is 不要 + 冰
        if amount == "no" and not longer and key not in options and key not in choices and not goods.has(key):
            options[key] = {item: tuple(dict.fromkeys(path for path, _ in pairs)) for item, pairs in places.items()}

    called: set[Key] = set()
    for item in catalogue.items.values():
        for option, path in _options(item):
            for key in _means_its_choice(option, forms) if option.choose == "many" else ():
                _place(choices.setdefault(key, {}), item.id, path, option.choices[0].id)
                called.add(key)

    written = {said: [words_of(name) for _, called in said for name in called] for said in chosen}
    _written_first(choices, catalogue, {said: (written[said], forms(names)) for said, names in chosen.items()})
    return _Offered(choices, options, composed, called.union(*written.values()))


def _said(names: Mapping[str, Sequence[str]]) -> Said:
    return cast("Said", tuple(names.items()))


def _meant_by_amounts(option: ItemOption) -> Iterator[tuple[str, str]]:
    """What "no ice" or "less ice" chooses, where that is a choice of its own."""
    if option.choose != "one":
        return
    for amount, ids in _IDS.items():
        fitting = next((choice.id for one in ids for choice in option.choices if choice.id == one), None)
        if fitting == "hot" and not any(choice.id == "mild" for choice in option.choices):
            continue  # a drink is hot, not more so
        if fitting is not None:
            yield amount, fitting


def _kinds(
    catalogue: Catalogue, languages: Sequence[Language], inflections: Mapping[str, Inflection], goods: Names
) -> Iterator[tuple[Key, Reading]]:
    """What kinds of goods are called."""
    links = {key for one in languages for key in keys_in(one.tables.get("words", {}).get("and", ()))}
    for category, said in catalogue.categories.items():
        reading = Reading("category", category)
        for key in dict.fromkeys(_own_names(said, inflections)):
            if not _lists(key, goods, links):
                yield key, reading
            yield from ((part, reading) for part in _linked(key, links) if not goods.items(part))
        if not said:
            yield from ((key, reading) for key in Inflection({}).forms(words_of(category)))
    yield from _common_kinds(catalogue, languages, inflections, links)


def _ways(shop: Shop, parts: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> Iterator[tuple[Key, Reading]]:
    """Ways to get goods and to pay for them, and codes, by the merchant's names."""
    for kind, table in (("fulfilment", shop.fulfilments), ("method", shop.methods)):
        for one in table.values():
            yield from ((words_of(name), Reading(kind, one.id)) for forms in one.names.values() for name in forms)
    for one in shop.methods.values():
        if not one.names:  # a method that has its provider's name is called what the provider calls itself
            called = {tag: words["name"] for tag, words in parts.get(one.id, {}).items() if "name" in words}
            yield from ((words_of(name), Reading("method", one.id)) for name in called.values())
    for promotion in shop.promotions.values():
        if promotion.code:
            told = any(letter.isdigit() for letter in promotion.code)  # else it may be a word like any other: HELLO
            yield words_of(promotion.code), Reading("code" if told else "word_code", promotion.code.upper())


SLOT = "{value}"
NUMBER = "{number}"


def kept_with(words: Root, what: str, work: Callable[[Trie], T]) -> T:
    """What is worked out from a language's words, once for all shops."""
    if what not in words.kept:
        words.kept[what] = work(words)
    found: T = words.kept[what]
    return found


def phrases(trie: Trie) -> Iterator[tuple[Key, Mapping[str, Any]]]:
    """Every phrase of a trie with what it may mean."""
    todo: list[tuple[Key, Trie]] = [((), trie)]
    while todo:
        key, node = todo.pop()
        for word, inner in node.items():
            if word is None:
                yield key, inner
            else:
                todo.append(((*key, word), inner))


def _heard(part: str, phrase: str, act: Any) -> list[tuple[Key, Reading]]:
    """A phrase of a step, trade, provider or channel: an act, or an answer with its words in the place of `{value}`, or
    as a whole with a number in the place of `{number}`."""
    name, value = act_of(act)
    if name != "answer":
        return [(key, Reading("act", (name, value))) for key in keys_in(phrase)]
    before, number, after = phrase.partition(NUMBER)
    if number:
        side = "number before" if after.strip() else "number after"
        return [(key, Reading("hear", (part, side, phrase))) for key in keys_in(after if after.strip() else before)]
    before, slot, after = phrase.partition(SLOT)
    if not slot:
        return [(key, Reading("hear", (part, "", phrase))) for key in keys_in(phrase)]
    side = "before" if after.strip() else "after"
    return [(key, Reading("hear", (part, side, None))) for key in keys_in(after if after.strip() else before)]


def _shared(keys: Mapping[Said, Iterable[Key]]) -> tuple[dict[Key, dict[str, Any]], dict[Said, list[dict[str, Any]]]]:
    """A table a name, and for names as they are written the tables to fill: names that are always written together
    ("large" and "big") have one table, for with many goods there are many entries."""
    written: dict[Key, list[Said]] = {}
    for said, several in keys.items():
        for key in several:
            written.setdefault(key, []).append(said)
    tables: dict[tuple[Said, ...], dict[str, Any]] = {}
    found = {key: tables.setdefault(tuple(saids), {}) for key, saids in written.items()}
    fill: dict[Said, list[dict[str, Any]]] = {said: [] for said in keys}
    for saids, table in tables.items():
        for said in saids:
            fill[said].append(table)
    return found, fill


def _place(places: Places, item: str, option: str, choice: str, *, first: bool = False) -> None:
    before = places.get(item)
    if before is None:
        places[item] = _only(option, choice)
    elif (pair := (option, choice)) not in before:
        places[item] = (pair, *before) if first else (*before, pair)


@lru_cache(maxsize=4096)
def _only(option: str, choice: str) -> tuple[tuple[str, str], ...]:
    """The same tuple for all goods that have no other place for a choice."""
    return ((option, choice),)


@lru_cache(maxsize=4096)
def _alone(path: str) -> tuple[str, ...]:
    return (path,)


def _stripper(amount_words: Mapping[str, Iterable[Key]]) -> Any:
    """A function from a name to (amount, rest) for every amount word that the name begins or ends with."""
    by_word: dict[Key, list[str]] = {}
    for amount, keys in amount_words.items():
        for key in keys:
            by_word.setdefault(key, []).append(amount)
    longest = max(map(len, by_word), default=0)
    known: dict[Key, list[tuple[str, Key]]] = {}

    def strip(key: Key) -> list[tuple[str, Key]]:
        if key not in known:
            found = []
            for size in range(1, min(longest, len(key) - 1) + 1):
                found += [(amount, key[size:]) for amount in by_word.get(key[:size], ())]
                found += [(amount, key[:-size]) for amount in by_word.get(key[-size:], ())]
            known[key] = found
        return known[key]

    return strip


def _counts(choices: Iterable[Key], languages: Sequence[Language]) -> Iterator[tuple[Key, int]]:
    """Names of choices that are a count of other goods: "nine pieces" of chicken, but also nine pieces of cake."""
    for language in languages:
        numbers = language.tables.get("numbers", {})
        groups = [
            (ENGINES[system], dict(number_words(numbers.get(group, {}))))
            for group, system in (("words", numbers.get("system", "tens")), ("counting", "tens"))
        ]
        measures = set(keys_in(language.tables.get("words", {}).get("measure", ())))
        for key in choices:
            if key[0].isdigit() and key[1:] in measures:
                yield key, int(key[0])
            for engine, values in groups:
                number, size = leading_number(key, engine, values)
                if size and key[size:] in measures:
                    yield key, number


def _none_of(
    goods: Names, languages: Sequence[Language], inflections: Mapping[str, Inflection]
) -> Iterator[tuple[Key, tuple[str, ...]]]:
    """Names that are also no count of other goods: "zero cokes" is no "zero coke" but none of the cokes."""
    zero = [
        key
        for language in languages
        for key, value in number_words(language.tables.get("numbers", {}).get("words", {}))
        if value == 0
    ]
    for text in goods.beginning({key[0] for key in zero if len(key) == 1}):
        key = words_of(text)
        for form in dict.fromkeys(form for one in inflections.values() for form in one.forms(key)):
            if form[:1] in zero and not goods.has(form) and goods.items(form) and (rest := goods.items(form[1:])):
                yield form, rest


def _common_kinds(
    catalogue: Catalogue, languages: Sequence[Language], inflections: Mapping[str, Inflection], links: set[Key]
) -> Iterator[tuple[Key, Reading]]:
    """What kinds are called everywhere ("something to drink"), where the shop has such a kind under another id: it is
    called by one of these words, or lists it ("snacks and drinks")."""
    called = {
        key: category
        for category, said in catalogue.categories.items()
        for name in _own_names(said, inflections)
        for key in (name, *_linked(name, links))
    }
    for language in languages:
        for kind, value in language.tables.get("category", {}).items():
            phrases = list(keys_in(value))
            category = next((called[key] for key in (words_of(kind), *phrases) if key in called), None)
            if kind not in catalogue.categories and category is not None:
                yield from ((key, Reading("category", category)) for key in phrases if key not in called)


def _linked(key: Key, links: set[Key]) -> list[Key]:
    """The kinds that a category's name lists: snacks and drinks are had, so drinks are."""
    for at in range(1, len(key)):
        for end in range(at + 1, len(key)):
            if key[at:end] in links:
                return [key[:at], key[end:]]
    return []


def _goods_called(
    catalogue: Catalogue, keys_of: Callable[[Mapping[str, Sequence[str]]], list[Key]]
) -> Iterator[tuple[Key, tuple[str, ...]]]:
    """Names less the name of their kind: a pepperoni is a pepperoni pizza."""
    kinds = {category: tuple(map(plain, keys_of(said))) for category, said in catalogue.categories.items()}
    found: dict[Key, dict[str, None]] = {}
    for item in catalogue.items.values():
        ends = kinds.get(item.category, ())
        for said in item.names.values():
            for name in said:
                text, key = normal(name)
                if text.endswith(ends):
                    for kind in keys_of(catalogue.categories[item.category]):
                        if len(key) > len(kind) and tuple(key[-len(kind) :]) == kind:
                            found.setdefault(tuple(key[: -len(kind)]), {})[item.id] = None
    for key, mine in found.items():
        yield key, tuple(mine)


def _lists(key: Key, goods: Names, links: set[Key]) -> bool:
    """Whether a name of a category only lists goods: to say "milk and eggs" is to name milk, and eggs."""
    return any(
        key[at:end] in links and goods.items(key[:at]) and goods.items(key[end:])
        for at in range(1, len(key))
        for end in range(at + 1, len(key))
    )

"""A shop's things as a speaker's platform must hear them: every name spelt as it is spoken, of one thing alone. Pure.

What the platform's console then wants of it is the speaker's affair (`Speaker.model`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from assistant.commerce.catalogue import Catalogue, Item, Names
from assistant.commerce.shop import Shop
from assistant.dialogue.names import method_name, way_name
from assistant.dialogue.say import Voice, voice_for
from assistant.turns import Called, Spoken
from assistant.understanding.vocabulary import Tongue, tongue_of
from assistant.understanding.words.language_words import expand
from assistant.understanding.words.lexicon import Lexicon
from assistant.understanding.words.names import Inflection
from assistant.understanding.words.synonyms import other_names
from assistant.understanding.words.text import words_of

MOST_FORMS = 12
"""What one thing is called, at most; the merchant's own names come first."""


def spoken(shop: Shop, catalogue: Catalogue, lexicon: Lexicon, language: str) -> Spoken:
    """All that can be ordered, in one language, with the names that were left out and why."""
    tongue, dropped = tongue_of(lexicon, language), list[str]()
    tables, voice = tongue.language.tables, voice_for(language, shop, catalogue)
    forms = Forms(tongue, voice)
    items = catalogue.items.values()
    goods = ((one.id, forms.of_goods(one.names)) for one in items)
    extras: dict[str, list[str]] = {}
    for choices in _choices(items, language, "many").values():
        for one, said in choices.items():
            extras.setdefault(one, []).extend(said)
    ways = {one: voice.value(way_name(shop, one), True) for one in shop.fulfilments}
    methods = {one: voice.value(method_name(shop, one), True) for one in shop.methods}
    return Spoken(
        shop=shop.id,
        title=forms.spelt([*shop.names.get(language, ()), shop.name])[0],
        goods=_distinct("goods", goods, dropped),
        options={
            option: _distinct(option, ((one, forms.spelt(said)) for one, said in choices.items()), dropped)
            for option, choices in _choices(items, language, "one").items()
        },
        extras=_distinct("extras", ((one, forms.spelt(said)) for one, said in extras.items()), dropped),
        methods=_distinct("methods", _ways(methods, shop.methods, tables.get("method", {}), language, forms), dropped),
        fulfilments=_distinct(
            "fulfilments", _ways(ways, shop.fulfilments, tables.get("fulfilment", {}), language, forms), dropped
        ),
        dropped=tuple(dropped),
    )


class Forms:
    """How a name is spelt as it is spoken, and what else it is called."""

    def __init__(self, tongue: Tongue, voice: Voice) -> None:
        tables = tongue.language.tables
        self.tongue, self.voice, self.inflection = tongue, voice, Inflection(tables)
        self.others = other_names(
            [[words_of(w) for w in group] for group in tables.get("names", {}).get("same", ())], ()
        )

    def spelt(self, names: Iterable[str]) -> list[str]:
        """Small letters, numbers in words, no signs; what can't be spoken so is left out."""
        apart = "" if self.tongue.script == "unspaced" else " "
        aloud = (self.voice.value(name, True) for name in names)
        return [one for name in aloud if (one := self.tongue.spelt(name).replace(" ", apart))]

    def of_goods(self, names: Names) -> list[str]:
        """The merchant's names, the language's other words for them, and each of these as many."""
        said = self.spelt(names.get(self.tongue.language.tag, ()))
        keys = (key for name in said for key in self.others(tuple(name.split(" "))))
        more = [" ".join(key) for key in keys if all(map(str.isalpha, key))]
        found = list(dict.fromkeys((*said, *more)))
        return list(dict.fromkeys((*found, *map(self.many, found))))

    def many(self, name: str) -> str:
        head, _, last = name.rpartition(" ")
        if not self.inflection.rules[0] or self.inflection.singular(last) != last:
            return name
        found = self.inflection.word(last)
        return f"{head} {found[1 if len(found) > 1 else 0]}".strip()


def _choices(items: Iterable[Item], language: str, choose: str) -> dict[str, dict[str, list[str]]]:
    """Option -> choice -> what it is called by any of the goods that have it."""
    found: dict[str, dict[str, list[str]]] = {}
    for item in items:
        for option in item.options:
            if option.choose == choose:
                for choice in option.choices:
                    found.setdefault(option.id, {}).setdefault(choice.id, []).extend(choice.names.get(language, ()))
    return found


def _ways(
    called: Mapping[str, str], known: Mapping[str, Any], table: Mapping[str, Any], language: str, forms: Forms
) -> Iterator[tuple[str, Sequence[str]]]:
    """Ways to pay or to get it: as they are said, as the merchant calls them, as people do."""
    for way, name in called.items():
        heard = [one for pattern in table.get(way, ()) for one in expand(pattern)]
        yield way, forms.spelt([name, *known[way].names.get(language, ()), *heard])


def _distinct(kind: str, rows: Iterable[tuple[str, Sequence[str]]], dropped: list[str]) -> tuple[Called, ...]:
    """Each name of one thing only. A first name wins over a further one; two first ones are no names at all."""
    named = [(id_, list(dict.fromkeys(said))[:MOST_FORMS]) for id_, said in rows]
    owners: dict[str, list[tuple[bool, str]]] = {}
    for id_, said in named:
        for place, one in enumerate(said):
            owners.setdefault(one, []).append((place > 0, id_))
    kept = []
    for id_, said in named:
        mine = []
        for place, one in enumerate(said):
            others = [(further, other) for further, other in owners[one] if other != id_]
            if others and (place > 0 or any(not further for further, _ in others)):
                dropped.append(f"{kind}: “{one}” is said for {id_} and for {others[0][1]}; left out of {id_}")
                continue
            mine.append(one)
        if mine:
            kept.append(Called(id_, tuple(mine)))
        else:
            dropped.append(f"{kind}: {id_} has no name of its own left; it can't be heard")
    return tuple(kept)

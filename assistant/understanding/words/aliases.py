"""Names that are not the catalogue's own: what words were taken for though they are no name, and what was learned.

An alias is one more way to say an id of the catalogue. It has no say over anything that has a meaning already.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from msgspec.structs import replace

from assistant.turns import Act, Alias, Doubt, ReadAs
from assistant.understanding.words.lexicon import Lexicon, Trie
from assistant.understanding.words.names import Inflection, meaning_of
from assistant.understanding.words.spans import Span
from assistant.understanding.words.text import CARD, fold, show, words_of
from models.languages import Language

MOST_SAID = 40
"""Letters of the longest alias."""
_WEAK = frozenset({"partial", "short"})


def plain(said: str, language: Language | None) -> str:
    """The form in which the same words are the same alias (one of them, not many); empty where they can't be one."""
    text = " ".join(fold(show(said)).split()).strip(" .,!?;:、，。！？；：…")
    if not text or len(text) > MOST_SAID or any(letter.isdigit() for letter in text) or CARD in said:
        return ""
    if language is not None and text.isascii():
        *before, last = text.split()
        text = " ".join([*before, Inflection(language.tables).singular(last)])
    return text if any(letter.isalpha() for letter in text) else ""


def places(lexicon: Lexicon, alias: Alias) -> tuple[str, Any] | None:
    """What an alias means in this shop, as a span has it: kind and value. None when the catalogue has it no more."""
    if alias.kind == "item":
        return ("item", (alias.meant,)) if alias.meant in lexicon.catalogue.items else None
    if alias.kind == "method":
        return ("method", alias.meant) if alias.meant in lexicon.shop.methods else None
    path, _, choice = alias.meant.rpartition("/")
    found = {}
    for item in lexicon.catalogue.items.values():
        option = item.option(path)
        if option is not None and option.choice(choice) is not None:
            found[item.id] = ((path, choice),)
    return ("choice", found) if found else None


def taken(lexicon: Lexicon, alias: Alias) -> bool:
    """Whether its words are a name or a word with a meaning already. (A part of names may become one's name.)"""
    key = words_of(alias.said)
    meanings = (lexicon.names.meaning(key), *(meaning_of(words, key) for words in lexicon.words.values()))
    return any(has.keys() - _WEAK for has in meanings)


def with_aliases(lexicon: Lexicon, aliases: Iterable[Alias]) -> Lexicon:
    """The lexicon with exactly these names learned. One that is dead or taken isn't among them."""
    trie: Trie = {}
    rules = {one.tag: Inflection(one.tables) for one in lexicon.languages}
    for alias in aliases:
        meaning = places(lexicon, alias)
        if meaning is None:
            continue
        for key in rules.get(alias.language, Inflection({})).forms(words_of(alias.said)):
            if key and not taken(lexicon, replace(alias, said=" ".join(key))):
                node = trie
                for word in key:
                    node = node.setdefault(word, {})
                node.setdefault(None, dict((meaning,)))
    return replace(lexicon, aliases=trie)


def named(acts: Iterable[Act]) -> set[tuple[str, str]]:
    """The things of the catalogue that acts are about: (kind, id)."""
    found: set[tuple[str, str]] = set()
    for act in acts:
        for line in (*act.lines, *act.instead_of):
            if line.item is not None:
                found.add(("item", line.item))
            found.update(("choice", f"{one.option}/{one.choice}") for one in line.options if one.choice is not None)
        found.update(("item", one) for one in act.items)
        if act.act == "choose_method" and isinstance(act.value, str):
            found.add(("method", act.value))
    return found


def about(acts: Iterable[Act], read_as: Sequence[ReadAs]) -> tuple[ReadAs, ...]:
    """What was read in another way than it stands in the catalogue, as far as acts are about it."""
    if not read_as:
        return ()
    things = named(acts)
    return tuple(one for one in read_as if any((one.kind, meant) in things for meant in one.ids))


def read_as(
    spans: Sequence[Span], said: Sequence[str], acts: Sequence[Act], doubts: Sequence[Doubt], language: Language
) -> tuple[ReadAs, ...]:
    """What of an utterance was not said as the catalogue has it. `said`: the words of each span."""
    found = [one for span, text in zip(spans, said, strict=True) for one in _of_span(span, text)]
    known = about((*acts, *(one for doubt in doubts for one in doubt.candidates)), found) if found else ()
    return tuple(replace(one, alias="" if one.why == "alias" else plain(one.said, language)) for one in known)


def _of_span(span: Span, said: str) -> Iterator[ReadAs]:
    has, part = span.has, "partial" in span.has
    if span.why == "exact" and not part:
        return
    if "item" in has or part:
        ids = tuple(has["item"] if "item" in has else has["partial"])
        yield ReadAs(said, "item", ids, "part" if span.why == "exact" else span.why, span.score)
    if "choice" in has:
        ids = tuple(dict.fromkeys(f"{path}/{choice}" for pairs in has["choice"].values() for path, choice in pairs))
        yield ReadAs(said, "choice", ids, "part" if span.why == "exact" else span.why, span.score)
    if "method" in has:
        yield ReadAs(said, "method", (str(has["method"]),), span.why, span.score)

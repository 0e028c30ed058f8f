"""Words of a shop's names that its recognisers can't hear, and how else they may be written so that they are heard.

A recogniser with a vocabulary hears the words that are in it and no other. A name with such a word is taken for
something else by everybody who says it, so its merchant should know before the first guest comes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from unicodedata import normalize

from assistant.commerce.catalogue import Catalogue, Names
from assistant.commerce.shop import Shop
from assistant.discovery import extensions, find
from assistant.errors import SetupError
from assistant.shops.reading import Problem
from assistant.understanding.misheard.sounds import likeness, speech_of
from assistant.understanding.vocabulary import Tongue, tongue_of
from assistant.understanding.words.lexicon import Lexicon, build_lexicon
from models import languages, shelf
from models.recognizers import Model

ALIKE = 0.72
"""Less alike than this, another word is no way to write what is said."""
PROPOSED = 3
MOST_TRIED = 600
"""Spellings of one word that are tried."""
SHORTEST = 3
"""Letters of the shortest part that a word of an alphabet is cut into."""
_SLIPS = (
    ("gh", "g"), ("ph", "f"), ("ck", "k"), ("c", "k"), ("k", "c"), ("qu", "k"), ("h", ""), ("y", "i"), ("i", "y"),
    ("ie", "y"), ("z", "s"), ("s", "z"), ("zz", "z"), ("e", "a"), ("a", "e"), ("o", "a"), ("a", "o"), ("e", "i"),
    ("i", "e"), ("ou", "o"), ("o", "ou"), ("ee", "ea"), ("ea", "ee"), ("oa", "o"), ("ll", "l"), ("l", "ll"),
    ("tt", "t"), ("t", "tt"), ("nn", "n"), ("n", "nn"), ("pp", "p"), ("p", "pp"), ("cc", "c"), ("ss", "s"),
    ("er", "re"), ("re", "er"), ("t", "d"), ("d", "t"), ("v", "w"), ("w", "v"), ("ae", "e"), ("oe", "e"),
)  # fmt: skip
"""How names of an alphabet are written otherwise and said alike."""


def notes(shop: Shop, catalogue: Catalogue) -> Iterator[Problem]:
    """What the installed recognisers can't hear, in each of the shop's languages; and where none is installed."""
    folder = extensions()
    extra = folder / "language" if folder else None
    lexicon: Lexicon | None = None
    without = []
    for tag in shop.languages:
        found = shelf.installed("recognizer", tag)
        if not found:
            without.append(tag)
            continue
        for one in found[:1]:
            engine = find("recognizer", one.engine)
            if not engine.can.grammar or engine.missing():
                continue
            if lexicon is None:
                files = [languages.load(other, extra) for other in shop.languages]
                lexicon = build_lexicon(shop, catalogue, files, {})
            try:
                model = engine.open(one.folder, tag)
            except SetupError as error:
                yield Problem("", "", f"what {one.id} can hear isn't known: {error}", "note")
                continue
            try:
                yield from unheard(lexicon, tag, model, one.id)
            finally:
                model.close()
    if without:
        text = f"no recogniser is installed for {', '.join(without)}: what it would not hear isn't known"
        yield Problem("", "", f"{text}; get one with `{shelf.how_to_get('recognizer', without[0])}`", "note")


def unheard(lexicon: Lexicon, tag: str, model: Model, called: str) -> Iterator[Problem]:
    """Each word that `model` (called so) can't hear, once, where it first stands."""
    tongue = tongue_of(lexicon, tag)
    places: dict[str, list[str]] = {}
    names: dict[str, str] = {}
    for place, name in _named(lexicon, tag):
        for word in tongue.spelt(name).split():
            names.setdefault(word, name)
            where = places.setdefault(word, [])
            if place not in where:
                where.append(place)
    known = {word for word in places if model.knows(word) is not False}
    for word, where in places.items():
        if word in known:
            continue
        ways = list(islice(proposals(tongue, word, model, known), PROPOSED))
        others = f" (and in {len(where) - 1} more)" if len(where) > 1 else ""
        what = f"'{word}'" if word == names[word] else f"'{word}' of '{names[word]}'"
        if ways:
            remedy = f"it may be heard as {' or '.join(repr(one) for one in ways)}: give it a name with that, too"
        else:
            remedy = "give it another name, too, in words that are in use"
        yield Problem("", f"{where[0]}.{tag}", f"{called} can't hear {what}{others}; {remedy}", "note")


def _named(lexicon: Lexicon, tag: str) -> Iterator[tuple[str, str]]:
    """(place, name) of everything that has a name in a language."""
    shop, catalogue = lexicon.shop, lexicon.catalogue

    def each(place: str, names: Names) -> Iterator[tuple[str, str]]:
        return ((place, name) for name in names.get(tag, ()))

    for category, said in catalogue.categories.items():
        yield from (pair for pair in each(f"categories.{category}", said) if pair[1] != category)  # named by nobody
    for item in catalogue.items.values():
        yield from each(f"{item.id}.names", item.names)
        for option in item.all_options():
            for choice in option.choices:
                yield from each(f"{item.id}.options.{option.id}.{choice.id}", choice.names)
    for method in shop.methods.values():
        yield from each(f"payment.method.{method.id}.names", method.names)
    for way in shop.fulfilments.values():
        yield from each(f"fulfilment.{way.id}.names", way.names)


# ------------------------------------------------------------------------------------------------ sound-alikes


def proposals(tongue: Tongue, word: str, model: Model, known: Iterable[str]) -> Iterator[str]:
    """How else a word may be written so that it is heard, the most alike first. `known`: words of the shop's names
    that the model has."""
    engine, speech = str(tongue.language.tables.get("sound", "letters")), speech_of(tongue.language)
    said = speech.sound(_letters(word, engine))
    ways = dict.fromkeys((*_parted(word, model), *_respelt(word, engine)))
    own = [*known, *(one for key in tongue.lexicon.words[tongue.language.tag] if isinstance(one := key, str))]
    ways.update(dict.fromkeys(one for one in own if abs(len(one) - len(word)) <= 2))
    found = []
    for one in islice(ways, MOST_TRIED * 4):
        if one == word:
            continue
        like = likeness(said, speech.sound(_letters(one, engine)), ALIKE)
        if like and all(model.knows(part) for part in one.split()):
            found.append((-like, one))
    yield from (one for _, one in sorted(found))


_PAIRS = "ㅐㅔ ㅖㅔ ㅚㅙ ㅚㅞ ㅗㅜ ㅓㅗ ㅡㅜ ㅏㅓ ㅏㅑ ㅗㅛ ㅜㅠ ㅓㅕ ㄱㄲ ㄱㅋ ㄷㄸ ㄷㅌ ㅂㅃ ㅂㅍ ㅅㅆ ㅈㅉ ㅈㅊ"
"""Parts of Korean syllables that are written for each other in words from other languages."""
_MISTAKEN = {
    one: "".join(pair.replace(one, "") for pair in _PAIRS.split() if one in pair)
    for one in set(_PAIRS.replace(" ", ""))
}


def _letters(word: str, engine: str) -> Sequence[str]:
    """What an engine of sounds takes one by one. A word that was cut sounds as the whole one."""
    whole = word.replace(" ", "")
    return (whole,) if engine == "letters" else tuple(whole)


def _parted(word: str, model: Model) -> Iterator[str]:
    """The word cut into two that the model has."""
    least = SHORTEST if word.isascii() else 1
    for cut in range(least, len(word) - least + 1):
        if model.knows(word[:cut]) and model.knows(word[cut:]):
            yield f"{word[:cut]} {word[cut:]}"


def _respelt(word: str, engine: str) -> Iterator[str]:
    """The word with one sound written otherwise, then with two."""
    once = list(_slips(word, engine))
    yield from once
    yield from islice((other for one in once for other in _slips(one, engine)), MOST_TRIED)


def _slips(word: str, engine: str) -> Iterator[str]:
    if engine == "letters":
        for pattern, put in _SLIPS:
            for match in re.finditer(pattern, word):
                yield word[: match.start()] + put + word[match.end() :]
        return
    if engine == "jamo":
        for at, letter in enumerate(word):
            parts = list(normalize("NFD", letter))
            for nth, part in enumerate(parts):
                for other in _MISTAKEN.get(_compatible(part), ""):
                    put = _conjoining(other, nth)
                    made = normalize("NFC", "".join([*parts[:nth], put, *parts[nth + 1 :]])) if put else ""
                    if len(made) == 1:
                        yield word[:at] + made + word[at + 1 :]


_ONSETS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
_VOWELS = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"


def _compatible(part: str) -> str:
    """A part of a Korean syllable as it is written by itself; ends of syllables are left as they are."""
    code = ord(part)
    if 0x1100 <= code < 0x1100 + len(_ONSETS):
        return _ONSETS[code - 0x1100]
    if 0x1161 <= code < 0x1161 + len(_VOWELS):
        return _VOWELS[code - 0x1161]
    return ""


def _conjoining(letter: str, place: int) -> str:
    if place == 0 and letter in _ONSETS:
        return chr(0x1100 + _ONSETS.index(letter))
    if place == 1 and letter in _VOWELS:
        return chr(0x1161 + _VOWELS.index(letter))
    return ""

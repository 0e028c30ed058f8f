"""What can be found by its sound in one language of a shop: the names of its goods, and the language's own words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

from assistant.understanding.misheard.near import Near, near_of
from assistant.understanding.misheard.sounds import Letters, speech_of
from assistant.understanding.words.lexicon import Lexicon, Trie, kept_with, phrases
from assistant.understanding.words.names import Inflection, Key

WORDS = frozenset(
    {"method", "fulfilment", "measure", "amount", "verb", "correct", "each", "instead_of", "num", "act", "the", "again"}
)
"""Kinds of the language's own words that may be meant by what only sounds like them."""
_STEPS = frozenset({"method", "fulfilment", "act"})
_ACTS = frozenset(
    {
        "checkout",
        "show_basket",
        "ask_price",
        "ask_menu",
        "undo",
        "redo",
        "repeat",
        "help",
        "person",
        "deny",
        "recommend",
        "back",
        "ask_stock",
    }
)
"""Acts that a likeness of sound may bring about: none that says yes, gives money or throws anything away."""


class Sounding(Struct, frozen=True, eq=False):
    """What can be found by its sound in one language of a shop."""

    speech: Letters
    names: Near
    """The shop's names."""
    phrases: tuple[tuple[Key, str, dict[str, Any]], ...]
    """The language's own short phrases: words, sound, what they may mean."""
    phrase_codes: tuple[str, ...]
    words: tuple[str, ...]
    """The language's own words."""
    word_codes: tuple[str, ...]
    near_words: dict[str, Any]
    """What was found among them already, by the word that was heard."""
    forms: Inflection


def sounding(lexicon: Lexicon, language: str) -> Sounding:
    """The index of one language, made when something is first misheard, then kept with the lexicon."""
    key = f"{language} by sound"
    made: Sounding | None = lexicon.nears.get(key)
    if made is None:
        made = lexicon.nears[key] = _sounding(lexicon, language)
    return made


def _sounding(lexicon: Lexicon, tag: str) -> Sounding:
    script = lexicon.grammars[tag].script
    language = lexicon.tongues[tag]
    speech = speech_of(language)
    own = kept_with(lexicon.words[tag], "by sound", lambda words: _own(words, script, speech))
    near_words: dict[str, Any] = kept_with(lexicon.words[tag], "words by sound", lambda _: {})
    return Sounding(speech, near_of(lexicon, tag), *own, near_words, Inflection(language.tables))


Own = tuple[tuple[tuple[Key, str, dict[str, Any]], ...], tuple[str, ...], tuple[str, ...], tuple[str, ...]]
"""Short phrases and their sounds, words and their sounds."""


def _own(trie: Trie, script: str, speech: Letters) -> Own:
    """The language's own phrases and words, with their sounds: the same in every shop."""
    own = [
        (key, has)
        for key, has in phrases(trie)
        if len(key) <= (3 if script == "spaced" else 6) and _native(key, script)
    ]
    short = [
        (key, speech.sound(key), readings)
        for key, has in own
        if (script == "spaced" or len(key) > 1)
        and (readings := allowed(has, WORDS if script != "spaced" else _STEPS))
        and len(speech.sound(key)) >= 8
    ]
    words = tuple(dict.fromkeys(word for key, has in own if "hear" not in has for word in key))
    codes = tuple(speech.sound((word,)) for word in words)
    return tuple(short), tuple(code for _, code, _ in short), words, codes


def allowed(has: Mapping[str, Any], kinds: frozenset[str]) -> dict[str, Any]:
    """What a phrase may mean that was not heard exactly."""
    made = {kind: value for kind, value in has.items() if kind not in ("act", "hear")}
    acts = tuple(act for act in has.get("act", ()) if act[0] in _ACTS)
    if acts:
        made["act"] = acts
    return made if made.keys() & kinds else {}


def _native(key: Sequence[str], script: str) -> bool:
    letter = key[0][0] if key else ""
    if script == "spaced":
        return letter.isascii()
    if script == "unspaced":
        return "㐀" <= letter <= "鿿"
    return "가" <= letter <= "힣"

"""Voices: one file an engine, each with one constant `VOICE`; found by discovery.

A voice only renders: the text goes in, samples come out, and whoever uses it plays them, so that speech can be cut at
once and a missing loudspeaker is an error and not silence. Everything here blocks, so it is called from a worker
thread.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from msgspec import Struct

DEFAULT = "pyttsx3"
"""What speaks where nothing else is named: it needs no model."""


class Abilities(Struct, frozen=True, kw_only=True):
    """What an engine can do, as data."""

    streaming: bool
    """The first sentence is there before the last is made."""
    model: bool
    """It needs the folder of a model."""
    languages: frozenset[str] | None = None
    """Tags; None: whatever its models are for."""


class Sound(Struct, frozen=True):
    """16-bit mono samples."""

    pcm: bytes
    rate: int

    @property
    def seconds(self) -> float:
        return len(self.pcm) / 2 / self.rate


class Speaker(Protocol):
    """A voice that is ready to speak one language. Used by one thread at a time; `close` may come from any."""

    language: str

    def say(self, text: str, *, pace: float = 1.0) -> Iterator[Sound]:
        """The text as sound, a sentence at a time where the engine streams. `pace`: 0.5 half as fast, 2 twice.

        Raises FarEndError where the engine failed in spite of being tried again; whoever speaks shows the text then.
        """
        ...

    def close(self) -> None: ...


class Voice(Protocol):
    """An engine that speaks."""

    name: str
    can: Abilities
    extra: str
    """The extra of the package that brings its library; "" where it is always there."""

    def missing(self) -> str:
        """What has to be installed before it works (one sentence with the command), or ""."""
        ...

    def open(self, language: str, folder: Path | None = None) -> Speaker:
        """Ready to speak. SetupError with a remedy where a library, the model or the language is missing."""
        ...


# -- sentences ---------------------------------------------------------------------------------------------------

LONG = 160
"""Letters (a letter of a script without case counts three times) above which a sentence is parted at a comma, too."""
_END = re.compile(
    r"""[.!?…]+['")\]”’»]*(?=\s|$)"""
    r"|(?<=[^\x00-\u2fff])[.!?…]+(?=[^\x00-\u2fff])"  # between letters of scripts that put no space there
    r"|[。！？；]+[」』”’）]*|\n+"
)
_CLAUSE = re.compile(r"[,;:](?=\s)|[，、：]|\s[–—]\s")
_BEFORE = re.compile(r"([^\W\d_]+)\.$")


def sentences(text: str) -> list[str]:
    """What is said at a breath, with its signs; nothing where there is nothing to say.

    A full stop inside a number or behind a short word that stands for a longer one ("No. 5", "Mr. Lee") ends nothing.
    """
    found: list[str] = []
    begun = 0
    for end in _END.finditer(text):
        if not _is_short_form(text[begun : end.end()], text[end.end() :].lstrip()):
            found += _breaths(text[begun : end.end()])
            begun = end.end()
    return [*found, *_breaths(text[begun:])]


def _is_short_form(before: str, after: str) -> bool:
    word = _BEFORE.search(before)
    if not before.endswith(".") or before.endswith("..") or not after:
        return False
    if after[0].islower():
        return True
    if word is None or (letters := word[1]).lower() == letters.upper():
        return False
    if len(letters) == 1 or (len(letters) <= 3 and after[0].isdigit()):
        return True
    return len(letters) <= 3 and letters[0].isupper() and letters[1:].islower() and not re.search("[aeiouy]", letters)


def _breaths(sentence: str) -> list[str]:
    sentence = sentence.strip()
    if not any(one.isalnum() for one in sentence):
        return []
    size = weight(sentence)
    cuts = [one.end() for one in _CLAUSE.finditer(sentence)]
    if size <= LONG or not cuts:
        return [sentence]
    at = min(cuts, key=lambda cut: abs(weight(sentence[:cut]) - size / 2))
    halves = (sentence[:at], sentence[at:])
    if not all(any(one.isalnum() for one in half) for half in halves):
        return [sentence]
    return [part for half in halves for part in _breaths(half)]


def weight(text: str) -> int:
    """How long it takes to say, roughly: 1 a letter or digit, 3 a letter of a script without case, which says more."""
    return sum(3 if one.lower() == one.upper() and not one.isdigit() else 1 for one in text if one.isalnum())

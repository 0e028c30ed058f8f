"""A voice that speaks in Morse code: all that a voice needs, without a library and without a model."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from models.voices import Abilities, Sound, sentences

SIGNS = """.- -... -.-. -.. . ..-. --. .... .. .--- -.- .-.. --
           -. --- .--. --.- .-. ... - ..- ...- .-- -..- -.-- --.."""
CODE = dict(zip("abcdefghijklmnopqrstuvwxyz", SIGNS.split(), strict=True))
RATE = 8_000
UNIT = 0.06
"""Seconds of a dot at pace 1; a dash is three, the gap between letters too, the one between words is seven."""


class Morse:
    name = "morse"
    code = CODE
    can = Abilities(streaming=True, model=False, languages=frozenset({"en"}))
    extra = ""

    def missing(self) -> str:
        return ""

    def open(self, language: str, folder: Path | None = None) -> Key:
        return Key(language)


class Key:
    def __init__(self, language: str) -> None:
        self.language = language
        self.closed = False

    def say(self, text: str, *, pace: float = 1.0) -> Iterator[Sound]:
        for sentence in sentences(text):
            if self.closed:
                return
            if signs := [[CODE[one] for one in word if one in CODE] for word in sentence.lower().split()]:
                yield Sound(rendered(signs, round(UNIT / pace * RATE)), RATE)

    def close(self) -> None:
        self.closed = True


def rendered(words: list[list[str]], unit: int) -> bytes:
    """16-bit samples of words of letters of dots and dashes, with a word's gap behind each."""
    tone = (np.sin(2 * np.pi * 600 * np.arange(3 * unit) / RATE) * 12_000).astype(np.int16).tobytes()
    gap, parts = bytes(2 * unit), list[bytes]()
    for letters in words:
        for letter in letters:
            for sign in letter:
                parts += [tone if sign == "-" else tone[: 2 * unit], gap]
            parts += [gap * 2]
        parts += [gap * 4]
    return b"".join(parts)


VOICE = Morse()

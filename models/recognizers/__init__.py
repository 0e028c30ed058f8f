"""Recognisers: one file an engine, each with one constant `RECOGNIZER`; found by discovery.

An engine's file imports its library only when a model is opened. Everything here blocks (a decoder works 0.1 to 0.6 s
at a time), so it is called from a worker thread: never from the event loop or from an audio callback.
"""

from __future__ import annotations

from pathlib import Path
from typing import Protocol, runtime_checkable

from msgspec import Struct

RATE = 16_000
"""Samples a second of all that a decoder is fed: 16-bit mono, little endian."""
UNKNOWN = "[unk]"
"""Stands in a reading for words that are none of the given phrases'."""


class Abilities(Struct, frozen=True, kw_only=True):
    """What an engine, or one model of it, can do, as data: whoever uses it asks this and not its name."""

    streaming: bool
    """It says what it hears while one still speaks. Else it hears an utterance as a whole, when it has ended."""
    grammar: bool
    """It can be held to given phrases."""
    alternatives: bool
    """It gives more than one reading."""
    languages: frozenset[str] | None = None
    """Tags; None: whatever its models are for."""
    threads: bool = False
    """It decodes in threads of its library's own, so that the thread that calls it hardly works."""


class Bias(Struct, frozen=True):
    """What is likely to be said."""

    phrases: tuple[str, ...] = ()
    """With `Abilities.grammar`: these and mixtures of their words are heard, and `[unk]` for anything else. A model
    that has no `[unk]` hears some of the phrases in whatever is said."""


class Word(Struct, frozen=True):
    """One word as it was heard."""

    text: str
    start: float
    """Seconds since the beginning of the utterance."""
    end: float
    confidence: float


class Heard(Struct, frozen=True):
    """One reading of an utterance."""

    text: str
    confidence: float
    """0 to 1; as the engine has it, comparable within one engine only."""
    words: tuple[Word, ...] = ()


class Decoding(Protocol):
    """One utterance. Used by one thread at a time."""

    held: bool
    """Whether it is held to the phrases: False where none were given, the model can't, or it knows none of them."""

    def feed(self, pcm: bytes) -> str:
        """Some more of it; the text so far ("" while nothing is heard, or where the engine doesn't stream)."""
        ...

    def end(self) -> tuple[Heard, ...]:
        """What was heard, best first; empty where that is nothing. Further calls of `feed` begin the next utterance."""
        ...


@runtime_checkable
class Settles(Protocol):
    """What a decoding may have beside: one whose engine works when an utterance ends, which it can do ahead of time."""

    def settle(self) -> None:
        """It has been silent for so long that this is probably all: do now what `end` will be asked for in a moment. If
        more is fed after all, it belongs to the same utterance."""
        ...


class Model(Protocol):
    """A loaded model. Several decodings of it may run beside each other in different threads."""

    language: str
    can: Abilities
    """What this model can do: all that its engine can, or less."""

    def knows(self, word: str) -> bool | None:
        """Whether it can hear the word at all; None where the engine can't tell (it spells by letters)."""
        ...

    def begin(self, bias: Bias | None = None) -> Decoding: ...

    def close(self) -> None: ...


class Recognizer(Protocol):
    """An engine that hears. Knows no model before one is opened."""

    name: str
    can: Abilities
    extra: str
    """The extra of the package that brings its library; "" where it is always there."""

    def missing(self) -> str:
        """What has to be installed before it works (one sentence with the command), or ""."""
        ...

    def open(self, folder: Path, language: str) -> Model:
        """Load a model. SetupError with a remedy where the folder isn't a whole model, or a library is missing."""
        ...

"""Voices: one file an engine, each with one constant `VOICE`; found by discovery.

A voice only renders: the text goes in, samples come out, and whoever uses it plays them, so that speech can be cut at
once and a missing loudspeaker is an error and not silence. Everything here blocks, so it is called from a worker
thread.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from msgspec import Struct


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

"""What each recogniser and each voice is tried with: a whole model, and something to hear or to say.

`EXAMPLES` has one for every engine; the contract names an engine that has none. It is the `EXAMPLE` of the engine's own
test. Real models are got as anybody gets them, by `voicetill models get`, in the long tests.
"""

from __future__ import annotations

import functools
import importlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from models.recognizers import RATE
from models.voices import Sound
from tests.brought import brought


@dataclass(frozen=True)
class Hearing:
    """For a recogniser."""

    language: str
    model: Callable[[Path], Path]
    """The folder of a whole model; what it is given is an empty folder that may become it."""
    said: Callable[[], bytes]
    """Speech, 16-bit mono at `models.recognizers.RATE`."""
    heard: str
    """Words that must be heard in it."""
    phrases: tuple[str, ...] = ()
    """The same and others, for a recogniser that can be held to phrases; it is then held to them here."""
    long: bool = False
    """The model must be fetched, or is big."""
    needs_apt: bool = False


@dataclass(frozen=True)
class Speaking:
    """For a voice."""

    language: str
    text: str
    """At least two sentences."""
    model: Callable[[Path], Path] | None = None
    long: bool = False
    needs_apt: bool = False


def examples(kind: str, names: Sequence[str]) -> list[Any]:
    """Parameters for every engine, with the marks of its example."""
    found = []
    for name in names:
        example = EXAMPLES[kind].get(name)
        marks = [getattr(pytest.mark, mark) for mark in ("long", "needs_apt") if getattr(example, mark, False)]
        found.append(pytest.param(name, marks=marks))
    return found


def samples(sound: Sound) -> bytes:
    """A voice's sound as a recogniser takes it."""
    import soxr

    pcm = np.frombuffer(sound.pcm, np.int16)
    return bytes(soxr.resample(pcm, sound.rate, RATE).astype(np.int16).tobytes())


def spoken(voice: Any, language: str, text: str, folder: Path | None = None) -> bytes:
    """Words as a voice says them, with a little silence around."""
    speaker = voice.open(language, folder)
    try:
        said = b"".join(samples(sound) for sound in speaker.say(text))
    finally:
        speaker.close()
    return bytes(RATE) + said + bytes(RATE)


@functools.cache
def got(model: str) -> Path:
    """A model of the catalogue, on a shelf of this run; the engine's library comes along."""
    command = [sys.executable, "-c", "from assistant.cli import main; main()", "models", "get", model, "--json"]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "VOICETILL_MODELS": _shelf().name}
    ran = subprocess.run(command, env=env, capture_output=True, text=True, timeout=1200)
    assert ran.returncode == 0, ran.stderr
    importlib.invalidate_caches()
    return Path(json.loads(ran.stdout.splitlines()[-1])["folder"])


@functools.cache
def _shelf() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="voicetill-models-")


EXAMPLES: Mapping[str, Mapping[str, Any]] = {kind: brought(kind, "EXAMPLE") for kind in ("recognizer", "voice")}
"""Kind -> engine's name -> its example."""

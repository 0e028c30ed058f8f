"""Samples and sound devices for `scripts/bench voice`: what is loud and when, a tap on a device, speech that was made.

All samples here are 16-bit mono at RATE (numpy arrays, (n,)). Sound libraries are imported inside: not every
measurement has them.
"""

from __future__ import annotations

import contextlib
import json
import os
import shlex
import subprocess
import threading
import time
import wave
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from msgspec import Struct

from channels.audio import FRAME, RATE, DeviceGone, Frame

TOP = Path(__file__).resolve().parents[2]
SPOKEN = 500
"""Loudness from which a sample of made speech counts as its beginning or end."""
PLAYED = 300
"""The same of what the loudspeaker plays."""

Samples = Any


# -- what is loud ------------------------------------------------------------------------------------------------


def first_loud(samples: Samples, level: int, start: int = 0) -> int | None:
    """The first sample from `start` on that is louder than `level`."""
    import numpy

    found = numpy.flatnonzero(numpy.abs(samples[start:].astype(numpy.int32)) > level)
    return start + int(found[0]) if len(found) else None


def last_loud(samples: Samples, level: int, end: int | None = None) -> int | None:
    """The last one before `end`."""
    import numpy

    found = numpy.flatnonzero(numpy.abs(samples[:end].astype(numpy.int32)) > level)
    return int(found[-1]) if len(found) else None


def trimmed(samples: Samples) -> Samples:
    """From where the speech begins to where it ends, so that both are known exactly."""
    begin, end = first_loud(samples, SPOKEN), last_loud(samples, SPOKEN)
    return samples[begin : end + 1] if begin is not None and end is not None else samples[:0]


# -- speech that was made ----------------------------------------------------------------------------------------


class Clip(Struct, frozen=True):
    """A sentence as a voice says it, without any silence around it."""

    file: str
    language: str
    text: str
    kind: str
    """sentence, or yes_no: a complete answer to a question that is answered so."""
    seconds: float


def made(speaker: Any, text: str) -> Samples:
    import numpy
    import soxr

    pieces = [
        soxr.resample(numpy.frombuffer(one.pcm, numpy.int16), one.rate, RATE).astype(numpy.int16)
        for one in speaker.say(text)
    ]
    return trimmed(numpy.concatenate(pieces))


def in_a_quiet_room(samples: Samples, before: float, behind: float, seed: int = 1) -> Samples:
    """With so many seconds of faint noise around it: no microphone gives nothing but zeros."""
    import numpy

    chance = numpy.random.default_rng(seed)

    def room(seconds: float) -> Samples:
        return chance.integers(-20, 20, round(RATE * seconds)).astype(numpy.int16)

    return numpy.concatenate([room(before), samples, room(behind)])


def save(path: Path, samples: Samples) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples.tobytes())
    return path


def load(path: Path) -> Samples:
    import numpy

    with wave.open(str(path)) as file:
        return numpy.frombuffer(file.readframes(file.getnframes()), numpy.int16)


def clips(folder: Path, language: str = "", kind: str = "") -> list[Clip]:
    import msgspec

    every = msgspec.convert(json.loads((folder / "speech.json").read_text(encoding="utf-8")), list[Clip])
    return [one for one in every if language in ("", one.language) and kind in ("", one.kind)]


# -- devices -----------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def virtual_devices(folder: Path) -> Iterator[None]:
    """A microphone and a loudspeaker of our own, in this process' environment. The script says what is missing."""
    script = str(TOP / "scripts" / "virtual-audio.sh")
    before = dict(os.environ)
    os.environ["VIRTUAL_AUDIO_DIR"] = str(folder)
    try:
        told = subprocess.run([script, "start"], check=True, stdout=subprocess.PIPE, text=True).stdout
        os.environ.update(word.split("=", 1) for word in shlex.split(told) if "=" in word)  # type: ignore[arg-type]
        yield
    finally:
        subprocess.run([script, "stop"], check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.environ.clear()
        os.environ.update(before)


class Tap:
    """Hears a device all the time, and knows when each sample was there."""

    def __init__(self, device: str) -> None:
        from channels.audio.capture import Microphone

        self._microphone = Microphone(device)
        self._frames: list[Frame] = []
        self._stopping = False
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._microphone.open()
        self._thread.start()

    def _read(self) -> None:
        while not self._stopping:
            with contextlib.suppress(DeviceGone):
                if (frame := self._microphone.read(0.2)) is not None:
                    self._frames.append(frame)

    def since(self, at: float) -> tuple[Samples, float]:
        """The samples from that time on (to a frame), and the time of the first of them."""
        import numpy

        frames = [one for one in self._frames[-round(120 * RATE / FRAME) :] if one.at > at]
        if not frames:
            return numpy.zeros(0, numpy.int16), at
        samples = numpy.frombuffer(b"".join(one.pcm for one in frames), numpy.int16)
        return samples, frames[-1].at - (len(samples) - 1) / RATE

    def close(self) -> None:
        self._stopping = True
        self._thread.join()
        self._microphone.close()


def play(path: Path | str) -> subprocess.Popen[bytes]:
    """Into the microphone."""
    return subprocess.Popen(["paplay", "--device=va_mic_sink", str(path)])


def wait_for(found: Callable[[], Any], seconds: float, what: str) -> Any:
    """What `found()` gives as soon as it gives anything."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if (value := found()) is not None:
            return value
        time.sleep(0.02)
    raise TimeoutError(f"{what} did not come in {seconds:.0f} s")

"""Frames from a microphone, or from recordings."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from assistant.errors import Bug, SetupError
from channels.audio import FRAME, RATE, EndOfSound, Frame
from channels.audio import devices as portaudio

QUEUE = 10.0
"""Seconds of sound that wait for a slow reader; then the oldest are lost."""
BLOCK = FRAME / RATE
"""Seconds of sound that a callback gets: a shorter one wakes everybody oftener, a longer one comes later."""
SLACK = 0.06
"""Seconds of sound that the device may hold for a machine that is busy; with more it gives several blocks at once."""
READ = 1 << 15
"""Samples of a recording that are read at a time."""


class Microphone(portaudio.Line):
    """Sound as it is captured.

    PortAudio's own thread calls `_heard`, which only queues; everything else happens in the reader's thread.
    """

    live = True
    file: Path | None = None
    kind = "input"

    def __init__(self, device: str | int | None = None, *, rate: int | None = None) -> None:
        super().__init__(device, rate)
        self.dropped = 0
        self.resets = 0
        """How often it was opened again."""
        self._wanted = False
        self._lost = False
        self._tried = 0.0
        self._skipping = False
        """Nobody wants what comes: the next `read` begins behind it."""
        self._clear()

    def _clear(self) -> None:
        with self._change:
            self._queue: deque[tuple[int, bytes]] = deque()
            self._queued = self._count = 0
        self._clock = portaudio.Clock(self.rate or RATE)
        self._ready = bytearray()
        self._resampler: Any = None
        self._next = 0  # number of the device's sample that is to come
        self._out = 0.0  # samples at RATE before those in `_ready`, with what was lost

    def open(self) -> None:
        with portaudio.lock:
            self._wanted = True
            if self._stream is None:
                try:
                    portaudio.opened(self, lambda: self._start(self.device))
                except SetupError:
                    self._wanted = False
                    raise

    def _start(self, device: str | int | None) -> None:
        super()._start(device)
        self._lost = False

    def _stream_of(self, library: Any, **how: Any) -> Any:
        self._clear()
        blocksize = round(self.rate * BLOCK)
        return library.RawInputStream(blocksize=blocksize, latency=SLACK, callback=self._heard, **how)

    def close(self) -> None:
        with portaudio.lock:
            self._wanted = False
            self._shut()

    # -- in PortAudio's thread: nothing here may wait --------------------------------------------------------------

    def _heard(self, data: Any, frames: int, times: Any, status: Any) -> None:
        with self._change:
            self._last = time.monotonic()
            if self._skipping:
                self._count += frames
                return
            began = portaudio.at_device(times, "inputBufferAdcTime", -frames / self.rate)
            if status.input_overflow:
                self.dropped += self._at_rate(frames)
            self._clock.saw(self._count, began)
            self._queue.append((self._count, bytes(data)))
            self._count += frames
            self._queued += frames
            while self._queued > QUEUE * self.rate:
                _, oldest = self._queue.popleft()
                lost = len(oldest) // 2 // self._channels
                self._queued -= lost
                self.dropped += self._at_rate(lost)
            self._change.notify()

    def _at_rate(self, samples: int) -> int:
        return round(samples * RATE / self.rate)

    # -- in the reader's thread ------------------------------------------------------------------------------------

    def read(self, seconds: float) -> Frame | None:
        if not self._wanted:
            raise Bug("a microphone is opened before it is read")
        until = time.monotonic() + seconds
        while len(self._ready) < FRAME * 2:
            if self._stream is None and not self._try_again(until):
                return None
            with self._change:
                self._skipping = False
                while not self._queue and not self._away():
                    left = until - time.monotonic()
                    if left <= 0:
                        return None
                    self._change.wait(min(left, 0.1))
                block = self._queue.popleft() if self._queue else None
                if block is not None:
                    self._queued -= len(block[1]) // 2 // self._channels
            if block is None:
                self._close_lost()
            else:
                self._take(*block)
        pcm = bytes(self._ready[: FRAME * 2])
        del self._ready[: FRAME * 2]
        self._out += FRAME
        return Frame(pcm, self._clock.time(self._out * self.rate / RATE))

    def skip(self) -> bool:
        if self._stream is None and not self._try_again(time.monotonic()):
            return False
        with self._change:
            there = self._count > self._next
            self._queue.clear()
            self._queued, self._next = 0, self._count
            self._skipping = True
            away = not there and self._away()
        if away:
            self._close_lost()
        # What the resampler still holds is of before.
        self._ready.clear()
        self._resampler, self._out = None, self._next * RATE / self.rate
        return there

    def _close_lost(self) -> None:
        with portaudio.lock:
            if self._stream is None:
                return  # it was let go of
            self._shut()
            self._lost, self._tried = True, time.monotonic()
        raise portaudio.gone("input", self.name)

    def _try_again(self, until: float) -> bool:
        """Open it again. After a device went away not all the time: looking for it takes a while."""
        pause = self._tried + portaudio.RETRY - time.monotonic() if self._lost else 0.0
        if pause > 0:
            time.sleep(max(min(pause, until - time.monotonic()), 0.0))
            if time.monotonic() < self._tried + portaudio.RETRY:
                return False
        self._tried = time.monotonic()
        # By its name: its number may be another one by now.
        name = self.name if self.device is not None else None
        try:
            portaudio.opened(self, lambda: self._start(name))
        except SetupError:
            self._lost = True
            time.sleep(max(min(portaudio.RETRY, until - time.monotonic()), 0.0))
            return False
        self.resets += 1
        return True

    def _take(self, number: int, block: bytes) -> None:
        import numpy

        if number != self._next:
            self._out += (number - self._next) * RATE / self.rate
        samples = numpy.frombuffer(block, numpy.int16).reshape(-1, self._channels)
        self._next = number + len(samples)
        mono = to_mono(samples)
        if self.rate != RATE:
            if self._resampler is None:
                self._resampler = resampler(self.rate)
            mono = self._resampler.resample_chunk(mono)
        self._ready += mono.tobytes()


def to_mono(samples: Any) -> Any:
    """Of 16-bit samples (n, channels): (n,). Further channels than two are no microphones of a pair, but of an array
    that mixes them itself, or what is being played."""
    import numpy

    if samples.shape[1] == 1:
        return numpy.ascontiguousarray(samples[:, 0])
    return (samples[:, :2].astype(numpy.int32).sum(axis=1) >> 1).astype(numpy.int16)


def resampler(rate: int) -> Any:
    """From that rate to RATE, 16-bit mono, a piece at a time."""
    import soxr

    # "HQ" would hold back twice the sound for what no recogniser hears.
    return soxr.ResampleStream(rate, RATE, 1, dtype="int16", quality="MQ")


class Recordings:
    """Files of sound, one after the other, each with some silence behind it. Times count in the sound itself."""

    live = False

    def __init__(self, files: Sequence[str | Path], tail: float = 2.0) -> None:
        self.files = [Path(one) for one in files]
        self.tail = tail
        self.file: Path | None = None
        """The one that the last frame was of, with its silence."""
        self.dropped = 0
        self._frames: Iterator[tuple[Path, bytes]] | None = None
        self._count = 0

    def open(self) -> None:
        """Each is read to its end first: a damaged one is told before anything was said or ordered."""
        for path in self.files:
            for _ in _blocks(path):
                pass
        self._frames, self._count, self.file = self._every_frame(), 0, None

    def read(self, seconds: float) -> Frame:
        if self._frames is None:
            raise Bug("recordings are opened before they are read")
        found = next(self._frames, None)
        if found is None:
            raise EndOfSound("the recordings have come to their end")
        self.file, pcm = found
        self._count += FRAME
        return Frame(pcm, self._count / RATE)

    def skip(self) -> bool:
        """They wait for whoever listens: nothing is thrown away."""
        return False

    def close(self) -> None:
        self._frames, self.file = None, None

    def _every_frame(self) -> Iterator[tuple[Path, bytes]]:
        for path in self.files:
            rest = bytearray()
            for piece in _pieces(path):
                rest += piece
                while len(rest) >= FRAME * 2:
                    yield path, bytes(rest[: FRAME * 2])
                    del rest[: FRAME * 2]
            rest += bytes(round(self.tail * RATE) * 2)
            rest += bytes(-len(rest) % (FRAME * 2))
            for start in range(0, len(rest), FRAME * 2):
                yield path, bytes(rest[start : start + FRAME * 2])


def _pieces(path: Path) -> Iterator[bytes]:
    import numpy

    change: Any = None
    for rate, block in _blocks(path):
        if change is None and rate != RATE:
            change = resampler(rate)
        mono = to_mono(block)
        yield (change.resample_chunk(mono) if change else mono).tobytes()
    if change:
        yield change.resample_chunk(numpy.zeros(0, numpy.int16), last=True).tobytes()


def _blocks(path: Path) -> Iterator[tuple[int, Any]]:
    """Samples a second, and 16-bit samples (n, channels)."""
    import numpy

    with _sound_file(path) as file:
        try:
            # As floats whatever it is written as: read as whole numbers, a file of floats would be silence.
            for block in file.blocks(READ, dtype="float32", always_2d=True):
                yield file.samplerate, numpy.clip(numpy.rint(block * 32768), -32768, 32767).astype(numpy.int16)
        except RuntimeError as error:  # soundfile's own errors
            raise SetupError(f"{path}: can't be read to its end ({_why(error)}); make it again") from error


def _sound_file(path: Path) -> Any:
    try:
        import soundfile
    except (ImportError, OSError) as error:
        text = "the package soundfile is missing, which recordings are read with; install it again"
        raise SetupError(f"{text}: pip install soundfile") from error
    if path.is_dir():
        raise SetupError(f"{path}: is a folder; name the recordings in it (wav, flac, ogg)")
    if not path.is_file():
        raise SetupError(f"{path}: there is no such file; name a recording (wav, flac, ogg)")
    try:
        return soundfile.SoundFile(path)
    except (RuntimeError, TypeError, OSError) as error:
        raise SetupError(f"{path}: is no recording ({_why(error)}); wav, flac and ogg can be read") from error


def _why(error: Exception) -> str:
    return str(getattr(error, "error_string", error)).strip().rstrip(".")

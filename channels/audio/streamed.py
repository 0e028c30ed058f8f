"""Frames from sound that somebody else captures: a browser, which sends what its microphone hears."""

from __future__ import annotations

import threading
import time
from collections import deque
from pathlib import Path
from typing import Any

from channels.audio import FRAME, RATE, EndOfSound, Frame
from channels.audio.capture import resampler

QUEUE = 30.0
"""Seconds of sound that wait for a reader that is slow, or still opens its models; then the oldest are lost."""


class Streamed:
    """Fed by one thread, read by another. `rate`: samples a second of what it is fed, 16-bit mono."""

    live = True
    file: Path | None = None

    def __init__(self, rate: int) -> None:
        self.rate = rate
        self.dropped = 0
        self._fresh = threading.Condition()
        self._queue: deque[tuple[bytes, float]] = deque()
        self._queued = 0
        self._ready = bytearray()
        self._at = 0.0
        self._over = False
        self._half = b""
        self._resampler: Any = None

    def open(self) -> None:
        if self.rate != RATE:
            self._resampler = resampler(self.rate)

    def feed(self, pcm: bytes) -> None:
        """What was heard until now. Samples may be cut anywhere."""
        with self._fresh:
            whole = self._half + pcm
            self._half = whole[len(whole) & ~1 :]
            whole = whole[: len(whole) & ~1]
            if not whole or self._over:
                return
            self._queue.append((whole, time.monotonic()))
            self._queued += len(whole) // 2
            while self._queued > QUEUE * self.rate and len(self._queue) > 1:
                lost = len(self._queue.popleft()[0]) // 2
                self._queued -= lost
                self.dropped += round(lost * RATE / self.rate)
            self._fresh.notify()

    def read(self, seconds: float) -> Frame | None:
        until = time.monotonic() + seconds
        while len(self._ready) < FRAME * 2:
            with self._fresh:
                while not self._queue:
                    left = until - time.monotonic()
                    if self._over:
                        raise EndOfSound("nobody sends sound any more")
                    if left <= 0:
                        return None
                    self._fresh.wait(left)
                pcm, self._at = self._queue.popleft()
                self._queued -= len(pcm) // 2
            self._ready += self._resampled(pcm)
        frame = bytes(self._ready[: FRAME * 2])
        del self._ready[: FRAME * 2]
        return Frame(frame, self._at - len(self._ready) / 2 / RATE)

    def skip(self) -> bool:
        with self._fresh:
            if self._over:
                raise EndOfSound("nobody sends sound any more")
            there = bool(self._queue)
            self._queue.clear()
            self._queued = 0
        self._ready.clear()
        self.open()  # what the resampler still holds is of before
        return there

    def _resampled(self, pcm: bytes) -> bytes:
        if self._resampler is None:
            return pcm
        import numpy

        made: bytes = self._resampler.resample_chunk(numpy.frombuffer(pcm, numpy.int16)).tobytes()
        return made

    def close(self) -> None:
        with self._fresh:
            self._over = True
            self._queue.clear()
            self._fresh.notify()

"""Samples to a loudspeaker: cut at once when asked, and remembered for a while, for what hears them again."""

from __future__ import annotations

import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from assistant.errors import SetupError
from channels.audio import RATE
from channels.audio import devices as portaudio
from models.voices import Sound

FADE = 0.01
"""Seconds in which the sound fades when it is cut, so that there is no click."""
AHEAD = 30.0
"""Seconds of sound that are made ahead, at most."""
TAIL = 0.25
"""Seconds for which a room may go on sounding."""
KEPT = 12.0
"""Seconds of what was played that are remembered."""
LATENCY = 0.04
"""Seconds of sound that the device holds: what still sounds after a cut, and what a busy machine may be late by."""
CALM = 0.08
"""The same where a sound begins at once whatever the device holds: fewer and longer blocks then cost less."""
KNEE = 0.6
"""Share of full scale from which on a louder sound is pressed together instead of being cut off."""


class Played(NamedTuple):
    """What became of something that was to be played."""

    seconds: float
    """That were heard."""
    cut: bool
    of: float
    """Seconds that there were; of a sound that was cut, as many as had been made until then."""


class Loudspeaker(portaudio.Line):
    """An output that stays open, silent in between.

    PortAudio's own thread calls `_give`, which takes from a buffer; `play` fills it in the caller's thread.
    """

    kind = "output"

    def __init__(self, device: str | int | None = None, *, rate: int | None = None, remembers: bool = True) -> None:
        """`remembers`: what was played can be had by `played`; where nobody asks for it, that is work for nothing."""
        super().__init__(device, rate)
        self._remembers = remembers
        self.played = Ring()
        self._one = threading.Lock()
        self._buffer: deque[Any] = deque()
        self._busy = False
        self._quiet_at = 0.0
        self._begin()

    def _begin(self) -> None:
        """Nothing of the next sound is there yet."""
        self._buffer.clear()
        self._given = self._taken = 0
        self._cut = self._whole = False
        self._told = False
        self._first: float | None = None
        """When the first sample was at the device."""
        self._end: float | None = None
        """When the last one is."""

    def open(self) -> None:
        """SetupError where there is no such device, or no PortAudio."""
        with portaudio.lock:
            if self._stream is None:
                portaudio.opened(self, lambda: self._start(self.device))

    def _stream_of(self, library: Any, **how: Any) -> Any:
        self.played.begin(self.rate)
        if self._begins_again:
            how |= {"prime_output_buffers_using_stream_callback": True, "latency": CALM}
            how["blocksize"] = round(self.rate * CALM / 2)
        return library.RawOutputStream(callback=self._give, **{"latency": LATENCY, "blocksize": 0} | how)

    @property
    def _begins_again(self) -> bool:
        """Whether a sound needn't wait until the silence before it was played. Where what was played is remembered the
        stream runs on, or its times would jump; and elsewhere than on Linux starting may take longer than that."""
        return not self._remembers and sys.platform.startswith("linux")

    def close(self) -> None:
        with portaudio.lock:
            self._shut()

    def let_go(self) -> bool:
        return not self._busy and super().let_go()

    # -- in PortAudio's thread: nothing here may wait --------------------------------------------------------------

    def _give(self, out: Any, frames: int, times: Any, status: Any) -> None:
        self._last = time.monotonic()
        if not self._buffer and not self._remembers:  # nearly always, so it takes no more steps than it must
            out[:] = bytes(len(out))
            return
        at = portaudio.at_device(times, "outputBufferDacTime", LATENCY)
        with self._change:
            block = self._next(frames, at)
        if block is None:
            out[:] = bytes(len(out))
        else:
            out[:] = (block.repeat(self._channels) if self._channels > 1 else block).tobytes()
        if self._remembers:
            self.played.put(frames, block, at)

    def _next(self, frames: int, at: float) -> Any:
        """The next samples; None: silence."""
        if not self._buffer:
            return None
        first = self._buffer[0]
        if len(first) > frames and not self._cut:  # in the middle of a sound
            block, filled = first[:frames], frames
            self._buffer[0] = first[frames:]
        else:
            block, filled = self._last_of(frames)
        if self._first is None or not self._buffer:
            self._change.notify_all()  # only what somebody waits for: each waking costs more than the block
        if self._first is None:
            self._first = at
        self._taken += filled
        self._quiet_at = at + filled / self.rate
        if not self._buffer:
            self._end = self._quiet_at
        return block

    def _last_of(self, frames: int) -> tuple[Any, int]:
        """A block at the end of a sound, or where it was cut, and how many of its samples are of sounds."""
        import numpy

        most = min(frames, round(FADE * self.rate)) if self._cut else frames
        block, filled = numpy.zeros(frames, numpy.int16), 0
        while self._buffer and filled < most:
            first = self._buffer[0]
            taken = min(len(first), most - filled)
            block[filled : filled + taken] = first[:taken]
            if taken == len(first):
                self._buffer.popleft()
            else:
                self._buffer[0] = first[taken:]
            filled += taken
        if self._cut:
            block[:filled] = (block[:filled] * numpy.linspace(1.0, 0.0, filled)).astype(numpy.int16)
            self._buffer.clear()
        return block, filled

    # -- in the callers' threads -----------------------------------------------------------------------------------

    def play(
        self, sounds: Iterable[Sound], *, gain: float = 1.0, started: Callable[[float], None] | None = None
    ) -> Played:
        """Play them one after the other, and come back when the last one has sounded, or when it was stopped.

        The next sound is taken while the one before is playing; where it isn't ready, there is a pause. `started` gets
        the moment (`time.monotonic()`) of the first sample at the device. DeviceGone where the device went away; what
        `sounds` raises comes when what was there before has sounded.
        """
        with self._one:
            with self._change:
                self._begin()
                self._busy = True
            try:
                self._opened()
                trouble = self._fill(sounds, gain, started)
                with self._change:
                    self._whole = True
                self._wait(lambda: self._cut or self._taken == self._given, started)
                self._wait(lambda: not self._buffer and (self._end or 0.0) <= time.monotonic(), started)
                if trouble is not None:
                    raise trouble
                with self._change:
                    return Played(self._taken / self.rate, self._cut, self._given / self.rate)
            finally:
                with self._change:
                    self._buffer.clear()
                    self._busy = False

    def stop(self) -> None:
        """Be quiet now. From any thread; a later `play` isn't touched."""
        with self._change:
            if self._busy and not (self._whole and not self._buffer):
                self._cut = True
                self._change.notify_all()

    def sounding(self) -> bool:
        """Whether it sounds, or its tail may still be heard."""
        with self._change:
            return bool(self._buffer) or time.monotonic() < self._quiet_at + TAIL

    def _opened(self) -> None:
        with portaudio.lock:
            if self._stream is not None and not self._away():
                return
            before = self.name
            self._shut()
            # By its name: its number may be another one by now.
            device = before if before and self.device is not None else self.device
            try:
                portaudio.opened(self, lambda: self._start(device))
            except SetupError:
                if not before:
                    raise
                raise portaudio.gone("output", before) from None

    def _fill(self, sounds: Iterable[Sound], gain: float, started: Callable[[float], None] | None) -> Exception | None:
        """Buffer the sounds; what making them raised is for later."""
        fitted = Fitted(self.rate, gain)
        row = iter(sounds)
        while not self._cut:
            trouble = None
            try:
                sound = next(row, None)
            except Exception as error:
                sound, trouble = None, error
            for samples in fitted.of(sound):
                if self._begins_again and not self._given:
                    self._at_once(samples)
                else:
                    self._put(samples)
            if sound is None:
                return trouble
            self._wait(lambda: self._cut or self._given - self._taken < AHEAD * self.rate, started)
        return None

    def _put(self, samples: Any) -> None:
        with self._change:
            if not self._cut:
                self._buffer.append(samples)
                self._given += len(samples)

    def _at_once(self, samples: Any) -> None:
        """Put the first samples of a sound in the place of the silence that the device holds."""
        with portaudio.lock:
            if self._stream is None or self._away():
                self._put(samples)
                return
            there = portaudio.done_soon(self._stream.abort)
            self._put(samples)
            there = there and portaudio.done_soon(self._stream.start)
            with self._change:
                self._ended, self._last = not there, time.monotonic()  # that it ended meanwhile is our own doing

    def _wait(self, done: Callable[[], bool], started: Callable[[float], None] | None) -> None:
        """Until it is so. `started` is told on the way, once."""
        while True:
            with self._change:
                tell = self._first is not None and not self._told
                self._told = self._told or tell
                ready = done()
                if not ready and not tell:
                    if self._away():
                        break
                    rest = 0.1 if self._buffer or self._end is None else self._end - time.monotonic()
                    self._change.wait(min(max(rest, 0.005), 0.1))
            if tell and started is not None and self._first is not None:
                started(self._first)
            if ready:
                return
        with portaudio.lock:
            self._shut()
        raise portaudio.gone("output", self.name)


class Fitted:
    """Sounds at a device's rate, louder or softer; joined without a seam where their rates are the same."""

    def __init__(self, rate: int, gain: float) -> None:
        self.rate = rate
        self.gain = gain
        self._from = 0
        self._change: Any = None

    def of(self, sound: Sound | None) -> list[Any]:
        """The next samples (n,) of 16 bit; None: that was the last sound."""
        import numpy

        nothing = numpy.zeros(0, numpy.int16)
        pieces = []
        if self._change is not None and (sound is None or sound.rate != self._from):
            pieces.append(self._change.resample_chunk(nothing, last=True))
            self._change = None
        if sound is not None:
            samples = numpy.frombuffer(sound.pcm[: len(sound.pcm) & ~1], numpy.int16)
            if sound.rate != self.rate:
                if self._change is None:
                    import soxr

                    self._from = sound.rate
                    self._change = soxr.ResampleStream(sound.rate, self.rate, 1, dtype="int16", quality="HQ")
                samples = self._change.resample_chunk(samples)
            pieces.append(louder(samples, self.gain))
        return [one for one in pieces if len(one)]


def louder(samples: Any, gain: float) -> Any:
    """16-bit samples times `gain`. What would go beyond full scale is pressed together, never cut off."""
    import numpy

    if gain == 1.0:
        return samples
    loud = samples.astype(numpy.float32) * numpy.float32(gain / 32768)
    if gain > 1.0:
        size = numpy.abs(loud)
        pressed = KNEE + (1.0 - KNEE) * numpy.tanh((size - KNEE) / (1.0 - KNEE))
        loud = numpy.where(size > KNEE, numpy.copysign(pressed, loud), loud)
    return (loud * 32767).astype(numpy.int16)


class Ring:
    """What was played lately, with its times. Put by the loudspeaker's thread, asked by one other."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.begin(RATE)
        self._next = self._at = 0
        self._kept: Any = ()

    def begin(self, rate: int) -> None:
        """A stream of that rate begins; what was before is forgotten."""
        with self._lock:
            self._rate = rate
            self._clock = portaudio.Clock(rate)
            self._count = 0
            self._new: deque[tuple[int, int, Any]] = deque()
            self._begun = True

    def put(self, frames: int, block: Any, at: float) -> None:
        """16-bit samples (frames,), None for silence, the first of which is at the device at that time."""
        with self._lock:
            self._clock.saw(self._count, at)
            self._new.append((self._count, frames, block))
            self._count += frames
            while self._count - self._new[0][0] > KEPT * self._rate:
                self._new.popleft()

    def number(self, at: float) -> int | None:
        """The number (at RATE, from the stream's beginning on) of what is played at that time; None: nothing was yet.

        Times are known to some ms only: who wants to go on without a seam counts on.
        """
        with self._lock:
            base = self._clock.base
        return None if base is None else round((at - base) * RATE)

    def samples(self, number: int, count: int) -> Any:
        """So many samples (count,) at RATE, 16-bit, from that number on; zeros where nothing is (any more, or yet)."""
        import numpy

        found = numpy.zeros(count, numpy.int16)
        with self._lock:
            new, self._new = self._new, deque()
            rate, begun, self._begun = self._rate, self._begun, False
        # Outside the lock, for which the loudspeaker may not have to wait.
        if new:
            self._take(new, rate, begun)
        first = number - self._at
        low, high = max(first, 0), min(first + count, len(self._kept))
        if low < high:
            found[low - first : high - first] = self._kept[low:high]
        return found

    def between(self, start: float, count: int) -> Any:
        """The samples (count,) from that time (`time.monotonic()`) on."""
        return self.samples(self.number(start) or 0, count)

    def _take(self, new: deque[tuple[int, int, Any]], rate: int, begun: bool) -> None:
        import numpy
        import soxr

        number = new[0][0]
        if begun or number != self._next:
            # Another stream, or nobody asked for so long that some were forgotten.
            self._change: Any = soxr.ResampleStream(rate, RATE, 1, dtype="int16", quality="LQ")
            self._at, self._kept = round(number * RATE / rate), numpy.zeros(0, numpy.int16)
            """Number at RATE of the first sample that is kept, and those (n,)."""
        blocks = [numpy.zeros(frames, numpy.int16) if block is None else block for _, frames, block in new]
        self._next = number + sum(map(len, blocks))
        self._kept = numpy.concatenate([self._kept, self._change.resample_chunk(numpy.concatenate(blocks))])
        over = len(self._kept) - round(KEPT * RATE)
        if over > 0:
            self._kept, self._at = self._kept[over:], self._at + over

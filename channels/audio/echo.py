"""The assistant's own voice, taken out of what the microphone hears while it speaks.

The work is WebRTC's (pywebrtc-audio): its canceller finds the delay by itself, up to half a second, and is there at
once. It takes blocks of 10 ms and gives each 8 ms late, so a cleaned frame is of an earlier time than the frame that
was given; its `at` says so. While both speak, it softens the person, too.
"""

from __future__ import annotations

from collections import deque
from typing import Any

from assistant.errors import SetupError
from channels.audio import FRAME, RATE, Frame
from channels.audio.playback import Ring

BLOCK = RATE // 100
"""Samples that the canceller takes at once."""
LATE = 127
"""Samples by which what it gives is late."""
SPARE = BLOCK - 32
"""Samples by which frames are late, because blocks don't fit into them."""
AHEAD = 0.03
"""Seconds by which what is played is shown to the canceller before the microphone can hear it: times are known to some
ms only, and an echo that came before its cause would not be found."""
SLIP = 0.016
"""Seconds by which the clocks of loudspeaker and microphone may part before the canceller is told."""
TAIL = 0.6
"""Seconds for which something that was played may be heard."""
DITHER = 8
"""Up to this size 16-bit samples are silence: a resampler adds some."""
FAINT = 8.0
"""Root mean square of the differences of neighbouring 16-bit samples, below which a frame is nobody's voice."""

NONE = 10**-4.5
"""Share of the power of what is played: with no more of it coming back, it doesn't (headphones). The canceller would
take the person away in its place."""
LEARNT = 12
"""Frames of our voice (0.4 s) after which that is known."""
REMEMBERED = 250
"""Frames of our voice (8 s) by which it is known: headphones may be taken off."""
SOFTEST = 20
"""Per cent of those frames that tell: in the others a person may have spoken."""
ROUND = 20
"""Frames (0.6 s) in which an echo of what is played has come."""
FADED = 10**-2.3
"""Share of the power of the loudest frame of a round, below which a frame is what the room leaves of our voice: a
detector of voices takes it for one however soft it is."""
SOUNDS = 200.0**2
"""Power of 16-bit samples from which a frame that is played can be heard back."""


class Echo:
    """Used by the one thread that reads the microphone."""

    def __init__(self, played: Ring) -> None:
        try:
            import pywebrtc_audio
        except ImportError as error:
            text = "the package pywebrtc-audio is missing, which --barge-in needs; install it again"
            raise SetupError(f"{text}: pip install pywebrtc-audio") from error
        import numpy

        self.played = played
        self._canceller = pywebrtc_audio.EchoCanceller(RATE, 1)
        self._number: int | None = None
        self._near: Any = numpy.zeros(0, numpy.int16)
        self._far = self._near
        self._clean: Any = numpy.zeros(SPARE, numpy.int16)
        self._heard: Any = numpy.zeros(SPARE + LATE, numpy.int16)
        self._since = round(TAIL * RATE) + FRAME
        self._own = 0.0
        self._at: tuple[float, float] | None = None
        self._played: deque[float] = deque(maxlen=ROUND)
        self._came: deque[float] = deque(maxlen=ROUND)
        """The power of what was played, and of what was heard: a frame each."""
        self._shares: deque[float] = deque(maxlen=REMEMBERED)
        """The one by the other, their loudest frames of a round: in a pause of our voice its echo is still there."""
        self.apart = False
        """Whether nothing of our voice comes back, as far as that is known."""

    def clean(self, frame: Frame) -> Frame:
        """The frame without what our own loudspeaker put into it. Every frame is given, in order, silence too."""
        import numpy

        near = numpy.frombuffer(frame.pcm, numpy.int16)
        far = self._reference(frame.at)
        self._near = numpy.concatenate([self._near, near])
        self._far = numpy.concatenate([self._far, far])
        whole = len(self._near) // BLOCK * BLOCK
        blocks = [
            self._canceller.process(self._near[start : start + BLOCK], self._far[start : start + BLOCK])
            for start in range(0, whole, BLOCK)
        ]
        self._near, self._far = self._near[whole:], self._far[whole:]
        self._clean = numpy.concatenate([self._clean, *blocks])
        self._heard = numpy.concatenate([self._heard, near])
        clean, self._clean = self._clean[:FRAME], self._clean[FRAME:]
        heard, self._heard = self._heard[:FRAME], self._heard[FRAME:]
        self._since = 0 if int(abs(far).max()) > DITHER else self._since + FRAME
        self._learn(heard, far)
        if not self.apart:
            faded = self._came[-1] < FADED * max(self._came)
            own = 1.0 if faded else explained(heard, clean)
            self._own = own if self._since <= TAIL * RATE else 0.0
        else:  # then nothing need be late, either
            self._own, self._at = 0.0, (frame.at, frame.at)
            return frame
        at = frame.at - (SPARE + LATE) / RATE
        self._at = (frame.at, at)
        return Frame(clean.tobytes(), at)

    def _learn(self, heard: Any, far: Any) -> None:
        """Whether anything of our voice reaches the microphone."""
        import numpy

        self._played.append(_power(far))
        self._came.append(_power(heard))
        before = list(self._played)[: ROUND // 3]  # what was played just now may still be on its way
        if len(self._played) == ROUND and max(before) >= SOUNDS:
            self._shares.append(max(self._came) / max(self._played))
            softest = float(numpy.percentile(self._shares, SOFTEST))
            self.apart = len(self._shares) >= LEARNT and softest <= NONE

    def own(self, frame: Frame) -> float:
        """How sure it is that the frame, cleaned or not, is our own voice: 0 it isn't, 1 it is all of it."""
        if self._at is None or frame.at not in self._at:
            self.clean(frame)
        return self._own

    def _reference(self, at: float) -> Any:
        """What was played (FRAME,) while that frame was captured, a little ahead."""
        import numpy

        wanted = self.played.number(at - FRAME / RATE + AHEAD)
        if wanted is None:
            return numpy.zeros(FRAME, numpy.int16)
        if self._number is None or abs(wanted - self._number) > SLIP * RATE:
            self._number = wanted
        found = self.played.samples(self._number, FRAME)
        self._number += FRAME
        return found


def _power(samples: Any) -> float:
    import numpy

    return float(numpy.mean(samples.astype(numpy.float64) ** 2))


def explained(heard: Any, clean: Any) -> float:
    """The share of a frame's energy that the canceller took away. A frame in which there is nothing is nobody's: 0.

    Differences of neighbours are compared, because it takes away the lowest tones of everybody.
    """
    import numpy

    before, after = (float(numpy.mean(numpy.diff(one.astype(numpy.float64)) ** 2)) for one in (heard, clean))
    return max(0.0, 1.0 - after / before) if before > FAINT**2 else 0.0

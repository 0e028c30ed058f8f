"""When a turn begins and when it has ended: pure, fed one frame's probability of speech after the other.

The end is told by silence *and* by what was heard: a complete "yes" needs a quarter of a second, "two large" waits for
the rest of the sentence, an address is given time. Silence is counted in frames of audio, so a recording that is read
faster than real time ends at the same places as a live microphone.
"""

from __future__ import annotations

from msgspec import Struct

from assistant.turns import AnswerKind, Ending
from channels.audio import FRAME, RATE

FRAME_SECONDS = FRAME / RATE
LOUD = 0.5
"""Probability from which a frame is speech, while one is silent."""
STILL = 0.35
"""Probability below which a frame is silence, while one speaks."""
BEGINS = 3
"""Speech frames among the last four that begin a turn: a click or a cough's edge is shorter."""
BEGINS_OVER_OURS = 2
"""The same while our own voice sounds, which is to fall silent at once; after a false alarm it goes on."""
SURE_OVER_OURS = 0.8
"""Then one frame is enough from this probability on. What is left of our own voice has such frames only where it has
two that count as well, so this interrupts no more often, and 20 ms sooner (200 where a voice begins softly)."""
LONGEST = 30.0
"""Seconds after which a turn ends in any case: music or babble never falls silent."""


class Waits(Struct, frozen=True):
    """Seconds of silence that end a turn."""

    whole: float = 0.26
    """After a complete answer to what was asked."""
    usual: float = 0.5
    half: float = 2.0
    """After half a sentence: what comes within this time belongs to the same turn."""
    address: float = 1.0
    digits: float = 0.9
    name: float = 0.7
    """In place of `usual`, where people pause while they answer."""
    patience: float = 1.0
    """All of them times this; 2 for somebody who stutters or speaks slowly."""

    def after(self, ending: Ending, kind: AnswerKind) -> float:
        if ending == "whole":
            wait = self.whole
        elif ending == "half":
            wait = self.half
        else:
            wait = {"address": self.address, "digits": self.digits, "name": self.name}.get(kind, self.usual)
        return wait * self.patience

    @property
    def soonest(self) -> float:
        """No turn ends before so much silence: until then nobody need look at what was heard."""
        return min(self.whole, self.usual) * self.patience


class Endpointer:
    """One ear's state. `step` takes a frame; the text's ending is asked only when it can matter.

    A turn begins with `begins` frames of probability `loud`, or one of `sure`; both may be set while nobody speaks.
    """

    def __init__(self, waits: Waits, kind: AnswerKind = "open", *, loud: float = LOUD) -> None:
        self.waits, self.kind, self.loud, self.begins, self.sure = waits, kind, loud, BEGINS, 2.0
        self.speaking = False
        self.silence = 0.0
        """Seconds since the last frame of speech of this turn."""
        self.length = 0.0
        self._recent = [False] * 4

    def step(self, probability: float) -> bool:
        """Whether a turn begins at this frame. The end is `over`'s affair."""
        if not self.speaking:
            self._recent = [*self._recent[1:], probability >= self.loud]
            if sum(self._recent) < self.begins and probability < self.sure:
                return False
            self.speaking, self.silence, self.length = True, 0.0, sum(self._recent) * FRAME_SECONDS
            return True
        self.length += FRAME_SECONDS
        self.silence = 0.0 if probability >= STILL else self.silence + FRAME_SECONDS
        return False

    def over(self, ending: Ending, *, within: float = 0.0) -> bool:
        """Whether the turn has ended, by what was heard so far, or will have after so many more seconds of silence."""
        if not self.speaking:
            return False
        return self.silence + within >= self.waits.after(ending, self.kind) or self.length >= LONGEST

    @property
    def quiet(self) -> bool:
        """Silent for long enough that a turn may have ended."""
        return self.speaking and (self.silence >= self.waits.soonest or self.length >= LONGEST)

    def again(self) -> None:
        """The turn is over: wait for the next."""
        self.speaking, self.silence, self.length, self._recent = False, 0.0, 0.0, [False] * 4

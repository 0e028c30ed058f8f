"""A decoder at work in a thread of its own: it blocks, and whoever hears must not wait for it."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from queue import SimpleQueue
from typing import Any

from channels.audio import RATE
from models.recognizers import Bias, Decoding, Heard, Model, Settles

TOO_SLOW = 0.5
"""Real-time factor above which nothing is decoded freely beside the decoder that is held to phrases."""
MEASURED = 3.0
"""Seconds of sound after which a decoder's real-time factor counts."""
DECODER_PATIENCE = 20.0
"""Seconds that a decoder may take for what it was given."""


def lanes_of(model: Model, factor: float = 0.0) -> tuple[Lane, Lane | None]:
    """One that hears freely and, where the model can be held to phrases, one that is. `factor`: as in `Lane`."""
    return Lane("free", model, factor), Lane("held", model) if model.can.grammar else None


class Lane:
    """One decoder at work in a thread of its own, fed utterance after utterance."""

    def __init__(self, name: str, model: Model, factor: float = 0.0) -> None:
        """`factor`: its real-time factor, where that is known."""
        self.name, self.model = name, model
        self.text = ""
        self.held = False
        """Whether its last utterance was held to phrases; a model that knows none of them hears freely."""
        self.work = factor * MEASURED
        self.fed = MEASURED if factor else 0.0
        """Seconds of work and of sound, since it was made: its real-time factor."""
        self._clock = time.process_time if model.can.threads else time.thread_time
        self._decoding: Decoding | None = None
        self._bias: Bias | None = None
        self._jobs: SimpleQueue[tuple[Callable[..., Any], tuple[Any, ...], Future[Any] | None] | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name=f"decoder-{name}", daemon=True)
        self._thread.start()

    @property
    def slow(self) -> bool:
        return self.fed >= MEASURED and self.work > TOO_SLOW * self.fed

    def begin(self, bias: Bias | None) -> None:
        self.text = ""
        self._put(self._begin, bias)

    def feed(self, pcm: bytes) -> None:
        self._put(self._feed, pcm)

    def settle(self) -> None:
        """This is probably all of the utterance: let the decoder do now what is left to do at its end."""
        self._put(self._settle)

    def end(self) -> Future[tuple[Heard, ...]]:
        """Its result is what was heard; the next utterance may be fed at once."""
        done: Future[tuple[Heard, ...]] = Future()
        self._put(self._end, done=done)
        return done

    def caught_up(self) -> None:
        """Wait until all that was fed is decoded (recordings, which come faster than anybody speaks)."""
        done: Future[None] = Future()
        self._put(lambda: None, done=done)
        with contextlib.suppress(TimeoutError):
            done.result(DECODER_PATIENCE)

    def warm_up(self, sound: Sequence[bytes]) -> None:
        """Let it hear something before anybody speaks: its first sentences cost a decoder twice the work of later ones.
        It stops when there is something to hear."""
        self._put(self._warm_up, sound)

    def close(self) -> None:
        self._jobs.put(None)

    def _put(self, work: Callable[..., Any], *given: Any, done: Future[Any] | None = None) -> None:
        self._jobs.put((work, given, done))

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            work, given, done = job
            started = self._clock()
            try:
                result = work(*given)
            except Exception as error:  # the conversation is told by the future; the lane goes on
                self._decoding = None
                if done is not None:
                    done.set_exception(error)
            else:
                if done is not None:
                    done.set_result(result)
            finally:
                self.work += self._clock() - started
        self._decoding = None  # what it held is free for others at once, not when the lane is collected

    def _warm_up(self, sound: Sequence[bytes]) -> None:
        began = self._clock()
        decoding = self.model.begin(None)
        for pcm in sound:
            if not self._jobs.empty():
                break
            decoding.feed(pcm)
        decoding.end()
        self.work -= self._clock() - began  # it says nothing of the work that speech will be

    def _begin(self, bias: Bias | None) -> None:
        self._bias = bias
        self._decoding = None  # first: what it held is used again, and knows sounds that a new one has to learn
        self._decoding = self.model.begin(bias)

    def _feed(self, pcm: bytes) -> None:
        if self._decoding is None:
            self._decoding = self.model.begin(self._bias)
        self.text = self._decoding.feed(pcm) or self.text
        self.fed += len(pcm) / 2 / RATE

    def _settle(self) -> None:
        if isinstance(self._decoding, Settles):
            self._decoding.settle()

    def _end(self) -> tuple[Heard, ...]:
        if self._decoding is None:
            return ()
        decoding, self._decoding = self._decoding, None
        self.held = decoding.held
        return decoding.end()

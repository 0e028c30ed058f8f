"""Two hours of a shop's day: speech, pauses, noise and babble, heard as recordings are, by a real model that is held to
a few phrases."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from assistant.discovery import find
from assistant.turns import Vocabulary
from channels.audio import FRAME, RATE, EndOfSound, Frame
from channels.audio.ears import Broken, Dropped, Finished, Lost
from tests.audio.listening import happened, utterances
from tests.audio.made import Samples, babble, hiss, tone
from tests.engines import got, spoken

pytestmark = [pytest.mark.long, pytest.mark.needs_apt]

HOURS = 2
WARM = 600.0
"""Seconds after which nothing more has to be loaded or filled."""
GROWTH = 64 << 20
"""Bytes more that a fragmented heap may take."""
PHRASES = ("네 확인 해 주세요", "치즈버거 두 개 주세요", "아니요", "메뉴 를 보여 주세요", "도와주세요")
PATIENCE = 3600.0


def resident() -> int:
    """Bytes of memory that this process has now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


class Day:
    """A source that makes its sound as it is read: there are never two hours of it in memory."""

    live = False
    dropped = 0
    file = None

    def __init__(self, sentences: list[Samples]) -> None:
        self.sentences = sentences
        self.said = 0
        self.seconds = 0.0
        self.warm = self.after = 0
        self._frames = self._every_frame()

    def _every_frame(self) -> Iterator[bytes]:
        chance = np.random.default_rng(7)
        others = [hiss(8.0, RATE, -30), tone(6.0, RATE, size=0.1), babble(6.0, RATE, seed=5)]
        rest = np.zeros(0, np.int16)
        while True:
            pieces = [rest]
            for sentence in chance.permutation(len(self.sentences))[:3]:
                pieces += [self.sentences[sentence], hiss(float(chance.uniform(2.5, 12.0)), RATE, -70)]
                self.said += 1
            pieces += [others[int(chance.integers(len(others)))], hiss(4.0, RATE, -65)]
            sound = np.concatenate(pieces)
            whole = len(sound) // FRAME * FRAME
            for at in range(0, whole, FRAME):
                yield sound[at : at + FRAME].tobytes()
            rest = sound[whole:]

    def open(self) -> None: ...

    def read(self, seconds: float) -> Frame:
        if not self.warm and self.seconds >= WARM:
            gc.collect()
            self.warm = resident()
        if self.seconds >= HOURS * 3600:
            gc.collect()
            self.after = resident()
            raise EndOfSound("over")
        self.seconds += FRAME / RATE
        return Frame(next(self._frames), self.seconds)

    def skip(self) -> bool:
        return False

    def close(self) -> None: ...


async def test_two_hours_are_heard_and_take_no_more_memory_than_ten_minutes() -> None:
    voice = find("voice", "pyttsx3")
    day = Day([np.frombuffer(spoken(voice, "ko", phrase), np.int16) for phrase in PHRASES])
    model = find("recognizer", "vosk").open(got("vosk-small-ko"), "ko")
    events = await happened(
        day,
        model,
        factor=0.9,  # a machine too slow for a free decoder beside it
        vocabulary=Vocabulary(language="ko", phrases=PHRASES),
        soon=PATIENCE,
    )
    heard = utterances(events)
    assert not [one for one in events if isinstance(one, Broken | Lost | Dropped)]
    assert isinstance(events[-1], Finished) and heard[-1].ended > HOURS * 3600 - 120
    assert all(turn.decodes == ("held",) for turn in heard)
    right = sum(turn.text in PHRASES for turn in heard)
    print(f"{day.said} said, {len(heard)} heard, {right} as phrases; {day.warm >> 20} MB, then {day.after >> 20} MB")
    assert len(heard) > 0.9 * day.said and right > 0.5 * day.said
    assert day.after - day.warm < GROWTH

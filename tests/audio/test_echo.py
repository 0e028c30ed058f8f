"""The assistant's own voice is not taken for the person's. Sounds are made and mixed here; no device is needed."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from channels.audio import FRAME, RATE, Frame
from channels.audio.ears import OWN
from channels.audio.echo import LATE, SPARE, Echo
from channels.audio.endpoint import BEGINS_OVER_OURS
from channels.audio.playback import Ring

from .made import babble, hiss, in_a_room, level

BEGAN = 1000.0
SECONDS = 9


def heard_by(
    mic: NDArray[np.float64], far: NDArray[np.int16], early: float = 0.0
) -> tuple[NDArray[np.int16], list[float]]:
    """What is left of a microphone's sound, at its own time, and how surely each frame is our own. The loudspeaker's
    clock is wrong by `early` seconds."""
    ring = Ring()
    echo = Echo(ring)
    left, own = np.zeros(len(mic), np.int16), []
    for start in range(0, len(mic) - FRAME, FRAME):
        # The loudspeaker is given its samples two blocks before they sound.
        ring.put(FRAME, far[start : start + FRAME], BEGAN + start / RATE + early)
        at = start - 2 * FRAME
        if at >= 0:
            pcm = np.clip(mic[at : at + FRAME], -32768, 32767).astype(np.int16).tobytes()
            frame = echo.clean(Frame(pcm, BEGAN + (at + FRAME) / RATE))
            late = 0 if echo.apart else SPARE + LATE
            assert frame.at == pytest.approx(BEGAN + (at + FRAME - late) / RATE)
            if at >= late:
                left[at - late : at - late + FRAME] = np.frombuffer(frame.pcm, np.int16)
            own.append(echo.own(frame))
    return left[: at + FRAME - SPARE - LATE], own


@pytest.fixture(scope="module")
def far() -> NDArray[np.int16]:
    return babble(SECONDS, RATE, seed=1)


@pytest.mark.parametrize("early", [-0.02, 0.0, 0.02])
@pytest.mark.parametrize("delay", [0.02, 0.1, 0.2, 0.3])
def test_our_own_voice_is_taken_out(far: NDArray[np.int16], delay: float, early: float) -> None:
    """Softer by 15 dB at least from the first second on, whatever the way of the sound and the error of the clocks.
    (How much it is differs between processors: 20 to 35 dB on one, 18 to 35 on another.)"""
    mic = in_a_room(far, RATE, delay, 0.5) + hiss(SECONDS, RATE, -75)
    left, own = heard_by(mic, far, early)
    later = slice(RATE, len(left))
    assert level(mic[later]) - level(left[later]) > 15
    loud = [one for number, one in enumerate(own[31:]) if level(mic[(31 + number) * FRAME :][:FRAME]) > -40]
    assert np.median(loud) > 0.95


@pytest.mark.parametrize("delay", [0.05, 0.2, 0.3])
def test_what_a_room_leaves_of_our_words_is_ours(far: NDArray[np.int16], delay: float) -> None:
    """A loud echo that dies away in a pause: a detector of voices takes it for somebody, however soft it is."""
    far = far.copy()
    pauses = [round(second * RATE) for second in (2.0, 3.5, 5.0, 6.5)]
    for pause in pauses:
        far[pause : pause + RATE] = 0
    _, own = heard_by(in_a_room(far, RATE, delay, 0.5) + hiss(SECONDS, RATE, -75), far)
    for pause in pauses:
        dying = slice(pause // FRAME + 1, (pause + RATE // 2) // FRAME)
        assert sum(one <= OWN for one in own[dying]) < BEGINS_OVER_OURS


def test_a_person_alone_is_left_as_they_are(far: NDArray[np.int16]) -> None:
    person = babble(SECONDS, RATE, seed=2)
    left, own = heard_by(person.astype(np.float64), np.zeros_like(far))
    assert abs(level(left) - level(person)) < 1
    assert max(own) == 0


def test_a_person_who_speaks_meanwhile_is_still_heard(far: NDArray[np.int16]) -> None:
    person = babble(SECONDS, RATE, seed=2)
    person[: 5 * RATE] = 0
    mic = in_a_room(far, RATE, 0.1, 0.3)
    left, own = heard_by(mic + person, far)
    alone, both = left[2 * RATE : 5 * RATE], left[round(5.2 * RATE) :]
    assert level(both) - level(alone) > 15
    assert level(both) > level(person[round(5.2 * RATE) :]) - 12
    assert np.median(own[170:]) < np.median(own[60:150]) - 0.2


def test_a_person_after_we_fell_silent_is_not_us(far: NDArray[np.int16]) -> None:
    far = far.copy()
    far[4 * RATE :] = 0
    person = babble(SECONDS, RATE, seed=2)
    person[: 5 * RATE] = 0
    left, own = heard_by(in_a_room(far, RATE, 0.1, 0.5) + person, far)
    assert max(own[round(4.9 * RATE / FRAME) :]) == 0
    assert abs(level(left[6 * RATE :]) - level(person[6 * RATE : len(left)])) < 1


def test_where_our_voice_does_not_come_back_a_person_is_left_as_they_are(far: NDArray[np.int16]) -> None:
    """Headphones: nothing is to be taken out, so nothing is."""
    person = babble(SECONDS, RATE, seed=2)
    person[: 5 * RATE] = 0
    left, own = heard_by(person + hiss(SECONDS, RATE, -70), far)
    assert abs(level(left[6 * RATE :]) - level(person[6 * RATE : len(left)])) < 2
    assert max(own[130:]) == 0


def test_where_nothing_comes_back_a_person_is_heard_from_the_first_sentence_on(far: NDArray[np.int16]) -> None:
    """Headphones, and somebody who knows already what they want: they interrupt us after a second, twice."""
    far = far.copy()
    far[round(1.3 * RATE) : 4 * RATE] = far[round(5.3 * RATE) :] = 0
    person = babble(SECONDS, RATE, seed=2)
    person[:RATE] = person[3 * RATE : 5 * RATE] = 0
    left, own = heard_by(person + hiss(SECONDS, RATE, -75), far)
    assert max(own[RATE // FRAME :]) == 0
    assert abs(level(left[RATE : 3 * RATE]) - level(person[RATE : 3 * RATE])) < 1


@pytest.mark.parametrize("delay", [0.05, 0.2, 0.3])
@pytest.mark.parametrize("gain", [0.2, 0.03])
def test_a_soft_echo_with_pauses_is_an_echo(far: NDArray[np.int16], delay: float, gain: float) -> None:
    """A microphone at the other end of the room: between our words and sentences nothing comes back, either."""
    far = far.copy()
    for second in (1.0, 2.5, 4.0, 5.5, 7.0):
        far[round(second * RATE) :][: round(0.7 * RATE)] = 0
    mic = in_a_room(far, RATE, delay, gain) + hiss(SECONDS, RATE, -80)
    left, own = heard_by(mic, far)
    later = slice(RATE, len(left))
    assert level(mic[later]) - level(left[later]) > 12
    loud = [one for number, one in enumerate(own[62:]) if level(mic[(62 + number) * FRAME :][:FRAME]) > -60]
    assert np.median(loud) > 0.9


def test_silence_is_nobodys_voice(far: NDArray[np.int16]) -> None:
    _, own = heard_by(np.zeros(len(far)), far)
    assert max(own) == 0

"""When a turn ends: by silence, and by what was said."""

from __future__ import annotations

import pytest

from assistant.turns import AnswerKind, Ending
from channels.audio.ears import OVER_US
from channels.audio.endpoint import FRAME_SECONDS, LONGEST, Endpointer, Waits


def silence_until_over(ending: Ending, kind: AnswerKind = "open", waits: Waits | None = None) -> float:
    """Seconds of silence after half a second of speech until the turn is over."""
    ear = Endpointer(waits or Waits(), kind)
    for _ in range(16):
        ear.step(0.9)
    assert ear.speaking and not ear.over("whole")
    while not ear.over(ending):
        ear.step(0.05)
        assert ear.silence < 20
    return ear.silence


def test_a_click_begins_no_turn_and_a_word_does() -> None:
    ear = Endpointer(Waits())
    assert [ear.step(one) for one in (0.9, 0.9, 0.0, 0.0, 0.9, 0.1, 0.0)] == [False] * 7
    assert [ear.step(one) for one in (0.8, 0.9, 0.7)] == [False, False, True]


def test_over_our_own_voice_one_sure_frame_begins_a_turn_or_two_that_may_be() -> None:
    for probabilities in ((0.1, 0.85), (0.1, 0.65, 0.2, 0.65), (0.7, 0.6)):
        ear = Endpointer(Waits())
        ear.loud, ear.begins, ear.sure = OVER_US
        assert [ear.step(one) for one in probabilities] == [False] * (len(probabilities) - 1) + [True]
    ear = Endpointer(Waits())
    ear.loud, ear.begins, ear.sure = OVER_US
    assert not any(ear.step(one) for one in (0.75, 0.5, 0.5, 0.3, 0.75))


def test_a_yes_ends_sooner_than_a_sentence_and_half_a_sentence_waits_for_its_rest() -> None:
    yes, sentence, half = (silence_until_over(one) for one in ("whole", "open", "half"))
    assert yes < 0.3 < sentence < 0.6
    assert half == pytest.approx(2.0, abs=FRAME_SECONDS)


@pytest.mark.parametrize("kind", ["address", "digits", "name"])
def test_somebody_who_spells_something_out_is_given_time(kind: AnswerKind) -> None:
    assert silence_until_over("open", kind) > silence_until_over("open")


def test_patience_stretches_every_wait() -> None:
    slow = Waits(patience=2.0)
    for ending in ("whole", "open", "half"):
        twice = silence_until_over(ending, waits=slow)
        assert twice == pytest.approx(2 * silence_until_over(ending), abs=2 * FRAME_SECONDS)


def test_a_pause_within_a_turn_does_not_end_it() -> None:
    ear = Endpointer(Waits())
    for said in (10, 8, 6):
        for _ in range(said):
            ear.step(0.9)
        for _ in range(10):  # a third of a second
            ear.step(0.1)
            assert not ear.over("open")
    assert ear.speaking


def test_what_never_falls_silent_ends_in_the_end() -> None:
    ear = Endpointer(Waits())
    frames = 0
    while not ear.over("half"):
        ear.step(0.9)
        frames += 1
    assert frames * FRAME_SECONDS == pytest.approx(LONGEST, abs=1)


def test_after_the_end_the_next_turn_begins_anew() -> None:
    ear = Endpointer(Waits())
    for _ in range(5):
        ear.step(0.9)
    ear.again()
    assert not ear.speaking and not ear.quiet
    assert [ear.step(0.9) for _ in range(3)][-1]

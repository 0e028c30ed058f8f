"""From sound to utterances: real speech and real noise, real voice activity detection, a scripted decoder."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from assistant.discovery import find
from assistant.errors import FarEndError
from assistant.turns import AnswerKind, Ending, Vocabulary
from channels.audio import FRAME, RATE, DeviceGone, EndOfSound, Frame
from channels.audio.capture import Recordings
from channels.audio.ears import Back, Began, Broken, Finished, Lost, Nothing, Partial, Utterance
from models.recognizers import Abilities, Bias, Heard
from tests.audio.listening import happened, utterances
from tests.audio.made import babble, hiss, tone
from tests.engines import spoken

Samples = np.ndarray[Any, np.dtype[np.int16]]


@cache
def speech(text: str) -> Samples:
    """As espeak says it, without the silence around."""
    pcm = np.frombuffer(spoken(find("voice", "pyttsx3"), "en", text), np.int16)
    (loud,) = np.nonzero(np.abs(pcm) > 400)
    return pcm[loud[0] : loud[-1] + 1]


def quiet(seconds: float) -> Samples:
    return hiss(seconds, RATE, -75)


class Scripted:
    """A model whose decoders hear what they are told to, utterance after utterance."""

    language = "en"
    held = True

    def __init__(
        self, *heard: Sequence[Heard] | Exception, partial: str = "", streaming: bool = True, grammar: bool = False
    ) -> None:
        self.heard, self.partial = iter(heard), partial
        self.can = Abilities(streaming=streaming, grammar=grammar, alternatives=True)
        self.begun: list[Bias | None] = []
        self.fed = 0

    def knows(self, word: str) -> bool | None:
        return None

    def begin(self, bias: Bias | None = None) -> Any:
        self.begun.append(bias)
        return self

    def feed(self, pcm: bytes) -> str:
        self.fed += len(pcm) // 2
        return self.partial

    def end(self) -> tuple[Heard, ...]:
        found = next(self.heard, ())
        if isinstance(found, Exception):
            raise found
        return tuple(found)

    def close(self) -> None: ...


def heard(text: str, confidence: float = 0.9) -> list[Heard]:
    return [Heard(text, confidence)]


@pytest.fixture
def recording(tmp_path: Path) -> Callable[..., Path]:
    numbers = itertools.count()

    def make(*parts: Samples) -> Path:
        path = tmp_path / f"{next(numbers)}.wav"
        soundfile.write(path, np.concatenate(parts), RATE)
        return path

    return make


@pytest.mark.needs_apt
async def test_each_sentence_is_a_turn_and_its_times_are_those_of_the_sound(recording: Callable[..., Path]) -> None:
    one, two = speech("two cheeseburgers please"), speech("and a large coke")
    file = recording(quiet(1.0), one, quiet(1.5), two, quiet(0.2))
    model = Scripted(heard("two cheeseburgers please"), heard("and a large coke"))
    found = utterances(await happened(Recordings([file]), model))
    assert [turn.text for turn in found] == ["two cheeseburgers please", "and a large coke"]
    for turn, began, ended in (
        (found[0], 1.0, 1.0 + len(one) / RATE),
        (found[1], 2.5 + len(one) / RATE, 2.5 + (len(one) + len(two)) / RATE),
    ):
        assert turn.began == pytest.approx(began, abs=0.25) and turn.ended == pytest.approx(ended, abs=0.25)
        assert 0.45 < turn.waited < 0.65
        assert turn.file == str(file) and turn.decodes == ("free",)


class Late(Scripted):
    """Two decoders, as real ones: the last word is told half a second later; the held one hears a yes in anything."""

    def __init__(self, free: str, held: str) -> None:
        super().__init__(grammar=True)
        self.texts = {"free": free, "held": held}

    def begin(self, bias: Bias | None = None) -> Any:
        decoder = Scripted(partial="")
        text = self.texts["held" if bias else "free"]
        decoder.end = lambda: (Heard(text, 0.9),)  # type: ignore[method-assign]
        loud = 0

        def feed(pcm: bytes) -> str:
            nonlocal loud
            samples = np.frombuffer(pcm, np.int16)
            decoder.fed += len(samples)
            if np.abs(samples).max() > 400:
                loud = decoder.fed
            return text if decoder.fed - loud > 0.45 * RATE else text.rpartition(" ")[0]

        decoder.feed = feed  # type: ignore[method-assign]
        return decoder


@pytest.mark.needs_apt
@pytest.mark.parametrize(
    ("free", "kind", "soon"),
    [("yes", "yes_no", True), ("yes, but take the coke off", "yes_no", False), ("yes", "open", False)],
)
async def test_a_yes_ends_soon_though_decoders_are_late(
    recording: Callable[..., Path], free: str, kind: AnswerKind, soon: bool
) -> None:
    file = recording(quiet(0.5), speech("yes"), quiet(2.0))
    asked = Vocabulary(language="en", phrases=("yes", "no"), kind=kind)
    late, endings = Late(free, "yes"), dict[str, Ending](yes="whole")
    (turn,) = utterances(await happened(Recordings([file]), late, endings=endings, vocabulary=asked))
    assert (turn.waited < 0.35) is soon


@pytest.mark.needs_apt
async def test_what_follows_half_a_sentence_belongs_to_it(recording: Callable[..., Path]) -> None:
    file = recording(quiet(0.5), speech("two large"), quiet(1.3), speech("cheeseburgers"), quiet(0.2))
    half = Scripted(heard("two large cheeseburgers"), partial="two large")
    found = utterances(await happened(Recordings([file]), half, endings={"two large": "half"}))
    assert len(found) == 1
    whole = Scripted(heard("two large"), heard("cheeseburgers"), partial="two large")
    assert len(utterances(await happened(Recordings([file]), whole))) == 2


@pytest.mark.needs_apt
@pytest.mark.parametrize("streaming", [True, False])
async def test_a_yes_is_known_sooner_than_a_sentence(recording: Callable[..., Path], streaming: bool) -> None:
    file = recording(quiet(0.5), speech("yes please"), quiet(1.0))
    waited = {}
    for ending in ("whole", "open"):
        partial = "yes please" if streaming else ""
        model = Scripted(heard("yes please"), heard("yes please"), partial=partial, streaming=streaming)
        endings: dict[str, Ending] = {"yes please": ending}  # type: ignore[dict-item]
        (turn,) = utterances(await happened(Recordings([file]), model, endings=endings))
        waited[ending] = turn.waited
    assert waited["whole"] < 0.35 < 0.45 < waited["open"]


@pytest.mark.needs_apt
async def test_a_whole_utterance_is_decoded_while_the_silence_is_waited_for(recording: Callable[..., Path]) -> None:
    """An engine that doesn't stream is asked once in the silence, and what it said is the result."""
    file = recording(quiet(0.5), speech("a large coke"), quiet(1.5))
    model = Scripted(heard("a large coke"), heard("never asked for"), streaming=False)
    (turn,) = utterances(await happened(Recordings([file]), model))
    assert turn.text == "a large coke"


class Slow(Scripted):
    def end(self) -> tuple[Heard, ...]:
        time.sleep(0.6)
        return super().end()


@pytest.mark.needs_apt
async def test_a_recording_tells_how_long_its_words_would_have_been_waited_for(recording: Callable[..., Path]) -> None:
    """It stands still while it is decoded; of the decoder's time only what fits into the silence is free."""
    file = recording(quiet(0.5), speech("a large coke"), quiet(1.5))
    (turn,) = utterances(await happened(Recordings([file]), Slow(heard("a large coke"), streaming=False)))
    assert turn.took >= 0.6 - turn.waited


class Settling(Scripted):
    """What it did, in order: a number for the samples it was fed in between."""

    def __init__(self, *heard: Sequence[Heard]) -> None:
        super().__init__(*heard)
        self.did: list[str] = []

    def settle(self) -> None:
        self.did.append(f"settle at {self.fed}")

    def end(self) -> tuple[Heard, ...]:
        self.did.append(f"end at {self.fed}")
        return super().end()


@pytest.mark.needs_apt
async def test_a_decoder_has_done_its_work_when_the_turn_is_over(recording: Callable[..., Path]) -> None:
    """It is told a little before, and is given nothing of the silence from then on."""
    file = recording(quiet(0.5), speech("a large coke"), quiet(1.5))
    model = Settling(heard("a large coke"))
    (turn,) = utterances(await happened(Recordings([file]), model))
    assert turn.text == "a large coke"
    assert [one.split()[0] for one in model.did] == ["settle", "end"]
    assert len({one.split()[-1] for one in model.did}) == 1


@pytest.mark.needs_apt
async def test_who_speaks_on_just_before_the_end_is_heard_from_the_first_sound(
    recording: Callable[..., Path],
) -> None:
    one, two = speech("a large coke"), speech("and fries please")
    went_on = []
    for gap in np.arange(0.3, 0.6, 0.02):
        model = Settling(heard("a large coke and fries please"), heard("fries please"))
        sound = [quiet(0.5), one, quiet(float(gap)), two, quiet(1.5)]
        if len(utterances(await happened(Recordings([recording(*sound)]), model))) > 1:
            break
        if len(model.did) > 2:
            went_on.append((model.fed, sum(map(len, sound[1:4]))))
    assert went_on and all(fed >= spoken for fed, spoken in went_on)


async def test_a_minute_of_silence_is_nothing(recording: Callable[..., Path]) -> None:
    events = await happened(Recordings([recording(quiet(60))]), Scripted(heard("an order")))
    assert [type(one) for one in events] == [Finished] and not events[0].heard  # type: ignore[union-attr]


@pytest.mark.parametrize("noise", ["music", "hiss", "babble"])
async def test_a_minute_of_noise_orders_nothing_and_ends(recording: Callable[..., Path], noise: str) -> None:
    """A recogniser makes nothing of it; what is taken for speech all the same ends after half a minute."""
    chord = sum(tone(60, RATE, hertz, 0.1).astype(np.int32) for hertz in (220, 277, 330, 440)).astype(np.int16)
    sound = {"music": chord, "hiss": hiss(60, RATE, -25), "babble": babble(60, RATE, 1)}[noise]
    events = await happened(Recordings([recording(sound)]), Scripted())
    assert not utterances(events) and isinstance(events[-1], Finished)
    assert all(isinstance(one, Began | Nothing | Finished) for one in events)


@pytest.mark.needs_apt
async def test_a_filler_is_no_turn(recording: Callable[..., Path]) -> None:
    file = recording(quiet(0.5), speech("hmm, well"), quiet(1.0), speech("a coke"), quiet(0.5))
    model = Scripted(heard("um"), heard("a coke"))
    events = await happened(Recordings([file]), model, endings={"um": "nothing"})
    assert [one.text for one in events if isinstance(one, Nothing)] == ["um"]
    assert [one.text for one in utterances(events)] == ["a coke"]


@pytest.mark.needs_apt
async def test_a_decoder_that_fails_is_told_and_the_next_turn_is_heard(recording: Callable[..., Path]) -> None:
    file = recording(quiet(0.5), speech("two cheeseburgers"), quiet(1.2), speech("a coke"), quiet(0.5))
    events = await happened(Recordings([file]), Scripted(MemoryError("out of memory"), heard("a coke")))
    assert any(isinstance(one, Broken) and "out of memory" in one.why for one in events)
    assert [one.text for one in utterances(events)] == ["a coke"]


@pytest.mark.needs_apt
async def test_a_second_decoder_is_held_to_what_is_likely_unless_the_machine_is_slow(
    recording: Callable[..., Path],
) -> None:
    file = recording(quiet(0.5), speech("a coke please"), quiet(0.5))
    words = Vocabulary(language="en", phrases=("a coke",))
    for factor, decodes in ((0.1, ("free", "held")), (0.9, ("held",))):
        model = Scripted(heard("a coke"), heard("a coke"), grammar=True)
        (turn,) = utterances(await happened(Recordings([file]), model, vocabulary=words, factor=factor))
        assert turn.decodes == decodes
        assert Bias(("a coke",)) in model.begun


class Kept(Scripted):
    """Whose decodings each keep something that the next one can use, as soon as they are let go of."""

    def __init__(self, *heard: Sequence[Heard]) -> None:
        super().__init__(*heard)
        self.made, self.idle = 0, 0

    def begin(self, bias: Bias | None = None) -> Any:
        self.begun.append(bias)
        self.made, self.idle = self.made + (not self.idle), self.idle - (self.idle > 0)
        return self.Decoding(self)

    class Decoding:
        held = False

        def __init__(self, model: Kept) -> None:
            self.model = model

        def feed(self, pcm: bytes) -> str:
            return self.model.feed(pcm)

        def end(self) -> tuple[Heard, ...]:
            return self.model.end()

        def __del__(self) -> None:
            self.model.idle += 1


@pytest.mark.needs_apt
async def test_what_a_decoder_learned_in_one_turn_is_used_in_the_next(recording: Callable[..., Path]) -> None:
    file = recording(quiet(0.5), *[speech("a coke please"), quiet(1.0)] * 3)
    model = Kept(*[heard("a coke")] * 3)
    assert len(utterances(await happened(Recordings([file]), model))) == 3
    assert model.made == 1


@pytest.mark.needs_apt
async def test_a_decoder_hears_something_before_anybody_speaks_and_nobody_is_told(
    recording: Callable[..., Path],
) -> None:
    file = recording(quiet(0.5), speech("a coke please"), quiet(0.5))
    model = Scripted(heard("murmur"), heard("a coke"))
    events = await happened(Recordings([file]), model, warm=True)
    assert [one.text for one in utterances(events)] == ["a coke"]
    assert model.begun == [None, None]


@pytest.mark.needs_apt
async def test_a_yes_on_a_slow_machine_is_heard_once_more_and_else_is_none(recording: Callable[..., Path]) -> None:
    """Held to phrases, a recogniser hears a yes in any noise; only where a free hearing says so, too, does it count."""
    file = recording(quiet(0.5), speech("yes please"), quiet(0.5))
    asked = Vocabulary(language="en", phrases=("yes please", "no"), money=frozenset({"yes", "no"}), kind="yes_no")
    sure = {}
    for free in ("yes please", "guess peas"):
        model = Scripted(heard("yes please", 1.0), heard(free), grammar=True)
        (turn,) = utterances(await happened(Recordings([file]), model, vocabulary=asked, factor=0.9))
        assert turn.decodes == ("held",)
        sure[free] = turn.hypotheses[0].confidence
    assert sure["yes please"] > 0.8 and sure["guess peas"] < 0.3


class Unplugged:
    """A microphone that goes away in the middle of a sentence, and comes back."""

    live = False
    dropped = 0
    file: Path | None = None

    def __init__(self, before: Samples, after: Samples) -> None:
        self.rows = self._rows(before, after)

    def _rows(self, before: Samples, after: Samples) -> Iterator[Frame | FarEndError | None]:
        for at in range(0, len(before) - FRAME, FRAME):
            yield Frame(before[at : at + FRAME].tobytes(), at / RATE)
        yield DeviceGone("the microphone 'USB' is gone")
        yield None
        for at in range(0, len(after) - FRAME, FRAME):
            yield Frame(after[at : at + FRAME].tobytes(), 100 + at / RATE)

    def open(self) -> None: ...

    def read(self, seconds: float) -> Frame | None:
        row = next(self.rows, EndOfSound("over"))
        if isinstance(row, Exception):
            raise row
        return row

    def skip(self) -> bool:
        return False

    def close(self) -> None: ...


@pytest.mark.needs_apt
async def test_a_microphone_that_goes_away_in_mid_sentence_is_told_and_heard_again() -> None:
    sentence = speech("two cheeseburgers and a coke")
    source = Unplugged(
        np.concatenate([quiet(1), sentence[: len(sentence) // 2]]), np.concatenate([quiet(1), sentence, quiet(1)])
    )
    events = await happened(source, Scripted(heard("two cheeseburgers and a coke")))
    kinds = [type(one) for one in events if not isinstance(one, Partial)]
    assert kinds == [Began, Lost, Back, Began, Utterance, Finished]
    (turn,) = utterances(events)
    assert turn.began > 100

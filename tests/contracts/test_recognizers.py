"""What every recogniser promises: it says truly what it can, hears what is said, and hears nothing in noise."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from models.recognizers import RATE, UNKNOWN, Abilities, Bias, Heard, Model, Settles
from tests.engines import Hearing, examples

from .engines import example_of, halves, once_each, refused, says_what_it_lacks
from .parts import fail, file_of, load, names

RECOGNIZERS = names("recognizer")
TRIED = examples("recognizer", RECOGNIZERS)
FRAME = 1024
"""Bytes that come at once: 32 ms."""


@pytest.mark.parametrize("name", RECOGNIZERS)
def test_it_says_what_it_can_and_what_it_lacks(name: str) -> None:
    says_what_it_lacks("recognizer", name, Abilities)
    example_for(name)


def example_for(name: str) -> Hearing:
    return example_of("recognizer", name, Hearing, "a model and words to hear with it")


@pytest.mark.parametrize("name", RECOGNIZERS)
def test_a_folder_without_a_model_is_refused_with_a_remedy(name: str, tmp_path: Path) -> None:
    """Without its library it is refused, too; the remedy is then the one for the library."""
    for folder in (tmp_path / "gone", tmp_path):
        refuses(name, folder, "en")


def refuses(name: str, folder: Path, language: str) -> None:
    refused(file_of("recognizer", name), folder, lambda: load("recognizer", name).open(folder, language))


class Tried:
    """An engine with its example's model open."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name, self.file, self.example = name, file_of("recognizer", name), example_for(name)
        self.folder = folder
        self.model: Model = load("recognizer", name).open(folder, self.example.language)

    def hear(self, pcm: bytes, bias: Bias | None = None) -> tuple[Heard, ...]:
        decoding = self.model.begin(bias)
        for at in range(0, len(pcm), FRAME):
            decoding.feed(pcm[at : at + FRAME])
        return decoding.end()

    @property
    def bias(self) -> Bias | None:
        return Bias(phrases=self.example.phrases) if self.example.phrases else None

    def check(self, heard: tuple[Heard, ...]) -> None:
        if not heard:
            fail(self.file, f"nothing was heard where one says {self.example.heard!r}")
        if missed := [word for word in self.example.heard.split() if word not in heard[0].text.lower()]:
            fail(self.file, f"{heard[0].text!r} was heard, without {missed}")


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    yield from once_each(
        tmp_path_factory,
        lambda name, folder: Tried(name, example_for(name).model(folder)),
        lambda one: one.model.close(),
    )


@pytest.fixture
def tried(request: pytest.FixtureRequest, opened: Any) -> Tried:
    return opened(request.param)  # type: ignore[no-any-return]


each = pytest.mark.parametrize("tried", TRIED, indirect=True)


@each
def test_it_hears_what_is_said(tried: Tried) -> None:
    pcm = tried.example.said()
    heard = tried.hear(pcm, tried.bias)
    tried.check(heard)
    sure = [one.confidence for one in heard]
    if any(not 0 <= one <= 1 for one in sure) or sure != sorted(sure, reverse=True):
        fail(tried.file, f"confidences are {sure}; they must lie between 0 and 1, the best first")
    times = [(word.start, word.end) for word in heard[0].words]
    seconds = len(pcm) / 2 / RATE
    if times != sorted(times) or any(not 0 <= start <= end <= seconds for start, end in times):
        fail(tried.file, f"the words' times are {times}, in {seconds:.1f} s of sound")


@each
def test_a_second_utterance_is_heard_as_the_first_was(tried: Tried) -> None:
    decoding, pcm = tried.model.begin(tried.bias), tried.example.said()
    for _time in range(2):
        for at in range(0, len(pcm), FRAME):
            decoding.feed(pcm[at : at + FRAME])
        heard = decoding.end()
        tried.check(heard)
        if any(word.end > len(pcm) / 2 / RATE for word in heard[0].words):
            fail(tried.file, "the times of a second utterance don't count from its beginning")
    if decoding.end():
        fail(tried.file, "end gives an utterance twice")


@each
def test_what_was_settled_is_still_all_of_the_utterance(tried: Tried) -> None:
    """Some of its words may be heard otherwise where it is settled in the middle of one; none of it is lost."""
    decoding, pcm = tried.model.begin(tried.bias), tried.example.said()
    if not isinstance(decoding, Settles):
        return
    decoding.feed(pcm)
    decoding.settle()
    decoding.settle()
    tried.check(decoding.end())
    if decoding.end():
        fail(tried.file, "end gives a settled utterance twice")
    decoding.feed(pcm)
    decoding.settle()
    decoding.feed(pcm)
    if len(decoding.end()[0].text.split()) < 2 * len(tried.example.heard.split()):
        fail(tried.file, "what was fed after settle does not belong to the same utterance")


@each
def test_it_streams_if_it_says_so(tried: Tried) -> None:
    decoding, pcm = tried.model.begin(tried.bias), tried.example.said()
    early = [decoding.feed(pcm[at : at + FRAME]) for at in range(0, len(pcm), FRAME)]
    decoding.end()
    if any(early) != tried.model.can.streaming:
        fail(tried.file, f"can.streaming is {tried.model.can.streaming}, but feed answers {early[-1]!r}")


@each
def test_it_is_held_to_phrases_if_it_says_so(tried: Tried) -> None:
    phrases = tried.example.phrases or (tried.example.heard,)
    decoding = tried.model.begin(Bias(phrases=phrases))
    if decoding.held != tried.model.can.grammar:
        fail(tried.file, f"can.grammar is {tried.model.can.grammar}, but a decoding is held: {decoding.held}")
    if tried.model.begin().held or tried.model.begin(Bias(phrases=("xqzw vvkj",))).held:
        fail(tried.file, "a decoding says that it is held without a phrase that can be heard")
    if decoding.held:
        decoding.feed(tried.example.said())
        allowed = {word for phrase in phrases for word in phrase.split()} | {UNKNOWN}
        if strange := {word for one in decoding.end() for word in one.text.split()} - allowed:
            fail(tried.file, f"held to {phrases} it hears {sorted(strange)}")


@each
def test_it_gives_alternatives_only_if_it_says_so(tried: Tried) -> None:
    heard = tried.hear(tried.example.said(), tried.bias)
    if len(heard) > 1 and not tried.model.can.alternatives:
        fail(tried.file, "can.alternatives is False, but there are several readings")
    if len({one.text for one in heard}) != len(heard):
        fail(tried.file, "a reading is given twice")


@each
def test_nothing_is_heard_in_silence_and_noise(tried: Tried) -> None:
    length, chance = 3 * RATE, np.random.default_rng(7)
    pink = np.fft.irfft(np.fft.rfft(chance.normal(size=length)) / np.sqrt(np.arange(1, length // 2 + 2)), length)
    hum = np.sign(np.sin(2 * np.pi * 50 * np.arange(length) / RATE))
    sounds = {
        "nothing": b"",
        "silence": bytes(2 * length),
        "a quiet room": (chance.normal(size=length) * 15).astype(np.int16).tobytes(),
        "hiss": (chance.normal(size=length) * 700).astype(np.int16).tobytes(),
        "a fan": (pink / np.abs(pink).max() * 3000).astype(np.int16).tobytes(),
        "a hum": (hum * 300).astype(np.int16).tobytes(),
    }
    for bias in dict.fromkeys((None, tried.bias)):
        for what, pcm in sounds.items():
            if heard := tried.hear(pcm, bias):
                fail(tried.file, f"in {what} it hears {heard[0].text!r} ({heard[0].confidence})")


@each
def test_two_are_decoded_at_the_same_time(tried: Tried) -> None:
    pcm = tried.example.said()
    with ThreadPoolExecutor(2) as threads:
        for heard in threads.map(lambda _one: tried.hear(pcm, tried.bias), range(2)):
            tried.check(heard)


@each
def test_it_says_which_words_it_knows(tried: Tried) -> None:
    known = [tried.model.knows(word) for word in tried.example.heard.split()]
    if not (all(known) or all(one is None for one in known)):
        fail(tried.file, f"it hears {tried.example.heard!r}, but knows says {known}")
    if tried.model.knows("xqzwvvkj"):
        fail(tried.file, "knows says that it can hear 'xqzwvvkj'")


@each
def test_half_a_model_is_refused_with_a_remedy(tried: Tried, tmp_path: Path) -> None:
    for half in halves(tried.folder, tmp_path / "half"):
        refuses(tried.name, half, tried.example.language)


@each
def test_it_is_closed_twice(tried: Tried) -> None:
    model = load("recognizer", tried.name).open(tried.folder, tried.example.language)
    decoding = model.begin()
    model.close()
    model.close()
    del decoding

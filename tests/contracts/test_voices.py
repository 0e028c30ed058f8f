"""What every voice promises: it renders a text sentence by sentence, at a pace, and can be stopped and left."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from models.voices import Abilities, Sound, Speaker
from tests.engines import Speaking, examples

from .engines import example_of, halves, once_each, refused, says_what_it_lacks
from .parts import fail, file_of, load, names

VOICES = names("voice")
TRIED = examples("voice", VOICES)


@pytest.mark.parametrize("name", VOICES)
def test_it_says_what_it_can_and_what_it_lacks(name: str) -> None:
    voice = says_what_it_lacks("voice", name, Abilities)
    if voice.can.model != (example_for(name).model is not None):
        fail(file_of("voice", name), f"can.model is {voice.can.model}, and its EXAMPLE says otherwise")


def example_for(name: str) -> Speaking:
    return example_of("voice", name, Speaking, "a text, and a model if it needs one")


@pytest.mark.parametrize("name", VOICES)
def test_a_folder_without_a_model_is_refused_with_a_remedy(name: str, tmp_path: Path) -> None:
    if load("voice", name).can.model:
        for folder in (None, tmp_path / "gone", tmp_path):
            refuses(name, folder, "en")


def refuses(name: str, folder: Path | None, language: str) -> None:
    refused(file_of("voice", name), folder, lambda: load("voice", name).open(language, folder))


class Tried:
    def __init__(self, name: str, folder: Path | None) -> None:
        self.name, self.file, self.example, self.folder = name, file_of("voice", name), example_for(name), folder
        self.speaker = self.open()

    def open(self) -> Speaker:
        return load("voice", self.name).open(self.example.language, self.folder)  # type: ignore[no-any-return]

    def sounds(self, text: str, **how: float) -> list[Sound]:
        return list(self.speaker.say(text, **how))


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    def open_one(name: str, folder: Path) -> Tried:
        model = example_for(name).model
        return Tried(name, model(folder) if model else None)

    yield from once_each(tmp_path_factory, open_one, lambda one: one.speaker.close())


@pytest.fixture
def tried(request: pytest.FixtureRequest, opened: Any) -> Tried:
    return opened(request.param)  # type: ignore[no-any-return]


each = pytest.mark.parametrize("tried", TRIED, indirect=True)


@each
def test_a_text_is_sound(tried: Tried, capfd: pytest.CaptureFixture[str]) -> None:
    sounds = tried.sounds(tried.example.text)
    streams = load("voice", tried.name).can.streaming
    if (len(sounds) > 1) != streams:
        fail(tried.file, f"can.streaming is {streams}, but the text comes in {len(sounds)} sounds")
    for sound in sounds:
        loud = np.abs(np.frombuffer(sound.pcm, np.int16)).max(initial=0)
        if sound.seconds < 0.1 or loud < 500:
            fail(tried.file, f"a sentence is {sound.seconds:.2f} s long and at most {loud} of 32767 loud")
    if (printed := capfd.readouterr()) != ("", ""):
        fail(tried.file, f"it prints {printed.out or printed.err!r}; the terminal is the talk's")


@each
def test_it_speaks_at_a_pace(tried: Tried) -> None:
    for _ in range(3):  # also when it has spoken for a while
        slow, normal, fast = (
            sum(sound.seconds for sound in tried.sounds(tried.example.text, pace=pace)) for pace in (0.5, 1.0, 2.0)
        )
        if not slow > 1.4 * normal > 1.4 * 1.3 * fast:
            fail(tried.file, f"at half, whole and double pace a text takes {slow:.1f}, {normal:.1f} and {fast:.1f} s")


@each
def test_where_there_is_nothing_to_say_there_is_no_sound(tried: Tried) -> None:
    for text in ("", " ", "…", "\n\n", "—"):
        if tried.sounds(text):
            fail(tried.file, f"it makes a sound of {text!r}")


@each
def test_one_that_is_left_in_the_middle_does_not_disturb_the_next(tried: Tried) -> None:
    whole = [round(sound.seconds, 1) for sound in tried.sounds(tried.example.text)]
    for close in (True, False):
        begun = tried.speaker.say(tried.example.text)
        next(begun)
        if close:
            begun.close()  # type: ignore[attr-defined]
        again = [round(sound.seconds, 1) for sound in tried.sounds(tried.example.text)]
        if len(again) != len(whole):
            fail(tried.file, f"after a text that was left in the middle, the next is {again} s long, not {whole}")
        list(begun)


@each
def test_it_is_closed_from_another_thread_and_twice(tried: Tried) -> None:
    speaker = tried.open()
    begun = speaker.say(tried.example.text)
    next(begun)
    closing = threading.Thread(target=speaker.close)
    closing.start()
    closing.join()
    list(begun)  # comes to an end
    speaker.close()


@each
def test_half_a_model_is_refused_with_a_remedy(tried: Tried, tmp_path: Path) -> None:
    if tried.folder is None:
        return
    for half in halves(tried.folder, tmp_path / "half"):
        refuses(tried.name, half, tried.example.language)

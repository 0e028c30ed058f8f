"""Whisper: a real English model in the long tests, and here what is made of the model's answers, played by a script."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest

from assistant.discovery import find
from assistant.errors import SetupError
from models.recognizers import RATE, Model
from tests.engines import Hearing, got, spoken

EXAMPLE = Hearing(
    language="en",
    model=lambda _folder: got("whisper-tiny.en"),
    said=lambda: spoken(
        find("voice", "piper"), "en", "I would like a cheese pizza, please.", got("piper-en_US-joe-medium")
    ),
    heard="would like cheese pizza",
    long=True,
)
FILES = ("config.json", "model.bin", "tokenizer.json", "vocabulary.txt")
SPEECH = (np.sin(np.arange(RATE) / 9) * 9000).astype(np.int16).tobytes()


class Library:
    """What `faster_whisper.WhisperModel` is to us. Each search gives the next of `says`: how sure it is of silence, and
    texts with the mean log probability of their tokens (here: letters)."""

    def __init__(self, many: bool, says: list[tuple[float, list[tuple[str, float]]]]) -> None:
        self.says, self.searches = says, list[dict[str, Any]]()
        self.windows: list[float] = []
        self.max_length, self.hf_tokenizer = 448, None
        self.supported_languages = ["en", "ko", "zh"] if many else ["en"]
        self.model = SimpleNamespace(is_multilingual=many, generate=self.generate)

    def feature_extractor(self, samples: Any, padding: int) -> Any:
        self.windows.append(round(len(samples) / RATE, 1))
        return np.zeros((80, len(samples) // 160 + 1), np.float32)

    def get_prompt(self, tokens: Any, before: list[int], without_timestamps: bool) -> list[int]:
        return []

    def encode(self, features: Any) -> Any:
        assert features.shape == (80, 3000)

    def generate(self, encoded: Any, prompts: list[list[int]], **how: Any) -> list[Any]:
        self.searches.append(how)
        silence, texts = self.says.pop(0)
        tokens = [[ord(letter) for letter in text] for text, _score in texts]
        scores = [score for _text, score in texts]
        return [SimpleNamespace(sequences_ids=tokens, scores=scores, no_speech_prob=silence)]


Opened = Callable[..., tuple[Model, Library]]


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Opened:
    def open(*says: Any, many: bool = False, language: str = "en") -> tuple[Model, Library]:
        for file in FILES:
            (tmp_path / file).touch()
        library = Library(many, [*says])
        main, tokens = ModuleType("faster_whisper"), ModuleType("faster_whisper.tokenizer")
        main.WhisperModel = lambda folder, **how: library  # type: ignore[attr-defined]
        tokens.Tokenizer = lambda *_some, **_named: SimpleNamespace(  # type: ignore[attr-defined]
            decode=lambda one: "".join(map(chr, one))
        )
        monkeypatch.setitem(sys.modules, "faster_whisper", main)
        monkeypatch.setitem(sys.modules, "faster_whisper.tokenizer", tokens)
        monkeypatch.setattr("models.recognizers.whisper.find_spec", lambda name: True)
        monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
        return find("recognizer", "whisper").open(tmp_path, language), library

    return open


def hear(model: Model, pcm: bytes = SPEECH) -> list[tuple[str, float]]:
    decoding = model.begin()
    assert decoding.feed(pcm) == ""
    return [(one.text, one.confidence) for one in decoding.end()]


def test_readings_that_differ_in_signs_only_are_one(opened: Opened) -> None:
    says = [("Two colas.", -0.1), ("two colas", -0.2), ("too colas", -0.7)]
    model, _library = opened((0.1, says))
    assert hear(model) == [("Two colas.", pytest.approx(0.91, abs=0.01)), ("too colas", pytest.approx(0.53, abs=0.01))]


@pytest.mark.parametrize(
    ("silence", "text", "score"),
    [(0.95, "Thank you.", -1.1), (0.7, "you", -1.7), (0.1, "네.", -4.0), (0.1, "...", -0.1), (0.7, "", 0.0)],
)
def test_what_it_makes_of_noise_is_nothing(silence: float, text: str, score: float, opened: Opened) -> None:
    model, _library = opened((silence, [(text, score)]))
    assert hear(model) == []


def test_a_short_yes_that_it_is_sure_of_is_heard_though_it_may_be_silence(opened: Opened) -> None:
    model, _library = opened((0.7, [("Yes.", -0.5)]))
    assert hear(model)[0][0] == "Yes."


def test_a_text_that_goes_round_in_circles_is_heard_again(opened: Opened) -> None:
    model, library = opened((0.1, [("two colas " * 12, -0.05)]), (0.1, [("two colas", -0.3)]))
    assert [text for text, _sure in hear(model)] == ["two colas"]
    assert "repetition_penalty" not in library.searches[0] and library.searches[1]["repetition_penalty"] > 1
    model, library = opened((0.1, [("two colas " * 12, -0.05)]), (0.1, [("two colas " * 12, -0.3)]))
    assert hear(model) == []


def test_a_muted_microphone_is_not_asked_about(opened: Opened) -> None:
    model, library = opened()
    assert hear(model, bytes(2 * RATE)) == [] and library.searches == []


def test_a_long_utterance_is_parted_where_it_is_quiet(opened: Opened) -> None:
    model, library = opened((0.1, [("one", -0.1)]), (0.1, [("two", -0.3)]))
    pcm = bytearray(SPEECH * 40)
    pcm[25 * 2 * RATE : 25 * 2 * RATE + RATE] = bytes(RATE)
    assert hear(model, bytes(pcm)) == [("one two", pytest.approx(0.86, abs=0.01))]
    assert 25.0 <= library.windows[0] <= 25.5 and sum(library.windows) == 40


def test_a_language_that_the_model_does_not_hear_is_refused(opened: Opened) -> None:
    with pytest.raises(SetupError, match="for English alone; run `voicetill models get ko`"):
        opened(language="ko")
    assert opened(language="zh-Hant", many=True)[0].language == "zh-Hant"


def test_nothing_is_looked_for_on_the_network(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    opened()
    assert os.environ["HF_HUB_OFFLINE"] == "1"
    monkeypatch.delenv("HF_HUB_OFFLINE")


@pytest.mark.parametrize("lost", FILES)
def test_the_file_that_a_model_lacks_is_named(lost: str, opened: Opened, tmp_path: Path) -> None:
    opened()
    (tmp_path / lost).unlink()
    with pytest.raises(SetupError, match="voicetill models get en") as told:
        find("recognizer", "whisper").open(tmp_path, "en")
    assert lost in str(told.value)

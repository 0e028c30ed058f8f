"""Vosk: a real Korean model in the long tests, and here the ways of its library, played by a script."""

from __future__ import annotations

import gc
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from assistant.discovery import find
from assistant.errors import SetupError
from models.recognizers import RATE, Bias, Heard, Model
from tests.engines import Hearing, got, spoken

EXAMPLE = Hearing(
    language="ko",
    model=lambda _folder: got("vosk-small-ko"),
    said=lambda: spoken(find("voice", "pyttsx3"), "ko", "치즈버거 두 개 주세요."),
    heard="치즈버거 두 개 주세요",
    phrases=("치즈버거 두 개 주세요", "네 확인 해 주세요", "아니요", "커피 두 잔 주세요", "메뉴 를 보여 주세요"),
    long=True,
    needs_apt=True,
)
FILES = ("am/final.mdl", "conf/mfcc.conf", "graph/HCLr.fst", "graph/Gr.fst")
SECOND = b"\1\0" * RATE
STATIC = ("am/final.mdl", "conf/mfcc.conf", "graph/HCLG.fst")


class Library:
    """What the package `vosk` is to us. Each second of sound is the next of `says`: readings, best first, each a score
    and its words; a full stop behind the last word of the first one is an end that Vosk finds by itself."""

    def __init__(self, vocabulary: str, says: list[list[tuple[float, str]]]) -> None:
        self.vocabulary, self.says = vocabulary.split(), says
        self.made: list[list[str]] = []
        """The phrases of each recogniser that was made."""

    def SetLogLevel(self, level: int) -> None:
        assert level < 0

    def Model(self, folder: str) -> Any:
        return SimpleNamespace(vosk_model_find_word=lambda word: (word in self.vocabulary and 7) or -1)

    def KaldiRecognizer(self, model: Any, rate: int, phrases: str = "[]") -> Any:
        assert rate == RATE
        self.made.append(json.loads(phrases))
        assert all(word in self.vocabulary for phrase in self.made[-1] for word in phrase.split())
        return Ear(self.says)


class Ear:
    freed = False

    def __del__(self) -> None:
        self.freed = True

    def __init__(self, says: list[list[tuple[float, str]]]) -> None:
        self.says, self.heard, self.now = says, 0.0, list[tuple[float, str]]()

    def SetWords(self, words: bool) -> None:
        assert words

    def SetMaxAlternatives(self, most: int) -> None:
        assert most > 1

    def AcceptWaveform(self, pcm: bytes) -> bool:
        assert not self.freed, "this crashes the process"
        self.heard += len(pcm) / 2 / RATE
        if not any(pcm):
            return False
        self.now = self.says.pop(0)
        return self.now[0][1].endswith(".")

    def PartialResult(self) -> str:
        return json.dumps({"partial": self.now[0][1] if self.now else ""})

    def Result(self) -> str:
        now, self.now = self.now or [(200.0, "")], []
        return json.dumps({"alternatives": [self.reading(score, text.rstrip(".")) for score, text in now]})

    FinalResult = Result

    def reading(self, score: float, text: str) -> dict[str, Any]:
        at = self.heard - 1
        words = [{"word": word, "start": at + n / 10, "end": at + n / 10 + 0.1} for n, word in enumerate(text.split())]
        return {"confidence": score, "text": text, **({"result": words} if words else {})}


Opened = Callable[..., tuple[Model, Library]]


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Opened]:
    def open(
        *says: list[tuple[float, str]], vocabulary: str = "", files: tuple[str, ...] = FILES
    ) -> tuple[Model, Library]:
        for file in files:
            (tmp_path / file).parent.mkdir(exist_ok=True)
            (tmp_path / file).touch()
        library = Library(vocabulary, [*says])
        monkeypatch.setitem(sys.modules, "vosk", library)  # type: ignore[arg-type]
        monkeypatch.setattr("models.recognizers.vosk.find_spec", lambda name: True)
        return find("recognizer", "vosk").open(tmp_path, "en"), library

    yield open


def hear(model: Model, seconds: int = 1, bias: Bias | None = None) -> tuple[Heard, ...]:
    decoding = model.begin(bias)
    for _second in range(seconds):
        decoding.feed(SECOND)
    return decoding.end()


def test_what_was_heard_before_an_end_that_vosk_finds_is_not_lost(opened: Opened) -> None:
    model, _library = opened([(90.0, "two colas.")], [(80.0, "and a coffee")])
    decoding = model.begin()
    assert decoding.feed(SECOND) == "two colas"
    assert decoding.feed(SECOND) == "two colas and a coffee"
    (heard,) = decoding.end()
    assert heard.text == "two colas and a coffee"
    assert [(word.text, word.start) for word in heard.words][2:] == [("and", 1.0), ("a", 1.1), ("coffee", 1.2)]


def test_a_word_is_as_sure_as_the_readings_that_have_it(opened: Opened) -> None:
    model, _library = opened([(90.0, "two colas"), (90.0, "two coffees")])
    first, second = hear(model)
    assert [(word.text, word.confidence) for word in first.words] == [("two", 1.0), ("colas", 0.5)]
    assert (first.confidence, second.text, second.confidence) == (0.75, "two coffees", 0.75)


def test_an_alternative_of_several_parts_differs_in_one_of_them(opened: Opened) -> None:
    model, _library = opened([(90.0, "two colas."), (89.0, "two coffees")], [(80.0, "please"), (76.0, "peas")])
    assert [one.text for one in hear(model, 2)] == ["two colas please", "two coffees please", "two colas peas"]


def test_a_phrase_with_a_word_that_the_model_does_not_know_is_left_out(opened: Opened) -> None:
    model, library = opened([(90.0, "two colas")], vocabulary="two colas [unk]")
    heard = hear(model, bias=Bias(phrases=("Two Colas!", "two bœufs")))
    assert library.made[-1] == ["two colas", "[unk]"]
    assert heard[0].text == "two colas"


def test_without_a_phrase_that_it_knows_it_hears_freely_and_says_so(opened: Opened) -> None:
    model, library = opened(vocabulary="two colas [unk]")
    assert not model.begin(Bias(phrases=("bœuf",))).held and library.made[-1] == []
    assert model.begin(Bias(phrases=("colas",))).held


def test_a_big_model_with_a_graph_of_its_own_hears_freely_and_says_so(opened: Opened) -> None:
    model, library = opened(vocabulary="two colas [unk]", files=STATIC)
    assert not model.can.grammar and not model.begin(Bias(phrases=("two colas",))).held
    assert library.made == [[]]


def test_words_in_pieces_come_back_as_the_phrase_spells_them(opened: Opened) -> None:
    pieces = "장바구니 에 담아 芝士 汉堡 两 个"
    model, library = opened([(90.0, "장바구니 에 담아 芝士 汉堡 两 个")], vocabulary=pieces)
    (heard,) = hear(model, bias=Bias(phrases=("장바구니에 담아", "芝士汉堡两个")))
    assert library.made[-1] == ["장바구니 에 담아", "芝士 汉堡 两 个"]
    assert heard.text == "장바구니에 담아 芝士汉堡两个"
    first = heard.words[0]
    assert (first.text, first.start, first.end) == ("장바구니에", 0.0, 0.2)
    assert model.knows("芝士汉堡") and not model.knows("芝士薯条")


def test_chinese_is_written_without_spaces(opened: Opened) -> None:
    model, _library = opened([(90.0, "来 两 杯 可乐 ok")])
    assert hear(model)[0].text == "来两杯可乐 ok"


def test_what_is_none_of_the_phrases_is_nothing(opened: Opened) -> None:
    model, _library = opened(
        [(90.0, "[unk] [unk]"), (88.0, "two colas")], [(90.0, "[unk] colas")], vocabulary="two colas [unk]"
    )
    bias = Bias(phrases=("two colas",))
    assert hear(model, bias=bias) == ()
    assert hear(model, bias=bias)[0].text == "[unk] colas"


def test_a_recogniser_is_used_again_and_its_times_begin_anew(opened: Opened) -> None:
    model, library = opened([(90.0, "yes")], [(90.0, "no")], [(90.0, "maybe")])
    made = len(library.made)
    assert [hear(model)[0].words[0].start for _time in range(3)] == [0.0, 0.0, 0.0]
    assert len(library.made) == made


def test_a_recogniser_is_not_freed_under_the_next_utterance(opened: Opened) -> None:
    """A decoding in a ring of objects is collected together with all that only it holds."""
    model, _library = opened([(90.0, "yes")], [(90.0, "no")])
    decoding = model.begin()
    decoding.feed(SECOND)
    assert decoding.end()[0].text == "yes"
    ring: list[Any] = [decoding]
    ring.append(ring)
    del ring, decoding
    gc.collect()
    assert hear(model)[0].text == "no"


def test_one_that_was_left_in_the_middle_is_not_used_again(opened: Opened) -> None:
    model, library = opened([(90.0, "yes")], [(90.0, "no")])
    made = len(library.made)
    model.begin().feed(SECOND)
    assert hear(model)[0].text == "no" and len(library.made) == made + 1


def test_nothing_is_begun_with_a_closed_model(opened: Opened) -> None:
    model, _library = opened()
    model.close()
    with pytest.raises(SetupError, match="open it again"):
        model.begin()


@pytest.mark.parametrize("lost", FILES)
def test_the_file_that_a_model_lacks_is_named(lost: str, opened: Opened, tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="voicetill models get en") as told:
        opened(files=tuple(one for one in FILES if one != lost))
    assert lost in str(told.value) or "graph/HCLr.fst" in str(told.value)

"""What a talk is held with: opened when it is needed, and once."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pytest

from assistant.errors import SetupError
from assistant.turns import House
from channels.audio.equipment import Equipment
from models import shelf
from models.recognizers import Abilities
from models.shelf import Shelved


class Recogniser:
    name = "script"
    can = Abilities(streaming=False, grammar=False, alternatives=False)

    def __init__(self) -> None:
        self.log: list[str] = []

    def part(self, kind: str, name: str) -> Any:
        return self

    def missing(self) -> str:
        return ""

    def open(self, folder: Path, language: str) -> Any:
        self.log.append(f"opens {language}")

        class Model:
            def close(_) -> None:
                self.log.append(f"closes {language}")

        return Model()


def put(folder: Path, *files: str) -> Path:
    folder.mkdir(parents=True)
    for name in files:
        (folder / name).write_text("{}")
    return folder


WHISPER = ("model.bin", "config.json", "vocabulary.txt")


def test_who_has_half_a_model_is_told_so_and_not_only_that_there_is_none(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("VOICETILL_MODELS", str(tmp_path))
    put(tmp_path / "whisper-tiny.en", *WHISPER)
    house = cast(House, Recogniser())
    with pytest.raises(
        SetupError, match=r"whisper-tiny\.en is only half there, without tokenizer\.json.*models get en"
    ):
        Equipment(house, {}).hears("en")
    with pytest.raises(SetupError) as told:
        Equipment(house, {}).hears("ko")
    assert "half" not in str(told.value), "it would not have heard Korean"


def test_who_wants_an_engine_is_told_how_to_get_a_model_of_that_engine(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("VOICETILL_MODELS", str(tmp_path))
    with pytest.raises(SetupError, match=r"models get whisper-tiny\.en`"):
        Equipment(cast(House, Recogniser()), {"recognizer": "whisper"}).hears("en")


def test_a_voice_is_no_recogniser(tmp_path: Path) -> None:
    joe = put(tmp_path / "joe", "joe.onnx", "joe.onnx.json")
    with pytest.raises(SetupError, match="--voice-model"):
        Equipment(cast(House, Recogniser()), {"model": str(joe)}).hears("en")


def test_a_talk_that_changes_its_language_and_back_opens_each_model_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        shelf, "installed", lambda kind, language, _: [Shelved(language, kind, "script", (language,), Path(language))]
    )
    recogniser = Recogniser()
    equipment = Equipment(cast(House, recogniser), {})
    first = equipment.hears("en")
    assert equipment.hears("zh") is not first and equipment.hears("en") is first
    assert recogniser.log == ["opens en", "opens zh"]
    equipment.close()
    equipment.close()
    assert recogniser.log[2:] == ["closes en", "closes zh"]

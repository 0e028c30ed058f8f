"""What a talk is held with: opened when it is needed, and once."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pytest

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

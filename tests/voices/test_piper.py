"""Piper: a real voice in the long tests, and here which folders it takes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.discovery import find
from assistant.errors import SetupError
from tests.engines import Speaking, got

EXAMPLE = Speaking(
    language="en",
    text="Two regular cheeseburgers. That is 12.50 in all. Shall I place it?",
    model=lambda _folder: got("piper-en_US-joe-medium"),
    long=True,
)


@pytest.mark.parametrize(
    ("about", "language", "why"),
    [
        (None, "en", r"voice.onnx.json is missing\); run `voicetill models get en --voice`"),
        ("{", "en", "voice.onnx.json can't be read"),
        ({"language": {"code": "de_DE"}}, "en", "speaks de, not en; run `voicetill models get en --voice`"),
        ({"espeak": {"voice": "cmn"}}, "ko", "speaks zh, not ko"),
        (
            {"language": {"code": "zh_CN"}, "phoneme_type": "pinyin"},
            "zh",
            "fetches files for a voice that reads by pinyin",
        ),
    ],
)
def test_a_voice_that_does_not_fit_is_refused(about: object, language: str, why: str, tmp_path: Path) -> None:
    (tmp_path / "voice.onnx").touch()
    if about is not None:
        told = about if isinstance(about, str) else json.dumps(about)
        (tmp_path / "voice.onnx.json").write_text(told)
    with pytest.raises(SetupError, match=why):
        find("voice", "piper").open(language, tmp_path)


def test_two_voices_in_a_folder_are_refused(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.onnx").touch()
    with pytest.raises(SetupError, match="2 files"):
        find("voice", "piper").open("en", tmp_path)

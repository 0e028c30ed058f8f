"""The recogniser of Morse code, told by the voice that speaks it."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.discovery import find
from tests.engines import Hearing, spoken


def model(folder: Path) -> Path:
    signs = [*find("voice", "morse").code.items(), ("end", ".-.-.-")]
    (folder / "code.txt").write_text("".join(f"{letter} {code}\n" for letter, code in signs))
    return folder


EXAMPLE = Hearing(
    language="en",
    model=model,
    said=lambda: spoken(find("voice", "morse"), "en", "Two colas please."),
    heard="two colas please",
)


@pytest.fixture(autouse=True)
def extensions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOICETILL_EXTENSIONS", str(Path(__file__).parents[1]))


def test_a_letter_that_the_model_does_not_have_is_left_out(tmp_path: Path) -> None:
    folder = model(tmp_path)
    text = (folder / "code.txt").read_text()
    (folder / "code.txt").write_text(text.replace("c -.-.\n", ""))
    decoding = find("recognizer", "morse").open(folder, "en").begin()
    decoding.feed(EXAMPLE.said())
    assert decoding.end()[0].text == "two olas please"

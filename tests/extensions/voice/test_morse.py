"""The voice that speaks in Morse code."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.discovery import find
from tests.engines import Speaking

EXAMPLE = Speaking(language="en", text="Two colas. Is it all?")


@pytest.fixture(autouse=True)
def extensions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOICETILL_EXTENSIONS", str(Path(__file__).parents[1]))


def test_a_dash_is_three_dots_long() -> None:
    speaker = find("voice", "morse").open("en")
    (dash,), (dot,) = speaker.say("T"), speaker.say("E")
    assert round((dash.seconds - dot.seconds) / 0.06) == 2

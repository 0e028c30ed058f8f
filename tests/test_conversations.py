"""The golden talks, each through every channel's own wire, over a real store and the sandbox."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from assistant.discovery import discover

from .drivers import DRIVERS
from .talks import Talk, read_talk, run_talk

FOLDER = Path(__file__).parent / "conversations"
TALKS = [read_talk(path) for path in sorted(FOLDER.glob("*.txt"))]


@pytest.mark.parametrize("driver", DRIVERS)
@pytest.mark.parametrize("talk", TALKS, ids=[one.path.stem for one in TALKS])
async def test_talk(talk: Talk, driver: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("VOICETILL_SANDBOX", "VOICETILL_SANDBOX_DELAY"):
        monkeypatch.delenv(name, raising=False)
    await run_talk(talk, DRIVERS[driver](), tmp_path)


def test_every_channel_holds_the_talks() -> None:
    missing = sorted(set(discover("channel")) - set(DRIVERS))
    assert not missing, f"channels without a driver in tests/drivers.py: {', '.join(missing)}"


def test_there_are_talks_of_every_language_and_shop() -> None:
    spoken = Counter(one.head["language"] for one in TALKS)
    shops = Counter((one.head["language"], one.head["shop"]) for one in TALKS)
    assert len(TALKS) >= 60
    assert all(spoken[tag] >= 15 for tag in ("en", "zh", "ko")), spoken
    assert all(
        shops[tag, shop] >= 2 for tag in ("en", "zh", "ko") for shop in ("burger-bar", "corner-shop", "lake-hotel")
    ), shops
    assert len({one.title for one in TALKS}) == len(TALKS)

"""The golden talks, each through every channel's own wire, over a real store and the sandbox."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.discovery import discover, named

from .drivers import DRIVERS
from .talks import Talk, read_talk, run_talk

FOLDER = Path(__file__).parent / "conversations"
TALKS = [read_talk(path) for path in sorted(FOLDER.glob("*.txt"))]


RARE = frozenset(named("speaker")) | {name for name, one in discover("channel").items() if "screen" not in one.can}
"""Each speaker, and each channel that shows nothing."""


def _sample(driver: str) -> int:
    """A driver holds one talk in so many, and with --long the others. The house by itself holds all."""
    return 1 if driver == "house" else 13 if driver in RARE else 3


def _pairs() -> Iterator[Any]:
    for number, talk in enumerate(TALKS):
        for place, driver in enumerate(DRIVERS):
            later = (number + place) % _sample(driver) != 0
            yield pytest.param(talk, driver, id=f"{talk.path.stem}-{driver}", marks=[pytest.mark.long] if later else [])


@pytest.mark.parametrize(("talk", "driver"), list(_pairs()))
async def test_talk(talk: Talk, driver: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("VOICETILL_SANDBOX", "VOICETILL_SANDBOX_DELAY"):
        monkeypatch.delenv(name, raising=False)
    await run_talk(talk, DRIVERS[driver](), tmp_path)


def test_every_channel_holds_the_talks() -> None:
    missing = sorted({*discover("channel"), *discover("speaker")} - set(DRIVERS))
    assert not missing, f"channels and speakers without a driver in tests/drivers.py: {', '.join(missing)}"


def test_there_are_talks_of_every_language_and_shop() -> None:
    spoken = Counter(one.head["language"] for one in TALKS)
    shops = Counter((one.head["language"], one.head["shop"]) for one in TALKS)
    assert len(TALKS) >= 60
    assert all(spoken[tag] >= 15 for tag in ("en", "zh", "ko")), spoken
    assert all(
        shops[tag, shop] >= 2 for tag in ("en", "zh", "ko") for shop in ("burger-bar", "corner-shop", "lake-hotel")
    ), shops
    assert len({one.title for one in TALKS}) == len(TALKS)

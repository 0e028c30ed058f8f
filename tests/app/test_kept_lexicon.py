"""A lexicon that is kept: the same understanding, made anew whenever anything is another, and never trusted blindly."""

from __future__ import annotations

import datetime as dt
import os
import pickle
import stat
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from assistant import kept_lexicon
from assistant.discovery import discover
from assistant.shops import load_shop
from assistant.turns import Hypothesis
from assistant.understanding import Context, Lexicon, understand
from models import languages

NOON = dt.datetime(2026, 11, 23, 12)
SAID = {
    "en": (
        "two large cheeseburgers, one without onions, and a diet coke",
        "a chesburger",
        "deliver it at half past six",
    ),
    "zh": ("来三分薯条，一杯大可乐不要冰", "芝士汉宝两个", "明天下午六点送到"),
    "ko": ("콜라 두 잔이랑 치즈버거 하나 양파 빼고 주세요", "포장할게요", "카드로 할게요"),
}


class Made:
    """Counts how often one is made."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.count, self._make = 0, kept_lexicon.build_lexicon
        monkeypatch.setattr(kept_lexicon, "build_lexicon", self)

    def __call__(self, *given: Any) -> Lexicon:
        self.count += 1
        return self._make(*given)


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Made:
    return Made(monkeypatch)


def opened(folder: Path, **change: Any) -> Lexicon:
    shop, catalogue = load_shop("burger-bar")
    parts = {name: part.WORDS for kind in ("step", "trade", "provider") for name, part in discover(kind).items()}
    files = [languages.load(tag) for tag in change.pop("tags", shop.languages)]
    if "price" in change:
        coke = catalogue.items["coke"]
        catalogue = replace(catalogue, items={**catalogue.items, "coke": replace(coke, price=change["price"])})
    return kept_lexicon.lexicon(shop, catalogue, files, change.get("parts", parts), folder)


def test_it_is_made_once_and_understands_the_same(tmp_path: Path, made: Made) -> None:
    first, second = opened(tmp_path), opened(tmp_path)
    assert made.count == 1
    for tag, sentences in SAID.items():
        for text in sentences:
            said, context = (Hypothesis(text),), Context(now=NOON)
            one, other = (understand(said, lexicon, context, tag) for lexicon in (first, second))
            assert one == other and (one.acts or one.ask or one.leftover), text


def test_whatever_is_another_makes_it_anew(tmp_path: Path, made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    opened(tmp_path)
    fresh = opened(tmp_path, price=1)
    assert made.count == 2 and fresh.catalogue.items["coke"].price == 1
    opened(tmp_path, price=1, parts={})
    opened(tmp_path, tags=("en",))
    assert made.count == 4
    monkeypatch.setattr(kept_lexicon, "_program", lambda: b"a newer one")
    opened(tmp_path, tags=("en",))
    assert made.count == 5


def test_a_file_that_is_odd_is_left_alone(tmp_path: Path, made: Made) -> None:
    opened(tmp_path)
    (file,) = tmp_path.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    good = file.read_bytes()
    for raw in (b"", good[:100], good[:32] + b"\x80garbage", good[:32] + pickle.dumps({"no": "lexicon"})):
        file.write_bytes(raw)
        opened(tmp_path)
        assert file.read_bytes() == good
    assert made.count == 5
    file.chmod(0o666)
    opened(tmp_path)
    assert made.count == 6 and stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_folder_that_cannot_be_written_is_no_matter(tmp_path: Path, made: Made) -> None:
    (tmp_path / "file").touch()
    opened(tmp_path / "file")
    assert made.count == 1 and os.listdir(tmp_path) == ["file"]

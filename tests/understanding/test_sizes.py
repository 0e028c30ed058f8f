"""The next size up or down is of the line that is named or was spoken of last; nothing is ordered by it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.understanding.support import acts_text, good, meaning_of, understood, write_shop


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "the bigger one", "change: coke large"),
        ("en", "make it a bigger one please", "change: coke large"),
        ("en", "a size up", "change: coke large"),
        ("en", "make the fries bigger", "change: fries large"),
        ("zh", "换大一号的", "change: coke large"),
        ("ko", "더 큰 걸로 해 주세요", "change: coke large"),
    ],
)
def test_the_next_size_is_of_what_was_spoken_of(language: str, text: str, expected: str) -> None:
    assert understood(text, language=language, basket=("fries", "coke"), last="coke") == expected


@pytest.mark.parametrize("text", ["the bigger one", "something bigger"])
def test_no_size_is_changed_of_nothing(text: str) -> None:
    assert "add" not in understood(text, language="en") and "change" not in understood(text, language="en")


@pytest.mark.parametrize(
    ("text", "acts", "asked"),
    [
        ("twelve pieces of tuna nigiri", "add: 2 tuna", False),
        ("two portions of tuna nigiri", "add: 2 tuna", False),
        ("six pieces of salmon nigiri", "-", True),
        ("two portions of salmon nigiri", "add: 2 salmon", False),
        ("four salmon nigiri", "add: 4 salmon", False),
    ],
)
def test_pieces_of_what_is_sold_by_several_are_no_portions(tmp_path: Path, text: str, acts: str, asked: bool) -> None:
    salmon = {**good("salmon nigiri"), "id": "salmon", "descriptions": {"en": "Two pieces."}}
    tuna = {**good("tuna nigiri (6 pieces)"), "id": "tuna"}
    shop = write_shop(tmp_path / "sushi", [salmon, tuna])
    meaning = meaning_of(text, shop=shop, language="en")
    assert (acts_text(meaning.acts), bool(meaning.ask)) == (acts, asked)

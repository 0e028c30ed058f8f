"""Names as they are said: other words for the same goods, another order, typed in haste."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.understanding.support import good, pick, understood, write_shop


@pytest.fixture
def deli(tmp_path: Path) -> str:
    peppers = "bell peppers|peppers, banana peppers|pepper, black pepper|pepper"
    fillings = pick("filling", f"mayonnaise, sweet chilli, {peppers}", many=True)
    return write_shop(tmp_path / "deli", [good("roll", pick("size", "small, medium"), fillings), good("coca cola")])


@pytest.mark.parametrize(
    ("text", "acts"),
    [
        ("a roll with mayo", "add: 1 roll mayonnaise"),
        ("two cokes", "add: 2 coca_cola"),
        ("a med roll", "add: 1 roll medium"),
        ("a roll with chilli sweet", "add: 1 roll sweet_chilli"),
        ("id like a roll", "add: 1 roll"),
        ("lets have two rolls", "add: 2 roll"),
    ],
)
def test_a_name_is_known_by_other_words_for_it(text: str, acts: str, deli: str) -> None:
    assert understood(text, deli) == acts


def test_a_name_as_it_is_written_comes_before_the_plural_of_another(deli: str) -> None:
    assert understood("a roll with peppers", deli) == "add: 1 roll bell_peppers"


def test_goods_of_their_own_are_never_taken_for_others(tmp_path: Path) -> None:
    shop = write_shop(tmp_path, [good("coca cola"), good("coke"), good("roll")])
    assert understood("a coke", shop) == "add: 1 coke"


@pytest.mark.parametrize(
    ("text", "language", "acts"),
    [
        ("来两杯可口可乐", "zh", "add: 2 coke"),
        ("코크 두 잔 주세요", "ko", "add: 2 coke"),
        ("감튀 하나 주세요", "ko", "add: 1 fries"),
        ("one coca-cola", "en", "add: 1 coke"),
    ],
)
def test_brands_and_short_forms(text: str, language: str, acts: str) -> None:
    assert understood(text, language=language) == acts


@pytest.mark.parametrize(
    ("text", "acts"),
    [
        ("a 4 cheese pizza", "add: 1 four_cheese_pizza"),
        ("two 4 cheese pizzas", "add: 2 four_cheese_pizza"),
        ("a four cheese pizza", "add: 1 four_cheese_pizza"),
        ("a seven bean soup", "add: 1 7_bean_soup"),
        ("4 rolls", "add: 4 roll"),
    ],
)
def test_a_number_in_a_name_is_written_either_way(text: str, acts: str, tmp_path: Path) -> None:
    shop = write_shop(tmp_path / "pizzas", [good("four cheese pizza"), good("7 bean soup"), good("roll")])
    assert understood(text, shop) == acts

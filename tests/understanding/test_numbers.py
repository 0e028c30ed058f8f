"""Numbers in words, by each language's own system."""

from __future__ import annotations

import pytest

from assistant.understanding.words.numbers import is_digits, myriad, tens
from tests.understanding.support import understood

TENS = {
    (20, 1): 21,
    (2, 100): 200,
    (2, 100, 5): 205,
    (1, 100, 20, 3): 123,
    (100,): 100,
    (18, 1000): 18000,
    (2, 1000, 5, 100): 2500,
    (1, 1000000): 1000000,
    (10, 1): 11,
}
MYRIAD = {
    (10, 2): 12,
    (2, 10): 20,
    (2, 10, 3): 23,
    (1, 100, 0, 5): 105,
    (1, 100, 5): 150,
    (2, 1000, 5): 2500,
    (1, 10000, 8, 1000): 18000,
    (1, 100, 10000): 1000000,
    (10000, 8, 1000): 18000,
}


@pytest.mark.parametrize("values", TENS)
def test_tens_and_ones(values: tuple[int, ...]) -> None:
    assert tens(values, 0) == (TENS[values], len(values))


@pytest.mark.parametrize("values", MYRIAD)
def test_digits_and_units(values: tuple[int, ...]) -> None:
    assert myriad(values, 0) == (MYRIAD[values], len(values))


def test_two_numbers_side_by_side_stay_two() -> None:
    assert tens((2, 12), 0) == (2, 1)
    assert tens((20, 20), 0) == (20, 1)
    assert myriad((3, 5), 0) == (3, 1)


def test_digits_read_out_are_no_number() -> None:
    assert is_digits((5, 5, 5, 0))
    assert not is_digits((5, 10))


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("twenty one cokes", 21),
        ("one hundred and five cokes", 105),
        ("2 thousand cokes", 2000),
        ("two dozen cokes", 24),
        ("1,000 cokes", 1000),
        ("二十三杯可乐", 23),
        ("两百杯可乐", 200),
        ("콜라 스물세 잔 주세요", 23),
        ("콜라 이십 잔 주세요", 20),
        ("콜라 백이십 잔 주세요", 120),
    ],
)
def test_a_count_in_words(text: str, count: int) -> None:
    assert understood(text) == f"add: {count} coke"

"""Numbers from number words: one engine a system, the words come from the language file.

`tens`      ones are added to tens, hundreds multiply (English, Portuguese, the Korean counting numbers)
`myriad`    digits and units, grouped by ten thousand (Chinese)
`exact`     the same where a last digit is never short for its unit: 백사 is 104 (Sino-Korean)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

Engine = Callable[[Sequence[int], int], tuple[int, int]]
"""(values of the words, where to begin) -> (number, where it ends)."""


def tens(values: Sequence[int], at: int) -> tuple[int, int]:
    """Reads as many words as make one number: twenty one, one hundred five, two thousand."""
    total, current = 0, None
    begin = at
    while at < len(values):
        value = values[at]
        if value >= 1000:
            if current is None and at > begin:
                break
            total += (current if current is not None else 1) * value
            current = None
        elif value == 100:
            if current is not None and not 0 < current < 100:
                break
            current = (current or 1) * 100
        elif current is None:
            current = value
        elif (value < 10 and value > 0 and current % 10 == 0 and current % 100 >= 10) or (
            value < 100 and current >= 100 and current % 100 == 0
        ):
            current += value
        else:
            break
        at += 1
    return total + (current or 0), max(at, begin + 1)


def myriad(values: Sequence[int], at: int, short: bool = True) -> tuple[int, int]:
    """Reads as many digits and units as make one number: 十二, 一百零五, 一万八千; 一百五 is 150 where `short`."""
    total = section = 0
    digit: int | None = None
    unit_before = 0
    zero = False
    begin = at
    while at < len(values):
        value = values[at]
        if value < 10:
            if digit is not None:
                if digit == 0 and unit_before:
                    digit = value
                    at += 1
                    continue
                break
            if unit_before == 1 or (unit_before == 10 and value == 0):
                break
            if value == 0 and unit_before:
                zero = True
                at += 1
                continue
            digit = value
        elif value < 10_000:
            if section and unit_before and value >= unit_before:
                break
            if digit == 0:
                break
            section += (1 if digit is None else digit) * value
            digit, unit_before, zero = None, value, False
        else:
            if not section and digit is None and not total and at > begin:
                break
            total = (total if total < value else 0) + (section + (digit or 0) or 1) * value
            section, digit, unit_before, zero = 0, None, value, False
        at += 1
    if digit is not None:
        section += digit * (unit_before // 10 if short and unit_before >= 100 and not zero else 1)
    return total + section, max(at, begin + 1)


def exact(values: Sequence[int], at: int) -> tuple[int, int]:
    return myriad(values, at, short=False)


ENGINES: dict[str, Engine] = {"tens": tens, "myriad": myriad, "exact": exact}


def is_digits(values: Sequence[int]) -> bool:
    """Three or more single digits in a row are read out one by one: a phone number, a house, a code."""
    return len(values) >= 3 and all(value < 10 for value in values)

"""Tables for a terminal: columns that stand below each other, whatever script is in them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence

GAP = "  "


def width(text: str) -> int:
    """Cells of a terminal that a text takes: two for a Chinese or Korean letter, none for a combining mark."""
    return sum(_cells(letter) for letter in text)


def _cells(letter: str) -> int:
    if unicodedata.category(letter) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1


def aligned(rows: Sequence[Sequence[str]], indent: str = "") -> Iterator[str]:
    """Each row as a line. Rows may be of different length; the last cell of a row is not filled up."""
    widths: list[int] = []
    for row in rows:
        for at, cell in enumerate(row[:-1]):
            if at == len(widths):
                widths.append(0)
            widths[at] = max(widths[at], width(cell))
    for row in rows:
        filled = [cell + " " * (widths[at] - width(cell)) for at, cell in enumerate(row[:-1])]
        yield indent + GAP.join([*filled, *row[-1:]]).rstrip()

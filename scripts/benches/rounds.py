"""Rounds of measurements, each in a process of its own, and tables of what came of them."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from typing import Any

from scripts.benches.figures import Spread

Row = dict[str, Any]
Cell = tuple[str, Callable[[], Row]]


def worker(name: str, *arguments: object) -> Row:
    """One measurement in a process of its own, so that none shares another's interpreter or memory."""
    command = [sys.executable, "-m", f"scripts.benches.{name}", *map(str, arguments)]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    found: Row = json.loads(done.stdout)
    return found


def rounds(cells: Sequence[Cell], count: int) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {name: [] for name, _ in cells}
    for number in range(count):
        for name, measure in cells if number % 2 == 0 else reversed(cells):
            say(f"round {number + 1} of {count}: {name}")
            found[name].append(measure())
    return found


def say(text: str) -> None:
    print(f"scripts/bench: {text}", file=sys.stderr, flush=True)


def ratio(one: Sequence[Row], other: Sequence[Row], key: str = "per_second", other_key: str = "") -> Spread:
    """Round by round, so that a slow minute of the machine is in both."""
    return Spread([a[key] / b[other_key or key] for a, b in zip(one, other, strict=True)])


def shown(rows: Sequence[Row], key: str, digits: int, per: float = 1) -> str:
    values = [row[key] / per for row in rows if row.get(key) is not None]
    return f"{Spread(values).median:,.{digits}f}" if values else ""


def with_spread(rows: Sequence[Row], key: str, digits: int) -> tuple[str, str]:
    """The median, and from where to where it went."""
    values = [row[key] for row in rows]
    return shown(rows, key, digits), f"{min(values):,.{digits}f} to {max(values):,.{digits}f}"


def table(title: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """For people, and as it stands for a page of documentation."""
    cells = [list(heads), *map(list, rows)]
    widths = [max(len(row[place]) for row in cells) for place in range(len(heads))]

    def line(row: Sequence[str]) -> str:
        first, *others = row
        padded = [first.ljust(widths[0]), *(one.rjust(width) for one, width in zip(others, widths[1:], strict=True))]
        return f"| {' | '.join(padded)} |"

    print(f"\n{title}\n\n{line(cells[0])}")
    rules = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    print(f"| {' | '.join(rules)} |")
    for row in cells[1:]:
        print(line(row))

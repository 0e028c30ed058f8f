"""Tables of how letters sound, for the languages that need one: `<name>.txt`, a syllable and its letters a line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path


def syllables(name: str) -> Iterator[tuple[str, str]]:
    """(syllable, the letters that are said so) from a table."""
    for line in (Path(__file__).parent / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            said, _, letters = line.partition(" ")
            yield said, letters

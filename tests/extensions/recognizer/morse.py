"""A recogniser of Morse code: all that a recogniser needs, without a library. Its model is a file of letters."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np

from assistant.errors import SetupError
from models.recognizers import RATE, Abilities, Bias, Heard, Word

BLOCK = RATE // 100
UNIT = 6
"""Blocks of a dot."""
LOUD = 3_000
"""The mean of a block in which the key is down."""


class Morse:
    name = "morse"
    can = Abilities(streaming=True, grammar=False, alternatives=False)
    extra = ""

    def missing(self) -> str:
        return ""

    def open(self, folder: Path, language: str) -> Letters:
        try:
            lines = (folder / "code.txt").read_text(encoding="utf-8").splitlines()
        except OSError:
            raise SetupError(f"{folder}: no code.txt; get one, with a letter and its signs in each line") from None
        code = {signs: letter for letter, _, signs in (line.partition(" ") for line in lines)}
        if "end" not in code.values():
            raise SetupError(f"{folder}/code.txt is cut off (its last line must be 'end .-.-.-'); get it again")
        return Letters(code, language)


class Letters:
    can = Morse.can

    def __init__(self, code: dict[str, str], language: str) -> None:
        self.language, self.code = language, code

    def knows(self, word: str) -> bool | None:
        return None  # it spells

    def begin(self, bias: Bias | None = None) -> Decoding:
        return Decoding(self.code)

    def close(self) -> None:
        """Nothing is kept open."""


class Decoding:
    held = False

    def __init__(self, code: dict[str, str]) -> None:
        self.code = code
        self.pcm = b""

    def feed(self, pcm: bytes) -> str:
        self.pcm += pcm
        return " ".join(word.text for word in self.words())

    def end(self) -> tuple[Heard, ...]:
        words = tuple(self.words())
        self.pcm = b""
        return (Heard(" ".join(word.text for word in words), 1.0, words),) if words else ()

    def words(self) -> list[Word]:
        samples = np.frombuffer(self.pcm[: len(self.pcm) // (2 * BLOCK) * 2 * BLOCK], np.int16).astype(np.int32)
        down = np.abs(samples).reshape(-1, BLOCK).mean(axis=1) > LOUD
        edges = [0, *(np.flatnonzero(np.diff(down)) + 1).tolist(), len(down)] if len(down) else []
        found: list[Word] = []
        letters, signs, begun, ended = "", "", 0, 0
        for start, end in pairwise(edges):
            length = (end - start) / UNIT
            if down[start]:
                begun = begun if letters or signs else start
                signs, ended = signs + ("." if length < 2 else "-"), end
            elif signs and length > 2:
                letters, signs = letters + self.code.get(signs, ""), ""
                if letters and length > 5:
                    found.append(Word(letters, begun / 100, ended / 100, 1.0))
                    letters = ""
        return found


RECOGNIZER = Morse()

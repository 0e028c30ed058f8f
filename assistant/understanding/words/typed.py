"""Words as they are typed in haste, "do u have", "a coke n fries", or written down by ear, "for of them"."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

from msgspec.structs import replace

from assistant.understanding.words.text import Token


def spelled_out(tokens: list[Token], short: Mapping[str, str]) -> list[Token]:
    """The tokens, with such words as they are meant. One that stands alone, first, or beside another single letter
    ("n" for no, a name that is spelled) says what it says; some are meant so only before a certain word."""
    if not short:
        return tokens
    pairs = [f"{one.text} {other.text}" for one, other in pairwise(tokens)]
    if short.keys().isdisjoint([token.text for token in tokens]) and short.keys().isdisjoint(pairs):
        return tokens
    made = []
    for at, token in enumerate(tokens):
        pair = pairs[at] if at < len(pairs) else ""
        meant = short.get(pair) or (short.get(token.text) if _meant(tokens, at) else None)
        made.append(replace(token, text=meant) if meant else token)
    return made


def _meant(tokens: list[Token], at: int) -> bool:
    if len(tokens[at].text) > 1:
        return len(tokens) > 1
    beside = [tokens[i] for i in (at - 1, at + 1) if 0 <= i < len(tokens)]
    letters = any(len(one.text) == 1 and one.text not in "ai" and one.kind == "word" for one in beside)
    return at > 0 and len(beside) == 2 and all(one.kind in ("word", "number") for one in beside) and not letters

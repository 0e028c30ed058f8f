"""No card number gets past the first boundary: what a turn says is cleaned before anything looks at it, hashes or keeps
it. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from operator import is_
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from assistant.turns import Hypothesis, Turn
from assistant.understanding.words.text import CARD, fragment, is_card, last_digits, redact

__all__ = ["fragment", "redacted", "whole_card"]


def redacted(turn: Turn) -> Turn:
    """Card numbers go before anything looks at the words, hashes or keeps them."""
    hypotheses = tuple([_without_secrets(one) for one in turn.hypotheses])
    if not turn.acts and not turn.doubts:
        return turn if all(map(is_, hypotheses, turn.hypotheses)) else replace(turn, hypotheses=hypotheses)
    return replace(turn, hypotheses=hypotheses, acts=_clean(turn.acts), doubts=_clean(turn.doubts))


def _without_secrets(hypothesis: Hypothesis) -> Hypothesis:
    text, changed = _kept(hypothesis.text)
    return Hypothesis(text, hypothesis.confidence) if changed else hypothesis


def _kept(text: str) -> tuple[str, bool]:
    """A text as it may be kept, and whether it is another one: no card numbers, no halves of letters."""
    whole = text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")
    clean, changed = redact(whole)
    return clean, changed or whole != text


def _clean(value: Any) -> Any:
    """What a platform or a tap sends, however deep the words lie in it."""
    if isinstance(value, str):
        return _kept(value)[0]
    if isinstance(value, Struct):
        return replace(value, **{name: _clean(getattr(value, name)) for name in value.__struct_fields__})
    if isinstance(value, Mapping):
        return {key: _clean(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(_clean(one) for one in value)
    return value


def whole_card(before: Sequence[str], turn: Turn) -> Turn:
    """The turn without its digits where they end a card number whose others were said right `before`, oldest first."""
    hypotheses = tuple([_without_rest(before, one) for one in turn.hypotheses])
    return turn if all(map(is_, hypotheses, turn.hypotheses)) else replace(turn, hypotheses=hypotheses)


def _without_rest(before: Sequence[str], hypothesis: Hypothesis) -> Hypothesis:
    digits = fragment(hypothesis.text)
    for text in reversed(before if digits else ()):
        digits = last_digits(text) + digits
        if is_card(digits):
            return Hypothesis(CARD, hypothesis.confidence)
        if not fragment(text):
            break
    return hypothesis

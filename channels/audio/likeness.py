"""Whether what was heard is something that we wait for: the wake phrase, our own voice, a word to be quiet."""

from __future__ import annotations

from msgspec.structs import replace

from assistant.turns import Hypothesis
from channels.audio.ears import Utterance
from models import languages

WOKEN = 80
"""Likeness, of 100, from which what was heard is the wake phrase."""
ECHO = 85
"""Likeness, of 100, from which what was heard over our own voice is what we said."""


def after_wake(heard: Utterance, wake: str) -> Utterance | None:
    """What was said after the wake phrase, maybe nothing; None where nobody said it."""
    from rapidfuzz import fuzz

    size = len(wake.split())
    for one in heard.hypotheses:
        words = one.text.split()
        for at in range(max(len(words) - size, 0) + 1):
            if fuzz.ratio(" ".join(words[at : at + size]).lower(), wake) >= WOKEN:
                rest = " ".join(words[at + size :])
                return replace(heard, text=rest, hypotheses=(Hypothesis(rest, one.confidence),))
    return None


def hushes(heard: str, language: str) -> bool:
    """Whether somebody only wants our voice to stop, by `[listen] hush` of the language."""
    if language not in languages.available():
        return False
    told = languages.load(language).tables.get("listen", {}).get("hush", ())
    return " ".join(heard.lower().strip(" .,!?。，！？").split()) in told


def our_own(heard: str, spoken: str) -> bool:
    """Whether what was heard is what we were saying."""
    from rapidfuzz import fuzz

    return len(heard) > 3 and fuzz.partial_ratio(heard.lower(), spoken.lower()) >= ECHO

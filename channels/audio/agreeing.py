"""Two readings of one utterance made hypotheses: what was heard freely, and what was heard when held to likely words.

A recogniser that is held to a shop's words makes such words of any noise, and says that it is sure. So what it heard
counts as far as the free reading says the same; where they differ in what may move money, or altogether, both are
handed on, unsure, and the core asks.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher

from rapidfuzz import fuzz

from assistant.turns import Hypothesis, Vocabulary
from models.recognizers import Heard

UNSURE = 0.25
"""The confidence of what only one reading has: the core does nothing for it unasked, and it is never a yes."""
HELD_ALONE = 0.55
"""No more is what was heard in one way only: too little for a yes to count."""
ALIKE = 0.5
"""Readings whose letters have less in common were made of different sounds: of noise, or of words that no list has."""
MOSTLY = 0.5
"""With more than that of it unknown, a reading says nothing."""
MOST = 5
FAINT = 0.2
"""Other readings that are so much less likely than the best only get in the way."""
_TOKEN = re.compile(r"[<\[]unk[>\]]|[㐀-鿿가-힣]|[^\W_㐀-鿿가-힣]+(?:'[^\W_㐀-鿿가-힣]+)*", re.IGNORECASE)
_UNKNOWN = re.compile(r"[<\[]unk[>\]]", re.IGNORECASE)
_SPACES = re.compile(r"\s+")


def agreed(free: Sequence[Heard], held: Sequence[Heard] | None, vocabulary: Vocabulary) -> tuple[Hypothesis, ...]:
    """Best first. `free`: what was heard freely, empty where nothing was (or nobody listened so); `held`: what was
    heard when held to the vocabulary's phrases, None where it wasn't."""
    if held is None:
        return tuple(_hypotheses((_said(one.text), one.confidence) for one in free))
    best = held[0] if held else None
    if best is None or _unknown(best.text) > MOSTLY:
        return tuple(_freely(free, vocabulary))
    if not free:
        return tuple(_held_alone(best, vocabulary))
    return tuple(_both(free, best, vocabulary))


def moves_money(heard: Sequence[Heard], vocabulary: Vocabulary) -> bool:
    """Whether the best reading has words that can move money, so that a second hearing is worth waiting for."""
    return bool(heard) and bool(_money(_tokens(heard[0].text), vocabulary))


def _freely(free: Sequence[Heard], vocabulary: Vocabulary) -> Iterable[Hypothesis]:
    """None of the likely words was heard: what is heard freely is taken for what it is, and moves no money."""
    money = moves_money(free, vocabulary)
    return _hypotheses((_said(one.text), min(one.confidence, UNSURE) if money else one.confidence) for one in free)


def _held_alone(best: Heard, vocabulary: Vocabulary) -> Iterable[Hypothesis]:
    """Only one: other readings of the same kind would look like a second opinion."""
    sure = min(best.confidence, HELD_ALONE) * (1 - _unknown(best.text))
    if _money(_tokens(best.text), vocabulary):
        sure = min(sure, UNSURE)
    return _hypotheses([(_said(best.text), sure)])


def _both(free: Sequence[Heard], held: Heard, vocabulary: Vocabulary) -> Iterable[Hypothesis]:
    first = free[0]
    mine, theirs = _tokens(first.text), _tokens(held.text)
    same, covered = _shared(mine, theirs)
    like = _likeness(first.text, held.text, covered)
    sure = like * (0.5 + 0.5 * max(first.confidence, held.confidence))
    if vocabulary.kind == "yes_no" and (len(same[0] | covered) < len(mine) or len(same[1]) < sum(map(bool, theirs))):
        sure = min(sure, HELD_ALONE)  # a yes may be any of its words
    loose = _loose(mine, same[0], vocabulary) or _loose(theirs, same[1], vocabulary)
    if loose or like < ALIKE:
        # The free reading first where the other was made of too little, or has gaps.
        order = (held, first) if like >= ALIKE and not _unknown(held.text) else (first, held)
        return _hypotheses((_said(one.text), UNSURE) for one in order)
    best = first if _unknown(held.text) else held
    others = [one for one in (first, *free[1:]) if one.confidence >= FAINT * first.confidence]
    return _hypotheses([(_said(best.text), sure), *((_said(one.text), min(one.confidence, sure)) for one in others)])


def _hypotheses(said: Iterable[tuple[str, float]]) -> list[Hypothesis]:
    found: dict[str, Hypothesis] = {}
    for text, sure in said:
        if text and text not in found:
            found[text] = Hypothesis(text, round(max(0.01, min(sure, 1.0)), 3))
    return list(found.values())[:MOST]


# ------------------------------------------------------------------------------------------------- comparing


def _said(text: str) -> str:
    return _SPACES.sub(" ", _UNKNOWN.sub(" ", text)).strip()


def _tokens(text: str) -> list[str]:
    """Words, and single letters where words are not parted alike by everybody; an empty one for what isn't known."""
    return ["" if _UNKNOWN.fullmatch(one) else one for one in _TOKEN.findall(text.lower())]


def _unknown(text: str) -> float:
    """How much of a reading is unknown."""
    words = [one for one in text.split() if one]
    return sum(_UNKNOWN.fullmatch(one) is not None for one in words) / len(words) if words else 1.0


Places = frozenset[int]


def _shared(mine: Sequence[str], theirs: Sequence[str]) -> tuple[tuple[Places, Places], Places]:
    """The words that both have, as places in the one and in the other; and those of `mine` where the other only says
    that it doesn't know them."""
    here: set[int] = set()
    there: set[int] = set()
    covered: set[int] = set()
    for what, at, to, begin, end in SequenceMatcher(None, mine, theirs, autojunk=False).get_opcodes():
        if what == "equal" or "".join(mine[at:to]) == "".join(theirs[begin:end]):
            here.update(range(at, to))
            there.update(range(begin, end))
        elif not any(theirs[begin:end]) and end > begin:
            covered.update(range(at, to))
    return (frozenset(here), frozenset(there)), frozenset(covered)


def _money(tokens: Sequence[str], vocabulary: Vocabulary) -> list[range]:
    """Where words stand that can move money."""
    known = {tuple(_tokens(word)) for word in vocabulary.money}
    longest = max(map(len, known), default=0)
    found: list[range] = []
    for at in range(len(tokens)):
        for end in range(at + 1, min(at + longest, len(tokens)) + 1):
            if tuple(tokens[at:end]) in known:
                found.append(range(at, end))
    return found


def _loose(tokens: Sequence[str], same: Places, vocabulary: Vocabulary) -> bool:
    """Whether a word that can move money is only in this reading."""
    return any(not same.issuperset(place) for place in _money(tokens, vocabulary))


def _likeness(free: str, held: str, covered: Places) -> float:
    """How much of their letters two readings have in common, 0 to 1. What the held one doesn't know isn't compared."""
    kept = "".join(one for at, one in enumerate(_tokens(free)) if at not in covered)
    other = "".join(_tokens(held))
    if not kept or not other:
        return 0.0
    return float(fuzz.ratio(unicodedata.normalize("NFD", kept), unicodedata.normalize("NFD", other))) / 100

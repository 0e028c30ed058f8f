"""Words that a recogniser made others of, known again by where they stand: a measure word between a count and goods,
a correction between two counts, a particle behind an option.

For languages that part no words by spaces, where one wrong syllable makes two words of others. Each place allows only
few words, so that less likeness is enough there than anywhere else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct
from rapidfuzz.distance import Levenshtein

from assistant.understanding.misheard.sounds import Letters
from assistant.understanding.words.lexicon import Lexicon, Trie, kept_with, phrases
from assistant.understanding.words.names import Key
from assistant.understanding.words.spans import PHRASE_ENDS, Mended, Span
from assistant.understanding.words.text import Token

CORRECTS = 0.7
"""So like a correction must be what stands between two counts, or two sizes: 两杯，无对，三杯."""
LONGEST = 3
"""Syllables of a correction that is looked for."""
_COST = 1.3
"""Less than the same syllables as two words of their own, more than as one phrase."""
_COUNT = frozenset({"num", "measure"})
_NAMED = frozenset({"item", "choice", "partial", "category", "correct"})
_GOODS = frozenset({"item", "partial"})


class Small(Struct, frozen=True, eq=False):
    """A language's corrections and particles as they sound."""

    corrections: tuple[tuple[str, Key], ...]
    particles: tuple[tuple[str, str], ...]


def _small(trie: Trie, speech: Letters) -> Small:
    corrections: list[tuple[str, Key]] = []
    particles: list[tuple[str, str]] = []
    for key, has in phrases(trie):
        if "correct" in has and 1 < len(key) <= LONGEST and speech.fits(key[0]):
            corrections.append((speech.sound(key), key))
        if "particle" in has and len(key) == 1 and speech.fits(key[0]):
            particles.append((speech.sound(key), key[0]))
    return Small(tuple(corrections), tuple(particles))


def read(
    tokens: Sequence[Token],
    spans: Sequence[Span],
    unknown: Sequence[bool],
    lexicon: Lexicon,
    language: str,
    speech: Letters,
    *,
    spoken: bool,
) -> Iterator[tuple[int, Mended]]:
    """Such readings, each with where it begins. `spans`: the span of each token. Words that are known are others than
    they say only in what was spoken."""
    small = kept_with(lexicon.words[language], "small words by sound", lambda trie: _small(trie, speech))
    yield from _measures(tokens, spans, unknown)
    yield from _particles(tokens, spans, unknown, small, speech)
    for at, found in _corrections(tokens, spans, lexicon, small, speech):
        if spoken or any(unknown[at : found.end]):
            yield at, found


def _measures(tokens: Sequence[Token], spans: Sequence[Span], unknown: Sequence[bool]) -> Iterator[tuple[int, Mended]]:
    """One syllable that isn't known between a number and goods: there stands a measure word, 两阵拍黄瓜."""
    for at in range(1, len(tokens) - 1):
        if unknown[at] and "num" in spans[at - 1].has and spans[at + 1].has.keys() & _GOODS:
            yield at, Mended(at + 1, {"measure": True}, tokens[at].text, _COST, 1.0, "sound")


def _particles(
    tokens: Sequence[Token], spans: Sequence[Span], unknown: Sequence[bool], small: Small, speech: Letters
) -> Iterator[tuple[int, Mended]]:
    """One syllable that isn't known behind an option, where the phrase ends, and that begins like a particle. Said
    without stress, little else of it is heard: 大份等 is 大份的."""
    for at in range(1, len(tokens)):
        ends = at + 1 == len(tokens) or bool(spans[at + 1].has.keys() & PHRASE_ENDS)
        if not (ends and unknown[at] and _is_quality(spans, at - 1)):
            continue
        sound = speech.sound((tokens[at].text,))
        said = next((word for code, word in small.particles if _begins_alike(sound, code)), None)
        if said is not None:
            yield at, Mended(at + 1, {"particle": True}, said, _COST, 1.0, "sound")


def _is_quality(spans: Sequence[Span], at: int) -> bool:
    """Whether an option ends at a place, be it one whose last letter sounds like a measure word: 大分, 六块."""
    if "measure" in spans[at].has:
        return at > 0 and bool(spans[at - 1].has.keys() & {"choice", "num"})
    return bool(spans[at].has.keys() & {"choice", "tag"})


_ONSET, _NUCLEUS = slice(0, 3), slice(4, 6)
"""Where in a syllable's features its first consonant and its vowel are."""


def _begins_alike(one: str, other: str) -> bool:
    return one[_ONSET] == other[_ONSET] and one[_NUCLEUS] == other[_NUCLEUS]


def _corrections(
    tokens: Sequence[Token], spans: Sequence[Span], lexicon: Lexicon, small: Small, speech: Letters
) -> Iterator[tuple[int, Mended]]:
    """What sounds a little like a correction where one is due: between a count that counts nothing and another one, or
    before another option than the one that was said."""
    for at in range(2, len(tokens)):
        if spans[at].start != at or not _corrected_by(spans, at, lexicon):
            continue
        end = at - 1 if "pause" in spans[at - 1].has else at
        for start in range(max(0, end - LONGEST), end - 1):
            inside = spans[start:end]
            if any(one.has.keys() & _NAMED or "pause" in one.has for one in inside):
                continue
            if all("num" in one.has for one in inside):
                continue  # digits of a number that is read out: 一二三四五六
            if start and "num" in spans[start - 1].has and "measure" in inside[0].has:
                continue  # it measures what was counted: 意面两包酱一瓶
            if not _follows_value(spans, start, "num" in spans[at].has):
                continue
            found = _likest(speech.sound([token.text for token in tokens[start:end]]), small.corrections)
            if found is not None:
                key, alike = found
                yield start, Mended(end, {"correct": key}, "".join(key), _COST, alike, "sound")


def _likest(sound: str, corrections: Sequence[tuple[str, Key]]) -> tuple[Key, float] | None:
    best = max(
        ((float(Levenshtein.normalized_similarity(sound, code)), key) for code, key in corrections), default=None
    )
    return (best[1], best[0]) if best is not None and best[0] >= CORRECTS else None


def _follows_value(spans: Sequence[Span], start: int, count: bool) -> bool:
    """Whether what may be corrected stands right before a place: a count of nothing, or goods with an option."""
    at = start - 1 - (start > 0 and "pause" in spans[start - 1].has)
    if at < 0:
        return False
    has = spans[at].has
    return bool(has.keys() & _COUNT) if count else bool(has.keys() & _NAMED | has.keys() & {"particle"})


def _corrected_by(spans: Sequence[Span], at: int, lexicon: Lexicon) -> bool:
    """Whether a count begins at a place, or another option stands there than the one said before of the same goods."""
    has = spans[at].has
    if "num" in has:
        return True
    if "choice" not in has or "item" in has:
        return False
    return any(
        "choice" in one.has and one.start < at and _instead(one.has["choice"], has["choice"], lexicon)
        for one in spans[:at]
    )


def _instead(one: Mapping[str, Any], other: Mapping[str, Any], lexicon: Lexicon) -> bool:
    """Whether two choices exclude each other on some goods."""
    for item in one.keys() & other.keys():
        single = {option.id for option in lexicon.catalogue.items[item].options if option.choose == "one"}
        paths = {path for path, _ in one[item]} & {path for path, _ in other[item]} & single
        if paths and set(one[item]).isdisjoint(other[item]):
            return True
    return False

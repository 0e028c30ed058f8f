"""Names that sound like what was heard, however many names there are.

An index of all names, roughly spelt (`sounds.py`), by each three sounds in a row finds those that share most with what
was heard; only these few are compared sound by sound. Used for words that nothing exact was found for. The index is
made on first use: about a second for 100,000 names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from msgspec import Struct
from rapidfuzz.distance import Indel, Levenshtein
from rapidfuzz.fuzz import partial_ratio
from rapidfuzz.process import extract

from assistant.understanding.misheard.sounds import END, Letters, speech_of
from assistant.understanding.words.language_words import Key
from assistant.understanding.words.lexicon import Lexicon, phrases
from assistant.understanding.words.names import parted, plain
from assistant.understanding.words.text import words_of

COMPARED = 80
"""So many names are compared, after the index has chosen them."""
MANY, ENOUGH = 500, 40
"""Where fewer share much, those that share little are looked at too; where fewer share more than one, those of one."""
WORK = 20_000
"""Entries of the index that are looked at for one question: the rarest triples first."""
LONGEST = 64
"""Tokens that are looked up at once; in what goes on longer no further name is looked for."""


class Match(Struct, frozen=True):
    phrase: Key
    readings: Mapping[str, Any]
    """What the phrase may mean, by kind, as the lexicon has it."""
    likeness: float
    """1: sounds the same; 0: nothing in common."""


def _by_triple(codes: Any, sizes: Any) -> Iterator[tuple[str, Any]]:
    """Each three letters in a row with the phrases that have them. `codes`: all phrases, END before, between and after;
    `sizes`: letters of each."""
    import numpy

    count = max(len(sizes), 1)
    borders = codes == ord(END)
    # What parts two phrases is a space to the triples, for that is what stands around a word.
    codes = numpy.where(borders, numpy.uint32(ord(" ")), codes)
    alphabet = numpy.unique(codes)
    letters = numpy.searchsorted(alphabet, codes)
    pairs = (letters[:-2] * len(alphabet) + letters[1:-1]) * len(alphabet) + letters[2:]
    pairs = pairs[~borders[1:-1]] * count + numpy.repeat(numpy.arange(len(sizes)), sizes)
    pairs.sort()
    pairs = pairs[numpy.flatnonzero(numpy.diff(pairs, prepend=-1))]
    owners = (pairs % count).astype(numpy.uint32)
    pairs //= count
    starts = numpy.flatnonzero(numpy.diff(pairs, prepend=-1, append=-1)).tolist()
    shown = [chr(code) for code in alphabet]
    for start, end in pairwise(starts):
        rest, third = divmod(int(pairs[start]), len(alphabet))
        first, second = divmod(rest, len(alphabet))
        yield shown[first] + shown[second] + shown[third], owners[start:end]


class Near:
    """The phrases of one shop that one language can be taken for. Never changed once made."""

    def __init__(self, texts: Iterable[str], meaning: Callable[[Key], Mapping[str, Any]], speech: Letters) -> None:
        """`texts`: phrases in normal form. `meaning` is asked for those that are found."""
        import numpy

        self._np = numpy
        self.speech = speech
        self.texts: Sequence[str] = [text for text in texts if speech.fits(text)]
        self.meaning = meaning
        self._spelt = f"{END}{speech.rough(END.join(self.texts))}{END}"
        codes = numpy.frombuffer(self._spelt.encode("utf-32-le"), dtype=numpy.uint32)
        self._at = numpy.flatnonzero(codes == ord(END)) + 1
        """Where each phrase begins in `_spelt`; the last entry is its end."""
        self._sizes = numpy.diff(self._at) - 1
        self._having: dict[str, Any] = dict(_by_triple(codes, self._sizes))
        """Three sounds in a row -> the phrases that have them, by their places."""

    def _roughs(self, phrases: Any) -> list[str]:
        starts, ends = self._at[phrases].tolist(), self._at[phrases + 1].tolist()
        return [self._spelt[start : end - 1] for start, end in zip(starts, ends, strict=True)]

    def _sharing(self, rough: str) -> tuple[Any, Any]:
        """The phrases that share triples with these sounds, the rarest of them, and how many each shares."""
        spelt, having = f" {rough} ", self._having
        triples = dict.fromkeys([spelt[at : at + 3] for at in range(len(spelt) - 2)])
        found = sorted([having[one] for one in triples if one in having], key=len)
        kept: list[Any] = []
        looked = 0
        for one in found:
            looked += len(one)
            if kept and looked > WORK:
                break
            kept.append(one)
        numpy = self._np
        shares = numpy.zeros(len(self.texts), dtype=numpy.uint16)  # small, for all of it is looked through
        if kept:
            numpy.add.at(shares, numpy.concatenate(kept), numpy.uint16(1))
        for least, enough in ((int(shares.max(initial=0)) // 4, MANY), (1, ENOUGH), (0, 0)):
            phrases = numpy.flatnonzero(shares > least)
            if len(phrases) >= enough:
                break
        return phrases, shares[phrases].astype(numpy.int64)

    def _best(self, phrases: Any, rank: Any, most: int) -> Any:
        return phrases[self._np.argpartition(rank, -most)[-most:]] if len(phrases) > most else phrases

    def _like_all(self, rough: str, phrases: Any, shared: Any) -> Any:
        """Of phrases that share triples, those that are likest to all of it."""
        return self._best(phrases, shared - 0.1 * self._np.abs(self._sizes[phrases] - len(rough)), COMPARED)

    def shortlist(self, tokens: Sequence[str], *, parts: int, wholes: int) -> list[str]:
        """What some part of these tokens may be like, and what all of them may: one question to the index.

        So many phrases of each, most promising first.
        """
        if not tokens or not self.texts:
            return []
        # Short names have few triples: they are also looked for as if they stood alone, word by word and two by two.
        alone = [plain(tokens[at : at + size]) for size in (1, 2) for at in range(len(tokens) - size + 1)]
        spelt = self.speech.rough(END.join((plain(tokens), *alone)))
        rough = spelt.partition(END)[0]
        phrases, shared = self._sharing(spelt.replace(END, " "))
        found: list[int] = []
        if wholes:
            like = self._like_all(rough, phrases, shared)
            best = extract(rough, self._roughs(like), scorer=Indel.normalized_similarity, limit=wholes)
            found += [int(like[at]) for _, _, at in best]
        if parts:
            found += self._best(phrases, shared * shared / self._sizes[phrases], parts).tolist()
        return [self.texts[one] for one in dict.fromkeys(found)]

    def find(self, text: str | Key, *, most: int = 8, least: float = 0.6) -> list[Match]:
        """The phrases that are like the whole of `text` (as said, or its words), best first."""
        key = words_of(text) if isinstance(text, str) else text
        rough = self.speech.rough(plain(key))
        like = self._like_all(rough, *self._sharing(rough))
        return self._compared(key, [self.texts[one] for one in like], Levenshtein.normalized_similarity, most, least)

    def within(self, tokens: Key, *, most: int = 8, least: float = 0.75) -> list[Match]:
        """The phrases that some part of these tokens is like, best first."""
        tokens = tokens[:LONGEST]
        found = self.shortlist(tokens, parts=COMPARED, wholes=0)
        return self._compared(tokens, found, _lies_in, most, least)

    def _compared(self, key: Key, found: Iterable[str], alike: Any, most: int, least: float) -> list[Match]:
        """Sound by sound; what sounds the same is in the order of its letters."""
        said, sound, ranked = plain(key), self.speech.sound(key), []
        for text in found if sound else ():
            phrase = parted(text)
            likeness = alike(sound, self.speech.sound(phrase), score_cutoff=least)
            if likeness >= least:
                ranked.append((-likeness, -Indel.normalized_similarity(said, text), phrase))
        ranked.sort()
        return [Match(phrase, self.meaning(phrase), round(-likeness, 4)) for likeness, _, phrase in ranked[:most]]


def _lies_in(sound: str, other: str, *, score_cutoff: float) -> float:
    """How like the likest part of `sound` another is; nothing is like a part that is shorter than itself."""
    if len(other) > len(sound):
        return 0.0
    return float(partial_ratio(sound, other, score_cutoff=100 * score_cutoff)) / 100


KINDS = frozenset({"choice", "option", "category", "partial", "goods", "method", "fulfilment"})
"""What a phrase that names no goods must be able to mean to be looked for by likeness."""


def near_of(lexicon: Lexicon, tag: str) -> Near:
    """The index of what things are called in a shop, as a language sounds; made on first use, then kept."""
    made = lexicon.nears.get(tag)
    if made is None:
        language = lexicon.tongues[tag]
        names = lexicon.names
        others = (plain(key) for key, has in phrases(names.others) if has.keys() & KINDS)
        texts = dict.fromkeys((*names.texts(), *others))
        made = lexicon.nears[tag] = Near(texts, names.meaning, speech_of(language))
    return made

"""Names that are like what was heard, by letters or by sound, however many names there are.

A language file names the engine (`sound = "letters | pinyin | jamo"`) and gives the pairs of sounds that are taken for
each other (`[sounds]`). Every engine spells a text as one string of sounds; an index of its triples finds the names
that share the rarest ones, and only those few are compared sound by sound.

Used for words that nothing exact was found for. The index is made on first use: about a second for 100,000 names.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from msgspec import Struct
from rapidfuzz import fuzz
from rapidfuzz.distance import OSA, Indel

from assistant.understanding.lexicon import Key, Lexicon, Trie, kept_with, phrases
from assistant.understanding.names import meaning_of, plain
from assistant.understanding.text import words_of
from models import sounds
from models.languages import Language

COMPARED = 40
"""So many names are compared, after the index has chosen them."""
SPARE = 2
"""So many more than are wanted are compared sound by sound."""
WORK = 15_000
"""Entries of the index that are looked at for one question: the rarest triples first."""
FREE = 0.3
"""Sounds that cost less than this to mistake are one and the same to the index."""
END = "\n"
STRETCH = 48
"""Sounds of a stretch that are looked up at once: about two names."""
LONGEST = 64
"""Tokens of a stretch; in what goes on longer no further name is looked for."""


class Match(Struct, frozen=True):
    phrase: Key
    readings: Mapping[str, Any]
    """What the phrase may mean, by kind, as the lexicon has it."""
    likeness: float
    """1: sounds (or is written) the same; 0: nothing in common."""
    how: str
    """letters or sound."""


class Window(Struct, frozen=True):
    """A part of an unknown stretch that is like some name."""

    start: int
    end: int
    """Tokens `start` to `end` of the stretch."""
    matches: tuple[Match, ...]
    """Best first; never empty."""


# --------------------------------------------------------------------------------------------- spelling by sound


class Sounds:
    """How a language's texts are spelt by sound: one letter a sound. This one takes the letters as they are."""

    how = "letters"
    fitting = re.compile("[a-z0-9]")
    """What a text must have to be of this engine's kind."""

    def __init__(self, tables: Mapping[str, Any]) -> None:
        self.costs: dict[tuple[str, str], float] = {}
        self.merge: dict[int, str] = {}
        for pair, cost in tables.get("alike", {}).items():
            one, other = pair.split()
            self._alike(self.sound(one), self.sound(other), float(cost))

    def _alike(self, one: str, other: str, cost: float) -> None:
        self.costs[one, other] = self.costs[other, one] = cost
        if cost < FREE:
            kept, gone = self.merge.get(ord(one), one), self.merge.get(ord(other), other)
            for code in (*self.merge, ord(other)):
                if self.merge.get(code, gone) == gone != kept:
                    self.merge[code] = kept
            if gone != kept:
                self.merge[ord(gone)] = kept

    def rough(self, spelt: str) -> str:
        """Sounds that are easily mistaken made one."""
        return spelt.translate(self.merge) if self.merge else spelt

    def sound(self, name: str) -> str:
        """The one letter that stands for a sound as the language file calls it."""
        return name

    def spell(self, text: str) -> str:
        """The sounds of a text (of many, parted by END)."""
        return text

    def likeness(self, one: str, other: str) -> float:
        """Of two spellings, 0 to 1."""
        return float(OSA.normalized_similarity(one, other))


class _Spoken(Sounds):
    how = "sound"

    def likeness(self, one: str, other: str) -> float:
        longer = max(len(one), len(other))
        return max(0.0, 1 - self._distance(one, other) / longer) if longer else 1.0

    def _distance(self, one: str, other: str) -> float:
        """What taking one for the other costs: 1 for a sound left out, put in or unlike, less for one that is like."""
        start, end = 0, 0
        shorter = min(len(one), len(other))
        while start < shorter and one[start] == other[start]:
            start += 1
        while end < shorter - start and one[-1 - end] == other[-1 - end]:
            end += 1
        one, other = one[start : len(one) - end], other[start : len(other) - end]
        costs = self.costs
        before = [float(at) for at in range(len(other) + 1)]
        for row, mine in enumerate(one, 1):
            now = [float(row)]
            left = now[0]
            for column, theirs in enumerate(other):
                best = before[column] + (0.0 if mine == theirs else costs.get((mine, theirs), 1.0))
                gap = (left if left < before[column + 1] else before[column + 1]) + 1.0
                left = best if best < gap else gap
                now.append(left)
            before = now
        return before[-1]


class Pinyin(_Spoken):
    """Chinese letters as initials and finals, without tones."""

    fitting = re.compile("[㐀-鿿]")
    _SYLLABLE = re.compile(r"(zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw]?)(.*)")

    def __init__(self, tables: Mapping[str, Any]) -> None:
        self.names: dict[str, str] = {}
        super().__init__(tables)
        self.letters = {
            ord(letter): self._syllable(said) for said, letters in sounds.syllables("pinyin") for letter in letters
        }
        self.special = {
            word: "".join(map(self._syllable, said.split())) for word, said in tables.get("words", {}).items()
        }
        self.words = re.compile("|".join(map(re.escape, sorted(self.special, key=len, reverse=True))) or "(?!)")

    def sound(self, name: str) -> str:
        return self.names.setdefault(name, chr(0xE000 + len(self.names)))

    def _syllable(self, said: str) -> str:
        match = self._SYLLABLE.fullmatch(said)
        return "".join(self.sound(part) for part in (match.groups() if match else (said,)) if part)

    def spell(self, text: str) -> str:
        return self.words.sub(lambda found: self.special[found[0]], text).translate(self.letters)


class Jamo(_Spoken):
    """Korean syllables as they are spoken: letter by letter, finals carried over to a silent beginning."""

    fitting = re.compile("[가-힣]")
    _STARTS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
    _ENDS = (
        "",
        *"ㄱㄲ",
        "ㄱㅅ",
        "ㄴ",
        "ㄴㅈ",
        "ㄴㅎ",
        *"ㄷㄹ",
        "ㄹㄱ",
        "ㄹㅁ",
        "ㄹㅂ",
        "ㄹㅅ",
        "ㄹㅌ",
        "ㄹㅍ",
        "ㄹㅎ",
        *"ㅁㅂ",
        "ㅂㅅ",
        *"ㅅㅆㅇㅈㅊㅋㅌㅍㅎ",
    )
    _SILENT = "ㅇ"

    def __init__(self, tables: Mapping[str, Any]) -> None:
        super().__init__(tables)
        for pair, cost in tables.get("ends", {}).items():
            one, other = pair.split()
            self._alike(self._end(one), self._end(other), float(cost))
        self.letters = {}
        for code in range(0xAC00, 0xD7A4):
            rest, end = divmod(code - 0xAC00, 28)
            start, vowel = divmod(rest, 21)
            ending = self._ENDS[end]
            self.letters[code] = self._STARTS[start] + chr(0x314F + vowel) + "".join(map(self._end, ending))
        # Of two final letters the second goes over, and one alone goes over whole; ㅎ falls silent, ㅇ stays.
        self.over = re.compile(f"([{''.join(self._end(one) for one in 'ㄱㄲㄴㄷㄹㅁㅂㅅㅆㅈㅊㅋㅌㅍ')}]){self._SILENT}")
        self.doubled = re.compile(f"([{self._end('ㄱ')}-{self._end('ㅎ')}])([{self._end('ㄱ')}-{self._end('ㅎ')}])")

    @staticmethod
    def _end(letter: str) -> str:
        return chr(ord(letter) + 0xB000)

    def spell(self, text: str) -> str:
        spelt = text.translate(self.letters).replace(self._end("ㅎ") + self._SILENT, self._SILENT)
        spelt = self.over.sub(lambda found: chr(ord(found[1]) - 0xB000), spelt)
        return self.doubled.sub(r"\1", spelt).replace(self._SILENT, "")


ENGINES: Mapping[str, type[Sounds]] = {"letters": Sounds, "pinyin": Pinyin, "jamo": Jamo}


@cache
def sounds_of(language: Language) -> Sounds:
    """The engine that the language file names, with its data; letters where it names none."""
    engine = ENGINES.get(language.tables.get("sound", "letters"), Sounds)
    return engine(language.tables.get("sounds", {}))


# ------------------------------------------------------------------------------------------------------ the index


class Near:
    """The phrases of one shop that one language can be taken for. Never changed once made."""

    def __init__(self, texts: Iterable[str], meaning: Callable[[Key], Mapping[str, Any]], speech: Sounds) -> None:
        """`texts`: phrases in normal form. `meaning` is asked for those that are found."""
        import numpy

        self._np = numpy
        self.speech = speech
        self.texts: Sequence[str] = [text for text in texts if speech.fitting.search(text)]
        self.meaning = meaning
        spelt = speech.spell(END.join(self.texts))
        self._spelt = f"{END}{spelt}{END}"
        rough = speech.rough(self._spelt)
        ends = numpy.frombuffer(rough.encode("utf-32-le"), dtype=numpy.uint32) == ord(END)
        starts = numpy.flatnonzero(ends)
        self._at = (starts + 1).astype(numpy.uint32)
        """Where each phrase begins in `_spelt`; the last entry is its end."""
        self._sizes = numpy.diff(self._at) - 1
        # To the triples the end of a phrase is a space, for within a stretch that is what stands there.
        codes = numpy.frombuffer(rough.replace(END, " ").encode("utf-32-le"), dtype=numpy.uint32)
        self._alphabet = numpy.unique(codes)
        self._kind = numpy.uint32 if len(self._alphabet) ** 3 < 2**32 else numpy.uint64
        triples = self._triples_of(numpy.searchsorted(self._alphabet, codes))
        owner = numpy.repeat(numpy.arange(len(self._sizes), dtype=numpy.uint32), self._sizes)
        triples = triples[~ends[1:-1]]
        del ends, starts, codes
        order = numpy.argsort(triples).astype(numpy.uint32)
        self._owners = owner[order]
        del owner
        self._triples, first = numpy.unique(triples[order], return_index=True)
        self._first = numpy.append(first, len(order)).astype(numpy.uint32)

    def _triples_of(self, letters: Any) -> Any:
        """Each three letters in a row (by their places in the alphabet) as one number."""
        size, letters = self._kind(len(self._alphabet)), letters.astype(self._kind)
        return (letters[:-2] * size + letters[1:-1]) * size + letters[2:]

    def _spelling(self, index: int) -> str:
        return self._spelt[int(self._at[index]) : int(self._at[index + 1]) - 1]

    def _candidates(self, rough: str, *, parts: bool, most: int = COMPARED) -> list[int]:
        """The names that share most triples with these sounds: with all of them, or (`parts`) with some stretch."""
        numpy = self._np
        codes = numpy.frombuffer(f" {rough} ".encode("utf-32-le"), dtype=numpy.uint32)
        place = numpy.searchsorted(self._alphabet, codes)
        place[place == len(self._alphabet)] = 0
        known = self._alphabet[place] == codes
        triples = numpy.unique(self._triples_of(place)[known[:-2] & known[1:-1] & known[2:]])
        at = numpy.searchsorted(self._triples, triples)
        at[at == len(self._triples)] = 0
        at = at[self._triples[at] == triples]
        begin, end = self._first[at], self._first[at + 1]
        length = (end - begin).astype(numpy.int64)
        order = numpy.argsort(length)
        within = max(int(numpy.searchsorted(numpy.cumsum(length[order]), WORK, side="right")), 1)
        kept = [self._owners[int(begin[which]) : int(end[which])] for which in order[:within].tolist()]
        if not kept:
            return []
        found, shared = numpy.unique(numpy.concatenate(kept), return_counts=True)
        if len(found) > most:
            sizes = self._sizes[found].astype(numpy.int64)
            rank = shared * shared / sizes if parts else shared - 0.1 * numpy.abs(sizes - len(rough))
            found = found[numpy.argpartition(rank, -most)[-most:]]
        return [int(one) for one in found]

    def shortlist(self, tokens: Sequence[str], most: int) -> list[tuple[Key, Mapping[str, Any]]]:
        """The phrases that some part of these tokens may be like, with what they mean: one question to the index."""
        if not tokens or not self.texts:
            return []
        # Short names have few triples: they are also looked for as if they stood alone, word by word and two by two.
        alone = [plain(tuple(tokens[at : at + size])) for size in (1, 2) for at in range(len(tokens) - size + 1)]
        spelt = self.speech.spell(END.join((plain(tuple(tokens)), *alone)))
        rough = self.speech.rough(spelt).replace(END, " ")
        found = (words_of(self.texts[at]) for at in self._candidates(rough, parts=True, most=most))
        return [(key, self.meaning(key)) for key in found]

    def find(self, text: str | Key, *, most: int = 8, least: float = 0.6) -> list[Match]:
        """The phrases that are like the whole of `text` (as said, or its words), best first."""
        said = plain(words_of(text) if isinstance(text, str) else text)
        spelt = self.speech.spell(said)
        if not spelt or not self.texts:
            return []
        return self._best(said, spelt, self._candidates(self.speech.rough(spelt), parts=False), most, least)

    def _best(self, said: str, spelt: str, candidates: Iterable[int], most: int, least: float) -> list[Match]:
        rough = self.speech.rough(spelt)
        ranked = []
        for index in candidates:
            other = self._spelling(index)
            ranked.append((-Indel.normalized_similarity(rough, self.speech.rough(other)), index, other))
        ranked.sort()
        found = []
        for _, index, other in ranked[: most + SPARE]:
            likeness = self.speech.likeness(spelt, other)
            if likeness >= least:
                text = self.texts[index]
                found.append((-likeness, -Indel.normalized_similarity(said, text), index, text))
        found.sort()
        return [self._match(text, -likeness) for likeness, _, _, text in found[:most]]

    def _match(self, text: str, likeness: float) -> Match:
        key = words_of(text)
        return Match(key, self.meaning(key), round(likeness, 4), self.speech.how)

    def _place(self, name: str, rough: str, start: int, borders: Sequence[int]) -> tuple[int, int] | None:
        """The tokens of a stretch that are likest to a name: where it lies best from `start` on, at whole tokens."""
        piece = rough[start : start + STRETCH]
        part = fuzz.partial_ratio_alignment(name, piece, score_cutoff=50)
        if part is None:
            return None
        left, right = (part.dest_start, part.dest_end) if len(name) <= len(piece) else (0, len(piece))
        first = max(bisect_right(borders, start + left) - 1, 0)
        last = min(max(bisect_left(borders, start + right), first + 1), len(borders) - 1)
        tried = {(begin, end) for begin in (first, first + 1) for end in (last - 1, last) if begin < end}
        return max(
            sorted(tried),
            key=lambda at: Indel.normalized_similarity(name, rough[borders[at[0]] : borders[at[1]]].strip()),
        )

    def windows(self, tokens: Sequence[str], *, most: int = 8, least: float = 0.7) -> list[Window]:
        """The parts of a stretch of tokens that are like names, in order, none over another.

        A longer part that is like a name comes before its own parts.
        """
        tokens = tokens[:LONGEST]
        if not tokens or not self.texts:
            return []
        borders, spelt = [0], ""
        for end in range(1, len(tokens) + 1):
            spelt = self.speech.spell(plain(tokens[:end]))
            borders.append(len(spelt))
        rough = self.speech.rough(spelt)
        scored: dict[tuple[int, int], float] = {}
        for start in range(0, max(len(rough) - STRETCH // 2, 1), STRETCH // 2):
            for index in self._candidates(rough[start : start + STRETCH], parts=True):
                mine = self._spelling(index)
                at = self._place(self.speech.rough(mine), rough, start, borders)
                if at is None:
                    continue
                likeness = self.speech.likeness(spelt[borders[at[0]] : borders[at[1]]].strip(), mine)
                if likeness >= least and likeness > scored.get(at, 0.0):
                    scored[at] = likeness
        chosen: list[tuple[int, int]] = []
        worth = sorted(scored, key=lambda at: (-(scored[at] - 0.75 * least) * (borders[at[1]] - borders[at[0]]), at))
        for start, end in worth:
            if all(end <= taken or start >= over for taken, over in chosen):
                chosen.append((start, end))
        made = []
        for start, end in sorted(chosen):
            if matches := self.find(tuple(tokens[start:end]), most=most, least=least):
                made.append(Window(start, end, tuple(matches)))
        return made


KINDS = frozenset({"choice", "option", "category", "method", "fulfilment"})
"""What a phrase that names no goods must be able to mean to be looked for by likeness."""


def _called(trie: Trie) -> tuple[str, ...]:
    return tuple(plain(key) for key, has in phrases(trie) if has.keys() & KINDS)


def near_of(lexicon: Lexicon, tag: str) -> Near:
    """The index of a shop's names, and of a language's own for the same things; made on first use, then kept."""
    made = lexicon.nears.get(tag)
    if made is None:
        language = next(one for one in lexicon.languages if one.tag == tag)
        names, words = lexicon.names, lexicon.words[tag]
        others = (*_called(names.others), *kept_with(words, "called", _called))

        def meaning(key: Key) -> Mapping[str, Any]:
            return {**meaning_of(words, key), **names.meaning(key)}

        made = lexicon.nears[tag] = Near(dict.fromkeys((*names.texts(), *others)), meaning, sounds_of(language))
    return made

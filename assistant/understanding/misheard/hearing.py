"""What a recogniser may have heard wrong: stretches that exact words leave over, read again by how they sound.

`mend` proposes readings for stretches of one hypothesis; `cut` weighs them against the words as they stand.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import pairwise
from operator import eq
from typing import Any
from unicodedata import normalize

from rapidfuzz.distance import OSA, Levenshtein
from rapidfuzz.process import extract

from assistant.understanding.misheard import by_place, miscounted
from assistant.understanding.misheard.fitting import VAGUE, Place, misfit
from assistant.understanding.misheard.sounding import WORDS, Sounding, allowed, sounding
from assistant.understanding.words.lexicon import Lexicon, Trie
from assistant.understanding.words.names import Key, parted
from assistant.understanding.words.spans import UNKNOWN, Mended, Span
from assistant.understanding.words.text import SHORTEST_PHONE, Token

LIKE = 0.64
"""Less alike than this, a name says nothing."""
LEAST_TYPED = {"spaced": 0.84, "unspaced": 0.95, "particles": 0.95}
"""What is typed is misspelt rather than misheard: a name that only sounds a little like it isn't meant."""
BY_SOUND = 0.8
"""Where no spaces part words, what is written was often spoken to the keys, or picked from what sounds so: names of the
shop that are so like it are looked at, and asked about unless they are long or sound the same."""
SURE_CHOICE, SURE_AMOUNT, SURE_LETTER = 0.92, 0.87, 0.82
"""So like what is written an option must be to be taken as said; where "no" or "extra" leads up to it; where one of its
letters is written as it is: 手冰 for 少冰."""
SURE_SYLLABLES, PER_SYLLABLE = 2, 1.5
"""So many features of sound may differ for each syllable beyond the first ones, and a name is still taken as said: it
is the surer the longer it is (海鲜批散)."""
LESS_THAN_ONE = 0.75
"""Part of a feature: what differs is reckoned from a share, and never comes out even."""
LETTERS_TYPED = 0.75
"""And its letters must be nearly there."""
SOUND_TYPED = 0.9
"""So alike that the sound tells more than the letters: margarita."""
SHORT = 12
"""Sounds of fewer features than that are few."""
DOUBTED = 0.84
"""What sounds like goods of few sounds, where none are counted, is asked about: lattes and lights."""
PER_FEATURE = 0.55
NOT_EXACT = 0.4
"""What a reading costs for each feature of sound that differs, and for not being exact; an unknown word costs 10."""
_IN_PLACE = 0.9
"""What it costs where the words as they are can't stand: less than they do."""
LONGEST = {"spaced": 4, "unspaced": 7, "particles": 8}
"""So many tokens may make up a stretch that is read again."""
SHORTLIST = 120
"""So many names are compared with the parts of a stretch."""
FEW = 16
"""The same of what is typed: it is nearly right."""
WHOLES = 8
"""So many names are compared that all of what may be one name is like."""
STRETCH = 14
MOST_LOOKUPS = 16
MOST_STRANGE = 40
"""What has more unknown words than this is no order: none of it is looked up, so that the work is bounded."""

_NAMES = frozenset({"item", "choice", "category", "partial", "method", "fulfilment", "goods"})
_SKIP = frozenset({"filler", "polite", "hesitation", "particle", "one"})
_KEPT = frozenset({"amount", "verb", "num"})
_WISHED = frozenset({"verb", "article", "some", "the", "another", "choice", "instead_of", "of_them", "of"})
_BREAKS = frozenset({"stop", "pause", "symbol", "time"})
_MEASURED = frozenset({"measure", "minute", "clock", "day", "night"})
_APART = frozenset({"start", "pause", "stop", "method", "fulfilment"})
_PAYING = frozenset({"method", "confirm", "pay"})
_SHARE_ENDS = frozenset({"end", "pause", "stop", "and", "num", "polite", "particle"})
_BORDERS = frozenset({"num", "measure", "article", "verb", "and", "act", "on", "polite", "the", "amount", "stop"})
_NAMED_BEHIND = frozenset({"num", "measure", "article", "tag", "verb", "amount"})
"""Behind these stands a name."""
_NAMED_THERE = frozenset({"address", "contact", "coupon"})
"""Steps whose answers are names of streets and people, not the shop's words."""
_NAMES_OTHERS = frozenset({"give_address", "give_contact", "give_coupon"})


def mend(
    tokens: Sequence[Token],
    spans: Sequence[Span],
    lexicon: Lexicon,
    language: str,
    about: Sequence[str],
    *,
    spoken: bool,
    expects: str | None = None,
) -> dict[int, list[Mended]]:
    """Other readings of stretches with unknown words: where they begin -> what they may be.

    `spans` are the tokens as they stand, `about` the goods that the talk is about. What is spoken may be less like
    what is meant than what is typed.
    """
    if expects in _NAMED_THERE or _all_heard(tokens, spans, lexicon, language, spoken):
        return {}
    tongues = [language]
    if lexicon.grammars[language].script != "spaced" and any(_foreign(span, tokens) for span in spans):
        tongues += [tag for tag, grammar in lexicon.grammars.items() if grammar.script == "spaced"][:1]
    edges: dict[int, list[Mended]] = {}
    for tongue in tongues:
        for at, found in _Mending(tokens, spans, lexicon, tongue, about, spoken, language, expects).made().items():
            edges.setdefault(at, []).extend(found)
    return edges


def _all_heard(tokens: Sequence[Token], spans: Sequence[Span], lexicon: Lexicon, language: str, spoken: bool) -> bool:
    """Whether nothing can be there to be mended: every word is known, and none is taken for a number."""
    script = lexicon.grammars[language].script
    if script == "particles" or (spoken and script == "unspaced") or any([span.has is UNKNOWN for span in spans]):
        return False
    return _taken_for(lexicon, language).keys().isdisjoint([token.text for token in tokens])


def _taken_for(lexicon: Lexicon, language: str) -> Mapping[str, int]:
    """Words that numbers are taken for."""
    tables = lexicon.tongues[language].tables
    heard: Mapping[str, int] = tables.get("numbers", {}).get("heard", {})
    return heard


def _foreign(span: Span, tokens: Sequence[Token]) -> bool:
    """Whether a word isn't known that is written in another script: "cheesburger 하나"."""
    token = tokens[span.start]
    return span.has is UNKNOWN and token.kind == "word" and token.text.isascii()


_INSIDE = frozenset({"the", "filler", "hesitation", "unknown"})


class _Mending:
    """One hypothesis being mended."""

    def __init__(
        self,
        tokens: Sequence[Token],
        spans: Sequence[Span],
        lexicon: Lexicon,
        language: str,
        about: Sequence[str],
        spoken: bool,
        talk: str,
        expects: str | None,
    ) -> None:
        """`language`: whose sounds are compared; `talk`: the one that is talked in."""
        self.tokens, self.lexicon, self.language, self.spoken = tokens, lexicon, language, spoken
        self.script = lexicon.grammars[language].script
        self.expects = expects
        self.spaced = self.script == "spaced"
        self.by_sound = not spoken and self.script == "unspaced"
        """What is typed in such a script is read by its sound, too, but less freely than what is spoken."""
        self.least = BY_SOUND if self.by_sound else LIKE
        self.counts_before = lexicon.grammars[talk].script == "spaced"
        self.numbers = _taken_for(lexicon, language)
        self.edges: dict[int, list[Mended]] = {}
        self.items = set(about)
        self.about = frozenset(about)
        self.unknown = [False] * len(tokens)
        self.spans: list[Span] = []
        """The span of each token."""
        named = False
        allergies = []
        for span in spans:
            self.spans += [span] * (span.end - span.start)
            self.items.update(span.has.get("item", ()))
            if "allergic" in span.has:
                allergies.append(span)
            named = named or any(
                name in _NAMES_OTHERS or (name == "back" and value in _NAMED_THERE)
                for name, value in span.has.get("act", ())
            )
            if span.has is UNKNOWN and not named:  # what follows "my name is" isn't the shop's words
                self.unknown[span.start : span.end] = [True] * (span.end - span.start)
            elif "road" in span.has and "wish" not in span.has:
                begin = self._begins_place(span.start)
                self.unknown[begin : span.start] = [False] * (span.start - begin)
        if self.script == "particles":
            self._cut_off()
        self._leave_names()
        for span in allergies:
            self._leave_beside(span)
        for at, (token, after) in enumerate(pairwise(tokens)):
            if token.kind == "word" and token.text.isascii() and after.kind == "number" and after.glued:
                self.unknown[at] = False  # a code isn't respelt: FAKE99
        self.choices: list[tuple[int, int, Mapping[str, Any], str, float, float, str]] = []

    @cached_property
    def index(self) -> Sounding:
        """Only where something is looked up: making it takes a while, and most sentences are heard right."""
        return sounding(self.lexicon, self.language)

    def _cut_off(self) -> None:
        """A part of a name that ends inside a word is none, 치즈버|그: the whole word isn't known."""
        for before, span in pairwise(dict.fromkeys(self.spans)):
            inside = span.glued and span.end == span.start + 1 and span.has.keys() <= _INSIDE
            if inside and before.has.keys() <= {"partial", "short"}:
                self.unknown[before.start : span.end] = [True] * (span.end - before.start)

    def _begins_place(self, at: int) -> int:
        """Where the name of a place begins at the earliest, of which a word such as "road" or "floor" stands at `at`:
        three tokens before it, in Korean two words and the numbers behind them."""
        begin = max(0, at - 3)
        for _ in range(2 if self.script == "particles" else 0):
            while begin and self.tokens[begin - 1].kind == "number":
                begin -= 1
            begin = max(0, begin - 1)
            while begin and self.tokens[begin].glued:
                begin -= 1
        return begin

    def _leave_names(self) -> None:
        """Unknown words right before a phone number are somebody's name: 韩梅梅，13900139000."""
        digits = 0
        for at in range(len(self.tokens) - 1, -1, -1):
            token = self.tokens[at]
            if token.kind == "number":
                digits += len(token.text)
                continue
            if digits >= SHORTEST_PHONE and token.kind != "pause":
                inside = self.script == "particles"  # the whole word, of which a part may be one of the language
                while at >= 0 and (inside or self.unknown[at]):
                    self.unknown[at] = False
                    inside = self.script == "particles" and self.tokens[at].glued
                    at -= 1
                return
            digits = digits if digits >= SHORTEST_PHONE else 0

    def _leave_beside(self, span: Span) -> None:
        """What somebody is allergic to needn't be anything of the shop's: "I'm allergic to peanuts"."""
        for side in (range(span.end, len(self.tokens)), range(span.start - 1, -1, -1)):
            for at in side:
                if self.tokens[at].kind in _BREAKS:
                    break
                self.unknown[at] = False

    def made(self) -> dict[int, list[Mended]]:
        """The readings; none where nothing is to be mended."""
        strange = sum(self.unknown)
        same = self.spoken and self.script == "unspaced"
        numbers = not self.numbers.keys().isdisjoint([token.text for token in self.tokens])
        if strange > MOST_STRANGE or not (strange or same or numbers):
            return {}
        self._look_around()
        for begin, until in self._stretches(whole=same):
            whole = self.spoken or self.by_sound
            for first, last in [(begin, until)] if whole else self._slots(begin, until):
                self._compare(first, last)
        for at, count in self._counts(numbers, same):
            self.edges.setdefault(at, []).append(count)
        if strange:
            self._words()
        for one in self.choices:
            self._offer(*one)
        return self.edges

    def _counts(self, numbers: bool, same: bool) -> Iterator[tuple[int, Mended]]:
        tokens, spans, index = self.tokens, self.spans, self.index
        if numbers:
            yield from miscounted.by_word(self.numbers, tokens, spans, index.forms, spoken=self.spoken)
        if not (self.spaced or same or self.by_sound):
            return
        words = miscounted.counting(self.lexicon.words[self.language], index.speech)
        if self.spaced:
            yield from miscounted.by_end(
                self.numbers, tokens, spans, self.unknown, words, index.speech, spoken=self.spoken
            )
        if same:
            yield from miscounted.by_size(tokens, spans, self.lexicon, self.language, index.speech)
        if same or self.by_sound:
            yield from miscounted.by_sound(tokens, spans, self.unknown, words, index.speech)
            yield from by_place.read(
                tokens, spans, self.unknown, self.lexicon, self.language, index.speech, spoken=self.spoken
            )

    def _look_around(self) -> None:
        """What each place of the utterance has to its left: goods, a word of ordering."""
        count = len(self.tokens)
        self.pays = self.expects in _PAYING or any("pay" in span.has for span in self.spans)
        self.content = sum(not span.has.keys() & (_SKIP | {"stop", "pause", "wish"}) for span in self.spans) or 1
        self.goods, self.ordered = [False] * (count + 1), [False] * (count + 1)
        self.shares = [False] * (count + 1)
        first = self.spans[0].has
        asks = self.spaced and "asking" in first and "verb" not in first
        for at, span in enumerate(self.spans):
            self.goods[at + 1] = self.goods[at] or "item" in span.has
            shared = "choice" in span.has and "item" not in span.has and self._is_share(span.start, span.end)
            self.shares[at + 1] = self.shares[at] or shared
            self.ordered[at + 1] = not asks and (self.ordered[at] or "verb" in span.has)

    def _beside(self, at: int, step: int) -> frozenset[str]:
        """What the next word that says something may be, from `at` on."""
        while 0 <= at < len(self.spans):
            has = self.spans[at].has
            if not has.keys() & _SKIP or has.keys() & _KEPT:
                return frozenset(has)
            at += step
        return frozenset({"end" if step > 0 else "start"})

    def _place(self, start: int, end: int) -> Place:
        left, right = self._beside(start - 1, -1), self._beside(end, 1)
        listed = self.goods[start] and left & {"and", "article"}
        slot = ""
        if left & {"num", "measure"} or (not self.counts_before and "num" in right) or listed:
            slot = "counted"
        elif (
            (self.ordered[start] and left & _WISHED)
            or (left & {"article"} and self._opens(start))
            or (left & {"choice", "the"} and not left & {"item"})
        ):
            slot = "wished"
        said = [token.text for token in self.tokens[start:end]]
        short = len(self.index.speech.sound(said)) < SHORT
        share = (end - start) / self.content
        shares = self.shares[start] and bool(right & _SHARE_ENDS)
        return Place(left, right, slot, short, self.about, self.pays, frozenset(self.items), share, shares)

    def _is_share(self, start: int, end: int) -> bool:
        """Whether an option is all that is said of some of what is counted: 一份|不辣, but not 一份|大|薯条."""
        counted = start > 0 and bool(self.spans[start - 1].has.keys() & {"num", "measure"})
        return counted and (end == len(self.spans) or bool(self.spans[end].has.keys() & _SHARE_ENDS))

    def _named_behind(self, start: int, left: frozenset[str]) -> bool:
        """Whether a name is due at a place: behind a count, a verb, a "no", or options behind one: 一份大|虾."""
        at = start - 1
        while at > 0 and "choice" in self.spans[at].has and "item" not in self.spans[at].has:
            at = self.spans[at].start - 1
        counted = at < start - 1 and bool(self._beside(at, -1) & {"num", "measure"})
        return counted or bool(left & _NAMED_BEHIND)

    def _opens(self, start: int) -> bool:
        """Whether a sentence begins with what leads up to here: "a cheesburger please"."""
        at = start - 1
        while at > 0 and "article" not in self.spans[at].has:
            at -= 1
        return not at or bool(self.spans[at - 1].has.keys() & {"stop", "greeting"})

    def _offer(
        self, start: int, end: int, has: Mapping[str, Any], text: str, wrong: float, alike: float, why: str
    ) -> None:
        """Takes a reading for tokens `start` to `end` if it fits there. Choices come last, when the goods are known."""
        named = self.spans[start]
        both = named.end < end and "item" in has and "item" in named.has
        if both and not set(has["item"]).isdisjoint(named.has["item"]):
            return  # the goods are named already: "chicken sandwich toasted" is no other name of them
        place = self._place(start, end)
        if self.script != "particles" and "verb" in has and "item" not in has and self._named_behind(start, place.left):
            return  # goods are due there, be they any that the shop hasn't: 两杯可乐 takes nothing off; 换成燕麦奶
        if has.keys() == {"amount"} and "amount" in named.has and named.end < end:
            return  # what isn't wanted is due there: 不要坚果 is no 不要加
        if "verb" in has and "item" not in has and "measure" in place.right and not self.spaced:
            return  # a count is due there: 给我生碗米饭
        extra = misfit(has, alike, place)
        if extra is None:
            return
        within = ("item" in has or "amount" in named.has) and self._within_word(start, end)
        if self.by_sound and alike < SURE_CHOICE and start and self.unknown[start - 1] and self.tokens[start].glued:
            return  # the end of a longer word, and only a little like it
        if (within and not self.spoken) or ("item" not in has and self._calls_somebody(start, place.left)):
            return
        if "item" in has and (within or (self.spoken and place.short and place.slot != "counted")):
            alike = min(alike, DOUBTED)
        if self.by_sound and alike <= DOUBTED:
            text = "".join([token.text for token in self.tokens[start:end]])  # it is asked about as it was written
        if "choice" in has and "item" not in has and self._is_share(start, end):
            self.shares[end:] = [True] * len(self.shares[end:])
        cost = 1 + NOT_EXACT + PER_FEATURE * wrong + extra
        self.edges.setdefault(start, []).append(Mended(end, dict(has), text, cost, alike, why))
        if "item" in has and alike > 0.8:
            self.items.update(has["item"])

    def _calls_somebody(self, start: int, left: frozenset[str]) -> bool:
        """Whether what stands by itself begins as a name does that somebody is called by: 自取，小王."""
        named = "familiar" in self.spans[start].has and self.spans[start].end == start + 1 < len(self.tokens)
        return named and self.unknown[start + 1] and bool(left & _APART)

    def _within_word(self, start: int, end: int) -> bool:
        """Whether more that isn't known follows a name of few syllables: 佛跳 of 佛跳墙 is no order of 薯条."""
        few = end - start <= SURE_SYLLABLES + ("amount" in self.spans[start].has)
        if self.script != "unspaced" or not few or end == len(self.tokens):
            return False
        return self.unknown[end] and self.tokens[end].glued

    def _found(
        self, start: int, end: int, has: Mapping[str, Any], key: Sequence[str], wrong: float, alike: float, why: str
    ) -> None:
        text = (" " if self.spaced else "").join(key)
        if not self.spoken:
            own = "item" in has or "choice" in has
            if self.by_sound and own and end > start + 1:
                if "item" not in has and alike < self._least_choice(start, end, text):
                    return  # an option that is less like it is asked about: `likely`
                alike = self._surely(end - start, wrong, alike)
            else:
                why, alike = "spelling", self._spelt(start, end, text, alike, own=own)
                wrong = (1 - alike) * len(text)
            if not alike:
                return
        if "choice" in has and "item" not in has:
            self.choices.append((start, end, has, text, wrong, alike, why))
        else:
            self._offer(start, end, has, text, wrong, alike, why)

    def _least_choice(self, start: int, end: int, text: str) -> float:
        """How like the name of an option what is written must be to be taken for it."""
        said = [token.text for token in self.tokens[start:end]]
        if len(said) == len(text) and "amount" not in self.spans[start].has and any(map(eq, said, text)):
            return SURE_LETTER
        return SURE_AMOUNT if "amount" in self._beside(start - 1, -1) else SURE_CHOICE

    @staticmethod
    def _surely(syllables: int, wrong: float, alike: float) -> float:
        """How sure a name is that sounds like what was written: where few syllables differ by much it is asked."""
        most = PER_SYLLABLE * max(syllables - SURE_SYLLABLES, 0) + LESS_THAN_ONE
        return alike if wrong < most else min(alike, DOUBTED)

    def _spelt(self, start: int, end: int, text: str, alike: float, own: bool) -> float:
        """How like `text` typed words are: a slip of the keys, or other letters that sound the same; else 0. `own`:
        it is the name of goods or of an option."""
        least = LEAST_TYPED[self.script]
        if not self.spaced:
            said = "".join(token.text for token in self.tokens[start:end])
            slipped = own and self.script == "particles" and _one_slip(said, text)
            return alike if (alike >= least or slipped) and end > start + 1 else 0.0
        typed = " ".join(token.text for token in self.tokens[start:end])
        if not self._same_words(typed.split(" "), text.split(" ")):
            return 0.0
        # Where words part is no slip: chees burger.
        slips = min(OSA.distance(typed, text), OSA.distance(typed.replace(" ", ""), text.replace(" ", "")))
        letters = 1 - slips / max(len(typed), len(text))
        if not own:
            return alike if alike >= least and len(text) >= 6 and letters > 0.8 else 0.0
        slipped = typed[0] == text[0] and len(typed) >= 4 and slips <= (2 if len(typed) >= 8 else 1)
        if not slipped and (alike < least or letters < LETTERS_TYPED):
            return 0.0
        return max(alike, letters) if alike >= SOUND_TYPED else letters

    @staticmethod
    def _same_words(typed: Sequence[str], text: Sequence[str]) -> bool:
        """Whether the words that differ may be slips, each for its own: bell peppers are no red peppers."""
        if len(typed) != len(text):
            return typed[0][0] == text[0][0]
        return all(map(_may_slip, typed, text))

    def _stretches(self, *, whole: bool) -> Iterator[tuple[int, int]]:
        """The parts that are looked up: unknown words with what stands around them, or (`whole`) all that is said in
        one breath. At most MOST_LOOKUPS of them, none longer than STRETCH and what stands around."""
        looked, at, count, around = 0, 0, len(self.tokens), LONGEST[self.script]
        while at < count and looked < MOST_LOOKUPS:
            end = at
            while end < count and end < at + STRETCH and self.tokens[end].kind not in _BREAKS:
                end += 1
            strange = [i for i in range(at, end) if self.unknown[i]]
            if end > at and (strange or whole):
                looked += 1
                yield (at, end) if whole else (max(at, strange[0] - around), min(end, strange[-1] + around + 1))
            cut_off = end == at + STRETCH and end < count
            at = end - around if cut_off else max(end, at + 1)

    def _slots(self, begin: int, until: int) -> Iterator[tuple[int, int]]:
        """Within a stretch, unknown words with what may belong to the same name: up to a count, a verb, an "and"."""
        at = begin
        while at < until:
            if not self.unknown[at]:
                at += 1
                continue
            first, last = at, at + 1
            while first > begin and not self.spans[first - 1].has.keys() & _BORDERS:
                first -= 1
            while last < until and not self.spans[last].has.keys() & _BORDERS:
                last += 1
            first -= first > begin and self._part_of_word(first - 1)
            last += last < until and self._part_of_word(last)
            yield first, last
            at = last

    def _part_of_word(self, at: int) -> bool:
        """Whether a letter beside one that isn't known measures nothing, and may be of the same word: 属条."""
        if self.script != "unspaced" or self.spans[at].end - self.spans[at].start > 1:
            return False
        return self.spans[at].has.keys() & _BORDERS == {"measure"} and "num" not in self._beside(at - 1, -1)

    def _compare(self, begin: int, until: int) -> None:
        """Compares every part of a stretch with the names that are like any of it, and with the language's phrases."""
        index, speech = self.index, self.index.speech
        said = tuple([token.text for token in self.tokens[begin:until]])
        slots = list(self._slots(begin, until))
        near = dict.fromkeys(self._like(said, slots, begin))
        names = [
            (form, speech.sound(form), key)
            for key in map(parted, near)
            if self.spaced or len(key) > 1
            for form in index.forms.endings(key)
        ]
        codes = [code for _, code, _ in names]
        parts = [
            (start, end)
            for start in range(begin, until)
            for end in range(start + (1 if self.spaced else 2), min(start + LONGEST[self.script], until) + 1)
        ]
        parts += [one for one in slots if one[1] - one[0] > LONGEST[self.script]]
        silent = [not speech.sound((one,)) for one in said]  # figures: a count isn't part of the name behind it
        opens = [not (quiet or self._measures(at)) for at, quiet in enumerate(silent, begin)]
        for start, end in parts:
            if not opens[start - begin] or silent[end - begin - 1] or self._parts_words(start, end):
                continue
            if self.script == "unspaced" and (self._ends_in_count(end) or self._parts_goods(end)):
                continue
            strange = any(self.unknown[start:end])
            if not (strange or (self.spoken and self.script == "unspaced")):
                continue
            code = speech.sound(said[start - begin : end - begin])
            if not strange:
                if code in codes:
                    form, _, key = names[codes.index(code)]
                    self._same_sound(start, end, form, self._named(key))
                elif self._is_small(start, end):
                    for _, _, at in _alike(code, codes, DOUBTED):
                        form, _, key = names[at]
                        self._less_of(start, end, form, self._named(key))
                continue
            for other, alike, at in _alike(code, codes, self.least):
                form, _, key = names[at]
                if has := self._named(key):
                    self._found(start, end, has, form, (1 - alike) * max(len(code), len(other)), alike, "sound")
            # Slips of the keys in the language's own words are found word by word.
            for other, alike, at in _alike(code, index.phrase_codes, VAGUE) if self.spoken else ():
                key, _, has = index.phrases[at]
                self._found(start, end, has, key, (1 - alike) * max(len(code), len(other)), alike, "sound")

    def _ends_in_count(self, end: int) -> bool:
        """Whether a stretch ends in a number that counts what is behind it: 每十|分钟 has no 美式 in it."""
        after = self.spans[end].has.keys() if end < len(self.spans) else frozenset()
        return "num" in self.spans[end - 1].has and bool(after & _MEASURED)

    def _parts_goods(self, end: int) -> bool:
        """Whether a stretch ends inside goods that are named as they are: 燕卖拿|铁 is 拿铁, with something."""
        last = self.spans[end - 1]
        return last.end > end and "item" in last.has

    def _parts_words(self, start: int, end: int) -> bool:
        """Whether a stretch begins inside a word that is written with spaces around it, and goes on behind it."""
        inside = self.script == "particles" and self.tokens[start].glued
        return inside and not all(token.glued for token in self.tokens[start + 1 : end])

    def _like(self, said: Sequence[str], slots: Sequence[tuple[int, int]], begin: int) -> Iterator[str]:
        """The names that some part of a stretch may be like, or a whole slot of it."""
        names = self.index.names
        if not (self.spoken or self.by_sound) and len(slots) == 1 and slots[0] == (begin, begin + len(said)):
            yield from names.shortlist(said, parts=FEW, wholes=WHOLES)
            return
        yield from names.shortlist(said, parts=SHORTLIST if self.spoken or self.by_sound else FEW, wholes=0)
        for first, last in slots:
            yield from names.shortlist(said[first - begin : last - begin], parts=0, wholes=WHOLES)
            strange = [at for at in range(first, last) if self.unknown[at]] if self.spaced else []
            if self.spoken and strange and strange[-1] - strange[0] + 1 < last - first:
                # What stands before a short name has more sounds than it: a large coat.
                yield from names.shortlist(said[strange[0] - begin : strange[-1] + 1 - begin], parts=0, wholes=WHOLES)

    def _named(self, key: Key) -> dict[str, Any]:
        """What a name may mean that was not heard exactly."""
        return allowed(self.index.names.meaning(key), _NAMES)

    def _same_sound(self, start: int, end: int, key: Key, has: Mapping[str, Any]) -> None:
        """Known words that sound exactly like a name when they are said together: 五糖, 大分."""
        named = self.spans[start]
        if named is self.spans[end - 1]:
            # 两份几块: where goods are due, what sounds the same as some asks for no price.
            if "item" in has and "act" in named.has and "measure" in self._beside(start - 1, -1):
                self.edges.setdefault(start, []).append(Mended(end, dict(has), "".join(key), _IN_PLACE, 1.0, "sound"))
            return
        if not has.keys() & {"item", "choice"}:
            return
        if self._counts_nothing(start, end, has):
            self.edges.setdefault(start, []).append(Mended(end, dict(has), "".join(key), 1 + NOT_EXACT, 1.0, "sound"))
        else:
            self._found(start, end, has, key, 0.0, 1.0, "sound")

    def _is_small(self, start: int, end: int) -> bool:
        """Whether a size stands before one word that no goods follow: 小冰, but not 小|冰|美式."""
        few = end == start + 2 and "little" in self.spans[start].has and self.spans[end - 1].start == end - 1
        return few and (end == len(self.spans) or bool(self.spans[end].has.keys() & (_SHARE_ENDS | {"verb"})))

    def _less_of(self, start: int, end: int, key: Key, has: Mapping[str, Any]) -> None:
        """A size that was heard for less of something, where goods have that: 小冰 for 少冰."""
        levels = has.get("choice", {})
        if "item" not in has and key[-1] == self.tokens[end - 1].text and any(item in levels for item in self.items):
            made = Mended(end, {"choice": levels}, "".join(key), 1 + NOT_EXACT, DOUBTED, "sound")
            self.edges.setdefault(start, []).append(made)

    def _counts_nothing(self, start: int, end: int, has: Mapping[str, Any]) -> bool:
        """Whether a number right behind a count with its measure word begins the name of an option: 一杯五糖."""
        counted = start > 1 and "num" in self.spans[start - 2].has and "measure" in self.spans[start - 1].has
        return counted and "num" in self.spans[start].has and any(item in has.get("choice", ()) for item in self.items)

    def _measures(self, at: int) -> bool:
        """Whether a measure word stands here that belongs to the count before it: 一份|大薯条."""
        return not self.spaced and "measure" in self.spans[at].has and "num" in self._beside(at - 1, -1)

    def _words(self) -> None:
        """Phrases that are heard where unknown words are taken for ones of the language that sound like them."""
        count, tries = (
            len(self.tokens),
            ((self.lexicon.names.others, _NAMES), (self.lexicon.words[self.language], WORDS)),
        )
        for start in range(count):
            if not any(self.unknown[start : start + 7]):
                continue
            for trie, kinds in tries:
                paths: list[tuple[int, Trie, float, int, float, Key]] = [(start, trie, 0.0, 0, 1.0, ())]
                while paths:
                    at, node, wrong, changed, least, key = paths.pop()
                    if changed and (found := node.get(None)) is not None:
                        has = allowed(found, kinds)
                        if has and (self.spaced or at > start + 1 or self._lone(start, has, least)):
                            self._found(start, at, has, key, wrong, least, "word")
                    if at >= count or at > start + 7:
                        continue
                    word = self.tokens[at].text
                    if word in node:
                        paths.append((at + 1, node[word], wrong, changed, least, (*key, word)))
                    beside = at > start and self.unknown[at - 1] and self._part_of_word(at)
                    if (self.unknown[at] or beside) and changed < 2:
                        for near, alike, more in _near_words(self.index, word):
                            if near in node and (self.unknown[at] or not more):
                                paths.append(
                                    (at + 1, node[near], wrong + more, changed + 1, min(least, alike), (*key, near))
                                )

    def _lone(self, at: int, has: Mapping[str, Any], least: float) -> bool:
        """Whether one letter may be taken for another that sounds the same: where only such a word can stand."""
        if least < 0.99 or has.get("num", (0,))[0] > self.lexicon.shop.limits.most:
            return False
        return not has.keys() & {"choice", "item"} or "amount" in self._beside(at - 1, -1)


def _may_slip(typed: str, text: str) -> bool:
    return typed == text or OSA.normalized_similarity(typed, text) >= 0.5


def _one_slip(typed: str, text: str) -> bool:
    """Whether Korean syllables differ in one letter of theirs, in a word long enough to be known still: 치즈버그."""
    one, other = normalize("NFD", typed), normalize("NFD", text)
    return len(typed) == len(text) >= 3 and len(other) >= 7 and OSA.distance(one, other, score_cutoff=1) <= 1


def _alike(code: str, codes: Sequence[str], least: float) -> list[tuple[str, float, int]]:
    """The likest sounds: each, how like it is, and its place."""
    return extract(code, codes, scorer=Levenshtein.normalized_similarity, score_cutoff=least, limit=8)


MOST_REMEMBERED = 4096
"""Words heard whose likes are remembered, in each language."""


def _near_words(index: Sounding, word: str) -> tuple[tuple[str, float, float], ...]:
    """The language's words that sound like this one: (word, likeness, features that differ)."""
    known = index.near_words.get(word)
    if known is None:
        if len(index.near_words) >= MOST_REMEMBERED:
            index.near_words.clear()
        known = index.near_words[word] = _words_like(index, index.speech.sound((word,)))
    found: tuple[tuple[str, float, float], ...] = known
    return found


def _words_like(index: Sounding, code: str) -> tuple[tuple[str, float, float], ...]:
    if not code:
        return ()
    found = extract(code, index.word_codes, scorer=Levenshtein.normalized_similarity, score_cutoff=VAGUE, limit=12)
    return tuple(
        (index.words[at], alike, (1 - alike) * max(len(code), len(index.word_codes[at]))) for _, alike, at in found
    )

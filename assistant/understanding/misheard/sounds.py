"""How words sound, as strings that a plain edit distance compares: one engine a kind of writing.

A sound is written as the features that make it up (where, how and with what voice it is made), a letter each, so that
two sounds that are often taken for each other differ in one letter and two that never are differ in all of theirs.
`likeness` of two such strings is then the share of what they have in common. Every slot of a sound has an alphabet of
its own: a vowel is never compared with the place of a consonant.

To find what is worth comparing, words are also spelt roughly: a letter a sound, those often mistaken made one.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import Any

from rapidfuzz.distance import Levenshtein

from models.languages import Language
from models.sounds import syllables as table_of

END = "\n"
"""Parts many texts that are spelt roughly in one go."""

# ------------------------------------------------------------------------------------------------- letters

_CONSONANTS = {
    "p": "LsX", "b": "LsY", "t": "AsX", "d": "AsY", "k": "KsX", "g": "KsY", "f": "LfX", "v": "LfY", "T": "DfX",
    "s": "AfX", "z": "AfY", "S": "PfX", "Z": "PfY", "C": "PcX", "J": "PcY", "h": "GfX", "m": "LnY", "n": "AnY",
    "N": "KnY", "l": "AlY", "r": "PlY", "w": "LlY", "y": "PlW",
}  # fmt: skip
"""Sound -> place, manner, voice."""
_VOWEL = "*"
"""Before a vowel's colour: a vowel that is lost costs more than one that changed."""

_SPELLINGS = (
    ("tion", "S@n"), ("sion", "Z@n"), ("ture", "C@r"), ("ough", "o"), ("augh", "o"), ("eigh", "e"), ("igh", "I"),
    ("tch", "C"), ("dge", "J"), ("sch", "sk"), ("que$", "k"), ("chi(?=[aou])", "ki"), ("cc(?=[iey])", "C"),
    ("ch", "C"), ("sh", "S"), ("th", "T"), ("ph", "f"), ("ck", "k"), ("^wh", "w"), ("^wr", "r"), ("^kn", "n"),
    ("qu", "kw"), ("x", "ks"), ("zz", "ts"), ("ng(?=[ie])", "nJ"), ("ng", "N"), ("c(?=[eiy])", "s"), ("c", "k"),
    ("g(?=e.|i|y)", "J"), ("ge$", "J"), ("j", "J"), ("mb$", "m"), ("gh", "g"), ("q", "k"),
    ("a([bdfgklmnpstvzCJST])e(s?)$", r"ay\1\2"), ("e([bdfgklmnpstvzCJST])e(s?)$", r"ee\1\2"),
    ("(?<![aeou])i([bdfgklmnpstvzCJST])e(s?)$", r"I\1\2"), ("(?<![aeiou])o([bdfgklmnpstvzCJST])e(s?)$", r"oa\1\2"),
    ("u([bdfgklmnpstvzCJST])e(s?)$", r"ue\1\2"), ("(?<=[^aeiouy@I])e$", ""),
    ("(?<=[^aeiouyI])es$", "s"), ("(?<=[^aeiouyI])ed$", "d"),
    ("(eer|ear|ier|ere)(?=s?$)", "ir"), ("(air|are)(?=s?$)", "er"),
    ("ee|ea|ie|ei|ey", "i"), ("ai|ay|aa", "e"), ("oa|ow|oo(?=r)|oe", "o"), ("oo|ou|ew|ue|ui|uu", "u"),
    ("au|aw", "o"), ("oi|oy", "oi"), ("ii", "I"), ("(?<=[^aeiou])y$", "i"), ("^y", "Y"), ("y", "i"), ("Y", "y"),
    ("(er|(?<!^.)ir|ur|or|ar)(?![aeiou])", "@r"), ("oo", "o"),
)  # fmt: skip
_RULES = tuple((re.compile(pattern), put) for pattern, put in _SPELLINGS)
_NO_LETTER = re.compile(r"[^a-z]")
_TWICE = re.compile(r"([^aeiou])\1")


@lru_cache(maxsize=20_000)
def phones(word: str) -> str:
    said = _TWICE.sub(r"\1", _NO_LETTER.sub("", word)) if "zz" not in word and "cc" not in word else word
    for rule, put in _RULES:
        said = rule.sub(put, said)
    return _TWICE.sub(r"\1", said)


@lru_cache(maxsize=20_000)
def letters(word: str) -> str:
    """A word of an alphabet by its spelling, roughly as English is read."""
    made = []
    for phone in phones(word):
        known = _CONSONANTS.get(phone)
        made.append(known if known is not None else _VOWEL + phone)
    return "".join(made)


_ROUGH_PHONES = str.maketrans("bdgvzZJSCTiIu@", "ptkfsccccteeoa")


class Letters:
    """Words of an alphabet. Also what the other engines do with words that aren't of their own kind of writing."""

    def __init__(self, tables: Mapping[str, Any]) -> None:
        """`tables`: a language's own, under `sounds` in its file."""

    def fits(self, text: str) -> bool:
        """Whether a text is of this kind of writing."""
        return text.isascii()

    def sound(self, words: Sequence[str]) -> str:
        """The features of some tokens in a row."""
        return "".join(map(letters, words))

    def rough(self, texts: str) -> str:
        """A letter a sound, of texts in normal form."""
        spelt = END.join(["".join(map(phones, text.split())) for text in texts.split(END)])
        return spelt.translate(_ROUGH_PHONES)


class _ByLetter(Letters, ABC):
    """What is written without spaces: each letter is a syllable."""

    own: re.Pattern[str]
    """The letters of this kind of writing."""
    otherwise: re.Pattern[str]
    """Words that aren't read letter by letter."""
    _TOKEN = re.compile("[ -~]+|.")

    @staticmethod
    @abstractmethod
    def letter(letter: str) -> str:
        """The features of a letter; of what is no letter of ours too."""

    @abstractmethod
    def read(self, found: re.Match[str]) -> str:
        """A word that isn't read letter by letter, in letters that are read as it is."""

    @abstractmethod
    def table(self) -> Mapping[int, str]:
        """Letter -> its rough spelling."""

    def fits(self, text: str) -> bool:
        return self.own.search(text) is not None

    def sound(self, words: Sequence[str]) -> str:
        text = "".join(words)
        if self.otherwise.search(text):
            words = self._TOKEN.findall(self.otherwise.sub(self.read, text))
        return "".join(map(self.letter, words))

    def rough(self, texts: str) -> str:
        return self.otherwise.sub(self.read, texts).translate(self.table())


# -------------------------------------------------------------------------------------------------- pinyin

_INITIALS = dict(
    one.split("=")
    for one in (
        "b=bsx p=bsy m=bnz f=bfz d=dsx t=dsy n=dnz l=dlz g=gsx k=gsy h=gfz j=jcx q=jcy x=jfz zh=rcx ch=rcy sh=rfz r=rlz"
        " z=zcx c=zcy s=zfz =ooo"
    ).split(" ")
)
"""Initial -> place, manner, breath."""
_HISSING = frozenset("zh ch sh r z c s".split())
_NUCLEI = {"a": "AA", "e": "EE", "o": "OE", "i": "II", "u": "UU", "v": "VV"}
"""Twice the same letter where only a very different vowel may take its place."""
_SYLLABLE = re.compile(r"(zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw]?)([aeiouvü]+)(ng|n|r)?$")


def _syllable(said: str) -> str:
    """A syllable without its tone as initial, medial, nucleus and coda."""
    match = _SYLLABLE.match(said)
    if match is None:
        return ""
    initial, vowels, coda = match[1], match[2].replace("ü", "v"), match[3] or ""
    if initial == "y":
        initial, vowels = "", vowels if vowels[0] in "iv" else ("v" + vowels[1:] if vowels[0] == "u" else "i" + vowels)
    elif initial == "w":
        initial, vowels = "", vowels if vowels[0] == "u" else "u" + vowels
    if initial in ("j", "q", "x") and vowels[0] == "u":
        vowels = "v" + vowels[1:]
    vowels = {"iu": "iou", "ui": "uei", "un": "uen"}.get(vowels, vowels)
    if vowels == "u" and coda == "n" and initial:
        vowels = "ue"
    if vowels == "v" and coda == "n":
        vowels = "ve"
    if vowels in ("i", "o") and coda:
        vowels = {"i": "ie", "o": "ue"}[vowels]
    medial = ""
    if len(vowels) > 1 and vowels[0] in "iuv":
        medial, vowels = vowels[0], vowels[1:]
    nucleus, glide = vowels[0], vowels[1:]
    # The vowel of 是 is near to that of 色.
    middle = "EI" if nucleus == "i" and initial in _HISSING else _NUCLEI.get(nucleus, "EE")
    tail = {"n": "nN", "ng": "nG", "r": "rr"}.get(coda, {"i": "iJ", "u": "uW", "o": "uW"}.get(glide, "--"))
    return _INITIALS[initial] + {"": "_", "i": "1", "u": "2", "v": "3"}[medial] + middle + tail


@cache
def _readings() -> dict[str, str]:
    """Letter -> its toneless commonest reading. Read when the first Chinese name is compared."""
    return {letter: said for said, letters in table_of("pinyin") for letter in letters}


@lru_cache(maxsize=20_000)
def pinyin(letter: str) -> str:
    """A Chinese letter by its commonest reading; anything else by its spelling."""
    said = _readings().get(letter, "")
    return _syllable(said) if said else letters(letter)


_PARTS = re.compile(r"(zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw]?)(.*)")
_ROUGH_INITIALS = {"zh": "z", "ch": "c", "sh": "s", "l": "n", "r": "n", "h": "f"}
_ROUGH_FINALS = {"ang": "an", "eng": "en", "ing": "in", "iang": "ian", "uang": "uan", "uo": "o", "v": "u"}


@cache
def _rough_syllables() -> dict[int, str]:
    """Chinese letter -> a letter for its initial and one for its final."""
    spelt: dict[int, str] = {}
    finals: dict[str, str] = {}
    for said, written in table_of("pinyin"):
        match = _PARTS.fullmatch(said)
        initial, final = match.groups() if match else ("", said)
        final = _ROUGH_FINALS.get(final, final)
        letter = finals.setdefault(final, chr(ord("\u00c0") + len(finals))) if final else ""
        rough = _ROUGH_INITIALS.get(initial, initial) + letter
        spelt.update((ord(one), rough) for one in written)
    return spelt


class Pinyin(_ByLetter):
    """Chinese letters as they are read, without tones."""

    own = re.compile("[㐀-鿿]")
    letter = staticmethod(pinyin)

    def __init__(self, tables: Mapping[str, Any]) -> None:
        words = tables.get("words", {})
        likely = {said: written[0] for said, written in table_of("pinyin")} if words else {}
        self._read_as = {word: "".join(likely.get(one, "") for one in said.split()) for word, said in words.items()}
        """Words with a letter that is mostly read otherwise -> letters that are always read so."""
        self.otherwise = re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True))) or "(?!)")

    def read(self, found: re.Match[str]) -> str:
        return self._read_as[found[0]]

    def table(self) -> Mapping[int, str]:
        return _rough_syllables()


# --------------------------------------------------------------------------------------------------- jamo

_ONSET = ("KsX", "KsZ", "AnV", "AsX", "AsZ", "AlV", "LnV", "LsX", "LsZ", "AfX", "AfZ", "", "PcX", "PcZ", "PcY", "KsY",
          "AsY", "LsY", "GfX")  # fmt: skip
_KOREAN_VOWEL = (
    "a", "e", "ya", "ye", "o", "e", "yo", "ye", "O", "wa", "we", "we", "yO", "u", "wo", "we", "wi", "yu", "U", "Ui",
    "i",
)  # fmt: skip
_CODA = ("", "k", "k", "k", "n", "n", "n", "t", "l", "k", "m", "l", "l", "l", "p", "l", "m", "p", "p", "t", "t", "N",
         "t", "t", "k", "t", "p", "t")  # fmt: skip
_CODAS = {"": "", "k": "KsX", "n": "AnV", "t": "AsX", "l": "AlV", "m": "LnV", "p": "LsX", "N": "KnV"}


@lru_cache(maxsize=20_000)
def jamo(letter: str) -> str:
    """A Korean syllable by its parts; what ends a syllable is written as it begins one, so that 빼고 and 빽오 agree."""
    code = ord(letter) - 0xAC00 if len(letter) == 1 else -1
    if not 0 <= code < 11172:
        return letters(letter)
    onset, vowel, coda = code // 588, code % 588 // 28, code % 28
    return _ONSET[onset] + "".join(_VOWEL + one for one in _KOREAN_VOWEL[vowel]) + _CODAS[_CODA[coda]]


_ROUGH_CONSONANTS = {
    "": "", "Ks": "k", "As": "t", "Ls": "p", "Pc": "c", "Af": "s", "Gf": "h", "Kn": "g", "An": "n", "Ln": "m",
    "Al": "l",
}  # fmt: skip
"""Place and manner -> a letter: no voice."""


@cache
def _rough_blocks() -> dict[int, str]:
    """Korean syllable -> its consonants without their voice, its vowel by what it ends in."""
    starts = [_ROUGH_CONSONANTS[onset[:2]] for onset in _ONSET]
    vowels = [vowel[-1].upper() for vowel in _KOREAN_VOWEL]
    ends = [_ROUGH_CONSONANTS[_CODAS[coda][:2]] for coda in _CODA]
    blocks = (start + vowel + end for start in starts for vowel in vowels for end in ends)
    return dict(enumerate(blocks, 0xAC00))


_SILENT = 11
"""The beginning that isn't said."""
_OVER = {3: (1, 9), 5: (4, 12), 9: (8, 0), 10: (8, 6), 11: (8, 7), 12: (8, 9), 13: (8, 16), 14: (8, 17), 18: (17, 9)}
"""Two consonants at an end -> the one that stays, and what the other is at the beginning: it goes over to a vowel."""


class Jamo(_ByLetter):
    """Korean syllables by their sounds."""

    own = re.compile("[가-힣]")
    letter = staticmethod(jamo)
    otherwise = re.compile(f"[{''.join(chr(0xAC00 + at) for at in range(11172) if at % 28 in _OVER)}][아-잏]")

    def read(self, found: re.Match[str]) -> str:
        before, after = ord(found[0][0]), ord(found[0][1])
        end = (before - 0xAC00) % 28
        stays, goes = _OVER[end]
        return chr(before - end + stays) + chr(after + (goes - _SILENT) * 588)

    def table(self) -> Mapping[int, str]:
        return _rough_blocks()


# ----------------------------------------------------------------------------------------------- comparing

ENGINES: Mapping[str, type[Letters]] = {"letters": Letters, "pinyin": Pinyin, "jamo": Jamo}


@cache
def speech_of(language: Language) -> Letters:
    """The engine that the language file names, with its data; letters where it names none."""
    engine = ENGINES.get(language.tables.get("sound", "letters"), Letters)
    return engine(language.tables.get("sounds", {}))


def likeness(one: str, other: str, least: float = 0.0) -> float:
    """What two sounds have in common, 0 to 1; 0 where it is less than `least`."""
    return float(Levenshtein.normalized_similarity(one, other, score_cutoff=least))

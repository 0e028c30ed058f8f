"""Vosk: hears while one still speaks, and can be held to phrases. A model is a folder; nothing is ever fetched."""

from __future__ import annotations

import json
import math
import re
import threading
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from msgspec import Struct

from assistant.errors import CALLED, SetupError
from models.recognizers import RATE, UNKNOWN, Abilities, Bias, Heard, Word

READINGS = 5
"""So many are given at most."""
WEIGHED = 8
"""So many are asked for: the others are weighed against them, which gives the confidence."""
IDLE = 3
"""So many recognisers wait to be used again. Each takes 27 MB, and 50 to 90 ms to make when it is a free one."""
NEEDED = {
    "am/final.mdl": ("am/final.mdl", "conf/mfcc.conf", "graph"),
    "final.mdl": ("final.mdl", "mfcc.conf", "word_boundary.int"),
}
"""The two ways in which models are laid out, by the file that tells them apart."""
GRAPHS = (("HCLr.fst", "Gr.fst"), ("HCLG.fst",))
"""Files of a graph that can be bent to phrases, and of a big one that can't."""
UNHEARD = re.compile(r"[<\[]unk[>\]]", re.IGNORECASE)
BETWEEN_IDEOGRAPHS = re.compile(r"(?<=[\u3400-\u9fff]) (?=[\u3400-\u9fff])")


class Vosk:
    name = "vosk"
    can = Abilities(streaming=True, grammar=True, alternatives=True)
    extra = "vosk"

    def missing(self) -> str:
        if find_spec("vosk") is None:
            return (
                f"Vosk is not installed; `{CALLED} models get LANGUAGE` installs it, or pip install 'voicetill[vosk]'"
            )
        return ""

    def open(self, folder: Path, language: str) -> VoskModel:
        bends = _check(folder, language)
        if missing := self.missing():
            raise SetupError(missing)
        import vosk

        vosk.SetLogLevel(-1)
        try:
            model = VoskModel(vosk.Model(str(folder)), language, bends)
            first = model.begin()
            first.feed(bytes(RATE // 2))  # some gaps show only when something is decoded
            first.end()
        except Exception as error:  # it raises no class of its own
            raise SetupError(_not_whole(folder, language, "Vosk can't load it")) from error
        return model


class Grammar(Struct, frozen=True):
    """Phrases as the model can hear them."""

    text: str
    """A list in JSON, as Vosk takes it."""
    spelling: dict[tuple[str, ...], str]
    """Pieces that stand for a word of the phrases -> that word."""
    longest: int
    """Pieces of the word that has the most."""


class Line(Struct):
    """A recogniser of Vosk, used for one utterance after the other."""

    ear: Any
    fed: int = 0
    """Samples since it was made: its times count from there."""


class VoskModel:
    def __init__(self, model: Any, language: str, bends: bool) -> None:
        self.language = language
        self.can = Abilities(streaming=True, grammar=bends, alternatives=True, languages=frozenset({language}))
        self._model = model
        self._idle: list[tuple[str, Line]] = []
        self._busy: dict[int, Line] = {}
        """Held here too while they are used: a decoding that is collected in a ring takes its line with it, and the
        line would be freed under whoever is given it next."""
        self._lock = threading.RLock()  # a decoding may be collected, and give its line back, at any point
        self._grammar = lru_cache(maxsize=8)(self._make_grammar)
        self._pieces = lru_cache(maxsize=4096)(self._find_pieces)

    def knows(self, word: str) -> bool | None:
        words = _plain(word).split()
        return bool(words) and all(self._pieces(one) for one in words)

    def begin(self, bias: Bias | None = None) -> VoskDecoding:
        grammar = self._grammar(bias.phrases) if bias and bias.phrases and self.can.grammar else None
        key = grammar.text if grammar else ""
        return VoskDecoding(self, key, self._line(key), grammar)

    def close(self) -> None:
        """What still decodes goes on; the memory is free once that has ended."""
        with self._lock:
            self._model = None
            self._idle.clear()
            self._grammar.cache_clear()
            self._pieces.cache_clear()

    def give_back(self, key: str, line: Line, *, clean: bool) -> None:
        """A decoding is done with it. `clean`: it didn't stop in the middle, so that another may go on with it."""
        with self._lock:
            self._busy.pop(id(line), None)
            if clean and self._model is not None:
                self._idle.append((key, line))
                if len(self._idle) > IDLE:  # one that is held is made again soonest
                    del self._idle[next((at for at, (of, _) in enumerate(self._idle) if of), 0)]

    def _line(self, key: str) -> Line:
        import vosk

        with self._lock:
            if self._model is None:
                raise SetupError("this model is closed; open it again")
            for at, (of, line) in enumerate(self._idle):
                if of == key:
                    del self._idle[at]
                    self._busy[id(line)] = line
                    return line
            model = self._model
        ear = vosk.KaldiRecognizer(model, RATE, key) if key else vosk.KaldiRecognizer(model, RATE)
        ear.SetWords(True)
        ear.SetMaxAlternatives(WEIGHED)
        line = Line(ear)
        with self._lock:
            self._busy[id(line)] = line
        return line

    def _make_grammar(self, phrases: tuple[str, ...]) -> Grammar | None:
        """None where the model knows none of them. One unknown word makes a phrase unhearable, so it is left out."""
        heard: dict[str, None] = {}
        spelling: dict[tuple[str, ...], str] = {}
        for phrase in phrases:
            words = _plain(phrase).split()
            pieces = [self._pieces(word) for word in words]
            if not words or not all(pieces):
                continue
            heard[" ".join(one for word in pieces for one in word)] = None
            spelling |= {word: whole for whole, word in zip(words, pieces, strict=True) if len(word) > 1}
        if not heard:
            return None
        unknown = [UNKNOWN] if self._has(UNKNOWN) else []
        longest = max(map(len, spelling), default=1)
        return Grammar(json.dumps([*heard, *unknown], ensure_ascii=False), spelling, longest)

    def _has(self, word: str) -> bool:
        return self._model is not None and self._model.vosk_model_find_word(word) >= 0

    def _find_pieces(self, word: str) -> tuple[str, ...]:
        """The word as the model's vocabulary has it, () where it hasn't: whole, or, in a script that doesn't part words
        as the vocabulary does (no letter has a case), in the fewest pieces."""
        for written in (word, word.upper(), word.capitalize()):
            if self._has(written):
                return (written,)
        if word.lower() != word.upper():
            return ()
        best: list[tuple[str, ...] | None] = [()]
        for end in range(1, len(word) + 1):
            ways = [
                (*before, word[start:end])
                for start, before in enumerate(best)
                if before is not None and self._has(word[start:end])
            ]
            best.append(min(ways, key=len, default=None))
        return best[-1] or ()


class VoskDecoding:
    def __init__(self, model: VoskModel, key: str, line: Line, grammar: Grammar | None) -> None:
        self.held = grammar is not None
        self._model, self._key, self._line, self._grammar = model, key, line, grammar
        self._begun = line.fed
        self._ended: list[Any] = []
        self._clean = True
        self._partial = self._said = ""
        """What Vosk has of the part under way, as it gave it, and all that was heard by then."""

    def __del__(self) -> None:
        # One that stopped in the middle would carry sounds of this utterance into the next, and is thrown away.
        self._model.give_back(self._key, self._line, clean=self._clean)

    def feed(self, pcm: bytes) -> str:
        ear = self._line.ear
        self._clean = False
        self._line.fed += len(pcm) // 2
        # Where Vosk finds an end of its own, its result is kept: ours is decided by whoever calls `end`.
        if ear.AcceptWaveform(pcm):
            self._ended.append(json.loads(ear.Result()))
            partial = ""
        elif (partial := ear.PartialResult()) == self._partial:
            return self._said
        parts = [*(_best(one) for one in self._ended), json.loads(partial or "{}").get("partial", "")]
        words = [Word(word, 0.0, 0.0, 1.0) for part in parts for word in part.split() if self._says(word)]
        self._partial, self._said = partial, _text(self._spelt(words))
        return self._said

    def settle(self) -> None:
        # A part that ends here; what is fed after all is another, as where Vosk finds an end of its own.
        if not self._clean:
            self._ended.append(json.loads(self._line.ear.FinalResult()))
            self._clean = True

    def end(self) -> tuple[Heard, ...]:
        self.settle()
        parts = [self._readings(one) for one in self._ended if _best(one)]
        self._begun, self._ended, self._clean = self._line.fed, [], True
        self._partial = self._said = ""
        if not parts:
            return ()
        # Where Vosk saw several parts, another reading of the whole has one part read otherwise.
        bests = [part[0] for part in parts]
        whole = [(1.0, bests)]
        for at, part in enumerate(parts):
            whole += [
                (share / part[0][0], [*bests[:at], (share, words), *bests[at + 1 :]]) for share, words in part[1:]
            ]
        found: dict[str, Heard] = {}
        sure = 1.0
        for _likely, reading in sorted(whole, key=lambda one: -one[0]):
            words = tuple(word for _share, part in reading for word in part)
            text = _text(words)
            if text and text not in found:
                # None is surer than one before it, though it may be of fewer and surer words.
                sure = min(sure, sum(word.confidence for word in words) / len(words))
                found[text] = Heard(text, round(sure, 3), words)
        best, *others = found.values() or (None,)
        if best is None or _is_unknown(best):
            return ()
        return (best, *[one for one in others if not _is_unknown(one)][: READINGS - 1])

    def _readings(self, result: Any) -> list[tuple[float, tuple[Word, ...]]]:
        """The readings of one part, each with its share of all that is likely, best first.

        Vosk gives the score of a whole reading (a log likelihood) and none of its words. A word is as sure as the
        readings together are that have it at that time.
        """
        found = [one for one in result["alternatives"] if one["text"]]
        top = max(one["confidence"] for one in found)
        shares = [math.exp(one["confidence"] - top) for one in found]
        shares = [share / sum(shares) for share in shares]
        timed = [one.get("result", []) for one in found]
        origin = self._begun / RATE

        def sure(word: Any) -> float:
            middle = (word["start"] + word["end"]) / 2
            return sum(
                share
                for share, words in zip(shares, timed, strict=True)
                if any(one["word"] == word["word"] and one["start"] <= middle <= one["end"] for one in words)
            )

        def word_of(one: Any) -> Word:
            start, end = max(one["start"] - origin, 0.0), max(one["end"] - origin, 0.0)
            return Word(one["word"], round(start, 2), round(end, 2), round(min(sure(one), 1.0), 3))

        said = [self._spelt([word_of(one) for one in words if self._says(one["word"])]) for words in timed]
        return sorted(zip(shares, said, strict=True), key=lambda one: -one[0])

    def _says(self, word: str) -> bool:
        return self.held or not UNHEARD.fullmatch(word)

    def _spelt(self, words: Sequence[Word]) -> tuple[Word, ...]:
        """Pieces put together as the phrases spell them."""
        spelling, longest = (self._grammar.spelling, self._grammar.longest) if self._grammar else ({}, 1)
        done: list[Word] = []
        at = 0
        while at < len(words):
            for size in range(min(longest, len(words) - at), 0, -1):
                run = words[at : at + size]
                whole = spelling.get(tuple(word.text for word in run)) if size > 1 else run[0].text
                if whole is not None:
                    text = UNKNOWN if UNHEARD.fullmatch(whole) else whole
                    done.append(Word(text, run[0].start, run[-1].end, min(word.confidence for word in run)))
                    at += size
                    break
        return tuple(done)


def _text(words: Iterable[Word]) -> str:
    return BETWEEN_IDEOGRAPHS.sub("", " ".join(word.text for word in words))


def _is_unknown(heard: Heard) -> bool:
    """Whether nothing of the phrases is in it."""
    return set(heard.text.split()) == {UNKNOWN}


def _best(result: Any) -> str:
    """The text of the first alternative that Vosk gives."""
    found = result.get("alternatives") or [result]
    return str(found[0].get("text", ""))


def _plain(text: str) -> str:
    """As vocabularies are written."""
    return re.sub(r"[^\w'\[\]]+", " ", unicodedata.normalize("NFC", text).lower())


def _check(folder: Path, language: str) -> bool:
    """Whether the model can be held to phrases; SetupError where something of it is missing."""
    needed = next((files for mark, files in NEEDED.items() if (folder / mark).is_file()), NEEDED["am/final.mdl"])
    graph = folder / "graph" if "graph" in needed else folder
    lacking = [one for one in needed if not (folder / one).exists()]
    has = [all((graph / one).is_file() for one in files) for files in GRAPHS]
    if not lacking and not any(has):
        lacking = [str((graph / GRAPHS[0][0]).relative_to(folder))]
    if lacking:
        raise SetupError(_not_whole(folder, language, f"{lacking[0]} is missing"))
    return has[0]


def _not_whole(folder: Path, language: str, why: str) -> str:
    return f"{folder}: no whole Vosk model ({why}); run `{CALLED} models get {language}`"


RECOGNIZER = Vosk()

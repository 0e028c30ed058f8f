"""Whisper (faster-whisper): hears an utterance as a whole, once it has ended. A model is a folder, and never fetched.

No prompt goes before it: one in simplified characters makes it write those, and hear more of them wrongly (23.0 against
20.5 % over 194 sentences); whoever reads the text knows both scripts.
"""

from __future__ import annotations

import math
import os
import threading
import unicodedata
import zlib
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from assistant.errors import CALLED, SetupError
from models.recognizers import RATE, Abilities, Bias, Heard

READINGS = 5
"""So many are given at most."""
BEAMS = 8
WINDOW = 28 * RATE
"""Samples that are looked at at once; a longer utterance is parted where it is quietest near that point."""
FRAMES = 3000
"""Hundredths of a second that the model was taught to hear: a short utterance is filled up with silence. (Less filling
costs less, and says things twice.)"""
TOKENS = 160
"""The longest text of a window."""
QUIET = 1e-4
"""Below this (of full scale) is a muted microphone, which isn't worth asking about."""
NO_SPEECH = 0.6
"""Where the model takes it for silence or noise as surely as this, its text is only believed …"""
SURE_SPEECH = 0.45
"""… if it is as sure of the text as this. On noise it says "Thank you." with 0.1 to 0.37."""
UNSURE = 0.2
"""A text as unsure as this is none."""
LOOPS = 2.4
"""A text that shrinks so much when it is compressed says the same over and over."""
NEEDED = ("config.json", "model.bin", "tokenizer.json")


class Whisper:
    name = "whisper"
    can = Abilities(streaming=False, grammar=False, alternatives=True)
    extra = "whisper"

    def missing(self) -> str:
        if find_spec("faster_whisper") is None:
            return f"Whisper isn't installed; run `{CALLED} models get LANGUAGE`, or pip install 'voicetill[whisper]'"
        return ""

    def open(self, folder: Path, language: str) -> WhisperModel:
        for file in NEEDED:
            if not (folder / file).is_file():
                raise SetupError(_not_whole(folder, language, f"{file} is missing"))
        if not any((folder / file).is_file() for file in ("vocabulary.json", "vocabulary.txt")):
            raise SetupError(_not_whole(folder, language, "vocabulary.txt is missing"))
        if missing := self.missing():
            raise SetupError(missing)
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
        import faster_whisper

        try:
            whole = faster_whisper.WhisperModel(
                str(folder), device="cpu", compute_type="int8", cpu_threads=_threads(), local_files_only=True
            )
            return WhisperModel(whole, language)
        except SetupError:
            raise
        except Exception as error:  # of CTranslate2 and of the tokenizer, which have no class in common
            raise SetupError(_not_whole(folder, language, "it can't be loaded")) from error


class WhisperModel:
    def __init__(self, whole: Any, language: str) -> None:
        from faster_whisper.tokenizer import Tokenizer

        spoken = language.split("-")[0].lower()
        many = bool(whole.model.is_multilingual)
        known = frozenset(whole.supported_languages)
        if spoken not in known:
            what = "isn't one that Whisper knows" if many else "is not what this model hears: it is for English alone"
            raise SetupError(f"'{language}' {what}; run `{CALLED} models get {language}`")
        self.language = language
        self.can = Abilities(streaming=False, grammar=False, alternatives=True, languages=known, threads=True)
        self._whole: Any = whole
        self._tokens = Tokenizer(whole.hf_tokenizer, many, task="transcribe", language=spoken)
        self._lock = threading.Lock()
        """One at a time: a second decoding beside the first would only share the same cores."""

    def knows(self, word: str) -> bool | None:
        return None

    def begin(self, bias: Bias | None = None) -> WhisperDecoding:
        return WhisperDecoding(self)

    def close(self) -> None:
        """What is being decoded goes on."""
        self._whole = None

    def hear(self, samples: Any) -> list[Heard]:
        """The readings of one window (floats, -1 to 1), best first; none where it is no speech."""
        import numpy as np

        if not len(samples) or float(np.abs(samples).max()) < QUIET:
            return []
        with self._lock:
            whole = self._whole
            if whole is None:
                raise SetupError("this model is closed; open it again")
            features = whole.feature_extractor(samples, padding=160)[:, :FRAMES]
            features = np.pad(features, ((0, 0), (0, FRAMES - features.shape[-1])))
            prompt = whole.get_prompt(self._tokens, [], without_timestamps=True)
            encoded = whole.encode(features)
            found, silence = self._search(encoded, prompt)
            if found and _loops(found[0].text):
                found, silence = self._search(encoded, prompt, repetition_penalty=1.3, no_repeat_ngram_size=4)
        return found if _is_speech(found, silence) else []

    def _search(self, encoded: Any, prompt: list[int], **against_loops: float) -> tuple[list[Heard], float]:
        """(readings that differ in more than signs, how sure it is that nothing was said)."""
        result = self._whole.model.generate(
            encoded,
            [prompt],
            beam_size=BEAMS,
            num_hypotheses=BEAMS,
            max_length=min(self._whole.max_length, len(prompt) + TOKENS),
            return_scores=True,
            return_no_speech_prob=True,
            **against_loops,
        )[0]
        found: dict[str, Heard] = {}
        sure = 1.0
        for tokens, score in zip(result.sequences_ids, result.scores, strict=True):
            text = self._tokens.decode(tokens).strip()
            # The score is the mean over the tokens, without the one that ends them.
            sure = min(sure, math.exp(score * len(tokens) / (len(tokens) + 1)))
            found.setdefault(_letters(text), Heard(text, round(sure, 3)))
        return list(found.values())[:READINGS], float(result.no_speech_prob)


class WhisperDecoding:
    held = False

    def __init__(self, model: WhisperModel) -> None:
        self._model = model
        self._pcm = bytearray()

    def feed(self, pcm: bytes) -> str:
        self._pcm += pcm
        return ""

    def end(self) -> tuple[Heard, ...]:
        import numpy as np

        samples = np.frombuffer(bytes(self._pcm[: len(self._pcm) // 2 * 2]), np.int16).astype(np.float32) / 32768
        self._pcm.clear()
        parts = [found for window in _windows(samples) if (found := self._model.hear(window))]
        if len(parts) < 2:
            return tuple(parts[0]) if parts else ()
        best = [part[0] for part in parts]
        sure = sum(one.confidence for one in best) / len(best)
        return (Heard(" ".join(one.text for one in best), round(sure, 3)),)


def _windows(samples: Any) -> Iterator[Any]:
    """The utterance in pieces that the model can hear, parted in the quietest tenth of a second."""
    import numpy as np

    while len(samples) > WINDOW:
        step, first = RATE // 10, WINDOW - 5 * RATE
        blocks = samples[first:WINDOW].reshape(-1, step)
        cut = first + int(np.abs(blocks).mean(axis=1).argmin()) * step + step // 2
        yield samples[:cut]
        samples = samples[cut:]
    yield samples


def _is_speech(found: list[Heard], silence: float) -> bool:
    if not found or not _letters(found[0].text) or _loops(found[0].text):
        return False
    sure = found[0].confidence
    return sure >= UNSURE and (silence < NO_SPEECH or sure >= SURE_SPEECH)


def _letters(text: str) -> str:
    """What is said in it, by which readings are told apart."""
    return "".join(one for one in unicodedata.normalize("NFKC", text).casefold() if one.isalnum())


def _loops(text: str) -> bool:
    plain = text.encode()
    return len(plain) > LOOPS * len(zlib.compress(plain))


def _threads() -> int:
    """All cores but one, where there are more than two: sound and the talk itself must go on. Four at most."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(4, cores - 1 if cores > 2 else cores))


def _not_whole(folder: Path, language: str, why: str) -> str:
    return f"{folder}: no whole Whisper model ({why}); run `{CALLED} models get {language}`"


RECOGNIZER = Whisper()

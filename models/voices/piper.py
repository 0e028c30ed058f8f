"""Piper: a voice like a person's, from a model in a folder. One sentence is made ahead while another plays."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from assistant.errors import CALLED, FarEndError, SetupError
from models.voices import Abilities, Sound, sentences

NAMES = {"cmn": "zh", "yue": "zh"}
"""Names for languages in a model's own file that aren't our tags."""


class Piper:
    name = "piper"
    can = Abilities(streaming=True, model=True)
    extra = "piper"

    def missing(self) -> str:
        if find_spec("piper") is None:
            return (
                f"Piper isn't installed; run `{CALLED} models get LANGUAGE --voice`, or pip install 'voicetill[piper]'"
            )
        return ""

    def open(self, language: str, folder: Path | None = None) -> PiperSpeaker:
        model, about = _files(folder, language)
        _check_language(model, about, language)
        if missing := self.missing():
            raise SetupError(missing)
        from piper import PiperVoice

        try:
            voice = PiperVoice.load(model, config_path=f"{model}.json")
        except Exception as error:  # of onnxruntime and of Piper, which have no class in common
            raise SetupError(_not_whole(model.parent, language, "it can't be loaded")) from error
        return PiperSpeaker(voice, language)


class PiperSpeaker:
    def __init__(self, voice: Any, language: str) -> None:
        self.language = language
        self._voice = voice
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="piper")
        self._closed = False

    def say(self, text: str, *, pace: float = 1.0) -> Iterator[Sound]:
        ahead: Future[Sound | None] | None = None
        try:
            for part in [*sentences(text), None]:
                made, ahead = ahead, self._begin(part, pace)
                if made is not None and (sound := self._waited(made)) is not None:
                    yield sound
                if self._closed:
                    return
        finally:
            if ahead is not None:
                ahead.cancel()

    def close(self) -> None:
        self._closed = True
        self._worker.shutdown(wait=False, cancel_futures=True)
        self._voice = None

    def _begin(self, part: str | None, pace: float) -> Future[Sound | None] | None:
        if part is None or self._closed:
            return None
        try:
            return self._worker.submit(self._made, part, pace)
        except RuntimeError:  # closed just now
            return None

    def _waited(self, made: Future[Sound | None]) -> Sound | None:
        try:
            return made.result()
        except CancelledError:
            return None
        except Exception as error:  # of onnxruntime and of Piper, which have no class in common
            raise FarEndError(f"the voice failed at a sentence ({error})", can_retry=True) from error

    def _made(self, part: str, pace: float) -> Sound | None:
        from piper import SynthesisConfig

        voice = self._voice
        if voice is None:
            return None
        # Two brackets would begin phonemes.
        plain = part.replace("[[", "[ [")
        scale = voice.config.length_scale / pace
        chunks = list(voice.synthesize(plain, SynthesisConfig(length_scale=scale)))
        pcm = b"".join(chunk.audio_int16_bytes for chunk in chunks)
        return Sound(pcm, chunks[0].sample_rate) if pcm else None


def _files(folder: Path | None, language: str) -> tuple[Path, dict[str, Any]]:
    """The model and what its own file says of it. SetupError where one is missing."""
    if folder is None:
        raise SetupError(f"Piper needs a model; run `{CALLED} models get {language} --voice`")
    models = sorted(folder.glob("*.onnx"))
    if len(models) != 1:
        why = f"it has {len(models)} files *.onnx, not one" if models else "no file *.onnx"
        raise SetupError(_not_whole(folder, language, why))
    try:
        about = json.loads(Path(f"{models[0]}.json").read_text(encoding="utf-8"))
        if not isinstance(about, dict):
            raise ValueError("no table")
    except FileNotFoundError as error:
        raise SetupError(_not_whole(folder, language, f"{models[0].name}.json is missing")) from error
    except (OSError, ValueError) as error:
        raise SetupError(_not_whole(folder, language, f"{models[0].name}.json can't be read")) from error
    return models[0], about


def _check_language(model: Path, about: dict[str, Any], language: str) -> None:
    """A voice speaks the language that it was made for, and nothing else; what needs more files than its own isn't
    taken, because Piper would fetch them."""
    code = str(about.get("language", {}).get("code") or about.get("espeak", {}).get("voice", ""))
    spoken = code.replace("_", "-").split("-")[0].lower()
    wanted = language.split("-")[0].lower()
    if spoken and NAMES.get(spoken, spoken) != wanted:
        remedy = f"run `{CALLED} models get {language} --voice`"
        raise SetupError(f"{model.parent}: this voice speaks {NAMES.get(spoken, spoken)}, not {language}; {remedy}")
    kind = about.get("phoneme_type", "espeak")
    if kind not in ("espeak", "text"):
        raise SetupError(f"{model.parent}: Piper fetches files for a voice that reads by {kind}; take another voice")


def _not_whole(folder: Path, language: str, why: str) -> str:
    return f"{folder}: no whole Piper voice ({why}); run `{CALLED} models get {language} --voice`"


VOICE = Piper()

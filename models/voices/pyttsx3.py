"""pyttsx3 with eSpeak NG: small, quick, and there for a hundred languages.

The library loses, shortens and repeats sentences, and may hang; nothing of that can be mended from within. So it works
in a process of its own and only writes files. What comes out is measured against the text, made again when it is too
short, and the process is ended and begun again when it doesn't answer. One sentence is made ahead while another plays.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import select
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import unicodedata
import wave
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from assistant.errors import FarEndError, SetupError
from models.voices import Abilities, Sound, sentences, weight

LIBRARIES = ("libespeak-ng.so.1", "/usr/local/lib/libespeak-ng.so.1", "libespeak.so.1")
"""Where the library looks for its own on Linux."""
VOICES = {"zh": "cmn"}
"""What eSpeak NG calls a language, where that isn't the tag itself."""
RATE = 170
"""Words a minute at pace 1. eSpeak takes 80 to 450."""
SHORTEST = 0.02
"""Seconds that a letter takes at that rate, at least. (Measured: 0.045 to 0.2.) What is shorter was cut off."""
TRIES = 3
START, SENTENCE = 15.0, 4.0
"""Seconds until the process, or a sentence, is given up. A sentence takes 0.01 to 0.06."""
CHILD = Path(__file__).with_name("_pyttsx3_child.py")


class Pyttsx3:
    name = "pyttsx3"
    can = Abilities(streaming=True, model=False)
    extra = ""

    def missing(self) -> str:
        if find_spec("pyttsx3") is None:
            return "pyttsx3 isn't installed; run: pip install pyttsx3"
        if sys.platform == "linux" and not any(map(_loads, LIBRARIES)):
            return "the voice needs eSpeak NG; run: sudo apt-get install espeak-ng"
        return ""

    def open(self, language: str, folder: Path | None = None) -> Pyttsx3Speaker:
        if missing := self.missing():
            raise SetupError(missing)
        speaker = Pyttsx3Speaker(language)
        try:
            speaker.start()
        except BaseException:
            speaker.close()
            raise
        return speaker


class Pyttsx3Speaker:
    def __init__(self, language: str) -> None:
        self.language = language
        self._voice = VOICES.get(language.split("-")[0].lower(), language.lower())
        self._lock = threading.Lock()
        """Held while the process is begun or ended: `close` may come from any thread."""
        self._child: subprocess.Popen[bytes] | None = None
        self._folder: Path | None = None
        self._read = b""
        self._number = 0
        self._talk = 0
        self._closed = False

    def say(self, text: str, *, pace: float = 1.0) -> Iterator[Sound]:
        rate = round(min(max(RATE * pace, 80), 450))
        parts = sentences(_speakable(text))
        self._talk += 1
        talk = self._talk  # an earlier one that wasn't heard to its end is over now
        self._forget()
        ahead = self._ask(parts[0], rate) if parts else 0
        try:
            for at, part in enumerate(parts):
                sound = self._sound(ahead, part, rate)
                if sound is None:
                    return
                ahead = self._ask(parts[at + 1], rate) if at + 1 < len(parts) else 0
                yield sound
                if self._talk != talk:
                    return
        finally:
            if self._talk == talk and ahead:
                self._forget()

    def close(self) -> None:
        self._closed = True
        self._end()

    def start(self) -> None:
        """The process, until it can speak. SetupError where it has no such voice; FarEndError where it doesn't come."""
        with self._lock:
            if self._closed:
                return
            self._folder = Path(tempfile.mkdtemp(prefix="voicetill-voice-"))
            self._read = b""
            self._child = subprocess.Popen(
                [sys.executable, "-P", str(CHILD), self._voice, str(self._folder)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C in a terminal is for us
                bufsize=0,
            )
        told = self._answer(0, START)
        if told is None and not self._closed:
            raise FarEndError("the voice's process doesn't start", can_retry=True)
        if told and (wrong := told.get("wrong")):
            raise SetupError(f"eSpeak NG has no voice '{self._voice}' ({wrong}); see `espeak-ng --voices`")

    def _sound(self, number: int, text: str, rate: int) -> Sound | None:
        """What was asked for, again and again where it is no good; None when it isn't wanted any more."""
        wrong = ""
        for _try in range(TRIES):
            told = self._answer(number, SENTENCE) if number else None
            if self._closed:
                return None
            if told is None:
                wrong = "no answer"
                self._end()
                with contextlib.suppress(FarEndError):
                    self.start()
            else:
                sound = self._taken(number)
                if sound is not None and sound.seconds >= SHORTEST * weight(text) * RATE / rate:
                    return sound
                wrong = str(told.get("wrong") or "too short")
            number = self._ask(text, rate)
        if self._closed:
            return None
        raise FarEndError(f"the voice failed {TRIES} times at one sentence ({wrong})", can_retry=True)

    def _ask(self, text: str, rate: int) -> int:
        """The number under which it comes; 0 where there is nobody to ask."""
        self._number += 1
        file = str((self._folder or Path()) / f"{self._number}.wav")
        asked = self._tell({"number": self._number, "text": text, "rate": rate, "file": file})
        return self._number if asked else 0

    def _forget(self) -> None:
        self._tell({"forget": self._number})

    def _tell(self, what: dict[str, Any]) -> bool:
        child = self._child
        if child is None or child.stdin is None:
            return False
        try:
            child.stdin.write(json.dumps(what).encode() + b"\n")
        except (OSError, ValueError):  # it has ended
            return False
        return True

    def _answer(self, number: int, seconds: float) -> dict[str, Any] | None:
        """What the process says of this one; None when it says nothing in that time, or has ended."""
        child, until = self._child, time.monotonic() + seconds
        if child is None or child.stdout is None:
            return None
        while True:
            while b"\n" in self._read:
                line, self._read = self._read.split(b"\n", 1)
                told: dict[str, Any] = json.loads(line)
                if told["number"] == number:
                    return told
                self._taken(told["number"])  # an older one, that nobody waits for
            try:
                ready, _, _ = select.select([child.stdout], [], [], max(0.0, until - time.monotonic()))
                more = child.stdout.read(4096) if ready else b""
            except (OSError, ValueError):
                more = b""
            if not more:
                return None
            self._read += more

    def _taken(self, number: int) -> Sound | None:
        if self._folder is None:
            return None
        file = self._folder / f"{number}.wav"
        try:
            with wave.open(str(file)) as sound:
                return Sound(sound.readframes(sound.getnframes()), sound.getframerate())
        except (OSError, EOFError, wave.Error):
            return None
        finally:
            file.unlink(missing_ok=True)

    def _end(self) -> None:
        with self._lock:
            child, self._child = self._child, None
            folder, self._folder = self._folder, None
        if child is not None:
            child.kill()
            child.wait()
            for pipe in (child.stdin, child.stdout):
                if pipe is not None:
                    pipe.close()
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)


def _speakable(text: str) -> str:
    """Without signs that control something; a line stays a line."""
    return "".join(one if one == "\n" or unicodedata.category(one) != "Cc" else " " for one in text)


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


VOICE = Pyttsx3()

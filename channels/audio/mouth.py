"""Speaks: a voice renders, the loudspeaker plays; in a thread of its own, and silent again the moment it is told."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

from assistant.errors import FarEndError, SetupError
from channels.audio import earcons
from channels.audio.echo import Echo
from channels.audio.playback import Loudspeaker
from models.voices import Sound, Speaker

PACES = {-3: 0.6, -2: 0.72, -1: 0.85, 0: 1.0, 1: 1.15, 2: 1.3, 3: 1.45}
"""How fast, by how often somebody asked for slower or faster."""
GAINS = {-3: 0.3, -2: 0.45, -1: 0.67, 0: 1.0, 1: 1.5, 2: 2.2, 3: 3.2}
"""How loud, by how often somebody asked for quieter or louder."""
TONES = {"listening": earcons.listening, "thinking": earcons.thinking}
STEP_BACK = 0.25
"""Seconds that are said again after a false alarm."""


class Mouth:
    """One loudspeaker with the voices of the languages that are spoken."""

    def __init__(
        self, voice: Callable[[str], Speaker], device: str | int | None = None, *, heard_back: bool = True
    ) -> None:
        """`voice` opens one that speaks a language; SetupError where there is none. `heard_back`: `echo` may be
        asked for."""
        self._open_voice, self._loudspeaker = voice, Loudspeaker(device, remembers=heard_back)
        self._voices: dict[str, Speaker] = {}
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="mouth")
        self._hushed = threading.Event()
        self._text = ""
        self._sounds: list[Sound] = []
        self._rest: Iterator[Sound] = iter(())
        self.first = self.asked = self.ready = 0.0
        """time.monotonic() of: the first sample at the device, when it was asked for, when the first sound was made."""
        self.failed = ""

    def open(self, language: str) -> None:
        self._loudspeaker.open()
        self._voices[language] = self._open_voice(language)

    def echo(self) -> Echo:
        return Echo(self._loudspeaker.played)

    async def say(
        self, text: str, language: str, *, pace: int = 0, volume: int = 0, start: float = 0.0
    ) -> float | None:
        """Seconds that were spoken; None when the voice failed (`failed` says why)."""
        self._hushed.clear()
        self.asked, self.first, self.ready = time.monotonic(), 0.0, 0.0
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._worker, self._say, text, language, pace, volume, start)

    def _say(self, text: str, language: str, pace: int, volume: int, start: float) -> float | None:
        try:
            if start <= 0.0 or text != self._text:
                voice = self._voices.get(language)
                if voice is None:
                    voice = self._voices[language] = self._open_voice(language)
                self._text, self._sounds = text, []
                self._rest = iter(voice.say(text, pace=PACES[pace]))
            played = self._loudspeaker.play(
                self._from(max(0.0, start - STEP_BACK)), gain=GAINS[volume], started=self._started
            )
        except (FarEndError, SetupError) as error:
            self.failed = str(error)
            return None
        return played.seconds - min(STEP_BACK, start)

    def _from(self, start: float) -> Iterator[Sound]:
        """What was rendered already, from `start` seconds on, and then the rest; nothing more once hushed."""
        for sound in tuple(self._sounds):
            if start < sound.seconds:
                yield sound if start <= 0 else Sound(sound.pcm[2 * int(start * sound.rate) :], sound.rate)
            start = max(0.0, start - sound.seconds)
        for sound in self._rest:
            self.ready = self.ready or time.monotonic()
            self._sounds.append(sound)
            yield sound
            if self._hushed.is_set():
                return

    def _started(self, at: float) -> None:
        self.first = self.first or at

    def hush(self) -> None:
        self._hushed.set()
        self._loudspeaker.stop()

    def tone(self, name: str) -> None:
        """A short earcon, when nothing is being said."""
        if not self._loudspeaker.sounding():
            self._worker.submit(self._loudspeaker.play, (TONES[name](),))

    async def close(self) -> None:
        self.hush()
        await asyncio.to_thread(self._shut)

    def _shut(self) -> None:
        self._worker.shutdown(wait=True, cancel_futures=True)
        for voice in self._voices.values():
            voice.close()
        self._loudspeaker.close()

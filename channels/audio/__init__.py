"""Sound: from a device or a recording to frames, and from samples to a loudspeaker.

Nothing here knows what is said. Every sound library is imported inside a function, so that the text chat needs none.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple, Protocol

from assistant.errors import FarEndError, VoicetillError

RATE = 16_000
"""Samples a second of every frame."""
FRAME = 512
"""Samples a frame: 32 ms, which is what the voice activity detector takes."""


class Frame(NamedTuple):
    """FRAME samples, 16-bit mono."""

    pcm: bytes
    at: float
    """When its last sample was at the microphone, by `time.monotonic()`; of a recording, seconds since it began."""


class EndOfSound(VoicetillError):
    """The last recording has been read."""


class DeviceGone(FarEndError):
    """A microphone or loudspeaker that worked went away. Whoever goes on using it gets it again when it is back."""

    def __init__(self, message: str) -> None:
        super().__init__(message, can_retry=True)


class Source(Protocol):
    """Where frames come from. Read by one thread."""

    live: bool
    """False: recordings, which are read as fast as one likes."""
    dropped: int
    """Samples that were lost so far, because the machine or the reader was too slow."""
    file: Path | None
    """The recording that the last frame was of; None from a device."""

    def open(self) -> None:
        """SetupError where there is no such device, or no PortAudio."""
        ...

    def read(self, seconds: float) -> Frame | None:
        """The next frame; None when there was none within that time.

        Raises EndOfSound behind the last recording. Raises DeviceGone once when the device went away; later calls try
        to open it again, give None meanwhile, and go on when it is back.
        """
        ...

    def skip(self) -> bool:
        """Throw away what is there, and what comes until the next `read`; whether anything was there. Without waiting.

        Raises DeviceGone as `read` does.
        """
        ...

    def close(self) -> None: ...

"""What a talk has around it: ears, a mouth, what may happen, and the manner in which it goes."""

from __future__ import annotations

from typing import Any, Protocol

from msgspec import Struct

from assistant.turns import Reply, Vocabulary
from channels.audio.ears import Event, Utterance
from channels.audio.endpoint import Waits
from models.recognizers import Model


class Hearing(Protocol):
    """What a talk needs of ears (`channels.audio.ears.Ears`)."""

    turned: float
    """time.monotonic() when they last came round."""

    def listen(self, vocabulary: Vocabulary) -> None: ...

    def shut(self) -> None: ...

    def guard(self, vocabulary: Vocabulary) -> None: ...

    def start(self) -> None: ...

    def hear_with(self, model: Model) -> None: ...

    async def close(self) -> None: ...


class Speaking(Protocol):
    """What a talk needs of a mouth (`channels.audio.mouth.Mouth`)."""

    async def say(
        self, text: str, language: str, *, pace: int = 0, volume: int = 0, start: float = 0.0
    ) -> float | None:
        """Seconds that were spoken; None when the voice failed. `start`: seconds of it that were spoken before."""
        ...

    asked: float
    ready: float
    first: float
    """time.monotonic() when it was last asked to speak, when the first sound was made, of the first sample; or 0.0."""
    failed: str
    """Why nothing could be said."""

    def echo(self) -> Any:
        """What takes our own voice out of what the microphone hears; None where there is nothing to take out."""
        ...

    def hush(self) -> None: ...

    def tone(self, name: str) -> None: ...

    async def close(self) -> None: ...


class Equips(Protocol):
    """Where a model for another language comes from (`channels.audio.equipment.Equipment`)."""

    def hears(self, language: str) -> Any: ...

    def close(self) -> None: ...


class Silent:
    """No voice: recordings, which nobody listens to the answer of, and machines without one. Captions only."""

    asked = ready = first = 0.0
    failed = ""

    async def say(
        self, text: str, language: str, *, pace: int = 0, volume: int = 0, start: float = 0.0
    ) -> float | None:
        return 0.0

    def echo(self) -> None:
        return None

    def hush(self) -> None: ...

    def tone(self, name: str) -> None: ...

    async def close(self) -> None: ...


class Delivered:
    """A later result."""

    def __init__(self, reply: Reply) -> None:
        self.reply = reply


class Typed:
    """A line of the keyboard."""

    def __init__(self, text: str) -> None:
        self.text = text


class Left:
    """Ctrl-C, or the end of the recordings."""


Happening = Event | Delivered | Typed | Left
Said = Utterance | Typed


class Manner(Struct, frozen=True, kw_only=True):
    """How a talk goes."""

    json: bool = False
    barge_in: bool = False
    """Somebody may speak over our voice."""
    push: bool = False
    """A key begins a talk."""
    wake: str = ""
    """A phrase begins a talk (lower case)."""
    kiosk: bool = False
    """Anybody's voice begins a talk, and each is a new one."""
    recorded: bool = False
    """Recordings are heard: nobody is greeted, spoken to or waited for."""
    waits: Waits = Waits()

    @property
    def waits_for_somebody(self) -> bool:
        """Nobody is greeted: a key, a phrase or a voice begins a talk, and after it the next one is waited for."""
        return bool(self.push or self.wake or self.kiosk)

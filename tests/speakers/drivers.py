"""How a talk goes over a speaker's own wire: signed requests over a real socket, one server a talk."""

from __future__ import annotations

import asyncio
import tempfile
from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any, ClassVar

from assistant.discovery import find
from channels.speakers._host import SPARE
from tests.drivers import PATIENCE, Answer
from tests.speakers.far_end import Served, ids

MOST = 20_000
"""Letters of what is said: no platform hears a longer sentence."""
LOCALES = {"en": "en-US", "zh": "zh-CN", "ko": "ko-KR"}


class SpeakerDriver(ABC):
    """A household for each session, at one device. `ask` makes a platform's request of what is said, `heard` reads
    what comes back."""

    name = ""
    settings: ClassVar[dict[str, Any]] = {}

    @property
    def can(self) -> frozenset[str]:
        abilities: frozenset[str] = find("speaker", self.name).can
        return abilities

    async def open(self, house: Any, language: str, patience: float) -> None:
        self.language = language
        settings = {
            **self.settings,
            **({"language": language} if "language" in find("speaker", self.name).keys else {}),
        }
        self.folder = tempfile.TemporaryDirectory()
        self.served = await Served(house, {self.name: settings}, patience=patience + 3 * SPARE).open(
            Path(self.folder.name) / "roots.pem"
        )
        self.last: dict[str, dict[str, Any]] = {}
        await self.ready()

    async def ready(self) -> None:  # noqa: B027 - most need nothing
        """What the platform's side needs before the first request."""

    async def say(self, session: str, text: str | bytes) -> Answer:
        said = (text.decode("utf-8", "replace") if isinstance(text, bytes) else text)[:MOST]
        self.last[session] = self.ask(session, f"request-{next(ids)}", said)
        return await self.send(self.last[session])

    async def again(self, session: str) -> Answer | None:
        return await self.send(self.last[session])

    async def news(self, session: str) -> Answer:
        """Nothing can be pushed to a speaker: whoever asks is told."""
        return await self.say(session, {"en": "go on", "zh": "继续", "ko": "계속"}[self.language])

    def known_as(self, session: str) -> str:
        asked = find("speaker", self.name).read(self.ask(session, "x", "x"), self.settings)
        return self.served.host.talk(self.name, asked)

    async def send(self, body: dict[str, Any]) -> Answer:
        raw, headers = self.signed(body)
        status, answer = await asyncio.wait_for(self.served.post(f"/speakers/{self.name}", raw, headers), PATIENCE)
        assert status == 200, (status, answer)
        return self.heard(answer)

    async def close(self) -> None:
        await self.served.close()
        self.folder.cleanup()

    @abstractmethod
    def ask(self, session: str, request: str, said: str) -> dict[str, Any]: ...

    @abstractmethod
    def signed(self, body: dict[str, Any] | bytes) -> tuple[bytes, dict[str, str]]: ...

    @abstractmethod
    def heard(self, answer: dict[str, Any]) -> Answer: ...

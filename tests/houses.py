"""A house that says what it is told to, for tests of what is around it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from assistant.turns import Channel, Ending, Follower, Message, Reply, Turn, Vocabulary


class ScriptedHouse:
    """Answers each turn with the next of its replies."""

    shop = "scripted"

    def __init__(self, replies: Sequence[Reply]) -> None:
        self.replies, self.turns = list(replies), list[Turn]()
        self.listening: dict[str, Channel] = {}

    async def take(self, turn: Turn) -> Reply:
        self.turns.append(turn)
        return self.replies[len(self.turns) - 1]

    async def order(self, session: str, *, reread: bool = True) -> dict[str, Any] | None:
        return None

    def settings(self, section: str) -> Mapping[str, Any]:
        return {}

    def now(self) -> dt.datetime:
        return dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)

    def languages(self) -> Sequence[str]:
        return ("en", "zh", "ko")

    def listen(self, session: str, channel: Channel) -> Callable[[], None]:
        self.listening[session] = channel
        return lambda: None

    def follow(self, session: str, follower: Follower) -> Callable[[], None]:
        return lambda: None

    async def said(self, session: str, limit: int = 200) -> list[Message]:
        return []

    def about(self, language: str) -> dict[str, Any]:
        return {"id": self.shop, "name": "Scripted"}

    def reached_at(self, url: str) -> None:
        """Its links lead nowhere."""

    async def health(self) -> dict[str, str]:
        return {}

    async def settled(self, patience: float) -> None:
        """Nothing is ever under way."""

    async def vocabulary(self, session: str, language: str) -> Vocabulary:
        return Vocabulary(language=language)

    def ending(self, text: str, language: str, expects: str | None, choices: Sequence[str] = ()) -> Ending:
        return "open"

"""Ways to hold a talk with the house in this process: one a channel, each at that channel's own wire.

A driver takes what is said and gives what is answered. `DRIVERS` has one for every channel there is; the test of the
talks names a channel that has none.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import os
import sys
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from assistant.app import Assistant
from assistant.turns import Hypothesis, Reply, Turn
from channels import screen, terminal
from tests.brought import brought

PATIENCE = 60.0
"""Seconds until a channel that says nothing has failed."""


@dataclass(frozen=True)
class Answer:
    """What a buyer hears and sees."""

    speech: str
    text: str
    choices: tuple[str, ...]
    reprompt: str = ""
    listening: bool = False
    """It waits for an answer, and tells what is asked when none comes; False where the wire has no such thing."""
    whole: bool = True
    """It must be heard to its end; True where the wire doesn't tell."""


class Driver(Protocol):
    async def open(self, house: Assistant, language: str, patience: float) -> None: ...

    async def say(self, session: str, text: str | bytes) -> Answer: ...

    async def again(self, session: str) -> Answer | None:
        """The last turn once more, with the id it had; None where the wire has no such thing."""
        ...

    async def news(self, session: str) -> Answer:
        """The next result that is pushed to this session."""
        ...

    async def close(self) -> None: ...


def known_as(driver: Driver, session: str) -> str:
    """What the core calls the talk that a driver holds under this name: speakers give it one of their own."""
    named: Callable[[str], str] = getattr(driver, "known_as", str)
    return named(session)


class Direct:
    """Turns given to the house by hand, as a channel that shows everything would give them."""

    name = "house"
    can = frozenset({"screen", "links", "push", "private"})
    keys = frozenset[str]()
    WORDS: Mapping[str, Mapping[str, str]] = {}

    def __init__(self) -> None:
        self.patience = 0.0
        self.language: dict[str, str | None] = {}
        self.last: dict[str, Turn] = {}
        self.pushed: dict[str, asyncio.Queue[Answer]] = {}
        self.ids = itertools.count(1)

    async def open(self, house: Assistant, language: str, patience: float) -> None:
        self.house, self.patience, self.named = house, patience, language
        for session in self.pushed:
            house.listen(session, self)

    async def say(self, session: str, text: str | bytes) -> Answer:
        said = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
        if session not in self.pushed:
            self.pushed[session] = asyncio.Queue()
            self.house.listen(session, self)
        self.last[session] = Turn(
            id=f"turn-{next(self.ids)}",
            channel=self.name,
            shop=self.house.shop,
            session=session,
            at=self.house.now(),
            hypotheses=(Hypothesis(said),),
            language=None if session in self.language else self.named,
            patience=self.patience,
            can=self.can,
        )
        self.language[session] = self.named
        return _of(await asyncio.wait_for(self.house.take(self.last[session]), PATIENCE))

    async def again(self, session: str) -> Answer | None:
        return _of(await asyncio.wait_for(self.house.take(self.last[session]), PATIENCE))

    async def news(self, session: str) -> Answer:
        return await self.pushed[session].get()

    async def close(self) -> None:
        """Nothing is kept open."""

    async def run(self, house: object, options: Mapping[str, Any]) -> int:
        return 0

    async def deliver(self, session: str, reply: Reply) -> bool:
        self.pushed[session].put_nowait(_of(reply))
        return True


def _of(reply: Reply) -> Answer:
    choices = tuple(one.text for one in reply.choices)
    return Answer(reply.speech, reply.text, choices, reply.reprompt, reply.listening, reply.whole)


class Wire:
    """Standard output as the terminal channel writes it: each line goes to `take`."""

    encoding = "utf-8"

    def __init__(self, take: Callable[[dict[str, Any]], None]) -> None:
        self.take, self.kept, self.buffer = take, b"", self

    def write(self, raw: bytes) -> None:
        *lines, self.kept = (self.kept + raw).split(b"\n")
        for line in lines:
            self.take(json.loads(line))

    def flush(self) -> None:
        """Every line is taken at once."""

    def isatty(self) -> bool:
        return False


class Running(ABC):
    """A channel as it runs with `--json`, one JSON object a reply; one talk at a time."""

    def __init__(self) -> None:
        self.session = ""
        self.begun: set[str] = set()
        self.turns: set[str] = set()
        self.replies: asyncio.Queue[Answer] = asyncio.Queue()
        self.pushed: asyncio.Queue[Answer] = asyncio.Queue()
        self.running: asyncio.Task[int] | None = None
        self.over = False
        """Whether the last answer ended the talk."""

    @abstractmethod
    def begin(self) -> tuple[Any, dict[str, Any]]:
        """The channel and what it is told beside session and language."""

    @abstractmethod
    async def give(self, text: str | bytes) -> None:
        """Say something to the channel that runs."""

    @abstractmethod
    def leave(self) -> None:
        """Say to the channel that runs that nobody is there any more."""

    async def open(self, house: Assistant, language: str, patience: float) -> None:
        self.house, self.language, self.patience = house, language, patience

    async def say(self, session: str, text: str | bytes) -> Answer:
        if session != self.session or self.running is None or self.over:
            await self.close()
            self.start(session)
            await asyncio.sleep(0)
        await self.give(text)
        return await asyncio.wait_for(self.replies.get(), PATIENCE)

    async def again(self, session: str) -> Answer | None:
        return None

    async def news(self, session: str) -> Answer:
        return await self.pushed.get()

    def start(self, session: str) -> None:
        self.kept = (sys.stdin, sys.stdout, screen.WAIT)
        # Here a talk that ends waits for nobody: what is under way goes on when it is opened again.
        sys.stdout, screen.WAIT = Wire(self.take), 0.6  # type: ignore[assignment]
        self.channel, options = self.begin()
        self.channel.patience = self.patience
        options |= {"session": session, "json": True}
        if session not in self.begun:
            options["language"] = self.language
        self.begun.add(session)
        self.session, self.over = session, False
        self.running = asyncio.create_task(self.channel.run(self.house, options))

    def take(self, row: dict[str, Any]) -> None:
        """A row of a turn that has had one already, or of none, was pushed."""
        self.over = self.ends(row)
        answer = Answer(row["speech"], row["text"], tuple(row["choices"]))
        if row["turn"] is None or row["turn"] in self.turns:
            self.pushed.put_nowait(answer)
        else:
            self.turns.add(row["turn"])
            self.replies.put_nowait(answer)

    def ends(self, row: dict[str, Any]) -> bool:
        """Whether the channel ends its talk after this reply."""
        return False

    async def close(self) -> None:
        if self.running is None:
            return
        self.leave()
        try:
            assert await asyncio.wait_for(self.running, PATIENCE) == 0
        finally:
            self.running = None
            if sys.stdin is not self.kept[0]:
                with contextlib.suppress(OSError):
                    sys.stdin.close()
            sys.stdin, sys.stdout, screen.WAIT = self.kept


class Piped(Running):
    """The terminal channel as it runs behind a pipe: lines in."""

    def begin(self) -> tuple[Any, dict[str, Any]]:
        reading, writing = os.pipe()
        sys.stdin, self.typed = os.fdopen(reading), os.fdopen(writing, "wb", buffering=0)
        return terminal.Terminal(), {}

    async def give(self, text: str | bytes) -> None:
        raw = text if isinstance(text, bytes) else text.encode()
        await asyncio.to_thread(self.typed.write, raw + b"\n")

    def leave(self) -> None:
        self.typed.close()


DRIVERS: Mapping[str, Callable[[], Driver]] = {
    "house": Direct,
    "terminal": Piped,
    **brought("channel", "DRIVER"),
    **brought("speaker", "DRIVER"),
}
"""By the channel's or speaker's name; `house` is no channel but the core itself."""

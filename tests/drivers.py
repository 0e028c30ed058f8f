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
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any, Protocol

from assistant.app import Assistant
from assistant.discovery import extensions
from assistant.turns import Hypothesis, Reply, Turn
from channels import terminal

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


class Piped:
    """The terminal channel as it runs behind a pipe with `--json`: lines in, one JSON object a reply out."""

    def __init__(self) -> None:
        self.session = ""
        self.begun: set[str] = set()
        self.turns: set[str] = set()
        self.replies: asyncio.Queue[Answer] = asyncio.Queue()
        self.pushed: asyncio.Queue[Answer] = asyncio.Queue()
        self.running: asyncio.Task[int] | None = None

    async def open(self, house: Assistant, language: str, patience: float) -> None:
        self.house, self.language, self.patience = house, language, patience

    async def say(self, session: str, text: str | bytes) -> Answer:
        if session != self.session or self.running is None:
            await self.close()
            self.start(session)
        raw = text if isinstance(text, bytes) else text.encode()
        await asyncio.to_thread(self.typed.write, raw + b"\n")
        return await asyncio.wait_for(self.replies.get(), PATIENCE)

    async def again(self, session: str) -> Answer | None:
        return None

    async def news(self, session: str) -> Answer:
        return await self.pushed.get()

    def start(self, session: str) -> None:
        reading, writing = os.pipe()
        self.kept = (sys.stdin, sys.stdout, terminal.WAIT)
        # Here a talk that ends waits for nobody: what is under way goes on when it is opened again.
        sys.stdin, sys.stdout, terminal.WAIT = os.fdopen(reading), Wire(self.take), 0.6
        self.typed = os.fdopen(writing, "wb", buffering=0)
        channel = terminal.Terminal()
        channel.patience = self.patience
        options: dict[str, Any] = {"session": session, "json": True}
        if session not in self.begun:
            options["language"] = self.language
        self.begun.add(session)
        self.session, self.running = session, asyncio.create_task(channel.run(self.house, options))

    def take(self, row: dict[str, Any]) -> None:
        """A row of a turn that has had one already, or of none, was pushed."""
        answer = Answer(row["speech"], row["text"], tuple(row["choices"]))
        if row["turn"] is None or row["turn"] in self.turns:
            self.pushed.put_nowait(answer)
        else:
            self.turns.add(row["turn"])
            self.replies.put_nowait(answer)

    async def close(self) -> None:
        if self.running is None:
            return
        self.typed.close()
        try:
            assert await asyncio.wait_for(self.running, PATIENCE) == 0
        finally:
            self.running = None
            with contextlib.suppress(OSError):
                sys.stdin.close()
            sys.stdin, sys.stdout, terminal.WAIT = self.kept


def _brought() -> dict[str, Callable[[], Driver]]:
    """Channels that are one file plus its test: the `DRIVER` of each test that lies in tests/channels or beside an
    extension's channel."""
    folders = [Path(__file__).parent / "channels"]
    if (extended := extensions()) is not None:
        folders.append(extended / "channel")
    found = {}
    for path in sorted(one for folder in folders for one in folder.glob("test_*.py")):
        spec = spec_from_file_location(f"driver_of_{path.stem}", path)
        assert spec is not None and spec.loader is not None
        module = module_from_spec(spec)
        spec.loader.exec_module(module)
        if (driver := getattr(module, "DRIVER", None)) is not None:
            found[path.stem.removeprefix("test_")] = driver
    return found


DRIVERS: Mapping[str, Callable[[], Driver]] = {"house": Direct, "terminal": Piped, **_brought()}
"""By the channel's name; `house` is no channel but the core itself."""

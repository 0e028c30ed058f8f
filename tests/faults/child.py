"""A talk in a process of its own that dies where it is told to: `child.py DATA TALK [POINT]`.

Every write of the store and every call of a far end has a point before and one after it. Without POINT the talk runs
to its end and each point is printed; with it the process kills itself there, as a power cut would. Each reply that was
given is acknowledged on stdout, as a person who heard it would.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import tempfile
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from msgspec.structs import replace

import assistant.premises
from assistant.interpreter import lexicon_of
from assistant.storage.sqlite import SqliteStore
from tests.app.talk import Clock, Kiosk, kiosk
from tests.faults.talks import SESSION, TALKS, turn_id

WRITES = ("commit", "claim", "number", "seed_stock", "release", "lapse")
CALLS = ("send", "query")


class Dying:
    """Something whose calls may be the last thing this process does."""

    def __init__(self, real: Any, calls: tuple[str, ...], at: Callable[[str], None]) -> None:
        self._real, self._calls, self._at = real, calls, at

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._real, name)
        if name not in self._calls:
            return found

        async def called(*given: Any, **named: Any) -> Any:
            self._at(f"before {name}")
            result: Any = await self._of(found, *given, **named)
            self._at(f"after {name}")
            return result

        return called

    @staticmethod
    async def _of(call: Callable[..., Awaitable[Any]], *given: Any, **named: Any) -> Any:
        return await call(*given, **named)


def prepare() -> None:
    """The words of the language, which each talk needs and takes longest to make, once for all that are forked."""
    with tempfile.TemporaryDirectory() as folder:
        lexicon_of(*kiosk(Path(folder)))


def main() -> None:
    data, talk, deadly = Path(sys.argv[1]), sys.argv[2], sys.argv[3] if len(sys.argv) > 3 else None
    seen: Counter[str] = Counter()

    def at(point: str) -> None:
        seen[point] += 1
        name = f"{point} {seen[point]}"
        if deadly is None:
            print(f"point {name}", flush=True)
        elif name == deadly:
            os.kill(os.getpid(), signal.SIGKILL)

    find = assistant.premises.find

    def dying_provider(kind: str, name: str) -> Any:
        part = find(kind, name)
        return Opening(part, at) if kind == "provider" else part

    assistant.premises.find = dying_provider
    asyncio.run(talk_to_the_end(data, talk, at))


class Opening:
    """A provider that dies once it is open."""

    def __init__(self, part: Any, at: Callable[[str], None]) -> None:
        self._part, self._at = part, at

    def open(self, setup: Any) -> Dying:
        return Dying(self._part.open(setup), CALLS, self._at)


async def talk_to_the_end(data: Path, talk: str, at: Callable[[str], None]) -> None:
    clock = Clock()
    data.mkdir(parents=True, exist_ok=True)
    store: Any = Dying(SqliteStore.open(data, real_clock=clock.real), WRITES, at)
    talker = await Kiosk.open(data, store=store, clock=clock)
    for number, act in enumerate(TALKS[talk]):
        print(f"turn {number}", flush=True)
        await talker.house.take(replace(talker.turn(act), id=turn_id(number), session=SESSION))
        print(f"heard {number}", flush=True)
    await talker.house.settled(10)
    await talker.close()


if __name__ == "__main__":
    main()

"""Turns per second and the time that a turn takes, in a process of its own: `python -m scripts.benches.turns …`.

So many conversations go on at once. Each awaits its reply before it says the next thing, as a person does, but without
a pause; so what is measured is the assistant when it is never idle. Prints one JSON object.
"""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import itertools
import json
import logging
import os
import tempfile
import time
from pathlib import Path

from assistant.app import Assistant
from assistant.opening import loading
from assistant.shops import load_shop
from assistant.storage import Store
from assistant.storage.memory import MemoryStore
from assistant.storage.sqlite import SqliteStore
from assistant.turns import Hypothesis, Reply, Turn
from scripts.benches.figures import micros, peak_mb, percentile
from scripts.benches.talks import TALKS, YES, Talk

CAN = frozenset({"screen", "links", "private"})
PATIENCE = 30.0
WARM = 1.0
"""Seconds of talking before anything is counted: caches fill, the first pages of the file are written."""


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class WrongTalkError(Exception):
    """A conversation did not end as it should."""


class Wrong(logging.Handler):
    """Keeps the first thing that went wrong inside: there is nothing to be measured then."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.first = ""

    def emit(self, record: logging.LogRecord) -> None:
        self.first = self.first or self.format(record)


WRONG = Wrong()


class Tally:
    """What the conversations saw while it counted."""

    def __init__(self) -> None:
        self.counting = False
        self.took: list[float] = []
        self.paying: list[float] = []
        """Of turns that pay: two commits and a call of the sandbox, which has a file of its own."""
        self.talks = 0


async def converse(house: Assistant, name: str, tally: Tally, until: asyncio.Event, first: int) -> None:
    """One conversation after the other, until it is time."""
    for number in itertools.count(first):
        talk = TALKS[number % len(TALKS)]
        session = f"{name}-{number}"
        said = (*talk.said, YES[talk.language]) if talk.pays else talk.said
        for place, text in enumerate(said):
            turn = Turn(
                id=str(place),
                channel="bench",
                shop=house.shop,
                session=session,
                hypotheses=(Hypothesis(text),),
                source="typed",
                at=house.now(),
                patience=PATIENCE,
                can=CAN,
                language=talk.language if place == 0 else None,
            )
            counted, started = tally.counting, time.perf_counter()
            reply = await house.take(turn)
            if counted and tally.counting:
                took = time.perf_counter() - started
                tally.took.append(took)
                if talk.pays and place == len(said) - 1:
                    tally.paying.append(took)
            if WRONG.first:
                raise WrongTalkError(WRONG.first)
            if until.is_set():
                return
            # A turn that awaited nothing must not keep the others waiting.
            await asyncio.sleep(0)
        if not tally.counting:
            await check(house, session, talk, reply)
        tally.talks += tally.counting


async def check(house: Assistant, session: str, talk: Talk, reply: Reply) -> None:
    """A fast assistant that misunderstands would be no measurement."""
    order = await house.order(session)
    stage = order["stage"] if order else None
    right = stage == "placed" if talk.pays else stage == "open" and reply.expects == "confirm"
    if not right:
        raise WrongTalkError(f"the talk {talk.said!r} came to {stage}, asking {reply.expects}: {reply.text}")


async def open_house(kind: str, folder: Path) -> tuple[Assistant, Store]:
    store: Store = SqliteStore.open(folder, real_clock=now) if kind == "durable" else MemoryStore(real_clock=now)
    with loading():
        shop, catalogue = load_shop("burger-bar")
        house = await Assistant.open(shop, catalogue, store=store, data=folder, languages=shop.languages, clock=now)
    return house, store


async def measure(kind: str, conversations: int, seconds: float, folder: Path) -> dict[str, object]:
    house, store = await open_house(kind, folder)
    tally, until = Tally(), asyncio.Event()
    # They begin at different places of different talks, as people who come in one by one do.
    tasks = [
        asyncio.create_task(converse(house, f"c{number}", tally, until, number)) for number in range(conversations)
    ]
    await pause(tasks, WARM)
    tally.counting = True
    started, cpu = time.perf_counter(), time.process_time()
    await pause(tasks, seconds)
    tally.counting = False
    took, cpu = time.perf_counter() - started, time.process_time() - cpu
    until.set()
    await asyncio.gather(*tasks)
    await house.settled(PATIENCE)
    await house.close()
    await store.close()
    turns = len(tally.took)
    if not turns:
        raise WrongTalkError("no turn ended in time; measure for longer with --seconds")
    return {
        "store": kind,
        "conversations": conversations,
        "turns": turns,
        "talks": tally.talks,
        "per_second": round(turns / took, 1),
        "cpu_us": micros(cpu / turns),
        "p50_us": micros(percentile(tally.took, 0.5)),
        "p99_us": micros(percentile(tally.took, 0.99)),
        "most_us": micros(max(tally.took)),
        "paying_turns": len(tally.paying),
        "paying_p50_us": micros(percentile(tally.paying, 0.5)) if tally.paying else None,
        "peak_mb": peak_mb(),
    }


async def pause(tasks: list[asyncio.Task[None]], seconds: float) -> None:
    """Wait; what went wrong in a conversation is raised here."""
    done, _ = await asyncio.wait(tasks, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    for one in done:
        one.result()


def main() -> None:
    parser = argparse.ArgumentParser(prog="turns", description=__doc__)
    parser.add_argument("--store", choices=("durable", "memory"), required=True)
    parser.add_argument("--conversations", type=int, required=True)
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--data", type=Path, help="where the data folder is made; this is the disk that is measured")
    given = parser.parse_args()
    # The sandbox approves at once: what is measured is the assistant, not what a variable makes of the sandbox.
    for name in ("VOICETILL_SANDBOX", "VOICETILL_SANDBOX_DELAY"):
        os.environ.pop(name, None)
    logging.basicConfig(handlers=[WRONG])
    with tempfile.TemporaryDirectory(prefix="voicetill-bench-", dir=given.data) as folder:
        print(json.dumps(asyncio.run(measure(given.store, given.conversations, given.seconds, Path(folder)))))


if __name__ == "__main__":
    main()

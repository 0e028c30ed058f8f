"""A child process that talks to a store until it is killed: prints the name of each turn once it is acknowledged.

As `python -m tests.storage.talker FOLDER talk`; with `claim` it claims what is owed, says so and waits. With `pay` it
makes and moves payments of one order, whoever else does, and prints the attempt of each commit that was written.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import os
import sys
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from assistant.commerce import ledger
from assistant.storage import Change, Committed
from assistant.storage.sqlite import SqliteStore
from tests.storage.made import AT, attempt, effect, event, hold, order, session, turn

PAYS = 150


async def talk(store: SqliteStore, conversation: int) -> None:
    name = f"s{conversation}"
    for n in range(10**6):
        state, basket, _ = await store.state("burger-bar", name)
        done = await store.commit(
            Change(
                turn=turn(f"t{n}", name),
                events=(event(session=name, turn=f"t{n}"),),
                session=session(name, version=state.version if state else 0, order=f"o{conversation}", misses=n),
                orders=(order(f"o{conversation}", version=basket.version if basket else 0, facts={"turns": n + 1}),),
                stock=((f"o{conversation}", hold(("cola", "", n % 3 + 1))),) if conversation % 2 else (),
            )
        )
        assert isinstance(done, Committed)
        print(f"{name} {n}", flush=True)


async def pay(store: SqliteStore) -> None:
    for n in range(PAYS):
        basket, payment = await store.order("o1"), await store.payment("o1")
        assert basket is not None
        live = payment.live
        if live is None:
            made = attempt(f"a{os.getpid()}-{n}")
            owed: dict[str, Any] = {"effects": (effect(f"charge:{made.id}", ref=made.id),)}
        else:
            made = replace(live, state={"created": "sent", "sent": "paid" if n % 3 else "declined"}[live.state])
            owed = {"effects_done": (f"charge:{made.id}",)} if made.state != "sent" else {}
            owed["entries"] = ledger.paid(made) if made.state == "paid" else ()
        change = Change(
            turn=turn(f"{os.getpid()}-{n}"),
            orders=(replace(basket, facts={"turns": basket.version}),),
            attempts=(made,),
            events=(event(),),
            check=lambda orders: True,
            **owed,
        )
        if isinstance(await store.commit(change), Committed):
            print(made.id, flush=True)


async def main(folder: Path, what: str) -> None:
    store = SqliteStore.open(folder, real_clock=lambda: dt.datetime.now(dt.UTC))
    if what == "claim":
        print(len(await store.claim(AT, lease=3600)), flush=True)
        await asyncio.sleep(60)
    if what == "pay":
        return await pay(store)
    await store.seed_stock("burger-bar", {("cola", ""): 1000})
    await asyncio.gather(*(talk(store, conversation) for conversation in range(8)))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2]))

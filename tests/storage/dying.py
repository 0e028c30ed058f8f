"""A payment that is killed at each of its statements in turn, once in a folder of its own: `dying.py FOLDER`.

Prints the name of each folder and how many of the commits had been acknowledged. A statement inside of another one (of
a trigger) counts as one.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import sqlite3
import sys
from itertools import count
from pathlib import Path
from typing import Any

from assistant.storage.schema import migrate
from assistant.storage.sqlite import FILE, SqliteStore
from tests.storage.made import PAYING, Clock, done

_connect = sqlite3.connect


def main(folder: Path) -> None:
    (folder / "empty").mkdir()
    migrate(folder / "empty" / FILE)
    for number in count(1):
        name = f"killed-at-{number}"
        shutil.copytree(folder / "empty", folder / name)
        reading, writing = os.pipe()
        child = os.fork()
        if not child:
            os.close(reading)
            asyncio.run(pay(folder / name, number, writing))
            os._exit(0)
        os.close(writing)
        with open(reading, "rb") as said:
            acknowledged = len(said.read())
        if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) != -signal.SIGKILL:
            return
        print(name, acknowledged)


async def pay(folder: Path, statements: int, acknowledge: int) -> None:
    left = statements

    def at(statement: str) -> None:
        nonlocal left
        left -= 1
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)

    def connect(*where: Any, **how: Any) -> sqlite3.Connection:
        connection = _connect(*where, **how)
        connection.set_trace_callback(at)
        return connection

    sqlite3.connect = connect  # type: ignore[assignment]
    store = SqliteStore.open(folder, real_clock=Clock())
    for change in PAYING:
        await done(store, **change)
        os.write(acknowledge, b".")
    await store.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))

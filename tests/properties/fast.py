"""A loop whose clock jumps: nothing is waited for, and what is to happen at the same time happens in the same order.

Work given to threads runs at once in this one. Only a store's own writer is a thread: it gets its work when nothing
else can go on, and nothing else goes on until it has done it. So a history is the same each time, however fast the
disk is.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import selectors
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, NamedTuple

NOON = dt.datetime(2026, 11, 23, 4, 0, tzinfo=dt.UTC)
"""A Monday, noon in Shanghai."""
STUCK = 30.0
"""Real seconds after which something that only another thread can bring will never come."""


class _Write(NamedTuple):
    """Somebody who waits to write with a writer, or for the others that write with it."""

    writer: object
    go: asyncio.Future[None]


class _Jumps(selectors.DefaultSelector):
    """Where another loop would sleep, this one lets the writers write, and then turns its clock on."""

    def __init__(self) -> None:
        super().__init__()
        self.passed = 0.0
        self.wanted: list[_Write] = []
        self.writing = 0
        self.written: list[_Write] = []

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if (timeout is not None and timeout <= 0) or self._go_on():
            return super().select(0)
        if self.writing or timeout is None:
            found = super().select(STUCK)
            if not found:
                raise RuntimeError("everything waits, and nothing is left that could happen")
            return found
        self.passed += timeout
        return super().select(0)

    def _go_on(self) -> bool:
        """Whether somebody was let go on: all who wrote together, or else all who want to with the next writer."""
        if self.writing:
            if len(self.written) < self.writing:
                return False
            going, self.written, self.writing = self.written, [], 0
        else:
            self.wanted = [one for one in self.wanted if not one.go.done()]
            going = [one for one in self.wanted if one.writer is self.wanted[0].writer]
            self.wanted = [one for one in self.wanted if one not in going]
        for one in going:
            if not one.go.done():
                one.go.set_result(None)
        return bool(going)


class FastLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._jumps = _Jumps()
        super().__init__(self._jumps)

    def time(self) -> float:
        return self._jumps.passed

    def real(self) -> dt.datetime:
        """What the assistant takes for the real clock."""
        return NOON + dt.timedelta(seconds=self._jumps.passed)

    @asynccontextmanager
    async def writing(self, writer: object) -> AsyncIterator[None]:
        """Something that a thread does for us: together with all that the same `writer` is to do by then."""
        await self._wait_in(self._jumps.wanted, writer)
        self._jumps.writing += 1
        try:
            yield
        finally:
            await self._wait_in(self._jumps.written, writer)

    async def _wait_in(self, line: list[_Write], writer: object) -> None:
        one = _Write(writer, self.create_future())
        line.append(one)
        await one.go

    def run_in_executor(self, executor: Any, func: Callable[..., Any], *args: Any) -> Any:
        future = self.create_future()
        try:
            future.set_result(func(*args))
        except Exception as error:
            future.set_exception(error)
        return future

    def run(self, work: Awaitable[Any]) -> Any:
        return self.run_until_complete(work)

    def shutdown(self) -> None:
        """End whatever still runs."""
        tasks = asyncio.all_tasks(self)
        for task in tasks:
            task.cancel()
        if tasks:
            self.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
        self.close()

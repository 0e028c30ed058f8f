"""A loop whose clock jumps: nothing is waited for, and what is to happen at the same time happens in the same order.

Work given to threads runs at once in this one; only the store's own writer is a thread, and while it writes the clock
stands still.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import selectors
from collections.abc import Awaitable, Callable
from contextlib import contextmanager
from typing import Any

NOON = dt.datetime(2026, 11, 23, 4, 0, tzinfo=dt.UTC)
"""A Monday, noon in Shanghai."""
STUCK = 30.0
"""Real seconds after which something that only another thread can bring will never come."""


class _Jumps(selectors.DefaultSelector):
    """Where another loop would sleep, this one turns its clock on."""

    def __init__(self) -> None:
        super().__init__()
        self.passed = 0.0
        self.writing = 0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is not None and timeout <= 0:
            return super().select(0)
        if self.writing or timeout is None:
            found = super().select(STUCK)
            if not found:
                raise RuntimeError("everything waits, and nothing is left that could happen")
            return found
        self.passed += timeout
        return super().select(0)


class FastLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._jumps = _Jumps()
        super().__init__(self._jumps)

    def time(self) -> float:
        return self._jumps.passed

    def real(self) -> dt.datetime:
        """What the assistant takes for the real clock."""
        return NOON + dt.timedelta(seconds=self._jumps.passed)

    @contextmanager
    def writing(self) -> Any:
        """While a thread of the store's works for us no time passes."""
        self._jumps.writing += 1
        try:
            yield
        finally:
            self._jumps.writing -= 1

    async def at_rest(self) -> None:
        """Until no thread writes: what is read then, before anything else is awaited, is of one moment."""
        while self._jumps.writing:
            await asyncio.sleep(0)

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

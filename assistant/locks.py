"""Named locks and places of one event loop, first come, first served.

Most are free when they are asked for, so nothing is made for those who would wait before somebody does.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from types import TracebackType

Waiting = deque["asyncio.Future[None]"]


async def _wait(waiting: Waiting, leave: Callable[[], None]) -> None:
    """Until one's turn comes. Who is stopped just when it came gives it on with `leave`."""
    turn = asyncio.get_running_loop().create_future()
    waiting.append(turn)
    try:
        await turn
    except BaseException:
        if turn in waiting:
            waiting.remove(turn)
        elif not turn.cancelled():
            leave()
        raise


def _hand_on(waiting: Waiting) -> bool:
    """To the next who still waits; False where nobody does. It is free at no time between them: nobody slips in."""
    while waiting:
        turn = waiting.popleft()
        if not turn.done():
            turn.set_result(None)
            return True
    return False


class Locks:
    """Locks by name, made when they are wanted and dropped when nobody holds or awaits them."""

    def __init__(self) -> None:
        self._held: dict[str, Waiting | None] = {}

    def hold(self, name: str) -> Held:
        """For `async with`; gives True when somebody else had it first."""
        return Held(self._held, name)


class Held:
    __slots__ = ("_held", "_name")

    def __init__(self, held: dict[str, Waiting | None], name: str) -> None:
        self._held, self._name = held, name

    async def __aenter__(self) -> bool:
        if self._name not in self._held:
            self._held[self._name] = None
            return False
        waiting = self._held[self._name]
        if waiting is None:
            waiting = self._held[self._name] = deque()
        await _wait(waiting, self._leave)
        return True

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._leave()

    def _leave(self) -> None:
        waiting = self._held[self._name]
        if not waiting or not _hand_on(waiting):
            del self._held[self._name]


class Places:
    """For `async with`: so many at a time."""

    def __init__(self, count: int) -> None:
        self._free = count
        self._waiting: Waiting = deque()

    async def __aenter__(self) -> None:
        if self._free:
            self._free -= 1
        else:
            await _wait(self._waiting, self._leave)

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._leave()

    def _leave(self) -> None:
        if not _hand_on(self._waiting):
            self._free += 1

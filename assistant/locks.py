"""Named locks of one event loop, made when they are wanted and dropped when nobody holds or awaits them.

Most are held by one turn alone, so nothing is made for those who would wait before somebody does.
"""

from __future__ import annotations

import asyncio
from collections import deque
from types import TracebackType

Waiting = deque["asyncio.Future[None]"]
"""Who waits for a lock that is held, first come, first served."""


class Locks:
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
        turn = asyncio.get_running_loop().create_future()
        waiting.append(turn)
        try:
            await turn
        except BaseException:
            if turn in waiting:
                waiting.remove(turn)
            elif not turn.cancelled():  # it was ours already when we were stopped
                self._hand_on()
            raise
        return True

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._hand_on()

    def _hand_on(self) -> None:
        waiting = self._held[self._name]
        while waiting:
            turn = waiting.popleft()
            if not turn.done():
                turn.set_result(None)  # it is never free in between: who comes now stands behind
                return
        del self._held[self._name]

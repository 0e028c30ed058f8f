"""Named asyncio locks, made when they are wanted and dropped when nobody holds or awaits them."""

from __future__ import annotations

import asyncio
from types import TracebackType


class Locks:
    def __init__(self) -> None:
        self._locks: dict[str, tuple[asyncio.Lock, list[None]]] = {}

    def hold(self, name: str) -> Held:
        """For `async with`; gives True when somebody else had it first."""
        return Held(self._locks, name)


class Held:
    __slots__ = ("_locks", "_name")

    def __init__(self, locks: dict[str, tuple[asyncio.Lock, list[None]]], name: str) -> None:
        self._locks, self._name = locks, name

    async def __aenter__(self) -> bool:
        entry = self._locks.get(self._name)
        if entry is None:
            entry = self._locks[self._name] = (asyncio.Lock(), [])
        lock, users = entry
        users.append(None)
        waited = lock.locked()
        try:
            await lock.acquire()
        except BaseException:
            self._left(users)
            raise
        return waited

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        lock, users = self._locks[self._name]
        lock.release()
        self._left(users)

    def _left(self, users: list[None]) -> None:
        users.pop()
        if not users:
            del self._locks[self._name]

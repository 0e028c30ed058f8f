"""Who is told what happens in a talk: channels that a later result is pushed to, and followers of each turn."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import TypeVar

from assistant.turns import Channel, Follower, Happened, Reply

T = TypeVar("T")
log = logging.getLogger(__name__)

DELIVERY_PATIENCE = 5.0
"""Seconds that a channel may take to deliver something."""


class Listeners:
    """Of one process. Several channels, and several devices of one, may be at the same talk."""

    def __init__(self) -> None:
        self._channels: dict[str, list[Channel]] = {}
        self._followers: dict[str, list[Follower]] = {}
        self._named: dict[str, Channel] = {}

    def listen(self, session: str, channel: Channel) -> Callable[[], None]:
        """Later results of this session go to `channel` until it can't deliver one, or what is returned is called."""
        self._named[channel.name] = channel
        there = self._channels.setdefault(session, [])
        if channel not in there:
            there.append(channel)
        return lambda: _leave(self._channels, session, channel)

    def follow(self, session: str, follower: Follower) -> Callable[[], None]:
        self._followers.setdefault(session, []).append(follower)
        return lambda: _leave(self._followers, session, follower)

    def tell(self, happened: Happened) -> None:
        for follower in tuple(self._followers.get(happened.session, ())):
            try:
                follower(happened)
            except Exception:
                log.exception("a follower of %s failed", happened.session)

    def followed(self, session: str) -> bool:
        return session in self._followers

    def called(self, channel: str, key: str) -> Mapping[str, tuple[str, ...]]:
        """How a channel that listened calls something, by language; empty where it has no such word."""
        known = self._named.get(channel)
        return {tag: (its[key],) for tag, its in known.WORDS.items() if key in its} if known is not None else {}

    async def deliver(self, session: str, reply: Callable[[frozenset[str]], Awaitable[Reply]]) -> bool:
        """Push a result to every channel at this talk; whether anybody took it. `reply` makes it for what one can."""
        pushed = False
        for channel in tuple(self._channels.get(session, ())):
            taken = False
            try:
                async with asyncio.timeout(DELIVERY_PATIENCE):
                    taken = await channel.deliver(session, await reply(channel.can))
            except Exception:
                log.exception("channel %s could not deliver", channel.name)
            if not taken:
                _leave(self._channels, session, channel)
            pushed = pushed or taken
        return pushed


def _leave(where: dict[str, list[T]], session: str, who: T) -> None:
    there = where.get(session, [])
    if who in there:
        there.remove(who)
    if not there:
        where.pop(session, None)

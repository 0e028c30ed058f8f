"""What is said later: the final reply of a turn that waited, results that are pushed or kept for the next turn, and
what is only handed out and never stored.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Container, Sequence
from typing import Literal

from msgspec.structs import replace

from assistant.changes import plain, talk_event
from assistant.dialogue.say import voice_for
from assistant.dialogue.state import Session
from assistant.errors import StoreError
from assistant.linking import MASK, Linking, revealed
from assistant.listeners import Listeners
from assistant.premises import Premises
from assistant.results import TRIES, Told, TurnKey
from assistant.storage import Change, Conflict, EffectRow, TurnRow
from assistant.turns import Private, Reply

log = logging.getLogger(__name__)

POLL = 0.25
"""How often a turn that another process works on is looked at."""
LAST_PATIENCE = 2.0
"""Seconds for a result that is just being written."""
SEES_LINKS = frozenset({"links", "screen"})


class Telling:
    """Of one shop, in one process."""

    def __init__(
        self,
        premises: Premises,
        linking: Linking,
        listeners: Listeners,
        finishing: Callable[[], Container[TurnKey]],
    ) -> None:
        """`finishing`: turns whose result is being written."""
        self._shop, self._catalogue, self._store = premises.shop, premises.catalogue, premises.store
        self._locks, self._providers, self._clock = premises.locks, premises.providers, premises.clock
        self._linking, self._listeners, self._finishing = linking, listeners, finishing
        self._waiting: dict[TurnKey, set[asyncio.Future[TurnRow]]] = {}

    def heard(self, turn: TurnKey) -> bool:
        return bool(self._waiting.get(turn))

    async def final(
        self, key: TurnKey, row: TurnRow, patience: float, owing: Sequence[str] = ()
    ) -> tuple[TurnRow, bool]:
        """The turn with its final reply, or as it stands when patience ends; and whether it came from here."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + patience
        future: asyncio.Future[TurnRow] = loop.create_future()
        self._waiting.setdefault(key, set()).add(future)
        try:
            while True:
                left = deadline - loop.time()
                await asyncio.wait((future,), timeout=max(0.0, min(left, POLL)))
                if not future.done() and key in self._finishing():
                    await asyncio.wait((future,), timeout=LAST_PATIENCE)
                if future.done():
                    return future.result(), True
                try:
                    row = await self._store.turn(*key) or row
                    if owing and not row.final and not any(_is_of(one, key) for one in await self._store.owed(owing)):
                        row = await self._ended_elsewhere(key, row)
                except StoreError as error:
                    log.error("turn %s waits for the store: %s", key[2], error)
                if row.final or left <= POLL:
                    return row, False
        finally:
            waiting = self._waiting[key]
            waiting.discard(future)
            if not waiting:
                del self._waiting[key]

    async def _ended_elsewhere(self, key: TurnKey, row: TurnRow) -> TurnRow:
        """The turn, with what was said last in its talk in place of "one moment": what it waited for was ended by
        another turn (somebody changed or cancelled the order at another terminal), and told to that one."""
        row = await self._store.turn(*key) or row
        session = await self._store.session(self._shop.id, key[1])
        if row.final or session is None or session.last is None:
            return row
        return replace(row, final=True, reply=replace(session.last, pending=False))

    async def tell(self, told: Told) -> None:
        """A result was written: it goes to who waits for it, else is pushed, else stays for the next turn."""
        if told.reply.pending:
            return
        waiting = self._waiting.get(told.turn) if told.turn else None
        if waiting and told.row:
            for future in waiting:
                if not future.done():
                    future.set_result(told.row)
            return
        await self.push(told.session, told.reply, kept=told.kept, noted=told.row is not None)

    async def push(self, session: str, reply: Reply, *, kept: bool = False, noted: bool = False) -> None:
        """To whoever is at this talk, else it is told on the next turn. `kept`: that is written already. `noted`: the
        talk's history has it."""
        if not kept:
            await self._edit_news(session, lambda news: (*news, reply))
        taken = [
            await self._listeners.deliver(one, lambda can: self.whole(reply, can)) for one in self._linking.at(session)
        ]
        if any(taken):
            await self.forget_news(session, reply, pushed=not noted)

    async def owed_by(self, row: TurnRow) -> bool:
        return any(_is_of(one, (row.channel, row.session, row.id)) for one in await self._store.owed())

    async def forget_news(self, session: str, reply: Reply, *, pushed: bool = False) -> None:
        """It was told: the next turn needn't. `pushed`: to no turn, so that only this knows of it."""
        gone = plain(reply)
        await self._edit_news(
            session, lambda news: tuple(one for one in news if one != gone), gone.text if pushed else ""
        )

    async def _edit_news(
        self, name: str, edit: Callable[[tuple[Reply, ...]], tuple[Reply, ...]], told: str = ""
    ) -> None:
        def edited(session: Session) -> Change | None:
            if (news := edit(session.news)) == session.news:
                return None
            # What is pushed answers no turn of the talk: this alone remembers it.
            events = (talk_event(session, "told", {"text": told}, self._clock()),) if told else ()
            return Change(session=replace(session, news=news), events=events)

        await self.edit(name, edited)

    async def edit(self, talk: str, change: Callable[[Session], Change | None]) -> Literal["done", "none", "busy"]:
        """Write what becomes of a talk as it stands, outside its turns (None: it stays so). none: there is no such
        talk; busy: somebody else keeps writing it."""
        async with self._locks.hold(f"session {talk}"):
            for _ in range(TRIES):
                session = await self._store.session(self._shop.id, talk)
                if session is None:
                    return "none"
                wanted = change(session)
                if wanted is None or not isinstance(await self._store.commit(wanted), Conflict):
                    return "done"
        return "busy"

    async def whole(self, reply: Reply, can: frozenset[str], talk: str = "") -> Reply:
        """The reply with what is never stored, only handed out: the link of a payment that waits for its buyer, a code
        for another device."""
        if talk and MASK in reply.text:
            code = await self._linking.current(talk)
            reply = revealed(reply, code, voice_for(reply.language, self._shop, self._catalogue))
            url = self._providers.url
            if code is not None and url and can & SEES_LINKS:
                link = Private("link", f"{url.rstrip('/')}/?join={code.code}")
                reply = replace(reply, private=(*reply.private, link))
        shown = [view for view in reply.views if view.kind == "payment"]
        if not shown or not can & SEES_LINKS:
            return reply
        links = []
        for view in shown:
            attempt = await self._store.attempt(str(view.data.get("attempt")))
            if attempt is not None and attempt.state == "waiting" and attempt.link:
                links.append(Private("link", attempt.link))
        return replace(reply, private=(*reply.private, *links))


def _is_of(effect: EffectRow, turn: TurnKey) -> bool:
    return (effect.channel, effect.session, effect.turn) == turn

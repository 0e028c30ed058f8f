"""The desk of a shop's staff: the talks in which a person is wanted, taking one over, answering in it, giving it back.

Whoever looks at the desk is there: a file in the data folder says when somebody last did, so that every process knows
whether a person can honestly be promised.
"""

from __future__ import annotations

import datetime as dt
import os
import time
from collections.abc import Awaitable, Callable
from typing import Any, Literal

from msgspec.structs import replace

from assistant.changes import talk_event
from assistant.dialogue.core import without_question
from assistant.dialogue.names import reach
from assistant.dialogue.say import Both, voice_for
from assistant.dialogue.state import Attended, Session
from assistant.errors import SetupError
from assistant.premises import Premises
from assistant.showing import STAFF
from assistant.steps import Said
from assistant.storage import Change
from assistant.telling import Telling
from assistant.turns import Hypothesis, Message, Reply, Turn
from assistant.understanding import redact

PRESENT = 60.0
"""Seconds after a look at the desk in which somebody still counts as there."""
MISSED = dt.timedelta(minutes=3)
"""Nobody came for so long: the buyer is told."""


class Desk:
    """Of one shop. `take` does a turn; `history` and `order` read a talk by its own name, whoever is at it."""

    def __init__(
        self,
        premises: Premises,
        telling: Telling,
        take: Callable[[Turn], Awaitable[Reply]],
        history: Callable[[str, int], Awaitable[list[Message]]],
        order: Callable[[str], Awaitable[dict[str, Any] | None]],
    ) -> None:
        self._shop, self._catalogue = premises.shop, premises.catalogue
        self._store, self._clock = premises.store, premises.clock
        self._telling, self._take, self._history, self._order = telling, take, history, order
        self._file = premises.data / f"desk-{premises.shop.id}"

    def seen(self) -> None:
        """Somebody looks at the desk."""
        self._file.touch(mode=0o600)
        os.utime(self._file)

    @property
    def present(self) -> bool:
        try:
            return time.time() - self._file.stat().st_mtime < PRESENT
        except OSError:
            return False

    async def talks(self) -> list[dict[str, Any]]:
        """Where a person is wanted or answers, those who wait longest first."""
        found = await self._store.attended(self._shop.id)
        rows = [(one, one.attended) for one in found if one.attended is not None]
        return [
            {
                "session": one.id,
                "state": how.state,
                "since": how.at.isoformat(),
                "by": how.name,
                "language": one.language,
                "order": one.order,
            }
            for one, how in sorted(rows, key=lambda row: (row[1].state, row[1].at))
        ]

    async def look(self, session: str, limit: int = 200) -> tuple[list[Message], dict[str, Any] | None]:
        """What was said in a talk in which a person is wanted or answers, and its order."""
        known = await self._store.session(self._shop.id, session)
        if known is None or known.attended is None:
            raise SetupError("nobody asks for a person in this talk")
        return await self._history(session, limit), await self._order(session)

    async def take(self, session: str, name: str) -> None:
        """`name` answers in this talk from now on. What was read back before counts no more. SetupError where somebody
        else does, or nobody asked."""

        def taken(known: Session) -> Session:
            if known.attended is None:
                raise SetupError("nobody asks for a person in this talk; take one that the desk lists")
            if known.attended.state == "taken" and known.attended.name != name:
                raise SetupError(f"{known.attended.name} has taken this talk")
            return replace(known, attended=Attended("taken", self._clock(), name), read_back=None)

        if await self._has(session, name):
            return  # asked twice: the buyer heard it, and what was read back since is none the worse
        await self._edit(session, taken, "staff_came", name)
        await self._tell(session, Said("staff_here", {"name": name}))

    async def _has(self, session: str, name: str) -> bool:
        known = await self._store.session(self._shop.id, session)
        how = known.attended if known is not None else None
        return how is not None and (how.state, how.name) == ("taken", name)

    async def leave(self, session: str, name: str) -> None:
        """The program answers again."""
        await self._edit(session, lambda known: replace(self._of(known, name), attended=None), "staff_left", name)
        await self._tell(session, Said("staff_left", {"name": name}))

    async def say(self, session: str, name: str, text: str) -> None:
        """What a person of the shop answers."""
        text, _ = redact(text)
        await self._edit(session, lambda known: self._of(known, name), "staff_said", name, text=text)
        await self._tell(session, Said("staff_says", {"name": name, "text": text}), noted=True)

    async def do(self, session: str, name: str, turn: str, text: str) -> Reply:
        """Change a buyer's basket for them, in words; they are told what changed. Never a payment, never a yes."""
        known = await self._store.session(self._shop.id, session)
        if known is None:
            raise SetupError("there is no such talk")
        self._of(known, name)
        before = await self._order(session)
        reply = await self._take(
            Turn(
                id=turn,
                channel=STAFF,
                shop=self._shop.id,
                session=session,
                at=self._clock(),
                hypotheses=(Hypothesis(text),),
                source="merchant",
                device=f"{STAFF} {name}",
                language=known.language,
            )
        )
        if await self._order(session) != before:
            done = Both(without_question(reply.speech), without_question(reply.text))
            await self._tell(session, Said("staff_changed", {"name": name, "reply": done}))
        return reply

    async def missed(self) -> None:
        """Who waited long enough is told that nobody could come, and how else to reach the shop."""
        late = self._clock() - MISSED
        for one in await self._store.attended(self._shop.id):
            if one.attended is None or one.attended.state != "asked" or one.attended.at > late:
                continue
            await self._edit(one.id, lambda known: replace(known, attended=None), "staff_missed", "")
            known = reach(self._shop, one.language or self._shop.languages[0])
            await self._tell(one.id, Said("person_missed", {"reach": known}) if known else Said("person_missed_none"))

    def _of(self, known: Session, name: str) -> Session:
        if known.attended is None or known.attended.state != "taken" or known.attended.name != name:
            raise SetupError("take this talk first")
        return known

    async def _edit(
        self,
        session: str,
        edit: Callable[[Session], Session],
        kind: Literal["staff_came", "staff_left", "staff_said", "staff_missed"],
        name: str,
        **data: str,
    ) -> None:
        done = await self._telling.edit(
            session,
            lambda known: Change(
                session=edit(known),
                events=(talk_event(known, kind, {"name": name, **data}, self._clock(), STAFF),),
            ),
        )
        if done == "none":
            raise SetupError("there is no such talk")
        if done == "busy":
            raise SetupError("this talk is busy; try again in a moment")

    async def _tell(self, session: str, said: Said, *, noted: bool = False) -> None:
        known = await self._store.session(self._shop.id, session)
        tag = (known.language if known else "") or self._shop.languages[0]
        speech, text = voice_for(tag, self._shop, self._catalogue).say(said)
        await self._telling.push(session, Reply(speech=speech, text=text, reprompt=speech, language=tag), noted=noted)

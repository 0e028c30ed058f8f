"""What all speakers share: their webhooks, and the way from a request to its answer.

The checks come in this order: is there such a speaker (404), is it set up (401), is the body small enough (413), is
the sender proven and the request whole (what the speaker refuses with); only then is a turn taken. From there on the
answer is always 200: whatever goes wrong inside, a person hears an apology and keeps talk and basket.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
import json
import logging
import re
from collections.abc import Callable, Coroutine, Mapping, Sequence
from time import monotonic
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from assistant.errors import ReusedTurnError, UnfitTurnError
from assistant.turns import Act, House, Hypothesis, Reply, Turn
from channels.speakers import MOST_BYTES, Asked, Received, Refused, Speaker
from channels.speakers._words import words

if TYPE_CHECKING:
    from aiohttp import web

log = logging.getLogger(__name__)

LATE = 10.0
"""Seconds for a request's body; no platform's own patience is longer."""
SPARE = 0.25
"""Seconds of a speaker's patience that are left for showing the reply."""
MEANWHILE = 1.5
"""Seconds after which it is said that the reply takes a while, where the platform can."""
LAST_QUESTION = re.compile(r"(?:^|(?<=[.!。！]))\s*[^.!。！]*[?？]$")
QUESTION = ("?", "？", "?”", "？”")
PARKED = 500
"""Results that wait for their talk's next turn, at most."""


def real_time() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class Waiting:
    """Replies within a time limit. What takes longer is told when the person says "go on": it is done once."""

    def __init__(self) -> None:
        self._parked: dict[str, asyncio.Task[Reply]] = {}
        """Talk -> the turn that took longer than its platform waits."""
        self._running: set[asyncio.Task[Any]] = set()

    async def reply(
        self,
        talk: str,
        take: Callable[[], Coroutine[Any, Any, Reply]],
        goes_on: bool,
        language: str,
        deadline: float,
        meanwhile: Callable[[], Coroutine[Any, Any, None]] | None = None,
    ) -> Reply:
        """What is said by `deadline` (of the monotonic clock). `goes_on`: nothing but an earlier result is wanted."""
        parked = self._parked.get(talk)
        task = parked if parked is not None and goes_on else asyncio.ensure_future(take())
        left = deadline - monotonic()
        done, _ = await asyncio.wait({task}, timeout=max(0.0, min(MEANWHILE, left)))
        if not done and left > MEANWHILE:
            if meanwhile is not None:
                self._keep(asyncio.ensure_future(meanwhile()))
            done, _ = await asyncio.wait({task}, timeout=max(0.0, deadline - monotonic()))
        if not done:
            self._parked[talk] = task
            self._keep(task)
            while len(self._parked) > PARKED:
                del self._parked[next(iter(self._parked))]
            return still(language)
        reply = task.result()
        if parked is not None and parked.done():
            del self._parked[talk]
            if parked is not task and not parked.cancelled() and parked.exception() is None:
                reply = _after(parked.result(), reply)
        return spoken_on(reply, reply.language or language)

    def _keep(self, task: asyncio.Task[Any]) -> None:
        """Until it is done, and whatever becomes of it."""
        self._running.add(task)
        task.add_done_callback(self._gone)

    def _gone(self, task: asyncio.Task[Any]) -> None:
        self._running.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.warning("what was under way failed: %s", error)


class Host:
    """The webhooks of one house."""

    def __init__(self, house: House, *, loopback: bool = False, clock: Callable[[], dt.datetime] = real_time) -> None:
        self.house, self.loopback, self.clock = house, loopback, clock
        self.waiting = Waiting()
        self._names: frozenset[str] | None = None

    def routes(self) -> Sequence[web.AbstractRouteDef]:
        from aiohttp import web

        return [
            web.route("*", "/speakers/{name}", self.handle),
            web.get("/{name:[a-z_]+}/{file:[0-9a-f]{32}\\.txt}", self.owned),
        ]

    # -- a request ---------------------------------------------------------------------------------------------

    async def handle(self, request: web.Request) -> web.Response:
        started = monotonic()
        name = request.match_info["name"]
        speaker = self.speaker(name)
        if speaker is None:
            return _json(404, _error("not_found", "There is no such speaker."))
        if request.method != "POST":
            return _json(405, _error("method_not_allowed", "Speakers are asked with POST."))
        settings = self.house.settings(name)
        if missing := self.missing(speaker, settings):
            log.info("speaker %s is not set up: %s", name, missing)  # strangers knock at every address
            return _json(401, _error("not_configured", "This speaker is not set up."))
        try:
            received = await _received(request)
            body = await speaker.proven(received, settings, self.clock())
            asked = speaker.read(body, settings)
        except Refused as refused:
            log.info("a request of %s was refused (%s): %s", name, refused.status, refused)
            return _json(refused.status, refused.body)
        except Exception:
            log.exception("a request of %s could not be looked at", name)
            return _json(400, _error("bad_request", "The request can't be read."))
        if asked.answer is not None:
            return _json(200, asked.answer)
        return await self.answered(speaker, settings, asked, started)

    def speaker(self, name: str) -> Speaker | None:
        """One of those that there are; a stranger's word for one is looked for nowhere."""
        if self._names is None:
            self._names = frozenset(self.house.parts("speaker"))
        return self.house.part("speaker", name) if name in self._names else None

    def missing(self, speaker: Speaker, settings: Mapping[str, Any]) -> str:
        """Why a speaker takes no requests; "" when it does."""
        trials = sorted(key for key in speaker.loopback if settings.get(key))
        if trials and not self.loopback:
            return f"{', '.join(trials)}: only for a server that listens on 127.0.0.1 alone; take it out"
        return speaker.configured(settings)

    async def owned(self, request: web.Request) -> web.Response:
        """The file by which a platform knows whose host this is; out of the settings, never from the disk."""
        from aiohttp import web

        name, file = request.match_info["name"], request.match_info["file"]
        speaker = self.speaker(name)
        held = speaker.files(self.house.settings(name)) if speaker is not None else {}
        if file not in held:
            return _json(404, _error("not_found", "There is no such file."))
        return web.Response(text=held[file], content_type="text/plain")

    # -- a turn ------------------------------------------------------------------------------------------------

    async def answered(
        self, speaker: Speaker, settings: Mapping[str, Any], asked: Asked, started: float
    ) -> web.Response:
        language = language_of(self.house, asked.locale)
        try:
            reply = await self.reply(speaker, settings, asked, language, started)
            shown = speaker.shown(reply, asked, settings)
        except Refused as refused:
            return _json(refused.status, refused.body)
        except Exception:
            log.exception("a turn of %s failed", speaker.name)
            shown = speaker.shown(sorry(language), asked, settings)
        return _json(200, shown)

    async def reply(
        self, speaker: Speaker, settings: Mapping[str, Any], asked: Asked, language: str, started: float
    ) -> Reply:
        talk, deadline = self.talk(speaker.name, asked), started + speaker.patience - SPARE

        async def take() -> Reply:
            left = max(0.1, deadline - monotonic() - SPARE)
            return await self.house.take(self.turn(speaker, asked, talk, language, left))

        async def meanwhile() -> None:
            await speaker.meanwhile(asked, words(language)["meanwhile"], settings)

        try:
            return await self.waiting.reply(talk, take, _goes_on(asked, language), language, deadline, meanwhile)
        except ReusedTurnError:
            raise Refused(400, _error("reused", "This request came before with other words."), "reused") from None
        except UnfitTurnError:
            raise Refused(
                400, _error("wrong_id", "The request's id has a control character in it."), "wrong_id"
            ) from None

    def turn(self, speaker: Speaker, asked: Asked, talk: str, language: str, patience: float) -> Turn:
        return Turn(
            id=asked.id,
            channel=speaker.name,
            shop=self.house.shop,
            session=talk,
            at=self.house.now(),
            hypotheses=(Hypothesis(asked.text),) if asked.text else (),
            acts=asked.acts,
            doubts=asked.doubts,
            source=asked.source,
            language=language or None,
            device=device_of(speaker.name, asked),
            person_confidence=asked.person_confidence,
            account_token=asked.account_token,
            new=asked.new,
            patience=patience,
            can=speaker.can,
        )

    def talk(self, name: str, asked: Asked) -> str:
        """The talk that a request belongs to: of this household at this device, whatever the platform's session. The
        dot keeps it apart from talks that can be named through the API."""
        who = [asked.user, asked.device] if asked.user else ["", asked.device, asked.talk]
        return hashed(name, *who)


def language_of(house: House, locale: str) -> str:
    """The house's language for a platform's locale; "" where it has none."""
    known = {tag.lower(): tag for tag in house.languages()}
    locale = locale.lower().replace("_", "-")
    return known.get(locale) or known.get(locale.split("-")[0]) or ""


def device_of(name: str, asked: Asked) -> str:
    return hashed(name, asked.device)


def hashed(name: str, *parts: str) -> str:
    """What a platform calls somebody, as we do: always the same, and nothing can be told from it."""
    return f"{name}.{hashlib.blake2b(json.dumps(parts).encode(), digest_size=16).hexdigest()}"


async def _received(request: web.Request) -> Received:
    from aiohttp import web

    if (request.content_length or 0) > MOST_BYTES:
        raise Refused(413, _error("too_large", "The request is too big."))
    raw = bytearray()
    try:
        async with asyncio.timeout(LATE):
            async for chunk in request.content.iter_any():
                raw += chunk
                if len(raw) > MOST_BYTES:
                    raise Refused(413, _error("too_large", "The request is too big."))
    except TimeoutError:
        raise Refused(408, _error("too_slow", "The request took too long.")) from None
    except (web.HTTPException, OSError, ValueError) as error:
        raise Refused(400, _error("bad_request", "The request can't be read."), str(error)) from None
    path = request.rel_url.raw_path
    return Received(
        method=request.method,
        path=path,
        query=request.rel_url.raw_query_string,
        headers=tuple(request.headers.items()),
        raw=bytes(raw),
    )


def _error(code: str, message: str) -> dict[str, str]:
    return {"error": code, "message": message}


def _json(status: int, body: Mapping[str, Any]) -> web.Response:
    from aiohttp import web

    raw = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    return web.Response(status=status, body=raw, content_type="application/json", charset="utf-8")


def _goes_on(asked: Asked, language: str) -> bool:
    """Whether nothing is wanted but the result that is waited for."""
    if asked.go_on or asked.acts == (Act("confirm"),):
        return True
    return not asked.acts and not asked.doubts and not asked.new and says_go_on(asked.text, language)


def says_go_on(text: str, language: str) -> bool:
    return text.strip().strip(".。!！?？").casefold() in {words(language)["go_on"], ""}


def still(language: str) -> Reply:
    """It isn't done yet."""
    said = words(language)
    return Reply(speech=said["still"], text=said["still"], reprompt=said["result"], language=language)


def sorry(language: str) -> Reply:
    """Something went wrong here."""
    said = words(language)
    return Reply(speech=said["sorry"], text=said["sorry"], reprompt=said["what"], language=language)


def _after(earlier: Reply, reply: Reply) -> Reply:
    """A reply behind what came of the turn before, which nobody has heard: without the question that it ended with."""
    return replace(
        reply,
        speech=f"{LAST_QUESTION.sub('', earlier.speech)} {reply.speech}".strip(),
        text=f"{LAST_QUESTION.sub('', earlier.text)} {reply.text}".strip(),
        views=(*earlier.views, *reply.views),
    )


def spoken_on(reply: Reply, language: str) -> Reply:
    """As a speaker says it: who is listened to hears a question last. A first reply tells how to hear the result, for
    nothing can be pushed to a speaker. What is private stays out."""
    reply = replace(reply, private=(), listening=reply.listening or reply.pending)
    if not reply.listening or reply.link_account or reply.speech.rstrip().endswith(QUESTION):
        return reply
    ask = words(language)["result"] if reply.pending else reply.reprompt
    if not ask.rstrip().endswith(QUESTION):
        ask = words(language)["what"]
    return replace(reply, speech=f"{reply.speech} {ask}", text=f"{reply.text} {ask}", reprompt=ask)

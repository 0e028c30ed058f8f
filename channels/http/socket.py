"""Talking over a WebSocket: every message has an id, so that after a cut nothing is lost and nothing is done twice.

A `Door` is one connection. Doors with the same session are one `Talk`: each sees what is said at the others, and what
comes late goes to all of them. Nothing waits for a slow reader: what it has not read is bounded, and beyond that its
connection is dropped; it comes again and is told what it missed.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from time import monotonic, perf_counter
from typing import Annotated, Any, Protocol

import msgspec
from aiohttp import WSCloseCode, WSMsgType, web
from msgspec import UNSET, Meta, Struct, UnsetType

from assistant.errors import FarEndError
from assistant.turns import Happened, House, Hypothesis, Reply, Turn
from channels.http.guard import BUSY, FROM, Rate, Refusal, heft, of_address, too_many
from channels.http.measures import Measures
from channels.http.wire import (
    Acts,
    Id,
    Number,
    Said,
    Tag,
    Word,
    checked,
    decoded,
    encode,
    history,
    once,
    reply_json,
    turn_of,
)

log = logging.getLogger(__name__)

MOST_UNSENT = 1 << 20
"""Bytes that wait for one reader."""
AT_ONCE = 8
"""Turns of one connection under way; what comes beyond waits unread."""
MOST_DOORS = 20
"""Connections at one talk."""
BEAT = 25.0
"""Seconds of silence after which a peer is asked whether it is alive; half of that it has for the answer."""
GREETING = "greeting"
"""The id of the turn that greets whoever comes first."""
NO_LIMIT = 1 << 62


class Frame(Struct, omit_defaults=True):
    """What a client sends. `type` says which of the others count; what it has beside them is passed over."""

    type: str
    id: Id | None = None
    text: str | UnsetType = UNSET
    choice: Number | UnsetType = UNSET
    acts: Acts | UnsetType = UNSET
    label: Word | UnsetType = UNSET
    language: Tag | UnsetType = UNSET
    answers: Id | UnsetType = UNSET
    since: str | None = None
    greet: bool = True
    on: bool = False
    round: Annotated[int, Meta(ge=0, le=1 << 53)] = 0
    rate: Annotated[int, Meta(ge=8000, le=96000)] = 16000


DECODER = msgspec.json.Decoder(Frame)


class Sound(Protocol):
    """Hearing and speaking at one door (`channels.http.sound.Sound`)."""

    async def audio(self, on: bool, rate: int) -> None:
        """Binary frames are sound from now on (16 bit, mono, `rate` a second), or no more."""
        ...

    async def feed(self, pcm: bytes) -> None: ...

    async def voice(self, on: bool) -> None:
        """Replies are spoken from now on, or no more."""
        ...

    async def played(self, round: int) -> None:
        """The client has played what was spoken to it, or has cut it: of the reply with that number."""
        ...

    async def replied(self, turn: str | None, reply: Reply) -> None:
        """A reply was sent: speak it. Must not wait for its end."""
        ...

    async def close(self) -> None: ...


class Sockets:
    """All WebSockets of one server."""

    def __init__(
        self, house: House, channel: Any, measures: Measures, rate: Rate, addresses: Rate, *, most_bytes: int
    ) -> None:
        self.house, self.channel, self.measures = house, channel, measures
        self.rate, self.addresses, self.most_bytes = rate, addresses, most_bytes
        self.talks: dict[str, Talk] = {}
        self.doors: set[Door] = set()
        self.turns: set[asyncio.Task[None]] = set()
        """Under way, also those whose door is gone."""
        self.closing = False
        self.sound = find_spec("channels.http.sound") is not None
        self.booth: Any = None
        """What hearing and speaking needs, once somebody has asked for it (`channels.http.sound.Booth`)."""

    async def serve(self, request: web.Request, session: str) -> web.StreamResponse:
        """One connection, from its handshake to its end."""
        if self.closing:
            raise Refusal(503, "closing", "the server is stopping", {"Retry-After": "5"})
        there = self.talks.get(session)
        if there is not None and len(there.doors) >= MOST_DOORS:
            raise Refusal(429, "too_many", f"there are {MOST_DOORS} connections at this talk already")
        socket = web.WebSocketResponse(
            heartbeat=BEAT,
            max_msg_size=self.most_bytes,
            compress=False,
            timeout=2.0,
            writer_limit=NO_LIMIT,
            decode_text=False,
        )
        if not socket.can_prepare(request):
            raise Refusal(
                426, "no_websocket", "this address speaks WebSocket", {"Upgrade": "websocket", "Connection": "Upgrade"}
            )
        await socket.prepare(request)
        door = Door(self, socket, request.transport, session, of_address(request[FROM].address))
        self.enter(door)
        try:
            await door.go()
        finally:
            self.leave(door)
            await door.close()
        return socket

    def enter(self, door: Door) -> None:
        self.doors.add(door)
        self.measures.sockets.inc()
        talk = self.talks.get(door.session)
        if talk is None:
            talk = self.talks[door.session] = Talk(self, door.session)
        talk.doors.add(door)

    def leave(self, door: Door) -> None:
        self.doors.discard(door)
        self.measures.sockets.dec()
        talk = self.talks[door.session]
        talk.doors.discard(door)
        if not talk.doors:
            del self.talks[door.session]
            talk.stop()

    async def deliver(self, session: str, reply: Reply) -> bool:
        """A later result, to every door of the talk; whether anybody was there."""
        talk = self.talks.get(session)
        if talk is None:
            return False
        order = await self.house.order(session)
        sent = False
        for door in tuple(talk.doors):
            turn, door.pending = door.pending, None
            if await door.reply(turn, reply, order):
                sent = True
        if sent:
            self.measures.pushed.inc()
        return sent

    async def close(self, patience: float) -> None:
        """Take nothing more, let the turns under way come to their replies, and say goodbye."""
        self.closing = True
        if self.turns:
            await asyncio.wait(self.turns, timeout=patience)
        goodbye = [door.socket.close(code=WSCloseCode.GOING_AWAY, message=b"stopping") for door in self.doors]
        await asyncio.gather(*goodbye, return_exceptions=True)
        if self.booth is not None:
            self.booth.close()


class Talk:
    """The doors of one session, and what the house tells about it."""

    def __init__(self, sockets: Sockets, session: str) -> None:
        self.sockets, self.session = sockets, session
        self.doors: set[Door] = set()
        self._stop: list[Callable[[], None]] = []
        self._telling: set[asyncio.Task[None]] = set()
        self.begin()

    def begin(self) -> None:
        """Hear of the talk that this session is of by now (it may have joined another)."""
        self.stop()
        house = self.sockets.house
        self._stop = [
            house.listen(self.session, self.sockets.channel),
            house.follow(self.session, self.happened),
        ]

    def stop(self) -> None:
        for stop in self._stop:
            stop()
        self._stop = []

    def happened(self, what: Happened) -> None:
        ours = what.channel == self.sockets.channel.name
        others = [door for door in self.doors if not (ours and what.turn in door.under_way)]
        if others:
            task = asyncio.create_task(self._tell(what, others))
            self._telling.add(task)
            task.add_done_callback(self._telling.discard)

    async def _tell(self, what: Happened, doors: list[Door]) -> None:
        order = await self.sockets.house.order(self.session)
        raw = encode(
            {
                "type": "other",
                "turn": what.turn,
                "channel": what.channel,
                "text": what.text,
                "reply": reply_json(what.turn, what.reply, order),
            }
        )
        for door in doors:
            await door.send(raw)


class Door:
    """One connection. Reads frames, takes turns, sends frames; knows no dialogue rule."""

    def __init__(
        self,
        sockets: Sockets,
        socket: web.WebSocketResponse,
        transport: asyncio.Transport | None,
        session: str,
        address: str,
    ) -> None:
        self.sockets, self.socket, self.transport, self.session = sockets, socket, transport, session
        self.address = address
        self.house = sockets.house
        self.language: str | None = None
        self.pending: str | None = None
        """The turn whose final reply is still to come."""
        self.turns: set[asyncio.Task[None]] = set()
        self.under_way: set[str] = set()
        self.sound: Sound | None = None
        self.greeted = False

    async def go(self) -> None:
        async for message in self.socket:
            if message.type is WSMsgType.TEXT:
                name: str | None = None
                try:
                    frame = decoded(DECODER, message.data)
                    name = frame.id
                    await self.take(frame)
                except Refusal as refusal:
                    await self.refuse(refusal, name)
                except FarEndError as error:
                    log.error("a message of type %s: %s", frame.type, error)
                    await self.refuse(BUSY, name)
            elif message.type is WSMsgType.BINARY:
                if self.sound is None:
                    await self.refuse(
                        Refusal(400, "no_audio", "binary frames come after {type: audio, on: true}"), None
                    )
                else:
                    await self.sound.feed(message.data)

    async def take(self, frame: Frame) -> None:
        match frame.type:
            case "say" | "tap":
                if frame.id is None:
                    raise Refusal(400, "wrong_form", "every message has an id - at `$.id`")
                said = checked(
                    Said(
                        frame.id,
                        text=frame.text,
                        choice=frame.choice,
                        acts=frame.acts,
                        label=frame.label,
                        answers=frame.answers,
                        language=self.language or UNSET,
                    )
                )
                channel = self.sockets.channel
                await self.begin(turn_of(said, self.house, self.session, channel.name, channel.can, channel.patience))
            case "hello":
                await self.welcome(frame)
            case "ping":
                await self.send(b'{"type":"pong"}')
            case "audio" | "voice" | "played":
                await self.sounding(frame)
            case _:
                raise Refusal(400, "unknown_type", f"there is no message of type {frame.type[:40]!r}")

    async def begin(self, turn: Turn) -> None:
        """Take a turn beside whatever else comes; a person may go on while a payment is waited for."""
        if self.sockets.closing:
            raise Refusal(503, "closing", "the server is stopping; say it again in a moment")
        weight = 1 + heft(sum(len(one.text) for one in turn.hypotheses))
        wait = self.sockets.rate.wait(self.session, monotonic()) or self.sockets.addresses.wait(
            self.address, monotonic(), weight
        )
        if wait:
            raise too_many(wait)
        while len(self.turns) >= AT_ONCE:
            await asyncio.wait(self.turns, return_when=asyncio.FIRST_COMPLETED)
        task = asyncio.create_task(self.turn(turn))
        for turns in (self.turns, self.sockets.turns):
            turns.add(task)
            task.add_done_callback(turns.discard)

    async def turn(self, turn: Turn) -> None:
        began = perf_counter()
        self.under_way.add(turn.id)
        try:
            with once():
                reply = await self.house.take(turn)
            if reply.pending:
                self.pending = turn.id
            order = await self.house.order(self.session, reread=False)
        except Refusal as refusal:
            await self.refuse(refusal, turn.id)
            return
        except FarEndError as error:
            log.error("turn %s: %s", turn.id, error)
            await self.refuse(BUSY, turn.id)
            return
        finally:
            self.under_way.discard(turn.id)
        self.sockets.measures.turn["socket"](perf_counter() - began)
        await self.reply(turn.id, reply, order)

    async def hear(self, name: str, hypotheses: tuple[Hypothesis, ...]) -> None:
        """A turn that was spoken."""
        channel = self.sockets.channel
        said = turn_of(
            Said(name, text="", language=self.language or UNSET),
            self.house,
            self.session,
            channel.name,
            channel.can | {"audio"},
            channel.patience,
        )
        await self.begin(msgspec.structs.replace(said, hypotheses=hypotheses, source="speech"))

    async def welcome(self, frame: Frame) -> None:
        """What stands by now; whoever comes first is greeted."""
        house = self.house
        self.language = str(frame.language) if frame.language in house.languages() else None
        messages = await house.said(self.session)
        order = await house.order(self.session)
        last = next((one.reply.language for one in reversed(messages) if one.reply and one.reply.language), None)
        language = last or self.language or house.languages()[0]
        if frame.since is not None:
            places = [place for place, one in enumerate(messages) if one.turn == frame.since]
            messages = messages[places[-1] + 1 :] if places else messages
        await self.send(
            encode(
                {
                    "type": "welcome",
                    "shop": house.about(language),
                    "language": language,
                    "messages": history(messages),
                    "order": order,
                }
            )
        )
        # A page that is touched in the moment in which it connects may say hello twice before it is greeted.
        if frame.greet and not self.greeted and last is None and not messages:
            self.greeted = True
            channel = self.sockets.channel
            hello = Turn(
                id=GREETING,
                channel=channel.name,
                shop=house.shop,
                session=self.session,
                at=house.now(),
                language=self.language,
                device=f"{channel.name} {self.session}",
                new=True,
                patience=channel.patience,
                can=channel.can,
            )
            await self.begin(hello)

    async def sounding(self, frame: Frame) -> None:
        if self.sound is None:
            if not self.sockets.sound:
                raise Refusal(400, "no_sound", "this server neither hears nor speaks; type, please")
            module = import_module("channels.http.sound")
            self.sockets.booth = self.sockets.booth or module.Booth(self.house)
            self.sound = module.Sound(self, self.sockets.booth)
        if frame.type == "audio":
            await self.sound.audio(frame.on, frame.rate)
        elif frame.type == "voice":
            await self.sound.voice(frame.on)
        else:
            await self.sound.played(frame.round)

    # -- what is sent ------------------------------------------------------------------------------------------

    async def reply(self, turn: str | None, reply: Reply, order: dict[str, Any] | None) -> bool:
        sent = await self.send(
            encode({"type": "reply", "turn": turn, "reply": reply_json(turn, reply, order), "pending": reply.pending})
        )
        if self.sound is not None:
            await self.sound.replied(turn, reply)
        return sent

    async def refuse(self, refusal: Refusal, name: str | None) -> None:
        frame: dict[str, Any] = {"type": "error", "error": refusal.error, "message": refusal.message}
        if name is not None:
            frame["id"] = name
        await self.send(encode(frame))

    async def send(self, raw: bytes, kind: WSMsgType = WSMsgType.TEXT) -> bool:
        """Never waits: a reader who is too slow is dropped."""
        transport = self.transport
        if self.socket.closed or transport is None or transport.is_closing():
            return False
        if transport.get_write_buffer_size() + len(raw) > MOST_UNSENT:
            self.sockets.measures.slow.inc()
            transport.abort()
            return False
        try:
            await self.socket.send_frame(raw, kind)
        except (ConnectionError, RuntimeError):
            return False
        return True

    async def close(self) -> None:
        """The peer is gone. Its turns go on to their end: whoever comes again under the same ids gets their replies."""
        if self.sound is not None:
            await self.sound.close()

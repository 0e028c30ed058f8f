"""Home Assistant's voice devices, without a cloud: a `handle` service of the Wyoming protocol.

Whoever hears (Home Assistant, a satellite) sends what was said as text over TCP, a new connection each time, and speaks
what comes back. There is no proof of who sends, so it listens on this machine alone unless told otherwise.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
import signal
import sys
import threading
import uuid
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from time import monotonic
from typing import TYPE_CHECKING, Any

from assistant.errors import SetupError
from assistant.turns import House, Hypothesis, Reply, Turn
from channels.screen import told
from channels.speakers import Refused
from channels.speakers._host import Waiting, hashed, language_of, says_go_on, sorry
from channels.speakers._json import parsed

if TYPE_CHECKING:
    from wyoming.event import Event

log = logging.getLogger(__name__)

HOST, PORT = "127.0.0.1", 10500
LONGEST = 64 * 1024
"""Bytes of an event's head, and of its data."""
MOST_PAYLOAD = 1 << 20
MOST_CONNECTIONS = 200
SILENT = 60.0
"""Seconds after which a connection on which nothing comes is closed."""
SAME_TALK = 300.0
"""Seconds in which a satellite's next words belong to the same talk, whatever conversation they are said to be of."""
KEPT = 1000

WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "ready": "Wyoming handle service at tcp://{host}:{port} (stop with Ctrl-C).",
        "open": "Anyone who reaches this port can order: the protocol knows no password.",
    },
    "zh": {
        "ready": "Wyoming 处理服务已在 tcp://{host}:{port} 启动（按 Ctrl-C 停止）。",
        "open": "能连到这个端口的人都可以下单，这个协议没有密码。",
    },
    "ko": {
        "ready": "Wyoming 처리 서비스가 tcp://{host}:{port} 에서 실행 중입니다(Ctrl-C로 멈춤).",
        "open": "이 포트에 접속하는 누구나 주문할 수 있습니다. 이 프로토콜에는 비밀번호가 없습니다.",
    },
}


class Wyoming:
    """The channel. It serves many satellites."""

    name = "wyoming"
    can = frozenset[str]()
    patience = 5.0
    keys = frozenset({"host", "port"})
    WORDS = WORDS

    async def run(self, house: House, options: Mapping[str, Any]) -> int:
        """Serve until SIGTERM or Ctrl-C."""
        stopped, loop = asyncio.Event(), asyncio.get_running_loop()
        watched = (signal.SIGTERM, signal.SIGINT) if threading.current_thread() is threading.main_thread() else ()
        for one in watched:
            loop.add_signal_handler(one, stopped.set)
        try:
            async with self.beside(house, options):
                await stopped.wait()
        finally:
            for one in watched:
                loop.remove_signal_handler(one)
        return 0

    @asynccontextmanager
    async def beside(self, house: House, options: Mapping[str, Any]) -> AsyncIterator[int]:
        """Serve beside another channel of this process; the port that was taken (0 takes any)."""
        host, port = str(options.get("host") or HOST), _port(options.get("port", PORT))
        service = Service(house, self)
        try:
            server = await asyncio.start_server(service.talk, host, port, limit=LONGEST)
        except OSError as error:
            why = error.strerror or error
            raise SetupError(f"channel {self.name}: can't listen on {host}:{port} ({why}); name another port") from None
        port = server.sockets[0].getsockname()[1]
        words = told(house.languages()[0], self.name, WORDS)
        print(words["ready"].format(host=host, port=port), file=sys.stderr, flush=True)
        if not host.startswith("127.") and host not in ("::1", "localhost"):
            print(words["open"], file=sys.stderr, flush=True)
        try:
            yield port
        finally:
            server.close()
            await service.close()
            await server.wait_closed()

    async def deliver(self, session: str, reply: Reply) -> bool:
        """Nobody can be spoken to unasked; the result is told when they speak next."""
        return False


CHANNEL = Wyoming()


class Service:
    """One server: which talk each conversation and each satellite is in, and what is done with an event."""

    def __init__(self, house: House, channel: Wyoming) -> None:
        self.house, self.channel = house, channel
        self.waiting = Waiting()
        self.talks: dict[str, tuple[str, float]] = {}
        """Conversation or satellite -> its talk, and when it was last heard."""
        self.open: dict[asyncio.Task[Any], asyncio.StreamWriter] = {}

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        task = asyncio.current_task()
        assert task is not None
        self.open[task] = writer
        alone = secrets.token_hex(16)
        try:
            if len(self.open) > MOST_CONNECTIONS:
                return
            while (event := await asyncio.wait_for(_read(reader), SILENT)) is not None:
                answer = await self.answer(event, alone)
                if answer is not None:
                    await _write(answer, writer)
        except Unreadable as error:
            from wyoming.error import Error

            log.info("a connection sent what can't be read: %s", error)
            with contextlib.suppress(OSError):
                await _write(Error(text="the event can't be read", code="bad-event").event(), writer)
        except (OSError, TimeoutError, asyncio.IncompleteReadError):
            return
        finally:
            del self.open[task]
            writer.close()

    async def close(self) -> None:
        """Nobody is heard any more; turns under way come to their end."""
        for writer in self.open.values():
            writer.close()
        if self.open:
            await asyncio.wait(tuple(self.open), timeout=self.channel.patience)

    async def answer(self, event: Event, alone: str) -> Event | None:
        """What is sent back; None for events that are none of ours."""
        from wyoming.asr import Transcript
        from wyoming.info import Describe
        from wyoming.ping import Ping, Pong

        if Describe.is_type(event.type):
            return self.info()
        if Ping.is_type(event.type):
            return Pong(text=Ping.from_event(event).text).event()
        if Transcript.is_type(event.type):
            return await self.handled(event.data, alone)
        return None

    async def handled(self, data: Mapping[str, Any], alone: str) -> Event:
        from wyoming.handle import Handled

        said, context = _text(data, "text"), data.get("context") or {}
        if not isinstance(context, dict):
            raise Unreadable("context is no object")
        conversation, satellite = _text(context, "conversation_id"), _text(context, "satellite_id")
        language = language_of(self.house, _text(data, "language"))
        talk = self.session(conversation, satellite, alone)
        deadline = monotonic() + self.channel.patience

        async def take() -> Reply:
            return await self.house.take(self.turn(said, talk, language, satellite or _text(context, "device_id")))

        try:
            reply = await self.waiting.reply(talk, take, says_go_on(said, language), language, deadline)
        except Exception:
            log.exception("a turn of %s failed", self.channel.name)
            reply = sorry(language)
        return Handled(text=reply.speech, context={"conversation_id": conversation} if conversation else None).event()

    def turn(self, said: str, talk: str, language: str, device: str) -> Turn:
        return Turn(
            id=uuid.uuid4().hex,
            channel=self.channel.name,
            shop=self.house.shop,
            session=talk,
            at=self.house.now(),
            hypotheses=(Hypothesis(said),) if said.strip() else (),
            source="speech",
            language=language or None,
            device=hashed(self.channel.name, "device", device) if device else None,
            patience=max(0.1, self.channel.patience - 0.5),
            can=self.channel.can,
        )

    def session(self, conversation: str, satellite: str, alone: str) -> str:
        """The talk: the conversation's; of one that isn't known, the satellite's while that is fresh (a wake word often
        begins another conversation); of neither, the connection's own."""
        now = monotonic()
        for old in [key for key, (_, at) in self.talks.items() if now - at > SAME_TALK][:KEPT]:
            del self.talks[old]
        keys = [f"{kind} {one}" for kind, one in (("conversation", conversation), ("satellite", satellite)) if one]
        known = next((self.talks[key][0] for key in keys if key in self.talks), "")
        fresh = session_of(conversation) if conversation else ""
        talk = known or fresh or hashed(self.channel.name, "alone", satellite, alone)
        for key in keys:
            self.talks[key] = (talk, now)
        while len(self.talks) > KEPT:
            del self.talks[next(iter(self.talks))]
        return talk

    def info(self) -> Event:
        from importlib.metadata import version

        from wyoming.info import Attribution, HandleModel, HandleProgram, Info

        ours = Attribution(name="Voicetill", url="http://localhost")
        common: dict[str, Any] = {
            "name": f"voicetill-{self.house.shop}",
            "attribution": ours,
            "installed": True,
            "description": "Ordering by voice",
            "version": version("voicetill"),
        }
        model = HandleModel(languages=list(self.house.languages()), **common)
        return Info(handle=[HandleProgram(models=[model], **common)]).event()


def session_of(conversation: str) -> str:
    """The talk of a conversation. The dot keeps it apart from talks that can be named through the API."""
    return hashed(CHANNEL.name, "conversation", conversation)


# -- the wire ----------------------------------------------------------------------------------------------------


class Unreadable(Exception):
    """What came is no event, or one that is too big."""


async def _read(reader: asyncio.StreamReader) -> Event | None:
    """The next event; None at the end. The library reads as much as a stranger says is coming; here it is bounded."""
    from wyoming.event import Event

    try:
        line = await reader.readline()
    except ValueError:
        raise Unreadable("its head is too long") from None
    if not line:
        return None
    head = _object(line)
    kind, sizes = head.get("type"), [head.get(key) or 0 for key in ("data_length", "payload_length")]
    if not isinstance(kind, str) or not all(type(one) is int and one >= 0 for one in sizes):
        raise Unreadable("its head is none")
    if sizes[0] > LONGEST or sizes[1] > MOST_PAYLOAD:
        raise Unreadable("it is too big")
    data = head.get("data", {})
    if not isinstance(data, dict):
        raise Unreadable("its data is no object")
    if sizes[0]:
        data |= _object(await reader.readexactly(sizes[0]))
    if sizes[1]:
        await reader.readexactly(sizes[1])  # sound and the like: none of ours
    return Event(type=kind, data=data)


def _object(raw: bytes) -> dict[str, Any]:
    try:
        return parsed(raw)
    except Refused as refused:
        raise Unreadable(str(refused)) from None


async def _write(event: Event, writer: asyncio.StreamWriter) -> None:
    from wyoming.event import async_write_event

    await async_write_event(event, writer)


def _text(data: Mapping[str, Any], key: str) -> str:
    found = data.get(key)
    if found is not None and not isinstance(found, str):
        raise Unreadable(f"{key} is no text")
    return found or ""


def _port(value: Any) -> int:
    text = str(value)
    if not text.isdecimal() or int(text) > 65535:
        raise SetupError(f"channel wyoming: port = {text!r}; write a whole number from 0 to 65535")
    return int(text)

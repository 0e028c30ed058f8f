"""Talking over a socket on this machine: a line in (plain text, or JSON with an id), a JSON line out for each reply.

A connection is one talk. `{"say": "two roses", "id": "7", "session": "s1", "language": "en"}` may name its session
(before anything was said), its turn and its language; a plain line is what is said.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import secrets
from collections.abc import Mapping
from typing import Any

import msgspec

from assistant.errors import SetupError
from assistant.turns import House, Hypothesis, Reply, Turn

LONGEST = 1 << 20
"""Bytes of one line; a longer one is answered with an error, and the talk ends."""


class Tcp:
    """The channel. It serves until it is stopped, or `talks` connections have come and gone."""

    name = "tcp"
    can = frozenset({"screen", "push"})
    patience = 20.0
    keys = frozenset({"port", "talks"})
    WORDS: Mapping[str, Mapping[str, str]] = {
        "en": {"unreadable": 'I can\'t read that line; send text, or JSON with a text in "say".'},
        "zh": {"unreadable": "这一行看不懂，请发送文字，或者带 say 的 JSON。"},
        "ko": {"unreadable": "읽을 수 없는 줄입니다. 글이나 say가 있는 JSON을 보내 주세요."},
        "pt": {"unreadable": 'Não consigo ler essa linha; envie texto, ou JSON com um texto em "say".'},
    }

    def __init__(self) -> None:
        self._writers: dict[str, asyncio.StreamWriter] = {}

    async def run(self, house: House, options: Mapping[str, Any]) -> int:
        """Listen on 127.0.0.1; `port` 0 takes any, and the one that was taken is printed."""
        port, talks = _number(options, "port", 0), _number(options, "talks", 0)
        left, over = talks, asyncio.Event()

        async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            nonlocal left
            try:
                await self._talk(house, reader, writer)
            finally:
                writer.close()
                left -= 1
                if left == 0:
                    over.set()

        server = await asyncio.start_server(talk, "127.0.0.1", port, limit=LONGEST)
        async with server:
            print(f"listening on 127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
            await over.wait()
        return 0

    async def deliver(self, session: str, reply: Reply) -> bool:
        writer = self._writers.get(session)
        if writer is None or writer.is_closing():
            return False
        await _write(writer, _row(None, reply))
        return True

    async def _talk(self, house: House, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        session = ""
        try:
            while line := await reader.readline():
                said = _read(line)
                if said is None:
                    words = self.WORDS.get(house.languages()[0], self.WORDS["en"])
                    await _write(writer, {"error": words["unreadable"]})
                    continue
                if not session:
                    session = str(said.get("session") or secrets.token_hex(10))
                    self._writers[session] = writer
                    house.listen(session, self)
                turn = Turn(
                    id=str(said.get("id") or secrets.token_hex(10)),
                    channel=self.name,
                    shop=house.shop,
                    session=session,
                    at=house.now(),
                    hypotheses=(Hypothesis(said["say"]),),
                    language=said.get("language"),
                    patience=self.patience,
                    can=self.can,
                )
                await _write(writer, _row(turn.id, await house.take(turn)) | {"session": session})
        except (ConnectionError, ValueError):
            return
        finally:
            if self._writers.get(session) is writer:
                del self._writers[session]


CHANNEL = Tcp()


def _number(options: Mapping[str, Any], key: str, usual: int) -> int:
    text = str(options.get(key, usual))
    if not text.isdecimal() or int(text) > 65535:
        raise SetupError(f"channel tcp: {key} = {text!r}; write a whole number from 0 to 65535")
    return int(text)


def _read(line: bytes) -> dict[str, Any] | None:
    """A plain line is what is said; None where it is JSON of another form."""
    text = line.decode("utf-8", "replace").strip()
    if not text.startswith("{"):
        return {"say": text}
    with contextlib.suppress(ValueError):
        said = json.loads(text)
        named = (said.get(key) for key in ("id", "session", "language"))
        if isinstance(said.get("say"), str) and all(one is None or isinstance(one, str) for one in named):
            return dict(said)
    return None


def _row(turn: str | None, reply: Reply) -> dict[str, Any]:
    """What is private stays out: whoever reads this machine's sockets isn't the buyer alone."""
    return {
        "turn": turn,
        "speech": reply.speech,
        "text": reply.text,
        "choices": [one.text for one in reply.choices],
        "expects": reply.expects,
        "views": msgspec.to_builtins(reply.views),
        "pending": reply.pending,
    }


async def _write(writer: asyncio.StreamWriter, row: Mapping[str, Any]) -> None:
    writer.write(json.dumps(row, ensure_ascii=False).encode() + b"\n")
    await writer.drain()

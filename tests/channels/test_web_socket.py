"""WebSockets that go wrong: bad frames, slow readers, dead peers, a crowd; a stop in the middle of a turn."""

from __future__ import annotations

import asyncio
import base64
import json
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from assistant.errors import StoreError
from channels.http import socket as sockets
from scripts.benches.figures import now_mb
from tests.channels.serving import Served, serving


@pytest.fixture
async def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Served]:
    monkeypatch.delenv("VOICETILL_SANDBOX_DELAY", raising=False)
    async with serving(tmp_path, rate_session=0, rate_address=0) as one:
        yield one


async def next_of(socket: aiohttp.ClientWebSocketResponse, kind: str) -> dict[str, Any]:
    while True:
        frame: dict[str, Any] = await asyncio.wait_for(socket.receive_json(), 20)
        if frame["type"] == kind:
            return frame


async def test_a_bad_frame_is_told_and_the_talk_goes_on(served: Served) -> None:
    socket = await served.socket(await served.token())
    await next_of(socket, "welcome")
    deep = '{"type": "say", "id": "1", "text": ' + "[" * 60_000
    frames = ["", "{", "[]", "1", '{"type": 1}', '{"type": "dance"}', '{"type": "say", "text": "x"}', deep]
    frames += ['{"type": "say", "id": "1"}', '{"type": "tap", "id": "1", "choice": "one"}', '{"type": "say", "id": ""}']
    for frame in frames:
        await socket.send_str(frame)
        error = await next_of(socket, "error")
        assert error["error"] and error["message"], frame[:40]
    await socket.send_bytes(b"\0" * 640)
    assert (await next_of(socket, "error"))["error"] == "no_audio"
    await socket.send_json({"type": "say", "id": "7", "text": "two colas", "unknown": [1]})
    assert (await next_of(socket, "reply"))["turn"] == "7"
    await socket.send_json({"type": "say", "id": "7", "text": "three"})
    assert await next_of(socket, "error") == {
        "type": "error",
        "error": "reused_id",
        "message": "turn '7' came before with other words; give each turn an id of its own",
        "id": "7",
    }
    await socket.send_str("x" * 300_000)
    assert (await socket.receive()).type in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED)
    assert socket.close_code == aiohttp.WSCloseCode.MESSAGE_TOO_BIG


async def test_choices_and_acts_are_taken(served: Served) -> None:
    socket = await served.socket(await served.token(), language="en")
    await next_of(socket, "welcome")
    await socket.send_json(
        {"type": "say", "id": "1", "acts": [{"act": "add", "lines": [{"item": "coke", "quantity": 2}]}]}
    )
    reply = (await next_of(socket, "reply"))["reply"]
    assert [(line["item"], line["quantity"]) for line in reply["order"]["lines"]] == [("coke", 2)]
    await socket.send_json({"type": "say", "id": "2", "acts": [{"act": "checkout"}]})
    offered = (await next_of(socket, "reply"))["reply"]
    await socket.send_json({"type": "tap", "id": "3", "choice": 1})
    assert (await next_of(socket, "reply"))["reply"]["order"]["facts"]["fulfilment"]
    assert offered["choices"]
    for lines in (
        [{"item": "nothing", "quantity": 1}],
        [{"item": "coke", "options": [{"option": "x", "choice": "y"}]}],
    ):
        await socket.send_json({"type": "say", "id": str(lines), "acts": [{"act": "add", "lines": lines}]})
        told = (await next_of(socket, "reply"))["reply"]
        assert "went wrong" not in told["text"]
    await socket.close()


async def test_pings_are_answered_while_a_payment_is_waited_for(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VOICETILL_SANDBOX_DELAY", "1")
    socket = await served.socket(await served.token())
    for number, said in enumerate(("two colas", "checkout", "eat in", "card")):
        await socket.send_json({"type": "say", "id": str(number), "text": said})
        await next_of(socket, "reply")
    await socket.send_json({"type": "say", "id": "yes", "text": "yes"})
    await socket.send_json({"type": "ping"})
    frames = [(await socket.receive_json())["type"] for _ in range(2)]
    assert frames == ["pong", "reply"]
    await socket.close()


async def test_a_store_that_cannot_be_read_is_told_and_nothing_is_lost(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = await served.token()
    socket = await served.socket(token)
    await next_of(socket, "welcome")

    async def broken(session: str, **_: bool) -> None:
        raise StoreError("the disk is gone", can_retry=True)

    with monkeypatch.context() as gone:
        gone.setattr(served.house, "order", broken)
        await socket.send_json({"type": "say", "id": "1", "text": "two colas"})
        error = await next_of(socket, "error")
        assert (error["error"], error["id"]) == ("busy", "1")
        await socket.send_json({"type": "hello"})
        assert (await next_of(socket, "error"))["error"] == "busy"
        assert (await served.asks("/api/v1/order", token))[0] == 503
    await socket.send_json({"type": "say", "id": "1", "text": "two colas"})
    reply = (await next_of(socket, "reply"))["reply"]
    assert [line["quantity"] for line in reply["order"]["lines"]] == [2]
    await socket.close()


async def raw_socket(served: Served, token: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A WebSocket by hand, on a connection that takes little unread."""
    port = int(served.url.rpartition(":")[2])
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1024)
    key = base64.b64encode(os.urandom(16)).decode()
    writer.write(
        f"GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: {key}\r\n"
        f"Sec-WebSocket-Version: 13\r\nAuthorization: Bearer {token}\r\n\r\n".encode()
    )
    assert b" 101 " in await reader.readuntil(b"\r\n\r\n")
    return reader, writer


def framed(message: dict[str, Any]) -> bytes:
    """A client's text frame, its mask being nothing."""
    body = json.dumps(message).encode()
    return b"\x81\xfe" + len(body).to_bytes(2, "big") + b"\0\0\0\0" + body


async def test_who_never_reads_is_dropped_and_others_go_on(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sockets, "MOST_UNSENT", 100_000)
    slow, quick = await served.token(), await served.socket(await served.token())
    reader, writer = await raw_socket(served, slow)
    await next_of(quick, "welcome")
    for number in range(20):  # what was said makes each welcome a long one
        await served.says(slow, "x" * 10_000, id=str(number))
    writer.write(framed({"type": "ping"}))
    assert reader is not None
    async with asyncio.timeout(60):
        while len(served.front.sockets.doors) == 2:
            writer.write(framed({"type": "hello", "greet": False}))
            await quick.send_json({"type": "ping"})
            await next_of(quick, "pong")
    assert "voicetill_slow_readers_total 1.0" in served.front.measures.exposition({}).decode()
    await quick.send_json({"type": "say", "id": "1", "text": "two colas"})
    assert (await next_of(quick, "reply"))["turn"] == "1"
    writer.close()
    await quick.close()


async def test_a_dead_peer_is_noticed(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sockets, "BEAT", 0.2)
    _, writer = await raw_socket(served, await served.token())
    assert len(served.front.sockets.doors) == 1
    async with asyncio.timeout(20):
        while served.front.sockets.doors or served.front.sockets.talks:
            await asyncio.sleep(0.02)
    writer.close()


async def test_a_crowd_of_two_thousand(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bounded memory, everybody is answered, and nothing is left behind."""
    monkeypatch.setattr(sockets, "BEAT", 600.0)  # these ends answer no ping, and may be long in the making
    before = now_mb()
    doors = []
    for _ in range(20):
        tokens = [await served.token() for _ in range(100)]
        doors += await asyncio.gather(*(raw_socket(served, token) for token in tokens))
    assert len(served.front.sockets.doors) == 2000
    assert now_mb() - before < 2000 * 0.12, "both ends of them are in this process"
    talker = await served.socket(await served.token())
    await talker.send_json({"type": "say", "id": "1", "text": "two colas"})
    assert (await next_of(talker, "reply"))["turn"] == "1"
    for reader, writer in doors[::100]:
        writer.write(framed({"type": "ping"}))
        assert b"pong" in await asyncio.wait_for(reader.read(100), 20)
    for _, writer in doors:
        writer.transport.abort()
    await talker.close()
    async with asyncio.timeout(20):
        while served.front.sockets.doors or served.front.sockets.talks or served.front.connections:
            await asyncio.sleep(0.02)


async def test_a_stop_lets_the_turn_end_and_says_goodbye(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with serving(tmp_path, rate_session=0) as served:
        socket = await served.socket(await served.token())
        for number, said in enumerate(("two colas", "checkout", "eat in", "card")):
            await socket.send_json({"type": "say", "id": str(number), "text": said})
            await next_of(socket, "reply")
        monkeypatch.setenv("VOICETILL_SANDBOX_DELAY", "1")
        await socket.send_json({"type": "say", "id": "yes", "text": "yes"})
        await asyncio.sleep(0.3)
        closing = asyncio.create_task(served.front.close())
        assert (await next_of(socket, "reply"))["reply"]["text"].startswith("Paid")
        assert (await socket.receive()).type is aiohttp.WSMsgType.CLOSE
        assert socket.close_code == aiohttp.WSCloseCode.GOING_AWAY
        await closing

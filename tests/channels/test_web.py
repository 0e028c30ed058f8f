"""The web channel over real sockets: talks through the API and the WebSocket, and what is refused."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from assistant.app import Assistant
from assistant.turns import MOST_LETTERS
from channels.http.guard import Rate, Rules
from channels.http.server import Front
from channels.web import Web
from tests.channels.serving import Served, serving
from tests.drivers import PATIENCE, Answer


class Socketed:
    """The chat page's own wire: a WebSocket, a session that the server has sealed."""

    def __init__(self) -> None:
        self.ids = itertools.count(1)
        self.begun: set[str] = set()
        self.last: dict[str, dict[str, Any]] = {}
        self.doors: dict[str, Client] = {}

    async def open(self, house: Assistant, language: str, patience: float) -> None:
        self.language, channel = language, Web()
        channel.patience = patience
        self.front = channel.front = Front(house, channel, Rules(port=0, rate_address=0, rate_session=0))
        self.url = await self.front.open()
        self.http = aiohttp.ClientSession()
        for session in self.begun:  # their pages are still open, and come back
            await self.door(session)

    async def say(self, session: str, text: str | bytes) -> Answer:
        said = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
        door = await self.door(session)
        # The page tells of more, and sends none of it.
        self.last[session] = {"type": "say", "id": f"turn-{next(self.ids)}", "text": said[:MOST_LETTERS]}
        return await door.asked(self.last[session])

    async def again(self, session: str) -> Answer | None:
        return await (await self.door(session)).asked(self.last[session])

    async def news(self, session: str) -> Answer:
        return await (await self.door(session)).pushed.get()

    async def door(self, session: str) -> Client:
        if session not in self.doors:
            headers = {"Authorization": f"Bearer {self.front.seals.sealed(session)}"}
            socket = await self.http.ws_connect(f"{self.url}/ws", headers=headers)
            hello: dict[str, Any] = {"type": "hello", "greet": False}
            if session not in self.begun:
                hello["language"] = self.language
            await socket.send_json(hello)
            self.begun.add(session)
            self.doors[session] = Client(socket)
        return self.doors[session]

    async def close(self) -> None:
        for door in self.doors.values():
            await door.socket.close()
        self.doors.clear()
        await self.http.close()
        await self.front.close()


class Client:
    """One page: its connection, what it waits for, and what comes by itself."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket
        self.waiting: dict[str, asyncio.Future[Answer]] = {}
        self.pushed: asyncio.Queue[Answer] = asyncio.Queue()
        self.reading = asyncio.create_task(self.read())

    async def asked(self, frame: dict[str, Any]) -> Answer:
        answer = self.waiting[frame["id"]] = asyncio.get_running_loop().create_future()
        await self.socket.send_json(frame)
        return await asyncio.wait_for(answer, PATIENCE)

    async def read(self) -> None:
        async for message in self.socket:
            frame = message.json()
            if frame["type"] == "error":
                raise AssertionError(frame)
            if frame["type"] != "reply":
                continue
            reply = frame["reply"]
            answer = Answer(reply["speech"], reply["text"], tuple(reply["choices"]))
            waiting = self.waiting.pop(frame["turn"], None)
            if waiting is None:
                self.pushed.put_nowait(answer)
            else:
                waiting.set_result(answer)


DRIVER = Socketed


# -- talks -------------------------------------------------------------------------------------------------------

TO_THE_YES = ("two large cheeseburgers", "checkout", "pickup", "as soon as possible", "Ana, 555 0134", "card")


@pytest.fixture
async def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Served]:
    monkeypatch.delenv("VOICETILL_SANDBOX", raising=False)
    async with serving(tmp_path) as one:
        yield one


async def test_an_order_through_the_api(served: Served) -> None:
    token = await served.token(language="en")
    for said in TO_THE_YES:
        reply = await served.says(token, said)
    assert reply["expects"] == "confirm"
    paid = await served.says(token, "yes")
    assert paid["text"].startswith("Paid, thank you.") and not paid["pending"]
    assert paid["order"]["payment"]["net"] == paid["order"]["totals"]["total"] == 9400
    assert await served.says(token, "yes") == paid
    refused = await served.says(token, "no", id="yes0", status=409)
    assert refused["error"] == "reused_id"
    for strange in ("a\x00b", "a\n", "\x7f", "\x85"):
        refused = await served.says(token, "two cokes", id=strange, status=400)
        assert refused["error"] == "wrong_id" and "control character" in refused["message"]
    assert (await served.asks("/api/v1/order", token))[1]["order"] == paid["order"]
    _, told = await served.asks("/api/v1/messages", token)
    said = [one["text"] for one in told["messages"] if one["who"] == "person"]
    assert said == [*TO_THE_YES, "yes"]


async def test_talks_are_their_owners(served: Served) -> None:
    ana, bo = await served.token(), await served.token()
    await served.says(ana, "two colas")
    assert (await served.asks("/api/v1/order", bo))[1] == {"order": None}
    forged = [ana[:-1] + ("A" if ana[-1] != "A" else "B"), ana.partition(".")[0], "alexa:someone", "x" * 5000, ""]
    for token in forged:
        status, told = await served.asks("/api/v1/order", headers={"Authorization": f"Bearer {token}"})
        assert (status, told["error"]) == (401, "no_session")


async def test_a_long_talk_is_shown_as_far_as_it_fits_and_each_text_whole(served: Served) -> None:
    token, long = await served.token(), "two colas, " + "嗯" * 11_900
    served.front.addresses = Rate(0)
    for name in range(30):
        await served.says(token, long, id=str(name))
    _, told = await served.asks("/api/v1/messages", token)
    said = [one for one in told["messages"] if one["who"] == "person"]
    assert {one["text"] for one in said} == {long}
    assert 10 < len(said) < 30 and told["messages"][-1]["turn"] == "29"
    page = await served.socket(token)  # it comes back, however much was said
    assert (await page.receive_json())["messages"] == told["messages"]
    await page.send_json({"type": "ping"})
    assert (await page.receive_json())["type"] == "pong"
    await page.close()


async def test_two_windows_see_the_same(served: Served) -> None:
    token = await served.token()
    first, second = await served.socket(token), await served.socket(token)
    for socket in (first, second):
        assert (await socket.receive_json())["type"] == "welcome"
    await first.send_json({"type": "say", "id": "1", "text": "two colas"})
    reply, other = await first.receive_json(), await second.receive_json()
    assert (reply["type"], reply["turn"]) == ("reply", "1")
    assert (other["type"], other["text"], other["channel"]) == ("other", "two colas", "web")
    assert other["reply"]["order"] == reply["reply"]["order"]
    third = await served.socket(token)
    welcome = await third.receive_json()
    assert [one["text"] for one in welcome["messages"]] == ["two colas", reply["reply"]["text"]]
    assert welcome["order"] == reply["reply"]["order"] and welcome["shop"]["name"] == "Burger Bar"
    for socket in (first, second, third):
        await socket.close()


async def test_whoever_comes_first_is_greeted_once(served: Served) -> None:
    token = await served.token()
    for _ in range(2):
        socket = await served.socket(token, greet=True, language="zh")
        welcome = await socket.receive_json()
        if not welcome["messages"]:
            greeting = await socket.receive_json()
        await socket.send_json({"type": "ping"})
        assert (await socket.receive_json())["type"] == "pong"
        await socket.close()
    assert "欢迎" in greeting["reply"]["text"] and [one["who"] for one in welcome["messages"]] == ["assistant"]


async def test_two_hellos_at_once_are_greeted_once(served: Served) -> None:
    token = await served.token()
    socket = await served.socket(token, greet=True, language="zh")
    await socket.send_json({"type": "hello", "greet": True, "language": "zh"})
    seen = [(await socket.receive_json())["type"] for _ in range(3)]
    await socket.send_json({"type": "ping"})
    seen.append((await socket.receive_json())["type"])
    assert sorted(seen) == ["pong", "reply", "welcome", "welcome"]
    await socket.close()


async def test_a_cut_loses_nothing_and_doubles_nothing(served: Served) -> None:
    """The connection breaks before the reply is read; the same message goes again on a new one."""
    token, frame = await served.token(), {"type": "say", "id": "1", "text": "two colas"}
    cut = await served.socket(token)
    await cut.send_json(frame)
    assert cut._response.connection is not None and cut._response.connection.transport is not None
    cut._response.connection.transport.abort()  # type: ignore[attr-defined]
    again = await served.socket(token)
    await again.receive_json()
    await again.send_json(frame)
    reply = await again.receive_json()
    while reply["type"] != "reply":
        reply = await again.receive_json()
    assert [line["quantity"] for line in reply["reply"]["order"]["lines"]] == [2]
    await again.close()


# -- what is refused ---------------------------------------------------------------------------------------------


async def test_what_cannot_be_read_gets_four_hundred_and_a_sentence(served: Served) -> None:
    token = await served.token()
    deep = b'{"id":"1","text":' + b"[" * 60_000 + b"]" * 60_000 + b"}"
    bodies = [b"", b"{", b"[]", b"null", b"1", b'"x"', b'{"id":1,"text":"x"}', b'{"id":"1"}', b"\xff\xfe", deep]
    bodies += [b'{"id":"1","text":"x","choice":1}', b'{"id":"","text":"x"}', b'{"id":"1","text":null}']
    bodies += [b'{"id":"1","acts":[{"act":"none"}]}', b'{"id":"1","acts":[]}', b'{"id":"1","choice":0}']
    for body in bodies:
        status, told = await served.asks(
            "/api/v1/turns", token, method="POST", data=body, headers={"Content-Type": "application/json"}
        )
        assert status == 400 and told["error"] and told["message"], body[:40]
    huge = b'{"id":"1","text":"' + b"x" * 300_000 + b'"}'
    status, told = await served.asks(
        "/api/v1/turns", token, method="POST", data=huge, headers={"Content-Type": "application/json"}
    )
    assert (status, told["error"]) == (413, "too_large")
    told = await served.says(token, "a coke, " * 2_000, id="long", status=413)
    assert told["error"] == "too_long" and "16000 letters and 12000 are the most" in told["message"]
    assert (await served.asks("/api/v1/turns", token, method="POST", data=b"id=1"))[0] == 415
    named = {"Content-Type": "application/x-www-form-urlencoded"}  # as many clients do where they send nothing
    assert (await served.asks("/api/v1/sessions", method="POST", headers=named))[0] == 201
    assert (await served.asks("/api/v1/nothing"))[0] == 404
    assert (await served.asks("/api/v1/turns", token))[0] == 405
    assert (await served.asks("/api/v1/order", token))[1] == {"order": None}
    assert (await served.says(token, "two colas", id="1", unknown={"field": [1]}))["order"]["lines"]

"""Home Assistant's side, played by the protocol's own client: a conversation over TCP, and bytes that are none."""

from __future__ import annotations

import asyncio
import json
import signal
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from wyoming.asr import Transcript
from wyoming.client import AsyncTcpClient
from wyoming.event import Event
from wyoming.handle import Handled
from wyoming.info import Info
from wyoming.ping import Ping, Pong

from channels import wyoming
from tests.drivers import PATIENCE, Answer
from tests.newcomer import COMMAND, newcomer
from tests.speakers.far_end import Cafe, cafe, recorded


async def say(port: int, text: str, language: str | None = None, **context: str) -> str:
    """A turn as Home Assistant sends it: a connection of its own."""
    async with AsyncTcpClient("127.0.0.1", port) as client:
        await client.write_event(Transcript(text=text, language=language, context=context or None).event())
        event = await asyncio.wait_for(client.read_event(), PATIENCE)
    assert event is not None and Handled.is_type(event.type), event
    handled = Handled.from_event(event)
    assert handled.text
    if context.get("conversation_id"):
        assert handled.context == {"conversation_id": context["conversation_id"]}
    return handled.text


class Driver:
    """A conversation for each session. Only what is to be spoken goes over the wire."""

    can = wyoming.CHANNEL.can

    async def open(self, house: Any, language: str, patience: float) -> None:
        self.language = language
        channel = wyoming.Wyoming()
        channel.patience = patience + 0.75
        self.beside = channel.beside(house, {"port": 0})
        self.port = await self.beside.__aenter__()

    async def say(self, session: str, text: str | bytes) -> Answer:
        said = (text.decode("utf-8", "replace") if isinstance(text, bytes) else text)[:10_000]
        told = await say(self.port, said, self.language, conversation_id=session)
        listening = told.endswith(("?", "？"))
        # Nothing tells it to listen on but the question that is last.
        return Answer(told, "", (), "?" if listening else "", listening)

    async def again(self, session: str) -> Answer | None:
        return None

    async def news(self, session: str) -> Answer:
        return await self.say(session, {"en": "go on", "zh": "继续", "ko": "계속"}[self.language])

    def known_as(self, session: str) -> str:
        return wyoming.session_of(session)

    async def close(self) -> None:
        await self.beside.__aexit__(None, None, None)


DRIVER = Driver


@pytest.fixture
async def kitchen(tmp_path: Path) -> AsyncIterator[tuple[Cafe, int]]:
    async with cafe(tmp_path, {}) as shop, wyoming.Wyoming().beside(shop.house, {"port": 0}) as port:
        yield shop, port


async def test_what_home_assistant_sends(kitchen: tuple[Cafe, int]) -> None:
    """The recorded exchange: a description, then a turn."""
    shop, port = kitchen
    described, turn = recorded("wyoming_handle_exchange")["client_to_server"]
    async with AsyncTcpClient("127.0.0.1", port) as client:
        await client.write_event(Event(type=described["type"]))
        event = await client.read_event()
        assert event is not None
        (program,) = Info.from_event(event).handle
        assert program.installed and program.models[0].languages == ["en", "zh", "ko"]
        assert not program.supports_handled_streaming and not program.supports_home_control
        await client.write_event(Event(type=turn["type"], data=turn["data"]))
        event = await client.read_event()
    assert event is not None and Handled.from_event(event).text == "Two large lattes. Anything else?"
    assert await shop.lines() == [(2, "sku-latte")]


async def test_an_order_is_placed_over_many_connections(kitchen: tuple[Cafe, int]) -> None:
    shop, port = kitchen
    for said in ("two large lattes", "that's all", "Ana", "card"):
        told = await say(port, said, "en", conversation_id="01JEXAMPLE")
    assert "Sixty-four yuan" in told and told.endswith("Shall I place the order?")
    assert "paid" in (await say(port, "yes", "en", conversation_id="01JEXAMPLE")).lower()
    order, payment = await shop.only()
    assert (order.stage, payment.status, payment.charges, payment.net) == ("placed", "paid", 1, 6400)


async def test_another_conversation_is_another_talk(kitchen: tuple[Cafe, int]) -> None:
    _, port = kitchen
    await say(port, "two large lattes", conversation_id="one")
    assert "empty" in await say(port, "what's in my basket?", conversation_id="two")
    assert "lattes" in await say(port, "what's in my basket?", conversation_id="one")


async def test_a_satellites_next_wake_word_goes_on_with_its_talk(
    kitchen: tuple[Cafe, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """For five minutes, although Home Assistant says that it is another conversation."""
    _, port = kitchen
    await say(port, "two large lattes", conversation_id="one", satellite_id="kitchen")
    assert "lattes" in await say(port, "what's in my basket?", conversation_id="two", satellite_id="kitchen")
    assert "lattes" in await say(port, "what's in my basket?", satellite_id="kitchen")
    assert "empty" in await say(port, "what's in my basket?", conversation_id="three", satellite_id="bedroom")
    monkeypatch.setattr(wyoming, "SAME_TALK", 0.0)
    assert "empty" in await say(port, "what's in my basket?", conversation_id="four", satellite_id="kitchen")


async def test_who_names_nothing_is_alone(kitchen: tuple[Cafe, int]) -> None:
    _, port = kitchen
    await say(port, "two large lattes")
    assert "empty" in await say(port, "what's in my basket?")


async def test_unknown_events_are_passed_over(kitchen: tuple[Cafe, int]) -> None:
    shop, port = kitchen
    before = await shop.rows()
    async with AsyncTcpClient("127.0.0.1", port) as client:
        for event in (
            Event(type="select-program", data={"name": "x"}),
            Event(type="recognize", data={"text": "two lattes"}),
            Event(type="audio-chunk", data={"rate": 16000, "width": 2, "channels": 1}, payload=b"\0" * 4096),
            Event(type="transcript-chunk", data={"text": "two"}),
        ):
            await client.write_event(event)
        await client.write_event(Ping(text="there?").event())
        event = await client.read_event()
    assert event is not None and Pong.from_event(event).text == "there?"
    assert await shop.rows() == before


@pytest.mark.parametrize(
    "raw",
    [
        b"nonsense\n",
        b"[]\n",
        b'{"no": "type"}\n',
        b'{"type": 5}\n',
        b'{"type": "transcript", "data": []}\n',
        b'{"type": "transcript", "data": {"text": 5}}\n',
        b'{"type": "transcript", "data": {"text": "two lattes", "context": "x"}}\n',
        b'{"type": "transcript", "data": {"text": "two lattes", "context": {"conversation_id": 7}}}\n',
        b'{"type": "transcript", "data_length": -1}\n',
        b'{"type": "transcript", "data_length": 99999999}\n',
        b'{"type": "audio-chunk", "payload_length": 99999999999}\n',
        b'{"type": "transcript", "data_length": 3}\nabc',
        b"x" * 200_000,
        b'{"a":' * 9000 + b"1" + b"}" * 9000 + b"\n",
        b"\xff\xfe\n",
    ],
    ids=range(15),
)
async def test_bytes_that_are_no_event(kitchen: tuple[Cafe, int], raw: bytes) -> None:
    """An error and an end; others go on."""
    shop, port = kitchen
    before = await shop.rows()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(raw)
    said = await asyncio.wait_for(reader.read(10_000), PATIENCE)
    writer.close()
    assert json.loads(said.splitlines()[0])["type"] == "error"
    assert await shop.rows() == before
    assert "lattes" in await say(port, "two large lattes", conversation_id="another")


@pytest.mark.parametrize("key", ["text", "conversation_id", "satellite_id"])
async def test_half_a_letter_breaks_nothing_off(kitchen: tuple[Cafe, int], key: str) -> None:
    shop, port = kitchen
    context = {"conversation_id": "c", "satellite_id": "s"}
    data = {"text": "two large lattes", "context": context}
    (data if key == "text" else context)[key] += " \ud83c"  # type: ignore[index,operator]
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(json.dumps({"type": "transcript", "data": data}).encode() + b"\n")
    head = json.loads(await asyncio.wait_for(reader.readline(), PATIENCE))
    writer.close()
    assert head["type"] == "handled" and await shop.lines() == [(2, "sku-latte")]


async def test_a_connection_that_breaks_off(kitchen: tuple[Cafe, int]) -> None:
    shop, port = kitchen
    before = await shop.rows()
    for raw in (b"", b'{"type": "trans', b'{"type": "transcript", "data_length": 30}\n{"te'):
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(raw)
        writer.close()
    assert "empty" in await say(port, "what's in my basket?", conversation_id="x")
    assert (await shop.rows())["orders"] == before["orders"]


async def test_many_at_once(kitchen: tuple[Cafe, int]) -> None:
    shop, port = kitchen
    await asyncio.gather(*(say(port, "an espresso", conversation_id=f"c{n}") for n in range(40)))
    assert await shop.lines() == [(1, "sku-espresso")] * 40


def test_the_command_serves_until_it_is_stopped(tmp_path: Path) -> None:
    server = subprocess.Popen(
        [*COMMAND, "channel", "wyoming", "--shop", "corner-shop", "--data", str(tmp_path), "--option", "port=0"],
        env=newcomer(tmp_path),
        stderr=subprocess.PIPE,
        text=True,
    )
    assert server.stderr is not None
    try:
        line = server.stderr.readline()
        port = int(line.split("tcp://127.0.0.1:")[1].split()[0])
        assert "chocolate" in asyncio.run(say(port, "two chocolate bars", "en", conversation_id="1")).lower()
        server.send_signal(signal.SIGTERM)
        assert server.wait(PATIENCE) == 0
    finally:
        server.kill()
        server.wait()

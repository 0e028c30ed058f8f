"""Sound over the WebSocket, without a browser: what is sent as frames is heard, answers come as WAV."""

from __future__ import annotations

import asyncio
import io
import json
import threading
import wave
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiohttp
import numpy as np
import pytest

from assistant.discovery import find
from assistant.errors import SetupError
from channels.audio import RATE
from channels.audio.equipment import Equipment, Hears
from channels.http import sound
from models.voices import Sound as Spoken
from tests.audio.test_ears import Scripted, heard
from tests.channels.serving import serving
from tests.engines import spoken

SOON = 30.0
Socket = aiohttp.ClientWebSocketResponse


class Voice:
    """Says everything in two pieces of half a second."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.said: list[str] = []

    def say(self, text: str, *, pace: float = 1.0) -> Iterator[Spoken]:
        self.said.append(text)
        yield Spoken(bytes(RATE), RATE)
        yield Spoken(bytes(RATE), RATE)

    def close(self) -> None: ...


@pytest.fixture
def voice(monkeypatch: pytest.MonkeyPatch) -> Voice:
    made = Voice("en")
    monkeypatch.setattr(Equipment, "voice", lambda self, language: made)
    return made


def hears(monkeypatch: pytest.MonkeyPatch, *said: str) -> Scripted:
    model = Scripted(*map(heard, said), partial="a ch")
    monkeypatch.setattr(Equipment, "hears", lambda self, language: Hears("script", model))
    return model


async def until(socket: Socket, kind: str, **wanted: Any) -> tuple[dict[str, Any], list[Any]]:
    """The next frame of that kind, and what came before it."""
    before: list[Any] = []
    async with asyncio.timeout(SOON):
        async for message in socket:
            if message.type is aiohttp.WSMsgType.BINARY:
                before.append(message.data)
                continue
            frame = json.loads(message.data)
            if frame["type"] == kind and all(frame.get(key) == value for key, value in wanted.items()):
                return frame, before
            before.append(frame)
    raise AssertionError(f"no {kind} came")


async def gets_a_place(socket: Socket) -> bool:
    """Whether it is listened to before long, where another was just left."""
    for _ in range(100):
        await socket.send_json({"type": "audio", "on": True, "rate": RATE})
        told, _ = await until(socket, "listening")
        if told["on"]:
            return True
        await asyncio.sleep(0.05)
    return False


async def speak(socket: Socket, pcm: bytes, rate: int) -> None:
    """As a browser does: 32 ms at a time, then silence."""
    piece = 2 * round(rate * 0.032)
    silence = bytes(2 * rate * 2)
    for start in range(0, len(pcm + silence), piece):
        await socket.send_bytes((pcm + silence)[start : start + piece])
        await asyncio.sleep(0.004)


def at_rate(pcm: bytes, rate: int) -> bytes:
    import soxr

    return bytes(soxr.resample(np.frombuffer(pcm, np.int16), RATE, rate).astype(np.int16).tobytes())


@pytest.mark.needs_apt
@pytest.mark.parametrize("rate", [RATE, 44_100, 48_000])
async def test_what_is_spoken_is_captioned_and_becomes_a_turn(
    rate: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hears(monkeypatch, "a cheeseburger please")
    pcm = at_rate(spoken(find("voice", "pyttsx3"), "en", "a cheeseburger please"), rate)
    async with serving(tmp_path) as served:
        socket = await served.socket(await served.token())
        await socket.send_json({"type": "audio", "on": True, "rate": rate})
        await until(socket, "listening", on=True)
        await speak(socket, pcm, rate)
        last, before = await until(socket, "heard", final=True)
        assert last["text"] == "a cheeseburger please"
        assert {"type": "heard", "text": "a ch", "final": False} in before
        reply, _ = await until(socket, "reply", turn=last["turn"])
        (line,) = reply["reply"]["order"]["lines"]
        assert (line["item"], line["quantity"]) == ("cheeseburger", 1)
        await socket.send_json({"type": "audio", "on": False})
        await socket.close()


@pytest.mark.needs_apt
async def test_what_is_said_while_models_are_opened_is_heard_and_what_is_typed_does_not_wait(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model, opened = Scripted(heard("a cheeseburger please")), threading.Event()

    def slow(self: Equipment, language: str) -> Hears:
        assert opened.wait(SOON)
        return Hears("script", model)

    monkeypatch.setattr(Equipment, "hears", slow)
    said = spoken(find("voice", "pyttsx3"), "en", "a cheeseburger please")
    async with serving(tmp_path) as served:
        socket = await served.socket(await served.token())
        await socket.send_json({"type": "audio", "on": True, "rate": RATE})
        await speak(socket, said + bytes(2 * RATE * 10), RATE)
        await socket.send_json({"type": "say", "id": "1", "text": "a coke"})
        _, before = await until(socket, "reply", turn="1")
        assert not [one for one in before if one["type"] == "listening"]
        opened.set()
        last, _ = await until(socket, "heard", final=True)
        reply, _ = await until(socket, "reply", turn=last["turn"])
        assert [one["item"] for one in reply["reply"]["order"]["lines"]] == ["coke", "cheeseburger"]
        assert model.fed > len(said) // 2 * 0.5
        await socket.close()


async def test_who_turns_the_microphone_off_while_models_are_opened_is_not_listened_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = threading.Event()

    def slow(self: Equipment, language: str) -> Hears:
        assert opened.wait(SOON)
        return Hears("script", Scripted())

    monkeypatch.setattr(Equipment, "hears", slow)
    monkeypatch.setattr(sound, "PLACES", 1)
    async with serving(tmp_path) as served:
        one, other = [await served.socket(await served.token()) for _ in range(2)]
        on = {"type": "audio", "on": True, "rate": RATE}
        for frame in (on, {"type": "audio", "on": False}, {"type": "ping"}):
            await one.send_json(frame)
        await until(one, "pong")
        opened.set()
        assert await gets_a_place(other)
        await one.close()
        await other.close()


async def test_replies_are_spoken_as_wav_until_somebody_says_something(tmp_path: Path, voice: Voice) -> None:
    async with serving(tmp_path) as served:
        socket = await served.socket(await served.token())
        await socket.send_json({"type": "voice", "on": True})
        await socket.send_json({"type": "say", "id": "1", "text": "a coke"})
        reply, _ = await until(socket, "reply", turn="1")
        begin, _ = await until(socket, "sound")
        assert begin["state"] == "speaking" and begin["gain"] == 1
        _, pieces = await until(socket, "sound", state="done")
        assert len(pieces) == 2 and voice.said == [reply["reply"]["speech"]]
        with wave.open(io.BytesIO(pieces[0])) as file:
            assert (file.getframerate(), file.getnchannels(), file.getnframes()) == (RATE, 1, RATE // 2)
        await socket.send_json({"type": "say", "id": "2", "text": "and fries"})
        await until(socket, "reply", turn="2")
        await until(socket, "sound", state="stop")  # it was still being played
        await until(socket, "sound", state="speaking")
        await socket.send_json({"type": "voice", "on": False})
        await until(socket, "sound", state="stop")
        await socket.send_json({"type": "say", "id": "3", "text": "that's all"})
        silent, _ = await until(socket, "reply", turn="3")
        await socket.send_json({"type": "ping"})
        _, before = await until(socket, "pong")
        assert not before and silent["reply"]["speech"] not in voice.said
        await socket.close()


@pytest.mark.needs_apt
async def test_nothing_said_over_a_total_is_an_answer_to_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, voice: Voice
) -> None:
    hears(monkeypatch, "yes please")
    yes = spoken(find("voice", "pyttsx3"), "en", "yes please")
    async with serving(tmp_path) as served:
        token = await served.token()
        socket = await served.socket(token)
        for text in ("a coke", "that's all", "eating in"):
            await served.says(token, text)
        await socket.send_json({"type": "audio", "on": True, "rate": RATE})
        await until(socket, "listening", on=True)
        await socket.send_json({"type": "voice", "on": True})
        await socket.send_json({"type": "say", "id": "total", "text": "card"})
        begin, _ = await until(socket, "sound", state="speaking")
        assert begin["whole"]
        await until(socket, "sound", state="done")
        await speak(socket, yes, RATE)  # over it: as long as the browser hasn't said that it was played
        _, order = await served.asks("/api/v1/order", token)
        assert order["order"]["payment"]["charges"] == 0
        await socket.send_json({"type": "played", "round": begin["round"] - 1})  # of what was spoken before
        await asyncio.sleep(0.3)
        await speak(socket, yes, RATE)
        _, order = await served.asks("/api/v1/order", token)
        assert order["order"]["payment"]["charges"] == 0
        await socket.send_json({"type": "played", "round": begin["round"]})
        await asyncio.sleep(0.3)
        await speak(socket, yes, RATE)
        said, _ = await until(socket, "heard", final=True)
        assert said["text"] == "yes please"
        reply, _ = await until(socket, "reply", turn=said["turn"])
        assert reply["reply"]["order"]["payment"]["charges"] == 1
        await socket.close()


@pytest.mark.needs_apt
async def test_the_voice_goes_on_after_a_noise_and_ends_when_somebody_speaks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, voice: Voice
) -> None:
    """First nothing is heard over the voice, then our own voice, then "be quiet", then an order."""
    monkeypatch.setattr(voice, "say", lambda text, pace=1.0: iter([Spoken(bytes(2 * RATE * 25), RATE)]))
    offered = "what would you like"
    script = Scripted([], heard(offered), heard("be quiet"), heard("a cheeseburger please"))
    monkeypatch.setattr(Equipment, "hears", lambda self, language: Hears("script", script))
    monkeypatch.setattr(sound, "our_own", lambda heard, spoken: heard == offered)
    monkeypatch.setattr(sound, "hushes", lambda heard, language: heard == "be quiet")
    noise = spoken(find("voice", "pyttsx3"), "en", "let me tell you something")
    async with serving(tmp_path) as served:
        socket = await served.socket(await served.token())
        await socket.send_json({"type": "audio", "on": True, "rate": RATE})
        await until(socket, "listening", on=True)
        await socket.send_json({"type": "voice", "on": True})
        await socket.send_json({"type": "say", "id": "1", "text": "a coke"})
        begun, _ = await until(socket, "sound", state="speaking")
        assert not begun["whole"]
        await until(socket, "sound", state="done")
        for after in ("on", "on", "stop"):
            await speak(socket, noise, RATE)
            _, before = await until(socket, "sound", state="hold")
            assert not [one for one in before if isinstance(one, dict) and one["type"] == "sound"]
            await until(socket, "sound", state=after)
        await socket.send_json({"type": "say", "id": "2", "text": "and fries"})
        await until(socket, "sound", state="done")
        await speak(socket, noise, RATE)
        await until(socket, "sound", state="hold")
        _, before = await until(socket, "sound", state="stop")
        said, _ = await until(socket, "heard", final=True)
        assert said["text"] == "a cheeseburger please"
        reply, _ = await until(socket, "reply", turn=said["turn"])
        assert [one["item"] for one in reply["reply"]["order"]["lines"]] == ["coke", "fries", "cheeseburger"]
        await socket.close()


async def test_few_speak_at_the_same_time_and_a_place_becomes_free_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hears(monkeypatch)
    monkeypatch.setattr(sound, "PLACES", 1)
    async with serving(tmp_path) as served:
        one, other = [await served.socket(await served.token()) for _ in range(2)]
        on = {"type": "audio", "on": True, "rate": RATE}
        await one.send_json(on)
        await until(one, "listening", on=True)
        await other.send_json(on)
        refused, _ = await until(other, "listening")
        assert not refused["on"] and refused["error"] == "busy" and "type" in refused["message"]
        await one.close()
        assert await gets_a_place(other)
        await other.close()


async def test_without_a_recogniser_or_a_voice_one_is_told_and_goes_on_typing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nothing(*_: Any) -> Any:
        raise SetupError("there is none")

    monkeypatch.setattr(Equipment, "hears", nothing)
    monkeypatch.setattr(Equipment, "voice", nothing)
    async with serving(tmp_path) as served:
        socket = await served.socket(await served.token(), language="zh")
        await socket.send_json({"type": "audio", "on": True, "rate": RATE})
        told, _ = await until(socket, "listening", on=False)
        assert told["error"] == "no_model" and "打字" in told["message"]
        await socket.send_json({"type": "voice", "on": True})
        await socket.send_json({"type": "say", "id": "1", "text": "一杯可乐"})
        mute, before = await until(socket, "sound", state="done")
        assert mute["error"] == "mute" and any(one["type"] == "reply" for one in before if isinstance(one, dict))
        await socket.send_json({"type": "say", "id": "2", "text": "两个汉堡"})
        await until(socket, "reply", turn="2")
        await socket.close()

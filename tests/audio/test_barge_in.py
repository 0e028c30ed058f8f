"""Speaking over the assistant, on real devices with a real voice: what its own loudspeaker says is not taken for a
person, a person silences it, and after a false alarm it goes on."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any, cast

import numpy as np
import pytest

from assistant.discovery import find
from assistant.turns import House, Reply
from channels import microphone
from channels.audio.capture import Microphone
from channels.audio.ears import Ears
from channels.audio.mouth import Mouth
from channels.audio.roles import Left
from channels.audio.talk import Talk
from models.recognizers import RATE, Heard
from tests.audio.conftest import Devices, Recorder
from tests.audio.test_ears import Scripted, heard, speech
from tests.channels.test_microphone import Shop

pytestmark = [pytest.mark.long, pytest.mark.needs_apt]

SOON = 60.0
LONG = Reply(
    speech="Today there are cheeseburgers, veggie burgers and chicken burgers, and fries, onion rings and a salad,"
    " and cola, lemonade, orange juice, water, coffee and tea, and ice cream. What would you like?",
    text="The menu",
    language="en",
)
THEN = Reply(speech="All right.", text="All right.", language="en")


class Room:
    """A talk with real devices and a real voice; what the recogniser hears is scripted."""

    def __init__(self, *says: list[Heard], reply: Reply = LONG) -> None:
        self.house = Shop([reply, THEN])
        self.model = Scripted(*says)
        self.said: list[str] = []
        room = self

        class Channel(microphone.Microphone):
            async def equip(self, talk: Talk, house: House, options: Mapping[str, Any]) -> None:
                mouth = Mouth(lambda tag: find("voice", "pyttsx3").open(tag), "va_speaker")
                await asyncio.to_thread(mouth.open, talk.language)
                talk.mouth, talk.engine = mouth, "script"
                talk.ears = Ears(
                    Microphone("va_mic"),
                    room.model,
                    ending=talk.ending,
                    post=talk.put,
                    waits=talk.manner.waits,
                    cleaner=mouth.echo(),
                )
                talk.ears.start()

        self.channel = Channel()

    @asynccontextmanager
    async def talking(self) -> AsyncIterator[None]:
        options = {"session": "room", "language": "en", "barge_in": True, "json": True}
        running = asyncio.create_task(self.channel.run(cast(House, self.house), options))
        try:
            yield
        finally:
            for talk in self.channel._talks.values():
                talk.interrupted()
                talk.put(Left())
            await asyncio.wait_for(running, SOON)

    @property
    def turns(self) -> list[str]:
        return [turn.text for turn in self.house.turns]


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(SOON):
        while not true():
            await asyncio.sleep(0.05)


def loud(recorder: Recorder) -> float:
    """Seconds of sound that were recorded, pauses within them too."""
    (where,) = np.nonzero(np.abs(recorder.samples.astype(np.int32)) > 300)
    return float(where[-1] - where[0]) / RATE if len(where) else 0.0


async def silent(recorder: Recorder) -> None:
    """Wait until it has sounded, and no longer does."""

    def over() -> bool:
        samples = np.abs(recorder.samples.astype(np.int32))
        return len(samples) > 3 * RATE and samples.max() > 300 and samples[-3 * RATE :].max() < 300

    await until(over)


def in_the_same_room(devices: Devices) -> None:
    """The loudspeaker is heard by the microphone, softer than somebody who stands before it."""
    devices.control("load-module", "module-loopback", "source=va_speaker_sink.monitor", "sink=va_mic_sink")
    (echo, *_) = devices.control("list", "short", "sink-inputs").split()
    devices.control("set-sink-input-volume", echo, "-12dB")


@pytest.fixture
def apart(devices: Devices) -> Any:
    yield devices
    if "module-loopback" in devices.control("list", "short", "modules"):
        devices.control("unload-module", "module-loopback")


async def test_its_own_voice_does_not_interrupt_it(apart: Devices, record: Callable[..., Recorder]) -> None:
    in_the_same_room(apart)
    hears = record("va_heard")
    room = Room(heard("Today there are cheeseburgers"), heard("what would you like"))
    async with room.talking():
        await silent(hears)
        assert room.turns == [""]
        assert loud(hears) > 8


@pytest.mark.parametrize("together", [False, True], ids=["headphones", "loudspeaker"])
async def test_somebodys_voice_silences_it_and_is_taken(
    apart: Devices, record: Callable[..., Recorder], together: bool
) -> None:
    if together:
        in_the_same_room(apart)
    hears = record("va_heard")
    room = Room(heard("stop, I want a coke"), heard("stop, I want a coke"))
    async with room.talking():
        await until(lambda: loud(hears) > 1.5)
        await asyncio.to_thread(play, apart, "stop please, I want a coke")
        await until(lambda: len(room.turns) > 1)
        assert room.turns[1] == "stop, I want a coke"
    assert room.house.turns[1].source == "speech"


async def test_after_an_mhm_it_goes_on(apart: Devices, record: Callable[..., Recorder]) -> None:
    hears = record("va_heard")
    room = Room(heard("mhm"))
    async with room.talking():
        await until(lambda: loud(hears) > 1.5)
        await asyncio.to_thread(play, apart, "mm hmm")
        await silent(hears)
        assert room.turns == [""]
        assert loud(hears) > 8


async def test_what_must_be_heard_is_heard_to_its_end(apart: Devices, record: Callable[..., Recorder]) -> None:
    hears = record("va_heard")
    whole = Reply(speech=LONG.speech, text="", language="en", whole=True, expects="confirm")
    room = Room(heard("yes"), reply=whole)
    async with room.talking():
        await until(lambda: loud(hears) > 1.5)
        await asyncio.to_thread(play, apart, "yes yes yes")
        await silent(hears)
        assert room.turns == [""], "a yes before the end is no answer"
        assert loud(hears) > 8


def play(devices: Devices, text: str) -> None:
    player: subprocess.Popen[bytes] = devices.speak(speech(text), RATE)
    player.wait(SOON)

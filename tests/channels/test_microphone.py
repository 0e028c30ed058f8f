"""The microphone channel with scripted ears: what it does with what is heard, and what it lets be heard."""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

import pytest

from assistant.discovery import find
from assistant.errors import SetupError
from assistant.turns import Ending, House, Hypothesis, Reply, Turn, Vocabulary
from channels import microphone
from channels.audio import talk as talking
from channels.audio.ears import Back, Began, Broken, Dropped, Lost, Nothing, Utterance
from channels.audio.roles import Left, Typed
from channels.audio.talk import Talk
from tests.drivers import PATIENCE, Running
from tests.houses import ScriptedHouse


class ScriptedEars:
    """Hears what it is told to."""

    turned = 0.0

    def __init__(self) -> None:
        self.heard_by: list[Vocabulary] = []

    def start(self) -> None: ...

    def listen(self, vocabulary: Vocabulary) -> None:
        self.heard_by.append(vocabulary)

    def shut(self) -> None: ...

    def guard(self, vocabulary: Vocabulary) -> None: ...

    def hear_with(self, model: Any) -> None: ...

    async def close(self) -> None: ...


class Scripted(microphone.Microphone):
    async def equip(self, talk: Talk, house: House, options: Mapping[str, Any]) -> None:
        talk.ears, talk.engine = ScriptedEars(), "script"


def utterance(text: str, confidence: float = 1.0) -> Utterance:
    return Utterance((Hypothesis(text, confidence),), text, 0.0, 1.0, 1.5, 0.1, 1.5)


class Spoken(Running):
    """The microphone channel, hypotheses in place of a recogniser."""

    def begin(self) -> tuple[Any, dict[str, Any]]:
        return Scripted(), {"wav": ("script",)}

    async def give(self, text: str | bytes) -> None:
        said = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
        self.channel._talks[self.session].put(utterance(said))

    def leave(self) -> None:
        with contextlib.suppress(KeyError):
            self.channel._talks[self.session].put(Left())

    def ends(self, row: dict[str, Any]) -> bool:
        return not row["listening"]


DRIVER = Spoken


# -- what the talk does with what happens ------------------------------------------------------------------------


SOON = 10.0


class Shop(ScriptedHouse):
    """It goes on with the last of its replies."""

    def __init__(self, replies: Sequence[Reply]) -> None:
        super().__init__(replies)
        self.held = asyncio.Event()
        self.held.set()
        """Cleared: nobody is answered."""

    async def take(self, turn: Turn) -> Reply:
        self.turns.append(turn)
        await self.held.wait()
        return self.replies[min(len(self.turns), len(self.replies)) - 1]

    def ending(self, text: str, language: str, expects: str | None, choices: Sequence[str] = ()) -> Ending:
        return "whole" if text in ("yes", "no") else "nothing" if text == "mhm" else "open"


class Mouth:
    """Speaks until it is told that it was said to its end, or hushed."""

    def __init__(self, log: list[str]) -> None:
        self.log = log
        self.asked = self.ready = self.first = 0.0
        self.failed = ""
        self.said: asyncio.Event = asyncio.Event()
        self.cut = False
        self.speaking = asyncio.Event()

    async def say(
        self, text: str, language: str, *, pace: int = 0, volume: int = 0, start: float = 0.0
    ) -> float | None:
        self.log.append(f"says {text}" + (f" from {start:g}" if start else ""))
        self.said.clear()
        self.cut = False
        self.speaking.set()
        if self.failed:
            return None
        await self.said.wait()
        self.speaking.clear()
        return 1.0 if self.cut else 3.0

    def echo(self) -> None:
        return None

    def hush(self) -> None:
        self.log.append("hushed")
        self.cut = True
        self.said.set()

    def tone(self, name: str) -> None:
        self.log.append(f"tone {name}")

    async def close(self) -> None:
        self.said.set()


class Room:
    """A talk with scripted ears and mouth; `log` has what somebody in the room would notice, in order."""

    def __init__(self, *replies: Reply, **options: Any) -> None:
        self.log: list[str] = []
        self.house = Shop(replies)
        log = self.log

        class Ears(ScriptedEars):
            def listen(self, vocabulary: Vocabulary) -> None:
                log.append("listens")

            def shut(self) -> None:
                log.append("is shut")

            def guard(self, vocabulary: Vocabulary) -> None:
                log.append("guards")

        self.mouth = Mouth(log)
        mouth = self.mouth

        def aside(text: str) -> None:
            log.append(f"({text})")

        def caption(mark: str, text: str, *, last: bool = True) -> None:
            if last and mark == "◁":
                log.append(f"shows {text}")

        class InTheRoom(microphone.Microphone):
            async def equip(self, talk: Talk, house: House, options: Mapping[str, Any]) -> None:
                talk.ears, talk.engine, talk.mouth = Ears(), "script", mouth
                talk.aside = aside  # type: ignore[method-assign]
                talk.caption = caption  # type: ignore[assignment]

        self.channel = InTheRoom()
        self.options = {"session": "room", "language": "en", **options}

    async def __aenter__(self) -> Room:
        self.running = asyncio.create_task(self.channel.run(cast(House, self.house), self.options))
        await self.until(lambda: "room" in self.channel._talks)
        return self

    async def __aexit__(self, *error: object) -> None:
        self.happens(Left())
        self.mouth.said.set()
        await asyncio.wait_for(self.running, SOON)

    def happens(self, *happenings: Any) -> None:
        for one in happenings:
            for talk in self.channel._talks.values():
                talk.put(one)

    async def until(self, true: Callable[[], bool]) -> None:
        async with asyncio.timeout(SOON):
            while not true():
                await asyncio.sleep(0.002)

    async def speaks(self, text: str) -> None:
        await self.until(
            lambda: self.mouth.speaking.is_set() and any(one.startswith(f"says {text}") for one in self.log)
        )

    async def spoken(self, text: str) -> None:
        """Let it say this to its end."""
        await self.speaks(text)
        self.mouth.said.set()

    async def listening(self) -> None:
        await self.until(lambda: self.log[-1:] == ["listens"])

    @property
    def said(self) -> list[str]:
        return [turn.text for turn in self.house.turns]


def reply(text: str, **more: Any) -> Reply:
    return Reply(**({"speech": text, "text": text, "reprompt": f"{text} again?", "language": "en"} | more))


HELLO, THEN = reply("Hello"), reply("Then")


async def test_it_does_not_listen_while_it_speaks() -> None:
    async with Room(HELLO, THEN) as room:
        await room.spoken("Hello")
        await room.listening()
        room.happens(Began(1.0), utterance("two colas"))
        await room.speaks("Then")
        heard = [one for one in room.log if not one.startswith("(")]
        assert heard == ["shows Hello", "is shut", "says Hello", "listens", "shows Then", "is shut", "says Then"]
        assert room.said == ["", "two colas"]
        assert room.house.turns[0].new and room.house.turns[1].source == "speech"


async def test_silence_is_asked_again_twice_and_then_the_basket_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(talking, "SILENCE", 0.02)
    async with Room(HELLO) as room:
        for said in ("Hello", "Hello again?", "Are you still there? Hello again?", "I'll stop listening"):
            await room.spoken(said)
        assert await asyncio.wait_for(room.running, PATIENCE) == 0
        assert any("--session room" in one for one in room.log if one.startswith("shows"))
        assert room.said == [""]


async def test_a_noise_is_no_answer_and_no_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    async with Room(HELLO, THEN) as room:
        await room.spoken("Hello")
        await room.listening()
        room.happens(Began(1.0), Nothing("mhm"), Began(2.0), utterance("a cola"))
        await room.speaks("Then")
        assert room.said == ["", "a cola"]


async def test_speech_over_it_cuts_it_and_is_taken() -> None:
    async with Room(HELLO, THEN, barge_in=True) as room:
        await room.speaks("Hello")
        room.happens(Began(1.0, over_us=True))
        await room.until(lambda: "hushed" in room.log)
        room.happens(utterance("stop, a cola"))
        await room.speaks("Then")
        assert room.said == ["", "stop, a cola"]


@pytest.mark.parametrize("noise", [Nothing("", True), Nothing("mhm", True), utterance("mhm"), utterance("hello there")])
async def test_after_a_false_alarm_it_goes_on_where_it_stopped(noise: Any) -> None:
    async with Room(reply("hello there, what would you like"), THEN, barge_in=True) as room:
        await room.speaks("hello there")
        room.happens(Began(1.0, over_us=True), noise)
        await room.until(lambda: "says hello there, what would you like from 1" in room.log)
        room.mouth.said.set()
        await room.listening()
        assert room.said == [""]


async def test_a_stop_over_its_voice_only_silences_it() -> None:
    async with Room(HELLO, THEN, barge_in=True) as room:
        await room.speaks("Hello")
        room.happens(Began(1.0, over_us=True), utterance("Stop!"))
        await room.listening()
        assert "hushed" in room.log and room.said == [""]
        room.happens(Began(5.0), utterance("stop"))
        await room.speaks("Then")
        assert room.said == ["", "stop"], "said into the silence it means the talk"


async def test_what_must_be_heard_whole_is_not_cut_and_no_yes_before_its_end_counts() -> None:
    async with Room(reply("It is 88 yuan, shall I?", whole=True, expects="confirm"), THEN, barge_in=True) as room:
        await room.speaks("It is")
        room.happens(Began(1.0, over_us=True), utterance("yes"))
        await asyncio.sleep(0.02)
        assert "hushed" not in room.log
        room.mouth.said.set()
        await room.listening()
        assert room.said == [""]
        room.happens(Began(9.0), utterance("yes"))
        await room.speaks("Then")
        assert room.said == ["", "yes"]


async def test_another_wish_said_over_what_must_be_heard_is_taken_after_it() -> None:
    async with Room(reply("It is 88 yuan, shall I?", whole=True, expects="confirm"), THEN, barge_in=True) as room:
        await room.speaks("It is")
        room.happens(Began(1.0, over_us=True), utterance("wait, make it three"))
        await asyncio.sleep(0.02)
        assert "hushed" not in room.log and room.said == [""]
        room.mouth.said.set()
        await room.speaks("Then")
        assert room.said == ["", "wait, make it three"]


async def test_who_goes_on_speaking_is_not_spoken_over() -> None:
    async with Room(HELLO, reply("Cola"), reply("And fries")) as room:
        await room.spoken("Hello")
        await room.listening()
        room.house.held.clear()
        room.happens(utterance("a cola"))
        await room.until(lambda: room.said == ["", "a cola"])
        room.happens(Began(2.0))
        room.house.held.set()
        await room.until(lambda: "shows Cola" in room.log)
        room.happens(utterance("and fries"))
        await room.speaks("And fries")
        assert "says Cola" not in room.log
        assert room.said == ["", "a cola", "and fries"]


async def test_a_read_back_is_spoken_though_somebody_goes_on_speaking() -> None:
    """Who has not heard it can't agree to it; what was said before it is no answer to it."""
    async with Room(HELLO, reply("88 yuan?", whole=True, expects="confirm"), THEN) as room:
        await room.spoken("Hello")
        await room.listening()
        room.house.held.clear()
        room.happens(utterance("card"))
        await room.until(lambda: len(room.said) == 2)
        room.happens(Began(2.0))
        room.house.held.set()
        await room.speaks("88 yuan?")
        room.happens(utterance("yes"))
        room.mouth.said.set()
        await room.listening()
        assert room.said == ["", "card"]


async def test_nothing_counts_before_the_wake_phrase() -> None:
    async with Room(HELLO, THEN, wake="hey shop") as room:
        await room.listening()
        room.happens(utterance("two colas"), utterance("hey shot, two colas please"))
        await room.speaks("Hello")
        assert room.said == ["two colas please"]


async def test_a_key_begins_the_talk_and_cuts_the_voice() -> None:
    async with Room(HELLO, THEN, push=True) as room:
        await room.until(lambda: "is shut" in room.log)
        room.happens(utterance("two colas"), Typed(""))
        await room.speaks("Hello")
        assert room.said == [""]
        room.happens(Typed(""))
        await room.listening()
        assert "hushed" in room.log


async def test_each_talk_of_a_kiosk_is_somebody_elses(monkeypatch: pytest.MonkeyPatch) -> None:
    bye = reply("Goodbye", listening=False)
    async with Room(bye, THEN, kiosk=True) as room:
        await room.listening()
        room.happens(utterance("stop"))
        await room.spoken("Goodbye")
        await room.until(lambda: room.log.count("(Ready for the next person.)") == 2)
        room.happens(utterance("a cola"))
        await room.speaks("Then")
        assert room.said == ["stop", "a cola"]
        assert room.house.turns[0].session != room.house.turns[1].session


async def test_a_typed_line_is_a_turn_too() -> None:
    async with Room(HELLO, THEN) as room:
        await room.spoken("Hello")
        await room.listening()
        room.happens(Typed("a cola"))
        await room.speaks("Then")
        assert room.said == ["", "a cola"]
        assert room.house.turns[1].source == "typed"


async def test_a_later_result_is_told_when_nobody_speaks() -> None:
    async with Room(HELLO, reply("One moment", pending=True)) as room:
        await room.spoken("Hello")
        await room.listening()
        assert await room.channel.deliver("room", reply("It is paid"))
        await room.spoken("It is paid")
        assert room.log.index("shows It is paid") < room.log.index("says It is paid")
        await room.listening()
        assert await room.channel.deliver("elsewhere", reply("It is paid")) is False


async def test_what_goes_wrong_with_the_sound_is_said() -> None:
    async with Room(HELLO) as room:
        await room.spoken("Hello")
        await room.listening()
        room.happens(Lost("unplugged"), Back(), Dropped(0.5), Broken("out of memory"))
        await room.until(lambda: any("out of memory" in one for one in room.log))
        told = [one for one in room.log if one.startswith("(")][-4:]
        assert "unplugged" in told[0] and "is back" in told[1] and "0.5 seconds" in told[2]


async def test_a_voice_that_fails_leaves_the_words_on_the_screen() -> None:
    room = Room(HELLO, THEN)
    room.mouth.failed = "no loudspeaker"
    async with room:
        await room.listening()
        assert "shows Hello" in room.log
        assert any("no loudspeaker" in one for one in room.log if one.startswith("("))
        room.happens(utterance("a cola"))
        await room.until(lambda: "shows Then" in room.log)


async def test_the_line_of_a_turn_says_what_was_heard_and_how_long_it_took(capsys: pytest.CaptureFixture[str]) -> None:
    async with Room(HELLO, THEN, json=True) as room:
        await room.spoken("Hello")
        await room.listening()
        room.happens(utterance("a cola", 0.8))
        await room.spoken("Then")
        await room.listening()
    lines = [json.loads(one) for one in capsys.readouterr().out.splitlines()]
    assert [one["text"] for one in lines] == ["Hello", "Then"]
    assert [one["heard"] for one in lines] == [None, "a cola"]
    assert lines[0]["hearing"] is None and lines[1]["hearing"] == {
        "confidence": 0.8,
        "alternatives": [],
        "recognizer": "script",
        "decodes": [],
        "file": None,
    }
    assert lines[1]["timings"]["end_of_turn"] == 500 and lines[1]["timings"]["speech"] == 1000


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"push": "yes"}, "push-to-talk needs a terminal"),
        ({"wav": ("a.wav",), "voice": "nobody"}, "there is no voice 'nobody'; there are: piper, pyttsx3"),
        ({"wav": ("a.wav",), "recognizer": "nobody"}, "there is no recognizer 'nobody'; there are: vosk, whisper"),
    ],
)
async def test_what_cannot_be_had_is_said_before_the_talk_begins(
    options: dict[str, Any], says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Parts(Shop):
        def part(self, kind: Any, name: str) -> Any:
            return find(kind, name)

        def warm(self, language: str) -> None: ...

    monkeypatch.setattr(sys, "stdin", io.StringIO())
    with pytest.raises(SetupError, match=says):
        await asyncio.wait_for(microphone.Microphone().run(Parts([HELLO]), options), SOON)


def test_nobody_is_there_to_press_a_key_for_a_recording() -> None:
    assert not microphone.manner({"push": "yes", "wav": ("a.wav",)}).waits_for_somebody

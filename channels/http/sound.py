"""Hearing and speaking at a door of the web: the browser's microphone by our own recogniser, our own voice to it.

What is heard is told word by word (`heard`), and what was said becomes a turn like any other. A reply is spoken as WAV
frames between `sound: speaking` and `sound: done`; the browser plays them, says when it has come to their end
(`played`), and holds still (`sound: hold`) as soon as somebody seems to speak: then it goes on (`sound: on`), where it
was but a noise, or drops the rest (`sound: stop`).
"""

from __future__ import annotations

import asyncio
import contextlib
import io
import logging
import threading
import uuid
import wave
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol

from aiohttp import WSMsgType

from assistant.errors import FarEndError, SetupError, VoicetillError
from assistant.turns import Ending, House, Hypothesis, Reply, Vocabulary
from channels.audio.ears import Began, Broken, Ears, Event, Nothing, Partial, Utterance
from channels.audio.endpoint import Waits
from channels.audio.equipment import Equipment, Hears
from channels.audio.likeness import hushes, our_own
from channels.audio.mouth import GAINS, PACES
from channels.audio.streamed import Streamed
from channels.http.page import words
from channels.http.wire import encode
from models.voices import Sound as Spoken
from models.voices import Speaker

log = logging.getLogger(__name__)

PLACES = 4
"""Doors at which somebody may speak at the same time: each has a recogniser at work."""
MOST_FED = 1 << 18
"""Bytes of sound in one frame."""
LATE = 2.0
"""Seconds after the end of a reply at which a browser that doesn't say that it has played it is listened to anyway."""


class Door(Protocol):
    """What is needed of `channels.http.socket.Door`."""

    house: House
    session: str
    language: str | None

    async def send(self, raw: bytes, kind: WSMsgType = ...) -> bool: ...

    async def hear(self, name: str, hypotheses: tuple[Hypothesis, ...]) -> None: ...


class Booth:
    """What all doors of one server share: models and voices, each opened once, and the number of places."""

    def __init__(self, house: House) -> None:
        self.house, self.places = house, PLACES
        self.equipment = Equipment(house, {})
        self._voices: dict[str, Speaker] = {}
        self._lock = threading.Lock()
        self._mouth: ThreadPoolExecutor | None = None

    @property
    def mouth(self) -> ThreadPoolExecutor:
        """One thread speaks, a sentence of one and then of another: it is quicker than they are played."""
        if self._mouth is None:
            self._mouth = ThreadPoolExecutor(1, thread_name_prefix="web-mouth")
        return self._mouth

    def hears(self, language: str) -> Hears:
        """A model for the language. SetupError says how to get one. Blocks."""
        with self._lock:
            found = self.equipment.hears(language)
            self.house.warm(language)
            return found

    def voice(self, language: str) -> Speaker:
        """Blocks. SetupError or FarEndError where there is none."""
        if language not in self._voices:
            self._voices[language] = self.equipment.voice(language)
        return self._voices[language]

    def close(self) -> None:
        if self._mouth is not None:
            self._mouth.shutdown(wait=False, cancel_futures=True)
        for one in self._voices.values():
            one.close()
        self.equipment.close()


class Sound:
    """One door's. Everything but `_sentences` and the opening of models happens in the event loop."""

    def __init__(self, door: Door, booth: Booth) -> None:
        self._door, self._booth, self._house = door, booth, door.house
        self._language = door.language or door.house.languages()[0]
        self._ears: Ears | None = None
        self._source: Streamed | None = None
        self._heard_in = ""
        """The language that the ears hear."""
        self._vocabulary = Vocabulary(language=self._language)
        self._reply: Reply | None = None
        self._speaks = False
        self._saying: asyncio.Task[None] | None = None
        self._round = 0
        """Number of the reply that was spoken last."""
        self._playing = False
        """Whether the browser plays our voice, as far as is known."""
        self._held = False
        """Whether it holds still, because somebody seems to speak."""
        self._seconds = 0.0
        """Of what is being said, as far as it was sent."""
        self._late: asyncio.TimerHandle | None = None
        self._tasks: set[asyncio.Task[Any]] = set()
        self._events: asyncio.Queue[Event] = asyncio.Queue()
        self._following: asyncio.Task[None] | None = None
        self._one = asyncio.Lock()

    # -- what the door tells -----------------------------------------------------------------------------------

    async def audio(self, on: bool, rate: int) -> None:
        """Sound comes from now on, or no more. Returns at once: what comes while models are opened is kept for them,
        and what is typed meanwhile doesn't wait."""
        self._source = Streamed(rate) if on else None
        self._task(self._turn(self._source))

    async def _turn(self, source: Streamed | None) -> None:
        async with self._one:
            await self._shut()
            if source is not None and source is self._source:  # not turned off or on again meanwhile
                await self._open(source)
        await self._go_on()

    async def feed(self, pcm: bytes) -> None:
        ours = self._ears is None and self._playing  # it would be heard later, as if it had been said in a silence
        if self._source is not None and not ours:
            self._source.feed(pcm[:MOST_FED])

    async def voice(self, on: bool) -> None:
        self._speaks = on
        if not on:
            await self._hush()

    async def played(self, round: int) -> None:
        """The browser has come to the end of what it was to play, or has cut it: of the reply with that number."""
        if round == self._round and (self._saying is None or self._saying.done()):
            await self._rested()

    async def replied(self, turn: str | None, reply: Reply) -> None:
        """A reply was sent: say it, and hear what may be answered to it."""
        self._reply, self._language = reply, reply.language or self._language
        await self._hush()
        if self._speaks and reply.speech:
            self._saying = self._task(self._say(reply))
        elif self._ears is not None:
            self._task(self._attend())

    async def close(self) -> None:
        self._source = None
        await self._hush()
        async with self._one:
            await self._shut()
        for task in tuple(self._tasks):
            task.cancel()

    def _task(self, work: Any) -> asyncio.Task[None]:
        task: asyncio.Task[None] = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("sound at a door of the web failed", exc_info=error)

    async def _tell(self, **frame: Any) -> None:
        await self._door.send(encode(frame))

    def _word(self, key: str) -> str:
        return str(words(self._language, self._house.languages())[key])

    # -- hearing -----------------------------------------------------------------------------------------------

    async def _open(self, source: Streamed) -> None:
        booth = self._booth
        if booth.places <= 0:
            self._source = None
            await self._tell(type="listening", on=False, error="busy", message=self._word("busy"))
            return
        booth.places -= 1
        try:
            language = self._language
            hears = await asyncio.to_thread(booth.hears, language)
            self._ears = Ears(
                source,
                hears.model,
                ending=self._ending,
                post=self._events.put_nowait,
                waits=Waits(),
            )
            self._heard_in = language
            await self._attend()  # before they begin: ears that are shut pass over what has come
            self._ears.start()
        except VoicetillError as error:
            if self._source is source:
                self._source = None
            if self._ears is None:
                booth.places += 1
            await self._shut()
            log.warning("nobody can be heard on the web: %s", error)
            await self._tell(type="listening", on=False, error="no_model", message=self._word("no_model"))
            return
        self._following = self._task(self._follow())
        await self._tell(type="listening", on=True, recognizer=hears.engine)

    async def _shut(self) -> None:
        ears, self._ears = self._ears, None
        if ears is not None:
            if self._following is not None:
                self._following.cancel()
            await ears.close()
            self._booth.places += 1

    async def _attend(self) -> None:
        """Open the ears for what may be said now: over our voice too, where that may be cut."""
        ears = self._ears
        if ears is None:
            return
        if self._heard_in != self._language:
            await self._change(ears)
        self._vocabulary = await self._house.vocabulary(self._door.session, self._heard_in)
        if not self._playing:
            ears.listen(self._vocabulary)
        elif self._reply is not None and self._reply.whole:
            ears.shut()
        else:
            ears.guard(self._vocabulary)

    async def _change(self, ears: Ears) -> None:
        """The talk goes on in another language."""
        try:
            hears = await asyncio.to_thread(self._booth.hears, self._language)
        except VoicetillError as error:
            log.warning("nobody can be heard on the web: %s", error)
            await self._tell(type="error", error="no_model", message=self._word("no_model"))
            self._heard_in = self._heard_in or self._language
            return
        ears.hear_with(hears.model)
        self._heard_in = self._language

    def _ending(self, text: str, vocabulary: Vocabulary) -> Ending:
        choices = tuple(one.text for one in self._reply.choices) if self._reply is not None else ()
        return self._house.ending(text, vocabulary.language, vocabulary.expects, choices)

    async def _follow(self) -> None:
        while True:
            event = await self._events.get()
            if self._ears is not None:
                await self._happened(event)

    async def _happened(self, event: Event) -> None:
        match event:
            case Began(over_us=True):
                await self._hold()
            case Partial(text=text):
                await self._tell(type="heard", text=text, final=False)
            case Utterance() as said:
                await self._said(said)
            case Nothing():
                await self._tell(type="heard", text="", final=True)
                await self._go_on()
                await self._attend()
            case Broken(why=why):
                log.warning("a recogniser failed on the web: %s", why)
                await self._tell(type="error", error="unheard", message=self._word("unheard"))

    async def _said(self, said: Utterance) -> None:
        spoken = self._reply.speech if self._reply is not None else ""
        ours = said.over_us and our_own(said.text, spoken)
        if ours or (said.over_us and hushes(said.text, self._heard_in)):
            await self._tell(type="heard", text="", final=True)
            await (self._go_on() if ours else self._hush())
            await self._attend()
            return
        await self._hush()
        name = f"spoken {uuid.uuid4()}"
        await self._tell(type="heard", text=said.text, final=True, turn=name)
        await self._door.hear(name, said.hypotheses)

    # -- speaking ----------------------------------------------------------------------------------------------

    async def _say(self, reply: Reply) -> None:
        loop, booth = asyncio.get_running_loop(), self._booth
        language, self._seconds = reply.language or self._language, 0.0
        stop = threading.Event()
        sentences: Generator[Spoken, None, None] | None = None
        self._round += 1
        try:
            self._playing = True
            await self._attend()
            gain = GAINS[reply.volume]
            await self._tell(type="sound", state="speaking", round=self._round, gain=gain, whole=reply.whole)
            sentences = await loop.run_in_executor(booth.mouth, self._sentences, language, reply, stop)
            while True:
                spoken = await loop.run_in_executor(booth.mouth, next, sentences, None)
                if spoken is None:
                    break
                self._seconds += spoken.seconds
                await self._door.send(_wav(spoken), WSMsgType.BINARY)
        except (SetupError, FarEndError) as error:
            log.warning("nothing can be said on the web: %s", error)
            self._speaks = False
            await self._tell(type="sound", state="done", error="mute", message=self._word("mute"))
            await self._rested()
            return
        finally:
            stop.set()
            if sentences is not None:  # in the voice's own thread, behind the sentence that it is at
                with contextlib.suppress(RuntimeError):
                    booth.mouth.submit(sentences.close)
        await self._tell(type="sound", state="done")
        if not self._seconds:
            await self._rested()
        elif not self._held:
            self._wait()

    def _wait(self) -> None:
        """All was sent: a browser that doesn't say that it has played it isn't waited for without end."""
        late = self._seconds + LATE
        self._late = asyncio.get_running_loop().call_later(late, lambda: self._task(self._rested()))

    def _wait_no_more(self) -> None:
        if self._late is not None:
            self._late.cancel()

    def _sentences(self, language: str, reply: Reply, stop: threading.Event) -> Generator[Spoken, None, None]:
        voice = self._booth.voice(language)

        def made() -> Generator[Spoken, None, None]:
            for sound in voice.say(reply.speech, pace=PACES[reply.pace]):
                if stop.is_set():
                    return
                yield sound

        return made()

    async def _hold(self) -> None:
        """Silent at once, but perhaps not for good: what is said meanwhile tells."""
        if not self._playing or self._held:
            return
        self._held = True
        self._wait_no_more()
        await self._tell(type="sound", state="hold")

    async def _go_on(self) -> None:
        """It was a noise, or our own voice."""
        if not self._held:
            return
        self._held = False
        await self._tell(type="sound", state="on")
        if self._saying is None or self._saying.done():
            self._wait()

    async def _hush(self) -> None:
        """No more of what is being said."""
        saying, self._saying = self._saying, None
        if saying is not None and not saying.done():
            saying.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await saying
        if self._silent():
            await self._tell(type="sound", state="stop")

    async def _rested(self) -> None:
        """Our voice has come to its end: whatever is said now is an answer."""
        self._silent()
        await self._attend()

    def _silent(self) -> bool:
        """The browser plays nothing of ours from now on. Whether it did."""
        played, self._playing, self._held = self._playing, False, False
        self._wait_no_more()
        return played


def _wav(spoken: Spoken) -> bytes:
    made = io.BytesIO()
    with wave.open(made, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(spoken.rate)
        file.writeframes(spoken.pcm)
    return made.getvalue()

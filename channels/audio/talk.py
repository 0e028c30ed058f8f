"""A talk aloud: what is heard becomes turns, replies are spoken and shown. Knows no dialogue rule.

It is one coroutine that hears, asks the house and speaks, in turn; all that happens meanwhile (somebody begins to
speak, a later result, a key, a lost device) comes through one queue of happenings.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
import time
from collections.abc import Callable
from typing import Any

from assistant.errors import SetupError
from assistant.turns import Channel, Ending, House, Hypothesis, Reply, Vocabulary
from channels.audio.ears import (
    Back,
    Began,
    Broken,
    Dropped,
    Finished,
    Lost,
    Nothing,
    Partial,
    Utterance,
)
from channels.audio.likeness import after_wake, hushes, our_own
from channels.audio.roles import (
    Delivered,
    Equips,
    Happening,
    Hearing,
    Left,
    Manner,
    Said,
    Silent,
    Speaking,
    Typed,
)
from channels.screen import (
    LONGEST,
    as_json,
    as_line,
    as_text,
    basket_line,
    colours,
    printable,
    settle,
    turn_of,
    write,
)

SILENCE = 8.0
"""Seconds after which somebody who says nothing is asked again; patience stretches them."""
ASKED = 2
"""Times that silence is answered by a question; after them the basket is kept and the talk ends."""
TAIL = 0.2
"""Seconds after our own voice in which the room may still carry it."""
THINKING = 1.2
"""Seconds after which somebody who waits for a reply hears that it is worked on."""
HANGS = 10.0
"""Seconds without a round of the ears after which they hang."""


class Talk:
    """One place where somebody talks: one session after the other at a kiosk, else one."""

    def __init__(
        self,
        house: House,
        channel: Channel,
        session: str,
        language: str,
        manner: Manner,
        words: Callable[[str, str], str],
    ) -> None:
        """`words(language, key)`: the channel's own few words."""
        self.house, self.channel, self.session, self.language = house, channel, session, language
        self.manner, self._words = manner, words
        self.coloured = not manner.json and sys.stdout.isatty() and colours()
        self.device = ""
        self.pending: str | None = None
        """The turn whose final reply is still to come."""
        self.left = False
        self.equipment: Equips | None = None
        self.ears: Hearing | None = None
        self.mouth: Speaking = Silent()
        self.engine = ""
        self._happenings: asyncio.Queue[Happening] = asyncio.Queue()
        self._choices: tuple[str, ...] = ()
        self._vocabulary = Vocabulary(language=language)
        self._speaking = False
        """Whether somebody is in the middle of a turn, at this moment."""
        self._meanwhile = False
        """Whether somebody has begun to speak since the last turn was sent."""
        self._ended = 0.0
        """When the person stopped speaking, of the turn that is being answered."""
        self._line = ""
        """The caption that stands on the last line and will be written over."""
        self._keys = False
        self._record: dict[str, Any] | None = None
        """With `json`: the line of this turn, until its answer is spoken."""

    def ending(self, text: str, vocabulary: Vocabulary) -> Ending:
        return self.house.ending(text, vocabulary.language, vocabulary.expects, self._choices)

    async def close(self) -> None:
        self.left = True
        if self.ears is not None:
            await self.ears.close()
        await self.mouth.close()
        if self.equipment is not None:
            await asyncio.to_thread(self.equipment.close)

    # -- the talk ----------------------------------------------------------------------------------------------

    def put(self, happening: Happening) -> None:
        if isinstance(happening, Began):
            self._speaking = self._meanwhile = True
        elif isinstance(happening, Utterance | Nothing | Lost | Broken):
            self._speaking = False
        self._happenings.put_nowait(happening)

    def alive(self) -> bool:
        """Whether the ears still turn round (the event loop does, or nobody would ask)."""
        return self.ears is not None and time.monotonic() - self.ears.turned < HANGS

    async def go(self, language: str | None) -> None:
        """One talk, from its beginning to its end."""
        loop = asyncio.get_running_loop()
        # Only the main thread's loop may watch for Ctrl-C, and not on every system; elsewhere it ends the program.
        with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):
            loop.add_signal_handler(signal.SIGINT, self.interrupted)
        self._watch_keys(loop)
        try:
            self.aside(self.word("begin").format(recognizer=self.engine, session=self.session))
            self.house.listen(self.session, self.channel)
            await self._settle()
            woken = await self._idle() if self.manner.waits_for_somebody else None
            if not self.left:
                await self._converse(language, woken)
            await self._settle()
            self.aside(self.word("end").format(session=self.session))
        finally:
            self._report()
            with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):  # as above
                loop.remove_signal_handler(signal.SIGINT)
            if self._keys:
                loop.remove_reader(sys.stdin.fileno())

    async def _converse(self, language: str | None, said: Said | None) -> None:
        """Turn by turn, until it is over: by a goodbye, by silence, by Ctrl-C or at the end of the recordings."""
        reply: Reply | None = None
        silent = 0
        if said is None and not self.manner.recorded:
            reply = await self._turn(None, language, new=True)
            language = None
            said = await self._say(reply)
        while not self.left:
            if said is None:
                if reply is not None and not reply.listening:
                    return
                said = await self._hear(reply)
            if said is None:  # nothing was said for long
                if self.left:
                    return
                silent += 1
                if silent > ASKED:
                    self.caption("◁", self.word("kept_text").format(session=self.session))
                    await self._speak(self.word("kept"), reply)
                    return
                said = await self._ask_again(reply, silent)
                continue
            silent = 0
            reply = await self._turn(said, language)
            language = None
            if self._meanwhile and not reply.whole:
                said = None  # somebody has gone on speaking: no voice over theirs; it was shown
                continue
            said = await self._say(reply)

    async def _ask_again(self, reply: Reply | None, times: int) -> Said | None:
        again = (reply.reprompt or reply.speech) if reply is not None else ""
        text = again if times == 1 else f"{self.word('there')} {again}"
        if not text.strip():
            return None
        self.caption("◁", text)
        return await self._say_over(text, reply, whole=False)

    async def _idle(self) -> Said | None:
        """Wait until somebody presses the key, says the wake phrase or anything; with what was said to us by it."""
        how = "push" if self.manner.push else "wake" if self.manner.wake else "kiosk"
        self.aside(self.word(f"idle_{how}").format(wake=self.manner.wake))
        assert self.ears is not None
        if self.manner.push:
            self.ears.shut()
        elif self.manner.wake:
            self.ears.listen(Vocabulary(language=self.language, phrases=(self.manner.wake,)))
        else:
            await self._attend(None)
        while not self.left:
            match await self._next(None):
                case Left():
                    self.left = True
                case Typed(text="") if self.manner.push:
                    self.mouth.tone("listening")
                    return None
                case Typed(text=text) as typed if text:
                    return typed
                case Utterance() as heard if self.manner.wake:
                    rest = after_wake(heard, self.manner.wake)
                    if rest is not None:
                        self.mouth.tone("listening")
                        return rest if rest.text else None
                case Utterance() as heard if not self.manner.push:
                    return heard
                case Delivered(reply=reply):
                    await self._tell(reply)
        return None

    async def _hear(self, reply: Reply | None) -> Said | None:
        """What is said next; None after a silence, or when somebody leaves."""
        assert self.ears is not None
        await self._attend(reply)
        deadline = self._deadline()
        while not self.left:
            happening = await self._next(None if self._speaking else deadline)
            match happening:
                case None:
                    return None
                case Utterance() | Typed():
                    if isinstance(happening, Typed) and not happening.text:
                        continue
                    return happening
                case Nothing(text=text):
                    if text:
                        self.caption("·", text, last=False)
                    deadline = self._deadline()
                case Delivered(reply=later):
                    await self._tell(later)
                    await self._attend(later)
                    deadline = self._deadline()
                case Left():
                    self.left = True
        return None

    def _deadline(self) -> float | None:
        """When somebody who says nothing from now on is asked again; nobody waits for a recording."""
        return None if self.manner.recorded else time.monotonic() + SILENCE * self.manner.waits.patience

    async def _attend(self, reply: Reply | None) -> None:
        """Open the ears for what may be said now."""
        assert self.ears is not None
        self._choices = tuple(one.text for one in reply.choices) if reply is not None else self._choices
        self._vocabulary = await self.house.vocabulary(self.session, self.language)
        self.ears.listen(self._vocabulary)

    async def _next(self, deadline: float | None) -> Happening | None:
        """The next happening that somebody has to decide on. What is only to be shown is shown here."""
        while True:
            try:
                async with asyncio.timeout(None if deadline is None else max(0.0, deadline - time.monotonic())):
                    happening = await self._happenings.get()
            except TimeoutError:
                return None
            match happening:
                case Began():
                    return happening
                case Partial(text=text):
                    self.caption("…", text, last=False)
                case Lost(why=why):
                    self.aside(self.word("lost").format(why=why))
                case Back():
                    self.aside(self.word("back"))
                case Dropped(seconds=seconds):
                    self.aside(self.word("dropped").format(seconds=seconds))
                case Broken(why=why):
                    self.aside(self.word("broken").format(why=why))
                case Finished(file=file, last=last, heard=heard):
                    if not heard:
                        self.aside(self.word("nothing").format(file=file))
                    if last:
                        return Left()
                case _:
                    return happening

    async def _turn(self, said: Said | None, language: str | None, *, new: bool = False) -> Reply:
        """Send one turn, show what was heard and what comes back."""
        hypotheses = said.hypotheses if isinstance(said, Utterance) else (Hypothesis(said.text),) if said else ()
        if said is not None:
            self.caption("▷", said.text)
        turn = turn_of(
            self.house,
            self.channel,
            self.session,
            self.device,
            hypotheses,
            language,
            new=new,
            source="typed" if isinstance(said, Typed) else "speech",
        )
        self._meanwhile = False
        started = time.monotonic()
        taken = asyncio.ensure_future(self.house.take(turn))
        done, _ = await asyncio.wait({taken}, timeout=THINKING)
        if not done:
            self.mouth.tone("thinking")
        reply = await taken
        self.pending = turn.id if reply.pending else None
        await self._show(turn.id, reply, said, time.monotonic() - started)
        return reply

    async def _tell(self, later: Reply) -> None:
        """Show and say a result that came later."""
        await self._show(self.pending, later)
        self.pending = None
        if (said := await self._say(later)) is not None:
            self.put(said)  # somebody spoke over it

    async def _show(self, turn: str | None, reply: Reply, said: Said | None = None, took: float = 0.0) -> None:
        await self._speak_language(reply.language or self.language)
        order = await self.house.order(self.session)
        if self.manner.json:
            self._report()
            hearing: dict[str, Any] | None = None
            timings: dict[str, int] = {"turn": _ms(took)}
            if isinstance(said, Utterance):
                hearing = {
                    "confidence": round(said.hypotheses[0].confidence, 3),
                    "alternatives": [one.text for one in said.hypotheses[1:]],
                    "recognizer": self.engine,
                    "decodes": list(said.decodes),
                    "file": said.file or None,
                }
                timings |= {
                    "speech": _ms(said.ended - said.began),
                    "end_of_turn": _ms(said.waited),
                    "recognition": _ms(said.took),
                    "recognition_cpu": _ms(said.work),
                }
            heard = said.text if said is not None else None
            ended = said.ended if isinstance(said, Utterance) else 0.0
            self._record = {
                "turn": turn,
                "reply": reply,
                "order": order,
                "heard": heard,
                "hearing": hearing,
                "timings": timings,
            }
            self._ended = ended
            if isinstance(self.mouth, Silent):
                self._report()
            return
        text = as_text(reply, self.language, coloured=self.coloured)
        self.caption("◁", text)
        if order and order["lines"]:
            self.caption("  ", basket_line(order, self.language))

    def _report(self) -> None:
        """The line of the last turn, with what is known now that its answer was spoken."""
        if self._record is None:
            return
        record, self._record = self._record, None
        if self.mouth.first:
            made = self.mouth.ready or self.mouth.asked  # what goes on after a false alarm was made before
            record["timings"]["synthesis"] = _ms(made - self.mouth.asked)
            record["timings"]["device"] = _ms(self.mouth.first - made)
            if self._ended:
                record["timings"]["first_sample"] = _ms(self.mouth.first - self._ended)
        write(as_json(**record))

    async def _speak_language(self, language: str) -> None:
        """Hear and speak the language that the talk has come to, where there is a model for it."""
        if language == self.language:
            return
        before, self.language = self.language, language
        if self.equipment is None or self.ears is None:
            return
        try:
            hears = await asyncio.to_thread(self.equipment.hears, language)
        except SetupError as error:
            self.aside(f"{error} {self.word('still').format(language=before)}")
            return
        await asyncio.to_thread(self.house.warm, language)
        self.engine = hears.engine
        self.ears.hear_with(hears.model)

    # -- speaking ----------------------------------------------------------------------------------------------

    async def _say(self, reply: Reply) -> Said | None:
        """Speak a reply. What somebody says over it (barge-in) and is to be taken next."""
        said = await self._say_over(reply.speech, reply, whole=reply.whole)
        self._report()
        return said

    async def _speak(self, text: str, reply: Reply | None) -> None:
        assert self.ears is not None
        self.ears.shut()
        await self.mouth.say(text, self.language, pace=reply.pace if reply else 0, volume=reply.volume if reply else 0)

    async def _say_over(self, text: str, reply: Reply | None, *, whole: bool) -> Said | None:
        assert self.ears is not None
        pace, volume = (reply.pace, reply.volume) if reply is not None else (0, 0)
        if isinstance(self.mouth, Silent):
            return None
        if not self.manner.barge_in:
            self.ears.shut()
            self._speaking = False
            cut = await self._until_key(text, pace, volume, whole)
            if not cut:
                await asyncio.sleep(TAIL)
            return cut
        self._vocabulary = await self.house.vocabulary(self.session, self.language)
        spoken, said = 0.0, None
        while said is None and not self.left:
            self.ears.guard(self._vocabulary)
            saying = asyncio.ensure_future(self.mouth.say(text, self.language, pace=pace, volume=volume, start=spoken))
            over = await self._over(saying, whole)
            now = await saying
            if now is None:
                self.aside(self.word("mute").format(why=self.mouth.failed))
                return None
            spoken += now
            if over is None:
                break
            if isinstance(over, Nothing) or (isinstance(over, Utterance) and self._false_alarm(over.text, text)):
                continue  # go on where it stopped
            if isinstance(over, Utterance) and not whole and hushes(over.text, self.language):
                break  # it is to be quiet, no more
            said = over if isinstance(over, Utterance | Typed) else None
            if whole and isinstance(said, Utterance) and self.ending(said.text, self._vocabulary) == "whole":
                self.aside(self.word("too_early"))
                said = None
                break
        return said

    def _false_alarm(self, heard: str, spoken: str) -> bool:
        """Our own voice, or somebody who only shows that they follow."""
        return our_own(heard, spoken) or self.ending(heard, self._vocabulary) == "nothing"

    async def _until_key(self, text: str, pace: int, volume: int, whole: bool) -> Said | None:
        """Half duplex: only the keyboard cuts the voice, or goes before it."""
        saying = asyncio.ensure_future(self.mouth.say(text, self.language, pace=pace, volume=volume))
        said: Said | None = None
        while not saying.done():
            happened = asyncio.ensure_future(self._next(None))
            await asyncio.wait({saying, happened}, return_when=asyncio.FIRST_COMPLETED)
            if not happened.done():
                happened.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await happened
                break
            match happened.result():
                case Typed() as typed:
                    if not whole:
                        self.mouth.hush()
                    said = typed if typed.text else said
                case Utterance() as before if not whole:  # it was under way when the voice began
                    self.mouth.hush()
                    said = before
                case Left():
                    self.left = True
                    self.mouth.hush()
                case Delivered() as later:
                    await saying
                    self.put(later)
        if await saying is None:
            self.aside(self.word("mute").format(why=self.mouth.failed))
        return said

    async def _over(self, saying: asyncio.Future[float | None], whole: bool) -> Happening | None:
        """Wait until it is said, or somebody says something over it: hush at the first word, then hear them out."""
        later: list[Delivered] = []
        result: Happening | None = None
        while True:
            happened = asyncio.ensure_future(self._next(None))
            waiting: set[asyncio.Future[Any]] = {happened} if saying.done() else {saying, happened}
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            if not happened.done():
                if self._speaking:  # it was said to its end while somebody speaks: hear them out
                    await asyncio.wait({happened})
                else:
                    happened.cancel()
                    with contextlib.suppress(asyncio.CancelledError):
                        await happened
                    break
            match happened.result():
                case Began():
                    if not whole:
                        self.mouth.hush()
                case Utterance() | Nothing() as heard:
                    if isinstance(heard, Utterance) and whole and not saying.done():
                        result = heard
                        continue
                    result = heard
                    break
                case Typed() as typed:
                    if not whole:
                        self.mouth.hush()
                    if typed.text:
                        result = typed
                        break
                case Left():
                    self.left = True
                    self.mouth.hush()
                    break
                case Delivered() as one:
                    later.append(one)
        for one in later:
            self.put(one)
        return result

    # -- the keyboard, and leaving -----------------------------------------------------------------------------

    def _watch_keys(self, loop: asyncio.AbstractEventLoop) -> None:
        """Lines typed at a terminal are turns; an empty one is the key to speak, or to cut the voice."""
        if self.manner.recorded or not sys.stdin or not sys.stdin.isatty():
            return
        # A loop or a terminal that can't be watched: one talks without typing then.
        with contextlib.suppress(NotImplementedError, OSError, ValueError):
            loop.add_reader(sys.stdin.fileno(), self._typed)
            self._keys = True

    def _typed(self) -> None:
        raw = os.read(sys.stdin.fileno(), LONGEST)
        if not raw:
            self.put(Left())
            return
        for line in raw.splitlines():
            self.put(Typed(as_line(line).strip()))

    def interrupted(self) -> None:
        """The first Ctrl-C ends the talk in good order; the second leaves at once (what was acknowledged is stored)."""
        if self.left:
            os._exit(130)
        self.left = True
        self.mouth.hush()
        self.put(Left())

    async def _settle(self) -> None:
        await settle(self.house, lambda: self.aside(self.word("settling")))

    # -- captions ----------------------------------------------------------------------------------------------

    def caption(self, mark: str, text: str, *, last: bool = True) -> None:
        """Show what is heard or said. What isn't the `last` word is written over, and only at a terminal."""
        if self.manner.json or (not last and not sys.stdout.isatty()):
            return
        shown = printable(text)
        wipe = "\r\x1b[K" if self._line else ""
        self._line = "" if last else shown
        end = "\n" if last else ""
        mark = f"\x1b[1m{mark}\x1b[0m" if self.coloured and last else mark
        write(f"{wipe}{mark} {shown}{end}".encode(sys.stdout.encoding or "utf-8", "replace"))

    def aside(self, text: str) -> None:
        """What is about the talk and not of it: on stderr."""
        if self._line:
            write(b"\r\x1b[K")
            self._line = ""
        print(text, file=sys.stderr, flush=True)

    def word(self, key: str) -> str:
        return self._words(self.language, key)


def _ms(seconds: float) -> int:
    return round(seconds * 1000)

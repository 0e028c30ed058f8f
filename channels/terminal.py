"""Talking by typing: at a terminal with history, live basket and QR codes, or through a pipe, line in and reply out.

What is typed goes to the house as it is; what comes back is printed. The words are the same at a terminal and in a
pipe; only colours, the basket at the foot and the greeting need a terminal. With `json` each reply is one JSON object
on a line of its own.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import signal
import sys
import threading
from collections.abc import AsyncGenerator, Awaitable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from assistant.turns import House, Hypothesis, Reply
from channels.screen import (
    LONGEST,
    Seat,
    as_json,
    as_line,
    as_text,
    basket_line,
    colours,
    language_of,
    session_of,
    settle,
    switched_on,
    told,
    turn_of,
    write,
)

T = TypeVar("T")

CHUNK = 1 << 16

WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "place": "the terminal",
        "begin": "Session {session}. Leave with Ctrl-D.",
        "end": "Session {session}. Add --session {session} to go on with it.",
        "settling": "One moment: looking up what was still open.",
        "waiting": "One moment: waiting for what is under way. Ctrl-C leaves at once; nothing is lost.",
    },
    "zh": {
        "place": "终端",
        "begin": "会话 {session}。按 Ctrl-D 离开。",
        "end": "会话 {session}。要继续，请加上 --session {session}。",
        "settling": "请稍等，正在查询还没办完的事。",
        "waiting": "请稍等，还有事情在处理。按 Ctrl-C 立即离开，不会丢失任何内容。",
    },
    "ko": {
        "place": "터미널",
        "begin": "세션 {session}. Ctrl-D를 누르면 나갑니다.",
        "end": "세션 {session}. 이어서 하려면 --session {session} 옵션을 붙이세요.",
        "settling": "잠시만요, 아직 끝나지 않은 일을 확인하고 있습니다.",
        "waiting": "잠시만요, 처리 중인 일을 기다리고 있습니다. Ctrl-C를 누르면 바로 나가며, 잃는 것은 없습니다.",
    },
}


class Terminal:
    """The channel. Several talks may run in one process, each with a session of its own."""

    name = "terminal"
    can = frozenset({"screen", "links", "push", "private"})
    patience = 20.0
    keys = frozenset({"session", "language", "json", "history"})
    WORDS = WORDS

    def __init__(self) -> None:
        self._talks: dict[str, Talk] = {}

    async def run(self, house: House, options: Mapping[str, Any]) -> int:
        """Talk until end of input or Ctrl-C. `history` names a file that keeps what was typed."""
        language, session, as_json = language_of(house, options), session_of(options), switched_on(options, "json")
        prompted = not as_json and sys.stdin.isatty() and sys.stdout.isatty()
        talk = Talk(house, session, language or house.languages()[0], as_json=as_json, coloured=prompted and colours())
        self._talks[session] = talk
        history = options.get("history")
        seat = Seat(Path(history).parent if history else None, session, self.name)
        talk.device = seat.device
        try:
            lines = talk.prompted(Path(history) if history else None) if prompted else talk.piped()
            return await talk.go(self, lines, language=language or None, greet=prompted)
        finally:
            seat.leave()
            del self._talks[session]

    async def deliver(self, session: str, reply: Reply) -> bool:
        """Print a later result. False when nobody sits at this session here."""
        talk = self._talks.get(session)
        if talk is None:
            return False
        try:
            await talk.show(talk.pending, reply)
        except OSError:
            return False
        talk.pending = None
        return True


class Talk:
    """One run at one session: reads lines, sends turns, prints replies. Knows no dialogue rule."""

    def __init__(self, house: House, session: str, language: str, *, as_json: bool, coloured: bool) -> None:
        self.house, self.session, self.language = house, session, language
        self.as_json, self.coloured = as_json, coloured
        self.pending: str | None = None
        """The turn whose final reply is still to come."""
        self.order: Mapping[str, Any] | None = None
        self.device = ""
        self.leaving = asyncio.Event()

    async def go(self, channel: Terminal, lines: AsyncGenerator[str], *, language: str | None, greet: bool) -> int:
        loop = asyncio.get_running_loop()
        watched = threading.current_thread() is threading.main_thread()
        if watched:
            loop.add_signal_handler(signal.SIGINT, self.interrupted)
        try:
            print(self.word("begin"), file=sys.stderr, flush=True)
            self.house.listen(self.session, channel)
            await self.settle("settling")
            if greet:
                await self.turn(channel, (), language, new=True)
                language = None
            async with contextlib.aclosing(lines):
                while (line := await self.unless_left(anext(lines, None), cancel=True)) is not None:
                    await self.turn(channel, (Hypothesis(line),), language)
                    language = None  # named, it is where the talk begins; afterwards it follows the person
            await self.settle("waiting")
            print(self.word("end"), file=sys.stderr, flush=True)
        finally:
            if watched:
                loop.remove_signal_handler(signal.SIGINT)
        return 0

    def interrupted(self) -> None:
        """The first Ctrl-C ends the talk in good order; the second leaves at once (what was acknowledged is stored)."""
        if self.leaving.is_set():
            with contextlib.suppress(OSError):
                sys.stdout.flush()
            os._exit(130)
        self.leaving.set()

    async def turn(
        self, channel: Terminal, said: tuple[Hypothesis, ...], language: str | None, *, new: bool = False
    ) -> None:
        turn = turn_of(self.house, channel, self.session, self.device, said, language, new=new)
        reply = await self.unless_left(self.house.take(turn))
        if reply is not None:
            self.pending = turn.id if reply.pending else None
            await self.show(turn.id, reply)

    async def show(self, turn: str | None, reply: Reply) -> None:
        self.language = reply.language or self.language
        self.order = order = await self.house.order(self.session)
        if self.as_json:
            write(as_json(turn, reply, order))
            return
        text = as_text(reply, self.language, coloured=self.coloured)
        write(f"{text}\n".encode(sys.stdout.encoding or "utf-8", "replace"))

    async def settle(self, word: str) -> None:
        await settle(self.house, lambda: print(self.word(word), file=sys.stderr, flush=True))

    async def unless_left(self, awaited: Awaitable[T], *, cancel: bool = False) -> T | None:
        """Its result, or None when the person leaves first; it then goes on unless it is to be cancelled."""
        wanted, left = asyncio.ensure_future(awaited), asyncio.ensure_future(self.leaving.wait())
        await asyncio.wait({wanted, left}, return_when=asyncio.FIRST_COMPLETED)
        left.cancel()
        if wanted.done():
            return wanted.result()
        if cancel:
            wanted.cancel()
            await asyncio.wait({wanted})
        return None

    async def piped(self) -> AsyncGenerator[str]:
        """Lines of standard input, whatever it is: LF or CRLF, broken UTF-8, no end of line at the end."""
        kept, dropping = bytearray(), False
        while chunk := await _read(sys.stdin.fileno()):
            *ended, rest = chunk.split(b"\n")
            for part in ended:
                if not dropping:
                    kept += part
                yield as_line(kept)
                kept, dropping = bytearray(), False
            if not dropping:
                kept += rest
                dropping = len(kept) > LONGEST
        if kept:
            yield as_line(kept)

    async def prompted(self, history: Path | None) -> AsyncGenerator[str]:
        """Lines typed at the prompt, with what was typed before, the basket at the foot, and news printed above."""
        from prompt_toolkit import PromptSession
        from prompt_toolkit.formatted_text import ANSI
        from prompt_toolkit.history import FileHistory, InMemoryHistory
        from prompt_toolkit.output import ColorDepth
        from prompt_toolkit.patch_stdout import patch_stdout

        class Kept(FileHistory):
            def store_string(self, string: str) -> None:
                if keepable(string):
                    super().store_string(string)

        if history is not None:
            with contextlib.suppress(OSError):
                history.touch(mode=0o600)
        prompt: PromptSession[str] = PromptSession(
            history=Kept(str(history)) if history is not None else InMemoryHistory(),
            bottom_toolbar=lambda: basket_line(self.order, self.language, prompt.output.get_size().columns - 1),
            color_depth=None if self.coloured else ColorDepth.DEPTH_1_BIT,
        )
        mark = ANSI("\x1b[1m▷ \x1b[0m") if self.coloured else "▷ "
        with patch_stdout(raw=True):
            while True:
                try:
                    yield await prompt.prompt_async(mark, handle_sigint=False)
                except EOFError:
                    return
                except KeyboardInterrupt:
                    self.leaving.set()
                    return

    def word(self, key: str) -> str:
        return words(self.language)[key].format(session=self.session)


CHANNEL = Terminal()


@cache
def words(language: str) -> Mapping[str, str]:
    return told(language, "terminal", WORDS)


DIGIT_WORD = re.compile(
    r"\b(?:zero|oh|one|two|three|four|five|six|seven|eight|nine)\b|[幺공영일이삼사오육칠팔구]", re.IGNORECASE
)
CODE_WORD = re.compile(
    r"\b(?:cvv|cvc|csc|pin|security code|passcode)\b"
    r"|安全码|验证码|校验码|密码|보안 ?코드|인증 ?번호|비밀 ?번호",
    re.IGNORECASE,
)


def keepable(line: str) -> bool:
    """Whether a typed line may be kept in the history file: nothing that could be a card number or a code."""
    digits = sum(one.isnumeric() for one in line) + len(DIGIT_WORD.findall(line))
    return digits < 13 and not CODE_WORD.search(line)


async def _read(file: int) -> bytes:
    """A chunk of a file without blocking the loop. The thread may stay behind in a read when the talk is left."""
    loop = asyncio.get_running_loop()
    result: asyncio.Future[bytes] = loop.create_future()

    def put(chunk: bytes) -> None:
        if not result.done():
            result.set_result(chunk)

    def read() -> None:
        try:
            chunk = os.read(file, CHUNK)
        except OSError:
            chunk = b""
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody reads on
            loop.call_soon_threadsafe(put, chunk)

    threading.Thread(target=read, daemon=True).start()
    return await result

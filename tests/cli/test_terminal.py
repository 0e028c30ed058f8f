"""The prompt at a real pseudo-terminal, and results that come when nobody waits for them any more."""

from __future__ import annotations

import asyncio
import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.turns import Choice, Private, Reply
from channels.screen import as_text, basket_line
from channels.terminal import CHANNEL, keepable
from tests.houses import ScriptedHouse
from tests.newcomer import COMMAND

from .conftest import TO_THE_YES

COLOURS = re.compile(rb"\x1b\[[0-9;]*(?:3[0-7]|9[0-7]|38;)[0-9;]*m")


class Screen:
    """A person's terminal: shows what is printed, types what it is told."""

    def __init__(self, arguments: list[str], env: dict[str, str], folder: Path) -> None:
        self.seen = b""
        self.child, self.file = pty.fork()
        if self.child == 0:
            os.chdir(folder)
            os.execve(COMMAND[0], [*COMMAND, *arguments], env)
        fcntl.ioctl(self.file, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 150, 0, 0))

    def type(self, keys: str) -> None:
        os.write(self.file, keys.encode())

    def until(self, shown: str, seconds: float = 30) -> bytes:
        """Everything up to where this is shown."""
        end, wanted = time.monotonic() + seconds, shown.encode()
        while wanted not in self.seen:
            assert time.monotonic() < end, f"{shown!r} was not shown: {self.seen[-2000:]!r}"
            if not self._more():
                break
        assert wanted in self.seen, f"{shown!r} was not shown: {self.seen[-2000:]!r}"
        before, _, self.seen = self.seen.partition(wanted)
        return before

    def ended(self) -> int:
        while self._more(10):
            pass
        return os.waitstatus_to_exitcode(os.waitpid(self.child, 0)[1])

    def _more(self, seconds: float = 0.5) -> bool:
        if not select.select([self.file], [], [], seconds)[0]:
            return seconds < 1
        try:
            got = os.read(self.file, 65536)
        except OSError:  # Linux's way to say that the other end is closed
            return False
        self.seen += got
        for _ in range(got.count(b"\x1b[6n")):
            os.write(self.file, b"\x1b[1;1R")  # a terminal tells where its cursor is
        return bool(got)


@pytest.fixture
def screen(env: dict[str, str], tmp_path: Path) -> Iterator[Callable[..., Screen]]:
    opened: list[Screen] = []

    def start(*arguments: str, **variables: str) -> Screen:
        opened.append(Screen(["chat", "--data", "data", "--lang", "en", *arguments], {**env, **variables}, tmp_path))
        return opened[-1]

    yield start
    for one in opened:
        try:
            os.kill(one.child, signal.SIGKILL)
            os.waitpid(one.child, 0)
        except (ProcessLookupError, ChildProcessError):
            pass
        os.close(one.file)


def test_ordering_at_the_prompt(screen: Callable[..., Screen], tmp_path: Path) -> None:
    at = screen()
    at.until("▷")
    greeting = at.until("basket is empty")
    assert greeting is not None
    at.type("two cheeseburgers\r")
    at.until("2 × ")  # the live basket at the foot
    at.type("4111 1111 1111 1111\r")
    at.until("▷")
    at.type("a coke\r")
    at.until("1 × ")
    at.type("\x04")
    at.until("--session ")
    assert at.ended() == 0
    kept = (tmp_path / "data" / "terminal-history").read_text()
    assert "two cheeseburgers" in kept and "a coke" in kept and "4111" not in kept


def test_the_prompt_greets_and_shows_colours_unless_told_not_to(screen: Callable[..., Screen]) -> None:
    plain, coloured = screen(NO_COLOR="1"), screen("--session", "other")
    for one in (plain, coloured):
        one.until("▷")
        one.type("checkout\r")
        one.type("two cheeseburgers\r")
        one.until("2 × ")
        one.type("checkout\r")
        one.until("eating in")
        one.until("▷")  # it listens again
        one.type("\x04")
        one.until("--session ")
    assert plain.ended() == coloured.ended() == 0
    assert not COLOURS.search(plain.seen)


def test_ctrl_c_loses_nothing(screen: Callable[..., Screen]) -> None:
    at = screen("--session", "mine")
    at.until("▷")
    at.type("two cheeseburgers\r")
    at.until("2 × ")
    at.type("half a sent\x03")
    at.until("--session mine")
    assert at.ended() == 0
    again = screen("--session", "mine")
    again.until("2 × ")
    again.type("\x04")
    assert again.ended() == 0


def test_a_second_ctrl_c_leaves_a_slow_payment_at_once(screen: Callable[..., Screen], chat: Callable[..., Any]) -> None:
    chat(*TO_THE_YES, session="slow")
    at = screen("--session", "slow", VOICETILL_SANDBOX_DELAY="30")
    at.until("▷")
    at.type("yes\r")
    at.until("yes")
    time.sleep(1)
    at.type("\x03")
    at.until("Ctrl-C")
    at.type("\x03")
    assert at.ended() == 130
    order = chat("did it go through?", session="slow")[-1]["order"]
    assert (order["payment"]["status"], order["payment"]["charges"]) == ("paid", 1)


class Settling(ScriptedHouse):
    """The result of its last turn comes by itself, at the end."""

    async def settled(self, patience: float) -> None:
        if self.turns:
            done = Reply(speech="It's paid.", text="It's paid.", language="en")
            session = self.turns[-1].session
            assert await self.listening[session].deliver(session, done)


def talk(house: Settling, said: bytes, monkeypatch: pytest.MonkeyPatch, **options: Any) -> int:
    out, into = os.pipe()
    os.write(into, said)
    os.close(into)
    with os.fdopen(out, "rb") as lines:
        monkeypatch.setattr("sys.stdin", lines)
        return asyncio.run(CHANNEL.run(house, options))


def test_what_comes_at_the_end_is_printed_as_the_answer_to_its_turn(
    monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    import msgspec

    house = Settling([Reply(speech="One moment.", text="One moment.", pending=True, language="en")])
    assert talk(house, b"yes\n", monkeypatch, json=True) == 0
    first, last = (msgspec.json.decode(line) for line in capfdbinary.readouterr().out.splitlines())
    assert (first["text"], last["text"]) == ("One moment.", "It's paid.")
    assert first["turn"] == last["turn"] == house.turns[0].id


def test_every_line_is_a_turn_of_its_own_and_the_language_is_only_where_it_begins(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    house = Settling([Reply(speech="?", text="?", language="en")] * 3)
    talk(house, b"a\n\nb", monkeypatch, language="zh", session="s")
    assert [turn.text for turn in house.turns] == ["a", "", "b"]
    assert [turn.language for turn in house.turns] == ["zh", None, None]
    assert len({turn.id for turn in house.turns}) == 3 and {turn.session for turn in house.turns} == {"s"}


def test_nobody_is_told_who_has_left(monkeypatch: pytest.MonkeyPatch) -> None:
    talk(Settling([]), b"", monkeypatch, session="gone")
    assert not asyncio.run(CHANNEL.deliver("gone", Reply(speech="x", text="x")))


def test_a_reply_as_it_is_printed() -> None:
    reply = Reply(
        speech="How?",
        text="How would you like\u202e it?\x1b[31m",
        choices=(Choice("Delivery"), Choice("Pickup")),
        private=(Private("link", "https://pay.example/a/b"),),
    )
    shown = as_text(reply, "en")
    assert shown.startswith("How would you like it?[31m\n  1. Delivery\n  2. Pickup\n")
    assert "\n  \x1b[36m2.\x1b[0m Pickup\n" in as_text(reply, "en", coloured=True)
    assert "\nhttps://pay.example/a/b\n" in shown and "█" in shown
    assert not re.search("[\x00-\x09\x0b-\x1f\u202e]", shown)


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("two burgers to 12 High Street, 555 0134", True),
        ("李雷 13800138000", True),
        ("4111 1111 1111 1111", False),
        ("4111-1111-1111-1", False),
        ("٤١١١١١١١١١١١١١١١", False),
        ("四一一一一一一一一一一一一一一一", False),
        ("four one one one one one one one one one one one one", False),
        ("the cvv is 123", False),
        ("安全码 123", False),
    ],
)
def test_the_history_keeps_no_card_numbers_or_codes(line: str, kept: bool) -> None:
    assert keepable(line) == kept


def test_the_basket_at_the_foot() -> None:
    order = {"lines": [{"quantity": 2, "name": "Cheeseburger"}], "totals": {"total": 1800}, "currency": "CNY"}
    assert basket_line(order, "en") == "2 × Cheeseburger | total CN¥18.00"
    assert basket_line(order, "zh").endswith("合计¥18.00")
    assert basket_line({**order, "currency": "KRW"}, "ko").endswith("합계 ₩1,800")
    assert basket_line(None, "ko") == "장바구니가 비어 있습니다"
    assert basket_line({**order, "stage": "cancelled"}, "ko") == "장바구니가 비어 있습니다"


def test_however_narrow_the_screen_is_the_total_stands_at_its_foot() -> None:
    lines = [{"quantity": 1, "name": "芝士汉堡"}, {"quantity": 2, "name": "Fries"}, {"quantity": 3, "name": "可乐"}]
    order = {"lines": lines, "totals": {"total": 8800}, "currency": "CNY"}
    assert basket_line(order, "zh", 80) == "1 × 芝士汉堡 · 2 × Fries · 3 × 可乐 | 合计¥88.00"
    assert basket_line(order, "zh", 40) == "… · 2 × Fries · 3 × 可乐 | 合计¥88.00"
    assert basket_line(order, "zh", 20) == "… | 合计¥88.00"

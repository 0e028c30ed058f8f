"""kill -9 at every write and every remote call of a talk, then the same data again: nothing acknowledged is lost, and
there is one charge, or none, or a charge and its full refund."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path

import pytest
from msgspec.structs import replace

from assistant.payments import sandbox
from assistant.turns import Act, Reply
from tests.app.talk import PRICE, Kiosk
from tests.faults.talks import PAYS, SESSION, TALKS, turn_id
from tests.newcomer import TOP, newcomer, warm

MODES = ("approve", "decline", "lose_request", "lose_reply", "needs_buyer")
KILLED = 128 + signal.SIGKILL
"""What a shell and tests/warm.py call the end of a process that was killed."""
AT_ONCE = 4
CUT = ("commit", "send", "query", "claim")
"""Points of the small table: the turn that pays, and what follows it."""


async def run_child(data: Path, mode: str, talk: str, point: str | None = None) -> list[str]:
    command = [*warm("tests.faults.child"), str(data), talk, *([point] if point else [])]
    environment = newcomer(data.parent, LC_ALL="C.UTF-8", VOICETILL_SANDBOX=mode)
    pipe = asyncio.subprocess.PIPE
    child = await asyncio.create_subprocess_exec(*command, cwd=TOP, env=environment, stdout=pipe, stderr=pipe)
    said, wrong = await asyncio.wait_for(child.communicate(), 120)
    assert child.returncode in (0, KILLED), wrong.decode()
    return said.decode().splitlines()


async def points(tmp_path: Path, mode: str, talk: str, *, from_turn: int = 0) -> list[str]:
    """Every point that the talk comes by, from one of its turns on."""
    said = await run_child(tmp_path / "whole", mode, talk)
    start = said.index(f"turn {from_turn}") if from_turn else 0
    return [line.removeprefix("point ") for line in said[start:] if line.startswith("point ")]


async def go_on(data: Path, mode: str, talk: str, said: list[str]) -> tuple[Kiosk, list[Reply]]:
    """The restart: the person says again what was not answered, and the talk goes on to its end."""
    heard = sum(line.startswith("heard ") for line in said)
    kiosk = await Kiosk.open(data)
    await kiosk.house.settled(10)
    replies = []
    for number, act in list(enumerate(TALKS[talk]))[heard:]:
        replies.append(await kiosk.house.take(replace(kiosk.turn(act), id=turn_id(number), session=SESSION)))
        if number == PAYS and mode == "needs_buyer" and talk != "cancel while it waits":
            await approve(kiosk)
    if heard > PAYS and mode == "needs_buyer" and talk != "cancel while it waits":
        await approve(kiosk)
    await kiosk.house.settled(15)
    replies.append(await kiosk.does(Act("help"), session=SESSION))
    return kiosk, replies


async def approve(kiosk: Kiosk) -> None:
    for charge in kiosk.charged():
        if charge.state == "waiting":
            sandbox.approve(kiosk.data, charge.attempt)
    for _ in range(600):
        if (await kiosk.state(SESSION))[2].live is None:
            return
        await asyncio.sleep(0.02)


def expected(mode: str, talk: str) -> tuple[str, str, int, int, int]:
    """(stage, payment status, charges, net, colas left)"""
    if talk == "pay at the door":
        return "placed", "due", 0, 0, 4
    if mode == "decline":
        return ("cancelled" if "cancel" in talk else "open"), "due", 0, 0, 5
    if talk == "cancel while it waits" and mode == "needs_buyer":
        return "cancelled", "due", 0, 0, 5
    if talk == "pay and cancel":
        return "cancelled", "refunded", 1, 0, 5
    return "placed", "paid", 1, PRICE, 4


async def cut_off(data: Path, mode: str, talk: str, point: str) -> None:
    said = await run_child(data, mode, talk, point)
    kiosk, replies = await go_on(data, mode, talk, said)
    try:
        _session, order, payment = await kiosk.state(SESSION)
        where = f"{mode}, {talk}, {point}"
        found = (order.stage, payment.status, payment.charges, payment.net, await kiosk.colas())
        assert found == expected(mode, talk), where
        assert len(payment.attempts) == 1, where
        assert sum(one.state == "paid" for one in kiosk.charged()) == payment.charges, where
        await kiosk.balanced(SESSION)
        assert await kiosk.store.owed() == [] or mode == "needs_buyer", where
        assert all(one.speech for one in replies), where
        if not any(line == f"heard {PAYS}" for line in said):
            # What became of the payment is told, by the repeated turn or as news.
            told = " ".join(one.text for one in replies)
            assert str(order.number) in told if order.number else "declined" in told or "ancelled" in told, (
                where,
                told,
            )
    finally:
        await kiosk.close()


async def cut_off_at(wanted: list[str], tmp_path: Path, mode: str, talk: str) -> None:
    """Each point over a folder of its own, a few at a time."""
    assert wanted
    few = asyncio.Semaphore(AT_ONCE)

    async def one(number: int, point: str) -> None:
        async with few:
            await cut_off(tmp_path / str(number), mode, talk, point)

    await asyncio.gather(*(one(number, point) for number, point in enumerate(wanted)))


@pytest.mark.parametrize("mode", ["approve", "lose_reply"])
async def test_killed_while_paying(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: str) -> None:
    monkeypatch.setenv("VOICETILL_SANDBOX", mode)
    met = await points(tmp_path, mode, "pay", from_turn=PAYS)
    await cut_off_at([one for one in met if one.split()[1] in CUT], tmp_path, mode, "pay")


@pytest.mark.long
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("talk", ["pay", "pay and cancel"])
async def test_killed_anywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: str, talk: str) -> None:
    if talk == "pay and cancel" and mode in ("decline", "needs_buyer"):
        talk = "cancel while it waits"
    monkeypatch.setenv("VOICETILL_SANDBOX", mode)
    await cut_off_at(await points(tmp_path, mode, talk), tmp_path, mode, talk)


@pytest.mark.long
async def test_killed_while_agreeing_to_pay_at_the_door(tmp_path: Path) -> None:
    await cut_off_at(await points(tmp_path, "approve", "pay at the door"), tmp_path, "approve", "pay at the door")

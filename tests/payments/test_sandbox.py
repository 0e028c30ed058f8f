"""The sandbox: a far end that fails as it is told to, with a ledger of its own."""

from __future__ import annotations

import asyncio
import datetime as dt
import os
from pathlib import Path
from typing import Any

import pytest

from assistant.commerce.payment import Done, Facts, NotFound, Refused, Unknown
from assistant.errors import SetupError
from assistant.payments import Operation, ProviderSetup, sandbox
from assistant.payments.sandbox import Sandbox, approve, charges, decline
from tests.payments.test_provider_contract import operation


class Clock:
    def __init__(self) -> None:
        self.now = dt.datetime(2026, 5, 4, 12, 0, tzinfo=dt.UTC)

    def __call__(self) -> dt.datetime:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(sandbox, "_now", clock)
    for name in ("VOICETILL_SANDBOX", "VOICETILL_SANDBOX_DELAY"):
        monkeypatch.delenv(name, raising=False)
    return clock


def opened(folder: Path, clock: Clock, *script: Any, **settings: Any) -> Sandbox:
    known: dict[str, Any] = {"script": list(script)} if script else {}
    return Sandbox(clock=clock).open(ProviderSetup(shop="burger-bar", data=folder, settings=known | settings))


async def send(provider: Sandbox, asked: Operation) -> Done | Refused | Unknown:
    return await provider.send(provider.build(asked), asked.ref)


def charge(name: str, **more: Any) -> Operation:
    return operation("charge", name, attempt=name, **more)


def state(answer: object) -> str:
    if isinstance(answer, Done):
        return answer.facts.state
    return answer.state if isinstance(answer, Facts) else type(answer).__name__


def ledger(folder: Path) -> dict[str, tuple[str, int]]:
    return {one.attempt: (one.state, one.net) for one in charges(folder)}


async def test_it_follows_the_script_and_then_approves(tmp_path: Path, clock: Clock) -> None:
    provider = opened(tmp_path, clock, "decline", "approve", "decline")
    answers = [state(await send(provider, charge(name))) for name in ("a1", "a1", "a2", "a3", "a4", "a3")]
    assert answers == ["declined", "declined", "paid", "declined", "paid", "declined"]
    again = opened(tmp_path, clock, "decline", "approve", "decline")
    assert state(await send(again, charge("a5"))) == "paid", "the script goes on where it was"
    assert ledger(tmp_path) == {
        "a1": ("declined", 0),
        "a2": ("paid", 4500),
        "a3": ("declined", 0),
        "a4": ("paid", 4500),
        "a5": ("paid", 4500),
    }


async def test_each_shop_has_its_own_place_in_the_script(tmp_path: Path, clock: Clock) -> None:
    provider = opened(tmp_path, clock, "decline", "approve")
    assert state(await send(provider, charge("a1"))) == "declined"
    assert state(await send(provider, charge("b1", shop="corner-shop"))) == "declined"
    assert state(await send(provider, charge("a2"))) == "paid"


async def test_the_variable_wins_over_the_script(tmp_path: Path, clock: Clock, monkeypatch: Any) -> None:
    provider = opened(tmp_path, clock, "decline", "decline")
    monkeypatch.setenv("VOICETILL_SANDBOX", "approve")
    assert state(await send(provider, charge("a1"))) == "paid"
    monkeypatch.setenv("VOICETILL_SANDBOX", "decline")
    assert state(await send(provider, charge("a2"))) == "declined"
    assert state(await send(provider, charge("a1"))) == "paid"


@pytest.mark.parametrize("how", ["script", "variable"])
async def test_a_lost_request_never_arrives_and_its_repeat_does(
    tmp_path: Path, clock: Clock, monkeypatch: Any, how: str
) -> None:
    provider = opened(tmp_path, clock, *(["lose_request", "decline"] if how == "script" else []))
    if how == "variable":
        monkeypatch.setenv("VOICETILL_SANDBOX", "lose_request")
    assert state(await send(provider, charge("a1"))) == "Unknown"
    assert isinstance(await provider.query(charge("a1")), NotFound)
    assert charges(tmp_path) == []
    assert state(await send(provider, charge("a1"))) == "paid" == state(await provider.query(charge("a1")))
    assert ledger(tmp_path) == {"a1": ("paid", 4500)}


async def test_a_lost_answer_is_a_charge_that_a_query_tells(tmp_path: Path, clock: Clock, monkeypatch: Any) -> None:
    provider = opened(tmp_path, clock)
    monkeypatch.setenv("VOICETILL_SANDBOX", "lose_reply")
    assert state(await send(provider, charge("a1"))) == "Unknown"
    assert state(await provider.query(charge("a1"))) == "paid"
    back = operation("refund", "r1", amount=4500)
    assert state(await send(provider, back)) == "Unknown"
    assert state(await provider.query(back)) == "done"
    assert ledger(tmp_path) == {"a1": ("paid", 0)}


async def test_a_late_one_is_paid_when_its_time_comes(tmp_path: Path, clock: Clock) -> None:
    provider = opened(tmp_path, clock, "late:1800", "late:60")
    assert state(await send(provider, charge("a1"))) == "waiting" == state(await send(provider, charge("a2")))
    clock.now += dt.timedelta(seconds=59)
    assert state(await provider.query(charge("a2"))) == "waiting"
    assert state(await send(provider, operation("close", "a2", attempt="a2"))) == "closed"
    clock.now += dt.timedelta(seconds=1741)
    assert state(await provider.query(charge("a1"))) == "paid"
    assert state(await send(provider, operation("close", "a1"))) == "paid"
    assert ledger(tmp_path) == {"a1": ("paid", 4500), "a2": ("closed", 0)}


async def test_a_buyer_decides_or_the_time_runs_out(tmp_path: Path, clock: Clock) -> None:
    provider = opened(tmp_path, clock, *["needs_buyer"] * 4)
    for name in ("a1", "a2", "a3", "a4"):
        answer = await send(provider, charge(name))
        assert isinstance(answer, Done) and answer.facts.state == "waiting"
        assert answer.facts.link and name in answer.facts.link
        assert answer.facts.expires_at == clock.now + dt.timedelta(minutes=15)
    assert approve(tmp_path, "a1").net == 4500
    assert decline(tmp_path, "a2").state == "declined"
    assert state(await send(provider, operation("close", "a3", attempt="a3"))) == "closed"
    clock.now += dt.timedelta(minutes=15)
    facts = [await provider.query(charge(name)) for name in ("a1", "a2", "a3", "a4")]
    assert [state(one) for one in facts] == ["paid", "declined", "closed", "expired"]
    assert all(isinstance(one, Facts) and one.link is None for one in facts)
    for name in ("a1", "a3", "a4"):
        with pytest.raises(SetupError, match="only one that waits"):
            approve(tmp_path, name)
    with pytest.raises(SetupError, match="no charge 'a9'"):
        approve(tmp_path, "a9")


async def test_while_it_is_unknown_it_answers_nothing_and_afterwards_what_its_ledger_says(
    tmp_path: Path, clock: Clock, monkeypatch: Any
) -> None:
    provider = opened(tmp_path, clock, "decline")
    monkeypatch.setenv("VOICETILL_SANDBOX", "unknown")
    for _ in range(2):
        assert state(await send(provider, charge("a1"))) == "Unknown" == state(await provider.query(charge("a1")))
    assert state(await provider.query(charge("a2"))) == "Unknown"
    monkeypatch.delenv("VOICETILL_SANDBOX")
    assert state(await provider.query(charge("a1"))) == "paid" == state(await send(provider, charge("a1")))
    assert ledger(tmp_path) == {"a1": ("paid", 4500)}


async def test_unknown_in_the_script_ends_when_the_merchant_takes_it_out(tmp_path: Path, clock: Clock) -> None:
    silent = opened(tmp_path, clock, "approve", "unknown")
    assert state(await send(silent, charge("a1"))) == "paid"
    assert state(await send(silent, charge("a2"))) == "Unknown" == state(await silent.query(charge("a2")))
    assert state(await silent.query(charge("a1"))) == "paid"
    assert state(await opened(tmp_path, clock, "approve").query(charge("a2"))) == "paid"


async def test_a_charge_closed_before_it_came_is_never_taken(tmp_path: Path, clock: Clock) -> None:
    provider = opened(tmp_path, clock)
    assert state(await send(provider, operation("close"))) == "closed"
    assert state(await send(provider, charge("a1"))) == "closed"
    assert ledger(tmp_path) == {"a1": ("closed", 0)}


async def test_a_key_is_good_for_one_request(tmp_path: Path, clock: Clock) -> None:
    provider = opened(tmp_path, clock)
    await send(provider, charge("a1"))
    assert isinstance(await send(provider, charge("a1", amount=1)), Refused)
    await send(provider, operation("refund", "r1", amount=100))
    assert isinstance(await send(provider, operation("refund", "r1", amount=200)), Refused)
    assert isinstance(await send(provider, operation("refund", "r2", amount=100, currency="USD")), Refused)
    assert isinstance(await send(provider, operation("refund", "r3", amount=100, attempt="a9")), Refused)
    assert ledger(tmp_path) == {"a1": ("paid", 4400)}


async def test_many_refunds_at_once_pay_back_no_more_than_was_captured(tmp_path: Path, clock: Clock) -> None:
    provider = opened(tmp_path, clock)
    await send(provider, charge("a1"))
    answers = await asyncio.gather(*(send(provider, operation("refund", f"r{n}", amount=2000)) for n in range(8)))
    assert sorted(state(answer) for answer in answers) == ["Refused"] * 6 + ["done"] * 2
    assert ledger(tmp_path) == {"a1": ("paid", 500)}


async def test_a_ledger_that_can_not_be_reached_is_no_answer(tmp_path: Path, clock: Clock) -> None:
    provider = opened(tmp_path, clock)
    (tmp_path / "sandbox.db").unlink()
    os.mkdir(tmp_path / "sandbox.db")
    assert isinstance(await send(provider, charge("a1")), Unknown)
    assert isinstance(await provider.query(charge("a1")), Unknown)


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"script": ["approve", "aprove"]}, "entry 2: 'aprove' is not known; choose one of approve, decline"),
        ({"script": ["late:soon"]}, "late:SECONDS"),
        ({"script": [1]}, "entry 1: 1 is not known"),
        ({"script": "approve"}, "a list is wanted"),
    ],
)
def test_a_mistake_in_the_shop_file_is_told_at_the_start(
    tmp_path: Path, clock: Clock, settings: Any, told: str
) -> None:
    with pytest.raises(SetupError) as error:
        opened(tmp_path, clock, **settings)
    assert told in str(error.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("VOICETILL_SANDBOX", "later"),
        ("VOICETILL_SANDBOX", "late:-1"),
        ("VOICETILL_SANDBOX", "late:nan"),
        ("VOICETILL_SANDBOX_DELAY", "soon"),
        ("VOICETILL_SANDBOX_DELAY", "inf"),
    ],
)
def test_a_mistake_in_a_variable_is_told_at_the_start(
    tmp_path: Path, clock: Clock, monkeypatch: Any, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SetupError, match=name):
        opened(tmp_path, clock)


def test_a_folder_that_can_not_be_used_is_told_at_the_start(tmp_path: Path, clock: Clock) -> None:
    (tmp_path / "data").write_text("mine")
    with pytest.raises(SetupError, match="--data"):
        opened(tmp_path / "data", clock)

"""What every payment provider promises, over every one that is discovered."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from assistant.commerce.payment import ATTEMPT_MOVES, Done, Facts, NotFound, Refused, Unknown
from assistant.discovery import discover
from assistant.payments import Operation, Provider, ProviderSetup

ANSWERS = ATTEMPT_MOVES["sent"]


@pytest.fixture(params=sorted(discover("provider")))
async def provider(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Provider]:
    monkeypatch.delenv("VOICETILL_SANDBOX", raising=False)
    monkeypatch.delenv("VOICETILL_SANDBOX_DELAY", raising=False)
    opened = discover("provider")[request.param].open(ProviderSetup(shop="burger-bar", data=tmp_path, settings={}))
    yield opened
    await opened.close()


def operation(kind: str = "charge", ref: str = "a1", **more: Any) -> Operation:
    known: dict[str, Any] = {
        "kind": kind,
        "ref": ref,
        "attempt": "a1",
        "order": "o1",
        "shop": "burger-bar",
        "amount": 4500,
        "currency": "CNY",
        "expires_at": dt.datetime(2026, 5, 4, 12, 15, tzinfo=dt.UTC),
    }
    return Operation(**(known | more))


async def sent(provider: Provider, asked: Operation) -> Facts:
    answer = await provider.send(provider.build(asked), asked.ref)
    assert isinstance(answer, Done), answer
    return answer.facts


def test_it_says_what_it_is(provider: Provider) -> None:
    assert set(provider.WORDS) >= {"en", "zh", "ko"}
    assert all(words.get("name") for words in provider.WORDS.values())
    assert isinstance(provider.pays_later, bool) and isinstance(provider.sandbox, bool)
    assert isinstance(provider.keys, frozenset)
    assert provider.offers(4500, "CNY", frozenset()) in (True, False)


def test_the_same_operation_is_the_same_bytes(provider: Provider) -> None:
    assert provider.build(operation()) == provider.build(operation())
    assert provider.build(operation()) != provider.build(operation(amount=4501))


async def test_an_answer_speaks_of_what_was_asked(provider: Provider) -> None:
    facts = await sent(provider, operation())
    assert (facts.kind, facts.ref, facts.amount, facts.currency) == ("charge", "a1", 4500, "CNY")
    assert facts.state in ANSWERS


async def test_the_same_request_twice_is_one_charge(provider: Provider) -> None:
    first = await sent(provider, operation())
    assert await sent(provider, operation()) == first == await provider.query(operation())


async def test_the_same_request_many_times_at_once_is_one_charge(provider: Provider) -> None:
    facts = await asyncio.gather(*(sent(provider, operation()) for _ in range(8)))
    assert all(one == facts[0] for one in facts)


async def test_a_query_changes_nothing(provider: Provider) -> None:
    before = await provider.query(operation())
    assert await provider.query(operation()) == before
    if isinstance(before, Facts):
        assert provider.pays_later, "who collects can't know of a charge that was never sent"
    else:
        assert isinstance(before, NotFound | Unknown)


async def test_a_closed_charge_is_closed_or_was_paid(provider: Provider) -> None:
    charged = await sent(provider, operation())
    close = operation("close")
    closed = await sent(provider, close)
    assert (closed.kind, closed.ref) == ("close", "a1")
    assert closed.state == ("paid" if charged.state == "paid" else "closed")
    assert (await sent(provider, close)).state == closed.state


async def test_no_more_goes_back_than_was_captured(provider: Provider) -> None:
    charged = await sent(provider, operation())
    back = operation("refund", "r1", amount=3000)
    first = await provider.send(provider.build(back), "r1")
    if charged.state != "paid":
        assert isinstance(first, Refused)
        return
    assert isinstance(first, Done) and first.facts.state == "done" and first.facts.amount == 3000
    assert await provider.send(provider.build(back), "r1") == first
    assert await provider.query(back) == first.facts
    more = operation("refund", "r2", amount=1501)
    assert isinstance(await provider.send(provider.build(more), "r2"), Refused)
    rest = replace(more, amount=1500)
    assert (await sent(provider, rest)).state == "done"


def test_a_notification_that_can_not_be_trusted_is_refused(provider: Provider) -> None:
    with pytest.raises(ValueError):
        provider.read_webhook({}, b'{"state": "paid", "ref": "a1"}', dt.datetime(2026, 5, 4, tzinfo=dt.UTC))
    good, bad = provider.ack(True)[0], provider.ack(False)[0]
    assert 200 <= good < 300 and bad != good

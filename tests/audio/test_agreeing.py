"""Two readings made hypotheses, and what the core makes of these: a question where they differ, no silent order."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest
from msgspec.structs import replace

from assistant.turns import Act, Hypothesis, LineSaid, Reply
from channels.audio.agreeing import UNSURE, agreed, moves_money
from models.recognizers import Heard
from tests.app.talk import TO_READ_BACK, Kiosk

SURE_ENOUGH = 0.6
"""What a yes must be heard with to count."""


def readings(*texts: str, sure: float = 0.9) -> tuple[Heard, ...]:
    return tuple(Heard(text, sure - 0.3 * rank) for rank, text in enumerate(texts))


class Counter(Kiosk):
    """The burger bar, which hears by two ears."""

    async def both(self, free: Sequence[str], held: Sequence[str] | None, language: str = "en") -> Reply:
        """`free`: heard freely; `held`: when held to what is likely."""
        known = await self.house.vocabulary("s", language)
        made = agreed(readings(*free), readings(*held, sure=1.0) if held is not None else None, known)
        return await self.takes(made, language)

    async def takes(self, made: tuple[Hypothesis, ...], language: str = "en") -> Reply:
        turn = replace(self.turn(), shop=self.house.shop, acts=(), hypotheses=made, source="speech", language=language)
        return await self.house.take(turn)

    async def lines(self) -> list[tuple[str, int]]:
        _, order, _ = await self.store.state(self.house.shop, "s")
        return [(line.item, line.quantity) for line in order.lines] if order is not None else []

    async def at_read_back(self) -> None:
        pickup = (*TO_READ_BACK[1:],)
        for act in (Act("add", (LineSaid("coke", 1),)), *pickup):
            reply = await self.house.take(replace(self.turn(act), shop=self.house.shop))
        assert reply.expects == "confirm", reply.text

    async def stage(self) -> tuple[str, bool]:
        """The order's stage, and whether anybody agreed to it."""
        _, order, _ = await self.store.state(self.house.shop, "s")
        assert order is not None
        return order.stage, order.consent is not None


@pytest.fixture
async def counter(tmp_path: Path) -> AsyncIterator[Counter]:
    async with Counter.at("burger-bar", tmp_path) as open_one:
        yield open_one


# --------------------------------------------------------------------------------------------------- an order


@pytest.mark.parametrize(
    ("language", "free", "held"),
    [
        ("en", "two cokes please", "two cokes please"),
        ("en", "uh two cokes", "[unk] two cokes"),
        ("zh", "我要两杯可乐", "我要两杯可乐"),
        ("ko", "콜라 두잔 주세요", "콜라 두 잔 주세요"),
    ],
)
async def test_what_both_heard_is_ordered(counter: Counter, language: str, free: str, held: str) -> None:
    reply = await counter.both([free], [held], language)
    assert await counter.lines() == [("coke", 2)], reply.text


@pytest.mark.parametrize(
    ("language", "free", "held"),
    [
        ("en", "to cokes please", "two cokes please"),
        ("zh", "来两杯渴了", "来两杯可乐"),
        ("ko", "콜나 두 잔", "콜라 두 잔"),
    ],
)
async def test_what_comes_to_the_same_is_agreed(counter: Counter, language: str, free: str, held: str) -> None:
    await counter.both([free], [held], language)
    assert await counter.lines() == [("coke", 2)]


@pytest.mark.parametrize(
    ("language", "free", "held"),
    [
        ("en", "three cokes", "two cokes"),
        ("en", "do you close", "two cokes"),
        ("en", "the weather is fine in hawaii today", "the brownie and a fries"),
        ("en", "i heard him say it was good", "a cheeseburger"),
        ("zh", "今天天气不错", "来三杯可乐"),
        ("ko", "오늘 날씨가 좋네요", "콜라 세 잔"),
    ],
)
async def test_what_only_one_of_them_heard_is_no_order(counter: Counter, language: str, free: str, held: str) -> None:
    await counter.both([free], [held], language)
    assert await counter.lines() == []


async def test_two_counts_are_both_offered(counter: Counter) -> None:
    reply = await counter.both(["three cokes"], ["two cokes"])
    assert "two" in reply.text and "three" in reply.text and reply.expects == "choose"
    await counter.both(["the first one"], ["the first one"])
    assert await counter.lines() == [("coke", 2)]


async def test_on_a_slow_machine_money_is_asked_about(counter: Counter) -> None:
    """Nobody listened freely: what was counted is asked about, and a yes to that question does it."""
    reply = await counter.both([], ["two cokes"])
    assert "Did you mean" in reply.text and await counter.lines() == []
    await counter.both([], ["yes"])
    assert await counter.lines() == [("coke", 2)]
    await counter.both([], ["cancel"])
    assert await counter.lines() == [("coke", 2)], "it is asked, too"


@pytest.mark.parametrize("held", ["[unk]", "[unk] [unk] yes", "[unk] two [unk] [unk]"])
async def test_what_is_mostly_unknown_is_nothing(counter: Counter, held: str) -> None:
    reply = await counter.both([], [held])
    assert await counter.lines() == []
    assert reply.text.startswith("I didn't catch anything."), reply.text


# ---------------------------------------------------------------------------------------------------- consent


@pytest.mark.parametrize(("free", "held"), [("yes", "yes"), ("yes please", "yes please"), ("um yes", "[unk] yes")])
async def test_a_yes_that_both_heard_is_one(counter: Counter, free: str, held: str) -> None:
    await counter.at_read_back()
    await counter.both([free], [held])
    assert await counter.stage() == ("placed", True)


@pytest.mark.parametrize(
    ("free", "held"),
    [
        ([], ["yes"]),
        (["yes"], []),
        (["guess"], ["yes"]),
        (["no"], ["yes"]),
        (["yes"], ["no"]),
        (["don't say yes"], ["[unk] yes"]),
        (["the cress"], ["yes"]),
        (["sounds food"], ["sounds good"]),
        (["go a head band"], ["go ahead"]),
        (["he said yes"], ["[unk] yes"]),
        ([], ["[unk] yes"]),
        ([], ["place the order"]),
    ],
)
async def test_a_yes_that_only_one_heard_is_none(counter: Counter, free: list[str], held: list[str]) -> None:
    await counter.at_read_back()
    reply = await counter.both(free, held)
    assert await counter.stage() == ("open", False), reply.text


async def test_an_unsure_yes_cancels_nothing_that_is_paid(counter: Counter) -> None:
    await counter.at_read_back()
    await counter.both(["yes"], ["yes"])
    reply = await counter.both(["cancel my order"], ["cancel my order"])
    assert "Cancel order A1?" in reply.text, reply.text
    reply = await counter.both([], ["yes"])
    assert "Cancel order" in reply.text and (await counter.stage())[0] == "placed"
    await counter.both(["yes"], ["yes"])
    assert (await counter.stage())[0] == "cancelled"


# --------------------------------------------------------------------------------------------------- the parts


async def test_how_sure_the_readings_are_together(counter: Counter) -> None:
    known = await counter.house.vocabulary("s", "en")

    def sure(free: Sequence[Heard], held: Sequence[Heard] | None) -> list[tuple[str, float]]:
        return [(one.text, one.confidence) for one in agreed(free, held, known)]

    assert sure(readings("a cheese burger"), readings("a cheeseburger"))[0] == ("a cheeseburger", 0.95)
    assert sure(readings("two cokes", sure=0.3), readings("two cokes", sure=0.2)) == [("two cokes", 0.65)]
    assert sure(readings("two cokes"), readings("ten cokes")) == [("ten cokes", UNSURE), ("two cokes", UNSURE)]
    assert sure((), ()) == []
    assert sure(readings("twelve high street"), None) == [("twelve high street", 0.9)]
    alone = sure((), readings("a cheeseburger"))
    assert UNSURE < alone[0][1] < SURE_ENOUGH
    assert [text for text, _ in sure((), readings("two cokes", "ten cokes"))] == ["two cokes"]
    assert [text for text, _ in sure(readings("no", "know"), readings("no"))] == ["no", "know"]


async def test_a_second_hearing_is_wanted_where_money_moves(counter: Counter) -> None:
    known = await counter.house.vocabulary("s", "en")
    assert moves_money(readings("two cokes"), known)
    assert moves_money(readings("yes"), known)
    assert not moves_money(readings("the menu please"), known)
    assert not moves_money((), known)

"""Who else learns of a talk: its followers, channels that a late result goes to; its history; a buyer's page."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from assistant.turns import Happened, House, Reply
from tests.app.conftest import Opened
from tests.app.talk import PRICE, YES, Kiosk


class Desk:
    """A channel that keeps what is pushed to it, until it is gone."""

    can = frozenset({"screen", "links", "push", "private"})
    patience = 0.0
    keys = frozenset[str]()
    WORDS: Mapping[str, Mapping[str, str]] = {}

    def __init__(self, name: str, can: frozenset[str] = can) -> None:
        self.name, self.can = name, can
        self.pushed: list[Reply] = []
        self.gone = False

    async def run(self, house: House, options: Mapping[str, Any]) -> int:
        return 0

    async def deliver(self, session: str, reply: Reply) -> bool:
        if not self.gone:
            self.pushed.append(reply)
        return not self.gone


async def test_every_device_sees_each_turn_once_and_only_of_its_talk(open_kiosk: Opened) -> None:
    kiosk = await open_kiosk()
    seen: list[Happened] = []
    stop = kiosk.house.follow("s", seen.append)
    kiosk.house.follow("s", lambda _happened: 1 / 0)  # one that fails harms nobody
    turn = kiosk.turn(YES, session="s", device="phone")
    await kiosk.house.take(turn)
    await kiosk.house.take(turn)
    await kiosk.says("a cola", session="other")
    await kiosk.says("two colas", device="tablet")
    assert [(one.device, one.text) for one in seen] == [("phone", ""), ("tablet", "two colas")]
    assert "2 colas" in seen[-1].reply.text.lower() or "two colas" in seen[-1].reply.text.lower()
    stop()
    await kiosk.says("a water")
    assert len(seen) == 2


async def waiting(kiosk: Kiosk) -> str:
    """A payment that waits for its buyer; its id."""
    await kiosk.to_read_back()
    reply = await kiosk.does(YES, patience=0.5)
    assert reply.private and reply.private[0].value.startswith("https://shop.example/pay/sandbox/")
    return reply.private[0].value.rpartition("/")[2]


async def until(condition: Any) -> None:
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.02)


async def test_a_late_result_goes_to_every_channel_that_is_still_there(open_kiosk: Opened) -> None:
    kiosk = await open_kiosk("needs_buyer")
    kiosk.house.reached_at("https://shop.example")
    first, second, left = Desk("first"), Desk("second"), Desk("left")
    for one in (first, second):
        kiosk.house.listen("s", one)
    kiosk.house.listen("s", left)()
    attempt = await waiting(kiosk)
    second.gone = True
    assert await kiosk.house.buyer_page("sandbox", attempt, "approve") is not None
    await until(lambda: first.pushed)
    assert "Paid" in first.pushed[-1].text and left.pushed == [] and second.pushed == []
    async with asyncio.timeout(10):
        while [one.who for one in await kiosk.house.said("s") if one.text.startswith("Paid")] != ["assistant"]:
            await asyncio.sleep(0.02)
    session, order, payment = await kiosk.state()
    assert session.news == () and (order.stage, payment.charges, payment.net) == ("placed", 1, PRICE)


async def test_nobody_there_hears_it_on_the_next_turn(open_kiosk: Opened) -> None:
    kiosk = await open_kiosk("needs_buyer")
    kiosk.house.reached_at("https://shop.example/")
    attempt = await waiting(kiosk)
    await kiosk.house.buyer_page("sandbox", attempt, "approve")
    await kiosk.house.settled(5)
    assert "Paid" in (await kiosk.says("hello")).text


@pytest.mark.parametrize(("decide", "state", "charges"), [("approve", "paid", 1), ("decline", "declined", 0)])
async def test_a_buyers_page_decides_once(open_kiosk: Opened, decide: str, state: str, charges: int) -> None:
    kiosk = await open_kiosk("needs_buyer")
    kiosk.house.reached_at("https://shop.example")
    attempt = await waiting(kiosk)
    page = await kiosk.house.buyer_page("sandbox", attempt)
    assert page is not None and (page["amount"], page["currency"], page["state"]) == (PRICE, "CNY", "waiting")
    other = "decline" if decide == "approve" else "approve"
    for how in (decide, decide, other):
        page = await kiosk.house.buyer_page("sandbox", attempt, how)
        assert page is not None and page["state"] == state
    await kiosk.house.settled(5)
    _session, _order, payment = await kiosk.state()
    assert payment.charges == charges
    await kiosk.balanced()


async def test_there_are_no_pages_of_others(open_kiosk: Opened) -> None:
    kiosk = await open_kiosk()
    for provider in ("sandbox", "pay_on_delivery", "nobody"):
        assert await kiosk.house.buyer_page(provider, "nothing", "approve") is None


async def test_a_talk_is_told_as_it_was_without_what_is_private(open_kiosk: Opened) -> None:
    kiosk = await open_kiosk("needs_buyer")
    kiosk.house.reached_at("https://shop.example")
    await kiosk.says("two colas")
    await kiosk.says("my card is 4111 1111 1111 1111")
    await kiosk.says("hi", session="other")
    said = await kiosk.house.said("s")
    assert [one.who for one in said] == ["person", "assistant"] * 2
    assert said[0].text == "two colas" and "colas" in said[1].text
    assert "4111" not in "".join(one.text for one in said)
    assert [one.text for one in await kiosk.house.said("s", limit=1)] == [said[-1].text]
    await waiting(kiosk)
    assert all(one.reply is None or not one.reply.private for one in await kiosk.house.said("s"))
    assert await kiosk.house.said("nobody") == []


async def test_what_the_shop_sells_is_shown_with_what_is_left(open_kiosk: Opened) -> None:
    kiosk = await open_kiosk()
    shown = {one["id"]: one for one in await kiosk.house.goods("en")}
    assert set(shown) == {"cola", "water"} and shown["cola"]["price"] == PRICE and shown["cola"]["available"]
    assert await kiosk.house.goods("en", category="nothing") == []
    about = kiosk.house.about("en")
    assert (about["name"], about["open"], about["sandbox"]) == ("Kiosk", True, True)
    assert all(one == "" for one in (await kiosk.house.health()).values())

"""What a buyer gets back by asking: never more than is left, unit by unit what a line cost, and not for ever."""

from __future__ import annotations

import pytest

from assistant.commerce.order import Order
from assistant.turns import Act, LineSaid
from tests.app.conftest import Opened
from tests.app.talk import PRICE, YES, Kiosk


async def ready(open_kiosk: Opened, stage: str = "ready", colas: int = 3) -> tuple[Kiosk, Order]:
    """An order of some colas, paid, in that stage."""
    kiosk = await open_kiosk()
    await kiosk.does(Act("add", (LineSaid("cola", colas - 1),)))
    await kiosk.to_read_back()
    await kiosk.does(YES)
    number = str((await kiosk.state())[1].number)
    while (await kiosk.house.office.advance(number))["stage"] != stage:
        pass
    return kiosk, (await kiosk.state())[1]


async def test_an_order_that_is_done_goes_to_a_person(open_kiosk: Opened) -> None:
    kiosk, _order = await ready(open_kiosk, "done")
    reply = await kiosk.does(Act("refund", (LineSaid("cola", 1),)))
    await kiosk.does(YES)
    _session, _order, payment = await kiosk.state()
    assert "person" in reply.text and not payment.refunds


async def test_a_unit_after_the_other_gives_the_line(open_kiosk: Opened) -> None:
    kiosk, _order = await ready(open_kiosk)
    for left in (2, 1, 0):
        asked = await kiosk.does(Act("refund", (LineSaid("cola", 1),)))
        assert "3.00" in asked.text, asked.text
        await kiosk.does(YES)
        assert (await kiosk.state())[2].net == left * PRICE
    again = await kiosk.does(Act("refund", (LineSaid("cola", 1),)))
    await kiosk.does(YES)
    assert "already" in again.text and (await kiosk.state())[2].net == 0
    await kiosk.balanced()


@pytest.mark.parametrize(
    "act",
    [Act("refund", (LineSaid("cola", 1),)), Act("refund", value={"percent": 50})],
    ids=["a line", "half"],
)
async def test_no_more_goes_back_than_the_shop_left(open_kiosk: Opened, act: Act) -> None:
    """The shop paid back most of it already, of no goods in particular."""
    kiosk, order = await ready(open_kiosk)
    await kiosk.house.office.refund(str(order.number), amount=3 * PRICE - 100)
    asked = await kiosk.does(act)
    assert "1.00" in asked.text, asked.text
    await kiosk.does(YES)
    assert (await kiosk.state())[2].net == 0
    await kiosk.balanced()


async def test_half_of_a_line_is_half_of_what_it_cost(open_kiosk: Opened) -> None:
    kiosk, _order = await ready(open_kiosk)
    asked = await kiosk.does(Act("refund", (LineSaid("cola", 1),), value={"percent": 50}))
    assert "1.50" in asked.text, asked.text
    await kiosk.does(YES)
    assert (await kiosk.state())[2].net == 3 * PRICE - PRICE // 2


async def test_a_yes_to_another_amount_than_was_heard_pays_nothing_back(open_kiosk: Opened) -> None:
    """The shop pays some of it back between the question and its yes: that is told, and the yes is to nothing."""
    kiosk, order = await ready(open_kiosk)
    await kiosk.does(Act("refund"))
    await kiosk.house.office.refund(str(order.number), amount=100)
    told = await kiosk.does(YES)
    assert "1.00" in told.text, told.text
    assert (await kiosk.state())[2].net == 3 * PRICE - 100


@pytest.mark.parametrize("act", [Act("refund"), Act("refund", (LineSaid("cola", 1),)), Act("cancel")])
async def test_to_ask_for_it_twice_is_no_yes(open_kiosk: Opened, act: Act) -> None:
    kiosk, order = await ready(open_kiosk, "preparing")
    await kiosk.does(act)
    await kiosk.does(act)
    _session, after, payment = await kiosk.state()
    assert (after.stage, payment.net) == (order.stage, 3 * PRICE)

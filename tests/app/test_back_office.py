"""What the merchant does to orders: looks, moves them on, cancels, pays back, and never too much."""

from __future__ import annotations

import asyncio

import pytest

from assistant.errors import SetupError
from assistant.payments import sandbox
from assistant.turns import Act, LineSaid
from tests.app import talk
from tests.app.conftest import Opened
from tests.app.talk import PRICE, YES, Kiosk, comes_to


async def placed(open_kiosk: Opened, count: int = 1) -> tuple[Kiosk, str]:
    kiosk = await open_kiosk()
    if count > 1:
        await kiosk.does(Act("add", (LineSaid("cola", count - 1),)))
    await kiosk.to_read_back()
    await kiosk.does(YES)
    return kiosk, str((await kiosk.state())[1].number)


async def test_the_merchant_lists_shows_and_advances(open_kiosk: Opened) -> None:
    kiosk, number = await placed(open_kiosk)
    (listed,) = await kiosk.house.office.orders()
    assert listed["stage"] == "placed"
    assert (await kiosk.house.office.show(number.lower()))["id"] == listed["id"]
    stages = []
    with pytest.raises(SetupError, match=number):
        for _ in range(9):
            stages.append((await kiosk.house.office.advance(number))["stage"])
    assert stages[-1] == "done"
    with pytest.raises(SetupError, match="no order"):
        await kiosk.house.office.show("Z99")


async def test_the_merchant_cancels_and_the_buyer_is_paid_back_and_told(open_kiosk: Opened) -> None:
    kiosk, number = await placed(open_kiosk)
    shown = await kiosk.house.office.cancel(number)
    assert (shown["stage"], shown["payment"]["status"], shown["payment"]["net"]) == ("cancelled", "refunded", 0)
    assert await kiosk.colas() == 5
    await kiosk.balanced()
    assert "3.00" in (await kiosk.does(Act("ask_menu"))).text
    with pytest.raises(SetupError, match="cancelled"):
        await kiosk.house.office.cancel(number)


@pytest.mark.parametrize("first_paid", [False, True])
async def test_the_merchant_cancels_what_is_being_paid(open_kiosk: Opened, first_paid: bool) -> None:
    """The payment is closed first; if it was made after all, it goes back. Either way nothing stays held."""
    kiosk = await open_kiosk("needs_buyer")
    await kiosk.to_read_back()
    await kiosk.does(YES)
    (charge,) = kiosk.charged()
    if first_paid:
        sandbox.approve(kiosk.data, charge.attempt)
    await kiosk.house.office.cancel((await kiosk.state())[1].id)
    await comes_to(kiosk, "refunded" if first_paid else "due", "cancelled")
    _session, order, payment = await kiosk.state()
    assert (order.stage, order.number, payment.live, payment.net) == ("cancelled", None, None, 0)
    assert [(one.state, one.net) for one in kiosk.charged()] == [("paid" if first_paid else "closed", 0)]
    assert await kiosk.colas() == 5
    await kiosk.balanced()


async def test_what_the_merchant_cancels_is_paid_at_no_door(open_kiosk: Opened) -> None:
    kiosk = await open_kiosk()
    await kiosk.to_read_back(method="cash")
    await kiosk.does(YES)
    shown = await kiosk.house.office.cancel(str((await kiosk.state())[1].number))
    assert (shown["stage"], shown["payment"]["status"]) == ("cancelled", "none")
    assert ((await kiosk.state())[2].live, await kiosk.colas()) == (None, 5)


async def test_the_merchant_refunds_lines_and_amounts_but_never_too_much(open_kiosk: Opened) -> None:
    kiosk, number = await placed(open_kiosk, 3)
    (line,) = (await kiosk.state())[1].lines
    shown = await kiosk.house.office.refund(number, lines={line.id: 1})
    assert (shown["payment"]["status"], shown["payment"]["net"]) == ("partly_refunded", 2 * PRICE)
    shown = await kiosk.house.office.refund(number, amount=100)
    assert shown["payment"]["net"] == 2 * PRICE - 100
    with pytest.raises(SetupError, match="from 1 to 500"):
        await kiosk.house.office.refund(number, amount=501)
    with pytest.raises(SetupError, match="line 77"):
        await kiosk.house.office.refund(number, lines={77: 1})
    with pytest.raises(SetupError, match="left: 2 of line"):
        await kiosk.house.office.refund(number, lines={line.id: 3})
    shown = await kiosk.house.office.refund(number)
    assert (shown["payment"]["status"], shown["payment"]["net"]) == ("refunded", 0)
    await kiosk.balanced()


async def test_two_refunds_at_once_never_pay_back_more_than_was_paid(open_kiosk: Opened) -> None:
    kiosk, number = await placed(open_kiosk)
    results = await asyncio.gather(
        *(kiosk.house.office.refund(number, amount=200) for _ in range(3)), return_exceptions=True
    )
    assert sum(isinstance(one, dict) for one in results) == 1
    _session, _order, payment = await kiosk.state()
    assert payment.net == 100
    await kiosk.balanced()


async def test_a_refund_that_its_asker_named_is_made_once_however_often_it_comes(open_kiosk: Opened) -> None:
    """Who got no answer asks again: nothing more goes back for it."""
    kiosk, number = await placed(open_kiosk, 3)
    office = kiosk.house.office
    await asyncio.gather(*(office.refund(number, amount=100, asked="r1") for _ in range(3)))
    shown = await office.refund(number, amount=100, asked="r1")
    assert (shown["payment"]["refunds"], shown["payment"]["net"]) == (1, 3 * PRICE - 100)
    with pytest.raises(SetupError, match="'r1' paid back 100 before"):
        await office.refund(number, amount=200, asked="r1")
    shown = await office.refund(number, amount=100, asked="r2")
    assert shown["payment"]["net"] == 3 * PRICE - 200
    for _ in range(2):
        shown = await office.refund(number, asked="all")
        assert (shown["payment"]["status"], shown["payment"]["refunds"]) == ("refunded", 3)
    await kiosk.balanced()


async def test_a_unit_is_paid_back_once_whoever_asks_at_the_same_moment(open_kiosk: Opened) -> None:
    one = await open_kiosk()
    await one.does(Act("add", (LineSaid("water", 2),)))
    await one.to_read_back()
    await one.does(YES)
    _session, order, _payment = await one.state()
    two = await open_kiosk(store=talk.beside(one.store, one.clock, one.data), clock=one.clock)
    cola = next(line.id for line in order.lines if line.item == "cola")
    results = await asyncio.gather(
        *(kiosk.house.office.refund(str(order.number), lines={cola: 1}) for kiosk in (one, two)), return_exceptions=True
    )
    assert sorted(isinstance(result, dict) for result in results) == [False, True]
    _session, _order, payment = await one.state()
    assert payment.net == payment.captured - PRICE
    await one.balanced()


async def test_a_mere_look_runs_no_effects(open_kiosk: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOICETILL_SANDBOX", "unknown")
    kiosk = await open_kiosk()
    await kiosk.to_read_back()
    await kiosk.does(YES, patience=0.1)
    await kiosk.house.close()
    owed = await kiosk.store.owed()
    looking = await open_kiosk(store=kiosk.store, clock=kiosk.clock, recover=False)
    assert (await looking.house.office.orders())[0]["payment"]["status"] == "unknown"
    await asyncio.sleep(0.3)
    assert await kiosk.store.owed() == owed

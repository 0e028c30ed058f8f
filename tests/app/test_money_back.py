"""What a buyer gets back by asking: never more than is left, unit by unit what a line cost, and not for ever."""

from __future__ import annotations

import pytest

from assistant.commerce.order import Order
from assistant.commerce.payment import Refused
from assistant.turns import Act, LineSaid
from tests.app.conftest import Opened
from tests.app.far_end import ByTransfer, FarEnd, notify, paid_facts, second_try
from tests.app.talk import CANCEL, PRICE, YES, Kiosk, comes_to, until


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


async def test_calling_it_off_gives_back_what_the_shop_left(open_kiosk: Opened) -> None:
    kiosk, order = await ready(open_kiosk, "preparing")
    await kiosk.house.office.refund(str(order.number), amount=100)
    asked = await kiosk.does(CANCEL)
    assert "8.00" in asked.text and "9.00" not in asked.text, asked.text
    await kiosk.does(YES)
    await kiosk.house.settled(10)
    _session, order, payment = await kiosk.state()
    assert (order.stage, payment.net, [one.amount for one in payment.refunds]) == ("cancelled", 0, [100, 800])
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


@pytest.mark.parametrize("act", [Act("refund"), Act("cancel")])
async def test_a_yes_that_was_hardly_heard_or_came_from_elsewhere_gives_nothing_back(
    open_kiosk: Opened, act: Act
) -> None:
    kiosk, order = await ready(open_kiosk, "preparing")
    await kiosk.does(act, device="hall")
    for doubtful in (kiosk.hears("yes", confidence=0.5, device="hall"), kiosk.hears("yes", device="kitchen")):
        reply = await doubtful
        assert "9.00" in reply.text and reply.expects == "choose", reply.text
        _session, after, payment = await kiosk.state()
        assert (after.stage, payment.net) == (order.stage, 3 * PRICE)
    await kiosk.hears("yes", device="kitchen")
    await comes_to(kiosk, "refunded", "cancelled")


# -- one order that was paid twice -------------------------------------------------------------------------------


async def paid_twice(by_transfer: ByTransfer, monkeypatch: pytest.MonkeyPatch) -> tuple[Kiosk, FarEnd, str]:
    """An order whose first payment came late, when the second had paid, and could not go back: both are kept."""
    kiosk, far_end, late = await second_try(by_transfer)
    await notify(kiosk, await paid_facts(kiosk, event_id="second"))
    with monkeypatch.context() as refusing:
        refusing.setattr(far_end, "send", refused)
        await notify(kiosk, late)
        await until(lambda: _failed(kiosk))
    _session, order, payment = await kiosk.state()
    assert (order.stage, payment.charges, payment.net, payment.status) == ("placed", 2, 2 * PRICE, "review")
    return kiosk, far_end, str(order.number)


async def refused(request: bytes, key: str) -> Refused:
    return Refused("the account is closed")


async def _failed(kiosk: Kiosk) -> bool:
    return any(one.state == "failed" for one in (await kiosk.state())[2].refunds)


async def went_back(kiosk: Kiosk) -> list[tuple[int, int, tuple[tuple[int, int], ...]]]:
    """(which payment, how much, of which goods) of each refund that was done."""
    payment = (await kiosk.state())[2]
    places = {one.id: place for place, one in enumerate(payment.attempts, 1)}
    return [(places[one.attempt], one.amount, one.lines) for one in payment.refunds if one.state == "done"]


async def test_calling_it_off_gives_back_both_payments(
    by_transfer: ByTransfer, monkeypatch: pytest.MonkeyPatch
) -> None:
    kiosk, _far_end, _number = await paid_twice(by_transfer, monkeypatch)
    assert "6.00" in (await kiosk.does(CANCEL)).text
    await kiosk.does(YES)
    await kiosk.house.settled(10)
    assert await went_back(kiosk) == [(2, PRICE, ((1, 1),)), (1, PRICE, ())], "the goods go back once"
    assert (await kiosk.state())[2].net == 0


async def test_a_share_of_both_payments_comes_from_the_latest_first(
    by_transfer: ByTransfer, monkeypatch: pytest.MonkeyPatch
) -> None:
    kiosk, _far_end, number = await paid_twice(by_transfer, monkeypatch)
    for asked in (Act("refund", value={"percent": 75}), Act("refund", value={"percent": 10})):
        await kiosk.does(asked)
        await kiosk.does(YES)
        await kiosk.house.settled(10)
    assert await went_back(kiosk) == [(2, PRICE, ()), (1, 150, ()), (1, 60, ())]
    await kiosk.house.office.refund(number)
    assert [one[:2] for one in await went_back(kiosk)][3:] == [(1, 90)]
    assert (await kiosk.state())[2].net == 0


async def test_the_shop_gives_back_of_both_payments(by_transfer: ByTransfer, monkeypatch: pytest.MonkeyPatch) -> None:
    kiosk, _far_end, number = await paid_twice(by_transfer, monkeypatch)
    await kiosk.house.office.refund(number, amount=100)
    await kiosk.house.office.refund(number, amount=400)
    assert await went_back(kiosk) == [(2, 100, ()), (2, 200, ()), (1, 200, ())]
    await kiosk.house.office.cancel(number)
    assert (await went_back(kiosk))[3:] == [(1, 100, ((1, 1),))]
    assert (await kiosk.state())[2].net == 0


async def test_only_what_was_taken_goes_back(by_transfer: ByTransfer) -> None:
    """The first payment came late, and the second was closed for it."""
    kiosk, _far_end, late = await second_try(by_transfer)
    await notify(kiosk, late)
    await kiosk.house.settled(10)
    await kiosk.does(CANCEL)
    await kiosk.does(YES)
    await kiosk.house.settled(10)
    assert await went_back(kiosk) == [(1, PRICE, ((1, 1),))]
    assert ((await kiosk.state())[1].stage, (await kiosk.state())[2].net) == ("cancelled", 0)

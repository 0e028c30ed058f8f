"""What was agreed to and paid stays as it is, and money that nobody is to keep goes back."""

from __future__ import annotations

import msgspec
import pytest

import assistant.premises
from assistant.commerce.payment import Facts
from assistant.commerce.shop import Method
from assistant.turns import Act, LineSaid
from tests.app import talk
from tests.app.conftest import Opened
from tests.app.far_end import FarEnd
from tests.app.talk import PRICE, YES


@pytest.mark.parametrize(
    "act",
    [
        Act("change", (LineSaid(None, 2),)),
        Act("change", (LineSaid("water", 1),), (LineSaid("cola"),)),
        Act("change", (LineSaid(None, 0, which=1),)),
    ],
)
async def test_the_lines_of_an_order_that_is_placed_are_not_changed(open_kiosk: Opened, act: Act) -> None:
    kiosk = await open_kiosk()
    await kiosk.to_read_back()
    await kiosk.does(YES)
    _session, before, _payment = await kiosk.state()
    reply = await kiosk.does(act)
    _session, after, payment = await kiosk.state()
    assert (after.lines, after.consent) == (before.lines, before.consent)
    assert (payment.net, await kiosk.colas()) == (PRICE, 4)
    assert str(before.number) in reply.text


async def test_a_thing_asked_for_and_called_off_in_one_breath(open_kiosk: Opened) -> None:
    kiosk = await open_kiosk()
    reply = await kiosk.does(Act("add", (LineSaid("cola", 1),)), Act("cancel"))
    _session, order, _payment = await kiosk.state()
    assert order.stage == "cancelled"
    assert reply.text and "wrong" not in reply.text


async def test_late_money_for_an_order_that_was_paid_otherwise_and_cancelled_goes_back(
    open_kiosk: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    far_end, find, make = FarEnd(), assistant.premises.find, talk.kiosk
    monkeypatch.setattr(
        assistant.premises, "find", lambda kind, name: far_end if name == "transfer" else find(kind, name)
    )

    def with_transfer(*given: object) -> object:
        shop, catalogue = make(*given)  # type: ignore[arg-type]
        transfer = Method(id="transfer", names={"en": ("transfer",)}, provider="transfer")
        return msgspec.structs.replace(shop, methods={**shop.methods, "transfer": transfer}), catalogue

    monkeypatch.setattr(talk, "kiosk", with_transfer)
    far_end.first = "declined"
    kiosk = await open_kiosk()
    await kiosk.to_read_back(method="transfer")
    await kiosk.does(YES)
    await kiosk.does(Act("choose_method", value="card"))
    await kiosk.does(YES)
    await kiosk.does(Act("cancel"))
    await kiosk.does(YES)
    _session, order, payment = await kiosk.state()
    assert (order.stage, payment.net) == ("cancelled", 0)

    first = payment.attempts[0]
    late = Facts(kind="charge", ref=first.id, state="paid", amount=first.amount, currency=first.currency)
    await kiosk.house.webhook("transfer", {"signature": "right"}, msgspec.json.encode(late))
    await kiosk.house.settled(10)
    _session, order, payment = await kiosk.state()
    assert (order.stage, payment.charges, payment.net) == ("cancelled", 2, 0)
    assert far_end.sent("refund") == 1

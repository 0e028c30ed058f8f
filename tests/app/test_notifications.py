"""A payment service that notifies, late, twice, wrongly, or not at all: what was paid is booked once, or goes back."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from msgspec.structs import replace

from assistant.commerce.payment import Done, Facts, Refused, Unknown
from assistant.errors import StoreError
from assistant.storage import Change, Committed, Conflict
from assistant.turns import Act, LineSaid
from tests.app import talk
from tests.app.conftest import Opened
from tests.app.far_end import ByTransfer, FarEnd, notify, paid_facts
from tests.app.talk import CANCEL, PRICE, TO_READ_BACK, YES, Kiosk, beside, comes_to, until


async def test_a_notification_twenty_times_at_once_is_one_credit(by_transfer: ByTransfer) -> None:
    kiosk, _far_end = await by_transfer()
    await kiosk.does(YES)
    facts = await paid_facts(kiosk)
    statuses = await asyncio.gather(*(notify(kiosk, facts) for _ in range(20)))
    assert set(statuses) == {200}
    _session, order, payment = await kiosk.state()
    assert (order.stage, payment.net) == ("placed", PRICE)
    assert len(await kiosk.store.entries(order.id)) == 2
    assert await notify(kiosk, replace(facts, event_id="e2")) == 200
    assert len(await kiosk.store.entries(order.id)) == 2


async def test_an_older_notification_does_not_undo_a_payment(by_transfer: ByTransfer) -> None:
    kiosk, _far_end = await by_transfer()
    await kiosk.does(YES)
    await notify(kiosk, await paid_facts(kiosk))
    for state in ("waiting", "expired", "declined", "closed"):
        assert await notify(kiosk, await paid_facts(kiosk, state=state, event_id=state)) == 200
    _session, order, payment = await kiosk.state()
    assert (order.stage, payment.status) == ("placed", "paid")


async def test_a_notification_with_a_wrong_signature_is_refused(by_transfer: ByTransfer) -> None:
    kiosk, _far_end = await by_transfer()
    await kiosk.does(YES)
    assert await notify(kiosk, await paid_facts(kiosk), signature="wrong") == 400
    assert await notify(kiosk, await paid_facts(kiosk), provider="nobody") == 404
    assert (await kiosk.state())[2].net == 0


@pytest.mark.parametrize("changes", [{"amount": PRICE - 1}, {"amount": PRICE + 1}, {"currency": "USD"}])
async def test_another_amount_is_never_taken_as_paid(by_transfer: ByTransfer, changes: dict[str, object]) -> None:
    kiosk, _far_end = await by_transfer()
    await kiosk.does(YES)
    assert await notify(kiosk, await paid_facts(kiosk, **changes)) == 200
    _session, order, payment = await kiosk.state()
    assert (order.stage, payment.status, payment.charges) == ("open", "review", 0)


async def test_a_notification_about_nothing_of_ours_moves_no_money(by_transfer: ByTransfer) -> None:
    kiosk, _far_end = await by_transfer()
    await kiosk.does(YES)
    assert await notify(kiosk, await paid_facts(kiosk, ref="somebody-elses")) == 200
    _session, order, payment = await kiosk.state()
    assert (order.stage, payment.net) == ("open", 0)
    assert "payment.unmatched" in [one.kind for one in await kiosk.store.events()]


async def test_a_provider_speaks_for_its_own_payments_only(by_transfer: ByTransfer) -> None:
    kiosk, _far_end = await by_transfer()
    await kiosk.to_read_back("other", method="cash")
    await kiosk.does(YES, session="other")
    attempt = (await kiosk.state("other"))[2].attempts[0]
    await notify(kiosk, Facts(kind="charge", ref=attempt.id, state="paid", amount=attempt.amount, currency="CNY"))
    assert (await kiosk.state("other"))[2].net == 0


async def test_a_shop_hears_of_its_own_payments_only(
    by_transfer: ByTransfer, open_kiosk: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two shops may stand over one data folder."""
    kiosk, _far_end = await by_transfer()
    await kiosk.does(YES)
    shop, catalogue = talk.kiosk(kiosk.data)
    monkeypatch.setattr(talk, "kiosk", lambda *_: (replace(shop, id="next-door"), catalogue))
    other = await open_kiosk(store=beside(kiosk.store, kiosk.clock, kiosk.data), clock=kiosk.clock)
    await notify(other, await paid_facts(kiosk))
    _session, order, payment = await kiosk.state()
    assert (order.stage, payment.net) == ("open", 0)
    await notify(kiosk, await paid_facts(kiosk, event_id="e2"))
    assert (await kiosk.state())[2].net == PRICE


@pytest.mark.parametrize("end", ["declined", "expired"])
async def test_money_that_comes_late_is_taken_while_the_order_still_can_be(by_transfer: ByTransfer, end: str) -> None:
    kiosk, _far_end = await by_transfer()
    await kiosk.does(YES)
    await notify(kiosk, await paid_facts(kiosk, state=end, event_id="first"))
    assert (await kiosk.state())[1].stage == "open"
    await notify(kiosk, await paid_facts(kiosk))
    await kiosk.house.settled(10)
    _session, order, payment = await kiosk.state()
    assert (order.stage, payment.net) in {("placed", PRICE), ("open", 0)}
    assert payment.charges == 1
    assert payment.refunding == 0


@pytest.mark.parametrize("left", [1, 0])
async def test_late_money_is_taken_only_while_the_goods_are_there(by_transfer: ByTransfer, left: int) -> None:
    """Its buyer was about to try once more."""
    kiosk, far_end = await by_transfer()
    await kiosk.does(YES)
    await notify(kiosk, await paid_facts(kiosk, state="expired", event_id="first"))
    assert (await kiosk.does(Act("choose_method", value="transfer"))).expects == "confirm"
    sold = 5 - left
    for act in (Act("add", (LineSaid("cola", sold),)), *TO_READ_BACK[1:-1], Act("choose_method", value="cash"), YES):
        await kiosk.does(act, session="other")
    assert await kiosk.colas() == left
    assert await notify(kiosk, await paid_facts(kiosk)) == 200
    await comes_to(kiosk, *(("paid", "placed") if left else ("refunded", "open")))
    _session, order, payment = await kiosk.state()
    taken = ("placed", PRICE, 0) if left else ("open", 0, 1)
    assert (order.stage, payment.net, far_end.sent("refund")) == taken
    assert ("came through after all" if left else "paying it back") in (await kiosk.does(Act("help"))).text
    assert await kiosk.colas() == 0


async def test_money_that_comes_after_a_cancel_goes_back_in_full(by_transfer: ByTransfer) -> None:
    kiosk, far_end = await by_transfer()
    await kiosk.does(YES)
    await kiosk.does(CANCEL)
    assert (await kiosk.state())[1].stage == "cancelled"
    await notify(kiosk, await paid_facts(kiosk))
    await comes_to(kiosk, "refunded", "cancelled")
    _session, order, payment = await kiosk.state()
    assert (payment.charges, payment.net, far_end.sent("refund")) == (1, 0, 1)
    assert sum(one.amount for one in await kiosk.store.entries(order.id) if one.account == "gateway:transfer") == 0
    assert await kiosk.colas() == 5


async def test_a_payment_of_nothing_that_comes_after_a_cancel_gives_nothing_back(
    by_transfer: ByTransfer, monkeypatch: pytest.MonkeyPatch
) -> None:
    gift = '[promotions.gift]\nnames = { en = "a gift" }\nkind = "percent"\npercent = "100"\n\n[categories]'
    monkeypatch.setattr(talk, "SHOP", talk.SHOP.replace("[categories]", gift))
    kiosk, far_end = await by_transfer()
    await kiosk.does(YES)
    await kiosk.does(CANCEL)
    assert await notify(kiosk, await paid_facts(kiosk)) == 200
    await kiosk.house.settled(10)
    _session, order, payment = await kiosk.state()
    assert (order.stage, payment.charges, payment.net, far_end.sent("refund")) == ("cancelled", 1, 0, 0)


async def test_a_close_that_finds_the_money_paid_is_believed_at_once(
    by_transfer: ByTransfer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Paid wins, though nothing more is heard of it: the cancel gives all of it back."""
    kiosk, far_end = await by_transfer()
    await kiosk.does(YES)
    paid, send = await paid_facts(kiosk, kind="close", event_id=None), far_end.send

    async def just_paid(request: bytes, key: str) -> Any:
        answer = await send(request, key)
        return Done(paid) if far_end.asked[-1][0] == "close" else answer

    async def nothing(_operation: object) -> Unknown:
        return Unknown("no answer")

    monkeypatch.setattr(far_end, "send", just_paid)
    monkeypatch.setattr(far_end, "query", nothing)
    await kiosk.does(CANCEL)
    await comes_to(kiosk, "refunded", "cancelled")
    assert ((await kiosk.state())[2].net, far_end.sent("refund")) == (0, 1)


async def test_money_that_comes_after_another_method_paid_goes_back(by_transfer: ByTransfer) -> None:
    kiosk, far_end = await by_transfer()
    await kiosk.does(YES)
    first = await paid_facts(kiosk)
    await notify(kiosk, replace(first, state="declined", event_id="no"))
    await kiosk.does(Act("choose_method", value="card"))
    await kiosk.does(YES)
    assert (await kiosk.state())[2].net == PRICE
    await notify(kiosk, first)
    await comes_to(kiosk, "partly_refunded", "placed")
    _session, _order, payment = await kiosk.state()
    assert (payment.charges, payment.net, far_end.sent("refund")) == (2, PRICE, 1)


async def changed_and_then_paid(by_transfer: ByTransfer) -> tuple[Kiosk, FarEnd]:
    """The money for a basket that was changed meanwhile, and read back anew."""
    kiosk, far_end = await by_transfer()
    await kiosk.does(YES)
    first = await paid_facts(kiosk)
    await kiosk.does(Act("add", (LineSaid("water", 1),)))
    assert (await kiosk.does(YES)).expects == "confirm"
    await notify(kiosk, first)
    await until(lambda: _gone_back(kiosk))
    told = await kiosk.does(YES)  # it hadn't been heard yet that money came
    assert "CN¥3.00 came in late" in told.text and told.expects == "confirm"
    return kiosk, far_end


async def _gone_back(kiosk: Kiosk) -> bool:
    return any(one.state in ("done", "failed") for one in (await kiosk.state())[2].refunds)


async def _given_back(kiosk: Kiosk) -> bool:
    return any(one.state == "done" for one in (await kiosk.state())[2].refunds)


async def test_after_money_for_another_basket_went_back_the_new_one_is_paid(by_transfer: ByTransfer) -> None:
    kiosk, far_end = await changed_and_then_paid(by_transfer)
    _session, order, payment = await kiosk.state()
    assert (order.stage, payment.net) == ("open", 0)
    await kiosk.does(YES)
    await notify(kiosk, await paid_facts(kiosk, event_id="second"))
    _session, order, payment = await kiosk.state()
    assert (order.stage, payment.charges, payment.net) == ("placed", 2, 500)
    assert (far_end.sent("refund"), await kiosk.colas()) == (1, 4)


async def test_while_money_for_another_basket_is_kept_no_more_is(
    by_transfer: ByTransfer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It could not go back: a person must look, and nobody pays twice meanwhile."""

    send = FarEnd.send

    async def no_refunds(self: FarEnd, request: bytes, key: str) -> Any:
        return Refused("the account is closed") if b'"refund"' in request else await send(self, request, key)

    with monkeypatch.context() as refusing:
        refusing.setattr(FarEnd, "send", no_refunds)
        kiosk, _far_end = await changed_and_then_paid(by_transfer)
    assert ((await kiosk.state())[2].status, (await kiosk.state())[2].net) == ("review", PRICE)
    await kiosk.does(YES)
    await notify(kiosk, await paid_facts(kiosk, event_id="second"))
    await until(lambda: _given_back(kiosk))
    _session, order, payment = await kiosk.state()
    assert (order.stage, payment.charges, payment.net) == ("open", 2, PRICE)
    assert "looked at" in (await kiosk.does(Act("order_status"))).text
    reply = await kiosk.does(Act("add", (LineSaid("water", 1),)))
    assert "CN¥7.00" in reply.text, "an edit lapses what was agreed to"


async def test_a_request_is_sent_again_as_the_very_same_bytes(by_transfer: ByTransfer) -> None:
    kiosk, far_end = await by_transfer()
    far_end.mute = True
    await kiosk.does(YES, patience=0.1)
    await asyncio.sleep(0.1)
    far_end.mute = False
    await comes_to(kiosk, "charging", "open")
    charges = [request for kind, request in far_end.asked if kind == "charge"]
    assert len(charges) == 2 and len(set(charges)) == 1
    assert (await kiosk.state())[2].attempts[0].request == charges[0]


async def test_a_refund_whose_answer_was_lost_is_made_once(by_transfer: ByTransfer) -> None:
    kiosk, far_end = await by_transfer()
    far_end.first = "paid"
    await kiosk.does(YES)
    far_end.mute = True
    await kiosk.does(CANCEL)
    await kiosk.does(YES, patience=0.1)
    far_end.mute = False
    await comes_to(kiosk, "refunded", "cancelled")
    sent = {
        (request, key) for (kind, request), key in zip(far_end.asked, far_end.keys, strict=True) if kind == "refund"
    }
    (refund,) = (await kiosk.state())[2].refunds
    assert sent == {(refund.request, refund.id)} and far_end.sent("refund") > 1


async def test_a_refund_that_was_made_is_asked_about_and_not_sent_again(
    by_transfer: ByTransfer, monkeypatch: pytest.MonkeyPatch
) -> None:
    kiosk, far_end = await by_transfer()
    far_end.first = "paid"
    await kiosk.does(YES)
    send = far_end.send

    async def answer_lost(request: bytes, key: str) -> Unknown:
        await send(request, key)
        return Unknown("no answer")

    monkeypatch.setattr(far_end, "send", answer_lost)
    await kiosk.does(CANCEL)
    await kiosk.does(YES, patience=0.1)
    await comes_to(kiosk, "refunded", "cancelled")
    assert far_end.sent("refund") == 1


async def test_a_provider_that_breaks_is_asked_again(by_transfer: ByTransfer, monkeypatch: pytest.MonkeyPatch) -> None:
    kiosk, far_end = await by_transfer()
    send, times = far_end.send, []

    async def breaks_once(request: bytes, key: str) -> object:
        times.append(key)
        if len(times) == 1:
            raise RuntimeError("a mistake in the adapter")
        return await send(request, key)

    far_end.first = "paid"
    monkeypatch.setattr(far_end, "send", breaks_once)
    await kiosk.does(YES)
    _session, order, payment = await kiosk.state()
    assert (order.stage, payment.charges) == ("placed", 1)
    assert len(set(times)) == 1


async def test_a_far_end_that_never_answers_does_not_hold_up_other_talks(by_transfer: ByTransfer) -> None:
    kiosk, far_end = await by_transfer()
    never = asyncio.Event()

    async def hangs(request: bytes, key: str) -> object:
        await never.wait()
        raise AssertionError

    far_end.send = hangs  # type: ignore[method-assign]
    assert (await kiosk.does(YES, patience=0.1)).pending
    same = await asyncio.wait_for(kiosk.does(Act("ask_menu")), 2)
    assert same.text
    await asyncio.wait_for(kiosk.to_read_back("other", method="cash"), 2)
    await kiosk.does(YES, session="other")
    assert (await kiosk.state("other"))[1].stage == "placed"


async def test_a_disk_that_fills_up_before_the_result_is_written_loses_nothing(
    open_kiosk: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    kiosk = await open_kiosk()
    await kiosk.to_read_back()
    commit, failed = kiosk.store.commit, []

    async def full_for_results(change: Change) -> Committed | Conflict:
        if change.entries and len(failed) < 2:
            failed.append(change)
            raise StoreError("there is no room left", can_retry=True)
        return await commit(change)

    monkeypatch.setattr(kiosk.store, "commit", full_for_results)
    reply = await kiosk.does(YES)
    _session, order, payment = await kiosk.state()
    assert (order.stage, payment.charges, len(payment.attempts)) == ("placed", 1, 1)
    assert len(failed) == 2 and str(order.number) in reply.text
    assert len(kiosk.charged()) == 1
    await kiosk.balanced()


async def test_a_notification_is_acknowledged_only_when_it_is_written(
    by_transfer: ByTransfer, monkeypatch: pytest.MonkeyPatch
) -> None:
    kiosk, _far_end = await by_transfer()
    await kiosk.does(YES)
    facts = await paid_facts(kiosk)

    async def full(change: Change) -> Committed | Conflict:
        raise StoreError("there is no room left", can_retry=True)

    with monkeypatch.context() as broken:
        broken.setattr(kiosk.store, "commit", full)
        assert await notify(kiosk, facts) == 400
    assert (await kiosk.state())[2].net == 0
    assert await notify(kiosk, facts) == 200
    assert (await kiosk.state())[2].net == PRICE


@pytest.mark.parametrize(("first", "then"), [("done", "failed"), ("failed", "done")])
async def test_a_refund_that_ends_both_ways_is_looked_at_by_a_person(
    by_transfer: ByTransfer, first: str, then: str
) -> None:
    kiosk, far_end = await by_transfer()
    far_end.first = "paid"
    await kiosk.does(YES)
    far_end.mute = True
    number = str((await kiosk.state())[1].number)
    asked = asyncio.create_task(kiosk.house.office.refund(number))
    await until(lambda: _refunding(kiosk))
    (refund,) = (await kiosk.state())[2].refunds
    said = Facts(kind="refund", ref=refund.id, state=first, amount=PRICE, currency="CNY", event_id="r1")
    assert await notify(kiosk, said) == 200
    await asked
    before = (await kiosk.state())[2].net
    assert await notify(kiosk, replace(said, state=then, event_id="r2")) == 200
    _session, order, payment = await kiosk.state()
    assert (payment.status, payment.net) == ("review", before)
    kinds = [event.kind for event in await kiosk.store.events(order=order.id)]
    assert "refund.contradicted" in kinds
    assert await notify(kiosk, replace(said, state=then, event_id="r3")) == 200


async def _refunding(kiosk: Kiosk) -> bool:
    return any(one.state == "unknown" for one in (await kiosk.state())[2].refunds)

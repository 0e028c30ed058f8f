"""Exactly one charge, or a charge and its full refund, whatever the far end does."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

import assistant.premises
from assistant.commerce.payment import Done, Facts, Unknown
from assistant.commerce.shop import Method
from assistant.errors import SetupError, StoreError
from assistant.payments import sandbox
from assistant.storage import Change, Committed, Conflict
from assistant.turns import Act, LineSaid, Reply
from tests.app import talk
from tests.app.conftest import Opened
from tests.app.far_end import FarEnd
from tests.app.talk import PRICE, YES, Kiosk

CANCEL = Act("cancel")


async def until(true: Callable[[], Awaitable[bool]], seconds: float = 15.0) -> None:
    """Waits for something that happens in the background."""
    for _ in range(int(seconds / 0.02)):
        if await true():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it never came to be")


async def comes_to(kiosk: Kiosk, status: str, stage: str, session: str = "s") -> None:
    async def there() -> bool:
        _session, order, payment = await kiosk.state(session)
        return (payment.status, order.stage) == (status, stage)

    await until(there)


@pytest.mark.parametrize("fault", ["lose_request", "lose_reply", "late:1"])
async def test_a_lost_message_is_asked_about_and_paid_once(open_kiosk: Opened, fault: str) -> None:
    kiosk = await open_kiosk(fault)
    await kiosk.to_read_back()
    reply = await kiosk.does(YES)
    assert not reply.pending
    _session, order, payment = await kiosk.state()
    assert (order.stage, payment.status, payment.charges) == ("placed", "paid", 1)
    assert len(kiosk.charged()) == 1
    assert await kiosk.colas() == 4
    await kiosk.balanced()


async def test_unknown_is_said_as_still_checking_and_ends_after_a_restart(
    open_kiosk: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VOICETILL_SANDBOX", "unknown")
    kiosk = await open_kiosk()
    await kiosk.to_read_back()
    yes = kiosk.turn(YES, patience=0.3)
    reply = await kiosk.house.take(yes)
    assert reply.pending
    _session, order, payment = await kiosk.state()
    assert (order.stage, payment.status, payment.charges) == ("open", "unknown", 0)
    again = await kiosk.does(YES)
    assert "declined" not in again.text
    await kiosk.house.close()

    monkeypatch.setenv("VOICETILL_SANDBOX", "approve")
    kiosk = await open_kiosk(store=kiosk.store, clock=kiosk.clock)
    await comes_to(kiosk, "paid", "placed")
    _session, order, payment = await kiosk.state()
    assert len(kiosk.charged()) == len(payment.attempts) == 1
    await kiosk.balanced()
    told = await kiosk.does(Act("order_status"))
    assert "Paid" in told.text and str(order.number) in told.text
    replayed = await kiosk.house.take(yes)
    assert not replayed.pending and str(order.number) in replayed.text


async def test_a_decline_and_another_method_are_one_charge(open_kiosk: Opened) -> None:
    kiosk = await open_kiosk("decline", "approve")
    await kiosk.to_read_back()
    reply = await kiosk.does(YES)
    assert "declined" in reply.text
    assert await kiosk.colas() == 5
    reply = await kiosk.does(Act("choose_method", value="wechat"))
    assert reply.expects == "confirm"
    await kiosk.does(YES)
    _session, order, payment = await kiosk.state()
    assert [(one.method, one.state) for one in payment.attempts] == [("card", "declined"), ("wechat", "paid")]
    assert (order.stage, payment.charges, payment.net) == ("placed", 1, PRICE)
    await kiosk.balanced()


async def test_a_link_is_handed_out_and_never_kept(open_kiosk: Opened) -> None:
    kiosk = await open_kiosk("needs_buyer")
    await kiosk.to_read_back()
    yes = kiosk.turn(YES)
    reply = await kiosk.house.take(yes)
    (link,) = reply.private
    (charge,) = kiosk.charged()
    assert link.value == charge.link
    assert not reply.pending
    stored = await kiosk.store.turn("test", "s", yes.id)
    session, _order, _payment = await kiosk.state()
    assert stored is not None and link.value not in f"{stored} {session}"
    assert (await kiosk.house.take(yes)).private == (link,)
    assert (await kiosk.house.take(replace(yes, can=frozenset()))).private == ()
    sandbox.approve(kiosk.data, charge.attempt)
    await comes_to(kiosk, "paid", "placed")
    assert (await kiosk.house.take(yes)).private == ()


async def test_another_method_while_one_waits_closes_that_one_first(open_kiosk: Opened) -> None:
    kiosk = await open_kiosk("needs_buyer", "approve")
    await kiosk.to_read_back()
    await kiosk.does(YES)
    await kiosk.does(Act("choose_method", value="wechat"))
    for _ in range(4):
        _session, order, payment = await kiosk.state()
        if order.stage == "placed":
            break
        session, _order, _payment = await kiosk.state()
        if session.asked and session.asked.step == "method":
            await kiosk.does(Act("choose_method", value="wechat"))
        else:
            await kiosk.does(YES)
    _session, order, payment = await kiosk.state()
    assert [one.state for one in payment.attempts] == ["closed", "paid"]
    assert [one.state for one in kiosk.charged()] == ["closed", "paid"]
    assert (order.stage, payment.net) == ("placed", PRICE)
    await kiosk.balanced()


async def test_cancelling_a_payment_that_waits_closes_it(open_kiosk: Opened) -> None:
    kiosk = await open_kiosk("needs_buyer")
    await kiosk.to_read_back()
    await kiosk.does(YES)
    reply = await kiosk.does(CANCEL)
    assert not reply.pending
    _session, order, payment = await kiosk.state()
    assert (order.stage, payment.live, payment.net) == ("cancelled", None, 0)
    assert [one.state for one in kiosk.charged()] == ["closed"]
    assert await kiosk.colas() == 5


async def test_a_result_is_told_where_somebody_last_asked_for_its_end(open_kiosk: Opened) -> None:
    """The payment is about to be closed from another talk when it turns out paid."""
    kiosk = await open_kiosk("needs_buyer")
    await kiosk.to_read_back()
    await kiosk.does(YES)
    await kiosk.does(Act("help"), session="other")
    (row,) = await kiosk.store.owed()
    close = replace(row, id=f"close:{row.ref}", kind="close", session="other", turn="")
    close = replace(close, due_at=row.due_at + dt.timedelta(minutes=1))
    assert await kiosk.store.commit(Change(effects=(close,))) == Committed()
    sandbox.approve(kiosk.data, row.ref)
    await comes_to(kiosk, "paid", "placed")
    _session, order, _payment = await kiosk.state()
    assert await kiosk.store.owed() == []
    assert str(order.number) in (await kiosk.does(Act("help"), session="other")).text
    await kiosk.balanced()


async def test_money_that_came_before_the_cancel_is_paid_back_in_full(
    open_kiosk: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VOICETILL_SANDBOX", "unknown")
    kiosk = await open_kiosk()
    await kiosk.to_read_back()
    await kiosk.does(YES, patience=0.1)
    monkeypatch.setenv("VOICETILL_SANDBOX", "approve")
    await kiosk.does(CANCEL)
    await comes_to(kiosk, "refunded", "cancelled")
    _session, _order, payment = await kiosk.state()
    assert (payment.charges, payment.net) == (1, 0)
    assert [one.net for one in kiosk.charged()] == [0]
    assert await kiosk.colas() == 5
    await kiosk.balanced()


async def test_a_yes_whose_payment_a_cancel_ended_is_not_waited_for(
    open_kiosk: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VOICETILL_SANDBOX", "unknown")
    kiosk = await open_kiosk()
    await kiosk.to_read_back()
    yes = kiosk.turn(YES, patience=0.1)
    await kiosk.house.take(yes)
    monkeypatch.setenv("VOICETILL_SANDBOX", "approve")
    await kiosk.does(CANCEL)
    again = await asyncio.wait_for(kiosk.house.take(replace(yes, patience=60)), 5)
    assert not again.pending


async def test_a_cancel_after_paying_gives_everything_back(open_kiosk: Opened) -> None:
    kiosk = await open_kiosk()
    await kiosk.to_read_back()
    await kiosk.does(YES)
    assert await kiosk.colas() == 4
    await kiosk.does(CANCEL)
    await kiosk.does(YES)
    await comes_to(kiosk, "refunded", "cancelled")
    assert await kiosk.colas() == 5
    await kiosk.balanced()


async def test_paying_at_the_door_places_the_order_and_charges_nothing(open_kiosk: Opened) -> None:
    kiosk = await open_kiosk()
    await kiosk.to_read_back(method="cash")
    reply = await kiosk.does(YES)
    _session, order, payment = await kiosk.state()
    assert str(order.number) in reply.text
    assert (order.stage, payment.status, payment.net) == ("placed", "due", 0)
    assert await kiosk.store.owed() == []
    await kiosk.does(CANCEL)
    await kiosk.does(YES)
    _session, order, payment = await kiosk.state()
    assert (order.stage, payment.live) == ("cancelled", None)
    assert await kiosk.colas() == 5


async def test_a_payment_nobody_approves_runs_out_and_the_stock_comes_back(open_kiosk: Opened) -> None:
    kiosk = await open_kiosk("needs_buyer")
    await kiosk.to_read_back()
    await kiosk.does(YES)
    assert await kiosk.colas() == 4
    kiosk.clock.ahead = dt.timedelta(minutes=16)

    async def over() -> bool:
        return (await kiosk.state())[2].live is None

    await until(over)
    _session, order, payment = await kiosk.state()
    assert (order.stage, payment.attempts[0].state, payment.net) == ("open", "expired", 0)
    assert await kiosk.colas() == 5
    told = await kiosk.does(Act("show_basket"))
    assert "cola" in told.text


async def test_a_clock_that_was_set_back_lets_no_payment_wait(open_kiosk: Opened) -> None:
    kiosk = await open_kiosk("needs_buyer")
    await kiosk.to_read_back()
    await kiosk.does(YES)
    (charge,) = kiosk.charged()
    kiosk.clock.ahead = -dt.timedelta(hours=3)
    sandbox.approve(kiosk.data, charge.attempt)
    await comes_to(kiosk, "paid", "placed")
    await kiosk.balanced()


class Listener:
    name = "test"
    can = frozenset({"screen", "links"})

    def __init__(self, there: bool = True) -> None:
        self.there = there
        self.got: list[Reply] = []

    async def deliver(self, session: str, reply: Reply) -> bool:
        self.got.append(reply)
        return self.there


async def test_a_later_result_is_pushed_and_not_told_twice(open_kiosk: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOICETILL_SANDBOX_DELAY", "0.5")
    kiosk = await open_kiosk()
    listener = Listener()
    kiosk.house.listen("s", listener)  # type: ignore[arg-type]
    await kiosk.to_read_back()
    first = await kiosk.does(YES, patience=0.05)
    assert first.pending
    await kiosk.house.settled(10)
    (pushed,) = listener.got
    _session, order, _payment = await kiosk.state()
    assert str(order.number) in pushed.text
    assert pushed.text not in (await kiosk.does(Act("ask_menu"))).text


async def test_a_result_that_could_not_be_pushed_is_told_on_the_next_turn(
    open_kiosk: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VOICETILL_SANDBOX_DELAY", "0.5")
    kiosk = await open_kiosk()
    gone = Listener(there=False)
    kiosk.house.listen("s", gone)  # type: ignore[arg-type]
    await kiosk.to_read_back()
    assert (await kiosk.does(YES, patience=0.05)).pending
    await kiosk.house.settled(10)
    (missed,) = gone.got
    told = await kiosk.does(Act("ask_menu"))
    assert missed.text in told.text
    assert missed.text not in (await kiosk.does(Act("ask_menu"))).text


async def test_a_replay_while_the_payment_is_under_way_waits_for_the_same_end(
    open_kiosk: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VOICETILL_SANDBOX_DELAY", "0.4")
    kiosk = await open_kiosk()
    await kiosk.to_read_back()
    yes = kiosk.turn(YES)
    first, second = await asyncio.gather(kiosk.house.take(replace(yes, patience=0.0)), kiosk.house.take(yes))
    assert first.pending and not second.pending
    assert len(kiosk.charged()) == 1


async def test_two_processes_on_one_folder_never_send_twice(
    open_kiosk: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VOICETILL_SANDBOX", "unknown")
    one = await open_kiosk()
    await one.to_read_back()
    yes = one.turn(YES, patience=0.2)
    assert (await one.house.take(yes)).pending
    others = [await open_kiosk(store=talk.beside(one.store, one.clock, one.data), clock=one.clock) for _ in range(2)]
    monkeypatch.setenv("VOICETILL_SANDBOX", "approve")
    answers = await asyncio.gather(*(kiosk.house.take(replace(yes, patience=20)) for kiosk in (one, *others)))
    _session, order, payment = await one.state()
    assert {str(order.number) in reply.text for reply in answers} == {True}
    assert (order.stage, payment.charges, len(payment.attempts)) == ("placed", 1, 1)
    assert [event.kind for event in await one.store.events(order=order.id)].count("charge.paid") == 1
    assert len(one.charged()) == 1
    await one.balanced()


# -- a far end with notifications --------------------------------------------------------------------------------


@pytest.fixture
async def by_transfer(
    open_kiosk: Opened, monkeypatch: pytest.MonkeyPatch
) -> Callable[[], Awaitable[tuple[Kiosk, FarEnd]]]:
    """The kiosk with one more method, whose far end the test plays."""
    far_end = FarEnd()
    find, make = assistant.premises.find, talk.kiosk
    monkeypatch.setattr(
        assistant.premises, "find", lambda kind, name: far_end if name == "transfer" else find(kind, name)
    )

    def with_transfer(*given: object) -> object:
        shop, catalogue = make(*given)  # type: ignore[arg-type]
        methods = {**shop.methods, "transfer": Method(id="transfer", names={"en": ("transfer",)}, provider="transfer")}
        return replace(shop, methods=methods), catalogue

    monkeypatch.setattr(talk, "kiosk", with_transfer)

    async def open_both() -> tuple[Kiosk, FarEnd]:
        kiosk = await open_kiosk()
        await kiosk.to_read_back(method="transfer")
        return kiosk, far_end

    return open_both


ByTransfer = Callable[[], Awaitable[tuple[Kiosk, FarEnd]]]


async def notify(kiosk: Kiosk, facts: Facts, signature: str = "right", provider: str = "transfer") -> int:
    status, _headers, _body = await kiosk.house.webhook(provider, {"signature": signature}, msgspec.json.encode(facts))
    return status


async def paid_facts(kiosk: Kiosk, **changes: object) -> Facts:
    _session, _order, payment = await kiosk.state()
    attempt = payment.attempts[-1]
    facts = Facts(
        kind="charge", ref=attempt.id, state="paid", amount=attempt.amount, currency=attempt.currency, event_id="e1"
    )
    return replace(facts, **changes)  # type: ignore[arg-type]


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
    requests = {request for kind, request in far_end.asked if kind == "refund"}
    assert len(requests) == 1
    assert len((await kiosk.state())[2].refunds) == 1


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


# -- the merchant ------------------------------------------------------------------------------------------------


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

"""Exactly one charge, or a charge and its full refund, whatever the far end does."""

from __future__ import annotations

import asyncio
import datetime as dt

import pytest
from msgspec.structs import replace

from assistant.commerce.payment import Facts, NotFound, Unknown
from assistant.payments import Operation, sandbox
from assistant.payments.pay_on_delivery import PayOnDelivery
from assistant.storage import Change, Committed, Conflict
from assistant.turns import Act, LineSaid, Reply
from tests.app import talk
from tests.app.conftest import Opened
from tests.app.talk import CANCEL, PRICE, YES, comes_to, until


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
    assert (await kiosk.does(Act("checkout"))).expects == "method"
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


async def test_a_charge_that_another_process_closed_before_it_left_never_leaves(
    open_kiosk: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is called off there between the yes and the sending here."""
    first = await open_kiosk()
    second = await open_kiosk(store=talk.beside(first.store, first.clock, first.data), clock=first.clock)
    await first.to_read_back()
    commit = first.store.commit

    async def too_late(change: Change) -> Committed | Conflict:
        if any(one.state == "sent" for one in change.attempts):
            monkeypatch.setattr(first.store, "commit", commit)
            await second.does(CANCEL)
        return await commit(change)

    monkeypatch.setattr(first.store, "commit", too_late)
    await first.does(YES)

    async def nothing_owed() -> bool:
        return await first.store.owed() == []

    await until(nothing_owed)
    _session, order, payment = await first.state()
    assert (order.stage, [one.state for one in payment.attempts], first.charged()) == ("cancelled", ["closed"], [])
    assert await first.colas() == 5


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


async def test_what_is_called_off_before_paying_at_the_door_is_agreed_is_never_placed(
    open_kiosk: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The agreement comes through while its close is still on the way."""
    kiosk = await open_kiosk()
    await kiosk.to_read_back(method="cash")
    query, agreed = PayOnDelivery.query, []

    async def lost(self: PayOnDelivery, *given: object) -> Unknown:
        return Unknown("no answer")

    async def told(self: PayOnDelivery, operation: Operation) -> Facts | NotFound | Unknown:
        agreed.append(operation)
        return await query(self, operation)

    with monkeypatch.context() as silent:
        silent.setattr(PayOnDelivery, "send", lost)
        silent.setattr(PayOnDelivery, "query", lost)
        await kiosk.does(YES, patience=0.2)
        await kiosk.does(CANCEL, patience=0.2)
        silent.setattr(PayOnDelivery, "query", told)

        async def heard_twice() -> bool:
            return len(agreed) > 2

        await until(heard_twice)
        assert (await kiosk.state())[1].stage == "open"
    await comes_to(kiosk, "due", "cancelled")
    _session, order, payment = await kiosk.state()
    assert (order.number, payment.live, await kiosk.colas()) == (None, None, 5)


@pytest.mark.parametrize(
    "act",
    [
        Act("add", (LineSaid("water", 1),)),
        Act("remove", (LineSaid("cola"),)),
        Act("change", (LineSaid("cola", 2),)),
        Act("undo"),
        Act("start_over"),
        Act("back"),
        Act("give_coupon", value="SAVE"),
        Act("give_coupon"),
        Act("choose_method", value="wechat"),
        Act("give_contact", value={"name": "Zoe", "phone": "555 0135"}),
    ],
    ids=lambda act: act.act,
)
async def test_whatever_would_change_a_basket_that_is_being_paid_closes_its_payment_first(
    open_kiosk: Opened, act: Act
) -> None:
    kiosk = await open_kiosk("needs_buyer")
    await kiosk.to_read_back()
    await kiosk.does(YES)
    before = (await kiosk.state())[1]
    reply = await kiosk.does(act)
    await kiosk.house.settled(10)
    _session, order, payment = await kiosk.state()
    assert "nothing was charged" in reply.text, reply.text
    assert ([one.state for one in payment.attempts], payment.live) == (["closed"], None)
    assert (order.lines, order.facts, order.discounts) == (before.lines, before.facts, before.discounts)
    assert await kiosk.colas() == 5
    await kiosk.balanced()


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

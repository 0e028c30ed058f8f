"""A yes is for what was heard, then and there: whatever stands beside it, however clocks go, wherever it is said."""

from __future__ import annotations

import asyncio
import datetime as dt

import pytest
from msgspec.structs import replace

from assistant.commerce.payment import Unknown
from assistant.errors import StoreError
from assistant.payments import sandbox
from assistant.payments.pay_on_delivery import PayOnDelivery
from assistant.storage import Change, Committed, Conflict
from assistant.turns import Act, LineSaid
from tests.app import talk
from tests.app.conftest import Opened
from tests.app.far_end import ByTransfer, notify, paid_facts, second_try
from tests.app.talk import CANCEL, PRICE, TO_READ_BACK, YES, Kiosk, beside, comes_to

ADD = Act("add", (LineSaid("water", 1),))


def change_shop(monkeypatch: pytest.MonkeyPatch, **fields: object) -> None:
    """Whoever opens the kiosk from now on finds it so."""
    make = talk.kiosk

    def changed(*given: object) -> object:
        shop, catalogue = make(*given)  # type: ignore[arg-type]
        return replace(shop, **fields), catalogue

    monkeypatch.setattr(talk, "kiosk", changed)


async def nothing_charged(kiosk: Kiosk) -> None:
    _session, order, payment = await kiosk.state()
    assert (order.stage, order.consent, payment.attempts) == ("open", None, ())
    assert kiosk.charged() == []


@pytest.mark.parametrize(
    "beside_it",
    [
        Act("add", (LineSaid("water", 60),)),  # asked back: so many?
        Act("add", (LineSaid("cola", 40),)),  # asked back: there are five
        Act("add", (LineSaid("water", 200),)),  # refused
        Act("remove", (LineSaid("water"),)),  # there is none
        Act("give_coupon", value="NOSUCH"),
        Act("deny"),
        Act("person"),
        Act("choose_method", value="paypal"),  # refused
        Act("choose_fulfilment", value="delivery"),  # refused
        Act("give_contact", value={"phone": "12"}),  # refused
        Act("answer", step="tip", value="20%"),  # refused
        Act("refund"),
        Act("give_amount", value=PRICE - 1),  # "yes, I pay 2.99"
        Act("repeat"),
        Act("choose", number=3),
        Act("continue_elsewhere"),
        Act("none", value="unclear"),
    ],
)
async def test_a_yes_beside_something_else_is_no_consent(open_kiosk: Opened, beside_it: Act) -> None:
    kiosk = await open_kiosk()
    for acts in ((YES, beside_it), (beside_it, YES)):
        await kiosk.to_read_back()
        await kiosk.does(*acts)
        await nothing_charged(kiosk)


async def test_a_yes_beside_a_question_still_counts(open_kiosk: Opened) -> None:
    kiosk = await open_kiosk()
    await kiosk.to_read_back()
    await kiosk.does(Act("ask_price", items=("water",)), YES)
    assert (await kiosk.state())[2].charges == 1


async def test_a_yes_with_the_very_amount_counts(open_kiosk: Opened) -> None:
    kiosk = await open_kiosk()
    await kiosk.to_read_back()
    other = await kiosk.does(Act("give_amount", value=PRICE - 1), YES)
    assert "2.99" in other.text and "3.00" in other.text and other.expects == "confirm"
    await nothing_charged(kiosk)
    await kiosk.does(Act("give_amount", value=PRICE), YES)
    assert (await kiosk.state())[2].net == PRICE


async def test_a_clock_that_was_set_back_costs_one_more_read_back(open_kiosk: Opened) -> None:
    kiosk = await open_kiosk("decline", "approve")
    await kiosk.to_read_back()
    kiosk.clock.at -= dt.timedelta(hours=1)
    reply = await kiosk.does(YES)
    assert reply.expects == "confirm"
    await nothing_charged(kiosk)
    assert "declined" in (await kiosk.does(YES)).text
    kiosk.clock.at -= dt.timedelta(hours=1)
    await kiosk.does(Act("choose_method", value="wechat"))
    await kiosk.does(YES)
    assert (await kiosk.state())[2].net == PRICE
    await kiosk.balanced()


async def test_a_yes_that_was_hardly_heard_is_asked_for_again(open_kiosk: Opened) -> None:
    kiosk = await open_kiosk()
    await kiosk.to_read_back()
    reply = await kiosk.hears("yes", confidence=0.5)
    assert "wasn't sure I heard a yes" in reply.text and reply.expects == "confirm"
    await nothing_charged(kiosk)
    await kiosk.hears("yes")
    assert (await kiosk.state())[2].net == PRICE


async def test_what_was_heard_counts_for_less_long_than_what_was_read(open_kiosk: Opened) -> None:
    kiosk = await open_kiosk()
    await kiosk.to_read_back()
    kiosk.clock.at += dt.timedelta(minutes=3)
    reply = await kiosk.hears("yes")
    assert reply.expects == "confirm" and "CN¥3.00" in reply.text
    await nothing_charged(kiosk)
    kiosk.clock.at += dt.timedelta(minutes=3)
    await kiosk.says("yes")
    assert (await kiosk.state())[2].net == PRICE


async def test_a_yes_on_another_device_is_asked_for_again(open_kiosk: Opened) -> None:
    kiosk = await open_kiosk()
    await kiosk.to_read_back(device="kitchen")
    reply = await kiosk.does(YES, device="hall")
    assert reply.expects == "confirm"
    await nothing_charged(kiosk)
    await kiosk.does(YES, device="hall")
    assert (await kiosk.state())[2].charges == 1


async def test_a_yes_that_was_on_its_way_before_the_total_changed_is_asked_for_again(open_kiosk: Opened) -> None:
    kiosk = await open_kiosk()
    await kiosk.to_read_back()
    changed, agreed = await asyncio.gather(kiosk.does(ADD), kiosk.does(YES))
    assert changed.expects == agreed.expects == "confirm" and "5.00" in agreed.text
    await nothing_charged(kiosk)
    await kiosk.does(YES)
    assert (await kiosk.state())[2].net == 500


async def test_a_yes_that_another_process_was_quicker_than_is_asked_for_again(
    open_kiosk: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It adds something between the yes and its commit: nobody has heard that total yet."""
    first = await open_kiosk()
    second = await open_kiosk(store=beside(first.store, first.clock, first.data), clock=first.clock)
    await first.to_read_back()
    commit = first.store.commit

    async def too_late(change: Change) -> Committed | Conflict:
        monkeypatch.setattr(first.store, "commit", commit)
        await second.does(ADD)
        return await commit(change)

    monkeypatch.setattr(first.store, "commit", too_late)
    reply = await first.does(YES)
    assert reply.expects == "confirm" and "5.00" in reply.text
    await nothing_charged(first)
    await first.does(YES)
    assert (await first.state())[2].net == 500


async def test_a_yes_after_a_turn_that_could_not_be_taken_is_asked_for_again(
    open_kiosk: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    kiosk = await open_kiosk()
    await kiosk.to_read_back()

    async def full(change: object) -> object:
        raise StoreError("there is no room left", can_retry=True)

    with monkeypatch.context() as broken:
        broken.setattr(kiosk.store, "commit", full)
        lost = await kiosk.does(Act("choose_method", value="cash"))
    assert "nothing" in lost.text.lower()
    reply = await kiosk.does(YES)
    assert reply.expects == "confirm" and "card" in reply.text
    await nothing_charged(kiosk)
    await kiosk.does(YES)
    assert (await kiosk.state())[2].charges == 1


async def test_a_time_that_passed_before_the_yes_is_asked_for_again(open_kiosk: Opened) -> None:
    kiosk = await open_kiosk()
    await kiosk.to_read_back()
    await kiosk.does(Act("give_time", value="12:10"))
    kiosk.clock.at += dt.timedelta(minutes=11)
    reply = await kiosk.does(YES)
    assert reply.expects == "time" and "has passed" in reply.text
    await nothing_charged(kiosk)
    await kiosk.does(Act("give_time", value="12:30"))
    await kiosk.does(YES)
    assert (await kiosk.state())[1].stage == "placed"


async def test_goods_taken_out_after_choosing_a_way_that_starts_at_a_sum(
    open_kiosk: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    make = talk.kiosk

    def with_minimum(*given: object) -> object:
        shop, catalogue = make(*given)  # type: ignore[arg-type]
        ways = {name: replace(one, minimum=2 * PRICE) for name, one in shop.fulfilments.items()}
        return replace(shop, fulfilments=ways), catalogue

    monkeypatch.setattr(talk, "kiosk", with_minimum)
    kiosk = await open_kiosk()
    await kiosk.does(Act("add", (LineSaid("cola", 2),)))
    for act in TO_READ_BACK[1:]:
        reply = await kiosk.does(act)
    assert reply.expects == "confirm"
    reply = await kiosk.does(Act("remove", (LineSaid("cola", 1),)))
    assert reply.expects == "fulfilment" and "starts at CN¥6.00" in reply.text
    for act in (YES, Act("choose_fulfilment", value="pickup")):
        reply = await kiosk.does(act)
        assert reply.text.count("starts at CN¥6.00") == 1
    await nothing_charged(kiosk)
    assert (await kiosk.does(Act("add", (LineSaid("cola", 1),)))).expects == "confirm"
    await kiosk.does(YES)
    assert (await kiosk.state())[2].net == 2 * PRICE


async def test_a_way_to_pay_that_can_t_collect_the_new_total_is_not_offered(
    by_transfer: ByTransfer, monkeypatch: pytest.MonkeyPatch
) -> None:
    kiosk, far_end = await by_transfer()
    monkeypatch.setattr(far_end, "offers", lambda amount, currency, can: amount <= PRICE and "links" in can)
    reply = await kiosk.does(ADD)
    assert reply.expects == "method" and "transfer" not in reply.text and "card" in reply.text
    for act in (YES, Act("choose_method", value="transfer")):
        reply = await kiosk.does(act)
        assert reply.expects == "method" and far_end.asked == []
    await nothing_charged(kiosk)
    await kiosk.does(Act("remove", (LineSaid("water", 1),)))
    assert (await kiosk.does(Act("checkout"), can=frozenset())).expects == "method", "it can't show where to pay"
    assert (await kiosk.does(Act("choose_method", value="transfer"))).expects == "confirm"
    await kiosk.does(YES)
    assert far_end.sent("charge") == 1


async def test_a_shop_that_changed_its_currency_sells_in_the_new_one(
    open_kiosk: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    kiosk = await open_kiosk()
    await kiosk.to_read_back()
    await kiosk.house.close()
    change_shop(monkeypatch, currency="USD")
    kiosk = await open_kiosk(store=kiosk.store, clock=kiosk.clock)
    reply = await kiosk.does(YES)
    assert reply.expects == "confirm" and "$3.00" in reply.text and "CN" not in reply.text
    assert kiosk.charged() == []
    await kiosk.does(YES)
    assert [(one.amount, one.currency) for one in kiosk.charged()] == [(PRICE, "USD")]
    await kiosk.balanced()


async def test_what_was_paid_in_another_currency_is_told_and_paid_back_in_it(
    open_kiosk: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    kiosk = await open_kiosk()
    await kiosk.to_read_back()
    await kiosk.does(YES)
    await kiosk.house.close()
    change_shop(monkeypatch, currency="USD")
    kiosk = await open_kiosk(store=kiosk.store, clock=kiosk.clock)
    for act in (Act("order_status"), CANCEL, YES):
        reply = await kiosk.does(act)
        assert "CN¥3.00" in reply.text and "$" not in reply.text
    assert [one.net for one in kiosk.charged()] == [0]
    await kiosk.balanced()


# -- two terminals, late money -----------------------------------------------------------------------------------


@pytest.mark.parametrize("change", [ADD, Act("cancel")])
async def test_who_waits_for_a_payment_hears_that_another_terminal_ended_it(
    open_kiosk: Opened, monkeypatch: pytest.MonkeyPatch, change: Act
) -> None:
    monkeypatch.setenv("VOICETILL_SANDBOX", "unknown")
    first = await open_kiosk()
    second = await open_kiosk(store=beside(first.store, first.clock, first.data), clock=first.clock)
    await first.to_read_back()
    waiting = asyncio.create_task(first.does(YES, patience=20.0))
    while not (await first.state())[2].attempts:
        await asyncio.sleep(0.02)
    ending = asyncio.create_task(second.does(change, patience=20.0))
    await asyncio.sleep(0.2)
    monkeypatch.setenv("VOICETILL_SANDBOX", "approve")
    told, ended = await asyncio.gather(waiting, ending)
    session, _order, payment = await first.state()
    assert session.last is not None and payment.live is None
    assert not told.pending and told.text in (ended.text, session.last.text)


async def test_late_money_ends_the_second_try(by_transfer: ByTransfer) -> None:
    kiosk, far_end, first = await second_try(by_transfer)
    assert (await kiosk.state())[2].live is not None
    await notify(kiosk, first)
    await kiosk.house.settled(10)
    _session, order, payment = await kiosk.state()
    assert (order.stage, payment.net) == ("placed", PRICE)
    assert [one.state for one in payment.attempts] == ["paid", "closed"], "nobody can pay the second link any more"
    assert order.consent is not None and order.consent.total == PRICE, "the bill that was agreed to is kept"
    assert order.facts["method"] == "transfer"
    assert far_end.sent("close") == 1


async def test_a_payment_that_does_not_add_up_is_said_to_be_looked_at(by_transfer: ByTransfer) -> None:
    kiosk, _far_end = await by_transfer()
    await kiosk.does(YES)
    facts = await paid_facts(kiosk)
    await notify(kiosk, await paid_facts(kiosk, amount=facts.amount + 1))
    assert (await kiosk.state())[2].status == "review"
    assert "looked at" in (await kiosk.does(Act("order_status"))).text


async def test_all_changes_asked_for_while_a_payment_is_closed_are_made(open_kiosk: Opened) -> None:
    kiosk = await open_kiosk("needs_buyer")
    await kiosk.to_read_back()
    await kiosk.does(YES)
    await kiosk.does(ADD, Act("change", (LineSaid("cola", 2),)))
    await comes_to(kiosk, "due", "open")
    await kiosk.does(YES)
    _session, order, _payment = await kiosk.state()
    assert {one.item: one.quantity for one in order.lines} == {"cola": 2, "water": 1}


def count_water(monkeypatch: pytest.MonkeyPatch, left: int) -> None:
    """From the next opening on, the merchant counts a thing that had no number."""
    make = talk.kiosk

    def counted(*given: object) -> object:
        shop, catalogue = make(*given)  # type: ignore[arg-type]
        water = replace(catalogue.items["water"], stock=left)
        return shop, replace(catalogue, items={**catalogue.items, "water": water}, version="2")

    monkeypatch.setattr(talk, "kiosk", counted)


HAPPY_HOUR = """[promotions.happy]
names = { en = "happy hour" }
kind = "percent"
percent = "50"
hours = ["10:00-12:05"]

[categories]"""


@pytest.mark.parametrize(("promotion", "total"), [(HAPPY_HOUR, 150), ("[categories]", PRICE)])
async def test_what_is_being_paid_stays_what_was_agreed_to_whatever_time_passes(
    open_kiosk: Opened, monkeypatch: pytest.MonkeyPatch, promotion: str, total: int
) -> None:
    """The offer is over, and so is the time that was wanted: nothing is asked again while the buyer pays."""
    monkeypatch.setattr(talk, "SHOP", talk.SHOP.replace("[categories]", promotion))
    kiosk = await open_kiosk("needs_buyer")
    await kiosk.to_read_back()
    await kiosk.does(Act("give_time", value="12:10"))
    await kiosk.does(YES)
    kiosk.clock.at += dt.timedelta(minutes=11)
    for act in (Act("show_basket"), Act("ask_price", items=("water",)), Act("checkout"), YES):
        reply = await kiosk.does(act)
        assert reply.expects is None and "in all" not in reply.text and "has passed" not in reply.text, reply.text
    order = await kiosk.house.order("s")
    assert order is not None and order["totals"]["total"] == total
    (charge,) = kiosk.charged()
    sandbox.approve(kiosk.data, charge.attempt)
    await comes_to(kiosk, "paid", "placed")
    assert (await kiosk.state())[2].net == total
    await kiosk.balanced()


@pytest.mark.parametrize("left", [3, 0])
async def test_goods_that_the_merchant_begins_to_count_while_a_payment_waits(
    open_kiosk: Opened, monkeypatch: pytest.MonkeyPatch, left: int
) -> None:
    kiosk = await open_kiosk("needs_buyer")
    await kiosk.does(ADD)
    await kiosk.to_read_back()
    await kiosk.does(YES)
    (charge,) = kiosk.charged()
    await kiosk.house.close()
    count_water(monkeypatch, left)
    kiosk = await open_kiosk(store=kiosk.store, clock=kiosk.clock)
    sandbox.approve(kiosk.data, charge.attempt)
    await comes_to(kiosk, *(("paid", "placed") if left else ("refunded", "open")))
    await kiosk.balanced()
    assert await kiosk.colas() == (4 if left else 5)
    if not left:
        reply = await kiosk.does(Act("checkout"))
        assert "sold out" in reply.text and (await kiosk.state())[1].consent is None


@pytest.mark.parametrize("left", [1, 0])
async def test_goods_gone_between_the_yes_and_paying_at_the_door(
    open_kiosk: Opened, monkeypatch: pytest.MonkeyPatch, left: int
) -> None:
    kiosk = await open_kiosk()
    await kiosk.does(Act("add", (LineSaid("water", 2),)))
    for act in (*TO_READ_BACK[1:-1], Act("choose_method", value="cash")):
        await kiosk.does(act)

    async def lost(self: PayOnDelivery, *given: object) -> Unknown:
        return Unknown("not yet")

    with monkeypatch.context() as silent:
        silent.setattr(PayOnDelivery, "send", lost)
        silent.setattr(PayOnDelivery, "query", lost)
        await kiosk.does(YES, patience=0.2)
        await kiosk.house.close()
    count_water(monkeypatch, left)
    kiosk = await open_kiosk(store=kiosk.store, clock=kiosk.clock)
    await comes_to(kiosk, "due", "open")
    reply = await kiosk.does(Act("show_basket"))
    _session, order, payment = await kiosk.state()
    assert (order.stage, payment.live, payment.net, len(order.lines)) == ("open", None, 0, 1)
    assert order.consent is None
    assert ("only have a water left" if left else "sold out") in reply.text
    assert await kiosk.store.owed() == []
    await kiosk.balanced()


@pytest.mark.parametrize("tip", ["9" * 400, "9" * 400 + "%", "51%"])
async def test_a_tip_beyond_all_measure_is_refused_and_its_yes_is_none(
    open_kiosk: Opened, monkeypatch: pytest.MonkeyPatch, tip: str
) -> None:
    monkeypatch.setattr(talk, "SHOP", talk.SHOP.replace("[categories]", "[tips]\noffer = [5, 10]\n\n[categories]"))
    kiosk = await open_kiosk()
    await kiosk.to_read_back()
    reply = await kiosk.does(YES, Act("answer", step="tip", value=tip))
    assert "50 percent at most" in reply.text and reply.expects == "confirm"
    await nothing_charged(kiosk)


async def test_an_order_that_costs_nothing_is_placed(open_kiosk: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    gift = '[promotions.gift]\nnames = { en = "a gift" }\nkind = "percent"\npercent = "100"\ncode = "GIFT"\n'
    methods = 'methods = ["card", "wechat"]'
    shop = talk.SHOP.replace('methods = ["card", "wechat", "cash"]', methods)
    monkeypatch.setattr(
        talk,
        "SHOP",
        shop.partition("[payment.method.cash]")[0]
        + "\n[categories]\n"
        + shop.partition("[categories]")[2]
        + "\n"
        + gift,
    )
    kiosk = await open_kiosk("needs_buyer")
    for act in (*TO_READ_BACK[:-1], Act("give_coupon", value="GIFT"), TO_READ_BACK[-1]):
        reply = await kiosk.does(act)
    assert reply.expects == "confirm"
    assert "CN¥0.00" in reply.text
    reply = await kiosk.does(YES)
    _session, order, payment = await kiosk.state()
    assert (order.stage, payment.status, payment.charges, payment.net) == ("placed", "paid", 1, 0)
    assert str(order.number) in reply.text
    assert await kiosk.store.owed() == []
    assert await kiosk.colas() == 4
    await kiosk.balanced()
    await kiosk.does(CANCEL)
    await kiosk.does(YES)
    _session, order, payment = await kiosk.state()
    assert (order.stage, payment.net, payment.refunds) == ("cancelled", 0, ())
    await kiosk.balanced()


@pytest.mark.parametrize("instead", ["two waters", "checkout", "I'll pay by cash"])
async def test_a_change_that_nobody_said_yes_to_is_not_lost_in_silence(open_kiosk: Opened, instead: str) -> None:
    """It closed a payment, and then something else was said: that it was left out is told, and all is read back."""
    kiosk = await open_kiosk("needs_buyer")
    await kiosk.to_read_back()
    await kiosk.does(YES, patience=0.5)
    await kiosk.says("another cola")
    await kiosk.house.settled(5)
    reply = await kiosk.says(instead)
    assert "was not made" in reply.text
    if reply.expects != "confirm":
        reply = await kiosk.says("checkout")
    assert reply.text.count("cola") == 1 and "Pickup" in reply.text and reply.expects == "confirm"
    _session, order, payment = await kiosk.state()
    assert [one.quantity for one in order.lines if one.item == "cola"] == [1] and payment.charges == 0

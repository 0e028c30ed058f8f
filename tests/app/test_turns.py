"""A turn is done once, whatever comes twice, at once or in the wrong words."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from typing import Any

import pytest
from msgspec.structs import replace

import assistant.taking
from assistant.dialogue.state import Outcome
from assistant.errors import ReusedTurnError, SetupError, StoreError
from assistant.storage import Change
from assistant.turns import Act, LineSaid, OptionSaid
from tests.app.conftest import Opened
from tests.app.talk import PRICE, TO_READ_BACK, YES, beside

CARD = "4111 1111 1111 1111"
ADD = Act("add", (LineSaid("cola", 1),))


async def test_the_same_turn_twenty_times_at_once_is_one_turn(open_kiosk: Opened) -> None:
    kiosk = await open_kiosk()
    await kiosk.to_read_back()
    yes = kiosk.turn(YES)
    replies = await asyncio.gather(*(kiosk.house.take(yes) for _ in range(20)))
    assert len({one.text for one in replies}) == 1
    assert not any(one.pending for one in replies)
    _session, order, payment = await kiosk.state()
    assert (order.stage, payment.charges, payment.net) == ("placed", 1, PRICE)
    assert len(kiosk.charged()) == 1
    await kiosk.balanced()


async def test_a_turn_that_changes_the_basket_counts_once_when_it_comes_again(open_kiosk: Opened) -> None:
    kiosk = await open_kiosk()
    add = kiosk.turn(ADD)
    first = await kiosk.house.take(add)
    again = await kiosk.house.take(add)
    assert again.text == first.text
    _session, order, _payment = await kiosk.state()
    assert [one.quantity for one in order.lines] == [1]


async def test_the_same_id_with_other_words_is_refused(open_kiosk: Opened) -> None:
    kiosk = await open_kiosk()
    await kiosk.does(ADD, id="one")
    with pytest.raises(ReusedTurnError, match="one"):
        await kiosk.does(Act("start_over"), id="one")
    _session, order, _payment = await kiosk.state()
    assert len(order.lines) == 1


async def test_turn_ids_of_other_sessions_and_channels_are_other_turns(open_kiosk: Opened) -> None:
    kiosk = await open_kiosk()
    for session, channel in (("s", "test"), ("other", "test"), ("s", "phone")):
        await kiosk.does(ADD, id="one", session=session, channel=channel)
    _session, order, _payment = await kiosk.state()
    assert sum(one.quantity for one in order.lines) == 2
    _session, order, _payment = await kiosk.state("other")
    assert sum(one.quantity for one in order.lines) == 1


async def test_many_turns_of_one_session_at_once_are_all_counted(open_kiosk: Opened) -> None:
    kiosk = await open_kiosk()
    water = Act("add", (LineSaid("water", 1),))
    await asyncio.gather(*(kiosk.does(water) for _ in range(12)))
    _session, order, _payment = await kiosk.state()
    assert sum(one.quantity for one in order.lines) == 12


async def test_two_yeses_are_one_charge(open_kiosk: Opened) -> None:
    kiosk = await open_kiosk()
    await kiosk.to_read_back()
    first = await kiosk.does(YES)
    second = await kiosk.does(YES)
    assert first.text != second.text
    _session, order, payment = await kiosk.state()
    assert (order.stage, payment.charges, len(payment.attempts)) == ("placed", 1, 1)
    assert len(kiosk.charged()) == 1


async def test_two_channels_saying_yes_at_once_are_one_charge(open_kiosk: Opened) -> None:
    kiosk = await open_kiosk()
    await kiosk.to_read_back()
    await asyncio.gather(*(kiosk.does(YES, channel=channel) for channel in ("test", "phone", "watch")))
    _session, order, payment = await kiosk.state()
    assert (order.stage, payment.charges, len(payment.attempts)) == ("placed", 1, 1)
    assert len(kiosk.charged()) == 1
    await kiosk.balanced()


async def test_what_another_process_did_is_seen_at_once(open_kiosk: Opened) -> None:
    one = await open_kiosk()
    other = await open_kiosk(store=beside(one.store, one.clock, one.data), clock=one.clock)
    await one.does(ADD)
    await other.does(Act("add", (LineSaid("water", 2),)))
    assert "two waters" in (await one.does(Act("show_basket"))).text
    await other.does(Act("remove", (LineSaid("cola", None),)))
    await one.does(Act("undo"))
    _session, order, _payment = await one.state()
    assert [(line.item, line.quantity) for line in order.lines] == [("cola", 1), ("water", 2)]
    await other.house.office.cancel(order.id)
    assert "water" not in (await one.does(Act("show_basket"))).text
    await one.does(*TO_READ_BACK)
    assert "cola" in (await one.does(Act("show_basket"))).text


async def test_the_last_ones_go_to_who_agrees_first(open_kiosk: Opened) -> None:
    kiosk = await open_kiosk()
    for session in ("a", "b"):
        await kiosk.does(Act("add", (LineSaid("cola", 3),)), session=session)
        await kiosk.to_read_back(session)
    await asyncio.gather(*(kiosk.does(YES, session=session) for session in ("a", "b")))
    stages = {session: (await kiosk.state(session))[1].stage for session in ("a", "b")}
    assert sorted(stages.values()) == ["open", "placed"]
    assert len(kiosk.charged()) == 1
    assert await kiosk.colas() == 1


async def test_a_yes_that_comes_too_late_asks_again_and_charges_nothing(open_kiosk: Opened) -> None:
    kiosk = await open_kiosk()
    await kiosk.to_read_back()
    kiosk.clock.at += dt.timedelta(minutes=16)
    reply = await kiosk.does(YES)
    assert reply.expects == "confirm"
    assert kiosk.charged() == []
    await kiosk.does(YES)
    assert len(kiosk.charged()) == 1


async def test_a_yes_in_another_session_pays_for_nothing(open_kiosk: Opened) -> None:
    kiosk = await open_kiosk()
    await kiosk.to_read_back()
    await kiosk.does(YES, session="stranger")
    assert kiosk.charged() == []
    _session, order, payment = await kiosk.state()
    assert (order.stage, payment.status) == ("open", "none")


@pytest.mark.parametrize(
    "forged", ["session", "total", "fingerprint", "read_back_turn", "turn", "price", "nothing heard"]
)
async def test_a_consent_that_is_not_the_buyers_own_never_charges(
    open_kiosk: Opened, monkeypatch: pytest.MonkeyPatch, forged: str
) -> None:
    """Whatever the dialogue decides, the transaction that makes the attempt computes the consent again."""
    kiosk = await open_kiosk()
    await kiosk.to_read_back()
    handle = assistant.taking.handle

    def wrong(*given: Any) -> Outcome:
        outcome = handle(*given)
        order = outcome.order
        if order is None or order.consent is None:
            return outcome
        if forged == "price":
            order = replace(order, lines=(replace(order.lines[0], unit_price=PRICE + 1),))
        elif forged != "nothing heard":
            value = order.consent.total - 1 if forged == "total" else "forged"
            order = replace(order, consent=replace(order.consent, **{forged: value}))
        return replace(outcome, order=order)

    if forged == "nothing heard":
        session = await kiosk.store.session("kiosk", "s")
        assert session is not None and session.read_back is not None
        heard = replace(session.read_back, total=1)
        await kiosk.store.commit(Change(session=replace(session, read_back=heard)))
    monkeypatch.setattr(assistant.taking, "handle", wrong)
    reply = await kiosk.does(YES)
    assert reply.text
    _session, order, payment = await kiosk.state()
    assert kiosk.charged() == []
    assert (order.stage, order.consent, payment.attempts) == ("open", None, ())
    assert await kiosk.colas() == 5


async def test_a_store_that_cannot_write_is_said_and_charges_nothing(
    open_kiosk: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    kiosk = await open_kiosk()
    await kiosk.to_read_back()

    async def full(change: Change) -> Any:
        raise StoreError("there is no room left", can_retry=True)

    with monkeypatch.context() as broken:
        broken.setattr(kiosk.store, "commit", full)
        yes = kiosk.turn(YES)
        reply = await kiosk.house.take(yes)
    assert "nothing was charged" in reply.text
    assert kiosk.charged() == []
    again = await kiosk.house.take(yes)
    assert not again.pending
    assert len(kiosk.charged()) == 1


async def test_a_turn_that_was_taken_is_answered_though_nothing_can_be_written(
    open_kiosk: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    kiosk = await open_kiosk()
    first = await kiosk.does(ADD, id="first")
    for _ in range(9):
        await kiosk.does(Act("show_basket"))

    async def full(change: Change) -> None:
        raise StoreError("there is no room left", can_retry=True)

    monkeypatch.setattr(kiosk.store, "commit", full)
    assert (await kiosk.does(ADD, id="first")).text == first.text
    assert (await kiosk.does(ADD, id="another")).text != first.text


async def test_a_mistake_of_ours_is_said_and_the_talk_goes_on(
    open_kiosk: Opened, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    kiosk = await open_kiosk()
    await kiosk.does(ADD)

    def broken(*_given: Any) -> Outcome:
        raise ZeroDivisionError

    with monkeypatch.context() as patched, caplog.at_level(logging.CRITICAL):
        patched.setattr(assistant.taking, "handle", broken)
        reply = await kiosk.does(Act("checkout"))
    assert "wrong on our side" in reply.text
    reply = await kiosk.does(Act("show_basket"))
    assert "cola" in reply.text


async def test_a_turn_for_another_shop_is_refused(open_kiosk: Opened) -> None:
    kiosk = await open_kiosk()
    with pytest.raises(SetupError, match="another-shop"):
        await kiosk.house.take(replace(kiosk.turn(ADD), shop="another-shop"))


async def test_card_numbers_are_kept_nowhere(open_kiosk: Opened, caplog: pytest.LogCaptureFixture) -> None:
    kiosk = await open_kiosk()
    await kiosk.says(f"my card is {CARD}")
    await kiosk.does(Act("give_contact", value={"name": CARD, "phone": "555 0134"}))
    await kiosk.does(Act("add", (LineSaid(CARD, 1, (OptionSaid(CARD, CARD),)),)))
    events = await kiosk.store.events(session="s")
    session = await kiosk.store.session("kiosk", "s")
    kept = f"{events} {session} {caplog.text}"
    assert "[card number]" in kept
    assert CARD not in kept and CARD.replace(" ", "") not in kept
    for file in kiosk.data.rglob("*"):
        if file.is_file():
            assert CARD.encode() not in file.read_bytes()


@pytest.mark.parametrize(
    "parts",
    [
        ("4111 1111", "1111 1111"),
        ("my card is 4111 1111", "um 1111 1111."),
        ("4111", "1111", "1111", "1111"),
        ("four one one one one one one one", "eleven eleven eleven eleven"),
    ],
)
async def test_a_card_number_that_is_said_a_few_digits_at_a_time_is_never_kept_whole(
    open_kiosk: Opened, parts: tuple[str, ...]
) -> None:
    kiosk = await open_kiosk()
    for part in parts:
        reply = await kiosk.says(part)
    assert "card numbers" in reply.text
    said = [event.data["hypotheses"][0][0] for event in await kiosk.store.events(session="s") if event.kind == "turn"]
    assert said == [*parts[:-1], "[card number]"]


async def test_a_phone_number_and_a_time_are_no_card_number(open_kiosk: Opened) -> None:
    kiosk = await open_kiosk()
    for part in ("13800138000", "1830", "415 555 0134", "1830"):
        assert "card numbers" not in (await kiosk.says(part)).text


async def test_what_a_turn_did_is_written_as_an_event(open_kiosk: Opened) -> None:
    kiosk = await open_kiosk()
    await kiosk.does(ADD)
    (event,) = await kiosk.store.events(session="s")
    assert event.kind == "turn"
    assert event.data["acts"][0]["act"] == "add"
    assert [one[1:] for one in map(tuple, event.data["lines"])] == [("cola", 1)]

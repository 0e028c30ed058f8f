"""A person, please: asked into a talk, answering in it, honest about who speaks, and never in the way of money."""

from __future__ import annotations

import datetime as dt
import os

import pytest

from assistant.errors import SetupError
from tests.app.conftest import Opened
from tests.app.talk import Kiosk
from tests.app.test_listeners import Desk as Channel


async def called(kiosk: Kiosk) -> None:
    kiosk.house.desk.seen()
    reply = await kiosk.says("can I talk to a person")
    assert "program" in reply.text and "asked somebody" in reply.text


async def state(kiosk: Kiosk) -> list[tuple[str, str, str]]:
    return [(one["session"], one["state"], one["by"]) for one in await kiosk.house.desk.talks()]


async def test_nobody_is_promised_where_nobody_is_at_the_desk(open_kiosk: Opened) -> None:
    kiosk = await open_kiosk()
    reply = await kiosk.says("can I talk to a person")
    assert "can't reach a person" in reply.text and await state(kiosk) == []
    kiosk.house.desk.seen()
    os.utime(kiosk.data / "desk-kiosk", (0, 0))  # long ago
    assert "can't reach a person" in (await kiosk.says("operator")).text and await state(kiosk) == []


async def test_a_person_answers_in_the_same_talk_and_says_who_speaks(open_kiosk: Opened) -> None:
    kiosk = await open_kiosk()
    phone = Channel("phone")
    kiosk.house.listen("s", phone)
    await kiosk.says("two colas")
    await called(kiosk)
    assert "has been asked" in (await kiosk.says("operator")).text
    assert await state(kiosk) == [("s", "asked", "")]
    desk = kiosk.house.desk
    with pytest.raises(SetupError, match="take this talk first"):
        await desk.say("s", "Anna", "hello")
    await desk.take("s", "Anna")
    with pytest.raises(SetupError, match="Anna has taken this talk"):
        await desk.take("s", "Ben")
    await desk.say("s", "Anna", "Hello, how can I help?")
    assert [one.text for one in phone.pushed] == [
        "Anna from the shop is answering you now. Say “back” to talk to the program again.",
        "Anna from the shop: Hello, how can I help?",
    ]
    assert (await kiosk.says("add a water please")).text == "Anna from the shop has your message."
    _session, order, _payment = await kiosk.state()
    assert [(one.item, one.quantity) for one in order.lines] == [("cola", 2)]
    said = [(one.who, one.name, one.text) for one in await kiosk.house.said("s")]
    assert ("staff", "Anna", "Hello, how can I help?") in said and ("person", "", "add a water please") in said
    await desk.leave("s", "Anna")
    assert "talking to the program again" in phone.pushed[-1].text and await state(kiosk) == []
    await kiosk.says("add a water please")
    _session, order, _payment = await kiosk.state()
    assert [(one.item, one.quantity) for one in order.lines] == [("cola", 2), ("water", 1)]


async def test_who_can_not_be_pushed_to_hears_it_with_their_own_next_turn(open_kiosk: Opened) -> None:
    """A speaker, or a program that calls the API: neither what staff say nor their questions are lost on the way."""
    kiosk = await open_kiosk()
    await kiosk.says("two colas")
    await called(kiosk)
    desk = kiosk.house.desk
    await desk.take("s", "Anna")
    await desk.take("s", "Anna")  # a button pressed twice
    await desk.say("s", "Anna", "We are out of lemon. Is it all right without?")
    staff = await desk.do("s", "Anna", "a1", "two waters")
    assert staff.text.startswith("Two waters") and "Anna" not in staff.text
    heard = await kiosk.says("yes that is fine")
    assert heard.text.count("Anna from the shop is answering you now") == 1
    assert "Anna from the shop: We are out of lemon. Is it all right without?" in heard.text
    assert "Anna from the shop says. We are out of lemon. Is it all right without?" in heard.speech
    assert "Anna from the shop changed your order. Two waters" in heard.text
    assert heard.text.endswith("Anna from the shop has your message.")
    assert "lemon" not in (await kiosk.says("thanks")).text  # once


async def test_a_buyer_can_always_go_back_to_the_program(open_kiosk: Opened) -> None:
    kiosk = await open_kiosk()
    await called(kiosk)
    await kiosk.house.desk.take("s", "Anna")
    assert "Say “back”" in (await kiosk.says("help")).text
    assert "talking to the program again" in (await kiosk.says("back")).text
    assert await state(kiosk) == []
    with pytest.raises(SetupError):
        await kiosk.house.desk.say("s", "Anna", "are you there?")


async def test_back_to_a_program_that_is_back_already_takes_nothing_away(open_kiosk: Opened) -> None:
    """Nothing was pushed: that the person has left is heard with this very reply, and "back" can't mean more."""
    kiosk = await open_kiosk()
    await kiosk.says("two colas")
    await called(kiosk)
    desk = kiosk.house.desk
    await desk.take("s", "Anna")
    await desk.say("s", "Anna", "I'll add water for you")
    await desk.do("s", "Anna", "a1", "two waters")
    await desk.leave("s", "Anna")
    heard = await kiosk.says("back")
    assert "Anna from the shop: I'll add water for you. Anna from the shop changed your order." in heard.text
    assert "talking to the program again" in heard.text and "Undone" not in heard.text
    _session, order, _payment = await kiosk.state()
    assert [(one.item, one.quantity) for one in order.lines] == [("cola", 2), ("water", 2)]
    assert "Undone" in (await kiosk.says("back")).text  # by now it means what it says


async def test_a_yes_to_a_person_pays_nothing_and_an_earlier_read_back_counts_no_more(open_kiosk: Opened) -> None:
    kiosk = await open_kiosk()
    await kiosk.to_read_back()
    await called(kiosk)
    await kiosk.house.desk.take("s", "Anna")
    for words in ("yes", "yes please, pay it"):
        await kiosk.says(words)
    await kiosk.house.desk.leave("s", "Anna")
    session, order, payment = await kiosk.state()
    assert session.read_back is None and (order.stage, payment.charges) == ("open", 0) and kiosk.charged() == []
    reply = await kiosk.says("yes")
    assert kiosk.charged() == [] and "Shall I place the order?" in reply.text
    await kiosk.says("yes")
    _session, order, payment = await kiosk.state()
    assert (order.stage, payment.charges) == ("placed", 1)


async def test_staff_may_change_the_basket_but_neither_agree_nor_pay_nor_cancel(open_kiosk: Opened) -> None:
    kiosk = await open_kiosk()
    await kiosk.to_read_back()
    await called(kiosk)
    desk = kiosk.house.desk
    await desk.take("s", "Anna")
    tablet = Channel("tablet")
    kiosk.house.listen("s", tablet)
    for number, words in enumerate(("yes", "cancel the order", "pay now by cash", "start over")):
        reply = await desk.do("s", "Anna", f"a{number}", words)
        assert reply.text.startswith("Nothing was done. You can add, change and take off things here; agreeing, paying")
        assert tablet.pushed == []  # nothing changed, so nothing is said to have
        _session, order, payment = await kiosk.state()
        assert (order.stage, payment.charges, len(order.lines)) == ("open", 0, 1)
    phone = Channel("phone")
    kiosk.house.listen("s", phone)
    reply = await desk.do("s", "Anna", "b", "two more waters")
    again = await desk.do("s", "Anna", "b", "two more waters")
    assert again.text == reply.text
    _session, order, _payment = await kiosk.state()
    assert [(one.item, one.quantity) for one in order.lines] == [("cola", 1), ("water", 2)]
    (told,) = phone.pushed  # once, whatever came twice
    assert told.text.startswith("Anna from the shop changed your order. Two waters") and "?" not in told.text
    history = await kiosk.house.said("s")
    assert [one.who for one in history if one.text == told.text] == ["assistant"]
    assert "two more waters" not in [one.text for one in history]  # nobody's words but the buyer's own are theirs
    await kiosk.house.desk.leave("s", "Anna")
    await kiosk.says("yes")  # to nothing that was read back since
    assert kiosk.charged() == []


async def test_who_waits_in_vain_is_told(open_kiosk: Opened) -> None:
    kiosk = await open_kiosk()
    await called(kiosk)
    await kiosk.house.desk.missed()
    assert await state(kiosk) == [("s", "asked", "")]
    kiosk.clock.at += dt.timedelta(minutes=4)
    await kiosk.house.desk.missed()
    assert await state(kiosk) == []
    assert "Nobody from the shop could come" in (await kiosk.says("a cola")).text


async def test_what_looks_like_a_card_number_reaches_nobody(open_kiosk: Opened) -> None:
    kiosk = await open_kiosk()
    await called(kiosk)
    await kiosk.house.desk.take("s", "Anna")
    reply = await kiosk.says("it is 4111 1111 1111 1111")
    assert "never tell me card numbers" in reply.text
    assert "4111" not in str(await kiosk.house.said("s"))

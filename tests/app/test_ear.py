"""A talk for who only hears it: slower and louder stay, what was said comes again, nobody is left in silence."""

from __future__ import annotations

import msgspec
import pytest

from assistant.dialogue.state import Session
from assistant.payments import sandbox
from assistant.turns import Act, LineSaid, Reply
from tests.app.conftest import Opened
from tests.app.talk import YES, comes_to

COLA = Act("add", (LineSaid("cola", 1),))


@pytest.mark.parametrize(
    ("wishes", "pace", "volume"),
    [
        (("slower",), -1, 0),
        (("slower", "slower", "faster"), -1, 0),
        (("slower",) * 9, -3, 0),
        (("faster",) * 9, 3, 0),
        (("louder", "slower"), -1, 1),
        (("quieter",) * 9, 0, -3),
        (("louder", "slower", "normal"), 0, 0),
    ],
)
async def test_it_speaks_as_it_was_asked_to_for_the_rest_of_the_talk(
    open_kiosk: Opened, wishes: tuple[str, ...], pace: int, volume: int
) -> None:
    kiosk = await open_kiosk()
    said = await kiosk.does(COLA)
    for wish in wishes:
        again = await kiosk.does(Act("repeat", value=wish))
        assert (again.speech, again.text) == (said.speech, said.text)
    assert (again.pace, again.volume) == (pace, volume)
    later = await kiosk.says("checkout")
    assert (later.pace, later.volume) == (pace, volume)


async def test_a_payment_s_result_is_spoken_as_the_person_wants_it(open_kiosk: Opened) -> None:
    kiosk = await open_kiosk()
    await kiosk.to_read_back()
    await kiosk.does(Act("repeat", value="slower"))
    paid = await kiosk.does(YES)
    assert "Paid" in paid.text and (paid.pace, paid.whole) == (-1, True)


async def test_what_must_be_heard_whole_is_so_when_it_is_said_again(open_kiosk: Opened) -> None:
    kiosk = await open_kiosk()
    assert not (await kiosk.does(COLA)).whole
    read_back = await kiosk.to_read_back()
    assert read_back.whole
    again = await kiosk.does(Act("repeat"))
    assert (again.speech, again.whole, again.reprompt) == (read_back.speech, True, "Shall I place the order?")
    assert "Paid" in (await kiosk.does(YES)).text, "a yes to what was said again is a yes to what was read back"


async def test_what_was_offered_is_offered_again(open_kiosk: Opened) -> None:
    kiosk = await open_kiosk()
    for act in (COLA, Act("checkout"), Act("give_time", value="asap"), Act("give_contact", value={"name": "Ana"})):
        offered = await kiosk.does(act)
    assert [one.text for one in offered.choices] == ["card", "WeChat Pay", "cash"]
    again = await kiosk.does(Act("repeat", value="louder"))
    assert (again.choices, again.expects) == (offered.choices, "method")
    assert "card" in (await kiosk.says("the first one")).speech


async def test_what_was_heard_is_told(open_kiosk: Opened) -> None:
    kiosk = await open_kiosk()
    assert (await kiosk.does(Act("repeat", value="heard"))).speech.startswith("I didn't catch anything")
    await kiosk.says("two colas")
    told = await kiosk.says("what did you hear?")
    assert "two colas" in told.speech


async def test_a_question_is_asked_again_in_few_words(open_kiosk: Opened) -> None:
    kiosk = await open_kiosk()
    replies = [await kiosk.does(COLA)]
    for act in (
        Act("checkout"),
        Act("help"),
        Act("give_contact", value={"name": "Ana"}),
        Act("choose", number=9),
        Act("choose_method", value="card"),
        Act("add", (LineSaid("water", 60),)),
        YES,
        YES,
        Act("cancel"),
        YES,
    ):
        replies.append(await kiosk.does(act))
    for one in replies:
        assert one.listening and one.reprompt
        assert len(one.reprompt) <= max(len(one.speech), 15) and one.reprompt.count("?") == 1, one.reprompt
    asked = [one.reprompt for one in replies]
    assert asked[3:5] == ["How would you like to pay?"] * 2
    assert asked[6:8] == ["Is that right?", "Shall I place the order?"]
    assert asked[9] == "Shall I cancel it?"


async def test_while_a_payment_is_waited_for_nothing_else_is_asked(open_kiosk: Opened) -> None:
    kiosk = await open_kiosk("needs_buyer")
    await kiosk.to_read_back(method="wechat")
    waiting = await kiosk.does(YES)
    assert "is on the screen" in waiting.speech and waiting.reprompt == "I'm waiting for the payment."


async def test_who_doesn_t_go_on_isn_t_asked(open_kiosk: Opened) -> None:
    kiosk = await open_kiosk()
    bye = await kiosk.does(Act("stop"))
    assert (bye.listening, bye.reprompt) == (False, "")


def test_a_talk_that_was_stored_before_goes_on() -> None:
    """Fields that came later have their usual value, and a usual value isn't stored."""
    old = b'{"id": "s", "shop": "kiosk", "speed": -1, "last": {"speech": "Hello.", "text": "Hello."}}'
    session = msgspec.json.decode(old, type=Session)
    assert (session.speed, session.volume, session.last) == (-1, 0, Reply(speech="Hello.", text="Hello."))
    assert b"volume" not in msgspec.json.encode(session)


async def test_a_result_that_comes_later_is_told_without_its_question(open_kiosk: Opened) -> None:
    kiosk = await open_kiosk("needs_buyer")
    await kiosk.to_read_back(method="wechat")
    await kiosk.does(YES)
    (charge,) = kiosk.charged()
    sandbox.decline(kiosk.data, charge.attempt)
    await comes_to(kiosk, "due", "open")
    told = await kiosk.does(Act("cancel"))
    assert "declined" in told.speech and "Cancelled" in told.speech and told.whole
    assert told.speech.count("?") == 0, "what is open is asked last, and nothing is open here"

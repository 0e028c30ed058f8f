"""One talk on several devices: codes that lead there once, and what each device may and may not do there."""

from __future__ import annotations

import asyncio
import datetime as dt
import re
from pathlib import Path

import pytest

from assistant.errors import CodeError
from assistant.storage.memory import MemoryStore
from assistant.turns import Act, Happened, LineSaid, Reply
from tests.app.conftest import Opened
from tests.app.talk import PRICE, TO_READ_BACK, YES, Kiosk

ELSEWHERE = Act("continue_elsewhere")
COLA = Act("add", (LineSaid("cola", 1),))


def given(code: str) -> Act:
    return Act("continue_elsewhere", value={"code": code})


def code_in(reply: Reply) -> str:
    return re.findall(r"\d{6}", reply.text)[-1]


async def coded(kiosk: Kiosk, session: str = "kitchen") -> str:
    return code_in(await kiosk.does(ELSEWHERE, session=session))


async def joined(kiosk: Kiosk, session: str = "phone") -> Reply:
    """The phone at the kitchen's talk, which has a cola."""
    await kiosk.does(COLA, session="kitchen")
    return await kiosk.does(given(await coded(kiosk)), session=session)


async def test_a_device_that_gives_the_code_is_at_the_talk(open_kiosk: Opened) -> None:
    kiosk = await open_kiosk()
    reply = await joined(kiosk)
    assert "on that order" in reply.text and "cola" in reply.text
    await kiosk.does(COLA, session="phone")
    order = await kiosk.house.order("kitchen")
    assert order is not None and order == await kiosk.house.order("phone")
    assert sum(line["quantity"] for line in order["lines"]) == 2
    assert await kiosk.house.order("stranger") is None


async def test_another_process_knows_at_once_who_came_and_who_left(
    open_kiosk: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.app.SECOND", 0.01)
    one = await open_kiosk()
    beside = {}
    if isinstance(one.store, MemoryStore):
        beside["store"] = MemoryStore(real_clock=one.clock.real, beside=one.store)
    other = await open_kiosk(clock=one.clock, **beside)

    async def there(wanted: bool) -> bool:
        for _ in range(1000):
            order = await other.house.order("phone")
            if (order is not None) == wanted:
                return order is None or order == await other.house.order("kitchen")
            await asyncio.sleep(0.01)
        return False

    await joined(one)
    assert await there(True)
    await one.does(Act("continue_elsewhere", value="leave"), session="phone")
    assert await there(False)


async def test_the_code_is_heard_digit_by_digit_and_again_when_asked(open_kiosk: Opened) -> None:
    kiosk = await open_kiosk()
    reply = await kiosk.does(ELSEWHERE, session="kitchen")
    assert not re.search(r"\d", reply.speech) and "five minutes" in reply.speech
    again = await kiosk.does(Act("repeat"), session="kitchen")
    assert code_in(again) == code_in(reply) and again.speech.startswith(reply.speech.split(".")[0])
    kiosk.clock.ahead += dt.timedelta(minutes=6)
    late = await kiosk.does(Act("repeat"), session="kitchen")
    assert not re.search(r"\d{6}", late.text)


async def test_no_code_lies_in_the_store_or_beside_it(open_kiosk: Opened, tmp_path: Path) -> None:
    kiosk = await open_kiosk()
    reply = await kiosk.does(ELSEWHERE, session="kitchen")
    code = code_in(reply)
    await kiosk.says(f"the code is {code}", session="phone")
    words = {"1": "one", "2": "two", "3": "three", "4": "four", "5": "five", "6": "six", "7": "seven", "8": "eight"}
    spoken = ", ".join(words.get(one, one) for one in code)
    for path in (one for one in tmp_path.rglob("*") if one.is_file()):
        raw = path.read_bytes()
        assert code.encode() not in raw and spoken.encode() not in raw, path.name
    if (key := kiosk.data / "secret.key").exists():
        assert key.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("how", ["spoken", "typed"])
async def test_a_turn_that_comes_again_across_the_joining_is_one_turn(open_kiosk: Opened, how: str) -> None:
    kiosk = await open_kiosk()
    await kiosk.does(COLA, session="kitchen")
    before = kiosk.turn(COLA, session="phone", id="t-before")
    first = await kiosk.house.take(before)
    joining = kiosk.turn(given(await coded(kiosk)), session="phone", id="t-join")
    answer = await kiosk.house.take(joining)
    assert await kiosk.house.take(joining) == answer
    assert await kiosk.house.take(before) == first
    adding = kiosk.turn(COLA, session="phone", id="t-after")
    added = await kiosk.house.take(adding)
    leaving = kiosk.turn(Act("continue_elsewhere", value="leave"), session="phone", id="t-leave")
    left = await kiosk.house.take(leaving)
    assert "off that order" in left.text
    for turn, said in ((adding, added), (joining, answer), (leaving, left), (before, first)):
        assert await kiosk.house.take(turn) == said
    order = await kiosk.house.order("kitchen")
    assert order is not None and sum(line["quantity"] for line in order["lines"]) == 2


async def test_the_same_turn_id_on_two_devices_is_two_turns(open_kiosk: Opened) -> None:
    kiosk = await open_kiosk()
    await joined(kiosk)
    await kiosk.does(COLA, session="kitchen", id="one")
    await kiosk.does(COLA, session="phone", id="one")
    order = await kiosk.house.order("phone")
    assert order is not None and sum(line["quantity"] for line in order["lines"]) == 3


async def test_a_yes_counts_only_on_the_device_that_heard_the_read_back(open_kiosk: Opened) -> None:
    kiosk = await open_kiosk()
    await kiosk.to_read_back("kitchen")
    await kiosk.does(given(await coded(kiosk)), session="phone")
    for session in ("kitchen", "phone", "kitchen"):
        reply = await kiosk.does(YES, session=session)
        if reply.expects != "confirm":
            break
        assert kiosk.charged() == []
        # Whoever hears it first here hears all of it.
        assert "cola" in reply.text and "CN¥3.00" in reply.text
        assert (await kiosk.does(Act("add", (LineSaid("water", 1),)), session="hall")).expects != "confirm"
    else:
        await kiosk.does(YES, session="kitchen")
    assert [one.amount for one in kiosk.charged()] == [PRICE]


async def test_an_edit_on_one_device_is_read_back_whole_on_the_other(open_kiosk: Opened) -> None:
    kiosk = await open_kiosk()
    await kiosk.to_read_back("kitchen")
    await kiosk.does(given(await coded(kiosk)), session="phone")
    await kiosk.does(YES, session="kitchen")
    reply = await kiosk.does(Act("add", (LineSaid("water", 1),)), session="phone")
    assert reply.expects == "confirm" and all(part in reply.text for part in ("cola", "water", "Ana", "CN¥5.00"))
    await kiosk.does(YES, session="kitchen")
    assert kiosk.charged() == []


async def test_a_refund_is_agreed_to_where_its_amount_was_heard(open_kiosk: Opened) -> None:
    kiosk = await open_kiosk()
    await kiosk.to_read_back("kitchen")
    await kiosk.does(YES, session="kitchen")
    await kiosk.does(given(await coded(kiosk)), session="phone")
    asked = await kiosk.does(Act("cancel"), session="kitchen")
    assert "CN¥3.00" in asked.text
    reply = await kiosk.does(YES, session="phone")
    assert "CN¥3.00" in reply.text and kiosk.charged()[0].net == PRICE
    await kiosk.does(YES, session="phone")
    await kiosk.house.settled(5)
    assert kiosk.charged()[0].net == 0


async def test_two_devices_see_each_others_turns_under_their_own_names(open_kiosk: Opened) -> None:
    kiosk = await open_kiosk()
    await joined(kiosk)
    seen: dict[str, list[Happened]] = {"kitchen": [], "phone": []}
    for session, heard in seen.items():
        kiosk.house.follow(session, heard.append)
    await kiosk.does(COLA, session="phone", id="mine")
    await kiosk.does(COLA, session="kitchen", id="theirs")
    assert [(one.session, one.turn) for one in seen["phone"]] == [("phone", "mine"), ("phone", "theirs")]
    assert [one.session for one in seen["kitchen"]] == ["kitchen", "kitchen"]
    assert seen["kitchen"][0].turn != "mine" and seen["kitchen"][1].turn == "theirs"
    assert {"mine", "theirs"} < {one.turn for one in await kiosk.house.said("phone")}


async def test_it_is_the_same_after_a_restart(open_kiosk: Opened) -> None:
    kiosk = await open_kiosk()
    await joined(kiosk)
    await kiosk.house.close()
    again = await open_kiosk(store=kiosk.store, clock=kiosk.clock)
    order = await again.house.order("phone")
    assert order is not None and order == await again.house.order("kitchen")


async def test_a_code_is_good_once_and_for_five_minutes(open_kiosk: Opened) -> None:
    kiosk = await open_kiosk()
    code = await coded(kiosk)
    await kiosk.does(given(code), session="phone")
    assert "used already" in (await kiosk.does(given(code), session="stranger")).text
    code = await coded(kiosk)
    kiosk.clock.ahead += dt.timedelta(minutes=5, seconds=1)
    assert "too old" in (await kiosk.does(given(code), session="stranger")).text
    older, newer = await coded(kiosk), await coded(kiosk)
    assert "don't know" in (await kiosk.does(given(older), session="stranger")).text
    assert "on that order" in (await kiosk.does(given(newer), session="stranger")).text


async def test_two_that_give_one_code_at_once_are_not_both_let_in(open_kiosk: Opened) -> None:
    kiosk = await open_kiosk()
    await kiosk.does(COLA, session="kitchen")
    code = await coded(kiosk)
    await asyncio.gather(*(kiosk.does(given(code), session=name) for name in ("one", "two", "three")))
    orders = [await kiosk.house.order(name) for name in ("one", "two", "three")]
    assert sum(one is not None for one in orders) == 1


async def test_nobody_tries_codes_until_one_fits(open_kiosk: Opened) -> None:
    kiosk = await open_kiosk()
    code = await coded(kiosk)
    wrong = [str(number) for number in range(100_000, 100_040) if str(number) != code]
    for one in wrong[:5]:
        assert "don't know" in (await kiosk.does(given(one), session="thief")).text
    assert "Too many" in (await kiosk.does(given(code), session="thief")).text
    kiosk.clock.ahead += dt.timedelta(minutes=1)
    assert "on that order" in (await kiosk.does(given(code), session="phone")).text
    # Nor does it help to be many.
    code = await coded(kiosk)
    answers = [(await kiosk.does(given(one), session=f"thief {one}")).text for one in wrong]
    assert "Too many" in answers[-1]
    with pytest.raises(CodeError, match="many"):
        await kiosk.house.join("thief 0", code)
    kiosk.clock.ahead += dt.timedelta(minutes=1)
    assert await kiosk.house.join("friend", code) == "kitchen"


async def test_codes_are_made_and_taken_without_a_turn(open_kiosk: Opened) -> None:
    kiosk = await open_kiosk()
    await kiosk.does(COLA, session="kitchen")
    made = await kiosk.house.code("kitchen")
    assert re.fullmatch(r"[1-9]\d{5}", made.code)
    assert (made.expires_at - kiosk.clock.real()).total_seconds() == pytest.approx(300, abs=5)
    assert await kiosk.house.join("phone", made.code) == "kitchen"
    assert await kiosk.house.order("phone") == await kiosk.house.order("kitchen")
    for code, why in ((made.code, "used"), ("000000", "wrong"), ("", "wrong"), ("x" * 99, "wrong")):
        with pytest.raises(CodeError, match=why):
            await kiosk.house.join("other", code)


async def test_a_link_goes_with_the_code_where_it_can_be_shown(open_kiosk: Opened) -> None:
    kiosk = await open_kiosk()
    kiosk.house.reached_at("https://shop.example")
    reply = await kiosk.does(ELSEWHERE, session="kitchen")
    assert [one.value for one in reply.private] == [f"https://shop.example/?join={code_in(reply)}"]
    assert (await kiosk.does(ELSEWHERE, session="kitchen", can=frozenset())).private == ()


async def test_who_gave_the_code_may_leave_and_come_back(open_kiosk: Opened) -> None:
    kiosk = await open_kiosk()
    await joined(kiosk)
    await kiosk.does(Act("continue_elsewhere", value="leave"), session="kitchen")
    assert await kiosk.house.order("kitchen") is None and await kiosk.house.order("phone") is not None
    await kiosk.does(given(await coded(kiosk, "phone")), session="kitchen")
    assert await kiosk.house.order("kitchen") == await kiosk.house.order("phone") is not None
    alone = await kiosk.does(Act("continue_elsewhere", value="leave"), session="stranger")
    assert "no other device" in alone.text


async def test_what_else_was_said_is_done_where_the_code_led(open_kiosk: Opened) -> None:
    kiosk = await open_kiosk()
    await kiosk.does(COLA, session="kitchen")
    reply = await kiosk.does(given(await coded(kiosk)), TO_READ_BACK[1], session="phone")
    order = await kiosk.house.order("phone")
    assert order is not None and order["lines"] and reply.expects != "basket"

"""Persons: how they sign in, what is theirs over all devices, and what nobody else ever gets."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import re
from pathlib import Path

import pytest

from assistant.errors import CodeError, NotAllowedError, SetupError
from assistant.sender import Outbox
from assistant.turns import Act, LineSaid, Reply
from tests.app.conftest import Opened
from tests.app.talk import PRICE, YES, Kiosk

ANA, BO = "Ana@Example.com", "+86 138 0013 8000"
STATUS, USUAL = Act("order_status"), Act("reorder", value="usual")


@pytest.fixture
async def kiosk(open_kiosk: Opened, tmp_path: Path) -> Kiosk:
    kiosk = await open_kiosk()
    kiosk.house.people.sender = Outbox(tmp_path / "outbox.jsonl")
    return kiosk


async def sent(kiosk: Kiosk, contact: str, language: str = "en") -> dict[str, str]:
    await kiosk.house.people.send_code(contact, language, lambda secret: f"https://x/sign-in?link={secret}")
    sender = kiosk.house.people.sender
    assert isinstance(sender, Outbox)
    last: dict[str, str] = json.loads(sender.file.read_text().splitlines()[-1])
    return last


async def signed_in(kiosk: Kiosk, contact: str, session: str) -> str:
    """The person's id; what is said at the session is theirs."""
    token = await kiosk.house.people.sign_in(contact, (await sent(kiosk, contact))["code"])
    known = await kiosk.house.people.who(token)
    assert known is not None
    await kiosk.house.people.link_session(known.id, session)
    return known.id


async def ordered(kiosk: Kiosk, session: str) -> str:
    """A cola was paid for here; the order's number."""
    await kiosk.to_read_back(session)
    reply = await kiosk.does(YES, session=session)
    return re.search(r"order ([A-Z]\d+)", reply.text)[1]  # type: ignore[index]


async def test_a_person_signs_in_once_by_code_and_once_by_link(kiosk: Kiosk) -> None:
    people = kiosk.house.people
    by_code = await people.who(await people.sign_in("ana@example.com", (await sent(kiosk, ANA))["code"]))
    message = await sent(kiosk, ANA)
    by_link = await people.who(await people.sign_in_by_link(message["link"].partition("=")[2]))
    assert by_code == by_link is not None
    assert (by_code.role, by_code.contacts) == ("customer", ("a…@example.com",))
    with pytest.raises(CodeError):
        await people.sign_in(ANA, message["code"])
    with pytest.raises(CodeError):
        await people.sign_in_by_link(message["link"].partition("=")[2])


async def test_a_code_is_tried_five_times_and_lasts_ten_minutes(kiosk: Kiosk) -> None:
    people = kiosk.house.people
    code = (await sent(kiosk, ANA))["code"]
    wrong = "111111" if code != "111111" else "222222"
    tries = await asyncio.gather(*(people.sign_in(ANA, wrong) for _ in range(8)), return_exceptions=True)
    assert all(isinstance(one, CodeError) for one in tries)
    for _ in range(5):
        with pytest.raises(CodeError):
            await people.sign_in(ANA, wrong)
    with pytest.raises(CodeError, match="many"):
        await people.sign_in(ANA, code)
    code = (await sent(kiosk, ANA))["code"]
    kiosk.clock.ahead += dt.timedelta(minutes=10, seconds=1)
    with pytest.raises(CodeError, match="old"):
        await people.sign_in(ANA, code)


async def test_only_one_of_many_at_once_gets_in_with_one_code(kiosk: Kiosk) -> None:
    code = (await sent(kiosk, ANA))["code"]
    tries = [kiosk.house.people.sign_in(ANA, code) for _ in range(5)]
    done = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(isinstance(one, str) for one in done) == 1


@pytest.mark.parametrize("names", [("  ",), ("Carla", " Carla ")])
async def test_whoever_answers_buyers_has_a_name_of_their_own(kiosk: Kiosk, names: tuple[str, ...]) -> None:
    *first, last = names
    for name in first:
        await kiosk.house.people.invite(name, "staff")
    with pytest.raises(SetupError, match=r"name|already"):
        await kiosk.house.people.invite(last, "owner")


async def test_nobody_is_flooded_with_codes(kiosk: Kiosk) -> None:
    for _ in range(5):
        await sent(kiosk, ANA)
    with pytest.raises(CodeError, match="often"):
        await sent(kiosk, ANA)
    await sent(kiosk, BO)


@pytest.mark.parametrize(
    "contact", ["", "ana", "ana@", "@example.com", "a b@example.com", "12", "x" * 400, "a@b\n.com"]
)
async def test_what_is_no_contact_is_refused(kiosk: Kiosk, contact: str) -> None:
    with pytest.raises(SetupError):
        await sent(kiosk, contact)


async def test_without_a_sender_signing_in_says_so(open_kiosk: Opened) -> None:
    kiosk = await open_kiosk()
    with pytest.raises(NotAllowedError, match="isn't set up"):
        await kiosk.house.people.send_code(ANA, "en")


async def test_a_token_ends_with_signing_out_its_time_or_its_person(kiosk: Kiosk) -> None:
    people = kiosk.house.people
    tokens = [await people.sign_in(ANA, (await sent(kiosk, ANA))["code"]) for _ in range(3)]
    await people.sign_out(tokens[0])
    assert await people.who(tokens[0]) is None
    known = await people.who(tokens[1])
    assert known is not None and await people.who("guessed") is None and await people.who("") is None
    await people.remove(known.id)
    assert await people.who(tokens[1]) is None and await people.all() == []
    token = await people.sign_in(BO, (await sent(kiosk, BO))["code"])
    kiosk.clock.ahead += dt.timedelta(days=31)
    assert await people.who(token) is None


async def test_nothing_of_a_person_lies_in_clear(kiosk: Kiosk, tmp_path: Path) -> None:
    code = (await sent(kiosk, ANA))["code"]
    token = await kiosk.house.people.sign_in(ANA, code)
    _id, invitation = await kiosk.house.people.invite("Carla Moreno", "staff")
    for path in (one for one in tmp_path.rglob("*") if one.is_file() and one.name != "outbox.jsonl"):
        raw = path.read_bytes()
        for secret in (code, token, "ana@example.com", ANA, "Carla", invitation, invitation.replace("-", "")):
            assert secret.encode() not in raw, f"{secret} in {path.name}"
    assert (tmp_path / "outbox.jsonl").stat().st_mode & 0o777 == 0o600


async def test_the_usual_goes_with_a_person_from_device_to_device(kiosk: Kiosk) -> None:
    await signed_in(kiosk, ANA, "laptop")
    await ordered(kiosk, "laptop")
    await signed_in(kiosk, ANA, "phone")
    assert "cola" in (await kiosk.does(USUAL, session="phone")).text
    assert "cola" not in (await kiosk.does(USUAL, session="stranger")).text


async def test_nobody_reads_or_gets_back_anothers_order(kiosk: Kiosk) -> None:
    people = kiosk.house.people
    ana, bo = await signed_in(kiosk, ANA, "ana's"), await signed_in(kiosk, BO, "bo's")
    number = await ordered(kiosk, "ana's")
    theirs, others = await people.orders(ana, ""), await people.orders(bo, "bo's")
    assert [one["stage"] for one in theirs] == ["placed"] and others == []
    assert await people.orders(None, "guest") == []
    known = next(one for one in await people.all() if one.id == bo)
    for name in (number, theirs[0]["id"], number.lower()):
        assert await people.order(name, known, "bo's") is None
        assert await people.order(name, None, "guest") is None
        assert await people.order(name, None, "") is None
    for session in ("bo's", "guest"):
        for act in (Act("refund", value=number), Act("cancel", value=number), Act("order_status", value=number)):
            for one in (act, YES):
                assert "3.00" not in (await kiosk.does(one, session=session)).text
    for what in ("refund", "cancel", "advance"):
        with pytest.raises(NotAllowedError):
            await people.change(known, number, what)
    with pytest.raises(NotAllowedError):
        await people.all_orders(known)
    assert kiosk.charged()[0].net == PRICE


async def test_who_joins_a_persons_talk_hears_of_the_talk_alone(kiosk: Kiosk) -> None:
    await signed_in(kiosk, ANA, "laptop")
    await ordered(kiosk, "laptop")
    await signed_in(kiosk, ANA, "phone")
    await kiosk.does(Act("add", (LineSaid("water", 1),)), session="phone")
    code = (await kiosk.house.code("phone")).code
    await kiosk.house.join("guest", code)
    assert "cola" not in (await kiosk.does(USUAL, session="guest")).text
    assert "cola" in (await kiosk.does(USUAL, session="phone")).text


@pytest.mark.parametrize(("confidence", "known"), [(None, True), (1.0, True), (0.75, True), (0.5, False), (0.0, False)])
async def test_history_isnt_read_to_a_voice_that_is_only_like_theirs(
    kiosk: Kiosk, confidence: float | None, known: bool
) -> None:
    await kiosk.to_read_back("speaker", person="ana")
    await kiosk.does(YES, session="speaker", person="ana")
    reply = await kiosk.does(USUAL, session="other", person="ana", person_confidence=confidence)
    assert ("cola" in reply.text) is known


async def test_a_speaker_is_linked_by_saying_a_code(kiosk: Kiosk) -> None:
    ana = await signed_in(kiosk, ANA, "laptop")
    await ordered(kiosk, "laptop")
    code = (await kiosk.house.people.link_code(ana)).code
    reply = await kiosk.says(f"link code {' '.join(code)}", session="speaker")
    assert "linked to your account" in reply.text
    assert "cola" in (await kiosk.does(USUAL, session="speaker")).text
    assert "used" in (await kiosk.says(f"link code {code}", session="other speaker")).text
    await kiosk.house.people.remove(ana)
    assert "cola" not in (await kiosk.does(Act("reorder"), session="speaker")).text.lower().replace("coca", "")


async def test_a_speaker_is_linked_by_the_code_that_it_says(kiosk: Kiosk) -> None:
    ana = await signed_in(kiosk, ANA, "laptop")
    await ordered(kiosk, "laptop")
    said: Reply = await kiosk.does(Act("continue_elsewhere"), session="speaker")
    code = re.findall(r"\d{6}", said.text)[0]
    await kiosk.house.people.claim(ana, code)
    assert "cola" in (await kiosk.does(USUAL, session="speaker")).text
    with pytest.raises(CodeError):
        await kiosk.house.people.claim(ana, code)


async def test_the_shops_people_come_by_invitation(kiosk: Kiosk) -> None:
    people = kiosk.house.people
    number = await ordered(kiosk, "guest")
    _id, code = await people.invite("Carla", "staff")
    known = await people.who(await people.sign_in_by_invitation(code.lower()))
    assert known is not None and (known.role, known.name) == ("staff", "Carla")
    with pytest.raises(CodeError):
        await people.sign_in_by_invitation(code)
    assert await people.order(number, known, "") is not None and len(await people.all_orders(known)) == 1
    await people.change(known, number, "refund", 100)
    assert kiosk.charged()[0].net == PRICE - 100


async def test_a_token_of_a_platform_is_its_person_and_a_refused_one_is_linked_anew(kiosk: Kiosk) -> None:
    people = kiosk.house.people
    ana = await signed_in(kiosk, ANA, "laptop")
    await ordered(kiosk, "laptop")
    await people.grant("access", "good", ana, {}, kiosk.clock.real() + dt.timedelta(hours=1))
    assert "cola" in (await kiosk.does(USUAL, session="speaker", account_token="good")).text
    for token in ("", "bad", "x" * 5000):
        reply = await kiosk.does(USUAL, session="speaker", account_token=token)
        assert reply.link_account and "cola" not in reply.text
    kiosk.clock.ahead += dt.timedelta(hours=2)
    assert (await kiosk.does(USUAL, session="speaker", account_token="good")).link_account


async def test_a_guest_who_signs_in_before_paying_has_the_order_everywhere(kiosk: Kiosk) -> None:
    await kiosk.to_read_back("laptop")
    ana = await signed_in(kiosk, ANA, "laptop")
    await kiosk.does(YES, session="laptop")
    if not kiosk.charged():
        await kiosk.does(YES, session="laptop")
    assert [one["stage"] for one in await kiosk.house.people.orders(ana, "")] == ["placed"]

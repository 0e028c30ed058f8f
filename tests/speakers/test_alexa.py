"""Alexa: every recorded request, signed by a certificate authority of our own; what is refused; whole orders."""

from __future__ import annotations

import asyncio
import datetime as dt
import html
import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from assistant.sender import Outbox
from assistant.turns import Choice, Reply, Turn
from channels.speakers import _chain
from tests.drivers import Answer
from tests.houses import ScriptedHouse
from tests.speakers.drivers import LOCALES, SpeakerDriver
from tests.speakers.far_end import Cafe, Served, cafe, chain, ids, pem, put, recorded, root, sign

SKILL = "amzn1.ask.skill.00000000-0000-0000-0000-000000000000"
SETTINGS = {"application_ids": [SKILL]}
NAME = "echo-api.amazon.com"
END = b"-----END CERTIFICATE-----\n"
PLACE = "https://s3.amazonaws.com/echo.api/echo-api-cert.pem"


def stamp(at: dt.datetime | None = None) -> str:
    return (at or dt.datetime.now(dt.UTC)).isoformat(timespec="seconds").replace("+00:00", "Z")


def signed(body: Any, *, url: str = PLACE, signer: str = "leaf") -> tuple[bytes, dict[str, str]]:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return raw, {"SignatureCertChainUrl": url, "Signature-256": sign(raw, signer)}


def request(name: str, **more: Any) -> dict[str, Any]:
    """A recorded request as it would come now."""
    body = put(put(recorded(name), "request.timestamp", stamp()), "request.requestId", f"request-{next(ids)}")
    for path, value in more.items():
        body = put(body, path.replace("__", "."), value)
    return body


class Driver(SpeakerDriver):
    """What is said comes as the free text of an intent: Alexa sends no transcript. The device has a screen."""

    name = "alexa"
    settings = SETTINGS

    async def ready(self) -> None:
        self.served.lies("/echo.api/echo-api-cert.pem", chain(NAME))

    def ask(self, session: str, request: str, said: str) -> dict[str, Any]:
        body = recorded("alexa_intent_search_query")
        system = recorded("alexa_launch_screen_person")["context"]["System"]
        body["context"]["System"] = {**system, "user": {"userId": session}}
        body["session"]["user"]["userId"] = session
        slots = {"words": {"name": "words", "value": said, "confirmationStatus": "NONE"}}
        body["request"] |= {
            "requestId": request,
            "timestamp": stamp(),
            "locale": LOCALES[self.language],
            "intent": {"name": "SayIntent", "confirmationStatus": "NONE", "slots": slots},
        }
        return body

    def signed(self, body: dict[str, Any] | bytes) -> tuple[bytes, dict[str, str]]:
        return signed(body)

    def heard(self, answer: dict[str, Any]) -> Answer:
        response = answer["response"]
        (shown,) = [one["datasources"]["shop"] for one in response["directives"]]
        touched = "TouchWrapper" in json.dumps(response["directives"])
        choices = [re.sub(r"^\d+\. ", "", one["text"]) for one in shown["rows"]] if touched else []
        listening = not response["shouldEndSession"]
        assert ("reprompt" in response) == listening
        asked = spoken(response["reprompt"]) if listening else ""
        return Answer(spoken(response), shown["text"], tuple(choices), asked, listening)


DRIVER = Driver


def spoken(response: dict[str, Any]) -> str:
    """What is heard: the marked-up speech without its marks."""
    ssml = response["outputSpeech"]["ssml"]
    inside = re.fullmatch(r"<speak>([^<>]*)</speak>", ssml)
    assert inside, ssml
    return html.unescape(inside[1])


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Cafe]:
    async with cafe(tmp_path, {"alexa": SETTINGS}) as opened:
        opened.served.lies("/echo.api/echo-api-cert.pem", chain(NAME))
        yield opened


async def ask(shop: Cafe, body: Any, **more: Any) -> tuple[int, dict[str, Any]]:
    raw, headers = signed(body, **more)
    return await shop.served.post("/speakers/alexa", raw, headers)


async def says(shop: Cafe, name: str, **more: Any) -> dict[str, Any]:
    status, answer = await ask(shop, request(name, **more))
    assert status == 200, answer
    assert answer["version"] == "1.0"
    response: dict[str, Any] = answer["response"]
    return response


# -- what is understood ------------------------------------------------------------------------------------------


async def test_a_launch_greets_asks_and_stays_open(shop: Cafe) -> None:
    response = await says(shop, "alexa_launch")
    assert spoken(response) == "Welcome to Corner Market. What would you like?"
    assert response["shouldEndSession"] is False
    assert spoken(response["reprompt"]).endswith("?")


async def test_goods_come_by_their_ids_with_number_and_option(shop: Cafe) -> None:
    response = await says(shop, "alexa_intent_add_item")
    assert spoken(response).startswith("Two large lattes.")
    order, _ = await shop.only()
    (line,) = order.lines
    assert (line.quantity, line.item, line.options[0].choice) == (2, "sku-latte", "L")


async def test_several_goods_in_one_slot_are_a_line_each(shop: Cafe) -> None:
    assert spoken(await says(shop, "alexa_intent_multi_value_slot")).startswith("A small latte and a croissant.")
    assert await shop.lines() == [(1, "sku-latte"), (1, "sku-croissant")]


async def test_one_word_for_two_goods_is_asked_and_nothing_is_put_in(shop: Cafe) -> None:
    response = await says(shop, "alexa_intent_ambiguous_static_and_dynamic")
    assert "oat milk or oat biscuits?" in spoken(response)
    assert await shop.lines() == []
    await says(shop, "alexa_intent_search_query", request__intent=number_intent("ChooseIntent", "number", "2"))
    assert await shop.lines() == [(1, "sku-oat-biscuits")]


def number_intent(name: str, slot: str, value: str) -> dict[str, Any]:
    return {"name": name, "confirmationStatus": "NONE", "slots": {slot: {"name": slot, "value": value}}}


async def test_a_word_that_is_in_no_catalogue_is_named(shop: Cafe) -> None:
    assert "flurble" in spoken(await says(shop, "alexa_intent_no_match"))
    assert await shop.lines() == []


async def test_a_number_that_was_not_caught_is_asked(shop: Cafe) -> None:
    response = await says(shop, "alexa_intent_add_item", request__intent__slots__quantity__value="?")
    assert spoken(response).endswith("?") and "latte" in spoken(response)
    assert await shop.lines() == []


async def test_goods_that_the_shop_has_no_more_are_looked_for_by_their_words(shop: Cafe) -> None:
    """The model at the console is older than the catalogue: an id that isn't there any more is no order."""
    body = request("alexa_intent_add_item")
    old = json.loads(json.dumps(body).replace("sku-latte", "sku-gone").replace("milk coffee", "croissant"))
    _, answer = await ask(shop, put(old, "request.intent.slots.size", {"name": "size"}))
    assert spoken(answer["response"]).startswith("Two croissants.")


async def test_free_text_is_understood_as_it_is(shop: Cafe) -> None:
    intent = number_intent("SayIntent", "words", "two espressos and a large latte without sugar")
    assert "espressos" in spoken(await says(shop, "alexa_intent_search_query", request__intent=intent))
    assert await shop.lines() == [(2, "sku-espresso"), (1, "sku-latte")]


@pytest.mark.parametrize(
    ("name", "said", "open_"),
    [
        ("help", "You can order by name and number", True),
        ("fallback", "Sorry, I didn't understand that.", True),
        ("stop", "Goodbye.", False),
        ("cancel", "Goodbye.", False),
        ("yes", "", True),
        ("no", "", True),
        ("repeat", "", True),
    ],
)
async def test_the_platforms_own_intents(shop: Cafe, name: str, said: str, open_: bool) -> None:
    """Inside a talk and outside: stop and cancel end at once, everything else asks and stays open."""
    for new in (True, False):
        response = await says(shop, f"alexa_intent_amazon_{name}", session__new=new)
        assert spoken(response).startswith(said)
        assert response["shouldEndSession"] is not open_
        assert ("reprompt" in response) is open_ and spoken(response).endswith("?") is open_
        if open_:
            assert spoken(response["reprompt"]).endswith("?")


async def test_who_left_a_basket_is_offered_it_at_the_next_launch(shop: Cafe) -> None:
    await says(shop, "alexa_intent_add_item")
    assert spoken(await says(shop, "alexa_intent_amazon_stop")) == "Goodbye. Your basket is kept."
    response = await says(shop, "alexa_launch", session__sessionId="amzn1.echo-api.session.another")
    assert "Welcome back" in spoken(response) and "two large lattes" in spoken(response)
    assert spoken(response).endswith("?")


async def test_a_touched_row_is_a_choice(shop: Cafe) -> None:
    await says(shop, "alexa_intent_ambiguous_static_and_dynamic")
    response = await says(shop, "alexa_apl_user_event", request__arguments=["choose", 1])
    assert "oat milk" in spoken(response)
    assert await shop.lines() == [(1, "sku-oat-milk")]


async def test_a_screen_is_filled_only_where_there_is_one(shop: Cafe) -> None:
    plain = await says(shop, "alexa_intent_ambiguous_static_and_dynamic")
    assert "directives" not in plain
    assert plain["card"]["type"] == "Simple" and "2. oat biscuits" in plain["card"]["content"]
    body = request("alexa_intent_ambiguous_static_and_dynamic")
    body["context"] = recorded("alexa_launch_screen_person")["context"]
    _, answer = await ask(shop, body)
    (directive,) = answer["response"]["directives"]
    assert directive["type"] == "Alexa.Presentation.APL.RenderDocument"
    assert [one["text"] for one in directive["datasources"]["shop"]["rows"]] == ["1. an oat milk", "2. oat biscuits"]


async def test_markup_in_what_is_said_is_heard_as_text(shop: Cafe) -> None:
    words = "<audio src='https://x'/> & \"flurbles\""
    body = request("alexa_intent_no_match", request__intent__slots__item__value=words)
    _, answer = await ask(shop, body)
    assert "<audio" not in answer["response"]["outputSpeech"]["ssml"]
    spoken(answer["response"])


@pytest.mark.parametrize(
    "name",
    ["session_ended_user", "session_ended_error", "exception_encountered", "skill_event_linked"],
)
async def test_what_nobody_waits_for_is_answered_empty_and_changes_nothing(shop: Cafe, name: str) -> None:
    before = await shop.rows()
    body = request(f"alexa_{name}")
    assert await ask(shop, body) == (200, {"version": "1.0", "response": {}})
    assert await shop.rows() == before


async def test_unknown_kinds_and_unknown_fields_are_no_error(shop: Cafe) -> None:
    before = await shop.rows()
    assert (await ask(shop, request("alexa_launch", request__type="Future.Request")))[0] == 200
    assert await shop.rows() == before
    body = request("alexa_launch", request__brandNew={"deep": [1, 2, {"x": None}]}, context__Extra=[])
    assert (await ask(shop, body))[0] == 200


async def test_can_fulfill_changes_nothing(shop: Cafe) -> None:
    before = await shop.rows()
    _, answer = await ask(shop, request("alexa_can_fulfill"))
    can = answer["response"]["canFulfillIntent"]
    assert can["slots"]["item"]["canUnderstand"] == "YES" and can["canFulfill"] in ("YES", "MAYBE")
    unknown = request("alexa_can_fulfill", request__intent__name="FlyIntent")
    assert (await ask(shop, unknown))[1]["response"]["canFulfillIntent"]["canFulfill"] == "NO"
    assert await shop.rows() == before


@pytest.mark.parametrize("name", ["charge_ok", "charge_declined", "setup_ok"])
async def test_what_amazon_says_was_paid_places_no_order(shop: Cafe, name: str) -> None:
    await says(shop, "alexa_intent_add_item")
    response = await says(shop, f"alexa_connections_{name}")
    assert spoken(response)
    order, payment = await shop.only()
    assert (order.stage, payment.status, len(payment.attempts)) == ("open", "none", 0)


async def test_a_code_that_was_spoken_is_no_answer_to_a_read_back(shop: Cafe) -> None:
    await to_read_back(shop)
    response = await says(shop, "alexa_session_resumed_pin")
    assert "Shall I place the order?" in spoken(response)
    assert (await shop.only())[1].attempts == ()


# -- a whole order -----------------------------------------------------------------------------------------------


async def to_read_back(shop: Cafe, method: str = "card") -> dict[str, Any]:
    await says(shop, "alexa_intent_add_item")
    await says(shop, "alexa_intent_search_query", request__intent={"name": "CheckoutIntent"})
    await says(shop, "alexa_intent_search_query", request__intent=number_intent("ContactIntent", "name", "Ana"))
    chosen = {"name": "method", "value": method, "resolutions": matched(method)}
    return await says(
        shop, "alexa_intent_search_query", request__intent={"name": "MethodIntent", "slots": {"method": chosen}}
    )


def matched(name: str) -> dict[str, Any]:
    found = {"status": {"code": "ER_SUCCESS_MATCH"}, "values": [{"value": {"name": name, "id": name}}]}
    return {"resolutionsPerAuthority": [{"authority": "amzn1.er-authority.echo-sdk.x.PaymentMethod", **found}]}


@pytest.mark.parametrize(("method", "status", "net"), [("card", "paid", 6400), ("cash", "due", 0)])
async def test_an_order_is_placed_by_a_yes_to_its_read_back(shop: Cafe, method: str, status: str, net: int) -> None:
    read_back = spoken(await to_read_back(shop, method))
    assert "Two large lattes" in read_back and "Sixty-four yuan" in read_back
    assert read_back.endswith("Shall I place the order?")
    response = await says(shop, "alexa_intent_amazon_yes")
    assert "order" in spoken(response)
    order, payment = await shop.only()
    assert (order.stage, payment.status, payment.net) == ("placed", status, net)


async def test_only_a_yes_to_the_read_back_is_consent(shop: Cafe) -> None:
    """What Alexa itself confirmed, another device's yes, and a yes that came twice: one charge at most."""
    await to_read_back(shop)
    await says(shop, "alexa_intent_confirmed")
    assert (await shop.only())[1].attempts == ()
    body = request("alexa_intent_amazon_yes", context__System__device__deviceId="amzn1.ask.device.OTHER")
    _, answer = await ask(shop, body)
    assert all(not payment.attempts for _, payment in await shop.orders()), answer
    yes = request("alexa_intent_amazon_yes")
    first, second = await ask(shop, yes), await ask(shop, yes)
    assert first == second
    await says(shop, "alexa_intent_amazon_yes")
    charged = [payment for _, payment in await shop.orders() if payment.attempts]
    assert [one.charges for one in charged] == [1]


async def test_an_order_that_changed_is_read_back_again(shop: Cafe) -> None:
    await to_read_back(shop)
    await says(shop, "alexa_intent_multi_value_slot")
    assert (await shop.only())[1].attempts == ()
    response = await says(shop, "alexa_intent_amazon_yes")
    assert (await shop.only())[1].charges == 1, spoken(response)
    assert (await shop.only())[1].net == 6400 + 2600 + 1400


async def test_the_same_request_with_other_words_is_refused(shop: Cafe) -> None:
    body = request("alexa_intent_add_item")
    assert (await ask(shop, body))[0] == 200
    status, answer = await ask(shop, put(body, "request.intent.slots.quantity.value", "5"))
    assert (status, answer["error"]) == (400, "reused")
    assert await shop.lines() == [(2, "sku-latte")]


# -- limits ------------------------------------------------------------------------------------------------------


class Slow(ScriptedHouse):
    """A house that takes its time over the first turn."""

    async def take(self, turn: Turn) -> Reply:
        if not self.turns:
            self.turns.append(turn)
            await asyncio.sleep(2.2)
            return self.replies[0]
        return await super().take(turn)


async def scripted(tmp_path: Path, house: Any, **served: Any) -> Served:
    made = await Served(house, {"alexa": SETTINGS}, **served).open(tmp_path / "roots.pem")
    made.lies("/echo.api/echo-api-cert.pem", chain(NAME))
    return made


def reply(speech: str, **more: Any) -> Reply:
    return Reply(speech=speech, text=more.pop("text", speech), reprompt="Well?", language="en", **more)


@pytest.mark.parametrize(
    ("endpoint", "told"),
    [
        ("https://api.amazonalexa.com", 1),
        ("https://api.eu.amazonalexa.com/", 1),
        ("https://api.evil.example", 0),
        ("http://api.amazonalexa.com", 0),
        ("https://api.amazonalexa.com.evil.example", 0),
        ("", 0),
    ],
)
async def test_one_moment_is_said_while_a_reply_takes_a_while(tmp_path: Path, endpoint: str, told: int) -> None:
    """Through the platform's own hosts only, never to whatever the request names."""
    served = await scripted(tmp_path, Slow([reply("Done?")]))
    try:
        body = request("alexa_intent_add_item", context__System__apiEndpoint=endpoint)
        status, answer = await served.post("/speakers/alexa", *signed(body))
        assert status == 200 and spoken(answer["response"]) == "Done?"
        assert len(served.told) == told
        if told:
            (one,) = served.told
            assert one["headers"]["Authorization"] == f"Bearer {body['context']['System']['apiAccessToken']}"
            assert one["body"] == put(
                recorded("alexa_progressive_response"), "header.requestId", body["request"]["requestId"]
            )
    finally:
        await served.close()


async def test_an_account_that_must_be_linked_ends_the_session(tmp_path: Path) -> None:
    served = await scripted(tmp_path, ScriptedHouse([reply("For that I must know you.", link_account=True)]))
    try:
        _, answer = await served.post("/speakers/alexa", *signed(request("alexa_launch")))
        response = answer["response"]
        assert response["card"] == {"type": "LinkAccount"} and response["shouldEndSession"] is True
        assert "reprompt" not in response and "Alexa app" in spoken(response)
    finally:
        await served.close()


async def test_a_linked_account_orders_as_its_person_and_a_strange_token_as_nobody(shop: Cafe, tmp_path: Path) -> None:
    people, until = shop.house.people, dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)
    people.sender = Outbox(tmp_path / "outbox.jsonl")
    await people.send_code("ana@example.com", "en")
    code = json.loads(people.sender.file.read_text(encoding="utf-8"))["code"]
    known = await people.who(await people.sign_in("ana@example.com", code))
    assert known is not None
    await people.grant("access", "ana's own token", known.id, {"family": "alexa"}, until)
    with_token = {"userId": "amzn1.ask.account.ANA", "accessToken": "ana's own token"}
    body = request("alexa_intent_add_item", context__System__user=with_token)
    assert "Two large lattes" in spoken((await ask(shop, body))[1]["response"])
    assert (await shop.only())[0].person == known.id
    strange = {**with_token, "accessToken": "somebody's token"}
    _, answer = await ask(shop, request("alexa_intent_add_item", context__System__user=strange))
    assert answer["response"]["card"] == {"type": "LinkAccount"} and answer["response"]["shouldEndSession"]
    assert await shop.lines() == [(2, "sku-latte")]


@pytest.mark.parametrize("device", ["alexa_launch", "alexa_launch_screen_person"])
async def test_a_reply_that_is_too_long_is_cut(tmp_path: Path, device: str) -> None:
    """At a sentence, and the marks of what was escaped count."""
    sentence = "Fish & chips < 'two' > \"three\" 안녕. "
    choices = tuple(Choice(f"choice {number} " + "가" * 60) for number in range(300))
    served = await scripted(tmp_path, ScriptedHouse([reply(sentence * 800 + "Really?", choices=choices)]))
    try:
        raw, headers = signed(request(device))
        async with served.client.post(f"{served.url}/speakers/alexa", data=raw, headers=headers) as answer:
            got = await answer.read()
        assert len(got) <= 24_000
        ssml = json.loads(got)["response"]["outputSpeech"]["ssml"]
        assert len(ssml) <= 8000 and ssml.endswith((".</speak>", "?</speak>"))
    finally:
        await served.close()


async def test_a_voice_that_is_known_is_a_confidence_and_nobody(tmp_path: Path) -> None:
    house = ScriptedHouse([reply("Hello?")] * 3)
    served = await scripted(tmp_path, house)
    try:
        for name in ("alexa_launch_screen_person", "alexa_session_resumed_pin", "alexa_intent_linked_account"):
            await served.post("/speakers/alexa", *signed(request(name)))
    finally:
        await served.close()
    known, sure, linked = house.turns
    assert (known.person, known.person_confidence, sure.person_confidence) == (None, 0.75, 1.0)
    assert (known.account_token, linked.account_token) == (None, "example-access-token")


# -- what is refused ---------------------------------------------------------------------------------------------


async def refused(shop: Cafe, raw: bytes, headers: Any, status: int = 400) -> None:
    before = await shop.rows()
    got, answer = await shop.served.post("/speakers/alexa", raw, headers)
    assert got == status, answer
    assert set(answer) == {"error", "message"} and len(json.dumps(answer)) < 200
    assert await shop.rows() == before


async def test_a_request_that_is_not_signed_as_it_must_be(shop: Cafe) -> None:
    raw, headers = signed(request("alexa_intent_add_item"))
    signature, url = headers["Signature-256"], headers["SignatureCertChainUrl"]
    for wrong in (
        {},
        {"SignatureCertChainUrl": url},
        {"Signature-256": signature},
        {"SignatureCertChainUrl": "", "Signature-256": signature},
        {"SignatureCertChainUrl": url, "Signature-256": ""},
        {"SignatureCertChainUrl": url, "Signature-256": "%%%"},
        {"SignatureCertChainUrl": url, "Signature-256": signature[:-8]},
        {"SignatureCertChainUrl": url, "Signature-256": sign(raw, "stranger")},
        {"SignatureCertChainUrl": url, "Signature": signature},
    ):
        await refused(shop, raw, wrong)
    await refused(shop, raw, [*headers.items(), ("Signature-256", signature)])
    await refused(shop, raw, [*headers.items(), ("SignatureCertChainUrl", url)])
    await refused(shop, raw.replace(b'"2"', b'"9"'), headers)
    await refused(shop, raw + b" ", headers)
    assert (await shop.served.post("/speakers/alexa", raw, headers))[0] == 200


@pytest.mark.parametrize(
    "url",
    [
        "http://s3.amazonaws.com/echo.api/echo-api-cert.pem",
        "https://notamazon.com/echo.api/echo-api-cert.pem",
        "https://s3.amazonaws.com.evil.example/echo.api/echo-api-cert.pem",
        "https://s3.amazonaws.com/EcHo.aPi/echo-api-cert.pem",
        "https://s3.amazonaws.com/invalid.path/echo-api-cert.pem",
        "https://s3.amazonaws.com/echo.api/../invalid.path/echo-api-cert.pem",
        "https://s3.amazonaws.com/echo.api/%2e%2e/invalid.path/x.pem",
        "https://s3.amazonaws.com/echo.api\\..\\x.pem",
        "https://s3.amazonaws.com:563/echo.api/echo-api-cert.pem",
        "https://s3.amazonaws.com:x/echo.api/echo-api-cert.pem",
        "https://user@s3.amazonaws.com/echo.api/echo-api-cert.pem",
        "https://user:pass@s3.amazonaws.com/echo.api/echo-api-cert.pem",
        "https://s3.amazonaws.com/echo.api/echo-api-cert.pem?x=1",
        "https://s3.amazonaws.com/echo.api/echo-api-cert.pem#x",
        "https://[s3.amazonaws.com/echo.api/echo-api-cert.pem",
        "https:///echo.api/echo-api-cert.pem",
        "file:///echo.api/echo-api-cert.pem",
        "echo-api-cert.pem",
        "",
    ],
)
async def test_a_certificate_lies_nowhere_but_at_the_platform(shop: Cafe, url: str) -> None:
    raw, headers = signed(request("alexa_intent_add_item"), url=url)
    shop.served.asked.clear()
    await refused(shop, raw, headers)
    assert shop.served.asked == [], "it was fetched"


@pytest.mark.parametrize(
    "url",
    [
        "https://s3.amazonaws.com:443/echo.api/echo-api-cert.pem",
        "https://S3.AmazonAWS.com/echo.api/echo-api-cert.pem",
        "HTTPS://s3.amazonaws.com/echo.api/../echo.api/echo-api-cert.pem",
    ],
)
async def test_the_same_place_may_be_written_otherwise(shop: Cafe, url: str) -> None:
    assert (await ask(shop, request("alexa_launch"), url=url))[0] == 200


@pytest.mark.parametrize(
    ("why", "content"),
    [
        ("another name", lambda: chain("echo-api.example.com")),
        ("a name for many", lambda: chain("*.amazon.com")),
        ("no name", lambda: chain("amazon.com", "x.echo-api.amazon.com")),
        ("a root that nobody trusts", lambda: chain(NAME, by="stranger root")),
        ("over", lambda: chain(NAME, days=(-20, -1))),
        ("not yet", lambda: chain(NAME, days=(1, 20))),
        ("without what stands between", lambda: chain(NAME).split(b"-----END CERTIFICATE-----\n")[0] + END),
        ("only what stands between", lambda: chain(NAME).split(b"-----END CERTIFICATE-----\n")[1] + END),
        ("the root itself", lambda: pem(root())),
        ("nothing", lambda: b""),
        ("no certificate", lambda: b"-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----\n"),
        ("too much", lambda: chain(NAME) + b"#" * 70_000),
    ],
)
async def test_a_certificate_that_is_not_to_be_trusted(shop: Cafe, why: str, content: Any) -> None:
    shop.served.lies("/echo.api/other.pem", content())
    raw, headers = signed(request("alexa_intent_add_item"), url=PLACE.replace("echo-api-cert", "other"))
    await refused(shop, raw, headers)


async def test_a_certificate_is_not_fetched_from_where_its_place_points(shop: Cafe) -> None:
    shop.served.lies("/echo.api/moved.pem", b"", status=302, headers={"Location": "/echo.api/echo-api-cert.pem"})
    raw, headers = signed(request("alexa_intent_add_item"), url=PLACE.replace("echo-api-cert", "moved"))
    shop.served.asked.clear()
    await refused(shop, raw, headers)
    assert shop.served.asked == ["/echo.api/moved.pem"]
    await refused(shop, *signed(request("alexa_launch"), url=PLACE.replace("echo-api-cert", "missing")))


async def test_a_certificate_that_does_not_come(shop: Cafe, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_chain, "FETCH_SECONDS", 0.2)

    async def never(_: web.Request) -> web.Response:
        await asyncio.sleep(1)
        return web.Response(body=chain(NAME))

    shop.served.files["/echo.api/late.pem"] = never
    await refused(shop, *signed(request("alexa_launch"), url=PLACE.replace("echo-api-cert", "late")))


async def test_a_certificate_is_kept_only_after_a_good_signature(shop: Cafe) -> None:
    raw, headers = signed(request("alexa_intent_add_item"), signer="stranger")
    shop.served.asked.clear()
    await refused(shop, raw, headers)
    await refused(shop, raw, headers)
    assert len(shop.served.asked) == 2
    for _ in range(3):
        assert (await ask(shop, request("alexa_launch")))[0] == 200
    assert len(shop.served.asked) == 3


@pytest.mark.parametrize("seconds", [-160, 160, -3000, 86400])
async def test_a_stale_request_is_refused(shop: Cafe, seconds: int) -> None:
    at = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=seconds)
    await refused(shop, *signed(request("alexa_intent_add_item", request__timestamp=stamp(at))))


async def test_times(shop: Cafe) -> None:
    for nonsense in ("", "yesterday", "2026-11-22T08:00:00", "1499790258"):
        await refused(shop, *signed(request("alexa_intent_add_item", request__timestamp=nonsense)))
    at = dt.datetime.now(dt.UTC) - dt.timedelta(seconds=140)
    assert (await ask(shop, request("alexa_launch", request__timestamp=stamp(at))))[0] == 200
    at = dt.datetime.now(dt.UTC) - dt.timedelta(seconds=1800)
    assert (await ask(shop, request("alexa_skill_event_linked", request__timestamp=stamp(at))))[0] == 200


async def test_another_skills_requests_are_refused(shop: Cafe) -> None:
    other = "amzn1.ask.skill.99999999-0000-0000-0000-000000000000"
    body = request("alexa_intent_add_item")
    await refused(shop, *signed(put(body, "session.application.applicationId", other)))
    await refused(shop, *signed(put(body, "context.System.application.applicationId", other)))
    del body["session"]["application"], body["context"]["System"]["application"]
    await refused(shop, *signed(body))


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"nonsense",
        b"[]",
        b"null",
        b'"text"',
        b'{"a": NaN',
        b"\xff\xfe",
        b'{"a":' * 60_000 + b"1" + b"}" * 60_000,
        b"[" * 100 + b"]" * 100,
        b'{"request": 5}',
        b'{"request": {"type": 5}}',
    ],
)
async def test_a_body_that_is_no_request(shop: Cafe, raw: bytes) -> None:
    await refused(shop, *signed(raw), status=400 if len(raw) <= 256 * 1024 else 413)


async def test_a_body_that_is_too_big(shop: Cafe) -> None:
    import gzip

    big = json.dumps(request("alexa_launch", request__more="x" * 300_000)).encode()
    await refused(shop, *signed(big), status=413)
    raw, headers = signed(big)
    await refused(shop, gzip.compress(raw), {**headers, "Content-Encoding": "gzip"}, status=413)
    await refused(shop, b"no gzip", {**headers, "Content-Encoding": "gzip"}, status=400)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("session", "text"),
        ("context", 5),
        ("context.System.user.userId", {"a": 1}),
        ("context.System.device", "x"),
        ("request.intent", ["AddItemIntent"]),
        ("request.intent.name", 7),
        ("request.intent.slots", "none"),
        ("request.intent.slots.item", 3),
        ("request.intent.slots.item.value", ["latte"]),
        ("request.intent.slots.item.resolutions.resolutionsPerAuthority", {"a": 1}),
        ("request.requestId", 12),
        ("request.locale", {}),
    ],
)
async def test_a_field_of_the_wrong_type(shop: Cafe, path: str, value: Any) -> None:
    await refused(shop, *signed(put(request("alexa_intent_add_item"), path, value)))


async def test_a_speaker_that_is_not_set_up_and_one_that_there_is_not(tmp_path: Path) -> None:
    async with cafe(tmp_path, {}) as shop:
        raw, headers = signed(request("alexa_launch"))
        assert (await shop.served.post("/speakers/alexa", raw, headers))[0] == 401
        assert (await shop.served.post("/speakers/nobody", raw, headers))[0] == 404


async def test_roots_of_ones_own_are_for_this_machine_alone(tmp_path: Path) -> None:
    async with cafe(tmp_path, {"alexa": SETTINGS}, loopback=False) as shop:
        shop.served.lies("/echo.api/echo-api-cert.pem", chain(NAME))
        raw, headers = signed(request("alexa_launch"))
        assert (await shop.served.post("/speakers/alexa", raw, headers))[0] == 401

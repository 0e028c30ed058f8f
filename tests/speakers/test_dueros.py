"""Xiaodu: every recorded request, signed by a certificate authority of our own; what is refused."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, ClassVar

import pytest
from cryptography.hazmat.primitives import hashes

from tests.drivers import Answer
from tests.speakers.drivers import SpeakerDriver
from tests.speakers.far_end import Cafe, cafe, chain, ids, put, recorded, sign

SKILL = "8edb04e0-4dd6-22a9-a423-8f64ec3a6def"
SETTINGS = {"application_ids": [SKILL]}
NAME = "dueros-api.baidu.com"
PLACE = "https://duer.bdstatic.com/saiya/flow/latest/dueros.pem"
FILE = "/saiya/flow/latest/dueros.pem"
ILLEGAL = {"status": 1, "msg": "非法请求"}


def signed(body: Any, *, url: str = PLACE, signer: str = "leaf", hashing: Any = None) -> tuple[bytes, dict[str, str]]:
    raw = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
    return raw, {"signaturecerturl": url, "signature": sign(raw, signer, hashing or hashes.SHA1())}


def request(name: str, **more: Any) -> dict[str, Any]:
    body = put(put(recorded(name), "request.timestamp", str(int(time.time()))), "request.requestId", f"r-{next(ids)}")
    for path, value in more.items():
        body = put(body, path.replace("__", "."), value)
    return body


class Driver(SpeakerDriver):
    """What is said comes as it was said."""

    name = "dueros"
    settings: ClassVar[dict[str, Any]] = SETTINGS

    async def ready(self) -> None:
        self.served.lies(FILE, chain(NAME))

    def ask(self, session: str, request: str, said: str) -> dict[str, Any]:
        body = recorded("dueros_intent_default")
        body["context"]["System"]["user"]["userId"] = session
        body["request"] |= {"requestId": request, "timestamp": str(int(time.time()))}
        body["request"]["query"]["original"] = said
        return body

    def signed(self, body: dict[str, Any] | bytes) -> tuple[bytes, dict[str, str]]:
        return signed(body)

    def heard(self, answer: dict[str, Any]) -> Answer:
        response = answer["response"]
        listening = response["expectSpeech"]
        assert response["shouldEndSession"] is not listening and ("reprompt" in response) is listening
        card = response["card"]
        text, _, _ = card["content"].partition("\n1. ")
        asked = response["reprompt"]["outputSpeech"]["text"] if listening else ""
        return Answer(said(answer), text, tuple(card.get("cueWords", ())), asked, listening)


DRIVER = Driver


def said(answer: dict[str, Any]) -> str:
    speech = answer["response"]["outputSpeech"]
    assert speech["type"] == "PlainText"
    words: str = speech["text"]
    return words


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Cafe]:
    async with cafe(tmp_path, {"dueros": SETTINGS}) as opened:
        opened.served.lies(FILE, chain(NAME))
        yield opened


async def ask(shop: Cafe, body: Any, **more: Any) -> tuple[int, dict[str, Any]]:
    raw, headers = signed(body, **more)
    return await shop.served.post("/speakers/dueros", raw, headers)


async def test_a_launch_greets_and_stays_open(shop: Cafe) -> None:
    status, answer = await ask(shop, request("dueros_launch"))
    assert (status, answer["version"], answer["session"]) == (200, "2.0", {"attributes": {}})
    assert said(answer) == "欢迎光临街角小店，请问需要什么？"
    assert (answer["response"]["shouldEndSession"], answer["response"]["expectSpeech"]) == (False, True)


async def test_the_words_count_as_they_were_said(shop: Cafe) -> None:
    _, answer = await ask(shop, request("dueros_intent"))
    assert "两杯大杯拿铁" in said(answer)
    order, _ = await shop.only()
    assert [(one.quantity, one.item, one.options[0].choice) for one in order.lines] == [(2, "sku-latte", "L")]


async def test_what_is_in_no_intent_is_understood_too(shop: Cafe) -> None:
    status, answer = await ask(shop, request("dueros_intent_default"))
    assert status == 200 and said(answer).endswith("？")
    assert await shop.lines() == []


@pytest.mark.parametrize(
    ("intent", "begins", "open_"), [("stop", "再见", False), ("cancel", "", True), ("default", "不好意思", True)]
)
async def test_the_platforms_own_intents_without_words(shop: Cafe, intent: str, begins: str, open_: bool) -> None:
    body = request("dueros_intent_default", request__query={"type": "TEXT", "original": ""})
    body["request"]["intents"][0]["name"] = f"ai.dueros.common.{intent}_intent"
    status, answer = await ask(shop, body)
    assert status == 200 and said(answer).startswith(begins)
    assert answer["response"]["expectSpeech"] is open_


async def test_the_end_of_a_session_and_events_change_nothing(shop: Cafe) -> None:
    before = await shop.rows()
    assert (await ask(shop, request("dueros_session_ended")))[0] == 200
    for kind in ("Display.ElementSelected", "AudioPlayer.PlaybackStarted", "Connections.Response", "Future"):
        status, answer = await ask(shop, request("dueros_launch", request__type=kind))
        assert (status, answer["response"]) == (200, {})
    assert await shop.rows() == before


async def refused(shop: Cafe, raw: bytes, headers: dict[str, str]) -> None:
    before = await shop.rows()
    assert await shop.served.post("/speakers/dueros", raw, headers) == (400, ILLEGAL)
    assert await shop.rows() == before


@pytest.mark.parametrize(
    "url",
    [
        "http://duer.bdstatic.com/saiya/flow/x.pem",
        "https://DUER.bdstatic.com/saiya/flow/x.pem",
        "https://bdstatic.com/saiya/flow/x.pem",
        "https://duer.bdstatic.com:8443/saiya/flow/x.pem",
        "https://duer.bdstatic.com/saiya/other/x.pem",
        "https://duer.bdstatic.com/saiya/flow/../x.pem",
        "https://s3.amazonaws.com/echo.api/echo-api-cert.pem",
        "",
    ],
)
async def test_a_certificate_lies_nowhere_but_at_the_platform(shop: Cafe, url: str) -> None:
    shop.served.asked.clear()
    await refused(shop, *signed(request("dueros_intent"), url=url))
    assert shop.served.asked == []


async def test_what_is_not_signed_as_it_must_be(shop: Cafe) -> None:
    raw, headers = signed(request("dueros_intent"))
    await refused(shop, raw, {})
    await refused(shop, raw, {"signaturecerturl": PLACE, "signature-256": headers["signature"]})
    await refused(shop, raw + b" ", headers)
    await refused(shop, *signed(request("dueros_intent"), signer="stranger"))
    await refused(shop, *signed(request("dueros_intent"), hashing=hashes.SHA256()))
    for number, content in enumerate(
        (
            chain("echo-api.amazon.com"),
            chain("*.baidu.com"),
            chain(NAME, by="stranger root"),
            chain(NAME, days=(-9, -1)),
        )
    ):
        shop.served.lies(f"/saiya/flow/{number}.pem", content)
        await refused(shop, *signed(request("dueros_intent"), url=f"https://duer.bdstatic.com/saiya/flow/{number}.pem"))


@pytest.mark.parametrize("seconds", [-180, -3600, 200])
async def test_a_stale_request_is_refused(shop: Cafe, seconds: int) -> None:
    stamp = str(int(time.time()) + seconds)
    await refused(shop, *signed(request("dueros_intent", request__timestamp=stamp)))


async def test_times_and_skills(shop: Cafe) -> None:
    await refused(shop, *signed(request("dueros_intent", request__timestamp="2026-11-28T10:00:00Z")))
    await refused(shop, *signed(request("dueros_intent", context__System__application__applicationId="other")))
    fresh = str(int(time.time()) - 170)
    assert (await ask(shop, request("dueros_launch", request__timestamp=fresh)))[0] == 200

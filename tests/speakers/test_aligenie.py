"""Tmall Genie: every recorded request, with the header of the console and encrypted; what is refused."""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from tests.drivers import Answer
from tests.speakers.drivers import SpeakerDriver
from tests.speakers.far_end import Cafe, cafe, ids, put, recorded

CODE = "0123456789abcdef0123456789abcdef"
SETTINGS = {
    "header": "X-Shop-Key",
    "secret": "open sesame",
    "skill_ids": ["110255"],
    "ownership": {CODE: "this host is ours"},
}
HEADERS = {"X-Shop-Key": "open sesame", "Content-Type": "application/json"}


def request(name: str, **more: Any) -> dict[str, Any]:
    """A recorded request as it would come now, of a household that has linked no account."""
    body = put(recorded(name), "requestId", f"r-{next(ids)}")
    body.pop("token", None)
    for path, value in more.items():
        body = put(body, path.replace("__", "."), value)
    return body


class Driver(SpeakerDriver):
    """The device has a screen."""

    name = "aligenie"
    settings: ClassVar[dict[str, Any]] = SETTINGS

    def ask(self, session: str, request: str, said: str) -> dict[str, Any]:
        body = recorded("aligenie_intent")
        del body["token"]
        body["requestData"]["userOpenId"] = session
        return {**body, "requestId": request, "utterance": said, "slotEntities": []}

    def signed(self, body: dict[str, Any] | bytes) -> tuple[bytes, dict[str, str]]:
        return body if isinstance(body, bytes) else json.dumps(body).encode(), HEADERS

    def heard(self, answer: dict[str, Any]) -> Answer:
        assert answer["returnCode"] == "0"
        commands = {one["commandName"]: one.get("payload") for one in answer["returnValue"]["gwCommands"]}
        speak, shown = commands["Speak"], commands["Render"]["data"]["dataSource"]
        listening = speak["expectSpeech"]
        assert ("wakeupType" in speak) is listening and ("Exit" in commands) is not listening
        text, _, choices = shown["text"].partition("\n1. ")
        named = [one.partition(". ")[2] for one in f"1. {choices}".split("\n")] if choices else []
        # It has no reprompt: after a silence the platform leaves.
        return Answer(speak["text"], text, tuple(named), "?" if listening else "", listening)


DRIVER = Driver


def said(answer: dict[str, Any]) -> str:
    (speak,) = [one["payload"] for one in answer["returnValue"]["gwCommands"] if one["commandName"] == "Speak"]
    words: str = speak["text"]
    return words


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Cafe]:
    async with cafe(tmp_path, {"aligenie": SETTINGS}) as opened:
        yield opened


async def ask(shop: Cafe, body: Any, headers: Any = HEADERS) -> tuple[int, dict[str, Any]]:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return await shop.served.post("/speakers/aligenie", raw, headers)


async def test_a_launch_greets_and_opens_the_microphone(shop: Cafe) -> None:
    """It names no household: the platform's session is then all there is."""
    status, answer = await ask(shop, request("aligenie_launch"))
    assert status == 200 and said(answer) == "欢迎光临街角小店，请问需要什么？"
    (speak,) = answer["returnValue"]["gwCommands"]
    assert speak["payload"] == {
        "type": "text",
        "text": said(answer),
        "expectSpeech": True,
        "needLight": True,
        "needVoice": True,
        "wakeupType": "continuity",
    }


async def test_the_words_count_as_they_were_said(shop: Cafe) -> None:
    _, answer = await ask(shop, request("aligenie_intent"))
    assert "两杯小杯拿铁" in said(answer)
    assert await shop.lines() == [(2, "sku-latte")]
    _, answer = await ask(shop, request("aligenie_intent_any_slot_json_value"))
    assert said(answer) and await shop.lines() == [(2, "sku-latte")]


async def test_slots_count_where_no_words_come_and_were_filled_now(shop: Cafe) -> None:
    body = request("aligenie_intent", utterance="")
    body["slotEntities"].append({**body["slotEntities"][0], "intentParameterName": "left_out", "liveTime": 1})
    _, answer = await ask(shop, body)
    assert "两杯小杯拿铁" in said(answer)
    assert await shop.lines() == [(2, "sku-latte")]


def commands(answer: dict[str, Any]) -> list[str]:
    return [one["commandName"] for one in answer["returnValue"]["gwCommands"]]


async def test_a_picture_only_where_there_is_a_screen(shop: Cafe) -> None:
    assert commands((await ask(shop, request("aligenie_intent")))[1]) == ["Speak", "Render"]
    body = request("aligenie_intent", requestData__screenStatus="offline")
    assert commands((await ask(shop, body))[1]) == ["Speak"]


async def test_what_the_platform_confirmed_is_no_consent(shop: Cafe) -> None:
    await ask(shop, request("aligenie_intent"))
    for name in ("aligenie_intent_confirmed", "aligenie_intent_denied", "aligenie_intent_select"):
        status, answer = await ask(shop, request(name))
        assert status == 200 and said(answer)
    order, payment = await shop.only()
    assert (order.stage, payment.attempts) == ("open", ())


async def test_an_account_that_is_linked_no_more_is_to_be_linked_again(shop: Cafe) -> None:
    """A token that isn't ours, or not any more, identifies nobody and orders nothing."""
    _, answer = await ask(shop, {**request("aligenie_intent"), "token": recorded("aligenie_intent")["token"]})
    assert "关联" in said(answer) and commands(answer)[-1] == "Exit"
    assert await shop.lines() == []
    assert "两杯小杯拿铁" in said((await ask(shop, request("aligenie_intent")))[1])


async def test_leaving_ends_the_skill(shop: Cafe) -> None:
    _, answer = await ask(shop, request("aligenie_intent", utterance="退出"))
    assert commands(answer)[-1] == "Exit" and answer["returnValue"]["resultType"] == "RESULT"


async def test_an_old_skill_gets_the_old_form(tmp_path: Path) -> None:
    async with cafe(tmp_path, {"aligenie": {**SETTINGS, "reply_version": 1}}) as shop:
        _, answer = await ask(shop, request("aligenie_intent"))
        value = answer["returnValue"]
        assert "两杯小杯拿铁" in value["reply"] and value["resultType"] == "ASK_INF" and "gwCommands" not in value
        assert value["askedInfos"] == [{"parameterName": "any", "intentId": 186451}]
        value = (await ask(shop, request("aligenie_intent", utterance="退出")))[1]["returnValue"]
        assert value["resultType"] == "RESULT" and "askedInfos" not in value


async def test_the_file_that_shows_whose_host_this_is(shop: Cafe) -> None:
    async with shop.served.client.get(f"{shop.served.url}/aligenie/{CODE}.txt") as answer:
        assert (answer.status, await answer.text()) == (200, "this host is ours")
    for path in (f"/aligenie/{'f' * 32}.txt", f"/alexa/{CODE}.txt", f"/nobody/{CODE}.txt", "/aligenie/..%2f..%2fx.txt"):
        async with shop.served.client.get(shop.served.url + path) as answer:
            assert answer.status == 404


async def refused(shop: Cafe, body: Any, headers: Any, status: int) -> None:
    before = await shop.rows()
    got, answer = await ask(shop, body, headers)
    assert (got, answer["returnCode"]) == (status, "-1")
    assert await shop.rows() == before


async def test_nobody_is_believed_without_the_header(shop: Cafe) -> None:
    body = request("aligenie_intent")
    for headers in ({}, {"X-Shop-Key": ""}, {"X-Shop-Key": "open sesame "[:-2]}, {"X-Other-Key": "open sesame"}):
        await refused(shop, body, headers, 401)
    await refused(shop, body, [("X-Shop-Key", "open sesame"), ("X-Shop-Key", "open sesame")], 401)
    await refused(shop, put(body, "skillId", 1), HEADERS, 400)
    await refused(shop, put(body, "skillId", None), HEADERS, 400)


@cache
def key(name: str) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=1024)


def encrypted(body: Any, name: str = "ours") -> dict[str, Any]:
    raw = json.dumps(body).encode()
    public = key(name).public_key()
    blocks = [public.encrypt(raw[at : at + 117], padding.PKCS1v15()) for at in range(0, len(raw), 117)]
    return {**recorded("aligenie_encrypted"), "securityQuery": base64.b64encode(b"".join(blocks)).decode()}


async def test_an_encrypted_request_is_read_and_proves_nothing(tmp_path: Path) -> None:
    file = tmp_path / "key.pem"
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file.write_bytes(key("ours").private_bytes(*form))
    async with cafe(tmp_path, {"aligenie": {**SETTINGS, "rsa_key": str(file)}}) as shop:
        sealed = encrypted(request("aligenie_intent"))
        await refused(shop, sealed, {}, 401)
        await refused(shop, request("aligenie_intent"), HEADERS, 400)
        await refused(shop, encrypted(request("aligenie_intent"), "another"), HEADERS, 400)
        await refused(shop, encrypted(put(request("aligenie_intent"), "skillId", 7)), HEADERS, 400)
        await refused(shop, {**sealed, "securityQuery": sealed["securityQuery"][:-8]}, HEADERS, 400)
        await refused(shop, {**sealed, "securityQuery": "nonsense"}, HEADERS, 400)
        await refused(shop, put(sealed, "queryMetaInfo.securityMode", "ROT13"), HEADERS, 400)
        assert "两杯小杯拿铁" in said((await ask(shop, sealed))[1])


async def test_an_encrypted_request_without_a_key_is_refused(shop: Cafe) -> None:
    await refused(shop, encrypted(request("aligenie_intent")), HEADERS, 400)
    await refused(shop, recorded("aligenie_app2_intent"), HEADERS, 400)

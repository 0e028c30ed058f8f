"""XiaoAI: every recorded request, signed with the secret of both sides; what is refused."""

from __future__ import annotations

import asyncio
import base64
import datetime as dt
import hashlib
import json
from collections.abc import AsyncIterator, Mapping
from email.utils import format_datetime
from pathlib import Path
from typing import Any, ClassVar

import pytest

from channels.speakers import _host
from channels.speakers.xiaoai import signature
from tests.drivers import Answer
from tests.speakers.drivers import SpeakerDriver
from tests.speakers.far_end import RECORDED, Cafe, cafe, ids, put, recorded

SECRET = base64.b64encode(b"a secret of both").decode()
SETTINGS = {"key_id": "key-1", "secret": SECRET, "app_ids": ["2882303761517"], "public_host": "shop.example"}
LOCALES = {"en": "en-US", "zh": "zh-CN", "ko": "ko-KR"}


def signed(
    body: Any,
    *,
    path: str = "/speakers/xiaoai",
    host: str = "shop.example",
    secret: str = SECRET,
    key: str = "key-1",
    at: dt.datetime | None = None,
    md5: str | None = None,
    without: str = "",
) -> tuple[bytes, dict[str, str]]:
    raw = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
    digest = base64.b64encode(hashlib.md5(raw).digest()).decode() if md5 is None else md5
    date = format_datetime(at or dt.datetime.now(dt.UTC), usegmt=True)
    headers = {"X-Xiaomi-Date": date, "Content-Type": "application/json", "Content-MD5": digest}
    headers = {name: value for name, value in headers.items() if value and name != without}
    made = signature(base64.b64decode(secret), "POST", path, "", {**headers, "Host": host})
    return raw, {**headers, "Authorization": f"MIAI-HmacSHA256-V1 {key}::{made}"}


def request(name: str, **more: Any) -> dict[str, Any]:
    body = put(recorded(name), "request.request_id", f"r-{next(ids)}")
    for path, value in more.items():
        body = put(body, path.replace("__", "."), value)
    return body


class Driver(SpeakerDriver):
    name = "xiaoai"
    settings: ClassVar[dict[str, Any]] = SETTINGS

    def ask(self, session: str, request: str, said: str) -> dict[str, Any]:
        body = recorded("xiaoai_default")
        body["session"]["user"]["user_id"] = session
        body["request"] |= {"request_id": request, "locale": LOCALES.get(getattr(self, "language", ""), "zh-CN")}
        body["query"] = body["request"]["intent"]["query"] = said
        return body

    def signed(self, body: dict[str, Any] | bytes) -> tuple[bytes, dict[str, str]]:
        return signed(body)

    def heard(self, answer: dict[str, Any]) -> Answer:
        response = answer["response"]
        assert response["open_mic"] is not answer["is_session_end"]
        text, _, choices = response["to_display"]["text"].partition("\n1. ")
        named = [one.partition(". ")[2] for one in f"1. {choices}".split("\n")] if choices else []
        # It has no reprompt: after a silence the platform itself asks again, or leaves.
        asked = "?" if response["open_mic"] else ""
        return Answer(said(answer), text, tuple(named), asked, response["open_mic"])


DRIVER = Driver


def said(answer: dict[str, Any]) -> str:
    assert answer["response"]["to_speak"]["type"] == 0
    words: str = answer["response"]["to_speak"]["text"]
    return words


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Cafe]:
    async with cafe(tmp_path, {"xiaoai": SETTINGS}) as opened:
        yield opened


async def ask(shop: Cafe, body: Any, **more: Any) -> tuple[int, dict[str, Any]]:
    raw, headers = signed(body, **more)
    return await shop.served.post("/speakers/xiaoai", raw, headers)


def test_the_published_vectors() -> None:
    vectors = json.loads((RECORDED / "xiaoai_signature_vectors.json").read_text(encoding="utf-8"))
    for one in vectors["vectors"]:
        headers: Mapping[str, str] = {
            "X-Xiaomi-Date": one["x_xiaomi_date"],
            "Host": one["host"],
            "Content-Type": one["content_type"],
            "Content-MD5": one["content_md5"],
        }
        secret = base64.b64decode(vectors["secret_base64"])
        assert signature(secret, one["method"], one["path"], one["query"], headers) == one["signature"]


async def test_a_launch_greets_and_opens_the_microphone(shop: Cafe) -> None:
    status, answer = await ask(shop, request("xiaoai_start"))
    assert status == 200 and said(answer) == "欢迎光临街角小店，请问需要什么？"
    assert (answer["is_session_end"], answer["response"]["open_mic"]) == (False, True)


async def test_the_words_count_as_they_were_said(shop: Cafe) -> None:
    """Also where the platform writes its slots as a JSON text."""
    assert "两杯小杯拿铁" in said((await ask(shop, request("xiaoai_intent")))[1])
    assert await shop.lines() == [(2, "sku-latte")]
    assert said((await ask(shop, request("xiaoai_default")))[1])
    assert await shop.lines() == [(2, "sku-latte")]


async def test_silence_is_no_answer(shop: Cafe) -> None:
    await ask(shop, request("xiaoai_intent"))
    _, answer = await ask(shop, request("xiaoai_no_response"))
    assert said(answer).startswith("没听到内容。") and answer["response"]["open_mic"]


async def test_the_end_is_answered_and_the_basket_kept(shop: Cafe) -> None:
    await ask(shop, request("xiaoai_intent"))
    _, answer = await ask(shop, request("xiaoai_end"))
    assert (answer["is_session_end"], answer["response"]["open_mic"]) == (True, False)
    assert "购物车" in said(answer)
    _, answer = await ask(shop, request("xiaoai_start"))
    assert "欢迎回到" in said(answer) and "两杯小杯拿铁" in said(answer)


async def refused(shop: Cafe, raw: bytes, headers: dict[str, str], status: int = 401) -> None:
    before = await shop.rows()
    got, answer = await shop.served.post("/speakers/xiaoai", raw, headers)
    assert got == status and set(answer) == {"error", "message"}
    assert await shop.rows() == before


async def test_what_is_not_signed_as_it_must_be(shop: Cafe) -> None:
    body = request("xiaoai_intent")
    raw, headers = signed(body)
    await refused(shop, raw, {})
    for wrong in ("", "MIAI-HmacSHA256-V1", "MIAI-HmacSHA256-V1 key-1::", "Basic a2V5", "MIAI-HmacSHA256-V1 key-1::é"):
        await refused(shop, raw, {**headers, "Authorization": wrong})
    await refused(shop, *signed(body, secret=base64.b64encode(b"another").decode()))
    await refused(shop, *signed(body, key="key-2"))
    await refused(shop, *signed(body, host="evil.example"))
    await refused(shop, *signed(body, path="/speakers/xiaoai/"))
    await refused(shop, raw, {**headers, "X-Xiaomi-Date": format_datetime(dt.datetime.now(dt.UTC) + dt.timedelta(1))})
    await refused(shop, *signed(body, without="X-Xiaomi-Date"))
    await refused(shop, *signed(put(body, "session.application.app_id", "1")))
    assert (await shop.served.post("/speakers/xiaoai", raw, headers))[0] == 200


async def test_another_body_under_the_same_signature(shop: Cafe) -> None:
    """The signature covers the body by its MD5 alone, which some write in hex."""
    raw, headers = signed(request("xiaoai_intent"))
    await refused(shop, raw.replace("两杯".encode(), "九杯".encode()), headers)
    await refused(shop, *signed(request("xiaoai_intent"), md5="LvICVZWSXkBmN8URxZ1wlg=="))
    body = json.dumps(request("xiaoai_start")).encode()
    assert (await ask(shop, body, md5=hashlib.md5(body).hexdigest()))[0] == 200
    assert (await ask(shop, request("xiaoai_start"), md5=""))[0] == 200


@pytest.mark.parametrize("seconds", [-301, 310, -86400])
async def test_a_stale_request_is_refused(shop: Cafe, seconds: int) -> None:
    at = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=seconds)
    await refused(shop, *signed(request("xiaoai_intent"), at=at))


async def test_the_md5_may_be_wanted_and_the_proxys_path_named(tmp_path: Path) -> None:
    settings = {**SETTINGS, "require_content_md5": True, "public_prefix": "/shop/"}
    async with cafe(tmp_path, {"xiaoai": settings}) as shop:
        path = "/shop/speakers/xiaoai"
        await refused(shop, *signed(request("xiaoai_start"), path=path, md5=""))
        await refused(shop, *signed(request("xiaoai_start")))
        assert (await ask(shop, request("xiaoai_start"), path=path))[0] == 200


async def test_a_secret_that_is_none_is_told(tmp_path: Path) -> None:
    async with cafe(tmp_path, {"xiaoai": {**SETTINGS, "secret": "no base64!"}}) as shop:
        await refused(shop, *signed(request("xiaoai_start")))


@pytest.mark.parametrize("path", ["query", "request.request_id", "session.user.user_id", "context.device_id"])
async def test_half_a_letter_is_read_as_one_that_cannot_be_read(shop: Cafe, path: str) -> None:
    """As a platform leaves it that cuts a text within an emoji."""
    body = put(request("xiaoai_default"), "query", "两杯拿铁")
    raw, headers = signed(json.dumps(put(body, path, "两杯拿铁\ud83c")).encode())
    status, answer = await shop.served.post("/speakers/xiaoai", raw, headers)
    assert status == 200 and "拿铁" in answer["response"]["to_speak"]["text"]
    assert await shop.lines() == [(2, "sku-latte")]


async def test_a_body_that_never_comes_is_not_waited_for(shop: Cafe, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_host, "LATE", 0.2)
    reader, writer = await asyncio.open_connection("127.0.0.1", shop.served.port)
    writer.write(b"POST /speakers/xiaoai HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\nConnection: close\r\n\r\n{")
    got = await asyncio.wait_for(reader.read(), 20)
    writer.close()
    assert got.startswith(b"HTTP/1.1 408") and b'"error"' in got

"""Over real sockets: joining a talk, signing in, and what a guest, a customer and the shop's people may see and do."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from assistant.sender import Outbox
from tests.channels.serving import Served, serving

PLACING = ("a hamburger", "eating in", "card", "that's all", "yes")


@pytest.fixture
async def served(tmp_path: Path) -> AsyncIterator[Served]:
    async with serving(tmp_path / "data") as one:
        one.house.people.sender = Outbox(tmp_path / "outbox.jsonl")
        yield one


def last(served: Served) -> dict[str, str]:
    sender = served.house.people.sender
    assert isinstance(sender, Outbox)
    return dict(json.loads(sender.file.read_text().splitlines()[-1]))


async def posted(served: Served, path: str, body: Any = None, token: str = "", **more: Any) -> tuple[int, Any]:
    return await served.asks(path, token, method="POST", json={} if body is None else body, **more)


async def signed_in(served: Served, contact: str, talk: str = "") -> str:
    status, _ = await posted(served, "/api/v1/people/code", {"contact": contact})
    assert status == 202
    body = {"contact": contact, "code": last(served)["code"]}
    status, told = await posted(served, "/api/v1/people/sign-in", body, talk)
    assert status == 200, told
    return str(told["token"])


async def invited(served: Served, role: Any) -> str:
    name = {"staff": "Carla", "owner": "Olga", "customer": "Cem"}[role]
    _id, code = await served.house.people.invite(name, role)
    _status, told = await posted(served, "/api/v1/people/sign-in", {"code": code})
    return str(told["token"])


def as_person(token: str) -> dict[str, str]:
    return {"Voicetill-Person": token}


async def ordered(served: Served, talk: str) -> str:
    for text in PLACING:
        reply = await served.says(talk, text)
    return re.search(r"order ([A-Z]\d+)", reply["text"])[1]  # type: ignore[index]


async def test_one_client_joins_anothers_talk(served: Served) -> None:
    kitchen, phone = await served.token(), await served.token()
    await served.says(kitchen, "two hamburgers")
    status, made = await posted(served, "/api/v1/code", token=kitchen)
    assert status == 201 and re.fullmatch(r"\d{6}", made["code"])
    status, told = await posted(served, "/api/v1/join", {"code": made["code"]}, phone)
    assert status == 200 and told["order"]["lines"][0]["quantity"] == 2
    await served.says(phone, "make it three hamburgers")
    _, seen = await served.asks("/api/v1/order", kitchen)
    assert seen["order"]["lines"][0]["quantity"] == 3
    assert json.dumps(told).find(kitchen.partition(".")[0]) < 0
    status, told = await posted(served, "/api/v1/join", {"code": made["code"]}, await served.token())
    assert (status, told["error"]) == (403, "code_used")


async def test_wrong_codes_are_counted(served: Served) -> None:
    talk = await served.token()
    answers = [await posted(served, "/api/v1/join", {"code": str(number)}, talk) for number in range(100_000, 100_006)]
    assert [status for status, _ in answers] == [403] * 5 + [429]
    for body in ({}, {"code": 5}, {"code": ""}, {"code": "x" * 50}, []):
        status, _ = await posted(served, "/api/v1/join", body, await served.token())
        assert status == 400
    assert (await posted(served, "/api/v1/join", {"code": "123456"}))[0] == 401
    assert (await posted(served, "/api/v1/code"))[0] == 401


async def test_what_is_no_contact_is_told_without_a_pattern(served: Served) -> None:
    status, told = await posted(served, "/api/v1/people/code", {"contact": "ana at home"})
    assert status == 400 and "`$.contact`" in told["message"] and "[" not in told["message"]


async def test_what_each_may_see_and_do_with_an_order(served: Served) -> None:
    talk, other = await served.token(), await served.token()
    ana, bo = await signed_in(served, "ana@example.com", talk), await signed_in(served, "bo@example.com", other)
    number = await ordered(served, talk)
    staff, owner = await invited(served, "staff"), await invited(served, "owner")
    path = f"/api/v1/orders/{number}"
    for headers, token, expected in (
        ({}, "", 401),
        ({}, await served.token(), 404),
        ({}, other, 404),
        (as_person(bo), "", 404),
        (as_person(bo), other, 404),
        (as_person("guessed"), other, 404),
        (as_person(ana), "", 200),
        (as_person(staff), "", 200),
        (as_person(owner), "", 200),
    ):
        assert (await served.asks(path, token, headers=headers))[0] == expected, (headers, token)
    for headers, expected in (({}, 401), (as_person(bo), 403), (as_person(ana), 403), (as_person("x"), 401)):
        assert (await served.asks("/api/v1/orders", talk, headers=headers))[0] == expected
        for what in ("refund", "cancel", "advance"):
            assert (await posted(served, f"{path}/{what}", token=talk, headers=headers))[0] == expected
    _, mine = await served.asks("/api/v1/me/orders", headers=as_person(ana))
    assert [one["payment"]["refunds"] for one in mine["orders"]] == [0]
    _, theirs = await served.asks("/api/v1/me/orders", other, headers=as_person(bo))
    assert theirs["orders"] == []
    status, told = await posted(served, f"{path}/refund", {"amount": 100}, headers=as_person(staff))
    assert status == 200 and told["order"]["payment"]["refunds"] == 1
    assert (await posted(served, f"{path}/refund", {"amount": -1}, headers=as_person(staff)))[0] == 400
    # A slip in the field's name would pay all of it back, and an amount to cancel with would not be looked at.
    for what, wrong in (("refund", {"amuont": 100}), ("cancel", {"amount": 100}), ("advance", {"id": "1"})):
        status, told = await posted(served, f"{path}/{what}", wrong, headers=as_person(staff))
        assert (status, told["error"]) == (400, "wrong_form"), what
    for _ in range(2):
        status, told = await posted(served, f"{path}/refund", {"id": "r", "amount": 50}, headers=as_person(staff))
        assert (status, told["order"]["payment"]["refunds"]) == (200, 2)
    assert (await posted(served, f"{path}/eat", headers=as_person(staff)))[0] == 404
    for what in ("refund", "cancel", "advance"):
        status, told = await posted(served, "/api/v1/orders/NONE/" + what, headers=as_person(staff))
        assert (status, told["error"]) == (404, "no_order") and "GET /api/v1/orders" in told["message"]
    assert (await posted(served, f"{path}/refund", headers=as_person(staff)))[0] == 200
    status, told = await posted(served, f"{path}/refund", headers=as_person(staff))
    assert status == 400 and "minor units went back" in told["message"] and "voicetill" not in told["message"]
    assert (await served.asks("/api/v1/orders/NONE", headers=as_person(staff)))[0] == 404


async def test_a_browser_signs_in_with_a_cookie_that_no_script_reads(served: Served) -> None:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as browser:
        await browser.get(served.url)
        headers = {"Origin": served.url, "Sec-Fetch-Site": "same-origin"}
        page = await (await browser.get(f"{served.url}/sign-in?next=/kiosk")).text()
        assert "E-mail address" in page and 'value="/kiosk"' in page
        form = {"contact": "ana@example.com", "next": "/kiosk"}
        page = await (await browser.post(f"{served.url}/sign-in", data=form, headers=headers)).text()
        assert "on its way" in page and last(served)["code"] not in page
        answer = await browser.post(
            f"{served.url}/sign-in",
            data={**form, "code": last(served)["code"]},
            headers=headers,
            allow_redirects=False,
        )
        assert answer.status == 303 and answer.headers["Location"] == "/kiosk"
        cookie = answer.headers["Set-Cookie"]
        assert "HttpOnly" in cookie and "SameSite=Lax" in cookie
        me = await (await browser.get(f"{served.url}/api/v1/me")).json()
        assert me["person"]["contacts"] == ["a…@example.com"]
        # Whoever sits down next is somebody else.
        out = await browser.post(f"{served.url}/api/v1/people/sign-out", json={}, headers=headers)
        assert (await out.json()) == {"person": None}
        assert (await (await browser.get(f"{served.url}/api/v1/me")).json()) == {"person": None}
        assert (await (await browser.get(f"{served.url}/api/v1/me/orders")).json()) == {"orders": []}


async def test_a_link_signs_in_only_when_it_is_confirmed(served: Served) -> None:
    await posted(served, "/api/v1/people/code", {"contact": "ana@example.com"})
    link = last(served)["link"]
    assert link.startswith(f"{served.url}/sign-in?link=")
    for _ in range(2):  # a mail program that looks at links uses nothing up
        answer = await served.http.get(link)
        assert answer.status == 200 and "Set-Cookie" not in answer.headers
    secret = link.partition("=")[2]
    answer = await served.http.post(f"{served.url}/sign-in", data={"link": secret}, allow_redirects=False)
    assert answer.status == 303 and answer.headers["Location"] == "/"
    assert (await served.http.post(f"{served.url}/sign-in", data={"link": secret})).status == 400


@pytest.mark.parametrize("next_", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:x", "a"])
async def test_signing_in_leads_nowhere_else(served: Served, next_: str) -> None:
    await posted(served, "/api/v1/people/code", {"contact": "ana@example.com"})
    form = {"contact": "ana@example.com", "code": last(served)["code"], "next": next_}
    answer = await served.http.post(f"{served.url}/sign-in", data=form, allow_redirects=False)
    assert answer.headers["Location"] == "/"


async def test_markup_in_what_is_typed_is_text(served: Served) -> None:
    form = {"contact": '"><script>x</script>@example.com', "code": "1"}
    answer = await served.http.post(f"{served.url}/sign-in", data=form)
    assert answer.status == 400 and "<script>x" not in await answer.text()


async def test_another_page_signs_nobody_in(served: Served) -> None:
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        answer = await served.http.post(f"{served.url}/sign-in", data={"contact": "a@example.com"}, headers=headers)
        assert answer.status == 403


async def test_a_speaker_is_linked_from_the_page(served: Served) -> None:
    talk = await served.token()
    ana = await signed_in(served, "ana@example.com", talk)
    status, made = await posted(served, "/api/v1/me/link-code", headers=as_person(ana))
    assert status == 201
    speaker = await served.token()
    assert "linked to your account" in (await served.says(speaker, f"link code {made['code']}"))["text"]
    kitchen = await served.token()
    code = re.findall(r"\d{6}", (await served.says(kitchen, "continue on my phone"))["text"])[0]
    assert (await posted(served, "/api/v1/me/claim", {"code": code}, headers=as_person(ana)))[0] == 200
    assert (await posted(served, "/api/v1/me/claim", {"code": code}, headers=as_person(ana)))[0] == 403
    assert (await posted(served, "/api/v1/me/claim", {"code": code}, talk))[0] == 401
    assert (await posted(served, "/api/v1/me/link-code", token=talk))[0] == 401

"""Account linking as a speaker's platform does it, over real sockets; and what no platform, person or thief gets."""

from __future__ import annotations

import asyncio
import base64
import datetime as dt
import hashlib
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import aiohttp
import pytest

from assistant.sender import Outbox
from assistant.turns import Hypothesis, Reply, Turn
from channels.http import oauth
from tests.channels.serving import NOW, Served, serving
from tests.channels.test_identity import last, posted

BACK = "https://platform.example/back?skill=1"
SECRET = "a secret of the platform's"
CLIENTS = {
    "alexa": {"client_id": "alexa", "secret": SECRET, "redirect_uris": [BACK, "https://platform.example/other"]},
    "xiaodu": {"client_id": "xiaodu", "secret": "another secret is here", "redirect_uris": ["https://du.example/"]},
}
VERIFIER = "v" * 50
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
ASKED = {"response_type": "code", "client_id": "alexa", "redirect_uri": BACK, "state": "s1", "scope": "orders"}


def proof(client: str, secret: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{client}:{secret}".encode()).decode()}


class Platform:
    """A person's browser, and the platform's server."""

    def __init__(self, served: Served, browser: aiohttp.ClientSession) -> None:
        self.served, self.browser = served, browser

    async def sign_in(self, contact: str = "ana@example.com") -> None:
        await self.browser.get(self.served.url)
        await posted(self.served, "/api/v1/people/code", {"contact": contact})
        form = {"contact": contact, "code": last(self.served)["code"]}
        headers = {"Origin": self.served.url}
        await self.browser.post(f"{self.served.url}/sign-in", data=form, headers=headers, allow_redirects=False)

    async def page(self, **asked: Any) -> tuple[int, str, str]:
        query = urlencode({key: one for key, one in {**ASKED, **asked}.items() if one is not None})
        url = f"{self.served.url}/oauth/authorize?{query}"
        answer = await self.browser.get(url, allow_redirects=False)
        return answer.status, answer.headers.get("Location", ""), await answer.text()

    async def decides(self, decide: str = "allow", seal: str | None = None, **asked: Any) -> tuple[int, dict[str, str]]:
        """Status, and what came back at the platform's address."""
        _status, _location, text = await self.page(**asked)
        found = re.search(r'name="seal" value="(\w+)"', text)
        data = {"seal": seal if seal is not None else found[1] if found else "", "decide": decide}
        query = urlencode({**ASKED, **asked})
        answer = await self.browser.post(
            f"{self.served.url}/oauth/authorize?{query}",
            data=data,
            headers={"Origin": self.served.url},
            allow_redirects=False,
        )
        location = answer.headers.get("Location", "")
        if answer.status == 303:
            assert location.startswith(BACK)
        return answer.status, {key: one[0] for key, one in parse_qs(urlsplit(location).query).items()}

    async def token(self, *, basic: bool = True, client: str = "alexa", secret: str = SECRET, **form: Any) -> Any:
        headers = proof(client, secret) if basic else {}
        data = form if basic else {"client_id": client, "client_secret": secret, **form}
        answer = await self.served.http.post(f"{self.served.url}/oauth/token", data=data, headers=headers)
        assert answer.status < 500
        return await answer.json()

    async def linked(self, **asked: Any) -> Any:
        _status, back = await self.decides(**asked)
        more = {"code_verifier": VERIFIER} if asked else {}
        return await self.token(grant_type="authorization_code", code=back["code"], redirect_uri=BACK, **more)

    async def says(self, access: str, text: str, number: int = 1) -> Reply:
        return await self.served.house.take(
            Turn(
                id=f"{text}{number}",
                channel="alexa",
                shop="burger-bar",
                session="alexa:household",
                at=NOW,
                hypotheses=(Hypothesis(text),),
                account_token=access,
            )
        )


@pytest.fixture
async def platform(tmp_path: Path) -> AsyncIterator[Platform]:
    async with (
        serving(tmp_path / "data", settings={"oauth": CLIENTS}) as served,
        aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as browser,
    ):
        served.house.people.sender = Outbox(tmp_path / "outbox.jsonl")
        yield Platform(served, browser)


async def test_a_person_links_a_speaker_and_is_known_there(platform: Platform) -> None:
    status, location, _ = await platform.page()
    assert status == 303 and location.startswith("/sign-in?next=%2Foauth")
    await platform.sign_in()
    status, _, text = await platform.page()
    assert status == 200 and "Alexa" in text
    status, back = await platform.decides()
    assert status == 303 and back["state"] == "s1" and back["skill"] == "1"
    made = await platform.token(grant_type="authorization_code", code=back["code"], redirect_uri=BACK)
    assert made["token_type"] == "Bearer" and made["expires_in"] == 3600 and made["refresh_token"]
    for number, text in enumerate(("a hamburger", "eating in", "card", "that's all", "yes")):
        reply = await platform.says(made["access_token"], text, number)
        assert not reply.link_account
    mine = await (await platform.browser.get(f"{platform.served.url}/api/v1/me/orders")).json()
    assert [one["stage"] for one in mine["orders"]] == ["placed"]
    assert (await platform.says("stolen", "where is my order")).link_account


async def test_no_token_lies_in_the_store(platform: Platform, tmp_path: Path) -> None:
    await platform.sign_in()
    _, back = await platform.decides()
    made = await platform.token(grant_type="authorization_code", code=back["code"], redirect_uri=BACK)
    for path in (one for one in (tmp_path / "data").rglob("*") if one.is_file()):
        for secret in (back["code"], made["access_token"], made["refresh_token"], SECRET):
            assert secret.encode() not in path.read_bytes(), path.name


async def test_who_says_no_gives_nothing(platform: Platform) -> None:
    await platform.sign_in()
    status, back = await platform.decides("deny")
    assert status == 303 and back["error"] == "access_denied" and "code" not in back


@pytest.mark.parametrize(
    "asked",
    [
        {"redirect_uri": "https://evil.example/"},
        {"redirect_uri": BACK + "&x=1"},
        {"redirect_uri": "javascript:alert(1)"},
        {"redirect_uri": 'https://platform.example/"<script>'},
        {"redirect_uri": None},
        {"client_id": "nobody"},
        {"client_id": None},
        {"client_id": "xiaodu"},
    ],
)
async def test_a_request_that_isnt_the_clients_leads_nowhere(platform: Platform, asked: dict[str, Any]) -> None:
    await platform.sign_in()
    status, location, text = await platform.page(**asked)
    assert (status, location) == (400, "") and "<script>" not in text


async def test_another_kind_of_answer_is_refused_at_the_platform(platform: Platform) -> None:
    await platform.sign_in()
    for kind in ("token", "nonsense"):
        status, location, _ = await platform.page(response_type=kind)
        assert status in (303, 400) and (not location or location.startswith("https://platform.example/"))
        assert "access_token" not in location and "code=" not in location


async def test_only_the_form_that_was_shown_to_this_person_counts(platform: Platform) -> None:
    await platform.sign_in()
    _, _, text = await platform.page(state="other")
    found = re.search(r'name="seal" value="(\w+)"', text)
    assert found is not None
    for seal in ("", "0" * 64, found[1]):
        status, back = await platform.decides(seal=seal)
        assert status == 403 and not back
    url = f"{platform.served.url}/oauth/authorize?{urlencode(ASKED)}"
    answer = await platform.browser.post(url, data={"decide": "allow"}, headers={"Origin": "https://evil.example"})
    assert answer.status == 403


async def test_a_code_is_good_once_for_its_client_and_its_address(platform: Platform) -> None:
    await platform.sign_in()
    _, back = await platform.decides()
    code = {"grant_type": "authorization_code", "code": back["code"]}
    assert (await platform.token(**code, redirect_uri="https://platform.example/other"))["error"] == "invalid_grant"
    assert (await platform.token(**code))["error"] == "invalid_grant"
    other = {"client": "xiaodu", "secret": "another secret is here"}
    assert (await platform.token(**code, **other, redirect_uri=BACK))["error"] == "invalid_grant"
    assert (await platform.token(**code, secret="wrong", redirect_uri=BACK))["error"] == "invalid_client"
    assert (await platform.token(**code, basic=False, secret="wrong", redirect_uri=BACK))["error"] == "invalid_client"
    made = await platform.token(**code, basic=False, redirect_uri=BACK)
    assert "access_token" in made
    # The code a second time: whoever has it may have stolen it, so all that came of it ends.
    assert (await platform.token(**code, redirect_uri=BACK))["error"] == "invalid_grant"
    assert (await platform.says(made["access_token"], "menu")).link_account
    again = await platform.token(grant_type="refresh_token", refresh_token=made["refresh_token"])
    assert again["error"] == "invalid_grant"


async def test_of_two_who_give_one_code_at_once_one_gets_tokens(platform: Platform) -> None:
    await platform.sign_in()
    _, back = await platform.decides()
    code = {"grant_type": "authorization_code", "code": back["code"], "redirect_uri": BACK}
    answers = await asyncio.gather(*(platform.token(**code) for _ in range(4)))
    assert sum("access_token" in one for one in answers) <= 1


async def test_a_code_and_a_token_end_with_their_time(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    await platform.sign_in()
    monkeypatch.setattr(oauth, "CODE_FOR", dt.timedelta(seconds=-1))
    _, back = await platform.decides()
    late = await platform.token(grant_type="authorization_code", code=back["code"], redirect_uri=BACK)
    assert late["error"] == "invalid_grant"
    monkeypatch.undo()
    monkeypatch.setattr(oauth, "ACCESS_FOR", dt.timedelta(seconds=-1))
    made = await platform.linked()
    assert (await platform.says(made["access_token"], "menu")).link_account


async def test_a_refresh_token_is_changed_each_time_and_a_stolen_one_ends_all(platform: Platform) -> None:
    await platform.sign_in()
    first = await platform.linked()
    second = await platform.token(grant_type="refresh_token", refresh_token=first["refresh_token"])
    assert second["refresh_token"] != first["refresh_token"]
    assert not (await platform.says(second["access_token"], "menu")).link_account
    other = {"client": "xiaodu", "secret": "another secret is here"}
    wrong = await platform.token(grant_type="refresh_token", refresh_token=second["refresh_token"], **other)
    assert wrong["error"] == "invalid_grant"
    stolen = await platform.token(grant_type="refresh_token", refresh_token=first["refresh_token"])
    assert stolen["error"] == "invalid_grant"
    assert (await platform.says(second["access_token"], "menu", 2)).link_account
    ended = await platform.token(grant_type="refresh_token", refresh_token=second["refresh_token"])
    assert ended["error"] == "invalid_grant"


async def test_a_challenge_is_held_to(platform: Platform) -> None:
    await platform.sign_in()
    asked = {"code_challenge": CHALLENGE, "code_challenge_method": "S256"}
    assert "access_token" in await platform.linked(**asked)
    _, back = await platform.decides(**asked)
    code = {"grant_type": "authorization_code", "code": back["code"], "redirect_uri": BACK}
    assert "error" in await platform.token(**code)
    assert "error" in await platform.token(**code, code_verifier="w" * 50)
    status, location, _ = await platform.page(code_challenge=VERIFIER, code_challenge_method="plain")
    assert status == 303 and "error=invalid_request" in location


async def test_a_token_is_taken_back(platform: Platform) -> None:
    await platform.sign_in()
    made = await platform.linked()
    url, headers = f"{platform.served.url}/oauth/revoke", proof("alexa", SECRET)
    data = {"token": made["refresh_token"]}
    assert (await platform.served.http.post(url, data=data)).status == 401
    assert not (await platform.says(made["access_token"], "menu")).link_account
    assert (await platform.served.http.post(url, data=data, headers=headers)).status == 200
    assert (await platform.says(made["access_token"], "menu", 2)).link_account
    assert (await platform.served.http.post(url, data={"token": "unknown"}, headers=headers)).status == 200


async def test_who_is_removed_is_nobody_at_the_speaker(platform: Platform) -> None:
    await platform.sign_in()
    made = await platform.linked()
    (known,) = await platform.served.house.people.all()
    await platform.served.house.people.remove(known.id)
    assert (await platform.says(made["access_token"], "menu")).link_account


@pytest.mark.parametrize(
    "form",
    [{}, {"grant_type": "password"}, {"grant_type": "authorization_code"}, {"grant_type": "refresh_token"}, {"x": "y"}],
)
async def test_bad_requests_for_tokens_are_told_so(platform: Platform, form: dict[str, str]) -> None:
    assert "error" in await platform.token(**form)
    answer = await platform.served.http.post(f"{platform.served.url}/oauth/token", data=b"\xff\x00=&&&;%%%")
    assert 400 <= answer.status < 500


async def test_where_no_platform_is_set_up_there_is_nothing(tmp_path: Path) -> None:
    async with serving(tmp_path) as served:
        assert (await served.http.get(f"{served.url}/oauth/authorize")).status == 404

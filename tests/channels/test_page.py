"""What the page's addresses answer, without a browser."""

from __future__ import annotations

import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from channels.http import page
from channels.http.guard import cookie_name
from models import languages
from tests.channels.serving import serving


async def test_the_page_comes_in_the_language_that_the_browser_asks_for(tmp_path: Path) -> None:
    async with serving(tmp_path) as served:
        for asked, tag in (
            ("ko-KR,ko;q=0.9,en;q=0.8", "ko"),
            ("fr,zh;q=0.5,en;q=0.4", "zh"),
            ("fr", "en"),
            ("*", "en"),
        ):
            async with served.http.get(served.url, headers={"Accept-Language": asked}) as answer:
                text = await answer.text()
                assert f'<html lang="{tag}"' in text and "{{" not in text
                assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert not re.search(r"<script(?! type=\"module\" src=\"/page/)|<style|\son\w+=|style=", text)


async def test_the_language_that_the_server_was_given_is_the_page_where_a_browser_wishes_for_none(
    tmp_path: Path,
) -> None:
    """And a kiosk's always: what its browser asks for is nobody's wish."""
    async with serving(tmp_path / "data", language="ko") as served:
        for path, asked, tag in (
            ("/", "fr", "ko"),
            ("/", "zh-CN", "zh"),
            ("/sign-in", "fr", "ko"),
            ("/?kiosk", "zh-CN", "ko"),
            ("/?kiosk&lang=en", "zh-CN", "en"),
        ):
            async with served.http.get(served.url + path, headers={"Accept-Language": asked}) as answer:
                assert f'<html lang="{tag}"' in await answer.text(), (path, asked)


async def test_whoever_mistypes_an_address_is_led_to_the_shop_and_programs_are_told_in_json(tmp_path: Path) -> None:
    browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    async with serving(tmp_path, rate_address=40) as served:
        for asked, tag, shop in (("en", "en", "Burger Bar"), ("zh-CN", "zh", "汉堡小站"), ("ko", "ko", "버거 바")):
            headers = {"Accept": browser, "Accept-Language": asked}
            async with served.http.get(f"{served.url}/mneu<script>", headers=headers) as answer:
                text = await answer.text()
                assert answer.status == 404 and answer.content_type == "text/html"
                assert f'<html lang="{tag}"' in text and re.search(f'<a href="/">[^<]*{shop}', text)
                assert "mneu" not in text and "<script" not in text and "{{" not in text
                assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        headers = {"Accept": browser, "Origin": "https://evil.example"}
        async with served.http.post(f"{served.url}/pay/sandbox/1", headers=headers) as answer:
            assert answer.status == 403 and "That did not work" in await answer.text()
        for path, accept in (("/mneu", "*/*"), ("/mneu", "application/json, text/html"), ("/api/v1/mneu", browser)):
            status, told = await served.asks(path, headers={"Accept": accept})
            assert (status, told["error"]) == (404, "not_found")
        for _ in range(40):
            async with served.http.get(f"{served.url}/mneu", headers={"Accept": browser}) as answer:
                status, wait = answer.status, answer.headers.get("Retry-After")
        assert status == 429 and wait


async def test_its_files_are_asked_for_again_and_are_sent_once(tmp_path: Path) -> None:
    async with serving(tmp_path) as served:
        async with served.http.get(f"{served.url}/page/page.js") as answer:
            assert answer.content_type == "text/javascript" and answer.headers["X-Content-Type-Options"] == "nosniff"
            tag = answer.headers["ETag"]
        async with served.http.get(f"{served.url}/page/page.js", headers={"If-None-Match": tag}) as answer:
            assert answer.status == 304 and await answer.read() == b""
        for path in (
            "/page/index.html",
            "/page/__init__.py",
            "/page/..%2fguard.py",
            "/page/none.js",
            "/words/",
            "/words/x",
        ):
            assert (await served.asks(path))[0] == 404, path
        imported = {
            name for file in page.HOME.glob("*.js") for name in re.findall(r'from "\./([\w.]+)"', file.read_text())
        }
        assert imported <= {file.name for file in page.HOME.iterdir()}


async def test_a_word_that_a_language_lacks_is_another_language_s(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load = languages.load

    def lacking(tag: str, extra: Path | None = None) -> languages.Language:
        found = load(tag, extra)
        if tag != "ko":
            return found
        said = {**found.tables["say"], "page": {"send": "보내기"}}
        return languages.Language(tag, {**found.tables, "say": said})

    monkeypatch.setattr(languages, "load", lacking)
    async with serving(tmp_path) as served:
        _, told = await served.asks("/words/ko.json")
        assert told["words"]["send"] == "보내기" and told["words"]["basket"] == "Your basket"
        assert told["words"]["offers"]["confirm"] == ["Yes", "No"]
        _, other = await served.asks("/words/tlh.json")
        assert other["language"] == "en"


async def test_a_text_is_drawn_as_a_code(tmp_path: Path) -> None:
    async with serving(tmp_path) as served:
        status, drawn = await served.asks("/page/qr", method="POST", json={"text": "https://pay.example/1"})
        assert status == 200 and drawn["size"] >= 21
        assert re.fullmatch(r"(M\d+ \d+h1v1h-1z)+", drawn["path"])
        for body in ({}, {"text": ""}, {"text": 7}, {"text": "x" * 1001}, {"text": "😀" * 1000}, [], "x"):
            assert (await served.asks("/page/qr", method="POST", json=body))[0] == 400
        for raw in (b"{", b'{"text": "\\ud800"}'):
            assert (await served.asks("/page/qr", method="POST", data=raw))[0] == 400


async def test_the_buyer_of_a_trial_payment_decides_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOICETILL_SANDBOX", "needs_buyer")
    async with serving(tmp_path) as served:
        token = await served.token()
        for text in ("a coke", "that's all", "eating in", "card"):
            await served.says(token, text)
        link = (await served.says(token, "yes"))["private"][0]["value"]
        assert link.startswith(f"{served.url}/pay/sandbox/")

        async def page_of(where: str, **form: str) -> tuple[int, str]:
            headers = {"Accept-Language": "en"}
            how = (
                served.http.post(where, data=form, headers=headers) if form else served.http.get(where, headers=headers)
            )
            async with how as answer:
                return answer.status, await answer.text()

        status, text = await page_of(link)
        assert status == 200 and "No money moves" in text and 'data-state="waiting"' in text
        # A phone that only scanned the code has no order to go back to; the browser that ordered has.
        assert 'data-talk="elsewhere"' in text
        async with served.http.get(link, headers={"Cookie": f"{cookie_name(secure=False)}={token}"}) as answer:
            assert 'data-talk="here"' in await answer.text()
        assert (await page_of(link, decide="perhaps"))[0] == 400
        assert 'data-state="paid"' in (await page_of(link, decide="approve"))[1]
        assert 'data-state="paid"' in (await page_of(link, decide="decline"))[1]
        _, order = await served.asks("/api/v1/order", token)
        assert order["order"]["payment"]["charges"] == 1
        for nobody in (f"{served.url}/pay/sandbox/none", f"{served.url}/pay/none/{link.rpartition('/')[2]}"):
            status, text = await page_of(nobody)
            assert status == 404 and "no such payment" in text


def test_its_pictures_are_whole() -> None:
    names = {one.get("id") for one in ElementTree.parse(page.HOME / "icons.svg").getroot()}
    written = "".join(file.read_text() for file in page.HOME.iterdir() if file.suffix in (".js", ".html"))
    used = set(re.findall(r"icons\.svg#(\w+)", written)) | set(re.findall(r'icon\("(\w+)"\)', written))
    assert used <= names


def test_all_words_that_it_says_are_there() -> None:
    table = languages.load("en").tables["say"]["page"]
    written = "".join(file.read_text() for file in page.HOME.iterdir() if file.suffix in (".js", ".html"))
    used = set(re.findall(r'\bword\("(\w+)"', written)) | set(
        re.findall(r'data-(?:word|label|placeholder)="(\w+)"', written)
    )
    assert used and used <= table.keys(), used - table.keys()
    json.dumps(table)

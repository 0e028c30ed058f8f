"""Signing in and linking an account in a real browser: seen, typed, agreed to, and let through to the platform."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route

from assistant.sender import Outbox

from .conftest import PATIENCE, Shop

BACK = "https://platform.example/back"
CLIENT = {"client_id": "alexa", "secret": "sixteen letters at least", "redirect_uris": [BACK]}


def accessible(page: Page) -> None:
    found = Axe().run(page).response["violations"]
    assert not found, [(one["id"], [node["html"] for node in one["nodes"]]) for one in found]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_person_signs_in_and_links_a_speaker(
    serve: Callable[..., Shop], browser: Browser, tmp_path: Path, scheme: str
) -> None:
    shop = serve(settings={"oauth": {"alexa": CLIENT}})
    shop.served.house.people.sender = outbox = Outbox(tmp_path / "outbox")
    context = browser.new_context(color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    blocked: list[str] = []
    page.on("console", lambda message: blocked.append(message.text) if "Content Security" in message.text else None)

    def platform(route: Route) -> None:
        route.fulfill(body="linked")

    page.route("https://platform.example/**", platform)
    page.goto(shop.url)
    asked = f"response_type=code&client_id=alexa&state=s&redirect_uri={quote(BACK, safe='')}"
    page.goto(f"{shop.url}/oauth/authorize?{asked}")
    accessible(page)
    page.get_by_label("E-mail address").fill("ana@example.com")
    page.keyboard.press("Enter")
    box = page.get_by_label("The code that was sent")
    box.wait_for()
    accessible(page)
    box.fill(json.loads(outbox.file.read_text().splitlines()[-1])["code"])
    page.keyboard.press("Enter")
    allow = page.get_by_role("button", name="Link", exact=True)
    allow.wait_for()
    accessible(page)
    allow.click()
    page.wait_for_url("https://platform.example/**")
    assert "code=" in page.url and "state=s" in page.url and not blocked
    context.close()

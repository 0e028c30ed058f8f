"""Signing in on the chat page: seen, done by keyboard alone, told, and undone."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from assistant.sender import Outbox
from tests.browser.conftest import SIZES, Shop, Talker
from tests.browser.test_looks import faults

Visit = Callable[..., Talker]


@pytest.fixture
def picture(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[Page, str], None]:
    folder = Path(request.config.getoption("--pictures", None) or tmp_path)
    folder.mkdir(parents=True, exist_ok=True)
    return lambda page, name: page.screenshot(path=folder / f"{name}.png") and None


WORDS = {
    "en": ("Sign in", "E-mail address", "The code that was sent", "Sign out", "two cheeseburgers"),
    "zh": ("登录", "电子邮箱", "收到的登录码", "退出登录", "两个芝士汉堡"),
    "ko": ("로그인", "이메일", "받은 코드", "로그아웃", "치즈버거 두 개"),
}


@pytest.mark.parametrize("tag", ["en", "zh", "ko"])
def test_somebody_signs_in_goes_on_with_their_talk_and_signs_out(
    serve: Callable[..., Shop], visit: Visit, picture: Callable[[Page, str], None], tmp_path: Path, tag: str
) -> None:
    enter, contact, code, leave, order = WORDS[tag]
    shop = serve()
    shop.served.house.people.sender = outbox = Outbox(tmp_path / "outbox")
    talker = visit(shop.url, locale=tag, size=SIZES["phone"])
    page = talker.page
    talker.says(order)
    line = page.locator("#order .lines .name").text_content() or ""
    assert line
    way = page.get_by_role("link", name=enter, exact=True)
    wrong = {"guest": faults(page)}
    picture(page, f"guest-phone-{tag}")
    page.set_viewport_size({"width": 320, "height": 640})
    wrong["narrow"] = faults(page)
    picture(page, f"guest-narrow-{tag}")
    page.set_viewport_size({"width": 390, "height": 844})
    way.focus()
    page.keyboard.press("Enter")
    box = page.get_by_label(contact)
    box.wait_for()
    wrong["contact"] = faults(page)
    picture(page, f"sign-in-{tag}")
    box.fill("not an address")
    page.keyboard.press("Enter")
    page.get_by_role("alert").wait_for()
    assert page.get_by_label(contact).input_value() == "not an address"
    page.get_by_label(contact).fill("ana@example.com")
    page.keyboard.press("Enter")
    box = page.get_by_label(code)
    box.wait_for()
    wrong["code"] = faults(page)
    box.fill("000000")
    page.keyboard.press("Enter")
    page.get_by_role("alert").wait_for()
    assert page.get_by_role("status").count() == 0
    page.get_by_label(code).fill(json.loads(outbox.file.read_text().splitlines()[-1])["code"])
    page.keyboard.press("Enter")
    page.wait_for_selector("html[data-ready]")
    known = page.locator("#me summary")
    expect(known).to_be_visible()
    expect(known).to_contain_text("@example.com")
    assert page.url == f"{shop.url}/"
    expect(way).to_have_count(0)
    expect(page.locator("#order .lines .name")).to_have_text(line)  # the same talk, now theirs
    known.focus()
    page.keyboard.press("Enter")
    out = page.get_by_role("button", name=leave, exact=True)
    expect(out).to_be_visible()
    wrong["known"] = faults(page)
    picture(page, f"known-phone-{tag}")
    page.keyboard.press("Escape")
    expect(out).to_be_hidden()
    expect(known).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(out).to_be_focused()
    page.keyboard.press("Enter")
    expect(way).to_be_visible()
    expect(page.locator("#order .empty")).to_be_attached()  # who comes next has a talk of their own
    assert talker.said == []
    assert not {key: one for key, one in wrong.items() if one}


def test_one_can_turn_back_before_signing_in(serve: Callable[..., Shop], visit: Visit, tmp_path: Path) -> None:
    shop = serve()
    shop.served.house.people.sender = Outbox(tmp_path / "outbox")
    talker = visit(shop.url)
    talker.says("two cheeseburgers")
    page = talker.page
    page.get_by_role("link", name="Sign in", exact=True).click()
    page.get_by_role("link", name="Back to the chat").click()
    page.wait_for_selector("#messages > .assistant")
    assert talker.basket == ["Two regular cheeseburgers"]


def test_another_window_forgets_who_has_signed_out(serve: Callable[..., Shop], visit: Visit, tmp_path: Path) -> None:
    shop = serve()
    shop.served.house.people.sender = outbox = Outbox(tmp_path / "outbox")
    one = visit(shop.url)
    for path, body in (
        ("code", {"contact": "ana@example.com"}),
        ("sign-in", {"contact": "ana@example.com", "code": lambda: json.loads(outbox.file.read_text())["code"]}),
    ):
        data = {key: value() if callable(value) else value for key, value in body.items()}
        answer = one.page.request.post(
            f"{shop.url}/api/v1/people/{path}", data=data, headers={"Sec-Fetch-Site": "same-origin"}
        )
        assert answer.ok, answer.text()
    one.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")  # it is come back to
    expect(one.page.locator("#me")).to_be_visible()
    other = visit(shop.url, context=one.page.context)
    other.says("two cheeseburgers")
    other.page.locator("#me summary").click()
    other.page.locator("#out").click()
    expect(other.page.locator("#enter")).to_be_visible()
    one.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(one.page.locator("#order .empty")).to_be_attached()


def test_nobody_is_sent_to_sign_in_where_no_code_can_be_sent_or_at_a_kiosk(
    burgers: Shop, serve: Callable[..., Shop], visit: Visit, tmp_path: Path
) -> None:
    expect(visit(burgers.url).page.locator("#enter")).to_be_hidden()
    shop = serve()
    shop.served.house.people.sender = Outbox(tmp_path / "outbox")
    page = visit(f"{shop.url}/?kiosk", greeted=False).page
    page.locator("#touch").click()
    page.wait_for_selector("#messages > .assistant")
    expect(page.locator("#enter")).to_be_hidden()


def test_a_message_that_is_too_long_is_told_of_and_nothing_of_it_is_lost(burgers: Shop, visit: Visit) -> None:
    talker = visit(burgers.url)
    page = talker.page
    long = "two cheeseburgers and " * 120
    page.fill("#text", long)
    told = page.locator("#long")
    expect(told).to_contain_text("2,000")
    expect(page.locator("#text")).to_have_attribute("aria-invalid", "true")
    assert not faults(page)
    page.press("#text", "Enter")
    expect(page.locator("#text")).to_have_value(long)
    assert talker.said == []
    page.fill("#text", "two cheeseburgers")
    expect(told).to_be_empty()
    with talker.answered():
        page.press("#text", "Enter")
    assert talker.basket == ["Two regular cheeseburgers"]


def test_a_list_that_is_pasted_keeps_its_lines_apart(burgers: Shop, visit: Visit) -> None:
    talker = visit(burgers.url)
    page = talker.page
    page.focus("#text")
    page.evaluate(
        "document.getElementById('text').dispatchEvent(new ClipboardEvent('paste', { bubbles: true, cancelable: true,"
        " clipboardData: (() => { const data = new DataTransfer();"
        " data.setData('text/plain', 'two cheeseburgers\\r\\na large coke\\n'); return data; })() }))"
    )
    expect(page.locator("#text")).to_have_value("two cheeseburgers, a large coke")
    with talker.answered():
        page.press("#text", "Enter")
    assert len(talker.basket) == 2

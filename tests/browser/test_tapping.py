"""What slides under a finger is never agreed to, nor added: double taps, keys held down, two windows."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect

from tests.browser.conftest import PATIENCE, SIZES, Shop, Talker

Visit = Callable[..., Talker]
CHECKOUT = ("That's all", "eating in", "WeChat Pay")
LIVELY = 2_000
"""Milliseconds after which anything that is in sight can be tapped."""


def stopped(page: Page) -> None:
    """Time in the page goes on only where a test says so."""
    page.clock.install()


def halted(talker: Talker) -> None:
    talker.page.clock.pause_at(talker.page.evaluate("Date.now() / 1000 + 1"))


def middle(what: Any) -> tuple[float, float]:
    box = what.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def under(page: Page, at: tuple[float, float]) -> str:
    """The text of what can be tapped there."""
    found = "([x, y]) => document.elementFromPoint(x, y)?.closest('button')?.textContent ?? ''"
    return str(page.evaluate(found, list(at)))


def twice(talker: Talker, what: Any, gap: int) -> str:
    """Tapped, and once more in the same place as soon as the reply is there and `gap` ms have gone by; what was under
    the finger by then."""
    page = talker.page
    page.clock.run_for(LIVELY)
    at = middle(what)
    with talker.answered():
        page.mouse.click(*at)
    said, basket = talker.said, talker.basket
    page.clock.run_for(gap)
    slid = under(page, at)
    page.mouse.click(*at)
    page.clock.run_for(LIVELY)
    page.request.get(page.url)  # the server has had its turn
    expect(page.locator("#messages > .person .said")).to_have_text(said)
    assert talker.basket == basket
    return slid


@pytest.mark.parametrize("gap", [0, 100, 250, 380])
@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_a_double_tap_along_a_checkout_neither_pays_nor_adds(burgers: Shop, visit: Visit, gap: int, size: str) -> None:
    talker = visit(burgers.url, size=SIZES[size], before=stopped)
    page = talker.page
    talker.says("a cheeseburger")
    halted(talker)
    slid = [twice(talker, talker.chip(one), gap) for one in CHECKOUT]
    assert talker.chip("Yes").is_visible() and any(slid)  # something did come under the finger
    page.clock.run_for(LIVELY)
    expect(page.locator(".payment")).to_have_count(0)
    with talker.answered():  # who has read it and means it is heard
        page.mouse.click(*middle(talker.chip("Yes")))
    expect(page.locator(".payment")).to_have_count(1)


@pytest.mark.parametrize("gap", [100, 250, 380])
def test_a_double_tap_on_the_menu_adds_nothing(burgers: Shop, visit: Visit, gap: int) -> None:
    talker = visit(burgers.url, before=stopped)
    halted(talker)
    twice(talker, talker.chip("Menu"), gap)
    twice(talker, talker.chip("burgers"), gap)
    assert talker.basket == []
    twice(talker, talker.page.locator(".newest .card").first, gap)
    talker.page.clock.run_for(LIVELY)
    assert len(talker.basket) <= 1


def test_a_yes_wants_twice_as_long_as_the_rest(burgers: Shop, visit: Visit) -> None:
    talker = visit(burgers.url, before=stopped)
    page = talker.page
    talker.says("a cheeseburger", "that's all", "eating in")
    halted(talker)
    page.clock.run_for(LIVELY)
    with talker.answered():
        page.mouse.click(*middle(talker.chip("card")))
    page.clock.run_for(750)
    page.mouse.click(*middle(talker.chip("Yes")))
    talker.chip("Yes").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Space")
    expect(talker.chip("Yes")).to_have_attribute("aria-disabled", "true")
    page.clock.run_for(300)
    expect(talker.chip("Yes")).not_to_have_attribute("aria-disabled", "true")
    assert talker.said[-1] == "card"
    with talker.answered():
        page.keyboard.press("Enter")
    assert talker.said[-1] == "Yes"


def test_a_press_that_began_before_the_answers_changed_counts_nothing(burgers: Shop, visit: Visit) -> None:
    one = visit(burgers.url, before=stopped)
    other = visit(burgers.url, context=one.page.context)
    one.says("a cheeseburger", "that's all", "eating in")
    expect(other.chip("card")).to_be_visible()
    halted(one)
    one.page.clock.run_for(LIVELY)
    one.page.mouse.move(*middle(one.chip("card")))
    one.page.mouse.down()
    other.says("card")  # meanwhile, in another window
    expect(one.chip("Yes")).to_be_visible()
    one.page.clock.run_for(LIVELY)
    one.page.mouse.move(*middle(one.chip("Yes")))
    one.page.mouse.up()
    one.page.clock.run_for(LIVELY)
    other.says("what do I pay")
    assert "Yes" not in [*one.said, *other.said]
    expect(one.page.locator(".payment")).to_have_count(0)


def test_an_answer_to_what_another_window_has_changed_is_not_taken(burgers: Shop, visit: Visit) -> None:
    """Its reply is still on its way to this window when Yes is tapped."""
    held: list[str] = []
    routes: list[WebSocketRoute] = []
    holds = False

    def between(page: Page) -> None:
        page.route_web_socket("**/ws", meet)

    def meet(here: WebSocketRoute) -> None:
        there = here.connect_to_server()
        routes.append(here)

        def down(message: str | bytes) -> None:
            if holds and json.loads(message)["type"] == "other":
                held.append(str(message))
            else:
                here.send(message)

        here.on_message(there.send)
        there.on_message(down)

    one = visit(burgers.url, before=between)
    other = visit(burgers.url, context=one.page.context)
    one.says("a cheeseburger", "that's all", "eating in", "card")
    assert "Yes" not in one.said
    holds = True
    other.says("and two large cokes")
    yes = one.chip("Yes")
    yes.click()
    expect(one.page.locator("#messages > .person .said", has_text="and two large cokes")).to_be_visible()
    expect(one.page.locator("#messages > .person .said", has_text="Yes")).to_have_count(0)
    expect(one.page.locator(".payment")).to_have_count(0)
    assert len(one.basket) == len(other.basket) == 2
    assert one.last == other.last
    holds = False
    expect(yes).not_to_have_attribute("aria-disabled", "true", timeout=PATIENCE)
    with one.answered():
        yes.click()
    expect(one.page.locator(".payment")).to_have_count(1)


def test_the_basket_is_told_in_the_language_that_is_chosen(burgers: Shop, visit: Visit) -> None:
    talker = visit(burgers.url)
    page = talker.page
    talker.says("two cheeseburgers, one with no onions, and a large coke")
    with talker.answered():
        page.locator("#language").select_option("zh")
    names = page.locator("#order .lines .name")
    expect(names.nth(2)).to_contain_text("可乐")
    expect(names.nth(1)).to_contain_text("洋葱")
    page.reload()
    expect(names.nth(1)).to_contain_text("洋葱")
    for text in talker.basket:
        assert not any("a" <= one <= "z" for one in text.lower()), text

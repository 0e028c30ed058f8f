"""Nothing is lost and nothing is done twice: reloads, several windows, cut connections, strangers' markup."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, Route, WebSocketRoute, expect

from tests.browser.conftest import SIZES, TO_THE_YES, Shop, Talker

Visit = Callable[..., Talker]

HOSTILE = '<img src=x onerror="alert(1)"><script>alert(2)</script>'


def test_a_reload_in_mid_checkout_finds_everything_as_it_was(burgers: Shop, visit: Visit) -> None:
    talker = visit(burgers.url)
    page = talker.page
    talker.says("two cheeseburgers and a large coke", "that's all", *TO_THE_YES)
    before = (talker.said, talker.last, talker.basket, page.locator("#order .sums").inner_text())
    page.reload()
    expect(talker.replies).to_have_count(len(before[0]) + 1)
    expect(talker.chip("Yes")).to_be_visible()
    assert (talker.said, talker.last, talker.basket, page.locator("#order .sums").inner_text()) == before
    with talker.answered():
        talker.chip("Yes").click()
    expect(page.locator(".payment .code")).to_be_visible()
    page.reload()
    expect(page.locator(".payment .go")).to_have_attribute("href", burgers.do(link(burgers)))
    expect(page.locator(".payment .code")).to_be_visible()


async def link(shop: Shop) -> str:
    """Of the payment that was asked for last."""
    for order in await shop.served.house.office.orders(limit=1):
        return str(order["payment"]["link"])
    raise AssertionError("there is no order")


def test_two_windows_see_each_other(burgers: Shop, visit: Visit) -> None:
    one = visit(burgers.url)
    other = visit(burgers.url, context=one.page.context)
    one.says("a cheeseburger")
    expect(other.page.locator("#order .lines .name")).to_have_text(["A regular cheeseburger"])
    expect(other.page.locator("#messages > .person .said")).to_have_text(["a cheeseburger"])
    expect(other.page.locator("#messages > .person")).to_contain_text("another device")
    other.says("and a coke", "that's all")
    expect(one.page.locator("#order .lines .name")).to_have_text(["A regular cheeseburger", "A regular Coke"])
    expect(one.chip("eating in")).to_be_visible()  # the answers on offer are those of the last question
    with one.answered():
        one.chip("eating in").click()
    expect(other.chip("eating in")).to_have_count(0)
    expect(other.chip("card")).to_be_visible()
    for talker in (one, other):
        assert talker.said.count("and a coke") == 1


class Cut:
    """Between page and server: loses what it is told to lose."""

    def __init__(self) -> None:
        self.lose = ""
        """reply: the connection is cut in place of the next reply; said: in place of what is said next; all: none
        comes about."""
        self.sent: list[dict[str, Any]] = []
        self.routes: list[WebSocketRoute] = []

    def between(self, page: Page) -> None:
        page.route_web_socket("**/ws", self._meet)

    def _meet(self, here: WebSocketRoute) -> None:
        if self.lose == "all":
            here.close()
            return
        self.routes.append(here)
        there = here.connect_to_server()

        def up(message: str | bytes) -> None:
            frame = json.loads(message)
            if frame["type"] in ("say", "tap"):
                self.sent.append(frame)
                if self.lose == "said":
                    self.lose = "all"
                    here.close()
                    there.close()
                    return
            there.send(message)

        def down(message: str | bytes) -> None:
            if self.lose == "reply" and '"type":"reply"' in str(message):
                self.lose = "all"
                here.close()
                there.close()
                return
            here.send(message)

        here.on_message(up)
        there.on_message(down)


def test_a_reply_that_was_lost_comes_again_and_nothing_is_done_twice(burgers: Shop, visit: Visit) -> None:
    cut = Cut()
    talker = visit(burgers.url, before=cut.between)
    page = talker.page
    cut.lose = "reply"
    with talker.answered():
        page.fill("#text", "a cheeseburger")
        page.press("#text", "Enter")
        expect(page.locator(".person .fate")).to_contain_text("Not sent yet")
        expect(page.locator("#line")).to_contain_text("No connection")
        cut.lose = ""
    assert talker.basket == ["A regular cheeseburger"]
    assert talker.said == ["a cheeseburger"]
    expect(page.locator("#line")).not_to_contain_text("No connection")
    page.reload()
    expect(page.locator("#messages > .person .said")).to_have_text(["a cheeseburger"])


def test_what_is_said_while_there_is_no_connection_goes_when_it_is_back(burgers: Shop, visit: Visit) -> None:
    cut = Cut()
    talker = visit(burgers.url, before=cut.between)
    page = talker.page
    talker.says("a cheeseburger")
    cut.lose = "said"
    before = talker.replies.count()
    for text in ("make that two", "and a coke"):
        page.fill("#text", text)
        page.press("#text", "Enter")
    expect(page.locator(".person .fate")).to_have_count(2)
    cut.lose = ""
    expect(talker.replies).to_have_count(before + 2)
    expect(page.locator(".person .fate")).to_have_count(0)
    expect(page.locator("#order .lines .name")).to_have_text(["Two regular cheeseburgers", "A regular Coke"])
    assert talker.said == ["a cheeseburger", "make that two", "and a coke"]
    ids = [one["id"] for one in cut.sent]
    assert ids[1] == ids[2] and len(set(ids)) == 3  # what was lost went again under its own id


def test_an_outbox_outlives_a_reload(burgers: Shop, visit: Visit) -> None:
    """In a talk whose words the page has to fetch first, so that it takes its time to show what was said before."""
    cut = Cut()
    talker = visit(burgers.url, before=cut.between)
    page = talker.page
    talker.says("一杯可乐")
    expect(page.locator("html")).to_have_attribute("lang", "zh")
    cut.lose = "said"
    page.fill("#text", "两个芝士汉堡")
    page.press("#text", "Enter")
    expect(page.locator(".person .fate")).to_have_count(1)
    cut.lose = ""

    def late(route: Route) -> None:
        page.wait_for_timeout(500)
        route.continue_()

    page.route("**/words/zh.json", late)
    page.reload()
    expect(page.locator("#order .lines .name")).to_have_count(2)
    assert talker.said == ["一杯可乐", "两个芝士汉堡"]
    who = page.locator("#messages > li").evaluate_all("(all) => all.map((one) => one.classList[1])")
    assert who == ["assistant", "person", "assistant", "person", "assistant"]


def test_markup_is_text_wherever_it_comes_from(serve: Callable[..., Shop], visit: Visit, tmp_path: Path) -> None:
    """In the shop's name, the goods' names and descriptions, what is said, and in a name that a buyer gives."""
    folder = tmp_path / "shop"
    folder.mkdir()
    name = json.dumps(HOSTILE)
    (folder / "shop.toml").write_text(
        f'name = {name}\ntrade = "takeaway"\ncurrency = "EUR"\ntime_zone = "UTC"\nlanguages = ["en"]\n'
        '[fulfilment.pickup]\nneeds = ["name"]\n[payment]\nmethods = ["card"]\n'
    )
    cola = {"id": "cola", "names": {"en": ["cola"]}, "category": "drinks", "price": 300}
    odd = {"id": "odd", "names": {"en": [HOSTILE, "odd"]}, "category": "drinks", "price": 100}
    odd["descriptions"] = {"en": HOSTILE}
    (folder / "catalogue.json").write_text(json.dumps([cola, odd]))
    shop = serve(str(folder))
    talker = visit(shop.url)
    page = talker.page
    assert page.locator("h1").inner_text() == HOSTILE
    talker.says(HOSTILE, "menu", "an odd", "a cola", "that's all", "pickup", f"my name is {HOSTILE}")
    expect(page.locator(".cards .name", has_text=HOSTILE)).to_be_visible()
    expect(page.locator("#order .lines .name", has_text=HOSTILE)).to_be_visible()
    assert HOSTILE in talker.said
    strange = "body script, body img:not(.picture), #messages [onerror], #order [onerror], iframe"
    assert page.locator(strange).count() == 0
    page.reload()
    expect(page.locator("#messages > .person .said").first).to_have_text(HOSTILE)
    assert page.locator(strange).count() == 0


def test_nothing_is_fetched_from_anywhere_else(burgers: Shop, visit: Visit) -> None:
    asked: list[str] = []
    talker = visit(burgers.url, before=lambda page: page.on("request", lambda request: asked.append(request.url)))
    talker.says("menu", "a coke")
    assert asked and all(one.startswith(burgers.url) for one in asked)
    answer = talker.page.request.get(burgers.url)
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy


def test_a_person_of_the_shop_answers_in_the_same_talk(serve: Callable[..., Shop], visit: Visit) -> None:
    shop = serve()
    desk = shop.served.house.desk
    desk.seen()
    cut = Cut()
    talker = visit(shop.url, before=cut.between)
    page = talker.page
    talker.says("a coke")
    with talker.answered():
        page.locator("#person").click()
    (waiting,) = shop.do(desk.talks())
    shop.do(desk.take(waiting["session"], "Kim"))
    shop.do(desk.say(waiting["session"], "Kim", "Ice is out today, sorry!"))
    said = page.locator("#messages .said", has_text="Ice is out today, sorry!")
    expect(said).to_have_count(1)
    expect(said).to_contain_text("Kim from the shop")
    cut.routes[-1].close()
    page.wait_for_timeout(1500)
    expect(said).to_have_count(1)
    page.reload()
    expect(page.locator("#messages > .staff")).to_contain_text("Kim, a person from Burger Bar")
    expect(said).to_have_count(1)


def test_what_comes_at_a_bad_moment_goes_by_itself_later(serve: Callable[..., Shop], visit: Visit) -> None:
    shop = serve(rate_session=60)
    talker = visit(shop.url, before=lambda page: page.clock.install())
    page = talker.page
    for number in range(40):
        page.fill("#text", ("a coke", "a sprite")[number % 2])  # of one kind alone the 21st would be asked about
        page.press("#text", "Enter")
        if page.locator(".person .fate", has_text="by itself").count():
            break
    expect(page.locator(".person .fate", has_text="by itself").first).to_be_visible()
    for _ in range(20):
        page.clock.run_for(4_000)
        if not page.locator(".person .fate").count():
            break
        page.wait_for_timeout(100)
    expect(page.locator(".person .fate")).to_have_count(0)
    for _ in range(50):  # the last one has gone, but may not have been taken yet
        if (taken := sum(line["quantity"] for line in shop.do(newest(shop))["lines"])) == len(talker.said):
            break
        page.wait_for_timeout(100)
    assert taken == len(talker.said)


async def newest(shop: Shop) -> dict[str, Any]:
    (order,) = await shop.served.house.office.orders(limit=1)
    return dict(order)


def test_a_link_leads_from_one_device_to_another_in_the_same_talk(burgers: Shop, visit: Visit) -> None:
    one = visit(burgers.url)
    one.says("two cheeseburgers", "continue on my phone")
    expect(one.page.locator(".secret .code")).to_be_visible()
    link = one.page.locator(".secret .go").get_attribute("href")
    assert link is not None and link.startswith(f"{burgers.url}/?join=")
    other = visit(link, size=SIZES["phone"])
    expect(other.page.locator("#line")).to_contain_text("from the other device")
    assert other.page.url == f"{burgers.url}/"
    expect(other.page.locator("#order .lines .name")).to_have_text(["Two regular cheeseburgers"])
    other.says("and a coke")
    expect(one.page.locator("#order .lines .name")).to_have_text(["Two regular cheeseburgers", "A regular Coke"])
    expect(one.page.locator("#messages > .person").last).to_contain_text("another device")
    again = visit(link)  # a code is good for once
    expect(again.page.locator("#line")).to_contain_text("no longer good")
    again.says("a coke")
    assert again.basket == ["A regular Coke"]

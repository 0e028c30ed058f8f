"""An order on the page from the first word to the last stage: typed, by the keyboard alone, by clicking alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SIZES, TO_THE_YES, Shop, Talker

Visit = Callable[..., Talker]
PICTURE = Path(__file__).parents[2] / "docs/pictures/paying.png"


def pays(talker: Talker, decide: str = "approve") -> None:
    """Open the link of the payment that waits, and decide on its page."""
    with talker.page.expect_popup() as opened:
        talker.page.locator(".payment .go").last.click()
    page = opened.value
    expect(page.locator(".note")).to_contain_text("No money moves")
    page.locator(f"button[value={decide}]").click()
    expect(page.locator(".outcome")).not_to_be_empty()
    page.close()


def test_an_order_is_typed_and_paid_and_followed(burgers: Shop, visit: Visit) -> None:
    talker = visit(burgers.url)
    page = talker.page
    assert "two" not in talker.last
    expect(page.locator("#order .empty")).to_be_visible()
    talker.says("two cheeseburgers, one with no onions, and a large coke")
    assert talker.basket == ["A regular cheeseburger", "A regular cheeseburger without onion", "A large Coke"]
    expect(page.locator("#order .all")).to_contain_text("88.00")
    talker.says("no", *TO_THE_YES)
    assert "94.00" in talker.last
    talker.says("yes")
    payment = page.locator(".payment")
    expect(payment.get_by_role("img")).to_be_visible()  # the code
    expect(payment).to_contain_text("Waiting for your payment")
    expect(page.locator("#order .step")).to_have_count(0)  # nothing is changed by the way while it is paid
    pays(talker)
    expect(payment).to_contain_text("Paid")
    expect(payment.get_by_role("img")).to_be_hidden()
    here = page.locator("#order .stages [aria-current=step]")
    expect(here).to_have_text("Confirmed")
    number = page.locator("#side-name").inner_text().removeprefix("Order ")
    assert number in talker.last
    burgers.do(burgers.served.house.office.advance(number))
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")  # somebody comes back to look
    expect(here).to_have_text("Being prepared")


def test_a_payment_that_is_turned_down_leaves_the_basket_and_another_way(burgers: Shop, visit: Visit) -> None:
    talker = visit(burgers.url)
    talker.says("a coke", "that's all", "pickup", "Ana, 555 0134", "card", "yes")
    with talker.answered():
        pays(talker, "decline")
    expect(talker.page.locator(".payment")).to_contain_text("nothing was taken")
    assert talker.basket == ["A regular Coke"]
    expect(talker.chip("WeChat Pay")).to_be_visible()


def test_wherever_a_payment_was_shown_it_is_shown_as_paid(burgers: Shop, visit: Visit) -> None:
    """Somebody asks in between: nothing that was told before offers to pay once more."""
    talker = visit(burgers.url)
    talker.says("a coke", "that's all", "pickup", "Ana, 555 0134", "card", "yes", "is it paid")
    payments = talker.page.locator(".payment")
    expect(payments).to_have_count(2)
    pays(talker)
    for one in payments.all():
        expect(one).to_have_attribute("data-state", "paid")
        expect(one.locator(".go")).to_be_hidden()


def test_an_order_by_the_keyboard_alone(burgers: Shop, visit: Visit) -> None:
    talker = visit(burgers.url)
    page = talker.page
    press = page.keyboard.press

    def focus() -> str:
        """What has the focus; it must be seen."""
        return str(
            page.evaluate(
                "() => { const at = document.activeElement; const box = at.getBoundingClientRect();"
                " const style = getComputedStyle(at);"
                " if (at === document.body) return 'nothing';"
                " if (style.outlineStyle === 'none' && !at.classList.contains('message')) return 'unseen: ' + at.id;"
                " if (box.width < 1 || box.bottom > innerHeight + 1 || box.top < -1) return 'outside: ' + at.id;"
                " return (at.getAttribute('aria-label') || at.id || at.textContent).trim(); }"
            )
        )

    def go_to(name: str, backwards: bool = False) -> None:
        seen = []
        for _ in range(40):
            seen.append(focus())
            if seen[-1] == name:
                # What has only just come into sight can't be pressed yet.
                expect(page.locator(":focus")).not_to_have_attribute("aria-disabled", "true")
                return
            press("Shift+Tab" if backwards else "Tab")
        pytest.fail(f"{name} isn't reached: {seen}")

    press("Tab")
    assert focus() == "Skip to the message field"
    press("Enter")
    assert focus() == "text"
    with talker.answered():
        page.keyboard.type("a cheeseburger")
        press("Enter")
    assert focus() == "text"
    go_to("One more: cheeseburger")
    with talker.answered():
        press("Enter")
    assert talker.basket == ["Two regular cheeseburgers"]
    assert focus() == "One more: cheeseburger"  # it is where it was, though the basket was drawn anew
    for answer in ("That's all", "eating in", "card", "Yes"):
        go_to(answer, backwards=answer == "That's all")
        with talker.answered():
            press("Space")
        assert focus() == "text"
        press("Shift+Tab")
    go_to(f"Pay {page.locator('.payment .sum').inner_text()}", backwards=True)
    with page.expect_popup() as opened:
        press("Enter")
    buyer = opened.value
    expect(buyer.locator("button[value=approve]")).to_be_visible()
    buyer.keyboard.press("Tab")
    buyer.keyboard.press("Enter")
    expect(buyer.locator(".outcome")).to_contain_text("Paid")
    expect(page.locator("#order .stages [aria-current=step]")).to_have_text("Confirmed")


def test_an_order_by_clicking_alone(burgers: Shop, visit: Visit) -> None:
    """On a phone: the menu's cards, the basket below, the answers on offer."""
    talker = visit(burgers.url, size=SIZES["phone"], has_touch=True, is_mobile=True)
    page = talker.page

    def tap(what: object) -> None:
        what.scroll_into_view_if_needed()  # type: ignore[attr-defined]
        page.wait_for_timeout(700)  # what has only just come into sight can't be tapped yet
        with talker.answered():
            what.tap()  # type: ignore[attr-defined]

    tap(talker.chip("Menu"))
    tap(talker.chip("burgers"))
    tap(page.locator(".cards .card", has_text="Veggie burger").last)
    page.locator("#fold summary").tap()
    tap(page.get_by_role("button", name="One more: veggie burger"))
    tap(page.get_by_role("button", name="One fewer: veggie burger"))
    page.locator("#fold summary").tap()
    tap(talker.chip("That's all"))
    tap(talker.chip("eating in"))
    tap(talker.chip("card"))
    tap(talker.chip("Yes"))
    pays(talker)
    expect(page.locator("#brief")).to_have_text("Confirmed")
    assert "eating in" in talker.said
    page.reload()
    page.wait_for_selector("#messages > .assistant")
    assert "eating in" in talker.said  # what was tapped stands in the talk like what is said


def test_basket_buttons_take_away_what_they_stand_beside(burgers: Shop, visit: Visit) -> None:
    talker = visit(burgers.url)
    talker.says("two cheeseburgers, one with no onions, and a large coke")
    with talker.answered():
        talker.page.get_by_role("button", name="Remove cheeseburger").nth(1).click()
    assert talker.basket == ["A regular cheeseburger", "A large Coke"]


def test_a_stay_is_shown_with_its_nights_and_can_be_taken_out(serve: Callable[..., Shop], visit: Visit) -> None:
    talker = visit(serve("lake-hotel").url)
    talker.says("do you have a double room from friday to sunday for two people", "yes")
    (room,) = talker.basket
    assert "2 nights" in room
    with talker.answered():
        talker.page.locator("#order .step").click()
    expect(talker.page.locator("#order .empty")).to_be_visible()


def test_the_page_speaks_the_language_that_is_chosen(burgers: Shop, visit: Visit) -> None:
    talker = visit(burgers.url)
    page: Page = talker.page
    talker.says("two cheeseburgers")
    with talker.answered():
        page.locator("#language").select_option("zh")
    expect(page.locator("html")).to_have_attribute("lang", "zh")
    expect(page.locator("#side-name")).to_have_text("您的购物篮")
    expect(page.locator("h1")).to_have_text("汉堡小站")
    talker.says("一杯大可乐")
    assert "可乐" in talker.last
    page.reload()
    expect(page.locator("html")).to_have_attribute("lang", "zh")
    expect(page.locator("#text")).to_have_attribute("placeholder", "您想要点什么？")


def test_goods_have_their_pictures_where_the_shop_has_some(
    serve: Callable[..., Shop], visit: Visit, tmp_path: Path
) -> None:
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "shop.toml").write_text(
        'name = "Kiosk"\ntrade = "takeaway"\ncurrency = "EUR"\ntime_zone = "UTC"\nlanguages = ["en"]\n'
        '[fulfilment.pickup]\nneeds = ["name"]\n[payment]\nmethods = ["card"]\n'
    )
    (folder / "cola.png").write_bytes(PICTURE.read_bytes())
    cola = {"id": "cola", "names": {"en": ["cola"]}, "category": "drinks", "price": 300, "picture": "cola.png"}
    tea = {"id": "tea", "names": {"en": ["tea"]}, "category": "drinks", "price": 200}
    (folder / "catalogue.json").write_text(json.dumps([cola, tea]))
    talker = visit(serve(str(folder)).url)
    talker.says("what drinks do you have")
    cards = talker.page.locator(".cards .card")
    expect(cards).to_have_count(2)
    picture = cards.filter(has_text="cola").locator("img.picture")
    expect(picture).to_be_visible()
    assert picture.evaluate("(one) => one.decode().then(() => one.naturalWidth)") > 0
    expect(cards.filter(has_text="tea").locator(".drawn")).to_have_text("T")


@pytest.mark.parametrize(("tag", "asked", "name"), [("zh", "有什么水果", "香蕉"), ("ko", "과일 뭐 있어요", "바나나")])
def test_what_has_a_card_is_not_offered_a_second_time_in_any_language(
    serve: Callable[..., Shop], visit: Visit, tag: str, asked: str, name: str
) -> None:
    talker = visit(serve("corner-shop").url, locale=tag, size=SIZES["phone"])
    talker.says(asked)
    cards = talker.page.locator(".newest .card")
    expect(cards).not_to_have_count(0)
    expect(talker.page.locator("#answers")).to_be_hidden()
    with talker.answered():
        cards.filter(has_text=name).click()
    expect(talker.page.locator("#order .lines .name")).to_contain_text(name)

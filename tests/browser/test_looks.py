"""For everybody: WCAG by axe-core in light and dark and at every size, nothing that runs out of the window, the kiosk.

With `--pictures FOLDER` the screenshots are left there.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Route, WebSocketRoute, expect

from models import languages
from tests.browser.conftest import SIZES, STAND, TO_THE_YES, Shop, Talker
from tests.shops.folders import write

Visit = Callable[..., Talker]

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
CAKES = "apple cherry plum pear lemon orange poppy walnut hazelnut raisin cinnamon vanilla maple ginger".split()
SAID: dict[str, tuple[str, ...]] = {
    "en": ("two cheeseburgers, one with no onions, and a large coke", "what burgers do you have"),
    "zh": ("两个芝士汉堡和一杯大可乐", "有什么汉堡"),
    "ko": ("치즈버거 두 개랑 콜라 큰 거 하나", "버거 뭐 있어요"),
}


def faults(page: Page) -> list[str]:
    """What axe-core finds, and what runs out of the window."""
    found: list[Any] = Axe().run(page, options=RULES).response["violations"]
    told = [f"{one['id']}: {one['nodes'][0]['html'][:160]} ({one['nodes'][0]['failureSummary']})" for one in found]
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    small = page.evaluate(
        "[...document.querySelectorAll('button, a[href], input, select, summary')]"
        ".map((one) => [one.id || one.className, one.getBoundingClientRect()])"
        ".filter(([name, box]) => box.width && name !== 'skip' && (box.width < 24 || box.height < 24))"
        ".map(([name]) => name)"
    )
    return [*told, *([f"{wide} px too wide"] if wide > 0 else []), *(f"{name} is too small" for name in small)]


@pytest.fixture
def picture(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[Page, str], None]:
    folder = Path(request.config.getoption("--pictures", None) or tmp_path)
    folder.mkdir(parents=True, exist_ok=True)

    def take(page: Page, name: str) -> None:
        page.mouse.move(0, 0)
        page.evaluate("document.fonts.ready")
        raw = page.screenshot(path=folder / f"{name}.png")
        assert len(raw) > 10_000  # something is to be seen

    return take


def test_everybody_can_use_it_at_every_size_by_light_and_by_dark(
    burgers: Shop, visit: Visit, picture: Callable[[Page, str], None]
) -> None:
    talker = visit(burgers.url)
    page = talker.page
    wrong = {}

    def look(state: str, **at: str) -> None:
        for size, schemes in at.items():
            page.set_viewport_size({"width": SIZES[size][0], "height": SIZES[size][1]})
            for scheme in schemes.split():
                page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
                picture(page, f"{state}-{size}-{scheme}-en")
                wrong[state, size, scheme] = faults(page)

    look("greeting", desktop="light", phone="dark")
    talker.says(*SAID["en"])
    look("goods", phone="light dark", tablet="light dark", desktop="light dark")
    talker.says("no", "that's all", *TO_THE_YES, "yes")
    expect(page.locator(".payment .code")).to_be_visible()
    look("paying", phone="dark", desktop="light dark")
    with page.expect_popup() as opened:
        page.locator(".payment .go").click()
    buyer = opened.value
    for scheme in ("light", "dark"):
        buyer.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        wrong["buyer", scheme] = faults(buyer)
    buyer.set_viewport_size({"width": 390, "height": 640})
    picture(buyer, "buyer-phone-dark-en")
    buyer.locator("button[value=approve]").click()
    wrong["bought"] = faults(buyer)
    expect(page.locator("#order .stages")).to_be_attached()
    look("placed", phone="dark", desktop="light dark")
    assert not {key: one for key, one in wrong.items() if one}


@pytest.mark.parametrize("tag", ["zh", "ko"])
def test_other_languages_fit_as_well(
    burgers: Shop, visit: Visit, picture: Callable[[Page, str], None], tag: str
) -> None:
    talker = visit(burgers.url, locale=tag, size=SIZES["phone"], color_scheme="light")
    talker.says(*SAID[tag])
    picture(talker.page, f"goods-phone-light-{tag}")
    wrong = {"phone": faults(talker.page)}
    talker.page.set_viewport_size({"width": 320, "height": 640})
    wrong["narrow"] = faults(talker.page)
    assert not any(wrong.values()), wrong


@pytest.mark.parametrize("size", [(320, 568), (640, 400), (844, 390)], ids=str)
def test_on_a_small_window_what_is_asked_and_what_answers_it_are_seen(
    burgers: Shop, visit: Visit, picture: Callable[[Page, str], None], size: tuple[int, int]
) -> None:
    """A small phone, a window at 200 % zoom, a phone that lies."""
    talker = visit(burgers.url, size=size)
    page = talker.page
    talker.says("a large coke", "that's all", "eating in", "card")
    picture(page, f"small-asked-{size[0]}-en")
    assert not faults(page)
    for one in ("#messages > .newest .said", "#answers button", "#text"):
        expect(page.locator(one).first).to_be_in_viewport(ratio=0.99)
    talker.says("yes")
    picture(page, f"small-paying-{size[0]}-en")
    for one in (".payment .state", ".payment .go"):
        expect(page.locator(one)).to_be_in_viewport(ratio=0.6)
    with talker.answered():
        page.locator("#language").select_option("ko")
    expect(page.locator(".payment .state")).to_have_text("결제를 기다리고 있어요")
    expect(page.locator(".payment .go")).to_contain_text("결제하기")
    assert not faults(page)


@pytest.mark.parametrize("tag", ["en", "zh"])
def test_a_kiosk_has_large_captions_and_buttons_for_what_can_be_said(
    burgers: Shop, visit: Visit, picture: Callable[[Page, str], None], tag: str
) -> None:
    talker = visit(f"{burgers.url}/?kiosk", size=STAND, locale=tag, greeted=False)
    page = talker.page
    wrong = {"before": faults(page)}
    picture(page, f"kiosk-begin-{tag}")
    page.locator("#touch").click()
    expect(talker.replies).to_have_count(1)
    talker.says(SAID[tag][0])
    offered = page.locator("#answers button")
    expect(offered).to_have_count(2)
    wrong["basket"] = faults(page)
    with talker.answered():
        offered.first.click()  # that's all
    expect(offered).to_have_count(3)
    newest = page.locator(".newest .said").evaluate("(one) => parseFloat(getComputedStyle(one).fontSize)")
    assert newest >= 28
    heights = [one.bounding_box() for one in offered.all()]
    assert all(box is not None and box["height"] >= 56 for box in heights)
    wrong["asked"] = faults(page)
    picture(page, f"kiosk-{tag}")
    page.emulate_media(color_scheme="dark")
    wrong["dark"] = faults(page)
    page.set_viewport_size({"width": 1920, "height": 1080})
    wrong["lying"] = faults(page)
    picture(page, f"kiosk-lying-{tag}")
    assert not {key: one for key, one in wrong.items() if one}


def test_a_long_basket_keeps_its_total_in_sight_and_its_words_in_their_column(
    serve: Callable[..., Shop], visit: Visit, picture: Callable[[Page, str], None], tmp_path: Path
) -> None:
    """What a yes agrees to is seen beside it, however much was ordered and however it is called."""
    names = [
        "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaftsbrot",
        *map(str.title, CAKES),
    ]
    goods = [
        {"id": f"item{n}", "names": {"en": [name]}, "category": "drinks", "price": 100} for n, name in enumerate(names)
    ]
    talker = visit(serve(str(write(tmp_path / "bakery", items=goods))).url)
    page = talker.page
    told = page.locator("#order .sums .all")
    talker.says(", ".join(f"a {one}" for one in names), "that's all", "Ana", "cash")
    expect(page.locator("#order .line-of")).to_have_count(len(names))
    for size in ((1280, 800), (800, 480), (640, 360)):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        picture(page, f"long-basket-{size[0]}-en")
        total = told if size[0] >= 800 else page.locator("#brief")
        expect(total).to_be_in_viewport(ratio=0.99)
        expect(total).to_contain_text("CN¥")
        expect(page.get_by_role("button", name="Yes", exact=True)).to_be_in_viewport(ratio=0.99)
        assert not faults(page), size
        wide = "filter((one) => one.clientWidth && one.scrollWidth > one.clientWidth + 1).map((one) => one.className)"
        assert page.evaluate(f"[...document.querySelectorAll('#order, #order *')].{wide}") == [], size
    page.set_viewport_size({"width": 1280, "height": 800})
    for step in page.locator("#order .step").all():  # by keyboard, too: nothing that has the focus lies under the total
        step.focus()
        box, sums = step.bounding_box(), page.locator("#order .sums").bounding_box()
        assert box is not None and sums is not None and box["y"] + box["height"] <= sums["y"]


def test_at_a_kiosk_of_any_size_a_payment_is_seen_with_its_state(
    burgers: Shop, visit: Visit, picture: Callable[[Page, str], None]
) -> None:
    talker = visit(f"{burgers.url}/?kiosk", size=(800, 480), greeted=False)
    page = talker.page
    page.locator("#touch").click()
    expect(talker.replies).to_have_count(1)

    def seen(*what: str) -> None:
        """Without scrolling, and nothing lies over it."""
        for one in what:
            found = page.locator(one).last
            expect(found).to_be_in_viewport(ratio=0.99)
            assert found.evaluate(
                """(one) => {
                    const { left, right, top, bottom } = one.getBoundingClientRect();
                    const [x, y] = [(left + right) / 2, (top + bottom) / 2];
                    const edges = [[left + 2, y], [right - 2, y], [x, top + 2], [x, bottom - 2]];
                    return edges.every(([x, y]) => one.contains(document.elementFromPoint(x, y)));
                }"""
            ), one

    talker.says("two cheeseburgers and a large coke")
    picture(page, "kiosk-small-en")
    assert not faults(page)
    seen("#messages > .newest .said", "#answers button >> nth=0", "#text", "#order .step >> nth=0")
    talker.says("that's all", "eating in", "card", "yes")
    for size in ((800, 480), (1024, 600), (1024, 768), (1280, 800), (1080, 1920), (600, 1024), (1920, 1080)):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        picture(page, f"kiosk-paying-{size[0]}-en")
        seen(".payment .code", ".payment .state", ".payment .sum")
        assert not faults(page), size


def test_a_kiosk_forgets_whoever_has_left(serve: Callable[..., Shop], visit: Visit) -> None:
    shop = serve(idle=60)
    talker = visit(f"{shop.url}/?kiosk", size=STAND, greeted=False, before=lambda page: page.clock.install())
    page = talker.page
    page.locator("#touch").click()
    expect(talker.replies).to_have_count(1)
    talker.says("two cheeseburgers")
    page.clock.fast_forward(61_000)
    there = page.locator("#there")
    expect(there).to_be_visible()
    expect(there).to_contain_text("seconds")
    page.locator("#stay").click()
    expect(there).to_be_hidden()
    assert talker.basket == ["Two regular cheeseburgers"]
    talker.says("that's all", "eating in", "card", "yes")
    expect(page.locator(".payment .code")).to_be_visible()
    page.clock.fast_forward(61_000)
    expect(there).to_be_hidden()  # somebody pays with a phone
    page.clock.fast_forward(181_000)
    expect(there).to_be_visible()
    for _ in range(22):
        page.clock.run_for(1_000)
    begin = page.locator("#begin")
    expect(begin).to_be_visible()
    expect(page.locator("#messages > *")).to_have_count(0)
    expect(page.locator("#order .empty")).to_be_attached()
    page.locator("#touch").click()
    expect(talker.replies).to_have_count(1)
    assert talker.said == [] and talker.basket == []
    page.reload()  # whoever starts it anew doesn't get to see the last one either
    page.locator("#touch").click()
    expect(talker.replies).to_have_count(1)
    assert talker.basket == []


def test_the_kiosk_switches_language_and_asks_for_a_person(burgers: Shop, visit: Visit) -> None:
    talker = visit(f"{burgers.url}/?kiosk", size=STAND, greeted=False)
    page = talker.page
    page.locator("#begin-tongues").get_by_role("button", name="한국어").click()
    page.locator("#touch").click()
    expect(talker.replies).to_have_count(1)
    assert "버거" in talker.last
    with talker.answered():
        page.locator("#tongues").get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    with talker.answered():
        page.locator("#person").click()
    assert talker.last


def test_whoever_touches_a_kiosk_before_it_is_connected_is_greeted(burgers: Shop, visit: Visit) -> None:
    held: list[tuple[WebSocketRoute, str | bytes]] = []
    holding = True

    def through(browser: WebSocketRoute) -> None:
        def answer(message: str | bytes) -> None:
            held.append((browser, message)) if holding else browser.send(message)

        browser.connect_to_server().on_message(answer)

    talker = visit(
        f"{burgers.url}/?kiosk", size=STAND, greeted=False, before=lambda page: page.route_web_socket("**/ws", through)
    )
    page = talker.page
    while not held:  # its hello has gone, and the welcome is on its way
        page.wait_for_timeout(20)
    page.locator("#touch").click()
    holding = False
    for browser, message in held:
        browser.send(message)
    expect(talker.replies).to_have_count(1)


def test_whoever_touches_a_kiosk_while_it_forgets_the_last_one_finds_nothing_of_theirs(
    burgers: Shop, visit: Visit
) -> None:
    talker = visit(f"{burgers.url}/?kiosk", size=STAND, greeted=False)
    page = talker.page
    page.locator("#begin-tongues").get_by_role("button", name="한국어").click()
    page.locator("#touch").click()
    expect(talker.replies).to_have_count(1)
    talker.says("치즈버거 두 개")
    held: list[Route] = []
    page.route("**/api/v1/shop?language=en", lambda route: held.append(route))
    page.locator("#fresh").click()
    while not held:  # it is on the way back to its own language
        page.wait_for_timeout(20)
    page.locator("#touch").click()
    page.wait_for_timeout(500)
    assert talker.said == [] and talker.basket == []
    for route in held:
        route.continue_()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(talker.replies).to_have_count(1)
    assert talker.said == [] and talker.basket == []


def test_a_kiosk_begins_in_its_own_language_each_time(burgers: Shop, visit: Visit) -> None:
    talker = visit(f"{burgers.url}/?kiosk", size=STAND, locale="ko", greeted=False)
    page = talker.page
    page.locator("#begin-tongues").get_by_role("button", name="English").click()
    page.locator("#touch").click()
    expect(talker.replies).to_have_count(1)
    page.locator("#fresh").click()
    expect(page.locator("#begin")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "ko")
    page.locator("#touch").click()
    expect(talker.replies).to_have_count(1)
    assert "버거" in talker.last


def test_each_language_has_every_word_of_the_page() -> None:
    tables = {tag: languages.load(tag).tables["say"]["page"] for tag in ("en", "zh", "ko")}
    assert tables["zh"].keys() == tables["en"].keys() == tables["ko"].keys()
    for table in tables.values():
        assert table["offers"].keys() == tables["en"]["offers"].keys()
    places = {
        tag: {key: sorted(set(re.findall(r"{(\w+)}", one))) for key, one in table.items() if key != "offers"}
        for tag, table in tables.items()
    }
    assert places["en"] == places["zh"] == places["ko"]

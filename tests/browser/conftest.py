"""A real server and a real browser: Debian's Chromium, driven by Playwright. No browser is downloaded."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import threading
from collections.abc import Callable, Coroutine, Iterator, Mapping
from concurrent.futures import Future
from pathlib import Path
from typing import Any, TypeVar

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright

from tests.channels.serving import Served, serving

T = TypeVar("T")

FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync"
).split()
PATIENCE = 30_000
"""Milliseconds until something that doesn't appear has failed; a busy machine is slow."""
SIZES = {"phone": (390, 844), "tablet": (834, 1112), "desktop": (1280, 800)}
STAND = (1080, 1920)
"""A kiosk's screen, upright."""

expect.set_options(timeout=PATIENCE)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--pictures", metavar="FOLDER", help="where tests/browser leaves screenshots", default=None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents and "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.needs_apt)


class Shop:
    """A server over a shop, in a thread of its own."""

    def __init__(self, folder: Path, shop: str, rules: Mapping[str, Any]) -> None:
        self._loop = asyncio.new_event_loop()
        self._ready: Future[Served] = Future()
        self._end = asyncio.Event()
        self._thread = threading.Thread(target=self._run, args=(folder, shop, rules), daemon=True)
        self._thread.start()
        self.served = self._ready.result(60)
        self.url = self.served.url

    def _run(self, *given: Any) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._serve(*given))
        self._loop.close()

    async def _serve(self, folder: Path, shop: str, rules: Mapping[str, Any]) -> None:
        try:
            async with serving(folder, shop, **rules) as served:
                self._ready.set_result(served)
                await self._end.wait()
        except BaseException as error:
            if not self._ready.done():
                self._ready.set_exception(error)
            raise

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(60)

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join(60)


@pytest.fixture(autouse=True)
def buyer_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sandbox waits for its buyer, who decides on the page."""
    monkeypatch.setenv("VOICETILL_SANDBOX", "needs_buyer")


@pytest.fixture(scope="session")
def burgers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """The demo shop, shared: each test has a talk of its own in it."""
    shop = Shop(tmp_path_factory.mktemp("burgers"), "burger-bar", {"rate_address": 0, "rate_session": 0})
    yield shop
    shop.close()


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., Shop]]:
    """serve(shop, **rules): a server of this test's own."""
    running: list[Shop] = []

    def begin(shop: str = "burger-bar", **rules: Any) -> Shop:
        running.append(Shop(tmp_path / f"data {len(running)}", shop, {"rate_address": 0, "rate_session": 0, **rules}))
        return running[-1]

    yield begin
    for one in running:
        one.close()


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    """Playwright keeps an event loop in this thread: it must have ended before the next module's tests want theirs."""
    with sync_playwright() as found:
        yield found


def launched(playwright: Playwright, *flags: str) -> Browser:
    path = shutil.which("chromium")
    assert path, "Debian's package chromium is missing: sudo apt-get install chromium"
    return playwright.chromium.launch(executable_path=path, args=[*FLAGS, *flags])


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    found = launched(playwright)
    yield found
    found.close()


class Talker:
    """Somebody before the page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.wrong: list[str] = []
        page.on("pageerror", lambda error: self.wrong.append(str(error)))
        page.on("dialog", lambda dialog: (self.wrong.append(f"a dialog: {dialog.message}"), dialog.dismiss()))
        page.on("console", self._console)

    def _console(self, message: Any) -> None:
        """Errors, but for connections that a test cut and answers that it refused."""
        expected = ("net::ERR", "WebSocket", "Failed to load resource")
        if message.type == "error" and not any(one in message.text for one in expected):
            self.wrong.append(message.text)

    @property
    def replies(self) -> Any:
        return self.page.locator("#messages > .assistant:not(.pending)")

    @property
    def last(self) -> str:
        return str(self.replies.last.locator(".said").inner_text())

    @property
    def basket(self) -> list[str]:
        return [one.inner_text() for one in self.page.locator("#order .lines .name").all()]

    @property
    def said(self) -> list[str]:
        return [one.inner_text() for one in self.page.locator("#messages > .person .said").all()]

    def chip(self, text: str) -> Any:
        return self.page.get_by_role("group", name="Answers").get_by_role("button", name=text, exact=True)

    @contextlib.contextmanager
    def answered(self) -> Iterator[None]:
        """What is done inside has one reply more."""
        before = self.replies.count()
        yield
        expect(self.replies).to_have_count(before + 1)
        expect(self.page.locator(".person .fate")).to_have_count(0)

    def says(self, *texts: str) -> str:
        for text in texts:
            with self.answered():
                self.page.fill("#text", text)
                self.page.press("#text", "Enter")
        return self.last


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Talker]]:
    """visit(url, …): a browser of its own on the page, greeted. At the end nothing may have gone wrong in it."""
    contexts: list[BrowserContext] = []
    talkers: list[Talker] = []

    def begin(
        url: str,
        *,
        size: tuple[int, int] = SIZES["desktop"],
        context: BrowserContext | None = None,
        before: Callable[[Page], Any] | None = None,
        greeted: bool = True,
        **given: Any,
    ) -> Talker:
        if context is None:
            given = {"locale": "en-US", "reduced_motion": "reduce", **given}
            context = browser.new_context(viewport={"width": size[0], "height": size[1]}, **given)
            context.set_default_timeout(PATIENCE)
            contexts.append(context)
        talker = Talker(context.new_page())
        talkers.append(talker)
        if before is not None:
            before(talker.page)
        talker.page.goto(url)
        talker.page.wait_for_selector("html[data-ready]")
        if greeted:
            talker.page.wait_for_selector("#messages > .assistant")
        return talker

    yield begin
    wrong = [error for one in talkers for error in one.wrong]
    for context in contexts:
        context.close()
    assert not wrong


TO_THE_YES = ("delivery", "12 High Street", "Ana, 555 0134", "card")
"""After "that's all", to the read-back."""

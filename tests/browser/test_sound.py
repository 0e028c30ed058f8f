"""Speaking with the page: Chromium's fake microphone is fed with a recording of a voice that was made for the test."""

from __future__ import annotations

import json
import re
import wave
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Playwright, WebSocketRoute, expect

from assistant.discovery import find
from channels.audio.equipment import Equipment, Hears
from models.recognizers import RATE
from tests.audio.test_ears import Scripted, heard
from tests.browser.conftest import PATIENCE, Shop, Talker, launched
from tests.engines import got, spoken

Visit = Callable[..., Talker]
LEAD = 2
"""Seconds of silence before: the fake microphone begins as it is opened, somebody when the page listens."""
PAUSE = 6
"""Seconds of silence behind what is said; the fake microphone then begins again."""


def recording(path: Path, *said: bytes) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(bytes(2 * RATE * LEAD))
        for one in said:
            file.writeframes(one + bytes(2 * RATE * PAUSE))
    return path


@pytest.fixture
def speaking(playwright: Playwright) -> Iterator[Callable[[Path], Browser]]:
    """speaking(recording): a browser whose microphone hears it, again and again."""
    running: list[Browser] = []

    def begin(file: Path, *flags: str) -> Browser:
        fake = ("--use-fake-device-for-media-stream", f"--use-file-for-fake-audio-capture={file}", *flags)
        running.append(launched(playwright, "--autoplay-policy=no-user-gesture-required", *fake))
        return running[-1]

    yield begin
    for one in running:
        one.close()


def before(browser: Browser, url: str, **given: Any) -> Talker:
    """Somebody before the page in that browser, who may use the microphone."""
    context = browser.new_context(locale="en-US", reduced_motion="reduce", **given)
    context.set_default_timeout(PATIENCE)
    context.grant_permissions(["microphone"], origin=url)
    talker = Talker(context.new_page())
    talker.page.add_init_script(WATCH)
    talker.page.goto(url)
    talker.page.wait_for_selector("#messages > .assistant")
    return talker


WATCH = """
window.played = [];
window.offsets = [];
window.sounding = 0;
const start = AudioBufferSourceNode.prototype.start;
AudioBufferSourceNode.prototype.start = function (...given) {
  window.played.push(this.buffer.duration);
  window.offsets.push(given[1] ?? 0);
  window.sounding += 1;
  this.addEventListener("ended", () => { window.sounding -= 1; });
  return start.apply(this, given);
};
"""
"""What the page plays: seconds of each piece, where in it it begins, and how many sound or are about to."""


def until(page: Page, expression: str) -> None:
    """(Playwright's own waiting evaluates strings in the page, which its policy forbids.)"""
    for _ in range(PATIENCE // 50):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(50)
    pytest.fail(f"never: {expression}")


def test_without_a_recogniser_the_page_says_so_and_goes_on_in_writing(
    burgers: Shop, speaking: Callable[..., Browser], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VOICETILL_MODELS", str(tmp_path / "none"))
    talker = before(speaking(recording(tmp_path / "silence.wav")), burgers.url)
    page = talker.page
    page.locator("#speak").click()
    expect(page.locator("#line")).to_contain_text("Please type")
    expect(page.locator("#speak")).to_have_attribute("aria-pressed", "false")
    talker.says("a coke")
    assert talker.basket == ["A regular Coke"]


def test_a_browser_that_gives_no_microphone_is_told_of(burgers: Shop, visit: Visit) -> None:
    talker = visit(burgers.url)
    talker.page.locator("#speak").click()
    expect(talker.page.locator("#line")).to_contain_text("microphone")
    talker.says("a coke")


def test_what_is_spoken_is_captioned_understood_and_answered_aloud(
    serve: Callable[..., Shop], speaking: Callable[..., Browser], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A real voice, a real browser, our own voice back; only the decoder's words are written down before."""
    voice = find("voice", "pyttsx3")
    model = Scripted(
        heard("two cheeseburgers please"), *(heard("and a coke please") for _ in range(20)), partial="two ch"
    )
    monkeypatch.setattr(Equipment, "hears", lambda self, language: Hears("script", model))
    file = recording(tmp_path / "order.wav", spoken(voice, "en", "two cheeseburgers please"))
    talker = before(speaking(file), serve().url)
    page = talker.page
    captions: list[str] = []
    page.expose_function("captioned", lambda text: captions.append(text))  # Playwright marks what it is given
    page.evaluate(
        "new MutationObserver(() => captioned(document.getElementById('caption').textContent))"
        ".observe(document.getElementById('caption'), { childList: true, characterData: true, subtree: true })"
    )
    page.locator("#speak").click()
    expect(page.locator("#speak")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#messages > .person .said").first).to_have_text("two cheeseburgers please")
    expect(page.locator("#order .lines .name")).to_contain_text(["Two regular cheeseburgers"])
    assert "two ch" in captions
    until(page, "window.played.length > 0")
    assert page.evaluate("window.played[0]") > 0.5
    page.locator("#speak").click()
    expect(page.locator("#speak")).to_have_attribute("aria-pressed", "false")


def test_our_voice_falls_silent_when_it_is_turned_off(burgers: Shop, visit: Visit) -> None:
    talker = visit(burgers.url, before=lambda page: page.add_init_script(WATCH))
    page: Page = talker.page
    page.locator("#aloud").click()
    talker.says("what burgers do you have")
    until(page, "window.played.some((one) => one > 1)")
    assert page.evaluate("window.sounding") > 0
    page.locator("#aloud").click()
    until(page, "window.sounding === 0")
    talker.says("a coke")
    assert talker.basket == ["A regular Coke"]
    assert page.evaluate("window.sounding") == 0


def test_the_voice_holds_still_for_a_noise_and_goes_on_where_it_stopped(
    burgers: Shop, visit: Visit, tmp_path: Path
) -> None:
    doors: list[WebSocketRoute] = []
    sent: list[dict[str, Any]] = []

    def between(door: WebSocketRoute) -> None:
        server = door.connect_to_server()

        def told(message: str | bytes) -> None:
            sent.append(json.loads(message))
            server.send(message)

        door.on_message(told)
        doors.append(door)

    def before(page: Page) -> None:
        page.add_init_script(WATCH)
        page.route_web_socket(re.compile("/ws$"), between)

    page = visit(burgers.url, before=before).page
    page.locator("#aloud").click()
    door, wav = doors[-1], recording(tmp_path / "silence.wav", b"").read_bytes()

    def says(**frame: Any) -> None:
        door.send(json.dumps({"type": "sound", **frame}))

    def finished() -> bool:
        return {"type": "played", "round": 7} in sent

    says(state="speaking", round=7, gain=1, whole=False)
    door.send(wav)
    until(page, "window.sounding === 1")
    page.wait_for_timeout(1500)
    says(state="hold")
    until(page, "window.played.length === 1 && window.sounding === 0")  # cut, long before its end
    door.send(wav)  # what is said next comes meanwhile, and waits
    says(state="done")
    page.wait_for_timeout(300)
    assert page.evaluate("window.played.length") == 1 and not finished()
    says(state="on")
    until(page, "window.played.length === 3")
    first, again, rest = page.evaluate("window.offsets")
    assert first == rest == 0 and 0.5 < again < PAUSE and not finished()
    says(state="hold")
    says(state="stop")  # somebody did speak
    page.wait_for_timeout(300)
    assert page.evaluate("window.played.length") == 3 and finished()


@pytest.mark.long
def test_a_whole_order_by_voice_alone(
    serve: Callable[..., Shop], speaking: Callable[..., Browser], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the first word to the payment's code, over our own voice where that may be cut. What is read back is heard
    to its end before the yes to it counts."""
    said = ("two cheeseburgers please", "that is all", "eating in", "card please", "yes please")
    model = Scripted(*map(heard, said))
    monkeypatch.setattr(Equipment, "hears", lambda self, language: Hears("script", model))
    file = recording(tmp_path / "words.wav", spoken(find("voice", "pyttsx3"), "en", "let me tell you something"))
    talker = before(speaking(file), serve().url)
    page = talker.page
    page.locator("#speak").click()
    expect(page.locator(".payment .code")).to_be_visible(timeout=240_000)
    page.locator("#speak").click()
    assert tuple(talker.said) == said
    assert talker.basket == ["Two regular cheeseburgers"]


@pytest.mark.long
def test_an_order_is_spoken_through_the_page(
    serve: Callable[..., Shop], speaking: Callable[..., Browser], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    voice = got("piper-en_US-joe-medium")
    monkeypatch.setenv("VOICETILL_MODELS", str(got("whisper-tiny.en").parent))
    said = "I would like three cheeseburgers and an orange juice please."
    file = recording(tmp_path / "order.wav", spoken(find("voice", "piper"), "en", said, voice))
    talker = before(speaking(file), serve().url)
    page = talker.page
    page.locator("#speak").click()
    expect(page.locator("#order .lines .name").first).to_be_visible(timeout=120_000)
    page.locator("#speak").click()
    assert talker.basket == ["Three regular cheeseburgers", "A regular orange juice"], talker.said

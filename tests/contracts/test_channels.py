"""What every channel promises: it carries everything both ways, in order, and keeps what is private to itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from assistant.turns import Choice, Private, Reply, View
from tests.drivers import DRIVERS, Driver, known_as
from tests.houses import ScriptedHouse

from .parts import check_words, fail, file_of, load, names

CHANNELS = names("channel")
ABILITIES = frozenset({"screen", "links", "push", "private", "audio"})
LINK = "https://pay.example/a/9f31c0"
SAID = ["two colas", "  12 High Street ", "两杯可乐", "콜라 두 잔", "🥤", "x" * 5000, '"quoted" {braces} \\', "yes"]


def reply(number: int, **more: Any) -> Reply:
    return Reply(**({"speech": f"Spoken {number}.", "text": f"Written {number}.", "language": "en"} | more))


def driver_of(name: str) -> Driver:
    if name not in DRIVERS:
        fail(file_of("channel", name), f"test_{name}.py has no DRIVER: how a talk goes over the channel's own wire")
    return DRIVERS[name]()


async def talked(name: str, house: ScriptedHouse, said: Sequence[str]) -> list[Any]:
    """What a person gets for each of these, over the channel's own wire."""
    channel = load("channel", name)
    driver, answers = driver_of(name), []
    try:
        await driver.open(house, "en", channel.patience)  # type: ignore[arg-type]
        for one in said:
            answer = await driver.say("session-1", one)
            if answer is None:
                fail(file_of("channel", name), f"run answers nothing to {one[:20]!r}")
            answers.append(answer)
    finally:
        await driver.close()
    return answers


@pytest.mark.parametrize("name", CHANNELS)
def test_it_says_what_it_can(name: str) -> None:
    channel, file = load("channel", name), file_of("channel", name)
    if not isinstance(channel.can, frozenset) or not channel.can <= ABILITIES:
        fail(file, f"can must be a frozenset of {', '.join(sorted(ABILITIES))}")
    if not isinstance(channel.patience, int | float) or not 0 < channel.patience <= 60:
        fail(file, "patience must be the seconds that it waits for a final reply, above 0 and 60 at most")
    if not isinstance(channel.keys, frozenset):
        fail(file, "keys must be a frozenset: the names of the options that it takes")


@pytest.mark.parametrize("name", CHANNELS)
def test_it_has_its_words(name: str) -> None:
    check_words(file_of("channel", name), load("channel", name).WORDS, ())


@pytest.mark.parametrize("name", CHANNELS)
async def test_every_reply_comes_in_order_and_every_word_goes(name: str) -> None:
    """What is said reaches the house as it is, each time in a turn of its own; each answer is the one to it."""
    channel, file = load("channel", name), file_of("channel", name)
    choices = (Choice("delivery"), Choice("pickup"))
    house = ScriptedHouse([reply(n, choices=choices if n % 2 else ()) for n in range(len(SAID))])
    answers = await talked(name, house, SAID)
    for number, (said, answer, turn) in enumerate(zip(SAID, answers, house.turns, strict=True)):
        if f"Written {number}." not in answer.text and f"Spoken {number}." not in answer.speech:
            fail(file, f"turn {number} was answered with {answer.text[:60]!r}, not with its own reply")
        if turn.text.strip() != said.strip():
            fail(file, f"what was said, {said[:30]!r}, came to the house as {turn.text[:30]!r}")
        if number % 2 and "screen" in channel.can and not {"delivery", "pickup"} <= set(answer.choices):
            fail(file, "the answers that can be chosen are not shown")
    if len({turn.id for turn in house.turns}) != len(SAID):
        fail(file, "two turns have the same id")
    if {turn.session for turn in house.turns} != {known_as(driver_of(name), "session-1")}:
        fail(file, "the turns of one talk are not of its session")
    for turn in house.turns:
        if (turn.channel, turn.can, turn.shop) != (channel.name, channel.can, house.shop):
            fail(file, "a turn must name the channel, what it can, and the house's shop")
        if turn.at != house.now() or not turn.patience:
            fail(file, "a turn's time is the house's now(), and its patience the channel's")


@pytest.mark.parametrize("name", CHANNELS)
async def test_nobody_hears_or_sees_nothing(name: str) -> None:
    """Whatever a reply holds beside its words, the words are given."""
    view = View("basket", {"lines": [], "total": 0})
    rich = [reply(0, views=(view,)), reply(1, pending=True), reply(2, listening=False), reply(3, text="Only this.")]
    answers = await talked(name, ScriptedHouse(rich), ["one", "two", "three", "four"])
    for answer in answers:
        if not answer.text.strip() and not answer.speech.strip():
            fail(file_of("channel", name), "a reply was given without a word")


@pytest.mark.parametrize("name", CHANNELS)
async def test_what_is_private_is_never_where_others_see_it(name: str) -> None:
    channel = load("channel", name)
    (answer,) = await talked(name, ScriptedHouse([reply(0, private=(Private("link", LINK),))]), ["pay"])
    told = f"{answer.speech} {answer.text} {' '.join(answer.choices)}"
    if LINK in told and not {"private", "links"} <= channel.can:
        fail(file_of("channel", name), "it gives out a payment link, although it says that it can't keep one private")
    if LINK in answer.speech:
        fail(file_of("channel", name), "it speaks a payment link")


@pytest.mark.parametrize("name", CHANNELS)
async def test_a_later_result_is_pushed_or_refused(name: str) -> None:
    channel, file = load("channel", name), file_of("channel", name)
    if await channel.deliver("nobody-is-here", reply(9)) is not False:
        fail(file, "deliver must return False for a session that nobody talks in")
    if "push" not in channel.can:
        return
    house, driver = ScriptedHouse([reply(0)]), driver_of(name)
    try:
        await driver.open(house, "en", channel.patience)  # type: ignore[arg-type]
        await driver.say("session-1", "hello")
        if "session-1" not in house.listening:
            fail(file, "it can push, but never listens: call house.listen when a talk begins")
        if await house.listening["session-1"].deliver("session-1", reply(7)) is not True:
            fail(file, "deliver must return True when the person is still there")
        if "7." not in (news := await driver.news("session-1")).text and "7." not in news.speech:
            fail(file, f"the result that was pushed came as {news.text!r}")
    finally:
        await driver.close()

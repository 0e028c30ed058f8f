"""What every speaker promises: it believes no stranger, carries everything both ways, and keeps what is private.

The talks go over its own wire, with the `DRIVER` of its test: signed requests over a real socket.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import json
from collections.abc import Mapping
from typing import Any

import pytest

from assistant.turns import Called, Choice, Private, Reply, Spoken, Turn
from channels.speakers import Received, Refused
from channels.speakers._host import Host
from tests.drivers import DRIVERS
from tests.houses import ScriptedHouse

from .parts import check_words, fail, file_of, load, names
from .test_channels import ABILITIES, LINK, SAID, reply

SPEAKERS = names("speaker")
NOW = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)
SHOP = Spoken(
    shop="kiosk",
    title="The Corner Kiosk",
    goods=(Called("cola", ("cola", "colas")), Called("water", ("still water",))),
    options={"size": (Called("large", ("large", "big")),)},
    extras=(Called("ice", ("ice",)),),
    methods=(Called("cash", ("cash",)),),
    fulfilments=(Called("pickup", ("pickup",)),),
)


class Forgetful(ScriptedHouse):
    """A house whose turns go wrong, or take longer than any platform waits."""

    def __init__(self, replies: list[Reply], *, fails: bool = False, slow: float = 0.0) -> None:
        super().__init__(replies)
        self.fails, self.slow = fails, slow

    async def take(self, turn: Turn) -> Reply:
        if self.fails:
            raise RuntimeError("the disk is on fire")
        if self.slow:
            slow, self.slow = self.slow, 0.0
            await asyncio.sleep(slow)
        return await super().take(turn)


def driver_of(name: str) -> Any:
    if name not in DRIVERS:
        fail(file_of("speaker", name), f"test_{name}.py has no DRIVER: how a talk goes over the speaker's own wire")
    return DRIVERS[name]()


async def say(name: str, driver: Any, household: str, said: str) -> Any:
    try:
        return await driver.say(household, said)
    except AssertionError as error:
        fail(file_of("speaker", name), f"what its own driver asks is not answered: {error}")


async def talked(
    name: str, house: ScriptedHouse, said: list[str], patience: float = 3.0, between: float = 0.0
) -> list[Any]:
    driver, answers = driver_of(name), []
    try:
        await driver.open(house, "en", patience)
        for one in said:
            answers.append(await say(name, driver, "household-1", one))
            await asyncio.sleep(between)
        return answers
    finally:
        await driver.close()


@pytest.mark.parametrize("name", SPEAKERS)
def test_it_says_what_it_can_and_what_it_needs(name: str) -> None:
    speaker, file = load("speaker", name), file_of("speaker", name)
    if not isinstance(speaker.can, frozenset) or not speaker.can <= ABILITIES - {"links", "private", "push"}:
        fail(file, "can must be a frozenset of screen, audio: a household sees no link, and nothing is pushed to it")
    if not isinstance(speaker.patience, int | float) or not 0 < speaker.patience <= 10:
        fail(file, "patience must be the seconds that its platform waits, less one")
    if not isinstance(speaker.keys, frozenset) or not speaker.loopback <= speaker.keys:
        fail(file, "keys must be a frozenset of its settings, and loopback those of them that are for trials")
    if not isinstance(speaker.languages, frozenset):
        fail(file, "languages must be a frozenset of the tags that its platform hears: en, zh …")
    missing = speaker.configured({})
    if not isinstance(missing, str) or not missing:
        fail(file, "configured must say, for no settings at all, what is missing: it would believe every stranger")
    check_words(file, speaker.WORDS, ())


@pytest.mark.parametrize("name", SPEAKERS)
async def test_a_stranger_is_refused(name: str) -> None:
    speaker, file = load("speaker", name), file_of("speaker", name)
    settings = driver_of(name).settings
    if speaker.configured(settings):
        fail(file, f"its driver's settings are not enough: {speaker.configured(settings)}")
    for raw in (b"{}", b"", b"[1]", b'{"request": {"type": "LaunchRequest"}}', b"[" * 500):
        received = Received(method="POST", path=f"/speakers/{name}", query="", headers=(), raw=raw)
        try:
            await speaker.proven(received, settings, NOW)
        except Refused as refused:
            if not 400 <= refused.status < 500 or len(json.dumps(refused.body)) > 500:
                fail(file, "a stranger is answered with 4xx and a few words of JSON")
        except Exception as error:
            fail(file, f"proven raises {type(error).__name__} for {raw[:20]!r}; it must be a Refused")
        else:
            fail(file, f"proven believes a stranger who sends {raw[:20]!r}")


@pytest.mark.parametrize("name", SPEAKERS)
async def test_every_reply_comes_in_order_and_every_word_goes(name: str) -> None:
    speaker, file = load("speaker", name), file_of("speaker", name)
    choices = (Choice("delivery"), Choice("pickup"))
    asked = "Which one?"
    house = ScriptedHouse(
        [reply(n, speech=f"Spoken {n}?", reprompt=asked, choices=choices if n % 2 else ()) for n in range(len(SAID))]
    )
    answers = await talked(name, house, list(SAID))
    for number, (said, answer, turn) in enumerate(zip(SAID, answers, house.turns, strict=True)):
        if f"Spoken {number}?" not in answer.speech:
            fail(file, f"turn {number} was answered with {answer.speech[:60]!r}, not with its own reply")
        if turn.text.strip() != said.strip():
            fail(file, f"what was said, {said[:30]!r}, came to the house as {turn.text[:30]!r}")
    if len({turn.id for turn in house.turns}) != len(SAID):
        fail(file, "two turns have the same id")
    if len({turn.session for turn in house.turns}) != 1:
        fail(file, "the turns of one household at one device are not of one talk")
    for turn in house.turns:
        if (turn.channel, turn.can, turn.shop) != (speaker.name, speaker.can, house.shop):
            fail(file, "a turn must name the speaker, what it can, and the house's shop")
        if not turn.session.startswith(f"{name}.") or "household-1" in turn.session:
            fail(file, "a talk's id must begin with the speaker's name and a dot, and not tell whose it is")
        if not turn.spoken or turn.person is not None:
            fail(file, "what is said to a speaker is spoken, and a household is no person")


@pytest.mark.parametrize("name", SPEAKERS)
async def test_two_households_have_two_talks(name: str) -> None:
    house, driver = ScriptedHouse([reply(n) for n in range(3)]), driver_of(name)
    try:
        await driver.open(house, "en", 3.0)
        for one in ("household-1", "household-2", "household-1"):
            await say(name, driver, one, "hello")
    finally:
        await driver.close()
    first, second, third = (turn.session for turn in house.turns)
    if first == second or first != third:
        fail(file_of("speaker", name), "each household has a talk of its own")


@pytest.mark.parametrize("name", SPEAKERS)
async def test_it_listens_on_or_not(name: str) -> None:
    file = file_of("speaker", name)
    replies = [reply(0, reprompt="And now?"), reply(1, listening=False), reply(2, pending=True, listening=False)]
    open_, closed, waiting = await talked(name, ScriptedHouse(replies), ["one", "two", "three"])
    if not open_.listening or not open_.speech.rstrip().endswith("?"):
        fail(file, f"who is listened to must hear a question last, not {open_.speech!r}")
    if closed.listening:
        fail(file, "it listens on after a reply that ends the talk")
    if not waiting.listening or "go on" not in waiting.speech:
        fail(file, f"a first reply must tell how to hear the result, not {waiting.speech!r}")


@pytest.mark.parametrize("name", SPEAKERS)
async def test_what_is_private_is_never_told(name: str) -> None:
    house = ScriptedHouse([reply(0, private=(Private("link", LINK), Private("code", "4711-0815")))])
    (answer,) = await talked(name, house, ["pay"])
    told = f"{answer.speech} {answer.text} {' '.join(answer.choices)}"
    if LINK in told or "4711-0815" in told:
        fail(file_of("speaker", name), "it gives out a payment link to a household")


@pytest.mark.parametrize("name", SPEAKERS)
async def test_a_failure_is_an_apology_and_the_talk_goes_on(name: str) -> None:
    (answer,) = await talked(name, Forgetful([], fails=True), ["two colas"])
    if "Sorry" not in answer.speech or not answer.listening:
        fail(file_of("speaker", name), f"what goes wrong inside must be an apology that listens on, not {answer!r}")


@pytest.mark.parametrize("name", SPEAKERS)
async def test_what_takes_too_long_is_told_on_the_next_turn(name: str) -> None:
    """The turn is taken once: "go on" brings its result."""
    file = file_of("speaker", name)
    house = Forgetful([reply(0, speech="Done?", reprompt="Done?"), reply(1)], slow=1.2)
    waiting, result = await talked(name, house, ["two colas", "go on"], patience=0.2)
    if "go on" not in waiting.speech or not waiting.listening:
        fail(file, f"a reply that takes too long must be put off, not {waiting.speech!r}")
    if "Done?" not in result.speech or [turn.text for turn in house.turns] != ["two colas"]:
        fail(file, f'"go on" brought {result.speech!r}, in {len(house.turns)} turns')
    house = Forgetful([reply(0, speech="It is done. Well?"), reply(1, speech="Other?")], slow=1.2)
    _, both = await talked(name, house, ["two colas", "and a tea"], patience=0.2, between=1.2)
    if both.speech != "It is done. Other?":
        fail(file, f"what took too long must be told before anything else, not {both.speech!r}")


@pytest.mark.parametrize("name", SPEAKERS)
def test_it_makes_a_model_of_a_shop(name: str) -> None:
    speaker, file = load("speaker", name), file_of("speaker", name)
    for language in ("en", "zh", "ko"):
        model = speaker.model(SHOP, language)
        if not model.files or not all(model.files.values()):
            fail(file, f"model gives no file, or an empty one, for {language}")
        if not any("still water" in text for text in model.files.values()):
            fail(file, f"the model for {language} knows nothing of the goods")
    if not isinstance(speaker.files({}), Mapping):
        fail(file, "files must be a table of names and contents")


@pytest.mark.parametrize("name", SPEAKERS)
def test_trials_are_for_this_machine_alone(name: str) -> None:
    speaker, file = load("speaker", name), file_of("speaker", name)
    settings = {**driver_of(name).settings, **dict.fromkeys(speaker.loopback, "x")}
    for loopback in (False, True):
        why = Host(ScriptedHouse([]), loopback=loopback).missing(speaker, settings)  # type: ignore[arg-type]
        if speaker.loopback and bool(why) == loopback:
            fail(file, f"with {', '.join(speaker.loopback)} set it must answer on this machine and nowhere else: {why}")

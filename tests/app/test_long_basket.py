"""Many lines for who only hears them: their count and total first, then a part at a time; the read-back says all."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from assistant.app import Assistant
from assistant.shops import load_shop
from assistant.storage.memory import MemoryStore
from assistant.turns import Act, Hypothesis, LineSaid, Reply, Source, Turn

NOW = dt.datetime(2026, 11, 23, 4, 0, tzinfo=dt.UTC)
TWELVE = (
    "cheeseburger hamburger chicken_burger veggie_burger fries onion_rings"
    " coke sprite water brownie apple_pie lemon_tart"
).split()
Say = Callable[..., Awaitable[Reply]]


@pytest.fixture
async def say(tmp_path: Path) -> AsyncIterator[Say]:
    """Says something, or does acts, by voice unless told otherwise."""
    shop, catalogue = load_shop("burger-bar")
    store = MemoryStore(real_clock=lambda: NOW)
    house = await Assistant.open(
        shop, catalogue, store=store, data=tmp_path, languages=shop.languages, clock=lambda: NOW, recover=False
    )
    number = itertools.count(1)

    async def said(*what: str | Act, language: str = "en", source: Source = "speech") -> Reply:
        return await house.take(
            Turn(
                id=f"t{next(number)}",
                channel="test",
                shop=shop.id,
                session="s",
                at=NOW,
                hypotheses=tuple(Hypothesis(one) for one in what if isinstance(one, str)),
                acts=tuple(one for one in what if isinstance(one, Act)),
                source=source,
                language=language,
                can=frozenset({"audio"}) if source == "speech" else frozenset({"screen"}),
            )
        )

    yield said
    await house.close()
    await store.close()


ALL = Act("add", tuple(LineSaid(one, 1) for one in TWELVE))


@pytest.mark.parametrize(
    ("language", "ask", "yes", "first", "go_on", "end"),
    [
        ("en", "what's in my basket", "yes", "twelve items, two hundred and ", "Shall I go on?", "That's all."),
        ("zh", "购物车里有什么", "好", "十二样，一共两百", "要接着念吗？", "就这些。"),
        ("ko", "장바구니에 뭐가 있어요", "네", "열두 개, 모두 이백", "계속 읽어 드릴까요?", "여기까지예요."),
    ],
)
async def test_a_long_basket_is_told_a_part_at_a_time(
    say: Say, language: str, ask: str, yes: str, first: str, go_on: str, end: str
) -> None:
    await say(ALL, language=language)
    told = [await say(ask, language=language)]
    while told[-1].reprompt == go_on:
        told.append(await say(yes, language=language))
    assert len(told) == 3 and first in told[0].speech and end in told[-1].speech
    for one in told[:-1]:
        assert one.speech.endswith(go_on)
    written = named(told[0].text, language)
    assert all(written.values()), "the text shows all of it at once"
    heard = [named(one.speech, language) for one in told]
    assert all(sum(one[name] for one in heard) == 1 for name in written), "each is heard once"


def named(text: str, language: str) -> dict[str, int]:
    """How often each of the twelve is named."""
    items = load_shop("burger-bar")[1].items
    names = {one: items[one].names[language][0].casefold() for one in TWELVE}
    longer = {one: [other for other in names.values() if names[one] in other and names[one] != other] for one in names}
    text = text.casefold()
    return {one: text.count(name) - sum(text.count(other) for other in longer[one]) for one, name in names.items()}


async def test_who_has_heard_enough_goes_on_with_the_order(say: Say) -> None:
    await say(ALL)
    assert (await say("what's in my basket")).speech.endswith("Shall I go on?")
    stopped = await say("no")
    assert stopped.speech.endswith("Anything else?")
    assert (await say("what's in my basket")).speech.endswith("Shall I go on?")
    assert "water" in (await say("take off the water")).speech


async def test_a_yes_to_hearing_more_is_no_consent(say: Say) -> None:
    await say(ALL)
    for act in (Act("checkout"), Act("choose_fulfilment", value="dine_in"), Act("choose_method", value="cash")):
        back = await say(act)
    assert back.expects == "confirm" and back.whole
    assert (await say("what's in my basket")).reprompt == "Shall I go on?"
    more = await say("yes")
    assert "placed" not in more.speech and more.reprompt == "Shall I go on?"
    asked = await say("yes")
    assert asked.reprompt == "Shall I place the order?", "behind the last part the question stands open again"
    assert "placed" in (await say("yes")).speech


async def test_who_reads_sees_all_at_once(say: Say) -> None:
    await say(ALL, source="typed")
    shown = await say("what's in my basket", source="typed")
    assert "go on" not in shown.text and all(named(shown.text, "en").values())
    assert all(named(shown.speech, "en").values())


@pytest.mark.parametrize(("language", "pause"), [("en", "; then "), ("zh", "。然后，"), ("ko", "; 그다음 ")])
async def test_the_read_back_says_everything_in_groups(say: Say, language: str, pause: str) -> None:
    await say(ALL, language=language)
    for act in (Act("checkout"), Act("choose_fulfilment", value="dine_in"), Act("choose_method", value="cash")):
        back = await say(act, language=language)
    assert back.expects == "confirm" and back.whole
    assert all(one == 1 for one in named(back.speech, language).values())
    assert back.speech.count(pause) == 2 and pause not in back.text


async def test_what_lands_together_is_one_sentence_and_the_suggestion_comes_last(say: Say) -> None:
    reply = await say(Act("add", (LineSaid("cheeseburger", 2),)), Act("choose_fulfilment", value="pickup"))
    assert reply.speech.startswith("Two regular cheeseburgers, pickup. Many people add fries")
    assert reply.text.startswith("Two regular cheeseburgers. Pickup. Many people add fries")
    assert reply.speech.endswith("Anything else?")


@pytest.mark.parametrize(("many", "groups"), [(5, 1), (6, 2), (7, 3), (8, 3), (10, 4)])
async def test_no_line_is_left_over_for_itself(say: Say, many: int, groups: int) -> None:
    reply = await say(Act("add", tuple(LineSaid(one, 1) for one in TWELVE[:many])), source="typed")
    parts = reply.speech.partition(".")[0].split(";")
    assert len(parts) == groups and all(" and " in one for one in parts)


async def test_a_short_basket_is_told_at_once(say: Say) -> None:
    await say(Act("add", tuple(LineSaid(one, 1) for one in TWELVE[:5])))
    told = await say("what's in my basket")
    assert told.speech.startswith("You have a regular cheeseburger") and "go on" not in told.speech

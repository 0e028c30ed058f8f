"""Doubtful names: what several people say they mean becomes a name, once the merchant says so, and nothing more."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from assistant import aliases
from assistant.aliases import Listed, listed
from assistant.app import Assistant
from assistant.errors import SetupError
from assistant.shops import load_shop
from assistant.turns import Act, Alias, Meaning, ReadAs
from tests.app.talk import Kiosk
from tests.understanding.support import lexicon_of

SHOP = "burger-bar"


class Bar(Kiosk):
    """The burger bar, with its merchant at the counter."""

    async def listed(self) -> list[Listed]:
        return listed(await self.store.aliases(SHOP), lexicon_of(SHOP))

    async def states(self) -> list[tuple[str, str, str]]:
        return [(one.state, one.alias.said, one.alias.meant) for one in await self.listed()]

    async def does_to(self, verb: str, words: str, meant: str | None = None) -> str:
        found = await self.listed()
        one = aliases.chosen(found, lexicon_of(SHOP), words, meant, None)
        return await aliases.ACTIONS[verb](self.store, SHOP, found, one)

    async def opened_again(self) -> Bar:
        """Another process over the same store."""
        shop, catalogue = load_shop(SHOP)
        house = await Assistant.open(
            shop, catalogue, store=self.store, data=self.data, languages=shop.languages, clock=self.clock
        )
        return Bar(house, self.store, self.clock, self.data)

    async def read_as(self, session: str) -> list[dict[str, Any]]:
        events = await self.store.events(session=session)
        return [one for event in events for one in json.loads(json.dumps(event.data)).get("read_as", ())]


@pytest.fixture
async def bar(tmp_path: Path) -> AsyncIterator[Bar]:
    async with Bar.at(SHOP, tmp_path) as open_one:
        yield open_one


TALKS = {
    "en": ("two schprites please", "yes", "schprite", "sprite"),
    "zh": ("来一份鸡腿", "1", "鸡腿", "chicken_burger"),
    "ko": ("schprite 하나 주세요", "네", "schprite", "sprite"),
}
"""What is said, the answer to the question, the alias, what it means."""


@pytest.mark.parametrize("language", TALKS)
async def test_a_name_that_two_persons_confirm_is_understood_once_accepted(bar: Bar, language: str) -> None:
    said, answer, alias, meant = TALKS[language]
    for session in ("a", "b", "b2"):
        person = "ben" if session.startswith("b") else None
        asked = await bar.says(said, session, person=person, language=language)
        assert asked.expects == "choose", asked.text
        await bar.says(answer, session, person=person)
    assert await bar.states() == [("suggested", alias, meant)]
    (one,) = await bar.listed()
    assert (one.times, one.voices, one.alias.language) == (3, 2, language)
    assert (await bar.says(said, "c", language=language)).expects == "choose", "a suggestion is no name yet"

    await bar.does_to("accept", alias)
    house = await bar.opened_again()
    taken = await house.says(said, "d", language=language)
    _, order, _ = await house.store.state(SHOP, "d")
    assert order is not None and [line.item for line in order.lines] == [meant], taken.text
    (trace,) = await house.read_as("d")
    assert (trace["said"].rstrip("s"), trace["ids"], trace["why"]) == (alias, [meant], "alias")
    await house.house.close()


async def test_the_price_of_what_an_alias_means_is_the_catalogues(bar: Bar) -> None:
    await learned(bar, "accept")
    house = await bar.opened_again()
    await house.says("a schprite", "d")
    await house.says("a sprite", "e")
    (one,), (other,) = [(await house.store.state(SHOP, session))[1].lines for session in "de"]  # type: ignore[union-attr]
    assert (one.item, one.unit_price, one.options) == (other.item, other.unit_price, other.options)
    await house.house.close()


async def learned(bar: Bar, verb: str) -> None:
    for session in "abc":
        await bar.says("a schprite please", session)
        await bar.says("yes", session)
    await bar.does_to(verb, "schprite")


async def test_another_process_hears_of_it_within_a_minute(bar: Bar, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.app.MINUTE", 0.01)
    house = await bar.opened_again()
    await learned(bar, "accept")
    for number in range(200):
        reply = await house.says("a schprite please", f"later {number}")
        if reply.expects != "choose":
            break
        await house.says("no", f"later {number}")
    assert reply.expects != "choose"
    await bar.does_to("reject", "schprite")
    for number in range(200):
        reply = await house.says("a schprite please", f"even later {number}")
        if reply.expects == "choose":
            break
    assert reply.expects == "choose", "what is rejected is a name no more"
    await house.house.close()


async def test_one_voice_alone_suggests_nothing(bar: Bar) -> None:
    for number in range(6):
        await bar.says("a schprite please", f"talk {number}", person="ana")
        await bar.says("yes", f"talk {number}", person="ana")
    assert await bar.states() == [("counted", "schprite", "sprite")]
    with pytest.raises(SetupError, match="too few"):
        await bar.does_to("accept", "schprite")


async def test_a_rejected_one_does_not_come_back(bar: Bar) -> None:
    await learned(bar, "reject")
    for session in "defg":
        assert (await bar.says("a schprite please", session)).expects == "choose"
        await bar.says("yes", session)
    assert await bar.states() == [("rejected", "schprite", "sprite")]
    await bar.does_to("accept", "schprite")
    assert await bar.states() == [("accepted", "schprite", "sprite")], "the merchant may think again"


async def test_an_erased_one_was_never_heard(bar: Bar) -> None:
    await learned(bar, "accept")
    await bar.does_to("erase", "schprites")
    assert await bar.states() == []
    house = await bar.opened_again()
    assert (await house.says("a schprite please", "d")).expects == "choose"
    await house.house.close()


async def test_a_no_teaches_nothing(bar: Bar) -> None:
    await bar.says("a schprite please")
    await bar.says("no")
    await bar.says("a large coke")
    assert await bar.states() == []


@pytest.mark.parametrize(
    ("said", "corrected", "alias", "meant"),
    [
        ("a hambrger please", "not the hamburger, the cheeseburger", "hambrger", "cheeseburger"),
        ("a schprite please", "no, a bacon burger", "schprite", "bacon_burger"),
    ],
)
async def test_a_correction_counts_for_what_was_meant(
    bar: Bar, said: str, corrected: str, alias: str, meant: str
) -> None:
    await bar.says(said)
    await bar.says(corrected)
    assert await bar.states() == [("counted", alias, meant)]


async def test_an_item_that_is_gone_leaves_a_dead_alias(bar: Bar) -> None:
    await learned(bar, "accept")
    catalogue = lexicon_of(SHOP).catalogue
    items = {name: item for name, item in catalogue.items.items() if name != "sprite"}
    lexicon = lexicon_of(SHOP)
    (one,) = listed(await bar.store.aliases(SHOP), replace(lexicon, catalogue=replace(catalogue, items=items)))
    assert (one.state, one.why) == ("dead", "there is no item 'sprite' any more")
    with pytest.raises(SetupError, match="can't be accepted"):
        await aliases.accept(bar.store, SHOP, [one], one)


@pytest.mark.parametrize("words", ["yes", "coke", "没有", "burger", "two", "card"])
async def test_words_with_a_meaning_are_never_an_alias(bar: Bar, words: str) -> None:
    """However it came to be accepted: a yes stays a yes, another's name another's."""
    for voice in ("ana", "ben", "cho"):
        await count(bar, Alias(words, "en", "item", "sprite"), voice)
    await bar.store.judge(SHOP, Alias(words, "en", "item", "sprite"), "accepted")
    assert (await bar.states())[0][0] == "dead"
    again = await bar.opened_again()
    assert (await again.says(words, "d")).text == (await bar.says(words, "e")).text
    await again.house.close()


async def count(bar: Bar, alias: Alias, voice: str) -> None:
    from assistant.storage import Change, Heard

    await bar.store.commit(Change(learned=(Heard(SHOP, alias, voice, bar.clock()),)))


async def test_one_word_means_one_thing(bar: Bar) -> None:
    await learned(bar, "accept")
    for voice in ("ana", "ben", "cho"):
        await count(bar, Alias("schprite", "en", "item", "water"), voice)
    with pytest.raises(SetupError, match="several"):
        await bar.does_to("accept", "schprite")
    with pytest.raises(SetupError, match="already"):
        await bar.does_to("accept", "schprite", "water")


async def test_choices_and_methods_are_learned_too(bar: Bar) -> None:
    for voice in ("ana", "ben", "cho"):
        await count(bar, Alias("gurkin", "en", "choice", "extras/pickles"), voice)
        await count(bar, Alias("wee chat", "en", "method", "wechat"), voice)
    await bar.does_to("accept", "gurkins")
    await bar.does_to("accept", "wee chat")
    house = await bar.opened_again()
    await house.says("a cheeseburger without gurkins", "d")
    _, order, _ = await house.store.state(SHOP, "d")
    assert order is not None
    assert [(one.choice, one.amount) for one in order.lines[0].options if one.choice == "pickles"] == [
        ("pickles", "no")
    ]
    await house.says("I'd like to pay with wee chat", "d")
    _, order, _ = await house.store.state(SHOP, "d")
    assert order is not None and order.facts["method"] == "wechat"
    assert [one["why"] for one in await house.read_as("d")] == ["alias", "alias"]
    await house.house.close()


@pytest.mark.parametrize("said", ["4111 1111 1111 1111", "x" * 41, "flat 12", "...", "[card number]"])
def test_what_is_kept_is_a_name_and_nothing_else(said: str) -> None:
    from assistant.understanding.words.aliases import plain

    assert plain(said, lexicon_of(SHOP).languages[0]) == ""


def test_what_was_not_ordered_is_not_looked_at() -> None:
    from assistant.understanding.words.aliases import about

    words = ReadAs("ana", "item", ("banana_shake",), "spelling", 0.8)
    meaning = Meaning(acts=(Act("give_contact", value={"name": "ana"}),), read_as=(words,))
    assert about(meaning.acts, meaning.read_as) == ()

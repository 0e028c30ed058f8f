"""What every language promises: it is understood back what is said, and a person can order and pay in it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from assistant.app import Assistant
from assistant.commerce.catalogue import Catalogue
from assistant.commerce.order import Line
from assistant.commerce.shop import Shop
from assistant.dialogue.say import Voice, voice_for
from assistant.dialogue.wordings import wordings
from assistant.errors import SetupError
from assistant.interpreter import lexicon_of
from assistant.shops import load_shop
from assistant.steps import Said
from assistant.storage.memory import MemoryStore
from assistant.turns import ACTS, Hypothesis, Meaning, Turn
from assistant.understanding import Context, Lexicon, understand
from assistant.understanding.words.language_words import expand
from models import languages

from .parts import fail, file_of_language, language_folder, tags

TAGS = tags()
NOW = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)
COLA = {"spaced": "cola", "unspaced": "可乐", "particles": "콜라"}
"""Something to buy, as any language of that script may call it."""
NEEDED = {
    "": ("name", "locale", "script"),
    "numbers": ("words",),
    "phrases": ("checkout", "confirm", "deny", "cancel", "help", "repeat", "undo", "show_basket"),
    "fulfilment": ("pickup", "delivery"),
    "method": ("card", "cash"),
    "words": ("polite", "and"),
    "speak": ("list", "line", "money"),
    "say": ("added", "not_understood", "basket", "paid"),
}
"""Tables and keys without which nobody can order in a language."""


@pytest.mark.parametrize("name", TAGS)
def test_it_has_what_every_order_needs(name: str) -> None:
    if missing := lacking(name):
        fail(file_of_language(name), *missing)


def lacking(name: str) -> list[str]:
    try:
        tables = languages.load(name, language_folder()).tables
    except SetupError as error:
        pytest.fail(str(error), pytrace=False)
    missing = [
        f"[{table}] has no '{key}'" if table else f"there is no '{key}'"
        for table, keys in NEEDED.items()
        for key in keys
        if not (tables.get(table) or {} if table else tables).get(key)
    ]
    if not any((tables.get("verbs") or {}).get(side, {}).get("add") for side in ("before", "both", "after")):
        missing.append("[verbs.before] (or both, or after) has no 'add': how people ask for goods")
    return missing


@pytest.fixture(params=TAGS)
def tag(request: pytest.FixtureRequest) -> str:
    """A language that has what is needed."""
    found = str(request.param)
    if missing := lacking(found):
        fail(file_of_language(found), f"is not filled in: {missing[0]} …")
    return found


@cache
def table(tag: str) -> dict[str, Any]:
    return languages.load(tag, language_folder()).tables


@pytest.fixture
def shop(tag: str, tmp_path: Path) -> tuple[Shop, Catalogue]:
    """A counter with one thing on it, named in this language alone."""
    (tmp_path / "shop.toml").write_text(
        f'name = "Kiosk"\ntrade = "takeaway"\ncurrency = "EUR"\ntime_zone = "UTC"\nlanguages = ["{tag}"]\n'
        '[fulfilment.pickup]\nneeds = ["name"]\n[fulfilment.delivery]\nneeds = ["address", "name"]\n'
        '[payment]\nmethods = ["card", "cash"]\n[payment.method.cash]\nprovider = "pay_on_delivery"\n'
    )
    cola = {"id": "cola", "names": {tag: [COLA[table(tag)["script"]]]}, "category": "drinks", "price": 300}
    (tmp_path / "catalogue.json").write_text(json.dumps([cola]))
    return load_shop(tmp_path)


@pytest.fixture
def lexicon(tag: str, shop: tuple[Shop, Catalogue]) -> Lexicon:
    return lexicon_of(*shop, [tag])


def heard(text: str, lexicon: Lexicon, tag: str, **known: Any) -> Meaning:
    return understand((Hypothesis(text),), lexicon, Context(now=NOW, **known), tag)


def test_its_phrases_are_acts_that_there_are(tag: str) -> None:
    known = ACTS | {"same", "reading", "hearing", "choose", "delivery_note", "answer_lead"}
    unknown = sorted(name for name in table(tag)["phrases"] if name.partition(".")[0] not in known)
    if unknown:
        fail(file_of_language(tag), f"[phrases] has {', '.join(unknown)}, which is no act")


MOST_FORMS = 2_000
"""Phrases that one with alternatives may stand for: each costs memory and time at a start. What is known by itself
("please", "can you") needs no place in others."""


def test_no_phrase_stands_for_thousands(tag: str) -> None:
    said = (one for value in table(tag)["phrases"].values() for one in ([value] if isinstance(value, str) else value))
    many = [one for one in said if len(expand(one)) > MOST_FORMS]
    if many:
        fail(file_of_language(tag), f"[phrases] has what stands for more than {MOST_FORMS} phrases: {many[0]}")


def test_numbers_are_understood_as_they_are_spoken(tag: str, shop: tuple[Shop, Catalogue], lexicon: Lexicon) -> None:
    """One to ninety-nine, as the quantity of an order line."""
    voice = voice_for(tag, *shop)
    wrong = []
    for number in range(1, 100):
        line = Line(id=1, item="cola", quantity=number, names={tag: COLA[table(tag)["script"]]}, unit_price=300)
        said = voice.line(line, ear=True)
        acts = heard(said, lexicon, tag).acts
        got = [(act.act, one.item, one.quantity or 1) for act in acts for one in act.lines]
        if got != [("add", "cola", number)] or any(one.isdigit() for one in said):
            wrong.append(f"{number} is said as “{said}” and understood as {got or acts}")
    if wrong:
        fail(file_of_language(tag), *wrong[:5], f"{len(wrong)} of 99 numbers don't come back as they were said")


@pytest.mark.parametrize("answer", ["confirm", "deny"])
def test_every_yes_and_no_is_one(tag: str, lexicon: Lexicon, answer: str) -> None:
    """At the read-back, where it matters most."""
    basket = heard(COLA[table(tag)["script"]], lexicon, tag).acts[0].lines
    wrong = []
    for phrase in phrases(table(tag)["phrases"][answer]):
        acts = heard(phrase, lexicon, tag, expects="confirm", basket=basket, last="cola").acts
        if [act.act for act in acts] != [answer]:
            wrong.append(f"“{phrase}” is understood as {', '.join(act.act for act in acts) or 'nothing'}, not {answer}")
    if wrong:
        fail(file_of_language(tag), *wrong)


def phrases(value: Any) -> Iterator[str]:
    for one in [value] if isinstance(value, str) else value:
        yield from expand(one)


class Talk:
    """One person at the counter, answering what is asked in the language's own words."""

    def __init__(self, tag: str, shop: tuple[Shop, Catalogue], tmp_path: Path) -> None:
        self.tag, self.shop, self.data = tag, shop, tmp_path
        voice, words = voice_for(tag, *shop), table(tag)
        name = COLA[words["script"]]
        two = Line(id=1, item="cola", quantity=2, names={tag: name}, unit_price=300)
        self.order = voice.line(two, ear=True)
        self.answers = {
            None: self.order,
            "basket": first(words["phrases"]["checkout"]),
            "fulfilment": first(words["fulfilment"]["pickup"]),
            "contact": "Ana",
            "method": first(words["method"]["card"]),
            "confirm": first(words["phrases"]["confirm"]),
        }
        self.no = first(words["phrases"]["deny"])

    async def go(self) -> list[str]:
        """Everything that was said on both sides."""
        store = MemoryStore(real_clock=lambda: NOW)
        house = await Assistant.open(
            *self.shop, store=store, data=self.data, languages=(self.tag,), clock=lambda: NOW, recover=False
        )
        talk, asked, begun = [], None, False
        try:
            for number in range(12):
                said = self.answers.get(asked, self.no) if begun else self.order
                begun = True
                turn = Turn(
                    id=f"t{number}",
                    channel="test",
                    shop=house.shop,
                    session="s",
                    at=NOW,
                    hypotheses=(Hypothesis(said),),
                    language=self.tag,
                )
                reply = await house.take(turn)
                talk += [f"> {said}", f"< {reply.text}"]
                order = await house.order("s")
                self.payment = order["payment"] if order else None
                if order and order["payment"]["status"] == "paid":
                    break
                asked = reply.expects
        finally:
            await house.close()
            await store.close()
        return talk


def first(value: Any) -> str:
    return next(phrases(value))


async def test_a_person_can_order_and_pay_in_it(
    tag: str, shop: tuple[Shop, Catalogue], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And every sentence of that talk is in this language."""
    for name in ("VOICETILL_SANDBOX", "VOICETILL_SANDBOX_DELAY"):
        monkeypatch.delenv(name, raising=False)
    used: set[str] = set()
    say = Voice.say

    def listening(voice: Voice, said: Said) -> tuple[str, str]:
        used.add(said.key)
        return say(voice, said)

    monkeypatch.setattr(Voice, "say", listening)
    talk = Talk(tag, shop, tmp_path)
    lines = await talk.go()
    if talk.payment is None or talk.payment["status"] != "paid":
        fail(file_of_language(tag), "a talk in this language doesn't come to be paid:", *lines)
    assert talk.payment["net"] == 600
    if missing := sorted(used - set(wordings(tag))):
        fail(file_of_language(tag), *(f"[say] has no '{key}', which every order needs" for key in missing))

"""What a platform's console is given: names of one thing alone, as they are spoken; sentences that do something."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from assistant.discovery import find, named
from assistant.interaction import spoken
from assistant.shops import load_shop
from assistant.turns import Hypothesis, Spoken
from assistant.understanding import Context, Lexicon, build_lexicon, understand
from channels.speakers import Model
from channels.speakers._intents import INTENTS, Slot, said, understood
from channels.speakers._skill import snake
from models import languages
from tests.speakers.far_end import recorded

SHOP = """
name = "Dairy"
trade = "shop"
currency = "USD"
time_zone = "America/New_York"
languages = ["en", "zh"]
[names]
en = "The Dairy"
zh = "奶站"
[tax]
rate = "0"
included = true
[fulfilment.pickup]
names = { en = ["pickup"], zh = ["自取"] }
[payment]
methods = ["card", "cash"]
[categories]
milk = { en = ["milk"], zh = ["牛奶"] }
"""
NAMES = {
    "sku-2": {"en": ["2% milk", "Happy Cow milk!"], "zh": ["低脂奶"]},
    "sku-3": {"en": ["whole milk", "the white one"], "zh": ["全脂奶"]},
    "sku-4": {"en": ["oat drink", "the white one"], "zh": ["燕麦奶"]},
}
CATALOGUE = [{"id": one, "names": names, "category": "milk", "price": 300} for one, names in NAMES.items()]


def lexicon_of(rules: Any, catalogue: Any) -> Lexicon:
    return build_lexicon(rules, catalogue, [languages.load(tag) for tag in rules.languages], {})


@cache
def of(shop: str, language: str) -> tuple[Spoken, Lexicon]:
    rules, catalogue = load_shop(shop)
    lexicon = lexicon_of(rules, catalogue)
    return spoken(rules, catalogue, lexicon, language), lexicon


def alexa(shop: str, language: str = "en") -> dict[str, Any]:
    model: Model = find("speaker", "alexa").model(of(shop, language)[0], language)
    made: dict[str, Any] = json.loads(model.files["model.json"])["interactionModel"]["languageModel"]
    return made


@pytest.fixture
def dairy(tmp_path: Path) -> str:
    (tmp_path / "shop.toml").write_text(SHOP, encoding="utf-8")
    (tmp_path / "catalogue.json").write_text(json.dumps(CATALOGUE), encoding="utf-8")
    return str(tmp_path)


def test_names_are_spelt_as_they_are_spoken(dairy: str) -> None:
    (goods,) = [one for one in alexa(dairy)["types"] if one["name"] == "CatalogItem"]
    values = {one["id"]: [one["name"]["value"], *one["name"].get("synonyms", ())] for one in goods["values"]}
    assert values["sku-2"][0] == "two percent milk"
    assert "happy cow milk" in values["sku-2"]
    assert "oat drinks" in values["sku-4"]


def test_a_name_of_two_things_is_left_out_of_both_and_told(dairy: str) -> None:
    found, _ = of(dairy, "en")
    assert not any("the white one" in one.said for one in found.goods)
    told = [one for one in found.dropped if "“the white one”" in one]
    assert len(told) == 2 and "sku-3" in told[0] and "sku-4" in told[0]
    assert find("speaker", "alexa").model(found, "en").problems[: len(found.dropped)] == found.dropped


@pytest.mark.parametrize("shop", ["burger-bar", "corner-shop", "lake-hotel"])
def test_what_alexa_takes(shop: str) -> None:
    model, example = alexa(shop), recorded("model.en-US")["interactionModel"]["languageModel"]
    assert model.keys() == example.keys()
    assert re.fullmatch(r"[a-z][a-z'. ]+ [a-z'. ]+", model["invocationName"])
    _, catalogue = load_shop(shop)
    types = {one["name"]: one["values"] for one in model["types"]}
    assert {one["id"] for one in types["CatalogItem"]} == set(catalogue.items)
    for values in types.values():
        names = [name for one in values for name in (one["name"]["value"], *one["name"].get("synonyms", ()))]
        assert len(names) == len(set(names)), "a name is of two things"
        assert all(re.fullmatch(r"[\w'.\- ]{1,140}", name) and not re.search(r"\d", name) for name in names)
    own = {one["name"] for one in model["intents"] if one["name"].startswith("AMAZON.")}
    assert own >= {f"AMAZON.{one}Intent" for one in ("Help", "Stop", "Cancel", "Fallback", "Yes", "No", "Repeat")}
    shapes: dict[str, str] = {}
    for intent in model["intents"]:
        kinds = {slot["name"]: slot["type"] for slot in intent.get("slots", ())}
        assert all(kind.startswith("AMAZON.") or kind in types for kind in kinds.values())
        used = set()
        for sample in intent["samples"]:
            slots = re.findall(r"\{(\w+)\}", sample)
            used |= set(slots)
            shape = re.sub(r"\{(\w+)\}", lambda one: kinds[one[1]], sample)  # noqa: B023
            assert shapes.setdefault(shape, intent["name"]) == intent["name"], f"{sample} is in two intents"
            if "AMAZON.SearchQuery" in (kinds[one] for one in slots):
                assert len(slots) == 1 and re.search(r"\w", re.sub(r"\{\w+\}", "", sample)), sample
        assert used == set(kinds)


def test_every_sentence_does_something() -> None:
    """As the platform tells it when somebody says it: what was said in every slot, and the id of what has one."""
    model, (_, lexicon) = alexa("burger-bar"), of("burger-bar", "en")
    firsts = {one["name"]: one["values"][0] for one in model["types"]}
    own = {"AMAZON.NUMBER": "2", "AMAZON.DATE": "tomorrow", "AMAZON.TIME": "18:30", "AMAZON.PhoneNumber": "5550134"}
    own |= {"AMAZON.FirstName": "Ana", "AMAZON.SearchQuery": "SAVE10"}
    silent = []
    now = load_shop("burger-bar")[0].local
    context = Context(now=now(dt.datetime(2026, 11, 23, 10, tzinfo=dt.UTC)))
    for intent in model["intents"]:
        name = snake(intent["name"])
        kinds = {slot["name"]: slot["type"] for slot in intent.get("slots", ())}
        for sample in intent["samples"]:
            slots = {}
            for key in re.findall(r"\{(\w+)\}", sample):
                first = firsts.get(kinds[key])
                raw = first["name"]["value"] if first else own[kinds[key]]
                slots[key] = Slot(key, raw, (first["id"],) if first else ())
            does, words = understood(name, slots), said(name, slots, "en")
            assert words and "{" not in words
            if does is None or not (does[0] or does[1]):
                meaning = understand([Hypothesis(words)], lexicon, context, "en")
                if not (meaning.acts or meaning.ask or meaning.sought):
                    silent.append((sample, words))
    # Understood only where something is asked or under way.
    assert {one for one, _ in silent} == {"go on", "are you done", "{quantity}"}


@pytest.mark.parametrize("name", [one for one in named("speaker") if one != "alexa"])
@pytest.mark.parametrize("language", ["zh", "ko"])
def test_what_the_others_take(name: str, language: str) -> None:
    found, _ = of("burger-bar", language)
    model: Model = find("speaker", name).model(found, language)
    intents = {one["name"]: one for one in json.loads(model.files["intents.json"])}
    assert intents["checkout"]["samples"] and intents.keys() <= INTENTS.keys()
    rows = list(csv.reader(io.StringIO(model.files["goods.csv"])))
    assert len(rows) == len(found.goods)
    ids = {one.id for one in found.goods}
    names = [cell for row in rows for cell in row if cell not in ids]
    assert len(names) == len(set(names)) and not any(re.search(r"[\d,]", one) for one in names)
    for intent in intents.values():
        for slot, kind in intent["slots"].items():
            assert kind in ("number", "words", "date", "time", "phone", "first_name") or f"{kind}.csv" in model.files, (
                slot
            )


def test_options_have_slots_of_their_own_whatever_the_merchant_calls_them(tmp_path: Path) -> None:
    options = ("杯型", "甜度", "size-1", "size-2", "quantity", "goods")
    drink = {
        "id": "milk-tea",
        "names": {"en": ["milk tea"], "zh": ["奶茶"]},
        "category": "milk",
        "price": 900,
        "options": [
            {
                "id": one,
                "names": {"en": [f"way {place}"]},
                "choose": "one",
                "choices": [{"id": f"c{place}", "names": {"en": [f"{word} way"], "zh": [f"{word}样"]}, "price": 0}],
            }
            for place, (one, word) in enumerate(
                zip(options, ("red", "blue", "green", "white", "pink", "gray"), strict=True)
            )
        ],
    }
    long = {"id": "long", "names": {"en": ["so " + "and so " * 40 + "on"]}, "category": "milk", "price": 900}
    (tmp_path / "shop.toml").write_text(SHOP, encoding="utf-8")
    (tmp_path / "catalogue.json").write_text(json.dumps([drink, long]), encoding="utf-8")
    rules, catalogue = load_shop(str(tmp_path))
    found = spoken(rules, catalogue, lexicon_of(rules, catalogue), "en")
    model = json.loads(find("speaker", "alexa").model(found, "en").files["model.json"])
    model = model["interactionModel"]["languageModel"]
    types = [one["name"] for one in model["types"]]
    assert len(types) == len(set(types))
    ids = {value["id"] for one in model["types"] for value in one["values"]}
    assert {f"{one}/c{place}" for place, one in enumerate(options)} <= ids
    for one in model["types"]:
        names = [
            name for value in one["values"] for name in (value["name"]["value"], *value["name"].get("synonyms", ()))
        ]
        assert len(names) == len(set(names)) and all(len(name) <= 140 for name in names)
    (add,) = (one for one in model["intents"] if one["name"] == "AddItemIntent")
    slots = {slot["name"]: slot["type"] for slot in add["slots"]}
    assert slots["quantity"] == "AMAZON.NUMBER" and slots.keys() >= {"size", "size_a", "option", "option_a"}
    files = find("speaker", "aligenie").model(found, "en").files
    heard = {row[0] for text in files.values() if not text.startswith("[") for row in csv.reader(io.StringIO(text))}
    assert {f"{one}/c{place}" for place, one in enumerate(options)} <= heard and "milk-tea" in heard

"""A part is one file: nothing else in the house names it, apart from what is listed here with its reason."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from assistant.discovery import KINDS

from .parts import SHIPPED, TOP, names

HOUSE = [path for folder in ("assistant", "channels", "models") for path in sorted((TOP / folder).rglob("*.py"))]
CORE_STEPS = frozenset("basket fulfilment address time contact method confirm pay".split())
"""The steps that the core knows: what every order has, by the names of its facts."""
WORDS_OF_THEIR_OWN = {
    "microphone": "a device that hears, not the channel of that name",
    "shop": "the merchant's place itself, not the trade of that name",
    "note": "a finding of the doctor, and of the sandbox's ledger",
    "options": "what goods can be had with: a key of the catalogue and a field of a line",
    "terms": "a table of shop.toml",
}
"""Ordinary words that are also the name of a part: what they mean elsewhere."""
ALLOWED = {
    ("terminal", "assistant/cli.py"): "`voicetill chat` is the terminal's command",
    ("pyttsx3", "models/voices/__init__.py"): "what speaks where nothing else is named: it needs no model",
    ("web", "assistant/cli.py"): "`voicetill serve` starts it",
    ("sandbox", "assistant/cli.py"): "`voicetill sandbox approve | decline` plays its buyer",
    ("sandbox", "assistant/commerce/shop.py"): "a method without a provider is the sandbox's",
    ("sandbox", "assistant/shops/shop_file.py"): "a method without a provider is the sandbox's",
    ("sandbox", "assistant/showing.py"): "what a screen is told of any provider that only pretends",
    ("sandbox", "channels/http/openapi.py"): "the same, as the API is described",
    ("sandbox", "assistant/steps/confirm.py"): "the key of a sentence, said of any provider that only pretends",
    ("pay_on_delivery", "assistant/steps/method.py"): "what a payment method of that id is called",
    ("stay", "assistant/dialogue/booking.py"): "dates may be said before there is an order, so the core asks for them",
    ("stay", "assistant/dialogue/offering.py"): "the rooms on offer may be spoken of before there is an order",
    ("stay", "assistant/dialogue/questions.py"): "a topic that is asked about",
    ("stay", "assistant/dialogue/rooms.py"): "guests and rooms too small for them are spoken of before that, too",
    ("stay", "assistant/dialogue/say.py"): "a pattern of an order line with nights",
    ("stay", "assistant/shops/shop_file.py"): "a table of shop.toml",
    ("stay", "assistant/steps/fulfilment.py"): "the name of a way of fulfilment",
    ("stay", "assistant/understanding/facts/reading.py"): "a bare number answers the question for nights or guests",
    ("tip", "assistant/commerce/pricing.py"): "a fact that is money: totals are computed in one place",
    ("tip", "assistant/steps/confirm.py"): "a part of the total that is read back",
}


@cache
def tree(path: Path) -> list[ast.AST]:
    return list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))


@cache
def strings(path: Path) -> list[tuple[int, str]]:
    """Every text in a file that is no docstring."""
    told = {id(one.value) for one in tree(path) if isinstance(one, ast.Expr)}
    texts = (one for one in tree(path) if isinstance(one, ast.Constant) and id(one) not in told)
    return [(one.lineno, one.value) for one in texts if isinstance(one.value, str)]


def imported(path: Path) -> Iterator[tuple[int, str]]:
    for one in tree(path):
        if isinstance(one, ast.Import):
            yield from ((one.lineno, name.name) for name in one.names)
        elif isinstance(one, ast.ImportFrom) and one.module:
            yield one.lineno, one.module
            yield from ((one.lineno, f"{one.module}.{name.name}") for name in one.names)


def places() -> Iterator[tuple[str, str, str]]:
    """(part, file, place) wherever a part is named outside its own file: by its name, a key of its words, an import."""
    for kind, (package, _constant) in KINDS.items():
        for name in names(kind):
            if name in WORDS_OF_THEIR_OWN or (kind == "step" and name in CORE_STEPS):
                continue
            home = TOP.joinpath(*package.split("."), f"{name}.py")
            if not home.exists():
                continue
            for path in HOUSE:
                file = str(path.relative_to(TOP))
                if path == home:
                    continue
                said = [at for at, text in strings(path) if text == name or re.fullmatch(rf"{name}\.[a-z_.]+", text)]
                said += [at for at, module in imported(path) if module == f"{package}.{name}"]
                for at in said:
                    yield name, file, f"{file}:{at} names the {kind} '{name}'"


def test_nothing_names_a_part_outside_its_file() -> None:
    found = list(places())
    strange = [place for name, file, place in found if (name, file) not in ALLOWED]
    assert not strange, "\n".join(strange)
    stale = set(ALLOWED) - {(name, file) for name, file, _place in found}
    assert not stale, f"no longer needed in ALLOWED: {stale}"


@pytest.mark.parametrize("of", ["trade", "provider", "channel"])
def test_nothing_asks_which_one_it_is(of: str) -> None:
    """No `shop.trade == "hotel"`: a trade is asked for its traits, a provider and a channel for what they can."""
    for path in HOUSE:
        for one in tree(path):
            if isinstance(one, ast.Compare):
                sides = [one.left, *one.comparators]
                asked = any(isinstance(side, ast.Attribute) and side.attr == of for side in sides)
                named = any(isinstance(side, ast.Constant) and isinstance(side.value, str) for side in sides)
                assert not (asked and named), f"{path.relative_to(TOP)}:{one.lineno} asks which {of} it is"


def test_nothing_names_a_language_outside_the_words_of_parts() -> None:
    parts = {
        TOP.joinpath(*package.split("."), f"{name}.py") for kind, (package, _) in KINDS.items() for name in names(kind)
    }
    allowed = {
        "assistant/dialogue/say.py",  # the last resort: every part of ours speaks English
        "assistant/understanding/misheard/sounds.py",  # beginnings and ends of Chinese syllables, which look the same
        "channels/http/identity.py",  # WORDS of a page that a part serves, as the part's own file has them
        "channels/http/oauth.py",  # the same
        "assistant/shops/reading.py",  # a text of a shop that names no language, which is a mistake already told
    }
    found = [
        f"{path.relative_to(TOP)}:{at} names the language '{text}'"
        for path in HOUSE
        if path not in parts and str(path.relative_to(TOP)) not in allowed
        for at, text in strings(path)
        if text in SHIPPED
    ]
    assert not found, "\n".join(found)

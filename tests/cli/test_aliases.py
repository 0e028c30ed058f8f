"""`voicetill menu aliases`: what was learned, what the merchant says to it, and names to paste."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from .conftest import Run

Chat = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def aliases(voicetill: Run) -> Run:
    return lambda *arguments, **more: voicetill("menu", "aliases", *arguments, "--data", "data", **more)


def test_an_alias_learned_listed_accepted_exported_and_erased(chat: Chat, aliases: Run) -> None:
    assert aliases("list").out == ""
    for session in "abc":
        chat("two schprites", "yes", session=session)
    chat("我要一杯schprite", "对", session="d", lang="zh")
    assert aliases("list").out.splitlines() == [
        "suggested  en  item  schprite  → sprite  Sprite  3 times, 3 voices",
        "counted    zh  item  schprite  → sprite  雪碧    1 times, 1 voices",
    ]
    assert aliases("export").out == ""
    assert "name one with --meant or --lang" in aliases("accept", "schprite").refused()
    assert aliases("accept", "schprites", "--lang", "en").out == "“schprite” now means sprite (Sprite)\n"
    (taken,) = chat("two schprites", session="e")
    assert [(line["item"], line["quantity"]) for line in taken["order"]["lines"]] == [("sprite", 2)]
    assert aliases("export").out == 'catalogue, item sprite, names.en: "schprite"\n'
    assert aliases("export", "--json").rows == [
        {"items": [{"id": "sprite", "names": {"en": ["schprite"]}}], "choices": [], "methods": []}
    ]
    (first, _) = aliases("list", "--json").rows
    assert first == {
        "heard": "schprite",
        "language": "en",
        "kind": "item",
        "meant": "sprite",
        "name": "Sprite",
        "state": "accepted",
        "times": 3,
        "voices": 3,
    }
    assert aliases("reject", "schprite", "--lang", "en").code == 0
    (asked,) = chat("two schprites", session="f")
    assert (asked["order"], asked["expects"]) == (None, "choose")
    for tag in ("en", "zh"):
        assert aliases("erase", "schprite", "--lang", tag).code == 0
    assert aliases("list").out == ""


def test_what_was_never_heard_cannot_be_judged(aliases: Run) -> None:
    for verb in ("accept", "reject", "erase"):
        assert "nothing of the kind was learned of 'sprote'" in aliases(verb, "sprote").refused()

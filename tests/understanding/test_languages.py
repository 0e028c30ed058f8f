"""One file is one language: what a language file must have, and a new language that needs nothing else."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest
from msgspec.structs import replace

from assistant.errors import SetupError
from assistant.shops import load_shop
from assistant.turns import ACTS, Hypothesis
from assistant.understanding import Context, build_lexicon, understand
from assistant.understanding.words.language_words import language_readings
from models import languages
from tests.understanding.support import NOW, act_text

PORTUGUESE = """
name = "Português"
locale = "pt_BR"
script = "spaced"

[inflect]
plural = [["$", "s"]]
singular = [["s$", ""]]

[numbers]
system = "tens"
connectors = ["e"]
words = { um = 1, dois = 2, duas = 2, "três" = 3, quatro = 4, cinco = 5, dez = 10, vinte = 20, trinta = 30 }

[words]
article = ["um", "uma"]
and = ["e", "mais"]
polite = ["por favor", "obrigado"]

[verbs.before]
add = ["quero", "eu quero", "me (dê|traz)"]
remove = ["tire", "remova"]

[amounts.before]
no = ["sem"]
with = ["com"]

[phrases]
checkout = ["é só isso", "fechar a conta"]
confirm = ["sim", "pode ser"]
deny = ["não"]

[method]
card = ["cartão", "no cartão"]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "pt.toml").write_text(dedent(PORTUGUESE), encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("text", "acts"),
    [
        ("quero dois cheeseburgers e uma coke por favor", "add: 2 cheeseburger, 1 coke"),
        ("Eu quero trinta e cinco cokes", "add: 35 coke"),
        ("TRES cokes", "add: 3 coke"),
        ("tire a coke", "remove: coke"),
        ("é só isso", "checkout"),
        ("cartão", "choose_method: card"),
        ("sim", "confirm"),
        ("não", "deny"),
    ],
)
def test_a_new_language_is_one_file(folder: Path, text: str, acts: str) -> None:
    shop, catalogue = load_shop("burger-bar")
    names = {item.id: replace(item, names={**item.names, "pt": item.names["en"]}) for item in catalogue.items.values()}
    lexicon = build_lexicon(shop, replace(catalogue, items=names), [languages.load("pt", folder)], {})
    meaning = understand((Hypothesis(text),), lexicon, Context(now=NOW), "pt")
    assert " + ".join(map(act_text, meaning.acts)) == acts


def test_further_languages_are_listed_with_ours(folder: Path) -> None:
    assert languages.available(folder) == ["en", "ko", "pt", "zh"]


def test_an_unknown_language_names_those_there_are() -> None:
    with pytest.raises(SetupError, match=r"'xx'.*en, ko, zh"):
        languages.load("xx")


@pytest.mark.parametrize(
    ("text", "mistake"),
    [('script = "spaced"', "locale"), ('locale = "xx"\nscript = "round"', "round"), ("script = ", "TOML")],
)
def test_a_mistake_in_a_language_file_is_named(tmp_path: Path, text: str, mistake: str) -> None:
    (tmp_path / "xx.toml").write_text(text, encoding="utf-8")
    with pytest.raises(SetupError, match=mistake) as error:
        languages.load("xx", tmp_path)
    assert "xx.toml" in str(error.value)


@pytest.mark.parametrize("tag", ["en", "zh", "ko"])
def test_every_act_that_a_language_names_is_known(tag: str) -> None:
    ours = {"same"}
    acts = {reading.value[0] for _, reading in language_readings(languages.load(tag)) if reading.kind == "act"}
    assert acts - ACTS - ours == set()


@pytest.mark.parametrize("act", ["checkout", "undo", "redo", "back", "repeat", "help", "person", "stop", "start_over"])
@pytest.mark.parametrize("tag", ["en", "zh", "ko"])
def test_every_language_has_words_for_what_is_always_understood(tag: str, act: str) -> None:
    acts = {reading.value[0] for _, reading in language_readings(languages.load(tag)) if reading.kind == "act"}
    assert act in acts

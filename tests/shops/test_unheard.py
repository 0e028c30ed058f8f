"""What `menu check` tells of words that a recogniser can't hear: which, where, and how else they may be written."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from msgspec import Struct

from assistant.cli_merchant import menu
from assistant.discovery import find
from assistant.shops import load_shop
from assistant.shops.unheard import unheard
from assistant.understanding import Lexicon, build_lexicon
from models import languages
from models.recognizers import Bias, Decoding
from tests.engines import got
from tests.understanding.support import good, lexicon_of, pick, write_shop


class Ear(Struct):
    """A recogniser that hears these words only."""

    language: str
    words: frozenset[str]
    can: Any = None

    def knows(self, word: str) -> bool | None:
        return word in self.words

    def begin(self, bias: Bias | None = None) -> Decoding:
        raise AssertionError("nothing is to be heard")

    def close(self) -> None: ...


def lexicon(tmp_path: Path, *goods: dict[str, Any], tag: str = "en") -> Lexicon:
    shop, catalogue = load_shop(write_shop(tmp_path / "kiosk", goods, (tag,)))
    return build_lexicon(shop, catalogue, [languages.load(tag)], {})


def told(of: Lexicon, words: str, tag: str = "en") -> list[tuple[str, str]]:
    """(place, text) of what isn't heard by somebody who knows only these words."""
    found = list(unheard(of, tag, Ear(tag, frozenset(words.split())), "the ear"))
    assert {one.severity for one in found} <= {"note"}
    return [(one.place, one.text) for one in found]


def test_a_word_that_cant_be_heard_is_told_with_others_that_sound_alike(tmp_path: Path) -> None:
    of = lexicon(tmp_path, good("margherita"), good("coleslaw"), good("cheese pie"))
    found = dict(told(of, "margarita cole slaw cheese pie pizza margin"))
    assert "can't hear 'margherita'; it may be heard as 'margarita'" in found["margherita.names.en"]
    assert "'cole slaw'" in found["coleslaw.names.en"]
    assert "cheese_pie.names.en" not in found


def test_each_word_is_told_once_and_where_it_stands_first(tmp_path: Path) -> None:
    of = lexicon(tmp_path, good("xyzzy tea"), good("xyzzy cake", pick("size", "small,grondo")))
    (first, text), (second, other) = told(of, "tea cake small")
    assert first == "xyzzy_tea.names.en" and "'xyzzy' of 'xyzzy tea' (and in 1 more)" in text
    assert second == "xyzzy_cake.options.size.grondo.en" and "another name, too, in words that are in use" in other


def test_korean_words_are_respelt_by_their_sounds(tmp_path: Path) -> None:
    of = lexicon(tmp_path, good("케찹", tag="ko"), good("콜라", tag="ko"), tag="ko")
    ((place, text),) = told(of, "케첩 콜라", "ko")
    assert place == "케찹.names.ko" and "케첩" in text


def test_one_who_hears_by_letters_has_nothing_to_tell(tmp_path: Path) -> None:
    class Speller(Ear):
        def knows(self, word: str) -> bool | None:
            return None

    assert list(unheard(lexicon(tmp_path, good("xyzzy")), "en", Speller("en", frozenset()), "whisper")) == []


def check(folder: str, *options: str) -> tuple[int, str]:
    done = CliRunner().invoke(menu, ["check", folder, *options], standalone_mode=False)
    assert done.exception is None, done.exception
    return done.return_value, done.output


def test_without_a_model_that_is_a_note_and_no_mistake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOICETILL_MODELS", str(tmp_path / "none"))
    folder = write_shop(tmp_path / "kiosk", [good("tea")])
    code, shown = check(folder)
    assert code == 0
    assert "note: no recogniser is installed for en" in shown and "voicetill models get en" in shown
    assert shown.endswith("0 mistakes, 0 warnings\n")
    rows = [json.loads(line) for line in check(folder, "--json")[1].splitlines()]
    assert [row["severity"] for row in rows] == ["note"]


@pytest.mark.long
def test_what_the_korean_model_hears_of_the_demo_shops(tmp_path: Path) -> None:
    """It knows all their words; a shop's own invention it doesn't."""
    model = find("recognizer", "vosk").open(got("vosk-small-ko"), "ko")
    try:
        for shop in ("burger-bar", "corner-shop", "lake-hotel"):
            assert _words(list(unheard(lexicon_of(shop), "ko", model, "vosk-small-ko"))) == []
        strange = lexicon(tmp_path, good("qwrtz 버거", tag="ko"), tag="ko")
        assert _words(list(unheard(strange, "ko", model, "vosk-small-ko"))) == ["qwrtz"]
    finally:
        model.close()


def _words(found: Sequence[Any]) -> list[str]:
    return [re.findall(r"hear '([^']+)'", one.text)[0] for one in found]

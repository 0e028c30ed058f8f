"""What is rehearsed needn't be made in the middle of somebody's first turn."""

from __future__ import annotations

import datetime as dt

import pytest
from msgspec.structs import replace

from assistant.turns import Hypothesis
from assistant.understanding import Context, Lexicon, understand
from assistant.understanding.rehearsal import rehearse
from assistant.understanding.vocabulary import vocabulary
from tests.understanding.support import lexicon_of

NOW = dt.datetime(2026, 7, 24, 12, 0, tzinfo=dt.UTC)
MISHEARD = {"en": "two cheezeburgers and a cook", "zh": "我要两个之士汉堡", "ko": "치즈버거 두게 주세요"}


def fresh() -> Lexicon:
    return replace(lexicon_of("burger-bar"), nears={})


@pytest.mark.parametrize("language", MISHEARD)
def test_a_first_turn_finds_all_made(language: str) -> None:
    lexicon = fresh()
    rehearse(lexicon, language, NOW)
    made = {key: id(kept) for key, kept in lexicon.nears.items()}

    understand((Hypothesis(MISHEARD[language], confidence=0.5),), lexicon, Context(now=NOW), language)
    vocabulary(lexicon, Context(now=NOW), language)
    vocabulary(lexicon, Context(now=NOW, expects="confirm"), language, "yes_no")

    assert {key: id(kept) for key, kept in lexicon.nears.items()} == made


@pytest.mark.parametrize("language", MISHEARD)
def test_a_rehearsal_changes_no_meaning(language: str) -> None:
    said = (Hypothesis(MISHEARD[language], confidence=0.5),)
    rehearsed, plain = fresh(), fresh()
    rehearse(rehearsed, language, NOW)

    assert understand(said, rehearsed, Context(now=NOW), language) == understand(
        said, plain, Context(now=NOW), language
    )


def test_a_language_that_the_shop_does_not_speak_is_nothing_to_rehearse() -> None:
    lexicon = fresh()
    rehearse(lexicon, "xx", NOW)
    assert lexicon.nears == {}

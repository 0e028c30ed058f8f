"""Names that are like what was heard: spelling slips, same-sounding letters, sounds taken for each other."""

from __future__ import annotations

import pytest

from assistant.understanding.names import plain
from assistant.understanding.near import Match, Near, near_of, sounds_of
from assistant.understanding.text import words_of
from models import languages
from tests.understanding.support import lexicon_of


def best(text: str, tag: str, shop: str = "burger-bar") -> Match:
    return near_of(lexicon_of(shop), tag).find(text)[0]


@pytest.mark.parametrize(
    ("tag", "heard", "meant"),
    [
        ("en", "chees burgr", "cheese burger"),
        ("en", "onoin", "onion"),
        ("en", "frence fries", "french fries"),
        ("en", "sprit", "sprite"),
        ("zh", "知识汉堡", "芝士汉堡"),
        ("zh", "书条", "薯条"),
        ("zh", "吉块", "鸡块"),
        ("zh", "危险支付", "微信支付"),
        ("zh", "流肉汉堡", "牛肉汉堡"),
        ("ko", "치주버거", "치즈버거"),
        ("ko", "콜나", "콜라"),
        ("ko", "감자티김", "감자튀김"),
    ],
)
def test_the_likest_name_comes_first(tag: str, heard: str, meant: str) -> None:
    assert plain(best(heard, tag).phrase) == meant


def test_the_same_sound_is_as_like_as_can_be() -> None:
    match = best("知识汉堡", "zh")
    assert (match.likeness, match.how) == (1.0, "sound")
    assert match.readings["item"] == ("cheeseburger",)


@pytest.mark.parametrize(
    ("one", "other", "like"),
    [
        ("국물", "궁물", True),  # the end of a syllable as the next begins
        ("낱개", "낟개", True),  # ends that sound the same
        ("떡볶이", "떡보끼", True),  # an end carried over to a silent beginning
        ("닭이", "달기", True),  # of two letters the second is
        ("많이", "마니", True),
        ("게", "개", True),
        ("강아지", "가나지", False),
    ],
)
def test_korean_is_compared_as_it_is_spoken(one: str, other: str, like: bool) -> None:
    speech = sounds_of(languages.load("ko"))
    assert (speech.likeness(speech.spell(one), speech.spell(other)) > 0.85) is like


def test_letters_with_several_sounds_are_read_as_goods_are_called() -> None:
    speech = sounds_of(languages.load("zh"))
    assert speech.spell("咖喱") == speech.spell("嘎里")
    assert speech.spell("番茄") == speech.spell("翻切")


@pytest.mark.parametrize(
    ("tag", "said", "parts"),
    [
        ("en", "um two chees burgrs and a colla please", ["chees burgrs", "colla"]),
        ("zh", "我要两个知识汉堡和一份书条", ["知识汉堡", "书条"]),
        ("ko", "치주버거하나콜나", ["치주버거", "콜나"]),
        ("en", "what is the weather like", []),
        ("en", "", []),
    ],
)
def test_names_are_found_within_a_stretch(tag: str, said: str, parts: list[str]) -> None:
    words = words_of(said)
    found = near_of(lexicon_of("burger-bar"), tag).windows(words)
    assert [plain(words[one.start : one.end]) for one in found] == parts


def test_nothing_like_it_is_nothing() -> None:
    near = near_of(lexicon_of("burger-bar"), "en")
    assert near.find("xylophone") == near.find("") == near.find("知识") == []


def test_a_shop_without_names_finds_nothing() -> None:
    near = Near([], lambda key: {}, sounds_of(languages.load("en")))
    assert near.find("cola") == near.windows(("cola",)) == []

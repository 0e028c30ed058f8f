"""Names that are like what was heard: spelling slips, same-sounding letters, sounds taken for each other."""

from __future__ import annotations

import pytest

from assistant.understanding.misheard.near import Match, Near, near_of
from assistant.understanding.misheard.sounds import likeness, speech_of
from assistant.understanding.words.names import plain
from assistant.understanding.words.text import words_of
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
    assert match.likeness == 1.0
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
        ("값이", "갑시", True),
        ("강아지", "가아지", False),  # that of ㅇ stays
    ],
)
def test_korean_is_compared_as_it_is_spoken(one: str, other: str, like: bool) -> None:
    speech = speech_of(languages.load("ko"))
    assert (likeness(speech.sound(one), speech.sound(other)) > 0.85) is like


def test_letters_with_several_sounds_are_read_as_goods_are_called() -> None:
    speech = speech_of(languages.load("zh"))
    assert speech.sound("咖喱") == speech.sound("嘎里")
    assert speech.sound("番茄酱") == speech.sound("翻切匠")
    assert speech.rough("番茄酱") == speech.rough("翻切匠")


@pytest.mark.parametrize(
    ("tag", "said", "parts"),
    [
        ("en", "um two chees burgrs and a colla please", {"cheese burger", "cola"}),
        ("zh", "我要两个知识汉堡和一份书条", {"芝士汉堡", "薯条"}),
        ("ko", "치주버거하나콜나", {"치즈버거", "콜라"}),
        ("en", "", set()),
    ],
)
def test_names_are_found_within_a_stretch(tag: str, said: str, parts: set[str]) -> None:
    found = near_of(lexicon_of("burger-bar"), tag).within(words_of(said), most=12)
    assert parts <= {plain(one.phrase) for one in found}


def test_nothing_like_it_is_nothing() -> None:
    near = near_of(lexicon_of("burger-bar"), "en")
    assert near.find("xylophone", least=0.7) == near.find("") == near.find("知识") == []


def test_a_shop_without_names_finds_nothing() -> None:
    near = Near([], lambda key: {}, speech_of(languages.load("en")))
    assert near.find("cola") == near.within(("cola",)) == []

"""Goods that are said anew behind what was just ordered, and goods that are sold several at a time."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.understanding.support import act_text, good, meaning_of, table, understood, write_shop

ANEW = """
# A no before goods corrects what is of their kind, whatever was ordered last.
en: no, oat milk => change: oat_milk <- milk
en: no, I wanted oat milk => change: oat_milk <- milk
en: I said oat milk => change: oat_milk <- milk
en: no, the oat milk please => change: oat_milk <- milk
en: no, a croissant => change: 1 croissant <- bread
en: no, two oat milks and a bread => change: 2 oat_milk <- milk + change: 1 bread
en: no, add oat milk => add: oat_milk
en: no, and an oat milk => add: 1 oat_milk
en: no, two => change: 2 it
en: no, milk => change: 1 milk
zh: 不对，燕麦奶 => change: oat_milk <- milk
zh: 不对燕麦奶 => change: oat_milk <- milk
zh: 我说的是燕麦奶 => change: oat_milk <- milk
zh: 不是，我要燕麦奶 => change: oat_milk <- milk
zh: 不，再来一盒燕麦奶 => add: 1 oat_milk
ko: 아니 귀리 우유 => change: oat_milk <- milk
ko: 아니요, 귀리 우유 주세요 => change: oat_milk <- milk
ko: 아니 귀리 우유 추가해 주세요 => add: oat_milk
"""


@pytest.mark.parametrize(("text", "acts"), table(ANEW))
def test_a_no_corrects_what_is_of_the_same_kind(text: str, acts: str) -> None:
    language, _, said = text.partition(": ")
    basket = ("milk", "bread")
    assert understood(said, "corner-shop", language, basket=basket, added=basket, last="bread") == acts


@pytest.mark.parametrize(("text", "acts"), table("no, oat milk => add: oat_milk\nno, an umbrella => add: 1 umbrella"))
def test_what_was_ordered_long_ago_is_not_corrected(text: str, acts: str) -> None:
    assert understood(text, "corner-shop", "en", basket=("milk", "bread"), last="bread") == acts


def asked(text: str, language: str = "en", **context: object) -> list[str]:
    meaning = meaning_of(text, "corner-shop", language, **context)
    assert not [act for act in meaning.acts if act.lines], meaning.acts
    return [act_text(act) for doubt in meaning.ask for act in doubt.candidates]


def test_whether_something_of_another_kind_is_corrected_is_asked() -> None:
    alone = {"basket": ("milk",), "added": ("milk",), "last": "milk"}
    both = ["change: toothpaste <- milk", "add: toothpaste"]
    assert asked("no, toothpaste", **alone) == both
    assert asked("不是，牙膏", "zh", **alone) == both
    assert asked("아니 치약", "ko", **alone) == both


def test_which_of_several_is_corrected_is_asked() -> None:
    two = ("milk", "eggs")
    assert asked("no, butter", basket=two, added=two) == ["change: butter <- milk", "change: butter <- eggs"]


def test_a_no_without_a_pause_may_correct_too() -> None:
    two = ("milk", "bread")
    assert asked("no oat milk", basket=two, added=two) == ["change: oat_milk <- milk", "add: oat_milk"]


def test_what_is_corrected_in_the_same_breath_is_of_the_same_kind() -> None:
    assert understood("milk and bread, no, oat milk", "corner-shop", "en") == "add: oat_milk, bread"
    assert understood("milk and bread, no, butter and jam", "corner-shop", "en").startswith("add: butter, bread")


PACKS = """
# Whole packs are counted as such.
en: twelve eggs => add: 1 eggs
en: two dozen eggs => add: 2 eggs
en: a dozen eggs => add: 1 eggs
en: two boxes of eggs => add: 2 eggs
en: two packs of batteries => add: 2 batteries
en: two milks => add: 2 milk
zh: 两盒鸡蛋 => add: 2 eggs
zh: 鸡蛋两盒 => add: 2 eggs
zh: 两个牛奶 => add: 2 milk
ko: 계란 두 판 주세요 => add: 2 eggs
"""


@pytest.mark.parametrize(("text", "acts"), table(PACKS))
def test_packs_are_counted(text: str, acts: str) -> None:
    language, _, said = text.partition(": ")
    assert understood(said, "corner-shop", language) == acts


@pytest.mark.parametrize(
    ("language", "text", "item", "size"),
    [
        ("en", "half a dozen eggs", "eggs", 12),
        ("en", "six eggs", "eggs", 12),
        ("en", "three bananas", "bananas", 0),
        ("zh", "半打鸡蛋", "eggs", 12),
        ("zh", "六个鸡蛋", "eggs", 12),
        ("ko", "계란 여섯 개 주세요", "eggs", 12),
    ],
)
def test_how_many_packs_is_asked_where_pieces_are_counted(language: str, text: str, item: str, size: int) -> None:
    doubt = meaning_of(text, "corner-shop", language).ask[0]
    assert doubt.why == "pack" and doubt.candidates[0].lines[0].item == item
    assert doubt.candidates[0].value["size"] == size


def test_a_pack_may_be_written_with_its_number(tmp_path: Path) -> None:
    shop = write_shop(tmp_path / "kiosk", [good("cola|cola 6 pack|6 pack of cola"), good("pies|slice of pie")])
    assert meaning_of("four colas", shop, "en").ask[0].candidates[0].value["size"] == 6
    assert understood("twelve colas", shop, "en") == "add: 2 cola"
    assert understood("two pies", shop, "en") == "add: 2 pies"


@pytest.mark.parametrize(
    ("language", "text"), [("en", "a few croissants"), ("zh", "来几个可颂"), ("ko", "크루아상 몇 개 주세요")]
)
def test_how_many_are_wanted_is_asked_where_it_was_not_said(language: str, text: str) -> None:
    assert asked(text, language) == ["add: croissant {'pack': '', 'size': 0}"]


def test_four_is_heard_behind_and() -> None:
    assert understood("to cheeseburgers and for cokes", language="en") == "add: 2 cheeseburger, 4 coke"
    assert understood("a cheeseburger and for large cokes", language="en") == "add: 1 cheeseburger, 4 coke large"
    assert understood("a cheeseburger and for fries two", language="en") == "add: 1 cheeseburger, 2 fries"
    assert understood("a cheeseburger and for drinks two cokes", language="en") == "add: 1 cheeseburger, 2 coke"
    assert not meaning_of("a cheeseburger and for drinks two cokes", language="en").ask

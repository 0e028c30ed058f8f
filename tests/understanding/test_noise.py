"""Whatever comes in, something sensible comes out: no traceback, no order from noise, bounded work."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from assistant.turns import ACTS, Act
from assistant.understanding import detect_language
from tests.understanding.support import lexicon_of, meaning_of, understood

NOISE = {
    "a megabyte": "coke " * 200_000,
    "ten thousand numbers": " ".join(map(str, range(10_000))),
    "one word again and again": "cheeseburger " * 900,
    "Chinese again and again": "可乐" * 5_000,
    "commas": "," * 100_000,
    "binary": "".join(map(chr, range(1, 30_000))),
    "emoji": "🍔🍟🥤" * 50,
    "right to left": "أريد اثنين من البرغر",
    "nothing": "",
    "spaces": " \n\t ",
    "surrogates": "\ud83d coke \udc00",
    "nested brackets": "(" * 3_000 + ")" * 3_000,
}


@pytest.mark.parametrize("name", NOISE)
def test_noise_orders_nothing(name: str) -> None:
    meaning = meaning_of(NOISE[name])
    orders = [act for act in meaning.acts if act.act in ("add", "remove", "change", "confirm")]
    assert orders == [] or name == "surrogates"


def test_invisible_letters_change_nothing() -> None:
    assert understood("two ch\u200bee\u00adse\ufeffburgers", language="en") == "add: 2 cheeseburger"
    assert understood("ＴＷＯ　Ｃｏｋｅｓ", language="en") == "add: 2 coke"


def acts_in(text: str, expects: str | None) -> tuple[Act, ...]:
    return meaning_of(text, expects=expects, basket=("coke",)).acts


STEPS = (None, "basket", "fulfilment", "address", "time", "contact", "method", "confirm", "pay", "choose", "gift")
WORDS = (
    "two one a the no not extra without with coke cokes cheeseburger onions large make it that change to remove and ,"
    " . ? yes but card delivery 12 street at half past six sorry each of them"
    " 来 两 个 杯 可乐 不要 洋葱 换成 的 了 对 吗"
    " 콜라 두 잔 양파 빼고 주세요 네 로 바꿔 zzz -1 1000000"
).split()


@settings(max_examples=300, deadline=None)
@example(words=["no", "two", "-1"], step=None)
@given(words=st.lists(st.sampled_from(WORDS), max_size=14), step=st.sampled_from(STEPS))
def test_any_words_in_any_order_are_read(words: list[str], step: str | None) -> None:
    for act in acts_in(" ".join(words), step):
        assert act.act in ACTS
        assert not act.sure
        for line in (*act.lines, *act.instead_of):
            assert line.item is None or line.item in lexicon_of("burger-bar").catalogue.items


@settings(max_examples=200, deadline=None)
@given(text=st.text(max_size=60))
def test_any_letters_are_read(text: str) -> None:
    for act in acts_in(text, "confirm"):
        assert act.act in ACTS


@pytest.mark.parametrize(
    ("text", "tag"),
    [("two cokes please", "en"), ("来两杯可乐", "zh"), ("콜라 두 잔 주세요", "ko"), ("来两个 coke", "zh")],
)
def test_the_language_is_told_by_script_and_words(text: str, tag: str) -> None:
    assert detect_language(text, lexicon_of("burger-bar")) == tag


def test_no_language_is_told_where_nothing_tells() -> None:
    assert detect_language("12 34", lexicon_of("burger-bar")) is None

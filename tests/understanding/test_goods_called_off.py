"""Words that call an order off, said of goods: only these go."""

from __future__ import annotations

import pytest

from tests.understanding.support import table, understood

BASKET = ("cheeseburger", "coke", "fries")
ROWS = """
en: please cancel the fries => remove: fries
en: can you cancel the fries => remove: fries
en: can I cancel the fries => remove: fries
en: i'd like to cancel one coke => remove: 1 coke
en: can you cancel the burger => remove: cheeseburger
en: please cancel => cancel
en: please cancel my order => cancel
zh: 帮我取消薯条 => remove: fries
zh: 能不能取消一杯可乐 => remove: 1 coke
zh: 我要取消 => cancel
ko: 감자튀김 취소할래요 => remove: fries
ko: 취소할래요 => cancel
"""


@pytest.mark.parametrize(("text", "acts"), table(ROWS))
def test_only_the_goods_that_are_named_are_called_off(text: str, acts: str) -> None:
    language, _, said = text.partition(": ")
    assert understood(said, "burger-bar", language, basket=BASKET, last="coke") == acts


@pytest.mark.parametrize("text", ["please cancel the fries", "can you cancel the fries"])
def test_goods_that_are_not_in_the_basket_call_nothing_else_off(text: str) -> None:
    assert understood(text, basket=("coke",), last="coke") == "remove: fries"


def test_whether_goods_may_be_cancelled_once_they_are_ordered_is_a_question() -> None:
    assert understood("can I cancel the fries", basket=("coke",), last="coke").startswith("ask_item")

"""Answers by number: at any step that offers choices, and to "how many?"."""

from __future__ import annotations

import pytest

from tests.understanding.support import understood

WAYS = (("delivery",), ("pickup",), ("eat in",))


@pytest.mark.parametrize(
    "text", ["2", "number two", "number 2", "the second one", "two please", "第二个", "2号", "두 번째", "2번이요"]
)
@pytest.mark.parametrize("step", ["fulfilment", "method", "basket", "options", "choose"])
def test_a_number_is_one_of_the_choices_on_offer(text: str, step: str) -> None:
    assert understood(text, basket=("coke",), expects=step, choices=WAYS, listed=("brownie", "sundae")) == "choose: 2"


@pytest.mark.parametrize(
    ("text", "acts"),
    [
        ("two cokes", "add: 2 coke"),
        ("两杯可乐", "add: 2 coke"),
        ("5", "choose: 5"),
        ("选第三个", "choose: 3"),
        ("pickup", "choose: 2"),
    ],
)
def test_goods_are_no_choice_but_any_number_is(text: str, acts: str) -> None:
    assert understood(text, expects="fulfilment", choices=WAYS) == acts


@pytest.mark.parametrize(
    "text",
    [
        "thirty",
        "30 please",
        "三十瓶",
        "서른 개요",
        "make it thirty",
        "no, thirty",
        "那就三十个吧",
        "아니요, 서른 병이요",
    ],
)
def test_how_many_is_answered_by_a_bare_number(text: str) -> None:
    assert understood(text, basket=("coke",), expects="choose") == "change: 30 it"


@pytest.mark.parametrize("text", ["yes, that", "yes that one please"])
def test_a_yes_may_point_at_what_was_offered_but_not_at_the_read_back(text: str) -> None:
    assert understood(text, basket=("coke",), expects="choose") == "confirm"
    assert understood(text, basket=("coke",), expects="confirm") == "-"


def test_a_count_that_is_a_choice_of_other_goods_counts() -> None:
    said = understood("来一个双拼披萨，六块芝士蛋糕", language="zh")  # nuggets come as 六块
    assert said == "add: 1 half_and_half_pizza, 6 cheesecake"

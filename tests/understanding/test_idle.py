"""What is no wish: greetings, thanks, sounds; and wishes for goods that the shop hasn't."""

from __future__ import annotations

import pytest

from tests.understanding.support import meaning_of, understood


@pytest.mark.parametrize("text", ["hi", "Hello there!", "good morning", "你好", "早上好", "안녕하세요"])
def test_a_greeting_is_one(text: str) -> None:
    assert understood(text) == "none: greeting"


@pytest.mark.parametrize("text", ["thanks", "thank you very much", "谢谢", "감사합니다"])
@pytest.mark.parametrize("step", [None, "confirm"])
def test_thanks_are_no_yes(text: str, step: str | None) -> None:
    assert understood(text, basket=("coke",), expects=step) == "none: thanks"


@pytest.mark.parametrize("text", ["mm", "um", "嗯", "呃", "음"])
@pytest.mark.parametrize("step", [None, "confirm", "contact", "address"])
def test_a_mere_sound_is_nothing(text: str, step: str | None) -> None:
    assert [act.act for act in meaning_of(text, basket=("coke",), expects=step).acts] == ["none"]


@pytest.mark.parametrize(
    ("text", "goods"),
    [
        ("can I get a lobster roll", "lobster roll"),
        ("two oysters please", "oysters"),
        ("来一份北京烤鸭", "北京烤鸭"),
        ("랍스터 하나 주세요", "랍스터"),
    ],
)
def test_goods_that_the_shop_has_not(text: str, goods: str) -> None:
    meaning = meaning_of(text)
    assert [(act.act, act.value) for act in meaning.acts] == [("none", "goods")]
    assert meaning.leftover == (goods,)


@pytest.mark.parametrize("text", ["what a day", "the weather is lovely", "agent orange", "오늘 날씨 어때"])
def test_chatter_is_no_goods(text: str) -> None:
    assert all(act.value != "goods" for act in meaning_of(text).acts)


def test_a_day_gone_by_in_chatter_is_no_time() -> None:
    assert understood("did you watch the football last night") == "-"


def test_a_greeting_before_an_order_is_in_nobodys_way() -> None:
    assert understood("hi, two cokes please, thanks") == "add: 2 coke"

"""What is heard badly, through a whole turn: what is sure is done and echoed, the rest is asked, nothing is guessed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.app.talk import Kiosk


@pytest.fixture
async def bar(tmp_path: Path) -> AsyncIterator[Kiosk]:
    async with Kiosk.at("burger-bar", tmp_path) as open_one:
        yield open_one


async def test_what_sounds_like_goods_is_put_into_the_basket_and_echoed(bar: Kiosk) -> None:
    reply = await bar.hears("我要一个知识汉堡", language="zh")
    assert "芝士汉堡" in reply.speech
    assert await bar.lines() == [("cheeseburger", 1)]


@pytest.mark.parametrize(
    ("language", "said", "words", "asks"),
    [
        ("en", "two cokes and a glorpish", "“glorpish”", "What was that?"),
        ("zh", "来两杯可乐和一份嗡嗡咚", "“嗡嗡咚”", "没听清"),
        ("ko", "콜라 두 잔 하고 뚜르르 하나 주세요", "뚜르르", "잘 못 들었어요"),
    ],
)
async def test_what_was_not_caught_beside_an_order_is_asked(
    bar: Kiosk, language: str, said: str, words: str, asks: str
) -> None:
    reply = await bar.hears(said, language=language)
    assert words in reply.text and asks in reply.text, reply.text
    assert await bar.lines() == [("coke", 2)]


async def test_two_counts_that_were_heard_are_both_offered_and_none_is_ordered(bar: Kiosk) -> None:
    reply = await bar.hears("five cheeseburgers", "nine cheeseburgers")
    assert "five regular cheeseburgers or nine regular cheeseburgers" in reply.text, reply.text
    assert await bar.lines() == []
    await bar.hears("the second one")
    assert await bar.lines() == [("cheeseburger", 9)]


async def test_what_counts_nothing_that_was_named_is_not_offered(bar: Kiosk) -> None:
    """Half heard, and of goods that nobody named: there is nothing to say yes to."""
    reply = await bar.hears("두 더 로 개 주세요", "이 죽어 녹여 옥스 역", language="ko", confidence=0.25)
    assert "“두 더 로 개 주세요”" in reply.text and not reply.choices, reply.text
    assert await bar.lines() == []


async def test_a_count_that_only_the_first_hearing_has_is_asked(bar: Kiosk) -> None:
    """The goods come from another hearing of the same words; how many there are doesn't."""
    reply = await bar.hears("two larch coax", "a large coke please")
    assert await bar.lines() == [] and reply.expects is not None
    assert "two large Cokes" in reply.text and "?" in reply.text, reply.text
    await bar.hears("two")
    assert await bar.lines() == [("coke", 2)]


async def test_the_same_is_not_offered_twice(bar: Kiosk) -> None:
    reply = await bar.hears("来一杯可乐", "来一杯和可乐", language="zh", confidence=0.25)
    assert reply.text.count("可乐") == 1 and await bar.lines() == [], reply.text


@pytest.mark.parametrize("said", ["来三分薯条", "来3份数条", "再來3分數條"])
async def test_a_count_is_kept_though_its_measure_word_or_what_follows_is_misspelt(bar: Kiosk, said: str) -> None:
    await bar.hears(said, language="zh")
    assert await bar.lines() == [("fries", 3)]


async def test_a_method_that_only_sounds_so_is_heard_before_anything_is_paid(bar: Kiosk) -> None:
    """Typed it is asked about; spoken it stands in the read-back, whose yes comes after."""
    for words in ("一瓶矿泉水", "结账", "自取", "尽快", "李雷 13800138000"):
        await bar.says(words, language="zh")
    asked = await bar.says("用危险支付", language="zh")
    assert "微信支付" in asked.text and asked.expects != "confirm"
    back = await bar.hears("用危险支付", language="zh", confidence=1.0)
    assert "微信支付" in back.text and back.expects == "confirm", back.text
    order = await bar.house.order("s")
    assert order is not None and order["stage"] == "open" and order["payment"]["charges"] == 0

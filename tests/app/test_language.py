"""The talk follows the person from one language to another, and a code or a name is not another language."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.app.talk import Kiosk


@pytest.fixture
async def bar(tmp_path: Path) -> AsyncIterator[Kiosk]:
    async with Kiosk.at("burger-bar", tmp_path) as open_one:
        yield open_one


async def language_after(bar: Kiosk, *texts: str, begin: str | None = None) -> str:
    reply = None
    for text in texts:
        reply = await bar.says(text, language=begin)
    assert reply is not None
    return reply.language


@pytest.mark.parametrize(
    ("texts", "begin", "language"),
    [
        (["two cheeseburgers please"], None, "en"),
        (["来两个芝士汉堡"], None, "zh"),
        (["치즈버거 두 개 주세요"], None, "ko"),
        (["来两个芝士汉堡"], "en", "zh"),
        (["two cheeseburgers please", "再来一杯可乐"], "en", "zh"),
        (["来两个芝士汉堡", "what drinks do you have?"], None, "en"),
        (["来两个芝士汉堡", "SAVE10"], None, "zh"),
        (["来两个芝士汉堡", "12 High Street"], None, "zh"),
        (["来两个芝士汉堡", "Ana, 555 0134"], None, "zh"),
        (["来两个芝士汉堡", "555 0134"], None, "zh"),
        (["치즈버거 두 개 주세요", "Ana"], None, "ko"),
        (["치즈버거 두 개 주세요", "一杯可乐"], None, "zh"),
        (["12"], None, "en"),
    ],
)
async def test_the_language_of_the_reply(bar: Kiosk, texts: list[str], begin: str | None, language: str) -> None:
    assert await language_after(bar, *texts, begin=begin) == language

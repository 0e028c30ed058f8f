"""Where a text is parted to be spoken: at the ends of sentences, and nowhere inside a number or a short form."""

from __future__ import annotations

import pytest

from models.voices import LONG, sentences, weight


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("A burger is 12.50. Anything else?", ["A burger is 12.50.", "Anything else?"]),
        ("Table No. 5, please. Thanks!", ["Table No. 5, please.", "Thanks!"]),
        ("Mr. Lee of St. James Rd. 5. Is it right?", ["Mr. Lee of St. James Rd. 5.", "Is it right?"]),
        ("“Fine.” Go on… Bye.", ["“Fine.”", "Go on…", "Bye."]),
        ("Things, e.g. tea. More?", ["Things, e.g. tea.", "More?"]),
        ("好的。一共88.50元，确认下单吗？好！", ["好的。", "一共88.50元，确认下单吗？", "好！"]),
        ("好的.还要别的吗?", ["好的.", "还要别的吗?"]),
        ("네. 모두 12.50달러입니다. 주문할까요?", ["네.", "모두 12.50달러입니다.", "주문할까요?"]),
        ("One line\nand another", ["One line", "and another"]),
        ("…", []),
        ("", []),
    ],
)
def test_a_text_is_parted_where_one_breathes(text: str, parts: list[str]) -> None:
    assert sentences(text) == parts


def test_a_long_sentence_is_parted_at_its_commas() -> None:
    text = ", ".join(["a regular cheeseburger without onion"] * 12) + ", 1,250 in all."
    parts = sentences(text)
    assert " ".join(parts) == text and len(parts) > 2
    assert all(weight(part) <= LONG for part in parts)
    assert sentences("word " * 80) == [("word " * 80).strip()]

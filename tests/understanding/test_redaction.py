"""No card number or security code gets past the first text boundary, written or spoken."""

from __future__ import annotations

import pytest

from assistant.understanding import redact
from tests.understanding.support import meaning_of

CARDS = [
    "my card is 4111 1111 1111 1111",
    "4111-1111-1111-1111",
    "4111111111111111 thanks",
    "3782 822463 10005",
    "four one one one one one one one one one one one one one one one",
    "it's double four double two four two four two four two four two four two four two",
    "卡号四一一一一一一一一一一一一一一一",
    "카드 번호는 사일일일 일일일일 일일일일 일일일일이에요",
    "４１１１ １１１１ １１１１ １１１１",
    "4,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1",
    "4111 uh 1111, 1111 um 1111",
    "4111 dash 1111 dash 1111 dash 1111",
    "4111\u20111111\u22121111\u00b71111",
    "4111\u200b1111\u00ad1111\ufeff1111",
    "(4111) (1111) (1111) (1111)",
    "forty-one eleven, eleven eleven, eleven eleven, eleven eleven",
    "4 triple 1 quadruple 1 1111 1111",
    "411111111111111112271234",
]


@pytest.mark.parametrize("text", CARDS)
def test_a_card_number_is_taken_out(text: str) -> None:
    shown, found = redact(text)
    assert found
    assert "[card number]" in shown
    assert not any(piece in shown for piece in ("1111", "822463", "one one", "一一一", "일일일", "１１１"))


@pytest.mark.parametrize(
    "text",
    [
        "the security code is 123",
        "CVV: 4321",
        "安全码是一二三",
        "보안 코드는 123이에요",
        "cvc one two three",
        "cvv123",
        "the three digits on the back are 123",
        "卡背面的后三位是123",
        "动态码123",
    ],
)
def test_a_security_code_is_taken_out(text: str) -> None:
    shown, found = redact(text)
    assert found
    assert "123" not in shown
    assert "4321" not in shown
    assert "一二三" not in shown
    assert "one two three" not in shown


@pytest.mark.parametrize(
    "text",
    [
        "two cokes and 3 lattes",
        "13800138000",
        "my number is 555 0134",
        "1234 5678 9012 3456",
        "on the 12th at 18:30 for 45 yuan",
        "来一万八千杯水",
    ],
)
def test_other_numbers_stay(text: str) -> None:
    assert redact(text) == (text, False)


def test_what_is_understood_holds_no_card_number() -> None:
    meaning = meaning_of("a coke, my card is 4111 1111 1111 1111", language="en")
    assert "4111" not in str(meaning)
    assert meaning.acts[0].lines[0].item == "coke"

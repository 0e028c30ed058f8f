"""How each of goods that are there is to be, or how many of those on offer: none come to them."""

from __future__ import annotations

import pytest

from assistant.turns import LineSaid
from tests.understanding.support import understood

TWO = [
    ("make the fries one large and one small", "change: fries large, fries small"),
    ("the fries one large one small", "change: fries large, fries small"),
    ("薯条一大一小", "change: fries large, fries small"),
    ("薯条一份大的一份小的", "change: fries large, fries small"),
    ("감자튀김은 하나는 라지 하나는 스몰로요", "change: fries large, fries small"),
    ("one large fries and one small", "add: 1 fries large, 1 fries small"),
    ("再来两份薯条，一大一小", "add: 1 fries large, 1 fries small"),
]


@pytest.mark.parametrize(("text", "acts"), TWO)
def test_two_that_are_there(text: str, acts: str) -> None:
    basket = (LineSaid("fries", 2), LineSaid("coke", 1))
    assert understood(text, basket=basket, last="coke", line=2) == acts


@pytest.mark.parametrize("text", ["ok two of the first", "two of the first", "yes, two of them", "two of it", "ok two"])
def test_so_many_of_what_was_offered(text: str) -> None:
    said = {"listed": ("fries",), "pointing": True, "expects": "choose", "offered": "fries"}
    assert understood(text, **said) == "change: 2 it"

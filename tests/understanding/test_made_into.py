"""Goods of the basket that become what is named after them: the meal of a burger."""

from __future__ import annotations

import pytest

from assistant.turns import LineSaid
from tests.understanding.support import acts_text, meaning_of, table

INTO = """
en cheeseburger,coke | make that a meal => change: 1 cheeseburger_meal <- it @1
en cheeseburger | can I make it a combo please => change: 1 cheeseburger_meal <- it @1
en coke,cheeseburger | make that a meal with a sprite => change: 1 cheeseburger_meal sprite <- it
en cheeseburger*2 | make them meals => change: 2 cheeseburger_meal <- it @1
en cheeseburger,chicken_burger,coke | make that a meal => ? cheeseburger_meal <- @1, chicken_burger_meal <- @2
en hamburger | make the hamburger a meal => ? cheeseburger_meal <- @1, chicken_burger_meal <- @1, ...
zh cheeseburger,coke | 换成套餐 => change: 1 cheeseburger_meal <- it @1
zh hamburger | 升级成套餐 => ? cheeseburger_meal <- @1, chicken_burger_meal <- @1, ...
ko cheeseburger | 세트로 바꿔 주세요 => change: 1 cheeseburger_meal <- it @1
ko cheeseburger | 세트로 할게요 => change: 1 cheeseburger_meal <- it @1
ko fries | 세트로 할게요 => ask_menu: #meals
"""


@pytest.mark.parametrize(("row", "expected"), table(INTO))
def test_a_burger_becomes_its_meal(row: str, expected: str) -> None:
    where, _, text = row.partition(" | ")
    language, goods = where.split()
    basket = tuple(LineSaid(one, int(many or 1)) for one, _, many in (it.partition("*") for it in goods.split(",")))
    meaning = meaning_of(text, language=language, basket=basket, last=basket[-1].item, line=len(basket))
    asked = [f"{act.lines[0].item} <- @{act.instead_of[0].which}" for doubt in meaning.ask for act in doubt.candidates]
    shown = f"? {', '.join([*asked[:2], '...'] if len(asked) > 2 else asked)}" if asked else acts_text(meaning.acts)
    assert shown == expected

"""Goods for no more than so much, or no less."""

from __future__ import annotations

import pytest

from tests.understanding.support import table, understood

ROWS = """
en: anything under 15 => ask_menu: {'most': 1500}
en: what drinks are under 10 yuan => ask_menu: #drinks {'most': 1000}
en: a burger for less than 40 please => ask_menu: #burgers {'most': 4000}
en: something sweet for 12 or less => ask_menu: {'most': 1200, 'tags': ['sweet']}
zh: 10块以下的饮料有什么 => ask_menu: #drinks {'most': 1000}
zh: 20块钱以内有什么吃的 => ask_menu: {'most': 2000}
zh: 不超过40元的汉堡 => ask_menu: #burgers {'most': 4000}
ko: 10위안 이하 음료 있어요? => ask_menu: #drinks {'most': 1000}
en: drinks between 5 and 10 yuan => ask_menu: #drinks {'least': 500, 'most': 1000}
en: burgers over 40 yuan => ask_menu: #burgers {'least': 4000}
en: my budget is 50 yuan => ask_menu: {'most': 5000}
zh: 30到40元的汉堡 => ask_menu: #burgers {'least': 3000, 'most': 4000}
zh: 40元以上的汉堡有吗 => ask_menu: #burgers {'least': 4000}
ko: 30~40위안 버거 있어요? => ask_menu: #burgers {'least': 3000, 'most': 4000}
ko: 40위안 이상 버거 있어요? => ask_menu: #burgers {'least': 4000}
en: put it under Dave => give_contact: {'name': 'Dave'}
en: pickup under Dave => choose_fulfilment: pickup + give_contact: {'name': 'Dave'}
"""


@pytest.mark.parametrize(("text", "acts"), table(ROWS))
def test_what_costs_no_more_is_asked_for(text: str, acts: str) -> None:
    language, _, said = text.partition(": ")
    assert understood(said, "burger-bar", language) == acts


@pytest.mark.parametrize(
    "text",
    ["two cokes in less than 20 minutes", "a burger under the bridge, 40", "two or three cokes", "between 5 and 6 pm"],
)
def test_what_is_no_price_asks_for_no_goods(text: str) -> None:
    assert "most" not in understood(text)
    assert "least" not in understood(text)


def test_the_days_beside_a_price_are_those_of_the_stay() -> None:
    said = understood("rooms below 600 from tomorrow to Friday", "lake-hotel", "en")
    assert "ask_menu: #rooms {'most': 60000}" in said
    assert "give_dates" in said

"""What an order takes of what is counted."""

from __future__ import annotations

import pytest

from assistant.commerce.order import LineOption
from assistant.commerce.stock import counted, holding, short_of, stock_keys
from tests.commerce.goods import catalogue, choice, item, line, many_of, order

BOWL = item("bowl", 900, many_of("extras", choice("egg", 100, stock=2), choice("nori", 50)), stock=5)
GOODS = catalogue(BOWL)
EGG = "bowl/extras/egg"


@pytest.mark.parametrize(("amount", "skus"), [("normal", ("bowl", EGG)), ("extra", ("bowl", EGG)), ("no", ("bowl",))])
def test_a_choice_that_is_left_out_is_not_taken(amount: str, skus: tuple[str, ...]) -> None:
    options = (LineOption("extras", "egg", amount), LineOption("extras", "nori", "normal"))
    bought = order(line(BOWL, 2, options))
    assert counted(BOWL, options) == skus
    assert stock_keys(bought, GOODS) == tuple((sku, "", 2) for sku in skus)
    assert (holding(bought, EGG) == bought.lines) is (EGG in skus)


def test_lines_take_together_and_as_many_as_there_are_is_enough() -> None:
    egg = (LineOption("extras", "egg", "normal"),)
    bought = order(line(BOWL, 1, egg), line(BOWL, 2, egg))
    assert short_of(bought, GOODS, {(EGG, ""): 3, ("bowl", ""): 3}) == ()
    assert short_of(bought, GOODS, {(EGG, ""): 2, ("bowl", ""): 3}) == ((EGG, "", 2),)

"""The same once more, called by its kind or by whose it is."""

from __future__ import annotations

import pytest

from assistant.turns import LineSaid, OptionSaid
from tests.understanding.support import table, understood, write_shop
from tests.understanding.test_levels import TAGS, named

BASKET = (LineSaid("cheeseburger", 1, (OptionSaid("extras", "bacon", "normal"),)), LineSaid("coke", 2))
ROWS = """
en: the same burger again => add: 1 cheeseburger bacon
en: another one of the same burger => add: 1 cheeseburger bacon
en: one more of the same cheeseburger => add: 1 cheeseburger bacon
en: my wife wants the same burger without onions => add: 1 cheeseburger bacon onion:no
en: no ice in my kid's coke => change: coke no_ice
en: add egg to my wife's burger => change: cheeseburger egg
zh: 一样的汉堡再来一个 => add: 1 cheeseburger bacon
zh: 再要一个一样的汉堡不要洋葱 => add: 1 cheeseburger bacon onion:no
ko: 같은 버거 하나 더 주세요 => add: 1 cheeseburger bacon
"""


@pytest.mark.parametrize(("text", "acts"), table(ROWS))
def test_the_same_of_a_kind_is_like_the_one_in_the_basket(text: str, acts: str) -> None:
    language, _, said = text.partition(": ")
    assert understood(said, "burger-bar", language, basket=BASKET, last="coke") == acts


@pytest.mark.parametrize("text", ["만두 세 판 주세요", "만두 두 판", "만두 세 판 말고 두 판"])
def test_a_count_begins_no_sooner_than_its_word(text: str, tmp_path_factory: pytest.TempPathFactory) -> None:

    goods = [{"id": "dumplings", "names": named("dumplings", "水饺", "고기만두|만두"), "price": 900}]
    shop = write_shop(tmp_path_factory.mktemp("dumplings") / "house", goods, TAGS)
    count = 3 if text.endswith("주세요") else 2
    assert understood(text, shop, "ko") == f"add: {count} dumplings"

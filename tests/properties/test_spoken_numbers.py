"""What is said is understood as it was meant: numbers, counts and amounts of money, there and back."""

from __future__ import annotations

import datetime as dt
import random
import re
from functools import cache

import pytest

from assistant.commerce.money import Money
from assistant.commerce.order import Line
from assistant.dialogue.say import Voice, voice_for
from assistant.interpreter import lexicon_of
from assistant.shops import load_shop
from assistant.turns import Act, Hypothesis
from assistant.understanding import Context, Lexicon, understand
from assistant.understanding.words.numbers import ENGINES
from models import languages

OURS = ("en", "zh", "ko")
NOW = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)
PAYS = {"en": "pay {}", "zh": "付{}", "ko": "{} 결제할게요"}


@cache
def opened(shop: str, tag: str) -> tuple[Voice, Lexicon]:
    found = load_shop(shop)
    return voice_for(tag, *found), lexicon_of(*found, [tag])


def acts(text: str, shop: str, tag: str, expects: str | None = None) -> tuple[Act, ...]:
    context = Context(now=NOW, expects=expects)
    return understand((Hypothesis(text),), opened(shop, tag)[1], context, tag).acts


@pytest.mark.parametrize("tag", OURS)
def test_every_number_is_read_as_it_is_said(tag: str) -> None:
    """0 to 9999, and some above."""
    numbers = languages.load(tag).tables["numbers"]
    words = numbers["words"]
    word = re.compile("|".join(sorted(words, key=len, reverse=True)))
    voice, engine = opened("burger-bar", tag)[0], ENGINES[numbers["system"]]
    wrong = []
    for number in (*range(10_000), *(random.Random(7).randrange(10**4, 10**6) for _ in range(2000))):
        said = voice.number(number)
        values = [words[one] for one in word.findall(said)]
        if engine(values, 0) != (number, len(values)):
            wrong.append((number, said))
    assert not wrong[:10]


@pytest.mark.parametrize("tag", OURS)
def test_so_many_are_ordered_as_are_said(tag: str) -> None:
    voice, chance = opened("burger-bar", tag)[0], random.Random(11)
    item = voice.catalogue.items["water"]
    names = {one: known[0] for one, known in item.names.items()}
    wrong = []
    for quantity in (2, 10, 12, 20, 22, 100, 101, 110, 112, *(chance.randrange(2, 1000) for _ in range(60))):
        said = voice.line(Line(id=1, item="water", quantity=quantity, names=names, unit_price=1), True)
        ordered = [(one.item, one.quantity) for act in acts(said, "burger-bar", tag) for one in act.lines]
        if ordered != [("water", quantity)]:
            wrong.append((said, ordered))
    assert not wrong


@pytest.mark.parametrize("shop", ["burger-bar", "corner-shop"])
@pytest.mark.parametrize("tag", OURS)
def test_amounts_are_heard_as_they_are_said(tag: str, shop: str) -> None:
    """At the confirmation, where a stated amount that differs is no consent."""
    voice, chance = opened(shop, tag)[0], random.Random(13)
    amounts = {
        1,
        9,
        10,
        11,
        20,
        90,
        99,
        100,
        101,
        105,
        110,
        200,
        202,
        220,
        600,
        633,
        660,
        670,
        900,
        909,
        990,
        1600,
        1632,
    }
    amounts |= {10_000, 10_001, 10_400, 11_000, 11_200, 100_000, 1_000_000}
    amounts |= {chance.randrange(1, 10 ** chance.randrange(3, 7)) for _ in range(150)}
    wrong = []
    for amount in sorted(amounts):
        said = voice.money(Money(amount, voice.shop.currency))[0]
        heard = acts(PAYS[tag].format(said), shop, tag, "confirm")
        if [(one.act, one.value) for one in heard] != [("give_amount", amount)]:
            wrong.append((amount, said, heard))
    assert not wrong[:5]


@pytest.mark.parametrize(
    ("said", "amount"),
    [
        ("付六块", 600),
        ("付十六块五", 1650),
        ("付九块九", 990),
        ("付六块三毛三", 633),
        ("付两毛五", 25),
        ("付八块零五分", 805),
        ("给你一百零四块", 10400),
    ],
)
def test_money_is_no_count_of_pieces(said: str, amount: int) -> None:
    """Six pieces may be a choice of the shop, called by the word that means its money, too."""
    assert acts(said, "burger-bar", "zh", "confirm") == (Act("give_amount", value=amount),)


@pytest.mark.parametrize(
    ("tag", "said", "expected"),
    [
        ("zh", "来六块鸡块", "add"),
        ("zh", "下午三点五分", "give_time"),
        ("zh", "三点送到", "give_time"),
        ("ko", "오후 세 시 오 분", "give_time"),
    ],
)
def test_what_is_no_money_stays_what_it_was(tag: str, said: str, expected: str) -> None:
    assert acts(said, "burger-bar", tag)[0].act == expected

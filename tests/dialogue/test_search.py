"""What comes closest: found by what is told of goods, in each language; what is refused is never in it."""

from __future__ import annotations

import pytest

from assistant.commerce.catalogue import Catalogue, Item, ItemOption, OptionChoice
from assistant.dialogue.search import Search
from assistant.turns import Sought

TAGS = {"cold": ("cold", "iced", "冰的", "시원한"), "kids": ("for kids", "适合小孩的", "아이용")}
GOODS = Catalogue(
    items={
        item.id: item
        for item in (
            Item(
                id="granita",
                names={"en": ("granita",), "zh": ("冰沙",), "ko": ("그라니타",)},
                category="sweets",
                price=500,
                descriptions={
                    "en": "Crushed ice with lemon.",
                    "zh": "柠檬碎冰，清爽解渴。",
                    "ko": "상큼한 레몬 얼음이에요.",
                },
                tags=("cold", "kids"),
            ),
            Item(
                id="nut_bar",
                names={"en": ("crunch bar",), "zh": ("脆脆棒",), "ko": ("바",)},
                category="sweets",
                price=300,
                descriptions={"en": "A crunchy bar.", "zh": "又香又脆。", "ko": "바삭해요."},
                allergens=("peanuts",),
            ),
            Item(
                id="cake",
                names={"en": ("crumb cake",)},
                category="sweets",
                price=400,
                descriptions={"en": "With crunchy crumbs."},
                options=(
                    ItemOption(
                        id="with",
                        names={},
                        choose="many",
                        choices=(
                            OptionChoice(id="almonds", names={"en": ("almonds",)}, included=True),
                            OptionChoice(id="cherries", names={"en": ("cherries",)}),
                        ),
                    ),
                ),
            ),
        )
    },
    categories={"sweets": {"en": ("sweets",)}},
    version="1",
)


def found(*words: str, without: tuple[str, ...] = (), strange: bool = True, language: str = "en") -> list[str]:
    search = Search(GOODS, (language, "en"), lambda kind, one: TAGS.get(one, ()))
    sought = Sought(words, without, (), words if strange else ())
    return [hit.item.id for hit in search.find(sought, lambda item: True)]


@pytest.mark.parametrize(
    ("language", "words", "items"),
    [
        ("en", ["crunchy"], ["nut_bar", "cake"]),
        ("en", ["crushed lemon"], ["granita"]),
        ("en", ["for kids"], ["granita"]),
        ("en", ["unheard of"], []),
        ("zh", ["清爽"], ["granita"]),
        ("zh", ["脆"], ["nut_bar"]),
        ("zh", ["适合小孩"], ["granita"]),
        ("ko", ["상큼하고"], ["granita"]),
        ("ko", ["바삭한"], ["nut_bar"]),
    ],
)
def test_goods_are_found_by_what_is_told_of_them(language: str, words: list[str], items: list[str]) -> None:
    assert found(*words, language=language) == items


def test_most_of_the_words_must_be_told() -> None:
    assert found("crunchy", "lemon", "spicy") == [], "one of three is not what was asked for"
    assert found("crunchy", "lemon") == ["nut_bar", "cake", "granita"] or len(found("crunchy", "lemon")) == 3


@pytest.mark.parametrize(
    ("without", "items"),
    [
        (("peanuts",), ["cake"]),
        (("almonds",), ["nut_bar"]),
        (("cherries",), ["nut_bar", "cake"]),
        (("crumbs",), ["nut_bar"]),
    ],
)
def test_what_is_refused_is_not_in_it(without: tuple[str, ...], items: list[str]) -> None:
    """By allergens, by what is on it unless left off, by its description; not by what may be chosen."""
    assert found("crunchy", without=without) == items


def test_a_strange_word_is_not_looked_for_in_names() -> None:
    """Else goods that aren't had would be answered with whatever has a word of their name."""
    assert found("cake") == []
    assert found("cake", strange=False) == ["cake"]


@pytest.mark.parametrize("words", ['"', "a OR b", "NEAR(x)", "*", "'; DROP TABLE goods", "", "🍋", "x" * 5000])
def test_any_words_may_be_looked_for(words: str) -> None:
    assert found(words) == [] and found("crunchy", without=(words,)) is not None

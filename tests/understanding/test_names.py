"""Names of goods as the lexicon keeps them: whole, in other forms, written as one, in parts."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.commerce.catalogue import Catalogue, Item
from assistant.understanding.words.names import Inflection, Names, normal, plain
from assistant.understanding.words.text import words_of
from models import languages

INFLECTIONS = {tag: Inflection(languages.load(tag).tables) for tag in ("en", "zh", "ko")}


def names_of(*said: str, tag: str = "en", common: frozenset[str] = frozenset()) -> Names:
    goods = {name: Item(id=name, names={tag: (name,)}, category="goods", price=1) for name in said}
    names = Names(Catalogue(items=goods, categories={"goods": {}}, version="1"), INFLECTIONS)
    names.common = common
    return names


SHOP = names_of("cheese burger", "fish burger", "apple", "apple pie", "diet cola", "Café Latte", "7 up")


@pytest.mark.parametrize(
    ("said", "goods"),
    [
        ("cheese burger", ("cheese burger",)),
        ("cheese burgers", ("cheese burger",)),
        ("cheeseburger", ("cheese burger",)),
        ("cheeseburgers", ("cheese burger",)),
        ("apples", ("apple",)),
        ("applepies", ("apple pie",)),
        ("cafe latte", ("Café Latte",)),
        ("7 up", ("7 up",)),
        ("burger", ()),
        ("cheese", ()),
        ("cheese burger pie", ()),
    ],
)
def test_goods_are_found_by_every_form_of_their_name(said: str, goods: tuple[str, ...]) -> None:
    assert SHOP.items(words_of(said)) == goods


@pytest.mark.parametrize(
    ("said", "goods"),
    [
        ("burger", ("cheese burger", "fish burger")),
        ("burgers", ("cheese burger", "fish burger")),
        ("fish", ("fish burger",)),
        ("pies", ("apple pie",)),
        ("col", ()),
        ("fish burger", ()),
        ("diet", ("diet cola",)),
    ],
)
def test_parts_of_names_are_those_of_whole_words(said: str, goods: tuple[str, ...]) -> None:
    words = words_of(said)
    assert SHOP.part(words) == goods
    assert SHOP.has_part(words) is bool(goods)


def test_common_words_are_no_parts() -> None:
    names = names_of("large pizza", "fish pizza", common=frozenset({"large"}))
    assert not names.has_part(("large",))
    assert names.part(("pizza",)) == ("large pizza", "fish pizza")


def test_one_letter_is_no_part_where_no_spaces_part_words() -> None:
    names = names_of("牛奶", "鲜牛奶", "酸奶", tag="zh")
    assert not names.has_part("奶")
    assert names.part("牛奶") == ("鲜牛奶",)
    assert names.items("牛奶") == ("牛奶",)


def test_names_may_mix_scripts() -> None:
    names = names_of("zero可乐", "可乐zero", "大 可乐", tag="zh")
    assert names.items(words_of("可乐 zero")) == ("可乐zero",)
    assert names.part(("可", "乐")) == ("zero可乐", "可乐zero", "大 可乐")


WORDS = st.sampled_from("cheese burger burgers fish apple apples pie cream box boxes".split())
KEYS = st.lists(WORDS, min_size=1, max_size=4).map(tuple)


@dataclass
class Plainly:
    """What names mean, worked out from every form of every one of them."""

    whole: dict[tuple[str, ...], list[str]] = field(default_factory=dict)
    parts: dict[tuple[str, ...], list[str]] = field(default_factory=dict)

    def add(self, name: str) -> None:
        for form in INFLECTIONS["en"].forms(words_of(name)):
            self.whole.setdefault(form, []).append(name)
            for cut in range(1, len(form)):
                for part in (form[:cut], form[cut:]):
                    self.parts.setdefault(part, []).append(name)


@given(st.lists(KEYS, min_size=1, max_size=8, unique=True), st.lists(KEYS, min_size=1, max_size=8))
def test_forms_worked_back_are_the_forms_worked_out(keys: list[tuple[str, ...]], said: list[tuple[str, ...]]) -> None:
    texts = [" ".join(key) for key in keys]
    names, plainly = names_of(*texts), Plainly()
    for text in texts:
        plainly.add(text)
    joined = [(*one[:-1], one[-1] + other[0], *other[1:]) for one, other in pairwise(said)]
    for key in (*said, *joined, *plainly.whole, *plainly.parts):
        assert list(names.items(key)) == [one for one in texts if one in plainly.whole.get(key, ())]
        assert list(names.part(key)) == [one for one in texts if one in plainly.parts.get(key, ())]


@given(st.text("abc 한국牛奶é7-'", max_size=12))
def test_the_normal_form_of_a_name_has_its_words(name: str) -> None:
    text, key = normal(name)
    assert tuple(key) == words_of(name)
    assert text == plain(words_of(name))

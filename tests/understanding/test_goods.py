"""Goods as people name them: counted anew, by a short name, by their kind, in parts, in counts that aren't whole."""

from __future__ import annotations

import pytest

from assistant.turns import LineSaid, OptionSaid
from tests.understanding.support import act_text, meaning_of, understood

MEAL = LineSaid("chicken_burger_meal", 1, (OptionSaid("side", "fries"), OptionSaid("drink", "coke")))


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "make that 4 umbrellas", "change: 4 umbrella"),
        ("en", "no, just two umbrellas", "change: 2 umbrella"),
        ("zh", "不对，雨伞只要两把", "change: 2 umbrella"),
        ("ko", "아니 우산 두 개만요", "change: 2 umbrella"),
        ("en", "two umbrellas", "add: 2 umbrella"),
        ("en", "no, two more umbrellas", "add: 2 umbrella"),
        ("en", "make that an umbrella", "change: 1 umbrella <- it"),
    ],
)
def test_goods_that_are_there_are_counted_anew(language: str, text: str, expected: str) -> None:
    basket = (LineSaid("umbrella", 1), LineSaid("bread", 1))
    assert understood(text, "corner-shop", language, basket=basket, last="bread") == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "two milkshakes, one vanilla one strawberry", "add: 1 milkshake vanilla, 1 milkshake strawberry"),
        ("zh", "两杯奶昔，一杯香草一杯草莓", "add: 1 milkshake vanilla, 1 milkshake strawberry"),
        ("ko", "밀크셰이크 두 잔, 하나는 바닐라 하나는 딸기", "add: 1 milkshake vanilla, 1 milkshake strawberry"),
        ("en", "a margherita and two pepperonis", "add: 1 margherita, 2 pepperoni_pizza"),
        ("en", "a margherita with mushrooms and a pepperoni", "add: 1 margherita mushroom, 1 pepperoni_pizza"),
        ("en", "a margherita with pepperoni", "add: 1 margherita pepperoni"),
        ("zh", "一个夏威夷和一个意式香肠", "add: 1 hawaiian_pizza, 1 pepperoni_pizza"),
        ("ko", "마르게리타 하나랑 페퍼로니 하나 주세요", "add: 1 margherita, 1 pepperoni_pizza"),
        ("ko", "베이컨버거 하나 베이컨 빼고 주세요", "add: 1 bacon_burger bacon:no"),
        ("en", "a large fries and four scones", "add: 1 fries large"),
        ("zh", "来份薯条，再来两只烤鸭", "add: fries"),
        ("ko", "감자튀김이랑 오징어튀김 세 개 주세요", "add: fries"),
    ],
)
def test_every_count_has_its_own_goods(language: str, text: str, expected: str) -> None:
    assert understood(text, language=language) == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "1.5 sprites", ["add: 1 sprite", "add: 2 sprite"]),
        ("en", "two and a half sprites", ["add: 2 sprite", "add: 3 sprite"]),
        ("zh", "一杯半雪碧", ["add: 1 sprite", "add: 2 sprite"]),
        ("ko", "사이다 한 잔 반 주세요", ["add: 1 sprite", "add: 2 sprite"]),
        ("en", "half a sprite", ["add: 1 sprite"]),
    ],
)
def test_a_count_that_is_not_whole_is_asked_about(language: str, text: str, expected: list[str]) -> None:
    meaning = meaning_of(text, language=language)
    assert not meaning.acts
    assert [act_text(one) for doubt in meaning.ask for one in doubt.candidates] == expected


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "a burger combo with orange juice"),
        ("zh", "来个汉堡套餐吧，饮料换成橙汁"),
        ("ko", "햄버거 세트 하나, 음료는 오렌지 주스로"),
    ],
)
def test_the_last_word_says_what_it_is(language: str, text: str) -> None:
    meaning = meaning_of(text, language=language)
    assert not meaning.acts
    said = [act_text(one) for doubt in meaning.ask for one in doubt.candidates]
    assert len(said) >= 3
    assert all("_meal orange_juice" in one for one in said)


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "and another one but with a sprite", "add: 1 it sprite"),
        ("en", "another coke", "add: 1 coke"),
        ("en", "take off the second one", "remove: it @2"),
        ("en", "remove the first one", "remove: it @1"),
        ("zh", "第二个不要了", "remove: it @2"),
        ("ko", "두 번째 거 빼 주세요", "remove: it @2"),
    ],
)
def test_of_the_basket_though_other_goods_were_listed(language: str, text: str, expected: str) -> None:
    context = {"basket": (MEAL, MEAL), "last": "chicken_burger_meal", "listed": ("kids_meal", "veggie_burger_meal")}
    assert understood(text, language=language, **context) == expected


def test_halves_are_those_of_the_pizza_in_the_basket() -> None:
    context = {"basket": ("coke", "garden_pizza"), "last": "garden_pizza"}
    assert understood("half mushrooms half olives", **context) == "change: it mushroom/left olive/right"


@pytest.mark.parametrize(("text", "language"), [("4 rooms", "en"), ("四间房", "zh"), ("방 네 개요", "ko")])
def test_rooms_are_of_the_kind_that_is_booked(text: str, language: str) -> None:
    said = understood(text, "lake-hotel", language, basket=("lake_twin",), last="lake_twin")
    assert said in ("change: 4 lake_twin", "change: 4 it")


@pytest.mark.parametrize(
    ("text", "language"), [("what drinks do you have", "en"), ("有什么饮料", "zh"), ("음료 뭐 있어요", "ko")]
)
def test_a_kind_is_known_by_each_of_its_words(text: str, language: str) -> None:
    assert understood(text, "corner-shop", language) == "ask_menu: #snacks"


def test_a_counted_picture_is_named_and_any_other_says_nothing() -> None:
    assert meaning_of("two sprites and 4 🍩").leftover == ("🍩",)
    assert meaning_of("two sprites 🙏").leftover == ()
    assert understood("two sprites 🙏") == "add: 2 sprite"


@pytest.mark.parametrize(("text", "left"), [("巨无霸", "巨无霸"), ("两个巨无霸", "巨无霸"), ("北京烤鸭", "北京烤鸭")])
def test_unknown_goods_are_named_whole(text: str, left: str) -> None:
    meaning = meaning_of(text, language="zh")
    assert meaning.leftover == (left,)
    assert [(act.act, act.value) for act in meaning.acts] == [("none", "goods")]


@pytest.mark.parametrize("text", ["a slice of bacon please", "at a slice of bacon"])
def test_a_slice_of_what_goods_are_called_after_is_asked_about(text: str) -> None:
    meaning = meaning_of(text)
    assert not meaning.acts
    assert [line.item for act in meaning.ask[0].candidates for line in act.lines] == ["bacon_burger"]

"""What was said beside an order is done, asked or said back: nothing of it is lost, and nothing is counted twice."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from assistant.turns import LineSaid, OptionSaid
from tests.understanding.support import acts_text, good, meaning_of, pick, table, understood, write_shop

COUNTS = """
cheeseburger x2, fries x1, coke x3 => add: 2 cheeseburger, 1 fries, 3 coke
3x sprite, 1x brownie => add: 3 sprite, 1 brownie
a latte with oat milk and two sugars => add: 1 latte oat_milk
two lattes and another one the same => add: 2 latte, 1 latte
芝士汉堡x2，可乐x3 => add: 2 cheeseburger, 3 coke
可乐来两杯，薯条一份，哦对了再来个苹果派 => add: 2 coke, 1 fries, apple_pie
一杯拿铁加大，同样的再来一杯 => add: 1 latte large, 1 latte large
两杯拿铁，一杯热的一杯冰的 => add: 1 latte hot, 1 latte iced
라떼 두 잔 하나는 뜨겁게 하나는 차갑게 => add: 1 latte hot, 1 latte iced
햄버거 하나 치즈버거 하나 둘 다 라지로 => add: 1 hamburger large, 1 cheeseburger large
치킨버거에 베이컨 추가하고 피클 추가해 주세요 => add: chicken_burger bacon pickles
콜라 하나, 아 잠깐만요, 스프라이트로 할게요 => add: 1 sprite
버거 하나 주세요 => -
"""


@pytest.mark.parametrize(("text", "acts"), table(COUNTS))
def test_a_count_goes_to_what_it_counts(text: str, acts: str) -> None:
    assert understood(text) == acts


LEFT = """
en | a latte with oat milk and two sugars | two sugars
en | brownie, coke and some stuff for the flumph | stuff, flumph
ko | 치즈버거 하나랑 만두 두 개 | 만두
ko | 콜라 하나랑 뿌링뿌링 빠바바 | 뿌링뿌링 빠바바
en | a latte and ein frikandel speciaal | ein frikandel speciaal
"""


@pytest.mark.parametrize("row", LEFT.strip().splitlines())
def test_words_that_nothing_can_be_done_with_are_said_back_beside_the_order(row: str) -> None:
    language, text, left = row.split(" | ")
    meaning = meaning_of(text, language=language)
    assert [act.act for act in meaning.acts] == ["add"]
    assert ", ".join(meaning.leftover) == left


@pytest.mark.parametrize("text", ["my dog ate my homework, and a coke", "ein brownie bitte and a coke"])
def test_goods_known_for_sure_amid_strange_words_are_asked_about(text: str) -> None:
    meaning = meaning_of(text, language="en")
    assert not meaning.acts
    assert [act.lines[0].item for doubt in meaning.ask for act in doubt.candidates] == ["coke"]


TWO = (LineSaid("hamburger", 2), LineSaid("chicken_burger", 1))

EDITS = """
en | add cheese to all of them => change: it cheese @all
zh | 两个都加芝士 => change: it cheese @all
zh | 少一个汉堡 => ask
zh | 再来一个大的 => add: 1 it large
en | add one large => add: 1 it large
ko | 둘 다 치즈 추가 => change: it cheese @all
"""


@pytest.mark.parametrize(("text", "acts"), table(EDITS))
def test_all_one_more_and_one_fewer(text: str, acts: str) -> None:
    language, _, text = text.partition(" | ")
    context: dict[str, Any] = {"basket": TWO, "last": "chicken_burger", "language": language}
    meaning = meaning_of(text, **context)
    if acts == "ask":
        assert {act.act for doubt in meaning.ask for act in doubt.candidates} == {"remove"}
    else:
        assert understood(text, **context) == acts


def test_an_amount_that_cannot_be_had_is_said_back(tmp_path: Path) -> None:
    ice = pick("ice", "normal, less, none, hot", default="normal", required=True)
    sugar = pick("sugar", "full, half, none", default="full", required=True)
    shop = write_shop(tmp_path, [good("lemon tea", ice, sugar), good("oolong", ice, sugar)])
    meaning = meaning_of("a lemon tea with extra ice", shop=shop, language="en")
    assert [one.choice for one in meaning.acts[0].lines[0].options] == []
    assert meaning.leftover == ("with extra ice",)
    assert understood("an oolong, less ice, half sugar", shop=shop, language="en") == "add: 1 oolong less half"


def test_a_name_and_a_phone_are_known_though_nobody_asked() -> None:
    assert understood("张三 13800138000") == "give_contact: {'name': '张三', 'phone': '13800138000'}"
    assert understood("来三张披萨 13800138000").startswith("give_contact") is False


POINTED = """
en | that one please => confirm
en | I'll take that => confirm
zh | 要这个 => confirm
ko | 그걸로 주세요 => confirm
en | that one and a coke => add: 1 coke
"""


@pytest.mark.parametrize(("text", "acts"), table(POINTED))
def test_what_alone_was_offered_can_be_pointed_at(text: str, acts: str) -> None:
    language, _, text = text.partition(" | ")
    assert understood(text, language=language, expects="choose", pointing=True) == acts


def asked(text: str, **context: Any) -> list[str]:
    """What a doubt offers: the goods that come and, for a change, those that give way or the line that is meant."""
    meaning = meaning_of(text, **context)
    assert not meaning.acts
    acts = [act for doubt in meaning.ask for act in doubt.candidates]
    return [f"{act.lines[0].item or act.lines[0].which}{'<' if act.instead_of else ''}" for act in acts]


def test_which_of_several_lines_is_meant_is_asked() -> None:
    burgers = (LineSaid("hamburger", 1), LineSaid("cheeseburger", 1), LineSaid("coke", 1))
    assert asked("换成鸡肉汉堡", basket=burgers, last="coke") == ["chicken_burger<", "chicken_burger<"]
    assert asked("치킨버거로 바꿔 주세요", basket=burgers, last="coke") == ["chicken_burger<", "chicken_burger<"]
    coke = LineSaid("coke", 1)
    assert set(asked("make that a fish burger", basket=(*TWO, coke), last="coke")) == {"fish_burger<"}
    assert "cheeseburger_meal<" in asked("make that a meal", basket=burgers[:1], last="hamburger")
    assert asked("make one of them large", basket=burgers, last="coke", language="en") == ["1", "2", "3"]


def test_one_of_them_is_said_of_the_line_that_has_several() -> None:
    basket = (LineSaid("hamburger", 2), LineSaid("coke", 1))
    (act,) = meaning_of("make one of them large", basket=basket, last="coke", language="en").acts
    assert (act.lines[0].which, act.lines[0].of) == (1, 1)


@pytest.mark.parametrize(
    ("text", "acts"),
    [
        ("make that chicken one two please", "change: 2 chicken_burger"),
        ("make that a coke", "change: 1 coke <- it"),
    ],
)
def test_what_is_pointed_at_by_its_name_takes_no_others_place(text: str, acts: str) -> None:
    assert understood(text, basket=("chicken_burger",), last="chicken_burger", language="en") == acts


def test_halves_of_what_comes_whole_are_asked_about(tmp_path: Path) -> None:
    shop = write_shop(tmp_path, [good("양념치킨|양념", tag="ko"), good("후라이드", tag="ko")], ["ko"])
    assert asked("양념 반 후라이드 반", shop=shop) == ["양념치킨", "후라이드"]


def test_a_kind_behind_goods_is_one_of_that_kind_with_their_name() -> None:
    assert asked("a double cheeseburger meal", language="en") == ["double_cheeseburger", "cheeseburger_meal"]


def test_an_address_begins_where_its_word_does() -> None:
    text = "햄버거 하나 가든로 12번지로 배달해 주세요"
    assert understood(text) == "add: 1 hamburger + choose_fulfilment: delivery + give_address: 가든로 12번지"


@pytest.mark.parametrize(
    ("text", "acts", "left"),
    [
        ("with sweet chili sauce", "change: it chilli_sauce", "sweet"),
        ("加甜番茄酱", "change: it ketchup", "甜"),
        ("달콤한 케첩 추가", "change: it ketchup", "달콤한"),
        ("with spicy mayo", "change: it mayo", "spicy"),
        ("a spicy hamburger", "add: 1 hamburger", "spicy"),
    ],
)
def test_an_attribute_that_is_not_had_so_is_said_back_as_it_was_said(text: str, acts: str, left: str) -> None:
    meaning = meaning_of(text, basket=("hamburger",), last="hamburger", line=1)
    assert (acts_text(meaning.acts), meaning.leftover) == (acts, (left,))


@pytest.mark.parametrize("text", ["a double cheeseburger meal with onion rings", "双层芝士汉堡套餐，薯条换洋葱圈"])
def test_a_meal_that_is_only_nearly_called_so_is_asked_about_though_its_parts_fit(text: str) -> None:
    meaning = meaning_of(text)
    assert not meaning.acts
    assert [line.item for act in meaning.ask[0].candidates for line in act.lines] == ["cheeseburger_meal"]


@pytest.mark.parametrize("text", ["no cream on the chocolate one", "초코는 크림 빼 주세요", "巧克力那杯不要奶油"])
def test_what_is_to_be_left_off_and_is_not_known_takes_no_line_off(text: str) -> None:
    shakes = tuple(LineSaid("milkshake", 1, (OptionSaid("flavour", flavour),)) for flavour in ("chocolate", "vanilla"))
    meaning = meaning_of(text, basket=shakes, last="milkshake", line=2)
    assert not meaning.acts
    assert meaning.leftover

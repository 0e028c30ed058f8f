"""What is said of goods that are there makes no more of them, and no fewer, than was meant."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from assistant.turns import LineSaid, OptionSaid
from tests.understanding.support import acts_text, good, meaning_of, pick, table, understood, write_shop

ALLERGENS = """
so drop what has dairy => remove: milk
take off the ones with milk => remove: milk
remove everything that contains gluten => remove: bread, oat_milk
take off everything with nuts in it => ask_item: milk oat_milk bread {'contains': ['nuts']}
那就含奶的都不要 => remove: milk
牛奶过敏,含奶的都去掉 => ask_item: {'allergic': ['milk']} + remove: milk
유제품 들어간 건 다 빼 주세요 => remove: milk
"""


@pytest.mark.parametrize(("text", "acts"), table(ALLERGENS))
def test_what_is_listed_with_it_goes_and_nothing_else(text: str, acts: str) -> None:
    basket = (LineSaid("milk", 1), LineSaid("oat_milk", 1), LineSaid("bread", 1))
    assert _read(text, basket, "corner-shop") == acts


TWO = """
cheeseburger yes, coke no => remove: coke
yes to the burger, no to the coke => remove: coke
汉堡要,可乐不要 => remove: coke
치즈버거는 네, 콜라는 아니요 => remove: coke
汉堡可乐各少一份 => remove: 1 cheeseburger, 1 coke
one less of each => remove: 1 cheeseburger, 1 coke
one of the burgers is mine, the other is for my son, he doesn't want onions => change: cheeseburger onion:no
一个汉堡是我的,另一个给我儿子,他不要洋葱 => change: cheeseburger onion:no
double everything => change: 4 it @1, 4 it @2
전부 두 배로 해 주세요 => change: 4 it @1, 4 it @2
可以不要洋葱吗 => change: it onion:no
"""


@pytest.mark.parametrize(("text", "acts"), table(TWO))
def test_what_is_said_of_two_kinds_of_goods(text: str, acts: str) -> None:
    assert _read(text, (LineSaid("cheeseburger", 2), LineSaid("coke", 2))) == acts


LINES = """
不要洋葱的都去掉 => remove: it @2
take off the ones without onions => remove: it @2
양파 뺀 건 다 빼 주세요 => remove: it @2
"""


@pytest.mark.parametrize(("text", "acts"), table(LINES))
def test_lines_that_are_so_go(text: str, acts: str) -> None:
    without = LineSaid("cheeseburger", 2, (OptionSaid("extras", "onion", "no"),))
    assert _read(text, (LineSaid("cheeseburger", 3), without)) == acts


SIZES = """
make the large one two => change: 2 it @1
大杯的要两杯 => change: 2 it @1
큰 거는 두 잔으로요 => change: 2 it @1
再来两杯大杯的 => add: 2 it large
"""


@pytest.mark.parametrize(("text", "acts"), table(SIZES))
def test_the_one_that_is_so_is_counted(text: str, acts: str) -> None:
    large, small = (LineSaid("coke", 1, (OptionSaid("size", size),)) for size in ("large", "small"))
    assert _read(text, (large, small)) == acts


ORDERS = """
a cheeseburger and a coke for me, and the same for my wife => add: 1 cheeseburger, 1 coke, 1 cheeseburger, 1 coke
我要一个芝士汉堡和一杯可乐,我老婆也一样 => add: 1 cheeseburger, 1 coke, 1 cheeseburger, 1 coke
치즈버거 하나랑 콜라 하나, 남편도 같은 걸로요 => add: 1 cheeseburger, 1 coke, 1 cheeseburger, 1 coke
fries, no not that one, the onion rings => add: onion_rings
再来三杯可乐,一杯去冰 => add: 2 coke, 1 coke no_ice
三杯可乐,再来一杯去冰的 => add: 3 coke, 1 coke no_ice
"""


@pytest.mark.parametrize(("text", "acts"), table(ORDERS))
def test_what_is_ordered_in_one_breath(text: str, acts: str) -> None:
    assert _read(text, ()) == acts


RESTATED = """
치즈버거는 두 개요 => change: 2 cheeseburger => change: 2 cheeseburger
네 치즈버거 두 개요 => change: 2 cheeseburger => add: 2 cheeseburger
치즈버거는 두 개 더요 => add: 2 cheeseburger => add: 2 cheeseburger
要两个芝士汉堡 => change: 2 cheeseburger => add: 2 cheeseburger
再来两个芝士汉堡 => add: 2 cheeseburger => add: 2 cheeseburger
"""


@pytest.mark.parametrize("row", RESTATED.strip().splitlines())
def test_goods_that_are_there_are_counted_where_they_are_read_back(row: str) -> None:
    text, read_back, before = row.split(" => ")
    basket = (LineSaid("cheeseburger", 1), LineSaid("coke", 1))
    assert _read(text, basket, expects="confirm") == read_back
    assert _read(text, basket, expects="basket") == before


ROOMS = """
the second one a day longer => nights 3, of 1
the second room only one night => nights 1, of 1
one of them only one night => nights 1, of 1
其中一间住三晚 => nights 3, of 1
하나는 3박으로요 => nights 3, of 1
three nights please => nights 3, of None
"""


@pytest.mark.parametrize(("text", "meant"), table(ROOMS))
def test_nights_of_one_of_two_rooms(text: str, meant: str) -> None:
    meaning = meaning_of(
        text,
        "lake-hotel",
        _language(text),
        basket=(LineSaid("lake_king", 2),),
        booking=True,
        dated=True,
        nights=2,
        arrival=dt.date(2026, 12, 10),
    )
    (act,) = meaning.acts
    assert f"nights {act.value['nights']}, of {act.lines[0].of if act.lines else None}" == meant


def test_the_room_whose_nights_are_said_is_told_or_nothing_is_done() -> None:
    basket = (LineSaid("lake_king", 1), LineSaid("garden_twin", 1))
    meaning = meaning_of("one of them only one night", "lake-hotel", basket=basket, booking=True, dated=True, nights=2)
    assert (acts_text(meaning.acts), meaning.leftover) == ("-", ("one of them only one night",))


def _read(text: str, basket: tuple[LineSaid, ...], shop: str = "burger-bar", expects: str | None = None) -> str:
    last = basket[-1].item if basket else None
    language = _language(text)
    return understood(text, shop=shop, language=language, basket=basket, last=last, line=len(basket), expects=expects)


def _language(text: str) -> str:
    if any("가" <= letter <= "힣" for letter in text):
        return "ko"
    return "zh" if any("一" <= letter <= "鿿" for letter in text) else "en"


PEOPLE = """
en: book a table for two people at 7 => ask_item: unlisted + give_time: 19:00
en: I want a table for 4 => ask_item: unlisted
en: make it for 4 people => -
en: no, it's for 3 people => deny
en: how about in the evening 6 => give_time: 18:00
zh: 我要订位，两位 => -
zh: 订一张四个人的桌子 => ask_item: unlisted
ko: 네 명 자리 예약해 주세요 => ask_item: unlisted
ko: 두 명이요 => -
"""


@pytest.mark.parametrize(("text", "acts"), table(PEOPLE))
def test_people_and_hours_are_no_goods_of_the_basket(text: str, acts: str) -> None:
    language, _, said = text.partition(": ")
    assert understood(said, "burger-bar", language, basket=(LineSaid("cheeseburger", 1),), last="cheeseburger") == acts


def test_more_of_what_there_is_one_portion_of_is_said_back(tmp_path: Path) -> None:
    shop = write_shop(tmp_path / "bowls", [good("bowl", pick("protein", "steak, chicken"))])
    meaning = meaning_of("a steak bowl with extra steak", shop)
    assert acts_text(meaning.acts) == "add: 1 bowl steak"
    assert meaning.leftover == ("with extra steak",)

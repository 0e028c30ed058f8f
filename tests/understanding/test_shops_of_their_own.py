"""What people say in Chinese in shops whose merchants wrote one name each: which of what was told apart, so many more
of a line, parts of names of choices, wishes by their kind alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.turns import LineSaid, OptionSaid
from tests.understanding.support import good, meaning_of, pick, table, understood, write_shop

SIZES, SPICE = "小碗, 大碗", "不辣, 微辣, 特辣"
EXTRAS = "香菜, 葱花, 煎蛋, 卤蛋, 牛肉"


@pytest.fixture(scope="module")
def noodles(tmp_path_factory: pytest.TempPathFactory) -> str:
    def options(*more: object) -> tuple[object, ...]:
        return (pick("大小", SIZES, tag="zh", default="小碗"), pick("辣度", SPICE, tag="zh", default="微辣"), *more)

    extras = pick("加料", EXTRAS, many=True, tag="zh")
    goods = [
        good("牛肉面", *options(extras), tag="zh", category="noodles"),
        good("鲜肉馄饨", *options(extras), tag="zh", category="noodles"),
        good("拍黄瓜", tag="zh", category="cold"),
        good("可乐", tag="zh", category="drinks"),
        good(
            "牛肉面套餐",
            pick("辣度", SPICE, tag="zh", default="微辣"),
            pick("凉菜", "拍黄瓜, 老醋花生", tag="zh", required=True),
            pick("饮料", "可乐, 豆浆", tag="zh", required=True),
            tag="zh",
            category="sets",
        ),
    ]
    folder: Path = tmp_path_factory.mktemp("shops") / "noodles"
    shop = write_shop(folder, goods, ("zh",))
    rules = (folder / "shop.toml").read_text() + '[categories]\ncold = {zh = ["凉菜"]}\ndrinks = {zh = ["饮料"]}\n'
    (folder / "shop.toml").write_text(rules)
    return shop


APART = """
来一碗大碗牛肉面，再来两碗小碗的其中一碗特辣 => add: 1 牛肉面 大碗, 1 牛肉面 小碗, 1 牛肉面 小碗 特辣
一碗大碗牛肉面再来两碗小碗的，一碗不辣一碗特辣 => add: 1 牛肉面 大碗, 1 牛肉面 小碗 不辣, 1 牛肉面 小碗 特辣
三碗牛肉面，一碗大的两碗小的，大的不要香菜 => add: 1 牛肉面 大碗 香菜:no, 2 牛肉面 小碗
三碗牛肉面，一碗大的两碗小的，小的都要微辣，大的特辣 => add: 1 牛肉面 大碗 特辣, 2 牛肉面 小碗 微辣
一碗大碗牛肉面，两碗小碗牛肉面，大的那碗不要香菜 => add: 1 牛肉面 大碗 香菜:no, 2 牛肉面 小碗
两碗牛肉面一碗馄饨，牛肉面一碗不辣一碗特辣 => add: 1 牛肉面 不辣, 1 牛肉面 特辣, 1 鲜肉馄饨
两碗牛肉面一碗馄饨，馄饨不放葱 => add: 2 牛肉面, 1 鲜肉馄饨 葱花:no
牛肉面套餐一份，凉菜要拍黄瓜，饮料要可乐，特辣 => add: 1 牛肉面套餐 拍黄瓜 可乐 特辣
"""


@pytest.mark.parametrize(("text", "acts"), table(APART))
def test_of_which_of_them_it_is_said(text: str, acts: str, noodles: str) -> None:
    said = meaning_of(text, noodles, "zh")
    assert (understood(text, noodles, "zh"), said.ask, said.leftover) == (acts, (), ())


LINES = """
大的再来一碗 => add: 1 it @1
大碗多来两碗 => add: 2 it @1
小的去掉一碗 => remove: 1 it @2
小的少一碗 => remove: 1 it @2
小的减到一碗 => change: 1 it @2
第一个再来一碗 => add: 1 it @1
第二个去掉一碗 => remove: 1 it @2
小的不辣，大的特辣 => change: it 不辣 @2, it 特辣 @1
哦不对，可乐两份 => change: 2 可乐
"""


@pytest.mark.parametrize(("text", "acts"), table(LINES))
def test_more_or_less_of_one_line(text: str, acts: str, noodles: str) -> None:
    large, small = (LineSaid("牛肉面", 2, (OptionSaid("大小", size),)) for size in ("大碗", "小碗"))
    assert understood(text, noodles, "zh", basket=(large, small, "可乐"), last="牛肉面", line=2) == acts


PARTS = """
一碗牛肉面不要葱 => add: 1 牛肉面 葱花:no
一碗牛肉面加肉 => add: 1 牛肉面 牛肉
来个蛋糕 => -
一碗牛肉面不要葱姜蒜 => add: 1 牛肉面
"""


@pytest.mark.parametrize(("text", "acts"), table(PARTS))
def test_choices_by_a_part_of_their_names(text: str, acts: str, noodles: str) -> None:
    assert understood(text, noodles, "zh") == acts


def test_a_part_of_several_is_asked_about(noodles: str) -> None:
    there = LineSaid("牛肉面", 1, (OptionSaid("大小", "小碗"),))
    (doubt,) = meaning_of("加个蛋", noodles, "zh", basket=(there,), last="牛肉面").ask
    assert [one.lines[0].options[0].choice for one in doubt.candidates] == ["煎蛋", "卤蛋"]


def test_what_is_put_on_has_a_price_of_its_own(noodles: str) -> None:
    (act,) = meaning_of("加煎蛋多少钱", noodles, "zh", basket=("牛肉面",), last="牛肉面").acts
    assert (act.act, act.value, act.lines[0].options[0].choice) == ("ask_price", "added", "煎蛋")


DETAILS = """
自取 我姓陈 现金 => give_contact: {'name': '陈'} + choose_method: cash
打包 自取 现金 李娜 => choose_method: cash + give_contact: {'name': '李娜'}
"""


@pytest.mark.parametrize(("text", "acts"), table(DETAILS))
def test_names_beside_other_details(text: str, acts: str, noodles: str) -> None:
    assert understood(text, noodles, "zh", basket=("牛肉面",), expects="basket") == acts


@pytest.fixture(scope="module")
def rooms(tmp_path_factory: pytest.TempPathFactory) -> str:
    breakfast = pick("早餐", "不含早餐, 一份早餐, 两份早餐", tag="zh", default="不含早餐")
    for one in breakfast["choices"][1:]:
        one["price"] = 3000
    extras = pick("附加", "停车位, 加床, 接站", many=True, tag="zh")
    room = {**good("双床房", breakfast, extras, tag="zh", category="rooms"), "sleeps": {"adults": 2, "children": 1}}
    shop = write_shop(folder := tmp_path_factory.mktemp("shops") / "rooms", [room], ("zh",))
    rules = (folder / "shop.toml").read_text().replace('"takeaway"', '"hotel"')
    (folder / "shop.toml").write_text(rules.partition("[fulfilment")[0] + "[payment]" + rules.partition("[payment]")[2])
    return shop


WISHED = """
要加床 => change: it 加床
加一张床 => change: it 加床
能加床吗 => ask_item: facility
要停车 => change: it 停车位
接站要钱吗 => ask_price: 双床房 接站 added
"""


@pytest.mark.parametrize(("text", "acts"), table(WISHED))
def test_what_may_come_with_a_room(text: str, acts: str, rooms: str) -> None:
    there = LineSaid("双床房", 1, (OptionSaid("早餐", "不含早餐"),))
    assert understood(text, rooms, "zh", booking=True, basket=(there,), last="双床房") == acts


def test_breakfast_by_its_kind_alone_is_asked_about(rooms: str) -> None:
    there = LineSaid("双床房", 1, (OptionSaid("早餐", "不含早餐"),))
    (doubt,) = meaning_of("要早餐", rooms, "zh", booking=True, basket=(there,), last="双床房").ask
    assert [one.lines[0].options[0].choice for one in doubt.candidates] == ["一份早餐", "两份早餐"]
    new = meaning_of("一间双床房要早餐", rooms, "zh", booking=True)
    assert ([one.act for one in new.acts], len(new.ask)) == (["add"], 1)

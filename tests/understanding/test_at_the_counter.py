"""What people say at a counter, most of it in Chinese: what stays and what goes, fewer of it, offers, questions that
order nothing, second choices, lines named by what they have, numbers that count nothing."""

from __future__ import annotations

import pytest

from assistant.turns import LineSaid, OptionSaid
from tests.understanding.support import acts_text, meaning_of, table, understood

THREE = (LineSaid("fries"), LineSaid("nuggets"), LineSaid("coke"))

STAY = """
都不要了，薯条留着 => remove: nuggets @all, coke @all
都不要了，除了薯条 => remove: nuggets @all, coke @all
其他的都去掉，薯条留下 => remove: nuggets @all, coke @all
可乐留着，其他的不要了 => remove: fries @all, nuggets @all
其他的不要，就要薯条 => remove: nuggets @all, coke @all
只留薯条 => remove: nuggets @all, coke @all
只保留薯条和可乐 => remove: nuggets @all
除了薯条都不要了 => remove: nuggets @all, coke @all
薯条不要了，可乐留着 => remove: fries
"""


@pytest.mark.parametrize(("text", "acts"), table(STAY))
def test_goods_that_stay_and_the_others_go(text: str, acts: str) -> None:
    assert understood(text, language="zh", basket=THREE, last="coke") == acts


FEWER = """
薯条一份就行 => change: 1 fries
薯条就一份 => change: 1 fries
薯条只要一份 => change: 1 fries
薯条有点多了，一份就行 => change: 1 fries
薯条少拿一份 => remove: 1 fries
少拿一份薯条 => remove: 1 fries
少一份 => remove: 1 fries
"""


@pytest.mark.parametrize(("text", "acts"), table(FEWER))
def test_fewer_of_what_is_there(text: str, acts: str) -> None:
    assert understood(text, language="zh", basket=(LineSaid("fries", 3),), last="fries", line=1) == acts


def test_fewer_of_one_of_two_lines() -> None:
    sizes = [LineSaid("fries", n, (OptionSaid("size", size),)) for n, size in ((2, "large"), (1, "small"))]
    assert understood("薯条就要一份大的", language="zh", basket=tuple(sizes)) == "change: 1 fries @1"


ASKED = """
买三送一是怎么送的 => ask_item: promotions
买2送1 => ask_item: promotions
送一个是吧 => ask_item: promotions
能不能送我一杯可乐 => ask_item: promotions
送番茄酱吗 => ask_item: promotions
送什么饮料 => ask_item: promotions
浦东送吗 => ask_item: delivery
送到公司吧 => choose_fulfilment: delivery
外卖，送两杯可乐 => choose_fulfilment: delivery + add: 2 coke
里面有鸡蛋吗 => ask_item: cheeseburger {'contains': ['egg']}
里面加了蛋没有 => ask_item: cheeseburger {'contains': ['egg']}
鸡腿堡和香辣鸡腿堡有啥区别 => ask_item: chicken_burger spicy_chicken_burger
鸡腿堡好吃还是鱼堡好吃 => recommend: chicken_burger fish_burger
鸡腿堡套餐比单点便宜多少 => ask_price: chicken_burger_meal
太贵了，还是自取 => choose_fulfilment: pickup
布朗尼多少卡 => ask_item: brownie unlisted
你们家有啥好吃的 => ask_menu
招牌是什么 => recommend
算了全取消 => cancel
打完折多少钱 => ask_price: total
一个鱼堡一个素的 => add: 1 fish_burger + ask_menu: {'tags': ['vegetarian']}
"""


@pytest.mark.parametrize(("text", "acts"), table(ASKED))
def test_questions_that_order_nothing(text: str, acts: str) -> None:
    assert understood(text, language="zh", basket=("cheeseburger",), last="cheeseburger") == acts


ELSEWHERE = """
我乳糖不耐受，饼干能吃吗 => ask_item: {'allergic': ['milk']} + ask_item: cookies {'contains': ['milk']}
牛奶不要了，面包留着 => remove: milk
面包没有的话来包贝果 => add: bread
要是没有贝果就来可颂 => add: bagels
没有就全脂的吧 => -
没有就算了 => deny
来两包电池，七号的 => add: 2 batteries
牛奶两盒鸡蛋一打 => add: 2 milk, 1 eggs
"""


@pytest.mark.parametrize(("text", "acts"), table(ELSEWHERE))
def test_second_choices_and_numbers_in_names(text: str, acts: str) -> None:
    assert understood(text, shop="corner-shop", language="zh", basket=("milk", "bread"), last="milk") == acts


WITH = """
en | make the one with bacon large => change: it large @2
en | the one without bacon no onions => change: it onion:no @1
en | remove the one without bacon => remove: it @1
zh | 那个加培根的改成大份吧 => change: it large @2
zh | 没加培根的那个不要洋葱 => change: it onion:no @1
zh | 没加培根的那个不要了 => remove: it @1
ko | 베이컨 안 넣은 건 양파 빼 주세요 => change: it onion:no @1
ko | 베이컨 들어간 거 라지로 해 주세요 => change: it large @2
"""


@pytest.mark.parametrize(("text", "acts"), table(WITH))
def test_a_line_is_named_by_what_it_has_or_has_not(text: str, acts: str) -> None:
    language, _, text = text.partition(" | ")
    lines = (LineSaid("hamburger", 1), LineSaid("hamburger", 1, (OptionSaid("extras", "bacon", "normal"),)))
    assert understood(text, language=language, basket=lines, last="hamburger", line=2) == acts


ONE_BY_ONE = """
en | two hamburgers, the first without onions, the second without pickles => add: 1 hamburger onion:no, 1 hamburger pickles:no
zh | 两个牛肉汉堡，第一个不要洋葱，第二个不要酸黄瓜 => add: 1 hamburger onion:no, 1 hamburger pickles:no
zh | 三个牛肉汉堡，第一个加培根，第二个大份 => add: 1 hamburger, 1 hamburger bacon, 1 hamburger large
ko | 햄버거 두 개, 첫 번째는 양파 빼고 두 번째는 피클 빼 주세요 => add: 1 hamburger onion:no, 1 hamburger pickles:no
zh | 一个牛肉汉堡 一份中薯 一杯中可 => add: 1 hamburger, 1 fries regular, 1 coke regular
zh | 一份大薯，小可两杯 => add: 1 fries large, 2 coke small
zh | 一个牛肉汉堡，一份大虾，一杯可乐 => add: 1 hamburger, 1 coke
zh | 芝士堡套餐一份，可乐换零度 => add: 1 cheeseburger_meal coke_zero
zh | 鸡腿堡套餐，可乐不要冰 => add: chicken_burger_meal coke no_ice
zh | 儿童套餐来一份，饮料要雪碧 => add: 1 kids_meal sprite
"""  # noqa: E501


@pytest.mark.parametrize(("text", "acts"), table(ONE_BY_ONE))
def test_goods_told_apart_in_one_sentence(text: str, acts: str) -> None:
    language, _, text = text.partition(" | ")
    assert understood(text, language=language) == acts


@pytest.mark.parametrize(
    ("text", "item", "acts"),
    [
        ("蛋加俩", "hamburger", "change: it egg:double"),
        ("蛋要俩", "hamburger", "change: it egg:double"),
        ("番茄酱要三包", "fries", "change: it ketchup:3"),
        ("再来个香肠的", "hawaiian_pizza", "add: pepperoni_pizza"),
        ("再来个加香肠的", "hawaiian_pizza", "add: 1 it pepperoni"),
        ("再要个双层的", "cheeseburger", "add: double_cheeseburger"),
    ],
)
def test_more_of_an_option_or_of_the_kind(text: str, item: str, acts: str) -> None:
    assert understood(text, language="zh", basket=(item,), last=item, line=1) == acts


TABLES = """
en | a coke, dine in, table 5 => add: 1 coke + choose_fulfilment: dine_in + answer: note table 5
en | two hamburgers, we're at table seven => add: 2 hamburger + answer: note we're at table seven
en | a table for two => ask_item: unlisted
zh | 牛肉汉堡堂食，5号桌 => add: hamburger + choose_fulfilment: dine_in + answer: note 5号桌
zh | 我在5号桌，来一杯可乐 => answer: note 5号桌 + add: 1 coke
zh | 桌号12 => answer: note 桌号12
ko | 콜라 하나 5번 테이블로 주세요 => add: 1 coke + answer: note 5번 테이블
ko | 테이블 번호 12요 => answer: note 테이블 번호 12
"""


@pytest.mark.parametrize(("text", "acts"), table(TABLES))
def test_the_number_of_a_table_counts_nothing_and_is_noted(text: str, acts: str) -> None:
    language, _, text = text.partition(" | ")
    assert understood(text, language=language) == acts


CONTACTS = """
电话错了，是13812345679 => give_contact: {'phone': '13812345679'}
电话不对，应该是13812345679 => give_contact: {'phone': '13812345679'}
名字写小王 => give_contact: {'name': '小王'}
写张三吧 => give_contact: {'name': '张三'}
送到湖滨路5号吧 => choose_fulfilment: delivery + give_address: 湖滨路5号
换个地址，送到人民路6号 => choose_fulfilment: delivery + give_address: 人民路6号
早一点，六点四十五 => give_time: 18:45
"""


@pytest.mark.parametrize(("text", "acts"), table(CONTACTS))
def test_names_phones_and_addresses_as_they_are_put_right(text: str, acts: str) -> None:
    assert understood(text, language="zh", basket=("hamburger",), last="hamburger") == acts


def test_who_gets_it_is_no_part_of_the_address() -> None:
    for text, name in (
        ("外卖，灯笼路5号，万一鸣，13512345678", "万一鸣"),
        ("送到灯笼路5号给张三，电话13512345678", "张三"),
    ):
        acts = understood(text, language="zh", basket=("hamburger",))
        assert "give_address: 灯笼路5号 +" in acts
        assert f"'name': '{name}'" in acts


def test_money_back_names_goods_of_an_order_and_no_others() -> None:
    assert understood("拿铁不要了，退一杯", language="zh", basket=("fries",), orders=("A1",)) == "refund: 1 latte"
    assert understood("把刚才那单的拿铁退了", language="zh", orders=("A1",)) == "refund: latte"
    assert understood("退35元", language="zh", orders=("A1",)) == "refund: {'amount': 3500}"


REST = """
三个芝士汉堡，一个不要洋葱，其余加培根 => add: 1 cheeseburger onion:no, 2 cheeseburger bacon
三个芝士汉堡，一个不要洋葱，其他都加培根 => add: 1 cheeseburger onion:no, 2 cheeseburger bacon
三杯可乐，一杯去冰，其他不变 => add: 1 coke no_ice, 2 coke
三份鸡腿堡套餐，一份配雪碧，其余配橙汁 => add: 1 chicken_burger_meal sprite, 2 chicken_burger_meal orange_juice
三个芝士汉堡，一个不要洋葱，另一个加培根 => add: 1 cheeseburger, 1 cheeseburger onion:no, 1 cheeseburger bacon
来四杯可乐，其中一杯是给孩子的，去冰 => add: 3 coke, 1 coke no_ice
来四杯可乐，其中一杯是给孩子的 => add: 4 coke
苹果派来三个，其中一个送人 => add: 3 apple_pie
可乐两杯，一杯给我老婆，去冰 => add: 1 coke, 1 coke no_ice
三杯可乐，一杯大的 => add: 2 coke, 1 coke large
三个套餐，两个芝士一个鸡腿堡的 => add: 2 cheeseburger_meal, 1 chicken_burger_meal
来两个套餐，一个芝士汉堡的一个鸡腿堡的 => add: 1 cheeseburger_meal, 1 chicken_burger_meal
来份儿童套餐，再来杯可乐 => add: kids_meal, coke
儿童套餐来份雪碧的 => add: kids_meal sprite
再来一瓶水，算了太贵了不要了 => deny: stays
一个芝士汉堡，再来一瓶水，还是算了 => add: 1 cheeseburger
来一瓶水，算了，来杯橙汁吧 => add: 1 orange_juice
"""


@pytest.mark.parametrize(("text", "acts"), table(REST))
def test_what_is_said_of_some_of_what_is_ordered(text: str, acts: str) -> None:
    assert understood(text, language="zh") == acts


FEWER = """
不要了，两杯就行 => change: 2 it
太贵了不要了 => deny: mind
把可乐换成雪碧，算了不换了 => deny: stays
你们有什么优惠吗 => ask_item: promotions
有啥优惠没 => ask_item: promotions
付吧 => checkout
"""


@pytest.mark.parametrize(("text", "acts"), table(FEWER))
def test_what_is_not_wanted_after_all(text: str, acts: str) -> None:
    assert understood(text, language="zh", basket=(LineSaid("coke", 3),), last="coke", line=1, expects="basket") == acts


PAID_BY = """
zh | 支付方式改支付宝 => choose_method: alipay
zh | 支付方式有支付宝吗 => ask_item: payment
zh | 支付方式有哪些 => ask_item: payment
ko | 결제 방법 알리페이로 바꿔 주세요 => choose_method: alipay
"""


@pytest.mark.parametrize(("row", "acts"), table(PAID_BY))
def test_a_way_to_pay_is_told_behind_what_it_is(row: str, acts: str) -> None:
    language, _, text = row.partition(" | ")
    assert understood(text, language=language, basket=(LineSaid("coke"),), expects="confirm") == acts


def test_the_rest_of_several_are_all_of_them() -> None:
    burgers = "three cheeseburgers, one without onions, the rest with bacon"
    assert understood(burgers, language="en") == "add: 1 cheeseburger onion:no, 2 cheeseburger bacon"
    meals = "two meals, one cheeseburger and one chicken burger"
    assert understood(meals, language="en") == "add: 1 cheeseburger_meal, 1 chicken_burger_meal"
    burgers = "치즈버거 세 개 주세요 하나는 양파 빼고 나머지는 베이컨 추가"
    assert understood(burgers, language="ko") == "add: 1 cheeseburger onion:no, 2 cheeseburger bacon"


NAMES = """
于和伟 => give_contact: {'name': '于和伟'}
任好 => give_contact: {'name': '任好'}
任好，18621234567 => give_contact: {'name': '任好', 'phone': '18621234567'}
我姓王，叫王小明，13812345678 => give_contact: {'name': '王小明', 'phone': '13812345678'}
姓王，王小明 => give_contact: {'name': '王小明'}
我姓王 => give_contact: {'name': '王'}
改名字，叫赵明 => give_contact: {'name': '赵明'}
好的 => confirm
"""


@pytest.mark.parametrize(("text", "acts"), table(NAMES))
def test_a_name_is_whole(text: str, acts: str) -> None:
    assert understood(text, language="zh", basket=(LineSaid("coke"),), last="coke", expects="contact") == acts


def test_what_is_put_in_and_cannot_be_had_is_said_back_and_changes_no_line() -> None:
    assert meaning_of("一杯拿铁加糖", language="zh").leftover == ("糖",)
    hot = LineSaid("latte", 1, (OptionSaid("temperature", "hot"),))
    iced = LineSaid("americano", 1, (OptionSaid("temperature", "iced"),))
    assert understood("热的加糖", language="zh", basket=(hot, iced), last="americano", line=2) == "-"


def test_counts_stand_behind_goods_that_are_not_known_too() -> None:
    meaning = meaning_of("意面两包酱一瓶", shop="corner-shop", language="zh")
    assert (acts_text(meaning.acts), meaning.leftover) == ("add: 2 spaghetti", ("酱",))
    some = meaning_of("要八节", shop="corner-shop", language="zh", basket=("batteries",), last="batteries", line=1)
    assert (some.acts, len(some.ask)) == ((), 1)

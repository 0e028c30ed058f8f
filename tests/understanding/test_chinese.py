"""What Chinese sentences are understood as, over the demo shops."""

from __future__ import annotations

import pytest

from tests.understanding.support import meaning_of, table, understood

BASKET = ("cheeseburger", "cheeseburger", "coke")

ORDERS = """
来两个芝士汉堡 => add: 2 cheeseburger
来俩芝士堡，一个不要洋葱，再来杯大可乐 => add: 1 cheeseburger, 1 cheeseburger onion:no, coke large
我要一杯可乐去冰，一份薯条 => add: 1 coke no_ice, 1 fries
可乐两杯，雪碧一杯 => add: 2 coke, 1 sprite
芝士堡来两个，薯条一份大的 => add: 2 cheeseburger, 1 fries large
两个芝士汉堡，一个不要洋葱，再加一份大薯条 => add: 1 cheeseburger, 1 cheeseburger onion:no, 1 fries large
两个芝士汉堡，再加一份芝士 => add: 2 cheeseburger cheese:extra
可乐和雪碧各一杯 => add: 1 coke, 1 sprite
三个芝士汉堡，都不要酸黄瓜 => add: 3 cheeseburger pickles:no
来两杯，不对，三杯可乐 => add: 3 coke
四个芝士堡，算了，还是两个吧 => add: 2 cheeseburger
来一杯雪碧，不是雪碧，是可乐 => add: 1 coke
一個芝士漢堡不要洋蔥 => add: 1 cheeseburger onion:no
来一百二十杯水 => add: 120 water
一万八千杯水 => add: 18000 water
来半打可乐 => add: 6 coke
来个一半香肠一半夏威夷的披萨 => add: half_and_half_pizza pepperoni_half/left hawaiian_half/right
两份薯条，然后结账 => add: 2 fries + checkout
来两个cheeseburger和一杯latte => add: 2 cheeseburger, 1 latte
"""

CHANGES = """
可乐改成两杯 => change: 2 coke
可乐换成雪碧 => change: sprite <- coke
把可乐换成雪碧 => change: sprite <- coke
不要可乐了，换成雪碧 => change: sprite <- coke
可乐要大的 => change: coke large
第二个汉堡也不要洋葱了 => change: cheeseburger onion:no @2
给芝士堡加培根 => change: cheeseburger bacon
不对，要三个 => change: 3 it
改成三份 => change: 3 it
不要可乐了 => remove: coke
把可乐去掉 => remove: coke
帮我减掉一个芝士堡 => remove: 1 cheeseburger
把第一个去掉 => remove: it @1
去掉可乐，加两杯雪碧 => remove: coke + add: 2 sprite
再来一份一样的 => add: 1 it
再来一个 => add: 1 it
清空购物车 => start_over
撤销 => undo
我点了什么 => show_basket
"""

TALK = """
芝士堡多少钱 => ask_price: cheeseburger
一共多少钱 => ask_price: total
你们有什么饮料 => ask_menu: #drinks
有什么不辣的？ => ask_menu: {'not': ['spicy']}
可乐还有吗 => ask_stock: coke
要等多久 => ask_item: wait
几点关门 => ask_item: hours
配送费多少 => ask_item: delivery
推荐一下 => recommend
老样子 => reorder
订单到哪了 => order_status
取消订单 => cancel
我要退款 => refund
转人工 => person
我应该怎么说 => help
再说一遍 => repeat
说慢一点 => repeat: slower
说英语 => change_language: en
发到我手机 => continue_elsewhere
优惠码SAVE10 => give_coupon: SAVE10
结账，自取，微信 => checkout + choose_fulfilment: pickup + choose_method: wechat
送到中山路28号302室 => choose_fulfilment: delivery + give_address: 中山路28号302室
地址是中山路二十八号 => give_address: 中山路二十八号
晚上六点半 => give_time: 18:30
明天中午十二点 => give_time: 2026-11-24T12:00
半小时后 => give_time: 15:30
尽快 => give_time: asap
我叫李雷，电话13800138000 => give_contact: {'name': '李雷', 'phone': '13800138000'}
李雷 13800138000 => give_contact: {'name': '李雷', 'phone': '13800138000'}
付四十五块 => give_amount: 4500
付四十五块五 => give_amount: 4550
今天天气怎么样 => -
我女儿今年三岁了 => -
等一下，我接个电话 => -
"""

CONFIRM = """
确认 => confirm
对的，没问题 => confirm
确认下单 => confirm
确认，45块 => confirm + give_amount: 4500
不对，不是这样的 => deny: wrong
先别下单 => deny
是的，但是不要洋葱 => change: it onion:no
嗯 => -
应该可以吧 => repeat
对吗？ => -
确认了吗 => -
随便 => -
就这样 => checkout
好，不要了 => checkout
确认，不要了 => checkout
好的，就这些 => confirm
"""


@pytest.mark.parametrize(("text", "acts"), table(ORDERS))
def test_an_order(text: str, acts: str) -> None:
    assert understood(text, language="zh") == acts


@pytest.mark.parametrize(("text", "acts"), table(CHANGES))
def test_a_change_of_the_basket(text: str, acts: str) -> None:
    assert understood(text, language="zh", basket=BASKET, last="coke") == acts


@pytest.mark.parametrize(("text", "acts"), table(TALK))
def test_questions_commands_and_answers(text: str, acts: str) -> None:
    assert understood(text, language="zh") == acts


@pytest.mark.parametrize(("text", "acts"), table(CONFIRM))
def test_yes_and_no(text: str, acts: str) -> None:
    assert understood(text, language="zh", basket=BASKET, expects="confirm") == acts


def test_goods_that_the_shop_has_not_are_named() -> None:
    meaning = meaning_of("来一杯可乐和一份佛跳墙", language="zh")
    assert [act.lines[0].item for act in meaning.acts] == ["coke"]
    assert meaning.leftover == ("佛跳墙",)


STAYS = """
明天入住后天退房 => give_dates: {'from': '2026-11-24', 'to': '2026-11-25'}
订一间大床房，明天入住，住两晚 => add: 1 lake_king + give_dates: {'from': '2026-11-24', 'to': '2026-11-26'}
周五到周日 => give_dates: {'from': '2026-11-27', 'to': '2026-11-29'}
两位成人一个小孩 => give_guests: {'adults': 2, 'children': 1}
12月24号到26号 => give_dates: {'from': '2026-12-24', 'to': '2026-12-26'}
住三晚 => give_dates: {'nights': 3}
含早餐吗 => ask_item: amenities
可以免费取消吗 => ask_item: cancellation
"""


@pytest.mark.parametrize(("text", "acts"), table(STAYS))
def test_a_stay(text: str, acts: str) -> None:
    assert understood(text, shop="lake-hotel", language="zh") == acts

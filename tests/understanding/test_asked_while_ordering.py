"""Questions asked while ordering: they are answered, and change nothing."""

from __future__ import annotations

import pytest

from tests.understanding.support import table, understood

ANY_TIME = """
do you do delivery => ask_item: delivery
do you deliver to 12 High Street => ask_item: delivery
can you deliver => ask_item: delivery
can I pick it up => ask_item: {'way': ['pickup']}
is pickup possible => ask_item: {'way': ['pickup']}
do you take amex => ask_item: payment
can I pay by card => ask_item: payment
2 cokes, do you take cash? => add: 2 coke + ask_item: payment
can I pick it up at 6 => choose_fulfilment: pickup + give_time: 18:00
can I pay by card please => choose_method: card
can you deliver two cokes => choose_fulfilment: delivery + add: 2 coke
可以自取吗 => ask_item: {'way': ['pickup']}
能刷卡吗 => ask_item: payment
支持支付宝吗 => ask_item: payment
能送到家吗 => ask_item: delivery
포장 되나요 => ask_item: {'way': ['pickup']}
현금으로 낼 수 있어요? => ask_item: payment
매장에서 먹을 수 있나요 => ask_item: {'way': ['dine_in']}
any fries? => ask_stock: fries
two cokes for the 5th => add: 2 coke + give_time: 2026-12-05
any coke will do => add: coke
what's in the chicken burgers => ask_item: chicken_burger
total? => ask_price: total
what's that come to => ask_price: total
加起来多少钱 => ask_price: total
총 금액 알려주세요 => ask_price: total
얼마 나왔어요 => ask_price: total
how much for two cokes in total => ask_price: coke
is that vegan => ask_item: {'tags': ['vegan']}
这是素的吗 => ask_item: {'tags': ['vegetarian']}
이거 비건이에요? => ask_item: {'tags': ['vegan']}
what's vegan => ask_menu: {'tags': ['vegan']}
any gluten free options => ask_menu: {'tags': ['gluten_free']}
which burgers have no egg => ask_menu: #burgers {'without': ['egg']}
what has no nuts in it => ask_menu: {'without': ['nuts']}
우유 안 들어간 거 있어요? => ask_menu: {'without': ['milk']}
is there egg in the pad thai => ask_item: pad thai {'contains': ['egg']}
有鸡蛋吗 => ask_item: cheeseburger {'contains': ['egg']}
땅콩 들어있나요? => ask_item: {'contains': ['peanuts']}
is the chicken burger ok for me => ask_item: chicken_burger for_me
鸡腿堡我能吃吗 => ask_item: chicken_burger for_me
치킨버거 먹어도 돼요? => ask_item: chicken_burger for_me
哪些我能吃 => ask_item: any_for_me
what's in it => ask_item
does it come with fries => ask_item: fries included
what does the chicken burger meal come with => ask_item: chicken_burger_meal
鸡腿堡套餐包括什么 => ask_item: chicken_burger_meal
치킨버거 세트에 뭐가 포함돼요? => ask_item: chicken_burger_meal
does the hamburger have onion => ask_item: hamburger
最贵的是什么 => ask_menu: {'tags': ['expensive']}
제일 비싼 음료는 뭐예요 => ask_menu: #drinks {'tags': ['expensive']}
뭐가 제일 싸요 => ask_menu: {'tags': ['cheap']}
the most expensive pizza => ask_menu: #pizzas {'tags': ['expensive']}
how big is it => ask_item: size
are they sweet => ask_item: {'tags': ['sweet']}
what can I eat if I'm vegan => ask_menu: {'tags': ['vegan']}
"""


@pytest.mark.parametrize(("text", "acts"), table(ANY_TIME))
def test_what_is_asked_while_ordering_changes_nothing(text: str, acts: str) -> None:
    assert understood(text, basket=("cheeseburger",), last="cheeseburger", line=1) == acts


WHEN_ASKED = """
fulfilment | can I pick it up => choose_fulfilment: pickup
fulfilment | 可以自取吗 => choose_fulfilment: pickup
fulfilment | 포장 되나요 => choose_fulfilment: pickup
fulfilment | is pickup possible => choose_fulfilment: pickup
fulfilment | do you deliver to 12 High Street => ask_item: delivery
method | can I pay by card => choose_method: card
method | 能刷卡吗 => choose_method: card
method | do you take amex => ask_item: payment
"""


@pytest.mark.parametrize(("said", "acts"), table(WHEN_ASKED))
def test_what_may_be_a_wish_is_one_where_it_was_asked_for(said: str, acts: str) -> None:
    expects, text = said.split(" | ")
    assert understood(text, basket=("cheeseburger",), expects=expects) == acts


WITH = """
I'll have one with Sprite => add: 1 kids_meal sprite
来一份，饮料要雪碧 => add: 1 kids_meal sprite
하나 주세요, 음료는 스프라이트로요 => add: 1 kids_meal sprite
"""


@pytest.mark.parametrize(("text", "acts"), table(WITH))
def test_a_part_of_what_was_asked_about_is_chosen_with_it(text: str, acts: str) -> None:
    assert understood(text, listed=("kids_meal",), pointing=True) == acts


AT_A_HOTEL = """
is it a non-smoking room? => ask_item: facility
do you have non-smoking rooms => ask_item: facility
有无烟房吗 => ask_item: facility
금연실 있어요? => ask_item: facility
금연실인가요? => ask_item: facility
can I have a non-smoking room => answer: note non-smoking
可以安排无烟房吗 => answer: note 无烟房
what about a suite => ask_price: family_suite
how much is the lake view room => ask_price: lake_king lake_twin
do you have lakeside rooms => ask_stock: lake_twin
tell me about the garden room => ask_item: garden_twin
호수 전망 방 얼마예요 => ask_price: lake_king lake_twin
is it quiet => ask_item: {'tags': ['quiet']}
how big is the room => ask_item: #rooms size
房间多大 => ask_item: #rooms size
安静吗 => ask_item: {'tags': ['quiet']}
조용해요? => ask_item: {'tags': ['quiet']}
能住几个人 => ask_item: sleeps
몇 명까지 잘 수 있어요 => ask_item: sleeps
how many people can sleep in it => ask_item: sleeps
do you have room service => ask_item: facility
can I leave my luggage => ask_item: unlisted
"""


@pytest.mark.parametrize(("text", "acts"), table(AT_A_HOTEL))
def test_what_is_asked_of_a_hotel_is_no_wish(text: str, acts: str) -> None:
    assert understood(text, shop="lake-hotel", basket=("garden_twin",), last="garden_twin", line=1) == acts


REMARKS = """
coke is fine => show_basket
the coke is good => show_basket
可乐就行 => show_basket
可乐挺好的 => show_basket
콜라 괜찮아요 => show_basket
콜라 좋네요 => show_basket
a coke is fine => add: 1 coke
one coke is fine => add: 1 coke
sprite is fine => add: sprite
雪碧就行 => add: sprite
"""


@pytest.mark.parametrize(("text", "acts"), table(REMARKS))
def test_what_is_remarked_of_goods_that_are_there_orders_none(text: str, acts: str) -> None:
    assert understood(text, basket=("coke",), last="coke", line=1) == acts


@pytest.mark.parametrize("text", ["coke is fine", "可乐就行", "콜라 괜찮아요"])
def test_what_is_on_offer_is_taken_by_calling_it_fine(text: str) -> None:
    assert understood(text, basket=("coke",), listed=("coke", "sprite"), pointing=True) == "add: coke"


NO_ORDER = """
what kind of cheese is it => ask_item
配薯条吗 => ask_item: fries
汉堡里有洋葱吗 => ask_item: #burgers
是冰的吗 => ask_item
너겟 몇 조각이에요 => ask_item: chicken_nuggets
치즈는 무슨 치즈예요 => ask_item
누가 배달해요 => ask_item: unlisted
谁来送 => ask_item: unlisted
付款安全吗 => ask_item: unlisted
can I pay later => ask_item: payment
要现在付钱吗 => ask_item: payment
나중에 결제해도 돼요? => ask_item: payment
일요일에도 해요? => ask_item: hours
最快什么时候能拿到 => ask_item: wait
what's your phone number => ask_item: phone
电话多少 => ask_item: phone
전화번호가 뭐예요 => ask_item: phone
do you have toilets => ask_item: facility
do you have ketchup => ask_item: cheeseburger {'option': ['sauces']}
有番茄酱吗 => ask_item: cheeseburger {'option': ['sauces']}
케첩 있어요? => ask_item: cheeseburger {'option': ['sauces']}
有厕所吗 => ask_item: facility
화장실 있어요? => ask_item: facility
is one pizza enough for two people => ask_menu: #pizzas
can I get extra cheese => change: it cheese:extra
可以不要洋葱吗 => change: it onion:no
来杯可乐可以吗 => add: coke
양파 빼 줄 수 있어요? => change: it onion:no
is it possible to get two cokes => add: 2 coke
"""


@pytest.mark.parametrize(("text", "acts"), table(NO_ORDER))
def test_a_sentence_that_asks_by_its_form_orders_nothing(text: str, acts: str) -> None:
    assert understood(text, basket=("cheeseburger",), last="cheeseburger", line=1) == acts


AT_A_SHOP = """
一盒鸡蛋几个 => ask_item: eggs
一包几节电池 => ask_item: batteries
大米一袋多少斤 => ask_item: rice
米多重 => ask_item: rice
面包是今天的吗 => ask_item: bread
买两包电池 => add: 2 batteries
要几个苹果 => -
"""


@pytest.mark.parametrize(("text", "acts"), table(AT_A_SHOP))
def test_how_many_are_in_it_is_no_count_of_them(text: str, acts: str) -> None:
    offered = {"choices": (("面包",), ("可颂",)), "expects": "choose", "listed": ("bread", "croissant")}
    assert understood(text, shop="corner-shop", basket=("milk",), last="milk", line=1, **offered) == acts


@pytest.mark.parametrize("text", ["is it in stock", "还有货吗", "재고 있어요?"])
def test_whether_there_is_still_some_is_asked_of_what_was_spoken_of(text: str) -> None:
    assert understood(text, shop="corner-shop", basket=("milk",), last="milk", line=1) == "ask_stock: milk"


AT_THE_READ_BACK = """
누구 이름으로 되어 있어요 => -
주소가 어디로 되어 있어요 => -
제 주문번호가 뭐예요 => order_status
배달 무료예요? => ask_item: delivery
能送快点吗 => ask_item: wait
大份的呢 => ask_price: fries
do u take visa => ask_item: payment
Anna 0123456789 => give_contact: {'name': 'Anna', 'phone': '0123456789'}
"""


@pytest.mark.parametrize(("text", "acts"), table(AT_THE_READ_BACK))
def test_what_is_asked_at_the_read_back_tells_no_name_and_no_address(text: str, acts: str) -> None:
    there = {"basket": ("cheeseburger",), "last": "cheeseburger", "line": 1, "listed": ("fries",)}
    assert understood(text, expects="confirm", **there) == acts


@pytest.mark.parametrize("text", ["我要兩個支持漢堡", "我要两个支持汉堡"])
def test_a_word_of_what_a_shop_takes_may_be_misheard_and_counts_nothing(text: str) -> None:
    assert understood(text, basket=("coke",), last="coke", line=1) == "-"


@pytest.mark.parametrize(
    ("text", "acts"), [("change the number of adults", "back: any"), ("change the number of nights", "back: dates")]
)
def test_a_number_that_is_changed_is_no_phone(text: str, acts: str) -> None:
    assert understood(text, shop="lake-hotel") == acts


NEEDED = """
en: what do I need for spaghetti => recommend: spaghetti
zh: 我想做意大利面需要什么 => recommend: spaghetti
zh: 意大利面要配什么 => recommend: spaghetti
ko: 파스타 해먹으려고 하는데 뭐가 필요해요 => recommend: spaghetti
ko: 스파게티랑 뭐가 어울려요 => recommend: spaghetti
ko: 우유 하나 필요해요 => add: 1 milk
"""


@pytest.mark.parametrize(("text", "acts"), table(NEEDED))
def test_what_is_needed_with_goods_is_asked_for(text: str, acts: str) -> None:
    language, _, said = text.partition(": ")
    assert understood(said, "corner-shop", language) == acts

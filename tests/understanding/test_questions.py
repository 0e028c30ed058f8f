"""Questions are answered, never done: what is in it, may I cancel, are you open, who are you."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.understanding.support import table, understood

BASKET = ("cheeseburger", "coke")

QUESTIONS = """
can I still cancel => ask_item: cancellation
can I cancel my order later? => ask_item: cancellation
could you cancel my order please => cancel
cancel my order => cancel
I have to cancel => cancel
还能取消订单吗 => ask_item: cancellation
帮我取消订单好吗 => cancel
취소할 수 있어요? => ask_item: cancellation
what's in the bacon burger => ask_item: bacon_burger
培根汉堡里面都有啥 => ask_item: bacon_burger
可乐里有什么 => ask_item: coke
베이컨 버거에 뭐가 들어가요? => ask_item: bacon_burger
有没有大杯的可乐 => ask_stock: coke
可乐吗 => ask_item: coke
来杯可乐可以吗 => add: coke
do you have nuts in the brownie => ask_item: brownie {'contains': ['nuts']}
what is vegetarian => ask_menu: {'tags': ['vegetarian']}
what is gluten free => ask_menu: {'tags': ['gluten_free']}
what is not spicy => ask_menu: {'not': ['spicy']}
anything vegan? => ask_menu: {'tags': ['vegan']}
有什么素的？ => ask_menu: {'tags': ['vegetarian']}
채식 메뉴 있어요? => ask_menu: {'tags': ['vegetarian']}
素食汉堡是纯素的吗 => ask_item: veggie_burger {'tags': ['vegan']}
채식버거 비건이에요? => ask_item: veggie_burger {'tags': ['vegan']}
채식버거 비건이에요 => ask_item: veggie_burger {'tags': ['vegan']}
is the cheeseburger gluten free => ask_item: cheeseburger {'tags': ['gluten_free']}
are the fries vegan? => ask_item: fries {'tags': ['vegan']}
香辣鸡腿堡辣吗 => ask_item: spicy_chicken_burger {'tags': ['spicy']}
콜라 시원해요? => ask_item: coke {'tags': ['cold']}
fries? => ask_item: fries
来个素食汉堡可以吗 => add: veggie_burger
any gluten in the brownie? => ask_item: brownie {'contains': ['gluten']}
agent => person
human please => person
are you a robot? => person
你是机器人吗 => person
로봇이에요? => person
do you have any offers => ask_item: promotions
지금 할인하는 거 있어요? => ask_item: promotions
can I get a receipt => ask_item: receipt
给我发票 => ask_item: receipt
영수증 주세요 => ask_item: receipt
how far is it => order_status
was it delivered? => order_status
order again => reorder
what do I have => show_basket
我点的什么 => show_basket
我点的是什么来着 => show_basket
주문한 거 뭐였죠 => show_basket
지금까지 뭐 담았죠? => show_basket
现在还开门吗 => ask_item: hours
결제는 뭘로 할 수 있어요? => ask_item: payment
전부 취소하고 처음부터 다시 할게요 => start_over
cancel everything and start over => start_over
"""

WITHHELD = """
don't cancel my order => deny: stays
I won't cancel => deny: stays
I don't want a refund => deny: stays
no refund please => deny: keep
don't cancel the coke => deny: coke stays
don't cancel my order, add two cokes => deny: stays + add: 2 coke
don't empty my basket => deny: stays
yes if I can cancel later => ask_item: cancellation
if I cancel, how much do I get back => ask_item: cancellation
did you cancel my order => order_status
did you cancel the coke => show_basket
I can't wait, cancel it if possible => cancel
no cancel it => cancel
scrap that, I meant pickup at 9 => choose_fulfilment: pickup + give_time: 21:00
不用退款 => deny: stays
没人要取消吧 => deny: stays
别取消可乐 => deny: coke stays
可以取消吧 => ask_item: cancellation
取消的话钱怎么退 => ask_item: cancellation
可以帮我取消吗 => cancel
不用了取消吧 => cancel
취소 안 해요 => deny: stays
환불해 달라는 게 아니에요 => deny: stays
취소 가능하죠? => ask_item: cancellation
취소하면 환불돼요? => ask_item: cancellation
제 주문 취소됐어요? => order_status
아니 취소해 주세요 => cancel
"""

STAYS = """
when can I check in => ask_item: stay
what time do we check out? => ask_item: stay
最晚几点退房 => ask_item: stay
체크아웃은 몇 시예요? => ask_item: stay
where's my booking => order_status
"""


@pytest.mark.parametrize(("text", "expected"), table(WITHHELD))
def test_calling_off_that_nobody_asks_for_is_not_done(text: str, expected: str) -> None:
    assert understood(text, basket=BASKET) == expected


@pytest.mark.parametrize(("text", "acts"), table(QUESTIONS))
def test_a_question_is_no_command(text: str, acts: str) -> None:
    assert understood(text, basket=BASKET) == acts


@pytest.mark.parametrize(("text", "acts"), table(STAYS))
def test_questions_of_a_stay(text: str, acts: str) -> None:
    assert understood(text, shop="lake-hotel") == acts


KINDS = """
burgers => ask_menu: #burgers
drinks please => ask_menu: #drinks
the drinks => ask_menu: #drinks
饮料 => ask_menu: #drinks
汉堡，谢谢 => ask_menu: #burgers
음료 => ask_menu: #drinks
버거요 => ask_menu: #burgers
two cokes => add: 2 coke
햄버거 => add: hamburger
"""


@pytest.mark.parametrize("basket", [(), ("hamburger", "coke")])
@pytest.mark.parametrize(("text", "acts"), table(KINDS))
def test_a_kind_of_goods_alone_asks_to_see_it(text: str, acts: str, basket: tuple[str, ...]) -> None:
    assert understood(text, basket=basket, language=None) == acts


KINDS_AMONG_GOODS = """
a coke and burgers => add: 1 coke + ask_menu: #burgers
burgers and a large coke please => add: 1 coke large + ask_menu: #burgers
I'd like some drinks and a cheeseburger => add: 1 cheeseburger + ask_menu: #drinks
来杯可乐和汉堡 => add: coke + ask_menu: #burgers
一个芝士汉堡，再来点小食 => add: 1 cheeseburger + ask_menu: #sides
버거랑 콜라 주세요 => add: coke + ask_menu: #burgers
drinks, a coke => add: 1 coke
for drinks two waters and a cheeseburger => add: 2 water, 1 cheeseburger
a cheeseburger and a drink, a coke => add: 1 cheeseburger, 1 coke
음료는 콜라로 주세요 => add: coke
"""


@pytest.mark.parametrize(("text", "acts"), table(KINDS_AMONG_GOODS))
def test_a_kind_that_nobody_counts_is_asked_about_beside_the_goods(text: str, acts: str) -> None:
    assert understood(text, language=None) == acts


def test_a_counted_kind_is_no_question() -> None:
    assert "ask_menu" not in understood("two burgers", basket=("hamburger",))


BESIDE_ORDERS = """
can I get a brownie and also what time do you open => add: 1 brownie + ask_item: hours
a coke, and when do you close => add: 1 coke + ask_item: hours
how long does it take, two lattes please => ask_item: wait + add: 2 latte
how much is delivery for two lattes => ask_item: latte delivery
请问几点打烊，我要两杯可乐 => ask_item: hours + add: 2 coke
有薯条吗，顺便来一杯雪碧 => ask_stock: fries + add: 1 sprite
可乐多少钱，薯条多少钱 => ask_price: coke fries
몇 시에 닫아요 브라우니 하나 주세요 => ask_item: hours + add: 1 brownie
콜라 하나 그리고 배달 되나요 => add: 1 coke + ask_item: delivery
"""


@pytest.mark.parametrize(("text", "acts"), table(BESIDE_ORDERS))
def test_a_question_about_the_shop_takes_no_order_away(text: str, acts: str) -> None:
    assert understood(text) == acts


KINDS = """
what is there to drink => ask_menu: #snacks
something to drink please => ask_menu: #snacks
I'd like some fruit => ask_menu: #fruit
有什么喝的 => ask_menu: #snacks
来点水果 => ask_menu: #fruit
마실 거 뭐 있어요 => ask_menu: #snacks
과일 좀 주세요 => ask_menu: #fruit
do you have almond milk => ask_menu: almond milk
아몬드 우유 있어요? => ask_menu: 아몬드 우유
"""


@pytest.mark.parametrize(("text", "acts"), table(KINDS))
def test_a_kind_is_known_by_what_it_is_for_and_no_word_of_a_question_is_passed_over(text: str, acts: str) -> None:
    assert understood(text, shop="corner-shop") == acts


WHY = """
why so expensive => ask_item: bill
is that the total for both nights? => ask_item: bill
can you break it down => ask_item: bill
is delivery included => ask_item: bill
why? => ask_item: why
why do you need my number => ask_item: contact
I'd rather not give my phone number => ask_item: contact
I should get 15 off => ask_item: promotions
what do you mean => repeat
why was it declined? => ask_item: declined
why didn't my card work => ask_item: declined
what's the minimum for delivery? => ask_item: minimum
until when can I order? => ask_item: last_orders
why so long => order_status
wonder why, a coke please => add: 1 coke
为什么这么贵 => ask_item: bill
现在还能点吗 => ask_item: last_orders
几点到 => ask_item: wait
能退多少钱 => ask_item: cancellation
怎么算的 => ask_item: bill
为什么 => ask_item: why
为什么要电话 => ask_item: contact
电话就不留了吧 => ask_item: contact
为什么被拒 => ask_item: declined
怎么又失败了 => ask_item: declined
起送价多少 => ask_item: minimum
几点之前可以下单 => ask_item: last_orders
왜 이렇게 비싸요 => ask_item: bill
현재 주문돼요? => ask_item: last_orders
환불 얼마 돼요? => ask_item: cancellation
번호는 꼭 줘야 돼요? => ask_item: contact
번호는 안 알려줄래요 => ask_item: contact
왜요 => ask_item: why
왜 거절됐어요? => ask_item: declined
배달 최소 금액이 얼마예요 => ask_item: minimum
몇 시까지 주문 가능해요? => ask_item: last_orders
"""


@pytest.mark.parametrize(("text", "acts"), table(WHY))
def test_who_asks_why_is_told_the_reason(text: str, acts: str) -> None:
    assert understood(text, basket=BASKET) == acts


MOMENTS = """
no wait => -, deny
hold on a second => -, deny
等等 => -, deny
잠깐만요 => -, deny
"""


@pytest.mark.parametrize(("text", "acts"), table(MOMENTS))
def test_who_asks_for_a_moment_is_not_done_yet_but_has_not_agreed_either(text: str, acts: str) -> None:
    shopping, at_the_read_back = acts.split(", ")
    assert understood(text, basket=BASKET, expects="basket") == shopping
    assert understood(text, basket=BASKET, expects="confirm") == at_the_read_back


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("is the milk organic", "ask_item: milk {'made_of': 'organic'}"),
        ("is the milk lactose free", "ask_item: milk {'contains': ['milk']}"),
        ("is the milk still there", "ask_stock: milk"),
    ],
)
def test_whether_goods_are_as_nobody_lists_them_is_no_question_for_stock(text: str, expected: str) -> None:
    assert understood(text, "corner-shop") == expected


LATER = """
can we check out later on sunday => ask_item: later
late checkout on sunday please => ask_item: later
let us check out late => ask_item: later
周日能晚点退房吗 => ask_item: later
일요일에 늦게 체크아웃 되나요 => ask_item: later
2 nights from friday, can we check in early => give_dates: {'from': '2026-11-27', 'to': '2026-11-29'} + ask_item: later
"""


@pytest.mark.parametrize(("text", "acts"), table(LATER))
def test_whoever_asks_to_leave_later_moves_no_stay(text: str, acts: str) -> None:
    stay = {"dated": True, "nights": 2, "arrival": dt.date(2026, 12, 4), "expects": "contact"}
    assert understood(text, shop="lake-hotel", language=None, basket=("garden_twin",), **stay) == acts


OTHER_NIGHTS = """
is Saturday more expensive? => ask_price: {'from': '2026-12-05'}
is the 12th available? => ask_price: {'from': '2026-12-12'}
what about the weekend? => ask_price: {'from': '2026-12-05'}
do you have anything on Friday? => ask_price: {'from': '2026-12-04'}
what if we stayed three nights? => ask_price: {'nights': 3}
how much is the twin for 3 nights => ask_price: garden_twin lake_twin {'nights': 3}
how much is it a night? => ask_price: night
what's the nightly rate? => ask_price: night
can we stay three nights? => give_dates: {'nights': 3}
make it three nights, how much is that => give_dates: {'nights': 3} + ask_price
周末更贵吗 => ask_price: {'from': '2026-12-05'}
12号有房吗 => ask_price: {'from': '2026-12-12'}
住三晚多少钱 => ask_price: {'nights': 3}
一晚多少 => ask_price: night
改成住三晚 => give_dates: {'nights': 3}
what if we moved it to Friday? => ask_price: {'from': '2026-12-11'}
how about two nights instead? => give_dates: {'nights': 2}
is breakfast included on Friday? => ask_item: amenities
周六有什么活动吗 => ask_item: promotions
周末呢 => ask_price: {'from': '2026-12-05'}
토요일은요? => ask_price: {'from': '2026-12-05'}
多住一晚多少钱 => ask_price: {'nights': 3}
금요일은 얼마예요? => ask_price: {'from': '2026-12-04'}
토요일에 방 있어요? => ask_price: {'from': '2026-12-05'}
토요일은 더 비싼가요? => ask_price: {'from': '2026-12-05'}
이틀이면 얼마예요? => ask_price: {'nights': 2}
1박 요금이 얼마예요? => ask_price: night
3박으로 바꿔 주세요 => give_dates: {'nights': 3}
"""


@pytest.mark.parametrize(("text", "acts"), table(OTHER_NIGHTS))
def test_other_nights_that_are_asked_about_move_no_stay(text: str, acts: str) -> None:
    stay = {"dated": True, "nights": 2, "arrival": dt.date(2026, 12, 8), "now": dt.datetime(2026, 11, 30, 10)}
    assert understood(text, shop="lake-hotel", language=None, basket=("lake_king",), **stay) == acts

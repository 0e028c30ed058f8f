"""What people say in whole talks, as rows: halves, shares, what is like what was ordered, answers beside an offer."""

from __future__ import annotations

import pytest

from assistant.turns import LineSaid, OptionSaid
from tests.understanding.support import acts_text, line_text, meaning_of, table, understood


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        (
            "en",
            "a pepperoni pizza half mushrooms half olives",
            "add: 1 pepperoni_pizza mushroom/left olive/right",
        ),
        (
            "en",
            "a large margherita half ham half pepperoni",
            "add: 1 margherita large ham/left pepperoni/right",
        ),
        (
            "en",
            "margherita half with mushrooms and half with olives",
            "add: margherita mushroom/left olive/right",
        ),
        ("zh", "玛格丽特披萨，一半加蘑菇一半加橄榄", "add: margherita mushroom/left olive/right"),
        ("zh", "玛格丽特披萨左边加蘑菇右边加橄榄", "add: margherita mushroom/left olive/right"),
        ("en", "half pepperoni half margherita", "add: half_and_half_pizza pepperoni_half/left margherita_half/right"),
        (
            "en",
            "two cheeseburger meals, one with onion rings and a sprite, the other with fries and a coke",
            "add: 1 cheeseburger_meal onion_rings sprite, 1 cheeseburger_meal fries coke",
        ),
    ],
)
def test_each_half_and_each_one_has_its_own(language: str, text: str, expected: str) -> None:
    assert understood(text, language=language) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("add bacon to the first one", "change: it bacon @1"),
        ("no onions on the second one", "change: it onion:no @2"),
        ("take the bacon off the first one", "change: it bacon:no @1"),
        ("add bacon and remove the second one", "change: it bacon + remove: it @2"),
    ],
)
def test_what_is_said_of_the_first_one_is_said_of_no_other(text: str, expected: str) -> None:
    assert understood(text, language="en", basket=("cheeseburger", "hamburger"), last="hamburger") == expected


ICED = (LineSaid("lemon_iced_tea", 2, (OptionSaid("size", "regular"), OptionSaid("ice", "no_ice"))),)


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "same again but bigger", "add: 2 lemon_iced_tea large no_ice"),
        ("en", "another one but smaller", "add: 1 lemon_iced_tea small no_ice"),
        ("zh", "同样的再来一份，大一点的", "add: 1 lemon_iced_tea large no_ice"),
        ("zh", "再来一杯一样的，但是要半糖", "add: 1 it half_sugar"),
        ("ko", "같은 걸로 하나 더, 더 큰 걸로", "add: 1 lemon_iced_tea large no_ice"),
        ("en", "the bigger one", "change: lemon_iced_tea large"),
    ],
)
def test_more_of_the_same_may_be_bigger(language: str, text: str, expected: str) -> None:
    assert understood(text, language=language, basket=ICED, last="lemon_iced_tea") == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "yes, fifteen dollars and a half", "give_amount: 1550 + confirm"),
        ("zh", "对，十五块半", "give_amount: 1550 + confirm"),
        ("ko", "네 십오 달러 반이요", "give_amount: 1550 + confirm"),
    ],
)
def test_half_a_unit_of_money_counts(language: str, text: str, expected: str) -> None:
    said = understood(text, shop="corner-shop", language=language, expects="confirm")
    assert set(said.split(" + ")) == set(expected.split(" + "))


@pytest.mark.parametrize(
    ("text", "expected"),
    [("20美元付款", "give_amount: 2000"), ("一百块付款，微信", "give_amount: 10000 + choose_method: wechat")],
)
def test_an_amount_may_stand_before_its_verb(text: str, expected: str) -> None:
    assert understood(text, shop="corner-shop", language="zh", expects="method") == expected


@pytest.mark.parametrize("text", ["card, with a 15% tip", "card, with a fifteen percent tip"])
def test_a_share_is_but_its_number(text: str) -> None:
    assert understood(text, shop="corner-shop", language="en") == "choose_method: card + answer: tip 15"


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "try again"), ("en", "try the card again"), ("zh", "再试一次"), ("ko", "다시 해 주세요")],
)
def test_a_payment_is_tried_again_only_where_it_is_asked_how_to_pay(language: str, text: str) -> None:
    assert understood(text, language=language, expects="method", basket=("coke",)) == "choose_method: again"
    assert "choose_method" not in understood(text, language=language, expects="basket", basket=("coke",))


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "yes yes", "confirm"),
        ("zh", "对对对", "confirm"),
        ("ko", "ㅇㅇ", "confirm"),
        ("ko", "ㄴㄴ", "deny"),
        ("en", "keep it", "deny"),
    ],
)
def test_short_answers_to_the_read_back(language: str, text: str, expected: str) -> None:
    assert understood(text, language=language, expects="confirm", basket=("coke",)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("打包，李雷，13800138000", "choose_fulfilment: pickup"),
        ("打包一份薯条", "add: 1 fries"),
        ("明天中午十二点来拿", "choose_fulfilment: pickup"),
    ],
)
def test_to_take_away_is_a_way_and_a_verb(text: str, expected: str) -> None:
    missing = ("fulfilment", "contact", "name")
    assert expected in understood(text, language="zh", basket=("coke",), missing=missing)


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "take out the onions", "change: it onion:no"),
        ("ko", "얼음 빼 주세요", "change: it no_ice"),
    ],
)
def test_what_is_left_off_needs_no_goods_beside_it(language: str, text: str, expected: str) -> None:
    item = "cheeseburger" if language == "en" else "sprite"
    assert understood(text, language=language, basket=(item,), last=item) == expected


@pytest.mark.parametrize(
    ("language", "text", "shop", "expected"),
    [
        ("zh", "薯片买二送一吗", "corner-shop", "ask_item: potato_chips promotions"),
        ("zh", "苹果呢", "corner-shop", "ask_price: apples"),
        ("ko", "불고기버거 있어요?", "burger-bar", "ask_menu: 불고기버거"),
        ("zh", "收比特币吗", "burger-bar", "choose_method: crypto"),
    ],
)
def test_what_is_asked_is_no_order(language: str, text: str, shop: str, expected: str) -> None:
    assert understood(text, shop=shop, language=language) == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("zh", "鸡蛋来两盒", "add: 2 eggs"),
        ("zh", "香蕉要三把", "add: 3 bananas"),
        ("ko", "바나나 세 송이 주세요", "add: 3 bananas"),
    ],
)
def test_packs_are_counted_by_their_own_word(language: str, text: str, expected: str) -> None:
    assert understood(text, shop="corner-shop", language=language) == expected


def test_a_date_may_end_in_front_of_the_room() -> None:
    said = understood("我想订12月30号到1月2号的大床房，两大一小", shop="lake-hotel", language="zh")
    assert "{'from': '2026-12-30', 'to': '2027-01-02'}" in said
    assert "{'adults': 2, 'children': 1}" in said
    assert "add: lake_king" in said


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "refund half of the hamburger", "refund: hamburger {'percent': 50}"),
        ("zh", "汉堡退一半的钱", "refund: #burgers {'percent': 50}"),
        ("ko", "버거 값 반만 돌려줘", "refund: #burgers {'percent': 50}"),
        ("en", "I only got one coke", "refund: 1 coke {'came': True}"),
        ("en", "we only received the pizza", "refund: #pizzas {'came': True}"),
        ("zh", "我只收到一杯可乐", "refund: 1 coke {'came': True}"),
        ("ko", "콜라 한 잔만 왔어요", "refund: 1 coke {'came': True}"),
        ("ko", "콜라 한 잔밖에 못 받았어요", "refund: 1 coke {'came': True}"),
    ],
)
def test_what_is_to_be_paid_back_of_an_order(language: str, text: str, expected: str) -> None:
    assert understood(text, language=language, orders=("A1",)) == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "use HELLO", "give_coupon: HELLO"),
        ("en", "HELLO", "give_coupon: HELLO"),
        ("en", "hello", "none: greeting"),
        ("ko", "HELLO 쿠폰", "give_coupon: HELLO"),
    ],
)
def test_a_coupon_that_is_a_word_is_known_by_how_it_is_written(language: str, text: str, expected: str) -> None:
    assert understood(text, shop="corner-shop", language=language) == expected


@pytest.mark.parametrize(
    ("language", "text", "name"),
    [
        ("ko", "정해인 212 555 0188", "정해인"),
        ("zh", "电话4155550000，姓王", "王"),
        ("zh", "13800138000，我叫李雷", "李雷"),
    ],
)
def test_a_name_beside_a_phone_is_whole(language: str, text: str, name: str) -> None:
    assert f"'name': '{name}'" in understood(text, language=language, basket=("coke",), expects="basket")


def test_a_flat_behind_the_road_is_of_the_address() -> None:
    said = understood("delivery to 200 Market St, it's apartment 4, buzzer 12", language="en")
    assert said == "choose_fulfilment: delivery + give_address: 200 Market St, it's apartment 4, buzzer 12"


COUNTED = """
# A count behind "make it" is that of goods of the basket, whatever stands before it.
corner-shop en milk*2,eggs | take off the eggs and make it two milks => remove: eggs + change: 2 milk
corner-shop en milk*2,eggs | take off the eggs, and make it three milks => remove: eggs + change: 3 milk
corner-shop en milk*2,eggs | two breads, no make it three breads => add: 3 bread
# "The second one" of goods that are one line is one of them.
burger-bar en cheeseburger*2 | no onions on the second one => change: it onion:no of 1
burger-bar en cheeseburger*2 | remove the second one => remove: 1 it
burger-bar en cheeseburger*2,coke | bacon on the first => change: it bacon @1 of 1
burger-bar en cheeseburger*2,coke | remove the second one => remove: it @2
burger-bar zh cheeseburger*2 | 第二个换成大的 => change: it large of 1
burger-bar ko cheeseburger*2 | 두 번째는 양파 빼 주세요 => change: it onion:no of 1
# The next size from the usual one, of goods that aren't there yet.
burger-bar en cheeseburger | two bigger cokes => add: 2 coke large
burger-bar en cheeseburger | a larger latte with oat milk => add: latte large oat_milk
burger-bar zh cheeseburger | 来杯大一点的可乐 => add: coke large
burger-bar ko cheeseburger | 콜라 더 큰 걸로 주세요 => add: coke large
# How old somebody is counts nothing.
burger-bar en cheeseburger | nuggets for our seven year old son please => add: chicken_nuggets
burger-bar zh cheeseburger | 给我三岁的孩子来份薯条 => add: fries
burger-bar ko cheeseburger | 다섯 살 아이한테 줄 감자튀김 하나요 => add: 1 fries
# What is to be another box of the eggs puts no eggs in the place of the milk.
corner-shop zh milk*2 | 鸡蛋换成小盒的 => 
corner-shop ko milk*2 | 계란을 작은 상자로 바꿔 주세요 => 
corner-shop zh milk*2 | 换成鸡蛋 => change: eggs
burger-bar en coke*3,fries | keep two cokes => change: 2 coke
# Too many: how many are wanted is asked, where it isn't said; none is added.
corner-shop zh sparkling_water*3 | 我没要那么多气泡水 => pack? change: sparkling_water
corner-shop zh sparkling_water*3 | 气泡水太多了 => pack? change: sparkling_water
corner-shop zh sparkling_water*3 | 气泡水太多了，一瓶就够 => change: 1 sparkling_water
burger-bar en coke*3 | I didn't want that many cokes => pack? change: coke
burger-bar en coke*3 | too many cokes, just one => change: 1 coke
burger-bar en cheeseburger*2,coke*3 | fewer cokes => remove: 1 coke
burger-bar en cheeseburger*2,coke*3 | less coke please => remove: 1 coke
burger-bar en cheeseburger*2,coke*3 | reduce the cokes by two => remove: 2 coke
burger-bar en cheeseburger*2,coke*3 | could you cut the cokes down to one => change: 1 coke
burger-bar en cheeseburger*2,coke*3 | bring it down to two => change: 2 coke
burger-bar en cheeseburger*2 | less fries => remove: 1 fries
burger-bar en cheeseburger_meal | less fries => 
burger-bar zh cheeseburger*2,coke*3 | 减少可乐 => remove: 1 coke
burger-bar zh cheeseburger*2,coke*3 | 可乐少点两杯 => remove: 2 coke
burger-bar zh cheeseburger*2,coke*3 | 减到一杯 => change: 1 coke
burger-bar ko cheeseburger*2,coke*3 | 콜라 줄여줘 => remove: 1 coke
burger-bar ko cheeseburger*2,coke*3 | 콜라 두 잔으로 줄여 주세요 => change: 2 coke
burger-bar ko cheeseburger*2,coke*3 | 콜라 한 잔 덜 주세요 => remove: 1 coke
burger-bar en coke*3 | not so many onions => change: it onion:light
burger-bar ko coke*3 | 콜라가 너무 많아요 => pack? change: coke
# A part that so many of a meal are to have is no goods beside it.
burger-bar en cheeseburger_meal*2 | one of them with onion rings => change: it onion_rings of 1
burger-bar en cheeseburger_meal*2 | make one with orange juice => change: it orange_juice of 1
burger-bar en cheeseburger_meal | with onion rings and a sprite => change: it onion_rings sprite
burger-bar en cheeseburger_meal | can I have it with a sprite => change: it sprite
burger-bar en cheeseburger_meal | with two sprites => add: 2 sprite
burger-bar en cheeseburger | with onion rings => add: onion_rings
burger-bar zh cheeseburger_meal | 要配雪碧的 => change: it sprite
burger-bar zh cheeseburger_meal*2 | 一个要洋葱圈 => change: it onion_rings of 1
burger-bar zh cheeseburger_meal*2 | 要一个洋葱圈 => add: 1 onion_rings
burger-bar ko cheeseburger_meal*2 | 하나는 어니언링으로 => change: it onion_rings of 1
# What is said of some and of the others: what one part leaves out, the other has.
burger-bar ko hamburger*2 | 하나는 양파 넣고 하나는 빼주세요 => change: it onion of 1 + change: it onion:no of 1
burger-bar ko coke*2 | 하나는 얼음 넣고 하나는 빼주세요 => change: it normal_ice of 1 + change: it no_ice of 1
burger-bar ko hamburger*2 | 하나는 양파 빼고 하나는 그대로 주세요 => change: it onion:no of 1
burger-bar ko hamburger*2 | 하나는 양파 빼고 하나는 그냥 주세요 => change: it onion:no of 1
burger-bar ko coke*3 | 두 잔은 얼음 빼고 나머지는 얼음 적게 주세요 => change: it no_ice of 2 + change: it less_ice of 1
burger-bar ko coke*4 | 두 잔은 사이다로 바꿔주세요 => change: 2 sprite
burger-bar ko coke*4 | 두 잔은 사이다로요 => change: 2 sprite
burger-bar ko coke*4 | 콜라 두 잔은 사이다로요 => change: 2 sprite
burger-bar ko coke*10 | 콜라는 다섯 잔만 주시고 나머지는 사이다로요 => change: 5 sprite
burger-bar ko hamburger*2 | 하나는 그대로 주세요 => 
burger-bar ko hamburger,coke | 햄버거는 빼고 나머지는 그대로 주세요 => remove: hamburger
# "Only" so many are how many there are to be, whatever measures them.
burger-bar ko coke*3 | 콜라 두 잔만 => change: 2 coke
burger-bar ko coke*3 | 콜라도 두 잔만 => change: 2 coke
burger-bar ko coke*3 | 너무 많네 두 잔만요 => change: 2 it
burger-bar ko coke*3 | 콜라 두 잔만 더 주세요 => add: 2 coke
corner-shop ko sparkling_water*12 | 총 여덟 병만 주세요 => change: 8 it
# What is put on, and goods that are called by their kind alone, one more of which is wanted.
burger-bar ko hamburger | 계란도 하나 추가요 => change: it egg
burger-bar ko hamburger | 계란도 하나 넣어주세요 => change: it egg
burger-bar ko pepperoni_pizza | 하와이안도 하나 추가요 => add: 1 hawaiian_pizza
burger-bar ko side_salad | 오일 식초로 바꿔주세요 => change: it vinaigrette
# Everybody is to have one; about so many are asked how many; a price is why something is called off.
burger-bar ko coke | 세 명인데 치즈버거 세트 하나씩 주세요 => add: 3 cheeseburger_meal
burger-bar ko coke | 우리 셋인데 콜라 하나씩 주세요 => add: 3 coke
burger-bar ko coke | 콜라 서너 잔 주세요 => pack? add: coke
burger-bar ko coke | 콜라는 안 마실게요 => remove: coke
# A part of a meal is called what the goods are called that it is.
burger-bar ko coke | 치즈버거 세트 하나 감튀 대신 어니언링으로 주세요 => add: 1 cheeseburger_meal onion_rings
burger-bar ko coke | 치킨버거 세트도 하나요 사이드는 샐러드로요 => add: 1 chicken_burger_meal side_salad
# Those that are to stay, where the others go.
burger-bar ko coke,fries,hamburger | 감튀만 남기고 다 빼주세요 => remove: coke @all + remove: hamburger @all
burger-bar ko coke,fries,hamburger | 감튀는 남기고 다 빼주세요 => remove: coke @all + remove: hamburger @all
burger-bar ko coke,fries,hamburger | 다 빼고 감튀만 주세요 => remove: coke @all + remove: hamburger @all
burger-bar ko coke,fries,hamburger | 감튀 말고 다 빼주세요 => remove: coke @all + remove: hamburger @all
burger-bar ko coke,fries*2 | 감튀 하나만 남기고 다 빼주세요 => remove: coke @all + change: 1 fries
burger-bar ko coke,fries,hamburger | 콜라만 다 빼주세요 => remove: coke
burger-bar zh coke,fries | 都不要了，薯条留着 => remove: coke @all
burger-bar en coke,fries | take everything off, just leave the fries => remove: coke @all
burger-bar en coke,fries | cancel the coke only => remove: coke
# What all is to be off that isn't named as goods empties no basket.
burger-bar ko hamburger,coke | 얼음 다 빼주세요 => change: it no_ice @all
burger-bar ko coke,hamburger | 고수 다 빼주세요 => 
# What is to go back before anything was ordered was just said.
burger-bar zh coke*2 | 两瓶水，退一瓶 => add: 2 water + refund: 1 water
burger-bar zh coke*2 | 可乐退一杯 => refund: 1 coke
"""


@pytest.mark.parametrize(("row", "expected"), table(COUNTED))
def test_what_is_counted_of_a_basket(row: str, expected: str) -> None:
    where, _, text = row.partition(" | ")
    shop, language, goods = where.split()
    basket = tuple(
        LineSaid(item, int(count or 1)) for item, _, count in (one.partition("*") for one in goods.split(","))
    )
    meaning = meaning_of(text, shop, language, basket=basket, last=basket[-1].item)
    asked = [
        f"{doubt.why}? {act.act}: {line_text(act.lines[0])}" for doubt in meaning.ask for (act,) in [doubt.candidates]
    ]
    done = [
        f"{act.act}: {line_text(line)}" + (f" of {line.of}" if line.of else "")
        for act in meaning.acts
        for line in act.lines
    ]
    assert " + ".join([*asked, *done]) == expected


MEALS = """
cheeseburger meal with sprite instead of coke => add: cheeseburger_meal sprite
cheeseburger meal with orange juice instead of coke => add: cheeseburger_meal orange_juice
two zero cokes => add: 2 coke_zero
"""


@pytest.mark.parametrize(("text", "expected"), table(MEALS))
def test_no_coke_is_no_zero_coke(text: str, expected: str) -> None:
    assert understood(text, language="en") == expected


REASONS = """
# Why goods are taken off is no wish of its own.
en | take out the coffee it's too expensive => remove: coffee_beans
en | no milk we already have some => remove: milk
en | skip the eggs, I've got plenty => remove: eggs
en | leave the milk, I'm on a diet => remove: milk
en | leave the milk => -
en | take off the eggs, my husband already bought some => remove: eggs
en | no eggs because nobody eats them => remove: eggs
en | take the milk off, it's too expensive, and the eggs => remove: milk, eggs
en | remove the eggs, we have loads, and add some bread => remove: eggs + add: bread
en | the milk is too expensive => ask_item: milk bill
zh | 鸡蛋不要了，太贵了 => remove: eggs
zh | 不要鸡蛋，我们家还有很多 => remove: eggs
zh | 面包不要了，最近在减肥 => remove: bread
ko | 계란은 빼 주세요, 너무 비싸요 => remove: eggs
ko | 우유 빼 주세요 냉장고에 아직 많이 있어요 => remove: milk
"""


@pytest.mark.parametrize(("row", "expected"), table(REASONS))
def test_goods_are_taken_off_with_a_reason(row: str, expected: str) -> None:
    language, _, text = row.partition(" | ")
    basket = tuple(LineSaid(item, 1) for item in ("milk", "eggs", "bread", "coffee_beans"))
    meaning = meaning_of(text, "corner-shop", language, basket=basket, last="coffee_beans", line=4)
    assert acts_text(meaning.acts) == expected
    assert not meaning.leftover


EVERY = """
# A kind that is named as many is every line of it, and what stands behind goods is said of all that "and" joins.
en | make the burgers large => change: cheeseburger large, hamburger large
en | make all the burgers large => change: cheeseburger large, hamburger large
en | all the burgers with cheese => change: cheeseburger cheese, hamburger cheese
en | no onions on the burgers => change: cheeseburger onion:no, hamburger onion:no
en | remove the burgers => remove: cheeseburger, hamburger
en | make the burgers and the coke large => change: cheeseburger large, hamburger large, coke large
en | make the cheeseburger, the hamburger and the coke large => change: cheeseburger large, hamburger large, coke large
en | the coke and the cheeseburger without onions => change: cheeseburger onion:no
en | take off the coke and the hamburger => remove: coke, hamburger
en | a coke and a cheeseburger without onions => add: 1 coke, 1 cheeseburger onion:no
zh | 汉堡都不要洋葱 => change: cheeseburger onion:no, hamburger onion:no
zh | 汉堡都要大份 => change: cheeseburger large, hamburger large
ko | 버거는 전부 라지로 해 주세요 => change: cheeseburger large, hamburger large
ko | 콜라랑 치즈버거 라지로 해 주세요 => change: coke large, cheeseburger large
"""


@pytest.mark.parametrize(("row", "expected"), table(EVERY))
def test_what_is_said_of_several_is_said_of_each(row: str, expected: str) -> None:
    language, _, text = row.partition(" | ")
    basket = tuple(LineSaid(item, 1) for item in ("cheeseburger", "hamburger", "coke"))
    meaning = meaning_of(text, "burger-bar", language, basket=basket, last="coke", line=3)
    assert acts_text(meaning.acts) == expected
    assert not meaning.ask


@pytest.mark.parametrize(
    ("language", "text", "acts"),
    [
        ("zh", "没问题吧", "repeat"),
        ("zh", "可以吧", "repeat"),
        ("zh", "是对的吧", "repeat"),
        ("zh", "行了吧", "repeat"),
        ("zh", "好是好", "-"),
        ("zh", "付吧", "confirm"),
        ("ko", "확인 좀 해 주세요", "repeat"),
        ("ko", "네 확인 부탁드려요", "repeat"),
        ("ko", "네 결제해 주세요", "confirm"),
        ("en", "ok so", "-"),
        ("en", "yeah right", "-"),
    ],
)
def test_whoever_asks_whether_it_is_right_has_not_said_yes(language: str, text: str, acts: str) -> None:
    basket = {"basket": ("cheeseburger", "coke"), "last": "coke", "line": 2}
    assert understood(text, language=language, expects="confirm", **basket) == acts


AGREED = """
en: That sounds perfect!
en: Yes, it is.
en: Yes, I do
en: that's fine by me
en: yes, that works just fine
en: Yes that is what I want.
en: I'm good with that
zh: 听起来不错
zh: 就按这个来
zh: 完全正确
ko: 그렇게 진행해 주세요
ko: 완벽해요
ko: 네, 그대로 주문해 주세요
"""


@pytest.mark.parametrize("text", [row for row in AGREED.splitlines() if row])
def test_a_yes_in_other_words_agrees(text: str) -> None:
    language, _, said = text.partition(": ")
    assert understood(said, language=language, expects="confirm", basket=("coke",)) == "confirm"


NOT_AGREED = """
en: I do
en: that's not good
en: it is good but too expensive
en: yes I will think about it
en: yes it is not
en: that is nice
zh: 不太好
ko: 괜찮아요
"""


@pytest.mark.parametrize("text", [row for row in NOT_AGREED.splitlines() if row])
def test_what_only_sounds_like_a_yes_agrees_to_nothing(text: str) -> None:
    language, _, said = text.partition(": ")
    assert "confirm" not in understood(said, language=language, expects="confirm", basket=("coke",))


def test_no_said_twice_before_what_is_to_be_left_out() -> None:
    said = understood("no no onions", basket=("cheeseburger",), last="cheeseburger")
    assert said == understood("no onions", basket=("cheeseburger",), last="cheeseburger") == "change: it onion:no"


def test_one_more_thing_is_no_more_of_anything() -> None:
    assert "add" not in understood("one more thing", basket=("coke",), last="coke")
    assert understood("one more thing a sprite", basket=("coke",), last="coke") == "add: 1 sprite"

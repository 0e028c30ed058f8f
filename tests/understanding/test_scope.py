"""How far words reach: lists of what is unwanted, options before their goods, counts of all, of some and of options."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.turns import LineSaid, OptionSaid
from tests.understanding.support import act_text, good, meaning_of, pick, table, understood, write_shop

ORDERS = """
en: a hamburger without onions, pickles or tomato => add: 1 hamburger onion:no pickles:no tomato:no
en: a hamburger without onions, pickles and tomato => add: 1 hamburger onion:no pickles:no tomato:no
en: a hamburger with no onions, bacon and ketchup => add: 1 hamburger onion:no bacon ketchup
en: a hamburger with everything but onions => add: 1 hamburger onion:no
zh: 芝士汉堡，不要洋葱、酸黄瓜和番茄 => add: cheeseburger onion:no pickles:no tomato:no
ko: 치즈버거 양파, 피클 빼 주세요 => add: cheeseburger onion:no pickles:no
ko: 콜라 라지, 얼음 빼고 => add: coke large no_ice
en: a coke and a sprite, two of each => add: 2 coke, 2 sprite
zh: 一个芝士汉堡套餐，可乐换雪碧 => add: 1 cheeseburger_meal sprite
zh: 可乐和雪碧各来两杯 => add: 2 coke, 2 sprite
ko: 콜라랑 사이다 두 잔씩 주세요 => add: 2 coke, 2 sprite
en: three hamburgers and the same number of cokes => add: 3 hamburger, 3 coke
en: two burgers, a cheeseburger and a chicken burger => add: 1 cheeseburger, 1 chicken_burger
en: two cheeseburgers and make one of them a chicken burger => add: 1 cheeseburger, 1 chicken_burger
en: a cheeseburger without onions and the same with bacon => add: 1 cheeseburger onion:no, 1 cheeseburger onion:no bacon
ko: 치즈버거 두 개 중에 하나는 양파 빼 주세요 => add: 1 cheeseburger, 1 cheeseburger onion:no
ko: 치즈버거 둘, 하나는 베이컨 추가, 하나는 양파 빼고 => add: 1 cheeseburger bacon, 1 cheeseburger onion:no
ko: 치즈버거 한 개 콜라 두 개 감자튀김 하나 => add: 1 cheeseburger, 2 coke, 1 fries
ko: 콜라 하나, 아니 사이다 하나 => add: 1 sprite
ko: 치즈버거 두 개 말고 세 개요 => add: 3 cheeseburger
ko: 네 콜라도 하나 추가해 주세요 => add: 1 coke
en: for my drink i'll have a coke => add: 1 coke
en: a coke as a drink => add: 1 coke
en: two cokes and check out please => add: 2 coke + checkout
zh: 两杯可乐，芝士汉堡多少钱？ => add: 2 coke + ask_price: cheeseburger
ko: 콜라 두 잔이랑, 치즈버거는 얼마예요? => add: 2 coke + ask_price: cheeseburger
ko: 치즈버거 얼마예요? 두 개 주세요 => ask_price: cheeseburger + add: 2 cheeseburger
ko: 콜라랑 사이다 중에 뭐가 더 싸요 => ask_price: coke sprite
en: a large coke and a small one and fries => add: 1 coke large, 1 coke small, fries
en: two large and one small coke => add: 2 coke large, 1 coke small
en: two large cokes and one small => add: 2 coke large, 1 coke small
en: two hamburgers and a coke, one of the hamburgers without onions => add: 1 hamburger, 1 hamburger onion:no, 1 coke
"""


@pytest.mark.parametrize(("text", "acts"), table(ORDERS))
def test_what_is_ordered_in_one_breath(text: str, acts: str) -> None:
    language, _, said = text.partition(": ")
    assert understood(said, language=language) == acts


BASKET = (LineSaid("cheeseburger", 2), LineSaid("coke", 1, (OptionSaid("size", "large"),)), LineSaid("fries", 1))
CHANGES = """
en: just one cheeseburger => change: 1 cheeseburger
en: add just one cheeseburger => add: 1 cheeseburger
en: actually no fries => remove: fries
en: I'd rather have a sprite than the coke => change: 1 sprite <- coke
en: extra pickles on everything => change: it pickles:extra @all
en: upgrade the coke to large => change: coke large
en: leave the coke => -
en: make the cheeseburgers three and the cokes two => change: 3 cheeseburger, 2 coke
en: the same again but with bacon => add: it bacon
en: instead of a large coke, a small one => change: 1 coke small
en: not the large coke, the small one => change: coke small
en: not the large coke, a sprite => change: 1 sprite <- coke
en: which is cheaper, the coke or the sprite? => ask_price: coke sprite
zh: 只要一个芝士汉堡 => change: 1 cheeseburger
zh: 少一个芝士汉堡 => remove: 1 cheeseburger
zh: 芝士汉堡减一个 => remove: 1 cheeseburger
zh: 芝士汉堡改三个，薯条不要了 => change: 3 cheeseburger + remove: fries
zh: 两个芝士汉堡都不要洋葱 => change: 2 cheeseburger onion:no
ko: 치즈버거 하나만 주세요 => change: 1 cheeseburger
ko: 콜라 두 잔으로 해 주세요 => change: 2 coke
ko: 세 개로 해 주세요 => change: 3 it
ko: 감자튀김은 라지로 콜라는 스몰로 => change: fries large, coke small
ko: 콜라 빼고 다 취소해 주세요 => remove: cheeseburger @all, fries @all
ko: 콜라는 안 할래요 => remove: coke
ko: 치즈버거 두 개 말고 세 개요 => change: 3 cheeseburger
"""


@pytest.mark.parametrize(("text", "acts"), table(CHANGES))
def test_what_is_changed_in_a_basket(text: str, acts: str) -> None:
    language, _, said = text.partition(": ")
    assert understood(said, language=language, basket=BASKET, last="fries") == acts


@pytest.mark.parametrize(
    ("language", "text"), [("zh", "其中一个芝士汉堡加培根"), ("en", "add bacon to one of the cheeseburgers")]
)
def test_one_of_several_is_changed_and_the_others_stay(language: str, text: str) -> None:
    meaning = meaning_of(text, language=language, basket=BASKET)
    assert [(act.act, act.lines[0].item, act.lines[0].of) for act in meaning.acts] == [("change", "cheeseburger", 1)]


@pytest.mark.parametrize(
    ("text", "goods"),
    [
        ("12 High Street, two cokes", "2 coke"),
        ("two cokes to 12 High Street", "2 coke"),
        ("bring two cokes to 12 High Street please", "2 coke"),
        ("a cheeseburger, 12 High Street delivery, card", "1 cheeseburger"),
        ("two cokes, my address is 12 High Street, and a sundae", "2 coke, 1 ice_cream"),
    ],
)
def test_an_address_beside_goods_is_no_count_and_takes_no_goods_along(text: str, goods: str) -> None:
    meaning = meaning_of(text, missing=("fulfilment", "address"))
    said = [act_text(act) for act in meaning.acts]
    assert f"add: {goods}" in said
    assert "give_address: 12 High Street" in said
    assert not meaning.leftover


def test_an_address_stands_behind_the_time_of_delivery() -> None:
    said = understood("two cokes, deliver in 20 minutes to 12 High Street")
    assert said == "add: 2 coke + choose_fulfilment: delivery + give_address: 12 High Street + give_time: 15:20"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "500 grams of cheddar"),
        ("zh", "500克芝士"),
        ("ko", "치즈 500그램 주세요"),
        ("en", "two pounds of apples"),
        ("zh", "来两斤苹果"),
        ("zh", "苹果要两公斤"),
    ],
)
def test_goods_that_are_counted_are_not_weighed(language: str, text: str) -> None:
    meaning = meaning_of(text, "corner-shop", language)
    assert [act.act for act in meaning.acts] == []
    assert [line.quantity for act in meaning.ask[0].candidates for line in act.lines] == [None]


def test_goods_that_are_sold_by_the_pound_are_counted_in_pounds(tmp_path: Path) -> None:
    apples = {**good("苹果", tag="zh"), "measures": {"zh": "斤"}}
    market = write_shop(tmp_path, [apples, good("米饭", tag="zh")], ("zh",))
    assert understood("来两斤苹果", market, "zh") == "add: 2 苹果"
    assert meaning_of("来两斤米饭", market, "zh").ask


@pytest.mark.parametrize(
    ("text", "acts"),
    [
        ("牛奶两盒面包一个", "add: 2 milk, 1 bread"),
        ("两盒牛奶一个面包", "add: 2 milk, 1 bread"),
        ("番茄味的薯片两包", "add: 2 potato_chips"),
    ],
)
def test_counts_before_and_behind_and_flavours(text: str, acts: str) -> None:
    assert understood(text, "corner-shop", "zh") == acts


@pytest.fixture
def cafe(tmp_path: Path) -> str:
    size = pick("size", "small, medium, large")
    milk = pick("milk", "oat milk, whole milk, soy milk", default="whole_milk")
    extras = pick("extra", "hazel syrup, mint syrup, shot|shots, foam", many=True, most_each=5)
    drinks = [good(name, size, milk, extras) for name in ("mocha", "cortado", "spiced cortado")]
    toppings = pick("topping", "olives, ham, mint and lime", many=True)
    return write_shop(tmp_path / "cafe", [*drinks, good("flatbread", pick("cut", "thin, thick"), toppings)])


COUNTED = """
a mocha with two extra shots => add: 1 mocha shots:2
a mocha with two shots => add: 1 mocha shots:2
two mochas with three pumps of mint syrup => add: 2 mocha mint_syrup:3
a mocha with double foam => add: 1 mocha foam:2
two mochas, one with two shots => add: 1 mocha, 1 mocha shots:2
a mocha without syrup => add: 1 mocha
a thin with olives and ham => add: flatbread thin olives ham
olives and extra ham on a thick flatbread => add: flatbread olives ham:extra thick
two thick with ham and a mocha => add: 2 flatbread thick ham, 1 mocha
a flatbread with lime and mint => add: 1 flatbread mint_and_lime
a large two extra mocha => add: mocha large
a thick flatbread and I don't want it with ham => add: 1 flatbread thick ham:no
"""


@pytest.mark.parametrize(("text", "acts"), table(COUNTED.replace("shots:", "shot:")))
def test_options_are_counted_and_name_their_goods(text: str, acts: str, cafe: str) -> None:
    assert understood(text, cafe) == acts


@pytest.mark.parametrize(
    ("text", "ways"),
    [
        ("a mocha with syrup", ["add: 1 mocha hazel_syrup", "add: 1 mocha mint_syrup"]),
        ("a small large mocha", ["add: 1 mocha small", "add: 1 mocha large"]),
        ("two large mochas, one small", ["add: 2 mocha large, 1 mocha small", "add: 1 mocha large, 1 mocha small"]),
    ],
)
def test_what_is_open_is_asked(text: str, ways: list[str], cafe: str) -> None:
    meaning = meaning_of(text, cafe)
    assert not meaning.acts
    assert [act_text(act) for act in meaning.ask[0].candidates] == ways


def line(item: str, size: str, **options: int) -> LineSaid:
    return LineSaid(item, 1, (OptionSaid("size", size), *(OptionSaid("extra", k, v) for k, v in options.items())))


TOLD = """
make the small one a large => change: it large @2
remove the small one => remove: it @2
change the small one to a mocha => change: 1 mocha <- cortado @2
make the small cortado decaf oat milk => change: cortado oat_milk @2
remove the medium cortado => remove: spiced_cortado medium
add three shots => change: it shot:5
without syrup => change: it mint_syrup:no
"""


@pytest.mark.parametrize(("text", "acts"), table(TOLD.replace(" decaf", "")))
def test_a_line_is_told_by_what_it_has(text: str, acts: str, cafe: str) -> None:
    basket = (
        line("cortado", "large"),
        line("cortado", "small"),
        line("spiced_cortado", "medium", shot=2, mint_syrup=1),
    )
    assert understood(text, cafe, basket=basket, last="spiced_cortado") == acts


def test_of_several_lines_that_are_so_is_asked(cafe: str) -> None:
    meaning = meaning_of("make the small one a large", cafe, basket=(line("mocha", "small"), line("cortado", "small")))
    assert [act_text(act) for act in meaning.ask[0].candidates] == ["change: it large @1", "change: it large @2"]

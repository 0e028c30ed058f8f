"""Words and orders of words as people have them who never heard of the shop: at a pizza shop, a coffee shop, a bar."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.turns import LineSaid, OptionSaid
from tests.understanding.support import good, pick, table, understood, write_shop

EVERYTHING = "all toppings|everything|all the toppings"
TOPPINGS = pick("topping", f"ham, tuna, pesto, olives, mushrooms, pepperoni, cheese, {EVERYTHING}", many=True)
SYRUP = pick("extras", "vanilla syrup|vanilla, sugar, shot", many=True, most_each=10)
GOODS = [
    good("pizza|pie", pick("size", "small, medium, large"), TOPPINGS),
    good("latte", pick("size", "tall, grande"), SYRUP),
    good("espresso", pick("size", "single, double|double shot")),
    good("muffin", pick("ways", "warmed, sliced", many=True)),
    good("lemonade"),
]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> str:
    return write_shop(Path(tmp_path_factory.mktemp("place")), GOODS)


ORDERS = """
a pizza with everything except olives => add: 1 pizza all_toppings olives:no
a pizza with everything on it except for the ham => add: 1 pizza all_toppings ham:no
a pizza with all the toppings except ham and tuna => add: 1 pizza all_toppings ham:no tuna:no
a pizza, everything but olives => add: 1 pizza all_toppings olives:no
a pizza minus the cheese plus pesto => add: 1 pizza cheese:no pesto
a pizza without ham along with olives => add: 1 pizza ham:no olives
a pizza that doesn't have olives => add: 1 pizza olives:no
a pizza sans cheese => add: 1 pizza cheese:no
a pizza with neither ham nor tuna => add: 1 pizza ham:no tuna:no
a pizza with the cheese left off => add: 1 pizza cheese:no
a pizza with ham, cheese removed => add: 1 pizza ham cheese:no
a pizza, ditch the olives => add: 1 pizza olives:no
a pizza with a dash of pesto and hardly any cheese => add: 1 pizza pesto:light cheese:light
a pizza not too heavy on the cheese => add: 1 pizza cheese:light
a pizza with just a few olives => add: 1 pizza olives:light
a pizza loaded with ham => add: 1 pizza ham:extra
a pizza with a bunch of olives => add: 1 pizza olives:extra
a pizza with lots and lots of cheese => add: 1 pizza cheese:extra
i'm craving a small pizza with ham => add: 1 pizza small ham
make mine a large pizza with tuna => add: 1 pizza large tuna
make it a pizza with no cheese please with a lemonade => add: 1 pizza cheese:no, lemonade
two large pepperoni and one small cheese pizza => add: 2 pizza large pepperoni, 1 pizza small cheese
two large ham three large tuna and one small cheese pizza => \
    add: 2 pizza large ham, 3 pizza large tuna, 1 pizza small cheese
a large ham, a large tuna and a medium cheese pizza => \
    add: 1 pizza large ham, 1 pizza large tuna, 1 pizza medium cheese
a large ham and a large tuna pizza => add: 1 pizza large ham, 1 pizza large tuna
a large, a large pizza => add: 1 pizza large
""".replace("\\\n    ", "")


@pytest.mark.parametrize(("text", "acts"), table(ORDERS))
def test_what_is_left_out_and_what_goes_together(place: str, text: str, acts: str) -> None:
    assert understood(text, shop=place, language="en") == acts


LATTE = LineSaid("latte", 1, (OptionSaid("extras", "vanilla_syrup", 4),))
CHANGES = """
one more sugar => change: it sugar:1
add one more vanilla => change: it vanilla_syrup:5
only two pumps => change: it vanilla_syrup:2
make it two pumps => change: it vanilla_syrup:2
add two more pumps => change: it vanilla_syrup:6
take out two pumps => change: it vanilla_syrup:2
add a double shot to it => change: it shot:2
one more latte => add: 1 latte
one more with sugar => add: 1 it sugar
warm up the muffin => change: muffin warmed
could you warm the muffin => change: muffin warmed
scrap the whole order => cancel
ring me up => checkout
forget about the whole thing => cancel
take back the last change => undo
"""


@pytest.mark.parametrize(("text", "acts"), table(CHANGES))
def test_what_becomes_of_what_is_there(place: str, text: str, acts: str) -> None:
    basket = (LineSaid("muffin", 1), LATTE)
    assert understood(text, shop=place, language="en", basket=basket, last="latte", line=2) == acts


@pytest.mark.parametrize(
    ("text", "acts"),
    [
        ("한 잔만 더요", "add: 1 it"),
        ("콜라 두 잔만 더요", "add: 2 coke"),
        ("한 번만 더 말해 주세요", "repeat"),
        ("再讲一次", "repeat"),
        ("我要找你们店员", "person"),
    ],
)
def test_only_is_no_number(text: str, acts: str) -> None:
    assert understood(text, basket=("coke",), last="coke", line=1) == acts


@pytest.mark.parametrize(
    ("text", "acts"),
    [
        ("燕麦拿铁一杯", "add: 1 latte oat_milk"),
        ("大杯可乐一杯，小杯的也来两杯", "add: 1 coke large, 2 coke small"),
        ("大杯燕麦拿铁", "add: latte large oat_milk"),
        ("라떼 하나 귀리 우유로 바꿔서 주세요", "add: 1 latte oat_milk"),
        ("一个夏威夷披萨，洋葱多放一些", "add: 1 hawaiian_pizza onion:extra"),
    ],
)
def test_choices_as_they_are_asked_for_at_the_counter(text: str, acts: str) -> None:
    assert understood(text) == acts


HEAT = pick("맵기", "순한맛, 보통맛, 매운맛", tag="ko", default="보통맛")


@pytest.mark.parametrize(
    ("text", "basket", "acts"),
    [
        ("양념치킨 덜 맵게 해 주세요", ("양념치킨",), "change: 양념치킨 순한맛"),
        ("양념치킨 하나 덜 맵게 주세요", (), "add: 1 양념치킨 순한맛"),
        ("양념치킨 하나 맵게 주세요", (), "add: 1 양념치킨 매운맛"),
    ],
)
def test_less_of_a_choice_is_the_one_beside_it(tmp_path: Path, text: str, basket: tuple[str, ...], acts: str) -> None:
    shop = write_shop(tmp_path / "chicken", [good("양념치킨", HEAT, tag="ko")], ["ko"])
    assert understood(text, shop=shop, language="ko", basket=basket) == acts


HARDWARE = [
    good("screws", pick("size", "M4, M6"), pick("pack", "pack of 10, pack of 50|box of 50")),
    good("gloves", pick("size", "medium, large")),
    good("hammer"),
    good("cheese balls", pick("pieces", "five pieces|5 pieces, ten pieces|10 pieces")),
]
COUNTED = """
two boxes of 50 M6 screws => add: 2 screws pack_of_50 M6
a box of 50 M6 screws => add: 1 screws pack_of_50 M6
a pair of large gloves => add: 1 gloves large
a pair of hammers => add: 2 hammer
cheese balls ten pieces and gloves => add: cheese_balls ten_pieces, gloves
"""


@pytest.mark.parametrize(("text", "acts"), table(COUNTED))
def test_how_things_are_sold_at_the_hardware_store(tmp_path: Path, text: str, acts: str) -> None:
    assert understood(text, shop=write_shop(tmp_path / "store", HARDWARE), language="en") == acts


CHATTER = """
en: who invented the hamburger => -
en: add eggs to my shopping list => -
en: i have three kids => -
en: i want to go home => -
en: set an alarm for six thirty => -
en: tell me a joke about cheese => -
en: walk the dog at five => -
zh: 帮我定一个六点半的闹钟 => -
zh: 教我做麻婆豆腐 => -
zh: 我儿子今年五岁 => -
zh: 打开支付宝 => -
zh: 加我微信 => -
zh: 晚上八点看球 => -
ko: 카드 게임 하자 => -
ko: 다섯 시에 보자 => -
ko: 콜라 많이 마시면 몸에 안 좋아 => -
"""


@pytest.mark.parametrize("asked", [None, "confirm"])
@pytest.mark.parametrize(("text", "acts"), table(CHATTER))
def test_chatter_that_has_words_of_the_shop_does_nothing(text: str, acts: str, asked: str | None) -> None:
    language, _, said = text.partition(": ")
    assert understood(said, language=language, basket=("cheeseburger",), expects=asked) == acts


@pytest.mark.parametrize(
    ("text", "acts"),
    [
        ("两个儿童餐，孩子五岁", "add: 2 kids_meal"),
        ("明天下午三点来取", "give_time: 2026-11-24T15:00 + choose_fulfilment: pickup"),
        ("카드여", "choose_method: card"),
        ("明天会热吗", "-"),
        ("i have two kids with me, two cokes please", "add: 2 coke"),
    ],
)
def test_an_order_beside_chatter_is_one(text: str, acts: str) -> None:
    assert understood(text) == acts

"""What people say in one breath at shops of many kinds: some of the goods, corrections, negations, numbers in names."""

from __future__ import annotations

from typing import Any

import pytest

from assistant.turns import LineSaid, OptionSaid
from tests.understanding.support import act_text, meaning_of, table, understood, write_shop
from tests.understanding.test_fresh_shops import item
from tests.understanding.test_levels import TAGS, choice, named


def one_of(id_: str, names: tuple[str, str, str], default: str | None, *choices: dict[str, Any]) -> dict[str, Any]:
    return {"id": id_, "names": named(*names), "default": default, "choices": list(choices)}


def some_of(id_: str, names: tuple[str, str, str], *choices: dict[str, Any]) -> dict[str, Any]:
    amounts = ["no", "light", "normal", "extra", "double"]
    return {"id": id_, "names": named(*names), "choose": "many", "amounts": amounts, "choices": list(choices)}


SIZE = one_of(
    "size",
    ("size", "规格", "크기"),
    "medium",
    choice("medium", "medium|regular", "中杯|中", "보통|중간"),
    choice("large", "large|big", "大杯|大", "곱빼기|라지|큰"),
)
NOODLES = one_of(
    "noodles",
    ("noodles", "面条", "면"),
    "thin",
    choice("thin", "thin noodles", "细面", "소면"),
    choice("rice", "rice noodles", "米粉", "쌀국수면"),
)
TOPPINGS = some_of(
    "toppings",
    ("toppings", "加料", "추가"),
    {**choice("coriander", "cilantro", "香菜", "고수"), "included": True},
    {**choice("scallion", "scallions", "葱花", "파"), "included": True},
    choice("beef", "extra beef|beef", "牛肉", "소고기"),
    choice("cheese", "cheese", "芝士", "치즈"),
    choice("pearls", "pearls", "珍珠", "펄"),
    choice("red_bean", "red bean", "红豆", "팥"),
)
WARM = one_of(
    "warm",
    ("temperature", "温度", "온도"),
    "iced",
    choice("iced", "iced", "冰的", "아이스"),
    choice("hot", "hot", "热的", "따뜻하게|따뜻한"),
)
PIECES = one_of(
    "pieces",
    ("pieces", "个数", "개수"),
    "six",
    choice("six", "6 pieces|six pieces", "六个装", "6조각"),
    choice("ten", "10 pieces|ten pieces", "十个装", "10조각"),
)
STRENGTH = one_of(
    "strength",
    ("strength", "规格", "용량"),
    "mg200",
    choice("mg200", "200 mg", "200毫克", "200밀리"),
    choice("mg400", "400 mg", "400毫克", "400밀리"),
)
AGE = one_of(
    "age",
    ("age", "人群", "대상"),
    "adult",
    choice("adult", "adult", "成人", "성인용"),
    choice("child", "children's|kids", "儿童", "어린이용"),
)
COLOUR = one_of(
    "colour",
    ("colour", "颜色", "색깔"),
    "red",
    choice("red", "red", "红色|红的", "빨간"),
    choice("white", "white", "白色|白的", "흰|흰색"),
    choice("pink", "pink", "粉色|粉的", "분홍"),
)
STEMS = one_of(
    "stems",
    ("stems", "枝数", "송이 수"),
    "twelve",
    choice("six", "6 stems|six stems", "六枝|6枝", "6송이"),
    choice("twelve", "12 stems|twelve stems", "十二枝|12枝", "12송이"),
)
CARD = some_of("extras", ("extras", "附加", "추가"), choice("card", "card|greeting card", "卡片|贺卡", "카드"))
GOODS = [
    item("beef_noodle", "beef noodles", "牛肉面", "우육면", options=(SIZE, NOODLES, TOPPINGS), category="noodles"),
    item("dandan", "dan dan noodles", "担担面", "탄탄면", options=(SIZE, NOODLES, TOPPINGS), category="noodles"),
    item("milk_tea", "milk tea", "奶茶", "밀크티", options=(SIZE, WARM, TOPPINGS), category="tea"),
    item("taro", "taro milk", "芋泥牛奶", "타로 라떼", options=(SIZE, WARM, TOPPINGS), category="tea"),
    item("wings", "chicken wings|wings", "鸡翅", "윙", options=(PIECES,), category="chicken"),
    item("radish", "pickled radish", "腌萝卜", "치킨무", category="sides"),
    item("ibuprofen", "ibuprofen", "布洛芬", "이부프로펜", options=(STRENGTH, AGE), category="chemist"),
    item("vitamin", "vitamin D", "维D", "비타민디", category="chemist"),
    item("bandage", "bandage", "绷带", "붕대", category="chemist"),
    item("tulips", "tulips", "郁金香", "튤립", options=(STEMS, COLOUR, CARD), category="flowers"),
    item("vase", "vase", "花瓶", "꽃병", category="flowers"),
]


@pytest.fixture(scope="module")
def street(tmp_path_factory: pytest.TempPathFactory) -> str:
    return write_shop(tmp_path_factory.mktemp("street") / "street", GOODS, TAGS)


ORDERS = """
# A choice with a count behind it, where the goods have made it already, is of more of them.
ko: 타로 라떼 큰 거 둘이랑 중간 거 하나 => add: 2 taro large, 1 taro medium
ko: 밀크티 라지 두 개 보통 하나 => add: 2 milk_tea large, 1 milk_tea medium
zh: 来一杯大杯的芋泥牛奶再来杯中杯的 => add: 1 taro large, 1 taro medium
zh: 奶茶两杯热的一杯冰的 => add: 2 milk_tea hot, 1 milk_tea iced
en: milk teas two hot one iced => add: 2 milk_tea hot, 1 milk_tea iced
en: white tulips and some pink ones => add: tulips white, 1 tulips pink
zh: 十二枝白色郁金香，再要六枝粉色的 => add: tulips twelve white, 1 tulips six pink
# What stands behind what it is said of.
zh: 香菜葱花都不要的担担面一碗 => add: 1 dandan coriander:no scallion:no
zh: 一份担担面一份牛肉面 都换成米粉 => add: 1 dandan rice, 1 beef_noodle rice
ko: 탄탄면 치즈 추가 고수 빼고 => add: dandan cheese coriander:no
ko: 윙 10조각 하나 치킨무 두 개 아니다 세 개 => add: 1 wings ten, 3 radish
ko: 우육면 라지 탄탄면 라지 => add: beef_noodle large, dandan large
zh: 维D两瓶绷带三卷还有布洛芬 => add: 2 vitamin, 3 bandage, ibuprofen
zh: 白色郁金香六枝粉色郁金香六枝 => add: tulips white six, tulips pink six
# How much of something that is called "extra", too.
en: beef noodles with double beef => add: beef_noodle beef:double
en: beef noodles with extra beef => add: beef_noodle beef
zh: 担担面牛肉双份 => add: dandan beef:double
# Some of what was counted.
en: two milk teas one no pearls one extra red bean => add: 1 milk_tea pearls:no, 1 milk_tea red_bean:extra
zh: 三杯奶茶 有两杯要热的 => add: 1 milk_tea, 2 milk_tea hot
# A space parts what is written without spaces.
zh: 牛肉面大碗的 担担面不要香菜 => add: beef_noodle large, dandan coriander:no
# A number may be that of a choice.
en: ibuprofen 400 two boxes => add: 2 ibuprofen mg400
# A word for whom it is.
zh: 给孩子用的布洛芬 => add: ibuprofen child
# An option that is called as a way to pay.
en: white tulips with a card => add: tulips white card
ko: 흰 튤립에 카드도 넣어 주세요 => add: tulips white card
# An option behind a count is that of the goods before it; a counted choice stands for the goods that alone have it.
ko: 우육면 하나 라지 치킨무 네 개 => add: 1 beef_noodle large, 4 radish
ko: 치킨무 두 개 어린이용 하나 => add: 2 radish, 1 ibuprofen child
# Kinds of what was counted, with their counts behind them; kinds that are listed.
ko: 튤립 세 개 빨간 둘 분홍 하나 => add: 2 tulips red, 1 tulips pink
en: tulips red and white one of each => add: 1 tulips red, 1 tulips white
en: tulips red and white => add: 1 tulips red, 1 tulips white
en: dan dan noodles with cheese and one without scallions => add: 1 dandan cheese, 1 dandan scallion:no
# A choice that isn't wanted, of two.
ko: 이부프로펜이요 성인용 말고 => add: ibuprofen child
# Counted on the goods, and no count of them.
ko: 탄탄면에 치즈 두 개 추가요 => add: dandan cheese:double
"""


@pytest.mark.parametrize(("text", "acts"), table(ORDERS))
def test_orders(text: str, acts: str, street: str) -> None:
    language, _, said = text.partition(": ")
    assert understood(said, street, language) == acts


TWO = (LineSaid("milk_tea", 1, (OptionSaid("toppings", "pearls", "normal"),)), LineSaid("taro", 1))
NOODLE_SOUPS = (LineSaid("dandan", 1), LineSaid("beef_noodle", 1))
PAIR = (LineSaid("ibuprofen", 2, (OptionSaid("strength", "mg400"),)), LineSaid("tulips", 1, ()))


@pytest.mark.parametrize(
    ("language", "text", "basket", "acts"),
    [
        (
            "en",
            "make the taro hot and take the pearls out of the milk tea",
            TWO,
            "change: taro hot, milk_tea pearls:no",
        ),
        ("ko", "밀크티는 따뜻하게 해 주시고 타로는 큰 걸로요", TWO, "change: milk_tea hot, taro large"),
        ("zh", "奶茶改热的 芋泥牛奶不要了", TWO, "change: milk_tea hot + remove: taro"),
        ("ko", "첫 번째 거 곱빼기로 해주세요", NOODLE_SOUPS, "change: it large @1"),
        ("ko", "똑같은 걸로 하나 더요", NOODLE_SOUPS, "add: 1 it"),
        ("ko", "같은 거 라지로 하나 더", NOODLE_SOUPS, "add: 1 it large"),
        ("en", "the ibuprofen should be 200 not 400", PAIR, "change: ibuprofen mg200"),
        ("ko", "튤립은 흰색으로 바꾸고 이부프로펜은 하나만요", PAIR, "change: tulips white, 1 ibuprofen"),
        ("zh", "郁金香换白的，布洛芬只要一盒", PAIR, "change: tulips white, 1 ibuprofen"),
        ("zh", "布洛芬其中一盒要儿童的", PAIR, "change: ibuprofen child"),
        ("zh", "郁金香加一张卡片", PAIR, "change: tulips card"),
        ("en", "add a card to the tulips", PAIR, "change: tulips card"),
        ("en", "not those the white ones", PAIR, "change: it white"),
        ("ko", "꽃병 하나 추가하고 이부프로펜은 하나 빼 주세요", PAIR, "add: 1 vase + remove: 1 ibuprofen"),
        ("zh", "再来个花瓶 布洛芬少一盒", PAIR, "add: vase + remove: 1 ibuprofen"),
        ("zh", "布洛芬一盒就够了", PAIR, "change: 1 ibuprofen"),
        ("ko", "이부프로펜은 하나면 돼요", PAIR, "change: 1 ibuprofen"),
        ("ko", "튤립 흰색으로 바꿔 주실 수 있어요?", PAIR, "change: tulips white"),
        (
            "en",
            "change the ibuprofen to one vase one bandage",
            PAIR,
            "change: 1 vase <- 2 ibuprofen + add: 1 bandage",
        ),
    ],
)
def test_changes(language: str, text: str, basket: tuple[LineSaid, ...], acts: str, street: str) -> None:
    meaning = meaning_of(text, street, language, basket=basket, last=basket[-1].item)
    assert " + ".join(map(act_text, meaning.acts)) == acts
    assert not meaning.ask


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("zh", "鸡翅今天就不吃了"),
        ("zh", "我在想要不要点鸡翅"),
        ("zh", "你们送不送萝卜啊"),
        ("zh", "家里有绷带了不用买"),
        ("zh", "布洛芬和维D能一起吃吗"),
        ("zh", "奶茶里面有红豆吗 我不能吃红豆"),
        ("en", "I already have a bandage so I don't need one"),
        ("en", "does the milk tea have nuts in it"),
        ("en", "should I get the wings or the noodles"),
        ("ko", "윙 네 개면 얼마 나와요"),
        ("zh", "鸡翅够了谢谢"),
        ("zh", "鸡翅先不上"),
        ("zh", "鸡翅两个人够吃吗"),
        ("ko", "윙은 나중에요"),
        ("en", "do I have to pay extra for a card"),
    ],
)
def test_nothing_is_ordered(language: str, text: str, street: str) -> None:
    meaning = meaning_of(text, street, language)
    assert not [act for act in meaning.acts if act.act == "add" or act.act == "remove"]
    assert not meaning.ask


@pytest.mark.parametrize(
    ("language", "text", "asked"),
    [
        ("en", "six wings", ["add: 1 wings six", "add: 6 wings"]),
        ("en", "six tulips", ["add: 1 tulips six", "add: 6 tulips"]),
        ("zh", "十个鸡翅", ["add: 1 wings ten", "add: 10 wings"]),
        ("en", "give me taro", ["add: taro"]),
    ],
)
def test_what_may_be_either_is_asked(language: str, text: str, asked: list[str], street: str) -> None:
    meaning = meaning_of(text, street, language)
    assert not meaning.acts
    assert [act_text(act) for act in meaning.ask[0].candidates] == asked


@pytest.mark.parametrize(
    ("language", "text", "acts"),
    [
        ("en", "four cokes half of them diet", "add: 2 coke, 2 coke_zero"),
        ("zh", "四杯可乐一半要无糖的", "add: 2 coke, 2 coke_zero"),
        ("zh", "两个芝士堡有一个不要洋葱", "add: 1 cheeseburger, 1 cheeseburger onion:no"),
        ("ko", "밀크셰이크 초코 두 개 딸기 하나", "add: 2 milkshake chocolate, 1 milkshake strawberry"),
        ("en", "two lattes half with oat milk", "add: 1 latte, 1 latte oat_milk"),
        ("en", "a large garden pizza half with extra cheese", "add: 1 garden_pizza large mozzarella:extra/left"),
        ("en", "milkshakes two chocolate one strawberry", "add: 2 milkshake chocolate, 1 milkshake strawberry"),
    ],
)
def test_kinds_of_what_was_counted(language: str, text: str, acts: str) -> None:
    assert understood(text, language=language) == acts


def test_what_is_called_nearly_so_is_asked() -> None:
    meaning = meaning_of("nuggets with barbecue sauce", language="en")
    assert [act_text(act) for act in meaning.ask[0].candidates] == ["add: chicken_nuggets barbecue_dip"]


def test_goods_that_are_refused_are_not_ordered() -> None:
    basket = (LineSaid("cheeseburger", 2), LineSaid("coke", 1))
    assert understood("콜라는 빼고 물로 주세요", language="ko", basket=basket) == "remove: coke + add: water"


def test_some_of_the_basket_are_changed_and_the_others_stay() -> None:
    basket = (LineSaid("latte", 2),)
    meaning = meaning_of("make one latte iced", language="en", basket=basket, last="latte")
    assert [(line.item, line.quantity, line.of) for act in meaning.acts for line in act.lines] == [("latte", None, 1)]


def test_a_count_behind_shots_is_that_of_the_shots() -> None:
    assert understood("라떼 샷 두 개 추가", language="ko") == "add: latte espresso_shot:2"


def test_what_is_called_off_by_a_pronoun_is_not_the_order() -> None:
    basket = (LineSaid("coke", 1), LineSaid("fries", 1))
    said = "cancel that and give me a latte"
    assert understood(said, language="en", basket=basket, last="fries") == "remove: it + add: 1 latte"
    assert understood("cancel it", language="en", basket=basket, last="fries") == "cancel"


def test_some_that_are_not_had_so_change_nothing() -> None:
    basket = (LineSaid("latte", 2),)
    meaning = meaning_of("make one of those lattes decaf", language="en", basket=basket, last="latte")
    assert (meaning.acts, meaning.leftover) == ((), ("decaf",))


def test_boxes_are_those_of_the_goods_behind_them() -> None:
    assert understood("两打鸡蛋一盒牛奶", "corner-shop", "zh") == "add: 2 eggs, 1 milk"

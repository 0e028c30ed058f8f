"""What people say at a taqueria, a butcher's and a stationer's: some of several, what is given up, the same for me."""

from __future__ import annotations

from typing import Any

import pytest

from assistant.turns import LineSaid
from tests.understanding.support import acts_text, meaning_of, table, write_shop
from tests.understanding.test_fresh_shops import item
from tests.understanding.test_in_one_breath import one_of, some_of
from tests.understanding.test_levels import TAGS, choice

FILLING = one_of(
    "filling",
    ("filling", "馅料", "속재료"),
    None,
    choice("pork", "al pastor|pork", "猪肉", "돼지고기"),
    choice("chicken", "chicken", "鸡肉", "치킨"),
    choice("fish", "fish", "鱼肉|鱼", "생선"),
    choice("beans", "veggie|beans", "素菜", "야채"),
)
HEAT = one_of(
    "heat",
    ("heat", "辣度", "맵기"),
    "mild",
    choice("mild", "mild", "微辣", "순한맛"),
    choice("medium_hot", "medium", "中辣", "중간맛"),
    choice("hot", "hot|spicy", "特辣", "매운맛|맵게"),
)
SIZE = one_of(
    "size",
    ("size", "份量", "크기"),
    "medium",
    choice("medium", "medium", "中份", "중간"),
    choice("large", "large", "大份", "큰 거|큰"),
)
EXTRAS: dict[str, Any] = some_of(
    "extras",
    ("extras", "配料", "추가"),
    {**choice("onion", "onions", "洋葱", "양파"), "included": True},
    {**choice("guac", "guacamole", "牛油果酱", "과카몰리"), "included": False},
)
CUT = one_of(
    "cut",
    ("cut", "切法", "손질"),
    "whole",
    choice("whole", "whole", "整块", "통째"),
    choice("sliced", "sliced", "切片", "썰어서"),
    choice("diced", "diced", "切丁", "깍둑썰기"),
)
COLOUR = one_of(
    "colour",
    ("colour", "颜色", "색깔|색"),
    "blue",
    choice("blue", "blue", "蓝色|蓝的", "파랑|파란색"),
    choice("black", "black", "黑色|黑的", "검정"),
    choice("red", "red", "红色|红的", "빨강|빨간색"),
)
TEA = one_of(
    "tea",
    ("tea", "茶", "차 종류"),
    "jasmine",
    choice("jasmine", "jasmine", "茉莉", "자스민"),
    choice("oolong", "oolong", "铁观音", "우롱"),
)
TASTE = one_of(
    "taste",
    ("flavour", "口味", "맛"),
    "vanilla",
    choice("vanilla", "vanilla", "香草", "바닐라"),
    choice("pistachio", "pistachio", "开心果", "피스타치오"),
    choice("cocoa", "chocolate", "巧克力", "초코"),
)
PACK = one_of(
    "pack",
    ("pack", "包装", "포장"),
    "loose",
    choice("loose", "loose", "散装", "낱개"),
    choice("bag", "bag|1 kilo bag", "袋装|一公斤装", "봉지|1킬로"),
    choice("box", "box|5 kilo box", "箱装|整箱", "박스|5킬로"),
)
TEMPERATURE = one_of(
    "temperature",
    ("temperature", "温度", "온도"),
    "warm",
    choice("warm", "hot", "热的", "따뜻한"),
    choice("cold", "cold", "冰的", "차가운"),
)
CREPE: dict[str, Any] = some_of(
    "crepe",
    ("extras", "加料", "추가"),
    {**choice("egg", "egg", "鸡蛋|蛋", "계란"), "included": True},
    {**choice("scallion", "scallions", "葱花", "파"), "included": True},
    {**choice("coriander", "coriander", "香菜", "고수"), "included": True},
    {**choice("sausage", "sausage", "香肠|肠", "소시지"), "included": False},
)
GOODS = [
    item("teapot", "pot of tea|tea", "茶", "차", options=(TEA,), category="tea"),
    item("paint", "paint", "墙漆", "페인트", options=(COLOUR,), category="paint"),
    item("bucket", "bucket", "水桶|桶", "양동이", category="paint"),
    item("macaron", "macarons", "马卡龙", "마카롱", options=(TASTE,), category="sweets"),
    item("apples", "apples|apple", "苹果", "사과", options=(PACK,), category="fruit"),
    item("potatoes", "potatoes", "土豆", "감자", options=(PACK,), category="fruit"),
    item("crepe", "savoury crepe|crepe", "煎饼", "젠빙", options=(CREPE,), category="stall"),
    item("soymilk", "soy milk", "豆浆", "두유", options=(TEMPERATURE,), category="stall"),
    item("pork_bun", "pork bun", "肉包子", "고기찐빵", category="buns"),
    item("bean_bun", "bean bun", "豆沙包", "팥찐빵", category="buns"),
    item("taco", "taco", "塔可", "타코", options=(FILLING, EXTRAS), category="mexican"),
    item("burrito", "burrito", "卷饼", "부리토", options=(FILLING, HEAT, EXTRAS), category="mexican"),
    item("stew", "stew", "炖锅", "스튜", options=(SIZE, HEAT), category="mexican"),
    item("gimbap", "gimbap", "紫菜包饭", "김밥", category="korean"),
    item("beer", "beer", "啤酒", "맥주", category="drinks"),
    item("cola", "cola", "可乐", "콜라", category="drinks"),
    item("breast", "chicken breast", "鸡胸肉", "닭가슴살", options=(CUT,), category="meat"),
    item("ham", "ham", "火腿", "햄", options=(CUT,), category="meat"),
    item("pen", "ballpoint|pen", "圆珠笔", "볼펜", options=(COLOUR,), category="pens"),
]

ORDERS = """
# Counts behind the kinds that they are of.
zh: 黑色圆珠笔十支红色的五支 => add: 10 pen black, 5 pen red
ko: 검정 볼펜 열 자루 빨강 다섯 자루 => add: 10 pen black, 5 pen red
zh: 圆珠笔黑的蓝的红的各来一支 => add: 1 pen black, 1 pen blue, 1 pen red
ko: 볼펜 검정 파랑 빨강 하나씩 => add: 1 pen black, 1 pen blue, 1 pen red
ko: 마카롱 세 개 바닐라 피스타치오 초코 하나씩 => add: 1 macaron vanilla, 1 macaron pistachio, 1 macaron cocoa
en: pens one in each colour => add: 1 pen blue, 1 pen black, 1 pen red
zh: 马卡龙四个 香草一个开心果两个巧克力一个 => add: 1 macaron vanilla, 2 macaron pistachio, 1 macaron cocoa
ko: 마카롱 네 개 바닐라 맛 하나 피스타치오 둘 초코 하나 => add: 1 macaron vanilla, 2 macaron pistachio, 1 macaron cocoa
# A choice that only one thing can have stands for it; a word that measures is no other thing.
en: two tacos with fish and a pot of oolong => add: 2 taco fish, 1 teapot oolong
zh: 鱼肉塔可一个 再来一壶铁观音 => add: 1 taco fish, 1 teapot oolong
zh: 蓝色墙漆一桶 => add: 1 paint blue
zh: 墙漆一桶 再要一个桶 => add: 1 paint, 1 bucket
en: tacos one pork one fish guacamole on both => add: 1 taco pork guac, 1 taco fish guac
# What isn't needed, or is at home.
en: don't need the bucket just the paint => remove: bucket + add: paint
en: I don't need anything else only paint the blue kind => add: paint blue
zh: 水桶家里有了 要墙漆一桶 => add: 1 paint
ko: 양동이는 집에 있고 페인트 하나 주세요 => add: 1 paint
ko: 부리토는 애들이 못 먹어서요 야채 타코 하나 => add: 1 taco beans
# What is said of all of them behind what is said of some.
en: three tacos two pork one fish all with no onions => add: 2 taco onion:no pork, 1 taco onion:no fish
ko: 타코 세 개요 두 개는 돼지고기 하나는 생선 다 양파 빼고요 => add: 2 taco onion:no pork, 1 taco onion:no fish
# What is given up, and what is refused.
en: I was gonna get a burrito but I'll just have a veggie taco => add: 1 taco beans
en: we were thinking of getting two burritos but give us a fish taco => add: 1 taco fish
zh: 本来想吃卷饼的算了来个素菜塔可吧 => add: taco beans
zh: 我本来想要卷饼但还是来个鱼肉塔可 => add: taco fish
ko: 부리토 먹으려다가 그냥 야채 타코 하나 할게요 => add: 1 taco beans
ko: 야채 타코 하나 콜라는 괜찮아요 => add: 1 taco beans
# Who it is for, and the same for somebody else.
en: my daughter wants a chicken taco and I'll have the same but fish => add: 1 taco chicken, 1 taco fish
zh: 我闺女要个鸡肉卷饼微辣我也一样但要特辣 => add: burrito chicken mild, 1 burrito chicken hot
ko: 제 딸은 치킨 타코 하나 저도 같은 걸로 => add: 1 taco chicken, 1 taco chicken
# A word for choices of two options is of the one that is free.
en: a large medium stew => add: 1 stew large medium_hot
# What goods are measured by is how they are packed, where they can be had so.
en: a box of apples and two bags of potatoes => add: 1 apples box, 2 potatoes bag
en: apples and potatoes one bag each => add: 1 apples bag, 1 potatoes bag
zh: 苹果来一箱 再要两个土豆 => add: 1 apples box, 2 potatoes
ko: 사과랑 감자 한 봉지씩 => add: 1 apples bag, 1 potatoes bag
en: six apples => add: 6 apples
# What is left off beside each other, and how many of it are put on.
zh: 煎饼一套不要葱花香菜 => add: 1 crepe scallion:no coriander:no
ko: 젠빙 하나에 계란 두 개랑 소시지 추가 => add: 1 crepe egg:double sausage
# Kinds of what was only called by its kind; what is wanted, and what isn't.
en: buns, four pork buns and two bean buns => add: 4 pork_bun, 2 bean_bun
zh: 肉包子不是豆沙包啊 来三个 => add: 3 pork_bun
en: I don't like pork buns so two bean buns please => add: 2 bean_bun
zh: 豆沙包我老婆不爱吃 来个肉包子 => add: pork_bun
en: a taco with fish and another one with pork, both no onions => add: 1 taco fish onion:no, 1 taco pork onion:no
zh: 我朋友要个煎饼我要个一样的但是不要葱花 => add: crepe, 1 crepe scallion:no
# What is to be done to goods chooses what comes of it.
en: can you slice the ham for me => add: ham sliced
"""

BASKETS: dict[str, tuple[LineSaid, ...]] = {
    "rolls": (LineSaid("gimbap", 3), LineSaid("cola", 1)),
    "tacos": (LineSaid("taco", 2), LineSaid("beer", 2)),
    "meat": (LineSaid("breast", 2), LineSaid("ham", 1)),
    "pens": (LineSaid("pen", 5), LineSaid("beer", 1)),
    "stall": (LineSaid("crepe", 1), LineSaid("soymilk", 2)),
}
CHANGES = """
# One less of this, one more of that, in any order.
en rolls: one gimbap less and one more cola => remove: 1 gimbap + add: 1 cola
zh rolls: 紫菜包饭少一个 可乐多一瓶 => remove: 1 gimbap + add: 1 cola
ko rolls: 김밥 하나 빼고 콜라 하나 추가 => remove: 1 gimbap + add: 1 cola
# As many as there are, and as many more.
en tacos: another round of beers => add: 2 beer
en tacos: double the beers => change: 4 beer
zh tacos: 啤酒翻倍 => change: 4 beer
ko tacos: 타코 두 개 다 과카몰리 추가요 => change: 2 taco guac
# Some of those that are there.
zh pens: 圆珠笔里两支要红的 => change: pen red
en meat: could you dice one of the chicken breasts => change: breast diced
zh stall: 豆浆一杯要冰的 => change: soymilk cold
zh pens: 圆珠笔里有两支要红的 => change: pen red
# One more like what is there.
en stall: the same crepe for my friend but no scallions => add: 1 crepe scallion:no
en stall: another two of the same crepe => add: 2 crepe
# More of what comes with it anyway.
zh stall: 煎饼再加个蛋 => change: crepe egg:extra
# How many are to stay.
zh pens: 圆珠笔加到八支 => change: 8 pen
en pens: I don't need that many pens three is fine => change: 3 pen
en pens: that's too many pens make it three => change: 3 pen
zh pens: 圆珠笔不用那么多 三支就够了 => change: 3 pen
ko pens: 볼펜 그렇게 많이 필요 없고 세 개면 돼요 => change: 3 pen
"""


@pytest.fixture(scope="module")
def street(tmp_path_factory: pytest.TempPathFactory) -> str:
    return write_shop(tmp_path_factory.mktemp("trades"), GOODS, TAGS)


@pytest.mark.parametrize(("text", "acts"), table(ORDERS))
def test_orders(text: str, acts: str, street: str) -> None:
    language, _, said = text.partition(": ")
    meaning = meaning_of(said, street, language)
    assert acts_text(meaning.acts) == acts
    assert not meaning.ask


@pytest.mark.parametrize(("text", "acts"), table(CHANGES))
def test_changes(text: str, acts: str, street: str) -> None:
    told, _, said = text.partition(": ")
    language, _, name = told.partition(" ")
    basket = BASKETS[name]
    meaning = meaning_of(said, street, language, basket=basket, last=basket[-1].item)
    assert acts_text(meaning.acts) == acts
    assert not meaning.ask


@pytest.mark.parametrize(
    ("language", "text", "gone"),
    [
        ("en", "I only want the beer", "gimbap"),
        ("en", "just the beer please", "gimbap"),
        ("zh", "只要啤酒", "gimbap"),
        ("ko", "맥주만 주세요", "gimbap"),
    ],
)
def test_what_alone_is_wanted_is_asked_about(language: str, text: str, gone: str, street: str) -> None:
    basket = (LineSaid("gimbap", 1), LineSaid("beer", 1))
    meaning = meaning_of(text, street, language, basket=basket, last="beer")
    assert not meaning.acts
    assert [act.lines for act in meaning.ask[0].candidates] == [(LineSaid(gone, None, (), "all"),)]


@pytest.mark.parametrize(
    ("language", "text", "asked"),
    [
        ("en", "two colas no", "add: 2 cola"),  # and what is wanted instead isn't said
        ("ko", "부리토 맵게 스튜 하나", "add: 1 stew hot"),  # the burrito, or the stew
    ],
)
def test_what_may_be_either_is_asked(language: str, text: str, asked: str, street: str) -> None:
    meaning = meaning_of(text, street, language)
    assert [acts_text(doubt.candidates) for doubt in meaning.ask] == [asked]


def test_some_of_which_nothing_is_understood_stay_as_they_are(street: str) -> None:
    basket = (LineSaid("cola", 2), LineSaid("gimbap", 1))
    meaning = meaning_of("콜라 하나는 쁍쁍으로요", street, "ko", basket=basket, last="gimbap")
    assert not [act for act in meaning.acts if act.act in ("change", "add", "remove")]
    assert meaning.leftover


@pytest.mark.parametrize(
    ("language", "text"), [("zh", "喝咖啡的话哪个豆浆好"), ("zh", "冰的用哪个煎饼好"), ("ko", "어떤 젠빙이 좋아요")]
)
def test_which_is_good_orders_none(language: str, text: str, street: str) -> None:
    meaning = meaning_of(text, street, language)
    assert not [act for act in meaning.acts if act.act in ("add", "change", "remove")]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "if I order two tacos do I get a discount"),
        ("zh", "要是买两个塔可有没有优惠"),
        ("ko", "타코 두 개 사면 할인되나요"),
    ],
)
def test_what_is_only_supposed_orders_nothing(language: str, text: str, street: str) -> None:
    assert acts_text(meaning_of(text, street, language).acts) == "ask_item: taco promotions"


def test_options_of_nothing_that_was_ordered_are_said_back(street: str) -> None:
    meaning = meaning_of("some blue the sliced one and two hams", street, "en")
    assert acts_text(meaning.acts) == "add: 2 ham"
    assert meaning.leftover == ("blue sliced",)


def test_only_what_is_known_is_left_off_behind_what_is_not(street: str) -> None:
    meaning = meaning_of("젠빙에 소시지 쀍쀍하고 파는 빼 주세요", street, "ko")
    assert acts_text(meaning.acts) == "add: crepe sausage scallion:no"


def test_what_is_or_is_not_so_is_no_light_amount(street: str) -> None:
    meaning = meaning_of("a stew not too hot", street, "en")
    assert acts_text(meaning.acts) == "add: 1 stew"
    assert meaning.leftover


def test_a_syllable_behind_an_amount_counts_nothing() -> None:
    assert acts_text(meaning_of("콜라 라지 얼음 조금만 감자튀김도 라지로", "burger-bar", "ko").acts) == (
        "add: coke large less_ice, fries large"
    )


@pytest.mark.parametrize(
    ("language", "text", "asked"),
    [
        ("zh", "鱼肉卷饼一份不要黄葱", ["change: burrito onion:no"]),
        ("en", "a fish burrito with walker molly", []),
        ("en", "a fish burrito, no anyons", ["change: burrito onion:no"]),
    ],
)
def test_what_is_fairly_like_an_option_is_asked_about(language: str, text: str, asked: list[str], street: str) -> None:
    meaning = meaning_of(text, street, language)
    assert [line.item for act in meaning.acts for line in act.lines] == ["burrito"]
    assert [acts_text(doubt.candidates) for doubt in meaning.ask] == asked


def test_what_gives_way_in_a_meal_takes_nothing_with_it() -> None:
    said = "cheeseburger meal with a sprite instead of the coke and onion rings for the side"
    assert acts_text(meaning_of(said, "burger-bar", "en").acts) == "add: cheeseburger_meal sprite onion_rings"


def test_the_drink_behind_a_meal_is_the_meals_own() -> None:
    meaning = meaning_of("芝士汉堡套餐，可乐去冰", "burger-bar", "zh")
    assert [line.item for act in meaning.acts for line in act.lines] == ["cheeseburger_meal"]


def test_a_size_up_is_asked_for_by_a_verb() -> None:
    meaning = meaning_of("upgrade the fries", "burger-bar", "en", basket=("fries", "coke"), last="coke")
    assert acts_text(meaning.acts) == "change: fries large"

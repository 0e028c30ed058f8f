"""How things are said: numbers, money, times, lists, order lines and particles, in our three languages."""

from __future__ import annotations

import datetime as dt
import random
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from assistant.commerce.catalogue import Catalogue
from assistant.commerce.money import Money
from assistant.commerce.order import Line, LineOption, When
from assistant.commerce.shop import Shop
from assistant.dialogue import spell
from assistant.dialogue.say import (
    Both,
    Clock,
    Code,
    Count,
    Day,
    Digits,
    Hours,
    Joined,
    Lines,
    Named,
    TimeOfDay,
    Voice,
    Word,
    voice_for,
)
from assistant.dialogue.wordings import wordings
from assistant.discovery import discover
from assistant.errors import Bug
from assistant.shops import load_shop
from assistant.steps import Said
from models import languages

OURS = ("en", "zh", "ko")
TODAY = dt.date(2026, 11, 23)


@cache
def opened(shop: str) -> tuple[Shop, Catalogue]:
    return load_shop(shop)


def voice(tag: str, shop: str = "burger-bar") -> Voice:
    return voice_for(tag, *opened(shop))


def line(item: str, quantity: int, *options: tuple[Any, ...], shop: str = "burger-bar", **more: Any) -> Line:
    found = opened(shop)[1].item(item)
    assert found is not None
    return Line(
        id=1,
        item=item,
        quantity=quantity,
        names={tag: names[0] for tag, names in found.names.items()},
        options=tuple(LineOption(*one) for one in options),
        unit_price=found.price,
        **more,
    )


# -- numbers ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "en", "zh", "ko"),
    [
        (0, "zero", "零", "영"),
        (2, "two", "二", "이"),
        (10, "ten", "十", "십"),
        (11, "eleven", "十一", "십일"),
        (21, "twenty-one", "二十一", "이십일"),
        (100, "one hundred", "一百", "백"),
        (104, "one hundred and four", "一百零四", "백사"),
        (110, "one hundred and ten", "一百一十", "백십"),
        (222, "two hundred and twenty-two", "两百二十二", "이백이십이"),
        (1001, "one thousand and one", "一千零一", "천일"),
        (1010, "one thousand and ten", "一千零一十", "천십"),
        (1300, "one thousand three hundred", "一千三百", "천삼백"),
        (10_000, "ten thousand", "一万", "만"),
        (10_400, "ten thousand four hundred", "一万零四百", "만 사백"),
        (12_000, "twelve thousand", "一万两千", "만 이천"),
        (20_000, "twenty thousand", "两万", "이만"),
        (100_005, "one hundred thousand and five", "十万零五", "십만 오"),
        (1_200_000, "one million two hundred thousand", "一百二十万", "백이십만"),
        (10_200_030, "ten million two hundred thousand and thirty", "一千零二十万零三十", "천이십만 삼십"),
        (
            99_999_999,
            "ninety-nine million nine hundred and ninety-nine thousand nine hundred and ninety-nine",
            "九千九百九十九万九千九百九十九",
            "구천구백구십구만 구천구백구십구",
        ),
    ],
)
def test_numbers_are_words(number: int, en: str, zh: str, ko: str) -> None:
    assert [voice(tag).number(number) for tag in OURS] == [en, zh, ko]


@pytest.mark.parametrize("tag", OURS)
def test_every_number_has_words_of_its_own(tag: str) -> None:
    speaker, chance = voice(tag), random.Random(7)
    numbers = {*range(2000), *(chance.randrange(10**8) for _ in range(3000))}
    said = {speaker.number(one) for one in numbers}
    assert len(said) == len(numbers)
    assert not any(re.search(r"\d|  |^ | $|零零", one) for one in said)


@pytest.mark.parametrize(
    ("tag", "number", "words"),
    [
        ("zh", 2, "两"),
        ("zh", 12, "十二"),
        ("zh", 200, "两百"),
        ("ko", 1, "한"),
        ("ko", 2, "두"),
        ("ko", 10, "열"),
        ("ko", 20, "스무"),
        ("ko", 21, "스물한"),
        ("ko", 99, "아흔아홉"),
        ("ko", 100, "백"),
        ("en", 2, "two"),
    ],
)
def test_things_are_counted_in_the_counting_form(tag: str, number: int, words: str) -> None:
    assert voice(tag).number(number, counting=True) == words


def test_numbers_beyond_words_stay_digits() -> None:
    assert [voice(tag).number(10**8) for tag in OURS] == ["100000000"] * 3
    assert voice("en").number(-3) == "-3"


# -- money -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "currency", "en", "zh", "ko"),
    [
        (10400, "CNY", "one hundred and four yuan", "一百零四元", "백사 위안"),
        (200, "CNY", "two yuan", "两元", "이 위안"),
        (890, "CNY", "eight yuan ninety", "八块九", "팔 점 구 위안"),
        (899, "CNY", "eight yuan ninety-nine", "八块九毛九", "팔 점 구구 위안"),
        (820, "CNY", "eight yuan twenty", "八块二", "팔 점 이 위안"),
        (805, "CNY", "eight yuan and five fen", "八块零五分", "팔 점 영오 위안"),
        (20, "CNY", "twenty fen", "两毛", "영 점 이 위안"),
        (25, "CNY", "twenty-five fen", "两毛五", "영 점 이오 위안"),
        (2, "CNY", "two fen", "两分", "영 점 영이 위안"),
        (100, "USD", "one dollar", "一美元", "일 달러"),
        (150, "USD", "one dollar fifty", "一点五美元", "일 달러 오십 센트"),
        (549, "USD", "five dollars forty-nine", "五点四九美元", "오 달러 사십구 센트"),
        (1, "USD", "one cent", "一美分", "일 센트"),
        (1250, "GBP", "twelve pounds fifty", "十二点五英镑", "십이 파운드 오십 펜스"),
        (505, "EUR", "five euros and five cents", "五点零五欧元", "오 유로 오 센트"),
        (18900, "KRW", "eighteen thousand nine hundred won", "一万八千九百韩元", "만 팔천구백 원"),
        (2000, "JPY", "two thousand yen", "两千日元", "이천 엔"),
        (-600, "CNY", "minus six yuan", "负六元", "마이너스 육 위안"),
    ],
)
def test_money_for_the_ear(amount: int, currency: str, en: str, zh: str, ko: str) -> None:
    assert [voice(tag).value(Money(amount, currency), True) for tag in OURS] == [en, zh, ko]


@pytest.mark.parametrize(
    ("amount", "currency", "en", "zh", "ko"),
    [
        (10400, "CNY", "CN¥104.00", "104元", "104위안"),
        (890, "CNY", "CN¥8.90", "8.90元", "8.90위안"),
        (549, "USD", "$5.49", "5.49美元", "5.49달러"),
        (18900, "KRW", "₩18,900", "18900韩元", "18,900원"),
        (0, "CNY", "CN¥0.00", "0元", "0위안"),
    ],
)
def test_money_for_the_eye(amount: int, currency: str, en: str, zh: str, ko: str) -> None:
    assert [voice(tag).value(Money(amount, currency), False) for tag in OURS] == [en, zh, ko]


@pytest.mark.parametrize("tag", OURS)
def test_a_currency_without_patterns_is_said_by_its_name(tag: str) -> None:
    ear = voice(tag).value(Money(350, "CHF"), True)
    assert "3.50" in ear and "CHF" not in ear


# -- times -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hour", "minute", "en", "zh", "ko"),
    [
        (18, 30, "half past six in the evening", "晚上六点半", "오후 여섯 시 반"),
        (14, 5, "two oh five in the afternoon", "下午两点零五分", "오후 두 시 오 분"),
        (9, 0, "nine in the morning", "上午九点", "오전 아홉 시"),
        (2, 10, "two ten in the morning", "凌晨两点十分", "새벽 두 시 십 분"),
        (12, 0, "noon", "中午十二点", "낮 열두 시"),
        (0, 0, "midnight", "零点", "밤 열두 시"),
        (22, 40, "ten forty in the evening", "晚上十点四十分", "오후 열 시 사십 분"),
    ],
)
def test_the_clock_for_the_ear(hour: int, minute: int, en: str, zh: str, ko: str) -> None:
    at = Clock(dt.datetime(2026, 11, 23, hour, minute), TODAY)
    assert [voice(tag).value(at, True) for tag in OURS] == [en, zh, ko]


def test_the_clock_for_the_eye() -> None:
    at = Clock(dt.datetime(2026, 11, 23, 18, 30), TODAY)
    assert [voice(tag).value(at, False).replace("\u202f", " ") for tag in OURS] == ["6:30 PM", "18:30", "오후 6:30"]


def test_tomorrow_and_later_days_are_named() -> None:
    tomorrow, later = dt.datetime(2026, 11, 24, 18, 30), dt.datetime(2027, 6, 10, 9, 0)
    assert [voice(tag).value(Clock(tomorrow, TODAY), True) for tag in OURS] == [
        "half past six in the evening tomorrow",
        "明天晚上六点半",
        "내일 오후 여섯 시 반",
    ]
    assert [voice(tag).value(Clock(later, TODAY), True) for tag in OURS[:2]] == [
        "nine in the morning on Thursday the tenth of June",
        "六月十号周四上午九点",
    ]


def test_dates() -> None:
    assert [voice(tag).value(Day(TODAY), False) for tag in OURS] == [
        "Monday, 23 November",
        "11月23日周一",
        "11월 23일 월요일",
    ]
    assert voice("en").value(Day(TODAY), True) == "Monday the twenty-third of November"
    assert voice("zh").value(Day(TODAY), True) == "十一月二十三号周一"
    assert voice("ko").value(Day(TODAY), True) == "십일월 이십삼일 월요일"


def test_june_and_october_have_names_of_their_own_in_korean() -> None:
    said = [voice("ko").say(Said("rooms_full", {"start": Day(dt.date(2026, month, 6))}))[0] for month in (6, 10, 11)]
    assert said == [
        "유월 육일 토요일에는 빈방이 없어요.",
        "시월 육일 화요일에는 빈방이 없어요.",
        "십일월 육일 금요일에는 빈방이 없어요.",
    ]


def test_times_as_a_shop_writes_them() -> None:
    assert [voice(tag).value(TimeOfDay("15:00"), True) for tag in OURS] == [
        "three in the afternoon",
        "下午三点",
        "오후 세 시",
    ]
    assert [voice(tag).value(Hours("11:00-24:00"), True) for tag in OURS] == [
        "from eleven in the morning to midnight",
        "中午十一点到零点",
        "오전 열한 시부터 밤 열두 시까지",
    ]


# -- counts, lists, codes --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("noun", "number", "en", "zh", "ko"),
    [
        ("night", 1, "one night", "一晚", "일박"),
        ("night", 2, "two nights", "两晚", "이박"),
        ("adult", 2, "two adults", "两位成人", "성인 두 명"),
        ("child", 1, "one child", "一位儿童", "어린이 한 명"),
        ("minute", 35, "thirty-five minutes", "三十五分钟", "삼십오 분"),
        ("hour", 2, "two hours", "两小时", "두 시간"),
        ("time", 1, "once", "一次", "한 번"),
    ],
)
def test_counts_for_the_ear(noun: str, number: int, en: str, zh: str, ko: str) -> None:
    assert [voice(tag).value(Count(number, noun), True) for tag in OURS] == [en, zh, ko]


def test_counts_for_the_eye() -> None:
    assert [voice(tag).value(Count(2, "adult"), False) for tag in OURS] == ["2 adults", "2位成人", "성인 2명"]


def test_lists() -> None:
    three = Joined(("Aa", "Bb", "Cc"))
    assert [voice(tag).value(three, True) for tag in OURS] == ["Aa, Bb and Cc", "Aa、Bb和Cc", "Aa, Bb, Cc"]
    either = Joined(("Aa", "Bb", "Cc"), "or")
    assert [voice(tag).value(either, True) for tag in OURS] == ["Aa, Bb or Cc", "Aa、Bb或Cc", "Aa, Bb, Cc"]


def test_sentences_in_a_list_follow_one_another_without_gaps() -> None:
    parts = Joined(("甲。", "", "乙。", "丙。"), "then")
    assert [voice(tag).value(parts, True) for tag in OURS] == ["甲。 乙。 丙。", "甲。乙。丙。", "甲。 乙。 丙。"]
    each = Joined(("four rolls, pay three: 70 off.", "breakfast deal: 50 off."), "then")
    assert voice("en").value(each, False) == "Four rolls, pay three: 70 off. Breakfast deal: 50 off."


def test_an_or_in_a_question_differs_in_chinese() -> None:
    ways = Joined((Word("method.names.wechat", "wechat"), Word("method.names.cash", "cash")), "or")
    assert voice("zh").say(Said("method.which", {"methods": ways}))[0] == "怎么付：微信支付还是现金？"
    assert voice("zh").say(Said("method.not_offered", {"methods": ways}))[0] == "这种方式不支持，可以用微信支付或现金。"


def test_clauses_are_a_list_of_their_own() -> None:
    prices = Joined(
        tuple(
            Said("price_of_choice", {"choice": name, "price": Money(price, "CNY")})
            for name, price in (("标准", 3900), ("大", 4700))
        )
    )
    assert voice("zh").value(prices, True) == "标准的三十九元，大的四十七元"


def test_phone_numbers_and_order_numbers() -> None:
    phone = Digits("13800138000")
    assert voice("zh").value(phone, True) == "幺三八，零零幺三，八零零零"
    assert voice("zh").value(phone, False) == "138 0013 8000"
    assert voice("ko").value(Digits("01012345678"), True) == "공일공, 일이삼사, 오육칠팔"
    assert voice("en").value(Digits("555 0134"), True) == "five five five, oh one three four"
    assert [voice(tag).value(Code("A17"), True) for tag in OURS] == ["A seventeen", "A十七", "에이 십칠"]
    assert [voice(tag).value(Code("A104"), True) for tag in OURS] == ["A one oh four", "A幺零四", "에이 일공사"]
    assert [voice(tag).value(Code("SAVE10"), True) for tag in OURS] == ["SAVE ten", "SAVE十", "SAVE 십"]
    assert [voice(tag).value(Code("A17"), False) for tag in OURS] == ["A17"] * 3


# -- order lines -----------------------------------------------------------------------------------------------

SIZE = ("size", "regular", None, None)
NO_ONION = ("extras", "onion", "no", None)


def test_a_line_with_options() -> None:
    burgers = line("cheeseburger", 2, SIZE, NO_ONION)
    assert [voice(tag).line(burgers, True) for tag in OURS] == [
        "two regular cheeseburgers without onion",
        "两个标准芝士汉堡，都不要洋葱",
        "레귤러 치즈버거 두 개 양파 빼고",
    ]
    one = line("cheeseburger", 1, SIZE, NO_ONION, ("extras", "bacon", "double", None))
    assert [voice(tag).line(one, True) for tag in OURS] == [
        "a regular cheeseburger without onion and with double bacon",
        "一个标准芝士汉堡，不要洋葱，加双份培根",
        "레귤러 치즈버거 한 개 양파 빼고 베이컨 두 배로",
    ]


def test_sizes_stand_before_and_other_choices_behind() -> None:
    coke = line("coke", 1, ("size", "large", None, None), ("ice", "no_ice", None, None))
    assert [voice(tag).line(coke, True) for tag in OURS] == [
        "a large Coke, no ice",
        "一杯大可乐，去冰",
        "라지 콜라 한 잔, 얼음 없이",
    ]
    usual = line("coke", 2, ("size", "large", None, None), ("ice", "normal_ice", None, None))
    assert [voice(tag).line(usual, True) for tag in OURS] == ["two large Cokes", "两杯大可乐", "라지 콜라 두 잔"]
    meal = line(
        "cheeseburger_meal",
        1,
        ("side", "fries", None, None),
        ("side/size", "large", None, None),
        ("drink", "coke", None, None),
        ("drink/size", "regular", None, None),
    )
    assert voice("en").line(meal, True) == "a cheeseburger meal, large fries, regular Coke"
    assert voice("zh").line(meal, True) == "一份芝士汉堡套餐，大薯条、标准可乐"


@pytest.mark.parametrize(
    ("one", "many"),
    [
        ("bouquet of roses", "bouquets of roses"),
        ("box of eggs", "boxes of eggs"),
        ("sourdough loaf", "sourdough loaves"),
        ("loaf of rye", "loaves of rye"),
        ("coffee", "coffees"),
        ("hex bolts (10 pack)", "hex bolts (10 pack)"),
    ],
)
def test_what_many_of_something_are_called(one: str, many: str) -> None:
    assert voice("en").plural(one) == many


def test_english_articles_and_plurals() -> None:
    said = [
        voice("en").line(line(item, quantity), True)
        for item, quantity in (
            ("apple_pie", 1),
            ("onion_rings", 1),
            ("onion_rings", 2),
            ("brownie", 2),
            ("fries", 3),
            ("apple_pie", 12),
        )
    ]
    assert said == [
        "an apple pie",
        "onion rings",
        "two onion rings",
        "two brownies",
        "three fries",
        "twelve apple pies",
    ]


def test_halves() -> None:
    pizza = line(
        "margherita",
        1,
        ("size", "large", None, None),
        ("toppings", "mushroom", "normal", "left"),
        ("toppings", "bacon", "extra", "right"),
    )
    said = [voice(tag).line(pizza, True) for tag in OURS]
    assert "mushrooms on the left half" in said[0] and "on the right half" in said[0]
    assert "左半边加蘑菇" in said[1] and "右半边多加" in said[1]
    assert "왼쪽 절반은 버섯 추가" in said[2] and "오른쪽 절반은" in said[2]


def test_how_many_is_in_words_for_the_ear_and_short_for_the_eye() -> None:
    many = line("water", 12)
    assert [voice(tag).line(many, True) for tag in OURS[1:]] == ["十二瓶矿泉水", "생수 열두 병"]
    assert [voice(tag).line(many, False) for tag in OURS[1:]] == ["12瓶矿泉水", "생수 12병"]


def test_lines_with_options_are_kept_apart() -> None:
    lines = Lines((line("cheeseburger", 1, SIZE, NO_ONION), line("water", 1)))
    assert [voice(tag).value(lines, True) for tag in OURS] == [
        "a regular cheeseburger without onion, and a water",
        "一个标准芝士汉堡，不要洋葱；一瓶矿泉水",
        "레귤러 치즈버거 한 개 양파 빼고, 그리고 생수 한 병",
    ]
    assert [voice(tag).value(Lines(lines.lines, short=True), True) for tag in OURS] == [
        "a cheeseburger and a water",
        "一个芝士汉堡，一瓶矿泉水",
        "치즈버거 한 개, 생수 한 병",
    ]


def test_a_stay_names_its_nights() -> None:
    room = line(
        "lake_king",
        1,
        ("breakfast", "two_breakfasts", None, None),
        shop="lake-hotel",
        when=When("2026-11-23", "2026-11-25"),
        nights=(("2026-11-23", 68000), ("2026-11-24", 62000)),
    )
    assert (
        voice("zh", "lake-hotel").line(room, False) == "一间湖景大床房，双早，11月23日周一入住，11月25日周三退房，共2晚"
    )
    assert voice("ko", "lake-hotel").line(room, False).endswith(", 11월 23일 월요일부터 11월 25일 수요일까지 2박")


# -- sentences -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("콜라", "콜라는"),
        ("햄버거 세트", "햄버거 세트는"),
        ("감자튀김", "감자튀김은"),
        ("우유", "우유는"),
        ("물", "물은"),
        ("17", "17은"),
        ("2", "2는"),
        ("10", "10은"),
        ("Coke", "Coke는"),
        ("Sprite Zero", "Sprite Zero는"),
        ("Ann", "Ann은"),
        ("“감자”", "“감자”는"),
        ("파이 (대)", "파이 (대)는"),
    ],
)
def test_a_korean_particle_follows_the_sound_before_it(before: str, after: str) -> None:
    assert voice("ko").say(Said("not_sold", {"item": before}))[1] == f"{after} 없어요."


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("카드", "카드로"),
        ("현금", "현금으로"),
        ("페이팔", "페이팔로"),
        ("PayPal", "PayPal로"),
        ("21", "21로"),
        ("3", "3으로"),
    ],
)
def test_the_particle_after_rieul_is_short(before: str, after: str) -> None:
    assert voice("ko").say(Said("method.taken", {"method": before}))[1] == f"네, {after} 할게요."


def test_the_particle_heard_follows_what_is_heard() -> None:
    for before, after in (("3+1", "삼 플러스 일로"), ("10", "십으로"), ("“카드”", "카드로")):
        assert voice("ko").say(Said("method.taken", {"method": before}))[0] == f"네, {after} 할게요."


def test_a_particle_of_a_person_s_own_words_is_left_alone() -> None:
    assert (
        voice("ko").say(Said("note.taken", {"note": "문 앞은(는) 비워 두세요"}))[1]
        == "메모했어요: 문 앞은(는) 비워 두세요."
    )


def test_a_full_stop_is_not_said_twice() -> None:
    assert "help you. Your order" in voice("en").say(Said("person", {"reach": "Call us and we help you."}))[0]
    assert "会帮忙。订单" in voice("zh").say(Said("person", {"reach": "请打电话，店员会帮忙。"}))[0]


def test_numbers_before_a_measure_word_are_counted() -> None:
    most = Said("quantity_most", {"item": "콜라", "most": 2})
    assert voice("ko").say(most) == (
        "콜라는 두 개까지 가능하고, 더 필요하시면 직원을 연결해 드려요. 몇 개 드릴까요?",
        "콜라는 2 개까지 가능하고, 더 필요하시면 직원을 연결해 드려요. 몇 개 드릴까요?",
    )
    more = voice("zh").say(Said("we_have_more", {"items": "可乐", "more": 2}))
    assert "另外还有两种" in more[0] and "另外还有2种" in more[1]


def test_sentences_follow_one_another() -> None:
    assert voice("en").join(["a Coke.", "", "anything else?"]) == "A Coke. Anything else?"
    assert voice("zh").join(["一杯可乐。", "还要别的吗？"]) == "一杯可乐。还要别的吗？"


def test_what_the_language_has_no_word_for_keeps_its_own_name() -> None:
    assert voice("zh").value(Word("allergen.royal_jelly", "royal_jelly"), True) == "royal jelly"
    assert voice("ko").value(Named({"en": ("Coke",)}, "coke"), True) == "Coke"
    assert voice("ko").value(Both("들리는 말", "보이는 말"), False) == "보이는 말"


def test_a_language_of_one_small_file_can_speak(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "language").mkdir()
    (tmp_path / "language" / "pt.toml").write_text(
        'name = "Português"\nlocale = "pt"\nscript = "spaced"\n'
        "[numbers]\nwords = { um = 1, dois = 2, vinte = 20 }\n"
        '[speak.numbers]\nsystem = "additive"\ntens_join = " e "\n'
        '[say]\nadded = "{lines}, certo."\n'
    )
    monkeypatch.setenv("VOICETILL_EXTENSIONS", str(tmp_path))
    speaker = voice("pt")
    assert speaker.say(Said("added", {"lines": Lines((line("water", 2),))}))[0].startswith("dois ")
    assert speaker.number(22) == "vinte e dois"
    assert "18:30" in speaker.value(Clock(dt.datetime(2026, 11, 23, 18, 30), TODAY), True)
    assert speaker.say(Said("basket.more"))[0] == wordings("en")["basket.more"][0]


def test_what_can_t_be_said_is_a_bug() -> None:
    for value in (True, 1.5, None):
        with pytest.raises(Bug):
            voice("en").value(value, True)
    with pytest.raises(Bug, match="no_such_key"):
        voice("en").say(Said("no_such_key"))


@pytest.mark.parametrize("shop", ["burger-bar", "corner-shop", "lake-hotel"])
@pytest.mark.parametrize("tag", OURS)
def test_an_order_s_stages_are_phrases_of_its_trade(shop: str, tag: str) -> None:
    speaker = voice(tag, shop)
    trade = discover("trade")[speaker.shop.trade]
    for stage in {"placed", "cancelled", *(one for way in trade.stages.values() for one in way)}:
        said = Said("order_stage", {"number": Code("A17"), "stage": Said(f"{trade.name}.stage.{stage}")})
        assert "A17" in speaker.say(said)[1] and "{" not in speaker.say(said)[1]


# -- promises of every language and part -----------------------------------------------------------------------

PLACE = re.compile(r"\{(\w+)#?\}")


def places(wording: tuple[str, str]) -> set[str]:
    return set(PLACE.findall(wording[0])) | set(PLACE.findall(wording[1]))


@pytest.mark.parametrize("tag", OURS[1:])
def test_a_language_has_every_wording_that_english_has(tag: str) -> None:
    assert set(wordings(tag)) == set(wordings("en"))


@pytest.mark.parametrize("tag", OURS)
def test_a_wording_names_only_values_that_it_is_given(tag: str) -> None:
    english = wordings("en")
    wrong = {key: places(one) - places(english[key]) for key, one in wordings(tag).items()}
    assert not {key: extra for key, extra in wrong.items() if extra}
    broken = [key for key, one in wordings(tag).items() for text in one if re.search(r"[{}]", PLACE.sub("", text))]
    assert not broken


@pytest.mark.parametrize("kind", ["step", "trade", "provider", "channel"])
def test_every_part_speaks_our_languages_with_the_same_words(kind: str) -> None:
    def keys(table: Any, path: str = "") -> set[str]:
        return {
            one
            for key, value in table.items()
            if key != "hear"
            for one in (
                keys(value, f"{path}.{key}")
                if isinstance(value, dict) and set(value) != {"ear", "eye"}
                else {f"{path}.{key}"}
            )
        }

    for name, part in discover(kind).items():
        assert [keys(part.WORDS[tag]) for tag in OURS] == [keys(part.WORDS["en"])] * 3, f"{kind} {name}"


@pytest.mark.parametrize("tag", OURS[1:])
def test_a_language_has_the_tables_that_speaking_needs(tag: str) -> None:
    english, ours = (languages.load(one).tables["speak"] for one in ("en", tag))
    for table in ("nouns", "money", "clock"):
        needed = set(english[table]) - {"small"}
        assert needed <= set(ours[table]), table
    assert set(ours["line"]["amounts"]) == set(english["line"]["amounts"])
    assert set(ours["line"]["parts"]) == set(english["line"]["parts"])


@pytest.mark.parametrize("tag", OURS)
def test_korean_particles_in_wordings_are_ones_that_are_known(tag: str) -> None:
    written = {
        found
        for one in wordings(tag).values()
        for text in one
        for found in re.findall(r"[”\"]?(?<=[}”\"])((?:[가-힣]{1,2}\([가-힣]+\))|(?:\((?:으|이)\)[가-힣]+))", text)
    }
    forms = languages.load(tag).tables["speak"].get("particles", {}).get("forms", {})
    assert all(any(one.startswith(form) for form in forms) for one in written)
    assert not [
        text for one in wordings(tag).values() for text in one if re.search(r"\}[이가은는을를와과으](?![가-힣(])", text)
    ]


def test_particles_by_themselves() -> None:
    tails = languages.load("ko").tables["speak"]["particles"]
    forms = tails["forms"]
    assert spell.particle("서울", forms["(으)로"], tails) == "로"
    assert spell.particle("부산", forms["(으)로"], tails) == "으로"
    assert spell.particle("", forms["은(는)"], tails) == "는"

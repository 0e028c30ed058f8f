"""What is written for the eye is read out as people read it, in our three languages."""

from __future__ import annotations

import re

import pytest

from assistant.commerce.catalogue import Catalogue
from assistant.commerce.shop import Shop
from assistant.dialogue.say import Address, Code, Digits, Named, Voice, voice_for
from assistant.dialogue.wordings import wordings
from assistant.shops import load_shop
from assistant.steps import Said
from tests.talks import FOR_THE_EYE

OURS = ("en", "zh", "ko")
PLACE = re.compile(r"\{(\w+)#?\}(?:[가-힣]{1,2}\([가-힣]+\)|\((?:으|이)\)[가-힣]+)?")


@pytest.fixture(scope="module")
def bar() -> tuple[Shop, Catalogue]:
    return load_shop("burger-bar")


@pytest.mark.parametrize(
    ("tag", "written", "heard"),
    [
        ("en", "10 percent off", "ten percent off"),
        ("en", "50% off from $2,500", "fifty percent off from two thousand five hundred dollars"),
        ("en", "Call 021 5550 0100 now", "Call oh two one, five five five oh, oh one oh oh now"),
        ("en", "Cola 330ml (cold)", "Cola three hundred and thirty millilitres, cold"),
        ("en", "open 10:00-22:30", "open from ten in the morning to half past ten in the evening"),
        ("en", "2 x cola & 1 x tea/coffee", "two times cola and one times tea or coffee"),
        ("en", "more at https://shop.example/a?b=1", "more at shop dot example"),
        ("en", "mail ana@shop.example", "mail ana at shop dot example"),
        ("en", "the “big” one", "the big one"),
        ("en", "34th Street, 5B", "thirty-fourth Street, five B"),
        ("en", "half past 7... or 8", "half past seven, or eight"),
        ("en", "5-10 minutes", "five to ten minutes"),
        ("en", "room no. 7 · lake side", "room number seven lake side"),
        ("en", "2026-11-23", "Monday the twenty-third of November"),
        ("en", "3.5 stars, 1/2 price", "three point five stars, half price"),
        ("en", "it's Ana's twenty-one", "it's Ana's twenty-one"),
        ("en", "café au lait × crème", "café au lait times crème"),
        ("zh", "红豆・绿豆", "红豆 绿豆"),
        ("zh", "满300元减20元", "满三百元减二十元"),
        ("zh", "请拨打 021 5550 0100，店员会帮您", "请拨打 零二幺，五五五零，零幺零零，店员会帮您"),
        ("zh", "330ml可乐（冰）", "三百三十毫升可乐，冰"),
        ("zh", "2个2号套餐，买3送1", "两个二号套餐，买三送一"),
        ("zh", "￥12.50，九折10%", "十二块五，九折百分之十"),
        ("zh", "10:00-22:30营业", "上午十点到晚上十点半营业"),
        ("zh", "“大”的", "大的"),
        ("ko", "2인 조식, 3개, 20명", "이인 조식, 세 개, 스무 명"),
        ("ko", "2,500위안 이상 10% 할인", "이천오백위안 이상 십퍼센트 할인"),
        ("ko", "021 5550 0100으로", "공이일, 오오오공, 공일공공으로"),
        ("ko", "1588-1234", "일오팔팔, 일이삼사"),
        ("ko", "디저트 3+1 (ATM)", "디저트 삼 플러스 일, 에이티엠"),
        ("ko", "₩12,000", "만 이천 원"),
        ("ko", "콜라 330ml", "콜라 삼백삼십 밀리리터"),
    ],
)
def test_free_text_is_read_out(bar: tuple[Shop, Catalogue], tag: str, written: str, heard: str) -> None:
    assert voice_for(tag, *bar).aloud(written) == heard


@pytest.mark.parametrize(
    ("tag", "written", "heard"),
    [
        ("en", "12 High Street", "twelve High Street"),
        ("en", "120 Main Street, apartment 5B", "one twenty Main Street, apartment five B"),
        ("en", "1405 Oak Avenue, 10001", "fourteen oh five Oak Avenue, one oh oh oh one"),
        ("zh", "延安路5号", "延安路五号"),
        ("zh", "南京西路100号3楼1204室", "南京西路一百号三楼幺二零四室"),
        ("zh", "人民路1288号2单元", "人民路幺二八八号二单元"),
        ("ko", "마포구 양화로 45, 3층", "마포구 양화로 사십오, 삼층"),
        ("ko", "101동 1204호", "백일동 천이백사호"),
    ],
)
def test_addresses_are_read_as_people_read_them(
    bar: tuple[Shop, Catalogue], tag: str, written: str, heard: str
) -> None:
    voice = voice_for(tag, *bar)
    assert voice.value(Address(written), True) == heard
    assert voice.value(Address(written), False) == written


@pytest.mark.parametrize(
    ("tag", "written", "shown", "heard"),
    [
        ("en", "5550134", "555 0134", "five five five, oh one three four"),
        ("en", "2125550134", "212 555 0134", "two one two, five five five, oh one three four"),
        ("en", "+12125550134", "+1 212 555 0134", "plus one, two one two, five five five, oh one three four"),
        ("en", "13800138000", "138 0013 8000", "one three eight, oh oh one three, eight oh oh oh"),
        ("zh", "13800138000", "138 0013 8000", "幺三八，零零幺三，八零零零"),
        ("zh", "02155500100", "021 5550 0100", "零二幺，五五五零，零幺零零"),
        ("zh", "+8613800138000", "+86 138 0013 8000", "加八六，幺三八，零零幺三，八零零零"),
        ("ko", "01012345678", "010-1234-5678", "공일공, 일이삼사, 오육칠팔"),
        ("ko", "0212345678", "02-1234-5678", "공이, 일이삼사, 오육칠팔"),
    ],
)
def test_phone_numbers_are_said_in_groups(
    bar: tuple[Shop, Catalogue], tag: str, written: str, shown: str, heard: str
) -> None:
    voice = voice_for(tag, *bar)
    assert (voice.value(Digits(written), False), voice.value(Digits(written), True)) == (shown, heard)


@pytest.mark.parametrize("tag", OURS)
def test_words_of_which_nothing_can_be_said_leave_no_gap(bar: tuple[Shop, Catalogue], tag: str) -> None:
    heard, shown = voice_for(tag, *bar).say(Said("not_understood_part", {"words": "“🍔🍔”"}))
    assert "🍔" in shown and not FOR_THE_EYE.search(heard) and heard != voice_for(tag, *bar).say(Said("not_understood"))


@pytest.mark.parametrize("tag", OURS)
def test_no_wording_has_digits_or_signs_for_the_ear(tag: str) -> None:
    """Ours, and those of every step, trade and provider that is installed."""
    wrong = {
        key: ear
        for key, (ear, _eye) in wordings(tag).items()
        if FOR_THE_EYE.search(PLACE.sub("", ear)) or not ear.isprintable()
    }
    assert not wrong


class Anything(dict[str, object]):
    """Gives every placeholder of a wording the same value."""

    def __init__(self, value: object) -> None:
        super().__init__()
        self.value = value

    def __missing__(self, key: str) -> object:
        return self.value


@pytest.mark.parametrize("tag", OURS)
@pytest.mark.parametrize(
    "value",
    [
        "3+1 (50%) · “x2” / CNY 12.50 × 3 – 5",
        Named({"en": ("Cola Zero® 0.33 l [new!]",)}, "cola"),
        Code("SAVE10"),
        Address("5/7 Lake Rd. #12, 10001"),
        Digits("+86 (138) 0013-8000"),
    ],
    ids=["text", "name", "code", "address", "phone"],
)
def test_whatever_a_sentence_holds_can_be_heard(bar: tuple[Shop, Catalogue], tag: str, value: object) -> None:
    voice: Voice = voice_for(tag, *bar)
    said = {key: voice._mended(ear, Anything(value), True) for key, (ear, _eye) in wordings(tag).items()}
    wrong = {key: text for key, text in said.items() if FOR_THE_EYE.search(voice.aloud(text))}
    assert not wrong

"""Sentences at shops that aren't like the demo shops: a sushi bar, a bakery, a chemist, a hardware store."""

from __future__ import annotations

from typing import Any

import pytest

from assistant.turns import LineSaid
from tests.understanding.support import meaning_of, table, understood, write_shop
from tests.understanding.test_levels import TAGS, choice, named


def item(id_: str, *names: str, options: tuple[Any, ...] = (), category: str = "food") -> dict[str, Any]:
    return {"id": id_, "names": named(*names), "category": category, "price": 500, "options": list(options)}


EXTRAS = {
    "id": "extras",
    "names": named("extras", "加料", "추가"),
    "choose": "many",
    "amounts": ["no", "light", "normal", "extra", "double"],
    "choices": [{**choice("wasabi", "wasabi", "芥末", "와사비"), "included": True}],
}
PIECES = {
    "id": "pieces",
    "names": named("pieces", "份量", "개수"),
    "default": "six",
    "choices": [
        choice("six", "6 pieces|six pieces", "6个|六个", "6피스"),
        choice("twelve", "12 pieces|twelve pieces", "12个|十二个", "12피스"),
    ],
}
MILK = {
    "id": "milk",
    "names": named("milk", "奶", "우유"),
    "default": "whole",
    "choices": [
        choice("whole", "whole milk", "全脂奶", "일반 우유"),
        choice("oat", "oat milk", "燕麦奶", "오트밀크"),
        choice("soy", "soy milk", "豆奶", "두유"),
    ],
}
AGE = {
    "id": "age",
    "names": named("age", "人群", "대상"),
    "required": True,
    "choices": [
        choice("adult", "adult|for adults", "成人", "성인용"),
        choice("child", "children's|kids", "儿童", "어린이용"),
    ],
}
THREAD = {
    "id": "size",
    "names": named("size", "规格", "규격"),
    "required": True,
    "choices": [choice(one, one.upper(), one.upper(), one.upper()) for one in ("m4", "m6", "m8")],
}
GOODS = [
    item("salmon", "salmon nigiri", "三文鱼寿司", "연어초밥", options=(EXTRAS,), category="sushi"),
    item("tuna", "tuna nigiri", "金枪鱼寿司", "참치초밥", options=(EXTRAS,), category="sushi"),
    item("california", "California roll", "加州卷", "캘리포니아롤", options=(PIECES, EXTRAS), category="rolls"),
    item("cucumber", "cucumber roll", "黄瓜卷", "오이롤", options=(PIECES, EXTRAS), category="rolls"),
    item("beer", "Asahi", "朝日啤酒", "아사히", category="drinks"),
    item("sake", "sake", "清酒", "사케", category="drinks"),
    item("latte", "latte", "拿铁", "라떼", options=(MILK,), category="coffee"),
    item("croissant", "butter croissant|croissant", "可颂", "크루아상", category="pastry"),
    item("almond", "almond croissant", "杏仁可颂", "아몬드 크루아상", category="pastry"),
    item("cake", "chocolate cake", "巧克力蛋糕", "초콜릿 케이크", category="pastry"),
    item("syrup", "cough syrup", "止咳糖浆", "기침약", options=(AGE,), category="chemist"),
    item("vitamin_c", "vitamin C", "维C", "비타민C", category="chemist"),
    item("vitamin_d", "vitamin D", "维D", "비타민D", category="chemist"),
    item("tablets", "ibuprofen 400", "布洛芬400", "이부프로펜 400", category="chemist"),
    item("bolts", "hex bolts|bolts", "六角螺栓|螺栓", "육각 볼트|볼트", options=(THREAD,), category="store"),
    item("screws", "wood screws|screws", "木螺丝|螺丝", "나사못", category="store"),
    item("phillips", "Phillips screwdriver", "十字螺丝刀", "십자 드라이버", category="store"),
    item("flat", "flat screwdriver", "一字螺丝刀", "일자 드라이버", category="store"),
]


@pytest.fixture(scope="module")
def mall(tmp_path_factory: pytest.TempPathFactory) -> str:
    return write_shop(tmp_path_factory.mktemp("mall") / "mall", GOODS, TAGS)


ORDERS = """
# What is refused behind its name isn't ordered.
zh: 维C不要，要维D => add: vitamin_d
zh: 加州卷不要 要黄瓜卷 => add: cucumber
# Some of what was counted are others of the kind, or without something.
en: two croissants, one of them almond => add: 1 croissant, 1 almond
en: two croissants but make one almond => add: 1 croissant, 1 almond
zh: 两个可颂，其中一个杏仁的 => add: 1 croissant, 1 almond
en: two salmon nigiri, no wasabi in one => add: 1 salmon, 1 salmon wasabi:no
en: three lattes, two oat one soy => add: 2 latte oat, 1 latte soy
# A count is that of its own goods.
en: an Asahi and a sake, no make it two Asahis => add: 2 beer, 1 sake
en: a chocolate cake for eight people => add: 1 cake
en: six cakes and three of the croissants => add: 6 cake, 3 croissant
en: a latte and croissants to share => add: 1 latte, croissant
# So many pieces are a choice of what has it, and no count.
en: a California roll and a cucumber roll, both twelve pieces => add: 1 california twelve, 1 cucumber twelve
zh: 加州卷和黄瓜卷都要十二个的 => add: california twelve, cucumber twelve
ko: 캘리포니아롤하고 오이롤 둘 다 12피스로 => add: california twelve, cucumber twelve
# What is said of all comes to each.
en: everything without wasabi, two salmon nigiri and a cucumber roll => add: 2 salmon wasabi:no, 1 cucumber wasabi:no
zh: 都不要芥末，三文鱼寿司两份，黄瓜卷一份 => add: 2 salmon wasabi:no, 1 cucumber wasabi:no
ko: 와사비 다 빼고 연어초밥 둘 오이롤 하나 => add: 2 salmon wasabi:no, 1 cucumber wasabi:no
# Choices of which goods have but one are as many lines.
en: M4, M6 and M8 bolts => add: 1 bolts m4, 1 bolts m6, bolts m8
en: cough syrup, one for adults and one for kids => add: 1 syrup adult, 1 syrup child
ko: 성인용 기침약 하나랑 어린이용 하나 => add: 1 syrup adult, 1 syrup child
ko: 연어초밥 와사비 두 배로 => add: salmon wasabi:double
"""


@pytest.mark.parametrize(("text", "acts"), table(ORDERS))
def test_orders(text: str, acts: str, mall: str) -> None:
    language, _, said = text.partition(": ")
    assert understood(said, mall, language) == acts


@pytest.mark.parametrize(
    ("language", "text", "strange"),
    [
        ("zh", "小杯拿铁", "小杯"),
        ("ko", "이부프로펜 400 두 통이랑 200 한 통", "200"),
        ("en", "two croissants and a bag please", "a bag"),
    ],
)
def test_what_is_not_had_is_said_back(language: str, text: str, strange: str, mall: str) -> None:
    meaning = meaning_of(text, mall, language)
    assert strange in meaning.leftover
    assert not [line for act in meaning.acts for line in act.lines if line.item == "screws"]


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("螺丝刀一把", ["phillips", "flat"]),  # either kind of it, and no screws
        ("螺丝刀的来两把", ["phillips", "flat"]),
    ],
)
def test_which_of_those_named_first_by_a_part_of_their_name_is_asked(text: str, items: list[str], mall: str) -> None:
    meaning = meaning_of(text, mall, "zh")
    assert not meaning.acts
    assert [act.lines[0].item for act in meaning.ask[0].candidates] == items


@pytest.mark.parametrize("text", ["加州的来一份", "加州的一份", "加州的也要一份"])
def test_goods_may_be_named_first_by_a_part_of_their_name(text: str, mall: str) -> None:
    assert understood(text, mall, "zh") == "add: 1 california"


@pytest.mark.parametrize(
    ("text", "old"), [("change it to cucumber", "it"), ("can I switch the California roll to cucumber", "california")]
)
def test_what_takes_the_place_of_goods_may_be_named_by_a_part(text: str, old: str, mall: str) -> None:
    assert understood(text, mall, basket=("california",), last="california") == f"change: cucumber <- {old}"


def test_a_pack_of_so_many_is_one(mall: str) -> None:
    meaning = meaning_of("a pack of 12 ibuprofen 400", mall, "en")
    assert not meaning.acts
    assert [act.lines for act in meaning.ask[0].candidates] == [(LineSaid("tablets", 1),)]


def test_one_more_with_another_choice_changes_none() -> None:
    basket = (LineSaid("latte", 2),)
    assert understood("두유로 하나 더요", "burger-bar", "ko", basket=basket, last="latte").startswith("add: 1 it")

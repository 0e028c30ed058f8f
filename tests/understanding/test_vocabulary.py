"""What a recogniser is told is likely: natural phrases, few enough, as a recogniser spells them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from assistant.shops import load_shop
from assistant.turns import AnswerKind, LineSaid, Vocabulary
from assistant.understanding import Context, build_lexicon
from assistant.understanding.vocabulary import MOST, vocabulary
from assistant.understanding.words.lexicon import Lexicon
from models import languages
from tests.understanding.support import NOW, heard, lexicon_of, write_shop

SHOPS = ("burger-bar", "corner-shop", "lake-hotel")
TAGS = ("en", "zh", "ko")
KINDS: tuple[AnswerKind, ...] = ("open", "yes_no", "choice", "number", "digits", "time")


def said(tag: str, kind: AnswerKind | None = "open", shop: str = "burger-bar", **context: Any) -> Vocabulary:
    return vocabulary(lexicon_of(shop), Context(now=NOW, **context), tag, kind)


@pytest.mark.parametrize(
    ("tag", "kind", "phrases"),
    [
        ("en", "open", ("two cokes", "cheeseburger", "no onions", "yes please", "that's all", "what did you hear")),
        ("zh", "open", ("两 杯 可乐", "不要 洋葱", "结账", "再说一遍")),
        ("ko", "open", ("콜라 두 잔", "양파 빼고", "네", "주문할게요", "천천히")),
        ("en", "yes_no", ("yes", "yes please", "no", "not yet", "cancel", "go ahead", "by card")),
        ("zh", "yes_no", ("对", "好的", "不对", "取消")),
        ("ko", "yes_no", ("네", "맞아요", "아니요", "취소")),
        ("en", "choice", ("the second one", "number two", "by card", "pickup")),
        ("zh", "choice", ("第二 个", "微信", "自取")),
        ("ko", "choice", ("두번째", "카드로", "포장")),
        ("en", "digits", ("five five", "oh one", "double five", "my phone number is")),
        ("zh", "digits", ("一 三", "八 八")),
        ("ko", "digits", ("공 일", "일 공")),
        ("en", "time", ("half past six", "as soon as possible", "at seven", "in twenty minutes")),
        ("zh", "time", ("下午 六 点", "尽快")),
        ("ko", "time", ("오후 여섯 시", "최대한빨리")),
        ("en", "number", ("two", "twelve", "forty two")),
    ],
)
def test_what_is_likely_where_it_is_asked(tag: str, kind: AnswerKind, phrases: tuple[str, ...]) -> None:
    known = said(tag, kind).phrases
    assert [one for one in phrases if one not in known] == []


def test_what_was_offered_and_what_is_in_the_basket_come_up() -> None:
    basket = (LineSaid("cheeseburger", 2),)
    asked = said("en", "choice", choices=(("small",), ("extra crispy",)), basket=basket)
    assert {"small", "extra crispy", "make it small"} <= set(asked.phrases)
    read_back = said("en", "yes_no", expects="confirm", basket=basket)
    assert {"remove the cheeseburger", "make it three", "no pickles"} <= set(read_back.phrases)
    assert read_back.phrases.index("yes") < read_back.phrases.index("remove the cheeseburger")
    assert (read_back.kind, read_back.expects) == ("yes_no", "confirm")


@pytest.mark.parametrize("kind", ["name", "address", None])
def test_where_any_words_may_come_there_is_no_list(kind: AnswerKind | None) -> None:
    assert said("en", kind).phrases == ()
    assert said("en", kind).money


def test_a_name_that_is_still_to_come_is_in_no_list_of_digits() -> None:
    asked = said("en", "digits", missing=("contact", "name"))
    assert (asked.kind, asked.phrases) == ("name", ())


@pytest.mark.parametrize("shop", SHOPS)
@pytest.mark.parametrize("tag", TAGS)
@pytest.mark.parametrize("kind", KINDS)
def test_it_is_spelt_as_a_recogniser_spells(shop: str, tag: str, kind: AnswerKind) -> None:
    found = said(tag, kind, shop)
    assert 0 < len(found.phrases) <= MOST
    assert len(set(found.phrases)) == len(found.phrases)
    assert [
        one
        for one in found.phrases
        if one != " ".join(one.lower().split()) or not all(c.isalpha() or c in " '" for c in one)
    ] == []


@pytest.mark.parametrize("tag", TAGS)
def test_every_thing_of_a_small_shop_can_be_named(tag: str) -> None:
    for shop in SHOPS:
        lexicon = lexicon_of(shop)
        words = {word for phrase in said(tag, "open", shop).phrases for word in phrase.split()}
        letters = "".join(said(tag, "open", shop).phrases)
        for item in lexicon.catalogue.items.values():
            name = item.names[tag][0].lower()
            assert (name.replace("-", " ").split()[0] in words) if tag != "zh" else (name[0] in letters), name


def test_words_that_move_money_are_known_for_it() -> None:
    assert {"two", "yes", "no", "cancel", "refund", "card", "wechat", "pay"} <= said("en", "open").money
    assert {"两", "对", "取消", "退款", "微信"} <= said("zh", "open").money
    assert {"두", "네", "취소", "환불", "카드로"} <= said("ko", "open").money
    assert not {"cheeseburger", "please", "the", "menu"} & said("en", "open").money


def test_what_it_lists_is_understood() -> None:
    """Phrases with goods that a recogniser is led to are orders of these goods."""
    rows = {"two cokes": "coke", "a cheeseburger": "cheeseburger", "两 杯 可乐": "coke", "콜라 두 잔 주세요": "coke"}
    for text, item in rows.items():
        (act,) = heard(text).acts
        assert (act.act, act.lines[0].item) == ("add", item), text


def test_a_language_without_patterns_of_its_own_names_the_goods(tmp_path: Path) -> None:
    folder = write_shop(
        tmp_path / "kiosk", [{"id": "cafe", "names": {"pt": ["café"]}, "category": "x", "price": 1}], ("pt",)
    )
    extra = Path(__file__).parents[1] / "extensions"
    shop, catalogue = load_shop(folder, extra=extra)
    lexicon = build_lexicon(shop, catalogue, [languages.load("pt", extra / "language")], {})
    found = vocabulary(lexicon, Context(now=NOW), "pt", "open")
    assert {"café", "sim", "não"} <= set(found.phrases)


# ---------------------------------------------------------------------------------------------- large catalogues


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Lexicon]:
    """The same shop with so many goods."""
    made = {}
    for count in (1_000, 100_000):
        goods = [
            {
                "id": f"g{number}",
                "names": {"en": f"{_word(number % 997)} {_word(number // 997 + 1000)}"},
                "category": f"c{number % 40}",
                "price": 100,
            }
            for number in range(count)
        ]
        folder = tmp_path_factory.mktemp("warehouse") / f"of{count}"
        folder.mkdir()
        write_shop(folder / "shop", [])
        (folder / "shop" / "catalogue.json").write_text(json.dumps(goods))
        shop, catalogue = load_shop(folder / "shop")
        made[count] = build_lexicon(shop, catalogue, [languages.load("en")], {})
    return made


def _word(number: int) -> str:
    letters = "bdfgklmnprst"
    made = ""
    for _ in range(3):
        number, one = divmod(number, len(letters))
        made += letters[one] + "aeiou"[one % 5]
    return made


def test_a_large_catalogue_takes_no_more_of_it(warehouse: dict[int, Lexicon]) -> None:
    small, large = (vocabulary(one, Context(now=NOW), "en", "open") for one in warehouse.values())
    assert len(large.phrases) == len(small.phrases) <= MOST
    named = {
        item.category for item in warehouse[100_000].catalogue.items.values() if item.names["en"][0] in large.phrases
    }
    assert len(named) == 40, "goods of every category are named"
    basket = (LineSaid("g99999", 1),)
    inside = vocabulary(warehouse[100_000], Context(now=NOW, basket=basket), "en", "open")
    name = warehouse[100_000].catalogue.items["g99999"].names["en"][0]
    assert f"remove the {name}" in inside.phrases

"""What recognisers write for what was said: counts, hours and digits, corrections between full stops, goods that aren't
had; and sentences of which a part was heard wrong. What is unsure becomes a question, never an order."""

from __future__ import annotations

from typing import Any

import pytest

from assistant.turns import LineSaid, Meaning
from tests.understanding.support import act_text, acts_text, heard, meaning_of, table, understood, write_shop
from tests.understanding.test_levels import ICE, SUGAR, TAGS, TEA, named

BASKET = (LineSaid("cheeseburger", 2), LineSaid("fries", 1), LineSaid("coke", 2))


def drink(id_: str, *names: str) -> dict[str, Any]:
    return {
        "id": id_, "names": named(*names), "category": "drinks", "price": 500, "options": [SUGAR, ICE],
        "measures": {"zh": "杯", "ko": "잔"},
    }  # fmt: skip


MANGO = [
    drink("mango_tea", "mango green tea", "芒果绿茶", "망고 녹차"),
    drink("lemon_tea", "lemon tea", "柠檬茶", "레몬차"),
]
PEARLS = [
    drink("brown_sugar", "brown sugar pearl milk tea", "黑糖珍珠奶茶", "흑당 버블 밀크티"),
    drink("matcha", "matcha pearl milk tea", "抹茶珍珠奶茶", "말차 버블 밀크티"),
    drink("lemon_tea", "lemon tea", "柠檬茶", "레몬차"),
]


@pytest.fixture(scope="module")
def plain_tea(tmp_path_factory: pytest.TempPathFactory) -> str:
    return write_shop(tmp_path_factory.mktemp("tea") / "plain", [TEA, *MANGO], TAGS)


@pytest.fixture(scope="module")
def pearl_tea(tmp_path_factory: pytest.TempPathFactory) -> str:
    return write_shop(tmp_path_factory.mktemp("tea") / "pearls", PEARLS, TAGS)


def asked(meaning: Meaning) -> list[list[str]]:
    return [[act_text(act) for act in doubt.candidates] for doubt in meaning.ask]


@pytest.mark.parametrize(
    ("text", "done", "doubts"),
    [
        ("en: two taro milk teas", "-", [["add: 2 tea"]]),
        ("en: a lemon tea and two taro milk teas", "add: 1 lemon_tea", [["add: 2 tea"]]),
        ("en: two mango milk teas", "-", [["add: 2 tea", "add: 2 mango_tea"]]),
        ("zh: 再来两杯芋头奶茶", "-", [["add: 2 tea"]]),
        ("zh: 奶茶半糖去冰，再来两杯芋头奶茶", "add: tea half no_ice", [["add: 2 tea"]]),
        ("zh: 两杯芒果奶茶", "-", [["add: 2 tea", "add: 2 mango_tea"]]),
    ],
)
def test_a_kind_that_is_not_had_is_asked_about_with_its_count(
    plain_tea: str, text: str, done: str, doubts: list[list[str]]
) -> None:
    meaning = meaning_of(text[4:], plain_tea, text[:2])
    assert (acts_text(meaning.acts), asked(meaning)) == (done, doubts)


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("zh: 珍珠奶茶半糖去冰，一杯柠檬茶", "half no_ice"),
        ("en: half sugar pearl milk tea, a lemon tea", "half"),
        ("ko: 버블 밀크티 얼음 없이, 레몬차 한 잔", "no_ice"),
    ],
)
def test_options_of_goods_that_may_be_several_stay_with_them(pearl_tea: str, text: str, options: str) -> None:
    meaning = meaning_of(text[4:], pearl_tea, text[:2])
    assert acts_text(meaning.acts) == "add: 1 lemon_tea"
    assert asked(meaning) == [[f"add: brown_sugar {options}", f"add: matcha {options}"]]


@pytest.mark.parametrize(
    ("text", "acts"),
    table("""
6.15 in the evening => give_time: 18:15
at 6.30 => give_time: 18:30
7.45 pm => give_time: 19:45
in an hour and a half => give_time: 16:30
in two and a half hours => give_time: 17:30
in an hour and ten minutes => give_time: 16:10
"""),
)
def test_hours_as_they_are_heard(text: str, acts: str) -> None:
    assert understood(text, language="en", expects="time") == acts


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("zh: 一个半小时后", "16:30"),
        ("zh: 两个半小时以后", "17:30"),
        ("zh: 半小时后", "15:30"),
        ("ko: 한 시간 반 후에", "16:30"),
        ("ko: 두 시간 반 뒤에요", "17:30"),
    ],
)
def test_half_an_hour_more_in_other_languages(text: str, time: str) -> None:
    assert understood(text[4:], language=text[:2], expects="time") == f"give_time: {time}"


@pytest.mark.parametrize(
    ("text", "acts"),
    table("""
pickup at 6.30 => choose_fulfilment: pickup + give_time: 18:30
pickup at six thirty please => choose_fulfilment: pickup + give_time: 18:30
"""),
)
def test_an_hour_beside_another_answer(text: str, acts: str) -> None:
    assert understood(text, language="en", expects="fulfilment") == acts


@pytest.mark.parametrize("text", ["6.50", "it costs 6.50", "6.75 in the evening"])
def test_an_amount_is_no_hour(text: str) -> None:
    assert "give_time" not in understood(text, language="en")


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("oh seven double one, six four two nine", "07116429"),
        ("my phone is nine one seven five five five oh one double two", "9175550122"),
        ("double five one two triple three", "5512333"),
    ],
)
def test_a_digit_that_is_said_for_several(text: str, phone: str) -> None:
    assert understood(text, language="en", expects="contact") == f"give_contact: {{'phone': '{phone}'}}"


def test_a_double_is_no_number_beside_goods() -> None:
    assert understood("two double cheeseburgers", language="en") == "add: 2 double_cheeseburger"


@pytest.mark.parametrize(
    ("text", "acts"),
    table("""
not two, three cheeseburgers => change: 3 cheeseburger
three cheeseburgers, not two => change: 3 cheeseburger
six cokes instead of two => change: 6 coke
six cokes instead of three => add: 6 coke
forget the fries, two milkshakes => remove: fries + add: 2 milkshake
remove the cokes and two cheeseburgers => remove: coke, 2 cheeseburger
get rid of everything => start_over
"""),
)
def test_what_takes_the_place_of_what_is_there(text: str, acts: str) -> None:
    assert understood(text, language="en", basket=BASKET, last="coke") == acts


@pytest.mark.parametrize("text", ["hold on a second", "wait a second", "one moment", "I guess not"])
def test_a_moment_to_think_takes_nothing_off_and_agrees_to_nothing(text: str) -> None:
    assert understood(text, language="en", basket=BASKET, last="coke", expects="confirm") == "deny"


@pytest.mark.parametrize("text", ["I do that", "how many cokes do I have"])
def test_what_asks_for_nothing_adds_nothing(text: str) -> None:
    assert not {"add", "remove", "change"} & {act.act for act in meaning_of(text, basket=BASKET, last="coke").acts}


def test_no_more_of_something_is_asked_about() -> None:
    meaning = meaning_of("no more fries", basket=BASKET, last="coke")
    assert (acts_text(meaning.acts), asked(meaning)) == ("-", [["remove: fries"]])
    assert understood("no more, thanks", language="en", basket=BASKET) == "checkout"


@pytest.mark.parametrize("between", ["No wait.", "No weight.", "Sorry."])
def test_a_correction_between_full_stops(between: str) -> None:
    assert acts_text(heard(f"Two cheeseburgers. {between} Three cheeseburgers.").acts) == "add: 3 cheeseburger"


def test_a_count_with_nothing_known_behind_it_is_not_more_of_the_goods() -> None:
    assert acts_text(heard("Four cheese fries and four to hold.").acts) == "-"
    assert acts_text(heard("Two cheeseburgers and the large coat.").acts) == "add: 2 cheeseburger"


def test_how_many_is_asked_where_only_another_hypothesis_counts() -> None:
    meaning = heard("I need it, doesn't cheeseburgers.", "I need a dozen cheeseburgers.")
    assert acts_text(meaning.acts) == "-"
    assert asked(meaning) == [["add: cheeseburger", "add: 12 cheeseburger"]]


def test_what_only_a_worse_hypothesis_orders_with_gaps_is_asked() -> None:
    meaning = heard("Of course was thrilled, please.", "A coke was blorped, please.")
    assert acts_text(meaning.acts) == "-"
    assert asked(meaning) == [["add: 1 coke"]]


def test_what_is_taken_off_is_asked_where_hypotheses_differ() -> None:
    meaning = heard("Remove one coat.", "Remove one code.", basket=BASKET, last="cheeseburger")
    assert acts_text(meaning.acts) == "-"
    assert "remove: 1 coke" in [act for doubt in asked(meaning) for act in doubt]


def test_something_unknown_that_is_taken_off_is_not_offered() -> None:
    assert asked(meaning_of("remove one coat", basket=BASKET, last="cheeseburger")) == [["remove: 1 coke"]]


def test_a_coke_for_a_coke_may_be_a_count() -> None:
    meaning = meaning_of("make it a coke", basket=BASKET, last="coke")
    assert acts_text(meaning.acts) == "-"
    assert len(meaning.ask) == 1


def test_the_first_name_that_was_heard_is_taken() -> None:
    meaning = heard("It's for Emmett.", "It's for Emma.", "It's for any.", expects="contact")
    assert acts_text(meaning.acts) == "give_contact: {'name': 'Emmett'}"


def test_a_cancelling_with_words_that_are_not_known_is_asked_about() -> None:
    meaning = meaning_of("cancel everything and the blorp", basket=BASKET)
    assert acts_text(meaning.acts) == "-"
    assert asked(meaning) == [["cancel"]]

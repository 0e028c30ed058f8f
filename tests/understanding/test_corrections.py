"""What is said about goods that are there already: parts of a meal, one of several, more of the same, taken back."""

from __future__ import annotations

from typing import Any

import pytest

from assistant.turns import LineSaid, OptionSaid
from tests.understanding.support import act_text, meaning_of, table, understood

MEAL = LineSaid(
    "cheeseburger_meal",
    1,
    (OptionSaid("side", "fries"), OptionSaid("drink", "sprite"), OptionSaid("drink/size", "small")),
)
PLAIN = LineSaid("hamburger", 1, (OptionSaid("extras", "bacon", "normal"),))
TWO = LineSaid("double_cheeseburger", 2, (OptionSaid("extras", "tomato", "no"),))


def options_of(text: str, language: str, *basket: LineSaid) -> str:
    """`path=choice` of every option that a sentence sets, with the acts before them."""
    meaning = meaning_of(text, language=language, basket=basket, last=basket[-1].item if basket else None)
    lines = [line for act in meaning.acts for line in act.lines]
    said = [f"{one.option}={one.choice}" for line in lines for one in line.options]
    return " ".join([*(act.act for act in meaning.acts), *(str(line.item) for line in lines), *said])


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "make the drink large", "change None drink/size=large"),
        ("en", "could the Sprite be a large one", "change None drink=sprite drink/size=large"),
        ("en", "salad instead of the fries please", "change None side=side_salad"),
        ("en", "swap the fries for onion rings", "change None side=onion_rings"),
        ("en", "no fries, a salad", "change None side=side_salad"),
        ("en", "change the drink to an orange juice", "change None drink=orange_juice"),
        ("zh", "薯条换成沙拉", "change None side=side_salad"),
        ("ko", "감튀 대신 어니언링으로 바꿔주세요", "change None side=onion_rings"),
        ("ko", "사이다는 제로로요", "change None drink=coke_zero"),
        ("zh", "雪碧换成橙汁", "change None drink=orange_juice"),
        ("zh", "饮料要大杯", "change None drink/size=large"),
        ("ko", "감자튀김 대신 샐러드로 주세요", "change None side=side_salad"),
        ("ko", "음료는 라지로 해 주세요", "change None drink/size=large"),
    ],
)
def test_a_part_of_a_meal_in_the_basket_is_changed(language: str, text: str, expected: str) -> None:
    assert options_of(text, language, MEAL) == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "a cheeseburger meal with a large Sprite and a salad", "drink/size=large drink=sprite side=side_salad"),
        ("en", "a cheeseburger meal with a salad and a large Sprite", "side=side_salad drink/size=large drink=sprite"),
        ("en", "a cheeseburger meal with salad instead of fries", "side=side_salad"),
        ("en", "a large cheeseburger meal", "side/size=large drink/size=large"),
        ("en", "a large cheeseburger meal with onion rings", "drink/size=large side=onion_rings"),
        ("zh", "一份芝士汉堡套餐，饮料要橙汁", "drink=orange_juice"),
        ("ko", "치즈버거 세트 하나요, 음료는 오렌지 주스로요", "drink=orange_juice"),
    ],
)
def test_the_parts_of_a_meal_are_its_own_options(language: str, text: str, expected: str) -> None:
    assert options_of(text, language) == f"add cheeseburger_meal {expected}"


def test_goods_beside_a_meal_stay_goods() -> None:
    assert understood("a cheeseburger meal with a coke, and two large cokes", language="en") == (
        "add: 1 cheeseburger_meal coke, 2 coke large"
    )
    assert understood("another Sprite", language="en", basket=(MEAL,)) == "add: 1 sprite"
    assert understood("make the Sprite large", language="en", basket=("sprite", MEAL)) == "change: sprite large"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "a half and half pizza, pepperoni and margherita"),
        ("en", "one half-and-half pizza with a pepperoni pizza half and margherita"),
        ("zh", "一个双拼披萨，意式香肠和玛格丽特"),
        ("ko", "반반 피자 하나, 페퍼로니랑 마르게리타요"),
    ],
)
def test_two_kinds_after_a_half_and_half_are_its_halves(language: str, text: str) -> None:
    expected = "add: 1 half_and_half_pizza pepperoni_half/left margherita_half/right"
    assert understood(text, language=language) == expected


def test_none_of_something_is_a_quantity() -> None:
    assert understood("zero cokes", language="en") == "add: 0 coke"
    assert understood("a zero coke", language="en") == "add: 1 coke_zero"
    assert understood("two zero cokes", language="en") == "add: 2 coke_zero"


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "half a latte"), ("en", "half a fish burger please"), ("zh", "半杯拿铁"), ("ko", "라테 반 잔")],
)
def test_half_of_something_whole_is_asked_about(language: str, text: str) -> None:
    meaning = meaning_of(text, language=language)
    assert not meaning.acts
    assert len(meaning.ask) == 1


CORRECTIONS = """
en | not the coke, the sprite => change: sprite <- coke
en | no coke, a latte => change: 1 latte <- coke
en | not the coke, the root beer => -
en | not the coke => remove: coke
en | no latte, a brownie => add: 1 brownie
zh | 不要可乐，要雪碧 => change: sprite <- coke
zh | 可乐不要了，换雪碧 => change: sprite <- coke
zh | 三杯吧 => change: 3 it
ko | 콜라에 얼음 빼 주세요 => change: coke no_ice
ko | 햄버거 라지 하나 피클 빼고 주세요 => add: 1 hamburger large pickles:no
ko | 콜라 말고 스프라이트로요 => change: sprite <- coke
en | twelve more cokes => add: 12 coke
en | twelve more => add: 12 it
en | give me a brownie for 2 yuan => add: 1 brownie
ko | 브라우니 하나 2위안에 주세요 => add: 1 brownie
zh | 给我一个布朗尼，3元 => add: 1 brownie
"""


@pytest.mark.parametrize(("text", "acts"), table(CORRECTIONS))
def test_what_is_taken_back_makes_room_for_what_follows(text: str, acts: str) -> None:
    language, _, text = text.partition(" | ")
    assert understood(text, language=language, basket=(LineSaid("coke", 2),), last="coke") == acts


@pytest.mark.parametrize(
    ("language", "text", "choice"),
    [
        ("en", "one of them with tomato", "tomato"),
        ("en", "no onions on one of them", "onion"),
        ("en", "make one of them large", "large"),
        ("en", "one of the double cheeseburgers with bacon", "bacon"),
        ("zh", "其中一个加番茄", "tomato"),
        ("ko", "하나는 토마토 넣어서요", "tomato"),
    ],
)
def test_one_of_several_is_changed(language: str, text: str, choice: str) -> None:
    meaning = meaning_of(text, language=language, basket=(TWO,), last="double_cheeseburger")
    (act,) = meaning.acts
    (line,) = act.lines
    assert (act.act, line.quantity, line.of, line.options[0].choice) == ("change", None, 1, choice)


GOODS = (LineSaid("hamburger", 3), LineSaid("cheeseburger", 1), LineSaid("coke", 2))

ALL_OF_THEM = """
en | remove all of the hamburgers => remove: hamburger
en | delete all the cokes please => remove: coke
en | clear the basket => start_over
en | remove everything, and two lattes => start_over + add: 2 latte
zh | 汉堡全都不要了 => remove: hamburger, cheeseburger
zh | 可乐全部删掉 => remove: coke
zh | 全部删掉 => start_over
ko | 햄버거는 전부 빼 주세요 => remove: hamburger
"""


@pytest.mark.parametrize(("text", "acts"), table(ALL_OF_THEM))
def test_all_of_one_kind_is_not_everything(text: str, acts: str) -> None:
    language, _, text = text.partition(" | ")
    assert understood(text, language=language, basket=GOODS, last="coke") == acts


MORE = """
en | one more hamburger like that => add: 1 hamburger bacon
en | and another like that => add: 1 it
en | the same again => add: it
en | two more of those => add: 2 it
zh | 再来一个一样的牛肉汉堡 => add: 1 hamburger bacon
zh | 再来一份一样的 => add: 1 it
ko | 똑같은 햄버거 하나 더 주세요 => add: 1 hamburger bacon
en | the usual once more please => reorder
zh | 老样子来一份 => reorder
ko | 늘 먹던 걸로 하나요 => reorder
"""


@pytest.mark.parametrize(("text", "acts"), table(MORE))
def test_more_of_what_is_there(text: str, acts: str) -> None:
    language, _, text = text.partition(" | ")
    assert understood(text, language=language, basket=(PLAIN,), last="hamburger") == acts


AT_ONCE = """
en | buy two lattes now => buy_now: 2 latte
en | I'd like to buy a brownie right away, by card => buy_now: 1 brownie + choose_method: card
en | buy now => buy_now
en | buy a brownie => add: 1 brownie
zh | 直接买一个布朗尼 => buy_now: 1 brownie
ko | 브라우니 하나 바로 살게요 => buy_now: 1 brownie
"""


@pytest.mark.parametrize(("text", "acts"), table(AT_ONCE))
def test_goods_bought_at_once(text: str, acts: str) -> None:
    language, _, text = text.partition(" | ")
    assert understood(text, language=language) == acts


SPOKEN_OF = """
en | with strawberry sauce please => add: ice_cream strawberry_sauce
en | six of them => add: 6 ice_cream
zh | 加巧克力酱 => add: ice_cream chocolate_sauce
"""


@pytest.mark.parametrize(("text", "acts"), table(SPOKEN_OF))
def test_goods_just_asked_about_are_meant_where_the_basket_has_none(text: str, acts: str) -> None:
    language, _, text = text.partition(" | ")
    assert understood(text, language=language, listed=("ice_cream",)) == acts
    assert understood(text, language=language, listed=("ice_cream",), basket=("coke",), last="coke") == acts


ASKED = """
en | anything without sugar? => ask_menu: {'tags': ['sugar_free']}
en | what is there without caffeine? => ask_menu: {'tags': ['caffeine_free']}
en | a lemon tea without sugar => add: 1 lemon_iced_tea no_sugar
en | how much is it all together => ask_price
zh | 有没有无糖的？ => ask_menu: {'tags': ['sugar_free']}
zh | 有什么喝的 => ask_menu: #drinks
ko | 설탕 없는 거 있어요? => ask_menu: {'tags': ['sugar_free']}
ko | 매운 거 말고 뭐 있어요? => ask_menu: {'not': ['spicy']}
"""


@pytest.mark.parametrize(("text", "acts"), table(ASKED))
def test_questions_by_what_goods_are_without(text: str, acts: str) -> None:
    language, _, text = text.partition(" | ")
    assert understood(text, language=language) == acts


REFUNDS = """
en | the umbrella is torn, can I have my money back => refund: umbrella
en | I want a refund for the umbrella, the umbrella leaks => refund: umbrella
zh | 雨伞漏水，我要退掉雨伞 => refund: umbrella
ko | 우산이 찢어졌어요, 환불해 주세요 => refund: umbrella
"""


@pytest.mark.parametrize(("text", "acts"), table(REFUNDS))
def test_what_is_sent_back_is_named_once(text: str, acts: str) -> None:
    language, _, text = text.partition(" | ")
    meaning = meaning_of(text, "corner-shop", language)
    assert understood(text, "corner-shop", language) == acts
    assert not meaning.leftover


def test_a_category_named_after_goods_is_those_goods() -> None:
    assert understood("add milk and eggs", "corner-shop", "en") == "add: milk, eggs"


HALVES = LineSaid("half_and_half_pizza", 1, (OptionSaid("size", "large"),))


def test_what_is_asked_for_is_chosen_by_goods_names() -> None:
    kinds = "pepperoni_half/left garden_half/right"
    asked: dict[str, Any] = {"language": "en", "basket": (HALVES,), "last": "half_and_half_pizza"}
    assert understood("garden pizza and margherita", **asked) == "change: it garden_half/left margherita_half/right"
    assert understood("half pepperoni and half garden", **asked) == f"change: it {kinds}"
    assert understood("a margherita", **asked) == "add: 1 margherita"
    assert understood("half pepperoni, half garden", language="en", basket=(HALVES, "coke"), last="coke") == (
        f"change: it {kinds}"
    )


INSTEAD = """
a sprite instead => change: 1 sprite <- latte
a brownie instead => add: 1 brownie
remove half of the cokes => remove: 2 coke
take off half the lattes => -
"""


@pytest.mark.parametrize(("text", "acts"), table(INSTEAD))
def test_instead_takes_the_place_of_the_last_goods_of_its_kind(text: str, acts: str) -> None:
    assert understood(text, language="en", basket=("hamburger", LineSaid("coke", 4), "latte"), last="latte") == acts


def test_a_part_of_the_last_meal_is_what_instead_is_about() -> None:
    assert options_of("a lemon tea instead", "en", LineSaid("latte", 1), MEAL) == "change None drink=lemon_iced_tea"


def test_a_number_after_a_time_is_asked_about() -> None:
    meaning = meaning_of("make it eight", language="en", basket=("coke",), last="coke", timed=True)
    assert not meaning.acts
    assert [act_text(act) for act in meaning.ask[0].candidates] == ["give_time: 20:00", "change: 8 it"]
    assert understood("make it eight", language="en", basket=("coke",), last="coke") == "change: 8 it"
    assert understood("make it eight cups", language="en", basket=("coke",), last="coke", timed=True) == "change: 8 it"


@pytest.mark.parametrize(
    ("language", "text", "act"),
    [
        ("en", "a chocolate cake", "add: 1 cheesecake"),
        ("zh", "来一块巧克力蛋糕", "add: 1 cheesecake"),
        ("en", "buy a chocolate cake now", "buy_now: 1 cheesecake"),
    ],
)
def test_goods_of_which_only_a_part_is_known_are_asked_about(language: str, text: str, act: str) -> None:
    meaning = meaning_of(text, language=language)
    assert not meaning.acts
    assert [act_text(one) for one in meaning.ask[0].candidates] == [act]


BURGERS = (LineSaid("cheeseburger", 2), LineSaid("coke", 1))

OF_THE_BASKET = """
en | remove everything except the coke => remove: cheeseburger @all
en | remove everything except the latte => -
zh | 除了可乐都不要了 => remove: cheeseburger @all
en | not two cokes, three => change: 3 coke
en | one less coke => remove: 1 coke
en | another one with bacon => add: 1 it bacon
en | the same but without onions => add: it onion:no
en | make them all large => change: it large @all
en | both with bacon => change: it bacon @all
zh | 都换成大的 => change: it large @all
ko | 치즈버거 둘 다 라지로 해 주세요 => change: cheeseburger large
ko | 치즈버거 하나만 빼 주세요 => remove: 1 cheeseburger
"""


@pytest.mark.parametrize(("text", "acts"), table(OF_THE_BASKET))
def test_what_is_said_of_the_whole_basket_or_one_of_it(text: str, acts: str) -> None:
    language, _, text = text.partition(" | ")
    assert understood(text, language=language, basket=BURGERS, last="coke") == acts


def test_two_parts_of_a_meal_are_changed_at_once() -> None:
    said = "change the Sprite to a coke and the fries to onion rings"
    assert options_of(said, "en", MEAL) == "change None drink=coke side=onion_rings"
    assert options_of("no onions on the burger", "en", MEAL) == "change None extras=onion"


ALIKE = (
    LineSaid("hamburger", 1, (OptionSaid("extras", "onion", "no"),)),
    LineSaid("hamburger", 1, (OptionSaid("extras", "bacon", "normal"),)),
)

BY_OPTIONS = """
en | remove the one without onions => remove: it @1
en | take the one with bacon off => remove: it @2
en | remove the onions => change: it onion:no
zh | 把不要洋葱的那个删掉 => remove: it @1
ko | 양파 뺀 거 빼 주세요 => remove: it @1
"""


@pytest.mark.parametrize(("text", "acts"), table(BY_OPTIONS))
def test_a_line_is_named_by_what_it_has(text: str, acts: str) -> None:
    language, _, text = text.partition(" | ")
    assert understood(text, language=language, basket=ALIKE, last="hamburger") == acts


PARTS_OF_A_WHOLE = """
en | a garden pizza with pineapple on the left half => add: 1 garden_pizza pineapple/left
en | a garden pizza, ham on the left and pineapple on the right => add: 1 garden_pizza ham/left pineapple/right
en | a hamburger with bacon on the left => add: 1 hamburger bacon
zh | 一个田园披萨，左半边加菠萝，右半边加火腿 => add: 1 garden_pizza pineapple/left ham/right
ko | 야채 피자 하나, 왼쪽에 파인애플 올려서 => add: 1 garden_pizza pineapple/left
"""


@pytest.mark.parametrize(("text", "acts"), table(PARTS_OF_A_WHOLE))
def test_toppings_on_one_half(text: str, acts: str) -> None:
    language, _, text = text.partition(" | ")
    assert understood(text, language=language) == acts


@pytest.mark.parametrize(
    ("text", "acts"),
    [
        ("make the chicken one three", "change: 3 chicken_burger"),
        ("change the chicken one to three", "change: 3 chicken_burger"),
        ("make the chicken one large", "change: 1 chicken_burger large"),
        ("give me the chicken burger one and three fries", "add: 1 chicken_burger, 3 fries"),
    ],
)
def test_one_before_a_count_stands_for_the_goods(text: str, acts: str) -> None:
    """ "The chicken one" names it; the number behind says how many."""
    assert understood(text, basket=("cheeseburger", "chicken_burger", "fries")) == acts


@pytest.mark.parametrize(
    ("language", "text", "basket", "acts"),
    [
        ("zh", "换成鸡肉汉堡", ("coke", "cheeseburger"), "change: chicken_burger <- cheeseburger"),
        ("zh", "把它换成鸡肉汉堡吧", ("cheeseburger",), "change: chicken_burger <- cheeseburger"),
        ("ko", "치킨버거로 바꿔 주세요", ("cheeseburger", "coke"), "change: chicken_burger <- cheeseburger"),
        ("zh", "换成可乐", ("cheeseburger",), "-"),
        ("zh", "换成鸡肉汉堡", ("cheeseburger", "veggie_burger", "coke"), "-"),
    ],
)
def test_goods_take_the_place_of_the_line_of_their_kind(
    language: str, text: str, basket: tuple[str, ...], acts: str
) -> None:
    lines = tuple(LineSaid(one, 1) for one in basket)
    assert understood(text, language=language, basket=lines, last=basket[-1]) == acts


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "a latte and a water, no wait, not the latte, an americano", "add: 1 water, 1 americano"),
        ("en", "a latte and a water, no actually no latte, an orange juice", "add: 1 water, 1 orange_juice"),
        ("zh", "一杯拿铁一瓶水，不对，不要拿铁，要美式", "add: 1 water, 1 americano"),
        ("ko", "라떼 하나 물 하나, 아니 라떼 말고 아메리카노요", "add: 1 water, 1 americano"),
        ("en", "a latte and a brownie, sorry, not the brownie", "add: 1 latte"),
        ("en", "two hamburgers and a latte, actually make the hamburgers three", "add: 3 hamburger, 1 latte"),
        ("en", "two hamburgers and a latte, no, three hamburgers", "add: 3 hamburger, 1 latte"),
        ("en", "two hamburgers and a latte, no, an americano", "add: 2 hamburger, 1 americano"),
    ],
)
def test_what_is_denied_goes_and_what_was_said_last_stays(language: str, text: str, expected: str) -> None:
    assert understood(text, language=language) == expected


IN_A_BASKET = """
coke*2 | make that three cokes, one of them diet => change: 2 coke + add: 1 coke_zero
coke*3 | make it two cokes, one of them a sprite => change: 1 coke + add: 1 sprite
coke | five hamburgers, two without onions, the others with bacon => add: 2 hamburger onion:no, 3 hamburger bacon
margherita, pepperoni_pizza | change the pepperoni to a hawaiian => change: 1 hawaiian_pizza <- pepperoni_pizza
hawaiian_pizza, coke, margherita*2 | both large => change: it large @3
hawaiian_pizza, margherita | both large => change: it large @all
kids_meal, kids_meal*2 | no, all three with orange juice => change: it orange_juice @all
half_and_half_pizza | extra cheese on it => change: it cheese:extra
hamburger*2, bacon_burger | take two of those off => -
hamburger, fries | forget about that => undo
hamburger, fries | forget that fries => remove: fries
hamburger, fries, brownie | swap the hamburger and the fries for a latte => change: 1 latte <- hamburger + remove: fries
hamburger, fries | swap the fries for a latte and a brownie => change: 1 latte <- fries + add: 1 brownie
hamburger, fries, coke | swap the first and the last for a latte => change: 1 latte <- hamburger + remove: coke
hamburger, coke | do you have fries? two then => ask_stock: fries + add: 2 fries
coke, fries | do you have coke? two then => ask_stock: coke + change: 2 coke
coke | fries and a brownie, but only one of the fries => add: 1 fries, 1 brownie
coke | what's in the brownie, I'm allergic to nuts => ask_item: brownie {'contains': ['nuts']} + ask_item: {'allergic': ['nuts']}
americano, latte*2 | the same again but without the latte => add: it + remove: 2 latte
"""  # noqa: E501


@pytest.mark.parametrize(("text", "acts"), table(IN_A_BASKET))
def test_what_is_said_beside_a_basket_is_neither_lost_nor_said_of_others(text: str, acts: str) -> None:
    owned, _, said = text.partition(" | ")
    lines = [LineSaid(one.partition("*")[0], int(one.partition("*")[2] or 1)) for one in owned.split(", ")]
    context: dict[str, Any] = {"basket": tuple(lines), "last": lines[-1].item, "line": len(lines)}
    assert understood(said, language="en", **context) == acts


@pytest.mark.parametrize("text", ["is that twelve", "are those five"])
def test_a_number_that_is_asked_about_counts_nothing(text: str) -> None:
    basket = (LineSaid("coke", 1),)
    assert understood(text, language="en", basket=basket, last="coke", line=1, expects="choose") == "-"

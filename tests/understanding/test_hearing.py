"""What recognisers hear wrong: read again by its sound, weighed, asked about where it is not sure, never a guess."""

from __future__ import annotations

import pytest

from assistant.turns import LineSaid
from assistant.understanding.misheard import hearing
from assistant.understanding.misheard.near import Near
from assistant.understanding.misheard.sounds import ENGINES, likeness
from tests.understanding.support import acts_text, heard, line_text, meaning_of, table, understood

MISHEARD = """
    # English: words split, joined and slipped
    could I have two coax please => add: 2 coke
    I'd like a cheese burgher => add: 1 cheeseburger
    two hand burgers and an apple by => add: 2 hamburger, 1 apple_pie
    can I get a large margarita => add: 1 margherita large
    a lemon iced tee with half shugar => add: 1 lemon_iced_tea half_sugar
    # numbers that are heard as other words count only right before goods
    to cokes => add: 2 coke
    um, like to cokes => add: 2 coke
    I'll have for milkshakes => add: 4 milkshake
    free chicken burgers please => add: 3 chicken_burger
    four cokes to onion rings and an apple pie => add: 4 coke, 2 onion_rings, 1 apple_pie
    # Chinese: by sound, wherever the words are cut
    我要一个知识汉堡 => add: 1 cheeseburger
    来两杯雪壁 => add: 2 sprite
    来一份数条和一杯可勒 => add: 1 fries, 1 coke
    给我来一个双层之士堡 => add: 1 double_cheeseburger
    一杯柠檬茶拌糖 => add: 1 lemon_iced_tea half_sugar
    两杯柠檬茶，一杯半糖，一杯五糖 => add: 1 lemon_iced_tea half_sugar, 1 lemon_iced_tea no_sugar
    # a count beyond all measure ends in a measure word; a count that isn't known is one by its sound
    来三万可乐 => add: 3 coke
    兩萬大可樂 => add: 2 coke large
    3万薯条 => add: 3 fries
    薯条三万，还要一杯水 => add: 3 fries, 1 water
    大薯条衣粉 => add: 1 fries large
    # letters as they are written elsewhere
    來一個蘋果派 => add: 1 apple_pie
    # one syllable between a count and goods is a measure word
    一个苹果派和两阵鸡块 => add: 1 apple_pie, 2 chicken_nuggets
    # a price isn't asked where goods are counted
    来两份几块，一杯可乐 => add: 2 chicken_nuggets, 1 coke
    # a correction between two counts, or before another size
    来两杯，无对，三杯可乐 => add: 3 coke
    来两杯 五队 三杯雪碧 => add: 3 sprite
    我要一个大份薯条，二步小份的 => add: 1 fries small
    # a particle that isn't stressed
    我要一份薯条，要大份灯 => add: 1 fries large
    # less of something that was heard as a size
    一杯大可乐，小冰 => add: 1 coke large less_ice
    # another option in the place of what was said
    我要一杯拿铁，换成叶麦奶 => add: 1 latte oat_milk
    可乐伊悲 => add: 1 coke
    # Korean: what is carried over, tensed or lost
    콜나 두 잔 주세요 => add: 2 coke
    치즈버고 하나 주세요 => add: 1 cheeseburger
"""


@pytest.mark.parametrize(("text", "acts"), table(MISHEARD))
def test_what_is_misheard_is_known_by_its_sound(text: str, acts: str) -> None:
    meaning = heard(text)
    assert (acts_text(meaning.acts), meaning.ask) == (acts, ())


@pytest.mark.parametrize(
    ("text", "acts"),
    table("""
        来两个只是汉堡 => add: 2 cheeseburger
        来两份薯雕 => add: 2 fries
        two coats please => add: 2 coke
    """),
)
def test_what_was_spoken_may_be_further_from_its_name_than_what_was_typed(text: str, acts: str) -> None:
    """Also where the recogniser is as sure as can be, or tells nothing of it."""
    assert acts_text(meaning_of(text, spoken=True).acts) == acts
    assert acts_text(meaning_of(text).acts) != acts


@pytest.mark.parametrize(
    ("text", "acts"),
    table("""
        # a long name may differ by more than a short one, and may be cut out of words that are known
        一个下为一批撒 => add: 1 hawaiian_pizza
        一个香那鸡对保 => add: 1 spicy_chicken_burger
        来份凉半卷心才 => add: coleslaw
        # an option behind "no", or with one of its letters as it is
        一个芝士汉堡不要羊冲，两杯可乐 => add: 1 cheeseburger onion:no, 2 coke
        来一杯可乐，手冰 => add: 1 coke less_ice
    """),
)
def test_what_is_written_without_spaces_may_have_been_picked_by_its_sound(text: str, acts: str) -> None:
    meaning = meaning_of(text)
    assert (acts_text(meaning.acts), meaning.ask, meaning.leftover) == (acts, (), ())


@pytest.mark.parametrize(("text", "words"), [("来两阵鸡块", 2), ("我要一份薯条，要大份灯", 1)])
def test_small_words_that_are_written_wrong_are_not_left_over(text: str, words: int) -> None:
    meaning = meaning_of(text)
    assert meaning.leftover == () and meaning.acts[0].lines[0].quantity == words


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("来一个巨无霸套餐", ("巨无霸",)),  # its end sounds like a count
        ("要一份佛跳墙", ("佛跳墙",)),
        ("汉堡不要花椒", ("花椒",)),
    ],
)
def test_what_the_shop_has_not_is_not_taken_for_what_its_parts_sound_like(text: str, left: tuple[str, ...]) -> None:
    meaning = meaning_of(text)
    assert (acts_text(meaning.acts), meaning.leftover) == ("-", left)


@pytest.mark.parametrize(
    ("text", "acts"),
    table("""
        # what must not be in it is no word of ordering: 不要加, 不要太, 划掉
        布朗尼不要坚果 => add: brownie + ask_item: {'allergic': ['nuts']}
        来杯美式不要唐 => add: americano
        汉堡不要花椒 => -
        # some of a word that isn't known is no order of what it sounds like, nor does it hide the count
        要一份佛跳墙 => -
        一份大虾和一杯可乐 => -
        # a number that counts what is behind it is no end of a name: 每十分钟
        设置一个每十分钟的闹钟 => -
    """),
)
def test_what_was_spoken_and_is_not_known_hides_nothing_and_orders_nothing(text: str, acts: str) -> None:
    meaning = heard(text)
    assert acts_text(meaning.acts) == acts
    assert meaning.leftover or meaning.ask or "allergic" in acts


def test_what_is_measured_is_no_correction() -> None:
    """包酱 sounds like 抱歉, and would take the two of them back."""
    assert acts_text(heard("意面两包酱一瓶", shop="corner-shop").acts) == "add: 2 spaghetti"


@pytest.mark.parametrize(
    ("text", "acts", "changed"),
    [
        ("two cokes, a hamburger with no lettice", "add: 2 coke, 1 hamburger", "hamburger lettuce:no"),
        ("一个芝士汉堡不要扬穷，两杯可乐", "add: 1 cheeseburger, 2 coke", "cheeseburger onion:no"),
    ],
)
def test_an_option_that_is_fairly_like_is_asked_about_of_the_goods_before_it(
    text: str, acts: str, changed: str
) -> None:
    meaning = meaning_of(text)
    assert acts_text(meaning.acts) == acts
    assert [line_text(one.lines[0]) for one in meaning.ask[0].candidates] == [changed]


@pytest.mark.parametrize(
    ("text", "acts"),
    table("""
        I'm allergic to peanuts => ask_item: {'allergic': ['peanuts']}
        韩梅梅，13900139000 => give_contact: {'name': '韩梅梅', 'phone': '13900139000'}
        박지영 010-9876-5432 => give_contact: {'name': '박지영', 'phone': '010-9876-5432'}
        웨스트 34번가 20 5B호로 배달해 주세요 => choose_fulfilment: delivery + give_address: 웨스트 34번가 20 5B호
    """),
)
def test_what_was_heard_rightly_stays_what_it_is(text: str, acts: str) -> None:
    """An allergy, a name, a street needn't be anything of the shop's, however like it they sound."""
    for shop in ("burger-bar", "corner-shop"):
        meaning = meaning_of(text, shop=shop, spoken=True, basket=("milk",) if shop == "corner-shop" else ("coke",))
        assert (acts_text(meaning.acts), meaning.ask) == (acts, ())


@pytest.mark.parametrize(
    ("text", "acts"),
    table("""
        两份炒饭，三杯可乐 => add: 3 coke
        一杯大可乐，一杯小雪碧 => add: 1 coke large, 1 sprite small
        一杯小冰美式 => add: 1 americano small iced
        鸡块几块 => ask_price: chicken_nuggets
        送到人民路88号 => choose_fulfilment: delivery + give_address: 人民路88号
        两杯可乐和三杯雪碧 => add: 2 coke, 3 sprite
        change the two cokes to onion rings => change: 2 onion_rings <- 2 coke
        two hamburgers to go => add: 2 hamburger + choose_fulfilment: pickup
    """),
)
def test_what_only_stands_like_something_misheard_stays_what_it_is(text: str, acts: str) -> None:
    assert acts_text(meaning_of(text, spoken=True, basket=("coke",)).acts) == acts


@pytest.mark.parametrize("text", ["给我生碗薯条", "杨枝江路两杯，一杯小公"])
def test_no_way_and_no_address_is_taken_for_what_only_sounds_like_one(text: str) -> None:
    acts = meaning_of(text, spoken=True).acts
    assert not {one.act for one in acts} & {"choose_fulfilment", "give_address"}


@pytest.mark.parametrize(
    "text", ["much is the cheesecake", "Now much is the cheesecake?", "And much is the cheesecake."]
)
def test_a_price_is_asked_though_the_first_word_was_cut_off(text: str) -> None:
    assert understood(text) == "ask_price: cheesecake"


def test_goods_that_a_shop_has_not_take_nothing_off() -> None:
    """What is counted is no word for removing, however like one it sounds: 可乐, 撤了."""
    meaning = meaning_of("再来两杯可乐", shop="corner-shop", spoken=True, basket=("milk",))
    assert not any(one.act in ("remove", "change") for one in meaning.acts)


@pytest.mark.parametrize("text", ["a coat please", "could you turn off the flies", "阿巴阿巴"])
def test_what_only_sounds_like_something_short_is_not_done(text: str) -> None:
    assert not any(
        one.act in ("add", "remove", "change") for one in meaning_of(text, spoken=True, basket=("coke",)).acts
    )


@pytest.mark.parametrize("text", ["三万碗可乐", "来一百二十杯水", "来一百二十瓶水"])
def test_a_great_count_with_its_measure_word_is_one(text: str) -> None:
    (line,) = [line for act in heard(text).acts for line in act.lines] or heard(text).ask[0].candidates[0].lines
    assert (line.quantity or 0) > 99


def test_what_is_typed_is_counted_as_it_is_written() -> None:
    assert understood("来三万可乐") == "add: 30000 coke"


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("三百可乐", "3 coke"),  # hundred or cups: they only sound a little alike
        ("一份三柠檬茶", "3 lemon_iced_tea"),  # two counts of one thing
        ("一个做芝士汉堡", "1 cheeseburger"),  # a letter that belongs to nothing
        ("치즈버거 거 세 잔 주세요", "3 cheeseburger"),
    ],
)
def test_a_count_that_makes_no_sense_is_asked_about(text: str, asked: str) -> None:
    meaning = heard(text)
    assert meaning.acts == ()
    assert [line_text(one.lines[0]) for one in meaning.ask[0].candidates] == [asked]


@pytest.mark.parametrize("text", ["来两份北京烤鸭", "一份达人套餐"])
def test_a_measure_word_is_no_part_of_the_name_behind_it(text: str) -> None:
    meaning = heard(text)
    meant = [*meaning.acts, *(act for doubt in meaning.ask for act in doubt.candidates)]
    assert not any(line.item for act in meant for line in act.lines)


@pytest.mark.parametrize(
    ("text", "acts"),
    [
        ("make the coke too", "change: 2 coke"),
        ("make it tree please", "change: 3 it"),
        ("make the large cheese burger fore", "change: 4 cheeseburger large"),
    ],
)
def test_behind_goods_that_are_to_be_changed_stands_how_many(text: str, acts: str) -> None:
    assert acts_text(heard(text, basket=("coke", "cheeseburger")).acts) == acts


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("make the coke tube", "2 coke"),
        ("Make the Coke Tooth.", "2 coke"),
        ("change the coke to", "2 coke"),  # more may have been meant
        ("make that sick", "6 it"),
    ],
)
def test_a_number_that_is_a_sound_away_is_asked_about(text: str, asked: str) -> None:
    meaning = heard(text, basket=("coke", "cheeseburger"))
    assert meaning.acts == ()
    assert [line_text(one.lines[0]) for one in meaning.ask[0].candidates] == [asked]


@pytest.mark.parametrize("text", ["make the coke tube", "make it nice", "make the coke cold", "make the coke to go"])
def test_what_is_typed_or_means_something_else_is_no_number(text: str) -> None:
    meaning = meaning_of(text, basket=("coke",))
    meant = [*meaning.acts, *(act for doubt in meaning.ask for act in doubt.candidates)]
    assert all(line.quantity in (None, 1) for act in meant for line in act.lines)


@pytest.mark.parametrize("spoken", [True, False])
@pytest.mark.parametrize(
    ("text", "acts", "words"),
    [
        ("a coke and a large blorp", "add: 1 coke", "blorp"),
        ("a large blorp and a coke", "add: 1 coke", "blorp"),
        ("a cheeseburger and two small slizes please", "add: 1 cheeseburger", "slizes"),
        ("a hamburger tea please", "add: 1 hamburger", "tea"),
    ],
)
def test_what_is_sure_stays_beside_what_is_not_known(spoken: bool, text: str, acts: str, words: str) -> None:
    meaning = heard(text) if spoken else meaning_of(text)
    assert (acts_text(meaning.acts), meaning.leftover) == (acts, (words,))


def test_goods_before_a_kind_that_has_none_of_that_name_may_be_meant() -> None:
    (doubt,) = meaning_of("a coke pizza").ask
    said = [line_text(one.lines[0]) for one in doubt.candidates]
    assert said[0] == "1 coke"
    assert "1 margherita" in said


def test_a_method_by_its_sound_where_it_is_asked_for() -> None:
    assert acts_text(heard("用危险支付", basket=("coke",), expects="method").acts) == "choose_method: wechat"
    assert acts_text(heard("with a lee pay", basket=("coke",), expects="method").acts) == "choose_method: alipay"


def test_how_a_word_was_found_can_be_told() -> None:
    (one,) = heard("我要一个知识汉堡").read_as
    assert (one.said, one.ids, one.why, one.score) == ("知识汉堡", ("cheeseburger",), "sound", 1.0)


@pytest.mark.parametrize(
    "text",
    [
        "to go please",
        "is that for me or for my friend",
        "this one is free isn't it",
        "can you add bacon to the hamburger",
    ],
)
def test_words_that_sound_like_numbers_are_none_elsewhere(text: str) -> None:
    lines = [line for act in heard(text, basket=("hamburger",)).acts for line in act.lines]
    assert all(line.quantity in (None, 1) for line in lines)


# ------------------------------------------------------------------------------------------------- hypotheses


def test_another_hypothesis_supplies_what_the_best_lacks() -> None:
    meaning = heard("could I have two apple bison two teas", "could I have two apple pies and two teas")
    assert meaning.text == "could I have two apple pies and two teas"
    assert heard("two shanks please", "two milkshakes please", "to milkshakes please").acts[0].lines[0].quantity == 2


def test_a_share_is_told_apart_by_an_option_that_sounds_like_goods() -> None:
    """一份可辣 is the other half of 两份, 特辣, and no cola."""
    meaning = heard("来两个香辣鸡腿堡，一个微辣，一个可辣")
    assert acts_text(meaning.acts) == "add: 1 spicy_chicken_burger mild, 1 spicy_chicken_burger extra_hot"
    assert acts_text(heard("来两个香辣鸡腿堡，一杯可乐").acts) == "add: 2 spicy_chicken_burger, 1 coke"


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("two cheeseburgers and a large coat please", "add: 1 coke large"),  # few sounds, behind a size
        ("我要一杯拿铁，换成越卖奶", "add: 1 latte oat_milk"),  # no verb that sounds so stands behind another
    ],
)
def test_what_is_likely_there_is_offered(text: str, asked: str) -> None:
    assert [acts_text(doubt.candidates) for doubt in heard(text).ask] == [asked]


@pytest.mark.parametrize(
    ("text", "asked"),
    [("하나 하고 하나 할게요", "add: 1 it, 1 it"), ("来一个", "change: 1 it"), ("I'll take two", "change: 2 it")],
)
def test_a_count_alone_is_asked_about_where_something_else_was_asked(text: str, asked: str) -> None:
    """It was likelier another answer; "one more" and "make it two" say what they mean."""
    meaning = heard(text, basket=("coke",), last="coke", expects="method")
    assert (meaning.acts, [acts_text(doubt.candidates) for doubt in meaning.ask]) == ((), [asked])
    assert heard(text, basket=("coke",), last="coke", expects="basket").acts
    for plain in ("하나 더 주세요", "再来一个", "one more please", "make it two"):
        assert heard(plain, basket=("coke",), last="coke", expects="method").acts


def test_please_twice_is_no_doubt_but_two_counts_are() -> None:
    assert acts_text(heard("치즈버거 세 개 주세요 주세요", "치즈버거 세 개 주세요").acts) == "add: 3 cheeseburger"
    twice = heard("두 햄버거 하나 주세요", "두 햄버거 하나 주세요 주세요")
    assert (twice.acts, len(twice.ask)) == ((), 1)


def test_a_word_that_another_hypothesis_only_passes_over_is_asked_about() -> None:
    """The second has no word that isn't known, and orders no more for it."""
    meaning = heard("two large cokes with all the flimmers", "two large cokes with all of this")
    assert acts_text(meaning.acts) == "add: 2 coke large"
    assert [doubt.heard for doubt in meaning.ask] == ["flimmers"]
    before = heard("flimmers two large cokes", "and two large cokes")
    assert (acts_text(before.acts), before.ask) == ("add: 2 coke large", ())


def test_what_most_hypotheses_come_to_is_done() -> None:
    meaning = heard("来两杯可乐", "來兩杯可樂", "来两杯渴了")
    assert (acts_text(meaning.acts), meaning.ask) == ("add: 2 coke", ())


def test_a_reading_that_only_stops_earlier_says_nothing_against_the_rest() -> None:
    whole, short = "a double cheeseburger with bacon and an egg", "a double cheeseburger"
    meaning = heard(whole, short, "a double cheeseburger with bacon and onion egg", shop="burger-bar")
    assert (acts_text(meaning.acts), meaning.ask) == ("add: 1 double_cheeseburger bacon egg", ())


@pytest.mark.parametrize(
    ("texts", "acts"),
    [
        (("把可乐去掉", "把客乐去掉"), "remove: coke"),
        (("把可乐换成雪碧", "把可乐换成雪幣"), "change: sprite <- coke"),
        (("delete two cokes from my order", "delete to cokes from my order"), "remove: 2 coke"),
    ],
)
def test_what_is_heard_alike_is_done_unasked(texts: tuple[str, ...], acts: str) -> None:
    meaning = heard(*texts, basket=(LineSaid("coke", 3),))
    assert (acts_text(meaning.acts), meaning.ask) == (acts, ())


def test_readings_that_differ_in_money_are_asked_about() -> None:
    meaning = heard("five cheeseburgers", "nine cheeseburgers")
    assert meaning.acts == ()
    (doubt,) = meaning.ask
    assert [acts_text([one]) for one in doubt.candidates] == ["add: 5 cheeseburger", "add: 9 cheeseburger"]


def test_what_both_readings_say_is_done_and_only_the_rest_is_asked() -> None:
    meaning = heard("a coke and four brownies", "a coke and five brownies")
    assert acts_text(meaning.acts) == "add: 1 coke"
    assert [line_text(one.lines[0]) for one in meaning.ask[0].candidates] == ["4 brownie", "5 brownie"]


@pytest.mark.parametrize("texts", [("yes", "no"), ("no", "yes"), ("guess", "yes"), ("yes", "less ice")])
def test_a_doubtful_yes_is_no_yes(texts: tuple[str, ...]) -> None:
    assert "confirm" not in {act.act for act in heard(*texts, basket=("coke",), expects="confirm").acts}


def test_a_yes_that_nothing_speaks_against_is_one() -> None:
    assert [act.act for act in heard("yes", "Yes.", basket=("coke",), expects="confirm").acts] == ["confirm"]


@pytest.mark.parametrize("text", ["yez", "jess", "誓的", "넴"])
def test_what_only_sounds_like_yes_is_none(text: str) -> None:
    acts = {act.act for act in heard(text, text + " ", basket=("coke",), expects="confirm").acts}
    assert not acts & {"confirm", "checkout"}


# -------------------------------------------------------------------------------------------------- rejection


@pytest.mark.parametrize(
    "text",
    [
        "the birds fly with their wings",
        "give me the date",
        "switch the lights off",
        "how do I find the area of a circle",
        "设置一个闹钟为十五分钟",
        "取消所有的提醒",
        "今天会下雪吗",
        "내일 아침에 깨워줘",
    ],
)
def test_what_is_typed_about_other_things_is_no_order(text: str) -> None:
    meaning = meaning_of(text)
    assert not any(act.lines for act in meaning.acts)
    assert meaning.ask == ()


def test_names_of_streets_and_people_are_not_mended() -> None:
    assert understood("Flat 3, Rose Court", basket=("coke",), expects="address") == "give_address: Flat 3, Rose Court"
    said = heard("my name is Mr Burgher", "my name is Mister Burgher", basket=("coke",), expects="contact")
    assert not any(act.lines for act in said.acts)


# ------------------------------------------------------------------------------------------------- bounded work


@pytest.mark.parametrize(
    "text",
    [
        "blorp snarf quiggle zounds " * 400,
        "知实喊抱嗯" * 2000,
        "three hundred and " * 4000,
        "冰淇林" * 4000,
        "치느버가" * 2500,
        "co\u200bke \u200b\u200b" * 3000,
        "cheesburger 知识汉堡 치즈버고 " * 300,
        "x" * 100_000,
    ],
    ids=["unknown", "unspaced", "numbers", "one word", "Korean", "zero width", "mixed", "one long word"],
)
def test_the_work_is_bounded_and_no_order(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    questions = []
    ask = Near.shortlist

    def counted(self: Near, *args: object, **named: object) -> object:
        questions.append(args)
        return ask(self, *args, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(Near, "shortlist", counted)
    meaning = heard(text, text + " please")
    assert len(questions) <= 2 * hearing.MOST_LOOKUPS
    assert not any(act.lines for act in meaning.acts)


# ------------------------------------------------------------------------------------------------------- sounds


@pytest.mark.parametrize(
    ("engine", "one", "near", "far"),
    [
        ("letters", "cokes", "coax", "salad"),
        ("letters", "margherita", "margarita", "hamburger"),
        ("pinyin", "芝士", "知识", "薯条"),
        ("pinyin", "雪碧", "雪币", "可乐"),
        ("jamo", "콜라", "골라", "생수"),
        ("jamo", "빼고", "빽오", "주스"),
    ],
)
def test_what_sounds_alike_is_more_alike(engine: str, one: str, near: str, far: str) -> None:
    speech = ENGINES[engine]({})
    said, slip, other = (speech.sound(tuple(word) if engine != "letters" else (word,)) for word in (one, near, far))
    assert likeness(said, slip) > 0.85 > 0.5 > likeness(said, other)

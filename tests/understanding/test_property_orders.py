"""Orders said in every usual form over any goods of a shop come back as they were meant."""

from __future__ import annotations

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from assistant.commerce.catalogue import Item
from tests.understanding.support import lexicon_of, meaning_of

ITEMS = sorted(lexicon_of("burger-bar").catalogue.items.keys() - {"chicken_nuggets"})
"""Six nuggets may be a portion of six, or six portions: that is asked."""
NUMBERS = {
    "en": "one two three four five six seven eight nine ten".split(),
    "zh": "一 两 三 四 五 六 七 八 九 十".split(),
    "ko": "한 두 세 네 다섯 여섯 일곱 여덟 아홉 열".split(),
}
FORMS = {
    "en": ("{all} please", "I'd like {all}", "can I get {all}", "um, {all}, thanks"),
    "zh": ("来{all}", "我要{all}", "给我来{all}，谢谢"),
    "ko": ("{all} 주세요", "저기 {all} 주문할게요"),
}
LINKS = {"en": (" and ", ", ", " and also "), "zh": ("，", "和", "，再来"), "ko": (" 그리고 ", ", ", "하고 ")}


def item_of(item: str) -> Item:
    return lexicon_of("burger-bar").catalogue.items[item]


def shared_out(goods: list[str], counts: list[int]) -> bool:
    """Whether goods may as well be parts of as many meals before them: "two meals, one juice, one coke"."""
    meals = [at for at, one in enumerate(goods) if item_of(one).category == "meals" and at + 2 < len(goods)]
    return any(counts[at] == sum(counts[at + 1 : end]) for at in meals for end in range(at + 3, len(goods) + 1))


def one_line(language: str, item: str, count: int, written: bool) -> str:
    name = item_of(item).names[language][0]
    number = str(count) if written else NUMBERS[language][count - 1]
    if language == "en":
        return f"{number} {name}"
    measure = item_of(item).measures.get(language) or {"zh": "份", "ko": "개"}[language]
    return f"{number}{measure}{name}" if language == "zh" else f"{name} {number} {measure}"


@settings(max_examples=250, deadline=None)
@given(
    language=st.sampled_from(["en", "zh", "ko"]),
    goods=st.lists(st.sampled_from(ITEMS), min_size=1, max_size=4, unique=True),
    counts=st.lists(st.integers(1, 10), min_size=4, max_size=4),
    written=st.booleans(),
    picks=st.tuples(st.integers(0, 9), st.integers(0, 9)),
)
def test_several_lines_in_any_form(
    language: str, goods: list[str], counts: list[int], written: bool, picks: tuple[int, int]
) -> None:
    assume(not shared_out(goods, counts))
    form = FORMS[language][picks[0] % len(FORMS[language])]
    link = LINKS[language][picks[1] % len(LINKS[language])]
    text = form.replace(
        "{all}", link.join(one_line(language, i, n, written) for i, n in zip(goods, counts, strict=False))
    )
    meaning = meaning_of(text, language=language)
    assert not meaning.ask, text
    got = [(line.item, line.quantity) for act in meaning.acts if act.act == "add" for line in act.lines]
    assert got == list(zip(goods, counts, strict=False)), text


@settings(max_examples=150, deadline=None)
@given(language=st.sampled_from(["en", "zh", "ko"]), item=st.sampled_from(ITEMS), pick=st.integers(0, 99))
def test_leaving_out_what_is_on_it(language: str, item: str, pick: int) -> None:
    on_it = [
        (option, choice)
        for option in item_of(item).options
        for choice in option.choices
        if option.choose == "many" and choice.included and choice.names.get(language)
    ]
    if not on_it:
        return
    option, choice = on_it[pick % len(on_it)]
    name, word = item_of(item).names[language][0], choice.names[language][0]
    text = {
        "en": f"a {name} without {word}",
        "zh": f"来一份{name}，不要{word}",
        "ko": f"{name} 하나 {word} 빼고 주세요",
    }
    meaning = meaning_of(text[language], language=language)
    assert [act.act for act in meaning.acts] == ["add"], text[language]
    (line,) = meaning.acts[0].lines
    assert (line.item, line.quantity) == (item, 1), text[language]
    assert [(o.option, o.choice, o.amount) for o in line.options] == [(option.id, choice.id, "no")], text[language]

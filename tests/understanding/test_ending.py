"""How far what is still being spoken has come: nothing, half a sentence, one that may end here, a whole answer."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.understanding.ending import ending
from models import languages
from tests.understanding.support import lexicon_of

SAID = """
    # Sounds that fill a pause neither begin a turn nor end one.
    en open | um => nothing
    en open | uh hm => nothing
    zh open | 嗯 => nothing
    zh open | 呃 嗯 => nothing
    ko open | 음 => nothing
    ko open | 어 저기 => nothing
    en yes_no | um => nothing

    # Something must follow.
    en open | two => half
    en open | two large => half
    en open | i'd like => half
    en open | can i => half
    en open | can i have a => half
    en open | i'd like two cheeseburgers and => half
    en open | two cheeseburgers with => half
    en open | two cheeseburgers with no => half
    en open | no => half
    en open | remove => half
    en open | remove the => half
    en open | how much is the => half
    en open | a coke instead of => half
    en open | a cup of => half
    en open | put it on the => half
    zh open | 来两 => half
    zh open | 来两杯 => half
    zh open | 我要 => half
    zh open | 要 => half
    zh open | 不要 => half
    zh open | 来一个汉堡和 => half
    zh open | 再 => half
    zh open | 帮我 => half
    ko open | 콜라 두 => half
    ko open | 콜라하고 => half
    ko open | 치즈버거랑 => half
    ko open | 콜라 그리고 => half
    ko open | 콜라를 => half

    # It may end here, and it may go on.
    en open | two cheeseburgers => open
    en open | two cheeseburgers please => open
    en open | no onions => open
    en open | make it two => open
    en open | take it off => open
    en open | check out => open
    en open | that's all => open
    en open | okay => open
    zh open | 来两杯可乐 => open
    zh open | 可乐两杯 => open
    zh open | 不要洋葱 => open
    zh open | 洋葱去掉 => open
    zh open | 汉堡不要 => open
    zh open | 多少钱 => open
    zh open | 好的 => open
    ko open | 콜라 => open
    ko open | 콜라 하나 => open
    ko open | 콜라 두 잔 => open
    ko open | 콜라 두 잔 주세요 => open
    ko open | 주문할게요 => open

    # A whole answer to a question of yes or no; what goes on behind it is none.
    en yes_no | yes => whole
    en yes_no | um yes => whole
    en yes_no | yes please => whole
    en yes_no | no => whole
    en yes_no | no thanks => whole
    en yes_no | yes but => half
    en yes_no | yes and a coke => open
    zh yes_no | 对 => whole
    zh yes_no | 好的 => whole
    zh yes_no | 嗯对 => whole
    zh yes_no | 不要 => whole
    zh yes_no | 确认下单 => whole
    ko yes_no | 네 => whole
    ko yes_no | 아니요 => whole
    ko yes_no | 네 맞아요 => whole

    # One of several that were offered: small, medium, large.
    en choice | large => whole
    en choice | the large one => whole
    en choice | the second one => whole
    en choice | pickup => whole
    en choice | by card please => whole
    en choice | by => half
    zh choice | 微信支付 => whole
    zh choice | 第二个 => whole
    zh choice | 用 => half
    ko choice | 카드로 할게요 => whole
    ko choice | 두 번째 => whole

    # Numbers, times, telephone numbers, addresses where they are asked for.
    en number | twenty => whole
    en time | at => half
    en time | half past => half
    en time | half past six => open
    en time | as soon as possible => whole
    zh time | 下午六点 => open
    zh time | 尽快 => whole
    ko time | 빨리요 => whole
    en digits | my number is => half
    en digits | five five five => half
    en digits | five five five oh one three four => open
    en digits | five five five oh one three four two one double => half
    en digits | five five five oh one three four two one two => whole
    zh digits | 一三八 => half
    zh digits | 一三八一二三四 => open
    zh digits | 一三八一二三四五六七八 => whole
    ko digits | 공일공 => half
    ko digits | 공일공 일이삼사 오육칠팔 => whole
    en address | twelve => half
    en address | twelve high => half
    en address | twelve high street => open
    zh address | 人民路 => half
    zh address | 人民路十二号 => open
    ko address | 테헤란로 => half
    ko address | 테헤란로 12 => open
"""
OFFERED = ("small", "medium", "large")


def rows() -> list[tuple[str, str, str, str]]:
    found = []
    for row in SAID.strip().splitlines():
        if "=>" in row:
            left, _, wanted = row.partition("=>")
            asked, _, said = left.partition("|")
            tag, kind = asked.split()
            found.append((tag, kind, said.strip(), wanted.strip()))
    return found


@pytest.mark.parametrize(("tag", "kind", "said", "wanted"), rows())
def test_it_knows_whether_one_has_finished(tag: str, kind: str, said: str, wanted: str) -> None:
    offered = OFFERED if kind == "choice" else ()
    assert ending(lexicon_of("burger-bar"), said, tag, kind, offered) == wanted  # type: ignore[arg-type]


def test_silence_is_nothing() -> None:
    for said in ("", "   ", "...", "?!", "，。"):
        assert ending(lexicon_of("burger-bar"), said, "en") == "nothing"


def test_a_number_may_stand_alone_only_as_far_as_it_was_offered() -> None:
    lexicon = lexicon_of("burger-bar")
    assert ending(lexicon, "number two", "en", "choice", OFFERED) == "whole"
    assert ending(lexicon, "twelve", "en", "choice", OFFERED) != "whole"


WORDS = [
    word
    for tag in languages.available()
    for value in languages.load(tag).tables["phrases"].values()
    for word in ([value] if isinstance(value, str) else value)
]


@given(
    st.one_of(st.text(), st.lists(st.sampled_from([*WORDS, *"一两三四12.,双", "double", "콜라"])).map(" ".join)),
    st.sampled_from(["en", "zh", "ko", "xx"]),
    st.sampled_from([None, "open", "yes_no", "choice", "number", "digits", "name", "address", "time"]),
    st.lists(st.text(), max_size=3),
)
def test_it_says_something_of_any_text(said: str, tag: str, kind: str | None, choices: list[str]) -> None:
    found = ending(lexicon_of("burger-bar"), said, tag, kind, choices)  # type: ignore[arg-type]
    assert found in ("nothing", "half", "open", "whole")

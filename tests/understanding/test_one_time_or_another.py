"""One day or hour or another: which is asked, and none is taken for the other."""

from __future__ import annotations

import pytest

from tests.understanding.support import acts_text, meaning_of, understood

OR = [
    ("two cokes at 6 or 7", "add: 2 coke", "18:00", "19:00"),
    ("two cokes for 6:30 or 7", "add: 2 coke", "18:30", "19:00"),
    ("6 or 7 pm", "-", "18:00", "19:00"),
    ("pickup at six or at seven", "choose_fulfilment: pickup", "18:00", "19:00"),
    ("two cokes for the 5th or the 6th", "add: 2 coke", "2026-12-05", "2026-12-06"),
    ("tomorrow or friday", "-", "2026-11-24", "2026-11-27"),
    ("两杯可乐六点或者七点", "add: 2 coke", "18:00", "19:00"),
    ("明天或者后天", "-", "2026-11-24", "2026-11-25"),
    ("콜라 두 잔 내일이나 모레", "add: 2 coke", "2026-11-24", "2026-11-25"),
    ("여섯 시나 일곱 시에 찾으러 갈게요", "choose_fulfilment: pickup", "18:00", "19:00"),
]


@pytest.mark.parametrize(("text", "acts", "first", "second"), OR)
def test_which_of_two_times_is_asked(text: str, acts: str, first: str, second: str) -> None:
    meaning = meaning_of(text)
    assert acts_text(meaning.acts) == acts
    assert [[act.value for act in doubt.candidates] for doubt in meaning.ask] == [[first, second]]


@pytest.mark.parametrize(("text", "number"), [("at 7", 2), ("seven", 2), ("7 pm", 2), ("6 o'clock", 1), ("2", 2)])
def test_an_hour_is_chosen_by_itself_or_by_its_number(text: str, number: int) -> None:
    assert understood(text, expects="choose", choices=(("6:00 PM",), ("7:00 PM",))) == f"choose: {number}"


@pytest.mark.parametrize(
    ("text", "acts"),
    [
        ("6 or 7 cokes", "-"),
        ("coke or sprite at 6", "give_time: 18:00"),
        ("put cheese on the 2nd", "change: it cheese @2"),
        ("no onions for the 4th", "change: it onion:no"),
        ("at 6 or so", "give_time: 18:00"),
    ],
)
def test_what_is_no_other_time(text: str, acts: str) -> None:
    meaning = meaning_of(text)
    assert acts_text(meaning.acts) == acts
    assert not any(act.act == "give_time" for doubt in meaning.ask for act in doubt.candidates)

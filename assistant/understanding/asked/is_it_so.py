"""Who asks at the checkout whether the order is so changes nothing: "that's delivery, right", 是送货吧, 배달이죠?"""

from __future__ import annotations

from assistant.turns import Act
from assistant.understanding.words.spans import Span
from assistant.understanding.words.utterance import Utterance

_CHANGES = frozenset(
    "add change remove choose_method choose_fulfilment give_time give_contact give_address give_dates give_guests"
    " checkout".split()
)
_ANSWERS = {
    "fulfilment": {"choose_fulfilment"},
    "method": {"choose_method"},
    "time": {"give_time"},
    "address": {"give_address"},
    "contact": {"give_contact"},
}
"""What the question of a step asks for is its answer, however it is said."""
_OF_NIGHTS = {"give_dates", "give_guests"}
_READ_BACK = frozenset({"confirm", "terms", "pay"})
_NO_STEP = frozenset({None, "basket", "choose"})
_WISHES = frozenset("polite may another more again makes correct instead request".split())
_EDGE = frozenset("stop particle greeting and but pause".split())
_NAMES = frozenset("item choice category num measure fulfilment method night day clock weekday of partial".split())


def settle(u: Utterance) -> None:
    """What was made of it is taken back, and the order is read again."""
    if not any(act.act in _CHANGES for act in _acts(u)) or not _asked(u):
        return
    of_stay = bool(u.context.stays) and all(act.act == "give_dates" for act in _acts(u))  # "is that four nights"
    if u.context.expects in _NO_STEP and not (_all_there(u) or of_stay):
        return
    at_end = u.context.expects in _READ_BACK
    answers = _ANSWERS.get(str(u.context.expects), set()) | (set() if at_end or of_stay else _OF_NIGHTS)
    if any(act.act in answers for act in _acts(u)):
        return
    u.acts, u.doubts, u.leftover = [(0, Act("repeat" if at_end else "show_basket"))], [], []


def _all_there(u: Utterance) -> bool:
    """Whether only goods are named that are in the basket: 쌀 두 봉지 맞죠?"""
    there = {line.item for line in u.context.basket}
    lines = [line for act in _acts(u) for line in act.lines]
    return bool(lines) and all(line.item in there for line in lines)


def _acts(u: Utterance) -> list[Act]:
    return [*(act for _, act in u.acts), *(act for doubt in u.doubts for act in doubt.candidates)]


def _asked(u: Utterance) -> bool:
    """Whether one sentence asks by its first word or its last ones, and nothing is wished in it: "I'll have two cokes,
    right?" orders them."""
    spans = u.spans
    while spans and spans[-1].has.keys() & _EDGE and "so" not in spans[-1].has and "so_if" not in spans[-1].has:
        spans = spans[:-1]
    while spans and (spans[0].has.keys() & _EDGE or _agrees(spans[0])):
        spans = spans[1:]
    if len(spans) < 2 or any("stop" in span.has or _wishes(span) for span in spans):
        return False
    if u.grammar.script == "spaced" and "inverted" in spans[0].has:
        return True
    if "so" in spans[-1].has:
        return True
    if u.grammar.script == "unspaced":
        return "so_if" in spans[-1].has and any("is_it" in span.has for span in spans[:-1])
    return "so_if" in spans[-1].has and bool(spans[-2].has.keys() & _NAMES)


def _agrees(span: Span) -> bool:
    return ("confirm", None) in span.has.get("act", ()) and span.has.keys().isdisjoint({"is_it", "inverted"})


def _wishes(span: Span) -> bool:
    """Whether a word says that something is wanted: no 住 of a stay, and no 点 of a clock."""
    if span.has.keys() & _WISHES:
        return "so" not in span.has
    return "verb" in span.has and span.has.keys().isdisjoint({"stays", "clock"})

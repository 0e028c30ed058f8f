"""Calling off, and money back, that nobody asks for: "don't cancel my order", 不用退款, 취소 안 해요, "yes if I can
cancel later", 取消的话钱怎么退, 취소 가능하죠?, "did you cancel my order".

What denies it, asks about it or makes it a condition stands right before or behind the words for it, with nothing but
small words between; a condition holds for all of its sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from msgspec.structs import replace

from assistant.turns import Act, LineSaid
from assistant.understanding.ordering.drafts import NEGATIVE
from assistant.understanding.words.language_words import expand
from assistant.understanding.words.spans import Span, denies
from assistant.understanding.words.text import fold
from assistant.understanding.words.utterance import Utterance
from models.languages import Language

_Patterns = Mapping[tuple[str, str], re.Pattern[str]]
"""Kind and side -> what is looked for there."""
_CALLS_OFF = frozenset({"cancel", "refund", "start_over"})
_ACTS: Mapping[str, Act] = {
    "asks": Act("ask_item", value="cancellation"),
    "done": Act("order_status"),
    "keeps": Act("deny", value="stays"),
    "supposes": Act("ask_item", value="cancellation"),
}
"""What comes of it, in the order that is looked for."""
_OF_BASKET: Mapping[str, Act] = dict.fromkeys(("keeps", "supposes"), Act("deny", value="stays"))
"""The same of a basket that is to be emptied: "can we start over" asks us to do it."""
_ENDS = frozenset({"stop", "but"})
_GOODS = frozenset({"item", "category", "partial"})


def read(u: Utterance) -> None:
    """Puts an answer in the place of each word of calling off that is denied, asked about or supposed."""
    _corrected(u)
    patterns = _patterns(u.lexicon.tongues[u.grammar.tag])
    for at in u.acting if patterns else ():
        if at not in u.used and any(name in _CALLS_OFF for name, _ in u.spans[at].has.get("act", ())):
            _withhold(u, at, patterns)
    if u.used:
        u.acting = [i for i in u.acting if i not in u.used]
        u.kinds = set().union(*[span.has for span in u.spans])


def _corrected(u: Utterance) -> None:
    """ "Scrap that, I meant pickup at nine" calls no order off: it takes back what was said before."""
    meant = max((i for i, span in enumerate(u.spans) if "meant" in span.has), default=-1)
    if meant < 0 or all(span.has.keys() & _SMALL for span in u.spans[meant + 1 :]):
        return
    for at in u.acting:
        if at < meant and any(name in _CALLS_OFF for name, _ in u.spans[at].has.get("act", ())):
            u.used.add(at)


_SMALL = frozenset({"pause", "stop", "polite", "hesitation", "filler", "it", "unknown"})


def spared(u: Utterance) -> bool:
    """ "Not the burger", 汉堡不要, 버거 말고, where it is asked whether an order is called off or paid back: those
    goods stay, and of the others it is asked. True where that is all that is said."""
    if not u.context.refunding or not u.kinds & _GOODS or not all(span.has.keys() & _BESIDE for span in u.spans):
        return False
    goods = [i for i in range(len(u.spans)) if _named(u, i)]
    denied = [i for i in goods if _is_denied(u, i)]
    if not denied:
        return False
    wanted = [item for i in goods if i not in denied for item in _named(u, i)[:1]]
    if wanted:  # "not the burger, the coke"
        u.add(0, Act("refund", tuple(LineSaid(item) for item in wanted), value={}), range(len(u.spans)))
    else:
        u.add(0, Act("deny", _staying(u, denied), value="stays"), range(len(u.spans)))
    return True


def agreed(u: Utterance) -> None:
    """ "Yes, refund it" where it is asked whether so much is paid back: the yes to that, and not all that was paid.
    Who only says "cancel" may mean the question."""
    if not u.context.refunding or u.doubts or len(u.acts) != 1 or not all(map(_agrees, u.spans)):
        return
    yes = any(name == "confirm" for span in u.spans for name, _ in span.has.get("act", ()))
    if u.acts[0][1] == Act("refund") or (yes and u.acts[0][1] == Act("cancel")):
        u.acts = [(0, Act("confirm"))]


def _agrees(span: Span) -> bool:
    said = span.has.get("act", (("confirm", None),))
    yes = any(name == "confirm" or (name, value) in _PAYS_BACK for name, value in said)
    return yes and "correct" not in span.has and bool(span.has.keys() & _AGREES)


_PAYS_BACK = frozenset({("refund", None), ("cancel", None)})
_AGREES = frozenset({"act", "pause", "stop", "polite", "hesitation", "filler", "particle", "it"})
_BESIDE = frozenset(
    "item category amount act and filler particle topical the it only mere pause stop polite wish hesitation correct"
    " keeps but instead_after".split()
)
"""What may stand beside goods that are spared."""


def _named(u: Utterance, at: int) -> tuple[str, ...]:
    """The goods or the kind of goods that are named at a place."""
    kind = u.kind_at(at)
    return tuple(u.spans[at].has.get("item") or ([kind] if kind else ()))


def _staying(u: Utterance, places: Iterable[int]) -> tuple[LineSaid, ...]:
    return tuple(LineSaid(_named(u, i)[0]) for i in places)


def _is_denied(u: Utterance, at: int) -> bool:
    """Whether a word right before goods, or right behind them, says that they aren't meant. A "no" before goods may
    only lead to them."""
    small, has = {"the", "particle", "topical", "it", "only"}, [span.has for span in u.spans]
    before: Mapping[str, Any] = next((one for one in reversed(has[:at]) if not one.keys() & small), {})
    behind: Mapping[str, Any] = next((one for one in has[at + 1 :] if not one.keys() & small), {})
    if u.grammar.script == "spaced":
        return _denies(before) and "correct" not in before
    if u.grammar.script == "unspaced" and _denies(before):
        return True
    return _denies(behind) and ("correct" not in behind or u.grammar.verbs_last)


def _denies(has: Mapping[str, Any]) -> bool:
    """Whether a word refuses, or lets stay."""
    refuses = has.get("amount", ("",))[0] == NEGATIVE or denies(has)
    return refuses or "keeps" in has or "instead_after" in has


def _withhold(u: Utterance, at: int, patterns: _Patterns) -> None:
    """Puts an answer in the place of the words of calling off at `at`, where they are withheld."""
    begin, end = _bounds(u, at, _ENDS)
    calls_off = any(name in _CALLS_OFF - {"start_over"} for name, _ in u.spans[at].has.get("act", ()))
    for kind, act in _ACTS.items() if calls_off else _OF_BASKET.items():
        # Of goods, "can I cancel the coke", 可乐洒了，能退款吗 asks us to do it.
        if kind == "asks" and any(span.has.keys() & _GOODS for span in u.spans[begin:end]):
            continue
        place = _found(u, at, (begin, end), kind, patterns)
        if place is None:
            continue
        clause = set(range(*_clause(u, at, place)))
        goods = any(u.spans[i].has.keys() & _GOODS for i in clause)
        if kind == "keeps":
            said = {i for i in clause if _within(_place(u, i), place)}
            if goods and all(u.spans[i].has.keys() & _BESIDE and "num" not in u.spans[i].has for i in clause - said):
                act = replace(act, lines=_staying(u, sorted(i for i in clause if _named(u, i))))
            else:
                clause = said
        elif kind == "done" and goods and not u.context.orders:
            act = Act("show_basket")
        for i in clause:
            u.spans[i].has = {"filler": True}
        u.add(at, act, clause)
        return


def _found(u: Utterance, at: int, around: tuple[int, int], kind: str, patterns: _Patterns) -> tuple[int, int] | None:
    """Where words of a kind, with those of calling off, stand in what was said."""
    shown = patterns["polite", ""].sub(lambda match: "~" * len(match[0]), fold(u.shown))
    begin, end = _place(u, around[0])[0], _place(u, around[1] - 1)[1]
    first, last = _place(u, at)
    before = shown[begin:first]
    # 可以给我退款吗 asks us to do it, 可以帮我取消吗
    asks_us = patterns["requests", ""].search(shown[first:last]) or patterns["requests", "before"].search(before)
    if kind == "asks" and asks_us:
        return None
    if found := patterns[kind, "before"].search(before):
        return begin + found.start(), last
    if found := patterns[kind, "behind"].search(shown[last:end]):
        return first, last + found.end()
    return None


def _bounds(u: Utterance, at: int, ends: frozenset[str]) -> tuple[int, int]:
    """The spans around one, up to those of some kinds."""
    begin = next((i + 1 for i in range(at - 1, -1, -1) if u.spans[i].has.keys() & ends), 0)
    end = next((i for i in range(at + 1, len(u.spans)) if u.spans[i].has.keys() & ends), len(u.spans))
    return begin, end


def _clause(u: Utterance, at: int, place: tuple[int, int]) -> tuple[int, int]:
    """The clause of a span, with all that stands at a place."""
    begin, end = _bounds(u, at, _ENDS | {"pause"})
    while begin and _place(u, begin - 1)[1] > place[0]:
        begin -= 1
    while end < len(u.spans) and _place(u, end)[0] < place[1]:
        end += 1
    return begin, end


def _place(u: Utterance, at: int) -> tuple[int, int]:
    """Where a span stands in what was said."""
    span: Span = u.spans[at]
    return u.offsets[span.start][0], u.offsets[span.end - 1][1]


def _within(one: tuple[int, int], place: tuple[int, int]) -> bool:
    return one[0] < place[1] and one[1] > place[0]


@cache
def _patterns(language: Language) -> _Patterns:
    """What is looked for before and behind the words of calling off, by kind."""
    tables: Mapping[str, Any] = language.tables.get("calls_off", {})
    if not tables:
        return {}
    spaced = language.tables["script"] == "spaced"
    gap, edge = (r"\s+", r"\b") if spaced else (r"\s*", "")
    rest = r"\S{0,3}" if language.tables["script"] == "particles" else ""  # what ends a verb: 취소하고 싶지 않|아요
    made = {(kind, ""): re.compile(_any(tables.get(kind, ()), gap)) for kind in ("polite", "requests")}
    made["requests", "before"] = re.compile(made["requests", ""].pattern + "$")
    for kind in _ACTS:
        heads, tails = (_any(tables.get(side, {}).get(kind, ()), gap) for side in ("before", "behind"))
        small = _any(tables.get("between", {}).get(kind, ()), gap)
        between = r"(?:.*\s|\s*)" if kind == "supposes" and spaced else ".*" if kind == "supposes" else ""
        between = between or rf"(?:{gap}{small})*{gap}"
        made[kind, "before"] = re.compile(rf"{edge}{heads}{between}$")
        apart = r"[\s,]*" if kind == "supposes" else ""
        made[kind, "behind"] = re.compile(rf"^{apart}(?:{gap}{small})*{gap}{tails}{rest}{edge}")
    return made


def _any(phrases: Iterable[str], gap: str) -> str:
    """A pattern of any of these phrases, longest first; of none, what is found nowhere."""
    said = sorted({one for phrase in phrases for one in expand(phrase)}, key=len, reverse=True)
    return "(?:" + "|".join(gap.join(map(re.escape, one.split())) for one in said) + ")" if said else "(?!)"

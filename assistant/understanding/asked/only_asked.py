"""A sentence that only asks changes nothing, whatever it names: "what kind of cheese is it", 配薯条吗, 付款安全吗."""

from __future__ import annotations

from assistant.turns import Act
from assistant.understanding.words.spans import Span
from assistant.understanding.words.utterance import Utterance

_CHANGES = frozenset(
    "add change remove choose_method choose_fulfilment give_time give_contact give_address checkout stop".split()
)
_WISHES = frozenset("verb num may polite another more again".split())
"""With one of these something is wanted, or corrected: "can I have …?", 来一份可以吗."""
_EDGE = frozenset("stop particle hesitation greeting and but pause".split())


def settle(u: Utterance) -> None:
    """Takes back what was made of a sentence that asks by its form. What it names is told of instead; where nothing is
    named that is known, it wasn't understood."""
    changes = [act for _, act in u.acts if _changes(u, act)]
    unsure = [doubt for doubt in u.doubts if any(act.act in _CHANGES for act in doubt.candidates)]
    lost = not u.acts and not u.doubts and bool(u.leftover) and "item" in u.kinds and "unknown" not in u.kinds
    if not (changes or unsure or lost) or not asks(u):
        return
    u.acts = [pair for pair in u.acts if pair[1] not in changes]
    u.doubts = [doubt for doubt in u.doubts if doubt not in unsure]
    if u.acts or u.doubts:
        return
    named = [line.item for act in changes for line in act.lines if line.item]
    items = tuple(dict.fromkeys([*named, *(span.has["item"][0] for span in u.spans if "item" in span.has)]))
    kinds = tuple(dict.fromkeys(kind for i in range(len(u.spans)) if (kind := u.kind_at(i)) is not None))
    u.leftover = []
    if items or kinds or ("choice" in u.kinds and (u.context.last or u.context.listed)):
        u.add(0, Act("ask_item", items=items or kinds))
    else:
        u.leftover = [u.shown]


def _changes(u: Utterance, act: Act) -> bool:
    """Whether an act changes something: a way that was asked for does not, nor one that there isn't, which is told."""
    if act.act == "choose_method":
        return u.context.expects != "method" and act.value in u.lexicon.shop.methods
    if act.act == "choose_fulfilment":
        return u.context.expects != "fulfilment" and act.value in u.lexicon.shop.fulfilments
    return act.act in _CHANGES


def asks(u: Utterance) -> bool:
    """Whether an utterance is one sentence that asks, with no word by which something is wanted."""
    spans = u.spans
    while spans and spans[-1].has.keys() & _EDGE:
        spans = spans[:-1]
    while spans and (spans[0].has.keys() & _EDGE or ("deny", "wait") in spans[0].has.get("act", ())):
        spans = spans[1:]  # "hang on, is that two nuggets"
    if not spans or any(span.has.keys() & {"stop", "pause"} for span in spans):
        return False
    how_many = any("how_many" in span.has for span in spans[1:])  # 一盒鸡蛋几个: the box is no count of them
    firm = how_many or (u.grammar.script == "spaced" and "is_it" in spans[0].has)
    if any(span.has.keys() & (_WISHES - {"num"} if firm else _WISHES) for span in spans):
        return False
    return _by_form(u, spans)


def how_many(u: Utterance, start: int, end: int) -> tuple[tuple[str, ...], int] | None:
    """The goods of which a sentence begins by asking how many there are in one, and where it goes on: 鸡蛋一盒几个？
    来两盒. The box is no count of them."""
    if u.grammar.script != "unspaced" or "how_many" not in u.kinds:
        return None
    at = next((i for i in range(start, end) if "how_many" in u.spans[i].has), start)
    goes_on = any("stop" in span.has or "verb" in span.has for span in u.spans[at + 1 :])
    named = [span.has["item"][0] for span in u.spans[start:at] if "item" in span.has]
    told = u.spans[start:at]
    if not goes_on or len(named) != 1 or any(span.has.keys().isdisjoint(_ASKED_OF) for span in told):
        return None
    behind = at + 1
    if behind < end and u.spans[behind].has.keys().isdisjoint({"pause", "stop", "filler", "asking", "verb"}):
        return None
    return tuple(named), behind


_ASKED_OF = frozenset("item num measure contains particle filler the hesitation pause greeting".split())
"""What may stand before it."""


def _by_form(u: Utterance, spans: list[Span]) -> bool:
    """Whether the word of a question stands where it makes one."""
    if u.grammar.script == "spaced":
        return "asking" in spans[0].has and (spans[0].text != "do" or (bool(spans[1:2]) and "wish" in spans[1].has))
    if "what_of" in spans[-1].has:
        return len(spans) > 1
    return any("asking" in span.has for span in spans) or any("how_many" in span.has for span in spans[1:])

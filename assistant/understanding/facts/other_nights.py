"""What other nights would cost, and whether they can be had: asked of a stay that is known, which it doesn't move."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from assistant.turns import Act
from assistant.understanding.asked import questions
from assistant.understanding.words.spans import Span
from assistant.understanding.words.utterance import Utterance

BY_NIGHT = "night"
"""What is asked of a price that is wanted for each night."""

_PRICE = frozenset({("ask_price", None), ("ask_price", "total")})
_ASKING = frozenset({*_PRICE, ("ask_stock", None), ("ask_menu", None), ("ask_item", "bill")})
_CHANGES = frozenset({"moves", "makes", "instead", "correct", "advance"})


def read(u: Utterance, said: Sequence[Mapping[str, str]], used: set[int]) -> bool:
    """Takes the days or nights of a stay as what is asked about, "is the 12th available", 住三晚多少钱, where they
    are no wish: False where they are one, or where nothing is booked yet."""
    start, end = _sentence(u, min(used, default=0))
    inside = u.spans[start:end]
    known = u.context.dated and bool(u.context.basket)
    if known and said[0].keys() == {"from"} and _of_something_else(u, start, end):
        u.used.update(used)  # "is breakfast included on Friday": the day moves nothing
        return True
    if not _asks(u, start, end) or _changes(inside):
        return False
    if dict(said[0]) == {"nights": "1"}:
        _by_night(u, start, end, used)
        return True
    if not known:
        return False
    value: dict[str, Any] = {key: int(one) if key == "nights" else one for key, one in said[0].items()}
    u.add(start, Act("ask_price", items=_rooms(inside), value=value), set(range(start, end)))
    return True


def rate(u: Utterance) -> None:
    """ "What's the nightly rate", 一晚多少: a phrase that asks for the price of each night."""
    at = next((i for i, span in enumerate(u.spans) if "nightly" in span.has and i not in u.used), None)
    if at is not None:
        if at and u.spans[at - 1].has.keys() & {"more", "again", "another"} and u.context.dated and u.context.basket:
            value = {"nights": u.context.nights + 1}  # 多住一晚多少钱
            u.add(at, Act("ask_price", value=value), {at - 1, at})
            return
        _by_night(u, *_sentence(u, at), {at})


def _by_night(u: Utterance, start: int, end: int, used: set[int]) -> None:
    inside = u.spans[start:end]
    named = any(span.has.keys() & {"item", "partial", "category"} for span in inside)
    asked = any(name in questions.QUESTIONS for i in range(start, end) for name, _ in u.acts_at(i) if i not in used)
    if named and asked:
        u.used.update(used)
    else:
        u.add(start, Act("ask_price", items=_rooms(inside), value=BY_NIGHT), set(range(start, end)))


def _sentence(u: Utterance, at: int) -> tuple[int, int]:
    stops = [i for i, span in enumerate(u.spans) if "stop" in span.has]
    return max((i + 1 for i in stops if i < at), default=0), min((i for i in stops if i >= at), default=len(u.spans))


def _of_something_else(u: Utterance, start: int, end: int) -> bool:
    """Whether a sentence asks for something about the house, or what isn't known, which only happens to have a day."""
    acts = [act for i in range(start, end) for act in u.acts_at(i)]
    paused = any("pause" in span.has for span in u.spans[start:end])
    topic = any(name == "ask_item" and value not in (None, "bill", "price", "later") for name, value in acts)
    strange = any("unknown" in span.has for span in u.spans[start:end])
    asked = any(act in _ASKING for act in acts) and _PRICE.isdisjoint(acts)
    return (topic and not paused) or (strange and asked)


def _asks(u: Utterance, start: int, end: int) -> bool:
    if any(act in _ASKING for i in range(start, end) for act in u.acts_at(i)):
        return True
    kinds = {kind for span in u.spans[start:end] for kind in span.has}
    asked = u.shown.rstrip().endswith(("?", "？")) or questions.asking(u, start, end)
    return bool(kinds & {"other_nights", "what_of"}) or ("costly" in kinds and asked)


def _changes(inside: Sequence[Span]) -> bool:
    """Whether something is to be done: "change it to Friday, what's the price then"."""
    if any("other_nights" in span.has for span in inside):  # "what if we moved it to Friday"
        return any("instead" in span.has for span in inside)
    verbs = {span.has["verb"][0] for span in inside if "verb" in span.has}
    goods = any("item" in span.has for span in inside)
    return (
        bool(verbs & {"change", "swap", "remove"})
        or (goods and "add" in verbs)
        or any(span.has.keys() & _CHANGES for span in inside)
    )


def _rooms(inside: Sequence[Span]) -> tuple[str, ...]:
    """The rooms that are named; where a part of a name is, all that have it: "the twin"."""
    named = [span.has["item"][:1] for span in inside if "item" in span.has]
    named = named or [span.has["partial"] for span in inside if "partial" in span.has]
    return tuple(dict.fromkeys(item for items in named for item in items))

"""Looking ahead and back in a row of spans: small questions that the reader of orders asks. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from assistant.understanding.ordering.drafts import Draft, valid
from assistant.understanding.words.spans import Span

SKIPPED = frozenset({"filler", "polite", "wish", "particle"})
_GOODS = frozenset({"choice", "item", "verb", "num"})
_ABOUT = frozenset("item choice num it ordinal unknown option article category partial".split())


def content(spans: Sequence[Span], at: int) -> Span | None:
    """The next span that is no filler; a pause counts."""
    for span in spans[at : at + 4]:
        if not (span.has.keys() & SKIPPED) or span.has.keys() & _GOODS:
            return span
    return None


def leads(spans: Sequence[Span], at: int) -> bool:
    """Whether something that a verb may be about follows before the next pause."""
    for span in spans[at + 1 :]:
        has = span.has
        if "pause" in has or "stop" in has or "verb" in has:
            return False
        if has.keys() & _ABOUT:
            return True
    return False


def joined(spans: Sequence[Span], at: int) -> bool:
    """Whether an option goes on a list of options, by a link and not by a mere pause."""
    while at > 1 and spans[at - 1].has.keys() & {"the", "some"} and not spans[at - 1].has.keys() & {"num", "choice"}:
        at -= 1
    return at > 0 and bool(spans[at - 1].has.keys() & {"and", "or"})


def begun(spans: Sequence[Span], at: int) -> bool:
    """Whether a count or an option was said before `at`."""
    return any(span.has.keys() & {"num", "choice", "article"} for span in spans[:at])


def goods_follow(spans: Sequence[Span], at: int, items: Sequence[str]) -> bool:
    """Whether goods, and no mere option of `items`, follow before the next pause or verb."""
    for span in spans[at + 1 : at + 8]:
        if "item" in span.has and not ("choice" in span.has and valid(span.has["choice"], items)):
            return True
        if span.has.keys() & {"pause", "stop", "verb"}:
            return False
    return False


_FAR = 12
"""Spans between a count and the word that takes it back; more are a list of numbers."""


def taken_back(spans: Sequence[Span], at: int, items: Sequence[str]) -> int | None:
    """Where to go on when a count begins something that is taken back at once: "a large, sorry, a small …"."""
    end = at + 1
    while end < min(at + _FAR, len(spans)) and spans[end].has.keys() & {"choice", "measure", "of", "article", "num"}:
        end += 1
    while end < len(spans) and spans[end].has.keys() & {"pause", "filler"} and "correct" not in spans[end].has:
        end += 1
    if end >= len(spans) or "correct" not in spans[end].has:
        return None
    follower = content(spans, end + 1)
    if (
        "amount" in spans[end].has
        and follower is not None
        and follower.has.keys() & {"choice", "item", "option", "category"}
    ):
        return None
    while follower is not None and follower.has.keys() & {"pause", "correct"} and end + 2 < len(spans):
        end += 1
        follower = content(spans, end + 1)
    return end + 1 if goods_follow(spans, end, items) else None


def counted(spans: Sequence[Span], at: int) -> tuple[int, int, bool, bool]:
    """The count that begins at `at`: (number, where it ends, it counts an option, it is so many more)."""
    has = spans[at].has
    number = has["num"][0] if "num" in has else has.get("multiple", 1)
    if at and "minus" in spans[at - 1].has:
        number = -number
    end, last = at + 1, len(spans)
    if end < last and "multiple" in spans[end].has:
        number *= spans[end].has["multiple"]
        end += 1
    while end < last and "measure" in spans[end].has and "unit" not in spans[end].has:
        end += 1
    added = end < last and ("more" in spans[end].has or _extra(spans[end]))
    if added and end + 1 < last and spans[end + 1].has.keys() & {"choice", "unit"} and "choice" not in spans[end].has:
        end += 1  # "two extra shots"
    else:
        added = False
    unit = added or (end < last and "unit" in spans[end].has)
    while end < last and spans[end].has.keys() & {"unit", "of", "side_of"} and "choice" not in spans[end].has:
        end += 1
    if end + 1 < last and {"only", "particle"} <= spans[end].has.keys() and "more" in spans[end + 1].has:
        end += 1  # 한 잔만 더
    more = end < last and "more" in spans[end].has and "choice" not in spans[end].has
    return number, end + more, unit, more or (added and "more" in spans[end - 1].has)


def _extra(span: Span) -> bool:
    return span.end == span.start + 1 and span.has.get("amount", ("",))[0] == "extra"


def tells_apart(spans: Sequence[Span], at: int, line: Draft) -> bool:
    """Whether what follows a count tells some of a line apart from the rest."""
    countable = line.quantity is not None or bool(line.subs)
    for index, span in enumerate(spans[at : at + 5], at + 1):
        has = span.has
        if "of_them" in has:  # of the two of 两碗，其中一碗 one is told apart
            return "num" not in (spans[index].has if index < len(spans) else {})
        if "choice" in has or "option" in has or ("amount" in has and "item" not in has):
            return countable
        if has.keys() & {"item", "stop", "verb", "pause"}:
            return False
    return False


def priced(has: Mapping[str, Any]) -> bool:
    """Whether a word makes money of the number before it, and no count: "1 yuan", but two 块 of cake."""
    return has.get("currency") == "major" and "measure" not in has


def described(spans: Sequence[Span], at: int) -> bool:
    """Whether a count at `at` only says of how many options goods are: "two topping" pizza."""
    if "num" not in spans[at].has or at + 1 >= len(spans):
        return False
    return "option" in spans[at + 1].has and "choice" not in spans[at + 1].has


def names_kind(span: Span) -> bool:
    """Whether a word is but the name of an option."""
    return "option" in span.has and span.has.keys().isdisjoint({"choice", "item", "kinds", "amount", "verb"})

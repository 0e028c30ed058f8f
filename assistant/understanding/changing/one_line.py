"""A sentence that is about one line of the basket, and says which one: 雪碧那份薯条要大份."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assistant.turns import LineSaid
from assistant.understanding.changing.of_lines import line_of
from assistant.understanding.words.spans import Span

_LEADS = frozenset({"the", "on", "role"})
_TRAILS = frozenset({"one", "measure", "whose", "topical", "particle"})
_ORDERED = frozenset({"article", "another", "multiple", "each", "num", "unknown"})


def about(
    kept: Sequence[Span], basket: Sequence[LineSaid], kinds: Mapping[str, tuple[str, ...]]
) -> tuple[int, LineSaid] | None:
    """The place and the line that a sentence is about, where it only says something of that line's parts; they are
    options from then on, and the words that say which line are passed over. `kinds`: category -> its items."""
    said = next((found for at in range(len(kept)) if (found := _said(kept, at, basket, kinds))), None)
    if said is None:
        return None
    begin, end, place = said
    kind = next((kinds.get(one.has["category"], ()) for one in kept[begin:end] if "category" in one.has), ())
    others = [*kept[:begin], *kept[end:]]
    parts = [one for one in others if "item" in one.has]
    by_part = any("item" in one.has for one in kept[begin:end])
    told = parts or (by_part and any(one.has.keys() & {"choice", "option"} for one in others))
    ordering = (at for at, one in enumerate(kept) if not begin <= at < end and one.has.keys() & _ORDERED)
    if not told or not all(at > end and _had(kept, at) for at in ordering):
        return None
    able = [line for line in basket if all(line.item in one.has.get("choice", ()) for one in parts)]
    having = [line for line in able if not kind or line.item in kind]
    line = _placed(place, having, basket, bool(kind) and not by_part)
    if line is None:
        return None
    for one in parts:
        one.has = {key: value for key, value in one.has.items() if key != "item"}
    for one in kept[begin:end]:
        one.has = {"filler": (one.text,)}
    return (place if len(having) == 1 else basket.index(line) + 1), line


def named(kept: Sequence[Span], basket: Sequence[LineSaid]) -> tuple[int, LineSaid] | None:
    """The same where goods of the basket are named before a part of theirs, in languages with their verbs last:
    치킨버거 세트는 감튀 라지로. Another count, or more than that, orders something."""
    goods = [at for at, span in enumerate(kept) if "item" in span.has]
    if len(goods) != 2 or any(span.has.keys() & _BESIDES for span in kept):
        return None
    whole, part = (kept[at] for at in goods)
    lines = [(at, line) for at, line in enumerate(basket, 1) if line.item in whole.has["item"]]
    between, behind = kept[goods[0] + 1 : goods[1]], kept[goods[1] + 1 :]
    if len(lines) != 1 or lines[0][1].item not in part.has.get("choice", ()):
        return None
    if not all(span.has.keys() & _TRAILS for span in between) or not any("as" in span.has for span in behind):
        return None
    changed = any("choice" in span.has for span in behind)
    verbs = [span.has["verb"][0] for span in behind if "verb" in span.has and "settles" not in span.has]
    if not changed or not set(verbs) <= {"swap", "change"}:
        return None
    part.has = {key: value for key, value in part.has.items() if key != "item"}
    for span in (whole, *between):
        span.has = {"filler": (span.text,)}
    return lines[0]


_BESIDES = _ORDERED | {"again", "more", "too", "and", "other"}


def _said(
    kept: Sequence[Span], at: int, basket: Sequence[LineSaid], kinds: Mapping[str, tuple[str, ...]]
) -> tuple[int, int, int] | None:
    """From where to where the words stand that say which line is meant, if they do at `at`, and its place."""
    has = kept[at].has
    if "item" not in has and "ordinal" in has:
        begin, end, place = at, at + 1, int(has["ordinal"])
    elif "item" in has and "choice" in has and (place := line_of(has["choice"], basket)):
        run = _named_by(kept, at, basket[place - 1].item or "", kinds)
        if run is None:
            return None
        begin, end = run
    else:
        return None
    while begin and not kept[begin - 1].has.keys().isdisjoint(_LEADS):
        begin -= 1
    while end < len(kept) and ("category" in kept[end].has or not kept[end].has.keys().isdisjoint(_TRAILS)):
        if not kept[end].has.keys().isdisjoint(("item", "choice")):
            break
        end += 1
    return begin, end, place


def _had(kept: Sequence[Span], at: int) -> bool:
    """Whether an article stands before what something is to have: "the other one with a salad"."""
    return "article" in kept[at].has and "with" in kept[at - 1].has.get("amount", ())


def _placed(said: int, having: Sequence[LineSaid], basket: Sequence[LineSaid], counted: bool) -> LineSaid | None:
    """The line at a place, of those that have what is said of it; `counted` says that only those are counted."""
    index = said - 1 if said > 0 else said
    if len(having) == 1:
        units = having[0].quantity or 1
        there = -len(basket) <= index < len(basket) and basket[index] is having[0]
        return having[0] if there or (units > 1 and abs(said) <= units) else None
    if not counted and -len(basket) <= index < len(basket) and basket[index] in having:
        return basket[index]
    return having[index] if -len(having) <= index < len(having) else None


def _named_by(kept: Sequence[Span], at: int, item: str, kinds: Mapping[str, tuple[str, ...]]) -> tuple[int, int] | None:
    """From where to where a line is named by the part at `at`: "the Sprite one", "the one with the Sprite", 雪碧那份,
    the coke meal."""
    end = at + 1
    while end < len(kept) and "whose" in kept[end].has:
        end += 1
    behind = kept[end].has if end < len(kept) else {}
    before = kept[at - 1].has if at else {}
    served = before.get("amount", ("",))[0] == "with"
    if "one" in behind or {"the", "it"} <= behind.keys() or item in kinds.get(behind.get("category", ""), ()):
        return at - served, end + 1
    if served and at > 2 and "one" in kept[at - 2].has and "the" in kept[at - 3].has:
        return at - 3, at + 1
    linked = "amount" in behind and behind["amount"] == ("with", "link")
    if linked and end + 1 < len(kept) and item in kinds.get(kept[end + 1].has.get("category", ""), ()):
        return at, end + 2
    return None

"""Goods taken off by what is in them: "drop everything with dairy", 含奶的都去掉, 유제품 든 건 다 빼 주세요."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.commerce.allergens import listed_as
from assistant.commerce.options import allergens_of
from assistant.commerce.order import LineOption
from assistant.turns import Act, LineSaid
from assistant.understanding.asked import allergies
from assistant.understanding.words.spans import Span, may_be
from assistant.understanding.words.utterance import Utterance

_BESIDE = frozenset(
    "the it one each article particle topical filler hesitation polite request wish whose on goods asking stop".split()
)
"""What may stand beside the words for an allergen, for having it and for taking off."""


def read(u: Utterance) -> None:
    """Takes off what is listed with it of the basket, and nothing else. Where none of that is, it is told that it isn't
    listed so, and all of it stays."""
    if not u.context.basket or len(u.spans) < 3 or not any(map(_takes_off, u.spans)):
        return
    for part in allergies.clauses(u):
        names, said = _meant(u, part)
        if not names:
            continue
        u.silence(part)
        lines = _with(u, names)
        items = tuple(dict.fromkeys(line.item for line in u.context.basket if line.item))
        act = Act("remove", lines) if lines else Act("ask_item", items=items, value={allergies.CONTAINS: names})
        u.add(min(said), act, part)


def _meant(u: Utterance, part: range) -> tuple[list[str], set[int]]:
    """The allergens whose goods a clause takes off, and where they are named, where it says nothing else."""
    found = [(name, at) for name, at in allergies.all_named(u) if at.start in part and not _of_lines(u, at)]
    if any(allergies.denial(u, at) for _, at in found):
        return [], set()  # "what has no nuts": those that are without it
    said = {i for _, at in found for i in at}
    if not found or not any(_takes_off(u.spans[i]) for i in part if i not in said):
        return [], set()
    having = [i for i in part if _has(u.spans[i])]
    all_of_it = any(u.spans[i].has.keys() & {"each", "one", "whose", "question", "it"} for i in part)
    all_of_it = all_of_it or any(_empties(u.spans[i]) for i in part)
    inside = said | {*having} | {i for i in part if _takes_off(u.spans[i])}
    if not (having and all_of_it) or not all(i in inside or u.spans[i].has.keys() & _BESIDE for i in part):
        return [], set()
    return list(dict.fromkeys(name for name, _ in found)), said


def _takes_off(span: Span) -> bool:
    has = span.has
    off = has.get("verb", ("",))[0] == "remove" or has.get("amount", ("",))[0] == "no"
    return bool(off or _empties(span))


def _empties(span: Span) -> bool:
    return may_be(span.has, "start_over")


def _has(span: Span) -> bool:
    """Whether a word says that something is in goods: with, has, 含, 든; "contains gluten" asks so, too."""
    has = span.has
    asks = any(one == ("ask_item", "allergens") for one in has.get("act", ()))
    return "contains" in has or asks or has.get("amount", ("",))[0] == "with"


def _of_lines(u: Utterance, at: range) -> bool:
    """Whether it is the name of what can be put on goods of the basket: "the ones with cheese" are told by that."""
    owned = {line.item for line in u.context.basket}
    return any(not owned.isdisjoint(u.spans[i].has.get("choice", ())) for i in at)


def _with(u: Utterance, names: Sequence[str]) -> tuple[LineSaid, ...]:
    """The lines that are listed with it, the last first."""
    goods, basket = u.lexicon.catalogue.items, u.context.basket
    listed = {form for name in names for form in listed_as(name, wider=False)}
    owned = [line.item for line in basket]
    lines = []
    for place, line in enumerate(basket, 1):
        if line.item is None or line.item not in goods:
            continue
        options = [LineOption(one.option, one.choice, one.amount) for one in line.options if one.choice]
        if not listed.isdisjoint(allergens_of(goods[line.item], options)):
            lines.append(LineSaid(line.item, None, (), place if owned.count(line.item) > 1 else None))
    return tuple(reversed(lines))

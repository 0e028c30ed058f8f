"""What is said of a part of every line that has it, "make both fries large", 可乐都去冰, 감자튀김은 둘 다 라지로; and
what all of some goods, or one of them, are to become: "make both a Sprite", 콜라 하나는 사이다로."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from itertools import pairwise

from assistant.turns import LineSaid
from assistant.understanding.ordering.drafts import units
from assistant.understanding.ordering.parts import parts_had
from assistant.understanding.words.lexicon import Places
from assistant.understanding.words.spans import Span

_BESIDE = frozenset(
    "each choice option amount on the it particle topical polite filler whose as hesitation pause measure category"
    " of_them one instead_of role request correct".split()
)
"""What may stand beside such a part; anything else orders something, or says something else as well."""


def of_all_clauses(
    kept: Sequence[Span], basket: Sequence[LineSaid], verbs_last: bool
) -> list[tuple[Sequence[Span], Sequence[int | str]]]:
    """`of_all_lines` of a sentence, or of each of its clauses: 薯条都换成洋葱圈，饮料都要橙汁. Empty where one isn't
    so."""
    ends = [at for at, span in enumerate(kept) if "pause" in span.has]
    clauses = [kept[first:end] for first, end in pairwise([0, *(at + 1 for at in ends), len(kept) + 1])]
    told = [[copy(span) for span in clause if "pause" not in span.has] for clause in clauses]
    told = [clause for clause in told if any("item" in span.has for span in clause)]
    if len(told) > 1:
        every = [of_all_lines(clause, basket, verbs_last) for clause in told]
        return [one for one in every if one is not None] if None not in every else []
    whole = of_all_lines(kept, basket, verbs_last)
    return [whole] if whole is not None else []


def of_all_lines(
    kept: Sequence[Span], basket: Sequence[LineSaid], verbs_last: bool
) -> tuple[Sequence[Span], Sequence[int | str]] | None:
    """The words that say what is to be changed, and the places of the lines that are meant, the last first: where
    something is said of parts that some have, those, else all that could have them. The parts are options from then on.
    None where a sentence isn't so."""
    parts = [at for at, span in enumerate(kept) if {"item", "choice"} <= span.has.keys()]
    if not parts or not any("each" in span.has for span in kept):
        return None
    able = [place for place, line in enumerate(basket, 1) if all(line.item in kept[at].has["choice"] for at in parts)]
    goods = {basket[place - 1].item or "" for place in able}
    named = {item for at in parts for item in kept[at].has["item"]}
    count = units(basket, list(goods))
    having = [p for p in able if all(parts_had(basket[p - 1], kept[at].has["choice"]) for at in parts)]
    several = verbs_last and any("as" in span.has for span in kept)  # 둘 다 사이다로, of two meals of any kind
    alike = _alike(goods, [kept[at].has["choice"] for at in parts])
    if not goods or not (alike or several or having == able):
        return None  # of several kinds of meals all have it: "make both fries large"
    if count < 2 or not named.isdisjoint(line.item for line in basket):
        return None
    said = [at for at, span in enumerate(kept) if at not in parts and _says_how(span)]
    counts = [at for at, span in enumerate(kept) if "num" in span.has and at not in said]
    verbs = [span.has["verb"] for at, span in enumerate(kept) if "verb" in span.has and at not in said]
    changed = {"change", "swap"} | ({"remove"} if said else set())
    wish = next((at for at, (one, span) in enumerate(pairwise(kept), 1) if "each" in one.has and _wishes(span)), None)
    wished = wish is not None and not counts and any("choice" in span.has for span in kept[wish + 1 :])
    if any(name not in changed and (name, side) != ("add", "after") for name, side in verbs) and not wished:
        return None
    loose = any(at == 0 or "each" not in kept[at - 1].has for at in counts)  # but "all three with orange juice"
    if any(kept[at].has["num"][0] != count for at in counts):
        return None
    if loose and not any(v[0] in changed for v in verbs):
        return None  # 两份薯条都要大份: they may be wanted besides
    if any(_BESIDE.isdisjoint(span.has) and not span.has.keys() & {"num", "verb"} for span in kept):
        return None
    having = having if said else []
    for at in parts:
        kept[at].has = {key: value for key, value in kept[at].has.items() if key != "item"}
    passed = {"each", "category"}
    words = [
        span
        for at, span in enumerate(kept)
        if at not in counts
        and (at - 1 not in counts or "measure" not in span.has)
        and (passed.isdisjoint(span.has) or "choice" in span.has)
    ]
    if having and len(having) < len(able):
        return words, having[::-1]
    return words, ["all"] if alike else able[::-1]


def _alike(goods: set[str], choices: Sequence[Places]) -> bool:
    """Whether the same choice is made by a word for each of these goods, as of several meals."""
    return bool(goods) and all(len({tuple(one[item]) for item in goods}) == 1 for one in choices)


def _wishes(span: Span) -> bool:
    """The 要 of 都要雪碧, 可乐都要去冰: how all of them are to be, and not more of anything."""
    has = span.has
    return has.get("verb", ("",))[0] == "add" and has.get("amount", ("",))[0] == "with" and "again" not in has


def _says_how(span: Span) -> bool:
    """Whether a word says how a part is to be: "with" alone only says that it is to be there."""
    return bool(span.has.keys() & {"choice", "option"}) or span.has.get("amount", ("with",))[0] != "with"


def become(kept: Sequence[Span], basket: Sequence[LineSaid], verbs_last: bool) -> list[Span]:
    """The words of what goods of the basket are to become, with a swap where it isn't said as one: "change both to
    Sprite", 콜라 하나는 사이다로 해 주세요."""
    spans = list(kept) if verbs_last else _of_them(list(kept))
    owned = {line.item for line in basket}
    goods = [at for at, span in enumerate(spans) if "item" in span.has]
    if not goods or not goods[-1]:
        return spans
    new = spans[goods[-1]].has
    others = [item for at in goods[:-1] for item in spans[at].has["item"]]
    if not owned.isdisjoint((*new["item"], *new.get("choice", ()))) or not owned.issuperset(others[:1]):
        return spans
    return _with_swap_behind(spans, goods[-1]) if verbs_last else _with_it(spans, goods[-1])


def _of_them(spans: list[Span]) -> list[Span]:
    """ "Make one a hamburger" is "make one of them a hamburger"."""
    for at in range(1, len(spans) - 1):
        makes = spans[at - 1].has.get("verb", ("",))[0] == "change" and spans[at].has.keys() == {"num", "one"}
        if makes and "article" in spans[at + 1].has:
            end = spans[at].end
            return [*spans[: at + 1], Span(end, end, {"of_them": True}, ""), *spans[at + 1 :]]
    return spans


def _with_it(spans: list[Span], new: int) -> list[Span]:
    """ "Make both a Sprite" is "make them both a Sprite"."""
    verbs = (at for at, span in enumerate(spans[:new]) if span.has.get("verb", ("",))[0] in ("change", "swap"))
    verb = next(verbs, new)
    between = spans[verb + 1 : new]
    if between and "each" in between[0].has and all(span.has.keys() & _TO for span in between[1:]):
        spans[verb].has = {"verb": ("change", "before"), "makes": True}
    return spans


def _with_swap_behind(spans: list[Span], new: int) -> list[Span]:
    """콜라 하나는 사이다로, 둘 다 사이다로 해 주세요: as 바꿔 주세요 would say it."""
    before = spans[new - 1].has
    count = next((i for i in range(new - 2, -1, -1) if "measure" not in spans[i].has or "num" in spans[i].has), 0)
    some = new > 1 and "num" in spans[count].has and ("topical" in before or {"only", "particle"} <= before.keys())
    behind = [span for span in spans[new + 1 :] if span.has.keys().isdisjoint({"filler", "polite", "hesitation"})]
    if not ("each" in before or some) or not 0 < len(behind) < 3 or "as" not in behind[0].has:
        return spans
    swap = {"verb": ("swap", "after")}
    if len(behind) == 1:
        return [*spans, Span(behind[0].end, behind[0].end, swap, "")]
    if behind[1].has.get("verb", ("swap",))[0] != "swap":
        behind[1].has = swap
    return spans


_TO = frozenset({"article", "on", "the", "clock"})

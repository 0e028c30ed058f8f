""" "A Sprite or a Coke", 雪碧或者可乐, 사이다나 콜라: goods of which one is wanted. Which one is asked."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from assistant.turns import Act, Doubt
from assistant.understanding.ordering.acts import acts_of
from assistant.understanding.ordering.drafts import MOST_CANDIDATES, Draft
from assistant.understanding.words.utterance import Utterance


def either(u: Utterance, drafts: Sequence[Draft]) -> list[Draft]:
    """Adds a doubt for each such choice; the drafts that are left."""
    groups: list[list[Draft]] = []
    for one, other in pairwise(drafts):
        if _or_between(u, one, other):
            if groups and groups[-1][-1] is one:
                groups[-1].append(other)
            else:
                groups.append([*_listed_before(u, drafts, one), one, other])
    for group in groups:
        made = [_acts(u, draft) for draft in group]
        if all(len(acts) == 1 for acts in made):
            u.doubts.append(Doubt(u.shown, tuple(acts[0] for acts in made[:MOST_CANDIDATES])))
            drafts = [draft for draft in drafts if draft not in group]
    return list(drafts)


def _listed_before(u: Utterance, drafts: Sequence[Draft], first: Draft) -> list[Draft]:
    """Others of its kind that only commas part from goods that an "or" follows: "coke, Sprite or water"."""
    found: list[Draft] = []
    for draft in reversed(drafts[: list(drafts).index(first)]):
        between = [span.has for span in u.spans if draft.at < span.start < (found[0] if found else first).at]
        if not draft.head or _kind(u, draft) != _kind(u, first) or not any("pause" in has for has in between):
            break
        if not all(has.keys() & {"pause", "article", "choice", "num", "measure"} for has in between):
            break
        found.insert(0, draft)
    return found


def _kind(u: Utterance, draft: Draft) -> str:
    return u.lexicon.catalogue.items[draft.items[0]].category


def _acts(u: Utterance, draft: Draft) -> Sequence[Act]:
    made, doubts = acts_of([draft], u.lexicon, u.context.basket, u.grammar.tag, u.context.listed, u.context.last)
    return made if not doubts else ()


def _or_between(u: Utterance, one: Draft, other: Draft) -> bool:
    if not all(draft.head and not draft.subs and draft.mode in (None, "add") for draft in (one, other)):
        return False
    return any("or" in span.has for span in u.spans if one.at < span.start < other.at)

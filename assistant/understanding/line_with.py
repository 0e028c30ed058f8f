"""A line of the basket named by what it has, or hasn't: "the one without bacon", 那个加培根的, 베이컨 안 넣은 건."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.turns import LineSaid
from assistant.understanding.drafts import NEGATIVE
from assistant.understanding.lexicon import Places
from assistant.understanding.spans import Span, denies
from assistant.understanding.utterance import Utterance

_NAMED = frozenset({"item", "ordinal", "each", "other", "again", "another"})
"""Beside these words a line isn't named so."""


def point(u: Utterance, kept: Sequence[Span]) -> None:
    """Has the words that name the only line which is so point at it, as "the second one" does, where something else is
    said of it."""
    if "choice" not in u.kinds or len(u.context.basket) < 2:
        return
    if any(not _NAMED.isdisjoint(span.has.keys() - ({"again"} if "amount" in span.has else set())) for span in kept):
        return
    for at, span in enumerate(kept):
        if "choice" not in span.has or (told := _stretch(u, kept, at)) is None:
            continue
        begin, end, without = told
        place = _only_line(u, span.has["choice"], without)
        rest = [one.has for one in (*kept[:begin], *kept[end:])]
        if place and any(has.keys() & {"choice", "amount", "verb"} for has in rest):
            for one in kept[begin:end]:
                one.has = {"filler": (one.text,)}
            kept[begin].has = {"ordinal": place, "one": True}
            return


def _only_line(u: Utterance, places: Places, without: bool) -> int:
    """The place of the only line that has a choice, or is without it, among others of its goods; else 0."""
    basket = u.context.basket
    fitting = [at for at, line in enumerate(basket) if has_it(u, line, places) is (not without)]
    others = {line.item for at, line in enumerate(basket) if at not in fitting}
    return fitting[0] + 1 if len(fitting) == 1 and basket[fitting[0]].item in others else 0


def _stretch(u: Utterance, kept: Sequence[Span], at: int) -> tuple[int, int, bool] | None:
    """From where to where the words stand that name a line by the choice at `at`, and whether it is without that."""
    before, behind = kept[at - 1].has if at else {}, kept[at + 1].has if at + 1 < len(kept) else {}
    if u.grammar.verbs_last:
        last = kept[at + 2].has if at + 2 < len(kept) else {}
        amount = behind.get("amount", ("",))[0]
        return (at, at + 3, amount == NEGATIVE) if amount in ("with", NEGATIVE) and "one" in last else None
    if u.grammar.script == "spaced":
        amount = before.get("amount", ("",))[0]
        named = at > 2 and "one" in kept[at - 2].has and "the" in kept[at - 3].has
        return (at - 3, at + 1, amount == NEGATIVE) if named and amount in ("with", NEGATIVE) else None
    return _before_choice(kept, at)


def _before_choice(kept: Sequence[Span], at: int) -> tuple[int, int, bool] | None:
    """(那个)没加培根的(那个), in languages where what tells goods apart stands before them."""
    if not at or at + 2 >= len(kept) or "whose" not in kept[at + 1].has:
        return None
    amount = kept[at - 1].has.get("amount", ("",))[0]
    if amount not in ("with", NEGATIVE) and "contains" not in kept[at - 1].has:
        return None
    begin, end, without = at - 1, at + 2, amount == NEGATIVE
    if not without and begin and denies(kept[begin - 1].has):
        begin, without = begin - 1, True
    pointed = False
    if "the" in kept[end].has:
        end, pointed = end + 1, True
    if begin and "the" in kept[begin - 1].has:
        begin, pointed = begin - 1, True
    return (begin, end, without) if pointed or not kept[end].has.keys() & {"pause", "stop"} else None


def has_it(u: Utterance, line: LineSaid, places: Places) -> bool | None:
    """Whether a line has a choice on it; None where its goods can't."""
    item = u.lexicon.catalogue.items.get(line.item or "")
    if item is None or item.id not in places:
        return None
    for path, name in places[item.id]:
        option = item.option(path)
        found = option.choice(name) if option is not None else None
        said = next((one for one in line.options if (one.option, one.choice) == (path, name)), None)
        if said is not None:
            return said.amount != NEGATIVE
        if found is not None and found.included:
            return True
    return False

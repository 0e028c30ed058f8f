"""One more like the line last spoken of, but for what is said of it: "and one without onions", "a large one too"."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.turns import LineSaid
from assistant.understanding.ordering.drafts import NEGATIVE, Draft, Option, chooses_one, included
from assistant.understanding.words.lexicon import Places
from assistant.understanding.words.spans import Span
from assistant.understanding.words.utterance import Utterance


def one_besides(u: Utterance, kept: Sequence[Span], drafts: list[Draft]) -> list[Draft]:
    """The drafts of a sentence that names no goods, made one more of the line where it comes besides: where the line
    has no more units than that, or is said to be otherwise."""
    if len(drafts) > 1 and not drafts[-1].head and not drafts[-1].options and _ends_in_no(kept):
        return _unlike(u, kept, drafts)
    there = u.context.spoken_of
    if there is None or not 0 < len(drafts) < 3 or any(map(_told, drafts)):
        return drafts
    if sum(bool(draft.options) for draft in drafts) > 1:
        return drafts  # "one more with bacon and one without onions"
    item, asked_for = there.item or "", any(draft.more for draft in drafts)
    besides = "and" in kept[0].has or any("too" in span.has for span in kept)
    if not asked_for and not ((besides or _again(kept)) and _counts_units(u, kept, item)):
        return drafts
    draft = drafts[0] if drafts[0].options or len(drafts) == 1 else drafts[1]
    draft.options = draft.options or _without(kept, there)
    count = next((one.quantity for one in drafts if one.quantity is not None), 1)
    if not draft.options or not all(item in option.places for option in draft.options):
        return drafts
    if not asked_for and (there.quantity or 1) > count and not _otherwise(there, draft):
        return drafts
    draft.quantity, draft.some = count, False
    draft.mode, draft.verb, draft.more, draft.reference = "add", True, True, True
    return [draft]


def _told(draft: Draft) -> bool:
    """Whether it says for itself what it is about, or what is to be done."""
    return draft.head or draft.old or draft.which is not None or draft.mode not in (None, "add", "change")


def _again(kept: Sequence[Span]) -> bool:
    """再来个大的: more of it is asked for."""
    return "again" in kept[0].has and len(kept) > 1 and "measure" in kept[1].has


def _counts_units(u: Utterance, kept: Sequence[Span], item: str) -> bool:
    """Whether a count is one of goods, and not of what is put on them: "and one large", "and one with bacon", and not
    "and one bacon"; 큰 걸로 하나, and not 베이컨 하나."""
    at = 0 if _again(kept) else next((i for i, one in enumerate(kept) if one.has.keys() & {"num", "article"}), None)
    if at is None:
        return False
    if u.grammar.verbs_last:
        named = at - 1
        while named > 0 and "too" in kept[named].has:
            named -= 1
        # 계란도 하나 추가요 is of what is put on
        ends = _BEFORE_COUNT if named < 0 or "choice" not in kept[named].has else frozenset()
        beside = kept[named if not ends else at - 1].has if at else {}
    else:
        behind = next((one.has for one in kept[at + 1 :] if "measure" not in one.has), {"one": True})
        beside, ends = behind, _BEHIND_COUNT
    chosen: Places = beside.get("choice", {})
    wished = beside.get("amount", ("",))[0] in ("with", NEGATIVE)
    return wished or not ends.isdisjoint(beside) or chooses_one(u.lexicon, chosen, (item,))


_BEFORE_COUNT = frozenset({"one", "particle", "too"})
_BEHIND_COUNT = frozenset({"one", "pause", "polite", "verb"})


def _without(kept: Sequence[Span], there: LineSaid) -> list[Option]:
    """ "And one without", 再来一个不加的: what the line was said to have."""
    on = [(one.option, one.choice) for one in there.options if one.choice and one.amount not in (None, NEGATIVE)]
    return [Option({there.item or "": (on[-1],)}, kept[-1], NEGATIVE)] if on and _ends_in_no(kept) else []


def _unlike(u: Utterance, kept: Sequence[Span], drafts: list[Draft]) -> list[Draft]:
    """两个芝士汉堡加培根，再来一个不加的, and of what is there 一个加芝士一个不加: what those just said have, this one
    hasn't."""
    *before, those, this = drafts
    said = those.options[-1] if those.options else None
    about = those.items or [line.item for line in u.context.basket if line.item]
    if said is None or said.amount == NEGATIVE or chooses_one(u.lexicon, said.places, about):
        return drafts
    this.options = [Option(said.places, kept[-1], NEGATIVE)]
    if those.head or this.more:
        return drafts
    if not any(included(u.lexicon, said.places, item) for item in about):
        return [*before, those]  # the other one is without it as it is
    this.mode, this.verb, this.reference, this.some = "change", True, True, those.some
    return drafts


def _ends_in_no(kept: Sequence[Span]) -> bool:
    words = [span for span in kept if span.has.keys().isdisjoint({"particle", "it", "filler", "polite"})]
    return bool(words) and words[-1].has.get("amount", ("",))[0] == NEGATIVE


def _otherwise(there: LineSaid, draft: Draft) -> bool:
    """Whether what is said denies what the line was said to have: "two with bacon", "and one without"."""
    said = {(one.option, one.choice): one.amount for one in there.options}
    return any(
        option.amount == NEGATIVE and said.get(pair, NEGATIVE) != NEGATIVE
        for option in draft.options
        for pair in option.places.get(there.item or "", ())[:1]
    )

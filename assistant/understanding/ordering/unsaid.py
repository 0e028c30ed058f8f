"""Goods that were just named and are wanted no more in the same breath: "a coke and fries, actually no coke",
可乐和薯条，可乐还是不要了, 콜라랑 감튀 주세요, 아니 콜라는 빼 주세요."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.turns import Act, LineSaid
from assistant.understanding.ordering.drafts import NEGATIVE, Draft
from assistant.understanding.words.language_words import Key
from assistant.understanding.words.names import meaning_of
from assistant.understanding.words.spans import PHRASE_ENDS, Span
from assistant.understanding.words.text import words_of
from assistant.understanding.words.utterance import Utterance

_LEADS = frozenset({"the", "some", "correct", "hesitation", "filler", "pause", "but"})
"""What may stand before the goods, and before the word that refuses them."""
_TRAILS = frozenset({"particle", "topical", "correct", "hesitation", "filler", "it"})
"""What may stand between the goods and such a word behind them."""
_ENDS = PHRASE_ENDS | {"particle", "instead"}


def taken_back(u: Utterance, kept: Sequence[Span], before: Sequence[Draft]) -> tuple[Sequence[Span], set[str]]:
    """The words of a sentence without those that take goods back, and those goods."""
    gone: set[str] = set()
    at = 0
    while at < len(kept):
        clause = _clause(u, kept, at, before)
        if clause is not None and _replaced(kept[clause[1] :]):
            _as_no(u, kept[clause[0] : at])
            at += 1
        elif clause is not None:
            gone.update(kept[at].has["item"])
            kept, at = [*kept[: clause[0]], *kept[clause[1] :]], clause[0]
        else:
            at += 1
    return kept, gone


def _replaced(behind: Sequence[Span]) -> bool:
    """Whether goods follow at once that take their place: "no coke, a Sprite". More may follow behind "and"."""
    first = next((span for span in behind if span.has.keys().isdisjoint({"pause", "hesitation", "filler"})), None)
    return first is not None and "and" not in first.has and any("item" in span.has for span in behind[:5])


def _as_no(u: Utterance, lead: Sequence[Span]) -> None:
    """ "Actually no" before goods is a no to them."""
    for span in reversed(lead):
        if "correct" in span.has and _refuses_before(u, span):
            span.has = {"amount": (NEGATIVE, "before")}
            return


def drop(drafts: list[Draft], before: list[Draft], gone: set[str]) -> None:
    """Takes the drafts of goods that were taken back out again."""
    for some in (drafts, before) if gone else ():
        some[:] = [one for one in some if not (one.mode in (None, "add") and one.head and set(one.items) <= gone)]


def _clause(u: Utterance, kept: Sequence[Span], at: int, before: Sequence[Draft]) -> tuple[int, int] | None:
    """From where to where it is said that the goods at a place, which were named before, aren't wanted."""
    items = set(kept[at].has.get("item", ()))
    if not items:
        return None
    begin, end = at, at + 1
    while begin and kept[begin - 1].has.keys() & {"the", "some"}:
        begin -= 1
    if begin and _refuses_before(u, kept[begin - 1]) and (end == len(kept) or kept[end].has.keys() & _ENDS):
        begin -= 1
    elif not (u.grammar.script == "spaced" and not u.grammar.verbs_last):
        while end < len(kept) and kept[end].has.keys() & _TRAILS and not _refuses_behind(kept[end]):
            end += 1
        if end == len(kept) or not _refuses_behind(kept[end]):
            return None
        end += 1
        if end < len(kept) and not kept[end].has.keys() & _ENDS:
            return None
    else:
        return None
    while begin and kept[begin - 1].has.keys() & _LEADS and "item" not in kept[begin - 1].has:
        begin -= 1
    return (begin, end) if _named_before(kept[:begin], items, before) else None


def _named_before(spans: Sequence[Span], items: set[str], before: Sequence[Draft]) -> bool:
    """Whether goods were named already, and are no part of other goods that were."""
    named = {item for span in spans for item in span.has.get("item", ())}
    named |= {item for draft in before if draft.mode in (None, "add") for item in draft.items}
    if not items <= named or any("verb" in span.has and _off(span) for span in spans):
        return False
    parts = [span.has["choice"] for span in spans if items & set(span.has.get("item", ())) and "choice" in span.has]
    return not any(other in places for places in parts for other in named - items)


def _off(span: Span) -> bool:
    return span.has.get("verb", ("",))[0] in ("remove", "swap", "change")


def _refuses_before(u: Utterance, span: Span) -> bool:
    """Whether a word before goods refuses them: "no", "forget", "actually no"."""
    has = span.has
    if has.get("amount", ("",))[0] == NEGATIVE or has.get("verb", ("", ""))[0] == "remove":
        return True
    key: Key = words_of(span.text)
    last = meaning_of(u.lexicon.words[u.grammar.tag], key[-1:]).get("amount", ("",))
    return bool(has.keys() & {"correct", "act"}) and last[0] == NEGATIVE


def _refuses_behind(span: Span) -> bool:
    has = span.has
    refused = has.get("amount", ("", ""))[0] == NEGATIVE or has.get("verb", ("",))[0] == "remove"
    return refused or "takes_back" in has or (("deny", None) in has.get("act", ()) and "verb" in has)


_WAVED = frozenset({"hesitation", "filler", "correct", "pause", "polite", "stop"})
_GOODS = frozenset({"item", "category", "partial"})


def instead_of_that(u: Utterance) -> None:
    """ "Scratch that, two Sprites", "never mind that, just a milkshake": what the turn before put into the basket goes,
    of several things the one that is of the same kind; what is named behind it is ordered."""
    if not u.context.added or u.context.expects not in (None, "basket"):
        return
    end = _waved_off(u)
    rest = u.spans[end:]
    if not end or not any(span.has.keys() & _GOODS for span in rest) or not _only_orders(rest):
        return
    said_of = "verb" in u.spans[end - 2].has if end > 1 else False
    there = {line.item for line in u.context.basket}
    known = any(not there.isdisjoint(span.has.get("item", ())) for span in rest)
    if known and not any(span.has.keys() & {"num", "article"} for span in rest):
        return  # "forget that fries"
    u.silence(range(end))
    if known:
        u.spans[end - 1].has = {"correct": True, "meant": True}  # "scratch that, three Cokes", of two: so many
        u.kinds |= {"correct", "meant"}
        return
    goods, added = u.lexicon.catalogue.items, list(dict.fromkeys(u.context.added))
    kinds = {goods[item].category for span in rest for item in span.has.get("item", ())}
    alike = [item for item in added if item in goods and goods[item].category in kinds]
    if len(added) > 1 and (said_of or len(alike) == 1):
        u.add(-1, Act("remove", (LineSaid(None if said_of else alike[0]),)))
    else:
        u.add(-1, Act("undo"))


def leaves_out(u: Utterance) -> bool:
    """ "Leave them out then": what was spoken of last goes, where nothing else is said."""
    beside = _WAVED | {"leaves_out", "and", "act"}
    if not u.context.basket or not all(one.has.keys() & beside for one in u.spans):
        return False
    told = u.context.listed[0] if len(u.context.listed) == 1 else None
    there = any(line.item == told for line in u.context.basket)
    u.add(0, Act("remove", (LineSaid(told if there else None),)), set(range(len(u.spans))))
    return True


def _waved_off(u: Utterance) -> int:
    """Where the words end that take back what was just said, 0 where it doesn't begin with such."""
    for at, span in enumerate(u.spans):
        follower = u.spans[at + 1].has if at + 1 < len(u.spans) else {}
        if ("undo", None) in span.has.get("act", ()):
            return at + 1
        if span.has.get("verb") == ("remove", "before") and "it" in follower:
            return at + 2
        if not span.has.keys() & _WAVED and ("deny", None) not in span.has.get("act", ()):
            return 0
    return 0


def _only_orders(spans: Sequence[Span]) -> bool:
    """Whether goods are ordered there, and nothing is changed or left off."""
    return all(
        span.has.get("verb", ("add",))[0] == "add" and span.has.keys().isdisjoint({"instead", "instead_of", "except"})
        for span in spans
    )

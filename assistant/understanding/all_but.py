"""Goods that alone are to stay, where the others go: "everything but the coke", "I only want the fries"."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence

from assistant.turns import Act, Doubt, LineSaid
from assistant.understanding.drafts import NEGATIVE
from assistant.understanding.spans import Span
from assistant.understanding.utterance import Utterance

_ALL_BUT = frozenset({"act", "except", "each"})
"""Some of these is in every sentence that leaves something out of all."""


def excepted(u: Utterance, kept: Sequence[Span]) -> bool:
    """ "Remove everything but the coke": the other lines go, and nothing where the basket has none of those."""
    if u.kinds.isdisjoint(_ALL_BUT):
        return False
    at = next((i for i, span in enumerate(kept) if ("start_over", None) in span.has.get("act", ())), len(kept))
    if any("but" in span.has for span in kept[at + 1 : at + 2]):
        stays = {item for span in kept[at + 2 :] for item in span.has.get("item", ())}
    elif (left := _leaves_out(kept)) is not None:  # 콜라 빼고 다 취소해 주세요
        stays = {item for span in kept[:left] for item in span.has.get("item", ())}
        at = next(i for i, span in enumerate(kept) if "item" in span.has)
    else:
        at = next((i for i, span in enumerate(kept) if "except" in span.has), len(kept))
        after = kept[at:]
        all_of = [
            i for i, span in enumerate(after) if "each" in span.has or ("start_over", None) in span.has.get("act", ())
        ]
        if not all_of or not any(takes_off(span) for span in after[all_of[0] :]):
            return False
        stays = {item for span in after for item in span.has.get("item", ())}
    if not stays:
        return False
    index = u.spans.index(kept[at])
    u.used.update(range(index, len(u.spans)))
    owned = _owned(u)
    others = _but(owned, stays)
    if others and stays & owned.keys():
        u.add(index, Act("remove", lines=others))
    return True


_ONLY = frozenset("only verb the filler polite hesitation wish particle and pause it request article some act".split())
"""What may stand beside goods that alone are wanted."""


def only_wanted(u: Utterance, kept: Sequence[Span]) -> bool:
    """ "I only want the fries", said of a basket that has other goods as well: it is asked whether those are to go."""
    if not u.context.basket:
        return False
    named = [span for span in kept if "item" in span.has]
    if not named or not all("item" in span.has or span.has.keys() & _ONLY for span in kept):
        return False
    if any(span.has.get("verb", ("add",))[0] != "add" or "again" in span.has or "num" in span.has for span in kept):
        return False
    owned = _owned(u)
    others = _but(owned, {item for span in named for item in span.has["item"]})
    if not others or not all(sum(item in span.has["item"] for item in owned) == 1 for span in named):
        return False
    u.doubts.append(Doubt(u.shown, (Act("remove", lines=others),)))
    u.used.update(u.spans.index(span) for span in kept)
    return True


def _owned(u: Utterance) -> dict[str, None]:
    """The goods of the basket, each once, in its order."""
    return dict.fromkeys(line.item for line in u.context.basket if line.item)


def _but(owned: Iterable[str], stays: Container[str]) -> tuple[LineSaid, ...]:
    """All lines of the goods that don't stay."""
    return tuple(LineSaid(item, None, (), "all") for item in owned if item not in stays)


def _leaves_out(kept: Sequence[Span]) -> int | None:
    """Where "but" stands between goods and all the others that go, in languages with their verbs last."""
    for at, span in enumerate(kept[1:-1], 1):
        denies = takes_off(span) or span.has.get("amount", ("",))[0] == NEGATIVE or "instead_after" in span.has
        if not denies or not any("item" in one.has for one in kept[:at]):
            continue
        rest = kept[at + 2 :] if "each" in kept[at + 1].has else kept[at + 1 : at + 2]
        acts = [act for one in rest for act in one.has.get("act", ())]
        if ("cancel", None) in acts or (rest and "each" in kept[at + 1].has and any(map(takes_off, rest))):
            return at
    return None


def takes_off(span: Span) -> bool:
    return span.has.get("verb", ("",))[0] == "remove" or ("start_over", None) in span.has.get("act", ())

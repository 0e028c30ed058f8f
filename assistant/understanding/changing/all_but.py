"""Goods that alone are to stay, where the others go: "everything but the coke", "I only want the fries",
감튀만 남기고 다 빼 주세요."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from itertools import pairwise

from assistant.turns import Act, Doubt, LineSaid
from assistant.understanding.ordering.drafts import NEGATIVE
from assistant.understanding.words.spans import Span
from assistant.understanding.words.utterance import Utterance

_ALL_BUT = frozenset({"act", "except", "each"})
"""Some of these is in every sentence that leaves something out of all."""


def excepted(u: Utterance, kept: Sequence[Span]) -> bool:
    """ "Remove everything but the coke": the other lines go, and nothing where the basket has none of those."""
    if u.kinds.isdisjoint(_ALL_BUT):
        return False
    at = next((i for i, span in enumerate(kept) if _GOES.intersection(span.has.get("act", ()))), len(kept))
    if any("but" in span.has and "only" not in span.has for span in kept[at + 1 : at + 2]):
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


def left_out(spans: Sequence[Span]) -> bool:
    """Whether all goods but those named are meant: "everything except the coke", 除了可乐都, 콜라 빼고 다."""
    if any("except" in span.has for span in spans):
        return True
    if any("but" in two.has and _is_all(one) for one, two in pairwise(spans)):
        return True
    return any(
        one.has.get("amount", ("",))[0] == NEGATIVE
        and any(span.has.keys() & {"item", "category"} for span in spans[:at])
        for at, (one, two) in enumerate(pairwise(spans))
        if "each" in two.has
    )


def _is_all(span: Span) -> bool:
    return bool(span.has.keys() & {"each", "everything"} or _GOES.intersection(span.has.get("act", ())))


_GOES = frozenset({("cancel", None), ("start_over", None)})
"""Acts by which all goes."""
_STAYING = frozenset(
    "keeps except only mere verb the filler polite hesitation wish particle topical and but pause it request article"
    " some measure other each".split()
)
"""What may stand beside goods that stay where the others go."""


def kept_only(u: Utterance, kept: Sequence[Span]) -> bool:
    """ "Take everything off, just leave the fries", 감튀는 남기고 다 빼주세요, 都不要了，薯条留着: of all goods only
    those named stay, as many as are said. Without goods, "take the rest off", it is asked whether what was spoken of
    last is what stays."""
    if not u.context.basket:
        return False
    if (goes := _all_go(u, kept)) is not None:
        return _anew(u, kept, goes)
    if u.kinds.isdisjoint(("keeps", "only", "other", "except")):
        return False
    said = {i for i, span in enumerate(kept) if "item" in span.has}
    goes = {i for i, span in enumerate(kept) if i not in said and _goes(kept, i)}
    counts = {i for i, span in enumerate(kept) if "num" in span.has and i - 1 in said}
    if any(i not in said | goes | counts and span.has.keys().isdisjoint(_STAYING) for i, span in enumerate(kept)) or (
        counts and len(said) > 1
    ):
        return False
    keeps, first = any(span.has.keys() & {"keeps", "except"} for span in kept), min(said, default=0)
    stays = keeps or (any("only" in span.has for span in kept) and any(i < first and _all(kept, i) for i in goes))
    rest = any(map(_rest, kept))
    if not said:
        all_goes = any(_GOES.intersection(kept[i].has.get("act", ())) for i in goes)
        return all_goes and rest and not stays and _only_the_last(u, kept)
    if not (goes and (stays or rest)) and not _keeps_only(kept):
        return False
    if goes and not _owned(u).keys() & {item for i in said for item in kept[i].has["item"]}:
        return _anew(u, kept, goes)
    return _let_stay(u, kept, sorted(said), [kept[i].has["num"][0] for i in counts])


def _all_go(u: Utterance, kept: Sequence[Span]) -> Container[int] | None:
    """Where it is said that all goes before goods are named that aren't there: 그냥 다 빼고 하와이안 피자 하나."""
    at = next((i for i, span in enumerate(kept) if "each" in span.has), len(kept))
    if not u.grammar.verbs_last or not all(span.has.keys() & {"filler", "pause", "correct"} for span in kept[:at]):
        return None
    follow = [span.has for span in kept[at + 1 : at + 3]]
    if len(follow) < 2 or follow[0].get("amount", ("",))[0] != NEGATIVE or "item" not in follow[1]:
        return None
    said = {one for span in kept for one in (*span.has.get("item", ()), *span.has.get("choice", ()))}
    return {at + 1} if said.isdisjoint(_owned(u)) else None


def _anew(u: Utterance, kept: Sequence[Span], goes: Container[int]) -> bool:
    """다 빼고 감튀만 주세요, where there are none: all goes, and they are read as goods that are wanted."""
    for at, span in enumerate(kept):
        if (at in goes or "each" in span.has) and "act" not in span.has:
            if at in goes:
                u.add(u.spans.index(span), Act("start_over"))
            span.has = {"filler": True}
    return False


def _goes(kept: Sequence[Span], at: int) -> bool:
    """Whether all goods, or the rest of them, go by what stands at a place."""
    has = kept[at].has
    if _GOES.intersection(has.get("act", ())) and "keeps" not in has:
        return True
    denies = takes_off(kept[at]) or has.get("amount", ("",))[0] == NEGATIVE
    return denies and any("each" in one.has or _rest(one) for one in kept[max(0, at - 2) : at])


def _rest(span: Span) -> bool:
    return "other" in span.has and "another" not in span.has


def _all(kept: Sequence[Span], at: int) -> bool:
    """Whether it is all goods that go: "cancel only the coke" is of the coke."""
    return ("start_over", None) in kept[at].has.get("act", ()) or not _GOES.intersection(kept[at].has.get("act", ()))


def _keeps_only(kept: Sequence[Span]) -> bool:
    """ "Just keep the fries", 只留薯条."""
    return any("keeps" in span.has for span in kept) and any("only" in span.has for span in kept)


def _only_the_last(u: Utterance, kept: Sequence[Span]) -> bool:
    """나머지는 다 빼 주세요: asks whether all goes but the goods spoken of last."""
    owned = _owned(u)
    others = _but(owned, {u.context.last or ""})
    u.used.update(u.spans.index(span) for span in kept)
    if others and u.context.last in owned:
        u.doubts.append(Doubt(u.shown, (Act("remove", lines=others),)))
    else:
        u.leftover.append(u.shown)
    return True


def _let_stay(u: Utterance, kept: Sequence[Span], said: Sequence[int], counts: Sequence[int]) -> bool:
    """Takes the others off. Goods that aren't there can't stay: then it isn't so."""
    owned = _owned(u)
    meant = [[item for item in owned if item in kept[at].has["item"]] for at in said]
    if not all(len(items) == 1 for items in meant):
        return False
    index = u.spans.index(kept[said[0]])
    if others := _but(owned, {items[0] for items in meant}):
        u.add(index, Act("remove", lines=others))
    if counts:
        u.add(index, Act("change", lines=(LineSaid(meant[0][0], counts[0]),)))
    u.used.update(u.spans.index(span) for span in kept)
    return True


def stay_there(u: Utterance) -> None:
    """牛奶不要了，麦片留着: goods of the basket that are only said to stay aren't ordered."""
    if not u.context.basket:
        return
    goods = [at for at, span in enumerate(u.spans) if "item" in span.has]
    if "only" in u.kinds or (len(goods) < 2 and any(_goes(u.spans, at) for at in range(len(u.spans)))):
        return  # 都不要了，薯条留着, 只留薯条: `kept_only`
    owned = _owned(u).keys()
    for at, (one, two) in enumerate(pairwise(u.spans)):
        named = at if "keeps" in two.has else at + 1 if "keeps" in one.has else None
        if named is None or owned.isdisjoint(u.spans[named].has.get("item", ())):
            continue
        more = any(
            not u.spans[i].has.keys() & {"pause", "filler"} for i in range(len(u.spans)) if i not in (at, at + 1)
        )
        u.used.update({at, at + 1} if more else {named})


_ONLY = frozenset("only verb the filler polite hesitation wish particle and pause it request article some act".split())
"""What may stand beside goods that alone are wanted."""


def only_wanted(u: Utterance, kept: Sequence[Span]) -> bool:
    """ "I only want the fries", said of a basket that has other goods as well: it is asked whether those are to go."""
    if not u.context.basket:
        return False
    named = [span for span in kept if "item" in span.has]
    if not named or not all("item" in span.has or span.has.keys() & _ONLY for span in kept):
        return False
    if any(_goes(kept, i) for i in range(len(kept))):
        return False  # 콜라만 다 빼주세요
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
        if _GOES.intersection(acts) or (rest and "each" in kept[at + 1].has and any(map(takes_off, rest))):
            return at
    return None


def takes_off(span: Span) -> bool:
    return span.has.get("verb", ("",))[0] == "remove" or ("start_over", None) in span.has.get("act", ())

"""Goods that are named first and then refused: "the coke, take it off", 可乐太贵了，不要了, 薯条就算了."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.turns import Act, LineSaid
from assistant.understanding.words.spans import UNKNOWN, Span
from assistant.understanding.words.utterance import Utterance

_REFUSING = frozenset({"verb", "correct"})
"""Without a word of these nothing is refused."""
_BESIDE = frozenset("the and each particle topical filler hesitation pause stop".split())
"""What may stand beside the goods."""
_BEHIND = _BESIDE | {"it", "polite", "request"}
"""What may stand beside the refusal."""
_DEAR = {("ask_item", "bill"), ("ask_item", "promotions")}
"""Why they are refused: "too expensive" alone asks about the price."""
_NO = ("deny", None)


def read(u: Utterance) -> bool:
    """Whether that is all that is said. Only of goods that are there: else 可乐，不要了 may be a coke and no more."""
    if u.kinds.isdisjoint({"item", "partial"}) or u.kinds.isdisjoint(_REFUSING):
        return False
    at = next((i for i, span in enumerate(u.spans) if _refuses(span)), 0)
    named, behind = u.spans[:at], u.spans[at:]
    goods = [span for span in named if _goods(span)]
    if not goods or not all(_goods(one) or _dear(one) or one.has.keys() & _BESIDE for one in named):
        return False
    if not all(_refuses(one) or one.has.keys() & _BEHIND for one in behind):
        return False
    basket = {line.item for line in u.context.basket}
    there = [basket.intersection(_goods(span)) for span in goods]
    if not all(len(one) == 1 for one in there):
        return False
    u.add(at, Act("remove", tuple(LineSaid(item) for one in there for item in one)), range(len(u.spans)))
    return True


def so_many_do(u: Utterance) -> None:
    """不要了，两份就行: no more is wanted than so many, and those are not refused."""
    if not _refuses(u.spans[0]):
        return
    rest = [span.has.keys() for span in u.spans[1:]]
    counted = sum("num" in kinds for kinds in rest) == 1
    if counted and all(kinds & {"pause", "stop", "num", "measure", "only", "correct", "polite"} for kinds in rest):
        u.silence([0])


def after_all(u: Utterance) -> bool:
    """再来一瓶水，算了太贵了不要了: goods that are called off as soon as they were named aren't ordered, and all else
    stays; 太贵了不要了 alone leaves open what is to go. Whether nothing else is said."""
    if u.kinds.isdisjoint({"takes_back", "dear"}) or u.question_mark:
        return False
    begin = len(u.spans)
    while begin and (_calls_off(u.spans[begin - 1]) or u.spans[begin - 1].has.keys() & _BEHIND):
        begin -= 1
    tail = u.spans[begin:]
    dear = any("dear" in span.has for span in tail) and any(map(_refuses, tail))
    if not dear and not any(map(_never_mind, tail)):
        return False
    if not begin and dear:
        u.add(0, Act("deny", value=None if u.context.pointing else "mind"), range(len(u.spans)))
        return True
    named = next((i for i in range(begin - 1, -1, -1) if _goods(u.spans[i])), -1)
    first = max((i + 1 for i in range(max(named, 0)) if u.spans[i].has.keys() & {"pause", "stop"}), default=0)
    clause = u.spans[first:begin]
    if named < 0 or not any(_orders(span) for span in clause) or any(map(_refuses, clause)):
        return False
    if not first:
        u.add(0, Act("deny", value="stays"), range(len(u.spans)))
        return True
    u.silence(range(first, len(u.spans)))
    return False


def never_mind(u: Utterance) -> None:
    """雨伞算了 外面不下雨了, 可乐算了，来杯雪碧: goods that are there go, whatever is said behind it; why, or what else
    is wanted. 可乐还是算了，换雪碧 is a swap."""
    if u.question_mark:
        return
    owned = {line.item for line in u.context.basket}
    for at in [i for i, span in enumerate(u.spans) if "lets_go" in span.has]:
        begin = max((i + 1 for i in range(at) if u.spans[i].has.keys() & {"pause", "stop"}), default=0)
        named = [span for span in u.spans[begin:at] if _goods(span)]
        there = [owned.intersection(_goods(span)) for span in named]
        beside = all(_goods(one) or one.has.keys() & (_BESIDE | {"correct"}) for one in u.spans[begin:at])
        if not named or not beside or not all(len(one) == 1 for one in there):
            continue
        end = at + 1
        while end < len(u.spans) and u.spans[end].has.keys() & (_BEHIND | {"takes_back"}):
            end += 1
        rest = u.spans[end:]
        if len(rest) > 1 and rest[0].has.get("verb", ("",))[0] == "swap" and _goods(rest[1]) and len(named) == 1:
            u.silence([i for i in range(begin, end) if not _goods(u.spans[i])])
            u.spans[begin:end] = named
            u.acting = [i for i, span in enumerate(u.spans) if "act" in span.has]
            return
        u.add(at, Act("remove", tuple(LineSaid(item) for one in there for item in one)))
        reason = _says_why(u, rest) and not any("act" in one.has and "unknown" not in one.has for one in rest[:1])
        u.silence(range(begin, len(u.spans) if reason and _only_told(rest) else end))


def _only_told(rest: Sequence[Span]) -> bool:
    """Whether words that aren't known say why: nothing that is asked or done by itself."""
    return all("act" not in one.has or one.has.keys() & {"filler", "amount"} for one in rest)


def _never_mind(span: Span) -> bool:
    return "takes_back" in span.has and ("deny", "wrong") not in span.has.get("act", ())


def _calls_off(span: Span) -> bool:
    return "dear" in span.has or _never_mind(span) or _refuses(span)


def _orders(span: Span) -> bool:
    return "num" in span.has or span.has.get("verb", ("",))[0] in ("add", "swap")


def reasons(u: Utterance) -> None:
    """비싸네요 그냥 포장할게요, "that's too expensive, cancel it": that it is dear is only the reason for what follows,
    and asks nothing."""
    owned = {line.item for line in u.context.basket}
    named = {item for span in u.spans for item in _goods(span)}
    if named and owned.isdisjoint(named):
        return  # of goods that aren't there nothing is called off: they were only asked about
    for at in [i for i in u.acting if _dear(u.spans[i])]:
        asked = any("?" in span.text or "？" in span.text for span in u.spans)
        if not asked and any(map(_turns_away, u.spans[at + 1 :])):
            u.spans[at].has = {"filler": True}
            u.acting.remove(at)


def reason_behind(u: Utterance) -> None:
    """ "Take out the coffee, it's too expensive", "no milk, we already have some", 牛奶不要了，家里还有很多: why goods
    are taken off is said behind them, and nothing else is wanted by it."""
    for at, span in enumerate(u.spans):
        if not at or not _why(span):
            continue
        end = _clause(u.spans, at)
        if _off(u, u.spans[:at]) and _says_why(u, u.spans[at + 1 : end]):
            u.silence(range(at, end))
    for span in u.spans if "reason" in u.kinds else ():
        if span.has.keys() == {"reason"}:
            span.has = UNKNOWN  # 昨天那个烤肉卷太咸了: of goods that nobody takes off it says something else
            u.kinds.add("unknown")


def _clause(spans: Sequence[Span], at: int) -> int:
    """Where what is said ends that begins at a place: at a pause, or where other goods are joined to it."""
    ends = (
        i
        for i in range(at + 1, len(spans))
        if spans[i].has.keys() & {"pause", "stop"}
        or ("and" in spans[i].has and any("item" in one.has for one in spans[i + 1 : i + 4]))
    )
    return next(ends, len(spans))


def _why(span: Span) -> bool:
    return "reason" in span.has or _dear(span)


def _off(u: Utterance, spans: Sequence[Span]) -> bool:
    """Whether goods of the basket, or what is on them, are taken off. "Leave the fries" is so too with a reason."""
    owned = {line.item for line in u.context.basket}
    named = [item for span in spans for item in (*_goods(span), *span.has.get("choice", ()))]
    if owned.isdisjoint(named):
        return False
    for span in spans:
        if "leaves" in span.has:
            span.has = {"verb": ("remove", "before")}
    return any(_refuses(span) or span.has.get("amount", ("",))[0] == "no" for span in spans)


def _says_why(u: Utterance, rest: Sequence[Span]) -> bool:
    """Whether what follows only says why: no goods, and nothing that is to be done."""
    wished = any(_goods(one) or one.has.keys() & _WISHED or one.has.get("verb", ("",))[0] in _DONE for one in rest)
    return not wished and "allergic" not in u.kinds and not u.question_mark


_WISHED = frozenset({"num", "category", "fulfilment", "method", "instead", "instead_of"})
_DONE = frozenset({"add", "remove", "swap", "change"})


def _turns_away(span: Span) -> bool:
    """Whether a word chooses another way to get the goods, or calls them off."""
    off = span.has.get("verb", ("",))[0] == "remove" or ("cancel", None) in span.has.get("act", ())
    return off or "fulfilment" in span.has


def _goods(span: Span) -> Sequence[str]:
    """The goods that a word names, by a part of their name too."""
    named: Sequence[str] = span.has.get("item") or span.has.get("partial", ())
    return named


def _refuses(span: Span) -> bool:
    has = span.has
    return bool(has.get("verb", ("",))[0] == "remove" or ("correct" in has and _NO in has.get("act", ())))


def _dear(span: Span) -> bool:
    return any(act in _DEAR for act in span.has.get("act", ()))

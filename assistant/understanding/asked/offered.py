"""Whether goods can be had or paid for in some way, asked before anybody chose: "do you take Amex", 可以自取吗."""

from __future__ import annotations

from assistant.commerce.shop import DELIVERY
from assistant.turns import Act
from assistant.understanding.asked.gifts import clause_of
from assistant.understanding.asked.questions import QUESTIONS, WAY
from assistant.understanding.words.spans import UNKNOWN, Span
from assistant.understanding.words.utterance import Utterance

_ASKS_FOR_IT = {
    "fulfilment": frozenset({"fulfilment"}),
    "method": frozenset({"method", "pay", "confirm"}),
}
"""Steps at which "can I pay by card" answers what was asked."""
_GOODS = frozenset("item category choice partial".split())
_WHEN = frozenset("num clock day weekday daypart polite again verb".split())
"""Beside these it is said how the goods are wanted: "can I pick it up at six"."""
_BEFORE = frozenset("filler hesitation greeting and but polite pause correct particle".split())


def read(u: Utterance) -> None:
    """Makes questions of the clauses that ask whether there is a way to get the goods, or to pay. Which of them is
    wanted they tell only where that was asked, and not if they ask what the shop does ("do you take cash")."""
    if u.kinds.isdisjoint(("offers", "possible")):
        return
    for at, span in enumerate(u.spans):
        kind = next((one for one in ("fulfilment", "method") if one in span.has), None)
        delivers = ("ask_item", "delivery") in u.acts_at(at)
        if at in u.used or (kind is None and not delivers):
            continue
        clause = clause_of(u, at)
        if _asked(u, clause, kind or "fulfilment") and (act := _question(u, clause, delivers)) is not None:
            u.add(at, act, set(clause))


def unasked(spans: list[Span]) -> None:
    """支持, 收 where no way to pay or to get the goods is named are words like any other, misheard maybe: 支持汉堡."""
    if any(span.has.keys() & {"method", "fulfilment", "act"} for span in spans):
        return
    for span in spans:
        if span.has.keys() == {"offers"}:
            span.has = {**UNKNOWN}


def _asked(u: Utterance, clause: range, kind: str) -> bool:
    """Whether a clause asks, and doesn't say what is wanted."""
    spans = [u.spans[i] for i in clause]
    if u.grammar.script == "spaced":
        first = next((span for span in spans if span.has.keys().isdisjoint(_BEFORE)), None)
        asking = [first] if first is not None else []
    else:
        asking = spans
    firm = any("offers" in span.has for span in asking)
    if not firm and not any("possible" in span.has for span in asking):
        return False
    if any(span.has.keys() & _GOODS and span.has.keys().isdisjoint(("fulfilment", "method")) for span in spans):
        return False
    if firm:
        return True
    told = any(span.has.keys() & _WHEN and span.has.keys().isdisjoint(("possible", "method")) for span in spans)
    return not told and u.context.expects not in _ASKS_FOR_IT[kind] and not _else(u, clause)


def _else(u: Utterance, clause: range) -> bool:
    """Whether a clause asks something else as well, or says where to."""
    asks = (name for i in clause if "possible" not in u.spans[i].has for name, _ in u.acts_at(i))
    return any(name in QUESTIONS or name == "give_address" for name in asks)


def _question(u: Utterance, clause: range, delivers: bool) -> Act | None:
    """The question; None where there is no such way, which is told to whoever chooses it."""
    shop = u.lexicon.shop
    ways = [u.spans[i].has["fulfilment"] for i in clause if "fulfilment" in u.spans[i].has]
    methods = [u.spans[i].has["method"] for i in clause if "method" in u.spans[i].has]
    if delivers or (ways and all(shop.kind_of_way(way) == DELIVERY for way in ways)):
        return Act("ask_item", value="delivery")
    if any(way not in shop.fulfilments for way in ways) or any(way not in shop.methods for way in methods):
        return None
    return Act("ask_item", value={WAY: sorted(set(ways))} if ways else "payment")

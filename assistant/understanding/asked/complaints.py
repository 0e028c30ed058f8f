"""What came of an order that was paid, and how: what is missing, or came as it shouldn't, is told and orders nothing.

Words such as "cold" and "broken" find fault only behind an order that was placed; before one they are said of goods.
"""

from __future__ import annotations

from assistant.turns import Act
from assistant.understanding.words.utterance import Utterance

_FAULTS = ("failed", "spoilt", "only_came")


def at(u: Utterance) -> int | None:
    """Where fault is found with an order that was placed."""
    if not u.context.orders:
        return None
    faults = (*_FAULTS, "came") if "instead_of" in u.kinds or _something_else(u) else (*_FAULTS, "lacking")
    return next((i for i in range(len(u.spans)) if u.free(i, *faults)), None)


def _something_else(u: Utterance) -> bool:
    """Whether goods are told to have come that weren't ordered: 我点的是芝士汉堡，送来的是牛肉汉堡."""
    owned = {line.item for line in u.context.basket}
    named = [set(span.has["item"]) for span in u.spans if "item" in span.has]
    return "came" in u.kinds and any(not owned.isdisjoint(one) for one in named) and len(named) > 1


def told(u: Utterance) -> bool:
    """Whether the goods themselves are found fault with, and not only waited for: "everything was cold"."""
    return bool(u.context.orders) and any("spoilt" in span.has for span in u.spans)


def of_no_goods(u: Utterance) -> None:
    """A fault of an order where no goods are named: what is missing is waited for, "it never came"; of what came it is
    asked which goods are meant."""
    failed = {i for i, span in enumerate(u.spans) if span.has.keys() & {"failed", "spoilt"}}
    u.acts = []
    act = Act("refund", value={"failed": True}) if told(u) else Act("order_status")
    u.add(min(failed), act, failed)
    if told(u):
        u.leftover.clear()  # "the lid was broken": what it was is the buyer's affair

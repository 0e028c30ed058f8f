"""What is given away, and whether goods are brought at all, asked with the word for bringing: 送番茄酱吗, 浦东送吗."""

from __future__ import annotations

from assistant.commerce.shop import DELIVERY
from assistant.turns import Act
from assistant.understanding.words.utterance import Utterance

_GIVEN = frozenset("num item choice category option question unknown partial".split())
"""What may be said to be given."""
_WEAK = frozenset("filler asking particle hesitation polite pause stop".split())
_ENDS = frozenset({"pause", "stop"})


def read(u: Utterance) -> None:
    """Questions whose word for bringing says neither that goods are to be brought nor where to."""
    if "fulfilment" not in u.kinds or u.context.expects in ("fulfilment", "address"):
        return
    for at, span in enumerate(u.spans):
        if not u.free(at, "fulfilment") or u.lexicon.shop.kind_of_way(span.has["fulfilment"]) != DELIVERY:
            continue
        clause = clause_of(u, at)
        behind = [i for i in clause if i > at]
        told = next((i for i in behind if not u.spans[i].has.keys() & _WEAK or u.spans[i].has.keys() & _GIVEN), None)
        asks = any("asking" in u.spans[i].has for i in clause)
        if "gives" in span.has and told is not None and u.free(told, *_GIVEN):
            alone = "num" in u.spans[told].has and not any(u.free(i, "item", "category", "road") for i in behind)
            if asks or alone or "gives_me" in span.has:
                u.add(at, Act("ask_item", value="promotions"), set(clause))
        elif asks and told is None and not any(u.free(i, "item", "num", "road") for i in clause):
            u.add(at, Act("ask_item", value="delivery"), set(clause))


def clause_of(u: Utterance, at: int) -> range:
    """The stretch between pauses that `at` is in."""
    begin = max((i + 1 for i in range(at) if u.spans[i].has.keys() & _ENDS), default=0)
    end = next((i for i in range(at, len(u.spans)) if u.spans[i].has.keys() & _ENDS), len(u.spans))
    return range(begin, end)

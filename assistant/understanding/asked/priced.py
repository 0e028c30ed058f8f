"""Goods that cost no more than so much: "anything under 20 yuan", 10块以下的饮料, 10위안 이하 음료."""

from __future__ import annotations

from assistant.turns import Act
from assistant.understanding.asked.questions import attributes
from assistant.understanding.facts.answers import money
from assistant.understanding.words.utterance import Utterance

MOST = "most"
"""In the value of `ask_menu`: what goods may cost at most, in minor units."""
_BESIDE = frozenset(
    "at_most category tag question asking filler hesitation polite particle article the some wish on of it_is pause"
    " stop one people possible night each kind so_if".split()
)
"""What may stand beside the amount: words that ask, kinds of goods and how they are to be."""


def read(u: Utterance) -> bool:
    """Whether that is all that is asked for; the days of a stay beside it are left to be read."""
    at = next(i for i, span in enumerate(u.spans) if "at_most" in span.has)
    amount, used = _amount(u, at)
    beside = [i for i in range(len(u.spans)) if i not in used]
    days = [i for i in beside if u.context.booking and u.spans[i].has.keys() & _DAYS]
    if amount is None or not all(i in days or _may_stand(u, i) for i in beside):
        return False
    kinds = (u.spans[i].has["category"] for i in beside if u.spans[i].has.keys() & {"category", "tag"} == {"category"})
    named = tuple(dict.fromkeys(f"#{kind}" for kind in kinds if kind in u.lexicon.categories))
    u.add(0, Act("ask_menu", items=named, value={MOST: amount, **attributes(u, beside)}))
    u.silence([i for i in range(len(u.spans)) if i not in days])
    return not days


_DAYS = frozenset({"day", "weekday", "month", "date"})


def _amount(u: Utterance, at: int) -> tuple[int | None, range]:
    """The money behind the words at `at`, or right before them, in minor units, with where it stands."""
    for begin in (at + 1, *range(at)):
        amount, end = money(u, begin)
        if amount is None and begin < len(u.spans) and "num" in u.spans[begin].has:
            amount, end = u.spans[begin].has["num"][0] * u.lexicon.minor, begin + 1
        if amount is not None and (begin > at or end == at):
            return amount, range(min(begin, at), max(end, at + 1))
    return None, range(at, at + 1)


def _may_stand(u: Utterance, at: int) -> bool:
    has = u.spans[at].has
    if has.keys() & {"item", "choice", "num"}:
        return False
    asks = any(name in ("ask_menu", "ask_stock", "ask_price", "recommend") for name, _ in has.get("act", ()))
    return asks or bool(has.keys() & _BESIDE) or has.get("verb", ("",))[0] == "add"

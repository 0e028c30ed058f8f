"""Goods that cost no more than so much, or no less: "anything under 20 yuan", 10块以下的饮料, "between 400 and 600"."""

from __future__ import annotations

from assistant.turns import Act
from assistant.understanding.asked.questions import attributes
from assistant.understanding.facts.answers import money
from assistant.understanding.words.utterance import Utterance

MOST = "most"
"""In the value of `ask_menu`: what goods may cost at most, in minor units."""
LEAST = "least"
"""And at least."""
_BESIDE = frozenset(
    "at_most at_least between category tag question asking filler hesitation polite particle article the some wish on"
    " of it_is pause stop one people possible night each kind so_if".split()
)
"""What may stand beside the amount: words that ask, kinds of goods and how they are to be."""


def read(u: Utterance) -> bool:
    """Whether that is all that is asked for; the days of a stay beside it are left to be read."""
    at = next(i for i, span in enumerate(u.spans) if span.has.keys() & {"at_most", "at_least"})
    amount, used = _amount(u, at)
    if amount is None:
        return False
    return _asked(u, {MOST if "at_most" in u.spans[at].has else LEAST: amount}, used)


def between(u: Utterance) -> bool:
    """The same of two amounts, "300 to 500 yuan"; numbers alone may be hours, days or guests."""
    numbers = [i for i, span in enumerate(u.spans) if "num" in span.has]
    if len(numbers) != 2 or u.kinds.isdisjoint({"currency", "between"}):
        return False
    (least, end), (most, last) = (_number(u, at) for at in numbers)
    linked = all(u.spans[i].has.keys() & _LINKS for i in range(end, numbers[1]))
    if not linked or not least < most or least < _SMALL * u.lexicon.minor * ("currency" not in u.kinds):
        return False
    begin = numbers[0] - (numbers[0] > 0 and not u.spans[numbers[0] - 1].has.keys().isdisjoint({"day", "clock", "on"}))
    return _asked(u, {LEAST: least, MOST: most}, range(begin, last))


_LINKS = frozenset({"and", "clock", "day", "on"})
_SMALL = 32
"""Lower numbers without a currency are days of a month, hours, counts."""


def _number(u: Utterance, at: int) -> tuple[int, int]:
    """The money at `at` in minor units, with a currency or without, and where it ends."""
    amount, end = money(u, at)
    return (amount, end) if amount is not None else (u.spans[at].has["num"][0] * u.lexicon.minor, at + 1)


def _asked(u: Utterance, bounds: dict[str, int], used: range) -> bool:
    """Makes the act, unless something else stands beside the amounts, which are `used`."""
    beside = [i for i in range(len(u.spans)) if i not in used]
    days = [i for i in beside if u.context.booking and u.spans[i].has.keys() & _DAYS]
    if not all(i in days or _may_stand(u, i) for i in beside):
        return False
    kinds = (u.spans[i].has["category"] for i in beside if u.spans[i].has.keys() & {"category", "tag"} == {"category"})
    named = tuple(dict.fromkeys(f"#{kind}" for kind in kinds if kind in u.lexicon.categories))
    u.add(0, Act("ask_menu", items=named, value={**bounds, **attributes(u, beside)}))
    u.silence([i for i in range(len(u.spans)) if i not in days])
    return not days


_DAYS = frozenset({"day", "weekday", "month", "date"})


def _amount(u: Utterance, at: int) -> tuple[int | None, range]:
    """The money behind the words at `at`, or right before them, in minor units, with where it stands."""
    for begin in (at + 1, *range(at)):
        if begin < len(u.spans) and "num" in u.spans[begin].has:
            amount, end = _number(u, begin)
            if begin > at or end == at:
                return amount, range(min(begin, at), max(end, at + 1))
    return None, range(at, at + 1)


def _may_stand(u: Utterance, at: int) -> bool:
    has = u.spans[at].has
    if has.keys() & {"item", "choice", "num"}:
        return False
    asks = any(name in ("ask_menu", "ask_stock", "ask_price", "recommend") for name, _ in has.get("act", ()))
    return asks or bool(has.keys() & _BESIDE) or has.get("verb", ("",))[0] == "add"

"""What is no wish: greetings, thanks, mere sounds; and wishes for goods that the shop hasn't."""

from __future__ import annotations

from assistant.turns import Act, LineSaid
from assistant.understanding.words.spans import Span
from assistant.understanding.words.text import fold, words_of
from assistant.understanding.words.utterance import Utterance

_AIMLESS = frozenset({"filler", "polite", "hesitation", "greeting", "thanks", "pause", "stop", "particle"})
_QUANTITY = frozenset({"num", "article", "some", "measure", "another"})


def read(u: Utterance) -> None:
    """What is no wish: a greeting, thanks, a mere sound; or a wish for goods that the shop hasn't."""
    if all(span.has.keys() & _AIMLESS for span in u.spans):
        kinds = {kind for span in u.spans for kind in span.has}
        if not kinds <= {"pause", "stop"}:
            u.add(0, Act("none", value=next((kind for kind in ("greeting", "thanks") if kind in kinds), None)))
    elif len(u.context.listed) == 1 and "again" in u.kinds and not u.leftover and all(map(_leads_in, u.spans)):
        u.add(0, Act("add", lines=(LineSaid(u.context.listed[0]),)))  # 네 추가해 주세요, of what was asked about
    elif _begins(u):
        u.leftover.clear()
        u.add(0, Act("none", value="begin"))
    elif u.leftover and (_named(u) or any(_wished(u, i) for i, span in enumerate(u.spans) if "unknown" in span.has)):
        u.add(0, Act("none", value="goods"))


def addressed(u: Utterance) -> None:
    """A word that isn't known right behind thanks or a greeting is what somebody calls us: "thank you Jesse", "hi Jo,
    can I …". It is no goods."""
    if u.context.expects not in _CLOSED:
        return
    for at in range(1, len(u.spans)):
        before, behind = u.spans[at - 1].has, u.spans[at + 1].has if at + 1 < len(u.spans) else {}
        if "unknown" not in u.spans[at].has or "unknown" in behind:
            continue
        ends = not behind or "stop" in behind
        goes_on = bool(behind.keys() & {"pause", "wish", "verb"}) and at == 1
        if ("thanks" in before and ends) or ("greeting" in before and (goes_on or (ends and at == 1))):
            u.silence({at})


def _begins(u: Utterance) -> bool:
    """ "I'd like to order", "hi, I want to place an order": that something is going to be ordered, and no more."""
    if len(u.spans) > MOST_WORDS:
        return False
    first = next((i for i, span in enumerate(u.spans) if not _leads_in(span)), len(u.spans))
    if first == len(u.spans):
        return not u.leftover
    ends = [i for i in range(len(u.spans), first, -1) if i == len(u.spans) or all(map(_leads_in, u.spans[i:]))]
    return any(words_of(fold(u.said(begin, end))) in u.grammar.begins for begin in range(first + 1) for end in ends)


def _leads_in(span: Span) -> bool:
    """Whether a word only leads to what is wanted."""
    return not span.has.keys().isdisjoint(_AIMLESS) or span.has.get("verb", ("",))[0] == "add"


MOST_WORDS = 12
"""More than that says more than that somebody will order."""


_CLOSED = frozenset({None, "basket", "confirm", "method", "fulfilment"})
"""What is asked where no free words are an answer."""


def for_others(u: Utterance) -> bool:
    """Whether something is asked for that no shop does, "remind me to buy milk": the goods in it aren't ordered."""
    if u.context.expects not in _CLOSED or _beside_order(u):
        return False
    if u.grammar.script == "spaced":
        first = next((i for i, span in enumerate(u.spans) if not span.has.keys() & _AIMLESS), 0)
        told = "for_others" in u.spans[first].has or "for_others" in u.spans[-1].has
        if not told and any("verb" in span.has and "item" in u.kinds for span in u.spans[: first + 1]):
            return False
    u.leftover.append(u.shown)
    u.add(0, Act("none"))
    return True


def _beside_order(u: Utterance) -> bool:
    """Whether what orders nothing is but one part of what is said, beside one that orders: 家里还有面包，只要四个蛋挞.
    It is used up then."""
    at = next(i for i, span in enumerate(u.spans) if "for_others" in span.has)
    breaks = [i for i, span in enumerate(u.spans) if span.has.keys() & {"pause", "but"}]
    begin = max((i + 1 for i in breaks if i < at), default=0)
    end = min((i for i in breaks if i > at), default=len(u.spans))
    ordered = [span.has for i, span in enumerate(u.spans) if not begin <= i < end]
    if not any("item" in has for has in ordered) or not any(has.keys() & {"verb", "only", "num"} for has in ordered):
        return False
    if not any(i in (begin, begin + 1, end - 1) and "for_others" in u.spans[i].has for i in range(begin, end)):
        return False
    u.used.update(range(begin, min(end + 1, len(u.spans))))
    return True


def tale(u: Utterance) -> bool:
    """Whether goods of former times are told of, "the kebab I had last week was too salty", 昨天那个煎饼太咸了: none
    are wanted, and none are ordered again."""
    before = any(act == ("reorder", None) for i in u.acting for act in u.acts_at(i))
    told = before or not u.kinds.isdisjoint({"past", "failed", "spoilt"})
    if not (told or _of_yesterday(u)):
        return False
    if u.context.expects not in _CLOSED or u.context.orders:
        return False
    sure = u.kinds & {"unknown", "failed", "spoilt"} or ("past" in u.kinds and "num" not in u.kinds)
    if not sure or any("verb" in span.has for span in u.spans):
        return False
    u.leftover.append(u.shown)
    u.add(0, Act("none"))
    return True


def _of_yesterday(u: Utterance) -> bool:
    return "day" in u.kinds and any(span.has.get("day") == "yesterday" for span in u.spans)


def _named(u: Utterance) -> bool:
    """Whether nothing but one unknown name was said where goods are expected, in a script without spaces."""
    if u.grammar.script != "unspaced" or u.context.expects not in (None, "basket") or len(u.leftover) != 1:
        return False
    return 2 <= len(u.leftover[0]) <= 6 and all(span.has.keys() & (_AIMLESS | {"unknown"}) for span in u.spans)


def _wished(u: Utterance, at: int) -> bool:
    """Whether an unknown word stands where goods do: counted, or beside a verb that asks for goods."""
    back = at - 1
    while back > 0 and "measure" in u.spans[back].has and "num" not in u.spans[back].has:
        back -= 1
    before = u.spans[back] if at else None
    if before is not None and before.has.keys() & _QUANTITY:
        first = next((span for span in u.spans if not span.has.keys() & _AIMLESS), None)
        wished = any(span.has.get("verb", ("",))[0] == "add" for span in u.spans[:at])
        return wished or (first is before and "num" in before.has)
    if u.grammar.verbs_last:
        after = next((span for span in u.spans[at + 1 :] if "unknown" not in span.has), None)
        return after is not None and (after.has.get("verb", ("",))[0] == "add" or "num" in after.has)
    return u.grammar.script != "spaced" and before is not None and before.has.get("verb", ("",))[0] == "add"

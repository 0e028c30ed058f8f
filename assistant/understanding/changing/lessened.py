"""Fewer of what is in the basket: "fewer cokes", "cut the cokes down to one", 可乐减到一杯, 콜라 한 잔 덜 주세요."""

from __future__ import annotations

from assistant.turns import Act, LineSaid
from assistant.understanding.ordering.drafts import NEGATIVE
from assistant.understanding.words.spans import UNKNOWN, Span
from assistant.understanding.words.utterance import Utterance

_BESIDE = frozenset(
    "lessens down_to item it the of num one measure verb particle topical polite filler wish hesitation as announces"
    " pause stop correct".split()
)


def read(u: Utterance) -> bool:
    """Whether that is all that is said, of one kind of goods of the basket: so many are taken off, one where no number
    is said, or as many stay as stand behind "to"."""
    _taken_off_instead(u)
    if u.kinds.isdisjoint(("lessens", "down_to")):
        return False
    if _of_each(u):
        return True
    item = _meant(u)
    if item is not None:
        numbers = [at for at, span in enumerate(u.spans) if _counts(span)]
        owned = [line.item for line in u.context.basket]
        units = sum(line.quantity or 1 for line in u.context.basket if line.item == item)
        part = not units and any(not span.has.get("choice", {}).keys().isdisjoint(owned) for span in u.spans)
        if (units != 1 and not part) or numbers:  # of goods that aren't there at all, that is said
            quantity = u.spans[numbers[0]].has["num"][0] if numbers else 1
            stays = bool(numbers) and any(map(_leads_to, u.spans[max(0, numbers[0] - 1) : numbers[0] + 3]))
            line = LineSaid(item, quantity, (), u.place_of(item))
            u.add(0, Act("change" if stays else "remove", lines=(line,)), set(range(len(u.spans))))
            return True
        if "verb" not in u.kinds:
            u.leftover.append(u.shown)  # "less rice", of one portion or a meal: none is to come, and none to go
            return True
    for span in u.spans:
        if span.has.keys() <= {"lessens", "down_to"}:  # "cut it in half": nothing is known of that
            span.has = UNKNOWN
            u.kinds.add("unknown")
    return False


def _taken_off_instead(u: Utterance) -> None:
    """크루아상 두 개 더, 아니 두 개 빼고: who corrects a count by what ends in "without" takes so many off."""
    end = len(u.spans)
    while end and u.spans[end - 1].has.keys() & {"filler", "polite", "particle", "stop"}:
        end -= 1
    if not u.grammar.verbs_last or end < 3 or u.spans[end - 1].has.get("amount", ("",))[0] != NEGATIVE:
        return
    at = end - 2
    while at and "measure" in u.spans[at].has:
        at -= 1
    if at and "num" in u.spans[at].has and "correct" in u.spans[at - 1].has:
        u.spans[end - 1].has = {"verb": ("remove", "after")}
        u.kinds.add("verb")


def _of_each(u: Utterance) -> bool:
    """Whether so many fewer are wanted of each of several goods: 牛奶和面包各减一个, "one fewer of each"."""
    numbers = [span.has["num"][0] for span in u.spans if _counts(span)]
    beside = all(_leads_to(span) or span.has.keys() & (_BESIDE | {"each", "and", "category"}) for span in u.spans)
    if "each" not in u.kinds or len(numbers) > 1 or not beside or any(number < 1 for number in numbers):
        return False
    words = [u.there(span) for span in u.spans if span.has.keys() & {"item", "category"}]
    named = dict.fromkeys(item for goods in words for item in goods)
    owned = dict.fromkeys(line.item for line in u.context.basket if line.item)
    if any(len(goods) != 1 for goods in words) or len(named or owned) < 2:
        return False
    stays = bool(numbers) and any(map(_leads_to, u.spans))
    goods = [LineSaid(item, numbers[0] if numbers else 1, (), u.place_of(item)) for item in named or owned]
    u.add(0, Act("change" if stays else "remove", tuple(goods)), set(range(len(u.spans))))
    return True


def _meant(u: Utterance) -> str | None:
    """The goods of the basket that there are to be fewer of, where nothing else is said."""
    counts = [span.has["num"][0] for span in u.spans if _counts(span)]
    if len(counts) > 1 or (counts and counts[0] < 1):
        return None
    if not all(_leads_to(span) or span.has.keys() & _BESIDE for span in u.spans):
        return None
    named = {one for span in u.spans for one in span.has.get("item", ())}
    if not named and (counts or not u.kinds.isdisjoint(("it", "down_to"))):
        named = {u.context.last}
    return named.pop() if len(named) == 1 else None


def _counts(span: Span) -> bool:
    return "num" in span.has and "lessens" not in span.has


def _leads_to(span: Span) -> bool:
    """Whether a word says that a count is how many stay: "to", 로."""
    return span.has.get("clock") == "to" or not span.has.keys().isdisjoint(("as", "down_to"))

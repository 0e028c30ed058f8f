"""What a number is meant as beside goods that are there: how many of them there are to be, or an hour."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from assistant.turns import Act
from assistant.understanding.facts.moments import moments
from assistant.understanding.words.spans import Span
from assistant.understanding.words.utterance import Utterance


def about_so_many(u: Utterance, kept: Sequence[Span]) -> Sequence[Span]:
    """ "Three or four cokes", 三四杯可乐: a few, and it is asked how many."""
    apart = u.grammar.script == "spaced"
    if any(span.has.get("verb", ("add",))[0] != "add" for span in kept):
        return kept
    for at in range(len(kept) - 2 if "num" in u.kinds else 0):
        end = at + 1 + apart
        if "num" not in kept[at].has or "num" not in kept[end].has or (apart and "or" not in kept[at + 1].has):
            continue
        low, high = kept[at].has["num"][0], kept[end].has["num"][0]
        behind = kept[end + 1 : end + 4]
        counts = any(span.has.keys() & {"item", "category", "partial"} for span in behind)
        if counts and 0 < low < high <= low + 2 and high < _MOST:
            said = u.said(u.spans.index(kept[at]), u.spans.index(kept[end]) + 1)
            few = Span(kept[at].start, kept[end].end, {"few": True, "some": True}, said)
            u.kinds.add("few")
            return [*kept[:at], few, *kept[end + 1 :]]
    return kept


_MOST = 13
"""From here on nobody says two numbers for a few."""


def of_people(u: Utterance) -> None:
    """ "A table for two people", 我要订位，两位: where no nights are booked people are no goods, however many they are.
    Beside a wish they are said back."""
    if u.context.booking or u.kinds & {"item", "category", "partial", "each"}:
        return
    for at in range(len(u.spans) - 1):
        who = u.spans[at + 1].has.keys()
        if u.free(at, "num") and who & {"adult", "child", "person"} and "clock" not in who:
            if "verb" in u.kinds:
                u.leftover.append(u.said(at, at + 2))
            u.silence((at, at + 1))


def of_choice(u: Utterance) -> None:
    """A number that stands in the name of one choice of the goods right before it, or of those spoken of last, is that
    choice and no count: "ibuprofen 200 and vitamin D", "sun cream 50", "change it to 400"."""
    if u.kinds.isdisjoint({"num", "fraction"}):
        return
    last = u.context.last if "item" not in u.kinds and _turned_into(u) else None
    for at, span in enumerate(u.spans):
        goods: tuple[str, ...] = u.spans[at - 1].has.get("item", ()) if at else ()
        item = goods[0] if len(goods) == 1 else last
        if item is None or "choice" in span.has or not _may_be_choice(u, at):
            continue
        if len(found := choices_with(figures(span), item, u)) == 1:
            span.has = {"choice": {item: tuple(found)}}
            u.kinds.add("choice")


def choices_with(number: str, item: str, u: Utterance) -> list[tuple[str, str]]:
    """The choices of goods, of which one is had, that have a number in their names, as `(path, choice)`."""
    options = u.lexicon.catalogue.items[item].options
    return [
        (option.id, choice.id)
        for option in options
        for choice in option.choices
        if option.choose == "one" and any(has_number(number, name) for name in choice.names.get(u.grammar.tag, ()))
    ]


def figures(span: Span) -> str:
    """A number that was said, in figures: 400, 1.5."""
    return str(span.has["num"][0] if "num" in span.has else span.has.get("fraction", ""))


def has_number(number: str, name: str) -> bool:
    """Whether a name has a number: 1.5, of +1.5."""
    return number in _NUMBER.findall(name)


_NUMBER = re.compile(r"\d+(?:\.\d+)?")


def _may_be_choice(u: Utterance, at: int) -> bool:
    """Whether a number may stand for a choice: it is none of a few, and nothing that follows is counted by it."""
    span, behind = u.spans[at], u.spans[at + 1].has if at + 1 < len(u.spans) else {"stop": True}
    if "fraction" not in span.has and not ("num" in span.has and span.has["num"][0] >= _SELDOM_COUNTED):
        return False
    return bool(behind.keys() & _BEHIND_CHOICE) and behind.keys().isdisjoint({"item", "measure", "clock"})


def _turned_into(u: Utterance) -> bool:
    """Whether what is there is to be made into something: "change it to …", "make that …"."""
    verb = any(span.has.get("verb", ("",))[0] == "change" for span in u.spans)
    return verb and bool(u.kinds & {"it", "the", "makes"}) and len(u.spans) < _SHORT


_SELDOM_COUNTED = 10
"""From here on a number behind goods counts them less often than it tells which of them."""
_SHORT = 6
_BEHIND_CHOICE = frozenset("stop pause and polite choice verb instead correct num hesitation filler but".split())


def so_many(u: Utterance, act: Act) -> Act:
    """牛奶要三盒, of milk that is there: goods named first and then how many of them are wanted are to be so many."""
    line = act.lines[0] if act.act == "add" and len(act.lines) == 1 else None
    if u.grammar.script != "unspaced" or line is None or line.quantity is None or line.options:
        return act
    if sum(one.item == line.item for one in u.context.basket) != 1:
        return act
    goods = next((i for i, span in enumerate(u.spans) if line.item in span.has.get("item", ())), len(u.spans))
    behind = u.spans[goods + 1 : goods + 3]
    if len(behind) < 2 or ("confirm", None) not in behind[0].has.get("act", ()) or "num" not in behind[1].has:
        return act  # 再来三盒 are more
    return Act("change", lines=(line,))


def hour(u: Utterance, made: Sequence[Act]) -> Act | None:
    """ "Make it eight", said after a time was given, may be another hour as well as another count."""
    line = made[0].lines[0] if len(made) == 1 and made[0].act == "change" and not made[0].instead_of else None
    if line is None or line.item is not None or line.options or not line.quantity or not 0 < line.quantity <= 24:
        return None
    if any(span.has.keys() & {"measure", "more"} for span in u.spans):
        return None
    found = [one for one in moments(u.spans, u.context.now, True) if ":" in str(one.value)]
    if len(found) == 1 and not u.context.timed and not near(u, line.quantity):
        return None  # the hour that is known was told long ago, and is another time of the day
    return Act("give_time", value=same_half(u, str(found[0].value), u.spans)) if len(found) == 1 else None


def same_half(u: Utterance, value: str, spans: Sequence[Span]) -> str:
    """An hour alone is of the same half of the day as the one that is known: "at 8", behind 7 PM. `spans`: the words
    that tell it."""
    at = u.context.at
    told = any(
        span.has.get("clock") in ("am", "pm") or "daypart" in span.has or ("time" in span.has and span.text[0] == "0")
        for span in spans
    )
    if at is None or told or len(value) != len("08:00") or at.hour < 12 + (not u.context.later):
        return value
    hour = int(value[:2])
    return f"{hour + 12}{value[2:]}" if 0 < hour < 12 and hour + 12 >= at.hour - 6 else value


def near(u: Utterance, hour: int) -> bool:
    """Whether an hour is within three of that for which the goods are wanted, on the face of a clock."""
    known = u.context.at.hour if u.context.at is not None else 0
    return (hour - known + 3) % 12 <= 6


def shifted(u: Utterance) -> bool:
    """ "Make it 20 minutes later", "give me ten more minutes": how long is no count of goods. When it is to be then is
    reckoned from the time that is known, else asked."""
    if u.context.booking or u.kinds & {"item", "partial", "category", "asking"}:
        return False
    told = [span for span in u.spans if "shifts" in span.has]
    minutes = next((found for at in range(len(u.spans)) if (found := _length(u.spans, at, bool(told)))), 0)
    if not minutes:
        return False
    moved = dt.timedelta(minutes=-minutes if any("sooner" in one.has for one in told) else minutes)
    known = u.context.at
    value = (known + moved).strftime("%Y-%m-%dT%H:%M") if known is not None else "time"
    u.add(0, Act("back" if known is None else "give_time", value=value), set(range(len(u.spans))))
    return True


def _length(spans: Sequence[Span], at: int, told: bool) -> int:
    """How many minutes are said at a place, "half an hour", "20 minutes", "ten more minutes"; 0 where none are. `told`:
    it is said that something is to be so much later."""
    if told and (whole := _WHOLE.get(spans[at].has.get("clock", ""))):
        return whole
    more = at + 1 < len(spans) and "more" in spans[at + 1].has
    unit = _UNITS.get(spans[at + 1 + more].has.get("clock", ""), 0) if at + 1 + more < len(spans) else 0
    number: int = spans[at].has["num"][0] if "num" in spans[at].has and (told or more) else 0
    return number * unit


_WHOLE = {"half_hour": 30, "quarter_hour": 15, "hour": 60}
_UNITS = {"minute": 1, "hour": 60}

"""Addresses: where one begins and ends among other words, asked for or not."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from assistant.commerce.shop import DELIVERY
from assistant.turns import Act
from assistant.understanding.facts.moments import moments, says_when, time_at
from assistant.understanding.words.names import meaning_of
from assistant.understanding.words.spans import Span, digits_of
from assistant.understanding.words.text import trimmed, words_of
from assistant.understanding.words.utterance import Utterance

SAME = "same"


def end_of(u: Utterance, start: int) -> int:
    """Where an address that begins at `start` ends: at a stop, or at a pause before something else we know."""
    index, times = start, moments_apart(u)
    while index < len(u.spans) and index not in u.used:
        span = u.spans[index]
        has = span.has
        if index > start and (index in times or _says_address(u, index) or _hands_to(u, index)):
            break
        if "stop" in has and not u.spans[index].text.startswith("."):
            break
        if "stop" in has and index + 1 < len(u.spans) and _other(u, index + 1):
            break
        if ("pause" in has or "and" in has or "polite" in has) and _other(u, index + 1):
            break
        if "polite" in has or ("instead" in has and "unknown" not in has):
            break
        if index > start and (_begins_time(u, index) or _denies_number(u, index)):
            break
        if u.grammar.verbs_last and ("fulfilment" in has or ("method" in has and index > start and not span.glued)):
            break  # 연남로 12 카드로 할게요
        index += 1
    return index


def _hands_to(u: Utterance, index: int) -> bool:
    """Whether it is told at `index` who gets the goods, 送到灯笼路5号给张三: a name stands behind it."""
    if "hands_to" not in u.spans[index].has or index + 1 >= len(u.spans):
        return False
    return index + 1 in u.used or u.spans[index + 1].text[:1] in u.grammar.surnames


def moments_apart(u: Utterance) -> dict[int, int]:
    """Where days and hours begin that are said apart from an address, and where each ends: no road is called so. Found
    once in an utterance."""
    if u.apart is not None:
        return u.apart
    apart: dict[int, int] = {}
    for one in moments(u.spans, u.context.now, False, u.context.booking):
        behind = u.spans[one.end] if one.end < len(u.spans) else None
        joined = behind is not None and bool(behind.has.keys() & _OF_ROADS)
        if behind is not None and u.grammar.verbs_last and not behind.glued:
            joined = False  # the address is what comes next
        if says_when(u.spans[one.start : one.end]) and not joined:
            apart[one.start] = one.end
    u.apart = apart
    return apart


_OF_ROADS = frozenset({"unknown", "road", "place", "num", "digits"})


def _denies_number(u: Utterance, index: int) -> bool:
    """Whether another number is denied at `index`, with the pause before it: "14 Low Lane, not 12"."""
    index += "pause" in u.spans[index].has
    if index + 1 >= len(u.spans) or u.grammar.verbs_last:
        return False
    return u.spans[index].has.get("amount", ("",))[0] == "no" and bool(
        u.spans[index + 1].has.keys() & {"num", "digits"}
    )


def _other(u: Utterance, index: int) -> bool:
    """Whether something that is no address begins here."""
    while (
        index < len(u.spans)
        and index not in u.used
        and u.spans[index].has.keys() & {"and", "pause", "filler", "polite"}
    ):
        index += 1
    if index >= len(u.spans) or index in u.used:
        return True
    has = u.spans[index].has
    if "it_is" in has and index + 1 < len(u.spans) and "road" in u.spans[index + 1].has:
        return False  # "200 Market St, it's apartment 4"
    if has.keys() & {"verb", "act", "method", "pay", "hear", "code"} or _names_goods(u, index):
        return True
    return (bool(has.keys() & {"clock"}) and has["clock"] in ("asap", "at")) or "item" in has


def _names_goods(u: Utterance, index: int) -> bool:
    """Whether goods are named before the next pause, and no road."""
    stretch: list[Span] = []
    for span in u.spans[index:]:
        if span.has.keys() & {"pause", "stop"}:
            break
        stretch.append(span)
    if u.grammar.script != "spaced" or any("road" in span.has for span in stretch):
        return False
    return any("item" in span.has or ("category" in span.has and "num" in stretch[0].has) for span in stretch)


def looks_like_one(u: Utterance, start: int, end: int) -> bool:
    """A number that is no time, or a word for a road or house, is in it."""
    return any(
        u.spans[i].has.keys() & {"road", "digits"}
        or ("num" in u.spans[i].has and not _of_clock(u, i + 1) and not _of_money(u, i + 1))
        for i in range(start, end)
    )


def _of_money(u: Utterance, index: int) -> bool:
    """Whether a word of money stands at `index`: "delivery is 5 dollars, right"."""
    return index < len(u.spans) and "currency" in u.spans[index].has and "road" not in u.spans[index].has


def _of_clock(u: Utterance, index: int) -> bool:
    """Whether a word of times stands at `index`: "20 minutes", "6 pm"."""
    return index < len(u.spans) and u.spans[index].has.get("clock") in _AFTER_HOUR


_AFTER_HOUR = ("minute", "hour", "oclock", "am", "pm", "past")


def _begins_time(u: Utterance, index: int) -> int:
    """Where a time that begins at `index` ends, else 0: no part of an address."""
    if not (u.spans[index].has.get("clock") in ("at", "in") or _of_clock(u, index + 1)):
        return 0
    found = time_at(u.spans, index, u.context.now, False)
    return found.end if found is not None else 0


def told(u: Utterance) -> None:
    """An address that nobody asked for yet: a name of a road and a number, and nothing that means something else."""
    if any(act.act == "give_address" for _, act in u.acts):
        return
    chosen = "address" in u.context.missing and "fulfilment" not in u.context.missing
    if chosen and (stretch := _called_so(u)) is not None:
        _tell(u, *stretch)
        return
    if "road" not in u.kinds:
        return
    if (named := _numbered_road(u)) is not None:
        _tell(u, named, end_of(u, named))
        return
    start, begins = 0, True
    while start < len(u.spans):
        has = u.spans[start].has
        leads = has.keys() & _LEADS_IN and not has.keys() & {"num", "road", "behind"}
        if start in u.used or (leads and not _begins_place(u, start)):
            begins = begins or bool(has.keys() & {"pause", "stop", "and", "on"})
        elif begins:
            end = end_of(u, start)
            if end > start and _addressed(u, start, end):
                _tell(u, start, end)
                return
            begins = False
        start += 1


def _begins_place(u: Utterance, at: int) -> bool:
    """Whether the word that begins at `at` ends in one for a place, whatever its first letters mean: 수원시."""
    end = at + 1
    while end < len(u.spans) and u.spans[end].glued and end not in u.used:
        end += 1
    written = u.grammar.script == "particles" and not u.spans[at].glued
    return written and end > at + 1 and "road" in u.spans[end - 1].has and "particle" not in u.spans[end - 1].has


def _called_so(u: Utterance) -> tuple[int, int] | None:
    """Where an address stands whose road nobody here knows, where one is still needed and nothing else is said: a name
    with a house's number, "Kantstrasse 12, Berlin"."""
    left = [i for i in range(len(u.spans)) if i not in u.used]
    while left and u.spans[left[0]].has.keys() & {"filler", "on", "pause", "hesitation"}:
        left.pop(0)
    if len(left) < 2 or left != list(range(left[0], left[-1] + 1)):
        return None
    spans = u.spans[left[0] : left[-1] + 1]
    if not all(
        span.has.keys() & {"unknown", "num", "road", "place", "pause", "stop", "digits", "one"} for span in spans
    ):
        return None
    numbers = [span for span in spans if span.has.keys() & {"num", "digits"}]
    short = all(len(span.text) <= _MOST_DIGITS for span in numbers)
    named = any(
        "unknown" in one.has and len(one.text) > 1 and other.has.keys() & {"num", "digits", "road", "one", "stop"}
        for one, other in pairwise(spans)
    )
    return (left[0], left[-1] + 1) if numbers and short and named and u.grammar.script != "unspaced" else None


_MOST_DIGITS = 5
"""Of a house's number or a postal code: more are a telephone's."""


def words_of_house(u: Utterance) -> range:
    """Where the address of a house stands, whatever else is said: "to 5 Hudson Street at six"."""
    start = _numbered_road(u) if "road" in u.kinds else None
    return range(0) if start is None else range(start, end_of(u, start))


def corrected(u: Utterance) -> None:
    """Another address than the one that is known: the road and the number of a house, and nothing else but "no"."""
    if "road" not in u.kinds or any(act.act == "give_address" for _, act in u.acts):
        return
    start = _numbered_road(u)
    if start is None:
        return
    end = end_of(u, start)
    before, after = range(start), range(end, len(u.spans))
    if all(i in u.used or u.spans[i].has.keys() & _BESIDE_ANOTHER for i in (*before, *after)):
        _tell(u, start, end)


_BESIDE_ANOTHER = frozenset({"correct", "it_is", "filler", "hesitation", "pause", "stop", "polite"})


def _tell(u: Utterance, start: int, end: int) -> None:
    """The address from `start` to `end`, with the words behind it that only say that it is one: "… is my address"."""
    used = set(range(start, end))
    behind = end
    while behind < len(u.spans) and (_says_address(u, behind) or "pause" in u.spans[behind].has):
        behind += 1
    if any(_says_address(u, index) for index in range(end, behind)):
        used.update(range(end, behind))
    u.add(start, Act("give_address", value=as_written(u, start, end)), used)


def _says_address(u: Utterance, index: int) -> bool:
    """Whether words stand at `index` that lead in an address, or close one that was said before them."""
    return "road" not in u.spans[index].has and any(name == "give_address" for name, _ in u.acts_at(index))


def _numbered_road(u: Utterance) -> int | None:
    """Where the address of a house begins that can be nothing else, whatever the name of its road means elsewhere:
    人民路88号, "9 Apple Street"."""
    for road in range(1, len(u.spans)):
        if u.free(road, "road") and u.spans[road].has.keys().isdisjoint(_GOODS):
            start = _BEFORE_ROAD.get(u.grammar.script, _number_before)(u, road)
            if start is not None:
                return start
    return None


_GOODS = frozenset({"item", "choice", "category"})
_MOST_LETTERS = 4
"""Of a road's name, in languages without spaces."""


def _name_before(u: Utterance, road: int) -> int | None:
    """Where the name of a road with a number behind it begins, in a language without spaces: its letters may mean
    anything. What leads in, or goods that end right before two letters of a name, is no part of it."""
    after = u.spans[road + 1].has if road + 1 < len(u.spans) else {}
    if not after.keys() & {"num", "digits"} or _counts_goods(u, road + 1):
        return None
    start, letters = road, 0
    while start:
        span = u.spans[start - 1]
        size = len(span.text)
        ends = bool(span.has.keys() & _ENDS_NAME) or (letters > 1 and bool(span.has.keys() & _BEFORE_NAME))
        if start - 1 in u.used or ends or letters + size > _MOST_LETTERS:
            break
        start, letters = start - 1, letters + size
    if letters > 1 or (letters and "unknown" in u.spans[start].has):
        return _with_town(u, start)
    return None


def _counts_goods(u: Utterance, number: int) -> bool:
    """Whether a number is one of cups or bowls, and no house's: 杨枝甘路两杯 orders a drink that was misheard."""
    has = u.spans[number + 1].has if number + 1 < len(u.spans) else {}
    return "measure" in has and "road" not in has


def _with_town(u: Utterance, start: int) -> int:
    """Where the district, town and province before a road's name begin: 上海市浦东新区世纪大道."""
    while start and start - 1 not in u.used and u.spans[start - 1].has.keys() & _TOWNS:
        start -= 1
    return start


_TOWNS = frozenset({"road", "place", "unknown"})


_ENDS_NAME = frozenset({"pause", "stop", "act", "fulfilment", "method"})
_BEFORE_NAME = _GOODS | {"on", "filler", "hesitation", "wish", "verb", "and", "it", "measure"}


def _number_before(u: Utterance, road: int) -> int | None:
    """Where a house's number stands before the one or two words of its road's name, at the beginning of what is said
    of it; nothing that the road could be a part of follows."""
    behind = u.spans[road + 1].has if road + 1 < len(u.spans) else {}
    if behind and not behind.keys() & {"pause", "stop", "and", "road", "num", "digits", "on", "polite", "act", "clock"}:
        return None
    for start in range(road - 2, max(road - 4, -1), -1):
        name = u.spans[start + 1 : road]
        if not u.spans[start].has.keys() & {"num", "digits"} or start in u.used:
            continue
        if any(span.has.keys() & {"pause", "stop", "verb", "num", "road", "topical"} for span in name):
            return None  # 하나는 라지로: one of them, as a large one
        lead = u.spans[start - 1].has if start else {"stop": True}
        return start if lead.keys() & (_LEADS_IN | {"correct", "it_is"}) else None
    return None


def _word_before(u: Utterance, road: int) -> int | None:
    """Where a word that ends in one for a road begins, 호수로 5번지, with the number of a house behind it: its letters
    may mean anything."""
    behind = u.spans[road + 1 : road + 3]
    if len(behind) < 2 or behind[0].has.keys().isdisjoint({"num", "digits"}) or "road" not in behind[1].has:
        return None
    start = road
    while start and u.spans[start].glued:
        start -= 1
    word = u.spans[start:road]
    known = any(not _KNOWN.isdisjoint(span.has) for span in word)
    return None if not word or known or not u.used.isdisjoint(range(start, road)) else _with_town(u, start)


_KNOWN = _GOODS | {"method", "fulfilment", "num", "act"}
"""What no road is called."""
_BEFORE_ROAD = {"unspaced": _name_before, "particles": _word_before}
_ROAD = {"road", "unknown"}
"""What an address has at the least: the name of a road."""
_LEADS_IN = frozenset({"filler", "hesitation", "on", "wish", "pause", "stop", "and", "it"})


def _addressed(u: Utterance, start: int, end: int) -> bool:
    stretch = [u.spans[i].has for i in range(start, end)]
    if any(has.keys() & {"item", "choice", "category"} or ("verb" in has and "road" not in has) for has in stretch):
        return False
    road = any("unknown" in one and "road" in other for one, other in pairwise(stretch))
    following = [*stretch[1:], {}]
    if u.grammar.verbs_last and not road:  # 참나무길 9번지: a word that isn't known, and the number of a house
        houses = zip(stretch, following, [*following[1:], {}], strict=True)
        road = any("unknown" in a and b.keys() & {"num", "digits"} and "road" in c for a, b, c in houses)
    number = any(
        has.keys() & {"num", "digits"} and not after.keys() & {"measure", "currency", "clock"} - {"road"}
        for has, after in zip(stretch, following, strict=True)
    )
    return road and number


def as_written(u: Utterance, start: int, end: int) -> str:
    """The words of an address, number words of spaced languages in digits."""
    if u.grammar.verbs_last:
        stop = end
        while stop > start and u.spans[stop - 1].has.keys() & {"verb", "act", "polite", "filler"}:
            stop -= 1
        behind = u.spans[end].has if end < len(u.spans) else {}
        if start < stop < end or behind.keys() & {"verb", "fulfilment"}:
            end = stop - _marked(u, start, stop)
    while u.grammar.script == "unspaced" and end - 1 > start and "hesitation" in u.spans[end - 1].has:
        if not u.spans[end - 2].has.keys() & {"num", "digits", "road", "hesitation"}:
            break
        end -= 1  # 送到湖滨路5号吧
    if u.grammar.script != "spaced":
        return trimmed(u.said(start, end))
    text = ""
    last: int | None = None
    while end - 1 > start and _leads_on(u.spans[end - 1]):
        end -= 1
    for index in range(start, end):
        span = u.spans[index]
        digits = digits_of(span)
        if last is not None and u.spans[index - 1].text.isdigit() and not span.text.isdigit():
            digits = None  # 4 Seven Sisters Road
        gap = u.shown[u.offsets[last][1] : u.offsets[span.start][0]] if last is not None else ""
        text += gap + (digits if digits is not None else u.said(index, index + 1))
        last = span.end - 1
    return trimmed(text)


def _leads_on(span: Span) -> bool:
    """Whether a word leads on to what is no address any more: "to 5 Station Road *for* Ana"."""
    return "unknown" not in span.has and bool(span.has.keys() & {"clock", "role", "party"}) and "num" not in span.has


def _marked(u: Utterance, start: int, stop: int) -> bool:
    """Whether the last word only marks the address before it: 12*로*, but not 테헤란*로*."""
    last = u.spans[stop - 1].has
    if stop - 1 <= start or "particle" not in last:
        return False
    return "road" not in last or bool(u.spans[stop - 2].has.keys() & {"num", "road"})


def before(u: Utterance, at: int) -> None:
    """An address said right before the word for delivery, in languages whose verbs come last."""
    start, ends = at, set(moments_apart(u).values())
    while start and start - 1 not in u.used and start not in ends:
        has = u.spans[start - 1].has
        if has.keys() & {"stop", "item", "verb", "fulfilment", "method"} or ("act" in has and "road" not in has):
            break
        start -= 1
    if start:
        first = start
        while start < at and not u.spans[start].has.keys() & {"unknown", "road"}:
            start += 1
        while start > first and start < at and u.spans[start].glued:
            start -= 1  # the word that it is a part of: 가든로
    stretch = [u.spans[i].has for i in range(start, at)]
    if any("road" in has for has in stretch) and any(has.keys() & {"num", "digits"} for has in stretch):
        u.add(at, Act("give_address", value=as_written(u, start, at)), set(range(start, at)))


def behind(u: Utterance, at: int) -> None:
    """An address said right behind the word for delivery: "delivery to 12 High Street"."""
    start = at + 1
    while (
        start < len(u.spans)
        and (
            u.spans[start].has.keys() & {"on", "pause", "it", "clock", "fulfilment"}
            or _marks(u, start)
            or _moment_before(u, start)
        )
        and not u.spans[start].has.keys() & {"num", "behind"}
    ):
        if u.spans[start].has.get("clock") in ("asap",):
            return
        start = _delay_behind(u, start) or _moment_before(u, start) or _begins_time(u, start) or start + 1
    start = _goods_to_bring(u, start)
    if u.grammar.script == "spaced":
        start = moments_apart(u).get(start, start)  # "delivery tomorrow between 5 and 6"
    elif start in moments_apart(u) and "between" in u.spans[start].has:
        return
    end = end_of(u, start)
    if u.grammar.script == "unspaced" and _counts_to_bring(u, start, end):
        return
    if start < end and looks_like_one(u, start, end) and not any(i in u.used for i in range(start, end)):
        if u.spans[start].has.keys() & {"verb", "act"} and "unknown" not in u.spans[start].has:
            return
        u.add(at, Act("give_address", value=as_written(u, start, end)), set(range(start, end)))


def _goods_to_bring(u: Utterance, start: int) -> int:
    """Where an address may begin behind goods that are counted at `start`: "deliver two cokes to 12 High Street"; its
    end where it goes on with nothing that leads to one."""
    if u.grammar.script != "spaced" or start + 1 >= len(u.spans) or "num" not in u.spans[start].has:
        return start
    follower = u.spans[start + 1].has
    if "item" not in follower or "road" in follower:
        return start
    return next((i + 1 for i in range(start + 2, len(u.spans)) if "on" in u.spans[i].has), len(u.spans))


def _counts_to_bring(u: Utterance, start: int, end: int) -> bool:
    """帮我送两个汉堡: goods are counted that are to be brought, and no road is named."""
    stretch = [u.spans[i].has for i in range(start, end)]
    counted = any("num" in one and "measure" in other for one, other in pairwise(stretch))
    goods = any(has.keys() & {"item", "category", "partial"} for has in stretch)
    return counted and goods and not any("road" in has and "measure" not in has for has in stretch)


def _moment_before(u: Utterance, at: int) -> int:
    """Where a day or an hour ends that `at` is in and that leads on to the address, else 0: "at 7pm tomorrow to …"."""
    end = next((end for begin, end in moments_apart(u).items() if begin <= at < end), 0)
    return end if 0 < end < len(u.spans) and "on" in u.spans[end].has else 0


def _marks(u: Utterance, at: int) -> bool:
    """Whether a word only marks the way to get the goods that it is written together with: 교외*로*."""
    span = u.spans[at]
    return bool(span.glued and "particle" in span.has and at and "fulfilment" in u.spans[at - 1].has)


def _delay_behind(u: Utterance, at: int) -> int:
    """Where "in 20 minutes" that begins at `at` ends, with its act, else 0: the "to" behind it leads to the address."""
    spans = list(u.spans[at : at + 3])
    if len(spans) < 3 or spans[0].has.get("clock") != "in" or "num" not in spans[1].has:
        return 0
    unit = meaning_of(u.lexicon.words[u.grammar.tag], words_of(spans[2].text)[:1])
    if unit.get("clock") not in ("minute", "hour"):
        return 0
    spans[2] = Span(spans[2].start, spans[2].end, dict(unit), spans[2].text)
    found = time_at(spans, 0, u.context.now, False)
    if found is None or found.end != 3:
        return 0
    u.add(at, Act("give_time", value=found.value), set(range(at, at + 3)))
    return at + 3


def after(u: Utterance, at: int, way: str | None = None) -> None:
    """An address said behind "my address is"; "the same address" is that of the last order."""
    if way == SAME:
        u.add(at, Act("give_address", value={SAME: True}), {at})
        return
    start = at + 1
    while start < len(u.spans) and u.spans[start].has.keys() & _LEADS_ON and "num" not in u.spans[start].has:
        start += 1
    if way is None and start > at + 1 and start < len(u.spans) and _says_address(u, start):
        return  # 换个地址，送到…: it is told behind those words
    if way is not None and (zone := _zone(u, start)) is not None:
        way, start = zone
    end = end_of(u, start)
    if start < end and looks_like_one(u, start, end):
        if way is not None:
            u.add(at, Act("choose_fulfilment", value=way))
        if "the" in u.spans[start].has and all(span.has.keys() & {"the", "road"} for span in u.spans[start:end]):
            u.used.update(range(at, end))  # "drop it off at my place": where that is, is still to be told
            return
        u.add(at, Act("give_address", value=as_written(u, start, end)), set(range(at, end)))


def _zone(u: Utterance, at: int) -> tuple[str, int] | None:
    """A way of its own to get goods brought, named where the address begins, and where that goes on: 送到市中心，…"""
    way = u.spans[at].has.get("fulfilment") if at < len(u.spans) else None
    if way is None or way == DELIVERY or u.lexicon.shop.kind_of_way(way) != DELIVERY:
        return None
    start = at + 1
    while start < len(u.spans) and u.spans[start].has.keys() & {"pause", "on", "particle"}:
        start += 1
    return way, start


_LEADS_ON = frozenset({"pause", "clock", "it_is", "stop"})


def asked(u: Utterance) -> None:
    """The address that was asked for, with whatever else stands beside it left to others."""
    start = 0
    while start < len(u.spans) and (
        start in u.used
        or _says_address(u, start)
        or _becomes(u.spans[start], start)
        or (
            u.spans[start].has.keys() & {"filler", "pause", "it", "on", "fulfilment", "clock", "wish"}
            and not u.spans[start].has.keys() & {"num", "road", "unknown", "behind"}
        )
    ):
        start += 1
    start = _whole_name(u, start)
    end = end_of(u, start)
    stretch = u.spans[start:end]
    wonders = any("asking" in one.has and "filler" in one.has for one in stretch) and not _numbered(stretch)
    if wonders or _of_goods(stretch) or any("percent" in one.has for one in stretch):
        return  # 寄到北京行吗; "two more cokes"; "tip 10%"
    if start < end and (looks_like_one(u, start, end) or _many_words(u, start, end)):
        u.add(start, Act("give_address", value=as_written(u, start, end)), set(range(start, end)))


def _becomes(span: Span, at: int) -> bool:
    """改成幸福路27号: what begins with it is the new address."""
    return at == 0 and len(span.text) > 1 and span.has.get("verb", ("", ""))[0] == "swap" and "unknown" not in span.has


def _whole_name(u: Utterance, start: int) -> int:
    """Where the address begins whose name begins with words that mean something else: 人民路12号, 반포대로 5."""
    if start >= len(u.spans):
        return start
    if u.grammar.script == "unspaced":
        named = _numbered_road(u)
        if named is not None and named < start and u.used.isdisjoint(range(named, start)):
            return named
        behind = next((span for span in u.spans[start + 1 : start + 3] if "choice" not in span.has), None)
        alone = len(u.spans[start].text) == 1 and behind and behind.has.keys() & {"road", "num", "digits"}
        if alone and start and len(u.spans[start - 1].text) == 1 and _begins_name(u, start - 1):
            return start - 1  # 好望路, 外滩18号: no place is called by one letter
    elif u.grammar.script == "particles":
        while start and u.spans[start].glued and _begins_name(u, start - 1):
            start -= 1
    return start


def _begins_name(u: Utterance, index: int) -> bool:
    """Whether a word may be the beginning of the name behind it, whatever it means elsewhere."""
    span = u.spans[index]
    free = index not in u.used and not _says_address(u, index)
    return free and span.has.keys().isdisjoint({"pause", "stop", "fulfilment", "on", "num"})


def _of_goods(stretch: Sequence[Span]) -> bool:
    """Whether every word is said of goods, and some of them name goods or more of them: 再来一份, 라떼도 한 잔요."""
    named = any(one.has.keys() & {"item", "again", "another"} for one in stretch)
    return named and all(one.has.keys() & _OF_GOODS for one in stretch)


_OF_GOODS = frozenset(
    "item choice num measure article some amount more again another and too only verb particle filler polite instead_of"
    " instead_after instead".split()
)


def _numbered(stretch: Sequence[Span]) -> bool:
    return any(one.has.keys() & {"num", "digits"} for one in stretch)


def _many_words(u: Utterance, start: int, end: int) -> bool:
    return any(u.spans[i].has.keys() & {"unknown", "place"} for i in range(start, end))

"""What fills in a step: codes, addresses, contacts, ways, days and hours, methods, amounts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from assistant.commerce.shop import DELIVERY
from assistant.turns import Act, Doubt
from assistant.understanding.asked import allergies, gifts, offered, questions
from assistant.understanding.changing import sizes
from assistant.understanding.facts import (
    addresses,
    answers,
    house_numbers,
    other_nights,
    other_room,
    paying,
    people,
    slashed,
    ways,
)
from assistant.understanding.facts.days import Found
from assistant.understanding.facts.guests import guests, portions
from assistant.understanding.facts.moments import half_said, hour_for, moments, other_hour, says_when
from assistant.understanding.facts.numbers_meant import same_half
from assistant.understanding.facts.stays import days_of, not_that_day, shifted, stay, vague
from assistant.understanding.facts.windows import first_of
from assistant.understanding.words.spans import UNKNOWN, digits_of
from assistant.understanding.words.utterance import Utterance

_CODES = ("hear", "code", "word_code")


def facts(u: Utterance) -> None:
    """What fills in a step: codes, addresses, contacts, times, methods, amounts; and what somebody is allergic to."""
    allergies.read(u)
    sizes.read(u)
    portions(u)
    house_numbers.corrected(u)
    coded = not u.kinds.isdisjoint(_CODES)
    if "hear" in u.kinds:
        for index in [i for i, span in enumerate(u.spans) if "hear" in span.has and answers.numbered(span)]:
            answers.heard(u, index)  # 我在5号桌 is no address
    for index in range(len(u.spans)) if coded else u.acting:
        for name, value in u.acts_at(index):
            if index not in u.used:
                _announced(u, index, name, value)
        if not coded:
            continue
        if u.free(index, "hear"):
            answers.heard(u, index)
        if u.free(index, "code"):
            u.add(index, Act("give_coupon", value=u.spans[index].has["code"]), {index})
        elif u.free(index, "word_code") and answers.as_code(u, index):
            u.add(index, Act("give_coupon", value=u.spans[index].has["word_code"]), {index})
    _language_alone(u)
    answers.discount(u)
    people.familiar(u)
    offered.read(u)
    gifts.read(u)
    fulfilments(u)
    paying.methods(u)
    times(u)
    if u.context.expects != "address" and _address_open(u):
        addresses.told(u)
    elif u.context.expects != "address" and not u.grammar.verbs_last and u.lexicon.shop.asks_where:
        addresses.corrected(u)
    if u.context.expects == "contact":
        people.by_name(u)
    elif "name" in u.context.missing and u.context.expects != "address":
        people.by_name(u, asked=False)
        if "fulfilment" not in u.context.missing:
            people.perhaps_name(u)


def _announced(u: Utterance, at: int, name: str, value: Any) -> None:
    """What a word announces, such as "coupon" or "my address is"."""
    if name == "give_coupon" and value == "off":
        u.add(at, Act("give_coupon"), {at})
    elif name == "give_coupon":
        answers.coupon(u, at)
    elif name == "give_address":
        addresses.after(u, at, value)
    elif name == "give_contact" and value == "name":
        people.announced(u, at)
    elif (name, value) == ("back", "contact") and any(
        span.has.keys() & {"it_is", "clock", "calls"} for span in u.spans[at + 1 : at + 3]
    ):
        people.announced(u, at)  # "the name is wrong, it's Anna"
    elif name == "give_amount":
        answers.amount_after(u, at)
    elif name == "choose_method" and value == "split" and u.spans[at].glued and at and digits_of(u.spans[at - 1]):
        return  # "SW1A 2AA"
    elif name == "choose_method" and (value == "split" or u.context.expects == "method"):
        # "try again", after a decline; "split the bill", whenever it is said
        u.add(at, Act("choose_method", value=value), {at})
    elif name == "change_language":
        near = (*range(at + 1, min(at + 4, len(u.spans))), *range(at - 1, max(at - 4, -1), -1))
        language = next((i for i in near if "language" in u.spans[i].has), None)
        if language is not None:
            u.add(at, Act("change_language", value=u.spans[language].has["language"]), {at, language})


def _language_alone(u: Utterance) -> None:
    """A language with nothing but politeness beside it is asked for: 中文可以吗, "English please"."""
    if "language" not in u.kinds or u.acts or not all(span.has.keys() & _BESIDE_LANGUAGE for span in u.spans):
        return
    at = next(i for i, span in enumerate(u.spans) if "language" in span.has)
    u.add(at, Act("change_language", value=u.spans[at].has["language"]), set(range(len(u.spans))))


_BESIDE_LANGUAGE = frozenset("language filler polite particle hesitation pause stop".split())


def _address_open(u: Utterance) -> bool:
    """Whether an address may be told without being asked for: none is known, or it is said where to, "to 12 …", or now
    that it is to be brought."""
    if not u.lexicon.shop.asks_where:
        return False
    if any(act.act == "choose_fulfilment" and u.lexicon.shop.kind_of_way(act.value) == DELIVERY for _, act in u.acts):
        return True
    return bool({"address", "fulfilment"} & set(u.context.missing)) or "on" in u.spans[0].has


def fulfilments(u: Utterance) -> None:
    asked = u.context.expects
    if "fulfilment" not in u.kinds or (len(u.lexicon.shop.fulfilments) < 2 and asked != "fulfilment"):
        return
    dear = [i for i in u.acting if "dear" in u.spans[i].has]
    if dear and len(dear) == sum(any(n in questions.QUESTIONS for n, _ in u.acts_at(i)) for i in u.acting):
        u.used.update(dear)  # 太贵了，还是自取: why another way is chosen
    if asked != "fulfilment" and u.names(*questions.QUESTIONS):
        return
    named = [
        index
        for index, span in enumerate(u.spans)
        if u.free(index, "fulfilment")
        and not span.has.keys() & {"item", "choice"}
        and (asked == "fulfilment" or not _of_longer_name(u, index))
        and not ("verb" in span.has and asked != "fulfilment" and _of_goods(u, index))
        and not ("verb" in span.has and _of_so_many(u, index))
    ]
    meant, words = ways.wanted(u, named)
    u.used.update(named, words)
    if any(act.act == "choose_fulfilment" for _, act in u.acts):
        return  # with its address, already
    if meant is None:
        off = any(ways.called_off(u, at) is not None for at in named)
        if off:  # of an order that was placed, it is all of it
            u.add(named[0], Act("cancel") if u.context.orders else Act("back", value="fulfilment"))
        elif named:
            u.add(named[0], Act("deny"))
        return
    chosen = u.spans[meant].has["fulfilment"]
    u.add(meant, Act("choose_fulfilment", value=chosen))
    if u.lexicon.shop.kind_of_way(chosen) == DELIVERY and not any(act.act == "give_address" for _, act in u.acts):
        if u.grammar.verbs_last:
            addresses.before(u, meant)
        if not any(act.act == "give_address" for _, act in u.acts):
            addresses.behind(u, meant)


def _of_longer_name(u: Utterance, at: int) -> bool:
    """Whether a word is but the beginning of a name that isn't known: 포장 이사. What stands behind a way of delivery
    may be an address."""
    name = ways.begins_name(u, at)
    way = u.spans[at].has["fulfilment"]
    return name and (u.lexicon.shop.kind_of_way(way) != DELIVERY or u.kinds.isdisjoint({"road", "num", "digits"}))


def _of_goods(u: Utterance, at: int) -> bool:
    """Whether a word that may be a verb as well has something that it is done to: "take out the onions" """
    clause = u.spans[at + 1 :]
    until = next((i for i, span in enumerate(clause) if span.has.keys() & {"pause", "stop"}), len(clause))
    beside = clause[:until] if not u.grammar.verbs_last else u.spans[:at]
    return any(span.has.keys() & {"item", "choice", "category", "partial", "unknown", "it", "unit"} for span in beside)


def _of_so_many(u: Utterance, at: int) -> bool:
    """Whether a word that may be a verb as well is done to so many of the goods spoken of last: "take away three"."""
    behind = [span.has for span in u.spans[at + 1 :] if span.has.keys().isdisjoint({"polite", "of_them", "stop", "it"})]
    if len(behind) != 1 or "num" not in behind[0]:
        return False
    line = u.context.spoken_of or (u.context.basket[-1] if u.context.basket else None)
    return line is not None and 0 < behind[0]["num"][0] <= (line.quantity or 1)


def times(u: Utterance) -> None:
    asked, now, booking = u.context.expects == "time", u.context.now, u.context.booking
    if "between" in u.kinds and not first_of(u.spans).whole:
        for span in u.spans:
            span.has = UNKNOWN if span.has.keys() == {"between"} else span.has  # "the rate between us and them"
    for at in vague(u.spans) if booking else ():
        u.spans[at].has = {"filler": True}  # "two or three nights": no rooms and no guests, either
    if booking and (pairs := slashed.dates(u)):
        _figures(u, pairs)
    said = moments(u.spans, now, asked, booking, u.context.later)
    if not said and u.context.timed and not booking and all(span.has.keys() & _OF_HOUR for span in u.spans):
        said = moments(u.spans, now, True, booking, u.context.later)  # "six thirty", "9 then": another hour
    found = [one for one in said if u.used.isdisjoint(range(one.start, one.end))]
    if booking:
        found = _stays_and_guests(u, found)
    _take_first(u, found, asked)
    if not found and not booking and "party" in u.kinds and (maybe := hour_for(u.spans, now)) is not None:
        _by_day(u, set(range(maybe.start, maybe.end)), [Act("give_time", value=maybe.value)], vague=True)
    if asked:
        for index in u.acting:
            if any(name == "give_time" for name, _ in u.acts_at(index)):
                u.used.add(index)


def _figures(u: Utterance, pairs: tuple[slashed.Pair, ...]) -> None:
    """Reads dates in figures: month first, or last where only that makes a stay that isn't too long. One day alone
    that may be either is asked about."""
    if not slashed.unsure(u, pairs):
        slashed.put(u, pairs, month_last=False)
        return
    stays = []
    for last in (True, False):
        slashed.put(u, pairs, last)
        said = _stay(u, days_of(moments(u.spans, u.context.now, False, True)), u.context.now)
        stays.append((last, said[0][0] if said is not None else {}, said[1] if said is not None else set()))
    likely = [one for one in stays if _length(one[1]) <= _LONGEST]
    if len(likely) == 1:
        slashed.put(u, pairs, likely[0][0])
    elif len(pairs) == 1 and all(said for _, said, _ in stays):
        used = {pairs[0][0], pairs[0][0] + 1} | stays[1][2]
        _by_day(u, used, [Act("give_dates", value=_nights(said)) for _, said, _ in reversed(stays)])


_LONGEST = 30


def _length(said: Mapping[str, str]) -> int:
    if "from" not in said or "to" not in said:
        return 0
    return (dt.date.fromisoformat(said["to"]) - dt.date.fromisoformat(said["from"])).days


_OF_HOUR = frozenset({"num", "clock", "daypart", "hesitation", "filler", "correct", "pause", "stop", "polite"})
"""What is said of nothing but another hour."""


def _stays_and_guests(u: Utterance, found: list[Found]) -> list[Found]:
    """Takes the nights and the guests of a booking; what is left says when somebody comes."""
    days = _near_arrival(u, _not_refused(u, days_of(found)))
    open_days = any(one.act == "give_dates" for doubt in u.doubts for one in doubt.candidates)
    dates = None if open_days else _shift(u, days) or _stay(u, days, u.context.now)
    asked = dates is not None and other_nights.read(u, *dates)
    if dates is None:
        other_nights.rate(u)
    elif not asked:
        vague = any(one.how == "vague" for one in days)
        room, words = other_room.whose(u, dates[1]) or ("", set())
        of = (room,) if room else ()
        some = other_room.some_of(u, dates[1]) if not room else None
        lines, one_of = some or ((), set())
        somebody = not room and len(u.context.stays) > 1 and _of_somebody(u, dates[1])
        if (some is not None and not lines) or somebody:
            u.leftover.append(u.shown)
            u.used.update(dates[1] | one_of)
            return found
        words |= one_of
        told = [Act("give_dates", lines, items=of, value=_nights(said)) for said in _stays(u, dates[0])]
        _by_day(u, dates[1] | words, told, vague)
        nights = [(i, i + 1) for i, span in enumerate(u.spans) if "night" in span.has and i in dates[1]]
        if not room and other_room.each_its_own(u, [*((one.start, one.end) for one in days), *nights]):
            u.add(len(u.spans), Act("ask_item", value="each_room"))
    party = guests(u.spans)
    counted = _counted_by_guests(u)
    if party is not None and (_of_one_room(u, party[1]) or _of_a_part(u, party[1])):
        u.used.update(party[1])  # "a single for me and a twin for my parents": not all who come
    elif party is not None:
        u.add(min(party[1]), Act("give_guests", value=party[0]), party[1] - counted)
    if dates is not None:
        for index, span in enumerate(u.spans):
            if span.has.get("day") in ("arrive", "leave", "from", "until", "since", "till"):
                u.used.add(index)
        found = [one for one in found if isinstance(one.value, str) and ":" in one.value] if not u.doubts else []
    if party is not None:  # "to 2 January for two": no hour
        found = [one for one in found if party[1].isdisjoint(range(one.start, one.end))]
    if u.context.expects == "stay" and party is None and dates is None:
        bare_number(u)
    return found


def _counted_by_guests(u: Utterance) -> set[int]:
    """ "With breakfast for two": for how many people something is wanted that nobody sleeps in is how many of it are
    wanted, where it isn't counted itself. The words that count it are left to its line."""
    made: set[int] = set()
    for at in range(1, len(u.spans) - 1):
        goods, behind = u.spans[at - 1].has.get("item", ()), u.spans[at + 2].has if at + 2 < len(u.spans) else {}
        if len(goods) != 1 or u.lexicon.catalogue.items[goods[0]].adults or "party" not in u.spans[at].has:
            continue
        if "num" not in u.spans[at + 1].has or behind.keys() & {"night", "clock", "item", "choice", "period"}:
            continue
        begin = max((i for i in range(at - 1) if u.spans[i].has.keys() & _PARTS_GOODS), default=-1)
        if not any("num" in span.has and "article" not in span.has for span in u.spans[begin + 1 : at]):
            u.spans[at].has = {"times": True}
            made |= {at, at + 1}
    return made


_PARTS_GOODS = frozenset({"item", "and", "pause", "amount"})
"""Behind one of these a count is of the goods that follow."""


def _of_somebody(u: Utterance, said: set[int]) -> bool:
    """Whether it is told how long somebody stays whose room isn't named: "mom only stays Saturday night"."""
    before = [span.has for span in u.spans[: min(said)]]
    return any("people" in has and "wish" not in has for has in before) and any("stays" in span.has for span in u.spans)


def _of_one_room(u: Utterance, said: set[int]) -> bool:
    """Whether guests who aren't counted are said behind the second or a later one of several kinds of room, or behind
    one that comes to others: "and a single for my mom"."""
    if any("num" in u.spans[i].has for i in said):
        return False
    rooms = [i for i, span in enumerate(u.spans) if span.has.keys() & {"item", "partial"}]
    apart = [i for i in rooms if not rooms or i == rooms[0] or any("and" in s.has for s in u.spans[rooms[0] : i])]
    if apart and u.context.stays and min(said) > apart[0]:
        return True
    return len(apart) > 1 and min(said) > apart[1]


def _of_a_part(u: Utterance, said: set[int]) -> bool:
    """Whether it is said for whom a part of a room is that is booked already, "a cot for the baby", "no breakfast for
    one of us": that is not all who come, nor what all of them want."""
    start = min(said)
    start -= "the" in u.spans[start - 1].has if start else 0
    before = u.spans[: start - 1] if start else []
    led = start > 0 and "party" in u.spans[start - 1].has and u.grammar.script == "spaced"
    parts = any(span.has.keys() & {"choice", "option"} for span in before)
    if not (led and parts and u.context.basket and u.context.dated and u.context.expects != "stay"):
        return False
    if not any("item" in span.has for span in u.spans):
        u.used.add(start - 1)
        some = any("adult" in u.spans[i].has and "num" not in u.spans[i].has for i in said)
        if some and any("num" in u.spans[i].has for i in said):
            u.leftover.append(u.said(start - 1, max(said) + 1))
            for span in before:  # what some of them want isn't wanted by all
                span.has = {"filler": True}
        return True
    return False


_OF_ORDER = frozenset({"item", "category", "choice", "fulfilment", "pay", "correct", "makes", "it"})
"""Beside one of these an hour is that of an order, though not all words are known."""
_TOLD_BESIDE = frozenset({"choose_fulfilment", "choose_method", "give_address", "give_contact"})


def _take_first(u: Utterance, found: Sequence[Found], asked: bool) -> None:
    """Takes the first day or hour that goods may be wanted at; where another may be meant ("tomorrow or Friday") it is
    asked which."""
    for at, one in enumerate(found):
        told, end = _wanted_at(u, one, asked), one.end
        for other in found[at + 1 :] if told else ():
            between = [span.has for span in u.spans[end : other.start]]
            if not any("or" in has for has in between) or not all(has.keys() & _BESIDE_OR for has in between):
                break
            told, end = [*told, *_wanted_at(u, other, asked)], other.end
        start = one.start
        if len(told) == 1 and ":" in told[0] and (more := other_hour(u.spans, replace(one, value=told[0]))) is not None:
            told, start, end = [*told, str(more.value)], more.start, more.end
        if told:
            acts = [Act("give_time", value=value) for value in sorted(set(told))]
            _by_day(u, set(range(start, end)), acts)
            return


_BESIDE_OR = frozenset({"or", "the", "on", "particle", "clock", "hesitation", "filler", "pause"})


def _wanted_at(u: Utterance, one: Found, asked: bool) -> list[str]:
    """When the goods are wanted by a day or an hour, where it can be that; two, where "tomorrow" may be today."""
    if isinstance(one.value, dt.date) or one.value[2:3] == "-":  # a day without an hour, unless it can't be meant
        wanted = asked or any(act.act == "choose_fulfilment" for _, act in u.acts)
        if _later_day(u, one, wanted):
            half = half_said(u.spans[one.start : one.end + 1])
            return [f"{day} {half}" if half else str(day) for day in _days(u, one)]
        past = isinstance(one.value, str) or one.value < u.context.now.date()
        return [str(one.value)] if wanted and past else []
    if one.value == "asap" and not asked:
        now = u.context.booking or u.spans[one.start].text in _NOWISH
        if now or u.names(*questions.QUESTIONS):
            return []
    house = addresses.words_of_house(u)
    unknown = sum(1 for i, span in enumerate(u.spans) if "unknown" in span.has and i not in u.used and i not in house)
    about = not u.kinds.isdisjoint(_OF_ORDER) or any(act.act in _TOLD_BESIDE for _, act in u.acts)
    if unknown > (2 if about or u.context.timed else 0) and not asked and not u.context.booking:
        return []  # "walk the dog at five"
    return _times(u, one)


def _later_day(u: Utterance, found: Found, wanted: bool) -> bool:
    """Whether a day without an hour is when the goods of this order are wanted: "two lattes for tomorrow". It is never
    lost: what is wanted tomorrow would be made at once."""
    if u.context.booking or not isinstance(found.value, dt.date) or u.names(*questions.QUESTIONS):
        return False
    if _asks_how(u):
        return False
    today = u.context.now.date()
    if found.value < today or (found.value == today and u.context.expects != "time"):
        return False
    if not (says_when(u.spans[found.start : found.end]) or _of_the_month(u, found)):
        return False
    unknown = any("unknown" in span.has for i, span in enumerate(u.spans) if i not in u.used)
    return wanted or "item" in u.kinds or not (unknown or found.how == "month")


def _of_the_month(u: Utterance, found: Found) -> bool:
    """Whether "the 5th" is a day, there being no fifth in the basket, and nothing said that it may be made with."""
    nth = u.spans[found.start].has.get("ordinal", 0)
    if any("choice" in span.has and "item" not in span.has for span in u.spans):
        return False
    return bool(nth > max(3, sum(line.quantity or 1 for line in u.context.basket)))


def _asks_how(u: Utterance) -> bool:
    """Whether it is asked how something is that day, and nothing is ordered for it: 明天会热吗."""
    asks = u.grammar.script == "unspaced" and any("asking" in span.has for span in u.spans[-3:])
    return asks and not u.kinds.isdisjoint({"tag", "choice"}) and u.kinds.isdisjoint({"item", "category", "fulfilment"})


def _days(u: Utterance, found: Found) -> list[dt.date]:
    """The day as it was said; two, where "tomorrow" may be today."""
    if not _unsure_day(u, set(range(found.start, found.end))):
        return [found.value]
    return [found.value - dt.timedelta(days=1), found.value]


_NOWISH = frozenset({"now", "right now", "immediately", "whenever", "现在", "马上", "지금", "바로"})


SMALL_HOURS = 4
"""Before this hour "tomorrow" may be the day that has begun."""


def _by_day(u: Utterance, used: set[int], acts: Sequence[Act], vague: bool = False) -> None:
    """One act, or the question which is meant where the day may be either of two, or any near the one that is told."""
    if len(acts) == 1 and not vague:
        u.add(min(used, default=0), acts[0], used)
        return
    first = min(used)
    u.doubts.append(Doubt(u.said(first, max(used) + 1), tuple(acts)))
    u.used.update(used)


def _unsure_day(u: Utterance, used: set[int]) -> bool:
    return u.context.now.hour < SMALL_HOURS and any(u.spans[i].has.get("day") == "tomorrow" for i in used)


def _stay(u: Utterance, found: Sequence[Found], now: dt.datetime) -> tuple[list[dict[str, str]], set[int]] | None:
    context = u.context
    nights, arrival, behind = context.nights, context.arrival, u.grammar.script != "spaced"
    room = other_room.whose(u, {i for one in found for i in range(one.start, one.end)}) if context.stays else None
    if room is not None:
        own = {item: (days, start) for item, start, days in context.stays}
        nights, arrival = own.get(room[0], (nights, arrival))
    return stay(u.spans, found, now, nights, arrival, behind=behind, leaving=_leaves(u))


def _leaves(u: Utterance) -> bool:
    """Whether a day puts right the day of leaving that was said right before: "no wait, Saturday"."""
    return u.context.leaving and bool("correct" in u.kinds or u.names("deny"))


def _not_refused(u: Utterance, found: list[Found]) -> list[Found]:
    """The days that are wanted: "not Friday, Saturday". Where none is left, that is a no: "not today"."""
    refused = [(one, words) for one in found if (words := not_that_day(u.spans, one))]
    for one, words in refused:
        u.used.update(range(one.start, one.end), words)
    left = [one for one in found if all(one is not other for other, _ in refused)]
    for one in left if refused else ():
        u.used.update({i for i in (one.start - 1,) if i >= 0 and "it_is" in u.spans[i].has})  # 不是周五，是周六
    if refused and not left and not u.names("deny"):
        u.add(refused[0][0].start, Act("deny"))
    return left


def _near_arrival(u: Utterance, found: Sequence[Found]) -> list[Found]:
    """A weekday to which a known stay is moved, or at which one begins that is known but for its nights, is the one
    nearest to its first day: "make it Wednesday"."""
    arrival, today = u.context.arrival, u.context.now.date()
    moved = u.kinds & {"makes", "correct", "moves", "instead"} or any(
        span.has.get("verb", ("",))[0] in ("change", "swap") for span in u.spans
    )
    begun = not u.context.nights  # "next weekend … from Saturday, two nights"
    if arrival is None or not (moved or begun) or u.kinds & {"item", "category"} or _leaves(u):
        return list(found)
    return [
        Found(one.start, one.end, near, one.how, one.other)
        if one.how == "weekday" and (near := _nearest(arrival, one.value.weekday())) >= today
        else one
        for one in found
    ]


def _nearest(day: dt.date, weekday: int) -> dt.date:
    return day + dt.timedelta(days=(weekday - day.weekday() + 3) % 7 - 3)


def _shift(u: Utterance, found: Sequence[Found]) -> tuple[list[dict[str, str]], set[int]] | None:
    """The stay that is known, moved by some days, where no other day is said."""
    if u.context.arrival is None or u.kinds.isdisjoint(("postpone", "advance", "moves")):
        return None
    moved = shifted(u.spans, u.context.arrival, u.context.nights)
    if moved is None or any(one.end <= min(moved[1]) or one.start > max(moved[1]) for one in found):
        return None
    return [moved[0]], moved[1]


def _stays(u: Utterance, said: list[dict[str, str]]) -> list[dict[str, str]]:
    """The stay as it was said; two, where "tomorrow" may be today."""
    if not _unsure_day(u, set(range(len(u.spans)))):
        return said
    earlier = u.context.now - dt.timedelta(days=1)
    other = _stay(u, days_of(moments(u.spans, earlier, False, True)), earlier)
    return said if other is None or other[0] == said else [*other[0], *said]


def _times(u: Utterance, found: Found) -> list[str]:
    """The time as it was said; two, where "tomorrow" may be today."""
    if not _unsure_day(u, set(range(found.start, found.end))):
        return [same_half(u, str(found.value), u.spans)]
    at = dt.datetime.fromisoformat(found.value) - dt.timedelta(days=1)
    now = u.context.now.replace(tzinfo=None)
    return [at.isoformat(timespec="minutes"), found.value] if at > now else [found.value]


def bare_number(u: Utterance) -> None:
    """Nothing but a number where a stay was asked for: the nights, or once they are known the guests."""
    number = answers.number_alone(u)
    if number is None or number < 1:
        return
    act = (
        Act("give_guests", value={"adults": number}) if u.context.dated else Act("give_dates", value={"nights": number})
    )
    u.add(0, act, set(range(len(u.spans))))


def _nights(value: dict[str, str]) -> dict[str, Any]:
    return {key: int(one) if key == "nights" else one for key, one in value.items()}

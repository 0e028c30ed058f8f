"""From spans to what a person wants: the acts of an utterance, in order, with what was not understood."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from assistant.commerce.shop import DELIVERY
from assistant.turns import Act, Doubt, LineSaid
from assistant.understanding import addresses, allergies, answers, idle, paying, people, questions, refused, sizes, ways
from assistant.understanding.days import Found
from assistant.understanding.drafts import Draft
from assistant.understanding.goods import acts_for, read_goods, share
from assistant.understanding.guests import guests
from assistant.understanding.language_words import Grammar
from assistant.understanding.lexicon import Lexicon
from assistant.understanding.moments import half_said, hour_for, moments, says_when
from assistant.understanding.names import meaning_of
from assistant.understanding.spans import Span
from assistant.understanding.stays import days_of, shifted, stay
from assistant.understanding.text import words_of

PLAIN = frozenset(
    "checkout buy_now undo redo back repeat help person stop start_over show_basket order_status reorder cancel refund"
    " change_language continue_elsewhere".split()
)
_CONTENT = frozenset({"item", "choice", "num", "verb", "category", "partial", "amount", "option"})
_DOUBLE = frozenset(
    {
        "verb",
        "amount",
        "correct",
        "filler",
        "choice",
        "item",
        "clock",
        "on",
        "some",
        "it",
        "question",
        "wish",
        "category",
        "day",
        "fulfilment",
        "adult",
    }
)
"""A span that may also be one of these is an act only where nothing else was said."""
_GIVE = ("give_coupon", "give_address", "give_contact", "give_time", "give_amount")


class Utterance:
    """What is being read: the spans, what of them is used up, and what came of it."""

    def __init__(
        self,
        spans: list[Span],
        shown: str,
        offsets: Sequence[tuple[int, int]],
        lexicon: Lexicon,
        grammar: Grammar,
        context: Any,
    ) -> None:
        self.spans = spans
        self.shown = shown
        self.offsets = offsets
        """Where each token stands in `shown`."""
        self.lexicon = lexicon
        self.grammar = grammar
        self.context = context
        self.used: set[int] = set()
        self.acts: list[tuple[int, Act]] = []
        """(span where it was said, act)."""
        self.doubts: list[Doubt] = []
        self.leftover: list[str] = []
        self.apart: dict[int, int] | None = None
        """Where days and hours stand that are no part of an address, once they were looked for."""
        # What is said at all: most of what is looked for in an utterance isn't in it.
        self.kinds: set[str] = set()
        """The kinds of all its spans, as they were found."""
        for span in spans:
            self.kinds.update(span.has)
        self.acting = [index for index, span in enumerate(spans) if "act" in span.has]
        """The spans that may be acts by themselves."""

    def said(self, start: int, end: int) -> str:
        """Spans `start` to `end` as they were said."""
        if start >= end:
            return ""
        return self.shown[self.offsets[self.spans[start].start][0] : self.offsets[self.spans[end - 1].end - 1][1]]

    def add(self, at: int, act: Act, used: Sequence[int] | range | set[int] = ()) -> None:
        self.acts.append((at, act))
        self.used.update(used)

    def acts_at(self, index: int) -> tuple[tuple[str, Any], ...]:
        if index in self.used:
            return ()
        found: tuple[tuple[str, Any], ...] = self.spans[index].has.get("act", ())
        return found

    def names(self, *names: str) -> bool:
        """Whether a span that isn't used up may be one of these acts."""
        return any(name in names for index in self.acting for name, _ in self.acts_at(index))

    def free(self, index: int, *kinds: str) -> bool:
        return index not in self.used and not self.spans[index].has.keys().isdisjoint(kinds)


def read(utterance: Utterance) -> None:
    """Fills in acts, doubts and leftover. Facts first (codes, addresses, times), then questions, goods, commands."""
    if questions.kinds_alone(utterance) or ("for_others" in utterance.kinds and idle.for_others(utterance)):
        return
    if refused.read(utterance):
        return
    facts(utterance)
    drafts: list[Draft] = []
    start = 0
    if utterance.context.expects == "confirm":
        answers.amount_anywhere(utterance)
    spans = utterance.spans
    for index in range(len(spans) + 1):
        if index < len(spans) and drafts and start < index and all("correct" in one.has for one in spans[start:index]):
            continue  # "Two cokes. No wait. Three cokes.": as recognisers write it
        if index == len(spans) or "stop" in spans[index].has or _asked_and_gone_on(utterance, index):
            sentence(utterance, start, index, drafts)
            start = index + 1
    finish(utterance, drafts)
    if not utterance.acts and not utterance.doubts:
        idle.read(utterance)


def _asked_and_gone_on(u: Utterance, at: int) -> bool:
    """Whether a pause at `at` ends a question: 奶茶里有红豆吗，我不能吃红豆."""
    if not at or "pause" not in u.spans[at].has or "contains" not in u.kinds:
        return False
    return u.grammar.script == "unspaced" and u.spans[at - 1].has.keys() >= {"asking", "filler"}


# --------------------------------------------------------------------------------------------------- facts


_FACTS = ("act", "hear", "code", "word_code")


def facts(u: Utterance) -> None:
    """What fills in a step: codes, addresses, contacts, times, methods, amounts; and what somebody is allergic to."""
    allergies.read(u)
    sizes.read(u)
    for index, span in enumerate(u.spans):
        if span.has.keys().isdisjoint(_FACTS):
            continue
        for name, value in u.acts_at(index):
            if index in u.used:
                break
            if name == "give_coupon" and value == "off":
                u.add(index, Act("give_coupon"), {index})
            elif name == "give_coupon":
                answers.coupon(u, index)
            elif name == "give_address":
                addresses.after(u, index, value)
            elif name == "give_contact":
                if value == "name":
                    people.announced(u, index)
            elif name == "give_amount":
                answers.amount_after(u, index)
            elif name == "choose_method" and (value == "split" or u.context.expects == "method"):
                # "try again", after a decline; "split the bill", whenever it is said
                u.add(index, Act("choose_method", value=value), {index})
            elif name == "change_language":
                target = next(
                    (i for i in range(index + 1, min(index + 4, len(u.spans))) if "language" in u.spans[i].has), None
                )
                before = next(
                    (i for i in range(index - 1, max(index - 4, -1), -1) if "language" in u.spans[i].has), None
                )
                found = target if target is not None else before
                if found is not None:
                    u.add(index, Act("change_language", value=u.spans[found].has["language"]), {index, found})
        if u.free(index, "hear"):
            answers.heard(u, index)
        if u.free(index, "code"):
            u.add(index, Act("give_coupon", value=u.spans[index].has["code"]), {index})
        elif u.free(index, "word_code") and answers.as_code(u, index):
            u.add(index, Act("give_coupon", value=u.spans[index].has["word_code"]), {index})
    answers.discount(u)
    fulfilments(u)
    paying.methods(u)
    times(u)
    if u.context.expects != "address" and _address_open(u):
        addresses.told(u)
    if u.context.expects == "contact":
        people.by_name(u)
    elif "name" in u.context.missing and u.context.expects != "address":
        people.by_name(u, asked=False)


def _address_open(u: Utterance) -> bool:
    """Whether an address may be told without being asked for: none is known, or it is said where to, "to 12 …"."""
    ways = u.lexicon.shop.fulfilments.values()
    if not any("address" in way.needs for way in ways):
        return False
    return bool({"address", "fulfilment"} & set(u.context.missing)) or "on" in u.spans[0].has


def fulfilments(u: Utterance) -> None:
    asked = u.context.expects
    if "fulfilment" not in u.kinds or (len(u.lexicon.shop.fulfilments) < 2 and asked != "fulfilment"):
        return
    if asked != "fulfilment" and u.names(*questions.QUESTIONS):
        return
    named = [
        index
        for index, span in enumerate(u.spans)
        if u.free(index, "fulfilment")
        and not span.has.keys() & {"item", "choice"}
        and not ("verb" in span.has and asked != "fulfilment" and _of_goods(u, index))
    ]
    meant, words = ways.wanted(u, named)
    u.used.update(named, words)
    if any(act.act == "choose_fulfilment" for _, act in u.acts):
        return  # with its address, already
    if meant is None:
        if named:
            u.add(named[0], Act("deny"))
        return
    chosen = u.spans[meant].has["fulfilment"]
    u.add(meant, Act("choose_fulfilment", value=chosen))
    if u.lexicon.shop.kind_of_way(chosen) == DELIVERY and not any(act.act == "give_address" for _, act in u.acts):
        if u.grammar.verbs_last:
            addresses.before(u, meant)
        if not any(act.act == "give_address" for _, act in u.acts):
            addresses.behind(u, meant)


def _of_goods(u: Utterance, at: int) -> bool:
    """Whether a word that may be a verb as well has something that it is done to: "take out the onions" """
    clause = u.spans[at + 1 :]
    until = next((i for i, span in enumerate(clause) if span.has.keys() & {"pause", "stop"}), len(clause))
    beside = clause[:until] if not u.grammar.verbs_last else u.spans[:at]
    return any(span.has.keys() & {"item", "choice", "category", "partial", "unknown", "it"} for span in beside)


def times(u: Utterance) -> None:
    asked, now = u.context.expects == "time", u.context.now
    booking = u.context.booking
    found = [
        one
        for one in moments(u.spans, now, asked, booking, u.context.later)
        if u.used.isdisjoint(range(one.start, one.end))
    ]
    if booking:
        days = _near_arrival(u, days_of(found))
        dates = _shift(u, days) or _stay(u, days, now)
        if dates is not None:
            vague = any(one.how == "vague" for one in days)
            _by_day(u, dates[1], [Act("give_dates", value=_nights(said)) for said in _stays(u, dates[0])], vague)
        party = guests(u.spans)
        if party is not None:
            u.add(min(party[1]), Act("give_guests", value=party[0]), party[1])
        if dates is not None:
            for index, span in enumerate(u.spans):
                if span.has.get("day") in ("arrive", "leave", "from", "until", "since", "till"):
                    u.used.add(index)
            found = [one for one in found if isinstance(one.value, str) and ":" in one.value] if not u.doubts else []
        if u.context.expects == "stay" and party is None and dates is None:
            bare_number(u)
    for one in found:
        if isinstance(one.value, dt.date) or one.value[2:3] == "-":  # a day without an hour, unless it can't be meant
            wanted = asked or any(act.act == "choose_fulfilment" for _, act in u.acts)
            if _later_day(u, one, wanted):
                used = set(range(one.start, one.end))
                half = half_said(u.spans[one.start : one.end + 1])
                told = [f"{day} {half}" if half else str(day) for day in _days(u, one)]
                _by_day(u, used, [Act("give_time", value=day) for day in told])
                break
            if wanted and (isinstance(one.value, str) or one.value < now.date()):
                u.add(one.start, Act("give_time", value=str(one.value)), set(range(one.start, one.end)))
                break
            continue
        if one.value == "asap" and not asked and u.names(*questions.QUESTIONS):
            continue
        if one.value == "asap" and not asked and (booking or u.spans[one.start].text in _NOWISH):
            continue
        unknown = sum(1 for i, span in enumerate(u.spans) if "unknown" in span.has and i not in u.used)
        if unknown > 2 and not asked and not booking:
            continue
        used = set(range(one.start, one.end))
        _by_day(u, used, [Act("give_time", value=value) for value in _times(u, one)])
        break
    if not found and not booking and (maybe := hour_for(u.spans, now)) is not None:
        _by_day(u, set(range(maybe.start, maybe.end)), [Act("give_time", value=maybe.value)], vague=True)
    if asked:
        for index in u.acting:
            if any(name == "give_time" for name, _ in u.acts_at(index)):
                u.used.add(index)


def _later_day(u: Utterance, found: Found, wanted: bool) -> bool:
    """Whether a day without an hour is when the goods of this order are wanted: "two lattes for tomorrow". It is never
    lost: what is wanted tomorrow would be made at once."""
    if u.context.booking or not isinstance(found.value, dt.date) or u.names(*questions.QUESTIONS):
        return False
    today = u.context.now.date()
    if found.value < today or (found.value == today and u.context.expects != "time"):
        return False
    if not says_when(u.spans[found.start : found.end]):
        return False
    unknown = any("unknown" in span.has for i, span in enumerate(u.spans) if i not in u.used)
    return wanted or "item" in u.kinds or not (unknown or found.how == "month")


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
    return stay(u.spans, found, now, context.nights, context.arrival, behind=u.grammar.script != "spaced")


def _near_arrival(u: Utterance, found: Sequence[Found]) -> list[Found]:
    """A weekday to which a known stay is moved is the one nearest to its first day: "make it Wednesday"."""
    arrival, today = u.context.arrival, u.context.now.date()
    moved = u.kinds & {"makes", "correct", "moves", "instead"} or any(
        span.has.get("verb", ("",))[0] in ("change", "swap") for span in u.spans
    )
    if arrival is None or not moved or u.kinds & {"item", "category"}:
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
        return [found.value]
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


# ----------------------------------------------------------------------------------------------- sentences


def sentence(u: Utterance, start: int, end: int, drafts: list[Draft]) -> None:
    """One sentence: its questions, then its goods, then its commands."""
    if start >= end:
        return
    indexes = range(start, end)
    if u.grammar.script == "unspaced" and (drafts or u.context.basket or "item" in u.kinds):
        questions.some_have(u, start, end, bool(drafts or u.context.basket))
    acting = [i for i in u.acting if start <= i < end and "act" in u.spans[i].has]
    question = next(
        (
            i
            for i in acting
            for name, _ in u.acts_at(i)
            if name in questions.QUESTIONS and questions.asks(u, i, start, end)
        ),
        None,
    )
    if question is None and "question" in u.kinds:
        question = next((i for i in indexes if u.free(i, "question") and questions.wonders(u, i, start, end)), None)
    left = list(indexes)
    if contained := allergies.inside(u, start, end):
        act, begin = contained
        u.add(begin, act, set(range(begin, end)))
    elif question is not None:
        left = questions.ask(u, question, start, end)
        while (more := next((i for i in acting if i in left and _asks_more(u, i, left)), None)) is not None:
            left = [i for i in questions.ask(u, more, min(left), end) if i in left]
    elif asked_about := questions.inquiry(u, start, end):
        u.add(start, asked_about, set(indexes))
    elif described := questions.described(u, start, end):
        u.add(start, described, set(indexes))
    elif cheapest := questions.cheapest(u, start, end):
        u.add(start, cheapest, set(indexes))
    elif priced := questions.follow_up(u, start, end):
        u.add(start, priced, set(indexes))
    kept = [u.spans[i] for i in left if i not in u.used]
    if kept:
        asked = next((act.items for _, act in reversed(u.acts) if act.act in questions.QUESTIONS and act.items), ())
        questions.unknown(u, read_goods(u, kept, drafts, asked))
    acting = [i for i in acting if i in left]
    for i in acting:
        for name, value in u.acts_at(i):
            if name == "same" and drafts and not drafts[-1].head and drafts[-1].options and not drafts[-1].alike:
                same = drafts[-1]  # "the same again but with bacon"
                same.reference = same.more = same.verb = same.alike = True
                same.mode, same.quantity = "add", None if value == "all" else 1
                u.used.add(i)
            elif name == "same":
                u.add(i, Act("add", lines=(LineSaid(None, None if value == "all" else 1),)), {i})
    if acting:
        commands(u, left, acting, bool(drafts))


def _asks_more(u: Utterance, at: int, left: Sequence[int]) -> bool:
    """Whether another question than the one that was taken stands at `at`, with goods of its own."""
    asks = any(name in questions.QUESTIONS for name, _ in u.acts_at(at))
    return asks and any(u.free(i, "item", "category") for i in left)


def commands(u: Utterance, left: Sequence[int], acting: Sequence[int], ordered: bool) -> None:
    """Commands without goods: checkout, undo, help and the like. `acting`: of `left`, those that may be one."""
    strange = sum(u.spans[i].end - u.spans[i].start for i in left if i not in u.used and "unknown" in u.spans[i].has)
    for i in acting:
        for name, value in u.acts_at(i):
            if name not in PLAIN:
                continue
            span = u.spans[i]
            if name == "cancel" and left and questions.asking(u, left[0], left[-1] + 1) and not _requested(u, left):
                u.add(i, Act("ask_item", value="cancellation"), {i})
                break
            double = _DOUBLE if u.context.booking else _DOUBLE - {"day"}
            weak = bool(span.has.keys() & double)
            size = span.end - span.start
            if strange and (size < 2 or strange > 2 * size):
                continue
            if name == "cancel" and ordered and u.context.basket and _points(u, span):
                u.add(i, Act("remove", lines=(LineSaid(None),)), {i})  # "cancel that and give me a latte"
                break
            if name == "cancel" and strange and u.grammar.script == "spaced":  # "I changed my mind and the air"
                u.doubts.append(Doubt(u.shown, (Act("cancel"),)))
                u.used.add(i)
                break
            if weak and (ordered or u.acts or not _alone(u, i)):
                continue
            if name == "refund" and ordered:
                continue
            if name == "checkout" and ordered and "amount" in span.has:
                continue  # "no more fries"
            if name == "reorder" and ordered and "alike" in span.has:
                continue  # 一杯拿铁，同样的再来一杯: like the latte
            if name == "show_basket" and ordered and i and "on" in u.spans[i - 1].has:
                u.used.add(i)  # where the goods go, or come from: two colas to my basket
                break
            if name == "stop" and i + 1 in left and "of" in u.spans[i + 1].has:
                continue  # "the end of the month"
            if name == "stop" and any(j != i and _wanted(u.spans[j], size) for j in left):
                continue  # "leave the coke", "something quiet for two" end no talk
            if name == "continue_elsewhere":  # where to, and what for, says nothing more: "back to the kitchen"
                beside = {j for j in left if "unknown" in u.spans[j].has}
                u.used |= beside
                said = {u.said(j, j + 1) for j in beside}
                u.leftover = [one for one in u.leftover if one not in said]
            if name == "change_language" and value is None and any(a.act == "change_language" for _, a in u.acts):
                continue
            if name == "change_language" and value != "ask":
                continue
            if (
                name == "checkout"
                and value == "pay"
                and any(a.act in ("choose_method", "give_amount") for _, a in u.acts)
            ):
                continue
            half = {"percent": 50} if value == "half" else share(u) if name == "refund" else None
            u.add(i, Act(name, value=half or (value if name not in ("checkout", "change_language") else None)), {i})
            break


def _points(u: Utterance, span: Span) -> bool:
    """Whether a phrase ends in a word such as "that", for what was spoken of last."""
    key, words = words_of(span.text), u.lexicon.words[u.grammar.tag]
    return any("it" in meaning_of(words, key[cut:]) for cut in range(1, len(key)))


_WANTED = frozenset({"question", "category", "tag", "num", "article", "multiple", "people", "adult"})


def _wanted(span: Span, size: int) -> bool:
    """Whether a word beside one that ends a talk, of `size` words, tells that something is wanted still."""
    return bool(span.has.keys() & {"item", "category"}) or (size < 2 and bool(span.has.keys() & _WANTED))


def _requested(u: Utterance, left: Sequence[int]) -> bool:
    """Whether a question asks us to do it: "could you cancel that"."""
    return any("request" in u.spans[i].has for i in left)


def _alone(u: Utterance, index: int) -> bool:
    """Nothing with a meaning of its own stands beside this span."""
    return not any(
        i != index
        and i not in u.used
        and span.has.keys() & (_CONTENT | {"unknown"})
        and not span.has.keys() & {"filler", "polite"}
        for i, span in enumerate(u.spans)
    )


# -------------------------------------------------------------------------------------------------- the end


def finish(u: Utterance, drafts: list[Draft]) -> None:
    failed = {i for i, span in enumerate(u.spans) if "failed" in span.has} if u.context.orders else set()
    made = acts_for(u, drafts)
    if any(act.act == "refund" and act.lines for _, act in u.acts):
        u.acts = [pair for pair in u.acts if pair[1].act != "refund" or pair[1].lines]
    if failed and not made and not u.doubts and all(act.act == "show_basket" for _, act in u.acts):
        u.acts = []
        u.add(min(failed), Act("order_status"), failed)  # "it never came", 我的订单还没到
    if made:
        at = _place(u)
        u.acts += [(at, act) for act in made]
    answer(u)
    if len(u.acts) < 2:
        return
    if any(act.act == "start_over" for _, act in u.acts):
        u.acts = [pair for pair in u.acts if pair[1].act != "cancel"]
    u.acts.sort(key=lambda pair: pair[0])
    u.acts = [
        pair
        for i, pair in enumerate(u.acts)
        if pair[1].act not in PLAIN or all(pair[1] != one for _, one in u.acts[:i])
    ]


def _place(u: Utterance) -> int:
    return next(
        (i for i, span in enumerate(u.spans) if i not in u.used and span.has.keys() & {"item", "choice", "num", "it"}),
        0,
    )


_BESIDE = frozenset({"choose_method", "choose_fulfilment", "give_guests", "give_dates"})


def answer(u: Utterance) -> None:
    """Yes and no, where nothing else was said; a yes with a "but" is no yes."""
    said = [name for i in u.acting for name, _ in u.acts_at(i) if name in ("confirm", "deny")]
    if not said:
        return
    amount = all(act.act == "give_amount" for _, act in u.acts)
    ending = all(act.act in ("give_amount", "checkout") for _, act in u.acts)
    beside = u.context.expects not in ("confirm", "pay") and all(act.act in _BESIDE for _, act in u.acts)
    if (
        u.acts and not amount and not beside and not (ending and u.context.expects in ("confirm", "choose"))
    ) or u.doubts:
        return
    plain = not answers.asks_back(u)
    beside_yes = answers.BESIDE_YES if u.context.expects in ("confirm", "pay") else answers.BESIDE_YES | {"it", "one"}
    for i, span in enumerate(u.spans):
        if i in u.used or {"confirm", "deny"} & {name for name, _ in u.acts_at(i)}:
            continue
        plain = plain and bool(span.has.keys() & beside_yes)
        if span.has.keys() & {"unknown", "but", "fraction", "digits"}:
            return
        if span.has.keys() & {"num", "choice", "item"} and not span.has.keys() & {"filler", "polite", "wish"}:
            return
    yes, no = "confirm" in said, "deny" in said
    if yes and no:
        first = next(name for i in range(len(u.spans)) for name, _ in u.acts_at(i) if name in ("confirm", "deny"))
        sure = [{name for name, _ in u.acts_at(i)} & {"confirm", "deny"} for i in range(len(u.spans))]
        firm = {name for names in sure if len(names) == 1 for name in names}
        if firm == {"deny"} or first == "deny":
            yes = False
        elif firm != {"confirm"}:
            return
    if yes and (not plain or _may_refuse(u)):
        return
    u.acts = [pair for pair in u.acts if pair[1].act != "checkout"]
    if not yes and u.context.expects in (None, "basket") and _only_waits(u):
        u.add(0, Act("none"))  # "hold on" doesn't say that nothing else is wanted
        return
    u.add(0, Act("confirm" if yes else "deny"))
    if not yes:  # "wait, make it Wednesday", where no day can be told: it isn't done, and is said back
        days = [i for i, span in enumerate(u.spans) if i not in u.used and "weekday" in span.has]
        u.leftover += [u.said(i, i + 1) for i in days]


def _only_waits(u: Utterance) -> bool:
    """Whether every word that refuses asks for no more than a moment."""
    refusing = [value for i in u.acting for name, value in u.acts_at(i) if name == "deny"]
    return all(value == "wait" for value in refusing)


_REFUSALS = frozenset({"deny", "cancel", "stop"})


def _may_refuse(u: Utterance) -> bool:
    """Whether words that end an order ("nothing more") may as well refuse it ("not any more"): no yes beside them where
    it would cost money."""
    return u.context.expects in ("confirm", "pay") and any(
        i in u.used and name in _REFUSALS for i, span in enumerate(u.spans) for name, _ in span.has.get("act", ())
    )


__all__ = ["Found", "Utterance", "read"]

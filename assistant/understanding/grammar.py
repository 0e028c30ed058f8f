"""From spans to what a person wants: the acts of an utterance, in order, with what was not understood."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from assistant.turns import Act, Doubt, LineSaid
from assistant.understanding import answers, idle, people
from assistant.understanding.drafts import NEGATIVE, Draft
from assistant.understanding.goods import acts_for, read_goods
from assistant.understanding.lexicon import Grammar, Lexicon, meaning_of
from assistant.understanding.moments import Found, days_of, guests, moments, stay
from assistant.understanding.spans import Span
from assistant.understanding.text import words_of

QUESTIONS = frozenset({"ask_price", "ask_menu", "ask_stock", "ask_item", "recommend"})
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

    def free(self, index: int, *kinds: str) -> bool:
        return index not in self.used and any(kind in self.spans[index].has for kind in kinds)


def read(utterance: Utterance) -> None:
    """Fills in acts, doubts and leftover. Facts first (codes, addresses, times), then questions, goods, commands."""
    facts(utterance)
    drafts: list[Draft] = []
    start = 0
    if utterance.context.expects == "confirm":
        answers.amount_anywhere(utterance)
    spans = utterance.spans
    for index in range(len(spans) + 1):
        if index == len(spans) or "stop" in spans[index].has:
            sentence(utterance, start, index, drafts)
            start = index + 1
    finish(utterance, drafts)
    if not utterance.acts and not utterance.doubts:
        idle.read(utterance)


# --------------------------------------------------------------------------------------------------- facts


def facts(u: Utterance) -> None:
    """What fills in a step: codes, addresses, contacts, times, methods, amounts."""
    for index in range(len(u.spans)):
        for name, value in u.acts_at(index):
            if index in u.used:
                break
            if name == "give_coupon":
                answers.coupon(u, index)
            elif name == "give_address":
                answers.address_after(u, index, value)
            elif name == "give_contact":
                if value == "name":
                    people.announced(u, index)
            elif name == "give_amount":
                answers.amount_after(u, index)
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
    fulfilments(u)
    methods(u)
    times(u)
    if u.context.expects != "address" and _address_open(u):
        answers.told_address(u)
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
    if len(u.lexicon.shop.fulfilments) < 2 and asked != "fulfilment":
        return
    question = any(name in QUESTIONS for index in range(len(u.spans)) for name, _ in u.acts_at(index))
    for index, span in enumerate(u.spans):
        if not u.free(index, "fulfilment") or "item" in span.has or "choice" in span.has:
            continue
        if question and asked != "fulfilment":
            continue
        if "verb" in span.has and asked != "fulfilment":
            continue
        chosen = span.has["fulfilment"]
        if any(act.act == "choose_fulfilment" for _, act in u.acts):
            u.used.add(index)
            continue
        u.add(index, Act("choose_fulfilment", value=chosen), {index})
        if chosen == "delivery" and not any(act.act == "give_address" for _, act in u.acts):
            answers.address_behind(u, index)
            if u.grammar.verbs_last and not any(act.act == "give_address" for _, act in u.acts):
                answers.address_before(u, index)


def methods(u: Utterance) -> None:
    question = any(name in QUESTIONS - {"ask_stock"} for index in range(len(u.spans)) for name, _ in u.acts_at(index))
    paying = any("pay" in span.has for span in u.spans) or u.context.expects in ("method", "confirm", "pay", "contact")
    strange = [span for i, span in enumerate(u.spans) if "unknown" in span.has and i not in u.used]
    small = len(_joined(strange)) <= 1
    for index, span in enumerate(u.spans):
        if not u.free(index, "method") or "item" in span.has or question:
            continue
        if not (paying or small):
            continue
        if not any(act.act == "choose_method" for _, act in u.acts):
            u.add(index, Act("choose_method", value=span.has["method"]))
        u.used.add(index)
        for other, one in enumerate(u.spans):
            if "pay" in one.has:
                u.used.add(other)


def times(u: Utterance) -> None:
    asked, now = u.context.expects == "time", u.context.now
    found = [one for one in moments(u.spans, now, asked) if u.used.isdisjoint(range(one.start, one.end))]
    if u.context.booking:
        found = days_of(found)
        dates = stay(u.spans, found, now, u.context.nights)
        if dates is not None:
            _by_day(u, dates[1], [Act("give_dates", value=_nights(said)) for said in _stays(u, dates[0])])
        party = guests(u.spans)
        if party is not None:
            u.add(min(party[1]), Act("give_guests", value=party[0]), party[1])
        if dates is not None:
            for index, span in enumerate(u.spans):
                if span.has.get("day") in ("arrive", "leave", "from", "until"):
                    u.used.add(index)
            return
        if u.context.expects == "stay" and party is None:
            bare_number(u)
    for one in found:
        if isinstance(one.value, dt.date) or one.value[2:3] == "-":  # a day without an hour, unless it can't be meant
            wanted = asked or any(act.act == "choose_fulfilment" for _, act in u.acts)
            if wanted and (isinstance(one.value, str) or one.value < now.date()):
                u.add(one.start, Act("give_time", value=str(one.value)), set(range(one.start, one.end)))
                break
            continue
        if (
            one.value == "asap"
            and not asked
            and any(name in QUESTIONS for i in range(len(u.spans)) for name, _ in u.acts_at(i))
        ):
            continue
        if one.value == "asap" and u.spans[one.start].text in _NOWISH and not asked:
            continue
        unknown = sum(1 for span in u.spans if "unknown" in span.has)
        if unknown > 2 and not asked:
            continue
        used = set(range(one.start, one.end))
        _by_day(u, used, [Act("give_time", value=value) for value in _times(u, one)])
        break
    if asked:
        for index in range(len(u.spans)):
            if any(name == "give_time" for name, _ in u.acts_at(index)):
                u.used.add(index)


_NOWISH = frozenset({"now", "right now", "immediately", "whenever", "现在", "马上", "지금", "바로"})


SMALL_HOURS = 4
"""Before this hour "tomorrow" may be the day that has begun."""


def _by_day(u: Utterance, used: set[int], acts: Sequence[Act]) -> None:
    """One act, or the question which is meant where the day may be either of two."""
    if len(acts) == 1:
        u.add(min(used, default=0), acts[0], used)
        return
    first = min(used)
    u.doubts.append(Doubt(u.said(first, max(used) + 1), tuple(acts)))
    u.used.update(used)


def _unsure_day(u: Utterance, used: set[int]) -> bool:
    return u.context.now.hour < SMALL_HOURS and any(u.spans[i].has.get("day") == "tomorrow" for i in used)


def _stays(u: Utterance, said: dict[str, str]) -> list[dict[str, str]]:
    """The stay as it was said; two, where "tomorrow" may be today."""
    if not _unsure_day(u, set(range(len(u.spans)))):
        return [said]
    earlier = u.context.now - dt.timedelta(days=1)
    other = stay(u.spans, days_of(moments(u.spans, earlier, False)), earlier)
    return [said] if other is None or other[0] == said else [other[0], said]


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
    question = next(
        (i for i in indexes for name, _ in u.acts_at(i) if name in QUESTIONS and asks(u, i, start, end)), None
    )
    if question is None:
        question = next((i for i in indexes if u.free(i, "question") and wonders(u, i, start, end)), None)
    left = list(indexes)
    if question is not None:
        left = ask(u, question, start, end)
    elif asked_about := inquiry(u, start, end):
        u.add(start, Act("ask_item", items=asked_about), set(indexes))
    kept = [u.spans[i] for i in left if i not in u.used]
    if kept:
        asked = next((act.items for _, act in reversed(u.acts) if act.act in QUESTIONS and act.items), ())
        unknown(u, read_goods(u, kept, drafts, asked))
    for i in left:
        for name, value in u.acts_at(i):
            if name == "same":
                u.add(i, Act("add", lines=(LineSaid(None, None if value == "all" else 1),)), {i})
    commands(u, left, bool(drafts))


_ORDERED = frozenset({"verb", "num", "article", "some", "measure", "another", "amount", "filler"})


def inquiry(u: Utterance, start: int, end: int) -> tuple[str, ...]:
    """The goods that a sentence with a word such as "what" or 吗 asks about; none where it orders them."""
    if not asking(u, start, end):
        return ()
    free = [u.spans[i] for i in range(start, end) if i not in u.used]
    if any(span.has.keys() & _ORDERED and "asking" not in span.has for span in free):
        return ()
    return tuple(dict.fromkeys(span.has["item"][0] for span in free if "item" in span.has))


def asking(u: Utterance, start: int, end: int) -> bool:
    """Whether a sentence has the word of a question: at its beginning where word order tells, else anywhere."""
    spans = [span for span in u.spans[start:end] if "pause" not in span.has]
    if u.grammar.script == "spaced":
        spans = [span for span in spans if "filler" not in span.has or "asking" in span.has][:1]
    return any("asking" in span.has for span in spans)


def asks(u: Utterance, index: int, start: int, end: int) -> bool:
    """Whether a phrase that may be a question is one here."""
    span = u.spans[index]
    if not span.has.keys() & {"question"}:
        return True
    return any(u.free(i, "category", "tag", "free") for i in range(start, end))


def wonders(u: Utterance, at: int, start: int, end: int) -> bool:
    """Whether a word such as "what" asks for a kind of goods: a category or an attribute, and no goods."""
    inside = [u.spans[i] for i in range(start, end) if i not in u.used]
    if any(
        "unknown" in span.has or "item" in span.has or ("verb" in span.has and "category" not in span.has)
        for span in inside
    ):
        return False
    return any(span.has.keys() & {"category", "tag"} for span in inside) or any(
        lacks(u, i) is not None for i in range(start, end) if i not in u.used
    )


def ask(u: Utterance, at: int, start: int, end: int) -> list[int]:
    """Makes the act of a question; what is left of the sentence for others."""
    spans = u.spans
    named = [(name, value) for i in range(start, end) for name, value in u.acts_at(i) if name in QUESTIONS]
    named = named or [("ask_menu", None)]
    name, value = max(named, key=lambda one: _WEIGHT.get(one[0], 0) + (one[1] is not None))
    verb = next(
        (
            i
            for i in range(at + 1, end)
            if i not in u.used and spans[i].has.get("verb", ("",))[0] in ("add", "remove") and "act" not in spans[i].has
        ),
        None,
    )
    stop = end
    if verb is not None and any("item" in spans[i].has for i in range(at + 1, verb)):
        stop = verb
    after = [i for i in range(at, stop) if i not in u.used]
    goods = [i for i in after if "item" in spans[i].has]
    begin = at
    if not goods or u.grammar.script != "spaced":
        begin = start
        for i in range(at - 1, start - 1, -1):
            if (
                spans[i].has.get("verb", ("",))[0] in ("add", "remove")
                and any("item" in spans[j].has for j in range(i, at))
                and goods
            ):
                begin = i + 1
                break
        goods = [i for i in range(begin, stop) if i not in u.used and "item" in spans[i].has]
    inside = [i for i in range(begin, stop) if i not in u.used]
    items = tuple(dict.fromkeys(spans[i].has["item"][0] for i in goods))
    kinds = tuple(
        dict.fromkeys(
            "#" + str(spans[i].has["category"])
            for i in inside
            if spans[i].has.get("category") in u.lexicon.categories and i not in goods
        )
    )
    wanted, unwanted = _tags(u, inside)
    strange = [spans[i] for i in inside if "unknown" in spans[i].has]
    partial = tuple(
        dict.fromkeys(one for i in inside if "partial" in spans[i].has and not items for one in spans[i].has["partial"])
    )
    about: tuple[str, ...] = items or kinds
    content: Any = value
    if name == "ask_stock" and items and (wanted or unwanted):
        name = "ask_item"
    elif name in ("ask_stock", "ask_menu", "recommend") or (name == "ask_item" and not value):
        if (kinds or wanted or unwanted) and not items:
            name = "recommend" if name == "recommend" else "ask_menu"
            content = {key: list(tags) for key, tags in (("tags", wanted), ("not", unwanted)) if tags} or None
        elif name == "ask_stock" and not items:
            about = partial or tuple(_joined(strange))
            if not about and "topic" not in _kinds(u, inside):
                return [i for i in range(start, end) if i not in inside]
            name = "ask_stock" if partial else "ask_menu"
        elif name == "ask_menu" and items:
            about = tuple(dict.fromkeys("#" + u.lexicon.catalogue.items[item].category for item in items))
        elif name == "ask_menu" and strange and u.grammar.script == "spaced":
            about = tuple(_joined(strange))
    if name in ("ask_price", "ask_item") and not items and not kinds:
        topic = next((spans[i].has["topic"] for i in inside if "topic" in spans[i].has), None)
        ways = next((spans[i].has["fulfilment"] for i in inside if "fulfilment" in spans[i].has), None)
        if name == "ask_price" and ways is not None:
            name, content = "ask_item", "delivery"
        elif name == "ask_item" and content is None and topic is not None:
            content = topic
        elif partial:
            about = partial
    if len(strange) > 1 and not about and name in ("ask_item", "ask_price"):
        unknown(u, strange)
        return [i for i in range(start, end) if i not in inside]
    if name == "ask_item" and content is None and not about:
        unknown(u, strange)
        return [i for i in range(start, end) if i not in inside]
    if name == "ask_price" and strange and not about:
        about = tuple(_joined(strange))
    u.add(at, Act(name, items=about, value=content), set(inside))
    return [i for i in range(start, end) if i not in inside]


_WEIGHT = {"ask_price": 6, "ask_item": 5, "recommend": 4, "ask_stock": 3, "ask_menu": 2}


def _kinds(u: Utterance, inside: Sequence[int]) -> set[str]:
    return {kind for i in inside for kind in u.spans[i].has}


def _tags(u: Utterance, inside: Sequence[int]) -> tuple[list[str], list[str]]:
    """The attributes that are wanted and unwanted: "vegetarian", "not spicy", "without sugar"."""
    wanted: list[str] = []
    unwanted: list[str] = []
    for i in inside:
        has = u.spans[i].has
        lacking, denied = lacks(u, i), _denied(u, i)
        tag = str(has["tag"]) if "tag" in has else None
        if lacking is not None:
            wanted.append(f"{lacking}_free")
        elif tag is not None and (tag.startswith("not_") or denied):
            unwanted.append(tag.removeprefix("not_"))
        elif tag is not None:
            wanted.append(tag)
    return wanted, unwanted


def _denied(u: Utterance, index: int) -> bool:
    """Whether a word before or behind an attribute denies it."""
    for step, side in ((-1, "before"), (1, "after")):
        at = index + step
        while 0 <= at < len(u.spans) and u.spans[at].has.keys() <= {"one", "particle"}:
            at += step
        name, where = u.spans[at].has.get("amount", ("", "")) if 0 <= at < len(u.spans) else ("", "")
        if name == NEGATIVE and (where in (side, "both") or (where == "link" and side == "after")):
            return True
    return False


def lacks(u: Utterance, index: int) -> str | None:
    """The substance that something is to be without: "without sugar", or in one word that names a choice, 无糖."""
    has = u.spans[index].has
    if "free" in has and _denied(u, index):
        return str(has["free"])
    if "choice" in has and "item" not in has:
        words, key = u.lexicon.words[u.grammar.tag], words_of(u.spans[index].text)
        for cut in range(1, len(key)):
            if meaning_of(words, key[:cut]).get("amount", ("",))[0] == NEGATIVE:
                rest = meaning_of(words, key[cut:]).get("free")
                if rest is not None:
                    return str(rest)
    return None


def _joined(spans: Sequence[Span]) -> list[str]:
    """Neighbouring unknown spans as one name each."""
    made: list[tuple[int, str]] = []
    for span in spans:
        if made and made[-1][0] == span.start:
            joint = "" if not span.text[:1].isascii() else " "
            made[-1] = (span.end, made[-1][1] + joint + span.text)
        else:
            made.append((span.end, span.text))
    return [text for _, text in made]


def unknown(u: Utterance, spans: Sequence[Span]) -> None:
    for text in _joined([span for span in spans if "unknown" in span.has]):
        if text not in u.leftover:
            u.leftover.append(text)


def commands(u: Utterance, left: Sequence[int], ordered: bool) -> None:
    """Commands without goods: checkout, undo, help and the like."""
    strange = sum(u.spans[i].end - u.spans[i].start for i in left if i not in u.used and "unknown" in u.spans[i].has)
    for i in left:
        for name, value in u.acts_at(i):
            if name not in PLAIN:
                continue
            span = u.spans[i]
            if name == "cancel" and left and asking(u, left[0], left[-1] + 1) and not _requested(u, left):
                u.add(i, Act("ask_item", value="cancellation"), {i})
                break
            weak = bool(span.has.keys() & _DOUBLE)
            size = span.end - span.start
            if strange and (size < 2 or strange > 2 * size):
                continue
            if weak and (ordered or u.acts or not _alone(u, i)):
                continue
            if name == "refund" and ordered:
                continue
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
            u.add(i, Act(name, value=value if name not in ("checkout", "change_language") else None), {i})
            break


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
    made = acts_for(u, drafts)
    at = _place(u)
    u.acts += [(at, act) for act in made]
    answer(u)
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
    said = [name for i in range(len(u.spans)) for name, _ in u.acts_at(i) if name in ("confirm", "deny")]
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
    if yes and not plain:
        return
    u.acts = [pair for pair in u.acts if pair[1].act != "checkout"]
    u.add(0, Act("confirm" if yes else "deny"))


__all__ = ["Found", "Utterance", "read"]

"""Free words that fill in a step: coupon codes, amounts of money, answers to steps of somebody's own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from assistant.turns import Act, LineSaid
from assistant.understanding.asked import only_asked
from assistant.understanding.asked.gifts import clause_of
from assistant.understanding.changing.line_with import has_it
from assistant.understanding.facts import addresses
from assistant.understanding.facts.moments import moments
from assistant.understanding.facts.numbers_meant import figures, has_number
from assistant.understanding.ordering.drafts import NEGATIVE, Draft
from assistant.understanding.ordering.packs import in_packs
from assistant.understanding.words.spans import Span, denies, digits_of, halves
from assistant.understanding.words.text import SHORTEST_PHONE, trimmed, words_of
from assistant.understanding.words.utterance import Utterance

_END = frozenset({"stop"})


# ------------------------------------------------------------------------------------------------- coupons


def coupon(u: Utterance, at: int) -> None:
    """The code that follows "code": letters and digits, written or spelled."""
    code, used = "", {at}
    index = at + 1
    while index < len(u.spans):
        span = u.spans[index]
        has = span.has
        digits = digits_of(span)
        if "code" in has and not code:
            code = has["code"]
            used.add(index)
            break
        if digits is not None:
            code += digits
        elif "unknown" in has and code and code.isascii() != span.text.isascii():
            break
        elif "pause" in has and not code:
            pass
        elif has.keys() & {"stop", "pause", "polite", "and"} or "fulfilment" in has or "method" in has:
            break
        elif "unknown" in has or (span.text.isascii() and (len(span.text) == 1 or not code or _spelled(u, index))):
            if "act" in has and code and "unknown" not in has:
                break
            code += span.text.replace(" ", "")
        elif has.keys() & {"filler", "wish", "particle"} and not code:
            pass
        else:
            break
        used.add(index)
        index += 1
    if not code:
        begin = _code_before(u, at)
        code = "".join(span.text for span in u.spans[begin:at])
        used.update(range(begin, at))
    if code:
        u.add(at, Act("give_coupon", value=code.upper()), used)
    elif u.kinds.isdisjoint({"code", "word_code"}) and all(
        i == at or span.has.keys() & _BESIDE_COUPON for i, span in enumerate(u.spans)
    ):
        u.add(at, Act("give_coupon", value=""), set(range(len(u.spans))))


_BESIDE_COUPON = frozenset("filler particle polite hesitation pause wish stop too request and the".split())
"""What may stand beside a coupon of which no code is told: "hi, I have a coupon"."""


def as_code(u: Utterance, at: int) -> bool:
    """Whether a code that is a word, HELLO, is meant as one: it is written in capitals, unlike the rest, or stands
    beside the word for a coupon."""
    written = u.said(at, at + 1)
    rest = u.said(0, at) + u.said(at + 1, len(u.spans))
    beside = (u.spans[i] for i in (at - 1, at + 1) if 0 <= i < len(u.spans))
    named = any(name == "give_coupon" for span in beside for name, _ in span.has.get("act", ()))
    return named or (written.isupper() and not rest.isupper())


def _code_before(u: Utterance, at: int) -> int:
    """Where the code begins that stands right before its word: an unknown word, with its digits: "FAKE99 coupon"."""
    begin = at - 1
    while begin > 0 and u.spans[begin].glued and digits_of(u.spans[begin]) is not None:
        begin -= 1
    return begin if begin >= 0 and "unknown" in u.spans[begin].has else at


def _spelled(u: Utterance, index: int) -> bool:
    """Whether a word is part of a code still: nothing but letters and numbers until the end."""
    return all(
        span.text.isascii() and (len(span.text) <= 2 or digits_of(span) is not None)
        for span in u.spans[index : index + 2]
    )


_SHARED = ("percent", "tenths", "currency")


def discount(u: Utterance) -> None:
    """A discount that is wished for, "fifty percent off", 打八折: a question for what is offered. A percentage counts
    no goods, whatever it is of."""
    if "haggles" in u.kinds:
        _haggled(u)
    if (at := _sum_off(u)) is not None:
        u.add(at, Act("ask_item", value="promotions"), {at, at + 1})
        return
    if u.kinds.isdisjoint(_SHARED):
        return
    for index in range(len(u.spans)):
        if not u.free(index, *_SHARED):
            continue
        begin = end = index
        while begin and begin - 1 not in u.used and _part_of_share(u.spans[begin - 1]):
            begin -= 1
        while end + 1 < len(u.spans) and end + 1 not in u.used and _part_of_share(u.spans[end + 1]):
            end += 1
        stretch = range(begin, end + 1)
        if not any(u.spans[i].has.keys() & {"num", "fraction", "digits"} for i in stretch):
            continue
        if any(u.spans[i].has.keys() & {"discount", "tenths"} for i in stretch):
            beside = {i for i in (begin - 1, end + 1) if 0 <= i < len(u.spans) and "verb" in u.spans[i].has}
            u.add(begin, Act("ask_item", value="promotions"), {*stretch, *beside})
        elif "currency" not in u.spans[index].has:
            u.used.update(i for i in stretch if u.spans[i].has.keys() & {"num", "fraction", "digits", "percent"})


def _sum_off(u: Utterance) -> int | None:
    """Where more than there is of anything is to be "off", with nothing named: "I should get 15 off"."""
    if not u.kinds >= {"discount", "num"} or not u.kinds.isdisjoint(("item", "choice", "category", "partial", "it")):
        return None
    at = next((i for i in range(len(u.spans) - 1) if u.free(i, "num") and u.free(i + 1, "discount")), None)
    most = max((line.quantity or 1 for line in u.context.basket), default=0)
    return at if at is not None and "num" in u.spans[at].has and u.spans[at].has["num"][0] > most else None


def _haggled(u: Utterance) -> None:
    """ "Can you do it for 1000", 一千块行吗: another price is proposed, and nothing is counted."""
    at = next(i for i, span in enumerate(u.spans) if "haggles" in span.has)
    leads = u.grammar.script == "spaced"
    begin, end = (at + 1, at + 4) if leads else (max(at - 3, 0), at)
    beside = [i for i in range(begin, min(end, len(u.spans))) if u.spans[i].has.keys() & _SUM]
    priced = any("currency" in u.spans[i].has for i in beside)
    if any("num" in u.spans[i].has for i in beside) and (priced or leads):
        u.add(at, Act("ask_item", value="promotions"), {at, *beside})


_SUM = frozenset({"num", "currency", "digits"})


def _part_of_share(span: Span) -> bool:
    """Whether a word belongs to a share that is said: a number, "percent", "off", a filler between them."""
    return bool(span.has.keys() & _SHARE) and not span.has.keys() & {"item", "choice"}


_SHARE = frozenset(
    {"num", "fraction", "digits", "percent", "tenths", "currency", "discount", "multiple", "measure", "particle"}
)


# ------------------------------------------------------------------------------------------------- amounts


def amount_after(u: Utterance, at: int) -> None:
    """ "pay 45 yuan": the amount in minor units."""
    for index in range(max(at - 4, 0), at) if u.grammar.verbs_last else ():
        value, end = money(u, index)
        if value is not None and index not in u.used and end >= at - 1:
            u.add(at, Act("give_amount", value=value), set(range(index, at + 1)))
            return
    for index in range(at + 1, min(at + 4, len(u.spans))):
        value, end = money(u, index)
        if value is not None:
            u.add(at, Act("give_amount", value=value), set(range(at, end)))
            return
        if not u.spans[index].has.keys() & {"filler", "wish", "pause", "particle", "it"}:
            break
    for index in range(max(at - 3, 0), at) if u.grammar.script == "unspaced" else ():
        value, end = money(u, index)
        if value is not None and index not in u.used and end == at:
            u.add(index, Act("give_amount", value=value), set(range(index, at + 1)))  # 一百块付款
            return


def amount_anywhere(u: Utterance) -> None:
    """ "yes, 45 yuan" at the confirmation: an amount with its currency is a stated amount."""
    if any(act.act == "give_amount" for _, act in u.acts):
        return
    if u.kinds.isdisjoint(("num", "fraction")):
        return
    for index in range(len(u.spans)):
        if index not in u.used and u.spans[index].has.keys() & {"num", "fraction", "currency"}:
            value, end = money(u, index)
            if value is not None:
                u.add(index, Act("give_amount", value=value), set(range(index, end)))
                return


def heard(u: Utterance, at: int) -> None:
    """The answer to a step of somebody's own, said with that step's words: "tip 10 percent"."""
    step, side, _ = u.spans[at].has["hear"]
    if not side and (clause := asked_about(u, at)):
        u.add(at, Act("ask_item", value="facility"), clause)
        return
    if numbered(u.spans[at]):
        _with_number(u, at, step, at - 1 if side == "number before" else at + 1)
        return
    if not side:
        end = at + 1
        while end < len(u.spans) and end not in u.used and u.spans[end].has.keys() & {"unknown", "num"}:
            end += 1
        u.add(at, Act("answer", step=step, value=trimmed(u.said(at, end))), set(range(at, end)))
        return
    if side == "after":
        start = at + 1
        while (
            start < len(u.spans)
            and u.spans[start].has.keys() & {"pause", "particle"}
            and "num" not in u.spans[start].has
        ):
            start += 1
        end = addresses.end_of(u, start)
        begin, stop, used = start, end, range(at, end)
    if side != "after" or (start == end and _counted_before(u, at)):  # 십 퍼센트 팁: said before its word
        begin = at
        while begin and not u.spans[begin - 1].has.keys() & _PARTS_SHARE:
            begin -= 1
        goods = [i for i in range(begin, at) if "item" in u.spans[i].has]
        if goods:  # 콜라 하나 10% 팁: the share is what is left of the last number
            shares = [i for i in range(goods[-1] + 1, at) if u.spans[i].has.keys() & {"num", "fraction"}]
            begin = shares[-1] if shares else at
            begin -= "percent" in u.spans[begin - 1].has
        stop, used = at, range(begin, at + 1)
    if begin < stop:
        value = _percent(u, begin, stop) or _sum(u, begin, stop) or addresses.as_written(u, begin, stop)
        u.add(at, Act("answer", step=step, value=value), set(used))


def asked_about(u: Utterance, at: int) -> set[int]:
    """The clause in which what may be noted is only asked about: "is it a non-smoking room", 有无烟房吗, 금연실인가요;
    empty where it is wished."""
    clause = clause_of(u, at)
    spans = [u.spans[i] for i in clause if i != at]
    there = any(("ask_stock", None) in u.acts_at(i) for i in clause if i != at)
    first = next((span for span in spans if not span.has.keys() & {"hesitation", "greeting", "and"}), None)
    asks = u.question_mark or any("asking" in span.has for span in spans)
    so = first is not None and "is_it" in (first.has if u.grammar.script == "spaced" else _all(spans)) and asks
    wished = any(span.has.get("verb", ("",))[0] == "add" or "polite" in span.has for span in spans)
    return set(clause) if (there or so) and not wished else set()


def _all(spans: Sequence[Span]) -> set[str]:
    return {kind for span in spans for kind in span.has}


def numbered(span: Span) -> bool:
    """Whether a phrase of a step needs a number beside it."""
    return str(span.has["hear"][1]).startswith("number")


def _with_number(u: Utterance, at: int, step: str, number: int) -> None:
    """A phrase with a number beside it, "table 5", 5번 테이블: the number counts nothing."""
    if 0 <= number < len(u.spans) and number not in u.used and "num" in u.spans[number].has:
        begin, end = min(at, number), max(at, number) + 1
        u.add(begin, Act("answer", step=step, value=u.said(begin, end)), set(range(begin, end)))


_PARTS_SHARE = frozenset({"stop", "pause", "verb", "article", "and", "amount", "method"})
"""What stands before a share and is no part of it: "with a 15% tip"."""


def _counted_before(u: Utterance, at: int) -> bool:
    """Whether a share or an amount stands right before: a number with its unit."""
    before = [span.has for span in u.spans[max(0, at - 3) : at]]
    return any(has.keys() & {"num", "fraction"} for has in before) and any(
        has.keys() & {"percent", "currency"} for has in before
    )


def _sum(u: Utterance, begin: int, stop: int) -> str | None:
    """An amount of money with its number in figures, where words of numbers stay as they are said: 两块五, 삼 달러."""
    value, end = money(u, begin)
    units = [span.text for span in u.spans[begin:stop] if span.has.get("currency") == "major"]
    whole = not any("fraction" in span.has for span in u.spans[begin:stop])
    if value is None or end != stop or not units or (whole and u.grammar.script == "spaced"):
        return None
    return f"{(Decimal(value) / u.lexicon.minor).normalize():f} {units[0]}"


def _percent(u: Utterance, begin: int, stop: int) -> str | None:
    """The number of a percentage, however it is said: 百分之十."""
    spans = [span for span in u.spans[begin:stop] if not span.has.keys() & {"filler", "particle", "on", "polite"}]
    numbers = [
        span.has.get("fraction") or span.has["num"][0] for span in spans if span.has.keys() & {"num", "fraction"}
    ]
    if len(numbers) == 1 and all(span.has.keys() & {"num", "fraction", "percent"} for span in spans):
        return str(numbers[0]) if len(spans) > 1 or "fraction" in spans[0].has else None
    return None


def money(u: Utterance, at: int) -> tuple[int | None, int]:
    """An amount of money that begins at span `at`, in minor units, and where it ends."""
    spans = u.spans
    end = at
    sign = end < len(spans) and spans[end].has.get("currency") == "major"
    if sign:
        end += 1
    if end >= len(spans):
        return None, at
    number = spans[end].has.get("num")
    fraction = spans[end].has.get("fraction")
    minor = u.lexicon.minor
    if number is not None:
        total = number[0] * minor
    elif fraction is not None:
        total = round(float(fraction) * minor)
    else:
        return None, at
    end += 1
    unit = spans[end].has.get("currency") if end < len(spans) else None
    if unit == "major":
        end += 1
        if minor > 1 and (half := _half_more(u, end)):
            return total + minor // 2, half
        if end < len(spans) and "and" in spans[end].has and end + 1 < len(spans) and "num" in spans[end + 1].has:
            end += 1
        if end + 1 < len(spans) and spans[end].has.get("num", (None,))[0] == 0 and "num" in spans[end + 1].has:
            end += 1  # 八块零五分
        if end < len(spans) and "num" in spans[end].has and minor > 1:
            more = spans[end].has["num"][0]
            follower = spans[end + 1].has.get("currency") if end + 1 < len(spans) else None
            if follower == "tenth" or (follower is None and u.grammar.script == "unspaced" and 0 < more < 10):
                total += more * minor // 10
                end += 1 + (follower is not None)
                if follower:
                    more, end = _hundredths(spans, end)
                    total += more * minor // 100
            elif follower == "minor" or (follower is None and more < minor):
                total += more
                end += 1 + (follower is not None)
    elif unit == "tenth":
        more, end = _hundredths(spans, end + 1)
        total = total // 10 + more * minor // 100
    elif unit == "minor":
        total = total // minor
        end += 1
    elif not sign:
        return None, at
    return total, end


def _half_more(u: Utterance, at: int) -> int:
    """Where half a unit more ends, "dollars and a half", 块半; 0 where none is said."""
    spans = u.spans
    if u.grammar.script == "spaced":
        if at + 1 >= len(spans) or "and" not in spans[at].has:
            return 0
        at += 1
    while at < len(spans) and spans[at].has.keys() <= {"article", "particle"}:
        at += 1
    return at + 1 if at < len(spans) and halves(spans[at]) else 0


def _hundredths(spans: Sequence[Span], at: int) -> tuple[int, int]:
    """What follows tenths, with or without its unit: 八块九毛九, 两毛五分."""
    number = spans[at].has.get("num", (0,))[0] if at < len(spans) else 0
    if not 0 < number < 10:
        return 0, at
    return number, at + 1 + (at + 1 < len(spans) and spans[at + 1].has.get("currency") == "minor")


# ------------------------------------------------------------------------------------- the step that was asked

CORE_STEPS = frozenset(
    "code basket options stay terms fulfilment address time contact method confirm pay choose".split()
)


_ANSWERS = frozenset("confirm deny give_address give_contact give_time give_coupon give_amount".split())
"""Acts that are answers themselves."""


def commanded(u: Utterance) -> bool:
    """Whether something else than an answer was clearly said: a command, a question, an order with its verb."""
    if u.kinds.isdisjoint(("act", "verb")):
        return False
    strange = sum(1 for span in u.spans if "unknown" in span.has)
    for index, span in enumerate(u.spans):
        names = {name for name, _ in span.has.get("act", ())}
        whole = span.end - span.start >= 2 or (len(u.spans) <= 2 and not strange)
        if names and not names <= _ANSWERS and whole:
            return True
        if (
            "verb" in span.has
            and any("item" in other.has for other in u.spans[index:])
            and span.has["verb"][0] in ("add", "remove", "swap", "change")
            and not strange
        ):
            return True
    return False


def chosen(u: Utterance) -> Act | None:
    """One of the answers on offer, by its words or by nothing but its number; a choice that was asked more freely."""
    choices, asked = u.context.choices, u.context.expects == "choose"
    if not choices and not asked:
        return None
    if u.context.pointing and _points(u):
        return Act("confirm")
    if asked and (number := _line_so(u)):
        return Act("choose", number=number)
    words = words_of(u.shown)
    told = [tuple(words_of(text) for text in texts) for texts in choices]
    for number, texts in enumerate(told, 1):
        if words in texts:
            return Act("choose", number=number)
    if asked and (number := _hour_so(u)):
        return Act("choose", number=number)
    if u.context.refunding and u.kinds >= {"num", "item"}:
        return None  # "one coke", of the two that may be paid back
    if asked and (several := _several(u, told) or _so_many(u, len(choices))):
        return Act("choose", value=several)
    guests = u.context.booking and not u.kinds.isdisjoint(
        _PEOPLE
    )  # "for two", 三个人: who comes, no number of a choice
    told_phone = any(len(span.text) >= SHORTEST_PHONE and "num" in span.has for span in u.spans)
    beside = (_COUNTED if asked else _NUMBERED) | ({"article"} if "numbered" in u.kinds else frozenset())
    alone = None if guests or told_phone else number_alone(u, beside)
    if u.context.refunding and not choices and alone is None:  # "only one of them", of several
        alone = number_alone(u, _COUNTED | {"only", "of_them"})
    if choices and alone and u.context.counted and _is_count(u):
        return Act("change", lines=(LineSaid(None, alone),))
    if choices and not 0 < (alone or 0) <= len(choices) and (number := _by_its_number(u)):
        return Act("choose", number=number)
    if choices and alone:
        return Act("choose", number=alone)
    counted_of = not choices and u.context.pointing and (alone is None or {"of_them", "num"} <= u.kinds)
    if counted_of:  # "yes, two of them", "two of the first"
        rest = [one for one in u.spans if "num" in one.has or not (_is_yes(one) or one.has.get("ordinal") == 1)]
        alone = _number_in(rest, _COUNTED | {"of_them", "of"}) if len(rest) < len(u.spans) or "of" in u.kinds else None
    if not choices and alone is not None and "ordinal" in u.kinds and not counted_of:
        return None  # "the second one", of the only one that is offered
    if not choices and alone is not None and _in_pieces(u, alone):
        return None
    if not choices and alone is not None:  # "how many?"
        return Act("change", lines=(LineSaid(None, alone),))
    if not asked and not all(span.has.keys() & (_SMALL | {"unknown"}) for span in u.spans):
        return None  # at a step only words that mean nothing else: "the far one", of two ways to get it
    if any(span.has.get("verb") == ("remove", "before") for span in u.spans):
        return None  # "cancel the garden one" takes none either
    if any("asking" in span.has and "filler" not in span.has for span in u.spans) or only_asked.asks(u):
        return None  # "which ones have a lake view", 面包是今天的吗: takes none
    small = {
        word
        for span in u.spans
        if span.has.keys() & _SMALL and not span.has.keys() & _GOODS
        for word in words_of(span.text)
    }
    content = [word for word in words if word not in small]
    if not content:
        return None
    had = [span for span in u.spans if span.has.get("amount", ("",))[0] == "with" and not span.has.keys() & _GOODS]
    if had and u.grammar.script == "spaced":
        leading = {word for span in had for word in words_of(span.text)}
        named = [word for word in content if word not in leading]
        content = content if any(_without(u, text, named) for texts in told for text in texts) else named
    fitting = [number for number, texts in enumerate(told, 1) if any(_in_text(content, text) for text in texts)]
    if len(fitting) > 1 and asked:
        fitting = _plainest(told, fitting) or fitting
    if len(fitting) != 1 and asked:
        fitting = [number for number, texts in enumerate(told, 1) if any(_goods_in(u, text) for text in texts)]
    if not fitting and asked and u.grammar.script == "spaced":
        fitting = _beginning(content, told)
    return Act("choose", _so_many_of_it(u), number=fitting[0]) if len(fitting) == 1 else None


def _by_its_number(u: Utterance) -> int:
    """Which of the answers on offer has the number that alone is said, "400" of 200 mg and 400 mg, "1.5" of +1.0 and
    +1.5; else 0."""
    said = [span for span in u.spans if span.has.keys() & {"num", "fraction"} and "article" not in span.has]
    beside = _COUNTED | {"fraction", "unit", "article"}
    if len(said) != 1 or any(span.has.keys().isdisjoint(beside) for span in u.spans):
        return 0
    fitting = [
        number
        for number, texts in enumerate(u.context.choices, 1)
        if any(has_number(figures(said[0]), text) for text in texts)
    ]
    return fitting[0] if len(fitting) == 1 else 0


def _in_pieces(u: Utterance, number: int) -> bool:
    """Whether pieces are counted of what was offered, which comes by the pack: 要八节, of batteries."""
    item = u.lexicon.catalogue.items.get(u.context.offered or "")
    measures = [span.text for span in u.spans if "measure" in span.has]
    if u.grammar.script != "unspaced" or item is None or len(measures) != 1:
        return False
    draft = Draft((item.id,))
    draft.quantity, draft.measured = number, measures[0]
    return in_packs(draft, item, u.lexicon, u.grammar.tag) is not None


def _so_many_of_it(u: Utterance) -> tuple[LineSaid, ...]:
    """How many are wanted of what is chosen by its name: "two brownies", 브라우니 두 개 추가해 주세요."""
    goods = [at for at, span in enumerate(u.spans) if "item" in span.has]
    counts = [at for at, span in enumerate(u.spans) if "num" in span.has and span.has.keys().isdisjoint(_GOODS)]
    if len(goods) != 1 or len(counts) != 1 or (number := u.spans[counts[0]].has["num"][0]) < 1:
        return ()
    first, last = sorted((goods[0], counts[0]))
    beside = all(span.has.keys() & _OF_COUNT for span in u.spans[first + 1 : last])
    return (LineSaid(None, number),) if beside else ()


_OF_COUNT = frozenset({"measure", "particle", "as", "choice", "of"})


def _beginning(content: Sequence[str], told: Sequence[Sequence[tuple[str, ...]]]) -> list[int]:
    """The answer a word of which begins so, and the shortest of several: "the cheese one" is the cheeseburger, "the
    double cheese" the double cheeseburger."""
    if not content or len(content[-1]) < _LEAST_BEGUN:
        return []
    begun = {
        number: min(len(text) for text in texts)
        for number, texts in enumerate(told, 1)
        if any(_in_text(content[:-1], text) and any(word.startswith(content[-1]) for word in text) for text in texts)
    }
    return [number for number, size in begun.items() if size == min(begun.values())]


_LEAST_BEGUN = 4


def _hour_so(u: Utterance) -> int:
    """Which of the hours on offer is said: "at 7" of 6:00 PM and 7:00 PM; else 0. The number of an answer is that."""
    hours = [_HOUR.search(text) for texts in u.context.choices for text in texts[:1]]
    if not hours or None in hours or 0 < (number_alone(u, _COUNTED) or 0) <= len(hours):
        return 0
    said = [found.value for found in moments(u.spans, u.context.now, True) if ":" in str(found.value)]
    if len(said) != 1:
        return 0
    hour, minute = map(int, said[0][-5:].split(":"))
    fitting = [
        number
        for number, one in enumerate(hours, 1)
        if one is not None and (int(one[1]) % 12, int(one[2])) == (hour % 12, minute)
    ]
    return fitting[0] if len(fitting) == 1 else 0


_HOUR = re.compile(r"(\d{1,2}):(\d\d)")


def _plainest(told: Sequence[Sequence[tuple[str, ...]]], fitting: Sequence[int]) -> list[int]:
    """The one of those that fit of which each other is a variety: 芝士的, of 芝士汉堡 and 双层芝士汉堡."""
    words = {number: {word for text in told[number - 1] for word in text} for number in fitting}
    return [one for one in fitting if all(words[one] < words[other] for other in fitting if other != one)]


def _is_count(u: Utterance) -> bool:
    """Whether a number alone says how many rather than which: 一个就行, "actually just one"."""
    told = u.kinds & {"only", "correct"} or ("measure" in u.kinds and "numbered" not in u.kinds)
    return bool(told) and "ordinal" not in u.kinds


def _line_so(u: Utterance) -> int:
    """Which of the lines on offer is the only one that is as it is said, "the one with no onions", 没有洋葱的那个,
    양파 없는 거요, where nothing else is said; else 0. It isn't changed by that."""
    wishes = [(at, span.has["choice"]) for at, span in enumerate(u.spans) if "choice" in span.has]
    if not u.context.places or not wishes or any(span.has.keys().isdisjoint(_TELLING) for span in u.spans):
        return 0
    if any(span.has.get("amount", ("with",))[0] not in ("with", NEGATIVE, "added") for span in u.spans):
        return 0
    basket = u.context.basket
    lines = [basket[place - 1] if 0 < place <= len(basket) else None for place in u.context.places]
    fitting = [
        number
        for number, line in enumerate(lines, 1)
        if line is not None and all(has_it(u, line, places) is not _without_it(u, at) for at, places in wishes)
    ]
    return fitting[0] if len(fitting) == 1 else 0


def _without_it(u: Utterance, at: int) -> bool:
    """Whether the choice at a place is said not to be on it, by the word before it or behind it."""
    spans = u.spans
    beside = [spans[i].has.get("amount", ("",))[0] for i in (at - 1, at + 1) if 0 <= i < len(spans)]
    return NEGATIVE in beside or any(denies(span.has) for span in spans[max(0, at - 2) : at])


_TELLING = frozenset("choice amount the one it filler polite particle topical contains whose hesitation and".split())


def _several(u: Utterance, told: Sequence[Sequence[tuple[str, ...]]]) -> list[int]:
    """Which of the answers on offer are named one beside the other, "margherita and pepperoni", where nothing else is
    said; none where it is but one, or one of them is named twice."""
    parts: list[list[str]] = [[]]
    for span in u.spans:
        if span.has.keys() & {"and", "pause"} and not span.has.keys() & _GOODS:
            parts.append([])
        elif not span.has.keys() & _SMALL or span.has.keys() & _GOODS:
            parts[-1] += words_of(span.text)
    parts = [part for part in parts if part]
    chosen: list[int] = []
    for part in parts if len(parts) > 1 else ():
        fits = [n for n, texts in enumerate(told, 1) if any(_in_text(part, text) for text in texts)]
        if len(fits) != 1 or fits[0] in chosen:
            return []
        chosen += fits
    return chosen


def _so_many(u: Utterance, offered: int) -> list[int]:
    """Which of the answers on offer are meant by how many of them, where nothing else is said: "the first two", 后两个;
    "both", of two."""
    spans = [span for span in u.spans if span.has.keys().isdisjoint(_AROUND)]
    number = next((int(span.has["num"][0]) for span in spans if "num" in span.has), 0)
    known = all(not span.has.keys().isdisjoint(_SO_MANY | {"num", "everything"}) for span in spans)
    if not known or not spans or len([span for span in spans if "num" in span.has]) > 1:
        return []
    if u.context.refunding and not number and all(span.has.keys() & {"each", "everything"} for span in spans):
        return list(range(1, offered + 1))
    if any("each" in span.has for span in spans) and offered == (number or 2) and offered < _MANY:
        return list(range(1, offered + 1))
    leading = any("leading" in span.has or span.has.get("ordinal") == 1 for span in spans)
    trailing = any("trailing" in span.has or span.has.get("ordinal") == -1 for span in spans)
    if leading == trailing or not 1 < number <= offered:
        return []
    return list(range(1, number + 1) if leading else range(offered - number + 1, offered + 1))


_SO_MANY = frozenset({"each", "leading", "trailing", "ordinal"})
_AROUND = frozenset({"polite", "particle", "measure", "verb", "hesitation", "stop", "the", "of_them"})
_MANY = 5
"""Who says "all" where so many are offered means no order of each."""


def _in_text(words: Sequence[str], text: Sequence[str]) -> bool:
    """Whether words stand in a text, one for many too: "margherita" in "two margheritas"."""
    return {word.removesuffix("s") for word in words} <= {word.removesuffix("s") for word in text}


def _without(u: Utterance, text: Sequence[str], content: Sequence[str]) -> bool:
    """Whether a text says that something of this is left out: who names that "with" it doesn't mean it."""
    known, left_out = u.lexicon.words[u.grammar.tag], False
    for word in text:
        amount = known.get(word, {}).get(None, {}).get("amount", ("",))[0]
        left_out = amount == NEGATIVE or (left_out and amount != "with")
        if left_out and _in_text((word,), content):
            return True
    return False


def _goods_in(u: Utterance, text: tuple[str, ...]) -> bool:
    """Whether goods that are named, and nothing else is, are called so in an answer: "the cokes", of "a Coke"."""
    goods = [item for span in u.spans for item in span.has.get("item", ())]
    if not goods or not all(span.has.keys() & (_SMALL | {"item"}) for span in u.spans):
        return False
    names = (words_of(name) for item in goods for name in u.lexicon.catalogue.items[item].names.get(u.grammar.tag, ()))
    return any(set(name) <= set(text) for name in names)


def _points(u: Utterance) -> bool:
    """Whether nothing is said but that what is offered is wanted: "that one", "book that", 그거요. A word that may be
    mere hesitation, 那个, needs a verb beside it."""
    if asks_back(u) or not all(
        span.has.keys() & _POINTED and span.has.get("verb", ("add",))[0] == "add" for span in u.spans
    ):
        return False
    wanted = any("verb" in span.has for span in u.spans)
    return any("it" in span.has and (wanted or "filler" not in span.has) for span in u.spans)


_POINTED = frozenset(
    {"it", "one", "the", "verb", "filler", "hesitation", "polite", "pause", "stop", "particle", "only"}
)


def number_alone(u: Utterance, kinds: frozenset[str] | None = None) -> int | None:
    """The only number said, where nothing but it and `kinds` was said. "Is that twelve" only asks."""
    if u.grammar.script == "spaced" and len(u.spans) > 1 and "inverted" in u.spans[0].has and "it" in u.spans[1].has:
        return None
    if u.grammar.script == "spaced" and u.spans and "question" in u.spans[0].has and "some" not in u.spans[0].has:
        return None  # "which one?"
    return _number_in(u.spans, kinds or _COUNTED)


def _is_yes(span: Span) -> bool:
    return all(name == "confirm" for name, _ in span.has.get("act", (("", None),)))


def _number_in(spans: Sequence[Span], kinds: frozenset[str]) -> int | None:
    numbers = [span.has["ordinal"] for span in spans if "ordinal" in span.has]
    beside = kinds | _PICKED | {"category"} if numbers else kinds  # "the second room"
    if not all(span.has.keys() & beside and span.has.get("verb", ("add",))[0] == "add" for span in spans):
        return None
    counted = any("measure" in span.has and "numbered" not in span.has for span in spans)
    if not numbers and (not counted or kinds >= _COUNTED):
        numbers = [span.has["num"][0] for span in spans if "num" in span.has]
    return numbers[0] if len(numbers) == 1 and numbers[0] >= -1 else None


_NUMBERED = frozenset(
    {"num", "ordinal", "numbered", "the", "one", "measure", "filler", "polite", "pause", "stop", "particle"}
)
_PICKED = frozenset({"verb", "wish"})
_PEOPLE = frozenset({"adult", "child", "party"})
_COUNTED = _NUMBERED | _PICKED | {"it", "amount", "correct", "hesitation", "unit"}
"""What may stand beside a number where a choice or a count was asked for."""
_SMALL = frozenset({"filler", "polite", "wish", "particle", "the", "one", "measure", "article", "verb", "num"})
_GOODS = frozenset({"item", "choice", "category", "unknown"})


BESIDE_YES = frozenset({"hesitation", "polite", "pause", "stop", "particle"})
"""A yes is a whole phrase: whatever else stands beside it may weaken it ("not sure", "did I say yes")."""
_ASKING = frozenset("?？")


def yes_or_no(u: Utterance) -> Act | None:
    """The whole utterance is one phrase that the language lists as a yes or as a no, whatever else it may mean."""
    said = [span for span in u.spans if "act" in span.has or not span.has.keys() & BESIDE_YES]
    names = {name for span in said for name, _ in span.has.get("act", ())} & {"confirm", "deny"}
    if len(said) != 1 or len(names) != 1 or (names == {"confirm"} and asks_back(u)):
        return None
    return Act(names.pop())


def asks_back(u: Utterance) -> bool:
    """ "Yes?" is a question: no yes."""
    return not _ASKING.isdisjoint(u.shown)


def expected(u: Utterance) -> Act | None:
    """The whole utterance as the answer to what was asked, where free words are an answer."""
    step = u.context.expects
    if step == "confirm" and (plain_answer := yes_or_no(u)) is not None:
        return plain_answer
    if step is None or (step != "address" and step in CORE_STEPS) or commanded(u):
        return None
    if step == "address" and u.kinds & {"allergic", "cannot_eat"}:
        return None
    names = {name for span in u.spans for name, _ in span.has.get("act", ())}
    plain = all(
        span.has.keys() & {"act", "filler", "polite", "pause", "stop"} and "unknown" not in span.has for span in u.spans
    )
    if step == "address" and (not plain or not names):
        addresses.asked(u)
        return None
    if step not in CORE_STEPS:
        text: Any = trimmed(u.shown)
        if text and not (plain and names & {"confirm", "deny"}):
            return Act("answer", step=step, value=text)
    return None

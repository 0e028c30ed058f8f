"""The guests of a booking: how many people were counted or named."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from assistant.understanding.facts.days import NOT_HOURS, number_of
from assistant.understanding.facts.stays import corrected, taken_back
from assistant.understanding.ordering.drafts import counted_choice
from assistant.understanding.words.spans import Span
from assistant.understanding.words.utterance import Utterance


class _Person(Struct):
    """Somebody who was named: so many of a kind, at spans `start` to `end`."""

    start: int
    end: int
    adults: int = 0
    children: int = 0
    kin: bool = False
    """Named by what they are to somebody, not counted."""
    itself: bool = False
    """The one who speaks: counted only beside others, or alone."""
    none: bool = False
    """Told that there are no children."""


_KIN = {"grown": (1, 0), "two_grown": (2, 0), "young": (0, 1)}


def _person(spans: Sequence[Span], at: int) -> _Person | None:
    """Somebody that is named at span `at`: "two adults", "my wife", "a small baby", "no kids", "me"."""
    has = spans[at].has
    if has.get("people") in ("self", "bringing"):
        return _Person(at, at + 1, adults=1, itself=True)
    number, end = number_of(spans[at]), at + 1
    none = has.get("amount", ("",))[0] == "no"
    if number is None and has.keys() & {"article", "the", "another"}:
        number = 1
        if end < len(spans) and "num" in spans[end].has:  # "our two girls"
            number, end = number_of(spans[end]), end + 1
    elif number is None and has.get("people") in _KIN:
        number, end = 1, at
    elif number is None and none:
        number = 0
    if number is None or not 0 <= number <= 200:
        return None
    other = 0
    while end < len(spans) and other < 2 and not spans[end].has.keys() & {"adult", "child", "people"}:
        some = any("of_them" in span.has for span in spans[max(at - 1, 0) : end])  # "two of them are children"
        if spans[end].has.keys() & {"measure", "of_them", "age"} or (some and "wish" in spans[end].has):
            pass
        elif "unknown" in spans[end].has or spans[end].has.keys() & {"little", "grown", "choice"}:
            other += 1  # "a small baby", "our teenage daughter"
        else:
            return _aged(spans, at, end, number)
        end += 1
    if end >= len(spans):
        return _aged(spans, at, end, number)
    noun = spans[end].has
    kin = _KIN.get(noun.get("people", ""))
    single = "num" not in has and not (at < end and "num" in spans[end - 1].has) and number == 1
    if "child" in noun:
        if (single and noun.get("people") == "several") or (other and "adult" in noun):
            return None
        return _Person(at, end + 1, children=number, none=number == 0, kin=single and "article" not in has)
    if kin is not None and not other:
        counted = "num" in has or (at < end and "num" in spans[end - 1].has)
        return _Person(at, end + 1, kin[0] * number, kin[1] * number, kin=not counted)
    if "adult" in noun and not other and number and not (single and "article" not in has):
        return _Person(at, end + 1, adults=number)
    return None


def _aged(spans: Sequence[Span], at: int, end: int, number: int) -> _Person | None:
    """ "A five year old", nothing else being said of who that is."""
    years = [span.has["age"] for span in spans[at + 1 : end] if "age" in span.has]
    if len(years) < 2 or len(years) < end - at - 1 or not 0 < max(years) < OF_AGE:
        return None
    return _Person(at, end, children=number)


OF_AGE = 18
"""Years from which on nobody is a child."""


def _behind(spans: Sequence[Span], at: int) -> _Person | None:
    """The same where the count follows: 아이 둘, 어른 네 명."""
    has = spans[at].has
    kind = "children" if "child" in has else "adults" if "adult" in has and "person" not in has else None
    behind = at + 1
    while behind < len(spans) and spans[behind].has.keys() & {"particle", "topical"}:
        behind += 1
    if kind == "children" and behind < len(spans) and "lacking" in spans[behind].has:
        return _Person(at, behind + 1, none=True)
    number = number_of(spans[at + 1]) if at + 1 < len(spans) else None
    if kind is None or number is None or number > 200:
        return None
    end = at + 2
    if end < len(spans) and "adult" in spans[end].has and "person" not in spans[end].has:
        return None  # 孩子，三个人
    if end < len(spans) and spans[end].has.keys() & {"measure", "person"}:
        end += 1
    return _Person(at, end, children=number) if kind == "children" else _Person(at, end, adults=number)


def guests(spans: Sequence[Span]) -> tuple[dict[str, int], set[int]] | None:
    """Adults and children, where they were counted or named."""
    people: list[_Person] = []
    at = 0
    aged = _ages(spans)
    spans = [
        Span(one.start, one.end, {"age": number_of(one) or 0}, one.text) if i in aged else one
        for i, one in enumerate(spans)
    ]
    while at < len(spans):
        free = not at or (people and people[-1].end == at) or number_of(spans[at - 1]) is None
        one = _whole(spans, at) or (_behind(spans, at) if free else None) or _person(spans, at)
        if one is not None:
            people.append(one)
        at = max(one.end, at + 1) if one is not None else at + 1
    said: dict[str, int] = {}
    used: set[int] = set()
    for place in range(len(people)):
        _count(spans, people, place, said, used)
    if "adults" not in said and (led := _led(spans, used)) is not None:
        said["adults"] = led
    return (said, used | aged) if said else None


def portions(u: Utterance) -> None:
    """Whoever is counted right behind a choice of which several can be had counts that, and no guests: 조식 네 명."""
    if not u.context.booking or "choice" not in u.kinds or not u.grammar.verbs_last:
        return
    for at, span in enumerate(u.spans):
        if "choice" not in span.has or not counted_choice(u.lexicon, span.has["choice"], tuple(span.has["choice"])):
            continue
        number = at + 1
        while number < len(u.spans) and u.spans[number].has.keys() & {"particle", "topical", "too", "option"}:
            number += 1
        who = u.spans[number + 1] if number + 1 < len(u.spans) else span
        if "num" in u.spans[min(number, len(u.spans) - 1)].has and who.has.keys() & {"adult", "person"}:
            who.has = {"measure": True}


def _asked_about(spans: Sequence[Span], one: _Person) -> bool:
    """Whether somebody is only spoken of: "one of us is 12, does that count as a child"."""
    as_what = one.start > 0 and "role" in spans[one.start - 1].has and "party" not in spans[one.start - 1].has
    behind = [span.has for span in spans[one.end : one.end + 2]]
    aged = one.adults == 1 and len(behind) == 2 and "asking" in behind[0] and "num" in behind[1]
    return as_what or aged


def _ages(spans: Sequence[Span]) -> set[int]:
    """How old somebody is, which counts nobody: "aged 5 and 8", 五岁, 다섯 살."""
    found: set[int] = set()
    for at, span in enumerate(spans):
        if "age" not in span.has:
            found |= _told_ages(spans, at)
            continue
        ages = [i for i in (at - 1, at - 3) if i >= 0 and _number(spans[i])]
        if not ages or ages[0] != at - 1:
            ages = [i for i in (at + 1, at + 3) if i < len(spans) and _number(spans[i])]
        ages = ages[: 1 + (len(ages) > 1 and "and" in spans[min(ages) + 1].has)]
        found.update((at, *range(min(ages, default=at), max(ages, default=at) + 1)))
    counted = [i for i, span in enumerate(spans) if span.has.keys() & {"child", "little"}]
    each = {i for at in found for i in (at - 2, at - 1) if _leads_to_age(spans, at, found)}
    told = found | each
    whose = {i for i in counted if i not in told and (i - 1 in told or i + 1 in told) and not _counted(spans, i, told)}
    return told | whose if len(counted) > len(whose) else found  # 两大一小，孩子五岁: of the child that was counted


def _leads_to_age(spans: Sequence[Span], at: int, found: set[int]) -> bool:
    """Whether 一个 stands before an age: 一个五岁一个八岁, of the children that were counted."""
    before = spans[at - 3 : at] if at > 2 and at - 1 not in found else []
    if len(before) < 3 or not _number(before[1]) or "measure" not in before[2].has or "person" in before[2].has:
        return False
    return at - 3 in found or bool(before[0].has.keys() & {"child", "pause", "and"})


def _told_ages(spans: Sequence[Span], at: int) -> set[int]:
    """The ages behind children that were counted, "two kids, 6 and 9": as many of them as there are children."""
    number = number_of(spans[at])
    noun = next((i for i in range(at + 1, min(at + 5, len(spans))) if "child" in spans[i].has), None)
    if number is None or number < 1 or noun is None or any(_number(span) for span in spans[at + 1 : noun]):
        return set()
    ages: list[int] = []
    end = noun + 1
    while end < len(spans) and (_number(spans[end]) or spans[end].has.keys() & {"pause", "and"}):
        ages += [end] if _number(spans[end]) else []
        end += 1
    follows = end < len(spans) and bool(spans[end].has.keys() & NOT_HOURS)
    young = all(0 < (number_of(spans[i]) or 0) < OF_AGE for i in ages)
    return set(ages) if len(ages) == number and young and not follows else set()


def _counted(spans: Sequence[Span], at: int, ages: set[int]) -> bool:
    """Whether a number or an article counts who is named at `at`: "a child aged 5", 다섯 살 아이 한 명."""
    beside = [i for i in (at - 1, at + 1) if 0 <= i < len(spans) and i not in ages]
    counted = any(_number(spans[i]) or (i < at and spans[i].has.keys() & {"article", "measure"}) for i in beside)
    return counted or "num" in spans[at].has


def _number(span: Span) -> bool:
    return number_of(span) is not None and not span.has.keys() & {"adult", "child"}


def _count(spans: Sequence[Span], people: Sequence[_Person], place: int, said: dict[str, int], used: set[int]) -> None:
    """Adds somebody to those that are coming, unless they are only spoken of."""
    one = people[place]
    if _asked_about(spans, one):
        return
    before = people[place - 1] if place else None
    after = people[place + 1] if place + 1 < len(people) else None
    listed = any(
        first is not None and second is not None and _linked(spans, first, second)
        for first, second in ((before, one), (one, after))
    )
    booked = not any("unknown" in span.has for span in spans) or any(span.has.keys() & _CUES for span in spans)
    if one.itself and not (listed and booked) and not (after is not None and _brought(spans, one.end, after.start)):
        return
    if one.kin and not (
        (one.start > 0 and "party" in spans[one.start - 1].has)  # "for my mom"
        or (listed and booked)
        or (before is not None and before.itself and _brought(spans, before.end, one.start))
    ):
        return
    adults, children = said.get("adults", 0), said.get("children", 0)
    if before is not None and taken_back(spans, before.end, one.start):
        adults, children = (0 if before.adults else adults), (0 if before.children else children)
    counted = one.adults and not one.kin and not one.itself
    if counted and before is not None and (before.kin or before.itself) and one.start - before.end <= 1:
        joined = one.start > before.end and "and" in spans[one.start - 1].has
        if 0 < adults + children <= one.adults and not joined:  # 爸妈和我三个人
            adults, one = one.adults - children, _Person(one.start, one.end)
    among = one.children and _of_them(spans, one)
    if among and adults > one.children:
        adults -= one.children
    elif among and not adults:
        said["among"] = 1  # of those that are known
    if one.adults:
        said["adults"], _ = corrected(spans, one.end, adults + one.adults, used, lambda span: "adult" in span.has)
    elif adults:
        said["adults"] = adults
    if one.children or one.none:
        said["children"] = children + one.children
    used.update(range(one.start, one.end))


def _led(spans: Sequence[Span], used: set[int]) -> int | None:
    """A bare number behind "for", "we are" or "a family of" that counts nothing else."""
    for at in range(1, len(spans)):
        number, leads = number_of(spans[at]), spans[at - 1].has
        if at in used or number is None or not 0 < number <= 200:
            continue
        name, after = leads.get("people"), at + 1
        while name == "we" and after < len(spans) and "measure" in spans[after].has and "item" not in spans[after].has:
            after += 1
        if ("party" in leads or name in ("we", "family")) and not _goes_on(spans, after):
            used.update((at - 1, at))
            return number
    return None


def _whole(spans: Sequence[Span], at: int) -> _Person | None:
    """A party in one phrase: "just me", 我俩, 两大一小, 一家三口, "a couple"."""
    has = spans[at].has
    name = has.get("people")
    if "and" in has and at and spans[at - 1].has.get("people") in _KIN and at + 1 < len(spans):
        verb = spans[at + 1].has.get("verb", ("", ""))
        if verb == ("add", "before") and " " in spans[at + 1].text:  # "my wife and I'd like …"
            return _Person(at + 1, at + 1, adults=1)
    if name in ("alone", "pair"):
        return _Person(at, at + 1, adults=1 if name == "alone" else 2)
    number = number_of(spans[at])
    both = [spans[i].has for i in range(at + 1, min(at + 4, len(spans)))]
    if number is not None and len(both) == 3 and "grown" in both[0] and "num" in both[1] and "little" in both[2]:
        return _Person(at, at + 4, adults=number, children=both[1]["num"][0])
    if name == "household" and len(both) >= 2 and "num" in both[0] and both[1].get("people") == "heads":
        count = both[0]["num"][0]
        return _Person(at, at + 3, adults=min(count, 2), children=max(count - 2, 0))
    if "article" in has and both and both[0].get("multiple") == 2:
        alone = len(both) == 1 or not both[1].keys() & (NOT_HOURS | {"unknown", "of", "more", "another"})
        return _Person(at, at + 2, adults=2) if alone else None
    return None


_CUES = frozenset({"night", "nights", "stays", "weekday", "month", "category", "item", "period", "party"})
"""What tells that a booking is talked of: there "my wife and I" are the guests."""


def _of_them(spans: Sequence[Span], one: _Person) -> bool:
    """Whether children are some of the people that were counted: "six people, two of them children"."""
    around = spans[max(one.start - 2, 0) : one.end]
    return any("of_them" in span.has for span in around)


def _linked(spans: Sequence[Span], one: _Person, other: _Person) -> bool:
    """Whether two people are named as a list: "my wife and I", "me with my teenager"."""
    between = spans[one.end : other.start]
    close = spans[one.start].has.get("people") == "bringing" or (one.kin and other.kin)
    return (bool(between) or close) and all(
        span.has.keys() & {"and", "pause", "particle", "the"} or span.has.get("amount", ("",))[0] == "with"
        for span in between
    )


def _brought(spans: Sequence[Span], start: int, end: int) -> bool:
    """Whether the speaker brings somebody: "I'm coming with my dad"."""
    before = end - 1
    while before >= start and spans[before].has.keys() & {"the"}:
        before -= 1
    together = before >= start and spans[before].has.get("amount", ("",))[0] == "with"
    return together and not any("stop" in span.has or span.has.get("people") == "we" for span in spans[start:end])


def _goes_on(spans: Sequence[Span], at: int) -> bool:
    """Whether something that is counted follows: "for two nights", unlike "a room for two"."""
    if at >= len(spans):
        return False
    has: dict[str, Any] = spans[at].has
    if has.get("clock") in ("at", "in") or has.keys() & {"on", "day"}:
        return False  # "a room for two tonight"
    if "month" in has and at + 1 < len(spans) and spans[at + 1].has.keys() & {"num", "ordinal"}:
        return False  # "for four Dec 8 to 10"
    return bool(has.keys() & (NOT_HOURS | {"unknown", "clock", "num", "category", "partial", "month"}))

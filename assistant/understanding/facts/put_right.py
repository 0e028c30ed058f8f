"""A bare number behind a word that corrects is said of what was told right before, and counts no goods: "at six
thirty, no, seven", 不对，是4楼, 010-1234-5678 아니 5679."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from assistant.turns import Act, Doubt, LineSaid
from assistant.understanding.facts import people
from assistant.understanding.facts.moments import moments
from assistant.understanding.facts.numbers_meant import near, same_half
from assistant.understanding.words.spans import Span, digits_of
from assistant.understanding.words.utterance import Utterance

_NUMBERS = frozenset({"num", "digits"})
_SOFT = frozenset({"pause", "stop", "filler", "hesitation", "particle", "polite", "it_is", "the", "it", "but", "and"})
_TAIL = _NUMBERS | _SOFT | {"clock", "time", "fraction", "road", "person", "piece", "party", "announces"}
"""What may be said with the number: nothing by which goods are known or counted."""
_GOODS = frozenset(
    "item choice category partial unknown more another of_them currency percent fulfilment method".split()
)
_LEADS = frozenset({"correct", "takes_back", "makes"})
_SAYS = _GOODS | _NUMBERS | {"clock", "time", "road", "verb", "pay", "asking", "code", "day"}
"""With one of these before the correction more is said than yes or please."""
_SHORTEST, _PHONE = 3, 6
"""Digits of the end of a phone that is put right, and of a phone."""
_NO_COUNT = 4
"""Digits from which on a bare number counts no goods."""
_LAST_HOUR = 24


def read(u: Utterance) -> bool:
    """Whether that is all that is said. What was told in the same utterance is told as it was put right, and the rest
    of it is read as if nothing had been put right."""
    if _told_its_end(u):
        return True
    if u.kinds.isdisjoint(_NUMBERS) or u.kinds.isdisjoint({*_LEADS, "verb"}):
        return False
    parted = _parted(u)
    if parted is None:
        return False
    start, end = parted
    tail = u.spans[end:]
    if _denies(u.spans[end - 1]) and tail[0].has.keys().isdisjoint({"pause", "it_is"}):
        return _denied(u, start, tail)
    if all(span.has.keys().isdisjoint(_SAYS) for span in u.spans[:start]):
        return _of_turn_before(u, u.spans[start:end], tail)
    for find in (_phone, _hour, _house, _guests):
        if find(u, start, tail):
            return not u.spans
    return False


def _told_its_end(u: Utterance) -> bool:
    """번호 끝자리 5679예요, "my number ends in 5679", 尾号是5679: of the phone that is known; without one, or with more
    beside it, nothing is told."""
    if "last_digits" not in u.kinds or not all(span.has.keys() & _OF_PHONE for span in u.spans):
        return False
    tail = [span for span in u.spans if span.has.keys() & _NUMBERS and "last_digits" not in span.has]
    phone = _other_end(u.context.phone, tail, u) if tail and u.context.phone else None
    if phone is None or len(_digits(tail)) >= _PHONE:
        return False
    people.give(u, 0, {"phone": phone}, range(len(u.spans)))
    return True


_OF_PHONE = _NUMBERS | _SOFT | {"last_digits", "act", "correct", "road", "clock", "numbered"}


def _parted(u: Utterance) -> tuple[int, int] | None:
    """Where the words of the correction begin and end that lead to a number and nothing else."""
    end = len(u.spans)
    while end and _of_tail(u.spans[end - 1]) and not _leads(u.spans[end - 1]):
        end -= 1
    if not end or not _leads(u.spans[end - 1]) or not any(span.has.keys() & _NUMBERS for span in u.spans[end:]):
        return None
    start = end
    while start and (_leads(u.spans[start - 1]) or u.spans[start - 1].has.keys() & {"pause", "stop"}):
        start -= 1
    return start, end


def _leads(span: Span) -> bool:
    changes = "it_is" in span.has and span.has.get("verb", ("",))[0] in ("change", "swap")  # 改成
    return changes or bool(span.has.keys() & _LEADS)


def _denies(span: Span) -> bool:
    """Whether a word may deny what follows it, as well as what was said before it: 不是."""
    return "takes_back" in span.has and ("deny", "wrong") not in span.has.get("act", ())


def _denied(u: Utterance, start: int, tail: Sequence[Span]) -> bool:
    """是六点半不是七点: the hour that isn't meant says no more; a floor that is denied, 不是四楼, counts nothing."""
    said = [span for span in tail if span.has.keys() & {"road", "clock"}]
    one = sum(bool(span.has.keys() & _NUMBERS) for span in tail) == 1
    if any(span.has.keys() & {"numbered", "measure"} for span in said) or not said or not one:
        return False
    if all(span.has.keys().isdisjoint(_SAYS) for span in u.spans[:start]):
        return _not_told(u)
    if any("clock" in span.has for span in said) and any("clock" in span.has for span in u.spans[:start]):
        u.spans = u.spans[:start]
        _shortened(u)
    return False


def _of_tail(span: Span) -> bool:
    return bool(span.has.keys() & _TAIL) and span.has.keys().isdisjoint(_GOODS)


def _digits(spans: Sequence[Span]) -> str:
    said = "".join(digits_of(span) or "" for span in spans if span.has.keys() & _NUMBERS)
    return "".join(filter(str.isdecimal, said))  # "no, two -1"


def _mere(tail: Sequence[Span]) -> bool:
    """Whether the number is said without a word for what it counts."""
    return all(span.has.keys().isdisjoint({"road", "clock", "time", "person", "piece"}) for span in tail)


def _phone(u: Utterance, start: int, tail: Sequence[Span]) -> bool:
    """ "555 0134, no, 0135": the end of a phone, or all of it."""
    begin = start
    while begin and (u.spans[begin - 1].has.keys() & _NUMBERS or u.spans[begin - 1].text in ("-", "+")):
        begin -= 1
    if len(_digits(u.spans[begin:start])) < _PHONE or not _mere(tail):
        return False
    phone = _other_end(" ".join(u.said(begin, start).split()), tail, u)
    if phone is None:
        return False
    digits = "".join(filter(str.isdigit, phone))
    told = _written(u, u.spans[begin], u.spans[start - 1], phone, {"digits": digits, "num": (int(digits), "written")})
    u.spans = [*u.spans[:begin], told]
    _shortened(u)
    return True


def _written(u: Utterance, first: Span, last: Span, text: str, has: dict[str, Any]) -> Span:
    """Writes what is meant in the place of what was said from `first` to `last`."""
    begin, end = u.offsets[first.start][0], u.offsets[last.end - 1][1]
    grown = len(text) - (end - begin)
    u.shown = u.shown[:begin] + text + u.shown[end:]
    before = [pair for pair in u.offsets if pair[1] <= begin]
    behind = [(one + grown, other + grown) for one, other in u.offsets if one >= end]
    inside = [(begin, begin + len(text))] * (len(u.offsets) - len(before) - len(behind))
    u.offsets = [*before, *inside, *behind]
    return Span(first.start, last.end, has, text, glued=first.glued)


def _other_end(phone: str, tail: Sequence[Span], u: Utterance) -> str | None:
    """A phone with its last digits put right, written as it was, or another one; None where it can't be told which
    digits they are."""
    digits = _digits(tail)
    if len(digits) < _SHORTEST:
        return None
    places = [at for at, one in enumerate(phone) if one.isdigit()]
    if len(digits) >= min(len(places), _PHONE):
        said = [i for i, span in enumerate(u.spans) if span in tail and span.has.keys() & _NUMBERS]
        whole = " ".join(u.said(said[0], said[-1] + 1).split())
        return whole if "".join(filter(str.isdigit, whole)) == digits else digits
    written = list(phone)
    for at, digit in zip(places[-len(digits) :], digits, strict=True):
        written[at] = digit
    return "".join(written)


def _hour(u: Utterance, start: int, tail: Sequence[Span]) -> bool:
    """ "At six thirty, no, seven", 二十分钟后，不，三十: an hour that was said right before."""
    if u.context.booking or any(span.has.keys() & {"person", "piece"} for span in tail):
        return False
    head = u.spans[:start]
    said = [one for one in moments(head, u.context.now, u.context.expects == "time") if ":" in str(one.value)]
    if not said or any(span.has.keys().isdisjoint(_SOFT) for span in head[said[-1].end :]):
        return False
    begin, stop = said[-1].start, said[-1].end
    at = next((i for i in range(begin, stop) if head[i].has.keys() & (_NUMBERS | {"time", "fraction"})), None)
    if at is None:
        return False
    first = next(i for i, span in enumerate(tail) if span.has.keys() & _NUMBERS)
    behind = head[at + 1 : stop]
    if any(span.has.get("clock") in ("minute", "hour") for span in behind):
        spans = [*head[begin:at], tail[first], *behind]  # so many minutes from now
    elif any("clock" in span.has for span in tail[first:]):
        spans = [*head[begin:at], *tail[first:]]
    else:
        oclock = [span for span in behind[:1] if span.has.get("clock") == "oclock"]
        spans = [*head[begin:at], tail[first], *oclock, *tail[first + 1 :]]
    found = [one for one in moments(spans, u.context.now, True) if ":" in str(one.value)]
    if len(found) == 1:
        u.add(begin, Act("give_time", value=same_half(u, str(found[0].value), spans)))
        u.spans = head[:begin]
    else:
        u.leftover.append(u.said(start, len(u.spans)))
        u.spans = head
    _shortened(u)
    return True


def _house(u: Utterance, start: int, tail: Sequence[Span]) -> bool:
    """ "12 Park Road, flat 4, no, flat 5", 人民路12号3楼，不对，是4楼: the number beside the same word."""
    part, at = _numbered(tail), start
    while at and "pause" in u.spans[at - 1].has:
        at -= 1
    old = _numbered(u.spans[max(0, at - 2) : at])
    if part is None or old is None or old[2] != part[2]:
        return False
    number = old[0]
    told = _written(u, number, number, _digits([part[0]]), part[0].has)
    u.spans = [told if span is number else span for span in u.spans[:at]]
    _shortened(u)
    return True


def _numbered(spans: Sequence[Span]) -> tuple[Span, Span, tuple[bool, str]] | None:
    """A number and the word of an address beside it, with whether the number comes first: 3楼, "flat 4"."""
    said = [span for span in spans if span.has.keys() & (_NUMBERS | {"road"})]
    if len(said) != 2 or any("clock" in span.has for span in said):
        return None
    first = bool(said[0].has.keys() & _NUMBERS)
    number, word = said if first else reversed(said)
    if "road" not in word.has or not number.has.keys() & _NUMBERS:
        return None
    return number, word, (first, word.text)


def _guests(u: Utterance, start: int, tail: Sequence[Span]) -> bool:
    """ "For three, no, four": how many come, where that isn't needed, counts no goods however often it is said."""
    at = start
    while at and u.spans[at - 1].has.keys().isdisjoint(_NUMBERS):
        at -= 1
    if not at or u.context.booking or any(span.has.keys() & {"road", "clock", "time"} for span in tail):
        return False
    beside = u.spans[at:start]
    led = at > 1 and "party" in u.spans[at - 2].has
    if not (led and not beside) and not (beside and all("person" in span.has for span in beside)):
        return False
    u.spans = [*u.spans[: at - 1], *(span for span in tail if span.has.keys() & _NUMBERS), *beside]
    _shortened(u)
    return True


def _shortened(u: Utterance) -> None:
    u.acting = [index for index, span in enumerate(u.spans) if "act" in span.has]
    u.kinds = set().union(*[span.has for span in u.spans])


# ------------------------------------------------------------------------------------------- of the turn before


def _of_turn_before(u: Utterance, leads: Sequence[Span], tail: Sequence[Span]) -> bool:
    """Whether the number puts right what the turn before told, or can't be told from that."""
    if any("clock" in span.has and "party" not in span.has for span in tail) or (u.context.booking and _mere(tail)):
        return _ends_phone(u, tail)
    if any("road" in span.has for span in tail):
        return _part_of_address(u, tail)
    if any("person" in span.has for span in tail):
        return not u.context.booking and _not_told(u)
    return _ends_phone(u, tail) or (not u.context.booking and _mere_number(u, leads, tail))


def _ends_phone(u: Utterance, tail: Sequence[Span]) -> bool:
    named = any(act in (("give_contact", "phone"), ("back", "contact")) for i in u.acting for act in u.acts_at(i))
    if not u.context.phone or not (named or u.context.told == "contact") or not _mere(tail):
        return False
    phone = _other_end(u.context.phone, tail, u)
    if phone is None:
        return False
    people.give(u, 0, {"phone": phone}, range(len(u.spans)))
    return True


def _part_of_address(u: Utterance, tail: Sequence[Span]) -> bool:
    """ "No, flat 5", 不对，是4楼: the number in the address that stands beside the same word. Where there is none, the
    address is asked for."""
    part = _numbered(tail)
    if part is None or part[1].has.keys() & {"numbered", "measure"}:
        return False
    if not u.context.address:
        return _not_told(u)
    word = re.escape(part[2][1])
    form = rf"(?<!\d)\d+(?= ?{word})" if part[2][0] else rf"(?<=\b{word} )\d+\b"
    return _swapped(u, form, _digits([part[0]]))


def _swapped(u: Utterance, form: str, number: str) -> bool:
    found = re.findall(form, u.context.address, re.IGNORECASE)
    if len(found) == 1:
        address = re.sub(form, number, u.context.address, flags=re.IGNORECASE)
        u.add(0, Act("give_address", value=address), set(range(len(u.spans))))
    else:
        u.add(0, Act("back", value="address"), set(range(len(u.spans))))
    return True


def _mere_number(u: Utterance, leads: Sequence[Span], tail: Sequence[Span]) -> bool:
    """A number with nothing beside it."""
    told, made = u.context.told, any(span.has.keys() & {"makes", "verb"} for span in leads)
    digits = _digits(tail)
    if len(digits) > _PHONE:
        return False  # another phone, to whatever it is told
    if len(digits) >= _NO_COUNT:
        return not any("measure" in span.has for span in tail) and _not_told(u)
    number = int(digits or 0)
    if told == "time" and (number > _LAST_HOUR or not made or near(u, number)):
        return _another_hour(u, tail)
    if told == "address" and _mere(tail) and not made:
        return _swapped(u, r"(?<!\d)\d+(?!\d)", digits)
    led = any("party" in span.has for span in tail)
    ought = u.context.expects == "confirm" and any("ought" in span.has for span in leads)
    if ought or (led and made and u.context.expects not in (None, "basket")) or (told and told != "time" and not made):
        return _asked(u, number, tail, hour=led)
    return False


def _another_hour(u: Utterance, tail: Sequence[Span]) -> bool:
    found = [one for one in moments(tail, u.context.now, True) if ":" in str(one.value)]
    if len(found) != 1:
        return _not_told(u)
    value = same_half(u, str(found[0].value), tail)
    u.add(0, Act("give_time", value=value), set(range(len(u.spans))))
    return True


def _asked(u: Utterance, number: int, tail: Sequence[Span], *, hour: bool) -> bool:
    """It is asked whether so many of the goods spoken of last are meant, or an hour."""
    if not u.context.basket:
        return False
    found = [one for one in moments(tail, u.context.now, True) if ":" in str(one.value)] if hour else []
    acts = [Act("give_time", value=same_half(u, str(one.value), tail)) for one in found[:1]]
    u.doubts.append(Doubt(u.shown, (*acts, Act("change", lines=(LineSaid(None, number),)))))
    u.used.update(range(len(u.spans)))
    return True


def _not_told(u: Utterance) -> bool:
    """It isn't known what the number is said of."""
    u.leftover.append(u.shown)
    u.used.update(range(len(u.spans)))
    return True

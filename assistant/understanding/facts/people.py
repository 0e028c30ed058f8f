"""Who it is for: phones by their shape, names beside them, behind their announcement, or as the answer asked for.

A name is never a phrase that means something else here: every other reading wins over free words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

from assistant.turns import Act, Doubt
from assistant.understanding.words.spans import PHRASE_ENDS, UNKNOWN, Span, digits_of
from assistant.understanding.words.text import CARD, trimmed
from assistant.understanding.words.utterance import Utterance

_SOFT = frozenset({"filler", "polite", "wish", "particle", "on", "it", "the", "hesitation", "short", "as", "calls"})
"""Words that may stand around a name without being part of it."""
_OPENING = ("+", "(")
"""What may stand before the digits of a phone."""
_PARTING = frozenset("()-–—")
_SPOKEN_PARTING = frozenset(",，、")
"""What may part the groups of digits: as it is written; as a recogniser writes a pause, where a phone was asked for."""
_WHOLE = 7
"""Digits of the shortest phone that may be told without being asked for."""
_COUNTABLE = frozenset(
    "currency measure unit item choice category partial month night adult child multiple more road clock day".split()
)
"""What follows a count rather than a phone."""
_MEASURES = frozenset({"measure", "person", "adult", "child", "road", "night"})
"""Right behind a number, a word of these says what it counts."""
_NAME = re.compile(r"[^\W\d_]+(?:[ .'’\-·]{1,2}[^\W\d_]+)*\.?")
_MOST_LETTERS, _MOST_WORDS, _MOST_SYLLABLES = 60, 5, 4


# -------------------------------------------------------------------------------------------------- phones


_NUMBERS = ("digits", "num")


def by_phone(u: Utterance) -> None:
    """Every number in the shape of a phone, with the name beside it, whatever else the utterance says."""
    if u.kinds.isdisjoint(_NUMBERS) or CARD in u.shown:
        return
    _by_its_end(u)
    at = 0
    while at < len(u.spans):
        span = u.spans[at]
        if span.has.keys().isdisjoint(_NUMBERS) and span.text not in _OPENING:
            at += 1
            continue
        if _before_written(u, at) or _before_whole(u, at):  # 赵六 13800138000: a figure that is said begins no phone
            at += 1
            continue
        end, phone = _phone(u, at)
        if phone is None:
            at += 1
            continue
        begin, stop, name = _beside(u, at, end)
        if begin == at and _announced(u, at):
            begin = _led(u, at) - 1
        told = any(_is(span, "give_contact.name") for span in u.spans)  # "my name is June, 555 0134"
        alone = not name and not told and not _announced(u, at) and not _stands_apart(u, at, end, phone)
        if alone and u.context.expects != "contact" and any(map(_says_more, u.spans[:at] + u.spans[end:])):
            at = end
            continue
        give(u, at, {"name": name, "phone": phone} if name else {"phone": phone}, range(begin, stop))
        at = stop


def _by_its_end(u: Utterance) -> None:
    """王女士 尾号5678: the end of a phone that isn't known tells no phone, but the name beside it is one."""
    if "last_digits" not in u.kinds or u.context.phone:
        return
    for at in range(len(u.spans) - 1):
        if "last_digits" in u.spans[at].has and u.spans[at + 1].has.keys() & _NUMBERS:
            begin, stop, name = _beside(u, at, at + 2)
            if name:
                give(u, at, {"name": name}, range(begin, stop))
            return


def _stands_apart(u: Utterance, at: int, end: int, phone: str) -> bool:
    """Whether a number behind a pause, or beside no more than a way to get or to pay the goods, is too long for
    anything but a phone: "8 Garden Road, 13812345678", "13812345678, cash"."""
    before, behind = u.spans[at - 1].has if at else {}, u.spans[end].has if end < len(u.spans) else {}
    house = u.grammar.script == "particles" and before.keys() & {"num", "digits", "road"} and phone.startswith("0")
    apart = "pause" in before or house or all(not has or has.keys() & _APART for has in (before, behind))
    return apart and sum(map(str.isdigit, phone)) >= _LONG


_APART = frozenset({"pause", "stop", "and", "method", "fulfilment"})
"""What a phone may stand between."""


_LONG = 9
"""Digits of a phone that nobody announces."""


def _before_written(u: Utterance, at: int) -> bool:
    """Whether a figure in a word stands before a whole phone in digits."""
    number = u.spans[at].has.get("num")
    written = digits_of(u.spans[at + 1]) if at + 1 < len(u.spans) and u.spans[at + 1].text.isdigit() else None
    return number is not None and number[1] != "written" and len(written or "") >= _WHOLE


def _before_whole(u: Utterance, at: int) -> bool:
    """Whether the number of a house stands at `at` with a whole phone behind it: 연남로 12-3 010-2345-6789."""
    if u.spans[at].text.startswith(("0", *_OPENING)):
        return False
    later = at + 1
    while later < len(u.spans) and (u.spans[later].text.isdigit() or set(u.spans[later].text) <= _PARTING):
        apart = not u.spans[later].glued and u.spans[later - 1].text.isdigit()
        if apart and u.spans[later].text.startswith("0"):
            return sum(map(str.isdigit, _phone(u, later)[1] or "")) >= _LONG
        later += 1
    return False


def give(u: Utterance, at: int, value: dict[str, str], used: range) -> None:
    """A name or a phone, together with what was said of them before."""
    last = next((act for _, act in u.acts if act.act == "give_contact"), None)
    if last is not None:
        both = {**last.value, **value}
        family, known = _family_alone(u, value), last.value.get("name", "")
        if family and known.startswith(family):
            both["name"] = known  # 我姓王，叫王小明
        u.acts = [pair for pair in u.acts if pair[1] is not last]
        value = {key: both[key] for key in ("name", "phone") if key in both}
    u.add(at, Act("give_contact", value=value), used)


def _family_alone(u: Utterance, value: dict[str, str]) -> str:
    """A family name that is told without the other, 我姓王; "" for any other name."""
    name = value.get("name", "")
    return name if u.grammar.script == "unspaced" and len(name) == 1 else ""


def _phone(u: Utterance, at: int) -> tuple[int, str | None]:
    """The phone that begins at span `at`: where it ends and how it was written; None when there is none."""
    spans = u.spans
    begin = at
    while at < len(spans) and spans[at].text in _OPENING:
        at += 1
    asked = u.context.expects == "contact" or _announced(u, begin)
    pieces: list[str] = []
    commas = False
    end = at
    while at < len(spans):
        digits = digits_of(spans[at])
        if len("".join(pieces)) > _LONG and _in_words(spans[at]):
            break  # 010-2323-4545 여섯 시
        if digits is not None and digits.isdigit() and digitwise(spans[at]):
            pieces.append(digits)
            end = at = at + 1
        elif pieces and "pause" in spans[at].has and set(spans[at].text) <= _PARTING:
            at += 1
        elif asked and pieces and (more := _behind_comma(u, at, "".join(pieces), commas)) is not None:
            pieces.append(more[0])
            end = at = more[1]
            commas = True
        elif pieces and _reads_dash(u, at):
            at += 1
        else:
            break
    number = "".join(pieces)
    if len(number) < 5:
        return begin, None
    if not (5 if asked and not commas else 7) <= len(number) <= 15 or _date(pieces):
        return begin, None
    before = spans[begin - 1].has if begin else {}
    after = spans[end].has if end < len(spans) else {}
    if "currency" in before or "minus" in before or any(name == "give_coupon" for name, _ in before.get("act", ())):
        return begin, None
    counts = len(number) < _LONG  # but 13711112222 半小时后来拿
    if counts and after.keys() & _COUNTABLE and not (after.keys() & {"clock"} and after["clock"] in ("at", "asap")):
        return begin, None
    if u.context.expects == "address" and ("unknown" in after or "road" in before):
        return begin, None
    said = u.said(begin, end)
    if commas:
        return end, "+" * said.startswith("+") + number
    return end, " ".join(said.split()) if all("num" in one.has or "pause" in one.has for one in spans[begin:end]) else (
        "+" * said.startswith("+") + number
    )


def _behind_comma(u: Utterance, at: int, before: str, parted: bool) -> tuple[str, int] | None:
    """The group of digits behind a comma at span `at`, and where it ends, where it belongs to a phone that began with
    `before`: "five five five, oh one three four". `parted`: a comma stood in it already; a phone that was whole before
    its first comma ends there."""
    spans, group, end = u.spans, "", at + 1
    if "pause" not in spans[at].has or not set(spans[at].text) <= _SPOKEN_PARTING:
        return None
    while end < len(spans) and (digits := digits_of(spans[end])) and digits.isdigit() and digitwise(spans[end]):
        group += digits
        end += 1
    after = spans[end].has if end < len(spans) else {}
    whole = len(before) >= _WHOLE
    if (whole and not parted) or len(group) < (3 if whole else 2) or after.keys() & (_COUNTABLE | {"unknown"}):
        return None
    return group, end


def _in_words(span: Span) -> bool:
    return "digits" not in span.has and span.has.get("num", (0, "written"))[1] != "written"


def _reads_dash(u: Utterance, at: int) -> bool:
    """Whether a particle stands between groups of digits as a dash is read out: 공일공에 일이삼사에 오육칠팔."""
    if u.grammar.script != "particles" or not {"on", "particle"} <= u.spans[at].has.keys() or at + 1 >= len(u.spans):
        return False
    groups = [digits_of(u.spans[i]) or "" for i in (at - 1, at + 1)]
    return all(group.isdigit() and len(group) in (3, 4) for group in groups)


def digitwise(span: Span) -> bool:
    """Digits as they are written or read out; no "twenty"."""
    if "digits" in span.has:
        return True
    number = span.has.get("num")
    return number is not None and (number[1] == "written" or 0 <= number[0] < 10)


def _date(pieces: list[str]) -> bool:
    """24 11 2026 and 2026 11 24 are days."""
    return [len(one) for one in pieces] in ([2, 2, 4], [4, 2, 2], [1, 2, 4], [2, 1, 4], [4, 1, 2], [4, 2, 1])


def _announced(u: Utterance, at: int) -> bool:
    """Whether words such as "my number is" lead up to span `at`."""
    at = _led(u, at)
    said = u.spans[at - 1].has.get("act", ()) if at else ()
    return any(name == "give_contact" or (name, value) == ("back", "contact") for name, value in said)


def _led(u: Utterance, at: int) -> int:
    """Where the words begin that lead from what announces a phone to it, with those of a correction: 电话错了，是…"""
    while at and u.spans[at - 1].has.keys() & {"pause", "particle", "clock", "it_is", "takes_back"}:
        at -= 1
    return at


def _soft(span: Span) -> bool:
    """Whether a word may stand around a name: a short form of goods or of an option is none ("ring twice")."""
    return bool(span.has.keys() & _SOFT) and "partial" not in span.has


def _says_more(span: Span) -> bool:
    return not span.has.keys() & (_SOFT | PHRASE_ENDS)


def _beside(u: Utterance, at: int, end: int) -> tuple[int, int, str]:
    """The name right before a phone at `at` to `end`, or else right behind it: (where both begin, end, name)."""
    stop = at
    while stop and (
        (u.spans[stop - 1].has.keys() & {"pause", "particle", "and"} and not _ends_name(u, stop - 1))
        or _is(u.spans[stop - 1], "give_contact.phone")
    ):
        stop -= 1
    if stop > 1 and _is_familiar(u, stop - 2) and _bounds(u, stop - 3):
        return stop - 2, end, u.said(stop - 2, stop)
    start = stop
    while start and stop - start < _MOST_WORDS + 1 and _namelike(u, start - 1) and not _called(u, start - 1):
        start -= 1
    begin, last, name = _name(u, start, stop)
    if name:
        while begin and _is(u.spans[begin - 1], "give_contact.name"):
            begin -= 1
        return begin, end, name
    start = end
    while start < len(u.spans) and (
        u.spans[start].has.keys() & {"pause", "particle", "and", "named"} or _is(u.spans[start], "give_contact.name")
    ):
        start += 1
    stop = start
    while stop < len(u.spans) and stop - start < _MOST_WORDS + 1 and _namelike(u, stop):
        stop += 1
    begin, last, name = _name(u, start, stop)
    return (at, last, name) if name and begin == start else (at, end, "")


def _is(span: Span, act: str) -> bool:
    name, _, value = act.partition(".")
    return (name, value) in span.has.get("act", ())


# --------------------------------------------------------------------------------------------------- names


_BEGINS_NO_NAME = frozenset({"num", "day", "weekday", "daypart", "fulfilment", "article", "alike"})


def announced(u: Utterance, at: int) -> None:
    """The name behind words such as "my name is"."""
    start = at + 1
    while start < len(u.spans) and u.spans[start].has.keys() & {"pause", "clock", "particle", "it_is", "calls"}:
        if "num" in u.spans[start].has or "stop" in u.spans[start].has:
            return
        start += 1
    end = start
    while end < len(u.spans) and end not in u.used and not _ends_phrase(u, end):
        if "calls" in u.spans[end].has and end > start and u.grammar.script == "unspaced":
            start = end + 1  # 我姓周 叫周杰
            u.used.update(range(at, end))
        if any(name in ("give_contact", "give_address") for name, _ in u.spans[end].has.get("act", ())):
            break
        if end > start and _tells_way(u, end):
            break
        if "numbered" in u.spans[end].has and end + 1 < len(u.spans) and _phone(u, end + 1)[1] is not None:
            break  # "name's Jo number 138…"
        if end > start and u.grammar.script == "spaced" and not u.spans[end].has.keys().isdisjoint(_NUMBERS):
            break  # "my name is Jo 12 Hill Road"
        end += 1
    if start >= end or u.spans[start].has.keys() & _BEGINS_NO_NAME:
        return
    while u.grammar.verbs_last and end - 1 > start and u.spans[end - 1].has.keys() & {"verb", "polite"}:
        end -= 1  # 이름을 김유진으로 바꿔 주세요
    while (
        end - 1 > start
        and u.spans[end - 1].has.keys() & {"particle", "filler"}
        and "unknown" not in u.spans[end - 1].has
    ):
        end -= 1
    if u.grammar.script == "spaced" and any(one.has.keys() & {"asking", "it"} for one in u.spans[start:end]):
        return  # "call me when it's there"
    name = trimmed(u.said(start, end))
    wondered = u.grammar.script == "spaced" and _asking(u) and not name[:1].isupper()  # "is my name right"
    if "writes" in u.spans[at].has and not _surnamed(u, name):
        return  # 写上不要香菜
    if _fits(name) and not wondered and not _no_name(u, at, name):
        give(u, at, {"name": name}, range(at, end))


def _tells_way(u: Utterance, at: int) -> bool:
    """Whether it is told at `at` how to get or to pay the goods, 我姓陈 支付宝; where verbs come last, by a word of its
    own: 이름은 오세훈 카드로요. In other languages such a word may be part of a name."""
    if not u.grammar.verbs_last and u.grammar.script != "unspaced":
        return False
    apart = u.grammar.script == "unspaced" or not u.spans[at].glued
    return apart and bool(u.spans[at].has.keys() & {"method", "fulfilment"})


def _ends_phrase(u: Utterance, at: int) -> bool:
    return not (_shortened(u, at) or _opens_name(u, at) or u.spans[at].has.keys().isdisjoint(PHRASE_ENDS))


def _opens_name(u: Utterance, at: int) -> bool:
    """Whether a word that links others is the family name that a word begins with: 나영."""
    return u.grammar.script == "particles" and not u.spans[at].glued and _begins_name(u, at)


def _shortened(u: Utterance, at: int) -> bool:
    """Whether a dot at `at` only shortens the title before it: "Mrs. Lee"."""
    return 0 < at < len(u.spans) - 1 and u.spans[at].text == "." and "title" in u.spans[at - 1].has


def _no_name(u: Utterance, at: int, name: str) -> bool:
    """Whether words that lead up to anything else, too, "this is ridiculous", lead up to no name: nobody asked for one,
    and it isn't written as one."""
    if u.grammar.script != "spaced" or u.context.expects == "contact" or "named" not in u.spans[at].has:
        return False
    return not all(word[:1].isupper() for word in name.split())


def familiar(u: Utterance) -> None:
    """A family name behind a word such as 小 or 老, or a whole name, that stands alone beside other details: 自取 小王
    现金, 自取 李娜 现金."""
    if any("name" in act.value for _, act in u.acts if act.act == "give_contact"):
        return
    for at in range(len(u.spans)):
        end = at + 2 if _is_familiar(u, at) else _end_of_name(u, at)
        if not end or not u.used.isdisjoint(range(at, end)) or not (_bounds(u, at - 1) and _bounds(u, end)):
            continue
        give(u, at, {"name": u.said(at, end)}, range(at, end))
        return


def _called(u: Utterance, at: int) -> bool:
    """The 叫 of 我姓周 叫周杰, which begins the whole name."""
    return u.grammar.script == "unspaced" and "calls" in u.spans[at].has


def _end_of_name(u: Utterance, at: int) -> int:
    """Where a whole name ends that begins at `at`, written apart, where it is said how to pay or to get the goods; 0
    where none does."""
    apart = not u.spans[at].glued or not at or "pause" in u.spans[at - 1].has
    if u.grammar.script != "unspaced" or not apart or u.kinds.isdisjoint({"method", "fulfilment"}) or _asking(u):
        return 0
    end = at
    while end < len(u.spans) and "unknown" in u.spans[end].has and (end == at or u.spans[end].glued):
        end += 1
    name = u.said(at, end)
    return end if len(name) <= _USUAL_SYLLABLES and _surnamed(u, name) else 0


def _is_familiar(u: Utterance, at: int) -> bool:
    """Whether a family name behind such a word begins at `at`."""
    if at + 1 == len(u.spans):
        return False
    name = u.spans[at + 1]
    return "familiar" in u.spans[at].has and name.glued and name.text in u.grammar.surnames


def _bounds(u: Utterance, at: int) -> bool:
    """Whether nothing that belongs to a name beside it stands at `at`."""
    if not 0 <= at < len(u.spans) or at in u.used:
        return True
    return not u.spans[at].has.keys().isdisjoint(PHRASE_ENDS | {"digits", "method", "fulfilment", "act"})


def by_name(u: Utterance, *, asked: bool = True) -> None:
    """The name that was asked for: a stretch of words that mean nothing else here, and ask nothing. One that nobody
    asked for has to look like a name, too."""
    if not asked and u.context.expects not in _DETAILS and "named" not in u.kinds:
        return
    told = next((act.value for _, act in u.acts if act.act == "give_contact" and "name" in act.value), None)
    family = _family_alone(u, told) if told is not None else ""
    if (told is not None and not family) or _asking(u):
        return
    start = 0
    while start < len(u.spans):
        end = start
        while end < len(u.spans) and end not in u.used and not _ends_phrase(u, end):
            end += 1
        begin, stop, name = _name(u, start, end) if end > start else (start, start, "")
        whole = all(_soft(u.spans[i]) for i in (*range(start, begin), *range(stop, end)))
        if (
            name
            and whole
            and name.startswith(family)
            and (_apart(u, start, name) if asked else _unasked(u, start, begin, name))
        ):
            if not asked or _likely(u, name, start, end):
                give(u, begin, {"name": name}, range(start, end))
            elif not u.acts and not u.doubts:  # else it belongs to what was said with it
                u.doubts.append(Doubt(name, (Act("give_contact", value={"name": name}),)))
                u.used.update(range(start, end))
            return
        start = max(end, start) + 1


def perhaps_name(u: Utterance) -> None:
    """A name alone while more goods are waited for, and it is known how they are handed over: it is asked about."""
    if u.context.expects != "basket" or u.used or u.acts or _asking(u) or not u.context.basket:
        return
    begin, stop, name = _name(u, 0, len(u.spans))
    if not name or not all(_soft(u.spans[i]) for i in (*range(begin), *range(stop, len(u.spans)))):
        return
    spaced = u.grammar.script == "spaced" or name.isascii()
    written = all(word[:1].isupper() for word in name.split()) if spaced else _surnamed(u, name)
    if written and "unknown" in u.kinds:
        u.doubts.append(Doubt(name, (Act("give_contact", value={"name": name}),)))
        u.used.update(range(len(u.spans)))


def of_letters(u: Utterance) -> None:
    """于和伟, 任好: where a name is asked for, or may be said, and nothing but one letter after the other is said
    behind a family name, all of them are the name, whatever one of them means else."""
    if u.grammar.script != "unspaced" or u.context.expects not in ("contact", "basket"):
        return
    ends = [
        i for i, span in enumerate(u.spans) if span.has.keys() & {"pause", "stop", "digits", "calls"} or _long(span)
    ]
    for begin, end in pairwise([-1, *ends, len(u.spans)]):
        letters = u.spans[begin + 1 : end]
        if not 2 <= len(letters) <= _USUAL_SYLLABLES or not _all_of_name(u, letters):
            continue
        if u.context.expects == "contact" or len(letters) == len(u.spans):
            u.acting = [i for i in u.acting if not begin < i < end]
            for letter in letters:
                letter.has = UNKNOWN
            u.kinds = set().union(*[span.has for span in u.spans])
            return


def _long(span: Span) -> bool:
    """A number of many digits: a phone."""
    return ("num" in span.has and span.end - span.start > 1) or len(span.text) >= _WHOLE


def _all_of_name(u: Utterance, letters: Sequence[Span]) -> bool:
    first, told = letters[0], [span.has for span in letters[1:]]
    family = first.text in u.grammar.surnames and "unknown" in first.has
    meant = any("unknown" not in has for has in told)
    return family and meant and all(len(one.text) == 1 for one in letters) and not any(map(_asks_or_ends, told))


def _asks_or_ends(has: Mapping[str, object]) -> bool:
    """Whether a letter is rather one of a sentence: 是, 的, 吗, 吧."""
    return bool(has.keys() & {"particle", "asking", "possible", "so_if", "is_it", "num"}) or (
        "hesitation" in has and "act" not in has
    )


_DETAILS = frozenset({"fulfilment", "time", "method"})


def _apart(u: Utterance, start: int, name: str) -> bool:
    """Whether the name that was asked for stands apart from what else was said, or looks like a name: "two nights is
    enough" tells none."""
    joined = start > 0 and start - 1 in u.used
    return not joined or u.grammar.script != "spaced" or name[:1].isupper()


def _likely(u: Utterance, name: str, start: int, end: int) -> bool:
    """Whether what was said where a name was asked for can be one: 我再考虑一下, 창가로요, "they come too" are rather
    remarks, and it is asked whether they are a name."""
    if any(span.has.keys() & {"named", "title"} for span in u.spans[start:end]) or "give_contact" in _acts_of(u):
        return True
    if u.grammar.script == "spaced" or name.isascii():
        remark = any("wish" in span.has and not span.has.keys() & {"named", "it_is"} for span in u.spans[start:end])
        return not name[:1].islower() or not (remark or ("-" in name and " " not in name))
    letters = name.replace(" ", "")
    doubled = letters[:2] in u.grammar.surnames and len(letters) <= _MOST_SYLLABLES  # 남궁민수
    given = name.partition(" ")[2]
    if (_surnamed(u, letters) or doubled) and " " not in name[2:] and len(given) <= _GIVEN:  # no 나 김민수
        return True
    if u.grammar.script == "particles":
        return " " not in name and len(letters) <= _GIVEN and not _directed(u, end)
    return len(letters) <= _GIVEN and "and" not in u.kinds


_GIVEN = 2
"""Syllables of a name without the family's."""


def _acts_of(u: Utterance) -> set[str]:
    return {name for span in u.spans for name, _ in span.has.get("act", ())}


def _directed(u: Utterance, end: int) -> bool:
    """Whether a particle that makes of a word where to or as what, 창가로요, stands before `end`."""
    return end > 0 and any("as" in u.spans[i].has for i in range(max(0, end - 2), end))


def _unasked(u: Utterance, start: int, begin: int, name: str) -> bool:
    """Whether a name is one though it wasn't asked for: it begins as names do, and is announced ("I'm Tom") or stands
    where no goods are expected."""
    if not (u.context.expects in _DETAILS or any("named" in u.spans[i].has for i in range(start, begin))):
        return False
    if u.grammar.script == "spaced" or name.isascii():
        return all(word[:1].isupper() for word in name.split())
    return _surnamed(u, name)


def _asking(u: Utterance) -> bool:
    if not {"?", "？"}.isdisjoint(u.shown):
        return True
    if u.grammar.script == "spaced":
        first = next(
            (span for span in u.spans if "unknown" in span.has or not span.has.keys() & {"pause", "filler"}), None
        )
        return first is not None and "asking" in first.has
    return any("asking" in span.has for span in u.spans)


def _namelike(u: Utterance, index: int) -> bool:
    """Whether a span may be part of a name, by itself."""
    span = u.spans[index]
    if index not in u.used and ("title" in span.has or _shortened(u, index) or _opens_name(u, index)):
        return True
    if (
        index in u.used
        or span.has.keys() & (PHRASE_ENDS | {"hands_to"})
        or "digits" in span.has
        or _is(span, "give_contact.name")
    ):
        return False
    if "num" in span.has and not _numeral_of_name(u, index):
        return False
    if index and span.has.keys() & _MEASURES and u.spans[index - 1].has.keys() & {"num", "digits"}:
        return False  # 두 명 김민수, 301호 이영희
    if "unknown" in span.has:
        return span.text not in "%&+#@$"
    if span.end - span.start > 1:
        return _goes_on(u, index)
    if u.grammar.script != "spaced" or not span.text.isascii():
        return len(span.text) == 1
    return u.said(index, index + 1)[:1].isupper() and not span.has.keys() & {"item", "method", "fulfilment", "verb"}


def _goes_on(u: Utterance, index: int) -> bool:
    """Whether a syllable that isn't known makes another word of a known one, 아이유, that orders nothing."""
    span, follower = u.spans[index], u.spans[index + 1] if index + 1 < len(u.spans) else None
    if u.grammar.script != "particles" or span.glued or follower is None or span.end - span.start > _GIVEN:
        return False
    orders = span.has.keys() & {"item", "choice", "verb", "act", "num", "digits"}
    return not orders and follower.glued and "unknown" in follower.has and follower.end - follower.start == 1


def _numeral_of_name(u: Utterance, index: int) -> bool:
    """Whether a numeral may be a syllable of a name: behind a family name (李四), or glued as those of 이하나 are."""
    span = u.spans[index]
    if u.grammar.script == "particles":
        return span.glued or _begins_name(u, index)
    before = u.spans[index - 1] if index else None
    words = span.has["num"][1] == "words"
    if before is not None and "pause" in before.has and words:  # 万一鸣
        after = u.spans[index + 1].has if index + 1 < len(u.spans) and u.spans[index + 1].glued else {}
        return span.text[0] in u.grammar.surnames and span.end - span.start < _USUAL_SYLLABLES and "unknown" in after
    return before is not None and before.text in u.grammar.surnames and span.glued and words


def _name(u: Utterance, start: int, end: int) -> tuple[int, int, str]:
    """The name that fills a stretch but for the soft words around it: (where it begins, ends, name), "" for none."""
    nothing, whole = (start, start, ""), range(start, end)
    while start < end and _edge(u, start):
        start += 1
    while end > start and _edge(u, end - 1):
        end -= 1
    if start >= end or not all(_namelike(u, i) for i in range(start, end)) or _of_address(u, start, end):
        return nothing
    spans = u.spans[start:end]
    start, end = _all_letters(u, start, end, whole)
    name = trimmed(u.said(start, end))
    letters = name.replace(" ", "")
    if not _fits(name) or len(name.split()) > _MOST_WORDS:
        return nothing
    if not letters.isascii() and u.grammar.script != "spaced" and len(letters) > _MOST_SYLLABLES * 2:
        return nothing
    if not any("unknown" in span.has for span in spans) and not _surnamed(u, letters):
        return nothing
    return start, end, name


def _all_letters(u: Utterance, start: int, end: int, whole: range) -> tuple[int, int]:
    """With the letters of a name that mean something else: 那英, 은지원. Nobody is called by one Chinese letter that is
    no family name, and a Korean name begins where its word does."""
    if u.grammar.script == "particles":
        while start > whole.start and u.spans[start].glued and start - 1 not in u.used:
            start -= 1
    elif u.grammar.script == "unspaced" and end - start == 1 and len(u.spans[start].text) == 1:
        before = u.spans[start - 1] if start > whole.start and start - 1 not in u.used else None
        known = u.spans[start].text in u.grammar.surnames
        if before is not None and not known and len(before.text) == 1 and "pause" not in before.has:
            start -= 1
    return start, end


def _of_address(u: Utterance, start: int, end: int) -> bool:
    """Whether a number stands right before words that are the rest of an address: 40 *Main Street*, Apt 2*B*."""
    if u.grammar.script != "spaced" or u.grammar.verbs_last or not start:
        return False
    numbered = not u.spans[start - 1].has.keys().isdisjoint(_NUMBERS)
    return numbered and (u.spans[start].glued or any("road" in span.has for span in u.spans[start:end]))


def _edge(u: Utterance, index: int) -> bool:
    """Whether a span at the edge of a stretch is no part of the name in it."""
    span = u.spans[index]
    if "unknown" in span.has or _begins_name(u, index) or _ends_name(u, index):
        return False
    return bool(span.has.keys() & (_SOFT | {"clock"})) and "num" not in span.has


def _begins_name(u: Utterance, index: int) -> bool:
    """Whether a family name stands at `index` at the beginning of a word, and more of the word follows."""
    span = u.spans[index]
    if span.text not in u.grammar.surnames or (index and span.glued and "unknown" in u.spans[index - 1].has):
        return False
    follower = u.spans[index + 1] if index + 1 < len(u.spans) else None
    return follower is not None and follower.glued and follower.end - follower.start == 1


def _ends_name(u: Utterance, index: int) -> bool:
    """Whether a particle is the last of the three syllables of a name in Korean: 정해인."""
    if u.grammar.script != "particles" or "particle" not in u.spans[index].has or not u.spans[index].glued:
        return False
    first = index
    while first and u.spans[first].glued:
        first -= 1
    ends = index + 1 == len(u.spans) or not u.spans[index + 1].glued
    return ends and len(word := u.said(first, index + 1)) == _USUAL_SYLLABLES and word[:1] in u.grammar.surnames


_USUAL_SYLLABLES = 3


def _surnamed(u: Utterance, letters: str) -> bool:
    return letters[:1] in u.grammar.surnames and 2 <= len(letters) <= _MOST_SYLLABLES


def _fits(name: str) -> bool:
    return 0 < len(name) <= _MOST_LETTERS and CARD not in name and _NAME.fullmatch(name) is not None

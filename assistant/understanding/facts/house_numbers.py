"""Another number in the address that is known: "the address is 14, not 12", 是90号，不是88号, 12번지 아니고 14번지."""

from __future__ import annotations

import re

from assistant.turns import Act
from assistant.understanding.words.spans import Span, digits_of
from assistant.understanding.words.utterance import Utterance

_NUMBER = re.compile(r"\d+[a-z]?(?![a-z\d])", re.IGNORECASE)
_BETWEEN = frozenset(
    {"pause", "particle", "filler", "it_is", "it", "correct", "takes_back", "but", "wish", "hesitation", "numbered"}
)
"""What may stand between the two numbers of a house besides what denies one of them."""
_BESIDE = _BETWEEN | {"polite", "stop", "the", "place", "road", "act", "again"}


def corrected(u: Utterance) -> None:
    """The whole address with its other number, as an answer like any other one."""
    known = u.context.address
    if not known or u.kinds.isdisjoint(("num", "digits")):
        return
    groups = _numbers(u)
    announced = [i for i in u.acting if any(name == "give_address" for name, _ in u.acts_at(i))]
    if len(groups) == 2 and (found := _one_for_the_other(u, *groups)) is not None:
        new, old = found
        written = [one for one in _NUMBER.findall(known) if one.casefold() == old.casefold()]
        if len(written) == 1 and (announced or _is_house(u, groups) or not _counted(u, old)):
            _tell(u, groups, announced, _swapped(known, written[0], new))
    elif len(groups) == 1 and announced and _only_number(u, groups[0], announced):
        written = _NUMBER.findall(known)
        if written:
            _tell(u, groups, announced, _swapped(known, written[0], groups[0][2]))


def same_house(u: Utterance) -> None:
    """地址写错了，是中山路88号, of 中山路86号3栋502: it is another house of that road, and the flat stays."""
    known, at = u.context.address, next((i for i, (_, act) in enumerate(u.acts) if act.act == "give_address"), None)
    if not known or at is None or u.grammar.script != "unspaced":
        return
    place, act = u.acts[at]
    wrong = any(("back", "address") in span.has.get("act", ()) for span in u.spans)
    said, before = _HOUSE.fullmatch(str(act.value)), _HOUSE.match(known)
    if not (said and before) or not (wrong or u.kinds & {"correct", "takes_back"}):
        return
    rest = known[before.end() :]
    if rest and said[1] == before[1] and said[2] != before[2]:
        u.acts[at] = (place, Act("give_address", value=act.value + rest))


_HOUSE = re.compile(r"([^\d]+)(\d+)[号號]")
"""A road and the number of a house in it."""


def _tell(u: Utterance, groups: list[tuple[int, int, str]], announced: list[int], address: str) -> None:
    begin = min([groups[0][0], *announced])
    end = max([groups[-1][1], *(at + 1 for at in announced)])
    while begin and u.spans[begin - 1].has.keys() & _BESIDE and begin - 1 not in u.used:
        begin -= 1
    u.add(begin, Act("give_address", value=address), set(range(begin, end)))


def _numbers(u: Utterance) -> list[tuple[int, int, str]]:
    """Each number, as a house has it: where it begins and ends, with the word behind it that counts houses, and its
    text: 14, 14B."""
    found, at = [], 0
    while at < len(u.spans):
        digits = digits_of(u.spans[at]) if u.spans[at].has.keys() & {"num", "digits"} else None
        if at in u.used or digits is None:
            at += 1
            continue
        end = at + 1
        letter = u.spans[end].text if end < len(u.spans) and u.spans[end].glued else ""
        if len(letter) == 1 and letter.isascii() and letter.isalpha():
            digits += u.said(end, end + 1)
            end += 1
        while end < len(u.spans) and u.spans[end].glued and "road" in u.spans[end].has:
            end += 1
        found.append((at, end, digits))
        at = end
    return found


def _one_for_the_other(
    u: Utterance, first: tuple[int, int, str], second: tuple[int, int, str]
) -> tuple[str, str] | None:
    """(the new number, the old one), where one is denied; None where none is."""
    between = u.spans[first[1] : second[0]]
    if not all(span.has.keys() & _BETWEEN or _denies(span) for span in between):
        return None
    if any(map(_denies, between)):
        return (second[2], first[2]) if u.grammar.verbs_last else (first[2], second[2])
    if first[0] and _denies(u.spans[first[0] - 1]) and between:
        return second[2], first[2]
    return None


def _denies(span: Span) -> bool:
    if span.has.keys() & {"instead_after", "instead_of", "takes_back"}:
        return True
    return span.has.get("amount", ("",))[0] == "no" or (span.has.keys() == {"correct"} and len(span.text) > 1)


def _is_house(u: Utterance, groups: list[tuple[int, int, str]]) -> bool:
    """Whether a word says that a number is a house's: 90号, 14번지, "number 14"."""
    spans = [u.spans[i] for begin, end, _ in groups for i in range(begin, end)]
    before = [u.spans[begin - 1] for begin, _, _ in groups if begin]
    return any("road" in span.has for span in spans) or any(span.has.keys() & {"numbered", "road"} for span in before)


def _counted(u: Utterance, old: str) -> bool:
    """Whether there are so many of anything in the basket: then a mere number may be a count."""
    return any(str(line.quantity) == old for line in u.context.basket)


def _only_number(u: Utterance, group: tuple[int, int, str], announced: list[int]) -> bool:
    """Whether nothing but the number is said of the address."""
    begin, end, _ = group
    if not any(at < begin for at in announced) and not u.grammar.verbs_last:
        return False
    at = max([one for one in announced if one < begin], default=begin - 1)
    led = all(span.has.keys() & _BETWEEN for span in u.spans[at + 1 : begin])
    behind = u.spans[end].has.keys() if end < len(u.spans) else {"stop"}
    return led and bool(behind & {"pause", "stop", "polite", "filler", "particle", "verb"})


def _swapped(address: str, old: str, new: str) -> str:
    return re.sub(rf"(?<![\da-zA-Z]){re.escape(old)}(?![\da-zA-Z])", new, address, count=1)

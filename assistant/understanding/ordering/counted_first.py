"""Goods that are named behind their count, in languages with their verbs last: 버거 두 개, 하나는 치킨버거 하나는
치즈버거 is 치킨버거 하나 치즈버거 하나; 치킨버거 세트 두 개, 하나는 콜라 하나는 사이다 tells what each meal has."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from assistant.understanding.changing.some_and_rest import head_of, part_begins
from assistant.understanding.ordering.drafts import units
from assistant.understanding.words.spans import Span
from assistant.understanding.words.utterance import Utterance

_BEFORE_NAME = frozenset("choice amount and filler hesitation pause".split())
_AFTER_GOODS = frozenset("num measure particle polite topical pause filler hesitation verb category of_them".split())
"""What may stand between goods and the parts that tell how each of them is."""


def named_first(u: Utterance, kept: Sequence[Span]) -> Sequence[Span]:
    """The words of a sentence with each count behind the goods that it is of; parts of goods that come with others, or
    of those that were counted before, are told as such."""
    if not u.grammar.verbs_last or not {"num", "topical", "item"} <= u.kinds:
        return kept
    said = _of_a_topic(kept, bool(u.context.last))
    begins = [at for at in range(len(said)) if part_begins(said, at)]
    if len(begins) < 2:
        return kept
    front = list(said[: begins[0]])
    parts = [list(said[begin:end]) for begin, end in pairwise([*begins, len(said)])]
    if not all(_names(part) for part in parts) or any(map(_undoes, said[begins[0] :])):
        return kept
    told = next((span.has["num"][0] for span in reversed(front) if "num" in span.has), u.context.counted)
    number = told or units(u.context.basket, (u.context.last,) if u.context.last else ())
    if not (parts := _counted_out(parts, number)):
        return kept
    goods = next((at for at in range(len(front) - 1, -1, -1) if "item" in front[at].has), None)
    count = sum(part[0].has["num"][0] for part in parts)
    if goods is not None and all(span.has.keys() & _AFTER_GOODS for span in front[goods + 1 :]):
        within = set(front[goods].has["item"])
        if _come_with(parts, within):
            return _each_with(front, goods, parts) if count == number else kept
        if _alike(u, parts, within):  # 콜라 네 잔, 두 잔은 제로로 두 잔은 사이다로 주세요
            if count > number or not within.isdisjoint(line.item for line in u.context.basket):
                return kept
            front = _less(front, goods, number - count)
    elif goods is None and (last := _last_there(u, count)):
        kind = any("category" in span.has for span in front)
        if _come_with(parts, {last}) and (not kind or count == units(u.context.basket, (last,))):
            at = parts[0][0].start
            return _each_with([Span(at, at, {"item": (last,)}, last)], 0, parts)
        if not kind and _alike(u, parts, {last}):
            return kept  # 두 잔은 제로로 두 잔은 사이다로요, of four that are there
    return [*front, *(span for part in parts for span in _turned(part))]


def _of_a_topic(kept: Sequence[Span], there: bool) -> Sequence[Span]:
    """… 음료는 콜라 하나 사이다 하나요, as 음료는 하나는 콜라 하나는 사이다요: what is told of a kind. `there`: goods
    were spoken of before."""
    topic = next((at for at in range(1, len(kept)) if _kind_told(kept, at, there)), len(kept))
    made, named = list(kept[: topic + 1]), 0
    at = topic + 1
    while at + 1 < len(kept) and "item" in kept[at].has and "num" in kept[at + 1].has:
        end = at + 2
        while end < len(kept) and kept[end].has.keys() & {"measure", "and", "pause"} and "item" not in kept[end].has:
            end += 1
        measures = [span for span in kept[at + 2 : end] if "measure" in span.has]
        mark = Span(kept[at].start, kept[at].start, {"topical": True, "particle": True}, "", glued=True)
        made += [kept[at + 1], *measures, mark, kept[at]]
        at, named = end, named + 1
    loose = any("item" in span.has for span in kept[at:])
    return [*made, *kept[at:]] if named > 1 and not loose else kept


def _kind_told(kept: Sequence[Span], at: int, there: bool) -> bool:
    goods = there or any("item" in span.has for span in kept[: at - 1])
    return goods and "topical" in kept[at].has and "category" in kept[at - 1].has and "item" not in kept[at - 1].has


def _names(part: Sequence[Span]) -> bool:
    """Whether a part names its goods right behind their count, 하나는 라지 콜라로, and no others."""
    body = part[head_of(part) :]
    named = [at for at, span in enumerate(body) if "item" in span.has]
    before = body[: named[0]] if named else ()
    return len(named) == 1 and all(span.has.keys() & _BEFORE_NAME for span in before)


def _undoes(span: Span) -> bool:
    return bool(span.has.get("verb", ("add",))[0] != "add") or "instead_after" in span.has


def _counted_out(parts: list[list[Span]], number: int) -> list[list[Span]]:
    """The parts, each with its count: the others are all that are left. Nothing where one isn't counted."""
    told = sum(part[0].has["num"][0] for part in parts if "num" in part[0].has)
    made: list[list[Span]] = []
    for part in parts:
        if "num" in part[0].has:
            made.append(part)
        elif number > told and part is parts[-1]:
            at = part[0]
            made.append([Span(at.start, at.end, {"num": (number - told, "counting")}, at.text), *part[1:]])
        else:
            return []
    return made


def _goods(part: Sequence[Span]) -> Span:
    return next(span for span in part if "item" in span.has)


def _come_with(parts: Sequence[Sequence[Span]], within: set[str]) -> bool:
    """Whether all that is named may come with the goods: the drinks of a meal."""
    return bool(within) and all(within <= set(_goods(part).has.get("choice", ())) for part in parts)


def _each_with(front: list[Span], goods: int, parts: Sequence[Sequence[Span]]) -> list[Span]:
    """The goods once for each part, with what it tells of them."""
    made = front[:goods]
    for part in parts:
        counts = [part[0], *(span for span in part[1 : head_of(part)] if "measure" in span.has)]
        named = [span for span in part[head_of(part) :] if "as" not in span.has]
        choices = [_only_a_part(span) if "item" in span.has else span for span in named]
        first = choices[0]
        made += [front[goods], *(Span(first.start, first.start, one.has, one.text, glued=True) for one in counts)]
        made += [*choices, Span(named[-1].end, named[-1].end, {"pause": True}, "")]
    return made


def _only_a_part(span: Span) -> Span:
    has = {key: value for key, value in span.has.items() if key != "item"}
    return Span(span.start, span.end, has, span.text, span.score, span.why, span.glued)


def _alike(u: Utterance, parts: Sequence[Sequence[Span]], within: set[str]) -> bool:
    """Whether all that is named is of the kind of goods that were counted before."""
    items = u.lexicon.catalogue.items
    kinds = {items[one].category for one in within if one in items}
    named = [_goods(part).has["item"] for part in parts]
    return all(
        within.isdisjoint(some) and not kinds.isdisjoint(items[one].category for one in some if one in items)
        for some in named
    )


def _less(front: list[Span], goods: int, left: int) -> list[Span]:
    """The words before the parts, with so many of the goods that were counted."""
    if left < 1:
        return front[:goods]
    return [
        Span(span.start, span.end, {"num": (left, "written")}, span.text) if "num" in span.has and at > goods else span
        for at, span in enumerate(front)
    ]


def _last_there(u: Utterance, count: int) -> str:
    """The goods spoken of last, where as many are there and it isn't being asked which goods are meant."""
    last = u.context.last
    return last if last and not u.context.counted and 0 < count <= units(u.context.basket, (last,)) else ""


def _turned(part: Sequence[Span]) -> list[Span]:
    """하나는 치킨버거로 as 치킨버거 하나."""
    body = list(part[head_of(part) :])
    at = next(i for i, span in enumerate(body) if "item" in span.has)
    end = body[at].end
    counts = [part[0], *(span for span in part[1 : head_of(part)] if "measure" in span.has)]
    placed = [Span(end, end, one.has, one.text, one.score, one.why, glued=True) for one in counts]
    behind = body[at + 1 :]
    return [*body[: at + 1], *placed, *(behind[1:] if behind and "as" in behind[0].has else behind)]

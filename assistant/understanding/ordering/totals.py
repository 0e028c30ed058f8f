"""A total of a kind of goods, and then which those are: "two drinks, a coke and a sprite", 两杯饮料，可乐和雪碧,
음료 두 개, 콜라 하나 사이다 하나. What follows tells them, and the total orders nothing besides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from typing import Any

from assistant.understanding.ordering.drafts import called_after, named_with
from assistant.understanding.words.language_words import Key
from assistant.understanding.words.spans import Span
from assistant.understanding.words.text import words_of
from assistant.understanding.words.utterance import Utterance

_AMONG = frozenset("measure piece article choice amount and pause polite particle topical filler hesitation".split())
"""What may stand among the goods that are told."""
_AFTER = frozenset("pause particle measure piece polite filler topical".split())
"""What may stand between the total and those goods."""
_COUNTING = frozenset("measure piece particle topical".split())
_MARKS = frozenset({"particle", "topical"})


class _Total:
    """So many goods of a kind: the spans from `start` to `end` say it."""

    def __init__(self, start: int, end: int, number: int, kind: Sequence[str], so: Sequence[Span]) -> None:
        self.start, self.end, self.number, self.kind = start, end, number, kind
        self.so = so
        """How all of them are to be: "two large drinks"."""
        self.told: dict[int, tuple[str, ...]] = {}
        """Span index -> the goods of the kind that it names."""
        self.strange = False
        """One of them isn't had here: it is said back."""
        self.short = False
        """One of them is named without what the kind is called: 两个套餐，一个鸡腿堡的."""
        self.sum = 0
        self.counted = False

    def kind_told(self, has: Mapping[str, Any]) -> bool:
        """Whether a word names the goods only because the kind was named."""
        return not any(one in self.kind for one in has.get("item", ()))


def told_apart(u: Utterance, kept: Sequence[Span]) -> Sequence[Span]:
    """The words of a sentence without the totals whose goods are told behind them; one that doesn't come to as many is
    said back."""
    if "num" not in u.kinds or u.kinds.isdisjoint(("category", "item")):
        return kept
    for at in range(len(kept)):
        if (total := _total(u, kept, at)) is not None and _tells(u, kept, total):
            if total.sum != total.number:
                u.leftover.append(" ".join(span.text for span in kept[total.start : total.end]))
            return [*kept[: total.start], *_named(kept, total)]
    return kept


def summed_up(u: Utterance, kept: Sequence[Span]) -> Sequence[Span]:
    """The words of a sentence without the count of all that was named before: "… and a water, three drinks in total",
    一共三杯, 총 세 잔이요. Where it comes to another number, it is said back."""
    for at, span in enumerate(kept if "in_all" in u.kinds else ()):
        if "in_all" not in span.has:
            continue
        begin, end = at, at + 1
        while begin and kept[begin - 1].has.keys() & _SUM and "item" not in kept[begin - 1].has:
            begin -= 1
        if begin == at or not any("num" in one.has for one in kept[begin:at]):
            begin = at
            while end < len(kept) and kept[end].has.keys() & (_SUM | {"particle"}) and "item" not in kept[end].has:
                end += 1
        number = next((one.has["num"][0] for one in kept[begin:end] if "num" in one.has), 0)
        alone = end == len(kept) or kept[end].has.keys() & {"pause", "polite", "stop"}
        if number and alone and any("item" in one.has for one in kept[:begin]):
            if number != _sum(u, kept[:begin]):
                u.leftover.append(" ".join(one.text for one in kept[begin:end]))
            return [*kept[:begin], *kept[end:]]
    return kept


_SUM = frozenset({"num", "measure", "piece", "category", "it_is", "it", "filler"})


def _sum(u: Utterance, spans: Sequence[Span]) -> int:
    """How many goods were named, with more of them: 再来一份."""
    total = count = 0
    more = False
    for span in spans:
        has = span.has
        if "item" in has or ("category" in has and count):
            total, count = total + (count or 1), 0
        elif "num" in has and "choice" not in has and u.grammar.verbs_last and total:
            total += has["num"][0] - 1
        elif "num" in has and more:
            total, more = total + has["num"][0], False
        elif "num" in has:
            count = has["num"][0]
        more = "again" in has or (more and "measure" in has)
    return total


def _named(kept: Sequence[Span], total: _Total) -> list[Span]:
    """What stands behind a total, each of its goods by itself, and as all of them are to be."""
    made: list[Span] = []
    for at, span in enumerate(kept[total.end :], total.end):
        if (items := total.told.get(at)) is not None:
            made += map(copy, total.so)
            if total.kind_told(span.has):
                span = copy(span)
                span.has = {"item": items}
        made.append(span)
    return made


def _total(u: Utterance, kept: Sequence[Span], at: int) -> _Total | None:
    """The total that begins at a place, with its count before it or, 음료 두 개, behind it."""
    if "num" in kept[at].has:
        end = at + 1
        while end < len(kept) and kept[end].has.keys() & (_COUNTING | {"choice"}) and not _of_kind(u, kept[end]):
            end += 1
        kind = _of_kind(u, kept[end]) if end < len(kept) else ()
        if kind and "measure" in kept[end].has and u.grammar.verbs_last and at and "item" in kept[at - 1].has:
            return None  # 치킨버거 세트 두 세트: it counts what stands before it
        so = [span for span in kept[at + 1 : end] if "choice" in span.has]
        number, end = kept[at].has["num"][0], end + 1
    else:
        kind, end, so = _of_kind(u, kept[at]), at + 1, []
        while end < len(kept) and (kept[end].has.keys() & _MARKS or kept[end].has.get("verb", ("",))[0] == "add"):
            end += 1
        if u.grammar.script == "spaced" or not kind or end == len(kept) or "num" not in kept[end].has:
            return None
        number, end = kept[end].has["num"][0], end + 1
        while end < len(kept) and not kept[end].has.keys().isdisjoint(_COUNTING):
            end += 1
        if others := _is_of_the_first(u, kept[end:], kind):
            return _Total(at, at + 1, number + others, kind, so)
    return _Total(at, end, number, kind, so) if kind and number > 1 else None


def _is_of_the_first(u: Utterance, behind: Sequence[Span], kind: Sequence[str]) -> int:
    """饮料两杯可乐一杯雪碧, 汉堡两个芝士的一个鸡肉的: each count stands before its goods, so the one behind the kind
    is that of the first. How many the others are; 0 where it isn't so."""
    row, others = "", 0
    for span in behind:
        if _of_those(u, span.has, kind):
            row += "g"
        elif "num" in span.has:
            row, others = row + "n", others + span.has["num"][0]
        elif span.has.keys().isdisjoint(_COUNTING | {"choice"}):
            break
    return others if row.startswith("g") and "ng" in row and row.endswith("g") else 0


def _of_kind(u: Utterance, span: Span) -> Sequence[str]:
    """The goods of the kind that a word names: a category, or what a name as "coffee" stands for."""
    if "item" not in span.has:
        return u.lexicon.categories.get(span.has.get("category", ""), ())
    words: Sequence[Key] = u.grammar.kinds_of.get(words_of(span.text), ())
    goods = u.lexicon.catalogue.items
    return tuple(one.id for one in goods.values() if any(named_with(one, key) for key in words)) if words else ()


def _of_those(u: Utterance, has: Mapping[str, Any], kind: Sequence[str]) -> tuple[str, ...]:
    """The goods of a kind that a word names, by their whole name or a part of it, or by the goods that they are called
    after: 三个套餐，两个芝士一个鸡腿堡的."""
    words = [has[name] for name in ("item", "goods", "partial") if name in has]
    named = (tuple(one for one in word if one in kind) for word in words)
    return next(filter(None, named), ()) or next(filter(None, (_after(u, word, kind) for word in words)), ())


def _after(u: Utterance, goods: Sequence[str], kind: Sequence[str]) -> tuple[str, ...]:
    items = u.lexicon.catalogue.items
    meant = (items[one] for one in goods if one in items)
    return tuple(one for other in meant for one in kind if called_after(items[one], other))


def _tells(u: Utterance, kept: Sequence[Span], total: _Total) -> bool:
    """Whether goods of the kind are told behind a total. A name that is a thing's own as well, "two coffees, two
    lattes", is a total only where they are as many."""
    count = 0
    for at, span in enumerate(kept[total.end :], total.end):
        has = span.has
        items = () if "amount" in kept[at - 1].has and "item" not in has else _of_those(u, has, total.kind)
        if not total.told and "and" in has:
            return False
        if items:
            total.told[at] = items
            total.short = total.short or ("item" in has and total.kind_told(has))
            total.sum += count or 1
            count = 0
        elif "num" in has and u.grammar.verbs_last and total.told:
            total.sum += has["num"][0] - 1
            total.counted = True
        elif "num" in has:
            count, total.counted = has["num"][0], True
        elif count and "unknown" in has:
            total.sum, count, total.strange = total.sum + count, 0, True
        elif has.keys().isdisjoint(_AMONG if total.told else _AFTER | {"article", "choice"}):
            break
        total.counted = total.counted or "article" in has
    fits = total.sum == total.number
    if "item" in kept[total.start].has or "item" in kept[total.end - 1].has:
        return fits and len(total.told) + total.strange > 1
    return (len(total.told) > 1 and (fits or not total.short)) or (fits and total.counted)

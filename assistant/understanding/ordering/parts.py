"""Goods that are named as a part of others: a meal's drink, the halves of a pizza, what takes the place of a part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from assistant.commerce.catalogue import Item
from assistant.turns import LineSaid
from assistant.understanding.ordering.ahead import SKIPPED
from assistant.understanding.ordering.drafts import NEGATIVE, unsettled
from assistant.understanding.words.lexicon import Lexicon, Places
from assistant.understanding.words.spans import Span
from assistant.understanding.words.text import words_of

_GOODS = ("item", "category", "partial")


def parts_of(
    spans: Sequence[Span], lexicon: Lexicon, basket: frozenset[str], lines: Sequence[LineSaid], last: str | None
) -> dict[int, str]:
    """Spans that name parts of a line of the basket and no goods: "the Sprite" of a meal, and the coke that takes
    its place; "the drink" of a meal. Span index -> the item of that line."""
    found: dict[int, str] = {}
    telling = _telling(spans) if lines else None
    asked = unsettled(lexicon, lines)
    for index, span in enumerate(spans):
        has = span.has
        if has.keys().isdisjoint(_GOODS):
            continue
        if asked is not None and "item" in has and _answers(spans, index, lexicon, *asked[1:]):
            found[index] = asked[1]
            continue
        if "item" in has and (whole := _instead(spans, index, lexicon, last)) is not None:
            found[index] = whole
            continue
        if "item" in has and (whole := _of_some(spans, index, lexicon, lines, last)) is not None:
            found[index] = whole
            continue
        if "item" in has and _had_with(spans, index, found) and (whole := _part_of(has, lexicon, lines, last)):
            found[index] = whole
            continue
        if gives_way(spans, index) and (whole := _of_whole(spans, index, lexicon, lines)) is not None:
            found |= {index - 1: whole, index: whole, index + 2: whole}
            continue
        goods = set(has.get("item", ())) | set(
            lexicon.categories.get(has["category"], ()) if "category" in has else has.get("partial", ())
        )
        if index in found or not goods or ("item" in has and "choice" not in has):
            continue
        spoken_of = "item" not in has and last in has.get("option", {})
        if goods & basket and not spoken_of:
            continue
        lead = _lead(spans, index)
        topical = index + 1 < len(spans) and "topical" in spans[index + 1].has
        told = "item" in has and (telling == "of any" or (telling == "of topics" and topical))
        if many(spans, index) or not (lead or told):
            continue
        for line in sorted(lines, key=lambda one: one.item == last, reverse=True) if spoken_of else reversed(lines):
            item = line.item or ""
            if "item" in has:
                paths = {path for path, _ in parts_had(line, has["choice"])}
            else:
                paths = set(has.get("option", {}).get(item, ()))
            if not paths or not (lead or has_apart(spans, lexicon.catalogue.items[item], paths)):
                continue
            if lead == "replaced" or "item" not in has:
                other = _other(spans, index, item, paths)
                if other is not None:
                    found[other] = item
                elif lead == "replaced":
                    continue
            found[index] = item
            break
    return found


def parts_had(line: LineSaid, goods: Places) -> list[tuple[str, str]]:
    """Where a line has these goods as a part: (option's path, choice)."""
    chosen = {(one.option, one.choice) for one in line.options if one.amount is None}
    return [pair for pair in goods.get(line.item or "", ()) if pair in chosen]


def _of_some(
    spans: Sequence[Span], index: int, lexicon: Lexicon, lines: Sequence[LineSaid], last: str | None
) -> str | None:
    """ "One with onion rings", 一个要洋葱圈, 하나는 어니언링으로, where there are two meals: the item of the line last
    spoken of, of which a few are to have those goods as a part."""
    there = sum(line.quantity or 1 for line in lines if line.item == last)
    if _part_of(spans[index].has, lexicon, (), last) is None:
        return None
    before, follower = spans[:index], spans[index + 1].has if index + 1 < len(spans) else {}
    led = before[-1].has.get("amount", ("",))[0] == "with" if before else False
    topical = bool(before) and "topical" in before[-1].has and "as" in follower
    number = next((span.has["num"][0] for span in before if "num" in span.has), 0)
    beside = all(
        span.has.keys() & _SOME or "with" in span.has.get("amount", ()) or span.has.get("verb", ("",))[0] == "change"
        for span in before
    )
    return last if (led or topical) and beside and 0 < number < there else None


def _part_of(has: Mapping[str, Any], lexicon: Lexicon, lines: Sequence[LineSaid], last: str | None) -> str | None:
    """The item of the line last spoken of, where goods are chosen for an option of it and `lines` has none of them."""
    item = lexicon.catalogue.items.get(last or "")
    places = has.get("choice", {}).get(last or "", ())
    if item is None or not any((one := item.option(path)) is not None and one.choose == "one" for path, _ in places):
        return None
    return last if set(has["item"]).isdisjoint(line.item for line in lines) else None


def _had_with(spans: Sequence[Span], index: int, found: Mapping[int, str]) -> bool:
    """Whether a sentence is of nothing but what something is had with: "with onion rings and a Sprite", "can I have it
    with a Sprite"."""
    at = index - 1 - (index > 0 and "article" in spans[index - 1].has)
    if at > 0 and "and" in spans[at].has:
        return at - 1 in found and _had_with(spans, at - 1, found)
    if at < 0 or spans[at].has.get("amount", ("",))[0] != "with" or many(spans, index):
        return False
    before = [span.has for span in spans[:at]]
    return all(has.keys() & _SOME or "verb" in has for has in before)


_SOME = frozenset("num of_them measure particle topical of filler and the it".split())
"""What stands before a part that so many of some goods are to have."""


def _answers(spans: Sequence[Span], index: int, lexicon: Lexicon, item: str, path: str) -> bool:
    """Whether goods named without a count or a verb choose the option that is asked for, as a pizza's two kinds."""
    before = _near(spans, index, -1)
    if before.keys() & {"article", "num", "another", "verb"} or counted_behind(spans, index):
        return False
    places = (*spans[index].has.get("choice", {}).get(item, ()), *kind_of(spans[index], lexicon).get(item, ()))
    return any(place[0] == path for place in places)


def _instead(spans: Sequence[Span], index: int, lexicon: Lexicon, last: str | None) -> str | None:
    """ "A coke instead", said of a meal: the item of the line last spoken of, if that can be changed within it."""
    if last is None or "instead" not in _near(spans, index, 1) or many(spans, index):
        return None
    item = lexicon.catalogue.items.get(last)
    places = spans[index].has.get("choice", {}).get(item.id, ()) if item is not None else ()
    if item is None or not any((one := item.option(path)) is not None and one.choose == "one" for path, _ in places):
        return None
    return item.id


def gives_way(spans: Sequence[Span], index: int) -> bool:
    """Whether other goods take the place of those at `index`: 콜라는 스프라이트로, the coke as a Sprite."""
    follower = spans[index + 2].has if index + 3 < len(spans) else {}
    if "item" not in follower or not spans[index + 1].has.keys() & {"topical", "particle"}:
        return False
    return spans[index + 1].glued and "as" in spans[index + 3].has and spans[index + 3].glued


def changes_within(spans: Sequence[Span], index: int, paths: set[str], items: Sequence[str], there: bool) -> bool:
    """Whether goods that are a part of those said just before give way to others in them: 콜라는 스프라이트로; a meal,
    "make the coke a Sprite"; 套餐，可乐要雪碧. `there`: the basket has such goods, too."""
    if gives_way(spans, index):
        return True
    if there or _other_part(spans, index, paths, items) is None:
        return False
    follower = spans[index + 1].has
    if "instead_after" in follower or ("verb" in follower and follower["verb"] == ("add", "before")):
        return not definite(spans, index)
    before = _near(spans, index, -1)
    if "role" in follower:  # "with the coke as a Sprite"
        return definite(spans, index) or before.get("amount", ("",))[0] == "with"
    return definite(spans, index) and before.get("verb", ("",))[0] in ("swap", "change")


def _other_part(spans: Sequence[Span], index: int, paths: set[str], items: Sequence[str]) -> int | None:
    """Goods right behind those at `index` that may be the same part of the whole, with no count of their own."""
    for at in range(index + 1, min(index + 5, len(spans))):
        has = spans[at].has
        if "item" in has:
            mine = {path for one in items for path, _ in has.get("choice", {}).get(one, ())}
            return at if mine & paths and not many(spans, at) else None
        if has.keys() & {"pause", "stop", "and", "num"}:
            return None
    return None


def _of_whole(spans: Sequence[Span], index: int, lexicon: Lexicon, lines: Sequence[LineSaid]) -> str | None:
    """The item of a line that is named right before a part of it, by its kind: 세트 콜라."""
    before = spans[index - 1].has if index else {}
    if "category" not in before or "choice" not in spans[index].has:
        return None
    kind = lexicon.categories.get(before["category"], ())
    having = spans[index].has["choice"]
    return next((one.item for one in reversed(lines) if one.item in kind and one.item in having), None)


def _lead(spans: Sequence[Span], index: int) -> str:
    """How a part of something may be meant at `index`: it is to be replaced, or something is said of it; else ""."""
    if gives_way(spans, index):
        return "replaced"
    before, after = _near(spans, index, -1), _near(spans, index, 1)
    if "instead_of" in before or "instead_after" in after or before.get("amount", ("",))[0] == NEGATIVE:
        return "replaced"
    led, followed = before.get("verb", ("",))[0], after.get("verb", ("",))[0]
    sized = _sized(spans, index)
    if "on" in after and definite(spans, index) and not sized:
        return "replaced"  # "and the fries to onion rings"
    if led in ("swap", "change") or followed in ("swap", "change"):
        return "said" if sized else "replaced"
    if led == "add" or before.keys() & {"article", "num", "another"}:
        return ""
    if "item" in spans[index].has:
        return "said" if sized and (definite(spans, index) or followed) else ""
    return "said"


def _telling(spans: Sequence[Span]) -> str:
    """Of what a sentence only tells that it is to have something, or not, as nothing is counted or asked for: "of any"
    goods (雪碧去冰, "no ice in the Sprite"), "of topics" where a verb asks (사이다는 얼음 빼고 주세요), "" of none."""
    if any(not span.has.keys().isdisjoint(_ORDERING) for span in spans):
        return ""
    verbs = [span.has["verb"] for span in spans if "verb" in span.has and "choice" not in span.has]
    asking = [verb for verb in verbs if verb[0] != "change"]
    if any(verb != ("add", "after") for verb in asking):
        return ""
    return "of topics" if asking else "of any"


_ORDERING = frozenset({"num", "article", "another", "measure", "multiple", "each", "more"})


def of_part(spans: Sequence[Span], at: int, items: Sequence[str]) -> bool:
    """Whether a choice is made for a part of the goods that stands right behind it: "large fries" of a meal."""
    behind = spans[at + 1].has.get("choice", {}) if at + 1 < len(spans) else {}
    chosen = spans[at].has.get("choice", {})
    return any(
        path.startswith(f"{part}/")
        for one in items
        for path, _ in chosen.get(one, ())
        for part, _ in behind.get(one, ())
    )


def has_apart(spans: Sequence[Span], whole: Item, paths: set[str]) -> bool:
    """Whether an option of the parts at `paths` is said that need not be chosen, as ice: a size may as well be that of
    more goods."""
    for span in spans:
        if "item" in span.has:
            continue
        said = {path for path, _ in span.has.get("choice", {}).get(whole.id, ())}
        for path in said.union(span.has.get("option", {}).get(whole.id, ())):
            option = whole.option(path)
            if path.rpartition("/")[0] in paths and option is not None and not option.required:
                return True
    return False


def _near(spans: Sequence[Span], index: int, step: int) -> dict[str, Any]:
    """What the next content beside a span may mean."""
    at = index + step
    while 0 <= at < len(spans) and spans[at].has.keys() & {"the", "measure", "pause", *SKIPPED}:
        if spans[at].has.keys() & {"verb", "amount", "choice", "item", "instead_after"}:
            break
        at += step
    return spans[at].has if 0 <= at < len(spans) else {}


def _sized(spans: Sequence[Span], index: int) -> bool:
    """Whether an option that is no goods follows: "the Sprite large", "the drink should be a large one"."""
    for span in spans[index + 1 : index + 6]:
        if span.has.keys() & {"pause", "stop", "item", "and"}:
            return False
        if "choice" in span.has:
            return True
    return False


def _other(spans: Sequence[Span], index: int, item: str, paths: set[str]) -> int | None:
    """The nearest goods that can take the place of the part at `index`, in the same breath."""
    for at in sorted(range(len(spans)), key=lambda one: (abs(one - index), one < index)):
        choice = spans[at].has.get("choice") if "item" in spans[at].has else None
        if at == index or choice is None or many(spans, at):
            continue
        if paths & {path for path, _ in choice.get(item, ())}:
            return at
    return None


def shared_out(spans: Sequence[Span], head: int, index: int, items: Sequence[str]) -> bool:
    """Whether goods at `index` are a part of some of those at `head`, which are told apart by it: two meals, one
    Sprite, one juice; 两份套餐，一份雪碧，另一份橙汁. The counts make as many as there are of them, and all are of one
    option, or as it comes."""
    begin, number = head + 1, _count_before(spans, head)
    while begin < len(spans) and "particle" in spans[begin].has and "num" not in spans[begin].has:
        begin += 1
    if number < 2 and begin < len(spans) and "num" in spans[begin].has:
        begin, number = begin + 1, spans[begin].has["num"][0]
    served = any("with" in one.has.get("amount", ()) for one in spans)
    if begin < len(spans) and "and" in spans[begin].has and not served:
        return False  # "two meals and one juice and one coke": each is one thing of a list
    counts: list[int] = []
    paths: list[set[str]] = []
    apart = True
    for at, span in enumerate(spans[begin:], begin + 1):
        has = span.has
        if "stop" in has:
            break
        if "num" in has or "other" in has:
            counts.append(has["num"][0] if "num" in has else max(number - sum(counts), 1) if "rest" in has else 1)
            paths.append(set())
            apart = apart and ("other" in has or "topical" in (spans[at].has if at < len(spans) else {}))
        elif "item" in has:
            mine = {path for one in items for path, _ in has.get("choice", {}).get(one, ())}
            if not mine or not paths:
                return False
            paths[-1] |= mine
    told = [one for one in paths if one]
    first = next((at for at, span in enumerate(spans) if at >= begin and span.has.keys() & {"num", "other"}), index)
    if number < 2 or sum(counts) != number or len(counts) < 2 or first >= index:
        return False
    return bool(set.intersection(*told)) if len(told) > 1 else apart or "other" in _kinds_behind(spans, index)


def _kinds_behind(spans: Sequence[Span], at: int) -> set[str]:
    """What the words behind `at` may be."""
    return {kind for span in spans[at + 1 :] for kind in span.has}


def _count_before(spans: Sequence[Span], at: int) -> int:
    """The count that stands before goods, over what is said of them; 0 without one."""
    while at and spans[at - 1].has.keys() & {"choice", "measure", "of"} and "num" not in spans[at - 1].has:
        at -= 1
    return int(spans[at - 1].has.get("num", (0,))[0]) if at else 0


def half_of(span: Span, lexicon: Lexicon) -> Places | None:
    """Where a word may be one half of something: "half pepperoni", or by a whole's name ("margherita pizza")."""
    words = words_of(span.text)
    known: Places = span.has.get("choice") or {}
    if not known:
        for end in range(len(words) - 1, 0, -1):
            known = lexicon.choices.get(words[:end], {})
            if known:
                break
    found: Places = {}
    for item, pairs in known.items():
        about = lexicon.catalogue.items[item]
        halves = tuple(pair for pair in pairs if (option := about.option(pair[0])) is not None and option.halves)
        if halves:
            found[item] = halves
    return found or None


def kind_of(span: Span, lexicon: Lexicon) -> Places:
    """Where goods may be one of the two kinds that a whole is made of."""
    made: Places = {}
    for item, pairs in (half_of(span, lexicon) or {}).items():
        about = lexicon.catalogue.items[item]
        kinds = tuple(pair for pair in pairs if (option := about.option(pair[0])) and option.choose == "one")
        if kinds:
            made[item] = kinds
    return made


def many(spans: Sequence[Span], at: int) -> bool:
    """Whether more than one is said of what stands at `at`, over its size: "two large cokes"."""
    while at > 0 and spans[at - 1].has.keys() & {"choice", "measure", "of"}:
        at -= 1
    return at > 0 and spans[at - 1].has.get("num", (1,))[0] != 1


def definite(spans: Sequence[Span], index: int) -> bool:
    at = index - 1
    while at >= 0 and spans[at].has.keys() & {"choice", "measure", "one"} and "ordinal" not in spans[at].has:
        at -= 1
    return at >= 0 and bool(spans[at].has.keys() & {"the", "ordinal"})


def counted_behind(spans: Sequence[Span], at: int) -> bool:
    """Whether a count stands right behind what is at `at`."""
    while at + 1 < len(spans) and "particle" in spans[at + 1].has and "num" not in spans[at + 1].has:
        at += 1
    return at + 1 < len(spans) and "num" in spans[at + 1].has

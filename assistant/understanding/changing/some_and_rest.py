"""What is said of some of the goods of the basket and of the others, in languages with their verbs last: 하나는 얼음
넣고 하나는 빼 주세요, 두 잔은 사이다로요, 하나는 양파 빼고 하나는 그대로 주세요. What a part leaves out is put in."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from assistant.understanding.ordering.drafts import ADDED, NEGATIVE, units
from assistant.understanding.words.spans import Span
from assistant.understanding.words.utterance import Utterance

_WORDLESS = frozenset("filler polite hesitation particle topical pause and request".split())
_AS_THEY_ARE = _WORDLESS | {"as_is", "verb", "keeps"}
"""What is said of goods of which nothing is to be changed."""
_FRONT = _WORDLESS | {"item", "correct"}
"""What may stand before the first part."""
_BECOMING = _WORDLESS | {"as", "verb", "settles"}
"""What may stand behind what a part is to become."""


def parted(u: Utterance, kept: Sequence[Span]) -> Sequence[Span]:
    """The words of a sentence, with what its parts leave out."""
    if not u.grammar.verbs_last or u.kinds.isdisjoint(("topical", "only", "other")):
        return kept
    begins = [at for at in range(len(kept)) if part_begins(kept, at)]
    if begins and "other" in kept[begins[-1]].has and begins[-1] and _as_it_is(kept[begins[-1] :]):
        return parted(u, kept[: begins[-1]])  # 햄버거는 빼고 나머지는 그대로 주세요
    if not begins or "num" not in u.kinds:
        return kept
    bounds = [*begins, len(kept)]
    parts = [list(kept[begin:end]) for begin, end in pairwise(bounds)]
    front = list(kept[: begins[0]])
    if all(not _FRONT.isdisjoint(span.has) for span in front) and (goods := _goods_meant(u, front, parts)):
        front, parts = _of_goods(u, front, parts, goods)
    for before, part in pairwise(parts):
        body = head_of(part)
        if named := _named_before(before, part[body:]):
            part[body:body] = named
    return [*front, *(span for part in parts for span in part)]


def part_begins(kept: Sequence[Span], at: int) -> bool:
    """Whether a part begins at a place: 하나는, 두 잔만, 나머지는."""
    if "other" in kept[at].has:
        return True
    end = at + head_of(kept[at:])
    return "num" in kept[at].has and end > at + 1 and not {"topical", "only"}.isdisjoint(kept[end - 1].has)


def head_of(part: Sequence[Span]) -> int:
    """Where the words end that tell how many a part is of."""
    end, counting = 1, {"measure", "topical", "only"}
    while end < len(part) and part[end].has.keys() & counting and "item" not in part[end].has:
        if part[end].has.keys() & {"topical", "only"}:
            counting = {"topical", "only"}  # 하나는 세트로: the word is what it is to be
        end += 1
    return end


def _named_before(before: Sequence[Span], body: Sequence[Span]) -> list[Span]:
    """What a part is about that only says "with" or "without": what the part before it names, with the other."""
    says = _with_or_without(body[0]) if body else None
    named = before[head_of(before) :]
    until = next((i for i, span in enumerate(named) if not span.has.keys() & {"choice", "option"}), len(named))
    said = _with_or_without(named[until]) if until < len(named) else None
    if says is None or not until or said in (None, says):
        return []
    return [Span(one.start, one.end, one.has, one.text, one.score, one.why, one.glued) for one in named[:until]]


def _with_or_without(span: Span) -> bool | None:
    amount, verb = span.has.get("amount", ("",))[0], span.has.get("verb", ("",))[0]
    if amount == NEGATIVE or verb == "remove":
        return False
    return True if amount in ("with", ADDED, "extra") else None


def _goods_meant(u: Utterance, front: Sequence[Span], parts: Sequence[Sequence[Span]]) -> Span | None:
    """The goods of the basket that the parts are of: those named before them, else those spoken of last, if there are
    so many."""
    basket = u.context.basket
    owned = {line.item for line in basket}
    named = [span for span in front if "item" in span.has]
    if len(named) > 1 or any(not owned.isdisjoint(s.has.get("item", ())) for part in parts for s in part):
        return None
    if named:
        meant = owned.intersection(named[0].has["item"])
        return named[0] if len(meant) == 1 else None
    count = sum(part[0].has["num"][0] for part in parts if "num" in part[0].has)
    last = u.context.last
    if not last or not 0 < count <= units(basket, (last,)):
        return None
    at = parts[0][0]
    return Span(at.start, at.start, {"item": (last,)}, last)


def _of_goods(
    u: Utterance, front: list[Span], parts: list[list[Span]], goods: Span
) -> tuple[list[Span], list[list[Span]]]:
    """The parts, each with its count; those that become other goods with the name of what they are now, 콜라 두 잔은
    사이다로; without those of which nothing is to be changed."""
    there = units(u.context.basket, goods.has["item"])
    rest = there - sum(part[0].has["num"][0] for part in parts if "num" in part[0].has)
    if rest > 0:
        for part in parts:
            if "other" in part[0].has and len(parts) > 1:
                was = part[0]
                number = Span(was.start, was.end, {"num": (rest, "counting")}, was.text, glued=was.glued)
                part[:1] = [number, Span(was.end, was.end, {"topical": True, "particle": True}, "", glued=True)]
    changed = [part for part in parts if not _stays(part)]
    if not changed and any(map(_as_it_is, parts)):
        return [], []  # 하나는 그대로 주세요: nothing is to be changed, and none is added
    if not changed or (len(changed) == len(parts) == 1 and not _becomes(u, parts[0], goods)):
        return front, parts
    if (all_so := _all_become(u, changed, goods)) is not None:
        return [], all_so
    becoming = [_becomes(u, part, goods) for part in changed]
    made = [[goods, *part] if so else part for part, so in zip(changed, becoming, strict=True)]
    return ([] if all(becoming) else front), made


def _all_become(u: Utterance, parts: Sequence[list[Span]], goods: Span) -> list[list[Span]] | None:
    """Several parts that are each to become other goods, though only the last may say so: 두 잔은 제로 두 잔은 사이다로
    바꿔 주세요. None where it isn't so."""
    made: list[list[Span]] = []
    for part in parts if len(parts) > 1 else ():
        named = [at for at, span in enumerate(part) if "item" in span.has]
        tail = part[named[0] + 1 :] if len(named) == 1 else []
        if len(named) != 1 or not all(span.has.keys() & _BECOMING for span in tail):
            return None
        end = part[named[0]].end
        said = [*part[: named[0] + 1], Span(end, end, {"as": True, "particle": True}, "", glued=True)]
        if not _becomes(u, said, goods):
            return None
        made.append([goods, *said, Span(end, end, {"verb": ("swap", "after")}, "")])
    return made or None


def _stays(part: Sequence[Span]) -> bool:
    return all(not _AS_THEY_ARE.isdisjoint(span.has) and not _takes_off(span) for span in part[head_of(part) :])


def _as_it_is(part: Sequence[Span]) -> bool:
    return _stays(part) and any("as_is" in span.has for span in part)


def _takes_off(span: Span) -> bool:
    return bool(span.has.get("verb", ("add",))[0] != "add")


def _becomes(u: Utterance, part: Sequence[Span], goods: Span) -> bool:
    """Whether a part is to become other goods, of the same kind where no verb of changing says so."""
    at = next((i for i, span in enumerate(part) if "item" in span.has), len(part))
    behind = part[at + 1 :]
    if not behind or "as" not in behind[0].has:
        return False
    new: Sequence[str] = part[at].has["item"]
    items = u.lexicon.catalogue.items
    owned = {line.item for line in u.context.basket}
    if not owned.isdisjoint(part[at].has.get("choice", ())):
        return False
    swaps: bool = any(span.has.get("verb", ("",))[0] == "swap" for span in behind)
    kinds = {items[one].category for one in goods.has["item"] if one in items}
    return swaps or not kinds.isdisjoint(items[one].category for one in new if one in items)

"""The same once more with other goods in the place of some: "the same but make mine a chicken burger",
一样的，不过我的换成鸡肉汉堡, 같은 걸로 하나 더, 근데 제 건 치킨버거로요."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from assistant.turns import Act, Doubt, LineSaid
from assistant.understanding.words.spans import Span
from assistant.understanding.words.utterance import Utterance

_SAME = frozenset({"alike", "me_too"})
_BESIDE = frozenset(
    "but pause it the one article makes verb filler hesitation polite particle topical as wish and request num"
    " measure".split()
)
"""What may stand beside it and the goods."""


def of_kind(u: Utterance) -> None:
    """ "The same burger without onions", "another one of the same burger" is one like the burger in the basket, where
    there is one of them."""
    if u.kinds.isdisjoint(_GOODS):
        return
    for at, span in enumerate(u.spans[:-1]):
        if not _same(span):
            continue
        behind = at + 1
        while behind + 1 < len(u.spans) and u.spans[behind].has.keys() & {"of", "particle"}:
            behind += 1
        kind = u.spans[behind].has
        if kind.keys().isdisjoint(_GOODS):
            continue
        if "category" in kind and "item" not in kind:
            owned = {line.item for line in u.context.basket} & {*u.lexicon.categories.get(kind["category"], ())}
            if len(owned) != 1:
                continue
            u.spans[behind].has = {"item": tuple(owned)}
            u.kinds.add("item")
        span.has = {"alike": True}
        u.kinds.add("alike")


_GOODS = frozenset({"category", "item"})


def read(u: Utterance) -> bool:
    """Whether that is all that is said: one more of what was spoken of last, with those goods for what is of their
    kind. Where several are, or none is, it is asked in whose place they are to come."""
    if not u.context.basket:
        return False
    same = next((at for at, span in enumerate(u.spans) if _same(span)), None)
    goods = [at for at, span in enumerate(u.spans) if "item" in span.has]
    if same is None or len(goods) != 1 or goods[0] < same:
        return False
    named = u.spans[goods[0]].has["item"]
    others = [span for at, span in enumerate(u.spans) if at not in (same, *goods)]
    if len(named) != 1 or any(span.has.get("num", (1,))[0] != 1 for span in u.spans):
        return False
    if not all(one.has.keys() & _BESIDE or _with(one) for one in others):
        return False
    before = _before(u)
    place = u.spans[goods[0]].has.get("choice", {})
    if len(before) == 1 and before[0].item in place and any(_with(one) for one in others):
        u.spans[goods[0]].has = {"choice": place}  # "the same but with a Coke", of a meal
        return False
    catalogue = u.lexicon.catalogue.items
    kind = catalogue[named[0]].category
    alike = [at for at, line in enumerate(before) if catalogue[line.item or ""].category == kind]
    if not alike and not any("verb" in one.has and not _with(one) for one in others):
        return False  # "the same but with a coke": a coke besides
    places = alike or list(range(len(before)))
    acts = [Act("add", tuple(_put(u, before, at, named[0]))) for at in places]
    u.used.update(range(len(u.spans)))
    if len(acts) == 1:
        u.add(same, acts[0])
    else:
        u.doubts.append(Doubt(u.shown, tuple(acts)))
    return True


def _same(span: Span) -> bool:
    return not span.has.keys().isdisjoint(_SAME) or any(name == "same" for name, _ in span.has.get("act", ()))


def _with(span: Span) -> bool:
    return bool(span.has.get("amount", ("",))[0] == "with")


def _before(u: Utterance) -> Sequence[LineSaid]:
    """The lines that were spoken of last: those that the turn before put into the basket, else the last one."""
    added = [line for line in u.context.basket if line.item in u.context.added]
    last = u.context.spoken_of or u.context.basket[-1]
    return added if len(added) > 1 else [last]


def _put(u: Utterance, lines: Sequence[LineSaid], at: int, item: str) -> list[LineSaid]:
    """One of each of the lines, with goods in the place of one of them that keep what they can have of it."""
    about = u.lexicon.catalogue.items[item]
    kept = [one for one in lines[at].options if (option := about.option(one.option)) and option.choice(one.choice)]
    own = LineSaid(item, 1, tuple(kept))
    return [own if i == at else replace(line, quantity=1, which=None) for i, line in enumerate(lines)]

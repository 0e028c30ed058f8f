"""Goods of the basket that are to become those of another kind that are named after them: "make that a meal",
"make it a combo", 换成套餐, 세트로 바꿔 주세요."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from msgspec.structs import replace

from assistant.commerce.catalogue import Item
from assistant.turns import Act, Doubt, LineSaid, OptionSaid
from assistant.understanding.changing.some_and_rest import head_of, part_begins
from assistant.understanding.ordering.drafts import MOST_CANDIDATES, called_after
from assistant.understanding.words.spans import Span
from assistant.understanding.words.utterance import Utterance

_BESIDE = frozenset(
    "it the makes verb article polite request filler hesitation particle correct pause wish on as asking role clock"
    " settles bigger category item".split()
)
_MAKES = frozenset({"change", "swap"})


def read(u: Utterance) -> bool:
    """Whether that is all that is said, with one kind and at most one line of the basket. Where there isn't exactly
    one such, it is asked which is meant."""
    named = {one for at in range(len(u.spans)) if (one := u.kind_at(at)) is not None}
    if len(named) != 1 or not u.context.basket or u.context.expects not in (None, "basket"):
        return False
    if u.grammar.verbs_last and "as_is" in u.kinds:
        _silence_those_as_they_are(u)
    some = _some(u)
    if "num" in u.kinds and some is None:
        return False
    became = _made(u) or (u.grammar.verbs_last and "as" in u.kinds)
    every = u.grammar.verbs_last and "each" in u.kinds and some is None
    beside = _BESIDE if some is None else _BESIDE | {"num", "measure", "topical", "only", "verb"}
    beside = beside | {"each"} if every else beside
    if not became or not all(span.has.keys() & beside for span in u.spans):
        return False
    kind = [u.lexicon.catalogue.items[item] for item in u.lexicon.categories[named.pop().removeprefix("#")]]
    lines = _lines(u, kind, some or 1)
    if every:
        lines = [one for one in _named_lines(u) if any(called_after(item, _goods(u, one[1])) for item in kind)]
    if not lines or any(line.item in {each.id for each in kind} for _, line in lines):
        return False
    found = [(at, line, item) for at, line in lines for item in kind if called_after(item, _goods(u, line))]
    if not found and not _made(u):
        return False  # 세트로 할게요 asks to see them then
    meant = found or [(*lines[-1], item) for item in kind]
    if any(some is not None and some > (line.quantity or 1) for _, line, _ in meant):
        return False
    acts = [
        Act("change", (LineSaid(i.id, some or line.quantity),), (LineSaid(None, some, (), at),))
        for at, line, i in meant
    ]
    u.used.update(range(len(u.spans)))
    if len(found) == 1 or (every and len(found) == len(lines)):
        for act in acts:
            u.add(0, act)
    else:
        u.doubts.append(Doubt(u.shown, tuple(acts[:MOST_CANDIDATES])))
    return True


def _some(u: Utterance) -> int | None:
    """How many of the goods of a line are meant, 치킨버거 하나는 세트로 바꿔 주세요, 하나만 세트로요; None where all
    are."""
    counts = [at for at, span in enumerate(u.spans) if "num" in span.has]
    if not u.grammar.verbs_last or len(counts) != 1 or "as" not in u.kinds:
        return None
    topic = next((span for span in u.spans[counts[0] + 1 :] if "measure" not in span.has), None)
    named = any("item" in span.has for span in u.spans[: counts[0]])
    if topic is None or not topic.has.keys() & {"particle", "only"} or ("item" in u.kinds and not named):
        return None
    number: int = u.spans[counts[0]].has["num"][0]
    return number if number > 0 else None


def _made(u: Utterance) -> bool:
    """Whether a word says that something becomes something else."""
    return any(span.has.get("verb", ("",))[0] in _MAKES for span in u.spans)


def _goods(u: Utterance, line: LineSaid) -> Item:
    return u.lexicon.catalogue.items[line.item or ""]


def _lines(u: Utterance, kind: Sequence[Item], some: int) -> Sequence[tuple[int, LineSaid]]:
    """The lines that may be meant, with their places: those named; the one spoken of last where one of the kind is
    called after it; else those of the basket, the one spoken of last behind. `some`: so many are meant."""
    basket = list(enumerate(u.context.basket, 1))
    if any("item" in span.has for span in u.spans):
        return _named_lines(u)
    basket = [one for one in basket if (one[1].quantity or 1) >= some] or basket
    last = [one for one in basket if one[0] == u.context.line]
    if last and any(called_after(one, _goods(u, last[0][1])) for one in kind):
        return last
    return [*(one for one in basket if one not in last), *last]


def _named_lines(u: Utterance) -> Sequence[tuple[int, LineSaid]]:
    """The lines whose goods are named, else all, with their places."""
    named = {item for span in u.spans for item in span.has.get("item", ())}
    return [one for one in enumerate(u.context.basket, 1) if not named or one[1].item in named]


def at_once(u: Utterance, kept: Sequence[Span]) -> Sequence[Span]:
    """ "A chicken burger as a meal", "… make it a meal", 치즈버거 하나 세트로 주세요: goods that are ordered as those
    of another kind that are called after them are the latter."""
    if "category" not in u.kinds or "item" not in u.kinds:
        return kept
    if u.grammar.verbs_last and (parts := _parts_at_once(u, kept)) is not None:
        return parts
    for at in range(1, len(kept)):
        goods = next((i for i in range(at - 1, -1, -1) if "item" in kept[i].has), None)
        if u.kind_at(u.spans.index(kept[at])) is None or goods is None or not _leads(u, kept, goods, at):
            continue
        item = _only(u, kept[goods], kept[at].has["category"])
        if item is None:
            continue
        made = Span(kept[goods].start, kept[goods].end, {"item": (item,)}, kept[goods].text, glued=kept[goods].glued)
        counts = [span for span in kept[goods + 1 : at] if span.has.keys() & {"num", "measure"}]
        end = at + 1 + ("as" in kept[at + 1].has if at + 1 < len(kept) else False)
        return [*kept[:goods], made, *counts, *kept[end:]]
    return kept


def named_then_made(u: Utterance, kept: Sequence[Span]) -> Sequence[Span]:
    """ "The veggie burger, make it a fish burger", "one of the Cokes make it a Sprite": goods of the basket that are
    named first are what changes, as in "make the veggie burger a fish burger"."""
    if u.grammar.script != "spaced" or not u.context.basket or not {"item", "verb"} <= u.kinds:
        return kept
    goods = [at for at, span in enumerate(kept) if "item" in span.has]
    makes = next((at for at, span in enumerate(kept) if span.has.get("verb") in _MADE), 0)
    counts = makes and makes + 2 == len(kept) and "num" in kept[-1].has  # "the fries, make it two"
    if not goods or not goods[0] < makes or not (counts or (len(goods) > 1 and makes < goods[1])):
        return kept
    first, new = kept[goods[0]].has, {"item": ()} if counts else kept[goods[1]].has
    owned = {line.item for line in u.context.basket}
    begin = next((at for at in range(goods[0]) if kept[at].has.keys() & {"the", "num", "each"}), goods[0])
    it = 1 if makes + 1 < len(kept) and "it" in kept[makes + 1].has and "makes" not in kept[makes].has else 0
    told = begin < goods[0] and (it or "makes" in kept[makes].has)
    behind = kept[goods[0] + 1 : makes]
    if not told or not owned.issuperset(first["item"]) or not owned.isdisjoint((*new["item"], *new.get("choice", ()))):
        return kept
    lead = all(span.has.keys() & {"the", "num", "of_them", "each", "one"} for span in kept[begin : goods[0]])
    if not lead or not all(span.has.keys() & {"pause", "filler", "hesitation", "correct"} for span in behind):
        return kept
    verb = Span(kept[makes].start, kept[makes].end, {"verb": ("change", "before")}, kept[makes].text)
    return [*kept[:begin], verb, *kept[begin : goods[0] + 1], *kept[makes + 1 + it :]]


_MADE = frozenset({("change", "before"), ("swap", "before")})


def of_parts(u: Utterance, made: list[Act]) -> list[Act]:
    """ "A cheeseburger meal, make the Coke large": what is said in the same breath of goods that come with what is
    ordered, and aren't there by themselves, is of those."""
    changed = [act for act in made if act.act == "change" and len(act.lines) == 1 and not act.instead_of]
    added = [act for act in made if act.act == "add"]
    if len(changed) != 1 or len(added) != 1 or len(added[0].lines) != 1:
        return made
    part, whole = changed[0].lines[0], added[0].lines[0]
    about = u.lexicon.catalogue.items.get(whole.item or "")
    places: Mapping[str, Sequence[tuple[str, str]]]
    places = next((span.has.get("choice", {}) for span in u.spans if part.item in span.has.get("item", ())), {})
    owned = {whole.item, *(line.item for line in u.context.basket)}
    if about is None or part.item in owned or part.quantity is not None or len(places.get(about.id, ())) != 1:
        return made
    path, choice = places[about.id][0]
    own = tuple(replace(one, option=f"{path}/{one.option}") for one in part.options)
    others = any(one.option == path and one.choice != choice for one in whole.options)
    if not own or others or any(about.option(one.option) is None for one in own):
        return made
    told = tuple(one for one in whole.options if one.option != path)
    options = (*told, OptionSaid(path, choice), *own)
    meant = replace(added[0], lines=(replace(whole, options=options),))
    return [meant if act is added[0] else act for act in made if act is not changed[0]]


def _parts_at_once(u: Utterance, kept: Sequence[Span]) -> Sequence[Span] | None:
    """치즈버거 두 개, 하나는 세트로 하나는 단품으로: goods of which some are ordered as those of the other kind. None
    where nothing is said so."""
    begins = [at for at in range(1, len(kept)) if part_begins(kept, at)]
    front = kept[: begins[0]] if begins else ()
    goods = next((at for at in range(len(front) - 1, -1, -1) if "item" in front[at].has), None)
    if goods is None or not all(map(_links, front[goods + 1 :])):
        return None
    whole = next((span.has["num"][0] for span in front[goods + 1 :] if "num" in span.has), 0)
    made: list[tuple[tuple[str, ...], int]] = []
    for begin, end in pairwise([*begins, len(kept)]):
        body = kept[begin + head_of(kept[begin:end]) : end]
        kind = next((span.has["category"] for span in body if "category" in span.has), "")
        item = _only(u, kept[goods], kind) if kind else None
        told = item is not None or any("as_is" in span.has for span in body)
        if "num" not in kept[begin].has or not told or not all(span.has.keys() & _OF_A_PART for span in body):
            return None
        made.append(((item,) if item is not None else kept[goods].has["item"], kept[begin].has["num"][0]))
    left = whole - sum(number for _, number in made)
    if (whole and left < 0) or all(items == kept[goods].has["item"] for items, _ in made):
        return None
    if left > 0:
        made.insert(0, (kept[goods].has["item"], left))
    at = kept[goods]
    return [*kept[:goods], *(span for items, number in made for span in _counted(at, items, number))]


def _counted(at: Span, items: tuple[str, ...], number: int) -> list[Span]:
    return [
        Span(at.start, at.end, {"item": items}, at.text, glued=at.glued),
        Span(at.end, at.end, {"num": (number, "written")}, str(number), glued=True),
    ]


def _silence_those_as_they_are(u: Utterance) -> None:
    """하나는 세트로 하나는 그대로요: what is only said to be as it is says nothing more."""
    begins = [at for at in range(len(u.spans)) if part_begins(u.spans, at)]
    for begin, end in pairwise([*begins, len(u.spans)] if len(begins) > 1 else ()):
        body = u.spans[begin + head_of(u.spans[begin:end]) : end]
        if any("as_is" in span.has for span in body) and all(span.has.keys() & _OF_A_PART for span in body):
            u.silence(range(begin, end))


def _leads(u: Utterance, kept: Sequence[Span], goods: int, at: int) -> bool:
    """Whether what stands between goods and a kind says that they are to be of it."""
    between = kept[goods + 1 : at]
    behind = kept[at + 1].has if at + 1 < len(kept) else {"stop": True}
    if not all(_links(span) for span in between) or ("num" in kept[at - 1].has and not u.grammar.verbs_last):
        return False
    if u.grammar.verbs_last:
        return "as" in behind
    told = any("role" in one.has or one.has.get("verb", ("",))[0] in _MAKES for one in between)
    mere = [one.has for one in between if "article" not in one.has and "verb" not in one.has]
    alone = len(mere) == 1 and "pause" in mere[0] and bool(behind.keys() & {"stop", "polite"})
    return told or alone


def _links(span: Span) -> bool:
    return not span.has.keys().isdisjoint(_LINKS) and "item" not in span.has


_OF_A_PART = frozenset("as_is category as particle polite filler verb request settles pause".split())
"""What may stand in a part that is to be of the kind, or as it is."""
_LINKS = frozenset(
    "each article role as verb makes it pause and particle topical num measure filler hesitation".split()
)


def _only(u: Utterance, goods: Span, category: str) -> str | None:
    """The only thing of a kind that is called after goods."""
    known = u.lexicon.catalogue.items
    named: tuple[str, ...] = goods.has["item"]
    kind = u.lexicon.categories.get(category, ())
    if len(named) != 1 or named[0] in kind:
        return None
    found = [one for one in kind if called_after(known[one], known[named[0]])]
    return found[0] if len(found) == 1 else None

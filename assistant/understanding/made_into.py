"""Goods of the basket that are to become those of another kind that are named after them: "make that a meal",
"make it a combo", 换成套餐, 세트로 바꿔 주세요."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from assistant.commerce.catalogue import Item
from assistant.turns import Act, Doubt, LineSaid, OptionSaid
from assistant.understanding.drafts import MOST_CANDIDATES, called_after
from assistant.understanding.spans import Span
from assistant.understanding.utterance import Utterance

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
    some = _some(u)
    if "num" in u.kinds and some is None:
        return False
    became = _made(u) or (u.grammar.verbs_last and "as" in u.kinds)
    beside = _BESIDE if some is None else _BESIDE | {"num", "measure", "topical"}
    if not became or not all(span.has.keys() & beside for span in u.spans):
        return False
    kind = [u.lexicon.catalogue.items[item] for item in u.lexicon.categories[named.pop().removeprefix("#")]]
    lines = _lines(u, kind)
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
    if len(found) == 1:
        u.add(0, acts[0])
    else:
        u.doubts.append(Doubt(u.shown, tuple(acts[:MOST_CANDIDATES])))
    return True


def _some(u: Utterance) -> int | None:
    """How many of the goods of a line are meant, 치킨버거 하나는 세트로 바꿔 주세요; None where all are."""
    counts = [at for at, span in enumerate(u.spans) if "num" in span.has]
    if not u.grammar.verbs_last or len(counts) != 1 or not counts[0] or not _made(u):
        return None
    topic = next((span for span in u.spans[counts[0] + 1 :] if "measure" not in span.has), None)
    if "item" not in u.spans[counts[0] - 1].has or topic is None or "particle" not in topic.has:
        return None
    number: int = u.spans[counts[0]].has["num"][0]
    return number if number > 0 else None


def _made(u: Utterance) -> bool:
    """Whether a word says that something becomes something else."""
    return any(span.has.get("verb", ("",))[0] in _MAKES for span in u.spans)


def _goods(u: Utterance, line: LineSaid) -> Item:
    return u.lexicon.catalogue.items[line.item or ""]


def _lines(u: Utterance, kind: Sequence[Item]) -> Sequence[tuple[int, LineSaid]]:
    """The lines that may be meant, with their places: those named; the one spoken of last where one of the kind is
    called after it; else those of the basket, the one spoken of last behind."""
    basket = list(enumerate(u.context.basket, 1))
    if named := {item for span in u.spans for item in span.has.get("item", ())}:
        return [one for one in basket if one[1].item in named]
    last = [one for one in basket if one[0] == u.context.line]
    if last and any(called_after(one, _goods(u, last[0][1])) for one in kind):
        return last
    return [*(one for one in basket if one not in last), *last]


def at_once(u: Utterance, kept: Sequence[Span]) -> Sequence[Span]:
    """ "A chicken burger as a meal", "… make it a meal", 치즈버거 하나 세트로 주세요: goods that are ordered as those
    of another kind that are called after them are the latter."""
    if "category" not in u.kinds or "item" not in u.kinds:
        return kept
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


def named_first(u: Utterance, kept: Sequence[Span]) -> Sequence[Span]:
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


_LINKS = frozenset("article role as verb makes it pause and particle topical num measure filler hesitation".split())


def _only(u: Utterance, goods: Span, category: str) -> str | None:
    """The only thing of a kind that is called after goods."""
    known = u.lexicon.catalogue.items
    named: tuple[str, ...] = goods.has["item"]
    kind = u.lexicon.categories.get(category, ())
    if len(named) != 1 or named[0] in kind:
        return None
    found = [one for one in kind if called_after(known[one], known[named[0]])]
    return found[0] if len(found) == 1 else None

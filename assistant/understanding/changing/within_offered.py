"""What is said of what was offered: a part of it, beside the word that takes it, "I'll have one with Sprite", of a
meal; how it is wanted, and nothing else, 要大的."""

from __future__ import annotations

from msgspec.structs import replace

from assistant.turns import Act, LineSaid, OptionSaid
from assistant.understanding.words.utterance import Utterance

_TAKES = frozenset(
    "num measure verb filler polite particle whose it one the article hesitation pause stop request piece again".split()
)
"""What may stand beside an option by which what was offered is taken."""


def taken(u: Utterance) -> Act | None:
    """Goods that were offered, taken by how they are wanted: 薯条多少钱 … 要大的, "a large one, please". Nothing of the
    basket is meant then."""
    offered = u.context.offered
    if offered is None or offered in {line.item for line in u.context.basket}:
        return None
    if (instead := _instead(u, offered)) is not None:
        return instead
    wished = [span.has["choice"].get(offered, ()) for span in u.spans if "choice" in span.has]
    beside = [span for span in u.spans if "choice" not in span.has]
    if len(wished) != 1 or len(wished[0]) != 1 or any(span.has.keys().isdisjoint(_TAKES) for span in beside):
        return None
    if any(span.has.get("verb", ("add",))[0] != "add" for span in beside) or "item" in u.kinds or "asking" in u.kinds:
        return None
    numbers = [span.has["num"][0] for span in beside if "num" in span.has and "article" not in span.has]
    count = numbers[0] if len(numbers) == 1 else None
    return Act("add", lines=(LineSaid(offered, count, (OptionSaid(*wished[0][0]),)),))


def _instead(u: Utterance, offered: str) -> Act | None:
    """What was offered in the place of goods in the basket: "swap the milk for that", 牛奶换成这个."""
    named = [at for at, span in enumerate(u.spans) if "item" in span.has]
    had = [line.item for line in u.context.basket if named and line.item in u.spans[named[0]].has["item"]]
    swaps = any(span.has.get("verb", ("",))[0] in ("swap", "change") for span in u.spans)
    if len(named) != 1 or len(had) != 1 or not (swaps or u.kinds & {"instead_of", "instead_after"}):
        return None
    points = any("it" in span.has and at + 1 not in named for at, span in enumerate(u.spans))
    if not points or any(span.has.keys().isdisjoint(_EXCHANGED) for span in u.spans):
        return None
    return Act("change", lines=(LineSaid(offered),), instead_of=(LineSaid(had[0]),))


_EXCHANGED = frozenset(
    "item it the verb on party role with particle polite filler instead_of instead_after may amount".split()
)


def joined(u: Utterance, made: list[Act]) -> list[Act]:
    """Puts goods that were ordered beside one of those on offer into it, where they are said to be had with it
    (来一份，饮料要雪碧): they are none of their own."""
    offered = u.context.listed[0] if len(u.context.listed) == 1 else None
    named = {item for span in u.spans for item in span.has.get("item", ())}
    if offered is None or offered in named or len(made) != 1 or made[0].act != "add":
        return made
    whole = next((line for line in made[0].lines if line.item == offered), None)
    rest = [line for line in made[0].lines if line is not whole]
    parts = [part for line in rest if (part := _part(u, offered, line)) is not None]
    if whole is None or not parts or len(parts) < len(rest):
        return made
    return [replace(made[0], lines=(replace(whole, options=(*whole.options, *parts)),))]


def _part(u: Utterance, offered: str, line: LineSaid) -> OptionSaid | None:
    """The choice of the goods on offer that a line without a count says."""
    at = next((i for i, span in enumerate(u.spans) if line.item in span.has.get("item", ())), None)
    if at is None or line.quantity is not None or line.options or not _had_with(u, at, offered):
        return None
    item, places = u.lexicon.catalogue.items[offered], u.spans[at].has.get("choice", {}).get(offered, ())
    one_of = [(path, choice) for path, choice in places if (o := item.option(path)) is not None and o.choose == "one"]
    return OptionSaid(*one_of[0]) if one_of else None


def _had_with(u: Utterance, at: int, offered: str) -> bool:
    """Whether "with", or the name of the part that it is to be, stands before goods."""
    begin = max((i + 1 for i in range(at) if u.spans[i].has.keys() & {"pause", "stop"}), default=0)
    said = u.spans[begin:at]
    called = any(offered in span.has.get("option", {}) for span in said)
    return called or (bool(said) and said[-1].has.get("amount", ("",))[0] == "with")

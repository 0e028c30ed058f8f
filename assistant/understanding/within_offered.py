"""A part of what was offered, named beside the word that takes it: "I'll have one with Sprite", of a meal."""

from __future__ import annotations

from msgspec.structs import replace

from assistant.turns import Act, LineSaid, OptionSaid
from assistant.understanding.utterance import Utterance


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

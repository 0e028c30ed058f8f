"""The next size up or down of goods in the basket: "the bigger one", 大一号; or more of them: "same but bigger"."""

from __future__ import annotations

from collections.abc import Container

from assistant.commerce.catalogue import Item, ItemOption
from assistant.turns import Act, LineSaid, OptionSaid
from assistant.understanding.utterance import Utterance

_BESIDE = frozenset(
    "filler polite particle the one article it verb makes wish hesitation pause stop on request instead".split()
)


_MORE = frozenset("another alike but and num measure other again".split())
"""What may stand beside it, where more of the same is wanted."""


def read(u: Utterance) -> None:
    """Changes the line that is named, or was spoken of last, or adds another like it, where nothing else is said."""
    step = _step(u.kinds)
    if step:
        _of_new_goods(u)
    if not step or not u.context.basket:
        return
    named = [one for span in u.spans for one in span.has.get("item", ())]
    owned = [line.item for line in u.context.basket]
    item = next((one for one in named if one in owned), None) if named else u.context.last
    if item is None or item not in owned or item not in u.lexicon.catalogue.items:
        return
    same = [value for i in u.acting for name, value in u.acts_at(i) if name == "same"]
    more = bool(same) or any(span.has.keys() & {"another", "alike"} for span in u.spans)
    beside = _BESIDE | {"bigger", "smaller", "item"} | (_MORE if more else set())
    for span in u.spans:
        again = any(name == "same" for name, _ in span.has.get("act", ()))
        if not again and (not span.has.keys() & beside or ("num" in span.has and not more)):
            return
        if span.has.get("verb", ("add",))[0] not in (("add",) if more else ("add", "change", "swap")):
            return
    at = max(index for index, one in enumerate(owned) if one == item)
    option = sized(u.lexicon.catalogue.items[item])
    if option is None:
        return
    like = u.context.basket[at]
    now = next((one.choice for one in like.options if one.option == option.id), option.default)
    if (wanted := _next(option, now, step)) is None:
        return
    size = OptionSaid(option.id, wanted)
    if more:
        said = next((span.has["num"][0] for span in u.spans if "num" in span.has), 1)
        others = tuple(one for one in like.options if one.option != option.id)
        line = LineSaid(item, like.quantity if "all" in same else said, (size, *others))
    else:
        line = LineSaid(item, None, (size,), u.place_of(item))
    u.add(0, Act("add" if more else "change", lines=(line,)), set(range(len(u.spans))))


def _of_new_goods(u: Utterance) -> None:
    """ "A larger coke with lemon", where there is none: the word is the next size from the usual one."""
    owned = {line.item for line in u.context.basket}
    for at, span in enumerate(u.spans):
        if not (step := _step(span.has)):
            continue
        beside = [*u.spans[at + 1 : at + 3], *reversed(u.spans[max(0, at - 2) : at])]
        items: tuple[str, ...] = next((one.has["item"] for one in beside if "item" in one.has), ())
        item = u.lexicon.catalogue.items.get(items[0]) if len(items) == 1 and items[0] not in owned else None
        option = sized(item) if item is not None else None
        size = _next(option, option.default, step) if option is not None else None
        if item is not None and option is not None and size is not None:
            span.has = {"choice": {item.id: ((option.id, size),)}}
            u.kinds.add("choice")


def _step(kinds: Container[str]) -> int:
    """Whether the next size up (1) or down (-1) is spoken of; 0: neither."""
    return 1 if "bigger" in kinds else -1 if "smaller" in kinds else 0


def _next(option: ItemOption, now: str | None, step: int) -> str | None:
    """The size beside one of them, or itself where there is no further one; None where it isn't known."""
    sizes = [one.id for one in sorted(option.choices, key=lambda one: one.price)]
    return sizes[min(max(sizes.index(now) + step, 0), len(sizes) - 1)] if now in sizes else None


def sized(item: Item) -> ItemOption | None:
    """The option that is about size: of one choice, each at a price of its own."""
    for option in item.options:
        prices = [one.price for one in option.choices]
        if option.choose == "one" and len(prices) > 1 and len(set(prices)) == len(prices):
            return option
    return None

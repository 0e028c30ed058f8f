"""The next size up or down of goods in the basket: "the bigger one", 大一号; or more of them: "same but bigger"."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator

from assistant.commerce.catalogue import Item, ItemOption
from assistant.turns import Act, LineSaid, OptionSaid
from assistant.understanding.words.utterance import Utterance

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
    place = _place(u)
    if place is None:
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
    at, part = place
    like = u.context.basket[at]
    sizes = _sizes(like, _of_line(u, like, part), step)
    item = like.item or ""
    if not sizes:
        return
    if more:
        said = next((span.has["num"][0] for span in u.spans if "num" in span.has), 1)
        others = tuple(one for one in like.options if one.option not in {size.option for size in sizes})
        line = LineSaid(item, like.quantity if "all" in same else said, (*sizes, *others))
    else:
        line = LineSaid(item, None, sizes, u.place_of(item))
    u.add(0, Act("add" if more else "change", lines=(line,)), set(range(len(u.spans))))


def _place(u: Utterance) -> tuple[int, str] | None:
    """Which line is named, or was spoken of last, counted from 0, and which part of it: "supersize the fries"."""
    basket = u.context.basket
    named = [span for span in u.spans if "item" in span.has]
    wanted = [one for span in named for one in span.has["item"]] if named else [u.context.last]
    for at in reversed(range(len(basket))):
        if basket[at].item in wanted and basket[at].item in u.lexicon.catalogue.items:
            return at, ""
    for at in reversed(range(len(basket))):
        parts = [path for span in named for path, _ in span.has.get("choice", {}).get(basket[at].item or "", ())]
        if parts:
            return at, parts[0]
    return None


def _of_line(u: Utterance, line: LineSaid, part: str) -> list[ItemOption]:
    """The options that are about size, of a line or of a part of it."""
    item = u.lexicon.catalogue.items[line.item or ""]
    option = sized(item)
    if option is not None and not part:
        return [option]
    return [one for one in _of_parts(item, line) if one.id.startswith(f"{part}/" if part else "")]


def _of_new_goods(u: Utterance) -> None:
    """ "A larger coke with lemon", where there is none: the word is the next size from the usual one."""
    owned = {line.item for line in u.context.basket}
    for at, span in enumerate(u.spans):
        if not (step := _step(span.has)) or span.has.keys() & {"verb", "choice"}:
            continue  # a shop may have a 곱빼기 of its own
        if at + 1 < len(u.spans) and "the" in u.spans[at + 1].has and _place(u) is not None:
            continue  # "supersize the fries", of a meal
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


def _sizes(line: LineSaid, options: Iterable[ItemOption], step: int) -> tuple[OptionSaid, ...]:
    """The next size of each option of a line."""
    now = {option.id: option.default for option in options} | {one.option: one.choice for one in line.options}
    found = [(option.id, _next(option, now[option.id], step)) for option in options]
    return tuple(OptionSaid(option, size) for option, size in found if size is not None)


def _next(option: ItemOption, now: str | None, step: int) -> str | None:
    """The size beside one of them, or itself where there is no further one; None where it isn't known."""
    sizes = [one.id for one in sorted(option.choices, key=lambda one: one.price)]
    return sizes[min(max(sizes.index(now) + step, 0), len(sizes) - 1)] if now in sizes else None


def sized(item: Item) -> ItemOption | None:
    """The option that is about size: of one choice, each at a price of its own."""
    return next(filter(_is_size, item.options), None)


def _is_size(option: ItemOption) -> bool:
    """Not what a meal comes with, which has options of its own."""
    prices = [one.price for one in option.choices]
    parts = any(one.options for one in option.choices)
    return option.choose == "one" and len(prices) > 1 and len(set(prices)) == len(prices) and not parts


def _is_size_of_part(option: ItemOption) -> bool:
    """A small drink may come in a meal at the price of a regular one."""
    prices = [one.price for one in option.choices]
    return option.choose == "one" and option.required and prices == sorted(prices) and prices[0] < prices[-1]


def _of_parts(item: Item, line: LineSaid) -> Iterator[ItemOption]:
    """The sizes of what a meal comes with: to supersize it is said of all of them."""
    for option in item.options:
        part = option.choice(next((one.choice for one in line.options if one.option == option.id), option.default))
        yield from filter(_is_size_of_part, part.options if part is not None else ())

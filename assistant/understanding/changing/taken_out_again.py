"""What the turn before put on goods is taken off again: "leave it off", "take it off the steak burrito", "remove it
from the second one". The goods stay."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from assistant.turns import Act, LineSaid, OptionSaid
from assistant.understanding.changing.line_with import has_it
from assistant.understanding.ordering.drafts import NEGATIVE
from assistant.understanding.words.lexicon import Places
from assistant.understanding.words.spans import Span
from assistant.understanding.words.utterance import Utterance

_BESIDE = frozenset({"hesitation", "filler", "correct", "pause", "polite", "stop", "request", "and", "act", "too"})
_NAMES = frozenset({"the", "choice", "item", "one", "ordinal", "category", "goods", "partial", "short", "tag"})
"""By what the goods are named off which it is taken."""


def left_off(u: Utterance) -> bool:
    """ "OK, leave it off", where the turn before put something on goods that were there."""
    if not u.context.put_on or not all(span.has.keys() & (_BESIDE | {"leaves_out"}) for span in u.spans):
        return False
    _take_off(u, u.context.put_on)
    return True


def off_goods(u: Utterance) -> bool:
    """ "Take it off the steak one": off which goods it is taken is said, and that those aren't meant themselves. What
    nobody has just put on them isn't known, and is said back."""
    names = _behind_it(u.spans)
    if not names or not u.context.basket:
        return False
    fitting = _lines_named(u, names)
    if not fitting:
        return False
    put_on = [one for one in u.context.put_on if one[0] in fitting] or _only_extra(u, fitting)
    if put_on:
        _take_off(u, put_on)
    else:
        u.leftover.append(u.shown)
        u.used.update(range(len(u.spans)))
    return True


def _only_extra(u: Utterance, places: Collection[int]) -> list[tuple[int, OptionSaid]]:
    """What the lines at these places have on them, where that is one and the same thing."""
    found = []
    for place in sorted(places):
        line = u.context.basket[place - 1]
        item = u.lexicon.catalogue.items.get(line.item or "")
        for one in line.options if item is not None else ():
            option = item.option(one.option) if item is not None else None
            if option is not None and option.choose == "many" and one.amount not in (NEGATIVE, "light"):
                found.append((place, OptionSaid(one.option, one.choice, "normal")))
    return found if len({one for _, one in found}) == 1 else []


def _take_off(u: Utterance, put_on: Sequence[tuple[int, OptionSaid]]) -> None:
    """Takes what was put on lines of the basket off them."""
    lines = []
    for place in sorted({at for at, _ in put_on}):
        gone = tuple(_less(one) for at, one in put_on if at == place)
        lines.append(LineSaid(None, None, gone, place))
    u.add(0, Act("change", tuple(lines)), set(range(len(u.spans))))


def _less(said: OptionSaid) -> OptionSaid:
    """None of what was put on; of what was there already only the usual."""
    return OptionSaid(said.option, said.choice, "not_extra" if said.amount in ("extra", "double") else NEGATIVE)


def _behind_it(spans: Sequence[Span]) -> Sequence[Span]:
    """The words that name the goods off which "it" is to be taken, where nothing else is said."""
    it = next((at for at, span in enumerate(spans) if "it" in span.has and "verb" not in span.has), 0)
    led = spans[it - 1].has.get("verb", ("",))[0] == "remove" if it else False
    if led and it + 1 < len(spans) and (_off(spans[it + 1]) or "on" in spans[it + 1].has):
        begin, before = it + 2, spans[: it - 1]
    elif spans and "leaves_out" in spans[0].has:
        begin, before = 1, []
    else:
        return ()
    names = [span for span in spans[begin:] if span.has.keys() & _NAMES or not span.has.keys() & _BESIDE]
    known = all(span.has.keys() & _NAMES for span in names) and "the" in (names[0].has if names else {})
    return names if known and all(span.has.keys() & _BESIDE for span in before) else ()


def _off(span: Span) -> bool:
    verb: str = span.has.get("verb", ("",))[0]
    return verb == "remove"


def _lines_named(u: Utterance, names: Sequence[Span]) -> set[int]:
    """The places of the lines of the basket that are named by their goods, by a choice of theirs or by their number."""
    found = set(range(1, len(u.context.basket) + 1))
    told = False
    for span in names:
        if "ordinal" in span.has:
            told, found = True, found & {int(span.has["ordinal"])}
        elif "item" in span.has or (span.has.keys() & {"category", "partial", "goods"} and "choice" not in span.has):
            told, items = True, {*u.there(span), *span.has.get("goods", ())}
            found = {place for place in found if u.context.basket[place - 1].item in items}
        elif "tag" in span.has:
            told, goods = True, u.lexicon.catalogue.items
            found = {at for at in found if span.has["tag"] in goods[str(u.context.basket[at - 1].item)].tags}
        elif "choice" in span.has:
            told, places = True, span.has["choice"]
            found = {place for place in found if has_it(u, u.context.basket[place - 1], places)}
    return found if told else set()


def called_by_choice(u: Utterance) -> bool:
    """ "Cancel the orange", of two sodas: the one in that flavour is meant itself, as it can't be without, where it
    is the only one and nothing else is said."""
    choices = [span.has["choice"] for span in u.spans if "choice" in span.has]
    if not choices or not u.context.basket or u.kinds & {"item", "it", "num", "of_them", "amount"}:
        return False
    if not any(map(_off, u.spans)) or not all(_off(one) or one.has.keys() & (_BESIDE | _NAMES) for one in u.spans):
        return False
    lines = [
        place
        for place, line in enumerate(u.context.basket, 1)
        if all(_needs_one(u, line, places) and has_it(u, line, places) for places in choices)
    ]
    if len(lines) == 1 and sum(one.item == u.context.basket[lines[0] - 1].item for one in u.context.basket) > 1:
        u.add(0, Act("remove", (LineSaid(None, None, (), lines[0]),)), set(range(len(u.spans))))
        return True
    return False


def _needs_one(u: Utterance, line: LineSaid, places: Places) -> bool:
    """Whether a choice is of an option that the goods of a line can't be without."""
    item = u.lexicon.catalogue.items.get(line.item or "")
    options = [item.option(path) for path, _ in places.get(item.id, ())] if item is not None else []
    return bool(options) and all(one is not None and one.required and one.default is None for one in options)

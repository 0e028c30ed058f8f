"""Acts said of the basket, in plain words: "the second one", "one of those" and "another one" as the lines they are.

For those who ask from outside: a talk resolves them against its own basket.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from assistant.turns import Act, LineSaid, OptionSaid
from assistant.understanding.ordering.drafts import NEGATIVE
from assistant.understanding.words.lexicon import Lexicon


def explicit(acts: Sequence[Act], basket: Sequence[LineSaid], last: str | None, lexicon: Lexicon) -> tuple[Act, ...]:
    """The same acts, with what they point at by its name. `last`: the item of the line last spoken of."""
    if not basket:
        return tuple(acts)
    return tuple(made for act in acts for made in _explicit(act, basket, last, lexicon))


def _explicit(act: Act, basket: Sequence[LineSaid], last: str | None, lexicon: Lexicon) -> Iterator[Act]:
    if act.instead_of:
        gone = tuple(_there(line, basket) for line in act.instead_of)
        yield replace(act, instead_of=gone)
    elif act.act == "remove":
        yield replace(act, lines=tuple(_there(line, basket) for line in act.lines))
    elif act.act == "add":
        lines = (line if line.item is not None else _alike(line, basket, last, lexicon) for line in act.lines)
        yield replace(act, lines=tuple(lines))
    elif act.act == "change":
        for line in act.lines:
            meant = _meant(line, basket, last, lexicon)
            for one in meant:
                yield _changed(line, one, basket, lexicon)
            if not meant:
                yield replace(act, lines=(line,))
    else:
        yield act


def _there(line: LineSaid, basket: Sequence[LineSaid]) -> LineSaid:
    """A line that is taken off: with the options that tell it from others of its goods."""
    at = _at(line.which, basket)
    if at is None:
        return line
    return LineSaid(basket[at].item, line.quantity, basket[at].options)


def _at(which: int | str | None, basket: Sequence[LineSaid]) -> int | None:
    if not isinstance(which, int):
        return None
    at = which - 1 if which > 0 else which
    return at if -len(basket) <= at < len(basket) else None


def _alike(line: LineSaid, basket: Sequence[LineSaid], last: str | None, lexicon: Lexicon) -> LineSaid:
    """One more of the line spoken of last, "another one with no whip", or of the latest that can be so."""
    fitting = [one for one in basket if _can_have(one, line.options, lexicon)] or basket
    like = next((one for one in reversed(fitting) if one.item == last), fitting[-1])
    return LineSaid(like.item, line.quantity or 1, _with(like, line.options, lexicon))


def _changed(line: LineSaid, there: LineSaid, basket: Sequence[LineSaid], lexicon: Lexicon) -> Act:
    """A line of the basket, or a part of it, as it is to be: by its name where that is enough."""
    whole = there.quantity or 1
    part = line.of if line.of is not None and line.of < whole else None
    if part is None and sum(one.item == there.item for one in basket) == 1:
        return Act("change", lines=(LineSaid(there.item, line.quantity, line.options),))
    new = LineSaid(there.item, part or line.quantity or whole, _with(there, line.options, lexicon))
    return Act("change", lines=(new,), instead_of=(LineSaid(there.item, part or whole, there.options),))


def _with(line: LineSaid, said: Sequence[OptionSaid], lexicon: Lexicon) -> tuple[OptionSaid, ...]:
    """The options of a line with what is said of them; what was put on is taken off again."""
    item = lexicon.catalogue.items.get(line.item or "")
    made = {(one.option, one.choice): one for one in line.options}
    for one in said:
        kind = item.option(one.option) if item is not None else None
        if kind is not None and kind.choose == "one":
            made = {key: kept for key, kept in made.items() if key[0] != one.option}
        if one.amount == NEGATIVE and (one.option, one.choice) in made:
            del made[one.option, one.choice]
        else:
            made[one.option, one.choice] = one
    return tuple(made.values())


def _meant(line: LineSaid, basket: Sequence[LineSaid], last: str | None, lexicon: Lexicon) -> list[LineSaid]:
    """The lines of the basket that a change is for; none where it says so itself."""
    if (at := _at(line.which, basket)) is not None:
        return [basket[at]]
    if line.which == "all":
        return [one for one in basket if line.item in (None, one.item) and _can_have(one, line.options, lexicon)]
    if line.of is not None:
        return [one for one in reversed(basket) if one.item == (line.item or last)][:1]
    return []


def _can_have(line: LineSaid, options: Sequence[OptionSaid], lexicon: Lexicon) -> bool:
    item = lexicon.catalogue.items.get(line.item or "")
    return item is not None and all(item.option(one.option) is not None for one in options)

"""What was chosen of an item's options: wishes filled in with defaults, what can't be had of them, and what it costs.
Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Literal

from msgspec import Struct

from assistant.commerce.catalogue import Item, ItemOption, OptionChoice
from assistant.commerce.money import portion
from assistant.commerce.order import LineOption
from assistant.turns import OptionSaid

FREE_IF_INCLUDED = frozenset({None, "light", "side", "normal", 1})
HALVES = ("left", "right")
Amount = str | int | None
SAME: Mapping[Amount, Amount] = {"not_light": "normal", "not_extra": "normal", 0: "no", 1: "normal", None: "normal"}
"""Amounts that are kept under one name."""
On = dict[tuple[str, str], Amount]
"""What is on of an option: (choice, part) -> amount."""


class OptionProblem(Struct, frozen=True, kw_only=True):
    """Something said of an option that the item can't have. Nothing of it was done."""

    kind: Literal[
        "option_not_for_item",
        "amount_not_allowed",
        "too_many",
        "too_many_each",
        "needs_parent",
        "no_halves",
        "sold_out",
    ]
    option: str
    choice: str | None = None
    amount: str | int | None = None
    most: int | None = None
    """too_many: choices of this option; too_many_each: of this choice."""
    can: tuple[str, ...] = ()
    """What could be said instead: choices (option_not_for_item, needs_parent) or amounts (amount_not_allowed)."""


class Filled(Struct, frozen=True):
    """A line's options as they will stand, in the catalogue's order, defaults filled in."""

    options: tuple[LineOption, ...]
    problems: tuple[OptionProblem, ...] = ()
    missing: tuple[str, ...] = ()
    """Options (as paths) that must be chosen and have no default."""


def fill_options(item: Item, said: Iterable[OptionSaid], existing: Iterable[LineOption] = ()) -> Filled:
    """`said` done on `existing`, defaults filled in. What says nothing (included and untouched, `no` for what isn't on)
    is left out, so that equal wishes give equal options."""
    said = tuple(said)
    paths = _paths(item)
    on: dict[str, On] = {}
    """Option path -> (choice, part) -> amount."""
    for one in existing:
        on.setdefault(one.option, {})[one.choice, one.part or "whole"] = one.amount
    problems: list[OptionProblem] = []
    for wish in sorted(said, key=lambda one: one.option.count("/")):  # a drink before the size of the drink
        problem = _apply(wish, paths, on)
        if problem is not None:
            problems.append(problem)
    options: list[LineOption] = []
    missing: list[str] = []
    reached: dict[str, ItemOption] = {}
    _settle(item.options, on, options, problems, missing, reached)
    for wish in said:
        here = reached.get(wish.option)
        if wish.choice and wish.amount not in ("no", 0) and (here is None or not here.choice(wish.choice)):
            problem = _without_parent(item, wish)
            if problem is not None:
                problems.append(problem)
    return Filled(tuple(options), tuple(problems), tuple(missing))


def _paths(item: Item) -> dict[str, list[ItemOption]]:
    """All options by path; choices of one option may have options of the same path (the size of a cola, of a tea)."""
    found: dict[str, list[ItemOption]] = {}
    for one in item.all_options():
        found.setdefault(one.id, []).append(one)
    return found


def _apply(wish: OptionSaid, paths: dict[str, list[ItemOption]], on: dict[str, On]) -> OptionProblem | None:
    """Does one wish in `on`, or says why not."""
    known = paths.get(wish.option, [])
    options = [one for one in known if wish.choice is None or one.choice(wish.choice)]
    if not options:
        can = tuple(dict.fromkeys(one.id for option in known for one in option.choices))
        return OptionProblem(kind="option_not_for_item", option=wish.option, choice=wish.choice, can=can)
    option = options[0]
    chosen = on.setdefault(wish.option, {})
    part = wish.part or "whole"
    if part != "whole" and not option.halves:
        return OptionProblem(kind="no_halves", option=option.id, choice=wish.choice)
    if wish.choice is None:
        _take_off(chosen, None, part)
        return None
    choice = option.choice(wish.choice)
    assert choice is not None
    amount = _amount(option, choice, wish.amount, (choice.id, "whole") in chosen or (choice.id, part) in chosen)
    if isinstance(amount, OptionProblem):
        return amount
    if amount == "no":
        _take_off(chosen, choice.id, part)
        if choice.included:
            chosen[choice.id, part] = "no"
    elif choice.stock == 0:
        return OptionProblem(kind="sold_out", option=option.id, choice=choice.id)
    elif amount != "":
        _take_off(chosen, None if option.choose == "one" else choice.id, part)
        chosen[choice.id, part] = amount
    return None


def _amount(option: ItemOption, choice: OptionChoice, said: Amount, is_on: bool) -> str | int | OptionProblem | None:
    """The amount as it is kept; "" leaves the choice as it is."""
    words = option.amounts or ("no", "normal")
    counts = range(1, option.most_each + 1)
    amount = SAME.get(said, said)
    if said == "not_extra" and not is_on and not choice.included:
        return ""  # "no extra cheese" on what has no cheese asks for none
    if amount == 2 and 2 not in counts and "double" in words:
        amount = "double"
    elif amount == "double" and "double" not in words and 2 in counts:
        amount = 2
    if option.choose == "one":
        if amount in ("normal", "no"):
            return None if amount == "normal" else "no"
    elif isinstance(amount, int):
        if amount in counts:
            return amount
        if amount > 0:
            kind: Literal["too_many_each"] = "too_many_each"
            return OptionProblem(kind=kind, option=option.id, choice=choice.id, amount=said, most=option.most_each)
    elif amount == "extra" and amount not in words and "normal" in words and not (is_on or choice.included):
        return "normal"  # "add a cot", of what is there or isn't
    elif amount == "normal" or amount in words or (amount == "no" and not choice.included):
        return amount
    return OptionProblem(
        kind="amount_not_allowed",
        option=option.id,
        choice=choice.id,
        amount=said,
        can=() if option.choose == "one" else words,
    )


def _take_off(chosen: On, choice: str | None, part: str) -> None:
    """Takes one choice (None: all) off a part. The other half of a whole keeps what it had."""
    for (name, where), amount in list(chosen.items()):
        if choice is not None and name != choice:
            continue
        if part == "whole" or where == part:
            del chosen[name, where]
        elif where == "whole":
            del chosen[name, where]
            chosen[name, HALVES[part == "left"]] = amount


def _settle(
    options: Iterable[ItemOption],
    on: dict[str, On],
    found: list[LineOption],
    problems: list[OptionProblem],
    missing: list[str],
    reached: dict[str, ItemOption],
) -> None:
    """Writes what is on in the catalogue's order, with defaults, limits, and the options of what is on."""
    for option in options:
        reached[option.id] = option
        chosen = {key: amount for key, amount in on.get(option.id, {}).items() if option.choice(key[0])}
        _join_halves(chosen)
        if option.choose == "one":
            for part in _open_parts(chosen) if option.default is not None or option.required else ():
                if option.default is not None:
                    chosen[option.default, part] = None
                else:
                    missing.append(option.id)
            _join_halves(chosen)
        else:
            _keep_most(option, chosen, problems)
            if option.required and not chosen and not any(one.included for one in option.choices):
                missing.append(option.id)
        for part in () if not chosen else ("whole", *HALVES) if option.halves else ("whole",):
            for choice in option.choices:
                amount = chosen.get((choice.id, part), "")
                if amount != "" and not (choice.included and amount == "normal"):
                    found.append(LineOption(option.id, choice.id, amount, part if option.halves else None))
        below = [one for choice in option.choices if choice.options for one in choice.options if _is_on(choice, chosen)]
        if below:
            _settle(below, on, found, problems, missing, reached)


def _open_parts(chosen: On) -> tuple[str, ...]:
    """The parts for which nothing is chosen yet."""
    parts = {part for _, part in chosen}
    if not parts:
        return ("whole",)
    return () if "whole" in parts else tuple(one for one in HALVES if one not in parts)


def _is_on(choice: OptionChoice, chosen: On) -> bool:
    amounts = [amount for (name, _), amount in chosen.items() if name == choice.id]
    return any(one != "no" for one in amounts) or (choice.included and not amounts)


def _join_halves(chosen: On) -> None:
    """The same on both halves is the whole."""
    for name in {name for name, part in chosen if part == "left"}:
        if (name, "right") in chosen and chosen[name, "left"] == chosen[name, "right"]:
            chosen[name, "whole"] = chosen.pop((name, "left"))
            del chosen[name, "right"]


def _keep_most(option: ItemOption, chosen: On, problems: list[OptionProblem]) -> None:
    """Takes off what was added last where there are more than the option's `most`; what is included doesn't count."""
    if option.most is None:
        return
    included = {one.id for one in option.choices if one.included}
    for half in HALVES:
        here = [key for key, amount in chosen.items() if key[1] in ("whole", half) and amount != "no"]
        added = [key for key in here if key[0] not in included]
        for name, part in added[option.most :]:
            del chosen[name, part]
            problems.append(OptionProblem(kind="too_many", option=option.id, choice=name, most=option.most))


def _without_parent(item: Item, wish: OptionSaid) -> OptionProblem | None:
    """Something was wished of a choice that isn't on. What the item can't have at all was said before."""
    above = wish.option.rpartition("/")[0]
    parents = [
        choice.id
        for option in item.all_options()
        if option.id == above
        for choice in option.choices
        if any(one.id == wish.option and one.choice(wish.choice) for one in choice.options)
    ]
    if not parents:
        return None
    return OptionProblem(
        kind="needs_parent", option=wish.option, choice=wish.choice, amount=wish.amount, can=tuple(parents)
    )


def allergens_of(item: Item, options: Iterable[LineOption]) -> tuple[str, ...]:
    """What an item with these options contains: its own and those of what was chosen, each once. What is left off
    changes nothing: a knife or a grill may have touched it."""
    chosen = tuple(options)
    added = (find_choice(item, one, chosen)[1] for one in chosen if one.amount != "no")
    more = (name for one in added if one is not None for name in one.allergens)
    return tuple(dict.fromkeys((*item.allergens, *more)))


# --- prices ---------------------------------------------------------------------------------------------------------


def unit_price(item: Item, options: Iterable[LineOption]) -> int:
    """One unit with these options. Of two halves the dearer one sets the price."""
    return item.price + options_price(item, options)


def options_price(item: Item, options: Iterable[LineOption]) -> int:
    whole, halves = 0, {"left": 0, "right": 0}
    chosen = tuple(options)
    for one in chosen:
        option, choice = find_choice(item, one, chosen)
        if option is None or choice is None:
            continue
        price = choice_price(option, choice, one.amount)
        if one.part in halves:
            halves[one.part] += price
        else:
            whole += price
    return whole + max(halves.values())


def choice_price(option: ItemOption, choice: OptionChoice, amount: str | int | None) -> int:
    """What a choice at an amount adds to the unit price."""
    if amount == "no":
        return 0
    price = _times(choice.price, option.amount_prices, amount)
    if not choice.included:
        return price
    if amount in FREE_IF_INCLUDED:
        return 0
    if isinstance(amount, int) or str(amount) in option.amount_prices:
        return max(0, price - _times(choice.price, option.amount_prices, "normal"))
    return choice.price


def _times(price: int, amount_prices: Mapping[str, float], amount: str | int | None) -> int:
    factor = amount_prices.get("normal" if amount is None else str(amount))
    if factor is None:
        return price * amount if isinstance(amount, int) else price
    return portion(price, Decimal(str(factor)))


def find_choice(
    item: Item, one: LineOption, chosen: tuple[LineOption, ...]
) -> tuple[ItemOption | None, OptionChoice | None]:
    """The choice that a line option means; for an option of a choice, the one of the choice that is on."""
    above, _, _ = one.option.rpartition("/")
    if not above:
        options: Iterable[ItemOption] = item.options
    else:
        options = (
            option
            for other in chosen
            if other.option == above and other.amount != "no"
            for option in getattr(find_choice(item, other, chosen)[1], "options", ())
        )
        options = (
            *options,
            *(
                x
                for parent in item.all_options()
                if parent.id == above and parent.choose == "many"
                for choice in parent.choices
                if choice.included
                for x in choice.options
            ),
        )
    for option in options:
        if option.id == one.option and (choice := option.choice(one.choice)) is not None:
            return option, choice
    return None, None

"""What the options of goods can be, and whether goods are made of something that nobody lists. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.commerce.catalogue import Item, ItemOption
from assistant.commerce.order import Line
from assistant.dialogue.draft import Draft
from assistant.dialogue.names import item_name
from assistant.dialogue.say import Joined, Named
from assistant.turns import OptionSaid

MOST = 8
"""Choices of an option that are named at once."""


def say(draft: Draft, option: ItemOption) -> None:
    names = Joined(tuple(Named(one.names, one.id) for one in option.choices[:MOST]), "or")
    draft.say("option_choices", option=Named(option.names, option.id), choices=names)


def tell(draft: Draft, goods: Sequence[Item], paths: Sequence[str]) -> None:
    """What the options at these paths can be: once for goods that have one alike."""
    told: set[tuple[str, ...]] = set()
    for item in goods:
        for option in (one for path in paths if (one := item.option(path)) is not None):
            known = tuple(one.id for one in option.choices)
            if known not in told:
                say(draft, option)
            told.add(known)


def made_of(draft: Draft, goods: Sequence[Item], what: str) -> None:
    """Whether goods are made of something that merchants don't list, such as pork: only what is written is known."""
    for item in goods[:1]:
        draft.whole = True
        description = item.descriptions.get(draft.voice.tag, "")
        if what.casefold() not in description.casefold():
            draft.say("not_listed_what", item=item_name(item), what=what)
        if description:
            draft.say("about_item", item=item_name(item), description=description, price=draft.money(item.price))


def tell_kept(draft: Draft, refused: Sequence[OptionSaid], line: Line) -> bool:
    """What goods come with in any case though it was refused, "a meal with no coke": what it can be instead. Whether
    there was any such thing."""
    kept = False
    item, chosen = draft.catalogue.item(line.item), {(one.option, one.choice) for one in line.options}
    for one in refused:
        option = item.option(one.option) if item is not None else None
        if one.amount == "no" and option is not None and option.choose == "one" and (one.option, one.choice) in chosen:
            others = tuple(Named(other.names, other.id) for other in option.choices if other.id != one.choice)[:MOST]
            draft.say("option_kept", option=Named(option.names, option.id), choices=Joined(others, "or"))
            kept = True
    return kept

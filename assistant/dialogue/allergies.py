"""What contains what somebody is allergic to, by what the merchant lists. Nothing is ever called safe. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.commerce.catalogue import Item
from assistant.commerce.options import allergens_of
from assistant.dialogue.draft import Draft
from assistant.dialogue.names import allergen_names, item_name
from assistant.dialogue.offering import BY_EAR
from assistant.dialogue.say import Joined

ALLERGIC = "allergic"
"""In the value of `ask_item`: what somebody said they are allergic to."""
LISTED_AS = {
    "egg": ("egg", "eggs"),
    "milk": ("milk", "dairy", "lactose"),
    "gluten": ("gluten", "wheat", "barley", "rye", "oats"),
    "wheat": ("wheat", "gluten"),
    "nuts": ("nuts", "tree_nuts", "peanuts", "peanut"),
    "peanuts": ("peanuts", "peanut", "nuts"),
    "soy": ("soy", "soya", "soybeans"),
    "fish": ("fish",),
    "shellfish": ("shellfish", "crustaceans", "molluscs"),
    "crustaceans": ("crustaceans", "shellfish"),
    "molluscs": ("molluscs", "shellfish"),
    "sesame": ("sesame",),
    "celery": ("celery",),
    "mustard": ("mustard",),
    "sulphites": ("sulphites", "sulfites"),
    "lupin": ("lupin",),
}
"""What merchants may list an allergen as: a wider word counts, too, for it may be meant."""


def tell(draft: Draft, allergic: Sequence[str]) -> None:
    """Which goods in the basket, or while it is empty of the menu, contain it."""
    draft.whole = True
    lines = draft.order.lines if draft.order is not None else ()
    inside = [(item, line.options) for line in lines if (item := draft.catalogue.item(line.item))]
    known = {one for item in draft.catalogue.items.values() for one in _all_of(item)}
    meant: list[str] = []
    for one in allergic:
        listed = [each for each in LISTED_AS.get(one, _as_written(one)) if each in known]
        meant += listed
        if not any(each in known for each in _as_written(one)):  # only what may include it is listed, or nothing
            draft.say("allergy_unknown", allergen=allergen_names((one,)))
    if not meant:
        return
    goods = inside or [(item, ()) for item in draft.catalogue.items.values()]
    containing: dict[str, tuple[Item, tuple[str, ...]]] = {}
    for item, options in goods:
        found = tuple(one for one in allergens_of(item, options) if one in meant)
        if found and item.id not in containing:
            containing[item.id] = (item, found)
    shown = list(containing.values())[: BY_EAR if not inside else None]
    if inside:
        for item, found in shown:
            draft.say("contains", item=item_name(item), allergens=allergen_names(found))
        if not shown:
            draft.say("allergy_not_listed", allergens=allergen_names(dict.fromkeys(meant)))
    else:
        key = "allergy_in" if len(containing) <= BY_EAR else "allergy_in_more"
        draft.say(
            key,
            items=Joined(tuple(item_name(item) for item, _ in shown)),
            allergens=allergen_names(dict.fromkeys(one for _, found in containing.values() for one in found)),
            more=len(containing) - len(shown),
        )
    draft.say("allergy_care")


def _all_of(item: Item) -> tuple[str, ...]:
    """The allergens of an item and of all that may be put on it."""
    choices = [choice for option in item.options for choice in option.choices]
    return (*item.allergens, *(one for choice in choices for one in choice.allergens))


def _as_written(said: str) -> tuple[str, ...]:
    """An allergen of the merchant's own, by its id in either number."""
    one = said.casefold().replace(" ", "_")
    return (one, f"{one}s", one.removesuffix("s"), *_SAME.get(one, ()))


_SAME = {
    "wheat": ("gluten",),
    "gluten": ("wheat",),
    "shellfish": ("crustaceans", "molluscs"),
    "milk": ("dairy", "lactose"),
    "nuts": ("tree_nuts",),
    "soy": ("soya", "soybeans"),
    "sulphites": ("sulfites",),
}

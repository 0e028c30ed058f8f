"""What contains what somebody is allergic to, by what the merchant lists. Nothing is ever called safe. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.commerce.catalogue import Item
from assistant.commerce.options import allergens_of
from assistant.commerce.order import LineOption
from assistant.dialogue.draft import Draft
from assistant.dialogue.names import allergen_names, item_name
from assistant.dialogue.offering import BY_EAR
from assistant.dialogue.say import Joined
from assistant.turns import Meaning
from assistant.understanding.allergies import ALLERGIC

LISTED_AS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "milk": (("dairy", "lactose"), ()),
    "gluten": (("wheat",), ("barley", "rye", "oats")),
    "wheat": (("gluten",), ()),
    "nuts": (("tree_nuts",), ("peanuts",)),
    "peanuts": ((), ("nuts",)),
    "soy": (("soya", "soybeans"), ()),
    "shellfish": (("crustaceans", "molluscs"), ()),
    "crustaceans": ((), ("shellfish",)),
    "molluscs": ((), ("shellfish",)),
    "sulphites": (("sulfites",), ()),
}
"""What merchants may list an allergen as, beside its own name: other names of it or of kinds of it; and wider or near
ones, that may be meant."""


def tell(draft: Draft, allergic: Sequence[str]) -> None:
    """Which goods in the basket, or while it is empty of the menu, contain it."""
    draft.whole = True
    lines = draft.order.lines if draft.order is not None else ()
    inside = [(item, line.options) for line in lines if (item := draft.catalogue.item(line.item))]
    known = {one for item in draft.catalogue.items.values() for one in _all_of(item)}
    meant: list[str] = []
    for one in allergic:
        meant += [each for each in _listed_as(one) if each in known]
        if known.isdisjoint(_listed_as(one, wider=False)):  # only what may include it is listed, or nothing
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


def in_these(draft: Draft, goods: Sequence[tuple[Item, Sequence[LineOption]]], asked: Sequence[str]) -> None:
    """Whether goods are listed with what is asked about, "is there egg in the hamburger?", and what they are listed
    with instead. That something isn't listed is never called a no."""
    draft.whole = True
    listed = {one for each in asked for one in _listed_as(each)}
    contained = {item.id: allergens_of(item, options) for item, options in goods}
    without = [item for item, _ in goods if not listed.intersection(contained[item.id])]
    for item in [item for item, _ in goods if item not in without][:BY_EAR]:
        found = [one for one in contained[item.id] if one in listed]
        draft.say("contains", item=item_name(item), allergens=allergen_names(found))
    if not without:
        return
    names = Joined(tuple(item_name(item) for item in without[:BY_EAR]))
    draft.say("not_listed_with", items=names, allergens=allergen_names(asked))
    if len(goods) == 1 and contained[without[0].id]:
        draft.say("contains", item=item_name(without[0]), allergens=allergen_names(contained[without[0].id]))
    draft.say("allergy_care")


def _all_of(item: Item) -> tuple[str, ...]:
    """The allergens of an item and of all that may be put on it."""
    choices = [choice for option in item.options for choice in option.choices]
    return (*item.allergens, *(one for choice in choices for one in choice.allergens))


def told_of(meaning: Meaning, item: Item) -> bool:
    """Whether an item is listed with what somebody says, in this utterance, that they are allergic to."""
    values = [act.value for act in meaning.acts if isinstance(act.value, dict)]
    told = {one for value in values for said in value.get(ALLERGIC, ()) for one in _listed_as(said)}
    return bool(told.intersection(item.allergens))


def _listed_as(said: str, wider: bool = True) -> tuple[str, ...]:
    """The ids that an allergen may have in a catalogue, in either number: the merchant's own is called as it is."""
    one = said.casefold().replace(" ", "_")
    same, near = LISTED_AS.get(one, ((), ()))
    return tuple(
        dict.fromkeys(
            form
            for each in (one, *same, *(near if wider else ()))
            for form in (each, f"{each}s", each.removesuffix("s"))
        )
    )

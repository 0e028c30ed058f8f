"""What contains what somebody is allergic to, by what the merchant lists. Nothing is ever called safe. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from assistant.commerce.allergens import listed_as
from assistant.commerce.catalogue import Item
from assistant.commerce.options import allergens_of, fill_options
from assistant.commerce.order import LineOption
from assistant.dialogue.draft import Draft
from assistant.dialogue.names import allergen_names, item_name
from assistant.dialogue.offering import BY_EAR
from assistant.dialogue.say import Joined
from assistant.turns import Meaning
from assistant.understanding.asked.allergies import ALLERGIC


def tell(draft: Draft, allergic: Sequence[str]) -> None:
    """Which goods in the basket, or while it is empty of the menu, contain it."""
    draft.whole = True
    lines = draft.order.lines if draft.order is not None else ()
    inside = [(item, line.options) for line in lines if (item := draft.catalogue.item(line.item))]
    known = {one for item in draft.catalogue.items.values() for one in _all_of(item)}
    meant: list[str] = []
    for one in allergic:
        meant += [each for each in listed_as(one) if each in known]
        if known.isdisjoint(listed_as(one, wider=False)):  # only what may include it is listed, or nothing
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


def without(draft: Draft, goods: Sequence[Item], avoided: Sequence[str]) -> list[Item]:
    """Tells which of some goods, as they come, aren't listed with something; gives them."""
    draft.whole = True
    listed = {one for each in avoided for one in listed_as(each)}
    known = {one for item in draft.catalogue.items.values() for one in _all_of(item)}
    for one in avoided:
        if known.isdisjoint(listed_as(one, wider=False)):
            draft.say("allergy_unknown", allergen=allergen_names((one,)))
    if known.isdisjoint(listed):
        return []
    found = [one for one in goods if listed.isdisjoint(allergens_of(one, fill_options(one, ()).options))]
    if found:
        _say_of(draft, "not_listed_with", found, avoided)
    else:
        draft.say("nothing_like_that")
    draft.say("allergy_care")
    return found


def remember(draft: Draft, allergic: Sequence[str]) -> None:
    """For the rest of the talk: goods that are added later are told of, too, and aren't recommended."""
    draft.session = replace(draft.session, avoids=tuple(dict.fromkeys((*draft.session.avoids, *allergic))))


def take_back(draft: Draft, named: Sequence[str]) -> None:
    """These are no allergies after all; none named: nothing is."""
    had, meant = draft.session.avoids, {one for said in named for one in listed_as(said)}
    gone = [one for one in had if not named or not meant.isdisjoint(listed_as(one))]
    draft.session = replace(draft.session, avoids=tuple(one for one in had if one not in gone))
    if gone:
        draft.say("allergy_taken_back", allergens=allergen_names(gone))
    else:
        draft.say("no_allergy")


def remind(draft: Draft) -> None:
    """Which of the goods that this turn put into the basket contain what somebody said before that they can't have."""
    order, avoided = draft.order, _avoided(draft)
    if order is None or order is draft.before or order.stage != "open" or not avoided:
        return
    had = {line.id: line for line in draft.before.lines} if draft.before is not None else {}
    told = [one.values.get("item") for one in draft.said if one.key == "contains"]
    just_told, fresh = _told(draft.meaning), dict[str, tuple[Item, list[str]]]()
    for line in order.lines:
        item, before = draft.catalogue.item(line.item), had.get(line.id)
        if item is None or before == line:
            continue
        known = allergens_of(item, before.options) if before is not None and before.item == line.item else ()
        passed = {*known, *(just_told if item_name(item) in told else ())}
        found = [one for one in allergens_of(item, line.options) if one in avoided and one not in passed]
        if found:
            fresh.setdefault(item.id, (item, found))
    for item, found in fresh.values():
        draft.say("contains", item=item_name(item), allergens=allergen_names(found))
        draft.whole = True


def unwanted(draft: Draft, item: Item) -> bool:
    """Whether an item is listed with what somebody said that they are allergic to, now or before."""
    return not (_told(draft.meaning) | _avoided(draft)).isdisjoint(item.allergens)


def _avoided(draft: Draft) -> set[str]:
    return {one for said in draft.session.avoids for one in listed_as(said)}


def in_these(draft: Draft, goods: Sequence[tuple[Item, Sequence[LineOption]]], asked: Sequence[str]) -> None:
    """Whether goods are listed with what is asked about, "is there egg in the hamburger?", and what they are listed
    with instead. That something isn't listed is never called a no."""
    draft.whole = True
    listed = {one for each in asked for one in listed_as(each)}
    contained = {item.id: allergens_of(item, options) for item, options in goods}
    without = [item for item, _ in goods if not listed.intersection(contained[item.id])]
    having = [item for item, _ in goods if item not in without]
    if len(having) > BY_EAR:
        _say_of(draft, "allergy_in", having, asked)
    for item in having if len(having) <= BY_EAR else ():
        found = [one for one in contained[item.id] if one in listed]
        draft.say("contains", item=item_name(item), allergens=allergen_names(found))
    if not without:
        return
    _say_of(draft, "not_listed_with", without, asked)
    if len(goods) == 1 and contained[without[0].id]:
        draft.say("contains", item=item_name(without[0]), allergens=allergen_names(contained[without[0].id]))
    draft.say("allergy_care")


def _say_of(draft: Draft, key: str, goods: Sequence[Item], allergens: Sequence[str]) -> None:
    """Says something of the first of some goods, and how many more there are."""
    draft.say(
        key if len(goods) <= BY_EAR else f"{key}_more",
        items=Joined(tuple(item_name(item) for item in goods[:BY_EAR])),
        allergens=allergen_names(allergens),
        more=len(goods) - BY_EAR,
    )


def _all_of(item: Item) -> tuple[str, ...]:
    """The allergens of an item and of all that may be put on it."""
    choices = [choice for option in item.options for choice in option.choices]
    return (*item.allergens, *(one for choice in choices for one in choice.allergens))


def _told(meaning: Meaning) -> set[str]:
    """What somebody says in this utterance that they are allergic to, as it may be listed."""
    values = [act.value for act in meaning.acts if isinstance(act.value, dict)]
    return {one for value in values for said in value.get(ALLERGIC, ()) for one in listed_as(said)}

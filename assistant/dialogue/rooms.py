"""Rooms and the people in them: which fit how many guests, and what is offered where they don't. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from assistant.commerce.catalogue import Item
from assistant.commerce.order import Line, Order, Party, When
from assistant.commerce.pricing import line_price
from assistant.dialogue.draft import Draft
from assistant.dialogue.names import item_name, so_many
from assistant.dialogue.say import Count, Joined
from assistant.steps import Said
from assistant.turns import Act, LineSaid

OFFERED = 3
"""So many other rooms are named."""


def fits(party: tuple[int, int], rooms: Iterable[tuple[Item, int]]) -> bool:
    """Whether (adults, children) find beds in these rooms, so many of each; a child may have an adult's."""
    adults = beds = 0
    for item, count in rooms:
        adults += item.adults * count
        beds += (item.adults + item.children) * count
    return party[0] <= adults and sum(party) <= beds


def guests(party: Party) -> Said:
    """How many people, as they are said."""
    key = "stay.party_children" if party.children else "stay.party"
    return Said(key, {"adults": Count(party.adults, "adult"), "children": Count(party.children, "child")})


def in_order(draft: Draft, order: Order) -> list[Line]:
    return [one for one in order.lines if (item := draft.catalogue.item(one.item)) is not None and item.adults]


def in_doubt(draft: Draft, candidates: Sequence[Act]) -> list[Item]:
    """The rooms of which one is meant, "a twin"; none where something else is in doubt."""
    lines = [line for act in candidates if act.act == "add" and len(act.lines) == 1 for line in act.lines]
    found = [item for line in lines if (item := draft.catalogue.item(line.item or "")) is not None and item.adults]
    return found if len(found) == len(candidates) else []


def stayed(draft: Draft, item: Item, line: Line, when: When | None, party: Party | None) -> Line:
    """A room line for these nights and guests, priced night by night."""
    if when is None:
        return replace(line, party=party or line.party)
    price, nights = line_price(item, line.options, when, draft.shop.local(draft.turn.at))
    return replace(line, when=when, party=party or line.party, unit_price=price, nights=nights)


def said_for_new(draft: Draft, order: Order) -> bool:
    """Whether nights or guests are said of a room that comes to others, whose own are known already: "and a single for
    one person on Friday"."""
    rooms = in_order(draft, order)
    added = any(
        (item := draft.catalogue.item(line.item or "")) is not None and item.adults
        for act in draft.meaning.acts
        if act.act == "add"
        for line in act.lines
    )
    return added and bool(rooms) and all(one.when is not None and one.party is not None for one in rooms)


def room_ok(draft: Draft, order: Order, item: Item, quantity: int, act: Act, said: LineSaid) -> bool:
    """Whether the guests fit into so many of a room that is to be added, with the other rooms that they have; where
    they don't, what would do is offered."""
    party = draft.session.recent.party
    if not item.adults or party is None:
        return True
    own = said_for_new(draft, order) and any(one.act == "give_guests" for one in draft.meaning.acts)
    lines = [] if own else in_order(draft, order)
    others = [(found, one.quantity) for one in lines if (found := draft.catalogue.item(one.item)) is not None]
    others += [
        (found, one.quantity or 1)
        for one in act.lines
        if one.item != said.item and (found := draft.catalogue.item(one.item or "")) is not None and found.adults
    ]
    if fits(party, [(item, quantity), *others, *_which_is_asked(draft)]):
        return True
    bigger = [one for one in draft.catalogue.rooms if fits(party, [(one, 1), *others])]
    if quantity > 1:
        bigger = []  # who wants several rooms isn't sent into one
    number = needed(draft, item, party)
    if bigger:
        offers = tuple(
            (replace(act, lines=(replace(said, item=one.id, options=()),), sure=False),) for one in bigger[:OFFERED]
        )
        offer_bigger(draft, item, bigger, offers)
    elif number:
        _offer_several(draft, act, said, item, number)
    else:
        draft.say("rooms_too_small", item=item_name(item))
    return False


def _which_is_asked(draft: Draft) -> list[tuple[Item, int]]:
    """The rooms of the same sentence of which it is asked which ones are meant, each the largest that it may be: "two
    singles and a twin for four of us" are room enough."""
    found = [
        (rooms, doubt.candidates[0]) for doubt in draft.meaning.ask if (rooms := in_doubt(draft, doubt.candidates))
    ]
    return [(max(rooms, key=lambda one: one.adults), act.lines[0].quantity or 1) for rooms, act in found]


def offer_bigger(draft: Draft, item: Item, bigger: Sequence[Item], offers: Sequence[tuple[Act, ...]]) -> None:
    names = tuple(item_name(one) for one in bigger[:OFFERED])
    one = len(names) == 1
    draft.ask(
        "room_too_small_one" if one else "room_too_small",
        "suggest",
        *offers,
        labels=() if one else names,
        item=item_name(item),
        other=Joined(names, "or"),
    )


def needed(draft: Draft, item: Item, party: tuple[int, int]) -> int:
    """How many of a room take so many guests; 0 where more would be needed than can be booked."""
    most = min(item.most, draft.shop.limits.most)
    return next((count for count in range(2, most + 1) if fits(party, [(item, count)])), 0)


def _offer_several(draft: Draft, act: Act, said: LineSaid, item: Item, number: int) -> None:
    again = replace(act, lines=(replace(said, item=item.id, quantity=number),), sure=True)
    draft.ask("rooms_needed", "suggest", (again,), lines=so_many(item, number))


def offer_more(draft: Draft, among: Sequence[Item]) -> bool:
    """Where no room takes all guests: as few as possible of one kind, the cheapest; False where that isn't possible."""
    party = draft.session.recent.party
    counts = [(number, number * one.price, one) for one in among if party and (number := needed(draft, one, party))]
    if not counts:
        return False
    number, _price, item = min(counts, key=lambda one: one[:2])
    _offer_several(draft, Act("add", (LineSaid(item.id),)), LineSaid(item.id), item, number)
    return True


def too_small(rooms: Iterable[Item], lines: Sequence[tuple[Item, Line]]) -> tuple[Line, list[Item]] | None:
    """The first of the rooms in an order whose guests have no bed, with the rooms that would take them all in its
    place; None where all of them have."""
    for party in dict.fromkeys(line.party for _item, line in lines if line.party is not None):
        mine = [(item, line) for item, line in lines if line.party == party]
        count = (party.adults, party.children)
        if fits(count, [(item, line.quantity) for item, line in mine]):
            continue
        _first, line = mine[0]
        others = [(item, one.quantity) for item, one in mine[1:]]
        bigger = [one for one in rooms if fits(count, [(one, line.quantity), *others])]
        return line, bigger[:OFFERED]
    return None


def instead(line: Line, position: int, other: Item) -> Act:
    """The swap of a room in the basket, at `position` from 1, for another."""
    return Act("change", (LineSaid(other.id, line.quantity),), (LineSaid(line.item, None, (), position),))


def small_question(line: Line, item: Item, position: int, bigger: Sequence[Item]) -> Said:
    """What is asked about a room in the basket that is too small for its guests."""
    if not bigger:
        return Said("stay.too_many", {"item": item_name(item)})
    names = tuple(item_name(one) for one in bigger)
    choices = tuple((name, (instead(line, position, one),)) for name, one in zip(names, bigger, strict=True))
    key = "stay.small_one" if len(bigger) == 1 else "stay.small"
    return Said(key, {"item": item_name(item), "other": Joined(names, "or")}, choices)

"""What is offered after a question: goods with their price, rooms that are free over the nights said. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from msgspec.structs import replace

from assistant.commerce.catalogue import Item
from assistant.commerce.options import fill_options, options_price
from assistant.commerce.order import LineOption, When
from assistant.commerce.pricing import line_price, room_price
from assistant.dialogue import equipment, flow
from assistant.dialogue.draft import Draft
from assistant.dialogue.names import item_name, so_many
from assistant.dialogue.rooms import fits, needed, offer_more
from assistant.dialogue.say import Count, Day, Joined
from assistant.dialogue.state import Asked
from assistant.steps import Said
from assistant.turns import Act, Doubt, LineSaid, OptionSaid

BY_EAR = 5
"""More than this many things are not read out in one breath."""
BY_HEART = 3
"""Nor can more rooms with their prices be kept in mind."""


def want_it(draft: Draft, known: Sequence[Item], count: int = 1, options: Sequence[OptionSaid] = ()) -> None:
    """After an answer about one thing, or several, while still shopping: would you like it, or so many of it? `options`
    were said of it before it was chosen."""
    if (draft.order is not None and flow.in_checkout(draft.order)) or draft.asked is not None:
        return
    ordered = {line.item for act in draft.meaning.acts if act.act in ("add", "buy_now") for line in act.lines}
    if any(one.id in ordered for one in known):
        return  # "do you have milkshakes? A vanilla one then": a yes would order another
    if known:
        draft.remember(items=tuple(one.id for one in known[:20]))  # "two of those"
    there = draft.order.lines if draft.order is not None and shopping(draft) else ()
    if len(known) == 1 and any(line.item == known[0].id for line in there):
        return  # who asks about what they have isn't offered another
    if len(known) == 1:
        draft.ask("want_it", "suggest", (Act("add", (LineSaid(known[0].id, count, had_by(known[0], options)),)),))
    elif len(known) > 1:
        draft.ask(
            "want_which",
            "items",
            *((Act("add", (LineSaid(one.id, count, had_by(one, options)),)),) for one in known[:20]),
            labels=tuple(label(draft, one, count, options) for one in known[:20]),
        )


def had_by(item: Item, options: Sequence[OptionSaid]) -> tuple[OptionSaid, ...]:
    """Those of the options that an item can have."""
    return tuple(one for one in options if not fill_options(item, (one,)).problems)


def label(draft: Draft, item: Item, count: int = 1, options: Sequence[OptionSaid] = ()) -> Said:
    """What so many of an item are offered as: the name and what they cost; rooms over the nights that were said."""
    dates = draft.session.recent.dates if item.adults else None
    filled = fill_options(item, had_by(item, options)).options if options else ()
    at = draft.shop.local(draft.turn.at)
    price = line_price(item, filled, When(*dates), at)[0] if dates else item.price + options_price(item, filled)
    name = item_name(item) if count == 1 else so_many(item, count)
    return Said("item_label", {"item": name, "price": draft.money(price * count)})


def tell_price(
    draft: Draft, item: Item, dates: tuple[str, str] | None = None, options: Sequence[LineOption] = ()
) -> None:
    """What a room costs over the nights that were said last, or over `dates`; with options that are paid for, too."""
    dates = dates or draft.session.recent.dates
    if dates is None:
        draft.say("room_price", item=item_name(item), price=draft.money(item.price))
        return
    total, nights = room_price(item, When(*dates), draft.shop.local(draft.turn.at))
    if more := options_price(item, options):
        nights = tuple((day, price + more) for day, price in nights)
        total += more * len(nights)
    if len(nights) == 1:
        draft.say(
            "room_price_night", item=item_name(item), day=Day(dt.date.fromisoformat(dates[0])), price=draft.money(total)
        )
        return
    each = Joined(
        tuple(
            Said("price_of_night", {"day": Day(dt.date.fromisoformat(day)), "price": draft.money(one)})
            for day, one in nights
        )
    )
    draft.say(
        "room_price_even" if len({one for _, one in nights}) == 1 else "room_price_nights",
        item=item_name(item),
        each=each,
        price=draft.money(nights[0][1]),
        nights=Count(len(nights), "night"),
        total=draft.money(total),
    )


def spoken_of(draft: Draft, act: Act) -> list[Item]:
    """The rooms that a question is about: those it names, the one in the basket, the one offered last."""
    line = draft.order.line(draft.session.recent.line or 0) if draft.order is not None and shopping(draft) else None
    offered = draft.session.recent.items
    recent = (*([line.item] if line is not None else ()), *(offered if len(offered) == 1 else ()))
    known = known_of(draft, act) or [found for one in recent[:1] if (found := draft.catalogue.item(one))]
    return [one for one in known if one.adults]


def shopping(draft: Draft) -> bool:
    return draft.order is not None and draft.order.stage == "open" and bool(draft.order.lines)


def rooms_free(
    draft: Draft, rooms: Sequence[Item], named: bool = False, count: int = 1, options: Sequence[OptionSaid] = ()
) -> None:
    """Which rooms are free over the nights that were said, with their price. `named`: they were asked for by name;
    `count`: so many of one kind are wanted; `options`: with these, where a room can have them."""
    dates, party = draft.session.recent.dates, draft.session.recent.party
    every = draft.catalogue.rooms
    if party is not None:
        fitting = [one for one in rooms if fits(party, [(one, count)])]
        if not fitting:
            fitting = [one for one in every if fits(party, [(one, count)])]
            if not fitting:
                among = [one for one in every if left_free(draft, one, needed(draft, one, party))]
                if not offer_more(draft, among):
                    draft.say("rooms_too_many")
                return
            if named:
                draft.say("rooms_too_small", item=item_name(rooms[0]))
        rooms = fitting
    if dates is None:
        draft.say("rooms", items=Joined(tuple(label(draft, one, count, options) for one in rooms)))
        draft.remember(items=tuple(one.id for one in rooms))
        if draft.session.recent.arrival:
            draft.question, draft.asked = Said("how_many_nights"), Asked(step="stay")
        else:
            draft.question = Said("which_dates")
        return
    free = [one for one in rooms if left_free(draft, one, count)]
    if not free:
        draft.say("rooms_full", start=Day(dt.date.fromisoformat(dates[0])))
        free = [one for one in every if one not in rooms and left_free(draft, one, count)]
        if party is not None:
            free = [one for one in free if fits(party, [(one, count)])]
        if not free:
            return
    offered = free[: BY_HEART if draft.turn.spoken else BY_EAR]
    draft.remember(items=tuple(one.id for one in offered))
    nights = len(nights_of(dates))
    few = len(offered) * nights <= 2 * BY_HEART
    items = Joined(tuple(label(draft, one, count, options) for one in offered))
    if nights == 1 and (count > 1 or len(offered) > 1):
        draft.say("rooms_night", day=Day(dt.date.fromisoformat(dates[0])), items=items)
    elif count == 1 and not options and (len(offered) == 1 or (not draft.turn.spoken and few)):
        for one in offered:
            tell_price(draft, one)
    else:
        draft.say("rooms_total", nights=Count(nights, "night"), items=items)
    want_it(draft, offered, count, options)


def left_free(draft: Draft, room: Item, number: int = 1) -> bool:
    """Whether so many of a room are free in each of the nights that were said."""
    dates = draft.session.recent.dates
    nights = nights_of(dates) if dates is not None else []
    return all(left is None or left >= number for one in nights for left in (draft.scene.stock.get((room.id, one)),))


def cheapest_of(draft: Draft, found: Sequence[Item], dearest: bool = False) -> list[Item]:
    """The cheapest of these, or the one that costs most; of rooms, among those that are free and take the guests, over
    all the nights."""
    party = draft.session.recent.party
    rooms = {one.id for one in found if left_free(draft, one) and (not party or fits(party, [(one, 1)]))}
    good = [one for one in found if not one.adults or one.id in rooms]
    return [(max if dearest else min)(good, key=lambda one: price_of(draft, one))] if good else list(found)


def price_of(draft: Draft, item: Item) -> float:
    """What an item costs, in minor units; a room a night, on average over the nights that were said."""
    dates = draft.session.recent.dates
    if not item.adults or dates is None:
        return item.price
    total, nights = room_price(item, When(*dates), draft.shop.local(draft.turn.at))
    return total / len(nights)


def any_rooms(draft: Draft, doubt: Doubt) -> int:
    """How many rooms of whatever kind were said to be wanted, 0 where the doubt is about something else."""
    every = {one.id for one in draft.catalogue.rooms}
    lines = [line for act in doubt.candidates if act.act == "add" and len(act.lines) == 1 for line in act.lines]
    counts = {line.quantity or 1 for line in lines}
    return counts.pop() if every and {line.item for line in lines} == every and len(counts) == 1 else 0


def nights_of(dates: tuple[str, str]) -> list[str]:
    """The ISO nights between arriving and leaving, 60 at most."""
    start, end = dt.date.fromisoformat(dates[0]), dt.date.fromisoformat(dates[1])
    return [(start + dt.timedelta(days=n)).isoformat() for n in range(min(60, (end - start).days))]


def rooms_with(draft: Draft, act: Act) -> bool:
    """Rooms that have what is asked for, "a room with a bathtub"; False where nothing of that kind is named."""
    wanted = equipment.named(draft)
    named = [item for one in act.items if (item := draft.catalogue.item(one)) is not None]
    if not wanted or named:
        return False
    rooms = equipment.having(draft, draft.catalogue.rooms, wanted)
    equipment.answer(draft, ())
    if rooms:
        rooms_free(draft, rooms)
    return True


def has_it(draft: Draft) -> bool:
    """Answers what names something that rooms have, where nothing else was understood."""
    if not equipment.named(draft):
        return False
    known = spoken_of(draft, Act("ask_item"))
    return equipment.answer(draft, known) if known else rooms_with(draft, Act("ask_menu"))


def known_of(draft: Draft, act: Act) -> list[Item]:
    """The catalogue items asked about; what the shop hasn't is said."""
    known = [found for one in act.items if (found := draft.catalogue.item(one))]
    for one in act.items:
        if one.startswith("#"):
            known.extend(draft.catalogue.in_category(one[1:]))
        elif draft.catalogue.item(one) is None:
            draft.say(draft.by_trade("not_sold"), item=one)
    if known:
        draft.remember(items=tuple(one.id for one in known[:20]))
    return known


def each_of(candidates: Sequence[tuple[Act, ...]], numbers: Sequence[int]) -> list[Act]:
    """What several of the answers on offer do together: "two pizzas", of which one and another are named, are one of
    each; so many of each where they can't be parted evenly."""
    made = []
    for number in numbers if all(0 < one <= len(candidates) for one in numbers) else ():
        for act in candidates[number - 1]:
            lines = tuple(
                replace(one, quantity=one.quantity // len(numbers))
                if one.quantity and one.quantity % len(numbers) == 0
                else one
                for one in act.lines
            )
            made.append(replace(act, lines=lines, sure=True))
    if made and all(act.act == "refund" for act in made):  # one sum goes back for all of them
        return [replace(made[0], lines=tuple(line for act in made for line in act.lines), sure=False)]
    return made

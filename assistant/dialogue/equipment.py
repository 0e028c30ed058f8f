"""What rooms have and what comes with them: amenities, and choices such as breakfast. Pure.

Whatever one of the rooms has is known of all of them: a room that isn't said to have it, hasn't.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from assistant.commerce.catalogue import Item, ItemOption, OptionChoice
from assistant.dialogue.draft import Draft
from assistant.dialogue.names import item_name
from assistant.dialogue.say import Joined, Named
from assistant.steps import Said
from assistant.turns import Act, LineSaid, OptionSaid
from assistant.understanding.words.text import words_of


def amenities(draft: Draft, item: Item) -> tuple[str, ...]:
    """What a room has, in the language that is spoken."""
    return item.amenities.get(draft.voice.tag, ())


def _run_together(text: str) -> str:
    """Letters alone: "Wi-Fi" and "wifi" are one."""
    return "".join(word for word in words_of(text) if word != "-")


def named(draft: Draft) -> tuple[str, ...]:
    """The amenities of this hotel that the sentence names."""
    said = _run_together(draft.meaning.text)
    known = dict.fromkeys(word for one in draft.catalogue.rooms for word in amenities(draft, one))
    found = [word for word in known if _run_together(word) in said]
    return tuple(one for one in found if not any(one != other and one in other for other in found))


def having(draft: Draft, rooms: Iterable[Item], wanted: Sequence[str]) -> list[Item]:
    return [one for one in rooms if set(wanted) <= set(amenities(draft, one))]


def _option(draft: Draft) -> str | None:
    """The option of rooms, such as breakfast, that the sentence names."""
    said = _run_together(draft.meaning.text)
    for item in draft.catalogue.rooms:
        for option in item.options:
            names = (*option.names.get(draft.voice.tag, ()), *_choices(draft, option))
            if option.choose == "one" and any(_run_together(name) in said for name in names):
                return option.id
    return None


def option_alone(draft: Draft) -> bool:
    """Whether a sentence names such an option and no room."""
    said = _run_together(draft.meaning.text)
    names = (name for one in draft.catalogue.rooms for name in one.names.get(draft.voice.tag, ()))
    return (
        bool(draft.meaning.text) and _option(draft) is not None and not any(_run_together(one) in said for one in names)
    )


def _choices(draft: Draft, option: ItemOption) -> list[str]:
    return [name for one in option.choices for name in one.names.get(draft.voice.tag, ())]


def answer(draft: Draft, spoken_of: Sequence[Item]) -> bool:
    """A question about something that rooms have, or that comes with them, answered with yes or no and what it costs;
    False where nothing is asked about that is known here. `spoken_of`: the rooms that are meant; none: all."""
    option, wanted = _option(draft), named(draft)
    rooms = spoken_of or draft.catalogue.rooms
    if option is not None:
        _tell_option(draft, rooms, option)
    elif wanted:
        _tell_amenity(draft, rooms, wanted)
    elif extras := _extras(draft, rooms):
        _tell_extras(draft, extras)
        _offer(draft, extras)
    else:
        return False
    return True


def _extras(draft: Draft, rooms: Iterable[Item]) -> dict[str, tuple[str, OptionChoice]]:
    """What can be added to these rooms and is named by the sentence, such as parking: (option, itself) by its id."""
    said = _run_together(draft.meaning.text)
    return {
        one.id: (option.id, one)
        for item in rooms
        for option in item.options
        if option.choose == "many"
        for one in option.choices
        if any(_named_in(_run_together(name), said) for name in one.names.get(draft.voice.tag, ()))
    }


def _named_in(name: str, said: str) -> bool:
    """Whether a name is said, or all but its last letter where that is Chinese: 可以停车吗, of 停车位."""
    return name in said or (len(name) > 2 and "㐀" <= name[0] <= "鿿" and name[:-1] in said)


def _tell_extras(draft: Draft, extras: Mapping[str, tuple[str, OptionChoice]]) -> None:
    tell_cost(draft, *(one for _, one in extras.values()), nightly=True)


def tell_cost(draft: Draft, *choices: OptionChoice, nightly: bool) -> None:
    """What comes on top of the price with each of these choices."""
    dear = [one for one in choices if one.price]
    free = [one for one in choices if not one.price]
    if dear:
        labels = (
            Said("choice_more", {"choice": Named(one.names, one.id), "price": draft.money(one.price)}) for one in dear
        )
        draft.say("choices_more" if nightly else "choices_cost", choices=Joined(tuple(labels)))
    if free:
        draft.say("choices_free", choices=Joined(tuple(Named(one.names, one.id) for one in free)))


def _offer(draft: Draft, extras: Mapping[str, tuple[str, OptionChoice]]) -> None:
    """Asks whether the one thing that was asked about is to come with the one room of the order, where it doesn't."""
    order = draft.order
    lines = [one for one in order.lines if one.when] if order is not None and order.stage == "open" else []
    if len(extras) != 1 or len(lines) != 1 or draft.question is not None:
        return
    (choice, (option, _)), line = next(iter(extras.items())), lines[0]
    item = draft.catalogue.item(line.item)
    known = item.option(option) if item is not None else None
    if known is None or known.choice(choice) is None or any(one.choice == choice for one in line.options):
        return
    added = LineSaid(line.item, options=(OptionSaid(option, choice, "normal"),))
    draft.ask("want_it", "suggest", (Act("change", (added,)),))


def _ordered_with(draft: Draft, item: Item, name: str) -> OptionChoice | None:
    """What was chosen of this option for the one room of the order that is of this kind, where it isn't the usual."""
    order = draft.order
    lines = [one for one in order.lines if one.item == item.id] if order is not None else []
    option = item.option(name)
    if order is None or order.stage == "cancelled" or len(lines) != 1 or option is None:
        return None
    chosen = next((one.choice for one in lines[0].options if one.option == name), None)
    return option.choice(chosen) if chosen is not None and chosen != option.default else None


def _tell_option(draft: Draft, rooms: Sequence[Item], name: str) -> None:
    if len(rooms) == 1 and (chosen := _ordered_with(draft, rooms[0], name)) is not None:
        draft.say("ordered_with", item=item_name(rooms[0]), choice=Named(chosen.names, chosen.id))
        return
    by_default: dict[str, list[Item]] = {}
    labels: dict[str, Named] = {}
    for item in rooms:
        option = next((one for one in item.options if one.id == name), None)
        choice = option.choice(option.default) if option is not None and option.default else None
        if choice is not None:
            by_default.setdefault(choice.id, []).append(item)
            labels[choice.id] = Named(choice.names, choice.id)
    for choice_id, items in by_default.items():
        if len(rooms) == 1:
            draft.say("comes_with", item=item_name(items[0]), choice=labels[choice_id])
        else:
            draft.say("comes_with_of", items=Joined(tuple(map(item_name, items))), choice=labels[choice_id])
    more = {
        (one.id, one.price): Said("choice_more", {"choice": Named(one.names, one.id), "price": draft.money(one.price)})
        for item in rooms
        for option in item.options
        if option.id == name
        for one in option.choices
        if one.price > 0
    }
    if more:
        draft.say("choices_more", choices=Joined(tuple(more.values())))


def _tell_amenity(draft: Draft, rooms: Sequence[Item], wanted: Sequence[str]) -> None:
    good, what = having(draft, rooms, wanted), Joined(tuple(wanted))
    if len(rooms) == 1 and good:
        draft.say("has", item=item_name(rooms[0]), what=what)
        return
    if len(rooms) == 1:
        draft.say("has_not", item=item_name(rooms[0]), what=what)
        good = having(draft, draft.catalogue.rooms, wanted)
    if len(good) == len(draft.catalogue.rooms):
        draft.say("all_have", what=what)
    elif good:
        draft.say("these_have", items=Joined(tuple(map(item_name, good))), what=what)
    elif len(rooms) != 1:
        draft.say("none_has", what=what)

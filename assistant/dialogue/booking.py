"""The nights and guests of a booking: said in any order, kept until there is a room to put them on. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from assistant.commerce.options import fill_options
from assistant.commerce.order import Line, Order, Party, When
from assistant.dialogue import basket, flow, questions, rooms
from assistant.dialogue.draft import Draft
from assistant.dialogue.names import item_name
from assistant.dialogue.offering import nights_of, tell_price
from assistant.dialogue.say import Code, Count, Day, Joined, Lines
from assistant.dialogue.state import Asked, Recent
from assistant.steps import Said, Step
from assistant.turns import Act
from assistant.understanding.facts.other_nights import BY_NIGHT

MANY_NIGHTS = 30
"""A longer stay is asked back once."""


FAR = dt.timedelta(days=300)
"""A day that far ahead may be last week's, whose year wasn't said: it is asked back once with its year."""


class Stay(Struct, frozen=True):
    """What is known of a stay: ISO days, "" and 0 where nothing was said yet."""

    start: str = ""
    end: str = ""
    nights: int = 0


def stay_said(recent: Recent, value: Mapping[str, object]) -> Stay | None:
    """The stay from what is said now and what was said before; None when it is no date."""
    known = recent.dates or (recent.arrival, "")
    start, end, nights = str(value.get("from") or known[0]), value.get("to"), value.get("nights")
    try:
        if isinstance(nights, int) and nights > 0:
            return Stay(start, _later(start, min(nights, 366)), nights) if start else Stay("", "", nights)
        if end:
            last = dt.date.fromisoformat(str(end))
            return Stay(start, last.isoformat(), (last - dt.date.fromisoformat(start)).days if start else 0)
        if value.get("from") and (known[1] or recent.nights):
            length = recent.nights or (dt.date.fromisoformat(known[1]) - dt.date.fromisoformat(known[0])).days
            return Stay(start, _later(start, length), length)
        return Stay(dt.date.fromisoformat(start).isoformat()) if start else None
    except ValueError:
        return None


def _only_listed(draft: Draft) -> bool:
    """Whether rooms were listed just before and none is booked yet: "a room with parking", then the nights."""
    listed = [draft.catalogue.item(one) for one in draft.session.recent.items]
    booked = draft.order is not None and bool(rooms.in_order(draft, draft.order))
    return not booked and any(item is not None and item.adults for item in listed)


def _later(day: str, nights: int) -> str:
    return (dt.date.fromisoformat(day) + dt.timedelta(days=nights)).isoformat()


def give_dates(draft: Draft, act: Act) -> None:
    if (placed := _moves_placed(draft, act)) is not None:
        draft.say("change_changes_price", number=Code(placed.number or ""))
        return
    recent = draft.session.recent
    meant = _some_rooms(draft.order, act)[1] if draft.order else []
    own = [one.when for one in meant if one.when]
    if own:
        recent = replace(recent, dates=(own[0].start, own[0].end), arrival=own[0].start)
    stay = stay_said(recent, act.value if isinstance(act.value, dict) else {})
    if stay is None:
        draft.say("date_unclear")
        return
    if stay.end and not stay.start:  # "until Sunday", and nobody knows from when
        draft.answered = True
        draft.question = Said("which_arrival")
        draft.asked = Asked(step="stay")
        return
    if stay.start and dt.date.fromisoformat(stay.start) < _today(draft):
        draft.say("date_past")
        return
    if stay.end and stay.end <= stay.start:
        if draft.session.recent.dates is not None:
            draft.say("dates_before_arrival")
        else:
            draft.answered = True
            draft.question, draft.asked = Said("dates_backwards"), Asked(step="stay")
        return
    if stay.start and not act.sure and (day := dt.date.fromisoformat(stay.start)) > _today(draft) + FAR:
        draft.ask("date_far", "unusual", (replace(act, sure=True),), day=Day(day), year=str(day.year))
        return
    if stay.nights > MANY_NIGHTS and not act.sure:
        draft.ask("nights_unusual", "unusual", (replace(act, sure=True),), nights=Count(stay.nights, "night"))
        return
    dates = (stay.start, stay.end) if stay.end else None
    draft.remember(dates=dates, arrival=stay.start, nights=stay.nights)
    draft.answered = True
    if dates is None:
        draft.question = Said("how_many_nights" if stay.start else "which_arrival")
        draft.asked = Asked(step="stay")
        return
    asked = draft.session.asked
    waits = asked is not None and asked.step == "stay" and bool(asked.later)
    if waits:
        draft.session = replace(draft.session, asked=None)  # it is answered: which room was meant is asked now
    _apply_stay(draft, act)
    if waits or _said_beside(draft, "give_guests", behind=act):
        return  # which rooms are free for how many is told once that is known, too
    goods = draft.order is not None and draft.order.stage == "open" and bool(draft.order.lines)
    if (not goods or _only_listed(draft)) and not _asks_rooms(draft):
        spoken_of = draft.session.recent.items
        questions.stock(draft, Act("ask_stock", items=spoken_of if len(spoken_of) == 1 else ()))


def quote(draft: Draft, act: Act) -> bool:
    """What other nights would cost, or what each night costs, of the rooms that are booked or named: asked about, they
    move no stay; that can be had for a yes. False where no nights are asked about."""
    order = draft.order
    if order is None or order.stage != "open" or not isinstance(act.value, dict | str):
        return False
    mine = [one for one in rooms.in_order(draft, order) if one.when is not None]
    if act.value == BY_NIGHT:
        return not act.items and _by_night(draft, mine)
    if not isinstance(act.value, dict) or not act.value.keys() & {"from", "to", "nights"} or not mine:
        return False
    stay = stay_said(draft.session.recent, act.value)
    if stay is None or not stay.start or not stay.end or stay.end <= stay.start or stay.nights > MANY_NIGHTS:
        draft.say("date_unclear")
        return True
    if dt.date.fromisoformat(stay.start) < _today(draft):
        draft.say("date_past")
        return True
    _tell_nights(draft, act, mine, When(stay.start, stay.end))
    return True


def _tell_nights(draft: Draft, act: Act, mine: Sequence[Line], when: When) -> None:
    """What each room that is asked about costs in these nights, or that it is taken; the rooms that are booked, where
    none is named, can be had for them instead."""
    dates = (when.start, when.end)
    asked = [item for one in act.items if (item := draft.catalogue.item(one)) is not None and item.adults]
    own = not asked or {one.id for one in asked} == {one.item for one in mine}
    wanted = (
        [(item, one.quantity, one.options) for one in mine if (item := draft.catalogue.item(one.item)) is not None]
        if own
        else [(item, 1, fill_options(item, ()).options) for item in asked]
    )
    free = True
    for item, count, options in wanted:
        if full := [night for night in nights_of(dates) if not _left(draft, item.id, night, count)]:
            draft.say("room_full", item=item_name(item), days=Joined(tuple(_days(full))))
            free = False
        else:
            tell_price(draft, item, dates, options)
    if own and free and any(one.when != when for one in mine):
        moved = Act("give_dates", value={"from": when.start, "to": when.end}, sure=True)
        draft.ask("move_stay", "suggest", (moved,), start=_day(when.start), end=_day(when.end))


def _by_night(draft: Draft, mine: Sequence[Line]) -> bool:
    for line in mine:
        item = draft.catalogue.item(line.item)
        if item is not None and line.when is not None:
            tell_price(draft, item, (line.when.start, line.when.end), line.options)
    return bool(mine)


def _left(draft: Draft, room: str, night: str, count: int) -> bool:
    """Whether so many of a room are free in a night."""
    left = draft.scene.stock.get((room, night))
    return left is None or left >= count


def half_known(draft: Draft, step: Step) -> Said | None:
    """What is asked where the step that stands open wants the nights, and one half of them is known."""
    recent = draft.session.recent
    if step.name != "stay" or recent.dates is not None or draft.order is None:
        return None
    if not any(one.when is None for one in rooms.in_order(draft, draft.order)):
        return None
    return Said("how_many_nights") if recent.arrival else Said("which_arrival") if recent.nights else None


def asks_dates(draft: Draft) -> bool:
    """Asks for the nights of a stay once more. False where no nights are booked."""
    if "books_nights" not in flow.trade_of(draft.scene).traits:
        return False
    draft.answered = True
    draft.question, draft.asked = Said("which_dates"), Asked(step="stay")
    return True


def give_time(draft: Draft, act: Act) -> bool:
    """An hour where nights are booked: when rooms can be had is told, for nobody can book an hour. False elsewhere."""
    if "books_nights" not in flow.trade_of(draft.scene).traits:
        return False
    early = str(act.value)[-5:] < draft.shop.check_in
    if early or len(draft.meaning.acts) == 1:
        questions.about(draft, Act("ask_item", value="stay"))
    return True


def _takes_offered(draft: Draft) -> bool:
    """Whether a yes to what stands offered is said beside the guests."""
    asked = draft.session.asked
    offered = asked is not None and len(asked.candidates) == 1 and asked.kind in ("suggest", "items", "heard")
    return offered and any(one.act == "confirm" for one in draft.meaning.acts)


def _said_beside(draft: Draft, name: str, *, behind: Act | None = None) -> bool:
    """Whether the same sentence has such an act, too (behind this one)."""
    acts = draft.meaning.acts
    if behind is not None:
        acts = acts[acts.index(behind) + 1 :] if behind in acts else ()
    return any(one.act == name for one in acts)


def _moves_placed(draft: Draft, act: Act) -> Order | None:
    """The booking that was just placed, where one day or other nights only are said and nothing else was looked for
    since: "change it to Saturday", "one more night"."""
    order, value = draft.order, act.value if isinstance(act.value, dict) else {}
    if order is None or order.stage == "open" or order.number is None or _asks_rooms(draft):
        return None
    stays = [(line.when.start, line.when.end) for line in order.lines if line.when is not None]
    dates = draft.session.recent.dates
    again = dates is not None and value.get("nights") == len(nights_of(dates))
    return order if len(value) == 1 and dates in stays and not again else None


def _asks_rooms(draft: Draft) -> bool:
    return any(rooms.in_doubt(draft, one.candidates) for one in draft.meaning.ask) or any(
        act.act in ("add", "buy_now", "ask_stock", "ask_price", "ask_menu", "recommend", "ask_item")
        for act in draft.meaning.acts
    )


def give_guests(draft: Draft, act: Act) -> None:
    value = act.value if isinstance(act.value, dict) else {}
    order = draft.order
    if order is not None and order.stage != "open" and order.number is not None and len(draft.meaning.acts) == 1:
        draft.say("change_changes_price", number=Code(order.number))
        return
    known = _party(draft)  # who only speaks of children leaves the adults as they were
    if value.get("more"):  # "one more guest"
        value = {"adults": known[0] + value.get("adults", 0), "children": known[1] + value.get("children", 0)}
    adults, children = int(value.get("adults", known[0]) or 0), int(value.get("children", 0) or 0)
    if value.get("among"):  # "two of them are kids": of those that were counted
        adults = sum(known) - children
    if adults < 1:
        draft.say("guests_none")
        return
    draft.remember(party=(adults, children))
    draft.answered = True
    _apply_stay(draft, act)
    if _takes_offered(draft):
        return  # "I'll take it, just me": it isn't offered again
    spoken_of = draft.session.recent.items
    offered = spoken_of if len(spoken_of) == 1 else ()
    dated = draft.session.recent.dates is not None
    if (spoken_of or dated) and not (draft.order and draft.order.lines) and not _asks_rooms(draft):
        questions.stock(draft, Act("ask_stock", items=offered))
    elif _said_beside(draft, "give_dates", behind=act):
        return  # asked only once those are known
    elif draft.session.recent.dates is None and draft.question is None and not _asks_rooms(draft):
        draft.question, draft.asked = Said("which_dates"), Asked(step="stay")


def _party(draft: Draft) -> tuple[int, int]:
    """The adults and children who were spoken of last, else those of the rooms in the basket."""
    recent = draft.session.recent.party
    if recent is not None:
        return recent[0], recent[1]
    booked = [one.party for one in draft.order.lines if one.party is not None] if draft.order is not None else []
    return (booked[0].adults, booked[0].children) if booked else (0, 0)


def _apply_stay(draft: Draft, act: Act) -> None:
    """Rooms already in the basket take the new dates or guests, at their price. Rooms that were booked for stays of
    their own keep them: the one spoken of last is meant."""
    order = draft.order
    if order is None or order.stage != "open" or not order.lines or not basket.editable(draft, act):
        return
    mine = rooms.in_order(draft, order)
    if rooms.said_for_new(draft, order):
        return
    before = order
    order, some = _some_rooms(order, act)
    if some:
        mine = some
    elif len({one.party if act.act == "give_guests" else one.when for one in mine}) > 1:
        mine = [one for one in mine if one.id == draft.session.recent.line] or mine
    recent = draft.session.recent
    when = When(*recent.dates) if recent.dates else None
    party = Party(*recent.party) if recent.party else None
    lines = []
    for line in order.lines:
        item = draft.catalogue.item(line.item)
        if item is None or line not in mine:
            lines.append(line)
            continue
        own = party if act.act == "give_guests" or line.party is None else line.party
        changed = rooms.stayed(draft, item, line, when if act.act == "give_dates" or not line.when else line.when, own)
        nights = nights_of((changed.when.start, changed.when.end)) if changed.when else []
        full = [
            night
            for night in nights
            if (left := draft.scene.stock.get((item.id, night))) is not None and left < line.quantity
        ]
        if full:
            draft.say("room_full", item=item_name(item), days=Joined(tuple(_days(full))))
            if line.when is not None:  # it stays as it was, and that is said
                draft.remember(dates=(line.when.start, line.when.end), arrival=line.when.start)
                draft.say("stay_kept", start=_day(line.when.start), end=_day(line.when.end))
            return
        lines.append(changed)
    if tuple(lines) != order.lines:
        draft.edit(replace(before, lines=tuple(lines)))
        _tell_stay(draft, [(old, new) for old, new in zip(order.lines, lines, strict=True) if old != new])


def _some_rooms(order: Order, act: Act) -> tuple[Order, list[Line]]:
    """The rooms whose nights alone are said, "the king for one more night", "one of them only one night": one of two
    like rooms is a line of its own from then on."""
    said = act.lines[0] if act.lines else None
    if said is None or not isinstance(said.which, int) or said.which > len(order.lines):
        return order, [one for one in order.lines if one.item in act.items]
    line = order.lines[said.which - 1]
    if said.of is None or said.of >= line.quantity:
        return order, [line]
    new = replace(line, quantity=said.of, id=max(one.id for one in order.lines) + 1)
    rest = replace(line, quantity=line.quantity - said.of)
    at = said.which
    return replace(order, lines=(*order.lines[: at - 1], rest, new, *order.lines[at:])), [new]


def _tell_stay(draft: Draft, changed: Sequence[tuple[Line, Line]]) -> None:
    """What is new of a stay: its guests, or its nights; rooms whose nights weren't known are named with them."""
    new = [one for _old, one in changed]
    parties = {one.party for one in new}
    if all(old.when == one.when for old, one in changed) and len(parties) == 1 and (party := new[0].party):
        first = all(old.party is None for old, _one in changed)
        draft.echo("stay", Said("stay.for" if first else "stay.now_for", {"guests": rooms.guests(party)}))
        return
    known = any(old.when is not None for old, _one in changed)
    key = "changed" if known or not all(one.when for one in new) else "added"
    draft.echo("basket", Said(key, {"lines": Lines(tuple(new))}))


def _today(draft: Draft) -> dt.date:
    return draft.shop.local(draft.turn.at).date()


def _day(iso: str) -> Day:
    return Day(dt.date.fromisoformat(iso))


def _days(nights: Sequence[str]) -> list[Day]:
    return [_day(one) for one in nights]

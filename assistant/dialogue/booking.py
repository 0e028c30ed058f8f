"""The nights and guests of a booking: said in any order, kept until there is a room to put them on. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

from assistant.commerce.order import Order, Party, When
from assistant.dialogue import basket, questions
from assistant.dialogue.draft import Draft
from assistant.dialogue.say import Code, Count, Day, Lines
from assistant.dialogue.state import Asked, Recent
from assistant.steps import Said
from assistant.turns import Act

MANY_NIGHTS = 30
"""A longer stay is asked back once."""


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


def _later(day: str, nights: int) -> str:
    return (dt.date.fromisoformat(day) + dt.timedelta(days=nights)).isoformat()


def give_dates(draft: Draft, act: Act) -> None:
    if (placed := _moves_placed(draft, act)) is not None:
        draft.say("change_changes_price", number=Code(placed.number or ""))
        return
    stay = stay_said(draft.session.recent, act.value if isinstance(act.value, dict) else {})
    if stay is None:
        draft.say("date_unclear")
        return
    if stay.end and not stay.start:  # "until Sunday", and nobody knows from when
        draft.answered = True
        draft.question = Said("which_arrival")
        draft.asked = Asked(step="stay")
        return
    if stay.start and dt.date.fromisoformat(stay.start) < draft.shop.local(draft.turn.at).date():
        draft.say("date_past")
        return
    if stay.end and stay.end <= stay.start:
        draft.say("dates_backwards")
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
    _apply_stay(draft, act)
    if _said_beside(draft, "give_guests", behind=act):
        return  # which rooms are free for how many is told once that is known, too
    if not (draft.order and draft.order.stage == "open" and draft.order.lines) and not _asks_rooms(draft):
        questions.stock(draft, Act("ask_stock"))


def _said_beside(draft: Draft, name: str, *, behind: Act | None = None) -> bool:
    """Whether the same sentence has such an act, too (behind this one)."""
    acts = draft.meaning.acts
    if behind is not None:
        acts = acts[acts.index(behind) + 1 :] if behind in acts else ()
    return any(one.act == name for one in acts)


def _moves_placed(draft: Draft, act: Act) -> Order | None:
    """The booking that was just placed, where one day only is said and nothing else was looked for since: "change it to
    Saturday"."""
    order, value = draft.order, act.value if isinstance(act.value, dict) else {}
    if order is None or order.stage == "open" or order.number is None or _asks_rooms(draft):
        return None
    stays = [(line.when.start, line.when.end) for line in order.lines if line.when is not None]
    return order if len(value) == 1 and "nights" not in value and draft.session.recent.dates in stays else None


def _asks_rooms(draft: Draft) -> bool:
    return any(
        act.act in ("add", "buy_now", "ask_stock", "ask_price", "ask_menu", "recommend", "ask_item")
        for act in draft.meaning.acts
    )


def give_guests(draft: Draft, act: Act) -> None:
    value = act.value if isinstance(act.value, dict) else {}
    known = draft.session.recent.party or (0, 0)  # who only speaks of children leaves the adults as they were
    adults, children = int(value.get("adults", known[0]) or 0), int(value.get("children", 0) or 0)
    if adults < 1:
        draft.say("guests_none")
        return
    draft.remember(party=(adults, children))
    draft.answered = True
    _apply_stay(draft, act)
    offered = draft.session.recent.items
    dated = draft.session.recent.dates is not None and _said_beside(draft, "give_dates")
    if (offered or dated) and not (draft.order and draft.order.lines) and not _asks_rooms(draft):
        questions.stock(draft, Act("ask_stock", items=offered))
    elif _said_beside(draft, "give_dates", behind=act):
        return  # asked only once those are known
    elif draft.session.recent.dates is None and draft.question is None and not _asks_rooms(draft):
        draft.question, draft.asked = Said("which_dates"), Asked(step="stay")


def _apply_stay(draft: Draft, act: Act) -> None:
    """Rooms already in the basket take the new dates or guests, at their price."""
    order = draft.order
    if order is None or order.stage != "open" or not order.lines or not basket.editable(draft, act):
        return
    recent = draft.session.recent
    when = When(*recent.dates) if recent.dates else None
    party = Party(*recent.party) if recent.party else None
    lines = []
    for line in order.lines:
        item = draft.catalogue.item(line.item)
        if item is None or not item.adults:
            lines.append(line)
            continue
        if party is not None and not basket.room_ok(draft, item):
            return
        changed = basket.stayed(draft, item, line, when or line.when, party)
        nights = questions.nights_of((changed.when.start, changed.when.end)) if changed.when else []
        full = [
            night
            for night in nights
            if (left := draft.scene.stock.get((item.id, night))) is not None and left < line.quantity
        ]
        if full:
            draft.say("rooms_full", start=Day(dt.date.fromisoformat(full[0])))
            return
        lines.append(changed)
    if tuple(lines) != order.lines:
        draft.edit(replace(order, lines=tuple(lines)))
        draft.say("changed", lines=Lines(tuple(one for one in lines if one.when is not None) or tuple(lines)))

"""The nights and guests of a booking: said in any order, kept until there is a room to put them on. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from msgspec.structs import replace

from assistant.commerce.order import Party, When
from assistant.dialogue import basket, questions
from assistant.dialogue.draft import Draft
from assistant.dialogue.say import Day, Lines
from assistant.dialogue.state import Session
from assistant.steps import Said
from assistant.turns import Act


def stay_said(session: Session, value: Mapping[str, object]) -> tuple[str, str] | None:
    """(arrival, departure or "") from what was said now and before."""
    known = session.recent.dates or ("", "")
    start, end, nights = value.get("from"), value.get("to"), value.get("nights")
    begin = str(start) if start else known[0]
    if not begin:
        return ("", str(nights)) if isinstance(nights, int) else None
    try:
        first = dt.date.fromisoformat(begin)
        if isinstance(nights, int) and nights > 0:
            return begin, (first + dt.timedelta(days=min(nights, 366))).isoformat()
        if end:
            return begin, dt.date.fromisoformat(str(end)).isoformat()
        if start and known[0] and known[1]:
            length = dt.date.fromisoformat(known[1]) - dt.date.fromisoformat(known[0])
            return begin, (first + length).isoformat()
    except ValueError:
        return None
    return begin, ""


def give_dates(draft: Draft, act: Act) -> None:
    said = stay_said(draft.session, act.value if isinstance(act.value, dict) else {})
    if said is None:
        draft.say("date_unclear")
        return
    today = draft.shop.local(draft.turn.at).date()
    if said[0] and dt.date.fromisoformat(said[0]) < today:
        draft.say("date_past")
        return
    if said[0] and said[1] and said[1] <= said[0]:
        draft.say("dates_backwards")
        return
    if not said[0]:
        draft.question = Said("which_arrival")
        draft.answered = True
        return
    draft.remember(dates=said)
    draft.answered = True
    _apply_stay(draft)
    if not said[1] and (draft.order is None or not draft.order.lines):
        draft.question = Said("how_many_nights")
    elif not (draft.order and draft.order.stage == "open" and draft.order.lines) and not _asks_rooms(draft):
        questions.stock(draft, Act("ask_stock"))


def _asks_rooms(draft: Draft) -> bool:
    return any(
        act.act in ("add", "buy_now", "ask_stock", "ask_price", "ask_menu", "recommend", "ask_item")
        for act in draft.meaning.acts
    )


def give_guests(draft: Draft, act: Act) -> None:
    value = act.value if isinstance(act.value, dict) else {}
    adults, children = int(value.get("adults", 1) or 0), int(value.get("children", 0) or 0)
    if adults < 1:
        draft.say("guests_none")
        return
    draft.remember(party=(adults, children))
    draft.answered = True
    _apply_stay(draft)


def _apply_stay(draft: Draft) -> None:
    """Rooms already in the basket take the new dates or guests, at their price."""
    order = draft.order
    if order is None or order.stage != "open" or not order.lines or not basket._editable(draft, Act("none")):
        return
    recent = draft.session.recent
    when = When(*recent.dates) if recent.dates and recent.dates[1] else None
    party = Party(*recent.party) if recent.party else None
    lines = []
    for line in order.lines:
        item = draft.catalogue.item(line.item)
        if item is None or not item.adults:
            lines.append(line)
            continue
        if party is not None and not basket._room_ok(draft, item):
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

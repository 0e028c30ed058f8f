"""What understanding may know of a talk: what was asked and offered, what the basket holds, what is still open."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from assistant.commerce.catalogue import Catalogue, Item
from assistant.commerce.order import Line, Order
from assistant.commerce.shop import Shop
from assistant.dialogue import flow, linked
from assistant.dialogue.state import Asked, Scene, Session
from assistant.turns import Act, AnswerKind, LineSaid, OptionSaid, Turn
from assistant.understanding import Context

OFFERING = frozenset({"suggest", "fewer", "items", "heard"})
"""Why something is asked where goods are offered that "that one" may point at."""


def understand_context(
    shop: Shop, catalogue: Catalogue, session: Session, order: Order | None, now: dt.datetime
) -> Context:
    """What understanding may know of the talk: what was asked and offered, what the basket holds. `now` is local."""
    asked, last = session.asked, session.last
    lines = order.lines if order is not None else ()
    place = next((at for at, one in enumerate(lines, 1) if one.id == session.recent.line), 0)
    choices: tuple[tuple[str, ...], ...] = ()
    if asked is not None and last is not None and last.choices:
        choices = tuple([(one.text,) for one in last.choices])
    return Context(
        now=now,
        expects=None if asked is None else asked.step or "choose",
        basket=tuple([_said_line(one) for one in lines]),
        last=lines[place - 1].item if lines else None,  # the last one, where none was spoken of
        line=place,
        choices=choices,
        places=_lines_offered(asked),
        listed=session.recent.items,
        timed=session.recent.timed,
        told=session.recent.told,
        stays=_stays(lines),
        leaving=session.recent.leaving,
        added=session.recent.added,
        put_on=_put_on(catalogue, session, lines),
        at=_wanted_at(order),
        later=_is_for_later(order, now),
        booking="books_nights" in flow.trade_named(shop.trade).traits,
        dated=session.recent.dates is not None,
        nights=_nights(session),
        arrival=_arrival(session),
        pointing=asked is not None and asked.kind in OFFERING and bool(asked.candidates),
        offered=_offered_alone(asked),
        missing=_missing(shop, catalogue, session, order, now),
        address=str((order.facts.get("address") or {}).get("text", "")) if order is not None else "",
        counted=wanted_in_all(asked) if asked is not None else 0,
        asked_goods=_goods_in_doubt(asked),
        refunding=asked is not None and any(_pays_back(one) for acts in asked.candidates for one in acts),
        phone=str((order.facts.get("contact") or {}).get("phone") or "") if order is not None else "",
        orders=(order.number,) if order is not None and order.number is not None else (),
    )


def _offered_alone(asked: Asked | None) -> str | None:
    """The goods that were offered where nothing else was."""
    if asked is None or asked.kind != "suggest" or len(asked.candidates) != 1:
        return None
    lines = [line for act in asked.candidates[0] if act.act == "add" for line in act.lines]
    return lines[0].item if len(lines) == 1 else None


def wanted_in_all(asked: Asked) -> int:
    """How many are wanted of the goods of which it is asked which ones are meant; 0 where that isn't asked."""
    lines = [acts[0].lines for acts in asked.candidates if len(acts) == 1 and acts[0].act == "add"]
    numbers = {lines[0].quantity or 0 for lines in lines if len(lines) == 1}
    which = asked.kind == "heard" and 1 < len(asked.candidates) == len(lines) and len(numbers) == 1
    return numbers.pop() if which else 0


def _goods_in_doubt(asked: Asked | None) -> tuple[str, ...]:
    """The goods of which it was asked which ones are meant."""
    if asked is None or asked.kind not in ("heard", "items") or len(asked.candidates) < 2:
        return ()
    lines = [acts[0].lines[0] for acts in asked.candidates if len(acts) == 1 and acts[0].act == "add" and acts[0].lines]
    items = tuple(dict.fromkeys(line.item for line in lines if line.item is not None))
    return items if len(items) == len(asked.candidates) else ()


def _pays_back(act: Act) -> bool:
    """Whether money goes back by an act: also where an order that was placed is called off."""
    return act.act == "refund" or (act.act == "cancel" and act.sure and act.value is not None)


def _lines_offered(asked: Asked | None) -> tuple[int, ...]:
    """The places in the basket of the lines that it was asked about which is meant."""
    if asked is None or asked.kind != "line":
        return ()
    lines = [act.lines[0].which for acts in asked.candidates for act in acts[:1] if act.lines]
    places = tuple([place for place in lines if isinstance(place, int)])
    return places if len(places) == len(asked.candidates) else ()


def _said_line(line: Line) -> LineSaid:
    options = tuple([OptionSaid(one.option, one.choice, one.amount, one.part) for one in line.options])
    return LineSaid(line.item, line.quantity, options)


def _put_on(catalogue: Catalogue, session: Session, lines: Sequence[Line]) -> tuple[tuple[int, OptionSaid], ...]:
    """What the last change put on goods that were there before it, with the place of each line; nothing where it
    brought other goods, or fewer or more of them."""
    before = session.past[-1].lines if session.past else ()
    if _how_many(before) != _how_many(lines):
        return ()
    found = []
    for place, line in enumerate(lines, 1):
        if not any((one.item, one.options) == (line.item, line.options) for one in before):
            had = next((one for one in before if one.id == line.id), None)
            had = had or next(one for one in before if one.item == line.item)
            found += [(place, one) for one in _newly_said(catalogue.item(line.item), had, line)]
    return tuple(found)


def _newly_said(item: Item | None, had: Line, line: Line) -> Iterator[OptionSaid]:
    """What a line has on it that it hadn't before: `extra` only of what it had already, else all of it."""
    there = {(one.option, one.choice) for one in had.options if one.amount != "no"}
    for new in line.options:
        option = item.option(new.option) if item is not None else None
        choice = option.choice(new.choice) if option is not None else None
        if option is None or choice is None or option.choose == "one" or new in had.options or new.amount == "light":
            continue
        more = choice.included or (new.option, new.choice) in there
        yield OptionSaid(new.option, new.choice, new.amount if more else "normal")


def _how_many(lines: Sequence[Line]) -> dict[str, int]:
    """How many there are of each goods."""
    counts: dict[str, int] = {}
    for one in lines:
        counts[one.item] = counts.get(one.item, 0) + one.quantity
    return counts


def _wanted_at(order: Order | None) -> dt.datetime | None:
    at = ((order.facts.get("time") if order is not None else None) or {}).get("at")
    return dt.datetime.fromisoformat(at) if at else None


def _is_for_later(order: Order | None, now: dt.datetime) -> bool:
    """Whether an order is for a later day than today."""
    wanted = (order.facts.get("time") if order is not None else None) or {}
    day = wanted.get("day") or str(wanted.get("at") or "")[:10]
    return bool(day) and dt.date.fromisoformat(day) > now.date()


def answer_asked(session: Session) -> AnswerKind | None:
    """What sort of answer the last reply waits for; None: any words."""
    asked = session.asked
    if asked is None:
        return "open"
    if asked.step is None and asked.kind == "quantity":
        return "number"
    return answer_to(asked.step or "choose", len(asked.candidates))


def answer_to(expects: str | None, choices: int) -> AnswerKind | None:
    """The same by the name of what was asked, and how much was offered."""
    if expects is None:
        return "open"
    if expects == linked.CODE:
        return "digits"
    step = flow.step_named(expects)
    if step is None:
        return "choice" if choices > 1 else "yes_no"
    return step.answer


def _stays(lines: Sequence[Line]) -> tuple[tuple[str, dt.date, int], ...]:
    return tuple((one.item, dt.date.fromisoformat(one.when.start), len(one.nights)) for one in lines if one.when)


def _arrival(session: Session) -> dt.date | None:
    day = session.recent.dates[0] if session.recent.dates else session.recent.arrival
    return dt.date.fromisoformat(day) if day else None


def _nights(session: Session) -> int:
    """How many nights were spoken of, 0 for none."""
    recent = session.recent
    if recent.dates is None:
        return recent.nights
    return (dt.date.fromisoformat(recent.dates[1]) - dt.date.fromisoformat(recent.dates[0])).days


def _missing(
    shop: Shop, catalogue: Catalogue, session: Session, order: Order | None, now: dt.datetime
) -> tuple[str, ...]:
    """Which way, where to and whose name, as far as an open order with goods still lacks it. The other details are
    understood alike before and after they are known."""
    if order is None or order.stage != "open" or not (order.lines or order.facts.get("fulfilment")):
        return ()
    turn = Turn(id="", channel="", shop=shop.id, session=session.id, at=now)
    scene = Scene(turn=turn, shop=shop, catalogue=catalogue)
    names = [step.name for step in flow.where_to() if step.applies(scene, order) and not step.done(scene, order)]
    return (*names, "name") if not order.facts.get("contact", {}).get("name") else tuple(names)

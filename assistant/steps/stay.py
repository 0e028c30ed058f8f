"""The nights and guests of a booking."""

from __future__ import annotations

import datetime as dt

from assistant.commerce.order import Line, Order
from assistant.dialogue import flow
from assistant.dialogue.say import Count, Day, TimeOfDay
from assistant.dialogue.state import Scene
from assistant.steps import Phase, Read, Said, Step
from assistant.turns import Act


def _rooms(scene: Scene, order: Order) -> list[Line]:
    return [one for one in order.lines if (item := scene.catalogue.item(one.item)) and item.adults]


def _applies(scene: Scene, order: Order) -> bool:
    return "books_nights" in flow.trade_of(scene).traits and bool(_rooms(scene, order))


SMALL_HOURS = 4
"""Until then the night before is still to be had."""


def _done(scene: Scene, order: Order) -> bool:
    rooms = _rooms(scene, order)
    return all(one.when is not None and one.party is not None for one in rooms) and not _passed(scene, rooms)


def _passed(scene: Scene, rooms: list[Line]) -> bool:
    """Whether a stay would have begun before today: a basket may lie for days."""
    today = (scene.shop.local(scene.turn.at) - dt.timedelta(hours=SMALL_HOURS)).date().isoformat()
    return any(one.when is not None and one.when.start < today for one in rooms)


def _ask(scene: Scene, order: Order) -> Said:
    if _passed(scene, _rooms(scene, order)):
        return Said("date_past")
    if any(one.when is None for one in _rooms(scene, order)):
        return Said("stay.when")
    return Said("stay.guests")


def _read(scene: Scene, order: Order, act: Act) -> Read | None:
    return None  # dates and guests may be said before there is an order: the core keeps them


def _tell(scene: Scene, order: Order) -> Said | None:
    line = next((one for one in _rooms(scene, order) if one.when is not None and one.party is not None), None)
    if line is None or line.when is None or line.party is None:
        return None
    key = "stay.tell_children" if line.party.children else "stay.tell"
    return Said(
        key,
        {
            "adults": Count(line.party.adults, "adult"),
            "children": Count(line.party.children, "child"),
            "start": Day(dt.date.fromisoformat(line.when.start)),
            "end": Day(dt.date.fromisoformat(line.when.end)),
            "check_in": TimeOfDay(scene.shop.check_in),
            "check_out": TimeOfDay(scene.shop.check_out),
        },
    )


STEP = Step(
    name="stay",
    phase=Phase.BASKET,
    rank=5,
    applies=_applies,
    done=_done,
    ask=_ask,
    read=_read,
    tell=_tell,
    answer="time",
    WORDS={
        "en": {
            "when": "When would you like to arrive, and for how many nights?",
            "guests": "How many adults and children?",
            "tell": "For {adults}. Check-in from {check_in}, check-out by {check_out}.",
            "tell_children": "For {adults} and {children}. Check-in from {check_in}, check-out by {check_out}.",
        },
        "zh": {
            "when": "请问哪天入住，住几晚？",
            "guests": "请问几位成人、几位儿童？",
            "tell": "{adults}，{check_in}起入住，{check_out}前退房。",
            "tell_children": "{adults}，{children}，{check_in}起入住，{check_out}前退房。",
        },
        "ko": {
            "when": "언제 체크인하시고 몇 박 하시겠어요?",
            "guests": "어른과 아이는 각각 몇 분이세요?",
            "tell": "{adults}, 체크인은 {check_in}부터, 체크아웃은 {check_out}까지입니다.",
            "tell_children": "{adults}, {children}, 체크인은 {check_in}부터, 체크아웃은 {check_out}까지입니다.",
        },
    },
)

"""The nights and guests of a booking."""

from __future__ import annotations

import datetime as dt

from assistant.commerce.catalogue import Item
from assistant.commerce.order import Line, Order
from assistant.dialogue import flow, rooms
from assistant.dialogue.names import item_name
from assistant.dialogue.say import Joined, TimeOfDay
from assistant.dialogue.state import Scene
from assistant.steps import Phase, Read, Said, Step
from assistant.turns import Act


def _booked(scene: Scene, order: Order) -> list[Line]:
    return [one for one in order.lines if (item := scene.catalogue.item(one.item)) and item.adults]


def _applies(scene: Scene, order: Order) -> bool:
    return "books_nights" in flow.trade_of(scene).traits and bool(_booked(scene, order))


SMALL_HOURS = 4
"""Until then the night before is still to be had."""


def _done(scene: Scene, order: Order) -> bool:
    rooms = _booked(scene, order)
    known = all(one.when is not None and one.party is not None for one in rooms)
    return known and not _passed(scene, rooms) and _too_small(scene, rooms) is None


def _too_small(scene: Scene, lines: list[Line]) -> tuple[Line, list[Item]] | None:
    found = [(item, one) for one in lines if (item := scene.catalogue.item(one.item)) is not None]
    return rooms.too_small(scene.catalogue.rooms, found)


def _passed(scene: Scene, rooms: list[Line]) -> bool:
    """Whether a stay would have begun before today: a basket may lie for days."""
    today = (scene.shop.local(scene.turn.at) - dt.timedelta(hours=SMALL_HOURS)).date().isoformat()
    return any(one.when is not None and one.when.start < today for one in rooms)


def _ask(scene: Scene, order: Order) -> Said:
    if _passed(scene, _booked(scene, order)):
        return Said("date_past")
    if any(one.when is None for one in _booked(scene, order)):
        return Said("stay.when")
    small = _too_small(scene, _booked(scene, order))
    if small is not None and (item := scene.catalogue.item(small[0].item)) is not None:
        return rooms.small_question(small[0], item, 1 + order.lines.index(small[0]), small[1])
    return Said("stay.guests")


def _read(scene: Scene, order: Order, act: Act) -> Read | None:
    return None  # dates and guests may be said before there is an order: the core keeps them


def _tell(scene: Scene, order: Order) -> Said | None:
    """Who stays, by room where not all rooms are for the same people, and from when to when on the day."""
    lines = [one for one in _booked(scene, order) if one.when is not None and one.party is not None]
    parties = list(dict.fromkeys(one.party for one in lines if one.party is not None))
    if not parties:
        return None
    if len(parties) == 1:
        guests: Said | Joined = rooms.guests(parties[0])
    else:
        each = [
            Said("stay.of_room", {"item": item_name(item), "guests": rooms.guests(one.party)})
            for one in lines
            if one.party is not None and (item := scene.catalogue.item(one.item)) is not None
        ]
        guests = Joined(tuple(each), "then")
    times = {"check_in": TimeOfDay(scene.shop.check_in), "check_out": TimeOfDay(scene.shop.check_out)}
    return Said("stay.tell" if len(parties) == 1 else "stay.tell_rooms", {"guests": guests, **times})


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
            "small_one": "The {item} is too small for that many guests. Shall I take the {other} instead?",
            "small_one_short": "Shall I take that instead?",
            "small": "The {item} is too small for that many guests. {other} would fit: which shall I take instead?",
            "small_short": "Which one shall I take instead?",
            "too_many": "The {item} is too small for that many guests. How many adults and children is it for?",
            "too_many_short": "How many adults and children?",
            "party": "{adults}",
            "party_children": "{adults} and {children}",
            "for": "For {guests}.",
            "now_for": "For {guests} now.",
            "of_room": "The {item} is for {guests}.",
            "tell": "For {guests}. Check-in from {check_in}, check-out by {check_out}.",
            "tell_rooms": "{guests} Check-in from {check_in}, check-out by {check_out}.",
        },
        "zh": {
            "when": "请问哪天入住，住几晚？",
            "guests": "请问几位成人、几位儿童？",
            "small_one": "{item}住不下这么多人，可以换成{other}。要换吗？",
            "small_one_short": "要换吗？",
            "small": "{item}住不下这么多人，可以换成{other}。要换哪一间？",
            "small_short": "要换哪一间？",
            "too_many": "{item}住不下这么多人。这间住几位成人、几位儿童？",
            "too_many_short": "几位成人、几位儿童？",
            "party": "{adults}",
            "party_children": "{adults}，{children}",
            "for": "{guests}入住。",
            "now_for": "改成{guests}入住。",
            "of_room": "{item}住{guests}。",
            "tell": "{guests}，{check_in}起入住，{check_out}前退房。",
            "tell_rooms": "{guests}{check_in}起入住，{check_out}前退房。",
        },
        "ko": {
            "when": "언제 체크인하시고 몇 박 하시겠어요?",
            "guests": "어른과 아이는 각각 몇 분이세요?",
            "small_one": "{item}은(는) 그 인원이 묵기에 작아요. {other}(으)로 바꿀까요?",
            "small_one_short": "바꿀까요?",
            "small": "{item}은(는) 그 인원이 묵기에 작아요. {other} 중에 어느 방으로 바꿀까요?",
            "small_short": "어느 방으로 바꿀까요?",
            "too_many": "{item}은(는) 그 인원이 묵기에 작아요. 어른과 아이는 각각 몇 분이세요?",
            "too_many_short": "어른과 아이는 각각 몇 분이세요?",
            "party": "{adults}",
            "party_children": "{adults}, {children}",
            "for": "{guests}.",
            "now_for": "{guests}(으)로 바꿨어요.",
            "of_room": "{item}은(는) {guests}.",
            "tell": "{guests}, 체크인은 {check_in}부터, 체크아웃은 {check_out}까지입니다.",
            "tell_rooms": "{guests} 체크인은 {check_in}부터, 체크아웃은 {check_out}까지입니다.",
        },
    },
)

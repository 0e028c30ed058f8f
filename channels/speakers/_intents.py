"""The one table from intents to acts. What people say for each is in the language files: for the platforms' models, and
to put into words what a platform understood without telling what was said.

Intents have one name here (`add_item`); Alexa calls it AddItemIntent. A slot's `kind` is what it holds: goods,
options, extra, method and fulfilment have ids of this shop; the rest is the platform's own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from msgspec import Struct

from assistant.turns import Act, Doubt, LineSaid, OptionSaid
from channels.speakers._words import samples


class Slot(Struct, frozen=True):
    """What one slot of an intent was filled with."""

    name: str
    raw: str = ""
    """As it was said."""
    ids: tuple[str, ...] = ()
    """Every id that the platform found for it."""
    several: tuple[Slot, ...] = ()
    """The values of one that was filled several times."""


Slots = Mapping[str, Slot]
Does = tuple[tuple[Act, ...], tuple[Doubt, ...]]


class Intent(Struct, frozen=True, kw_only=True):
    slots: Mapping[str, str] = {}
    """Name -> kind."""
    does: Callable[[Slots], Does | None] = lambda slots: None
    """The acts, where the slots say all; None: its words are understood as they are."""
    words: str = ""
    """A slot that is free text, and all that was said."""


def said(name: str, slots: Slots, language: str) -> str:
    """An intent in words: its first sample that has just these slots, with what was said in them."""
    intent = INTENTS.get(name)
    filled = {slot.name: raw for slot in slots.values() if (raw := _raw(slot))}
    if intent is None:
        return " ".join(filled.values())
    if intent.words and list(filled) == [intent.words]:
        return filled[intent.words]
    options = [raw for key, raw in filled.items() if key not in intent.slots]
    known = {key: raw for key, raw in filled.items() if key in intent.slots}
    wanted = known.keys() | ({"options"} if options else set())
    sample = next((one for one in samples(language).get(name, ()) if set(re.findall(r"\{(\w+)\}", one)) == wanted), "")
    if not sample:
        return " ".join(filled.values())
    return sample.format_map({**known, "options": " ".join(options)})


def _raw(slot: Slot) -> str:
    return slot.raw or ", ".join(one.raw for one in slot.several if one.raw)


def understood(name: str, slots: Slots) -> Does | None:
    """What an intent asks for, where that is certain or can be asked; None: its words must be understood."""
    intent = INTENTS.get(name)
    return intent.does(slots) if intent is not None else None


def _plain(act: str, **more: object) -> Callable[[Slots], Does | None]:
    done = Act(act, **more)  # type: ignore[arg-type]
    return lambda slots: ((done,), ()) if not any(_raw(one) for one in slots.values()) else None


def _goods(act: str) -> Callable[[Slots], Does | None]:
    """Lines of the goods that were named: one each; one of several is asked about."""

    def does(slots: Slots) -> Does | None:
        item = slots.get("item")
        if item is None or not _raw(item):
            return None
        named = item.several or (item,)
        number = _number(slots.get("quantity"))
        options = [one for key, slot in slots.items() if (one := _option(key, slot)) is not None]
        chosen = tuple(one for one in options if one != NOT_CERTAIN)
        if not all(one.ids for one in named) or len(chosen) != len(options) or (number and len(named) > 1):
            return None

        def act_for(found: str) -> Act:
            if act == "ask_price":
                return Act(act, items=(found,))
            return Act(act, (LineSaid(found, number or None, chosen),))

        sure = [one for one in named if len(one.ids) == 1 and number is not None]
        acts = tuple(act_for(one.ids[0]) for one in sure)
        doubts = tuple(Doubt(one.raw, tuple(map(act_for, one.ids))) for one in named if one not in sure)
        if len(acts) > 1:
            acts = (Act(act, tuple(line for one in acts for line in one.lines), items=_items(acts)),)
        return acts, doubts

    return does


def _items(acts: tuple[Act, ...]) -> tuple[str, ...]:
    return tuple(item for one in acts for item in one.items)


def _number(slot: Slot | None) -> int | None:
    """How many: 0 where none were said, None where the number was not caught ("?")."""
    if slot is None or not _raw(slot):
        return 0
    return int(slot.raw) if re.fullmatch(r"[1-9]\d{0,3}", slot.raw) else None


NOT_CERTAIN = OptionSaid("", None)
NOT_OPTIONS = frozenset({"item", "quantity"})


def _option(key: str, slot: Slot) -> OptionSaid | None:
    """An option of the goods: NOT_CERTAIN unless the platform found just one choice."""
    if key in NOT_OPTIONS or not _raw(slot):
        return None
    if len(slot.ids) != 1 or key in ("extra", "left_out"):
        return NOT_CERTAIN  # an extra is a choice of the goods' own option: their words tell which
    option, _, choice = slot.ids[0].rpartition("/")
    return OptionSaid(option or key, choice)


def _valued(act: str, name: str) -> Callable[[Slots], Does | None]:
    """An act whose value is the id of a slot."""

    def does(slots: Slots) -> Does | None:
        slot = slots.get(name)
        if slot is None or not slot.ids:
            return None
        acts = tuple(Act(act, value=one) for one in slot.ids)
        return (acts, ()) if len(acts) == 1 else ((), (Doubt(slot.raw, acts),))

    return does


def _changed(slots: Slots) -> Does | None:
    number = _number(slots.get("quantity"))
    item = slots.get("item")
    if not number or (item is not None and _raw(item) and len(item.ids) != 1):
        return None
    return (Act("change", (LineSaid(item.ids[0] if item and item.ids else None, number),)),), ()


def _chosen(slots: Slots) -> Does | None:
    number = _number(slots.get("number"))
    return ((Act("choose", number=number),), ()) if number else None


INTENTS: Mapping[str, Intent] = {
    "add_item": Intent(
        slots={"item": "goods", "quantity": "number", "extra": "extra", "left_out": "extra"},
        does=_goods("add"),
    ),
    "remove_item": Intent(
        slots={"item": "goods", "quantity": "number"},
        does=_goods("remove"),
    ),
    "change_quantity": Intent(
        slots={"item": "goods", "quantity": "number"},
        does=_changed,
    ),
    "price": Intent(
        slots={"item": "goods"},
        does=_goods("ask_price"),
    ),
    "read_cart": Intent(does=_plain("show_basket")),
    "checkout": Intent(does=_plain("checkout")),
    "method": Intent(
        slots={"method": "method"},
        does=_valued("choose_method", "method"),
    ),
    "fulfilment": Intent(
        slots={"fulfilment": "fulfilment"},
        does=_valued("choose_fulfilment", "fulfilment"),
    ),
    "address": Intent(
        slots={"address": "words"},
    ),
    "contact": Intent(
        slots={"name": "first_name", "phone": "phone"},
    ),
    "time": Intent(
        slots={"date": "date", "time": "time"},
    ),
    "dates": Intent(
        slots={"from": "date", "to": "date"},
    ),
    "search": Intent(
        slots={"query": "words"},
    ),
    "coupon": Intent(
        slots={"code": "words"},
    ),
    "say": Intent(
        slots={"words": "words"},
        words="words",
    ),
    "number": Intent(
        slots={"quantity": "number"},
    ),
    "choose": Intent(slots={"number": "number"}, does=_chosen),
    "order_status": Intent(does=_plain("order_status")),
    "cancel_order": Intent(does=_plain("cancel")),
    "reorder": Intent(does=_plain("reorder")),
    "menu": Intent(does=_plain("ask_menu")),
    "undo": Intent(does=_plain("undo")),
    "back": Intent(does=_plain("back")),
    "person": Intent(does=_plain("person")),
    "elsewhere": Intent(does=_plain("continue_elsewhere")),
    "go_on": Intent(),
}

BUILT_IN: Mapping[str, Act | None] = {
    "yes": Act("confirm"),
    "no": Act("deny"),
    "stop": Act("stop"),
    # Leaving the skill, as the platforms want it: the basket is kept. An order is cancelled by its own words.
    "cancel": Act("stop"),
    "navigate_home": Act("stop"),
    "help": Act("help"),
    "repeat": Act("repeat"),
    "start_over": Act("start_over"),
    "previous": Act("back"),
    "fallback": Act("none", value="unclear"),
}
"""The platforms' own intents."""

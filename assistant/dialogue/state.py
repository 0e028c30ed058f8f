"""What the core knows when it decides (Scene, Session) and what it decides (Outcome)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any, Literal

from msgspec import Struct

from assistant.commerce.catalogue import Catalogue, Names
from assistant.commerce.order import Line, Order
from assistant.commerce.payment import Payment
from assistant.commerce.shop import Shop
from assistant.turns import Act, Alias, ReadAs, Reply, Turn

StockKey = tuple[str, str]
"""(sku, bucket): bucket is "" for counter goods, the ISO night or slot for what is booked."""


class Snapshot(Struct, frozen=True):
    """The editable part of an order, for undo and redo."""

    lines: tuple[Line, ...]
    facts: Mapping[str, Any]
    discounts: tuple[str, ...]


class Asked(Struct, frozen=True, omit_defaults=True):
    """What the last reply asked: a step by name, or one of several things that could be done."""

    step: str | None = None
    candidates: tuple[tuple[Act, ...], ...] = ()
    """The acts that choosing the first, second, … does. One candidate: a yes does it."""
    kind: str = ""
    """Why it is asked: heard, option, unusual, suggest, fewer, cancel, refund, change, items, rest."""
    about: tuple[ReadAs, ...] = ()
    """heard: the words that were in doubt."""
    heard: str = ""
    """heard: what was said, where nothing else may be left to name it by; suggest: what ordered goods that can't be
    had just so."""
    words: tuple[str, str] = ("", "")
    """What was asked about the candidates, for the ear and for the eye, to be asked once more."""
    again: bool = False
    """Whether it was asked once more, behind goods that were added meanwhile."""
    short: str = ""
    """The same in few words, to be asked into a silence."""
    device: str | None = None
    """Where it was asked: a yes that moves money counts there only."""
    later: tuple[Asked, ...] = ()
    """What else is to be asked about the same turn, one after the other. Without `words` it is a name in doubt."""
    amount: int | None = None
    """cancel, refund: what was said to be paid back, in minor units."""


class ReadBack(Struct, frozen=True, omit_defaults=True):
    """What the person last heard in full: only a yes to it becomes consent."""

    fingerprint: str
    turn: str
    at: dt.datetime
    total: int
    device: str | None = None
    """Where it was heard: another device of the same talk needs its own."""
    parts: Mapping[str, str] = {}
    """What was told by step, so that after an edit only what changed is said."""
    attempts: int = 0
    """Payments of the order until then: a yes to what was heard before the last one is none."""


class Recent(Struct, frozen=True, omit_defaults=True):
    """What "it", "the second one" and "the same" point at."""

    line: int | None = None
    """Id of the line last spoken of."""
    items: tuple[str, ...] = ()
    """Items last listed, in their order."""
    dates: tuple[str, str] | None = None
    """ISO days of arriving and leaving, once both are known."""
    arrival: str = ""
    nights: int = 0
    """What is known of a stay while one of them is missing."""
    party: tuple[int, int] | None = None
    order: str | None = None
    """Past order last spoken of."""
    timed: bool = False
    """The turn before gave a time: "make it eight" may be the hour."""
    told: str = ""
    """What the turn before told, and changed no goods, for "no, seven": as `Context.told`."""
    leaving: bool = False
    """The turn before gave a day of leaving alone: "no, Saturday" is another one."""
    added: tuple[str, ...] = ()
    """Items that the turn before put into the basket: what "no, oat milk" corrects."""
    heard: str = ""
    heard_before: str = ""
    """What was heard in this turn and in the one before, for "what did you hear?"."""
    read_as: tuple[ReadAs, ...] = ()
    """What the last turn took for names without asking, for "not the cola, the Sprite"."""


class Attended(Struct, frozen=True):
    """A person of the shop was asked into a talk, or has taken it."""

    state: Literal["asked", "taken"]
    at: dt.datetime
    """Since when."""
    name: str = ""
    """taken: by whom."""


class Session(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One conversation. Nobody's is shared; an unknown person's is new."""

    id: str
    shop: str
    person: str | None = None
    language: str = ""
    order: str | None = None
    """Id of the order being made or just made."""
    asked: Asked | None = None
    read_back: ReadBack | None = None
    past: tuple[Snapshot, ...] = ()
    future: tuple[Snapshot, ...] = ()
    recent: Recent = Recent()
    last: Reply | None = None
    misses: int = 0
    suggested: bool = False
    """The one unasked suggestion of this order was made."""
    speed: int = 0
    """How fast this person wants to be spoken to; slower is negative. As `Reply.pace`."""
    volume: int = 0
    """How loud; quieter is negative. As `Reply.volume`."""
    told_sandbox: bool = False
    avoids: tuple[str, ...] = ()
    """What somebody said they are allergic to, as they called it: goods with it are told of when they are added."""
    news: tuple[Reply, ...] = ()
    """Results that could not be pushed: told on the next turn."""
    attended: Attended | None = None
    version: int = 0


class OrderState(Struct, frozen=True):
    """A past order with its money."""

    order: Order
    payment: Payment


class Person(Struct, frozen=True, kw_only=True):
    """What is known of somebody who was identified."""

    id: str
    name: str | None = None


class Needs(Struct, frozen=True):
    """What must be loaded before `handle` can decide."""

    stock: tuple[StockKey, ...] = ()
    orders: bool = False
    """The past orders of this person (or of this session, for a guest)."""
    desk: bool = False
    """Whether somebody of the shop is at hand."""
    code: bool = False
    """A code for another device, and where else the talk is open."""


def _any(method: str, amount: int) -> bool:
    return True


class Scene(Struct, frozen=True, kw_only=True):
    """Everything outside the session and order that a decision may look at. The time is `turn.at`."""

    turn: Turn
    shop: Shop
    catalogue: Catalogue
    stock: Mapping[StockKey, int | None] = {}
    """Free for this order (its own holds counted as free); None is unlimited; a missing key was not loaded."""
    payment: Payment = Payment()
    """Of the session's current order."""
    orders: tuple[OrderState, ...] = ()
    """Past orders, newest first."""
    person: Person | None = None
    offers: Callable[[str, int], bool] = _any
    """Whether a payment method can collect this many minor units on this channel."""
    queued: bool = False
    """The turn came while another of its talk was still being decided, so that nobody had heard that one's reply yet;
    or another right before it could not be taken, and may have asked for something else."""
    desk: bool = False
    """Somebody of the shop is there to be asked into a talk."""
    code: str = ""
    """With which another device may join this talk now; only where one is wanted."""
    places: tuple[Names, ...] = ()
    """What the other devices at this talk are called, by language; only where a code is wanted."""
    number: str | None = None
    """The number to give to an order placed now; set only where one may be placed."""


class Charge(Struct, frozen=True, tag="charge"):
    """Collect the consented total. The app makes the attempt (key, exact bytes) in the same commit."""

    method: str


class Close(Struct, frozen=True, tag="close"):
    """Close a live attempt at the provider and ask what became of it."""

    attempt: str
    then: Literal["nothing", "cancel"] = "nothing"


class PayBack(Struct, frozen=True, tag="refund"):
    """Pay back part or all of a captured attempt. Never more than captured less refunded less refunding."""

    attempt: str
    amount: int
    reason: str = ""
    lines: tuple[tuple[int, int], ...] = ()
    asked: str = ""
    """The asker's own id of it, where there is one: the same again is the same refund."""


Effect = Charge | Close | PayBack


class StockMove(Struct, frozen=True):
    """What becomes of this order's stock. The store does it whole or answers Conflict("stock")."""

    kind: Literal["hold", "release", "sell", "restock"]
    """hold: exactly these are held (earlier holds of the order are replaced); release: nothing is held any more;
    sell: held becomes sold (what is no longer held is taken from what is free); restock: sold goods come back."""
    keys: tuple[tuple[str, str, int], ...] = ()
    """(sku, bucket, quantity); only keys whose stock is not None."""
    until: dt.datetime | None = None


class Event(Struct, frozen=True):
    """One thing worth knowing later. The app adds when, shop, session, order, turn, channel, language."""

    kind: str
    data: dict[str, Any]


class Outcome(Struct, frozen=True, kw_only=True):
    """What `handle` decided, written as one transaction."""

    session: Session
    order: Order | None = None
    """None: there is none, or it stays as it is."""
    others: tuple[Order, ...] = ()
    """Past orders that change too (a placed order that is cancelled or altered)."""
    stock: tuple[tuple[str, StockMove], ...] = ()
    """(order id, move)"""
    reply: Reply
    effects: tuple[tuple[str, Effect], ...] = ()
    """(order id, effect)"""
    events: tuple[Event, ...] = ()
    learned: tuple[Alias, ...] = ()
    """What the person confirmed or corrected: each counts once for them."""

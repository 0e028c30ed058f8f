"""What a talk has come to, as far as understanding may know of it."""

from __future__ import annotations

import datetime as dt

from msgspec import Struct

from assistant.turns import LineSaid, OptionSaid


class Context(Struct, frozen=True, kw_only=True):
    """What the talk has come to: needed for short answers and for "it"."""

    now: dt.datetime
    """Aware, in the shop's zone."""
    spoken: bool = False
    """A recogniser heard it, here or in a platform's cloud, which may tell neither how sure it is nor what else it
    may have been. Several hypotheses, or one below full confidence, are spoken in any case."""
    expects: str | None = None
    """The step that was asked, or "choose"."""
    basket: tuple[LineSaid, ...] = ()
    """Lines in the basket, in order, with their options."""
    last: str | None = None
    """Item of the line last spoken of."""
    line: int = 0
    """Place of that line in the basket, counted from 1; 0 where none was spoken of."""
    choices: tuple[tuple[str, ...], ...] = ()
    """Texts of what was offered, in order."""
    places: tuple[int, ...] = ()
    """Where it was asked which line of the basket is meant: the places of those offered, counted from 1."""
    listed: tuple[str, ...] = ()
    """Items last listed."""
    timed: bool = False
    """A time was given just before: a number may be the hour."""
    told: str = ""
    """What the turn before told, and changed no goods: "time", "address", "contact" (a phone), "name", "way"; "unclear"
    where it wasn't understood. A bare number that corrects is said of that."""
    added: tuple[str, ...] = ()
    """Items that the turn before put into the basket: what "no, oat milk" corrects."""
    put_on: tuple[tuple[int, OptionSaid], ...] = ()
    """What the turn before put on goods that were there, each with the place of its line: what "leave it off" takes
    off again."""
    at: dt.datetime | None = None
    """When the goods are wanted, as far as it is known: another hour alone is of the same half of the day."""
    later: bool = False
    """The order is for a later day: an hour alone is one of that day."""
    booking: bool = False
    """The shop books nights: dates and guests are expected."""
    pointing: bool = False
    """What was asked last offers goods that "that one" may point at."""
    offered: str | None = None
    """The goods that were offered alone: 要吗, "would you like it"."""
    dated: bool = False
    """The nights of the stay are known: a bare number says how many guests."""
    nights: int = 0
    """How many they are, for "one more night"; 0 while they aren't known."""
    arrival: dt.date | None = None
    """The day of arriving, where it is known: for "until Sunday"."""
    stays: tuple[tuple[str, dt.date, int], ...] = ()
    """Of each room in the basket its first day and its nights: they need not be those that were spoken of last."""
    leaving: bool = False
    """A day of leaving alone was said right before."""
    missing: tuple[str, ...] = ()
    """`fulfilment` and `address` while those steps are open, and `name` while nobody's name is known: what may be said
    before it is asked."""
    address: str = ""
    """Where the order goes, as far as it is known: for "14, not 12"."""
    phone: str = ""
    """The phone that is known, for "no, 0135"."""
    counted: int = 0
    """How many are wanted of the goods of which it was asked which ones are meant; 0 where that wasn't asked."""
    asked_goods: tuple[str, ...] = ()
    """The goods of which it was asked which ones are meant; none where that wasn't asked."""
    refunding: bool = False
    """It was asked whether, or what, of an order is paid back: more of its goods may be named."""
    orders: tuple[str, ...] = ()
    """Numbers of orders that the talk is about: one of them alone asks how that order is doing."""

    @property
    def spoken_of(self) -> LineSaid | None:
        """The line that was spoken of last, if any was."""
        return self.basket[self.line - 1] if 0 < self.line <= len(self.basket) else None

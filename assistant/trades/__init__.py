"""Kinds of shop, one file each: its constant `TRADE` is found by discovery.

A trade says what kind of business it is (traits, which the checkout's steps read) and what it calls the stages of an
order. It never names a step, and it never adds a rule about money.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from assistant.commerce.order import ORDER_MOVES

TRAITS = frozenset({"ships", "prepares", "books_nights", "books_slots"})


class Trade(Struct, frozen=True, kw_only=True):
    """A kind of shop: what its checkout asks for, and the way its orders go."""

    name: str
    """The file's name."""
    traits: frozenset[str]
    """ships: goods are sent or collected; prepares: made when ordered; books_nights, books_slots: time is booked."""
    stages: Mapping[str, tuple[str, ...]]
    """The stages that a normal order goes through, by fulfilment; "" for any other."""
    WORDS: Mapping[str, Mapping[str, Any]]
    """By language: `say` with `stage.placed` … as phrases that complete "Your order A17 is …"."""

    def next_stage(self, fulfilment: str | None, stage: str) -> str | None:
        """What normally comes after a stage; None at the end."""
        way = self.stages.get(fulfilment or "", self.stages[""])
        if stage not in way:
            return next((one for one in way if one in ORDER_MOVES[stage]), None)
        after = way[way.index(stage) + 1 :]
        return after[0] if after else None

"""The checkout's steps, one file each: its constant `STEP` is found by discovery.

The position in a checkout is derived: the first step that applies and isn't done. Nobody stores an index, so a person
may answer in any order, correct anything, wander off and come back, and a step may be added in mid-conversation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from enum import IntEnum
from typing import Any

from msgspec import Struct

from assistant.commerce.order import Order
from assistant.dialogue.state import Scene
from assistant.turns import Act, AnswerKind


class Phase(IntEnum):
    """Closed: a step belongs to one of these, so that no question can come behind the confirmation."""

    BASKET = 1
    DETAILS = 2
    CONFIRM = 3
    PAY = 4


class Said(Struct, frozen=True):
    """A sentence to say: a wording's key and its values (rendered for the ear and for the eye by the language)."""

    key: str
    values: Mapping[str, Any] = {}
    choices: tuple[tuple[Any, tuple[Act, ...]], ...] = ()
    """(label: str, Said or a value with names; the acts that choosing it does)."""
    whole: bool = False
    """It must be heard to its end: terms, warnings, amounts that a yes is for."""


class Read(Struct, frozen=True):
    """What a step made of an act: the order as it is now, and what to say of it."""

    order: Order
    said: tuple[Said, ...] = ()
    ask: Said | None = None
    """What is asked now instead of the next step's question."""
    refused: bool = False
    """True: the answer was understood but can't be taken; the step stays open and `said` tells why."""


class Step(Struct, frozen=True, kw_only=True):
    """One question of the checkout. All functions are pure; the time is `scene.turn.at`."""

    name: str
    phase: Phase
    rank: int
    """Order within its phase."""
    applies: Callable[[Scene, Order], bool]
    done: Callable[[Scene, Order], bool]
    ask: Callable[[Scene, Order], Said]
    """The question. Never names what is already known."""
    read: Callable[[Scene, Order, Act], Read | None]
    """Takes an act that is this step's business (in any state of the talk), else None. What it writes lies under its
    name in `Order.facts`, so that the fingerprint covers it."""
    tell: Callable[[Scene, Order], Said | None]
    """Its part of the read-back, or None."""
    WORDS: Mapping[str, Mapping[str, Any]]
    """By language: sentences by key, and `hear` (phrase -> act, for steps that aren't the core's)."""
    answer: AnswerKind | None = None
    """What sort of answer it waits for, so that a recogniser is given what is likely; None: any words at all."""


def in_order(steps: Iterable[Step]) -> tuple[Step, ...]:
    return tuple(sorted(steps, key=lambda one: (one.phase, one.rank, one.name)))


def current(steps: Iterable[Step], scene: Scene, order: Order) -> Step | None:
    """The first step that applies and isn't done."""
    for one in steps:
        if one.applies(scene, order) and not one.done(scene, order):
            return one
    return None

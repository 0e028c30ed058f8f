"""A yes before the core alone: to which read-back it is consent, and what is said where it isn't."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from assistant.commerce.catalogue import Catalogue
from assistant.commerce.order import Order
from assistant.commerce.payment import Attempt, Payment
from assistant.commerce.shop import Shop
from assistant.dialogue.core import handle
from assistant.dialogue.state import Charge, Outcome, Scene, Session
from assistant.turns import Act, Meaning, Turn
from tests.app.talk import TO_READ_BACK, YES, kiosk
from tests.commerce.goods import attempt

NOON = dt.datetime(2026, 11, 23, 4, 0, tzinfo=dt.UTC)


class Counter:
    """A talk that has come to the read-back of one cola."""

    def __init__(self, folder: Path) -> None:
        self.shop, self.catalogue = kiosk(folder)
        self.session, self.order = Session(id="s", shop=self.shop.id, language="en"), None
        for act in TO_READ_BACK:
            outcome = self.decide(act)
            self.session, self.order = outcome.session, outcome.order or self.order

    shop: Shop
    catalogue: Catalogue
    order: Order | None

    def decide(self, *acts: Act, **known: Any) -> Outcome:
        meaning = replace(Meaning(acts=acts, language="en"), **known.pop("meaning", {}))
        turn = replace(
            Turn(id="t", channel="test", shop=self.shop.id, session="s", at=NOON, source="tapped"),
            **known.pop("turn", {}),
        )
        scene = Scene(turn=turn, shop=self.shop, catalogue=self.catalogue, stock={("cola", ""): 5})
        return handle(replace(scene, **known), self.session, self.order, meaning)


@pytest.fixture
def counter(tmp_path: Path) -> Counter:
    return Counter(tmp_path)


def charged(outcome: Outcome) -> bool:
    return any(isinstance(effect, Charge) for _order, effect in outcome.effects)


def declined(counter: Counter) -> Attempt:
    assert counter.order is not None
    return attempt("declined", 300, order=counter.order.id, shop=counter.shop.id)


def test_a_yes_to_what_was_read_back_charges_it_and_holds_its_goods(counter: Counter) -> None:
    outcome = counter.decide(YES)
    assert charged(outcome) and [move.kind for _order, move in outcome.stock] == ["hold"]
    assert outcome.order is not None and outcome.order.consent is not None and outcome.order.consent.total == 300


def test_a_yes_to_what_was_heard_before_a_payment_came_to_nothing_is_asked_for_again(counter: Counter) -> None:
    outcome = counter.decide(YES, payment=Payment((declined(counter),)))
    assert not charged(outcome)
    assert outcome.reply.expects == "confirm" and "CN¥3.00" in outcome.reply.text


def test_a_yes_to_goods_that_were_sold_meanwhile_is_told_so(counter: Counter) -> None:
    outcome = counter.decide(YES, stock={("cola", ""): 0})
    assert not charged(outcome) and outcome.stock == ()
    assert "sold out" in outcome.reply.text
    assert (outcome.order or counter.order).consent is None  # type: ignore[union-attr]


def test_a_yes_is_used_up(counter: Counter) -> None:
    """The same yes once more, where nothing is known of the payment that it set off."""
    outcome = counter.decide(YES)
    counter.session, counter.order = outcome.session, outcome.order
    again = counter.decide(YES)
    assert not charged(again)

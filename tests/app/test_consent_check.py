"""What is computed again in the transaction that makes an attempt, whatever was decided before: is this the buyer's
fresh yes to exactly what is ordered now?"""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from msgspec.structs import replace

from assistant.changes import consent_check, owed_by
from assistant.commerce.order import Consent
from assistant.commerce.payment import Payment
from assistant.commerce.pricing import fingerprint
from assistant.dialogue.state import Charge, ReadBack, Scene, Session
from assistant.errors import Bug
from assistant.payments.sandbox import PROVIDER
from assistant.turns import Turn
from tests.commerce.goods import NOON, attempt, catalogue, item, line, order, shop, sums

TEA = item("tea", 333)
GOODS, RULES = catalogue(TEA), shop()
BOUGHT = order(line(TEA, 2))
MARK = fingerprint(BOUGHT, sums(BOUGHT, RULES, GOODS))
HEARD = ReadBack(fingerprint=MARK, turn="t1", at=NOON, total=666, device="phone", attempts=0)
YES = Consent(fingerprint=MARK, session="s", person=None, turn="t2", read_back_turn="t1", at=NOON, total=666)
TURN = Turn(id="t2", channel="test", shop="here", session="s", device="phone", at=NOON, source="typed")
ATTEMPT = attempt(id="a1", order=BOUGHT.id, fingerprint=MARK, consent_turn="s/t2")


def good(**change: Any) -> bool:
    """Whether it may be charged with these parts in place of the right ones."""
    yes, heard = replace(YES, **change.get("yes", {})), replace(HEARD, **change.get("heard", {}))
    session = replace(Session(id="s", shop="here", read_back=heard), **change.get("session", {}))
    turn, attempt = replace(TURN, **change.get("turn", {})), replace(ATTEMPT, **change.get("attempt", {}))
    before = tuple(replace(ATTEMPT, id=name, state="declined") for name in change.get("attempts", ()))
    scene = Scene(turn=turn, shop=RULES, catalogue=GOODS, payment=Payment(before))
    stands = replace(BOUGHT, **{"consent": yes, **change.get("order", {})})
    return consent_check((attempt,), scene, session)({stands.id: stands})


def later(minutes: int, **turn: Any) -> dict[str, Any]:
    return {"turn": {"at": NOON + dt.timedelta(minutes=minutes), **turn}}


def test_a_fresh_yes_to_what_was_read_back_is_good() -> None:
    assert good() and good(**later(15)) and good(**later(2, source="speech"))
    assert good(attempts=("a0",), heard={"attempts": 1})


@pytest.mark.parametrize(
    "wrong",
    [
        *({where: {"fingerprint": "other"}} for where in ("yes", "heard", "attempt")),
        *({where: {"total": 665}} for where in ("yes", "heard")),
        {"attempt": {"amount": 665}},
        {"attempt": {"currency": "USD"}},
        {"order": {"lines": (line(TEA, 3),)}},
        {"order": {"consent": None}},
        {"session": {"read_back": None}},
        {"yes": {"session": "another"}},
        {"turn": {"session": "another"}},
        {"yes": {"person": "ana"}},
        {"session": {"person": "ana"}},
        {"yes": {"turn": "t1"}},
        {"yes": {"read_back_turn": "t0"}},
        {"turn": {"device": "kiosk"}},
        later(16),
        later(3, source="speech"),
        later(-1),
        {"attempts": ("a0",)},
    ],
    ids=str,
)
def test_anything_else_is_none(wrong: dict[str, Any]) -> None:
    assert not good(**wrong)


@pytest.mark.parametrize(
    ("source", "agreed"), [("payment", True), ("timer", True), ("merchant", True), ("typed", False)]
)
def test_only_a_buyers_own_yes_makes_an_attempt(source: str, agreed: bool) -> None:
    scene = Scene(turn=replace(TURN, source=source), shop=RULES, catalogue=GOODS)
    stands = replace(BOUGHT, consent=YES if agreed else None)
    with pytest.raises(Bug, match="without a yes of its buyer"):
        owed_by(((BOUGHT.id, Charge("card")),), {BOUGHT.id: stands}, scene, "en", lambda _name: PROVIDER, NOON)

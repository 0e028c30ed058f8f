"""Changes at random, most of them as the assistant makes them and each kind of wrong one now and then."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from random import Random
from typing import Any, TypeVar

from msgspec.structs import replace

from assistant.commerce import ledger
from assistant.commerce.order import ORDER_MOVES, Order
from assistant.commerce.payment import ATTEMPT_MOVES, LIVE, REFUND_MOVES, Attempt, Entry, Facts, Refund
from assistant.dialogue.state import Session, StockMove
from assistant.storage import Change, EffectRow, EventRow, Heard, Record, TurnRow
from assistant.storage.memory import Tables
from assistant.turns import Alias
from tests.storage.made import AT, SHOP, attempt, effect, event, order, refund, reply, session, turn

SESSIONS, ORDERS, TURNS = ("s1", "s2"), ("o1", "o2", "o3"), tuple(f"t{n}" for n in range(1, 7))
ATTEMPTS = tuple(f"a{n}" for n in range(1, 7))
REFUNDS, KEYS, EVENTS, NUMBERS = ("r1", "r2"), ("k1", "k2"), ("e1", "e2"), ("A1", "A2", "A3")
GOODS: Mapping[tuple[str, str], int] = {("cola", ""): 3, ("room", "2026-05-04"): 1}
ALIAS = Alias("coke", "en", "item", "cola")
TEXTS = ("", "plain", 'a "yes"\\', "null", "12", "콜라 🥤", "\x1f\x7f\ufffe", "a\0b", "a", "\\u0000")
REQUESTS = (b"", b"pay", b"\x00\xff'\x80", b"[1]")
EFFECTS = (*(f"{kind}:{one}" for kind in ("charge", "close") for one in ATTEMPTS), "charge:a1\0x")

T = TypeVar("T")


class Chance:
    def __init__(self, random: Random) -> None:
        self.random = random

    def often(self, percent: int) -> bool:
        return self.random.randrange(100) < percent

    def one(self, of: Sequence[T]) -> T:
        return of[self.random.randrange(len(of))]

    def version(self, stored: Any) -> int:
        """The one that is stored, mostly."""
        return (stored.version if stored else 0) + (self.one((-1, 1)) if self.often(4) else 0)

    def text(self) -> str | None:
        return None if self.often(40) else self.one(TEXTS)


def any_change(random: Random, known: Tables) -> Change:
    """Over what is stored."""
    chance = Chance(random)
    orders = _orders(chance, known)
    attempts = _attempts(chance, known, orders)
    about = orders[0].id if orders else chance.one(ORDERS)
    said, replaces = _turn(chance, known)
    done = tuple(chance.one(EFFECTS) for _ in range(chance.one((1, 1, 2)))) if chance.often(25) else ()
    looked_at = known.all_orders.get(about)
    return Change(
        turn=said,
        replaces=replaces or chance.often(1),
        session=_session(chance, known, about) if chance.often(60) else None,
        orders=orders,
        seen=(about, chance.version(looked_at) + (orders[0].version >= 0 if orders else 0))
        if chance.often(15)
        else None,
        stock=_stock(chance, about),
        attempts=attempts,
        refunds=(_refund(chance, known),) if chance.often(6) else (),
        effects=_effects(chance, attempts),
        effects_done=done,
        entries=_entries(chance, known, attempts),
        inbox=_facts(chance) if chance.often(4) else None,
        events=tuple(_event(chance, about) for _ in range(chance.one((0, 1, 2)))),
        review=(about,) if about in known.all_orders and chance.often(8) else (),
        learned=(Heard(SHOP, ALIAS, chance.one(SESSIONS), AT),) if chance.often(3) else (),
        records=(_record(chance, known),) if chance.often(3) else (),
        check=_check(chance) if chance.often(40 if attempts else 3) else None,
    )


def spoilt(random: Random, change: Change) -> Change:
    """With something in it that a file can't hold."""
    chance = Chance(random)
    one = chance.one(("text", "number", "effect", "entry", "turn"))
    odd: dict[str, Any] = {
        "text": {"attempts": (attempt("a9", reason="\udce4"),)},
        "number": {"attempts": (attempt("a9", amount=chance.one((2**63, -(2**64), 10**30))),)},
        "effect": {"effects": (effect(session="\udfff"),)},
        "entry": {"entries": (Entry("x", "sales", 2**63, "CNY"), Entry("x", "cash", -(2**63), "CNY"))},
        "turn": {"turn": turn("\ud800")},
    }
    return replace(change, replaces=False, **odd[one])


def _turn(chance: Chance, known: Tables) -> tuple[TurnRow | None, bool]:
    if not chance.often(60):
        return None, False
    where = chance.one(SESSIONS)
    taken = [row for (_, its, _), (row, _) in known.turns.items() if its == where]
    if taken and chance.often(35):
        stored = chance.one(taken)
        body = stored.body if chance.often(95) else "other words"
        return replace(stored, reply=reply(chance.one(TEXTS)), final=chance.often(80), body=body), chance.often(85)
    return turn(chance.one(TURNS), where, final=chance.often(50), reply=reply(chance.one(TEXTS))), chance.often(2)


def _session(chance: Chance, known: Tables, about: str) -> Session:
    name = chance.one(SESSIONS)
    version = chance.version(known.sessions.get((SHOP, name)))
    person = chance.text()
    return session(name, version=version, order=about, person=person, misses=chance.random.randrange(9))


def _orders(chance: Chance, known: Tables) -> tuple[Order, ...]:
    found = []
    for _ in range(2 if chance.often(4) else 1 if chance.often(65) else 0):
        name = chance.one(ORDERS)
        stored = known.all_orders.get(name)
        base = stored or order(name, session=SESSIONS[int(name[1]) % 2])
        stage = base.stage
        if chance.often(45):
            allowed = sorted(ORDER_MOVES[stage]) if stored else ["open", "placed"]
            stage = chance.one(allowed if allowed and chance.often(90) else sorted(ORDER_MOVES))
        number = base.number
        if number is None and (stage != "open" or chance.often(5)) and chance.often(80):
            number = chance.one(NUMBERS)
        version = chance.version(stored)
        facts = {"said": chance.one(TEXTS)}
        found.append(replace(base, version=version, stage=stage, number=number, facts=facts, person=chance.text()))
    return tuple(found)


def _attempts(chance: Chance, known: Tables, orders: Sequence[Order]) -> tuple[Attempt, ...]:
    found = []
    stored = list(known.all_attempts.values())
    live = [one for one in stored if one.state in LIVE]
    if stored and chance.often(50):
        for _ in range(1 if chance.often(93) else 2):
            one = chance.one(live if live and chance.often(85) else stored)
            allowed = sorted(ATTEMPT_MOVES[one.state])
            state = chance.one(allowed if allowed and chance.often(92) else sorted(ATTEMPT_MOVES))
            moved = replace(one, version=chance.version(one), state=state, pays_later=chance.often(20))
            moved = replace(moved, link=chance.text(), remote_id=chance.text(), reason=chance.text())
            if chance.often(3):
                moved = replace(moved, **chance.one(({"amount": 1}, {"request": b"other"}, {"order": "o3"})))
            found.append(moved)
    if chance.often(35):
        for _ in range(1 if chance.often(95) else 2):
            free = [one for one in ATTEMPTS if one not in known.all_attempts]
            name = chance.one(free if free and chance.often(92) else ATTEMPTS)
            whose = orders[0].id if orders and chance.often(90) else chance.one(ORDERS)
            found.append(
                attempt(
                    name,
                    order=whose,
                    consent_turn=f"s1/{name}" if chance.often(90) else chance.one(TEXTS),
                    request=chance.one(REQUESTS),
                    fingerprint=chance.one(TEXTS),
                    state=chance.one(("created", "sent")) if chance.often(97) else "paid",
                    amount=chance.one((0, 900, 2**53 + 1, 2**63 - 1)),
                    pays_later=chance.often(20),
                    link=chance.text(),
                )
            )
    return tuple(found)


def _refund(chance: Chance, known: Tables) -> Refund:
    stored = known.all_refunds.get(name := chance.one(REFUNDS))
    if stored is None:
        paid = [one for one in known.all_attempts.values() if one.state == "paid"]
        one = chance.one(paid) if paid else attempt()
        amount = chance.one((1, one.amount))
        return refund(name, order=one.order, attempt=one.id, amount=amount, version=chance.version(None))
    allowed = sorted(REFUND_MOVES[stored.state]) or sorted(REFUND_MOVES)
    return replace(stored, version=chance.version(stored), state=chance.one(allowed))


def _effects(chance: Chance, attempts: Sequence[Attempt]) -> tuple[EffectRow, ...]:
    found = []
    for _ in range(chance.one((1, 1, 2)) if chance.often(35) else 0):
        name = chance.one(EFFECTS)
        if attempts and chance.often(70):
            name = f"charge:{attempts[0].id}"
        kind, _, ref = name.partition(":")
        due = AT + dt.timedelta(seconds=chance.random.randrange(4))
        about = ORDERS[int(ref[1]) % 3]
        said, tries = chance.one(TEXTS), chance.random.randrange(3)
        found.append(
            effect(name, kind=kind, ref=ref, order=about, due_at=due, turn=said, tries=tries, session=chance.one(TEXTS))
        )
    return tuple(found)


def _entries(chance: Chance, known: Tables, attempts: Sequence[Attempt]) -> tuple[Entry, ...]:
    paid = [one for one in attempts if one.state == "paid"]
    found: tuple[Entry, ...] = tuple(leg for one in paid for leg in ledger.paid(one))
    if known.ledger and chance.often(4):
        again = [ledger.paid(one) for one in known.all_attempts.values() if one.state == "paid"]
        found += chance.one(again) if again else ()
    return found[:-1] if chance.often(3) else found + found[:2] if chance.often(2) else found


def _stock(chance: Chance, about: str) -> tuple[tuple[str, StockMove], ...]:
    if chance.often(12):
        return ((about, StockMove(chance.one(("release", "sell", "restock")))),)
    if chance.often(6):
        keys = tuple((*key, chance.one((1, 1, 2))) for key in GOODS if chance.often(70))
        return ((about, StockMove(chance.one(("hold", "sell")), keys, AT + dt.timedelta(minutes=20))),)
    return ()


def _facts(chance: Chance) -> Facts:
    name = chance.one((None, *EVENTS))
    return Facts(kind="charge", ref=chance.one(ATTEMPTS), state="paid", amount=1, currency="CNY", event_id=name)


def _event(chance: Chance, about: str) -> EventRow:
    return event(order=about, kind=chance.one(("turn", "paid")), data={"said": chance.one(TEXTS), "n": 2**53 + 1})


def _record(chance: Chance, known: Tables) -> Record:
    stored = known.kept.get((SHOP, "code", name := chance.one(KEYS)))
    version = chance.version(stored)
    return Record(shop=SHOP, kind="code", key=name, body=chance.one(("", "{}")), version=version)


def _check(chance: Chance) -> Any:
    def refuses(orders: Any) -> bool:
        raise ValueError("what was agreed to can't be told")

    return refuses if chance.often(5) else (lambda orders: False) if chance.often(10) else (lambda orders: True)

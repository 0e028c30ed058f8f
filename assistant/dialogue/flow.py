"""Where a checkout stands, derived from the order alone, and what it costs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from assistant.commerce.catalogue import Catalogue
from assistant.commerce.money import Money
from assistant.commerce.order import Order
from assistant.commerce.pricing import Totals, fingerprint, priced, totals
from assistant.commerce.shop import Fulfilment, Shop
from assistant.dialogue.state import Scene
from assistant.discovery import discover
from assistant.steps import Phase, Said, Step, current, in_order
from assistant.trades import Trade


@lru_cache(maxsize=1)
def steps() -> tuple[Step, ...]:
    """Every step there is, in the order in which they are asked."""
    return in_order(discover("step").values())


@lru_cache(maxsize=1)
def details() -> tuple[Step, ...]:
    """Those that ask for a detail: how to get it, where, when, for whom."""
    return tuple(one for one in steps() if one.phase == Phase.DETAILS)


@lru_cache(maxsize=1)
def where_to() -> tuple[Step, ...]:
    """Those that ask which way it is to be got, and where to."""
    return tuple(one for one in details() if one.name in ("fulfilment", "address"))


@lru_cache(maxsize=1)
def _trades() -> dict[str, Trade]:
    return discover("trade")


def trade_named(name: str) -> Trade:
    return _trades()[name]


def trade_of(scene: Scene) -> Trade:
    return trade_named(scene.shop.trade)


@lru_cache(maxsize=1)
def _pretending() -> frozenset[str]:
    return frozenset(name for name, one in discover("provider").items() if one.sandbox)


def moves_no_money(provider: str) -> bool:
    """Whether this provider only pretends, which is said."""
    return provider in _pretending()


@lru_cache(maxsize=1)
def _agreeing() -> frozenset[str]:
    return frozenset(name for name, one in discover("provider").items() if one.pays_later)


def pays_later(provider: str) -> bool:
    """Whether this provider only agrees that the money is paid when the goods or the guests are there."""
    return provider in _agreeing()


def step_now(scene: Scene, order: Order) -> Step | None:
    return current(steps(), scene, order)


def step_named(name: str | None) -> Step | None:
    return next((one for one in steps() if one.name == name), None)


class Bill(NamedTuple):
    """Totals with all that they were made of."""

    priced: tuple[object, ...]
    """What of the order they look at."""
    shop: Shop
    catalogue: Catalogue
    minute: dt.datetime
    first: bool
    totals: Totals


BILLS = 256
_bills: dict[str, Bill] = {}
"""The last ones made, by the id of their order."""


def bill(scene: Scene, order: Order) -> Totals:
    """The order's totals now; remembered, since a turn asks for them many times and most turns leave the order as it
    is, or change nothing that costs. Offers begin and end with a minute: within one, the same order costs the same."""
    agreed = agreed_bill(order)
    if agreed is not None:
        return agreed
    minute, first = scene.turn.at.replace(second=0, microsecond=0), is_first(scene, order)
    known, looked_at = _bills.get(order.id), priced(order)
    if (
        known is not None
        and known.priced == looked_at
        and known.shop is scene.shop
        and known.catalogue is scene.catalogue
        and known.minute == minute
        and known.first == first
    ):
        return known.totals
    made = totals(order, scene.shop, scene.catalogue, at=scene.turn.at, first_order=first)
    _bills.pop(order.id, None)
    _bills[order.id] = Bill(looked_at, scene.shop, scene.catalogue, minute, first, made)
    if len(_bills) > BILLS:
        del _bills[next(iter(_bills))]
    return made


def agreed_bill(order: Order) -> Totals | None:
    """What was agreed to, from the yes on: no offer that begins or ends makes it other, while it is being paid either.
    An edit lapses the consent, and totals are derived again."""
    if order.consent is None or not order.consent.bill:
        return None
    return msgspec.convert(dict(order.consent.bill), Totals)


def put_on(bill: Totals, currency: str) -> Iterator[Said]:
    """What comes to the price of the goods: fees, a tip, tax where prices are without."""
    tax = 0 if bill.tax_included else bill.tax
    for key, amount in (("confirm.fee", bill.fee - bill.tip), ("confirm.tip", bill.tip), ("confirm.tax", tax)):
        if amount:
            yield Said(key, {"amount": Money(amount, currency)})


def is_first(scene: Scene, order: Order) -> bool:
    return not any(one.order.id != order.id and one.order.stage not in ("open", "cancelled") for one in scene.orders)


def fingerprint_of(scene: Scene, order: Order) -> str:
    """What a consent binds: everything the read-back covers."""
    return fingerprint(order, bill(scene, order))


def still_agreed(order: Order, attempt_fingerprint: str) -> bool:
    """Whether the order is still what was agreed to when it was charged, by the totals of that moment."""
    consent = order.consent
    return (
        consent is not None
        and consent.fingerprint == attempt_fingerprint
        and bool(consent.bill)
        and fingerprint(order, msgspec.convert(dict(consent.bill), Totals)) == attempt_fingerprint
    )


def consented(scene: Scene, order: Order) -> bool:
    return order.consent is not None and order.consent.fingerprint == fingerprint_of(scene, order)


def fulfilment_of(scene: Scene, order: Order) -> Fulfilment | None:
    """The chosen fulfilment; the only one where there is no choice."""
    chosen = order.facts.get("fulfilment")
    if chosen is None and len(scene.shop.fulfilments) == 1:
        return next(iter(scene.shop.fulfilments.values()))
    return scene.shop.fulfilments.get(chosen) if chosen else None


def needs_fact(scene: Scene, order: Order, need: str) -> bool:
    way = fulfilment_of(scene, order)
    return way is not None and need in way.needs


def in_checkout(order: Order) -> bool:
    return order.facts.get("basket") == "done"


def phase_of(step: Step | None) -> Phase | None:
    return step.phase if step else None


def with_fact(order: Order, name: str, value: object) -> Order:
    """The order with one fact set (None takes it away)."""
    facts = {key: one for key, one in order.facts.items() if key != name}
    if value is not None:
        facts[name] = value
    return replace(order, facts=facts)

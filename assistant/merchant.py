"""What a merchant may do to an order: the next stage, cancelling, paying back. Pure; `app` carries it out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

from assistant.commerce.catalogue import Catalogue
from assistant.commerce.order import ORDER_ENDS, ORDER_MOVES, Order
from assistant.commerce.payment import refund_id, units_back, units_left
from assistant.commerce.pricing import refund_of, totals
from assistant.commerce.shop import Shop
from assistant.dialogue.flow import agreed_bill, with_fact
from assistant.dialogue.money_back import pay_backs
from assistant.dialogue.state import Close, Effect, Event, OrderState, StockMove
from assistant.discovery import find
from assistant.errors import SetupError
from assistant.trades import Trade


class Decided(Struct, frozen=True):
    """What becomes of one order."""

    order: Order
    event: Event
    stock: tuple[StockMove, ...] = ()
    effects: tuple[Effect, ...] = ()


def advanced(state: OrderState, shop: Shop) -> Decided:
    """The next stage, as its trade has them."""
    order = state.order
    trade: Trade = find("trade", order.trade)
    stage = trade.next_stage(shop.kind_of_way(order.facts.get("fulfilment")), order.stage)
    if order.stage == "open":
        raise SetupError(f"order {order.id} is not placed yet; it can go on when its buyer has agreed and paid")
    if stage is None or stage not in ORDER_MOVES[order.stage]:
        raise SetupError(f"order {name_of(order)} is {order.stage}; there is no stage after that")
    return Decided(replace(order, stage=stage), Event("stage", {"from": order.stage, "to": stage}))


def called_off(state: OrderState) -> Decided:
    """The whole order off: what was captured goes back in full; a payment under way is closed first."""
    order, payment = state.order, state.payment
    if order.stage in ORDER_ENDS:
        raise SetupError(f"order {name_of(order)} is {order.stage}; it can't be cancelled any more")
    live = payment.live
    event = Event("cancelled", {"by": "merchant", "from": order.stage})
    if order.stage == "open" and live is not None:
        return Decided(with_fact(order, "cancel", "asked"), event, (), (Close(live.id, "cancel"),))
    # Of a basket nothing is held but while a payment is under way.
    stock = () if order.stage == "open" else (StockMove("restock"),)
    back: tuple[Effect, ...] = pay_backs(
        payment, payment.refundable, "cancelled", tuple(units_left(order, payment).items())
    )
    if live is not None:
        back = (Close(live.id, "cancel"), *back)
    return Decided(replace(order, stage="cancelled"), event, stock, back)


def paid_back(
    state: OrderState,
    shop: Shop,
    catalogue: Catalogue,
    lines: Mapping[int, int] | None,
    amount: int | None,
    at: dt.datetime,
    asked: str = "",
) -> Decided | None:
    """All that is left of a payment, the share of some lines (line id -> quantity), or an amount in minor units. None:
    that was done already, as `asked`, the asker's own id of it, says."""
    order, payment = state.order, state.payment
    named = {refund_id(order.id, one.id, asked) for one in payment.attempts} if asked else set()
    if before_now := [one.amount for one in payment.refunds if one.id in named]:
        if amount is not None and amount != sum(before_now):
            raise SetupError(f"'{asked}' paid back {sum(before_now)} before; give each refund an id of its own")
        return None
    name, most = name_of(order), payment.refundable
    if most <= 0:
        paid = payment.captured
        why = f"all {paid} minor units went back, or are on their way" if paid else "nothing was paid for it"
        raise SetupError(f"nothing is left of order {name} to pay back: {why}")
    gone, left = units_back(payment), units_left(order, payment)
    for line_id, quantity in (lines or {}).items():
        if not 0 < quantity <= left.get(line_id, 0):
            there = ", ".join(f"{count} of line {one}" for one, count in left.items()) or "no line"
            raise SetupError(f"order {name}: {quantity} of line {line_id} can't be paid back; there is left: {there}")
    meant = tuple((lines or ({} if amount is not None else left)).items())
    if amount is None and lines:
        bill = agreed_bill(order) or totals(order, shop, catalogue, at=order.placed_at or at)
        before = refund_of(bill, [(line_id, gone[line_id]) for line_id, _quantity in meant])
        after = refund_of(bill, [(line_id, gone[line_id] + quantity) for line_id, quantity in meant])
        amount = min(most, after - before)
    elif amount is None:
        amount = most
    if not 0 < amount <= most:
        raise SetupError(f"{amount} can't be paid back of order {name}; give an amount from 1 to {most} minor units")
    event = Event("refund_asked", {"by": "merchant", "amount": amount})
    return Decided(order, event, (), pay_backs(payment, amount, "merchant", meant, asked))


def name_of(order: Order) -> str:
    return order.number or order.id

"""What a merchant may do to an order: the next stage, cancelling, paying back. Pure; `app` carries it out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

from assistant.commerce.catalogue import Catalogue
from assistant.commerce.order import ORDER_ENDS, ORDER_MOVES, Order
from assistant.commerce.payment import Payment
from assistant.commerce.pricing import refund_of, totals
from assistant.commerce.shop import Shop
from assistant.commerce.stock import stock_keys
from assistant.dialogue.flow import with_fact
from assistant.dialogue.state import Close, Effect, Event, OrderState, PayBack, StockMove
from assistant.discovery import find
from assistant.errors import SetupError
from assistant.trades import Trade


class Decided(Struct, frozen=True):
    """What becomes of one order."""

    order: Order
    event: Event
    stock: tuple[StockMove, ...] = ()
    effects: tuple[Effect, ...] = ()


def advanced(state: OrderState) -> Decided:
    """The next stage, as its trade has them."""
    order = state.order
    trade: Trade = find("trade", order.trade)
    stage = trade.next_stage(order.facts.get("fulfilment"), order.stage)
    if order.stage == "open":
        raise SetupError(f"order {order.id} is not placed yet; it can go on when its buyer has agreed and paid")
    if stage is None or stage not in ORDER_MOVES[order.stage]:
        raise SetupError(f"order {name_of(order)} is {order.stage}; there is no stage after that")
    return Decided(replace(order, stage=stage), Event("stage", {"from": order.stage, "to": stage}))


def called_off(state: OrderState, catalogue: Catalogue) -> Decided:
    """The whole order off: what was captured goes back in full; a payment under way is closed first."""
    order, payment = state.order, state.payment
    if order.stage in ORDER_ENDS:
        raise SetupError(f"order {name_of(order)} is {order.stage}; it can't be cancelled any more")
    live = payment.live
    event = Event("cancelled", {"by": "merchant", "from": order.stage})
    if order.stage == "open" and live is not None:
        return Decided(with_fact(order, "cancel", "asked"), event, (), (Close(live.id, "cancel"),))
    keys = stock_keys(order, catalogue)
    move = StockMove("release") if order.stage == "open" else StockMove("restock", keys)
    back: tuple[Effect, ...] = pay_backs(
        payment, payment.refundable, "cancelled", tuple((one.id, one.quantity) for one in order.lines)
    )
    if live is not None:
        back = (Close(live.id, "cancel"), *back)
    return Decided(replace(order, stage="cancelled"), event, (move,) if keys or order.stage == "open" else (), back)


def paid_back(
    state: OrderState,
    shop: Shop,
    catalogue: Catalogue,
    lines: Mapping[int, int] | None,
    amount: int | None,
    at: dt.datetime,
    first_order: bool,
) -> Decided:
    """The whole captured amount, the share of some lines (line id -> quantity), or an amount in minor units."""
    order, payment = state.order, state.payment
    name, most = name_of(order), payment.refundable
    if most <= 0:
        raise SetupError(
            f"order {name} has nothing left that could be paid back; `voicetill orders show {name}` shows its payments"
        )
    meant = tuple((lines or {}).items())
    for line_id, quantity in meant:
        line = order.line(line_id)
        if line is None or not 0 < quantity <= line.quantity:
            raise SetupError(
                f"order {name} has no {quantity} of line {line_id}; its lines are "
                + ", ".join(f"{one.id} ({one.quantity} {one.item})" for one in order.lines)
            )
    if amount is None:
        bill = totals(order, shop, catalogue, at=order.placed_at or at, first_order=first_order)
        amount = min(most, refund_of(bill, meant)) if meant else most
    if not 0 < amount <= most:
        raise SetupError(f"{amount} can't be paid back of order {name}; give an amount from 1 to {most} minor units")
    return Decided(
        order,
        Event("refund_asked", {"by": "merchant", "amount": amount}),
        (),
        pay_backs(payment, amount, "merchant", meant),
    )


def pay_backs(payment: Payment, amount: int, reason: str, lines: tuple[tuple[int, int], ...]) -> tuple[Effect, ...]:
    """An amount as refunds of captured attempts, the latest first."""
    made: list[Effect] = []
    for attempt in reversed(payment.attempts):
        given = sum(one.amount for one in payment.refunds if one.attempt == attempt.id and one.state != "failed")
        part = min(amount, attempt.amount - given) if attempt.state == "paid" else 0
        if part > 0:
            made.append(PayBack(attempt.id, part, reason, lines))
            amount -= part
    return tuple(made)


def name_of(order: Order) -> str:
    return order.number or order.id

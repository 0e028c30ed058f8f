"""An order as data for screens and scripts: the form of `chat --json`."""

from __future__ import annotations

import datetime as dt
from typing import Any

import msgspec

from assistant.commerce.catalogue import Catalogue
from assistant.commerce.order import Line, LineOption, Order
from assistant.commerce.payment import Attempt, Payment
from assistant.commerce.pricing import Totals, totals
from assistant.commerce.shop import Shop
from assistant.dialogue.flow import agreed_bill, trade_named
from assistant.dialogue.say import voice_for
from assistant.steps import Said
from assistant.turns import View


def line_json(line: Line, language: str, shop: Shop) -> dict[str, Any]:
    name = line.names.get(language) or next((line.names[tag] for tag in shop.languages if tag in line.names), line.item)
    made: dict[str, Any] = {
        "item": line.item,
        "name": name,
        "quantity": line.quantity,
        "options": [_option_json(one) for one in line.options] if line.options else [],
        "unit_price": line.unit_price,
        "total": line.total,
    }
    if line.when is not None:
        made["when"] = {
            "start": line.when.start,
            "end": line.when.end,
            "nights": [{"date": day, "price": price} for day, price in line.nights],
            **(msgspec.to_builtins(line.party) if line.party is not None else {}),
        }
    return made


def _option_json(one: LineOption) -> dict[str, Any]:
    made: dict[str, Any] = {"option": one.option, "choice": one.choice, "amount": one.amount}
    if one.part:
        made["part"] = one.part
    return made


def totals_json(bill: Totals) -> dict[str, Any]:
    return {
        "subtotal": bill.subtotal,
        "discount": bill.discount,
        "fulfilment": bill.fulfilment,
        "fee": bill.fee,
        "tax": bill.tax,
        "tax_included": bill.tax_included,
        "total": bill.total,
    }


def order_json(
    order: Order,
    payment: Payment,
    shop: Shop,
    catalogue: Catalogue,
    language: str,
    *,
    at: dt.datetime,
    first_order: bool = False,
    link: bool = True,
) -> dict[str, Any]:
    """The order with its money. `link` is private: only for a channel that may show it."""
    bill = agreed_bill(order) or totals(order, shop, catalogue, at=at, first_order=first_order)
    live = payment.live
    extra: dict[str, Any] = {"discounts": {one.promotion: one.amount for one in bill.applied}} if bill.applied else {}
    if order.number is not None:
        extra["number"] = order.number
    if order.expected_at is not None:
        extra["expected_at"] = order.expected_at.isoformat()
    if order.stage != "open":
        extra["stages"] = stages_json(order, shop, catalogue, language)
    return {
        "id": order.id,
        "stage": order.stage,
        "lines": [line_json(one, language, shop) for one in order.lines],
        "totals": totals_json(bill),
        "currency": order.currency,
        "facts": {**order.facts, **extra},
        "payment": {
            "method": order.facts.get("method"),
            "status": "none" if order.stage == "cancelled" and payment.status == "due" else payment.status,
            "link": live.link if live and link else None,
            "charges": payment.charges,
            "refunds": sum(one.state == "done" for one in payment.refunds),
            "net": payment.net,
        },
    }


def stages_json(order: Order, shop: Shop, catalogue: Catalogue, language: str) -> list[dict[str, str]]:
    """The stages that a placed order goes through, in order, each with what its trade calls it."""
    trade, voice = trade_named(shop.trade), voice_for(language, shop, catalogue)
    way = trade.stages.get(shop.kind_of_way(order.facts.get("fulfilment")), trade.stages[""])
    return [{"stage": one, "name": voice.say(Said(f"{trade.name}.stage.{one}"))[1]} for one in way]


def basket_view(order: Order, bill: Totals, language: str, shop: Shop, catalogue: Catalogue) -> View:
    """The basket with its running total. Each line also as a sentence, so that any screen can show it."""
    voice = voice_for(language, shop, catalogue)
    lines = []
    for one in order.lines:
        shown = line_json(one, language, shop)
        shown["text"] = voice.line(one, False)
        lines.append(shown)
    return View("basket", {"lines": lines, "totals": totals_json(bill), "currency": order.currency})


def payment_view(attempt: Attempt) -> View:
    """A payment that waits for its buyer; the app adds the private link for a channel that may show it."""
    data = {"attempt": attempt.id, "amount": attempt.amount, "currency": attempt.currency}
    return View("payment", {**data, "expires_at": attempt.expires_at.isoformat()})

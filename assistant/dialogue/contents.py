"""What's in the basket, as it is told. Pure."""

from __future__ import annotations

from assistant.commerce.pricing import Totals
from assistant.dialogue import flow
from assistant.dialogue.draft import Draft
from assistant.dialogue.names import promotion_name
from assistant.dialogue.say import Code, Count, Lines
from assistant.dialogue.view import basket_view
from assistant.turns import Act

A_BREATH = 5
"""So many lines of a long basket are told at a time."""


def show(draft: Draft, start: int = 0) -> None:
    """What's in the basket, with the running total. Who only hears it has many lines told a part at a time, after how
    many there are and what they come to; `start` is the line with which to go on."""
    order = draft.order
    if order is None or not order.lines or order.stage == "cancelled":
        draft.empty()
        return
    bill = flow.bill(draft.scene, order)
    if order.stage != "open":
        draft.say("ordered", number=Code(order.number or ""), lines=Lines(order.lines), total=draft.money(bill.total))
        return
    end = min(start + A_BREATH, len(order.lines))
    if len(order.lines) - end < A_BREATH // 2:
        end = len(order.lines)
    if not draft.turn.spoken or (start, end) == (0, len(order.lines)) or start >= end:
        start, end, key = 0, len(order.lines), "basket"
    else:
        key = "basket_begins" if not start else "basket_goes_on" if end < len(order.lines) else "basket_ends"
    draft.say(
        key,
        lines=Lines(order.lines),
        some=Lines(order.lines[start:end]),
        total=draft.money(bill.total),
        count=Count(sum(one.quantity for one in order.lines), "thing"),
    )
    if end < len(order.lines):
        draft.ask("shall_i_go_on", "rest", (Act("show_basket", value=end),))
    if not start:
        tell_discounts(draft, bill)
    if order is draft.before:
        draft.views.append(basket_view(order, bill, draft.session.language, draft.shop, draft.catalogue))


def tell_discounts(draft: Draft, bill: Totals) -> None:
    """Each promotion that counts, with what it takes off."""
    for one in bill.applied:
        draft.say("discount", name=promotion_name(draft.shop, one.promotion), amount=draft.money(one.amount))

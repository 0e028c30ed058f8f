"""Why something is so: what a total is made of, why a payment failed, why something is asked, what an order must come
to, until when one can be placed. They change nothing in the order. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.commerce.fulfilment import closes_at, is_open, next_opening
from assistant.commerce.order import Order
from assistant.commerce.pricing import Totals
from assistant.dialogue import aftercare, flow
from assistant.dialogue.contents import tell_discounts
from assistant.dialogue.draft import Draft
from assistant.dialogue.names import method_name, reach, way_name
from assistant.dialogue.say import Joined, Lines
from assistant.dialogue.view import order_json
from assistant.steps import Phase, Said
from assistant.turns import Act, View


def bill(draft: Draft, act: Act) -> None:
    """What each line costs, and what is taken off and put on, up to the total."""
    order = draft.order
    if order is None or not order.lines or order.stage == "cancelled":
        draft.empty()
        return
    totals = _tell_parts(draft, order)
    if order.stage == "open" and flow.phase_of(flow.step_now(draft.scene, order)) == Phase.CONFIRM:
        return  # the question that follows says the total
    draft.say("bill_total", total=draft.money(totals.total))


def tax(draft: Draft, act: Act) -> None:
    """Whether the total has the tax in it, and how much that is."""
    order = draft.order
    if order is None or not order.lines or order.stage == "cancelled":
        draft.say("prices_with_tax" if draft.shop.tax_included else "prices_without_tax")
        return
    _say_tax(draft, flow.bill(draft.scene, order))


def _say_tax(draft: Draft, totals: Totals) -> None:
    if not totals.tax:
        draft.say("tax_none")
    else:
        draft.say("tax_in" if totals.tax_included else "tax_on", amount=draft.money(totals.tax))


def receipt(draft: Draft, act: Act) -> None:
    """What was ordered and paid, line by line. Made out to somebody, it comes from a person of the shop."""
    found = aftercare.settled_order(draft)
    if found is None:
        draft.say("receipt_later")
        return
    order, payment = found
    draft.whole = True
    totals = _tell_parts(draft, order)
    if totals.tax and totals.tax_included:
        _say_tax(draft, totals)
    draft.say("bill_total", total=draft.money(totals.total))
    aftercare.tell_money(draft, order, payment)
    if known := reach(draft.shop, draft.voice.tag):
        draft.say("invoice_by_person", reach=known)
    draft.views.append(
        View(
            "receipt",
            order_json(
                order, payment, draft.shop, draft.catalogue, draft.session.language, at=draft.turn.at, link=False
            ),
        )
    )


def _tell_parts(draft: Draft, order: Order) -> Totals:
    """What each line costs, and what is taken off and put on; what that comes to."""
    totals = flow.bill(draft.scene, order)
    draft.say("bill", parts=Joined(tuple(_lines(draft, order, totals))))
    draft.said.extend(flow.put_on(totals, order.currency))
    tell_discounts(draft, totals)
    return totals


def _lines(draft: Draft, order: Order, totals: Totals) -> Iterator[Said]:
    """Each line with its price, and how it is brought where that costs something."""
    costs = {one.line: one.subtotal for one in totals.lines}
    for line in order.lines:
        yield Said("bill_part", {"what": Lines((line,)), "amount": draft.money(costs[line.id])})
    way = flow.fulfilment_of(draft.scene, order)
    if totals.fulfilment and way is not None:
        yield Said("bill_part", {"what": way_name(draft.shop, way.id), "amount": draft.money(totals.fulfilment)})


def declined(draft: Draft, act: Act) -> None:
    """Why the last payment came to nothing, as far as its provider told; how an order is doing where none did."""
    last = aftercare.failed(draft)
    if last is None:
        aftercare.status(draft, Act("order_status"))
        return
    reason = f"reason.{last.reason}"
    told = draft.voice.has(reason) and last.reason != "declined"
    draft.say(
        "payment.why" if told else "payment.why_unknown",
        method=method_name(draft.shop, last.method),
        reason=Said(reason if told else "reason.declined"),
    )


def why(draft: Draft, act: Act) -> None:
    """ "Why?" alone is of what was just said: a payment that failed, what is asked, or what it costs."""
    order, asked = draft.order, draft.session.asked
    step = asked.step if asked is not None else None
    if step is not None and step != "method" and draft.voice.has(f"{step}.why"):
        draft.say(f"{step}.why")
    elif order is not None and order.stage == "open" and aftercare.failed(draft) is not None:
        declined(draft, act)
    elif order is not None and order.lines and order.stage != "cancelled":
        bill(draft, act)


def contact(draft: Draft, act: Act) -> None:
    """What a name and a phone are for, to somebody who asks, or would rather tell none; what of them isn't needed."""
    order = draft.order if draft.order is not None and draft.order.stage == "open" else None
    way = flow.fulfilment_of(draft.scene, order) if order is not None else None
    needs = (
        set(way.needs) if way is not None else {one for any_ in draft.shop.fulfilments.values() for one in any_.needs}
    )
    if not needs & {"name", "phone"}:
        draft.say("contact.not_needed")
    elif "phone" not in needs:
        draft.say("contact.name_enough")
    else:
        draft.say("contact.needed")


def minimum(draft: Draft, act: Act) -> None:
    """What the goods of an order must come to, for each way to get it that has such a limit."""
    limited = [one for one in draft.shop.fulfilments.values() if one.minimum]
    for way in limited:
        draft.say("minimum", way=way_name(draft.shop, way.id), minimum=draft.money(way.minimum or 0))
    if not limited:
        draft.say("minimum_none")


def last_orders(draft: Draft, act: Act) -> None:
    """Until when an order for today is taken; one for later can be placed at any time."""
    at = draft.turn.at
    if not is_open(draft.shop, at):
        opening = next_opening(draft.shop, at)
        draft.say("closed_until", time=draft.clock(opening)) if opening is not None else draft.say("closed")
        return
    closing = closes_at(draft.shop, at)
    draft.say("last_orders", time=draft.clock(closing)) if closing is not None else draft.say("always_open")

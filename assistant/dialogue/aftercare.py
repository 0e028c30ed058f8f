"""After the sale: status, change, reorder, receipt; `money_back.py` has what is called off and paid back. Pure."""

from __future__ import annotations

import datetime as dt
from collections import Counter

from msgspec.structs import replace

from assistant.commerce.fulfilment import expected_at
from assistant.commerce.money import Money
from assistant.commerce.options import fill_options
from assistant.commerce.order import Order
from assistant.commerce.payment import ATTEMPT_ENDS, Attempt, Payment
from assistant.commerce.stock import stock_keys
from assistant.dialogue import basket, flow
from assistant.dialogue.draft import Draft
from assistant.dialogue.names import method_name
from assistant.dialogue.say import Code, Lines
from assistant.dialogue.state import Asked, Charge, StockMove
from assistant.dialogue.view import order_json, payment_view
from assistant.steps import Said, Step
from assistant.turns import Act, LineSaid, OptionSaid, View

PLACED = "placed"
"""Said of an act on an order: the one that was placed before, and not what is in the basket."""


def settled_order(draft: Draft, act: Act | None = None) -> tuple[Order, Payment] | None:
    """The placed order that is meant: by its number, the one just made, or the latest. Only the buyer's own are known
    here, so that the number of somebody else's finds nothing."""
    wanted = number_said(act)
    order = draft.order
    if order is not None and order.number is not None and wanted in (None, order.number):
        return order, draft.payment
    placed = [
        one
        for one in draft.scene.orders
        if one.order.number is not None and (wanted is None or one.order.number == wanted)
    ]
    going = [one for one in placed if one.order.stage not in ("done", "cancelled")] or placed
    return (going[0].order, going[0].payment) if going else None


def number_said(act: Act | None) -> str | None:
    """The number of the order that an act is about, where it was said."""
    value = act.value if act is not None and act.value != PLACED else None
    return value.get("order") if isinstance(value, dict) else value if isinstance(value, str) else None


def status(draft: Draft, act: Act) -> None:
    order = draft.order
    wanted = number_said(act)
    if order is not None and order.stage == "open" and draft.payment.live is not None and wanted is None:
        tell_payment(draft)
        return
    found = settled_order(draft, act)
    if found is None:
        if wanted is not None:
            draft.say("no_such_order", number=Code(wanted))
        elif order is not None and order.stage == "cancelled":
            back = draft.payment.refunded
            draft.say("was_cancelled_back" if back else "was_cancelled", amount=Money(back, order.currency))
        elif order is not None and draft.payment.review:
            draft.say("money.review")
        elif order is not None and order.lines and (last := failed(draft)) is not None:
            _tell_failed(draft, last)
        elif order is not None and order.lines:
            draft.say("not_ordered_yet")
        else:
            draft.say("no_orders")
        return
    order, payment = found
    tell_stage(draft, order, payment)
    draft.remember(order=order.id)
    draft.views.append(
        View(
            "order",
            order_json(
                order, payment, draft.shop, draft.catalogue, draft.session.language, at=draft.turn.at, link=False
            ),
        )
    )


def failed(draft: Draft) -> Attempt | None:
    """The last payment, where it came to its end and nothing was taken."""
    last = draft.payment.attempts[-1] if draft.payment.attempts else None
    return last if last is not None and last.state in ATTEMPT_ENDS and last.state != "paid" else None


def _tell_failed(draft: Draft, last: Attempt) -> None:
    """What became of a payment that came to nothing: "am I charged?", of what was declined."""
    reason = f"reason.{last.reason}"
    draft.say(
        f"payment.{last.state}",
        method=method_name(draft.shop, last.method),
        reason=Said(reason if draft.voice.has(reason) else "reason.declined"),
    )


def tell_stage(draft: Draft, order: Order, payment: Payment) -> None:
    draft.whole = True
    trade = flow.trade_of(draft.scene)
    draft.say("order_stage", number=Code(order.number or ""), stage=Said(f"{trade.name}.stage.{order.stage}"))
    if order.expected_at is not None and order.stage not in ("done", "cancelled") and order.expected_at > draft.turn.at:
        draft.say(draft.by_trade("expected"), time=draft.clock(order.expected_at))
    tell_money(draft, order, payment)


def tell_money(draft: Draft, order: Order, payment: Payment) -> None:
    """What was paid for an order, or is to be."""
    money = payment.status
    if order.stage == "cancelled" and not payment.captured:
        draft.say("payment.closed_after", number=Code(order.number or ""))
    elif money == "due":
        agreed = payment.live
        own = f"{agreed.provider}.due" if agreed is not None else ""
        draft.say(
            own if draft.voice.has(own) else draft.by_trade("due", "money.due"),
            amount=Money(flow.bill(draft.scene, order).total, order.currency),
        )
    elif money in ("paid", "partly_refunded", "refunded"):
        draft.say(
            f"money.{money}",
            amount=Money(payment.captured, order.currency),
            refunded=Money(payment.refunded, order.currency),
        )
    elif money == "review":
        draft.say("money.review")
    if payment.refunding:
        draft.say("money.refunding", amount=Money(payment.refunding, order.currency))


def tell_payment(draft: Draft) -> None:
    """What is known of the payment under way. An answer that got lost is never called failed."""
    live = draft.payment.live
    if live is None:
        return
    draft.whole = True
    if draft.payment.review:
        draft.say("money.review")
    elif live.state == "waiting" and not live.pays_later:
        draft.say("payment.waiting", amount=Money(live.amount, live.currency))
        draft.views.append(payment_view(live))
    else:
        draft.say("payment.checking", amount=Money(live.amount, live.currency))
    draft.quiet = True


def change_placed(draft: Draft, act: Act) -> bool:
    """Details of an order that is placed and not begun: address, time, contact. True when that was meant."""
    found = settled_order(draft)
    if found is None:
        return False
    order, payment = found
    if order.stage != "placed":
        draft.say(
            "too_late_to_change",
            number=Code(order.number or ""),
            stage=Said(f"{flow.trade_of(draft.scene).name}.stage.{order.stage}"),
        )
        return True
    for step in flow.steps():
        read = step.read(draft.scene, order, act)
        if read is None:
            continue
        draft.answered = True
        if read.refused:
            draft.said.extend(read.said)
            return True
        if read.order == order:
            tell_stage(draft, order, payment)
            return True
        if not step.applies(draft.scene, read.order):  # "deliver it to 14 Lake Road", of what is picked up
            if not any(one.key == "change_changes_price" for one in draft.said):
                draft.say("change_changes_price", number=Code(order.number or ""))
            return True
        if _price_anew(draft, read.order) != _price_anew(draft, order):
            draft.say("change_changes_price", number=Code(order.number or ""))
            return True
        changed = replace(read.order, expected_at=expected_at(read.order, draft.shop, order.placed_at or draft.turn.at))
        draft.put(changed)
        draft.say("order_changed", number=Code(order.number or ""))
        draft.said.extend(told for told in [step.tell(draft.scene, read.order)] if told is not None)
        return True
    return False


MOVABLE = frozenset({"contact", "address", "time"})
"""Steps whose answer may become another while an order is placed and not begun: it costs the same."""


def anew(draft: Draft, order: Order, step: Step | None, name: str) -> None:
    """Asks for another answer to what is settled of a placed order, where that can be: "wrong number"."""
    number = Code(order.number or "")
    if order.stage != "placed":
        stage = Said(f"{flow.trade_of(draft.scene).name}.stage.{order.stage}")
        draft.say("too_late_to_change", number=number, stage=stage)
    elif name == "any":
        draft.say(draft.by_trade("can_be_changed"), number=number)
    elif name == "method":
        draft.say("method_settled")
    elif step is None or name not in MOVABLE or not step.applies(draft.scene, order):
        draft.say("change_changes_price", number=number)
    else:
        draft.question = step.ask(draft.scene, flow.with_fact(order, step.name, None))
        draft.asked = Asked(step=step.name)


def _price_anew(draft: Draft, order: Order) -> int:
    """What an order would cost if it were made now: whether a change touches what was agreed to."""
    return flow.bill(draft.scene, replace(order, consent=None)).total


def reorder(draft: Draft, act: Act) -> None:
    """The last order again, or the usual: what was ordered most often. Priced at today's prices."""
    placed = [one.order for one in draft.scene.orders if one.order.number is not None and one.order.lines]
    # Of orders that were cancelled only where there are no others: then just that is wanted again.
    past = [one for one in placed if one.stage != "cancelled"] or placed
    last = draft.order
    if isinstance(act.value, str) and act.value not in ("usual", "last"):
        past = [one for one in placed if one.number == act.value]
        if not past and last is not None and last.number == act.value and last.lines:
            past = [last]
        if not past:
            draft.say("no_such_order", number=Code(act.value))
            return
    if last is not None and last.lines and last.stage not in ("open", "cancelled") and act.value is None:
        past = [last]
    if not past and last is not None and last.stage == "cancelled" and last.lines:
        past = [last]  # what was called off before it was ordered
    if not past:
        draft.say("no_past_orders")
        return
    if act.value == "usual":
        seen = Counter(map(_content, past))
        best = max(seen.values())
        past = [one for one in past if seen[_content(one)] == best]
    source = past[0]
    lines, lost = [], []
    for line in source.lines:
        item = draft.catalogue.item(line.item)
        if item is None:
            lost.append(line)
            continue
        said = tuple(OptionSaid(one.option, one.choice, one.amount, one.part) for one in line.options)
        if fill_options(item, said).problems:
            said = tuple(one for one in said if not fill_options(item, (one,)).problems)
        lines.append(LineSaid(line.item, line.quantity, said))
    if source.number is not None:
        draft.say("again", number=Code(source.number))
    if lost:
        draft.say("not_any_more", lines=Lines(tuple(lost), short=True))
    if lines:
        basket.add(draft, Act("add", tuple(lines), sure=True))


def _content(order: Order) -> tuple[str, ...]:
    """What was ordered, whatever its order: equal for equal baskets."""
    return tuple(sorted(f"{one.quantity} {one.item} {one.options}" for one in order.lines))


def charge(draft: Draft, order: Order) -> None:
    """Sets off the charge for a consented order and holds its stock."""
    keys = stock_keys(order, draft.catalogue)
    if keys:
        until = draft.turn.at + dt.timedelta(minutes=draft.shop.limits.hold_minutes)
        draft.stock.append((order.id, StockMove("hold", keys, until)))
    draft.effects.append((order.id, Charge(str(order.facts["method"]))))
    draft.agreed = True

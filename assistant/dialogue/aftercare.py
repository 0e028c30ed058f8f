"""After the sale: status, change, cancel, refund, reorder, receipt. Pure."""

from __future__ import annotations

import datetime as dt
from collections import Counter

from msgspec.structs import replace

from assistant.commerce.fulfilment import cancellation_refund, expected_at
from assistant.commerce.money import Money
from assistant.commerce.options import fill_options
from assistant.commerce.order import ORDER_MOVES, Line, Order
from assistant.commerce.payment import Payment, units_back, units_left
from assistant.commerce.pricing import refund_of
from assistant.commerce.stock import stock_keys
from assistant.dialogue import attended, basket, flow
from assistant.dialogue.draft import Draft
from assistant.dialogue.names import category_name
from assistant.dialogue.say import Code, Joined, Lines
from assistant.dialogue.state import Charge, Close, PayBack, StockMove
from assistant.dialogue.view import order_json, payment_view
from assistant.steps import Said
from assistant.turns import Act, LineSaid, OptionSaid, View

REFUNDABLE = frozenset({"placed", "preparing", "ready", "on_the_way"})
"""Stages in which a buyer gets money back by asking; later the shop decides (`voicetill orders refund`)."""


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
    value = act.value if act is not None else None
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


def cancel(draft: Draft, act: Act) -> None:
    order = draft.order
    if order is not None and order.stage == "open" and not isinstance(act.value, str) and (order.lines or order.facts):
        _cancel_open(draft, order)
        return
    found = settled_order(draft, act)
    if found is None and (wanted := number_said(act)) is not None:
        draft.say("no_such_order", number=Code(wanted))
        return
    asked = draft.session.asked
    if found is None and asked is not None and asked.step is None and asked.candidates:
        draft.session = replace(draft.session, asked=None)  # nothing is there but what is offered: that isn't wanted
        draft.say("all_right")
        return
    elsewhere = number_said(act) is None and order is not None and order.stage == "open" and not order.lines
    if found is None or (elsewhere and found[0].stage in ("done", "cancelled")):
        draft.say(draft.by_trade("nothing_to_cancel") if found is None else "nothing_to_cancel")
        return
    order, payment = found
    if order.stage == "cancelled":
        draft.say("already_cancelled", number=Code(order.number or "")) if order.number else draft.say(
            "nothing_to_cancel"
        )
        return
    begun = (
        any(one.when for one in order.lines) and order.expected_at is not None and draft.turn.at >= order.expected_at
    )
    if begun or "cancelled" not in ORDER_MOVES[order.stage] or order.stage not in ("placed", "preparing"):
        draft.say(
            "too_late_begun" if begun and order.stage == "placed" else "too_late_to_cancel",
            number=Code(order.number or ""),
            stage=Said(f"{flow.trade_of(draft.scene).name}.stage.{order.stage}"),
        )
        return
    back = cancellation_refund(order, draft.shop, draft.turn.at, payment.refundable)
    if not _agreed(draft, act, back):
        again = (replace(act, value=order.number, sure=True),)
        if back:
            draft.ask(
                "cancel_and_refund",
                "cancel",
                again,
                number=Code(order.number or ""),
                amount=Money(back, order.currency),
            )
        elif payment.refundable > 0:
            draft.ask("cancel_no_refund", "cancel", again, number=Code(order.number or ""))
        else:
            draft.ask("cancel_unpaid", "cancel", again, number=Code(order.number or ""))
        return
    _store(draft, replace(order, stage="cancelled"))
    draft.stock.append((order.id, StockMove("restock")))
    draft.say("order_cancelled", number=Code(order.number or ""))
    live = payment.live
    if live is not None:
        draft.effects.append((order.id, Close(live.id, "cancel")))
    if back:
        _pay_back(draft, order, payment, back, "cancelled", tuple(units_left(order, payment).items()))
    draft.quiet = True


def _agreed(draft: Draft, act: Act, amount: int) -> bool:
    """Whether this is the yes to what was asked, and just that amount was heard: since then the time to cancel for
    nothing may have passed, or the shop may have paid something back."""
    asked = draft.known.asked
    return act.sure and asked is not None and (asked.amount or 0) == amount


def _cancel_open(draft: Draft, order: Order) -> None:
    live = draft.payment.live
    if live is not None:
        draft.effects.append((order.id, Close(live.id, "cancel")))
        draft.order = flow.with_fact(order, "cancel", "asked")
        draft.say("closing_payment")
        draft.quiet = True
        return
    draft.edit(replace(order, stage="cancelled"))
    draft.stock.append((order.id, StockMove("release")))
    draft.say("basket_cancelled")
    draft.quiet = True


def _store(draft: Draft, order: Order) -> None:
    if draft.order is not None and order.id == draft.order.id:
        draft.order = order
    else:
        draft.others.append(order)


def _pay_back(
    draft: Draft, order: Order, payment: Payment, amount: int, reason: str, lines: tuple[tuple[int, int], ...]
) -> None:
    """Pays back from captured attempts, the latest first."""
    left = amount
    for attempt in reversed(payment.attempts):
        if attempt.state != "paid" or left <= 0:
            continue
        given = sum(one.amount for one in payment.refunds if one.attempt == attempt.id and one.state != "failed")
        part = min(left, attempt.amount - given)
        if part > 0:
            # The lines stand in the first: they count once.
            draft.effects.append((order.id, PayBack(attempt.id, part, reason, () if left < amount else lines)))
            left -= part
    draft.say("refund_started", amount=Money(amount - left, order.currency))


def refund(draft: Draft, act: Act) -> None:
    """Full or by line. The amount is said and agreed to before anything is asked of the provider."""
    found = settled_order(draft, act)
    if found is None and act.lines and draft.order is not None and draft.order.lines:
        basket.remove(draft, Act("remove", act.lines))  # 退一瓶, of what isn't ordered yet
        return
    if found is None:
        wanted = number_said(act)
        draft.say("no_orders") if wanted is None else draft.say("no_such_order", number=Code(wanted))
        return
    order, payment = found
    if not payment.captured:
        part = bool(act.lines or (isinstance(act.value, dict) and act.value.get("part"))) and payment.live is not None
        draft.say("part_unpaid" if part else "nothing_paid", number=Code(order.number or ""))
        if part:
            attended.call(draft, act)  # what is to be paid at the door only the shop can change
        return
    if payment.refundable <= 0:
        draft.say("already_refunded", number=Code(order.number or ""))
        return
    if order.stage == "cancelled" and not payment.refunding:  # the rest is kept by the rule that was agreed to
        tell_stage(draft, order, payment)
        return
    if order.stage not in REFUNDABLE:
        draft.say("refund_by_person", number=Code(order.number or ""))
        attended.call(draft, act)
        return
    said = act.value if isinstance(act.value, dict) else {}
    share = int(said.get("percent", 0))
    if share and not act.lines and "books_nights" not in flow.trade_of(draft.scene).traits:
        _refund_share(draft, order, payment, act, share)
        return
    if said.get("part") and not act.lines and "books_nights" not in flow.trade_of(draft.scene).traits:
        _ask_which_part(draft, order, payment, act)
        return
    whole = not act.lines and order.stage in ("placed", "preparing") and not payment.refunded
    if whole or "books_nights" in flow.trade_of(draft.scene).traits:  # nothing is made that was paid back
        if not act.sure and (share or said.get("part") or (act.lines and len(order.lines) > 1)):
            draft.say("whole_only")
        cancel(draft, replace(act, act="cancel"))
        return
    gone, left = units_back(payment), units_left(order, payment)
    lines = _meant(draft, order, left, act)
    if lines is None:
        return
    if said.get("came"):
        lines = _missing(order, lines, left)
    amount = min(payment.refundable, refund_amount(draft, order, gone, lines)) if act.lines else payment.refundable
    amount = amount * share // 100 if share else amount
    if amount <= 0:
        worth = refund_of(flow.bill(draft.scene, order), list(gone.items()))
        partly = payment.refunded + payment.refunding < worth  # half of it was paid back: the units count as gone
        draft.say("share_paid_back" if partly else "already_refunded", number=Code(order.number or ""))
        return
    if not _agreed(draft, act, amount):
        key = "refund_lines" if act.lines else "refund_all"
        named = tuple(replace(one, quantity=count) for line_id, count in lines if (one := order.line(line_id)))
        draft.ask(
            key,
            "refund",
            (replace(act, value={**said, "order": order.number}, sure=True),),
            number=Code(order.number or ""),
            lines=Lines(named, short=True),
            amount=Money(amount, order.currency),
        )
        return
    _pay_back(draft, order, payment, amount, "asked", lines)
    draft.quiet = True


def _missing(order: Order, came: tuple[tuple[int, int], ...], left: dict[int, int]) -> tuple[tuple[int, int], ...]:
    """What didn't come, of an order of which only some goods did, and wasn't paid back yet: the others of their lines,
    or where those are all there the other lines."""
    got = dict(came)
    short = {one.id for one in order.lines if one.id in got and got[one.id] < one.quantity}
    missing = {
        line_id: count - got.get(line_id, 0)
        for line_id, count in left.items()
        if (line_id in short or (not short and line_id not in got)) and count > got.get(line_id, 0)
    }
    return tuple(missing.items())


def _refund_share(draft: Draft, order: Order, payment: Payment, act: Act, percent: int) -> None:
    """So much of what was paid, where no goods are named: "refund half"."""
    amount = min(payment.captured * percent // 100, payment.refundable)
    if not _agreed(draft, act, amount):
        again = (replace(act, value={"percent": percent, "order": order.number}, sure=True),)
        draft.ask("refund_all", "refund", again, number=Code(order.number or ""), amount=Money(amount, order.currency))
        return
    _pay_back(draft, order, payment, amount, "asked", ())
    draft.quiet = True


def _containing(draft: Draft, order: Order, said: LineSaid) -> Line | None:
    """The line of an order that has these goods as a part, as a meal has its fries."""
    item = draft.catalogue.item(said.item or "")
    names = {name for one in item.names.values() for name in one} if item is not None else set()
    for line in order.lines:
        whole = draft.catalogue.item(line.item)
        if whole is None:
            continue
        for chosen in line.options:
            option = whole.option(chosen.option)
            choice = option.choice(chosen.choice) if option is not None and chosen.amount is None else None
            if choice is not None and names & {name for one in choice.names.values() for name in one}:
                return line
    return None


def _meant(draft: Draft, order: Order, left: dict[int, int], act: Act) -> tuple[tuple[int, int], ...] | None:
    """(line id, quantity) to pay back, each line once, of what is `left` of each."""
    if not act.lines:
        return tuple(left.items())
    meant: Counter[int] = Counter()
    for said in act.lines:
        kind = (said.item or "").startswith("#")
        lines: list[Line] = [
            one
            for one in order.lines
            if said.item is None or one.item == said.item or (kind and _is_of(draft, one, said))
        ]
        if isinstance(said.which, int) and 0 < said.which <= len(order.lines):
            lines = [order.lines[said.which - 1]]
        if not lines and not isinstance(said.which, int):
            lines = _of_the_kind(draft, order, said)
        if not lines:
            name = category_name(draft.catalogue, said.item or "") if kind else draft.item_name(said.item or "")
            whole = _containing(draft, order, said)
            if whole is not None:
                draft.say("part_of_whole", item=name, lines=Lines((whole,), short=True))
            else:
                draft.say("not_in_order", item=name, number=Code(order.number or ""))
            return None
        if kind and len({one.item for one in lines}) > 1:
            _ask_which(draft, act, said, lines)
            return None
        wanted = said.quantity if said.quantity is not None else sum(one.quantity for one in lines)
        for line in lines:
            count = min(wanted, left.get(line.id, 0) - meant[line.id])
            if count > 0:
                meant[line.id] += count
                wanted -= count
    return tuple(meant.items())


def _ask_which_part(draft: Draft, order: Order, payment: Payment, act: Act) -> None:
    """What of an order is to be paid back, where only "a part of it" is said; how much that is comes next."""
    left = units_left(order, payment)
    lines = [replace(one, quantity=left[one.id]) for one in order.lines if left.get(one.id)]
    places = {one.id: at for at, one in enumerate(order.lines, 1)}
    acts = [(replace(act, lines=(LineSaid(one.item, which=places[one.id]),), value=None),) for one in lines]
    short = len({one.item for one in lines}) == len(lines)  # two of a kind are told apart by what was chosen
    draft.ask("refund_which", "items", *acts, labels=tuple(Lines((one,), short=short) for one in lines))


def _is_of(draft: Draft, line: Line, said: LineSaid) -> bool:
    item = draft.catalogue.item(line.item)
    return item is not None and f"#{item.category}" == said.item


def _ask_which(draft: Draft, act: Act, said: LineSaid, lines: list[Line]) -> None:
    """Which goods of a kind are meant, where an order has several."""
    goods = {one.item: replace(one, quantity=said.quantity or one.quantity) for one in lines}
    acts = [(replace(act, lines=(replace(said, item=item),)),) for item in goods]
    labels = tuple(Lines((one,), short=True) for one in goods.values())
    draft.ask("did_you_mean_which", "heard", *acts, labels=labels, what=Joined(labels, "or"))


def _of_the_kind(draft: Draft, order: Order, said: LineSaid) -> list[Line]:
    """The lines of the only goods in an order that are of the kind of what was named: a burger, where a cheeseburger
    was ordered. They are named before anything is paid back."""
    meant = draft.catalogue.item(said.item or "")
    kind = [
        one
        for one in order.lines
        if (item := draft.catalogue.item(one.item)) and meant and item.category == meant.category
    ]
    return kind if len({one.item for one in kind}) == 1 else []


def refund_amount(draft: Draft, order: Order, gone: Counter[int], lines: tuple[tuple[int, int], ...]) -> int:
    """What these units really cost, discounts and tax included.

    Counted from the units already paid back, so that a line paid back unit by unit gives the line to the minor unit.
    """
    bill = flow.bill(draft.scene, order)
    before = [(line_id, gone[line_id]) for line_id, _count in lines]
    after = [(line_id, gone[line_id] + count) for line_id, count in lines]
    return refund_of(bill, after) - refund_of(bill, before)


def change_placed(draft: Draft, act: Act) -> bool:
    """Details of an order that is placed and not begun: address, time, contact. True when that was meant."""
    found = settled_order(draft)
    if found is None:
        return False
    order, _payment = found
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
        if _price_anew(draft, read.order) != _price_anew(draft, order):
            draft.say("change_changes_price", number=Code(order.number or ""))
            return True
        changed = replace(read.order, expected_at=expected_at(read.order, draft.shop, order.placed_at or draft.turn.at))
        _store(draft, changed)
        told = step.tell(draft.scene, read.order)
        draft.say("order_changed", number=Code(order.number or ""), what=told or Said("done"))
        return True
    return False


def _price_anew(draft: Draft, order: Order) -> int:
    """What an order would cost if it were made now: whether a change touches what was agreed to."""
    return flow.bill(draft.scene, replace(order, stage="open")).total


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

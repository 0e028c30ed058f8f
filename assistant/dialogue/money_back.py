"""Money back: an order called off, paid back whole, by line, or by a share of it. Pure.

What comes back is said and agreed to before a provider is asked for anything.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from assistant.commerce.catalogue import Item
from assistant.commerce.fulfilment import cancellation_refund
from assistant.commerce.money import Money
from assistant.commerce.order import ORDER_MOVES, Line, Order
from assistant.commerce.payment import Payment, units_back, units_left
from assistant.commerce.pricing import refund_of
from assistant.dialogue import attended, basket, flow
from assistant.dialogue.aftercare import PLACED, number_said, settled_order, tell_stage
from assistant.dialogue.draft import Draft
from assistant.dialogue.names import category_name
from assistant.dialogue.say import Code, Joined, Lines
from assistant.dialogue.state import Close, PayBack, StockMove
from assistant.steps import Said
from assistant.turns import Act, LineSaid

REFUNDABLE = frozenset({"placed", "preparing", "ready", "on_the_way"})
"""Stages in which a buyer gets money back by asking; later the shop decides (`voicetill orders refund`)."""

Units = tuple[tuple[int, int], ...]
"""(line id, how many of it)."""


# ------------------------------------------------------------------------------------------------ calling off


def cancel(draft: Draft, act: Act) -> None:
    order = draft.order
    placed = isinstance(act.value, str) and (act.value != PLACED or settled_order(draft, act) is not None)
    if order is not None and order.stage == "open" and not placed and (order.lines or order.facts):
        _cancel_open(draft, order)
        return
    found = _to_cancel(draft, act)
    if found is None or _too_late(draft, found[0]):
        return
    order, payment = found
    back = cancellation_refund(order, draft.shop, draft.turn.at, payment.refundable)
    number, amount = Code(order.number or ""), Money(back, order.currency)
    if not _agreed(draft, act, back):
        again = (replace(act, value=order.number, sure=True),)
        if back:
            draft.ask("cancel_and_refund", "cancel", again, number=number, amount=amount)
        else:
            draft.ask("cancel_no_refund" if payment.refundable > 0 else "cancel_unpaid", "cancel", again, number=number)
        return
    draft.put(replace(order, stage="cancelled"))
    draft.stock.append((order.id, StockMove("restock")))
    draft.say("order_cancelled", number=number)
    live = payment.live
    if live is not None:
        draft.effects.append((order.id, Close(live.id, "cancel")))
    if back:
        _pay_back(draft, order, payment, back, "cancelled", tuple(units_left(order, payment).items()))
    draft.quiet = True


def refused(draft: Draft, act: Act) -> None:
    """A no that answers no question. While a payment waits, it may be meant of that, and of what was paid already
    where no money is to be taken: "don't charge me"."""
    order, live = draft.order, draft.payment.live
    if order is not None and order.stage == "open" and live is not None and act.value not in ("wait", "keep"):
        draft.ask("stop_payment", "cancel", (Act("cancel"),), total=Money(live.amount, live.currency))
    elif act.value != "charge":
        draft.say("all_right")
    elif order is not None and order.stage not in ("open", "cancelled"):
        cancel(draft, Act("cancel"))
    else:
        draft.say("nothing_charged")


def _to_cancel(draft: Draft, act: Act) -> tuple[Order, Payment] | None:
    """The placed order that is to be called off; where there is none, it is said."""
    order, wanted, asked = draft.order, number_said(act), draft.session.asked
    found = settled_order(draft, act)
    if found is None:
        if wanted is not None:
            draft.say("no_such_order", number=Code(wanted))
        elif asked is not None and asked.step is None and asked.candidates:
            draft.session = replace(draft.session, asked=None)  # only what is offered is there: that isn't wanted
            draft.say("all_right")
        else:
            draft.say(draft.by_trade("nothing_to_cancel"))
        return None
    elsewhere = wanted is None and order is not None and order.stage == "open" and not order.lines
    if elsewhere and found[0].stage in ("done", "cancelled"):
        draft.say("nothing_to_cancel")
        return None
    if found[0].stage == "cancelled":
        number = found[0].number
        draft.say("already_cancelled", number=Code(number)) if number else draft.say("nothing_to_cancel")
        return None
    return found


def _too_late(draft: Draft, order: Order) -> bool:
    """Whether an order can't be called off any more, which is said then."""
    begun = (
        any(one.when for one in order.lines) and order.expected_at is not None and draft.turn.at >= order.expected_at
    )
    if not begun and "cancelled" in ORDER_MOVES[order.stage] and order.stage in ("placed", "preparing"):
        return False
    draft.say(
        "too_late_begun" if begun and order.stage == "placed" else "too_late_to_cancel",
        number=Code(order.number or ""),
        stage=Said(f"{flow.trade_of(draft.scene).name}.stage.{order.stage}"),
    )
    return True


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
    draft.edit(replace(order, stage="cancelled"))  # goods are held only while a payment is under way
    draft.say("basket_cancelled")
    draft.quiet = True


# ------------------------------------------------------------------------------------------------ paying back


def refund(draft: Draft, act: Act) -> None:
    """Full, by line, or a share. The amount is said and agreed to before anything is asked of the provider."""
    regretted = _is_regretted(act)
    if regretted:
        draft.say("sorry_for_it")
        act = _without_fault(act)
    act = _of_sum(draft, _with_asked(draft, act))
    found = settled_order(draft, act)
    if found is None:
        _of_nothing_placed(draft, act)
        return
    order, payment = found
    if regretted and "books_nights" in flow.trade_of(draft.scene).traits:
        attended.call(draft, act)  # nobody who is cold in a room calls the stay off
        return
    if _not_refundable(draft, order, payment, act):
        return
    said: Mapping[str, Any] = act.value if isinstance(act.value, dict) else {}
    share, part = int(said.get("percent", 0)), bool(said.get("part"))
    nights = "books_nights" in flow.trade_of(draft.scene).traits
    if share and not act.lines and not nights:
        _refund_share(draft, order, payment, act, share)
    elif part and not act.lines and not nights:
        _ask_which_part(draft, order, payment, act)
    elif nights or (not act.lines and order.stage in ("placed", "preparing") and not payment.refunded):
        if not act.sure and (share or part or _of_some(order, act)):
            draft.say("whole_only")
        cancel(draft, replace(act, act="cancel"))  # nothing is made that was paid back
    else:
        _refund_units(draft, order, payment, act, said)


def _is_regretted(act: Act) -> bool:
    """Whether fault is found with what came, or didn't."""
    return isinstance(act.value, dict) and not act.sure and not act.value.keys().isdisjoint({"failed", "came"})


def _without_fault(act: Act) -> Act:
    """What is paid back, whatever the fault was; where no goods are named, it is asked of which."""
    if "failed" not in act.value:
        return act
    return replace(act, value=None if act.lines else {"part": True})


def _of_some(order: Order, act: Act) -> bool:
    """Whether only some of what an order has is named: "cancel one of the rooms"."""
    fewer = any(
        said.quantity and said.quantity < sum(one.quantity for one in order.lines if one.item == said.item)
        for said in act.lines
    )
    return fewer or (bool(act.lines) and len(order.lines) > 1)


def _with_asked(draft: Draft, act: Act) -> Act:
    """The act with the goods of which the money is asked about already: "and the bread too"."""
    asked = draft.known.asked
    if asked is None or asked.kind != "refund" or act.sure or not act.lines or len(draft.meaning.acts) > 1:
        return act
    before = asked.candidates[0][0]
    known = {one.item for one in before.lines}
    whole = isinstance(before.value, dict) and before.value.keys() == {"order"}
    if not known or not whole or act.value is not None or any(one.item in known for one in act.lines):
        return act
    return replace(act, lines=(*before.lines, *act.lines), value=before.value)


def _of_sum(draft: Draft, act: Act) -> Act:
    """A sum of money names no goods, "refund me 35": what is asked about already is asked once more, else which part
    of the order it is."""
    if not isinstance(act.value, dict) or "amount" not in act.value or act.lines:
        return act
    asked = draft.known.asked
    if asked is not None and asked.kind == "refund" and asked.candidates:
        return replace(asked.candidates[0][0], sure=False)
    return replace(act, value={"part": True})


def _of_nothing_placed(draft: Draft, act: Act) -> None:
    """Money back where nothing of it was ordered."""
    wanted = number_said(act)
    if act.lines and draft.order is not None and draft.order.lines:
        basket.remove(draft, Act("remove", act.lines))  # 退一瓶, of what isn't ordered yet
    elif wanted is None:
        draft.say("no_orders")
    else:
        draft.say("no_such_order", number=Code(wanted))


def _not_refundable(draft: Draft, order: Order, payment: Payment, act: Act) -> bool:
    """Whether nothing can be paid back here, which is said then."""
    number = Code(order.number or "")
    if not payment.captured:
        part = bool(act.lines or (isinstance(act.value, dict) and act.value.get("part"))) and payment.live is not None
        draft.say("part_unpaid" if part else "nothing_paid", number=number)
        if part:
            attended.call(draft, act)  # what is to be paid at the door only the shop can change
    elif payment.refundable <= 0:
        draft.say("already_refunded", number=number)
    elif order.stage == "cancelled" and not payment.refunding:  # the rest is kept by the rule that was agreed to
        tell_stage(draft, order, payment)
    elif order.stage not in REFUNDABLE:
        draft.say("refund_by_person", number=number)
        attended.call(draft, act)
    else:
        return False
    return True


def all_but(draft: Draft, act: Act, asked: Act) -> Act | None:
    """The refund of what was asked about but for the goods that are to stay: "not the burger"."""
    found = settled_order(draft, asked)
    if found is None or "books_nights" in flow.trade_of(draft.scene).traits:
        return None
    lines = asked.lines or tuple(dict.fromkeys(LineSaid(one.item) for one in found[0].lines))
    staying = {
        one.item for one in found[0].lines for said in act.lines if said.item == one.item or _is_of(draft, one, said)
    }
    others = tuple(one for one in lines if one.item not in staying)
    number = {"order": found[0].number} if found[0].number else {}
    return Act("refund", others, value=number) if others and staying else None


def _refund_units(draft: Draft, order: Order, payment: Payment, act: Act, said: Mapping[str, Any]) -> None:
    """What these goods cost, or a share of it; where none are named, all that is left."""
    number = Code(order.number or "")
    gone, left = units_back(payment), units_left(order, payment)
    lines = _meant(draft, order, left, act)
    if lines is None:
        return
    if said.get("came"):
        lines = _missing(order, lines, left)
    amount = min(payment.refundable, refund_amount(draft, order, gone, lines)) if act.lines else payment.refundable
    if share := int(said.get("percent", 0)):
        amount = amount * share // 100
    if amount <= 0:
        worth = refund_of(flow.bill(draft.scene, order), list(gone.items()))
        partly = payment.refunded + payment.refunding < worth  # half of it was paid back: the units count as gone
        draft.say("share_paid_back" if partly else "already_refunded", number=number)
        return
    if not _agreed(draft, act, amount):
        draft.ask(
            "refund_lines" if act.lines else "refund_all",
            "refund",
            (replace(act, value={**said, "order": order.number}, sure=True),),
            number=number,
            lines=Lines(
                tuple(replace(one, quantity=count) for line_id, count in lines if (one := order.line(line_id))),
                short=True,
            ),
            amount=Money(amount, order.currency),
        )
        return
    _pay_back(draft, order, payment, amount, "asked", lines)
    draft.quiet = True


def _refund_share(draft: Draft, order: Order, payment: Payment, act: Act, percent: int) -> None:
    """So much of what was paid, where no goods are named: "refund half"."""
    amount = min(payment.captured * percent // 100, payment.refundable)
    if not _agreed(draft, act, amount):
        again = (replace(act, value={"percent": percent, "order": order.number}, sure=True),)
        draft.ask("refund_all", "refund", again, number=Code(order.number or ""), amount=Money(amount, order.currency))
        return
    _pay_back(draft, order, payment, amount, "asked", ())
    draft.quiet = True


def _ask_which_part(draft: Draft, order: Order, payment: Payment, act: Act) -> None:
    """What of an order is to be paid back, where only "a part of it" is said; how much that is comes next."""
    left = units_left(order, payment)
    lines = [replace(one, quantity=left[one.id]) for one in order.lines if left.get(one.id)]
    places = {one.id: at for at, one in enumerate(order.lines, 1)}
    acts = [(replace(act, lines=(LineSaid(one.item, which=places[one.id]),), value=None),) for one in lines]
    if len(acts) == 1:
        refund(draft, acts[0][0])
        return
    short = len({one.item for one in lines}) == len(lines)  # two of a kind are told apart by what was chosen
    draft.ask("refund_which", "items", *acts, labels=tuple(Lines((one,), short=short) for one in lines))


# ------------------------------------------------------------------------------------------------ of which goods


def _meant(draft: Draft, order: Order, left: dict[int, int], act: Act) -> Units | None:
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
            at = order.lines[said.which - 1]
            if at in lines or not lines:
                lines = [at]
            else:
                said = replace(said, quantity=1)  # "the second Coke" of two is no second line
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
        if said.item is None and said.which is None and len({one.item for one in lines}) > 1:
            _ask_which(draft, act, said, lines)  # 退一杯: of which goods isn't told
            return None
        wanted = said.quantity if said.quantity is not None else sum(one.quantity for one in lines)
        for line in lines:
            count = min(wanted, left.get(line.id, 0) - meant[line.id])
            if count > 0:
                meant[line.id] += count
                wanted -= count
    return tuple(meant.items())


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
    """The lines of the only goods in an order that are of the kind of what was named and called like it: a hamburger,
    where a cheeseburger was ordered. They are named before anything is paid back."""
    meant = draft.catalogue.item(said.item or "")
    goods = {one.item: item for one in order.lines if (item := draft.catalogue.item(one.item))}
    kind = [item for item in goods.values() if meant and item.category == meant.category]
    if meant is None or len(kind) != 1 or not _called_alike(meant, kind[0]):
        return []
    return [one for one in order.lines if one.item == kind[0].id]


def _called_alike(one: Item, other: Item) -> bool:
    """Whether names of both share a word, or end alike: Coke and Coke Zero, hamburger and cheeseburger, 牛肉汉堡 and
    芝士汉堡."""
    mine, theirs = ([name.casefold() for names in item.names.values() for name in names] for item in (one, other))
    return any(
        not set(here.split()).isdisjoint(there.split()) or _ending(here) == _ending(there)
        for here in mine
        for there in theirs
    )


def _ending(name: str) -> str:
    return name[-4:] if name.isascii() else name[-2:]


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


def _missing(order: Order, came: Units, left: dict[int, int]) -> Units:
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


# ------------------------------------------------------------------------------------------------ how much


def refund_amount(draft: Draft, order: Order, gone: Counter[int], lines: Units) -> int:
    """What these units really cost, discounts and tax included.

    Counted from the units already paid back, so that a line paid back unit by unit gives the line to the minor unit.
    """
    bill = flow.bill(draft.scene, order)
    before = [(line_id, gone[line_id]) for line_id, _count in lines]
    after = [(line_id, gone[line_id] + count) for line_id, count in lines]
    return refund_of(bill, after) - refund_of(bill, before)


def _pay_back(draft: Draft, order: Order, payment: Payment, amount: int, reason: str, lines: Units) -> None:
    made = pay_backs(payment, amount, reason, lines)
    draft.effects.extend((order.id, one) for one in made)
    draft.say("refund_started", amount=Money(sum(one.amount for one in made), order.currency))


def pay_backs(payment: Payment, amount: int, reason: str, lines: Units, asked: str = "") -> tuple[PayBack, ...]:
    """An amount as refunds of captured attempts, the latest first. The lines stand in the first: they count once.
    `asked` is the asker's own id of it."""
    made: list[PayBack] = []
    for attempt in reversed(payment.attempts):
        given = sum(one.amount for one in payment.refunds if one.attempt == attempt.id and one.state != "failed")
        part = min(amount, attempt.amount - given) if attempt.state == "paid" else 0
        if part > 0:
            made.append(PayBack(attempt.id, part, reason, () if made else lines, asked))
            amount -= part
    return tuple(made)

"""What a payment's or refund's result does to the order, and how it is told. Pure."""

from __future__ import annotations

from collections import Counter

import msgspec
from msgspec.structs import replace

from assistant.commerce.fulfilment import expected_at
from assistant.commerce.money import Money
from assistant.commerce.order import Consent, Order
from assistant.commerce.payment import ATTEMPT_MINUTES, LIVE, Attempt, Refund
from assistant.commerce.stock import short_of, stock_keys
from assistant.dialogue import flow
from assistant.dialogue.asking import sold_out_meanwhile
from assistant.dialogue.draft import Draft
from assistant.dialogue.names import method_name
from assistant.dialogue.say import Code, Count, Joined
from assistant.dialogue.state import Asked, Close, Outcome, PayBack, Scene, Session, StockMove
from assistant.dialogue.view import order_json, payment_view
from assistant.steps import Said
from assistant.turns import Act, Meaning, View

SOLD_OUT = "sold_out"
"""Why an agreement to pay later comes to nothing: its goods were gone before it was made."""


def settle(scene: Scene, session: Session | None, order: Order, moved: Attempt | Refund) -> Outcome:
    """A result came. `scene.payment` already holds the moved attempt or refund; `scene.number` is a free order number.

    Late money is taken if the order still can be, else paid back in full. The same result twice changes nothing.
    """
    told = session or Session(
        id=order.session, shop=order.shop, person=order.person, language=order.language, order=order.id
    )
    elsewhere = told.order != order.id
    draft = Draft(scene, told, order, Meaning())
    draft.snapped = draft.whole = True
    if isinstance(moved, Refund):
        _refund(draft, order, moved)
    else:
        _attempt(draft, order, moved)
    if draft.question is None:
        draft.asked = draft.asked or (told.asked if elsewhere else None)
    outcome = draft.outcome()
    if elsewhere:  # the talk has gone on to another order: its question stays open
        outcome = replace(outcome, session=replace(outcome.session, asked=told.asked, last=told.last))
    return outcome


def _attempt(draft: Draft, order: Order, attempt: Attempt) -> None:
    match attempt.state:
        case "paid":
            _paid(draft, order, attempt)
        case "waiting" if attempt.pays_later:
            own = f"{attempt.provider}.agreed_later"
            _place(draft, order, own if draft.voice.has(own) else draft.by_trade("agreed_later"), attempt)
        case "waiting":
            shown = bool(draft.turn.can & {"links", "screen"})
            link = "payment.scan" if shown else "payment.scan_elsewhere"
            key = link if attempt.link else "payment.waiting"
            draft.say(
                key,
                amount=Money(attempt.amount, attempt.currency),
                method=method_name(draft.shop, attempt.method),
                minutes=Count(ATTEMPT_MINUTES, "minute"),
            )
            draft.views.append(payment_view(attempt))
        case "unknown":
            draft.say("payment.unknown", amount=Money(attempt.amount, attempt.currency))
        case "declined" | "expired":
            _not_paid(draft, order, attempt, attempt.state)
        case "closed":
            _not_paid(draft, order, attempt, "closed")


def _paid(draft: Draft, order: Order, attempt: Attempt) -> None:
    given = Counter[str]()
    for one in draft.payment.refunds:
        given[one.attempt] += one.amount if one.state != "failed" else 0
    others = (one for one in draft.payment.attempts if one.state == "paid" and one.id != attempt.id)
    twice = any(one.amount > given[one.id] for one in others)
    wanted = order.stage == "open" and not twice and order.facts.get("cancel") != "asked"
    agreed, gone = flow.still_agreed(order, attempt.fingerprint), sold_out(draft.scene, order)
    if wanted and agreed and not gone:
        _place(draft, order, "paid", attempt)
        return
    if wanted and order.consent is None and flow.fingerprint_of(draft.scene, order) == attempt.fingerprint and not gone:
        session, _, turn = attempt.consent_turn.rpartition("/")
        late = Consent(
            fingerprint=attempt.fingerprint,
            session=session,
            person=order.person,
            turn=turn,
            read_back_turn="",
            at=attempt.created_at,
            total=attempt.amount,
            bill=msgspec.to_builtins(flow.bill(draft.scene, order)),
        )
        _place(draft, replace(order, consent=late), "paid_late", attempt)
        return
    if attempt.amount > given[attempt.id]:
        draft.effects.append((order.id, PayBack(attempt.id, attempt.amount - given[attempt.id], "late")))
    if order.stage == "open" and order.facts.get("cancel") == "asked":
        draft.order = replace(flow.with_fact(order, "cancel", None), stage="cancelled")
        draft.stock.append((order.id, StockMove("release")))
    elif wanted and agreed:  # the merchant took out meanwhile what was held: it can't be had for this money
        draft.order = replace(order, consent=None)
        draft.stock.append((order.id, StockMove("release")))
    draft.say("late_paid_back", amount=Money(attempt.amount, attempt.currency))


def sold_out(scene: Scene, order: Order) -> bool:
    """Whether the goods are no longer to be had: the hold lapsed, or the merchant counts anew."""
    return bool(short_of(order, scene.catalogue, scene.stock))


def _place(draft: Draft, order: Order, key: str, attempt: Attempt) -> None:
    """The order is on: number, expected time, stock sold."""
    at = draft.turn.at
    if draft.session.asked is not None and draft.session.asked.kind == "change":
        draft.say("change_too_late")
    placed = replace(
        order, stage="placed", number=draft.scene.number, placed_at=at, expected_at=expected_at(order, draft.shop, at)
    )
    draft.order = placed
    draft.stock.append((order.id, StockMove("sell", stock_keys(placed, draft.catalogue))))
    way = flow.fulfilment_of(draft.scene, placed)
    when = draft.clock(placed.expected_at) if placed.expected_at else None
    draft.say(
        key,
        number=Code(placed.number or ""),
        amount=Money(attempt.amount, attempt.currency),
        method=method_name(draft.shop, attempt.method),
    )
    if when is not None:
        name = f"with_you.{draft.shop.kind_of_way(way.id)}" if way is not None else ""
        name = name if draft.voice.has(name) else draft.by_trade("expected")
        draft.say(name, time=when)
    if flow.moves_no_money(attempt.provider) and not draft.session.told_sandbox:
        draft.say("sandbox_said")
        draft.session = replace(draft.session, told_sandbox=True)
    elif flow.moves_no_money(attempt.provider):
        draft.say("sandbox_shown")
    # Late money came while the buyer had begun to pay once more: that one must not be paid, too.
    others = (one for one in draft.payment.attempts if one.id != attempt.id and one.state in LIVE)
    draft.effects.extend((order.id, Close(one.id)) for one in others)
    draft.session = replace(draft.session, past=(), future=(), read_back=None, asked=None)
    draft.note("placed", number=placed.number, total=attempt.amount)
    draft.views.append(
        View(
            "receipt",
            order_json(placed, draft.payment, draft.shop, draft.catalogue, draft.session.language, at=at, link=False),
        )
    )


def _not_paid(draft: Draft, order: Order, attempt: Attempt, state: str) -> None:
    """Declined, expired or closed: nothing was taken; the basket is kept and another way is offered."""
    if order.stage != "open":
        if state == "closed":
            if order.stage == "cancelled" and order.number:
                draft.say("order_cancelled", number=Code(order.number))
            draft.say("payment.closed_after", number=Code(order.number or "")) if order.number else draft.say(
                "payment.closed"
            )
        return
    cancelling = order.facts.get("cancel") == "asked"
    freed = replace(order, consent=None)
    draft.stock.append((order.id, StockMove("release")))
    if cancelling:
        draft.order = replace(flow.with_fact(freed, "cancel", None), stage="cancelled")
        draft.say("basket_cancelled")
        return
    if attempt.reason == SOLD_OUT:
        draft.order = freed
        sold_out_meanwhile(draft, freed)
        return
    asked = draft.session.asked
    if state == "closed":
        draft.order = freed
        draft.say("payment.closed")
        if asked is not None and asked.kind == "change":
            draft.asked = asked
            draft.question = Said("go_on_with_change")
        return
    method = order.facts.get("method")
    draft.order = flow.with_fact(freed, "method", None)
    reason = f"reason.{attempt.reason}"
    draft.say(
        f"payment.{state}",
        method=method_name(draft.shop, str(method or attempt.method)),
        reason=Said(reason) if draft.voice.has(reason) else Said("reason.declined"),
    )
    others = [one for one in draft.shop.methods if one != method] + ([str(method)] if method else [])
    draft.question = Said(
        "another_method",
        {"methods": Joined(tuple(method_name(draft.shop, one) for one in others), "or_asked")},
        tuple((method_name(draft.shop, one), (Act("choose_method", value=one),)) for one in others),
    )
    draft.asked = Asked(step="method", candidates=tuple((Act("choose_method", value=one),) for one in others))


def _refund(draft: Draft, order: Order, refund: Refund) -> None:
    amount = Money(refund.amount, refund.currency)
    match refund.state:
        case "done":
            if order.stage == "cancelled" and order.number:
                draft.say("order_cancelled", number=Code(order.number))
            draft.say("refund_done", amount=amount, number=Code(order.number or "")) if order.number else draft.say(
                "refund_done_plain", amount=amount
            )
        case "failed":
            draft.note("refund_failed", refund=refund.id, amount=refund.amount)
            draft.say("refund_failed", amount=amount)
        case _:
            draft.say("refund_pending", amount=amount)
    if refund.state == "done" and any(
        flow.moves_no_money(one.provider) for one in draft.payment.attempts if one.id == refund.attempt
    ):
        draft.say("sandbox_shown")

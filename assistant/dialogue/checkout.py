"""Checking out: the yes that becomes consent, coupons, stated amounts, the short flow, going back. Pure."""

from __future__ import annotations

import datetime as dt

import msgspec
from msgspec.structs import replace

from assistant.commerce.order import Consent, Order
from assistant.commerce.pricing import reprice
from assistant.commerce.promotions import plain_code
from assistant.dialogue import aftercare, basket, booking, flow, undoing
from assistant.dialogue.asking import sold_out_meanwhile
from assistant.dialogue.draft import Draft
from assistant.dialogue.names import promotion_name
from assistant.dialogue.say import Code, Joined
from assistant.dialogue.state import Asked
from assistant.steps import Phase, Said, Step
from assistant.turns import Act, LineSaid

SURE_ENOUGH = 0.6
"""Below this confidence a spoken yes is no consent."""
WANTS_ELSE = frozenset(
    "add remove change undo redo start_over reorder give_coupon give_dates give_guests"
    " back cancel deny stop person refund choose repeat change_language continue_elsewhere".split()
)
"""What, said in one breath with a yes, asks for something else than what was read back: done or refused, it is heard
back before a yes counts."""


def read_step(draft: Draft, step: Step, act: Act, order: Order | None = None) -> bool:
    order = order or draft.order
    assert order is not None
    read = step.read(draft.scene, order, act)
    if read is None:
        return False
    draft.answered = True
    if not read.refused and read.order != order:
        if draft.payment.live is not None and not basket.editable(draft, act):
            return True
        draft.edit(read.order)
    if read.refused:
        draft.refused = True
        draft.said.extend(read.said)
    elif read.said:
        draft.echo(step.name, *read.said)
    if read.ask is not None:
        candidates = tuple(acts for _label, acts in read.ask.choices)
        draft.question, draft.asked = read.ask, Asked(step=step.name, candidates=candidates)
        if step.phase == Phase.CONFIRM:  # a refused read-back is used up: a yes to what is asked now is no consent
            draft.asked = Asked(step="basket")
            refuse_read_back(draft)
    return True


def refuse_read_back(draft: Draft) -> None:
    """The read-back counts no more; what it told is still known, so that the next one says only what changed."""
    back = draft.session.read_back
    if back is not None:
        draft.session = replace(draft.session, read_back=replace(back, fingerprint=""))


def unsure(draft: Draft) -> bool:
    """Whether what was spoken was not heard surely enough for a yes that counts."""
    return draft.turn.spoken and draft.meaning.confidence < SURE_ENOUGH


def confirm(draft: Draft) -> None:
    """A yes: to the read-back it is consent, to a step's question its answer, elsewhere a go-ahead."""
    order, asked = draft.order, draft.session.asked
    if order is None or not (order.lines or order.facts):
        draft.empty()
        return
    if order.stage != "open":
        if order.stage == "cancelled":
            draft.answered = True
            return
        aftercare.status(draft, Act("order_status"))
        return
    if draft.payment.live is not None:
        aftercare.tell_payment(draft)
        return
    step = flow.step_named(asked.step) if asked is not None else None
    if step is not None and step.answer == "yes_no" and step.phase != Phase.CONFIRM and unsure(draft):
        draft.answered = True  # it asks again
        return
    if step is not None and step.phase != Phase.CONFIRM and read_step(draft, step, Act("confirm")):
        return
    draft.answered = True
    if step is not None and step.phase == Phase.CONFIRM:
        _consent(draft, order)
    elif not order.lines:
        draft.empty()  # there is nothing that a yes could be to


def only_led_in(draft: Draft) -> bool:
    """Whether a yes did no more than lead in what was said with it, "OK, by card", where nothing was asked that a yes
    by itself answers."""
    asked = draft.session.asked
    step = flow.step_named(asked.step) if asked is not None else None
    return len(draft.meaning.acts) > 1 and (step is None or (step.phase != Phase.CONFIRM and step.answer != "yes_no"))


def _consent(draft: Draft, order: Order) -> None:
    """Consent is a yes to this very read-back, in time, in this session, and nothing else (design rule 1)."""
    back, turn = draft.session.read_back, draft.turn
    limits = draft.shop.limits
    minutes = limits.quote_minutes_spoken if turn.spoken else limits.quote_minutes_typed
    if draft.order is not draft.before or back is None or amount_differs(draft) or _wants_else(draft):
        return
    if unsure(draft):
        draft.say("wait_for_yes")
        return
    # The yes was on its way before the last reply was, or came from where this read-back was not heard.
    if draft.scene.queued or back.device != turn.device:
        draft.session = replace(draft.session, read_back=None)
        return
    if not dt.timedelta() <= turn.at - back.at <= dt.timedelta(minutes=minutes):  # or the clock was set back
        draft.session = replace(draft.session, read_back=None)
        draft.say("quote_lapsed")
        return
    if back.attempts != len(draft.payment.attempts):  # it was heard before a payment that came to nothing
        draft.session = replace(draft.session, read_back=None)
        return
    order, changes = reprice(order, draft.catalogue, draft.shop.local(turn.at))
    fingerprint = flow.fingerprint_of(draft.scene, order)
    if changes or fingerprint != back.fingerprint:
        return
    if flow.phase_of(flow.step_now(draft.scene, order)) != Phase.CONFIRM:
        return  # meanwhile the shop closed, the time passed, a method is gone: that is asked first
    draft.order = replace(
        order,
        person=order.person or draft.session.person,
        consent=Consent(
            fingerprint=fingerprint,
            session=draft.session.id,
            person=draft.session.person,
            turn=turn.id,
            read_back_turn=back.turn,
            at=turn.at,
            total=back.total,
            bill=msgspec.to_builtins(flow.bill(draft.scene, order)),
        ),
    )
    draft.session = replace(draft.session, read_back=replace(back, fingerprint=""))  # used up: a yes counts once
    draft.note("consent", fingerprint=fingerprint, total=back.total, read_back=back.turn)
    if sold_out_meanwhile(draft, draft.order):
        draft.order = replace(draft.order, consent=None)
        return
    aftercare.charge(draft, draft.order)
    draft.say("one_moment")
    draft.quiet = True


def _wants_else(draft: Draft) -> bool:
    """Whether the yes stands beside something that was not just done as said, or is not certain."""
    meaning = draft.meaning
    return (
        draft.question is not None
        or draft.refused
        or bool(meaning.ask)
        or any(
            one.act in WANTS_ELSE or (one.act == "none" and one.value in ("goods", "unclear")) for one in meaning.acts
        )
    )


def amount_differs(draft: Draft) -> bool:
    """A stated amount that isn't the total is said, and is no consent."""
    said = [act.value for act in draft.meaning.acts if act.act == "give_amount"]
    return draft.order is not None and any(one != flow.bill(draft.scene, draft.order).total for one in said)


def checkout(draft: Draft, act: Act) -> None:
    order = draft.order
    if order is None or order.stage != "open" or not order.lines:
        placed = order is not None and order.stage != "open"
        if placed and not act.lines:
            aftercare.status(draft, Act("order_status"))
        else:
            draft.empty()
        return
    draft.answered = True
    if draft.payment.live is not None:
        aftercare.tell_payment(draft)
        return
    if not flow.in_checkout(order):
        draft.edit(flow.with_fact(order, "basket", "done"))
    if draft.session.read_back is not None:
        draft.session = replace(draft.session, read_back=None)


def buy_now(draft: Draft, act: Act) -> None:
    """The short flow: goods, total, method, amount confirmed, paid."""
    lines = act.lines
    if (
        not lines
        and (draft.order is None or draft.order.stage != "open" or not draft.order.lines)
        and draft.session.recent.items
    ):
        lines = (LineSaid(draft.session.recent.items[0], 1),)
    if lines:
        basket.add(draft, Act("add", lines, sure=act.sure))
    order = draft.order
    if order is None or order.stage != "open" or not order.lines:
        if not draft.answered:
            draft.empty()
        return
    if draft.question is None and not flow.in_checkout(order):
        order = flow.with_fact(flow.with_fact(order, "basket", "done"), "quick", True)
        if "fulfilment" not in order.facts and draft.shop.fulfilments:
            quickest = min(
                draft.shop.fulfilments.values(), key=lambda one: ("address" in one.needs, len(one.needs), one.fee)
            )
            order = flow.with_fact(order, "fulfilment", quickest.id)
        draft.edit(order)


def give_coupon(draft: Draft, act: Act) -> None:
    if act.value == "":  # "I have a coupon"; a yes behind it agrees to no total without it
        coded = any(one.code is not None for one in draft.shop.promotions.values())
        if coded and draft.session.read_back is not None:
            draft.question, draft.asked, draft.answered = Said("coupon.which_code"), Asked(), True
        else:
            draft.say("coupon.which" if coded else "no_promotions")
        return
    order = draft.begin()
    if not basket.editable(draft, act):
        return
    if act.value is None:
        _without_coupons(draft, order)
        return
    code = str(act.value).strip().upper()
    known = tuple(one for one in order.discounts if plain_code(one) != plain_code(code))
    tried = replace(order, discounts=(*known, code))
    bill = flow.bill(draft.scene, tried)
    used = next(
        (one for one in bill.applied if one.code is not None and plain_code(one.code) == plain_code(code)), None
    )
    if used is not None:
        draft.edit(tried)
        draft.say(
            "coupon_applied",
            code=Code(code),
            name=promotion_name(draft.shop, used.promotion),
            amount=draft.money(used.amount),
            total=draft.money(bill.total),
        )
        return
    why = next((one for one in bill.rejected if plain_code(one.code) == plain_code(code)), None)
    reason = why.reason if why is not None else "unknown"
    if reason == "no_items" and not order.lines:  # whoever begins with the code gets it, too
        draft.edit(tried)
        draft.say("coupon.kept", code=Code(code))
        return
    draft.note("coupon_refused", code=code, reason=reason)
    if reason == "minimum":
        draft.edit(tried)
        if flow.phase_of(flow.step_now(draft.scene, tried)) == Phase.CONFIRM:
            draft.answered = True  # the read-back tells what is missing
            return
    draft.say(f"coupon.{reason}", code=Code(code), missing=draft.money(why.value or 0) if why else draft.money(0))


def _without_coupons(draft: Draft, order: Order) -> None:
    """ "Take the coupon off": the codes that were given count no more."""
    if not order.discounts:
        draft.say("coupon.none")
        return
    changed = replace(order, discounts=())
    draft.edit(changed)
    total = draft.money(flow.bill(draft.scene, changed).total)
    draft.say("coupon.taken_off", codes=Joined(tuple(map(Code, order.discounts))), total=total)


def give_amount(draft: Draft, act: Act) -> None:
    order = draft.order
    if order is None or not order.lines:
        draft.empty()
        return
    if amount_differs(draft):
        draft.say(
            "amount_differs",
            said=draft.money(int(act.value or 0)),
            total=draft.money(flow.bill(draft.scene, order).total),
        )
    else:
        draft.answered = True
    if order.stage == "open" and not flow.in_checkout(order):
        draft.edit(flow.with_fact(order, "basket", "done"))


def back(draft: Draft, act: Act) -> None:
    """Takes back the answer before the question that stands open, and asks for it again. Whoever hadn't heard yet what
    happened meanwhile (a person of the shop has given the talk back, say) is told that, and nothing is taken back."""
    if draft.known.news:
        return
    order = draft.order
    if isinstance(act.value, str):
        _anew(draft, act.value)
        return
    if order is None or order.stage != "open" or not flow.in_checkout(order):
        undoing.undo(draft, act)
        return
    if not basket.editable(draft, act):
        return
    now = flow.step_now(draft.scene, order)
    answered = [
        one
        for one in flow.steps()
        if one is not now and one.name in order.facts and (now is None or (one.phase, one.rank) < (now.phase, now.rank))
    ]
    if answered:
        draft.edit(flow.with_fact(order, answered[-1].name, None))


def _anew(draft: Draft, name: str) -> None:
    """Asks once more what a step asked, "wrong address": what was answered before counts until another answer comes."""
    order, step = draft.order, flow.step_named(name)
    if order is None or (order.stage == "open" and not order.lines):
        draft.say("nothing_to_change")
        return
    if order.stage != "open":
        aftercare.anew(draft, order, step, name)
        return
    if name == "dates" and booking.asks_dates(draft):
        return
    if step is None or not step.applies(draft.scene, order):
        now = flow.step_now(draft.scene, order)
        draft.question, draft.asked = Said("what_to_change"), Asked(step=now.name if now is not None else None)
        if now is not None and now.phase == Phase.CONFIRM:
            draft.asked = Asked(step="basket")
            refuse_read_back(draft)
        return
    if draft.payment.live is not None and not basket.editable(draft, Act("back", value=name)):
        return
    draft.question = step.ask(draft.scene, flow.with_fact(order, name, None))
    draft.asked = Asked(step=name, candidates=tuple(acts for _label, acts in draft.question.choices))
    refuse_read_back(draft)

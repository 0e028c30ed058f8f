"""Turns what was decided (Outcome) into what is written (Change): attempts with their exact request bytes, refunds,
owed effects, events, and the check that computes the consented fingerprint once more. No I/O.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from assistant.commerce.order import Order
from assistant.commerce.payment import ATTEMPT_MINUTES, Attempt, Refund, refund_id
from assistant.commerce.pricing import fingerprint, totals
from assistant.dialogue.flow import is_first
from assistant.dialogue.state import Charge, Close, Effect, Event, Outcome, PayBack, Scene, Session
from assistant.errors import Bug
from assistant.payments import Operation, Provider
from assistant.storage import Change, EffectRow, EventRow, Heard, TurnRow
from assistant.turns import MOST_LETTERS, Meaning, Reply, Turn

Providers = Callable[[str], Provider]


class Owed(Struct, frozen=True):
    """What an outcome's effects become: rows to write, all made in the same transaction as the decision."""

    attempts: tuple[Attempt, ...] = ()
    refunds: tuple[Refund, ...] = ()
    effects: tuple[EffectRow, ...] = ()


NOTHING = Owed()


def body_of(turn: Turn) -> str:
    """What makes a turn the same turn: what was said or tapped. Computed from redacted text only."""
    said: list[Any] = [[one.text for one in turn.hypotheses], turn.acts, turn.new]
    if turn.doubts:
        said.append(turn.doubts)
    return hashlib.blake2b(msgspec.json.encode(said), digest_size=16).hexdigest()


def owed_by(
    effects: tuple[tuple[str, Effect], ...],
    orders: Mapping[str, Order],
    scene: Scene,
    language: str,
    providers: Providers,
    real: dt.datetime,
) -> Owed:
    """The rows of an outcome's effects. `orders` are the orders as they will stand; `real` is the real time, which
    leases, time-outs and expiries follow whatever the shop's clock says."""
    attempts: list[Attempt] = []
    refunds: list[Refund] = []
    rows: list[EffectRow] = []
    turn = scene.turn
    known = {
        one.id: one for state in (scene.payment, *(past.payment for past in scene.orders)) for one in state.attempts
    }
    for name, effect in effects:
        match effect:
            case Charge(method):
                attempt = _attempt(orders[name], method, scene, language, providers, real)
                attempts.append(attempt)
                kind, ref, then = "charge", attempt.id, "nothing"
            case Close(ref, then):
                kind = "close"
            case PayBack():
                refund = _refund(effect, known[effect.attempt], scene, language, providers)
                refunds.append(refund)
                kind, ref, then = "refund", refund.id, "nothing"
        rows.append(
            EffectRow(
                id=f"{kind}:{ref}",
                kind=kind,
                order=name,
                shop=scene.shop.id,
                ref=ref,
                session=turn.session,
                channel=turn.channel,
                turn=turn.id,
                due_at=real,
                then=then,
            )
        )
    return Owed(tuple(attempts), tuple(refunds), tuple(rows))


def _attempt(
    order: Order, method: str, scene: Scene, language: str, providers: Providers, real: dt.datetime
) -> Attempt:
    consent = order.consent
    if consent is None or scene.turn.source in ("payment", "timer", "merchant"):
        raise Bug(f"a charge of order {order.id} without a yes of its buyer")
    provider = providers(scene.shop.methods[method].provider)
    name, expires = secrets.token_hex(16), real + dt.timedelta(minutes=ATTEMPT_MINUTES)
    attempt = Attempt(
        id=name,
        order=order.id,
        shop=order.shop,
        method=method,
        provider=provider.name,
        amount=consent.total,
        currency=order.currency,
        fingerprint=consent.fingerprint,
        consent_turn=f"{scene.turn.session}/{consent.turn}",
        request=b"",
        pays_later=provider.pays_later,
        created_at=scene.turn.at,
        expires_at=expires,
    )
    return replace(attempt, request=provider.build(charge_of(attempt, scene.shop.name, language)))


def _refund(effect: PayBack, attempt: Attempt, scene: Scene, language: str, providers: Providers) -> Refund:
    refund = Refund(
        id=refund_id(attempt.order, attempt.id, effect.asked) if effect.asked else secrets.token_hex(16),
        order=attempt.order,
        attempt=attempt.id,
        amount=effect.amount,
        currency=attempt.currency,
        request=b"",
        reason=effect.reason,
        lines=effect.lines,
        created_at=scene.turn.at,
    )
    return replace(
        refund, request=providers(attempt.provider).build(refund_of(refund, attempt, scene.shop.name, language))
    )


def charge_of(attempt: Attempt, description: str = "", language: str = "") -> Operation:
    return Operation(
        kind="charge",
        ref=attempt.id,
        attempt=attempt.id,
        order=attempt.order,
        shop=attempt.shop,
        amount=attempt.amount,
        currency=attempt.currency,
        description=description,
        language=language,
        expires_at=attempt.expires_at,
        remote_id=attempt.remote_id,
    )


def close_of(attempt: Attempt) -> Operation:
    return replace(charge_of(attempt), kind="close")


def refund_of(refund: Refund, attempt: Attempt, description: str = "", language: str = "") -> Operation:
    return replace(
        charge_of(attempt, description, language),
        kind="refund",
        ref=refund.id,
        amount=refund.amount,
        currency=refund.currency,
    )


def consent_check(
    attempts: tuple[Attempt, ...], scene: Scene, session: Session
) -> Callable[[Mapping[str, Order]], bool]:
    """For the transaction that creates attempts: is each the buyer's fresh yes to exactly what is ordered now?

    `session` is the one that was read: only what this session had heard read back can have been agreed to."""
    limits, turn = scene.shop.limits, scene.turn
    minutes = limits.quote_minutes_spoken if turn.spoken else limits.quote_minutes_typed
    oldest = turn.at - dt.timedelta(minutes=minutes)
    heard = session.read_back

    def check(orders: Mapping[str, Order]) -> bool:
        for attempt in attempts:
            order = orders.get(attempt.order)
            consent = order.consent if order else None
            if order is None or consent is None or heard is None:
                return False
            bill = totals(order, scene.shop, scene.catalogue, at=turn.at, first_order=is_first(scene, order))
            right = (
                consent.fingerprint == heard.fingerprint == attempt.fingerprint == fingerprint(order, bill)
                and consent.total == heard.total == attempt.amount == bill.total
                and order.currency == attempt.currency
                and consent.session == turn.session == session.id
                and consent.person == session.person
                and consent.turn == turn.id
                and consent.read_back_turn == heard.turn
                and oldest <= heard.at <= turn.at
                and heard.device == turn.device
                and heard.attempts == len(scene.payment.attempts)
            )
            if not right:
                return False
        return True

    return check


def turn_change(
    turn: Turn,
    body: str,
    session: Session,
    order: Order | None,
    meaning: Meaning,
    scene: Scene,
    outcome: Outcome,
    owed: Owed,
    timings: Mapping[str, int],
) -> Change:
    """Commit 1: everything that a person's turn decided."""
    reply, after = outcome.reply, outcome.session
    if owed.effects:
        reply = replace(reply, pending=True)
    acts, ask, read_as = msgspec.to_builtins((meaning.acts, meaning.ask, meaning.read_as))
    data = {
        "hypotheses": [(one.text[:MOST_LETTERS], one.confidence) for one in turn.hypotheses],
        "acts": acts,
        "ask": ask,
        "leftover": meaning.leftover,
        "read_as": read_as,
        "confidence": meaning.confidence,
        "source": turn.source,
        "step": (_step(session), _step(after)),
        "lines": _lines_changed(order, outcome.order),
        "timings": timings,
    }
    about = outcome.order.id if outcome.order else order.id if order else None
    written = _orders(outcome)
    seen = order is not None and order.version > 0 and all(one.id != order.id for one in written)
    return Change(
        turn=TurnRow(
            channel=turn.channel,
            session=turn.session,
            id=turn.id,
            shop=turn.shop,
            body=body,
            at=turn.at,
            reply=reply,
            final=not owed.effects,
        ),
        session=after,
        orders=written,
        seen=(order.id, order.version) if order is not None and seen else None,
        stock=outcome.stock,
        attempts=owed.attempts,
        refunds=owed.refunds,
        effects=owed.effects,
        events=(
            event_row(Event("turn", data), turn, about, after.language),
            *(event_row(one, turn, about, after.language) for one in outcome.events),
        ),
        learned=tuple(Heard(turn.shop, one, _voice(after), turn.at) for one in outcome.learned),
        check=consent_check(owed.attempts, scene, session) if owed.attempts else None,
    )


def result_change(
    scene: Scene,
    order: Order,
    outcome: Outcome,
    owed: Owed,
    stored: TurnRow | None,
    session: Session | None,
    happened: Event,
) -> Change:
    """Commit 2, as far as every result has it: the final reply takes the place of the stored one."""
    turn, language = scene.turn, outcome.session.language
    return Change(
        turn=replace(stored, reply=outcome.reply, final=not outcome.reply.pending) if stored else None,
        replaces=stored is not None,
        session=session,
        orders=_orders(outcome),
        stock=outcome.stock,
        refunds=owed.refunds,
        effects=owed.effects,
        events=(
            event_row(happened, turn, order.id, language),
            *(event_row(one, turn, order.id, language) for one in outcome.events),
        ),
    )


def event_row(event: Event, turn: Turn, order: str | None, language: str) -> EventRow:
    return EventRow(
        at=turn.at,
        shop=turn.shop,
        session=turn.session,
        order=order,
        turn=turn.id,
        channel=turn.channel,
        language=language,
        kind=event.kind,
        data=event.data,
    )


def talk_event(session: Session, kind: str, data: dict[str, Any], at: dt.datetime, channel: str = "") -> EventRow:
    """What happened in a talk outside its turns."""
    return EventRow(
        at=at,
        shop=session.shop,
        session=session.id,
        order=session.order,
        turn=None,
        channel=channel,
        language=session.language,
        kind=kind,
        data=data,
    )


def changed_orders(outcome: Outcome) -> dict[str, Order]:
    return {one.id: one for one in _orders(outcome)}


def _orders(outcome: Outcome) -> tuple[Order, ...]:
    return (outcome.order, *outcome.others) if outcome.order else outcome.others


def _voice(session: Session) -> str:
    """Whose voice it is: the person's, a guest's is the talk's. Nobody can be told from it."""
    who = f"{session.shop}\0{'person' if session.person else 'session'}\0{session.person or session.id}"
    return hashlib.blake2b(who.encode(), digest_size=8).hexdigest()


def _step(session: Session) -> str | None:
    asked = session.asked
    return (asked.step or asked.kind or "choose") if asked else None


def _lines_changed(before: Order | None, after: Order | None) -> list[Any]:
    """Lines that are new, gone (quantity 0) or other than they were."""
    if after is None or (before is not None and before.lines is after.lines):
        return []
    old = {one.id: one for one in before.lines} if before is not None and before.id == after.id else {}
    changed = [(one.id, one.item, one.quantity) for one in after.lines if old.pop(one.id, None) != one]
    return changed + [(one.id, one.item, 0) for one in old.values()]


def plain(reply: Reply) -> Reply:
    """The reply without its links and codes, as it may be kept."""
    return replace(reply, private=()) if reply.private else reply

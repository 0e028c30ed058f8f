"""What a far end says of a payment or refund, written down: the move, the ledger, the order, the final reply.

Answers, queries, notifications and what is found after a restart all end in `Results.apply`. Forward only; the same
again changes nothing.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from assistant.changes import event_row, owed_by, result_change
from assistant.commerce import ledger
from assistant.commerce.order import ORDER_PAST, Order
from assistant.commerce.payment import (
    ATTEMPT_ENDS,
    ATTEMPT_MOVES,
    REFUND_MOVES,
    Attempt,
    Facts,
    Payment,
    Refund,
)
from assistant.commerce.stock import stock_keys
from assistant.dialogue.core import settle
from assistant.dialogue.results import SOLD_OUT, sold_out
from assistant.dialogue.state import Charge, Event, OrderState, Outcome, Person, Scene, Session
from assistant.errors import Bug, FarEndError
from assistant.premises import Premises
from assistant.storage import Change, Committed, Conflict, EffectRow, Standing, TurnRow
from assistant.turns import Reply, Turn

log = logging.getLogger(__name__)

BACKOFF = (0.5, 1.0, 2.0, 5.0, 15.0, 30.0, 60.0)
BUYER_BACKOFF = (0.5, 1.0, 2.0, 5.0)
"""While a buyer holds the phone, the wait for good news is short."""
TRIES = 3
"""Times that something is decided anew because somebody else wrote in between."""

TurnKey = tuple[str, str, str]


class Told(Struct, frozen=True):
    """A result that was written: which session is to hear it, and as the answer to which turn."""

    session: str
    turn: TurnKey | None
    row: TurnRow | None
    reply: Reply
    kept: bool
    """It lies in the session's news."""
    orders: tuple[str, ...]
    """Orders whose effects are to be looked at again."""


class Results:
    """Takes what far ends say. `heard(turn)` says whether somebody still waits for the result of a turn."""

    def __init__(self, premises: Premises, heard: Callable[[TurnKey], bool]) -> None:
        self.shop, self.catalogue, self.store = premises.shop, premises.catalogue, premises.store
        self.locks, self.stock, self.provider = premises.locks, premises.stock, premises.providers.of
        self.clock, self.now, self.heard = premises.clock, premises.real_clock, heard
        self.finishing: set[TurnKey] = set()
        """Turns whose final reply is being committed."""
        self.for_buyers: set[str] = set()
        """Effects that wait for a buyer to do something."""

    async def apply(
        self, facts: Facts, row: EffectRow | None = None, can: frozenset[str] = frozenset(), provider: str | None = None
    ) -> Told | None:
        """Write down what a far end says, whichever way we learned it; what is to be told of it, and to whom.

        Forward only; the same again changes nothing. `row` is the effect in hand, None for a notification, which
        speaks for its own `provider` only. FarEndError or StoreError: nothing was written, it must come again."""
        whose = (row.order, row.session) if row is not None else await self._whose(facts, provider)
        if whose is None:
            await self._note(facts)
            return None
        order, session = whose
        told: Told | Conflict | None = None
        for _ in range(TRIES):
            async with self.locks.hold(f"session {session}"), self.locks.hold(f"order {order}"):
                # Only what is owed now counts: somebody may have called it off before we held the locks.
                standing = await self.store.standing(order)
                if standing is None:
                    raise Bug(f"order {order} of {facts.ref} is gone")
                owed = {one.id: one for one in standing.owed if one.ref == facts.ref}
                lead = owed.get(f"close:{facts.ref}") or row or next(iter(owed.values()), None)
                hears = lead.session if lead else standing.order.session
                if hears != session:
                    told, session = Conflict("version", "it has become the business of another session"), hears
                    continue
                told = await self._write(facts, row, lead, owed, standing, session, can)
            if not isinstance(told, Conflict):
                break
        if isinstance(told, Conflict):
            log.warning("result of %s could not be written: %s; it is tried again", facts.ref, told.why)
            if row is None:
                raise FarEndError(f"the result of {facts.ref} can't be written just now; send it again", can_retry=True)
            await self.store.commit(Change(effects=(later(row, BACKOFF, self.now()),)))
            return None
        if told is not None and told.turn:
            self.finishing.discard(told.turn)
        return told

    async def _whose(self, facts: Facts, provider: str | None) -> tuple[str, str] | None:
        """The order that a notification is about, and its session; None where it is not known here."""
        about = await self.store.refund(facts.ref) if facts.kind == "refund" else await self.store.attempt(facts.ref)
        attempt = await self.store.attempt(about.attempt) if isinstance(about, Refund) else about
        if about is None or attempt is None or attempt.shop != self.shop.id or provider not in (None, attempt.provider):
            log.error("%s facts about %s, which is not known here", facts.kind, facts.ref)
            return None
        order = await self.store.order(about.order)
        if order is None:
            raise Bug(f"order {about.order} of {facts.ref} is gone")
        return order.id, order.session

    async def _write(
        self,
        facts: Facts,
        row: EffectRow | None,
        lead: EffectRow | None,
        owed: dict[str, EffectRow],
        standing: Standing,
        session_id: str,
        can: frozenset[str],
    ) -> Told | Conflict | None:
        """One try under the locks. None: nothing to tell."""
        refunding = facts.kind == "refund"
        order, payment = standing.order, standing.payment
        about = _about(facts, payment)
        if facts.amount != about.amount or facts.currency != about.currency:
            return await self._review(facts, about, order, owed, "payment.mismatch")
        moves = REFUND_MOVES if refunding else ATTEMPT_MOVES
        if refunding and {facts.state, about.state} == {"done", "failed"}:
            return await self._review(facts, about, order, owed, "refund.contradicted")
        if facts.state == about.state or facts.state not in moves[about.state]:
            return await self._nothing_new(facts, about, row)
        session = await self.store.session(self.shop.id, session_id)
        moved = _moved(about, facts)
        if isinstance(moved, Attempt) and f"close:{moved.id}" in owed and moved.state not in ATTEMPT_ENDS:
            # It is being closed: only its end is to be told.
            return await self._nothing_new(facts, about, row, moved)
        scene = await self._scene(facts, order, _with(payment, moved), session, lead, can)
        agreed_later = isinstance(moved, Attempt) and moved.pays_later and moved.state == "waiting"
        if agreed_later and order.stage == "open" and sold_out(scene, order):
            # Nobody far away was asked, so nothing is to be closed or paid back: it was never agreed.
            facts = replace(facts, state="declined", reason=SOLD_OUT)
            moved = _moved(about, facts)
            scene = replace(scene, payment=_with(payment, moved))
        outcome = _outcome(scene, session, order, moved)
        orders = {order.id: order} | ({outcome.order.id: outcome.order} if outcome.order else {})
        more = owed_by(outcome.effects, orders, scene, outcome.session.language, self.provider, self.now())

        stored = await self.store.turn(lead.channel, lead.session, lead.turn) if lead and lead.turn else None
        if stored is not None and stored.final:
            stored = None
        key = (stored.channel, stored.session, stored.id) if stored else None
        waited_for = key is not None and self.heard(key)
        after = outcome.session if session is not None else None
        # A reply that says "still asking" is no news: whoever asks next is told, and the end will be.
        news = after is not None and not waited_for and not outcome.reply.pending
        if news and after is not None:
            after = replace(after, news=(*after.news, outcome.reply))

        change = result_change(
            scene,
            order,
            outcome,
            more,
            stored,
            after,
            Event(f"{facts.kind}.{facts.state}", {"ref": facts.ref, "amount": facts.amount, "reason": facts.reason}),
        )
        change = replace(
            change,
            inbox=facts if facts.event_id else None,
            **self._money(moved, payment, row, owed, more.effects),
        )
        done = await self._commit(change, key if not outcome.reply.pending else None)
        if isinstance(done, Conflict):
            return None if done.why == "seen" and row is None else done
        return Told(
            session_id,
            key,
            replace(stored, reply=outcome.reply, final=not outcome.reply.pending) if stored else None,
            outcome.reply,
            news,
            (*((order.id,) if row is None else ()), *(name for name, _effect in outcome.effects)),
        )

    async def _commit(self, change: Change, final: TurnKey | None) -> Conflict | None:
        """Write it. `final`: the turn whose last word this is; whoever waits for that knows that it is coming."""
        if final is not None:
            self.finishing.add(final)
        done: Committed | Conflict | None = None
        try:
            done = await self.store.commit(change)
        finally:
            if final is not None and not isinstance(done, Committed):
                self.finishing.discard(final)
        return done if isinstance(done, Conflict) else None

    def _money(
        self,
        moved: Attempt | Refund,
        payment: Payment,
        row: EffectRow | None,
        owed: dict[str, EffectRow],
        new: tuple[EffectRow, ...],
    ) -> dict[str, Any]:
        """The part of a result's change that is the money's own: the move, the ledger, what is still owed."""
        fields: dict[str, Any] = {}
        done = isinstance(moved, Attempt) and (
            moved.state in ATTEMPT_ENDS or (moved.pays_later and moved.state == "waiting")
        )
        if isinstance(moved, Attempt):
            fields["attempts"] = (moved,)
            if moved.state == "paid":
                fields["entries"] = ledger.paid(moved)
        else:
            done = moved.state in ("done", "failed")
            fields["refunds"] = (moved,)
            if moved.state == "done":
                attempt = next(one for one in payment.attempts if one.id == moved.attempt)
                fields["entries"] = ledger.refunded(moved, attempt)
            if moved.state == "failed":
                fields["review"] = (moved.order,)
        if done:
            self.for_buyers.difference_update(owed)
            fields["effects_done"] = tuple(owed)
        elif row is not None:
            waits = isinstance(moved, Attempt) and moved.state == "waiting"
            if waits and not _under_way(moved):
                self.for_buyers.add(row.id)
            fields["effects"] = (
                *new,
                replace(
                    later(row, BUYER_BACKOFF if waits else BACKOFF, self.now()), tries=0 if waits else row.tries + 1
                ),
            )
        return fields

    async def _scene(
        self,
        facts: Facts,
        order: Order,
        payment: Payment,
        session: Session | None,
        lead: EffectRow | None,
        can: frozenset[str],
    ) -> Scene:
        turn = self._turn(lead, order, session.id if session else order.session, can)
        keys = [(sku, bucket) for sku, bucket, _quantity in stock_keys(order, self.catalogue)]
        stock = await self.stock.free(keys, order)
        past: list[OrderState] = []
        if any(one.first_order for one in self.shop.promotions.values()):  # no other total depends on earlier orders
            past = await self.store.orders(
                self.shop.id,
                person=order.person,
                session=None if order.person else order.session,
                stages=ORDER_PAST,
            )
        later = any(one.id == facts.ref and one.pays_later for one in payment.attempts)
        placing = (
            order.number is None
            and facts.kind != "refund"
            and (facts.state == "paid" or (facts.state == "waiting" and later))
        )
        return Scene(
            turn=turn,
            shop=self.shop,
            catalogue=self.catalogue,
            stock=stock,
            payment=payment,
            orders=tuple(one for one in past if one.order.id != order.id),
            person=Person(id=order.person) if order.person else None,
            number=await self.store.number(self.shop.id) if placing else None,
        )

    async def _nothing_new(
        self, facts: Facts, about: Attempt | Refund, row: EffectRow | None, moved: Attempt | Refund | None = None
    ) -> Conflict | None:
        """Nothing to tell: known already, or from before what is known, or a payment on its way to being closed."""
        change = Change(inbox=facts if facts.event_id else None)
        if isinstance(about, Attempt) and facts.state == about.state:
            moved = _moved(about, facts)
        if isinstance(moved, Attempt) and moved != about:
            change = replace(change, attempts=(moved,))
        ended = about.state in ATTEMPT_ENDS if isinstance(about, Attempt) else about.state in ("done", "failed")
        if row is not None:
            waits = about.state == "waiting"
            if waits and isinstance(about, Attempt) and not _under_way(about):
                self.for_buyers.add(row.id)
            change = (
                replace(change, effects_done=(row.id,))
                if ended
                else replace(change, effects=(later(row, BUYER_BACKOFF if waits else BACKOFF, self.now()),))
            )
        done = await self.store.commit(change)
        return done if isinstance(done, Conflict) and done.why != "seen" else None

    async def _review(
        self, facts: Facts, about: Attempt | Refund, order: Order, owed: dict[str, EffectRow], kind: str
    ) -> Conflict | None:
        """Another amount or currency than was asked for is never taken as paid, and a refund that ended both ways (a
        bank sends it back; a second one was made for one that had failed) may have left too much or too little: a
        person must look."""
        log.error(
            "%s: %s %s is %s here, the far end says %s %s, %s",
            facts.ref,
            about.amount,
            about.currency,
            about.state,
            facts.amount,
            facts.currency,
            facts.state,
        )
        what = {"ref": facts.ref, "asked": about.amount, "said": facts.amount, "currency": facts.currency}
        what |= {"state": facts.state}
        event = event_row(
            Event(kind, what),
            self._turn(None, order, order.session, frozenset()),
            about.order,
            "",
        )
        done = await self.store.commit(
            Change(inbox=facts, review=(about.order,), effects_done=tuple(owed), events=(event,))
        )
        return done if isinstance(done, Conflict) and done.why != "seen" else None

    async def _note(self, facts: Facts) -> None:
        """Facts that belong to nothing of ours are kept for a person to look at, and move no money."""
        what = {"ref": facts.ref, "state": facts.state, "amount": facts.amount, "currency": facts.currency}
        event = event_row(Event("payment.unmatched", what), self._turn(None, None, "", frozenset()), None, "")
        await self.store.commit(Change(inbox=facts, events=(event,)))

    def _turn(self, lead: EffectRow | None, order: Order | None, session: str, can: frozenset[str]) -> Turn:
        """What stands in a result for the turn that a person takes."""
        return Turn(
            id=lead.turn if lead else "",
            channel=lead.channel if lead else order.channel if order else "",
            shop=self.shop.id,
            session=session,
            at=self.clock(),
            source="payment",
            can=can,
        )


def later(row: EffectRow, backoff: tuple[float, ...], at: dt.datetime) -> EffectRow:
    pause = backoff[min(row.tries, len(backoff) - 1)]
    return replace(row, tries=row.tries + 1, due_at=at + dt.timedelta(seconds=pause))


def facts_of(about: Attempt | Refund, state: str, reason: str | None = None) -> Facts:
    """Facts that we know by ourselves: refused, unseen, unanswered."""
    return Facts(
        kind="charge" if isinstance(about, Attempt) else "refund",
        ref=about.id,
        state=state,
        amount=about.amount,
        currency=about.currency,
        reason=reason,
    )


def _about(facts: Facts, payment: Payment) -> Attempt | Refund:
    known: tuple[Attempt | Refund, ...] = payment.refunds if facts.kind == "refund" else payment.attempts
    about = next((one for one in known if one.id == facts.ref), None)
    if about is None:
        raise Bug(f"{facts.ref} is gone")
    return about


def _outcome(scene: Scene, session: Session | None, order: Order, moved: Attempt | Refund) -> Outcome:
    """What a result does. It never charges: only a person's yes may."""
    outcome = settle(scene, session, order, moved)
    if any(isinstance(effect, Charge) for _name, effect in outcome.effects):
        raise Bug(f"the result of {moved.id} asks for a charge; only a person's yes may")
    if moved.state == "unknown" or _under_way(moved):
        outcome = replace(outcome, reply=replace(outcome.reply, pending=True))
    return outcome


def _moved(about: Attempt | Refund, facts: Facts) -> Attempt | Refund:
    if isinstance(about, Refund):
        return replace(about, state=facts.state)
    return replace(
        about,
        state=facts.state,
        remote_id=facts.remote_id or about.remote_id,
        link=facts.link or about.link,
        reason=facts.reason or about.reason,
        expires_at=facts.expires_at or about.expires_at,
    )


def _with(payment: Payment, moved: Attempt | Refund) -> Payment:
    if isinstance(moved, Attempt):
        return replace(payment, attempts=tuple(moved if one.id == moved.id else one for one in payment.attempts))
    return replace(payment, refunds=tuple(moved if one.id == moved.id else one for one in payment.refunds))


def _under_way(moved: Attempt | Refund) -> bool:
    """Waiting for the far end itself, with nothing for the buyer to do."""
    return isinstance(moved, Attempt) and moved.state == "waiting" and moved.link is None and not moved.pays_later

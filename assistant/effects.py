"""What is owed to the far ends: claimed by a lease, sent once, asked about until it is known, and written down.

Answers, queries, webhooks and what is found after a restart all end in `apply`. Nothing here waits for a far end while
it holds a lock or a transaction. Two processes on one data folder share the work; the lease decides who does it.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from assistant.changes import charge_of, close_of, owed_by, refund_of, result_change
from assistant.commerce import ledger
from assistant.commerce.catalogue import Catalogue
from assistant.commerce.order import Order
from assistant.commerce.payment import (
    ATTEMPT_ENDS,
    ATTEMPT_MOVES,
    REFUND_MOVES,
    Attempt,
    Done,
    Facts,
    NotFound,
    Payment,
    Refund,
    Refused,
    Unknown,
)
from assistant.commerce.shop import Shop
from assistant.commerce.stock import stock_keys
from assistant.dialogue.core import settle
from assistant.dialogue.state import Charge, Event, Person, Scene, Session
from assistant.errors import Bug, FarEndError, StoreError
from assistant.locks import Locks
from assistant.payments import Operation, Provider
from assistant.storage import Change, Committed, Conflict, EffectRow, EventRow, Store, TurnRow
from assistant.turns import Reply, Turn

log = logging.getLogger(__name__)

SEND_SECONDS = 15.0
"""A far end that has not answered by then is Unknown."""
LEASE_SECONDS = 60.0
"""Longer than one send and one query together."""
BACKOFF = (0.5, 1.0, 2.0, 5.0, 15.0, 30.0, 60.0)
BUYER_BACKOFF = (0.5, 1.0, 2.0, 5.0)
"""While a buyer holds the phone, the wait for good news is short."""
GRACE_SECONDS = 2.0
"""What another process began is left to it for so long after it is due."""
TRIES = 3

TurnKey = tuple[str, str, str]
Clock = Callable[[], dt.datetime]
Answer = Done | Facts | Refused | NotFound | Unknown


class Told(Struct, frozen=True):
    """A result that was written: which session is to hear it, and as the answer to which turn."""

    session: str
    turn: TurnKey | None
    row: TurnRow | None
    reply: Reply
    kept: bool
    """It lies in the session's news."""


class Run:
    """The work on one order's effects in this process."""

    def __init__(self, can: frozenset[str], ours: bool) -> None:
        self.can = can
        self.ours = ours
        """Begun here or already taken over, not still in the hands of another process."""
        self.wake = asyncio.Event()
        self.idle = False
        """Nothing to do before a buyer or another process does something."""
        self.task: asyncio.Task[None] | None = None


class Effects:
    """Runs what is owed. `heard(turn)` says whether somebody still waits for the result of a turn; `tell` is called
    with each result after its commit, outside of all locks."""

    def __init__(
        self,
        shop: Shop,
        catalogue: Catalogue,
        store: Store,
        locks: Locks,
        clock: Clock,
        real_clock: Clock,
        provider: Callable[[str], Provider],
        heard: Callable[[TurnKey], bool],
        tell: Callable[[Told], Awaitable[None]],
    ) -> None:
        self.shop, self.catalogue, self.store, self.locks = shop, catalogue, store, locks
        self.clock, self.now = clock, real_clock
        self.provider, self.heard, self.tell = provider, heard, tell
        self.finishing: set[TurnKey] = set()
        """Turns whose final reply is being committed."""
        self._runs: dict[str, Run] = {}
        self._for_buyers: set[str] = set()
        """Effects that wait for a buyer to do something."""
        self._closing = False

    # -- running -----------------------------------------------------------------------------------------------

    def start(self, order: str, can: frozenset[str] = frozenset(), *, ours: bool = True) -> None:
        """Go on with what this order owes, now."""
        if self._closing:
            return
        run = self._runs.get(order)
        if run is None:
            run = self._runs[order] = Run(can, ours)
            run.task = asyncio.create_task(self._run(order, run), name=f"effects of {order}")
        else:
            run.can |= can
            run.ours |= ours
            run.idle = False
            run.wake.set()

    async def recover(self) -> None:
        """Take up what an expired lease or a dead process left, and give back stock whose hold is over."""
        for row in await self.store.owed():
            if row.shop == self.shop.id and row.order not in self._runs:
                self.start(row.order, ours=False)
        await self.store.lapse(self.clock())

    @property
    def busy(self) -> bool:
        """Whether a far end is being asked (waiting for a buyer is not busy)."""
        return any(not run.idle for run in self._runs.values())

    async def close(self, patience: float) -> None:
        """Stop: what is in the middle of a call may end it, `patience` seconds at most. The rest is still owed."""
        self._closing = True
        tasks = [run.task for run in self._runs.values() if run.task]
        for run in self._runs.values():
            run.wake.set()
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=patience)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _run(self, order: str, run: Run) -> None:
        grace = 0.0
        try:
            while not self._closing:
                run.wake.clear()
                pause = await self._round(order, run, grace)
                grace = 0.0 if run.ours else GRACE_SECONDS
                if pause is None and not run.wake.is_set():
                    return
                if pause and not self._closing:
                    with contextlib.suppress(TimeoutError):
                        async with asyncio.timeout(pause + grace):
                            await run.wake.wait()
        except Exception:
            # What is owed stays owed: it is taken up again within a minute.
            log.exception("the effects of order %s stopped", order)
        finally:
            self._runs.pop(order, None)

    async def _round(self, order: str, run: Run, grace: float) -> float | None:
        """Do what is due; the seconds until more is, or None when nothing is owed."""
        try:
            due = self.now() - dt.timedelta(seconds=grace)
            for row in await self.store.claim(due, orders=(order,), lease=LEASE_SECONDS):
                run.idle, run.ours = False, True
                await self._claimed(row, run)
            owed = await self.store.owed((order,))
        except StoreError as error:
            log.error("effects of order %s wait for the store: %s", order, error)
            return 1.0
        if not owed:
            return None
        wait = (min(row.due_at for row in owed) - self.now()).total_seconds()
        # What is due and could not be claimed is in another process' hands.
        run.idle = wait <= 0 or all(row.id in self._for_buyers for row in owed)
        return max(wait, 0.02) if wait > 0 else 0.5

    async def _claimed(self, row: EffectRow, run: Run) -> None:
        try:
            match row.kind:
                case "charge":
                    await self._charge(row, run)
                case "close":
                    await self._close(row, run)
                case "refund":
                    await self._refund(row, run)
                case kind:
                    raise Bug(f"effect {row.id} is of an unknown kind: {kind}")
        except asyncio.CancelledError:
            await self.store.release(row.id, self.now())
            raise
        except StoreError:
            with contextlib.suppress(StoreError):
                await self.store.release(row.id, self.now())
            raise
        except Exception:
            # One effect that we can't do must not stop the others; it stays owed.
            log.exception("effect %s failed", row.id)
            await self._put_off(row, BACKOFF[-1:])

    async def _put_off(self, row: EffectRow, backoff: tuple[float, ...]) -> None:
        await self.store.commit(Change(effects=(_later(row, backoff, self.now()),)))

    # -- one effect --------------------------------------------------------------------------------------------

    async def _charge(self, row: EffectRow, run: Run) -> None:
        attempt = await self.store.attempt(row.ref)
        if attempt is None or attempt.state in ATTEMPT_ENDS:
            await self._drop(row)
            return
        provider = self.provider(attempt.provider)
        answer: Answer
        if attempt.state == "created":
            if not isinstance(await self.store.commit(Change(attempts=(replace(attempt, state="sent"),))), Committed):
                await self._put_off(row, BACKOFF[:1])
                return
            answer = await self._send(provider, attempt.request, attempt.id)
        else:
            answer = await self._query(provider, charge_of(attempt))
            over = self.now() >= attempt.expires_at
            unpaid = isinstance(answer, Facts) and answer.state == "waiting" and not attempt.pays_later
            if over and (unpaid or isinstance(answer, NotFound)):
                answer = await self._close_then_ask(provider, attempt)
                if isinstance(answer, Facts) and answer.state == "closed":
                    answer = replace(answer, state="expired", reason=answer.reason or "expired")
            elif isinstance(answer, NotFound) and attempt.state != "waiting":
                # It never got there: the stored bytes again under the same key, never a second attempt.
                answer = await self._send(provider, attempt.request, attempt.id)
        await self._answered(row, attempt, answer, run)

    async def _close(self, row: EffectRow, run: Run) -> None:
        attempt = await self.store.attempt(row.ref)
        if attempt is None or attempt.state in ATTEMPT_ENDS:
            await self._drop(row)
            return
        if attempt.state == "created":
            # Its charge has not left and, with this commit, never will.
            await self.apply(_facts_of(attempt, "closed"), row, run.can)
            return
        await self._answered(row, attempt, await self._close_then_ask(self.provider(attempt.provider), attempt), run)

    async def _close_then_ask(self, provider: Provider, attempt: Attempt) -> Answer:
        """Close, then query: what the far end says last decides, and paid wins."""
        operation = close_of(attempt)
        closed = await self._send(provider, provider.build(operation), attempt.id)
        if isinstance(closed, Done) and (closed.facts.state == "paid" or attempt.pays_later):
            # Agreed to be paid at the door: there is no far end where money could be on its way.
            return closed
        said = await self._query(provider, charge_of(attempt))
        match said, closed:
            case Facts(), _:
                return said
            case NotFound(), Done() | Refused():
                return _facts_of(attempt, "closed")
            case _:
                return Unknown("it is not known whether the payment could be closed")

    async def _refund(self, row: EffectRow, run: Run) -> None:
        refund = await self.store.refund(row.ref)
        attempt = await self.store.attempt(refund.attempt) if refund else None
        if refund is None or attempt is None or refund.state in ("done", "failed"):
            await self._drop(row)
            return
        provider = self.provider(attempt.provider)
        answer: Answer
        if refund.state == "asked":
            if not isinstance(await self.store.commit(Change(refunds=(replace(refund, state="sent"),))), Committed):
                await self._put_off(row, BACKOFF[:1])
                return
            answer = await self._send(provider, refund.request, refund.id)
        else:
            answer = await self._query(provider, refund_of(refund, attempt))
            if isinstance(answer, NotFound):
                answer = await self._send(provider, refund.request, refund.id)
        await self._answered(row, refund, answer, run)

    async def _answered(self, row: EffectRow, about: Attempt | Refund, answer: Answer, run: Run) -> None:
        match answer:
            case Done(facts):
                await self.apply(facts, row, run.can)
            case Facts():
                await self.apply(answer, row, run.can)
            case Refused(reason):
                await self.apply(
                    _facts_of(about, "declined" if isinstance(about, Attempt) else "failed", reason), row, run.can
                )
            case _ if about.state in ("created", "sent", "asked"):
                await self.apply(_facts_of(about, "unknown"), row, run.can)
            case _:
                await self._put_off(row, BACKOFF)

    async def _send(self, provider: Provider, request: bytes, key: str) -> Done | Refused | Unknown:
        try:
            async with asyncio.timeout(SEND_SECONDS):
                return await provider.send(request, key)
        except TimeoutError:
            return Unknown("no answer in time")
        except Exception:
            log.exception("provider %s broke while sending", provider.name)
            return Unknown("the provider broke")

    async def _query(self, provider: Provider, operation: Operation) -> Facts | NotFound | Unknown:
        try:
            async with asyncio.timeout(SEND_SECONDS):
                return await provider.query(operation)
        except TimeoutError:
            return Unknown("no answer in time")
        except Exception:
            log.exception("provider %s broke while asking", provider.name)
            return Unknown("the provider broke")

    async def _drop(self, row: EffectRow) -> None:
        self._for_buyers.discard(row.id)
        await self.store.commit(Change(effects_done=(row.id,)))

    # -- results -----------------------------------------------------------------------------------------------

    async def apply(
        self, facts: Facts, row: EffectRow | None = None, can: frozenset[str] = frozenset(), provider: str | None = None
    ) -> None:
        """Write down what a far end says, whichever way we learned it, and tell who is concerned.

        Forward only; the same again changes nothing. `row` is the effect in hand, None for a notification, which
        speaks for its own `provider` only. FarEndError or StoreError: nothing was written, it must come again."""
        about = await self.store.refund(facts.ref) if facts.kind == "refund" else await self.store.attempt(facts.ref)
        attempt = await self.store.attempt(about.attempt) if isinstance(about, Refund) else about
        if about is None or attempt is None or attempt.shop != self.shop.id or provider not in (None, attempt.provider):
            log.error("%s facts about %s, which is not known here", facts.kind, facts.ref)
            await self._note(facts)
            return
        owed = {one.id: one for one in await self.store.owed((about.order,)) if one.ref == facts.ref}
        lead = owed.get(f"close:{facts.ref}") or row or next(iter(owed.values()), None)
        order = await self.store.order(about.order)
        if order is None:
            raise Bug(f"order {about.order} of {facts.ref} is gone")
        session = lead.session if lead else order.session
        told: Told | Conflict | None = None
        for _ in range(TRIES):
            async with self.locks.hold(f"session {session}"), self.locks.hold(f"order {about.order}"):
                told = await self._write(facts, row, lead, owed, session, can)
            if not isinstance(told, Conflict):
                break
        if isinstance(told, Conflict):
            log.warning("result of %s could not be written: %s; it is tried again", facts.ref, told.why)
            if row is None:
                raise FarEndError(f"the result of {facts.ref} can't be written just now; send it again", can_retry=True)
            await self._put_off(row, BACKOFF)
            return
        if told is None:
            return
        if told.turn:
            self.finishing.discard(told.turn)
        await self.tell(told)
        if row is None:
            # Somebody else's effect may be settled by this: let its run look again.
            self.start(about.order, can)

    async def _write(
        self,
        facts: Facts,
        row: EffectRow | None,
        lead: EffectRow | None,
        owed: dict[str, EffectRow],
        session_id: str,
        can: frozenset[str],
    ) -> Told | Conflict | None:
        """One try under the locks. None: nothing to tell."""
        refunding = facts.kind == "refund"
        about: Attempt | Refund | None
        about = await self.store.refund(facts.ref) if refunding else await self.store.attempt(facts.ref)
        if about is None:
            raise Bug(f"{facts.ref} is gone")
        if facts.amount != about.amount or facts.currency != about.currency:
            return await self._review(facts, about, owed)
        moves = REFUND_MOVES if refunding else ATTEMPT_MOVES
        if facts.state == about.state or facts.state not in moves[about.state]:
            return await self._nothing_new(facts, about, row)
        order = await self.store.order(about.order)
        payment = await self.store.payment(about.order)
        session = await self.store.session(self.shop.id, session_id)
        if order is None:
            raise Bug(f"order {about.order} of {facts.ref} is gone")
        moved = _moved(about, facts)
        if isinstance(moved, Attempt) and f"close:{moved.id}" in owed and moved.state not in ATTEMPT_ENDS:
            # It is being closed: only its end is to be told.
            return await self._nothing_new(facts, about, row, moved)
        scene = await self._scene(facts, order, _with(payment, moved), session, lead, can)
        outcome = settle(scene, session, order, moved)
        if any(isinstance(effect, Charge) for _name, effect in outcome.effects):
            raise Bug(f"the result of {facts.ref} asks for a charge; only a person's yes may")
        if facts.state == "unknown" or _under_way(moved):
            outcome = replace(outcome, reply=replace(outcome.reply, pending=True))
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
            **self._money(about, moved, payment, row, owed, more.effects),
        )
        if key and not outcome.reply.pending:
            self.finishing.add(key)
        try:
            done = await self.store.commit(change)
        except BaseException:
            if key:
                self.finishing.discard(key)
            raise
        if isinstance(done, Conflict):
            if key:
                self.finishing.discard(key)
            return None if done.why == "seen" and row is None else done
        for name, _effect in outcome.effects:
            self.start(name, can)
        return Told(
            session_id,
            key,
            replace(stored, reply=outcome.reply, final=not outcome.reply.pending) if stored else None,
            outcome.reply,
            news,
        )

    def _money(
        self,
        about: Attempt | Refund,
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
            self._for_buyers.difference_update(owed)
            fields["effects_done"] = tuple(owed)
        elif row is not None:
            waits = isinstance(moved, Attempt) and moved.state == "waiting"
            if waits and not _under_way(moved):
                self._for_buyers.add(row.id)
            fields["effects"] = (
                *new,
                replace(
                    _later(row, BUYER_BACKOFF if waits else BACKOFF, self.now()), tries=0 if waits else row.tries + 1
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
        turn = Turn(
            id=lead.turn if lead else "",
            channel=lead.channel if lead else order.channel,
            shop=self.shop.id,
            session=session.id if session else order.session,
            at=self.clock(),
            source="payment",
            can=can,
        )
        keys = stock_keys(order, self.catalogue)
        stock = (
            await self.store.free(self.shop.id, [(sku, bucket) for sku, bucket, _quantity in keys], order.id)
            if keys
            else {}
        )
        past = await self.store.orders(
            self.shop.id, person=order.person, session=None if order.person else order.session
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
            orders=tuple(one for one in past if one.order.id != order.id and one.order.stage != "open"),
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
                self._for_buyers.add(row.id)
            change = (
                replace(change, effects_done=(row.id,))
                if ended
                else replace(change, effects=(_later(row, BUYER_BACKOFF if waits else BACKOFF, self.now()),))
            )
        done = await self.store.commit(change)
        return done if isinstance(done, Conflict) and done.why != "seen" else None

    async def _review(self, facts: Facts, about: Attempt | Refund, owed: dict[str, EffectRow]) -> Conflict | None:
        """Another amount or currency than was asked for is never taken as paid: a person must look."""
        log.error(
            "%s: %s %s was asked for, the far end says %s %s",
            facts.ref,
            about.amount,
            about.currency,
            facts.amount,
            facts.currency,
        )
        order = await self.store.order(about.order)
        done = await self.store.commit(
            Change(
                inbox=facts,
                review=(about.order,),
                effects_done=tuple(owed),
                events=(
                    EventRow(
                        at=self.clock(),
                        shop=self.shop.id,
                        session=order.session if order else "",
                        order=about.order,
                        turn=None,
                        channel="",
                        language="",
                        kind="payment.mismatch",
                        data={
                            "ref": facts.ref,
                            "asked": about.amount,
                            "said": facts.amount,
                            "currency": facts.currency,
                        },
                    ),
                ),
            )
        )
        return done if isinstance(done, Conflict) and done.why != "seen" else None

    async def _note(self, facts: Facts) -> None:
        """Facts that belong to nothing of ours are kept for a person to look at, and move no money."""
        await self.store.commit(
            Change(
                inbox=facts,
                events=(
                    EventRow(
                        at=self.clock(),
                        shop=self.shop.id,
                        session="",
                        order=None,
                        turn=None,
                        channel="",
                        language="",
                        kind="payment.unmatched",
                        data={
                            "ref": facts.ref,
                            "state": facts.state,
                            "amount": facts.amount,
                            "currency": facts.currency,
                        },
                    ),
                ),
            )
        )


def _later(row: EffectRow, backoff: tuple[float, ...], at: dt.datetime) -> EffectRow:
    pause = backoff[min(row.tries, len(backoff) - 1)]
    return replace(row, tries=row.tries + 1, due_at=at + dt.timedelta(seconds=pause))


def _facts_of(about: Attempt | Refund, state: str, reason: str | None = None) -> Facts:
    """Facts that we know by ourselves: refused, unseen, unanswered."""
    return Facts(
        kind="charge" if isinstance(about, Attempt) else "refund",
        ref=about.id,
        state=state,
        amount=about.amount,
        currency=about.currency,
        reason=reason,
    )


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

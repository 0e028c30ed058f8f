"""What is owed to the far ends: claimed by a lease, sent once, asked about until it is known.

Nothing here waits for a far end while it holds a lock or a transaction. Two processes on one data folder share the
work; the lease decides who does it.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import logging
from collections.abc import Awaitable, Callable

from msgspec.structs import replace

from assistant.changes import charge_of, close_of, refund_of
from assistant.commerce.payment import ATTEMPT_ENDS, Attempt, Done, Facts, NotFound, Refund, Refused, Unknown
from assistant.errors import Bug, StoreError
from assistant.payments import Operation, Provider
from assistant.premises import Premises
from assistant.results import BACKOFF, Results, Told, facts_of, later
from assistant.storage import Change, Committed, EffectRow

log = logging.getLogger(__name__)

SEND_SECONDS = 15.0
"""A far end that has not answered by then is Unknown."""
LEASE_SECONDS = 60.0
"""Longer than one send and one query together."""
GRACE_SECONDS = 2.0
"""What another process began is left to it for so long after it is due."""

Answer = Done | Facts | Refused | NotFound | Unknown


FURTHEST = dt.timedelta(seconds=2 * BACKOFF[-1])
"""Nothing is ever put off so far: what seems to be was put off before the clock was set back."""


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

    @property
    def grace(self) -> float:
        return 0.0 if self.ours else GRACE_SECONDS


class Effects:
    """Runs what one shop owes. `tell` is called with each result after its commit, outside of all locks."""

    def __init__(self, premises: Premises, results: Results, tell: Callable[[Told], Awaitable[None]]) -> None:
        self.shop, self.store, self.provider = premises.shop.id, premises.store, premises.providers.of
        self.clock, self.now = premises.clock, premises.real_clock
        self.results, self.tell = results, tell
        self._runs: dict[str, Run] = {}
        self._closing = False

    # -- running -----------------------------------------------------------------------------------------------

    def start(self, order: str, can: frozenset[str] = frozenset(), *, ours: bool = True, ahead: float = 0.0) -> None:
        """Go on with what this order owes, now; first with what is due within `ahead` seconds, too."""
        if self._closing:
            return
        run = self._runs.get(order)
        if run is None:
            run = self._runs[order] = Run(can, ours)
            run.task = asyncio.create_task(self._run(order, run, ahead), name=f"effects of {order}")
        else:
            run.can |= can
            run.ours |= ours
            run.idle = False
            run.wake.set()

    async def recover(self, *, opening: bool = False) -> None:
        """Take up what an expired lease or a dead process left, and give back stock whose hold is over.

        `opening`: ask at once what became of it, whenever the next look was due: somebody is about to be told.
        """
        for row in await self.store.owed():
            if row.shop == self.shop and row.order not in self._runs:
                self.start(row.order, ours=False, ahead=BACKOFF[-1] if opening else 0.0)
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

    async def _run(self, order: str, run: Run, ahead: float) -> None:
        grace = -ahead
        try:
            while not self._closing:
                run.wake.clear()
                pause = await self._round(order, run, grace)
                if pause is None and not run.wake.is_set():
                    return
                if pause and not self._closing:
                    with contextlib.suppress(TimeoutError):
                        async with asyncio.timeout(pause + run.grace):
                            await run.wake.wait()
                # Only now: what woke it may have made it ours.
                grace = run.grace
        except Exception:
            # What is owed stays owed: it is taken up again within a minute.
            log.exception("the effects of order %s stopped", order)
        finally:
            self._runs.pop(order, None)

    async def _round(self, order: str, run: Run, grace: float) -> float | None:
        """Do what is due; the seconds until more is, or None when nothing is owed."""
        try:
            due = self.now() - dt.timedelta(seconds=grace)
            claimed = await self.store.claim(due, orders=(order,), lease=LEASE_SECONDS)
            owed = [] if claimed else await self.store.owed((order,))
            if owed and (soonest := min(row.due_at for row in owed)) - due > FURTHEST:  # the clock was set back since
                claimed = await self.store.claim(soonest, orders=(order,), lease=LEASE_SECONDS)
            for row in claimed:
                run.idle, run.ours = False, True
                await self._claimed(row, run)
            if claimed:
                owed = await self.store.owed((order,))
        except StoreError as error:
            log.error("effects of order %s wait for the store: %s", order, error)
            return 1.0
        if not owed:
            return None
        wait = (min(row.due_at for row in owed) - self.now()).total_seconds()
        # What is due and could not be claimed is in another process' hands.
        run.idle = wait <= 0 or all(row.id in self.results.for_buyers for row in owed)
        return min(max(wait, 0.02), BACKOFF[-1]) if wait > 0 else 0.5

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
        await self.store.commit(Change(effects=(later(row, backoff, self.now()),)))

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
                moved = await self.store.attempt(row.ref)
                if moved is None or moved.state in ATTEMPT_ENDS:  # closed meanwhile: nothing is owed any more
                    await self._drop(row)
                else:
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
            await self.take(facts_of(attempt, "closed"), row, run.can)
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
                return facts_of(attempt, "closed")
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
                await self.take(facts, row, run.can)
            case Facts():
                await self.take(answer, row, run.can)
            case Refused(reason):
                await self.take(
                    facts_of(about, "declined" if isinstance(about, Attempt) else "failed", reason), row, run.can
                )
            case _ if about.state in ("created", "sent", "asked"):
                await self.take(facts_of(about, "unknown"), row, run.can)
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

    async def take(
        self, facts: Facts, row: EffectRow | None = None, can: frozenset[str] = frozenset(), provider: str | None = None
    ) -> None:
        """What a far end says, whichever way we learned it: written, gone on with, told."""
        told = await self.results.apply(facts, row, can, provider)
        if told is None:
            return
        for order in told.orders:
            self.start(order, can)
        await self.tell(told)

    async def _drop(self, row: EffectRow) -> None:
        self.results.for_buyers.discard(row.id)
        await self.store.commit(Change(effects_done=(row.id,)))

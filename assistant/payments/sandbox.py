"""A payment provider that moves no money: a far end with a ledger of its own, for trying things out and for tests.

Its ledger is `sandbox.db` in the data folder, with commits of its own, reached only as any gateway would be: through
`Provider`. What it does with a charge is set by the merchant's `[providers.sandbox] script` or by the variables
VOICETILL_SANDBOX and VOICETILL_SANDBOX_DELAY (a variable wins), never by what a person says.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import math
import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Literal, TypeVar

import msgspec
from msgspec.structs import replace

from assistant.commerce.payment import Done, Facts, NotFound, Refused, Unknown
from assistant.errors import Bug, Faults, SetupError
from assistant.payments import BuyerPage, Operation, ProviderSetup
from assistant.payments._sandbox_books import Books, SandboxCharge, State, add, first_loss, put_state, standing

FILE = "sandbox.db"
BEHAVIOURS = ("approve", "decline", "needs_buyer", "lose_request", "lose_reply", "late:SECONDS", "unknown")
PLAIN = frozenset(BEHAVIOURS) - {"late:SECONDS"}
EXPIRES = dt.timedelta(minutes=15)
"""How long a charge waits for its buyer."""
NO_PLACE = -1
"""Of a charge that the script does not speak of: sent again, or closed before it came."""
SERVED = "http://127.0.0.1:8080"
PAGE = "/pay/sandbox"
"""Where the page of a charge that waits for its buyer is, unless the shop says otherwise: where `serve` puts it."""

T = TypeVar("T")


def charges(folder: Path) -> list[SandboxCharge]:
    """What the sandbox of a data folder has in its ledger, oldest first."""
    with _books(folder) as db:
        names = [name for (name,) in db.execute("SELECT attempt FROM charges ORDER BY rowid").fetchall()]
        return [charge for name in names if (charge := standing(db, name, _now()))]


def approve(folder: Path, attempt: str) -> SandboxCharge:
    """The buyer pays a charge that waits for them. SetupError when it does not wait."""
    return _decide(folder, attempt, "paid", None)


def decline(folder: Path, attempt: str) -> SandboxCharge:
    """The buyer turns down a charge that waits for them. SetupError when it does not wait."""
    return _decide(folder, attempt, "declined", "declined")


def _decide(folder: Path, attempt: str, state: State, reason: str | None) -> SandboxCharge:
    with _books(folder) as db:
        charge = standing(db, attempt, _now())
        if charge is None:
            waiting = [one for (one,) in db.execute("SELECT attempt FROM charges WHERE state = 'waiting'")]
            raise SetupError(
                f"the sandbox in {folder} has no charge {attempt!r}; waiting there: {', '.join(waiting) or 'none'}"
            )
        if charge.state != "waiting":
            raise SetupError(f"charge {attempt!r} is {charge.state}; only one that waits can be decided")
        put_state(db, attempt, state, reason)
        return replace(charge, state=state, reason=reason)


@contextlib.contextmanager
def _books(folder: Path) -> Iterator[sqlite3.Connection]:
    """One transaction of somebody who comes for it alone."""
    with contextlib.closing(Books(folder / FILE)) as books, books.change() as db:
        yield db


class Sandbox:
    """`open` gives one that works; this one only tells what it is."""

    name = "sandbox"
    WORDS: Mapping[str, Mapping[str, str]] = {
        "en": {"name": "sandbox", "note": "Sandbox, no money moves."},
        "zh": {"name": "沙盒", "note": "沙盒环境，不会真的扣款。"},
        "ko": {"name": "샌드박스", "note": "샌드박스입니다. 실제 결제는 되지 않습니다."},
    }
    keys = frozenset({"script", "page"})
    pays_later = False
    sandbox = True

    def __init__(self, setup: ProviderSetup | None = None, clock: Callable[[], dt.datetime] | None = None) -> None:
        self._setup = setup
        self._books = Books(setup.data / FILE) if setup is not None else None
        self._now = clock or _now

    def open(self, setup: ProviderSetup) -> Sandbox:
        if wrong := self.mistakes(setup.settings):
            raise SetupError("\n".join(f"[providers.sandbox] {key}: {text}" for key, text in wrong))
        self.told()
        opened = Sandbox(setup, self._now)
        try:
            with opened._change():
                pass
        except (OSError, sqlite3.Error) as error:
            raise SetupError(
                f"the sandbox's ledger {setup.data / FILE} can't be used ({error}); make the data folder"
                " writable or choose another with --data"
            ) from error
        return opened

    def told(self) -> str:
        """What the variables say: "VOICETILL_SANDBOX=decline"."""
        faults = Faults()
        for read in (_from_environment, _delay):
            with faults:
                read()
        faults.tell()
        named = ("VOICETILL_SANDBOX", "VOICETILL_SANDBOX_DELAY")
        return ", ".join(f"{one}={os.environ[one]}" for one in named if os.environ.get(one))

    def mistakes(self, settings: Mapping[str, Any]) -> list[tuple[str, str]]:
        script, page = settings.get("script", ()), settings.get("page", "")
        found = []
        if not isinstance(script, list | tuple):
            found.append(("script", f'a list is wanted, such as ["decline", "approve"], not {script!r}'))
        else:
            told = [(f"entry {place}", _unknown(one)) for place, one in enumerate(script, 1)]
            found.extend(("script", f"{entry}: {wrong}") for entry, wrong in told if wrong)
        if not isinstance(page, str) or (page and not page.startswith(("http://", "https://"))):
            found.append(("page", f"{page!r} is no address; write the page's as text, such as {SERVED + PAGE!r}"))
        return found

    def offers(self, amount: int, currency: str, can: frozenset[str]) -> bool:
        return amount >= 0

    def build(self, operation: Operation) -> bytes:
        return msgspec.json.encode(operation)

    async def send(self, request: bytes, key: str) -> Done | Refused | Unknown:
        answer = await self._ask(lambda: self._take(request, key))
        await asyncio.sleep(_delay())
        return answer

    async def query(self, operation: Operation) -> Facts | NotFound | Unknown:
        return await self._ask(lambda: self._look(operation))

    def read_webhook(self, headers: Mapping[str, str], raw: bytes, now: dt.datetime) -> list[Facts]:
        raise ValueError("the sandbox sends no notifications")

    def ack(self, ok: bool) -> tuple[int, dict[str, str], bytes]:
        return (200 if ok else 400), {}, b""

    async def close(self) -> None:
        if self._books is not None:
            await asyncio.to_thread(self._books.close)

    async def _ask(self, work: Callable[[], T]) -> T | Unknown:
        try:
            return await asyncio.to_thread(work)
        except (OSError, sqlite3.Error) as error:
            return Unknown(f"the sandbox did not answer: {error}")

    def _take(self, request: bytes, key: str) -> Done | Refused | Unknown:
        operation = msgspec.json.decode(request, type=Operation)
        set_to = _from_environment()
        with self._change() as db:
            behaviour, place = set_to or "approve", NO_PLACE
            if operation.kind == "charge":
                behaviour, place = self._behaviour(db, operation, set_to)
            if behaviour == "lose_request" and first_loss(db, operation.kind, key):
                return Unknown("the request was lost on its way")
            match operation.kind:
                case "charge":
                    answer = self._take_charge(db, operation, request, behaviour, place)
                case "close":
                    answer = self._take_close(db, operation, request)
                case "refund":
                    answer = self._take_refund(db, operation)
        # From here on the effect stands in the ledger, whatever becomes of the answer.
        if behaviour == "lose_reply" and isinstance(answer, Done):
            return Unknown("the answer was lost on its way")
        if behaviour == "unknown":
            return Unknown("no answer")
        return answer

    def _behaviour(self, db: sqlite3.Connection, operation: Operation, set_to: str | None) -> tuple[str, int]:
        """What to do with this charge, and its place. Only one that is new uses up a place in the script."""
        charge = standing(db, operation.ref, self._now())
        if charge is not None:
            return "unknown" if self._silent(charge) else "approve", charge.place
        if db.execute("SELECT 1 FROM lost WHERE kind = 'charge' AND ref = ?", (operation.ref,)).fetchone():
            return "unknown" if set_to == "unknown" else "approve", NO_PLACE
        rows = db.execute(
            "INSERT INTO arrivals (shop, charges) VALUES (?, 1) ON CONFLICT (shop)"
            " DO UPDATE SET charges = charges + 1 RETURNING charges - 1",
            (operation.shop,),
        ).fetchall()
        place = int(rows[0][0])
        return set_to or self._scripted(place), place

    def _scripted(self, place: int) -> str:
        script = self._opened.settings.get("script", ())
        return str(script[place]) if 0 <= place < len(script) else "approve"

    def _silent(self, charge: SandboxCharge) -> bool:
        return (_from_environment() or self._scripted(charge.place)) == "unknown"

    def _take_charge(
        self, db: sqlite3.Connection, operation: Operation, request: bytes, behaviour: str, place: int
    ) -> Done | Refused:
        now = self._now()
        known = standing(db, operation.ref, now)
        if known is not None:
            # One that was closed before it arrived stands under its close request, and stays closed.
            same = known.state == "closed" or known.request == request
            return Done(_facts(known, "charge", operation.ref)) if same else Refused("key_used_for_another_request")
        state: State = "paid"
        pays_at, link = None, None
        if not operation.amount:
            pass  # where nothing is to be paid there is nothing to decline or to wait for
        elif behaviour == "decline":
            state = "declined"
        elif behaviour == "needs_buyer":
            setup = self._opened
            page = setup.settings.get("page") or (setup.reached_at() or SERVED).rstrip("/") + PAGE
            state, link = "waiting", f"{page}/{operation.ref}"
        elif behaviour.startswith("late:"):
            state, pays_at = "waiting", now + dt.timedelta(seconds=float(behaviour.removeprefix("late:")))
        charge = SandboxCharge(
            attempt=operation.ref,
            shop=operation.shop,
            order=operation.order,
            amount=operation.amount,
            currency=operation.currency,
            state=state,
            link=link,
            request=request,
            place=place,
            reason="declined" if state == "declined" else None,
            pays_at=pays_at,
            expires_at=now + EXPIRES,
            refunded=0,
        )
        add(db, charge)
        return Done(_facts(charge, "charge", operation.ref))

    def _take_close(self, db: sqlite3.Connection, operation: Operation, request: bytes) -> Done:
        now = self._now()
        charge = standing(db, operation.attempt, now)
        if charge is None:
            # It may still be under way to us: remembered as closed, it can't be taken when it arrives.
            charge = SandboxCharge(
                attempt=operation.attempt,
                shop=operation.shop,
                order=operation.order,
                amount=operation.amount,
                currency=operation.currency,
                state="closed",
                link=None,
                reason=None,
                request=request,
                place=NO_PLACE,
                pays_at=None,
                expires_at=now,
                refunded=0,
            )
            add(db, charge)
        elif charge.state == "waiting":
            put_state(db, charge.attempt, "closed", None)
            charge = replace(charge, state="closed")
        return Done(_facts(charge, "close", operation.ref))

    def _take_refund(self, db: sqlite3.Connection, operation: Operation) -> Done | Refused:
        done = Done(_refund_facts(operation))
        known = db.execute("SELECT attempt, amount, currency FROM refunds WHERE ref = ?", (operation.ref,)).fetchone()
        asked = (operation.attempt, operation.amount, operation.currency)
        if known is not None:
            return done if known == asked else Refused("key_used_for_another_request")
        charge = standing(db, operation.attempt, self._now())
        if charge is None or charge.currency != operation.currency or not 0 < operation.amount <= charge.net:
            return Refused("more_than_captured")
        db.execute("INSERT INTO refunds (ref, attempt, amount, currency) VALUES (?, ?, ?, ?)", (operation.ref, *asked))
        return done

    def _look(self, operation: Operation) -> Facts | NotFound | Unknown:
        with self._change() as db:
            charge = standing(db, operation.attempt, self._now())
            if _from_environment() == "unknown" or (charge is not None and self._silent(charge)):
                return Unknown("no answer")
            if operation.kind == "refund":
                row = db.execute("SELECT 1 FROM refunds WHERE ref = ?", (operation.ref,)).fetchone()
                return _refund_facts(operation) if row else NotFound()
            return _facts(charge, operation.kind, operation.ref) if charge is not None else NotFound()

    async def page(self, ref: str, decide: str | None) -> BuyerPage | None:
        return await asyncio.to_thread(self._page, ref, decide)

    def _page(self, ref: str, decide: str | None) -> BuyerPage | None:
        with self._change() as db:
            charge = standing(db, ref, self._now())
            if charge is None or charge.link is None or charge.shop != self._opened.shop:
                return None
            if decide and charge.state == "waiting":
                state: State = "paid" if decide == "approve" else "declined"
                put_state(db, ref, state, None if decide == "approve" else "declined")
                charge = replace(charge, state=state)
        return BuyerPage(
            shop=charge.shop,
            order=charge.order,
            amount=charge.amount,
            currency=charge.currency,
            state=charge.state,
            facts=_facts(charge, "charge", ref),
        )

    @property
    def _opened(self) -> ProviderSetup:
        if self._setup is None:
            raise Bug("the sandbox was not opened for a shop; call open() first")
        return self._setup

    def _change(self) -> contextlib.AbstractContextManager[sqlite3.Connection]:
        if self._books is None:
            raise Bug("the sandbox was not opened for a shop; call open() first")
        return self._books.change()


def _facts(charge: SandboxCharge, kind: Literal["charge", "close"], ref: str) -> Facts:
    waiting = charge.state == "waiting"
    return Facts(
        kind=kind,
        ref=ref,
        state=charge.state,
        amount=charge.amount,
        currency=charge.currency,
        remote_id=f"sandbox-{charge.attempt}",
        link=charge.link if waiting else None,
        reason=charge.reason,
        expires_at=charge.expires_at if waiting else None,
    )


def _refund_facts(operation: Operation) -> Facts:
    return Facts(
        kind="refund",
        ref=operation.ref,
        state="done",
        amount=operation.amount,
        currency=operation.currency,
        remote_id=f"sandbox-{operation.ref}",
    )


def _from_environment() -> str | None:
    named = os.environ.get("VOICETILL_SANDBOX")
    if named and (wrong := _unknown(named)):
        raise SetupError(f"VOICETILL_SANDBOX: {wrong}")
    return named or None


def _unknown(behaviour: object) -> str:
    """What is wrong with it, if something is."""
    if isinstance(behaviour, str):
        kind, _, seconds = behaviour.partition(":")
        if behaviour in PLAIN or (kind == "late" and _seconds(seconds) is not None):
            return ""
    return f"{behaviour!r} is not known; choose one of {', '.join(BEHAVIOURS)}"


def _delay() -> float:
    named = os.environ.get("VOICETILL_SANDBOX_DELAY", "0") or "0"
    seconds = _seconds(named)
    if seconds is None:
        raise SetupError(f"VOICETILL_SANDBOX_DELAY: {named!r} is not a number of seconds; give one such as 2 or 0.5")
    return seconds


def _seconds(text: str) -> float | None:
    try:
        seconds = float(text)
    except ValueError:
        return None
    return seconds if math.isfinite(seconds) and 0 <= seconds < 10**8 else None


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


PROVIDER = Sandbox()

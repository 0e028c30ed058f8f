"""A far end with a ledger of its own that notifies, forgets, hangs, breaks and sometimes pays late."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import msgspec
from msgspec.structs import replace

from assistant.commerce.payment import Done, Facts, NotFound, Refused, Unknown
from assistant.payments import Operation, ProviderSetup

FATES = ("paid", "declined", "expired", "closed", "waiting", "pending", "unsure")
"""What becomes of a new charge; `pending` waits for nobody in particular, `unsure` is the bank's own word."""
FAULTS = ("lose_request", "lose_reply", "hang", "break", "mute", "unsure")
REFUND_FATES = ("done", "failed", "refused")


class BrokenError(RuntimeError):
    """A mistake in the adapter."""


@dataclass
class Charge:
    attempt: str
    order: str
    amount: int
    currency: str
    state: str
    link: str | None
    request: bytes
    refunded: int = 0

    @property
    def net(self) -> int:
        return self.amount - self.refunded if self.state == "paid" else 0


class Bank:
    name = "transfer"
    WORDS: Mapping[str, Mapping[str, str]] = {"en": {"name": "bank transfer"}}
    keys: frozenset[str] = frozenset()
    pays_later = False
    sandbox = False

    def __init__(self) -> None:
        self.charges: dict[str, Charge] = {}
        self.refunds: dict[str, tuple[str, bytes]] = {}
        """Refund id -> state, request."""
        self.fate = "paid"
        self.refund_fate = "done"
        self.faults: list[str] = []
        """What happens to the calls that come next, one each."""
        self.met: Counter[str] = Counter()
        self.wrong: list[str] = []
        """What must never come: another request under a known key."""
        self.notified = 0

    def open(self, setup: ProviderSetup) -> Bank:
        return self

    def offers(self, amount: int, currency: str, can: frozenset[str]) -> bool:
        return amount > 0

    def build(self, operation: Operation) -> bytes:
        return msgspec.json.encode(operation)

    async def send(self, request: bytes, key: str) -> Done | Refused | Unknown:
        fault = self.faults.pop(0) if self.faults else ""
        if fault:
            self.met[f"bank {fault}"] += 1
        if fault == "lose_request":
            return Unknown("lost on its way")
        if fault == "break":
            raise BrokenError("the adapter broke")
        operation = msgspec.json.decode(request, type=Operation)
        answer = {"charge": self._charge, "close": self._close, "refund": self._refund}[operation.kind](
            operation, request
        )
        if fault == "hang":
            await asyncio.sleep(40)
        if fault in ("lose_reply", "mute", "hang"):
            return Unknown("no answer")
        if fault == "unsure" and isinstance(answer, Done):
            return Done(replace(answer.facts, state="unknown"))
        return answer

    async def query(self, operation: Operation) -> Facts | NotFound | Unknown:
        fault = self.faults.pop(0) if self.faults else ""
        if fault:
            self.met[f"bank {fault}"] += 1
        if fault == "break":
            raise BrokenError("the adapter broke")
        if fault == "hang":
            await asyncio.sleep(40)
        if fault in ("lose_request", "lose_reply", "mute", "hang"):
            return Unknown("no answer")
        if operation.kind == "refund":
            known = self.refunds.get(operation.ref)
            if known is None:
                return NotFound()
            return _facts(operation, "unknown" if fault == "unsure" else known[0])
        charge = self.charges.get(operation.attempt)
        if charge is None:
            return NotFound()
        return self.said(charge, "unknown" if fault == "unsure" else None)

    def read_webhook(self, headers: Mapping[str, str], raw: bytes, now: dt.datetime) -> list[Facts]:
        if headers.get("signature") != "right":
            raise ValueError("the signature is wrong")
        return [msgspec.json.decode(raw, type=Facts)]

    def ack(self, ok: bool) -> tuple[int, dict[str, str], bytes]:
        return (200, {}, b"success") if ok else (400, {}, b"fail")

    async def close(self) -> None:
        """Nothing is kept open."""

    def said(self, charge: Charge, state: str | None = None, event: str | None = None) -> Facts:
        """What it says of a charge, now or of old."""
        state = state or charge.state
        link = charge.link if state == "waiting" else None
        return Facts(
            kind="charge",
            ref=charge.attempt,
            state=state,
            amount=charge.amount,
            currency=charge.currency,
            link=link,
            event_id=event,
        )

    def _charge(self, operation: Operation, request: bytes) -> Done | Refused:
        known = self.charges.get(operation.ref)
        if known is None:
            self.met[f"bank {self.fate}"] += 1
            state = {"pending": "waiting", "unsure": "waiting"}.get(self.fate, self.fate)
            link = f"https://bank.example/{operation.ref}" if self.fate == "waiting" else None
            known = self.charges[operation.ref] = Charge(
                operation.ref, operation.order, operation.amount, operation.currency, state, link, request
            )
            if self.fate == "unsure":
                return Done(self.said(known, "unknown"))
        elif known.request and known.request != request:
            self.wrong.append(f"another request under the key {operation.ref}")
        return Done(self.said(known))

    def _close(self, operation: Operation, request: bytes) -> Done | Refused:
        known = self.charges.get(operation.attempt)
        if known is None:
            known = self.charges[operation.attempt] = Charge(
                operation.attempt, operation.order, operation.amount, operation.currency, "closed", None, b""
            )
        elif known.state == "waiting":
            known.state = "closed"
        elif known.state == "paid":
            return Refused("it is paid")
        return Done(replace(self.said(known), kind="close"))

    def _refund(self, operation: Operation, request: bytes) -> Done | Refused:
        known = self.refunds.get(operation.ref)
        if known is not None:
            if known[1] != request:
                self.wrong.append(f"another request under the key {operation.ref}")
            return Done(_facts(operation, known[0]))
        charge = self.charges.get(operation.attempt)
        if charge is None or not 0 < operation.amount <= charge.net:
            self.wrong.append(f"refund {operation.ref} is more than was captured")
            return Refused("more_than_captured")
        self.met[f"bank refund {self.refund_fate}"] += 1
        if self.refund_fate == "refused":
            return Refused("not_now")
        if self.refund_fate == "done":
            charge.refunded += operation.amount
        self.refunds[operation.ref] = (self.refund_fate, request)
        return Done(_facts(operation, self.refund_fate))


def _facts(operation: Operation, state: str) -> Facts:
    return Facts(kind="refund", ref=operation.ref, state=state, amount=operation.amount, currency=operation.currency)

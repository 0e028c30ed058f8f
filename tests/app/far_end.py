"""A far end whose answers a test gives: it remembers what it was asked and notifies when it is told to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable, Mapping

import msgspec
from msgspec.structs import replace

from assistant.commerce.payment import Done, Facts, NotFound, Refused, Unknown
from assistant.payments import Operation, ProviderSetup
from assistant.turns import Act
from tests.app.talk import YES, Kiosk


class FarEnd:
    name = "transfer"
    WORDS: Mapping[str, Mapping[str, str]] = {"en": {"name": "bank transfer"}}
    keys: frozenset[str] = frozenset()
    pays_later = False
    sandbox = False

    def __init__(self) -> None:
        self.asked: list[tuple[str, bytes]] = []
        """(kind, request) of every send."""
        self.keys: list[str] = []
        """Under which key each was sent."""
        self.queried: list[str] = []
        self.known: dict[str, Facts] = {}
        """What it answers, by attempt or refund id; until there is something, `first` or nothing is found."""
        self.first = "waiting"
        self.mute = False

    def open(self, setup: ProviderSetup) -> FarEnd:
        return self

    def offers(self, amount: int, currency: str, can: frozenset[str]) -> bool:
        return True

    def build(self, operation: Operation) -> bytes:
        return msgspec.json.encode(operation)

    async def send(self, request: bytes, key: str) -> Done | Refused | Unknown:
        operation = msgspec.json.decode(request, type=Operation)
        self.asked.append((operation.kind, request))
        self.keys.append(key)
        if self.mute:
            return Unknown("no answer")
        state = {"charge": self.first, "close": "closed", "refund": "done"}[operation.kind]
        if operation.kind == "close" and key in self.known and self.known[key].state != "waiting":
            return Refused("it is settled")
        link = f"https://pay.example/{key}" if state == "waiting" else None
        self.known[key] = Facts(
            kind=operation.kind, ref=key, state=state, amount=operation.amount, currency=operation.currency, link=link
        )
        return Done(self.known[key])

    async def query(self, operation: Operation) -> Facts | NotFound | Unknown:
        self.queried.append(operation.ref)
        return Unknown("no answer") if self.mute else self.known.get(operation.ref, NotFound())

    def read_webhook(self, headers: Mapping[str, str], raw: bytes, now: dt.datetime) -> list[Facts]:
        if headers.get("signature") != "right":
            raise ValueError("the signature is wrong")
        return [msgspec.json.decode(raw, type=Facts)]

    def ack(self, ok: bool) -> tuple[int, dict[str, str], bytes]:
        return (200, {}, b"success") if ok else (400, {}, b"fail")

    async def close(self) -> None:
        """Nothing is kept open."""

    def sent(self, kind: str) -> int:
        return sum(one == kind for one, _request in self.asked)


ByTransfer = Callable[[], Awaitable[tuple[Kiosk, FarEnd]]]
"""Opens the kiosk with a method that such a far end collects; gives both."""


async def notify(kiosk: Kiosk, facts: Facts, signature: str = "right", provider: str = "transfer") -> int:
    status, _headers, _body = await kiosk.house.webhook(provider, {"signature": signature}, msgspec.json.encode(facts))
    return status


async def paid_facts(kiosk: Kiosk, **changes: object) -> Facts:
    _session, _order, payment = await kiosk.state()
    attempt = payment.attempts[-1]
    facts = Facts(
        kind="charge", ref=attempt.id, state="paid", amount=attempt.amount, currency=attempt.currency, event_id="e1"
    )
    return replace(facts, **changes)  # type: ignore[arg-type]


async def second_try(by_transfer: ByTransfer) -> tuple[Kiosk, FarEnd, Facts]:
    """A transfer that was declined and one that is waited for, with what the far end would tell if the first is paid
    after all."""
    kiosk, far_end = await by_transfer()
    await kiosk.does(YES)
    late = await paid_facts(kiosk)
    await notify(kiosk, await paid_facts(kiosk, state="declined", event_id="no"))
    await kiosk.does(Act("choose_method", value="transfer"))
    await kiosk.does(YES)
    return kiosk, far_end, late

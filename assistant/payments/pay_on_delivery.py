"""Pay at the door or the counter: nothing is collected now, and nobody far away is asked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import msgspec

from assistant.commerce.payment import Done, Facts, NotFound, Refused, Unknown
from assistant.payments import Operation, ProviderSetup


class PayOnDelivery:
    """Its answers follow from the request alone, so that the same one twice is the same agreement."""

    name = "pay_on_delivery"
    WORDS: Mapping[str, Mapping[str, str]] = {
        "en": {"name": "pay on delivery"},
        "zh": {"name": "货到付款"},
        "ko": {"name": "만나서 결제"},
    }
    keys: frozenset[str] = frozenset()
    pays_later = True
    sandbox = False

    def open(self, setup: ProviderSetup) -> PayOnDelivery:
        return self

    def offers(self, amount: int, currency: str, can: frozenset[str]) -> bool:
        return True

    def build(self, operation: Operation) -> bytes:
        return msgspec.json.encode(operation)

    async def send(self, request: bytes, key: str) -> Done | Refused | Unknown:
        operation = msgspec.json.decode(request, type=Operation)
        return Refused("nothing_collected") if operation.kind == "refund" else Done(_facts(operation))

    async def query(self, operation: Operation) -> Facts | NotFound | Unknown:
        return NotFound() if operation.kind == "refund" else _facts(operation)

    def read_webhook(self, headers: Mapping[str, str], raw: bytes, now: dt.datetime) -> list[Facts]:
        raise ValueError("nobody sends notifications for what is paid at the door")

    def ack(self, ok: bool) -> tuple[int, dict[str, str], bytes]:
        return (200 if ok else 400), {}, b""

    async def close(self) -> None:
        """Nothing is kept open."""


PROVIDER = PayOnDelivery()


def _facts(operation: Operation) -> Facts:
    return Facts(
        kind=operation.kind,
        ref=operation.ref,
        state="waiting" if operation.kind == "charge" else "closed",
        amount=operation.amount,
        currency=operation.currency,
    )

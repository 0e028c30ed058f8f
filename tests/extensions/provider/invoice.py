"""Pay by invoice: the bill comes by post after the goods, so nothing is collected now and nobody far away is asked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import msgspec

from assistant.commerce.payment import Done, Facts, NotFound, Refused, Unknown
from assistant.errors import SetupError
from assistant.payments import Operation, ProviderSetup

MOST = 50_000
"""Minor units that are lent to somebody nobody knows, unless the shop's `[providers.invoice] most` says otherwise."""


class Invoice:
    """Its answers follow from the request alone, so that the same one twice is the same invoice."""

    name = "invoice"
    WORDS: Mapping[str, Mapping[str, str]] = {
        "en": {
            "name": "invoice",
            "agreed_later": "Thank you, your order {number} is placed. The invoice for {amount} comes by post.",
            "due": "{amount} is to be paid by invoice.",
        },
        "zh": {
            "name": "发票后付",
            "agreed_later": "谢谢，订单{number}已下单，{amount}的账单会寄给您。",
            "due": "{amount}凭账单付款。",
        },
        "ko": {
            "name": "청구서",
            "agreed_later": "감사합니다. 주문 {number}이 접수되었고 {amount} 청구서를 우편으로 보내 드립니다.",
            "due": "{amount}은 청구서로 결제하시면 됩니다.",
        },
        "pt": {
            "name": "fatura",
            "agreed_later": "Obrigado, a sua encomenda {number} está feita. A fatura de {amount} segue pelo correio.",
            "due": "{amount} a pagar por fatura.",
        },
    }
    keys = frozenset({"most"})
    pays_later = True
    sandbox = False

    def __init__(self, most: int = MOST) -> None:
        self.most = most

    def open(self, setup: ProviderSetup) -> Invoice:
        if wrong := self.mistakes(setup.settings):
            raise SetupError("\n".join(f"shop.toml, [providers.invoice]: {key} {text}" for key, text in wrong))
        return Invoice(setup.settings.get("most", MOST))

    def mistakes(self, settings: Mapping[str, Any]) -> list[tuple[str, str]]:
        most = settings.get("most", MOST)
        right = type(most) is int and most >= 1
        return [] if right else [("most", f"is {most!r}; write minor units, such as 50000")]

    def offers(self, amount: int, currency: str, can: frozenset[str]) -> bool:
        return amount <= self.most

    def build(self, operation: Operation) -> bytes:
        return msgspec.json.encode(operation)

    async def send(self, request: bytes, key: str) -> Done | Refused | Unknown:
        operation = msgspec.json.decode(request, type=Operation)
        return Refused("nothing_collected") if operation.kind == "refund" else Done(_facts(operation))

    async def query(self, operation: Operation) -> Facts | NotFound | Unknown:
        return NotFound() if operation.kind == "refund" else _facts(operation)

    def read_webhook(self, headers: Mapping[str, str], raw: bytes, now: dt.datetime) -> list[Facts]:
        raise ValueError("nobody sends notifications for what is paid by invoice")

    def ack(self, ok: bool) -> tuple[int, dict[str, str], bytes]:
        return (200 if ok else 400), {}, b""

    async def close(self) -> None:
        """Nothing is kept open."""


PROVIDER = Invoice()


def _facts(operation: Operation) -> Facts:
    state = "waiting" if operation.kind == "charge" else "closed"
    return Facts(
        kind=operation.kind,
        ref=operation.ref,
        state=state,
        amount=operation.amount,
        currency=operation.currency,
        remote_id=f"INV-{operation.attempt[:8]}",
    )

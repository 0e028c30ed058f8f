"""The provider contract. One file a provider: its constant `PROVIDER` is found by discovery.

Speech never charges by itself. A provider is asked to collect a total that the buyer agreed to; what it says is
brought into one form (`Facts`) whichever way it comes: as an answer, a webhook, a poll, or a check after a restart.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, Protocol, runtime_checkable

from msgspec import Struct

from assistant.commerce.payment import Done, Facts, NotFound, Refused, Unknown


class Operation(Struct, frozen=True, kw_only=True):
    """What a provider is to do, before it is turned into bytes."""

    kind: Literal["charge", "close", "refund"]
    ref: str
    """Attempt id (charge, close) or refund id: the idempotency key. Unguessable, never used again."""
    attempt: str
    """The attempt that is charged, closed or paid back."""
    order: str
    shop: str
    amount: int
    currency: str
    description: str = ""
    language: str = ""
    expires_at: dt.datetime
    remote_id: str | None = None


class BuyerPage(Struct, frozen=True, kw_only=True):
    """A charge that its buyer decides on a page of ours."""

    shop: str
    order: str
    amount: int
    currency: str
    state: str
    facts: Facts
    """What it came to, as a notification would tell it."""


def _nowhere() -> str:
    return ""


class ProviderSetup(Struct, frozen=True, kw_only=True):
    """What a provider may use when it is opened."""

    shop: str
    data: Path
    """The data folder; a provider keeps its own files there under its own name."""
    settings: Mapping[str, Any]
    """The shop's `[providers.NAME]`."""
    reached_at: Callable[[], str] = _nowhere
    """Where people (and gateways) reach our pages by now; "" while nobody serves them."""


class Provider(Protocol):
    """Who collects money: a payment service, the sandbox, the shop's own till."""

    name: str
    WORDS: Mapping[str, Mapping[str, str]]
    keys: frozenset[str]
    """The keys its `[providers.NAME]` may have."""
    pays_later: bool
    """True: nothing is collected now (pay at the door); a `waiting` answer then places the order."""
    sandbox: bool
    """True: no money moves; it is said so."""

    def open(self, setup: ProviderSetup) -> Provider:
        """A provider ready for one shop. Raises SetupError for bad settings. No network."""
        ...

    def offers(self, amount: int, currency: str, can: frozenset[str]) -> bool:
        """Whether this provider can collect this on a channel with these abilities. Pure."""
        ...

    def build(self, operation: Operation) -> bytes:
        """The exact request bytes, stored before `send` and used for every retry. Pure, no secrets inside."""
        ...

    async def send(self, request: bytes, key: str) -> Done | Refused | Unknown:
        """Ask the far end once. Never retries, never raises for network trouble. The same key twice is one effect."""
        ...

    async def query(self, operation: Operation) -> Facts | NotFound | Unknown:
        """What the far end knows of an earlier `send` with this key. Changes nothing."""
        ...

    def read_webhook(self, headers: Mapping[str, str], raw: bytes, now: dt.datetime) -> list[Facts]:
        """Verified facts from a notification; raises ValueError when it can't be trusted. Pure."""
        ...

    def ack(self, ok: bool) -> tuple[int, dict[str, str], bytes]:
        """(status, headers, body) that the far end expects for a notification taken or refused."""
        ...

    async def close(self) -> None:
        """Give back files and connections."""
        ...


@runtime_checkable
class ReadsSettings(Protocol):
    """A provider whose `[providers.NAME]` can be wrong in more than its keys."""

    def mistakes(self, settings: Mapping[str, Any]) -> Sequence[tuple[str, str]]:
        """(key, what is wrong with its value and how to mend it); told by `menu check`, and no shop opens with one."""
        ...


@runtime_checkable
class IsTold(Protocol):
    """A provider that is told by the environment how to behave (the sandbox)."""

    def told(self) -> str:
        """What it was told, as one would write it; "" for nothing. SetupError where that can't be."""
        ...


@runtime_checkable
class HasPages(Protocol):
    """A provider whose buyers decide on a page of ours rather than of the far end (the sandbox)."""

    async def page(self, ref: str, decide: str | None) -> BuyerPage | None:
        """A charge, after its buyer's "approve" or "decline" (a second decision changes nothing); None: no such one."""
        ...

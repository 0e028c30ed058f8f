"""What every part of one shop's house works with: the goods and rules, the store, the clocks, the payment providers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from pathlib import Path

from msgspec import Struct

from assistant.commerce.catalogue import Catalogue
from assistant.commerce.order import Order
from assistant.commerce.shop import Shop
from assistant.commerce.stock import on_hand
from assistant.dialogue.state import StockKey
from assistant.discovery import find
from assistant.locks import Locks
from assistant.payments import Provider, ProviderSetup
from assistant.storage import Store

Clock = Callable[[], dt.datetime]


class Premises(Struct, frozen=True, kw_only=True):
    """Of one shop, in one process."""

    shop: Shop
    catalogue: Catalogue
    store: Store
    locks: Locks
    """Of talks ("session ID") and orders ("order ID"), taken in that order."""
    stock: Stock
    providers: Providers
    data: Path
    """The data folder."""
    clock: Clock
    """The shop's time: turns, hours, quotes."""
    real_clock: Clock
    """What leases, time-outs and expiries follow, whatever the shop's clock says."""


class Stock:
    """How many of counted goods are left. How many there were, the merchant's file says when one is first asked for."""

    def __init__(self, shop: str, catalogue: Catalogue, store: Store) -> None:
        self._shop, self._catalogue, self._store = shop, catalogue, store
        self._seeded: set[StockKey] = set()

    async def free(self, keys: Sequence[StockKey], order: Order | None = None) -> dict[StockKey, int | None]:
        """As `Store.free`: what `order` itself holds counts as free; None is unlimited."""
        if not keys:
            return {}
        new = [key for key in keys if key not in self._seeded]
        if new:
            await self._store.seed_stock(self._shop, on_hand(self._catalogue, new))
            self._seeded.update(new)
        return await self._store.free(self._shop, keys, order.id if order else None)


class Providers:
    """The payment providers of one shop, each opened once."""

    def __init__(self, shop: Shop, data: Path) -> None:
        self._shop, self._data = shop, data
        self._open: dict[str, Provider] = {}
        self.url = ""
        """Where people (and gateways) reach our pages; "" while nobody serves them."""

    def of(self, name: str) -> Provider:
        """Opened, where it isn't yet: an attempt may be of one that no method names any more. SetupError: as `open`."""
        known = self._open.get(name)
        if known is None:
            part: Provider = find("provider", name)
            known = self._open[name] = part.open(
                ProviderSetup(
                    shop=self._shop.id,
                    data=self._data,
                    settings=self._shop.providers.get(name, {}),
                    reached_at=lambda: self.url,
                )
            )
        return known

    def opened(self, name: str) -> Provider | None:
        """One that this shop already works with: whoever names it (a webhook's address) must not open others."""
        return self._open.get(name)

    def of_method(self, method: str) -> Provider:
        return self.of(self._shop.methods[method].provider)

    def open_all(self) -> None:
        """Those of all methods, so that what is wrong with one is said at the start."""
        for method in self._shop.methods:
            self.of_method(method)

    async def close(self) -> None:
        for one in self._open.values():
            await one.close()

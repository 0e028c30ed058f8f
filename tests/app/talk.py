"""A small shop, clocks that can be turned, and talks by acts: what the tests of the app are made of."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any, Self

from msgspec.structs import replace

from assistant.app import Assistant
from assistant.commerce.catalogue import Catalogue
from assistant.commerce.ledger import mismatches
from assistant.commerce.order import Order
from assistant.commerce.payment import Payment
from assistant.commerce.shop import Shop
from assistant.dialogue.state import Session
from assistant.payments.sandbox import SandboxCharge, charges
from assistant.shops import load_shop
from assistant.storage import Store
from assistant.storage.memory import MemoryStore
from assistant.storage.sqlite import SqliteStore
from assistant.turns import Act, Hypothesis, LineSaid, Reply, Turn

SHOP = """
name = "Kiosk"
trade = "shop"
currency = "CNY"
time_zone = "Asia/Shanghai"
languages = ["en"]

[tax]
rate = "0.06"
included = true

[fulfilment.pickup]
names = { en = ["pickup"] }
needs = ["name"]
minutes = 5

[payment]
methods = ["card", "wechat", "cash"]

[payment.method.cash]
provider = "pay_on_delivery"

[categories]
drinks = { en = ["drinks"] }
"""
CATALOGUE = """[
  {"id": "cola", "names": {"en": ["cola"]}, "category": "drinks", "price": 300, "stock": 5},
  {"id": "water", "names": {"en": ["water"]}, "category": "drinks", "price": 200, "stock": null}
]"""
PRICE = 300

TO_READ_BACK = (
    Act("add", (LineSaid("cola", 1),)),
    Act("checkout"),
    Act("choose_fulfilment", value="pickup"),
    Act("give_time", value="asap"),
    Act("give_contact", value={"name": "Ana", "phone": "555 0134"}),
    Act("choose_method", value="card"),
)
"""Everything before the yes."""
YES = Act("confirm")
CANCEL = Act("cancel")
_ids = itertools.count(1)


def kiosk(folder: Path, *script: str) -> tuple[Shop, Catalogue]:
    """The shop; its sandbox answers the charges in the order of the script, then approves."""
    home = folder / "kiosk"
    home.mkdir(parents=True, exist_ok=True)
    (home / "shop.toml").write_text(SHOP)
    (home / "catalogue.json").write_text(CATALOGUE)
    shop, catalogue = load_shop(home)
    return replace(shop, providers={"sandbox": {"script": list(script)}}), catalogue


class Clock:
    """Starts at noon and stands still until it is turned on; the real one runs."""

    def __init__(self) -> None:
        self.at = dt.datetime(2026, 11, 23, 4, 0, tzinfo=dt.UTC)
        self.ahead = dt.timedelta()

    def __call__(self) -> dt.datetime:
        return self.at

    def real(self) -> dt.datetime:
        return dt.datetime.now(dt.UTC) + self.ahead


class Kiosk:
    """The shop open for talks."""

    def __init__(self, house: Assistant, store: Store, clock: Clock, data: Path) -> None:
        self.house, self.store, self.clock, self.data = house, store, clock, data

    @classmethod
    async def open(
        cls, data: Path, *script: str, store: Store | None = None, clock: Clock | None = None, recover: bool = True
    ) -> Kiosk:
        clock = clock or Clock()
        data.mkdir(parents=True, exist_ok=True)
        shop, catalogue = kiosk(data, *script)
        store = store or SqliteStore.open(data, real_clock=clock.real)
        house = await Assistant.open(
            shop,
            catalogue,
            store=store,
            data=data,
            languages=("en",),
            clock=clock,
            real_clock=clock.real,
            recover=recover,
        )
        return cls(house, store, clock, data)

    @classmethod
    @contextlib.asynccontextmanager
    async def at(cls, name: str, data: Path, **more: Any) -> AsyncIterator[Self]:
        """One of our shops, in all its languages; nothing of it outlasts the test. `more`: of `Assistant.open`."""
        clock = Clock()
        shop, catalogue = load_shop(name)
        store = MemoryStore(real_clock=clock.real)
        house = await Assistant.open(
            shop, catalogue, store=store, data=data, languages=shop.languages, clock=clock, **more
        )
        yield cls(house, store, clock, data)
        await house.close()

    async def close(self) -> None:
        await self.house.close()
        await self.store.close()

    def turn(self, *acts: Act, session: str = "s", **fields: Any) -> Turn:
        fields.setdefault("id", f"t{next(_ids)}")
        fields.setdefault("can", frozenset({"screen", "links", "private"}))
        fields.setdefault("channel", "test")
        return Turn(shop=self.house.shop, session=session, at=self.clock(), acts=acts, source="tapped", **fields)

    async def does(self, *acts: Act, session: str = "s", **fields: Any) -> Reply:
        return await self.house.take(self.turn(*acts, session=session, **fields))

    async def says(self, text: str, session: str = "s", **fields: Any) -> Reply:
        turn = replace(self.turn(session=session, **fields), hypotheses=(Hypothesis(text),), source="typed")
        return await self.house.take(turn)

    async def hears(self, *texts: str, confidence: float = 0.9, **fields: Any) -> Reply:
        """Spoken: what a recogniser makes of it, best first."""
        heard = tuple(Hypothesis(text, confidence - 0.1 * rank) for rank, text in enumerate(texts))
        return await self.house.take(replace(self.turn(**fields), hypotheses=heard, source="speech"))

    async def to_read_back(self, session: str = "s", method: str = "card", **fields: Any) -> Reply:
        reply = Reply(speech="-", text="-")
        for act in TO_READ_BACK:
            chosen = replace(act, value=method) if act.act == "choose_method" else act
            reply = await self.does(chosen, session=session, **fields)
        assert reply.expects == "confirm", reply.text
        return reply

    async def state(self, session: str = "s") -> tuple[Session, Order, Payment]:
        known, order, payment = await self.store.state(self.house.shop, session)
        assert known is not None and order is not None
        return known, order, payment

    async def lines(self, session: str = "s") -> list[tuple[str, int]]:
        """What is in the basket: (item, quantity)."""
        _, order, _ = await self.store.state(self.house.shop, session)
        return [(line.item, line.quantity) for line in order.lines] if order is not None else []

    def charged(self) -> list[SandboxCharge]:
        return charges(self.data)

    async def colas(self) -> int | None:
        """Free to be sold."""
        return (await self.store.free(self.house.shop, [("cola", "")], None))[("cola", "")]

    async def balanced(self, session: str = "s") -> None:
        """The ledger says what the attempts and refunds say, and the far end says the same."""
        _session, order, payment = await self.state(session)
        assert mismatches(payment, await self.store.entries(order.id)) == []
        net = sum(one.net for one in self.charged() if one.order == order.id)
        assert net == payment.net


def beside(store: Store, clock: Clock, data: Path) -> Store:
    """A second process' store over the same data."""
    if isinstance(store, MemoryStore):
        return MemoryStore(real_clock=clock.real, beside=store)
    return SqliteStore.open(data, real_clock=clock.real)


async def until(true: Callable[[], Awaitable[bool]], seconds: float = 15.0) -> None:
    """Waits for something that happens in the background."""
    for _ in range(int(seconds / 0.02)):
        if await true():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it never came to be")


async def comes_to(kiosk: Kiosk, status: str, stage: str, session: str = "s") -> None:
    async def there() -> bool:
        _session, order, payment = await kiosk.state(session)
        return (payment.status, order.stage) == (status, stage)

    await until(there)

"""What every store promises of stock, over every engine."""

from __future__ import annotations

import asyncio
import datetime as dt
import json

import pytest

from assistant.dialogue.state import StockMove
from assistant.errors import Bug
from assistant.storage import Change, Committed, Conflict, Store
from tests.storage.made import AT, SHOP, Engine, attempt, begun, done, hold, moved, turn, why

COLA = ("cola", "")


async def test_stock_is_held_sold_and_brought_back(store: Store) -> None:
    await store.seed_stock(SHOP, {COLA: 5, ("fries", ""): 2})
    await store.seed_stock(SHOP, {COLA: 100})
    await begun(store)

    async def free(name: str | None = None) -> tuple[int | None, ...]:
        return tuple((await store.free(SHOP, [COLA, ("fries", ""), ("water", "")], name)).values())

    assert await free() == (5, 2, None)
    await done(store, stock=(("o1", hold(("cola", "", 2), ("cola", "", 1), ("fries", "", 1))),))
    assert await free() == (2, 1, None)
    assert await free("o1") == (5, 2, None)
    await done(store, stock=(("o1", hold(("cola", "", 4))),))
    assert await free() == (1, 2, None)
    await done(store, stock=(("o1", StockMove("sell", (("cola", "", 4),))),))
    assert await free() == await free("o1") == (1, 2, None)
    await done(store, stock=(("o1", StockMove("restock", (("cola", "", 1),))),))
    assert await free() == (2, 2, None)
    await done(store, stock=(("o1", StockMove("restock")),))
    assert await free() == (5, 2, None)
    await done(store, stock=(("o1", StockMove("restock", (("cola", "", 4),))),))
    assert await free() == (5, 2, None), "no more comes back than was sold"


async def test_a_hold_is_had_whole_or_not_at_all(store: Store) -> None:
    nights = [("room", f"2026-05-0{n}") for n in (4, 5, 6)]
    await store.seed_stock(SHOP, {nights[0]: 2, nights[1]: 1, nights[2]: 0})
    await begun(store)
    wanted = hold(*((sku, night, 2) for sku, night in nights))
    answer = await store.commit(Change(turn=turn(), stock=(("o1", wanted),)))
    assert isinstance(answer, Conflict) and answer.why == "stock"
    assert json.loads(answer.detail) == [["room", "2026-05-05", 1], ["room", "2026-05-06", 0]]
    assert list((await store.free(SHOP, nights, None)).values()) == [2, 1, 0]
    assert await store.turn("terminal", "s1", "t1") is None


async def test_what_is_no_longer_held_is_sold_from_what_is_free(store: Store) -> None:
    await store.seed_stock(SHOP, {COLA: 3})
    await begun(store)
    await begun(store, "o2")
    await done(store, stock=(("o1", hold(("cola", "", 2))),))
    await done(store, stock=(("o1", StockMove("release")),))
    assert (await store.free(SHOP, [COLA], None))[COLA] == 3
    await done(store, stock=(("o2", hold(("cola", "", 2))),))
    assert await why(store, stock=(("o1", StockMove("sell", (("cola", "", 2),))),)) == "stock"
    await done(store, stock=(("o2", StockMove("release")),))
    await done(store, stock=(("o1", StockMove("sell", (("cola", "", 2),))),))
    assert (await store.free(SHOP, [COLA], "o1"))[COLA] == 1


async def test_two_processes_at_once_sell_the_last_one_once(engine: Engine) -> None:
    one, other = engine.open(), engine.open()
    await one.seed_stock(SHOP, {COLA: 1})
    for n in range(8):
        await begun(one, f"o{n}")
    answers = await asyncio.gather(
        *(store.commit(Change(stock=((f"o{n}", hold(("cola", "", 1))),))) for n, store in enumerate((one, other) * 4))
    )
    assert answers.count(Committed()) == 1
    assert (await other.free(SHOP, [COLA], None))[COLA] == 0


async def test_stock_that_is_not_counted_can_not_be_moved(store: Store) -> None:
    await begun(store)
    with pytest.raises(Bug, match="not counted"):
        await store.commit(Change(stock=(("o1", hold(("water", "", 1))),)))
    with pytest.raises(Bug):
        await store.commit(Change(stock=(("o1", hold(("cola", "", 0))),)))


async def test_holds_lapse_unless_the_payment_is_under_way(store: Store) -> None:
    await store.seed_stock(SHOP, {COLA: 5})
    for name in ("o1", "o2", "o3"):
        await begun(store, name)
        await done(store, stock=((name, hold(("cola", "", 1), minutes=20 if name != "o3" else 60)),))
    await done(store, attempts=(attempt(order="o2"),))
    assert await store.lapse(AT + dt.timedelta(minutes=19)) == []
    assert await store.lapse(AT + dt.timedelta(minutes=20)) == ["o1"]
    assert await store.lapse(AT + dt.timedelta(minutes=20)) == []
    assert (await store.free(SHOP, [COLA], None))[COLA] == 3
    await moved(store, "a1", "sent", "declined")
    assert await store.lapse(AT + dt.timedelta(minutes=21)) == ["o2"]

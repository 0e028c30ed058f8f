"""What every store promises of orders and their numbers, over every engine."""

from __future__ import annotations

import asyncio
import datetime as dt
from typing import Any

import pytest
from msgspec.structs import replace

from assistant.commerce.order import ORDER_MOVES
from assistant.errors import Bug
from assistant.storage import Change, Committed, Store
from tests.storage.made import AT, SHOP, Engine, attempt, begun, done, order, session, turn, why


async def test_orders_are_found_newest_first(store: Store) -> None:
    for n in range(4):
        await begun(
            store,
            f"o{n}",
            created_at=AT + dt.timedelta(hours=n),
            person="ana" if n % 2 else None,
            session=f"s{n // 2}",
            stage="placed" if n else "open",
        )
    await done(store, attempts=(attempt(order="o3"),))

    async def names(**what: Any) -> list[str]:
        return [one.order.id for one in await store.orders(SHOP, **what)]

    assert await names() == ["o3", "o2", "o1", "o0"]
    assert await names(limit=2) == ["o3", "o2"]
    assert await names(person="ana") == ["o3", "o1"]
    assert await names(session="s0") == ["o1", "o0"]
    assert await names(stages=("open", "done")) == ["o0"]
    assert await store.orders("another-shop") == []
    assert (await store.orders(SHOP, limit=1))[0].payment.attempts == (replace(attempt(order="o3"), version=1),)


async def test_numbers_are_never_the_same_twice(engine: Engine) -> None:
    one, other = engine.open(), engine.open()
    names = await asyncio.gather(*((one, other)[n % 2].number(SHOP) for n in range(120)))
    assert len(set(names)) == 120
    assert {"A1", "A99", "B1", "B21"} <= set(names)
    assert await one.number("another-shop") == "A1"


async def test_an_order_is_found_by_its_number_and_keeps_it_alone(store: Store) -> None:
    await begun(store)
    await done(store, orders=(order(version=1, stage="placed", number="A1"),))
    found = await store.order_by_number(SHOP, "A1")
    assert found is not None and found.order.id == "o1"
    assert await why(store, orders=(order("o2", stage="placed", number="A1"),)) == "version"
    await done(store, orders=(order("o3", shop="another-shop", number="A1"),))


@pytest.mark.parametrize("old", ORDER_MOVES)
async def test_an_order_moves_only_as_the_table_says(store: Store, old: str) -> None:
    path = {
        "open": (),
        "placed": ("placed",),
        "preparing": ("placed", "preparing"),
        "cancelled": ("cancelled",),
        "on_the_way": ("placed", "preparing", "on_the_way"),
        "ready": ("placed", "preparing", "ready"),
        "done": ("placed", "done"),
    }[old]
    for n, new in enumerate(ORDER_MOVES):
        name = f"o{n}"
        await begun(store, name)
        for version, stage in enumerate(path, 1):
            await done(store, orders=(order(name, stage=stage, version=version),))
        change = Change(orders=(order(name, stage=new, version=len(path) + 1),))
        if new == old or new in ORDER_MOVES[old]:
            assert await store.commit(change) == Committed()
        else:
            with pytest.raises(Bug, match=f"from {old} to {new}"):
                await store.commit(change)


async def test_a_turn_opens_no_order_again_that_was_placed(store: Store) -> None:
    """Also where it is written with others, as an ordinary one."""
    await done(store, turn=turn(), session=session(order="o1"), orders=(order(),))
    await done(store, orders=(order(stage="placed", number="A1", version=1),))
    again = Change(turn=turn("t2"), session=session(order="o1", version=1), orders=(order(version=2),))
    with pytest.raises(Bug, match="from placed to open"):
        await store.commit(again)
    stands = await store.order("o1")
    assert stands is not None and (stands.stage, stands.number) == ("placed", "A1")
    assert await store.turn("terminal", "s1", "t2") is None

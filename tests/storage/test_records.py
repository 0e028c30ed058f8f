"""Small things kept by key: one writer wins, all of a commit or nothing, and what is over is thrown away."""

from __future__ import annotations

import datetime as dt

from msgspec.structs import replace

from assistant.storage import Change, Committed, Conflict, Record, Store, rules
from tests.storage.made import SHOP, Engine, done, session


def kept(key: str = "k", **fields: object) -> Record:
    return Record(**({"shop": SHOP, "kind": "code", "key": key, "body": "{}"} | fields))  # type: ignore[arg-type]


async def test_it_is_found_by_key_and_by_owner(store: Store) -> None:
    await done(store, records=(kept("b", owner="ana"), kept("a", owner="ana"), kept("c", owner="bo")))
    assert await store.record(SHOP, "code", "a") == kept("a", owner="ana", version=1)
    assert await store.record(SHOP, "token", "a") is None and await store.record("other", "code", "a") is None
    assert [one.key for one in await store.records(SHOP, "code", "ana")] == ["a", "b"]
    assert [one.key for one in await store.records(SHOP, "code")] == ["a", "b", "c"]


async def test_only_one_of_two_that_read_the_same_writes(store: Store) -> None:
    await done(store, records=(kept(),))
    assert await store.commit(Change(records=(kept(),))) == Conflict("record", "code 'k'")
    await done(store, records=(kept(body='{"used": true}', version=1),))
    assert isinstance(await store.commit(Change(records=(kept(body="", version=1),))), Conflict)
    await done(store, records=(kept(body="", version=2),))
    assert await store.record(SHOP, "code", "k") is None


async def test_a_conflict_leaves_nothing_of_the_commit(store: Store) -> None:
    await done(store, records=(kept("a"),))
    change = Change(session=session(), records=(kept("b"), kept("a")))
    assert isinstance(await store.commit(change), Conflict)
    assert await store.record(SHOP, "code", "b") is None and await store.session(SHOP, "s1") is None
    assert isinstance(await store.commit(replace(change, records=(kept("b"),))), Committed)


async def test_what_is_over_is_thrown_away(engine: Engine) -> None:
    store = engine.open()
    at = engine.clock()
    await done(store, records=(kept("soon", until=at + dt.timedelta(minutes=1)), kept("always")))
    engine.clock.now += rules.SWEEP_EVERY + dt.timedelta(minutes=5)
    await done(store, records=(kept("more"),))
    assert [one.key for one in await store.records(SHOP, "code")] == ["always", "more"]


async def test_what_any_process_moved_is_found_without_reading_all(store: Store) -> None:
    await done(store, records=(kept("old", kind="joined"),))
    mark, _ = await store.moves(SHOP, 0)
    moved = (kept("a", kind="joined"), kept("b", kind="linked"), kept("c"), kept("d", kind="joined", shop="other"))
    await done(store, records=moved)
    mark, found = await store.moves(SHOP, mark)
    assert {"a", "b"} <= {one.key for one in found} <= {"old", "a", "b"}
    await done(store, records=(kept("a", kind="joined", body='{"talk": "t"}', version=1),))
    mark, found = await store.moves(SHOP, mark)
    assert kept("a", kind="joined", body='{"talk": "t"}', version=2) in found


async def test_where_nothing_moved_nothing_is_read(sqlite: Engine) -> None:
    store = sqlite.open()
    await done(store, records=(kept("a", kind="joined"), kept("b")))
    mark, found = await store.moves(SHOP, 0)
    assert [one.key for one in found] == ["a"]
    await done(store, records=(kept("c"), kept("b", version=1)))
    assert await store.moves(SHOP, mark) == (mark, [])

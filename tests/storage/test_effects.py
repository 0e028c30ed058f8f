"""What every store promises of what is owed to far ends, over every engine."""

from __future__ import annotations

import asyncio
import datetime as dt

from assistant.storage import Store
from tests.storage.made import AT, Engine, done, effect


async def test_what_is_owed_is_claimed_once_until_it_is_done(engine: Engine) -> None:
    one, other = engine.open(), engine.open()
    later = effect("charge:a2", order="o2", due_at=AT + dt.timedelta(minutes=1))
    await done(one, effects=(effect(), later))
    claims = await asyncio.gather(*(store.claim(AT, lease=30) for store in (one, other, one, other)))
    assert [row for rows in claims for row in rows] == [effect()]
    assert await other.owed() == [effect(), later]
    assert await other.owed(("o2",)) == [later]
    assert await one.claim(AT + dt.timedelta(minutes=2), orders=("o1", "o3"), lease=30) == []
    assert await one.claim(AT + dt.timedelta(minutes=2), orders=("o2",), lease=30) == [later]
    await done(one, effects_done=("charge:a1", "charge:a2"))
    assert await other.owed() == []


async def test_a_lease_ends_after_its_time(engine: Engine) -> None:
    one, other = engine.open(), engine.open()
    await done(one, effects=(effect(),))
    assert await one.claim(AT, lease=30) == [effect()]
    engine.clock.pass_(seconds=29)
    assert await other.claim(AT, lease=30) == []
    engine.clock.pass_(seconds=1)
    assert await other.claim(AT, lease=30) == [effect()]


async def test_a_lease_ends_with_its_process(engine: Engine) -> None:
    one, other = engine.open(), engine.open()
    await done(one, effects=(effect(), effect("charge:a2")))
    assert len(await one.claim(AT, lease=3600)) == 2
    assert await other.claim(AT, lease=30) == []
    await one.close()
    assert len(await other.claim(AT, lease=30)) == 2


async def test_what_is_given_back_or_put_off_can_be_claimed_when_it_is_due(engine: Engine) -> None:
    one, other = engine.open(), engine.open()
    await done(one, effects=(effect(),))
    await one.claim(AT, lease=30)
    await other.release("charge:a1", AT)
    assert await other.claim(AT, lease=30) == [], "only who holds it can give it back"
    await one.release("charge:a1", AT + dt.timedelta(seconds=5))
    assert await other.claim(AT, lease=30) == []
    soon = AT + dt.timedelta(seconds=5)
    assert await other.claim(soon, lease=30) == [effect(due_at=soon)]
    put_off = effect(tries=1, due_at=soon + dt.timedelta(seconds=5))
    await done(other, effects=(put_off,))
    assert await one.claim(soon, lease=30) == []
    assert await one.claim(soon + dt.timedelta(seconds=5), lease=30) == [put_off]


async def test_claims_come_oldest_first_and_not_too_many(store: Store) -> None:
    rows = [effect(f"charge:{n}", due_at=AT + dt.timedelta(seconds=-n)) for n in range(5)]
    await done(store, effects=tuple(rows))
    assert await store.claim(AT, lease=30, limit=2) == [rows[4], rows[3]]
    assert await store.claim(AT, lease=30) == [rows[2], rows[1], rows[0]]

"""What every store promises of names that were learned, over every engine."""

from __future__ import annotations

import datetime as dt

import pytest

from assistant.storage import Heard, Store, rules
from assistant.turns import Alias
from tests.storage.made import AT, SHOP, Engine, done, session, turn, why


def heard(said: str = "schprite", meant: str = "sprite", voice: str = "ana", minutes: int = 0) -> Heard:
    return Heard(SHOP, Alias(said, "en", "item", meant), voice, AT + dt.timedelta(minutes=minutes))


async def counted(store: Store) -> list[tuple[str, str, str, int, int]]:
    return [(one.alias.said, one.alias.meant, one.state, one.times, one.voices) for one in await store.aliases(SHOP)]


async def test_an_alias_counts_how_often_and_by_how_many_it_was_meant(store: Store, engine: Engine) -> None:
    await done(store, turn=turn("t1"), session=session(), learned=(heard(),))
    await done(store, turn=turn("t2"), learned=(heard(minutes=1), heard(meant="water", minutes=1)))
    await done(store, turn=turn("t3"), learned=(heard(voice="ben", minutes=2),))
    assert await counted(store) == [("schprite", "sprite", "open", 3, 2), ("schprite", "water", "open", 1, 1)]
    assert await counted(engine.open()) == await counted(store)
    assert await store.aliases("another-shop") == []


async def test_an_alias_is_written_with_its_turn_or_not_at_all(store: Store) -> None:
    await done(store, turn=turn("t1"), session=session())
    assert await why(store, turn=turn("t1"), learned=(heard(),)) == "turn"
    assert await why(store, turn=turn("t2"), session=session(), learned=(heard(),)) == "version"
    assert await counted(store) == []


async def test_what_the_merchant_said_stays_however_often_it_is_heard(store: Store, engine: Engine) -> None:
    await done(store, learned=(heard(), heard(meant="water")))
    assert await store.judge(SHOP, heard().alias, "accepted")
    assert await store.judge(SHOP, heard(meant="water").alias, "rejected")
    assert not await store.judge(SHOP, heard("never").alias, "accepted")
    assert not await store.judge("another-shop", heard().alias, "rejected")
    await done(store, learned=(heard(voice="ben", minutes=1), heard(meant="water", voice="ben")))
    assert await counted(engine.open()) == [
        ("schprite", "sprite", "accepted", 2, 2),
        ("schprite", "water", "rejected", 2, 2),
    ]


async def test_an_erased_alias_begins_anew(store: Store) -> None:
    await done(store, learned=(heard(), heard(voice="ben")))
    await store.judge(SHOP, heard().alias, "rejected")
    await store.erase(SHOP, [heard().alias, heard("never").alias])
    assert await counted(store) == []
    await done(store, learned=(heard(voice="cho"),))
    assert await counted(store) == [("schprite", "sprite", "open", 1, 1)]


async def test_chatter_does_not_fill_the_disk(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "MOST_ALIASES", 3)
    await done(store, learned=(heard("first"), heard("second", minutes=1)))
    await store.judge(SHOP, heard("first").alias, "accepted")
    for minute in range(2, 7):
        await done(store, learned=(heard(f"word {minute}", minutes=minute),))
    names = [one.alias.said for one in await store.aliases(SHOP)]
    assert names == ["word 6", "word 5", "word 4", "first"], "the newest stay, and what the merchant said"

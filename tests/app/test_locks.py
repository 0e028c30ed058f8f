"""One talk at a time: who waits comes in turn, and who gives up holds nobody back."""

from __future__ import annotations

import asyncio

from assistant.locks import Held, Locks, Places


async def hold(lock: Held | Places, name: str, told: list[str], done: asyncio.Event) -> None:
    async with lock as waited:
        told.append(f"{name}{' waited' if waited else ''}")
        await done.wait()


async def settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_who_comes_first_is_served_first() -> None:
    locks, told = Locks(), list[str]()
    events = [asyncio.Event() for _ in range(3)]
    tasks = [asyncio.create_task(hold(locks.hold("talk"), str(n), told, one)) for n, one in enumerate(events)]
    other = asyncio.create_task(hold(locks.hold("other talk"), "other", told, asyncio.Event()))
    await settle()
    assert told == ["0", "other"]
    for event in events:
        event.set()
    await asyncio.gather(*tasks)
    assert told == ["0", "other", "1 waited", "2 waited"]
    other.cancel()
    await asyncio.gather(other, return_exceptions=True)
    async with locks.hold("other talk") as waited:
        assert not waited


async def test_who_gives_up_holds_nobody_back() -> None:
    for place in (Locks().hold("talk"), Places(1)):
        told, done = list[str](), asyncio.Event()
        done.set()
        async with place:
            tasks = [asyncio.create_task(hold(place, str(n), told, done)) for n in range(3)]
            await settle()
            tasks[0].cancel()  # while it waits
            await settle()
        tasks[1].cancel()  # just when its turn has come
        await asyncio.gather(*tasks, return_exceptions=True)
        assert [one.split()[0] for one in told] == ["2"]
        async with place as waited:
            assert not waited


async def test_so_many_turns_at_a_time() -> None:
    places, told, done = Places(2), list[str](), asyncio.Event()
    tasks = [asyncio.create_task(hold(places, str(n), told, done)) for n in range(4)]
    await settle()
    assert told == ["0", "1"]
    done.set()
    await asyncio.gather(*tasks)
    assert told == ["0", "1", "2", "3"]

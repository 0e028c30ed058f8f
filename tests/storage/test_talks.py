"""What every store promises of talks and their turns, over every engine."""

from __future__ import annotations

import asyncio

import pytest
from msgspec.structs import replace

from assistant.commerce.payment import Payment
from assistant.dialogue.state import Asked, Attended, ReadBack, Recent, Snapshot
from assistant.errors import Bug
from assistant.storage import Change, Committed, Conflict, Store
from assistant.turns import Act, Choice, Private, View
from tests.storage.made import AT, SHOP, Engine, begun, done, event, order, reply, session, turn, why


async def test_a_turn_is_kept_with_all_that_it_wrote(store: Store) -> None:
    said = reply(
        views=(View("basket", {"total": 900}),), choices=(Choice("Pay", (Act("checkout"),)),), expects="basket"
    )
    talk = session(
        order="o1",
        language="zh",
        asked=Asked("address"),
        last=said,
        misses=1,
        news=(reply("Paid."),),
        read_back=ReadBack("f", "t0", AT, 900, "phone", {"basket": "two colas"}),
        past=(Snapshot(order().lines, {"method": "card"}, ("SAVE",)),),
        recent=Recent(1, ("cola",)),
    )
    made = order(person="ana")
    await done(store, turn=turn(reply=said), session=talk, orders=(made,), events=(event(), event(kind="step")))
    stored_session, stored_order, payment = await store.state(SHOP, "s1")
    assert stored_session == replace(talk, version=1) == await store.session(SHOP, "s1")
    assert stored_order == replace(made, version=1) == await store.order("o1")
    assert payment == Payment() == await store.payment("o1")
    assert await store.turn("terminal", "s1", "t1") == turn(reply=said)
    assert await store.begin("terminal", SHOP, "s1", "t1") == turn(reply=said)
    assert await store.begin("terminal", SHOP, "s1", "t2") == (stored_session, stored_order, payment)
    assert [one.kind for one in await store.events(order="o1")] == ["turn", "step"]
    assert await store.events(session="s1", limit=1) == [event(kind="step")]
    assert await store.events(order="another") == []


async def test_talks_in_which_a_person_is_wanted_are_found(store: Store) -> None:
    wanted = Attended("asked", AT)
    quoted = reply('it said "attended": {"state": 1}')
    for name, attended in (("a", wanted), ("b", None), ("c", wanted)):
        await done(store, session=session(name, attended=attended, last=quoted))
    assert sorted(one.id for one in await store.attended(SHOP)) == ["a", "c"]
    known = await store.session(SHOP, "a")
    assert known is not None and known.attended == wanted
    await done(store, session=replace(known, attended=None))
    assert [one.id for one in await store.attended(SHOP)] == ["c"] and await store.attended("other") == []
    for number, attended in enumerate((wanted, None, wanted)):
        talk = await store.session(SHOP, "b")
        assert talk is not None
        await done(store, turn=turn(f"t{number}", "b"), session=replace(talk, attended=attended))
        names = {one.id for one in await store.attended(SHOP)}
        assert names == ({"b", "c"} if attended else {"c"})


async def test_what_is_not_there_is_none(store: Store) -> None:
    assert await store.state(SHOP, "s1") == (None, None, Payment())
    assert await store.begin("terminal", SHOP, "s1", "t1") == (None, None, Payment())
    assert await store.turn("terminal", "s1", "t1") is None
    assert await store.order("o1") is None and await store.attempt("a1") is None and await store.refund("r1") is None
    assert await store.order_by_number(SHOP, "A1") is None
    assert not await store.orders(SHOP) and not await store.owed() and not await store.entries()
    assert await store.payment("o1") == Payment()


async def test_the_same_turn_twice_is_written_once(store: Store) -> None:
    first = Change(turn=turn(), session=session(order="o1"), orders=(order(),), events=(event(),))
    assert await store.commit(first) == Committed()
    again = replace(first, session=session(version=1, order="o1"), orders=(replace(order(), version=1),))
    assert await why(store, turn=again.turn, session=again.session, orders=again.orders) == "turn"
    stored, kept, _ = await store.state(SHOP, "s1")
    assert stored is not None and stored.version == 1 and kept is not None and kept.version == 1
    assert len(await store.events()) == 1


async def test_what_was_looked_at_must_still_stand(store: Store) -> None:
    await done(store, turn=turn(), session=session(order="o1"), orders=(order(),))
    await done(store, turn=turn("t2"), session=session(version=1, order="o1"), seen=("o1", 1))
    await done(store, orders=(replace(order(), version=1, discounts=("SAVE",)),))
    assert await why(store, turn=turn("t3"), session=session(version=2, order="o1"), seen=("o1", 1)) == "version"
    assert await why(store, turn=turn("t3"), session=session(version=2), seen=("o1", 1)) == "version"
    assert await store.turn("terminal", "s1", "t3") is None
    await done(store, turn=turn("t3"), session=session(version=2, order="o1"), seen=("o1", 2))


async def test_a_decision_on_what_another_process_has_changed_is_a_conflict(engine: Engine) -> None:
    ours, other = engine.open(), engine.open()
    await done(ours, turn=turn(), session=session(order="o1"), orders=(order(),))
    await done(other, orders=(replace(order(), version=1, discounts=("SAVE",)),))
    found = await ours.begin("terminal", SHOP, "s1", "t2")
    assert isinstance(found, tuple) and found[0] is not None and found[1] is not None
    seen = (found[1].id, found[1].version)
    first = await ours.commit(Change(turn=turn("t2"), session=session(version=1, order="o1"), seen=seen))
    if isinstance(first, Conflict):
        assert first.why == "version"
        _session, now, _payment = await ours.state(SHOP, "s1")
    else:
        now = found[1]
    assert now is not None and now.discounts == ("SAVE",)


async def test_a_turn_that_another_process_took_is_not_taken_again(engine: Engine) -> None:
    ours, other = engine.open(), engine.open()
    await done(ours, turn=turn(), session=session())
    await done(other, turn=turn("t2"), session=session(version=1))
    found = await ours.begin("terminal", SHOP, "s1", "t2")
    if isinstance(found, tuple):
        assert await why(ours, turn=turn("t2"), session=session(version=1)) == "turn"
    assert await ours.turn("terminal", "s1", "t2") == turn("t2")


async def test_turn_ids_are_unique_only_within_their_channel_and_session(store: Store) -> None:
    await done(store, turn=turn())
    await done(store, turn=turn(session="s2"))
    await done(store, turn=turn(channel="web"))


async def test_the_second_commit_replaces_the_reply(store: Store) -> None:
    await done(store, turn=turn(reply=reply("One moment."), final=False), session=session())
    await done(store, turn=turn(reply=reply("Paid.")), replaces=True, session=session(version=1))
    stored = await store.turn("terminal", "s1", "t1")
    assert stored is not None and stored.final and stored.reply.text == "Paid."


async def test_a_reply_is_replaced_only_for_the_same_words(store: Store) -> None:
    await done(store, turn=turn())
    with pytest.raises(Bug):
        await store.commit(Change(turn=turn(body="other words"), replaces=True))
    with pytest.raises(Bug):
        await store.commit(Change(turn=turn("t2"), replaces=True))


async def test_links_are_never_stored(store: Store) -> None:
    secret = reply(private=(Private("link", "https://pay.example/secret"),))
    await done(store, turn=turn(reply=secret), session=session(last=secret, news=(secret,)))
    stored, _, _ = await store.state(SHOP, "s1")
    kept = await store.turn("terminal", "s1", "t1")
    assert stored is not None and kept is not None
    assert "secret" not in repr((stored, kept)) and stored.last == reply()


async def test_only_the_version_that_was_read_can_be_written_over(store: Store) -> None:
    await done(store, turn=turn(), session=session(order="o1"), orders=(order(),))
    for read in (0, 2):
        assert await why(store, turn=turn("t2"), session=session(version=read, order="o1")) == "version"
        assert (
            await why(store, turn=turn("t2"), session=session(version=1, order="o1"), orders=(order(version=read),))
            == "version"
        )
    assert await why(store, session=session("s9", version=3)) == "version"
    assert await store.turn("terminal", "s1", "t2") is None
    await done(store, turn=turn("t2"), session=session(version=1, order="o1"), orders=(order(version=1),))


async def test_of_many_at_once_each_is_judged_alone(store: Store) -> None:
    await done(store, session=session("s7"), orders=(order("o7"),))
    changes = [
        Change(
            turn=turn("t", f"s{n}"),
            session=session(f"s{n}", order=f"o{n}"),
            orders=(order(f"o{n}"),),
            events=(event(session=f"s{n}", order=f"o{n}"),),
        )
        for n in range(40)
    ]
    answers = await asyncio.gather(*(store.commit(change) for change in changes))
    assert [n for n, answer in enumerate(answers) if answer != Committed()] == [7]
    assert len(await store.orders(SHOP, limit=100)) == 40
    assert await store.turn("t", "s7", "t") is None
    assert len(await store.events()) == 39
    again = [
        replace(
            change,
            turn=turn("t2", f"s{n}"),
            session=session(f"s{n}", order=f"o{n}", version=1),
            orders=(order(f"o{n}", version=1, facts={"n": n}),),
        )
        for n, change in enumerate(changes)
    ]
    assert await asyncio.gather(*(store.commit(change) for change in again)) == [Committed()] * 40
    for n in range(40):
        _, stored, _ = await store.state(SHOP, f"s{n}")
        assert stored is not None and stored.facts == {"n": n} and stored.version == 2


async def test_what_another_process_wrote_is_seen_at_once(engine: Engine) -> None:
    one, other = engine.open(), engine.open()
    for n in range(6):
        writer, reader = (one, other) if n % 2 else (other, one)
        talk, basket = session(order="o1", version=n, misses=n), order(version=n, facts={"n": n})
        await done(writer, turn=turn(f"t{n}"), session=talk, orders=(basket,))
        for store in (reader, writer):
            assert (await store.state(SHOP, "s1"))[:2] == (replace(talk, version=n + 1), replace(basket, version=n + 1))
            assert [found.order.facts for found in await store.orders(SHOP)] == [{"n": n}]
    await done(one, orders=(order("o2"), order(version=6, stage="placed")))
    stored = (await other.state(SHOP, "s1"))[1]
    assert stored is not None and stored.stage == "placed"


async def test_of_two_turns_of_one_session_at_once_one_wins(store: Store) -> None:
    answers = await asyncio.gather(*(store.commit(Change(turn=turn(f"t{n}"), session=session())) for n in range(5)))
    assert sorted(type(answer).__name__ for answer in answers) == ["Committed"] + ["Conflict"] * 4


async def test_a_change_that_raises_spoils_nobody_elses(store: Store) -> None:
    await begun(store, stage="placed")
    bad = Change(turn=turn("bad"), orders=(order(stage="open", version=1),))
    answers = await asyncio.gather(
        store.commit(Change(turn=turn("good"))),
        store.commit(bad),
        store.commit(Change(turn=turn("fine"))),
        return_exceptions=True,
    )
    assert [type(answer) for answer in answers] == [Committed, Bug, Committed]
    assert await store.turn("terminal", "s1", "bad") is None
    assert await store.turn("terminal", "s1", "good") is not None


async def test_turns_are_forgotten_after_thirty_days(engine: Engine) -> None:
    store = engine.open()
    await done(store, turn=turn("old"))
    engine.clock.pass_(days=29)
    await done(store, turn=turn("young"))
    assert await store.turn("terminal", "s1", "old") is not None
    engine.clock.pass_(days=2)
    await done(store, turn=turn("new"))
    assert await store.turn("terminal", "s1", "old") is None
    assert await store.turn("terminal", "s1", "young") is not None


async def test_what_waits_is_written_before_closing(engine: Engine) -> None:
    store = engine.open()
    waiting = [asyncio.ensure_future(store.commit(Change(turn=turn(f"t{n}")))) for n in range(50)]
    await asyncio.sleep(0)
    await store.close()
    assert await asyncio.gather(*waiting) == [Committed()] * 50
    with pytest.raises(Bug):
        await store.commit(Change(turn=turn("late")))
    await store.close()

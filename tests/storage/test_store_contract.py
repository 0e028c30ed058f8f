"""What every store promises, over every engine."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
from typing import Any

import pytest
from msgspec.structs import replace

from assistant.commerce import ledger
from assistant.commerce.order import ORDER_MOVES
from assistant.commerce.payment import ATTEMPT_MOVES, REFUND_MOVES, Entry, Facts, Payment
from assistant.dialogue.state import Asked, Attended, ReadBack, Recent, Snapshot, StockMove
from assistant.errors import Bug
from assistant.storage import Change, Committed, Conflict, Heard, Store, rules
from assistant.turns import Act, Alias, Choice, Private, View
from tests.storage.made import (
    AT,
    SHOP,
    Engine,
    attempt,
    begun,
    done,
    effect,
    event,
    hold,
    moved,
    order,
    paid,
    refund,
    reply,
    session,
    turn,
)

COLA = ("cola", "")


async def why(store: Store, **change: Any) -> str:
    answer = await store.commit(Change(**change))
    assert isinstance(answer, Conflict), "it was written"
    return answer.why


# Conversations


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


# Orders


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


# Money


async def test_an_attempt_comes_back_as_it_was(store: Store) -> None:
    await begun(store)
    made = attempt(link="https://pay.example/1", remote_id="x", pays_later=True)
    await done(store, attempts=(made,), session=session(order="o1"))
    assert await store.attempt("a1") == replace(made, version=1)
    assert (await store.state(SHOP, "s1"))[2] == Payment((replace(made, version=1),)) == await store.payment("o1")


async def test_one_live_attempt_an_order(store: Store) -> None:
    await begun(store)
    await begun(store, "o2")
    await done(store, attempts=(attempt(),))
    assert await why(store, attempts=(attempt("a2"),)) == "attempt"
    await done(store, attempts=(attempt("a3", order="o2"),))
    for state in ("sent", "waiting", "unknown"):
        await moved(store, "a1", state)
        assert await why(store, attempts=(attempt("a2"),)) == "attempt"
    await moved(store, "a1", "declined")
    await done(store, attempts=(attempt("a2"),))
    assert [one.id for one in (await store.payment("o1")).attempts] == ["a1", "a2"]


async def test_a_new_attempt_may_follow_the_old_ones_end_in_one_commit(store: Store) -> None:
    await begun(store)
    await done(store, attempts=(attempt(),))
    old = await moved(store, "a1", "sent")
    await done(store, attempts=(attempt("a2"), replace(old, state="declined")))


async def test_one_attempt_a_consent(store: Store) -> None:
    await begun(store)
    await done(store, attempts=(attempt(consent_turn="s1/t1"),))
    await moved(store, "a1", "sent", "declined")
    assert await why(store, attempts=(attempt("a2", consent_turn="s1/t1"),)) == "attempt"
    assert await why(store, attempts=(attempt("a1", consent_turn="s1/t2"),)) == "attempt"
    await done(store, attempts=(attempt("a2", consent_turn="s1/t2"),))


async def test_two_processes_at_once_make_one_attempt(engine: Engine) -> None:
    one, other = engine.open(), engine.open()
    await begun(one)
    answers = await asyncio.gather(
        *(store.commit(Change(attempts=(attempt(f"a{n}"),))) for n, store in enumerate((one, other) * 4))
    )
    assert answers.count(Committed()) == 1
    assert {answer.why for answer in answers if isinstance(answer, Conflict)} == {"attempt"}
    assert len((await other.payment("o1")).attempts) == 1


async def test_consent_is_checked_in_the_transaction_on_what_will_stand(store: Store) -> None:
    await begun(store)
    asked: list[Any] = []

    def no(orders: Any) -> bool:
        asked.append(orders["o1"].discounts)
        return False

    edited = order(version=1, discounts=("SAVE",))
    assert await why(store, orders=(edited,), attempts=(attempt(),), check=no) == "consent"
    assert await why(store, attempts=(attempt(),), check=no) == "consent"
    assert asked == [("SAVE",), ()]
    assert await store.attempt("a1") is None
    await done(store, orders=(edited,), attempts=(attempt(),), check=lambda orders: orders["o1"].discounts == ("SAVE",))


ATTEMPT_PATHS = {
    "created": (),
    "sent": ("sent",),
    "waiting": ("sent", "waiting"),
    "unknown": ("sent", "unknown"),
    "declined": ("sent", "declined"),
    "expired": ("sent", "expired"),
    "closed": ("closed",),
    "paid": ("sent", "paid"),
}


@pytest.mark.parametrize("old", ATTEMPT_MOVES)
async def test_an_attempt_moves_only_as_the_table_says(store: Store, old: str) -> None:
    for n, new in enumerate(ATTEMPT_MOVES):
        await begun(store, f"o{n}")
        await done(store, attempts=(attempt(f"a{n}", order=f"o{n}"),))
        stored = await moved(store, f"a{n}", *ATTEMPT_PATHS[old])
        change = Change(attempts=(replace(stored, state=new),))
        if new == old or new in ATTEMPT_MOVES[old]:
            assert await store.commit(change) == Committed()
        else:
            with pytest.raises(Bug, match=f"from {old} to {new}"):
                await store.commit(change)


@pytest.mark.parametrize("change", [{"amount": 1}, {"currency": "USD"}, {"request": b"pay 1"}, {"order": "o2"}])
async def test_what_was_agreed_never_changes_after_it_is_stored(store: Store, change: dict[str, Any]) -> None:
    await begun(store)
    await done(store, attempts=(attempt(),))
    with pytest.raises(Bug):
        await store.commit(Change(attempts=(attempt(version=1, state="sent", **change),)))
    assert await why(store, attempts=(attempt(version=2, state="sent"),)) == "version"


async def test_the_ledger_is_balanced_and_booked_once(store: Store) -> None:
    await begun(store)
    await done(store, attempts=(attempt(),))
    sent = await moved(store, "a1", "sent")
    entries = ledger.paid(sent)
    with pytest.raises(Bug, match="balance"):
        await store.commit(Change(attempts=(replace(sent, state="paid"),), entries=entries[:1]))
    await done(store, attempts=(replace(sent, state="paid"),), entries=entries)
    assert await why(store, entries=entries) == "seen"
    assert tuple(await store.entries("o1")) == entries == tuple(await store.entries())
    assert await store.entries("o2") == []
    assert ledger.mismatches(await store.payment("o1"), entries) == []


async def test_never_more_is_paid_back_than_was_captured(store: Store) -> None:
    await begun(store)
    await paid(store)
    await done(store, refunds=(refund(amount=500, lines=()),))
    assert await why(store, refunds=(refund("r2", amount=401, lines=()),)) == "refund"
    await done(store, refunds=(refund("r2", amount=400, lines=()),))
    for state in ("sent", "failed"):
        stored = await store.refund("r1")
        assert stored is not None
        await done(store, refunds=(replace(stored, state=state),))
    await done(store, refunds=(refund("r3", amount=100, lines=()),))
    failed = await store.refund("r1")
    assert failed is not None
    assert await why(store, refunds=(replace(failed, state="asked"),)) == "refund"
    assert [one.id for one in (await store.payment("o1")).refunds] == ["r1", "r2", "r3"]
    assert (await store.payment("o1")).refunds[0] == replace(refund(amount=500, lines=()), state="failed", version=3)


async def test_never_more_units_are_paid_back_than_were_bought(store: Store) -> None:
    await begun(store)
    await paid(store)
    await done(store, refunds=(refund(amount=300, lines=((1, 1),)),))
    assert await why(store, refunds=(refund("r2", amount=300, lines=((1, 2),)),)) == "refund"
    assert await why(store, refunds=(refund("r2", amount=300, lines=((2, 1),)),)) == "refund"
    await done(store, refunds=(refund("r2", amount=300, lines=((1, 1),)),))
    assert await why(store, refunds=(refund("r3", amount=300, lines=((1, 1),)),)) == "refund"


async def test_two_processes_at_once_pay_back_once(engine: Engine) -> None:
    one, other = engine.open(), engine.open()
    await begun(one)
    await paid(one)
    answers = await asyncio.gather(
        *(store.commit(Change(refunds=(refund(f"r{n}"),))) for n, store in enumerate((one, other) * 4))
    )
    assert answers.count(Committed()) == 1
    assert (await one.payment("o1")).refundable == 0


async def test_money_that_came_late_goes_back_in_one_commit(store: Store) -> None:
    await begun(store)
    await done(store, attempts=(attempt(),))
    late = await moved(store, "a1", "sent", "closed")
    await done(store, attempts=(replace(late, state="paid"),), entries=ledger.paid(late), refunds=(refund(),))


@pytest.mark.parametrize("bad", [{"amount": 0}, {"currency": "USD"}, {"attempt": "a9"}, {"order": "o9"}])
async def test_a_refund_must_fit_its_attempt(store: Store, bad: dict[str, Any]) -> None:
    await begun(store)
    await paid(store)
    with pytest.raises(Bug):
        await store.commit(Change(refunds=(refund(**bad),)))


@pytest.mark.parametrize("old", REFUND_MOVES)
async def test_a_refund_moves_only_as_the_table_says(store: Store, old: str) -> None:
    path = {
        "asked": (),
        "sent": ("sent",),
        "done": ("sent", "done"),
        "failed": ("sent", "failed"),
        "unknown": ("sent", "unknown"),
    }[old]
    for n, new in enumerate(REFUND_MOVES):
        await begun(store, f"o{n}")
        await paid(store, f"a{n}", order=f"o{n}")
        its = {"order": f"o{n}", "attempt": f"a{n}"}
        await done(store, refunds=(refund(f"r{n}", **its),))
        for version, state in enumerate(path, 1):
            await done(store, refunds=(refund(f"r{n}", state=state, version=version, **its),))
        change = Change(refunds=(refund(f"r{n}", state=new, version=len(path) + 1, **its),))
        if new == old or new in REFUND_MOVES[old]:
            assert await store.commit(change) == Committed()
        else:
            with pytest.raises(Bug, match=f"from {old} to {new}"):
                await store.commit(change)


async def test_a_notification_is_taken_once_for_each_provider(store: Store) -> None:
    await begun(store)
    await begun(store, "o2")
    await done(store, attempts=(attempt(), attempt("a2", order="o2", provider="wechat")))

    def told(ref: str, event_id: str | None) -> Facts:
        return Facts(kind="charge", ref=ref, state="waiting", amount=900, currency="CNY", event_id=event_id)

    await done(store, inbox=told("a1", "e1"))
    assert await why(store, inbox=told("a1", "e1"), turn=turn()) == "seen"
    assert await store.turn("terminal", "s1", "t1") is None
    await done(store, inbox=told("a2", "e1"))
    for _ in range(2):
        await done(store, inbox=told("a1", None))


async def test_an_order_can_be_marked_for_a_persons_look(store: Store) -> None:
    await begun(store)
    await done(store, session=session(order="o1"), review=("o1",))
    assert (await store.payment("o1")).status == "review"
    assert (await store.state(SHOP, "s1"))[2].review
    await done(store, orders=(order(version=1, stage="placed"),))
    assert (await store.orders(SHOP))[0].payment.review


# Stock


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


# Effects


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


# Closing


async def test_what_waits_is_written_before_closing(engine: Engine) -> None:
    store = engine.open()
    waiting = [asyncio.ensure_future(store.commit(Change(turn=turn(f"t{n}")))) for n in range(50)]
    await asyncio.sleep(0)
    await store.close()
    assert await asyncio.gather(*waiting) == [Committed()] * 50
    with pytest.raises(Bug):
        await store.commit(Change(turn=turn("late")))
    await store.close()


def test_an_entry_needs_its_other_half() -> None:
    assert ledger.unbalanced([Entry("x", "a", 5, "CNY"), Entry("x", "b", -5, "USD")]) == ["x"]
    assert ledger.unbalanced([Entry("x", "a", 5, "CNY"), Entry("x", "b", -5, "CNY")]) == []


# Names that were learned


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

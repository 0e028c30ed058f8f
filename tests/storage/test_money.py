"""What every store promises of payments, refunds and the ledger, over every engine."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from msgspec.structs import replace

from assistant.commerce import ledger
from assistant.commerce.payment import ATTEMPT_MOVES, REFUND_MOVES, Entry, Facts, Payment
from assistant.errors import Bug
from assistant.storage import Change, Committed, Conflict, Standing, Store
from tests.storage.made import (
    SHOP,
    Engine,
    attempt,
    begun,
    done,
    effect,
    moved,
    order,
    paid,
    refund,
    session,
    turn,
    why,
)


async def test_an_attempt_comes_back_as_it_was(store: Store) -> None:
    await begun(store)
    made = attempt(link="https://pay.example/1", remote_id="x", pays_later=True)
    await done(store, attempts=(made,), session=session(order="o1"))
    assert await store.attempt("a1") == replace(made, version=1)
    assert (await store.state(SHOP, "s1"))[2] == Payment((replace(made, version=1),)) == await store.payment("o1")


async def test_an_order_stands_as_whoever_wrote_last_left_it(engine: Engine) -> None:
    ours, other = engine.open(), engine.open()
    assert await ours.standing("o1") is None
    await done(ours, session=session(order="o1"), orders=(order(),), attempts=(attempt(),), effects=(effect(),))
    made = replace(attempt(), version=1)
    for store in (ours, other):
        assert await store.standing("o1") == Standing(replace(order(), version=1), Payment((made,)), (effect(),))
        assert await store.session(SHOP, "s1") == session(order="o1", version=1)
    await moved(other, "a1", "sent", "paid")
    back = refund(amount=400, lines=())
    talk, edited = session(order="o1", version=1, misses=1), order(version=1, stage="placed")
    await done(other, session=talk, orders=(edited,), refunds=(back,), effects_done=("charge:a1",), review=("o1",))
    money = Payment((replace(made, state="paid", version=3),), (replace(back, version=1),), True)
    for store in (ours, other):
        assert await store.standing("o1") == Standing(replace(edited, version=2), money, ())
        assert await store.session(SHOP, "s1") == replace(talk, version=2)


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


@pytest.mark.parametrize("change", [{"amount": 1}, {"currency": "USD"}, {"request": b"back 1"}, {"attempt": "a2"}])
async def test_what_goes_back_never_changes_after_it_is_stored(store: Store, change: dict[str, Any]) -> None:
    await begun(store)
    await paid(store)
    await done(store, refunds=(refund(),))
    with pytest.raises(Bug):
        await store.commit(Change(refunds=(refund(version=1, state="sent", **change),)))
    await done(store, refunds=(refund(version=1, state="sent"),))


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


def test_an_entry_needs_its_other_half() -> None:
    assert ledger.unbalanced([Entry("x", "a", 5, "CNY"), Entry("x", "b", -5, "USD")]) == ["x"]
    assert ledger.unbalanced([Entry("x", "a", 5, "CNY"), Entry("x", "b", -5, "CNY")]) == []

"""What may happen in a random history, one function a deed: talk, far ends, time, crashes, the merchant."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import os
import re
from collections.abc import Awaitable, Callable
from random import Random

import msgspec
from msgspec.structs import replace

from assistant.commerce.order import Order
from assistant.commerce.payment import LIVE
from assistant.errors import FarEndError, ReusedTurnError, SetupError
from assistant.linking import MASK
from assistant.payments import sandbox
from assistant.turns import Act, Reply
from tests.properties import truths
from tests.properties.bank import FATES, FAULTS, REFUND_FATES, Charge
from tests.properties.shops import next_day
from tests.properties.wordings import CARDS, MADE, NOISE, WORDED, wanted_now, words
from tests.properties.world import Process, World

SESSIONS = ("a", "a", "a", "b", "c")
"""a and b are two talks of one person; c is a guest's."""
BEHAVIOURS = tuple(
    "approve approve decline needs_buyer needs_buyer lose_request lose_reply late:3 late:90 unknown".split()
)
YES = Act("confirm")


NOTIFICATIONS = ("right", "right", "right", "twice", "forged", "old", "nameless", "wrong amount", "unknown")


async def numbers(world: World) -> tuple[str, ...]:
    return tuple(one.order.number for one in await world.everything() if one.order.number)


async def _say(world: World, chance: Random, session: str, *acts: Act, process: Process | None = None) -> Reply | None:
    source = chance.choice(("tapped", "tapped", "platform"))
    patience = chance.choice((0.0, 1.0, 8.0, 20.0))
    turn = world.turn(session, *acts, patience=patience, source=source)
    return await world.take(turn, process or await world.process(chance))


async def talk(world: World, chance: Random) -> None:
    """Anything at all, as acts or in words."""
    session, process = chance.choice(SESSIONS), await world.process(chance)
    if chance.random() < 0.5:
        made = [MADE[chance.choice(sorted(MADE))](chance, world.shop, world.catalogue, await numbers(world))]
        if chance.random() < 0.2:
            made.append(MADE[chance.choice(sorted(MADE))](chance, world.shop, world.catalogue, ()))
        world.cards |= any(card in str(made) for card in CARDS)
        await _say(world, chance, session, *made, process=process)
        return
    act, tag = world.deck.pop() if world.deck else chance.choice(WORDED)
    text = words(chance, act, tag, world.shop, world.catalogue)
    world.said[act, tag] += 1
    if chance.random() < 0.1:
        text = chance.choice((f"{text}, {chance.choice(NOISE)}", chance.choice(NOISE)))
    if chance.random() < 0.05:
        world.cards, text = True, f"{text} {chance.choice(CARDS)}"
    source = chance.choice(("typed", "speech"))
    await world.take(world.turn(session, text=text, source=source, patience=chance.choice((0.0, 1.0, 20.0))), process)


async def go_on(world: World, chance: Random) -> None:
    """The answer to what was asked."""
    await _answer(world, chance, chance.choice(SESSIONS))


async def _answer(world: World, chance: Random, session: str) -> Reply | None:
    state, order, _payment = await world.reader.state(world.shop.id, session)
    asked = state.asked if state else None
    expects = (asked.step or "choose") if asked else None
    some = order is not None and order.stage == "open" and bool(order.lines)
    acts = wanted_now(chance, expects, world.shop, world.catalogue, some)
    return await _say(world, chance, session, *acts)


async def buy(world: World, chance: Random) -> None:
    """All the way to the read-back, and most often a yes."""
    session = chance.choice(SESSIONS)
    if await _to_read_back(world, chance, session) and chance.random() < 0.85:
        await _say(world, chance, session, YES)


async def _to_read_back(world: World, chance: Random, session: str) -> bool:
    for _ in range(9):
        reply = await _answer(world, chance, session)
        if reply is None or reply.expects in (None, "confirm"):
            return reply is not None and reply.expects == "confirm"
    return False


async def yes_twice(world: World, chance: Random) -> None:
    """Two yeses at once: from two processes, two sessions, or as one turn."""
    session = chance.choice(SESSIONS)
    first, second = await world.process(chance), await world.process(chance)
    other = chance.choice((session, session, chance.choice(SESSIONS)))
    turn = world.turn(session, YES, patience=5.0)
    again = turn if chance.random() < 0.3 else world.turn(other, YES, patience=5.0)
    world.met["two turns at once"] += 1
    await asyncio.gather(world.take(turn, first), world.take(again, second))


async def again(world: World, chance: Random) -> None:
    """A turn that came before comes once more: the stored reply, and nothing else."""
    if not world.turns:
        return
    turn, reply = chance.choice(list(world.turns.values())[-6:])
    process = await world.process(chance)
    stored = await world.stored(turn)
    if stored is None:  # the turn was refused as a whole (busy, full disk): now it may be taken
        await world.take(turn, process)
        return
    if chance.random() < 0.2:
        world.met["an id used again"] += 1
        try:
            await process.house.take(replace(turn, acts=(*turn.acts, Act("help"))))
        except ReusedTurnError:
            return
        except asyncio.CancelledError:
            return
        if process.dead:  # killed by what else it was doing: nobody hears what it said last
            return
        world.wrong.append(f"turn {turn.id} came again with other words and was taken")
        return
    world.met["the same turn again"] += 1
    before = await world.everything()
    repeated = await world.take(replace(turn, patience=1.0), process)
    if repeated is None:
        return
    if MASK in stored.reply.text:  # a code for another device is not kept: the one that is good by now is shown
        alike = re.sub(r"\d{6}", MASK, repeated.text) == stored.reply.text
    else:
        alike = (repeated.speech, repeated.text) == (reply.speech, reply.text)
    if not reply.pending and stored.final and not alike:
        world.wrong.append(f"turn {turn.id} was answered {reply.text!r}, and then {repeated.text!r}")
    if not await world.owed() and before != await world.everything():
        now = await world.everything()
        if len(before) != len(now) or [len(one.payment.attempts) for one in before] != [
            len(one.payment.attempts) for one in now
        ]:
            world.wrong.append(f"turn {turn.id} came again and did something")


async def gateway(world: World, chance: Random) -> None:
    """The far ends change their ways."""
    behaviour = chance.choice(BEHAVIOURS)
    os.environ["VOICETILL_SANDBOX"] = behaviour
    os.environ["VOICETILL_SANDBOX_DELAY"] = chance.choice(("0", "0", "0", "2", "20"))
    world.met[f"sandbox {behaviour.partition(':')[0]}"] += 1
    world.bank.fate = chance.choice((*FATES, "waiting", "waiting", "pending", "expired", "declined"))
    world.bank.refund_fate = chance.choice(("done", *REFUND_FATES))
    world.bank.faults = [chance.choice(FAULTS) for _ in range(chance.choice((0, 0, 1, 2)))]


async def buyer(world: World, chance: Random) -> None:
    """Somebody approves or turns down what waits for them; the bank changes its mind, and says so."""
    for charge in sandbox.charges(world.data):
        if charge.state == "waiting" and charge.link:
            decide = chance.choice((sandbox.approve, sandbox.decline))
            world.met[f"buyer {decide.__name__}s"] += 1
            decide(world.data, charge.attempt)
    charges = list(world.bank.charges.values())
    if not charges:
        return
    open_ones = [one for one in charges if one.state != "paid"]
    one = chance.choice(open_ones if open_ones and chance.random() < 0.8 else charges)
    if one.state == "waiting" and chance.random() < 0.4:
        await _notify(world, chance, one, "old")
    elif one.state == "waiting":
        one.state = chance.choice(("paid", "declined", "expired", "closed"))
    elif one.state != "paid" and one.amount > 0 and one.request:
        world.met["money after the end"] += 1
        one.state = "paid"
    if chance.random() < 0.8:
        await _notify(world, chance, one)


async def _notify(world: World, chance: Random, charge: Charge, kind: str = "") -> None:
    said = world.bank.said(charge)
    kind = kind or chance.choice(NOTIFICATIONS)
    world.met[f"notification {kind}"] += 1
    world.bank.notified += 1
    facts = replace(said, event_id=f"e{world.bank.notified}")
    match kind:
        case "nameless":
            facts = replace(facts, event_id=None)
        case "old":
            facts = replace(facts, state=chance.choice(("waiting", "unknown", "unknown")))
        case "unknown":
            facts = replace(facts, ref="somebody-elses", state="paid")
        case "wrong amount" if chance.random() < 0.3:
            facts = replace(facts, amount=facts.amount + 1)
    process = await world.process(chance)
    headers = {"signature": "wrong" if kind == "forged" else "right"}
    raw = msgspec.json.encode(facts)
    try:
        answers = await asyncio.gather(
            *(process.house.webhook("transfer", headers, raw) for _ in range(3 if kind == "twice" else 1))
        )
    except asyncio.CancelledError:
        return
    if kind == "forged" and answers[0][0] == 200:
        world.wrong.append("a forged notification was taken")


async def time(world: World, chance: Random) -> None:
    """Time passes, for everybody or on the shop's clock only (a quote lapses, a hold runs out, an offer ends)."""
    if chance.random() < 0.6:
        await asyncio.sleep(chance.choice((0.3, 2, 10, 70, 200, 1000)))
    else:
        minutes = chance.choice((1, 3, 16, 25, 60 * 9, 60 * 24))
        world.met["the shop's clock"] += 1
        world.ahead += dt.timedelta(minutes=minutes)


async def restart(world: World, chance: Random) -> None:
    """A process ends in order, and what comes after it finds all that there was."""
    world.met["restart"] += 1
    for one in world.live:
        await one.close()
    afresh = world.new_store()
    if await world.snapshot(world.reader) != await world.snapshot(afresh):
        world.wrong.append("a restart found something else than there was")
    await afresh.close()
    await world.another(recover=chance.random() < 0.8)


async def kill(world: World, chance: Random) -> None:
    """One is to die at the so-many-th thing that it does from now, or before or after some call."""
    points = tuple(f"{when} {call}" for when in ("before", "after") for call in ("send", "query", "claim", "commit"))
    (await world.process(chance)).doom = chance.choice((chance.randint(1, 30), chance.choice(points)))


async def beside(world: World, chance: Random) -> None:
    """A second process on the same folder, or the end of one."""
    if len(world.live) < 2:
        world.met["two processes"] += 1
        await world.another(recover=chance.random() < 0.5)
    else:
        await chance.choice(world.live).close()


async def freeze(world: World, chance: Random) -> None:
    """A process stands still for longer than its lease, or no longer does; one may be slow, or have a full disk."""
    for one in world.live:
        if one.frozen:
            one.thawed.set()
            return
    one = await world.process(chance)
    match chance.choice(("frozen", "slow", "slow", "full")):
        case "frozen":
            world.met["frozen"] += 1
            one.thawed.clear()
        case "slow":
            world.met["slow"] += 1
            one.slow = chance.choice((0.0, 0.5, 4.0))
        case _:
            one.full = chance.randint(1, 3)


async def cancel_at_once(world: World, chance: Random) -> None:
    """A yes, and a cancel elsewhere before the charge has left."""
    session = chance.choice(SESSIONS)
    if not await _to_read_back(world, chance, session):
        return
    first = await world.process(chance)
    second = next((one for one in world.live if one is not first and not one.frozen), None) or await world.another()
    first.slow = chance.choice((0.5, 3.0))
    reply = await world.take(world.turn(session, YES, patience=0.0), first)
    if reply is not None and reply.pending and chance.random() < 0.7:
        first.thawed.clear()
        world.met["frozen"] += 1
        await asyncio.sleep(5)
    await _say(world, chance, session, Act("cancel"), process=second)
    first.slow = 0.0


async def merchant(world: World, chance: Random) -> None:
    """The shop's own hands: the next stage, cancelling, paying back."""
    orders = await world.everything()
    if not orders:
        return
    state = chance.choice(orders)
    if chance.random() < 0.6:
        world.bank.refund_fate = chance.choice(("failed", *REFUND_FATES))
        world.bank.faults = [chance.choice(("lose_reply", "unsure", "mute"))]
    house, name = (await world.process(chance)).house, state.order.number or state.order.id
    done: Callable[[], Awaitable[object]]
    match chance.choice(("advance", "advance", "advance", "cancel", "refund", "lines", "amount")):
        case "advance":
            done = lambda: house.office.advance(name)  # noqa: E731
        case "cancel":
            done = lambda: house.office.cancel(name)  # noqa: E731
        case "refund":
            done = lambda: house.office.refund(name)  # noqa: E731
        case "lines":
            lines = {one.id: chance.randint(1, one.quantity) for one in state.order.lines[:1]}
            done = lambda: house.office.refund(name, lines=lines)  # noqa: E731
        case _:
            amount = chance.choice((1, 50, state.payment.refundable, state.payment.refundable + 1))
            done = lambda: house.office.refund(name, amount=amount)  # noqa: E731
    task = asyncio.ensure_future(done())
    await asyncio.wait({task}, timeout=60)
    if task.done() and not task.cancelled():
        error = task.exception()
        if error is not None and not isinstance(error, SetupError | FarEndError):
            world.wrong.append(f"the merchant got {error!r}")
    world.tasks.add(task)


async def deliver(world: World, chance: Random) -> None:
    """An order goes its way, some of it or all of it; now and then it is called off on the way."""
    under_way = [one.order for one in await world.everything() if one.order.stage not in ("open", "done", "cancelled")]
    if not under_way:
        return
    name, house = chance.choice(under_way).id, (await world.process(chance)).house
    with contextlib.suppress(SetupError, FarEndError, asyncio.CancelledError):
        for _ in range(chance.randint(1, 4)):
            shown = await house.office.advance(name)
            if chance.random() < (0.5 if shown["stage"] in ("on_the_way", "ready") else 0.1):
                await house.office.cancel(name)


async def prices(world: World, chance: Random) -> None:
    """The merchant writes the catalogue anew, and the shop opens again."""
    world.met["another catalogue"] += 1
    for one in world.live:
        await one.close()
    world.shop, world.catalogue = next_day(chance, world.shop, world.catalogue)
    await world.another()


async def undo_all(world: World, chance: Random) -> None:
    """Undo and redo take each other back."""
    session = chance.choice(SESSIONS)
    process = await world.process(chance)
    state, order, payment = await world.reader.state(world.shop.id, session)
    if state is None or order is None or order.stage != "open" or not state.past or payment.live:
        return
    if any(one.item not in world.catalogue.items for one in order.lines):
        return
    await _say(world, chance, session, Act("undo"), process=process)
    await _say(world, chance, session, Act("redo"), process=process)
    _state, after, _payment = await world.reader.state(world.shop.id, session)
    if process.dead or process.full or world.live[1:]:
        return
    if after.id == order.id and (_goods(after), after.discounts) != (_goods(order), order.discounts):
        world.wrong.append(f"undo and redo made {after.lines} of {order.lines}")


def _goods(order: Order) -> object:
    """What is in the basket; a price may have changed meanwhile."""
    return [(one.id, one.item, one.quantity, one.options, one.when, one.party) for one in order.lines]


Deed = Callable[[World, Random], Awaitable[None]]
DEEDS: dict[Deed, int] = {
    talk: 30,
    go_on: 10,
    buy: 12,
    yes_twice: 4,
    again: 5,
    gateway: 9,
    buyer: 10,
    time: 7,
    restart: 2,
    kill: 4,
    beside: 2,
    freeze: 2,
    cancel_at_once: 2,
    merchant: 5,
    deliver: 4,
    prices: 1,
    undo_all: 2,
}
"""How often each is done."""


async def do(world: World, deed: Deed, chance: Random) -> list[str]:
    """One deed, and what is wrong after it."""
    await deed(world, chance)
    await world.process()
    found = await truths.broken(world)
    found += [line for reply in world.new for line in truths.broken_by_a_reply(reply)]
    world.new.clear()
    return found


RESENT = 5
"""How often a far end says again what was not taken, at the end."""


async def quiesce(world: World, chance: Random) -> list[str]:
    """Every fault ends, every far end answers, every buyer makes up their mind; then everything must be in order."""
    os.environ["VOICETILL_SANDBOX"] = "approve"
    os.environ["VOICETILL_SANDBOX_DELAY"] = "0"
    world.bank.faults, world.bank.refund_fate = [], "done"
    for each in world.live:
        each.doom, each.slow, each.full = None, 0.0, 0
        each.thawed.set()
    if chance.random() < 0.9:
        for charge in sandbox.charges(world.data):
            if charge.state == "waiting" and charge.link:
                chance.choice((sandbox.approve, sandbox.decline))(world.data, charge.attempt)
        for waiting in world.bank.charges.values():
            if waiting.state == "waiting":
                waiting.state = chance.choice(("paid", "declined", "expired", "closed"))
    process = await world.process()
    await process.house.recover()
    for _ in range(60):
        if world.tasks:
            world.tasks = set((await asyncio.wait(world.tasks, timeout=30))[1])
        if not world.tasks and not await _under_way(world):
            break
        await asyncio.sleep(30)
    world.ahead += dt.timedelta(hours=1)
    for one in list(world.bank.charges.values()):
        if one.request:
            raw = msgspec.json.encode(world.bank.said(one))
            for _ in range(RESENT):  # a far end that is told to send it again does
                answer = await process.house.webhook("transfer", {"signature": "right"}, raw)
                if answer[0] == 200:
                    break
                await asyncio.sleep(10)
    for each in world.live:  # one that was frozen may only now find out what came of its payment
        await each.house.settled(120)
    await process.house.recover()
    for session in ("a", "b", "c"):
        await world.take(world.turn(session, Act("show_basket"), patience=1.0), process)
    return await truths.broken_at_the_end(world)


async def _under_way(world: World) -> bool:
    reviewed = {one.order.id for one in await world.everything() if one.payment.review}
    return any(row.order not in reviewed for row in await world.owed()) or any(
        attempt.state in LIVE and not attempt.pays_later
        for one in await world.everything()
        if one.order.id not in reviewed
        for attempt in one.payment.attempts
    )

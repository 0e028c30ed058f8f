"""What must be true at every moment, and what must be true at the end, when every far end has answered."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from assistant.commerce.ledger import mismatches, unbalanced
from assistant.commerce.order import ORDER_MOVES, Order
from assistant.commerce.payment import ATTEMPT_MOVES, LIVE, REFUND_MOVES
from assistant.commerce.stock import stock_keys
from assistant.dialogue.state import OrderState
from assistant.payments import sandbox
from assistant.turns import Reply
from tests.properties.wordings import CARDS
from tests.properties.world import World, Yes

MOVES = {"order": ORDER_MOVES, "attempt": ATTEMPT_MOVES, "refund": REFUND_MOVES}
TROUBLE = re.compile(r"Traceback|Exception|Error\(|object at 0x|\bNone\b|(?<!\$)\{[a-z_]+\}|assistant\.")


def broken_by_a_reply(reply: Reply) -> Iterator[str]:
    for part in (reply.speech, reply.text):
        if not part.strip():
            yield f"an empty reply: {reply}"
        if TROUBLE.search(part):
            yield f"a reply that speaks of the program: {part!r}"


async def broken(world: World) -> list[str]:
    """What is wrong now; empty when all is well."""
    states = await world.everything()
    entries = await world.entries()
    found = [*world.wrong, *world.bank.wrong, *world.problems.found]
    wild = [move for move in world.moves if move[2] not in MOVES[move[0]][move[1]]]
    found += [f"{what} moved from {one} to {other}" for what, one, other in wild]
    found += [f"ledger: {ref} does not balance" for ref in unbalanced(entries)]
    found += [line for one in world.agreed.values() for line in _unheard(world, one)]
    found += [line for state in states for line in _order(world, state, entries)]
    found += list(_far_ends(remote(world), states))
    found += list(_stock(world, states))
    return found


def remote(world: World) -> list[sandbox.SandboxCharge]:
    """What the far ends have in their own ledgers."""
    return [*sandbox.charges(world.data), *world.bank.charges.values()]  # type: ignore[list-item]


def _unheard(world: World, yes: Yes) -> Iterator[str]:
    """Consent: a yes of this session to just what it had heard, in time, with the total that was said."""
    attempt, order, back = yes.attempt, yes.order, yes.read_back
    name, consent = attempt.id, order.consent
    if consent is None or back is None or yes.heard is None:
        yield f"{name} left without a yes to a read-back"
        return
    if not attempt.amount == consent.total == back.total:
        yield f"{name} asks for {attempt.amount}; agreed to {consent.total}, heard {back.total}"
    if not attempt.fingerprint == consent.fingerprint == back.fingerprint:
        yield f"{name} is for another fingerprint than was heard"
    if covered(yes.heard) != covered(order):
        yield f"{name} is for {covered(order)}; read back was {covered(yes.heard)}"
    if "confirm" not in yes.acts and "choose" not in yes.acts:
        yield f"{name} left after {yes.acts}, which is no yes"
    if consent.session != yes.session or consent.read_back_turn != back.turn:
        yield f"{name}: the yes came from another talk than the read-back"
    limits = world.shop.limits
    minutes = limits.quote_minutes_spoken if yes.spoken else limits.quote_minutes_typed
    if (yes.at - back.at).total_seconds() > minutes * 60:
        yield f"{name}: the yes came {yes.at - back.at} after the read-back"
    if not _names(attempt.amount, attempt.currency, yes.text):
        yield f"{name}: the total {attempt.amount} {attempt.currency} was not in what was said: {yes.text!r}"


def covered(order: Order) -> object:
    """All that a buyer agrees to, but the total."""
    lines = tuple((one.item, one.quantity, one.options, one.unit_price, one.when, one.party) for one in order.lines)
    return lines, dict(order.facts), order.discounts, order.currency


def _names(amount: int, currency: str, text: str) -> bool:
    plain = text.replace(",", "")
    if currency in ("KRW", "JPY"):
        return re.search(rf"(?<!\d){amount}(?!\d)", plain) is not None
    whole, small = divmod(amount, 100)
    forms = (f"{whole}.{small:02d}", *((str(whole),) if not small else ()), f"{whole}.{small:02d}".rstrip("0"))
    return any(re.search(rf"(?<!\d){re.escape(one)}(?!\d)", plain) for one in forms)


def _order(world: World, state: OrderState, entries: list[object]) -> Iterator[str]:
    order, payment = state.order, state.payment
    mine = {f"attempt:{one.id}:paid" for one in payment.attempts} | {f"refund:{one.id}:done" for one in payment.refunds}
    yield from mismatches(payment, [one for one in entries if one.ref in mine])  # type: ignore[attr-defined]
    if sum(one.state in LIVE for one in payment.attempts) > 1:
        yield f"order {order.id} has two live attempts"
    if len({one.consent_turn for one in payment.attempts}) != len(payment.attempts):
        yield f"order {order.id} has two attempts for one consent"
    for attempt in payment.attempts:
        back = sum(one.amount for one in payment.refunds if one.attempt == attempt.id and one.state != "failed")
        if back > (attempt.amount if attempt.state == "paid" else 0):
            yield f"more is paid back of {attempt.id} than was captured"
        if attempt.id not in world.agreed:
            yield f"{attempt.id} came from nowhere"
    if order.stage == "open" and payment.captured and payment.net != payment.refunding and not payment.review:
        yield f"order {order.id} is open, and {payment.net} of it is kept"
    if order.stage not in ("open", "cancelled"):
        total = order.consent.total if order.consent else None
        kept = payment.captured - sum(one.amount for one in payment.refunds if one.reason == "late")
        later = any(one.pays_later and one.state == "waiting" for one in payment.attempts)
        late_comer = any(one.state == "failed" for one in payment.refunds)
        if kept != total and not (later and kept == 0) and not late_comer:
            yield f"order {order.id} is {order.stage} for {total}, and {kept} was taken"


def _far_ends(charges: list[sandbox.SandboxCharge], states: list[OrderState]) -> Iterator[str]:
    """Nothing is charged but what was agreed to, and nothing that we did not ask for."""
    ours = {one.id: (one, state) for state in states for one in state.payment.attempts}
    for one in charges:
        if one.attempt not in ours:
            yield f"{one.attempt} was charged and nobody here knows it"
            continue
        attempt, state = ours[one.attempt]
        if (one.order, one.amount, one.currency) != (attempt.order, attempt.amount, attempt.currency):
            yield f"{one.attempt} is {one.amount} {one.currency} for {one.order} at the far end, here {attempt}"
        elif attempt.state == "paid" and one.state != "paid" and not state.payment.review:
            yield f"{one.attempt} is paid here and {one.state} at the far end"


def _stock(world: World, states: list[OrderState]) -> Iterator[str]:
    rows, holds = world.stock()
    held: Counter[tuple[str, str]] = Counter()
    sold: Counter[tuple[str, str]] = Counter()
    for (_order_id, sku, bucket), (one, other) in holds.items():
        held[sku, bucket] += one
        sold[sku, bucket] += other
    for key, (on_hand, all_held) in rows.items():
        start = world.start.setdefault(key, on_hand + sold[key])
        if not 0 <= all_held <= on_hand:
            yield f"stock of {key}: {all_held} held of {on_hand}"
        if all_held != held[key]:
            yield f"stock of {key}: {all_held} held, by orders {held[key]}"
        if on_hand + sold[key] != start:
            yield f"stock of {key}: {on_hand} left and {sold[key]} sold of {start}"
    for state in states:
        order = state.order
        mine = {key[1:]: one for key, one in holds.items() if key[0] == order.id}
        if order.stage in ("open", "cancelled") and any(sold for _held, sold in mine.values()):
            yield f"order {order.id} is {order.stage} and has sold {mine}"
        if order.stage != "open" and any(one for one, _sold in mine.values()):
            yield f"order {order.id} is {order.stage} and still holds {mine}"
        same = all(one.version == world.catalogue.version for one in order.lines)
        if order.stage == "placed" and same:
            due = {(sku, bucket): count for sku, bucket, count in stock_keys(order, world.catalogue)}
            if due != {key: sold for key, (_held, sold) in mine.items()}:
                yield f"order {order.id} has sold {mine}; it is for {due}"


def broken_by_cards(world: World) -> list[str]:
    if not world.cards:
        return []
    kept = world.kept()
    digits = {re.sub(r"\D", "", one) for one in CARDS} | set(CARDS) | {"4111111111111111"}
    return [f"the card number {one} is kept" for one in sorted(digits) if one.encode() in kept]


async def broken_at_the_end(world: World) -> list[str]:
    """Once nothing is on its way any more."""
    found = await broken(world)
    states = await world.everything()
    charges = {one.attempt: one for one in remote(world)}
    reviewed = {one.order.id for one in states if one.payment.review}
    found += [f"{row.id} is still owed" for row in await world.owed() if row.order not in reviewed]
    _rows, holds = world.stock()
    for state in states:
        order, payment = state.order, state.payment
        if payment.review:
            continue
        live = payment.live
        if live is not None and not (live.pays_later and live.state == "waiting" and order.stage not in ("open",)):
            found.append(f"attempt {live.id} of order {order.id} ({order.stage}) is still {live.state}")
        if payment.refunding:
            found.append(f"order {order.id} still pays back {payment.refunding}")
        for attempt in payment.attempts:
            there = charges.get(attempt.id)
            net = there.net if there else 0
            here = attempt.amount if attempt.state == "paid" else 0
            here -= sum(one.amount for one in payment.refunds if one.attempt == attempt.id and one.state == "done")
            if net != here:
                found.append(f"{attempt.id}: {here} is kept here, {net} at the far end")
        if order.stage == "open" and payment.net:
            found.append(f"order {order.id} was never placed, and {payment.net} is kept")
        if order.stage == "cancelled" and payment.net and world.shop.trade != "hotel":
            found.append(f"order {order.id} is cancelled, and {payment.net} is kept")
        if any(held for (name, _sku, _bucket), (held, _sold) in holds.items() if name == order.id):
            found.append(f"order {order.id} holds stock for ever")
    return found + broken_by_cards(world)

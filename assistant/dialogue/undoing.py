"""What takes back what was done to the basket: undo, redo, start over. Pure."""

from __future__ import annotations

from collections import Counter

from msgspec.structs import replace

from assistant.dialogue.basket import editable
from assistant.dialogue.draft import UNDO_DEPTH, Draft, snapshot
from assistant.dialogue.say import Lines
from assistant.steps import Said
from assistant.turns import Act


def undo(draft: Draft, act: Act) -> None:
    """Back to how the order was before its last edit; or only so many of what was taken off come back."""
    if not act.lines:
        _step_through(draft, "undo")
    elif not _some_back(draft, act.lines[0].quantity or 1):
        draft.say("nothing_to_undo")


def _some_back(draft: Draft, number: int) -> bool:
    """ "Put one back": so many of the goods that the last edit took off. False where that wasn't one thing."""
    order, past = draft.order, draft.session.past
    if order is None or order.stage != "open" or not past:
        return False
    now = {line.id: line.quantity for line in order.lines}
    gone = [line for line in past[-1].lines if line.quantity > now.get(line.id, 0)]
    if len(gone) != 1 or number > gone[0].quantity - now.get(gone[0].id, 0) or not editable(draft, Act("undo")):
        return False
    line = replace(gone[0], quantity=number)
    if line.id in now:
        lines = tuple(replace(one, quantity=one.quantity + number * (one.id == line.id)) for one in order.lines)
    else:
        lines = (*order.lines, line)
    draft.edit(replace(order, lines=lines))
    draft.point_at(line)
    draft.echo("basket", Said("added", {"lines": Lines((line,))}))
    return True


def redo(draft: Draft, act: Act) -> None:
    """Forward again to what was undone last."""
    _step_through(draft, "redo")


def kept(draft: Draft) -> bool:
    """ "Keep it", where the last edit took something off: it comes back. True where that was done."""
    order, past = draft.order, draft.session.past
    if order is None or order.stage != "open" or not past:
        return False
    now, before = Counter[str](), Counter[str]()
    for line in order.lines:
        now[line.item] += line.quantity
    for line in past[-1].lines:
        before[line.item] += line.quantity
    if not before - now or now - before:
        return False
    _step_through(draft, "undo")
    return True


_WAYS = {"undo": ("past", "future", "undone"), "redo": ("future", "past", "redone")}
"""Act -> the session's snapshots that it takes from, those that it adds to, the wording."""


def _step_through(draft: Draft, act: str) -> None:
    source, target, key = _WAYS[act]
    session = draft.session
    kept = getattr(session, source)
    if not kept or draft.order is None:
        draft.say(f"nothing_to_{act}")
        return
    if not editable(draft, Act(act)):
        return
    back = kept[-1]
    if draft.order.stage != "open":
        if draft.order.stage != "cancelled" or act != "undo":
            draft.say(f"nothing_to_{act}")
            return
        draft.begin()
        session = draft.session
    order = draft.order
    turned = (*getattr(session, target), snapshot(order))[-UNDO_DEPTH:]
    draft.session = replace(session, **{source: kept[:-1], target: turned})
    draft.order = replace(order, lines=back.lines, facts=back.facts, discounts=back.discounts, consent=None)
    draft.snapped = True
    if back.lines:
        draft.point_at(back.lines[-1])
        draft.echo("basket", Said(key, {"lines": Lines(back.lines)}))
    else:
        draft.say(f"{key}_empty")


def start_over(draft: Draft, act: Act) -> None:
    """Empties the basket and forgets what was said of it; "undo" brings it back."""
    order = draft.order
    draft.remember(items=(), dates=None, arrival="", nights=0, party=None)
    if order is None or order.stage != "open" or not (order.lines or order.facts):
        draft.say("started_over")
        return
    if not editable(draft, act):
        return
    draft.edit(replace(order, lines=(), facts={}, discounts=()))
    draft.session = replace(draft.session, suggested=False, read_back=None)
    draft.say("started_over")

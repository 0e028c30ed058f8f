"""Goods that are said anew: "no, oat milk" right behind "milk and bread" corrects the milk, whatever was said last."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy

from assistant.turns import Act, Doubt, LineSaid
from assistant.understanding.ordering.drafts import Draft, candidates, kin, lines_of
from assistant.understanding.words.utterance import Utterance


def said_anew(u: Utterance, drafts: Sequence[Draft]) -> tuple[list[Act], list[Doubt], list[Draft]]:
    """What "no" and goods behind it correct of that which the turn before put in: acts, doubts, and the drafts that
    correct nothing."""
    basket: Sequence[LineSaid] = u.context.basket
    owned = [line.item for line in basket if line.item]
    if any(draft.mode in ("swap", "remove") and not set(draft.items).isdisjoint(owned) for draft in drafts):
        return [], [], list(drafts)  # 아니 콜라 말고 사이다: what it comes in the place of is said
    told = {item for draft in drafts for item in draft.items}
    left = [item for item in dict.fromkeys(u.context.added) if item in owned and item not in told]
    acts: list[Act] = []
    doubts: list[Doubt] = []
    rest: list[Draft] = []
    for draft in drafts:
        denied = draft.denied and not draft.options  # "no oat milk", spoken, says no less than "no, oat milk"
        if not (draft.anew or denied) or not set(draft.items).isdisjoint(owned) or not left:
            rest.append(_again_so_many(draft, u.context.added, basket))
            continue
        goods = candidates(draft, u.lexicon, owned)
        old = kin(u.lexicon, goods, left)
        sure = bool(old) and not denied
        if len(goods) > 1 and len(old or left) > 1:
            rest.append(draft)  # what is meant is asked first
            continue
        if not old and (len(left) > 1 or denied):
            rest.append(draft)
            continue
        draft = copy(draft)
        draft.mode, draft.denied = "add", False
        added = [Act("add", lines=tuple(lines_of(draft, item, u.lexicon))) for item in goods]
        made = [Act("change", lines=one.lines, instead_of=(LineSaid(gone),)) for one in added for gone in old or left]
        if len(made) == 1 and sure:
            acts += made
            left = [item for item in left if item not in old]
        else:
            doubts.append(Doubt(draft.heard, tuple(made if sure else (*made, *added))))
    return acts, doubts, rest


def _again_so_many(draft: Draft, added: Sequence[str], basket: Sequence[LineSaid]) -> Draft:
    """ "No, two cokes and a burger": there are to be so many of what is there. "No, coke", of one that is there, orders
    no second one."""
    if not draft.anew or draft.more or set(draft.items).isdisjoint(added):
        return draft
    if draft.quantity is None and not draft.options:
        draft.quantity = next((line.quantity for line in basket if line.item in draft.items), None)
    if draft.quantity is not None:
        draft.mode, draft.verb = "change", True
    return draft

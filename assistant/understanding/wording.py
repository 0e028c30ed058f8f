"""Words that are said of goods: amounts ("no", "extra", "without"), verbs, corrections, "each"."""

from __future__ import annotations

from assistant.understanding.ahead import begun, goods_follow, leads
from assistant.understanding.drafts import NEGATIVE, Option, amend, chooses_one, compose, valid
from assistant.understanding.placing import UNSURE, Reading
from assistant.understanding.spans import Span


def corrects(r: Reading, at: int, follower: Span | None) -> bool:
    """Whether a word such as "no" takes back what was said, rather than denying what follows."""
    has = r.spans[at].has
    if (
        not r.all()
        and not begun(r.spans, at)
        and not (
            r.basket
            and follower is not None
            and ("pause" in follower.has or not r.basket.isdisjoint(follower.has.get("item", ())))
        )
    ):
        return False
    denies = follower is not None and follower.has.keys() & {"choice", "item", "option", "category"}
    return not ("amount" in has and denies)


def amounts(r: Reading, at: int, follower: Span | None) -> bool:
    has = r.spans[at].has
    name, side = has["amount"]
    if side == "link":
        carry(r, name)
        return True
    if side == "after" or (side == "both" and not leads(r.spans, at)):
        if r.target is not None and r.target.options and r.since_pause < len(r.target.options):
            for one in denied(r) if name == NEGATIVE else r.target.options[-1:]:
                amend(r.lexicon, one, name, r.target)
            r.since_pause = len(r.target.options)
            return True
        if without(r, name):
            return True
        if name == "half" and r.current is not None:
            if follower is not None and "measure" in follower.has:
                r.current.score = min(r.current.score, UNSURE)
            elif at and r.spans[at - 1].has.keys() & {"measure", "num"}:
                r.current.score, r.current.uneven = min(r.current.score, UNSURE), True
        return "verb" not in has and "correct" not in has
    if follower is None or not (
        follower.has.keys()
        & {
            "choice",
            "item",
            "option",
            "amount",
            "num",
            "article",
            "each",
            "the",
            "some",
            "on",
            "unit",
            "another",
            "unknown",
            "it",
            "measure",
            "category",
            "of_them",
            "ordinal",
        }
    ):
        return "choice" not in has and "verb" not in has and "item" not in has
    if "choice" in has and "choice" not in follower.has and "option" not in follower.has:
        return False
    if name == "with" and r.amount == NEGATIVE and r.fresh:
        return True
    r.halved = r.amount == "half" and r.fresh
    if name == "extra" and r.amount == NEGATIVE and r.fresh:
        name = "not_extra"
    if name == "light" and r.amount == NEGATIVE and r.fresh:
        name = "not_light"
    r.amount, r.fresh = name, True
    return True


def carry(r: Reading, name: str) -> None:
    """Takes the options just said off the goods before: they belong to the goods that follow."""
    target = r.target
    if target is None:
        return
    options = r.fresh_options()[-1:] if target.head else target.options[:]
    for option in options:
        amend(r.lexicon, option, name, r.target)
        target.options.remove(option)
    r.carried += options
    if not target.head and not target.reference and not target.options:
        r.drop(target)


def without(r: Reading, amount: str) -> bool:
    """Chooses by an amount behind the option's name, "얼음 빼고": the choice that is without it."""
    if r.topic is None or r.target is None:
        return False
    places = compose(r.lexicon, amount, r.topic, r.target.items)
    if places is None:
        return False
    r.target.options.append(Option(places, r.topic))
    r.topic = None
    return True


def denied(r: Reading) -> list[Option]:
    """What a "without" behind options is about: those just said, but no size, of which there is always one."""
    target = r.target
    fresh = r.fresh_options()
    many = [one for one in fresh if target is None or not chooses_one(r.lexicon, one.places, target)]
    return many or fresh


def verbs(r: Reading, at: int, follower: Span | None) -> bool:
    name, side = r.spans[at].has["verb"]
    if side == "after" or (side == "both" and not leads(r.spans, at)):
        chosen = name == "remove" and without(r, NEGATIVE)
        if name == "remove" and r.target is not None and (chosen or r.fresh_options()):
            for option in () if chosen else denied(r):
                amend(r.lexicon, option, NEGATIVE, r.target)
            r.since_pause = len(r.target.options)
            if not r.target.head:
                r.target.mode, r.target.verb = "change", True
            return True
        for draft in r.run:
            if not draft.verb or name in ("remove", "change", "swap"):
                draft.mode, draft.verb = name, True
        if r.run and name == "swap" and len(r.run) >= 2:
            r.run[-2].old, r.run[-2].mode = True, "swap"
            r.run[-1].mode = "change"
        elif name == "swap":
            for draft in r.run:
                draft.mode = "change"
        for draft in r.run:
            if draft.old and draft.mode == "add":
                draft.mode = "swap"
        if r.run:
            r.run = []
            r.mode, r.verb_said = None, False
            return True
        if side == "after":
            r.mode = r.mode or (name if r.grammar.verbs_last else None)
            if not r.parsed.drafts and name in ("remove", "change"):
                r.mode, r.verb_said = name, True
            return True
    if name == "add" and follower is not None and r.current is not None and "choice" in follower.has:
        fits = valid(follower.has["choice"], r.current.items) and "item" not in follower.has
        if fits:
            r.amount, r.fresh = "with", True
            return True
    if name == "swap" and r.current is not None and r.current is r.target and (r.run or r.current.mode == "remove"):
        swap(r, at, follower)
        return True
    r.mode, r.verb_said = name, True
    r.again = "again" in r.spans[at].has
    r.run = []
    r.amount, r.fresh = None, False
    return True


def swap(r: Reading, at: int, follower: Span | None) -> None:
    """A word such as 换成 behind goods: other goods follow, or another option or count for these."""
    assert r.current is not None
    goods = follower is not None and goods_follow(r.spans, at, r.current.items)
    if goods and r.current.verb and r.current.mode == "add":
        r.correcting = True
        return
    if not (r.current.verb and r.current.mode == "add"):
        r.current.mode, r.current.verb = "swap", True
        r.mode, r.verb_said = "swap", True
    if not goods and r.current.quantity is not None and leads(r.spans, at):
        r.correcting = True
    r.amount, r.fresh = "with", True


def distribute(r: Reading, at: int, follower: Span | None) -> bool:
    drafts = [d for d in r.all() if d.head]
    if not drafts:
        return False
    target = r.target
    if (
        target is not None
        and len(target.options) > r.since_pause
        and (follower is None or not (follower.has.keys() & {"choice", "option", "amount"}))
    ):
        shared = target.options[r.since_pause :]
        for draft in drafts:
            if draft is not target:
                draft.options += [o for o in shared if valid(o.places, draft.items)]
        if any(valid(o.places, draft.items) for o in shared for draft in drafts):
            target.options = [o for o in target.options if o not in shared or valid(o.places, target.items)]
        return True
    if follower is not None and "num" in follower.has:
        for draft in drafts:
            if draft.quantity is None:
                draft.quantity = follower.has["num"][0]
        return True
    r.spread = len(drafts)
    return True

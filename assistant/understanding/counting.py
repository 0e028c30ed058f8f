"""Options and counts outside every left group: what they are said of, and which line they split."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assistant.understanding.ahead import content, counted, joined, taken_back, tells_apart
from assistant.understanding.drafts import NEGATIVE, Draft, Option, chooses_one, compose, general, unsettled, valid
from assistant.understanding.heads import half_of, kind_of
from assistant.understanding.lexicon import Places
from assistant.understanding.placing import Reading


def count(r: Reading, at: int) -> int:
    """A count outside every left group."""
    spans = r.spans
    span = spans[at]
    has = span.has
    target = r.target or (r.all()[-1] if r.all() else None)
    number, after, unit, more = counted(spans, at)
    if "article" in has and "multiple" in (spans[at + 1].has if at + 1 < len(spans) else {}):
        return at + 1
    dropped = taken_back(spans, at, target.items if target is not None else ())
    if dropped is not None:
        return dropped
    follower = content(r.spans, after)
    choice = follower is not None and "choice" in follower.has
    if (
        choice
        and follower is not None
        and (unit or r.amount in ("with", "extra") or "article" in has or (r.mode == "add" and target is not None))
    ):
        fits = target is None or valid(follower.has["choice"], target.items) or not target.items
        whole = r.current if r.current is not None and target in r.current.subs else target
        splits = whole is not None and (whole.quantity or 1) >= 2 and "num" in has and r.amount != "with" and not unit
        single = target is not None and chooses_one(r.lexicon, follower.has["choice"], target)
        if single and not unit and "num" in has and target is not None and target.quantity is None:
            target.quantity = number
            return after
        if fits and not splits:
            index = spans.index(follower, after)
            kept = r.amount
            option(r, index)
            if r.target is not None and r.target.options and number > 1:
                r.target.options[-1].count = number
            if kept == "with":
                r.amount = kept
            return index + 1
    if "article" in has:
        return at + 1
    if (
        follower is not None
        and "one" in span.text
        and at
        and "choice" in spans[at - 1].has
        and target is not None
        and target.quantity is None
        and r.mode == "change"
    ):
        return after
    own = at > 1 and "num" in spans[at - 2].has and choice
    if "one" in has and at and (spans[at - 1].has.keys() & {"choice", "the", "ordinal"}) and not own:
        return after
    if counts_strange(r, at, after):
        return after
    if target is not None and target.denied and target is r.current and not target.options:
        target.denied, target.quantity = False, number  # "not two cokes, three"
        target.mode = "change" if set(target.items) & r.basket else "add"
        return after
    if (
        r.prep
        and target is not None
        and not (target.head or target.reference)
        and target.options
        and target.quantity is None
    ):
        target.quantity, target.some = number, True
        return after
    if r.correcting and target is not None:
        target.quantity, target.article = number, False
        r.correcting = False
        return after
    if r.current is not None and target in r.current.subs:
        target = r.current
    if target is not None and target.head and tells_apart(spans, after, target):
        r.current = r.current or target
        r.sub(number)
        return after
    if (
        target is not None
        and (target.head or target.reference or not target.options)
        and (target.quantity is None or target.article)
        and target is r.current
    ):
        target.quantity, target.article = number, False
        if after < len(spans) and "topical" in spans[after].has and set(target.items) & r.basket:
            target.some = target.definite = True  # "치즈버거 하나는": as for one of them
        return after
    draft = Draft(r.mentioned if r.mode == "add" else (), span.text)
    if (r.mode == "add" and not r.mentioned and r.basket and not r.again) or r.correcting:
        draft.mode, draft.verb = "change", True
    draft.quantity = number
    draft.more = more
    draft.some = not more
    draft.reference = True
    if more:
        draft.mode, draft.verb = "add", True
    r.adopt(draft)
    return after


def counts_strange(r: Reading, at: int, after: int) -> bool:
    """Whether a count is that of goods that aren't known: it goes to no others."""
    if r.correcting:
        return False
    if r.grammar.verbs_last:
        return r.linked and at > 0 and bool(r.spans[at - 1].has.keys() & {"unknown", "partial"})
    return after < len(r.spans) and "unknown" in r.spans[after].has


def option(r: Reading, at: int) -> int:
    span = r.spans[at]
    has = span.has
    places: Places | None = has.get("choice")
    amount = r.amount if r.fresh else None
    if r.amount == NEGATIVE and not r.fresh and joined(r.spans, at):
        amount = NEGATIVE
    target = r.target or (r.all()[-1] if r.all() else None)
    items: Sequence[str] = target.items if target is not None else ()
    follows = at > 0 and "choice" in r.spans[at - 1].has
    if follows and places is not None and amount is None and target is not None and general(places, target):
        return at + 1
    asked = unsettled(r.lexicon, r.lines)
    if "item" in has and (places is None or not valid(places, items)):
        kinds = kind_of(span, r.lexicon)
        places = kinds if valid(kinds, items or ((asked[1],) if asked is not None else ())) else places
    if amount is not None and amount != "with":
        kept = compose(r.lexicon, amount, span, items)
        if kept is not None:
            places, amount = kept, None
    part: str | None = None
    if amount == "half":
        halves = half_of(span, r.lexicon)
        amount = None
        if halves is not None:
            places = halves
            there = pending_count(r) is None and any(line.item in places for line in r.lines)
            if target is None and (there or (asked is not None and asked[1] in places)):
                pass  # the halves of the one in the basket
            elif target is None or (target.head and not valid(places, target.items)):
                target = Draft(tuple(places), span.text)
                target.quantity = pending_count(r)
                r.adopt(target)
            others = [one for one in target.options if valid(one.places, list(halves))] if target is not None else []
            if others and not others[-1].part:
                others[-1].part = "left"  # 하와이안 반 페퍼로니 반: the half is said behind the first
            part = "right" if others else "left"
    if places is None:
        if amount not in (None, "with"):
            places = compose(r.lexicon, str(amount), span, ())
            amount = None
        if places is None:
            r.fresh = False
            r.scope = has.get("option", {})
            r.topic = span
            last = target.options[-1] if target is not None and target.options else None
            if last is not None and last.end == span.start and _within(last.places, r.scope):
                last.scope, r.scope = r.scope, {}
            return at + 1
    option = Option(places, span, None if amount == "with" else amount)
    option.part = part or r.part
    r.part = None
    if r.scope:
        option.scope, r.scope = r.scope, {}
    r.instead = False
    if target is None or (target.mode == "remove" and target.old):
        target = Draft()
        target.halved, r.halved = r.halved, False
        r.adopt(target)
        r.current = r.target = target
        target.mode, target.verb = r.mode, r.verb_said
    if target.mode in ("remove",) and not target.head and amount in (None, "with"):
        option.amount = NEGATIVE
    if r.spread is not None:
        for draft in [d for d in r.all() if d.head]:
            if draft is not target and valid(places, draft.items):
                draft.options.append(Option(places, span, option.amount))
    target.options.append(option)
    r.fresh, r.topic = False, None
    if amount != NEGATIVE and amount != "with":
        r.amount = None
    r.correcting = r.linked = False
    return at + 1


def pending_count(r: Reading) -> int | None:
    """The count that was said before goods which only their halves name: "a large half ham half cheese"."""
    return next((s.has["num"][0] for s in r.spans if "num" in s.has), None)


def _within(places: Places, scope: Mapping[str, tuple[str, ...]]) -> bool:
    """Whether a choice may be made inside an option: "large" inside "drink"."""
    return any(
        path.startswith(f"{one}/") for item, pairs in places.items() for path, _ in pairs for one in scope.get(item, ())
    )

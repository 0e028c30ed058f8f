"""More of the goods that were just named, with another choice; the other one of two lines; what is counted, but isn't
known."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.understanding.ordering.ahead import content
from assistant.understanding.ordering.drafts import Draft, chooses_one
from assistant.understanding.ordering.options import option
from assistant.understanding.ordering.parts import of_part
from assistant.understanding.ordering.placing import Reading
from assistant.understanding.words.spans import PHRASE_ENDS, Span
from assistant.understanding.words.utterance import Utterance


def the_other(u: Utterance, kept: Sequence[Span]) -> None:
    """ "The other one" of two like lines, one of which was just spoken of, points at it as "the second one" does."""
    place = _other_line(u)
    item = u.context.basket[place - 1].item if place else None
    if not place or any("item" in span.has and item not in span.has.get("choice", ()) for span in kept):
        return
    for at, span in enumerate(kept):
        if "other" in span.has and "another" not in span.has:
            span.has = {"ordinal": place, "one": True}
        elif "part" in span.has and "one" in (kept[at + 1].has if at + 1 < len(kept) else {}):
            span.has = {"on": ("on",)}  # "no onions on the other one"
            kept[at + 1].has = {"ordinal": place, "one": True}


def _other_line(u: Utterance) -> int:
    """The only other line with the goods of the one last spoken of, else the only one of their kind; 0 without."""
    basket, goods = u.context.basket, u.lexicon.catalogue.items
    there = u.context.spoken_of
    if there is None or there.item is None:
        return 0
    item = there.item
    others = [(place, line.item) for place, line in enumerate(basket, 1) if line.item and place != u.context.line]
    alike = [place for place, other in others if other == item]
    kind = goods[item].category if item in goods else None
    alike = alike or [place for place, other in others if other in goods and goods[other].category == kind]
    return alike[0] if len(alike) == 1 else 0


def counts_kinds(r: Reading, at: int, after: int) -> bool:
    """Whether goods that were named without a count are counted by their kinds: "pens, three in blue, one in black"."""
    goods, spans = r.current, r.spans
    if goods is not None and goods.subs and goods.quantity == 0 and goods.head:
        follower = content(spans, after)
        return follower is not None and chooses_one(r.lexicon, follower.has.get("choice", {}), goods.items)
    if goods is None or goods is not r.target or not goods.head or goods.quantity is not None or goods.options:
        return False
    named = at - 2 if at > 1 and "pause" in spans[at - 1].has else at - 1
    if r.grammar.verbs_last or named < 0 or spans[named].start != goods.at:
        return False
    counts = 0
    while at < len(spans) and "item" not in spans[at].has and "stop" not in spans[at].has:
        if "num" in spans[at].has:
            behind = [span.has for span in spans[at + 1 : at + 4] if span.has.keys() & {"choice", "num", "pause"}]
            if not behind or not chooses_one(r.lexicon, behind[0].get("choice", {}), goods.items):
                return False
            counts += 1
        at += 1
    return counts > 1


def another_of(r: Reading, spans: Sequence[Span], at: int, follower: Span, number: int | None = None) -> int | None:
    """ "A large latte and a small one": goods like those before, but for a choice that they have made already. Where
    to go on. `number`: so many more were asked for, 再来一杯中杯的."""
    like = r.current
    if like is None or not (r.linked or number) or like.mode not in (None, "add") or r.target is not like:
        return None
    if number and not like.head:
        return None
    if any("but" in span.has and "and" not in span.has for span in spans[max(at - 2, 0) : at]) and not number:
        return None  # "one more beer, but a big one": it is of that one
    goods = like.items or (tuple(like.options[0].places)[:1] if like.options and not r.lines else ())
    made = {pairs[0][0] for one in like.options for item in goods if (pairs := one.places.get(item, ()))}
    places = follower.has["choice"]
    own = [places[item][0][0] for item in goods if item in places]
    index = spans.index(follower, at)
    named = index + 1 < len(spans) and "one" in spans[index + 1].has
    first = like.options[like.left].start if len(like.options) > like.left else -1
    begins = next((i for i, span in enumerate(spans) if span.start == first), 0)
    if (like.quantity or 1) > 1 and begins and "article" in spans[begins - 1].has:
        return None  # "three green teas, a small, a medium and a large": all of them are counted
    if of_part(spans, index, goods):
        return None  # "a meal with large fries and a large Sprite"
    if not own or not (named or number or set(own) <= made) or not chooses_one(r.lexicon, places, goods):
        return None
    if set(like.items) & r.basket and like.definite:
        return None
    draft = Draft(like.items, like.heard, like.score)
    draft.quantity, draft.mode, draft.verb = number or 1, like.mode, like.verb
    r.adopt(draft)
    at = option(r, index)
    draft.left = len(draft.options)
    return at + 1 if at < len(spans) and "one" in spans[at].has else at


def one_by_measure(r: Reading, at: int, follower: Span | None) -> int | None:
    """A measure word right behind the verb counts one: 再来杯中杯的, of the goods before. Where to go on."""
    if r.grammar.script != "unspaced" or not at or "verb" not in r.spans[at - 1].has or follower is None:
        return None
    if "choice" not in follower.has or "item" in follower.has:
        return None
    return another_of(r, r.spans, at + 1, follower, 1)


def with_unknown(r: Reading, at: int, after: int) -> int | None:
    """Where the goods stand that aren't known and whose size or other options were said: "a burger and a large blorp"
    makes the burger no larger. None where no such goods follow the count."""
    if r.grammar.script == "particles" or (r.grammar.script == "spaced" and r.all() and not r.linked):
        return None
    end = after
    while end < len(r.spans) and "choice" in r.spans[end].has and "item" not in r.spans[end].has:
        end += 1
    strange = end
    while strange < len(r.spans) and "unknown" in r.spans[strange].has:
        strange += 1
    ends = strange == len(r.spans) or bool(r.spans[strange].has.keys() & PHRASE_ENDS)
    return end if after < end < strange and ends else None

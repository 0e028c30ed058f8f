"""Options and counts outside every left group: what they are said of, and which line they split."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assistant.understanding.ahead import content, counted, joined, taken_back, tells_apart
from assistant.understanding.drafts import (
    NEGATIVE,
    Draft,
    Option,
    chooses_one,
    compose,
    counted_choice,
    general,
    included,
    unsettled,
    valid,
)
from assistant.understanding.lexicon import Places
from assistant.understanding.names import meaning_of
from assistant.understanding.parts import half_of, kind_of
from assistant.understanding.placing import UNSURE, Reading
from assistant.understanding.spans import Span
from assistant.understanding.text import words_of


def count(r: Reading, at: int) -> int:
    """A count outside every left group."""
    spans = r.spans
    span = spans[at]
    has = span.has
    target = r.target or (r.all()[-1] if r.all() else None)
    number, after, unit, more = counted(spans, at)
    if "article" in has and "multiple" in (spans[at + 1].has if at + 1 < len(spans) else {}):
        return at + 1
    if (shared := _shared(r, at, after, number)) is not None:
        return shared
    if (strange := with_unknown(r, at, after)) is not None:
        return strange
    goods = r.current if r.current is not None and r.current.head else None
    if goods is not None and (end := one_of_each(r, goods, at, number)) is not None:
        return end
    if goods is not None and not goods.quantity and _counts_kinds(r, at, after):
        goods.quantity = 0  # all of it is counted by its kinds
        r.sub(number).also = True
        return after
    if r.grammar.verbs_last and span.text.isdigit() and "num" in (spans[at + 1].has if at + 1 < len(spans) else {}):
        r.lose(span, span)  # 이부프로펜 400 두 통이랑 200 한 통: a size, and no goods that it is of
        return at + 1
    behind = r.grammar.verbs_last and target is r.current and target is not None and target.quantity is None
    dropped = None if behind else taken_back(spans, at, target.items if target is not None else ())
    if dropped is not None:
        return dropped
    follower = content(r.spans, after)
    choice = follower is not None and "choice" in follower.has
    about = target.items if target is not None and target.items else [line.item for line in r.lines if line.item]
    if not about and choice and follower is not None:
        about = list(follower.has["choice"])[:1]
    if "article" in has and choice and follower is not None and (other := _another_of(r, spans, after, follower)):
        return other
    several = (
        choice
        and follower is not None
        and "num" in has
        and (target is None or not target.head or target.quantity is not None or target.left < len(target.options))
        and counted_choice(r.lexicon, follower.has["choice"], about)
        and "item" not in follower.has
        and not (target is not None and (target.quantity or 1) >= 2)
    )
    if (
        choice
        and follower is not None
        and (
            unit
            or several
            or r.amount in ("with", "extra")
            or "article" in has
            or (r.mode == "add" and target is not None)
        )
    ):
        fits = target is None or valid(follower.has["choice"], target.items) or not target.items
        whole = r.current if r.current is not None and target in r.current.subs else target
        splits = whole is not None and (whole.quantity or 1) >= 2 and "num" in has and r.amount != "with" and not unit
        single = target is not None and chooses_one(r.lexicon, follower.has["choice"], target.items)
        if single and "num" in has and not unit and whole is not None and (whole.quantity or 1) >= 2:
            splits = True  # "two pizzas, one large with ham one small with olives"
        if single and not unit and "num" in has and target is not None and target.quantity is None:
            target.quantity = number
            return after
        if fits and not splits:
            index = spans.index(follower, after)
            kept = r.amount
            option(r, index)
            if r.target is not None and r.target.options and ("num" in has or unit):
                said = r.target.options[-1]
                said.more = r.again or more
                said.count = number if number > 1 or said.more else None
            if kept == "with":
                r.amount = kept
            return index + 1
    if "article" in has:
        return at + 1
    kind = not r.grammar.verbs_last and follower is not None and _names_kind(follower)
    if kind and follower is not None and "num" in has and target is not None and target.head:
        r.lose(span, follower)  # "and two sugars": no more of the goods
        return r.spans.index(follower, after) + 1
    if "each" in (spans[after].has if after < len(spans) else {}) and r.lines and not r.all():
        return after  # 两个都加芝士: both, and no two of it
    if "one" in has and "num" in has and _stands_for(r, at, after):
        return after
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
    pronoun = "one" in has and at and (spans[at - 1].has.keys() & {"choice", "the", "ordinal"}) and not own
    whole = r.current if r.current is not None and target in r.current.subs else target
    several = whole is not None and (whole.head or (whole.quantity or 0) > 1)
    if pronoun and not (several and _counts_anew(spans, at)):
        return after
    if after < len(spans) and target is not None and target is r.current and r.weighs(after, target.items):
        target.score = min(target.score, UNSURE)
        return after + 1
    if counts_strange(r, at, after):
        return after
    if _for_people(r, at, after):
        r.lose(spans[at - 1], span)  # "a sashimi platter for two"
        return after
    if r.grammar.verbs_last and after < len(spans) and "as" in spans[after].has:
        if target is not None and target.head and target is r.current and set(target.items) & r.basket:
            target.quantity, target.mode, target.verb = number, "change", True  # 콜라 두 잔으로 해 주세요
            return after + 1
        if target is None and r.basket:
            r.mode, r.verb_said = "change", True
    if target is not None and target.denied and target is r.current and not target.options:
        wanted = r.wanted()
        if wanted is not None and wanted.quantity is None and _after_pause(r, at):
            wanted.quantity = number  # 要老豆腐不要冻豆腐，一份: of what is wanted
            r.back_to(wanted, target)
            return after
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
    if _some_of_it(r, at, after, number):
        return after
    if r.correcting and target is not None:
        target.quantity, target.article = number, False
        r.correcting = False
        return after
    if r.current is not None and target in r.current.subs:
        target = r.current
    of_them = after < len(spans) and "of_them" in spans[after].has and r.grammar.verbs_last
    if of_them and target is not None and target.head and target.quantity is None:
        target.quantity = number  # 두 개 중에 하나는: of the two, one
        return after + 1
    counts = target is not None and not target.head and bool(target.options) and not r.lines
    if target is not None and (target.head or (counts and (target.quantity or 0) > 1)):
        if tells_apart(spans, after, target):
            r.current = r.current or target
            part = r.sub(number)
            large = spans[after : after + 3]
            ends = len(large) == 2 or not large[-1].has.keys().isdisjoint(_ENDS)
            if len(large) > 1 and "choice" in large[0].has and "one" in large[1].has and ends:
                part.also = True  # "two small fries, one large one"
            return after
        if target.subs and "as_is" in (spans[after].has if after < len(spans) else {}):
            r.sub(number).told = True  # "one with cheese, one with bacon and one plain"
            return after + 1
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
    if more and r.grammar.verbs_last and target is r.current and target is not None and wished_more(target):
        target.quantity, target.more, target.reference = number, True, True
        target.mode, target.verb = "add", True
        return after
    offered = not r.all() and bool(r.mentioned) and after < len(spans) and "polite" in spans[after].has
    if offered and r.mode is None:
        r.mode, r.verb_said = "add", True  # "two please, and a dozen eggs", of what was offered
    if _counts_twice(r, after, follower) and not more:
        assert target is not None
        target.quantity, target.score = number, min(target.score, UNSURE)  # 止痛膏两贴，嗯三贴吧
        return after
    draft = Draft(r.mentioned if r.mode == "add" else (), span.text)
    if (r.mode == "add" and not r.mentioned and r.basket and not r.again) or r.correcting:
        draft.mode, draft.verb = "change", True
    draft.quantity = number
    if r.again and r.last is not None and choice and follower is not None and not more:
        more = chooses_one(r.lexicon, follower.has["choice"], (r.last,))  # 再来一杯去冰的: another cup
    draft.more = more
    draft.some = not more
    draft.reference = True
    if more:
        draft.mode, draft.verb = "add", True
    r.adopt(draft)
    return after


def one_of_each(r: Reading, whole: Draft, at: int, number: int) -> int | None:
    """ "Four highlighters, one of each colour": as many lines as there are choices. Where to go on."""
    end = at + 1
    while (
        end < len(r.spans) and r.spans[end].has.keys() & {"of", "each", "measure"} and "option" not in r.spans[end].has
    ):
        end += 1
    if end == at + 1 or end == len(r.spans) or "option" not in r.spans[end].has:
        return None
    kind = r.spans[end].has["option"]
    if len(whole.items) != 1 or whole.subs or not any("each" in span.has for span in r.spans[at:end]):
        return None
    item = r.lexicon.catalogue.items[whole.items[0]]
    option = next((one for path in kind.get(item.id, ()) if (one := item.option(path)) is not None), None)
    if option is None or option.choose != "one":
        return None
    if whole.quantity not in (None, number * len(option.choices)) and not whole.article:
        whole.score = min(whole.score, UNSURE)  # "four mochi, one of each flavour", of which there are three
        return end + 1
    whole.quantity, whole.article = number * len(option.choices), False
    for choice in option.choices:
        r.sub(number).options = [Option({item.id: ((option.id, choice.id),)}, r.spans[end])]
    r.target = whole
    return end + 1


def _counts_kinds(r: Reading, at: int, after: int) -> bool:
    """Whether goods that were named without a count are counted by their kinds: "pens, three in blue, one in black"."""
    goods, spans = r.current, r.spans
    if goods is not None and goods.subs and goods.quantity == 0 and goods.head:
        follower = content(spans, after)
        return follower is not None and chooses_one(r.lexicon, follower.has.get("choice", {}), goods.items)
    if goods is None or goods is not r.target or not goods.head or goods.quantity is not None or goods.options:
        return False
    if r.grammar.verbs_last or not at or "pause" not in spans[at - 1].has or at < 2 or spans[at - 2].start != goods.at:
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


def _counts_twice(r: Reading, after: int, follower: Span | None) -> bool:
    """Whether a bare count follows goods that have theirs, where there is nothing else that it could count."""
    goods = r.current
    if goods is None or goods is not r.target or not goods.head or goods.quantity is None or goods.article:
        return False
    if r.lines or r.again or r.linked or r.mode not in (None, "add") or goods.options:
        return False
    return after == len(r.spans) or follower is None or not follower.has.keys().isdisjoint(_ENDS)


def wished_more(orphan: Draft) -> bool:
    """Whether options stand for goods of which more is wanted: 두유로 하나 더요."""
    return not (orphan.head or orphan.reference) and bool(orphan.options) and orphan.quantity is None


def _counted_apart(r: Reading, at: int, target: Draft, places: Places) -> bool:
    """Whether a choice with a count behind it is made for more of the goods that were just counted with another one:
    성인용 기침약 하나랑 어린이용 하나, 创可贴防水的两盒，卡通的一盒."""
    behind = r.grammar.script == "unspaced" and len(target.options) > target.left
    joined = (r.grammar.verbs_last and r.linked) or behind
    if not (joined and target.head and target.quantity and not target.article and target is r.current):
        return False
    if "particle" in (r.spans[at + 1].has if at + 1 < len(r.spans) else {}):
        at += 1
    if at + 1 == len(r.spans) or "num" not in r.spans[at + 1].has or not chooses_one(r.lexicon, places, target.items):
        return False
    made = {pair[0] for one in target.options for item in target.items for pair in one.places.get(item, ())}
    return any(pair[0] in made for item in target.items for pair in places.get(item, ()))


def _some_of_it(r: Reading, at: int, after: int, number: int) -> bool:
    """ "Two soups, no tofu in one": what was just said is said of so many of the goods."""
    whole, fresh = r.target, r.fresh_options()
    if whole is None or whole is not r.current or not fresh or not 0 < number < (whole.quantity or 0):
        return False
    ends = after == len(r.spans) or not r.spans[after].has.keys().isdisjoint(_ENDS | {"of_them"})
    if not at or "on" not in r.spans[at - 1].has or not ends:
        return False
    whole.options = [one for one in whole.options if one not in fresh]
    r.sub(number).options = fresh
    r.prep = False
    return True


def _for_people(r: Reading, at: int, after: int) -> bool:
    """Whether a count behind "for" says for how many people goods are, with nothing else behind it."""
    if not at or "party" not in r.spans[at - 1].has or r.current is None or not r.current.head or r.correcting:
        return False
    while after < len(r.spans) and r.spans[after].has.keys() & {"adult", "child", "person"}:
        after += 1
    return after == len(r.spans) or not r.spans[after].has.keys().isdisjoint(_ENDS)


def _names_kind(span: Span) -> bool:
    """Whether a word is but the name of an option."""
    return "option" in span.has and span.has.keys().isdisjoint({"choice", "item", "kinds", "amount", "verb"})


def _after_pause(r: Reading, at: int) -> bool:
    """Whether a pause stands between the goods named last and here."""
    return any("pause" in span.has for span in r.spans[:at] if span.start > r.named_at)


def _stands_for(r: Reading, at: int, after: int) -> bool:
    """Whether "one" only stands for the goods right before it, as another count follows: "the chicken one, three"."""
    head = r.current
    if head is None or head is not r.target or not head.head or not head.definite or head.quantity is not None:
        return False
    if not at or r.spans[at - 1].start != r.named_at:
        return False
    if after < len(r.spans) and "num" not in r.spans[after].has and r.spans[after].has.keys() & {"as", "on", "clock"}:
        after += 1  # "to three"
    return after < len(r.spans) and "num" in r.spans[after].has and "one" not in r.spans[after].has


def _counts_anew(spans: Sequence[Span], at: int) -> bool:
    """Whether "one" behind an option is a count ("one with mint, one with foam") and no "a large one"."""
    if at + 1 >= len(spans) or not spans[at + 1].has.keys() & {"amount", "choice"}:
        return False
    before = at - 1
    while before > 0 and "choice" in spans[before].has:
        before -= 1
    if spans[before].has.get("num", (1,))[0] > 1:
        return True  # "two mediums, one with ham"
    return not spans[before].has.keys() & {"article", "the", "ordinal", "num", "another", "verb"}


def _another_of(r: Reading, spans: Sequence[Span], at: int, follower: Span) -> int | None:
    """ "A large latte and a small one": goods like those before, but for a choice that they have made already. Where
    to go on."""
    like = r.current
    if like is None or not r.linked or like.mode not in (None, "add") or r.target is not like:
        return None
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
    if not own or not (named or set(own) <= made) or not chooses_one(r.lexicon, places, goods):
        return None
    if set(like.items) & r.basket and like.definite:
        return None
    draft = Draft(like.items, like.heard, like.score)
    draft.quantity, draft.mode, draft.verb = 1, like.mode, like.verb
    r.adopt(draft)
    at = option(r, index)
    draft.left = len(draft.options)
    return at + 1 if at < len(spans) and "one" in spans[at].has else at


def _shared(r: Reading, at: int, after: int, number: int) -> int | None:
    """ "A coke and a sprite, two of each", 하나씩: a count of all the goods that have none. Where to go on."""
    heads = [draft for draft in r.all() if draft.head]
    within = any("each" in span.has for span in r.spans[at + 1 : after])
    behind = after < len(r.spans) and "each" in r.spans[after].has
    behind = behind and all(draft.quantity is None or draft.article for draft in heads)
    if len(heads) < 2 or not (within or behind):
        return None
    for draft in heads:
        if draft.quantity is None or draft.article:
            draft.quantity, draft.article = number, False
    return after + (not within)


def with_unknown(r: Reading, at: int, after: int) -> int | None:
    """Where the goods stand that aren't known and whose size or other options were said: "a burger and a large blorp"
    makes the burger no larger. None where no such goods follow the count."""
    if r.grammar.script != "spaced" or (r.all() and not r.linked):
        return None
    end = after
    while end < len(r.spans) and "choice" in r.spans[end].has and "item" not in r.spans[end].has:
        end += 1
    strange = end
    while strange < len(r.spans) and "unknown" in r.spans[strange].has:
        strange += 1
    ends = strange == len(r.spans) or bool(r.spans[strange].has.keys() & _ENDS)
    return end if after < end < strange and ends else None


_ENDS = frozenset({"and", "pause", "stop", "polite"})


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
    places: Places | None = has.get("choice") or has.get("kinds")
    amount = r.amount if r.fresh else None
    target = r.target or (r.all()[-1] if r.all() else None)
    items: Sequence[str] = target.items if target is not None else ()
    listed = r.amount == NEGATIVE and not r.fresh and joined(r.spans, at)
    if listed or (amount is None and target is not None and places and _goes_on_denying(r, at, target, places)):
        amount = NEGATIVE
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
                target.quantity = pending_count(r, span)
                r.adopt(target)
            others = [one for one in target.options if _halved(one, halves)] if target is not None else []
            if others and not others[-1].part:
                others[-1].part = "left"  # 하와이안 반 페퍼로니 반: the half is said behind the first
            part = "right" if others else "left"
            if others and target is not None and not (target.head or target.reference or target.items or there):
                target.items = tuple(item for item in halves if item in others[-1].places)
                target.head, target.heard = True, span.text  # 페퍼로니 반 마르게리타 반이요
    if places is None:
        if amount not in (None, "with"):
            places = compose(r.lexicon, str(amount), span, ())
            if places is None and at and "amount" in r.spans[at - 1].has and _names_kind(span) and target is not None:
                r.lose(r.spans[at - 1], span)  # "extra ice", where there is no such choice
                r.fresh = False
                return at + 1
            amount = None
        if places is None:
            strange = (
                amount == "with" and target is not None and target.head and not valid(has.get("option", {}), items)
            )
            if strange and at and "amount" in r.spans[at - 1].has and _names_kind(span):
                r.lose(r.spans[at - 1], span)  # "with milk", of what has none
            r.fresh = False
            r.scope = has.get("option", {})
            r.topic = span
            last = target.options[-1] if target is not None and target.options else None
            if last is not None and last.end == span.start and _within(last.places, r.scope):
                last.scope, r.scope = r.scope, {}
            return at + 1
    count = r.folds if amount == "extra" and r.folds and counted_choice(r.lexicon, places, items) else None
    if items and not valid(places, items) and (inside := counted_within(r, span, items)) is not None:
        places, count = inside
    if amount is None and target is not None and _counted_apart(r, at, target, places):
        target = Draft(target.items, target.heard, target.score)
        r.adopt(target)
    option = Option(places, span, None if amount == "with" else amount, count)
    option.part, option.doubled = part or r.part, amount == "extra" and r.folds == 2
    said = r.parsed.drafts[-1:]
    alone = not said or (said[0] is target and not (said[0].head or said[0].reference))
    option.tells = bool(r.lines) and alone and _points_out(r.spans, at)
    r.part = None
    if r.scope:
        option.scope, r.scope = r.scope, {}
    r.instead = False
    if target is not None and target.denied and (wanted := r.wanted()) is not None and _after_pause(r, at):
        r.back_to(wanted, target)
        target = wanted  # 要多肉葡萄不要芒果冰沙，大杯: it is said of what is wanted
    gone = target is not None and ((target.old and target.mode == "swap") or target.denied)
    if gone and target is not None and target is r.current and _after_pause(r, at):
        target.old = target.denied = False  # "not the large coke, the small one"
        target.mode, target.options, target.left = "change", [], 0
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


def _halved(option: Option, halves: Places) -> bool:
    """Whether an option is one of those that may be said of a half, as a size is not."""
    return any(
        pair[0] == other[0] for item, pairs in halves.items() for pair in option.places.get(item, ()) for other in pairs
    )


def _goes_on_denying(r: Reading, at: int, target: Draft, places: Places) -> bool:
    """Whether an option goes on a list of what is unwanted: "without onions, pickles or tomato". Over a comma that is
    sure only with an "or" in the list, a comma of lists, or where it is on the goods anyway."""
    last = target.options[-1] if target.options else None
    if last is None or last.amount != NEGATIVE or last.after:
        return False
    gap = [span for span in r.spans[:at] if span.start >= last.end]
    if not gap or not all(span.has.keys() & {"pause", "and", "or", "the", "some"} for span in gap):
        return False
    if any("or" in span.has for span in gap) or all(span.text == "、" or "and" in span.has for span in gap):
        return True
    for span in r.spans[at + 1 :]:
        if not span.has.keys() & {"pause", "and", "or", "choice", "the", "some"} or "item" in span.has:
            break
        if "or" in span.has:
            return True
    return bool(target.items) and all(included(r.lexicon, places, item) for item in target.items)


def _points_out(spans: Sequence[Span], at: int) -> bool:
    """Whether an option says which line is meant: "the large one", 大杯的那个."""
    after = [span.has for span in spans[at + 1 : at + 3]]
    if at and "the" in spans[at - 1].has:
        return bool(after) and "one" in after[0] and "num" not in spans[at - 1].has
    return len(after) == 2 and "particle" in after[0] and bool(after[1].keys() & {"the", "it"})


def counted_within(r: Reading, span: Span, items: Sequence[str]) -> tuple[Places, int] | None:
    """A name that these goods haven't, but that says a count and a choice of theirs: the "double shot" of a latte."""
    key = words_of(span.text)
    words = r.lexicon.words[r.grammar.tag]
    for cut in range(1, len(key)):
        first, places = meaning_of(words, key[:cut]), r.lexicon.choices.get(key[cut:], {})
        number = first.get("fold") or first.get("num", (0,))[0]
        if number and counted_choice(r.lexicon, places, items):
            return places, number
    return None


def pending_count(r: Reading, until: Span | None = None) -> int | None:
    """The count that was said, before `until`, of goods that only their halves name: a large half ham half cheese."""
    spans = r.spans if until is None else (s for s in r.spans if s.start < until.start)
    return next((s.has["num"][0] for s in spans if "num" in s.has), None)


def _within(places: Places, scope: Mapping[str, tuple[str, ...]]) -> bool:
    """Whether a choice may be made inside an option: "large" inside "drink"."""
    return any(
        path.startswith(f"{one}/") for item, pairs in places.items() for path, _ in pairs for one in scope.get(item, ())
    )

"""Counts outside every left group: what they count, and which line they split."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.understanding.ahead import content, counted, taken_back, tells_apart
from assistant.understanding.drafts import NEGATIVE, Draft, Option, chooses_one, counted_choice, valid
from assistant.understanding.options import after_pause, names_kind, option
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
    if (sized := _numbered(r, at, after, number)) is not None:
        return sized
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
    if unit and choice and follower is not None and _tells_amount(r, spans, after, follower):
        number, after, unit, more = has["num"][0], at + 1, False, False
        follower, choice = content(spans, after), False
    about = target.items if target is not None and target.items else [line.item for line in r.lines if line.item]
    if not about and choice and follower is not None:
        about = list(follower.has["choice"])[:1]
    again = "num" in has and r.again and r.grammar.script == "unspaced"
    another = follower if choice and ("article" in has or again) else None
    if another is not None and (other := _another_of(r, spans, after, another, number if again else None)):
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
    kind = not r.grammar.verbs_last and follower is not None and names_kind(follower)
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
        if wanted is not None and wanted.quantity is None and after_pause(r, at):
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
    if (topped := _counted_on(r, at)) is not None:
        topped.count = number  # 후라이드에 머스터드 소스 두 개 추가
        return after
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
        among = at > 0 and "of_them" in spans[at - 1].has  # 拿铁其中一杯要热的
        topical = after < len(spans) and "topical" in spans[after].has
        if (topical or among) and set(target.items) & r.basket:
            target.some = target.definite = True  # "치즈버거 하나는": as for one of them
        return after
    if not r.lines and _counts_orphan(r, at, target):
        assert target is not None
        target.quantity = number
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


def _tells_amount(r: Reading, spans: Sequence[Span], at: int, follower: Span) -> bool:
    """Whether "extra" behind a count says how much of an option some of the goods have, "two burgers, one no pickle one
    extra onion", and counts none of it, as "two extra shots" does."""
    goods = r.current
    if goods is None or (goods.quantity or 0) < 2 or not goods.head:
        return False
    extra = spans[at - 1].has.get("amount", ("",))[0] == "extra" and "unit" not in spans[at - 1].has
    return extra and not counted_choice(r.lexicon, follower.has["choice"], goods.items)


def _counts_orphan(r: Reading, at: int, target: Draft | None) -> bool:
    """Whether a count stands right behind a choice that alone says which goods are wanted: 오백 두 잔."""
    if r.grammar.script == "spaced" or target is None or target is not r.current or not wished_more(target):
        return False
    return target.options[-1].end == r.spans[at].start


def _numbered(r: Reading, at: int, after: int, number: int) -> int | None:
    """A bare number behind goods that a choice of theirs begins with, and that counts nothing: ibuprofen 400, where it
    comes by 200 mg and 400 mg. Where to go on."""
    goods, span = r.current, r.spans[at]
    if goods is None or goods is not r.target or len(goods.items) != 1 or number < 10 or after != at + 1:
        return None
    if "choice" in span.has or goods.subs or (r.grammar.script != "spaced" and not span.text.isdigit()):
        return None
    found = {
        (option.id, choice.id)
        for option in r.lexicon.catalogue.items[goods.items[0]].options
        for choice in option.choices
        if option.choose == "one" and _begins_with(number, choice.names.get(r.grammar.tag, ()))
    }
    if len(found) != 1:
        return None
    if not (r.amount == NEGATIVE and r.fresh):  # "it should be 200, not 400"
        goods.options.append(Option({goods.items[0]: tuple(found)}, span))
    return after


def _begins_with(number: int, names: Sequence[str]) -> bool:
    return any(len(key := words_of(name)) > 1 and key[0] == str(number) for name in names)


def _counted_on(r: Reading, at: int) -> Option | None:
    """The option that a count behind it counts, where it is put on goods that have none: 버거에 치즈 두 장."""
    goods = r.target
    if not r.grammar.verbs_last or goods is None or not (goods.head and goods.definite) or goods.quantity is not None:
        return None
    before = at - 1
    while before >= 0 and "option" in r.spans[before].has and "choice" not in r.spans[before].has:
        before -= 1
    fresh = r.fresh_options()
    if not fresh or before < 0 or fresh[-1].start != r.spans[before].start or goods.items == ():
        return None
    return None if chooses_one(r.lexicon, fresh[-1].places, goods.items) else fresh[-1]


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


def _another_of(r: Reading, spans: Sequence[Span], at: int, follower: Span, number: int | None = None) -> int | None:
    """ "A large latte and a small one": goods like those before, but for a choice that they have made already. Where
    to go on. `number`: so many more were asked for, 再来一杯中杯的."""
    like = r.current
    if like is None or not (r.linked or number) or like.mode not in (None, "add") or r.target is not like:
        return None
    if number and not like.head:
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
    return _another_of(r, r.spans, at + 1, follower, 1)


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

"""Which goods, how many, with what: spans become drafts of lines, drafts become add, remove and change.

The goods named are the heads. What stands left of a head up to the one before (count, size, options) is its left
group; the rest of the gap belongs to the head before. A count without a head of its own ("one without onions") splits
the line before it. Everything that a later word corrects is overwritten here, before any act is made.
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant.understanding.afterwards import (
    ENDS,
    enumerated,
    exchanged,
    instead_of_removed,
    itemised,
    only,
    recounted,
    restate,
    said_of_all,
)
from assistant.understanding.ahead import content
from assistant.understanding.counting import count, one_by_measure, wished_more, with_unknown
from assistant.understanding.drafts import NEGATIVE, Draft, Option, akin, chooses_one, counted_choice, valid
from assistant.understanding.heads import before_goods, described, group_starts, heads_of, priced
from assistant.understanding.lexicon import Places
from assistant.understanding.names import meaning_of
from assistant.understanding.options import counted_within, option
from assistant.understanding.parts import gives_way
from assistant.understanding.placing import UNSURE, Parsed, Reading
from assistant.understanding.spans import Span
from assistant.understanding.text import words_of
from assistant.understanding.wording import amounts, corrects, counts_there, distribute, verbs

_LINKS = frozenset({"and", "or", "but"})
_OPTIONS = frozenset({"choice", "option", "item"})


def read(r: Reading) -> Parsed:
    """Reads one sentence from left to right into drafts."""
    spans = r.spans
    heads = heads_of(spans, r.lexicon, r.basket, r.before, r.lines, r.last)
    starts = group_starts(spans, heads, r.grammar)
    at = 0
    while at < len(spans):
        if at in starts:
            head = starts[at]
            group(r, at, head, heads[head])
            at = head + 1
        else:
            at = step(r, at)
    drafts = r.parsed.drafts
    if r.anew is not None and r.anew in drafts:
        restate(r.anew, r.basket)
        more = any("again" in span.has for span in spans)  # 아니 우유 추가해 주세요
        for draft in drafts[drafts.index(r.anew) :]:
            draft.anew = not more and draft.head and not draft.more and draft.mode in (None, "add")
    itemised(drafts)
    recounted(r)
    if r.lines:
        exchanged(r)
    enumerated(r)
    instead_of_removed(r)
    for draft in drafts:
        if any(sub.also and not (sub.options or sub.told) for sub in draft.subs):
            draft.score = min(draft.score, UNSURE)  # "four fries and four to hold": what was said of them is lost
    only(r)
    if len(drafts) > 1 and any(["each" in span.has or "everything" in span.has for span in spans]):
        said_of_all(r)
    if drafts and any("alike" in span.has for span in spans) and not r.copied:
        drafts[-1].alike = True
    if drafts and drafts[-1].denied and any(span.start > r.named_at for span in r.parsed.leftover):
        drafts.pop()  # what was to take its place isn't known: nothing is taken off unasked
    return r.parsed


def group(r: Reading, start: int, head: int, items: tuple[str, ...]) -> None:
    """A head with all that stands left of it."""
    span = r.spans[head]
    draft = Draft(items, span.text, span.score)
    sign = 1
    ordinal: int | None = None
    count: int | None = None
    folds = 0
    for index, one in enumerate(r.spans[start:head], start):
        has = one.has
        if "choice" in has and "num" in has and valid(has["choice"], items):
            draft.options.append(Option(has["choice"], one))
        elif "num" in has and index + 1 < head and _counts_option(r, index + 1, head, items):
            count = has["num"][0]
        elif "num" in has and r.grammar.verbs_last and _of_unknown(r.spans, index):
            pass  # it counts what isn't known: 떡볶이 하나
        elif "num" in has and index + 1 < head and described(r.spans, index):
            pass  # "a two topping pizza"
        elif "num" in has and index + 1 < head and r.weighs(index + 1, items):
            draft.score = min(draft.score, UNSURE)  # so many grams of what is sold by the piece
        elif "unknown" in has or "partial" in has:
            r.parsed.leftover.append(one)
        elif "minus" in has:
            sign = -1
        elif "fraction" in has:
            draft.quantity, draft.uneven = int(float(has["fraction"])), True
        elif "num" in has and index == start and _in_one(r, start):
            draft.score, draft.quantity = min(draft.score, UNSURE), r.spans[start - 2].has.get("num", (1,))[0]
        elif "multiple" in has:
            draft.quantity = (draft.quantity or 1) * has["multiple"]
            draft.article = False
        elif "as_many" in has:
            draft.quantity = next((d.quantity for d in reversed(r.all()) if d.head), None)
        elif "ordinal" in has:
            ordinal = has["ordinal"]
        elif (
            "num" in has
            and ordinal is None
            and not (draft.quantity is not None and not draft.article and "choice" in has)
        ):
            draft.quantity, draft.article = sign * has["num"][0], False
        elif "few" in has and draft.quantity is None:
            draft.few = True
        elif "of_them" in has and (draft.quantity is not None or r.grammar.script == "unspaced"):
            draft.some = draft.definite = True
        elif "another" in has:
            draft.quantity, draft.more = 1, True
        elif "fewer" in has and draft.quantity is not None:
            draft.mode, draft.verb = "remove", True
        elif "more" in has and "choice" not in has:
            draft.more = True
        elif "article" in has and draft.quantity is None:
            draft.quantity, draft.article = 1, True
        elif "amount" in has and "choice" not in has:
            r.amount, r.fresh, folds = has["amount"][0], True, has.get("fold", 0)
        elif "choice" in has and ("item" not in has or valid(has["choice"], items)):
            amount = r.amount if r.fresh else None
            if not valid(has["choice"], items) and (inside := counted_within(r, one, items)) is not None:
                draft.options.append(Option(inside[0], one, None, inside[1]))
                continue
            if folds and count is None and amount == "extra" and counted_choice(r.lexicon, has["choice"], items):
                count = folds
            if amount == NEGATIVE and (r.instead or chooses_one(r.lexicon, has["choice"], items)):
                draft.options.append(Option(has["choice"], one))
                continue  # "not the large coke": it is the coke that is denied
            draft.options.append(Option(has["choice"], one, None if amount == "with" else amount, count))
            draft.options[-1].doubled = amount == "extra" and folds == 2
            r.fresh, r.amount, count, folds = False, None, None, 0
        elif "each" in has:
            draft.which, draft.definite = "all", True
        elif "the" in has:
            draft.definite = True
        elif "tag" in has and not valid(span.has.get("choice", {}), items):
            tagged(r, one, draft)
    strange = [one for one in draft.options if not valid(one.places, items)]
    if strange and "item" not in span.has and "category" not in span.has:
        draft.options = [one for one in draft.options if one not in strange]
        draft.score = min(draft.score, UNSURE)  # "a chocolate cake", where there is but a cheesecake
    if "goods" in span.has and "item" not in span.has and head > start and "unit" in r.spans[head - 1].has:
        draft.score = min(draft.score, UNSURE)  # a slice of bacon is no bacon burger for sure
    led = head == start and head > 0 and "verb" in r.spans[head - 1].has
    if "partial" in span.has and led and not r.grammar.verbs_last and not set(items) & r.basket:
        draft.score = min(draft.score, UNSURE)  # "give me soy garlic": a part of a name, and nothing else
    draft.left = len(draft.options)
    if (kinds := _of_a_kind(r, head, items)) is not None:
        begin = head - 1
        while begin and "unknown" in r.spans[begin].has and "unknown" in r.spans[begin - 1].has:
            begin -= 1
        draft.items, draft.heard = (*items, *kinds), r.said(begin, head)
        draft.score = min(draft.score, UNSURE)
    if ordinal is not None:
        draft.which, draft.definite = ordinal, True
    r.named_at = draft.at = span.start
    none = span.has.get("none_of")
    if none is not None and draft.quantity is None:
        draft.items, draft.quantity = none, 0
    if draft.uneven or (r.amount == "half" and r.fresh and draft.quantity is not None and not draft.article):
        draft.score, draft.uneven = min(draft.score, UNSURE), True
        r.amount, r.fresh = None, False
    if r.amount == "half" and r.fresh:
        draft.score, draft.halved = min(draft.score, UNSURE), True
        r.amount, r.fresh = None, False
    if r.correcting and draft.quantity is None and _not_that(r.spans, head):
        r.dropped = next((one for one in reversed(r.all()) if one.head and one.items == items), None)
        if (
            r.dropped is not None
        ):  # 아니 콜라 말고: it is the coke that was wrong, and not the goods that were said last
            r.drop(r.dropped)
            r.correcting = False
            return
    if r.grammar.verbs_last and draft.quantity is None and gives_way(r.spans, head):
        if not set(items) & r.basket:  # 커피는 라떼로: of what isn't there it is but the topic
            r.dropped = next((one for one in reversed(r.all()) if one.head and one.items == items), None)
            if r.dropped is not None:
                r.drop(r.dropped)
            return
        draft.old, draft.mode, draft.verb = True, "swap", True
    if r.grammar.verbs_last and _is_topic(r.spans, head) and set(items) & r.basket:
        draft.definite = True  # 밀크티는 따뜻하게 해 주세요: the one that is there
    r.place(draft)


def _is_topic(spans: Sequence[Span], at: int) -> bool:
    return at + 1 < len(spans) and "topical" in spans[at + 1].has and spans[at + 1].glued


_DIETS = frozenset({"gluten_free", "vegan", "vegetarian", "sugar_free", "caffeine_free", "dairy_free", "halal"})
"""What matters to those who say it: it is said back where the goods that are named can't be had so."""


def tagged(r: Reading, word: Span, draft: Draft) -> bool:
    """An attribute that is said of goods: the choice of theirs that is called so; else what matters to those who say it
    is said back, and a line of the basket isn't changed for it. True where it was taken."""
    if (choice := _called(r, word, draft.items)) is not None:
        draft.options.append(Option(choice, word))
        return True
    if word.has["tag"] not in _DIETS or _told_so(r, word, draft.items):
        return False
    r.lose(word, word)  # what isn't had so isn't ordered as if it were
    if draft.mode == "change" and draft.some and not draft.options:
        r.drop(draft)
    return True


def _called(r: Reading, word: Span, items: tuple[str, ...]) -> Places | None:
    """The one choice of these goods whose name begins with a word, "gluten free" of a gluten free crust, or says the
    same: 孩子 of what there is for adults and 儿童."""
    key, found = words_of(word.text), {}
    words = r.lexicon.words[r.grammar.tag]
    for item in items:
        pairs = {
            (option.id, choice.id)
            for option in r.lexicon.catalogue.items[item].options
            for choice in option.choices
            if any(words_of(name)[: len(key)] == key for names in choice.names.values() for name in names)
            or any(
                meaning_of(words, words_of(name)).get("tag") == word.has["tag"]
                for name in choice.names.get(r.grammar.tag, ())
            )
        }
        if len(pairs) == 1:
            found[item] = tuple(pairs)
    return found or None


def _told_so(r: Reading, word: Span, items: tuple[str, ...]) -> bool:
    """Whether goods are so by their names, or as the catalogue tells of them."""
    key = set(words_of(word.text))
    goods = [r.lexicon.catalogue.items[item] for item in items]
    if any(word.has["tag"] in one.tags for one in goods):
        return True
    return any(key <= set(words_of(name)) for one in goods for names in one.names.values() for name in names)


def _of_a_kind(r: Reading, head: int, items: tuple[str, ...]) -> tuple[str, ...] | None:
    """What else may be meant where a word stands right before goods that are ordered, and none of their name has it:
    "two taro milk teas", "two mango milk teas", where there are milk tea and mango juice. Such a kind of them isn't
    had, or was misheard. None where it says nothing: there are no kinds of these goods."""
    if not head or r.mode not in (None, "add") or len(items) != 1:
        return None
    before, span = r.spans[head - 1], r.spans[head]
    if head < 2 or before.end != span.start or "item" not in span.has:
        return None
    if "unknown" in before.has:
        goods = r.lexicon.catalogue.items
        return () if any(akin(goods[items[0]], one) for one in goods.values() if one.id != items[0]) else None
    return tuple(before.has["partial"]) if "partial" in before.has and before_goods(r.spans, head - 1) else None


def _not_that(spans: Sequence[Span], at: int) -> bool:
    """Whether the goods at `at` are denied by the word behind them: 콜라 말고."""
    return at + 1 < len(spans) and "instead_after" in spans[at + 1].has


def _counts_option(r: Reading, at: int, head: int, items: tuple[str, ...]) -> bool:
    """Whether the unit at `at` measures an option, "two pumps of vanilla latte", and not the goods: two packs of
    batteries, two packs of large bolts."""
    if "unit" not in r.spans[at].has:
        return False
    wished = [span.has["choice"] for span in r.spans[at + 1 : head] if "choice" in span.has]
    one = all(chooses_one(r.lexicon, places, items) for places in wished)
    return "measure" not in r.spans[at].has or not one


def _holds_nothing(spans: Sequence[Span], at: int) -> bool:
    """Whether a measure word stands at `at` with no goods behind it."""
    if at >= len(spans) or "measure" not in spans[at].has or not spans[at].has.keys().isdisjoint(_NAMED):
        return False
    for span in spans[at + 1 :]:
        if span.has.keys() & {"pause", "stop", "and"}:
            break
        if not span.has.keys().isdisjoint(_NAMED):
            return False
    return True


_NAMED = frozenset({"item", "choice", "category", "partial", "unknown", "option", "num", "it", "each"})


def _in_one(r: Reading, start: int) -> bool:
    """Whether a count only says how many are in one of what was counted right before it: "a pack of 12 …"."""
    if start < 2 or "pack_of" not in r.spans[start - 1].has:
        return False
    return bool(r.spans[start - 2].has.keys() & {"article", "num"})


def _of_unknown(spans: Sequence[Span], at: int) -> bool:
    """Whether the count at `at` stands right behind an unknown word."""
    before = at - 1
    while before >= 0 and spans[before].has.keys() & {"particle", "the"} and "unknown" not in spans[before].has:
        before -= 1
    return before >= 0 and "unknown" in spans[before].has


def step(r: Reading, at: int) -> int:
    """Reads the span at `at`, which is in no left group; where to go on."""
    span = r.spans[at]
    has = span.has
    follower = content(r.spans, at + 1)
    if "stop" in has or "pause" in has:
        r.fresh, r.topic = False, None
        if r.amount != "with":
            r.amount = None
        fresh = r.fresh_options()
        if not (r.grammar.verbs_last and fresh and fresh[-1].amount is None and fresh[-1].end == span.start):
            r.since_pause = len(r.target.options) if r.target else 0  # "양파, 피클 빼 주세요" leaves out both
        if not r.grammar.verbs_last:
            r.run = []
        return at + 1
    if "swap_counts" in has and len(r.all()) >= 2:
        one, other = r.all()[-2:]
        one.quantity, other.quantity = other.quantity, one.quantity
        r.correcting = False
        return at + 1
    if "few" in has and r.current is not None and r.current is r.target and r.current.head:
        r.current.few = r.current.few or r.current.quantity is None  # 에그타르트 몇 개
        return at + 1
    if "instead_of" in has:
        if (end := _mere_count(r.spans, at + 1)) > at + 1:
            return end  # "three sugars instead of two"
        r.instead, r.amount, r.fresh = True, NEGATIVE, True
        return at + 1
    if "instead_after" in has and r.dropped is not None:
        return at + 1
    if "instead_after" in has and (fresh := r.fresh_options()) and r.target is not None:
        items = r.target.items or tuple(line.item for line in r.lines if line.item)
        if fresh[-1].amount is None and not chooses_one(r.lexicon, fresh[-1].places, items):
            fresh[-1].amount = NEGATIVE  # 잼 대신 버터로
        return at + 1
    if "instead_after" in has and r.current is not None and r.current is r.target and not r.fresh_options():
        if r.current.quantity is not None and follower is not None and "num" in follower.has:
            r.correcting = True  # 두 개 말고 세 개
            if set(r.current.items) & r.basket:
                r.current.mode, r.current.verb = "change", True
            return at + 1
        r.current.old, r.current.mode = True, "swap"
        return at + 1
    if "makes" in has and not r.all():
        r.mode, r.verb_said = "change", True
        draft = Draft()
        draft.reference = True
        r.adopt(draft)
        return at + 1
    if "meant" in has and not r.all():
        r.refused = True
        return at + 1
    if ("correct" in has or "makes" in has) and corrects(r, at, follower):
        r.correcting = True
        denied = any(name == "deny" for name, _ in has.get("act", ()))
        r.refused = not r.all() and (denied or counts_there(r, follower))
        r.amount, r.fresh = None, False
        return at + 1
    if has.get("part") == "either" and r.on_either(follower):
        return at + 1
    if "on" in has and "amount" in has and onto_goods(r, at):
        r.prep = True  # "no sugar in the coffee"
        return at + 1
    if "amount" in has and not ("verb" in has and has["amount"][0] == "with") and amounts(r, at, follower):
        return at + 1
    if "verb" in has and verbs(r, at, follower):
        return at + 1
    if "each" in has and (end := all_but(r, at)):
        return end
    if "each" in has and follower is not None and "verb" in follower.has:  # 各来两杯
        follower = next((one for one in r.spans[at + 1 : at + 4] if "num" in one.has), follower)
    if "each" in has and distribute(r, at, follower):
        if follower is not None and "num" in follower.has and r.spread is None:
            at = r.spans.index(follower, at)
            while at + 1 < len(r.spans) and "measure" in r.spans[at + 1].has:
                at += 1
        return at + 1
    if "another" in has and follower is not None and "alike" in follower.has and r.current is not None:
        return at + 1  # "and another one the same": the one that is like it
    if "other" in has and r.current is not None and r.current.head:
        r.sub(1)
        return at + 1
    if "num" in has and "choice" in has and r.target is not None and not valid(has["choice"], r.target.items):
        return count(r, at)
    if has.keys() & _OPTIONS:
        return option(r, at)
    if "tag" in has and r.target is not None and r.target.head and tagged(r, span, r.target):
        return at + 1
    if "free" in has and r.grammar.verbs_last:
        r.topic = span  # 설탕 빼고: made a choice by what follows, or said back
        return at + 1
    if has.keys() & {"little", "grown"} and follower is not None and "measure" in follower.has and follower.glued:
        r.lose(span, follower)  # 小杯奶茶, where there is no small one
        return r.spans.index(follower, at) + 1
    if "kinds" in has:
        return at + 1 if at and "choice" in r.spans[at - 1].has else option(r, at)
    if "num" in has and (paid := _price(r.spans, at)):
        return paid
    if "article" in has and r.linked and r.current is not None and _holds_nothing(r.spans, at + 1):
        r.lose(span, r.spans[at + 1])  # "and a bag get": a baguette, or a bag to carry it in
        return at + 2
    if "num" in has or "multiple" in has or "article" in has:
        return count(r, at)
    if "measure" in has and r.again and (behind := one_by_measure(r, at, follower)):
        return behind
    if "the" in has and r.linked and (strange := with_unknown(r, at, at + 1)) is not None:
        return strange
    if "another" in has:
        if r.current is not None and r.current.head and r.current is r.target and r.current.quantity is None:
            r.current.quantity, r.current.more = 1, True
            return at + 1
        if r.current is not None and r.current.alike and r.current is r.target and r.current.quantity is None:
            r.current.quantity = 1  # 똑같은 걸로 하나 더요
            return at + 1
        if r.grammar.verbs_last and r.target is not None and r.target is r.current and wished_more(r.target):
            r.target.quantity, r.target.more, r.target.reference = 1, True, True
            r.target.mode, r.target.verb = "add", True
            return at + 1
        draft = Draft(r.mentioned, span.text)
        draft.reference = draft.more = draft.verb = True
        draft.quantity, draft.mode = 1, "add"
        r.adopt(draft)
        return at + 1
    if ("it" in has or "ordinal" in has) and r.refer(at):
        return at + 1
    if "part" in has:
        beside = r.listed_options()
        half = r.free_half() if has["part"] == "either" else has["part"]
        leads = follower is not None and bool(follower.has.keys() & {"choice", "amount"})
        if beside and not leads and not any(one.part for one in beside):
            for placed in beside:
                placed.part = half
        else:
            r.part = half
        r.prep = bool(beside)
        return at + 1
    ordered = follower is not None and follower.has.get("verb", ("",))[0] == "add"  # 同样的再来一杯
    if "alike" in has and (r.linked or ordered) and r.current is not None and r.current.head:
        like = r.current
        draft = Draft(like.items, like.heard, like.score)
        number = ordered and any("num" in span.has for span in r.spans[at + 1 : at + 4])
        draft.quantity, draft.more = None if number else 1, True
        draft.options, draft.left = [*like.options], len(like.options)
        draft.mode, draft.verb = like.mode, like.verb
        r.copied = True
        r.adopt(draft)
        return at + 1
    if "alike" in has and r.basket and (counted := _one_more(r)) is not None:
        counted.reference = counted.more = counted.verb = counted.alike = True  # 再来一杯一样的
        counted.mode, counted.some = "add", False
        return at + 1
    if "alike" in has and not r.all() and r.basket:
        draft = Draft((), span.text)
        draft.reference = draft.more = draft.verb = draft.alike = True
        draft.mode = "add"
        r.adopt(draft)
        return at + 1
    if "on" in has or "of_them" in has:
        r.prep = True
        if "on" in has and r.grammar.verbs_last and r.target is not None and span.glued:
            r.target.definite = r.target.definite or r.target.head  # "햄버거에": to the hamburger
        return at + 1
    if has.keys() & _LINKS:
        r.linked = "and" in has or "but" in has
        if "but" in has:
            r.amount = None
        return at + 1
    if "instead" in has:
        drafts = r.parsed.drafts
        if len(drafts) >= 2 and drafts[-2].mode == "remove":
            drafts[-2].old = True
        elif len(drafts) == 1 and drafts[0].head and drafts[0].mode in (None, "add") and not r.before:
            there = drafts[0].definite and not r.basket.isdisjoint(drafts[0].items)
            if there and len(drafts[0].options) > drafts[0].left:
                drafts[0].mode, drafts[0].verb = "change", True  # "can I get the latte in a tall instead"
            else:
                r.replaces(drafts[0])
        return at + 1
    if has.keys() - {"category", "partial"} and "unknown" not in has and "fraction" not in has and "digits" not in has:
        return at + 1
    if "unknown" in has or "partial" in has or "fraction" in has:
        r.parsed.leftover.append(span)
    return at + 1


def _one_more(r: Reading) -> Draft | None:
    """A count that is asked for and that nothing was said of yet."""
    draft = r.parsed.drafts[-1] if len(r.all()) == 1 and r.parsed.drafts else None
    if draft is None or draft.head or draft.options or draft.quantity is None or not (r.again or r.mode == "add"):
        return None
    return draft


def onto_goods(r: Reading, at: int) -> bool:
    """Whether goods of the basket follow a word such as "in" behind options without goods: they are theirs."""
    orphan = r.target
    goods = next((span.has for span in r.spans[at + 1 :] if "the" not in span.has or "item" in span.has), {})
    if orphan is None or r.basket.isdisjoint(goods.get("item", ())):
        return False
    if orphan is r.onto and (said := [one for one in orphan.options if one.start > r.named_at]):
        orphan.options = [one for one in orphan.options if one not in said]
        others = Draft()  # "sugar in the coffee and soy in the latte"
        others.options, others.mode, others.verb = said, "change", True
        r.adopt(others)
        return True
    return not (orphan.head or orphan.reference) and bool(orphan.options)


def all_but(r: Reading, at: int) -> int:
    """ "All but one": so many of the goods that are named behind it, or of those spoken of last. Where to go on; 0
    where nothing is counted so."""
    spans = r.spans
    if at + 2 >= len(spans) or not spans[at + 1].has.keys() & {"but", "except"} or "num" not in spans[at + 2].has:
        return 0
    end = at + 3
    while end < len(spans) and spans[end].has.keys() & {"of", "of_them", "the", "measure"}:
        end += 1
    items = spans[end].has.get("item", ()) if end < len(spans) else ()
    end += bool(items)
    goods = r.current if r.current is not None and r.current.head and not items else None
    count = (goods.quantity or 1) if goods is not None else 0
    for line in r.lines if goods is None else ():
        if line.item in items if items else line.item == r.last:
            count = line.quantity or 1
    number = count - spans[at + 2].has["num"][0]
    if number < 1:
        return 0
    if goods is not None:
        r.sub(number)
        return end
    draft = Draft(items, spans[at].text)
    draft.quantity, draft.some, draft.reference, draft.mode, draft.verb = number, True, not items, "change", True
    draft.definite = bool(items)
    r.adopt(draft)
    return end


def _mere_count(spans: Sequence[Span], at: int) -> int:
    """Where a count that begins at `at` ends, with nothing behind it that it could count; else `at`."""
    end = at
    while end < len(spans) and spans[end].has.keys() & {"num", "measure"} and "choice" not in spans[end].has:
        end += 1
    ends = end == len(spans) or bool(spans[end].has.keys() & ENDS)
    return end if ends and end > at and "num" in spans[at].has else at


def _price(spans: Sequence[Span], at: int) -> int:
    """Where an amount of money that begins at `at` ends, else 0: money is no count of anything."""
    follower = spans[at + 1].has if at + 1 < len(spans) else {}
    if priced(follower):
        return at + 2
    return at + 1 if at and priced(spans[at - 1].has) else 0

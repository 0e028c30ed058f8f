"""What stands between the left groups of goods: a rule for each kind of word."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import copy

from assistant.understanding.changing.other_ones import one_by_measure, with_unknown
from assistant.understanding.ordering.afterwards import ENDS
from assistant.understanding.ordering.ahead import SKIPPED, content, goods_follow, priced
from assistant.understanding.ordering.counted import counted_on, wished_more
from assistant.understanding.ordering.counting import count
from assistant.understanding.ordering.drafts import ADDED, NEGATIVE, Draft, Option, chooses_one, counted_choice, valid
from assistant.understanding.ordering.left_groups import tagged
from assistant.understanding.ordering.options import option
from assistant.understanding.ordering.placing import Reading
from assistant.understanding.ordering.wording import amounts, corrects, counts_there, distribute, verbs
from assistant.understanding.words.lexicon import Places
from assistant.understanding.words.rules import Rules
from assistant.understanding.words.spans import PHRASE_ENDS, Span, denies


def step(r: Reading, at: int) -> int:
    """Reads the span at `at`, which is in no left group; where to go on."""
    for rule in _RULES.for_word(r.spans[at].has):
        end = rule(r, at)
        if end is not None:
            return end
    return at + 1


# -- pauses, and what is taken back ----------------------------------------------------------------------------------


def _pause(r: Reading, at: int) -> int:
    """A comma or a full stop: an amount that is still unused reaches no further, but "with" does."""
    r.fresh, r.topic = False, None
    if r.amount != "with":
        r.amount = None
    fresh = r.fresh_options()
    if not (r.grammar.verbs_last and fresh and fresh[-1].amount is None and fresh[-1].end == r.spans[at].start):
        r.since_pause = len(r.target.options) if r.target else 0  # "양파, 피클 빼 주세요" leaves out both
    if not r.grammar.verbs_last:
        r.run = []
    return at + 1


def _swapped_counts(r: Reading, at: int) -> int | None:
    """ "The other way round": of the goods said last each has the other's count."""
    if len(r.all()) < 2:
        return None
    one, other = r.all()[-2:]
    one.quantity, other.quantity = other.quantity, one.quantity
    r.correcting = False
    return at + 1


def _few(r: Reading, at: int) -> int | None:
    """에그타르트 몇 개: how many is to be asked."""
    if r.current is None or r.current is not r.target or not r.current.head:
        return None
    r.current.few = r.current.few or r.current.quantity is None
    return at + 1


def _instead_of(r: Reading, at: int) -> int:
    """ "Instead of", before what gives way."""
    if (end := _mere_count(r.spans, at + 1)) > at + 1:
        return end  # "three sugars instead of two"
    r.instead, r.amount, r.fresh = True, NEGATIVE, True
    return at + 1


def _mere_count(spans: Sequence[Span], at: int) -> int:
    """Where a count that begins at `at` ends, with nothing behind it that it could count; else `at`."""
    end = at
    while end < len(spans) and spans[end].has.keys() & {"num", "measure"} and "choice" not in spans[end].has:
        end += 1
    ends = end == len(spans) or bool(spans[end].has.keys() & ENDS)
    return end if ends and end > at and "num" in spans[at].has else at


def _instead_after(r: Reading, at: int) -> int | None:
    """말고, 대신: behind what gives way."""
    if r.dropped is not None:
        return at + 1
    fresh = r.fresh_options()
    if fresh and r.target is not None:
        items = r.target.items or tuple(line.item for line in r.lines if line.item)
        if fresh[-1].amount is None and not chooses_one(r.lexicon, fresh[-1].places, items):
            fresh[-1].amount = NEGATIVE  # 잼 대신 버터로
        elif (follower := content(r.spans, at + 1)) is None or not follower.has.keys().isdisjoint(PHRASE_ENDS):
            _take_back(r, r.target, fresh[-1])
        return at + 1
    if r.current is None or r.current is not r.target:
        return None
    follower = content(r.spans, at + 1)
    if r.current.quantity is not None and follower is not None and "num" in follower.has:
        r.correcting = True  # 두 개 말고 세 개
        if set(r.current.items) & r.basket:
            r.current.mode, r.current.verb = "change", True
        return at + 1
    r.current.old, r.current.mode = True, "swap"
    return at + 1


def _makes(r: Reading, at: int) -> int | None:
    """ "That makes …", at the beginning: what follows is said of the line spoken of last; goods are ordered where there
    is none, "make it a coke"."""
    if r.all():
        return None
    if not r.lines and goods_follow(r.spans, at, ()):
        r.mode, r.verb_said = "add", True
        return at + 1
    r.mode, r.verb_said = "change", True
    draft = Draft()
    draft.reference = True
    r.adopt(draft)
    return at + 1


def _meant(r: Reading, at: int) -> int | None:
    """ "I meant …", at the beginning: what was ordered before is said anew."""
    if r.all():
        return None
    r.refused = True
    return at + 1


def _correction(r: Reading, at: int) -> int | None:
    """ "No", "sorry", "make that": what was just said is said anew."""
    follower = content(r.spans, at + 1)
    if not corrects(r, at, follower):
        return None
    r.correcting = True
    r.refused = not r.all() and (denies(r.spans[at].has) or counts_there(r, follower))
    r.amount, r.fresh = None, False
    return at + 1


def _instead(r: Reading, at: int) -> int:
    """ "Instead", behind what comes: goods take the place of those before, or of those of their kind in the basket."""
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


# -- amounts, verbs, and what is said of all of them -----------------------------------------------------------------


def _either_half(r: Reading, at: int) -> int | None:
    """ "On one half", "on the other", behind an option."""
    if r.spans[at].has["part"] != "either" or not r.on_either(content(r.spans, at + 1)):
        return None
    return at + 1


def _part(r: Reading, at: int) -> int:
    """A half that is named: what was just listed is on it, or what follows."""
    part, follower = r.spans[at].has["part"], content(r.spans, at + 1)
    beside = r.listed_options()
    half = r.free_half() if part == "either" else part
    leads = follower is not None and bool(follower.has.keys() & {"choice", "amount"})
    if beside and not leads and not any(one.part for one in beside):
        for placed in beside:
            placed.part = half
    else:
        r.part = half
    r.prep = bool(beside)
    return at + 1


def _onto(r: Reading, at: int) -> int | None:
    """ "No sugar in the coffee"."""
    if "amount" not in r.spans[at].has or not _onto_goods(r, at):
        return None
    r.prep = True
    return at + 1


def _onto_goods(r: Reading, at: int) -> bool:
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


def _given_up(r: Reading, at: int) -> int:
    """ "I was going to get the soup, but …": it isn't wanted where something else is said behind it."""
    behind = r.spans[at + 1 :]
    goods = next((i for i, span in enumerate(behind) if "item" in span.has), len(behind))
    turn = next((span.has for span in behind[goods + 1 :] if span.has.keys() & {"but", "verb", "correct"}), None)
    if turn is not None and "correct" not in turn:
        r.amount, r.fresh, r.given_up = NEGATIVE, True, True
    else:
        r.mode, r.verb_said = "add", True
    return at + 1


def _only_those(r: Reading, at: int) -> int | None:
    """ "I don't need the razor, just the blades": what follows is wanted."""
    if r.amount == NEGATIVE and r.fresh and not denies(r.spans[at - 1].has):
        r.amount, r.fresh = None, False  # "no soup, just the beef", where no soup is known
    if r.mode != "remove" or r.grammar.script != "spaced" or "verb" in r.spans[at - 1].has:
        return None  # "remove only the fries"
    r.mode, r.verb_said = None, False
    return at + 1


def _too_many(r: Reading, at: int) -> int:
    """ "I don't need that many pens, three will do": the count that is said is that of those that are there."""
    r.fewer_wanted = True
    return at + 1


def _amount(r: Reading, at: int) -> int | None:
    has = r.spans[at].has
    if "verb" in has and has["amount"][0] in ("with", ADDED) and r.spans[at].has["verb"][1] != "after":
        return None
    return at + 1 if amounts(r, at, content(r.spans, at + 1)) else None


def _verb(r: Reading, at: int) -> int | None:
    return at + 1 if verbs(r, at, content(r.spans, at + 1)) else None


def _each(r: Reading, at: int) -> int | None:
    """ "Each", "both", "all but one": what follows is said of all the goods, or of so many."""
    if end := _all_but(r, at):
        return end
    follower = content(r.spans, at + 1)
    if follower is not None and "verb" in follower.has and not goods_follow(r.spans, at + 1, ()):  # 各来两杯
        follower = next((one for one in r.spans[at + 1 : at + 4] if "num" in one.has), follower)
    if not distribute(r, at, follower):
        return None
    if follower is not None and "num" in follower.has and r.spread is None:
        at = r.spans.index(follower, at)
        while at + 1 < len(r.spans) and "measure" in r.spans[at + 1].has:
            at += 1
    return at + 1


def _all_but(r: Reading, at: int) -> int:
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
    have = (goods.quantity or 1) if goods is not None else 0
    for line in r.lines if goods is None else ():
        if line.item in items if items else line.item == r.last:
            have = line.quantity or 1
    number = have - spans[at + 2].has["num"][0]
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


def _fewer(r: Reading, at: int) -> int | None:
    """ "One coke less": so many of those that are there are taken off."""
    goods = r.current
    ends = at + 1 == len(r.spans) or not r.spans[at + 1].has.keys().isdisjoint(ENDS | {"and"})
    if not ends or goods is None or not goods.head or goods.quantity is None or not set(goods.items) & r.basket:
        return None
    if "item" not in r.spans[at - 1].has:  # "two cokes, ice less" is of the ice
        return None
    goods.mode, goods.verb = "remove", True
    return at + 1


# -- options and counts ----------------------------------------------------------------------------------------------


def _count_of_choice(r: Reading, at: int) -> int | None:
    """A choice with a number in its name, "six pieces", where these goods haven't it: it counts them."""
    has = r.spans[at].has
    if "num" not in has or r.target is None or valid(has["choice"], r.target.items):
        return None
    return count(r, at)


def _kinds(r: Reading, at: int) -> int:
    """Only the kind of an option, "syrup"; right behind a choice it says nothing more."""
    return at + 1 if at and "choice" in r.spans[at - 1].has else option(r, at)


def _attribute(r: Reading, at: int) -> int | None:
    """ "Gluten free", behind goods."""
    goods = r.target
    return at + 1 if goods is not None and goods.head and tagged(r, r.spans[at], goods) else None


def _free(r: Reading, at: int) -> int | None:
    """설탕 빼고: made a choice by what follows, or said back."""
    if not r.grammar.verbs_last:
        return None
    r.topic = r.spans[at]
    return at + 1


def _strange_size(r: Reading, at: int) -> int | None:
    """小杯奶茶, where there is no small one."""
    span, follower = r.spans[at], content(r.spans, at + 1)
    if follower is None or "measure" not in follower.has or not follower.glued:
        return None
    r.lose(span, follower)
    return r.spans.index(follower, at) + 1


def _price(r: Reading, at: int) -> int | None:
    """An amount of money is no count of anything."""
    spans = r.spans
    if priced(spans[at + 1].has if at + 1 < len(spans) else {}):
        return at + 2
    return at + 1 if at and priced(spans[at - 1].has) else None


def _strange_goods(r: Reading, at: int) -> int | None:
    """ "And a bag get": a baguette, or a bag to carry it in."""
    if not r.linked or r.current is None or not _holds_nothing(r.spans, at + 1):
        return None
    r.lose(r.spans[at], r.spans[at + 1])
    return at + 2


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


def _measure(r: Reading, at: int) -> int | None:
    """再来杯中杯的."""
    return one_by_measure(r, at, content(r.spans, at + 1)) if r.again else None


def _the_unknown(r: Reading, at: int) -> int | None:
    """ "And the large blorp"."""
    return with_unknown(r, at, at + 1) if r.linked else None


# -- more of the same ------------------------------------------------------------------------------------------------


def _another_alike(r: Reading, at: int) -> int | None:
    """ "And another one the same": the one that is like it follows; "another of the same cheeseburger" names it."""
    follower = content(r.spans, at + 1)
    if follower is None or "alike" not in follower.has:
        return None
    named = content(r.spans, r.spans.index(follower) + 1)
    return at + 1 if r.current is not None or (named is not None and "item" in named.has) else None


def _tells_more(r: Reading, said: Span) -> None:
    """Splits off what was said right before one more."""
    goods = r.target
    if goods is None or goods is not r.current or not goods.head or goods.quantity is None or not r.fresh_options():
        return
    if goods.options[-1].start == said.start:
        r.split_off()


def _other(r: Reading, at: int) -> int | None:
    """ "The other" of the goods at hand, or "the others": all of them that nothing was said of yet."""
    goods, rest = r.current, "rest" in r.spans[at].has
    if goods is None or not goods.head:
        return None
    left = (goods.quantity or 1) - sum([part.quantity or 1 for part in goods.subs if not part.also])
    if rest and (left < 1 or not goods.subs):
        return None
    r.sub(left if rest else 1)
    follower = r.spans[at + 1].has if at + 1 < len(r.spans) else {}
    return at + 2 if rest and "each" in follower else at + 1  # 其他都加培根: each of the rest


def _another_of_choice(r: Reading, at: int) -> int | None:
    """ "One more sugar", "another shot": of what the goods may have several of, or more of."""
    follower = r.spans[at + 1] if at + 1 < len(r.spans) else None
    if follower is None or "choice" not in follower.has or "item" in follower.has or r.grammar.script != "spaced":
        return None
    goods, places = r.target, follower.has["choice"]
    owned = [line.item for line in r.lines if line.item is not None and line.item in places]
    able = [r.last] if r.last is not None and r.last in places else owned
    about = list(goods.items) if goods is not None else able if len(able) == 1 else []
    several = counted_choice(r.lexicon, places, about)
    if not about or not valid(places, about) or not (several or _may_be_extra(r, places, about)):
        return None
    r.amount, r.fresh = (None, False) if several else ("extra", True)
    end = option(r, at + 1)
    if several and r.target is not None and r.target.options:
        r.target.options[-1].count, r.target.options[-1].more = 1, True
    return end


def _may_be_extra(r: Reading, places: Places, items: Sequence[str]) -> bool:
    """Whether goods may have more of a choice than comes with it."""
    for item in items:
        for path, _ in places.get(item, ()):
            kind = r.lexicon.catalogue.items[item].option(path)
            return kind is not None and kind.choose == "many" and "extra" in kind.amounts
    return False


def _another(r: Reading, at: int) -> int:
    """One more: of the goods at hand, of those that an option was said of, or of those spoken of last."""
    goods = r.current
    if at + 1 < len(r.spans) and "num" in r.spans[at + 1].has and r.grammar.script == "spaced":
        r.mode, r.verb_said, r.again = "add", True, True  # "another two of the same soup"
        return at + 1
    if goods is not None and goods.head and goods is r.target and goods.quantity is None:
        goods.quantity, goods.more = 1, True
        return at + 1
    named = r.spans[at - 1].has.get("goods", ()) if at else ()
    if r.grammar.verbs_last and r.basket.isdisjoint(named) and (topped := counted_on(r, at)) is not None:
        topped.count, topped.more = 1, True  # 치즈 하나 더
        return at + 1
    if goods is not None and goods.alike and goods is r.target and goods.quantity is None:
        goods.quantity = 1  # 똑같은 걸로 하나 더요
        return at + 1
    if r.grammar.verbs_last and "one" in r.spans[at - 1].has and at > 1:
        _tells_more(r, r.spans[at - 2])
    if r.grammar.verbs_last and r.target is not None and r.target is r.current and wished_more(r.target):
        r.target.quantity, r.target.more, r.target.reference = 1, True, True
        r.target.mode, r.target.verb = "add", True
        return at + 1
    draft = Draft(r.mentioned, r.spans[at].text)
    draft.reference = draft.more = draft.verb = True
    draft.quantity, draft.mode = 1, "add"
    r.adopt(draft)
    return at + 1


def _take_back(r: Reading, goods: Draft, option: Option) -> None:
    """Takes a choice back that was said not to be wanted, with nothing behind it, 성인용 말고: the other one of two is
    meant, where none was said; else it is said back."""
    goods.options.remove(option)
    item = r.lexicon.catalogue.items.get(goods.items[0]) if len(goods.items) == 1 else None
    path, choice = option.places.get(item.id, (("", ""),))[0] if item is not None else ("", "")
    kind = item.option(path) if item is not None else None
    if item is None or kind is None or any(one.places.get(item.id, (("", ""),))[0][0] == path for one in goods.options):
        return
    others = [one.id for one in kind.choices if one.id != choice]
    said = next(span for span in r.spans if span.start == option.start)
    if len(others) == 1:
        goods.options.append(Option({item.id: ((path, others[0]),)}, said))
    else:
        r.lose(said, said)


def _reference(r: Reading, at: int) -> int | None:
    follower = content(r.spans, at + 1)
    if "it" in r.spans[at].has and r.amount == NEGATIVE and r.fresh and follower is not None and "the" in follower.has:
        r.amount, r.fresh = None, False  # "not those, the waterproof ones"
        return at + 1
    if "ordinal" in r.spans[at].has and (end := _of_those(r, at)) is not None:
        return end
    return at + 1 if r.refer(at) else None


def _of_those(r: Reading, at: int) -> int | None:
    """ "Two hamburgers, the first without onions, the second without pickles": one each of goods that are ordered in
    the same sentence."""
    goods, place = r.current, r.spans[at].has["ordinal"]
    if goods is None or not goods.head or goods.mode not in (None, "add") or goods.definite or goods.old:
        return None
    there = len(goods.subs)
    if (goods.quantity or 0) < 2 or there >= (goods.quantity or 0) or place not in (there + 1, -1):
        return None
    end = at + 1
    while end < len(r.spans) and r.spans[end].has.keys() & {"measure", "one", "topical"}:
        end += 1
    follower = content(r.spans, end)
    if follower is None or not follower.has.keys() & {"amount", "choice"} or "item" in follower.has:
        return None
    r.sub(1).also = False
    return end


def _alike(r: Reading, at: int) -> int | None:
    """ "The same": goods like those just said, or like a line of the basket."""
    follower = content(r.spans, at + 1)
    ordered = follower is not None and follower.has.get("verb", ("",))[0] == "add"  # 同样的再来一杯
    wished = r.grammar.script == "unspaced" and at > 0 and bool(r.spans[at - 1].has.keys() & {"verb", "measure"})
    if (r.linked or ordered or wished) and r.current is not None and r.current.head:
        like = r.current
        draft = Draft(like.items, like.heard, like.score)
        number = ordered and any("num" in span.has for span in r.spans[at + 1 : at + 4])
        draft.quantity, draft.more = None if number else 1, True
        draft.options, draft.left = [*like.options], len(like.options)
        draft.mode, draft.verb = like.mode, like.verb
        r.copied = True
        r.adopt(draft)
        return at + 1
    if r.basket and (counted := _one_more(r)) is not None:
        counted.reference = counted.more = counted.verb = counted.alike = True  # 再来一杯一样的
        counted.mode, counted.some = "add", False
        return at + 1
    if r.basket and not r.all():
        draft = Draft((), r.spans[at].text)
        draft.reference = draft.more = draft.verb = draft.alike = True
        draft.mode = "add"
        r.adopt(draft)
        return at + 1
    return None


def _too(r: Reading, at: int) -> int | None:
    """ "Same for me": goods like those just said, for somebody else; all of them, where several were."""
    ordered = [one for one in r.parsed.drafts if one.head and not one.old and one.mode in (None, "add")]
    if len(ordered) < 2 or len(ordered) < len(r.all()):
        r.linked = True
        return _alike(r, at)
    for like in ordered:
        draft = copy(like)
        draft.quantity, draft.more, draft.options, draft.subs = like.quantity or 1, True, [*like.options], [*like.subs]
        draft.left = len(like.options)
        r.copied = True
        r.adopt(draft)
    return at + 1


def _one_more(r: Reading) -> Draft | None:
    """A count that is asked for and that nothing was said of yet."""
    draft = r.parsed.drafts[-1] if len(r.all()) == 1 and r.parsed.drafts else None
    if draft is None or draft.head or draft.options or draft.quantity is None or not (r.again or r.mode == "add"):
        return None
    return draft


# -- small words -----------------------------------------------------------------------------------------------------


def _preposition(r: Reading, at: int) -> int:
    """ "On", "of them": what follows is what the options are said of."""
    span = r.spans[at]
    r.prep = True
    if "on" in span.has and r.grammar.verbs_last and r.target is not None and span.glued:
        r.target.definite = r.target.definite or r.target.head  # "햄버거에": to the hamburger
    return at + 1


def _link(r: Reading, at: int) -> int:
    has = r.spans[at].has
    r.linked = "and" in has or "but" in has
    if "but" in has:
        r.amount = None
    follower = content(r.spans, at + 1)
    if follower is not None and _names_option(follower):
        if _left_out(r, at):
            r.amount, r.fresh, r.linked = NEGATIVE, True, False
        elif "plus" in has and r.amount == NEGATIVE:
            r.amount, r.fresh = "with", True  # "no sauce plus pesto"
    return at + 1


def _left_out(r: Reading, at: int) -> bool:
    """Whether what follows is left out of everything that was named: "everything but mustard", "all the toppings
    except olives"."""
    before = next((span.has for span in reversed(r.spans[:at]) if not span.has.keys() <= SKIPPED), {})
    return "excepts" in r.spans[at].has or ("but" in r.spans[at].has and "everything" in before)


def _names_option(span: Span) -> bool:
    return bool(span.has.keys() & {"choice", "the", "article"}) and "item" not in span.has


def _unused(r: Reading, at: int) -> int:
    """What isn't known, or but a part of a name, is said back, unless its words mean something else as well."""
    has = r.spans[at].has
    if has.keys() <= {"category", "partial"} or not has.keys().isdisjoint({"unknown", "fraction", "digits"}):
        r.parsed.leftover.append(r.spans[at])
        if r.amount == NEGATIVE and r.fresh and (end := _line_end(r, at + 1)) > at + 1:
            r.amount, r.fresh = None, False  # "no cream on the chocolate one": nothing else is left off
            return end
    return at + 1


def _line_end(r: Reading, at: int) -> int:
    """Behind the words that say of which line it is, "on the chocolate one": nothing is done to it."""
    spans = r.spans
    if at + 1 < len(spans) and "on" in spans[at].has and "the" in spans[at + 1].has:
        end = next((i for i in range(at + 2, len(spans)) if "one" in spans[i].has), at - 1) + 1
        return end if all("choice" in span.has for span in spans[at + 2 : end - 1]) else at
    return at


_RULES: Rules[Callable[[Reading, int], int | None]] = Rules(
    ("stop pause", _pause),
    ("swap_counts", _swapped_counts),
    ("few", _few),
    ("instead_of", _instead_of),
    ("instead_after", _instead_after),
    ("makes", _makes),
    ("meant", _meant),
    ("correct makes", _correction),
    ("part", _either_half),
    ("on", _onto),
    ("fewer", _fewer),
    ("given_up", _given_up),
    ("too_many", _too_many),
    ("only", _only_those),
    ("amount", _amount),
    ("verb", _verb),
    ("each", _each),
    ("another", _another_alike),
    ("other", _other),
    ("choice", _count_of_choice),
    ("choice option item", option),
    ("tag", _attribute),
    ("free", _free),
    ("little grown", _strange_size),
    ("kinds", _kinds),
    ("num", _price),
    ("article", _strange_goods),
    ("num multiple article", count),
    ("measure", _measure),
    ("the", _the_unknown),
    ("another", _another_of_choice),
    ("another", _another),
    ("it ordinal", _reference),
    ("part", _part),
    ("me_too", _too),
    ("alike", _alike),
    ("on of_them", _preposition),
    ("and or but", _link),
    ("instead", _instead),
    ("unknown partial fraction", _unused),
)
"""Each reads the span at an index: where to go on, or None where it has no business with it."""

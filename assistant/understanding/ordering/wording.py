"""Words that are said of goods: amounts ("no", "extra", "without"), verbs, corrections, "each"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from typing import Any

from assistant.understanding.ordering.ahead import begun, content, goods_follow, leads
from assistant.understanding.ordering.drafts import (
    ADDED,
    NEGATIVE,
    Draft,
    Option,
    amend,
    chooses_one,
    compose,
    kin,
    of_kind,
    other_kind,
    units,
    valid,
)
from assistant.understanding.ordering.parts import half_of
from assistant.understanding.ordering.placing import UNSURE, Reading
from assistant.understanding.words.lexicon import Places
from assistant.understanding.words.names import meaning_of
from assistant.understanding.words.spans import PHRASE_ENDS, Span, denies
from assistant.understanding.words.text import words_of


def corrects(r: Reading, at: int, follower: Span | None) -> bool:
    """Whether a word such as "no" takes back what was said, rather than denying what follows."""
    has = r.spans[at].has
    if denies_there(r, at, follower):
        r.amount, r.fresh = NEGATIVE, True
        return False
    if "makes" in has and r.all() and counts_there(r, follower) and not _said_anew(r, follower):
        return False  # "take off the eggs and make it two milks", where there is milk
    if (
        not r.all()
        and not begun(r.spans, at)
        and not (
            r.basket
            and follower is not None
            and (
                "pause" in follower.has
                or not r.basket.isdisjoint(follower.has.get("item", ()))
                or _refuses(has)
                or counts_there(r, follower)
            )
        )
    ):
        return False
    denies = follower is not None and follower.has.keys() & {"choice", "item", "option", "category", "partial"}
    return not ("amount" in has and denies)


def counts_there(r: Reading, count: Span | None) -> bool:
    """Whether goods of the basket are counted anew: "actually two mochas"."""
    return not r.basket.isdisjoint(_counted(r, count))


def _counted(r: Reading, count: Span | None) -> Sequence[str]:
    """The goods that a count stands before, with their options between."""
    if count is None or "num" not in count.has:
        return ()
    for span in r.spans[r.spans.index(count) + 1 :]:
        if not span.has.keys() & {"choice", "measure", "of"} or "item" in span.has:
            goods: Sequence[str] = span.has.get("item", ())
            return goods
    return ()


def _said_anew(r: Reading, count: Span | None) -> bool:
    """Whether the goods that are counted, or others of their kind, were ordered before in the same breath."""
    goods = _counted(r, count)
    return any(one.head and one.mode != "remove" and kin(r.lexicon, goods, one.items) for one in r.all())


def _refuses(has: Mapping[str, Any]) -> bool:
    """Whether a word is a no by itself, and none to what follows: 不对, 아니."""
    return "amount" not in has and denies(has)


def denies_there(r: Reading, at: int, follower: Span | None) -> bool:
    """Whether a word of correction ends in a "no" to goods of the basket: "actually no fries"."""
    span = r.spans[at]
    key = words_of(span.text)
    if r.all() or "amount" in span.has or len(key) < 2 or follower is None or not span.has.keys() & {"correct"}:
        return False
    ending = meaning_of(r.lexicon.words[r.grammar.tag], key[-1:]).get("amount", ("", ""))
    return ending == (NEGATIVE, "before") and not r.basket.isdisjoint(follower.has.get("item", ()))


_HAS_AMOUNT = frozenset(
    " choice item option amount num article each the some on unit another unknown it measure category partial of_them"
    " ordinal kinds".split()
)
"""What an amount may stand before, and be said of."""


def amounts(r: Reading, at: int, follower: Span | None) -> bool:
    name, side = r.spans[at].has["amount"]
    if name == "half" and (shares_half(r, follower) or (r.grammar.verbs_last and _half_behind(r, at))):
        return True
    if side == "link" and not _for_a_pronoun(r.spans, at):
        carry(r, at, name)
        return True
    if side == "link" and r.target is not None and r.target.quantity is not None and _one_more_behind(r.spans, at):
        r.split_off()  # 베이컨 추가하고 베이컨 없는 걸로 하나 더
        r.since_pause = 0
    if _chooses(r, at):
        return False
    if side in ("after", "link") or (
        side == "both" and (not leads(r.spans, at) or (name != "half" and _said_behind(r, at)))
    ):
        return _amount_behind(r, at, follower)
    return _amount_before(r, at, follower)


_BEHIND_PRONOUN = frozenset("one num another measure verb polite filler particle hesitation as again more".split())


def _for_a_pronoun(spans: Sequence[Span], at: int) -> bool:
    """Whether a word that leads on to goods leads to none but "one": 피클 뺀 걸로 바꿔 주세요."""
    behind = spans[at + 1 :]
    until = next((i for i, span in enumerate(behind) if not span.has.keys().isdisjoint(PHRASE_ENDS)), len(behind))
    words = [span.has for span in behind[:until]]
    takes_off = any(has.get("verb", ("add",))[0] not in ("add", "change", "swap") for has in words)
    return bool(words) and "one" in words[0] and not (takes_off or any(map(_BEHIND_PRONOUN.isdisjoint, words)))


def _one_more_behind(spans: Sequence[Span], at: int) -> bool:
    """Whether one more is asked for behind the pronoun that stands behind `at`."""
    return at + 2 < len(spans) and "another" in spans[at + 2].has


def _chooses(r: Reading, at: int) -> bool:
    """Whether a word of an amount is a choice here: 떡볶이 곱빼기, 첫 번째 거 곱빼기로; 라지 두 개 보통 하나."""
    has = r.spans[at].has
    if "choice" not in has:
        return False
    name, side = has["amount"]
    if side == "after" and r.target is not None and valid(has["choice"], _of_which(r, r.target)):
        fresh = r.fresh_options()
        if not fresh or chooses_one(r.lexicon, fresh[-1].places, _of_which(r, r.target)):
            return True
    return name == "normal" and r.grammar.verbs_last and _counted_choice(r, at)


def _amount_behind(r: Reading, at: int, follower: Span | None) -> bool:
    """An amount behind what it is said of: 얼음 빼고, 香菜不要, 치즈 추가."""
    has = r.spans[at].has
    name = has["amount"][0]
    if name == NEGATIVE and _of_strange(r.spans, at):
        return True
    of_topic = r.topic is not None and at > 0 and r.spans[at - 1] is r.topic
    if of_topic and without(r, name):
        return True  # 당도 70 얼음 빼고: it is said of the ice
    if name == NEGATIVE and at and "choice" not in r.spans[at - 1].has and _not_so(r):
        return True  # 베이컨 추가하고 하나는 빼고
    if r.target is not None and r.since_pause < len(r.target.options):
        for one in denied(r) if name == NEGATIVE else r.target.options[-1:]:
            amend(r.lexicon, one, name, r.target, has.get("fold", 0))
            one.doubled = name == "extra" and has.get("fold") == 2
        r.since_pause = len(r.target.options)
        return True
    if without(r, name):
        return True
    goods = r.current if r.current is not None and at and r.spans[at - 1].start == r.named_at else None
    if "fold" in has and goods is not None and goods.quantity is None and multiply(r, goods, has["fold"]):
        return True
    if name == NEGATIVE and _denies_goods(r, at):
        return True
    if of_topic and name != "with" and r.topic is not None:
        r.lose(r.topic, r.spans[at])  # 얼음 많이, where there is no such choice
        r.topic = None
        return True
    if name in ("extra", ADDED) and r.grammar.verbs_last and r.run and r.run[-1].head:
        for draft in r.run:  # 물 하나 추가하고 바닐라는 하나 빼 주세요
            draft.mode, draft.verb = draft.mode or "add", True
        r.run = []
        return True
    if name == "half" and r.current is not None:
        if follower is not None and "measure" in follower.has:
            r.current.score = min(r.current.score, UNSURE)
        elif at and r.spans[at - 1].has.keys() & {"measure", "num"}:
            r.current.score, r.current.uneven = min(r.current.score, UNSURE), True
    return "verb" not in has and "correct" not in has


def _of_strange(spans: Sequence[Span], at: int) -> bool:
    """Whether what is to be left off is something that isn't known, which is said back: 초코는 크림 빼 주세요."""
    return at > 0 and ("unknown" in spans[at - 1].has or spans[at - 1].has.keys() <= {"partial"})


def _amount_before(r: Reading, at: int, follower: Span | None) -> bool:
    """An amount before what it is said of: "no onions", 多放辣."""
    has = r.spans[at].has
    name = has["amount"][0]
    ends = follower is None or not PHRASE_ENDS.isdisjoint(follower.has)
    if name == NEGATIVE and ends and _not_so(r):
        return True
    if "option" in has and ends and r.amount == NEGATIVE and r.fresh:
        r.lose(r.spans[at - 1], r.spans[at])  # "with no toppings": of which, nobody said
        r.amount, r.fresh = None, False
        return True
    if "forbids" in has and (follower is None or "choice" not in follower.has or "item" in follower.has):
        return True  # "I don't wear makeup, just a shampoo"
    if follower is None or _HAS_AMOUNT.isdisjoint(follower.has):
        return not has.keys() & {"choice", "verb", "item"}
    if "choice" in has and not follower.has.keys() & {"choice", "option"}:
        return False
    if "choice" in has and name == "normal" and not _chosen(r, has["choice"]):
        return False  # a "regular" latte is a size until it has one: then it is as much syrup as usual
    if name == "with" and r.amount in (NEGATIVE, "half") and r.fresh:
        return True
    if name == "light" and "num" in follower.has and "choice" not in follower.has and _one_less(r, at, follower):
        return True
    r.halved = r.amount == "half" and r.fresh
    if name in ("extra", "light") and r.amount == NEGATIVE and r.fresh:
        name = f"not_{name}"
    r.amount, r.fresh = name, True
    r.amount_sure = not any(act == "checkout" for act, _ in has.get("act", ()))
    r.folds = has.get("fold", 0)
    return True


def _one_less(r: Reading, at: int, follower: Span) -> bool:
    """Whether a count of goods is to be taken off: 少一个汉堡, 汉堡少一个."""
    if _owned_follow(r, at):
        r.mode, r.verb_said = "remove", True
        return True
    return r.current is not None and not r.basket.isdisjoint(r.current.items) and takes_count(r, at, follower)


def _counted_choice(r: Reading, at: int) -> bool:
    """Whether a word that is also a choice of the goods has a count of its own behind it."""
    follower = r.spans[at + 1].has if at + 1 < len(r.spans) else {}
    return "num" in follower and r.target is not None and valid(r.spans[at].has["choice"], r.target.items)


def _of_which(r: Reading, target: Draft) -> Sequence[str]:
    """The goods that something may be said of: those named, else those of the basket."""
    if target.items:
        return target.items
    return [line.item for line in r.lines if line.item]


def _said_behind(r: Reading, at: int) -> bool:
    """Whether an amount stands right behind the options that it is said of, though goods follow: 香菜葱花都不要的面,
    치즈 추가 어묵 빼고."""
    begin = at - 1
    while begin > 0 and "each" in r.spans[begin].has:
        begin -= 1
    fresh = r.fresh_options()
    if not fresh or begin < 0 or r.spans[begin].start != fresh[-1].start or fresh[-1].amount is not None:
        return False
    if r.grammar.verbs_last:
        return True
    return "particle" in (r.spans[at + 1].has if at + 1 < len(r.spans) else {})


def shares_half(r: Reading, follower: Span | None) -> bool:
    """ "Six pens, half of them blue and half black": half of what was counted is so."""
    whole = r.current
    if follower is not None and follower.has.get("amount", ("",))[0] == "with" and "choice" not in follower.has:
        follower = content(r.spans, r.spans.index(follower) + 1)  # "two lattes, half with oat milk"
    if follower is not None and "of_them" in follower.has and whole is None and r.mode == "change":
        line = next((one for one in reversed(r.lines) if one.item == r.last), None)
        count = (line.quantity or 0) if line is not None else 0
        if count < 2 or count % 2:
            return False
        part = Draft()  # "make half of them decaf"
        part.quantity, part.some, part.reference = count // 2, True, True
        r.adopt(part)
        return True
    if whole is None or follower is None or not whole.head or whole.article:
        return False
    count = whole.quantity or 0
    told = follower.has.keys() & {"of_them", "choice"}
    if not told or count < 2 or count % 2 or half_of(follower, r.lexicon) is not None:
        return False
    single = "of_them" in follower.has or chooses_one(r.lexicon, follower.has["choice"], whole.items)
    if not single and other_kind(r.lexicon, follower, whole.items) is None:  # 四杯可乐一半要无糖的
        return False
    r.sub(count // 2)
    return True


def multiply(r: Reading, draft: Draft, folds: int) -> bool:
    """ "Double the fries", 可乐翻倍: as many times what there is of them."""
    there = units(r.lines, draft.items)
    if there:
        draft.quantity, draft.mode, draft.verb = there * folds, "change", True
        r.amount, r.fresh = None, False
    return there > 0


_ASIDE = frozenset({"topical", "particle", "filler", "child"})


def _denies_goods(r: Reading, at: int) -> bool:
    """Whether "no" stands right behind goods, 维C不要，要维D: they are taken off, or not ordered."""
    goods, named, beside = r.current, at - 1, set(_ASIDE)
    if goods is not None and set(goods.items) & r.basket:
        beside |= {"num", "measure"} if goods.quantity is not None else set()  # 김밥 하나 빼고, 김밥도 하나 빼고
        beside |= {"each"} if r.grammar.verbs_last else set()  # 김밥은 다 빼고
    while named > 0 and r.spans[named].has.keys() & beside and "item" not in r.spans[named].has:
        named -= 1  # 콜라는 괜찮아요, 可乐我老婆不爱喝
    if goods is None or goods is not r.target or not goods.head or named < 0 or r.spans[named].start != r.named_at:
        return False
    has = r.spans[at].has
    if r.fresh_options() or goods.subs or not ("act" in has or r.grammar.verbs_last or has["amount"][1] == "after"):
        return False
    after = [span.has for span in r.spans[at + 1 :]]
    if "act" not in has and any("num" in one for one in after) and not any("item" in one for one in after):
        return False  # a count behind it is that of the goods: they are wanted
    denied = [goods, *_denied_with(r, goods)]
    for one in denied:
        if set(one.items) & r.basket:
            one.mode, one.verb = "remove", True
        else:
            r.drop(one)
    r.run = [one for one in r.run if all(one is not other for other in denied)]
    r.mode, r.verb_said = None, False
    return True


def _denied_with(r: Reading, goods: Draft) -> list[Draft]:
    """The goods of the basket that are named right before those that are denied, and go with them: 우유랑 버터 빼고
    주세요. Those with a count are ordered, unless they are joined to what follows: 우유 하나랑 버터 빼고."""
    if not r.grammar.verbs_last or not set(goods.items) & r.basket or not any(one is goods for one in r.run):
        return []
    found: list[Draft] = []
    until = goods.at
    for one in reversed(r.run[: next(i for i, other in enumerate(r.run) if other is goods)]):
        between = [span.has for span in r.spans if one.at < span.start < until]
        joined = one.quantity is None or any("and" in has for has in between)
        if not (one.head and joined and one.mode is None and set(one.items) & r.basket) or one.options or one.subs:
            break
        found.append(one)
        until = one.at
    return found


def _half_behind(r: Reading, at: int) -> bool:
    """Whether "half" stands right behind goods that come whole, 양념 반 후라이드 반: it is asked about."""
    goods = r.current
    if goods is None or not goods.head or not at or r.spans[at - 1].start != goods.at or goods.quantity is not None:
        return False
    if half_of(r.spans[at - 1], r.lexicon) is not None:
        return False
    goods.score, goods.halved = min(goods.score, UNSURE), True
    return True


def _not_so(r: Reading) -> bool:
    """ "Two cokes with ice, one without": what the others have, this one hasn't."""
    whole, part = r.current, r.target
    if whole is None or part is None or part not in whole.subs or part.options:
        return False
    before = whole.subs[whole.subs.index(part) - 1] if part is not whole.subs[0] else whole
    said = before.options or whole.options
    if not said:
        return False
    option = copy(said[-1])
    amend(r.lexicon, option, NEGATIVE, part)
    words, key = r.lexicon.words[r.grammar.tag], words_of(option.text)
    for cut in range(1, len(key)):  # "with ice" has a choice of its own that is without
        if meaning_of(words, key[:cut]).get("amount", ("",))[0] == "with":
            other = r.lexicon.composed.get((NEGATIVE, key[cut:]))
            if other is not None and valid(other, part.items):
                option.places, option.amount = other, None
    if option.amount == NEGATIVE and chooses_one(r.lexicon, option.places, part.items):
        return False  # none of one size
    part.options.append(option)
    return True


def _owned_follow(r: Reading, at: int) -> bool:
    """Whether goods of the basket follow a count, before any pause."""
    until = next((i for i in range(at + 1, len(r.spans)) if "pause" in r.spans[i].has), len(r.spans))
    after = [span.has for span in r.spans[at + 1 : min(until, at + 6)] if span.has.keys() & {"item", "category"}]
    if not after:
        return False
    goods = after[0].get("item") or r.lexicon.categories.get(after[0]["category"], ())
    return not r.basket.isdisjoint(goods)


def _chosen(r: Reading, places: Places) -> bool:
    """Whether the goods have made a choice already where another one is named."""
    if r.target is None:
        return False
    made = {pairs[0][0] for one in r.target.options for item in r.target.items if (pairs := one.places.get(item, ()))}
    return any(places[item][0][0] in made for item in r.target.items if item in places)


def carry(r: Reading, at: int, name: str) -> None:
    """Takes the options just said off the goods before: they belong to the goods that follow."""
    target = r.target
    if r.topic is not None and r.spans[at - 1] is r.topic:
        r.lose(r.topic, r.spans[at])  # 우유 넣은 커피, where no choice is called so
        r.topic = None
        return
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
    """Chooses by an amount behind the option's name, 얼음 빼고: the choice that is without it; 소스 빼고, the one that
    comes with the goods."""
    topic = r.topic
    if topic is None:
        return False
    owned = [line.item for line in r.lines if line.item]
    if r.target is None:  # 얼음 빼 주세요, of what is in the basket
        composed = compose(r.lexicon, amount, topic, ()) or {}
        there = any(item in composed for item in owned) or of_kind(r.lexicon, amount, topic, owned) is not None
        if r.all() or not there:
            return False
        draft = Draft()
        draft.reference, draft.mode, draft.verb = True, "change", True
        r.adopt(draft)
        r.current = r.target = draft
    if (places := compose(r.lexicon, amount, topic, r.target.items)) is not None:
        r.target.options.append(Option(places, topic))
    elif (places := of_kind(r.lexicon, amount, topic, r.target.items or owned)) is not None:
        r.target.options.append(Option(places, topic, amount))
    else:
        return False
    r.topic = None
    return True


def _unbroken(r: Reading, options: list[Option]) -> list[Option]:
    """Those of the options said last between which nothing is said that isn't known."""
    for at in range(len(options) - 1, 0, -1):
        between = (one.has for one in r.spans if options[at - 1].end <= one.start < options[at].start)
        if any("unknown" in has for has in between):
            return options[at:]
    return options


def denied(r: Reading) -> list[Option]:
    """What a "without" behind options is about: those just said, but no size, of which there is always one."""
    target = r.target
    fresh = r.fresh_options()
    if r.grammar.verbs_last:
        fresh = _unbroken(r, fresh)  # 아이스크림 올리고 팥은 빼 주세요
    many = [one for one in fresh if target is None or not chooses_one(r.lexicon, one.places, target.items)]
    return many or fresh


def verbs(r: Reading, at: int, follower: Span | None) -> bool:
    name, side = r.spans[at].has["verb"]
    if name == "remove" and side == "both" and takes_count(r, at, follower):
        return True
    if (side == "after" or (side == "both" and not leads(r.spans, at))) and _verb_behind(r, at, name, side):
        return True
    if name == "add" and follower is not None and r.current is not None and "choice" in follower.has:
        fits = valid(follower.has["choice"], r.current.items) and "item" not in follower.has
        if fits:
            more = ADDED if r.spans[at].has.get("amount", ("",))[0] == ADDED else "with"  # 煎饼再加个蛋
            r.amount = "half" if r.amount == "half" and r.fresh else more  # 一半加蘑菇
            r.fresh = True
            return True
    behind = r.current is not None and r.current is r.target and (r.run or r.current.mode == "remove")
    if name == "swap" and behind and not (side == "before" and r.linked):
        swap(r, at, follower)
        return True
    r.mode, r.verb_said = name, True
    r.again = "again" in r.spans[at].has
    r.run = []
    r.amount, r.fresh = None, False
    return True


def _verb_behind(r: Reading, at: int, name: str, side: str) -> bool:
    """A verb behind its goods, 콜라 하나 빼 주세요. False where there is nothing before it that it may be said of."""
    if name == "remove" and _of_strange(r.spans, at) and r.target is not None and not r.target.head:
        r.drop(r.target)
        return True
    chosen = name == "remove" and without(r, NEGATIVE)
    if name == "remove" and r.target is not None and (chosen or r.fresh_options()):
        for option in () if chosen else denied(r):
            amend(r.lexicon, option, NEGATIVE, r.target)
        r.since_pause = len(r.target.options)
        if not r.target.head:
            r.target.mode, r.target.verb = "change", True
        return True
    if name == "remove" and _not_so(r):
        return True
    if name == "remove" and r.topic is not None and at and r.spans[at - 1] is r.topic:
        r.lose(r.topic, r.spans[at])  # 라떼 두 잔 얼음 빼 주세요, where there is none in it: the lattes are wanted
        r.topic = None
        return True
    if r.run:
        _said_of_run(r, name)
        r.run = []
        r.mode, r.verb_said = None, False
        return True
    if side == "after":
        r.mode = r.mode or (name if r.grammar.verbs_last else None)
        if not r.parsed.drafts and name in ("remove", "change"):
            r.mode, r.verb_said = name, True
    return side == "after"


def _said_of_run(r: Reading, name: str) -> None:
    """One verb for all goods that were named before it."""
    for draft in r.run:
        if not draft.verb or name in ("remove", "change", "swap"):
            draft.mode, draft.verb = name, True
        if name == "add" and draft.reference and not draft.items and not draft.options and r.mentioned:
            draft.items = r.mentioned
    if name == "swap" and len(r.run) >= 2:
        r.run[-2].old, r.run[-2].mode = True, "swap"
        r.run[-1].mode = "change"
    elif name == "swap":
        for draft in r.run:
            new = draft.head and draft.quantity is not None and draft.options and r.basket.isdisjoint(draft.items)
            draft.mode = "add" if new and not draft.old else "change"  # 라떼 하나 오트 우유로 바꿔 주세요
    for draft in r.run:
        if draft.old and draft.mode == "add":
            draft.mode = "swap"


def takes_count(r: Reading, at: int, follower: Span | None) -> bool:
    """Whether a count of the goods just named follows a verb: 芝士汉堡减一个."""
    goods = r.current
    fits = goods is not None and goods.head and goods.quantity is None and goods is r.target
    if goods is not None and goods.verb and not (goods.mode == "add" and _begins_clause(r.spans, goods.at)):
        return False
    if not fits or follower is None or "num" not in follower.has or goods_follow(r.spans, at, ()):
        return False
    assert goods is not None
    goods.mode, goods.verb = "remove", True
    return True


def _begins_clause(spans: Sequence[Span], start: int) -> bool:
    """Whether a pause stands right before the goods that are named at a token: the verb before it is of others."""
    at = next((i for i, span in enumerate(spans) if span.start == start), 0)
    return at > 0 and "pause" in spans[at - 1].has


def swap(r: Reading, at: int, follower: Span | None) -> None:
    """A word such as 换成 behind goods: other goods follow, or another option or count for these."""
    assert r.current is not None
    part = follower is not None and "partial" in follower.has and "choice" not in follower.has
    goods = part or (follower is not None and goods_follow(r.spans, at, r.current.items))
    if not goods and r.spread is not None and r.current.mode in (None, "add"):
        r.amount, r.fresh = "with", True  # 都换成米粉, of what was just ordered
        return
    if goods and r.current.verb and r.current.mode == "add":
        r.correcting = True
        return
    if not goods and r.fresh_options() and not set(r.current.items) & r.basket and r.current.mode in (None, "add"):
        r.amount, r.fresh = "with", True
        return
    if not goods and follower is not None and "num" in follower.has and not r.fresh_options():
        r.current.mode, r.current.verb = "change", True
        r.mode, r.verb_said = None, False
        r.correcting = r.current.quantity is not None
        return
    if not (r.current.verb and r.current.mode == "add"):
        r.current.mode, r.current.verb = "swap", True
        r.mode, r.verb_said = "swap", True
    if not goods and r.current.quantity is not None and leads(r.spans, at):
        r.correcting = True
    r.amount, r.fresh = "with", True


def distribute(r: Reading, at: int, follower: Span | None) -> bool:
    """ "Both with onions", 各两杯: what is said of all goods alike."""
    drafts = [d for d in r.all() if d.head]
    if not drafts:
        return False
    leads_on = follower is not None and follower.has.keys() & {"choice", "option", "amount", "on"}
    if len(drafts) == 1 and r.target in drafts[0].subs and leads_on:
        r.target, r.since_pause = drafts[0], len(drafts[0].options)  # "two fish, one veggie, all without onions"
    target = r.target
    if follower is not None and "unknown" in follower.has:
        return False  # 둘 다, and then what isn't known: it is said of no option before it
    if target is not None and target is r.current and follower is not None and "num" in follower.has:
        number, said = follower.has["num"][0], target.options[target.left :]
        kinds = target.quantity is None and all(chooses_one(r.lexicon, one.places, target.items) for one in said)
        if len(said) > 1 and (kinds or target.quantity == number * len(said)):  # 三杯奶茶，珍珠、椰果、布丁各一杯
            target.quantity = number * len(said)
            target.options = target.options[: target.left]
            for one in said:
                r.sub(number).options = [one]
            r.spread = None
            return True
    if (
        target is not None
        and len(target.options) > r.since_pause
        and (follower is None or not (follower.has.keys() & {"choice", "option", "amount"}))
    ):
        shared = target.options[r.since_pause :]
        if not r.grammar.verbs_last and (joint := r.listed_options()):
            shared = joint  # "… and green peppers, no olives on either"
        parts = [part for draft in drafts for part in draft.subs if part.also]
        for draft in (*drafts, *parts):
            if draft is not target:
                draft.options += [o for o in shared if valid(o.places, draft.items)]
        if any(valid(o.places, draft.items) for o in shared for draft in drafts):
            target.options = [o for o in target.options if o not in shared or valid(o.places, target.items)]
        return True
    chosen = follower.has.get("choice", {}) if follower is not None else {}
    if follower is not None and "num" in follower.has and not all(valid(chosen, draft.items) for draft in drafts):
        for draft in drafts:
            if draft.quantity is None:
                draft.quantity = follower.has["num"][0]
        return True  # otherwise six pieces are what each of them is to have
    r.spread = len(drafts)
    return True

"""What somebody says they are allergic to: a question for what contains it, never an order."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import pairwise

from assistant.turns import Act
from assistant.understanding.ordering.drafts import NEGATIVE
from assistant.understanding.words.spans import denies
from assistant.understanding.words.text import fold, words_of
from assistant.understanding.words.utterance import Utterance

ALLERGIC = "allergic"
"""In the value of `ask_item`: what somebody said they are allergic to."""
NOT_ALLERGIC = "not_allergic"
"""In the value of `ask_item`: what somebody says they are not allergic to after all; nothing: to nothing."""
CONTAINS = "contains"
"""In the value of `ask_item`: what somebody asks whether it is in some goods."""
_SAID = ("allergic", "cannot_eat")
_HOW = frozenset({"allergic", "cannot_eat", "not_allergic"})
_BESIDE = frozenset(
    "and or pause article the some particle filler wish polite unknown hesitation on of amount topical allergic"
    " cannot_eat not_allergic each also".split()
)
"""What may stand between the word for an allergy and what it is of."""
_NEXT = frozenset({"pause", "stop", "but", "amount"})
"""What ends what somebody isn't allergic to: "not allergic, but no nuts please"."""
_AFTER_ALL = frozenset("each clock question wish unknown filler hesitation particle".split())
"""After all, any more, (to) anything."""


def read(u: Utterance) -> None:
    """The act of telling an allergy, or that it is none after all. Where the word says only "I can't eat", what follows
    must be an allergen."""
    if u.kinds.isdisjoint(_HOW):
        return
    told = [i for i, span in enumerate(u.spans) if span.has.keys() & _HOW]
    at = next((i for i in told if not _taken_back(u, i)), None)
    if at is None:
        return
    surely = any("allergic" in span.has for span in u.spans)
    u.used |= {i for i, span in enumerate(u.spans) if surely and "regarding" in span.has}
    found = [(name, spans) for name, spans in all_named(u) if u.used.isdisjoint(spans)]
    if any(_left_off(u, spans, at) for _, spans in found):
        return  # "no peanuts, I'm allergic": they are left off
    sides = [range(at + 1, len(u.spans)), range(at - 1, -1, -1)]
    sides = sides if u.grammar.script == "spaced" else sides[::-1]  # 우유 알레르기가 있는데 먹을 수 있는 게 있나요
    used = _stretch(u, sides[0], found) or _stretch(u, sides[1], found)
    named = [name for name, spans in found if used.intersection(spans)]
    if not named and surely:
        named = [name for name, _ in found]  # "no nuts please, I'm allergic"
    if not named and surely and (strange := _strange(u, at)):
        named, used = [u.said(strange[0], strange[-1] + 1)], set(strange)
    if any(_put_on(u, i) for i in used):
        used = set()  # they are left off as well
    if named:
        asked = {i for i, span in enumerate(u.spans) for name, _ in span.has.get("act", ()) if name == "ask_item"}
        used |= {at} if used else set()
        u.add(at, Act("ask_item", value={ALLERGIC: list(dict.fromkeys(named))}), used | asked)
        _may_eat(u, named)


def _taken_back(u: Utterance, at: int) -> bool:
    """ "I'm not allergic to milk after all", 我不对牛奶过敏: the allergy is no longer one."""
    if u.grammar.script == "spaced":
        ends = (i for i in range(at + 1, len(u.spans)) if u.spans[i].has.keys() & _NEXT)
        side = range(at + 1, next(ends, len(u.spans)))
    else:
        begins = (i for i in range(at - 1, -1, -1) if u.spans[i].has.keys() & {"pause", "stop"})
        side = range(at - 1, next(begins, -1), -1)
    found = all_named(u)
    used = {at, *_stretch(u, side, found)}
    if "not_allergic" not in u.spans[at].has:
        before = min(used) - 1
        if u.grammar.script != "unspaced" or before not in side or "takes_back" not in u.spans[before].has:
            return False
        if before - 1 not in side:
            return False  # 不对牛奶过敏 may be "no, it's milk"
        used.add(before)
    named = [name for name, spans in found if used.intersection(spans)]
    used |= {i for i in side if i > max(used) and u.spans[i].has.keys() <= _AFTER_ALL}
    u.add(at, Act("ask_item", value={NOT_ALLERGIC: list(dict.fromkeys(named))}), used)
    return True


def _may_eat(u: Utterance, named: Sequence[str]) -> None:
    """我乳糖不耐受，饼干能吃吗, "what's in the brownie, I'm allergic to nuts": goods that are only asked about beside
    an allergy aren't ordered."""
    if u.grammar.verbs_last or u.kinds.isdisjoint({"asking", "act"}):
        return
    for part in clauses(u):
        goods = [i for i in part if u.free(i, "item")]
        if u.grammar.script == "unspaced":
            asks = any("asking" in u.spans[i].has for i in part)
        else:
            asks = any(name == "ask_item" for i in part for name, _ in u.spans[i].has.get("act", ()))
        wished = any(u.free(i, "verb", "num") for i in part)
        if goods and asks and not wished:
            items = tuple(dict.fromkeys(u.spans[i].has["item"][0] for i in goods))
            u.add(part[0], Act("ask_item", items=items, value={CONTAINS: list(dict.fromkeys(named))}), set(part))


def clauses(u: Utterance) -> list[range]:
    """The stretches between pauses and stops."""
    ends = [i for i, span in enumerate(u.spans) if span.has.keys() & {"pause", "stop"}]
    bounds = [-1, *ends, len(u.spans)]
    return [range(a + 1, b) for a, b in pairwise(bounds) if a + 1 < b]


def inside(u: Utterance, start: int, end: int) -> tuple[Act, int] | None:
    """Whether goods contain an allergen, asked with no phrase of asking for one (素汉堡里有鸡蛋吗), and where that
    begins: behind goods that are ordered, 来一个素汉堡，里面有鸡蛋吗."""
    if "contains" not in u.kinds:
        return None
    spans = u.spans[start:end]
    whether = bool(spans) and u.grammar.script == "unspaced" and denies(spans[-1].has)  # 里面加了蛋没有
    if not (whether or u.question_mark or any("asking" in span.has for span in spans)):
        return None
    holds = next((i for i in range(start, end) if "contains" in u.spans[i].has), end)
    goods = [i for i in range(start, holds) if "item" in u.spans[i].has]
    pause = max((i for i in range(start, min(holds, end)) if "pause" in u.spans[i].has), default=start)
    begin = pause if goods and goods[-1] < pause else start
    asked = u.spans[begin:end]
    within = any("contains" in u.spans[i].has and u.spans[i].end - u.spans[i].start > 1 for i in range(start, end))
    within = within or any(at.start == holds + 1 and _whole(u, at) for _, at in all_named(u))
    last = u.context.last if not goods and within and "item" not in u.kinds else None  # 里面有鸡蛋吗, 有鸡蛋吗
    if not (goods or last) or any("num" in span.has and "item" not in span.has for span in asked):
        return None
    names = [name for name, at in all_named(u) if holds < at.start < end and "item" not in u.spans[at.start].has]
    items = tuple(dict.fromkeys(u.spans[i].has["item"][0] for i in goods)) or ((last,) if last else ())
    return (Act("ask_item", items=items, value={CONTAINS: list(dict.fromkeys(names))}), begin) if names else None


def _whole(u: Utterance, at: range) -> bool:
    """Whether spans say an allergen and nothing else: 鸡蛋, and not the 奶 of 燕麦奶."""
    return words_of(fold(u.said(at.start, at.stop))) in u.grammar.allergens


WITHOUT = "without"
"""In the value of `ask_menu`: the allergens that goods which are asked for must not have."""


def without(u: Utterance, start: int, end: int) -> Act | None:
    """Goods asked for by what isn't in them, "which burgers have no egg", 有什么不含坚果的, where none are named."""
    if u.kinds.isdisjoint({"amount", "free_from"}) or not _asks_for_goods(u, start, end):
        return None
    free = [i for i in range(start, end) if i not in u.used]
    found = [(name, at) for name, at in all_named(u) if start <= at.start and at.stop <= end and denial(u, at)]
    said = {i for _, at in found for i in at}
    others = {"item", "unknown", "partial", "tag", "num", "choice", "option", "short"}
    if not found or any(u.spans[i].has.keys() & others for i in free if i not in said):
        return None
    kinds = dict.fromkeys(kind for i in free if i not in said and (kind := u.kind_at(i)) is not None)
    return Act("ask_menu", items=tuple(kinds), value={WITHOUT: list(dict.fromkeys(name for name, _ in found))})


def holding(u: Utterance, start: int, end: int) -> Act | None:
    """Goods asked for by what is in them, "which desserts have milk", 有坚果的甜点有哪些, 견과류 들어간 디저트 뭐예요,
    where none are named. Of no kind of goods those of all kinds are meant."""
    if u.kinds.isdisjoint({"amount", "contains"}):
        return None
    if not u.question_mark and not _asks_for_goods(u, start, end, about=True):
        return None
    free = [i for i in range(start, end) if i not in u.used]
    named = [(name, at) for name, at in all_named(u) if start <= at.start and at.stop <= end]
    named = [(name, at) for name, at in named if "one" not in u.spans[at.start].has]  # no crab in 들어간 게
    found = [(name, at, held) for name, at in named if (held := _held(u, at))]
    said = {i for _, at, held in found for i in (*at, *held)}
    others = {"item", "unknown", "partial", "tag", "num", "choice", "option", "short", "verb"}
    if not found or any(u.spans[i].has.keys() & others for i in free if i not in said):
        return None
    kinds = tuple(dict.fromkeys(kind for i in free if i not in said and (kind := u.kind_at(i)) is not None))
    linked = any(u.spans[i].has.get("amount", ("", ""))[1] == "link" for _, _, held in found for i in held)
    if not kinds and not linked:
        return None
    every = tuple(f"#{one}" for one in u.lexicon.categories)
    return Act("ask_item", items=kinds or every, value={CONTAINS: list(dict.fromkeys(name for name, _, _ in found))})


def _held(u: Utterance, spans: range) -> set[int]:
    """The word right beside an allergen that says that it is in something. Goods of the shop, and what they come with,
    are so only by a word that leads on to others: 우유 들어간 디저트."""
    before, after = spans.start - 1, spans.stop
    while after < len(u.spans) and "particle" in u.spans[after].has:
        after += 1
    if after < len(u.spans) and u.spans[after].has.get("amount", ("", ""))[:2] == ("with", "link"):
        return {after}
    if before < 0 or any(u.spans[i].has.keys() & {"item", "choice"} for i in spans):
        return set()
    has = u.spans[before].has
    return {before} if "contains" in has or has.get("amount", ("", ""))[0] == "with" else set()


def _asks_for_goods(u: Utterance, start: int, end: int, *, about: bool = False) -> bool:
    """Whether a sentence asks what there is; or, `about`, what something is."""
    asking = ("ask_menu", "ask_stock", "recommend", *(("ask_item",) if about else ()))
    asks = any(name in asking for i in range(start, end) for name, _ in u.acts_at(i))
    return asks or any(u.free(i, "question") for i in range(start, end))


def named(u: Utterance, start: int, end: int) -> tuple[list[str], set[int]]:
    """The allergens that are named in a sentence, and where."""
    found = [(name, at) for name, at in all_named(u) if start <= at.start and at.stop <= end]
    found = [(name, at) for name, at in found if "item" not in u.spans[at.start].has]
    return list(dict.fromkeys(name for name, _ in found)), {i for _, at in found for i in at}


def kept_out(u: Utterance, left: Sequence[int]) -> None:
    """Beside goods that are ordered, or by itself of those in the basket, what must not be in them: "a dairy free
    latte", 一个布朗尼不要坚果. Where it is an option of theirs it is left off as one, and no allergy."""
    told = any(isinstance(act.value, dict) and act.value.keys() & {ALLERGIC, WITHOUT} for _, act in u.acts)
    if told or u.kinds.isdisjoint({"amount", "free_from", "tag"}):
        return
    named = {item for i in left if i not in u.used for item in u.spans[i].has.get("item", ())}
    goods = named or {line.item for line in u.context.basket if line.item}
    free = [i for i in left if i not in u.used and u.spans[i].has.get("tag") in FREE and not _chosen(u, i, goods)]
    names, used = [FREE[u.spans[i].has["tag"]] for i in free], set(free)
    for name, spans in all_named(u):
        beside = denial(u, spans)
        if name == "milk" and not any("free" in u.spans[i].has for i in spans):
            continue  # "no cream" in a coffee is how it is liked
        if not beside or not used.isdisjoint(spans) or not set(spans) <= set(left):
            continue
        if not any(_of_goods(u, i, goods) for i in spans):
            names.append(name)
            used |= {*spans, *beside}
    rest = [u.spans[i].has for i in left if i not in used and i not in u.used]
    if not names or not goods or (not named and any(map(_BESIDE.isdisjoint, rest))):
        return
    if not (free and all(tag in u.lexicon.catalogue.items[one].tags for tag in FREE for one in goods)):
        u.add(len(u.spans), Act("ask_item", value={ALLERGIC: list(dict.fromkeys(names))}), used)  # behind the order


FREE = {"gluten_free": "gluten", "dairy_free": "milk"}
"""Attributes that say what isn't in goods."""


def denial(u: Utterance, spans: range) -> set[int]:
    """The word right beside an allergen that says that it is to be left out."""
    before, after = spans.start - 1, spans.stop
    if before >= 0 and u.spans[before].has.get("amount", ("", ""))[0] == NEGATIVE:
        return {before}
    has = u.spans[after].has if after < len(u.spans) else {}
    name, side = has.get("amount", ("", ""))
    return {after} if "free_from" in has or (name == NEGATIVE and side != "before") else set()


def _chosen(u: Utterance, index: int, goods: Collection[str]) -> bool:
    """Whether goods have a choice that is called so: a gluten free crust."""
    text = fold(u.said(index, index + 1))
    choices = [choice for one in goods for it in u.lexicon.catalogue.items[one].options for choice in it.choices]
    called = (fold(name) for choice in choices for names in choice.names.values() for name in names)
    return _of_goods(u, index, goods) or any(text in name for name in called)


def _of_goods(u: Utterance, index: int, goods: Collection[str]) -> bool:
    """Whether a word names goods, or an option that these goods have."""
    has = u.spans[index].has
    named = (*has.get("choice", ()), *has.get("option", ()))
    return "item" in has or any(one in goods for one in named) or ("choice" in has and not goods)


def _left_off(u: Utterance, spans: range, at: int) -> bool:
    """Whether an option is said to be left off, by another word than the one for the allergy."""
    if not any("choice" in u.spans[i].has for i in spans):
        return False
    for step, i in ((-1, spans.start - 1), (1, spans.stop)):
        while 0 <= i < len(u.spans) and u.spans[i].has.keys() & {"article", "the", "some", "particle"}:
            i += step
        if 0 <= i < len(u.spans) and i != at and u.spans[i].has.get("amount", ("",))[0] == NEGATIVE:
            return True
    return False


def _put_on(u: Utterance, index: int) -> bool:
    """Whether a word names an option that is on goods which are named beside it or in the basket."""
    items = u.lexicon.catalogue.items
    named = {one for span in u.spans for one in span.has.get("item", ())}
    for item, places in u.spans[index].has.get("choice", {}).items():
        lines = [line for line in u.context.basket if line.item == item]
        for path, choice in places if item in items and (lines or item in named) else ():
            option = items[item].option(path)
            found = option.choice(choice) if option is not None else None
            chosen = any(one.choice == choice and one.amount != "no" for line in lines for one in line.options)
            if found is not None and (found.included or chosen):
                return True
    return False


def _stretch(u: Utterance, indexes: Sequence[int], found: Sequence[tuple[str, range]]) -> set[int]:
    """From the word for an allergy on, up to the last allergen."""
    named = {i for _, spans in found for i in spans}
    walked: list[int] = []
    last = 0
    for i in indexes:
        if i not in named and not u.spans[i].has.keys() & _BESIDE:
            break
        walked.append(i)
        last = len(walked) if i in named else last
    return set(walked[:last])


def all_named(u: Utterance) -> list[tuple[str, range]]:
    """The allergens that are named, as the language file calls them, each with its spans."""
    found = []
    words = [(word, i) for i in range(len(u.spans)) for word in words_of(fold(u.said(i, i + 1)))]
    texts, at = tuple([word for word, _ in words]), 0
    allergens, sizes = u.grammar.allergens, u.grammar.allergen_sizes
    while at < len(texts):
        size = sizes.get(texts[at], 0)
        while size and (at + size > len(texts) or texts[at : at + size] not in allergens):
            size -= 1
        inside = at > 0 and words[at - 1][1] == words[at][1]
        if size and not _within_word(u, words[at][1], inside):
            found.append((allergens[texts[at : at + size]], range(words[at][1], words[at + size - 1][1] + 1)))
        at += size or 1
    return found


def _within_word(u: Utterance, index: int, inside: bool) -> bool:
    """Whether a span goes on a word that is written with spaces around it, or a word begins `inside` a span: no 게 in
    얇게, and none in 살게요."""
    return u.grammar.script == "particles" and (u.spans[index].glued or inside)


def _strange(u: Utterance, at: int) -> list[int]:
    """Words beside the one for an allergy that nothing is known of, or, while the basket is empty, that name an
    option."""
    kinds = {"unknown"} if u.context.basket or "item" in u.kinds else {"unknown", "choice", "partial", "category"}
    for indexes in (range(at + 1, len(u.spans)), range(at - 1, -1, -1)):
        run: list[int] = []
        for i in indexes:
            if u.spans[i].has.keys() & kinds and (not run or abs(i - run[-1]) == 1):
                run.append(i)
            elif run or not u.spans[i].has.keys() & _BESIDE:
                break
        if run:
            return sorted(run)
    return []

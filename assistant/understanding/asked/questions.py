"""Questions: what a sentence asks, about which goods, kinds or attributes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from assistant.turns import Act, LineSaid, OptionSaid
from assistant.understanding.asked import allergies
from assistant.understanding.ordering.drafts import NEGATIVE
from assistant.understanding.words.names import meaning_of
from assistant.understanding.words.spans import Span
from assistant.understanding.words.text import fold, words_of
from assistant.understanding.words.utterance import Utterance

QUESTIONS = frozenset({"ask_price", "ask_menu", "ask_stock", "ask_item", "recommend"})
_ORDERED = frozenset({"verb", "num", "article", "some", "measure", "another", "amount", "filler"})


def inquiry(u: Utterance, start: int, end: int) -> Act | None:
    """What a sentence without a phrase of asking asks about goods; None where it orders them. It has a word such as
    "what" or 吗, or a question mark; or goods and an attribute behind them, which asks whether they are so
    ("素食汉堡是纯素的吗", 채식버거 비건이에요)."""
    if "item" not in u.kinds:
        return None
    free = [i for i in range(start, end) if i not in u.used]
    spans = [u.spans[i] for i in free]
    named = next((at for at, span in enumerate(spans) if "item" in span.has), len(spans))
    said_so = next((at for at in range(named + 1, len(spans)) if _is_tag(spans[at])), None)
    marked = u.question_mark and u.context.expects in (None, "basket")
    said = said_so is not None and u.grammar.verbs_last and _ends_so(spans, said_so)
    if named == len(spans) or not (marked or said or ("asking" in u.kinds and asking(u, start, end))):
        return None
    which = any("question" in span.has and "item" in after.has for span, after in pairwise(spans))  # 哪个面霜好
    ordered = _ORDERED - {"filler"} if said_so is not None or marked or which else _ORDERED
    if any(span.has.keys() & ordered and "asking" not in span.has for span in spans) or _bids(u, spans, named):
        return None
    if (
        marked
        and said_so is None
        and any(not _EXCLUDED.isdisjoint(span.has) or span.why != "exact" for span in u.spans)
    ):
        return None
    items = tuple(dict.fromkeys(span.has["item"][0] for span in spans if "item" in span.has))
    substance = _substance(u, free, None) if len(items) == 1 else None
    so = attributes(u, [i for i in free if "item" not in u.spans[i].has])
    return Act("ask_item", items=items, value={MADE_OF: substance} if substance else so or None)


def _bids(u: Utterance, spans: Sequence[Span], named: int) -> bool:
    """ "Can you wrap the teddy", where there is one that can be wrapped: it is to be done."""
    if named < 3 or "request" not in spans[1].has or "choice" not in spans[2].has:
        return False
    there = {line.item for line in u.context.basket}.intersection(spans[named].has["item"])
    return any(item in spans[2].has["choice"] for item in there)


MADE_OF = "made_of"
"""What goods may be made of, as it was said: nobody lists it."""


def _substance(u: Utterance, inside: Sequence[int], topic: Any) -> str | None:
    """What isn't known and is asked to be in goods: "is there pork in the nuggets", 鸡块里有猪肉吗."""
    strange = joined([u.spans[i] for i in inside if "unknown" in u.spans[i].has])
    goods = next((i for i in inside if "item" in u.spans[i].has), 0)
    within = any("on" in u.spans[i].has for i in inside if i < goods)
    holds = topic == "allergens" or within or "contains" in _kinds(u, inside)
    return strange[0] if holds and len(strange) == 1 else None


def _said_to_be(u: Utterance, inside: Sequence[int]) -> str | None:
    """What isn't known and stands right behind goods that are asked about, "is the milk lactose free", in languages
    where a word there says how they are: whether they are so nobody lists."""
    goods = next((i for i in inside if u.spans[i].has.keys() & {"item", "partial"}), None)
    if u.grammar.script != "spaced" or goods is None:
        return None
    behind = [u.spans[i] for i in inside if i > goods and u.spans[i].has.keys() & {"unknown", "wish", "pause", "stop"}]
    first = behind[0] if behind else None
    if first is None or ("unknown" not in first.has and not any("unknown" in one.has for one in behind[1:2])):
        return None
    return joined([one for one in behind if "unknown" in one.has])[0]


def _within_goods(u: Utterance, inside: Sequence[int]) -> bool:
    """Whether a choice is asked to be in the goods that are named behind it."""
    chosen = next((i for i in inside if "choice" in u.spans[i].has and "item" not in u.spans[i].has), None)
    goods = next((i for i in inside if "item" in u.spans[i].has), 0)
    return chosen is not None and any("on" in u.spans[i].has for i in inside if chosen < i < goods)


def _option_asked(u: Utterance, inside: Sequence[int]) -> Act | None:
    """ "What sauces do you have": the choices of an option, of goods of the basket, else of all that have it."""
    named = next((u.spans[i].has["option"] for i in inside if "option" in u.spans[i].has), None)
    if named is None or _kinds(u, inside) & {"item", "category", "tag", "choice", "unknown", "partial"}:
        return None
    mine = [item for item in dict.fromkeys([u.context.last, *(one.item for one in u.context.basket)]) if item in named]
    items = tuple(item for item in (mine[:1] or named) if item is not None)
    return Act("ask_item", items=items, value={OPTION: sorted({path for item in items for path in named[item]})})


TOTAL = "total"
"""What the whole order costs, asked without any goods."""
EACH = "each"
"""What each of what is ordered costs."""
ANY_FOR_ME = "any_for_me"
"""What there is for somebody who told an allergy."""
WAY = "way"
"""The ways to get the goods of which it is asked whether there are any."""


def _still_there(u: Utterance, q: _Question, at: int) -> str | None:
    """ "Is it in stock", 还有货吗, said of what was spoken of last, where nothing else is named."""
    others = [u.spans[i].has for i in q.inside if i != at]
    alone = all(has.keys() & _BESIDE_STOCK for has in others) and u.spans[at].has.keys().isdisjoint(("possible",))
    if not alone or u.context.booking or not (others or u.spans[at].end - u.spans[at].start > 1):
        return None
    return next(iter([*u.context.listed[:1], *([u.context.last] if u.context.last else [])]), None)


_BESIDE_STOCK = frozenset("it filler particle stop the is_it".split())


def _choice_asked(u: Utterance, q: _Question) -> Act | None:
    """ "Do you have ketchup", 케첩 있어요: the choices that it is one of, of what was spoken of, else of the first
    goods that can have it."""
    places = next((u.spans[i].has["choice"] for i in q.inside if "choice" in u.spans[i].has), None)
    if places is None or u.context.booking or q.about or q.partial or q.strange:
        return None
    spoken = (u.context.last, *u.context.listed[:1], *(line.item for line in u.context.basket))
    item = next(iter([*(one for one in spoken if one in places), *places]))
    return Act("ask_item", items=(item,), value={OPTION: sorted({path for path, _ in places[item]})})


def _added_asked(u: Utterance, q: _Question) -> Act | None:
    """ "How much is extra cheese", 加煎蛋多少钱: what is put on has its own price, on what was spoken of, else on the
    first goods that can have it."""
    places = next((u.spans[i].has["choice"] for i in q.inside if "choice" in u.spans[i].has), None)
    named = any(u.spans[i].has.keys() & {"item", "category", "partial", "num"} for i in q.inside)
    if places is None or named or q.items or q.kinds or q.partial or q.strange:
        return None
    spoken = (u.context.last, *u.context.listed[:1], *(line.item for line in u.context.basket))
    item = next(iter([*(one for one in spoken if one in places), *places]))
    path, choice = places[item][0]
    option = u.lexicon.catalogue.items[item].option(path)
    if option is None or option.choose == "one":
        return None
    return Act("ask_price", lines=(LineSaid(item, None, (OptionSaid(path, choice, None),)),), value=ADDED)


ADDED = "added"
"""What a choice costs that is put on goods."""
OPTION = "option"
"""The option, by its paths, of which the choices are asked for."""

_EXCLUDED = frozenset({"fulfilment", "pay", "unknown"})
"""Beside these a mere question mark asks nothing about goods."""


def _is_tag(span: Span) -> bool:
    return "tag" in span.has and "item" not in span.has


def _ends_so(spans: Sequence[Span], so: int) -> bool:
    """Whether a sentence ends with an attribute and a form of "to be": 비건이에요."""
    rest = spans[so + 1 :]
    return bool(rest) and all(
        span.has.keys() & {"filler", "particle", "polite"} and "one" not in span.has for span in rest
    )


def attributes(u: Utterance, inside: Sequence[int]) -> dict[str, list[str]]:
    """The attributes that are asked about, as the value of an act; empty where there are none."""
    return _value(*_tags(u, inside))


def _value(wanted: list[str], unwanted: list[str]) -> dict[str, list[str]]:
    """Attributes as the value of an act; empty where there are none."""
    return {key: tags for key, tags in (("tags", wanted), ("not", unwanted)) if tags}


def cheapest(u: Utterance, start: int, end: int) -> Act | None:
    """ "The cheapest one", 最贵的: of a kind that is named, or of what was listed."""
    if "tag" not in u.kinds:
        return None
    spans = [u.spans[i] for i in range(start, end) if i not in u.used]
    wanted = next((span.has["tag"] for span in spans if span.has.get("tag") in BY_PRICE), None)
    if wanted is None:
        return None
    if any(span.has.keys() & _NAMED and "category" not in span.has for span in spans):
        return None
    if any(span.has.get("verb", ("add",))[0] != "add" for span in spans):
        return None
    kinds = (span.has["category"] for span in spans if span.has.get("category") in u.lexicon.categories)
    return Act("ask_menu", items=tuple(dict.fromkeys(f"#{kind}" for kind in kinds)), value={"tags": [wanted]})


def in_a_pack(u: Utterance, start: int, end: int) -> Act | None:
    """ "How many eggs in a pack": what is told of those goods answers it."""
    spans = [u.spans[i] for i in range(start, end) if i not in u.used and "stop" not in u.spans[i].has]
    goods = [span for span in spans if "item" in span.has]
    if u.grammar.script != "spaced" or len(goods) != 1 or len(spans) < 4 or "asking" not in spans[0].has:
        return None
    within, one, pack = (span.has for span in spans[-3:])
    packed = pack.keys() & {"unit", "measure", "pack"} or (goods[0].has == pack or "partial" in pack)
    if not packed or "clock" not in within or not one.keys() & {"article", "num", "each", "the"}:
        return None
    if any(
        span.has.keys() & {"verb", "num"} or ("unknown" in span.has and span is not spans[-4]) for span in spans[:-3]
    ):
        return None
    return Act("ask_item", items=goods[0].has["item"][:1])


def cheapest_beside(u: Utterance, start: int, end: int) -> None:
    """ "A cheeseburger and the cheapest drink": a kind that is named so beside goods is told of, too."""
    if u.grammar.script != "spaced" or not {"tag", "category"} <= u.kinds:
        return
    parts, first = [], start
    for at in range(start, end + 1):
        if at == end or u.spans[at].has.keys() & {"and", "pause", "stop"}:
            parts.append((first, at))
            first = at + 1
    kinds = [_kinds(u, range(begin, stop)) for begin, stop in parts]
    if not any(one & {"item", "category"} and "tag" not in one for one in kinds):
        return
    for (begin, stop), inside in zip(parts, kinds, strict=True):
        mere = {"tag", "category"} <= inside and inside.isdisjoint({"item", "partial", "unknown", "num", "act"})
        if mere and (act := cheapest(u, begin, stop)):
            u.add(len(u.spans), act, set(range(begin, stop)))


def described(u: Utterance, start: int, end: int) -> Act | None:
    """ "A quiet room", 安静的房间, where nights are booked: the rooms that are so, to choose from."""
    if not u.context.booking or not u.kinds >= {"tag", "category"}:
        return None
    spans = [u.spans[i] for i in range(start, end) if i not in u.used]
    inside = [i for i in range(start, end) if i not in u.used]
    kinds = [f"#{one.has['category']}" for one in spans if one.has.get("category") in u.lexicon.categories]
    wanted, unwanted = _tags(u, inside)
    wanted = [tag for tag in wanted if tag not in BY_PRICE]
    if not kinds or not wanted or any(one.has.keys() & _NAMED and "category" not in one.has for one in spans):
        return None
    if any(one.has.get("verb", ("add",))[0] != "add" for one in spans):
        return None
    return Act("ask_menu", items=tuple(dict.fromkeys(kinds)), value=_value(wanted, unwanted))


def suited(u: Utterance, start: int, end: int) -> Act | None:
    """ "Something for pasta", "something to go with the burger": what suits goods, and not those goods."""
    if not u.kinds >= {"question", "item", "role"}:
        return None
    inside = [u.spans[i].has for i in range(start, end)]
    words = [has for has in inside if has.keys().isdisjoint(("article", "the", "polite"))]
    at = next((i for i, has in enumerate(words) if {"question", "wish"} <= has.keys()), len(words))
    behind = words[at + 1 :]
    if len(behind) != 2 or "role" not in behind[0] or "item" not in behind[1]:
        return None
    if any("verb" not in has and "filler" not in has for has in words[:at]):
        return None
    return Act("recommend", items=tuple(behind[-1]["item"][:1]))


CHEAP = "cheap"
DEAR = "expensive"
BY_PRICE = frozenset({CHEAP, DEAR})
"""What looks like an attribute, and asks for the one of some goods that costs least or most."""
_NAMED = frozenset({"item", "choice", "partial", "unknown"})


def follow_up(u: Utterance, start: int, end: int) -> Act | None:
    """ "And the large?" behind a question about a price: what was asked about, with another choice. "And the fries?",
    双床房呢, 트윈룸은요, where that was offered: the price of other goods."""
    spans = [u.spans[i] for i in range(start, end) if i not in u.used]
    asked = u.question_mark or ("what_of" in u.kinds and any("what_of" in span.has for span in spans))
    named = [span for span in spans if "item" in span.has]
    if len(named) == 1 and len(spans) > 1 and all(span is named[0] or "what_of" in span.has for span in spans):
        return Act("ask_price", items=named[0].has["item"][:1])  # 苹果呢: whatever was asked before
    more = bool(named) and u.context.booking and bool(u.context.listed) and _and_the(spans)
    if not (asked and len(u.context.listed) == 1) and not more:
        return None
    if (
        len(named) == 1
        and (u.context.pointing or more)
        and all(span.has.keys() & _BESIDE_GOODS or span is named[0] for span in spans)
    ):
        return Act("ask_price", items=named[0].has["item"][:1])
    if not spans or not all(span.has.keys() & _FOLLOWING for span in spans):
        return None
    wished = any("choice" in span.has and "item" not in span.has for span in spans)
    listed = any(u.context.listed[0] in span.has.get("choice", {}) for span in spans)
    return Act("ask_price", items=u.context.listed) if wished and listed else None


def what_about(u: Utterance, start: int, end: int) -> Act | None:
    """ "What about a suite", where nights are booked: what it costs. It is booked where it was on offer."""
    if not u.context.booking or u.kinds.isdisjoint({"other_nights"}):
        return None
    spans = [u.spans[i] for i in range(start, end) if i not in u.used]
    named = [span for span in spans if "item" in span.has]
    asked = len(named) == 1 and bool(spans) and "other_nights" in spans[0].has
    if not asked or not all(span is named[0] or span.has.keys() & _BESIDE_ROOM for span in spans):
        return None
    item = named[0].has["item"][0]
    on_offer = u.context.pointing or u.context.expects == "choose"
    return None if on_offer and item in u.context.listed else Act("ask_price", items=(item,))


_BESIDE_ROOM = frozenset("other_nights article the filler pause stop one".split())


def of_that(u: Utterance, start: int, end: int) -> Act | None:
    """ "Is it quiet", "are they sweet": whether what was spoken of is so."""
    if u.grammar.script != "spaced" or not u.kinds >= {"tag", "it", "is_it"}:
        return None
    inside = [i for i in range(start, end) if i not in u.used and not u.spans[i].has.keys() & {"pause", "stop"}]
    spans = [u.spans[i] for i in inside]
    if not spans or "is_it" not in spans[0].has or not all(span.has.keys() & _OF_THAT for span in spans):
        return None
    so = attributes(u, inside)
    return Act("ask_item", value=so) if so else None


_OF_THAT = frozenset("is_it it tag filler the amount free".split())


def _and_the(spans: Sequence[Span]) -> bool:
    """ "And the garden twin", said where other rooms were offered: it goes on asking, and books nothing."""
    return len(spans) == 3 and "and" in spans[0].has and "the" in spans[1].has and "item" in spans[2].has


_BESIDE_GOODS = frozenset({"and", "the", "particle", "filler", "topical", "but", "what_of", "stop", "pause"})
_FOLLOWING = frozenset({"choice", "what_of", "and", "the", "one", "article", "particle", "filler", "topical", "but"})


def asking(u: Utterance, start: int, end: int) -> bool:
    """Whether a sentence has the word of a question: at its beginning where word order tells, else anywhere."""
    spans = [span for span in u.spans[start:end] if "pause" not in span.has]
    if u.grammar.script == "spaced":
        spans = [span for span in spans if "filler" not in span.has or "asking" in span.has][:1]
    return any("asking" in span.has for span in spans)


def asks(u: Utterance, index: int, start: int, end: int) -> bool:
    """Whether a phrase that may be a question is one here."""
    span = u.spans[index]
    if ("ask_item", "why") in u.acts_at(index):  # "why" by itself; "wonder why in pizza" asks for no reason
        return not any(u.free(i, "item", "verb", "unknown", "category") for i in range(start, end) if i != index)
    if not span.has.keys() & {"question"}:
        return True
    return any(u.free(i, "category", "tag", "free") for i in range(start, end))


def some_have(u: Utterance, start: int, end: int, ordered: bool) -> None:
    """两个汉堡，有一个不要洋葱: behind goods that are `ordered`, or said before it, 有 asks for none where a count and
    what that many are to have, or not, follow it."""
    for at in range(start, end - 2):
        span, after = u.spans[at], [one.has for one in u.spans[at + 1 : end]]
        if ("ask_stock", None) not in span.has.get("act", ()) or "num" not in after[0] or "contains" not in span.has:
            continue
        before = ordered or any("item" in one.has for one in u.spans[start:at])
        told = any("choice" in has and "num" not in has for has in after)
        if before and told and not any("asking" in has for has in after):
            span.has = {"of_them": True}
            for other in u.spans[at + 1 : end]:
                if other.has.get("verb", ("",))[0] == "add" and "amount" in other.has:
                    other.has = {"amount": other.has["amount"]}  # 有一杯要热的
                    break


def wonders(u: Utterance, at: int, start: int, end: int) -> bool:
    """Whether a word such as "what" asks for a kind of goods: a category or an attribute, and no goods. "Any" asks for
    goods, too, where it says no more: "any fries?"."""
    if _any(u, at, start, end):
        return True
    inside = [u.spans[i] for i in range(start, end) if i not in u.used]
    if any(
        "unknown" in span.has or "item" in span.has or ("verb" in span.has and "category" not in span.has)
        for span in inside
    ):
        return False
    return any(span.has.keys() & {"category", "tag"} for span in inside) or any(
        lacks(u, i) is not None for i in range(start, end) if i not in u.used
    )


def _any(u: Utterance, at: int, start: int, end: int) -> bool:
    """Whether it is asked for goods by "any" and nothing else."""
    behind = [u.spans[i].has.keys() for i in range(at + 1, end)]
    return (
        at == start
        and "some" in u.spans[at].has
        and u.context.expects in (None, "basket")
        and any("item" in has for has in behind)
        and all(has & _ONLY_NAMED for has in behind)
    )


_ONLY_NAMED = frozenset({"item", "choice", "polite", "filler", "stop"})


@dataclass
class _Question:
    """A question that takes shape: the name of its act, what it is about and its value; and what its words name."""

    name: str
    value: Any
    inside: list[int]
    about: tuple[str, ...]
    items: tuple[str, ...]
    kinds: tuple[str, ...]
    """`#category`"""
    partial: tuple[str, ...]
    strange: list[Span]
    wanted: list[str]
    unwanted: list[str]

    @property
    def attributes(self) -> dict[str, list[str]]:
        return _value(self.wanted, self.unwanted)


def ask(u: Utterance, at: int, start: int, end: int) -> list[int]:
    """Makes the act of a question; what is left of the sentence for others."""
    named = [(name, value) for i in range(start, end) for name, value in u.acts_at(i) if name in QUESTIONS]
    usual = "ask_stock" if _any(u, at, start, end) else "ask_menu"
    name, value = max(named or [(usual, None)], key=lambda one: _WEIGHT.get(one[0], 0) + (one[1] is not None))
    until = _asked_until(u, start, at, end)
    if (name, value) == ("ask_stock", None) and ("ask_menu", None) in named and not _names_goods(u, start, until):
        name = "ask_menu"  # "what dishes do you have"
    begin, stop = _extent(u, at, start, until, alone=value == "promotions")
    inside = [i for i in range(begin, stop) if i not in u.used]
    goods = [i for i in inside if "item" in u.spans[i].has]
    if name == "ask_item" and value in OF_THE_SHOP:
        inside = _beside_orders(u, begin, at, until)
        goods = [i for i in goods if i in inside]
    if value is not None and str(value).startswith(IS) and not goods and "contains" in _kinds(u, range(start, end)):
        name = "ask_menu"  # 有素食的吗
    q = _question(u, name, value, inside, goods)
    rest = [i for i in range(start, end) if i not in inside]
    if name in ("ask_menu", "ask_stock") and not q.attributes and (option := _option_asked(u, inside)) is not None:
        u.add(at, option, set(inside))
        return rest
    beside = next((u.spans[i].has["topic"] for i in inside if "topic" in u.spans[i].has), None)
    if q.name == "ask_stock" and beside is not None and not (q.about or q.partial or q.strange):
        u.add(at, Act("ask_item", value=beside), set(inside))  # "do you have toilets"
        return rest
    if q.name == "ask_stock" and not q.attributes and (choice := _choice_asked(u, q)) is not None:
        u.add(at, choice, set(inside))
        return rest
    lone = len(q.items or q.kinds or q.partial) == 1 and name in ("ask_stock", "ask_price")
    modified = _modified(u, inside) if lone else None
    if modified is not None:
        q.name, q.about, q.value = "ask_menu", (modified,), None  # "do you have almond milk?" asks for no other milk
    else:
        _of_kinds(u, q, details=name == "ask_item" and value is not None)
        if q.name == "ask_stock" and not q.items and not _in_stock(u, q, at):
            if spoken := _still_there(u, q, at):
                u.add(at, Act("ask_stock", items=(spoken,)), set(inside))
            return rest
    if q.name == "ask_price" and (added := _added_asked(u, q)) is not None:
        u.add(at, added, set(inside))
        return rest
    _of_price_or_topic(u, q)
    if q.value == TOTAL and (q.about or q.name != "ask_price"):
        q.value = None  # 两个汉堡一共多少钱: of these
    if q.name == "ask_item" and q.value == "allergens" and not q.about:
        _of_what_is_not_here(u, q, start, until)
    vague = q.name in ("ask_item", "ask_price") and len(q.strange) > 1
    if q.name == "ask_item" and q.value is None and q.attributes and not q.strange:
        q.value = q.attributes  # "is that vegan", of what was spoken of
    known = bool(u.context.listed or u.context.basket) and not q.strange  # "what's in it"
    if not q.about and (vague or (q.name == "ask_item" and q.value is None and not known)):
        unknown(u, q.strange)
        return rest
    if q.name == "ask_price" and q.strange and not q.about:
        q.about = tuple(joined(q.strange))
    substance = _substance(u, inside, q.value) if len(q.items) == 1 else None
    if q.name == "ask_item" and q.value == "allergens":
        contained, where = allergies.named(u, start, until)
        other = len(q.about) > 1 or "choice" in _kinds(u, [i for i in inside if i not in goods])
        # "Does the hamburger have onion": what is in it tells.
        q.value = {allergies.CONTAINS: contained} if contained else None if other and q.about else q.value
        inside = sorted({*inside, *where})
    if q.name == "ask_stock" and len(q.items) == 1 and _within_goods(u, inside):
        q.name = "ask_item"  # "is there onion in the hamburger"
    so = len(q.items) == 1 or (not q.items and q.partial)  # "is the chicken fried", of what has chicken in its name
    if q.name == "ask_stock" and so and not q.attributes and (said := _said_to_be(u, inside)):
        substance = said
    if substance is not None and (q.name == "ask_stock" or q.value in (None, "allergens")):
        allergen = u.grammar.allergens.get(words_of(substance))
        q.name, q.about = "ask_item", q.items or q.partial
        q.value = {allergies.CONTAINS: [allergen]} if allergen is not None else {MADE_OF: substance}
    u.add(at, Act(q.name, items=q.about, value=q.value), set(inside))
    return [i for i in range(start, end) if i not in inside]


def _question(u: Utterance, name: str, value: Any, inside: list[int], goods: Sequence[int]) -> _Question:
    """What the words of a question name: goods, kinds, attributes, words that nothing is called by."""
    spans = u.spans
    items = tuple(dict.fromkeys(spans[i].has["item"][0] for i in goods))
    parts = [] if items else list(_parts(u, inside))
    found = [spans[i].has.get("category") for i in inside if i not in goods and all(i != kind for _, kind in parts)]
    kinds = tuple(dict.fromkeys(f"#{one}" for one in found if one in u.lexicon.categories))
    about = items or kinds
    if name == "ask_price" and items and kinds:  # "汉堡多少钱，薯条多少钱"
        about = (*items, *(kind for kind in kinds if _apart(u, inside, kind)))
    wanted, unwanted = _tags(u, inside)
    if value is not None and value.startswith(IS):
        wanted, value = [*wanted, value.removeprefix(IS)], None
    return _Question(
        name=name,
        value=value,
        inside=inside,
        about=about,
        items=items,
        kinds=kinds,
        partial=tuple(dict.fromkeys(one for part, _ in parts for one in part)),
        strange=[spans[i] for i in inside if "unknown" in spans[i].has],
        wanted=wanted,
        unwanted=unwanted,
    )


def _parts(u: Utterance, inside: Sequence[int]) -> Iterator[tuple[tuple[str, ...], int | None]]:
    """What parts of names stand for; and where the kind of goods stands that is said with it, "a lake view room"."""
    for i in inside:
        if part := u.spans[i].has.get("partial"):
            kind = u.spans[i + 1].has.get("category") if i + 1 in inside else None
            mine = tuple(one for one in part if u.lexicon.catalogue.items[one].category == kind)
            yield (mine, i + 1) if mine else (part, None)


def _of_kinds(u: Utterance, q: _Question, details: bool) -> None:
    """Whether there is something of a kind, or so: a question for goods where it names none. `details`: its words ask
    for something else that is known of goods."""
    if q.name in ("ask_stock", "ask_item") and q.items and q.value is None and q.attributes:
        q.name, q.value = "ask_item", q.attributes
    elif q.name in ("ask_stock", "ask_item") and q.partial and q.wanted and not q.kinds and q.value is None:
        q.name, q.about, q.value = "ask_item", q.partial, q.attributes  # "is the beef halal"
    elif q.name == "ask_item" and q.value == ANY_FOR_ME and q.attributes and not q.items:
        q.name, q.value = "ask_menu", q.attributes  # "what can I eat if I'm vegan"
    elif q.name == "ask_price" or details:
        return
    elif (q.kinds or q.attributes) and not q.items:
        q.name, q.value = "recommend" if q.name == "recommend" else "ask_menu", q.attributes or None
    elif q.name == "ask_menu" and q.items:
        q.about = tuple(dict.fromkeys("#" + u.lexicon.catalogue.items[item].category for item in q.items))
    elif q.name == "ask_menu" and q.strange and u.grammar.script == "spaced":
        q.about = tuple(joined(q.strange))


def _of_what_is_not_here(u: Utterance, q: _Question, start: int, until: int) -> None:
    """What a question for an allergen names that is none, and no goods of the shop: the pad thai that egg may be in."""
    allergen = allergies.named(u, start, until)[1]
    q.strange = [span for span in q.strange if all(u.spans[i] is not span for i in allergen)]
    if allergen and u.grammar.script == "spaced":
        q.about = tuple(joined(q.strange))
        q.strange = []


def _in_stock(u: Utterance, q: _Question, at: int) -> bool:
    """Whether a question for what there is, which names no goods, asks about anything: a part of a name, what isn't
    known, or the shop's whole offer."""
    q.about = q.partial or tuple(joined(q.strange))
    if not q.about and "topic" not in _kinds(u, q.inside) and not (u.context.booking and q.inside == [at]):
        return False
    q.name = "ask_stock" if q.partial else "ask_menu"
    return True


def _of_price_or_topic(u: Utterance, q: _Question) -> None:
    """What a question for a price or for details is about where it names no goods."""
    if q.name == "ask_price" and not q.items and q.attributes and not _having(u, q.inside):
        q.name, q.value = "ask_menu", q.attributes  # "what is vegetarian": the goods that are so, each with its price
    if q.name not in ("ask_price", "ask_item") or q.items or q.kinds:
        return
    topic = next((u.spans[i].has["topic"] for i in q.inside if "topic" in u.spans[i].has), None)
    if q.name == "ask_price" and any("fulfilment" in u.spans[i].has for i in q.inside):
        q.name, q.value = "ask_item", "delivery"
    elif q.name == "ask_item" and q.value is None and topic is not None:
        q.value = topic
    elif q.partial:
        q.about = q.partial
    elif q.name == "ask_price" and (mine := _having(u, q.inside)):
        q.about = mine  # "how much is the large?", of what was spoken of


def _extent(u: Utterance, at: int, start: int, until: int, alone: bool) -> tuple[int, int]:
    """Where what a question at `at` asks about begins and ends: what is ordered before or behind it isn't asked about.
    `alone`: the question needs no goods."""
    spans = u.spans

    def goods(begin: int, end: int) -> bool:
        return any("item" in spans[i].has for i in range(begin, end))

    def orders(i: int) -> bool:
        return spans[i].has.get("verb", ("",))[0] in ("add", "remove")

    verbs = (i for i in range(at + 1, until) if i not in u.used and orders(i) and "act" not in spans[i].has)
    verb = next(verbs, until)
    stop = verb if goods(at + 1, verb) else until
    behind = any("item" in spans[i].has for i in range(at, stop) if i not in u.used)
    if behind and u.grammar.script == "spaced":
        return at, stop
    ordered = (i + 1 for i in range(at - 1, start - 1, -1) if behind and orders(i) and goods(i, at))
    return _clause(u, next(ordered, start), at, alone=alone), stop


def _asked_until(u: Utterance, start: int, at: int, end: int) -> int:
    """Where a question ends: before the pause behind it, where what it asks about was said before that and goods are
    ordered after it ("洗衣液有吗，顺便来一支牙膏")."""
    pause = next((i for i in range(at + 1, end) if "pause" in u.spans[i].has), None)
    if pause is None:
        return end
    asked, after = u.spans[start:pause], u.spans[pause + 1 : end]
    about = any(span.has.keys() & {"item", "unknown", "category", "tag", "partial"} for span in asked)
    first = next((span for span in after if not span.has.keys() & {"and", "filler"} or "verb" in span.has), None)
    ordered = first is not None and first.has.get("verb", ("",))[0] == "add" and "asking" not in first.has
    return pause if about and ordered and any("item" in span.has for span in after) else end


def _having(u: Utterance, inside: Sequence[int]) -> tuple[str, ...]:
    """The goods spoken of last that come with a choice that a question names."""
    asked = u.context.listed if len(u.context.listed) == 1 else ()
    spoken = [*asked, u.context.last, *u.context.listed[:1], *(line.item for line in reversed(u.context.basket))]
    for i in inside:
        places = u.spans[i].has.get("choice", {})
        found = next((item for item in spoken if item in places), None)
        if found is not None:
            return (found,)
    return ()


def _clause(u: Utterance, start: int, at: int, alone: bool) -> int:
    """Where the clause of a question at `at` begins: behind the last pause, where goods were ordered before it and it
    asks about goods of its own ("两杯可乐，芝士汉堡多少钱"), or `alone` about none."""
    pauses = [i for i in range(start, at) if "pause" in u.spans[i].has]
    if not pauses:
        return start
    before, own = u.spans[start : pauses[-1]], u.spans[pauses[-1] + 1 : at]
    ordered = any("item" in span.has for span in before) and any(span.has.keys() & {"num", "verb"} for span in before)
    return pauses[-1] + 1 if ordered and (alone or any("item" in span.has for span in own)) else start


IS = "is_"
"""Before an attribute: the topic of a phrase that asks whether goods are so, "辣吗"."""
OF_THE_SHOP = frozenset(
    "phone hours delivery wait payment address promotions stay cancellation bill tax receipt why declined minimum"
    " last_orders".split()
)
"""Topics that aren't about goods."""


def _beside_orders(u: Utterance, begin: int, at: int, stop: int) -> list[int]:
    """What belongs to a question about the shop: goods beside it are ordered, where a verb says so ("몇 시까지 해요
    치즈버거 하나 주세요") or a pause or "and" parts them ("a hamburger, and when do you close")."""
    inside = [at]
    for side, next_to in ((range(begin, at), at - 1), (range(at + 1, stop), at + 1)):
        free = [i for i in side if i not in u.used]
        spans = [u.spans[i] for i in free]
        goods = any("item" in span.has for span in spans)
        named = goods or any(span.has.keys() & {"category", "partial"} for span in spans)
        verb = any(span.has.get("verb", ("",))[0] == "add" for span in spans)
        parted = next_to in side and bool(u.spans[next_to].has.keys() & _PARTS)
        counted = any("num" in span.has and "item" not in span.has for span in spans)
        if named and ((verb and "act" not in u.spans[next_to].has) or (parted and (goods or counted))):
            continue
        inside += free
    return sorted(inside)


_PARTS = frozenset({"and", "pause", "but"})


def _apart(u: Utterance, inside: Sequence[int], kind: str) -> bool:
    """Whether a kind of goods was said in a part of the sentence that names no goods of its own."""
    at = next(i for i in inside if f"#{u.spans[i].has.get('category')}" == kind)
    part = [at]
    for step in (-1, 1):
        i = at + step
        while i in inside and not u.spans[i].has.keys() & _PARTS:
            part.append(i)
            i += step
    return not any("item" in u.spans[i].has for i in part)


def _modified(u: Utterance, inside: Sequence[int]) -> str | None:
    """Goods with an unknown word right before their name, as they were said: "almond milk"."""
    for i in inside:
        first = i
        while first - 1 in inside and "unknown" in u.spans[first - 1].has:
            first -= 1
        word = u.said(first, i)
        whole = "partial" in u.spans[i].has and u.spans[i].glued and first < i  # 불고기버거, where there is a 고기버거
        if whole or (u.spans[i].has.keys() & {"item", "category"} and len(word) >= (3 if word.isascii() else 2)):
            return u.said(first, i + 1)
    return None


_WEIGHT = {"ask_price": 6, "ask_item": 5, "recommend": 4, "ask_stock": 3, "ask_menu": 2}


def _names_goods(u: Utterance, start: int, end: int) -> bool:
    named = {"item", "partial", "category", "choice", "option", "tag", "free", "unknown", "topic"}
    return not named.isdisjoint(_kinds(u, range(start, end)))


def _kinds(u: Utterance, inside: Sequence[int]) -> set[str]:
    return {kind for i in inside for kind in u.spans[i].has}


def _tags(u: Utterance, inside: Sequence[int]) -> tuple[list[str], list[str]]:
    """The attributes that are wanted and unwanted: "vegetarian", "not spicy", "without sugar"."""
    wanted: list[str] = []
    unwanted: list[str] = []
    for i in inside:
        has = u.spans[i].has
        lacking, refused = lacks(u, i), denied(u, i)
        tag = str(has["tag"]) if "tag" in has else None
        if lacking is not None:
            wanted.append(f"{lacking}_free")
        elif tag is not None and (tag.startswith("not_") or refused):
            unwanted.append(tag.removeprefix("not_"))
        elif tag is not None:
            wanted.append(tag)
    return wanted, unwanted


_DENIES = frozenset({NEGATIVE, "light"})
"""Amounts of an attribute that isn't wanted: "not sweet", "not too sweet"."""


def denied(u: Utterance, index: int) -> bool:
    """Whether a word before or behind an attribute denies it."""
    for step, side in ((-1, "before"), (1, "after")):
        at = index + step
        while 0 <= at < len(u.spans) and u.spans[at].has.keys() <= {"one", "particle"}:
            at += step
        name, where = u.spans[at].has.get("amount", ("", "")) if 0 <= at < len(u.spans) else ("", "")
        if name in _DENIES and (where in (side, "both") or (where == "link" and side == "after")):
            return True
    return False


def lacks(u: Utterance, index: int) -> str | None:
    """The substance that something is to be without: "without sugar", or in one word that names a choice, 无糖."""
    has = u.spans[index].has
    if "free" in has and denied(u, index):
        return str(has["free"])
    if "choice" in has and "item" not in has:
        words, key = u.lexicon.words[u.grammar.tag], words_of(u.spans[index].text)
        for cut in range(1, len(key)):
            if meaning_of(words, key[:cut]).get("amount", ("",))[0] == NEGATIVE:
                rest = meaning_of(words, key[cut:]).get("free")
                if rest is not None:
                    return str(rest)
    return None


def joined(spans: Sequence[Span]) -> list[str]:
    """Neighbouring unknown spans as one name each."""
    made: list[tuple[int, str]] = []
    for span in spans:
        if made and made[-1][0] == span.start:
            made[-1] = (span.end, f"{made[-1][1]}{'' if span.glued else ' '}{span.text}")
        else:
            made.append((span.end, span.text))
    return [text for _, text in made]


def unknown(u: Utterance, spans: Sequence[Span]) -> None:
    """What isn't understood, as it was said."""
    for span in spans:
        within = [i for i, one in enumerate(u.spans) if span.start <= one.start and one.end <= span.end]
        said = u.said(within[0], within[-1] + 1) if within else span.text
        if fold(said).split() != span.text.split():  # it was read as another word
            span.text = said
    for text in joined([span for span in spans if span.has.keys() & {"unknown", "partial"}]):
        if text not in u.leftover:
            u.leftover.append(text)

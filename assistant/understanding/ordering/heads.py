"""Which spans name goods, and which only a part of goods or an option of theirs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from assistant.turns import LineSaid
from assistant.understanding.ordering.drafts import Draft, akin, valid
from assistant.understanding.ordering.parts import (
    changes_within,
    counted_behind,
    definite,
    half_of,
    has_apart,
    kind_of,
    many,
    parts_of,
    shared_out,
)
from assistant.understanding.words.lexicon import Lexicon, Places
from assistant.understanding.words.spans import Span, halves
from assistant.understanding.words.text import words_of


def heads_of(
    spans: Sequence[Span],
    lexicon: Lexicon,
    basket: frozenset[str],
    before: Sequence[Draft],
    lines: Sequence[LineSaid] = (),
    last: str | None = None,
) -> dict[int, tuple[str, ...]]:
    """Span index -> the items that it names as goods (not as an option of other goods). `lines`: the basket; `last`:
    the item of the line last spoken of."""
    heads = _Heads(spans, lexicon, basket, before[-1].items if before else (), lines, last)
    for index in range(len(spans)):
        heads.read(index)
    return heads.found


class _Heads:
    """A sentence that is read from left to right for its goods."""

    def __init__(
        self,
        spans: Sequence[Span],
        lexicon: Lexicon,
        basket: frozenset[str],
        current: tuple[str, ...],
        lines: Sequence[LineSaid],
        last: str | None,
    ) -> None:
        self.spans, self.lexicon, self.basket, self.lines, self.last = spans, lexicon, basket, lines, last
        self.found: dict[int, tuple[str, ...]] = {}
        self.current = current
        """The goods named last."""
        self.parts = parts_of(spans, lexicon, basket, lines, last) if not current else {}
        """Spans that name parts of a line of the basket."""
        self.chosen: set[str] = set()
        """Options of the current goods that were chosen, by path."""
        self.scope: set[str] = set()
        """Options that a word just named: what follows chooses one of them ("the drink a Sprite")."""
        self.kinds = 0
        """So many kinds of which the current goods are made were named: a pizza of two."""
        self.half = False
        """ "Half" was just said."""
        self.behind = False
        """The count stands behind its goods: it doesn't reach over a pause."""
        self._begin()

    def _begin(self) -> None:
        """Nothing was said yet that what follows may be said of."""
        self.listing = False
        """The last content was an option of the current goods."""
        self.amount = False
        """An amount was just said: "extra"."""
        self.counted = False
        """A count was just said."""
        self.added = False
        """A verb that adds stands before what is to come."""
        self.opened = False
        """ "With" was said of the current goods: more of them may follow."""

    def _names(self, index: int, items: tuple[str, ...]) -> None:
        """The span names these goods."""
        self.found[index] = self.current = items
        self.chosen, self.scope, self.kinds = set(), set(), 0
        self._begin()

    def read(self, index: int) -> None:
        has = self.spans[index].has
        if "pause" in has and self.behind:
            self.counted = self.behind = False
        if "stop" in has:
            self.scope = set()
            self._begin()
        elif index in self.parts:
            self.listing, self.amount, self.counted = True, False, False
        elif has.get("item"):
            self._goods(index, has["item"])
        elif self._names_option(has):
            self.scope = {path for one in self.current for path in has["option"].get(one, ())}
        elif ("category" in has or "partial" in has) and "amount" not in has:
            self._kind(index)
        elif goods := self._told_apart(index, has):
            self._names(index, goods)
        else:
            self._word(index, has)

    def _told_apart(self, index: int, has: Mapping[str, Any]) -> tuple[str, ...]:
        """The goods that are named only by what tells them apart."""
        if more := _another_such(self.spans, index, self.lines, self.lexicon):
            return more
        if _tells_strange(self.spans, index):
            return ()
        if self._after_counted(index):
            return tuple(has["goods"])
        if not self._counts(index) and not self._is_alone(index):
            return ()
        if valid(has.get("choice", {}), _next_goods(self.spans, index) or ()):
            return ()  # "two chicken burritos", where there are chicken tacos, too
        return _short(has, self.current, self.lines, self.lexicon)

    def _after_counted(self, index: int) -> bool:
        """Whether a word stands for goods with a count of their own, right behind others with theirs, 페퍼로니 한 판
        하와이안 한 판: what can be had with those only where it is counted by the measure of goods, 판."""
        span = self.spans[index]
        if "goods" not in span.has or not (self.counted and self.behind and counted_behind(self.spans, index)):
            return False
        if not self.spans[index - 1].has.keys() & {"num", "measure"}:
            return False
        measure = self.spans[index + 2].text if index + 2 < len(self.spans) else ""
        items = (self.lexicon.catalogue.items[one] for one in span.has["goods"])
        own = any(measure in item.measures.values() for item in items)
        return own or not valid(span.has.get("choice", {}), self.current)

    def _names_option(self, has: Mapping[str, Any]) -> bool:
        """Whether a word names an option of the current goods, and no choice: "the drink"."""
        if "option" not in has or "choice" in has or (self.counted and not self.behind):
            return False
        return bool(self.current) and valid(has["option"], self.current)

    def _word(self, index: int, has: Mapping[str, Any]) -> None:
        """A word that names no goods: what it makes of those to come."""
        before = self.spans[index - 1].has if index else {}
        if "choice" in has and not ("num" in has and self.current and not valid(has["choice"], self.current)):
            self.listing, self.amount = True, False  # six pieces count where these goods don't come in pieces
        elif "amount" in has and has["amount"][1] == "before":
            self.amount, self.counted, self.half = True, False, has["amount"][0] == "half"
            self.opened = self.opened or has["amount"][0] == "with"
        elif has.keys() & {"num", "article", "another", "multiple", "each"}:
            led = "verb" in before and index - 2 in self.found  # 儿童套餐来一份，饮料要雪碧
            marked = self._marked(index)
            named = (
                marked in self.found or "choice" in before or led or (index > 0 and "choice" in self.spans[marked].has)
            )
            self.behind = bool(has.keys() & {"num", "another"}) and not self.counted and named
            self.counted, self.added = True, False
            if "another" in has and not self.current and self.last is not None and _bare_another(self.spans, index):
                self.current = (self.last,)
        elif (
            "measure" in has and self.current and not self.scope and _orders_one(before) and index - 2 not in self.found
        ):
            self.counted, self.added = True, False  # 来份儿童套餐，再来杯可乐: a coke of its own
        elif "other" in has:
            self.chosen, self.listing = set(), True  # "one with a Sprite, the other with a coke"
        elif "num" in before and ("topical" in has or {"only", "particle"} <= has.keys()):
            self.counted = False  # 하나는 베이컨 추가, 하나만 베이컨 추가: as for one of them
        elif "verb" in has:
            self.listing = self.counted = self.amount = self.opened = False
            self.added = has["verb"][0] == "add" and has["verb"][1] != "after" and index > 0

    def _marked(self, index: int) -> int:
        """The place right before one, over what only marks a name or a choice: 세트*도* 하나, 순살*로* 하나."""
        index -= 1
        while index > 0 and self.spans[index].glued and self.spans[index].has.keys() & {"too", "topical", "particle"}:
            index -= 1
        return index

    # -- names of goods ------------------------------------------------------------------------------------------

    def _goods(self, index: int, items: tuple[str, ...]) -> None:
        """Goods by their whole name, unless they are but a part of others."""
        after = self.spans[index + 1] if index + 1 < len(self.spans) else None
        if after is not None and "flavour" in after.has and after.glued:
            return  # 番茄味: no tomatoes
        if "measure" in self.spans[index].has and self._measures(index):
            return
        places: Places | None = self.spans[index].has.get("choice")
        if self._is_half(index) or (places is not None and self._is_part(index, items, places)):
            return
        self._names(index, items)

    def _measures(self, index: int) -> bool:
        """Whether the name of goods is but the word that measures those before it, which have no count yet: 墙漆一桶,
        where there are buckets."""
        goods = max(self.found, default=-1)
        if goods < 0 or "num" not in self.spans[index - 1].has or any("num" in one.has for one in self.spans[:goods]):
            return False
        between = [one.has for one in self.spans[goods + 1 : index - 1]]
        parted = any(has.keys() & {"pause", "and", "verb"} for has in between)
        return not parted and not any("num" in has and "choice" not in has for has in between)

    def _is_half(self, index: int) -> bool:
        """Whether goods are a half or a kind of which others are made."""
        spans, span = self.spans, self.spans[index]
        alone = not index or spans[index - 1].has.keys().isdisjoint(("article", "num"))
        # No half of it is "a pepperoni pizza half mushrooms".
        topped = index + 2 < len(spans) and "choice" in spans[index + 2].has and "item" not in spans[index + 2].has
        behind = alone and _half_at(spans, index + 1) and not topped  # "large pepperoni pizza half mushrooms"
        if behind and _of_halves(spans, self.lexicon).intersection(half_of(span, self.lexicon) or ()):
            self.listing, self.amount = True, False  # 페퍼로니 반 마르게리타 반
            return True
        if self.half and half_of(span, self.lexicon) is not None:
            self.listing, self.amount, self.half = True, False, False
            return True
        free = self.kinds < 2 and not self.counted and not counted_behind(spans, index)
        if free and self.current and valid(kind_of(span, self.lexicon), self.current):
            self.listing, self.kinds = True, self.kinds + 1
            return True
        return False

    def _is_part(self, index: int, items: tuple[str, ...], places: Places) -> bool:
        """Whether goods are chosen for an option of others: those before them, or those that follow."""
        spans, current = self.spans, self.current
        paths = {path for one in current for path, _ in places.get(one, ())}
        if paths & self.scope and not many(spans, index):
            self.listing, self.scope = True, set()
            self.chosen |= paths
            return True
        fits, after = valid(places, current), spans[index + 1].has if index + 1 < len(spans) else {}
        verb, side = after.get("verb", ("", ""))
        if fits and not self.counted and verb == "swap" and side != "after" and not set(current) & self.basket:
            self.listing, self.scope = True, paths  # 套餐，可乐换雪碧
            self.chosen |= paths
            return True
        own = any(set(items) & set(one) for one in self.found.values())  # "a coke and a meal": that coke
        if fits and not own and changes_within(spans, index, paths, current, there=bool(set(items) & self.basket)):
            self.listing, self.amount, self.counted, self.scope = True, False, False, paths
            self.chosen |= paths
            return True
        if fits and (((not self.counted or self.behind) and "as" in after) or self._for_it(index)):
            self.listing, self.amount, self.counted = True, False, False
            self.chosen |= paths
            return True
        if fits and not own and self.found and shared_out(spans, max(self.found), index, current):
            self.listing, self.counted = True, False
            self.chosen |= paths
            return True
        if fits and not own and not self.counted and _had_apart(spans, index, items, current, paths, self.lexicon):
            self.listing = True  # 套餐，可乐去冰: the meal's own
            self.chosen |= paths
            return True
        follower = _next_goods(spans, index)
        if follower is not None and valid(places, follower) and not (self.counted and "pause" in after):
            self.listing = True
            return True
        named = self.amount or self.added or (self.listing and not self.counted)
        fills = self.opened and self.listing and self.counted and not paths & self.chosen and not many(spans, index)
        if fits and (named or fills):
            self.listing, self.amount, self.counted, self.added = True, False, False, False
            self.chosen |= paths
            return True
        return False

    def _for_it(self, index: int) -> bool:
        """Whether goods only say what those before them are for, as a choice of theirs does: "a case for my Nova"."""
        at = index - 1
        while at > 0 and self.spans[at].has.keys() & {"article", "the"} and "num" not in self.spans[at].has:
            at -= 1
        if at < 1 or "role" not in self.spans[at].has:
            return False
        before = at - 1
        while before > 0 and self.spans[before].has.keys() & {"choice", "one", "another"}:
            before -= 1
            if before in self.found:
                break
        return before in self.found or "num" in self.spans[before].has or "one" in self.spans[at - 1].has

    # -- kinds, and parts of names -------------------------------------------------------------------------------

    def _kind(self, index: int) -> None:
        """A kind of goods, or a part of a name: it names them where a count or the like says that they are ordered."""
        spans, lexicon, has = self.spans, self.lexicon, self.spans[index].has
        if "choice" in has and self.current and valid(has["choice"], self.current):
            self.listing = True
            return
        part = "category" not in has
        items: tuple[str, ...] = has["partial"] if part else lexicon.categories.get(has["category"], ())
        if part and (alike := _of_the_same(spans, index, items, self.current, lexicon)):
            self._names(index, alike)
        elif not items or (_half_at(spans, index - 1) and set(items) & _of_halves(spans, lexicon)):
            pass
        elif index - 1 in self.found and not set(self.found[index - 1]) & set(items):
            self._with_name_before(index, items, part)
        elif self._is_ordered(index, items, part):
            self._names(index, items)

    def _with_name_before(self, index: int, items: tuple[str, ...], part: bool) -> None:
        """ "A burger meal": the last word says what it is. A "coke pizza" may be either."""
        name, before = self.spans[index - 1], self.found[index - 1]
        whole = named_so(items, name.text, self.lexicon)
        if part and not whole and "item" in name.has:
            return  # "a cheese pizza tea pan": the pizza is sure, and no tea is called so
        if not whole and (likely := _ending_so(items, name.text, self.lexicon)):
            items = likely  # a double cheeseburger, or a cheeseburger meal
        within = valid(name.has.get("choice", {}), items)
        del self.found[index - 1]
        self._names(index, whole or (items if within else (*before, *items)))

    def _is_ordered(self, index: int, items: tuple[str, ...], part: bool) -> bool:
        """Whether goods are ordered by the name of their kind (`part`: by a part of theirs)."""
        spans, there = self.spans, bool(self.basket & set(items))
        told = self.counted or self.half or there or definite(spans, index) or _asked_for(spans, index)
        told = told or (not part and counted_behind(spans, index) and not _lists(spans, index, items))
        told = told or ("partial" in spans[index].has and _told_how(spans, index, items, bool(self.current)))
        told = told or _wanted_behind(spans, index) or (part and _listed(spans, index))
        told = told or (part and items in self.found.values())  # 两碗面一碗馄饨，馄饨不放葱
        swaps = _takes_place(spans, index)
        if not (told or swaps) or _names_category(spans, index, items) or (_plays_part(spans, index) and not swaps):
            return False
        if index and "unknown" in spans[index - 1].has:
            return False
        if not (part or there or self.counted) and _paused_at(spans, index + 1) and _lists(spans, index, items):
            return False  # "the drinks, two cokes"
        # "two mango milk teas": one kind of goods, which isn't had
        return there or "partial" not in spans[index].has or not before_goods(spans, index)

    def _counts(self, index: int) -> bool:
        """Whether a count belongs to what stands at `index`: before it, or behind it and a link before."""
        if self.counted and not self.behind and not self.amount:
            return not index or "amount" not in self.spans[index - 1].has  # 再来一个不加培根: one without it
        behind = self.spans[index + 1].has if index + 1 < len(self.spans) else {}
        linked = index > 0 and "and" in self.spans[index - 1].has
        if linked and index - 2 in self.found and not valid(self.spans[index].has.get("choice", {}), self.current):
            return True  # "hawaiian and veggie"
        if self._in_list(index):
            return True
        if not linked and not valid(self.spans[index].has.get("choice", {}), self.current):
            linked = "too" in behind or (index == 0 and not self.current)  # 하와이안도 하나
        return linked and counted_behind(self.spans, index)

    def _is_alone(self, index: int) -> bool:
        """ "Soda", "and pepperoni please": the only word that says something, where nothing was ordered yet."""
        others = (span.has for at, span in enumerate(self.spans) if at != index)
        return not (self.basket or self.current) and all(not has.keys().isdisjoint(_AIMLESS) for has in others)

    def _in_list(self, index: int) -> bool:
        """ "Margherita, pepperoni and hawaiian": one of a list of goods, between others."""
        behind = [span.has for span in self.spans[index + 1 : index + 3]]
        listed = index - 2 in self.found and "pause" in self.spans[index - 1].has
        if valid(kind_of(self.spans[index], self.lexicon), self.current):
            return False  # "half and half, pepperoni and margherita"
        return listed and len(behind) == 2 and "and" in behind[0] and "item" in behind[1]


_AIMLESS = frozenset({"filler", "polite", "hesitation", "greeting", "pause", "stop", "particle", "and"})
_PASSED = frozenset({"pause", "num", "measure", "particle"})


def _had_apart(
    spans: Sequence[Span],
    index: int,
    items: Sequence[str],
    current: Sequence[str],
    paths: set[str],
    lexicon: Lexicon,
) -> bool:
    """Whether goods stand alone right behind others of which they are a part, at `paths`, with an option that only they
    can have by themselves, or that is of that part alone."""
    before = index - 1
    while before > 0 and not _PASSED.isdisjoint(spans[before].has) and "item" not in spans[before].has:
        before -= 1
    if before < 0 or not set(spans[before].has.get("item", ())) & set(current):
        return False
    for span in [one for one in spans[index + 1 : index + 4] if "topical" not in one.has][:2]:
        told = [span.has[kind] for kind in ("choice", "option") if kind in span.has]
        if told:
            said = next((one for one in told if valid(one, items)), told[0])  # 可乐不要冰, where coffee is had iced
            own = any(has_apart((span,), lexicon.catalogue.items[item], paths) for item in current)
            return valid(said, items) and (own or not valid(said, current)) and "item" not in span.has
        if "amount" not in span.has:
            return False
    return False


def _tells_strange(spans: Sequence[Span], index: int) -> bool:
    """Whether a word only says more of what isn't known: "a bacon ranch salad", "a bacon egg and cheese mcmuffin" are
    no bacon burgers."""
    behind = index + 1
    while behind < len(spans) and "choice" in spans[behind].has and "item" not in spans[behind].has:
        behind += 1
        if behind + 1 < len(spans) and "and" in spans[behind].has and "choice" in spans[behind + 1].has:
            behind += 1
    return behind < len(spans) and "unknown" in spans[behind].has


def _of_the_same(
    spans: Sequence[Span], index: int, items: Sequence[str], current: Sequence[str], lexicon: Lexicon
) -> tuple[str, ...]:
    """What a part of a name means beside goods whose names end alike: "salmon and tuna nigiri", a nigiri and "a tuna
    one"; nothing where that isn't one thing."""
    after = [span.has for span in spans[index + 1 : index + 3]]
    if len(current) > 1 and after and "one" in after[0]:  # "a burger, the chicken one"
        named = tuple(one for one in items if one in current)
        return named if len(named) == 1 else ()
    other: Sequence[str] = ()
    if len(after) == 2 and "and" in after[0]:
        other = after[1].get("item", ())
    elif after and "one" in after[0] and "num" not in after[0]:
        other = current
    goods = lexicon.catalogue.items
    alike = tuple(one for one in items if one not in other and any(akin(goods[one], goods[it]) for it in other))
    return alike if len(alike) == 1 and len(other) == 1 else ()


def _half_at(spans: Sequence[Span], at: int) -> bool:
    return 0 <= at < len(spans) and halves(spans[at])


def _of_halves(spans: Sequence[Span], lexicon: Lexicon) -> set[str]:
    """What two things that half stands behind are the halves of."""
    wholes = [set(half_of(span, lexicon) or ()) for at, span in enumerate(spans) if _half_at(spans, at + 1)]
    return set.intersection(*wholes) if len(wholes) == 2 else set()


def named_so(items: Sequence[str], text: str, lexicon: Lexicon) -> tuple[str, ...]:
    """Those of `items` that have a word in their name."""
    return tuple(
        item
        for item in items
        if any(text in name.lower() for names in lexicon.catalogue.items[item].names.values() for name in names)
    )


def _ending_so(items: Sequence[str], text: str, lexicon: Lexicon) -> tuple[str, ...]:
    """Those of `items` that have the last words of a name in theirs."""
    key = words_of(text)
    joint = " " if text.isascii() else ""
    for cut in range(1, len(key) if joint else len(key) - 1):
        if found := named_so(items, joint.join(key[cut:]), lexicon):
            return found
    return ()


def _short(
    has: Mapping[str, Any], current: Sequence[str], lines: Sequence[LineSaid], lexicon: Lexicon
) -> tuple[str, ...]:
    """The goods that a counted option stands for, "a margherita and a pepperoni": named without their kind."""
    goods: tuple[str, ...] = has.get("goods", ())
    if not current:
        return () if any(line.item in has.get("choice", ()) for line in lines) else goods
    kinds = {lexicon.catalogue.items[item].category for item in current}
    return tuple(item for item in goods if lexicon.catalogue.items[item].category in kinds)


def _orders_one(verb: Mapping[str, Any]) -> bool:
    """Whether a verb orders what a measure right behind it counts once: 来杯可乐."""
    return "amount" not in verb and verb.get("verb", ("", ""))[0] == "add" and verb["verb"][1] != "after"


def _another_such(spans: Sequence[Span], index: int, lines: Sequence[LineSaid], lexicon: Lexicon) -> tuple[str, ...]:
    """再来个香肠的: more of a kind that is there, named by what tells it apart; 再来个加香肠的 is one like the last."""
    has, behind = spans[index].has, spans[index + 1].has if index + 1 < len(spans) else {}
    if "goods" not in has or "whose" not in behind or not index:
        return ()
    again = "measure" in spans[index - 1].has and any(
        "again" in one.has for one in spans[max(0, index - 3) : index - 1]
    )
    if not again and "another" not in spans[index - 1].has:
        return ()
    items = lexicon.catalogue.items
    kinds = {item.category for line in lines if (item := items.get(line.item or "")) is not None}
    return tuple(item for item in has["goods"] if lexicon.catalogue.items[item].category in kinds)


def _bare_another(spans: Sequence[Span], index: int) -> bool:
    """Whether "another one" is said without goods of its own."""
    for span in spans[index + 1 : index + 5]:
        if span.has.keys() & {"item", "category", "partial", "choice", "option", "unknown"}:
            return False
        if span.has.keys() & {"amount", "but", "pause", "stop"}:
            break
    return True


def _plays_part(spans: Sequence[Span], index: int) -> bool:
    """Whether a kind only says what other goods are for: "a coke as a drink"."""
    at = index - 1
    while at > 0 and spans[at].has.keys() & {"article", "the"} and "num" not in spans[at].has:
        at -= 1
    return 0 <= at < index - 1 and "role" in spans[at].has and "verb" not in spans[at].has


def _takes_place(spans: Sequence[Span], index: int) -> bool:
    """Whether what stands at `index` is to take the place of other goods: "swap the salmon for tuna"."""
    at = index - 1
    if at > 0 and spans[at].has.get("verb", ("", "")) == ("swap", "both"):
        return True  # 酸面包换成黑麦的
    while at > 0 and spans[at].has.keys() & {"article", "the"}:
        at -= 1
    if at < 1:
        return False
    verbs = {one.has.get("verb", ("",))[0] for one in spans[:at]}
    to = spans[at].has.get("clock") == "to" and verbs & {"change", "swap"}  # "change it to taro"
    return bool(to) or (at > 1 and "role" in spans[at].has and "swap" in verbs)


def _told_how(spans: Sequence[Span], index: int, items: Sequence[str], named: bool) -> bool:
    """Whether an option that goods of this kind can have stands right beside it, where a wish begins: 大杯珍珠奶茶半糖.
    `named`: goods were named before."""
    begin = index
    while begin and "choice" in spans[begin - 1].has and valid(spans[begin - 1].has["choice"], items):
        begin -= 1
    if named and not (begin and spans[begin - 1].has.keys() & {"pause", "stop"}):
        return False
    after = spans[index + 1].has if index + 1 < len(spans) else {}
    return begin < index or ("choice" in after and "item" not in after and valid(after["choice"], items))


def before_goods(spans: Sequence[Span], index: int) -> bool:
    """Whether goods without a count of their own follow at once, named by their whole name."""
    after = spans[index + 1] if index + 1 < len(spans) else None
    if after is None or after.start != spans[index].end or "item" not in after.has or "choice" in after.has:
        return False
    return set(after.has["item"]).isdisjoint(spans[index].has["partial"]) and not counted_behind(spans, index + 1)


def _asked_for(spans: Sequence[Span], index: int) -> bool:
    """Whether goods stand behind a verb and a measure word that counts as one: 来个汉堡."""
    at = index
    while at and spans[at - 1].has.keys() & {"measure", "choice"}:
        at -= 1
    wished = at > 0 and spans[at - 1].has.get("verb", ("",))[0] in ("add", "swap")
    if any("measure" in span.has for span in spans[at:index]):
        return wished and spans[at - 1].has["verb"][0] == "add"
    after = spans[index + 1].has if index + 1 < len(spans) else {"stop": True}
    named = at == index and "partial" in spans[index].has and len(spans[index].has["partial"]) == 1
    return wished and named and bool(after.keys() & {"stop", "pause", "polite", "instead", "particle"})


def _listed(spans: Sequence[Span], index: int) -> bool:
    """Whether a part of a name stands for itself where nothing is said but what is wanted: "shampoo please", "I need
    shampoo and toothpaste", "a pack of AA batteries"."""
    before = spans[index - 1].has if index else {"stop": True}
    behind = spans[index + 1].has if index + 1 < len(spans) else {"stop": True}
    apart = before.keys() & (_PARTING | {"verb", "some", "of"}) and behind.keys() & _PARTING
    if not apart or "item" in before or "item" in behind:
        return False
    return all(one.has.keys() & _LISTING or one.has.get("verb") == ("add", "before") for one in spans)


_PARTING = frozenset({"polite", "filler", "and", "hesitation", "pause", "stop"})
_LISTING = _PARTING | {"item", "partial", "num", "article", "measure", "of", "some", "choice"}


def _wanted_behind(spans: Sequence[Span], index: int) -> bool:
    """Whether so many are asked for behind goods that begin a clause: 芋泥的来一杯, 乌龙的给我来两杯, 柠檬的两杯."""
    if index and not spans[index - 1].has.keys() & {"pause", "stop", "and", "polite"}:
        return False
    at = index + 1
    while at < len(spans) and spans[at].has.keys() <= _BEHIND_TOPIC:
        at += 1
    wanted = at < len(spans) and spans[at].has.get("verb", ("",))[0] == "add"
    number = spans[at + wanted : at + wanted + 2]
    if not number or "num" not in number[0].has or not (wanted or "measure" in number[-1].has):
        return False
    behind = spans[at + wanted + 1 + ("measure" in number[-1].has) :]
    return not behind or behind[0].has.keys().isdisjoint({"item", "partial"})  # 饮料来两杯可乐: of that kind


_BEHIND_TOPIC = frozenset({"particle", "whose", "too", "pause", "polite", "hesitation", "filler"})


def _paused_at(spans: Sequence[Span], at: int) -> bool:
    return at < len(spans) and "pause" in spans[at].has


def _lists(spans: Sequence[Span], at: int, items: Sequence[str]) -> bool:
    """Whether a kind only leads to counted goods that are of it: "for drinks two cokes"."""
    after = at + 1
    while after < len(spans) and spans[after].has.keys() & {"num", "measure", "choice", "pause"}:
        if "item" in spans[after].has:
            break
        after += 1
    return after < len(spans) and not set(items).isdisjoint(spans[after].has.get("item", ()))


def _next_goods(spans: Sequence[Span], index: int) -> tuple[str, ...] | None:
    """The goods that directly follow a span, over further options and links."""
    linked = False
    for span in spans[index + 1 : index + 8]:
        has = span.has
        if "item" in has and "choice" not in has:
            return tuple(has["item"])
        if "choice" in has or "category" in has:
            continue
        if "and" in has and not linked:
            linked = True
            continue
        if "whose" in has and span.glued:
            continue  # 轻盈的膜
        return None
    return None


def _names_category(spans: Sequence[Span], index: int, items: Sequence[str]) -> bool:
    """Whether a general word only repeats the kind of the goods beside it: "two cheeseburger burgers"."""
    for other in (index - 1, index + 1):
        if 0 <= other < len(spans) and any(item in items for item in spans[other].has.get("item", ())):
            return True
    return False

"""The left group of goods, what stands before their name: how many, which size, with what. It makes their draft."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from assistant.understanding.ordering.ahead import described
from assistant.understanding.ordering.drafts import (
    NEGATIVE,
    Draft,
    Option,
    akin,
    chooses_one,
    counted_choice,
    units,
    valid,
)
from assistant.understanding.ordering.heads import before_goods, named_so
from assistant.understanding.ordering.options import counted_within
from assistant.understanding.ordering.packs import many_of
from assistant.understanding.ordering.parts import gives_way
from assistant.understanding.ordering.placing import UNSURE, Reading
from assistant.understanding.ordering.wording import multiply
from assistant.understanding.words.lexicon import Places
from assistant.understanding.words.names import meaning_of
from assistant.understanding.words.rules import Rules
from assistant.understanding.words.spans import Span
from assistant.understanding.words.text import words_of


def group(r: Reading, start: int, head: int, items: tuple[str, ...]) -> None:
    """A head with all that stands left of it: its draft, put where it belongs."""
    said = _LeftGroup(r, start, head, items)
    for index in range(start, head):
        said.read(index)
    draft = said.draft
    _doubt_name(r, start, head, draft)
    draft.left = len(draft.options)
    _doubt_kind(r, head, draft)
    if said.ordinal is not None:
        draft.which, draft.definite = said.ordinal, True
    r.named_at = draft.at = r.spans[head].start
    none = r.spans[head].has.get("none_of")
    if none is not None and draft.quantity is None:
        draft.items, draft.quantity = none, 0
    _doubt_half(r, draft)
    if r.fresh and r.folds and draft.definite and draft.quantity is None and not draft.options:
        multiply(r, draft, r.folds)
    if draft.left and r.grammar.script != "spaced" and _may_be_of_those_before(r, start, draft):
        draft.score = min(draft.score, UNSURE)
    if _takes_back(r, head, items, draft):
        return
    if r.grammar.verbs_last and _is_topic(r.spans, head) and set(items) & r.basket:
        draft.definite = True  # 밀크티는 따뜻하게 해 주세요: the one that is there
    r.place(draft)


class _LeftGroup:
    """What the words left of a head make of its draft."""

    def __init__(self, r: Reading, start: int, head: int, items: tuple[str, ...]) -> None:
        self.r, self.start, self.head, self.items = r, start, head, items
        self.draft = Draft(items, r.spans[head].text, r.spans[head].score)
        self.sign = 1
        self.ordinal: int | None = None
        self.pumps: int | None = None
        """How many of the option to come: "two pumps of vanilla"."""
        self.folds = 0
        """How many times the amount is that was just said; 0 where it doesn't tell."""

    def read(self, index: int) -> None:
        for rule in _LEFT_GROUP.for_word(self.r.spans[index].has):
            if rule(self, index):
                return

    def _counted_choice(self, index: int) -> bool:
        """A choice with a number in its name: "six pieces"."""
        span = self.r.spans[index]
        if "choice" not in span.has or not valid(span.has["choice"], self.items):
            return False
        self.draft.options.append(Option(span.has["choice"], span))
        return True

    def _other_count(self, index: int) -> bool:
        """A number that doesn't count these goods."""
        r, spans, inside = self.r, self.r.spans, index + 1 < self.head
        if inside and _counts_option(r, index + 1, self.head, self.items):
            self.pumps = spans[index].has["num"][0]
            return True
        if r.grammar.verbs_last and _of_unknown(spans, index):
            return True  # it counts what isn't known: 떡볶이 하나
        if inside and described(spans, index):
            return True  # "a two topping pizza"
        if inside and r.weighs(index + 1, self.items):
            self._doubt()  # so many grams of what is sold by the piece
            return True
        return False

    def _lost(self, index: int) -> bool:
        self.r.parsed.leftover.append(self.r.spans[index])
        return True

    def _minus(self, index: int) -> bool:
        self.sign = -1
        return True

    def _fraction(self, index: int) -> bool:
        """ "1.5"."""
        self.draft.quantity, self.draft.uneven = int(float(self.r.spans[index].has["fraction"])), True
        return True

    def _in_pack(self, index: int) -> bool:
        """ "A pack of 12 …": how many are in one, and no count of them."""
        r, start = self.r, self.start
        before = r.spans[start - 2].has if start >= 2 and "pack_of" in r.spans[start - 1].has else {}
        if index != start or before.keys().isdisjoint({"article", "num"}):
            return False
        size = r.spans[index].has["num"][0]
        if (pack := _sold_by(size, self.items, r)) is not None:
            self.draft.options.append(Option(pack, r.spans[index]))
        else:
            self._doubt()
        self.draft.quantity = before.get("num", (1,))[0]
        return True

    def _multiple(self, index: int) -> bool:
        """ "Two dozen"; "a dozen more eggs", where eggs are sold by the dozen."""
        if index + 1 < self.head and named_so(self.items, self.r.spans[index].text, self.r.lexicon):
            return True
        pair = "pair_of" in self.r.spans[index].has and _in_pairs(self.items, self.r)
        self.draft.quantity = (self.draft.quantity or 1) * (1 if pair else self.r.spans[index].has["multiple"])
        self.draft.article = False
        return True

    def _as_many(self, index: int) -> bool:
        r = self.r
        here = next((one.quantity for one in reversed(r.all()) if one.head), None)
        there = next((line.quantity for line in r.lines if line.item == r.last and not r.all()), None)
        self.draft.quantity = here if here is not None else there
        return True

    def _round(self, index: int) -> bool:
        """ "Another round of cokes": as many as there are."""
        self.draft.quantity, self.draft.more = units(self.r.lines, self.items) or 1, True
        return True

    def _ordinal(self, index: int) -> bool:
        self.ordinal = self.r.spans[index].has["ordinal"]
        return True

    def _number(self, index: int) -> bool:
        has, counted = self.r.spans[index].has, self.draft.quantity is not None and not self.draft.article
        if self.ordinal is not None or (counted and "choice" in has):
            return False
        self.draft.quantity, self.draft.article = self.sign * has["num"][0], False
        return True

    def _few(self, index: int) -> bool:
        if self.draft.quantity is not None:
            return False
        self.draft.few = True
        return True

    def _of_them(self, index: int) -> bool:
        if self.draft.quantity is None and self.r.grammar.script != "unspaced":
            return False
        self.draft.some = self.draft.definite = True
        return True

    def _another(self, index: int) -> bool:
        self.draft.quantity, self.draft.more = 1, True
        return True

    def _fewer(self, index: int) -> bool:
        if self.draft.quantity is None:
            return False
        self.draft.mode, self.draft.verb = "remove", True
        return True

    def _more(self, index: int) -> bool:
        if "choice" in self.r.spans[index].has:
            return False
        self.draft.more = True
        return True

    def _alike(self, index: int) -> bool:
        """ "The same bowl but with tuna": one more, like the one that is there."""
        r = self.r
        if not set(self.items) & r.basket or r.mode not in (None, "add") or self.draft.quantity is not None:
            return False
        self.draft.alike = self.draft.more = self.draft.verb = True
        self.draft.quantity, self.draft.mode = 1 if r.grammar.script == "spaced" else None, "add"
        return True

    def _article(self, index: int) -> bool:
        if self.draft.quantity is not None:
            return False
        self.draft.quantity, self.draft.article = 1, True
        return True

    def _amount(self, index: int) -> bool:
        r, has = self.r, self.r.spans[index].has
        if "choice" in has:
            return False
        r.amount, r.fresh, self.folds = has["amount"][0], True, has.get("fold", 0)
        return True

    def _choice(self, index: int) -> bool:
        """An option, with the amount and the count that were said before it."""
        r, span, items = self.r, self.r.spans[index], self.items
        places = span.has["choice"]
        if "item" in span.has and not valid(places, items):
            return False
        amount = r.amount if r.fresh else None
        if not valid(places, items) and (inside := counted_within(r, span, items)) is not None:
            self.draft.options.append(Option(inside[0], span, None, inside[1]))
            return True
        if self.folds and self.pumps is None and amount == "extra" and counted_choice(r.lexicon, places, items):
            self.pumps = self.folds
        if amount == NEGATIVE and "forbids" in r.spans[index - 1].has:
            self.draft.options.append(Option(places, span, NEGATIVE))
            r.fresh, r.amount = False, None
            return True  # "don't slice the loaf": the loaf is wanted
        if amount == NEGATIVE and (r.instead or chooses_one(r.lexicon, places, items)):
            self.draft.options.append(Option(places, span))
            return True  # "not the large coke": it is the coke that is denied
        self.draft.options.append(Option(places, span, None if amount == "with" else amount, self.pumps))
        self.draft.options[-1].doubled = amount == "extra" and self.folds == 2
        r.fresh, r.amount, self.pumps, self.folds = False, None, None, 0
        return True

    def _each(self, index: int) -> bool:
        self.draft.which, self.draft.definite = "all", True
        return True

    def _the(self, index: int) -> bool:
        self.draft.definite = True
        if self.r.amount == NEGATIVE and self.r.fresh and self.draft.options:
            self.draft.options = []  # "not red, the yellow rose": it is that colour that is denied
            self.r.amount, self.r.fresh = None, False
        return True

    def _attribute(self, index: int) -> bool:
        """ "Gluten free"."""
        if valid(self.r.spans[self.head].has.get("choice", {}), self.items):
            return False
        return tagged(self.r, self.r.spans[index], self.draft)

    def _doubt(self) -> None:
        self.draft.score = min(self.draft.score, UNSURE)


_LEFT_GROUP: Rules[Callable[[_LeftGroup, int], bool]] = Rules(
    ("num", _LeftGroup._counted_choice),
    ("num", _LeftGroup._other_count),
    ("unknown partial", _LeftGroup._lost),
    ("minus", _LeftGroup._minus),
    ("fraction", _LeftGroup._fraction),
    ("num", _LeftGroup._in_pack),
    ("multiple", _LeftGroup._multiple),
    ("as_many", _LeftGroup._as_many),
    ("round", _LeftGroup._round),
    ("ordinal", _LeftGroup._ordinal),
    ("num", _LeftGroup._number),
    ("few", _LeftGroup._few),
    ("of_them", _LeftGroup._of_them),
    ("another", _LeftGroup._another),
    ("fewer", _LeftGroup._fewer),
    ("more", _LeftGroup._more),
    ("alike", _LeftGroup._alike),
    ("article", _LeftGroup._article),
    ("amount", _LeftGroup._amount),
    ("choice", _LeftGroup._choice),
    ("each", _LeftGroup._each),
    ("the", _LeftGroup._the),
    ("tag", _LeftGroup._attribute),
)
"""Whether the word at an index was for the rule."""

_DIETS = frozenset("gluten_free vegan vegetarian sugar_free caffeine_free dairy_free halal spicy sweet".split())
"""What matters to those who say it: it is said back where the goods that are named can't be had so."""


def _in_pairs(items: Sequence[str], r: Reading) -> bool:
    """Whether goods have but names of many: gloves, socks."""
    tag = r.grammar.tag
    keys = [words_of(name) for item in items for name in r.lexicon.catalogue.items[item].names.get(tag, ())]
    return bool(keys) and all(many_of(key, r.lexicon, tag) for key in keys)


def _sold_by(size: int, items: Sequence[str], r: Reading) -> Places | None:
    """The one choice of goods that says they come by so many: "two boxes of 50", where there is a pack of 50."""
    item = r.lexicon.catalogue.items.get(items[0]) if len(items) == 1 else None
    found = {
        (option.id, choice.id)
        for option in (item.options if item is not None else ())
        for choice in (option.choices if option.choose == "one" else ())
        for name in choice.names.get(r.grammar.tag, ())
        if str(size) in words_of(name) and len(words_of(name)) > 1
    }
    return {item.id: tuple(found)} if item is not None and len(found) == 1 else None


def _doubt_name(r: Reading, start: int, head: int, draft: Draft) -> None:
    """Goods that are known by a part of their name, or behind a measure, may be others."""
    has, items = r.spans[head].has, draft.items
    strange = [one for one in draft.options if not valid(one.places, items)]
    if strange and "item" not in has and "category" not in has:
        draft.options = [one for one in draft.options if one not in strange]
        draft.score = min(draft.score, UNSURE)  # "a chocolate cake", where there is but a cheesecake
    if "goods" in has and "item" not in has and head > start and "unit" in r.spans[head - 1].has:
        draft.score = min(draft.score, UNSURE)  # a slice of bacon is no bacon burger for sure
    named = r.spans[head - 1].has.get("item", ()) if head else ()
    if "category" in has and len(items) > 1 and not set(items).isdisjoint(named):
        draft.score = min(
            draft.score, UNSURE
        )  # a "double cheeseburger meal", where there is none, with what only one has
    led = head == start and head > 0 and r.spans[head - 1].has.get("verb", ("swap",))[0] != "swap"
    if "partial" in has and led and not r.grammar.verbs_last and not set(items) & r.basket:
        draft.score = min(draft.score, UNSURE)  # "give me soy garlic": a part of a name, and nothing else


def _doubt_kind(r: Reading, head: int, draft: Draft) -> None:
    """ "Two taro milk teas", where there is no taro one: it is asked what is meant."""
    kinds = _of_a_kind(r, head, draft.items)
    if kinds is None:
        return
    begin = head - 1
    while begin and "unknown" in r.spans[begin].has and "unknown" in r.spans[begin - 1].has:
        begin -= 1
    draft.items, draft.heard = (*draft.items, *kinds), r.said(begin, head)
    draft.score = min(draft.score, UNSURE)


def _may_be_of_those_before(r: Reading, start: int, draft: Draft) -> bool:
    """Whether an option stands between two goods without a count, and both can have it: 감튀 라지 제로콜라 하나."""
    goods = r.current
    if goods is None or goods is not r.target or not goods.head:
        return False
    if goods.quantity is not None or goods.options or r.spans[start - 1].start != goods.at:
        return False
    return "choice" in r.spans[start].has and valid(draft.options[0].places, goods.items)


def _doubt_half(r: Reading, draft: Draft) -> None:
    """One and a half, or half of what comes whole: it is asked what is meant."""
    half = r.amount == "half" and r.fresh
    if draft.uneven or (half and draft.quantity is not None and not draft.article):
        draft.uneven = True
    elif half and (places := _called_half(r, draft.items)) is not None:
        draft.options.append(Option(places, next(span for span in r.spans if span.start == draft.at)))
        r.amount, r.fresh = None, False
        return
    elif half:
        draft.halved = True
    else:
        return
    draft.score = min(draft.score, UNSURE)
    r.amount, r.fresh = None, False


def _called_half(r: Reading, items: tuple[str, ...]) -> Places | None:
    """The one choice of goods whose name begins with a word for half: "half a roll", where there is a half roll."""
    item = r.lexicon.catalogue.items.get(items[0]) if len(items) == 1 else None
    words = r.lexicon.words[r.grammar.tag]
    found = {
        (option.id, choice.id)
        for option in (item.options if item is not None else ())
        for choice in (option.choices if option.choose == "one" and not option.halves else ())
        for name in choice.names.get(r.grammar.tag, ())
        if meaning_of(words, words_of(name)[:1]).get("amount", ("",))[0] == "half"
    }
    return {items[0]: tuple(found)} if len(found) == 1 else None


def _takes_back(r: Reading, head: int, items: tuple[str, ...], draft: Draft) -> bool:
    """Whether goods are only named to be taken back: 아니 콜라 말고, 커피는 라떼로."""
    if draft.quantity is not None:
        return False
    if r.correcting and _not_that(r.spans, head) and _drops(r, items):
        r.correcting = False  # it is the coke that was wrong, and not the goods that were said last
        return True
    if r.grammar.verbs_last and gives_way(r.spans, head):
        if not set(items) & r.basket:  # of what isn't there it is but the topic
            _drops(r, items)
            return True
        draft.old, draft.mode, draft.verb = True, "swap", True
    return False


def _is_topic(spans: Sequence[Span], at: int) -> bool:
    return at + 1 < len(spans) and "topical" in spans[at + 1].has and spans[at + 1].glued


def _drops(r: Reading, items: tuple[str, ...]) -> bool:
    """Takes the goods back that were ordered in this sentence, if they were: what follows takes their place."""
    r.dropped = next((one for one in reversed(r.all()) if one.head and one.items == items), None)
    if r.dropped is not None:
        r.drop(r.dropped)
    return r.dropped is not None


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


def _of_unknown(spans: Sequence[Span], at: int) -> bool:
    """Whether the count at `at` stands right behind an unknown word."""
    before = at - 1
    while before >= 0 and spans[before].has.keys() & {"particle", "the"} and "unknown" not in spans[before].has:
        before -= 1
    return before >= 0 and "unknown" in spans[before].has

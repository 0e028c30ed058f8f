"""How far goods reach to the left: where the group of words begins that says how many of them are wanted, and which."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from assistant.understanding.ordering.ahead import SKIPPED, described, priced
from assistant.understanding.ordering.drafts import valid
from assistant.understanding.ordering.heads import before_goods
from assistant.understanding.words.language_words import Grammar
from assistant.understanding.words.rules import Rules
from assistant.understanding.words.spans import Span


def group_starts(spans: Sequence[Span], heads: Mapping[int, tuple[str, ...]], grammar: Grammar) -> dict[int, int]:
    """Where the left group of each head begins: start index -> head index."""
    starts: dict[int, int] = {}
    previous = -1
    behind = grammar.verbs_last or (grammar.script == "unspaced" and _counts_follow(spans, sorted(heads)))
    for head, items in sorted(heads.items()):
        way = _Leftwards(spans, head, items, heads, previous, counted_behind=behind, script=grammar.script)
        while way.at - 1 > previous and way.goes_on():
            pass
        starts[way.start] = head
        previous = head
    return starts


class _Leftwards:
    """The way from a head to the left, as far as words belong to it."""

    def __init__(
        self,
        spans: Sequence[Span],
        head: int,
        items: tuple[str, ...],
        heads: Mapping[int, tuple[str, ...]],
        previous: int,
        *,
        counted_behind: bool,
        script: str,
    ) -> None:
        """`previous`: the head before, or -1; `counted_behind`: counts stand behind their goods in this sentence."""
        self.spans, self.head, self.items, self.previous, self.heads = spans, head, items, previous, heads
        self.counted_behind, self.script = counted_behind, script
        self.at = head
        """All from here to the head was looked at."""
        self.start = head
        """All from here to the head belongs to it."""
        self.linked = False
        """It went over an "and" or a comma: what comes next belongs to the head only with a count before it."""

    def goes_on(self) -> bool:
        """Looks at one word more (or several that belong together): whether to look further."""
        for rule in _LEFTWARDS.for_word(self.spans[self.at - 1].has):
            further = rule(self)
            if further is not None:
                return further
        return False

    def _takes(self, at: int) -> bool:
        """What stands at `at` belongs to the head for sure."""
        self.start = self.at = at
        return True

    def _passes(self, at: int) -> bool:
        """What stands at `at` belongs to the head as long as nothing was passed that may part them."""
        self.at = at
        if not self.linked:
            self.start = at
        return True

    def _money(self) -> bool | None:
        """An amount of money counts nothing, unless goods are weighed by its word."""
        at = self.at
        return False if at < self.head and priced(self.spans[at].has) and not _weighs(self.spans, at) else None

    def _count(self) -> bool | None:
        """A count begins the group, with what may stand before one."""
        spans, previous, has = self.spans, self.previous, self.spans[self.at - 1].has
        number = "num" in has
        if number and "choice" in has and valid(has["choice"], self.items) and has.keys().isdisjoint(_QUANTITY):
            return None  # "six pieces", which these goods have
        if number and "choice" in has and previous >= 0 and valid(has["choice"], self.heads[previous]):
            return False  # "cheese balls ten pieces and fries"
        if number and previous >= 0 and self.at - 2 > previous and "times" in spans[self.at - 2].has:
            return False  # "cheeseburger x2, fries x1"
        counts = number or "another" in has  # 빵 하나 더 우유 하나 더
        if counts and self.counted_behind and previous >= 0 and not _counted(spans, previous, self.at - 1):
            while self.start < self.head and "measure" in spans[self.start].has:
                self.start += 1  # it counts the goods before
            return False
        self._takes(self.at - 1)
        if "article" in has and self.at - 1 > previous and "one" in spans[self.at - 1].has:
            return False  # "the first one a hamburger"
        if number and self.at + 1 < self.head and "unit" in spans[self.at + 1].has:
            return True
        among = "of_them" if self.script == "unspaced" else "the"  # 其中一个: of them, one
        before = {"num", "article", "minus", "more", "multiple", "the", "ordinal", "fraction", among}
        while self.at - 1 > previous and not before.isdisjoint(spans[self.at - 1].has):
            self._takes(self.at - 1)
        return False

    def _part_of_name(self) -> bool | None:
        """The "burger" of a "burger meal"."""
        return self._takes(self.at - 1) if self.at == self.head and self.at - 1 not in self.heads else None

    def _and_half(self) -> bool | None:
        """ "Two and a half"."""
        whole = _and_half(self.spans, self.at - 1, self.previous)
        return self._takes(whole + 1) if whole is not None else None

    def _more(self) -> bool | None:
        """ "Two more", "two fewer"."""
        before = self.at - 2
        counted = before > self.previous and not self.spans[before].has.keys().isdisjoint(("num", "multiple", "few"))
        return self._takes(self.at - 1) if counted and "choice" not in self.spans[self.at - 1].has else None

    def _choice(self) -> bool | None:
        """An option that these goods can have, or that was said of them all the same; with its amount."""
        spans, previous, places = self.spans, self.previous, self.spans[self.at - 1].has["choice"]
        behind = self.counted_behind and previous >= 0 and valid(places, self.heads[previous])
        bare = not self.linked and not behind and _bare(spans, self.at - 1, previous)  # 갈비 이 인분 바싹, 공기밥 하나
        if not bare and not valid(places, self.items):
            return None
        if self.counted_behind and "as" in spans[self.at].has and previous >= 0:
            return False  # "감자튀김은 라지로, …": it is said of the goods before
        if behind and spans[self.at].has.get("amount", ("", ""))[1] == "after":
            return False  # 셔츠 다섯 장 다림질해서 정장 하나
        alone = self.script != "spaced" and previous == self.at - 2
        if alone and _chosen_behind(spans, self.at - 1, self.head, self.items):
            return False  # 감자튀김 라지 콜라 라지
        self.at -= 1
        before: Mapping[str, Any] = spans[self.at - 1].has if self.at - 1 > previous else {}
        if "amount" in before and before["amount"][1] != "after" and "choice" not in before:
            if before["amount"][0] == "with":
                self._passes(self.at)
                return False
            if previous >= 0 and not _count_left(spans, self.at - 1, previous, self.items):
                return False
            self.at -= 1
        return self._passes(self.at)

    def _strange(self) -> bool | None:
        """Words of goods that aren't had: they are the head's, but begin nothing."""
        begin = None if self.linked else _strange(self.spans, self.at, self.head, self.previous)
        if begin is None:
            return None
        self.at = begin
        return True

    def _pointer(self) -> bool:
        """ "The", "the second"."""
        return self._takes(self.at - 1)

    def _all(self) -> bool | None:
        """ "Each", before the first goods."""
        return self._takes(self.at - 1) if self.previous < 0 else None

    def _measure(self) -> bool:
        """ "Cups of", "a side of"."""
        return self._passes(self.at - 1)

    def _weight(self) -> bool | None:
        return self._passes(self.at - 1) if _weighs(self.spans, self.at - 1) else None

    def _described(self) -> bool | None:
        """ "A two topping pizza"."""
        before = self.at - 2
        return self._passes(self.at - 1) if before > self.previous and described(self.spans, before) else None

    def _attribute(self) -> bool | None:
        """ "A vegan burger"."""
        return self._passes(self.at - 1) if self.start == self.head else None

    def _filler(self) -> bool | None:
        has = self.spans[self.at - 1].has
        if self.linked or "verb" in has or ("act" in has and "filler" not in has):
            return None
        self.at -= 1
        return True

    def _link(self) -> bool:
        """ "A large olive and ham pizza": over an "and" or a comma, where a count and only options stand before it."""
        spans, at = self.spans, self.at
        if at < self.head and "the" in spans[at].has:
            return False  # "the cokes three and the fries two"
        if at > 2 and "one" in spans[at - 2].has and "choice" in spans[at - 3].has:
            return False  # "a small one and fries"
        if at - 1 == self.previous + 1 or not _count_left(spans, at - 1, self.previous, self.items):
            return False
        self.linked = True
        self.at -= 1
        return True


_QUANTITY = frozenset({"article", "another", "multiple", "some", "fraction", "as_many", "round"})
"""What says how many beside numbers."""

_LEFTWARDS: Rules[Callable[[_Leftwards], bool | None]] = Rules(
    ("num", _Leftwards._money),
    (f"num {' '.join(_QUANTITY)}", _Leftwards._count),
    ("item", _Leftwards._part_of_name),
    ("amount", _Leftwards._and_half),
    ("more fewer", _Leftwards._more),
    ("choice", _Leftwards._choice),
    ("unknown partial", _Leftwards._strange),
    ("the ordinal", _Leftwards._pointer),
    ("each", _Leftwards._all),
    ("measure of unit of_them side_of category alike", _Leftwards._measure),
    ("weight", _Leftwards._weight),
    ("option", _Leftwards._described),
    ("tag", _Leftwards._attribute),
    (" ".join(SKIPPED), _Leftwards._filler),
    ("and pause", _Leftwards._link),
)
"""Whether to look further left than the word that a rule is for; None where it has no business with it."""


def _chosen_behind(spans: Sequence[Span], at: int, head: int, items: Sequence[str]) -> bool:
    """Whether the goods at `head` have a choice behind them of the option that the one at `at` makes, too."""
    behind = spans[head + 1].has.get("choice", {}) if head + 1 < len(spans) else {}
    mine = {path for item in items for path, _ in spans[at].has["choice"].get(item, ())}
    return any(path in mine for item in items for path, _ in behind.get(item, ()))


def _strange(spans: Sequence[Span], at: int, head: int, previous: int) -> int | None:
    """Where words begin that end before `at`, aren't known, and stand behind a count or an option: those of goods that
    aren't had, two taro milk teas."""
    if "partial" in spans[at - 1].has:
        begin = at - 1 if at == head and before_goods(spans, at - 1) else at
    else:
        begin = at
        while begin - 1 > previous and "unknown" in spans[begin - 1].has:
            begin -= 1
        counted = begin
        while counted - 1 > previous and spans[counted - 1].has.keys() & {"choice", "partial", "tag", "unknown"}:
            counted -= 1
        if begin < at and counted - 1 > previous and "num" in spans[counted - 1].has:
            begin = counted  # "two bacon ranch salads"
    counts = {"num", "article", "choice", *(("measure",) if "item" in spans[head].has else ())}
    told = begin - 1 > previous and spans[begin - 1].has.keys() & counts
    return begin if begin < at and told else None


def _counts_follow(spans: Sequence[Span], heads: Sequence[int]) -> bool:
    """Whether every count stands behind its goods: 牛奶两盒面包一个."""
    if len(heads) < 2 or any("num" in span.has for span in spans[: heads[0]]):
        return False
    behind = [any("num" in span.has for span in spans[head + 1 : head + 3]) for head in heads]
    return all(behind) or (len(heads) > 2 and all(behind[:-1]))  # 维C两瓶绷带三卷还有洗手液


def _weighs(spans: Sequence[Span], at: int) -> bool:
    """Whether goods are weighed at `at`: "grams of", 克."""
    if "weight" not in spans[at].has:
        return False
    return "currency" not in spans[at].has or (at + 1 < len(spans) and "of" in spans[at + 1].has)


def _and_half(spans: Sequence[Span], at: int, previous: int) -> int | None:
    """Where the count before a half at `at` stands: "two and a half", 一杯半."""
    if spans[at].has.get("amount", ("",))[0] != "half":
        return None
    while at - 1 > previous and spans[at - 1].has.keys() & {"and", "measure", "article"}:
        at -= 1
    return at - 1 if at - 1 > previous and "num" in spans[at - 1].has else None


def _bare(spans: Sequence[Span], at: int, previous: int) -> bool:
    """Whether an option that these goods can't have was said of them all the same: a count stands right before it."""
    while at > previous and spans[at].has.keys() & {"choice", "measure"}:
        at -= 1
    return at > previous and bool(spans[at].has.keys() & {"num", "article", "another"})


def _counted(spans: Sequence[Span], head: int, until: int) -> bool:
    """Whether the goods at `head` have their count already, behind them. A number in the name of a choice of theirs
    counts none: the ten pieces of 윙 10조각 하나."""
    goods = spans[head].has.get("item", ())
    return any(
        "another" in span.has or ("num" in span.has and not ("choice" in span.has and valid(span.has["choice"], goods)))
        for span in spans[head + 1 : until]
    )


def _count_left(spans: Sequence[Span], at: int, previous: int, items: Sequence[str]) -> bool:
    """Whether only options of these goods stand between here and a count ("a large olive and ham pizza")."""
    while at - 1 > previous:
        has = spans[at - 1].has
        if has.keys() & {"num", "article", "another", "the"}:
            return True
        if not ("choice" in has and valid(has["choice"], items)) and not (has.keys() & {"and", "amount", "unit"}):
            return False
        at -= 1
    return False

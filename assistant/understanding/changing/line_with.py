"""A line of the basket named by what it has, or hasn't: "the one without bacon", 那个加培根的, 베이컨 안 넣은 건; how
many there are to be of it, or how many more or fewer."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.turns import Act, LineSaid
from assistant.understanding.ordering.drafts import NEGATIVE
from assistant.understanding.words.lexicon import Places
from assistant.understanding.words.names import meaning_of
from assistant.understanding.words.spans import Span, denies, may_be
from assistant.understanding.words.text import words_of
from assistant.understanding.words.utterance import Utterance

_NAMED = frozenset({"item", "ordinal", "each", "other", "again", "another"})
"""Beside these words a line isn't named so."""


def point(u: Utterance, kept: Sequence[Span]) -> None:
    """Has the words that name the only line which is so point at it, as "the second one" does, where something else is
    said of it."""
    if "choice" not in u.kinds or len(u.context.basket) < 2:
        return
    if any(not _NAMED.isdisjoint(span.has.keys() - ({"again"} if "amount" in span.has else set())) for span in kept):
        return
    if _names_line(u, kept):
        kept[0].has = {"filler": (kept[0].text,)}
        return
    for at, span in enumerate(kept):
        if "choice" not in span.has or (told := _stretch(u, kept, at)) is None:
            continue
        begin, end, without = told
        place = _only_line(u, span.has["choice"], without)
        rest = [one.has for one in (*kept[:begin], *kept[end:])]
        if place and _among_others(u, place) and any(has.keys() & {"choice", "amount", "verb"} for has in rest):
            for one in kept[begin:end]:
                one.has = {"filler": (one.text,)}
            kept[begin].has = {"ordinal": place, "one": True}
            return


def _names_line(u: Utterance, kept: Sequence[Span]) -> bool:
    """Whether a choice only says of which line something is wanted that isn't to be had, 热的加糖: it changes none."""
    if u.grammar.script != "unspaced" or len(kept) < 3:
        return False
    last = meaning_of(u.lexicon.words[u.grammar.tag], words_of(kept[0].text)[-1:])
    if "whose" not in last:
        return False
    put_in = "choice" in kept[0].has and kept[1].has.get("amount", ("",))[0] in ("with", "extra", "light")
    return put_in and "free" in kept[2].has and "choice" not in kept[2].has


def taken_off(u: Utterance) -> bool:
    """Whether all that is said is that the lines are to go which have something, or haven't it: "take off the ones
    without onions", 不要洋葱的都去掉, 양파 뺀 건 다 빼 주세요."""
    at = next((i for i, span in enumerate(u.spans) if "choice" in span.has and "item" not in span.has), None)
    if at is None or not u.context.basket or (told := _such_ones(u, at)) is None:
        return False
    begin, end, without = told
    rest = [*u.spans[:begin], *u.spans[end:]]
    if not any(map(_goes, rest)) or not all(_goes(span) or span.has.keys() & _BESIDE for span in rest):
        return False
    basket, places = u.context.basket, u.spans[at].has["choice"]
    fitting = [place for place, line in enumerate(basket, 1) if has_it(u, line, places) is (not without)]
    if len(fitting) > 1 and not any("each" in span.has or _empties(span) for span in rest):
        return False  # "the one without onions", and there are several
    lines = tuple(LineSaid(None, None, (), place) for place in reversed(fitting))
    if lines:
        u.add(begin, Act("remove", lines), set(range(len(u.spans))))
    return bool(lines)


def counted(u: Utterance) -> bool:
    """Whether all that is said is how many there are to be of the line that has something, among others of its goods:
    "make the large one two", 大杯的要两杯, 큰 거는 두 잔으로요. Where words aren't parted it may be how many more or
    fewer, of a line by its number as well: 大杯的再来一杯, 第一个少一杯."""
    if not u.context.basket or (told := _line_named(u)) is None:
        return False
    at, stands, place, marked = told
    counts = [i for i in range(len(u.spans)) if "num" in u.spans[i].has and i not in range(at, stands)]
    rest = [i for i in range(len(u.spans)) if i not in counts and i not in range(at, stands)]
    if len(counts) != 1 or counts[0] < stands or u.spans[counts[0]].has["num"][0] < 1:
        return False
    if not all(u.spans[i].has.keys() & (_COUNTED | _MORE_OR_LESS) for i in rest):
        return False
    kinds = {_makes(u, i) for i in rest if not u.spans[i].has.keys().isdisjoint(_MORE_OR_LESS | {"verb"})}
    if len(kinds) > 1 or None in kinds or (u.grammar.script == "spaced" and not kinds):
        return False  # "large coke two" may be two more
    name = kinds.pop() if kinds else "change"
    down = any("down_to" in u.spans[i].has for i in rest)
    if name == "change" and not down and (not marked or "ordinal" in u.spans[at].has or not _among_others(u, place)):
        return False  # 伊利要四盒 may be four more
    goods = {one for i in range(at, stands) for one in u.spans[i].has.get("item", ())}
    if goods and u.context.basket[place - 1].item not in goods:
        return False
    line = LineSaid(None, u.spans[counts[0]].has["num"][0], (), place)
    u.add(at, Act(name or "change", (line,)), set(range(len(u.spans))))
    return True


def _line_named(u: Utterance) -> tuple[int, int, int, bool] | None:
    """From where to where a line is named by what it has or by its number, its place, and whether the words end so."""
    at = next(
        (i for i, one in enumerate(u.spans) if "choice" in one.has and not one.has.keys() & {"item", "ordinal"}), None
    )
    named, place = {"one", "whose", "particle", "topical"}, 0
    if at is not None:
        place = _only_line(u, u.spans[at].has["choice"], False)
        named = named if u.grammar.script != "spaced" else {"one", "item", "topical"}
    elif u.grammar.script == "unspaced" and not (u.context.listed or u.context.choices):
        at = next((i for i, one in enumerate(u.spans) if "ordinal" in one.has), None)
        place, named = (u.spans[at].has["ordinal"] if at is not None else 0), named | {"measure"}
    if at is None or not 0 < place <= len(u.context.basket):
        return None
    stands = at + 1
    while stands < len(u.spans) and u.spans[stands].has.keys() & named:
        stands += 1
    if u.grammar.script == "unspaced" and stands < len(u.spans) and "the" in u.spans[stands].has:
        stands += 1  # 大的那碗
    return at, stands, place, stands > at + 1


_MORE_OR_LESS = frozenset({"again", "more", "too", "another", "lessens", "down_to"})


_COUNTED = frozenset("the verb makes measure as particle filler hesitation polite request topical clock stop".split())


def _makes(u: Utterance, at: int) -> str | None:
    """What a word does with so many of a line: sets how many there are to be ("make", 大杯的要两杯), puts more to it or
    takes some off. None where it may be anything else."""
    has = u.spans[at].has
    name = has.get("verb", ("change",))[0]
    if u.grammar.script != "unspaced":
        return "change" if name == "change" and not has.keys() & _MORE_OR_LESS else None
    if "down_to" in has:
        return "change"
    if "lessens" in has or name == "remove":
        return "remove"
    if name not in ("add", "change"):
        return None
    return "add" if has.keys() & _MORE_OR_LESS else "change" if name == "change" or at > 0 else None


_BESIDE = frozenset("each particle topical filler hesitation polite request stop".split())
"""What may stand beside the lines that are to go."""


def _goes(span: Span) -> bool:
    off = span.has.get("verb", ("",))[0] == "remove" or span.has.get("amount", ("",))[0] == NEGATIVE
    return bool(off or _empties(span))


def _empties(span: Span) -> bool:
    return may_be(span.has, "start_over")


def _such_ones(u: Utterance, at: int) -> tuple[int, int, bool] | None:
    """From where to where all lines are named that have the choice at `at`, and whether they are those without."""
    if u.grammar.script != "spaced":
        return _stretch(u, u.spans, at)
    amount = u.spans[at - 1].has.get("amount", ("",))[0] if at > 1 else ""
    ones = amount in ("with", NEGATIVE) and "one" in u.spans[at - 2].has
    return (at - 2, at + 1, amount == NEGATIVE) if ones else None


def _only_line(u: Utterance, places: Places, without: bool) -> int:
    """The place of the only line that has a choice, or is without it; else 0."""
    fitting = [at for at, line in enumerate(u.context.basket, 1) if has_it(u, line, places) is (not without)]
    return fitting[0] if len(fitting) == 1 else 0


def _among_others(u: Utterance, place: int) -> bool:
    """Whether other lines of the basket have the goods of one."""
    return sum(1 for line in u.context.basket if line.item == u.context.basket[place - 1].item) > 1


def _stretch(u: Utterance, kept: Sequence[Span], at: int) -> tuple[int, int, bool] | None:
    """From where to where the words stand that name a line by the choice at `at`, and whether it is without that."""
    before, behind = kept[at - 1].has if at else {}, kept[at + 1].has if at + 1 < len(kept) else {}
    if u.grammar.verbs_last:
        last = kept[at + 2].has if at + 2 < len(kept) else {}
        amount = behind.get("amount", ("",))[0]
        return (at, at + 3, amount == NEGATIVE) if amount in ("with", NEGATIVE) and "one" in last else None
    if u.grammar.script == "spaced":
        amount = before.get("amount", ("",))[0]
        named = at > 2 and "one" in kept[at - 2].has and "the" in kept[at - 3].has
        return (at - 3, at + 1, amount == NEGATIVE) if named and amount in ("with", NEGATIVE) else None
    return _before_choice(kept, at)


def _before_choice(kept: Sequence[Span], at: int) -> tuple[int, int, bool] | None:
    """(那个)没加培根的(那个), in languages where what tells goods apart stands before them."""
    if not at or at + 2 >= len(kept) or "whose" not in kept[at + 1].has:
        return None
    amount = kept[at - 1].has.get("amount", ("",))[0]
    if amount not in ("with", NEGATIVE) and "contains" not in kept[at - 1].has:
        return None
    begin, end, without = at - 1, at + 2, amount == NEGATIVE
    if not without and begin and denies(kept[begin - 1].has):
        begin, without = begin - 1, True
    pointed = False
    if "the" in kept[end].has:
        end, pointed = end + 1, True
    if begin and "the" in kept[begin - 1].has:
        begin, pointed = begin - 1, True
    return (begin, end, without) if pointed or not kept[end].has.keys() & {"pause", "stop"} else None


def has_it(u: Utterance, line: LineSaid, places: Places) -> bool | None:
    """Whether a line has a choice on it; None where its goods can't."""
    item = u.lexicon.catalogue.items.get(line.item or "")
    if item is None or item.id not in places:
        return None
    for path, name in places[item.id]:
        option = item.option(path)
        found = option.choice(name) if option is not None else None
        said = next((one for one in line.options if (one.option, one.choice) == (path, name)), None)
        if said is not None:
            return said.amount != NEGATIVE
        if found is not None and found.included:
            return True
    return False

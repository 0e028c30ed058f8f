"""How many there are to be of goods that are there once: 쌀은 두 개요, and where an order is read back
네 치즈버거 두 개요, 要两个芝士汉堡; of several the other way round, 반대로요, 스파게티 하나 소스 둘. That many are
wanted, and not so many more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from msgspec.structs import replace

from assistant.turns import Act, LineSaid
from assistant.understanding.words.spans import Span, may_be
from assistant.understanding.words.utterance import Utterance

_BESIDE = frozenset(
    "num measure item particle topical only filler hesitation polite pause stop makes piece as_is".split()
)
"""What may stand beside the goods and their count."""


def read(u: Utterance) -> bool:
    """Whether that is all that is said. In English a count at the read-back is asked about elsewhere."""
    if _the_other_way_round(u) or _of_lines(u) or _of_the(u):
        return True
    if u.grammar.script == "spaced" or not {"num", "item"} <= u.kinds or u.question_mark:
        return False
    goods = [i for i, span in enumerate(u.spans) if "item" in span.has]
    counts = [i for i, span in enumerate(u.spans) if "num" in span.has and i not in goods]
    confirming = u.context.expects == "confirm"
    told = u.grammar.verbs_last and any(span.has.keys() & {"topical", "only"} for span in u.spans)
    if (
        len(goods) != 1
        or len(counts) != 1
        or not (told or confirming)
        or u.kinds & {"again", "more", "too", "and", "so"}
    ):
        return False
    if u.grammar.verbs_last and counts[0] < goods[0]:
        return False
    leads = u.spans[: goods[0]] if confirming else ()
    if not all(span.has.keys() & _BESIDE or (span in leads and (_yes(span) or _wants(u, span))) for span in u.spans):
        return False
    number, there = u.spans[counts[0]].has["num"][0], u.there(u.spans[goods[0]])
    if number < 1 or len(there) != 1 or u.place_of(there[0]):
        return False
    u.add(goods[0], Act("change", (LineSaid(there[0], number),)), set(range(len(u.spans))))
    return True


def _of_the(u: Utterance) -> bool:
    """ "Two of the milk", where there is one: so many there are to be."""
    spans = [span for span in u.spans if not span.has.keys() <= {"filler", "polite", "request", "hesitation", "pause"}]
    if u.grammar.script != "spaced" or len(spans) != 3 or u.question_mark or u.context.expects not in (None, "basket"):
        return False
    count, of, goods = (span.has for span in spans)
    there = u.there(spans[2]) if "num" in count and "of_them" in of and "item" in goods else []
    number = count["num"][0] if there else 0
    line = next((one for one in u.context.basket if one.item in there), None)
    if line is None or len(there) != 1 or u.place_of(there[0]) or number <= (line.quantity or 1):
        return False
    u.add(0, Act("change", (LineSaid(there[0], number),)), set(range(len(u.spans))))
    return True


def shared_out(u: Utterance, made: list[Act]) -> list[Act]:
    """ "Make the fries one large and one small", 薯条一大一小: how each of goods that are there is to be. None come to
    them."""
    act = made[0] if len(made) == 1 and made[0].act in ("add", "change") and not made[0].instead_of else None
    if act is None or len(act.lines) < 2:
        return made
    item, counts = act.lines[0].item, [line.of or line.quantity or 1 for line in act.lines]
    there = [line for line in u.context.basket if line.item == item]
    alike = all(line.item == item and line.options and line.which is None for line in act.lines)
    if not alike or len(there) != 1 or (there[0].quantity or 1) < sum(counts):
        return made
    unnamed = not any(item in span.has.get("item", ()) for span in u.spans)  # 하나는 콜라 하나는 사이다로, of two meals
    if not unnamed and (there[0].quantity != sum(counts) or (act.act == "add" and not _named_first(u))):
        return made
    lines = [LineSaid(item, None, line.options, of=count) for line, count in zip(act.lines, counts, strict=True)]
    return [Act("change", tuple(lines))]


def told_whole(u: Utterance, made: list[Act]) -> list[Act]:
    """ "My order is two milks and a bread", "I ordered two milks", "two packs of eggs then", where there are some: how
    many there are to be, and not so many more."""
    if u.kinds.isdisjoint({"order_is", "meant"}) and not _then(u):
        return made
    return [one for act in made for one in _of_what_is_there(u, act)]


def stays(u: Utterance, made: list[Act]) -> list[Act]:
    """ "Not the bananas, the bread", where both are there: the bread stays, and none comes in the bananas' place."""
    if u.grammar.script != "spaced" or u.kinds & {"verb", "instead_of", "num", "article"} or "amount" not in u.kinds:
        return made
    there = {line.item for line in u.context.basket}
    return [
        Act("remove", act.instead_of)
        if act.act == "change"
        and len(act.lines) == 1 == len(act.instead_of)
        and act.lines == (LineSaid(act.lines[0].item),)
        and there.issuperset((act.lines[0].item, act.instead_of[0].item))
        else act
        for act in made
    ]


def _then(u: Utterance) -> bool:
    """Whether nothing but counted goods is said, with a "then" behind them."""
    beside = frozenset("item measure unit pack_of of article filler hesitation polite pause stop choice".split())
    told = [span for span in u.spans if span.has.keys() != {"and", "hesitation"}]
    ends = u.grammar.script == "spaced" and len(u.spans) > 1 and u.spans[-1].has.keys() == {"and", "hesitation"}
    counts = sum("num" in span.has for span in told) == 1 == sum("item" in span.has for span in told)
    return ends and counts and all("num" in span.has or span.has.keys() & beside for span in told)


def _of_what_is_there(u: Utterance, act: Act) -> list[Act]:
    """An order of goods as how many there are to be of those that are there; the others are ordered."""
    if act.act != "add" or act.instead_of or not u.kinds.isdisjoint({"more", "again", "another", "too"}):
        return [act]
    there = {line.item for line in u.context.basket if line.item and not u.place_of(line.item)}
    rest = tuple(line for line in act.lines if line.item not in there)
    told = [replace(line, quantity=line.quantity or 1) for line in act.lines if line.item in there]
    changes = [Act("change", (line,)) for line in told]
    return [*changes, replace(act, lines=rest)] if rest else changes


def _named_first(u: Utterance) -> bool:
    """Whether the goods are what is talked of, and their numbers follow: 薯条一大一小, "the fries one large …"."""
    if not u.kinds.isdisjoint({"again", "more", "too", "another"}):
        return False
    spans = [span for span in u.spans if not span.has.keys() & {"filler", "hesitation", "pause"}]
    first = 1 if u.grammar.script == "spaced" else 0
    return len(spans) > first and "item" in spans[first].has and (not first or "the" in spans[0].has)


def within(u: Utterance) -> None:
    """What is counted again in the same breath is restated: 빵 하나 주시고요 아 빵은 두 개요; 쌀 하나 아 두 개요."""
    if not u.grammar.verbs_last:
        return
    counted = [at for at in range(1, len(u.spans)) if _counts(u, at)]
    for first, again in pairwise(counted):
        goods, topic = _goods_of(u, first), _goods_of(u, again)
        end = again if topic is None else topic
        between = u.spans[first + 1 : end]
        if goods is None or not all(span.has.keys() & _GOES_ON for span in between):
            continue
        if topic is not None and u.spans[topic].has["item"] == u.spans[goods].has["item"]:
            if "topical" in u.spans[topic + 1].has:
                u.silence(range(goods, topic))
        elif topic is None and _ends_with_count(u, again):
            oh = [span for span in between if "hesitation" in span.has and "particle" not in span.has]
            for span in oh:
                span.has = {"correct": True}
            u.kinds.add("correct")


_GOES_ON = frozenset("measure verb filler hesitation particle polite pause stop correct".split())


def _counts(u: Utterance, at: int) -> bool:
    return "num" in u.spans[at].has and "hesitation" not in u.spans[at].has and "item" not in u.spans[at].has


def _goods_of(u: Utterance, count: int) -> int | None:
    """Where the goods stand that a number right behind them counts."""
    at = count - 1
    while at and u.spans[at].has.keys() & {"particle", "topical"} and "hesitation" not in u.spans[at].has:
        at -= 1
    return at if "item" in u.spans[at].has else None


def _ends_with_count(u: Utterance, at: int) -> bool:
    return all(span.has.keys() & _GOES_ON for span in u.spans[at + 1 :])


def _the_other_way_round(u: Utterance) -> bool:
    """Whether all that is said is how many of each there are to be, as they were taken for each other."""
    if not {"swap_counts", "num"} <= u.kinds or u.question_mark:
        return False
    goods = [i for i, span in enumerate(u.spans) if span.has.keys() & {"item", "partial"}]
    counts = [i for i, span in enumerate(u.spans) if "num" in span.has and i not in goods]
    beside = _BESIDE | {"partial", "swap_counts", "correct", "and", "but", "article", "the"}
    wants = [span for span in u.spans if "verb" in span.has]
    if not goods or len(goods) != len(counts) or not all(span in wants or span.has.keys() & beside for span in u.spans):
        return False
    lines = []
    for at, count in zip(goods, counts, strict=True):
        number, there = u.spans[count].has["num"][0], u.there(u.spans[at])
        if number < 1 or len(there) != 1 or u.place_of(there[0]):
            return False
        lines.append(LineSaid(there[0], number))
    u.add(0, Act("change", tuple(lines)), set(range(len(u.spans))))
    return True


def _of_lines(u: Utterance) -> bool:
    """Whether all that is said is how many there are to be of lines that are told by what they have:
    따뜻한 걸 두 잔으로 하고 아이스는 한 잔으로 바꿔 주세요, 반대로요 딸기 하나 초코 둘."""
    if not u.grammar.verbs_last or not {"choice", "num"} <= u.kinds or "item" in u.kinds or u.question_mark:
        return False
    changes = any(span.has.get("verb", ("",))[0] in ("change", "swap") for span in u.spans)
    beside = _BESIDE | {"choice", "one", "as", "and", "settles", "swap_counts", "correct", "verb"}
    if not (changes or "swap_counts" in u.kinds) or not all(span.has.keys() & beside for span in u.spans):
        return False
    told = [i for i, span in enumerate(u.spans) if "choice" in span.has]
    counts = [i for i, span in enumerate(u.spans) if "num" in span.has and i not in told]
    paired = len(told) == len(counts) > 1 and all(a < b for a, b in zip(told, counts, strict=True))
    places = [_place_with(u, u.spans[i].has["choice"]) for i in told] if paired else []
    numbers = [u.spans[i].has["num"][0] for i in counts]
    if not places or not all(places) or len(set(places)) < len(places) or min(numbers) < 1:
        return False
    lines = [LineSaid(u.context.basket[at - 1].item, n, (), at) for at, n in zip(places, numbers, strict=True)]
    u.add(0, Act("change", tuple(lines)), set(range(len(u.spans))))
    return True


def _place_with(u: Utterance, choice: Mapping[str, Sequence[tuple[str, str]]]) -> int:
    """The place of the only line of the basket that has a choice; 0 where several have it, or none."""
    places = [
        at
        for at, line in enumerate(u.context.basket, 1)
        if any((one.option, one.choice) in choice.get(line.item or "", ()) for one in line.options)
    ]
    return places[0] if len(places) == 1 else 0


def _yes(span: Span) -> bool:
    return may_be(span.has, "confirm")


def _wants(u: Utterance, span: Span) -> bool:
    """Whether a word wishes goods, where that stands before them: 要两个芝士汉堡."""
    return u.grammar.script == "unspaced" and span.has.get("verb", ("",))[0] == "add"

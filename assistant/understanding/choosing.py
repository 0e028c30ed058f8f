"""Which of a recogniser's hypotheses is meant, and whether that is sure enough to be done.

Each hypothesis is read by itself. The readings that come to the same acts count together; the heaviest wins. What only
a doubtful word or a narrow vote speaks for is asked about instead of done: money is never moved by a guess.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from assistant.turns import Act, Doubt, LineSaid, Meaning
from assistant.understanding.words.spans import Span
from assistant.understanding.words.text import Token

MOST_HYPOTHESES = 5
PER_RANK = 0.3
PER_UNKNOWN = 2.5
MOST_UNKNOWN = 8.0
PER_COST = 0.6
NOTHING = 3.0
IDLE = 2.0
PER_DOUBT = 0.5
"""What makes a reading less likely, in logarithms: that it stands further down the list, a word that isn't known,
what it cost to mend its words, that it asks for nothing, that it says of itself that it is no wish, a question back."""
SHARE = 0.55
"""So much of the weight of all readings the chosen one must have to be done unasked."""
EVEN = 0.62
"""And so much where the next best is an order that was heard without a slip: neither is clearly better."""
ALIKE = 0.8
"""So like what was heard a mended word must be to be acted on unasked."""
RIVAL = 0.2
"""With so much of the weight another reading is offered, too."""
VETO = 0.1
"""With so much of the weight another reading keeps a yes from being one."""
ORDERS = frozenset({"add", "remove", "change"})
FIRM = frozenset({"confirm", "buy_now", "reorder"})
"""Acts that may move money: only the best hypothesis can bring them about, and only where none speaks against it."""
UNSURE = 0.3
"""What was heard with less confidence is asked about, unless another reading comes to the same."""
ASKED = ORDERS | {"cancel", "start_over"}
"""Acts that are asked about then. A yes is looked at where it would count."""


_FREE = frozenset({"give_contact", "give_address", "answer"})
"""What is said in words that no list has."""
_TELLING = frozenset({"choice", "measure", "num"})
"""What changes an order wherever it stands: an option, a count."""


class Heard(Struct, frozen=True, eq=False):
    """One hypothesis, read."""

    meaning: Meaning
    spans: tuple[Span, ...] = ()
    """Its words with what they were taken for; none where nothing was read."""
    tokens: tuple[Token, ...] = ()
    """What the spans count by."""
    said: str = ""
    """The doubtful words as they were heard."""
    confidence: float = 1.0
    """The recogniser's."""
    by_step: bool = False
    """The whole of it answers what was asked."""
    verbs_last: bool = False
    """The language says verbs, counts and amounts behind what they are about."""


def weight(heard: Heard, rank: int, best: float) -> float:
    """How likely a reading is, against others of the same utterance. `best`: the confidence of the first."""
    meaning = heard.meaning
    against = PER_RANK * rank
    if 0 < heard.confidence < best < 1:
        against += 0.5 * math.log(best / heard.confidence)
    strange = sum(span.end - span.start for span in heard.spans if "unknown" in span.has)
    if any(act.act in _FREE for act in meaning.acts):
        strange = 0  # a name isn't known, and none the less likely for it
    against += min(PER_UNKNOWN * strange, MOST_UNKNOWN)
    against += PER_COST * sum(max(span.cost, 0.0) for span in heard.spans)
    if not any(act.act != "none" for act in meaning.acts):
        against += IDLE if meaning.acts else NOTHING
    return math.exp(-against - PER_DOUBT * len(meaning.ask))


def choose(readings: Sequence[Heard]) -> tuple[Meaning, Heard]:
    """The meaning of an utterance from its readings, best hypothesis first, and the reading that it comes from."""
    first = readings[0]
    if len(readings) == 1:
        return (_checked(first, 1.0, None, _faint(first)) if first.confidence < 1 else first.meaning), first
    weights = [weight(one, rank, first.confidence) for rank, one in enumerate(readings)]
    whole = sum(weights)
    groups: list[tuple[float, int]] = []
    """(weight, index of the likeliest) of the readings that come to the same."""
    for index, one in enumerate(readings):
        at = next((i for i, (_, known) in enumerate(groups) if _same(readings[known].meaning, one.meaning)), None)
        if at is None:
            groups.append((weights[index], index))
        else:
            before, known = groups[at]
            groups[at] = (before + weights[index], index if weights[index] > weights[known] else known)
    groups.sort(key=lambda one: -one[0])
    chosen = readings[groups[0][1]]
    share, rival = _share(groups, weights, readings, chosen)
    if {act.act for act in chosen.meaning.acts} & FIRM:
        against = any(
            heft >= VETO * whole and any(act.act != "none" for act in readings[at].meaning.acts)
            for heft, at in groups[1:]
        )
        if against or not _same(chosen.meaning, first.meaning):
            kept = tuple(act for act in chosen.meaning.acts if act.act not in FIRM)
            return replace(chosen.meaning, acts=kept), chosen
    alone = _bare(chosen) if _orders(first.meaning) else _vague(chosen)
    alone = alone and chosen is not first
    meaning = _checked(chosen, share, rival, len(groups) > 1 and _faint(first), alone)
    if chosen is first or share < 1:
        others = [readings[at] for heft, at in groups[1:] if heft >= RIVAL * whole]
        meaning = _uncounted(meaning, [one.meaning for one in others])
    if not meaning.ask and chosen is not first and _passes_over(first, chosen):
        meaning = replace(meaning, ask=tuple(_missed(first)))
    return _counted(meaning, first, chosen), chosen


def _share(
    groups: Sequence[tuple[float, int]], weights: Sequence[float], readings: Sequence[Heard], chosen: Heard
) -> tuple[float, Heard | None]:
    """How much of the weight the chosen reading has, and the next one where it has enough to be offered, too. What only
    stops earlier says nothing against what comes after: a recogniser's search leaves such ends lying about."""
    said = _letters(chosen)
    short = [said != letters and said.startswith(letters) for letters in map(_letters, readings)]
    whole = sum(weight for weight, cut in zip(weights, short, strict=True) if not cut)
    others = ((heft, at) for heft, at in groups[1:] if not short[at])
    rival = next((readings[at] for heft, at in others if heft >= RIVAL * whole), None)
    return groups[0][0] / whole, rival


def _letters(heard: Heard) -> str:
    return "".join([one for one in heard.meaning.text.casefold() if one.isalnum()])


def _counted(meaning: Meaning, first: Heard, chosen: Heard) -> Meaning:
    """A meaning whose one line isn't counted as the first reading was: how many is asked, not guessed."""
    added = [act for act in meaning.acts if act.act == "add"]
    if first is chosen or len(added) != 1 or len(added[0].lines) != 1:
        return meaning
    line = added[0].lines[0]
    counts = [span.has["num"][0] for span in first.spans if "num" in span.has]
    if len(counts) != 1 or counts[0] in (0, line.quantity or 1):
        return meaning
    other = replace(added[0], lines=(replace(line, quantity=counts[0]),))
    acts = tuple(act for act in meaning.acts if act is not added[0])
    fewer_first = (added[0], other) if (line.quantity or 1) < counts[0] else (other, added[0])  # "two" is the second
    return replace(meaning, acts=acts, ask=(Doubt(meaning.text, fewer_first), *meaning.ask))


def _orders(meaning: Meaning) -> bool:
    """Whether goods are ordered, or asked about."""
    acts = (*meaning.acts, *(act for doubt in meaning.ask for act in doubt.candidates))
    return any(act.act in ORDERS for act in acts)


def _vague(heard: Heard) -> bool:
    """Whether words were left over, or no goods are named."""
    return _bare(heard) or any("unknown" in span.has for span in heard.spans)


def _bare(heard: Heard) -> bool:
    """Whether it is only pointed at what is taken off: "remove one"."""
    acts = [act for act in heard.meaning.acts if act.act == "remove"]
    return any(line.item is None and not line.options for act in acts for line in act.lines)


def _uncounted(meaning: Meaning, others: Sequence[Meaning]) -> Meaning:
    """A meaning whose one line has no count, where another likely reading counts the same goods: how many is asked."""
    added = [act for act in meaning.acts if act.act == "add"]
    if len(added) != 1 or len(added[0].lines) != 1 or added[0].lines[0].quantity is not None:
        return meaning
    line = added[0].lines[0]
    for other in others:
        told = [act for act in other.acts if act.act == "add"]
        if len(told) != 1 or len(told[0].lines) != 1 or (told[0].lines[0].quantity or 1) < 2:
            continue
        if told[0].lines[0].item == line.item:
            acts = tuple(act for act in meaning.acts if act is not added[0])
            return replace(meaning, acts=acts, ask=(Doubt(meaning.text, (added[0], told[0])), *meaning.ask))
    return meaning


def _passes_over(first: Heard, chosen: Heard) -> bool:
    """Whether the best hypothesis has a word behind goods that isn't known, and the chosen one orders the same because
    it has words there that say nothing of goods: "… with oat milling", "… with all of this"."""
    if chosen.meaning.leftover or not _orders(first.meaning) or not _same(chosen.meaning, first.meaning):
        return False
    goods = next((at for at, span in enumerate(first.spans) if "item" in span.has), len(first.spans))
    return any("unknown" in span.has and span.text.isascii() for span in first.spans[goods:])


def _faint(heard: Heard) -> bool:
    return 0 < heard.confidence < UNSURE


def _same(one: Meaning, other: Meaning) -> bool:
    return _plain(one.acts) == _plain(other.acts) and [_plain(d.candidates) for d in one.ask] == [
        _plain(d.candidates) for d in other.ask
    ]


def _plain(acts: Sequence[Act]) -> list[Act]:
    """Acts with what goes without saying: one of something that isn't counted."""
    return [
        replace(act, lines=tuple(replace(line, quantity=line.quantity or 1) for line in act.lines))
        if act.act == "add"
        else act
        for act in acts
        if act.act != "none"
    ]


def _less(one: Sequence[Act], than: Sequence[Act]) -> bool:
    """Whether some acts only say less than others: the same lines, some options missing."""
    mine, theirs = [line for act in _plain(one) for line in act.lines], [a for act in _plain(than) for a in act.lines]
    return (
        [act.act for act in one] == [act.act for act in than]
        and len(mine) == len(theirs)
        and all(
            line == replace(other, options=line.options) and set(line.options) <= set(other.options)
            for line, other in zip(mine, theirs, strict=True)
        )
    )


def _checked(heard: Heard, share: float, rival: Heard | None, faint: bool = False, alone: bool = False) -> Meaning:
    """A reading with what is unsure of it turned into a question. `faint`: all of it is; `alone`: the best hypothesis
    orders nothing, and this one has gaps."""
    meaning = heard.meaning
    asked = ASKED if faint else ORDERS
    orders = [act for act in meaning.acts if act.act in asked]
    if not orders:
        return meaning
    ordered = {line.item for act in orders for line in (*act.lines, *act.instead_of)}
    shaky = (
        faint
        or alone
        or garbled(heard.spans, heard.verbs_last)
        or any(
            span.score < ALIKE and (span.has.keys() & _TELLING or not ordered.isdisjoint(span.has.get("item", ())))
            for span in heard.spans
        )
    )
    theirs = [act for act in rival.meaning.acts if act.act in asked] if rival is not None else []
    clear = rival is not None and _clear(rival) and bool(theirs) and not _less(theirs, orders)
    if share >= (EVEN if clear else SHARE) and not shaky:
        return replace(meaning, ask=(*meaning.ask, *_missed(heard)))
    sure, mine, theirs = _apart(orders, theirs) if theirs and not shaky else ([], orders, theirs)
    rest = [act for act in meaning.acts if act.act not in asked and act.act not in FIRM]
    if not mine:
        mine, theirs = theirs, []
    if len(mine) == 1 and len(theirs) == 1:
        doubts = [Doubt(heard.said or meaning.text, (mine[0], theirs[0]))]
    else:
        doubts = [Doubt(heard.said or meaning.text, (act,)) for act in mine]
    return replace(meaning, acts=(*sure, *rest), ask=(*doubts, *meaning.ask))


def _missed(heard: Heard) -> list[Doubt]:
    """What was said beside an order and isn't known: a question without an answer to offer.

    One letter where words aren't parted by spaces is noise, unless something was counted or left out there."""
    strange = [at for at, span in enumerate(heard.spans) if "unknown" in span.has]
    spans = heard.spans
    for at in strange:
        long = spans[at].text.isascii() or spans[at].end - spans[at].start > 1
        joined = at + 1 in strange or at - 1 in strange
        due = at > 0 and bool(spans[at - 1].has.keys() & {"num", "measure", "amount", "article"})
        if long or joined or due:
            return [Doubt(one, ()) for one in heard.meaning.leftover[:1]]
    return []


_MAKES_COUNT = frozenset(
    "num article another the verb item choice partial measure some amount multiple each ordinal category fraction unit"
    " of_them it one more again".split()
)
_LEFT_OUT = frozenset({"choice", "item", "option", "unknown", "particle", "partial", "it", "one", "num"})
_COUNTABLE = frozenset({"item", "partial", "choice", "unknown"})
_ONCE = frozenset({"verb", "item", "choice", "measure", "act", "num"})


_NO_MEASURE = frozenset({"item", "choice", "verb", "amount", "article", "filler"})
"""What a measure word may be else: 把 is one, and leads up to what is to be changed."""


def garbled(spans: Sequence[Span], verbs_last: bool) -> bool:
    """Whether the words, known as they are, make no sentence: a measure word that measures nothing, a word twice in a
    row, two counts of one thing, a word that belongs to none beside it."""
    said = [span for span in spans if "particle" not in span.has or span.has.keys() & _ONCE]
    for at, span in enumerate(said):
        before = said[at - 1] if at else None
        kinds = before.has.keys() if before is not None else frozenset()
        measures = "measure" in span.has and not span.has.keys() & _NO_MEASURE
        if measures and not kinds & ({"num"} if verbs_last else _MAKES_COUNT):
            return True
        if verbs_last and span.has.get("amount", ("",))[0] == "no" and not kinds & _LEFT_OUT:
            return True
        twice = before is not None and span.text == before.text and span.has.keys() & _ONCE
        if twice and "correct" not in span.has and not ("verb" in span.has and at == len(said) - 1):
            return True  # but 주세요 주세요 at the end asks for nothing else
        if "num" in span.has and ("num" in kinds or (at > 1 and "measure" in kinds and _pair(said, at, verbs_last))):
            return True
        if verbs_last and "num" in span.has and _counted_twice(said, at):
            return True
        if verbs_last and span.has.keys() == {"one"} and kinds & {"item", "verb"}:
            return True  # "the one" of nothing: 치즈버거 거
        if not verbs_last and span.has.keys() == {"wish"} and "measure" in kinds and _follows(said, at, "item"):
            return True  # a letter too much, or one of the name: 一个做汉堡
    return verbs_last and len(spans) > 1 and _hangs(spans[-1]) and "verb" in spans[-2].has


def _counted_twice(said: Sequence[Span], at: int) -> bool:
    """Whether goods have a count before them that is no other goods', and one behind them: 두 햄버거 하나."""
    if at < 2 or "item" not in said[at - 1].has or "num" not in said[at - 2].has:
        return False
    return at == 2 or not said[at - 3].has.keys() & _COUNTABLE


def _pair(said: Sequence[Span], at: int, verbs_last: bool) -> bool:
    """Whether a count with its measure word stands right before another one which counts nothing: neither has it a
    measure word and something behind it (一杯三杯), nor is it what it is of (一份三辣汤)."""
    if "num" not in said[at - 2].has:
        return False
    if "measure" in said[at].has or _follows(said, at, "measure"):
        return not any(one.has.keys() & _COUNTABLE for one in said[at + 2 : at + 3])
    return not verbs_last and any(one.has.keys() & {"item", "partial"} for one in said[at + 1 : at + 2])


def _follows(said: Sequence[Span], at: int, kind: str) -> bool:
    return at + 1 < len(said) and kind in said[at + 1].has


def _hangs(span: Span) -> bool:
    """Whether a particle stands apart from any word."""
    return span.has.keys() == {"particle"} and not span.glued


def _clear(heard: Heard) -> bool:
    """Whether nothing of it had to be mended or was left over."""
    return all(span.cost <= 0.5 and "unknown" not in span.has for span in heard.spans)


def _apart(mine: Sequence[Act], theirs: Sequence[Act]) -> tuple[list[Act], list[Act], list[Act]]:
    """What two readings share, and what is only in the one or the other: acts, and lines of acts that add."""
    shared = [line for line in _added(mine) if line in _added(theirs)]
    sure = [Act("add", lines=tuple(shared))] if shared else []
    left: list[list[Act]] = []
    for acts, other in ((mine, theirs), (theirs, mine)):
        kept: list[Act] = []
        for act in acts:
            if act.act != "add":
                kept += [] if act in other else [act]
            elif lines := tuple(line for line in act.lines if line not in shared):
                kept.append(replace(act, lines=lines))
        left.append(kept)
    sure += [act for act in mine if act.act != "add" and act in theirs]
    return sure, left[0], left[1]


def _added(acts: Sequence[Act]) -> list[LineSaid]:
    return [line for act in acts if act.act == "add" for line in act.lines]

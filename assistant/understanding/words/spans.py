"""From tokens to spans: what each stretch of an utterance may mean, each stretch read once.

`cut` covers the tokens with the fewest, best known phrases; `join` makes numbers, counts and amounts of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

from assistant.understanding.words.language_words import Grammar
from assistant.understanding.words.lexicon import Trie
from assistant.understanding.words.names import Found as Called
from assistant.understanding.words.names import Names, meaning_of
from assistant.understanding.words.numbers import ENGINES, is_digits
from assistant.understanding.words.text import Token, as_number


class Span:
    """A stretch of tokens with everything it may mean: kind -> value."""

    __slots__ = ("cost", "end", "glued", "has", "score", "start", "text", "why")

    def __init__(
        self,
        start: int,
        end: int,
        has: dict[str, Any],
        text: str,
        score: float = 1.0,
        why: str = "exact",
        glued: bool = False,
        cost: float = 0.0,
    ) -> None:
        self.start = start
        self.end = end
        """Tokens `start` to `end`."""
        self.has = has
        self.text = text
        self.score = score
        self.why = why
        """exact, alias; spelling (typed), sound, word, number: read again as something that is like it."""
        self.glued = glued
        self.cost = cost
        """What it cost to read them so, above an exact phrase."""

    def __repr__(self) -> str:
        return f"<{self.text}: {' '.join(self.has)}>"


class Mended(Struct, frozen=True, gc=False):
    """A reading of a stretch of tokens that isn't what its letters say."""

    end: int
    has: dict[str, Any]
    """Not shared with another."""
    text: str
    cost: float
    """An exact phrase costs 1, an unknown word 10."""
    score: float
    why: str


PHRASE_ENDS = frozenset({"and", "pause", "stop", "polite"})
"""What may follow a phrase that is whole."""
UNKNOWN: dict[str, Any] = {"unknown": True}
_GUESSES = frozenset({"partial", "short"})
_STOP: dict[str, Any] = {"stop": True}
_PAUSE: dict[str, Any] = {"pause": True}
_PART = 1.6
"""What a word costs that is but a part of a name; a known phrase costs 1, an unknown word 10."""
_GLUED = 1.5 + 1e-9
"""What a name costs that was heard as two words; a hair more, for where it is no better it isn't taken."""
_ACROSS = 2.5
"""What a few costs that begins within a word as it was written and goes on behind it: 만두 세 개 has no 두 세 in it."""
_LESS = _PART - 1e-6
_UNKNOWN = 10.0
_ALONE = {
    **dict.fromkeys(("word", "han", "hangul", "symbol"), _UNKNOWN),
    **dict.fromkeys(("number", "time"), 1.0),
    **dict.fromkeys(("stop", "pause"), 0.0),
}
"""What a token costs by itself, by its kind."""
Known = dict[int, tuple[float, dict[str, Any]]]
"""Where a known phrase ends -> what it costs, what it may mean."""
Steps = list[tuple[int, dict[str, Any] | None]]
_LONGEST = 16
"""Words of the longest part of a name that is looked for, so that a long utterance takes no longer a word."""


class Found(Struct, frozen=True, gc=False):
    """What is known of an utterance's words; filled in by each `cut`."""

    known: list[Known]
    """The phrases that begin at each token."""
    strange: set[tuple[int, int]]
    """Stretches that are no part of any name."""


def look_up(tokens: list[Token], names: Names, words: Trie, aliases: Trie | None = None) -> Found:
    return Found(_known(tokens, [token.text for token in tokens], names, words, aliases), set())


def cut(
    tokens: list[Token],
    names: Names,
    words: Trie,
    aliases: Trie | None = None,
    mended: Mapping[int, Sequence[Mended]] | None = None,
    found: Found | None = None,
) -> list[Span]:
    """The cheapest cover: an unknown word costs most, then every phrase costs one, so longer phrases win.

    Parts of names are looked up only where they may make it cheaper: where something is left over. `mended`: further
    readings, by where they begin; `found`: what was looked up of the same tokens.
    """
    count = len(tokens)
    texts = [token.text for token in tokens]
    found = found or look_up(tokens, names, words, aliases)
    known = found.known
    changed = _add_mended(known, mended) if mended else {}
    alone = [_ALONE[token.kind] for token in tokens]
    borders = names.borders
    cost, step, least = _cover(known, alone)
    if least[0] < cost[0]:
        _add_parts(texts, found, alone, least, cost[0], names)
        cost, step, _ = _cover(known, alone)
    spans = []
    at = 0
    while at < count:
        end, has = step[at]
        token = tokens[at]
        text = token.text if end == at + 1 else said_as(tokens, at, end)
        if changed and has is not None and (one := changed.get(id(has))) is not None:
            spans.append(Span(at, end, has, one.text, one.score, one.why, token.glued, one.cost - 1))
            at = end
            continue
        if has is not None:
            if (texts[at] in borders or texts[end - 1] in borders) and "item" not in has:
                has = _with_part(has, texts[at:end], names)
        else:
            if token.kind == "stop":
                has = _STOP
            elif token.kind == "pause":
                has = _PAUSE
            elif token.kind == "number":
                value = as_number(token.text)
                has = {"num": (value, "written")} if value is not None else {"fraction": token.text}
            elif token.kind == "time":
                has = {"time": token.text}
            elif token.kind == "symbol":
                has = {"symbol": True}
            elif token.text[0].isdigit() and token.text[:-2].isdigit():
                has = {"ordinal": int(token.text[:-2])}
            else:
                has = UNKNOWN
        spans.append(Span(at, end, has, text, glued=token.glued))
        at = end
    _parts_of_strange(spans)
    if aliases:
        _learned(spans, tokens, aliases)
    return _told_hours(spans, tokens, words)


def _learned(spans: list[Span], tokens: list[Token], aliases: Trie) -> None:
    """What is known by an alias alone says so; what its words may otherwise be a part of is not meant."""
    for span in spans:
        node: Trie | None = aliases
        for token in tokens[span.start : span.end]:
            node = node.get(token.text) if node is not None else None
        if node is not None and (has := node.get(None)) is not None:
            span.has, span.why = has, "alias"


def _known(tokens: list[Token], texts: list[str], names: Names, words: Trie, aliases: Trie | None) -> list[Known]:
    """The known phrases that begin at each token."""
    goods = names.find(texts)
    count, others, whole = len(tokens), names.others, names.whole
    found: list[Known] = []
    for at, text in enumerate(texts):
        here: Known = {}
        node: Trie | None = words.get(text)
        end = at + 1
        while node is not None:
            if None in node:
                here[end] = (_ACROSS if "few" in node[None] and _goes_across(tokens, at, end) else 1.0, node[None])
            if end == count:
                break
            node = node.get(texts[end])
            end += 1
        called = goods[at]
        if called is not None or text in others or (aliases and text in aliases):
            for end, has in _own(text, texts, at, called, names, aliases).items():
                both = _both(has, here[end][1]) if end in here else has
                here[end] = (_PART * (end - at) if both.keys() <= _GUESSES else 1.0, both)
        # The kinds first: most letters of scripts without spaces are no words.
        if at + 1 < count and tokens[at].kind == tokens[at + 1].kind == "word" and text + texts[at + 1] in whole:
            glued = (_GLUED, names.meaning((text + texts[at + 1],)))
            here[at + 2] = min(here.get(at + 2, glued), glued, key=lambda one: one[0])
        found.append(here)
    return found


def _goes_across(tokens: Sequence[Token], at: int, end: int) -> bool:
    return tokens[at].glued and not all(token.glued for token in tokens[at + 1 : end])


def _add_mended(known: list[Known], mended: Mapping[int, Sequence[Mended]]) -> dict[int, Mended]:
    """Adds the readings that cost less than what is known of the same words; each by the id of what it may mean, which
    is its own: words that mean the same share that."""
    changed: dict[int, Mended] = {}
    for at, found in mended.items():
        here = known[at]
        for one in found:
            if one.end not in here or one.cost < here[one.end][0]:
                has = dict(one.has)
                here[one.end] = (one.cost, has)
                changed[id(has)] = one
    return changed


def _own(
    text: str, texts: list[str], at: int, called: Called | None, names: Names, aliases: Trie | None
) -> dict[int, dict[str, Any]]:
    """What the shop's own phrases from a token on may mean, by where they end."""
    own = {end: {"item": names.ids(found)} for end, found in called.items()} if called is not None else {}
    count = len(texts)
    for trie in (names.others, aliases) if aliases else (names.others,):
        node: Trie | None = trie.get(text)
        end = at + 1
        while node is not None:
            if None in node:
                own[end] = {**own[end], **node[None]} if end in own else node[None]
            node = node.get(texts[end]) if end < count else None
            end += 1
    return own


def _with_part(has: dict[str, Any], key: list[str], names: Names) -> dict[str, Any]:
    """What a phrase may mean, and the goods whose names it is a part of, unless it is a name of the shop's itself."""
    if meaning_of(names.others, key).keys() - _GUESSES or not names.has_part(key):
        return has
    return {**has, "partial": names.part(key)}


def _cover(known: list[Known], alone: list[float]) -> tuple[list[float], Steps, list[float]]:
    """The least that it costs to cover the tokens from each on, the first step of doing so, and the least that it could
    cost if every word were a part of some name."""
    count = len(known)
    cost, least = [0.0] * (count + 1), [0.0] * (count + 1)
    step: Steps = [(0, None)] * count
    for at in range(count - 1, -1, -1):
        price = alone[at]
        best, last, choice = cost[at + 1] + price, at + 1, None
        low = least[at + 1] + (price if price < _LESS else _LESS)
        for end, (price, has) in known[at].items():
            if (total := price + cost[end]) < best or (total == best and end >= last):
                best, last, choice = total, end, has
            if (total := price + least[end]) < low:
                low = total
        cost[at], least[at], step[at] = best, low, (last, choice)
    return cost, step, least


def _add_parts(
    texts: list[str], found: Found, alone: list[float], least: list[float], most: float, names: Names
) -> None:
    """Adds the parts of names that may be in a cover which costs no more than `most`."""
    count, known, strange = len(texts), found.known, found.strange
    before = [0.0, *[float("inf")] * count]
    for at in range(count):
        price = before[at]
        before[at + 1] = min(before[at + 1], price + min(alone[at], _LESS))
        for end, (more, _) in known[at].items():
            before[end] = min(before[end], price + more)
    edge, two = [text in names.borders for text in texts], [names.may_be_two(text) for text in texts]
    for at in range(count):
        may = edge[at]
        for end in range(at + 1, min(at + _LONGEST, count) + 1):
            if not alone[end - 1]:
                break
            may = may or two[end - 1]
            if not (may or edge[end - 1]) or end in known[at] or (at, end) in strange:
                continue
            if before[at] + _LESS * (end - at) + least[end] <= most:
                if names.has_part(texts[at:end]):
                    known[at][end] = (_PART * (end - at), {})
                else:
                    strange.add((at, end))


def _both(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """Everything that two sources say of the same words."""
    both = {**other, **one}
    if "act" in one and "act" in other:
        both["act"] = (*one["act"], *(act for act in other["act"] if act not in one["act"]))
    return both


def settle(spans: list[Span]) -> list[Span]:
    """A short form of an option's name counts, unless another option follows at once ("black" olives, black beans). A
    picture is goods where it is counted, else it says nothing."""
    for at, span in enumerate(spans):
        if "symbol" in span.has:
            counted = at > 0 and bool(spans[at - 1].has.keys() & {"num", "measure", "article"})
            span.has = UNKNOWN if counted else {"filler": True}
        if "short" in span.has and "choice" not in span.has:
            short = span.has["short"]
            follower = spans[at + 1].has if at + 1 < len(spans) else {}
            if follower.keys() & {"choice", "short", "option"} and "item" not in follower:
                span.has = UNKNOWN
            else:
                span.has = {**span.has, "choice": short}
    return spans


def _parts_of_strange(spans: list[Span]) -> None:
    """A part of a name in Chinese may be that of another word, as 蛋 is of 蛋糕 and 停车 of 停车场: where what isn't
    known stands beside it, and a single letter where nothing beside it says how much of it, it isn't known either."""
    strange = [at for at, span in enumerate(spans) if _partly(span) and not _stands_whole(spans, at)]
    for at in strange:
        spans[at].has = UNKNOWN


def _partly(span: Span) -> bool:
    mere = not span.has.keys().isdisjoint({"short", "kinds"}) and span.has.keys().isdisjoint({"choice", "item"})
    return mere and "㐀" <= span.text[:1] <= "鿿"


def _stands_whole(spans: list[Span], at: int) -> bool:
    before, behind = (spans[i].has if 0 <= i < len(spans) else None for i in (at - 1, at + 1))
    if any(has is not None and has.keys() & {"unknown", "partial"} for has in (before, behind)):
        return False
    if len(spans[at].text) > 1:
        return True
    ends = behind is None or not behind.keys().isdisjoint(_BEHIND_PART)
    led = before is not None and not before.keys().isdisjoint(_BEFORE_PART)
    return ends and (led or (behind is not None and "amount" in behind))


_BEFORE_PART = frozenset({"amount", "and", "or", "measure", "pause"})
_BEHIND_PART = PHRASE_ENDS | {"amount", "particle", "or", "num", "choice", "hesitation", "verb"}


_BEFORE_HOUR = frozenset({"daypart", "day", "weekday"})


def _told_hours(spans: list[Span], tokens: list[Token], words: Trie) -> list[Span]:
    """A phrase that is an hour too is one where a day or more of the number leads up to it: 十一点, 下午一点."""
    made: list[Span] = []
    for span in spans:
        before = made[-1].has if made else {}
        if span.end == span.start + 2 and made and (before.keys() & _BEFORE_HOUR or (span.glued and _tens(before))):
            number = words.get(tokens[span.start].text, {}).get(None, {})
            clock = words.get(tokens[span.start + 1].text, {}).get(None, {})
            if "num" in number and clock.get("clock") == "oclock":
                made.append(Span(span.start, span.start + 1, number, tokens[span.start].text, glued=span.glued))
                made.append(Span(span.start + 1, span.end, clock, tokens[span.start + 1].text, glued=True))
                continue
        made.append(span)
    return made


def _tens(has: dict[str, Any]) -> bool:
    return "num" in has and has["num"][1] == "words" and has["num"][0] in (10, 20)


def said_as(tokens: list[Token], start: int, end: int) -> str:
    return "".join([t.text if t.glued or i == 0 else " " + t.text for i, t in enumerate(tokens[start:end])])


def loosen(spans: list[Span], tokens: list[Token]) -> list[Span]:
    """Takes back what was found inside an unknown Korean word: a single letter there means nothing by itself."""
    made = list(spans)
    for order in (range(1, len(made)), range(len(made) - 2, -1, -1)):
        for at in order:
            span = made[at]
            if span.end - span.start != 1 or tokens[span.start].kind != "hangul" or span.has is UNKNOWN:
                continue
            other = made[at - 1] if order.step == 1 else made[at + 1]
            glued = span.glued if order.step == 1 else other.glued
            if glued and other.has is UNKNOWN and tokens[other.start].kind == "hangul" and "particle" not in span.has:
                made[at] = Span(span.start, span.end, UNKNOWN, span.text, glued=span.glued)
    return made


def enclose(spans: list[Span]) -> list[Span]:
    """A letter between two unknown ones, where no spaces part words, is part of their word: 巨无霸."""
    for at, span in enumerate(spans):
        single = span.end - span.start == 1 and bool(span.has.keys() & {"measure", "pay"})
        if not single or span.has.keys() & {"num", "item", "choice", "verb", "method", "act"}:
            continue
        before, after = spans[at - 1] if at else None, spans[at + 1] if at + 1 < len(spans) else None
        led = before is not None and span.glued and before.has is UNKNOWN and "pay" in span.has
        leads = after is not None and after.glued and after.has is UNKNOWN and "measure" in span.has
        counts = before is not None and bool(before.has.keys() & {"num", "the", "each", "some", "verb", "ordinal"})
        if (led and (after is None or "method" not in after.has)) or (leads and before is not None and not counts):
            spans[at] = Span(span.start, span.end, UNKNOWN, span.text, glued=span.glued)  # 牙刷, 包子
    for at in range(1, len(spans) - 1):
        span, before, after = spans[at], spans[at - 1], spans[at + 1]
        single = span.end - span.start == 1 and span.glued and after.glued
        if single and before.has is after.has is UNKNOWN and span.has.keys() <= _LETTERS:
            spans[at] = Span(span.start, span.end, UNKNOWN, span.text, glued=True)
    return spans


_LETTERS = frozenset(
    "amount wish filler hesitation road deny act on each little grown people period day child adult".split()
)
"""What a single letter may mean by itself and yet be part of a longer word."""


def longer_parts(spans: list[Span], tokens: list[Token], names: Names) -> list[Span]:
    """Goods and a letter that says nothing behind them, which are together a part of other names, are that part: 螺丝刀
    is a screwdriver of either kind, and no screws."""
    at = 0
    while at + 1 < len(spans):
        span, letter = spans[at], spans[at + 1]
        at += 1
        counts = "multiple" in span.has and span.end - span.start == 1  # 双层
        if not ("item" in span.has or counts) or not letter.glued or letter.end - letter.start > 1:
            continue
        if not letter.has.keys() <= _MERE:
            continue
        key = [token.text for token in tokens[span.start : letter.end]]
        if tokens[letter.start].kind == "han" and names.has_part(key):
            part = Span(span.start, letter.end, {"partial": names.part(key)}, "".join(key), glued=span.glued)
            spans[at - 1 : at + 1] = [part]
    return spans


_MERE = frozenset({"currency", "unit", "wish", "road", "weight", "filler", "unknown", "named", "what_of"})


def unmeasured(spans: list[Span]) -> list[Span]:
    """Two letters in a row that measure nothing, though each is a measure word, are the end of a name that isn't known,
    with the single letters before them: 来一份小笼包."""
    for at in range(1, len(spans)):
        if "measure" not in spans[at].has or "measure" not in spans[at - 1].has or not spans[at].glued:
            continue
        begin = at - 1
        if begin and "num" in spans[begin - 1].has:
            continue  # 一箱瓶装水
        while begin and spans[begin].glued and spans[begin - 1].has.keys() & _ADJECTIVES:
            if spans[begin - 1].end - spans[begin - 1].start > 1 or "num" in spans[begin - 1].has:
                break
            if "measure" in spans[begin - 1].has and begin > 1 and "num" in spans[begin - 2].has:
                break
            begin -= 1
        word = spans[begin : at + 1]
        if len(word) > 2 and all(one.end - one.start == 1 and "item" not in one.has for one in word):
            text = "".join(one.text for one in word)
            made = Span(word[0].start, word[-1].end, UNKNOWN, text, glued=word[0].glued)
            return [*spans[:begin], made, *spans[at + 1 :]]
    return spans


def without_diminutives(spans: list[Span]) -> list[Span]:
    """来瓶儿水, 薯条儿: an ending that means nothing goes from behind what measures and names."""
    return [
        span
        for at, span in enumerate(spans)
        if not (at and span.has.keys() == {"diminutive"} and span.glued and spans[at - 1].has.keys() & _DIMINISHED)
    ]


_DIMINISHED = frozenset({"measure", "item", "choice", "category", "num", "adult", "child"})


def unlinked(spans: list[Span]) -> list[Span]:
    """A number of one letter with a particle that links, written as one word, is a word that isn't known: 사과, which
    would be "four and"."""
    made: list[Span] = []
    for link in spans:
        number = made[-1] if made else None
        if number is not None and link.glued and link.has.keys() == {"and"} and link.end == link.start + 1:
            alone = number.end == number.start + 1 and number.has.get("num", (0, ""))[1] == "words" and not number.glued
            if alone:
                made[-1] = Span(number.start, link.end, UNKNOWN, number.text + link.text)
                continue
        made.append(link)
    return made


_ADJECTIVES = frozenset({"choice", "measure", "little", "grown", "tag", "unknown", "wish"})


def join(spans: list[Span], grammar: Grammar) -> list[Span]:
    """Number words become numbers; a number with its measure word becomes a count."""
    if not any(["num" in span.has or "fold" in span.has for span in spans]):
        return spans
    made: list[Span] = []
    at = 0
    while at < len(spans):
        span = spans[at]
        if "fold" in span.has and (digits := _repeated(spans, at, made)) is not None:
            made.append(digits)
            at += 2
            continue
        if "num" not in span.has or _named_by_number(span):
            made.append(span)
            at += 1
            continue
        group = span.has["num"][1]
        if span.end == span.start + 1 and group != "written" and len(span.has) > 1 and not _counts(spans, at, grammar):
            made.append(
                Span(
                    span.start,
                    span.end,
                    {k: v for k, v in span.has.items() if k != "num"},
                    span.text,
                    span.score,
                    span.why,
                    span.glued,
                )
            )
            at += 1
            continue
        run, values, last = [span], [span.has["num"][0]], at + 1
        while last < len(spans):
            follower = spans[last]
            number = follower.has.get("num")
            if (
                number is not None
                and not _named_by_number(follower)
                and (number[1] == group or (group == "written" and number[0] >= 1000))
            ):
                run.append(follower)
                values.append(number[0])
                last += 1
            elif (
                follower.text in grammar.connectors
                and last + 1 < len(spans)
                and spans[last + 1].has.get("num", (0, ""))[1] == group == "words"
                and values[-1] >= 20
                and spans[last + 1].has["num"][0] < min(values[-1], 100)
            ):
                last += 1
            else:
                break
        if grammar.script == "particles" and (strange := _no_number(spans, at)):
            made += [Span(one.start, one.end, UNKNOWN, one.text, glued=one.glued) for one in spans[at:strange]]
            last = strange
        elif len(run) == 1:
            made.append(span)
        else:
            _numbers(made, run, values, group, grammar)
        at = last
    return made


def _named_by_number(span: Span) -> bool:
    """Whether a choice has a number in its name, "500 pieces": no other number goes on with it."""
    return "choice" in span.has and span.end - span.start > 1


def _repeated(spans: list[Span], at: int, before: list[Span]) -> Span | None:
    """A digit that is said once for several in a number that is read out: "one double two" is 122."""
    fold = spans[at].has["fold"]
    if at + 1 >= len(spans):
        return None
    number = spans[at + 1].has.get("num", (-1, ""))[0]
    others = [*before[-1:], *spans[at + 2 : at + 3]]
    if not 0 <= number <= 9 or not any(one.has.keys() & {"num", "digits", "fold"} for one in others):
        return None
    text = f"{spans[at].text} {spans[at + 1].text}"
    return Span(spans[at].start, spans[at + 1].end, {"digits": fold * str(number)}, text, glued=spans[at].glued)


def _no_number(spans: list[Span], at: int) -> int:
    """Where a word ends that is written as two number words of either kind and counts nothing, 만두; else 0."""
    if at + 1 >= len(spans) or not spans[at + 1].glued or (at and spans[at].glued):
        return 0
    one, other = spans[at].has["num"], spans[at + 1].has.get("num", (0, ""))
    after = spans[at + 2] if at + 2 < len(spans) else None
    if (one[1], other[1]) != ("words", "counting"):
        return 0
    counts = after is not None and not after.has.keys().isdisjoint(_COUNTED - {"num"}) and "particle" not in after.has
    return 0 if counts else at + 2


_ENDS = frozenset({"pause", "stop"})
_COUNTED = frozenset(
    {"measure", "num", "clock", "currency", "month", "day", "night", "adult", "child", "unit", "item", "more", "road"}
    | {"period"}
)


def _counts(spans: list[Span], at: int, grammar: Grammar) -> bool:
    """Whether a syllable that is a number and something else too ("네", "이") is a number here."""
    follower = spans[at + 1].has if at + 1 < len(spans) else {}
    before = spans[at - 1] if at else None
    if grammar.script != "particles":
        return "hesitation" not in spans[at].has or "num" in follower or (before is not None and "num" in before.has)
    if "hesitation" in spans[at].has and "item" in follower and (before is None or before.has.keys() & _ENDS):
        return False  # "네, 콜라도요": yes, and no four
    if before is not None and "num" in before.has and spans[at].glued:
        return not ("particle" in spans[at].has and before.has["num"][1] == "counting")  # 하나만: only one
    if spans[at].glued and "only" in spans[at].has and "item" in follower:
        return False  # 얼음 조금만 감자튀김도: no ten thousand of them
    if spans[at].glued and "only" in spans[at].has and before is not None and "measure" in before.has:
        return False  # 한 잔만 더요: only one more
    return bool(follower.keys() & _COUNTED) and not ("num" in follower and not spans[at + 1].glued)


def _numbers(made: list[Span], run: list[Span], values: list[int], group: str, grammar: Grammar) -> None:
    if group != "written" and is_digits(values) and all(v >= 0 for v in values):
        digits = "".join(map(str, values))
        made.append(
            Span(run[0].start, run[-1].end, {"digits": digits}, " ".join(r.text for r in run), glued=run[0].glued)
        )
        return
    if all(one.has["num"][1] == "written" for one in run):
        made.extend(run)
        return
    engine = ENGINES["tens" if group == "written" else grammar.number_systems.get(group, "tens")]
    at = 0
    while at < len(run):
        number, end = engine(values, at)
        if end == at + 1:
            made.append(run[at])
        else:
            text = " ".join(one.text for one in run[at:end])
            made.append(Span(run[at].start, run[end - 1].end, {"num": (number, group)}, text, glued=run[at].glued))
        at = end


def may_be(has: Mapping[str, Any], act: str) -> bool:
    """Whether a word may be this act by itself."""
    return any(name == act for name, _ in has.get("act", ()))


def denies(has: Mapping[str, Any]) -> bool:
    """Whether a word may be a no."""
    return may_be(has, "deny")


def halves(span: Span) -> bool:
    """Whether a word says half of something."""
    return bool(span.has.get("amount", ("",))[0] == "half")


def digits_of(span: Span) -> str | None:
    """The digits that a span says, as they would be written in a number."""
    if "digits" in span.has:
        return str(span.has["digits"])
    if "num" in span.has:
        number, group = span.has["num"]
        return span.text if group == "written" else str(number)
    return None

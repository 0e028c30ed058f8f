"""From tokens to spans: what each stretch of an utterance may mean, each stretch read once.

`cut` covers the tokens with the fewest, best known phrases; `join` makes numbers, counts and amounts of them.
"""

from __future__ import annotations

from typing import Any

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from assistant.understanding.lexicon import Grammar, Lexicon, Trie
from assistant.understanding.numbers import ENGINES, is_digits
from assistant.understanding.text import Token, as_number


class Span:
    """A stretch of tokens with everything it may mean: kind -> value."""

    __slots__ = ("end", "glued", "has", "score", "start", "text", "why")

    def __init__(
        self,
        start: int,
        end: int,
        has: dict[str, Any],
        text: str,
        score: float = 1.0,
        why: str = "exact",
        glued: bool = False,
    ) -> None:
        self.start = start
        self.end = end
        """Tokens `start` to `end`."""
        self.has = has
        self.text = text
        self.score = score
        self.why = why
        """exact, alias, spelling: how the words were found."""
        self.glued = glued

    def __repr__(self) -> str:
        return f"<{self.text}: {' '.join(self.has)}>"


UNKNOWN: dict[str, Any] = {"unknown": True}
_NAMES = frozenset({"item", "choice"})
_GUESSES = frozenset({"partial", "short"})
_STOP: dict[str, Any] = {"stop": True}
_PAUSE: dict[str, Any] = {"pause": True}
_SLOPPY = 3
"""At most so many words of an utterance are compared with the catalogue's by spelling."""


def cut(tokens: list[Token], names: Trie, words: Trie, aliases: Trie | None = None) -> list[Span]:
    """The cheapest cover: an unknown word costs most, then every phrase costs one, so longer phrases win."""
    tries = (words, names, aliases) if aliases else (words, names)
    count = len(tokens)
    cost = [0.0] * (count + 1)
    step: list[tuple[int, dict[str, Any] | None]] = [(0, None)] * count
    for at in range(count - 1, -1, -1):
        token = tokens[at]
        kind = token.kind
        if kind == "stop" or kind == "pause":
            cost[at], step[at] = cost[at + 1], (at + 1, _STOP if kind == "stop" else _PAUSE)
            continue
        best = cost[at + 1] + (1.0 if kind == "number" or kind == "time" else 10.0)
        choice: tuple[int, dict[str, Any] | None] = (at + 1, None)
        found: dict[str, Any] | None
        known: dict[int, dict[str, Any]] = {}
        for trie in tries:
            node: Trie | None = trie
            end = at
            while end < count:
                node = node.get(tokens[end].text) if node is not None else None
                if node is None:
                    break
                end += 1
                found = node.get(None)
                if found is not None:
                    known[end] = _both(found, known[end]) if end in known else found
        for end, found in known.items():
            price = cost[end] + (1.0 if found.keys() - _GUESSES else 1.6 * (end - at))
            if price < best or (price == best and end >= choice[0]):
                best, choice = price, (end, found)
        if kind == "word" and at + 1 < count and tokens[at + 1].kind == "word":
            found = names.get(token.text + tokens[at + 1].text, {}).get(None)
            if found is not None and found.keys() & _NAMES and (price := cost[at + 2] + 1.5) < best:
                best, choice = price, (at + 2, found)
        cost[at], step[at] = best, choice
    spans = []
    at = 0
    while at < count:
        end, has = step[at]
        token = tokens[at]
        text = token.text if end == at + 1 else _text(tokens, at, end)
        if has is None:
            if token.kind == "number":
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
        short = span.has.get("short")
        if short is not None and "choice" not in span.has:
            follower = spans[at + 1].has if at + 1 < len(spans) else {}
            if follower.keys() & {"choice", "short", "option"} and "item" not in follower:
                span.has = UNKNOWN
            else:
                span.has = {**span.has, "choice": short}
    return spans


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


def _text(tokens: list[Token], start: int, end: int) -> str:
    return "".join(t.text if t.glued or i == 0 else " " + t.text for i, t in enumerate(tokens[start:end]))


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
    for at in range(1, len(spans) - 1):
        span, before, after = spans[at], spans[at - 1], spans[at + 1]
        single = span.end - span.start == 1 and span.glued and after.glued
        if single and before.has is after.has is UNKNOWN and span.has.keys() <= _LETTERS:
            spans[at] = Span(span.start, span.end, UNKNOWN, span.text, glued=True)
    return spans


_LETTERS = frozenset({"amount", "wish", "filler", "hesitation", "road", "deny", "act", "on", "each", "little", "grown"})
"""What a single letter may mean by itself and yet be part of a longer word."""


def respell(tokens: list[Token], spans: list[Span], lexicon: Lexicon) -> dict[int, tuple[str, float]]:
    """Slips of spelling: token -> (the catalogue's word, likeness). Only one word that is very close counts."""
    found: dict[int, tuple[str, float]] = {}
    tried = 0
    for span in spans:
        token = tokens[span.start]
        if span.has is not UNKNOWN or token.kind != "word" or len(token.text) < 4 or not token.text.isascii():
            continue
        tried += 1
        if tried > _SLOPPY:
            return {}
        word = token.text
        known = lexicon.vocabulary.get(word[0], ())
        room = 1 if len(word) < 8 else 2
        near = extract(word, known, scorer=OSA.distance, score_cutoff=room, limit=3)
        near = [one for one in near if len(one[0]) >= 5]
        if not near or (len(near) > 1 and near[0][1] == near[1][1] and near[0][0][:4] != near[1][0][:4]):
            continue
        found[span.start] = (str(near[0][0]), 1 - float(near[0][1]) / max(len(word), 1))
    return found


def join(spans: list[Span], grammar: Grammar) -> list[Span]:
    """Number words become numbers; a number with its measure word becomes a count."""
    made: list[Span] = []
    at = 0
    while at < len(spans):
        span = spans[at]
        if "num" not in span.has:
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
            if number is not None and (number[1] == group or (group == "written" and number[0] >= 1000)):
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
        if len(run) == 1:
            made.append(span)
        else:
            _numbers(made, run, values, group, grammar)
        at = last
    return made


_COUNTED = frozenset(
    {"measure", "num", "clock", "currency", "month", "day", "night", "adult", "child", "unit", "item", "more", "road"}
)


def _counts(spans: list[Span], at: int, grammar: Grammar) -> bool:
    """Whether a syllable that is a number and something else too ("네", "이") is a number here."""
    if grammar.script != "particles":
        return True
    follower = spans[at + 1].has if at + 1 < len(spans) else {}
    before = spans[at - 1] if at else None
    if before is not None and "num" in before.has and spans[at].glued:
        return not ("particle" in spans[at].has and before.has["num"][1] == "counting")  # 하나만: only one
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

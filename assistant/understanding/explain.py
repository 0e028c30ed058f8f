"""Why an utterance was read as it was: its stretches, what each may mean, how sure and why, and what came of it.

For people who look; a talk doesn't pass through here. It runs the very stages that a talk does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct

from assistant.commerce.catalogue import name_in
from assistant.turns import Act, Hypothesis, LineSaid, Meaning
from assistant.understanding import readings
from assistant.understanding.choosing import choose
from assistant.understanding.context import Context
from assistant.understanding.misheard.near import near_of
from assistant.understanding.words.lexicon import Lexicon
from assistant.understanding.words.spans import Span
from assistant.understanding.words.text import Token, fold

NEAREST = 3
"""So many names are shown of those that words are like."""
LIKE = 0.65
"""Less like a name than this, words are like none."""
SHOWN = 3
"""So many things are shown that words may mean, and so many kinds of them."""

KINDS: Mapping[str, str] = {
    "item": "item",
    "choice": "choice",
    "method": "payment",
    "fulfilment": "way to get it",
    "category": "kind of goods",
    "option": "option",
    "num": "number",
    "digits": "digits",
    "time": "time",
    "act": "command",
    "verb": "verb",
    "amount": "how much",
    "measure": "measure word",
    "partial": "part of a name",
    "short": "short name",
    "tag": "attribute",
    "free": "free of",
    "topic": "topic",
    "day": "day",
    "weekday": "day",
    "month": "month",
    "clock": "time",
    "unknown": "not known",
}
"""What a stretch may be, in words, the weightiest first. Other kinds are called by their own names."""
_QUIET = frozenset({"stop", "pause"})


class Candidate(Struct, frozen=True):
    """One thing that a stretch may mean."""

    kind: str
    id: str
    name: str
    """As the shop calls it; the id where it has no name."""
    score: float
    why: str
    """exact, part, spelling, sound, alias …; near: it is like this name, but not enough to be taken for it."""


class Row(Struct, frozen=True):
    """One stretch of an utterance."""

    said: str
    kinds: tuple[str, ...]
    """What it may be, as KINDS says it."""
    candidates: tuple[Candidate, ...]
    score: float
    why: str


class Explained(Struct, frozen=True):
    meaning: Meaning
    rows: tuple[Row, ...]
    expected: str | None
    """The step that the whole of it answers."""


def explain(
    hypotheses: tuple[Hypothesis, ...], lexicon: Lexicon, context: Context, language: str | None = None
) -> Explained:
    """The same meaning as `understand` gives, with the way to it."""
    if not hypotheses:
        return Explained(Meaning(language=language or ""), (), None)
    meaning, heard = choose(readings(hypotheses, lexicon, context, language))
    rows = tuple(_rows(meaning, heard.spans, heard.tokens, lexicon))
    return Explained(meaning, rows, context.expects if heard.by_step else None)


def _rows(meaning: Meaning, spans: Sequence[Span], tokens: Sequence[Token], lexicon: Lexicon) -> Iterator[Row]:
    at = 0
    while at < len(spans):
        span, last = spans[at], at + 1
        if "unknown" in span.has:  # neighbours that aren't known are one stretch
            while last < len(spans) and "unknown" in spans[last].has:
                last += 1
        said = meaning.text[tokens[span.start].start : tokens[spans[last - 1].end - 1].end]
        at = last
        if span.has.keys() <= _QUIET:
            continue
        if "unknown" in span.has:
            words = tuple(token.text for token in tokens[span.start : spans[last - 1].end])
            near = tuple(_near(words, lexicon, meaning.language))
            yield Row(said, (KINDS["unknown"],), near, 0.0, near[0].why if near else "nothing is like it")
        else:
            yield _row(said, span, lexicon, meaning.language)


def _row(said: str, span: Span, lexicon: Lexicon, language: str) -> Row:
    weight = {kind: at for at, kind in enumerate(KINDS)}
    kinds = sorted(span.has, key=lambda kind: weight.get(kind, len(weight)))
    why = span.why
    if why == "exact" and kinds[0] in ("partial", "short"):
        why = "part"
    elif why != "exact" and fold(said) != span.text:
        why = f"{why}: {span.text}"
    things = tuple(
        Candidate(kind, one, _name(kind, one, lexicon, language), span.score, span.why)
        for kind in kinds
        for one in _things(kind, span.has[kind])
    )
    shown = tuple(dict.fromkeys(KINDS.get(kind, kind.replace("_", " ")) for kind in kinds))[:SHOWN]
    return Row(said, shown, things, span.score, why)


def _things(kind: str, value: Any) -> list[str]:
    """What a kind's value names, as text."""
    if kind in ("item", "partial"):
        return list(value)
    if kind in ("choice", "short", "option") and isinstance(value, Mapping):
        pairs = (pair for one in value.values() for pair in one)
        return list(dict.fromkeys("/".join(pair) if isinstance(pair, tuple) else str(pair) for pair in pairs))
    if kind in ("num", "verb", "amount"):
        return [str(value[0])]
    if kind == "act":
        return [name if detail is None else f"{name} {detail}" for name, detail in value]
    return [str(value)] if kind in KINDS and isinstance(value, str | int) and not isinstance(value, bool) else []


def _name(kind: str, one: str, lexicon: Lexicon, language: str) -> str:
    item = lexicon.catalogue.items.get(one) if kind in ("item", "partial") else None
    return name_in(item.names, language, lexicon.shop.languages, one) if item is not None else one


def _near(words: tuple[str, ...], lexicon: Lexicon, language: str) -> Iterator[Candidate]:
    """The names that unknown words are most like, though not enough to be taken for them."""
    near = near_of(lexicon, language)
    for match in near.find(words, most=NEAREST, least=LIKE) or near.within(words, most=NEAREST):
        kind = next((one for one in KINDS if one in match.readings), "")
        for one in _things(kind, match.readings[kind])[:1] if kind else ():
            yield Candidate(kind, one, _name(kind, one, lexicon, language), match.likeness, "near")


# ------------------------------------------------------------------------------------------------------ for people


def as_json(explained: Explained) -> dict[str, Any]:
    """The part that comes with the meaning's own JSON."""
    spans = [
        {
            "said": row.said,
            "kinds": list(row.kinds),
            "candidates": [
                {"kind": one.kind, "id": one.id, "name": one.name, "score": round(one.score, 3), "why": one.why}
                for one in row.candidates
            ],
            "score": round(row.score, 3),
            "why": row.why,
        }
        for row in explained.rows
    ]
    return {"spans": spans, "expected": explained.expected}


HEAD = ("words", "are", "may mean", "score", "why")


def as_rows(explained: Explained) -> Iterator[tuple[str, ...]]:
    """The table of one utterance: the head, its stretches, then what came of it."""
    meaning = explained.meaning
    yield HEAD
    for row in explained.rows:
        known = row.score > 0
        shown = [one.id if known else f"{one.id} {one.score:.2f}" for one in row.candidates]
        more = f" … {len(shown)} in all" if len(shown) > SHOWN else ""
        score = f"{row.score:.2f}" if known else "-"
        yield (row.said, " / ".join(row.kinds), ", ".join(shown[:SHOWN]) + more, score, row.why)
    if explained.expected is not None:
        yield ("=>", "answer", explained.expected, "", "expected at this step")
    for act in meaning.acts:
        yield ("=>", "does", told(act), "", "")
    for doubt in meaning.ask:
        asked = " or ".join(map(told, doubt.candidates)) or "what it was"
        yield ("=>", "asks", asked, "", f"in doubt: {doubt.heard}")
    for words in meaning.leftover:
        yield ("=>", "leaves", words, "", "not understood")
    if not (meaning.acts or meaning.ask or meaning.leftover):
        yield ("=>", "does", "nothing", "", "")
    yield ("=>", "surety", f"{meaning.confidence:.2f}", "", "")


def told(act: Act) -> str:
    """An act in one line: `add 2 cheeseburger (extras/onion no)`."""
    parts = [_line(line) for line in act.lines]
    if act.instead_of:
        parts.append("instead of " + ", ".join(map(_line, act.instead_of)))
    parts += [*act.items]
    parts += [str(one) for one in (act.step, act.value, act.number) if one is not None]
    return " ".join([act.act, ", ".join(one for one in parts if one)]).strip()


def _line(line: LineSaid) -> str:
    options = (f"{one.option}/{one.choice}" + _amount((one.amount, one.part)) for one in line.options)
    detail = ", ".join(options)
    place = f" @{line.which}" if line.which is not None else ""
    count = f"{line.quantity} " if line.quantity is not None else ""
    return f"{count}{line.item or 'it'}{place}" + (f" ({detail})" if detail else "")


def _amount(parts: Iterable[Any]) -> str:
    return "".join(f" {one}" for one in parts if one is not None)

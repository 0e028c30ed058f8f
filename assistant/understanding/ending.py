"""How far a turn has come that is still being spoken: whether it is whole, may end here, or lacks something yet.

It looks at the last words, as `cut` reads them, and at what was asked. Whoever listens waits accordingly.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from msgspec import Struct

from assistant.turns import AnswerKind, Ending
from assistant.understanding.words.language_words import Grammar, expand
from assistant.understanding.words.lexicon import Lexicon
from assistant.understanding.words.spans import Span, cut, digits_of, enclose, join, loosen
from assistant.understanding.words.text import SHORTEST_PHONE, fold, show, tokenise, words_of

MOST_LETTERS = 160
"""So much of the end is looked at."""
_IDLE = frozenset({"filler", "hesitation", "wish", "the", "it", "greeting", "particle", "on"})
_LIGHT = frozenset(
    {"filler", "hesitation", "polite", "wish", "pay", "article", "the", "one", "numbered", "request", "particle"}
)
_TELLS = frozenset({"item", "choice", "method", "fulfilment", "num", "ordinal", "category", "clock", "unknown"})
_DANGLES = frozenset({"and", "or", "but", "article", "of", "of_them", "instead_of", "role", "side_of", "pay"})
_NAMES = frozenset({"item", "choice", "option", "category", "partial", "short", "it", "one", "goods", "unknown"})
_LEADS = frozenset({"at", "in", "past", "to", "half_past", "quarter_past", "quarter_to"})
"""Words of the clock that an hour or a number follows."""
_ASIDE = frozenset({"stop", "pause"})
_COUNTS = frozenset({"num", "article", "another", "some"})
_ORDERS = frozenset({"add", "remove", "change", "swap"})


class Ends(Struct, frozen=True, eq=False):
    """What a language's file says of ends."""

    half: frozenset[tuple[str, ...]]
    goes_on: re.Pattern[str] | None
    phone: re.Pattern[str] | None
    counted: frozenset[str]
    """Numbers in a form that only stands before what it counts."""
    leading: frozenset[str]
    """Words that stand before a name: articles and the like."""


@lru_cache(maxsize=32)
def _ends(tag: str, tables: Frozen) -> Ends:
    listen = tables.of.get("listen", {})
    counting = tables.of.get("numbers", {}).get("counting", {})
    several = {value for value in counting.values() if sum(one == value for one in counting.values()) > 1}
    words = tables.of.get("words", {})
    leading = frozenset(words_of(one)[-1] for kind in ("article", "the", "of") for one in words.get(kind, ()))
    goes_on, phone = listen.get("goes_on"), listen.get("phone")
    return Ends(
        frozenset(words_of(one) for phrase in listen.get("half", ()) for one in expand(phrase)),
        re.compile(goes_on) if goes_on else None,
        re.compile(phone) if phone else None,
        frozenset(one for one in listen.get("counts", ()) if counting.get(one) in several),
        leading - {words_of(one)[-1] for one in words.get("it", ())},
    )


class Frozen:
    """Tables as a key: by what they are, not by what they say."""

    __slots__ = ("of",)

    def __init__(self, of: Mapping[str, Any]) -> None:
        self.of = of

    def __hash__(self) -> int:
        return id(self.of)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Frozen) and other.of is self.of


def ending(
    lexicon: Lexicon,
    text: str,
    language: str,
    kind: AnswerKind | None = "open",
    choices: Sequence[str] = (),
) -> Ending:
    """`kind`: what sort of answer is waited for (None: any words); `choices`: the texts of what was offered."""
    tokens = tokenise(fold(show(text[-MOST_LETTERS:])))
    if all(token.kind in _ASIDE or token.kind == "symbol" for token in tokens):
        return "nothing"
    if language not in lexicon.words:
        return "open"
    grammar = lexicon.grammars[language]
    spans = cut(tokens, lexicon.names, lexicon.words[language], lexicon.aliases)
    if grammar.script == "particles":
        spans = loosen(spans, tokens)
    elif grammar.script == "unspaced":
        spans = enclose(spans)
    spans = [span for span in join(spans, grammar) if not span.has.keys() & _ASIDE]
    tables = lexicon.tongues[language].tables
    ends = _ends(language, Frozen(tables))
    if _idle(spans):
        return "nothing"
    if _whole(spans, kind, choices, ends):
        return "whole"
    return "half" if _half(spans, kind, ends, grammar) else "open"


def _idle(spans: Sequence[Span]) -> bool:
    """Nothing but sounds that fill a pause. What may be an answer, too ("okay", 好的), is none."""
    return all(span.has.keys() & {"filler", "hesitation"} and span.has.keys() <= _IDLE for span in spans)


def _whole(spans: Sequence[Span], kind: AnswerKind | None, choices: Sequence[str], ends: Ends) -> bool:
    core = [span for span in spans if not _light(span)]
    core = [span for span in core if "one" not in span.has or "num" not in span.has] or core  # the large *one*
    if kind in ("yes_no", "choice") and _answers(spans):
        return True
    if kind == "number":
        return bool(core) and all(span.has.keys() & {"num", "measure", "night", "adult", "child"} for span in core)
    if kind == "choice":
        said = frozenset(_words(core))
        fitting = [one for one in choices if said and said <= frozenset(words_of(one))]
        if len(fitting) == 1 or any(words_of(one) == tuple(_words(spans)) for one in choices):
            return True
        if not core:
            return False
        if all(span.has.keys() & {"ordinal", "measure", "num"} for span in core):
            numbers = [span.has["num"][0] for span in core if "num" in span.has]
            return any("ordinal" in one.has for one in core) or (bool(choices) and numbers[:1] <= [len(choices)])
        return all(span.has.keys() & {"method", "fulfilment"} for span in core)
    if kind == "time":
        return bool(core) and all(span.has.get("clock") in ("asap", "noon", "midnight") for span in core)
    if kind in ("digits", "name"):
        digits = _digits(spans)
        return bool(ends.phone and digits and ends.phone.search(digits))
    return False


def _light(span: Span) -> bool:
    return bool(span.has.keys() & _LIGHT) and not span.has.keys() & _TELLS


def _answers(spans: Sequence[Span]) -> bool:
    """Whether it is a yes or a no, and nothing else."""
    kinds = [_acts(span) & {"confirm", "deny"} for span in spans]
    beside = all(
        found or span.has.keys() & {"filler", "hesitation", "polite"} for found, span in zip(kinds, spans, strict=True)
    )
    return beside and any(kinds)


def _acts(span: Span) -> set[str]:
    return {name for name, _value in span.has.get("act", ())}


def _words(spans: Sequence[Span]) -> list[str]:
    return [word for span in spans for word in words_of(span.text)]


def _digits(spans: Sequence[Span]) -> str:
    """The digits that were said, in a row."""
    made, times = "", 1
    for span in spans:
        if "fold" in span.has and "num" not in span.has:
            times = int(span.has["fold"])
            continue
        digits = digits_of(span)
        if digits is not None:
            made += digits[:1] * (times - 1) + digits
        times = 1
    return made


def _half(spans: Sequence[Span], kind: AnswerKind | None, ends: Ends, grammar: Grammar) -> bool:
    last = spans[-1]
    before = spans[-2].has if len(spans) > 1 else {}
    has, alone = last.has, len(spans) == 1
    if kind == "address":
        return _unfinished_address(spans)
    if kind in ("digits", "name") and (digits := _digits(spans)):
        return len(digits) < SHORTEST_PHONE or "fold" in has
    words = words_of(last.text)
    if kind == "time" and has.get("clock") not in (None, *_LEADS):
        return False
    if len(words) > 1 and grammar.script == "spaced" and words[-1] in ends.leading and "item" not in has:
        return True
    if not has.keys() & {"item", "choice", "num"} and any(words[-size:] in ends.half for size in (1, 2, 3)):
        return True
    if ends.goes_on and has.keys() & {"verb", "amount", "filler", "act"} and ends.goes_on.search(last.text):
        return True
    if kind in ("yes_no", "choice") and alone and _acts(last) & {"confirm", "deny"}:
        return False
    if "num" in has or "fold" in has or "multiple" in has:
        return _dangling_number(last, before, kind, ends, grammar)
    if (
        not grammar.verbs_last
        and "choice" in has
        and not has.keys() & {"item", "verb"}
        and "num" in before
        and kind == "open"
    ):
        return True  # "two large"
    if "measure" in has and not has.keys() & {"item", "choice", "act"}:
        named = any(span.has.keys() & _NAMES for span in spans[:-1])
        return not named and kind not in ("number", "time", "choice") and (alone or bool(before.keys() & _COUNTS))
    if has.keys() & _DANGLES and not has.keys() & _NAMES - {"unknown"}:
        return True
    if "the" in has and "it" not in has:
        return True
    if grammar.script == "spaced" and ("on" in has or has.get("clock") in _LEADS) and "verb" not in has:
        return True
    named = bool(before.keys() & _NAMES)
    if "amount" in has:
        side = has["amount"][1]
        if side == "before" or (side == "both" and not named):
            return not (named and "verb" in has) and not (
                _acts(last) and not grammar.verbs_last and not _no(last, kind)
            )
    if "verb" in has and not grammar.verbs_last:
        name, side = has["verb"]
        plain = name in _ORDERS and side in ("before", "both") and not named
        return plain and (not _acts(last) or (kind == "open" and _acts(last) <= {"confirm", "deny"}))
    return False


def _no(last: Span, kind: AnswerKind | None) -> bool:
    """Whether "no" or 要, said alone, more likely begins what is wished: nobody asked for a yes or a no."""
    return _acts(last) <= {"confirm", "deny"} and kind not in ("yes_no", "choice", "number", "time")


def _dangling_number(
    last: Span, before: Mapping[str, Any], kind: AnswerKind | None, ends: Ends, grammar: Grammar
) -> bool:
    """Whether something must follow that is counted."""
    if kind in ("number", "choice", "yes_no", "time"):
        return last.text in ends.counted
    if last.has.keys() & {"item", "choice", "act"}:
        return False
    if grammar.verbs_last and before.keys() & _NAMES:
        return last.text in ends.counted
    return not before.keys() & {"makes", "verb"} or before.get("verb", ("",))[0] not in ("change", "")


def _unfinished_address(spans: Sequence[Span]) -> bool:
    """Whether the number or the road is still to come."""
    numbered = any(span.has.keys() & {"num", "digits"} for span in spans)
    road = any("road" in span.has for span in spans)
    dangling = bool(spans[-1].has.keys() & {"and", "of", "on", "article"}) and "road" not in spans[-1].has
    return dangling or not (numbered and road)

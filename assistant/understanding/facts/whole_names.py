"""Names told as whole words: which words of an answer are somebody's name, though their letters mean something else.

Works on spans before numbers are joined. A span that is part of a name becomes an unknown word, and what `people`
finds of names needs to know no more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from assistant.understanding.words.language_words import Grammar
from assistant.understanding.words.spans import UNKNOWN, Span
from assistant.understanding.words.text import Token

_WHOLE = 5
"""Digits of the shortest phone beside which a name stands."""
_MOST_WORDS = 4
_PARTICLE = {"particle": True}


def keep_whole(
    spans: list[Span], tokens: Sequence[Token], shown: str, grammar: Grammar, expects: str | None
) -> list[Span]:
    """The spans, with the words of a name made unknown words: wherever a name is announced or stands before a phone,
    and anywhere in the answer to who it is for."""
    asked = expects == "contact"
    if (grammar.script == "spaced" and not asked) or any([span.why != "exact" for span in spans]):
        return spans
    if grammar.script == "particles":
        return _of_syllables(spans, tokens, grammar, asked)
    if asked and grammar.script == "unspaced":
        return _of_letters(spans, grammar)
    if grammar.script == "unspaced":
        return _before_phone(spans, tokens, grammar)
    return _of_capitals(spans, tokens, shown, grammar)


def _announces(span: Span) -> bool:
    return "named" in span.has or ("give_contact", "name") in span.has.get("act", ())


# ------------------------------------------------------------------------------- a family name and what follows


_NO_NAME = frozenset(
    "item choice option category method fulfilment verb act pay day weekday daypart clock measure currency period"
    " month question asking language road".split()
)
"""What a longer word inside a name cannot be: with a dish in it, it is that dish."""
_COUNTED = frozenset({"num", "measure", "currency", "period", "clock", "percent", "night", "adult", "month", "unit"})
_SOFT = frozenset({"particle", "filler", "hesitation", "and", "as", "topical"})


def _of_syllables(spans: list[Span], tokens: Sequence[Token], grammar: Grammar, asked: bool) -> list[Span]:
    made: list[Span] = []
    at = 0
    while at < len(spans):
        end = at + 1
        hangul = tokens[spans[at].start].kind == "hangul"
        while end < len(spans) and hangul and spans[end].glued and tokens[spans[end].start].kind == "hangul":
            end += 1
        word = spans[at:end]
        led = bool(made) and _announces(made[-1])
        if hangul and (asked or led or _phone_behind(tokens, word[-1].end)):
            word = _named(word, tokens, grammar)
        made += word
        at = end
    return made


def _before_phone(spans: list[Span], tokens: Sequence[Token], grammar: Grammar) -> list[Span]:
    """A family name and a letter or two, alone before a phone that nobody asked for: 张三 13800138000."""
    start = 0
    for end, span in enumerate(spans):
        size = end - start
        if 2 <= size <= _MOST_WORDS and spans[start].text in grammar.surnames and _phone_behind(tokens, span.start):
            word = spans[start:end]
            if all(one.end - one.start == 1 and tokens[one.start].kind == "han" for one in word):
                letters = "".join(one.text for one in word)
                made = Span(word[0].start, word[-1].end, UNKNOWN, letters, glued=word[0].glued)
                return [*spans[:start], made, *spans[end:]]
        if span.has.keys() & {"pause", "stop"} or _announces(span):
            start = end + 1
    return spans


def _phone_behind(tokens: Sequence[Token], at: int) -> bool:
    while at < len(tokens) and tokens[at].kind == "pause":
        at += 1
    digits = tokens[at].text if at < len(tokens) and tokens[at].kind == "number" else ""
    return digits.isdigit() and (len(digits) >= _WHOLE or (len(digits) >= 2 and digits[0] == "0"))


def _named(word: list[Span], tokens: Sequence[Token], grammar: Grammar) -> list[Span]:
    """A word, its name made one unknown span and what is behind it a particle, where it is a name."""
    start, end = word[0].start, word[-1].end
    if len(word) == 1 or any(token.glued is False for token in tokens[start + 1 : end]):
        return word
    letters = "".join(token.text for token in tokens[start:end])
    size = len(whole_name(letters, grammar))
    inside = [span for span in word if span.start < start + size]
    if not size or _counts(inside) or not all(_may_be_named(span, start, start + size) for span in inside):
        return word
    made = [Span(start, start + size, UNKNOWN, letters[:size], glued=word[0].glued)]
    if size < len(letters):
        made.append(Span(start + size, end, _PARTICLE, letters[size:], glued=True))
    return made


def _may_be_named(span: Span, start: int, end: int) -> bool:
    """Whether a span of a word may be part of a name at `start` to `end`: a syllable, or a longer word behind the
    family name; one that the ending is in is nothing but an ending."""
    if span.end > end:
        return span.has.keys().isdisjoint(_NO_NAME) and not span.has.keys().isdisjoint(_SOFT)
    if span.end - span.start == 1:
        return True
    return span.start > start and span.has.keys().isdisjoint(_NO_NAME)


def _counts(inside: Sequence[Span]) -> bool:
    """Whether a stretch is a count, "5만", "한 개": a number, and more of it or what is counted. A digit is followed by
    no number of the other kind, so the family name of 이하나 is none."""
    if "num" not in inside[0].has or any(span.has.keys().isdisjoint(_COUNTED) for span in inside):
        return False
    value, group = inside[0].has["num"]
    behind = inside[1].has.get("num") if len(inside) > 1 else None
    longer = behind is not None and inside[1].end - inside[1].start > 1
    return not (behind is not None and longer and value < 10 and group != behind[1])


def whole_name(word: str, grammar: Grammar) -> str:
    """The name in a word: all of it where it is one already, else what is left without its endings; "" for none."""
    always, others = grammar.name_endings.get("always", {}), grammar.name_endings.get("behind", {})
    for endings in (always, {**always, **others}):
        if endings is not always and _is_name(word, grammar):
            return word
        for exactly in (True, False):
            if found := _without(word, endings, grammar, exactly, 2):
                return found if found != "-" else ""
    return ""


def _without(word: str, endings: Mapping[str, str], grammar: Grammar, exactly: bool, more: int) -> str:
    """The name in a word that ends in one of the endings, or in two; "-" where only a family name would be left.
    `exactly`: only endings that sound right behind what they follow."""
    for ending in sorted(endings, key=len, reverse=True):
        rest = word.removesuffix(ending)
        if rest == word or not rest or (exactly and endings[ending] not in ("any", _sound(rest))):
            continue
        if _is_name(rest, grammar):
            return rest
        if len(rest) == 1 and rest in grammar.surnames:
            return "-"
        if more > 1 and (found := _without(rest, endings, grammar, exactly, more - 1)):
            return found
    return ""


def _is_name(word: str, grammar: Grammar) -> bool:
    long = word[:2] in grammar.surnames and 3 <= len(word) <= 4
    return long or (word[:1] in grammar.surnames and 2 <= len(word) <= 3)


def _sound(word: str) -> str:
    """How a Korean word ends: closed by a consonant or open."""
    return "closed" if (ord(word[-1]) - 0xAC00) % 28 else "open"


# ----------------------------------------------------------------------------------------- letters without spaces


def _of_letters(spans: list[Span], grammar: Grammar) -> list[Span]:
    """A family name and a number word, alone between pauses or before a phone: 张三."""
    made = list(spans)
    at = 0
    while at < len(made):
        end = at + 1
        while end < len(made) and not _parts(made[end]):
            end += 1
        run = made[at:end]
        single = all(span.end - span.start == 1 and span.has.keys().isdisjoint(_DOES) for span in run)
        numbered = any("num" in span.has for span in run[1:])
        if 2 <= len(run) <= 3 and single and numbered and run[0].text in grammar.surnames:
            counted = any("num" in one.has and "measure" in two.has for one, two in pairwise(run[1:]))
            if not counted:
                made[at:end] = [Span(one.start, one.end, UNKNOWN, one.text, glued=one.glued) for one in run]
        at = max(end, at + 1)
    return made


_DOES = frozenset({"item", "choice", "verb", "act", "method", "fulfilment"})


def _parts(span: Span) -> bool:
    """Whether a span parts what may be a name from something else."""
    return bool(span.has.keys() & {"pause", "stop"}) or span.has.get("num", (0, ""))[1] == "written"


# ------------------------------------------------------------------------------------------------ capital letters


_LEADS = frozenset({"filler", "polite", "hesitation", "greeting", "named", "on", "clock", "and"})
"""What may stand before a name in an answer."""
_FOLLOWS = frozenset({"filler", "polite", "method", "pay", "and", "fulfilment"})
_REAL = frozenset({"unknown", "month"})
"""One word of a name at the least is a word that is nothing else here, or is the name of a month."""
_OTHERWISE = frozenset("item verb fulfilment it pay currency request filler polite amount digits".split())
"""What words of a name are not."""


def _of_capitals(spans: list[Span], tokens: Sequence[Token], shown: str, grammar: Grammar) -> list[Span]:
    """Words that begin with a capital, alone in their part of the utterance or beside a phone: "Will Young", "May 555
    0100". Where all is in capitals they tell nothing."""
    if shown.upper() == shown:
        return spans
    made = list(spans)
    at = 0
    while at < len(spans):
        end = at
        while end < len(spans) and _capital(spans[end], tokens, shown):
            end += 1
        if end == at:
            at += 1
            continue
        begin, stop = at, end
        while begin < stop and _leads(spans[begin], grammar):
            begin += 1
        while stop > begin and "polite" in spans[stop - 1].has:
            stop -= 1
        if begin < stop and _is_named(spans, begin, stop, grammar):
            for i in range(begin, stop):
                made[i] = Span(spans[i].start, spans[i].end, UNKNOWN, spans[i].text, glued=spans[i].glued)
        at = end
    return made


def _capital(span: Span, tokens: Sequence[Token], shown: str) -> bool:
    return all(token.kind == "word" and shown[token.start].isupper() for token in tokens[span.start : span.end])


def _leads(span: Span, grammar: Grammar) -> bool:
    return bool(span.has.keys() & (_LEADS | {"act"})) and span.text not in grammar.modals


def _is_named(spans: Sequence[Span], begin: int, stop: int, grammar: Grammar) -> bool:
    run = spans[begin:stop]
    real = [bool(span.has.keys() & _REAL) or span.text in grammar.modals for span in run]
    if len(run) > _MOST_WORDS or not any(real) or any(span.end - span.start > 1 for span in run):
        return False
    if not (real[0] or run[0].has.keys() & {"method", "weekday"}):
        return False
    if any(span.has.keys() & _OTHERWISE and not kept for span, kept in zip(run, real, strict=True)):
        return False
    before, after = _number(spans[:begin][::-1]), _number(spans[stop:])
    if before or after:  # "May 5" is a day
        if "month" in (run[-1] if after else run[0]).has and len((after or before)[0]) <= 2:
            return False
        return len("".join(after)) >= _WHOLE or len("".join(before)) >= _WHOLE
    if any("act" in span.has for span in run):
        return False
    return _only(spans[:begin][::-1], _LEADS) and _only(spans[stop:], _FOLLOWS)


def _number(spans: Sequence[Span]) -> list[str]:
    """The groups of digits that a stretch begins with."""
    groups: list[str] = []
    for span in spans:
        if "num" in span.has:
            value, group = span.has["num"]
            groups.append(span.text if group == "written" else str(value))
        elif "digits" in span.has:
            groups.append(str(span.has["digits"]))
        elif not (groups and set(span.text) <= set("()-–—")):
            break
    return groups


def _only(spans: Sequence[Span], kinds: frozenset[str]) -> bool:
    """Whether nothing but `kinds` stands beside a name before the next pause."""
    for span in spans:
        if span.has.keys() & {"pause", "stop"}:
            return True
        if span.has.keys().isdisjoint(kinds):
            return False
    return True

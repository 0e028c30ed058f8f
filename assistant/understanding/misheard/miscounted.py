"""Counts that a recogniser took for other words: "to cokes", 三万米饭 for three bowls, 面衣粉 for one portion.

Each is read again only where goods can be counted and what is written makes no sense, or isn't known.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct
from rapidfuzz.distance import Levenshtein

from assistant.understanding.misheard.sounds import Letters
from assistant.understanding.words.lexicon import Lexicon, Root, Trie, kept_with
from assistant.understanding.words.names import Inflection
from assistant.understanding.words.numbers import ENGINES
from assistant.understanding.words.spans import PHRASE_ENDS, Mended, Span
from assistant.understanding.words.text import Token

LIKE = 0.64
"""A measure word that is less like what was heard isn't asked about; one that sounds no different is taken as said."""
MOST = 10
"""No larger number is found by its sound alone."""
_BEFORE_COUNT = frozenset({"start", "stop", "pause", "and", "correct", "again"})
_COUNTED = frozenset({"item", "measure", "partial"})
_GOODS = frozenset({"item", "partial", "choice", "category"})


class Counting(Struct, frozen=True, eq=False):
    """How the words sound that count, in a language that is written without spaces."""

    numbers: Mapping[str, int]
    """Sound -> number, up to MOST."""
    measures: Mapping[str, str]
    """Sound -> measure word of one letter, the commonest of those that sound so."""


def counting(words: Root, speech: Letters) -> Counting:
    """Made when something is first misheard, then kept with the language's words."""
    return kept_with(words, "counting by sound", lambda trie: _counting(trie, speech))


def _counting(trie: Trie, speech: Letters) -> Counting:
    numbers: dict[str, int] = {}
    measures: dict[str, str] = {}
    for word, node in trie.items():
        has = node.get(None, {}) if word is not None else {}
        if "num" in has and 0 < has["num"][0] <= MOST:
            numbers.setdefault(speech.sound((word,)), has["num"][0])
        if "measure" in has:
            measures.setdefault(speech.sound((word,)), word)
    return Counting(numbers, measures)


def by_word(
    numbers: Mapping[str, int], tokens: Sequence[Token], spans: Sequence[Span], forms: Inflection, *, spoken: bool
) -> Iterator[tuple[int, Mended]]:
    """Words that numbers are taken for, where goods can be counted and nothing else can stand: to cokes.

    `numbers`: such words with their numbers; `spans`: the span of each token. Each reading with where it begins.
    """
    for at, (token, span) in enumerate(zip(tokens, spans, strict=True)):
        number = numbers.get(token.text)
        if number is None or span.end != at + 1:
            continue
        linked = at > span.start and "and" in span.has  # "and for cokes": no link with a number at its end
        before: Mapping[str, Any] = _before(spans, at)
        if spoken and "item" in before and _is_list(spans, at - 1):
            before = {"and": True}  # four beers to onion rings
        if not before.keys() & _BEFORE_COUNT and before.get("verb", ("",))[0] not in ("add", "remove"):
            continue
        after = at + 1
        while after < len(spans) and "choice" in spans[after].has and "item" not in spans[after].has:
            after += 1
        if after == len(spans) or not spans[after].has.keys() & _COUNTED:
            if spoken and not linked and _strange_many(tokens, spans, after, forms):  # to bears, of two beers
                yield at, Mended(at + 1, {"num": (number, "words")}, token.text, 0.9, LIKE, "number")
            continue
        if not _agrees(number, tokens, spans[after], forms):
            if spoken and not linked and "verb" not in before and "item" in spans[after].has:
                # Many of it may be called as one of it is, as nigiri are.
                yield at, Mended(at + 1, {"num": (number, "words")}, token.text, 0.9, LIKE, "number")
            continue
        if linked and any("num" in one.has for one in spans[spans[after].end : spans[after].end + 1]):
            continue  # "and for fries two"
        cost = _AS_LINK if linked else 0.9
        yield at, Mended(at + 1, {"num": (number, "words")}, token.text, cost, 1.0, "number")


def _before(spans: Sequence[Span], at: int) -> Mapping[str, Any]:
    """What stands before a place, and is more than a filler: "like to cokes", "um, to cokes"."""
    while at and not spans[at - 1].has.keys().isdisjoint(("filler", "hesitation")):
        at = spans[at - 1].start
    return spans[at - 1].has if at else {"start": True}


def _is_list(spans: Sequence[Span], goods: int) -> bool:
    """Whether goods are counted, and nothing is said of changing any: others that are counted may follow."""
    first = spans[goods].start
    counted = first > 0 and bool(spans[first - 1].has.keys() & {"num", "article"})
    return counted and not any(span.has.get("verb", ("add",))[0] in ("change", "swap") for span in spans[:first])


_AS_LINK = -0.1
"""What it costs to read a number out of a link that holds its word: less than the link as one phrase."""


def by_end(
    numbers: Mapping[str, int],
    tokens: Sequence[Token],
    spans: Sequence[Span],
    unknown: Sequence[bool],
    words: Counting,
    speech: Letters,
    *,
    spoken: bool,
) -> Iterator[tuple[int, Mended]]:
    """A word behind goods that are to be changed, with nothing after it: there stands how many. "Make the coke tree" is
    three; of "make the coke tube", where that is spoken, it is asked, as it is but one sound away from two."""
    for at, (token, span) in enumerate(zip(tokens, spans, strict=True)):
        if span.end != at + 1 or token.kind != "word" or not _ends(spans, at + 1) or not _changed(spans, at):
            continue
        if "too" in span.has and "choice" in spans[at - 1].has and "item" not in spans[at - 1].has:
            continue  # "make the fries large too"
        if (number := numbers.get(token.text)) is not None:
            # "Change the coke to" may be only half of what was meant.
            sure = LIKE if "on" in span.has else 1.0
            yield at, Mended(at + 1, {"num": (number, "words")}, token.text, 0.9, sure, "number")
        elif unknown[at] and spoken and (near := _one_sound_away(token.text, numbers, words, speech)):
            yield at, Mended(at + 1, {"num": (near, "words")}, token.text, 1.0 + _EACH, LIKE, "sound")


def _ends(spans: Sequence[Span], at: int) -> bool:
    return at == len(spans) or bool(spans[at].has.keys() & PHRASE_ENDS)


def _changed(spans: Sequence[Span], at: int) -> bool:
    """Whether what stands before a place are goods of the basket that a word of changing is said of: make it, make the
    large coke, change the coke to."""
    goods = False
    for span in reversed(spans[:at]):
        if span.has.get("verb", ("",))[0] == "change":
            return goods or "makes" in span.has
        if "num" in span.has or not span.has.keys() & _CHANGEABLE:
            return False
        goods = goods or bool(span.has.keys() & _POINTED)
    return False


_POINTED = frozenset({"item", "partial", "it"})
_CHANGEABLE = _POINTED | {"the", "choice", "on", "filler", "hesitation"}


def _one_sound_away(word: str, numbers: Mapping[str, int], words: Counting, speech: Letters) -> int:
    """The number that begins as this word does and has one sound more, less or other than it; 0 if none."""
    said = speech.sound((word,))
    sounds = {**words.numbers, **{speech.sound((one,)): number for one, number in numbers.items()}}
    alike = {
        number: apart
        for sound, number in sounds.items()
        if (apart := Levenshtein.distance(said, sound)) <= _A_SOUND and sound[:_A_SOUND] == said[:_A_SOUND]
    }
    return min(alike, key=lambda number: (alike[number], number), default=0)


_A_SOUND = 3
"""So many features has a consonant."""


def _agrees(number: int, tokens: Sequence[Token], goods: Span, forms: Inflection) -> bool:
    """Whether goods are said as many of them are, where the language tells them from one."""
    if "measure" in goods.has and "item" not in goods.has:  # to packs of
        return any(forms.singular(token.text) != token.text for token in tokens[goods.start : goods.end])
    last = tokens[goods.end - 1].text
    return number < 2 or not forms.rules[1] or forms.singular(last) != last


def _strange_many(tokens: Sequence[Token], spans: Sequence[Span], at: int, forms: Inflection) -> bool:
    """Whether words that aren't known end as goods do of which there are many."""
    end = at
    while end < len(spans) and "unknown" in spans[end].has:
        end += 1
    return end > at and bool(forms.rules[1]) and forms.singular(tokens[end - 1].text) != tokens[end - 1].text


def by_size(
    tokens: Sequence[Token], spans: Sequence[Span], lexicon: Lexicon, language: str, speech: Letters
) -> Iterator[tuple[int, Mended]]:
    """Numbers beyond what can be ordered that end like a measure word: 三万米饭 says three bowls, as they sound the
    same; 三百可乐, which only sounds a little like three cups, is like enough to ask."""
    at = 0
    while at < len(spans):
        end = at
        while end < len(spans) and _counts(spans[end]):
            end += 1
        if end - at and (found := _measured(tokens, spans, at, end, lexicon, language, speech)) is not None:
            yield end - 1, found
        at = max(end, at + 1)


def _counts(span: Span) -> bool:
    return "num" in span.has and span.end == span.start + 1


def _measured(
    tokens: Sequence[Token],
    spans: Sequence[Span],
    at: int,
    end: int,
    lexicon: Lexicon,
    language: str,
    speech: Letters,
) -> Mended | None:
    """The last word of the number from `at` to `end` as the measure word that it sounds like."""
    items = _goods_of(spans, at, end)
    if not items:
        return None
    engine = ENGINES[lexicon.grammars[language].number_systems["words"]]
    values = [span.has["num"][0] for span in spans[at:end]]
    most = min(lexicon.shop.limits.most, max(lexicon.catalogue.items[item].most for item in items))
    number, last = engine(values, 0)
    if last < len(values) or number <= most or (end - at > 1 and engine(values[:-1], 0)[0] > most):
        return None
    code = speech.sound((tokens[end - 1].text,))
    measures = counting(lexicon.words[language], speech).measures
    alike, word = max(
        ((float(Levenshtein.normalized_similarity(code, other)), word) for other, word in measures.items()),
        default=(0.0, ""),
        key=lambda one: one[0],
    )
    return Mended(end, {"measure": True}, word, 0.9, alike if alike == 1 else LIKE, "sound") if alike >= LIKE else None


def _goods_of(spans: Sequence[Span], at: int, end: int) -> Sequence[str]:
    """The goods that a number counts: those right behind it or behind what they are to be like, or those before it
    where nothing more is said."""
    after = end
    while after < len(spans) and "choice" in spans[after].has and "item" not in spans[after].has:
        after += 1
    if after < len(spans) and (named := _named(spans[after])):
        return named
    last = end == len(spans) or bool(spans[end].has.keys() & PHRASE_ENDS)
    return _named(spans[at - 1]) if at and last else ()


def _named(span: Span) -> Sequence[str]:
    found: Sequence[str] = span.has.get("item") or span.has.get("partial") or ()
    return found


def by_sound(
    tokens: Sequence[Token], spans: Sequence[Span], unknown: Sequence[bool], words: Counting, speech: Letters
) -> Iterator[tuple[int, Mended]]:
    """A number with its measure word that sound exactly like two letters one of which isn't known: 衣粉."""
    for at in range(len(tokens) - 1):
        if not (unknown[at] or unknown[at + 1]) or tokens[at + 1].kind != tokens[at].kind:
            continue
        number = words.numbers.get(speech.sound((tokens[at].text,)))
        measure = words.measures.get(speech.sound((tokens[at + 1].text,)))
        if number is None or measure is None or not _can_count(spans, at, at + 2):
            continue
        if any(unknown[max(at - 2, 0) : at]) and tokens[at].glued:
            continue  # 巨无霸: the end of a longer word that isn't known
        if unknown[at]:
            yield at, Mended(at + 1, {"num": (number, "words")}, tokens[at].text, 1.0 + _EACH, 1.0, "sound")
        if unknown[at + 1]:
            yield at + 1, Mended(at + 2, {"measure": True}, measure, 1.0 + _EACH, 1.0, "sound")


_EACH = 0.4
"""What a word costs that was not heard exactly."""


def _can_count(spans: Sequence[Span], at: int, end: int) -> bool:
    before = spans[at - 1].has.keys() if at else frozenset()
    after = spans[end].has.keys() if end < len(spans) else frozenset()
    if "measure" in before:
        return False
    return bool(after & _GOODS) or (
        bool(before & {"item", "choice", "partial"}) and (not after or bool(after & PHRASE_ENDS))
    )

"""Phrases that are read word by word, as what follows them says that they are no phrase here."""

from __future__ import annotations

from itertools import pairwise

from assistant.understanding.lexicon import Trie
from assistant.understanding.names import meaning_of
from assistant.understanding.spans import Span
from assistant.understanding.text import Token, words_of


def counted_apart(spans: list[Span], tokens: list[Token], words: Trie) -> list[Span]:
    """A phrase that adds an option with its count, 再加一份, is read word by word where an option and goods follow: it
    counts those goods then, 再加一份大薯条."""
    made: list[Span] = []
    for at, span in enumerate(spans):
        counted = _count_in(span, words) if _leads_to_goods(spans, at) else 0
        if not counted:
            made.append(span)
            continue
        cuts = [span.start, *range(span.start + counted, span.end + 1)]
        for start, end in pairwise(cuts):
            key = tuple(token.text for token in tokens[start:end])
            glued = span.glued if start == span.start else True
            made.append(Span(start, end, dict(meaning_of(words, key)), "".join(key), glued=glued))
    return made


def _leads_to_goods(spans: list[Span], at: int) -> bool:
    """Whether goods stand behind one or two options, of which the first is no goods itself."""
    if spans[at].has.keys() != {"amount"} or at + 2 >= len(spans) or "item" in spans[at + 1].has:
        return False
    between = at + 1
    while between < min(at + 3, len(spans)) and "choice" in spans[between].has and "item" not in spans[between].has:
        between += 1
    return between > at + 1 and between < len(spans) and "item" in spans[between].has


def _count_in(span: Span, words: Trie) -> int:
    """At which of its words the count of such a phrase begins; 0 where it has none, or no verb before it."""
    key = words_of(span.text)
    begin = len(key) - 1
    if begin < 1 or "measure" not in meaning_of(words, key[begin:]):
        return 0
    if begin > 1 and "num" in meaning_of(words, key[begin - 1 : begin]):
        begin -= 1
    return begin if "verb" in meaning_of(words, key[:begin]) else 0

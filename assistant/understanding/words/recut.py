"""Phrases that are read word by word, as what follows them says that they are no phrase here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from assistant.commerce.catalogue import Catalogue
from assistant.understanding.words.language_words import Key
from assistant.understanding.words.lexicon import Places, Trie
from assistant.understanding.words.names import meaning_of
from assistant.understanding.words.spans import Span
from assistant.understanding.words.text import Token, words_of


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


def by_first_letter(spans: Sequence[Span], catalogue: Catalogue, tag: str) -> None:
    """大薯, 中可: a size and the first letter of goods that come in it, where that is but one of them; else what is
    called so is asked about."""
    for at, (size, letter) in enumerate(pairwise(spans)):
        beside = [*spans[max(0, at - 1) : at], *spans[at + 2 : at + 3]]
        if "familiar" in size.has and not any(one.has.keys() & {"num", "measure", "verb", "pause"} for one in beside):
            continue  # 小雪, somebody's name
        single = size.end - size.start == letter.end - letter.start == 1
        if not single or not letter.glued or "choice" not in size.has or letter.has.keys() != {"unknown"}:
            continue
        sold = (catalogue.items[one] for one in size.has["choice"] if one in catalogue.items)
        called = tuple(one.id for one in sold if any(name[0] == letter.text for name in one.names.get(tag, ())))
        if called:
            letter.has = {"item": called} if len(called) == 1 else {"partial": called}


def named_in_exchange(spans: Sequence[Span], catalogue: Catalogue, choices: Mapping[Key, Places], tag: str) -> None:
    """可乐换零度: a part of a name that only one thing has, right behind a word of swapping, names it as its whole name
    would, a choice of others too."""
    for before, span in pairwise(spans):
        items: Sequence[str] = span.has.get("partial", ())
        if len(items) != 1 or len(span.has) > 1 or before.has.get("verb", ("",))[0] != "swap":
            continue
        names = catalogue.items[items[0]].names.get(tag, ())
        places = next((choices[key] for name in names if (key := words_of(name)) in choices), None)
        if places is not None:
            span.has = {"item": tuple(items), "choice": places}

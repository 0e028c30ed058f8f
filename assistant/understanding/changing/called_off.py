"""What is called off before it is placed: a booking ("I don't want to book anymore", 先不订了), or only the goods that
the words name."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.turns import Act
from assistant.understanding.words.names import meaning_of
from assistant.understanding.words.spans import Span
from assistant.understanding.words.text import words_of
from assistant.understanding.words.utterance import Utterance

_BESIDE = frozenset({"calls_off", "filler", "hesitation", "polite", "particle", "pause", "stop", "people", "correct"})


def read(u: Utterance) -> bool:
    """Calls the open booking off, where nothing else is said and nothing that is offered is refused by it."""
    context = u.context
    if not context.booking or not context.basket or context.expects in (None, "choose"):
        return False
    if not all(span.has.keys() & _BESIDE for span in u.spans):
        return False
    u.add(0, Act("cancel"), set(range(len(u.spans))))
    return True


_CALLS_OFF = frozenset({("cancel", None), ("ask_item", "cancellation")})
_POINTING = frozenset({"the", "article", "num", "measure", "of_them", "of", "one", "my", "whose"})


def of_goods(u: Utterance) -> None:
    """ "Please cancel the fries", "can I cancel one of the cokes": what calls an order off takes off the goods that it
    names. Those of a booking, and goods that aren't in the basket, may be asked about: what to cancel them costs."""
    basket = {line.item for line in u.context.basket}
    for at, span in enumerate(u.spans):
        called = _CALLS_OFF.intersection(span.has.get("act", ()))
        if not called or "verb" in span.has or not _open_ended(u, span):
            continue
        named = _named(u.spans[at + 1 :])
        if named is None or ("category" in named.has and u.context.booking):
            continue
        if called == {("cancel", None)} or (not u.context.booking and basket.intersection(named.has.get("item", ()))):
            span.has = {"verb": ("remove", "before")}
            u.kinds.add("verb")


def _named(behind: Sequence[Span]) -> Span | None:
    """The goods that stand at once behind a word, if any do."""
    for span in behind:
        if span.has.keys() & {"item", "partial", "category"}:
            return span
        if not span.has.keys() & _POINTING:
            return None
    return None


def _open_ended(u: Utterance, span: Span) -> bool:
    """Whether words that call off don't say what: "can you cancel the", and not "cancel my order"."""
    words = u.lexicon.words[u.grammar.tag]
    key = words_of(span.text)
    while len(key) > 1 and not meaning_of(words, key[-1:]).keys().isdisjoint({"the", "article"}):
        key = key[:-1]
    ends = (meaning_of(words, key[at:]).get("verb", ("",)) for at in range(len(key)))
    return any(verb[0] == "remove" for verb in ends)

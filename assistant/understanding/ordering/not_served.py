"""What isn't had here and would be taken for a choice of goods that are: milk by the glass, 来一个芝士汉堡，来杯牛奶,
is put on no burger, and "a cheeseburger with a large pepsi" is no large cheeseburger."""

from __future__ import annotations

from assistant.understanding.ordering.drafts import valid
from assistant.understanding.words.lexicon import Places
from assistant.understanding.words.names import meaning_of
from assistant.understanding.words.spans import UNKNOWN, Span
from assistant.understanding.words.text import words_of
from assistant.understanding.words.utterance import Utterance

_MORE = frozenset({"item", "goods", "num", "option", "category", "amount", "measure"})


def _tells_kind(u: Utterance, places: Places) -> bool:
    """再来一壶铁观音: what says of the one thing that has it which it is, before all else, is that thing."""
    goods = u.lexicon.catalogue.items
    return len(places) == 1 and all(goods[item].options[0].id == pairs[0][0] for item, pairs in places.items())


def read(u: Utterance) -> None:
    """Makes it a word that isn't known, where nothing that is named or there can have it."""
    named = [item for span in u.spans for item in span.has.get("item", ())]
    about = [*named, *(line.item for line in u.context.basket if line.item), *u.context.listed]
    for at in range(2, len(u.spans)):
        has = u.spans[at].has
        if "choice" not in has or not has.keys().isdisjoint(_MORE) or _tells_kind(u, has["choice"]):
            continue
        behind = u.spans[at + 1].has if at + 1 < len(u.spans) else {}
        led = u.spans[at - 2].has
        served = "measure" in u.spans[at - 1].has and ("num" in led or led.get("verb", ("",))[0] == "add")
        if served and not behind.keys() & {"whose", "choice", "item"} and not valid(has["choice"], about):
            u.spans[at].has = UNKNOWN
            u.kinds.add("unknown")


def named_strangely(u: Utterance) -> None:
    """Choices between "with a" and a word that isn't known are of what that word names."""
    spans = u.spans
    goods = next((i for i, span in enumerate(spans) if "item" in span.has), len(spans))
    for at in range(goods + 2, len(spans)):
        if "unknown" not in spans[at].has or (at + 1 < len(spans) and not _ends_name(spans[at + 1])):
            continue
        begin = at
        while begin > goods and "unknown" in spans[begin].has:
            begin -= 1
        last = begin
        while begin > goods and "choice" in spans[begin].has and "item" not in spans[begin].has:
            begin -= 1
        if begin < last and "amount" in spans[begin].has and _ends_in_article(u, spans[begin]):
            u.silence(range(begin + 1, last + 1))


def _ends_in_article(u: Utterance, span: Span) -> bool:
    """ "With a": one of something is named behind it."""
    return "article" in meaning_of(u.lexicon.words[u.grammar.tag], words_of(span.text)[-1:])


def _ends_name(span: Span) -> bool:
    """Whether a word stands behind the name of goods that are wanted, and is no part of it."""
    return span.has.keys().isdisjoint({"item", "choice", "partial", "category", "goods", "unknown", "one", "verb"})

"""What may be had with goods in more than one way, wished by its kind alone: 要早餐, where one or two may be had, is
asked about; what somebody wishes and a shop has, 要加床, asks no question about it."""

from __future__ import annotations

from typing import Any

from assistant.understanding.asked.of_the_house import FACILITY
from assistant.understanding.words.lexicon import Places
from assistant.understanding.words.names import meaning_of
from assistant.understanding.words.spans import Span
from assistant.understanding.words.text import words_of
from assistant.understanding.words.utterance import Utterance

_ENDS = frozenset({"pause", "stop", "polite", "filler", "particle", "and", "hesitation"})
_NAMED = frozenset({"choice", "item", "kinds", "category"})


def read(u: Utterance) -> None:
    """Lets the word stand for any of the ways to have it, or for the one thing that is called so."""
    if u.question_mark:
        return
    for at, span in enumerate(u.spans):
        if "option" in span.has and span.has.keys().isdisjoint(_NAMED):
            if _wished_alone(u, at) and (places := _ways_to_have(u, span)):
                span.has = {**span.has, "kinds": places}
                u.kinds.add("kinds")
        elif _asks_facility(span) and (found := _choice_in(u, span)):
            span.has = {"choice": found}
            u.kinds.add("choice")
            u.acting = [i for i in u.acting if i != at]


def _wished_alone(u: Utterance, at: int) -> bool:
    """Whether it is wished, and nothing tells which: "要早餐"."""
    before, behind = u.spans[at - 1].has if at else {}, u.spans[at + 1].has if at + 1 < len(u.spans) else None
    wished = before.get("amount", ("",))[0] == "with" or before.get("verb", ("",))[0] == "add"
    return wished and (behind is None or not behind.keys().isdisjoint(_ENDS)) and "choice" not in before


def _ways_to_have(u: Utterance, span: Span) -> Places:
    """The choices that somebody who wishes it may mean, of goods that come without it: all but the usual one."""
    found: Places = {}
    for item, paths in span.has["option"].items():
        for path in paths:
            option = u.lexicon.catalogue.items[item].option(path)
            if option is not None and option.choose == "one" and option.default:
                others = tuple((path, one.id) for one in option.choices if one.id != option.default)
                if len(others) > 1 and all(one.price > 0 for one in option.choices if one.id != option.default):
                    found[item] = others
    return found


def _asks_facility(span: Span) -> bool:
    acts: tuple[Any, ...] = span.has.get("act", ())
    return any(name == "ask_item" and value == FACILITY for name, value in acts)


def _choice_in(u: Utterance, span: Span) -> Places:
    """What is called by the words of a question about what there is, where no word of it asks: 要加床, 加一张床."""
    if "choice" in span.has:
        return dict(span.has["choice"])
    words, said = u.lexicon.words[u.grammar.tag], words_of(span.text)
    uncounted = [word for word in said[:-1] if meaning_of(words, (word,)).keys().isdisjoint({"num", "measure"})]
    key = (*uncounted, *said[-1:])
    for begin in range(len(key) - 1):
        before = meaning_of(words, key[:begin]) if begin else {"verb": ("add", "before")}
        if before.get("verb", ("",))[0] == "add" and (found := u.lexicon.choices.get(key[begin:])):
            return dict(found)
    return {}

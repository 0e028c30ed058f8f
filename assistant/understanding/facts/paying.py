"""How somebody wants to pay: in one way, or a part of the sum one way and the rest another."""

from __future__ import annotations

from assistant.turns import Act
from assistant.understanding.asked import questions
from assistant.understanding.facts import ways
from assistant.understanding.words.spans import UNKNOWN, halves
from assistant.understanding.words.utterance import Utterance

SPLIT = "split"
"""In place of a way to pay: a part of the sum one way, the rest another."""
_ASKED = frozenset({"method", "confirm", "pay", "contact"})
"""Steps at which a way to pay needs no word of paying beside it."""


def methods(u: Utterance) -> None:
    """Makes the act of the way to pay that is meant. What is asked about one, or refused, chooses none."""
    if any(act.value == SPLIT for _, act in u.acts if act.act == "choose_method"):
        u.used.update(i for i, span in enumerate(u.spans) if span.has.keys() & {"method", "pay"})
        return
    if "method" not in u.kinds:
        return
    named = [i for i in range(len(u.spans)) if u.free(i, "method") and "item" not in u.spans[i].has]
    named = [i for i in named if not _put_on(u, i)]
    for i in [i for i in named if _is_goods(u, i)]:
        u.spans[i].has = UNKNOWN
        named.remove(i)
    if u.context.expects not in {"method", "pay"} and "pay" not in u.kinds:
        named = [i for i in named if not ways.begins_name(u, i)]
    unknown = [i for i in named if u.spans[i].has["method"] not in u.lexicon.shop.methods]
    asked = [i for i in u.acting if ("ask_item", "payment") in u.acts_at(i)] if unknown else []
    asked += _told(u, named)
    u.used.update(asked)  # "do you take bitcoin": that is told, and what is taken
    if not named or (_asks(u, named) and not asked):
        return
    strange = [span for i, span in enumerate(u.spans) if "unknown" in span.has and i not in u.used]
    paying = "pay" in u.kinds or u.context.expects in _ASKED
    if not paying and len(questions.joined(strange)) > 1:
        return
    beside = {i for i, span in enumerate(u.spans) if "pay" in span.has}
    if _shared_out(u, named):
        beside.update(i for i, span in enumerate(u.spans) if span.has.keys() & _OF_SHARES)
        u.add(named[0], Act("choose_method", value=SPLIT), {*named, *beside})
        return
    meant, words = ways.wanted(u, named)
    if meant is None:
        u.add(named[0], Act("deny"))
    else:
        u.add(meant, Act("choose_method", value=u.spans[meant].has["method"]))
    u.used.update(named, beside, words)


def _told(u: Utterance, named: list[int]) -> list[int]:
    """Where "payment method" stands before the way to pay itself: 支付方式改支付宝 asks for no list of them."""
    if not named or u.question_mark or not u.kinds.isdisjoint({"asking", "possible", "offers", "question"}):
        return []
    at = next((i for i in u.acting if "way_to_pay" in u.spans[i].has and i < named[0]), None)
    if at is None or any(span.has.keys().isdisjoint(_TO_WAY) for span in u.spans[at + 1 : named[0]]):
        return []
    return [at]


_TO_WAY = frozenset("verb pay pause it_is is_it filler particle topical on as to instead hesitation".split())


def _asks(u: Utterance, named: list[int]) -> bool:
    """Whether something is asked: not by a word that says how to pay ("invoice") where that is to be said."""
    answers = named if u.context.expects in _ASKED else ()
    return any(
        name in questions.QUESTIONS and name != "ask_stock"
        for i in u.acting
        if i not in answers
        for name, _ in u.acts_at(i)
    )


_OF_SHARES = frozenset({"amount", "and", "the", "on"})


def _shared_out(u: Utterance, named: list[int]) -> bool:
    """Whether several ways to pay are named, each for a part of the sum: "half cash, half card"."""
    several = len({u.spans[i].has["method"] for i in named}) > 1
    return several and any(span.has.get("amount", ("",))[0] == "half" or halves(span) for span in u.spans)


def _is_goods(u: Utterance, at: int) -> bool:
    """Whether it is the name of goods that aren't had, "a birthday card", and no way to pay."""
    if u.grammar.script != "spaced" or at < 2 or "pay" in u.kinds or u.context.expects in _ASKED:
        return False
    return "unknown" in u.spans[at - 1].has and bool(u.spans[at - 2].has.keys() & {"article", "num"})


def _put_on(u: Utterance, at: int) -> bool:
    """Whether a way to pay is the name of something that the goods can have: roses with a card."""
    places = u.spans[at].has.get("choice", {})
    if not places or "pay" in u.kinds or u.context.expects in _ASKED:
        return False
    goods = {item for span in u.spans for item in span.has.get("item", ())}
    return any(item in places for item in goods or [line.item for line in u.context.basket])

"""Answers to what was offered that aren't the whole of what is said: one that is put right in the same breath, "the
cheese one, no, the bacon one", and one with goods behind it, "number three and a coke"."""

from __future__ import annotations

from assistant.turns import Act
from assistant.understanding.facts import answers
from assistant.understanding.words.utterance import Utterance


def chosen(u: Utterance) -> Act | None:
    """One of the answers on offer; of two of which the second corrects the first, the second."""
    at = max((i for i, span in enumerate(u.spans) if "correct" in span.has), default=0)
    if at and u.context.choices and u.context.expects == "choose" and u.grammar.script == "spaced":
        before, behind = (answers.chosen(one) for one in (_part(u, 0, at), _part(u, at + 1, len(u.spans))))
        if _picks(before) and behind is not None and _picks(behind):
            return behind
    return answers.chosen(u)


def and_more(u: Utterance) -> None:
    """Takes the answer before an "and" or a pause where goods are named behind it, and none in it."""
    if (
        not u.context.choices
        or u.context.expects != "choose"
        or not {"item"} <= u.kinds
        or u.grammar.script != "spaced"
    ):
        return
    goods = next(i for i, span in enumerate(u.spans) if "item" in span.has)
    at = next((i for i, span in enumerate(u.spans[:goods]) if span.has.keys() & {"and", "pause", "stop"}), 0)
    if not at or not any(span.has.keys() & {"choice", "unknown", "num", "ordinal"} for span in u.spans[:at]):
        return
    if _picks(act := answers.chosen(_part(u, 0, at))):
        assert act is not None
        u.silence(range(at))
        u.add(-1, act, set(range(at)))


def uncounted(u: Utterance) -> None:
    """ "Can I get a number two": which one is meant, not how many; where nothing is offered that can't be told."""
    if u.grammar.script != "spaced" or "numbered" not in u.kinds or u.context.expects not in (None, "basket", "choose"):
        return
    for at, span in enumerate(u.spans[:-1]):
        if "numbered" in span.has and "num" in u.spans[at + 1].has and at not in u.used:
            u.leftover.append(u.said(at, at + 2))
            u.silence((at, at + 1))


def _part(u: Utterance, start: int, end: int) -> Utterance:
    spans = u.spans[start:end]
    return Utterance(spans, u.said(start, end), u.offsets, u.lexicon, u.grammar, u.context)


def _picks(act: Act | None) -> bool:
    return act is not None and act.act == "choose" and act.number is not None and act.value is None

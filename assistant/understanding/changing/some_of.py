"""So many of those there are: the number of all of them counts nothing."""

from __future__ import annotations

from assistant.understanding.words.utterance import Utterance


def read(u: Utterance) -> None:
    """ "One of the two cokes", 콜라 두 잔 중 하나: how many there are counts nothing, so many of them are meant."""
    for at in (i for i, span in enumerate(u.spans) if "of_them" in span.has):
        before, behind = at - 1, at + 1
        while u.grammar.verbs_last and before > 0 and "measure" in u.spans[before].has:
            before -= 1
        if before < 0 or behind >= len(u.spans) or not all("num" in u.spans[i].has for i in (before, behind)):
            continue
        some, there = (behind, before) if u.grammar.verbs_last else (before, behind)
        number = u.spans[there].has["num"][0]
        if u.spans[some].has["num"][0] <= number and _had(u, number):
            u.spans[there].has = {"filler": True}


def _had(u: Utterance, number: int) -> bool:
    """Whether there are so many of the goods that are named: else they are only being ordered."""
    named = {item for span in u.spans for item in span.has.get("item", ())}
    kinds = {kind for at in range(len(u.spans)) if (kind := u.kind_at(at)) is not None}
    named.update(item for kind in kinds for item in u.lexicon.categories[kind[1:]])
    return number <= sum(line.quantity or 1 for line in u.context.basket if line.item in named)

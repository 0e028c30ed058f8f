"""What can be learned from a turn: a name that was in doubt and what the person said it means. Pure.

Counting is all that happens here. What is counted becomes a name only when the merchant says so, and then means an id
of the catalogue and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable

from assistant.dialogue.draft import Draft
from assistant.turns import Act, Alias, Doubt, Meaning, ReadAs
from assistant.understanding.words.aliases import about, named

ORDERS = frozenset({"add", "change", "buy_now"})


def in_doubt(meaning: Meaning, doubt: Doubt) -> tuple[ReadAs, ...]:
    """The words that a doubt is about."""
    return about(doubt.candidates, meaning.read_as)


def confirmed(draft: Draft, words: Iterable[ReadAs], acts: Iterable[Act]) -> None:
    """The person said which of the things in doubt is meant."""
    things = named(acts)
    for one in words:
        chosen = [meant for meant in one.ids if (one.kind, meant) in things]
        if len(chosen) == 1:
            _count(draft, one, chosen[0])


def corrected(draft: Draft) -> None:
    """The person named something else than what their words were taken for: in the place of an answer to "did you
    mean …?", or right after it was taken without asking ("not the cola, the Sprite")."""
    acts = [act for act in draft.meaning.acts if act.act in ORDERS]
    lines = [line for act in acts for line in act.lines]
    item = lines[0].item if len(lines) == 1 else None
    if item is None or about(acts, draft.meaning.read_as):
        return
    asked = draft.known.asked
    if asked is not None and asked.kind == "heard":
        words = [one for one in asked.about if one.kind == "item"]
    else:
        gone = {line.item for line in acts[0].instead_of}
        words = [one for one in draft.known.recent.read_as if one.kind == "item" and gone & set(one.ids)]
    if len(words) == 1:
        _count(draft, words[0], item)


def remember(draft: Draft) -> None:
    """Keeps what this turn took for names without asking, until the next one."""
    sure = about(draft.meaning.acts, draft.meaning.read_as)
    if sure != draft.session.recent.read_as:
        draft.remember(read_as=sure)


def _count(draft: Draft, words: ReadAs, meant: str) -> None:
    alias = Alias(words.alias, draft.session.language, words.kind, meant)
    if words.alias and alias not in draft.learned:
        draft.learned.append(alias)

"""A booking that isn't wanted any more, before it is placed: "I don't want to book anymore", 先不订了."""

from __future__ import annotations

from assistant.turns import Act
from assistant.understanding.utterance import Utterance

_BESIDE = frozenset({"calls_off", "filler", "hesitation", "polite", "particle", "pause", "stop", "people", "correct"})


def read(u: Utterance) -> bool:
    """Calls the open booking off, where nothing else is said and nothing that is offered is refused by it."""
    context = u.context
    if "calls_off" not in u.kinds or not context.booking or not context.basket or context.expects in (None, "choose"):
        return False
    if not all(span.has.keys() & _BESIDE for span in u.spans):
        return False
    u.add(0, Act("cancel"), set(range(len(u.spans))))
    return True

"""One count for several lines: "two of each", 每样两个, 각각 두 개씩이요."""

from __future__ import annotations

from assistant.turns import Act, LineSaid
from assistant.understanding.utterance import Utterance

_BESIDE = frozenset(
    "each everything of num measure it makes verb filler polite wish particle pause stop correct hesitation act".split()
)


def read(u: Utterance) -> bool:
    """So many of each of the goods that were just ordered, or else of all there are, where nothing else is said."""
    if u.kinds.isdisjoint(("each", "everything")) or "num" not in u.kinds or u.used:
        return False
    numbers = [span.has["num"][0] for span in u.spans if "num" in span.has]
    verbs = [span.has["verb"][0] for span in u.spans if "verb" in span.has]
    beside = all(span.has.keys() & _BESIDE and "more" not in span.has for span in u.spans)
    if len(numbers) != 1 or not beside or not set(verbs) <= {"add", "change"} or u.context.booking:
        return False
    lines = [at for at, line in enumerate(u.context.basket, 1) if line.item in u.context.added]
    lines = lines if len(lines) > 1 else list(range(1, len(u.context.basket) + 1))
    if len(lines) < 2 or numbers[0] < 1:
        return False
    made = tuple(LineSaid(None, numbers[0], which=at) for at in lines)
    u.add(0, Act("change", lines=made), set(range(len(u.spans))))
    return True

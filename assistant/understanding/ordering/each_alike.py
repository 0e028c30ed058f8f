"""One count for several lines: "two of each", 每样两个, 각각 두 개씩이요; and for several people, 세 명인데 하나씩."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.turns import Act, LineSaid
from assistant.understanding.words.spans import Span
from assistant.understanding.words.utterance import Utterance

_BESIDE = frozenset(
    "each everything of num measure it makes verb filler polite wish particle pause stop correct hesitation act".split()
)


def read(u: Utterance) -> bool:
    """So many of each of the goods that were just ordered, or else of all there are, where nothing else is said."""
    if u.kinds.isdisjoint(("each", "everything")) or u.used:
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


_HEADS = frozenset({"adult", "child", "person"})


def _people(u: Utterance, behind: Span) -> bool:
    """Whether a number with this behind it counts people: 세 명, 우리 셋인데."""
    alone = u.grammar.verbs_last and behind.glued and "filler" in behind.has
    return alone or bool(_HEADS & behind.has.keys())


def per_head(u: Utterance, kept: Sequence[Span]) -> tuple[Sequence[Span], int]:
    """The words of an order without how many people there are, and that number, where everybody is to have what is
    said: 세 명인데 치즈버거 세트 하나씩 주세요. 0 where it isn't said so; who books a room has guests."""
    if u.context.booking or "num" not in u.kinds or "each" not in u.kinds:
        return kept, 0
    goods = next((i for i, span in enumerate(kept) if "item" in span.has), 0)
    numbers = [i for i in range(goods) if "num" in kept[i].has and _people(u, kept[i + 1])]
    each = any("each" in span.has for span in kept[goods + 1 :])
    if not numbers or not each or any("item" in kept[i + 1].has for i in numbers):
        return kept, 0
    people = {at for i in numbers for at in (i, i + 1)}
    left = [span for i, span in enumerate(kept) if i not in people and "child" not in span.has]
    return left, sum(kept[i].has["num"][0] for i in numbers)

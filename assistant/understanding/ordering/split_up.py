"""Some of the goods that are counted in the same breath are others: 콜라 네 잔 중에 두 잔은 제로로요 are two of each.
Where the basket has that many of them, some of those become the others."""

from __future__ import annotations

from assistant.understanding.changing.some_and_rest import part_begins
from assistant.understanding.words.spans import Span
from assistant.understanding.words.utterance import Utterance

_BETWEEN = frozenset("measure of_them filler hesitation particle polite pause stop verb and but".split())
"""What may stand between the count of all and that of some."""


def read(u: Utterance) -> None:
    """Writes how many are left of the goods that were counted first."""
    if not u.grammar.verbs_last:
        return
    for at in range(1, len(u.spans)):
        some = _some(u, at) if _counted(u, at) else None
        if some is None or any(part_begins(u.spans, i) for i in range(some + 1, len(u.spans))):
            continue  # 콜라 네 잔, 두 잔은 제로로 두 잔은 사이다로: `counted_first`
        total, part = _number(u.spans[at]), _number(u.spans[some])
        if not 0 < part < total:
            continue
        goods = u.spans[at - 1].has["item"]
        if total in (line.quantity for line in u.context.basket if line.item in goods):
            u.silence(range(at, some))
        else:
            u.spans[at] = Span(u.spans[at].start, u.spans[at].end, {"num": (total - part, "written")}, u.spans[at].text)
        return


def _counted(u: Utterance, at: int) -> bool:
    return "num" in u.spans[at].has and "item" in u.spans[at - 1].has


def _number(span: Span) -> int:
    number: int = span.has["num"][0]
    return number


def _some(u: Utterance, at: int) -> int | None:
    """Where the count of some of the goods counted at `at` stands, which are said to be others."""
    some = at + 1
    while some < len(u.spans) and "num" not in u.spans[some].has and u.spans[some].has.keys() & _BETWEEN:
        some += 1
    if some == at + 1 or some == len(u.spans) or "num" not in u.spans[some].has:
        return None
    topic = some + 1
    while topic < len(u.spans) and "measure" in u.spans[topic].has:
        topic += 1
    follow = u.spans[topic : topic + 3]
    if len(follow) < 3 or "topical" not in follow[0].has or "as" not in follow[2].has:
        return None
    other, goods = follow[1].has.get("item", ()), set(u.spans[at - 1].has["item"])
    if goods <= set(follow[1].has.get("choice", ())):
        return None  # 치킨버거 세트 두 개, 하나는 사이다로: what it comes with
    return some if other and goods.isdisjoint(other) else None

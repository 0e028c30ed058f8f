"""Several of the goods on offer by their numbers, or one of them with its count: 1번 하나 3번 두 개, 두 번째 거 두 잔,
"number 1 and two of number 3"."""

from __future__ import annotations

from assistant.turns import Act, LineSaid
from assistant.understanding.words.text import fold
from assistant.understanding.words.utterance import Utterance

_BESIDE = frozenset(
    "filler particle polite hesitation pause and one request too as of the article measure of_them stop".split()
)
"""What may stand between the numbers."""


def read(u: Utterance) -> Act | None:
    """The order of what was picked, where nothing else is said."""
    if u.context.expects != "choose" or u.context.booking or u.context.refunding or u.context.counted:
        return None
    if "num" not in u.kinds or not u.kinds & {"ordinal", "numbered"} or not _listed(u):
        return None
    picks = _picks(u)
    told = len(picks) > 1 or any(count for _, count in picks)
    if not told or not all(0 < place <= len(u.context.listed) for place, _ in picks):
        return None
    return Act("add", lines=tuple(LineSaid(u.context.listed[place - 1], count or 1) for place, count in picks))


def _listed(u: Utterance) -> bool:
    """Whether the answers on offer are the goods that were listed, in their order."""
    choices, listed = u.context.choices, u.context.listed
    if len(choices) != len(listed) or len(listed) < 2:
        return False
    goods = u.lexicon.catalogue.items
    return all(
        any(fold(name) in fold(text) for text in texts for name in goods[item].names.get(u.grammar.tag, ()))
        for texts, item in zip(choices, listed, strict=True)
        if item in goods
    )


def _picks(u: Utterance) -> list[tuple[int, int]]:
    """Each number of an answer with its count, 0 where it has none; nothing where anything else is said."""
    picks: list[tuple[int, int]] = []
    count = at = 0
    while at < len(u.spans):
        has = u.spans[at].has
        behind = u.spans[at + 1].has if at + 1 < len(u.spans) else {}
        before = u.spans[at - 1].has if at else {}
        if "ordinal" in has and has["ordinal"] > 0:
            picks.append((has["ordinal"], count))
            count = 0
        elif "num" in has and ("numbered" in behind or ("numbered" in before and u.grammar.script == "spaced")):
            picks.append((has["num"][0], count))
            count = 0
        elif "num" in has and u.grammar.script == "spaced" and behind.keys() & {"of", "of_them"}:
            count = has["num"][0]
        elif "num" in has and u.grammar.script != "spaced" and picks and not picks[-1][1]:
            picks[-1] = (picks[-1][0], has["num"][0])
        elif has.get("verb", ("",))[0] != "add" and not has.keys() & (_BESIDE | {"numbered"}):
            return []
        at += 1
    return [] if count else picks

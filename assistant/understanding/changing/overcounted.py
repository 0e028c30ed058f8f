"""Goods of the basket that were counted wrongly: "I didn't want that many cokes", 气泡水太多了, where how many are
wanted is asked; "not two, three" (不是两个，是三个, 두 개 말고 세 개요), where it is told."""

from __future__ import annotations

from assistant.turns import Act, Doubt, LineSaid
from assistant.understanding.ordering.drafts import units
from assistant.understanding.words.utterance import Utterance

_BESIDE = frozenset("item filler polite particle the it wish hesitation pause stop correct of topical measure".split())
"""What may stand beside it: with a count that is what is wanted."""
_NO = ("deny", None)


_TELLS = _BESIDE | {"but", "it_is", "makes", "meant"}
"""What may stand beside two counts, one of which is denied."""


def read(u: Utterance) -> bool:
    return _too_many(u) or _miscounted(u)


def _too_many(u: Utterance) -> bool:
    """Whether that is all that is said, of goods that there are several of: those named, or those spoken of last."""
    if "too_many" not in u.kinds or not u.context.basket:
        return False
    for span in u.spans:
        denies = _NO in span.has.get("act", ()) or span.has.get("amount", ("",))[0] == "no"
        if not (span.has.keys() & (_BESIDE | {"too_many"}) or denies) or "unknown" in span.has:
            return False
    named = [one for span in u.spans for one in span.has.get("item", ())]
    several = {line.item for line in u.context.basket if (line.quantity or 1) > 1}
    meant = [item for item in named or [u.context.last] if item in several]
    if len(set(meant)) != 1:
        return False
    line = LineSaid(meant[0], None, (), u.place_of(meant[0]))
    how_many = Act("change", lines=(line,), value={"pack": "", "size": 0})
    u.doubts.append(Doubt(u.shown, (how_many,), "pack"))
    u.used.update(range(len(u.spans)))
    return True


def _miscounted(u: Utterance) -> bool:
    """Whether all that is said is that there are to be so many, and not so many."""
    if "num" not in u.kinds or not u.context.basket or u.context.expects not in (None, "basket"):
        return False
    counts = [at for at, span in enumerate(u.spans) if "num" in span.has and "choice" not in span.has]
    denials = [at for at in range(len(u.spans)) if _denies(u, at)]
    if len(counts) != 2 or len(denials) != 1:
        return False
    if not all(at in counts or at in denials or span.has.keys() & _TELLS for at, span in enumerate(u.spans)):
        return False
    named = {one for span in u.spans for one in span.has.get("item", ())}
    meant = (named or {u.context.last}) & {line.item for line in u.context.basket}
    if len(meant) != 1:
        return False
    behind = "instead_after" in u.spans[denials[0]].has  # 두 개 말고: the word stands behind what it denies
    beside = [at for at in counts if (at < denials[0]) is behind]
    if not beside:
        return False
    item, denied = meant.pop(), beside[-1 if behind else 0]
    if u.spans[denied].has["num"][0] != units(u.context.basket, (item,)):
        return False  # "200 not 400" of tablets is no count
    wanted = next(at for at in counts if at != denied)
    line = LineSaid(item if named else None, u.spans[wanted].has["num"][0])
    u.add(denials[0], Act("change", lines=(line,)), set(range(len(u.spans))))
    return True


def _denies(u: Utterance, at: int) -> bool:
    """Whether a word denies the count beside it; one that corrects, "two, no, three", leads on to what is meant."""
    has = u.spans[at].has
    paused = at + 1 < len(u.spans) and "pause" in u.spans[at + 1].has
    if "instead_after" in has or ("takes_back" in has and not paused):
        return True
    return "correct" not in has and has.get("amount", ("",))[0] == "no"

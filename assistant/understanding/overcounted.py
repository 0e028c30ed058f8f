"""Goods of the basket of which there are too many: "I didn't want that many cokes", 气泡水太多了. How many are wanted
is asked where it isn't said."""

from __future__ import annotations

from assistant.turns import Act, Doubt, LineSaid
from assistant.understanding.utterance import Utterance

_BESIDE = frozenset("item filler polite particle the it wish hesitation pause stop correct of topical measure".split())
"""What may stand beside it: with a count that is what is wanted."""
_NO = ("deny", None)


def read(u: Utterance) -> bool:
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

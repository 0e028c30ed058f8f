"""What a question about goods looks for in words that name no goods: "something crunchy without nuts"."""

from __future__ import annotations

from assistant.turns import Sought
from assistant.understanding.asked.questions import QUESTIONS, denied, lacks
from assistant.understanding.words.utterance import Utterance

_WORDS = ("unknown", "tag", "free", "item", "choice", "short", "partial")
_CARRIED = frozenset({"tag", "free", "item", "partial"})
"""What an act says by itself."""
_BETWEEN = frozenset({"and", "or", "pause", "article"})
"""What may stand between things that one word refuses: "without nuts or milk"."""
_OF_GOODS = frozenset({"free", "option"})
"""What is only ever said of goods."""
_WISHES = frozenset({"wish", "question", "asking", "tag", "one"})


def sought(u: Utterance) -> Sought | None:
    """None where nothing is looked for, or where the sentence does something else."""
    acts = [act.act for _, act in u.acts if act.act != "none"]
    if any(act not in QUESTIONS for act in acts) or (not acts and not _wished(u)):
        return None
    if not acts and all(span.has.keys().isdisjoint(_WORDS) or span.has.keys() <= _OF_GOODS for span in u.spans):
        return None  # "add sugar" looks for nothing that is sweet
    words: list[str] = []
    without: list[str] = []
    strange: list[str] = []
    free: list[str] = []
    extra = refused = False
    at = 0
    while at < len(u.spans):
        has, last = u.spans[at].has, at + 1
        kind = next((one for one in _WORDS if one in has), None)
        if kind == "unknown":
            while last < len(u.spans) and "unknown" in u.spans[last].has and u.spans[last].glued:
                last += 1
        if kind is not None:
            refused = denied(u, at) or (last > at + 1 and denied(u, last - 1)) or refused
            if (lacking := lacks(u, at)) is not None:
                free.append(f"{lacking}_free")
            elif refused:
                without.append(u.said(at, last))
            else:
                words.append(u.said(at, last))
                if kind == "unknown":
                    strange.append(words[-1])
            extra = extra or kind not in _CARRIED or (refused and kind != "tag" and kind != "free")
        if not has.keys() & _BETWEEN:
            refused = refused and kind is not None
        at = last
    return Sought(tuple(words), tuple(without), tuple(free), tuple(strange), extra) if words else None


def _wished(u: Utterance) -> bool:
    """Whether something is wished or asked for, though nobody knows what."""
    return any(
        span.has.keys() & _WISHES or "category" in span.has or span.has.get("verb", ("",))[0] == "add"
        for span in u.spans
    )

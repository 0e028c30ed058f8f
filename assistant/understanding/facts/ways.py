"""Which of several ways to pay or to get the goods is meant: "not cash, card", "delivery, no wait, pickup"."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.understanding.ordering.drafts import NEGATIVE
from assistant.understanding.words.names import meaning_of
from assistant.understanding.words.spans import denies
from assistant.understanding.words.text import words_of
from assistant.understanding.words.utterance import Utterance


def wanted(u: Utterance, named: Sequence[int]) -> tuple[int | None, set[int]]:
    """The span of `named` that is meant: the first that isn't refused, or the last one behind a word that takes back
    what was said; None where all of them are refused. With it the spans of the words that refuse and take back."""
    refusing = {at: word for at in named if (word := _refused(u, at)) is not None}
    # "No card" alone may be "no: card"; beside another way it refuses.
    firm = {at: word for at, word in refusing.items() if not _leads_in(u, word)}
    if len(refusing) == len(named):
        refusing = firm
    left = [at for at in named if at not in refusing]
    if not left:
        return None, set(refusing.values())
    anew = [at for at in left[1:] if any("correct" in span.has for span in u.spans[left[0] + 1 : at])]
    meant = anew[-1] if anew else left[0]
    return meant, {*refusing.values(), *range(left[0], meant)}


def _leads_in(u: Utterance, word: int) -> bool:
    """Whether a word that refuses may as well answer what was asked, with what is wanted behind it: "no". Where words
    aren't parted by spaces a pause would be written."""
    return "correct" in u.spans[word].has and u.grammar.script == "spaced"


def called_off(u: Utterance, at: int) -> int | None:
    """The word that calls off what stands at `at`: "cancel the delivery"."""
    before = at - 1
    while before >= 0 and u.spans[before].has.keys() <= {"the"}:
        before -= 1
    has = u.spans[before].has if before >= 0 else {}
    off = has.get("verb") == ("remove", "before") and ("cancel", None) in has.get("act", ())
    return before if off else None


def _refused(u: Utterance, at: int) -> int | None:
    """The word by which what stands at `at` isn't wanted: "not cash", "instead of cash", 别送, 현금 말고."""
    if (off := called_off(u, at)) is not None:
        return off
    before = at - 1
    between = _BETWEEN | ({"wish"} if u.grammar.script == "unspaced" else set())  # 不想用微信
    while before >= 0 and u.spans[before].has.keys() & between and not _denies(u, before):
        before -= 1
    has = u.spans[before].has if before >= 0 else {}
    forbids = u.grammar.script == "unspaced" and _denies(u, before) and "takes_back" not in has
    if "instead_of" in has or has.get("amount") == (NEGATIVE, "before") or forbids:
        return before
    behind = at + 1
    while behind < len(u.spans) and u.spans[behind].has.keys() & {"pay", "particle"}:
        behind += 1
    has = u.spans[behind].has if behind < len(u.spans) else {}
    denied = u.grammar.verbs_last and _denies(u, behind) and "correct" not in has
    return behind if denied or "instead_after" in has or has.get("amount") == (NEGATIVE, "after") else None


def begins_name(u: Utterance, at: int) -> bool:
    """Whether a word that isn't known follows at once, which makes another name of it: "cash register", 카드 게임."""
    end = at + 1
    while end < len(u.spans) and "unknown" in u.spans[end].has and end not in u.used:
        end += 1
    if end == at + 1 or (end == at + 2 and u.grammar.script != "spaced" and len(u.spans[at + 1].text) == 1):
        return False  # 카드여: one letter more is a slip, or a way to say it
    last = words_of(u.spans[at].text)[-1:]
    return not (u.grammar.verbs_last and "particle" in meaning_of(u.lexicon.words[u.grammar.tag], last))  # 카드로 …


_BETWEEN = frozenset({"pay", "on", "particle", "article"})
"""What may stand between a word that refuses and what it refuses."""


def _denies(u: Utterance, at: int) -> bool:
    return 0 <= at < len(u.spans) and denies(u.spans[at].has)

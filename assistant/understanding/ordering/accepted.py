"""Which of the goods that a sentence names are meant: chatter that happens to name goods is no order."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

from assistant.understanding.ordering.drafts import Draft
from assistant.understanding.ordering.placing import UNSURE
from assistant.understanding.words.spans import Span
from assistant.understanding.words.utterance import Utterance

_ORDERED = frozenset({"item", "choice", "num", "amount", "verb", "measure", "article", "partial", "option"})


def accept(
    u: Utterance, kept: Sequence[Span], found: list[Draft], before: Sequence[Draft], unclear: bool = False
) -> list[Draft]:
    """The drafts that are meant. `unclear`: something that was said of them isn't understood."""
    if not found:
        return []
    verb = any([draft.verb for draft in found])
    if "day" in u.kinds and not verb and any(span.has.get("day") == "yesterday" for span in u.spans):
        return []  # "I had a burger yesterday"
    strange = sum(["unknown" in span.has for span in kept]) - _occasion(kept)
    if strange and _says_else(u, kept, found, bool(before), strange):
        return apart(u, kept, found)
    made = [draft for draft in found if _meant(u, kept, found, draft, bool(before), strange > 0, unclear)]
    if made and not strange:  # options beside goods that were ordered, which are of nothing: a tin of grey gloss
        lost = [one for one in found if one not in made and one.options and not (one.head or one.old)]
        u.leftover += [" ".join(option.text for option in one.options) for one in lost]
    return made


def _says_else(u: Utterance, kept: Sequence[Span], found: Sequence[Draft], before: bool, strange: int) -> bool:
    """Whether so much of a sentence isn't known that it is about something else."""
    verb = any([draft.verb for draft in found])
    counted = any([draft.quantity is not None for draft in found])
    known = sum([span.end - span.start for span in kept if not _ORDERED.isdisjoint(span.has)])
    if known < 2 * strange and not (verb and known > strange):
        return True
    if not verb and not counted and not before and known < 4 * strange and not _modified(kept, strange):
        return True
    first = next((i for i, span in enumerate(kept) if "unknown" in span.has), len(kept))
    order = next((i for i, span in enumerate(kept) if span.has.keys() & {"verb", "item", "num"}), len(kept))
    if first >= order or strange <= 1 or known >= 4 * strange:
        return False
    run = sum(["unknown" in span.has for span in kept[first:order]])
    named = u.grammar.script != "spaced" and run == strange <= _one_name(u, kept, first, run)
    return not (named and counted and verb)


def _modified(kept: Sequence[Span], strange: int) -> bool:
    """Whether goods come first and all that isn't known is a word of how they are to be: "fries extra crispy"."""
    if strange != 1 or len(kept) < 3 or "item" not in kept[0].has or "amount" not in kept[1].has:
        return False
    return "unknown" in kept[2].has


def _meant(
    u: Utterance,
    kept: Sequence[Span],
    found: Sequence[Draft],
    draft: Draft,
    before: bool,
    strange: bool,
    unclear: bool,
) -> bool:
    """Whether a draft is meant. `strange`: some words of the sentence aren't known."""
    bare = draft.head and not (draft.verb or draft.options) and (draft.quantity is None or draft.article)
    if bare and draft.mode is None and "asking" in kept[0].has and _wonders(u, kept):
        return False  # "do you like coke"
    if not strange and not draft.options and _asked_whether(u, kept, found):
        u.leftover += [u.shown] * (not u.leftover)
        return False
    if draft.head and strange and draft.quantity is None and not draft.options and _compound(kept, draft):
        return False
    if bare and strange and _only_spoken_of(u, kept, draft):
        return False
    if draft.some and _of_some(draft) and set(draft.items) & {line.item for line in u.context.basket}:
        u.leftover.append(draft.heard)  # 콜라 하나는 …: what is said of that one isn't known
        return False
    if unsaid := _unsaid_of_some(kept, draft):
        u.leftover.append(unsaid)
        return False
    return draft.head or draft.old or _said_of_others(u, kept, draft, before, strange, unclear)


def _unsaid_of_some(kept: Sequence[Span], draft: Draft) -> str:
    """What is said of some of the goods and chooses nothing that they have: "one of them decaf" makes them no fewer."""
    if draft.head or draft.options or draft.quantity is None or draft.mode not in (None, "change"):
        return ""
    counts = (i for i, span in enumerate(kept[:-1], 1) if "num" in span.has and _some_of(span, kept[i]))
    behind = list(takewhile(lambda span: span.has.keys().isdisjoint(_BREAKS), kept[next(counts, len(kept)) + 1 :]))
    told = [span for span in behind if not span.has.keys() & _QUIET]
    return " ".join(span.text for span in behind) if told and "item" not in told[-1].has else ""


def _some_of(count: Span, behind: Span) -> bool:
    """Whether so many of the goods are told apart: "one of them", "make one a …"."""
    return "of_them" in behind.has or ("one" in count.has and "article" in behind.has)


_QUIET = frozenset({"polite", "request", "particle", "hesitation", "verb", "only", "article"})
"""What says nothing of goods that are counted."""


def _said_of_others(
    u: Utterance, kept: Sequence[Span], draft: Draft, before: bool, strange: bool, unclear: bool
) -> bool:
    """Whether options or a count without goods of their own are said of goods that are there, or were just named."""
    asked = u.context.expects is not None or bool(u.context.basket)
    listed = draft.which is not None and u.context.listed
    plain = not draft.options and draft.quantity is None and draft.mode != "remove"
    if strange or (plain and not listed and not draft.alike):
        return False
    if draft.mode == "add" and not draft.options and not asked and _asks(u, kept):
        return False
    done = draft.mode in ("change", "remove", "swap", "add")
    if draft.reference and not (draft.options or done or asked or before):
        return False
    if draft.quantity is not None and not (draft.options or draft.verb or draft.more or draft.reference):
        return False
    if draft.reference and draft.which is None and draft.mode is None and not draft.options:
        if unclear or not _recounted(u, kept):
            return False
        draft.mode = "change"
    told = draft.verb or asked or before or draft.mode is not None
    return told or any(option.amount for option in draft.options) or _firm(kept)


def _occasion(kept: Sequence[Span]) -> int:
    """How many words that aren't known only tell what counted goods are for: "20 burgers for my office party"."""
    at = next((i for i, span in enumerate(kept) if "role" in span.has), 0)
    if (
        at < 2
        or not kept[at - 1].has.keys() & {"item", "category"}
        or not kept[at - 2].has.keys() & {"num", "choice", "article"}
    ):
        return 0
    behind = kept[at + 1 :]
    while behind and behind[0].has.keys() & {"the", "article", "filler"}:
        behind = behind[1:]
    end = next((i for i, span in enumerate(behind) if "unknown" not in span.has), len(behind))
    return end if end and not any("unknown" in span.has for span in behind[end:]) else 0


def _of_some(draft: Draft) -> bool:
    """Whether some of the goods are named, and nothing is said of them."""
    bare = draft.head and not (draft.options or draft.subs or draft.old)
    return bare and draft.definite and draft.mode in (None, "change")


def apart(u: Utterance, kept: Sequence[Span], found: Sequence[Draft]) -> list[Draft]:
    """Goods in parts of a sentence that are known throughout, where much else isn't: "milk, bread and some wibble for
    the flumph". They are taken where the sentence begins so, else asked about."""
    if u.context.expects not in (None, "basket"):
        return []
    if u.grammar.script == "unspaced" and not all(draft.head and (draft.verb or draft.quantity) for draft in found):
        return []
    parts: list[list[Span]] = [[]]
    for span in kept:
        if span.has.keys() & _BREAKS and "item" not in span.has:
            parts.append([])
        else:
            parts[-1].append(span)
    parts = [part for part in parts if part]
    known = [all(not _KNOWN.isdisjoint(span.has) for span in part) for part in parts]
    if len(parts) < 2 or sum(["unknown" in span.has and not span.glued for span in kept]) > _MOST_STRANGE:
        return []
    made = []
    for draft in found:
        part = next((i for i, one in enumerate(parts) if any(span.start == draft.at for span in one)), None)
        if part is None or not known[part] or not draft.head or draft.old or draft.mode not in (None, "add"):
            continue
        if not all(known[: part + 1]):
            draft.score = min(draft.score, UNSURE)
        made.append(draft)
    return made


_BREAKS = frozenset({"and", "pause", "stop", "but"})
_KNOWN = _ORDERED | {"polite", "filler", "the", "hesitation", "particle", "of", "it"}
_MOST_STRANGE = 4
"""With more unknown words a sentence is about something else, whatever it names."""


def _one_name(u: Utterance, kept: Sequence[Span], first: int, run: int) -> int:
    """How many unknown letters may be the name of one thing: more where a count stands behind them, 주먹밥 하나."""
    behind = next((span for span in kept[first + run :] if "particle" not in span.has), None)
    return 5 if u.grammar.verbs_last and behind is not None and "num" in behind.has else 2


def _asks(u: Utterance, kept: Sequence[Span]) -> bool:
    """Whether a sentence begins with the word of a question: a bare count in it orders nothing."""
    return u.grammar.script == "spaced" and "asking" in kept[0].has and "verb" not in kept[0].has


def _wonders(u: Utterance, kept: Sequence[Span]) -> bool:
    """Whether a sentence asks about something, and doesn't ask for it as "could I" does."""
    return _asks(u, kept) and kept[0].text not in u.grammar.modals


def _only_spoken_of(u: Utterance, kept: Sequence[Span], draft: Draft) -> bool:
    """Whether what is said right behind goods isn't known, and is said of those that are there or of the kind, with no
    word that orders them: 牛柳饭加两个蛋, 장미는 햇빛 많이 필요해요."""
    at = next((i for i, span in enumerate(kept) if span.start == draft.at), len(kept))
    after = [span.has for span in kept[at + 1 : at + 6]]
    if not any("unknown" in has for has in after) or draft.quantity is not None:
        return False
    if u.grammar.verbs_last:
        return "topical" in after[0] and not any("verb" in has for has in after)
    there = not {line.item for line in u.context.basket}.isdisjoint(draft.items)
    return there and u.grammar.script == "unspaced" and "with" in after[0].get("amount", ())


def _asked_whether(u: Utterance, kept: Sequence[Span], found: Sequence[Draft]) -> bool:
    """Whether a sentence only asks whether goods are so, by its last word: 面包是今天做的吗, 玩具车要装电池吗."""
    if u.grammar.script != "unspaced" or u.context.expects not in (None, "basket") or len(kept) < 3:
        return False
    last = next((span for span in reversed(kept) if "pause" not in span.has), kept[-1])
    first = next((i for i, span in enumerate(kept) if "item" in span.has), 0)
    wished = any(span.has.keys() & {"verb", "num"} for span in kept[:first])
    others = any(span.has.get("verb", ("add",))[0] != "add" or "num" in span.has for span in kept[first:])
    return "asking" in last.has and not (wished or others) and not any(draft.options for draft in found)


def _recounted(u: Utterance, kept: Sequence[Span]) -> bool:
    """A count with its measure word, or "of those", and no more, "three cups then": so many of the line last spoken
    of."""
    if not u.context.basket or u.context.expects not in (None, "basket"):
        return False
    counts = [i for i, span in enumerate(kept) if "num" in span.has]
    if len(counts) != 1:
        return False
    before = [span.has for span in kept[: counts[0]] if "the" not in span.has]
    told = bool(before) and before[-1].keys() & {"only", "correct"}  # "actually just one", "just the one"
    last = kept[-1].has.keys() == {"correct"}  # "two actually"
    behind = kept[counts[0] + 1 : counts[0] + 2]
    last = last or any("only" in span.has for span in behind)  # "one only", 하나만요
    return bool(told) or last or any(span.has.keys() & {"measure", "of_them"} for span in behind)


def _compound(kept: Sequence[Span], draft: Draft) -> bool:
    """Whether an unknown word right behind a short name makes something else of it: "water bill"."""
    for index, span in enumerate(kept[:-1]):
        follower = kept[index + 1]
        if span.text == draft.heard and "item" in span.has and "unknown" in follower.has:
            return span.end - span.start == 1 and follower.start == span.end and span.text.isascii()
    return False


def _firm(kept: Sequence[Span]) -> bool:
    """Nothing but an option was said, with a word such as "without" or "with"."""
    return any("amount" in span.has for span in kept) and not any("unknown" in span.has for span in kept)

"""Questions: what a sentence asks, about which goods, kinds or attributes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from assistant.turns import Act
from assistant.understanding.drafts import NEGATIVE
from assistant.understanding.names import meaning_of
from assistant.understanding.spans import Span
from assistant.understanding.text import words_of

if TYPE_CHECKING:
    from assistant.understanding.grammar import Utterance

QUESTIONS = frozenset({"ask_price", "ask_menu", "ask_stock", "ask_item", "recommend"})
_ORDERED = frozenset({"verb", "num", "article", "some", "measure", "another", "amount", "filler"})


def inquiry(u: Utterance, start: int, end: int) -> tuple[str, ...]:
    """The goods that a sentence with a word such as "what" or 吗 asks about; none where it orders them. Goods and an
    attribute behind them ("素食汉堡是纯素的吗", 채식버거 비건이에요?) ask whether they are so."""
    if u.kinds.isdisjoint(("asking", "tag")):
        return ()
    free = [u.spans[i] for i in range(start, end) if i not in u.used]
    named = next((at for at, span in enumerate(free) if "item" in span.has), len(free))
    so = any("tag" in span.has and "item" not in span.has for span in free[named + 1 :])
    marked = so and u.shown.rstrip().endswith(("?", "？"))
    if not marked and ("asking" not in u.kinds or not asking(u, start, end)):
        return ()
    ordered = _ORDERED - {"filler"} if so else _ORDERED
    if any(span.has.keys() & ordered and "asking" not in span.has for span in free):
        return ()
    return tuple(dict.fromkeys(span.has["item"][0] for span in free if "item" in span.has))


def cheapest(u: Utterance, start: int, end: int) -> Act | None:
    """ "The cheapest one", 最便宜的: of a kind that is named, or of what was listed."""
    if "tag" not in u.kinds:
        return None
    spans = [u.spans[i] for i in range(start, end) if i not in u.used]
    if not any(span.has.get("tag") == CHEAP for span in spans):
        return None
    if any(span.has.keys() & _NAMED and "category" not in span.has for span in spans):
        return None
    if any(span.has.get("verb", ("add",))[0] != "add" for span in spans):
        return None
    kinds = (span.has["category"] for span in spans if span.has.get("category") in u.lexicon.categories)
    return Act("ask_menu", items=tuple(dict.fromkeys(f"#{kind}" for kind in kinds)), value={"tags": [CHEAP]})


CHEAP = "cheap"
_NAMED = frozenset({"item", "choice", "partial", "unknown"})


def follow_up(u: Utterance, start: int, end: int) -> Act | None:
    """ "And the large?" behind a question about a price: what was asked about, with another choice."""
    if not u.shown.rstrip().endswith(("?", "？")) or len(u.context.listed) != 1:
        return None
    spans = [u.spans[i] for i in range(start, end) if i not in u.used]
    if not spans or not all(span.has.keys() & _FOLLOWING for span in spans):
        return None
    wished = any("choice" in span.has and "item" not in span.has for span in spans)
    listed = any(u.context.listed[0] in span.has.get("choice", {}) for span in spans)
    return Act("ask_price", items=u.context.listed) if wished and listed else None


_FOLLOWING = frozenset({"choice", "and", "the", "one", "article", "particle", "filler", "topical", "but"})


def asking(u: Utterance, start: int, end: int) -> bool:
    """Whether a sentence has the word of a question: at its beginning where word order tells, else anywhere."""
    spans = [span for span in u.spans[start:end] if "pause" not in span.has]
    if u.grammar.script == "spaced":
        spans = [span for span in spans if "filler" not in span.has or "asking" in span.has][:1]
    return any("asking" in span.has for span in spans)


def kinds_alone(u: Utterance) -> bool:
    """Kinds of goods with nothing but politeness beside them ask to see them: "drinks please", 饮料, "burgers"."""
    if "category" not in u.kinds:
        return False
    kinds = []
    for i, span in enumerate(u.spans):
        if span.has.get("category") in u.lexicon.categories and "item" not in span.has:
            kinds.append(f"#{span.has['category']}")
        elif i in u.used or span.has.keys().isdisjoint(_BESIDE_KINDS) or "num" in span.has:
            return False
    if kinds:
        u.add(0, Act("ask_menu", items=tuple(dict.fromkeys(kinds))), set(range(len(u.spans))))
    return bool(kinds)


_BESIDE_KINDS = frozenset("filler polite hesitation particle topical the and or pause stop only".split())


def asks(u: Utterance, index: int, start: int, end: int) -> bool:
    """Whether a phrase that may be a question is one here."""
    span = u.spans[index]
    if not span.has.keys() & {"question"}:
        return True
    return any(u.free(i, "category", "tag", "free") for i in range(start, end))


def wonders(u: Utterance, at: int, start: int, end: int) -> bool:
    """Whether a word such as "what" asks for a kind of goods: a category or an attribute, and no goods."""
    inside = [u.spans[i] for i in range(start, end) if i not in u.used]
    if any(
        "unknown" in span.has or "item" in span.has or ("verb" in span.has and "category" not in span.has)
        for span in inside
    ):
        return False
    return any(span.has.keys() & {"category", "tag"} for span in inside) or any(
        lacks(u, i) is not None for i in range(start, end) if i not in u.used
    )


def ask(u: Utterance, at: int, start: int, end: int) -> list[int]:
    """Makes the act of a question; what is left of the sentence for others."""
    spans = u.spans
    named = [(name, value) for i in range(start, end) for name, value in u.acts_at(i) if name in QUESTIONS]
    named = named or [("ask_menu", None)]
    name, value = max(named, key=lambda one: _WEIGHT.get(one[0], 0) + (one[1] is not None))
    verb = next(
        (
            i
            for i in range(at + 1, end)
            if i not in u.used and spans[i].has.get("verb", ("",))[0] in ("add", "remove") and "act" not in spans[i].has
        ),
        None,
    )
    stop = end
    if verb is not None and any("item" in spans[i].has for i in range(at + 1, verb)):
        stop = verb
    after = [i for i in range(at, stop) if i not in u.used]
    goods = [i for i in after if "item" in spans[i].has]
    begin = at
    if not goods or u.grammar.script != "spaced":
        begin = start
        for i in range(at - 1, start - 1, -1):
            if (
                spans[i].has.get("verb", ("",))[0] in ("add", "remove")
                and any("item" in spans[j].has for j in range(i, at))
                and goods
            ):
                begin = i + 1
                break
        begin = _clause(u, begin, at, alone=value == "promotions")
        goods = [i for i in range(begin, stop) if i not in u.used and "item" in spans[i].has]
    inside = [i for i in range(begin, stop) if i not in u.used]
    items = tuple(dict.fromkeys(spans[i].has["item"][0] for i in goods))
    kinds = tuple(
        dict.fromkeys(
            "#" + str(spans[i].has["category"])
            for i in inside
            if spans[i].has.get("category") in u.lexicon.categories and i not in goods
        )
    )
    wanted, unwanted = _tags(u, inside)
    strange = [spans[i] for i in inside if "unknown" in spans[i].has]
    partial = tuple(
        dict.fromkeys(one for i in inside if "partial" in spans[i].has and not items for one in spans[i].has["partial"])
    )
    about: tuple[str, ...] = items or kinds
    content: Any = value
    if name == "ask_stock" and items and (wanted or unwanted):
        name = "ask_item"
    elif name in ("ask_stock", "ask_menu", "recommend") or (name == "ask_item" and not value):
        if (kinds or wanted or unwanted) and not items:
            name = "recommend" if name == "recommend" else "ask_menu"
            content = {key: list(tags) for key, tags in (("tags", wanted), ("not", unwanted)) if tags} or None
        elif name == "ask_stock" and not items:
            about = partial or tuple(joined(strange))
            if not about and "topic" not in _kinds(u, inside):
                return [i for i in range(start, end) if i not in inside]
            name = "ask_stock" if partial else "ask_menu"
        elif name == "ask_menu" and items:
            about = tuple(dict.fromkeys("#" + u.lexicon.catalogue.items[item].category for item in items))
        elif name == "ask_menu" and strange and u.grammar.script == "spaced":
            about = tuple(joined(strange))
    if name == "ask_price" and not items and (wanted or unwanted) and not _having(u, inside):
        name = "ask_menu"  # "what is vegetarian": the goods that are so, each with its price
        content = {key: list(tags) for key, tags in (("tags", wanted), ("not", unwanted)) if tags}
    if name in ("ask_price", "ask_item") and not items and not kinds:
        topic = next((spans[i].has["topic"] for i in inside if "topic" in spans[i].has), None)
        ways = next((spans[i].has["fulfilment"] for i in inside if "fulfilment" in spans[i].has), None)
        if name == "ask_price" and ways is not None:
            name, content = "ask_item", "delivery"
        elif name == "ask_item" and content is None and topic is not None:
            content = topic
        elif partial:
            about = partial
        elif name == "ask_price" and (mine := _having(u, inside)):
            about = mine  # "how much is the large?", of what was spoken of
    if len(strange) > 1 and not about and name in ("ask_item", "ask_price"):
        unknown(u, strange)
        return [i for i in range(start, end) if i not in inside]
    if name == "ask_item" and content is None and not about:
        unknown(u, strange)
        return [i for i in range(start, end) if i not in inside]
    if name == "ask_price" and strange and not about:
        about = tuple(joined(strange))
    u.add(at, Act(name, items=about, value=content), set(inside))
    return [i for i in range(start, end) if i not in inside]


def _having(u: Utterance, inside: Sequence[int]) -> tuple[str, ...]:
    """The goods spoken of last that come with a choice that a question names."""
    asked = u.context.listed if len(u.context.listed) == 1 else ()
    spoken = [*asked, u.context.last, *u.context.listed[:1], *(line.item for line in reversed(u.context.basket))]
    for i in inside:
        places = u.spans[i].has.get("choice", {})
        found = next((item for item in spoken if item in places), None)
        if found is not None:
            return (found,)
    return ()


def _clause(u: Utterance, start: int, at: int, alone: bool) -> int:
    """Where the clause of a question at `at` begins: behind the last pause, where goods were ordered before it and it
    asks about goods of its own ("两杯可乐，芝士汉堡多少钱"), or `alone` about none."""
    pauses = [i for i in range(start, at) if "pause" in u.spans[i].has]
    if not pauses:
        return start
    before, own = u.spans[start : pauses[-1]], u.spans[pauses[-1] + 1 : at]
    ordered = any("item" in span.has for span in before) and any(span.has.keys() & {"num", "verb"} for span in before)
    return pauses[-1] + 1 if ordered and (alone or any("item" in span.has for span in own)) else start


_WEIGHT = {"ask_price": 6, "ask_item": 5, "recommend": 4, "ask_stock": 3, "ask_menu": 2}


def _kinds(u: Utterance, inside: Sequence[int]) -> set[str]:
    return {kind for i in inside for kind in u.spans[i].has}


def _tags(u: Utterance, inside: Sequence[int]) -> tuple[list[str], list[str]]:
    """The attributes that are wanted and unwanted: "vegetarian", "not spicy", "without sugar"."""
    wanted: list[str] = []
    unwanted: list[str] = []
    for i in inside:
        has = u.spans[i].has
        lacking, refused = lacks(u, i), denied(u, i)
        tag = str(has["tag"]) if "tag" in has else None
        if lacking is not None:
            wanted.append(f"{lacking}_free")
        elif tag is not None and (tag.startswith("not_") or refused):
            unwanted.append(tag.removeprefix("not_"))
        elif tag is not None:
            wanted.append(tag)
    return wanted, unwanted


def denied(u: Utterance, index: int) -> bool:
    """Whether a word before or behind an attribute denies it."""
    for step, side in ((-1, "before"), (1, "after")):
        at = index + step
        while 0 <= at < len(u.spans) and u.spans[at].has.keys() <= {"one", "particle"}:
            at += step
        name, where = u.spans[at].has.get("amount", ("", "")) if 0 <= at < len(u.spans) else ("", "")
        if name == NEGATIVE and (where in (side, "both") or (where == "link" and side == "after")):
            return True
    return False


def lacks(u: Utterance, index: int) -> str | None:
    """The substance that something is to be without: "without sugar", or in one word that names a choice, 无糖."""
    has = u.spans[index].has
    if "free" in has and denied(u, index):
        return str(has["free"])
    if "choice" in has and "item" not in has:
        words, key = u.lexicon.words[u.grammar.tag], words_of(u.spans[index].text)
        for cut in range(1, len(key)):
            if meaning_of(words, key[:cut]).get("amount", ("",))[0] == NEGATIVE:
                rest = meaning_of(words, key[cut:]).get("free")
                if rest is not None:
                    return str(rest)
    return None


def joined(spans: Sequence[Span]) -> list[str]:
    """Neighbouring unknown spans as one name each."""
    made: list[tuple[int, str]] = []
    for span in spans:
        if made and made[-1][0] == span.start:
            joint = "" if not span.text[:1].isascii() else " "
            made[-1] = (span.end, made[-1][1] + joint + span.text)
        else:
            made.append((span.end, span.text))
    return [text for _, text in made]


def unknown(u: Utterance, spans: Sequence[Span]) -> None:
    for text in joined([span for span in spans if span.has.keys() & {"unknown", "partial"}]):
        if text not in u.leftover:
            u.leftover.append(text)

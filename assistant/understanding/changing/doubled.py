"""As many times what was spoken of last: "double it", "make it a double", 翻倍, 두 배로 해 주세요."""

from __future__ import annotations

from assistant.commerce.catalogue import Item
from assistant.turns import Act, LineSaid, OptionSaid
from assistant.understanding.ordering.drafts import akin
from assistant.understanding.words.text import words_of
from assistant.understanding.words.utterance import Utterance

_BESIDE = frozenset(
    "it the makes verb article polite request filler hesitation particle correct pause stop wish".split()
)
_ALL = frozenset({"everything", "each"})


def read(u: Utterance) -> bool:
    """Whether that is all that is said, of a line of the basket. What the shop calls so is meant first: a double shot;
    with "a", the double cheeseburger of a cheeseburger. Else there are as many times as many."""
    folds = [span for span in u.spans if "fold" in span.has]
    line = u.context.spoken_of
    if len(folds) != 1 or line is None or line.item is None or u.context.expects not in (None, "basket"):
        return False
    if not all("fold" in span.has or span.has.keys() & (_BESIDE | _ALL) for span in u.spans):
        return False
    if len(u.spans) == 1 and u.grammar.script == "spaced":
        return False  # a mere "double" isn't said of all of it
    if any(span.has.get("verb", ("change",))[0] != "change" and "settles" not in span.has for span in u.spans):
        return False
    if u.kinds & _ALL:  # "double everything"
        fold = int(folds[0].has["fold"])
        lines = [LineSaid(None, (one.quantity or 1) * fold, (), at) for at, one in enumerate(u.context.basket, 1)]
        u.add(0, Act("change", tuple(lines)), set(range(len(u.spans))))
        return True
    item, word = u.lexicon.catalogue.items[line.item], words_of(folds[0].text)
    act = _called(item, word, u.grammar.tag)
    if act is None and "article" in u.kinds:
        act = _such(u, item, word)
    if act is None:
        act = Act("change", (LineSaid(None, (line.quantity or 1) * int(folds[0].has["fold"])),))
    u.add(0, act, set(range(len(u.spans))))
    return True


def _called(item: Item, word: tuple[str, ...], tag: str) -> Act | None:
    """The one choice of goods whose name begins so, as an act."""
    found = {
        (option.id, choice.id)
        for option in item.options
        for choice in option.choices
        if any(words_of(name)[: len(word)] == word for name in choice.names.get(tag, ()))
    }
    if len(found) != 1:
        return None
    option, choice = found.pop()
    return Act("change", (LineSaid(None, None, (OptionSaid(option, choice),)),))


def _such(u: Utterance, item: Item, word: tuple[str, ...]) -> Act | None:
    """The goods of the same kind that have their whole name behind the word, in their place."""
    tag = u.grammar.tag
    names = {(*word, *words_of(name)) for name in item.names.get(tag, ())}
    found = [
        one
        for one in u.lexicon.catalogue.items.values()
        if akin(one, item) and names & {words_of(name) for name in one.names.get(tag, ())}
    ]
    if len(found) != 1:
        return None
    return Act("change", (LineSaid(found[0].id, 1),), instead_of=(LineSaid(None),))

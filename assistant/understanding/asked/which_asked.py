"""Which of the goods that were asked about are meant, by a part of their names: two burgers, 两个都要牛肉的,
一个牛肉的一个鸡肉的, 芝士的，配雪碧. Nothing else is named by such a word then."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.understanding.words.spans import Span
from assistant.understanding.words.text import words_of
from assistant.understanding.words.utterance import Utterance

_NAMING = frozenset({"item", "partial", "goods", "short", "choice"})


def read(u: Utterance) -> None:
    """Lets words name those goods alone, where they tell one of them. What is put on them, 加芝士, names none."""
    if len(u.context.asked_goods) < 2:
        return
    before: Span | None = None
    for span in u.spans:
        if span.has.keys() & _NAMING and "num" not in span.has and not (before is not None and _puts_on(before)):
            goods = _named(u, span)
            if goods is not None:
                span.has = {"item": (goods,)}
                u.kinds.add("item")
        if "filler" not in span.has:
            before = span


def _puts_on(span: Span) -> bool:
    amount, verb = span.has.get("amount", ("",))[0], span.has.get("verb", ("",))[0]
    wishes = amount == "with" and verb == "add" and "again" not in span.has
    return bool(amount) and not wishes


def _named(u: Utterance, span: Span) -> str | None:
    """The one whose name, as it is read out, has the word, or begins with it where several have it; else whatever it is
    called."""
    word = words_of(span.text)
    items, tag = u.lexicon.catalogue.items, u.grammar.tag
    called = {one: [words_of(name) for name in items[one].names.get(tag, ())] for one in u.context.asked_goods}
    for names in ({one: some[:1] for one, some in called.items()}, called):
        having = [one for one, some in names.items() if any(_within(word, name) for name in some)]
        if len(having) > 1:
            having = [one for one in having if any(name[: len(word)] == word for name in names[one])]
        if having:
            return having[0] if len(having) == 1 else None
    return None


def _within(word: Sequence[str], name: Sequence[str]) -> bool:
    return any(name[at : at + len(word)] == word for at in range(len(name) - len(word) + 1))

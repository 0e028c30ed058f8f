"""What is counted that rooms come with, 四份早餐: it counts no rooms. Where it is as many for each room as can be had,
they have that; else what can be had is told."""

from __future__ import annotations

from assistant.commerce.catalogue import Item, ItemOption
from assistant.turns import Act, LineSaid, OptionSaid
from assistant.understanding.words.names import meaning_of
from assistant.understanding.words.text import words_of
from assistant.understanding.words.utterance import Utterance

_BESIDE = frozenset("num measure choice verb filler polite particle hesitation request pause stop amount again".split())


def read(u: Utterance) -> bool:
    """Whether that is all that is said, of the rooms of one kind that are there."""
    if not u.context.booking:
        return False
    items = list(dict.fromkeys(line.item for line in u.context.basket if line.item is not None))
    named = [span for span in u.spans if "choice" in span.has]
    counts = [span for span in u.spans if "num" in span.has and "choice" not in span.has]
    measures = [span.text for span in u.spans if "measure" in span.has]
    if len(items) != 1 or len(named) != 1 or len(counts) != 1 or not measures or u.question_mark:
        return False
    item = u.lexicon.catalogue.items[items[0]]
    pairs = named[0].has["choice"].get(item.id, ())
    if len(pairs) != 1 or not all(span.has.keys() & _BESIDE for span in u.spans):
        return False
    option, own = item.option(pairs[0][0]), item.measures.get(u.grammar.tag)
    if option is None or option.choose != "one" or own in measures:
        return False
    number, rooms = counts[0].has["num"][0], sum(line.quantity or 1 for line in u.context.basket)
    choice = _of_so_many(u, item, option, named[0].text, number // rooms) if number % rooms == 0 else None
    if choice is None:
        u.leftover.append(u.shown)
        u.add(0, Act("ask_item", items=(item.id,), value={"option": [option.id]}), range(len(u.spans)))
        return True
    said = (OptionSaid(option.id, choice),)
    u.add(0, Act("change", (LineSaid(None, None, said, "all" if len(u.context.basket) > 1 else None),)))
    u.used.update(range(len(u.spans)))
    return True


def _of_so_many(u: Utterance, item: Item, option: ItemOption, word: str, number: int) -> str | None:
    """The choice whose name says so many of it: 两份早餐."""
    words = u.lexicon.words[u.grammar.tag]
    for choice in option.choices:
        for name in choice.names.get(u.grammar.tag, ()):
            key = words_of(name)
            count = meaning_of(words, key[:1]).get("num", (0,))[0]
            if count == number and key[-len(words_of(word)) :] == words_of(word):
                return choice.id
    return None

"""What is asked for by the glass or the portion as if it were goods, and is only something that other goods may be had
with: 来一个芝士汉堡，来杯牛奶. It is put on no burger."""

from __future__ import annotations

from assistant.understanding.ordering.drafts import valid
from assistant.understanding.words.lexicon import Places
from assistant.understanding.words.spans import UNKNOWN
from assistant.understanding.words.utterance import Utterance

_MORE = frozenset({"item", "goods", "num", "option", "category", "amount", "measure"})


def _tells_kind(u: Utterance, places: Places) -> bool:
    """再来一壶铁观音: what says of the one thing that has it which it is, before all else, is that thing."""
    goods = u.lexicon.catalogue.items
    return len(places) == 1 and all(goods[item].options[0].id == pairs[0][0] for item, pairs in places.items())


def read(u: Utterance) -> None:
    """Makes it a word that isn't known, where nothing that is named or there can have it."""
    named = [item for span in u.spans for item in span.has.get("item", ())]
    about = [*named, *(line.item for line in u.context.basket if line.item), *u.context.listed]
    for at in range(2, len(u.spans)):
        has = u.spans[at].has
        if "choice" not in has or not has.keys().isdisjoint(_MORE) or _tells_kind(u, has["choice"]):
            continue
        behind = u.spans[at + 1].has if at + 1 < len(u.spans) else {}
        led = u.spans[at - 2].has
        served = "measure" in u.spans[at - 1].has and ("num" in led or led.get("verb", ("",))[0] == "add")
        if served and not behind.keys() & {"whose", "choice", "item"} and not valid(has["choice"], about):
            u.spans[at].has = UNKNOWN
            u.kinds.add("unknown")

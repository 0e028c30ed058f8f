"""The six digits with which a device joins a talk: where they were asked for, behind their word, or quite alone."""

from __future__ import annotations

from assistant.turns import Act
from assistant.understanding.facts.people import digitwise
from assistant.understanding.words.spans import digits_of
from assistant.understanding.words.text import CARD
from assistant.understanding.words.utterance import Utterance

LENGTH = 6
ASKED = "code"
_ALONE = frozenset({None, ASKED, "basket", "choose", "fulfilment", "method"})
"""What may be expected where nothing but six digits is a code: elsewhere they may be a phone, a house, an amount."""
_BESIDE = frozenset("filler polite hesitation particle pause stop it the wish on numbered instead clock asking".split())
_ANNOUNCES = ("give_coupon", "continue_elsewhere")


def read(u: Utterance) -> Act | None:
    """The code that an utterance gives, where it does nothing else."""
    if u.kinds.isdisjoint(("digits", "num")) or CARD in u.shown:
        return None
    digits = ""
    announced = between = False
    for span in u.spans:
        said = digits_of(span) if digitwise(span) else None
        if said is not None and said.isdigit():
            if between and digits:
                return None
            digits += said
        elif any(name in _ANNOUNCES for name, _ in span.has.get("act", ())):
            announced = True
        elif not span.has.keys() & _BESIDE or ("unknown" in span.has):
            return None
        elif digits and "pause" not in span.has and not set(span.text) <= _WRITTEN:
            between = True
    if len(digits) != LENGTH or not (announced or u.context.expects in _ALONE):
        return None
    if any(one.code == digits for one in u.lexicon.shop.promotions.values()):
        return None
    return Act("continue_elsewhere", value={"code": digits})


_WRITTEN = frozenset(" -–—.")

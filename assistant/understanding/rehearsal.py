"""What is else made when something is first asked, said or misheard, made ahead of time.

A first turn by voice took five times the work of the second: the phrases of a step, the tables of what sounds alike,
the letters that Chinese writes in two ways, the packs that goods come in. Nobody needs to wait for any of them.
"""

from __future__ import annotations

import datetime as dt

from assistant.turns import Hypothesis
from assistant.understanding import understand
from assistant.understanding.context import Context
from assistant.understanding.misheard.sounding import sounding
from assistant.understanding.vocabulary import vocabulary
from assistant.understanding.words.lexicon import Lexicon

PHRASES = 40
"""Likely phrases that are rehearsed, of all kinds: names, counts, options, requests."""
UNSURE = 0.5


def rehearse(lexicon: Lexicon, language: str, now: dt.datetime) -> None:
    """Hear some of what is likely in a language, rightly and misheard. Changes nothing but what `lexicon` keeps.

    Takes a tenth of a second over forty goods, and up to some seconds over 100,000. `now`: as in a Context."""
    if language not in lexicon.words:
        return
    sounding(lexicon, language)
    context = Context(now=now)
    for kind in ("yes_no", "choice", "open"):
        likely = vocabulary(lexicon, context, language, kind)
    for phrase in likely.phrases[:: len(likely.phrases) // PHRASES + 1]:
        for heard in (phrase, phrase[:-1]):
            understand((Hypothesis(heard, confidence=UNSURE),), lexicon, context, language)

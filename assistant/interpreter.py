"""What a turn means: in which language it is, and what was wanted. Reads no store and writes nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Sequence
from pathlib import Path

from msgspec.structs import replace

from assistant.commerce.catalogue import Catalogue
from assistant.commerce.order import Order
from assistant.commerce.shop import Shop
from assistant.dialogue.attended import EDITS
from assistant.dialogue.known import answer_asked, answer_to, understand_context
from assistant.dialogue.state import Session
from assistant.discovery import discover, extensions
from assistant.proposer import Proposer, unsure, with_proposal
from assistant.turns import MOST_LETTERS, Alias, Doubt, Ending, Meaning, Turn, Vocabulary
from assistant.understanding import Context, Lexicon, build_lexicon, detect_language, understand
from assistant.understanding.ending import ending
from assistant.understanding.rehearsal import rehearse
from assistant.understanding.vocabulary import vocabulary
from assistant.understanding.words.aliases import with_aliases
from assistant.understanding.words.text import only_in
from models import languages

Build = Callable[..., Lexicon]
"""As `build_lexicon`."""


def lexicon_of(shop: Shop, catalogue: Catalogue, tags: Sequence[str] = (), build: Build | None = None) -> Lexicon:
    """All that can be heard in a shop in these languages (none: its own): goods, words of the languages and parts."""
    files = [languages.load(tag, _folder()) for tag in tags or shop.languages]
    parts = {name: part.WORDS for kind in ("step", "trade", "provider") for name, part in discover(kind).items()}
    return (build or build_lexicon)(shop, catalogue, files, parts)


def _folder() -> Path | None:
    """Where other packages' languages are."""
    extra = extensions()
    return extra / "language" if extra else None


class Interpreter:
    """Of one shop."""

    def __init__(
        self, shop: Shop, catalogue: Catalogue, tags: Sequence[str], lexicon: Lexicon, proposer: Proposer | None = None
    ) -> None:
        self._shop, self._catalogue, self._lexicon, self._proposer = shop, catalogue, lexicon, proposer
        self.languages = tuple(tags)
        self._scripts = {tag: languages.load(tag, _folder()).tables.get("script") for tag in tags}
        scripts = list(self._scripts.values())
        self._sole = {one for one in scripts if scripts.count(one) == 1}
        """Scripts of one language alone."""
        self._aliases: Collection[Alias] = frozenset()

    def hear(self, aliases: Collection[Alias]) -> None:
        """These names, and no others, are understood beside the catalogue's own from now on."""
        if aliases != self._aliases:
            self._aliases, self._lexicon = aliases, with_aliases(self._lexicon, aliases)

    def language(self, turn: Turn, session: Session | None) -> str:
        """What the talk is in. A sentence in another script is another language; a name or code in it is not."""
        language = (session.language if session else "") or turn.language or ""
        text = turn.text
        script = self._scripts.get(language)
        plain = text.isascii() if script == "spaced" else script in self._sole and only_in(script, text)
        if text and not plain:
            heard = detect_language(text, self._lexicon)
            if heard in self._scripts and heard != language:
                other = self._scripts[heard] != self._scripts.get(language)
                sentence = self._words_of(heard, text) >= 2 or self._scripts[heard] != "spaced"
                if not language or (other and sentence and self._words_of(language, text) < 2):
                    language = heard
        return language or self._shop.languages[0]

    def _words_of(self, language: str, text: str) -> int:
        markers = self._lexicon.markers.get(language, ())
        return sum(word.strip(".,!?") in markers for word in text[:MOST_LETTERS].lower().split())

    def meaning(
        self, turn: Turn, session: Session, order: Order | None, language: str, proposed: Doubt | None = None
    ) -> Meaning:
        """What is wanted. `proposed`: what `proposal` gave for this turn; counts only where little was understood."""
        if (turn.acts or turn.doubts) and not (turn.text and self._strange(turn)):
            return Meaning(acts=turn.acts, ask=turn.doubts, language=language, text=turn.text)
        if not turn.hypotheses:
            return Meaning(language=language)
        context = self._context(session, order, turn.at)
        if turn.spoken:
            context = replace(context, spoken=True)
        meaning = understand(turn.hypotheses, self._lexicon, context, language)
        if turn.source == "merchant":
            return _of_staff(meaning)
        return with_proposal(meaning, proposed) if proposed and unsure(meaning, context.expects) else meaning

    @property
    def proposes(self) -> bool:
        """Whether there is anybody to ask what isn't understood."""
        return self._proposer is not None

    async def proposal(self, turn: Turn, session: Session, order: Order | None, language: str) -> Doubt | None:
        """What words that aren't understood may mean. No lock may be held: a far end takes its time."""
        if self._proposer is None:
            return None
        meaning, context = self.meaning(turn, session, order, language), self._context(session, order, turn.at)
        if not unsure(meaning, context.expects):
            return None
        return await self._proposer.ask(meaning, self._lexicon, context.basket)

    def vocabulary(self, session: Session, order: Order | None, language: str, at: dt.datetime) -> Vocabulary:
        """What may be said now; see `House.vocabulary`."""
        return vocabulary(self._lexicon, self._context(session, order, at), language, answer_asked(session))

    def ending(self, text: str, language: str, expects: str | None, choices: Sequence[str]) -> Ending:
        """See `House.ending`."""
        return ending(self._lexicon, text, language, answer_to(expects, len(choices)), choices)

    def warm(self, language: str, at: dt.datetime) -> None:
        """See `House.warm`."""
        rehearse(self._lexicon, language, self._shop.local(at))

    def _context(self, session: Session, order: Order | None, at: dt.datetime) -> Context:
        return understand_context(self._shop, self._catalogue, session, order, self._shop.local(at))

    def _strange(self, turn: Turn) -> bool:
        """Whether a platform speaks of goods or choices that the shop hasn't (any more): then the words count."""
        acts = (*turn.acts, *(one for doubt in turn.doubts for one in doubt.candidates))
        lines = [line for act in acts for line in (*act.lines, *act.instead_of)]
        named = {*(one.item for one in lines if one.item), *(one for act in acts for one in act.items)}
        if any(self._catalogue.item(one) is None for one in named if not one.startswith("#")):
            return True
        return any(
            (option := item.option(said.option)) is None or option.choice(said.choice) is None
            for line in lines
            if line.item and (item := self._catalogue.item(line.item)) is not None
            for said in line.options
        )


def _of_staff(meaning: Meaning) -> Meaning:
    """What staff may do of what they said in a buyer's talk."""
    return replace(meaning, acts=tuple(one for one in meaning.acts if one.act in EDITS), ask=())

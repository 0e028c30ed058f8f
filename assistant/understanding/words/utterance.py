"""An utterance while it is read."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from assistant.turns import Act, Doubt
from assistant.understanding.context import Context
from assistant.understanding.words.language_words import Grammar
from assistant.understanding.words.lexicon import Lexicon
from assistant.understanding.words.spans import Span


class Utterance:
    """What is being read: the spans, what of them is used up, and what came of it."""

    def __init__(
        self,
        spans: list[Span],
        shown: str,
        offsets: Sequence[tuple[int, int]],
        lexicon: Lexicon,
        grammar: Grammar,
        context: Context,
    ) -> None:
        self.spans = spans
        self.shown = shown
        self.offsets = offsets
        """Where each token stands in `shown`."""
        self.lexicon = lexicon
        self.grammar = grammar
        self.context = context
        self.used: set[int] = set()
        self.acts: list[tuple[int, Act]] = []
        """(span where it was said, act)."""
        self.doubts: list[Doubt] = []
        self.leftover: list[str] = []
        self.shares: Any = None
        """How a part of what is ordered is shared out, where that is said: `parts_shared.Shares`."""
        self.apart: dict[int, int] | None = None
        """Where days and hours stand that are no part of an address, once they were looked for."""
        # What is said at all: most of what is looked for in an utterance isn't in it.
        self.kinds: set[str] = set().union(*[span.has for span in spans])
        """The kinds of all its spans, as they were found."""
        self.acting = [index for index, span in enumerate(spans) if "act" in span.has]
        """The spans that may be acts by themselves."""
        self.question_mark = shown.rstrip().endswith(("?", "？"))

    def said(self, start: int, end: int) -> str:
        """Spans `start` to `end` as they were said."""
        if start >= end:
            return ""
        return self.shown[self.offsets[self.spans[start].start][0] : self.offsets[self.spans[end - 1].end - 1][1]]

    def add(self, at: int, act: Act, used: Sequence[int] | range | set[int] = ()) -> None:
        self.acts.append((at, act))
        self.used.update(used)

    def silence(self, places: Collection[int]) -> None:
        """What stands there says nothing of its own any more."""
        for index in places:
            self.spans[index].has = {"filler": True}
        self.acting = [index for index in self.acting if index not in places]
        self.kinds = set().union(*[span.has for span in self.spans])

    def acts_at(self, index: int) -> tuple[tuple[str, Any], ...]:
        if index in self.used:
            return ()
        found: tuple[tuple[str, Any], ...] = self.spans[index].has.get("act", ())
        return found

    def place_of(self, item: str) -> int | None:
        """Which line of the basket goods are, counted from 1: the last of several; None where one says it all."""
        places = [at for at, line in enumerate(self.context.basket, 1) if line.item == item]
        return places[-1] if len(places) > 1 else None

    def there(self, span: Span) -> list[str]:
        """The goods of the basket that a word names, by their kind too."""
        kind = self.lexicon.categories.get(span.has["category"], ()) if "category" in span.has else ()
        named = {*span.has.get("item", ()), *span.has.get("partial", ()), *kind}
        return list(dict.fromkeys(line.item for line in self.context.basket if line.item and line.item in named))

    def kind_at(self, index: int) -> str | None:
        """The kind of goods that is named at a place, and no goods are: its category as an id with #."""
        has = self.spans[index].has
        known = "item" not in has and has.get("category") in self.lexicon.categories
        return f"#{has['category']}" if known else None

    def names(self, *names: str) -> bool:
        """Whether a span that isn't used up may be one of these acts."""
        return any(name in names for index in self.acting for name, _ in self.acts_at(index))

    def free(self, index: int, *kinds: str) -> bool:
        return index not in self.used and not self.spans[index].has.keys().isdisjoint(kinds)

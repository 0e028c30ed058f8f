"""Rules for the words of a sentence: each is for words of some kinds, and the first that has business with one reads
it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Generic, TypeVar

Rule = TypeVar("Rule")


class Rules(Generic[Rule]):
    """In the order in which they are tried. A word may be of several kinds ("no" corrects, or is an amount): the rules
    that look at more of the sentence come first."""

    def __init__(self, *rules: tuple[str, Rule]) -> None:
        """(kinds, any of which a word must be of; the rule)."""
        self._rules = [(frozenset(kinds.split()), rule) for kinds, rule in rules]
        self._known: dict[frozenset[str], tuple[Rule, ...]] = {}
        """By the kinds that a word is of at once: there are but some hundred of these."""

    def for_word(self, has: Mapping[str, Any]) -> tuple[Rule, ...]:
        """Those to be tried for a span that may mean this."""
        kinds = frozenset(has)
        known = self._known.get(kinds)
        if known is None:
            known = self._known[kinds] = tuple(rule for its, rule in self._rules if its & kinds)
        return known

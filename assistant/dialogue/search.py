"""Goods by what is told of them, for questions that nothing answers exactly: a full-text index in memory.

The words of names, kinds, attributes, choices and descriptions in one language, ranked by BM25 (SQLite's FTS5). Han and
Hangul are cut into pairs of letters, since nothing parts their words. What is found is a suggestion, never an order.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from msgspec import Struct

from assistant.commerce.catalogue import Catalogue, Item, Names
from assistant.turns import Sought
from assistant.understanding.words.text import fold, show, tokenise

COLUMNS = ("tags", "about", "name", "kind", "choices", "has")
TOLD = "{tags about}"
"""Where words are looked for that are no name of anything."""
POSITIVE = "{tags about name kind choices}"
ANYWHERE = "{tags about name kind has}"
"""Where a word that is refused rules an item out: not in choices that may be left away."""
RANKS = (3.0, 1.0, 3.0, 2.0, 1.0, 0.0)


Called = Callable[[str, str], Iterable[str]]


class Hit(Struct, frozen=True):
    item: Item
    why: str
    """Of COLUMNS: where the words stand."""
    tag: str | None
    """The attribute, where it is one."""


class Search:
    """The index of one catalogue in one language. `called` gives the words for an attribute's or allergen's id."""

    def __init__(self, catalogue: Catalogue, languages: Sequence[str], called: Called) -> None:
        self.items = list(catalogue.items.values())
        self.languages, self.called = languages, called
        self.db = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        columns = ", ".join(COLUMNS)
        self.db.execute(
            f"CREATE VIRTUAL TABLE goods USING fts5({columns}, content='',"
            " tokenize='porter unicode61 remove_diacritics 2')"
        )
        self.db.execute("BEGIN")
        marks = ", ".join("?" * len(COLUMNS))
        self.db.executemany(
            f"INSERT INTO goods (rowid, {columns}) VALUES (?, {marks})",
            ((at, *self._texts(item, catalogue)) for at, item in enumerate(self.items)),
        )
        self.db.execute("COMMIT")

    def _texts(self, item: Item, catalogue: Catalogue) -> tuple[str, ...]:
        choices = [choice for option in item.all_options() for choice in option.choices]
        made = {
            "tags": [word for tag in item.tags for word in (tag.replace("_", " "), *self.called("tag", tag))],
            "about": self._first(item.descriptions),
            "name": self._all(item.names),
            "kind": self._all(catalogue.categories.get(item.category, {})),
            "choices": [name for one in choices for name in self._all(one.names)],
            "has": [
                *(word for one in item.allergens for word in (one.replace("_", " "), *self.called("allergen", one))),
                *(name for one in choices if one.included for name in self._all(one.names)),
            ],
        }
        return tuple(" . ".join(" ".join(terms(text)) for text in made[column]) for column in COLUMNS)

    def _all(self, names: Names) -> tuple[str, ...]:
        return next((names[tag] for tag in self.languages if names.get(tag)), ())

    def _first(self, texts: Mapping[str, str]) -> list[str]:
        return [next((texts[tag] for tag in self.languages if texts.get(tag)), "")]

    def find(self, sought: Sought, fits: Callable[[Item], bool], most: int = 3) -> list[Hit]:
        """The items of which most of the words are told and none of the refused ones, best first."""
        gone = {at for words in sought.without for at in self._having(ANYWHERE, words, every=True)}
        found: dict[int, tuple[int, float]] = {}
        for words in sought.words:
            for at, rank in self._having(TOLD if words in sought.strange else POSITIVE, words).items():
                count, total = found.get(at, (0, 0.0))
                found[at] = (count + 1, total + rank)
        best = max((count for at, (count, _) in found.items() if at not in gone and fits(self.items[at])), default=0)
        if 2 * best < len(sought.words):
            return []
        ranked = sorted((rank, at) for at, (count, rank) in found.items() if count == best and at not in gone)
        return [self._hit(at, sought) for _, at in ranked if fits(self.items[at])][:most]

    def _having(self, where: str, words: str, *, every: bool = False) -> dict[int, float]:
        """Items that have these words, or at least half of them, with their rank (lower is better)."""
        said = dict.fromkeys(terms(words, ends=False))
        shared: Counter[int] = Counter()
        ranks: dict[int, float] = {}
        for term in said:
            for at, rank in self._ask(where, term):
                shared[at] += 1
                ranks[at] = ranks.get(at, 0.0) + rank
        ending = "가" <= words.strip()[-1:] <= "힣"  # what a Korean word ends in says little
        least = len(said) if every else max(1, (len(said) + (not ending)) // 2)
        return {at: ranks[at] for at, count in shared.items() if count >= least}

    def _ask(self, where: str, term: str) -> list[Any]:
        rank = f"bm25(goods, {', '.join(map(str, RANKS))})"
        return self.db.execute(
            f"SELECT rowid, {rank} FROM goods WHERE goods MATCH ?",
            (f'{where} : "{term}"' + (" *" if _alone(term) else ""),),
        ).fetchall()

    def _hit(self, at: int, sought: Sought) -> Hit:
        item = self.items[at]
        for column in COLUMNS:
            for words in sought.words:
                if at in self._having(f"{{{column}}}", words):
                    return Hit(item, column, self._tag(item, words) if column == "tags" else None)
        return Hit(item, "", None)

    def _tag(self, item: Item, words: str) -> str | None:
        said = set(terms(words))
        own = ((tag, terms(" ".join((tag.replace("_", " "), *self.called("tag", tag))))) for tag in item.tags)
        return max(own, key=lambda one: len(said & set(one[1])), default=(None, []))[0]


def _alone(term: str) -> bool:
    """Whether it is one letter of a script whose letters are words: the beginning of any pair."""
    return len(term) == 1 and not term.isascii()


def terms(text: str, *, ends: bool = True) -> list[str]:
    """The words of a text as the index has them: words of letters, and pairs of Han or Hangul letters. `ends`: with
    the last letter of a word by itself, so that each letter begins something."""
    tokens = [token for token in tokenise(fold(show(text))) if token.kind in ("word", "han", "hangul", "number")]
    made = []
    for at, token in enumerate(tokens):
        if token.kind not in ("han", "hangul"):
            made.append(token.text.replace("'", ""))
            continue
        follower = tokens[at + 1] if at + 1 < len(tokens) else None
        joined = follower is not None and follower.kind == token.kind and follower.glued
        if joined and follower is not None:
            made.append(token.text + follower.text)
        elif ends or not (token.glued and at and tokens[at - 1].kind == token.kind):
            made.append(token.text)
    return [one for one in made if '"' not in one]

"""Reads a merchant's files value by value, keeping every mistake with its place and remedy instead of stopping."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

from msgspec import Struct

from assistant.commerce.catalogue import Names

MOST_MONEY = 10**12
CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
WINDOW = re.compile(r"(([01]\d|2[0-3]):[0-5]\d)-(([01]\d|2[0-3]):[0-5]\d|24:00)")
ID = re.compile(r"[^\s/#:=]+")


class Problem(Struct, frozen=True):
    """One mistake (or, for a warning, one thing to look at) in a merchant's file."""

    file: str
    place: str
    """A path such as `[3].options[0].default`, `fulfilment.delivery.fee`, or a line."""
    text: str
    """What is wrong and how to mend it."""
    severity: str = "error"
    """error | warning | note (of the machine rather than of the files)"""

    def __str__(self) -> str:
        return ": ".join(part for part in (self.file, self.place, self.text) if part)


def meant(word: str, known: Collection[str]) -> str:
    """A remedy for an unknown word: the nearest known one, else all of them."""
    near = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    if near:
        return f"did you mean '{near[0]}'?"
    return f"use one of: {', '.join(known)}" if known else "take it out"


def not_utf8(error: UnicodeDecodeError) -> tuple[str, str]:
    """Where, and what is wrong with, a file whose letters can't be read: an é that a program for tables wrote in its
    own way, say."""
    line = error.object.count(b"\n", 0, error.start) + 1
    return f"line {line}", f"is not UTF-8 text (byte {error.start}); save it as UTF-8"


class File:
    """The file that is being read: its name, the shop's languages, and the mistakes found so far."""

    def __init__(self, name: str, tags: Collection[str]) -> None:
        self.name, self.tags = name, tags
        """`tags`: the language tags that names may have."""
        self.languages: tuple[str, ...] = ()
        """The shop's, the first one counts for a text without a tag."""
        self.problems: list[Problem] = []

    def problem(self, place: str, text: str) -> None:
        self.problems.append(Problem(self.name, place, text))


class Table:
    """One table or object of a file. Each value is asked for by key; `done` then names the keys nobody asked for."""

    def __init__(self, raw: Any, file: File, place: str = "", about: str = "") -> None:
        self.file, self.place, self.about = file, place, about
        self.asked: dict[str, None] = {}
        if not isinstance(raw, dict):
            self.problem("", f"{_shown(raw)} is not a table of keys and values; write one")
        self.raw: dict[str, Any] = raw if isinstance(raw, dict) else {}

    def problem(self, key: str, text: str) -> None:
        place = self.at(key)
        self.file.problem(f"{place} ({self.about})" if self.about else place, text)

    def at(self, key: str) -> str:
        return f"{self.place}.{key}" if self.place and key else self.place or key

    def has(self, key: str) -> bool:
        self.asked[key] = None
        return self.raw.get(key) is not None

    def get(self, key: str) -> Any:
        self.asked[key] = None
        return self.raw.get(key)

    def text(self, key: str, default: str = "", *, required: bool = False) -> str:
        value = self.get(key)
        if value is None:
            if required:
                self.problem(key, "is missing; add it")
            return default
        if not isinstance(value, str) or not value.strip():
            self.problem(key, f"is {_shown(value)}; write a text")
            return default
        return value.strip()

    def id(self, key: str = "id") -> str:
        value = self.text(key, required=True)
        if value and not ID.fullmatch(value):
            self.problem(key, f"'{value}' can't be an id; leave out spaces and / # : =, as in 'green_tea'")
            return ""
        return value

    def number(self, key: str, default: int = 0, low: int = 0, high: int = MOST_MONEY, money: bool = False) -> int:
        value = self.maybe_number(key, low, high, money)
        return default if value is None else value

    def maybe_number(self, key: str, low: int = 0, high: int = MOST_MONEY, money: bool = False) -> int | None:
        value = self.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int):
            self.problem(
                key,
                f"is {_shown(value)}; write a whole number"
                + (" of minor units (fen, cents), such as 899 for 8.99" if money else ""),
            )
            return None
        if not low <= value <= high:
            self.problem(key, f"is {value}; " + (f"it must be {low} or more" if value < low else f"{high} is the most"))
            return None
        return value

    def money(self, key: str, default: int = 0) -> int:
        return self.number(key, default, money=True)

    def maybe_money(self, key: str) -> int | None:
        return self.maybe_number(key, money=True)

    def required_money(self, key: str) -> int:
        if not self.has(key):
            self.problem(key, "is missing; write the price as a whole number of minor units, such as 899 for 8.99")
        return self.money(key)

    def rate(self, key: str, default: str = "0", most: int = 1, example: str = "0.06") -> str:
        """A share as decimal text; between 0 and `most`."""
        value = self.get(key)
        if value is None:
            return default
        try:
            rate = Decimal(str(value)) if isinstance(value, (str, int, float)) and not isinstance(value, bool) else None
        except InvalidOperation:
            rate = None
        if rate is None or not rate.is_finite():
            self.problem(key, f'is {_shown(value)}; write a number such as "{example}"')
            return default
        if not 0 <= rate <= most:
            self.problem(key, f'is {value}; it must be between 0 and {most}, such as "{example}"')
            return default
        return str(rate)

    def flag(self, key: str, default: bool = False) -> bool:
        value = self.get(key)
        if value is None:
            return default
        if not isinstance(value, bool):
            self.problem(key, f"is {_shown(value)}; write true or false")
            return default
        return value

    def word(self, key: str, known: Collection[str], default: str = "", *, required: bool = False) -> str:
        value = self.text(key, default, required=required)
        if value and value != default and value not in known:
            self.problem(key, f"'{value}' is unknown; {meant(value, known)}")
            return default
        return value

    def texts(self, key: str, known: Collection[str] | None = None) -> tuple[str, ...]:
        value = self.get(key)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(one, str) and one.strip() for one in value):
            like = f', such as ["{value.strip()}"]' if isinstance(value, str) and value.strip() else ""
            self.problem(key, f"is {_shown(value)}; write a list of texts{like}")
            return ()
        for one in value if known is not None else ():
            if one not in (known or ()):
                self.problem(key, f"'{one}' is unknown; {meant(one, known or ())}")
        self.repeated(key, [one.strip() for one in value])
        return tuple(one.strip() for one in value if known is None or one in known)

    def repeated(self, key: str, values: list[str]) -> None:
        for one in sorted({one for one in values if values.count(one) > 1}):
            self.problem(key, f"'{one}' stands there twice; take one out")

    def names(self, key: str) -> Names:
        """{"en": "x"} or {"en": ["x", "y"]}, the one to say first."""
        found: dict[str, tuple[str, ...]] = {}
        table = self.table(key)
        for tag, value in table.tagged():
            given = [value] if isinstance(value, str) else value
            if not isinstance(given, list) or not given or not all(isinstance(x, str) and x.strip() for x in given):
                table.problem(tag, f'is {_shown(value)}; write a name or a list of names, such as ["cola", "coke"]')
                continue
            found[tag] = tuple(dict.fromkeys(one.strip() for one in given))
        return found

    def said(self, key: str) -> dict[str, str]:
        """One text by language; a bare text counts for the shop's first language."""
        value = self.get(key)
        if isinstance(value, str) and value.strip():
            return {self.file.languages[0] if self.file.languages else "en": value.strip()}
        table = self.table(key)
        return {tag: text for tag, _ in table.tagged() if (text := table.text(tag))}

    def tagged(self) -> Iterator[tuple[str, Any]]:
        """The values of a table whose keys are language tags."""
        for tag, value in self.raw.items():
            if tag in self.file.tags:
                yield tag, value
            else:
                known = ", ".join(self.file.languages)
                self.problem(tag, f"'{tag}' is no language tag; the shop's languages are: {known}")

    def clock(self, key: str, default: str) -> str:
        value = self.text(key, default)
        if not CLOCK.fullmatch(value):
            self.problem(key, f"is '{value}'; write a time such as \"18:00\"")
            return default
        return value

    def windows(self, key: str) -> tuple[str, ...]:
        """`HH:MM-HH:MM` windows; `24:00` is midnight at the end of a day."""
        found = []
        for one in self.texts(key):
            text = one.replace(" ", "").replace("–", "-")
            if WINDOW.fullmatch(text):
                found.append(text)
            else:
                self.problem(key, f"'{one}' is no window of time; write it as \"10:00-22:00\"")
        return tuple(found)

    def table(self, key: str) -> Table:
        return Table(self.get(key) if self.has(key) else {}, self.file, self.at(key), self.about)

    def tables(self, key: str) -> list[Table]:
        """The tables of a list."""
        value = self.get(key)
        if value is None:
            return []
        if not isinstance(value, list):
            self.problem(key, f"is {_shown(value)}; write a list of tables")
            return []
        return [Table(one, self.file, f"{self.at(key)}[{n}]", self.about) for n, one in enumerate(value)]

    def named(self, key: str) -> Iterator[tuple[str, Table]]:
        """The tables below a table, by their names: `[fulfilment.delivery]`."""
        table = self.table(key)
        for name in table.raw:
            if ID.fullmatch(name):
                yield name, table.table(name)
            else:
                table.problem(name, f"'{name}' can't be an id; leave out spaces and / # : =")

    def done(self) -> None:
        for key in self.raw:
            if key not in self.asked:
                self.problem(key, f"unknown key '{key}'; {meant(key, self.asked)}")


def _shown(value: Any) -> str:
    text = {None: "null", True: "true", False: "false"}.get(value) if value is None or isinstance(value, bool) else None
    text = text or (f"'{value}'" if isinstance(value, str) else str(value))
    kind = " (a table)" if isinstance(value, dict) else " (a list)" if isinstance(value, list) else ""
    return (text if len(text) <= 40 else text[:37] + "…") + kind

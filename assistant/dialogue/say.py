"""Turns sentences with values into what is spoken and what is shown, in one language.

A wording is a template or a pair of them: `{ear = "…", eye = "…"}`. Values keep their type until here, so that money,
times, lines and lists are written for the ear and for the eye by the same data (`[speak]` of the language file).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from babel.dates import format_date, format_time
from babel.numbers import format_currency
from msgspec import Struct

from assistant.commerce.catalogue import Catalogue, Names, name_in
from assistant.commerce.money import Money, exponent
from assistant.commerce.order import Line, LineOption
from assistant.commerce.shop import Shop
from assistant.discovery import KINDS, discover, extensions
from assistant.errors import Bug
from assistant.steps import Said
from models import languages

FIELD = re.compile(r"\{(\w+)\}")


class Count(Struct, frozen=True):
    """A number of something: `[say.nouns]` names it in the singular and plural."""

    number: int
    noun: str


class Day(Struct, frozen=True):
    """A date, said with its weekday."""

    date: dt.date


class Clock(Struct, frozen=True):
    """A time of day; with its date when `day` is given and isn't today."""

    at: dt.datetime
    today: dt.date | None = None


class Named(Struct, frozen=True):
    """Something with names by language."""

    names: Names
    default: str = ""


class Digits(Struct, frozen=True):
    """A phone number, a code: said digit by digit, in groups as it was given."""

    text: str


class Code(Struct, frozen=True):
    """An order number such as A17: said as letter and number."""

    text: str


class Lines(Struct, frozen=True):
    """Order lines, said as a list."""

    lines: tuple[Line, ...]
    short: bool = False
    """Only names, without options."""


class Both(Struct, frozen=True):
    """Something that was rendered before, for the ear and for the eye."""

    ear: str
    eye: str


class Word(Struct, frozen=True):
    """A wording that may be missing (a merchant's own allergen or method): then its own name is said."""

    key: str
    default: str


class Joined(Struct, frozen=True):
    """Several values as a list: "a, b and c"."""

    values: tuple[Any, ...]
    word: str = "and"


class Voice:
    """All wordings of one language over one shop, with the shop's first language behind it."""

    def __init__(self, tag: str, shop: Shop, catalogue: Catalogue) -> None:
        self.tag, self.shop, self.catalogue = tag, shop, catalogue
        self.fallback = tuple(one for one in shop.languages if one != tag)
        tables = _tables(tag)
        self.speak: Mapping[str, Any] = tables.get("speak", {})
        self.locale: str = tables.get("locale", tag).replace("-", "_")
        self.words: dict[str, tuple[str, str]] = {}
        for one in (*reversed(self.fallback), tag):
            self.words.update(wordings(one))
        self.space = self.speak.get("space", " ")
        self.numbers: dict[int, str] = {}
        for word, value in tables.get("numbers", {}).get("words", {}).items():
            self.numbers.setdefault(value, word)
        self._options: dict[tuple[str, tuple[LineOption, ...]], tuple[tuple[str, str, str], tuple[str, str, str]]] = {}
        self._money: dict[Money, tuple[str, str]] = {}

    # -- sentences ---------------------------------------------------------------------------------------------

    def say(self, said: Said) -> tuple[str, str]:
        """(for the ear, for the eye)."""
        wording = self.words.get(said.key)
        if wording is None:
            raise Bug(f"no wording '{said.key}' in {self.tag}")
        return self._fill(wording[0], said.values, True), self._fill(wording[1], said.values, False)

    def has(self, key: str) -> bool:
        return key in self.words

    def _fill(self, template: str, values: Mapping[str, Any], ear: bool) -> str:
        if "{" not in template:
            return template
        return FIELD.sub(lambda found: self.value(values[found[1]], ear), template)

    def join(self, sentences: Iterable[str]) -> str:
        """Sentences one after the other, each beginning with a capital where the language has them."""
        return str(self.space).join(one[:1].upper() + one[1:] for one in sentences if one)

    # -- values ------------------------------------------------------------------------------------------------

    def value(self, value: Any, ear: bool) -> str:
        match value:
            case str():
                return value
            case bool():
                raise Bug(f"a wording can't hold {value!r}")
            case int():
                return self.number(value) if ear else str(value)
            case Said():
                return self.say(value)[0 if ear else 1]
            case Money():
                return self.money(value)[0 if ear else 1]
            case Lines():
                return self.lines(value, ear)
            case Line():
                return self.line(value, ear)
            case Named():
                return name_in(value.names, self.tag, self.fallback, value.default)
            case Count():
                return self.count(value, ear)
            case Joined():
                return self.joined([self.value(one, ear) for one in value.values], value.word)
            case Day():
                return self.day(value.date)
            case Clock():
                return self.clock(value, ear)
            case Word():
                known = self.words.get(value.key)
                return known[0 if ear else 1] if known else value.default.replace("_", " ")
            case Both():
                return value.ear if ear else value.eye
            case Digits():
                return self.digits(value.text) if ear else value.text
            case Code():
                return self.code(value.text) if ear else value.text
        raise Bug(f"a wording can't hold {value!r}")

    def joined(self, parts: Sequence[str], word: str = "and") -> str:
        if len(parts) < 2:
            return "".join(parts)
        between, last = self.speak["list"]["between"], self.speak["list"][word]
        return str(between.join(parts[:-1]) + last + parts[-1])

    def number(self, number: int, counting: bool = False) -> str:
        """A number as words; digits where the language has no words for it."""
        rules = self.speak.get("numbers", {})
        if number < 0 or number >= 10**8:
            return str(number)
        if rules.get("system") == "myriad":
            return _myriad(number, rules, counting)
        return _additive(number, self.numbers, rules) or str(number)

    def count(self, value: Count, ear: bool) -> str:
        one, many = self.speak["nouns"][value.noun]
        noun = one if value.number == 1 else many
        number = self.number(value.number, counting=True) if ear else str(value.number)
        return str(noun).replace("#", number)

    def money(self, money: Money) -> tuple[str, str]:
        known = self._money.get(money)
        if known is None:
            if len(self._money) > 4096:
                self._money.clear()
            known = self._money[money] = (
                self._money_ear(money),
                format_currency(money.major, money.currency, locale=self.locale),
            )
        return known

    def _money_ear(self, money: Money) -> str:
        rules = self.speak["money"].get(money.currency)
        if rules is None:
            return str(format_currency(money.major, money.currency, locale=self.locale, format_type="name"))
        sign = self.speak["money"].get("minus", "-") if money.amount < 0 else ""
        major, minor = divmod(abs(money.amount), 10 ** exponent(money.currency))
        key = ("one" if major == 1 else "many") if not minor else ("with_minor" if major else "only_minor")
        pattern = rules[key]
        small = self.number(minor)
        if minor and "{tens}" in pattern:
            tens, units = divmod(minor, 10)
            return sign + _squeeze(
                pattern,
                self.number(major),
                self.number(tens) if tens else "",
                self.number(units) if units else "",
                rules,
            )
        return str(sign + pattern.replace("{major}", self.number(major)).replace("{minor}", small))

    def day(self, date: dt.date) -> str:
        return str(format_date(date, self.speak["date"], locale=self.locale))

    def clock(self, value: Clock, ear: bool) -> str:
        time = (
            self._time_ear(value.at)
            if ear and "clock" in self.speak
            else str(format_time(value.at, "short", locale=self.locale))
        )
        if value.today is None or value.at.date() == value.today:
            return time
        if value.at.date() == value.today + dt.timedelta(days=1):
            return self.speak["tomorrow_at"].replace("{time}", time)  # type: ignore[no-any-return]
        return self.speak["day_at"].replace("{day}", self.day(value.at.date())).replace("{time}", time)  # type: ignore[no-any-return]

    def _time_ear(self, at: dt.datetime) -> str:
        rules = self.speak["clock"]
        part = next(one["word"] for one in rules["parts"] if at.hour < one["before"])
        hour = at.hour % 12 or 12 if rules.get("twelve", True) else at.hour
        key = (
            "full"
            if at.minute == 0
            else "half"
            if at.minute == 30 and "half" in rules
            else "small"
            if at.minute < 10 and "small" in rules
            else "minutes"
        )
        said = rules[key].replace("{hour}", self.number(hour, counting=bool(rules.get("counting"))))
        return said.replace("{minute}", self.number(at.minute)).replace("{part}", part)  # type: ignore[no-any-return]

    def digits(self, text: str) -> str:
        names = self.speak.get("digits")
        said = [
            names[int(one)] if one.isdigit() and names else "," if one in "- " else one
            for one in text
            if one.isdigit() or one in "- +"
        ]
        return re.sub(r"( ?, ?)+", ", ", " ".join(said)) if self.space else "".join(said).replace(",", " ")

    def code(self, text: str) -> str:
        found = re.fullmatch(r"([A-Z]+)(\d+)", text)
        return f"{' '.join(found[1])} {self.number(int(found[2]))}" if found else text

    # -- order lines -------------------------------------------------------------------------------------------

    def lines(self, value: Lines, ear: bool) -> str:
        return self.joined([self.line(one, ear, value.short) for one in value.lines])

    def line(self, line: Line, ear: bool, short: bool = False) -> str:
        """A line as people say it: "two large cheeseburgers without onions"; 两个大份芝士汉堡，不要洋葱."""
        rules = self.speak["line"]
        before, after, mods = ("", "", "") if short else self._said_options(line)[0 if ear else 1]
        name = line.names.get(self.tag) or next(
            (line.names[one] for one in self.fallback if one in line.names), line.item
        )
        item = self.catalogue.item(line.item)
        measure = (item.measures.get(self.tag) if item else None) or rules.get("measure", "")
        if line.quantity != 1:
            name = self.plural(name)
        quantity = self._quantity(line.quantity, before or name, ear)
        said = rules["pattern"].replace("{quantity}", quantity).replace("{measure}", measure)
        said = said.replace("{before}", before + rules.get("gap", " ") if before else "").replace("{name}", name)
        said = said.replace("{after}", after).replace("{mods}", mods)
        if line.when is not None and line.nights:
            said += self._fill(
                rules["stay"],
                {
                    "start": Day(dt.date.fromisoformat(line.when.start)),
                    "end": Day(dt.date.fromisoformat(line.when.end)),
                    "nights": Count(len(line.nights), "night"),
                },
                ear,
            )
        return str(said)

    def _quantity(self, quantity: int, following: str, ear: bool) -> str:
        rules = self.speak["line"]
        if quantity == 1 and "one" in rules:
            return str(rules["one_vowel"] if following[:1].lower() in rules.get("vowels", "") else rules["one"])
        return self.number(quantity, counting=True) if ear or quantity <= 10 else str(quantity)

    def plural(self, name: str) -> str:
        for pattern, put in self.speak.get("plural", ()):
            changed, times = re.subn(pattern, put, name)
            if times:
                return changed
        return name

    def choice(self, item: str, option: str, choice: str) -> str:
        found = self.catalogue.item(item)
        which = found.option(option) if found else None
        one = which.choice(choice) if which else None
        return name_in(one.names, self.tag, self.fallback, choice) if one else choice

    def _said_options(self, line: Line) -> tuple[tuple[str, str, str], tuple[str, str, str]]:
        key = (line.item, line.options)
        known = self._options.get(key)
        if known is None:
            if len(self._options) > 4096:
                self._options.clear()
            known = self._options[key] = (self._say_options(line, True), self._say_options(line, False))
        return known

    def _say_options(self, line: Line, ear: bool) -> tuple[str, str, str]:
        """(before the name, right after it, modifiers): the first choice stands before the name, others after."""
        item = self.catalogue.item(line.item)
        rules = self.speak["line"]
        before, after, groups = "", [], {}  # type: ignore[var-annotated]
        for one in line.options:
            option = item.option(one.option) if item else None
            choice = self.choice(line.item, one.option, one.choice)
            if one.amount is None:
                if option is not None and not option.required and option.default == one.choice:
                    continue
                if (
                    not before
                    and "/" not in one.option
                    and option is not None
                    and option.required
                    and option is next(iter(item.options if item else ()), None)
                ):
                    before = choice
                else:
                    after.append(choice)
                continue
            kind = "count" if isinstance(one.amount, int) else one.amount
            said = (
                rules["each"]
                .replace("{n}", self.number(one.amount, True) if ear else str(one.amount))
                .replace("{choice}", choice)
                if isinstance(one.amount, int)
                else choice
            )
            groups.setdefault((kind, one.part or "whole"), []).append(said)
        mods = []
        for (kind, part), choices in groups.items():
            said = rules["amounts"][kind].replace("{choices}", self.joined(choices))
            mods.append(said if part == "whole" else rules["parts"][part].replace("{mod}", said))
        between = rules.get("between", ", ")
        after_said = rules["after"].replace("{choices}", between.join(after)) if after else ""
        mods_said = rules["mods"].replace("{mods}", rules.get("mods_between", " and ").join(mods)) if mods else ""
        return before, after_said, mods_said


def _squeeze(pattern: str, major: str, tens: str, units: str, rules: Mapping[str, Any]) -> str:
    """八块九毛九分: leaves out what is zero."""
    said = pattern.replace("{major}", major)
    said = said.replace("{tens}", tens + rules["tens"] if tens else "")
    return said.replace("{units}", units + rules["units"] if units else "")


def _additive(number: int, words: Mapping[int, str], rules: Mapping[str, Any]) -> str | None:
    """Hundreds, tens and ones one after the other (English, Portuguese …); None when a word is missing."""
    if number in words and number < 100:
        return words[number]
    if number < 100:
        tens, ones = words.get(number // 10 * 10), words.get(number % 10)
        return f"{tens}{rules.get('tens_join', '-')}{ones}" if tens and ones else None
    for size in (1_000_000, 1000, 100):
        if number >= size:
            big, rest = divmod(number, size)
            head, unit = _additive(big, words, rules), words.get(size)
            if head is None or unit is None:
                return None
            if not rest:
                return f"{head} {unit}"
            tail = _additive(rest, words, rules)
            link = rules.get("and", " ") if rest < 100 else " "
            return None if tail is None else f"{head} {unit}{link}{tail}"
    return None


def _myriad(number: int, rules: Mapping[str, Any], counting: bool) -> str:
    """Groups of four digits (Chinese, Korean)."""
    if counting and number <= 99 and "counting" in rules:
        tens, ones = divmod(number, 10)
        native = rules["counting"]
        if number == 20 and "twenty" in native:
            return str(native["twenty"])
        return (
            str((native["tens"][tens] if tens else "") + (native["ones"][ones] if ones or not tens else ""))
            if number
            else rules["digits"][0]
        )
    if counting and number == 2 and "counting_two" in rules:
        return str(rules["counting_two"])
    digits, zero = rules["digits"], rules["digits"][0]
    if number == 0:
        return str(zero)
    said, gap = "", False
    for power, group_name in ((4, rules["groups"][1]), (0, "")):
        group, number = divmod(number, 10**power)
        if not group:
            gap = gap or bool(said)
            continue
        part = ""
        for place in (3, 2, 1, 0):
            digit, group = divmod(group, 10**place)
            if not digit:
                gap = gap or bool(part or said)
                continue
            if gap and rules.get("say_zero") and (part or said):
                part += zero
            gap = False
            silent_one = digit == 1 and place and (rules.get("silent_one") or (place == 1 and not part and not said))
            part += ("" if silent_one else digits[digit]) + (rules["units"][place - 1] if place else "")
        gap = False if not power else gap
        said += part + group_name
    return said


_voices: dict[tuple[str, str, str], Voice] = {}


def voice_for(tag: str, shop: Shop, catalogue: Catalogue) -> Voice:
    """The voice for a language over a shop; made once for each version of its catalogue."""
    if tag not in shop.languages and tag not in languages.available(_language_folder()):
        tag = shop.languages[0]
    key = (tag, shop.folder, catalogue.version)
    known = _voices.get(key)
    if known is None or known.shop is not shop:
        if len(_voices) > 64:
            _voices.clear()
        known = _voices[key] = Voice(tag, shop, catalogue)
    return known


def _language_folder() -> Any:
    folder = extensions()
    return folder / "language" if folder else None


def _tables(tag: str) -> Mapping[str, Any]:
    return languages.load(tag, _language_folder()).tables


@lru_cache(maxsize=32)
def wordings(tag: str) -> dict[str, tuple[str, str]]:
    """Every sentence of a language by key: parts' WORDS under the part's name, then the language file's, which win."""
    made: dict[str, tuple[str, str]] = {}
    for kind in KINDS:
        if kind == "channel":
            continue
        for name, part in discover(kind).items():
            _collect(made, name, part.WORDS.get(tag, {}))
    _collect(made, "", _tables(tag).get("say", {}))
    return made


def _collect(made: dict[str, tuple[str, str]], prefix: str, table: Mapping[str, Any]) -> None:
    for key, wording in table.items():
        path = f"{prefix}.{key}" if prefix else key
        if isinstance(wording, str):
            made[path] = (wording, wording)
        elif isinstance(wording, Mapping) and set(wording) == {"ear", "eye"}:
            made[path] = (wording["ear"], wording["eye"])
        elif isinstance(wording, Mapping) and key != "hear":
            _collect(made, path, wording)

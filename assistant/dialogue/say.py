"""Turns sentences with values into what is spoken and what is shown, in one language.

A wording is a template or a pair of them: `{ear = "…", eye = "…"}`. Values keep their type until here, so that money,
times, lines and lists are written for the ear and for the eye by the same data (`[speak]` of the language file).
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from babel.dates import format_date, format_time
from babel.numbers import format_currency, format_decimal
from msgspec import Struct

from assistant.commerce.catalogue import Catalogue, ItemOption, Names, name_in
from assistant.commerce.money import Money
from assistant.commerce.order import Line, LineOption
from assistant.commerce.shop import Shop
from assistant.dialogue import aloud, spell
from assistant.dialogue.wordings import language_folder, tables_of, wordings
from assistant.errors import Bug
from assistant.steps import Said
from models import languages

FIELD = r"\{(\w+)(#?)\}([”’\"'」]*)(%s)?([.。]?)([?？]?)"
"""A placeholder: `#` asks for a number's counting form (两, 스무). What follows may depend on the value: a particle,
a full stop that the value has already, a question."""
ENDS = tuple(".。!！?？")
SHORT = "_short"
"""Ends the key of a question's wording for who didn't answer it: only the question, without what there is to choose."""
LAST_RESORT = "en"
"""Every part of ours has its words in it: said where none of the shop's languages has a wording."""
MANY, GROUP = 5, 3
"""More lines than so many are heard in groups of so many."""
NOT_LENT = frozenset({"digits", "clock", "plural", "mend"})
"""Tables of `[speak]` that a language has or does without: another's would be wrong."""


class Field(Struct, frozen=True):
    """A placeholder of a template, with what FIELD finds behind its name, and the text up to the next one."""

    name: str
    counting: str
    closing: str
    particle: str
    stop: str
    asked: str
    bare: bool
    """Nothing stands behind the name."""
    plain: bool
    """And nothing is asked of its value."""
    then: str


class Template(NamedTuple):
    """A wording, parsed."""

    lead: str
    fields: tuple[Field, ...]


class Count(Struct, frozen=True):
    """A number of something: `[speak.nouns]` names it, in the singular and plural where the language has them."""

    number: int
    noun: str


class Day(Struct, frozen=True):
    """A date, said with its weekday."""

    date: dt.date


class Clock(Struct, frozen=True):
    """A time of day; with its date when `day` is given and isn't today."""

    at: dt.datetime
    today: dt.date | None = None


class TimeOfDay(Struct, frozen=True):
    """A time of day as a shop writes it: "15:00"."""

    text: str


class Hours(Struct, frozen=True):
    """A window as a shop writes it: "11:00-14:00"."""

    text: str


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


class Address(Struct, frozen=True):
    """Where a delivery goes, as it was written: its numbers are read as those of houses, floors and rooms."""

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
    other: str = ""
    """Another wording to look for before the default: what a provider calls itself."""


class Joined(Struct, frozen=True):
    """Several values as a list: "a, b and c"."""

    values: tuple[Any, ...]
    word: str = "and"


class Voice:
    """All wordings of one language over one shop, with the shop's first language behind it."""

    def __init__(self, tag: str, shop: Shop, catalogue: Catalogue) -> None:
        self.tag, self.shop, self.catalogue = tag, shop, catalogue
        self.fallback = tuple(one for one in shop.languages if one != tag)
        tables = self.tables = tables_of(tag)
        lent = {key: one for key, one in tables_of(LAST_RESORT)["speak"].items() if key not in NOT_LENT}
        self.speak: Mapping[str, Any] = {**lent, **tables.get("speak", {})}
        self.locale: str = tables.get("locale", tag).replace("-", "_")
        self.words: dict[str, tuple[str, str]] = {}
        for one in (LAST_RESORT, *reversed(self.fallback), tag):
            self.words.update(wordings(one))
        own = wordings(tag)
        self._short = {key: own[f"{key}{SHORT}"][0] for key in own if f"{key}{SHORT}" in own}
        self.space = self.speak.get("space", " ")
        self.particles: Mapping[str, Sequence[str]] = self.speak.get("particles", {}).get("forms", {})
        self.field = re.compile(FIELD % "|".join(map(re.escape, self.particles)))
        self.mend = [(re.compile(pattern), put) for pattern, put in self.speak.get("mend", ())]
        self.numbers: dict[int, str] = {}
        for word, value in tables.get("numbers", {}).get("words", {}).items():
            self.numbers.setdefault(value, word)
        self.rules = aloud.rules(self.speak)
        self.speller = aloud.Speller(
            number=self.number,
            ordinal=self.ordinal,
            digits=lambda text: self.digits(text, True),
            money=lambda money: self.money(money)[0],
            time=lambda at: self.time(at, True),
            day=lambda date: self.day(date, True),
            hours=self.speak["hours"],
            space=self.space,
            currency=shop.currency,
        )
        self.digit_groups = [(re.compile(pattern), put) for pattern, put in self.speak.get("digit_groups", ())]
        self.echo_lead = re.compile(self.speak["list"].get("echo_lead", "^$"))
        self._templates: dict[str, Template] = {}
        self._options: dict[tuple[str, tuple[LineOption, ...]], tuple[tuple[str, str, str], tuple[str, str, str]]] = {}
        self._lines: dict[tuple[Any, ...], str] = {}
        self._money: dict[Money, tuple[str, str]] = {}

    # -- sentences ---------------------------------------------------------------------------------------------

    def say(self, said: Said) -> tuple[str, str]:
        """(for the ear, for the eye)."""
        wording = self._wording(said.key)
        eye = self._mended(wording[1], said.values, False)
        # A wording that is one for both, with nothing in it that is said otherwise than it is written.
        if (
            wording[0] is wording[1]
            and all([type(one) in SAID_AS_SHOWN for one in said.values.values()])
            and not self.rules.strange(eye)
        ):
            return eye, eye
        return self.aloud(self._mended(wording[0], said.values, True)), eye

    def aloud(self, text: str) -> str:
        """The text without what a voice would read wrongly: digits, signs, brackets."""
        return aloud.aloud(text, self.rules, self.speller)

    def short(self, said: Said) -> str:
        """A question in few words, where this language has such a wording (`KEY_short`), else ""."""
        wording = self._short.get(said.key)
        return self.aloud(self._mended(wording, said.values, True)) if wording else ""

    def _said(self, said: Said, ear: bool) -> str:
        return self._mended(self._wording(said.key)[0 if ear else 1], said.values, ear)

    def _wording(self, key: str) -> tuple[str, str]:
        try:
            return self.words[key]
        except KeyError:
            raise Bug(f"no wording '{key}' in {self.tag}") from None

    def _mended(self, template: str, values: Mapping[str, Any], ear: bool) -> str:
        text = self._fill(template, values, ear)
        for pattern, put in self.mend:
            text = pattern.sub(put, text)
        return text

    def has(self, key: str) -> bool:
        return key in self.words

    def _fill(self, template: str, values: Mapping[str, Any], ear: bool) -> str:
        if "{" not in template:
            return template
        # Templates come from the language files and the parts' WORDS alone, so there are only so many.
        known = self._templates.get(template)
        if known is None:
            known = self._templates[template] = self._parse(template)
        text = known.lead
        for one in known.fields:
            value = values[one.name]
            text += (self.value(value, ear) if one.plain else self._put(one, value, ear)) + one.then
        return text

    def _parse(self, template: str) -> Template:
        places = list(self.field.finditer(template))
        ends = [*(found.start() for found in places), len(template)]
        fields = []
        for found, until in zip(places, ends[1:], strict=True):
            name, counting, closing, particle, stop, asked = (one or "" for one in found.groups())
            bare = not (closing or particle or stop or asked)
            plain, then = bare and not counting, template[found.end() : until]
            fields.append(Field(name, counting, closing, particle, stop, asked, bare, plain, then))
        return Template(template[: ends[0]], tuple(fields))

    def _put(self, field: Field, value: Any, ear: bool) -> str:
        if field.counting and ear and isinstance(value, int):
            said = self.number(value, counting=True)
        elif field.asked and isinstance(value, Joined) and value.word == "or":
            said = self.joined([self.value(one, ear) for one in value.values], "or_asked")
        else:
            said = self.value(value, ear)
        if field.bare:
            return said
        particle, stop = field.particle, field.stop
        if particle:
            particle = spell.particle(said, self.particles[particle], self.speak["particles"])
        if stop and not field.closing and said.endswith(ENDS):
            stop = ""
        return f"{said}{field.closing}{particle}{stop}{field.asked}"

    def join(self, sentences: Iterable[str]) -> str:
        """Sentences one after the other, each beginning with a capital where the language has them."""
        return str(self.space).join([one[:1].upper() + one[1:] for one in sentences if one])

    def run_on(self, first: str, said: Said) -> str:
        """A short sentence and another heard as one, where the language may do that (`[speak.list] echoes`)."""
        then = self.say(said)[0]
        rules = self.speak["list"]
        then = self.echo_lead.sub("", then)
        if "echoes" not in rules or not first.endswith((".", "。")):
            return self.join([first, then])
        if self._wording(said.key)[0][:1].isupper():  # a word of the wording, and nobody's name
            then = then[:1].lower() + then[1:]
        return first[:-1] + str(rules["echoes"]) + then

    # -- values ------------------------------------------------------------------------------------------------

    def value(self, value: Any, ear: bool) -> str:
        try:
            says = SAYS[type(value)]
        except KeyError:
            raise Bug(f"a wording can't hold {value!r}") from None
        return says(self, value, ear)

    def _word(self, value: Word, ear: bool) -> str:
        known = self.words.get(value.key) or self.words.get(value.other)
        if known:
            return known[0 if ear else 1]
        return self._text(value.default.replace("_", " "), ear)

    def _text(self, text: str, ear: bool) -> str:
        """Anybody's words; for the ear never nothing."""
        return (self.aloud(text) or (self.rules.nothing if text else "")) if ear else text

    def _address(self, value: Address, ear: bool) -> str:
        return aloud.aloud(value.text, self.rules, self.speller, address=True) if ear else value.text

    def _joined(self, value: Joined, ear: bool) -> str:
        clauses = value.word == "and" and all(isinstance(one, Said) for one in value.values)
        word = "clauses" if clauses else value.word
        return self.joined([self.value(one, ear) for one in value.values], word)

    def joined(self, parts: Sequence[str], word: str = "and") -> str:
        """A list, or with `then` sentences one after the other. `or_asked` (an "or" before a question mark) and
        `clauses` are the language's to have."""
        rules = self.speak["list"]
        if word == "then":
            return self.join(parts)
        if word == "clauses" and word in rules:
            return str(rules[word]).join(one for one in parts if one)
        if len(parts) < 2:
            return "".join(parts)
        last = rules.get(word) or rules["or" if word == "or_asked" else "and"]
        return str(rules["between"]).join(parts[:-1]) + str(last) + parts[-1]

    def number(self, number: int, counting: bool = False) -> str:
        """A number as words; digits where the language has no words for it."""
        rules = self.speak.get("numbers", {})
        if number < 0 or number >= spell.MOST:
            return str(number)
        if rules.get("system") == "myriad":
            return spell.myriad(number, rules, counting)
        return spell.additive(number, self.numbers, rules) or str(number)

    def ordinal(self, number: int) -> str:
        """First, second, twenty-third: by the patterns of `[speak.numbers] ordinal`, else the number itself."""
        said = self.number(number)
        for pattern, put in self.speak.get("numbers", {}).get("ordinal", ()):
            changed, times = re.subn(pattern, put, said)
            if times:
                return changed
        return said

    def count(self, value: Count, ear: bool) -> str:
        """Its noun is a text or `[one, many]`, each perhaps `{ear, eye}`; # is the counting form, ## the plain one."""
        noun = self.speak["nouns"][value.noun]
        if isinstance(noun, list):
            noun = noun[0 if value.number == 1 else 1]
        if isinstance(noun, Mapping):
            noun = noun["ear" if ear else "eye"]
        number = str(value.number)
        said = str(noun).replace("##", self.number(value.number) if ear else number)
        return said.replace("#", self.number(value.number, counting=True) if ear else number)

    def money(self, money: Money) -> tuple[str, str]:
        known = self._money.get(money)
        if known is None:
            if len(self._money) > 4096:
                self._money.clear()
            known = self._money[money] = (
                spell.money(money, self.speak["money"], self.number)
                or str(format_currency(money.major, money.currency, locale=self.locale, format_type="name")),
                self._money_eye(money),
            )
        return known

    def _money_eye(self, money: Money) -> str:
        table = self.speak["money"]
        shown = table.get(money.currency, {}).get("shown")
        if shown is None:
            return str(format_currency(money.major, money.currency, locale=self.locale))
        whole = money.major == int(money.major)
        number = format_decimal(money.major, table["whole" if whole else "parted"], locale=self.locale)
        return str(shown).replace("{amount}", number)

    def day(self, date: dt.date, ear: bool) -> str:
        if not ear or "date_ear" not in self.speak:
            return str(format_date(date, self.speak["date"], locale=self.locale))
        said = str(format_date(date, self.speak["date_ear"], locale=self.locale))
        return re.sub(r"\d+", lambda found: self.ordinal(int(found[0])), said)

    def clock(self, value: Clock, ear: bool) -> str:
        time = self.time(value.at.time(), ear)
        if value.today is None or value.at.date() == value.today:
            return time
        if value.at.date() == value.today + dt.timedelta(days=1):
            return str(self.speak["tomorrow_at"]).replace("{time}", time)
        return str(self.speak["day_at"]).replace("{day}", self.day(value.at.date(), ear)).replace("{time}", time)

    def time(self, at: dt.time, ear: bool) -> str:
        rules = self.speak.get("clock")
        if not ear or rules is None:
            return str(format_time(at, rules.get("shown", "short") if rules else "short", locale=self.locale))
        exact = rules.get("exact", {}).get(f"{at:%H:%M}")
        if exact:
            return str(exact)
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
        return str(said).replace("{minute}", self.number(at.minute)).replace("{part}", part)

    def hours(self, text: str, ear: bool) -> str:
        start, end = (self.time(_time(one), ear) for one in text.split("-"))
        return str(self.speak["hours"]).replace("{start}", start).replace("{end}", end)

    def digits(self, text: str, ear: bool) -> str:
        """A number digit by digit; `digit_groups` parts what was given in one piece as people part it."""
        for pattern, put in self.digit_groups:
            text = pattern.sub(put, text)
        if not ear:
            return text
        names = self.speak.get("digits") or [self.number(one) for one in range(10)]
        groups = re.findall(r"[0-9]+|\+", unicodedata.normalize("NFKC", text))
        between = self.speak.get("digits_between", self.space)
        said = [between.join([names[int(one)] for one in group]) if group != "+" else group for group in groups]
        return self.rules.pause.join(said).replace(f"+{self.rules.pause}", self.rules.plus)

    # -- order lines -------------------------------------------------------------------------------------------

    def lines(self, value: Lines, ear: bool) -> str:
        """Order lines as a list; many are heard in groups, each with a pause behind it, as they are shown."""
        if not ear or len(value.lines) <= MANY:
            return self._some_lines(value.lines, ear, value.short)
        count, many = -(-len(value.lines) // GROUP), len(value.lines)
        cuts = [many * one // count for one in range(count + 1)]  # of like size: no line is left over for itself
        groups = [self._some_lines(value.lines[a:b], ear, value.short) for a, b in pairwise(cuts)]
        pause = self.rules.pause
        between, last = self.speak["line"].get("groups", (pause, pause))
        return str(between).join(groups[:-1]) + str(last) + groups[-1]

    def _some_lines(self, some: Sequence[Line], ear: bool, short: bool) -> str:
        """`lines_long` parts them clearly where one has options behind its name."""
        if len(some) == 1:
            return self.line(some[0], ear, short)
        rules, lines = self.speak["line"], [self.line(one, ear, short) for one in some]
        long = not short and any(any(self._said_options(one)[0][1:]) for one in some[:-1])
        plain = (self.speak["list"]["between"], self.speak["list"]["and"])
        between, last = rules.get("lines_long" if long else "lines", plain)
        return str(between).join(lines[:-1]) + str(last) + lines[-1] if lines else ""

    def line(self, line: Line, ear: bool, short: bool = False) -> str:
        """A line as people say it: "two large cheeseburgers without onions"; 两个大份芝士汉堡，不要洋葱."""
        name = line.names.get(self.tag) or next(
            (line.names[one] for one in self.fallback if one in line.names), line.item
        )
        # All that `_say_line` looks at beside the shop and the catalogue, which a voice has for good.
        key = (name, line.item, line.quantity, line.options, line.when, len(line.nights), ear, short)
        known = self._lines.get(key)
        if known is None:
            if len(self._lines) > 4096:
                self._lines.clear()
            said = self._say_line(line, name, ear, short)
            known = self._lines[key] = self.aloud(said) if ear else said
        return known

    def _say_line(self, line: Line, name: str, ear: bool, short: bool) -> str:
        rules = self.speak["line"]
        before, after, mods = ("", "", "") if short else self._said_options(line)[0 if ear else 1]
        item = self.catalogue.item(line.item)
        of_kind = rules.get("room_measure") if item is not None and item.adults else None
        measure = (item.measures.get(self.tag) if item else None) or of_kind or rules.get("measure", "")
        if line.quantity != 1:
            name = self.plural(name)
        put: dict[str, Any] = {
            "quantity": self._quantity(line.quantity, name, before or name, ear),
            "measure": measure,
            "before": before + rules.get("gap", " ") if before else "",
            "name": name,
            "after": Both(after, after),  # read aloud with the whole line: alone they would lose the pause before them
            "mods": rules["mods_many"].replace("{mods}", mods)
            if mods and line.quantity > 1 and "mods_many" in rules
            else rules["mods"].replace("{mods}", mods)
            if mods
            else "",
        }
        figures = put["quantity"].isdigit() and "in_figures" in rules
        said = self._fill(rules["in_figures" if figures else "pattern"], put, ear).strip()
        if line.when is not None and line.nights:
            stay = rules["stay"]
            said += self._fill(
                stay if isinstance(stay, str) else stay["ear" if ear else "eye"],
                {
                    "start": Day(dt.date.fromisoformat(line.when.start)),
                    "end": Day(dt.date.fromisoformat(line.when.end)),
                    "nights": Count(len(line.nights), "night"),
                },
                ear,
            )
        return said

    def _quantity(self, quantity: int, name: str, following: str, ear: bool) -> str:
        """`one` is the article; a name that is a plural by itself (`plural_name`: fries) takes `one_plural`."""
        rules = self.speak["line"]
        if quantity == 1 and "one" in rules:
            if "plural_name" in rules and re.search(rules["plural_name"], name.partition(" (")[0]):
                return str(rules["one_plural"])
            return str(rules["one_vowel"] if following[:1].lower() in rules.get("vowels", "") else rules["one"])
        return self.number(quantity, counting=True) if ear or quantity <= 10 else str(quantity)

    def plural(self, name: str) -> str:
        name, bracket, rest = name.partition(" (")  # hex bolts (10 pack)
        return self._plural(name) + bracket + rest

    def _plural(self, name: str) -> str:
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
        """(before the name, right after it, modifiers): sizes and the like stand before what they are the size of."""
        item = self.catalogue.item(line.item)
        rules = self.speak["line"]
        ahead: dict[str, list[tuple[int, str]]] = {}
        behind: list[tuple[str, str]] = []
        groups: dict[tuple[str, str], list[str]] = {}
        for one in line.options:
            option = item.option(one.option) if item else None
            choice = self.choice(line.item, one.option, one.choice)
            if one.amount is not None:
                if isinstance(one.amount, int):
                    each = rules["each"]["ear" if ear else "eye"]
                    number = self.number(one.amount, counting=True) if ear else str(one.amount)
                    choice = self._fill(each, {"n": number, "choice": choice}, ear)
                kind = "count" if isinstance(one.amount, int) else one.amount
                groups.setdefault((kind, one.part or "whole"), []).append(choice)
            elif option is None or option.required or option.default != one.choice:
                place = self._place(option)
                if place is None:
                    behind.append((one.option, choice))
                else:
                    ahead.setdefault(one.option.rpartition("/")[0], []).append((place, choice))
        gap = rules.get("gap", " ")
        sizes = {path: [choice for _place, choice in sorted(found)] for path, found in ahead.items()}
        after = [gap.join([*sizes.get(path, ()), choice]) for path, choice in behind]
        mods = []
        for (kind, part), choices in groups.items():
            said = self._fill(rules["amounts"][kind], {"choices": self.joined(choices)}, ear)
            mods.append(said if part == "whole" else self._fill(rules["parts"][part], {"mod": said}, ear))
        return (
            gap.join(sizes.get("", ())),
            rules["after"].replace("{choices}", rules.get("between", ", ").join(after)) if after else "",
            rules.get("mods_between", " and ").join(mods),
        )

    def _place(self, option: ItemOption | None) -> int | None:
        """Where among the words before a name this option's choice stands: `before` lists ids and names of options."""
        before = self.speak["line"].get("before", ("size",))
        known = () if option is None else (option.id.rpartition("/")[2], *option.names.get(self.tag, ()))
        return next((before.index(one) for one in known if one in before), None)


SAYS: Mapping[type, Callable[[Voice, Any, bool], str]] = {
    str: Voice._text,
    int: lambda voice, value, ear: voice.number(value) if ear else str(value),
    Said: Voice._said,
    Money: lambda voice, value, ear: voice.money(value)[0 if ear else 1],
    Lines: Voice.lines,
    Line: Voice.line,
    Named: lambda voice, value, ear: voice._text(name_in(value.names, voice.tag, voice.fallback, value.default), ear),
    Address: Voice._address,
    Count: Voice.count,
    Joined: Voice._joined,
    Day: lambda voice, value, ear: voice.day(value.date, ear),
    TimeOfDay: lambda voice, value, ear: voice.time(_time(value.text), ear),
    Hours: lambda voice, value, ear: voice.hours(value.text, ear),
    Clock: Voice.clock,
    Word: Voice._word,
    Both: lambda voice, value, ear: str(value.ear if ear else value.eye),
    Digits: lambda voice, value, ear: voice.digits(value.text, ear),
    Code: lambda voice, value, ear: aloud.code(value.text, voice.rules, voice.speller) if ear else str(value.text),
}
"""How each type of value that a wording may hold is said."""
SAID_AS_SHOWN = frozenset({str, Named})


def _time(text: str) -> dt.time:
    """A time as shops write it; 24:00 is midnight."""
    hour, minute = text.strip().split(":")
    return dt.time(int(hour) % 24, int(minute))


_voices: dict[tuple[str, str, str], Voice] = {}


def voice_for(tag: str, shop: Shop, catalogue: Catalogue) -> Voice:
    """The voice for a language over a shop; made once for each version of its catalogue."""
    if tag not in shop.languages and tag not in languages.available(language_folder()):
        tag = shop.languages[0]
    key = (tag, shop.folder, catalogue.version)
    known = _voices.get(key)
    if known is None or known.shop is not shop:
        if len(_voices) > 64:
            _voices.clear()
        known = _voices[key] = Voice(tag, shop, catalogue)
    return known

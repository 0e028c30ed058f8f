"""Free text as a voice is to read it: a merchant's names and terms, addresses, notes, a person's own words.

What a sentence gets as a typed value (money, times, counts) is written for the ear at once; all else comes through
here: numbers, prices, hours, phone numbers, signs, web addresses. Pure; the rules are data of the language file's
`[speak.text]` and `[speak.address]`.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import lru_cache, partial
from string import ascii_uppercase
from typing import Any, NamedTuple

from msgspec import Struct

from assistant.commerce.money import Money, exponent
from assistant.dialogue.spell import MOST

PLAIN = r"\w\s.,;:!?'’\-、。，？！；："
"""Letters, and marks that a voice hears as a pause or a tone."""
MARKS = ".,;:!?。，？！；：、"
LETTERS = r"a-zA-Z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u3040-\u30fa\u30fc-\u30ff\u3400-\u9fff\uac00-\ud7a3"
STRANGE = re.compile(rf"[^{LETTERS} \n.,;:!?'’\-、。，？！；：]")
"""What a voice may read wrongly. Looked for in every sentence, so one class of letters, without a choice between two;
letters of other scripts are found, too, and left as they are."""
HOST = re.compile(r"\.(?:com|net|org|example)\b")
QUOTES = re.compile("[“”\"„‟«»‹›「」『』《》〈〉`]|(?<!\\w)['‘]|['’](?!\\w)")
BRACKETS = re.compile(r"\s*[()\[\]{}（）［］【】〔〕|]\s*|\s+[-–—]+\s+|\s*[–—…]+\s*|\s*\.{2,}\s*")
NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
CAPITALS = re.compile(r"(?<![A-Za-z])[A-Z]{1,4}(?![A-Za-z])")
PERCENT = re.compile(rf"({NUMBER})\s?%")
SIGNS = {"CN¥": "CNY", "US$": "USD", "$": "USD", "€": "EUR", "£": "GBP", "¥": "CNY", "￥": "CNY", "₩": "KRW"}
DOLLARS = frozenset("AUD BRL CAD HKD MXN NZD SGD TWD".split())
SPACES, LETTER = re.compile(r"\s+"), re.compile(r"\w")
WIDE = {ord("０") + n: str(n) for n in range(10)} | {ord("％"): "%", ord("＋"): "+", ord("／"): "/", ord("＆"): "&"}
TLD = "com|net|org|io|app|shop|store|example|info|cn|kr|jp|uk|us|de|fr|es|eu|co"
WEB = re.compile(
    rf"(?:https?://|www\.)(?:www\.)?((?:[a-z0-9-]+\.)+[a-z]{{2,}})?\S*?(?=[.,;!?]?(?:\s|$|[^\x00-\x7f]))"
    rf"|\b([\w.+-]+@(?:[a-z0-9-]+\.)+[a-z]{{2,}})\b|\b((?:[a-z0-9-]+\.)+(?:{TLD}))\b(?:/[\w/?=&%-]*)?",
    re.IGNORECASE | re.ASCII,
)
DATE = re.compile(r"(?<!\d)(20\d\d)-(\d\d)-(\d\d)(?!\d)")
CLOCK = r"(?<![\d:])(?:[01]?\d|2[0-4]):[0-5]\d(?![\d:])"
ONE_CLOCK, ONE_NUMBER = re.compile(CLOCK), re.compile(NUMBER)
HOURS = re.compile(rf"({CLOCK})\s*[-–—~～]\s*({CLOCK})")
RANGE = re.compile(rf"(?<![\w.,])({NUMBER})\s*[-–—~～]\s*({NUMBER})(?![\d.,]*\d)")
PHONE = re.compile(r"(?<![\d.,])\+?\(?\d[\d ()‑-]*\d(?![\d]|[.,]\d)")
CODE = re.compile(r"([A-Z]+)[ -]?(\d+)")
VOWELS = re.compile("[AEIOU]")
UNSAID = re.compile(rf"[^{PLAIN}]|_")
BEFORE_MARK = re.compile(rf"\s+([{MARKS}])")


class Rules(Struct, frozen=True, kw_only=True):
    """`[speak.text]` of a language, compiled."""

    pause: str = ", "
    range: str = "{a} - {b}"
    percent: str = "{n} %"
    point: str = " "
    plus: str = "+ "
    dot: str = "."
    at: str = "@"
    web: str = ""
    nothing: str = ""
    """Said for words of which nothing can be said."""
    signs: tuple[tuple[re.Pattern[str], str], ...] = ()
    """What is written short: units, signs, fractions; before numbers are read."""
    counted: re.Pattern[str] | None = None
    """A number that takes the counting form: 两个, 세 개."""
    ordinal: re.Pattern[str] | None = None
    letters: Mapping[str, str] = {}
    """Names of letters, where the language's voices don't know them."""
    address: tuple[tuple[re.Pattern[str], str], ...] = ()
    """Numbers of houses, floors, rooms and postal codes, and how each is read: number, pairs, digits. A pattern
    matches the number alone and looks at what is around it."""

    def strange(self, text: str) -> bool:
        """Whether something in it may be read wrongly."""
        if STRANGE.search(text) or HOST.search(text):
            return True
        return bool(self.letters) and CAPITALS.search(text) is not None


def rules(speak: Mapping[str, Any]) -> Rules:
    table = dict(speak.get("text", {}))
    names = str(table.pop("letters", "")).split()
    letters = dict(zip(ascii_uppercase, names, strict=True)) if names else {}
    for key in ("counted", "ordinal"):
        if key in table:
            table[key] = re.compile(table[key])
    table["signs"] = tuple((re.compile(pattern, re.IGNORECASE), put) for pattern, put in table.get("signs", ()))
    address = tuple((re.compile(pattern, re.IGNORECASE), how) for pattern, how in speak.get("address", ()))
    return Rules(**table, letters=letters, address=address)


class Speller(Struct, frozen=True, kw_only=True):
    """How one language says what can be typed."""

    number: Callable[[int, bool], str]
    """(number, counting form?)"""
    ordinal: Callable[[int], str]
    digits: Callable[[str], str]
    money: Callable[[Money], str]
    time: Callable[[dt.time], str]
    day: Callable[[dt.date], str]
    hours: str
    """As `[speak] hours`."""
    space: str
    currency: str


def aloud(text: str, rules: Rules, say: Speller, address: bool = False) -> str:
    """The text without digits and signs; "" where nothing of it can be said."""
    if not rules.strange(text):
        return text
    text = text.translate(WIDE)
    text = WEB.sub(lambda found: _web(found, rules), text)
    text = QUOTES.sub("", text)
    text = DATE.sub(lambda found: _day(found, say), text)
    text = HOURS.sub(lambda found: _hours(found, say), text)
    text = ONE_CLOCK.sub(lambda found: say.time(_time(found[0])), text)
    text = _money(text, say)
    text = PERCENT.sub(lambda found: rules.percent.replace("{n}", _number(found[1], rules, say)), text)
    for pattern, put in rules.signs:
        text = pattern.sub(put, text)
    if rules.ordinal is not None:
        text = rules.ordinal.sub(lambda found: say.ordinal(int(found[1])), text)
    for pattern, how in rules.address if address else ():
        text = pattern.sub(partial(_house, how=how, say=say), text)
    text = PHONE.sub(lambda found: _phone(found[0], say), text)
    text = RANGE.sub(lambda found: _range(found, rules, say), text)
    if rules.counted is not None:
        text = rules.counted.sub(partial(_counted, say=say), text)
    text = ONE_NUMBER.sub(lambda found: _apart(found, _number(found[0], rules, say), say), text)
    if rules.letters:
        text = CAPITALS.sub(lambda found: _spelled(found[0], rules), text)
    text = BRACKETS.sub(rules.pause, text)
    text = UNSAID.sub(" ", text)
    return _tidied(text, rules.pause)


def code(text: str, rules: Rules, say: Speller) -> str:
    """An order number or coupon: A17 as letter and number, SAVE10 as a word and a number; from 100 on by digits."""
    found = CODE.fullmatch(text)
    if found is None:
        return aloud(text, rules, say) if text.isalpha() or not text.isascii() else _mixed(text, rules, say)
    letters, number = found.groups()
    word = len(letters) > 2 and VOWELS.search(letters)
    head = letters if word else _spelled(letters, rules)
    if len(number) <= 2 and number[0] != "0":
        return f"{head}{say.space}{say.number(int(number), False)}"
    return f"{head}{say.space}{say.digits(number)}"


def _spelled(letters: str, rules: Rules) -> str:
    return "".join(rules.letters[one] for one in letters) if rules.letters else " ".join(letters)


def _mixed(text: str, rules: Rules, say: Speller) -> str:
    return aloud(re.sub(r"(?<=\d)(?=[A-Za-z])|(?<=[A-Za-z])(?=\d)", " ", text), rules, say)


def _number(text: str, rules: Rules, say: Speller) -> str:
    whole, _, part = text.replace(",", "").partition(".")
    if (len(whole) > 1 and whole[0] == "0") or int(whole) >= MOST:
        said = say.digits(whole)
    else:
        said = say.number(int(whole), False)
    return said + rules.point + say.space.join(say.number(int(one), False) for one in part) if part else said


def _apart(found: re.Match[str], said: str, say: Speller) -> str:
    """Where the language puts spaces, a number is kept apart from letters that it is written together with: 5B."""
    if not say.space:
        return said
    text, before, after = found.string, found.start(), found.end()
    left = " " if before and text[before - 1].isascii() and text[before - 1].isalpha() else ""
    right = " " if after < len(text) and text[after].isascii() and text[after].isalpha() else ""
    return left + said + right


def _counted(found: re.Match[str], say: Speller) -> str:
    said = say.number(int(found[0]), True)
    return said if found.string[found.end() : found.end() + 1] == " " else said + say.space


def _web(found: re.Match[str], rules: Rules) -> str:
    host = found[1] or found[2] or found[3]
    return host.replace("@", rules.at).replace(".", rules.dot) if host else rules.web


def _day(found: re.Match[str], say: Speller) -> str:
    try:
        return say.day(dt.date(*map(int, found.groups())))
    except ValueError:
        return found[0]


def _time(text: str) -> dt.time:
    hour, minute = map(int, text.split(":"))
    return dt.time(hour % 24, minute)


def _hours(found: re.Match[str], say: Speller) -> str:
    start, end = (say.time(_time(one)) for one in found.groups())
    return say.hours.replace("{start}", start).replace("{end}", end)


@lru_cache(maxsize=64)
def _written(currency: str) -> tuple[dict[str, str], re.Pattern[str]]:
    """What each sign means in a shop of this currency, and where an amount is written with one or with a code."""
    signs = {**SIGNS}
    if currency in DOLLARS:
        signs["$"] = currency
    elif currency == "JPY":
        signs["¥"] = signs["￥"] = "JPY"
    codes = "|".join(sorted({*SIGNS.values(), currency, "JPY", "RMB"}))
    written = "|".join([*map(re.escape, signs), rf"\b(?:{codes})\b"])
    return signs, re.compile(rf"({written})\s?({NUMBER})|({NUMBER})\s?({written})")


def _money(text: str, say: Speller) -> str:
    signs, amounts = _written(say.currency)

    def put(found: re.Match[str]) -> str:
        sign, number = (found[1], found[2]) if found[1] else (found[4], found[3])
        currency = signs.get(sign) or ("CNY" if sign == "RMB" else sign)
        amount = Decimal(number.replace(",", "")).scaleb(exponent(currency))
        return say.money(Money(int(amount), currency)) if amount == int(amount) else f"{number} {currency}"

    return amounts.sub(put, text)


def _phone(text: str, say: Speller) -> str:
    """Read digit by digit what is long, or begins with a plus or a zero; else it is left to be read as numbers."""
    groups = re.findall(r"\d+", text)
    digits = "".join(groups)
    if not (text[0] == "+" or (digits[0] == "0" and len(digits) > 2) or len(digits) >= 7):
        return text
    if len(groups) == 2 and "-" in text and digits[0] != "0" and all(one.endswith("0") for one in groups):
        return text  # a range of round numbers
    return say.digits(re.sub(r"[()‑]", " ", text))


def _range(found: re.Match[str], rules: Rules, say: Speller) -> str:
    a, b = (_number(one, rules, say) for one in found.groups())
    return rules.range.replace("{a}", a).replace("{b}", b)


def _house(found: re.Match[str], how: str, say: Speller) -> str:
    number = found[0]
    if how == "digits":
        return _apart(found, say.digits(number), say)
    return _apart(found, pairs(number, say) if how == "pairs" else say.number(int(number), False), say)


def pairs(number: str, say: Speller) -> str:
    """A house number of three or four digits as English says it: one twenty, fourteen oh five, twelve hundred."""
    head, tail = divmod(int(number), 100)
    if not tail or not head:
        return say.number(int(number), False)
    rest = say.number(tail, False) if tail >= 10 else say.digits(f"0{tail}")
    return f"{say.number(head, False)} {rest}"


class _Pauses(NamedTuple):
    """Where a mark that a pause is written with is one too many, or stands without a space behind it."""

    repeated: re.Pattern[str]
    before: re.Pattern[str]
    behind: re.Pattern[str]
    unspaced: re.Pattern[str]


@lru_cache(maxsize=64)
def _pauses(mark: str) -> _Pauses:
    mark = re.escape(mark)
    return _Pauses(
        repeated=re.compile(rf"\s*{mark}(?:\s*{mark})*"),
        before=re.compile(rf"{mark}(?=\s*[{MARKS}])"),
        behind=re.compile(rf"(?<=[{MARKS}])\s*{mark}"),
        unspaced=re.compile(rf"{mark}(?=\S)"),
    )


def _tidied(text: str, pause: str) -> str:
    """One pause at a time, none at the beginning, none before a stop, no doubled spaces."""
    found = _pauses(pause.strip())
    text = SPACES.sub(" ", text)
    text = found.repeated.sub(pause.strip(), text)
    text = found.before.sub("", text)
    text = found.behind.sub("", text)
    text = BEFORE_MARK.sub(r"\1", text)
    if pause.endswith(" "):
        text = found.unspaced.sub(pause, text)
    return text.strip(" " + pause) if LETTER.search(text) else ""

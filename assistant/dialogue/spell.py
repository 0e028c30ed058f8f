"""Numbers, money and Korean particles as words. Pure; all rules are data of the language file's `[speak]`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from assistant.commerce.money import Money, exponent

MOST = 10**8
"""Numbers from here on are left as digits."""

HANGUL = range(0xAC00, 0xD7A4)
RIEUL = 8
"""The place of ㄹ among the final consonants of a syllable block."""


# -- numbers ---------------------------------------------------------------------------------------------------


def additive(number: int, words: Mapping[int, str], rules: Mapping[str, Any]) -> str | None:
    """Hundreds, tens and ones one after the other (English, Portuguese …); None when a word is missing."""
    if number in words and number < 100:
        return words[number]
    if number < 100:
        tens, ones = words.get(number // 10 * 10), words.get(number % 10)
        return f"{tens}{rules.get('tens_join', '-')}{ones}" if tens and ones else None
    for size in (1_000_000, 1000, 100):
        if number >= size:
            big, rest = divmod(number, size)
            head, unit = additive(big, words, rules), words.get(size)
            if head is None or unit is None:
                return None
            if not rest:
                return f"{head} {unit}"
            tail = additive(rest, words, rules)
            link = rules.get("and", " ") if rest < 100 else " "
            return None if tail is None else f"{head} {unit}{link}{tail}"
    return None


def myriad(number: int, rules: Mapping[str, Any], counting: bool = False) -> str:
    """Groups of four digits (Chinese, Korean). `counting` is the form before a measure word: 两, 스무."""
    native = rules.get("counting")
    if counting and native and 0 < number < 100:
        if number == 20 and "twenty" in native:
            return str(native["twenty"])
        tens, ones = divmod(number, 10)
        return str(native["tens"][tens]) + str(native["ones"][ones])
    two = rules.get("counting_two")
    if number == 2 and counting and two:
        return str(two)
    if number == 0:
        return str(rules["digits"][0])
    high, low = divmod(number, 10_000)
    name = str(rules["groups"][1])
    said = ""
    if high == 1 and rules.get("silent_one"):
        said = name
    elif high == 2 and two:
        said = f"{two}{name}"
    elif high:
        said = _group(high, rules, first=True) + name
    if not low:
        return said
    if said:
        said += rules.get("between", "")
        if low < 1000 and rules.get("say_zero"):
            said += rules["digits"][0]
    return said + _group(low, rules, first=not said)


def _group(number: int, rules: Mapping[str, Any], first: bool) -> str:
    """Up to four digits with the names of their places; zeros inside are said once where the language says them."""
    said, gap = "", False
    for place in (3, 2, 1, 0):
        digit, number = divmod(number, 10**place)
        if not digit:
            gap = bool(said)
            continue
        if gap and rules.get("say_zero"):
            said += rules["digits"][0]
        gap = False
        silent = digit == 1 and place and (rules.get("silent_one") or (place == 1 and first and not said))
        word = rules["digits"][digit]
        if digit == 2 and place > 1:
            word = rules.get("counting_two", word)
        said += ("" if silent else word) + (rules["units"][place - 1] if place else "")
    return said


# -- money -----------------------------------------------------------------------------------------------------


def money(value: Money, table: Mapping[str, Any], number: Callable[[int, bool], str]) -> str | None:
    """An amount by its currency's patterns; None where the language has none for it.

    `one` and `many` are whole amounts; `with_minor` (`with_small` below ten) may name `{whole}`, `{major}`, `{minor}`,
    `{decimals}` (digit by digit) or `{tens}` and `{units}` (八块九毛九); `only_minor` (`only_one`) has no major part.
    """
    rules = table.get(value.currency)
    if rules is None:
        return None
    size = exponent(value.currency)
    major, minor = divmod(abs(value.amount), 10**size)
    counting = bool(table.get("counting"))
    head = number(major, counting)
    whole = rules["one" if major == 1 else "many"].replace("{major}", head)
    if not minor:
        said = whole
    else:
        small = major and minor < 10 and "with_small" in rules
        key = "with_small" if small else "with_minor" if major else "only_minor"
        if not major and minor == 1 and "only_one" in rules:
            key = "only_one"
        tens, units = _tens(bool(major), minor, rules, number) if "tens" in rules else ("", "")
        decimals = "".join(number(int(one), False) for one in str(minor).zfill(size).rstrip("0"))
        said = rules[key]
        for name, put in (
            ("whole", whole),
            ("major", head),
            ("minor", number(minor, counting and not major)),
            ("decimals", decimals),
            ("tens", tens),
            ("units", units),
        ):
            said = said.replace("{" + name + "}", put)
    return (str(table.get("minus", "-")) if value.amount < 0 else "") + str(said)


def _tens(major: bool, minor: int, rules: Mapping[str, Any], number: Callable[[int, bool], str]) -> tuple[str, str]:
    """毛 and 分: what is zero is left out, and the last unit's name after a bigger one (八块九, 两毛五)."""
    tens, units = divmod(minor, 10)
    if tens and not units:
        return (number(tens, False) if major else number(tens, True) + rules["tens"]), ""
    if not tens:
        return "", (rules.get("gap", "") if major else "") + number(units, not major) + rules["units"]
    return number(tens, True) + rules["tens"], number(units, False)


# -- Korean particles ------------------------------------------------------------------------------------------


def particle(before: str, forms: Sequence[str], tails: Mapping[str, str]) -> str:
    """The form after a final consonant, after a vowel, and (where it differs, as in (으)로) after ㄹ.

    A Hangul syllable tells by itself; Latin letters and digits by how they end when they are read (`tails`: the
    patterns `closed` and `rieul`).
    """
    text = before.rstrip(" .,!?\"'”’)）]」")
    if text and ord(text[-1]) in HANGUL:
        final = (ord(text[-1]) - HANGUL.start) % 28
        closed, rieul = final > 0, final == RIEUL
    else:
        rieul = bool(re.search(tails["rieul"], text))
        closed = rieul or bool(re.search(tails["closed"], text))
    if rieul and len(forms) > 2:
        return forms[2]
    return forms[0 if closed else 1]

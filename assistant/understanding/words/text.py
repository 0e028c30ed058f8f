"""From raw text to tokens: redaction first, then one normal form of the letters, then words.

The normal form has exactly the length of what is shown, so that every token can be given back as it was said
(names, addresses, words that were not understood).
"""

from __future__ import annotations

import json
import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from importlib.util import find_spec
from itertools import accumulate
from pathlib import Path
from typing import Any

from msgspec import Struct

from assistant.turns import MOST_LETTERS

MOST_TOKENS = 2000
"""A longer utterance is no order; it is read no further."""

# ---------------------------------------------------------------------------------------------- redaction

CARD = "[card number]"

_TEENS = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_SPOKEN_DIGITS: dict[str, str] = {
    **dict(zip("zero one two three four five six seven eight nine".split(), "0123456789", strict=True)),
    "oh": "0",
    "o": "0",
    **dict(zip("〇一二三四五六七八九", "0123456789", strict=True)),
    **dict(zip("零壹贰叁肆伍陆柒捌玖", "0123456789", strict=True)),
    "幺": "1",
    "两": "2",
    "二": "2",
    **dict(zip("영일이삼사오육칠팔구", "0123456789", strict=True)),
    "공": "0",
    "륙": "6",
    **dict(zip("洞拐勾", "079", strict=True)),
    **{word: str(number) for number, word in enumerate(_TEENS.split(), 10)},
    **{word: str(number) for number, word in zip(range(20, 100, 10), _TENS.split(), strict=True)},
}
_REPEATS = {"double": 2, "triple": 3, "quadruple": 4}
_DIGIT_WORD = "|".join(sorted((*_SPOKEN_DIGITS, *_REPEATS), key=len, reverse=True))
_PIECE = re.compile(rf"\d+|(?<![^\W\d_])(?:{_DIGIT_WORD})(?![a-z])|(?<=[^\x00-\x7f])(?:{_DIGIT_WORD})", re.IGNORECASE)
_GAP = re.compile(r"[\s\-–—.,、，/_|*:;]{0,3}")
_APART = re.compile(
    r"(?:[\W_]{0,6}(?:uh+|um+|er+m?|dash|hyphen|space|呃|嗯|杠|음|어|다시))?[\W_]{0,6}",
    re.IGNORECASE,
)
"""What may stand between two pieces of one card number: signs of any kind, what people say while they read it."""
_DIGITS_FIRST = re.compile(f"{_APART.pattern}(?:{_PIECE.pattern})", re.IGNORECASE)
SHORTEST_CARD, LONGEST_CARD = 13, 19
"""Digits of a card number."""
MOST_APART = 20
"""Letters between two pieces of one card number."""
_TENS_SAID = frozenset(_TENS.split())
LONGEST_CODE = 8
"""Digits of a security code, a PIN or a one-time code."""
_CODE = re.compile(
    r"(?:\b(?:cvv2?|cvc2?|cid|security (?:code|number)|card code|verification code|one[- ]time (?:code|password)"
    r"|otp|pin(?: (?:code|number))?|pass(?:word|code)"
    r"|(?:code|number|digits) on the back(?: of (?:it|(?:my|the) card))?)(?:\b|(?=\d))"
    r"|安全码|安全代码|校验码|验证码|动态码|密码|(?:卡|背面)的?(?:后|末)?(?:三|四|3|4)位(?:数字?)?"
    r"|보안\s*코드|보안\s*번호|카드\s*뒷면|뒷면\s*(?:세|3)\s*자리|비밀\s*번호|인증\s*번호|인증\s*코드|유효성\s*코드)(?:\s*(?:is|are|number|:|=|是|为|은|는|번호))*\s*",
    re.IGNORECASE,
)


_TWICE = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)
"""Luhn's check: what a digit counts that counts twice."""


def _luhn(digits: str) -> bool:
    values = [int(digit) for digit in reversed(digits)]
    return (sum(values[::2]) + sum(_TWICE[value] for value in values[1::2])) % 10 == 0


def _digit_runs(text: str) -> list[list[tuple[int, int, str]]]:
    """Runs of digits, written or spoken, that only separators part: (start, end, digits) of each piece."""
    runs: list[list[tuple[int, int, str]]] = []
    end, repeat, tens = -1, 0, False
    for match in _PIECE.finditer(text):
        word = match[0].lower()
        gap = text[end : match.start()] if end >= 0 else None
        if gap is None or len(gap) > MOST_APART or not _APART.fullmatch(gap):
            runs.append([])
            repeat, tens = 0, False
        end = match.end()
        if word in _REPEATS:
            repeat = _REPEATS[word]
            runs[-1].append((match.start(), end, ""))
            continue
        digits = word if word.isdigit() and word.isascii() else _SPOKEN_DIGITS.get(word, word)
        if len(digits) > LONGEST_CARD:  # a date or a code may stand right behind the number
            runs[-1] += [(at, at + 1, text[at]) for at in range(match.start(), end)]
            continue
        if tens and len(digits) == 1 and digits != "0" and not word.isdigit() and gap in (" ", "-"):
            start, _, before = runs[-1].pop()  # forty-one
            runs[-1].append((start, end, before[:-1] + digits))
            tens = False
            continue
        runs[-1].append((match.start(), end, digits * (repeat or 1)))
        repeat, tens = 0, word in _TENS_SAID
    return runs


def _begins_with_clock(text: str, run: Sequence[tuple[int, int, str]]) -> bool:
    """Whether the first digits of a run are a time: "at 12:30, 13612345678" has one and a phone."""
    return len(run) > 2 and _CLOCK.fullmatch(text, run[0][0], run[1][1]) is not None


_CLOCK = re.compile("(?:[01]?[0-9]|2[0-3])[:：][0-5][0-9]")


def _cards(run: list[tuple[int, int, str]]) -> Iterator[tuple[int, int]]:
    """Where in the text card numbers lie in a run of digits: the longest at each place. Ten thousand digits in a row
    take milliseconds, as sums up to each digit tell those of any part."""
    at = [0, *accumulate(len(digits) for _, _, digits in run)]  # digits before each piece
    values = [int(digit) for _, _, digits in run for digit in digits]
    twice = [_TWICE[value] for value in values]
    sums = [  # by which of the digits count twice: those at even, those at odd places
        [0, *accumulate(twice[i] if i % 2 == which else value for i, value in enumerate(values))] for which in (0, 1)
    ]
    index = 0
    while index < len(run):
        start, best = at[index], None
        last = bisect_left(at, start + SHORTEST_CARD, index + 1)
        while last < len(at) and at[last - 1] - start < LONGEST_CARD:
            end = at[last]
            known = sums[end % 2]  # the last digit but one counts twice
            if end - start <= LONGEST_CARD and (known[end] - known[start]) % 10 == 0:
                best = last
            last += 1
        if best is not None:
            yield run[index][0], run[best - 1][1]
        index = best or index + 1


_WORDS_ONLY = bytes(code if chr(code).isalpha() else ord(" ") for code in range(256))
_NO_DIGITS = bytes(code for code in range(256) if not chr(code).isdecimal())
_SPOKEN_ASCII = frozenset(one.encode() for one in _SPOKEN_DIGITS if one.isascii())
_TWO_ASCII = frozenset(f"{_TEENS} {_TENS}".encode().split())
_REPEATS_ASCII = frozenset(one.encode() for one in _REPEATS)
_LATIN = re.compile("[A-Za-z]+")


def _digits_at_most(text: str) -> int:
    """No more digits, written or spoken, can be in a text. Most have so few that they needn't be searched for."""
    if text.isascii():
        letters = text.lower().encode()
        words = letters.translate(_WORDS_ONLY).split()
        pieces = len(letters.translate(None, _NO_DIGITS))
        pieces += sum([1 + (word in _TWO_ASCII) for word in words if word in _SPOKEN_ASCII])
        repeated = not _REPEATS_ASCII.isdisjoint(words)
    else:
        pieces = len(_LATIN.findall(text))
        repeated = pieces > 0
        pieces += sum(map(_SPOKEN_DIGITS.__contains__, text)) + sum(map(str.isdigit, text))
    return pieces * 2 * max(_REPEATS.values()) if repeated else pieces


def redact(text: str) -> tuple[str, bool]:
    """`text` with what looks like a card number or a security code replaced, and whether there was any.

    Runs before anything else sees the text, so it must stay linear and know no language file.
    """
    cuts: list[tuple[int, int]] = []
    if len(text) >= SHORTEST_CARD and not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    most = _digits_at_most(text)
    if most < 3:
        return text, False
    if len(text) >= SHORTEST_CARD and most >= SHORTEST_CARD:
        for run in _digit_runs(text):
            cuts += _cards(run[2:] if _begins_with_clock(text, run) else run)
    for match in _CODE.finditer(text):
        digits, end = "", match.end()
        while len(digits) < LONGEST_CODE and (piece := _PIECE.match(text, _skip_gap(text, end))):
            digits += piece[0] if piece[0].isdigit() else _SPOKEN_DIGITS.get(piece[0].lower(), "")
            end = piece.end()
        if 3 <= len(digits) <= LONGEST_CODE:
            cuts.append((match.end(), end))
    if not cuts:
        return text, False
    parts, at = [], 0
    for start, end in sorted(cuts):
        if start >= at:
            parts += [text[at:start], CARD]
            at = end
    return "".join([*parts, text[at:]]), True


def fragment(text: str) -> str:
    """The digits of a text that is nothing but digits, three at the least; else ""."""
    if len(text) < 3:
        return ""
    said, text = text, text if text.isascii() else unicodedata.normalize("NFKC", text)
    if not _DIGITS_FIRST.match(text) or _digits_at_most(said) < 3:
        return ""
    runs = _digit_runs(text)
    if len(runs) != 1 or not (_APART.fullmatch(text, 0, runs[0][0][0]) and _APART.fullmatch(text, runs[0][-1][1])):
        return ""
    digits = "".join([one for _, _, one in runs[0]])
    return digits if len(digits) >= 3 else ""


def is_card(digits: str) -> bool:
    """Whether digits that were said apart are a card number: strictly, as a phone and a time are digits, too."""
    return len(digits) in (15, 16) and digits[0] in "23456" and _luhn(digits)


def last_digits(text: str) -> str:
    """The digits that a text ends with."""
    text = unicodedata.normalize("NFKC", text)
    runs = _digit_runs(text)
    ends = bool(runs) and _APART.fullmatch(text, runs[-1][-1][1]) is not None
    return "".join([one for _, _, one in runs[-1]]) if ends else ""


def _skip_gap(text: str, at: int) -> int:
    match = _GAP.match(text, at)
    return match.end() if match else at


# ------------------------------------------------------------------------------------------ normal form

_INVISIBLE = dict.fromkeys(
    [0xAD, 0x61C, *range(0x200B, 0x2010), *range(0x2028, 0x202F), *range(0x2060, 0x2070), 0xFEFF]
)
_CONTROL = dict.fromkeys((*range(32), *range(127, 160)), " ")
_STRAIGHT = {ord(a): b for a, b in zip("’‘ʼ`´＇", "''''''", strict=True)}
_HAN = re.compile("[㐀-鿿]")


_AS_WRITTEN = {"蘋": "苹", "藷": "薯", "鰕": "虾"}
"""Letters of foods that the table makes ones of that nobody writes: 蘋果 is 苹果."""


@cache
def simplified() -> dict[int, str]:
    """Traditional -> simplified letters, from zhconv's table. Read when the first Chinese text comes.

    The package itself is not imported: that costs half a second where setuptools is installed.
    """
    found = find_spec("zhconv")
    if found is None or found.origin is None:
        return {}
    table: dict[str, str] = json.loads(Path(found.origin).with_name("zhcdict.json").read_bytes())["zh2Hans"]
    return {ord(a): b for a, b in {**table, **_AS_WRITTEN}.items() if len(a) == 1 and len(b) == 1}


class _Folding(dict[int, str]):
    """One letter -> its normal form of the same length, worked out once a letter."""

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        low = letter.lower()
        if len(low) != 1:
            low = letter
        if unicodedata.category(letter)[0] == "L" and code < 0x2000:
            base = unicodedata.normalize("NFD", low)
            low = base[0] if len(base) > 1 and all(unicodedata.combining(c) for c in base[1:]) else low
        self[code] = low
        return low


_FOLD = _Folding()


def show(text: str) -> str:
    """What was said, with compatibility forms, invisible and control characters put right."""
    if text.isascii():
        return text.translate(_CONTROL) if not text.isprintable() else text
    return unicodedata.normalize("NFKC", text.translate(_INVISIBLE)).translate(_CONTROL).translate(_STRAIGHT)


def fold(shown: str) -> str:
    """The form that words are compared in; as long as `shown`."""
    if shown.isascii():
        return shown.lower()
    if _HAN.search(shown):
        shown = shown.translate(simplified())
    return shown.translate(_FOLD)


# ------------------------------------------------------------------------------------------------ tokens


class Token(Struct, frozen=True, gc=False):
    text: str
    """In normal form."""
    start: int
    end: int
    kind: str
    """word, han, hangul, number, time, symbol (a picture), stop (ends a sentence), pause (a comma)."""
    glued: bool
    """Nothing stands between it and the token before."""


SHORTEST_PHONE = 7
"""Fewer digits are no phone number yet; a number with so many is one, no count and no choice."""

_TOKEN = re.compile(
    r"(?P<word>\d+(?:st|nd|rd|th)\b)"
    r"|(?P<time>\d{1,2}:\d\d(?!\d))"
    r"|(?P<dotted>(?<![^\W_])[ap]\. ?m\b\.?)"
    r"|(?P<number>(?:(?<![\w\-])[-−])?\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|(?:(?<![\w\-])[-−])?\d+(?:\.\d+)?)"
    r"|(?P<han>[㐀-鿿〇])"
    r"|(?P<hangul>[가-힣ㄱ-ㅣ])"
    r"|(?P<stop>[.!?。？！;；\n\r…]+)"
    r"|(?P<pause>[,、，:：—–()\[\]]+|\s-+\s)"
    r"|(?P<symbol>[\U0001f300-\U0001faff\u2600-\u27bf])"
    r"|(?P<sign>[%&+#@$¥€£₩￥])"
    r"|(?P<letters>[^\W\d_㐀-鿿가-힣ㄱ-ㅣ〇]+(?:'[^\W\d_㐀-鿿가-힣ㄱ-ㅣ〇]+)?)"
)


_WITH_MAIL = re.compile(rf"(?P<mail>[a-z0-9_.+-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+)|{_TOKEN.pattern}")
"""The same, with an e-mail address as one word; searched for only where there is an @."""

_PLAIN = re.compile(r"[a-z]+(?:'[a-z]+)?(?: [a-z]+(?:'[a-z]+)?)*")
"""What most utterances in English are: words with a space between."""


def _plain_tokens(folded: str) -> list[Token]:
    tokens = []
    start = 0
    for word in folded.split(" "):
        end = start + len(word)
        tokens.append(Token(word, start, end, "word", False))
        start = end + 1
    return tokens


def tokenise(folded: str) -> list[Token]:
    """Words of letters, single Han and Hangul letters, numbers, stops and pauses, in order."""
    if _PLAIN.fullmatch(folded) and len(folded) <= MOST_LETTERS:
        return _plain_tokens(folded)
    tokens: list[Token] = []
    end = 0
    for match in (_WITH_MAIL if "@" in folded else _TOKEN).finditer(folded[:MOST_LETTERS]):
        kind = match.lastgroup or "word"
        text = match[0]
        start, stop = match.span()
        if kind == "dotted":  # a.m.
            kind, text = "word", text.replace(".", "").replace(" ", "")
        elif kind == "number":
            text = text.replace(",", "").replace("−", "-")
        elif kind in ("sign", "letters", "mail"):
            kind = "word"
        tokens.append(Token(text, start, stop, kind, start == end and end > 0))
        end = stop
    return tokens


_RUN = 4
"""So many letters stand between spaces where they part what is said, and no words."""


def paused(tokens: list[Token]) -> list[Token]:
    """The tokens of a script without spaces, with a pause where a space parts what is said: 牛肉面大碗的 蒜少放点.
    Where there are spaces between all words, as some recognisers write them, they part nothing."""
    gaps = [
        at for at in range(1, len(tokens)) if not tokens[at].glued and tokens[at].kind == tokens[at - 1].kind == "han"
    ]
    if not gaps or len(tokens) < _RUN * (len(gaps) + 1):
        return tokens
    made: list[Token] = []
    for at, token in enumerate(tokens):
        if at in gaps:
            made.append(Token(",", tokens[at - 1].end, token.start, "pause", False))
        made.append(token)
    return made


_SYLLABLES = re.compile("[㐀-鿿가-힣 ]+")
"""Of these each letter is a token."""


@lru_cache(maxsize=4096)
def words_of(name: str) -> tuple[str, ...]:
    """The token texts of a name or phrase, as `tokenise` would cut them in an utterance."""
    if _PLAIN.fullmatch(name):
        return tuple(name.split(" "))
    if _SYLLABLES.fullmatch(name):
        return tuple(fold(name.replace(" ", "")))
    return tuple(token.text for token in tokenise(fold(show(name))) if token.kind not in ("stop", "pause"))


_OF_ONE_SCRIPT = {
    "unspaced": re.compile(r"[\d\s,.!?，。！？、]*[㐀-鿿][㐀-鿿\d\s,.!?，。！？、]*"),
    "particles": re.compile(r"[\d\s,.!?]*[가-힣][가-힣\d\s,.!?]*"),
}


def only_in(script: str | None, text: str) -> bool:
    """Whether all letters of a text are of this script. Never sure of letters, which many languages share."""
    found = _OF_ONE_SCRIPT.get(script or "")
    return found is not None and found.fullmatch(text) is not None


def as_number(text: str) -> int | None:
    """The whole number that a number token says; None for a fraction."""
    try:
        value = float(text) if "." in text else int(text[:30])
    except ValueError:
        return None
    return int(value) if value == int(value) else None


def script_of(tokens: list[Token]) -> dict[str, int]:
    """How many letters of each script there are."""
    found: dict[str, Any] = {"word": 0, "han": 0, "hangul": 0}
    for token in tokens:
        if token.kind in found:
            found[token.kind] += token.end - token.start
    return found


_EDGE = re.compile(r"^[\s,，、.。:：;；!！?？\-]+|[\s,，、。:：;；!！?？\-]+$")


def trimmed(text: str) -> str:
    return _EDGE.sub("", text).strip().rstrip(".")

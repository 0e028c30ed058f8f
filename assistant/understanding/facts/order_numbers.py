"""Numbers of orders, as they are written and as they are said: "order A17", "A one oh four", A十七, 에이 십칠.

What is said of an order by its number is said of "my order" as well: the number gives way to those words before the
sentence is read, and is handed to the acts that came of it afterwards. So no number of an order is ever a count.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import cache
from itertools import pairwise
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from assistant.turns import Act
from assistant.understanding.context import Context
from assistant.understanding.words.language_words import Grammar, expand
from assistant.understanding.words.lexicon import Lexicon
from assistant.understanding.words.spans import PHRASE_ENDS, UNKNOWN, Span, cut, join
from assistant.understanding.words.text import Token, words_of
from assistant.understanding.words.utterance import Utterance
from models.languages import Language

AFTER_SALE = frozenset({"order_status", "cancel", "refund", "reorder"})
"""Acts on an order that was placed: they take its number."""
MOST_DIGITS = 4
_LONGEST = 8
"""Tokens of the longest number that is looked for."""
Words = tuple[str, ...]


class Spelling(Struct, frozen=True, eq=False):
    """How one language speaks of an order by its number."""

    before: frozenset[Words]
    """What stands right before the number: order, order number …"""
    sizes: Mapping[str, frozenset[int]]
    """How many words those have that end with a word."""
    numbered: frozenset[Words]
    """Those of `before` that say a number follows, so that it may lack its letter."""
    behind: tuple[Words, ...]
    """What stands right behind it, longest first: 号订单."""
    tail: tuple[Words, ...]
    """What may stand behind any number: 号."""
    letters: tuple[tuple[Words, str], ...]
    """Names of letters, longest first, with the letter."""
    openers: frozenset[str]
    """First words of these."""
    digits: frozenset[str]
    """First words of numbers."""
    stand_in: Words
    """What is said of an order without its number: "my order"."""


class Numbered(Struct, frozen=True):
    """The number of an order in an utterance."""

    number: str
    """A17; digits only where the letter was left out."""
    start: int
    end: int
    """Letters of the utterance, with the words for an order around it."""


_NEAR = 5
"""Tokens within which the digits begin, from its letters on."""


@cache
def spelling_of(language: Language) -> Spelling | None:
    """None where the language has no words for it."""
    table: Mapping[str, Any] = language.tables.get("order_number", {})
    if not table:
        return None
    numbered = _keys(table.get("numbered", ()))
    before = frozenset((*_keys(table.get("before", ())), *numbered))
    numbers = language.tables.get("numbers", {}).get("words", {})
    letters = sorted(
        ((words_of(name), letter) for name, letter in table.get("letters", {}).items()), key=lambda one: -len(one[0])
    )
    return Spelling(
        before=before,
        sizes=_by_last(before),
        numbered=frozenset(numbered),
        behind=_sorted(set(_keys(table.get("behind", ())))),
        tail=tuple(_keys(table.get("tail", ()))),
        letters=tuple(letters),
        openers=frozenset(words[0] for words, _ in letters),
        digits=frozenset(words_of(word)[0] for word in numbers),
        stand_in=words_of(table["stand_in"]),
    )


def _keys(phrases: Sequence[str]) -> list[Words]:
    return [key for phrase in phrases for one in expand(phrase) if (key := words_of(one))]


def _sorted(keys: set[Words]) -> tuple[Words, ...]:
    return tuple(sorted(keys, key=lambda key: (-len(key), key)))


def _by_last(keys: Collection[Words]) -> Mapping[str, frozenset[int]]:
    made: dict[str, set[int]] = {}
    for words in keys:
        made.setdefault(words[-1], set()).add(len(words))
    return {last: frozenset(sizes) for last, sizes in made.items()}


def take_out(
    tokens: list[Token], lexicon: Lexicon, language: str, context: Context
) -> tuple[list[Token], tuple[Numbered, ...]]:
    """The tokens with "my order" for every order that is named by its number, and those numbers in order."""
    spelling = spelling_of(lexicon.tongues[language])
    if spelling is None or True not in (digits := _digits_in(tokens, spelling)):
        return tokens, ()
    found: list[Numbered] = []
    at = 0
    while at < len(tokens):
        if True not in digits[at : at + _NEAR]:
            at += 1
            continue
        one = _Reference(tokens, at, spelling, lexicon, language, context).found()
        if one is None:
            at += 1
            continue
        number, begin, end, after_sale = one
        start, stop = tokens[begin].start, tokens[end - 1].end
        found.append(Numbered(number, start, stop))
        # By itself "order" may be a command, even a yes: it stands in only where something is to be done with one.
        put = _stand_in(spelling, start, stop, tokens[begin].glued) if after_sale else [_silence(number, start, stop)]
        tokens = [*tokens[:begin], *put, *tokens[end:]]
        digits = _digits_in(tokens, spelling)
        at = begin + len(put)
    return tokens, tuple(found)


def _digits_in(tokens: Sequence[Token], spelling: Spelling) -> list[bool]:
    """Which of the tokens are digits, written or spoken."""
    return [token.kind == "number" or token.text in spelling.digits for token in tokens]


def _stand_in(spelling: Spelling, start: int, end: int, glued: bool) -> list[Token]:
    return [
        Token(word, start, end, _script(word), glued if i == 0 else not word.isascii())
        for i, word in enumerate(spelling.stand_in)
    ]


def _silence(number: str, start: int, end: int) -> Token:
    """A token that says nothing."""
    return Token(number, start, end, "pause", False)


def _script(word: str) -> str:
    return "word" if word.isascii() else "hangul" if "가" <= word <= "힣" else "han"


_GOODS = frozenset({"item", "choice", "option", "category", "partial", "short", "method", "code"})
_THINGS = _GOODS | {"unknown", "measure", "unit", "weight", "currency", "multiple", "num", "digits", "fraction", "of"}
"""What makes a count, or a name, of the number that it follows: a 12 inch pizza, A4 paper."""
_SOFT = frozenset(
    {"polite", "filler", "hesitation", "pause", "stop", "particle", "wish", "the", "it", "named", "greeting", "asking"}
)


_ENDS = PHRASE_ENDS | {"hesitation", "filler", "particle"}
"""What may follow a number whose letter is a word as well."""


class _Reference:
    """What may be an order by its number at one place of an utterance."""

    def __init__(
        self,
        tokens: list[Token],
        at: int,
        spelling: Spelling,
        lexicon: Lexicon,
        language: str,
        context: Context,
    ) -> None:
        self.tokens, self.at, self.spelling, self.context = tokens, at, spelling, context
        self.lexicon, self.words = lexicon, lexicon.words[language]
        self.grammar: Grammar = lexicon.grammars[language]

    def found(self) -> tuple[str, int, int, bool] | None:
        """(number, first token, end) with the words for an order around it, and whether something is to be done with
        that order; None when none is meant."""
        tokens, at = self.tokens, self.at
        if not (tokens[at].kind == "number" or tokens[at].text in self.spelling.digits or self._may_be_letter()):
            return None
        begin, lead = self._before()
        letter, first = self._letter(bool(lead))
        if first >= len(tokens) or not (tokens[first].kind == "number" or tokens[first].text in self.spelling.digits):
            return None
        glued = tokens[first].glued and tokens[first].kind == "number"
        if not letter and not lead:
            return None
        if not lead and not glued and not self._known_letter():
            return None
        digits, last = self._digits(first)
        if not digits:
            return None
        if last < len(tokens) and tokens[last].glued and tokens[last].kind == "word":
            return None  # a 7up
        end = self._behind(last, self.spelling.behind)
        behind = end > last
        if not behind:
            end = self._behind(last, self.spelling.tail)
        whole = cut(tokens, self.lexicon.names, self.words, self.lexicon.aliases)
        if any(span.start < last and span.end > at and span.has.keys() & _GOODS for span in whole):
            return None  # an exact name wins
        number = letter + digits
        spans, first, last = self._sentence(begin, end)
        if not self._meant(spans[first:last], begin, number, lead=lead, behind=behind, glued=glued):
            return None
        return number, begin, end, any(map(_after_sale, spans[first:last]))

    def _letter(self, led: bool) -> tuple[str, int]:
        """The letters at this place, and where they end; no letter where the number comes at once. `led`: words for an
        order stand before it."""
        tokens, at = self.tokens, self.at
        inside = self.grammar.script == "particles" and tokens[at].glued and tokens[at - 1].kind == tokens[at].kind
        if tokens[at].text in self.spelling.openers and (led or not inside):
            for words, letter in self.spelling.letters:
                if self._are(words, at):
                    return letter, at + len(words)
        said, first = "", at
        while first < len(tokens) and len(said) < 2 and _is_letter(tokens[first].text):
            said += tokens[first].text
            first += 1
        text = tokens[at].text
        if not said and len(text) == 2 and text.isascii() and text.isalpha() and at + 1 < len(tokens):
            said, first = (text, at + 1) if tokens[at + 1].glued and tokens[at + 1].kind == "number" else ("", at)
        return said.upper(), first

    def _may_be_letter(self) -> bool:
        text = self.tokens[self.at].text
        return (len(text) <= 2 and text.isascii() and text.isalpha()) or text in self.spelling.openers

    def _known_letter(self) -> bool:
        return _is_letter(self.tokens[self.at].text) or any(self._are(one, self.at) for one, _ in self.spelling.letters)

    def _are(self, words: Words, at: int) -> bool:
        some = self.tokens[at : at + len(words)]
        return bool(some) and some[0].text == words[0] and tuple([token.text for token in some]) == words

    def _before(self) -> tuple[int, Words]:
        """Where the words for an order right before this place begin, and which they are."""
        tokens, stop = self.tokens, self.at
        while stop and (tokens[stop - 1].kind == "pause" or tokens[stop - 1].text == "#"):
            stop -= 1
        dotted = stop > 1 and tokens[stop - 1].text == "." and tokens[stop - 1].glued  # order no. A17
        end = stop - dotted
        sizes = self.spelling.sizes.get(tokens[end - 1].text) if end else None
        if sizes is None:
            return self.at, ()
        texts = [token.text for token in tokens[max(0, end - max(sizes)) : end]]
        known = self.spelling.numbered if dotted else self.spelling.before
        for size in sorted(sizes, reverse=True):
            if size <= len(texts) and (words := tuple(texts[-size:])) in known:
                return end - size, words
        return self.at, ()

    def _behind(self, end: int, phrases: tuple[Words, ...]) -> int:
        return next((end + len(words) for words in phrases if self._are(words, end)), end)

    def _digits(self, first: int) -> tuple[str, int]:
        """The digits of the number from token `first` on, and where they end."""
        tokens = self.tokens
        if tokens[first].kind == "number" and not tokens[first].text.isdigit():
            return "", first
        some = tokens[first : first + _LONGEST]
        spans = cut(some, self.lexicon.names, self.words, self.lexicon.aliases)
        for span in spans:
            if "num" in span.has and not span.has.keys() & _GOODS:
                span.has = {"num": span.has["num"]}  # behind a letter it is nothing else: 일, day
        spans = join(spans, self.grammar)
        pieces: list[str] = []
        end = first
        for i, span in enumerate(spans):
            piece = _piece(span)
            after = spans[i + 1].has if i + 1 < len(spans) else {}
            if piece is None or (pieces and (after.keys() & _GOODS or "measure" in after)):
                break
            if pieces and (tokens[first].glued or any(len(one) > 1 for one in pieces) or len(piece) > 2):
                break
            pieces.append(piece)
            end = first + span.end
        digits = "".join(pieces).lstrip("0")
        return (digits, end) if len(digits) <= MOST_DIGITS else ("", first)

    def _sentence(self, begin: int, end: int) -> tuple[list[Span], int, int]:
        """The spans with "my order" for tokens `begin` to `end`, and which of them are its sentence."""
        put = _stand_in(self.spelling, 0, 0, False)
        tokens = [*self.tokens[:begin], *put, *self.tokens[end:]]
        spans, stop = cut(tokens, self.lexicon.names, self.words, self.lexicon.aliases), begin + len(put)
        first = next((i for i in range(len(spans), 0, -1) if spans[i - 1].end <= begin and _is_stop(spans[i - 1])), 0)
        last = next((i for i in range(first, len(spans)) if spans[i].end > stop and _is_stop(spans[i])), len(spans))
        return spans, first, last

    def _meant(self, spans: Sequence[Span], begin: int, number: str, *, lead: Words, behind: bool, glued: bool) -> bool:
        """Whether an order is what is spoken of: by the words beside the number, or by what is to be done. `spans`: the
        sentence with "my order" at token `begin`."""
        stop = begin + len(self.spelling.stand_in)
        around = [span for span in spans if span.end <= begin or span.start >= stop]
        over = [span for span in spans if span.start < stop and span.end > begin]
        after_sale = any(_after_sale(span) for span in spans)
        alone = all(_after_sale(span) or span.has.keys() & _SOFT for span in around)
        follower = next((span for span in around if span.start >= stop), None)
        covered = any(span.end > stop and _after_sale(span) for span in over)
        clear = covered or follower is None or not follower.has.keys() & _THINGS or _after_sale(follower)
        if behind and not lead and not covered and any("act" in span.has and span.end > stop for span in over):
            return False  # what is ordered by a number of the menu
        if self._a_word() and not glued and follower is not None and not covered:
            alone = alone and (_after_sale(follower) or bool(follower.has.keys() & _ENDS))
            clear = clear and (_after_sale(follower) or bool(follower.has.keys() & _ENDS))
        if number.isdigit():
            offered = self.context.listed or self.context.choices
            return clear and (after_sale or (alone and lead in self.spelling.numbered and not offered))
        if lead and (lead in self.spelling.numbered or glued or not self._a_word()):
            return True
        if after_sale:
            return alone or (clear and (bool(lead) or behind or glued))
        if lead or behind:
            return alone
        return alone and number in self.context.orders and self.context.expects in (None, "basket")

    def _a_word(self) -> bool:
        """Whether the letter is a word as well: "order a 12 inch pizza", "let my order be 2 burgers"."""
        text = self.tokens[self.at].text
        return not _is_letter(text) or "article" in self.words.get(text, {}).get(None, {})


def _is_letter(text: str) -> bool:
    return len(text) == 1 and text.isascii() and text.isalpha()


def _is_stop(span: Span) -> bool:
    return "stop" in span.has


def _after_sale(span: Span) -> bool:
    return any(name in AFTER_SALE for name, _ in span.has.get("act", ()))


def _piece(span: Span) -> str | None:
    """The digits that a span says; None when it is no number, or a name as well: "7 up"."""
    if span.has.keys() & _GOODS:
        return None
    if "digits" in span.has:
        return str(span.has["digits"])
    value = span.has["num"][0] if "num" in span.has else -1
    return str(value) if value >= 0 else None


_NAMED = _GOODS | {"road"}
_PLACES = frozenset({"address", "contact", "coupon"})
"""Steps whose answers have such codes in them: Flat B12."""


def uncounted(spans: list[Span], tokens: Sequence[Token], context: Context) -> None:
    """Where no goods are named, a number that a letter is written to, A17, counts none of those in the basket: it is a
    code that isn't known."""
    if context.expects in _PLACES or not any([one.kind == "number" for one in tokens]):
        return
    if any([not span.has.keys().isdisjoint(_NAMED) for span in spans]):
        return
    for before, span in pairwise(spans):
        code = span.glued and tokens[span.start].kind == "number" and "num" in span.has and _is_letter(before.text)
        if code and "measure" not in before.has:
            before.has = span.has = UNKNOWN


def hand_over(u: Utterance, acts: tuple[Act, ...], numbers: tuple[Numbered, ...]) -> tuple[tuple[Act, ...], list[str]]:
    """The acts with the number of the order that they are about, and what was said of orders that nothing came of. A
    yes beside the number of an order is none."""
    acts = tuple(act for act in acts if act.act not in ("confirm", "buy_now"))
    if any(act.act in AFTER_SALE for act in acts):
        left = list(numbers)
        made: list[Act] = []
        number = numbers[0].number
        for act in acts:
            if act.act in AFTER_SALE:
                number = left.pop(0).number if left else number
                share = act.value if isinstance(act.value, dict) else None
                act = replace(act, value={**share, "order": number} if share else number)
            made.append(act)
        return tuple(made), [u.shown[one.start : one.end] for one in left]
    if all(act.act == "none" for act in acts) and not u.doubts:
        # It is asked before anything is cancelled.
        removes = any(span.has.get("verb", ("",))[0] == "remove" for span in u.spans)
        acts = (Act("cancel" if removes else "order_status", value=numbers[0].number),)
        return acts, [u.shown[one.start : one.end] for one in numbers[1:]]
    asks = bool(acts) and all(act.act.startswith("ask_") or act.value == "stays" for act in acts)
    return acts, [] if asks else [u.shown[one.start : one.end] for one in numbers]

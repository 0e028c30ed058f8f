"""What a person is likely to say next, as phrases that a recogniser can be held to.

A recogniser makes pairs of words of them, so that mixtures of phrases are heard too: each name stands in a few natural
phrases, with a few numbers, and not with all of them. What the language's own phrases are, its file says (`[listen]`).
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice, product
from typing import Any

from msgspec import Struct

from assistant.commerce.catalogue import Item
from assistant.turns import AnswerKind, Vocabulary
from assistant.understanding.context import Context
from assistant.understanding.words.language_words import expand
from assistant.understanding.words.lexicon import Lexicon, phrases
from assistant.understanding.words.names import Inflection, meaning_of
from assistant.understanding.words.synonyms import other_names
from assistant.understanding.words.text import fold, show, tokenise, words_of
from models.languages import Language

MOST = 3000
"""Phrases in all: a recogniser held to more of them is little better than a free one."""
MOST_GOODS = 400
"""Goods that are named; of more, those first in each category."""
MOST_SHORT = 600
"""Phrases where a yes, a choice or a number is asked for: what is unlikely there only gets in the way."""
MOST_EDITS = 250
FEW_EDITS: Mapping[str, int] = {"yes_no": 80, "choice": 40}
"""Changes of what is in the basket, and of its options: anywhere, and where something narrow is asked."""
KEPT = 20_000
FEW = 120
"""Combinations of a pattern that are all said."""
PER_NAME = 2
"""Phrases for each further name of the same goods."""
_COUNTING = 10

_ALWAYS = (
    "deny deny.wait confirm undo repeat help cancel show_basket person back repeat.slower repeat.louder repeat.heard"
    " stop start_over redo"
).split()
_ASKED = (
    "checkout checkout.pay ask_menu ask_price recommend ask_stock reorder ask_item.wait ask_item.hours ask_item.options"
    " ask_item.allergens ask_item.delivery ask_item.payment ask_item.promotions order_status refund ask_item.amenities"
    " ask_item.stay ask_item.cancellation buy_now same change_language continue_elsewhere ask_item.address ask_item"
    " give_coupon"
).split()
_MONEY = ("confirm", "deny", "deny.wrong", "cancel", "refund", "buy_now", "checkout.pay", "reorder")
"""Acts whose words count only when they are surely heard."""
_NUMBERS = ("words", "counting", "multiples", "folds", "ordinals")
_CLOSED_TO = frozenset({"name", "address"})
"""Answers of words that no list has."""


class Tongue(Struct, frozen=True, eq=False):
    """One language of a shop as its recogniser spells it."""

    lexicon: Lexicon
    language: Language
    listen: Mapping[str, Any]
    script: str
    plain: bool
    """It is written without accents."""
    digits: Mapping[int, str]
    """Value -> the word for it."""
    known: dict[str, str]
    """What was spelt before."""

    def spelt(self, text: str) -> str:
        """`text` in lower case, its words parted, numbers as words; empty where it can't be spoken so."""
        made = self.known.get(text)
        if made is None:
            if len(self.known) >= KEPT:
                self.known.clear()
            made = self.known[text] = self._spell(text)
        return made

    def _spell(self, text: str) -> str:
        shown = show(text)
        folded = fold(shown)
        if self.script == "particles":
            words: list[str] = []
            for word in folded.split():
                words += self._words(word, word)
            return " ".join(words)
        return " ".join(self._words(shown, folded))

    def _words(self, shown: str, folded: str) -> list[str]:
        made: list[str] = []
        wide = ""
        for token in tokenise(folded):
            if token.kind in ("han", "hangul"):
                wide += token.text
                continue
            if wide:
                made += self._wide(wide)
                wide = ""
            if token.kind == "number":
                made += self._number(token.text)
            elif token.kind == "word" and token.text[0].isalpha():
                made.append(token.text if self.plain else shown[token.start : token.end].lower())
            elif token.kind not in ("stop", "pause", "symbol"):
                return []
        return [*made, *self._wide(wide)] if wide else made

    def _wide(self, text: str) -> tuple[str, ...]:
        return (text,) if self.script != "unspaced" else self._cut(text)

    def _number(self, text: str) -> list[str]:
        digits = text.lstrip("-")
        if digits.isdigit() and int(digits) in self.digits:
            return self.digits[int(digits)].split(" ")
        return [self.digits[int(one)] for one in digits if one.isdigit() and int(one) in self.digits]

    def _cut(self, text: str) -> tuple[str, ...]:
        """Letters that stand without spaces, cut into the shorter words they are made of, where these are known."""
        if len(text) < 3:
            return (text,)
        cost = [0.0] * (len(text) + 1)
        step = [0] * len(text)
        known = [False] * len(text)
        for at in range(len(text) - 1, -1, -1):
            cost[at], step[at] = cost[at + 1] + 1.3, at + 1
            for end in range(at + 2, min(len(text), at + 6) + 1):
                if end - at < len(text) and cost[end] + 1 < cost[at] and self._known(text[at:end]):
                    cost[at], step[at], known[at] = cost[end] + 1, end, True
        found: list[str] = []
        at, loose = 0, False
        while at < len(text):
            piece = text[at : step[at]]
            if not known[at] and loose:
                found[-1] += piece
            else:
                found.append(piece)
            loose = not known[at]
            at = step[at]
        return tuple(found)

    def _known(self, word: str) -> bool:
        key = tuple(word)
        return bool(meaning_of(self.lexicon.words[self.language.tag], key) or self.lexicon.names.meaning(key))


def tongue_of(lexicon: Lexicon, tag: str) -> Tongue:
    """Made once a language and kept with the lexicon."""
    kept = f"{tag} tongue"
    made: Tongue | None = lexicon.nears.get(kept)
    if made is None:
        language = lexicon.tongues[tag]
        plain = str(language.tables.get("phrases", "")).isascii() or lexicon.grammars[tag].script != "spaced"
        made = lexicon.nears[kept] = Tongue(
            lexicon,
            language,
            language.tables.get("listen", {}),
            lexicon.grammars[tag].script,
            plain,
            _digits(language.tables),
            {},
        )
    return made


def _digits(tables: Mapping[str, Any]) -> dict[int, str]:
    """0 to 99 as they are read out."""
    words: dict[int, str] = {}
    for phrase, value in tables.get("numbers", {}).get("words", {}).items():
        words.setdefault(value, expand(phrase)[0])
    joined = tables.get("numbers", {}).get("system") in ("myriad", "exact")
    for value in range(11, 100):
        if value in words:
            continue
        tens, ones = divmod(value, 10)
        last = words.get(ones, "") if ones else ""
        if joined and 10 in words:
            words[value] = ("" if tens == 1 else words.get(tens, "")) + words[10] + last
        elif tens * 10 in words:
            words[value] = f"{words[tens * 10]} {last}".strip()
    return words


# ------------------------------------------------------------------------------------------------ filling in

_SLOT = re.compile(r"\{(\w+)\}")


def fill(patterns: Iterable[str], values: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Each pattern with the values of its slots: all combinations where they are few, else each value in its turn."""
    for number, pattern in enumerate(patterns):
        lists = [values.get(slot, ()) for slot in _SLOT.findall(pattern)]
        if math.prod(map(len, lists)) <= FEW:
            rows: Iterable[Sequence[str]] = product(*lists)
        else:
            turns = range(max(map(len, lists)))
            rows = ([one[(at + nth * (number + 1)) % len(one)] for nth, one in enumerate(lists)] for at in turns)
        for row in rows:
            parts = iter(row)
            yield _SLOT.sub(lambda _slot, parts=parts: next(parts), pattern)  # type: ignore[misc]


def _rows(patterns: Sequence[str], rows: Sequence[Mapping[str, str]], counts: Sequence[str]) -> Iterator[str]:
    """Patterns with the goods, a number for each, another one each time."""
    for turn in range(len(counts) or 1):
        for nth, pattern in enumerate(patterns):
            if turn and "{count}" not in pattern:
                continue
            for at, row in enumerate(rows):
                count = counts[(at + turn + nth) % len(counts)] if counts else ""
                if "{names}" in pattern and counts and count == counts[0] and row["names"] != row["name"]:
                    continue  # one of many
                if all(row.get(slot) or (slot == "count" and count) for slot in _SLOT.findall(pattern)):
                    yield pattern.format(**{**row, "count": count})


# ---------------------------------------------------------------------------------------------------- goods


def _said(tongue: Tongue, names: Mapping[str, Sequence[str]]) -> list[str]:
    spelt = [tongue.spelt(name) for name in names.get(tongue.language.tag, ())]
    return [one for one in dict.fromkeys(spelt) if one]


class _Goods:
    """Goods and their choices as rows for patterns."""

    def __init__(self, tongue: Tongue) -> None:
        self.tongue = tongue
        tables = tongue.language.tables
        self.forms = Inflection(tables)
        self.line = tables.get("speak", {}).get("line", {})
        same = [[words_of(word) for word in group] for group in tables.get("names", {}).get("same", ())]
        self.others = other_names(same, ())

    def row(self, item: Item, name: str, choice: str = "") -> dict[str, str]:
        one, vowel = self.line.get("one", ""), self.line.get("one_vowel", "")
        return {
            "name": name,
            "names": self.many(name),
            "one": vowel if vowel and name[0] in self.line.get("vowels", "") else one,
            "measure": item.measures.get(self.tongue.language.tag) or self.line.get("measure", ""),
            "choice": choice,
        }

    def many(self, name: str) -> str:
        head, _, last = name.rpartition(" ")
        if not self.forms.rules[0] or self.forms.singular(last) != last:
            return name
        return f"{head} {self.forms.word(last)[1 if len(self.forms.word(last)) > 1 else 0]}".strip()

    def first(self, item: Item) -> list[dict[str, str]]:
        names = _said(self.tongue, item.names)
        if not names:
            return []
        picks = [
            said[0]
            for option in item.options
            if option.choose == "one"
            for choice in option.choices
            if (said := _said(self.tongue, choice.names))
        ]
        return [self.row(item, names[0], one) for one in picks[:4]] or [self.row(item, names[0])]

    def further(self, item: Item) -> list[dict[str, str]]:
        names = _said(self.tongue, item.names)
        more = [" ".join(key) for name in names[:1] for key in self.others(tuple(name.split(" ")))]
        return [self.row(item, name) for name in dict.fromkeys((*names[1:], *more))]


def likely_goods(lexicon: Lexicon) -> list[Item]:
    """The first ones of each category in turn; what is sold out comes to nothing."""
    items = lexicon.catalogue.items
    found: list[Item] = []
    lists = [iter(ids) for ids in lexicon.categories.values()]
    while lists and len(found) < MOST_GOODS:
        still = []
        for ids in lists:
            item = next((items[one] for one in ids if items[one].stock != 0), None)
            if item is not None:
                found.append(item)
                still.append(ids)
        lists = still
    return found[:MOST_GOODS]


def _choice_phrases(tongue: Tongue, items: Sequence[Item]) -> Iterator[str]:
    listen = tongue.listen
    seen: set[tuple[str, str]] = set()
    later: list[Iterator[str]] = []
    for item in items:
        for option in item.all_options():
            kinds = option.amounts if option.choose == "many" else ("choices",)
            for choice in option.choices:
                said = _said(tongue, choice.names)
                for kind in kinds or ("normal",):
                    fresh = [name for name in said if (kind, name) not in seen]
                    seen.update((kind, name) for name in fresh)
                    made = fill(listen.get(kind, ("{choice}",)), {"choice": fresh})
                    later.append(made)
                    yield from islice(made, 1 if kind != "no" else len(fresh))
    yield from chain.from_iterable(later)


# --------------------------------------------------------------------------------------------------- phrases


def _acts(tongue: Tongue, names: Iterable[str], each: int) -> Iterator[str]:
    """The language's phrases for some acts: one form of each, then further forms."""
    table = tongue.language.tables.get("phrases", {})
    lists = [[value] if isinstance(value, str) else value for name in names if (value := table.get(name))]
    forms = [[list(islice(expand(one), each)) for one in said] for said in lists]
    for nth in range(each):
        for said in forms:
            yield from (one[0] for one in said[nth : nth + 1])
    for said in forms:
        for one in said[:each]:
            yield from one[1:]


def _table(tongue: Tongue, table: str, names: Iterable[str], each: int) -> Iterator[str]:
    values = tongue.language.tables.get(table, {})
    for name in names:
        value = values.get(name, ())
        for one in islice([value] if isinstance(value, str) else value, each):
            yield from islice(expand(one), 2)


def _ways(tongue: Tongue) -> Iterator[str]:
    """How the shop is paid, and how one gets what was ordered."""
    shop, tag = tongue.lexicon.shop, tongue.language.tag
    for method in shop.methods.values():
        yield from method.names.get(tag, ())
    for way in shop.fulfilments.values():
        yield from way.names.get(tag, ())
    yield from _table(tongue, "method", shop.methods, 12)
    yield from _table(tongue, "fulfilment", shop.fulfilments, 12)


def _counts(tongue: Tongue) -> tuple[str, ...]:
    given = tongue.listen.get("counts")
    if given:
        return tuple(given)
    numbers = tongue.language.tables.get("numbers", {})
    words = {value: word for word, value in reversed((numbers.get("counting") or numbers.get("words", {})).items())}
    return tuple(words[one] for one in range(1, _COUNTING + 1) if one in words)


def _digit_pairs(tongue: Tongue) -> Iterator[str]:
    """Any digit behind any other, and what doubles them."""
    numbers = tongue.language.tables.get("numbers", {})
    said = [word for word, value in numbers.get("words", {}).items() if 0 <= value <= 9]
    for one in said:
        yield from (f"{one} {other}" for other in said)
    for fold_word, value in numbers.get("folds", {}).items():
        yield from (f"{fold_word} {one}" for one in said if value in (2, 3))


def _slots(tongue: Tongue) -> dict[str, Sequence[str]]:
    tables, listen = tongue.language.tables, tongue.listen
    counts = _counts(tongue)

    def every(table: str) -> list[str]:
        return [form for value in tables.get(table, {}).values() for form in expand(_first(value))[:1]]

    hours = listen.get("hours") or [tongue.digits[one] for one in range(1, 13) if one in tongue.digits]
    return {
        "count": counts,
        "hour": hours,
        "minute": listen.get("minutes", ()),
        "part": listen.get("parts", ()),
        "ordinal": [one for one in tables.get("numbers", {}).get("ordinals", {}) if not one[0].isdigit()],
        "weekday": every("weekday"),
        "day": [one for name in ("today", "tomorrow", "after_tomorrow") for one in _table(tongue, "day", (name,), 1)],
        "month": [one for one in tables.get("months", {}) if len(one) > 3] or [""],
    }


def _first(value: Any) -> str:
    return str(value if isinstance(value, str) else next(iter(value), ""))


def _numbers(tongue: Tongue) -> Iterator[str]:
    numbers = tongue.language.tables.get("numbers", {})
    for group in ("counting", "words"):
        yield from numbers.get(group, {})
    yield from tongue.digits.values()


def _open(tongue: Tongue) -> Iterator[str]:
    """What may be said where nothing narrow is asked: goods, their choices, every usual request."""
    goods = _Goods(tongue)
    items = likely_goods(tongue.lexicon)
    firsts = [row for item in items for row in goods.first(item)]
    plain = list({row["name"]: row for row in firsts}.values())
    patterns = list(tongue.listen.get("goods", ("{name}", "{count} {names}")))
    counts = _counts(tongue)
    further = [row for item in items for row in goods.further(item)]
    yield from _rows(patterns[:PER_NAME], plain, ())
    yield from _acts(tongue, ("confirm", "deny", "deny.wrong", "checkout"), 12)
    yield from _acts(tongue, (*_ALWAYS, *_ASKED), 3)
    yield from _rows(patterns[:1], further, ())
    yield from _rows([one for one in patterns if "{count}" in one and "{choice}" not in one][:1], plain, counts[1:3])
    yield from islice(_choice_phrases(tongue, items), 500)
    yield from (name for said in tongue.lexicon.catalogue.categories.values() for name in _said(tongue, said))
    yield from _ways(tongue)
    yield from _numbers(tongue)
    yield from islice(_rows([one for one in patterns if "{choice}" not in one], plain, counts), 1200)
    yield from _rows([one for one in patterns if "{choice}" in one], firsts, counts[:3])
    yield from _rows([one for one in patterns if "{count}" in one], further, counts[1:3])
    if any(item.adults for item in items):
        yield from fill(tongue.listen.get("dates", ()), _slots(tongue))


def _yes_no(tongue: Tongue) -> Iterator[str]:
    agreed = ("confirm", "deny", "deny.wrong")
    yield from _acts(tongue, agreed, 24)
    yield from _acts(tongue, _ALWAYS, 5)
    yield from _ways(tongue)
    yield from _counts(tongue)
    yield from _acts(tongue, ("checkout", "ask_price", "repeat", "order_status", "refund"), 3)
    yield from _acts(tongue, agreed, 60)  # and in all the other words


def _choice(tongue: Tongue) -> Iterator[str]:
    yield from _ways(tongue)
    yield from fill(tongue.listen.get("picks", ("{ordinal}",)), _slots(tongue))
    yield from _acts(tongue, ("choose.none", "deny", "confirm"), 12)
    yield from _numbers(tongue)
    yield from _acts(tongue, _ALWAYS, 3)
    yield from _acts(tongue, ("checkout", "ask_price", "ask_menu", "ask_item.options", "recommend"), 2)


def _number(tongue: Tongue) -> Iterator[str]:
    yield from _numbers(tongue)
    yield from (f"{one}" for one in _counts(tongue))
    yield from _acts(tongue, ("deny", "confirm"), 10)
    yield from _acts(tongue, _ALWAYS, 3)


def _digits_said(tongue: Tongue) -> Iterator[str]:
    yield from _digit_pairs(tongue)
    yield from _acts(tongue, ("give_contact.phone",), 12)
    yield from _numbers(tongue)
    yield from _acts(tongue, _ALWAYS, 2)


def _time(tongue: Tongue) -> Iterator[str]:
    slots = _slots(tongue)
    yield from _table(tongue, "clock", ("asap", "noon", "midnight"), 8)
    yield from fill(tongue.listen.get("times", ("{hour}",)), slots)
    yield from fill(tongue.listen.get("dates", ("{day}",)), slots)
    yield from _acts(tongue, ("confirm", "deny"), 6)
    yield from _numbers(tongue)
    yield from _acts(tongue, _ALWAYS, 2)


_BY_KIND: Mapping[str, tuple[Callable[[Tongue], Iterator[str]], int]] = {
    "open": (_open, MOST),
    "yes_no": (_yes_no, MOST_SHORT),
    "choice": (_choice, MOST_SHORT),
    "number": (_number, MOST_SHORT),
    "digits": (_digits_said, MOST_SHORT),
    "time": (_time, MOST_SHORT),
}


def _usual(tongue: Tongue, kind: str) -> tuple[str, ...]:
    """The phrases of a kind of answer, whatever the talk has come to; made once a lexicon."""
    kept = f"{tongue.language.tag} likely {kind}"
    made: tuple[str, ...] | None = tongue.lexicon.nears.get(kept)
    if made is None:
        work, most = _BY_KIND[kind]
        made = tongue.lexicon.nears[kept] = _distinct(tongue, work(tongue), most)
    return made


_BETWEEN = str.maketrans("", "", " '")


def _distinct(tongue: Tongue, said: Iterable[str], most: int) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for one in said:
        spelt = one if tongue.script == "unspaced" and " " in one else tongue.spelt(one)
        if spelt.translate(_BETWEEN).isalpha():
            found[spelt] = None
            if len(found) >= most:
                break
    return tuple(found)


# ------------------------------------------------------------------------------------------- what the talk adds


def _offered(tongue: Tongue, context: Context) -> Iterator[str]:
    spelt = [one for texts in context.choices for text in texts if (one := tongue.spelt(text))]
    yield from fill(tongue.listen.get("choices", ("{choice}",)), {"choice": spelt})


def _basket(tongue: Tongue, context: Context, most: int) -> Iterator[str]:
    """Changes to what is in the basket, what was listed or goes with it, and names that were learned."""
    listen, goods, items = tongue.listen, _Goods(tongue), tongue.lexicon.catalogue.items
    inside = [items[line.item] for line in context.basket if line.item is not None and line.item in items]
    rows = [row for item in {item.id: item for item in inside}.values() for row in goods.first(item)[:1]]
    counts = _counts(tongue)
    yield from islice(_rows(listen.get("edits", ("{name}",)), rows, counts), most)
    listed = [items[one] for one in context.listed if one in items]
    beside = [items[one] for item in inside for one in item.goes_with if one in items]
    more = [row for item in (*listed, *beside) for row in goods.first(item)[:1]]
    yield from islice(_rows(listen.get("goods", ("{name}",)), more, counts[:2]), most // 2)
    yield from islice(_choice_phrases(tongue, inside), most)
    for key, _has in phrases(tongue.lexicon.aliases):
        yield " ".join(key) if key[0].isascii() else "".join(key)


def _money(tongue: Tongue) -> frozenset[str]:
    """The words of numbers, of yes and no, of ways to pay, and of acts that give or take money."""
    kept = f"{tongue.language.tag} money"
    made: frozenset[str] | None = tongue.lexicon.nears.get(kept)
    if made is None:
        tables = tongue.language.tables
        numbers, idle = tables.get("numbers", {}), tables.get("words", {}).get("filler", ())
        said = [word for group in _NUMBERS for word in numbers.get(group, ()) if word not in idle]
        for name in _MONEY:
            said += [one for phrase in _several(tables.get("phrases", {}).get(name, ())) for one in expand(phrase)]
        for name in tongue.lexicon.shop.methods:
            said += [one for phrase in _several(tables.get("method", {}).get(name, ())) for one in expand(phrase)]
        said += [
            name for one in tongue.lexicon.shop.methods.values() for name in one.names.get(tongue.language.tag, ())
        ]
        said += [one for phrase in _several(tables.get("words", {}).get("pay", ())) for one in expand(phrase)]
        spelt = (tongue.spelt(one) for one in said)
        made = tongue.lexicon.nears[kept] = frozenset(one for one in spelt if one and " " not in one)
    return made


def _several(value: Any) -> Sequence[str]:
    return [value] if isinstance(value, str) else value


def vocabulary(lexicon: Lexicon, context: Context, language: str, kind: AnswerKind | None = "open") -> Vocabulary:
    """What is likely to be said in a language now. `kind`: what sort of answer is waited for; None: any words."""
    if language not in lexicon.words:
        return Vocabulary(language=language, kind=kind or "open", expects=context.expects)
    tongue = tongue_of(lexicon, language)
    if kind == "digits" and "name" in context.missing:
        kind = "name"  # and the number may follow
    said: tuple[str, ...] = ()
    if kind is not None and kind not in _CLOSED_TO:
        usual = _usual(tongue, kind)
        offered = _distinct(tongue, _offered(tongue, context), MOST_SHORT)
        most = MOST_EDITS if kind == "open" else FEW_EDITS.get(kind, 0)
        edits = _distinct(tongue, _basket(tongue, context, most), MOST_SHORT) if most else ()
        first, then = (edits, usual) if kind == "open" else (usual, edits)
        said = tuple(islice(dict.fromkeys((*offered, *first, *then)), MOST))
    return Vocabulary(
        language=language,
        phrases=said,
        money=_money(tongue),
        kind=kind or "open",
        expects=context.expects,
    )

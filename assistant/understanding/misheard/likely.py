"""What an unknown word most likely is where only few things can be meant: it is asked about, never done."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rapidfuzz.distance import Levenshtein

from assistant.commerce.catalogue import Item
from assistant.turns import Act, Doubt, LineSaid, OptionSaid
from assistant.understanding.misheard.fitting import SHORT_MORE
from assistant.understanding.misheard.hearing import SHORT
from assistant.understanding.misheard.sounding import Sounding, sounding
from assistant.understanding.words.lexicon import Lexicon, phrases
from assistant.understanding.words.names import Key
from assistant.understanding.words.text import words_of
from assistant.understanding.words.utterance import Utterance

LEAST = 0.66
"""Less alike than this, an unknown word isn't asked about."""
AHEAD = 0.06
"""So much likelier than the next best one thing must be to be asked about alone."""
LONGEST = 8
"""Tokens of the longest stretch that is compared."""
_BESIDE = frozenset({"pay", "filler", "polite", "particle", "wish", "on", "article", "hesitation", "the", "as"})
_STRANGE = frozenset({"unknown", "measure"})
"""What says nothing of a payment: a measure word that measures nothing is part of a name that was misheard."""


def ask(u: Utterance) -> None:
    """Adds the question what was meant: by an answer to how to pay, or by an unknown word that was counted, or was to
    be on goods or left off."""
    if u.context.expects == "method":
        _method(u)
    elif u.context.expects in (None, "basket", "options") and any(["unknown" in span.has for span in u.spans]):
        _counted(u)
        _put_on(u)


def _method(u: Utterance) -> None:
    """How to pay, where nothing else was understood: at this step only the methods can be meant."""
    if u.doubts or any(act.act != "checkout" for _, act in u.acts):
        return
    strange = [not span.has.keys().isdisjoint(_STRANGE) for span in u.spans]
    if not any(strange):
        return
    if not all(span.has.keys() & (_BESIDE | _STRANGE | {"the", "it", "one", "act"}) for span in u.spans):
        return
    index = sounding(u.lexicon, u.grammar.tag)
    tokens = [(token, odd) for span, odd in zip(u.spans, strange, strict=True) for token in _tokens(u, span.text)]
    best: dict[str, float] = {}
    for code in _stretches(tokens, index):
        for other, method in _methods(u.lexicon, u.grammar.tag):
            best[method] = max(best.get(method, 0.0), _alike(code, other))
    ranked = sorted(best.items(), key=lambda one: -one[1])
    if not ranked or ranked[0][1] < LEAST:
        return
    near = tuple(method for method, alike in ranked[:2] if alike > ranked[0][1] - AHEAD)
    u.acts = []
    u.leftover = []
    u.doubts.append(Doubt(u.shown, tuple(Act("choose_method", value=method) for method in near)))


def _tokens(u: Utterance, text: str) -> list[str]:
    return text.split() if u.grammar.script == "spaced" else [letter for letter in text if not letter.isspace()]


def _stretches(tokens: Sequence[tuple[str, bool]], index: Sounding) -> Iterator[str]:
    """The sounds of every stretch that has an unknown word."""
    for start in range(len(tokens)):
        for end in range(start + 1, min(start + LONGEST, len(tokens)) + 1):
            if any(strange for _, strange in tokens[start:end]):
                yield index.speech.sound([token for token, _ in tokens[start:end]])


def _methods(lexicon: Lexicon, language: str) -> tuple[tuple[str, str], ...]:
    """What a shop's methods are called in a language, without what may stand beside it, as it sounds, with the method;
    kept once made."""
    made: tuple[tuple[str, str], ...] | None = lexicon.nears.get(f"{language} methods")
    if made is None:
        made = lexicon.nears[f"{language} methods"] = tuple(_named_methods(lexicon, language))
    return made


def _named_methods(lexicon: Lexicon, language: str) -> Iterator[tuple[str, str]]:
    speech = sounding(lexicon, language).speech
    named: list[tuple[Key, str]] = [
        (key, has["method"])
        for trie in (lexicon.words[language], lexicon.names.others)
        for key, has in phrases(trie)
        if "method" in has and has["method"] in lexicon.shop.methods
    ]
    for key, method in named:
        within = (key[:end] for end in range(1, len(key)))
        if not any((part, method) in named for part in within) and (code := speech.sound(key)):
            yield code, method


def _alike(one: str, other: str) -> float:
    """How alike two sounds are; of few sounds more must agree."""
    alike = float(Levenshtein.normalized_similarity(one, other))
    return alike - (SHORT_MORE if max(len(one), len(other)) < SHORT else 0.0)


def _strange(u: Utterance) -> Iterator[tuple[int, int]]:
    """Where unknown words begin and end that are said back as one."""
    at, apart = 0, u.grammar.script == "spaced"
    while at < len(u.spans):
        end = at
        while end < len(u.spans) and "unknown" in u.spans[end].has and (end == at or apart or u.spans[end].glued):
            end += 1
        if end > at and u.said(at, end) in u.leftover:
            yield at, end
        at = max(end, at + 1)


def _counted(u: Utterance) -> None:
    """Goods whose name an unknown word is fairly like, where it was counted: five of them?"""
    for at, end in list(_strange(u)):
        quantity, said = _count_of(u, at, end), u.said(at, end)
        item = _likely(u, said) if quantity is not None else None
        if item is not None and said in u.leftover:  # the same words may stand in a sentence twice
            u.leftover.remove(said)
            act = "remove" if _taken_off(u, at, end) else "add"
            u.doubts.append(Doubt(said, (Act(act, lines=(LineSaid(item, quantity),)),)))
            u.acts = [pair for pair in u.acts if pair[1].act != "none"]


def _put_on(u: Utterance) -> None:
    """What is to be on goods or off them, where the name of one of their choices is fairly like what was said behind
    "no", "extra" or "with": no peanuts? Of more goods than one, the last that were named before are meant."""
    lines = [line for _, act in u.acts if act.act in ("add", "change") for line in act.lines]
    if u.doubts:
        return
    for at, end in list(_strange(u)):
        line = _last_named(u, at, lines)
        item = u.lexicon.catalogue.items.get(line.item or "") if line is not None else None
        if line is None or item is None:
            continue
        said, amount = u.said(at, end), _amount_of(u, at, end, line)
        named = (
            not u.grammar.verbs_last and end < len(u.spans) and u.spans[end].has.keys() & {"choice", "item", "partial"}
        )
        choice = _likely_choice(u, item, said) if amount in _AMOUNTS and not named else None  # bell peppers
        if choice is not None:
            u.leftover.remove(said)
            option = OptionSaid(*choice, _AMOUNTS[amount])
            more = any(one.item == item.id for one in u.context.basket) and line.of is None
            some = (line.quantity or 1) if more else line.of  # those there were stay as they are
            changed = LineSaid(item.id, None, (option,), line.which, some)
            u.doubts.append(Doubt(said, (Act("change", lines=(changed,)),)))
            return


def _last_named(u: Utterance, at: int, lines: Sequence[LineSaid]) -> LineSaid | None:
    """The one line that what stands at a place may be said of."""
    if len(lines) <= 1:
        return lines[0] if lines else None
    if u.grammar.verbs_last:
        return None
    goods = next((span.has["item"] for span in reversed(u.spans[:at]) if "item" in span.has), ())
    named = [line for line in lines if line.item in goods]
    return named[0] if len(named) == 1 else None


def _amount_of(u: Utterance, at: int, end: int, line: LineSaid) -> str:
    """How much of what an unknown word says is wanted, by the word beside it, or by the option that it is listed with;
    "" where nothing says so."""
    if u.grammar.verbs_last:
        return str(u.spans[end].has.get("amount", ("",))[0]) if end < len(u.spans) else ""
    if at > 1 and "and" in u.spans[at - 1].has and "choice" in u.spans[at - 2].has and line.options:
        return "no" if line.options[-1].amount == "no" else "with"
    return str(u.spans[at - 1].has.get("amount", ("",))[0]) if at else ""


_AMOUNTS = {"no": "no", "extra": "extra", "light": "light", "with": "normal", "added": "normal"}
"""What is asked about behind an amount."""


def _likely_choice(u: Utterance, item: Item, said: str) -> tuple[str, str] | None:
    """The one choice that may be on some goods whose name sounds fairly like what was said."""
    speech = sounding(u.lexicon, u.grammar.tag).speech
    code = speech.sound(tuple(_tokens(u, said.lower())))
    if not code:
        return None
    best: dict[tuple[str, str], float] = {}
    for option in item.options:
        for choice in option.choices if option.choose != "one" else ():
            names = (words_of(name) for name in choice.names.get(u.grammar.tag, ()))
            best[option.id, choice.id] = max([_alike(code, speech.sound(name)) for name in names], default=0.0)
    ranked = sorted(best.items(), key=lambda one: -one[1])
    if not ranked or ranked[0][1] < LEAST or (len(ranked) > 1 and ranked[1][1] > ranked[0][1] - AHEAD):
        return None
    return ranked[0][0]


def _taken_off(u: Utterance, start: int, end: int) -> bool:
    """Whether the verb that is said of a stretch takes goods off: remove one blorp."""
    about = u.spans[end:] if u.grammar.verbs_last else reversed(u.spans[:start])
    verb = next((span.has["verb"][0] for span in about if "verb" in span.has), "add")
    return bool(verb == "remove")


def _count_of(u: Utterance, start: int, end: int) -> int | None:
    """The count that an unknown word has beside it, with nothing else that it may count."""
    step, at = (1, end) if u.grammar.verbs_last else (-1, start - 1)
    while 0 <= at < len(u.spans) and "measure" in u.spans[at].has and "num" not in u.spans[at].has:
        at += step
    if not 0 <= at < len(u.spans) or "num" not in u.spans[at].has:
        return None
    after = u.spans[end].has if end < len(u.spans) else {}
    if not u.grammar.verbs_last and after.keys() & {"item", "partial", "choice", "num", "night", "clock", "currency"}:
        return None
    quantity = int(u.spans[at].has["num"][0])
    return quantity if 0 < quantity < 100 else None


def _likely(u: Utterance, said: str) -> str | None:
    """The one thing whose name sounds fairly like what was said."""
    index = sounding(u.lexicon, u.grammar.tag)
    key = tuple(_tokens(u, said.lower()))
    code = index.speech.sound(key)
    if not code:
        return None
    best: dict[tuple[str, ...], float] = {}
    for match in index.names.find(key, most=8, least=0.4):
        items = match.readings.get("item", ())
        if items:
            best[tuple(items)] = max(best.get(tuple(items), 0.0), _alike(code, index.speech.sound(match.phrase)))
    ranked = sorted(best.items(), key=lambda one: -one[1])
    if not ranked or ranked[0][1] < LEAST or len(ranked[0][0]) != 1:
        return None
    if len(ranked) > 1 and ranked[1][1] > ranked[0][1] - AHEAD:
        return None
    return ranked[0][0][0]

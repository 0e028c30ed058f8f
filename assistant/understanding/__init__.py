"""Understanding: what was said -> what is wanted. Data and pure functions; no clock, no storage, no network.

The stages, one file each: `text` (redaction, normal form, tokens), `lexicon` (the words that matter in a shop),
`spans` (what each stretch may mean), `moments` and `answers` (times, addresses, names, codes), `orders` (goods),
`grammar` (everything put together as acts).
"""

from __future__ import annotations

import datetime as dt

from msgspec import Struct

from assistant.turns import MOST_LETTERS, Act, Doubt, Hypothesis, LineSaid, Meaning, ReadAs
from assistant.understanding import (
    answers,
    device_codes,
    is_it_so,
    likely,
    numbered_picks,
    offered,
    order_numbers,
    people,
    picked,
    put_right,
)
from assistant.understanding.aliases import read_as
from assistant.understanding.choosing import FIRM, MOST_HYPOTHESES, ORDERS, Heard, choose
from assistant.understanding.grammar import read
from assistant.understanding.hearing import mend
from assistant.understanding.levels import levels
from assistant.understanding.lexicon import Lexicon, Trie, build_lexicon
from assistant.understanding.money_words import joined
from assistant.understanding.names import meaning_of
from assistant.understanding.recut import by_first_letter, counted_apart, named_in_exchange
from assistant.understanding.seeking import sought
from assistant.understanding.spans import (
    UNKNOWN,
    Span,
    cut,
    enclose,
    join,
    longer_parts,
    look_up,
    loosen,
    settle,
    unlinked,
    unmeasured,
    without_diminutives,
)
from assistant.understanding.text import (
    CARD,
    MOST_TOKENS,
    Token,
    fold,
    paused,
    redact,
    script_of,
    show,
    tokenise,
    words_of,
)
from assistant.understanding.typed import spelled_out
from assistant.understanding.utterance import Utterance
from assistant.understanding.whole_names import keep_whole

__all__ = ["Context", "Lexicon", "build_lexicon", "detect_language", "redact", "understand"]


class Context(Struct, frozen=True, kw_only=True):
    """What the talk has come to: needed for short answers and for "it"."""

    now: dt.datetime
    """Aware, in the shop's zone."""
    spoken: bool = False
    """A recogniser heard it, here or in a platform's cloud, which may tell neither how sure it is nor what else it
    may have been. Several hypotheses, or one below full confidence, are spoken in any case."""
    expects: str | None = None
    """The step that was asked, or "choose"."""
    basket: tuple[LineSaid, ...] = ()
    """Lines in the basket, in order, with their options."""
    last: str | None = None
    """Item of the line last spoken of."""
    line: int = 0
    """Place of that line in the basket, counted from 1; 0 where none was spoken of."""
    choices: tuple[tuple[str, ...], ...] = ()
    """Texts of what was offered, in order."""
    places: tuple[int, ...] = ()
    """Where it was asked which line of the basket is meant: the places of those offered, counted from 1."""
    listed: tuple[str, ...] = ()
    """Items last listed."""
    timed: bool = False
    """A time was given just before: a number may be the hour."""
    told: str = ""
    """What the turn before told, and changed no goods: "time", "address", "contact" (a phone), "name", "way"; "unclear"
    where it wasn't understood. A bare number that corrects is said of that."""
    added: tuple[str, ...] = ()
    """Items that the turn before put into the basket: what "no, oat milk" corrects."""
    at: dt.datetime | None = None
    """When the goods are wanted, as far as it is known: another hour alone is of the same half of the day."""
    later: bool = False
    """The order is for a later day: an hour alone is one of that day."""
    booking: bool = False
    """The shop books nights: dates and guests are expected."""
    pointing: bool = False
    """What was asked last offers goods that "that one" may point at."""
    offered: str | None = None
    """The goods that were offered alone: 要吗, "would you like it"."""
    dated: bool = False
    """The nights of the stay are known: a bare number says how many guests."""
    nights: int = 0
    """How many they are, for "one more night"; 0 while they aren't known."""
    arrival: dt.date | None = None
    """The day of arriving, where it is known: for "until Sunday"."""
    stays: tuple[tuple[str, dt.date, int], ...] = ()
    """Of each room in the basket its first day and its nights: they need not be those that were spoken of last."""
    leaving: bool = False
    """A day of leaving alone was said right before."""
    missing: tuple[str, ...] = ()
    """`fulfilment` and `address` while those steps are open, and `name` while nobody's name is known: what may be said
    before it is asked."""
    address: str = ""
    """Where the order goes, as far as it is known: for "14, not 12"."""
    phone: str = ""
    """The phone that is known, for "no, 0135"."""
    counted: int = 0
    """How many are wanted of the goods of which it was asked which ones are meant; 0 where that wasn't asked."""
    asked_goods: tuple[str, ...] = ()
    """The goods of which it was asked which ones are meant; none where that wasn't asked."""
    refunding: bool = False
    """It was asked whether, or what, of an order is paid back: more of its goods may be named."""
    orders: tuple[str, ...] = ()
    """Numbers of orders that the talk is about: one of them alone asks how that order is doing."""

    @property
    def spoken_of(self) -> LineSaid | None:
        """The line that was spoken of last, if any was."""
        return self.basket[self.line - 1] if 0 < self.line <= len(self.basket) else None


def understand(
    hypotheses: tuple[Hypothesis, ...], lexicon: Lexicon, context: Context, language: str | None = None
) -> Meaning:
    """What the best hypothesis says. Pure: the same words in the same context mean the same."""
    if not hypotheses:
        return Meaning(language=language or "")
    return choose(readings(hypotheses, lexicon, context, language))[0]


def readings(
    hypotheses: tuple[Hypothesis, ...], lexicon: Lexicon, context: Context, language: str | None = None
) -> list[Heard]:
    """Each hypothesis read by itself, in the language of the best one."""
    spoken = context.spoken or len(hypotheses) > 1 or hypotheses[0].confidence < 1
    made = [hear(hypotheses[0], lexicon, context, language, spoken)]
    language = made[0].meaning.language
    for one in hypotheses[1:MOST_HYPOTHESES]:
        if made[0].spans:
            made.append(hear(one, lexicon, context, language, spoken))
    return made


def hear(
    hypothesis: Hypothesis, lexicon: Lexicon, context: Context, language: str | None = None, spoken: bool = False
) -> Heard:
    """What one hypothesis says."""
    raw, _ = redact(hypothesis.text[: MOST_LETTERS + 1])
    shown = show(raw)
    folded = fold(shown).replace(CARD, " " * len(CARD))
    tokens = tokenise(folded)
    if language is None or language not in lexicon.words:
        language = _language(tokens, lexicon) or next(iter(lexicon.words), "")
    if (
        not tokens
        or language not in lexicon.words
        or _babble(tokens)
        or len(tokens) > MOST_TOKENS
        or len(hypothesis.text) > MOST_LETTERS
    ):
        return Heard(Meaning(language=language, text=shown, confidence=hypothesis.confidence))
    if lexicon.grammars[language].script == "unspaced":
        tokens = paused(tokens)
    tokens = spelled_out(joined(tokens, lexicon.tongues[language]), lexicon.grammars[language].typed)
    tokens, numbers = order_numbers.take_out(tokens, lexicon, language, context)
    spans = _spans(tokens, shown, lexicon, language, context, spoken)
    order_numbers.uncounted(spans, tokens, context)
    utterance = Utterance(
        spans, shown, [(t.start, t.end) for t in tokens], lexicon, lexicon.grammars[language], context
    )
    act = device_codes.read(utterance) or numbered_picks.read(utterance) or picked.chosen(utterance)
    all_read = act is None and put_right.read(utterance)
    spans = utterance.spans
    if act is None and not all_read:
        people.of_letters(utterance)
        people.by_phone(utterance)
        act = answers.expected(utterance)
    if numbers and act is not None and act.act in FIRM:
        act = None
    if act is not None:
        acts: tuple[Act, ...] = (act,)
        doubts: tuple[Doubt, ...] = ()
        leftover: tuple[str, ...] = ()
    else:
        if not all_read:
            picked.and_more(utterance)
            picked.uncounted(utterance)
            read(utterance)
        is_it_so.settle(utterance)
        likely.ask(utterance)
        acts = tuple(one for _, one in utterance.acts)
        doubts, leftover = tuple(utterance.doubts), tuple(utterance.leftover)
        if numbers:
            acts, spare = order_numbers.hand_over(utterance, acts, numbers)
            leftover = (*leftover, *spare)
    if spoken and context.expects not in _OF_GOODS:
        acts, doubts = _uncounted(acts, doubts, utterance)
    if context.expects in _FINAL:
        acts, doubts, leftover = _unlike(acts, doubts, leftover, utterance)
    strange: tuple[ReadAs, ...] = ()
    if any([span.why != "exact" or "partial" in span.has for span in spans]):
        said = [utterance.said(i, i + 1) for i in range(len(spans))]
        tongue = lexicon.tongues[language]
        strange = read_as(spans, said, acts, doubts, tongue)
    wanted = sought(utterance) if act is None and not doubts else None
    unsure = [at for at, span in enumerate(spans) if span.why not in ("exact", "alias")]
    doubtful = utterance.said(unsure[0], unsure[-1] + 1) if unsure else ""
    sure = min([span.score for span in spans], default=1.0)
    meaning = Meaning(acts, doubts, leftover, hypothesis.confidence * sure, language, shown, strange, wanted)
    return Heard(
        meaning,
        tuple(spans),
        tuple(tokens),
        doubtful,
        hypothesis.confidence,
        act is not None,
        utterance.grammar.verbs_last,
    )


_FINAL = frozenset({"confirm", "pay"})
"""Where an order was read back, nothing is put into it for being like something: it is asked about."""


_OF_GOODS = frozenset({None, "basket", "options", "choose"})
"""Where a number alone may be one of goods."""


def _uncounted(
    acts: tuple[Act, ...], doubts: tuple[Doubt, ...], u: Utterance
) -> tuple[tuple[Act, ...], tuple[Doubt, ...]]:
    """Counts that name no goods, made questions: where something else was asked, a number is likelier misheard than one
    of what was ordered last."""
    if any(span.has.keys() & _MORE or span.has.get("verb", ("",))[0] in ("change", "swap") for span in u.spans):
        return acts, doubts
    bare = [
        act
        for act in acts
        if act.act in ("add", "change") and not act.instead_of and all(_only_counts(line) for line in act.lines)
    ]
    rest = tuple(act for act in acts if act not in bare)
    return rest, (*(Doubt(u.shown, (act,)) for act in bare), *doubts)


def _only_counts(line: LineSaid) -> bool:
    return line.item is None and not line.options


_MORE = frozenset({"again", "more", "another", "it", "the", "alike"})
_ORDERING = frozenset({"verb", "num", "article", "another", "amount", "again", "more"})


def _unlike(
    acts: tuple[Act, ...], doubts: tuple[Doubt, ...], leftover: tuple[str, ...], u: Utterance
) -> tuple[tuple[Act, ...], tuple[Doubt, ...], tuple[str, ...]]:
    """Orders of goods or options that were only like what was said, made questions; not understood where nothing else
    says that something is ordered."""
    like = [i for i, span in enumerate(u.spans) if span.why not in _EXACT and span.has.keys() & {"item", "choice"}]
    if not like:
        return acts, doubts, leftover
    rest = tuple(act for act in acts if act.act not in (*ORDERS, *FIRM))
    if not any(span.has.keys() & _ORDERING for i, span in enumerate(u.spans) if i not in like):
        return rest, (), (*leftover, *(u.said(i, i + 1) for i in like))
    asked = tuple(Doubt(u.shown, (act,)) for act in acts if act.act in ORDERS)
    return rest, (*asked, *doubts), leftover


_EXACT = frozenset({"exact", "alias"})


def _spans(
    tokens: list[Token], shown: str, lexicon: Lexicon, language: str, context: Context, spoken: bool
) -> list[Span]:
    """The spans of an utterance, its misheard words mended."""
    words = lexicon.words[language]
    grammar = lexicon.grammars[language]
    found = look_up(tokens, lexicon.names, words, lexicon.aliases)
    spans = cut(tokens, lexicon.names, words, lexicon.aliases, found=found)
    if grammar.script == "unspaced":
        offered.unasked(spans)
    about = [line.item for line in context.basket if line.item is not None]
    mended = mend(tokens, spans, lexicon, language, about, spoken=spoken, expects=context.expects)
    if not grammar.level_words.isdisjoint([token.text for token in tokens]):
        mended = {**mended, **levels(tokens, spans, lexicon, grammar)}
    if mended:
        spans = cut(tokens, lexicon.names, words, lexicon.aliases, mended, found)
    if grammar.script == "unspaced":
        spans = without_diminutives(spans)
        offered.unasked(spans)
        spans = longer_parts(unmeasured(spans), tokens, lexicon.names)
        spans = counted_apart(spans, tokens, words)
        by_first_letter(spans, lexicon.catalogue, language)
        named_in_exchange(spans, lexicon.catalogue, lexicon.choices, language)
    elif grammar.script == "particles":
        spans = unlinked(spans)
    if any(["unknown" in span.has for span in spans]):
        if grammar.script == "particles":
            spans = loosen(spans, tokens)
        elif grammar.script == "unspaced":
            spans = enclose(spans)
    spans = keep_whole(spans, tokens, shown, grammar, context.expects)
    return settle(join(_chosen(spans, lexicon, words), grammar))


def _chosen(spans: list[Span], lexicon: Lexicon, words: Trie) -> list[Span]:
    """The spans, with an attribute and a particle beside it read as the choice of that name, too: 热的, "for kids". A
    town, or what stands before a name, is no more than a word that isn't known where neither is said: 北京烤鸭."""
    for span in spans:
        if span.has.keys() <= {"place", "familiar"}:
            span.has = {**UNKNOWN, **span.has}
        if "tag" not in span.has or not span.has.keys().isdisjoint({"choice", "item"}):
            continue
        key = words_of(span.text)
        if len(key) > 1 and "particle" in meaning_of(words, key[-1:]) and (places := lexicon.choices.get(key[:-1])):
            span.has = {**span.has, "choice": places}
        elif len(key) > 1 and "role" in meaning_of(words, key[:1]) and (places := lexicon.choices.get(key[1:])):
            span.has = {**span.has, "choice": places}  # "for kids", where there is one that is called kids
    return spans


def _babble(tokens: list[Token]) -> bool:
    """Hundreds of tokens that are but a few words over and over: noise, a stuck key, a looping recogniser."""
    return len(tokens) > 100 and len({token.text for token in tokens}) * 10 < len(tokens)


def _language(tokens: list[Token], lexicon: Lexicon) -> str | None:
    letters = script_of(tokens)
    by_script = {"spaced": letters["word"], "unspaced": letters["han"], "particles": letters["hangul"]}
    best: tuple[float, str] | None = None
    for tag, grammar in lexicon.grammars.items():
        known = sum(1 for token in tokens if token.text in lexicon.markers.get(tag, ()))
        score = by_script.get(grammar.script, 0) * (4.0 if grammar.script != "spaced" else 1.0) + known
        if score > 0 and (best is None or score > best[0]):
            best = (score, tag)
    return best[1] if best else None


def detect_language(text: str, lexicon: Lexicon) -> str | None:
    """The shop's language that a text is in, by its script and its common words; None when nothing tells."""
    return _language(tokenise(fold(show(text[:MOST_LETTERS]))), lexicon)

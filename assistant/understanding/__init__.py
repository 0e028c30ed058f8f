"""Understanding: what was said -> what is wanted. Data and pure functions; no clock, no storage, no network.

The stages, one package each: `words` (tokens, the words that matter in a shop, what each stretch may mean), `misheard`
(what a recogniser made of them), then `facts` (times, addresses, names, codes), `asked` (questions), `ordering` (goods)
and `changing` (what is said of goods that are there). `grammar` puts everything together as acts.
"""

from __future__ import annotations

from assistant.turns import MOST_LETTERS, Act, Doubt, Hypothesis, LineSaid, Meaning, ReadAs
from assistant.understanding.asked import is_it_so, offered
from assistant.understanding.asked.seeking import sought
from assistant.understanding.changing import numbered_picks, picked
from assistant.understanding.choosing import FIRM, MOST_HYPOTHESES, ORDERS, Heard, choose
from assistant.understanding.context import Context
from assistant.understanding.facts import answers, device_codes, order_numbers, people, put_right
from assistant.understanding.facts.whole_names import keep_whole
from assistant.understanding.grammar import read
from assistant.understanding.misheard import likely
from assistant.understanding.misheard.hearing import mend
from assistant.understanding.words.aliases import read_as
from assistant.understanding.words.levels import levels
from assistant.understanding.words.lexicon import Lexicon, Trie, build_lexicon
from assistant.understanding.words.money_words import joined
from assistant.understanding.words.names import meaning_of
from assistant.understanding.words.recut import by_first_letter, counted_apart, named_in_exchange
from assistant.understanding.words.spans import (
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
from assistant.understanding.words.text import (
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
from assistant.understanding.words.typed import spelled_out
from assistant.understanding.words.utterance import Utterance

__all__ = ["Context", "Lexicon", "build_lexicon", "detect_language", "redact", "understand"]


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

"""What a count outside every left group may count: small questions that its rules ask. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.understanding.ordering.drafts import Draft, Option, chooses_one, counted_choice
from assistant.understanding.ordering.placing import Reading
from assistant.understanding.words.spans import Span
from assistant.understanding.words.text import words_of


def begins_with(number: int, names: Sequence[str]) -> bool:
    return any(len(key := words_of(name)) > 1 and key[0] == str(number) for name in names)


def counted_on(r: Reading, at: int) -> Option | None:
    """The option that a count behind it counts, where it is put on goods that have none, 버거에 치즈 두 장, or on those
    of the basket, 치즈 두 장 추가요."""
    goods = r.target
    if r.grammar.script == "spaced" or goods is None or r.correcting or _each_with_its_own(r, at):
        return None
    before = at - 1
    while before > 0 and r.grammar.verbs_last and "too" in r.spans[before].has:
        before -= 1  # 계란도 하나
    while before >= 0 and "option" in r.spans[before].has and "choice" not in r.spans[before].has:
        before -= 1
    if r.grammar.script == "unspaced" and before and "choice" in r.spans[before - 1].has:
        before -= r.spans[before].has.get("verb", ("",))[0] == "add"  # 蛋加俩, 番茄酱要三包
    fresh = r.fresh_options() if goods.head else goods.options
    if not fresh or before < 0 or fresh[-1].start != r.spans[before].start or fresh[-1].amount is not None:
        return None
    if not goods.head:
        return fresh[-1] if _is_put_on(r, goods) else None
    if counted_choice(r.lexicon, fresh[-1].places, goods.items):
        return fresh[-1]  # 카푸치노 샷 두 개
    onto = r.grammar.verbs_last and goods.definite and (goods.quantity is None or (r.prep and goods is r.current))
    onto = onto or (goods.quantity is not None and goods is r.current and not goods.subs)  # 치즈버거 하나 베이컨 하나
    return fresh[-1] if onto and not chooses_one(r.lexicon, fresh[-1].places, goods.items) else None


def _each_with_its_own(r: Reading, at: int) -> bool:
    """鸡肉汉堡一个加芝士两个加蛋: a count with the measure word of the one before, and something put on behind it as
    behind that one, is of more of the goods."""
    spans = r.spans
    if r.grammar.script != "unspaced" or not _puts_on(spans, at + 2):
        return False
    first = next((i for i in range(at - 1, -1, -1) if "num" in spans[i].has or "pause" in spans[i].has), 0)
    return spans[first + 1].text == spans[at + 1].text and _puts_on(spans, first + 2) and "num" in spans[first].has


def _puts_on(spans: Sequence[Span], at: int) -> bool:
    """Whether a measure word stands before something that is put on, 个加芝士."""
    return at + 1 < len(spans) and "measure" in spans[at - 1].has and "amount" in spans[at].has


def _is_put_on(r: Reading, orphan: Draft) -> bool:
    """Whether options without goods are something that goods may have several of."""
    if orphan.reference or orphan.quantity is not None or not r.lines:
        return False
    places = orphan.options[-1].places
    owned = [line.item for line in r.lines if line.item in places]
    return not chooses_one(r.lexicon, places, [one for one in owned if one] or list(places)[:1])


def wished_more(orphan: Draft) -> bool:
    """Whether options stand for goods of which more is wanted: 두유로 하나 더요."""
    return not (orphan.head or orphan.reference) and bool(orphan.options) and orphan.quantity is None


def stands_for(r: Reading, at: int, after: int) -> bool:
    """Whether "one" only stands for the goods right before it, as another count follows: "the chicken one, three"."""
    head = r.current
    if head is None or head is not r.target or not head.head or not head.definite or head.quantity is not None:
        return False
    if not at or r.spans[at - 1].start != r.named_at:
        return False
    if after < len(r.spans) and "num" not in r.spans[after].has and r.spans[after].has.keys() & {"as", "on", "clock"}:
        after += 1  # "to three"
    return after < len(r.spans) and "num" in r.spans[after].has and "one" not in r.spans[after].has


def counts_anew(spans: Sequence[Span], at: int) -> bool:
    """Whether "one" behind an option is a count ("one with mint, one with foam") and no "a large one"."""
    behind = spans[at + 1].has if at + 1 < len(spans) else {}
    size = "num" in behind and "one" not in behind  # "one 500 pieces, one 50"
    if not (size or behind.keys() & {"amount", "choice"}):
        return False
    before = at - 1
    while before > 0 and "choice" in spans[before].has:
        before -= 1
    if spans[before].has.get("num", (1,))[0] > 1:
        return True  # "two mediums, one with ham"
    if "num" in spans[before].has and (size or "choice" in behind):
        return True  # "two cables, one white long, one black short"
    return not size and not spans[before].has.keys() & {"article", "the", "ordinal", "num", "another", "verb"}

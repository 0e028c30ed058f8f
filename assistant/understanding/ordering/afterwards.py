"""What only a whole sentence tells of its lines: done once it has been read from left to right."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from assistant.turns import LineSaid
from assistant.understanding.ordering.drafts import NEGATIVE, Draft, Option, chooses_one, is_so, units, valid
from assistant.understanding.ordering.parts import of_part
from assistant.understanding.ordering.placing import UNSURE, Reading
from assistant.understanding.words.spans import Span, denies

ENDS = frozenset({"pause", "stop", "polite", "but"})
"""What may follow a count that counts what was named before it."""


def finish(r: Reading) -> None:
    """Mends the drafts of a sentence that was read to its end."""
    spans = r.spans
    drafts = r.parsed.drafts
    kinds: set[str] = set().union(*[span.has for span in spans])
    if r.anew is not None and r.anew in drafts:
        _restate(r.anew, r.basket)
        more = any(span.has.keys() & {"again", "too"} for span in spans)  # 아니 우유 추가해 주세요, 아니 콜라도 하나요
        for draft in drafts[drafts.index(r.anew) :]:
            draft.anew = not more and draft.head and not draft.more and draft.mode in (None, "add")
    if r.given_up:
        drafts[:] = [one for one in drafts if not one.denied or set(one.items) & r.basket]
    _itemised(r, drafts)
    if "num" in kinds and not kinds.isdisjoint({"but", "only"}):
        _but_so_many(r)
    if "num" in kinds and not kinds.isdisjoint({"instead_of", "amount"}):
        _recounted(r)
    _of_those_named(r)
    _swapped_at_once(r)
    if r.lines:
        _exchanged(r)
        _alike_behind(r)
    _enumerated(r)
    _instead_of_removed(r)
    for draft in drafts:
        if any(sub.also and not (sub.options or sub.told) for sub in draft.subs):
            draft.score = min(draft.score, UNSURE)  # "four fries and four to hold": what was said of them is lost
    _only(r)
    if "settles" in kinds:
        _settled(r)
    _some_changed(r)
    if "each" in kinds:
        _for_each(r)
    if len(drafts) > 1 and not kinds.isdisjoint({"each", "everything"}):
        _said_of_all(r)
    if drafts and "alike" in kinds and not r.copied:
        drafts[-1].alike = True
    if drafts and r.correcting and drafts[-1].head and _ends_denied(spans):
        drafts[-1].score = min(drafts[-1].score, UNSURE)  # "two cokes, no": and what comes instead isn't said
    if drafts and drafts[-1].denied and any(span.start > r.named_at for span in r.parsed.leftover):
        drafts.pop()  # what was to take its place isn't known: nothing is taken off unasked


def _for_each(r: Reading) -> None:
    """ "A coke for each", "with fries each": as many times as there are of the goods before it, in the sentence or in
    the line spoken of last."""
    if not r.parsed.drafts or r.grammar.script != "spaced" or r.grammar.verbs_last:
        return
    draft = r.parsed.drafts[-1]
    at = next((i for i, span in enumerate(r.spans) if span.start == draft.at), len(r.spans))
    behind = [span.has for span in r.spans[at + 1 :] if span.has.keys().isdisjoint({"polite", "of_them", "stop"})]
    told = draft.head and not draft.subs and draft.mode in (None, "add")
    if not told or len(behind) != 1 or behind[0].keys() != {"each"}:
        return
    before = r.parsed.drafts[:-1]
    if any(one.quantity is None or not one.head or one.mode not in (None, "add") for one in before):
        return
    of = sum([one.quantity or 0 for one in before]) if before else units(r.lines, (r.last,) if r.last else ())
    if of > 1:
        draft.quantity, draft.article = (draft.quantity or 1) * of, False


def _of_those_named(r: Reading) -> None:
    """ "A hamburger and a cheeseburger, the first with bacon", "fries and a coke, make the coke large": what is said of
    goods that were ordered in the same breath is said of those, and of no line of the basket."""
    drafts = r.parsed.drafts
    for draft in [one for one in drafts if one.options and one.quantity is None and not (one.subs or one.old)]:
        before = [one for one in drafts[: drafts.index(draft)] if one.head and one.mode in (None, "add")]
        if not before or draft.mode not in (None, "change"):
            continue
        meant: list[Draft] = []
        if draft.reference and isinstance(draft.which, int) and 0 < draft.which <= len(before) > 1:
            meant = [before[draft.which - 1]]
        elif draft.head and draft.definite and draft.mode == "change":
            meant = [one for one in before if one.items == draft.items]
        if len(meant) == 1 and not meant[0].subs and all(valid(one.places, meant[0].items) for one in draft.options):
            meant[0].options = [*meant[0].options, *draft.options]
            drafts.remove(draft)


def _swapped_at_once(r: Reading) -> None:
    """ "A coke and fries, make the coke a sprite": what was ordered in the same breath becomes something else."""
    drafts = r.parsed.drafts
    for old, new in list(pairwise(drafts)):
        if not (old.old and old.head and old.definite and old.which is None and not new.old):
            continue
        before = drafts[: drafts.index(old)]
        meant = [one for one in before if one.head and one.mode in (None, "add") and one.items == old.items]
        if len(meant) != 1 or meant[0].subs or old.quantity is not None:
            continue
        if new.quantity is None or new.article:
            new.quantity, new.article = meant[0].quantity, meant[0].article
        new.mode, new.verb = meant[0].mode, meant[0].verb
        drafts.remove(new)
        drafts.remove(old)
        drafts[drafts.index(meant[0])] = new


def _alike_behind(r: Reading) -> None:
    """ "Make the burger and the coke large", 콜라랑 버거 라지로 해 주세요: what is said behind goods of the basket is
    said of those as well that "and" joins right before them."""
    for draft, last in reversed(list(pairwise(r.parsed.drafts))):
        bare = draft.head and draft.quantity is None and not (draft.options or draft.old or draft.more)
        told = last.head and last.quantity is None and last.options and not last.left and not last.old
        if not (bare and told and last.items != draft.items) or draft.mode == "remove":
            continue
        if not (set(draft.items) & r.basket and set(last.items) & r.basket and _joined(r, draft, last)):
            continue
        became = r.grammar.verbs_last and any("as" in span.has for span in r.spans if span.start > last.at)
        if not became and not (draft.definite and (last.definite or last.mode == "change")):
            continue
        draft.options = [one for one in last.options if valid(one.places, draft.items)]
        draft.mode = last.mode = "change"
        draft.definite = draft.verb = True


def _joined(r: Reading, draft: Draft, last: Draft) -> bool:
    """Whether nothing but "and" stands between the names of two goods."""
    between = [span.has for span in r.spans if draft.at < span.start < last.at]
    told = any(has.keys() & {"and", "pause"} for has in between)
    return told and all(has.keys() & {"and", "pause", "the", "particle"} for has in between)


def _ends_denied(spans: Sequence[Span]) -> bool:
    """Whether the last word of a sentence is a no."""
    last = next((span for span in reversed(spans) if span.has.keys().isdisjoint({"pause", "polite", "particle"})), None)
    return last is not None and denies(last.has) and "correct" in last.has


def _only(r: Reading) -> None:
    """ "Just one coke", 两杯就好, 하나만요, said of goods of which there are more: so many of them are to stay."""
    told = [draft for draft in r.parsed.drafts if draft.head]
    if not told or r.again:
        return
    if r.fewer_wanted:
        _stay(r, told[0])
    for at, span in enumerate(r.spans):
        mere = "mere" in span.has and any("num" in one.has for one in r.spans[at + 1 : at + 2])  # 薯条就一份
        more = any(one.has.keys() & {"again", "more"} for one in r.spans[at + 1 : at + 2])  # 두 잔만 더 주세요
        if more or not ("only" in span.has or mere):
            continue
        behind = [one for one in told if one.at > span.start] if r.grammar.script == "spaced" else []
        before = [one for one in told if one.at < span.start]
        _stay(r, (behind or before[::-1] or told)[0])


def _settled(r: Reading) -> None:
    """족발 중으로 할게요, where there are some: how those are to be, and no more of them."""
    for at, span in enumerate(r.spans[2:], 2):
        chosen = r.spans[at - 2] if "as" in r.spans[at - 1].has else r.spans[at - 1]
        if "settles" not in span.has or "choice" not in chosen.has:
            continue
        for draft in r.parsed.drafts:
            bare = draft.head and draft.mode == "add" and draft.quantity is None and not (draft.more or draft.old)
            if bare and set(draft.items) & r.basket and any(one.start == chosen.start for one in draft.options):
                draft.mode, draft.verb = "change", True


def _stay(r: Reading, draft: Draft) -> None:
    alike = [at for at, line in enumerate(r.lines) if line.item in draft.items and _has(line, draft.options)]
    there = units((r.lines[at] for at in alike), draft.items)
    counted = draft.quantity is not None and not draft.article and not draft.more
    if not counted or draft.mode not in (None, "add") or not 0 < (draft.quantity or 0) <= there:
        return
    if not draft.options:
        draft.mode, draft.verb = "change", True
    elif len(alike) == 1:  # 薯条就要一份大的: of that line
        draft.mode, draft.verb, draft.definite = "change", True, True
        draft.which, draft.options = alike[0] + 1, []


def _has(line: LineSaid, options: Sequence[Option]) -> bool:
    """Whether a line was said to have all these options."""
    said = {(one.option, one.choice, one.amount or "normal") for one in line.options}
    places = (((*option.places.get(line.item or "", (("", ""),))[0], option.amount or "normal")) for option in options)
    return all(place in said for place in places)


def _some_changed(r: Reading) -> None:
    """ "Make one soju grapefruit", where there are two: so many of them are to be so, and no fewer are wanted."""
    for draft in r.parsed.drafts:
        told = draft.head and draft.mode == "change" and draft.verb and not (draft.definite or draft.more or draft.old)
        told = told or _is_to_be(r, draft)
        counted = draft.quantity is not None and not draft.article and draft.quantity < units(r.lines, draft.items)
        if told and counted and draft.options and not any("only" in span.has for span in r.spans):
            draft.some = draft.definite = True
            draft.mode, draft.verb = "change", True


def _is_to_be(r: Reading, draft: Draft) -> bool:
    """两件衬衫要加急, where there are three: how some of them are to be."""
    if r.grammar.script != "unspaced" or not draft.head or draft.mode is not None or draft.left or draft.more:
        return False
    at = next((i for i, span in enumerate(r.spans) if span.start == draft.at), len(r.spans))
    behind = [span.has for span in r.spans[at + 1 : at + 3]]
    return len(behind) == 2 and "verb" in behind[0] and "with" in behind[0].get("amount", ()) and "choice" in behind[1]


def _recounted(r: Reading) -> None:
    """ "Three croissants, not two", where there are two: so many of them instead, and no more of them."""
    for at, span in enumerate(r.spans[:-1]):
        denies = "instead_of" in span.has or span.has.get("amount", ("",))[:1] == (NEGATIVE,)
        count = r.spans[at + 1].has.get("num")
        ends = at + 2 == len(r.spans) or not r.spans[at + 2].has.keys().isdisjoint(ENDS)
        if not denies or count is None or not ends:
            continue
        for draft in r.parsed.drafts:
            there = units(r.lines, draft.items)
            told = draft.head and draft.quantity is not None and not (draft.article or draft.more or draft.options)
            if told and there == count[0] and draft.mode in (None, "add"):
                draft.mode, draft.verb = "change", True


def _but_so_many(r: Reading) -> None:
    """ "Apples and tomatoes, but only one of the apples": how many of the goods that were named before are wanted."""
    drafts = r.parsed.drafts
    for told in [one for one in drafts if one.head and one.quantity is not None and not (one.options or one.more)]:
        before = [one for one in drafts[: drafts.index(told)] if one.items == told.items and one.mode in (None, "add")]
        between = [span.has for span in r.spans if before and before[0].at < span.start < told.at]
        but = any("but" in has for has in between) and any(has.keys() & {"only", "of_them"} for has in between)
        bare = before and before[0].quantity is None and not (before[0].subs or before[0].old)
        if but and bare and told.mode in (None, "add", "change"):
            before[0].quantity = told.quantity
            drafts.remove(told)


def _definite(r: Reading, option: Option) -> bool:
    return any("the" in span.has and span.end == option.start for span in r.spans)


def _exchanged(r: Reading) -> None:
    """ "Change the vanilla to hazelnut": it goes, and what is named behind it comes. Where neither a swap is asked for
    nor "the" stands before it, it must be there."""
    for draft in r.parsed.drafts:
        if (draft.head and draft.mode not in ("change", "swap")) or len(draft.options) < 2:
            continue
        for one, other in pairwise(draft.options):
            between = [span.has for span in r.spans if one.end <= span.start < other.start]
            behind = next((span.has for span in r.spans if span.start >= other.end), {})
            leads = any(has.keys() & {"on", "party", "as"} or "with" in has.get("amount", ()) for has in between)
            leads = draft.mode in ("change", "swap") and leads
            swaps = any(has.get("verb", ("",))[0] == "swap" for has in between)
            swaps = swaps or (leads and (draft.mode == "swap" or _definite(r, one)))
            swaps = swaps or (draft.mode in ("change", "swap") and "as" in behind)
            if (
                not (swaps or leads)
                or any("and" in has for has in between)
                or {one.amount, other.amount} - {None}
                or other.tells
            ):
                continue
            able = [line for line in r.lines if line.item in one.places and line.item in other.places]
            items = [line.item for line in able if line.item and (swaps or is_so(line, [one], r.lexicon))]
            if items and not chooses_one(r.lexicon, one.places, items):
                one.amount = NEGATIVE


def _enumerated(r: Reading) -> None:
    """ "Three folders: red, blue and black": choices of which each has but one are of as many of the goods. It is asked
    where there are more or fewer of them."""
    for draft in r.parsed.drafts:
        alone = (draft.quantity is None or draft.article) and draft.mode in (None, "add")
        if not draft.head or draft.subs or not (alone or (draft.quantity or 0) > 1):
            continue
        options = draft.options[draft.left :]
        if len(options) < 2 or len(draft.items) != 1:
            continue
        item = r.lexicon.catalogue.items[draft.items[0]]
        listed: dict[str, list[Option]] = {}
        within = {span.start for at, span in enumerate(r.spans) if of_part(r.spans, at, draft.items)}
        for one in options:
            if one.start in within:
                continue  # "with large fries and a large Sprite"
            path, _ = one.places.get(item.id, (("", ""),))[0]
            kind = item.option(path)
            if kind is not None and kind.choose == "one" and not kind.halves and one.amount is None:
                listed.setdefault(path, []).append(one)
        for some in listed.values():
            between = [span.has for span in r.spans if some[0].end <= span.start < some[-1].start]
            joined = any(has.keys() & ({"and"} if alone else {"pause", "and"}) for has in between)
            if len(some) < 2 or not joined or any("correct" in has or "num" in has for has in between):
                continue
            if alone:
                draft.quantity, draft.article = len(some), False  # "plasters, small and large"
            if len(some) != draft.quantity:
                draft.score = min(draft.score, UNSURE)
                continue
            draft.options = [one for one in draft.options if one not in some]
            for one in some:
                part = Draft(draft.items, draft.heard, draft.score)
                part.quantity, part.options, part.told = 1, [one], True
                draft.subs.append(part)
            break


def _instead_of_removed(r: Reading) -> None:
    """ "Forget the fries, two milkshakes": counted goods behind others that are taken off are wanted, where there are
    none to take off."""
    gone = False
    for draft in r.parsed.drafts:
        if not draft.head or draft.mode != "remove":
            continue
        if set(draft.items) & r.basket:
            gone = True
        elif gone and draft.quantity is not None and not draft.article and _begins_anew(r.spans, draft.at):
            draft.mode = "add"


def _begins_anew(spans: Sequence[Span], named_at: int) -> bool:
    """Whether a pause stands right before the count of the goods that are named at a token."""
    at = next((i for i, span in enumerate(spans) if span.start == named_at), 0)
    while at and spans[at - 1].has.keys() & {"num", "choice", "measure", "of", "unit"}:
        at -= 1
    return at > 0 and "pause" in spans[at - 1].has


def _itemised(r: Reading, drafts: list[Draft]) -> None:
    """ "Two burgers, a cheeseburger and a chicken burger": a count of a kind, and which they are. A kind may also be
    called what one of its goods is called: "three cookies, two chocolate chip cookies and one oatmeal cookie"; but
    两杯可乐，一杯大可乐，一份薯条 are four things."""
    for general in [one for one in drafts if one.head and len(one.items) > 1 and one.quantity is None]:
        after = drafts[drafts.index(general) + 1 :]
        parts = [one for one in after if one.head and set(one.items) < set(general.items) and one.quantity is not None]
        if len(parts) > 1 and len(parts) == len(after) and not (general.options or general.mode == "remove"):
            drafts.remove(general)  # "buns, four pork and two red bean"
    for general in [draft for draft in drafts if draft.head and (draft.quantity or 0) > 1 and not draft.subs]:
        after = drafts[drafts.index(general) + 1 :]
        parts = [one for one in after if one.head and set(one.items) < set(general.items) and not one.more]
        several = len(after) > 1 or any(sub.also for one in after for sub in one.subs)
        if not parts and several and not general.options and any(one.items == general.items for one in after):
            parts = [one for one in after if one.head and not one.more]
            parts = parts if all(r.called_alike(one, general) for one in parts) else []
        named = sum((one.quantity or 1) + sum(sub.quantity or 1 for sub in one.subs if sub.also) for one in parts)
        if named == general.quantity and not general.left and general.mode in (None, "add"):
            for one in parts:
                one.options = [*general.options, *one.options]
                one.mode, one.verb = one.mode or general.mode, one.verb or general.verb
            drafts.remove(general)


def _said_of_all(r: Reading) -> None:
    """ "Everything without wasabi, two of these and one of those", 都不要芥末: what is said of all before any goods are
    named goes to each of them that can have it."""
    first = next((draft for draft in r.parsed.drafts if draft.head), None)
    if first is None or first.mode not in (None, "add"):
        return
    each = next((span for i, span in enumerate(r.spans) if "each" in span.has or _but(r.spans, i)), None)
    before = [one for one in first.options if one.start < first.at]
    begin = min([first.at, *(one.start for one in before)])
    named = [span for span in r.spans if span.start < first.at and span.has.keys() & {"num", "pause"}]
    led = named or r.grammar.verbs_last
    if each is None or not before or each.start > max(one.end for one in before) or each.start > first.at or not led:
        return
    if any("pause" not in span.has and span.start < begin for span in named):
        return  # a count before it: "two of each …"
    for draft in r.parsed.drafts:
        if draft is not first and draft.head and draft.mode in (None, "add"):
            said = {one.start for one in draft.options}
            draft.options += [one for one in before if one.start not in said and valid(one.places, draft.items)]


def _but(spans: Sequence[Span], at: int) -> bool:
    """ "Everything without wasabi"."""
    follower = spans[at + 1].has if at + 1 < len(spans) else {}
    return "everything" in spans[at].has and follower.get("amount", ("",))[0] == NEGATIVE


def _restate(draft: Draft, basket: frozenset[str]) -> None:
    """ "No, just one coke": with a count of its own the line that is there is meant."""
    told = draft.quantity is not None and not (draft.article or draft.more)
    if draft.head and draft.mode in (None, "add") and told and set(draft.items) & basket:
        draft.mode, draft.verb = "change", True

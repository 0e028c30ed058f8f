"""The goods of a sentence: which of what was read as goods is meant, and how it becomes acts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import copy
from itertools import pairwise
from typing import Any

from msgspec.structs import replace

from assistant.turns import Act, Doubt, LineSaid
from assistant.understanding.asked import complaints
from assistant.understanding.asked.questions import QUESTIONS
from assistant.understanding.changing.all_but import excepted, kept_only, left_out, only_wanted, takes_off
from assistant.understanding.changing.all_lines import become, of_all_clauses
from assistant.understanding.changing.anew import said_anew
from assistant.understanding.changing.besides import one_besides
from assistant.understanding.changing.line_with import has_it, point
from assistant.understanding.changing.made_into import at_once, named_then_made
from assistant.understanding.changing.of_lines import of_lines
from assistant.understanding.changing.one_line import about, named
from assistant.understanding.changing.other_ones import the_other
from assistant.understanding.changing.some_and_rest import parted
from assistant.understanding.changing.substituted import substituted, taken_for
from assistant.understanding.facts import answers
from assistant.understanding.facts.numbers_meant import about_so_many, hour, so_many
from assistant.understanding.ordering import by_choices
from assistant.understanding.ordering.accepted import accept
from assistant.understanding.ordering.acts import acts_of, of_what_is_there
from assistant.understanding.ordering.afterwards import ENDS
from assistant.understanding.ordering.counted_first import named_first
from assistant.understanding.ordering.drafts import MOST_CANDIDATES, NEGATIVE, Draft, candidates, lines_of, units
from assistant.understanding.ordering.each_alike import per_head
from assistant.understanding.ordering.either import either
from assistant.understanding.ordering.orders import read
from assistant.understanding.ordering.packs import for_each, measured, packed
from assistant.understanding.ordering.placing import UNSURE, Parsed, Reading
from assistant.understanding.ordering.totals import summed_up, told_apart
from assistant.understanding.ordering.unsaid import drop, taken_back
from assistant.understanding.words.names import inflection_of
from assistant.understanding.words.spans import Span, halves, may_be
from assistant.understanding.words.text import words_of
from assistant.understanding.words.utterance import Utterance

_NAMED = frozenset({"item", "category", "choice", "option", "partial"})
_LEADING = frozenset({"on", "the", "it", "some", "filler"})
_BETWEEN = frozenset({"of", "of_them", "the", "each", "measure", "particle", "filler", "polite"})


def read_goods(u: Utterance, kept: Sequence[Span], before: list[Draft], asked: Sequence[str]) -> list[Span]:
    """Adds the goods of a sentence to `before`; what was not understood. `asked`: goods that it asks about itself."""
    if "supposing" in u.kinds and any("supposing" in span.has for span in kept):
        if not any(act.act in QUESTIONS for _, act in u.acts):
            u.leftover.append(u.shown)  # "if I get two burgers": nothing is ordered by it
        return []
    if _swaps_several(kept):
        kept = _counted_off(u, kept)
    if not kept:
        u.leftover.append(u.shown)
        return []
    kept = named_then_made(u, _without_then(u, kept))
    kept = _without_whose(u, kept)
    taken(u, kept)
    point(u, kept)
    called_by_a_word(u, kept)
    back = u.context.refunding or u.names("refund") or any(act.act == "refund" for _, act in u.acts)
    if described(u, kept) or (not back and _some_stay(u, kept, before)):  # "refund only the fries" takes nothing off
        return []
    if "in_place" in u.kinds:
        substituted(u, kept)
    if "amount" in u.kinds:
        taken_for(u, kept)
    if "verb" in u.kinds:
        taken_off_of(kept)
    if "everything" in u.kinds and u.context.basket:
        all_of_it(u, kept)
    cleared = False
    if u.grammar.script == "unspaced" and "tag" in u.kinds:
        such_ones(u, kept)
    if u.acting:
        cleared = clear_out(u, kept)
        called_off(u, kept)
    mentioned = asked or (u.context.listed if len(u.context.listed) == 1 else ())
    mentioned = tuple(item for item in mentioned if item in u.lexicon.catalogue.items)
    basket = u.context.basket
    kept = named_first(u, summed_up(u, about_so_many(u, at_once(u, kept))))
    kept, heads = per_head(u, told_apart(u, kept))
    kept, gone = taken_back(u, kept, before) if refund_at(u) is None else (kept, set())
    parsed = _parsed(u, by_choices.named(u, kept), before, mentioned[:1])
    drop(parsed.drafts, before, gone)
    for draft in parsed.drafts if heads > 1 else ():
        if draft.head and draft.mode in (None, "add"):
            draft.quantity = (draft.quantity or 1) * heads
    each = cleared or ("each" in u.kinds and any(["each" in span.has for span in kept]))
    shared = for_each(kept) if "each" in u.kinds and u.kinds & {"num", "article"} else None
    for draft in parsed.drafts:
        mere = len(parsed.drafts) == 1 and draft.reference and not draft.items
        word = measured(kept, draft) if (draft.head or mere) and "measure" in u.kinds else ""
        if (draft.quantity or 0) > 1:
            draft.measured = word
        word = word or (shared.text if shared is not None and shared.start > draft.at >= 0 else "")
        if word and draft.mode in (None, "add") and (pack := packed(word, draft, u.lexicon, u.grammar.tag)):
            draft.options.append(pack)
        if (
            draft.quantity is None
            and draft.which is None
            and ((draft.mode == "remove" and each) or _every_kind(u, draft))
        ):
            draft.which = "all"
        there = units(basket, draft.items)
        whole = draft.quantity is None or (draft.quantity == there and (draft.mode is None or _onto_all(kept)))
        if each and draft.options and whole and draft.which is None and not draft.old:
            of_all(u, draft, onto=_onto_all(kept))
        if not draft.head and draft.quantity is not None and len(parsed.drafts) > 1:
            draft.reference = draft.reference and bool(basket)
        if not draft.head and not draft.old and draft.which is None:
            listed(u, kept, draft)
            unnamed(u, kept, draft, before)
    paid = [draft for draft in parsed.drafts if draft.head] if refund_at(u) is not None else []
    before += paid or accept(u, kept, parsed.drafts, before, unclear=bool(parsed.leftover))
    return parsed.leftover


def _swaps_several(kept: Sequence[Span]) -> bool:
    """Whether several lines are to give way that are only counted off: "swap the first and the last for butter"."""
    swaps = any(span.has.get("verb", ("",))[0] == "swap" for span in kept)
    return swaps and sum("ordinal" in span.has for span in kept) > 1


def taken(u: Utterance, kept: Sequence[Span]) -> None:
    """ "Take one king and one twin": where none of it is there, and no "off" follows, it is wanted."""
    there = {line.item for line in u.context.basket}
    goods = [span for span in kept if span.has.keys() & {"item", "partial"}]
    off = any(span.has.get("verb", ("", ""))[1] == "after" for span in kept)
    if u.grammar.script != "spaced" or off or not goods or "choice" in u.kinds:
        return
    if all(there.isdisjoint((*span.has.get("item", ()), *span.has.get("partial", ()))) for span in goods):
        for span in kept:
            if "takes" in span.has and span.has.get("verb") == ("remove", "before"):
                span.has = {"verb": ("add", "before")}


def _without_whose(u: Utterance, kept: Sequence[Span]) -> Sequence[Span]:
    """ "One for me without onion one for my wife without pickles": whose each of them is says nothing between a count
    and what it is to be like."""
    if u.grammar.script != "spaced" or not {"num", "filler", "amount"} <= u.kinds:
        return kept
    return [
        span
        for at, span in enumerate(kept)
        if not (0 < at < len(kept) - 1 and span.has.keys() == {"filler"} and span.text.startswith(("for", "four", "4")))
        or "num" not in kept[at - 1].has
        or "amount" not in kept[at + 1].has
    ]


def _counted_off(u: Utterance, kept: Sequence[Span]) -> Sequence[Span]:
    """The words of a swap with the names of lines that are only counted off; none where one isn't there, or several
    have its goods."""
    basket = u.context.basket
    counted = [span for span in kept if "ordinal" in span.has]
    places = [int(span.has["ordinal"]) for span in counted]
    there = [at - 1 if at > 0 else len(basket) + at for at in places if at and abs(at) <= len(basket)]
    items = [basket[at].item for at in there]
    apart = len(set(items)) == len(items) == len(places) and not any(u.place_of(one or "") for one in items)
    if not apart or not any("item" in span.has for span in kept):
        return []
    for span, item in zip(counted, items, strict=True):
        span.has = {"item": (item,)}
    ones = [one for span, one in pairwise(kept) if span in counted and "one" in one.has]  # "the last one"
    return [span for span in kept if span not in ones]


def _without_then(u: Utterance, kept: Sequence[Span]) -> Sequence[Span]:
    """A count without the "then" beside it: "do you have fries? Two then", "four packs then"."""
    if not 1 < len(kept) < 4 or u.grammar.script != "spaced":
        return kept
    told = [span for span in kept if span.has.keys() != {"and", "hesitation"}]
    counts = sum("num" in span.has for span in told) == 1
    return told if counts and all(span.has.keys() & {"num", "measure", "unit"} for span in told) else kept


def called_by_a_word(u: Utterance, kept: Sequence[Span]) -> None:
    """ "Change the pepperoni to a hawaiian": goods of the basket by the first word of their name, which others may have
    on them as well, where none there has it."""
    if u.grammar.script != "spaced" or not {"verb", "choice", "item"} <= u.kinds:
        return
    for at, span in enumerate(kept[1:-1], 1):
        lead, to = kept[at - 1].has, kept[at + 1].has
        verb = next((one for one in reversed(kept[:at]) if "verb" in one.has), None)
        swaps = verb is not None and verb.has["verb"][0] in ("change", "swap") and "makes" not in verb.has
        one_of = lead.keys() & {"the", "num", "article", "of_them"}  # "change one pepperoni to a margherita"
        if not (swaps and one_of and "choice" in span.has and to.keys() & {"on", "party", "role", "article"}):
            continue
        forms = inflection_of(u.lexicon.tongues[u.grammar.tag])
        words, names = (
            tuple(map(forms.singular, words_of(span.text))),
            {line.item: line for line in u.context.basket if line.item},
        )
        called = [
            item
            for item in names
            if any(
                tuple(map(forms.singular, words_of(name)))[: len(words)] == words
                for name in u.lexicon.catalogue.items[item].names.get(u.grammar.tag, ())
            )
        ]
        places = {place for some in span.has["choice"].values() for place in some}
        had = any((one.option, one.choice) in places for line in u.context.basket for one in line.options)
        if "item" not in span.has and len(called) == 1 and not had:
            span.has = {"item": tuple(called)}


def _every_kind(u: Utterance, draft: Draft) -> bool:
    """ "Make the burgers large", "no onions on the burgers": of a kind of which several are in the basket, all of them
    are meant where it is named as many."""
    named = draft.head and draft.definite and len(draft.items) > 1 and not draft.old
    if not named or len({line.item for line in u.context.basket if line.item in draft.items}) < 2:
        return False
    word = draft.heard.rpartition(" ")[2]
    return inflection_of(u.lexicon.tongues[u.grammar.tag]).singular(word) != word


def _some_stay(u: Utterance, kept: Sequence[Span], before: Sequence[Draft]) -> bool:
    """Whether the sentence tells which goods alone are to stay."""
    return excepted(u, kept) or kept_only(u, kept) or ("only" in u.kinds and not before and only_wanted(u, kept))


def _parsed(u: Utterance, kept: Sequence[Span], before: list[Draft], mentioned: tuple[str, ...]) -> Parsed:
    """What a sentence says about goods, each draft with the line of the basket that is meant, where that is told."""
    basket, last = u.context.basket, u.context.last
    if not before and not u.kinds.isdisjoint(("other", "part")):
        the_other(u, kept)
    if len(kept) > 1 and kept[-1].has.keys() == {"correct"}:
        kept = _corrected_behind(kept, bool(basket))
    kept = parted(u, kept)
    if basket and not before and u.kinds & {"each", "topical", "only", "one"}:
        kept = become(kept, basket, u.grammar.verbs_last)
    if "each" in u.kinds and basket and not before and (every := of_all_clauses(kept, basket, u.grammar.verbs_last)):
        whole = Parsed()
        for said, places in every:
            parsed = read(Reading(said, u.lexicon, u.grammar, frozenset(), [], (), basket, last))
            whole.drafts += [_of_line(draft, place) for draft in parsed.drafts for place in places]
            whole.leftover += parsed.leftover
        return whole
    one = about(kept, basket, u.lexicon.categories) if basket and not before and u.kinds >= {"item", "choice"} else None
    if one is None and basket and not before and u.grammar.verbs_last and u.kinds >= {"item", "choice", "as"}:
        one = named(kept, basket)
    if one is not None:
        basket, last = one[1:], one[1].item  # nothing else of the basket is spoken of
    owned = frozenset(line.item for line in basket if line.item)
    parsed = read(Reading(kept, u.lexicon, u.grammar, owned, before, mentioned, basket, last))
    if one is not None:
        for draft in parsed.drafts:
            if not draft.head and draft.mode != "remove":
                draft.which, draft.reference, draft.mode = one[0], True, "change"
    if not before:
        parsed.drafts = one_besides(u, kept, parsed.drafts)
    if len(u.context.basket) > 1:
        parsed.drafts = [told for draft in parsed.drafts for told in of_lines(draft, u.context.basket)]
    return parsed


def _corrected_behind(kept: Sequence[Span], there: bool) -> Sequence[Span]:
    """ "Two actually" is "actually two"; "a milk, two milks actually" corrects the milk. `there`: there is a basket."""
    pause = max((at for at, span in enumerate(kept) if "pause" in span.has), default=-1)
    named = {item for span in kept[: max(pause, 0)] for item in span.has.get("item", ())}
    again = any(named.intersection(span.has.get("item", ())) for span in kept[pause + 1 :])
    counted = not any("item" in span.has for span in kept[pause + 1 :]) and bool(named)
    begin = pause + 1 if again or counted else 0
    return [*kept[:begin], kept[-1], *kept[begin:-1]] if begin or there else kept


def _of_line(draft: Draft, place: int | str) -> Draft:
    """What is to be changed, of the line at a place."""
    one = copy(draft)
    one.which, one.reference, one.definite, one.mode = place, True, True, "change"
    return one


def such_ones(u: Utterance, kept: Sequence[Span]) -> None:
    """一个鱼堡一个素的: what is counted only by how it is to be names no goods, and those that are so are told."""
    for at, span in enumerate(kept[1:], 1):
        ends = at + 1 == len(kept) or not kept[at + 1].has.keys().isdisjoint({"pause", "stop", "hesitation", "polite"})
        if not ends or "measure" not in kept[at - 1].has or span.has.keys() != {"tag"}:
            continue
        tag = str(span.has["tag"])
        value = {"not": [tag.removeprefix("not_")]} if tag.startswith("not_") else {"tags": [tag]}
        u.add(len(u.spans), Act("ask_menu", value=value), {u.spans.index(span)})


def all_of_it(u: Utterance, kept: Sequence[Span]) -> None:
    """ "Everything large", "make everything large": what is to be so are all lines, where no goods are named."""
    at = next((i for i, span in enumerate(kept) if "everything" in span.has), 0)
    led = at == 0 or kept[at - 1].has.get("verb", ("",))[0] == "change"
    told = at + 1 < len(kept) and "choice" in kept[at + 1].has
    if led and told and not any("item" in span.has or "category" in span.has for span in kept):
        kept[at].has = {"each": True}
        u.kinds.add("each")


def clear_out(u: Utterance, kept: Sequence[Span]) -> bool:
    """ "Remove all of the hamburgers" takes off those, not everything: goods, or what may be on them (얼음 다
    빼주세요), stand right beside the words, known or not."""
    strange = frozenset({"unknown"}) if u.grammar.verbs_last else frozenset()
    for at, span in enumerate(kept):
        if not may_be(span.has, "start_over"):
            continue
        for step in (-1,) if u.grammar.verbs_last else (1, -1):
            index = at + step
            while 0 <= index < len(kept) and kept[index].has.keys() & _BETWEEN and "item" not in kept[index].has:
                index += step
            if 0 <= index < len(kept) and kept[index].has.keys() & (_NAMED | strange):
                of_choice = u.grammar.verbs_last and kept[index].has.keys().isdisjoint(("item", "category"))
                off = ("remove", "before" if step == 1 else "after")
                span.has = {"amount": (NEGATIVE, "after")} if of_choice else {"verb": off}
                return True
    return False


def taken_off_of(kept: Sequence[Span]) -> None:
    """ "Take the onion off two of them" takes it off those: it stands between what goes and what it is had with."""
    for at in range(2, len(kept) - 1):
        between = _removes(kept[at], "after") and "choice" in kept[at - 1].has
        followed = kept[at + 1].has.keys() & {"num", "the", "item", "it", "article"}
        if between and followed and any(_removes(one, "before") for one in kept[: at - 1]):
            kept[at].has = {"on": True}


def _removes(span: Span, side: str) -> bool:
    return bool(span.has.get("verb", ("", ""))[:2] == ("remove", side))


def called_off(u: Utterance, kept: Sequence[Span]) -> None:
    """ "콜라는 안 할래요" calls off the coke and not the order: goods stand right before the words."""
    for at, span in enumerate(kept):
        if ("deny", None) in span.has.get("act", ()) and at > 1 and u.grammar.verbs_last:
            ends = at + 1 == len(kept) or not kept[at + 1].has.keys().isdisjoint(ENDS)
            if ends and "topical" in kept[at - 1].has and "item" in kept[at - 2].has:
                span.has = {"amount": (NEGATIVE, "after")}  # 콜라는 괜찮아요
                continue
        if not any(name == "cancel" for name, _ in span.has.get("act", ())) or "verb" in span.has:
            continue
        after = next((one for one in kept[at + 1 :] if not _leads_on(one)), None)
        if at and after is not None and "choice" in after.has and "item" not in after.has:
            span.has = {"amount": (NEGATIVE, "before")}  # "and I don't want it on thin crust"
            continue
        if after is not None and "of_them" in after.has and any("num" in one.has for one in kept[at + 2 : at + 4]):
            span.has = {"verb": ("remove", "before")}  # 我要取消其中一间: one of them
            continue
        index = at - 1
        while index >= 0 and kept[index].has.keys() & _BETWEEN and "item" not in kept[index].has:
            index -= 1
        if index >= 0 and "item" in kept[index].has:
            span.has = {"verb": ("remove", "after")}


def _leads_on(span: Span) -> bool:
    """Whether a word only leads from "I don't want it" to what isn't wanted."""
    return "choice" not in span.has and (bool(span.has.keys() & _LEADING) or span.has.get("amount", ("",))[0] == "with")


def described(u: Utterance, kept: Sequence[Span]) -> bool:
    """ "Remove the one without tomato": a line is named by what it has. True when it was said so."""
    if "choice" not in u.kinds or not u.context.basket:
        return False
    verb = next((i for i, span in enumerate(kept) if takes_off(span)), None)
    wishes = [(i, span) for i, span in enumerate(kept) if "choice" in span.has]
    if verb is None or not wishes or any("item" in span.has for span in kept):
        return False
    at = next((i for i, span in enumerate(kept) if "one" in span.has), None)
    before = kept[verb:at] if at is not None else []
    if any("ordinal" in span.has for span in before):
        return False  # "take the bacon off the first one"
    named = bool(before) and "the" in before[-1 if at is not None and at < wishes[0][0] else -2 :][0].has
    if not named and not (wishes[-1][0] < verb and kept[verb - 1].has.keys() & {"the", "it", "one"}):
        return False
    fitting = []
    for place, line in enumerate(u.context.basket, 1):
        if all(has_it(u, line, span.has["choice"]) == (not _denied(kept, i)) for i, span in wishes):
            fitting.append(Act("remove", lines=(LineSaid(None, None, (), place),)))
    u.used.update(u.spans.index(span) for span in kept)
    if len(fitting) == 1:
        u.add(u.spans.index(kept[verb]), fitting[0])
    elif fitting:
        u.doubts.append(Doubt(u.shown, tuple(fitting)))
    return True


def _denied(kept: Sequence[Span], at: int) -> bool:
    beside = [kept[i].has.get("amount", ("",))[0] for i in (at - 1, at + 1) if 0 <= i < len(kept)]
    return NEGATIVE in beside


def _onto_all(kept: Sequence[Span]) -> bool:
    """Whether something is put on all there is: "to all of them", 都加芝士."""
    for at, span in enumerate(kept):
        if "each" not in span.has:
            continue
        after = [one.has for one in kept[at + 1 : at + 4] if "as" not in one.has][:2]
        if at and "on" in kept[at - 1].has:
            return True
        if len(after) == 2 and "choice" in after[0] and after[1].get("verb", ("",)) == ("add", "after"):
            return True  # 둘 다 펄 추가요, 전부 라지로 해 주세요
        if (
            len(after) == 2
            and after[0].get("verb", ("",))[0] == "add"
            and "choice" in after[1]
            and "num" not in after[1]
        ):
            return True
    return False


def of_all(u: Utterance, draft: Draft, onto: bool = False) -> None:
    """ "Make them all large", "both cheeseburgers with bacon": every line of the basket that can be."""
    owned = [line.item for line in u.context.basket if line.item]
    if draft.mode == "remove" or (draft.mode == "add" and not draft.head and not onto):
        return
    if _both_of_one_line(u, draft):
        draft.which, draft.reference, draft.definite, draft.mode = u.context.line, True, True, "change"
        return
    about = [item for item in owned if item in draft.items] if draft.head else owned
    if any(all(item in option.places for option in draft.options) for item in about):
        draft.which, draft.definite, draft.mode = "all", True, "change"


def _both_of_one_line(u: Utterance, draft: Draft) -> bool:
    """ "Both large", said right after two of one line were spoken of, where there are more that could be so."""
    line = u.context.spoken_of
    if "both" not in u.kinds or draft.head or line is None or line.quantity != 2:
        return False
    able = [one for one in u.context.basket if all(one.item in option.places for option in draft.options)]
    return line in able and len(able) > 2 - (sum(one.quantity or 1 for one in able) > 2)


def listed(u: Utterance, kept: Sequence[Span], draft: Draft) -> None:
    """ "Eight of them", "with chocolate sauce": said of goods that were just spoken of, where the basket has nothing
    that it could be said of."""
    basket = [line.item for line in u.context.basket if line.item]
    goods = [item for item in u.context.listed if item in u.lexicon.catalogue.items and item not in basket]
    if draft.mode in ("remove", "change", "swap") and basket:
        return
    if draft.options:
        if any(all(item in option.places for option in draft.options) for item in basket):
            return
        goods = [item for item in goods if all(item in option.places for option in draft.options)]
    elif draft.quantity is None or len(goods) != 1 or not any("of_them" in span.has for span in kept):
        return
    if goods:
        draft.items, draft.heard = tuple(goods), draft.heard or draft.options[0].text
        draft.head, draft.some, draft.mode, draft.verb = True, False, "add", True


def unnamed(u: Utterance, kept: Sequence[Span], draft: Draft, before: Sequence[Draft]) -> None:
    """ "A large with olives and ham": asked for by options alone, where the basket has nothing that can have them."""
    apart = u.grammar.script == "spaced" and len(draft.options) > 1  # "a medium lemon lime", beside medium salsa
    there = any((all if apart else any)(line.item in o.places for o in draft.options) for line in u.context.basket)
    referred = draft.reference and ((u.context.basket and not apart) or draft.quantity is None)
    if apart and _comes_to_others(u, kept, draft):  # "and a small orange", behind two large colas
        there = referred = False
    if draft.head or not draft.options or referred or there or draft.mode not in (None, "add") or before:
        return
    if any("unknown" in span.has or span.why != "exact" for span in kept):
        return
    wished = draft.mode == "add" and draft.verb
    wished = wished or any(span.has.keys() & {"num", "article", "another"} for span in kept)
    if not wished and (u.context.basket or u.context.listed):
        return
    told = [*draft.options, *(option for sub in draft.subs for option in sub.options)]
    fewest = min((option.places for option in told), key=len)
    goods = tuple(item for item in fewest if all(item in option.places for option in told))
    if not wished and len({path for one in told for item in goods for path, _ in one.places[item][:1]}) < 2:
        return  # "falafel wrap please" says enough without a word that orders
    short = next((span.has["goods"] for span in kept if "goods" in span.has), ()) if len(told) == 1 else ()
    if len(short) > 1 and len(short) <= MOST_CANDIDATES:  # "the veggie one": what is called so, not only has it
        goods, draft.options, draft.quantity = short, [], draft.quantity or 1
    if goods and (len(goods) == 1 or (draft.quantity is not None and len(goods) <= MOST_CANDIDATES)):
        draft.items, draft.head, draft.mode, draft.verb, draft.some = goods, True, "add", True, False
        draft.reference = False
        draft.heard = draft.heard or told[0].text
        ends = not any("whose" in span.has for span in kept)
        if u.grammar.script == "unspaced" and len(goods) == len(told) == 1 and ends:
            draft.score = min(draft.score, UNSURE)  # 来杯牛奶, where there is none but in a latte


def _comes_to_others(u: Utterance, kept: Sequence[Span], draft: Draft) -> bool:
    """Whether "and" with a count leads to all choices that some goods of the basket need: more are wanted."""
    at = next((i for i, span in enumerate(kept) if span.has.keys().isdisjoint({"filler", "hesitation"})), 0)
    counted = at + 1 < len(kept) and bool(kept[at + 1].has.keys() & {"num", "article", "another"})
    if not ("and" in kept[at].has and counted) or u.context.expects not in (None, "basket"):
        return False
    if any(span.has.keys() & {"one", "of_them", "it"} for span in kept):
        return False
    goods = [item for item in draft.options[0].places if all(item in one.places for one in draft.options)]
    if len(goods) != 1:
        return False
    said = {path for one in draft.options for path, _ in one.places[goods[0]]}
    needed = {one.id for one in u.lexicon.catalogue.items[goods[0]].options if one.required}
    return bool(needed) and needed <= said


def acts_for(u: Utterance, drafts: list[Draft]) -> list[Act]:
    """The acts that goods make, together with what is done with them: bought at once, paid back, ordered again."""
    basket: Sequence[LineSaid] = u.context.basket
    if any(act.act == "reorder" for _, act in u.acts):  # "the usual once more" adds nothing to the usual
        drafts = [draft for draft in drafts if draft.head or draft.options]
        u.acts = [pair for pair in u.acts if pair[1].act != "repeat"]
    if u.context.orders and any(act.act == "order_status" for _, act in u.acts):  # "where are my fries"
        drafts = [draft for draft in drafts if draft.verb]
    asked = next((i for i, act in u.acts if act.act in _paid_back(u) and not act.lines), None)
    at = refund_at(u) if asked is None else asked
    if at is not None and (lines := _counted_behind(u, at, refunded(u, drafts))):
        u.acts = [pair for pair in u.acts if pair[1].act not in ("cancel", "start_over")]
        u.add(at, Act("refund", lines=lines, value=share(u)), {at})
        u.leftover.clear()  # why it is sent back is the buyer's affair
        return _ordered_before(u, drafts, lines)
    if not drafts:
        return []
    corrected: list[Act] = []
    if u.context.added and any(draft.anew or draft.denied for draft in drafts):
        corrected, doubts, drafts = said_anew(u, drafts)
        u.doubts += doubts
        if not drafts:
            return corrected
    if swapped := takes_place(u, drafts):
        if len(swapped) > 1:
            u.doubts.append(Doubt(drafts[0].heard, tuple(swapped[:MOST_CANDIDATES])))
        return swapped if len(swapped) == 1 else []
    if "or" in u.kinds:
        drafts = either(u, drafts)
    if not {"contains", "asking"} <= u.kinds:
        of_what_is_there(drafts, [line.item for line in u.context.basket if line.item])
    made, doubts = acts_of(drafts, u.lexicon, basket, u.grammar.tag, u.context.listed, u.context.last)
    u.doubts += doubts
    if any(_more_than_there(u, act) for act in made):
        u.leftover.append(u.shown)
        return corrected
    made = [*corrected, *(so_many(u, act) for act in made if not _empty(u, act))]
    if (u.context.timed or u.context.at is not None) and (time := hour(u, made)) is not None:
        u.doubts.append(Doubt(u.shown, (time, *made)))
        return []
    return _bought(u, made)


def _more_than_there(u: Utterance, act: Act) -> bool:
    """ "Take two of those off", where there is but one of what was spoken of last, and other goods beside it: which are
    meant can't be told."""
    line, said = u.context.spoken_of, act.lines[0] if len(act.lines) == 1 else None
    if act.act != "remove" or said is None or said.item is not None or said.which is not None or said.options:
        return False
    return line is not None and len(u.context.basket) > 1 and (said.quantity or 0) > (line.quantity or 1)


def _counted_behind(u: Utterance, at: int, lines: tuple[LineSaid, ...]) -> tuple[LineSaid, ...]:
    """ "两瓶水，退一瓶": so many of the goods named before as the word for it counts."""
    behind = [span.has for span in u.spans[at + 1 :] if span.has.keys().isdisjoint({"measure", "filler", "particle"})]
    if len(lines) != 1 or len(behind) != 1 or "num" not in behind[0]:
        return lines
    return (replace(lines[0], quantity=behind[0]["num"][0]),)


def _ordered_before(u: Utterance, drafts: Sequence[Draft], lines: Sequence[LineSaid]) -> list[Act]:
    """The goods of 两瓶水，退一瓶 where nothing was ordered yet that they could be of."""
    said = {item: draft.quantity or 0 for draft in drafts for item in draft.items[:1]}
    back = lines[0].quantity or 0
    if u.context.orders or len(lines) != 1 or not 0 < back < said.get(lines[0].item or "", 0):
        return []
    return [Act("add", (replace(lines[0], quantity=said[lines[0].item or ""]),))]


def refunded(u: Utterance, drafts: Sequence[Draft]) -> tuple[LineSaid, ...]:
    """The goods that are to be paid back, or that did come; a kind of them by its `#category`."""
    owned = [line.item for line in u.context.basket if line.item]
    lines: dict[str | None, LineSaid] = {}
    kinds = dict.fromkeys(kind for at in range(len(u.spans)) if (kind := u.kind_at(at)) is not None)
    for draft in drafts:
        if kinds and draft.head and len(draft.items) > 1:  # "the burger": of several kinds
            kind = next(iter(kinds))
            lines[kind] = LineSaid(kind, 1 if isinstance(draft.which, int) else draft.quantity)
            continue
        for item in candidates(draft, u.lexicon, owned)[:1]:
            for line in lines_of(draft, item, u.lexicon):
                if line.item not in lines or line.quantity is not None:
                    lines[line.item] = line
    if not lines and drafts:  # 拿铁不要了，退一杯: of goods that are in no basket now
        named = {one for span in u.spans for one in span.has.get("item", ())}
        counts = [draft.quantity for draft in drafts if draft.quantity is not None]
        only = named.pop() if len(named) == 1 else None
        lines[only] = LineSaid(only, counts[0] if only and counts else drafts[0].quantity)
    if left_out(u.spans):  # "refund everything except the Cokes"
        named = {item for at in range(len(u.spans)) for item in _named(u, at)}
        if not named.isdisjoint(owned):
            return tuple(LineSaid(item) for item in dict.fromkeys(owned) if item not in named)
    if complaints.at(u) is not None and not lines.keys().isdisjoint(owned):  # "a Sprite instead of the Coke"
        lines = {item: line for item, line in lines.items() if item in owned}
    return tuple(lines.values()) or tuple(LineSaid(kind) for kind in kinds)


def share(u: Utterance) -> dict[str, Any] | None:
    """How much of the money is meant, in hundredths, where it isn't all of it, "refund half"; a sum of it, 退35元; or
    that what is named is all that came."""
    if "currency" in u.kinds and u.kinds.isdisjoint({"item", "category"}):
        sums = (answers.money(u, i)[0] for i, span in enumerate(u.spans) if "num" in span.has)
        if (asked := next((one for one in sums if one is not None), None)) is not None:
            return {"amount": asked}
    if any("only_came" in span.has for span in u.spans) and not any(name == "refund" for name, _ in _acts_said(u)):
        return {"came": True}
    if any(halves(span) for span in u.spans):
        return {"percent": 50}
    if complaints.at(u) is not None:
        return {"failed": True}
    instead = u.context.refunding and not u.kinds.isdisjoint({"correct", "only"})
    return {} if instead else None  # "no, the Coke", "only the Coke" stands in the place of others


def _acts_said(u: Utterance) -> Iterator[tuple[str, Any]]:
    return (act for i in u.acting for act in u.spans[i].has.get("act", ()))


def takes_place(u: Utterance, drafts: Sequence[Draft]) -> list[Act]:
    """换成鸡肉汉堡, 치킨버거로 바꿔 주세요: goods take the place of a line of their kind; an act for each that may be
    meant."""
    basket: Sequence[LineSaid] = u.context.basket
    owned = [line.item for line in basket if line.item]
    draft, goods = drafts[0], u.lexicon.catalogue.items
    if len(drafts) != 1 or not owned or not draft.head or draft.old or draft.mode not in ("swap", "change"):
        return []
    items = candidates(draft, u.lexicon, owned)
    if len(items) != 1 or items[0] in owned or not any(_puts_in(u, i) for i in range(len(u.spans))):
        return []
    kind = goods[items[0]].category
    alike = [one for one in dict.fromkeys(owned) if one in goods and goods[one].category == kind]
    if u.context.last in alike:
        alike = [u.context.last]
    lines = tuple(lines_of(draft, items[0], u.lexicon))
    return [Act("change", lines=lines, instead_of=(LineSaid(one),)) for one in alike]


def _puts_in(u: Utterance, at: int) -> bool:
    """Whether a word of swapping says what comes, not what goes: before it, or behind goods that are marked so."""
    if u.spans[at].has.get("verb", ("",))[0] != "swap":
        return False
    if u.grammar.script == "unspaced":  # 鸡蛋换成小盒的 is of the eggs
        return any("item" in span.has or "partial" in span.has for span in u.spans[at + 1 :])
    if not at or "as" not in u.spans[at - 1].has:
        return False
    before = at - 2
    while (
        before > 0 and u.spans[before].has.keys() & {"measure", "num", "particle"} and "item" not in u.spans[before].has
    ):
        before -= 1
    return before >= 0 and "unknown" not in u.spans[before].has  # 계란을 작은 상자로 is of the eggs


def refund_at(u: Utterance) -> int | None:
    """Where a refund is asked for; of goods of an order that was placed, also where they are said not to have come."""
    back = _paid_back(u)
    asked = next((i for i in u.acting for name, _ in u.acts_at(i) if name in back), None)
    if asked is not None or not u.context.orders:
        return asked
    fault = complaints.at(u)
    return _more_back(u) if fault is None else fault


def _paid_back(u: Utterance) -> tuple[str, ...]:
    """Acts by which goods of an order are paid back: of "cancel everything except the fries" some of them are."""
    some = bool(u.context.orders) and left_out(u.spans)
    return ("refund", "cancel", "start_over") if some else ("refund",)


def _more_back(u: Utterance) -> int | None:
    """Where more goods of an order are named while it is asked whether some of it is paid back: "and the bread too"."""
    if not u.context.refunding or not all(span.has.keys() & _NAMED_ALONE for span in u.spans):
        return None
    owned = {line.item for line in u.context.basket}
    goods = [i for i in range(len(u.spans)) if u.free(i, "item") or u.kind_at(i) is not None]
    return goods[0] if goods and all(owned.intersection(_named(u, i)) for i in goods) else None


def _named(u: Utterance, at: int) -> Sequence[str | None]:
    """The goods that words may name: those of their name, or all of their kind."""
    return u.spans[at].has.get("item") or u.lexicon.categories.get(str(u.kind_at(at))[1:], ())


_NAMED_ALONE = frozenset(
    "item category and but filler particle the num measure article pause stop polite wish hesitation only each"
    " correct".split()
)
"""What is said where goods are named, and nothing is to be done with them."""


def _bought(u: Utterance, made: list[Act]) -> list[Act]:
    """Goods that are to be bought at once, "buy a latte now": the short way to pay, with these lines."""
    said = [pair for pair in u.acts if pair[1].act == "buy_now"]
    buys = next((i for i, span in enumerate(u.spans) if "buys" in span.has), None)
    if not said and (buys is None or not any("at_once" in span.has for span in u.spans[buys:])):
        return made
    lines = [line for act in made if act.act == "add" for line in act.lines]
    if u.doubts and not lines:  # which goods is asked first; buying them at once stays the wish
        u.acts = [pair for pair in u.acts if pair not in said]
        u.doubts = [replace(doubt, candidates=tuple(map(_at_once, doubt.candidates))) for doubt in u.doubts]
    if not lines:
        return made
    u.acts = [pair for pair in u.acts if pair not in said and pair[1] != Act("give_time", value="asap")]
    return [Act("buy_now", lines=tuple(lines)), *(act for act in made if act.act != "add")]


def _at_once(act: Act) -> Act:
    return replace(act, act="buy_now") if act.act == "add" else act


def _empty(u: Utterance, act: Act) -> bool:
    """A change that changes nothing, of goods that aren't named, or beside words that came to nothing."""
    named = u.kinds.isdisjoint(("unknown", "option")) and any(line.item for line in act.lines)
    told = any(line.quantity is not None or line.options for line in act.lines)
    return act.act == "change" and not (act.instead_of or named or told)

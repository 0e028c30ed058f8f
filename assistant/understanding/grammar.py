"""From spans to what a person wants: the acts of an utterance, in order, with what was not understood."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from assistant.turns import Act, LineSaid
from assistant.understanding import idle, looked_for
from assistant.understanding.asked import allergies, complaints, kinds, only_asked, questions
from assistant.understanding.changing import made_into, restated, withheld, within_offered
from assistant.understanding.commands import PLAIN, answer, commands
from assistant.understanding.facts import answers, house_numbers, other_room
from assistant.understanding.facts.reading import facts
from assistant.understanding.ordering import parts_shared
from assistant.understanding.ordering.drafts import Draft, units
from assistant.understanding.ordering.goods import acts_for, read_goods
from assistant.understanding.words.utterance import Utterance


def read(utterance: Utterance) -> None:
    """Fills in acts, doubts and leftover. Facts first (codes, addresses, times), then questions, goods, commands."""
    if looked_for.settle(utterance):
        return
    facts(utterance)
    drafts: list[Draft] = []
    start = 0
    if utterance.context.expects == "confirm" and not only_asked.asks(utterance):
        answers.amount_anywhere(utterance)
    spans = utterance.spans
    for index in _ends(utterance):
        if drafts and start < index and all("correct" in one.has for one in spans[start:index]):
            continue  # "Two cokes. No wait. Three cokes.": as recognisers write it
        sentence(utterance, start, index, drafts)
        start = index + 1
    sentence(utterance, start, len(spans), drafts)
    finish(utterance, drafts)
    other_room.read(utterance)
    withheld.agreed(utterance)
    only_asked.settle(utterance)
    house_numbers.same_house(utterance)
    if not utterance.acts and not utterance.doubts:
        idle.read(utterance)


def _ends(u: Utterance) -> list[int]:
    """Where sentences end within an utterance: at a stop, or where it is gone on behind a question."""
    goes_on = "contains" in u.kinds and u.grammar.script == "unspaced"
    if "stop" not in u.kinds and not goes_on:
        return []
    return [i for i, span in enumerate(u.spans) if "stop" in span.has or (goes_on and _asked_and_gone_on(u, i))]


def _asked_and_gone_on(u: Utterance, at: int) -> bool:
    """Whether a pause at `at` ends a question: 奶茶里有红豆吗，我不能吃红豆."""
    return at > 0 and "pause" in u.spans[at].has and u.spans[at - 1].has.keys() >= {"asking", "filler"}


def sentence(u: Utterance, start: int, end: int, drafts: list[Draft]) -> None:
    """One sentence: its questions, then its goods, then its commands."""
    if start >= end:
        return
    if u.grammar.script == "unspaced" and (drafts or u.context.basket or "item" in u.kinds):
        questions.some_have(u, start, end, bool(drafts or u.context.basket))
    acting = [i for i in u.acting if start <= i < end and "act" in u.spans[i].has]
    left = _ask(u, start, end, acting)
    allergies.kept_out(u, left)
    kept = [u.spans[i] for i in left if i not in u.used]
    if kept:
        asked = next((act.items for _, act in reversed(u.acts) if act.act in questions.QUESTIONS and act.items), ())
        questions.unknown(u, read_goods(u, kept, drafts, asked))
    acting = [i for i in acting if i in left]
    for i in acting:
        for name, value in u.acts_at(i):
            if name == "same":
                _same_again(u, i, None if value == "all" else 1, drafts)
    if acting:
        commands(u, left, acting, bool(drafts))


def _ask(u: Utterance, start: int, end: int, acting: Sequence[int]) -> list[int]:
    """Makes the acts of what a sentence asks; what is left of it for others."""
    everything = list(range(start, end))
    if u.kinds.isdisjoint({"asking", "question"}) and complaints.at(u) is not None:
        return everything  # 有一个鸡蛋碎了 asks for no eggs
    if contained := allergies.inside(u, start, end):
        act, begin = contained
        u.add(begin, act, set(range(begin, end)))
        return everything
    if (counted := only_asked.how_many(u, start, end)) is not None:
        items, behind = counted
        u.add(start, Act("ask_item", items=items), set(range(start, behind)))
        return list(range(behind, end))
    for find in (allergies.without, allergies.holding, questions.in_a_pack, questions.what_about, questions.of_that):
        if asked := find(u, start, end):
            u.add(start, asked, set(everything))
            return everything
    question = _question(u, start, end, acting)
    if question is not None:
        left = questions.ask(u, question, start, end)
        while (more := next((i for i in acting if i in left and _asks_more(u, i, left)), None)) is not None:
            left = [i for i in questions.ask(u, more, min(left), end) if i in left]
        return left
    questions.cheapest_beside(u, start, end)
    for find in (questions.inquiry, questions.suited, questions.described, questions.cheapest, questions.follow_up):
        if asked := find(u, start, end):
            u.add(start, asked, set(everything))
            break
    return everything


def _question(u: Utterance, start: int, end: int, acting: Sequence[int]) -> int | None:
    """Where a sentence asks something by a phrase of asking or a word such as "what"."""
    for i in acting:
        if any(name in questions.QUESTIONS and questions.asks(u, i, start, end) for name, _ in u.acts_at(i)):
            return i
    if "question" not in u.kinds:
        return None
    return next((i for i in range(start, end) if u.free(i, "question") and questions.wonders(u, i, start, end)), None)


def _same_again(u: Utterance, at: int, number: int | None, drafts: list[Draft]) -> None:
    """ "The same again", or "the same again but with bacon", where that is said already."""
    if drafts and not drafts[-1].head and drafts[-1].options and not drafts[-1].alike:
        same = drafts[-1]
        same.reference = same.more = same.verb = same.alike = True
        same.mode, same.quantity = "add", number
        u.used.add(at)
    else:
        u.add(at, Act("add", lines=(LineSaid(None, number),)), {at})


def _asks_more(u: Utterance, at: int, left: Sequence[int]) -> bool:
    """Whether another question than the one that was taken stands at `at`, with goods of its own, or of each."""
    if ("ask_price", questions.EACH) in u.acts_at(at):
        return True
    asks = any(name in questions.QUESTIONS for name, _ in u.acts_at(at))
    return asks and any(u.free(i, "item", "category") for i in left)


def finish(u: Utterance, drafts: list[Draft]) -> None:
    failed = u.context.orders and not u.kinds.isdisjoint({"failed", "spoilt"})
    wanted = within_offered.taken(u)
    made = [wanted] if wanted is not None else within_offered.joined(u, acts_for(u, drafts))
    made = made_into.of_parts(u, made)
    made = parts_shared.within(u, restated.shared_out(u, made))
    made = restated.stays(u, restated.told_whole(u, made))
    if any(act.act == "refund" and act.lines for _, act in u.acts):
        u.acts = [pair for pair in u.acts if pair[1].act != "refund" or pair[1].lines]
    if failed and not made and not u.doubts and all(act.act == "show_basket" for _, act in u.acts):
        complaints.of_no_goods(u)
    if made:
        made = _same_without(u, made)
        at, listed = _place(u), kinds.listed(u, made)
        u.acts += [(at, act) for act in made]
        if listed:
            u.acts.append((len(u.spans), Act("ask_menu", items=listed)))
    answer(u)
    if len(u.acts) < 2:
        return
    if u.context.orders and any((act.act, act.value) == ("back", "dates") for _, act in u.acts):
        u.acts = [pair for pair in u.acts if pair[1].act != "give_dates"]  # of a booking that was made: never new ones
    u.acts = [pair for pair in u.acts if not _said_anew(u, pair[1])]
    u.acts = [pair for pair in u.acts if not _day_asked_about(u, *pair)]
    _so_many_back(u)
    if any(act.act == "start_over" for _, act in u.acts):
        u.acts = [pair for pair in u.acts if pair[1].act != "cancel"]
    u.acts.sort(key=lambda pair: pair[0])
    u.acts = [
        pair
        for i, pair in enumerate(u.acts)
        if pair[1].act not in _ONCE or all(pair[1] != one for _, one in u.acts[:i])
    ]


def _same_without(u: Utterance, made: list[Act]) -> list[Act]:
    """ "The same again but without the coffee": no more of it comes, and what there is stays."""
    again = next((act.lines[0] for _, act in u.acts if act.act == "add" and len(act.lines) == 1), None)
    if again is None or again.item is not None:
        return made

    def less(act: Act) -> Act:
        said = act.lines[0] if act.act == "remove" and len(act.lines) == 1 else None
        if said is None or said.item is None or said.quantity is not None or said.which is not None:
            return act
        return replace(act, lines=(replace(said, quantity=again.quantity or units(u.context.basket, (said.item,))),))

    return [less(act) for act in made]


def _so_many_back(u: Utterance) -> None:
    """ "Put one back", "add two back": so many come back of what was taken off."""
    some = next((act for _, act in u.acts if act.act in ("add", "change") and not act.instead_of), None)
    mere = some is not None and len(some.lines) == 1 and some.lines[0] == LineSaid(None, some.lines[0].quantity)
    if some is None or not mere or not some.lines[0].quantity or not any(_goes_back(act) for _, act in u.acts):
        return
    if any(span.has.get("verb", ("",))[0] == "add" for span in u.spans):
        u.acts = [(at, Act("undo", some.lines) if act is some else act) for at, act in u.acts if not _goes_back(act)]


def _goes_back(act: Act) -> bool:
    return act.act == "back" and act.value is None


_ONCE = PLAIN | {"ask_item", "deny"}
"""What is done, or answered, only once of all the times it is said."""
_FACTS = {
    "contact": "give_contact",
    "address": "give_address",
    "time": "give_time",
    "method": "choose_method",
    "fulfilment": "choose_fulfilment",
    "dates": "give_dates",
}


def _said_anew(u: Utterance, act: Act) -> bool:
    """Whether what is to be put right is put right already: "wrong number, it's 555 0199"; or anything is, where it
    wasn't said what: "I want to change something, make it two"."""
    if act.act != "back" or act.value is None:
        return False
    return act.value == "any" or any(one.act == _FACTS.get(act.value) for _, one in u.acts)


def _day_asked_about(u: Utterance, at: int, act: Act) -> bool:
    """Whether a day only says when one would like to arrive earlier or leave later: "can we check out later on
    Sunday" moves no stay."""
    if act.act != "give_dates" or not isinstance(act.value, dict) or len(act.value) > 1:
        return False
    asked = [place for place, one in u.acts if (one.act, one.value) == ("ask_item", "later")]
    return any(
        not any(span.has.keys() & {"pause", "stop"} for span in u.spans[min(at, place) : max(at, place)])
        for place in asked
    )


def _place(u: Utterance) -> int:
    return next(
        (i for i, span in enumerate(u.spans) if i not in u.used and span.has.keys() & {"item", "choice", "num", "it"}),
        0,
    )

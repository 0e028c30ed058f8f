"""What is said without goods: checkout, undo, help and the like; yes and no."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from assistant.turns import Act, Doubt, LineSaid
from assistant.understanding.asked import questions
from assistant.understanding.facts import answers
from assistant.understanding.ordering.goods import share
from assistant.understanding.words.names import meaning_of
from assistant.understanding.words.spans import Span
from assistant.understanding.words.text import fold, words_of
from assistant.understanding.words.utterance import Utterance

PLAIN = frozenset(
    "checkout buy_now undo redo back repeat help person stop start_over show_basket order_status reorder cancel refund"
    " change_language continue_elsewhere".split()
)
_CONTENT = frozenset({"item", "choice", "num", "verb", "category", "partial", "amount", "option"})
_DOUBLE = frozenset(
    "verb amount correct filler choice item clock on some it question wish category day fulfilment adult as_is".split()
)
"""A span that may also be one of these is an act only where nothing else was said."""


def commands(u: Utterance, left: Sequence[int], acting: Sequence[int], ordered: bool) -> None:
    """Commands without goods: checkout, undo, help and the like. `acting`: of `left`, those that may be one."""
    strange = sum(u.spans[i].end - u.spans[i].start for i in left if i not in u.used and "unknown" in u.spans[i].has)
    for i in acting:
        for name, value in u.acts_at(i):
            if name == "undo" and _waves_off(u, i):
                u.add(i, Act("deny"), {i})
                break
            if name in PLAIN and _commanded(u, i, name, value, left, strange, ordered):
                break


def _waves_off(u: Utterance, at: int) -> bool:
    """Whether "forget that" is said of what was asked, and takes nothing back that was done before."""
    asked = u.context.expects in ("choose", "confirm", "pay")
    return asked and bool(u.spans[at].has.keys() & {"verb", "correct"}) and _alone(u, at)


def _commanded(u: Utterance, at: int, name: str, value: Any, left: Sequence[int], strange: int, ordered: bool) -> bool:
    """Whether a span is taken for a command. `strange`: how many words beside it aren't known."""
    span = u.spans[at]
    size = span.end - span.start
    if name == "cancel" and left and questions.asking(u, left[0], left[-1] + 1) and not _requested(u, left):
        u.add(at, Act("ask_item", value="cancellation"), {at})
        return True
    if strange and (size < 2 or strange > 2 * size):
        return False
    if name == "cancel" and ordered and u.context.basket and _points(u, span):
        u.add(at, Act("remove", lines=(LineSaid(None),)), {at})  # "cancel that and give me a latte"
        return True
    if name == "cancel" and strange and u.grammar.script == "spaced":  # "I changed my mind and the air"
        u.doubts.append(Doubt(u.shown, (Act("cancel"),)))
        u.used.add(at)
        return True
    double = _DOUBLE if u.context.booking else _DOUBLE - {"day"}
    others = [
        act for _, act in u.acts if (act.act, name) != ("order_status", "cancel")
    ]  # 주문 언제 와요? 취소해 주세요
    if not span.has.keys().isdisjoint(double) and (ordered or others or not _alone(u, at)):
        return False
    if name == "show_basket" and ordered and at and "on" in u.spans[at - 1].has:
        u.used.add(at)  # where the goods go, or come from: two colas to my basket
        return True
    if (ordered and _of_what_is_ordered(name, span)) or (name == "stop" and _goes_on(u, at, left)):
        return False
    if name == "back" and ordered and at and u.spans[at - 1].has.keys() & {"choice", "item"}:
        u.used.add(at)  # "put the onion back on"
        return False
    if name == "continue_elsewhere":  # where to, and what for, says nothing more: "back to the kitchen"
        beside = {j for j in left if "unknown" in u.spans[j].has}
        u.used |= beside
        said = {u.said(j, j + 1) for j in beside}
        u.leftover = [one for one in u.leftover if one not in said]
    if (name == "change_language" and value != "ask") or (name == "repeat" and value is not None and ordered):
        return False
    if name == "checkout" and value == "pay" and any(a.act in ("choose_method", "give_amount") for _, a in u.acts):
        return False
    half = _SHARES.get(str(value)) or (share(u) if name == "refund" else None)
    whole = name in ("checkout", "change_language") or (name, value) == ("refund", "all")
    u.add(at, Act(name, value=half or (None if whole else value)), {at})
    return True


_SHARES: dict[str, dict[str, Any]] = {"half": {"percent": 50}, "part": {"part": True}}
"""How much of an order a phrase wants paid back; which part it is isn't said."""


def _of_what_is_ordered(name: str, span: Span) -> bool:
    """Whether a command's words are said of the goods beside it: "no more fries"; 一杯拿铁，同样的再来一杯, like the
    latte; "give me back two"."""
    return (
        name == "refund" or (name == "checkout" and "amount" in span.has) or (name == "reorder" and "alike" in span.has)
    )


def _goes_on(u: Utterance, at: int, left: Sequence[int]) -> bool:
    """Whether words that end a talk don't here: "the end of the month", "leave the coke", "something quiet for two"."""
    size = u.spans[at].end - u.spans[at].start
    of = at + 1 in left and "of" in u.spans[at + 1].has
    return of or any(j != at and _wanted(u.spans[j], size) for j in left)


def _points(u: Utterance, span: Span) -> bool:
    """Whether a phrase ends in a word such as "that", for what was spoken of last."""
    key, words = words_of(span.text), u.lexicon.words[u.grammar.tag]
    return any("it" in meaning_of(words, key[cut:]) for cut in range(1, len(key)))


_WANTED = frozenset({"question", "category", "tag", "num", "article", "multiple", "people", "adult"})


def _wanted(span: Span, size: int) -> bool:
    """Whether a word beside one that ends a talk, of `size` words, tells that something is wanted still."""
    return bool(span.has.keys() & {"item", "category"}) or (size < 2 and bool(span.has.keys() & _WANTED))


def _requested(u: Utterance, left: Sequence[int]) -> bool:
    """Whether a question asks us to do it: "could you cancel that"."""
    return any("request" in u.spans[i].has for i in left)


def _alone(u: Utterance, index: int) -> bool:
    """Nothing with a meaning of its own stands beside this span."""
    return not any(
        i != index
        and i not in u.used
        and span.has.keys() & (_CONTENT | {"unknown"})
        and not span.has.keys() & {"filler", "polite"}
        for i, span in enumerate(u.spans)
    )


_BESIDE = frozenset({"choose_method", "choose_fulfilment", "give_guests", "give_dates"})


def _firmly(u: Utterance) -> bool:
    """Whether a yes is more than an "ok" that leads to something else, gives in (行吧，就这些), or says that all is to
    stay as it is: 이대로 할게요."""
    firm = [i for i in u.acting if u.spans[i].has.keys().isdisjoint({"filler", "yields"})]
    return any(name == "confirm" and value != "as_is" for i in firm for name, value in u.acts_at(i))


def answer(u: Utterance) -> None:
    """Yes and no, where nothing else was said; a yes with a "but" is no yes."""
    said = {name for i in u.acting for name, _ in u.acts_at(i) if name in ("confirm", "deny")}
    if not said:
        return
    keeps = any(("deny", "keep") in u.acts_at(i) for i in u.acting)
    if keeps:  # "I changed my mind, keep it" calls nothing off
        u.acts = [pair for pair in u.acts if pair[1].act != "cancel"]
    if _takes_and_orders(u):
        u.acts.insert(0, (-1, Act("confirm")))
        return
    if u.context.expects == "choose" and any(act.act == "checkout" for _, act in u.acts):
        if "deny" not in said and _firmly(u):
            u.acts.insert(0, (-1, Act("confirm")))  # "yes, and that's all"
        return  # "ok that's all" takes nothing that is offered
    if u.doubts or not _stands_beside(u):
        return
    plain, yes = _plain(u), _is_yes(u, said)
    if plain is None or yes is None or (yes and (not plain or _may_refuse(u))):
        return
    u.acts = [pair for pair in u.acts if pair[1].act != "checkout"]
    if yes:
        ordered = any(("confirm", "order") in u.acts_at(i) for i in u.acting)
        # "Confirm" answers "anything else?"
        u.add(0, Act("checkout" if ordered and u.context.expects == "basket" else "confirm"))
    else:
        _refuse(u, keeps)


def _stands_beside(u: Utterance) -> bool:
    """Whether a yes or a no may stand beside all that was said besides."""
    amount = all(act.act == "give_amount" for _, act in u.acts)
    ending = all(act.act in ("give_amount", "checkout") for _, act in u.acts)
    beside = u.context.expects not in ("confirm", "pay") and all(act.act in _BESIDE for _, act in u.acts)
    if u.context.expects == "choose" and u.context.pointing and u.acts:
        # "I'll take it, Tom Lee 13712345678"; an "ok, eating in" takes no goods that are offered
        told = all(act.act in _BESIDE or act.act == "give_contact" for _, act in u.acts)
        beside = told and _firmly(u)
    return amount or beside or (ending and u.context.expects == "confirm")


def _plain(u: Utterance) -> bool | None:
    """Whether nothing beside the words of yes and no takes anything back; None where something else was said."""
    plain, insisted = not answers.asks_back(u), _insisted(u)
    beside_yes = answers.BESIDE_YES if u.context.expects in ("confirm", "pay") else answers.BESIDE_YES | {"it", "one"}
    for i, span in enumerate(u.spans):
        if i in u.used or i in insisted or {"confirm", "deny"} & {name for name, _ in u.acts_at(i)}:
            continue
        plain = plain and bool(span.has.keys() & beside_yes)
        if span.has.keys() & {"unknown", "but", "fraction", "digits"}:
            return None
        if span.has.keys() & {"num", "choice", "item"} and not span.has.keys() & {"filler", "polite", "wish"}:
            return None
    return plain


def _insisted(u: Utterance) -> range:
    """ "Yes, I do": where behind a yes it is only said once more that it is so, and nothing else."""
    yes = max((i for i in u.acting if any(name == "confirm" for name, _ in u.acts_at(i))), default=len(u.spans))
    begin = next((i for i in range(yes + 1, len(u.spans)) if "pause" not in u.spans[i].has), len(u.spans))
    end = next((i for i in range(begin, len(u.spans)) if "stop" in u.spans[i].has), len(u.spans))
    told = begin < end and words_of(fold(u.said(begin, end))) in u.grammar.insists
    return range(begin, end) if told else range(0)


def _is_yes(u: Utterance, said: Collection[str]) -> bool | None:
    """Which of yes and no is meant, where both may be; None where it can't be told."""
    if len(said) < 2:
        return "confirm" in said
    names = [{name for name, _ in u.acts_at(i)} & {"confirm", "deny"} for i in range(len(u.spans))]
    firm = {name for one in names if len(one) == 1 for name in one}
    first = next(name for i in range(len(u.spans)) for name, _ in u.acts_at(i) if name in ("confirm", "deny"))
    if firm == {"deny"} or first == "deny":
        return False
    return True if firm == {"confirm"} else None


def _refuse(u: Utterance, keeps: bool) -> None:
    if u.context.expects in (None, "basket") and _only_waits(u):
        u.add(0, Act("none"))  # "hold on" doesn't say that nothing else is wanted
    elif kinds := _kinds_behind(u):
        u.add(0, Act("ask_menu", items=kinds))
    else:
        u.add(0, Act("deny", value="keep" if keeps else _fault(u)))
        # "Wait, make it Wednesday", where no day can be told: it isn't done, and is said back.
        days = [i for i, span in enumerate(u.spans) if i not in u.used and "weekday" in span.has]
        u.leftover += [u.said(i, i + 1) for i in days]


def _fault(u: Utterance) -> str | None:
    """What a no is of: what was understood ("that's wrong"), what was wanted before ("I changed my mind"), or money
    that is taken ("don't charge me"). None of them says that nothing else is wanted."""
    said = {value for i in u.acting for name, value in u.acts_at(i) if name == "deny"}
    return next((value for value in ("wrong", "mind", "charge") if value in said), None)


def _kinds_behind(u: Utterance) -> tuple[str, ...]:
    """The kinds of goods that are wanted behind a no and a pause, as ids with #: 不要套餐，点汉堡."""
    pause = max((i for i, span in enumerate(u.spans) if "pause" in span.has), default=len(u.spans))
    behind = [u.spans[i].has for i in range(pause + 1, len(u.spans)) if i not in u.used]
    if not any(has.get("verb", ("",))[0] == "add" for has in behind) or any("act" in has for has in behind):
        return ()
    return tuple(dict.fromkeys(f"#{has['category']}" for has in behind if has.get("category") in u.lexicon.categories))


def _takes_and_orders(u: Utterance) -> bool:
    """ "Yes, and a large coke", "yes with breakfast for two": what was offered is taken, and goods are ordered behind
    it."""
    if not u.context.pointing or u.context.expects != "choose" or u.doubts:
        return False
    if not any(act.act == "add" for _, act in u.acts) or not all(
        act.act == "add" or act.act in _BESIDE for _, act in u.acts
    ):
        return False
    said = [i for i in range(len(u.spans)) if "act" in u.spans[i].has or "item" in u.spans[i].has]
    first = {name for name, _ in u.spans[said[0]].has.get("act", ())}
    behind = next((span.has for span in u.spans[said[0] + 1 :] if "polite" not in span.has), {})
    joined = bool(behind.keys() & {"and", "pause", "stop"}) or behind.get("amount", ("",))[0] == "with"
    return "confirm" in first and "deny" not in first and joined


def _only_waits(u: Utterance) -> bool:
    """Whether every word that refuses asks for no more than a moment."""
    refusing = [value for i in u.acting for name, value in u.acts_at(i) if name == "deny"]
    return all(value == "wait" for value in refusing)


_REFUSALS = frozenset({"deny", "cancel", "stop"})


def _may_refuse(u: Utterance) -> bool:
    """Whether words that end an order ("nothing more") may as well refuse it ("not any more"): no yes beside them where
    it would cost money."""
    return u.context.expects in ("confirm", "pay") and any(
        i in u.used and name in _REFUSALS for i, span in enumerate(u.spans) for name, _ in span.has.get("act", ())
    )

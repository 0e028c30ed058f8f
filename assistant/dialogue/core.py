"""The core: what must be known (`needs`), what a turn does (`handle`), what a payment's result does (`settle`).

Pure: no clock, no store, no network. The same scene, session, order and meaning give the same outcome.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from msgspec.structs import replace

from assistant.commerce.catalogue import Catalogue
from assistant.commerce.order import Order
from assistant.commerce.shop import Shop
from assistant.commerce.stock import keys_of, stock_keys
from assistant.dialogue import (
    aftercare,
    allergies,
    answering,
    around,
    asking,
    attended,
    basket,
    booking,
    checkout,
    contents,
    flow,
    learning,
    linked,
    money_back,
    offering,
    questions,
    undoing,
)
from assistant.dialogue.draft import Draft
from assistant.dialogue.known import OFFERING, wanted_in_all
from assistant.dialogue.offering import nights_of
from assistant.dialogue.results import settle
from assistant.dialogue.say import Both
from assistant.dialogue.state import Asked, Needs, Outcome, Scene, Session, StockKey
from assistant.steps import Phase, Said
from assistant.turns import Act, LineSaid, Meaning
from assistant.understanding.words.text import CARD

__all__ = ["handle", "needs", "settle", "without_question"]

QUESTIONS = frozenset("ask_price ask_menu ask_stock ask_item order_status help person show_basket".split())
"""Acts that change nothing: what was asked before them stays open."""

HISTORY = frozenset("order_status refund reorder recommend cancel give_coupon buy_now".split())
"""Acts that look at past orders."""
HISTORY_UNLESS_OPEN = frozenset("remove give_address give_time give_contact choose_method checkout confirm".split())
"""Acts on the open order that mean a placed one, or ask for it, where there is none."""


def needs(session: Session, order: Order | None, meaning: Meaning, shop: Shop, catalogue: Catalogue) -> Needs:
    """Stock rows and history that `handle` will look at."""
    acts = list(meaning.acts)
    for doubt in meaning.ask:
        acts += doubt.candidates
    if session.asked is not None:
        for asked in (session.asked, *session.asked.later):
            for candidate in asked.candidates:
                acts += candidate
    kinds = {act.act for act in acts}
    desk = "person" in kinds or "refund" in kinds
    code = any([act.act == "continue_elsewhere" and act.value in (None, "back") for act in acts])
    shopping = order is not None and order.stage == "open" and bool(order.lines)
    history = bool(kinds & (HISTORY if shopping else HISTORY | HISTORY_UNLESS_OPEN))
    history = history or any([(not shopping and _same_again(order, a)) or _takes_off_others(order, a) for a in acts])
    history = history or any([act.act == "give_address" and isinstance(act.value, dict) for act in acts])
    history = history or _first_order_counts(session, order, shop)
    items = _looked_at(acts, kinds, order, catalogue) & catalogue.counted if catalogue.counted else None
    if not items:
        return Needs((), history, desk, code)
    categories = {found.category for one in items if (found := catalogue.item(one)) and found.stock is not None}
    dates = _dates(session, acts)
    keys: set[StockKey] = set()
    for one in items | {item.id for category in categories for item in catalogue.in_category(category)[:50]}:
        item = catalogue.item(one)
        if item is None:
            continue
        if not item.adults:
            keys.update(keys_of(item))
        elif item.stock is not None:
            keys |= {(one, night) for span in dates for night in nights_of(span)}
    if order is not None:
        keys |= {(sku, bucket) for sku, bucket, _count in stock_keys(order, catalogue)}
    return Needs(tuple(sorted(keys)), history, desk, code)


def _looked_at(acts: list[Act], kinds: set[str], order: Order | None, catalogue: Catalogue) -> set[str]:
    """The goods that acts name, that are in the basket, or may be told of."""
    items = {line.item for act in acts for line in (*act.lines, *act.instead_of) if line.item}
    for act in acts:
        items.update(act.items)
    if order is not None:
        items.update([line.item for line in order.lines])
    if kinds.isdisjoint({"recommend", "ask_stock", "give_dates", "give_guests", "reorder"}):
        return items
    return items.union(catalogue.items) if len(catalogue.items) <= 200 else items


def _first_order_counts(session: Session, order: Order | None, shop: Shop) -> bool:
    """Whether a total may depend on earlier orders: a promotion for the first one has no code, or its code was given
    (undo and redo bring it back)."""
    codes = shop.first_order_codes
    if not codes or None in codes:
        return bool(codes)
    known = (*session.past, *session.future, *((order,) if order is not None else ()))
    return any([one.discounts for one in known])


def _dates(session: Session, acts: list[Act]) -> list[tuple[str, str]]:
    """Every stay that may be meant: the one spoken of and the one said now."""
    spans = [session.recent.dates] if session.recent.dates else []
    for act in acts:
        if act.act in ("give_dates", "ask_price") and isinstance(act.value, dict):
            stay = booking.stay_said(session.recent, act.value)
            if stay is not None and stay.start and stay.end:
                spans.append((stay.start, stay.end))
    return spans


def handle(scene: Scene, session: Session, order: Order | None, meaning: Meaning) -> Outcome:
    """A person's turn: does what was meant, then asks what is still to be known."""
    draft = _begun(scene, session, order, meaning)
    by = attended.taken(session)
    if by is not None and scene.turn.source != "merchant":
        attended.pass_on(draft, by)
        if not draft.quiet:
            asking.ask_next(draft)
        return draft.outcome()
    if _passes_over_a_change(scene, session, meaning):
        draft.say("change_left_out")
        draft.session = replace(draft.session, asked=None, read_back=None)  # what comes is read back whole
    learning.corrected(draft)
    learning.remember(draft)
    _do_all(draft, _pending(session))
    allergies.remind(draft)
    if not (
        _only_details(draft) or _adds_more(draft) or asking.which_room_is_open(draft)
    ):  # else what is in doubt is asked about again
        asking.tell_left_out(draft, session.asked)
    asking.ask_about_doubts(draft)
    _go_on(draft)
    return draft.outcome()


def _begun(scene: Scene, session: Session, order: Order | None, meaning: Meaning) -> Draft:
    """A turn's draft, with what happened since the last one told, and what is remembered of this one."""
    if meaning.language and meaning.language != session.language:
        session = replace(session, language=meaning.language)
    if order is not None and order.stage == "open" and order.currency != scene.shop.currency and not scene.payment.live:
        # The merchant sells in another currency now: its prices count, and a yes to the old ones does not.
        order = replace(order, currency=scene.shop.currency, consent=None)
    draft = Draft(scene, session, order, meaning)
    if scene.turn.source != "merchant":  # what staff do in a talk tells its buyer nothing: it waits for their own turn
        _tell_news(draft)
    if meaning.text:
        draft.remember(heard=meaning.text, heard_before=session.recent.heard)
    timed = any([act.act == "give_time" for act in meaning.acts])
    leaving = any(
        [act.act == "give_dates" and isinstance(act.value, dict) and act.value.keys() == {"to"} for act in meaning.acts]
    )
    now, before = (timed, leaving, _told(meaning)), session.recent
    if now != (before.timed, before.leaving, before.told) or before.added:
        draft.remember(timed=timed, leaving=leaving, told=now[2], added=())
    return draft


_TELLS = {
    "give_time": "time",
    "give_address": "address",
    "give_contact": "name",
    "choose_fulfilment": "way",
    "choose_method": "way",
}


def _told(meaning: Meaning) -> str:
    """What a turn told last, unless goods were spoken of: a bare number that corrects is said of that."""
    if not meaning.acts:
        return "" if meaning.ask else "unclear"
    if meaning.ask or any([act.lines for act in meaning.acts]):
        return ""
    told = [act for act in meaning.acts if act.act in _TELLS]
    if told and isinstance(told[-1].value, dict) and "phone" in told[-1].value:
        return "contact"
    return _TELLS[told[-1].act] if told else ""


def _tell_news(draft: Draft) -> None:
    """What happened since the last turn. A question that the program ended with is open no more; one that a person of
    the shop asked is what they said."""
    news = draft.session.news
    for one in news:
        asked = one.expects is not None
        told = [without_question(said) if asked else said for said in (one.speech, one.text)]
        draft.say("news", reply=Both(*told))
    if news:
        draft.session = replace(draft.session, news=())
        draft.whole = any([one.whole for one in news])


def _do_all(draft: Draft, pending: bool) -> None:
    """Does what was meant: dates and guests first, as rooms go by them, and a yes to the order last. `pending`: an
    answer is waited for, to which a yes belongs."""
    meaning, agreed = draft.meaning, False
    acts = meaning.acts
    if len(acts) > 1:
        acts = tuple(sorted(acts, key=lambda one: one.act not in ("give_dates", "give_guests")))
    for act in acts:
        if act.act == "give_coupon" and CARD in meaning.text:
            continue  # a secret that was said is no coupon
        if act.act == "confirm" and not pending:
            agreed = True
            continue
        if (
            act.act == "choose_fulfilment"
            and _placed_so(draft.order, act)
            and (_moves_placed(meaning) or _asks(meaning))
        ):
            continue  # "bring it to number 14 instead": another address for the order that was placed
        _do(draft, act)
    if agreed and not (draft.answered and checkout.only_led_in(draft)):
        checkout.confirm(draft)


def _go_on(draft: Draft) -> None:
    """Tells what was missed or left over, and asks what comes next, or again what stood open."""
    meaning = draft.meaning
    if not draft.answered and draft.question is None:
        asking.missed(draft)
    else:
        if draft.session.misses:
            draft.session = replace(draft.session, misses=0)
        if CARD in meaning.text:
            draft.say("no_cards")
        elif meaning.acts or meaning.ask:
            asking.tell_leftover(draft)
    if _digressed(draft) or _only_details(draft) or _adds_more(draft):
        asking.ask_again(draft)
    if draft.question is None and not draft.quiet:
        asking.ask_next(draft)


QUESTION = re.compile(r"(?<=[.!。！])\s*[^.!。！]*[?？]$")


def without_question(news: str) -> str:
    """A result without the question it ended with: what is open now is asked behind it."""
    return QUESTION.sub("", news)


def _passes_over_a_change(scene: Scene, session: Session, meaning: Meaning) -> bool:
    """Whether somebody goes on with the order instead of saying whether the change that closed a payment is wanted."""
    asked = session.asked
    return (
        asked is not None
        and asked.kind == "change"
        and not scene.payment.live
        and any(one.act in asking.GOES_ON for one in meaning.acts)
    )


def _digressed(draft: Draft) -> bool:
    """Whether only questions were asked while an offer stood open: it is made again."""
    asked, acts = draft.session.asked, draft.meaning.acts
    return (
        draft.question is None
        and draft.order is draft.before
        and asked is not None
        and asked.step is None
        and bool(acts)
        and all(one.act in QUESTIONS for one in acts)
    )


def _adds_more(draft: Draft) -> bool:
    """Whether other goods were added while it was asked what was heard, for the first time: it is asked once more."""
    asked, acts = draft.session.asked, draft.meaning.acts
    return (
        draft.question is None
        and asked is not None
        and asked.kind == "heard"
        and not asked.again
        and not draft.meaning.ask
        and bool(acts)
        and all(one.act == "add" for one in acts)
    )


def _only_details(draft: Draft) -> bool:
    """Whether goods stand offered, nothing is in the basket yet, and only for whom and how it is paid was said."""
    asked, acts, order = draft.session.asked, draft.meaning.acts, draft.order
    return (
        draft.question is None
        and asked is not None
        and asked.step is None
        and asked.kind in OFFERING
        and not (order is not None and order.lines)
        and bool(acts)
        and all(one.act in asking.DETAILS or one.act == "give_coupon" for one in acts)
    )


def _price(draft: Draft, act: Act) -> None:
    """Prices: of other nights of a stay that is booked, else of goods."""
    if not booking.quote(draft, act):
        questions.price(draft, act)


def _placed_so(order: Order | None, act: Act) -> bool:
    """Whether an order was placed already with this way of getting it."""
    return order is not None and order.stage != "open" and order.facts.get("fulfilment") == act.value


def _moves_placed(meaning: Meaning) -> bool:
    """Whether where, when and for whom was said, and nothing else but the way."""
    return any(one.act in PLACED_DETAILS - {"choose_fulfilment"} for one in meaning.acts) and all(
        one.act in PLACED_DETAILS or one.act == "choose_fulfilment" for one in meaning.acts
    )


def _asks(meaning: Meaning) -> bool:
    """Whether it is asked how an order is doing, in whatever way it comes: 배송 언제 와요."""
    return any(one.act == "order_status" for one in meaning.acts)


def _pending(session: Session) -> bool:
    return session.asked is not None and bool(session.asked.candidates)


def _do(draft: Draft, act: Act) -> None:
    """Does one act, in whatever state the talk is."""
    asked = draft.session.asked
    if asked is not None:
        if answering.countable(asked) and (number := answering.number_said(act)) is not None:
            act = asked.candidates[0][0]
            draft.session = replace(draft.session, asked=None)
            _do(draft, replace(act, lines=tuple(replace(one, quantity=number) for one in act.lines), sure=False))
            return
        if wanted_in_all(asked) and act.act == "change" and (number := answering.number_said(act)) is not None:
            draft.session = replace(draft.session, asked=None)
            draft.later.append(answering.counted_anew(asked, number))
            return
        if (
            answering.of_options(asked, act) and len(act.lines) > 1 and not act.instead_of
        ):  # "one on wheat, one on white"
            for said in act.lines:
                _do(draft, replace(act, lines=(said,)))
            return
        act = answering.pointed(draft, asked, act)
    if act.act == "deny" and act.value in ("wrong", "mind") and _finds_fault(draft, act, asked):
        pass
    elif act.act == "deny" and act.value == "stays":
        _let_stay(draft, act, asked)
    elif act.act in ("confirm", "deny", "choose") and asked is not None and asked.candidates:
        _answer_candidates(draft, act, asked)
    elif asked is not None and (missing := answering.told_apart(draft, asked, act)) is not None:
        draft.session = replace(draft.session, asked=None)
        _do(draft, act)
        if missing:
            draft.later.append(answering.counted_anew(asked, missing))
    elif asked is not None and (swapped := answering.named_instead(draft, asked, act)) is not None:
        draft.session = replace(draft.session, asked=None)
        _do(draft, swapped)
    elif act.act in ("confirm", "deny", "answer", "choose"):
        _answer_step(draft, act, asked)
    elif _of_placed(draft, act) or (act.act == "give_time" and booking.give_time(draft, act)):
        pass
    elif (does := ACTIONS.get(act.act)) is not None:
        does(draft, act)
    else:
        _read_by_step(draft, act)


def _let_stay(draft: Draft, act: Act, asked: Asked | None) -> None:
    """ "Don't cancel my order": nothing is called off or paid back, and what else is asked stays open. "Not the burger"
    leaves the other goods, of which it is asked."""
    draft.answered = True
    order = draft.order
    never_placed = order is not None and order.stage == "cancelled" and order.number is None
    if asked is None and never_placed and draft.session.past and not act.lines:
        undoing.undo(draft, Act("undo"))  # it was called off right before
        return
    if asked is not None and asked.kind in ("cancel", "refund"):
        draft.session = replace(draft.session, asked=None)
        if act.lines and (others := money_back.all_but(draft, act, asked.candidates[0][0])) is not None:
            money_back.refund(draft, others)
            return
    draft.say("kept")


def _takes_off_others(order: Order | None, act: Act) -> bool:
    """Whether goods are called off that aren't in the open basket: those of the order before it may be meant."""
    owned = {one.item for one in order.lines} if order is not None and order.stage == "open" else set()
    return act.act == "remove" and bool(owned) and owned.isdisjoint(one.item for one in act.lines)


def _of_placed(draft: Draft, act: Act) -> bool:
    """What is said about an order that is placed: its details, its payment, what goes back of it, the same again."""
    order = draft.order
    hours = act.act == "give_time" and "books_nights" in flow.trade_of(draft.scene).traits  # when rooms can be had
    if (
        act.act in PLACED_DETAILS
        and not hours
        and order is not None
        and order.stage != "open"
        and aftercare.change_placed(draft, act)
    ):
        return True
    if (
        act.act == "choose_method"
        and order is not None
        and order.stage not in ("open", "cancelled")
        and all(one.act == "choose_method" for one in draft.meaning.acts)
    ):
        aftercare.status(draft, Act("order_status"))
        draft.say("method_settled")
        return True
    basket_open = order is not None and order.stage == "open" and bool(order.lines)
    if act.act == "remove" and not basket_open and (found := aftercare.settled_order(draft)) is not None:
        there = {one.item: one.quantity for one in found[0].lines}
        if {one.item: one.quantity or there.get(one.item or "") for one in act.lines} == there:
            money_back.cancel(draft, Act("cancel"))  # "cancel the garden room", of a booking that is nothing else
            return True
        money_back.refund(draft, replace(act, act="refund"))
        return True
    if _takes_off_others(order, act) and (found := aftercare.settled_order(draft)) is not None:
        had = {one.item for one in found[0].lines}
        if had.issuperset(one.item for one in act.lines):
            money_back.refund(draft, replace(act, act="refund"))
            return True
    if _same_again(order, act):
        aftercare.reorder(draft, Act("reorder"))
        return True
    return False


def _same_again(order: Order | None, act: Act) -> bool:
    """Whether "the same again" is said where no basket is open: the last order is meant."""
    return (order is None or order.stage != "open") and act.act == "add" and act.lines == (LineSaid(),)


def _answer_candidates(draft: Draft, act: Act, asked: Asked) -> None:
    candidates = asked.candidates
    elsewhere = asked.device != draft.turn.device
    if act.act != "deny" and asked.kind in ("cancel", "refund") and (elsewhere or checkout.unsure(draft)):
        draft.answered = True
        asking.ask_again(draft)
        return
    if act.act == "deny" and len(draft.meaning.acts) > 1 and asked.kind not in ("cancel", "refund"):
        draft.session = replace(draft.session, asked=None)
        draft.answered = True
        return
    if act.act == "deny":
        draft.session = replace(draft.session, asked=None)
        draft.say("kept" if asked.kind in ("cancel", "refund") else "all_right")
        return
    if act.act == "confirm":
        if len(candidates) != 1 and any(one.act in ANSWERS for one in draft.meaning.acts):
            return  # "OK, cash then": which one is said beside it
        if len(candidates) != 1:
            draft.say("say_which")
            draft.asked = asked
            draft.quiet = True
            return
        number = 1
    elif isinstance(act.value, list) and (several := offering.each_of(candidates, act.value)):
        draft.session = replace(draft.session, asked=None)
        for one in several:
            _do(draft, one)
        return
    else:
        number = act.number or 0
    index = number - 1 if number > 0 else number
    if not -len(candidates) <= index < len(candidates):
        draft.say("choose_range", most=len(candidates))
        draft.asked = asked
        draft.quiet = True
        return
    draft.session = replace(draft.session, asked=None)
    learning.confirmed(draft, asked.about, candidates[index])
    for one in candidates[index]:
        _do(draft, answering.so_many(one, act) or replace(one, sure=True))


def _answer_step(draft: Draft, act: Act, asked: Asked | None) -> None:
    """A plain answer is the business of the step that was asked, or else of the one that stands open."""
    if act.act == "confirm":
        checkout.confirm(draft)
        return
    order = draft.order
    if act.step is not None and order is not None and order.stage != "open" and aftercare.change_placed(draft, act):
        return  # "ring the bell", of what is on its way to be made
    if order is None and act.step is not None:
        order = draft.begin()  # "table 5", said first
    step = flow.step_named(act.step or (asked.step if asked else None))
    if step is None and order is not None:
        step = flow.step_now(draft.scene, order)
    if act.act == "choose" and asked is None and draft.session.recent.items:
        items = draft.session.recent.items
        index = (act.number or 0) - 1 if (act.number or 0) > 0 else (act.number or 0)
        if -len(items) <= index < len(items):
            questions.about(draft, Act("ask_item", items=(items[index],)))
            return
    keeps = act.act == "deny" and act.value == "keep" and (asked is None or asked.step == "basket")
    if keeps and undoing.kept(draft):
        return
    if order is not None and order.stage == "open" and step is not None and checkout.read_step(draft, step, act):
        return
    if act.act == "deny" and len(draft.meaning.acts) < 2:  # "no, on Friday": what was wanted instead is answered
        money_back.refused(draft, act)


def _finds_fault(draft: Draft, act: Act, asked: Asked | None) -> bool:
    """ "That's wrong", "I changed my mind": whether this is no answer to what was asked, and what to do is asked."""
    if asked is not None and asked.candidates and asked.step is None and asked.kind != "suggest":
        return False
    order = draft.order
    if order is None or order.stage != "open":
        if act.value == "mind" and asked is None:
            money_back.cancel(draft, Act("cancel"))
        return act.value == "mind" and asked is None
    step = flow.step_now(draft.scene, order)
    if step is None or step.phase > Phase.DETAILS or not order.lines:
        return False
    draft.question, draft.asked = Said("what_to_change"), Asked(step=step.name)
    return True


def _read_by_step(draft: Draft, act: Act) -> None:
    """Facts of the checkout may come in any order: the step whose business it is takes them."""
    order = draft.begin()
    for step in flow.steps():
        if checkout.read_step(draft, step, act, order):
            return
    draft.refused = True
    draft.note("unread", act=act.act)


ACTIONS: Mapping[str, Callable[[Draft, Act], None]] = {
    "add": basket.add,
    "remove": basket.remove,
    "change": basket.change,
    "undo": undoing.undo,
    "redo": undoing.redo,
    "start_over": undoing.start_over,
    "show_basket": lambda draft, act: contents.show(draft, act.value if isinstance(act.value, int) else 0),
    "ask_price": _price,
    "ask_menu": questions.menu,
    "ask_stock": questions.stock,
    "ask_item": questions.about,
    "recommend": questions.recommend,
    "checkout": checkout.checkout,
    "buy_now": checkout.buy_now,
    "give_coupon": checkout.give_coupon,
    "give_dates": booking.give_dates,
    "give_guests": booking.give_guests,
    "give_amount": checkout.give_amount,
    "back": checkout.back,
    "repeat": around.repeat,
    "help": around.show_help,
    "person": attended.call,
    "stop": around.stop,
    "order_status": aftercare.status,
    "cancel": money_back.cancel,
    "refund": money_back.refund,
    "reorder": aftercare.reorder,
    "change_language": around.change_language,
    "continue_elsewhere": linked.elsewhere,
    "none": around.nothing,
}

ANSWERS = frozenset({"choose_method", "choose_fulfilment", "give_time", "give_dates", "give_guests"})
"""Acts that answer the question which of several is wanted."""
PLACED_DETAILS = frozenset({"choose_fulfilment", "give_address", "give_time", "give_contact"})

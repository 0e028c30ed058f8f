"""The core: what must be known (`needs`), what a turn does (`handle`), what a payment's result does (`settle`).

Pure: no clock, no store, no network. The same scene, session, order and meaning give the same outcome.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping

import msgspec
from msgspec.structs import replace

from assistant.commerce.catalogue import Catalogue
from assistant.commerce.order import Consent, Order, Party, When
from assistant.commerce.pricing import fill_options, reprice
from assistant.commerce.promotions import plain_code
from assistant.commerce.shop import Shop
from assistant.commerce.stock import stock_keys
from assistant.dialogue import aftercare, basket, flow, questions
from assistant.dialogue.draft import Draft
from assistant.dialogue.names import method_name, promotion_name
from assistant.dialogue.results import settle
from assistant.dialogue.say import Both, Code, Day, Joined, Lines, Named
from assistant.dialogue.state import Asked, Needs, Outcome, Scene, Session, StockKey
from assistant.steps import Phase, Said, Step
from assistant.turns import Act, LineSaid, Meaning, OptionSaid
from assistant.understanding import Context

__all__ = ["handle", "needs", "settle", "understand_context"]

SURE_ENOUGH = 0.6
"""Below this confidence a spoken yes is no consent."""

HISTORY = frozenset(
    "order_status refund reorder recommend cancel give_coupon checkout buy_now confirm remove"
    " give_address give_time give_contact".split()
)
"""Acts that look at past orders."""


def needs(session: Session, order: Order | None, meaning: Meaning, shop: Shop, catalogue: Catalogue) -> Needs:
    """Stock rows and history that `handle` will look at."""
    acts = [*meaning.acts, *(one for doubt in meaning.ask for one in doubt.candidates)]
    if session.asked is not None:
        acts += [one for candidate in session.asked.candidates for one in candidate]
    items = {line.item for act in acts for line in (*act.lines, *act.instead_of) if line.item}
    items |= {one for act in acts for one in act.items}
    items |= {line.item for line in order.lines} if order is not None else set()
    kinds = {act.act for act in acts}
    history = bool(kinds & HISTORY) or any(one.first_order for one in shop.promotions.values())
    if kinds & {"recommend", "ask_stock", "give_dates", "give_guests", "reorder"}:
        items |= set(catalogue.items) if len(catalogue.items) <= 200 else set()
    categories = {found.category for one in items if (found := catalogue.item(one)) and found.stock is not None}
    dates = _dates(session, acts)
    keys: set[StockKey] = set()
    for one in items | {item.id for category in categories for item in catalogue.in_category(category)[:50]}:
        item = catalogue.item(one)
        if item is None or item.stock is None:
            continue
        if item.adults:
            keys |= {(one, night) for span in dates for night in questions.nights_of(span)}
        else:
            keys.add((one, ""))
    if order is not None:
        keys |= {(sku, bucket) for sku, bucket, _count in stock_keys(order, catalogue)}
    return Needs(tuple(sorted(keys)), history)


def _dates(session: Session, acts: list[Act]) -> list[tuple[str, str]]:
    """Every stay that may be meant: the one spoken of and the one said now."""
    spans = [session.recent.dates] if session.recent.dates else []
    for act in acts:
        if act.act == "give_dates" and isinstance(act.value, dict):
            said = _stay_said(session, act.value)
            if said is not None and said[1]:
                spans.append(said)
    return [one for one in spans if one[1]]


def _stay_said(session: Session, value: Mapping[str, object]) -> tuple[str, str] | None:
    """(arrival, departure or "") from what was said now and before."""
    known = session.recent.dates or ("", "")
    start, end, nights = value.get("from"), value.get("to"), value.get("nights")
    begin = str(start) if start else known[0]
    if not begin:
        return ("", str(nights)) if isinstance(nights, int) else None
    try:
        first = dt.date.fromisoformat(begin)
        if isinstance(nights, int) and nights > 0:
            return begin, (first + dt.timedelta(days=min(nights, 366))).isoformat()
        if end:
            return begin, dt.date.fromisoformat(str(end)).isoformat()
        if start and known[0] and known[1]:
            length = dt.date.fromisoformat(known[1]) - dt.date.fromisoformat(known[0])
            return begin, (first + length).isoformat()
    except ValueError:
        return None
    return begin, ""


def handle(scene: Scene, session: Session, order: Order | None, meaning: Meaning) -> Outcome:
    """A person's turn: does what was meant, then asks what is still to be known."""
    if meaning.language and meaning.language != session.language:
        session = replace(session, language=meaning.language)
    draft = Draft(scene, session, order, meaning)
    for one in session.news:
        draft.say("news", reply=Both(one.speech, one.text))
    draft.session = replace(draft.session, news=())
    if meaning.text:
        draft.remember(heard=meaning.text, heard_before=session.recent.heard)
    agreed = False
    for act in meaning.acts:
        if act.act == "confirm" and not _pending(session):
            agreed = True
            continue
        _do(draft, act)
    if agreed:
        _confirm(draft)
    _doubts(draft)
    if not draft.answered and draft.question is None:
        _missed(draft)
    else:
        draft.session = replace(draft.session, misses=0)
        if meaning.leftover and draft.question is None and meaning.acts:
            draft.say("not_understood_part", words=Joined(tuple(f"“{one}”" for one in meaning.leftover[:3])))
    if draft.question is None and not draft.quiet:
        _ask_next(draft)
    return draft.outcome()


def _pending(session: Session) -> bool:
    return session.asked is not None and bool(session.asked.candidates)


def _do(draft: Draft, act: Act) -> None:
    """Does one act, in whatever state the talk is."""
    asked = draft.session.asked
    if act.act in ("confirm", "deny", "choose") and asked is not None and asked.candidates:
        _answer_candidates(draft, act, asked)
        return
    if act.act in ("confirm", "deny", "answer", "choose"):
        _answer_step(draft, act, asked)
        return
    if (
        act.act in PLACED_DETAILS
        and draft.order is not None
        and draft.order.stage != "open"
        and aftercare.change_placed(draft, act)
    ):
        return
    if (
        act.act == "remove"
        and (draft.order is None or draft.order.stage != "open")
        and aftercare.settled_order(draft) is not None
    ):
        aftercare.refund(draft, replace(act, act="refund"))
        return
    does = ACTIONS.get(act.act)
    if does is not None:
        does(draft, act)
        return
    _read_by_step(draft, act)


def _answer_candidates(draft: Draft, act: Act, asked: Asked) -> None:
    candidates = asked.candidates
    if act.act == "deny":
        draft.session = replace(draft.session, asked=None)
        draft.say("kept" if asked.kind in ("cancel", "refund") else "all_right")
        return
    if act.act == "confirm":
        if len(candidates) != 1:
            draft.say("say_which")
            draft.asked = asked
            draft.quiet = True
            return
        number = 1
    else:
        number = act.number or 0
    index = number - 1 if number > 0 else number
    if not -len(candidates) <= index < len(candidates):
        draft.say("choose_range", most=len(candidates))
        draft.asked = asked
        draft.quiet = True
        return
    draft.session = replace(draft.session, asked=None)
    for one in candidates[index]:
        _do(draft, replace(one, sure=True))


def _answer_step(draft: Draft, act: Act, asked: Asked | None) -> None:
    """A plain answer is the business of the step that was asked, or else of the one that stands open."""
    if act.act == "confirm":
        _confirm(draft)
        return
    order = draft.order
    step = flow.step_named(act.step or (asked.step if asked else None))
    if step is None and order is not None:
        step = flow.step_now(draft.scene, order)
    if act.act == "choose" and asked is None and draft.session.recent.items:
        items = draft.session.recent.items
        index = (act.number or 0) - 1 if (act.number or 0) > 0 else (act.number or 0)
        if -len(items) <= index < len(items):
            questions.about(draft, Act("ask_item", items=(items[index],)))
            return
    if order is not None and order.stage == "open" and step is not None and _read(draft, step, act):
        return
    if act.act == "deny":
        draft.say("all_right")


def _read_by_step(draft: Draft, act: Act) -> None:
    """Facts of the checkout may come in any order: the step whose business it is takes them."""
    order = draft.begin()
    for step in flow.steps():
        if _read(draft, step, act, order):
            return
    draft.note("unread", act=act.act)


def _read(draft: Draft, step: Step, act: Act, order: Order | None = None) -> bool:
    order = order or draft.order
    assert order is not None
    read = step.read(draft.scene, order, act)
    if read is None:
        return False
    draft.answered = True
    if not read.refused and read.order != order:
        if draft.payment.live is not None and not basket._editable(draft, act):
            return True
        draft.edit(read.order)
    draft.said.extend(read.said)
    return True


def _confirm(draft: Draft) -> None:
    """A yes: to the read-back it is consent, to a step's question its answer, elsewhere a go-ahead."""
    order, asked = draft.order, draft.session.asked
    if order is None or not (order.lines or order.facts):
        draft.answered = True
        return
    if order.stage != "open":
        if order.stage == "cancelled":
            draft.answered = True
            return
        aftercare.status(draft, Act("order_status"))
        return
    if draft.payment.live is not None:
        aftercare.tell_payment(draft)
        return
    step = flow.step_named(asked.step) if asked is not None else None
    if step is not None and step.phase != Phase.CONFIRM and _read(draft, step, Act("confirm")):
        return
    draft.answered = True
    if step is not None and step.phase == Phase.CONFIRM:
        _consent(draft, order)


def _consent(draft: Draft, order: Order) -> None:
    """Consent is a yes to this very read-back, in time, in this session, and nothing else (design rule 1)."""
    back, turn = draft.session.read_back, draft.turn
    limits = draft.shop.limits
    minutes = limits.quote_minutes_spoken if turn.spoken else limits.quote_minutes_typed
    if draft.order is not draft.before or back is None or _amount_differs(draft):
        return
    if turn.spoken and draft.meaning.confidence < SURE_ENOUGH:
        draft.say("wait_for_yes")
        return
    if turn.at - back.at > dt.timedelta(minutes=minutes):
        draft.session = replace(draft.session, read_back=None)
        draft.say("quote_lapsed")
        return
    order, changes = reprice(order, draft.catalogue, draft.shop.local(turn.at))
    fingerprint = flow.fingerprint_of(draft.scene, order)
    if changes or fingerprint != back.fingerprint:
        return
    draft.order = replace(
        order,
        consent=Consent(
            fingerprint=fingerprint,
            session=draft.session.id,
            person=draft.session.person,
            turn=turn.id,
            read_back_turn=back.turn,
            at=turn.at,
            total=back.total,
            bill=msgspec.to_builtins(flow.bill(draft.scene, order)),
        ),
    )
    draft.session = replace(draft.session, read_back=replace(back, fingerprint=""))  # used up: a yes counts once
    draft.note("consent", fingerprint=fingerprint, total=back.total, read_back=back.turn)
    if _sold_out_meanwhile(draft, draft.order):
        draft.order = replace(draft.order, consent=None)
        return
    aftercare.charge(draft, draft.order)
    draft.say("one_moment")
    draft.quiet = True


def _amount_differs(draft: Draft) -> bool:
    """A stated amount that isn't the total is said, and is no consent."""
    said = [act.value for act in draft.meaning.acts if act.act == "give_amount"]
    return draft.order is not None and any(one != flow.bill(draft.scene, draft.order).total for one in said)


def _sold_out_meanwhile(draft: Draft, order: Order) -> bool:
    short = [
        (sku, free)
        for sku, bucket, count in stock_keys(order, draft.catalogue)
        if (free := draft.scene.stock.get((sku, bucket))) is not None and free < count
    ]
    for sku, free in short:
        draft.say(
            "sold_out_meanwhile" if not free else "stock_low_meanwhile", item=draft.item_name(sku), left=max(0, free)
        )
    return bool(short)


def _doubts(draft: Draft) -> None:
    """Asks about what is not certain: one thing at a time."""
    for doubt in draft.meaning.ask[:1]:
        if draft.question is not None or not doubt.candidates:
            return
        labels = tuple(_label(draft, one) for one in doubt.candidates)
        candidates = tuple((one,) for one in doubt.candidates)
        if len(candidates) == 1:
            draft.ask("did_you_mean", "heard", *candidates, what=labels[0])
        else:
            draft.ask("did_you_mean_which", "heard", *candidates, labels=labels, what=Joined(labels, "or"))


def _label(draft: Draft, act: Act) -> Lines | Joined | Said | str | object:
    """A candidate act as people would name it."""
    lines = []
    for said in act.lines:
        item = draft.catalogue.item(said.item or "")
        if item is not None:
            filled = fill_options(item, said.options)
            lines.append(basket.new_line(draft, item, said.quantity or 1, filled))
    if lines:
        return Lines(tuple(lines))
    if act.items:
        return Joined(tuple(draft.item_name(one) for one in act.items), "or")
    if act.act == "choose_method" and isinstance(act.value, str):
        return method_name(draft.shop, act.value)
    if isinstance(act.value, str):
        return act.value
    key = f"act.{act.act}"
    return Said(key) if draft.voice.has(key) else act.act


# -- acts ------------------------------------------------------------------------------------------------------


def _checkout(draft: Draft, act: Act) -> None:
    order = draft.order
    if order is None or order.stage != "open" or not order.lines:
        placed = order is not None and order.stage != "open"
        if placed and not act.lines:
            aftercare.status(draft, Act("order_status"))
        else:
            draft.say("basket_empty")
        return
    draft.answered = True
    if draft.payment.live is not None:
        aftercare.tell_payment(draft)
        return
    if not flow.in_checkout(order):
        draft.edit(flow.with_fact(order, "basket", "done"))
    if draft.session.read_back is not None:
        draft.session = replace(draft.session, read_back=None)


def _buy_now(draft: Draft, act: Act) -> None:
    """The short flow: goods, total, method, amount confirmed, paid."""
    lines = act.lines
    if (
        not lines
        and (draft.order is None or draft.order.stage != "open" or not draft.order.lines)
        and draft.session.recent.items
    ):
        lines = (LineSaid(draft.session.recent.items[0], 1),)
    if lines:
        basket.add(draft, Act("add", lines, sure=act.sure))
    order = draft.order
    if order is None or order.stage != "open" or not order.lines:
        if not draft.answered:
            draft.say("basket_empty")
        return
    if draft.question is None and not flow.in_checkout(order):
        order = flow.with_fact(flow.with_fact(order, "basket", "done"), "quick", True)
        if "fulfilment" not in order.facts and draft.shop.fulfilments:
            quickest = min(
                draft.shop.fulfilments.values(), key=lambda one: ("address" in one.needs, len(one.needs), one.fee)
            )
            order = flow.with_fact(order, "fulfilment", quickest.id)
        draft.edit(order)


def _coupon(draft: Draft, act: Act) -> None:
    order = draft.begin()
    if not basket._editable(draft, act):
        return
    code = str(act.value or "").strip().upper()
    known = tuple(one for one in order.discounts if plain_code(one) != plain_code(code))
    tried = replace(order, discounts=(*known, code))
    bill = flow.bill(draft.scene, tried)
    used = next(
        (one for one in bill.applied if one.code is not None and plain_code(one.code) == plain_code(code)), None
    )
    if used is not None:
        draft.edit(tried)
        draft.say(
            "coupon_applied",
            code=Code(code),
            name=promotion_name(draft.shop, used.promotion),
            amount=draft.money(used.amount),
            total=draft.money(bill.total),
        )
        return
    why = next((one for one in bill.rejected if plain_code(one.code) == plain_code(code)), None)
    reason = why.reason if why is not None else "unknown"
    draft.note("coupon_refused", code=code, reason=reason)
    draft.say(f"coupon.{reason}", code=Code(code), missing=draft.money(why.value or 0) if why else draft.money(0))
    if reason == "minimum":
        draft.edit(tried)


def _dates_said(draft: Draft, act: Act) -> None:
    said = _stay_said(draft.session, act.value if isinstance(act.value, dict) else {})
    if said is None:
        draft.say("date_unclear")
        return
    today = draft.shop.local(draft.turn.at).date()
    if said[0] and dt.date.fromisoformat(said[0]) < today:
        draft.say("date_past")
        return
    if said[0] and said[1] and said[1] <= said[0]:
        draft.say("dates_backwards")
        return
    if not said[0]:
        draft.question = Said("which_arrival")
        draft.answered = True
        return
    draft.remember(dates=said)
    draft.answered = True
    _apply_stay(draft)
    if not said[1] and (draft.order is None or not draft.order.lines):
        draft.question = Said("how_many_nights")
    elif not (draft.order and draft.order.stage == "open" and draft.order.lines) and not _asks_rooms(draft):
        questions.stock(draft, Act("ask_stock"))


def _asks_rooms(draft: Draft) -> bool:
    return any(
        act.act in ("add", "buy_now", "ask_stock", "ask_price", "ask_menu", "recommend", "ask_item")
        for act in draft.meaning.acts
    )


def _guests_said(draft: Draft, act: Act) -> None:
    value = act.value if isinstance(act.value, dict) else {}
    adults, children = int(value.get("adults", 1) or 0), int(value.get("children", 0) or 0)
    if adults < 1:
        draft.say("guests_none")
        return
    draft.remember(party=(adults, children))
    draft.answered = True
    _apply_stay(draft)


def _apply_stay(draft: Draft) -> None:
    """Rooms already in the basket take the new dates or guests, at their price."""
    order = draft.order
    if order is None or order.stage != "open" or not order.lines or not basket._editable(draft, Act("none")):
        return
    recent = draft.session.recent
    when = When(*recent.dates) if recent.dates and recent.dates[1] else None
    party = Party(*recent.party) if recent.party else None
    lines = []
    for line in order.lines:
        item = draft.catalogue.item(line.item)
        if item is None or not item.adults:
            lines.append(line)
            continue
        if party is not None and not basket._room_ok(draft, item):
            return
        changed = basket.stayed(draft, item, line, when or line.when, party)
        nights = questions.nights_of((changed.when.start, changed.when.end)) if changed.when else []
        full = [
            night
            for night in nights
            if (left := draft.scene.stock.get((item.id, night))) is not None and left < line.quantity
        ]
        if full:
            draft.say("rooms_full", start=Day(dt.date.fromisoformat(full[0])))
            return
        lines.append(changed)
    if tuple(lines) != order.lines:
        draft.edit(replace(order, lines=tuple(lines)))
        draft.say("changed", lines=Lines(tuple(one for one in lines if one.when is not None) or tuple(lines)))


def _amount_said(draft: Draft, act: Act) -> None:
    order = draft.order
    if order is None or not order.lines:
        draft.say("basket_empty")
        return
    if _amount_differs(draft):
        draft.say(
            "amount_differs",
            said=draft.money(int(act.value or 0)),
            total=draft.money(flow.bill(draft.scene, order).total),
        )
    else:
        draft.answered = True
    if order.stage == "open" and not flow.in_checkout(order):
        draft.edit(flow.with_fact(order, "basket", "done"))


def _back(draft: Draft, act: Act) -> None:
    """Takes back the answer before the question that stands open, and asks for it again."""
    order = draft.order
    if order is None or order.stage != "open" or not flow.in_checkout(order):
        basket.undo(draft, act)
        return
    if not basket._editable(draft, act):
        return
    now = flow.step_now(draft.scene, order)
    answered = [
        one
        for one in flow.steps()
        if one is not now and one.name in order.facts and (now is None or (one.phase, one.rank) < (now.phase, now.rank))
    ]
    if answered:
        draft.edit(flow.with_fact(order, answered[-1].name, None))


def _repeat(draft: Draft, act: Act) -> None:
    if act.value == "heard":
        draft.say("heard", text=draft.session.recent.heard_before or "")
        return
    last = draft.session.last
    if act.value in ("slower", "louder"):
        draft.session = replace(
            draft.session, speed=max(-3, draft.session.speed - 1) if act.value == "slower" else draft.session.speed
        )
        draft.note("speech", wish=act.value)
    if last is None:
        draft.answered = True
        return
    draft.say("news", reply=Both(last.speech, last.text))
    draft.asked = draft.session.asked
    draft.quiet = True


def _help(draft: Draft, act: Act) -> None:
    step = flow.step_now(draft.scene, draft.order) if draft.order is not None and draft.order.stage == "open" else None
    key = f"help.{step.name}" if step is not None and draft.voice.has(f"help.{step.name}") else "help.start"
    draft.say(key)


def _stop(draft: Draft, act: Act) -> None:
    kept = draft.order is not None and draft.order.stage == "open" and bool(draft.order.lines)
    draft.say("goodbye_kept" if kept else "goodbye")
    draft.listening, draft.quiet = False, True


def _language(draft: Draft, act: Act) -> None:
    tag = str(act.value or "")
    if tag in draft.shop.languages:
        draft.session = replace(draft.session, language=tag)
        draft.say("language_changed")
    else:
        draft.say("language_unknown")


def _elsewhere(draft: Draft, act: Act) -> None:
    draft.say("elsewhere", session=draft.session.id) if "screen" in draft.turn.can else draft.say("elsewhere_not")
    draft.quiet = True


def _nothing(draft: Draft, act: Act) -> None:
    """Understood as nothing to be done: noise, chat."""


ACTIONS: Mapping[str, Callable[[Draft, Act], None]] = {
    "add": basket.add,
    "remove": basket.remove,
    "change": basket.change,
    "undo": basket.undo,
    "redo": basket.redo,
    "start_over": basket.start_over,
    "show_basket": lambda draft, act: basket.show(draft),
    "ask_price": questions.price,
    "ask_menu": questions.menu,
    "ask_stock": questions.stock,
    "ask_item": questions.about,
    "recommend": questions.recommend,
    "checkout": _checkout,
    "buy_now": _buy_now,
    "give_coupon": _coupon,
    "give_dates": _dates_said,
    "give_guests": _guests_said,
    "give_amount": _amount_said,
    "back": _back,
    "repeat": _repeat,
    "help": _help,
    "person": aftercare.person,
    "stop": _stop,
    "order_status": aftercare.status,
    "cancel": aftercare.cancel,
    "refund": aftercare.refund,
    "reorder": aftercare.reorder,
    "change_language": _language,
    "continue_elsewhere": _elsewhere,
    "none": _nothing,
}

PLACED_DETAILS = frozenset({"give_address", "give_time", "give_contact"})


# -- what to ask -----------------------------------------------------------------------------------------------


def _missed(draft: Draft) -> None:
    """Not understood: say what can be said here, then offer another way; the basket is kept."""
    turn, session = draft.turn, draft.session
    if turn.new and not draft.meaning.text:
        draft.say("greeting", shop=Named(draft.shop.names, draft.shop.name))
        return
    order = draft.order
    if order is not None and order.stage == "open" and draft.payment.live is not None:
        aftercare.tell_payment(draft)
        return
    step = flow.step_now(draft.scene, order) if order is not None and order.stage == "open" and order.lines else None
    misses = session.misses + 1
    draft.session = replace(session, misses=misses)
    if any(act.act == "none" for act in draft.meaning.acts) and not draft.meaning.leftover and misses < 3:
        if step is not None and step.phase == Phase.CONFIRM:
            bill = flow.bill(draft.scene, order) if order is not None else None
            draft.question = Said("wait_for_yes_total", {"total": draft.money(bill.total if bill else 0)})
            draft.asked = Asked(step=step.name)
            return
        draft.say("here_when_ready")
    elif draft.meaning.leftover:
        draft.say("not_sold", item=draft.meaning.leftover[0])
    elif not draft.meaning.text.strip():
        draft.say("nothing_said")
    else:
        draft.say("not_understood")
    if misses == 2:
        key = f"help.{step.name}" if step is not None and draft.voice.has(f"help.{step.name}") else "help.start"
        draft.say(key)
    elif misses >= 3:
        draft.say("another_way")
    if session.asked is not None and session.asked.candidates and session.last is not None and session.last.reprompt:
        draft.question = Said("news", {"reply": Both(session.last.reprompt, session.last.reprompt)})
        draft.asked = session.asked


def _ask_next(draft: Draft) -> None:
    """Asks the first step that applies and isn't done; reads the order back when it is the confirmation."""
    order = draft.order
    if order is None or order.stage != "open":
        return
    order = _settle_facts(draft, order)
    step = flow.step_now(draft.scene, order)
    if step is None:
        return
    if step.phase == Phase.CONFIRM:
        _read_back(draft, step)
        return
    if step.phase == Phase.PAY:
        return
    if step.phase == Phase.BASKET and not order.lines and draft.said:
        return
    question = step.ask(draft.scene, order)
    draft.question = question
    draft.asked = Asked(step=step.name, candidates=tuple(acts for _label, acts in question.choices))


def _settle_facts(draft: Draft, order: Order) -> Order:
    """Facts that leave no choice are set without asking: the only fulfilment, the only method."""
    if not flow.in_checkout(order) and not _skips_basket(draft, order):
        return order
    facts = dict(order.facts)
    facts.setdefault("basket", "done")
    if "fulfilment" not in facts and len(draft.shop.fulfilments) == 1:
        facts["fulfilment"] = next(iter(draft.shop.fulfilments))
    if "method" not in facts and len(draft.shop.methods) == 1:
        facts["method"] = next(iter(draft.shop.methods))
    if facts != dict(order.facts):
        order = draft.order = replace(order, facts=facts, consent=None)
    return order


def _skips_basket(draft: Draft, order: Order) -> bool:
    step = flow.step_now(draft.scene, order)
    return bool(order.lines) and step is not None and step.phase > Phase.BASKET


def _read_back(draft: Draft, step: Step) -> None:
    """All that the fingerprint covers; after an edit only what changed and the total."""
    assert draft.order is not None
    order, changes = reprice(draft.order, draft.catalogue, draft.shop.local(draft.turn.at))
    if changes:
        draft.edit(order)
        for change in changes:
            line = order.line(change.line) or next(
                one for one in (draft.before.lines if draft.before else ()) if one.id == change.line
            )
            if change.new is None:
                draft.say("not_any_more", lines=Lines((line,), short=True))
            else:
                draft.say(
                    "price_changed",
                    lines=Lines((line,), short=True),
                    old=draft.money(change.old),
                    new=draft.money(change.new),
                )
        if not order.lines:
            _ask_next(draft)
            return
    assert draft.order is not None
    if _sold_out_meanwhile(draft, draft.order):
        draft.question = Said("change_what")
        draft.asked = Asked(step="basket")
        return
    bill, voice = flow.bill(draft.scene, draft.order), draft.voice
    told = {
        one.name: said
        for one in flow.steps()
        if one.applies(draft.scene, draft.order) and (said := one.tell(draft.scene, draft.order)) is not None
    }
    parts = {name: voice.say(said)[1] for name, said in told.items()}
    before = draft.session.read_back
    if before is not None and before.parts:
        told = {name: said for name, said in told.items() if before.parts.get(name) != parts[name]}
    if bill.total <= 0 and not draft.order.lines:
        return
    draft.said.extend(said for said in told.values())
    question = step.ask(draft.scene, draft.order)
    draft.question = question
    draft.asked = Asked(step=step.name)
    draft.read_back(flow.fingerprint_of(draft.scene, draft.order), bill.total, parts)


# -- for understanding -----------------------------------------------------------------------------------------


def understand_context(
    shop: Shop, catalogue: Catalogue, session: Session, order: Order | None, now: dt.datetime
) -> Context:
    """What understanding may know of the talk: what was asked and offered, what the basket holds. `now` is local."""
    asked, last = session.asked, session.last
    lines = order.lines if order is not None else ()
    recent = next((one.item for one in lines if one.id == session.recent.line), None)
    choices: tuple[tuple[str, ...], ...] = ()
    if asked is not None and last is not None and last.choices:
        choices = tuple((one.text,) for one in last.choices)
    return Context(
        now=now,
        expects=None if asked is None else asked.step or "choose",
        basket=tuple(
            LineSaid(
                one.item, one.quantity, tuple(OptionSaid(o.option, o.choice, o.amount, o.part) for o in one.options)
            )
            for one in lines
        ),
        last=recent or (lines[-1].item if lines else None),
        choices=choices,
        listed=session.recent.items,
        booking="books_nights" in flow.trade_named(shop.trade).traits,
    )

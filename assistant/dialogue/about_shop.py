"""Answers about the shop itself: hours, ways and fees, payment, where it is, its rules. They change nothing. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.commerce.fulfilment import cancellation_refund, expected_at, is_open, next_opening
from assistant.commerce.shop import DAYS, DELIVERY
from assistant.dialogue import flow, money_back
from assistant.dialogue.contents import tell_discounts
from assistant.dialogue.draft import Draft
from assistant.dialogue.names import (
    method_names,
    promotion_name,
    way_name,
    way_names,
)
from assistant.dialogue.offering import (
    shopping,
)
from assistant.dialogue.say import Code, Count, Hours, Joined, TimeOfDay
from assistant.turns import Act, LineSaid


def wait(draft: Draft, act: Act) -> None:
    order = draft.order
    if order is not None and order.expected_at is not None:
        draft.say(draft.by_trade("expected"), time=draft.clock(order.expected_at))
        return
    way = flow.fulfilment_of(draft.scene, order) if order is not None else None
    way = way or next(iter(draft.shop.fulfilments.values()), None)
    if way is None or not way.minutes:  # "how long does a massage take", where nothing is made or brought
        draft.say(draft.by_trade("dont_know"))
        return
    at = (
        expected_at(order, draft.shop, draft.turn.at)
        if order is not None and order.facts.get("time", {}).get("at")
        else None
    )
    if at is not None:
        draft.say(draft.by_trade("expected"), time=draft.clock(at))
    else:
        draft.say("wait", minutes=Count(way.minutes, "minute"))


def hours(draft: Draft, act: Act) -> None:
    at = draft.turn.at
    if not draft.shop.hours or all(draft.shop.hours.get(day) == ("00:00-24:00",) for day in DAYS):
        draft.say("always_open")
        return
    today = draft.shop.hours.get(DAYS[draft.shop.local(at).weekday()], ())
    if today == ("00:00-24:00",):
        draft.say("always_open")
    elif is_open(draft.shop, at):
        draft.say("open_now", hours=Joined(tuple(Hours(one) for one in today)))
    else:
        opening = next_opening(draft.shop, at)
        asked = draft.session.asked
        if opening is None:
            draft.say("closed")
        elif asked is not None and asked.step == "time":
            draft.answered = True  # the question that comes again says it
        else:
            draft.say("closed_until", time=draft.clock(opening))


def delivery(draft: Draft, act: Act) -> None:
    if not draft.shop.deliveries:
        draft.say("no_delivery", ways=way_names(draft.shop))
    for way in draft.shop.deliveries:
        what = "delivery" if way.id == DELIVERY else "way"
        key = "free" if not way.fee else "fee" if way.free_from is None else "fee_free_from"
        draft.say(
            f"{what}_{key}",
            way=way_name(draft.shop, way.id),
            fee=draft.money(way.fee),
            free=draft.money(way.free_from or 0),
            minutes=Count(way.minutes, "minute"),
        )


def ways(draft: Draft, asked: Sequence[str]) -> None:
    """That goods can be had in the ways that were asked about, and how soon."""
    for way in (one for one in draft.shop.fulfilments.values() if one.id in asked):
        draft.say(
            "way_there" if not way.fee else "way_fee",
            way=way_name(draft.shop, way.id),
            fee=draft.money(way.fee),
            minutes=Count(way.minutes, "minute"),
        )


def cancellation(draft: Draft, act: Act) -> None:
    """What a cancelled booking costs: of the one that was made, else by the rule. Of goods of an order that was placed
    it is asked whether they are to be paid back: "can I get a refund on the coke"."""
    order = draft.order
    settled = order is not None and order.stage not in ("open", "cancelled")
    had = {line.item for line in order.lines} if order is not None and settled else set()
    if act.items and had.issuperset(act.items):
        money_back.refund(draft, Act("refund", tuple(LineSaid(item) for item in act.items)))
        return
    if (
        order is not None
        and order.stage == "placed"
        and draft.payment.captured
        and any(one.when for one in order.lines)
    ):
        back = cancellation_refund(order, draft.shop, draft.turn.at, draft.payment.refundable)
        draft.say("cancellation_now", number=Code(order.number or ""), amount=draft.money(back))
        return
    if "books_nights" in flow.trade_of(draft.scene).traits:
        rule = draft.shop.cancellation
        draft.say("cancellation_stay", hours=Count(rule.free_hours, "hour"), percent=rule.percent_after)
    else:
        draft.say("cancellation_goods")


def payment(draft: Draft, act: Act) -> None:
    asked = draft.session.asked
    if asked is not None and asked.step == "method":
        draft.answered = True  # the question that comes again names them
        return
    draft.say("methods", methods=method_names(draft.shop))


def address(draft: Draft, act: Act) -> None:
    text = draft.shop.address.get(draft.voice.tag) or next(iter(draft.shop.address.values()), "")
    if text:
        draft.say("shop_address", address=text)
    else:
        draft.say("dont_know")


def phone(draft: Draft, act: Act) -> None:
    if draft.shop.phone:
        draft.say("shop_phone", phone=draft.shop.phone)
    else:
        draft.say(draft.by_trade("dont_know"))


def stay(draft: Draft, act: Act) -> None:
    draft.say("check_times", check_in=TimeOfDay(draft.shop.check_in), check_out=TimeOfDay(draft.shop.check_out))


def each_room(draft: Draft, act: Act) -> None:
    """Several rooms were ordered at once, each with nights of its own: how those are said."""
    draft.say("nights_each_room")


def later_check_out(draft: Draft, act: Act) -> None:
    """Whether one can stay later on the last day, or come earlier on the first, only a person can tell."""
    stay(draft, act)
    draft.say(draft.by_trade("check_times_else"))


def discounts(draft: Draft, act: Act) -> None:
    if draft.order is not None and shopping(draft):
        tell_discounts(draft, flow.bill(draft.scene, draft.order))
    named = [one for one in draft.shop.promotions.values() if one.code is None and one.names]
    if named:
        draft.say("promotions", promotions=Joined(tuple(promotion_name(draft.shop, one.id) for one in named)))
    else:
        draft.say("no_promotions")

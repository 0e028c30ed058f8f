"""How the goods reach the person: delivery, pickup, at the table."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.commerce.money import Money
from assistant.commerce.order import Order
from assistant.commerce.shop import DELIVERY, Fulfilment
from assistant.dialogue import flow
from assistant.dialogue.names import way_name, way_names
from assistant.dialogue.state import Scene
from assistant.steps import Phase, Read, Said, Step
from assistant.turns import Act


def _too_little(scene: Scene, order: Order, way: Fulfilment) -> bool:
    """Whether the goods don't come to what this way starts at; an empty basket is not looked at yet."""
    if way.minimum is None or not order.lines:
        return False
    bill = flow.bill(scene, order)
    return bill.subtotal - bill.discount < way.minimum


def _minimum(scene: Scene, order: Order, way: Fulfilment) -> Said:
    least = Money(way.minimum or 0, order.currency)
    return Said("fulfilment.minimum", {"minimum": least, "way": way_name(scene.shop, way.id)})


def _done(scene: Scene, order: Order) -> bool:
    way = flow.fulfilment_of(scene, order)
    return way is not None and not _too_little(scene, order, way)  # goods may be taken out after it was chosen


def _ask(scene: Scene, order: Order) -> Said:
    way = flow.fulfilment_of(scene, order)
    if way is not None:
        return _minimum(scene, order, way)
    return _which(scene, [one.id for one in scene.shop.deliveries] if "address" in order.facts else ())


def _which(scene: Scene, ways: Sequence[str] = ()) -> Said:
    """Asks which of these ways, or of all."""
    ways = ways or tuple(scene.shop.fulfilments)
    choices = tuple((way_name(scene.shop, way), (Act("choose_fulfilment", value=way),)) for way in ways)
    return Said("fulfilment.which", {"ways": way_names(scene.shop, ways)}, choices)


def _read(scene: Scene, order: Order, act: Act) -> Read | None:
    if act.act != "choose_fulfilment":
        return None
    way, deliveries = scene.shop.fulfilments.get(str(act.value)), scene.shop.deliveries
    if way is None and act.value == DELIVERY and deliveries:  # by zones
        if len(deliveries) > 1:
            chosen = flow.fulfilment_of(scene, order)
            return Read(order, ask=None if chosen in deliveries else _which(scene, [one.id for one in deliveries]))
        way = deliveries[0]
    if way is None:
        return Read(order, (Said("fulfilment.not_offered", {"ways": way_names(scene.shop)}),), refused=True)
    changed = flow.with_fact(order, "fulfilment", way.id)
    if _too_little(scene, changed, way):
        if flow.fulfilment_of(scene, order) == way:
            return Read(order, ask=_minimum(scene, order, way))
        return Read(order, (_minimum(scene, order, way),), refused=True)
    fee = flow.bill(scene, changed).fulfilment
    key = "fulfilment.taken_fee" if fee else "fulfilment.taken"
    return Read(changed, (Said(key, {"way": way_name(scene.shop, way.id), "fee": Money(fee, order.currency)}),))


def _tell(scene: Scene, order: Order) -> Said | None:
    way = flow.fulfilment_of(scene, order)
    if way is None or "books_nights" in flow.trade_of(scene).traits:
        return None
    fee = flow.bill(scene, order).fulfilment
    key = "fulfilment.tell_fee" if fee else "fulfilment.tell"
    return Said(key, {"way": way_name(scene.shop, way.id), "fee": Money(fee, order.currency)})


STEP = Step(
    name="fulfilment",
    phase=Phase.DETAILS,
    rank=10,
    applies=lambda scene, order: bool(scene.shop.fulfilments),
    done=_done,
    ask=_ask,
    read=_read,
    tell=_tell,
    answer="choice",
    WORDS={
        "en": {
            "which": "How would you like it: {ways}?",
            "which_short": "How would you like it?",
            "taken": "{way}.",
            "taken_fee": "{way}, {fee}.",
            "tell": "{way}.",
            "tell_fee": "{way}, {fee}.",
            "not_offered": "We don't offer that; we have {ways}.",
            "minimum": "{way} starts at {minimum}; please add something or choose another way.",
            "way": {
                "delivery": "delivery",
                "pickup": "pickup",
                "dine_in": "eating in",
                "stay": "your stay",
                "other": "collection",
            },
        },
        "zh": {
            "which": "怎么取：{ways}？",
            "which_short": "怎么取？",
            "taken": "好，{way}。",
            "taken_fee": "好，{way}，{fee}。",
            "tell": "{way}。",
            "tell_fee": "{way}，{fee}。",
            "not_offered": "这种方式没有，可以选{ways}。",
            "minimum": "{way}要满{minimum}，可以再加点，或者换一种方式。",
            "way": {"delivery": "外卖配送", "pickup": "到店自取", "dine_in": "堂食", "stay": "入住", "other": "自取"},
        },
        "ko": {
            "which": "{ways} 중에 어떻게 받으시겠어요?",
            "which_short": "어떻게 받으시겠어요?",
            "taken": "네, {way}.",
            "taken_fee": "네, {way}, {fee}.",
            "tell": "{way}.",
            "tell_fee": "{way}, {fee}.",
            "not_offered": "그 방법은 없어요. {ways} 중에서 고르실 수 있어요.",
            "minimum": "{way}은(는) {minimum}부터 가능해요. 더 담으시거나 다른 방법을 골라 주세요.",
            "way": {"delivery": "배달", "pickup": "포장", "dine_in": "매장 식사", "stay": "숙박", "other": "수령"},
        },
    },
)

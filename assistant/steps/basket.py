"""What is bought: open until the person says that this is all."""

from __future__ import annotations

from assistant.commerce.order import Order
from assistant.dialogue import flow
from assistant.dialogue.say import Lines
from assistant.dialogue.state import Scene
from assistant.steps import Phase, Read, Said, Step
from assistant.turns import Act


def _done(scene: Scene, order: Order) -> bool:
    if not order.lines:
        return False
    return flow.in_checkout(order) or "books_nights" in flow.trade_of(scene).traits or _all_told(scene, order)


def _all_told(scene: Scene, order: Order) -> bool:
    """Who has said how to get it, for whom and how to pay has said that this is all."""
    return "method" in order.facts and all(
        not one.applies(scene, order) or one.done(scene, order) for one in flow.details()
    )


def _ask(scene: Scene, order: Order) -> Said:
    return Said("basket.more" if order.lines else "basket.what")


def _read(scene: Scene, order: Order, act: Act) -> Read | None:
    if act.act == "deny" and act.value == "keep" and order.lines:
        return Read(order, (Said("all_right"),))  # 薯条留着, where nothing was taken off
    if act.act == "deny" and order.lines and not flow.in_checkout(order):
        return Read(flow.with_fact(order, "basket", "done"))
    if act.act == "deny" and not order.lines:
        return Read(order, (Said("all_right"),))
    if act.act == "confirm" and not flow.in_checkout(order):
        return Read(order, ask=Said("basket.what"))
    return None


def _tell(scene: Scene, order: Order) -> Said | None:
    return Said("basket.tell", {"lines": Lines(order.lines)})


STEP = Step(
    name="basket",
    phase=Phase.BASKET,
    rank=20,
    applies=lambda scene, order: True,
    done=_done,
    ask=_ask,
    read=_read,
    tell=_tell,
    answer="open",
    WORDS={
        "en": {"more": "Anything else?", "what": "What would you like?", "tell": "{lines}."},
        "zh": {"more": "还要别的吗？", "what": "想要点什么？", "tell": "{lines}。"},
        "ko": {"more": "더 필요하신 것 있으세요?", "what": "무엇을 드릴까요?", "tell": "{lines}."},
    },
)

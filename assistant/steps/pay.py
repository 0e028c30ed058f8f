"""The payment under way: nothing to ask, only to wait for or to tell."""

from __future__ import annotations

from assistant.commerce.order import Order
from assistant.dialogue.state import Scene
from assistant.steps import Phase, Said, Step


def _done(scene: Scene, order: Order) -> bool:
    return scene.payment.status in ("paid", "partly_refunded", "refunded") or order.stage != "open"


STEP = Step(
    name="pay",
    phase=Phase.PAY,
    rank=10,
    applies=lambda scene, order: bool(order.lines),
    done=_done,
    ask=lambda scene, order: Said("pay.wait"),
    read=lambda scene, order, act: None,
    tell=lambda scene, order: None,
    answer="open",
    WORDS={
        "en": {"wait": "I'm waiting for the payment."},
        "zh": {"wait": "正在等待付款结果。"},
        "ko": {"wait": "결제를 기다리고 있습니다."},
    },
)

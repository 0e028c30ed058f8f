"""Terms that must be agreed to by themselves, before the read-back."""

from __future__ import annotations

from assistant.commerce.order import Order
from assistant.commerce.shop import Term
from assistant.dialogue import flow
from assistant.dialogue.say import Joined, Named
from assistant.dialogue.state import Scene
from assistant.steps import Phase, Read, Said, Step
from assistant.turns import Act


def _open(scene: Scene, order: Order) -> list[Term]:
    have, agreed = {line.item for line in order.lines}, order.facts.get("terms", ())
    return [
        one
        for one in scene.shop.terms.values()
        if one.must_ack and one.id not in agreed and (not one.items or have & set(one.items))
    ]


def _ask(scene: Scene, order: Order) -> Said:
    texts = tuple(Named({tag: (text,) for tag, text in one.text.items()}, one.id) for one in _open(scene, order))
    return Said("terms.ask", {"text": Joined(texts, "then")})


def _read(scene: Scene, order: Order, act: Act) -> Read | None:
    open_terms = _open(scene, order)
    if not open_terms:
        return None
    if act.act == "confirm":
        return Read(
            flow.with_fact(order, "terms", [*order.facts.get("terms", ()), *(one.id for one in open_terms)]),
            (Said("all_right"),),
        )
    return Read(order, (Said("terms.needed"),), refused=True) if act.act == "deny" else None


STEP = Step(
    name="terms",
    phase=Phase.DETAILS,
    rank=95,
    applies=lambda scene, order: any(one.must_ack for one in scene.shop.terms.values()),
    done=lambda scene, order: not _open(scene, order),
    ask=_ask,
    read=_read,
    tell=lambda scene, order: None,
    WORDS={
        "en": {
            "ask": "{text} Do you agree?",
            "needed": "I can't place the order without that. You can change it, or ask for a person.",
        },
        "zh": {"ask": "{text}同意吗？", "needed": "不同意就没法下单，可以修改，或者转人工。"},
        "ko": {
            "ask": "{text} 동의하시나요?",
            "needed": "동의하셔야 주문할 수 있어요. 내용을 바꾸시거나 직원을 찾으셔도 돼요.",
        },
    },
)

"""Where a delivery goes."""

from __future__ import annotations

import re

from assistant.commerce.order import Order
from assistant.dialogue import flow
from assistant.dialogue.say import Address
from assistant.dialogue.state import Scene
from assistant.steps import Phase, Read, Said, Step
from assistant.turns import Act

MOST = 200
"""Characters of an address that are kept; a longer text isn't one."""


def _read(scene: Scene, order: Order, act: Act) -> Read | None:
    if act.act != "give_address":
        return None
    text = _last_one(scene) if isinstance(act.value, dict) else str(act.value or "")
    if text is None:
        return Read(order, (Said("address.none_before"),), refused=True)
    text = re.sub(r"\s+", " ", text).strip(" ,.，。")
    if not text or len(text) > MOST or not any(one.isalpha() for one in text):
        return Read(order, (Said("address.unclear"),), refused=True)
    changed = flow.with_fact(order, "address", {"text": text})
    if "fulfilment" not in order.facts and len(scene.shop.deliveries) == 1:
        changed = flow.with_fact(changed, "fulfilment", scene.shop.deliveries[0].id)
    return Read(changed, (Said("address.taken", {"address": Address(text)}),))


def _last_one(scene: Scene) -> str | None:
    """The address of the latest order that this buyer placed, for "the same address"."""
    placed = (one.order for one in scene.orders if one.order.number is not None)
    return next((str(one.facts["address"]["text"]) for one in placed if "address" in one.facts), None)


def _tell(scene: Scene, order: Order) -> Said | None:
    if "address" not in order.facts:
        return None
    return Said("address.tell", {"address": Address(order.facts["address"]["text"])})


STEP = Step(
    name="address",
    phase=Phase.DETAILS,
    rank=20,
    applies=lambda scene, order: flow.needs_fact(scene, order, "address"),
    done=lambda scene, order: "address" in order.facts,
    ask=lambda scene, order: Said("address.where"),
    read=_read,
    tell=_tell,
    answer="address",
    WORDS={
        "en": {
            "none_before": "I know no earlier address of yours.",
            "where": "Where shall we bring it?",
            "taken": "To {address}.",
            "tell": "To {address}.",
            "unclear": "I need the street and number of the address.",
        },
        "zh": {
            "none_before": "没有查到您以前的地址。",
            "where": "请问送到哪里？",
            "taken": "送到{address}。",
            "tell": "送到{address}。",
            "unclear": "请告诉我街道和门牌号。",
        },
        "ko": {
            "none_before": "이전 주소를 찾지 못했어요.",
            "where": "어디로 배달해 드릴까요?",
            "taken": "{address}(으)로 배달해 드릴게요.",
            "tell": "배달 주소는 {address}입니다.",
            "unclear": "도로명과 번지를 말씀해 주세요.",
        },
    },
)

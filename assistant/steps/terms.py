"""Terms that must be agreed to by themselves, before the read-back."""

from __future__ import annotations

from assistant.commerce.options import allergens_of
from assistant.commerce.order import Order
from assistant.dialogue import flow
from assistant.dialogue.names import allergen_names, item_name
from assistant.dialogue.say import Joined, Named
from assistant.dialogue.state import Scene
from assistant.steps import Phase, Read, Said, Step
from assistant.turns import Act


def _open(scene: Scene, order: Order) -> dict[str, Said | Named]:
    """What is still to be agreed to, by id: terms of the shop, and items whose allergens must be heard."""
    agreed = order.facts.get("terms", ())
    found: dict[str, Said | Named] = {}
    for term in scene.shop.terms.values():
        if term.must_ack and (not term.items or any(line.item in term.items for line in order.lines)):
            found[term.id] = Named({tag: (text,) for tag, text in term.text.items()}, term.id)
    for line in order.lines:
        item = scene.catalogue.item(line.item)
        if item is not None and item.must_ack:
            values = {"item": item_name(item), "allergens": allergen_names(allergens_of(item, line.options))}
            found[item.id] = Said("contains", values)
    return {name: said for name, said in found.items() if name not in agreed} if agreed else found


def _ask(scene: Scene, order: Order) -> Said:
    return Said("terms.ask", {"text": Joined(tuple(_open(scene, order).values()), "then")}, whole=True)


def _read(scene: Scene, order: Order, act: Act) -> Read | None:
    still = _open(scene, order)
    if not still:
        return None
    if act.act == "confirm":
        return Read(flow.with_fact(order, "terms", [*order.facts.get("terms", ()), *still]), (Said("all_right"),))
    return Read(order, (Said("terms.needed"),), refused=True) if act.act == "deny" else None


def _applies(scene: Scene, order: Order) -> bool:
    return bool(_open(scene, order)) or "terms" in order.facts


STEP = Step(
    name="terms",
    phase=Phase.DETAILS,
    rank=95,
    applies=_applies,
    done=lambda scene, order: not _open(scene, order),
    ask=_ask,
    read=_read,
    tell=lambda scene, order: None,
    answer="yes_no",
    WORDS={
        "en": {
            "ask": "{text} Do you agree?",
            "ask_short": "Do you agree?",
            "needed": "I can't place the order without that. You can change it, or ask for a person.",
        },
        "zh": {"ask": "{text}同意吗？", "ask_short": "同意吗？", "needed": "不同意就没法下单，可以修改，或者转人工。"},
        "ko": {
            "ask": "{text} 동의하시나요?",
            "ask_short": "동의하시나요?",
            "needed": "동의하셔야 주문할 수 있어요. 내용을 바꾸시거나 직원을 찾으셔도 돼요.",
        },
    },
)

"""The read-back's end: warnings, the total and the question. Only a yes to it becomes consent."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.commerce.money import Money
from assistant.commerce.order import Order
from assistant.commerce.pricing import allergens_of
from assistant.dialogue import flow
from assistant.dialogue.names import allergen_names, method_name, promotion_name
from assistant.dialogue.say import Joined, Named
from assistant.dialogue.state import Scene
from assistant.steps import Phase, Read, Said, Step
from assistant.turns import Act


def _ask(scene: Scene, order: Order) -> Said:
    """The whole amount by the chosen method, and the question."""
    return Said(
        "confirm.ask",
        {
            "total": Money(flow.bill(scene, order).total, order.currency),
            "method": method_name(scene.shop, str(order.facts.get("method", ""))),
        },
    )


def _tell(scene: Scene, order: Order) -> Said | None:
    """Discounts, fees, tax, warnings and terms: what else the yes is for."""
    said = list(_money_parts(scene, order)) + list(_warnings(scene, order))
    return Said("confirm.parts", {"parts": Joined(tuple(said), "then")}) if said else None


def _money_parts(scene: Scene, order: Order) -> Iterator[Said]:
    bill = flow.bill(scene, order)
    for one in bill.applied:
        yield Said(
            "confirm.discount",
            {"name": promotion_name(scene.shop, one.promotion), "amount": Money(one.amount, order.currency)},
        )
    if bill.fee - bill.tip:
        yield Said("confirm.fee", {"amount": Money(bill.fee - bill.tip, order.currency)})
    if bill.tip:
        yield Said("confirm.tip", {"amount": Money(bill.tip, order.currency)})
    if bill.tax and not bill.tax_included:
        yield Said("confirm.tax", {"amount": Money(bill.tax, order.currency)})


def _warnings(scene: Scene, order: Order) -> Iterator[Said]:
    allergens = dict.fromkeys(
        one
        for line in order.lines
        if (item := scene.catalogue.item(line.item))
        for one in allergens_of(item, line.options)
    )
    if allergens:
        yield Said("confirm.allergens", {"allergens": allergen_names(allergens)})
    have = {line.item for line in order.lines}
    for term in scene.shop.terms.values():
        if not term.must_ack and term.text and (not term.items or have & set(term.items)):
            yield Said("confirm.term", {"text": Named({tag: (text,) for tag, text in term.text.items()}, term.id)})
    if "books_nights" in flow.trade_of(scene).traits:
        rule = scene.shop.cancellation
        yield Said("confirm.cancellation", {"hours": str(rule.free_hours), "time": rule.time})
    method = scene.shop.methods.get(str(order.facts.get("method")))
    if method is not None and method.provider == "sandbox":
        yield Said("confirm.sandbox")


STEP = Step(
    name="confirm",
    phase=Phase.CONFIRM,
    rank=10,
    applies=lambda scene, order: bool(order.lines),
    done=flow.consented,
    ask=_ask,
    read=lambda scene, order, act: _deny(order, act),
    tell=_tell,
    WORDS={
        "en": {
            "ask": "{total} by {method} in all. Shall I place the order?",
            "parts": "{parts}",
            "discount": "{name}: {amount} off.",
            "fee": "Service {amount}.",
            "tip": "Tip {amount}.",
            "tax": "Tax {amount}.",
            "allergens": "Contains {allergens}.",
            "term": "{text}",
            "cancellation": "Free cancellation until {hours} hours before {time} on the day of arrival.",
            "sandbox": {"ear": "", "eye": "(Sandbox: no money moves.)"},
            "what_to_change": "All right. What shall I change?",
        },
        "zh": {
            "ask": "{method}，一共{total}，确认下单吗？",
            "parts": "{parts}",
            "discount": "{name}，优惠{amount}。",
            "fee": "服务费{amount}。",
            "tip": "小费{amount}。",
            "tax": "税{amount}。",
            "allergens": "含{allergens}。",
            "term": "{text}",
            "cancellation": "入住当天{time}前{hours}小时可免费取消。",
            "sandbox": {"ear": "", "eye": "（沙盒环境，不会真实扣款。）"},
            "what_to_change": "好的，要改什么？",
        },
        "ko": {
            "ask": "{method}(으)로 모두 {total}입니다. 주문할까요?",
            "parts": "{parts}",
            "discount": "{name}, {amount} 할인.",
            "fee": "서비스 요금 {amount}.",
            "tip": "팁 {amount}.",
            "tax": "세금 {amount}.",
            "allergens": "{allergens} 함유.",
            "term": "{text}",
            "cancellation": "도착일 {time} 기준 {hours}시간 전까지 무료로 취소할 수 있습니다.",
            "sandbox": {"ear": "", "eye": "(샌드박스: 실제로 결제되지 않습니다.)"},
            "what_to_change": "네, 무엇을 바꿀까요?",
        },
    },
)


def _deny(order: Order, act: Act) -> Read | None:
    """No: nothing is placed; the question is what to change."""
    return Read(order, (Said("confirm.what_to_change"),), refused=True) if act.act == "deny" else None

"""The read-back's end: warnings, the total and the question. Only a yes to it becomes consent."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.commerce.fulfilment import expected_at, free_until
from assistant.commerce.money import Money
from assistant.commerce.options import allergens_of
from assistant.commerce.order import Order
from assistant.dialogue import flow
from assistant.dialogue.names import allergen_names, method_name, promotion_name
from assistant.dialogue.say import Clock, Code, Joined, Named
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
        whole=True,
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
    for refused in bill.rejected:  # kept for when it fits, or over since it was given
        missing = Money(refused.value or 0, order.currency)
        yield Said(f"coupon.{refused.reason}", {"code": Code(refused.code), "missing": missing})
    yield from flow.put_on(bill, order.currency)


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
    yield from _cancelling(scene, order)
    method = scene.shop.methods.get(str(order.facts.get("method")))
    if method is not None and flow.moves_no_money(method.provider):
        yield Said("confirm.sandbox")


def _cancelling(scene: Scene, order: Order) -> Iterator[Said]:
    """Until when a stay can be cancelled, and what is paid back later, to whom there is something to pay back."""
    until = free_until(order, scene.shop)
    if until is None:
        return
    begins = expected_at(order, scene.shop, scene.turn.at)
    today = scene.shop.local(scene.turn.at).date()
    method = scene.shop.methods.get(str(order.facts.get("method")))
    if begins is not None and scene.turn.at >= begins:
        yield Said("confirm.cancellation_none")
    elif scene.turn.at <= until:
        yield Said("confirm.cancellation", {"time": Clock(scene.shop.local(until), today)})
    elif method is None or not flow.pays_later(method.provider):
        yield Said("confirm.cancellation_late", {"percent": scene.shop.cancellation.percent_after})


STEP = Step(
    name="confirm",
    phase=Phase.CONFIRM,
    rank=10,
    applies=lambda scene, order: bool(order.lines),
    done=flow.consented,
    ask=_ask,
    read=lambda scene, order, act: _deny(order, act),
    tell=_tell,
    answer="yes_no",
    WORDS={
        "en": {
            "ask": "{total} by {method} in all. Shall I place the order?",
            "ask_short": "Shall I place the order?",
            "parts": "{parts}",
            "discount": "{name}: {amount} off.",
            "fee": "Service {amount}.",
            "tip": "Tip {amount}.",
            "tax": "Tax {amount}.",
            "allergens": "Contains {allergens}.",
            "term": "{text}",
            "cancellation": "You can cancel for free until {time}.",
            "cancellation_late": "On cancelling, {percent} percent is paid back.",
            "cancellation_none": "It can't be cancelled any more.",
            "sandbox": {"ear": "", "eye": "(Sandbox: no money moves.)"},
            "what_to_change": "All right. What shall I change?",
            "what_to_change_short": "What shall I change?",
        },
        "zh": {
            "ask": "{method}，一共{total}，确认下单吗？",
            "ask_short": "确认下单吗？",
            "parts": "{parts}",
            "discount": "{name}，减{amount}。",
            "fee": "服务费{amount}。",
            "tip": "小费{amount}。",
            "tax": "税{amount}。",
            "allergens": "含{allergens}。",
            "term": "{text}",
            "cancellation": "{time}前可以免费取消。",
            "cancellation_none": "订好后不能再取消。",
            "cancellation_late": {"ear": "取消的话退百分之{percent}。", "eye": "取消的话退{percent}%。"},
            "sandbox": {"ear": "", "eye": "（沙盒环境，不会真实扣款。）"},
            "what_to_change": "好的，要改什么？",
            "what_to_change_short": "要改什么？",
        },
        "ko": {
            "ask": "모두 {total}, 결제 방법은 {method}입니다. 주문할까요?",
            "ask_short": "주문할까요?",
            "parts": "{parts}",
            "discount": "{name}(으)로 {amount} 빠져요.",
            "fee": "서비스 요금 {amount}.",
            "tip": "팁 {amount}.",
            "tax": "세금 {amount}.",
            "allergens": "{allergens} 성분이 들어 있어요.",
            "term": "{text}",
            "cancellation": "{time}까지 무료로 취소하실 수 있어요.",
            "cancellation_none": "예약 후에는 취소하실 수 없어요.",
            "cancellation_late": "취소하시면 {percent}퍼센트를 돌려드려요.",
            "sandbox": {"ear": "", "eye": "(샌드박스: 실제로 결제되지 않습니다.)"},
            "what_to_change": "네, 무엇을 바꿀까요?",
            "what_to_change_short": "무엇을 바꿀까요?",
        },
    },
)


def _deny(order: Order, act: Act) -> Read | None:
    """No: nothing is placed; the question is what to change."""
    return Read(order, ask=Said("confirm.what_to_change")) if act.act == "deny" else None

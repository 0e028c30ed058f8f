"""How it is paid, named as people name it; the shop's file says which provider collects it."""

from __future__ import annotations

from assistant.commerce.order import Order
from assistant.dialogue import flow
from assistant.dialogue.names import method_name, method_names
from assistant.dialogue.state import Scene
from assistant.steps import Phase, Read, Said, Step
from assistant.turns import Act


def _offered(scene: Scene, order: Order) -> list[str]:
    """The shop's methods whose provider can collect this order's total here; all of them before there is a total."""
    if not order.lines:
        return list(scene.shop.methods)
    total = flow.bill(scene, order).total
    return [one for one in scene.shop.methods if scene.offers(one, total)]


def _done(scene: Scene, order: Order) -> bool:
    method = order.facts.get("method")
    return method in scene.shop.methods and scene.offers(str(method), flow.bill(scene, order).total)


def _ask(scene: Scene, order: Order) -> Said:
    offered = _offered(scene, order)
    if not offered:
        return Said("method.none")
    choices = tuple((method_name(scene.shop, one), (Act("choose_method", value=one),)) for one in offered)
    return Said("method.which", {"methods": method_names(scene.shop, offered)}, choices)


def _read(scene: Scene, order: Order, act: Act) -> Read | None:
    if act.act != "choose_method":
        return None
    method = str(act.value)
    if method == "again" and scene.payment.attempts:
        method = scene.payment.attempts[-1].method
    offered = _offered(scene, order)
    if method == "split":
        return Read(order, (Said("method.one_only"),), refused=True)
    if method not in offered:
        said = Said("method.not_offered", {"methods": method_names(scene.shop, offered)})
        return Read(order, (said if offered else Said("method.none"),), refused=True)
    return Read(
        flow.with_fact(order, "method", method), (Said("method.taken", {"method": method_name(scene.shop, method)}),)
    )


STEP = Step(
    name="method",
    phase=Phase.DETAILS,
    rank=90,
    applies=lambda scene, order: bool(scene.shop.methods),
    done=_done,
    ask=_ask,
    read=_read,
    tell=lambda scene, order: None,
    answer="choice",
    WORDS={
        "en": {
            "which": "How would you like to pay: {methods}?",
            "which_short": "How would you like to pay?",
            "taken": "{method}.",
            "not_offered": "We don't take that. You can pay by {methods}.",
            "one_only": "One order is paid in one way, I can't split it.",
            "none": "This can't be paid here. Please change the order, or ask for a person.",
            "names": {
                "card": "card",
                "cash": "cash",
                "wechat": "WeChat Pay",
                "alipay": "Alipay",
                "paypal": "PayPal",
                "room": "on the room",
                "pay_on_delivery": "payment at the door",
                "pay_at_pickup": "payment at pickup",
            },
        },
        "zh": {
            "which": "怎么付：{methods}？",
            "which_short": "怎么付？",
            "taken": "好，{method}。",
            "not_offered": "这种方式不支持，可以用{methods}。",
            "one_only": "一单只能用一种方式付，不能分开付。",
            "none": "这笔钱在这里付不了，请修改订单，或者转人工。",
            "names": {
                "card": "银行卡",
                "cash": "现金",
                "wechat": "微信支付",
                "alipay": "支付宝",
                "paypal": "贝宝",
                "room": "挂房账",
                "pay_on_delivery": "货到付款",
                "pay_at_pickup": "到店付款",
            },
        },
        "ko": {
            "which": "{methods} 중에 무엇으로 결제하시겠어요?",
            "which_short": "무엇으로 결제하시겠어요?",
            "taken": "네, {method}(으)로 할게요.",
            "not_offered": "그 방법은 받지 않아요. {methods} 중에서 고르실 수 있어요.",
            "one_only": "한 주문은 한 가지 방법으로만 결제할 수 있어서 나눠 내실 수는 없어요.",
            "none": "이 금액은 여기서 결제할 수 없어요. 주문을 바꾸시거나 직원을 불러 드릴게요.",
            "names": {
                "card": "카드",
                "cash": "현금",
                "wechat": "위챗페이",
                "alipay": "알리페이",
                "paypal": "페이팔",
                "room": "객실 청구",
                "pay_on_delivery": "현장 결제",
                "pay_at_pickup": "수령 시 결제",
            },
        },
    },
)

"""What the measured conversations say: whole orders as people give them, in three languages.

Each goes up to the read-back of the whole order. Those that `pay` go on with the yes, to a number in their hand.
"""

from __future__ import annotations

from typing import NamedTuple


class Talk(NamedTuple):
    language: str
    said: tuple[str, ...]
    pays: bool


YES = {"en": "yes", "zh": "好的", "ko": "네"}

DELIVERY, DELIVERY_ZH, DINE_IN_KO, PICKUP = (
    Talk(
        "en",
        (
            "two large cheeseburgers, one without onions, and a coke",
            "make the coke two",
            "what's in my basket?",
            "checkout",
            "delivery to 12 High Street",
            "as soon as possible",
            "Ana, 555 0134",
            "card",
        ),
        pays=True,
    ),
    Talk(
        "zh",
        (
            "我要两个芝士汉堡，一个不要洋葱，再来一杯大杯可乐",
            "可乐改成三杯",
            "再加一份薯条",
            "结账",
            "送到上海市灯笼路12号",
            "尽快送",
            "我叫王芳，电话13800138000",
            "支付宝",
        ),
        pays=False,
    ),
    Talk(
        "ko",
        (
            "치즈버거 두 개랑 콜라 한 잔 주세요",
            "콜라 세 잔으로 바꿔 주세요",
            "감자튀김도 하나 추가해 주세요",
            "결제할게요",
            "먹고 갈게요",
            "현금",
        ),
        pays=True,
    ),
    Talk(
        "en",
        (
            "what drinks do you have?",
            "a veggie burger with extra cheese and a large orange juice please",
            "make the burger two",
            "remove the orange juice and add a latte",
            "how much is it",
            "that's all",
            "I'll pick it up in half an hour",
            "my name is Ben and my number is 555 0177",
            "wechat",
        ),
        pays=False,
    ),
)

TALKS = (DELIVERY, DELIVERY_ZH, DINE_IN_KO, PICKUP, DELIVERY._replace(pays=False), DELIVERY_ZH, DINE_IN_KO, PICKUP)
"""Three in eight pay: one through the sandbox, whose own file is synced too, and two in cash at the table."""

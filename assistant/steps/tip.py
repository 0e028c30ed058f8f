"""A tip, where the shop takes tips: never asked, never in the way."""

from __future__ import annotations

import re
from decimal import Decimal

from assistant.commerce.money import Money, exponent
from assistant.commerce.order import Order
from assistant.dialogue import flow
from assistant.dialogue.state import Scene
from assistant.steps import Phase, Read, Said, Step
from assistant.turns import Act

MOST_PERCENT = 50
MOST = Decimal(10**9)
"""Whatever is more than that is as much too much."""
TIPS = ("tip", "小费", "팁")
NOT_WHOLE = ("and", "half", "quarter", "point", "半", "点", "점", "반")
"""Beside a number these say that it isn't all: no tip is guessed."""
PERCENT = ("%", "％", "percent", "per cent", "百分", "퍼센트", "프로")


def _read(scene: Scene, order: Order, act: Act) -> Read | None:
    if act.act != "answer" or act.step != "tip":
        return None
    if not scene.shop.tips:
        return Read(order, (Said("tip.not_taken"),), refused=True)
    said = str(act.value or "")
    tip = _tip(said, order.currency)
    if tip is None and _unclear(said):
        return Read(order, (Said("tip.unclear"),), refused=True)
    if tip is None:
        return Read(flow.with_fact(order, "tip", None), (Said("tip.none"),))
    changed = flow.with_fact(order, "tip", tip)
    bill = flow.bill(scene, changed)
    if bill.tip * 100 > (bill.subtotal - bill.discount) * MOST_PERCENT:
        return Read(order, (Said("tip.too_much", {"most": MOST_PERCENT}),), refused=True)
    if not bill.tip and "percent" in tip:  # nothing is ordered yet that it is a share of
        return Read(changed, (Said("tip.share", {"percent": str(tip["percent"])}),))
    return Read(changed, (Said("tip.taken", {"amount": Money(bill.tip, order.currency)}),))


def _tip(said: str, currency: str) -> dict[str, int | str] | None:
    """A share where a percent sign or word, or nothing, stands beside the number; else an amount of money."""
    found = re.search(r"\d+(?:\.\d+)?", said)
    number = min(Decimal(found[0]), MOST) if found is not None else Decimal()
    if found is None or not number:
        return None
    beside = said.replace(found[0], "").strip(" .。!！").casefold()
    if any(word in beside for word in NOT_WHOLE):
        return None
    if not beside or any(word in beside for word in PERCENT):
        if number % 1:
            return {"percent": str(number.normalize())} if beside or number > 1 else None  # 12.5 is no 12
        return {"percent": int(number)}
    return {"amount": int(number.scaleb(exponent(currency)))}


def _unclear(said: str) -> bool:
    """Whether an amount was said that can't be told; a refusal has the word for a tip in it, or a nought."""
    found = re.search(r"\d+(?:\.\d+)?", said)
    return (found is None or Decimal(found[0]) > 0) and not any(word in said.casefold() for word in TIPS)


STEP = Step(
    name="tip",
    phase=Phase.DETAILS,
    rank=60,
    applies=lambda scene, order: bool(scene.shop.tips),
    done=lambda scene, order: True,
    ask=lambda scene, order: Said("tip.none"),
    read=_read,
    tell=lambda scene, order: None,
    answer="number",
    WORDS={
        "en": {
            "taken": "A tip of {amount}, thank you.",
            "share": "A tip of {percent} percent, thank you.",
            "none": "No tip.",
            "unclear": "I couldn't tell how much: say the tip in percent or in money.",
            "not_taken": "We don't take tips, thank you.",
            "too_much": "That's very kind; I can add {most} percent at most.",
            "hear": {
                "tip {value}": "answer",
                "add a tip of {value}": "answer",
                "{value} percent tip": "answer",
                "add a {value} percent tip": "answer",
                "{value}% tip": "answer",
                "(no|without a|don't add a|remove the|take off the|forget the|skip the|cancel the) tip": "answer",
            },
        },
        "zh": {
            "taken": "小费{amount}，谢谢。",
            "share": "小费百分之{percent}，谢谢。",
            "none": "不加小费。",
            "unclear": "没听出小费是多少，请说百分比或者金额。",
            "not_taken": "我们不收小费，谢谢。",
            "too_much": "谢谢，小费最多百分之{most}。",
            "hear": {
                "小费{value}": "answer",
                "加小费{value}": "answer",
                "{value}[的]小费": "answer",
                "(不要|不给|不加|不用|没有|不付)小费": "answer",
                "小费[就|还是](算了|不要了|不给了|不加了|不用了|免了)[吧]": "answer",
            },
        },
        "ko": {
            "taken": "팁 {amount}, 감사합니다.",
            "share": "팁 {percent}퍼센트, 감사합니다.",
            "none": "팁은 없습니다.",
            "unclear": "팁이 얼마인지 못 알아들었어요. 퍼센트나 금액으로 말씀해 주세요.",
            "not_taken": "팁은 받지 않습니다. 감사합니다.",
            "too_much": "감사합니다만 팁은 최대 {most}퍼센트까지입니다.",
            "hear": {
                "팁 {value}": "answer",
                "{value} 팁": "answer",
                "(팁은|팁) (됐어요|됐고요|없어요|없어|없이|필요 없어요)": "answer",
                "(팁은|팁) (안 줄게요|안 할게요|안 드릴게요|안 낼게요|안 낼래요|안 줘|안 줄게)": "answer",
                "(팁은|팁) (빼고|빼고요|빼 줘|빼 주세요)": "answer",
            },
        },
    },
)

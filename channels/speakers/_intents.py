"""The one table from intents to acts, and what people say for each: for the platforms' models, and to put into words
what a platform understood without telling what was said.

Intents have one name here (`add_item`); Alexa calls it AddItemIntent. A slot's `kind` is what it holds: goods,
options, extra, method and fulfilment have ids of this shop; the rest is the platform's own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from msgspec import Struct

from assistant.turns import Act, Doubt, LineSaid, OptionSaid


class Slot(Struct, frozen=True):
    """What one slot of an intent was filled with."""

    name: str
    raw: str = ""
    """As it was said."""
    ids: tuple[str, ...] = ()
    """Every id that the platform found for it."""
    several: tuple[Slot, ...] = ()
    """The values of one that was filled several times."""


Slots = Mapping[str, Slot]
Does = tuple[tuple[Act, ...], tuple[Doubt, ...]]


class Intent(Struct, frozen=True, kw_only=True):
    slots: Mapping[str, str] = {}
    """Name -> kind."""
    samples: Mapping[str, tuple[str, ...]] = {}
    """By language. `{options}` stands for any of the shop's options that are chosen one of (a size)."""
    does: Callable[[Slots], Does | None] = lambda slots: None
    """The acts, where the slots say all; None: its words are understood as they are."""
    words: str = ""
    """A slot that is free text, and all that was said."""


def said(name: str, slots: Slots, language: str) -> str:
    """An intent in words: its first sample that has just these slots, with what was said in them."""
    intent = INTENTS.get(name)
    filled = {slot.name: raw for slot in slots.values() if (raw := _raw(slot))}
    if intent is None:
        return " ".join(filled.values())
    if intent.words and list(filled) == [intent.words]:
        return filled[intent.words]
    options = [raw for key, raw in filled.items() if key not in intent.slots]
    known = {key: raw for key, raw in filled.items() if key in intent.slots}
    wanted = known.keys() | ({"options"} if options else set())
    samples = intent.samples.get(language) or intent.samples.get("en", ())
    sample = next((one for one in samples if set(re.findall(r"\{(\w+)\}", one)) == wanted), "")
    if not sample:
        return " ".join(filled.values())
    return sample.format_map({**known, "options": " ".join(options)})


def _raw(slot: Slot) -> str:
    return slot.raw or ", ".join(one.raw for one in slot.several if one.raw)


def understood(name: str, slots: Slots) -> Does | None:
    """What an intent asks for, where that is certain or can be asked; None: its words must be understood."""
    intent = INTENTS.get(name)
    return intent.does(slots) if intent is not None else None


def _plain(act: str, **more: object) -> Callable[[Slots], Does | None]:
    done = Act(act, **more)  # type: ignore[arg-type]
    return lambda slots: ((done,), ()) if not any(_raw(one) for one in slots.values()) else None


def _goods(act: str) -> Callable[[Slots], Does | None]:
    """Lines of the goods that were named: one each; one of several is asked about."""

    def does(slots: Slots) -> Does | None:
        item = slots.get("item")
        if item is None or not _raw(item):
            return None
        named = item.several or (item,)
        number = _number(slots.get("quantity"))
        options = [one for key, slot in slots.items() if (one := _option(key, slot)) is not None]
        chosen = tuple(one for one in options if one != NOT_CERTAIN)
        if not all(one.ids for one in named) or len(chosen) != len(options) or (number and len(named) > 1):
            return None

        def act_for(found: str) -> Act:
            if act == "ask_price":
                return Act(act, items=(found,))
            return Act(act, (LineSaid(found, number or None, chosen),))

        sure = [one for one in named if len(one.ids) == 1 and number is not None]
        acts = tuple(act_for(one.ids[0]) for one in sure)
        doubts = tuple(Doubt(one.raw, tuple(map(act_for, one.ids))) for one in named if one not in sure)
        if len(acts) > 1:
            acts = (Act(act, tuple(line for one in acts for line in one.lines), items=_items(acts)),)
        return acts, doubts

    return does


def _items(acts: tuple[Act, ...]) -> tuple[str, ...]:
    return tuple(item for one in acts for item in one.items)


def _number(slot: Slot | None) -> int | None:
    """How many: 0 where none were said, None where the number was not caught ("?")."""
    if slot is None or not _raw(slot):
        return 0
    return int(slot.raw) if re.fullmatch(r"[1-9]\d{0,3}", slot.raw) else None


NOT_CERTAIN = OptionSaid("", None)
NOT_OPTIONS = frozenset({"item", "quantity"})


def _option(key: str, slot: Slot) -> OptionSaid | None:
    """An option of the goods: NOT_CERTAIN unless the platform found just one choice."""
    if key in NOT_OPTIONS or not _raw(slot):
        return None
    if len(slot.ids) != 1:
        return NOT_CERTAIN
    option, slash, choice = slot.ids[0].rpartition("/")
    if not slash:
        option = key
    if key in ("extra", "left_out"):
        return OptionSaid(option, choice, "no" if key == "left_out" else "normal")
    return OptionSaid(option, choice)


def _valued(act: str, name: str) -> Callable[[Slots], Does | None]:
    """An act whose value is the id of a slot."""

    def does(slots: Slots) -> Does | None:
        slot = slots.get(name)
        if slot is None or not slot.ids:
            return None
        acts = tuple(Act(act, value=one) for one in slot.ids)
        return (acts, ()) if len(acts) == 1 else ((), (Doubt(slot.raw, acts),))

    return does


def _changed(slots: Slots) -> Does | None:
    number = _number(slots.get("quantity"))
    item = slots.get("item")
    if not number or (item is not None and _raw(item) and len(item.ids) != 1):
        return None
    return (Act("change", (LineSaid(item.ids[0] if item and item.ids else None, number),)),), ()


def _chosen(slots: Slots) -> Does | None:
    number = _number(slots.get("number"))
    return ((Act("choose", number=number),), ()) if number else None


INTENTS: Mapping[str, Intent] = {
    "add_item": Intent(
        slots={"item": "goods", "quantity": "number", "extra": "extra", "left_out": "extra"},
        samples={
            "en": (
                "add {item}",
                "add {quantity} {item}",
                "add {options} {item}",
                "add {quantity} {options} {item}",
                "order {item}",
                "order {quantity} {item}",
                "order {quantity} {options} {item}",
                "i would like {item}",
                "i would like {quantity} {item}",
                "i would like {quantity} {options} {item}",
                "{item}",
                "{quantity} {item}",
                "{options} {item}",
                "{quantity} {options} {item}",
                "{item} with {extra}",
                "{quantity} {item} with {extra}",
                "{options} {item} with {extra}",
                "{quantity} {options} {item} with {extra}",
                "{item} without {left_out}",
                "{quantity} {item} without {left_out}",
                "{options} {item} without {left_out}",
                "{quantity} {options} {item} without {left_out}",
            ),
            "zh": (
                "来{item}",
                "来{quantity}个{item}",
                "来{options}{item}",
                "来{quantity}个{options}{item}",
                "要{item}",
                "要{quantity}个{item}",
                "{item}",
                "{quantity}个{item}",
                "{item}加{extra}",
                "{quantity}个{item}加{extra}",
                "{item}不要{left_out}",
                "{quantity}个{item}不要{left_out}",
            ),
            "ko": (
                "{item} 주세요",
                "{item} {quantity}개 주세요",
                "{options} {item} 주세요",
                "{options} {item} {quantity}개 주세요",
                "{item} 추가해 주세요",
                "{item}에 {extra} 추가해 주세요",
                "{item}에 {left_out} 빼 주세요",
            ),
        },
        does=_goods("add"),
    ),
    "remove_item": Intent(
        slots={"item": "goods", "quantity": "number"},
        samples={
            "en": ("remove {item}", "remove {quantity} {item}", "take off {item}", "i do not want {item}"),
            "zh": ("去掉{item}", "去掉{quantity}个{item}", "不要{item}了"),
            "ko": ("{item} 빼 주세요", "{item} {quantity}개 빼 주세요"),
        },
        does=_goods("remove"),
    ),
    "change_quantity": Intent(
        slots={"item": "goods", "quantity": "number"},
        samples={
            "en": ("make it {quantity}", "make that {quantity} {item}", "change {item} to {quantity}"),
            "zh": ("改成{quantity}个", "{item}改成{quantity}个"),
            "ko": ("{quantity}개로 바꿔 주세요", "{item} {quantity}개로 바꿔 주세요"),
        },
        does=_changed,
    ),
    "price": Intent(
        slots={"item": "goods"},
        samples={
            "en": ("how much is {item}", "what does {item} cost"),
            "zh": ("{item}多少钱",),
            "ko": ("{item} 얼마예요",),
        },
        does=_goods("ask_price"),
    ),
    "read_cart": Intent(
        samples={
            "en": ("what is in my basket", "what is in my cart", "read my order", "read my basket"),
            "zh": ("我点了什么", "购物车里有什么"),
            "ko": ("장바구니에 뭐가 있어요", "주문 내용 알려 주세요"),
        },
        does=_plain("show_basket"),
    ),
    "checkout": Intent(
        samples={
            "en": ("check out", "place my order", "that is everything", "that is all"),
            "zh": ("结账", "就这些", "下单"),
            "ko": ("결제할게요", "그게 다예요", "주문할게요"),
        },
        does=_plain("checkout"),
    ),
    "method": Intent(
        slots={"method": "method"},
        samples={
            "en": ("pay with {method}", "pay by {method}", "{method}"),
            "zh": ("用{method}付", "{method}"),
            "ko": ("{method}로 결제할게요", "{method}"),
        },
        does=_valued("choose_method", "method"),
    ),
    "fulfilment": Intent(
        slots={"fulfilment": "fulfilment"},
        samples={"en": ("{fulfilment}", "make it {fulfilment}"), "zh": ("{fulfilment}",), "ko": ("{fulfilment}",)},
        does=_valued("choose_fulfilment", "fulfilment"),
    ),
    "address": Intent(
        slots={"address": "words"},
        samples={
            "en": ("deliver to {address}", "deliver it to {address}", "my address is {address}"),
            "zh": ("送到{address}", "地址是{address}"),
            "ko": ("{address}로 배달해 주세요",),
        },
    ),
    "contact": Intent(
        slots={"name": "first_name", "phone": "phone"},
        samples={
            "en": (
                "my name is {name}",
                "my phone number is {phone}",
                "my name is {name} and my phone number is {phone}",
                "my number is {phone}",
                "the name is {name}",
            ),
            "zh": ("我叫{name}", "电话是{phone}", "我叫{name}电话是{phone}"),
            "ko": ("제 이름은 {name}", "전화번호는 {phone}", "제 이름은 {name} 전화번호는 {phone}"),
        },
    ),
    "time": Intent(
        slots={"date": "date", "time": "time"},
        samples={
            "en": ("at {time}", "for {time}", "on {date} at {time}", "as soon as possible"),
            "zh": ("{time}", "{date}{time}", "尽快"),
            "ko": ("{time}에", "{date} {time}에", "최대한 빨리"),
        },
    ),
    "dates": Intent(
        slots={"from": "date", "to": "date"},
        samples={
            "en": ("from {from} to {to}", "arriving {from}"),
            "zh": ("{from}到{to}", "{from}入住"),
            "ko": ("{from}부터 {to}까지", "{from} 체크인"),
        },
    ),
    "search": Intent(
        slots={"query": "words"},
        samples={
            "en": ("do you have {query}", "search for {query}", "find me {query}"),
            "zh": ("有没有{query}", "找{query}"),
            "ko": ("{query} 있어요", "{query} 찾아 주세요"),
        },
    ),
    "coupon": Intent(
        slots={"code": "words"},
        samples={
            "en": ("my coupon code is {code}", "use the coupon {code}"),
            "zh": ("优惠码是{code}",),
            "ko": ("쿠폰 코드는 {code}",),
        },
    ),
    "say": Intent(
        slots={"words": "words"},
        samples={"en": ("my answer is {words}", "i say {words}"), "zh": ("我说{words}",), "ko": ("제 답은 {words}",)},
        words="words",
    ),
    "number": Intent(
        slots={"quantity": "number"},
        samples={"en": ("{quantity}",), "zh": ("{quantity}",), "ko": ("{quantity}",)},
    ),
    "choose": Intent(
        slots={"number": "number"},
        samples={
            "en": ("number {number}", "option {number}", "i take number {number}"),
            "zh": ("第{number}个",),
            "ko": ("{number}번이요",),
        },
        does=_chosen,
    ),
    "order_status": Intent(
        samples={
            "en": ("where is my order", "how is my order doing", "when will my order be ready"),
            "zh": ("我的订单到哪了",),
            "ko": ("제 주문 어떻게 됐어요",),
        },
        does=_plain("order_status"),
    ),
    "cancel_order": Intent(
        samples={"en": ("cancel my order",), "zh": ("取消订单",), "ko": ("주문 취소해 주세요",)}, does=_plain("cancel")
    ),
    "reorder": Intent(
        samples={
            "en": ("the same as last time", "order the usual"),
            "zh": ("和上次一样",),
            "ko": ("지난번이랑 같은 걸로 주세요",),
        },
        does=_plain("reorder"),
    ),
    "menu": Intent(
        samples={
            "en": ("what do you have", "what is on the menu"),
            "zh": ("有什么", "菜单上有什么"),
            "ko": ("뭐가 있어요", "메뉴 알려 주세요"),
        },
        does=_plain("ask_menu"),
    ),
    "undo": Intent(
        samples={"en": ("undo that", "take that back"), "zh": ("撤销",), "ko": ("방금 거 취소해 주세요",)},
        does=_plain("undo"),
    ),
    "back": Intent(samples={"en": ("go back",), "zh": ("返回上一步",), "ko": ("뒤로 가기",)}, does=_plain("back")),
    "person": Intent(
        samples={
            "en": ("speak to a person", "a person please"),
            "zh": ("转人工", "找人工客服"),
            "ko": ("상담원 연결해 주세요",),
        },
        does=_plain("person"),
    ),
    "elsewhere": Intent(
        samples={
            "en": ("continue on my phone", "send it to my phone"),
            "zh": ("在手机上继续",),
            "ko": ("휴대폰에서 계속할게요",),
        },
        does=_plain("continue_elsewhere"),
    ),
    "go_on": Intent(samples={"en": ("go on", "are you done"), "zh": ("继续",), "ko": ("계속",)}),
}

BUILT_IN: Mapping[str, Act | None] = {
    "yes": Act("confirm"),
    "no": Act("deny"),
    "stop": Act("stop"),
    # Leaving the skill, as the platforms want it: the basket is kept. An order is cancelled by its own words.
    "cancel": Act("stop"),
    "navigate_home": Act("stop"),
    "help": Act("help"),
    "repeat": Act("repeat"),
    "start_over": Act("start_over"),
    "previous": Act("back"),
    "fallback": Act("none", value="unclear"),
}
"""The platforms' own intents."""

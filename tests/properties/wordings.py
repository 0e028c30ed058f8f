"""What people say: every act of the closed set, as an act and as words in each language, over any shop."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from random import Random
from typing import Any

from assistant.commerce.catalogue import Catalogue, Item, name_in
from assistant.commerce.shop import Shop
from assistant.turns import Act, LineSaid, OptionSaid
from tests.properties.shops import CODES, WAYS

TAGS = ("en", "zh", "ko")
CARDS = ("4111 1111 1111 1111", "5500-0000-0000-0004", "４１１１１１１１１１１１１１１１", "378282246310005")
"""Said now and then, and never to be found anywhere."""
NOISE = ("", "   ", "mm", "嗯", "음", "um, well", "🍔🍔", "\u202eabc", "%s <b>${jndi}", "asdf qwer", "'; DROP TABLE x")
NUMBERS = {
    "en": ("no", "one", "two", "three", "four"),
    "zh": ("零", "一", "两", "三", "四"),
    "ko": ("영", "한", "두", "세", "네"),
}

Words = Mapping[str, tuple[str, ...]]
SAID: Mapping[str, Words] = {
    "add": {
        "en": ("{n} {item}", "I'd like {n} {item} please", "add {n} {item}"),
        "zh": ("来{n}个{item}", "我要{n}份{item}", "再加{n}个{item}"),
        "ko": ("{item} {n} 개 주세요", "{item} {n} 개 추가해 주세요"),
    },
    "remove": {
        "en": ("remove the {item}", "take off the {item}"),
        "zh": ("不要{item}了", "去掉{item}"),
        "ko": ("{item} 빼 주세요",),
    },
    "change": {
        "en": ("make that {n}", "make the {item} {n}", "the {item} large please"),
        "zh": ("{item}改成{n}个", "{item}要大的"),
        "ko": ("{item} {n} 개로 바꿔 주세요", "{item} 큰 걸로 바꿔 주세요"),
    },
    "ask_price": {
        "en": ("how much is the {item}", "what's my total"),
        "zh": ("{item}多少钱", "一共多少钱"),
        "ko": ("{item} 얼마예요", "모두 얼마예요"),
    },
    "ask_menu": {
        "en": ("show me the menu", "what food do you have?"),
        "zh": ("有什么吃的", "看看菜单"),
        "ko": ("메뉴 보여 주세요", "음식 뭐 있어요?"),
    },
    "ask_stock": {
        "en": ("do you have {item}", "is the {item} available"),
        "zh": ("有{item}吗",),
        "ko": ("{item} 있어요?",),
    },
    "ask_item": {
        "en": ("tell me about the {item}", "how long will it take", "how much is delivery"),
        "zh": ("要等多久", "配送费多少"),
        "ko": ("얼마나 걸려요?",),
    },
    "recommend": {"en": ("what do you recommend",), "zh": ("推荐一下",), "ko": ("추천해 주세요",)},
    "show_basket": {"en": ("what's in my basket",), "zh": ("我点了什么",), "ko": ("장바구니 보여 주세요",)},
    "checkout": {"en": ("checkout", "that's all"), "zh": ("结账", "就这些"), "ko": ("결제할게요", "그게 다예요")},
    "buy_now": {"en": ("buy {n} {item} now",), "zh": ("马上买{n}个{item}",), "ko": ("{item} {n} 개 바로 구매",)},
    "choose_method": {"en": ("{method}", "pay by {method}"), "zh": ("{method}",), "ko": ("{method}로 할게요",)},
    "choose_fulfilment": {"en": ("{way}",), "zh": ("{way}",), "ko": ("{way}",)},
    "give_address": {
        "en": ("12 High Street", "deliver it to 12 High Street"),
        "zh": ("地址是中山路28号302室",),
        "ko": ("서울시 강남구 테헤란로 12",),
    },
    "give_time": {
        "en": ("as soon as possible", "at half past six", "tomorrow at noon"),
        "zh": ("尽快", "晚上六点半"),
        "ko": ("최대한 빨리요", "저녁 여섯 시 반"),
    },
    "give_contact": {
        "en": ("Ana, 555 0134", "my name is Ana"),
        "zh": ("我叫李雷，电话13800138000",),
        "ko": ("김철수 010-1234-5678",),
    },
    "give_dates": {
        "en": ("tomorrow for two nights", "from Friday to Sunday"),
        "zh": ("明天入住后天退房", "住三晚"),
        "ko": ("내일부터 2박",),
    },
    "give_guests": {
        "en": ("two adults and a child", "one adult"),
        "zh": ("两位成人一个小孩",),
        "ko": ("어른 두 명 아이 한 명",),
    },
    "give_amount": {"en": ("pay 45", "yes, 45 yuan"), "zh": ("付四十五块",), "ko": ("45위안 결제할게요",)},
    "give_coupon": {
        "en": ("coupon code {code}",),
        "zh": ("优惠码{code}",),
        "ko": ("쿠폰 {code}",),
    },
    "answer": {
        "en": ("tip ten", "note no bell"),
        "zh": ("小费10", "备注不要按铃"),
        "ko": ("팁 10", "메모 벨 누르지 마세요"),
    },
    "choose": {"en": ("the second one", "number 1"), "zh": ("第二个", "第一个"), "ko": ("두 번째", "첫 번째")},
    "confirm": {"en": ("yes", "yes please"), "zh": ("确认", "是的", "好"), "ko": ("네", "네 맞아요")},
    "deny": {"en": ("no", "not yet"), "zh": ("不对", "先别下单"), "ko": ("아니요", "아직이요")},
    "cancel": {"en": ("cancel my order",), "zh": ("取消订单",), "ko": ("주문 취소할게요",)},
    "undo": {"en": ("undo that",), "zh": ("撤销",), "ko": ("되돌려 주세요",)},
    "redo": {"en": ("redo",), "zh": ("恢复",), "ko": ("다시 실행",)},
    "back": {"en": ("go back",), "zh": ("返回上一步",), "ko": ("이전으로",)},
    "repeat": {
        "en": ("say that again please", "more slowly please"),
        "zh": ("再说一遍", "说慢一点"),
        "ko": ("다시 말해 주세요", "천천히 말해 주세요"),
    },
    "help": {"en": ("help", "what can I say"), "zh": ("我应该怎么说",), "ko": ("도와주세요",)},
    "person": {"en": ("can I talk to a real person",), "zh": ("转人工",), "ko": ("상담원 연결해 주세요",)},
    "stop": {"en": ("stop",), "zh": ("停",), "ko": ("그만",)},
    "start_over": {"en": ("start over",), "zh": ("清空重来",), "ko": ("장바구니 비워 주세요",)},
    "order_status": {"en": ("where is my order",), "zh": ("订单到哪了",), "ko": ("주문 어디까지 왔어요?",)},
    "refund": {
        "en": ("I want a refund", "I want a refund for the {item}"),
        "zh": ("我要退款", "退一个{item}的钱"),
        "ko": ("환불해 주세요",),
    },
    "reorder": {"en": ("the usual please",), "zh": ("老样子",), "ko": ("늘 먹던 걸로 주세요",)},
    "change_language": {"en": ("can you speak Chinese",), "zh": ("说英语",), "ko": ("영어로 말해 주세요",)},
    "continue_elsewhere": {"en": ("send it to my phone",), "zh": ("发到我手机",), "ko": ("휴대폰으로 보내 주세요",)},
    "none": {
        "en": ("what's the weather like tomorrow", "hang on, I'm talking to my brother"),
        "zh": ("今天天气怎么样", "等一下，我接个电话"),
        "ko": ("오늘 날씨 어때",),
    },
}
"""Act -> language -> how it is said. What understanding makes of it is its own affair: here nothing may break."""
WORDED = tuple((act, tag) for act in SAID for tag in TAGS)


def words(chance: Random, act: str, tag: str, shop: Shop, goods: Catalogue) -> str:
    item = goods.items[chance.choice(sorted(goods.items))]
    method = shop.methods[chance.choice(sorted(shop.methods))]
    spoken = {
        "card": ("card", "银行卡", "카드"),
        "wechat": ("WeChat", "微信", "위챗페이"),
        "cash": ("cash", "现金", "현금"),
    }
    of_method = {one: name_in(method.names, one, (), method.id) for one in TAGS} | dict(
        zip(TAGS, spoken.get(method.id, ()), strict=False)
    )
    way = dict(zip(TAGS, WAYS[chance.choice(sorted(shop.fulfilments))], strict=True))
    return chance.choice(SAID[act][tag]).format(
        n=NUMBERS[tag][chance.choice((1, 1, 2, 2, 3, 4, 0))],
        item=name_in(item.names, tag, (), item.id),
        method=of_method[tag],
        way=way[tag],
        code=chance.choice((*CODES, "NOPE")),
    )


# -- acts ----------------------------------------------------------------------------------------------------------


def _options(chance: Random, item: Item) -> tuple[OptionSaid, ...]:
    found = [one for one in item.all_options() if "/" not in one.id and chance.random() < 0.6]
    made = []
    for option in found:
        choice = chance.choice(option.choices)
        amount = chance.choice((None, *option.amounts)) if option.amounts else None
        made.append(OptionSaid(option.id, choice.id, amount))
        for below in choice.options:
            if chance.random() < 0.6:
                made.append(OptionSaid(below.id, chance.choice(below.choices).id))
    if chance.random() < 0.05:
        made.append(OptionSaid("extras", "glitter", "double"))
    return tuple(made)


def line(chance: Random, goods: Catalogue) -> LineSaid:
    item = goods.items[chance.choice(sorted(goods.items))]
    quantity = chance.choice((1, 1, 1, 1, 2, 2, 3, 5, None, 0, -1, 9, 1000))
    return LineSaid(item.id, quantity, _options(chance, item))


def _referred(chance: Random, goods: Catalogue) -> LineSaid:
    """A line that is in the basket, perhaps."""
    if chance.random() < 0.5:
        return LineSaid(None, chance.choice((None, 1, 2, 0)), which=chance.choice((1, 2, -1, "all", None)))
    return line(chance, goods)


def _numbered(chance: Random, numbers: tuple[str, ...]) -> str | None:
    return chance.choice((None, None, *numbers, "Z99"))


def _day(days: int) -> str:
    return (dt.date(2026, 11, 23) + dt.timedelta(days=days)).isoformat()


def _dates(chance: Random) -> dict[str, Any]:
    start = chance.randint(-1, 6)
    whole = {"from": _day(start), "to": _day(start + chance.randint(0, 3))}
    return chance.choice((whole, {"from": _day(start), "nights": 2}, {"nights": 1}))


Maker = Callable[[Random, Shop, Catalogue, tuple[str, ...]], Act]
MADE: Mapping[str, Maker] = {
    "add": lambda c, s, g, n: Act("add", tuple(line(c, g) for _ in range(c.choice((1, 1, 2))))),
    "remove": lambda c, s, g, n: Act("remove", (_referred(c, g),)),
    "change": lambda c, s, g, n: Act(
        "change", (_referred(c, g),), instead_of=(_referred(c, g),) if c.random() < 0.3 else ()
    ),
    "ask_price": lambda c, s, g, n: Act("ask_price", items=c.choice(((), (c.choice(sorted(g.items)),)))),
    "ask_menu": lambda c, s, g, n: Act("ask_menu", items=c.choice(((), ("#food",)))),
    "ask_stock": lambda c, s, g, n: Act("ask_stock", items=(c.choice(sorted(g.items)),)),
    "ask_item": lambda c, s, g, n: Act(
        "ask_item",
        items=(c.choice(sorted(g.items)),),
        value=c.choice(("price", "wait", "hours", "delivery", "allergens", "options", "payment", "cancellation")),
    ),
    "recommend": lambda c, s, g, n: Act("recommend"),
    "show_basket": lambda c, s, g, n: Act("show_basket"),
    "checkout": lambda c, s, g, n: Act("checkout"),
    "buy_now": lambda c, s, g, n: Act("buy_now", (line(c, g),) if c.random() < 0.7 else ()),
    "choose_method": lambda c, s, g, n: Act("choose_method", value=c.choice((*sorted(s.methods), "barter"))),
    "choose_fulfilment": lambda c, s, g, n: Act("choose_fulfilment", value=c.choice(sorted(s.fulfilments))),
    "give_address": lambda c, s, g, n: Act(
        "give_address", value=c.choice(("12 High Street", "中山路28号", CARDS[0], ""))
    ),
    "give_time": lambda c, s, g, n: Act("give_time", value=c.choice(("asap", "18:30", "2026-11-24T12:00", "soonish"))),
    "give_contact": lambda c, s, g, n: Act(
        "give_contact", value=c.choice(({"name": "Ana", "phone": "555 0134"}, {"name": "李雷"}, {"phone": "1"}))
    ),
    "give_dates": lambda c, s, g, n: Act("give_dates", value=_dates(c)),
    "give_guests": lambda c, s, g, n: Act(
        "give_guests", value={"adults": c.randint(0, 3), "children": c.choice((0, 0, 1))}
    ),
    "give_amount": lambda c, s, g, n: Act("give_amount", value=c.choice((1, 899, 4500))),
    "give_coupon": lambda c, s, g, n: Act("give_coupon", value=c.choice((*CODES, "sa ve", "NOPE"))),
    "answer": lambda c, s, g, n: Act(
        "answer", step=c.choice(("tip", "note")), value=c.choice(("10", "ring twice", "99", ""))
    ),
    "choose": lambda c, s, g, n: Act("choose", number=c.choice((1, 2, -1, 9))),
    "confirm": lambda c, s, g, n: Act("confirm"),
    "deny": lambda c, s, g, n: Act("deny"),
    "cancel": lambda c, s, g, n: Act("cancel", value=_numbered(c, n)),
    "undo": lambda c, s, g, n: Act("undo"),
    "redo": lambda c, s, g, n: Act("redo"),
    "back": lambda c, s, g, n: Act("back"),
    "repeat": lambda c, s, g, n: Act(
        "repeat", value=c.choice((None, "slower", "faster", "louder", "quieter", "normal", "heard"))
    ),
    "help": lambda c, s, g, n: Act("help"),
    "person": lambda c, s, g, n: Act("person"),
    "stop": lambda c, s, g, n: Act("stop"),
    "start_over": lambda c, s, g, n: Act("start_over"),
    "order_status": lambda c, s, g, n: Act("order_status", value=_numbered(c, n)),
    "refund": lambda c, s, g, n: Act("refund", (_referred(c, g),) if c.random() < 0.5 else (), value=_numbered(c, n)),
    "reorder": lambda c, s, g, n: Act("reorder", value=c.choice((None, "usual", "last"))),
    "change_language": lambda c, s, g, n: Act("change_language", value=c.choice(TAGS)),
    "continue_elsewhere": lambda c, s, g, n: Act("continue_elsewhere"),
    "none": lambda c, s, g, n: Act("none"),
}
"""Act -> one of its kind. `n` are the numbers of the orders there are."""


def wanted_now(chance: Random, expects: str | None, shop: Shop, goods: Catalogue, some: bool) -> tuple[Act, ...]:
    """What a person says who wants to get on: the answer to what was asked. `some`: something is in the basket."""
    if not some:
        return (Act("add", (LineSaid(chance.choice(sorted(goods.items)), chance.choice((1, 1, 2))),)),)
    match expects:
        case "basket" | None:
            return (Act("checkout"),)
        case "fulfilment":
            return (Act("choose_fulfilment", value=chance.choice(sorted(shop.fulfilments))),)
        case "address":
            return (Act("give_address", value="12 High Street"),)
        case "time":
            return (Act("give_time", value=chance.choice(("asap", "18:30", "2026-11-24T12:00"))),)
        case "contact":
            return (Act("give_contact", value={"name": "Ana", "phone": "555 0134"}),)
        case "method":
            method = "transfer" if "transfer" in shop.methods and chance.random() < 0.4 else None
            return (Act("choose_method", value=method or chance.choice(sorted(shop.methods))),)
        case "stay":
            start = chance.randint(0, 5)
            return (
                Act("give_dates", value={"from": _day(start), "to": _day(start + chance.randint(1, 2))}),
                Act("give_guests", value={"adults": 1, "children": 0}),
            )
        case "choose" | "options":
            return (Act("choose", number=1),) if chance.random() < 0.7 else (Act("confirm"),)
        case _:
            return (Act("confirm"),)

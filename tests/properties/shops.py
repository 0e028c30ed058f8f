"""Random shops and catalogues: goods with options, options of options, stock, prices, promotions, several methods."""

from __future__ import annotations

from random import Random

from msgspec.structs import replace

from assistant.commerce.catalogue import Catalogue, Item, ItemOption, Names, OptionChoice, Rate
from assistant.commerce.shop import Fulfilment, Limits, Method, Promotion, Shop, Term

GOODS = {
    "tea": ("tea", "茶", "차"),
    "coffee": ("coffee", "咖啡", "커피"),
    "burger": ("burger", "汉堡", "버거"),
    "noodles": ("noodle bowl", "拌面", "비빔국수"),
    "dumplings": ("dumpling box", "饺子", "만두"),
    "soup": ("tomato soup", "番茄汤", "토마토수프"),
    "cake": ("cheesecake", "芝士蛋糕", "치즈케이크"),
    "juice": ("orange juice", "橙汁", "오렌지주스"),
    "umbrella": ("umbrella", "雨伞", "우산"),
    "lamp": ("lamp", "台灯", "램프"),
}
ROOMS = {
    "single": ("single room", "单人间", "싱글룸"),
    "double": ("double room", "双人间", "더블룸"),
    "family": ("family room", "家庭房", "패밀리룸"),
}
CHOICES = {
    "small": ("small", "小", "작은"),
    "large": ("large", "大", "큰"),
    "cheese": ("cheese", "芝士", "치즈"),
    "bacon": ("bacon", "培根", "베이컨"),
    "onion": ("onion", "洋葱", "양파"),
    "fries": ("fries", "薯条", "감자튀김"),
    "salad": ("salad", "沙拉", "샐러드"),
}
OPTIONS = {"size": ("size", "规格", "사이즈"), "extras": ("extras", "加料", "추가"), "side": ("side", "配菜", "사이드")}
WAYS = {
    "delivery": ("delivery", "外送", "배달"),
    "pickup": ("pickup", "自取", "포장"),
    "dine_in": ("eating in", "堂食", "매장 식사"),
    "stay": ("stay", "入住", "숙박"),
}
METHODS = {"card": "sandbox", "wechat": "sandbox", "cash": "pay_on_delivery", "transfer": "transfer"}
TRANSFER = ("bank transfer", "银行转账", "계좌이체")
CODES = ("SAVE", "HELLO")
PRICES = (0, 1, 99, 250, 899, 1299, 5000, 33333)


def names(of: tuple[str, str, str]) -> Names:
    return {tag: (name,) for tag, name in zip(("en", "zh", "ko"), of, strict=True)}


def _choice(chance: Random, name: str, **more: object) -> OptionChoice:
    return OptionChoice(id=name, names=names(CHOICES[name]), price=chance.choice((0, 30, 150)), **more)  # type: ignore[arg-type]


def _size(chance: Random, path: str = "size") -> ItemOption:
    default = chance.choice(("small", "small", None))
    return ItemOption(
        id=path,
        names=names(OPTIONS["size"]),
        required=True,
        default=default,
        choices=(_choice(chance, "small"), _choice(chance, "large", stock=chance.choice((None, None, 3)))),
    )


def _options(chance: Random) -> tuple[ItemOption, ...]:
    made = []
    if chance.random() < 0.5:
        made.append(_size(chance))
    if chance.random() < 0.4:
        made.append(
            ItemOption(
                id="extras",
                names=names(OPTIONS["extras"]),
                choose="many",
                most=2,
                amounts=("no", "light", "normal", "extra", "double"),
                amount_prices={"extra": 1.5, "double": 2.0},
                choices=(
                    _choice(chance, "onion", included=True),
                    _choice(chance, "cheese"),
                    _choice(chance, "bacon"),
                ),
            )
        )
    if chance.random() < 0.25:
        made.append(
            ItemOption(
                id="side",
                names=names(OPTIONS["side"]),
                required=chance.random() < 0.5,
                choices=(_choice(chance, "fries", options=(_size(chance, "side/size"),)), _choice(chance, "salad")),
            )
        )
    return tuple(made)


def catalogue(chance: Random, trade: str) -> Catalogue:
    items = []
    if trade == "hotel":
        for sleeps, room in enumerate(ROOMS, 1):
            weekend = Rate(price=chance.choice((800, 30000)), days=("friday", "saturday"))
            items.append(
                Item(
                    id=room,
                    names=names(ROOMS[room]),
                    category="rooms",
                    price=chance.choice((700, 25000)),
                    stock=chance.choice((1, 2, 3)),
                    rates=(weekend,) if chance.random() < 0.5 else (),
                    adults=sleeps,
                    children=sleeps - 1,
                    unusual=2,
                    most=5,
                )
            )
    else:
        for good in chance.sample(sorted(GOODS), chance.randint(2, 6)):
            items.append(
                Item(
                    id=good,
                    names=names(GOODS[good]),
                    category=chance.choice(("food", "things")),
                    price=chance.choice(PRICES),
                    stock=chance.choice((None, None, 0, 1, 4, 30)),
                    options=_options(chance),
                    unusual=chance.choice((3, 20)),
                    most=chance.choice((8, 99)),
                    tax_rate=chance.choice((None, None, "0.2")),
                    allergens=chance.choice(((), ("milk",))),
                )
            )
    return Catalogue(
        items={one.id: one for one in items},
        categories={"food": names(("food", "吃的", "음식")), "things": names(("things", "用品", "용품")),
                    "rooms": names(("rooms", "房间", "객실"))},
        version="1",
    )  # fmt: skip


def _promotion(chance: Random, name: str, goods: Catalogue) -> Promotion:
    kind = chance.choice(("percent", "amount", "buy_get", "bundle"))
    ids = sorted(goods.items)
    some = tuple(chance.sample(ids, 2)) if kind == "bundle" else tuple(chance.sample(ids, chance.randint(0, 1)))
    if kind == "buy_get" and not some:
        some = (ids[0],)
    return Promotion(
        id=name,
        kind=kind,  # type: ignore[arg-type]
        names=names((f"offer {name}", f"优惠{name}", f"할인 {name}")),
        percent=str(chance.choice((5, 10, 50, 100))),
        amount=chance.choice((50, 500)),
        buy=chance.randint(1, 2),
        get=1,
        price=chance.choice((0, 300)),
        items=some,
        minimum=chance.choice((0, 0, 1000)),
        code=chance.choice((None, *CODES)),
        first_order=chance.random() < 0.2,
        end=chance.choice((None, None, "2026-11-23")),
        hours=chance.choice(((), (), ("11:00-12:10",))),
        stacks=chance.random() < 0.7,
    )


def shop(chance: Random, trade: str, goods: Catalogue) -> Shop:
    if trade == "hotel":
        ways = [Fulfilment(id="stay", names=names(WAYS["stay"]), needs=("name",))]
    else:
        ways = [
            Fulfilment(id="pickup", names=names(WAYS["pickup"]), needs=chance.choice(((), ("name",)))),
            Fulfilment(
                id="delivery",
                names=names(WAYS["delivery"]),
                fee=chance.choice((0, 600)),
                free_from=chance.choice((None, 3000)),
                minimum=chance.choice((None, None, 500)),
                needs=("address", "name", "phone"),
            ),
        ]
        ways = chance.choice((ways, ways, ways[:1]))
        if trade == "takeaway" and chance.random() < 0.3:
            ways.append(Fulfilment(id="dine_in", names=names(WAYS["dine_in"])))
    methods = chance.choice((list(METHODS), list(METHODS), ["card", "transfer"], ["card"], ["cash", "wechat"]))
    promotions = [_promotion(chance, f"p{n}", goods) for n in range(chance.choice((0, 0, 1, 2, 3)))]
    terms = [Term(id="rules", text={"en": "No smoking.", "zh": "请勿吸烟。", "ko": "금연입니다."}, must_ack=True)]
    return Shop(
        id="corner",
        folder="",
        name="Corner",
        trade=trade,
        currency=chance.choice(("CNY", "USD", "GBP", "KRW", "JPY")),
        time_zone="Asia/Shanghai",
        languages=("en", "zh", "ko"),
        hours={} if chance.random() < 0.8 else dict.fromkeys(("monday", "tuesday"), ("10:00-22:00",)),
        tax_rate=chance.choice(("0", "0.06", "0.0825")),
        tax_included=chance.random() < 0.5,
        tax_on_fulfilment=chance.random() < 0.5,
        service_fee=chance.choice((0, 0, 45)),
        service_percent=chance.choice(("0", "0", "12.5")),
        tips=chance.choice(((), (10, 20))),
        fulfilments={one.id: one for one in ways},
        methods={
            one: Method(id=one, names=names(TRANSFER) if one == "transfer" else {}, provider=METHODS[one])
            for one in methods
        },
        promotions={one.id: one for one in promotions},
        terms={one.id: one for one in terms if chance.random() < 0.1},
        limits=Limits(unusual_total=chance.choice((None, 20000)), most_total=chance.choice((None, 500000))),
        person={"en": "Call 021 5550 0100.", "zh": "请拨打 021 5550 0100。", "ko": "021 5550 0100으로 전화 주세요."},
    )


def open_shop(chance: Random) -> tuple[Shop, Catalogue]:
    trade = chance.choice(("takeaway", "takeaway", "shop", "shop", "hotel"))
    goods = catalogue(chance, trade)
    return shop(chance, trade, goods), goods


def next_day(chance: Random, rules: Shop, goods: Catalogue) -> tuple[Shop, Catalogue]:
    """What a merchant changes over night: prices, an item that is no longer sold, an offer that is over."""
    version = str(int(goods.version) + 1)
    items = dict(goods.items)
    for name in chance.sample(sorted(items), min(2, len(items))):
        items[name] = replace(items[name], price=chance.choice(PRICES))
    if len(items) > 2 and chance.random() < 0.3:
        del items[chance.choice(sorted(items))]
    offers = dict(rules.promotions)
    if offers and chance.random() < 0.5:
        del offers[chance.choice(sorted(offers))]
    offers = {key: one for key, one in offers.items() if set(one.items) <= set(items)}
    return replace(rules, promotions=offers), replace(goods, items=items, version=version)

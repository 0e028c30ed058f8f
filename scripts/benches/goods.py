"""A shop with as many goods as wanted, in three languages, the same on every run."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, Sequence
from pathlib import Path

from assistant.commerce.catalogue import Catalogue
from assistant.commerce.shop import Shop
from assistant.shops import load_shop

SHOP = """
name = "Warehouse"
trade = "shop"
currency = "USD"
time_zone = "UTC"
languages = {languages}

[fulfilment.pickup]
names = {{ en = ["pickup"] }}
minutes = 5

[payment]
methods = ["card"]

[categories]
goods = {{ en = ["goods"], zh = ["商品"], ko = ["상품"] }}
"""

BRANDS = {
    "en": [
        a + b
        for a in "nor sun bel gold river oak silver blue moon star maple stone clear high wood bright iron snow".split()
        for b in "field dale brook crest leaf mark ford way gate ridge".split()
    ],
    "zh": [a + b for a in "金银蓝红绿天地山海江福康乐美佳华龙凤" for b in "光泉源河园林达丰润宝"],
    "ko": [a + b for a in "가나다라마바사아자차카타파하고노도로" for b in "람솔빛결별샘뜰봄달숲"],
}
KINDS = {
    "en": "fresh organic frozen dried smoked spicy sweet salted sliced diced roasted raw sparkling dark white green"
    " baby jumbo mini classic premium wild crunchy smooth thick mild mature herbal instant plain".split(),
    "zh": "新鲜 有机 冷冻 脱脂 全脂 低糖 无糖 原味 香辣 五香 烟熏 进口 国产 迷你 特级"
    " 精选 手工 传统 速溶 即食 浓缩 纯正 家常 清淡 鲜嫩 香脆 顺滑 浓郁 天然 特制".split(),
    "ko": "신선한 유기농 냉동 말린 훈제 매운 달콤한 짭짤한 구운 생 탄산 진한 하얀 초록 꼬마"
    " 점보 미니 고전 고급 야생 바삭한 부드러운 두툼한 순한 숙성 허브 즉석 담백한 전통 수제".split(),
}
NOUNS = {
    "en": "milk bread butter yogurt apples bananas oranges pears grapes lemons carrots potatoes tomatoes cucumbers"
    " lettuce spinach chicken beef salmon tuna shrimp eggs rice noodles flour honey jam coffee juice soda".split(),
    "zh": "牛奶 面包 黄油 酸奶 苹果 香蕉 橙子 梨子 葡萄 柠檬 胡萝卜 土豆 西红柿 黄瓜 生菜"
    " 菠菜 鸡肉 牛肉 三文鱼 金枪鱼 虾仁 鸡蛋 大米 面条 面粉 蜂蜜 果酱 咖啡 果汁 汽水".split(),
    "ko": "우유 빵 버터 요구르트 사과 바나나 오렌지 배 포도 레몬 당근 감자 토마토 오이 상추"
    " 시금치 닭고기 소고기 연어 참치 새우 달걀 쌀 국수 밀가루 꿀 잼 커피 주스 소다".split(),
}
ASKED = {
    "en": (
        "two {0} and a {1} please",
        "add three {0}",
        "take the {0} off",
        "how much is the {0}",
        "I'd like {0} and {1}",
    ),
    "zh": ("来两个{0}和一个{1}", "加三个{0}", "不要{0}了", "{0}多少钱", "我要{0}和{1}"),
    "ko": (
        "{0} 두 개랑 {1} 하나 주세요",
        "{0} 세 개 추가해 주세요",
        "{0} 빼 주세요",
        "{0} 얼마예요",
        "{0} 하나랑 {1} 주세요",
    ),
}
BETWEEN = {"en": " ", "zh": "", "ko": " "}


def shop_of(size: int, folder: Path, tags: Sequence[str] = tuple(BETWEEN)) -> tuple[Shop, Catalogue]:
    """The shop with `size` goods, written into the folder and loaded like any merchant's."""
    draw = random.Random(size)
    combinations = len(BRANDS["en"]) * len(KINDS["en"]) * len(NOUNS["en"])
    names: dict[str, list[str]] = {tag: [] for tag in BETWEEN}
    for place in draw.sample(range(combinations), size):
        rest, noun = divmod(place, len(NOUNS["en"]))
        brand, kind = divmod(rest, len(KINDS["en"]))
        for tag, between in BETWEEN.items():
            names[tag].append(between.join((BRANDS[tag][brand], KINDS[tag][kind], NOUNS[tag][noun])))
    return shop_with({tag: names[tag] for tag in tags}, folder)


def shop_with(names: Mapping[str, Sequence[str]], folder: Path) -> tuple[Shop, Catalogue]:
    """A shop with goods of these names: for each language, the names in the order of the goods (`g0`, `g1`, …)."""
    draw = random.Random(len(names))
    items = [
        {"id": f"g{number}", "names": dict(zip(names, each, strict=True)), "category": "goods", "price": price}
        for number, each in enumerate(zip(*names.values(), strict=True))
        for price in [draw.randrange(50, 9000)]
    ]
    home = folder / "warehouse"
    home.mkdir()
    (home / "shop.toml").write_text(SHOP.format(languages=json.dumps(list(names))), encoding="utf-8")
    (home / "catalogue.json").write_text(json.dumps(items, ensure_ascii=False), encoding="utf-8")
    return load_shop(home)


def asked_of(catalogue: Catalogue, language: str, count: int) -> list[str]:
    """What people ask of such a shop, each time about other goods."""
    draw = random.Random(count)
    names = [item.names[language][0] for item in draw.sample(list(catalogue.items.values()), min(count, 400))]
    return [draw.choice(ASKED[language]).format(draw.choice(names), draw.choice(names)) for _ in range(count)]

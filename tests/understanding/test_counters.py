"""What people say at a kebab stand and in a phone shop: parts shared out, what goods are for, what is only told."""

from __future__ import annotations

import pytest

from assistant.turns import LineSaid
from tests.understanding.support import acts_text, meaning_of, table, write_shop
from tests.understanding.test_fresh_shops import item
from tests.understanding.test_in_one_breath import one_of, some_of
from tests.understanding.test_levels import TAGS, choice

MEAT = one_of(
    "meat",
    ("meat", "肉", "고기"),
    "chicken",
    choice("chicken", "chicken", "鸡肉", "닭고기|치킨"),
    choice("lamb", "lamb", "羊肉", "양고기"),
    choice("falafel", "falafel", "素丸", "팔라펠"),
)
BREAD = one_of(
    "bread",
    ("bread", "饼", "빵"),
    "pita",
    choice("pita", "pita", "口袋饼", "피타"),
    choice("wrap", "wrap", "卷饼", "랩"),
    choice("box", "box", "盒装", "박스|그릇"),
)
SIZE = one_of(
    "size",
    ("size", "份量", "크기"),
    "regular",
    choice("regular", "regular|medium", "中份", "중|보통"),
    choice("large", "large|big", "大份|大", "대자|곱빼기|큰"),
)
SALAD = some_of(
    "salad",
    ("salad", "蔬菜", "채소"),
    {**choice("onion", "onions", "洋葱", "양파"), "included": True},
    choice("feta", "feta", "奶酪", "치즈"),
    choice("chilli", "chilli sauce", "辣酱", "칠리소스"),
)
EGGS = {
    **some_of("eggs", ("eggs", "蛋", "계란"), choice("egg", "soft egg|egg", "溏心蛋|蛋", "계란")),
    "most_each": 3,
}
CUT = one_of(
    "cut",
    ("cut", "切法", "절단"),
    "whole",
    choice("whole", "whole", "整个", "통째로"),
    choice("sliced", "sliced", "切片", "썰어서"),
)
WASH = one_of(
    "wash",
    ("service", "洗法", "세탁"),
    "normal",
    choice("normal", "normal", "水洗", "물세탁"),
    choice("dry", "dry clean", "干洗", "드라이"),
    choice("fast", "express", "加急", "급행"),
)
DONE = some_of("done", ("extras", "附加", "추가"), choice("iron", "ironing|ironed", "熨烫", "다림질"))
MILK = one_of(
    "milk",
    ("milk", "奶", "우유"),
    "black",
    choice("black", "black", "黑的", "블랙"),
    choice("milk", "with milk", "加奶", "우유 넣어서"),
)
ROLL = one_of(
    "roll",
    ("size", "份量", "양"),
    "whole",
    choice("half", "half roll", "半条", "반 줄"),
    choice("whole", "whole roll", "整条", "한 줄"),
)
MODEL = one_of(
    "model",
    ("model", "型号", "기종"),
    None,
    choice("nova", "Nova", "星耀", "노바"),
    choice("lite", "Lite", "轻盈", "라이트"),
)
PLUG = one_of(
    "plug",
    ("plug", "接口", "단자"),
    "c",
    choice("c", "type C", "C口", "씨타입"),
    choice("l", "lightning", "苹果口", "라이트닝"),
)
LENGTH = one_of(
    "length",
    ("length", "长度", "길이"),
    "m1",
    choice("m1", "short", "短的", "짧은"),
    choice("m2", "long", "长的", "긴"),
)
STORAGE = one_of(
    "storage",
    ("storage", "容量", "용량"),
    "g128",
    choice("g128", "128 gigs", "128G|128", "128기가"),
    choice("g256", "256 gigs", "256G|256", "256기가"),
)
TYPE = one_of(
    "type",
    ("type", "票种", "권종"),
    "adult",
    choice("adult", "adult", "成人", "성인"),
    choice("child", "child", "儿童", "어린이"),
)
PIECES = one_of(
    "pieces",
    ("pieces", "片数", "조각"),
    "p100",
    choice("p100", "100 pieces", "100片", "100조각"),
    choice("p500", "500 pieces", "500片", "500조각"),
)
BAG = one_of(
    "bag",
    ("bag", "袋", "봉지"),
    "l20",
    choice("l10", "small bag", "小袋", "작은 봉지"),
    choice("l20", "twenty litres", "20升", "20리터"),
)
TIP = one_of(
    "tip", ("tip", "笔尖", "촉"), "fine", choice("fine", "fine", "细", "가는"), choice("tiny", "small", "小", "작은")
)
COLOUR = one_of(
    "colour",
    ("colour", "颜色", "색"),
    "red",
    choice("red", "red", "红的", "빨간"),
    choice("yellow", "yellow", "黄的", "노란"),
)
GOODS = [
    item("doner", "doner|kebab", "烤肉卷", "케밥", options=(MEAT, BREAD, SIZE, SALAD), category="mains"),
    item("chips", "chips", "薯条", "감자튀김", options=(SIZE,), category="sides"),
    item("cola", "cola", "可乐", "콜라", category="drinks"),
    item("udon", "udon", "乌冬面", "우동", options=(MEAT, SIZE), category="mains"),
    item("maki", "cucumber roll", "黄瓜卷", "오이롤", options=(ROLL,), category="rolls"),
    item("n_salmon", "salmon nigiri", "三文鱼寿司", "연어초밥", category="nigiri"),
    item("n_tuna", "tuna nigiri", "金枪鱼寿司", "참치초밥", category="nigiri"),
    item("nova", "Nova phone|Nova", "星耀手机|星耀", "노바폰|노바", options=(STORAGE,), category="phones"),
    item("lite", "Lite phone|Lite", "轻盈手机|轻盈", "라이트폰|라이트", options=(STORAGE,), category="phones"),
    item("case", "phone case|case", "手机壳|壳", "케이스", options=(MODEL,), category="extras"),
    item("film", "screen protector", "手机膜|膜", "필름", options=(MODEL,), category="extras"),
    item("ramen", "ramen", "拉面", "라멘", options=(SIZE, SALAD, EGGS), category="mains"),
    item("beer", "beer", "啤酒", "맥주", options=(SIZE,), category="drinks"),
    item("sour", "sourdough loaf|sourdough", "酸面包", "사워도우", options=(CUT,), category="bread"),
    item("rye", "rye bread", "黑麦面包", "호밀빵", options=(CUT,), category="bread"),
    item("shirt", "shirt", "衬衫", "셔츠", options=(WASH, DONE), category="clothes"),
    item("suit", "suit", "西装", "정장", options=(WASH, DONE), category="clothes"),
    item("shoes", "trainers", "运动鞋", "운동화", category="clothes"),
    item("coffee", "coffee", "咖啡", "커피", options=(MILK,), category="drinks"),
    item("puzzle", "puzzle", "拼图", "퍼즐", options=(PIECES,), category="games"),
    item("soup", "seaweed soup", "紫菜汤", "미역국", category="sides"),
    item("ticket", "ticket", "票", "티켓", options=(TYPE,), category="tickets"),
    item("soil", "soil", "花土", "배양토", options=(BAG,), category="garden"),
    item("rose", "rose", "月季", "장미", options=(COLOUR,), category="garden"),
    item("pen", "pen", "笔", "펜", options=(TIP,), category="extras"),
    item("cable", "charging cable|cable", "充电线", "케이블", options=(PLUG, LENGTH), category="extras"),
]


@pytest.fixture(scope="module")
def counter(tmp_path_factory: pytest.TempPathFactory) -> str:
    return write_shop(tmp_path_factory.mktemp("counter") / "counter", GOODS, TAGS)


SAID = """
en: a case for my Nova => add: 1 case nova
en: a case for my Nova no sorry the Lite => add: 1 case lite
en: screen protector for a Lite and one for a Nova => add: 1 film lite, 1 film nova
zh: 轻盈的膜两张 => add: 2 film lite
ko: 라이트 필름 둘 => add: 2 film lite
en: two cables one lightning long one type C short => add: 1 cable l m2, 1 cable c m1
en: half a cucumber roll => add: 1 maki half
en: falafel wrap please hold the onions and can you put feta on it => add: doner falafel wrap onion:no feta
en: the salmon nigiri, three of them => add: 3 n_salmon
zh: 充电线两根其中一根要长的 => add: 1 cable, 1 cable m2
zh: 大份烤肉卷一份不要洋葱，多给点辣酱 => add: 1 doner large onion:no chilli:extra
ko: 팔라펠 그릇에 담아 주실 수 있어요? 치즈도 올려서요 => add: doner falafel box feta
ko: 케밥에 양파 빼 주실 수 있어요? => add: doner onion:no
ko: 케밥 두 개 포장해 주시면 돼요 => add: 2 doner
ko: 콜라 둘 감자튀김은 됐고요 => add: 2 cola
en: could you make one ramen without onions => add: 1 ramen onion:no
en: one shirt with ironing and three without anything => add: 1 shirt iron, 3 shirt
en: one sourdough and don't slice it => add: 1 sour sliced:no
zh: 两碗拉面一碗大份加两个蛋 => add: 1 ramen, 1 ramen large egg:2
en: two bags of soil the small ones => add: 2 soil l10
ko: 성인 두 장 어린이 한 장이요 => add: 2 ticket adult, 1 ticket child
en: two puzzles one 500 pieces one 100 => add: 1 puzzle p500, 1 puzzle p100
zh: 拼图两盒，一盒500片一盒100片 => add: 1 puzzle p500, 1 puzzle p100
zh: 运动鞋三双 => add: 3 shoes
zh: 家里还有面包，只要四个黄瓜卷 => add: 4 maki
ko: 셔츠 다섯 장 다림질해서 정장 하나는 드라이로요 => add: 5 shirt iron, 1 suit dry
"""

OF_THE_BASKET = """
en: no onions on mine => change: it onion:no
en: can you bump the kebab up to a large => change: doner large
en: the same again for my mate but no onions => add: it onion:no
en: swap the salmon for a tuna => change: 1 n_tuna <- n_salmon
zh: 手机改256的 => change: lite g256
en: one more beer but a big one => add: 1 beer large
en: ditch the beer => remove: beer
en: please don't slice it => change: it sliced:no
en: can you slice the sourdough => change: sour sliced
en: no soup and swap the udon for a cola => remove: soup + change: 1 cola <- udon
ko: 미역국 빼고 우동은 콜라로 바꿔 주세요 => remove: soup + change: cola <- udon
en: no soup => remove: soup
en: the soup, take it off => remove: soup
en: no soup actually a cola => change: 1 cola <- soup
en: not red the yellow rose => change: rose yellow
ko: 우동은 곱빼기로 해 주시고 미역국은 뺄게요 => change: udon large + remove: soup
zh: 两件衬衫要加急 => change: shirt fast
zh: 酸面包换成黑麦的，切片 => change: rye sliced <- sour
ko: 케밥 랩으로 해 주시고 콜라 하나요 => change: doner wrap + add: 1 cola
ko: 맥주는 뺄게요 => remove: beer
ko: 케밥 중으로 할게요 => change: doner regular
ko: 케밥 하나 대자로 주세요 => add: 1 doner large
ko: 우동은 양고기로 곱빼기로요 => change: udon lamb large
"""

SHARED_OUT = """
zh: 两份芝士堡套餐，一份雪碧洋葱圈，另一份正常 => add: 1 cheeseburger_meal sprite onion_rings, 1 cheeseburger_meal
zh: 芝士堡套餐两份，一份雪碧，一份橙汁 => add: 1 cheeseburger_meal sprite, 1 cheeseburger_meal orange_juice
zh: 两份芝士堡套餐，一份薯条，一杯可乐 => add: 2 cheeseburger_meal, 1 fries, 1 coke
ko: 치즈버거 세트 둘 하나는 사이다 하나는 오렌지주스요 => add: 1 cheeseburger_meal sprite, 1 cheeseburger_meal orange_juice
ko: 치즈버거 세트 둘 하나는 사이다에 어니언링 하나는 그냥 주세요 => add: 1 cheeseburger_meal, 1 cheeseburger_meal sprite onion_rings
ko: 치즈버거 세트 두 개랑 사이다 하나 오렌지주스 하나 => add: 2 cheeseburger_meal, 1 sprite, 1 orange_juice
en: three cheeseburger meals, two sprite, one orange juice => add: 2 cheeseburger_meal sprite, 1 cheeseburger_meal orange_juice
en: two cheeseburger meals, a sprite and an orange juice => add: 2 cheeseburger_meal, 1 sprite, 1 orange_juice
"""  # noqa: E501

TOLD = """
en: I had a doner here last week and it was cold
en: the doner I got yesterday was too salty
en: my last doner was cold
en: I'd take the Lite if it came in green
zh: 昨天那个烤肉卷太咸了
zh: 上次买的充电线不好用
zh: 票要充电线吗
ko: 지난번에 먹은 케밥 너무 짰어요
"""


@pytest.mark.parametrize(("said", "acts"), table(SAID))
def test_goods_of_an_order(said: str, acts: str, counter: str) -> None:
    language, _, text = said.partition(": ")
    meaning = meaning_of(text, counter, language)
    assert (acts_text(meaning.acts), meaning.ask, meaning.leftover) == (acts, (), ())


@pytest.mark.parametrize(("said", "acts"), table(OF_THE_BASKET))
def test_what_is_done_to_goods_that_are_there(said: str, acts: str, counter: str) -> None:
    language, _, text = said.partition(": ")
    goods = ("lite", "case", "n_salmon", "udon", "beer", "sour", "soup", "rose", "doner")
    basket = (LineSaid("shirt", 3), *(LineSaid(one, 1) for one in goods))
    meaning = meaning_of(text, counter, language, basket=basket, last="doner")
    assert (acts_text(meaning.acts), meaning.ask, meaning.leftover) == (acts, (), ())


@pytest.mark.parametrize(("said", "acts"), table(SHARED_OUT))
def test_goods_are_shared_out_among_their_parts(said: str, acts: str) -> None:
    language, _, text = said.partition(": ")
    meaning = meaning_of(text, "burger-bar", language)
    assert (acts_text(meaning.acts), meaning.ask) == (acts, ())


def test_what_is_not_known_of_goods_that_are_there_adds_none(counter: str) -> None:
    meaning = meaning_of("乌冬面加两个蹄筋", counter, "zh", basket=("udon",), last="udon")
    assert (acts_text(meaning.acts), meaning.leftover) == ("-", ("蹄筋",))


@pytest.mark.parametrize("said", TOLD.strip().splitlines())
def test_what_is_told_or_supposed_orders_nothing(said: str, counter: str) -> None:
    language, _, text = said.partition(": ")
    meaning = meaning_of(text, counter, language)
    assert acts_text(meaning.acts) == "-"
    assert meaning.leftover


def test_goods_that_are_only_asked_about_are_told_of(counter: str) -> None:
    assert acts_text(meaning_of("黑麦面包是今天做的吗", counter, "zh").acts) == "ask_item: rye"

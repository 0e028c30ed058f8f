"""A merchant's files, right and wrong: every mistake is told at once, with its file, its place and the remedy."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from assistant.errors import SetupError
from assistant.shops import ShopError, load_shop
from tests.shops.folders import CAKE, RULES, TEA, write


def mistakes(folder: Path) -> list[str]:
    with pytest.raises(ShopError) as caught:
        load_shop(folder)
    assert isinstance(caught.value, SetupError)
    told = [str(one) for one in caught.value.problems]
    assert str(caught.value) == "\n".join(told)
    return told


def spoiled(**changes: Any) -> dict[str, Any]:
    return {**deepcopy(TEA), **changes}


def options(*changed: dict[str, Any]) -> dict[str, Any]:
    return spoiled(options=[{**TEA["options"][0], **one} for one in changed])


def test_a_folder_as_the_merchant_wrote_it(tmp_path: Path) -> None:
    shop, goods = load_shop(write(tmp_path / "tea-house"))
    assert (shop.id, shop.name, shop.currency, shop.languages) == ("tea-house", "Tea House", "CNY", ("en",))
    assert shop.methods["card"].provider == "sandbox"
    assert goods.categories == {"drinks": {"en": ("drinks",)}}
    assert goods.items["tea"].options[0].default == "small"
    again = load_shop(write(tmp_path / "other", items={"items": [TEA]}))[1]
    assert list(again.items) == ["tea"]
    assert again.version != goods.version == load_shop(tmp_path / "tea-house")[1].version


def test_every_key_of_the_rules_is_read(tmp_path: Path) -> None:
    shop, _ = load_shop(
        write(
            tmp_path / "s",
            RULES.replace(
                'methods = ["card", "cash"]',
                'methods = ["card", "cash"]\n'
                'method.cash = {provider = "pay_on_delivery", names = {en = "at the door"}}',
            )
            + """
[fulfilment.delivery]
names = {en = ["delivery"]}
fee = 600
free_from = 10000
minimum = 2000
needs = ["address", "phone", "time"]
minutes = 40
[service]
fee = 100
percent = "2.5"
[tips]
offer = [5, 10]
[limits]
unusual = 5
most = 10
unusual_total = 1000
most_total = 2000
quote_minutes = {typed = 10, spoken = 1}
hold_minutes = 7
[cancellation]
free_hours = 48
time = "12:00"
percent_after = 25
[stay]
check_in = "14:00"
check_out = "11:00"
[address]
en = "1 Tea Street"
[person]
en = "Call us"
[terms.house]
text = {en = "Tea is hot."}
items = ["tea"]
must_ack = true
[promotions.two]
names = {en = "two for less"}
kind = "bundle"
items = ["tea", "cake"]
price = 1500
start = 2026-01-01
end = "2026-12-31"
[promotions.deal]
kind = "percent"
percent = 7.5
code = "SEVEN"
categories = ["drinks"]
minimum = 500
most = 300
days = ["monday"]
hours = ["10:00-12:00", "22:00-02:00"]
first_order = true
stacks = false
[providers.sandbox]
script = ["decline", "approve"]
""",
        )
    )
    assert (shop.fulfilments["delivery"].fee, shop.fulfilments["delivery"].minutes) == (600, 40)
    assert (shop.service_fee, shop.service_percent, shop.tips) == (100, "2.5", (5, 10))
    assert (shop.limits.quote_minutes_typed, shop.limits.quote_minutes_spoken, shop.limits.hold_minutes) == (10, 1, 7)
    assert (shop.cancellation.free_hours, shop.cancellation.time, shop.cancellation.percent_after) == (48, "12:00", 25)
    assert (shop.methods["cash"].provider, shop.methods["cash"].names) == ("pay_on_delivery", {"en": ("at the door",)})
    assert shop.promotions["two"].start == "2026-01-01"
    assert (shop.promotions["deal"].percent, shop.promotions["deal"].stacks) == ("7.5", False)
    assert shop.providers["sandbox"] == {"script": ["decline", "approve"]}
    assert shop.terms["house"].must_ack


def test_a_spreadsheet_will_do(tmp_path: Path) -> None:
    csv = (
        "id,category,price,stock,names.en,descriptions.en,tags,limits.most\n"
        'tea,drinks,800,,"tea|green tea","Green, loose",hot|vegan,9\n\n'
        "cake,sweets,1200,4,cake,,,\n"
    )
    _, goods = load_shop(write(tmp_path / "s", csv=csv))
    assert goods.items["tea"].names == {"en": ("tea", "green tea")}
    assert (goods.items["tea"].stock, goods.items["cake"].stock) == (None, 4)
    assert (goods.items["tea"].tags, goods.items["tea"].most) == (("hot", "vegan"), 9)
    assert goods.items["tea"].descriptions == {"en": "Green, loose"}


def test_options_of_a_choice_become_paths(tmp_path: Path) -> None:
    drink = {
        "id": "drink",
        "choose": "one",
        "default": "tea",
        "choices": [{"id": "tea", "options": [TEA["options"][0]]}],
    }
    _, goods = load_shop(write(tmp_path / "s", items=[spoiled(options=[drink])]))
    assert [one.id for one in goods.items["tea"].all_options()] == ["drink", "drink/size"]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            'currency = "CNY"',
            'curency = "CNY"',
            ["currency: is missing; add it", "curency: unknown key 'curency'; did you mean 'currency'?"],
        ),
        ('"CNY"', '"cny"', ["currency: 'cny' is no currency; did you mean 'CNY'?"]),
        ('"takeaway"', '"takeway"', ["trade: there is no trade 'takeway'; there are:"]),
        ("Asia/Shanghai", "Asia/Shangai", ["time_zone: 'Asia/Shangai' is no time zone; did you mean 'Asia/Shanghai'?"]),
        ('["en"]', '["en", "xx"]', ["languages: 'xx' is unknown;"]),
        ('name = "Tea House"', "", ["name: is missing; write the shop's name"]),
        ("10:00-22:00", "10-22", ["hours.monday: '10-22' is no window of time; write it as \"10:00-22:00\""]),
        ("monday =", "moonday =", ["hours.moonday: unknown key 'moonday'; did you mean 'monday'?"]),
        ('"0.06"', '"6%"', ["tax.rate: is '6%'; write a number such as \"0.06\""]),
        ('"0.06"', "6", ["tax.rate: is 6; it must be between 0 and 1"]),
        (
            'needs = ["name"]',
            'needs = ["nmae"]\nfee = -5',
            [
                "fulfilment.pickup.fee: is -5; it must be 0 or more",
                "fulfilment.pickup.needs: 'nmae' is unknown; did you mean 'name'?",
            ],
        ),
        (
            'needs = ["name"]',
            "fee = 6.0",
            ["fulfilment.pickup.fee: is 6.0; write a whole number of minor units (fen, cents), such as 899 for 8.99"],
        ),
        ('["card", "cash"]', "[]", ["payment.methods: is missing or empty"]),
        ('["card", "cash"]', '["card", "chash"]', ["'chash' is no way to pay that has a name; did you mean 'cash'?"]),
        (
            '["card", "cash"]',
            '["card", "seashells"]',
            ["payment.methods: 'seashells' is no way to pay that has a name; use one of: alipay, applepay, card"],
        ),
        (
            '["card", "cash"]',
            '["card"]\nmethod.cash = {provider = "sandbocks"}',
            [
                "payment.method.cash.provider: there is no provider 'sandbocks'",
                "payment.method.cash: is not offered; add 'cash' to payment.methods",
            ],
        ),
        ("[categories]", '[promotions.p]\nkind = "percent"\n[categories]', ["promotions.p.percent: is missing or 0"]),
        (
            "[categories]",
            '[promotions.p]\nkind = "precent"\n[categories]',
            ["promotions.p.kind: 'precent' is unknown; did you mean 'percent'?"],
        ),
        (
            "[categories]",
            '[promotions.p]\nkind = "amount"\namount = 5\nitems = ["tee"]\ncategories = ["drink"]\n[categories]',
            [
                "promotions.p.items: there is no item 'tee' in the catalogue; did you mean 'tea'?",
                "promotions.p.categories: no item has the category 'drink'; did you mean 'drinks'?",
            ],
        ),
        (
            "[categories]",
            '[promotions.p]\nkind = "bundle"\nitems = ["tea"]\n[categories]',
            ["promotions.p.price: is missing", "promotions.p.items: a bundle needs at least two items"],
        ),
        (
            "[categories]",
            '[promotions.p]\nkind = "amount"\namount = 5\nstart = "2026-05-01"\nend = "2026-04-31"\n[categories]',
            ["promotions.p.end: '2026-04-31' is no date"],
        ),
        (
            "[categories]",
            '[promotions.a]\nkind = "amount"\namount = 5\ncode = "TEN"\n'
            '[promotions.b]\nkind = "amount"\namount = 6\ncode = "t-e n"\n[categories]',
            ["promotions.b.code: 't-e n' is the code of 'a', too"],
        ),
        ("[categories]", "[learning]\nvoices = 1\n[categories]", ["learning.voices: is 1; it must be 2 or more"]),
        ("[categories]", "[learning]\ntimes = 2\nvoices = 5\n[categories]", ["learning.times: 2 is below voices = 5"]),
        ("[categories]", "[limits]\nunusual = 9\nmost = 5\n[categories]", ["limits.unusual: 9 is above most = 5"]),
        (
            "[categories]",
            "[providers.sandbox]\nscritp = []\n[categories]",
            ["providers.sandbox.scritp: unknown key 'scritp'; did you mean 'script'?"],
        ),
        (
            'drinks = {en = "drinks"}',
            'drinks = {english = "drinks"}',
            ["categories.drinks.english: 'english' is no language tag; the shop's languages are: en"],
        ),
        ("[tax]", "[tax", ["is not valid TOML:", "(at line 11"]),
    ],
)
def test_a_mistake_in_the_rules(tmp_path: Path, old: str, new: str, told: list[str]) -> None:
    found = mistakes(write(tmp_path / "s", RULES.replace(old, new, 1)))
    text = "\n".join(found)
    assert all(one.startswith("shop.toml: ") for one in found), text
    assert all(one in text for one in told), text


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ('kind = "percent"\npercent = 150', "percent: is 150; it must be between 0 and 100"),
        ('kind = "percent"\npercent = 0.0', "percent: is missing or 0"),
        ('kind = "amount"\namount = -5', "amount: is -5; it must be 0 or more"),
        ('kind = "amount"\namount = 0', "amount: is missing or 0"),
        ('kind = "buy_get"\nbuy = "two"\nget = 1', "buy: is 'two'; write a whole number"),
        ('kind = "percent"\npercent = 5\ncode = " - "', "code: '-' can't be said; write letters or digits"),
    ],
)
def test_one_mistake_is_told_once(tmp_path: Path, rule: str, told: str) -> None:
    (found,) = mistakes(
        write(tmp_path / "s", RULES.replace("[categories]", f"[promotions.p]\n{rule}\n[categories]", 1))
    )
    assert found.startswith(f"shop.toml: promotions.p.{told}")


@pytest.mark.parametrize(
    ("items", "told"),
    [
        ([spoiled(price=-1)], ["[0].price (tea): is -1; it must be 0 or more"]),
        (
            [spoiled(price=8.99)],
            ["[0].price (tea): is 8.99; write a whole number of minor units (fen, cents), such as 899 for 8.99"],
        ),
        ([spoiled(price=True)], ["[0].price (tea): is true; write a whole number"]),
        ([{"id": "tea"}], ["[0].price (tea): is missing", "[0].names (tea): is missing; write at least one name"]),
        ([{"id": "tea", "names": {}, "price": 1}], ["[0].names (tea): is missing; write at least one name"]),
        ([TEA, TEA], ["[1].id (tea): 'tea' is the id of [0], too; give each item its own"]),
        ([spoiled(id="green tea")], ["'green tea' can't be an id; leave out spaces"]),
        ([spoiled(prise=5)], ["[0].prise (tea): unknown key 'prise'; did you mean 'price'?"]),
        (
            [spoiled(names={"en": []})],
            ['[0].names.en (tea): is [] (a list); write a name or a list of names, such as ["cola", "coke"]'],
        ),
        ([spoiled(names="tea")], ["[0].names (tea): 'tea' is not a table of keys and values"]),
        ([spoiled(stock="lots")], ["[0].stock (tea): is 'lots'; write a whole number"]),
        ([spoiled(goes_with=["kake"]), CAKE], ["[0].goes_with (tea): there is no item 'kake'; did you mean 'cake'?"]),
        (
            [spoiled(picture="../../tea.png")],
            ["[0].picture (tea): '../../tea.png' leads out of the shop's"],
        ),
        ([spoiled(picture="tea.svg")], ["[0].picture (tea): 'tea.svg' is no picture that browsers show; use .jpeg"]),
        ([spoiled(picture="tea.png")], ["tea: there is no picture "]),
        ([spoiled(limits={"unusual": 9, "most": 5})], ["[0].limits.unusual (tea): 9 is above most = 5"]),
        (
            [options({"default": "smal"})],
            ["[0].options[0].default (tea): 'smal' is none of its choices; did you mean 'small'?"],
        ),
        (
            [options({"choices": [], "default": None})],
            ["[0].options[0].choices (tea): has no choices, so nothing can be chosen"],
        ),
        ([options({}, {})], ["[0].options (tea): two options have the id 'size'"]),
        ([options({"choose": "some"})], ["[0].options[0].choose (tea): 'some' is unknown; use one of: one, many"]),
        ([options({"amounts": ["extra"]})], ['[0].options[0].amounts (tea): amounts go with "choose": "many" only']),
        (
            [options({"choices": [{"id": "small"}, {"id": "small"}]})],
            ["[0].options[0].choices (tea): two choices have the id 'small'"],
        ),
        (
            [options({"choices": [{"id": "small", "included": True}]})],
            ['[0].options[0].choices[0].included (tea): goes with "choose": "many" only; write "default": "small"'],
        ),
        (
            [options({"choices": [{"id": "small", "price": -900}]})],
            ["[0].options (tea): with its cheapest options the item would cost -100"],
        ),
        (
            [spoiled(options=[{**TEA["options"][1], "amounts": ["xtra"], "amount_prices": {"extra": "1.5"}}])],
            [
                "options[0].amounts (tea): 'xtra' is no amount; did you mean 'extra'?",
                "amount_prices.extra (tea): is 1.5; write a number",
            ],
        ),
        (
            [spoiled(rates=[{"from": "2026-13-01", "price": 1}])],
            ["[0].rates[0].from (tea): '2026-13-01' is no date; write 2026-12-24, 12-24 (every year) or +7"],
        ),
        (
            [spoiled(rates=[{"from": "2026-12-24", "to": "2026-12-01", "price": 1}])],
            ["[0].rates[0].to (tea): 2026-12-01 is before 2026-12-24"],
        ),
        (
            [spoiled(rates=[{"from": "12-24", "to": "+3", "price": 1}])],
            ["[0].rates[0].to (tea): '+3' is of another kind"],
        ),
        (["tea"], ["[0]: 'tea' is not a table of keys and values"]),
        ({"itmes": []}, ["itmes: unknown key 'itmes'; did you mean 'items'?", "items: must be a list of items"]),
        ([], ["has no items; a shop needs at least one"]),
    ],
)
def test_a_mistake_in_the_catalogue(tmp_path: Path, items: Any, told: list[str]) -> None:
    found = mistakes(write(tmp_path / "s", items=items))
    text = "\n".join(found)
    assert all(one.startswith("catalogue.json: ") for one in found), text
    assert all(one in text for one in told), text


def test_all_mistakes_of_both_files_are_told_at_once(tmp_path: Path) -> None:
    items = [spoiled(price=-1, colour="green"), options({"default": "huge"}), spoiled(id="tea", stock=-2)]
    found = mistakes(write(tmp_path / "s", RULES.replace("CNY", "CNZ").replace('"0.06"', "2"), items))
    assert [one.split(": ")[1] for one in found] == [
        "currency",
        "tax.rate",
        "[0].price (tea)",
        "[0].colour (tea)",
        "[1].options[0].default (tea)",
        "[1].id (tea)",
        "[2].stock (tea)",
        "[2].id (tea)",
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[\n{"id": "tea",\n"price": 1,}]', "catalogue.json: line 3: is not valid JSON: "),
        (
            '[{"id": "tea", "names": {"en": "tea"}, "price": 1, "price": 2}]',
            "catalogue.json: the key 'price' stands twice in one object, 'tea', so one value would be lost",
        ),
        ('[{"names": {}, "names": {}}]', "catalogue.json: the key 'names' stands twice in one object, so one value"),
        (
            '[{"id": "tea", "names": {"en": "tea"}, "price": NaN}]',
            "catalogue.json: is not valid JSON: NaN is not a number",
        ),
        ("[" * 100000, "catalogue.json: is nested too deeply"),
        ("", "catalogue.json: line 1: is not valid JSON"),
    ],
)
def test_json_that_cannot_be_read(tmp_path: Path, text: str, told: str) -> None:
    folder = write(tmp_path / "s")
    (folder / "catalogue.json").write_text(text)
    assert told in "\n".join(mistakes(folder))


@pytest.mark.parametrize("item", ["tea", None, 5, []])
def test_what_is_no_item_at_all_is_told_once(tmp_path: Path, item: Any) -> None:
    (found,) = mistakes(write(tmp_path / "s", items=[TEA, item]))
    assert found.startswith("catalogue.json: [1]: ") and "is not a table of keys and values" in found


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ('script = ["aprove"]', "providers.sandbox.script: entry 1: 'aprove' is not known; choose one of approve, "),
        ('script = "decline"', "providers.sandbox.script: a list is wanted, such as"),
        ('page = "nowhere"', "providers.sandbox.page: 'nowhere' is no address; write the page's as text, such as"),
    ],
)
def test_what_a_provider_cant_be_set_to_is_a_mistake_of_the_shop(tmp_path: Path, table: str, told: str) -> None:
    """Before it is opened for anybody: `menu check` tells it as well as `chat`."""
    rules = RULES.replace("[categories]", f"[providers.sandbox]\n{table}\n[categories]")
    (found,) = mistakes(write(tmp_path / "s", rules))
    assert found.startswith(f"shop.toml: {told}")


def test_one_text_in_place_of_a_list_is_shown_as_a_list(tmp_path: Path) -> None:
    rules = RULES.replace('["10:00-22:00"]', '"10:00-22:00"') + "[limits]\nmost_total = 0\n"
    assert mistakes(write(tmp_path / "s", rules, items=[spoiled(tags="vegan")])) == [
        "shop.toml: hours.monday: is '10:00-22:00'; write a list of texts, such as [\"10:00-22:00\"]",
        "shop.toml: limits.most_total: is 0; it must be 1 or more",
        "catalogue.json: [0].tags (tea): is 'vegan'; write a list of texts, such as [\"vegan\"]",
    ]


def test_text_that_is_no_text(tmp_path: Path) -> None:
    folder = write(tmp_path / "s")
    (folder / "catalogue.json").write_bytes(b"[\n\xff\xfe]")
    (folder / "shop.toml").write_bytes(b"\x80")
    found = mistakes(folder)
    assert found == [
        "shop.toml: line 1: is not UTF-8 text (byte 0); save it as UTF-8",
        "catalogue.json: line 2: is not UTF-8 text (byte 2); save it as UTF-8",
    ]


@pytest.mark.parametrize(
    ("csv", "told"),
    [
        ("name,price\ntea,1\n", "catalogue.csv: line 1: must name the columns, one of them 'id'"),
        (
            "id;price;names.en\ntea;800;tea\n",
            "catalogue.csv: line 1: has semicolons between its cells; save it with commas",
        ),
        ("price\tid\n800\ttea\n", "catalogue.csv: line 1: has tabs between its cells"),
        (
            "id,price,names.en\ntea,8.99,tea\n",
            "catalogue.csv: line 2.price (tea): is '8.99'; write a whole number of minor units",
        ),
        (
            "id,price,names.en\ntea,800,tea, green\n",
            "catalogue.csv: line 2: has 4 cells for 3 columns; put a text with commas in quotes",
        ),
        (
            "id,price,names.en,colour\ntea,800,tea,\ncake,900,cake,brown\n",
            "catalogue.csv: line 3.colour (cake): unknown key 'colour'",
        ),
        ('id,price,names.en,options\ntea,800,tea,"[{"\n', "catalogue.csv: line 2.options: is not valid JSON"),
        ('id,price\n"tea,800\n', "catalogue.csv: line 2: is not valid CSV"),
        ("id,price,names.en,price\ntea,800,tea,900\n", "catalogue.csv: line 1: has the column 'price' twice"),
        (
            "id,price,names.en,limits,limits.most\ntea,800,tea,6,5\n",
            "catalogue.csv: line 1: 'limits.most' can't stand beside a column 'limits'; take 'limits' out",
        ),
        (
            'id,price,names.en,options\ntea,800,tea,"[{""id"": ""a"", ""id"": ""b""}]"\n',
            "catalogue.csv: line 2.options: the key 'id' stands twice in one object, 'a', so one value would be lost",
        ),
        ("id,price,names.en,rates\ntea,800,tea,[NaN]\n", "line 2.rates: is not valid JSON: NaN is not a number"),
    ],
)
def test_a_mistake_in_a_spreadsheet(tmp_path: Path, csv: str, told: str) -> None:
    assert told in "\n".join(mistakes(write(tmp_path / "s", csv=csv)))


def test_files_that_are_not_there(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    text = "\n".join(mistakes(tmp_path / "empty"))
    assert "shop.toml: there is no such file in" in text
    assert "catalogue.json: there is no such file in" in text
    both = write(tmp_path / "both", csv="id\n")
    (both / "catalogue.json").write_text(json.dumps([TEA]))
    assert "keep one of the two" in "\n".join(mistakes(both))


def test_a_shop_that_is_nowhere() -> None:
    with pytest.raises(ShopError, match=r"there is no shop 'burgerbar'; did you mean 'burger-bar', or name a folder"):
        load_shop("burgerbar")

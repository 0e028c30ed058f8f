"""What `menu check` tells a merchant whose files can be read."""

from __future__ import annotations

import datetime as dt
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from assistant.shops.check import check
from tests.shops.folders import CAKE, RULES, TEA, write

OPTION: dict[str, Any] = TEA["options"][0]


def tea(**changes: Any) -> dict[str, Any]:
    return {**deepcopy(TEA), **changes}


def size(**changes: Any) -> dict[str, Any]:
    return tea(options=[{**OPTION, **changes}])


def test_a_careful_shop_hears_nothing(tmp_path: Path) -> None:
    assert check(write(tmp_path / "s")) == []


def test_mistakes_come_as_errors(tmp_path: Path) -> None:
    found = check(write(tmp_path / "s", items=[tea(price=-1)]))
    assert [(one.severity, one.file, one.place) for one in found] == [("error", "catalogue.json", "[0].price (tea)")]


@pytest.mark.parametrize(
    ("items", "told"),
    [
        ([TEA, {**CAKE, "names": {"en": ["green tea"]}}], "cake.names.en: 'green tea' is a name of 'tea'; rename one"),
        (
            [TEA, {**CAKE, "names": {"en": ["green teas"]}}],
            "tea.names.en: 'green tea' sounds like 'green teas' of 'cake'; rename one",
        ),
        ([tea(price=0)], "tea.price: is 0, so it is given away; write its price"),
        ([tea(stock=0)], "tea.stock: is 0: sold out until it is raised"),
        ([size(choices=[{"id": "small", "names": {"en": "small"}}])], "tea.options.size: there is only one choice"),
        (
            [
                size(
                    choices=[
                        {"id": "small", "names": {"en": ["small", "little"]}},
                        {"id": "tiny", "names": {"en": ["Little"]}},
                    ]
                )
            ],
            "tea.options.size: 'Little' (en) names small and tiny, so they can't be told apart; rename",
        ),
        (
            [
                size(
                    choices=[
                        {"id": "small", "names": {"en": "small"}, "stock": 0},
                        {"id": "large", "names": {"en": "large"}, "stock": 0},
                    ]
                )
            ],
            "tea.options.size: all its choices are sold out, so none can be chosen",
        ),
        (
            [
                size(
                    choices=[
                        {"id": "small", "names": {"en": "small"}, "stock": 0},
                        {"id": "large", "names": {"en": "large"}},
                    ]
                )
            ],
            "tea.options.size: its default 'small' is sold out; name another default",
        ),
        (
            [size(choices=[{"id": "small"}, {"id": "large", "names": {"en": "large"}}])],
            "these choices have no name in en: small; add them",
        ),
        (
            [tea(options=[{**TEA["options"][1], "amount_prices": {"extra": 0.5}}])],
            "tea.options.extras: extra costs less than normal",
        ),
        ([tea(names={"zh": ["茶"]})], "tea.names: has no name in en; add it"),
        (
            [tea(allergens=["glutan"])],
            "tea.allergens: 'glutan' isn't known, so nobody finds it by what they say; did you",
        ),
        ([tea(rates=[{"price": 5}])], "tea.rates: a 'takeaway' books no nights"),
        ([tea(tags=["crunchy", "veggan"])], "tea.tags: 'veggan' isn't known; did you mean 'vegan'?"),
    ],
)
def test_what_will_trouble_a_talk(tmp_path: Path, items: list[dict[str, Any]], told: str) -> None:
    found = check(write(tmp_path / "s", items=items))
    assert {one.severity for one in found} == {"warning"}
    assert any(told in str(one) for one in found), [str(one) for one in found]


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ("drinks = {zh = '饮料'}\n", "categories.drinks: has no name in en; add it"),
        (
            "drinks = {en = 'drinks'}\nsweets = {en = 'sweets'}\n",
            "categories.sweets: no item has this category; take it out or use it",
        ),
        (
            "drinks = {en = 'drinks'}\n[terms.t]\ntext = {zh = '茶很烫'}\n",
            "terms.t.text: has no words in 'en'; add them",
        ),
        (
            "drinks = {en = 'drinks'}\n[promotions.p]\nkind = 'bundle'\nitems = ['tea', 'cake']\nprice = 2000\n",
            "promotions.p.price: 2000 saves nothing: apart the items cost 2000; lower it",
        ),
        (
            "drinks = {en = 'drinks'}\n[promotions.p]\nkind = 'amount'\namount = 5\n",
            "promotions.p.names: has no name in en",
        ),
        (
            "drinks = {en = 'drinks'}\n[fulfilment.inner_city]\nfee = 300\n",
            "fulfilment.inner_city.names: has no name in en; add it",
        ),
        (
            "drinks = {en = 'drinks'}\n[fulfilment.a]\nnames = {en = 'zone'}\n"
            "[fulfilment.b]\nnames = {en = ['B', 'Zone']}\n",
            "fulfilment: 'Zone' (en) names a and b, so they can't be told apart; rename",
        ),
        ("drinks = {en = 'drinks'}\nsweets = {en = 'drinks'}\n", "categories: 'drinks' (en) names drinks and sweets"),
        (
            "drinks = {en = 'drinks'}\n[providers.pay_on_delivery]\n",
            "providers.pay_on_delivery: no payment method uses it",
        ),
    ],
)
def test_what_the_rules_may_have_meant(tmp_path: Path, more: str, told: str) -> None:
    found = check(write(tmp_path / "s", RULES.replace('drinks = {en = "drinks"}\n', more)))
    assert any(told in str(one) for one in found), [str(one) for one in found]


def test_a_promotion_that_takes_nothing_off_is_told(tmp_path: Path) -> None:
    """Its last day is the shop's own: at eight in the evening in London the next one has begun in Shanghai."""
    more = "\n[promotions.p]\nkind = 'amount'\namount = 5\nmost = 0\nnames = {en = 'p'}\nend = '2026-05-04'\n"
    folder = write(tmp_path / "s", RULES + more)
    on_its_day = dt.datetime(2026, 5, 4, 15, 59, tzinfo=dt.UTC)
    most = "promotions.p.most"
    assert [one.place for one in check(folder, on_its_day)] == [most]
    over = check(folder, on_its_day + dt.timedelta(minutes=1))
    assert [one.place for one in over] == ["promotions.p.end", most]
    assert "2026-05-04 is over, so it takes nothing off" in over[0].text


def test_a_shop_that_never_opens(tmp_path: Path) -> None:
    found = check(write(tmp_path / "s", RULES.replace('["10:00-22:00"]', "[]")))
    assert [one.place for one in found] == ["hours"]


def test_each_pair_that_sounds_alike_is_told_once(tmp_path: Path) -> None:
    twins = [
        tea(id="one", names={"en": ["mint tea", "mint teas"]}),
        tea(id="two", names={"en": ["mint teaa", "mint tea"]}),
    ]
    found = check(write(tmp_path / "s", items=twins))
    assert len(found) == 1


def test_names_that_are_written_otherwise_and_spoken_alike_are_told(tmp_path: Path) -> None:
    twins = [
        tea(id="one", names={"zh": ["柚子茶"]}),
        tea(id="two", names={"zh": ["油子茶"]}),
        tea(id="three", names={"zh": ["姜茶"]}),
    ]
    rules = RULES.replace('languages = ["en"]', 'languages = ["zh"]')
    found = [one.text for one in check(write(tmp_path / "s", rules, items=twins)) if "sounds like" in one.text]
    assert found == ["'柚子茶' sounds like '油子茶' of 'two'; rename one, or it is asked about each time"]

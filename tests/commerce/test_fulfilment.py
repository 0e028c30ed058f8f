"""Opening hours, wanted times, expected times, and prices that changed meanwhile."""

from __future__ import annotations

import datetime as dt

import pytest
from msgspec.structs import replace

from assistant.commerce.fulfilment import check_time, closes_at, expected_at, is_open, next_opening, slots
from assistant.commerce.order import LineOption
from assistant.commerce.pricing import reprice
from assistant.commerce.shop import DAYS, Fulfilment
from assistant.commerce.stock import stock_keys, substitutes
from tests.commerce.goods import catalogue, choice, item, line, many_of, one_of, order, shop

PICKUP = Fulfilment(id="pickup", minutes=20)
WEEK = dict.fromkeys(DAYS[:5], ("10:00-14:00", "17:00-22:00")) | {
    "friday": ("17:00-02:00",),
    "saturday": ("12:00-23:59",),
}
PLACE = shop(hours=WEEK, fulfilments=[PICKUP])


def at(day: int, hour: int, minute: int = 0) -> dt.datetime:
    """In the week of Monday the 2nd."""
    return dt.datetime(2026, 3, 1 + day, hour, minute, tzinfo=dt.UTC)


MONDAY, FRIDAY, SATURDAY, SUNDAY = 1, 5, 6, 7


@pytest.mark.parametrize(
    ("when", "is_so"),
    [
        (at(MONDAY, 9, 59), False),
        (at(MONDAY, 10), True),
        (at(MONDAY, 14), False),
        (at(FRIDAY, 23), True),
        (at(SATURDAY, 1, 59), True),
        (at(SATURDAY, 2), False),
        (at(SATURDAY, 23, 59), True),
        (at(SUNDAY, 12), False),
    ],
)
def test_open_or_closed(when: dt.datetime, is_so: bool) -> None:
    assert is_open(PLACE, when) is is_so


def test_when_it_opens_next() -> None:
    assert next_opening(PLACE, at(MONDAY, 12)) == at(MONDAY, 12)
    assert next_opening(PLACE, at(MONDAY, 15)) == at(MONDAY, 17)
    assert next_opening(PLACE, at(SUNDAY, 12)) == at(MONDAY + 7, 10)
    assert next_opening(shop(hours={"monday": ()}), at(MONDAY, 12)) is None
    assert is_open(shop(), at(SUNDAY, 3))
    assert closes_at(PLACE, at(FRIDAY, 20)) == at(SATURDAY, 2)
    assert closes_at(shop(), at(FRIDAY, 20)) is None


def test_hours_are_the_shop_s_own_whatever_the_clocks_do() -> None:
    berlin = shop(hours=dict.fromkeys(DAYS, ("10:00-20:00",)), time_zone="Europe/Berlin")
    before, after = dt.datetime(2026, 3, 28, 8, 30, tzinfo=dt.UTC), dt.datetime(2026, 3, 29, 8, 30, tzinfo=dt.UTC)
    assert (is_open(berlin, before), is_open(berlin, after)) == (False, True)  # summer time began
    opens = next_opening(berlin, dt.datetime(2026, 3, 28, 22, 0, tzinfo=dt.UTC))
    assert opens == dt.datetime(2026, 3, 29, 8, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("now", "wanted", "kind", "answer"),
    [
        (at(MONDAY, 12), None, "ok", at(MONDAY, 12, 20)),
        (at(MONDAY, 12), at(MONDAY, 13), "ok", at(MONDAY, 13)),
        (at(MONDAY, 12), at(MONDAY, 14), "ok", at(MONDAY, 14)),  # the closing minute counts
        (at(MONDAY, 12), at(MONDAY, 12, 10), "too_soon", at(MONDAY, 12, 20)),
        (at(MONDAY, 12), at(MONDAY, 11), "past", None),
        (at(MONDAY, 12), at(MONDAY, 15), "closed", at(MONDAY, 17)),
        (at(MONDAY, 15), None, "closed", at(MONDAY, 17)),
        (at(MONDAY, 15), at(MONDAY, 17, 5), "too_soon", at(MONDAY, 17, 20)),
        (at(SUNDAY, 12), at(MONDAY + 7, 18), "ok", at(MONDAY + 7, 18)),
    ],
)
def test_a_wanted_time(now: dt.datetime, wanted: dt.datetime | None, kind: str, answer: dt.datetime | None) -> None:
    found = check_time(PLACE, "pickup", wanted, now)
    assert (found.kind, found.at) == (kind, answer)


def test_only_times_that_can_be_had_are_offered() -> None:
    found = slots(PLACE, "pickup", at(MONDAY, 0).date(), at(MONDAY, 12, 50))
    assert [one.strftime("%H:%M") for one in found] == ["13:30", "14:00"] + [
        f"{h}:{m}" for h in range(17, 22) for m in ("00", "30")
    ] + ["22:00"]


def test_when_an_order_is_expected() -> None:
    tea = item("tea", 100)
    pickup = order(line(tea), facts={"fulfilment": "pickup", "time": {"asap": True}})
    assert expected_at(pickup, PLACE, at(MONDAY, 12)) == at(MONDAY, 12, 20)
    assert expected_at(pickup, PLACE, at(MONDAY, 15)) == at(MONDAY, 17, 20)
    timed = replace(pickup, facts={"fulfilment": "pickup", "time": {"at": "2026-03-02T18:30"}})
    assert expected_at(timed, PLACE, at(MONDAY, 12)) == at(MONDAY, 18, 30)


def test_goods_take_stock_once_a_key_and_counted_choices_have_their_own() -> None:
    tart = item("tart", 100, many_of("extras", choice("gold", 50, stock=3)), stock=5)
    plain = item("pie", 100)
    bought = order(line(tart, 2), line(tart, 1, (LineOption("extras", "gold", "normal"),)), line(plain, 9))
    assert stock_keys(bought, catalogue(tart, plain)) == (("tart", "", 3), ("tart/extras/gold", "", 1))


def test_the_nearest_in_price_of_the_same_kind_comes_first() -> None:
    goods = catalogue(
        item("tart", 1200, category="sweet", stock=0),
        item("cake", 1800, category="sweet"),
        item("pie", 1200, category="sweet"),
        item("bun", 1100, category="sweet", stock=0),
        item("cola", 1200, category="drinks"),
    )
    assert [one.id for one in substitutes(goods.items["tart"], goods)] == ["pie", "cake"]


def test_an_order_is_priced_again_at_today_s_catalogue() -> None:
    tea, pie = item("tea", 300, one_of("size", choice("large", 100))), item("pie", 500)
    bought = order(line(tea, 2, (LineOption("size", "large"),)), line(pie))
    assert reprice(bought, catalogue(tea, pie), at(MONDAY, 12)) == (bought, ())
    today = replace(catalogue(item("tea", 320, one_of("size", choice("large", 100)))), version="2")
    found, changes = reprice(bought, today, at(MONDAY, 12))
    assert [(one.item, one.kind, one.old, one.new) for one in changes] == [
        ("tea", "price", 400, 420),
        ("pie", "gone", 500, None),
    ]
    assert [(one.item, one.unit_price, one.version) for one in found.lines] == [("tea", 420, "2")]
    without = replace(catalogue(item("tea", 300), pie), version="3")
    found, changes = reprice(bought, without, at(MONDAY, 12))
    assert [(one.kind, one.new, one.options) for one in changes] == [
        ("option_gone", 300, (LineOption("size", "large"),))
    ]
    assert found.lines[0].options == ()

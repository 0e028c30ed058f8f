"""Nights, what is free, and what cancelling gives back."""

from __future__ import annotations

import datetime as dt

import pytest
from msgspec.structs import replace

from assistant.commerce.catalogue import Rate
from assistant.commerce.fulfilment import cancellation_refund, expected_at, free_until
from assistant.commerce.order import LineOption, Party, When
from assistant.commerce.pricing import line_price, reprice, room_price
from assistant.commerce.shop import Cancellation
from assistant.commerce.stock import on_hand, rooms_free, sleeps, stock_keys, substitutes
from tests.commerce.goods import catalogue, choice, item, line, one_of, order, shop

SUNDAY = dt.datetime(2026, 3, 8, 12, 0)
ROOM = item(
    "king",
    62000,
    one_of("breakfast", choice("none"), choice("two", 9800), default="none"),
    category="rooms",
    stock=4,
    adults=2,
    children=1,
    rates=(
        Rate(price=98000, start="12-30", end="01-02"),
        Rate(price=78000, days=("friday", "saturday")),
        Rate(price=68000, start="+0", end="+1"),
        Rate(price=50000, start="2026-07-01", end="2026-07-31"),
    ),
)
SUITE = item("suite", 108000, category="rooms", stock=1, adults=4, children=2)


def nights(start: str, end: str) -> list[int]:
    price, found = room_price(ROOM, When(start, end), SUNDAY)
    assert price == sum(one for _, one in found)
    return [one for _, one in found]


def test_each_night_has_the_first_rate_that_fits() -> None:
    assert nights("2026-03-09", "2026-03-11") == [68000, 62000]  # tomorrow is dearer
    assert nights("2026-03-12", "2026-03-15") == [62000, 78000, 78000]
    assert nights("2026-12-29", "2027-01-04") == [62000, 98000, 98000, 98000, 98000, 62000]
    assert nights("2026-07-31", "2026-08-02") == [78000, 78000]  # a Friday: the weekend comes first
    assert nights("2026-07-30", "2026-07-31") == [50000]


def test_a_room_s_options_are_paid_each_night() -> None:
    when = When("2026-03-16", "2026-03-18")
    price, found = line_price(ROOM, (LineOption("breakfast", "two"),), when, SUNDAY)
    assert (price, len(found)) == (2 * 62000 + 2 * 9800, 2)


def test_a_stay_takes_one_room_of_every_night() -> None:
    booked = order(
        line(ROOM, 2, when=When("2026-03-09", "2026-03-11")), line(ROOM, 1, when=When("2026-03-10", "2026-03-11"))
    )
    goods = catalogue(ROOM)
    assert stock_keys(booked, goods) == (("king", "2026-03-09", 2), ("king", "2026-03-10", 3))
    assert on_hand(goods, [("king", "2026-03-09"), ("king", "2026-03-10")]) == {
        ("king", "2026-03-09"): 4,
        ("king", "2026-03-10"): 4,
    }


def test_a_room_is_free_only_if_it_is_every_night() -> None:
    when = When("2026-03-09", "2026-03-12")
    assert rooms_free(ROOM, when, {}) == 4
    assert rooms_free(ROOM, when, {("king", "2026-03-10"): 1, ("king", "2026-03-11"): 3}) == 1
    assert rooms_free(ROOM, when, {("king", "2026-03-10"): 0}) == 0


def test_children_may_take_an_adult_s_place_not_the_other_way_round() -> None:
    assert sleeps(ROOM, Party(2, 1)) and sleeps(ROOM, Party(1, 2))
    assert not sleeps(ROOM, Party(3, 0)) and not sleeps(ROOM, Party(2, 2))
    assert sleeps(ROOM, Party(4, 2), rooms=2)


def test_the_nearest_room_that_is_free_and_large_enough_is_offered() -> None:
    small, twin = (
        item("single", 60000, category="rooms", stock=2, adults=1),
        item("twin", 70000, category="rooms", stock=2, adults=2, children=1),
    )
    goods, when = catalogue(ROOM, small, twin, SUITE), When("2026-03-09", "2026-03-10")
    assert [one.id for one in substitutes(ROOM, goods)] == ["single", "twin", "suite"]
    free = {("twin", "2026-03-09"): 0}
    assert [one.id for one in substitutes(ROOM, goods, free, when=when, party=Party(2, 1))] == ["suite"]


@pytest.mark.parametrize(("day", "hour", "back"), [(8, 18, 100001), (8, 19, 50001), (9, 12, 50001), (1, 0, 100001)])
def test_cancelling_in_time_gives_all_back_and_later_the_shop_s_share(day: int, hour: int, back: int) -> None:
    rules = shop(cancellation=Cancellation(free_hours=24, time="18:00", percent_after=50), check_in="15:00")
    stay = order(line(ROOM, when=When("2026-03-09", "2026-03-11")))
    assert free_until(stay, rules) == dt.datetime(2026, 3, 8, 18, 0, tzinfo=dt.UTC)
    assert cancellation_refund(stay, rules, dt.datetime(2026, 3, day, hour, tzinfo=dt.UTC), 100001) == back
    assert expected_at(stay, rules, SUNDAY.replace(tzinfo=dt.UTC)) == dt.datetime(2026, 3, 9, 15, 0, tzinfo=dt.UTC)


def test_a_room_is_priced_again_at_today_s_rates() -> None:
    goods = catalogue(ROOM)
    when = When("2026-03-10", "2026-03-11")
    price, found = line_price(ROOM, (), when, SUNDAY)
    booked = order(
        replace(line(ROOM, when=when, price=price, options=(LineOption("breakfast", "none"),)), nights=found)
    )
    assert reprice(booked, goods, SUNDAY)[1] == ()
    tomorrow, changes = reprice(booked, goods, SUNDAY + dt.timedelta(days=1))
    assert [(one.kind, one.old, one.new) for one in changes] == [("price", 62000, 68000)]
    assert tomorrow.lines[0].nights == (("2026-03-10", 68000),)

"""What is counted may be a choice of some goods: three large ones. Whoever wants more hears it before the checkout."""

from __future__ import annotations

import json

import pytest

from assistant.commerce.order import Order
from assistant.turns import Act, LineSaid, OptionSaid
from tests.app import talk
from tests.app.conftest import Opened
from tests.app.talk import TO_READ_BACK, YES, Kiosk

TEA = {
    "id": "tea",
    "names": {"en": ["tea"]},
    "category": "drinks",
    "price": 300,
    "options": [
        {
            "id": "size",
            "names": {"en": ["size"]},
            "choose": "one",
            "default": "small",
            "choices": [
                {"id": "small", "names": {"en": ["small"]}},
                {"id": "large", "names": {"en": ["large"]}, "price": 100, "stock": 3},
            ],
        },
        {
            "id": "extras",
            "names": {"en": ["extras"]},
            "choose": "many",
            "choices": [{"id": "milk", "names": {"en": ["milk"]}}],
        },
    ],
}


@pytest.fixture(autouse=True)
def with_tea(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(talk, "CATALOGUE", json.dumps([*json.loads(talk.CATALOGUE), TEA]))


def tea(number: int | None, size: str = "large") -> LineSaid:
    return LineSaid("tea", number, (OptionSaid("size", size),))


def add(number: int, size: str = "large") -> Act:
    return Act("add", (tea(number, size),))


def teas(order: Order) -> list[tuple[int, str]]:
    return [(line.quantity, line.options[0].choice) for line in order.lines]


async def to_read_back(kiosk: Kiosk, session: str = "s") -> None:
    for act in TO_READ_BACK[1:]:
        await kiosk.does(act, session=session)


async def test_more_than_there_are_is_answered_by_so_many(open_kiosk: Opened) -> None:
    kiosk = await open_kiosk()
    reply = await kiosk.does(add(5))
    assert "I only have three large teas left" in reply.text, reply.text
    await kiosk.does(YES)
    assert teas((await kiosk.state())[1]) == [(3, "large")]
    reply = await kiosk.does(add(1))
    assert "Large is sold out for tea. Shall I add it all the same?" in reply.text, reply.text
    await kiosk.does(YES)
    assert teas((await kiosk.state())[1]) == [(3, "large"), (1, "small")]


async def test_a_changed_choice_is_counted_too(open_kiosk: Opened) -> None:
    kiosk = await open_kiosk()
    await kiosk.does(add(5, "small"))
    reply = await kiosk.does(Act("change", (tea(None),)))
    assert "I only have three large teas left" in reply.text, reply.text
    assert teas((await kiosk.state())[1]) == [(5, "small")]


@pytest.mark.parametrize(
    ("others", "said", "left"),
    [(1, "I only have two large teas left", [(2, "large")]), (3, "Large is sold out for tea", [(3, "large")])],
)
async def test_what_was_sold_meanwhile_is_told_at_the_read_back(
    open_kiosk: Opened, others: int, said: str, left: list[tuple[int, str]]
) -> None:
    kiosk = await open_kiosk()
    await kiosk.does(add(3))
    await kiosk.does(add(others), session="other")
    await to_read_back(kiosk, "other")
    await kiosk.does(YES, session="other")
    await to_read_back(kiosk)
    reply = await kiosk.does(Act("checkout"))
    assert said in reply.text, reply.text
    await kiosk.does(YES)
    assert teas((await kiosk.state())[1]) == left
    assert len(kiosk.charged()) == 1


async def test_what_can_be_added_once_is_said_so(open_kiosk: Opened) -> None:
    kiosk = await open_kiosk()
    reply = await kiosk.does(Act("add", (LineSaid("tea", 1, (OptionSaid("extras", "milk", 5),)),)))
    assert reply.text.startswith("Tea takes milk only once.")

"""What holds for every speaker, over its own wire: a whole order, whose yes counts, bodies that nobody should send."""

from __future__ import annotations

import asyncio
import copy
import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from yarl import URL

from assistant.discovery import named
from tests.drivers import DRIVERS, Answer
from tests.speakers.far_end import Cafe, Served, cafe, ids, put

SPEAKERS = named("speaker")


class Household:
    """Somebody at home, who talks to a speaker of the cafe."""

    def __init__(self, shop: Cafe, driver: Any) -> None:
        self.shop, self.driver = shop, driver

    async def says(self, words: str, who: str = "household-1") -> Answer:
        answer: Answer = await self.driver.say(who, words)
        return answer

    async def post(self, body: Any) -> tuple[int, dict[str, Any]]:
        raw, headers = self.driver.signed(body)
        return await self.shop.served.post(f"/speakers/{self.driver.name}", raw, headers)

    def asks(self, words: str) -> dict[str, Any]:
        body: dict[str, Any] = self.driver.ask("household-1", f"request-{next(ids)}", words)
        return body

    async def to_read_back(self, method: str = "刷卡") -> Answer:
        for words in ("来两杯大杯拿铁", "就这些", "我叫安娜"):
            await self.says(words)
        return await self.says(method)


@pytest.fixture(params=SPEAKERS)
async def home(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Household]:
    driver = DRIVERS[request.param]()
    async with cafe(tmp_path, {request.param: driver.settings}) as shop:
        driver.served, driver.language, driver.last = shop.served, "zh", {}
        await driver.ready()
        yield Household(shop, driver)


@pytest.mark.parametrize(("method", "status", "net"), [("刷卡", "paid", 6400), ("现金", "due", 0)])
async def test_an_order_from_the_first_word_to_the_receipt(home: Household, method: str, status: str, net: int) -> None:
    back = await home.to_read_back(method)
    assert "两杯大杯拿铁" in back.speech and "六十四元" in back.speech and back.speech.endswith("？")
    assert not (await home.shop.only())[1].attempts
    done = await home.says("好的")
    assert "A" in done.text + done.speech
    order, payment = await home.shop.only()
    assert (order.stage, payment.status, payment.net, order.facts["contact"]["name"]) == ("placed", status, net, "安娜")


async def test_a_yes_that_nobody_asked_for_buys_nothing(home: Household) -> None:
    """To no read-back, in another house, to an order that changed, with something else in one breath."""
    await home.says("好的")
    await home.to_read_back()
    await home.says("好的", who="household-2")
    await home.says("再来一个可颂，好的")
    assert not any(payment.attempts for _, payment in await home.shop.orders())
    await home.says("好的")
    charged = [payment for _, payment in await home.shop.orders() if payment.attempts]
    assert [(one.charges, one.net) for one in charged] == [(1, 7800)]


async def test_what_the_platform_heard_wrong_is_known_by_its_sound(home: Household) -> None:
    """A platform tells neither how sure it is nor what else it may have been; it was spoken all the same."""
    answer = await home.says("来两杯拉铁")
    assert "拿铁" in answer.speech
    assert await home.shop.lines() == [(2, "sku-latte")]


async def test_the_same_request_again_is_the_same_answer(home: Household) -> None:
    add = home.asks("来一个可颂")
    assert await home.post(add) == await home.post(add)
    assert await home.shop.lines() == [(1, "sku-croissant")]
    await home.says("再来两杯大杯拿铁")
    for words in ("就这些", "我叫安娜", "刷卡"):
        await home.says(words)
    yes = home.asks("好的")
    answers = await asyncio.gather(*(home.post(yes) for _ in range(4)))
    assert {status for status, _ in answers} == {200}
    assert await home.post(yes) == await home.post(yes)
    assert (await home.shop.only())[1].charges == 1


async def test_two_things_at_once_leave_one_order(home: Household) -> None:
    bodies = [home.asks("来一个可颂"), home.asks("来一个燕麦奶"), home.asks("来一个燕麦饼干")]
    answers = await asyncio.gather(*map(home.post, bodies))
    assert {status for status, _ in answers} == {200}
    assert sorted(await home.shop.lines()) == [(1, "sku-croissant"), (1, "sku-oat-biscuits"), (1, "sku-oat-milk")]


async def test_a_card_number_that_was_spoken_is_kept_nowhere(home: Household) -> None:
    await home.says("来一个可颂")
    answer = await home.says("我的卡号是 4111 1111 1111 1111")
    assert "4111" not in answer.speech + answer.text
    found = [path for path in home.shop.data.rglob("*") if path.is_file() and b"4111111111111111" in path.read_bytes()]
    assert not found and b"4111 1111" not in (home.shop.data / "voicetill.db").read_bytes()


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"nonsense",
        b"[]",
        b"null",
        b"1e999",
        b'{"a": NaN, "b":',
        b"\xff\xfe\x00",
        b'{"request":' * 50_000,
        b'{"a":' * 65 + b"1" + b"}" * 65,
        b"[" * 3000 + b"]" * 3000,
    ],
    ids=range(10),
)
async def test_a_body_that_is_no_request(home: Household, raw: bytes) -> None:
    before = await home.shop.rows()
    status, answer = await home.post(raw)
    assert status in (400, 401, 413) and len(json.dumps(answer)) < 300
    assert await home.shop.rows() == before


async def test_a_body_that_is_too_big(home: Household) -> None:
    before = await home.shop.rows()
    status, _ = await home.post({**home.asks("来一个可颂"), "more": "x" * 300_000})
    assert status == 413
    assert await home.shop.rows() == before


def places(body: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Every place in a body, and what is there."""
    for key, value in body.items() if isinstance(body, dict) else enumerate(body) if isinstance(body, list) else ():
        yield (*path, key), value
        yield from places(value, (*path, key))


async def test_a_value_of_any_type_anywhere_is_never_a_failure(home: Household) -> None:
    """It is refused, or it doesn't matter: no 5xx, no apology, and what is refused has changed nothing."""
    body = home.asks("菜单")
    tried = 0
    for path, value in list(places(body)):
        for other in (None, True, 7, 1.5, "x", [], ["x"], {}, {"x": {"y": 1}}):
            if type(other) is type(value):
                continue
            strange = put(body, path, other)
            before = await home.shop.rows()
            status, answer = await home.post(strange)
            assert status in (200, 400, 401), (path, other, answer)
            if status != 200:
                assert await home.shop.rows() == before
            tried += 1
    assert tried > 100
    assert await home.shop.lines() == []


async def test_fields_that_nobody_knows_are_passed_over(home: Household) -> None:
    body = home.asks("来一个可颂")
    for path, value in list(places(body)):
        if isinstance(value, dict) and path[-1] not in ("slots", "supportedInterfaces"):
            body = put(body, (*path, "brandNew"), {"since": [2027, {"x": None}]})
    status, answer = await home.post(copy.deepcopy({**body, "brandNew": 1}))
    assert status == 200 and "可颂" in home.driver.heard(answer).speech


async def test_who_is_not_set_up_answers_nobody(home: Household, tmp_path: Path) -> None:
    bare = await Served(home.shop.house, {}).open(tmp_path / "roots.pem")
    try:
        raw, headers = home.driver.signed(home.asks("来一个可颂"))
        status, answer = await bare.post(f"/speakers/{home.driver.name}", raw, headers)
        assert (status, answer["error"]) == (401, "not_configured")
        for name in ("unheard_of", "_host", "_chain", "__init__", "alexa.x", "..%2f..%2fetc", "%00", "x" * 2000):
            status, answer = await bare.post(URL(f"/speakers/{name}", encoded=True), raw, headers)
            assert (status, answer["error"]) == (404, "not_found"), name
        async with bare.client.get(f"{bare.url}/speakers/{home.driver.name}") as got:
            assert got.status == 405
    finally:
        await bare.close()

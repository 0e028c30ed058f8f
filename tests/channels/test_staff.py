"""Over real sockets: the desk of the shop's staff, and a buyer's page on which they answer."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.channels.serving import Served, serving
from tests.channels.test_identity import as_person, invited, posted


@pytest.fixture
async def served(tmp_path: Path) -> AsyncIterator[Served]:
    async with serving(tmp_path / "data") as one:
        yield one


class Carla:
    """A member of staff."""

    def __init__(self, served: Served, token: str) -> None:
        self.served, self.headers = served, as_person(token)

    async def talks(self) -> list[dict[str, Any]]:
        status, told = await self.served.asks("/api/v1/staff/talks", headers=self.headers)
        assert status == 200, told
        return list(told["talks"])

    async def does(self, talk: str, what: str, body: Any = None) -> tuple[int, dict[str, Any]]:
        return await posted(self.served, f"/api/v1/staff/talks/{talk}/{what}", body, headers=self.headers)


async def called(served: Served) -> tuple[Carla, str, str]:
    """Staff at the desk, a buyer's token, and the talk in which they are wanted."""
    carla, buyer = Carla(served, await invited(served, "staff")), await served.token()
    assert await carla.talks() == []
    await served.says(buyer, "two hamburgers")
    reply = await served.says(buyer, "can I talk to a person")
    assert "asked somebody from the shop" in reply["text"]
    (waiting,) = await carla.talks()
    assert waiting["state"] == "asked"
    return carla, buyer, waiting["session"]


async def test_a_person_answers_on_the_page(served: Served) -> None:
    carla, buyer, talk = await called(served)
    page = await served.socket(buyer)
    await page.receive_json()
    status, taken = await carla.does(talk, "take")
    assert status == 200 and taken["by"] == "Carla" and taken["order"]["lines"][0]["quantity"] == 2
    assert next(one["text"] for one in taken["messages"] if one["who"] == "person") == "two hamburgers"
    status, _ = await carla.does(talk, "messages", {"text": "Hello! Shall I add fries?"})
    assert status == 200
    status, told = await carla.does(talk, "turns", {"id": "1", "text": "a large fries"})
    assert status == 200 and len(told["order"]["lines"]) == 2
    heard = []
    while len(heard) < 3:
        frame = json.loads((await page.receive()).data)
        if frame["type"] in ("reply", "other"):
            heard.append(frame["reply"]["text"])
    assert heard[0].startswith("Carla from the shop is answering you now")
    assert heard[1] == "Carla from the shop: Hello! Shall I add fries?"
    reply = await served.says(buyer, "yes")
    assert reply["text"] == "Carla from the shop has your message." and reply["order"]["stage"] == "open"
    status, _ = await carla.does(talk, "leave")
    assert status == 200 and await carla.talks() == []
    assert (await served.says(buyer, "what is in my basket"))["text"].count("amburger") == 1


async def test_who_is_no_staff_sees_nothing_and_does_nothing(served: Served) -> None:
    _carla, buyer, talk = await called(served)
    customer = Carla(served, await invited(served, "customer"))
    for status, headers in ((401, {}), (401, as_person("nobody")), (403, customer.headers)):
        for path, method in (("", "GET"), (f"/{talk}", "GET"), (f"/{talk}/take", "POST"), (f"/{talk}/leave", "POST")):
            got, told = await served.asks(
                f"/api/v1/staff/talks{path}",
                buyer,
                method=method,
                headers=headers,
                **({"json": {}} if method == "POST" else {}),
            )
            assert got == status and set(told) == {"error", "message"}
    assert [one["state"] for one in await served.house.desk.talks()] == ["asked"]


async def test_what_can_not_be_done_is_said(served: Served) -> None:
    carla, _buyer, talk = await called(served)
    assert (await carla.does("nothing", "take"))[0] == 404
    assert await carla.does(talk, "messages", {"text": "hi"}) == (
        409,
        {"error": "not_now", "message": "take this talk first"},
    )
    await carla.does(talk, "take")
    for body in ({}, {"text": ""}, {"text": 1}, {"text": "   "}, [], {"text": "x" * 3000}):
        assert (await carla.does(talk, "messages", body))[0] == 400
    assert (await carla.does(talk, "turns", {"id": "1", "text": "a coke"}))[0] == 200
    assert (await carla.does(talk, "turns", {"id": "1", "text": "two cokes"}))[0] == 409


async def test_a_device_that_went_elsewhere_takes_nobody_with_it(served: Served) -> None:
    """The desk sees the talk in which a person is wanted, not the one at which its first device is now."""
    carla, buyer, talk = await called(served)
    other = await served.token()
    await served.says(other, "a large coke")
    _, made = await posted(served, "/api/v1/code", token=other)
    assert (await posted(served, "/api/v1/join", {"code": made["code"]}, buyer))[0] == 200
    _, taken = await carla.does(talk, "take")
    assert [one["item"] for one in taken["order"]["lines"]] == ["hamburger"]
    assert "coke" not in str(taken["messages"]).lower()
    _, told = await carla.does(talk, "turns", {"id": "1", "text": "a large fries"})
    assert [one["item"] for one in told["order"]["lines"]] == ["hamburger", "fries"]
    _, seen = await served.asks("/api/v1/order", buyer)
    assert [one["item"] for one in seen["order"]["lines"]] == ["coke"]

"""The intercom: how a talk goes over its own wire, and an order at the door."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, ClassVar

import pytest

from tests.drivers import Answer
from tests.speakers.drivers import SpeakerDriver
from tests.speakers.far_end import cafe

EXTENSIONS = Path(__file__).parents[1]
SETTINGS = {"key": "sesame"}


class Driver(SpeakerDriver):
    name = "intercom"
    settings: ClassVar[dict[str, Any]] = SETTINGS

    def ask(self, session: str, request: str, said: str) -> dict[str, Any]:
        return {"id": request, "flat": session, "said": said, "language": self.language}

    def signed(self, body: dict[str, Any]) -> tuple[bytes, dict[str, str]]:
        return json.dumps(body).encode(), {"X-Key": "sesame"}

    def heard(self, answer: dict[str, Any]) -> Answer:
        return Answer(answer["say"], "", (), "What now?" if answer["listen"] else "", answer["listen"])


DRIVER = Driver


async def test_an_order_at_the_door(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(os.environ, "VOICETILL_EXTENSIONS", str(EXTENSIONS))
    async with cafe(tmp_path, {"intercom": SETTINGS}) as shop:
        for number, said in enumerate(("", "two lattes", "that's all", "Ana", "cash", "yes")):
            raw = json.dumps({"id": str(number), "flat": "3b", "said": said}).encode()
            status, answer = await shop.served.post("/speakers/intercom", raw, {"X-Key": "sesame"})
            assert status == 200 and answer["say"]
        order, payment = await shop.only()
        assert (order.stage, payment.status, answer["listen"]) == ("placed", "due", True), answer
        assert (await shop.served.post("/speakers/intercom", raw, {"X-Key": "abracadabra"}))[0] == 401

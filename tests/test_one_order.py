"""One order on three devices, each in its own way: begun on Alexa, gone on with on the web, paid at a terminal."""

from __future__ import annotations

import asyncio
import json
import os
import re
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from tests.speakers.far_end import chain, listening, pem, root
from tests.speakers.test_alexa import NAME, SKILL, Driver, signed, spoken

VOICETILL = [sys.executable, "-c", "from assistant.cli import main; main()"]
DIGITS = {word: str(digit) for digit, word in enumerate("oh one two three four five six seven eight nine".split())}
DIGITS["zero"] = "0"


def code_in(speech: str) -> str:
    """Six digits that were spoken one by one."""
    word = "|".join(DIGITS)
    found = re.search(rf"\b(?:(?:{word})[ ,]+){{5}}(?:{word})\b", speech.lower())
    assert found, speech
    return "".join(DIGITS[one] for one in re.findall(r"[a-z]+", found[0]))


class Alexa(Driver):
    """The real skill's requests, to a server that runs for itself."""

    def __init__(self, url: str, http: aiohttp.ClientSession) -> None:
        self.url, self.http, self.language, self.number = url, http, "en", 0

    async def hears(self, words: str) -> str:
        self.number += 1
        raw, headers = signed(self.ask("household", f"request-{self.number}", words))
        async with self.http.post(f"{self.url}/speakers/alexa", data=raw, headers=headers) as answer:
            assert answer.status == 200, await answer.text()
            return spoken((await answer.json())["response"])


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[str]:
    """`voicetill serve` as a process; its address."""

    async def certificate(_: web.Request) -> web.Response:
        return web.Response(body=chain(NAME))

    there = web.Application()
    there.router.add_get("/echo.api/echo-api-cert.pem", certificate)
    runner, port = await listening(there)
    (tmp_path / "roots.pem").write_bytes(pem(root()))
    (tmp_path / "voicetill.toml").write_text(
        f'[speakers.alexa]\napplication_ids = ["{SKILL}"]\ntrust_roots = "{tmp_path}/roots.pem"\n'
        f'cert_base = "http://127.0.0.1:{port}"\n'
    )
    process = await asyncio.create_subprocess_exec(
        *VOICETILL,
        *("serve", "--port", "0", "--data", str(tmp_path / "data"), "--config", str(tmp_path / "voicetill.toml")),
        stderr=asyncio.subprocess.PIPE,
        env=clean(),
    )
    assert process.stderr is not None
    try:
        async with asyncio.timeout(60):
            while True:
                line = (await process.stderr.readline()).decode()
                assert line, "the server did not start"
                if found := re.search(r"http://127\.0\.0\.1:\d+", line):
                    break
        yield found[0]
    finally:
        process.terminate()
        await process.communicate()
        await runner.cleanup()
    assert process.returncode == 0


def clean() -> dict[str, str]:
    env = {key: one for key, one in os.environ.items() if not key.startswith("VOICETILL_")}
    return {**env, "PYTHONPATH": os.pathsep.join(sys.path)}


def terminal(data: Path, *lines: str) -> list[dict[str, Any]]:
    """A chat in a process of its own, over the same data; its answers."""
    done = subprocess.run(
        [*VOICETILL, "chat", "--json", "--data", str(data)],
        input="\n".join(lines),
        capture_output=True,
        text=True,
        timeout=120,
        env=clean(),
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(one) for one in done.stdout.splitlines()]


async def test_an_order_is_carried_from_alexa_to_the_web_to_a_terminal(server: str, tmp_path: Path) -> None:
    data = tmp_path / "data"
    async with aiohttp.ClientSession() as http:
        alexa = Alexa(server, http)
        assert "cheeseburgers" in await alexa.hears("two cheeseburgers please")
        code = code_in(await alexa.hears("continue on my phone"))

        async with http.post(f"{server}/api/v1/sessions", json={}) as answer:
            told = await answer.json()
            assert answer.status == 201, told
            headers = {"Authorization": f"Bearer {told['session']}"}
        async with http.ws_connect(f"{server}/ws", headers=headers) as page:

            async def says(words: str) -> dict[str, Any]:
                await page.send_json({"type": "say", "id": words, "text": words})
                async for message in page:
                    told = json.loads(message.data)
                    if told["type"] == "reply" and told["reply"]["turn"] == words:
                        return dict(told["reply"])
                raise AssertionError("the server hung up")

            await page.send_json({"type": "hello"})
            joined = await says(f"the code is {code}")
            assert [(one["item"], one["quantity"]) for one in joined["order"]["lines"]] == [("cheeseburger", 2)]
            assert len((await says("and a large coke"))["order"]["lines"]) == 2
            # Both are at one talk now: the speaker knows what was done on the page.
            assert "Coke" in await alexa.hears("what's in my basket")
            code = code_in((await says("continue on another device"))["speech"])

            *_, asked, paid = await asyncio.to_thread(
                terminal,
                data,
                f"the code is {code}",
                *("checkout", "pickup", "as soon as possible", "Ana 555-0134", "card", "yes"),
            )
            assert asked["expects"] == "confirm" and "Two regular cheeseburgers and a large Coke" in asked["speech"]
            assert (paid["order"]["stage"], paid["order"]["payment"]["charges"]) == ("placed", 1)
            async with http.get(f"{server}/api/v1/order", headers=headers) as answer:
                seen = (await answer.json())["order"]
        assert (seen["id"], seen["stage"]) == (paid["order"]["id"], "placed")
        number = seen["facts"]["number"]
        assert "order" in (await alexa.hears("where is my order")).lower()
    listed = subprocess.run(
        [*VOICETILL, "orders", "list", "--json", "--data", str(data)], capture_output=True, text=True, env=clean()
    )
    (only,) = [json.loads(one) for one in listed.stdout.splitlines()]
    assert (only["facts"]["number"], only["payment"]["charges"], only["payment"]["net"]) == (
        number,
        1,
        only["totals"]["total"],
    )

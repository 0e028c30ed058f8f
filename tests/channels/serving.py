"""A real server over a real house, for tests: `async with serving(folder) as served`."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from assistant.app import Assistant
from assistant.shops import load_shop
from assistant.storage.sqlite import SqliteStore
from channels.http.guard import Rules
from channels.http.server import Front
from channels.web import Web

NOW = dt.datetime(2026, 11, 23, 10, 9, tzinfo=dt.UTC)


@dataclass
class Served:
    url: str
    house: Assistant
    front: Front
    http: aiohttp.ClientSession

    async def token(self, **begin: Any) -> str:
        async with self.http.post(f"{self.url}/api/v1/sessions", json=begin) as answer:
            assert answer.status == 201
            return str((await answer.json())["session"])

    async def says(self, token: str, text: str | None = None, *, status: int = 200, **turn: Any) -> dict[str, Any]:
        """One turn through the API."""
        body = {"id": f"{text}{len(turn)}", **({} if text is None else {"text": text}), **turn}
        headers = {"Authorization": f"Bearer {token}"}
        async with self.http.post(f"{self.url}/api/v1/turns", json=body, headers=headers) as answer:
            told: dict[str, Any] = await answer.json()
            assert answer.status == status, told
            return told

    async def asks(self, path: str, token: str = "", **more: Any) -> tuple[int, dict[str, Any]]:
        headers = {**({"Authorization": f"Bearer {token}"} if token else {}), **more.pop("headers", {})}
        async with self.http.request(more.pop("method", "GET"), self.url + path, headers=headers, **more) as answer:
            return answer.status, await answer.json()

    async def socket(self, token: str, *, greet: bool = False, **hello: Any) -> aiohttp.ClientWebSocketResponse:
        """A WebSocket that has been welcomed; the welcome is its first message."""
        headers = {"Authorization": f"Bearer {token}"}
        socket = await self.http.ws_connect(f"{self.url}/ws", headers=headers)
        await socket.send_json({"type": "hello", "greet": greet, **hello})
        return socket


@contextlib.asynccontextmanager
async def serving(
    data: Path, shop: str = "burger-bar", settings: Mapping[str, Mapping[str, Any]] | None = None, **rules: Any
) -> AsyncIterator[Served]:
    loaded, catalogue = load_shop(shop)
    store = SqliteStore.open(data, real_clock=lambda: dt.datetime.now(dt.UTC))
    house = await Assistant.open(
        loaded, catalogue, store=store, data=data, languages=loaded.languages, clock=lambda: NOW, settings=settings
    )
    channel = Web()
    channel.front = front = Front(house, channel, Rules(**{"port": 0, "folder": data, **rules}))
    url = await front.open()
    try:
        async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http:
            yield Served(url, house, front, http)
    finally:
        await front.close()
        await house.close()
        await store.close()

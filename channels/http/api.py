"""The JSON API: a talk without a screen of ours. What it answers stands in `openapi.py`."""

from __future__ import annotations

import asyncio
from time import monotonic, perf_counter
from typing import Any

import msgspec
from aiohttp import web
from msgspec import UNSET, Struct, UnsetType

from assistant.turns import House
from channels.http.guard import FROM, Rate, Refusal, Seals, set_cookie, token_of, too_many
from channels.http.measures import Measures
from channels.http.openapi import description
from channels.http.wire import Said, Tag, checked, decoded, encode, history, once, reply_json, turn_of

JSON = "application/json"
MOST_GOODS = 500
MOST_MESSAGES = 200


class Begin(Struct):
    """What a new session is to be."""

    language: Tag | UnsetType = UNSET


SAID = msgspec.json.Decoder(Said)
BEGIN = msgspec.json.Decoder(Begin)


class Api:
    """Handlers of /api/v1."""

    def __init__(self, house: House, channel: Any, front: Any, measures: Measures, rate: Rate) -> None:
        self.house, self.channel, self.front, self.measures, self.rate = house, channel, front, measures, rate
        self.seals: Seals = front.seals
        self.can = channel.can - {"push"}
        self.described = encode(description())

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/api/v1/sessions", self.begin),
            web.post("/api/v1/turns", self.turn),
            web.get("/api/v1/order", self.order),
            web.get("/api/v1/messages", self.messages),
            web.get("/api/v1/shop", self.shop),
            web.get("/api/v1/goods", self.goods),
            web.get("/api/v1/goods/{item}/picture", self.picture),
            web.get("/api/v1/openapi.json", self.openapi),
        ]

    async def begin(self, request: web.Request) -> web.Response:
        """A browser gets its new talk as a cookie that no script can read; everybody else as a token."""
        raw = await self.json(request)
        begin = decoded(BEGIN, raw) if raw.strip() else Begin()
        token = self.seals.new()
        told = {"language": self.language(begin.language or None)}
        if "Cookie" not in request.headers and "Sec-Fetch-Site" not in request.headers:
            return answer({"session": token, **told}, 201)
        response = answer(told, 201)
        set_cookie(response, token, request[FROM].secure)
        return response

    async def turn(self, request: web.Request) -> web.Response:
        began = perf_counter()
        session = self.session(request)
        said = checked(decoded(SAID, await self.json(request)))
        wait = self.rate.wait(session, monotonic())
        if wait:
            raise too_many(wait)
        turn = turn_of(said, self.house, session, self.channel.name, self.can, self.channel.patience)
        with once():
            reply = await self.house.take(turn)
        raw = bytes(reply_json(said.id, reply, await self.house.order(session, reread=False)))
        self.measures.turn["api"](perf_counter() - began)
        return web.Response(body=raw, content_type=JSON)

    async def order(self, request: web.Request) -> web.Response:
        return answer({"order": await self.house.order(self.session(request))})

    async def messages(self, request: web.Request) -> web.Response:
        session = self.session(request)
        said = await self.house.said(session, self.count(request, MOST_MESSAGES))
        return answer({"messages": history(said)})

    async def shop(self, request: web.Request) -> web.Response:
        return answer(self.house.about(self.language(request.query.get("language"))))

    async def goods(self, request: web.Request) -> web.Response:
        language, category = self.language(request.query.get("language")), request.query.get("category")
        found = await self.house.goods(language, category=category, limit=self.count(request, MOST_GOODS))
        return answer({"goods": found})

    async def picture(self, request: web.Request) -> web.StreamResponse:
        path = self.house.picture(request.match_info["item"])
        if path is None or not await asyncio.to_thread(path.is_file):
            raise Refusal(404, "no_picture", "there is no picture of such an item")
        return web.FileResponse(path, headers={"Cache-Control": "max-age=3600"})

    async def openapi(self, request: web.Request) -> web.Response:
        return web.Response(body=self.described, content_type=JSON)

    async def json(self, request: web.Request) -> bytes:
        kind = request.headers.get("Content-Type")
        # Of a body that isn't there many clients name a type all the same.
        if kind is not None and kind != JSON and "json" not in kind and request.body_exists:
            raise Refusal(415, "no_json", "the body is wanted as application/json")
        return bytes(await self.front.body(request))

    def session_or_none(self, request: web.Request) -> str | None:
        token = token_of(request, request[FROM].secure)
        return self.seals.session(token) if token else None

    def session(self, request: web.Request) -> str:
        session = self.session_or_none(request)
        if session is None:
            raise Refusal(
                401,
                "no_session",
                "begin a talk with POST /api/v1/sessions and send its token as Authorization: Bearer",
                {"WWW-Authenticate": "Bearer"},
            )
        return session

    def language(self, wanted: str | None) -> str:
        spoken = self.house.languages()
        return wanted if wanted is not None and wanted in spoken else spoken[0]

    def count(self, request: web.Request, most: int) -> int:
        given = request.query.get("limit", str(most))
        if not (given.isascii() and given.isdecimal() and 1 <= int(given[:9]) <= most):
            raise Refusal(400, "wrong_form", f"limit is a number from 1 to {most}")
        return int(given)


def answer(told: Any, status: int = 200) -> web.Response:
    return web.Response(body=encode(told), status=status, content_type=JSON)

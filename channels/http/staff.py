"""The desk of the shop's staff over HTTP: who waits for a person, taking a talk over, answering in it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

import msgspec
from aiohttp import web
from msgspec import Meta, Struct

from assistant.errors import SetupError
from assistant.turns import House, Known
from channels.http.api import answer
from channels.http.guard import Refusal
from channels.http.openapi import TEXT, Schema, json_of, many, obj, operation, or_null, ref
from channels.http.wire import Id, decoded, history, once, reply_json

STAFF = frozenset({"staff", "owner"})
MOST = 200

Words = Annotated[str, Meta(min_length=1, max_length=2000, extra_json_schema={"pattern": r"\S"})]


class Answer(Struct, frozen=True):
    """What a member of staff says to the buyer."""

    text: Words

    def __post_init__(self) -> None:
        worded(self.text)


class Deed(Struct, frozen=True):
    """A change of the buyer's basket, in words."""

    id: Id
    text: Words

    def __post_init__(self) -> None:
        worded(self.text)


def worded(text: str) -> None:
    """ValueError where there is nothing but space."""
    if not text.strip():
        raise ValueError("words are wanted - at `$.text`")


ANSWER = msgspec.json.Decoder(Answer)
DEED = msgspec.json.Decoder(Deed)

Who = Callable[[web.Request], Awaitable[Known]]
Body = Callable[[web.Request], Awaitable[bytes]]


class Staff:
    """Handlers of /api/v1/staff. `who` tells who has signed in, or refuses."""

    def __init__(self, house: House, who: Who, body: Body) -> None:
        self.house, self.who, self.body = house, who, body

    def routes(self) -> list[web.RouteDef]:
        talk = "/api/v1/staff/talks/{talk}"
        return [
            web.get("/api/v1/staff/talks", self.talks),
            web.get(talk, self.talk),
            web.post(f"{talk}/take", self.take),
            web.post(f"{talk}/leave", self.leave),
            web.post(f"{talk}/messages", self.say),
            web.post(f"{talk}/turns", self.do),
        ]

    async def talks(self, request: web.Request) -> web.Response:
        """Who waits, and whom somebody answers. Looking is being there: it is what lets a person be promised."""
        await self.member(request)
        self.house.desk.seen()
        return answer({"talks": await self.house.desk.talks()})

    async def talk(self, request: web.Request) -> web.Response:
        await self.member(request)
        found = await self.found(request)
        said, order = await self.done(self.house.desk.look(found["session"], MOST))
        return answer({**found, "messages": history(said), "order": order})

    async def take(self, request: web.Request) -> web.Response:
        name = await self.member(request)
        await self.done(self.house.desk.take((await self.found(request))["session"], name))
        return await self.talk(request)

    async def leave(self, request: web.Request) -> web.Response:
        name = await self.member(request)
        await self.done(self.house.desk.leave((await self.found(request))["session"], name))
        return answer({"left": True})

    async def say(self, request: web.Request) -> web.Response:
        name = await self.member(request)
        given = decoded(ANSWER, await self.body(request))
        await self.done(self.house.desk.say((await self.found(request))["session"], name, given.text))
        return answer({"said": given.text})

    async def do(self, request: web.Request) -> web.Response:
        name = await self.member(request)
        deed = decoded(DEED, await self.body(request))
        session = (await self.found(request))["session"]
        with once():
            reply = await self.done(self.house.desk.do(session, name, deed.id, deed.text))
        _, order = await self.done(self.house.desk.look(session, 1))
        return answer(reply_json(deed.id, reply, order))

    async def member(self, request: web.Request) -> str:
        """The name of who asks, where they are of the shop."""
        known = await self.who(request)
        if known.role not in STAFF:
            raise Refusal(403, "not_staff", "this is for the shop's staff")
        return known.name or known.role

    async def found(self, request: web.Request) -> dict[str, Any]:
        named = request.match_info["talk"]
        for one in await self.house.desk.talks():
            if one["session"] == named:
                return one
        raise Refusal(404, "no_talk", "nobody asks for a person in such a talk")

    async def done(self, deed: Awaitable[Any]) -> Any:
        try:
            return await deed
        except SetupError as error:
            raise Refusal(409, "not_now", str(error)) from None


BODIES = (Answer, Deed)
TALK = obj(
    dict.fromkeys(("session", "state", "since", "by", "language"), TEXT), {"order": {"type": ["string", "null"]}}
)
SCHEMAS: dict[str, Schema] = {
    "Talk": TALK,
    "TalkWhole": obj({**TALK["properties"], "messages": many(ref("Message")), "order": or_null(ref("Order"))}),
}


def paths() -> Schema:
    """Of the description."""
    named: Schema = {"name": "talk", "in": "path", "required": True, "schema": TEXT}
    whole = json_of(ref("TalkWhole"))
    talk = "/api/v1/staff/talks/{talk}"

    def of_staff(name: str, summary: str, content: Schema, *wrong: int, body: str | None = None) -> Schema:
        return operation(
            name,
            summary,
            (200, "It.", content),
            401,
            403,
            *wrong,
            body=body,
            talk=False,
            parameters=(named,) if 404 in wrong else (),
        )

    return {
        "/api/v1/staff/talks": {
            "get": of_staff("talks", "Talks in which a person is wanted", json_of(obj({"talks": many(ref("Talk"))})))
        },
        talk: {"get": of_staff("talk", "One of them, with what was said", whole, 404)},
        f"{talk}/take": {"post": of_staff("take", "Answer in it from now on", whole, 404, 409)},
        f"{talk}/leave": {
            "post": of_staff("leave", "Give it back", json_of(obj({"left": {"type": "boolean"}})), 404, 409)
        },
        f"{talk}/messages": {
            "post": of_staff("say", "Tell the buyer something", json_of(obj({"said": TEXT})), 404, 409, body="Answer")
        },
        f"{talk}/turns": {
            "post": of_staff("do", "Change the buyer's basket, in words", json_of(ref("Reply")), 404, 409, body="Deed")
        },
    }

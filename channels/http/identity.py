"""Who asks: joining a talk by a code, signing in and out, one's own orders, and what only the shop's people may do.

A signed-in browser has a second cookie, which no script can read; other clients send the same token as
`Voicetill-Person`. A talk alone is a guest's.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Mapping
from html import escape
from typing import Annotated, Any
from urllib.parse import quote, urlsplit

import msgspec
from aiohttp import web
from msgspec import UNSET, Meta, Struct, UnsetType

from assistant.errors import CodeError, FarEndError, NotAllowedError, SetupError, UnknownError
from assistant.turns import House, Known
from channels.http.api import Api, answer
from channels.http.guard import COOKIE, FROM, Refusal, cookie_name, fields, set_cookie
from channels.http.openapi import TEXT, Schema, json_of, many, obj, operation, or_null, ref
from channels.http.page import wished
from channels.http.wire import Id, Tag, decoded

HEADER = "Voicetill-Person"
PERSON = f"{COOKIE}_person"
STATUS = {"many": 429, "often": 429}
SENTENCES = {
    "wrong": "there is no such code",
    "old": "the code is too old; have a new one made",
    "used": "the code was used already; have a new one made",
    "many": "too many wrong codes; wait a quarter of an hour and try with a new one",
    "often": "five codes were sent there within the hour; use the last one, or wait",
}
Digits = Annotated[str, Meta(min_length=1, max_length=40)]
CONTACT = re.compile(
    # What is a space is not the same in all who read this pattern: those that differ are named.
    r"^([^@\s\x1c-\x1f\x85\ufeff]{1,64}@[^@\s\x1c-\x1f\x85\ufeff]{1,185}\.[^@\s.\x1c-\x1f\x85\ufeff]{2,}"
    r"|\+?[0-9]([ ().\/-]{0,2}[0-9]){4,14})$"
)
Contact = Annotated[
    str,
    Meta(
        max_length=254,
        description="an e-mail address or a phone number",
        extra_json_schema={"pattern": CONTACT.pattern},
    ),
]

WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "title": "Sign in",
        "contact": "E-mail address or phone number",
        "send": "Send me a code",
        "code": "The code that was sent",
        "enter": "Sign in",
        "sent": "If that reaches you, a code is on its way. It is good for ten minutes.",
        "invitation": "Or a code that the shop gave you",
        "link": "Sign in on this device?",
        "failed": "That didn't work: {why}.",
        "wrong": "there is no such code",
        "old": "the code is too old",
        "used": "the code was used already",
        "many": "there were too many tries, please wait a while",
        "often": "five codes were sent there within the hour; use the last one, or wait",
        "contact_wrong": "please check the address",
        "not_sent": "nothing could be sent just now",
        "back": "Back to the chat",
    },
    "zh": {
        "title": "登录",
        "contact": "电子邮箱或手机号",
        "send": "发送登录码",
        "code": "收到的登录码",
        "enter": "登录",
        "sent": "如果能收到，登录码正在路上，十分钟内有效。",
        "invitation": "或者输入店里给的代码",
        "link": "在这台设备上登录吗？",
        "failed": "没有成功：{why}。",
        "wrong": "没有这个代码",
        "old": "代码过期了",
        "used": "代码已经用过了",
        "many": "试的次数太多了，请过一会儿再试",
        "often": "一小时内已经发了五次代码，请用最后一次的，或者过一会儿再试",
        "contact_wrong": "请检查一下地址",
        "not_sent": "现在发不出去",
        "back": "回到聊天",
    },
    "ko": {
        "title": "로그인",
        "contact": "이메일 주소나 전화번호",
        "send": "코드 받기",
        "code": "받은 코드",
        "enter": "로그인",
        "sent": "받으실 수 있는 주소라면 코드를 보냈어요. 십 분 동안 쓸 수 있어요.",
        "invitation": "또는 매장에서 받은 코드",
        "link": "이 기기에서 로그인할까요?",
        "failed": "잘 안 됐어요. {why}.",
        "wrong": "그런 코드는 없어요",
        "old": "시간이 지난 코드예요",
        "used": "이미 쓴 코드예요",
        "many": "너무 여러 번 시도했어요. 잠시 후에 다시 해 주세요",
        "often": "한 시간 안에 코드를 다섯 번 보냈어요. 마지막 코드를 쓰거나 잠시 후에 다시 해 주세요",
        "contact_wrong": "주소를 확인해 주세요",
        "not_sent": "지금은 보낼 수 없어요",
        "back": "채팅으로 돌아가기",
    },
}


class Join(Struct):
    """A code that another device showed or said."""

    code: Digits


class Ask(Struct):
    """Where a sign-in code is to be sent."""

    contact: Contact
    language: Tag | UnsetType = UNSET

    def __post_init__(self) -> None:
        reached(self.contact)


class SignIn(Struct):
    """The contact with the code that was sent there, or the code of an invitation."""

    code: Digits
    contact: Contact | UnsetType = UNSET

    def __post_init__(self) -> None:
        if self.contact is not UNSET:
            reached(self.contact)


class Change(Struct, forbid_unknown_fields=True):
    """So much of an order is paid back, in minor units; all of it where nothing is said. (So a slip in a field's name
    is refused.)"""

    amount: Annotated[int, Meta(ge=1)] | UnsetType = UNSET
    id: Id | UnsetType = UNSET
    """Of the sender's making, for a refund: the same again pays nothing more back."""


def reached(contact: str) -> None:
    """ValueError where nothing could be sent there."""
    if not CONTACT.search(contact):
        raise ValueError("an e-mail address or a phone number is wanted - at `$.contact`")


JOIN, ASK = msgspec.json.Decoder(Join), msgspec.json.Decoder(Ask)
SIGN_IN, CHANGE = msgspec.json.Decoder(SignIn), msgspec.json.Decoder(Change)


class Identity:
    """Handlers of what needs to know who asks."""

    def __init__(self, house: House, api: Api, front: Any) -> None:
        self.house, self.api, self.front = house, api, front

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/api/v1/code", self.code),
            web.post("/api/v1/join", self.join),
            web.post("/api/v1/people/code", self.send),
            web.post("/api/v1/people/sign-in", self.sign_in),
            web.post("/api/v1/people/sign-out", self.sign_out),
            web.get("/api/v1/me", self.me),
            web.get("/api/v1/me/orders", self.mine),
            web.post("/api/v1/me/link-code", self.link_code),
            web.post("/api/v1/me/claim", self.claim),
            web.get("/api/v1/orders", self.orders),
            web.get("/api/v1/orders/{order}", self.order),
            web.post("/api/v1/orders/{order}/{what}", self.change),
            web.get("/sign-in", self.page),
            web.post("/sign-in", self.form),
        ]

    # -- a talk on several devices -----------------------------------------------------------------------------

    async def code(self, request: web.Request) -> web.Response:
        made = await self.house.code(self.api.session(request), self.api.channel.name)
        return answer({"code": made.code, "expires_at": made.expires_at.isoformat()}, 201)

    async def join(self, request: web.Request) -> web.Response:
        session, given = self.api.session(request), decoded(JOIN, await self.api.json(request))
        with taken():
            await self.house.join(session, given.code, self.api.channel.name)
        return answer({"joined": True, "order": await self.house.order(session)})

    # -- signing in --------------------------------------------------------------------------------------------

    async def send(self, request: web.Request) -> web.Response:
        asked = decoded(ASK, await self.api.json(request))
        with taken():
            await self._send(request, asked.contact, asked.language or None)
        return answer({"sent": True}, 202)

    async def _send(self, request: web.Request, contact: str, language: str | None) -> None:
        url = self.front.rules.public_url or request[FROM].origin
        await self.house.people.send_code(
            contact, self.api.language(language), lambda secret: f"{url}/sign-in?link={quote(secret)}"
        )

    async def sign_in(self, request: web.Request) -> web.Response:
        given = decoded(SIGN_IN, await self.api.json(request))
        with taken():
            if given.contact:
                token = await self.house.people.sign_in(given.contact, given.code)
            else:
                token = await self.house.people.sign_in_by_invitation(given.code)
        known = await self._entered(request, token)
        told: dict[str, Any] = {"person": msgspec.to_builtins(known)}
        browser = "Cookie" in request.headers or "Sec-Fetch-Site" in request.headers
        response = answer(told if browser else {**told, "token": token})
        if browser:
            set_cookie(response, token, request[FROM].secure, PERSON)
        return response

    async def _entered(self, request: web.Request, token: str) -> Known | None:
        """The talk of this device is the person's from now on."""
        known = await self.house.people.who(token)
        session = self.api.session_or_none(request)
        if known is not None and session is not None:
            await self.house.people.link_session(known.id, session)
        return known

    async def sign_out(self, request: web.Request) -> web.Response:
        """Whoever sits down here next gets a talk of their own."""
        token, session = self.token(request), self.api.session_or_none(request)
        if token:
            await self.house.people.sign_out(token, session)
        response = answer({"person": None})
        response.del_cookie(cookie_name(request[FROM].secure, PERSON), path="/")
        if "Cookie" in request.headers:
            set_cookie(response, self.front.seals.new(), request[FROM].secure)
        return response

    def token(self, request: web.Request) -> str:
        given = request.headers.get(HEADER)
        if given is not None:
            return given.strip()
        name = cookie_name(request[FROM].secure, PERSON)
        return request.cookies.get(name, "") if "Cookie" in request.headers else ""

    async def known(self, request: web.Request) -> Known | None:
        token = self.token(request)
        return await self.house.people.who(token) if token else None

    async def person(self, request: web.Request) -> Known:
        known = await self.known(request)
        if known is None:
            raise Refusal(401, "not_signed_in", "sign in first", {"WWW-Authenticate": HEADER})
        return known

    # -- one's own ---------------------------------------------------------------------------------------------

    async def me(self, request: web.Request) -> web.Response:
        return answer({"person": msgspec.to_builtins(await self.known(request))})

    async def mine(self, request: web.Request) -> web.Response:
        known, session = await self.known(request), self.api.session_or_none(request)
        if known is None and session is None:
            self.api.session(request)
        found = await self.house.people.orders(known.id if known else None, session or "")
        return answer({"orders": found})

    async def link_code(self, request: web.Request) -> web.Response:
        made = await self.house.people.link_code((await self.person(request)).id)
        return answer({"code": made.code, "expires_at": made.expires_at.isoformat()}, 201)

    async def claim(self, request: web.Request) -> web.Response:
        known, given = await self.person(request), decoded(JOIN, await self.api.json(request))
        with taken():
            await self.house.people.claim(known.id, given.code)
        return answer({"linked": True})

    async def order(self, request: web.Request) -> web.Response:
        known, session = await self.known(request), self.api.session_or_none(request)
        if known is None and session is None:
            self.api.session(request)
        found = await self.house.people.order(request.match_info["order"], known, session or "")
        if found is None:
            raise Refusal(404, "no_order", "there is no such order of yours")
        return answer({"order": found})

    # -- the shop's --------------------------------------------------------------------------------------------

    async def orders(self, request: web.Request) -> web.Response:
        known = await self.person(request)
        with taken():
            found = await self.house.people.all_orders(known, self.api.count(request, 500))
        return answer({"orders": found})

    async def change(self, request: web.Request) -> web.Response:
        known, raw = await self.person(request), await self.api.json(request)
        given = decoded(CHANGE, raw) if raw.strip() else Change()
        order, what = request.match_info["order"], request.match_info["what"]
        if what not in ("advance", "cancel", "refund"):
            raise Refusal(404, "no_path", "an order is advanced, cancelled or refunded")
        if what != "refund" and given != Change():
            raise Refusal(400, "wrong_form", f"amount and id go with a refund, not with {what}")
        with taken():
            found = await self.house.people.change(known, order, what, given.amount or None, given.id or "")
        return answer({"order": found})

    # -- a page that needs no script ---------------------------------------------------------------------------

    async def page(self, request: web.Request) -> web.Response:
        return self._shown(request, link=request.query.get("link", ""), back=request.query.get("next", ""))

    async def form(self, request: web.Request) -> web.Response:
        given = fields(request, await self.front.body(request))
        back, contact = given.get("next", ""), given.get("contact", "")
        try:
            if given.get("link"):
                token = await self.house.people.sign_in_by_link(given["link"])
            elif given.get("invitation"):
                token = await self.house.people.sign_in_by_invitation(given["invitation"])
            elif given.get("code"):
                token = await self.house.people.sign_in(contact, given["code"])
            else:
                await self._send(request, contact, self.language(request))
                return self._shown(request, contact=contact, back=back)
        except CodeError as error:
            if given.get("code") or given.get("link") or given.get("invitation"):
                return self._shown(request, contact=contact, back=back, why=error.why)
            return self._shown(request, typed=contact, back=back, why=error.why)
        except SetupError:
            return self._shown(request, typed=contact, back=back, why="contact_wrong")
        except (FarEndError, NotAllowedError):
            return self._shown(request, typed=contact, back=back, why="not_sent")
        await self._entered(request, token)
        response = web.Response(status=303, headers={"Location": local(back)})
        set_cookie(response, token, request[FROM].secure, PERSON)
        return response

    def language(self, request: web.Request) -> str:
        return wished(request, self.house.languages(), self.front.rules.language)

    def _shown(
        self,
        request: web.Request,
        *,
        contact: str = "",
        link: str = "",
        back: str = "",
        why: str = "",
        typed: str = "",
    ) -> web.Response:
        """One step of it: `link` came by mail and is agreed to, a code went to `contact`, else a contact is asked for
        (`typed`: the one that was given and isn't to be typed once more)."""
        tag = self.language(request)
        words = WORDS.get(tag, WORDS["en"])
        kept = hidden("next", local(back))
        failed = f'<p role="alert">{escape(words["failed"].format(why=words.get(why, why)))}</p>' if why else ""
        if link:
            parts = [form(tag, f"<p>{words['link']}</p>{hidden('link', link)}{kept}", words["enter"])]
        elif contact:
            sent = "" if why else f'<p role="status">{words["sent"]}</p>'
            box = field("code", words["code"], "one-time-code")
            parts = [sent, form(tag, f"{hidden('contact', contact)}{box}{kept}", words["enter"])]
        else:
            parts = [
                form(tag, field("contact", words["contact"], "email", typed) + kept, words["send"]),
                form(tag, field("invitation", words["invitation"], "one-time-code") + kept, words["enter"]),
            ]
        leads = urlsplit(local(back)).path == "/"
        away = f'<p><a class="away" href="{escape(local(back))}">{escape(words["back"])}</a></p>'
        return html(tag, words["title"], failed + "".join(parts) + (away if leads else ""), 400 if why else 200)


def local(path: str) -> str:
    """A path of ours to go on to, never another host's."""
    parts = urlsplit(path)
    good = path.startswith("/") and not path.startswith(("//", "/\\")) and not parts.netloc and "\\" not in path
    return path if good and path.isprintable() else "/"


def field(name: str, label: str, kind: str, value: str = "") -> str:
    filled = f' value="{escape(value)}"' if value else ""
    box = f'<input name="{name}" autocomplete="{kind}" required{filled}>'
    return f"<p><label>{escape(label)}<br>{box}</label></p>"


def hidden(name: str, value: str) -> str:
    return f'<input type="hidden" name="{name}" value="{escape(value)}">'


def form(tag: str, inner: str, button: str) -> str:
    """It goes on in the language that it is shown in."""
    pressed = f'<p><button class="wide main">{escape(button)}</button></p>'
    return f'<form method="post" action="/sign-in?lang={quote(tag)}">{inner}{pressed}</form>'


def html(tag: str, title: str, inner: str, status: int = 200) -> web.Response:
    text = (
        f'<!doctype html><html lang="{escape(tag)}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark"><meta name="referrer" content="same-origin">'
        f'<title>{escape(title)}</title><link rel="icon" href="/page/icon.svg" type="image/svg+xml">'
        '<link rel="stylesheet" href="/page/style.css"></head>'
        f'<body class="buyer"><main class="ticket" data-state="waiting"><h1>{escape(title)}</h1>{inner}</main>'
        "</body></html>"
    )
    return web.Response(text=text, content_type="text/html", status=status)


@contextlib.contextmanager
def taken() -> Iterator[None]:
    """What the core refuses, as an answer: codes, what isn't set up, what isn't allowed."""
    try:
        yield
    except CodeError as error:
        raise Refusal(STATUS.get(error.why, 403), f"code_{error.why}", SENTENCES[error.why]) from None
    except NotAllowedError as error:
        raise Refusal(403, "not_allowed", str(error)) from None
    except UnknownError as error:
        raise Refusal(404, "no_order", f"{error}; GET /api/v1/orders lists all") from None
    except SetupError as error:
        raise Refusal(400, "not_possible", str(error)) from None
    except FarEndError:
        raise Refusal(503, "not_now", "that couldn't be done just now; try again") from None


SCHEMAS: dict[str, Schema] = {
    "Person": obj({"id": TEXT, "role": {"enum": ["customer", "staff", "owner"]}, "name": TEXT, "contacts": many(TEXT)}),
    "Code": obj({"code": TEXT, "expires_at": {**TEXT, "format": "date-time"}}),
}
"""What the answers here are made of."""


def paths() -> Schema:
    """Of the description."""
    person = json_of(obj({"person": or_null(ref("Person"))}, {"token": TEXT}))
    orders = json_of(obj({"orders": many(ref("Order"))}))
    order = json_of(obj({"order": or_null(ref("Order"))}))
    code = json_of(ref("Code"))
    named: Schema = {"name": "order", "in": "path", "required": True, "schema": TEXT}
    what: Schema = {
        "name": "what",
        "in": "path",
        "required": True,
        "schema": {"enum": ["advance", "cancel", "refund"]},
    }
    return {
        "/api/v1/code": {"post": operation("code", "A code for another device", (201, "It.", code), 403)},
        "/api/v1/join": {
            "post": operation(
                "join",
                "Join the talk of a code",
                (200, "Joined.", json_of(obj({"joined": {"type": "boolean"}, "order": or_null(ref("Order"))}))),
                body="Join",
            )
        },
        "/api/v1/people/code": {
            "post": operation(
                "send",
                "Have a sign-in code sent",
                (202, "Sent, if there is anybody.", json_of(obj({"sent": {"type": "boolean"}}))),
                503,
                body="Ask",
                talk=False,
            )
        },
        "/api/v1/people/sign-in": {
            "post": operation(
                "sign_in",
                "Sign in; the talk, where one is named, is the person's from then on",
                (200, "Who it is; not for browsers, the token to send as Voicetill-Person.", person),
                body="SignIn",
                talk=False,
            )
        },
        "/api/v1/people/sign-out": {"post": operation("sign_out", "Sign out", (200, "Done.", person), 403, talk=False)},
        "/api/v1/me": {"get": operation("me", "Who has signed in", (200, "Null for a guest.", person), talk=False)},
        "/api/v1/me/orders": {
            "get": operation("mine", "One's orders; a guest's are those of the talk", (200, "Newest first.", orders))
        },
        "/api/v1/me/link-code": {
            "post": operation(
                "link_code", "A code that links the device that says it", (201, "It.", code), 401, 403, talk=False
            )
        },
        "/api/v1/me/claim": {
            "post": operation(
                "claim",
                "Link the device that gave a code",
                (200, "Linked.", json_of(obj({"linked": {"type": "boolean"}}))),
                401,
                body="Join",
                talk=False,
            )
        },
        "/api/v1/orders": {
            "get": operation(
                "orders", "All orders, for the shop's people", (200, "Newest first.", orders), 400, 401, 403, talk=False
            )
        },
        "/api/v1/orders/{order}": {
            "get": operation("one_order", "An order of one's own", (200, "It.", order), 404, parameters=(named,))
        },
        "/api/v1/orders/{order}/{what}": {
            "post": operation(
                "change",
                "Change an order, for the shop's people",
                (200, "As it is now.", order),
                401,
                404,
                503,
                body="Change",
                parameters=(named, what),
                talk=False,
            )
        },
    }


BODIES = (Join, Ask, SignIn, Change)

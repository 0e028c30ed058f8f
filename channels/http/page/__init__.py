"""The chat page: its files, its words, QR codes, the page on which the buyer of a trial payment decides, and the one
for an address at which there is nothing.

Everything is served from here; nothing is fetched from anywhere else, and nothing stands inline, so that the server's
Content-Security-Policy can be strict. Files are read once, at start.
"""

from __future__ import annotations

import asyncio
import hashlib
import html
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import msgspec
from aiohttp import web
from msgspec import Meta, Struct

from assistant.turns import House
from channels.http.guard import FROM, Refusal, fields, token_of
from channels.http.wire import decoded
from channels.screen import money
from models import languages

HOME = Path(__file__).parent
KINDS = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
LONGEST_CODE = 1000
"""Letters of a text that is drawn as a QR code."""


class File(Struct, frozen=True):
    body: bytes
    kind: str
    tag: str


class Drawn(Struct, frozen=True):
    """What is to be drawn as a code."""

    text: Annotated[str, Meta(min_length=1, max_length=LONGEST_CODE)]


DRAWN = msgspec.json.Decoder(Drawn)


class Page:
    """What the page's addresses answer. `kiosk`: every browser that asks gets the page in that form; `idle`: seconds
    after which it asks whether somebody is still there; `language`: what a kiosk is in, and a page whose browser wishes
    for none of the shop's (empty: the shop's first). `body`: a request's, within its limits."""

    def __init__(
        self,
        house: House,
        body: Callable[[web.Request], Awaitable[bytes]],
        *,
        kiosk: bool,
        idle: int,
        language: str,
    ) -> None:
        self._house, self._body, self._kiosk, self._idle = house, body, kiosk, idle
        self._language = language
        self._files = {path.name: _file(path) for path in sorted(HOME.iterdir()) if path.suffix in KINDS}
        self._words = {tag: words(tag, house.languages()) for tag in house.languages()}

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/", self.index),
            web.get("/page/{name}", self.file),
            web.get("/words/{tag}.json", self.words),
            web.post("/page/qr", self.qr),
            web.get("/pay/{provider}/{ref}", self.buyer),
            web.post("/pay/{provider}/{ref}", self.buyer),
        ]

    async def index(self, request: web.Request) -> web.Response:
        kiosk = self._kiosk or "kiosk" in request.query
        # At a kiosk the browser speaks for none of those who come to it.
        tag = self._language if kiosk and self._language and "lang" not in request.query else self.language(request)
        shop = str(self._house.about(tag).get("name", ""))
        said = self._words[tag]
        return self._filled(
            "index.html",
            lang=tag,
            shop=shop,
            title=said["title"].format(shop=shop),
            skip=said["skip"],
            script=said["script"],
            kiosk="on" if kiosk else "off",
            idle=str(self._idle),
            sign_in="on" if self._house.people.sends else "off",
        )

    async def file(self, request: web.Request) -> web.StreamResponse:
        found = self._files.get(request.match_info["name"])
        if found is None or found.kind == KINDS[".html"]:
            raise web.HTTPNotFound
        # Asked for again each time, so that a new version is never mixed with an old one; the answer is short then.
        headers = {"ETag": found.tag, "Cache-Control": "no-cache"}
        if request.headers.get("If-None-Match") == found.tag:
            return web.Response(status=304, headers=headers)
        return web.Response(body=found.body, content_type=found.kind, charset="utf-8", headers=headers)

    async def words(self, request: web.Request) -> web.Response:
        """All that the page says in one language. A language that there isn't gets the shop's first one."""
        tag = request.match_info["tag"]
        tag = tag if tag in self._words else self._house.languages()[0]
        names = {one: name_of(one) for one in self._house.languages()}
        made = {"language": tag, "languages": names, "words": self._words[tag]}
        return web.json_response(made, headers={"Cache-Control": "no-cache"})

    async def qr(self, request: web.Request) -> web.Response:
        """A text as a QR code: how many modules wide it is, and the dark ones as an SVG path. Posted, because the
        address of a request may end in a log, and payment links are in no log."""
        asked = decoded(DRAWN, await self._body(request))
        try:
            size, path = await asyncio.to_thread(drawn, asked.text)
        except ValueError:  # few letters, of which each takes much room
            raise Refusal(400, "bad_text", "the text is too long for a code") from None
        return web.json_response({"size": size, "path": path})

    async def buyer(self, request: web.Request) -> web.Response:
        """The page that a trial payment's link leads to. It needs no script: two buttons in a form."""
        tag = self.language(request)
        said, shop = self._words[tag], str(self._house.about(tag).get("name", ""))
        form = fields(request, await self._body(request)) if request.method == "POST" else {}
        decide = form.get("decide")
        if decide not in (None, "approve", "decline"):
            raise Refusal(400, "wrong_form", "decide is approve or decline")
        found = await self._house.buyer_page(request.match_info["provider"], request.match_info["ref"], decide)
        amount = money(found["amount"], found["currency"], tag) if found else ""
        state = str(found["state"]) if found else "none"
        outcome = {"waiting": "", "paid": "paid", "declined": "declined", "none": "none"}.get(state, "over")
        return self._filled(
            "pay.html",
            404 if found is None else 200,
            lang=tag,
            title=said["buyer_title"].format(shop=shop),
            order=said["buyer_order"].format(shop=shop),
            amount=amount,
            note=said["buyer_note"],
            pay=said["buyer_pay"].format(amount=amount),
            decline=said["buyer_decline"],
            outcome=said[f"buyer_{outcome}"] if outcome else "",
            state=outcome or "waiting",
            # A phone that only scanned the code has no talk here: a way back would lead it to a new one.
            talk="here" if token_of(request, request[FROM].secure) else "elsewhere",
            back=said["buyer_back"],
        )

    def sorry(self, request: web.Request, status: int) -> web.Response:
        """What somebody before a browser sees in place of a page that there isn't, or that can't be had just now."""
        tag = self.language(request)
        said, shop = self._words[tag], str(self._house.about(tag).get("name", ""))
        kind = "lost" if status in (404, 405) else "sorry"
        return self._filled(
            "sorry.html",
            status,
            lang=tag,
            title=said[f"{kind}_title"],
            why=said[kind],
            back=said["to_shop"].format(shop=shop),
        )

    def language(self, request: web.Request) -> str:
        return wished(request, self._house.languages(), self._language)

    def _filled(self, name: str, status: int = 200, **values: str) -> web.Response:
        text = re.sub(r"{{(\w+)}}", lambda one: html.escape(values[one[1]]), self._files[name].body.decode())
        return web.Response(text=text, status=status, content_type="text/html")


def drawn(text: str) -> tuple[int, str]:
    """A text's code. It takes long enough to hold others up. ValueError: it doesn't fit."""
    import segno

    matrix = segno.make(text, error="m", micro=False).matrix
    return len(matrix), "".join(
        f"M{x} {y}h1v1h-1z" for y, row in enumerate(matrix) for x, dark in enumerate(row) if dark
    )


def words(tag: str, spoken: Sequence[str]) -> dict[str, Any]:
    """`[say.page]` of a language; what it lacks as the shop's other languages have it, then as any language has it."""
    found: dict[str, Any] = {}
    for one in (*reversed(languages.available()), *reversed(spoken), tag):
        if one in languages.available():
            table: Mapping[str, Any] = languages.load(one).tables.get("say", {}).get("page", {})
            found = {**found, **table, "offers": {**found.get("offers", {}), **table.get("offers", {})}}
    return found


def name_of(tag: str) -> str:
    """What a language calls itself."""
    return str(languages.load(tag).tables.get("name") or tag) if tag in languages.available() else tag


def wished(request: web.BaseRequest, spoken: Sequence[str], usual: str = "") -> str:
    """A page's language: by `?lang=`, else the first that the browser asks for and the shop speaks, else the usual."""
    for tag in (request.query.get("lang", ""), *accepted(request.headers.get("Accept-Language", ""))):
        for one in (tag, tag.split("-")[0]):
            if one in spoken:
                return one
    return usual or spoken[0]


def accepted(header: str) -> list[str]:
    """The tags of an Accept-Language header, best first."""
    found: list[tuple[Decimal, str]] = []
    for part in header[:500].split(","):
        match = re.fullmatch(r"\s*([A-Za-z0-9-]{1,35})\s*(?:;\s*q=([01](?:\.\d{1,3})?))?\s*", part)
        if match:
            found.append((Decimal(match[2] or 1), match[1]))
    return [tag for _, tag in sorted(found, key=lambda one: -one[0])]


def _file(path: Path) -> File:
    body = path.read_bytes()
    return File(body, KINDS[path.suffix], f'"{hashlib.sha256(body).hexdigest()[:20]}"')

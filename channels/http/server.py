"""The server: routes, what is done with every request, where it listens, and how it stops."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import logging
import signal
import socket
import ssl
import threading
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from json import JSONDecodeError
from time import monotonic
from typing import Any, cast

from aiohttp import web

from assistant.errors import FarEndError, SetupError, VoicetillError
from assistant.turns import House
from channels import speakers
from channels._depth import too_deep
from channels.http.api import JSON, Api, answer
from channels.http.guard import (
    BUSY,
    FROM,
    HEADERS,
    HSTS,
    UNSAFE,
    From,
    Rate,
    Refusal,
    Rules,
    Seals,
    came_from,
    heft,
    near,
    of_address,
    same_origin,
    set_cookie,
    token_of,
    too_many,
)
from channels.http.identity import Identity
from channels.http.measures import KIND, Measures
from channels.http.page import Page
from channels.http.socket import Sockets
from channels.http.staff import Staff
from channels.http.wire import encode

log = logging.getLogger(__name__)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

LATE = 10.0
"""Seconds for a request's body."""
QUIET = 75.0
"""Seconds that a connection may be silent, or take for a request's head."""
LINGER = 2.0
"""Seconds that the rest of a refused body is read, so that its sender gets to see the answer."""
QUICK = 2.0
"""Seconds in which whoever looks after the server is told how it is."""
STOPPING = 20.0
"""Seconds that a stop waits for turns under way."""
MOST_LINE = 8190
NAME = "voicetill"
"""What the server calls itself: no version helps anybody to find a hole in it."""
NOBODY_LEFT = (ConnectionError, asyncio.CancelledError)
"""Nobody is there any more to be answered."""
HEAVY = {"/page/qr": 10}
"""What takes as long as so many other requests."""
PROGRAMS = ("/api/", "/speakers/", "/hooks/", "/oauth/token", "/oauth/revoke", "/metrics", "/readyz", "/ws")
"""What only programs and whoever writes them call: what is wrong there is told in JSON to browsers as well."""
MACHINES = ("/speakers/", "/hooks/", "/oauth/token", "/oauth/revoke")
"""What no browser calls: far ends prove themselves there, many requests come from few addresses."""


class Front:
    """One server over one house."""

    def __init__(self, house: House, channel: Any, rules: Rules) -> None:
        self.house, self.channel, self.rules = house, channel, rules
        self.seals = Seals(rules.folder)
        self.measures = Measures()
        self.addresses = Rate(rules.rate_address)
        self.machines = Rate(rules.rate_address * 10)
        turns = Rate(rules.rate_session)
        self.sockets = Sockets(house, channel, self.measures, turns, self.addresses, most_bytes=rules.most_body)
        self.api = Api(house, channel, self, self.measures, turns)
        self.identity = Identity(house, self.api, self)
        self.staff = Staff(house, self.identity.person, self.api.json)
        self.page = Page(house, self.body, kiosk=rules.kiosk, idle=rules.idle, language=rules.language)
        self.stopping = asyncio.Event()
        self.headers = {**HEADERS}
        self._listening: list[asyncio.Server] = []
        self._runner: web.AppRunner | None = None
        self._looking: asyncio.Task[dict[str, str]] | None = None

    # -- what is where -----------------------------------------------------------------------------------------

    def app(self) -> web.Application:
        app = web.Application(middlewares=[self.guarded], client_max_size=self.rules.most_body)
        app.add_routes(self.api.routes())
        app.add_routes(self.identity.routes())
        app.add_routes(self.staff.routes())
        if self.house.settings("oauth"):  # its library is loaded only where accounts are linked
            from channels.http.oauth import OAuth

            app.add_routes(OAuth(self.house, self.identity, self).routes())
        app.add_routes(
            [
                web.get("/ws", self.websocket),
                web.post("/hooks/{provider}", self.hook),
                web.get("/healthz", self.alive),
                web.get("/readyz", self.ready),
                web.get("/metrics", self.metrics),
            ]
        )
        app.add_routes(self.page.routes())
        app.add_routes(speakers.routes(self.house, loopback=self.rules.loopback))
        app.on_response_prepare.append(self.dressed)
        return app

    # -- what is done with every request -----------------------------------------------------------------------

    @web.middleware
    async def guarded(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Every request goes through here, and every answer: what is wrong with it is told, never with 5xx."""
        route = request.match_info.route.resource
        name = route.canonical if route is not None else "-"
        try:
            response = await self._guarded(request, handler)
        except NOBODY_LEFT:
            raise
        except Exception as error:
            response = self.refused(request, _as_refusal(error, f"{request.method} {name}"))
        self.measures.answered(name, response.status)
        return response

    def refused(self, request: web.Request, refusal: Refusal) -> web.Response:
        """In JSON; a browser that somebody sits before gets a page."""
        if for_eyes(request):
            response = self.page.sorry(request, refusal.status)
            response.headers.update(refusal.headers or {})
            return response
        return refused(refusal)

    async def _guarded(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        where = request[FROM] = came_from(request, self.rules)
        machine, address = request.path.startswith(MACHINES), of_address(where.address)
        rate = self.machines if machine else self.addresses
        wait = rate.wait(address, monotonic(), HEAVY.get(request.path, 1))
        if wait:
            raise too_many(wait)
        if request.method in UNSAFE and not machine:
            if not same_origin(request, self.origins(where)):
                raise Refusal(403, "other_origin", "this was sent from a page that isn't ours")
            raw = await self.body(request)
            rate.add(address, monotonic(), heft(len(raw)))
            if "json" in request.content_type and too_deep(raw):
                raise Refusal(400, "too_deep", "the JSON is nested too deeply")
        response = await handler(request)
        if request.path == "/" and not isinstance(response, web.WebSocketResponse):
            self.known(request, response, where)
        return response

    async def dressed(self, request: web.Request, response: web.StreamResponse) -> None:
        headers = response.headers
        if isinstance(response, web.HTTPExpectationFailed):  # answered before anything of ours is asked
            response.body = encode({"error": "not_expected", "message": "only 100-continue can be expected"})
            headers.update({"Content-Type": JSON, "Content-Length": str(len(response.body))})
        for key, value in self.headers.items():
            headers.setdefault(key, value)
        headers.setdefault("Cache-Control", "no-store")
        headers["Server"] = NAME
        if FROM in request and request[FROM].secure:
            headers["Strict-Transport-Security"] = HSTS

    def known(self, request: web.Request, response: web.StreamResponse, where: From) -> None:
        """Whoever opens the page has a talk of their own from then on."""
        token = token_of(request, where.secure) if "Authorization" not in request.headers else None
        if token is None or self.seals.session(token) is None:
            set_cookie(response, self.seals.new(), where.secure)

    def origins(self, where: From) -> tuple[str, ...]:
        return (where.origin, self.rules.public_url) if self.rules.public_url else (where.origin,)

    async def body(self, request: web.BaseRequest) -> bytes:
        """Within the limits of size and time."""
        if request.content.is_eof():
            return await request.read()
        try:
            async with asyncio.timeout(LATE):
                return await request.read()
        except TimeoutError:
            raise Refusal(408, "too_slow", f"the body took longer than {LATE:.0f} s") from None

    # -- what isn't the API's, the page's or a speaker's -------------------------------------------------------

    async def websocket(self, request: web.Request) -> web.StreamResponse:
        where = request[FROM]
        if not same_origin(request, self.origins(where)):
            raise Refusal(403, "other_origin", "this was opened from a page that isn't ours")
        return await self.sockets.serve(request, self.api.session(request))

    async def hook(self, request: web.Request) -> web.Response:
        raw = await self.body(request)
        status, headers, told = await self.house.webhook(request.match_info["provider"], dict(request.headers), raw)
        if status == HTTPStatus.NOT_FOUND:
            raise Refusal(404, "no_provider", "there is no payment service of that name here")
        if status >= HTTPStatus.BAD_REQUEST and not told:
            raise Refusal(status, "refused", "this notification is not taken", headers)
        return web.Response(status=status, headers=headers, body=told)

    async def alive(self, request: web.Request) -> web.Response:
        return answer({"alive": True})

    async def ready(self, request: web.Request) -> web.Response:
        """What it takes turns with. Only who runs the server is told what is wrong."""
        health = {**await self.health(), "server": "it is stopping" if self.sockets.closing else ""}
        well = not any(health.values())
        told: dict[str, Any] = {"ready": well}
        if near(request[FROM].address, self.rules):
            told["parts"] = health
        return answer(told, 200 if well else 503)

    async def metrics(self, request: web.Request) -> web.Response:
        if not near(request[FROM].address, self.rules):
            raise Refusal(403, "not_yours", "measurements are for who runs the server; set metrics_from")
        return web.Response(body=self.measures.exposition(await self.health()), headers={"Content-Type": KIND})

    async def health(self) -> Mapping[str, str]:
        """Part -> what is wrong with it. Whoever asks is waiting: a store that doesn't answer isn't waited for, and it
        is asked once, however many look at it meanwhile."""
        before, looking = self._looking, self._looking
        if looking is None or looking.done():
            looking = self._looking = asyncio.create_task(self.house.health())
        await asyncio.wait({looking}, timeout=QUICK)
        if looking.done():
            return looking.result()
        earlier = before.result() if before is not None and before.done() else {}
        return earlier if any(earlier.values()) else {"store": f"no answer within {QUICK:.0f} s"}

    # -- from start to stop ------------------------------------------------------------------------------------

    async def open(self) -> str:
        """Listen. The address where it is reached, for people. SetupError says why it can't be."""
        rules, loop = self.rules, asyncio.get_running_loop()
        secure = _tls(rules)
        self._runner = runner = web.AppRunner(self.app(), access_log=None, shutdown_timeout=2.0)
        await runner.setup()
        server = cast("web.Server", runner.server)

        def connection() -> Plain:
            return Plain(
                server,
                loop=loop,
                access_log=None,
                keepalive_timeout=QUIET,
                lingering_time=LINGER,
                max_line_size=MOST_LINE,
                max_field_size=MOST_LINE,
                most=rules.most_connections,
            )

        try:
            listening = await loop.create_server(
                connection,
                rules.host,
                rules.port,
                ssl=secure,
                backlog=1024,
                ssl_handshake_timeout=LATE if secure else None,
            )
        except OSError as error:
            await runner.cleanup()
            raise _cannot_listen(error, rules) from None
        self._listening.append(listening)
        port = listening.sockets[0].getsockname()[1]
        scheme = "https" if secure else "http"
        url = rules.public_url or f"{scheme}://{_named(rules.host)}:{port}"
        self.house.reached_at(url)
        return url

    async def close(self) -> None:
        """Accept nobody, finish what is under way, say goodbye to the rest."""
        for one in self._listening:
            one.close()
        await self.sockets.close(STOPPING)
        if self._runner is not None:
            await self._runner.cleanup()

    @property
    def exposed(self) -> bool:
        """Others can reach it, and what they send can be read on its way."""
        rules = self.rules
        return not (rules.loopback or rules.public_url or rules.trusted_proxies or rules.tls_cert)

    @property
    def connections(self) -> int:
        """How many there are at the moment."""
        server = self._runner.server if self._runner is not None else None
        return len(server.connections) if server is not None else 0

    async def until_stopped(self, told: Callable[[], None]) -> None:
        """SIGTERM or SIGINT ends it in good order, of which it tells; a second one at once."""
        loop = asyncio.get_running_loop()
        watched = (signal.SIGTERM, signal.SIGINT) if threading.current_thread() is threading.main_thread() else ()
        for one in watched:
            loop.add_signal_handler(one, self.stop, one)
        try:
            await self.stopping.wait()
            told()
            await self.close()
        finally:
            for one in watched:
                loop.remove_signal_handler(one)

    def stop(self, by: int = 0) -> None:
        if self.stopping.is_set() and by:
            signal.signal(by, signal.SIG_DFL)
            signal.raise_signal(by)
        self.stopping.set()


class Plain(web.RequestHandler):
    """A connection. What isn't even HTTP is answered in JSON like everything else, and there is room for so many."""

    __slots__ = ("_most",)

    def __init__(self, manager: web.Server, *, most: int, **given: Any) -> None:
        super().__init__(manager, **given)
        self._most = most

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        manager = self._manager
        if manager is not None and len(manager._connections) >= self._most:
            cast("asyncio.Transport", transport).abort()
            self._force_close = True
            return
        super().connection_made(transport)

    def log_exception(self, *args: Any, **more: Any) -> None:
        """What a client did wrong is told to it, and fills no log."""
        if not isinstance(more.get("exc_info"), web.RequestPayloadError):
            super().log_exception(*args, **more)

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        if status >= 500:
            log.error("a request failed", exc_info=exc)
        response = refused(Refusal(status, "no_http", "this is no request that can be read"))
        response.headers.update({**HEADERS, "Server": NAME})
        response.force_close()
        return response


def for_eyes(request: web.BaseRequest) -> bool:
    """Whether a person is to read the answer: browsers that open an address name this form, programs don't."""
    wanted = request.headers.get("Accept", "")
    return "text/html" in wanted and "json" not in wanted and not request.path.startswith(PROGRAMS)


def refused(refusal: Refusal) -> web.Response:
    raw = encode({"error": refusal.error, "message": refusal.message})
    return web.Response(status=refusal.status, body=raw, content_type=JSON, headers=refusal.headers)


KNOWN = {
    404: ("not_found", "there is nothing at this address"),
    405: ("wrong_method", "this address is asked otherwise"),
    413: ("too_large", "the body is too large"),
}


def _as_refusal(error: Exception, where: str) -> Refusal:
    """What whoever asked is told of it. What is ours to mend goes to the log."""
    match error:
        case Refusal():
            return error
        case web.HTTPException():
            word, message = KNOWN.get(error.status, ("refused", error.reason.lower()))
            kept = {key: one for key, one in error.headers.items() if key in ("Allow", "Location")}
            return Refusal(error.status, word, message, kept)
        case JSONDecodeError() | UnicodeDecodeError():
            return Refusal(400, "no_json", "the body is no valid JSON")
        case web.RequestPayloadError():
            return Refusal(400, "bad_body", "the body can't be read")
        case FarEndError() | SetupError():
            log.error("%s: %s", where, error)
            return BUSY
    log.error("%s", where, exc_info=error)
    return Refusal(500, "failed", "something went wrong here; it was not your doing")


def _tls(rules: Rules) -> ssl.SSLContext | None:
    if rules.tls_cert is None or rules.tls_key is None:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    for key, path in (("tls_cert", rules.tls_cert), ("tls_key", rules.tls_key)):
        if not path.is_file():
            raise SetupError(f"{key}: there is no file {path}; name one in PEM form")
    try:
        context.load_cert_chain(rules.tls_cert, rules.tls_key, password=lambda: b"")
    except (OSError, ValueError) as error:
        why = getattr(error, "reason", None) or error
        raise SetupError(
            f"tls_cert {rules.tls_cert} and tls_key {rules.tls_key} can't be used ({why}); a certificate with its chain"
            " and its own unlocked key are wanted, in PEM form"
        ) from None
    return context


def _cannot_listen(error: OSError, rules: Rules) -> VoicetillError:
    place = f"port {rules.port} of {rules.host}"
    if error.errno == errno.EADDRINUSE:
        return SetupError(f"{place} is in use by another program; stop that, or choose another with --port")
    if error.errno in (errno.EACCES, errno.EPERM):
        return SetupError(f"{place} may not be opened by this user; choose one from 1024 on with --port")
    if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
        return SetupError(f"host '{rules.host}' is no address of this machine; try 127.0.0.1 or 0.0.0.0")
    return SetupError(f"{place} can't be opened ({error.strerror or error}); choose another with --host and --port")


def _named(host: str) -> str:
    """As it stands in an address that somebody else opens: 0.0.0.0 leads nowhere."""
    if host in ("0.0.0.0", "::", ""):
        host = _own_address() or "127.0.0.1"
    return f"[{host}]" if ":" in host else host


def _own_address() -> str:
    """This machine's address in its network. Nothing is sent."""
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))
        return str(probe.getsockname()[0])
    return ""

"""What stands between the wire and the house: who asks, from where, how often, how much, and in what form.

Nothing here knows a route. Everything that is wrong with a request is a `Refusal`: a status below 500, a short word
for programs and a sentence for people.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Mapping, Sequence
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from aiohttp import web
from aiohttp.typedefs import LooseHeaders
from msgspec import Struct

from assistant.errors import Faults, SetupError
from channels.screen import new_session, switched_on

Network = IPv4Network | IPv6Network

KEY = "seal.key"
"""In the data folder: what session ids are sealed with."""
COOKIE = "voicetill"
COOKIE_DAYS = 30
KEPT = 20_000
"""Addresses or sessions whose rate is known at once; beyond that those that came first are forgotten."""
MOST_FIELDS = 50
"""Of a form."""
UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self';"
    " media-src 'self' blob:; worker-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none';"
    " frame-ancestors 'none'"
)
"""Nothing inline, nothing of anybody else's."""
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "microphone=(self), camera=(), geolocation=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
"""Of every answer."""
HSTS = "max-age=31536000"


class Refusal(Exception):
    """The request is not taken, and nothing happened."""

    def __init__(self, status: int, error: str, message: str, headers: LooseHeaders | None = None) -> None:
        super().__init__(message)
        self.status, self.error, self.message, self.headers = status, error, message, headers


BUSY = Refusal(503, "busy", "that can't be written or read just now; send it again, as it is", {"Retry-After": "2"})
"""Whatever was done stands: the same id gets its reply."""


class Rules(Struct, frozen=True, kw_only=True):
    """The channel's options, read."""

    host: str = "127.0.0.1"
    port: int = 8080
    public_url: str = ""
    """Where people reach the page from outside: https://shop.example. Empty: where it listens."""
    trusted_proxies: tuple[Network, ...] = ()
    """Only from these is X-Forwarded-… believed."""
    tls_cert: Path | None = None
    tls_key: Path | None = None
    most_body: int = 256 * 1024
    """Bytes of a request's body, inflated, and of one WebSocket message."""
    most_connections: int = 4096
    rate_address: int = 1200
    """Requests a minute from one address; 0: as many as they like."""
    rate_session: int = 120
    """Turns a minute in one talk; 0: as many as they like."""
    metrics_from: tuple[Network, ...] = ()
    """Who may read /metrics, beside this machine itself."""
    kiosk: bool = False
    language: str = ""
    """What a page is in where its browser wishes for none of the shop's, and every kiosk; empty: the shop's first."""
    idle: int = 90
    """Seconds after which a kiosk asks whether somebody is still there."""
    folder: Path | None = None

    @property
    def loopback(self) -> bool:
        """Nobody outside this machine can reach it."""
        if self.public_url or self.trusted_proxies:
            return False
        return self.host == "localhost" or _is_loopback(self.host)


NUMBERS = {
    "port": (0, 65535),
    "most_body": (4096, 16 * 1024 * 1024),
    "most_connections": (16, 1_000_000),
    "rate_address": (0, 1_000_000),
    "rate_session": (0, 1_000_000),
    "idle": (10, 3600),
}
"""Options that are numbers: the least and the most of each."""


def rules_of(options: Mapping[str, Any]) -> Rules:
    """SetupError names every option that can't be read, a line for each."""
    told = {key: one for key, one in options.items() if one not in (None, "")}
    fields: dict[str, Any] = {}
    faults = Faults()
    for key, one in told.items():
        with faults:
            if key in NUMBERS:
                fields[key] = _number(key, one)
            elif key in ("trusted_proxies", "metrics_from"):
                fields[key] = _networks(key, one)
            elif key in ("tls_cert", "tls_key", "folder"):
                fields[key] = Path(str(one)).expanduser()
            elif key in ("language", "host"):
                fields[key] = str(one)
            elif key == "public_url":
                fields[key] = _origin(str(one))
            elif key == "kiosk":
                fields[key] = switched_on(told, key)
    with faults:
        if ("tls_cert" in fields) != ("tls_key" in fields):
            raise SetupError("tls_cert and tls_key go together: name both files, or neither")
    faults.tell()
    return Rules(**fields)


def _number(key: str, value: Any) -> int:
    least, most = NUMBERS[key]
    try:
        number = int(str(value))
    except ValueError:
        number = least - 1
    if not least <= number <= most:
        raise SetupError(f"{key} '{value}': a whole number from {least} to {most} is wanted")
    return number


def _networks(key: str, value: Any) -> tuple[Network, ...]:
    listed = value if isinstance(value, list | tuple) else [value]
    parts = value.replace(",", " ").split() if isinstance(value, str) else listed
    try:
        return tuple(ip_network(str(one), strict=False) for one in parts)
    except ValueError as error:
        raise SetupError(f"{key}: {error}; write addresses or networks, such as 127.0.0.1 or 10.0.0.0/8") from None


def _origin(url: str) -> str:
    try:
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and parts.hostname and parts.path in ("", "/") and not parts.query
        _ = parts.port
    except ValueError:
        good = False
    if not good:
        raise SetupError(f"public_url '{url}': write where the page is reached, such as https://shop.example")
    return url.rstrip("/").lower()


# -- where it comes from -----------------------------------------------------------------------------------------


class From(Struct, frozen=True):
    """Where a request comes from, and what our own address is to whoever sent it."""

    address: str
    secure: bool
    origin: str
    """scheme://host[:port] as the sender's browser has it."""


FROM = web.RequestKey("from", From)
"""Every request carries it."""


def came_from(request: web.BaseRequest, rules: Rules) -> From:
    address = request.remote or ""
    secure, host = request.secure, request.headers.get("Host", "")
    if rules.trusted_proxies and _within(address, rules.trusted_proxies):
        headers = request.headers
        chain = [one.strip() for one in ",".join(headers.getall("X-Forwarded-For", ())).split(",") if one.strip()]
        while chain and _within(address, rules.trusted_proxies):
            address = _bare(chain.pop())
        secure = headers.get("X-Forwarded-Proto", "https" if secure else "http").strip().lower() == "https"
        host = headers.get("X-Forwarded-Host", host).strip()
    return From(address, secure, f"{'https' if secure else 'http'}://{host.lower()}")


def _bare(address: str) -> str:
    """Without a port. What is no address stays as it is: nobody trusts it."""
    if address.startswith("["):
        return address[1:].partition("]")[0]
    return address.partition(":")[0] if address.count(":") == 1 else address


def _within(address: str, networks: Sequence[Network]) -> bool:
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(found, "ipv4_mapped", None)
    return any((mapped or found) in one for one in networks)


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


def near(address: str, rules: Rules) -> bool:
    """Whether this address may read what is for whoever runs the server."""
    return _is_loopback(address) or _within(address, rules.metrics_from)


def same_origin(request: web.BaseRequest, origins: Sequence[str]) -> bool:
    """Whether a browser sent this from a page of ours; what is no browser sends neither of these headers.

    A form of a page that keeps its address to itself comes with the origin `null`; Sec-Fetch-Site, which no page can
    set, then tells."""
    origin = request.headers.get("Origin")
    if origin is not None and origin != "null":
        return origin.lower() in origins
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in ("same-origin", "none")
    return origin is None and COOKIE not in request.headers.get("Cookie", "")


# -- who asks ----------------------------------------------------------------------------------------------------


class Seals:
    """Session ids that we made, and nobody else: `<id>.<seal>`. Without the key nobody can name another's talk, nor
    one of a speaker or a terminal."""

    def __init__(self, folder: Path | None) -> None:
        self._key = _key(folder / KEY) if folder is not None else secrets.token_bytes(32)
        self._known: dict[str, str] = {}
        """Tokens that were looked at: making a seal gives other threads their turn, which costs more than the seal."""

    def new(self) -> str:
        return self.sealed(new_session())

    def sealed(self, session: str) -> str:
        return f"{session}.{self._seal(session)}"

    def session(self, token: str) -> str | None:
        """The session that a token names; None for one that is not of our making."""
        known = self._known.get(token)
        if known is not None:
            return known
        session, _, seal = token.rpartition(".")
        if not (session and token.isascii() and hmac.compare_digest(seal, self._seal(session))):
            return None
        if len(self._known) >= KEPT:
            self._known.clear()
        self._known[token] = session
        return session

    def _seal(self, session: str) -> str:
        made = hmac.digest(self._key, session.encode(), hashlib.sha256)
        return urlsafe_b64encode(made[:18]).decode()


def _key(path: Path) -> bytes:
    """Made once; two that start at the same time end with the same one."""
    try:
        if not path.exists():
            fresh = path.with_name(f".{path.name}.{os.getpid()}")
            fresh.touch(mode=0o600)
            fresh.write_bytes(secrets.token_bytes(32))
            try:
                os.link(fresh, path)
            except FileExistsError:
                pass
            finally:
                fresh.unlink()
        key = path.read_bytes()
    except OSError as error:
        raise SetupError(f"{path} can't be read or made ({error.strerror}); make the data folder writable") from None
    if len(key) < 32:
        raise SetupError(f"{path} is damaged; delete it, and a new one is made (browsers then begin new talks)")
    return key


def cookie_name(secure: bool, name: str = COOKIE) -> str:
    """Under https a name that browsers keep other hosts and paths from setting."""
    return f"__Host-{name}" if secure else name


def set_cookie(response: web.StreamResponse, token: str, secure: bool, name: str = COOKIE) -> None:
    response.set_cookie(
        cookie_name(secure, name),
        token,
        max_age=COOKIE_DAYS * 86400,
        path="/",
        httponly=True,
        secure=secure,
        samesite="Lax",
    )


def token_of(request: web.BaseRequest, secure: bool) -> str | None:
    """What the request names its talk by: a bearer token, else the browser's cookie."""
    bearer = request.headers.get("Authorization")
    if bearer is not None:
        scheme, _, token = bearer.partition(" ")
        return token.strip() if scheme.lower() == "bearer" else ""
    return request.cookies.get(cookie_name(secure)) if "Cookie" in request.headers else None


# -- what it brings ----------------------------------------------------------------------------------------------


def fields(request: web.BaseRequest, raw: bytes) -> dict[str, str]:
    """What a form sent, each field once. Of files, or in another code than the web's, nothing is taken."""
    if not raw:
        return {}
    if request.content_type != "application/x-www-form-urlencoded":
        raise Refusal(415, "no_form", "a form is wanted as application/x-www-form-urlencoded")
    try:
        found = parse_qsl(raw.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        raise Refusal(400, "wrong_form", "the form can't be read") from None
    if len(dict(found)) != len(found):
        raise Refusal(400, "wrong_form", "each field is wanted once")
    return dict(found)


# -- how often ---------------------------------------------------------------------------------------------------


class Rate:
    """So many a minute for each key, with a short burst; knows a bounded number of keys."""

    def __init__(self, a_minute: int) -> None:
        self._gap = 60 / a_minute if a_minute else 0.0
        self._slack = max(10, a_minute // 4) * self._gap
        self._due: dict[str, float] = {}

    def wait(self, key: str, now: float, weight: int = 1) -> float:
        """0.0 where it may, and that counts as so many; else the seconds until it may again."""
        if not self._gap:
            return 0.0
        due = max(self._due.pop(key, 0.0), now)
        late = due - now - self._slack
        self._due[key] = due if late > 0 else due + weight * self._gap
        if len(self._due) > KEPT:
            del self._due[next(iter(self._due))]
        return max(0.0, late)

    def add(self, key: str, now: float, weight: int) -> None:
        """What was let in turned out to be so much more."""
        if self._gap and weight:
            self._due[key] = max(self._due.pop(key, 0.0), now) + weight * self._gap


def heft(size: int) -> int:
    """How many small ones something of so many bytes, or letters, counts beyond itself: reading it takes as long."""
    return size // 1024


@lru_cache(maxsize=4096)
def of_address(address: str) -> str:
    """What is counted as one: an address, or the /64 that a household has of IPv6."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    return address if found.version == 4 else str(ip_network(f"{found}/64", strict=False))


def too_many(seconds: float) -> Refusal:
    wait = str(int(seconds) + 1)
    return Refusal(429, "too_many", f"too many requests; try again in {wait} s", {"Retry-After": wait})

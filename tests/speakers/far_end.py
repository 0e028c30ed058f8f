"""The platforms' side: a certificate authority of our own, the place where certificates lie, signed requests over real
sockets; and a shop that is served to them."""

from __future__ import annotations

import asyncio
import base64
import copy
import datetime as dt
import itertools
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from yarl import URL

from assistant.app import Assistant
from assistant.commerce.order import Order
from assistant.commerce.payment import Payment
from assistant.shops import load_shop
from assistant.storage.sqlite import SqliteStore
from channels.speakers._host import Host

RECORDED = Path(__file__).parents[1] / "recorded" / "speakers"
CAFE = RECORDED / "cafe"
DAY = dt.timedelta(days=1)
ids = itertools.count(1)


def recorded(name: str) -> dict[str, Any]:
    body: dict[str, Any] = json.loads((RECORDED / f"{name}.json").read_text(encoding="utf-8"))
    return body


def put(body: Any, path: str | tuple[Any, ...], value: Any) -> Any:
    """The body with another value at `a.b.c`."""
    fresh = copy.deepcopy(body)
    *way, last = path.split(".") if isinstance(path, str) else path
    at = fresh
    for key in way:
        at = at[key]
    at[last] = value
    return fresh


# -- certificates ------------------------------------------------------------------------------------------------


@cache
def key(name: str) -> rsa.RSAPrivateKey:
    """A key for each name, made once."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


@cache
def root(name: str = "root") -> x509.Certificate:
    return _signed(name, name, key(name), key(name), ca=True)


def _signed(
    subject: str,
    issuer: str,
    public: Any,
    private: rsa.RSAPrivateKey,
    *,
    ca: bool,
    names: tuple[str, ...] = (),
    days: tuple[int, int] = (-30, 30),
) -> x509.Certificate:
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(_name(subject))
        .issuer_name(_name(issuer))
        .public_key(public.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + days[0] * DAY)
        .not_valid_after(now + days[1] * DAY)
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(private.public_key()), critical=False)
        .add_extension(
            x509.KeyUsage(
                digital_signature=not ca,
                content_commitment=False,
                key_encipherment=False,
                data_encipherment=False,
                key_agreement=False,
                key_cert_sign=ca,
                crl_sign=ca,
                encipher_only=False,
                decipher_only=False,
            ),
            critical=True,
        )
    )
    if not ca:
        made = made.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName(one) for one in names]), critical=False)
    return made.sign(private, hashes.SHA256())


@cache
def chain(
    *names: str, by: str = "root", signer: str = "leaf", days: tuple[int, int] = (-1, 20), between: bool = True
) -> bytes:
    """A leaf with these names, its intermediate and nothing more, as a platform's PEM file."""
    if between:
        middle = _signed(f"{by} middle", by, key(f"{by} middle"), key(by), ca=True)
        leaf = _signed("leaf", f"{by} middle", key(signer), key(f"{by} middle"), ca=False, names=names, days=days)
        return pem(leaf) + pem(middle)
    return pem(_signed("leaf", by, key(signer), key(by), ca=False, names=names, days=days))


def pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def sign(raw: bytes, signer: str = "leaf", hashing: hashes.HashAlgorithm | None = None) -> str:
    made = key(signer).sign(raw, padding.PKCS1v15(), hashing or hashes.SHA256())
    return base64.b64encode(made).decode()


# -- a shop that is served ---------------------------------------------------------------------------------------


class Dressed:
    """A house with settings and speakers of the test's choice."""

    def __init__(self, house: Any, settings: Mapping[str, Mapping[str, Any]], patience: float | None = None) -> None:
        self._house, self._settings, self._patience = house, settings, patience

    def __getattr__(self, name: str) -> Any:
        return getattr(self._house, name)

    def settings(self, section: str) -> Mapping[str, Any]:
        return self._settings.get(section, {})

    def parts(self, kind: str) -> Any:
        from assistant.discovery import named

        return named(kind)

    def part(self, kind: str, name: str) -> Any:
        from assistant.discovery import find

        part = find(kind, name)
        if self._patience is not None:
            part = copy.copy(part)
            part.patience = self._patience
        return part


@dataclass
class Served:
    """The webhooks over a real socket, and the place where certificates lie."""

    house: Any
    settings: Mapping[str, Mapping[str, Any]]
    loopback: bool = True
    patience: float | None = None
    files: dict[str, Callable[[web.Request], Any]] = field(default_factory=dict)
    """Path -> what is answered there, at the place of certificates and of the platform's own API."""
    asked: list[str] = field(default_factory=list)
    told: list[dict[str, Any]] = field(default_factory=list)

    async def open(self, root_file: Path) -> Served:
        there = web.Application()
        there.router.add_route("*", "/{path:.*}", self._there)
        self._there_runner, port = await listening(there)
        self.there = f"http://127.0.0.1:{port}"
        if not root_file.exists():
            root_file.write_bytes(pem(root()))
        trials = {"trust_roots": str(root_file), "cert_base": self.there, "api_base": self.there}
        settings = {
            name: {**{key: one for key, one in trials.items() if key in self._keys(name)}, **table}
            for name, table in self.settings.items()
        }
        self.host = Host(Dressed(self.house, settings, self.patience), loopback=self.loopback)  # type: ignore[arg-type]
        app = web.Application(client_max_size=256 * 1024)
        app.add_routes(self.host.routes())
        self._runner, self.port = await listening(app)
        self.url = f"http://127.0.0.1:{self.port}"
        self.client = aiohttp.ClientSession()
        return self

    def _keys(self, name: str) -> frozenset[str]:
        from assistant.discovery import find

        keys: frozenset[str] = find("speaker", name).keys
        return keys

    async def _there(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request.path)
        if request.method == "POST":
            self.told.append({"headers": dict(request.headers), "body": await request.json()})
            return web.Response(status=204)
        answer = self.files.get(request.path)
        if answer is None:
            return web.Response(status=404)
        made: web.StreamResponse = await answer(request)
        return made

    def lies(self, path: str, content: bytes, **more: Any) -> None:
        """Something lies at the place of certificates."""

        async def answer(_: web.Request) -> web.Response:
            return web.Response(body=content, **more)

        self.files[path] = answer

    async def post(
        self, path: str | URL, raw: bytes, headers: Mapping[str, str] | list[tuple[str, str]]
    ) -> tuple[int, dict[str, Any]]:
        url = URL(f"{self.url}{path}", encoded=True)
        async with self.client.post(url, data=raw, headers=headers, allow_redirects=False) as answer:
            return answer.status, json.loads(await answer.read())

    async def close(self) -> None:
        await self.client.close()
        await self._runner.cleanup()
        await self._there_runner.cleanup()


async def listening(app: web.Application) -> tuple[web.AppRunner, int]:
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port: int = site._server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
    return runner, port


@dataclass
class Cafe:
    """The recorded requests' shop: its house, its rows, and the webhooks."""

    house: Assistant
    store: SqliteStore
    served: Served
    data: Path

    async def orders(self) -> list[tuple[Order, Payment]]:
        return [(one.order, one.payment) for one in await self.store.orders(self.house.shop, limit=100)]

    async def only(self) -> tuple[Order, Payment]:
        (one,) = await self.orders()
        return one

    async def lines(self) -> list[tuple[int, str]]:
        found = await self.orders()
        return [(line.quantity, line.item) for order, _ in found for line in order.lines]

    async def rows(self) -> dict[str, int]:
        """How many rows every table has: what a refused request must leave as it was."""

        def count() -> dict[str, int]:
            import sqlite3

            with sqlite3.connect(self.data / "voicetill.db") as db:
                names = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
                return {name: db.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}

        return await asyncio.to_thread(count)


@asynccontextmanager
async def cafe(
    data: Path, settings: Mapping[str, Mapping[str, Any]], *, shop: str | Path = CAFE, **served: Any
) -> AsyncIterator[Cafe]:
    rules, catalogue = load_shop(str(shop))
    store = SqliteStore.open(data, real_clock=lambda: dt.datetime.now(dt.UTC))
    house = await Assistant.open(
        rules,
        catalogue,
        store=store,
        data=data,
        languages=rules.languages,
        clock=lambda: dt.datetime.now(rules.zone),
    )
    at = await Served(house, settings, **served).open(data / "roots.pem")
    try:
        yield Cafe(house, store, at, data)
    finally:
        await at.close()
        await house.close()
        await store.close()

"""Requests that a platform signs with a key of its certificate: fetched, followed to a trusted root, compared.

The order is the platforms' own: where the certificate may lie, then the chain at this very moment (also for one that
was fetched before), the name in it, the signature over the raw bytes. Only a chain whose signature was right is kept.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import contextlib
import datetime as dt
import posixpath
import re
import warnings
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from msgspec import Struct

from channels.speakers import Received

if TYPE_CHECKING:
    from cryptography import x509
    from cryptography.x509.verification import Store

FETCH_SECONDS = 3.0
MOST_CHAIN = 64 * 1024
"""Bytes of a certificate chain."""
KEPT = 8
"""Chains that are kept."""
ONE = re.compile(rb"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", re.DOTALL)
AT_ONCE = 4
"""Chains that are fetched at a time: whoever sends forged requests must not make us fetch without end."""


class Unproven(Exception):
    """The request is not the platform's."""


class Signer(Struct, frozen=True, kw_only=True):
    """Where a platform's certificates lie, whose they are, and how it signs."""

    url_header: str
    signature_header: str
    host: str
    any_case: bool
    """Whether capitals in the host don't matter."""
    path: str
    """What the certificate's path begins with."""
    subject: str
    """The name that the certificate must have, exactly."""
    sha1: bool = False
    """The platform still signs with SHA-1. Used for nothing else."""


class Chains:
    """The chains that were fetched and proven, by path."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], bytes] = {}
        self._places = asyncio.Semaphore(AT_ONCE)

    async def prove(self, received: Received, signer: Signer, settings: Mapping[str, Any], now: dt.datetime) -> None:
        """Unproven unless the platform signed these bytes."""
        urls, signatures = received.all(signer.url_header), received.all(signer.signature_header)
        if len(urls) != 1 or len(signatures) != 1:
            raise Unproven("one certificate and one signature are wanted")
        path = certificate_path(urls[0], signer)
        base = str(settings.get("cert_base") or f"https://{signer.host}")
        pem = self._kept.get((base, path)) or await self._fetch(base.rstrip("/") + path)
        leaf = _leaf(pem, signer, str(settings.get("trust_roots") or ""), now)
        _compare(leaf, signatures[0], received.raw, signer)
        self._kept[base, path] = pem
        while len(self._kept) > KEPT:
            del self._kept[next(iter(self._kept))]

    async def _fetch(self, url: str) -> bytes:
        import aiohttp

        limit = aiohttp.ClientTimeout(total=FETCH_SECONDS)
        try:
            async with (
                self._places,
                aiohttp.ClientSession(timeout=limit) as client,
                client.get(url, allow_redirects=False) as answer,
            ):
                if answer.status != 200:
                    raise Unproven(f"the certificate's place answers {answer.status}")
                pem = await answer.content.read(MOST_CHAIN + 1)
                while not answer.content.at_eof() and len(pem) <= MOST_CHAIN:
                    pem += await answer.content.read(MOST_CHAIN + 1 - len(pem))
        except (aiohttp.ClientError, TimeoutError) as error:
            raise Unproven(f"the certificate can't be fetched: {type(error).__name__}") from None
        if len(pem) > MOST_CHAIN:
            raise Unproven("the certificate is too big")
        return pem


def certificate_path(url: str, signer: Signer) -> str:
    """Where at its host the certificate lies. Unproven for any place that isn't the platform's."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise Unproven("the certificate's address is none") from None
    host, scheme = parts.netloc.rpartition(":")[0] if port else parts.netloc, url.partition(":")[0]
    if scheme.lower() != "https" or port not in (None, 443) or parts.query or parts.fragment:
        raise Unproven("the certificate's address is not the platform's")
    if any(one in url for one in "%\\@?# \t\r\n") or not url.isascii():
        raise Unproven("the certificate's address is not plain")
    if (host.lower() if signer.any_case else host) != signer.host:
        raise Unproven("the certificate's host is not the platform's")
    path = posixpath.normpath(parts.path)
    if path.startswith("//"):
        path = path[1:]
    if not path.startswith(signer.path):
        raise Unproven("the certificate's path is not the platform's")
    return path


@lru_cache(maxsize=4)
def _roots(file: str, changed: float) -> Store:
    """What is trusted: the roots in this file, or those that browsers trust."""
    import certifi
    from cryptography import x509
    from cryptography.x509.verification import Store

    roots = []
    for one in ONE.findall(Path(file or certifi.where()).read_bytes()):
        with warnings.catch_warnings(), contextlib.suppress(ValueError):  # an old root may have odd fields
            warnings.simplefilter("ignore")
            roots.append(x509.load_pem_x509_certificate(one))
    return Store(roots)


def _leaf(pem: bytes, signer: Signer, roots: str, now: dt.datetime) -> x509.Certificate:
    """The certificate that signs, once its chain leads to a root at this moment and it has the platform's name."""
    from cryptography import x509
    from cryptography.x509.verification import PolicyBuilder, VerificationError

    try:
        leaf, *between = x509.load_pem_x509_certificates(pem)
    except ValueError:
        raise Unproven("the certificate can't be read") from None
    store = _roots(roots, Path(roots).stat().st_mtime if roots else 0.0)
    verifier = PolicyBuilder().store(store).time(now).build_server_verifier(x509.DNSName(signer.subject))
    try:
        verifier.verify(leaf, between)
        names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (VerificationError, x509.ExtensionNotFound, ValueError) as error:
        raise Unproven(f"the certificate's chain is not trusted: {str(error)[:200]}") from None
    # A verifier of the web takes *.example for it, too; the platform wants its own name.
    if signer.subject not in names.get_values_for_type(x509.DNSName):
        raise Unproven("the certificate has another name")
    return leaf


def _compare(leaf: x509.Certificate, signature: str, raw: bytes, signer: Signer) -> None:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding, rsa

    key = leaf.public_key()
    if not isinstance(key, rsa.RSAPublicKey):
        raise Unproven("the certificate's key is no RSA key")
    try:
        given = base64.b64decode(signature, validate=True)
        key.verify(given, raw, padding.PKCS1v15(), hashes.SHA1() if signer.sha1 else hashes.SHA256())
    except (binascii.Error, ValueError, InvalidSignature):
        raise Unproven("the signature is wrong") from None

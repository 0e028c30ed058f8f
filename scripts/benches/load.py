"""A closed-loop load over loopback in a process of its own: `python -m scripts.benches.load PLAN.json`.

Every connection sends, waits for the answer, and sends the next thing at once. The same generator drives us, the bounds
and the peer, so that what it costs itself falls on all of them alike. Prints one JSON object.

A plan: {"url", "kind", "connections", "seconds", "said"?}; `kind` says how a connection speaks (KINDS); `said` is what
is said, over and over.
"""

from __future__ import annotations

import asyncio
import base64
import datetime as dt
import json
import os
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from scripts.benches.figures import micros, percentile

WARM = 0.5
"""Seconds before anything is counted."""
MOST_A_SECOND = 1_000
"""Requests that are signed beforehand for each second; whoever is quicker stops before its time."""
RECORDED = Path(__file__).parents[2] / "tests/recorded/speakers"
Requests = Iterator[bytes]


class WrongAnswerError(Exception):
    """A far end answered otherwise than it should: there is nothing to be measured then."""


def post(path: str, body: bytes, *headers: str) -> bytes:
    head = "".join(f"{one}\r\n" for one in ("Host: x", "Content-Type: application/json", *headers))
    return f"POST {path} HTTP/1.1\r\n{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


def frame(body: bytes) -> bytes:
    """A masked text frame of a client, its mask being nothing."""
    size = len(body)
    head = bytes([0x81, 0x80 | size]) if size < 126 else bytes([0x81, 0xFE]) + size.to_bytes(2, "big")
    return head + b"\0\0\0\0" + body


def upgrade(path: str, *headers: str) -> bytes:
    key = base64.b64encode(os.urandom(16)).decode()
    lines = ("Host: x", "Upgrade: websocket", "Connection: Upgrade", f"Sec-WebSocket-Key: {key}")
    return f"GET {path} HTTP/1.1\r\n{_lines(*lines, 'Sec-WebSocket-Version: 13', *headers)}\r\n".encode()


def _lines(*headers: str) -> str:
    return "".join(f"{one}\r\n" for one in headers)


# -- how a connection speaks -------------------------------------------------------------------------------------


def bound(plan: dict[str, Any], number: int) -> Requests:
    turn = 0
    while True:
        turn += 1
        yield post(plan["path"], b'{"session": "s%d", "text": "add two cartons of milk, turn %d"}' % (number, turn))


def bound_socket(plan: dict[str, Any], number: int) -> Requests:
    yield upgrade(plan["path"])
    turn = 0
    while True:
        turn += 1
        yield frame(b'{"session": "s%d", "text": "add two cartons of milk, turn %d"}' % (number, turn))


def bot(plan: dict[str, Any], number: int) -> Requests:
    talk = {"id": f"c{number}"}
    body = {
        "type": "message",
        "text": "milk",
        "channelId": "emulator",
        "serviceUrl": "http://127.0.0.1:1",
        "deliveryMode": "expectReplies",
        "locale": "en-us",
        "from": {"id": f"u{number}"},
        "recipient": {"id": "b"},
        "conversation": talk,
    }
    turn = 0
    while True:
        turn += 1
        yield post(plan["path"], json.dumps({**body, "id": str(turn)}).encode())


def api(plan: dict[str, Any], number: int) -> Requests:
    bearer = f"Authorization: Bearer {token(plan)}"
    for turn, said in enumerate(_over_and_over(plan["said"], number)):
        yield post(plan["path"], json.dumps({"id": f"t{turn}", "text": said}).encode(), bearer)


def socket(plan: dict[str, Any], number: int) -> Requests:
    yield upgrade(plan["path"], f"Authorization: Bearer {token(plan)}")
    for turn, said in enumerate(_over_and_over(plan["said"], number)):
        yield frame(json.dumps({"type": "say", "id": f"t{turn}", "text": said}).encode())


def alexa(plan: dict[str, Any], number: int) -> Requests:
    """Signed requests of a household, as many as can be answered in time; made before anything is measured."""
    key = serialization.load_pem_private_key(Path(plan["key"]).read_bytes(), None)
    assert isinstance(key, rsa.RSAPrivateKey)
    asked = json.loads((RECORDED / "alexa_intent_search_query.json").read_text(encoding="utf-8"))
    asked["session"]["user"]["userId"] = asked["context"]["System"]["user"]["userId"] = (
        f"household {os.getpid()} {number}"
    )
    made = []
    for turn, said in zip(range(plan["most"]), _over_and_over(plan["said"], number), strict=False):
        asked["request"] |= {
            "requestId": f"request {os.getpid()} {number} {turn}",
            "timestamp": dt.datetime.now(dt.UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
            "locale": "en-US",
            "intent": {
                "name": "SayIntent",
                "confirmationStatus": "NONE",
                "slots": {"words": {"name": "words", "value": said, "confirmationStatus": "NONE"}},
            },
        }
        raw = json.dumps(asked).encode()
        signature = base64.b64encode(key.sign(raw, padding.PKCS1v15(), hashes.SHA256())).decode()
        place = "SignatureCertChainUrl: https://s3.amazonaws.com/echo.api/echo-api-cert.pem"
        made.append(post(plan["path"], raw, place, f"Signature-256: {signature}"))
    return iter(made)


def _over_and_over(said: list[list[str]], number: int) -> Iterator[str]:
    while True:
        yield from said[number % len(said)]
        number += 1


def token(plan: dict[str, Any]) -> str:
    """A session of its own, made before anything is measured."""
    request = urllib.request.Request(f"http://{plan['host']}/api/v1/sessions", b"{}", method="POST")
    request.add_header("Content-Type", "application/json")
    with urllib.request.urlopen(request) as answer:
        return str(json.load(answer)["session"])


KINDS: dict[str, Callable[[dict[str, Any], int], Requests]] = {
    "bound": bound,
    "bound_socket": bound_socket,
    "bot": bot,
    "api": api,
    "alexa": alexa,
    "socket": socket,
}
SOCKETS = frozenset({"bound_socket", "socket"})


# -- the loop ----------------------------------------------------------------------------------------------------


class Client(asyncio.Protocol):
    """One connection."""

    def __init__(self, load: Load, requests: Requests, *, upgrades: bool) -> None:
        self.load, self.requests, self.upgraded, self.upgrades = load, requests, False, upgrades
        self.kept = b""
        self.sent = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: Any = transport
        self.send()

    def send(self) -> None:
        raw = next(self.requests, None) if time.perf_counter() < self.load.end else None
        if raw is None:
            self.transport.close()
            return
        self.sent = time.perf_counter()
        self.transport.write(raw)

    def data_received(self, data: bytes) -> None:
        kept = self.kept = self.kept + data if self.kept else data
        size = _socket_message(kept) if self.upgraded else _response(kept)
        if size == 0 or size > len(kept):
            return
        if self.upgrades and not self.upgraded:
            if b" 101 " not in kept[:20]:
                raise WrongAnswerError(kept[:300])
            self.upgraded = True
        else:
            now = time.perf_counter()
            if not self.upgraded and kept[9:11] != b"20":
                self.load.wrong = self.load.wrong or kept[:600]
            if self.upgraded and b'"error"' in kept[:60]:
                self.load.wrong = self.load.wrong or kept[:600]
            if self.sent > self.load.begin:
                self.load.took.append(now - self.sent)
                self.load.last = now
        self.kept = kept[size:]
        self.send()

    def connection_lost(self, exc: Exception | None) -> None:
        self.load.left()


def _socket_message(kept: bytes) -> int:
    """The size of the frame at the beginning; 0 where even that can't be told yet."""
    if len(kept) < 10:
        return 2 + kept[1] if len(kept) > 1 and kept[1] < 126 else 0
    size = kept[1]
    if size == 126:
        return 4 + int.from_bytes(kept[2:4], "big")
    return 10 + int.from_bytes(kept[2:10], "big") if size == 127 else 2 + size


def _response(kept: bytes) -> int:
    at = kept.find(b"\r\n\r\n")
    if at < 0:
        return 0
    head = kept[:at].lower()
    place = head.find(b"content-length:")
    return at + 4 + (int(head[place + 15 :].split(b"\r\n", 1)[0]) if place >= 0 else 0)


class Load:
    def __init__(self, plan: dict[str, Any]) -> None:
        self.plan = plan
        self.took: list[float] = []
        self.wrong = b""
        self.begin = self.end = self.last = 0.0

    async def go(self) -> dict[str, Any]:
        plan, loop = self.plan, asyncio.get_running_loop()
        parts = urlsplit(plan["url"])
        most = int(MOST_A_SECOND * (plan["seconds"] + WARM)) // plan["connections"] + 8
        plan = {**plan, "path": parts.path, "host": parts.netloc, "most": most}
        talks = [KINDS[plan["kind"]](plan, number) for number in range(plan["connections"])]
        first = [next(one) for one in talks]  # whatever must be made before is made now
        self.open, self.over = len(talks), loop.create_future()
        self.begin = time.perf_counter() + WARM
        self.end = self.begin + plan["seconds"]
        for one, request in zip(talks, first, strict=True):
            await loop.create_connection(
                lambda one=one, request=request: Client(self, _with(request, one), upgrades=plan["kind"] in SOCKETS),
                parts.hostname,
                parts.port,
            )
        await self.over
        if self.wrong or not self.took:
            raise WrongAnswerError(self.wrong or "nothing was answered in time")
        return {
            "turns": len(self.took),
            "per_second": round(len(self.took) / (min(self.end, self.last) - self.begin), 1),
            "p50_us": micros(percentile(self.took, 0.5)),
            "p99_us": micros(percentile(self.took, 0.99)),
        }

    def left(self) -> None:
        self.open -= 1
        if not self.open:
            self.over.set_result(None)


def _with(first: bytes, rest: Requests) -> Requests:
    yield first
    yield from rest


def main() -> None:
    plan = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    print(json.dumps(asyncio.run(Load(plan).go())))


if __name__ == "__main__":
    main()

"""What guards the web: who is let in, from where, how often; what browsers are told; what isn't even HTTP."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import os
import shutil
import sqlite3
import ssl
from collections.abc import AsyncIterator
from ipaddress import ip_address, ip_network
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from aiohttp import ClientError, WSServerHandshakeError
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from assistant.keys import Keys
from channels._depth import too_deep
from channels.http import guard, server
from tests.channels.serving import Served, serving

HERE = (ip_network("127.0.0.0/8"),)


@pytest.fixture
async def served(tmp_path: Path) -> AsyncIterator[Served]:
    async with serving(tmp_path) as one:
        yield one


async def raw(served: Served, sent: bytes) -> bytes:
    """What comes back on a bare connection until it is closed."""
    reader, writer = await asyncio.open_connection("127.0.0.1", int(served.url.rpartition(":")[2]))
    writer.write(sent)
    got = await asyncio.wait_for(reader.read(), 20)
    writer.close()
    return got


# -- browsers ----------------------------------------------------------------------------------------------------


async def test_the_page_gives_a_talk_as_a_cookie_that_no_script_can_read(served: Served) -> None:
    async with served.http.get(served.url) as answer:
        given = answer.headers["Set-Cookie"]
        assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(given.split("; ")) and "Secure" not in given
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "script-src 'self'" in policy and "unsafe" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    cookie = {"Cookie": given.partition(";")[0]}
    async with served.http.get(served.url, headers=cookie) as answer:
        assert "Set-Cookie" not in answer.headers
    same = {**cookie, "Origin": served.url, "Content-Type": "application/json"}
    said = {"method": "POST", "data": b'{"id": "1", "text": "two colas"}'}
    assert (await served.asks("/api/v1/turns", headers=same, **said))[0] == 200
    for other in ({"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}, {}):
        headers = {**cookie, "Content-Type": "application/json", **other}
        status, told = await served.asks("/api/v1/turns", headers=headers, **said)
        assert (status, told["error"]) == (403, "other_origin"), other
    status, told = await served.asks("/api/v1/sessions", method="POST", headers=same, data=b"{}")
    assert status == 201 and "session" not in told


async def test_a_socket_is_opened_by_our_own_page_only(served: Served) -> None:
    cookie = {"Cookie": f"voicetill={await served.token()}"}
    good = await served.http.ws_connect(f"{served.url}/ws", headers={**cookie, "Origin": served.url})
    await good.close()
    for headers in ({**cookie, "Origin": "https://evil.example"}, cookie, {"Origin": served.url}, {}):
        with pytest.raises(WSServerHandshakeError) as refused:
            await served.http.ws_connect(f"{served.url}/ws", headers=headers)
        assert refused.value.status in (401, 403)
    assert (await served.asks("/ws", await served.token()))[0] == 426


async def test_a_trial_payment_is_decided_on_our_page_only(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOICETILL_SANDBOX", "needs_buyer")
    served.front.channel.patience = 0.6
    token = await served.token()
    socket = await served.socket(token)
    await socket.receive_json()
    for said in ("two colas", "checkout", "eat in", "card"):
        await served.says(token, said)
        assert (await socket.receive_json())["type"] == "other"
    waiting = await served.says(token, "yes")
    link = waiting["order"]["payment"]["link"]
    assert link.startswith(f"{served.url}/pay/sandbox/") and waiting["private"][0]["value"] == link
    await socket.receive_json()
    async with served.http.post(link, data={"decide": "approve"}, headers={"Origin": "https://evil.example"}) as answer:
        assert answer.status == 403
    async with served.http.get(link) as answer:
        assert answer.status == 200 and "<form" in await answer.text()
    async with served.http.post(link, data={"decide": "approve"}, headers={"Origin": served.url}) as answer:
        assert answer.status == 200
    pushed = await asyncio.wait_for(socket.receive_json(), 20)
    assert pushed["type"] == "reply" and "Paid" in pushed["reply"]["text"]
    assert pushed["reply"]["order"]["payment"]["status"] == "paid"
    await socket.close()
    async with served.http.get(f"{served.url}/pay/sandbox/nothing") as answer:
        assert answer.status == 404


# -- proxies, rates, what is for the house alone -----------------------------------------------------------------


async def test_a_proxy_is_believed_only_where_it_is_trusted(tmp_path: Path) -> None:
    told = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "shop.example"}
    for nobody in ((), (ip_network("10.0.0.0/8"),)):
        async with (
            serving(tmp_path, trusted_proxies=nobody) as served,
            served.http.get(served.url, headers=told) as answer,
        ):
            assert "Secure" not in answer.headers["Set-Cookie"] and "Strict-Transport-Security" not in answer.headers
    async with serving(tmp_path, trusted_proxies=HERE) as served:
        async with served.http.get(served.url, headers=told) as answer:
            given = answer.headers["Set-Cookie"]
            assert given.startswith("__Host-voicetill=") and "Secure" in given.split("; ")
            assert answer.headers["Strict-Transport-Security"]
        cookie = {"Cookie": given.partition(";")[0], "Content-Type": "application/json", **told}
        said = {"method": "POST", "data": b'{"id": "1", "text": "two colas"}'}
        ours = {**cookie, "Origin": "https://shop.example"}
        assert (await served.asks("/api/v1/turns", headers=ours, **said))[0] == 200
        assert (await served.asks("/api/v1/turns", headers={**cookie, "Origin": served.url}, **said))[0] == 403
        async with served.http.get(f"{served.url}/metrics", headers=told) as answer:
            assert answer.status == 403
        status, health = await served.asks("/readyz", headers=told)
        assert (status, health) == (200, {"ready": True})


@pytest.mark.parametrize(
    ("forwarded", "address"),
    [
        ("", "127.0.0.1"),
        ("203.0.113.9", "203.0.113.9"),
        ("198.51.100.1, 203.0.113.9", "203.0.113.9"),
        ("203.0.113.9, 127.0.0.2", "203.0.113.9"),
        ("203.0.113.9:4711", "203.0.113.9"),
        ("[2001:db8::1]:4711", "2001:db8::1"),
        ("nonsense", "nonsense"),
        ("127.0.0.9", "127.0.0.9"),
    ],
)
def test_the_last_address_that_no_proxy_of_ours_has_counts(forwarded: str, address: str) -> None:
    class Request:
        remote, secure = "127.0.0.1", False

        class headers(dict[str, str]):
            @staticmethod
            def getall(name: str, default: tuple[str, ...]) -> list[str]:
                return [forwarded] if forwarded else []

        headers = headers(Host="x")  # type: ignore[assignment]

    request: Any = Request()
    assert guard.came_from(request, guard.Rules(trusted_proxies=HERE)).address == address


def test_a_household_of_ipv6_is_counted_as_one() -> None:
    assert guard.of_address("2001:db8::1") == guard.of_address("2001:db8::ffff") != guard.of_address("2001:db8:1::1")
    assert guard.of_address("192.0.2.1") != guard.of_address("192.0.2.2")
    rate = guard.Rate(60)
    assert [rate.wait("a", 0.0) > 0 for _ in range(20)].count(False) == 15 + 1
    assert rate.wait("b", 0.0) == 0 and rate.wait("a", 5.0) == 0
    for number in range(guard.KEPT + 10):
        rate.wait(f"key {number}", 6.0)
    assert len(rate._due) == guard.KEPT


async def test_who_asks_too_often_waits(tmp_path: Path) -> None:
    async with serving(tmp_path, rate_session=40) as served:
        ana, bo = await served.token(), await served.token()
        turn = {"id": "1", "text": "help"}
        answers = [await served.asks("/api/v1/turns", ana, method="POST", json=turn) for _ in range(14)]
        assert [status for status, _ in answers].count(200) < 14 and answers[-1][0] == 429
        assert "try again" in answers[-1][1]["message"]
        assert (await served.asks("/api/v1/turns", bo, method="POST", json=turn))[0] == 200
    async with serving(tmp_path, rate_address=60, rate_session=0) as served:
        ana = await served.token()
        long = {"id": "1", "text": "help " * 2_000}  # 10,000 letters take as long as ten short requests
        assert (await served.asks("/api/v1/turns", ana, method="POST", json=long))[0] == 200
        assert [(await served.asks("/api/v1/shop"))[0] for _ in range(9)][-1] == 429
    async with serving(tmp_path, rate_address=40, rate_session=0) as served:
        socket = await served.socket(await served.token())  # many sockets are one address as well
        assert (await socket.receive_json())["type"] == "welcome"
        for name in range(14):
            await socket.send_json({"type": "say", "id": str(name), "text": "help"})
        told = [await socket.receive_json() for _ in range(14)]
        assert 0 < len([one for one in told if one.get("error") == "too_many"]) < 14
        await socket.close()
    async with serving(tmp_path, rate_address=40) as served:
        statuses = [(await served.asks("/api/v1/shop"))[0] for _ in range(14)]
        assert statuses[-1] == 429
        assert (await served.asks("/hooks/nobody", method="POST", data=b"{}"))[0] == 404


async def test_a_notification_that_is_not_taken_is_refused_in_json(served: Served) -> None:
    for provider, status in (("sandbox", 400), ("nobody", 404)):
        found, told = await served.asks(f"/hooks/{provider}", method="POST", data=b"{}")
        assert found == status and told["error"] and told["message"]


async def test_measurements_and_health(served: Served) -> None:
    await served.says(await served.token(), "two colas")
    assert (await served.asks("/readyz"))[1]["parts"]["store"] == ""
    async with served.http.get(f"{served.url}/metrics") as answer:
        told = await answer.text()
    assert 'voicetill_turn_seconds_count{way="api"} 1.0' in told and 'voicetill_well{part="store"} 1.0' in told
    assert 'voicetill_http_answers_total{route="/api/v1/turns",status="200"} 1.0' in told


async def test_whoever_looks_after_the_server_is_told_at_once_that_the_store_is_locked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "QUICK", 0.2)
    async with serving(tmp_path) as served:
        assert (await served.asks("/readyz"))[0] == 200
        with contextlib.closing(sqlite3.connect(tmp_path / "voicetill.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            assert (await served.asks("/healthz"))[0] == 200
            for _ in range(3):  # it is asked once, and all are told
                status, told = await served.asks("/readyz")
                assert status == 503 and "no answer" in told["parts"]["store"]
            async with served.http.get(f"{served.url}/metrics") as answer:
                assert 'voicetill_well{part="store"} 0.0' in await answer.text()
            other.execute("ROLLBACK")
        while (await served.asks("/readyz"))[0] != 200:
            await asyncio.sleep(0.05)


async def test_a_full_disk_is_told_before_somebody_s_turn_is_lost_to_it(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: SimpleNamespace(free=0))
    status, told = await served.asks("/readyz")
    assert status == 503 and "no room left" in told["parts"]["store"]
    async with served.http.get(f"{served.url}/metrics") as answer:
        assert 'voicetill_well{part="store"} 0.0' in await answer.text()
    monkeypatch.setattr(Keys, "_make", lambda keys: os.open("/dev/full/x", os.O_WRONLY))
    status, told = await served.asks("/api/v1/code", await served.token(), method="POST")
    assert (status, told["error"]) == (503, "busy")


# -- what is hardly a request ------------------------------------------------------------------------------------


async def test_what_is_no_http_is_refused_in_json(served: Served) -> None:
    long = b"GET / HTTP/1.1\r\nHost: x\r\nX-Long: " + b"x" * 20_000 + b"\r\n\r\n"
    many = b"GET / HTTP/1.1\r\nHost: x\r\n" + b"".join(b"X-%d: x\r\n" % one for one in range(1000)) + b"\r\n"
    twice = b"POST /api/v1/turns HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}"
    chunk = b"POST /api/v1/turns HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"
    for sent in (b"GARBAGE\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n", long, many, twice, chunk):
        got = await raw(served, sent)
        assert got.startswith((b"HTTP/1.0 4", b"HTTP/1.1 4")), (sent[:40], got[:200])
        assert b'{"error":' in got, (sent[:40], got)


async def test_a_body_that_never_comes_is_not_waited_for(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "LATE", 0.2)
    json, form = "application/json", "application/x-www-form-urlencoded"
    for path, kind in (
        ("/api/v1/turns", json),
        ("/page/qr", "text/plain"),
        ("/sign-in", form),
        ("/pay/sandbox/x", form),
    ):
        head = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\nContent-Type: {kind}\r\n"
        got = await raw(served, f"{head}Connection: close\r\n\r\n{{".encode())
        assert got.startswith(b"HTTP/1.1 408"), path


async def test_what_is_wrong_with_a_form_is_told(served: Served, caplog: pytest.LogCaptureFixture) -> None:
    form = "application/x-www-form-urlencoded"
    part = b'--b\r\nContent-Disposition: form-data; name="decide"\r\n\r\napprove\r\n--b--\r\n'
    for path in ("/sign-in", "/pay/sandbox/x"):
        for kind, body, status in (
            (f"{form}; charset=utf-99", b"decide=%ff", (400, 404)),
            (form, b"a&" * 60_000, (400,)),
            (form, b"decide=approve&decide=decline", (400,)),
            (form, b"decide=\xff", (400,)),
            ("multipart/form-data; boundary=b", part, (415,)),
            ("multipart/form-data; boundary=b", part[:-9], (415,)),
            ("multipart/form-data", part, (415,)),
        ):
            async with served.http.post(served.url + path, data=body, headers={"Content-Type": kind}) as answer:
                assert answer.status in status, (path, kind, body[:20], answer.status)
    for sent in (b"POST /page/qr HTTP/1.1\r\nHost: x\r\nExpect: x\r\n", b"GET / HTTP/1.1\r\nHost: x\r\nExpect: x\r\n"):
        got = await raw(served, sent + b"Connection: close\r\n\r\n")
        assert got.startswith(b"HTTP/1.1 417") and b'{"error":' in got
    bad = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    assert (await served.asks("/page/qr", method="POST", data=b"no gzip", headers=bad))[0] == 400
    assert not [one for one in caplog.records if one.levelname == "ERROR"]  # nothing of it was our doing


async def test_there_is_room_for_so_many_connections(tmp_path: Path) -> None:
    async with serving(tmp_path, most_connections=16) as served:
        port = int(served.url.rpartition(":")[2])
        there = [await asyncio.open_connection("127.0.0.1", port) for _ in range(16)]
        await asyncio.sleep(0.1)
        with pytest.raises((ClientError, OSError)):
            await served.asks("/healthz")
        for _, writer in there:
            writer.close()
            await writer.wait_closed()
        for _ in range(100):
            if not served.front.connections:
                break
            await asyncio.sleep(0.02)
        assert (await served.asks("/healthz"))[0] == 200


def test_depth_is_seen_before_it_is_parsed() -> None:
    assert too_deep(b"[" * 65) and not too_deep(b"[" * 64 + b"]" * 64)
    assert not too_deep(b'{"a": "' + b"[{" * 500 + b'"}') and not too_deep(b"[]" * 500)
    assert too_deep(b'{"\\"": ' + b"[" * 65 + b'"') and too_deep(b'["\\\\",' + b"[" * 65)


# -- TLS ---------------------------------------------------------------------------------------------------------


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate of its own making for 127.0.0.1, and its key."""
    key, now = ec.generate_private_key(ec.SECP256R1()), dt.datetime.now(dt.UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "shop")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    cert, secret = folder / "cert.pem", folder / "key.pem"
    cert.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return cert, secret


async def test_it_speaks_https_with_a_certificate(tmp_path: Path) -> None:
    cert, key = certificate(tmp_path)
    async with serving(tmp_path, tls_cert=cert, tls_key=key) as served:
        assert served.url.startswith("https://127.0.0.1:")
        trusting = ssl.create_default_context(cafile=str(cert))
        async with served.http.get(served.url, ssl=trusting) as answer:
            assert answer.headers["Set-Cookie"].startswith("__Host-voicetill=")
            assert "Secure" in answer.headers["Set-Cookie"] and answer.headers["Strict-Transport-Security"]
        plain = await raw(served, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert b"200" not in plain[:20]


@pytest.mark.parametrize(
    ("sent", "ours"),
    [
        ({"Origin": "https://shop.example"}, True),
        ({"Origin": "HTTPS://SHOP.EXAMPLE"}, True),
        ({"Origin": "https://evil.example", "Sec-Fetch-Site": "same-origin"}, False),
        ({"Origin": "null", "Sec-Fetch-Site": "same-origin"}, True),  # a form of a page that hides its address
        ({"Origin": "null", "Sec-Fetch-Site": "cross-site"}, False),
        ({"Origin": "null"}, False),
        ({"Sec-Fetch-Site": "none"}, True),  # typed by the person
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({}, True),  # no browser
        ({"Cookie": "voicetill=x"}, False),
        ({"Cookie": "voicetill=x", "Sec-Fetch-Site": "same-origin"}, True),
    ],
)
def test_what_a_browser_sends_from_a_page_of_ours(sent: dict[str, str], ours: bool) -> None:
    request: Any = type("Request", (), {"headers": sent})
    assert guard.same_origin(request, ("https://shop.example",)) is ours


def test_a_session_is_ours_only_with_our_own_seal(tmp_path: Path) -> None:
    seals = guard.Seals(tmp_path)
    token = seals.new()
    session, _, seal = token.rpartition(".")
    assert seals.session(token) == session and guard.Seals(tmp_path).session(token) == session, "also after a restart"
    other = guard.Seals(None).sealed(session)
    for forged in (
        "",
        session,
        f"{session}.",
        f".{seal}",
        f"{session}x.{seal}",
        f"terminal.{seal}",
        f"{token}é",
        other,
    ):
        assert seals.session(forged) is None, forged

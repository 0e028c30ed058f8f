"""`voicetill serve` as a process: where it says it is, how it stops, what it refuses to start with."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import threading
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.newcomer import COMMAND

from .conftest import Run

LONGEST = 60.0


class Server:
    """A running one."""

    def __init__(self, env: dict[str, str], home: Path, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [*COMMAND, "serve", "--port", "0", "--data", "data", *arguments],
            stderr=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=env,
            cwd=home,
        )
        assert self.process.stderr is not None
        killer = threading.Timer(LONGEST, self.process.kill)
        killer.start()
        self.said = self.process.stderr.readline()
        killer.cancel()
        found = re.search(r"https?://[^ )]+", self.said)
        assert found, self.said
        self.url = found[0]

    def get(self, path: str) -> dict[str, object]:
        with urllib.request.urlopen(self.url + path, timeout=LONGEST) as answer:
            told: dict[str, object] = json.load(answer)
        return told

    def post(self, path: str, body: dict[str, object], token: str = "") -> dict[str, object]:
        headers = {"Content-Type": "application/json", **({"Authorization": f"Bearer {token}"} if token else {})}
        request = urllib.request.Request(self.url + path, json.dumps(body).encode(), headers)
        with urllib.request.urlopen(request, timeout=LONGEST) as answer:
            told: dict[str, object] = json.load(answer)
        return told

    def stop(self, by: int = signal.SIGTERM) -> int:
        self.process.send_signal(by)
        out, err = self.process.communicate(timeout=LONGEST)
        assert out == "" and "Traceback" not in err
        return self.process.returncode


@pytest.fixture
def server(env: dict[str, str], tmp_path: Path) -> Iterator[Server]:
    one = Server(env, tmp_path)
    yield one
    if one.process.poll() is None:
        one.process.kill()
        one.process.communicate()


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGINT])
def test_it_says_where_it_is_and_stops_in_good_order(server: Server, by: int) -> None:
    assert server.url.startswith("http://127.0.0.1:")
    assert server.get("/healthz") == {"alive": True}
    assert server.get("/readyz")["ready"] is True
    assert server.stop(by) == 0


def test_a_stop_finishes_the_turns(env: dict[str, str], tmp_path: Path) -> None:
    """A payment takes two seconds; the server is told to stop meanwhile, and its reply still comes."""
    one = Server({**env, "VOICETILL_SANDBOX_DELAY": "2"}, tmp_path)
    token = str(one.post("/api/v1/sessions", {})["session"])
    for number, said in enumerate(("two colas", "checkout", "eat in", "card")):
        one.post("/api/v1/turns", {"id": str(number), "text": said}, token)
    paid: list[dict[str, object]] = []
    asking = threading.Thread(
        target=lambda: paid.append(one.post("/api/v1/turns", {"id": "yes", "text": "yes"}, token))
    )
    asking.start()
    threading.Event().wait(0.7)
    assert one.stop() == 0
    asking.join(LONGEST)
    assert str(paid[0]["text"]).startswith("Paid, thank you.")


def test_a_talk_goes_on_after_a_restart(env: dict[str, str], tmp_path: Path) -> None:
    one = Server(env, tmp_path)
    token = str(one.post("/api/v1/sessions", {})["session"])
    one.post("/api/v1/turns", {"id": "1", "text": "two colas"}, token)
    one.process.kill()
    one.process.communicate()
    two = Server(env, tmp_path)
    reply = two.post("/api/v1/turns", {"id": "2", "text": "and a water"}, token)
    assert [line["quantity"] for line in reply["order"]["lines"]] == [2, 1]  # type: ignore[index]
    assert two.stop() == 0


def test_what_it_does_not_start_with(voicetill: Run, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        said = voicetill("serve", "--port", port, "--data", "data").refused()
        assert port in said and "--port" in said
    (tmp_path / "bad.pem").write_text("no certificate")
    keys = {"VOICETILL_WEB_TLS_CERT": "bad.pem", "VOICETILL_WEB_TLS_KEY": "bad.pem"}
    assert "bad.pem" in voicetill("serve", "--port", "0", "--data", "data", **keys).refused()
    assert "tls_key" in voicetill("serve", "--data", "data", VOICETILL_WEB_TLS_CERT="bad.pem").refused()
    keys["VOICETILL_WEB_TLS_CERT"] = "nowhere.pem"
    assert "nowhere.pem" in voicetill("serve", "--port", "0", "--data", "data", **keys).refused()
    for key, value in (("trusted_proxies", "everyone"), ("public_url", "shop.example"), ("rate_address", "-1")):
        said = voicetill("serve", "--data", "data", **{f"VOICETILL_WEB_{key.upper()}": value}).refused()
        assert key in said

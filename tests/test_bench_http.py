"""`scripts/bench http`: its arguments, its generator of load against a real server, and what is made of the figures."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from scripts.benches import __main__ as bench
from scripts.benches import load, web
from tests.channels.serving import serving


def test_a_folder_of_peers_must_have_the_bounds(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        bench.arguments(["http", "--peers", str(tmp_path)])
    assert f"there is no turn_server.py in {tmp_path}" in capsys.readouterr().err
    (tmp_path / "turn_server.py").touch()
    given = bench.arguments(["http", "--peers", str(tmp_path), "--items", "1000"])
    assert (given.what, given.items, bench.arguments(["http"]).items) == ("http", 1000, 100_000)


def test_answers_are_seen_to_their_end() -> None:
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: x\r\nContent-Length: 5\r\n\r\nhello"
    assert load._response(answer) == len(answer) and load._response(answer[:30]) == 0
    assert load._response(answer[:-3]) > len(answer) - 3
    assert load._response(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n") == 56
    for size in (5, 200, 70_000):
        head = bytes([size]) if size < 126 else b"\x7e" + size.to_bytes(2, "big") if size < 65536 else b""
        raw = b"\x81" + (head or b"\x7f" + size.to_bytes(8, "big")) + b"x" * size
        assert load._socket_message(raw) == len(raw)
    assert load._socket_message(b"\x81") == 0


@pytest.mark.parametrize("kind", ["api", "socket"])
async def test_the_load_talks_to_a_real_server(kind: str, tmp_path: Path) -> None:
    async with serving(tmp_path, rate_address=0, rate_session=0) as served:
        path = {"api": "/api/v1/turns", "socket": "/ws"}[kind]
        said = [["two colas", "how much is the latte", "take the colas off"]]
        plan = {"kind": kind, "url": served.url + path, "connections": 3, "seconds": 0.5, "said": said}
        (tmp_path / "plan.json").write_text(json.dumps(plan), encoding="utf-8")
        command = (sys.executable, "-m", "scripts.benches.load", str(tmp_path / "plan.json"))
        child = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
        out, _ = await asyncio.wait_for(child.communicate(), 60)
        found = json.loads(out)
        assert found["turns"] > 3 and found["per_second"] > 0 and found["p50_us"] <= found["p99_us"]
        told = served.front.measures.exposition({}).decode()
        assert f'voicetill_turn_seconds_count{{way="{kind}"}}' in told


def test_ratios_are_of_one_round() -> None:
    def cell(*rates: float) -> list[dict[str, Any]]:
        return [{"per_second": one, "p50_us": 1e6 / one} for one in rates]

    found = {f"{name} {count}": cell(100.0, 50.0) for count in web.CONVERSATIONS for name in ("API", "WebSocket")}
    found |= {f"FULL, grouped {count}": cell(400.0, 100.0) for count in web.CONVERSATIONS}
    ratios = web.ratios_of(found)
    spread, reach, aim = ratios["API / FULL, grouped at 32"]
    assert (spread.values, reach, aim) == ([0.25, 0.5], "≥ 0.15", "0.35")
    assert ratios["API's p50 / FULL, grouped's at 1"][0].values == [4.0, 2.0]
    assert "API / Bot Framework at 32" not in ratios and "WebSocket / API at 256" in ratios

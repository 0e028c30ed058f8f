"""`scripts/bench http`: turns over the API, the WebSocket and Alexa's webhook beside the bounds of a server that only
writes, and beside Bot Framework; start-up, and what idle WebSockets take.

The bounds and the peer are given (a folder with turn_server.py and botbuilder_server.py). Every server runs the whole
time; the rounds go over them, with one generator of load for all.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from scripts.benches import peer
from scripts.benches.figures import Spread
from scripts.benches.load import token, upgrade
from scripts.benches.rounds import Cell, Row, ratio, rounds, say, shown, table, with_spread, worker
from scripts.benches.start import command

BOUNDS = "turn_server.py"
BOT = "botbuilder_server.py"
CONVERSATIONS = (1, 32, 256)
ITEMS = 100_000
IDLE = 1_000
LONGEST = 300.0
"""Seconds until a server that can't be reached has failed; a catalogue of this size is read for a minute or more."""


@contextlib.contextmanager
def process(*arguments: object, **more: Any) -> Iterator[subprocess.Popen[str]]:
    """A server that is stopped at the end."""
    child = subprocess.Popen([str(one) for one in arguments], text=True, **more)
    try:
        yield child
    finally:
        child.send_signal(signal.SIGTERM)
        try:
            child.wait(30)
        except subprocess.TimeoutExpired:
            child.kill()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as one:
        port: int = one.getsockname()[1]
        return port


def reached(url: str, child: subprocess.Popen[str]) -> None:
    """Wait until it answers."""
    until = time.perf_counter() + LONGEST
    while time.perf_counter() < until and child.poll() is None:
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=1):
            return
        time.sleep(0.005)
    raise subprocess.CalledProcessError(child.returncode or 1, child.args)


@contextlib.contextmanager
def ours(items: int, data: Path | None) -> Iterator[tuple[dict[str, Any], int]]:
    """Our server: what it tells of itself, and its process."""
    where = ("--data", data) if data else ()
    with process(
        sys.executable, "-m", "scripts.benches.served", "--items", items, *where, stdout=subprocess.PIPE
    ) as child:
        assert child.stdout is not None
        line = child.stdout.readline()
        if not line:
            raise subprocess.CalledProcessError(child.wait(), child.args)
        yield json.loads(line), child.pid


@contextlib.contextmanager
def bounds(folder: Path, data: Path | None) -> Iterator[str]:
    port = free_port()
    env = {**os.environ, **({"TURNS_DIR": str(data)} if data else {})}
    with process(sys.executable, folder / BOUNDS, "--port", port, env=env) as child:
        reached(f"http://127.0.0.1:{port}/stats", child)
        yield f"127.0.0.1:{port}"


@contextlib.contextmanager
def bot(folder: Path) -> Iterator[str]:
    port = free_port()
    with process(peer.environment(), folder / BOT, "--port", port) as child:
        until = time.perf_counter() + LONGEST
        while time.perf_counter() < until and child.poll() is None:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 0.2):
                break
            time.sleep(0.05)
        yield f"127.0.0.1:{port}"


def load(plan: dict[str, Any], folder: Path) -> Row:
    path = folder / "plan.json"
    path.write_text(json.dumps(plan), encoding="utf-8")
    return worker("load", path)


# -- the measurement ---------------------------------------------------------------------------------------------


def http(given: argparse.Namespace) -> Row:
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="voicetill-bench-")))
        say(f"a shop with {given.items:,} goods opens; that takes a while")
        house, _ = stack.enter_context(ours(given.items, given.data))
        where = urlsplit(house["url"]).netloc
        said = {"said": house["said"]}
        targets: dict[str, dict[str, Any]] = {
            "API": {"kind": "api", "url": f"http://{where}/api/v1/turns", **said},
            "WebSocket": {"kind": "socket", "url": f"http://{where}/ws", **said},
            "Alexa": {"kind": "alexa", "url": f"http://{where}/speakers/alexa", **said, "key": house["key"]},
        }
        if given.peers:
            bound = stack.enter_context(bounds(given.peers, given.data))
            targets |= {
                "bare": {"kind": "bound", "url": f"http://{bound}/hello"},
                "NORMAL, a commit each": {"kind": "bound", "url": f"http://{bound}/normal"},
                "FULL, grouped": {"kind": "bound", "url": f"http://{bound}/group"},
                "WebSocket, FULL, grouped": {"kind": "bound_socket", "url": f"http://{bound}/wsgroup"},
            }
            if (given.peers / BOT).is_file():
                there = stack.enter_context(bot(given.peers))
                targets["Bot Framework"] = {"kind": "bot", "url": f"http://{there}/api/messages"}
        cells: list[Cell] = []
        for count in CONVERSATIONS:
            for name, target in targets.items():
                plan = {**target, "connections": count, "seconds": given.seconds}
                cells.append((f"{name} {count}", partial(load, plan, folder)))
        found = rounds(cells, given.rounds)
    table(
        f"Turns over HTTP, {given.items:,} goods",
        ("", "per s", "", "p50 ms", "p99 ms"),
        [
            (
                name,
                *with_spread(rows, "per_second", 0),
                shown(rows, "p50_us", 2, 1000),
                shown(rows, "p99_us", 2, 1000),
            )
            for name, rows in found.items()
        ],
    )
    ratios = ratios_of(found)
    started = starting(given)
    if given.peers:
        ratios["start / the bare server's"] = (ratio(started["ours"], started["bare"], "ms"), "≤ 3", "")
    idle = idling(given)
    table(
        "Ratios, round by round",
        ("", "median", "least to most", "reach", "aim"),
        [
            (name, f"{one.median:.2f}", f"{min(one.values):.2f} to {max(one.values):.2f}", reach, aim)
            for name, (one, reach, aim) in ratios.items()
        ],
    )
    table(
        "Start and memory",
        ("", "", "reach"),
        [
            *((f"start, {name}, ms", shown(rows, "ms", 0), "") for name, rows in started.items()),
            ("our server, MB", f"{idle['before_mb']:.0f}", ""),
            (f"with {IDLE:,} idle WebSockets, MB", f"{idle['with_mb']:.0f}", "≤ 150"),
        ],
    )
    return {
        "cells": found,
        "ratios": {name: one.as_json() for name, (one, _, _) in ratios.items()},
        "start": started,
        "idle": idle,
    }


def ratios_of(found: dict[str, list[Row]]) -> dict[str, tuple[Spread, str, str]]:
    """(ratio, what is to be reached, what is aimed at) by name."""
    ratios: dict[str, tuple[Spread, str, str]] = {}

    def put(name: str, one: str, other: str, count: int, reach: str, aim: str = "") -> None:
        if {f"{one} {count}", f"{other} {count}"} <= found.keys():
            ratios[f"{name} at {count}"] = (ratio(found[f"{one} {count}"], found[f"{other} {count}"]), reach, aim)

    for count in CONVERSATIONS[1:]:
        put("API / FULL, grouped", "API", "FULL, grouped", count, "≥ 0.15", "0.35")
        put("API / Bot Framework", "API", "Bot Framework", count, "≥ 2", "6")
        put("WebSocket / API", "WebSocket", "API", count, "≥ 1.3")
        put("Alexa / API", "Alexa", "API", count, "≥ 0.5")
    one = CONVERSATIONS[0]
    if f"FULL, grouped {one}" in found:
        spread = ratio(found[f"API {one}"], found[f"FULL, grouped {one}"], "p50_us")
        ratios["API's p50 / FULL, grouped's at 1"] = (spread, "≤ 3", "")
    return ratios


def starting(given: argparse.Namespace) -> dict[str, list[Row]]:
    """From the command to the first answer, in turns. The first start, which makes the data folder, is not counted."""
    found: dict[str, list[Row]] = {"ours": []}
    with tempfile.TemporaryDirectory(prefix="voicetill-bench-", dir=given.data) as folder:

        def serve(port: int) -> list[str]:
            return command("serve", "--port", str(port), "--data", folder)

        kinds: dict[str, tuple[Callable[[int], list[str]], str]] = {"ours": (serve, "/healthz")}
        if given.peers:
            kinds["bare"] = (lambda port: [sys.executable, str(given.peers / BOUNDS), "--port", str(port)], "/stats")
            found["bare"] = []
        for number in range(max(3, given.rounds) + 1):
            for name, (make, path) in kinds.items():
                port = free_port()
                began = time.perf_counter()
                with process(*make(port), stderr=subprocess.DEVNULL) as child:
                    reached(f"http://127.0.0.1:{port}{path}", child)
                    took = time.perf_counter() - began
                if number:
                    found[name].append({"ms": round(took * 1000, 1)})
    return found


def idling(given: argparse.Namespace) -> dict[str, float]:
    """What `voicetill serve` has in memory, and with so many WebSockets at which nobody says anything."""
    with tempfile.TemporaryDirectory(prefix="voicetill-bench-", dir=given.data) as folder:
        port, unlimited = free_port(), {"VOICETILL_WEB_RATE_ADDRESS": "0"}
        arguments = command("serve", "--port", str(port), "--data", folder)
        with process(*arguments, stderr=subprocess.DEVNULL) as first:  # it makes the data folder's files
            reached(f"http://127.0.0.1:{port}/healthz", first)
        with process(*arguments, stderr=subprocess.DEVNULL, env={**os.environ, **unlimited}) as child:
            reached(f"http://127.0.0.1:{port}/healthz", child)
            before = _memory(child.pid)
            return {"before_mb": before, "with_mb": asyncio.run(_idle(port, child.pid))}


async def _idle(port: int, server: int) -> float:
    plan = {"host": f"127.0.0.1:{port}"}
    doors = []
    for _ in range(IDLE):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(upgrade("/ws", f"Authorization: Bearer {await asyncio.to_thread(token, plan)}"))
        await reader.readuntil(b"\r\n\r\n")
        doors.append(writer)
    await asyncio.sleep(1)
    taken = _memory(server)
    for one in doors:
        one.close()
    return taken


def _memory(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return round(pages * os.sysconf("SC_PAGE_SIZE") / 2**20, 1)

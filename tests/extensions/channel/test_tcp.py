"""The TCP channel: a talk over a real socket, and how the contract's talks go over one."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

from assistant.discovery import find
from assistant.turns import House
from tests.drivers import PATIENCE, Answer

HERE = Path(__file__).parent
EXTENSIONS = HERE.parent
COMMAND = [sys.executable, "-c", "from assistant.cli import main; main()"]


class Driver:
    """A client of its own for each session."""

    async def open(self, house: House, language: str, patience: float) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.language, self.wires = language, dict[str, Any]()
        self.running = asyncio.create_task(find("channel", "tcp").run(house, {"port": str(self.port)}))

    async def wire(self, session: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        while session not in self.wires:
            try:
                self.wires[session] = await asyncio.open_connection("127.0.0.1", self.port, limit=1 << 22)
            except ConnectionRefusedError:
                await asyncio.sleep(0.01)
        found: tuple[asyncio.StreamReader, asyncio.StreamWriter] = self.wires[session]
        return found

    async def say(self, session: str, text: str | bytes) -> Answer:
        known = session in self.wires
        reader, writer = await self.wire(session)
        said = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
        row = {"say": said, "session": session} | ({} if known else {"language": self.language})
        writer.write(json.dumps(row).encode() + b"\n")
        return await self.answer(reader)

    async def again(self, session: str) -> Answer | None:
        return None

    async def news(self, session: str) -> Answer:
        return await self.answer((await self.wire(session))[0])

    async def answer(self, reader: asyncio.StreamReader) -> Answer:
        row = json.loads(await asyncio.wait_for(reader.readline(), PATIENCE))
        return Answer(row["speech"], row["text"], tuple(row["choices"]))

    async def close(self) -> None:
        for _reader, writer in self.wires.values():
            writer.close()
        self.running.cancel()
        await asyncio.gather(self.running, return_exceptions=True)


DRIVER = Driver


def test_an_order_is_paid_over_a_socket(tmp_path: Path) -> None:
    """With the real command in a process of its own: plain lines and JSON lines, until the order is paid."""
    kept = {key: one for key, one in os.environ.items() if not key.startswith("VOICETILL_")}
    server = subprocess.Popen(
        [*COMMAND, "channel", "tcp", "--shop", "corner-shop", "--data", str(tmp_path), "--option", "talks=1"],
        env={**kept, "HOME": str(tmp_path), "VOICETILL_EXTENSIONS": str(EXTENSIONS), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        cwd=HERE.parents[2],
        text=True,
    )
    assert server.stdout is not None
    try:
        port = int(server.stdout.readline().rpartition(":")[2])
        rows = []
        with socket.create_connection(("127.0.0.1", port), PATIENCE) as wire, wire.makefile("rw") as lines:
            for said in (
                '{"say": 3}',
                "two chocolate bars",
                "checkout",
                json.dumps({"say": "pickup", "id": "third"}),
                "Ana, 555 0134",
                "no",
                "card",
                "yes",
            ):
                lines.write(said + "\n")
                lines.flush()
                rows.append(json.loads(lines.readline()))
        assert server.wait(PATIENCE) == 0
    finally:
        server.kill()
        server.wait()
    assert "can't read that line" in rows[0]["error"]
    assert "two chocolate" in rows[1]["speech"].lower() and rows[3]["turn"] == "third"
    assert rows[-1]["views"][-1]["data"]["payment"]["charges"] == 1
    assert len({row["session"] for row in rows[1:]}) == 1

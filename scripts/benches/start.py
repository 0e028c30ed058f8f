"""How long a person waits after typing the command: for the help, and for the first prompt at a terminal."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PROMPT = "▷".encode()
LONGEST = 60.0
"""Seconds after which a start has failed."""
COMMAND = Path(sys.executable).with_name("voicetill")


def command(*arguments: str) -> list[str]:
    """As scripts/run starts it: by this environment's Python."""
    return [sys.executable, str(COMMAND), *arguments]


def help_ms() -> float:
    began = time.perf_counter()
    subprocess.run(command("--help"), check=True, stdout=subprocess.DEVNULL)
    return (time.perf_counter() - began) * 1000


def prompt_ms(data: Path) -> float:
    """From the command to the first prompt of a chat at a terminal."""
    began = time.perf_counter()
    child, terminal = pty.fork()
    if child == 0:
        os.environ["TERM"] = "xterm"
        os.execv(sys.executable, command("chat", "--shop", "burger-bar", "--lang", "en", "--data", str(data)))
    seen = b""
    try:
        while PROMPT not in seen:
            left = began + LONGEST - time.perf_counter()
            if left <= 0 or not select.select([terminal], [], [], left)[0]:
                raise TimeoutError(f"no prompt came in {LONGEST:.0f} s; what came: {seen!r}")
            piece = os.read(terminal, 4096)
            if not piece:
                raise ChildProcessError(f"the chat ended before it asked anything; what came: {seen!r}")
            seen += piece
        took = (time.perf_counter() - began) * 1000
        os.write(terminal, b"\x04")
        while select.select([terminal], [], [], LONGEST)[0]:
            try:
                if not os.read(terminal, 4096):
                    break
            except OSError:  # Linux: the other side is closed
                break
    finally:
        os.close(terminal)
        os.waitpid(child, 0)
    return took


def start(rounds: int) -> dict[str, list[float]]:
    """The first start, which makes the data folder's files, is not counted; each round has one of either."""
    with tempfile.TemporaryDirectory(prefix="voicetill-bench-") as folder:
        help_ms(), prompt_ms(Path(folder))
        pairs = [(help_ms(), prompt_ms(Path(folder))) for _ in range(rounds)]
    return {"help_ms": [one for one, _ in pairs], "first_prompt_ms": [other for _, other in pairs]}

"""The peer in the same rounds: a Bot Framework waterfall that keeps its state in memory.

Its script is given (a folder with peers_bench.py); it runs in an environment of its own, made once in the user's cache
folder, because its packages are none of ours.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import platformdirs

PACKAGES = ("botbuilder-core", "botbuilder-dialogs", "botbuilder-integration-aiohttp")
SCRIPT = "peers_bench.py"
ENGINE = "botbuilder_waterfall"


def environment() -> Path:
    """The peer's Python; made where it is not there yet, which needs the package index."""
    home = Path(platformdirs.user_cache_dir("voicetill", False)) / "bench-peer"
    python = home / "bin" / "python"
    if not (home / "ready").exists():
        print(f"scripts/bench: installing {', '.join(PACKAGES)} into {home} (once)", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(home)], check=True, stdout=sys.stderr)
        subprocess.run([str(python), "-m", "pip", "install", "-q", *PACKAGES], check=True, stdout=sys.stderr)
        (home / "ready").touch()
    return python


def waterfall(python: Path, folder: Path, seconds: float, conversations: int) -> dict[str, Any]:
    """Turns of a waterfall of three questions, one after the other over so many conversations."""
    how = ("--engine", ENGINE, "--seconds", str(seconds), "--sessions", str(conversations))
    done = subprocess.run([str(python), str(folder / SCRIPT), *how], check=True, stdout=subprocess.PIPE)
    found = json.loads(done.stdout)[f"turn_{conversations}_sessions"]
    return {
        "conversations": conversations,
        "per_second": float(found["per_s"]),
        "p50_us": found["p50_us"],
        "p99_us": found["p99_us"],
    }

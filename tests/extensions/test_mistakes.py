"""A folder of extensions with mistakes in it: one sentence that names the file, and nothing is started."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

TRADE = """
from assistant.trades import Trade
TRADE = Trade(name="{name}", traits=frozenset(), stages={{"": ("placed", "done")}}, WORDS={{}})
"""


@pytest.mark.parametrize(
    ("file", "text", "why"),
    [
        ("trade/kiosk.py", TRADE.format(name="kiosk").replace("TRADE =", "SHOP ="), "has no constant TRADE"),
        ("trade/kiosk.py", TRADE.format(name="stall"), "must be named 'kiosk', as its file is"),
        ("trade/hotel.py", TRADE.format(name="hotel"), "a trade 'hotel' is already in assistant.trades.hotel"),
        ("trade/kiosk.py", "def (", "line 1: can't be loaded (SyntaxError"),
        ("step/late.py", "import nothing_of_that_name", "can't be loaded (ModuleNotFoundError"),
        ("language/xx.toml", "name = ", "cannot be read as TOML"),
    ],
)
def test_a_mistake_is_named_at_start(file: str, text: str, why: str, tmp_path: Path) -> None:
    path = tmp_path / "mine" / file
    path.parent.mkdir(parents=True)
    path.write_text(text)
    known = {key: one for key, one in os.environ.items() if not key.startswith("VOICETILL_")}
    env = {**known, "VOICETILL_EXTENSIONS": str(tmp_path / "mine"), "PYTHONPATH": os.pathsep.join(sys.path)}
    language = ["--lang", "xx"] if file.startswith("language") else []
    command = [sys.executable, "-c", "from assistant.cli import main; main()", "chat", "--data", str(tmp_path / "data")]
    ran = subprocess.run(
        [*command, *language], input="hello\n", env=env, cwd=tmp_path, capture_output=True, text=True, timeout=60
    )
    assert (ran.returncode, ran.stdout) == (2, "")
    (line,) = ran.stderr.splitlines()
    assert str(path) in line and why in line


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    known = {key: one for key, one in os.environ.items() if not key.startswith("VOICETILL_")}
    env = {**known, "VOICETILL_EXTENSIONS": str(tmp_path / "gone"), "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", "from assistant.cli import main; main()", "chat"]
    ran = subprocess.run(command, env=env, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert ran.returncode == 2
    assert (
        ran.stderr
        == f"voicetill: VOICETILL_EXTENSIONS: there is no folder {tmp_path}/gone; name an existing one or unset it\n"
    )

"""What every command promises: quick help, one sentence for a mistake, exit codes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.newcomer import COMMAND, TOP

from .conftest import Run

HEAVY = {
    "prompt_toolkit",
    "babel",
    "sqlite3",
    "sqlite_utils",
    "segno",
    "rapidfuzz",
    "zhconv",
    "numpy",
    "sounddevice",
    "vosk",
    "faster_whisper",
    "pyttsx3",
    "pywebrtc_audio",
    "piper",
    "starlette",
    "aiohttp",
    "prometheus_client",
    "uvicorn",
    "httpx",
    "requests",
}


def test_help_imports_nothing_heavy(env: dict[str, str]) -> None:
    look = "import sys; from assistant.cli import run; run(['--help']); print(*sys.modules, file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, env=env, cwd=TOP, check=True)
    assert "chat" in done.stdout
    loaded = set(done.stderr.split())
    assert not loaded & HEAVY
    assert not [one for one in loaded if one.startswith(("channels.", "models.", "assistant.app", "assistant.storage"))]


def test_version_and_help_end_well(voicetill: Run) -> None:
    assert voicetill("--version").out.startswith("voicetill ")
    for command in (
        ["chat"],
        ["orders"],
        ["orders", "refund"],
        ["menu", "check"],
        ["doctor"],
        ["doctor", "audio"],
        ["sandbox", "approve"],
        ["models", "get"],
        ["serve"],
    ):
        done = voicetill(*command, "--help")
        assert (done.code, done.err) == (0, "") and "Usage: voicetill " in done.out


@pytest.mark.parametrize(
    "command", ["", "orders", "menu", "menu aliases", "people", "doctor", "models", "speakers", "sandbox", "config"]
)
def test_help_tells_in_whole_sentences_what_each_command_does(voicetill: Run, command: str) -> None:
    told = voicetill(*command.split(), "--help").out.partition("Commands:\n")[2]
    assert told and "..." not in told
    assert told.rstrip().endswith(".")


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        (["chta"], "chat"),
        (["chat", "--lnag", "en"], "--lang"),
        (["orders"], "command"),
        (["orders", "show"], "ID"),
        (["orders", "refund", "A1", "--amount", "many"], "--amount"),
        (["orders", "refund", "A1", "--amount", "8.99"], "whole number of minor units, such as 899 for 8.99"),
        (["orders", "refund", "A1", "--amount", "0"], "--amount"),
        (["orders", "refund", "A1", "--amount", "5", "--lines", "1"], "--lines"),
        (["orders", "refund", "A1", "--lines", "one"], "1,3x2"),
        (["orders", "show", "A1", "--data", "data"], "orders list"),
        (["chat", "--shop", "burgerbar"], "burger-bar"),
        (["chat", "--lang", "xx"], "zh"),
        (["chat", "--session", ""], "session"),
        (["chat", "--config", "nowhere.toml"], "nowhere.toml"),
        (["sandbox", "approve", "nothing", "--data", "data"], "nothing"),
        (["channel", "nowhere"], "terminal"),
        (["serve", "--port", "many"], "port"),
        (["serve", "--host", "no.such.host.invalid"], "no.such.host.invalid"),
        (["channel", "terminal", "--option", "jsn=1"], "json"),
        (["channel", "terminal", "--option", "json"], "KEY=VALUE"),
        (["menu", "check", "nowhere"], "nowhere"),
    ],
)
def test_a_wrong_argument_gets_one_sentence_that_names_it(voicetill: Run, arguments: list[str], names: str) -> None:
    assert names in voicetill(*arguments).refused()


@pytest.mark.parametrize(
    "command", [["chat"], ["orders", "list"], ["orders", "show", "A1"], ["sandbox", "approve", "x"]]
)
def test_a_data_folder_that_cannot_be_written(voicetill: Run, tmp_path: Path, command: list[str]) -> None:
    (tmp_path / "file").write_text("in the way")
    said = voicetill(*command, "--data", "file/data").refused()
    assert "file/data" in said and "--data" in said


def test_nobody_reading_on_is_no_error(env: dict[str, str], tmp_path: Path) -> None:
    child = subprocess.Popen(
        [*COMMAND, "chat", "--data", "data"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=env,
        cwd=tmp_path,
    )
    assert child.stdin and child.stdout and child.stderr
    child.stdout.close()
    child.stdin.write(b"help\nhelp\nhelp\n")
    child.stdin.close()
    said = child.stderr.read().decode()
    assert child.wait(30) == 0
    assert "Traceback" not in said and "BrokenPipe" not in said
    child.stderr.close()


def test_understand_reads_and_writes_lines(voicetill: Run) -> None:
    rows = voicetill(
        "understand",
        "--shop",
        "burger-bar",
        said=[
            '{"id": 1, "text": "two cheeseburgers"}',
            '{"id": "b", "text": "是的", "lang": "zh", "expects": "confirm"}',
        ],
    ).rows
    assert [row["id"] for row in rows] == [1, "b"]
    assert all(set(row) == {"id", "text", "lang", "acts", "ask", "leftover", "confidence"} for row in rows)
    (added,) = rows[0]["acts"]
    assert added["act"] == "add" and (added["lines"][0]["item"], added["lines"][0]["quantity"]) == ("cheeseburger", 2)
    assert [act["act"] for act in rows[1]["acts"]] == ["confirm"]

"""`voicetill speakers`: what is set up, and the files for the platforms' consoles."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path


def speakers(tmp_path: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    kept = {key: one for key, one in os.environ.items() if not key.startswith("VOICETILL_")}
    command = [sys.executable, "-c", "from assistant.cli import main; main()", "speakers", *arguments]
    env = {**kept, "HOME": str(tmp_path), "PYTHONPATH": os.pathsep.join(sys.path), **variables}
    return subprocess.run(command, env=env, cwd=tmp_path, capture_output=True, text=True, timeout=120)


def test_what_is_set_up_and_what_is_missing(tmp_path: Path) -> None:
    config = tmp_path / "voicetill.toml"
    config.write_text('[speakers.alexa]\napplication_ids = ["amzn1.ask.skill.x"]\ntrust_roots = "roots.pem"\n')
    ran = speakers(tmp_path, "list", "--config", str(config), VOICETILL_DUEROS_APPLICATION_IDS="a, b")
    assert ran.returncode == 0, ran.stderr
    rows = {line.split()[0]: line for line in ran.stdout.splitlines()}
    assert "/speakers/alexa" in rows["alexa"] and "ready (only on this machine: trust_roots)" in rows["alexa"]
    assert rows["dueros"].endswith("ready") and "is missing" in rows["xiaoai"]
    ran = speakers(tmp_path, "list", "--config", str(config), "--json")
    told = {row["speaker"]: row for row in map(json.loads, ran.stdout.splitlines())}
    assert told["alexa"]["ready"] and told["alexa"]["trials"] == ["trust_roots"] and not told["aligenie"]["ready"]


def test_slips_in_the_settings_are_told(tmp_path: Path) -> None:
    config = tmp_path / "voicetill.toml"
    for text, why in (
        ('[speakers.alexa]\napplication_id = "x"\n', "unknown key 'application_id'; did you mean 'application_ids'?"),
        ("[speakers]\nalexa = 1\n", "'speakers' holds tables only"),
    ):
        config.write_text(text)
        ran = speakers(tmp_path, "list", "--config", str(config))
        assert ran.returncode == 2 and why in ran.stderr
    config.write_text('[speakers.alexia]\nkey = "x"\n')
    command = [sys.executable, "-c", "from assistant.cli import main; main()", "chat", "--config", str(config)]
    kept = {key: one for key, one in os.environ.items() if not key.startswith("VOICETILL_")}
    env = {**kept, "HOME": str(tmp_path), "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(command, env=env, cwd=tmp_path, capture_output=True, text=True, input="", timeout=60)
    assert done.returncode == 2 and "there is no speaker 'alexia'" in done.stderr


def test_a_model_for_alexas_console(tmp_path: Path) -> None:
    ran = speakers(tmp_path, "model", "alexa", "--shop", "burger-bar", "--lang", "en")
    assert ran.returncode == 0, ran.stderr
    model = json.loads(ran.stdout)["interactionModel"]["languageModel"]
    assert model["invocationName"] == "burger bar"
    assert "is said for" in ran.stderr and all(line.startswith("voicetill: ") for line in ran.stderr.splitlines())


def test_files_for_the_other_consoles(tmp_path: Path) -> None:
    ran = speakers(tmp_path, "model", "aligenie", "--shop", "corner-shop", "--lang", "zh")
    assert ran.returncode == 2 and "--out" in ran.stderr
    ran = speakers(tmp_path, "model", "aligenie", "--shop", "corner-shop", "--lang", "zh", "--out", "genie")
    assert ran.returncode == 0, ran.stderr
    goods = (tmp_path / "genie" / "goods.csv").read_text(encoding="utf-8").splitlines()
    assert goods[0].startswith("milk,牛奶") and len(goods) == 25
    for arguments, why in (
        (("model", "nobody"), "there is no speaker 'nobody'"),
        (("model", "alexa", "--lang", "xx"), "has no names in xx"),
        (("model", "xiaoai", "--out", "/proc/nowhere"), "can't be written"),
    ):
        ran = speakers(tmp_path, *arguments)
        assert ran.returncode == 2 and why in ran.stderr, ran.stderr

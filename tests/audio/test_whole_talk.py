"""A whole order by sound, from the first word to the paid order: a voice is played into the microphone, the answers are
recorded from the loudspeaker and recognised again."""

from __future__ import annotations

import json
import os
import queue
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rapidfuzz import fuzz

from assistant.discovery import find
from models.recognizers import RATE
from tests.audio.conftest import Devices, Recorder
from tests.engines import got, spoken

pytestmark = [pytest.mark.long, pytest.mark.needs_apt]

PATIENCE = 120.0
SAID = (
    ("I would like two cheeseburgers and a coke please.", "cheeseburgers"),
    ("Make the coke two.", "two regular Cokes"),
    ("That is all, check out please.", "check out"),
    ("I will pick it up.", "pickup"),
    ("As soon as possible.", "as soon as possible"),
    ("My name is Anna.", "Anna"),
    ("Five five five, zero one three four.", "five"),
    ("Card please.", "card"),
    ("Yes please.", "yes"),
)
"""What is said, and what a question whether it was meant must have in it to be answered with a yes."""
VOICE = "piper-en_US-joe-medium"


class Listener:
    """`voicetill listen --json` in a process of its own."""

    def __init__(self, data: Path, devices: Devices, *options: str) -> None:
        command = [sys.executable, "-c", "from assistant.cli import main; main()", "listen", "--json"]
        env = {
            **devices.env,
            "PYTHONPATH": os.pathsep.join(sys.path),
            "VOICETILL_MODELS": str(got("whisper-tiny.en").parent),
        }
        env.pop("VOICETILL_SANDBOX", None)
        self.process = subprocess.Popen(
            [*command, "--data", str(data), *options], env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        self.lines: queue.Queue[dict[str, Any]] = queue.Queue()
        self.said: list[str] = []
        threading.Thread(target=self._read, daemon=True).start()
        threading.Thread(target=self._hear_about, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.put(json.loads(line))

    def _hear_about(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.said.append(line.decode())

    def next(self) -> dict[str, Any]:
        """The next turn's line; it comes when its answer has been spoken."""
        try:
            return self.lines.get(timeout=PATIENCE)
        except queue.Empty:
            pytest.fail(f"no turn came: {''.join(self.said)}")

    def end(self) -> int:
        self.process.send_signal(2)
        return self.process.wait(PATIENCE)


@pytest.fixture
def listening(devices: Devices, tmp_path: Path) -> Iterator[Callable[..., Listener]]:
    started: list[Listener] = []

    def start(*options: str) -> Listener:
        started.append(Listener(tmp_path / "data", devices, *options))
        return started[-1]

    yield start
    for one in started:
        one.process.kill()


def words(text: str) -> str:
    return " ".join(re.findall(r"[a-z]+", text.lower()))


def test_an_order_is_spoken_heard_answered_and_paid(
    listening: Callable[..., Listener], record: Callable[..., Recorder], devices: Devices, tmp_path: Path
) -> None:
    voice = got(VOICE)
    assert voice.parent == got("whisper-tiny.en").parent
    ears = find("recognizer", "whisper").open(got("whisper-tiny.en"), "en")
    talk = listening("--shop", "burger-bar", "--lang", "en", "--voice", "piper")
    greeting = talk.next()
    assert greeting["heard"] is None
    heard_again: list[tuple[str, str]] = []

    def say(text: str) -> dict[str, Any]:
        time.sleep(0.5)  # as a person does
        answer = record("va_heard")
        pcm = np.frombuffer(spoken(find("voice", "piper"), "en", text, voice), np.int16)
        devices.speak(pcm, RATE).wait(PATIENCE)
        turn = talk.next()
        answer.close()
        decoding = ears.begin()
        decoding.feed(answer.samples.tobytes())
        again = decoding.end()
        heard_again.append((turn["speech"], again[0].text if again else ""))
        print(f"▷ {text}\n  heard: {turn['heard']}\n◁ {turn['speech']}\n  heard again: {heard_again[-1][1]}")
        assert turn["timings"]["first_sample"] > 0
        return turn

    last: dict[str, Any] = greeting
    for text, meant in SAID:
        last = say(text)
        if last["speech"].startswith("Did you mean"):  # it was misheard, and that was noticed
            assert meant.lower() in last["speech"].lower()
            last = say("Yes please.")
    order = last["order"]
    assert order["stage"] == "placed" and order["payment"]["status"] == "paid" and order["payment"]["charges"] == 1
    assert {line["item"]: line["quantity"] for line in order["lines"]} == {"cheeseburger": 2, "coke": 2}
    assert order["payment"]["net"] == order["totals"]["total"]
    # What was spoken is what was meant to be said: its first words at least, for Whisper hears half a minute at most.
    alike = [fuzz.partial_ratio(words(one)[:120], words(other)) for one, other in heard_again]
    assert sorted(alike)[len(alike) // 2] > 75, list(zip(heard_again, alike, strict=True))
    assert talk.end() == 0
    assert any("--session" in line for line in talk.said)

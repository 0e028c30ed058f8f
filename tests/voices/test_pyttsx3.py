"""pyttsx3: a library that loses, shortens and repeats sentences and may hang, and the voice that is made of it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assistant.discovery import find
from assistant.errors import FarEndError, SetupError
from models.voices import Sound, pyttsx3
from tests.engines import Speaking

EXAMPLE = Speaking(language="en", text="Two regular cheeseburgers. That is 12.50 in all. Shall I?", needs_apt=True)
TEXT = EXAMPLE.text
LONG_AGO = 20.0
"""Seconds after which something that must happen hasn't."""

PLAYED = """
import json, sys, time, wave
voice, folder = sys.argv[1:]
script = {script!r}
def render(file, seconds):
    with wave.open(file, "wb") as sound:
        sound.setparams((1, 2, 22050, 0, "NONE", ""))
        sound.writeframes(bytes(int(22050 * seconds) * 2))
print(json.dumps({{"number": 0}}), flush=True)
for line in sys.stdin:
    one = json.loads(line)
    if "forget" in one:
        continue
    with open({log!r}, "a") as log:
        log.write(one["text"] + "\\n")
    turn = len(open({log!r}).readlines()) - 1
    seconds = script[min(turn, len(script) - 1)]
    if seconds is None:
        time.sleep(3600)
    if seconds >= 0:
        render(one["file"], seconds)
    print(json.dumps({{"number": one["number"]}}), flush=True)
"""
"""A process that renders as a script says: so many seconds, -1 for no file at all, None hangs."""

Played = Callable[..., Any]


@pytest.fixture
def played(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Played:
    def open(*script: float | None) -> tuple[Any, Path]:
        log = tmp_path / "asked"
        child = tmp_path / "child.py"
        child.write_text(PLAYED.format(script=list(script), log=str(log)))
        monkeypatch.setattr(pyttsx3, "CHILD", child)
        monkeypatch.setattr(pyttsx3, "SENTENCE", 1.0)
        monkeypatch.setattr(pyttsx3, "find_spec", lambda name: True)
        monkeypatch.setattr(pyttsx3, "_loads", lambda library: True)
        return find("voice", "pyttsx3").open("en"), log

    return open


def lengths(sounds: list[Sound]) -> list[float]:
    return [round(one.seconds, 1) for one in sounds]


def test_a_sentence_that_comes_out_too_short_is_made_again(played: Played) -> None:
    speaker, log = played(0.0, 0.1, 2.0, -1, 1.5)
    assert lengths([*speaker.say("Two regular cheeseburgers. Is that all?")]) == [2.0, 1.5]
    assert log.read_text().splitlines() == ["Two regular cheeseburgers."] * 3 + ["Is that all?"] * 2
    speaker.close()


def test_what_stays_too_short_is_an_error_and_not_silence(played: Played) -> None:
    speaker, log = played(0.0)
    with pytest.raises(FarEndError, match="failed 3 times") as told:
        list(speaker.say("Two regular cheeseburgers."))
    assert told.value.can_retry and len(log.read_text().splitlines()) in (3, 4)  # one that hung is made once more
    speaker.close()


def test_one_that_hangs_is_ended_and_begun_again(played: Played) -> None:
    speaker, _log = played(2.0, None, 1.0)
    assert lengths([*speaker.say("Two regular cheeseburgers. Is that all?")]) == [2.0, 1.0]
    speaker.close()


def test_the_next_sentence_is_made_while_the_first_is_heard(played: Played) -> None:
    speaker, log = played(2.0)
    begun = speaker.say("One thing. Another thing. A third thing.")
    next(begun)
    until = time.monotonic() + LONG_AGO
    while len(log.read_text().splitlines()) < 2 and time.monotonic() < until:
        time.sleep(0.01)
    assert log.read_text().splitlines() == ["One thing.", "Another thing."]
    speaker.close()


def test_without_espeak_the_package_to_install_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pyttsx3, "LIBRARIES", ("libnothing-of-that-name.so.1",))
    monkeypatch.setattr(pyttsx3.sys, "platform", "linux")
    voice = find("voice", "pyttsx3")
    assert "sudo apt-get install espeak-ng" in voice.missing()
    with pytest.raises(SetupError, match="sudo apt-get install espeak-ng"):
        voice.open("en")


@pytest.mark.needs_apt
@pytest.mark.parametrize("harm", [signal.SIGSTOP, signal.SIGKILL], ids=["stopped", "killed"])
def test_its_process_is_begun_again_whatever_happens_to_it(harm: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pyttsx3, "SENTENCE", 2.0)
    speaker = find("voice", "pyttsx3").open("en")
    whole = lengths([*speaker.say(TEXT)])
    begun = speaker.say(TEXT)
    sounds = [next(begun)]
    os.kill(speaker._child.pid, harm)
    sounds += begun
    assert len(sounds) == len(whole) == 3
    speaker.close()


@pytest.mark.needs_apt
@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "Two colas."), ("zh", "两杯可乐。"), ("ko", "콜라 두 잔입니다."), ("pt-BR", "Duas colas.")],
)
def test_it_speaks_the_languages_by_their_tags(language: str, text: str) -> None:
    speaker = find("voice", "pyttsx3").open(language)
    (sound,) = speaker.say(text)
    assert sound.seconds > 0.5
    speaker.close()


@pytest.mark.needs_apt
def test_a_language_that_espeak_does_not_have_is_refused() -> None:
    with pytest.raises(SetupError, match="no voice 'xx'"):
        find("voice", "pyttsx3").open("xx")


@pytest.mark.needs_apt
@pytest.mark.parametrize("how", ["closed", "died"])
def test_it_leaves_no_process_and_no_file_behind(how: str, tmp_path: Path) -> None:
    """Even where whoever spoke has died in the middle of a sentence."""
    code = f"""
import os, signal
from assistant.discovery import find
speaker = find("voice", "pyttsx3").open("en")
begun = speaker.say({TEXT!r})
next(begun)
print(speaker._child.pid, flush=True)
speaker.close() if {how!r} == "closed" else os.kill(os.getpid(), signal.SIGKILL)
"""
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "TMPDIR": str(tmp_path)}
    ran = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, timeout=60)
    child = int(ran.stdout)
    until = time.monotonic() + LONG_AGO
    while (alive(child) or [*tmp_path.iterdir()]) and time.monotonic() < until:
        time.sleep(0.01)
    assert not alive(child) and not [*tmp_path.iterdir()]


def alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{process}/stat")
    return not (stat.exists() and stat.read_text().rsplit(")", 1)[1].split()[0] == "Z")

"""`voicetill doctor audio`: what is measured of made sounds, and the whole of it on virtual devices."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from channels.audio import RATE
from channels.audio.checking import about_echo, about_voice, heard_again, levels

from .conftest import TOP, Devices
from .made import babble, hiss, in_a_room, tone

Samples = NDArray[np.int16]


def test_levels_are_those_of_the_sound() -> None:
    level = levels(tone(3.0, RATE, size=0.5))
    assert level.voice == pytest.approx(-9.0, abs=0.1) and level.peak == pytest.approx(-6.0, abs=0.1)
    assert level.clipped == 0
    assert levels(hiss(3.0, RATE, -60)).noise == pytest.approx(-60, abs=1)
    # A steady shift of the microphone's is no noise.
    assert levels(hiss(3.0, RATE, -60) + np.int16(2000)).noise == pytest.approx(-60, abs=1)
    assert levels(np.zeros(0, np.int16)).voice == -120


def said_of(samples: Samples, dropped: int = 0) -> list[tuple[str, str]]:
    return [(one.state, one.text) for one in about_voice(levels(samples), dropped)]


def speech(size: float, noise: float) -> Samples:
    loud = babble(3.0, RATE, seed=4).astype(float) / 0.25 * size
    return np.clip(loud + hiss(3.0, RATE, noise), -32768, 32767).astype(np.int16)


@pytest.mark.parametrize(
    ("samples", "state", "says"),
    [
        (speech(0.5, -65), "ok", "voice -"),
        (np.zeros(3 * RATE, np.int16), "wrong", "nothing but silence: switch it on"),
        (speech(0.004, -75), "wrong", "very quiet"),
        (speech(6.0, -60), "wrong", "too loud"),
        (hiss(3.0, RATE, -60), "wrong", "Nobody was heard to speak"),
        (speech(0.05, -30), "wrong", "as loud around the microphone as a voice"),
        (speech(0.9, -40), "note", "noisy around the microphone"),
    ],
    ids=["well", "muted", "quiet", "clipping", "nobody", "drowned", "noisy"],
)
def test_what_is_wrong_is_said_with_what_to_do(samples: Samples, state: str, says: str) -> None:
    ((found, text), *_) = said_of(samples)
    assert found == state and says in text, text


def test_lost_sound_is_said() -> None:
    assert said_of(speech(0.5, -65), dropped=RATE // 2) == [
        ("wrong", "0.50 seconds of the sound were lost: the machine is too busy; end what else runs on it.")
    ]


@pytest.mark.parametrize("gain", [0.02, 0.3, 1.0])
@pytest.mark.parametrize("delay", [0.0, 0.02, 0.15, 0.5])
def test_an_echo_is_found_where_it_is(delay: float, gain: float) -> None:
    played = babble(5.0, RATE, seed=1)
    heard = (in_a_room(played, RATE, delay, gain) + hiss(5.0, RATE, -70)).astype(np.int16)
    found = heard_again(played, heard)
    assert found and found.delay == pytest.approx(delay, abs=0.002)
    assert found.gain == pytest.approx(20 * np.log10(gain), abs=3)


def test_what_is_no_echo_is_none() -> None:
    played = babble(5.0, RATE, seed=1)
    assert heard_again(played, hiss(5.0, RATE, -40)) is None
    assert heard_again(played, babble(5.0, RATE, seed=2)) is None
    assert heard_again(played, np.zeros(5 * RATE, np.int16)) is None
    assert heard_again(played[:100], played[:100]) is None


def test_what_an_echo_means() -> None:
    played = babble(5.0, RATE, seed=1)
    found = heard_again(played, in_a_room(played, RATE, 0.12, 0.3).astype(np.int16))
    well, loud, left = about_echo(found, -30, -70), about_echo(found, -8, -60), about_echo(found, -30, -25)
    assert (well.state, loud.state, left.state) == ("ok", "note", "note")
    assert re.search(r"after 12\d ms \(-30 dBFS\); 40 dB of it are taken out", well.text)
    assert "turn the loudspeaker down" in loud.text and "headphones" in left.text
    assert "headphones" in about_echo(None, -90, -90).text


# -- the command -------------------------------------------------------------------------------------------------


def doctor(env: dict[str, str], folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    code = "from assistant.cli import main; main()"
    kept = {key: value for key, value in env.items() if not key.startswith("VOICETILL_")}
    return subprocess.run(
        [sys.executable, "-c", code, "doctor", "audio", *arguments],
        env={**kept, "HOME": str(folder), "PYTHONPATH": str(TOP)},
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
    )


def rows(done: subprocess.CompletedProcess[str]) -> dict[str, dict[str, Any]]:
    return {row["part"]: row for row in map(json.loads, done.stdout.splitlines())}


@pytest.mark.needs_apt
def test_it_hears_a_person_and_itself(devices: Devices, tmp_path: Path) -> None:
    """Somebody speaks all the while into the microphone; what the loudspeaker plays gets there a moment later."""
    devices.control(
        "load-module", "module-loopback", "source=va_speaker_sink.monitor", "sink=va_mic_sink", "latency_msec=60"
    )
    talk = np.tile(np.concatenate([babble(0.6, RATE, seed=5, size=0.4), hiss(0.4, RATE, -65)]), 8)
    player = devices.speak(talk, RATE)
    try:
        done = doctor(devices.env, tmp_path, "--json", "--device", "va_mic", "--loudspeaker", "va_speaker")
    finally:
        player.kill()
        player.wait()
        devices.control("unload-module", "module-loopback")
    assert done.returncode == 0, done.stdout + done.stderr
    found = rows(done)
    assert found["microphone"]["text"].startswith("va_mic at ")
    assert -30 < found["hearing"]["measured"]["voice"] < -8
    assert found["voice"]["state"] == "ok"
    assert 0.03 < found["echo"]["measured"]["delay"] < 0.4
    assert found["echo"]["measured"]["left"] < found["echo"]["measured"]["level"] - 5
    assert "Speak now" in done.stderr and "Traceback" not in done.stderr


@pytest.mark.needs_apt
def test_a_silent_microphone_is_found(devices: Devices, tmp_path: Path) -> None:
    done = doctor(devices.env, tmp_path, "--loudspeaker", "va_speaker", "--device", "va_mic")
    assert done.returncode == 1
    assert "wrong  hearing      The microphone gives nothing but silence" in done.stdout
    assert "note   echo         The microphone doesn't hear the loudspeaker" in done.stdout
    assert "ok     loudspeaker  va_speaker at" in done.stdout
    assert any("va_heard" in line and line.startswith("ok     device") for line in done.stdout.splitlines())


@pytest.mark.needs_apt
def test_a_device_that_there_is_not(devices: Devices, tmp_path: Path) -> None:
    done = doctor(devices.env, tmp_path, "--device", "studio")
    assert done.returncode == 2
    assert "voicetill: there is no microphone 'studio'; there are:" in done.stderr


def test_without_portaudio_it_says_the_one_line(tmp_path: Path) -> None:
    hide = tmp_path / "sitecustomize.py"
    hide.write_text("import ctypes.util\nctypes.util.find_library = lambda name: None\n")
    code = "import sitecustomize; from assistant.cli import main; main()"
    env = {**os.environ, "HOME": str(tmp_path), "PYTHONPATH": os.pathsep.join((str(tmp_path), str(TOP)))}
    done = subprocess.run(
        [sys.executable, "-c", code, "doctor", "audio"], env=env, cwd=tmp_path, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines() == [
        "voicetill: there is no PortAudio here, which microphones and loudspeakers need; "
        "install it: sudo apt-get install libportaudio2"
    ]

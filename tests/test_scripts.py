"""scripts/run and scripts/test on a copy of the checkout, as a stranger has it: in a folder with a space in its name.

Most of it needs no network: the copy's lock file names one small wheel made here, and the copy's command a stub that
says how it was called. The marked `long` test takes the real lock file and the package index.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parent.parent
PYTHON = os.path.realpath(getattr(sys, "_base_executable", sys.executable))
TOOLS = (
    "sh cat cksum dirname env flock getconf grep id ln ls mkdir mv ps readlink rm sed sleep touch"  # what they may call
).split()
PACKAGES = "chromium tmux libportaudio2 libespeak-ng1 espeak-ng pulseaudio pulseaudio-utils libasound2-plugins"
NOT_FOR_TEXT = set(
    "aiohttp alsaaudio espeakng faster_whisper flask numpy onnxruntime piper pyaudio pyttsx3 requests sounddevice"
    " pywebrtc_audio soundfile torch vosk whisper".split()
)

STUB = """
import json, os, sys
import tiny

def main():
    name = os.path.basename(sys.argv[0])
    called = os.environ.get("VOICETILL_CALLED")
    print(json.dumps({"args": sys.argv[1:], "cwd": os.getcwd(), "name": name, "called": called, "tiny": tiny.HERE}))
"""
# Stands for the tools of scripts/test: each says how it was called and fails when the environment says so.
FAKE_TOOL = """
import os, sys

def run(name):
    if "--collect-only" in sys.argv:
        print("tests/test_a.py::test_one\\ntests/test_a.py::test_two\\n\\n2 tests collected")
        return
    print(name, *sys.argv[1:], flush=True)
    sys.exit(int(os.environ.get("FAKE_" + name.replace("-", "_").upper(), "0")))

def ruff(): run("ruff")
def mypy(): run("mypy")
def lint_imports(): run("lint-imports")
"""


def make_wheel(folder: Path, version: str, name: str = "tiny") -> str:
    """Write a wheel into the folder, with the tools where it is `tiny`; the line of a lock file that names it."""
    info = f"{name}-{version}.dist-info"
    commands = ("ruff = tiny_tools:ruff", "mypy = tiny_tools:mypy", "lint-imports = tiny_tools:lint_imports")
    files = {
        f"{name}.py": f"HERE = {version!r}\n",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    if name == "tiny":
        files |= {
            "tiny_tools.py": FAKE_TOOL,
            "pytest.py": "from tiny_tools import run\nrun('pytest')\n",
            f"{info}/entry_points.txt": "\n".join(("[console_scripts]", *commands, "")),
        }
    record = [f"{info}/RECORD,,"]
    wheel = folder / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for path, text in files.items():
            digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
            record.append(f"{path},sha256={digest},{len(text.encode())}")
            archive.writestr(path, text)
        archive.writestr(f"{info}/RECORD", "\n".join((*record, "")))
    return f"{name}=={version} --hash=sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}\n"


def copy_checkout(to: Path, *which: str) -> Path:
    """The files that git knows, as a clone has them; only `which` where they are named."""
    if not (TOP / ".git").exists():
        pytest.skip("needs a git checkout")  # only git tells our files from what a run has left among them
    named = subprocess.run(["git", "-C", str(TOP), "ls-files", "-z", *which], capture_output=True, check=True).stdout
    for name in filter(None, named.decode().split("\0")):
        if (TOP / name).is_file():
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(TOP / name, to / name)
    return to


@dataclass
class Copy:
    """A copy of the checkout with the stub command, a PATH of its own and no way to a package index."""

    top: Path
    wheels: Path
    bin: Path
    elsewhere: Path

    @property
    def env(self) -> dict[str, str]:
        return {
            "PATH": str(self.bin),
            "HOME": str(self.elsewhere),
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": str(self.wheels),
        }

    def call(self, *args: str, env: Mapping[str, str] = {}, **more: object) -> subprocess.CompletedProcess[str]:
        script, *rest = args
        return subprocess.run(  # type: ignore[call-overload, no-any-return]
            [str(self.top / script), *rest],
            cwd=more.pop("cwd", self.elsewhere),
            env=self.env | dict(env),
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            **more,
        )

    def start(self) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [str(self.top / "scripts/run"), "hello"],
            cwd=self.elsewhere,
            env=self.env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def lock(self, version: str) -> None:
        line = make_wheel(self.wheels, version)
        (self.top / "requirements.lock").write_text(line)
        (self.top / "requirements-dev.lock").write_text(line)

    def python(self, blocked: tuple[str, ...] = (), python: str = PYTHON) -> None:
        """Put a python3 on PATH; it can't import what is blocked."""
        block = self.bin.parent / "blocked"
        block.mkdir(exist_ok=True)
        for name in blocked:
            (block / f"{name}.py").write_text(f"raise ImportError('no {name} here')\n")
        before = f"PYTHONPATH='{block}' " if blocked else ""
        (self.bin / "python3").write_text(f"#!/bin/sh\n{before}exec '{python}' \"$@\"\n")
        (self.bin / "python3").chmod(0o755)

    def without_python(self) -> dict[str, str]:
        """A PATH that has no Python and so no installer."""
        bare = self.bin.parent / "bare"
        if not bare.exists():
            shutil.copytree(self.bin, bare, symlinks=True, ignore=shutil.ignore_patterns("python3"))
        return {"PATH": str(bare), "PIP_FIND_LINKS": os.devnull}


def make_copy(folder: Path) -> Copy:
    copy = Copy(folder / "a shop's checkout", folder / "wheels", folder / "bin", folder / "else where")
    for each in (copy.top, copy.wheels, copy.bin, copy.elsewhere):
        each.mkdir()
    copy_checkout(copy.top, ".ci", "scripts", "pyproject.toml", "*.lock")
    for package in ("assistant", "channels", "models"):
        (copy.top / package).mkdir()
        (copy.top / package / "__init__.py").touch()
    (copy.top / "assistant/cli.py").write_text(STUB)
    copy.lock("1.0")
    for tool in TOOLS:
        found = shutil.which(tool)
        if found:
            (copy.bin / tool).symlink_to(found)
    copy.python()
    return copy


@pytest.fixture
def fresh(tmp_path: Path) -> Copy:
    """A copy whose environment is still to be made: by the pip from outside where there is one, which is quicker."""
    copy = make_copy(tmp_path)
    copy.python(blocked=("ensurepip",) if has_pip() else ())
    return copy


@functools.cache
def has_pip(python: str = PYTHON) -> bool:
    """Whether this Python has, by itself, a pip that can fill another environment."""
    return subprocess.run([python, "-m", "pip", "--python", python, "--version"], capture_output=True).returncode == 0


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    """A copy whose environment is made; a test may use it but must not change it."""
    copy = make_copy(tmp_path_factory.mktemp("installed"))
    done = copy.call("scripts/run", "hello")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["args"] == ["hello"], "installer output must not be on stdout"
    assert "scripts/run: making" in done.stderr and "scripts/run: installing" in done.stderr
    return copy


def test_runs_in_the_callers_folder_with_its_arguments(installed: Copy) -> None:
    done = installed.call("scripts/run", "menu", "check", "a b", "", "*")
    said = json.loads(done.stdout)
    assert (said["args"], said["name"]) == (["menu", "check", "a b", "", "*"], "voicetill")
    assert Path(said["cwd"]) == installed.elsewhere.resolve()


def test_without_arguments_it_chats(installed: Copy) -> None:
    assert json.loads(installed.call("scripts/run").stdout)["args"] == ["chat"]


def test_second_run_needs_no_python_no_installer_no_network(installed: Copy) -> None:
    done = installed.call("scripts/run", "again", env=installed.without_python())
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["args"] == ["again"]


def test_second_run_writes_nothing(installed: Copy) -> None:
    def seen() -> dict[str, int]:
        return {str(path): path.lstat().st_mtime_ns for path in (installed.top / ".venv").glob("*")}

    before = seen()
    installed.call("scripts/run", "again")
    assert seen() == before


def test_called_through_links(installed: Copy, tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep/till").symlink_to(installed.top / "scripts/run")
    (tmp_path / "my till").symlink_to("deep/till")
    done = subprocess.run(
        [str(tmp_path / "my till"), "x"], env=installed.env, cwd=tmp_path, capture_output=True, text=True
    )
    assert json.loads(done.stdout) == {
        "args": ["x"],
        "cwd": str(tmp_path.resolve()),
        "name": "voicetill",
        "called": str(tmp_path / "my till"),
        "tiny": "1.0",
    }


def test_a_folder_of_the_callers_is_never_imported(installed: Copy, tmp_path: Path) -> None:
    for name in ("assistant", "channels", "models", "json", "tiny"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('imported from the folder of the caller')\n")
    assert installed.call("scripts/run", "x", cwd=tmp_path).returncode == 0


def test_the_command_in_the_environment_works_by_itself(installed: Copy, tmp_path: Path) -> None:
    (tmp_path / "voicetill").symlink_to(installed.top / ".venv/bin/voicetill")
    done = subprocess.run([str(tmp_path / "voicetill"), "x"], env=installed.env, capture_output=True, text=True)
    assert json.loads(done.stdout)["args"] == ["x"]


def test_python_knows_the_name_and_version(installed: Copy) -> None:
    ask = "import importlib.metadata as m; print(m.version('voicetill'))"
    done = subprocess.run([str(installed.top / ".venv/bin/python"), "-c", ask], capture_output=True, text=True)
    assert f'version = "{done.stdout.strip()}"' in (TOP / "pyproject.toml").read_text()


def test_an_install_that_was_cut_off_is_redone(fresh: Copy) -> None:
    first = fresh.start()
    assert first.stderr is not None
    for line in first.stderr:
        if "installing" in line:
            break
    os.killpg(first.pid, signal.SIGKILL)
    first.communicate()
    assert not list((fresh.top / ".venv").glob("*.stamp"))
    done = fresh.call("scripts/run", "x")
    assert done.returncode == 0 and "scripts/run: making" in done.stderr
    # And once more, with a stamp that is gone and a package that is half there.
    (fresh.top / ".venv/voicetill.requirements.stamp").unlink()
    next((fresh.top / ".venv").rglob("tiny.py")).unlink()
    done = fresh.call("scripts/run", "x")
    assert json.loads(done.stdout)["tiny"] == "1.0"


def test_a_new_lock_file_is_installed_and_a_failure_keeps_the_old(fresh: Copy) -> None:
    fresh.call("scripts/run", "x")
    old = (fresh.top / "requirements.lock").read_text()
    fresh.lock("2.0")
    offline = fresh.call("scripts/run", "x", env={"PIP_FIND_LINKS": os.devnull})
    assert offline.returncode == 3 and offline.stdout == ""
    assert "could not be installed" in offline.stderr.splitlines()[-1]
    new = (fresh.top / "requirements.lock").read_text()
    (fresh.top / "requirements.lock").write_text(old)
    assert fresh.call("scripts/run", "x", env=fresh.without_python()).stderr == ""
    (fresh.top / "requirements.lock").write_text(new)
    done = fresh.call("scripts/run", "x")
    assert json.loads(done.stdout)["tiny"] == "2.0" and "making" not in done.stderr


def add_extra(copy: Copy, name: str, version: str) -> subprocess.CompletedProcess[str]:
    """Put a lock file for an extra into the copy, and install it as `models get` does."""
    line = make_wheel(copy.wheels, version, name)
    (copy.top / f"requirements-{name}.lock").write_text((copy.top / "requirements.lock").read_text() + line)
    steps = 'me="scripts/run"; top=$1; . "$top/scripts/setup.sh"; add_extra "$2"'
    return subprocess.run(
        ["sh", "-euc", steps, "sh", str(copy.top), name],
        env=copy.env,
        cwd=copy.elsewhere,
        capture_output=True,
        text=True,
    )


def has(copy: Copy, module: str) -> bool:
    return bool(list((copy.top / ".venv").rglob(f"{module}.py")))


def test_the_library_of_an_engine_is_kept(fresh: Copy) -> None:
    fresh.call("scripts/run", "x")
    done = add_extra(fresh, "engine", "1.0")
    assert done.returncode == 0 and "installing requirements-engine.lock" in done.stderr, done.stderr
    assert has(fresh, "engine")
    # It stays without asking, at the cost of nothing.
    assert fresh.call("scripts/run", "x", env=fresh.without_python()).stderr == ""
    # A new lock file brings the new one, and a new environment has it as well.
    make_wheel(fresh.wheels, "2.0", "engine")
    assert add_extra(fresh, "engine", "2.0").returncode == 0
    (fresh.top / ".venv/voicetill.requirements.stamp").unlink()
    done = fresh.call("scripts/run", "x")
    assert done.returncode == 0 and "making" in done.stderr and has(fresh, "engine")


def test_a_library_that_cannot_be_had_keeps_nobody_from_typing(fresh: Copy) -> None:
    fresh.call("scripts/run", "x")
    add_extra(fresh, "engine", "1.0")
    (fresh.top / "requirements-engine.lock").write_text(f"engine==9.0 --hash=sha256:{'0' * 64}\n")
    done = fresh.call("scripts/run", "x")
    assert done.returncode == 0 and json.loads(done.stdout)["tiny"] == "1.0"
    assert "going on without the library for engine" in done.stderr
    # A checkout that no longer knows the engine has nothing to install for it.
    (fresh.top / "requirements-engine.lock").unlink()
    assert fresh.call("scripts/run", "x", env=fresh.without_python()).stderr == ""


def test_a_package_with_another_hash_is_refused(fresh: Copy) -> None:
    (fresh.top / "requirements.lock").write_text(f"tiny==1.0 --hash=sha256:{'0' * 64}\n")
    done = fresh.call("scripts/run", "x")
    assert done.returncode == 3 and done.stdout == ""


def test_a_checkout_that_was_moved_works_without_network(fresh: Copy) -> None:
    fresh.call("scripts/run", "x")
    fresh.top = fresh.top.rename(fresh.top.parent / "moved here")
    done = fresh.call("scripts/run", "x", env={"PIP_FIND_LINKS": os.devnull})
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["tiny"] == "1.0"


@pytest.mark.parametrize("flock", [True, False], ids=["flock", "no-flock"])
def test_two_first_runs_at_once_install_once(fresh: Copy, flock: bool) -> None:
    if not flock:
        (fresh.bin / "flock").unlink(missing_ok=True)
        # A holder that died in its sleep is not waited for.
        dead = subprocess.Popen(["true"])
        dead.wait()
        (fresh.top / ".venv").mkdir()
        (fresh.top / ".venv/voicetill.lock").touch()
        (fresh.top / ".venv/voicetill.holder").symlink_to(f"pid:{dead.pid}")
    runs = [fresh.start() for _ in range(3)]
    results = [run.communicate() for run in runs]
    assert [json.loads(out)["args"] for out, _ in results] == [["hello"]] * 3
    assert sum("scripts/run: making" in err for _, err in results) == 1
    assert not list((fresh.top / ".venv").glob("voicetill.holder*"))


def test_no_python_is_one_sentence(fresh: Copy) -> None:
    done = fresh.call("scripts/run", env=fresh.without_python())
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "Python 3.11" in done.stderr and "python3-venv" in done.stderr


def test_an_old_python_is_no_python(fresh: Copy) -> None:
    (fresh.bin / "python3").write_text("#!/bin/sh\nexit 1\n")
    done = fresh.call("scripts/run")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)


def test_uv_brings_its_own_python(fresh: Copy) -> None:
    """Where no Python is new enough. The stand-in for uv makes what uv makes."""
    (fresh.bin / "python3").write_text("#!/bin/sh\nexit 1\n")
    pip = f"'{PYTHON}' -m pip --python \"$6\"" if has_pip() else '"$6" -m pip'
    uv = fresh.bin / "uv"
    uv.write_text(
        f"""#!/bin/sh
for last; do :; done
case "$*" in
    "venv "*"--python >=3.11,<3.15 "*) exec '{PYTHON}' -m venv {"--without-pip" if has_pip() else ""} "$last" ;;
    "pip install "*"--require-hashes"*) exec {pip} install -q --require-hashes -r "$last" ;;
    *) exit 9 ;;
esac
"""
    )
    uv.chmod(0o755)
    done = fresh.call("scripts/run", "x")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["tiny"] == "1.0"


def test_uv_that_cannot_bring_one(fresh: Copy) -> None:
    for name in ("python3", "uv"):
        (fresh.bin / name).write_text("#!/bin/sh\nexit 1\n")
        (fresh.bin / name).chmod(0o755)
    done = fresh.call("scripts/run", "x")
    assert (done.returncode, done.stdout) == (3, "")
    assert "uv could not bring a Python" in done.stderr.splitlines()[-1]


def test_python_without_ensurepip(fresh: Copy) -> None:
    """As Debian's without python3-venv: pip from outside fills the environment."""
    if not has_pip():
        pytest.skip("this Python has no pip of its own")  # the one from outside is that one
    done = fresh.call("scripts/run", "x")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["tiny"] == "1.0"
    assert not (fresh.top / ".venv/bin/pip").exists()
    fresh.lock("2.0")
    assert json.loads(fresh.call("scripts/run", "x").stdout)["tiny"] == "2.0"


def test_python_without_any_installer(fresh: Copy) -> None:
    fresh.python(blocked=("ensurepip", "pip", "virtualenv"))
    done = fresh.call("scripts/run", "x")
    assert (done.returncode, done.stdout) == (2, "")
    assert "sudo apt-get install python3-venv" in done.stderr.splitlines()[-1]


def test_a_folder_that_is_not_ours_is_left_alone(fresh: Copy) -> None:
    (fresh.elsewhere / "bin").mkdir()
    (fresh.elsewhere / "bin/precious").touch()
    done = fresh.call("scripts/run", "x", env={"VOICETILL_VENV": str(fresh.elsewhere)})
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert [path.name for path in fresh.elsewhere.rglob("*")] == ["bin", "precious"]


@pytest.fixture
def read_only() -> Iterator[tuple[Copy, dict[str, object]]]:
    """A checkout that nobody may write to, and how to be somebody whom that binds (root is not bound)."""
    folder = Path(tempfile.mkdtemp(prefix="voicetill-"))
    folder.chmod(0o755)
    copy = make_copy(folder)
    person: dict[str, object] = {}
    if os.geteuid() == 0:
        person = {"user": 65534, "group": 65534, "extra_groups": []}
        ask = ["-c", "import sys, sqlite3, ensurepip; sys.exit(sys.version_info < (3, 11))"]
        for python in (PYTHON, "/usr/bin/python3", "/usr/local/bin/python3"):
            try:
                if subprocess.run([python, *ask], capture_output=True, **person).returncode == 0:  # type: ignore[call-overload]
                    break
            except OSError:
                continue
        else:
            shutil.rmtree(folder)
            pytest.skip("no Python that another account may run")  # all of them lie in root's own folders
        copy.python(("ensurepip",) if has_pip(python) else (), python)
        os.chown(copy.elsewhere, 65534, 65534)
    folders = [copy.top, *(path for path in copy.top.rglob("*") if path.is_dir())]
    for path in folders:
        path.chmod(0o555)
    yield copy, person
    for path in folders:
        path.chmod(0o755)
    shutil.rmtree(folder)


def test_what_is_installed_is_compiled(fresh: Copy) -> None:
    done = fresh.call("scripts/run", "x", env={"PYTHONDONTWRITEBYTECODE": "1"})
    assert done.returncode == 0, done.stderr
    for package in ("assistant", "channels", "models"):
        sources = {one.stem for one in (fresh.top / package).glob("*.py")}
        assert {one.name.split(".")[0] for one in (fresh.top / package / "__pycache__").glob("*.pyc")} == sources
    assert list((fresh.top / ".venv").rglob("tiny.*.pyc"))


def test_a_read_only_checkout(read_only: tuple[Copy, dict[str, object]]) -> None:
    copy, person = read_only
    refused = copy.call("scripts/run", "x", **person)
    assert (refused.returncode, refused.stderr.count("\n")) == (2, 1)
    assert "VOICETILL_VENV" in refused.stderr
    place = {"VOICETILL_VENV": str(copy.elsewhere / "its place")}
    done = copy.call("scripts/run", "x", env=place, **person)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["tiny"] == "1.0"
    again = copy.call("scripts/run", "x", env=place | copy.without_python(), **person)
    assert (again.returncode, again.stderr) == (0, "")


# scripts/test, with stand-ins for the tools it calls.

SOUND = "pytest --reruns 2 -m ({which}) and sound tests/audio"
PROCESSES = min(2 * (os.cpu_count() or 2), 8)
REST = f"pytest -n {PROCESSES} --dist worksteal -m ({{which}}) and not sound"


def said_by_test(done: subprocess.CompletedProcess[str]) -> list[str]:
    return done.stdout.splitlines()


def with_commands(copy: Copy, to: Path, **commands: str) -> Copy:
    """The same copy on a machine that has these commands, by what they do."""
    shutil.copytree(copy.bin, to, symlinks=True)
    for name, text in commands.items():
        path = to / name.replace("_", "-")
        path.write_text(f"#!/bin/sh\n{text}\n")
        path.chmod(0o755)
    return replace(copy, bin=to)


@pytest.fixture(scope="module")
def with_packages(installed: Copy, tmp_path_factory: pytest.TempPathFactory) -> Copy:
    """A machine that has every Debian package."""
    known = {"tmux": "", "espeak_ng": "", "pulseaudio": "", "pactl": "", "dpkg_query": "echo install ok installed"}
    return with_commands(installed, tmp_path_factory.mktemp("packages") / "bin", **known)


def test_every_check_and_every_short_test(with_packages: Copy) -> None:
    done = with_packages.call("scripts/test")
    assert done.returncode == 0, done.stderr
    assert said_by_test(done) == [
        "ruff check .",
        "ruff format --check .",
        "mypy",
        "lint-imports --no-logo",
        SOUND.format(which="not long"),
        REST.format(which="not long"),
    ]


def test_long_runs_the_long_tests_only(with_packages: Copy) -> None:
    assert said_by_test(with_packages.call("scripts/test", "--long")) == [
        SOUND.format(which="long"),
        REST.format(which="long"),
    ]
    assert with_packages.call("scripts/test", "--long", env={"FAKE_PYTEST": "5"}).returncode == 0
    assert with_packages.call("scripts/test", env={"FAKE_PYTEST": "5"}).returncode == 5


def test_arguments_go_to_pytest(with_packages: Copy) -> None:
    done = with_packages.call("scripts/test", "-k", "a b", "-x")
    assert said_by_test(done) == ["pytest -m not long -k a b -x"]
    done = with_packages.call("scripts/test", "--long", "-k", "a b", env={"FAKE_PYTEST": "5"})
    assert (done.returncode, said_by_test(done)) == (5, ["pytest -m long -k a b"])


def test_a_failed_check_fails_but_the_tests_still_run(with_packages: Copy) -> None:
    done = with_packages.call("scripts/test", env={"FAKE_MYPY": "1"})
    assert (done.returncode, said_by_test(done)[-1]) == (1, REST.format(which="not long"))
    assert "not passed: mypy" in done.stderr
    assert with_packages.call("scripts/test", env={"FAKE_PYTEST": "4"}).returncode == 4


def test_without_root_what_needs_a_package_is_left_out_and_said(installed: Copy) -> None:
    done = installed.call("scripts/test")
    assert done.returncode == 1
    assert said_by_test(done)[-1] == REST.format(which="(not long) and not needs_apt")
    assert "2 tests left out" in done.stderr and f"\n    sudo apt-get install {PACKAGES}\n" in done.stderr


def test_only_what_lacks_is_named(installed: Copy, tmp_path: Path) -> None:
    some = with_commands(installed, tmp_path / "bin", tmux="", espeak_ng="", pulseaudio="")
    lacking = "chromium libportaudio2 libespeak-ng1 pulseaudio-utils libasound2-plugins"
    assert f"\n    sudo apt-get install {lacking}\n" in some.call("scripts/test").stderr


def test_ci_runs_what_the_readme_names(with_packages: Copy) -> None:
    bash = shutil.which("bash")
    if not bash:
        pytest.skip("no bash here")  # .ci/run is written in it, for machines that have it
    (with_packages.bin / "bash").unlink(missing_ok=True)
    (with_packages.bin / "bash").symlink_to(bash)
    done = with_packages.call(".ci/run")
    assert done.returncode == 0, done.stderr
    assert [line for line in said_by_test(done) if line.startswith("pytest")] == [
        SOUND.format(which="not long"),
        REST.format(which="not long"),
        SOUND.format(which="long"),
        REST.format(which="long"),
    ]
    assert with_packages.call(".ci/run", env={"FAKE_RUFF": "1"}).returncode == 1
    assert with_packages.call(".ci/run", env={"FAKE_PYTEST": "3"}).returncode == 3


def test_the_scripts_may_be_run() -> None:
    for name in ("scripts/run", "scripts/test", "scripts/virtual-audio.sh", ".ci/run"):
        assert (TOP / name).stat().st_mode & stat.S_IXUSR, name


def test_the_lock_files_are_hashed_and_name_no_index() -> None:
    project = (TOP / "requirements.lock").read_text()
    pinned = {line.split("==")[0].strip() for line in project.splitlines() if "==" in line and "--hash" not in line}
    names = ("", "-dev", "-vosk", "-whisper", "-piper")
    for name in (f"requirements{one}.lock" for one in names):
        text = (TOP / name).read_text()
        assert "://" not in text and "index" not in text
        blocks = text.replace("\\\n", " ").splitlines()
        assert all("--hash=sha256:" in block for block in blocks if block.strip() and not block.startswith("#"))
        assert pinned <= {line.split("==")[0].strip() for line in text.splitlines()}


# The real command.


def fresh_process(code: str, *args: str, text: str = "", **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code, *args],
        input=text,
        env=os.environ | {"PYTHONPATH": str(TOP)} | env,
        capture_output=True,
        text=True,
    )


def test_help_imports_no_audio_model_or_web_package() -> None:
    code = """
import sys
from assistant.cli import main
try:
    sys.argv = ["voicetill", "--help"]
    main()
except SystemExit as end:
    assert not end.code, end
print(*sorted({name.partition(".")[0] for name in sys.modules}), file=sys.stderr)
"""
    done = fresh_process(code)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Usage:") and "chat" in done.stdout
    assert not NOT_FOR_TEXT & set(done.stderr.split())


def test_text_chat_needs_no_sound_library(tmp_path: Path) -> None:
    """libportaudio2 and espeak-ng hidden, and every audio, model and web package with them."""
    code = f"""
import ctypes, ctypes.util, sys

class Hide:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {sorted(NOT_FOR_TEXT)!r}:
            raise ModuleNotFoundError(f"hidden: {{name}}", name=name)

def load(self, name, *args, _load=ctypes.CDLL.__init__, **more):
    if name and any(sound in str(name) for sound in ("portaudio", "espeak", "asound", "pulse")):
        raise OSError(f"hidden: {{name}}")
    _load(self, name, *args, **more)

sys.meta_path.insert(0, Hide())
ctypes.CDLL.__init__ = load
ctypes.util.find_library = lambda name: None
from assistant.cli import main
sys.argv[0] = "voicetill"
main()
"""
    args = ("chat", "--shop", "burger-bar", "--lang", "en", "--json", "--data", str(tmp_path))
    done = fresh_process(code, *args, text="a cheeseburger\nhow much is it\n")
    assert done.returncode == 0, done.stderr
    replies = [json.loads(line) for line in done.stdout.splitlines()]
    assert replies[-1]["order"]["lines"][0]["item"] == "cheeseburger"
    assert all(reply["speech"] for reply in replies)


@pytest.mark.long
def test_a_clone_runs_with_what_the_lock_file_names(tmp_path: Path) -> None:
    """The one test that takes the real lock file from the package index, and then works without it."""
    top, elsewhere = tmp_path / "a real clone", tmp_path / "else"
    elsewhere.mkdir()
    copy_checkout(top)
    env = {
        name: value for name, value in os.environ.items() if name not in ("VIRTUAL_ENV", "PYTHONPATH", "VOICETILL_VENV")
    }
    env["PATH"] = os.pathsep.join((str(Path(PYTHON).parent), env["PATH"]))
    first = subprocess.run([str(top / "scripts/run"), "--help"], cwd=elsewhere, env=env, capture_output=True, text=True)
    assert first.returncode == 0, first.stderr
    assert first.stdout.startswith("Usage: ") and "scripts/run" in first.stdout.splitlines()[0]
    talk = [str(top / "scripts/run"), "chat", "--shop", "burger-bar", "--lang", "en", "--json", "--data", "data"]
    offline = env | {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": os.devnull}
    said = subprocess.run(talk, cwd=elsewhere, env=offline, input="a cheeseburger\n", capture_output=True, text=True)
    assert said.returncode == 0, said.stderr
    assert "installing" not in said.stderr
    assert json.loads(said.stdout.splitlines()[-1])["order"]["lines"][0]["item"] == "cheeseburger"
    assert (elsewhere / "data").is_dir()

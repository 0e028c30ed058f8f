"""The scaffold: one file and its test for each kind, and the contract suite says what is missing in it."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[1]
WRITTEN = {
    "channel": ("fax", "channels/fax.py", "tests/channels/test_fax.py"),
    "speaker": ("gramophone", "channels/speakers/gramophone.py", "tests/speakers/test_gramophone.py"),
    "language": ("eo", "models/languages/eo.toml", "tests/languages/test_eo.py"),
    "provider": ("barter", "assistant/payments/barter.py", "tests/payments/test_barter.py"),
    "trade": ("florist", "assistant/trades/florist.py", "tests/trades/test_florist.py"),
    "step": ("gift", "assistant/steps/gift.py", "tests/steps/test_gift.py"),
    "recognizer": ("lip_reader", "models/recognizers/lip_reader.py", "tests/recognizers/test_lip_reader.py"),
    "voice": ("parrot", "models/voices/parrot.py", "tests/voices/test_parrot.py"),
}
MISSING = {
    "channel": ["channels/fax.py: WORDS has no 'zh'", "patience must be", "run answers nothing to"],
    "speaker": [
        "channels/speakers/gramophone.py: patience must be",
        "what its own driver asks is not answered",
        "model gives no file",
    ],
    "language": ["models/languages/eo.toml: [phrases] has no 'confirm'", "[numbers] has no 'words'"],
    "provider": ["assistant/payments/barter.py: WORDS has no 'ko'", "offers must say", "send must answer"],
    "trade": ["assistant/trades/florist.py: WORDS has no 'zh'", 'stages has no ""'],
    "step": ["assistant/steps/gift.py: WORDS has no 'zh'", "ask must return what is asked, a Said; it returns nothing"],
    "recognizer": [
        "models/recognizers/lip_reader.py: missing must answer a sentence",
        "open takes a folder that is no whole model",
        "test_lip_reader.py has no EXAMPLE",
    ],
    "voice": ["models/voices/parrot.py: missing must answer a sentence", "test_parrot.py has no EXAMPLE"],
}


def git(top: Path, *arguments: str) -> str:
    who = ("-c", "user.name=t", "-c", "user.email=t@t")
    ran = subprocess.run(["git", *who, *arguments], cwd=top, check=True, capture_output=True, text=True)
    return ran.stdout


def new(top: Path, *arguments: str, python: str = sys.executable) -> subprocess.CompletedProcess[str]:
    """The script with nothing but the standard library, from any folder."""
    script = [python, "-I", "-S", str(top / "scripts" / "new.py")]
    return subprocess.run([*script, *arguments], cwd="/", capture_output=True, text=True, timeout=60)


def pytest_in(top: Path, *arguments: str, **variables: str) -> str:
    known = {key: one for key, one in os.environ.items() if not key.startswith(("VOICETILL_", "PYTEST_"))}
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *arguments]
    ran = subprocess.run(
        command,
        cwd=top,
        env={**known, "PYTHONPATH": str(top), **variables},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert ran.returncode == 1, ran.stdout + ran.stderr
    return ran.stdout


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clean checkout to write into."""
    top = tmp_path_factory.mktemp("checkout")
    for folder in ("assistant", "channels", "models", "tests/contracts"):
        shutil.copytree(TOP / folder, top / folder, ignore=shutil.ignore_patterns("__pycache__"))
    beside = ("tests/drivers.py", "tests/engines.py", "tests/brought.py", "tests/houses.py")
    speaking = ("tests/speakers/drivers.py", "tests/speakers/far_end.py")
    for file in ("pyproject.toml", ".gitignore", "scripts/new.py", *beside, *speaking):
        (top / file).parent.mkdir(exist_ok=True)
        shutil.copy(TOP / file, top / file)
    git(top, "init", "-q")
    git(top, "add", "-A")
    git(top, "commit", "-qm", "clean")
    return top


@pytest.mark.parametrize("kind", WRITTEN)
def test_one_file_and_its_test_and_what_is_missing_is_named(kind: str, checkout: Path) -> None:
    name, part, test = WRITTEN[kind]
    done = new(checkout, kind, name)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == [str(checkout / part), str(checkout / test)]
    try:
        changed = git(checkout, "status", "--porcelain", "--untracked-files=all").splitlines()
        assert sorted(changed) == sorted([f"?? {part}", f"?? {test}"])
        told = pytest_in(checkout, f"tests/contracts/test_{kind}s.py", "-k", name)
        for sentence in MISSING[kind]:
            assert sentence in told
        assert (
            "Traceback" not in told
            and "contracts/test_" not in told.split("short test summary")[0].split("FAILURES")[1]
        )
        if kind == "step":
            assert "TALK is empty" in pytest_in(checkout, test)
        assert new(checkout, kind, name).returncode == 2
    finally:
        (checkout / part).unlink()
        (checkout / test).unlink()


def test_a_folder_of_extensions(checkout: Path, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    for kind, (name, part, _test) in WRITTEN.items():
        done = new(checkout, kind, name, "--folder", str(folder))
        assert done.returncode == 0, done.stderr
        assert done.stdout.split() == [str(folder / kind / Path(part).name), str(folder / kind / f"test_{name}.py")]
        assert f"VOICETILL_EXTENSIONS={folder}" in done.stderr
    assert git(checkout, "status", "--porcelain") == ""
    which = "fax or gift or florist or parrot"
    told = pytest_in(checkout, "tests/contracts", "-k", which, VOICETILL_EXTENSIONS=str(folder))
    assert f"{folder}/step/gift.py: WORDS has no 'en'" in told
    assert f"{folder}/voice/parrot.py: missing must answer a sentence" in told


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        ((), "a kind and a name are needed"),
        (("step",), "a kind and a name are needed"),
        (("steps", "gift"), "there is no kind 'steps'"),
        (("step", "Gift"), "'Gift' is no name"),
        (("step", "class"), "'class' is no name"),
        (("step", "../up"), "'../up' is no name"),
        (("step", "test_gift"), "'test_gift' is no name"),
        (("language", "portuguese!"), "'portuguese!' is no language tag"),
        (("language", "en"), "there is a language 'en' already"),
        (("step", "address"), "there is a step 'address' already"),
        (("channel", "terminal", "--folder", "/nowhere/at/all"), "there is a channel 'terminal' already"),
        (("step", "gift", "--folder"), "--folder names no folder"),
        (("step", "gift", "--folder", "/dev/null"), "/dev/null is no folder"),
    ],
)
def test_what_can_not_be_is_refused_in_a_sentence(arguments: tuple[str, ...], why: str, checkout: Path) -> None:
    done = new(checkout, *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith("new.py: ") and why in line
    assert git(checkout, "status", "--porcelain") == ""


def test_help_says_how_it_is_used_and_writes_nothing(checkout: Path) -> None:
    done = new(checkout, "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert "scripts/new.py channel|speaker|" in done.stdout and "NAME [--folder EXTENSIONS]" in done.stdout
    assert git(checkout, "status", "--porcelain") == ""


def test_what_to_type_next_can_be_typed_of_a_folder_with_a_space(checkout: Path, tmp_path: Path) -> None:
    folder = tmp_path / "my parts"
    done = new(checkout, "step", "ribbon", "--folder", str(folder))
    assert done.returncode == 0 and f"VOICETILL_EXTENSIONS={shlex.quote(str(folder))} scripts/test" in done.stderr

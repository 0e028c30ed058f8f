"""What the contract suites run over: every part that discovery finds, ours and those of VOICETILL_EXTENSIONS.

A promise that isn't kept is told in a sentence that begins with the part's file, without a traceback.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Iterable
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

import pytest

from assistant.discovery import KINDS, extensions, find
from assistant.errors import SetupError
from models import languages

TOP = Path(__file__).resolve().parents[2]
SHIPPED = tuple(languages.available())
"""The languages that every part of ours speaks."""


def names(kind: str) -> list[str]:
    """Every part of a kind by its file's name; nothing of it is imported yet."""
    package = import_module(KINDS[kind][0])
    found = [one.name for one in pkgutil.iter_modules(package.__path__) if not one.ispkg]
    if folder := extensions():
        found += [path.stem for path in (folder / kind).glob("*.py") if not path.stem.startswith("test_")]
    return sorted(one for one in found if not one.startswith("_"))


def tags() -> list[str]:
    """Every language by its file's name."""
    return languages.available(language_folder())


def language_folder() -> Path | None:
    folder = extensions()
    return folder / "language" if folder else None


def file_of(kind: str, name: str) -> Path:
    home = TOP.joinpath(*KINDS[kind][0].split("."), f"{name}.py")
    folder = extensions()
    return home if home.exists() or folder is None else folder / kind / f"{name}.py"


def file_of_language(tag: str) -> Path:
    folder = language_folder()
    there = folder / f"{tag}.toml" if folder else None
    return there if there is not None and there.exists() else TOP / "models" / "languages" / f"{tag}.toml"


def ours(file: Path) -> bool:
    """In the house itself, not an extension."""
    return file.is_relative_to(TOP) and not file.is_relative_to(TOP / "tests")


def shown(file: Path) -> str:
    return str(file.relative_to(TOP)) if file.is_relative_to(TOP) else str(file)


def fail(file: Path, *problems: str) -> NoReturn:
    pytest.fail("\n".join(f"{shown(file)}: {one}" for one in problems), pytrace=False)


def load(kind: str, name: str) -> Any:
    """The part, or a failure that says what is wrong with its file."""
    try:
        part = find(kind, name)
    except SetupError as error:
        pytest.fail(str(error), pytrace=False)
    except Exception as error:
        fail(file_of(kind, name), f"can't be imported ({type(error).__name__}: {error})")
    if part.name != name:
        fail(
            file_of(kind, name),
            f"its {KINDS[kind][1]} is named '{part.name}'; it must be named '{name}', as its file is",
        )
    return part


def called(file: Path, what: str, function: Callable[..., Any], *arguments: Any) -> Any:
    """What a pure function of a part returns; it must not raise."""
    try:
        return function(*arguments)
    except Exception as error:
        fail(file, f"{what} raises {type(error).__name__}: {error}")


def check_words(file: Path, words: Any, needed: Iterable[str]) -> None:
    """`WORDS` in every language that the house speaks; an extension needs English, the rest falls back to it.

    A language has every key that English has, and no other.
    """
    if not isinstance(words, dict) or not all(isinstance(one, dict) for one in words.values()):
        fail(file, 'WORDS is no table of languages; write {"en": {…}, …}')
    wanted = SHIPPED if ours(file) else ("en",)
    if missing := [f"WORDS has no '{tag}'" for tag in wanted if tag not in words]:
        fail(file, *missing)
    english = flat(words["en"])
    problems = [f"WORDS['en'] has no '{key}'" for key in needed if not english.get(key)]
    for tag, table in words.items():
        mine = flat(table)
        problems += [f"WORDS['{tag}'] has no '{key}', which WORDS['en'] has" for key in english if key not in mine]
        problems += [f"WORDS['{tag}'] has '{key}', which WORDS['en'] hasn't" for key in mine if key not in english]
        problems += [f"WORDS['{tag}']['{key}'] is empty" for key, text in mine.items() if not text]
    if problems:
        fail(file, *problems)


def flat(table: dict[str, Any], prefix: str = "") -> dict[str, str]:
    """Wordings by their path; what is heard is each language's own affair."""
    found: dict[str, str] = {}
    for key, one in table.items():
        if key == "hear":
            continue
        if isinstance(one, dict) and set(one) == {"ear", "eye"}:
            found[prefix + key] = one["ear"] or one["eye"]
        elif isinstance(one, dict):
            found |= flat(one, "" if key == "say" and not prefix else f"{prefix}{key}.")
        else:
            found[prefix + key] = str(one)
    return found

"""What the contracts of recognisers and of voices have in common: an engine, whatever it does, and its example."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest

from assistant.errors import SetupError
from tests.engines import EXAMPLES

from .parts import fail, file_of, load

T = TypeVar("T")


def says_what_it_lacks(kind: str, name: str, abilities: type) -> Any:
    """The part, which says as data what it can, and in a sentence what is missing."""
    part, file = load(kind, name), file_of(kind, name)
    if not isinstance(getattr(part, "can", None), abilities):
        fail(file, f"can must be an Abilities of {abilities.__module__}")
    if not isinstance(getattr(part, "extra", None), str):
        fail(file, 'extra must name the extra that brings its library, or be ""')
    missing = part.missing()
    if not isinstance(missing, str):
        fail(file, f'missing must answer a sentence, or "" when all is there; it answers {missing!r}')
    if missing and "run" not in missing and "install" not in missing:
        fail(file, f"missing says {missing!r}, which names no command that helps")
    return part


def example_of(kind: str, name: str, shape: type[T], has: str) -> T:
    """The example of its test, which `has` that."""
    example = EXAMPLES[kind].get(name)
    if not isinstance(example, shape):
        fail(file_of(kind, name), f"test_{name}.py has no EXAMPLE, a {shape.__name__} of tests.engines: {has}")
    return example


def refused(file: Path, folder: Path | None, opened: Callable[[], object]) -> None:
    """A folder that is no whole model is refused with a remedy."""
    try:
        opened()
    except SetupError as error:
        if not any(word in str(error) for word in ("run", "get", "install")):
            fail(file, f"open refuses {folder} without a remedy: {error}")
    except Exception as error:
        fail(file, f"open raises {type(error).__name__} for a folder that is no whole model; it must be a SetupError")
    else:
        fail(file, "open takes a folder that is no whole model; it must raise a SetupError that says what to do")


def halves(folder: Path, half: Path) -> Iterator[Path]:
    """A model without its biggest file, and one with half of it."""
    shutil.copytree(folder, half, copy_function=lambda source, to: Path(to).symlink_to(source))
    biggest = max((one for one in half.rglob("*") if one.is_file()), key=lambda one: one.stat().st_size)
    whole = biggest.resolve()
    biggest.unlink()
    yield half
    biggest.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    yield half


def once_each(
    factory: pytest.TempPathFactory, opened: Callable[[str, Path], T], close: Callable[[T], None]
) -> Iterator[Callable[[str], T]]:
    """What opens an engine at the first test that needs it, with a folder that may become its model's."""
    kept: dict[str, T] = {}

    def get(name: str) -> T:
        if name not in kept:
            kept[name] = opened(name, factory.mktemp(name))
        return kept[name]

    yield get
    for one in kept.values():
        close(one)

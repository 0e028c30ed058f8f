"""Finds what is one file each: channels, speakers, providers, trades, steps, recognisers, voices and languages.

A part is a module with one upper-case constant (`STEP`, `TRADE`, `PROVIDER`, `CHANNEL` …) whose `name` equals the
file's name. Besides our own folders it looks into `VOICETILL_EXTENSIONS/<kind>/` and at entry points
`voicetill.<kind>`. Duplicates and gaps are errors at start. Nothing registers itself and importing a
part has no side effect.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import pkgutil
import sys
from collections.abc import Iterator
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

from assistant.errors import SetupError

KINDS = {
    "step": ("assistant.steps", "STEP"),
    "trade": ("assistant.trades", "TRADE"),
    "provider": ("assistant.payments", "PROVIDER"),
    "channel": ("channels", "CHANNEL"),
    "speaker": ("channels.speakers", "SPEAKER"),
    "recognizer": ("models.recognizers", "RECOGNIZER"),
    "voice": ("models.voices", "VOICE"),
}


def extensions() -> Path | None:
    """The folder that `VOICETILL_EXTENSIONS` names, or None."""
    named = os.environ.get("VOICETILL_EXTENSIONS")
    if not named:
        return None
    folder = Path(named)
    if not folder.is_dir():
        raise SetupError(f"VOICETILL_EXTENSIONS: there is no folder {folder}; name an existing one or unset it")
    return folder


def discover(kind: str) -> dict[str, Any]:
    """All parts of a kind by name, in the order of their names."""
    package, constant = KINDS[kind]
    found: dict[str, Any] = {}
    origin: dict[str, str] = {}
    for name, where, module in _modules(kind, package):
        part = getattr(module, constant, None)
        if part is None:
            raise SetupError(f"{where}: has no constant {constant}; every {kind} file must have one")
        if part.name != name:
            wanted = f"it must be named '{name}', as its file is"
            raise SetupError(f"{where}: its {constant} is named '{part.name}'; {wanted}")
        if name in found:
            raise SetupError(f"{where}: a {kind} '{name}' is already in {origin[name]}; rename one of them")
        found[name], origin[name] = part, where
    return dict(sorted(found.items()))


def named(kind: str) -> tuple[str, ...]:
    """The names of all parts of a kind, importing none of them."""
    home = importlib.import_module(KINDS[kind][0])
    found = {info.name for info in pkgutil.iter_modules(home.__path__) if not info.ispkg}
    folder = extensions()
    found |= {path.stem for path in (folder / kind).glob("*.py")} if folder else set()
    found |= {point.name for point in _installed().select(group=f"voicetill.{kind}")}
    return tuple(sorted(one for one in found if not one.startswith(("_", "test_"))))


def find(kind: str, name: str) -> Any:
    """One part by name, importing no other: a channel's libraries are loaded only when it is used."""
    package, constant = KINDS[kind]
    try:
        return getattr(importlib.import_module(f"{package}.{name}"), constant)
    except ModuleNotFoundError as error:
        if error.name != f"{package}.{name}":
            raise
    parts = discover(kind)
    if name not in parts:
        raise SetupError(f"there is no {kind} '{name}'; there are: {', '.join(parts) or 'none'}")
    return parts[name]


def _modules(kind: str, package: str) -> Iterator[tuple[str, str, Any]]:
    home = importlib.import_module(package)
    for info in pkgutil.iter_modules(home.__path__):
        if not info.ispkg and not info.name.startswith("_"):
            yield info.name, f"{package}.{info.name}", importlib.import_module(f"{package}.{info.name}")
    folder = extensions()
    for path in sorted((folder / kind).glob("*.py")) if folder else ():
        if not path.stem.startswith("_") and not path.stem.startswith("test_"):
            yield path.stem, str(path), _from_file(kind, path)
    for point in _installed().select(group=f"voicetill.{kind}"):
        yield point.name, f"entry point {point.value}", point.load()


@cache
def _installed() -> Any:
    """All entry points, read once in a process: every installed package has a file of them."""
    return entry_points()


def _from_file(kind: str, path: Path) -> Any:
    name = f"voicetill_extensions.{kind}.{path.stem}"
    known = sys.modules.get(name)
    if known is not None and getattr(known, "__file__", None) == str(path):
        return known
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise SetupError(f"{path}: can't be loaded as Python")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        del sys.modules[name]
        where = f", line {error.lineno}" if isinstance(error, SyntaxError) else ""
        raise SetupError(f"{path}{where}: can't be loaded ({type(error).__name__}: {error}); mend the file") from error
    return module

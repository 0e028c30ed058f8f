"""Reads the language files: one file is one language.

`<tag>.toml` names generic engines with their data (script, numbers, dates), holds the words to understand and, under
`[speak]` and `[say]`, what is said. Further languages may lie in a folder of the merchant's (`extra`, its `*.toml`);
they win over ours of the same tag.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from msgspec import Struct

from assistant.errors import SetupError

HOME = Path(__file__).parent
SCRIPTS = ("spaced", "unspaced", "particles")


class Language(Struct, frozen=True, eq=False):
    """One language file."""

    tag: str
    tables: dict[str, Any]
    """The file as it is; never changed in place."""

    def __hash__(self) -> int:
        return hash(self.tag)


def _files(extra: Path | None) -> dict[str, Path]:
    found: dict[str, Path] = {}
    for folder in (HOME, extra):
        if folder is not None and folder.is_dir():
            for path in sorted(folder.glob("*.toml")):
                found[path.stem] = path
    return found


def available(extra: Path | None = None) -> list[str]:
    """The tags of all languages there are, in order."""
    return sorted(_files(extra))


def load(tag: str, extra: Path | None = None) -> Language:
    """One language, read once."""
    return _load(tag, extra)  # however it is asked for: a cache takes an argument that isn't given for another one


@cache
def _load(tag: str, extra: Path | None) -> Language:
    files = _files(extra)
    if tag not in files:
        raise SetupError(f"there is no language '{tag}'; there are: {', '.join(sorted(files)) or 'none'}")
    path = files[tag]
    tables = _read(path)
    for key in ("script", "locale"):
        if not isinstance(tables.get(key), str):
            raise SetupError(f"{path}: `{key}` is missing; every language file must name it")
    if tables["script"] not in SCRIPTS:
        raise SetupError(f"{path}: script '{tables['script']}' is unknown; use one of {', '.join(SCRIPTS)}")
    return Language(tag, tables)


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SetupError(f"{path}: cannot be read as TOML ({error}); mend the file") from error

